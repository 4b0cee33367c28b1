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

/*
 * The role is dropped by this transaction: its verifier goes when that is
 * committed.  PreCommit_ may raise an error; AtEOXact_ must come before the
 * transaction's locks are released, and raises none.
 */
extern void forget_role_password(Oid roleid);
extern void PreCommit_Verifiers(void);
extern void AtEOXact_Verifiers(bool isCommit);
/* What a crash left; for the postmaster, while nobody else runs. */
extern void RemoveVerifiersTmp(void);

#endif /* CRYPT_H */
