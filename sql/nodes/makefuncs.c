/*
 * makefuncs.c
 *		Constructors of expression nodes.
 *
 * Corresponds to PostgreSQL's nodes/makefuncs.c.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"

Var *
makeVar(int varno, AttrNumber varattno, Oid vartype, int32 vartypmod,
        Oid varcollid, Index varlevelsup)
{
	Var *var = makeNode(Var);

	var->varno = varno;
	var->varattno = varattno;
	var->vartype = vartype;
	var->vartypmod = vartypmod;
	var->varcollid = varcollid;
	var->varlevelsup = varlevelsup;
	var->varnosyn = (Index) varno;
	var->varattnosyn = varattno;
	var->location = -1;
	return var;
}

Var *
makeVarFromTargetEntry(int varno, TargetEntry *tle)
{
	return makeVar(varno, tle->resno, exprType((Node *) tle->expr),
	               exprTypmod((Node *) tle->expr),
	               exprCollation((Node *) tle->expr), 0);
}

Const *
makeConst(Oid consttype, int32 consttypmod, Oid constcollid, int constlen,
          Datum constvalue, bool constisnull, bool constbyval)
{
	Const *cnst = makeNode(Const);

	cnst->consttype = consttype;
	cnst->consttypmod = consttypmod;
	cnst->constcollid = constcollid;
	cnst->constlen = constlen;
	cnst->constvalue = constvalue;
	cnst->constisnull = constisnull;
	cnst->constbyval = constbyval;
	cnst->location = -1;
	return cnst;
}

Const *
makeNullConst(Oid consttype, int32 consttypmod, Oid constcollid)
{
	Form_pg_type form = GetTypeForm(consttype);

	if (form == NULL)
		elog(ERROR, "cache lookup failed for type %u", consttype);
	return makeConst(consttype, consttypmod, constcollid, form->typlen,
	                 (Datum) 0, true, form->typbyval);
}

Node *
makeBoolConst(bool value, bool isnull)
{
	return (Node *) makeConst(BOOLOID, -1, InvalidOid, 1, BoolGetDatum(value),
	                          isnull, true);
}

Param *
makeParam(ParamKind kind, int paramid, Oid paramtype, int32 paramtypmod,
          Oid paramcollid)
{
	Param *param = makeNode(Param);

	param->paramkind = kind;
	param->paramid = paramid;
	param->paramtype = paramtype;
	param->paramtypmod = paramtypmod;
	param->paramcollid = paramcollid;
	param->location = -1;
	return param;
}

TargetEntry *
makeTargetEntry(Expr *expr, AttrNumber resno, char *resname, bool resjunk)
{
	TargetEntry *tle = makeNode(TargetEntry);

	tle->expr = expr;
	tle->resno = resno;
	tle->resname = resname;
	tle->resjunk = resjunk;
	return tle;
}

TargetEntry *
flatCopyTargetEntry(TargetEntry *src_tle)
{
	TargetEntry *tle = makeNode(TargetEntry);

	*tle = *src_tle;
	return tle;
}

FromExpr *
makeFromExpr(List *fromlist, Node *quals)
{
	FromExpr *f = makeNode(FromExpr);

	f->fromlist = fromlist;
	f->quals = quals;
	return f;
}

RangeTblRef *
makeRangeTblRef(int rtindex)
{
	RangeTblRef *rtr = makeNode(RangeTblRef);

	rtr->rtindex = rtindex;
	return rtr;
}

Alias *
makeAlias(const char *aliasname, List *colnames)
{
	Alias *a = makeNode(Alias);

	a->aliasname = pstrdup(aliasname);
	a->colnames = colnames;
	return a;
}

RangeVar *
makeRangeVar(char *schemaname, char *relname, int location)
{
	RangeVar *r = makeNode(RangeVar);

	r->schemaname = schemaname;
	r->relname = relname;
	r->inh = true;
	r->relpersistence = RELPERSISTENCE_PERMANENT;
	r->location = location;
	return r;
}

TypeName *
makeTypeName(char *typnam)
{
	return makeTypeNameFromNameList(list_make1(makeString(typnam)));
}

TypeName *
makeTypeNameFromNameList(List *names)
{
	TypeName *n = makeNode(TypeName);

	n->names = names;
	n->typemod = -1;
	n->location = -1;
	return n;
}

TypeName *
makeTypeNameFromOid(Oid typeOid, int32 typmod)
{
	TypeName *n = makeTypeNameFromNameList(NIL);

	n->typeOid = typeOid;
	n->typemod = typmod;
	return n;
}

FuncExpr *
makeFuncExpr(Oid funcid, Oid rettype, List *args, Oid funccollid,
             Oid inputcollid, CoercionForm fformat)
{
	FuncExpr *funcexpr = makeNode(FuncExpr);

	funcexpr->funcid = funcid;
	funcexpr->funcresulttype = rettype;
	funcexpr->funcformat = fformat;
	funcexpr->funccollid = funccollid;
	funcexpr->inputcollid = inputcollid;
	funcexpr->args = args;
	funcexpr->location = -1;
	return funcexpr;
}

RelabelType *
makeRelabelType(Expr *arg, Oid rtype, int32 rtypmod, Oid rcollid,
                CoercionForm rformat)
{
	RelabelType *r = makeNode(RelabelType);

	r->arg = arg;
	r->resulttype = rtype;
	r->resulttypmod = rtypmod;
	r->resultcollid = rcollid;
	r->relabelformat = rformat;
	r->location = -1;
	return r;
}

Expr *
makeBoolExpr(BoolExprType boolop, List *args, int location)
{
	BoolExpr *b = makeNode(BoolExpr);

	b->boolop = boolop;
	b->args = args;
	b->location = location;
	return (Expr *) b;
}

DefElem *
makeDefElem(char *name, Node *arg, int location)
{
	DefElem *res = makeNode(DefElem);

	res->defname = name;
	res->arg = arg;
	res->defaction = DEFELEM_UNSPEC;
	res->location = location;
	return res;
}

Expr *
make_opclause(Oid opno, Oid opresulttype, bool opretset, Expr *leftop,
              Expr *rightop, Oid opcollid, Oid inputcollid)
{
	OpExpr *expr = makeNode(OpExpr);

	expr->opno = opno;
	expr->opresulttype = opresulttype;
	expr->opretset = opretset;
	expr->opcollid = opcollid;
	expr->inputcollid = inputcollid;
	expr->args = rightop ? list_make2(leftop, rightop) : list_make1(leftop);
	expr->location = -1;
	return (Expr *) expr;
}

Expr *
make_andclause(List *andclauses)
{
	return makeBoolExpr(AND_EXPR, andclauses, -1);
}

Expr *
make_orclause(List *orclauses)
{
	return makeBoolExpr(OR_EXPR, orclauses, -1);
}

Expr *
make_notclause(Expr *notclause)
{
	return makeBoolExpr(NOT_EXPR, list_make1(notclause), -1);
}

static bool
is_boolclause(const void *clause, BoolExprType boolop)
{
	return clause != NULL && IsA(clause, BoolExpr) &&
	       ((const BoolExpr *) clause)->boolop == boolop;
}

bool
is_andclause(const void *clause)
{
	return is_boolclause(clause, AND_EXPR);
}

bool
is_orclause(const void *clause)
{
	return is_boolclause(clause, OR_EXPR);
}

bool
is_notclause(const void *clause)
{
	return is_boolclause(clause, NOT_EXPR);
}

bool
is_opclause(const void *clause)
{
	return clause != NULL && IsA(clause, OpExpr);
}

Node *
make_and_qual(Node *qual1, Node *qual2)
{
	if (qual1 == NULL)
		return qual2;
	if (qual2 == NULL)
		return qual1;
	return (Node *) make_andclause(list_make2(qual1, qual2));
}

/* The empty list is TRUE. */
Expr *
make_ands_explicit(List *andclauses)
{
	if (andclauses == NIL)
		return (Expr *) makeBoolConst(true, false);
	if (list_length(andclauses) == 1)
		return (Expr *) linitial(andclauses);
	return make_andclause(andclauses);
}

List *
and_arguments(Expr *clause)
{
	if (clause == NULL)
		return NIL;
	if (IsA(clause, Const) && !((Const *) clause)->constisnull &&
	    DatumGetBool(((Const *) clause)->constvalue))
		return NIL;
	if (!is_andclause(clause))
		return list_make1(clause);
	return ((BoolExpr *) clause)->args;
}

List *
make_ands_implicit(Expr *clause)
{
	List *result = NIL;
	ListCell *lc;

	if (clause == NULL || !is_andclause(clause))
		return and_arguments(clause);
	foreach (lc, ((BoolExpr *) clause)->args)
		result = list_concat(result, make_ands_implicit(lfirst(lc)));
	return result;
}

IndexInfo *
makeIndexInfo(int numattrs, int numkeyattrs, Oid amoid, List *expressions,
              List *predicates, bool unique, bool nulls_not_distinct,
              bool isready, bool concurrent)
{
	IndexInfo *info = makeNode(IndexInfo);

	Assert(numkeyattrs > 0 && numkeyattrs <= numattrs);
	Assert(numattrs <= INDEX_MAX_KEYS && !nulls_not_distinct);
	info->ii_NumIndexAttrs = numattrs;
	info->ii_NumIndexKeyAttrs = numkeyattrs;
	info->ii_Expressions = expressions;
	info->ii_Predicate = predicates;
	info->ii_Unique = unique;
	info->ii_ReadyForInserts = isready;
	info->ii_Concurrent = concurrent;
	info->ii_Am = amoid;
	info->ii_Context = CurrentMemoryContext;
	return info;
}
