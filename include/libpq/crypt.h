/*
 * libpq/crypt.h
 *		Verifiers of passwords, by role.
 */
#ifndef CRYPT_H
#define CRYPT_H

/* Of the role, in CurrentMemoryContext; NULL: it has no password. */
extern char *get_role_password(Oid roleid);
/*
 * Gives the role another verifier; NULL: none.  It is in force, and on disk,
 * when it returns.  The caller holds the lock on the roles
 * (LockDatabaseObject(AuthIdRelationId)), and no transaction block is open.
 */
extern void set_role_password(Oid roleid, const char *secret);

#endif /* CRYPT_H */
