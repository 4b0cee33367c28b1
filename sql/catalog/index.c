/*
 * index.c
 *		Indexes come and go: their rows, and how they are filled.
 *
 * Making an index is one transaction: rows, file, content, counts.  It holds
 * ShareLock on the table, so that the table can be read but not changed
 * meanwhile, and AccessExclusiveLock on the index, which nobody else can see
 * before the commit.  An error anywhere leaves nothing: the rows are not
 * visible and the file is removed by the abort.
 *
 * The counts of rows and pages are written over the rows of pg_class in place:
 * they are hints, true for everybody at once, and a rollback of the rest of the
 * transaction does no harm to them.
 *
 * The steps of CONCURRENTLY are in index_concurrent.c.
 *
 * Corresponds to PostgreSQL's catalog/index.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/heap.h"
#include "catalog/index.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/storage.h"
#include "commands/progress.h"
#include "commands/tablecmds.h"
#include "executor/executor.h"
#include "lib/stringinfo.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/value.h"
#include "optimizer/optimizer.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/backend_progress.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/trace.h"

#define INT2OID 21
#define OIDOID 26

/* An int2vector or oidvector of n values, each of elemlen bytes. */
static Datum
MakeVector(Oid elemtype, int elemlen, const void *values, int n)
{
	oidvector *vector = palloc0(offsetof(oidvector, values) + n * elemlen);

	SET_VARSIZE(vector, offsetof(oidvector, values) + n * elemlen);
	vector->ndim = 1;
	vector->elemtype = elemtype;
	vector->dim1 = n;
	memcpy(vector->values, values, n * elemlen);
	return PointerGetDatum(vector);
}

static void
SetTree(void *tree, Datum *value, bool *isnull)
{
	*isnull = tree == NULL;
	if (tree != NULL)
		*value = CStringGetTextDatum(nodeToString(tree));
}

static void
InsertPgIndexTuple(Oid indexoid, Oid heapoid, IndexInfo *indexInfo,
                   Oid *collationOids, Oid *classOids, int16 *coloptions,
                   bool ready)
{
	Relation rel = table_open(IndexRelationId, RowExclusiveLock);
	Datum values[Natts_pg_index] = {0};
	bool nulls[Natts_pg_index] = {false};
	int nkey = indexInfo->ii_NumIndexKeyAttrs;
	int i = 0;

	values[i++] = ObjectIdGetDatum(indexoid);
	values[i++] = ObjectIdGetDatum(heapoid);
	values[i++] = Int16GetDatum(indexInfo->ii_NumIndexAttrs);
	values[i++] = Int16GetDatum(nkey);
	values[i++] = BoolGetDatum(indexInfo->ii_Unique);
	values[i++] = BoolGetDatum(false); /* indnullsnotdistinct */
	values[i++] = BoolGetDatum(false); /* indisprimary */
	values[i++] = BoolGetDatum(false); /* indisexclusion */
	values[i++] = BoolGetDatum(true);  /* indimmediate */
	values[i++] = BoolGetDatum(false); /* indisclustered */
	values[i++] = BoolGetDatum(ready); /* indisvalid */
	values[i++] = BoolGetDatum(false); /* indcheckxmin */
	values[i++] = BoolGetDatum(ready); /* indisready */
	values[i++] = BoolGetDatum(true);  /* indislive */
	values[i++] = BoolGetDatum(false); /* indisreplident */
	values[i++] =
		MakeVector(INT2OID, sizeof(int16), indexInfo->ii_IndexAttrNumbers,
	               indexInfo->ii_NumIndexAttrs);
	values[i++] = MakeVector(OIDOID, sizeof(Oid), collationOids, nkey);
	values[i++] = MakeVector(OIDOID, sizeof(Oid), classOids, nkey);
	values[i++] = MakeVector(INT2OID, sizeof(int16), coloptions, nkey);
	SetTree(indexInfo->ii_Expressions, &values[i], &nulls[i]);
	i++;
	SetTree(indexInfo->ii_Predicate != NIL
	            ? make_ands_explicit(indexInfo->ii_Predicate)
	            : NULL,
	        &values[i], &nulls[i]);
	Assert(i + 1 == Natts_pg_index);
	CatalogTupleInsert(rel,
	                   heap_form_tuple(RelationGetDescr(rel), values, nulls));
	table_close(rel, NoLock);
}

/* The index stores what the table's columns have, or the expressions give. */
TupleDesc
ConstructTupleDescriptor(Relation heapRelation, IndexInfo *indexInfo,
                         List *colnames, const Oid *collationOids)
{
	TupleDesc desc = CreateTemplateTupleDesc(indexInfo->ii_NumIndexAttrs);
	int nexprs = 0;

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute to = TupleDescAttr(desc, i);
		AttrNumber attnum = indexInfo->ii_IndexAttrNumbers[i];

		if (attnum != 0)
			*to = *TupleDescAttr(RelationGetDescr(heapRelation), attnum - 1);
		else
		{
			Node *expr = list_nth(indexInfo->ii_Expressions, nexprs++);

			TupleDescInitEntry(desc, i + 1, NULL, exprType(expr),
			                   exprTypmod(expr), 0);
		}
		to->attnum = i + 1;
		to->attnotnull = false;
		to->attcollation = collationOids[i];
		memset(&to->attname, 0, sizeof(NameData));
		strlcpy(NameStr(to->attname), strVal(list_nth(colnames, i)),
		        NAMEDATALEN);
	}
	return desc;
}

/*
 * Over the row of pg_class: hasindex only ever becomes true here, counts
 * only if reltuples is not negative.  An empty table whose rows were never
 * counted stays one: it is empty because it is new, and the planner takes it
 * to be small rather than empty.
 */
static void
index_update_stats(Relation rel, bool hasindex, double reltuples)
{
	Relation pg_class = table_open(RelationRelationId, RowExclusiveLock);
	/* before the row's page is locked */
	int32 relpages = (int32) RelationGetNumberOfBlocks(rel);
	Buffer buffer;
	HeapTuple tuple =
		CatalogInplaceBegin(pg_class, RELOID, RelationGetRelid(rel), &buffer);
	Form_pg_class form;
	bool dirty = false;

	if (tuple == NULL)
		elog(ERROR, "could not find tuple for relation %u",
		     RelationGetRelid(rel));
	form = (Form_pg_class) GETSTRUCT(tuple);
	if (hasindex && !form->relhasindex)
	{
		form->relhasindex = true;
		dirty = true;
	}
	if (reltuples == 0 && form->reltuples < 0)
		reltuples = -1;
	if (reltuples >= 0 &&
	    (form->relpages != relpages || form->reltuples != (float4) reltuples))
	{
		form->relpages = relpages;
		form->reltuples = (float4) reltuples;
		dirty = true;
	}
	CatalogInplaceEnd(pg_class, tuple, buffer, dirty);
	table_close(pg_class, RowExclusiveLock);
}

/*
 * The build left out versions that older snapshots may see: the index is for
 * those taken after this transaction only.
 */
static void
SetIndexCheckXmin(Oid indexId)
{
	Relation pg_index = table_open(IndexRelationId, RowExclusiveLock);
	HeapTuple tuple =
		SearchSysCacheCopy1(INDEXRELID, ObjectIdGetDatum(indexId));

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for index %u", indexId);
	((Form_pg_index) GETSTRUCT(tuple))->indcheckxmin = true;
	CatalogTupleUpdate(pg_index, &tuple->t_self, tuple);
	heap_freetuple(tuple);
	table_close(pg_index, RowExclusiveLock);
}

/* What a crash turns an unlogged index into: an index of no rows. */
static void
BuildInitFork(Relation indexRelation)
{
	SMgrRelation srel = RelationGetSmgr(indexRelation);

	if (indexRelation->rd_rel->relpersistence != RELPERSISTENCE_UNLOGGED ||
	    smgrexists(srel, INIT_FORKNUM))
		return;
	RelationCreateInitFork(srel);
	indexRelation->rd_indam->ambuildempty(indexRelation);
}

/*
 * The line of the server's log about a build: what it took, and why it had no
 * more workers.
 */
static void
LogBuild(Relation heapRelation, Relation indexRelation,
         const IndexBuildResult *stats, TimestampTz started)
{
	const char *limit = index_workers_limit_name(stats->workers_limit);
	StringInfoData buf;

	if (stats->memory_limit == 0)
		return;
	initStringInfo(&buf);
	appendStringInfo(&buf, "built index \"%s\" on table \"%s\": ",
	                 RelationGetRelationName(indexRelation),
	                 RelationGetRelationName(heapRelation));
	appendStringInfo(&buf, "%.0f rows in %.3f s, ", stats->index_tuples,
	                 (double) (GetCurrentTimestamp() - started) /
	                     USECS_PER_SEC);
	appendStringInfo(&buf, "%zu kB of %zu kB of memory used",
	                 (stats->memory_used + 1023) / 1024,
	                 stats->memory_limit / 1024);
	if (stats->memory_packed)
		appendStringInfoString(&buf, ", packed,");
	if (stats->tuples_in_memory >= 0)
		appendStringInfo(&buf, " by the first %.0f rows",
		                 stats->tuples_in_memory);
	appendStringInfo(&buf, ", workers: %d planned, %d launched",
	                 stats->workers_planned, stats->workers_launched);
	if (limit != NULL)
		appendStringInfo(&buf, ", limited by %s", limit);
	if (stats->steps != NULL)
		appendStringInfo(&buf, ", %s", stats->steps);
	ereport(LOG, (errmsg_internal("%s", buf.data)));
	pfree(buf.data);
}

void
index_build(Relation heapRelation, Relation indexRelation, IndexInfo *indexInfo,
            bool isreindex, bool parallel)
{
	const int index[] = {
		PROGRESS_CREATEIDX_PHASE,       PROGRESS_CREATEIDX_SUBPHASE,
		PROGRESS_CREATEIDX_TUPLES_DONE, PROGRESS_CREATEIDX_TUPLES_TOTAL,
		PROGRESS_SCAN_BLOCKS_DONE,      PROGRESS_SCAN_BLOCKS_TOTAL};
	const int64 val[] = {PROGRESS_CREATEIDX_PHASE_BUILD,
	                     PROGRESS_CREATEIDX_SUBPHASE_INITIALIZE,
	                     0,
	                     0,
	                     0,
	                     0};
	TimestampTz started = GetCurrentTimestamp();
	IndexBuildResult *stats;

	Assert(indexRelation->rd_indam->ambuild != NULL);
	ereport(DEBUG1, (errmsg_internal("building index \"%s\" on table \"%s\"",
	                                 RelationGetRelationName(indexRelation),
	                                 RelationGetRelationName(heapRelation))));
	pgstat_progress_update_multi_param(lengthof(index), index, val);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_OWN_INDEX_OID,
	                             RelationGetRelid(indexRelation));
	BUILD_STEP("index-build", RelationGetRelid(indexRelation));
	stats = indexRelation->rd_indam->ambuild(heapRelation, indexRelation,
	                                         indexInfo);
	Assert(stats != NULL);
	indexInfo->ii_BuildResult = stats;
	BUILD_STEP("index-built", RelationGetRelid(indexRelation));
	LogBuild(heapRelation, indexRelation, stats, started);

	INJECTION_POINT("index-init-fork");
	BuildInitFork(indexRelation);
	if (indexInfo->ii_BrokenHotChain && !isreindex && !indexInfo->ii_Concurrent)
		SetIndexCheckXmin(RelationGetRelid(indexRelation));
	INJECTION_POINT("index-update-heap-stats");
	index_update_stats(heapRelation, true, stats->heap_tuples);
	INJECTION_POINT("index-update-stats");
	index_update_stats(indexRelation, false, stats->index_tuples);
	CommandCounterIncrement();
}

static Oid
CreateIndexRows(Relation heapRelation, const char *indexRelationName,
                IndexInfo *indexInfo, List *indexColNames,
                Oid accessMethodObjectId, Oid *collationObjectId,
                Oid *classObjectId, int16 *coloptions, Datum reloptions,
                bool ready)
{
	NewRelation newrel = {
		.relname = indexRelationName,
		.relnamespace = RelationGetNamespace(heapRelation),
		.owner = heapRelation->rd_rel->relowner,
		.relam = accessMethodObjectId,
		.relkind = RELKIND_INDEX,
		.relpersistence = heapRelation->rd_rel->relpersistence,
		.has_storage = true,
		.reloptions = reloptions,
	};
	Oid indexId;

	INJECTION_POINT("index-create-rows");
	LockRelationName(indexRelationName, newrel.relnamespace);
	if (OidIsValid(get_relname_relid(indexRelationName, newrel.relnamespace)))
		ereport(ERROR,
		        (errcode(ERRCODE_DUPLICATE_TABLE),
		         errmsg("relation \"%s\" already exists", indexRelationName)));

	newrel.tupdesc = ConstructTupleDescriptor(heapRelation, indexInfo,
	                                          indexColNames, collationObjectId);
	indexId = heap_create_with_catalog(&newrel);
	InsertPgIndexTuple(indexId, RelationGetRelid(heapRelation), indexInfo,
	                   collationObjectId, classObjectId, coloptions, ready);
	CommandCounterIncrement();
	return indexId;
}

Oid
index_create(Relation heapRelation, const char *indexRelationName,
             IndexInfo *indexInfo, List *indexColNames,
             Oid accessMethodObjectId, Oid *collationObjectId,
             Oid *classObjectId, int16 *coloptions, Datum reloptions)
{
	Oid indexId =
		CreateIndexRows(heapRelation, indexRelationName, indexInfo,
	                    indexColNames, accessMethodObjectId, collationObjectId,
	                    classObjectId, coloptions, reloptions, true);
	Relation indexRelation = index_open(indexId, NoLock);

	index_build(heapRelation, indexRelation, indexInfo, false, true);
	index_close(indexRelation, NoLock);
	return indexId;
}

Oid
index_create_concurrent(Relation heapRelation, const char *indexRelationName,
                        IndexInfo *indexInfo, List *indexColNames,
                        Oid accessMethodObjectId, Oid *collationObjectId,
                        Oid *classObjectId, int16 *coloptions, Datum reloptions)
{
	Oid indexId =
		CreateIndexRows(heapRelation, indexRelationName, indexInfo,
	                    indexColNames, accessMethodObjectId, collationObjectId,
	                    classObjectId, coloptions, reloptions, false);

	index_update_stats(heapRelation, true, -1);
	CommandCounterIncrement();
	return indexId;
}

void
index_set_state_flags(Oid indexId, IndexStateFlagsAction action)
{
	Relation pg_index = table_open(IndexRelationId, RowExclusiveLock);
	HeapTuple tuple =
		SearchSysCacheCopy1(INDEXRELID, ObjectIdGetDatum(indexId));
	Form_pg_index form;

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for index %u", indexId);
	form = (Form_pg_index) GETSTRUCT(tuple);
	INJECTION_POINT("index-set-state");
	switch (action)
	{
		case INDEX_CREATE_SET_READY:
			Assert(form->indislive && !form->indisready && !form->indisvalid);
			form->indisready = true;
			break;
		case INDEX_CREATE_SET_VALID:
			Assert(form->indislive && form->indisready && !form->indisvalid);
			form->indisvalid = true;
			break;
		case INDEX_DROP_CLEAR_VALID:
			form->indisvalid = false;
			break;
		case INDEX_DROP_SET_DEAD:
			Assert(!form->indisvalid);
			form->indisready = false;
			form->indislive = false;
			break;
	}
	CatalogTupleUpdate(pg_index, &tuple->t_self, tuple);
	heap_freetuple(tuple);
	table_close(pg_index, RowExclusiveLock);
	CommandCounterIncrement();
}

/* Whatever it was before: a complete index from now on. */
static void
MarkIndexRebuilt(Oid indexId, bool check_xmin)
{
	Relation pg_index = table_open(IndexRelationId, RowExclusiveLock);
	HeapTuple tuple =
		SearchSysCacheCopy1(INDEXRELID, ObjectIdGetDatum(indexId));
	Form_pg_index form;

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for index %u", indexId);
	form = (Form_pg_index) GETSTRUCT(tuple);

	/* it had the versions that the build left out: nobody loses by that */
	if (form->indisvalid && form->indisready && form->indislive &&
	    !form->indcheckxmin)
		check_xmin = false;
	if (!form->indisvalid || !form->indisready || !form->indislive ||
	    form->indcheckxmin != check_xmin)
	{
		INJECTION_POINT("index-mark-rebuilt");
		form->indisvalid = true;
		form->indisready = true;
		form->indislive = true;
		form->indcheckxmin = check_xmin;
		CatalogTupleUpdate(pg_index, &tuple->t_self, tuple);
		CommandCounterIncrement();
	}
	heap_freetuple(tuple);
	table_close(pg_index, RowExclusiveLock);
}

void
reindex_index(Oid indexId)
{
	Relation heap = table_open(IndexGetRelation(indexId, false), ShareLock);
	Relation index = index_open(indexId, AccessExclusiveLock);
	IndexInfo *info;

	if (index->rd_refcnt != 1)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_IN_USE),
		                errmsg("cannot REINDEX INDEX \"%s\" because it is "
		                       "being used by active queries in this session",
		                       RelationGetRelationName(index))));
	CheckNotOtherTemp(heap, "reindex");
	INJECTION_POINT("reindex-index");
	info = BuildIndexInfo(index);
	info->ii_ReadyForInserts = true;
	RelationSetNewRelfilenode(index, index->rd_rel->relpersistence);
	index_build(heap, index, info, true, true);
	MarkIndexRebuilt(indexId, info->ii_BrokenHotChain);
	index_close(index, NoLock);
	table_close(heap, NoLock);
}

/*
 * The table stays marked as having indexes, as in PostgreSQL: the mark says
 * where to look, not what is there.
 */
void
index_drop(Oid indexId, bool concurrent_lock_mode)
{
	Oid heapId = IndexGetRelation(indexId, false);

	LockRelationOid(heapId, concurrent_lock_mode ? ShareUpdateExclusiveLock
	                                             : AccessExclusiveLock);
	LockRelationOid(indexId, AccessExclusiveLock);
	heap_drop_with_catalog(indexId);
	CacheInvalidateRelcacheByRelid(heapId);
	CommandCounterIncrement();
}

List *
index_list_all(Oid heapId)
{
	Relation pg_index = table_open(IndexRelationId, AccessShareLock);
	TableScanDesc scan =
		table_beginscan(pg_index, GetCatalogSnapshot(IndexRelationId), 0, NULL);
	List *found = NIL;
	HeapTuple tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);

		if (form->indrelid == heapId)
			found = lappend_oid(found, form->indexrelid);
	}
	table_endscan(scan);
	table_close(pg_index, AccessShareLock);
	list_sort(found, list_oid_cmp);
	return found;
}

IndexInfo *
BuildIndexInfo(Relation index)
{
	Form_pg_index form = index->rd_index;
	IndexInfo *info = makeIndexInfo(
		form->indnatts, form->indnkeyatts, index->rd_rel->relam,
		RelationGetIndexExpressions(index), RelationGetIndexPredicate(index),
		form->indisunique, false, form->indisready, false);

	for (int i = 0; i < form->indnatts; i++)
		info->ii_IndexAttrNumbers[i] = form->indkey.values[i];
	return info;
}

void
FormIndexDatum(IndexInfo *indexInfo, TupleTableSlot *slot, EState *estate,
               Datum *values, bool *isnull)
{
	ExprContext *econtext = NULL;
	int nexprs = 0;

	if (indexInfo->ii_Expressions != NIL)
	{
		econtext = GetPerTupleExprContext(estate);
		Assert(econtext->ecxt_scantuple == slot);
		if (indexInfo->ii_ExpressionsState == NIL)
			indexInfo->ii_ExpressionsState =
				ExecPrepareExprList(indexInfo->ii_Expressions, estate);
	}
	for (int i = 0; i < indexInfo->ii_NumIndexAttrs; i++)
	{
		AttrNumber attnum = indexInfo->ii_IndexAttrNumbers[i];

		if (attnum != 0)
			values[i] = slot_getattr(slot, attnum, &isnull[i]);
		else
			values[i] = ExecEvalExprSwitchContext(
				list_nth(indexInfo->ii_ExpressionsState, nexprs++), econtext,
				&isnull[i]);
	}
}

bool
IndexHoldsRow(IndexInfo *indexInfo, TupleTableSlot *slot, EState *estate)
{
	ExprContext *econtext;

	if (indexInfo->ii_Predicate == NIL)
		return true;
	econtext = GetPerTupleExprContext(estate);
	Assert(econtext->ecxt_scantuple == slot);
	if (indexInfo->ii_PredicateState == NULL)
		indexInfo->ii_PredicateState =
			ExecPrepareQual(indexInfo->ii_Predicate, estate);
	return ExecQual(indexInfo->ii_PredicateState, econtext);
}

Oid
IndexGetRelation(Oid indexId, bool missing_ok)
{
	HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(indexId));
	Oid result;

	if (tuple == NULL)
	{
		if (missing_ok)
			return InvalidOid;
		elog(ERROR, "cache lookup failed for index %u", indexId);
	}
	result = ((Form_pg_index) GETSTRUCT(tuple))->indrelid;
	ReleaseSysCache(tuple);
	return result;
}
