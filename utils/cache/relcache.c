/*
 * relcache.c
 *		Descriptors of relations, kept per process.
 *
 * A descriptor is made of the rows of pg_class, pg_attribute and pg_index, but
 * those of the catalogs themselves, which are compiled in (nailed): they are
 * what the others are read with.
 *
 * Rules
 * 1.	While a relation is open its descriptor stays at its address, and so do
 *		its tuple descriptor and its index data as long as they describe the
 *		same: an invalidation only marks it, and the next open reads it again
 *		and takes over what changed.  Who needs it to be current holds a lock.
 * 2.	An invalidation of a relation that is not open drops its descriptor.
 * 3.	An invalidation that arrives while a descriptor is being read makes it
 *		be read again: what was read may be the old state.
 * 4.	At abort all descriptors that the transaction could have made of its own
 *		uncommitted rows are invalid already (inval.c applies the messages of
 *		the transaction to its own process again).
 *
 * Locks: opening reads catalogs with AccessShareLock on each; the relation's
 * own lock is the caller's affair.  A descriptor is private: nothing of it is
 * left by a SIGKILL.
 *
 * Corresponds to PostgreSQL's relcache.c.
 */
#include "postgres.h"

#include "access/amapi.h"
#include "access/genam.h"
#include "access/heapam.h"
#include "access/reloptions.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/catalog_schema.h"
#include "catalog/namespace.h"
#include "catalog/system_views.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#define HEAP_TABLE_AM_OID 2

typedef struct RelIdCacheEnt
{
	Oid reloid;
	Relation reldesc;
} RelIdCacheEnt;

static HTAB *RelationIdCache;
/* Raised by every invalidation (rule 3). */
static uint64 invalidations;

static void
ReleaseRelationRef(Datum res)
{
	Relation rel = (Relation) DatumGetPointer(res);

	Assert(rel->rd_refcnt > 0);
	rel->rd_refcnt--;
}

static const ResourceOwnerDesc relref_resowner_desc = {
	"relcache reference", RESOURCE_RELEASE_BEFORE_LOCKS,
	RELEASE_PRIO_RELCACHE_REFS, ReleaseRelationRef, NULL};

void
RelationCacheInitialize(void)
{
	HASHCTL ctl = {.keysize = sizeof(Oid), .entrysize = sizeof(RelIdCacheEnt)};

	if (CacheMemoryContext == NULL)
		CacheMemoryContext = AllocSetContextCreate(
			TopMemoryContext, "CacheMemoryContext", ALLOCSET_DEFAULT_SIZES);
	RelationIdCache =
		hash_create("Relcache by OID", 128, &ctl, HASH_ELEM | HASH_BLOBS);
}

void
RelationIncrementReferenceCount(Relation rel)
{
	ResourceOwnerEnlarge(CurrentResourceOwner);
	rel->rd_refcnt++;
	ResourceOwnerRemember(CurrentResourceOwner, PointerGetDatum(rel),
	                      &relref_resowner_desc);
}

void
RelationDecrementReferenceCount(Relation rel)
{
	Assert(rel->rd_refcnt > 0);
	rel->rd_refcnt--;
	ResourceOwnerForget(CurrentResourceOwner, PointerGetDatum(rel),
	                    &relref_resowner_desc);
}

/* ---- making a descriptor ---- */

static void
SetPhysicalAddress(Relation rel)
{
	Oid tablespace = rel->rd_rel->reltablespace;

	if (rel->rd_rel->relisshared)
		tablespace = GLOBALTABLESPACE_OID;
	else if (!OidIsValid(tablespace))
		tablespace = DEFAULTTABLESPACE_OID;
	rel->rd_node.spcNode = tablespace;
	rel->rd_node.dbNode = rel->rd_rel->relisshared ? InvalidOid : MyDatabaseId;
	rel->rd_node.relNode = rel->rd_rel->relfilenode;
}

/*
 * Whose temporary relation it is: its schema tells.  A relation that a session
 * left which had our number before is ours by its files, but not to be read.
 */
static void
SetOwner(Relation rel)
{
	Oid nspid = rel->rd_rel->relnamespace;

	if (rel->rd_rel->relpersistence != RELPERSISTENCE_TEMP)
		return;
	rel->rd_islocaltemp = isTempOrTempToastNamespace(nspid);
	rel->rd_backend = rel->rd_islocaltemp ? ProcNumberForTempRelations()
	                                      : GetTempNamespaceProcNumber(nspid);
	Assert(rel->rd_backend != INVALID_PROC_NUMBER);
}

/* A descriptor without content, in CacheMemoryContext. */
static Relation
NewDescriptor(Oid relid)
{
	Relation rel = palloc0(sizeof(RelationData));

	rel->rd_id = relid;
	rel->rd_rel = palloc0(sizeof(FormData_pg_class));
	rel->rd_backend = INVALID_PROC_NUMBER;
	return rel;
}

static Relation
BuildNailed(const CatalogSchema *schema)
{
	Relation rel = NewDescriptor(schema->oid);
	Form_pg_class form = rel->rd_rel;

	form->oid = schema->oid;
	strlcpy(NameStr(form->relname), schema->name, NAMEDATALEN);
	form->relnamespace = 11;
	form->relowner = 10;
	form->relam = HEAP_TABLE_AM_OID;
	form->relfilenode = schema->oid;
	form->reltablespace = schema->shared ? GLOBALTABLESPACE_OID : InvalidOid;
	form->reltuples = -1;
	form->relisshared = schema->shared;
	form->relpersistence = RELPERSISTENCE_PERMANENT;
	form->relkind = RELKIND_RELATION;
	form->relnatts = schema->natts;
	form->relispopulated = true;
	form->relreplident = 'n';
	rel->rd_att = CatalogSchemaTupleDesc(schema);
	rel->rd_isnailed = true;
	return rel;
}

TupleDesc
RelationReadColumns(Oid relid, int natts, bool missing_ok)
{
	TupleDesc desc = CreateTemplateTupleDesc(natts);
	Relation attrel = table_open(AttributeRelationId, AccessShareLock);
	TableScanDesc scan;
	HeapTuple tuple;
	int found = 0;

	scan = table_beginscan(attrel, GetCatalogSnapshot(AttributeRelationId), 0,
	                       NULL);
	while (found < natts &&
	       (tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_attribute att = (Form_pg_attribute) GETSTRUCT(tuple);

		if (att->attrelid != relid || att->attnum <= 0)
			continue;
		/* one that was added since natts was read */
		if (att->attnum > natts && missing_ok)
			continue;
		if (att->attnum > natts)
			elog(ERROR, "invalid attribute number %d for relation %u",
			     att->attnum, relid);
		memcpy(TupleDescAttr(desc, att->attnum - 1), att,
		       ATTRIBUTE_FIXED_PART_SIZE);
		TupleDescAttr(desc, att->attnum - 1)->attcacheoff = -1;
		found++;
	}
	table_endscan(scan);
	table_close(attrel, AccessShareLock);
	if (found != natts && missing_ok)
		return NULL;
	if (found != natts)
		elog(ERROR,
		     "pg_attribute catalog is missing %d attribute(s) for relation "
		     "OID %u",
		     natts - found, relid);
	return desc;
}

static oidvector *
IndexOidVector(HeapTuple tuple, int attnum)
{
	bool isnull;
	Datum value = SysCacheGetAttr(INDEXRELID, tuple, attnum, &isnull);

	Assert(!isnull);
	return (oidvector *) DatumGetPointer(value);
}

/* Opclasses and their functions, in the current context. */
static void
InitIndexSupport(Relation rel, int natts, const Oid *classes,
                 const Oid *collations, const int16 *coloptions)
{
	int nsupport = rel->rd_indam->amsupport;

	rel->rd_opfamily = palloc0(natts * sizeof(Oid));
	rel->rd_opcintype = palloc0(natts * sizeof(Oid));
	rel->rd_indcollation = palloc0(natts * sizeof(Oid));
	rel->rd_indoption = palloc0(natts * sizeof(int16));
	rel->rd_support = palloc0(natts * nsupport * sizeof(RegProcedure));
	rel->rd_supportinfo = palloc0(natts * nsupport * sizeof(FmgrInfo));
	for (int i = 0; i < natts; i++)
	{
		rel->rd_opfamily[i] = get_opclass_family(classes[i]);
		rel->rd_opcintype[i] = get_opclass_input_type(classes[i]);
		rel->rd_indcollation[i] = collations[i];
		rel->rd_indoption[i] = coloptions[i];
		for (int n = 0; n < nsupport; n++)
			rel->rd_support[i * nsupport + n] =
				get_opfamily_proc(rel->rd_opfamily[i], rel->rd_opcintype[i],
			                      rel->rd_opcintype[i], n + 1);
	}
}

static void
ReadIndex(Relation rel)
{
	HeapTuple tuple =
		SearchSysCache1(INDEXRELID, ObjectIdGetDatum(RelationGetRelid(rel)));
	MemoryContext old;

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for index %u", RelationGetRelid(rel));
	rel->rd_indexcxt = AllocSetContextCreate(CacheMemoryContext, "index info",
	                                         ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(rel->rd_indexcxt);
	rel->rd_indextuple = heap_copytuple(tuple);
	rel->rd_index = (Form_pg_index) GETSTRUCT(rel->rd_indextuple);
	rel->rd_indexxmin = HeapTupleHeaderGetXmin(tuple->t_data);
	rel->rd_indam = GetIndexAmRoutineByAmId(rel->rd_rel->relam, false);

	InitIndexSupport(
		rel, rel->rd_index->indnkeyatts,
		IndexOidVector(tuple, Anum_pg_index_indclass)->values,
		IndexOidVector(tuple, Anum_pg_index_indcollation)->values,
		((int2vector *) IndexOidVector(tuple, Anum_pg_index_indoption))
			->values);
	MemoryContextSwitchTo(old);
	ReleaseSysCache(tuple);
}

static void
ReadOptions(Relation rel, HeapTuple classtuple)
{
	bool isnull;
	Datum value = SysCacheGetAttr(RELOID, classtuple, 32, &isnull);

	if (isnull)
		return;
	if (rel->rd_rel->relkind == RELKIND_INDEX)
		rel->rd_options = rel->rd_indam->amoptions(value, false);
	else
		rel->rd_options = heap_reloptions(rel->rd_rel->relkind, value, false);
}

Relation
RelationBuildTransientIndex(Relation heap, const char *relname,
                            IndexInfo *indexInfo, TupleDesc tupdesc,
                            const Oid *classes, const Oid *collations,
                            const int16 *coloptions, Datum reloptions)
{
	Relation rel = palloc0(sizeof(RelationData));
	Form_pg_class form = palloc0(sizeof(FormData_pg_class));

	strlcpy(NameStr(form->relname), relname, NAMEDATALEN);
	form->relnamespace = RelationGetNamespace(heap);
	form->relam = indexInfo->ii_Am;
	form->relkind = RELKIND_INDEX;
	form->relpersistence = heap->rd_rel->relpersistence;
	form->relnatts = (int16) tupdesc->natts;
	form->reltuples = -1;
	rel->rd_rel = form;
	rel->rd_backend = heap->rd_backend;
	rel->rd_att = tupdesc;
	rel->rd_indexcxt = CurrentMemoryContext;
	rel->rd_indam = GetIndexAmRoutineByAmId(form->relam, false);
	InitIndexSupport(rel, indexInfo->ii_NumIndexKeyAttrs, classes, collations,
	                 coloptions);
	if (reloptions != (Datum) 0)
		rel->rd_options = rel->rd_indam->amoptions(reloptions, true);
	return rel;
}

/* From the catalogs; NULL if pg_class has no such row. */
static Relation
BuildFromCatalogs(Oid relid)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Relation rel;

	if (tuple == NULL)
		return NULL;
	rel = NewDescriptor(relid);
	memcpy(rel->rd_rel, GETSTRUCT(tuple), CLASS_TUPLE_SIZE);
	rel->rd_att = RelationReadColumns(relid, rel->rd_rel->relnatts, false);
	if (rel->rd_rel->relkind == RELKIND_INDEX)
		ReadIndex(rel);
	ReadOptions(rel, tuple);
	ReleaseSysCache(tuple);
	SetOwner(rel);
	return rel;
}

static void
FreeDescriptor(Relation rel)
{
	RelationCloseSmgr(rel);
	pfree(rel->rd_rel);
	if (rel->rd_att != NULL)
		FreeTupleDesc(rel->rd_att);
	if (rel->rd_options != NULL)
		pfree(rel->rd_options);
	list_free(rel->rd_indexlist);
	bms_free(rel->rd_indexattr);
	if (rel->rd_indexcxt != NULL)
		MemoryContextDelete(rel->rd_indexcxt);
	pfree(rel);
}

static Relation
BuildDescriptor(Oid relid)
{
	const CatalogSchema *schema = GetCatalogSchema(relid);
	MemoryContext old = MemoryContextSwitchTo(CacheMemoryContext);
	Relation rel;

	for (;;)
	{
		uint64 before = invalidations;

		rel = schema ? BuildNailed(schema) : BuildFromCatalogs(relid);
		if (before == invalidations || rel == NULL)
			break;
		FreeDescriptor(rel); /* rule 3 */
	}
	if (rel != NULL)
	{
		SetPhysicalAddress(rel);
		RelationInitLockInfo(rel);
		rel->rd_isvalid = true;
	}
	MemoryContextSwitchTo(old);
	return rel;
}

static bool
SameOptions(bytea *a, bytea *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0;
}

/* Rule 1: the newly read state into the descriptor that others point at. */
static void
RebuildDescriptor(Relation rel)
{
	Relation fresh = BuildDescriptor(rel->rd_id);

	if (fresh == NULL)
		elog(ERROR, "relation %u deleted while still in use", rel->rd_id);
	memcpy(rel->rd_rel, fresh->rd_rel, CLASS_TUPLE_SIZE);
	if (!equalTupleDescs(rel->rd_att, fresh->rd_att))
	{
		TupleDesc swap = rel->rd_att;

		rel->rd_att = fresh->rd_att;
		fresh->rd_att = swap;
	}
	if (!RelFileNodeEquals(rel->rd_node, fresh->rd_node))
	{
		RelationCloseSmgr(rel);
		rel->rd_node = fresh->rd_node;
	}
	if (!SameOptions(rel->rd_options, fresh->rd_options))
	{
		bytea *swap = rel->rd_options;

		rel->rd_options = fresh->rd_options;
		fresh->rd_options = swap;
	}
	if (rel->rd_index != NULL && fresh->rd_index != NULL)
	{
		memcpy(rel->rd_index, fresh->rd_index,
		       offsetof(FormData_pg_index, indkey));
		rel->rd_indexxmin = fresh->rd_indexxmin;
	}
	rel->rd_indexvalid = false;
	rel->rd_isvalid = true;
	FreeDescriptor(fresh);
}

/* ---- the cache ---- */

Relation
RelationIdGetRelation(Oid relationId)
{
	RelIdCacheEnt *entry;
	Relation rel;
	bool found;

	Assert(IsTransactionState());
	entry = hash_search(RelationIdCache, &relationId, HASH_FIND, NULL);
	if (entry != NULL)
	{
		rel = entry->reldesc;
		RelationIncrementReferenceCount(rel);
		if (!rel->rd_isvalid)
			RebuildDescriptor(rel);
		return rel;
	}
	rel = BuildDescriptor(relationId);
	if (rel == NULL)
		return NULL;
	entry = hash_search(RelationIdCache, &relationId, HASH_ENTER, &found);
	Assert(!found);
	entry->reldesc = rel;
	RelationIncrementReferenceCount(rel);
	return rel;
}

void
RelationClose(Relation relation)
{
	RelationDecrementReferenceCount(relation);
}

static void
RemoveDescriptor(Relation rel)
{
	Oid relid = rel->rd_id;

	hash_search(RelationIdCache, &relid, HASH_REMOVE, NULL);
	FreeDescriptor(rel);
}

static void
InvalidateDescriptor(Relation rel)
{
	RelationCloseSmgr(rel);
	if (rel->rd_isnailed)
		return; /* nothing of it can change */
	if (rel->rd_refcnt == 0)
		RemoveDescriptor(rel);
	else
	{
		rel->rd_isvalid = false;
		rel->rd_indexvalid = false;
	}
}

/* The relation was dropped by this transaction. */
void
RelationForgetRelation(Oid rid)
{
	RelIdCacheEnt *entry = hash_search(RelationIdCache, &rid, HASH_FIND, NULL);

	if (entry == NULL)
		return;
	if (entry->reldesc->rd_refcnt != 0)
		elog(ERROR, "relation %u is still open", rid);
	RemoveDescriptor(entry->reldesc);
}

void
RelationCacheInvalidateEntry(Oid relationId)
{
	RelIdCacheEnt *entry;

	invalidations++;
	if (RelationIdCache == NULL)
		return;
	entry = hash_search(RelationIdCache, &relationId, HASH_FIND, NULL);
	if (entry != NULL)
		InvalidateDescriptor(entry->reldesc);
}

void
RelationCacheInvalidate(void)
{
	HASH_SEQ_STATUS status;
	RelIdCacheEnt *entry;

	invalidations++;
	if (RelationIdCache == NULL)
		return;
	hash_seq_init(&status, RelationIdCache);
	while ((entry = hash_seq_search(&status)) != NULL)
		InvalidateDescriptor(entry->reldesc);
	smgrcloseall();
}

/*
 * The resource owner has given back all references; descriptors that were
 * marked while open go now.
 */
void
AtEOXact_RelationCache(bool isCommit)
{
	HASH_SEQ_STATUS status;
	RelIdCacheEnt *entry;

	if (RelationIdCache == NULL)
		return;
	hash_seq_init(&status, RelationIdCache);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		Relation rel = entry->reldesc;

		Assert(rel->rd_refcnt == 0);
		if (!rel->rd_isvalid)
			RemoveDescriptor(rel);
	}
}

/* ---- expressions and predicates ---- */

/* As it stands in the row of pg_index; NULL: none. */
static void *
StoredTree(HeapTuple indextuple, int attnum)
{
	bool isnull;
	Datum value = SysCacheGetAttr(INDEXRELID, indextuple, attnum, &isnull);

	return isnull ? NULL : stringToNode(TextDatumGetCString(value));
}

bool
RelationIsExpressionOrPartialIndex(Relation relation)
{
	return RelationGetRawIndexExpressions(relation) != NIL ||
	       RelationGetRawIndexPredicate(relation) != NIL;
}

List *
RelationGetRawIndexExpressions(Relation relation)
{
	return StoredTree(relation->rd_indextuple, Anum_pg_index_indexprs);
}

List *
RelationGetRawIndexPredicate(Relation relation)
{
	return and_arguments(
		StoredTree(relation->rd_indextuple, Anum_pg_index_indpred));
}

/* Folded as the planner folds the conditions of queries: they are compared. */
static List *
FoldedTree(List *raw, List **cached, MemoryContext context)
{
	if (raw != NIL)
	{
		List *folded = (List *) eval_const_expressions(NULL, (Node *) raw);
		MemoryContext old = MemoryContextSwitchTo(context);

		*cached = copyObject(folded);
		MemoryContextSwitchTo(old);
	}
	return copyObject(*cached);
}

List *
RelationGetIndexExpressions(Relation relation)
{
	if (relation->rd_indexprs != NIL)
		return copyObject(relation->rd_indexprs);
	return FoldedTree(RelationGetRawIndexExpressions(relation),
	                  &relation->rd_indexprs, relation->rd_indexcxt);
}

List *
RelationGetIndexPredicate(Relation relation)
{
	Node *predicate;

	if (relation->rd_indpred != NIL)
		return copyObject(relation->rd_indpred);
	predicate = StoredTree(relation->rd_indextuple, Anum_pg_index_indpred);
	if (predicate == NULL)
		return NIL;
	predicate = canonicalize_qual(eval_const_expressions(NULL, predicate));
	return FoldedTree(make_ands_implicit((Expr *) predicate),
	                  &relation->rd_indpred, relation->rd_indexcxt);
}

/*
 * Expressions as they are stored: folded, they might not use a column that they
 * name.
 */
static Bitmapset *
AddIndexColumns(Bitmapset *columns, HeapTuple indextuple)
{
	Form_pg_index index = (Form_pg_index) GETSTRUCT(indextuple);

	for (int i = 0; i < index->indnatts; i++)
	{
		if (index->indkey.values[i] != 0)
			columns =
				bms_add_member(columns, index->indkey.values[i] -
			                                FirstLowInvalidHeapAttributeNumber);
	}
	pull_varattnos(StoredTree(indextuple, Anum_pg_index_indexprs), 1, &columns);
	pull_varattnos(StoredTree(indextuple, Anum_pg_index_indpred), 1, &columns);
	return columns;
}

/* The indexes, and the columns they are made of; both the caller's own. */
static List *
GetIndexes(Relation relation, Bitmapset **attrs)
{
	Relation indrel;
	TableScanDesc scan;
	HeapTuple tuple;
	List *found = NIL;
	Bitmapset *columns = NULL;
	MemoryContext old;
	uint64 before;

	*attrs = NULL;
	if (relation->rd_indexvalid)
	{
		*attrs = bms_copy(relation->rd_indexattr);
		return list_copy(relation->rd_indexlist);
	}
	/* The flag in pg_class saves the scan for most tables. */
	if (!relation->rd_rel->relhasindex)
		return NIL;
	before = invalidations;
	indrel = table_open(IndexRelationId, AccessShareLock);
	scan =
		table_beginscan(indrel, GetCatalogSnapshot(IndexRelationId), 0, NULL);
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_index index = (Form_pg_index) GETSTRUCT(tuple);

		if (index->indrelid != RelationGetRelid(relation) || !index->indislive)
			continue;
		found = lappend_oid(found, index->indexrelid);
		/* those that are not ready yet too: their build counts on it */
		columns = AddIndexColumns(columns, tuple);
	}
	table_endscan(scan);
	table_close(indrel, AccessShareLock);
	/* in the order of their making, the same for all (deadlocks) */
	list_sort(found, list_oid_cmp);
	if (before == invalidations)
	{
		old = MemoryContextSwitchTo(CacheMemoryContext);
		list_free(relation->rd_indexlist);
		bms_free(relation->rd_indexattr);
		relation->rd_indexlist = list_copy(found);
		relation->rd_indexattr = bms_copy(columns);
		relation->rd_indexvalid = true;
		MemoryContextSwitchTo(old);
	}
	*attrs = columns;
	return found;
}

List *
RelationGetIndexList(Relation relation)
{
	Bitmapset *attrs;
	List *found = GetIndexes(relation, &attrs);

	bms_free(attrs);
	return found;
}

Bitmapset *
RelationGetIndexAttrBitmap(Relation relation, IndexAttrBitmapKind attrKind)
{
	Bitmapset *attrs;

	Assert(attrKind == INDEX_ATTR_BITMAP_ALL);
	list_free(GetIndexes(relation, &attrs));
	return attrs;
}
