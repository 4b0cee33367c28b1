/*
 * test_planner.c
 *	  Constant folding, selectivities and costs, without a table.
 *
 * What a query costs decides whether an index is used; so each figure here is
 * one that PostgreSQL 15's EXPLAIN shows for a table of the same size: 100,000
 * rows of 44 bytes on 541 pages, default settings.  Folding must not only give
 * the value, it must leave alone what it may not touch: a division that is
 * never reached fails only if it is computed.
 */
#include "postgres.h"

#include <math.h>

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>

#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "unit.h"
#include "utils/elog.h"
#include "utils/memutils.h"

#define INT4PL 551
#define INT4DIV 528
#define INT4LT Int4LessOperator
#define INT4EQ Int4EqualOperator
#define F_RANDOM 1598

#define IS_NEAR(value, figure) (fabs((value) - (figure)) < 0.005)

static Node *
int_const(int value)
{
	return (Node *) makeConst(INT4OID, -1, InvalidOid, 4, Int32GetDatum(value),
	                          false, true);
}

static Node *
int_null(void)
{
	return (Node *) makeNullConst(INT4OID, -1, InvalidOid);
}

static Node *
column(int attno)
{
	return (Node *) makeVar(1, (AttrNumber) attno, INT4OID, -1, InvalidOid, 0);
}

static Node *
op(Oid opno, Oid result, Node *left, Node *right)
{
	return (Node *) make_opclause(opno, result, false, (Expr *) left,
	                              (Expr *) right, InvalidOid, InvalidOid);
}

static Node *
fold(Node *node)
{
	return eval_const_expressions(NULL, node);
}

static bool
is_int(Node *node, int value)
{
	Const *con = (Const *) node;

	return IsA(con, Const) && !con->constisnull &&
	       DatumGetInt32(con->constvalue) == value;
}

static bool
is_bool(Node *node, bool value)
{
	Const *con = (Const *) node;

	return IsA(con, Const) && !con->constisnull && con->consttype == BOOLOID &&
	       DatumGetBool(con->constvalue) == value;
}

static bool
is_null(Node *node)
{
	return IsA(node, Const) && ((Const *) node)->constisnull;
}

static void
test_operators(void)
{
	Node *sum = op(INT4PL, INT4OID, int_const(40), int_const(2));
	Node *mixed = op(INT4PL, INT4OID, column(1), sum);
	Node *folded;

	CU_ASSERT(is_int(fold(sum), 42));
	folded = fold(mixed);
	CU_ASSERT(IsA(folded, OpExpr));
	CU_ASSERT(is_int(lsecond(((OpExpr *) folded)->args), 42));
	CU_ASSERT(contain_var_clause(folded));
	/* strict: NULL without a call */
	CU_ASSERT(is_null(fold(op(INT4DIV, INT4OID, column(1), int_null()))));
	/* not before it is known */
	CU_ASSERT(
		IsA(fold((Node *) makeFuncExpr(F_RANDOM, FLOAT8OID, NIL, InvalidOid,
	                                   InvalidOid, COERCE_EXPLICIT_CALL)),
	        FuncExpr));
}

static void
test_conditions(void)
{
	Node *cond = op(INT4EQ, BOOLOID, column(1), int_const(1));
	Node *result;

	CU_ASSERT(is_bool(fold((Node *) make_andclause(
						  list_make2(cond, makeBoolConst(false, false)))),
	                  false));
	CU_ASSERT(is_bool(fold((Node *) make_orclause(
						  list_make2(cond, makeBoolConst(true, false)))),
	                  true));
	result = fold(
		(Node *) make_andclause(list_make2(cond, makeBoolConst(true, false))));
	CU_ASSERT(equal(result, cond));
	/* NOT (a < 1) is a >= 1 */
	result = fold((Node *) make_notclause(
		(Expr *) op(INT4LT, BOOLOID, column(1), int_const(1))));
	CU_ASSERT(IsA(result, OpExpr));
	CU_ASSERT_EQUAL(((OpExpr *) result)->opno, 525);
	/* cond = true is cond */
	result = fold(
		op(BooleanEqualOperator, BOOLOID, cond, makeBoolConst(true, false)));
	CU_ASSERT(equal(result, cond));
}

/* CASE WHEN 1 = 2 THEN 1 / 0 ELSE 5 END is 5, and no error. */
static void
test_case(void)
{
	CaseExpr *expr = makeNode(CaseExpr);
	CaseWhen *when = makeNode(CaseWhen);
	CoalesceExpr *coalesce = makeNode(CoalesceExpr);
	MemoryContext context = CurrentMemoryContext;
	volatile int code = 0;

	when->expr = (Expr *) op(INT4EQ, BOOLOID, int_const(1), int_const(2));
	when->result = (Expr *) op(INT4DIV, INT4OID, int_const(1), int_const(0));
	expr->casetype = INT4OID;
	expr->args = list_make1(when);
	expr->defresult = (Expr *) int_const(5);
	CU_ASSERT(is_int(fold((Node *) expr), 5));

	coalesce->coalescetype = INT4OID;
	coalesce->args = list_make3(int_null(), int_const(7), column(1));
	CU_ASSERT(is_int(fold((Node *) coalesce), 7));

	/* reached, it fails now */
	PG_TRY();
	{
		(void) fold((Node *) when->result);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		code = CopyErrorData()->sqlerrcode;
		FlushErrorState();
	}
	PG_END_TRY();
	CU_ASSERT_EQUAL(code, ERRCODE_DIVISION_BY_ZERO);
}

static void
test_params(void)
{
	Node *param = (Node *) makeParam(PARAM_EXTERN, 1, INT4OID, -1, InvalidOid);
	Node *sum = op(INT4PL, INT4OID, param, int_const(1));
	PlannerGlobal glob = {0};
	PlannerInfo root = {.glob = &glob};

	CU_ASSERT(IsA(eval_const_expressions(&root, sum), OpExpr));
	glob.boundParams = makeParamList(1);
	glob.boundParams->params[0].ptype = INT4OID;
	glob.boundParams->params[0].value = Int32GetDatum(41);
	/* a value that may change is good for estimates only */
	CU_ASSERT(IsA(eval_const_expressions(&root, sum), OpExpr));
	CU_ASSERT(is_int(estimate_expression_value(&root, sum), 42));
	glob.boundParams->params[0].pflags = PARAM_FLAG_CONST;
	CU_ASSERT(is_int(eval_const_expressions(&root, sum), 42));
}

/* The table of the figures. */
static PlannerInfo *
make_root(RelOptInfo *rel)
{
	PlannerInfo *root = palloc0(sizeof(PlannerInfo));

	memset(rel, 0, sizeof(*rel));
	rel->relid = 1;
	rel->pages = 541;
	rel->tuples = rel->rows = 100000;
	root->simple_rel_array_size = 2;
	root->simple_rel_array = palloc0(2 * sizeof(RelOptInfo *));
	root->simple_rel_array[1] = rel;
	root->total_table_pages = rel->pages;
	return root;
}

static void
test_selectivity(void)
{
	RelOptInfo rel;
	PlannerInfo *root = make_root(&rel);
	Node *eq = op(INT4EQ, BOOLOID, column(1), int_const(1));
	Node *lt = op(INT4LT, BOOLOID, column(1), int_const(9));
	Node *gt = op(INT4LT, BOOLOID, int_const(1), column(1));

	CU_ASSERT_DOUBLE_EQUAL(clause_selectivity(root, eq), 0.005, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(clause_selectivity(root, lt), 1.0 / 3, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(clauselist_selectivity(root, list_make2(lt, gt)),
	                       0.005, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(
		clause_selectivity(root, (Node *) make_orclause(list_make2(eq, eq))),
		0.005 + 0.005 - 0.005 * 0.005, 1e-9);
	/* two columns: a tenth of the rows at most */
	CU_ASSERT_EQUAL(estimate_num_groups(root, list_make1(column(1)), 100000),
	                200);
	CU_ASSERT_EQUAL(
		estimate_num_groups(root, list_make2(column(1), column(2)), 100000),
		10000);
	/* fewer rows than values expected */
	rel.tuples = rel.rows = 50;
	CU_ASSERT_DOUBLE_EQUAL(clause_selectivity(root, eq), 0.02, 1e-9);
}

static Plan *
make_child(void)
{
	Plan *plan = (Plan *) makeNode(SeqScan);

	plan->plan_rows = 100000;
	plan->plan_width = 44;
	plan->total_cost = 1541;
	return plan;
}

static void
test_costs(void)
{
	RelOptInfo rel;
	PlannerInfo *root = make_root(&rel);
	Plan *scan = make_child();
	Sort *sort = makeNode(Sort);
	Limit *limit = makeNode(Limit);
	int save_work_mem = work_mem;

	cost_scan(root, scan, &rel);
	CU_ASSERT(IS_NEAR(scan->total_cost, 1541.00));
	enable_seqscan = false;
	cost_scan(root, scan, &rel);
	CU_ASSERT(scan->startup_cost == disable_cost);
	enable_seqscan = true;

	outerPlan(&sort->plan) = make_child();
	cost_sort(&sort->plan, -1);
	CU_ASSERT(IS_NEAR(sort->plan.startup_cost, 12922.32));
	CU_ASSERT(IS_NEAR(sort->plan.total_cost, 13172.32));
	work_mem = 64;
	cost_sort(&sort->plan, -1);
	CU_ASSERT(IS_NEAR(sort->plan.startup_cost, 19075.32));
	work_mem = save_work_mem;

	cost_sort(&sort->plan, 10);
	CU_ASSERT(IS_NEAR(sort->plan.startup_cost, 3701.96));
	outerPlan(&limit->plan) = &sort->plan;
	cost_limit(&limit->plan, 0, 10);
	CU_ASSERT(IS_NEAR(limit->plan.startup_cost, 3701.96));
	CU_ASSERT(IS_NEAR(limit->plan.total_cost, 3701.99));
	CU_ASSERT_EQUAL(limit->plan.plan_rows, 10);
	cost_sort(&sort->plan, 15);
	cost_limit(&limit->plan, 5, 10);
	CU_ASSERT(IS_NEAR(limit->plan.startup_cost, 3994.46));
	CU_ASSERT(IS_NEAR(limit->plan.total_cost, 3994.48));
}

static void
test_index_costs(void)
{
	RelOptInfo rel;
	PlannerInfo *root = make_root(&rel);
	IndexOptInfo index = {.rel = &rel, .pages = 1000, .tuples = 100000};
	IndexPath path = {.indexinfo = &index};
	GenericCosts costs = {0};

	path.indexorderbys =
		list_make1(op(INT4PL, INT4OID, column(1), int_const(1)));
	genericcostestimate(root, &path, 1, &costs);
	CU_ASSERT_EQUAL(costs.numIndexPages, 1000);
	CU_ASSERT_EQUAL(costs.numIndexTuples, 100000);
	/* all pages at random, an operator and an entry for every row */
	CU_ASSERT(IS_NEAR(costs.indexTotalCost, 1000 * 4 + 100000 * 0.0075));
	CU_ASSERT_EQUAL(costs.indexSelectivity, 1);

	/* Mackert and Lohman: 2TN / (2T + N), and no page twice in the cache */
	CU_ASSERT_EQUAL(index_pages_fetched(100, 541, 1000, root), 92);
	CU_ASSERT_EQUAL(index_pages_fetched(1e6, 541, 1000, root), 541);
	effective_cache_size = 100;
	CU_ASSERT(index_pages_fetched(1e6, 541, 1000, root) > 541);
	effective_cache_size = 524288;
}

int
main(void)
{
	CU_pSuite suite;

	MemoryContextInit();
	set_stack_base();
	CU_initialize_registry();
	suite = CU_add_suite("planner", NULL, NULL);
	CU_add_test(suite, "operators", test_operators);
	CU_add_test(suite, "conditions", test_conditions);
	CU_add_test(suite, "case", test_case);
	CU_add_test(suite, "params", test_params);
	CU_add_test(suite, "selectivity", test_selectivity);
	CU_add_test(suite, "costs", test_costs);
	CU_add_test(suite, "index costs", test_index_costs);
	return unit_run();
}
