/*
 * utils/syscache.h
 *		Cached rows of the catalogs that are heap relations, by key.
 *
 * A found tuple stays valid until ReleaseSysCache, also if the row changes
 * meanwhile.  A miss is cached too.
 */
#ifndef SYSCACHE_H
#define SYSCACHE_H

#include "access/htup.h"

enum SysCacheIdentifier
{
	RELOID,       /* pg_class by oid */
	RELNAMENSP,   /* pg_class by relname, relnamespace */
	INDEXRELID,   /* pg_index by indexrelid */
	NAMESPACEOID, /* pg_namespace by oid */
	NAMESPACENAME,
	EXTENSIONNAME, /* pg_extension by extname */
	EXTENSIONOID,
	AUTHOID, /* pg_authid by oid */
	AUTHNAME,
	AUTHMEMROLEMEM, /* pg_auth_members by roleid, member */
	SysCacheSize
};

/* Names are passed as CStringGetDatum. */
extern HeapTuple SearchSysCache1(int cacheId, Datum key1);
extern HeapTuple SearchSysCache2(int cacheId, Datum key1, Datum key2);
extern void ReleaseSysCache(HeapTuple tuple);
extern HeapTuple SearchSysCacheCopy1(int cacheId, Datum key1);
extern bool SearchSysCacheExists1(int cacheId, Datum key1);
/* The oid column of the row, or InvalidOid. */
extern Oid GetSysCacheOid1(int cacheId, Datum key1);
extern Oid GetSysCacheOid2(int cacheId, Datum key1, Datum key2);
extern Datum
SysCacheGetAttr(int cacheId, HeapTuple tup, int attributeNumber, bool *isNull);

/*
 * Another number after each change of the cache's catalog that this process has
 * heard of: what is derived of its rows is valid as long as it is the same.
 */
extern uint64 SysCacheGeneration(int cacheId);

/* inval.c: a row of this catalog changed (InvalidOid: anything). */
extern void CatCacheInvalidate(Oid catalogId);

#endif /* SYSCACHE_H */
