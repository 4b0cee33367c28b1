/*
 * index_concurrent.c
 *		The steps of building, replacing and retiring an index while the table
 *		is written to.
 *
 * Each function is one change of the catalogs or one scan; when each may be
 * done and who has to be waited for before is the business of its callers
 * (commands/indexconcurrent.c, commands/reindexconcurrent.c).  None of them
 * commits.
 *
 * Corresponds to index_concurrently_* and validate_index of PostgreSQL's
 * catalog/index.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/heap.h"
#include "catalog/index.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "commands/progress.h"
#include "nodes/value.h"
#include "pgstat.h"
#include "storage/shmem.h"
#include "utils/backend_progress.h"
#include "utils/injection_point.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* a column of pg_class */
#define ATTNUM_RELOPTIONS 32

/* TIDs of the index, while they are collected. */
typedef struct TidCollector
{
	ItemPointerData *tids;
	int64 ntids;
	int64 capacity;
} TidCollector;

static HeapTuple
CatalogCopy(int cacheid, Oid oid)
{
	HeapTuple tuple = SearchSysCacheCopy1(cacheid, ObjectIdGetDatum(oid));

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for index %u", oid);
	return tuple;
}

/* ---- a copy to be ---- */

static void *
IndexVector(HeapTuple tuple, int attnum)
{
	bool isnull;
	Datum value = SysCacheGetAttr(INDEXRELID, tuple, attnum, &isnull);

	Assert(!isnull);
	return ((oidvector *) DatumGetPointer(value))->values;
}

static Datum
RelationOptions(HeapTuple tuple)
{
	bool isnull;
	Datum options = SysCacheGetAttr(RELOID, tuple, ATTNUM_RELOPTIONS, &isnull);

	return isnull ? (Datum) 0 : options;
}

Oid
index_concurrently_create_copy(Relation heapRelation, Oid oldIndexId,
                               const char *newName)
{
	Relation index = index_open(oldIndexId, RowExclusiveLock);
	IndexInfo *info = BuildIndexInfo(index);
	HeapTuple indextuple = CatalogCopy(INDEXRELID, oldIndexId);
	HeapTuple classtuple = CatalogCopy(RELOID, oldIndexId);
	TupleDesc desc = RelationGetDescr(index);
	List *colnames = NIL;
	Oid newIndexId;

	/* as they were written, not as they are folded */
	info->ii_Expressions = RelationGetRawIndexExpressions(index);
	info->ii_Predicate = RelationGetRawIndexPredicate(index);
	for (int i = 0; i < desc->natts; i++)
		colnames = lappend(
			colnames,
			makeString(pstrdup(NameStr(TupleDescAttr(desc, i)->attname))));
	newIndexId = index_create_concurrent(
		heapRelation, newName, info, colnames, index->rd_rel->relam,
		IndexVector(indextuple, Anum_pg_index_indcollation),
		IndexVector(indextuple, Anum_pg_index_indclass),
		IndexVector(indextuple, Anum_pg_index_indoption),
		RelationOptions(classtuple));
	heap_freetuple(classtuple);
	heap_freetuple(indextuple);
	index_close(index, NoLock);
	return newIndexId;
}

/* ---- content ---- */

void
index_concurrently_build(Oid heapRelationId, Oid indexRelationId)
{
	Relation heap;
	Relation index;
	IndexInfo *info;

	Assert(ActiveSnapshotSet());
	INJECTION_POINT("concurrent-index-build");
	heap = table_open(heapRelationId, ShareUpdateExclusiveLock);
	index = index_open(indexRelationId, RowExclusiveLock);
	info = BuildIndexInfo(index);
	Assert(!info->ii_ReadyForInserts);
	info->ii_ReadyForInserts = true;
	info->ii_Concurrent = true;
	info->ii_BrokenHotChain = false;
	index_build(heap, index, info, false, true);
	index_close(index, NoLock);
	table_close(heap, NoLock);
	index_set_state_flags(indexRelationId, INDEX_CREATE_SET_READY);
	INJECTION_POINT("concurrent-index-ready");
}

/* Nothing is dead: it only looks. */
static bool
CollectTid(ItemPointer tid, void *state)
{
	TidCollector *collector = state;

	if (collector->ntids == collector->capacity)
	{
		collector->capacity *= 2;
		collector->tids =
			repalloc_huge(collector->tids, mul_size(collector->capacity,
		                                            sizeof(ItemPointerData)));
	}
	collector->tids[collector->ntids++] = *tid;
	return false;
}

static int
CompareTids(const void *a, const void *b)
{
	return ItemPointerCompare((ItemPointer) a, (ItemPointer) b);
}

void
validate_index(Oid heapId, Oid indexId, Snapshot snapshot)
{
	Relation heap = table_open(heapId, ShareUpdateExclusiveLock);
	Relation index = index_open(indexId, RowExclusiveLock);
	IndexVacuumInfo vacuum = {.index = index,
	                          .estimated_count = true,
	                          .message_level = DEBUG2,
	                          .num_heap_tuples = -1};
	TidCollector collector = {.capacity = 1024};
	ValidateIndexState state = {0};

	pgstat_progress_update_param(PROGRESS_CREATEIDX_PHASE,
	                             PROGRESS_CREATEIDX_PHASE_VALIDATE_IDXSCAN);
	INJECTION_POINT("concurrent-index-validate");
	collector.tids = palloc(collector.capacity * sizeof(ItemPointerData));
	(void) index_bulk_delete(&vacuum, NULL, CollectTid, &collector);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_PHASE,
	                             PROGRESS_CREATEIDX_PHASE_VALIDATE_SORT);
	INJECTION_POINT("concurrent-index-validate-sort");
	qsort(collector.tids, collector.ntids, sizeof(ItemPointerData),
	      CompareTids);
	state.tids = collector.tids;
	state.ntids = collector.ntids;
	state.itups = collector.ntids;

	pgstat_progress_update_param(PROGRESS_CREATEIDX_PHASE,
	                             PROGRESS_CREATEIDX_PHASE_VALIDATE_TABLESCAN);
	INJECTION_POINT("concurrent-index-validate-scan");
	table_index_validate_scan(heap, index, BuildIndexInfo(index), snapshot,
	                          &state);
	ereport(DEBUG2,
	        (errmsg_internal("validate_index found %.0f heap tuples, %.0f "
	                         "index tuples; inserted %.0f missing tuples",
	                         state.htups, state.itups, state.tups_inserted)));
	pfree(collector.tids);
	index_close(index, NoLock);
	table_close(heap, NoLock);
}

/* ---- one for the other ---- */

static void
SwapNames(Oid newIndexId, Oid oldIndexId, const char *oldName)
{
	Relation pg_class = table_open(RelationRelationId, RowExclusiveLock);
	HeapTuple oldtuple = CatalogCopy(RELOID, oldIndexId);
	HeapTuple newtuple = CatalogCopy(RELOID, newIndexId);
	Form_pg_class oldform = (Form_pg_class) GETSTRUCT(oldtuple);
	Form_pg_class newform = (Form_pg_class) GETSTRUCT(newtuple);

	LockRelationName(oldName, oldform->relnamespace);
	newform->relname = oldform->relname;
	memset(&oldform->relname, 0, sizeof(NameData));
	strlcpy(NameStr(oldform->relname), oldName, NAMEDATALEN);
	CatalogTupleUpdate(pg_class, &oldtuple->t_self, oldtuple);
	CatalogTupleUpdate(pg_class, &newtuple->t_self, newtuple);
	heap_freetuple(oldtuple);
	heap_freetuple(newtuple);
	table_close(pg_class, RowExclusiveLock);
}

static void
SwapValidity(Oid newIndexId, Oid oldIndexId)
{
	Relation pg_index = table_open(IndexRelationId, RowExclusiveLock);
	HeapTuple oldtuple = CatalogCopy(INDEXRELID, oldIndexId);
	HeapTuple newtuple = CatalogCopy(INDEXRELID, newIndexId);
	Form_pg_index oldform = (Form_pg_index) GETSTRUCT(oldtuple);
	Form_pg_index newform = (Form_pg_index) GETSTRUCT(newtuple);

	Assert(newform->indislive && newform->indisready && !newform->indisvalid);
	newform->indisprimary = oldform->indisprimary;
	newform->indisexclusion = oldform->indisexclusion;
	newform->indimmediate = oldform->indimmediate;
	newform->indisreplident = oldform->indisreplident;
	newform->indisclustered = oldform->indisclustered;
	newform->indisvalid = true;
	oldform->indisprimary = false;
	oldform->indisexclusion = false;
	oldform->indisvalid = false;
	oldform->indisclustered = false;
	oldform->indisreplident = false;
	CatalogTupleUpdate(pg_index, &oldtuple->t_self, oldtuple);
	CatalogTupleUpdate(pg_index, &newtuple->t_self, newtuple);
	heap_freetuple(oldtuple);
	heap_freetuple(newtuple);
	table_close(pg_index, RowExclusiveLock);
}

/*
 * Nothing depends on an index here: names and flags are all that there is to
 * swap.  The new one goes on with the counts of the old one.
 */
void
index_concurrently_swap(Oid newIndexId, Oid oldIndexId, const char *oldName)
{
	/* nobody renames, alters or drops either of them */
	Relation oldindex = relation_open(oldIndexId, ShareUpdateExclusiveLock);
	Relation newindex = relation_open(newIndexId, ShareUpdateExclusiveLock);

	SwapNames(newIndexId, oldIndexId, oldName);
	SwapValidity(newIndexId, oldIndexId);
	pgstat_copy_relation_stats(newindex, oldindex);
	relation_close(oldindex, NoLock);
	relation_close(newindex, NoLock);
}

void
index_concurrently_set_dead(Oid heapId, Oid indexId)
{
	index_set_state_flags(indexId, INDEX_DROP_SET_DEAD);
	/* the lists of a table's indexes are made anew */
	CacheInvalidateRelcacheByRelid(heapId);
}
