/*
 * commands/tablecmds.h
 *		CREATE TABLE, ALTER, TRUNCATE, and DROP of tables and indexes.
 */
#ifndef TABLECMDS_H
#define TABLECMDS_H

#include "access/tupdesc.h"
#include "catalog/heap.h"
#include "parser/pg_query_tree.h"
#include "utils/relcache.h"

extern Oid DefineRelation(PgQuery__CreateStmt *stmt, const char *queryString);
/* the same, of these columns instead of the statement's */
extern Oid DefineRelationOfDesc(PgQuery__CreateStmt *stmt, TupleDesc tupdesc,
                                const char *queryString);
extern void RemoveRelations(PgQuery__DropStmt *drop);
/*
 * The table with its indexes and its TOAST relation; the caller holds
 * AccessExclusiveLock.
 */
extern void DropTable(Oid relid);

extern void ExecuteTruncate(PgQuery__TruncateStmt *stmt);
/* The locks are the transaction's. */
extern void LockTableCommand(PgQuery__LockStmt *stmt);
extern void AlterTable(PgQuery__AlterTableStmt *stmt, const char *queryString);
extern void RenameObject(PgQuery__RenameStmt *stmt);
/* What a constraint is called in SQL. */
extern const char *ConstraintName(PgQuery__ConstrType contype);
/* A descriptor with this one column. */
extern TupleDesc
BuildDescForColumn(PgQuery__ColumnDef *column, const char *relname,
                   const char *queryString);
/* ERROR 55006 if this session has it open besides the caller. */
extern void CheckTableNotInUse(Relation rel, const char *stmt);

/* ERROR 0A000 if it is a temporary table of another session. */
extern void CheckNotOtherTemp(Relation rel, const char *action);

/* ---- what temporary tables do at commit (oncommit.c) ---- */

extern void register_on_commit_action(Oid relid, OnCommitAction action);
extern void remove_on_commit_action(Oid relid);
extern void PreCommit_on_commit_actions(void);
extern void AtEOXact_on_commit_actions(bool isCommit);

#endif /* TABLECMDS_H */
