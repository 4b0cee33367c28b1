/*
 * indxpath.c
 *		Which index gives rows in the wanted order.
 *
 * An index can do that if its access method returns rows by the value of an
 * ordering operator (amcanorderbyop), and the ORDER BY expression is such an
 * operator of the index column's operator family between the indexed column or
 * expression and a value that is the same for all rows.  The order wanted must
 * be the one of the operator's sort family: ascending, NULLs last.
 *
 * Corresponds to match_pathkeys_to_index in PostgreSQL's
 * optimizer/path/indxpath.c.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "utils/lsyscache.h"

/* Is this operand what the index's first column holds? */
static bool
match_index_to_operand(IndexOptInfo *index, Node *operand)
{
	Node *indexkey;

	while (IsA(operand, RelabelType))
		operand = (Node *) ((RelabelType *) operand)->arg;
	if (index->indexkeys[0] != 0)
	{
		Var *var = (Var *) operand;

		return IsA(operand, Var) && var->varlevelsup == 0 &&
		       (Index) var->varno == index->rel->relid &&
		       var->varattno == index->indexkeys[0];
	}
	indexkey = linitial(index->indexprs);
	while (IsA(indexkey, RelabelType))
		indexkey = (Node *) ((RelabelType *) indexkey)->arg;
	return equal(indexkey, operand);
}

Expr *
match_index_to_order(IndexOptInfo *index, Expr *expr, SortGroupClause *sortcl)
{
	OpExpr *op = (OpExpr *) expr;
	Oid opno;
	Oid sortfamily;
	Oid order_family;
	Oid order_type;
	int16 order_strategy;
	Node *left;
	Node *right;
	bool swapped;
	OpExpr *result;

	if (!index->amcanorderbyop || index->nkeycolumns < 1 ||
	    !IsA(expr, OpExpr) || list_length(op->args) != 2)
		return NULL;
	if (!get_ordering_op_properties(sortcl->sortop, &order_family, &order_type,
	                                &order_strategy) ||
	    order_strategy != BTLessStrategyNumber || sortcl->nulls_first)
		return NULL;
	left = linitial(op->args);
	right = lsecond(op->args);
	opno = op->opno;
	swapped = !match_index_to_operand(index, left);
	if (swapped)
	{
		Node *swap = left;

		if (!match_index_to_operand(index, right))
			return NULL;
		opno = get_commutator(opno);
		if (!OidIsValid(opno))
			return NULL;
		left = right;
		right = swap;
	}
	if (contain_var_clause(right) || contain_volatile_functions(right) ||
	    contain_agg_clause(right))
		return NULL;
	if (OidIsValid(index->indexcollations[0]) &&
	    op->inputcollid != index->indexcollations[0])
		return NULL;
	sortfamily = get_op_opfamily_sortfamily(opno, index->opfamily[0]);
	if (!OidIsValid(sortfamily) || sortfamily != order_family)
		return NULL;
	if (!swapped)
		return expr;
	result = makeNode(OpExpr);
	*result = *op;
	result->opno = opno;
	result->opfuncid = get_opcode(opno);
	result->args = list_make2(left, right);
	return (Expr *) result;
}
