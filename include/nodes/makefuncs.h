/*
 * nodes/makefuncs.h
 *		Constructors of expression nodes.  All allocate in
 *		CurrentMemoryContext; locations are -1 where not given.
 *
 * Corresponds to PostgreSQL's nodes/makefuncs.h.
 */
#ifndef MAKEFUNCS_H
#define MAKEFUNCS_H

#include "nodes/execnodes.h"
#include "nodes/parsenodes.h"

extern Var *makeVar(int varno, AttrNumber varattno, Oid vartype,
                    int32 vartypmod, Oid varcollid, Index varlevelsup);
extern Var *makeVarFromTargetEntry(int varno, TargetEntry *tle);
extern Const *
makeConst(Oid consttype, int32 consttypmod, Oid constcollid, int constlen,
          Datum constvalue, bool constisnull, bool constbyval);
extern Const *makeNullConst(Oid consttype, int32 consttypmod, Oid constcollid);
extern Node *makeBoolConst(bool value, bool isnull);
extern Param *makeParam(ParamKind kind, int paramid, Oid paramtype,
                        int32 paramtypmod, Oid paramcollid);
extern TargetEntry *
makeTargetEntry(Expr *expr, AttrNumber resno, char *resname, bool resjunk);
extern TargetEntry *flatCopyTargetEntry(TargetEntry *src_tle);
extern FromExpr *makeFromExpr(List *fromlist, Node *quals);
extern RangeTblRef *makeRangeTblRef(int rtindex);
extern Alias *makeAlias(const char *aliasname, List *colnames);
extern RangeVar *makeRangeVar(char *schemaname, char *relname, int location);
extern TypeName *makeTypeName(char *typnam);
extern TypeName *makeTypeNameFromNameList(List *names);
extern TypeName *makeTypeNameFromOid(Oid typeOid, int32 typmod);
extern FuncExpr *
makeFuncExpr(Oid funcid, Oid rettype, List *args, Oid funccollid,
             Oid inputcollid, CoercionForm fformat);
extern RelabelType *makeRelabelType(Expr *arg, Oid rtype, int32 rtypmod,
                                    Oid rcollid, CoercionForm rformat);
extern Expr *makeBoolExpr(BoolExprType boolop, List *args, int location);
extern DefElem *makeDefElem(char *name, Node *arg, int location);

/* an OpExpr of one or two operands; rightop NULL: prefix operator */
extern Expr *
make_opclause(Oid opno, Oid opresulttype, bool opretset, Expr *leftop,
              Expr *rightop, Oid opcollid, Oid inputcollid);
extern Expr *make_andclause(List *andclauses);
extern Expr *make_orclause(List *orclauses);
extern Expr *make_notclause(Expr *notclause);
extern bool is_andclause(const void *clause);
extern bool is_orclause(const void *clause);
extern bool is_notclause(const void *clause);
extern bool is_opclause(const void *clause);
/* AND of both; either may be NULL */
extern Node *make_and_qual(Node *qual1, Node *qual2);
/* from a list that is implicitly ANDed to one expression, and back */
extern Expr *make_ands_explicit(List *andclauses);
extern List *make_ands_implicit(Expr *clause);
/* ... but what is ANDed inside of the parts stays together */
extern List *and_arguments(Expr *clause);

/* with room for column numbers, which the caller fills in */
extern IndexInfo *
makeIndexInfo(int numattrs, int numkeyattrs, Oid amoid, List *expressions,
              List *predicates, bool unique, bool nulls_not_distinct,
              bool isready, bool concurrent);

#endif /* MAKEFUNCS_H */
