/*
 * ruleparens.c
 *		Where an expression needs parentheses to be read back as it is.
 *
 * Corresponds to isSimpleNode and looks_like_function of PostgreSQL's
 * utils/adt/ruleutils.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "utils/ruleutils.h"

/* The one character of a binary operator's name, or 0. */
static char
simple_binary_op(Node *node)
{
	OpExpr *op = (OpExpr *) node;
	char *name;

	if (list_length(op->args) != 2)
		return '\0';
	name = generate_operator_name(op->opno);
	return strlen(name) == 1 ? name[0] : '\0';
}

static bool
is_one_of(char op, const char *ops)
{
	return op != '\0' && strchr(ops, op) != NULL;
}

/* a - b - c is (a - b) - c; * and / bind tighter than + and - */
static bool
simple_operand(Node *node, Node *parentNode)
{
	char op = simple_binary_op(node);
	char parent = simple_binary_op(parentNode);
	bool low = is_one_of(op, "+-");
	bool high = is_one_of(op, "*/%");
	bool parent_low = is_one_of(parent, "+-");
	bool parent_high = is_one_of(parent, "*/%");

	if ((!low && !high) || (!parent_low && !parent_high))
		return false;
	if (high && parent_low)
		return true;
	if (low && parent_high)
		return false;
	return node == linitial(((OpExpr *) parentNode)->args);
}

/* Does the parent set what is in it apart: by commas, brackets, keywords? */
static bool
parent_separates(Node *parentNode)
{
	switch (nodeTag(parentNode))
	{
		case T_FuncExpr:
			/* a cast does not */
			return ((FuncExpr *) parentNode)->funcformat ==
			       COERCE_EXPLICIT_CALL;
		case T_SubscriptingRef:
		case T_ArrayExpr:
		case T_CoalesceExpr:
		case T_MinMaxExpr:
		case T_NullIfExpr:
		case T_Aggref:
		case T_CaseExpr:
			return true;
		default:
			return false;
	}
}

bool
isSimpleNode(Node *node, Node *parentNode)
{
	if (node == NULL)
		return false;
	check_stack_depth();
	switch (nodeTag(node))
	{
		case T_Var:
		case T_Const:
		case T_Param:
		case T_SubscriptingRef:
		case T_ArrayExpr:
		case T_CoalesceExpr:
		case T_MinMaxExpr:
		case T_SQLValueFunction:
		case T_NullIfExpr:
		case T_Aggref:
		case T_FuncExpr:
		case T_CaseExpr:
			return true;
		case T_RelabelType:
			return isSimpleNode((Node *) ((RelabelType *) node)->arg, node);
		case T_CoerceViaIO:
			return isSimpleNode((Node *) ((CoerceViaIO *) node)->arg, node);
		case T_ArrayCoerceExpr:
			return isSimpleNode((Node *) ((ArrayCoerceExpr *) node)->arg, node);
		case T_OpExpr:
			if (IsA(parentNode, OpExpr))
				return simple_operand(node, parentNode);
			return IsA(parentNode, BoolExpr) || parent_separates(parentNode);
		case T_SubLink:
		case T_NullTest:
		case T_BooleanTest:
		case T_DistinctExpr:
			return IsA(parentNode, BoolExpr) || parent_separates(parentNode);
		case T_BoolExpr:
			if (IsA(parentNode, BoolExpr))
			{
				BoolExprType parent = ((BoolExpr *) parentNode)->boolop;

				return parent == OR_EXPR ||
				       (parent == AND_EXPR &&
				        ((BoolExpr *) node)->boolop != OR_EXPR);
			}
			return parent_separates(parentNode);
		default:
			return false;
	}
}

bool
looks_like_function(Node *node)
{
	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_FuncExpr:
			return ((FuncExpr *) node)->funcformat == COERCE_EXPLICIT_CALL ||
			       ((FuncExpr *) node)->funcformat == COERCE_SQL_SYNTAX;
		case T_CoalesceExpr:
		case T_MinMaxExpr:
		case T_NullIfExpr:
		case T_SQLValueFunction:
			return true;
		default:
			return false;
	}
}
