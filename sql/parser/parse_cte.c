/*
 * parse_cte.c
 *		WITH queries.
 *
 * A WITH query is analysed once, where it stands; tables of FROM refer to it by
 * name and level.
 *
 * Corresponds to PostgreSQL's parser/parse_cte.c.
 */
#include "postgres.h"

#include "nodes/makefuncs.h"
#include "parser/analyze.h"
#include "parser/parse_cte.h"

static void
check_cte_supported(ParseState *pstate, const PgQuery__CommonTableExpr *cte)
{
	const char *what = NULL;

	if (cte->ctequery->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
		what = "data-modifying statements in WITH are";
	else if (cte->search_clause != NULL || cte->cycle_clause != NULL)
		what = "SEARCH and CYCLE are";
	if (what != NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("%s not supported", what),
		                parser_errposition(pstate, cte->location)));
}

static void
check_cte_columns(ParseState *pstate, const CommonTableExpr *cte)
{
	int navailable = 0;
	ListCell *lc;

	foreach (lc, cte->ctequery->targetList)
	{
		if (!lfirst_node(TargetEntry, lc)->resjunk)
			navailable++;
	}
	if (list_length(cte->aliascolnames) > navailable)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
		     errmsg("WITH query \"%s\" has %d columns available but %d "
		            "columns specified",
		            cte->ctename, navailable, list_length(cte->aliascolnames)),
		     parser_errposition(pstate, cte->location)));
}

void
transformWithClause(ParseState *pstate, const PgQuery__WithClause *withClause)
{
	if (withClause->recursive)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("WITH RECURSIVE is not supported"),
		                parser_errposition(pstate, withClause->location)));
	for (size_t i = 0; i < withClause->n_ctes; i++)
		pstate->p_future_ctes =
			lappend(pstate->p_future_ctes,
		            withClause->ctes[i]->common_table_expr->ctename);
	for (size_t i = 0; i < withClause->n_ctes; i++)
	{
		const PgQuery__CommonTableExpr *raw =
			withClause->ctes[i]->common_table_expr;
		CommonTableExpr *cte = makeNode(CommonTableExpr);
		ListCell *lc;

		check_cte_supported(pstate, raw);
		foreach (lc, pstate->p_ctenamespace)
		{
			if (strcmp(lfirst_node(CommonTableExpr, lc)->ctename,
			           raw->ctename) == 0)
				ereport(ERROR, (errcode(ERRCODE_DUPLICATE_ALIAS),
				                errmsg("WITH query name \"%s\" specified more "
				                       "than once",
				                       raw->ctename),
				                parser_errposition(pstate, raw->location)));
		}
		cte->ctename = pstrdup(raw->ctename);
		cte->aliascolnames =
			pgq_name_list(raw->aliascolnames, raw->n_aliascolnames);
		cte->location = raw->location;
		switch (raw->ctematerialized)
		{
			case PG_QUERY__CTEMATERIALIZE__CTEMaterializeAlways:
				cte->ctematerialized = CTEMaterializeAlways;
				break;
			case PG_QUERY__CTEMATERIALIZE__CTEMaterializeNever:
				cte->ctematerialized = CTEMaterializeNever;
				break;
			default:
				cte->ctematerialized = CTEMaterializeDefault;
				break;
		}
		/* sees the ones before it */
		cte->ctequery = parse_sub_analyze(raw->ctequery, pstate);
		check_cte_columns(pstate, cte);
		pstate->p_ctenamespace = lappend(pstate->p_ctenamespace, cte);
		pstate->p_future_ctes = list_delete_first(pstate->p_future_ctes);
	}
}
