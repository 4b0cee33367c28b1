/*
 * prepqual.c
 *		Conditions in the form that the planner works with.
 *
 * What all alternatives of an OR have in common is taken out of it: of
 * (a AND b) OR (a AND c) it makes a AND (b OR c), so that a alone can be a
 * condition of a table, or imply a predicate.  Nested ANDs and ORs become one,
 * and as the whole must be true, NULL counts as false in its ANDs and ORs.
 *
 * Corresponds to canonicalize_qual in PostgreSQL's optimizer/prep/prepqual.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"

static Node *find_duplicate_ors(Node *qual);

static bool
is_member(const List *list, const Node *node)
{
	ListCell *lc;

	foreach (lc, list)
	{
		if (equal(lfirst(lc), node))
			return true;
	}
	return false;
}

static List *
without(const List *list, const List *others)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, list)
	{
		if (!is_member(others, lfirst(lc)))
			result = lappend(result, lfirst(lc));
	}
	return result;
}

/* What an alternative demands: a list. */
static List *
demands(Node *alternative)
{
	return is_andclause(alternative) ? ((BoolExpr *) alternative)->args
	                                 : list_make1(alternative);
}

/* Arguments of the same kind of BoolExpr take the place of that argument. */
static List *
pull_up(const List *args, BoolExprType boolop)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, args)
	{
		BoolExpr *arg = lfirst(lc);

		if (IsA(arg, BoolExpr) && arg->boolop == boolop)
			result = list_concat(result, pull_up(arg->args, boolop));
		else
			result = lappend(result, arg);
	}
	return result;
}

static Node *
make_bool(List *args, BoolExprType boolop)
{
	if (list_length(args) == 1)
		return linitial(args);
	return (Node *) makeBoolExpr(boolop, pull_up(args, boolop), -1);
}

/* What every alternative demands, each once. */
static List *
common_demands(List *alternatives)
{
	List *shortest = NIL;
	List *result = NIL;
	ListCell *lc;
	ListCell *lc2;

	foreach (lc, alternatives)
	{
		List *own = demands(lfirst(lc));

		if (shortest == NIL || list_length(own) < list_length(shortest))
			shortest = own;
	}
	foreach (lc, shortest)
	{
		bool common = !is_member(result, lfirst(lc));

		foreach (lc2, alternatives)
			common = common && is_member(demands(lfirst(lc2)), lfirst(lc));
		if (common)
			result = lappend(result, lfirst(lc));
	}
	return result;
}

static Node *
process_duplicate_ors(List *alternatives)
{
	List *rest = NIL;
	List *common;
	ListCell *lc;

	if (alternatives == NIL)
		return makeBoolConst(false, false);
	if (list_length(alternatives) == 1)
		return linitial(alternatives);
	common = common_demands(alternatives);
	if (common == NIL)
		return make_bool(alternatives, OR_EXPR);
	foreach (lc, alternatives)
	{
		List *own = without(demands(lfirst(lc)), common);

		/* this one demands nothing more: nor does the whole */
		if (own == NIL)
			return make_bool(common, AND_EXPR);
		rest = lappend(rest, make_bool(own, AND_EXPR));
	}
	return make_bool(lappend(common, make_bool(rest, OR_EXPR)), AND_EXPR);
}

/*
 * The arguments, treated one by one.  A constant that does not decide is left
 * out; one that does gives false: *decided.
 */
static List *
process_args(BoolExpr *expr, bool decides, bool *decided)
{
	List *result = NIL;
	ListCell *lc;

	*decided = false;
	foreach (lc, expr->args)
	{
		Node *arg = find_duplicate_ors(lfirst(lc));
		Const *con = (Const *) arg;

		if (!IsA(arg, Const))
			result = lappend(result, arg);
		else if ((!con->constisnull && DatumGetBool(con->constvalue)) ==
		         decides)
			*decided = true;
	}
	return pull_up(result, expr->boolop);
}

static Node *
find_duplicate_ors(Node *qual)
{
	bool is_or = is_orclause(qual);
	bool decided;
	List *args;

	if (!is_or && !is_andclause(qual))
		return qual;
	check_stack_depth();
	args = process_args((BoolExpr *) qual, is_or, &decided);
	if (decided || args == NIL)
		return makeBoolConst(decided == is_or, false);
	return is_or ? process_duplicate_ors(args) : make_bool(args, AND_EXPR);
}

Node *
canonicalize_qual(Node *qual)
{
	return qual == NULL ? NULL : find_duplicate_ors(qual);
}
