/*
 * commands/tablecmds.h
 *		CREATE TABLE and DROP of tables and indexes.
 */
#ifndef TABLECMDS_H
#define TABLECMDS_H

#include "parser/pg_query_tree.h"

extern Oid DefineRelation(PgQuery__CreateStmt *stmt, const char *queryString);
extern void RemoveRelations(PgQuery__DropStmt *drop);

#endif /* TABLECMDS_H */
