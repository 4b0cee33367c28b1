/*
 * commands/variable.h
 *		SET, RESET and SHOW.
 */
#ifndef VARIABLE_H
#define VARIABLE_H

#include "access/tupdesc.h"
#include "parser/pg_query_tree.h"

struct _DestReceiver;

extern void
ExecSetVariableStmt(PgQuery__VariableSetStmt *stmt, bool isTopLevel);
/* The options of BEGIN, START TRANSACTION and SET TRANSACTION. */
extern void SetTransactionOptions(PgQuery__Node **options, size_t n,
                                  const char *prefix, bool is_local);
/* SHOW; name "all": every setting */
extern void GetPGVariable(const char *name, struct _DestReceiver *dest);
extern TupleDesc GetPGVariableResultDesc(const char *name);

/* Check hooks (utils/guc_tables.h): names in PostgreSQL's spelling. */
extern bool check_client_encoding(const char **newval, const char **detail);
extern bool check_datestyle(const char **newval, const char **detail);
extern bool check_intervalstyle(const char **newval, const char **detail);
extern bool check_timezone(const char **newval, const char **detail);

#endif /* VARIABLE_H */
