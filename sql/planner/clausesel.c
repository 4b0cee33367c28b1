/*
 * clausesel.c
 *		Which fraction of the rows a condition lets through, and how many
 *		groups there are.
 *
 * There are no statistics of values: estimates are PostgreSQL's for a table
 * that was never analysed.  A column has 200 different values, or as many as
 * the table has rows if these are fewer; an inequality takes a third; the two
 * ends of a range together 0.5 %.
 *
 * Corresponds to PostgreSQL's optimizer/path/clausesel.c and to the defaults
 * of utils/adt/selfuncs.c.
 */
#include "postgres.h"

#include <math.h>

#include "access/attnum.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "utils/array_elements.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"

/* operators on arrays as sets */
#define OID_ARRAY_OVERLAP_OP 2750
#define OID_ARRAY_CONTAINS_OP 2751
#define OID_ARRAY_CONTAINED_OP 2752

#define DEFAULT_CONTAIN_SEL 0.005
#define DEFAULT_OVERLAP_SEL 0.01

/* estimators that operators name (pg_operator.oprrest) */
#define F_EQSEL 101
#define F_NEQSEL 102
#define F_SCALARLTSEL 103
#define F_SCALARGTSEL 104
#define F_SCALARLESEL 336
#define F_SCALARGESEL 337
#define F_LIKESEL 1819
#define F_NLIKESEL 1822
#define F_ICLIKESEL 1814
#define F_ICNLIKESEL 1815
#define F_REGEXEQSEL 1818
#define F_REGEXNESEL 1821
#define F_ARRAYCONTSEL 3817
#define F_ICREGEXEQSEL 1820
#define F_ICREGEXNESEL 1823

/* what characters of a pattern let through */
#define FIXED_CHAR_SEL 0.20
#define ANY_CHAR_SEL 0.9
#define FULL_WILDCARD_SEL 5.0

#define ROW_OF_ONE(mask) ((mask) != 0 && ((mask) & ((mask) -1)) == 0)

static double
clamp_probability(double p)
{
	return p < 0 ? 0 : p > 1 ? 1 : p;
}

static RelOptInfo *
rel_of_mask(PlannerInfo *root, RelidMask mask)
{
	int rti;

	if (root == NULL || !ROW_OF_ONE(mask))
		return NULL;
	rti = __builtin_ctzll(mask) + 1;
	if (rti >= root->simple_rel_array_size)
		return NULL;
	return root->simple_rel_array[rti];
}

/* How many different values an expression has. */
static double
variable_numdistinct(PlannerInfo *root, Node *node, bool *isdefault)
{
	RelOptInfo *rel = rel_of_mask(root, pull_varnos(node));

	*isdefault = false;
	while (IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	if (exprType(node) == BOOLOID)
		return 2;
	if (IsA(node, Var) && rel != NULL && rel->tuples > 0 &&
	    ((Var *) node)->varattno < 0 && exprType(node) == TIDOID)
		return clamp_row_est(rel->tuples);
	if (rel == NULL || rel->tuples <= 0 || rel->tuples >= DEFAULT_NUM_DISTINCT)
	{
		*isdefault = true;
		return DEFAULT_NUM_DISTINCT;
	}
	return clamp_row_est(rel->tuples);
}

/* Is it `expression of one table op something without tables`? */
static Node *
restriction_variable(OpExpr *op)
{
	Node *left;
	Node *right;

	if (list_length(op->args) != 2)
		return NULL;
	left = linitial(op->args);
	right = lsecond(op->args);
	if (ROW_OF_ONE(pull_varnos(left)) && pull_varnos(right) == 0)
		return left;
	if (ROW_OF_ONE(pull_varnos(right)) && pull_varnos(left) == 0)
		return right;
	return NULL;
}

static Selectivity
equality_selectivity(PlannerInfo *root, OpExpr *op)
{
	Node *var = restriction_variable(op);
	bool isdefault;
	double nd1;
	double nd2;
	ListCell *lc;

	if (list_length(op->args) != 2)
		return DEFAULT_EQ_SEL;
	foreach (lc, op->args)
	{
		if (IsA(lfirst(lc), Const) && ((Const *) lfirst(lc))->constisnull)
			return 0;
	}
	if (var != NULL)
		return clamp_probability(1 /
		                         variable_numdistinct(root, var, &isdefault));
	/* a join */
	if (ROW_OF_ONE(pull_varnos(linitial(op->args))) &&
	    ROW_OF_ONE(pull_varnos(lsecond(op->args))) &&
	    pull_varnos(linitial(op->args)) != pull_varnos(lsecond(op->args)))
	{
		nd1 = variable_numdistinct(root, linitial(op->args), &isdefault);
		nd2 = variable_numdistinct(root, lsecond(op->args), &isdefault);
		return clamp_probability(1 / Max(nd1, nd2));
	}
	return DEFAULT_EQ_SEL;
}

static bool
has_null_operand(OpExpr *op)
{
	ListCell *lc;

	foreach (lc, op->args)
	{
		if (IsA(lfirst(lc), Const) && ((Const *) lfirst(lc))->constisnull)
			return true;
	}
	return false;
}

/*
 * What of a pattern follows the fixed beginning, and the characters behind a
 * wildcard at its head: each character lets a fifth of the rows through.
 */
static Selectivity
rest_of_pattern_selectivity(const char *p)
{
	Selectivity sel = 1;

	while (*p == '%' || *p == '_')
		p++;
	for (; *p != '\0'; p++)
	{
		if (*p == '%')
			sel *= FULL_WILDCARD_SEL;
		else if (*p == '_')
			sel *= ANY_CHAR_SEL;
		else
		{
			if (*p == '\\' && *++p == '\0')
				break;
			sel *= FIXED_CHAR_SEL;
		}
	}
	return Min(sel, 1);
}

static Selectivity
like_selectivity(PlannerInfo *root, OpExpr *op)
{
	Const *pattern = lsecond(op->args);
	Selectivity sel = 1;
	char *p;
	char *rest;

	if (has_null_operand(op))
		return 0;
	if (!IsA(pattern, Const) || pattern->consttype != TEXTOID ||
	    restriction_variable(op) != linitial(op->args))
		return DEFAULT_MATCH_SEL;
	p = rest = TextDatumGetCString(pattern->constvalue);
	while (*rest != '\0' && *rest != '%' && *rest != '_')
		rest += *rest == '\\' && rest[1] != '\0' ? 2 : 1;
	/* no wildcard: it is an equality */
	if (*rest == '\0')
		return equality_selectivity(root, op);
	if (rest != p)
		sel = DEFAULT_MATCH_SEL;
	sel *= rest_of_pattern_selectivity(rest);
	return Max(0.0001, Min(sel, 0.9999));
}

/*
 * How many different elements, NULLs apart.  A thousand are as good as more:
 * what they make of a selectivity is next to zero or one.
 */
static int
count_distinct_elements(ArrayType *array)
{
	ArrayElements e;
	int distinct = 0;

	ArrayTakeApart(array, &e);
	for (int i = 0; i < e.n && distinct < 1000; i++)
	{
		bool again = e.nulls[i];

		for (int j = 0; j < i && !again; j++)
			again = !e.nulls[j] && datumIsEqual(e.values[i], e.values[j],
			                                    e.typbyval, e.typlen);
		distinct += !again;
	}
	return distinct;
}

/* arrays as sets: each element of the constant is as rare as another */
static Selectivity
array_sets_selectivity(OpExpr *op)
{
	Node *left = linitial(op->args);
	Node *right = lsecond(op->args);
	Const *con = (Const *) (IsA(right, Const) ? right : left);
	Oid opno = op->opno;
	ArrayType *array;
	int n;

	if (!IsA(con, Const))
		return opno == OID_ARRAY_OVERLAP_OP ? DEFAULT_OVERLAP_SEL
		                                    : DEFAULT_CONTAIN_SEL;
	if (con->constisnull)
		return 0;
	if (con == (Const *) left && opno != OID_ARRAY_OVERLAP_OP)
		opno = opno == OID_ARRAY_CONTAINS_OP ? OID_ARRAY_CONTAINED_OP
		                                     : OID_ARRAY_CONTAINS_OP;
	if (opno == OID_ARRAY_CONTAINED_OP)
		return DEFAULT_CONTAIN_SEL;
	array = DatumGetArrayTypeP(con->constvalue);
	n = count_distinct_elements(array);
	if (opno == OID_ARRAY_OVERLAP_OP)
		return 1 - pow(1 - DEFAULT_CONTAIN_SEL, n);
	return array_contains_nulls(array) ? 0 : pow(DEFAULT_CONTAIN_SEL, n);
}

static Selectivity
operator_selectivity(PlannerInfo *root, OpExpr *op)
{
	switch (get_oprrest(op->opno))
	{
		case F_EQSEL:
			return equality_selectivity(root, op);
		case F_NEQSEL:
			return has_null_operand(op) ? 0
			                            : 1 - equality_selectivity(root, op);
		case F_SCALARLTSEL:
		case F_SCALARGTSEL:
		case F_SCALARLESEL:
		case F_SCALARGESEL:
			return DEFAULT_INEQ_SEL;
		case F_LIKESEL:
			return like_selectivity(root, op);
		case F_ICLIKESEL:
		case F_REGEXEQSEL:
		case F_ICREGEXEQSEL:
			return DEFAULT_MATCH_SEL;
		case F_NLIKESEL:
			return has_null_operand(op) ? 0 : 1 - like_selectivity(root, op);
		case F_ICNLIKESEL:
		case F_REGEXNESEL:
		case F_ICREGEXNESEL:
			return 1 - DEFAULT_MATCH_SEL;
		case F_ARRAYCONTSEL:
			return array_sets_selectivity(op);
		default:
			return 0.5;
	}
}

int
estimate_array_length(Node *array)
{
	if (IsA(array, Const))
	{
		ArrayType *value;

		if (((Const *) array)->constisnull)
			return 0;
		value = DatumGetArrayTypeP(((Const *) array)->constvalue);
		return ArrayGetNItems(ARR_NDIM(value), ARR_DIMS(value));
	}
	if (IsA(array, ArrayExpr) && !((ArrayExpr *) array)->multidims)
		return list_length(((ArrayExpr *) array)->elements);
	return 10;
}

/* The comparison with each element, joined as if they were independent. */
static Selectivity
scalar_array_selectivity(PlannerInfo *root, ScalarArrayOpExpr *clause)
{
	Node *array = lsecond(clause->args);
	CaseTestExpr *element = makeNode(CaseTestExpr);
	OpExpr *op = makeNode(OpExpr);
	int nelems = estimate_array_length(array);
	Selectivity s;
	Selectivity result;
	Selectivity disjoint;

	/* ALL of elements with a NULL among them is never true */
	if (!clause->useOr && IsA(array, Const) &&
	    !((Const *) array)->constisnull &&
	    array_contains_nulls(DatumGetArrayTypeP(((Const *) array)->constvalue)))
		return 0;
	element->typeId = get_base_element_type(exprType(array));
	element->typeMod = -1;
	element->collation = clause->inputcollid;
	op->opno = clause->opno;
	op->opfuncid = clause->opfuncid;
	op->opresulttype = BOOLOID;
	op->inputcollid = clause->inputcollid;
	op->args = list_make2(linitial(clause->args), element);
	s = clamp_probability(operator_selectivity(root, op));
	/* a row can equal one element only */
	disjoint = clause->useOr ? nelems * s : 1 - nelems * (1 - s);
	if (disjoint >= 0 && disjoint <= 1 &&
	    get_oprrest(clause->opno) == (clause->useOr ? F_EQSEL : F_NEQSEL))
		return disjoint;
	result = clause->useOr ? 0 : 1;
	for (int i = 0; i < nelems; i++)
		result = clause->useOr ? result + s - result * s : result * s;
	return clamp_probability(result);
}

static Selectivity
boolean_test_selectivity(PlannerInfo *root, BooleanTest *test)
{
	Node *arg = (Node *) test->arg;

	switch (test->booltesttype)
	{
		case IS_UNKNOWN:
			return DEFAULT_UNK_SEL;
		case IS_NOT_UNKNOWN:
			return DEFAULT_NOT_UNK_SEL;
		case IS_TRUE:
		case IS_NOT_FALSE:
			return clause_selectivity(root, arg);
		default:
			return 1 - clause_selectivity(root, arg);
	}
}

Selectivity
clause_selectivity(PlannerInfo *root, Node *clause)
{
	ListCell *lc;

	if (clause == NULL)
		return 0.5;
	switch (nodeTag(clause))
	{
		case T_Const:
		{
			Const *con = (Const *) clause;

			return con->constisnull ? 0 : DatumGetBool(con->constvalue) ? 1 : 0;
		}
		case T_Param:
		{
			Node *value = estimate_expression_value(root, clause);

			return IsA(value, Const) ? clause_selectivity(root, value) : 0.5;
		}
		case T_BoolExpr:
		{
			BoolExpr *expr = (BoolExpr *) clause;
			Selectivity s = 0;

			if (expr->boolop == NOT_EXPR)
				return 1 - clause_selectivity(root, linitial(expr->args));
			if (expr->boolop == AND_EXPR)
				return clauselist_selectivity(root, expr->args);
			foreach (lc, expr->args)
			{
				Selectivity s2 = clause_selectivity(root, lfirst(lc));

				s = s + s2 - s * s2;
			}
			return clamp_probability(s);
		}
		case T_OpExpr:
			return clamp_probability(
				operator_selectivity(root, (OpExpr *) clause));
		case T_ScalarArrayOpExpr:
			return scalar_array_selectivity(root, (ScalarArrayOpExpr *) clause);
		case T_DistinctExpr:
			return 1 - equality_selectivity(root, (OpExpr *) clause);
		case T_FuncExpr:
			return DEFAULT_INEQ_SEL;
		case T_NullTest:
			return ((NullTest *) clause)->nulltesttype == IS_NULL
			           ? DEFAULT_UNK_SEL
			           : DEFAULT_NOT_UNK_SEL;
		case T_BooleanTest:
			return boolean_test_selectivity(root, (BooleanTest *) clause);
		case T_RelabelType:
			return clause_selectivity(root,
			                          (Node *) ((RelabelType *) clause)->arg);
		default:
			return 0.5;
	}
}

/* A lower and an upper bound of the same expression. */
typedef struct RangeBound
{
	Node *var;
	bool have_lower;
	bool have_upper;
} RangeBound;

/* Is it one end of a range, of which expression, and which end? */
static Node *
range_end(Node *clause, bool *lower)
{
	OpExpr *op = (OpExpr *) clause;
	Node *var;

	if (!IsA(clause, OpExpr))
		return NULL;
	switch (get_oprrest(op->opno))
	{
		case F_SCALARLTSEL:
		case F_SCALARLESEL:
			*lower = false;
			break;
		case F_SCALARGTSEL:
		case F_SCALARGESEL:
			*lower = true;
			break;
		default:
			return NULL;
	}
	var = restriction_variable(op);
	if (var != NULL && var == lsecond(op->args))
		*lower = !*lower;
	return var;
}

Selectivity
clauselist_selectivity(PlannerInfo *root, List *clauses)
{
	Selectivity s = 1;
	List *ranges = NIL;
	ListCell *lc;
	ListCell *lc2;

	if (list_length(clauses) == 1)
		return clause_selectivity(root, linitial(clauses));
	foreach (lc, clauses)
	{
		Node *clause = lfirst(lc);
		bool lower;
		Node *var = range_end(clause, &lower);
		RangeBound *range = NULL;

		if (var == NULL)
		{
			s *= clause_selectivity(root, clause);
			continue;
		}
		foreach (lc2, ranges)
		{
			if (equal(((RangeBound *) lfirst(lc2))->var, var))
				range = lfirst(lc2);
		}
		if (range == NULL)
		{
			range = palloc0(sizeof(RangeBound));
			range->var = var;
			ranges = lappend(ranges, range);
		}
		if (lower)
			range->have_lower = true;
		else
			range->have_upper = true;
	}
	foreach (lc, ranges)
	{
		RangeBound *range = lfirst(lc);

		s *= range->have_lower && range->have_upper ? DEFAULT_RANGE_INEQ_SEL
		                                            : DEFAULT_INEQ_SEL;
	}
	return s;
}

/*
 * Groups of one table's rows: the product of the columns' values, not more than
 * a tenth of the rows if there are several columns, less those that the WHERE
 * clause leaves no row of.
 */
static double
groups_of_rel(PlannerInfo *root, RelOptInfo *rel, List *vars)
{
	double reldistinct = 1;
	double relmax = 0;
	bool isdefault;
	ListCell *lc;

	/* a table of which no row is read has none */
	if (rel == NULL)
		return 1;
	foreach (lc, vars)
	{
		double nd = variable_numdistinct(root, lfirst(lc), &isdefault);

		reldistinct *= nd;
		relmax = Max(relmax, nd);
	}
	if (rel->tuples > 0)
	{
		double clamp = rel->tuples;

		if (list_length(vars) > 1)
		{
			clamp *= 0.1;
			if (clamp < relmax)
				clamp = Min(relmax, rel->tuples);
		}
		reldistinct = Min(reldistinct, clamp);
		if (reldistinct > 0 && rel->rows < rel->tuples)
			reldistinct *= 1 - pow((rel->tuples - rel->rows) / rel->tuples,
			                       rel->tuples / reldistinct);
		reldistinct = clamp_row_est(reldistinct);
	}
	return reldistinct;
}

double
estimate_num_groups(PlannerInfo *root, List *groupExprs, double input_rows)
{
	List *vars = NIL;
	double numdistinct = 1;
	ListCell *lc;

	input_rows = clamp_row_est(input_rows);
	foreach (lc, groupExprs)
	{
		Node *expr = lfirst(lc);
		List *exprvars;

		if (exprType(expr) == BOOLOID)
		{
			numdistinct *= 2;
			continue;
		}
		exprvars = pull_vars(expr, NIL, false);
		if (exprvars == NIL)
		{
			if (contain_volatile_functions(expr))
				return input_rows;
			continue;
		}
		vars = pull_vars(expr, vars, false);
	}
	while (vars != NIL)
	{
		Index varno = (Index) ((Var *) linitial(vars))->varno;
		List *relvars = NIL;
		List *others = NIL;

		foreach (lc, vars)
		{
			if ((Index) ((Var *) lfirst(lc))->varno == varno)
				relvars = lappend(relvars, lfirst(lc));
			else
				others = lappend(others, lfirst(lc));
		}
		numdistinct *=
			groups_of_rel(root, root->simple_rel_array[varno], relvars);
		vars = others;
	}
	return clamp_row_est(Min(ceil(numdistinct), input_rows));
}
