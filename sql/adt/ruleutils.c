/*
 * ruleutils.c
 *		Text of expression trees, for EXPLAIN and index definitions.
 *
 * The text has PostgreSQL 15's parentheses (every operator has its own pair, but
 * in pretty texts only where it is needed: ruleparens.c), labels of constants and
 * casts, so that it reads back as the same tree.
 *
 * What a Var means depends on where it stands.  In a scan its varno is the
 * index of a range table entry.  In a node above, OUTER_VAR and INNER_VAR name
 * a column of a child's target list; its expression is printed in the child's
 * place, in parentheses unless it is a Var.
 *
 * Corresponds to the expression part of PostgreSQL's utils/adt/ruleutils.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

/* The one member of a deparse context. */
typedef struct deparse_namespace
{
	List *rtable;       /* RangeTblEntries */
	List *rtable_names; /* char *, or NULL: entry without a name */
	List *subplans;
	Plan *top_plan;
	Plan *outer_plan; /* what OUTER_VAR and INNER_VAR mean, or NULL */
	Plan *inner_plan;
} deparse_namespace;

typedef struct deparse_context
{
	StringInfo buf;
	deparse_namespace dpns;
	bool varprefix;  /* columns with their table's name */
	int prettyFlags; /* of ruleutils.h */
	int indentLevel; /* spaces, of a keyword that begins a line */
} deparse_context;

#define PRETTY_PAREN(context) ((context)->prettyFlags & PRETTYFLAG_PAREN)
#define PRETTY_INDENT(context) ((context)->prettyFlags & PRETTYFLAG_INDENT)

#define PRETTYINDENT_VAR 4

static void
get_rule_expr(Node *node, deparse_context *context, bool showimplicit);

/* ---- contexts ---- */

List *
deparse_context_for(const char *aliasname, Oid relid)
{
	deparse_namespace *dpns = palloc0(sizeof(deparse_namespace));
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	TupleDesc desc;
	List *colnames = NIL;

	INJECTION_POINT("deparse-context");
	desc = OidIsValid(relid) ? get_rel_columns(relid) : NULL;
	if (OidIsValid(relid) && desc == NULL)
		return NIL;
	for (int i = 0; desc != NULL && i < desc->natts; i++)
		colnames = lappend(
			colnames,
			makeString(pstrdup(NameStr(TupleDescAttr(desc, i)->attname))));

	rte->rtekind = RTE_RELATION;
	rte->relid = relid;
	rte->relkind = RELKIND_RELATION;
	rte->inFromCl = true;
	rte->eref = makeAlias(aliasname, colnames);
	dpns->rtable = list_make1(rte);
	dpns->rtable_names = list_make1(pstrdup(aliasname));
	return list_make1(dpns);
}

List *
deparse_context_for_plan_tree(PlannedStmt *pstmt, List *rtable_names)
{
	deparse_namespace *dpns = palloc0(sizeof(deparse_namespace));

	dpns->rtable = pstmt->rtable;
	dpns->rtable_names = rtable_names;
	dpns->subplans = pstmt->subplans;
	dpns->top_plan = pstmt->planTree;
	return list_make1(dpns);
}

static void
set_deparse_plan(deparse_namespace *dpns, Plan *plan)
{
	/* of an Append the first child stands for all */
	if (IsA(plan, Append))
		dpns->outer_plan = linitial(((Append *) plan)->appendplans);
	else
		dpns->outer_plan = outerPlan(plan);
	if (IsA(plan, SubqueryScan))
		dpns->inner_plan = ((SubqueryScan *) plan)->subplan;
	else
		dpns->inner_plan = innerPlan(plan);
}

List *
set_deparse_context_plan(List *dpcontext, Plan *plan)
{
	set_deparse_plan(linitial(dpcontext), plan);
	return dpcontext;
}

/*
 * A name that stands for one entry only: the second "t" is "t_1", the next
 * "t_2", as long as such a name is not taken itself.
 */
static char *
unique_name(const char *name, List *taken)
{
	char *candidate = pstrdup(name);
	ListCell *lc;
	int n = 0;
	bool clash;

	do
	{
		clash = false;
		foreach (lc, taken)
		{
			if (lfirst(lc) != NULL && strcmp(lfirst(lc), candidate) == 0)
				clash = true;
		}
		if (clash)
		{
			char suffix[16];
			int keep = strlen(name);

			snprintf(suffix, sizeof(suffix), "_%d", ++n);
			keep = Min(keep, NAMEDATALEN - 1 - (int) strlen(suffix));
			candidate = psprintf("%.*s%s", keep, name, suffix);
		}
	} while (clash);
	return candidate;
}

List *
select_rtable_names_for_explain(List *rtable)
{
	List *names = NIL;
	ListCell *lc;

	foreach (lc, rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);
		const char *name = NULL;

		if (rte->alias != NULL)
			name = rte->alias->aliasname;
		else if (rte->rtekind == RTE_RELATION)
			name = get_rel_name(rte->relid);
		else if (rte->rtekind != RTE_JOIN && rte->eref != NULL)
			name = rte->eref->aliasname;
		names = lappend(names, name != NULL ? unique_name(name, names) : NULL);
	}
	return names;
}

char *
deparse_expression(Node *expr, List *dpcontext, bool forceprefix,
                   bool showimplicit)
{
	return deparse_expression_pretty(expr, dpcontext, forceprefix, showimplicit,
	                                 0);
}

char *
deparse_expression_pretty(Node *expr, List *dpcontext, bool forceprefix,
                          bool showimplicit, int prettyFlags)
{
	StringInfoData buf;
	deparse_context context;

	initStringInfo(&buf);
	context.buf = &buf;
	context.dpns = *(deparse_namespace *) linitial(dpcontext);
	context.varprefix = forceprefix;
	context.prettyFlags = prettyFlags;
	context.indentLevel = 0;
	get_rule_expr(expr, &context, showimplicit);
	return buf.data;
}

/* ---- lines and parentheses ---- */

/* The keyword, on a line of its own if lines are indented. */
static void
append_keyword(deparse_context *context, const char *str, int before, int after)
{
	StringInfo buf = context->buf;

	if (!PRETTY_INDENT(context))
	{
		appendStringInfoString(buf, str);
		return;
	}
	context->indentLevel += before;
	while (buf->len > 0 && buf->data[buf->len - 1] == ' ')
		buf->data[--buf->len] = '\0';
	appendStringInfo(buf, "\n%*s%s", context->indentLevel, "", str);
	context->indentLevel += after;
}

/* The pair that an expression always has, but in pretty texts. */
static void
append_paren(deparse_context *context, char paren)
{
	if (!PRETTY_PAREN(context))
		appendStringInfoChar(context->buf, paren);
}

/* An operand: in pretty texts with the parentheses that it needs there. */
static void
get_rule_expr_paren(Node *node, deparse_context *context, bool showimplicit,
                    Node *parentNode)
{
	bool parens = PRETTY_PAREN(context) && !isSimpleNode(node, parentNode);

	if (parens)
		appendStringInfoChar(context->buf, '(');
	get_rule_expr(node, context, showimplicit);
	if (parens)
		appendStringInfoChar(context->buf, ')');
}

/* ---- columns ---- */

static char *
column_name(RangeTblEntry *rte, AttrNumber attnum)
{
	if (attnum > 0 && rte->eref != NULL &&
	    attnum <= list_length(rte->eref->colnames))
	{
		char *name = strVal(list_nth(rte->eref->colnames, attnum - 1));

		if (name[0] != '\0')
			return name;
	}
	if (rte->rtekind != RTE_RELATION)
		elog(ERROR, "invalid attnum %d for rangetable entry %s", attnum,
		     rte->eref != NULL ? rte->eref->aliasname : "");
	return get_attname(rte->relid, attnum, false);
}

/* The child's expression, in the child's place. */
static void
get_child_variable(Var *var, Plan *child, deparse_context *context)
{
	deparse_namespace saved = context->dpns;
	TargetEntry *tle = NULL;

	if (child != NULL)
		tle = get_tle_by_resno(child->targetlist, var->varattno);
	if (tle == NULL)
		elog(ERROR, "bogus varattno for OUTER_VAR var: %d", var->varattno);
	set_deparse_plan(&context->dpns, child);
	if (!IsA(tle->expr, Var))
		appendStringInfoChar(context->buf, '(');
	get_rule_expr((Node *) tle->expr, context, true);
	if (!IsA(tle->expr, Var))
		appendStringInfoChar(context->buf, ')');
	context->dpns = saved;
}

static void
get_variable(Var *var, deparse_context *context)
{
	RangeTblEntry *rte;
	char *refname;

	if (var->varno == OUTER_VAR || var->varno == INNER_VAR)
	{
		get_child_variable(var,
		                   var->varno == OUTER_VAR ? context->dpns.outer_plan
		                                           : context->dpns.inner_plan,
		                   context);
		return;
	}
	if (var->varno < 1 || var->varno > list_length(context->dpns.rtable))
		elog(ERROR, "bogus varno: %d", var->varno);
	rte = list_nth(context->dpns.rtable, var->varno - 1);
	refname = list_nth(context->dpns.rtable_names, var->varno - 1);
	if (refname != NULL && (context->varprefix || var->varattno == 0))
		appendStringInfo(context->buf, "%s.", quote_identifier(refname));
	if (var->varattno == 0)
		appendStringInfoChar(context->buf, '*');
	else
		appendStringInfoString(
			context->buf, quote_identifier(column_name(rte, var->varattno)));
}

/* ---- constants and casts ---- */

/* Strings are standard-conforming: a backslash is a character like others. */
static void
simple_quote_literal(StringInfo buf, const char *val)
{
	appendStringInfoChar(buf, '\'');
	for (; *val != '\0'; val++)
	{
		if (*val == '\'')
			appendStringInfoChar(buf, *val);
		appendStringInfoChar(buf, *val);
	}
	appendStringInfoChar(buf, '\'');
}

/* A number that reads back as one: what is not is quoted and labelled. */
static bool
append_const_value(StringInfo buf, Const *con, char *text)
{
	switch (con->consttype)
	{
		case INT4OID:
			if (text[0] == '-')
				break;
			appendStringInfoString(buf, text);
			return false;
		case NUMERICOID:
			/* with neither point nor exponent it would read as an integer */
			if (text[0] < '0' || text[0] > '9' ||
			    text[strcspn(text, "eE.")] == '\0')
				break;
			appendStringInfoString(buf, text);
			return con->consttypmod >= 0;
		case BOOLOID:
			appendStringInfoString(buf,
			                       strcmp(text, "t") == 0 ? "true" : "false");
			return false;
		default:
			break;
	}
	simple_quote_literal(buf, text);
	return con->consttype != UNKNOWNOID;
}

/* showtype: -1 never, 0 where the value alone has another type, 1 always */
static void
get_const_expr(Const *con, deparse_context *context, int showtype)
{
	bool needlabel = true;
	Oid typoutput;
	bool typisvarlena;

	if (con->constisnull)
		appendStringInfoString(context->buf, "NULL");
	else
	{
		getTypeOutputInfo(con->consttype, &typoutput, &typisvarlena);
		needlabel = append_const_value(
			context->buf, con,
			OidOutputFunctionCall(typoutput, con->constvalue));
	}
	if (showtype < 0 || (!needlabel && showtype == 0))
		return;
	appendStringInfo(
		context->buf, "::%s",
		format_type_with_typemod(con->consttype, con->consttypmod));
	if (OidIsValid(con->constcollid) &&
	    con->constcollid != get_typcollation(con->consttype))
		appendStringInfo(
			context->buf, " COLLATE %s",
			quote_identifier(get_collation_name(con->constcollid)));
}

static void
get_coercion_expr(Node *arg, deparse_context *context, Oid resulttype,
                  int32 resulttypmod, Node *parentNode)
{
	StringInfo buf = context->buf;

	/* the label of the constant is the cast */
	if (IsA(arg, Const) && ((Const *) arg)->consttype == resulttype &&
	    ((Const *) arg)->consttypmod == -1)
		get_const_expr((Const *) arg, context, -1);
	else
	{
		append_paren(context, '(');
		get_rule_expr_paren(arg, context, false, parentNode);
		append_paren(context, ')');
	}
	appendStringInfo(buf, "::%s",
	                 format_type_with_typemod(resulttype, resulttypmod));
}

/* ---- operators and functions ---- */

char *
generate_operator_name(Oid operid)
{
	Form_pg_operator op = GetOperatorForm(operid);

	if (op == NULL)
		elog(ERROR, "cache lookup failed for operator %u", operid);
	if (OperatorIsVisible(operid))
		return pstrdup(NameStr(op->oprname));
	return psprintf("OPERATOR(%s.%s)",
	                quote_identifier(get_namespace_name(op->oprnamespace)),
	                NameStr(op->oprname));
}

static char *
generate_function_name(Oid funcid)
{
	char *name = get_func_name(funcid);

	if (name == NULL)
		elog(ERROR, "cache lookup failed for function %u", funcid);
	return quote_qualified_identifier(
		FunctionIsVisible(funcid)
			? NULL
			: get_namespace_name(get_func_namespace(funcid)),
		name);
}

static void
get_oper_expr(OpExpr *expr, deparse_context *context)
{
	StringInfo buf = context->buf;
	char *name = generate_operator_name(expr->opno);

	append_paren(context, '(');
	if (list_length(expr->args) == 2)
	{
		get_rule_expr_paren(linitial(expr->args), context, true, (Node *) expr);
		appendStringInfo(buf, " %s ", name);
		get_rule_expr_paren(lsecond(expr->args), context, true, (Node *) expr);
	}
	else
	{
		appendStringInfo(buf, "%s ", name);
		get_rule_expr_paren(linitial(expr->args), context, true, (Node *) expr);
	}
	append_paren(context, ')');
}

static void
get_func_expr(FuncExpr *expr, deparse_context *context, bool showimplicit)
{
	StringInfo buf = context->buf;
	ListCell *lc;
	int n = 0;

	if (expr->funcformat == COERCE_IMPLICIT_CAST && !showimplicit)
	{
		get_rule_expr_paren(linitial(expr->args), context, false,
		                    (Node *) expr);
		return;
	}
	if (expr->funcformat == COERCE_IMPLICIT_CAST ||
	    expr->funcformat == COERCE_EXPLICIT_CAST)
	{
		int32 typmod = -1;

		(void) exprIsLengthCoercion((Node *) expr, &typmod);
		get_coercion_expr(linitial(expr->args), context, expr->funcresulttype,
		                  typmod, (Node *) expr);
		return;
	}
	appendStringInfo(buf, "%s(", generate_function_name(expr->funcid));
	foreach (lc, expr->args)
	{
		if (n++ > 0)
			appendStringInfoString(buf, ", ");
		if (expr->funcvariadic && n == list_length(expr->args))
			appendStringInfoString(buf, "VARIADIC ");
		get_rule_expr(lfirst(lc), context, true);
	}
	appendStringInfoChar(buf, ')');
}

static void
get_agg_expr(Aggref *agg, deparse_context *context)
{
	StringInfo buf = context->buf;
	ListCell *lc;
	int n = 0;

	appendStringInfo(buf, "%s(%s", generate_function_name(agg->aggfnoid),
	                 agg->aggdistinct != NIL ? "DISTINCT " : "");
	if (agg->aggstar)
		appendStringInfoChar(buf, '*');
	foreach (lc, agg->args)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (tle->resjunk)
			continue;
		if (n++ > 0)
			appendStringInfoString(buf, ", ");
		get_rule_expr((Node *) tle->expr, context, true);
	}
	if (agg->aggfilter != NULL)
	{
		appendStringInfoString(buf, ") FILTER (WHERE ");
		get_rule_expr((Node *) agg->aggfilter, context, false);
	}
	appendStringInfoChar(buf, ')');
}

/* ---- the rest of the nodes ---- */

static void
get_list_expr(List *list, deparse_context *context, const char *separator,
              bool showimplicit)
{
	ListCell *lc;
	int n = 0;

	foreach (lc, list)
	{
		if (n++ > 0)
			appendStringInfoString(context->buf, separator);
		get_rule_expr(lfirst(lc), context, showimplicit);
	}
}

static void
get_bool_expr(BoolExpr *expr, deparse_context *context)
{
	ListCell *lc;

	append_paren(context, '(');
	if (expr->boolop == NOT_EXPR)
		appendStringInfoString(context->buf, "NOT ");
	foreach (lc, expr->args)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(context->buf,
			                       expr->boolop == AND_EXPR ? " AND " : " OR ");
		get_rule_expr_paren(lfirst(lc), context, false, (Node *) expr);
	}
	append_paren(context, ')');
}

/* CASE x WHEN y: the condition is "x = y" with x as a CaseTestExpr */
static Node *
case_when_operand(CaseExpr *expr, CaseWhen *when)
{
	Node *w = (Node *) when->expr;

	if (expr->arg != NULL && IsA(w, OpExpr))
	{
		List *args = ((OpExpr *) w)->args;

		if (list_length(args) == 2 &&
		    IsA(strip_implicit_coercions(linitial(args)), CaseTestExpr))
			return lsecond(args);
	}
	return w;
}

static void
get_case_expr(CaseExpr *expr, deparse_context *context)
{
	StringInfo buf = context->buf;
	ListCell *lc;

	append_keyword(context, "CASE", 0, PRETTYINDENT_VAR);
	if (expr->arg != NULL)
	{
		appendStringInfoChar(buf, ' ');
		get_rule_expr((Node *) expr->arg, context, true);
	}
	foreach (lc, expr->args)
	{
		CaseWhen *when = lfirst_node(CaseWhen, lc);

		if (!PRETTY_INDENT(context))
			appendStringInfoChar(buf, ' ');
		append_keyword(context, "WHEN ", 0, 0);
		get_rule_expr(case_when_operand(expr, when), context, false);
		appendStringInfoString(buf, " THEN ");
		get_rule_expr((Node *) when->result, context, true);
	}
	if (!PRETTY_INDENT(context))
		appendStringInfoChar(buf, ' ');
	append_keyword(context, "ELSE ", 0, 0);
	if (expr->defresult != NULL)
		get_rule_expr((Node *) expr->defresult, context, true);
	else
		appendStringInfoString(buf, "NULL");
	if (!PRETTY_INDENT(context))
		appendStringInfoChar(buf, ' ');
	append_keyword(context, "END", -PRETTYINDENT_VAR, 0);
}

static const char *
sql_value_function_name(SQLValueFunctionOp op)
{
	switch (op)
	{
		case SVFOP_CURRENT_DATE:
			return "CURRENT_DATE";
		case SVFOP_CURRENT_TIME:
		case SVFOP_CURRENT_TIME_N:
			return "CURRENT_TIME";
		case SVFOP_CURRENT_TIMESTAMP:
		case SVFOP_CURRENT_TIMESTAMP_N:
			return "CURRENT_TIMESTAMP";
		case SVFOP_LOCALTIME:
		case SVFOP_LOCALTIME_N:
			return "LOCALTIME";
		case SVFOP_LOCALTIMESTAMP:
		case SVFOP_LOCALTIMESTAMP_N:
			return "LOCALTIMESTAMP";
		case SVFOP_CURRENT_ROLE:
			return "CURRENT_ROLE";
		case SVFOP_CURRENT_USER:
			return "CURRENT_USER";
		case SVFOP_USER:
			return "USER";
		case SVFOP_SESSION_USER:
			return "SESSION_USER";
		case SVFOP_CURRENT_CATALOG:
			return "CURRENT_CATALOG";
		case SVFOP_CURRENT_SCHEMA:
			return "CURRENT_SCHEMA";
	}
	elog(ERROR, "unrecognized SQLValueFunction op: %d", (int) op);
}

static void
get_sql_value_function(SQLValueFunction *svf, deparse_context *context)
{
	appendStringInfoString(context->buf, sql_value_function_name(svf->op));
	if (svf->op == SVFOP_CURRENT_TIME_N ||
	    svf->op == SVFOP_CURRENT_TIMESTAMP_N || svf->op == SVFOP_LOCALTIME_N ||
	    svf->op == SVFOP_LOCALTIMESTAMP_N)
		appendStringInfo(context->buf, "(%d)", (int) svf->typmod);
}

static void
get_postfix_test(Node *arg, const char *test, deparse_context *context,
                 bool showimplicit, Node *node)
{
	append_paren(context, '(');
	get_rule_expr_paren(arg, context, showimplicit, node);
	appendStringInfo(context->buf, " %s", test);
	append_paren(context, ')');
}

static const char *
bool_test_text(BoolTestType test)
{
	static const char *const texts[] = {
		[IS_TRUE] = "IS TRUE",       [IS_NOT_TRUE] = "IS NOT TRUE",
		[IS_FALSE] = "IS FALSE",     [IS_NOT_FALSE] = "IS NOT FALSE",
		[IS_UNKNOWN] = "IS UNKNOWN", [IS_NOT_UNKNOWN] = "IS NOT UNKNOWN",
	};

	return texts[test];
}

/* The value that a sub-select gets by a Param, and the node that gives it. */
typedef struct ReferentContext
{
	int paramid;
	Node *arg;
	Plan *plan;
} ReferentContext;

static bool
referent_walker(Node *node, void *context)
{
	ReferentContext *cxt = context;

	if (node == NULL)
		return false;
	if (IsA(node, SubPlan))
	{
		SubPlan *subplan = (SubPlan *) node;
		ListCell *lc1;
		ListCell *lc2;

		forboth(lc1, subplan->parParam, lc2, subplan->args)
		{
			if (lfirst_int(lc1) == cxt->paramid)
			{
				cxt->arg = lfirst(lc2);
				return true;
			}
		}
	}
	return expression_tree_walker(node, referent_walker, context);
}

static bool
find_param_referent(Plan *plan, ReferentContext *cxt)
{
	if (plan == NULL)
		return false;
	cxt->plan = plan;
	if (referent_walker((Node *) plan->targetlist, cxt) ||
	    referent_walker((Node *) plan->qual, cxt))
		return true;
	if (IsA(plan, NestLoop))
	{
		ListCell *lc;

		foreach (lc, ((NestLoop *) plan)->nestParams)
		{
			NestLoopParam *param = lfirst_node(NestLoopParam, lc);

			if (param->paramno == cxt->paramid)
			{
				cxt->arg = (Node *) param->paramval;
				return true;
			}
		}
	}
	if (IsA(plan, NestLoop) &&
	    referent_walker((Node *) ((NestLoop *) plan)->joinqual, cxt))
		return true;
	if (IsA(plan, Result) &&
	    referent_walker(((Result *) plan)->resconstantqual, cxt))
		return true;
	if (IsA(plan, SubqueryScan) &&
	    find_param_referent(((SubqueryScan *) plan)->subplan, cxt))
		return true;
	if (IsA(plan, Append))
	{
		ListCell *lc;

		foreach (lc, ((Append *) plan)->appendplans)
		{
			if (find_param_referent(lfirst(lc), cxt))
				return true;
		}
	}
	return find_param_referent(plan->lefttree, cxt) ||
	       find_param_referent(plan->righttree, cxt);
}

/* $1 of the statement; a value of an outer row as the outer query has it */
static void
get_param_expr(Param *param, deparse_context *context)
{
	deparse_namespace save = context->dpns;
	ReferentContext cxt = {.paramid = param->paramid};
	ListCell *lc;

	if (param->paramkind == PARAM_EXEC)
	{
		bool found = find_param_referent(context->dpns.top_plan, &cxt);

		foreach (lc, context->dpns.subplans)
		{
			if (!found)
				found = find_param_referent(lfirst(lc), &cxt);
		}
		if (found)
		{
			bool save_varprefix = context->varprefix;

			set_deparse_plan(&context->dpns, cxt.plan);
			context->varprefix = true;
			get_rule_expr(cxt.arg, context, false);
			context->varprefix = save_varprefix;
			context->dpns = save;
			return;
		}
	}
	appendStringInfo(context->buf, "$%d", param->paramid);
}

static void
get_subscript_expr(SubscriptingRef *ref, deparse_context *context,
                   bool showimplicit)
{
	bool parens = !IsA(ref->refexpr, Var);
	ListCell *lc;

	if (parens)
		appendStringInfoChar(context->buf, '(');
	get_rule_expr((Node *) ref->refexpr, context, showimplicit);
	if (parens)
		appendStringInfoChar(context->buf, ')');
	foreach (lc, ref->refupperindexpr)
	{
		appendStringInfoChar(context->buf, '[');
		get_rule_expr(lfirst(lc), context, false);
		appendStringInfoChar(context->buf, ']');
	}
}

static void
get_cast_node(Node *node, Node *arg, CoercionForm format, Oid resulttype,
              int32 resulttypmod, deparse_context *context, bool showimplicit)
{
	if (format == COERCE_IMPLICIT_CAST && !showimplicit)
		get_rule_expr_paren(arg, context, false, node);
	else
		get_coercion_expr(arg, context, resulttype, resulttypmod, node);
}

static void
get_function_like(const char *name, List *args, deparse_context *context)
{
	appendStringInfo(context->buf, "%s(", name);
	get_list_expr(args, context, ", ", true);
	appendStringInfoChar(context->buf, ')');
}

static void
get_scalar_array_op(ScalarArrayOpExpr *expr, deparse_context *context)
{
	append_paren(context, '(');
	get_rule_expr_paren(linitial(expr->args), context, true, (Node *) expr);
	appendStringInfo(context->buf, " %s %s (",
	                 generate_operator_name(expr->opno),
	                 expr->useOr ? "ANY" : "ALL");
	get_rule_expr_paren(lsecond(expr->args), context, true, (Node *) expr);
	appendStringInfoChar(context->buf, ')');
	append_paren(context, ')');
}

/* a cast, of whichever node makes it */
static void
get_cast_expr(Node *node, deparse_context *context, bool showimplicit)
{
	if (IsA(node, RelabelType))
	{
		RelabelType *relabel = (RelabelType *) node;

		get_cast_node(node, (Node *) relabel->arg, relabel->relabelformat,
		              relabel->resulttype, relabel->resulttypmod, context,
		              showimplicit);
	}
	else if (IsA(node, CoerceViaIO))
	{
		CoerceViaIO *io = (CoerceViaIO *) node;

		get_cast_node(node, (Node *) io->arg, io->coerceformat, io->resulttype,
		              -1, context, showimplicit);
	}
	else
	{
		ArrayCoerceExpr *coerce = castNode(ArrayCoerceExpr, node);

		get_cast_node(node, (Node *) coerce->arg, coerce->coerceformat,
		              coerce->resulttype, coerce->resulttypmod, context,
		              showimplicit);
	}
}

/* IS NULL, IS TRUE and their like */
static void
get_test_expr(Node *node, deparse_context *context)
{
	if (IsA(node, NullTest))
	{
		NullTest *test = (NullTest *) node;

		get_postfix_test((Node *) test->arg,
		                 test->nulltesttype == IS_NULL ? "IS NULL"
		                                               : "IS NOT NULL",
		                 context, true, node);
	}
	else
	{
		BooleanTest *test = castNode(BooleanTest, node);

		get_postfix_test((Node *) test->arg, bool_test_text(test->booltesttype),
		                 context, false, node);
	}
}

static void
get_rule_expr(Node *node, deparse_context *context, bool showimplicit)
{
	StringInfo buf = context->buf;

	if (node == NULL)
		return;
	CHECK_FOR_INTERRUPTS();
	check_stack_depth();
	switch (nodeTag(node))
	{
		case T_Var:
			get_variable((Var *) node, context);
			break;
		case T_Const:
			get_const_expr((Const *) node, context, 0);
			break;
		case T_Param:
			get_param_expr((Param *) node, context);
			break;
		case T_Aggref:
			get_agg_expr((Aggref *) node, context);
			break;
		case T_FuncExpr:
			get_func_expr((FuncExpr *) node, context, showimplicit);
			break;
		case T_OpExpr:
			get_oper_expr((OpExpr *) node, context);
			break;
		case T_DistinctExpr:
			append_paren(context, '(');
			get_rule_expr_paren(linitial(((DistinctExpr *) node)->args),
			                    context, true, node);
			appendStringInfoString(buf, " IS DISTINCT FROM ");
			get_rule_expr_paren(lsecond(((DistinctExpr *) node)->args), context,
			                    true, node);
			append_paren(context, ')');
			break;
		case T_NullIfExpr:
			get_function_like("NULLIF", ((NullIfExpr *) node)->args, context);
			break;
		case T_BoolExpr:
			get_bool_expr((BoolExpr *) node, context);
			break;
		case T_SubPlan:
			appendStringInfo(buf, "(%s)", ((SubPlan *) node)->plan_name);
			break;
		case T_RelabelType:
		case T_CoerceViaIO:
		case T_ArrayCoerceExpr:
			get_cast_expr(node, context, showimplicit);
			break;
		case T_SubscriptingRef:
			get_subscript_expr((SubscriptingRef *) node, context, showimplicit);
			break;
		case T_CaseExpr:
			get_case_expr((CaseExpr *) node, context);
			break;
		case T_CaseTestExpr:
			appendStringInfoString(buf, "CASE_TEST_EXPR");
			break;
		case T_CoalesceExpr:
			get_function_like("COALESCE", ((CoalesceExpr *) node)->args,
			                  context);
			break;
		case T_MinMaxExpr:
			get_function_like(
				((MinMaxExpr *) node)->op == IS_GREATEST ? "GREATEST" : "LEAST",
				((MinMaxExpr *) node)->args, context);
			break;
		case T_ArrayExpr:
			appendStringInfoString(buf, "ARRAY[");
			get_list_expr(((ArrayExpr *) node)->elements, context, ", ", true);
			appendStringInfoChar(buf, ']');
			break;
		case T_ScalarArrayOpExpr:
			get_scalar_array_op((ScalarArrayOpExpr *) node, context);
			break;
		case T_SQLValueFunction:
			get_sql_value_function((SQLValueFunction *) node, context);
			break;
		case T_NullTest:
		case T_BooleanTest:
			get_test_expr(node, context);
			break;
		case T_TargetEntry:
			get_rule_expr((Node *) ((TargetEntry *) node)->expr, context,
			              showimplicit);
			break;
		case T_List:
			get_list_expr((List *) node, context, ", ", showimplicit);
			break;
		default:
			elog(ERROR, "unrecognized node type: %d", (int) nodeTag(node));
	}
}

/* ---- names of relations ---- */

static char *
relation_name(Oid relid, bool qualified)
{
	FormData_pg_class form;

	if (!get_rel_form(relid, &form))
		return NULL;
	if (!qualified && RelnameGetRelid(NameStr(form.relname)) == relid)
		return pstrdup(quote_identifier(NameStr(form.relname)));
	return quote_qualified_identifier(
		get_namespace_name_or_temp(form.relnamespace),
		pstrdup(NameStr(form.relname)));
}

char *
generate_relation_name(Oid relid)
{
	return relation_name(relid, false);
}

char *
generate_qualified_relation_name(Oid relid)
{
	return relation_name(relid, true);
}
