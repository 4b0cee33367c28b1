/*
 * catalog/role_depend.h
 *		What a role owns, and what it was given privileges for.
 */
#ifndef ROLE_DEPEND_H
#define ROLE_DEPEND_H

/*
 * Before something is made that names the role: it is not dropped until the
 * transaction ends; ERROR 42704 if it was.
 */
extern void LockRoleForUse(Oid roleid);
/* ERROR 2BP01 with a list; under an exclusive lock on the role. */
extern void CheckRoleNotInUse(Oid roleid);

#endif /* ROLE_DEPEND_H */
