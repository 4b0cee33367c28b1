/*
 * access/relation.h
 *		Opening relations of any kind.
 */
#ifndef RELATION_H
#define RELATION_H

#include "storage/lockdefs.h"
#include "utils/relcache.h"

/* Lock, then descriptor; ERROR if there is no such relation. */
extern Relation relation_open(Oid relationId, LOCKMODE lockmode);
/* NULL, and no lock left, if there is none */
extern Relation try_relation_open(Oid relationId, LOCKMODE lockmode);
/* lockmode NoLock: the lock stays until the end of the transaction */
extern void relation_close(Relation relation, LOCKMODE lockmode);

#endif /* RELATION_H */
