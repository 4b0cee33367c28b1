/*
 * planner.c
 *		From a Query to a PlannedStmt.
 *
 * The steps, for the statement and then for each sub-select in turn:
 *
 *	1. inline_ctes: WITH queries become sub-selects (whole statement, once);
 *	2. convert_any_sublinks, pull_up_subqueries: what can be part of the level
 *	   becomes part of it;
 *	3. expressions are folded, sub-selects in them become init plans;
 *	4. grouping_planner makes the plan;
 *	5. set_plan_references makes its expressions refer to the nodes' inputs.
 *
 * The Query is changed on the way and cannot be planned twice.
 *
 * A statement's own range table goes into the flat one before those of its
 * sub-selects: names of tables in EXPLAIN are made unique in that order.
 *
 * Corresponds to PostgreSQL's optimizer/plan/planner.c.
 */
#include "postgres.h"

#include "access/attnum.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "optimizer/planner.h"
#include "tcop/tcopprot.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* Range table entries of a level that relid masks have room for. */
#define MAX_RANGE_TABLE 64

planner_hook_type planner_hook = NULL;

/* ------------------------------------------------------------------------
 *		One query level
 * ------------------------------------------------------------------------
 */

static Node *
preprocess_expression(PlannerInfo *root, Node *expr)
{
	if (expr == NULL)
		return NULL;
	if (root->parent_root != NULL)
		expr = SS_replace_correlation_vars(root, expr);
	expr = eval_const_expressions(root, expr);
	if (root->parse->hasSubLinks)
		expr = SS_process_sublinks(root, expr);
	return expr;
}

/* x = x, as a condition that must be true, says that x is not NULL. */
static Node *
simplify_conditions(Node *quals)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, make_ands_implicit((Expr *) canonicalize_qual(quals)))
	{
		OpExpr *op = lfirst(lc);

		if (IsA(op, OpExpr) && list_length(op->args) == 2 &&
		    equal(linitial(op->args), lsecond(op->args)) &&
		    op_mergejoinable(op->opno, exprType(linitial(op->args))) &&
		    op_strict(op->opno) && !contain_volatile_functions((Node *) op))
		{
			NullTest *test = makeNode(NullTest);

			test->arg = linitial(op->args);
			test->nulltesttype = IS_NOT_NULL;
			test->location = -1;
			result = lappend(result, test);
		}
		else
			result = lappend(result, op);
	}
	return result ? (Node *) make_ands_explicit(result) : NULL;
}

/* Conditions are folded one by one, so that a join's ON stays where it is. */
static Node *
preprocess_jointree(PlannerInfo *root, Node *jtnode)
{
	ListCell *lc;

	switch (nodeTag(jtnode))
	{
		case T_RangeTblRef:
			break;
		case T_FromExpr:
		{
			FromExpr *from = (FromExpr *) jtnode;

			foreach (lc, from->fromlist)
				preprocess_jointree(root, lfirst(lc));
			from->quals =
				simplify_conditions(preprocess_expression(root, from->quals));
			break;
		}
		case T_JoinExpr:
		{
			JoinExpr *join = (JoinExpr *) jtnode;

			preprocess_jointree(root, join->larg);
			preprocess_jointree(root, join->rarg);
			join->quals =
				canonicalize_qual(preprocess_expression(root, join->quals));
			break;
		}
		default:
			elog(ERROR, "unrecognized node type: %d", (int) nodeTag(jtnode));
	}
	return jtnode;
}

/*
 * INSERT: all columns in their order, NULL where none is given.  UPDATE: the
 * new row with the columns that stay as they are, and the old row's place.
 * DELETE: the row's place.
 */
/* The place of the row that is changed, as a column of its own. */
static TargetEntry *
make_ctid_entry(Query *parse, AttrNumber resno)
{
	Var *ctid = makeVar(parse->resultRelation, SelfItemPointerAttributeNumber,
	                    TIDOID, -1, InvalidOid, 0);

	return makeTargetEntry((Expr *) ctid, resno, pstrdup("ctid"), true);
}

/* The tables that an outer join may give no row of. */
static uint64
nullable_tables(Node *jtnode, bool nullable)
{
	uint64 result = 0;
	JoinExpr *join = (JoinExpr *) jtnode;
	ListCell *lc;

	if (IsA(jtnode, RangeTblRef))
		return nullable ? RELID_BIT(((RangeTblRef *) jtnode)->rtindex) : 0;
	if (IsA(jtnode, FromExpr))
	{
		foreach (lc, ((FromExpr *) jtnode)->fromlist)
			result |= nullable_tables(lfirst(lc), nullable);
		return result;
	}
	return nullable_tables(join->larg, nullable ||
	                                       join->jointype == JOIN_RIGHT ||
	                                       join->jointype == JOIN_FULL) |
	       nullable_tables(join->rarg, nullable ||
	                                       join->jointype == JOIN_LEFT ||
	                                       join->jointype == JOIN_FULL);
}

/* FOR UPDATE: the places of the rows, which LockRows looks for by name. */
static void
preprocess_rowmarks(Query *parse)
{
	uint64 nullable = nullable_tables((Node *) parse->jointree, false);
	ListCell *lc;

	foreach (lc, parse->rowMarks)
	{
		RowMarkClause *clause = lfirst_node(RowMarkClause, lc);
		Var *ctid = makeVar((int) clause->rti, SelfItemPointerAttributeNumber,
		                    TIDOID, -1, InvalidOid, 0);

		if (nullable & RELID_BIT(clause->rti))
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("%s cannot be applied to the nullable side of an "
			                "outer join",
			                clause->strength == LCS_FORUPDATE
			                    ? "FOR UPDATE"
			                    : "FOR NO KEY UPDATE")));
		parse->targetList = lappend(
			parse->targetList,
			makeTargetEntry((Expr *) ctid,
		                    (AttrNumber) (list_length(parse->targetList) + 1),
		                    psprintf("ctid%u", clause->rti), true));
	}
}

static void
preprocess_targetlist(Query *parse)
{
	RangeTblEntry *rte;
	Relation rel;
	TupleDesc tupdesc;
	List *tlist = NIL;

	if (parse->commandType == CMD_DELETE)
	{
		parse->targetList = list_make1(make_ctid_entry(parse, 1));
		return;
	}
	if (parse->commandType != CMD_INSERT && parse->commandType != CMD_UPDATE)
		return;
	rte =
		list_nth_node(RangeTblEntry, parse->rtable, parse->resultRelation - 1);
	rel = table_open(rte->relid, NoLock);
	tupdesc = RelationGetDescr(rel);
	for (AttrNumber attno = 1; attno <= tupdesc->natts; attno++)
	{
		Form_pg_attribute att = TupleDescAttr(tupdesc, attno - 1);
		TargetEntry *tle = get_tle_by_resno(parse->targetList, attno);

		if (tle == NULL)
		{
			Oid type = att->attisdropped ? INT4OID : att->atttypid;
			Expr *expr =
				parse->commandType == CMD_UPDATE && !att->attisdropped
					? (Expr *) makeVar(parse->resultRelation, attno, type,
			                           att->atttypmod, att->attcollation, 0)
					: (Expr *) makeNullConst(type, -1, att->attcollation);

			tle = makeTargetEntry(expr, attno, pstrdup(NameStr(att->attname)),
			                      false);
		}
		tlist = lappend(tlist, tle);
	}
	if (parse->commandType == CMD_UPDATE)
		tlist = lappend(tlist, make_ctid_entry(parse, tupdesc->natts + 1));
	table_close(rel, NoLock);
	parse->targetList = tlist;
}

/* A condition of HAVING without an aggregate may as well sort out rows. */
static void
move_having_to_where(Query *parse)
{
	List *having = NIL;
	ListCell *lc;

	if (parse->groupClause == NIL)
		return;
	foreach (lc, make_ands_implicit((Expr *) parse->havingQual))
	{
		Node *clause = lfirst(lc);

		if (contain_agg_clause(clause) || contain_volatile_functions(clause) ||
		    contain_subplans(clause))
			having = lappend(having, clause);
		else
			parse->jointree->quals =
				make_and_qual(parse->jointree->quals, clause);
	}
	parse->havingQual = having ? (Node *) make_ands_explicit(having) : NULL;
}

/* Aggregates that are equal share one state. */
static bool
number_aggs_walker(Node *node, void *context)
{
	List **aggs = context;
	Aggref *agg = (Aggref *) node;
	ListCell *lc;

	if (node == NULL)
		return false;
	if (!IsA(node, Aggref))
		return expression_tree_walker(node, number_aggs_walker, context);
	foreach (lc, *aggs)
	{
		Aggref *other = lfirst_node(Aggref, lc);

		agg->aggno = other->aggno;
		if (equal(agg, other) && !contain_volatile_functions(node))
			return false;
	}
	agg->aggno = list_length(*aggs);
	*aggs = lappend(*aggs, agg);
	return false;
}

/* INSERT, UPDATE or DELETE above the rows that it works on. */
static Plan *
make_modifytable(PlannerInfo *root, Plan *child)
{
	Query *parse = root->parse;
	ModifyTable *node = makeNode(ModifyTable);
	Plan *plan = &node->plan;
	ListCell *lc;

	node->operation = parse->commandType;
	node->canSetTag = parse->canSetTag;
	node->nominalRelation = (Index) parse->resultRelation;
	node->resultRelations = list_make1_int(parse->resultRelation);
	node->returningList = parse->returningList;
	if (parse->commandType != CMD_INSERT)
	{
		foreach (lc, child->targetlist)
		{
			TargetEntry *tle = lfirst_node(TargetEntry, lc);

			if (tle->resjunk && tle->resname &&
			    strcmp(tle->resname, "ctid") == 0)
				node->rowidAttNo = tle->resno;
		}
		Assert(node->rowidAttNo > 0);
	}
	if (pull_varnos((Node *) parse->returningList) &
	    ~RELID_BIT(parse->resultRelation))
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("RETURNING of columns of another table than the one "
		                "that is changed is not supported")));
	plan->targetlist = parse->returningList;
	outerPlan(plan) = child;
	plan->startup_cost = child->startup_cost;
	plan->total_cost = child->total_cost;
	if (parse->returningList != NIL)
	{
		plan->plan_rows = child->plan_rows;
		plan->plan_width = child->plan_width;
	}
	return plan;
}

/* A level without tables has one row of nothing; it counts for names. */
static void
add_result_entry(Query *parse)
{
	RangeTblEntry *rte = makeNode(RangeTblEntry);

	rte->rtekind = RTE_RESULT;
	rte->eref = makeAlias("*RESULT*", NIL);
	parse->rtable = lappend(parse->rtable, rte);
}

PlannerInfo *
subquery_planner(PlannerGlobal *glob, Query *parse, PlannerInfo *parent_root,
                 double tuple_fraction)
{
	PlannerInfo *root = palloc0(sizeof(PlannerInfo));
	List *aggs = NIL;
	Plan *plan;
	ListCell *lc;

	check_stack_depth();
	root->parse = parse;
	root->glob = glob;
	root->parent_root = parent_root;
	root->tuple_fraction = tuple_fraction;
	root->limit_tuples = -1;

	convert_any_sublinks(parse);
	pull_up_subqueries(parse);
	if (parse->jointree->fromlist == NIL)
		add_result_entry(parse);
	/* members of UNION and so on are never looked for in a mask */
	if (parse->setOperations == NULL &&
	    list_length(parse->rtable) > MAX_RANGE_TABLE)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("more than %d tables in a query are not "
		                       "supported",
		                       MAX_RANGE_TABLE)));
	root->rtoffset = list_length(glob->finalrtable);
	glob->finalrtable = list_concat(glob->finalrtable, parse->rtable);
	root->simple_rel_array_size = list_length(parse->rtable) + 1;
	root->simple_rel_array =
		palloc0(sizeof(RelOptInfo *) * root->simple_rel_array_size);
	SS_process_ctes(root);

	preprocess_targetlist(parse);
	if (parse->rowMarks != NIL)
	{
		ListCell *lc;

		preprocess_rowmarks(parse);
		foreach (lc, parse->rowMarks)
			glob->lockedRelids = lappend_oid(
				glob->lockedRelids,
				list_nth_node(RangeTblEntry, parse->rtable,
			                  lfirst_node(RowMarkClause, lc)->rti - 1)
					->relid);
	}
#define PREPROCESS(field) \
	((field) = (void *) preprocess_expression(root, (Node *) (field)))
	PREPROCESS(parse->targetList);
	PREPROCESS(parse->returningList);
	preprocess_jointree(root, (Node *) parse->jointree);
	PREPROCESS(parse->havingQual);
	parse->havingQual = canonicalize_qual(parse->havingQual);
	PREPROCESS(parse->limitOffset);
	PREPROCESS(parse->limitCount);
	foreach (lc, parse->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		if (rte->rtekind == RTE_FUNCTION)
		{
			FuncExpr *func = rte->funcexpr;

			/* the call stays a call */
			PREPROCESS(func->args);
		}
		else if (rte->rtekind == RTE_VALUES)
			PREPROCESS(rte->values_lists);
	}
#undef PREPROCESS
	move_having_to_where(parse);
	if (parse->hasAggs)
	{
		(void) number_aggs_walker((Node *) parse->targetList, &aggs);
		(void) number_aggs_walker(parse->havingQual, &aggs);
	}

	plan = grouping_planner(root);
	if (parse->commandType != CMD_SELECT)
		plan = make_modifytable(root, plan);
	if (root->init_plans != NIL)
		SS_attach_initplans(root, plan);
	root->plan = set_plan_references(root, plan);
	return root;
}

/* ------------------------------------------------------------------------
 *		The statement
 * ------------------------------------------------------------------------
 */

static PlannedStmt *
make_planned_stmt(Query *parse)
{
	PlannedStmt *result = makeNode(PlannedStmt);

	result->commandType = parse->commandType;
	result->queryId = parse->queryId;
	result->canSetTag = parse->canSetTag;
	result->stmt_location = parse->stmt_location;
	result->stmt_len = parse->stmt_len;
	return result;
}

/* Of all levels; there is one relation more than once. */
static bool
collect_permissions(Node *node, void *context)
{
	List **permissions = context;
	ListCell *lc;

	if (node == NULL)
		return false;
	/* nobody reads it, so it is not run */
	if (IsA(node, CommonTableExpr) &&
	    ((CommonTableExpr *) node)->cterefcount == 0)
		return false;
	if (!IsA(node, Query))
		return expression_tree_walker(node, collect_permissions, context);
	foreach (lc, ((Query *) node)->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);
		RelationPermission *one;

		if (rte->rtekind != RTE_RELATION || rte->requiredPerms == 0)
			continue;
		one = palloc_object(RelationPermission);
		one->relid = rte->relid;
		one->required = rte->requiredPerms;
		*permissions = lappend(*permissions, one);
	}
	return query_tree_walker((Query *) node, collect_permissions, context, 0);
}

PlannedStmt *
planner(Query *parse, const char *query_string, int cursorOptions,
        ParamListInfo boundParams)
{
	if (planner_hook)
		return planner_hook(parse, query_string, cursorOptions, boundParams);
	return standard_planner(parse, query_string, cursorOptions, boundParams);
}

PlannedStmt *
standard_planner(Query *parse, const char *query_string, int cursorOptions,
                 ParamListInfo boundParams)
{
	PlannerGlobal glob = {0};
	List *permissions = NIL;
	PlannedStmt *result;
	PlannerInfo *root;

	if (parse->commandType != CMD_SELECT && parse->commandType != CMD_INSERT &&
	    parse->commandType != CMD_UPDATE && parse->commandType != CMD_DELETE)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("this kind of statement is not supported")));
	glob.boundParams = boundParams;
	glob.query_string = query_string;
	/* before anything of it is taken apart, or found to be needless */
	(void) collect_permissions((Node *) parse, &permissions);
	inline_ctes(parse);
	root = subquery_planner(&glob, parse, NULL,
	                        cursorOptions & CURSOR_OPT_FAST_PLAN
	                            ? DEFAULT_CURSOR_TUPLE_FRACTION
	                            : 0);
	number_plan_nodes(root->plan, glob.subplans);

	result = make_planned_stmt(parse);
	result->hasReturning = parse->returningList != NIL;
	result->planTree = root->plan;
	result->rtable = glob.finalrtable;
	if (parse->resultRelation > 0)
		result->resultRelations =
			list_make1_int(parse->resultRelation + root->rtoffset);
	result->subplans = glob.subplans;
	result->nParamExec = glob.nParamExec;
	result->transientPlan = boundParams != NULL;
	result->lockedRelids = glob.lockedRelids;
	result->permissions = permissions;
	return result;
}

PlannedStmt *
pg_plan_query(Query *querytree, const char *query_string, int cursorOptions,
              ParamListInfo boundParams)
{
	PlannedStmt *result;

	if (querytree->commandType != CMD_UTILITY)
		return planner(querytree, query_string, cursorOptions, boundParams);
	result = make_planned_stmt(querytree);
	result->utilityStmt = querytree->utilityStmt;
	result->utilityQuery = querytree->utilityQuery;
	return result;
}

List *
pg_plan_queries(List *querytrees, const char *query_string, int cursorOptions,
                ParamListInfo boundParams)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, querytrees)
		result =
			lappend(result, pg_plan_query(lfirst_node(Query, lc), query_string,
		                                  cursorOptions, boundParams));
	return result;
}

Expr *
expression_planner(Expr *expr)
{
	Node *result = eval_const_expressions(NULL, (Node *) expr);

	return (Expr *) result;
}
