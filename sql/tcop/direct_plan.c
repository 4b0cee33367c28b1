/*
 * direct_plan.c
 *		Is a prepared statement one that a client can run by itself?
 *
 * It is if its plan is an index scan in the order of a distance, the query a
 * parameter, with nothing that is to be computed but columns of the table and
 * that distance: no condition, no other order, no locks on rows; on top of it a
 * limit and an offset at most, each a constant or, the limit, a parameter.
 *
 * The plan is the session's own, made for all values of the parameters
 * (GetPlanForAnyValues), so that settings and statistics decide as ever whether
 * the index is used.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "nodes/params.h"
#include "nodes/plannodes.h"
#include "tcop/direct.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"

/* Without the conversions of an integer to int8. */
static Node *
StripIntegerCast(Node *node)
{
	while (node != NULL && IsA(node, FuncExpr))
	{
		FuncExpr *f = (FuncExpr *) node;
		Oid from;

		if (list_length(f->args) != 1 || f->funcresulttype != INT8OID)
			break;
		from = exprType(linitial(f->args));
		if (from != INT4OID && from != INT2OID)
			break;
		node = linitial(f->args);
	}
	return node;
}

/* A number that is there; false: another expression, or a null. */
static bool
ConstantNumber(Node *node, int64 *value)
{
	Const *c = (Const *) node;

	if (node == NULL || !IsA(node, Const) || c->constisnull ||
	    c->consttype != INT8OID)
		return false;
	*value = DatumGetInt64(c->constvalue);
	return true;
}

static bool
DescribeLimit(const Limit *limit, DirectBeginReply *reply)
{
	Node *count = StripIntegerCast(limit->limitCount);

	if (limit->limitOption != LIMIT_OPTION_COUNT)
		return false;
	if (limit->limitOffset != NULL &&
	    !ConstantNumber(limit->limitOffset, &reply->offset))
		return false;
	if (count == NULL)
		return true;
	if (IsA(count, Param) && ((Param *) count)->paramkind == PARAM_EXTERN)
	{
		reply->limit_param = ((Param *) count)->paramid;
		return true;
	}
	return ConstantNumber(count, &reply->limit) && reply->limit >= 0;
}

/* The query is a parameter as it is. */
static bool
DescribeQuery(const IndexScan *scan, DirectBeginReply *reply)
{
	OpExpr *order;
	Node *query;

	if (scan->indexqual != NIL || scan->scan.plan.qual != NIL ||
	    scan->scan.plan.initPlan != NIL ||
	    list_length(scan->indexorderby) != 1 ||
	    !ScanDirectionIsForward(scan->indexorderdir))
		return false;
	order = linitial(scan->indexorderby);
	if (!IsA(order, OpExpr) || list_length(order->args) != 2 ||
	    !IsA(linitial(order->args), Var))
		return false;
	query = lsecond(order->args);
	if (!IsA(query, Param) || ((Param *) query)->paramkind != PARAM_EXTERN)
		return false;
	reply->query_param = ((Param *) query)->paramid;
	return true;
}

/* What an expression of the top node is in terms of the scan; NULL: unknown. */
static Node *
ResolveToScan(Node *node, const Plan *top, const Plan *scan)
{
	const Plan *child = top;

	while (child != scan)
	{
		Var *var = (Var *) node;

		if (node == NULL || !IsA(node, Var) || var->varno != OUTER_VAR)
			return NULL;
		child = child->lefttree;
		if (child == NULL || var->varattno < 1 ||
		    var->varattno > list_length(child->targetlist))
			return NULL;
		node = (Node *) ((TargetEntry *) list_nth(child->targetlist,
		                                          var->varattno - 1))
		           ->expr;
	}
	return node;
}

/* <-> and its like: what the index orders by, or the same turned round. */
static bool
IsOrderingDistance(const IndexScan *scan, Node *node)
{
	OpExpr *order = linitial(scan->indexorderby);
	OpExpr *op = (OpExpr *) node;

	if (equal(order, node))
		return true;
	return IsA(node, OpExpr) && list_length(op->args) == 2 &&
	       op->opno == get_commutator(order->opno) &&
	       equal(linitial(op->args), lsecond(order->args)) &&
	       equal(lsecond(op->args), linitial(order->args));
}

static bool
DescribeOutputs(const Plan *top, const IndexScan *scan, StringInfo outputs,
                DirectBeginReply *reply)
{
	ListCell *lc;

	foreach (lc, top->targetlist)
	{
		TargetEntry *tle = lfirst(lc);
		Node *node = ResolveToScan((Node *) tle->expr, top, &scan->scan.plan);
		DirectOutput output = {0};

		if (tle->resjunk)
			continue;
		if (node == NULL)
			return false;
		if (IsA(node, Var) && ((Var *) node)->varattno > 0 &&
		    ((Var *) node)->varno == scan->scan.scanrelid)
			output.attnum = ((Var *) node)->varattno;
		else if (!IsOrderingDistance(scan, node))
			return false;
		output.type = exprType(node);
		output.typmod = exprTypmod(node);
		appendBinaryStringInfo(outputs, (char *) &output, sizeof(output));
		reply->noutputs++;
	}
	return true;
}

static bool
DescribePlannedStmt(const PlannedStmt *stmt, DirectBeginReply *reply,
                    StringInfo outputs)
{
	const Plan *top = stmt->planTree;
	const Plan *plan = top;

	reply->limit = DIRECT_NO_LIMIT;
	if (stmt->commandType != CMD_SELECT || stmt->subplans != NIL ||
	    stmt->lockedRelids != NIL || stmt->nParamExec > 0 || plan == NULL)
		return false;
	if (IsA(plan, Limit))
	{
		if (!DescribeLimit((const Limit *) plan, reply))
			return false;
		plan = plan->lefttree;
	}
	if (!IsA(plan, IndexScan) ||
	    !DescribeQuery((const IndexScan *) plan, reply) ||
	    !DescribeOutputs(top, (const IndexScan *) plan, outputs, reply))
		return false;
	reply->index.oid = ((const IndexScan *) plan)->indexid;
	return true;
}

DirectObstacle
DirectDescribePlan(CachedPlanSource *source, int64 limit,
                   DirectBeginReply *reply, StringInfo outputs)
{
	PlannedStmt *stmt;

	if (source->raw_parse_tree == NULL || source->commandTag != CMDTAG_SELECT)
		return DIRECT_OTHER_PLAN;
	stmt = GetPlanForAnyValues(source, limit);
	if (stmt == NULL || !DescribePlannedStmt(stmt, reply, outputs))
		return DIRECT_OTHER_PLAN;
	return DIRECT_POSSIBLE;
}
