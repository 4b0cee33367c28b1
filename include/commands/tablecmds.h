/*
 * commands/tablecmds.h
 *		CREATE TABLE, ALTER, TRUNCATE, and DROP of tables and indexes.
 */
#ifndef TABLECMDS_H
#define TABLECMDS_H

#include "access/tupdesc.h"
#include "parser/pg_query_tree.h"
#include "utils/relcache.h"

extern Oid DefineRelation(PgQuery__CreateStmt *stmt, const char *queryString);
extern void RemoveRelations(PgQuery__DropStmt *drop);

extern void ExecuteTruncate(PgQuery__TruncateStmt *stmt);
extern void AlterTable(PgQuery__AlterTableStmt *stmt, const char *queryString);
extern void RenameObject(PgQuery__RenameStmt *stmt);
/* A descriptor with this one column. */
extern TupleDesc BuildDescForColumn(PgQuery__ColumnDef *column,
                                    const char *relname,
                                    const char *queryString);
/* ERROR 55006 if this session has it open besides the caller. */
extern void CheckTableNotInUse(Relation rel, const char *stmt);

#endif /* TABLECMDS_H */
