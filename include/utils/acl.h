/*
 * utils/acl.h
 *		Who may do what: access lists, memberships, checks.
 *
 * An access list is an array of AclItems: who (0: everybody) was given which
 * privileges by whom.  NULL stands for acldefault().  The owner can always give
 * privileges, a superuser has them all.
 *
 * Corresponds to PostgreSQL's utils/acl.h.
 */
#ifndef ACL_H
#define ACL_H

#include "nodes/pg_list.h"
#include "parser/pg_query_tree.h"
#include "utils/array.h"

typedef uint32 AclMode; /* a bit for each privilege */

#define ACL_INSERT (1 << 0)
#define ACL_SELECT (1 << 1)
#define ACL_UPDATE (1 << 2)
#define ACL_DELETE (1 << 3)
#define ACL_TRUNCATE (1 << 4)
#define ACL_REFERENCES (1 << 5)
#define ACL_TRIGGER (1 << 6)
#define ACL_EXECUTE (1 << 7)
#define ACL_USAGE (1 << 8)
#define ACL_CREATE (1 << 9)
#define ACL_CREATE_TEMP (1 << 10)
#define ACL_CONNECT (1 << 11)
#define ACL_NO_RIGHTS 0

#define ACL_ALL_RIGHTS_RELATION                                         \
	(ACL_INSERT | ACL_SELECT | ACL_UPDATE | ACL_DELETE | ACL_TRUNCATE | \
	 ACL_REFERENCES | ACL_TRIGGER)
#define ACL_ALL_RIGHTS_SCHEMA (ACL_USAGE | ACL_CREATE)
#define ACL_ALL_RIGHTS_DATABASE (ACL_CREATE | ACL_CREATE_TEMP | ACL_CONNECT)

/* The right to give a privilege is its bit, 16 places further up. */
#define ACL_GRANT_OPTION_FOR(privs) (((AclMode) (privs) &0xFFFF) << 16)
#define ACL_OPTION_TO_PRIVS(privs) (((AclMode) (privs) >> 16) & 0xFFFF)
#define ACLITEM_ALL_GOPTION_BITS ((AclMode) 0xFFFF << 16)

#define ACL_ID_PUBLIC 0

/* As it stands in an array. */
typedef struct AclItem
{
	Oid ai_grantee; /* ACL_ID_PUBLIC: everybody */
	Oid ai_grantor;
	AclMode ai_privs; /* grant options in the upper half */
} AclItem;

StaticAssertDecl(sizeof(AclItem) == 12, "as pg_type has it");

typedef ArrayType Acl;

#define ACL_NUM(acl) (ARR_NDIM(acl) == 0 ? 0 : ARR_DIMS(acl)[0])
#define ACL_DAT(acl) ((AclItem *) ARR_DATA_PTR(acl))

typedef enum AclMaskHow
{
	ACLMASK_ALL, /* all that are asked for */
	ACLMASK_ANY  /* one of them is enough */
} AclMaskHow;

typedef enum AclResult
{
	ACLCHECK_OK = 0,
	ACLCHECK_NO_PRIV,
	ACLCHECK_NOT_OWNER
} AclResult;

/* ---- acl.c: lists; all results are palloc'd ---- */

/* kind: 'r' a relation, 'n' a schema, 'd' a database, ... */
extern Acl *acldefault(char kind, Oid owner);
/* Gives (or takes) what item says; ERROR 2BP01 or 0LP01 if that cannot be. */
extern Acl *aclupdate(const Acl *old_acl, const AclItem *item, bool is_grant,
                      Oid owner, PgQuery__DropBehavior behavior);
extern Acl *aclnewowner(const Acl *old_acl, Oid old_owner, Oid new_owner);
/* Of the privileges asked for those that the role has. */
extern AclMode
aclmask(const Acl *acl, Oid roleid, Oid owner, AclMode mask, AclMaskHow how);
/* Roles named in it, ACL_ID_PUBLIC left out. */
extern bool aclmentions(const Acl *acl, Oid roleid);
/* In whose name a role gives privileges, and which it can give. */
extern void
select_best_grantor(Oid roleid, AclMode privileges, const Acl *acl, Oid owner,
                    Oid *grantor, AclMode *grant_options);

/* ---- role_membership.c ---- */

/* Has it the role's privileges: is it that, or a member that inherits them? */
extern bool has_privs_of_role(Oid member, Oid role);
/* Is it a member, directly or not; a superuser is one of every role. */
extern bool is_member_of_role(Oid member, Oid role);
extern bool is_member_of_role_nosuper(Oid member, Oid role);
/* May it make others members? */
extern bool is_admin_of_role(Oid member, Oid role);
/* ERROR 42501 if not a member */
extern void check_is_member_of_role(Oid member, Oid role);
extern Oid get_role_oid(const char *rolname, bool missing_ok);
/* PUBLIC is ERROR 42704 */
extern Oid get_rolespec_oid(const PgQuery__RoleSpec *role, bool missing_ok);

/* ---- catalog/aclchk.c: objects ---- */

typedef enum AclObject
{
	ACL_OBJECT_TABLE,
	ACL_OBJECT_INDEX,
	ACL_OBJECT_VIEW,
	ACL_OBJECT_SCHEMA,
	ACL_OBJECT_DATABASE,
	ACL_OBJECT_EXTENSION,
	ACL_OBJECT_FUNCTION
} AclObject;

/* Of the privileges asked for those that the role has; 0 if it is gone. */
extern AclMode
pg_class_aclmask(Oid relid, Oid roleid, AclMode mask, AclMaskHow how);
extern AclMode
pg_namespace_aclmask(Oid nspid, Oid roleid, AclMode mask, AclMaskHow how);
extern AclMode
pg_database_aclmask(Oid dbid, Oid roleid, AclMode mask, AclMaskHow how);
/* Of any one of them that is asked for. */
extern AclResult pg_class_aclcheck(Oid relid, Oid roleid, AclMode mode);
extern AclResult pg_namespace_aclcheck(Oid nspid, Oid roleid, AclMode mode);
extern bool pg_class_ownercheck(Oid relid, Oid roleid);
extern bool pg_namespace_ownercheck(Oid nspid, Oid roleid);
extern bool pg_extension_ownercheck(Oid extid, Oid roleid);
/* One database, the bootstrap superuser's. */
extern bool pg_database_ownercheck(Oid dbid, Oid roleid);

/* ERROR 42501, unless it is ACLCHECK_OK */
extern void
aclcheck_error(AclResult result, AclObject object, const char *name);
/*
 * The current user must own the relation: ERROR 42501; of one that has been
 * dropped nothing is said, its name is to be looked up again.
 */
extern void CheckRelationOwner(Oid relid);
/* The current user must have CREATE there: ERROR 42501. */
extern void CheckCreateInNamespace(Oid nspid);
/* The current user must have one of the privileges: likewise. */
extern void CheckRelationPrivilege(Oid relid, AclMode mode);

extern void ExecuteGrantStmt(const PgQuery__GrantStmt *stmt);

/* ---- catalog/initial_acl.c: what a cluster is made with ---- */

/* The list of a relation of the catalog; NULL: none. */
extern Acl *InitialRelationAcl(Oid relid);
extern Acl *InitialNamespaceAcl(Oid nspid);
/* Functions that only superusers may call: all have them, or ERROR 42501. */
extern bool FunctionIsRestricted(Oid funcid);
extern void CheckFunctionPrivilege(Oid funcid);

#endif /* ACL_H */
