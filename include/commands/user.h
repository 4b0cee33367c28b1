/*
 * commands/user.h
 *		Roles.
 */
#ifndef USER_H
#define USER_H

#include "parser/pg_query_tree.h"

/*
 * ALTER ROLE ... PASSWORD: not in a transaction block; waits for who changes a
 * password, and for the disk.
 */
extern void AlterRole(const PgQuery__AlterRoleStmt *stmt, bool isTopLevel);

#endif /* USER_H */
