/*
 * parse_locking.c
 *		FOR UPDATE and its kin: which tables of a query have their rows locked.
 *
 * Corresponds to transformLockingClause in PostgreSQL's parser/analyze.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "parser/parse_locking.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"

const char *
LCS_asString(const PgQuery__LockingClause *lc)
{
	switch (lc->strength)
	{
		case PG_QUERY__LOCK_CLAUSE_STRENGTH__LCS_FORKEYSHARE:
			return "FOR KEY SHARE";
		case PG_QUERY__LOCK_CLAUSE_STRENGTH__LCS_FORSHARE:
			return "FOR SHARE";
		case PG_QUERY__LOCK_CLAUSE_STRENGTH__LCS_FORNOKEYUPDATE:
			return "FOR NO KEY UPDATE";
		default:
			return "FOR UPDATE";
	}
}

/* Rows of the result must be rows of tables. */
static void
check_select_locking(Query *qry, const char *name)
{
	const char *what = NULL;

	if (qry->setOperations != NULL)
		what = "UNION/INTERSECT/EXCEPT";
	else if (qry->distinctClause != NIL)
		what = "DISTINCT clause";
	else if (qry->groupClause != NIL)
		what = "GROUP BY clause";
	else if (qry->havingQual != NULL)
		what = "HAVING clause";
	else if (qry->hasAggs)
		what = "aggregate functions";
	else if (qry->hasTargetSRFs)
		what = "set-returning functions in the target list";
	if (what != NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("%s is not allowed with %s", name, what)));
}

/* Of several clauses for a table the strongest and the least patient count. */
static void
apply_locking_clause(Query *qry, Index rti, LockClauseStrength strength,
                     LockWaitPolicy waitPolicy)
{
	RowMarkClause *mark;
	ListCell *lc;

	foreach (lc, qry->rowMarks)
	{
		mark = lfirst_node(RowMarkClause, lc);
		if (mark->rti != rti)
			continue;
		mark->strength = Max(mark->strength, strength);
		mark->waitPolicy = Max(mark->waitPolicy, waitPolicy);
		return;
	}
	mark = makeNode(RowMarkClause);
	mark->rti = rti;
	mark->strength = strength;
	mark->waitPolicy = waitPolicy;
	qry->rowMarks = lappend(qry->rowMarks, mark);
}

/* location: of the name after OF, or -1: then what cannot be locked is left */
static void
lock_entry(ParseState *pstate, Query *qry, Index rti,
           const PgQuery__LockingClause *clause, int location)
{
	RangeTblEntry *rte = list_nth_node(RangeTblEntry, qry->rtable, rti - 1);
	const char *name = LCS_asString(clause);
	const char *what = NULL;

	switch (rte->rtekind)
	{
		case RTE_RELATION:
			if (get_rel_relkind(rte->relid) != RELKIND_RELATION ||
			    get_rel_namespace(rte->relid) == PG_CATALOG_NAMESPACE)
				ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
				                errmsg("cannot lock rows in relation \"%s\"",
				                       get_rel_name(rte->relid)),
				                errdetail("It is a system catalog or view."),
				                parser_errposition(pstate, location)));
			LockRelationOid(rte->relid, RowShareLock);
			rte->rellockmode = RowShareLock;
			rte->requiredPerms |= ACL_UPDATE;
			apply_locking_clause(
				qry, rti,
				clause->strength ==
						PG_QUERY__LOCK_CLAUSE_STRENGTH__LCS_FORUPDATE
					? LCS_FORUPDATE
					: LCS_FORNOKEYUPDATE,
				clause->wait_policy == PG_QUERY__LOCK_WAIT_POLICY__LockWaitError
					? LockWaitError
				: clause->wait_policy ==
						PG_QUERY__LOCK_WAIT_POLICY__LockWaitSkip
					? LockWaitSkip
					: LockWaitBlock);
			return;
		case RTE_SUBQUERY:
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("%s of the rows of a sub-select is not supported",
			                name),
			         errhint("Write %s into the sub-select.", name),
			         parser_errposition(pstate, location)));
			return;
		case RTE_JOIN:
			what = "a join";
			break;
		case RTE_FUNCTION:
			what = "a function";
			break;
		case RTE_VALUES:
			what = "VALUES";
			break;
		case RTE_CTE:
			what = "a WITH query";
			break;
		default:
			return;
	}
	if (location >= 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("%s cannot be applied to %s", name, what),
		                parser_errposition(pstate, location)));
}

/* FOR UPDATE OF name */
static void
lock_named(ParseState *pstate, Query *qry, const PgQuery__RangeVar *rv,
           const PgQuery__LockingClause *clause)
{
	Index rti = 0;
	ListCell *lc;

	if (rv->catalogname[0] != '\0' || rv->schemaname[0] != '\0')
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("%s must specify unqualified relation names",
		                       LCS_asString(clause)),
		                parser_errposition(pstate, rv->location)));
	foreach (lc, qry->rtable)
	{
		rti++;
		if (strcmp(lfirst_node(RangeTblEntry, lc)->eref->aliasname,
		           rv->relname) != 0)
			continue;
		lock_entry(pstate, qry, rti, clause, rv->location);
		return;
	}
	ereport(ERROR,
	        (errcode(ERRCODE_UNDEFINED_TABLE),
	         errmsg("relation \"%s\" in %s clause not found in FROM clause",
	                rv->relname, LCS_asString(clause)),
	         parser_errposition(pstate, rv->location)));
}

void
transformLockingClause(ParseState *pstate, Query *qry,
                       const PgQuery__SelectStmt *stmt)
{
	for (size_t i = 0; i < stmt->n_locking_clause; i++)
	{
		const PgQuery__LockingClause *clause =
			stmt->locking_clause[i]->locking_clause;
		const char *name = LCS_asString(clause);

		check_select_locking(qry, name);
		if (clause->strength == PG_QUERY__LOCK_CLAUSE_STRENGTH__LCS_FORSHARE ||
		    clause->strength == PG_QUERY__LOCK_CLAUSE_STRENGTH__LCS_FORKEYSHARE)
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("%s is not supported", name),
			                errhint("Use FOR NO KEY UPDATE or FOR UPDATE.")));
		if (clause->n_locked_rels == 0)
		{
			for (int rti = 1; rti <= list_length(qry->rtable); rti++)
				lock_entry(pstate, qry, (Index) rti, clause, -1);
		}
		for (size_t j = 0; j < clause->n_locked_rels; j++)
			lock_named(pstate, qry, clause->locked_rels[j]->range_var, clause);
	}
}
