/*
 * utils/inval.h
 *		Invalidation of caches: of this process at the end of each command, of
 *		the others, through the shared queue, at commit.
 */
#ifndef INVAL_H
#define INVAL_H

#include "storage/relfilenode.h"
#include "utils/relcache.h"

extern void AcceptInvalidationMessages(void);
extern void AtEOXact_Inval(bool isCommit);
extern void CommandEndInvalidationMessages(void);
extern void CacheInvalidateRelcache(Relation relation);
extern void CacheInvalidateRelcacheByRelid(Oid relid);
extern void CacheInvalidateCatalog(Oid catalogId);
/* At once, not at commit: others must let go of the file. */
extern void CacheInvalidateSmgr(RelFileNodeBackend rnode);
extern void InvalidateSystemCaches(void);

typedef void (*RelcacheCallbackFunction)(Datum arg, Oid relid);
extern void
CacheRegisterRelcacheCallback(RelcacheCallbackFunction func, Datum arg);

#endif /* INVAL_H */
