/*
 * syscache.c
 *		Rows of catalogs by key, kept per process.
 *
 * Catalogs have no index, so a row is found by a scan of the heap; what was
 * found, and that nothing was found, is remembered until a row of that catalog
 * changes anywhere.  Catalogs change by DDL only, so the whole cache of one
 * catalog is forgotten then.
 *
 * Rules
 * 1.	A tuple handed out stays valid until it is released, whatever happens:
 *		an entry in use is only taken out of the table, and freed by its last
 *		release.  The resource owner releases after an error.
 * 2.	A message may arrive while a miss is being filled (the scan opens the
 *		catalog, which reads messages): the result is then used once and not
 *		kept.
 *
 * Corresponds to PostgreSQL's catcache.c and syscache.c.
 */
#include "postgres.h"

#include <xxhash.h>

#include "access/genam.h"
#include "access/heapam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/catalog_schema.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_index.h"
#include "catalog/pg_namespace.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#define NBUCKETS 256
#define MAX_KEYS 2

typedef struct CacheDesc
{
	Oid reloid;
	int nkeys;
	int keyattnos[MAX_KEYS];
	bool keyisname[MAX_KEYS]; /* else an oid */
} CacheDesc;

static const CacheDesc cacheinfo[] = {
	[RELOID] = {RelationRelationId, 1, {1}, {false}},
	[RELNAMENSP] = {RelationRelationId, 2, {2, 3}, {true, false}},
	[INDEXRELID] = {IndexRelationId, 1, {1}, {false}},
	[NAMESPACEOID] = {NamespaceRelationId, 1, {1}, {false}},
	[NAMESPACENAME] = {NamespaceRelationId, 1, {2}, {true}},
	[EXTENSIONNAME] = {ExtensionRelationId, 1, {2}, {true}},
	[EXTENSIONOID] = {ExtensionRelationId, 1, {1}, {false}},
	[AUTHOID] = {AuthIdRelationId, 1, {1}, {false}},
	[AUTHNAME] = {AuthIdRelationId, 1, {2}, {true}},
	[AUTHMEMROLEMEM] = {AuthMemRelationId, 2, {1, 2}, {false, false}},
};

StaticAssertDecl(lengthof(cacheinfo) == SysCacheSize, "a row for each cache");

/* Compared as bytes: names are padded with zeros. */
typedef struct CacheKey
{
	NameData name;
	Oid oid[MAX_KEYS];
} CacheKey;

typedef struct CatCTup
{
	struct CatCTup *next;
	CacheKey key;
	int refcount;
	bool dead; /* no longer in the table: freed when released */
	bool negative;
	HeapTupleData tuple; /* its data follows */
} CatCTup;

static CatCTup *buckets[SysCacheSize][NBUCKETS];
/* Raised when anything of a cache is forgotten (rule 2). */
static uint64 generation[SysCacheSize];

static void
ReleaseCatCTup(Datum res)
{
	CatCTup *ct = (CatCTup *) DatumGetPointer(res);

	Assert(ct->refcount > 0);
	if (--ct->refcount == 0 && ct->dead)
		pfree(ct);
}

static const ResourceOwnerDesc catcref_resowner_desc = {
	"catcache reference", RESOURCE_RELEASE_AFTER_LOCKS,
	RELEASE_PRIO_CATCACHE_REFS, ReleaseCatCTup, NULL};

static void
MakeKey(const CacheDesc *desc, Datum key1, Datum key2, CacheKey *key)
{
	Datum keys[MAX_KEYS] = {key1, key2};

	memset(key, 0, sizeof(*key));
	for (int i = 0; i < desc->nkeys; i++)
	{
		if (desc->keyisname[i])
			strncpy(NameStr(key->name), DatumGetCString(keys[i]),
			        NAMEDATALEN - 1);
		else
			key->oid[i] = DatumGetObjectId(keys[i]);
	}
}

static bool
TupleHasKey(const CacheDesc *desc, HeapTuple tuple, TupleDesc tupdesc,
            const CacheKey *key)
{
	for (int i = 0; i < desc->nkeys; i++)
	{
		bool isnull;
		Datum value = heap_getattr(tuple, desc->keyattnos[i], tupdesc, &isnull);

		if (isnull)
			return false;
		if (desc->keyisname[i] ? strncmp(NameStr(*DatumGetName(value)),
		                                 NameStr(key->name), NAMEDATALEN) != 0
		                       : DatumGetObjectId(value) != key->oid[i])
			return false;
	}
	return true;
}

/* An entry for the row with this key, in no bucket yet. */
static CatCTup *
LoadEntry(const CacheDesc *desc, const CacheKey *key)
{
	Relation rel = table_open(desc->reloid, AccessShareLock);
	TableScanDesc scan;
	HeapTuple tuple;
	CatCTup *ct;

	scan = table_beginscan(rel, GetCatalogSnapshot(desc->reloid), 0, NULL);
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		if (TupleHasKey(desc, tuple, RelationGetDescr(rel), key))
			break;
	}
	ct = MemoryContextAllocZero(CacheMemoryContext,
	                            MAXALIGN(sizeof(CatCTup)) +
	                                (tuple ? tuple->t_len : 0));
	ct->key = *key;
	ct->negative = tuple == NULL;
	if (tuple != NULL)
	{
		ct->tuple.t_len = tuple->t_len;
		ct->tuple.t_self = tuple->t_self;
		ct->tuple.t_tableOid = tuple->t_tableOid;
		ct->tuple.t_data =
			(HeapTupleHeader) ((char *) ct + MAXALIGN(sizeof(CatCTup)));
		memcpy(ct->tuple.t_data, tuple->t_data, tuple->t_len);
	}
	table_endscan(scan);
	table_close(rel, AccessShareLock);
	return ct;
}

static HeapTuple
SearchCache(int cacheId, Datum key1, Datum key2)
{
	const CacheDesc *desc = &cacheinfo[cacheId];
	CacheKey key;
	CatCTup **bucket;
	CatCTup *ct;
	uint64 before;

	Assert(cacheId >= 0 && cacheId < SysCacheSize);
	Assert(IsTransactionState());
	MakeKey(desc, key1, key2, &key);
	bucket = &buckets[cacheId][XXH3_64bits(&key, sizeof(key)) % NBUCKETS];
	for (ct = *bucket; ct != NULL; ct = ct->next)
	{
		if (memcmp(&ct->key, &key, sizeof(key)) == 0)
			break;
	}
	if (ct == NULL)
	{
		before = generation[cacheId];
		ct = LoadEntry(desc, &key);
		if (before == generation[cacheId])
		{
			ct->next = *bucket;
			*bucket = ct;
		}
		else if (ct->negative)
		{
			pfree(ct);
			return NULL;
		}
		else
			ct->dead = true;
	}
	if (ct->negative)
		return NULL;
	ResourceOwnerEnlarge(CurrentResourceOwner);
	ct->refcount++;
	ResourceOwnerRemember(CurrentResourceOwner, PointerGetDatum(ct),
	                      &catcref_resowner_desc);
	return &ct->tuple;
}

HeapTuple
SearchSysCache1(int cacheId, Datum key1)
{
	Assert(cacheinfo[cacheId].nkeys == 1);
	return SearchCache(cacheId, key1, (Datum) 0);
}

HeapTuple
SearchSysCache2(int cacheId, Datum key1, Datum key2)
{
	Assert(cacheinfo[cacheId].nkeys == 2);
	return SearchCache(cacheId, key1, key2);
}

void
ReleaseSysCache(HeapTuple tuple)
{
	CatCTup *ct = (CatCTup *) ((char *) tuple - offsetof(CatCTup, tuple));

	ResourceOwnerForget(CurrentResourceOwner, PointerGetDatum(ct),
	                    &catcref_resowner_desc);
	ReleaseCatCTup(PointerGetDatum(ct));
}

HeapTuple
SearchSysCacheCopy1(int cacheId, Datum key1)
{
	HeapTuple tuple = SearchSysCache1(cacheId, key1);
	HeapTuple copy;

	if (tuple == NULL)
		return NULL;
	copy = heap_copytuple(tuple);
	ReleaseSysCache(tuple);
	return copy;
}

bool
SearchSysCacheExists1(int cacheId, Datum key1)
{
	HeapTuple tuple = SearchSysCache1(cacheId, key1);

	if (tuple == NULL)
		return false;
	ReleaseSysCache(tuple);
	return true;
}

/* All cached catalogs with an oid have it as their first column. */
static Oid
TupleOid(HeapTuple tuple)
{
	Oid oid;

	if (tuple == NULL)
		return InvalidOid;
	oid = *(Oid *) GETSTRUCT(tuple);
	ReleaseSysCache(tuple);
	return oid;
}

Oid
GetSysCacheOid1(int cacheId, Datum key1)
{
	return TupleOid(SearchSysCache1(cacheId, key1));
}

Oid
GetSysCacheOid2(int cacheId, Datum key1, Datum key2)
{
	return TupleOid(SearchSysCache2(cacheId, key1, key2));
}

Datum
SysCacheGetAttr(int cacheId, HeapTuple tup, int attributeNumber, bool *isNull)
{
	/* Catalogs' descriptors are compiled in: no relation need be open. */
	static TupleDesc descs[SysCacheSize];

	if (descs[cacheId] == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(CacheMemoryContext);

		descs[cacheId] =
			CatalogSchemaTupleDesc(GetCatalogSchema(cacheinfo[cacheId].reloid));
		MemoryContextSwitchTo(old);
	}
	return heap_getattr(tup, attributeNumber, descs[cacheId], isNull);
}

uint64
SysCacheGeneration(int cacheId)
{
	return generation[cacheId];
}

void
CatCacheInvalidate(Oid catalogId)
{
	for (int id = 0; id < SysCacheSize; id++)
	{
		if (OidIsValid(catalogId) && cacheinfo[id].reloid != catalogId)
			continue;
		generation[id]++;
		for (int b = 0; b < NBUCKETS; b++)
		{
			CatCTup *ct = buckets[id][b];

			buckets[id][b] = NULL;
			while (ct != NULL)
			{
				CatCTup *next = ct->next;

				if (ct->refcount > 0)
					ct->dead = true;
				else
					pfree(ct);
				ct = next;
			}
		}
	}
}
