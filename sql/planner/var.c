/*
 * var.c
 *		Which columns an expression refers to.
 *
 * Corresponds to PostgreSQL's optimizer/util/var.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"

static bool
varnos_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		Var *var = (Var *) node;

		if (var->varlevelsup == 0 && var->varno > 0)
			*(RelidMask *) context |= RELID_BIT(var->varno);
		return false;
	}
	return expression_tree_walker(node, varnos_walker, context);
}

RelidMask
pull_varnos(Node *node)
{
	RelidMask result = 0;

	(void) varnos_walker(node, &result);
	return result;
}

typedef struct PullVarsContext
{
	List *vars;
	bool aggrefs_too;
} PullVarsContext;

static bool
pull_vars_walker(Node *node, void *context)
{
	PullVarsContext *cxt = context;

	if (node == NULL)
		return false;
	if (IsA(node, Var) || (cxt->aggrefs_too && IsA(node, Aggref)))
	{
		ListCell *lc;

		foreach (lc, cxt->vars)
		{
			if (equal(lfirst(lc), node))
				return false;
		}
		cxt->vars = lappend(cxt->vars, node);
		return false;
	}
	return expression_tree_walker(node, pull_vars_walker, context);
}

List *
pull_vars(Node *node, List *sofar, bool aggrefs_too)
{
	PullVarsContext cxt = {sofar, aggrefs_too};

	(void) pull_vars_walker(node, &cxt);
	return cxt.vars;
}

typedef struct VarattnosContext
{
	Bitmapset *varattnos;
	Index varno;
} VarattnosContext;

static bool
varattnos_walker(Node *node, void *context)
{
	VarattnosContext *cxt = context;

	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		Var *var = (Var *) node;

		if ((Index) var->varno == cxt->varno && var->varlevelsup == 0)
			cxt->varattnos = bms_add_member(
				cxt->varattnos,
				var->varattno - FirstLowInvalidHeapAttributeNumber);
		return false;
	}
	return expression_tree_walker(node, varattnos_walker, context);
}

void
pull_varattnos(Node *node, Index varno, Bitmapset **varattnos)
{
	VarattnosContext cxt = {*varattnos, varno};

	(void) varattnos_walker(node, &cxt);
	*varattnos = cxt.varattnos;
}
