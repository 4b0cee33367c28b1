/*
 * utility.c
 *		Statements that have no plan: which function runs each, what tag it
 *		has, whether it returns rows.
 *
 * A statement that is not known here raises 0A000 with its name.
 *
 * Corresponds to PostgreSQL's utility.c.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "commands/copy.h"
#include "commands/createas.h"
#include "commands/defrem.h"
#include "commands/explain.h"
#include "commands/extension.h"
#include "commands/portalcmds.h"
#include "commands/prepare.h"
#include "commands/tablecmds.h"
#include "commands/user.h"
#include "commands/vacuum.h"
#include "commands/variable.h"
#include "miscadmin.h"
#include "nodes/plannodes.h"
#include "postmaster/bgwriter.h"
#include "tcop/dest.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/portal.h"

ProcessUtility_hook_type ProcessUtility_hook = NULL;

static void not_supported(const PgQuery__Node *stmt) pg_attribute_noreturn();

static void
not_supported(const PgQuery__Node *stmt)
{
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("%s is not supported", pgq_node_name(stmt))));
}

/* ---- what may run when ---- */

void
PreventCommandIfReadOnly(const char *cmdname)
{
	if (XactReadOnly)
		ereport(ERROR, (errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
		                errmsg("cannot execute %s in a read-only transaction",
		                       cmdname)));
}

void
PreventCommandIfParallelMode(const char *cmdname)
{
	if (IsInParallelMode())
		ereport(ERROR, (errcode(ERRCODE_INVALID_TRANSACTION_STATE),
		                errmsg("cannot execute %s during a parallel operation",
		                       cmdname)));
}

/* COPY FROM is checked where its direction is known. */
static bool
utility_changes_data(const PgQuery__Node *stmt)
{
	switch (stmt->node_case)
	{
		case PG_QUERY__NODE__NODE_CREATE_STMT:
		case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
		case PG_QUERY__NODE__NODE_INDEX_STMT:
		case PG_QUERY__NODE__NODE_DROP_STMT:
		case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
		case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
		case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
		case PG_QUERY__NODE__NODE_RENAME_STMT:
		case PG_QUERY__NODE__NODE_REINDEX_STMT:
		case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
		case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
		case PG_QUERY__NODE__NODE_DROP_ROLE_STMT:
		case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
		case PG_QUERY__NODE__NODE_GRANT_STMT:
			return true;
		default:
			return false;
	}
}

bool
CommandIsReadOnly(const PlannedStmt *pstmt)
{
	switch (pstmt->commandType)
	{
		case CMD_SELECT:
			return true;
		case CMD_UTILITY:
			return !utility_changes_data(pstmt->utilityStmt);
		default:
			return false;
	}
}

/* ---- running ---- */

static void
transaction_statement(PgQuery__TransactionStmt *stmt, QueryCompletion *qc)
{
	switch (stmt->kind)
	{
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN:
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START:
			BeginTransactionBlock();
			SetTransactionOptions(stmt->options, stmt->n_options,
			                      "transaction_", true);
			break;
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT:
			/* Of a failed transaction: the client shall know. */
			if (!EndTransactionBlock(stmt->chain) && qc)
				SetQueryCompletion(qc, CMDTAG_ROLLBACK, 0);
			break;
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK:
			UserAbortTransactionBlock(stmt->chain);
			break;
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT:
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE:
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO:
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("savepoints are not supported")));
			break;
		default:
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("two-phase commit (PREPARE TRANSACTION) is not "
			                "supported")));
	}
}

static void
drop_statement(PgQuery__DropStmt *stmt, bool isTopLevel)
{
	if (stmt->concurrent)
		PreventInTransactionBlock(isTopLevel, "DROP INDEX CONCURRENTLY");
	switch (stmt->remove_type)
	{
		case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
		case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
			RemoveRelations(stmt);
			break;
		case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION:
			RemoveExtension(stmt);
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("DROP of other than tables, indexes and "
			                       "extensions is not supported")));
	}
}

static void
discard_statement(PgQuery__DiscardStmt *stmt, bool isTopLevel)
{
	switch (stmt->target)
	{
		case PG_QUERY__DISCARD_MODE__DISCARD_ALL:
			PreventInTransactionBlock(isTopLevel, "DISCARD ALL");
			PortalHashTableDeleteAll();
			(void) SetUserSetting("session_authorization", NULL, false);
			ResetAllOptions();
			DropAllPreparedStatements();
			ResetTempTableNamespace();
			break;
		case PG_QUERY__DISCARD_MODE__DISCARD_TEMP:
			ResetTempTableNamespace();
			break;
		case PG_QUERY__DISCARD_MODE__DISCARD_PLANS:
			/* Plans are made anew at every use. */
			break;
		default:
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("DISCARD of other than ALL, PLANS and TEMP is "
			                "not supported")));
	}
}

void
ProcessUtility(PlannedStmt *pstmt, const char *queryString, bool readOnlyTree,
               ProcessUtilityContext context, ParamListInfo params,
               DestReceiver *dest, QueryCompletion *qc)
{
	if (ProcessUtility_hook)
		ProcessUtility_hook(pstmt, queryString, readOnlyTree, context, params,
		                    dest, qc);
	else
		standard_ProcessUtility(pstmt, queryString, readOnlyTree, context,
		                        params, dest, qc);
}

void
standard_ProcessUtility(PlannedStmt *pstmt, const char *queryString,
                        bool readOnlyTree, ProcessUtilityContext context,
                        ParamListInfo params, DestReceiver *dest,
                        QueryCompletion *qc)
{
	PgQuery__Node *stmt = pstmt->utilityStmt;
	bool isTopLevel = (context == PROCESS_UTILITY_TOPLEVEL);

	check_stack_depth();
	if (utility_changes_data(stmt))
	{
		const char *name = GetCommandTagName(CreateCommandTag(stmt));

		PreventCommandIfReadOnly(name);
		PreventCommandIfParallelMode(name);
	}

	switch (stmt->node_case)
	{
		case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
			transaction_statement(stmt->transaction_stmt, qc);
			break;

		/* settings */
		case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
			ExecSetVariableStmt(stmt->variable_set_stmt, isTopLevel);
			break;
		case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
			GetPGVariable(stmt->variable_show_stmt->name, dest);
			break;
		case PG_QUERY__NODE__NODE_DISCARD_STMT:
			discard_statement(stmt->discard_stmt, isTopLevel);
			break;

		/* cursors and prepared statements */
		case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
			PerformCursorOpen(stmt->declare_cursor_stmt, queryString,
			                  pstmt->stmt_location, params, isTopLevel);
			break;
		case PG_QUERY__NODE__NODE_FETCH_STMT:
			PerformPortalFetch(stmt->fetch_stmt, dest, qc);
			break;
		case PG_QUERY__NODE__NODE_CLOSE_PORTAL_STMT:
			PerformPortalClose(stmt->close_portal_stmt->portalname);
			break;
		case PG_QUERY__NODE__NODE_PREPARE_STMT:
			PrepareQuery(stmt->prepare_stmt, queryString, pstmt->stmt_location,
			             pstmt->stmt_len);
			break;
		case PG_QUERY__NODE__NODE_EXECUTE_STMT:
			ExecuteQuery(stmt->execute_stmt, NULL, queryString, params, dest,
			             qc);
			break;
		case PG_QUERY__NODE__NODE_DEALLOCATE_STMT:
			DeallocateQuery(stmt->deallocate_stmt);
			break;
		case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
			ExplainQuery(stmt->explain_stmt, pstmt->utilityQuery, queryString,
			             params, dest);
			break;

		/* data */
		case PG_QUERY__NODE__NODE_COPY_STMT:
		{
			uint64 processed;

			DoCopy(stmt->copy_stmt, queryString, pstmt->stmt_location,
			       pstmt->stmt_len, &processed);
			if (qc)
				SetQueryCompletion(qc, CMDTAG_COPY, processed);
			break;
		}
		case PG_QUERY__NODE__NODE_VACUUM_STMT:
			PreventCommandIfParallelMode(
				stmt->vacuum_stmt->is_vacuumcmd ? "VACUUM" : "ANALYZE");
			ExecVacuum(stmt->vacuum_stmt, queryString, isTopLevel);
			break;
		case PG_QUERY__NODE__NODE_CHECK_POINT_STMT:
			if (!has_privs_of_role(GetUserId(), ROLE_PG_CHECKPOINT))
				ereport(ERROR,
				        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				         errmsg("must be superuser or have privileges of "
				                "pg_checkpoint to do CHECKPOINT")));
			RequestCheckpoint(CHECKPOINT_IMMEDIATE | CHECKPOINT_FORCE |
			                  CHECKPOINT_WAIT);
			break;

		/* definitions */
		case PG_QUERY__NODE__NODE_CREATE_STMT:
			(void) DefineRelation(stmt->create_stmt, queryString);
			break;
		case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
			if (stmt->create_table_as_stmt->objtype !=
			    PG_QUERY__OBJECT_TYPE__OBJECT_TABLE)
				ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				                errmsg("CREATE MATERIALIZED VIEW is not "
				                       "supported")));
			ExecCreateTableAs(stmt->create_table_as_stmt, pstmt->utilityQuery,
			                  queryString, params, qc);
			break;
		case PG_QUERY__NODE__NODE_INDEX_STMT:
			if (stmt->index_stmt->concurrent)
				PreventInTransactionBlock(isTopLevel,
				                          "CREATE INDEX CONCURRENTLY");
			(void) DefineIndex(stmt->index_stmt, queryString);
			break;
		case PG_QUERY__NODE__NODE_DROP_STMT:
			drop_statement(stmt->drop_stmt, isTopLevel);
			break;
		case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
			ExecuteTruncate(stmt->truncate_stmt);
			break;
		case PG_QUERY__NODE__NODE_LOCK_STMT:
			RequireTransactionBlock(isTopLevel, "LOCK TABLE");
			LockTableCommand(stmt->lock_stmt);
			break;
		case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
			AlterTable(stmt->alter_table_stmt, queryString);
			break;
		case PG_QUERY__NODE__NODE_RENAME_STMT:
			RenameObject(stmt->rename_stmt);
			break;
		case PG_QUERY__NODE__NODE_REINDEX_STMT:
			ExecReindex(stmt->reindex_stmt, isTopLevel);
			break;

		/* roles */
		case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
			(void) CreateRole(stmt->create_role_stmt, isTopLevel);
			break;
		case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
			AlterRole(stmt->alter_role_stmt, isTopLevel);
			break;
		case PG_QUERY__NODE__NODE_DROP_ROLE_STMT:
			DropRole(stmt->drop_role_stmt);
			break;
		case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
			GrantRole(stmt->grant_role_stmt);
			break;
		case PG_QUERY__NODE__NODE_GRANT_STMT:
			ExecuteGrantStmt(stmt->grant_stmt);
			break;

		case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
			(void) CreateExtension(stmt->create_extension_stmt);
			break;

		default:
			not_supported(stmt);
	}
	/* Later statements of the transaction see what this one did. */
	if (stmt->node_case != PG_QUERY__NODE__NODE_TRANSACTION_STMT)
		CommandCounterIncrement();
}

/* ---- rows ---- */

bool
UtilityReturnsTuples(const PgQuery__Node *parsetree)
{
	switch (parsetree->node_case)
	{
		case PG_QUERY__NODE__NODE_FETCH_STMT:
			return !parsetree->fetch_stmt->ismove &&
			       GetPortalByName(parsetree->fetch_stmt->portalname) != NULL &&
			       GetPortalByName(parsetree->fetch_stmt->portalname)
			               ->tupDesc != NULL;
		case PG_QUERY__NODE__NODE_EXECUTE_STMT:
		{
			PreparedStatement *entry =
				FetchPreparedStatement(parsetree->execute_stmt->name, false);

			return entry != NULL && entry->plansource->resultDesc != NULL;
		}
		case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
		case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
			return true;
		default:
			return false;
	}
}

TupleDesc
UtilityTupleDescriptor(const PgQuery__Node *parsetree)
{
	switch (parsetree->node_case)
	{
		case PG_QUERY__NODE__NODE_FETCH_STMT:
		{
			Portal portal = GetPortalByName(parsetree->fetch_stmt->portalname);

			if (parsetree->fetch_stmt->ismove || !PortalIsValid(portal) ||
			    portal->tupDesc == NULL)
				return NULL;
			return CreateTupleDescCopy(portal->tupDesc);
		}
		case PG_QUERY__NODE__NODE_EXECUTE_STMT:
		{
			PreparedStatement *entry =
				FetchPreparedStatement(parsetree->execute_stmt->name, false);

			return entry ? FetchPreparedStatementResultDesc(entry) : NULL;
		}
		case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
			return ExplainResultDesc(parsetree->explain_stmt);
		case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
			return GetPGVariableResultDesc(parsetree->variable_show_stmt->name);
		default:
			return NULL;
	}
}

/* ---- tags ---- */

static CommandTag
transaction_tag(const PgQuery__TransactionStmt *stmt)
{
	switch (stmt->kind)
	{
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN:
			return CMDTAG_BEGIN;
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START:
			return CMDTAG_START_TRANSACTION;
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT:
			return CMDTAG_COMMIT;
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK:
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO:
			return CMDTAG_ROLLBACK;
		default:
			return CMDTAG_UNKNOWN;
	}
}

static CommandTag
drop_tag(const PgQuery__DropStmt *stmt)
{
	switch (stmt->remove_type)
	{
		case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
			return CMDTAG_DROP_TABLE;
		case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
			return CMDTAG_DROP_INDEX;
		case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION:
			return CMDTAG_DROP_EXTENSION;
		default:
			return CMDTAG_UNKNOWN;
	}
}

static CommandTag
discard_tag(const PgQuery__DiscardStmt *stmt)
{
	switch (stmt->target)
	{
		case PG_QUERY__DISCARD_MODE__DISCARD_ALL:
			return CMDTAG_DISCARD_ALL;
		case PG_QUERY__DISCARD_MODE__DISCARD_TEMP:
			return CMDTAG_DISCARD_TEMP;
		default:
			return CMDTAG_DISCARD_PLANS;
	}
}

CommandTag
CreateCommandTag(const PgQuery__Node *parsetree)
{
	switch (parsetree->node_case)
	{
		case PG_QUERY__NODE__NODE_SELECT_STMT:
			return CMDTAG_SELECT;
		case PG_QUERY__NODE__NODE_INSERT_STMT:
			return CMDTAG_INSERT;
		case PG_QUERY__NODE__NODE_UPDATE_STMT:
			return CMDTAG_UPDATE;
		case PG_QUERY__NODE__NODE_DELETE_STMT:
			return CMDTAG_DELETE;
		case PG_QUERY__NODE__NODE_VACUUM_STMT:
			return parsetree->vacuum_stmt->is_vacuumcmd ? CMDTAG_VACUUM
			                                            : CMDTAG_ANALYZE;
		case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
			return transaction_tag(parsetree->transaction_stmt);
		case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
			return parsetree->variable_set_stmt->kind >=
			               PG_QUERY__VARIABLE_SET_KIND__VAR_RESET
			           ? CMDTAG_RESET
			           : CMDTAG_SET;
		case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
			return CMDTAG_SHOW;
		case PG_QUERY__NODE__NODE_DISCARD_STMT:
			return discard_tag(parsetree->discard_stmt);
		case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
			return CMDTAG_DECLARE_CURSOR;
		case PG_QUERY__NODE__NODE_FETCH_STMT:
			return parsetree->fetch_stmt->ismove ? CMDTAG_MOVE : CMDTAG_FETCH;
		case PG_QUERY__NODE__NODE_CLOSE_PORTAL_STMT:
			return parsetree->close_portal_stmt->portalname[0] == '\0'
			           ? CMDTAG_CLOSE_CURSOR_ALL
			           : CMDTAG_CLOSE_CURSOR;
		case PG_QUERY__NODE__NODE_PREPARE_STMT:
			return CMDTAG_PREPARE;
		case PG_QUERY__NODE__NODE_EXECUTE_STMT:
			return CMDTAG_EXECUTE;
		case PG_QUERY__NODE__NODE_DEALLOCATE_STMT:
			return parsetree->deallocate_stmt->name[0] == '\0'
			           ? CMDTAG_DEALLOCATE_ALL
			           : CMDTAG_DEALLOCATE;
		case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
			return CMDTAG_EXPLAIN;
		case PG_QUERY__NODE__NODE_COPY_STMT:
			return CMDTAG_COPY;
		case PG_QUERY__NODE__NODE_CHECK_POINT_STMT:
			return CMDTAG_CHECKPOINT;
		case PG_QUERY__NODE__NODE_CREATE_STMT:
			return CMDTAG_CREATE_TABLE;
		case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
			return parsetree->create_table_as_stmt->is_select_into
			           ? CMDTAG_SELECT_INTO
			           : CMDTAG_CREATE_TABLE_AS;
		case PG_QUERY__NODE__NODE_INDEX_STMT:
			return CMDTAG_CREATE_INDEX;
		case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
			return CMDTAG_CREATE_EXTENSION;
		case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
			return CMDTAG_TRUNCATE_TABLE;
		case PG_QUERY__NODE__NODE_LOCK_STMT:
			return CMDTAG_LOCK_TABLE;
		case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
			return CMDTAG_CREATE_ROLE;
		case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
			return CMDTAG_ALTER_ROLE;
		case PG_QUERY__NODE__NODE_DROP_ROLE_STMT:
			return CMDTAG_DROP_ROLE;
		case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
			return parsetree->grant_role_stmt->is_grant ? CMDTAG_GRANT_ROLE
			                                            : CMDTAG_REVOKE_ROLE;
		case PG_QUERY__NODE__NODE_GRANT_STMT:
			return parsetree->grant_stmt->is_grant ? CMDTAG_GRANT
			                                       : CMDTAG_REVOKE;
		case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
			return parsetree->alter_table_stmt->objtype ==
			               PG_QUERY__OBJECT_TYPE__OBJECT_INDEX
			           ? CMDTAG_ALTER_INDEX
			           : CMDTAG_ALTER_TABLE;
		case PG_QUERY__NODE__NODE_RENAME_STMT:
			if (parsetree->rename_stmt->rename_type ==
			    PG_QUERY__OBJECT_TYPE__OBJECT_ROLE)
				return CMDTAG_ALTER_ROLE;
			return parsetree->rename_stmt->rename_type ==
			               PG_QUERY__OBJECT_TYPE__OBJECT_INDEX
			           ? CMDTAG_ALTER_INDEX
			           : CMDTAG_ALTER_TABLE;
		case PG_QUERY__NODE__NODE_REINDEX_STMT:
			return CMDTAG_REINDEX;
		case PG_QUERY__NODE__NODE_DROP_STMT:
			return drop_tag(parsetree->drop_stmt);
		default:
			return CMDTAG_UNKNOWN;
	}
}

CommandTag
PlannedStmtCommandTag(const PlannedStmt *pstmt)
{
	switch (pstmt->commandType)
	{
		case CMD_SELECT:
			return CMDTAG_SELECT;
		case CMD_INSERT:
			return CMDTAG_INSERT;
		case CMD_UPDATE:
			return CMDTAG_UPDATE;
		case CMD_DELETE:
			return CMDTAG_DELETE;
		case CMD_UTILITY:
			return CreateCommandTag(pstmt->utilityStmt);
		default:
			return CMDTAG_UNKNOWN;
	}
}
