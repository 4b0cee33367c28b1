/*
 * commands/user.h
 *		Roles and memberships.
 *
 * All of them wait for the lock on the roles, which is held to the end of the
 * transaction; those that set a password also for the disk, and they are
 * refused in a transaction block (postmaster/crypt.c says why).
 */
#ifndef USER_H
#define USER_H

#include "nodes/pg_list.h"
#include "parser/pg_query_tree.h"

/* user.c */
extern Oid CreateRole(const PgQuery__CreateRoleStmt *stmt, bool isTopLevel);
extern void AlterRole(const PgQuery__AlterRoleStmt *stmt, bool isTopLevel);
extern void DropRole(const PgQuery__DropRoleStmt *stmt);
extern void RenameRole(const char *oldname, const char *newname);
/* Nobody changes a role or a membership until the transaction ends. */
extern void LockRoles(void);
extern bool have_createrole_privilege(void);

/* rolegrant.c */
extern void GrantRole(const PgQuery__GrantRoleStmt *stmt);
/* members: OIDs */
extern void AddRoleMems(Oid roleid, List *members, Oid grantor, bool admin);
extern void DelRoleMems(Oid roleid, List *members, bool admin_only);
/* All memberships of a role that goes. */
extern void DropRoleMemberships(Oid roleid);
/* OIDs of a list of RoleSpecs */
extern List *roleSpecsToIds(PgQuery__Node **nodes, size_t n);

#endif /* USER_H */
