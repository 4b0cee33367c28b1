/*
 * commands/extension.h
 *		CREATE and DROP EXTENSION.  The objects of an extension are compiled in;
 *		creating it makes them visible.
 */
#ifndef EXTENSION_H
#define EXTENSION_H

#include "parser/pg_query_tree.h"

extern Oid CreateExtension(PgQuery__CreateExtensionStmt *stmt);
extern void RemoveExtension(PgQuery__DropStmt *stmt);
/* The n-th extension that can be created, from 0; false after the last. */
extern bool GetKnownExtension(int n, const char **name, const char **version,
                              const char **comment);
/* InvalidOid if missing_ok and it is not created, else ERROR 42704 */
extern Oid get_extension_oid(const char *extname, bool missing_ok);

#endif /* EXTENSION_H */
