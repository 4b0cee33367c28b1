/*
 * parse_utilcmd.c
 *		Analysis of the expressions in utility statements: CREATE INDEX.
 *
 * Raw trees are only read: PostgreSQL puts what it finds back into the
 * statement, here it is a struct of its own.
 *
 * Corresponds to PostgreSQL's parser/parse_utilcmd.c.
 */
#include "postgres.h"

#include "parser/parse_clause.h"
#include "parser/parse_expr.h"
#include "parser/parse_relation.h"
#include "parser/parse_target.h"
#include "parser/parse_utilcmd.h"

IndexStmtExprs *
transformIndexStmt(Relation rel, const PgQuery__IndexStmt *stmt,
                   const char *queryString)
{
	IndexStmtExprs *result = palloc0_object(IndexStmtExprs);
	ParseState *pstate = make_parsestate(NULL);
	ParseNamespaceItem *nsitem;

	pstate->p_sourcetext = queryString;
	nsitem =
		addRangeTableEntryForRelation(pstate, rel, AccessShareLock, NULL, true);
	addNSItemToQuery(pstate, nsitem, false, true, true);

	result->where_clause = transformWhereClause(
		pstate, stmt->where_clause, EXPR_KIND_INDEX_PREDICATE, "WHERE");
	for (size_t i = 0; i < stmt->n_index_params; i++)
	{
		const PgQuery__IndexElem *elem = stmt->index_params[i]->index_elem;
		Node *expr = NULL;
		char *name = NULL;

		if (elem->expr != NULL)
		{
			name = FigureIndexColname(elem->expr);
			expr =
				transformExpr(pstate, elem->expr, EXPR_KIND_INDEX_EXPRESSION);
		}
		result->elements = lappend(result->elements, expr);
		result->colnames = lappend(result->colnames, name);
	}
	free_parsestate(pstate);
	return result;
}
