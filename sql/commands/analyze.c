/*
 * analyze.c
 *		ANALYZE: how many rows a table has, from a sample of its pages.
 *
 * Pages are chosen at random without repetition, in ascending order (Knuth's
 * algorithm S): SAMPLE_PAGES of them, or all of a small table.  The planner
 * uses numbers of rows and pages only; distributions of values are not kept.  How
 * many of the rows a partial index holds is found out from some rows of each page.
 *
 * Corresponds to PostgreSQL's commands/analyze.c.
 */
#include "postgres.h"

#include <math.h>

#include "access/heapam.h"
#include "access/relation.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/system_views.h"
#include "commands/dbcommands.h"
#include "commands/vacuum.h"
#include "common/pg_prng.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "storage/procarray.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* as PostgreSQL with default_statistics_target 100 */
#define SAMPLE_PAGES 30000
#define SAMPLE_ROWS 30000

/* A partial index, and how many of the live rows seen it holds. */
typedef struct PartialIndex
{
	Oid indexoid;
	IndexInfo *info;
	double rows;
} PartialIndex;

typedef struct Sample
{
	BlockNumber total_pages;
	BlockNumber scanned_pages;
	double live;
	double dead;
	double estimated;
	List *partial;        /* PartialIndexes */
	int rows_per_page;    /* that they are asked about, at most */
	EState *estate;       /* if there are any */
	TupleTableSlot *slot; /* a row of the table */
} Sample;

/*
 * The live rows of a page that is pinned, so that they stay where they are.  A
 * few of them, from any place on, stand for all of them.
 */
static void
count_partial_rows(Sample *sample, Buffer buf, const HeapTupleData *live,
                   int nlive)
{
	int n = Min(nlive, sample->rows_per_page);
	int first =
		nlive > n ? (int) (pg_prng_double(&pg_global_prng_state) * nlive) : 0;

	for (int i = 0; i < n; i++)
	{
		HeapTupleData tuple = live[(first + i) % nlive];
		ListCell *lc;

		ExecStoreBufferHeapTuple(&tuple, sample->slot, buf);
		ResetPerTupleExprContext(sample->estate);
		foreach (lc, sample->partial)
		{
			PartialIndex *index = lfirst(lc);

			if (IndexHoldsRow(index->info, sample->slot, sample->estate))
				index->rows += (double) nlive / n;
		}
		ExecClearTuple(sample->slot);
	}
}

static void
count_page(Relation rel, BlockNumber blkno, TransactionId OldestXmin,
           BufferAccessStrategy bstrategy, Sample *sample)
{
	Buffer buf =
		ReadBufferExtended(rel, MAIN_FORKNUM, blkno, RBM_NORMAL, bstrategy);
	Page page = BufferGetPage(buf);
	HeapTupleData live[MaxHeapTuplesPerPage];
	int nlive = 0;
	OffsetNumber maxoff;

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	maxoff = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);
	for (OffsetNumber off = FirstOffsetNumber; off <= maxoff; off++)
	{
		ItemId lp = PageGetItemId(page, off);
		HeapTupleData tuple;
		TransactionId xid;
		bool counts = false;

		if (!ItemIdIsNormal(lp))
		{
			/* a dead one counts as a row that vacuum has to remove */
			if (ItemIdIsDead(lp))
				sample->dead++;
			continue;
		}
		ItemPointerSet(&tuple.t_self, blkno, off);
		tuple.t_data = (HeapTupleHeader) PageGetItem(page, lp);
		tuple.t_len = ItemIdGetLength(lp);
		tuple.t_tableOid = RelationGetRelid(rel);
		switch (HeapTupleSatisfiesVacuum(&tuple, OldestXmin, buf))
		{
			case HEAPTUPLE_LIVE:
				counts = true;
				break;
			case HEAPTUPLE_DEAD:
			case HEAPTUPLE_RECENTLY_DEAD:
				sample->dead++;
				break;
			case HEAPTUPLE_INSERT_IN_PROGRESS:
				/* others count theirs when they commit */
				xid = HeapTupleHeaderGetXmin(tuple.t_data);
				counts = TransactionIdIsCurrentTransactionId(xid);
				break;
			case HEAPTUPLE_DELETE_IN_PROGRESS:
				xid = HeapTupleHeaderGetUpdateXid(tuple.t_data);
				counts = !TransactionIdIsCurrentTransactionId(xid);
				if (!counts)
					sample->dead++;
				break;
		}
		if (counts)
			live[nlive++] = tuple;
	}
	LockBuffer(buf, BUFFER_LOCK_UNLOCK);
	if (sample->partial != NIL)
		count_partial_rows(sample, buf, live, nlive);
	ReleaseBuffer(buf);
	sample->live += nlive;
	sample->scanned_pages++;
}

static void
sample_table(Relation rel, BufferAccessStrategy bstrategy, Sample *sample)
{
	TransactionId OldestXmin = GetOldestNonRemovableTransactionId(rel);
	BlockNumber wanted;

	sample->total_pages = RelationGetNumberOfBlocks(rel);
	wanted = Min(sample->total_pages, SAMPLE_PAGES);
	sample->rows_per_page = SAMPLE_ROWS / (int) Max(wanted, 1);
	for (BlockNumber blkno = 0;
	     blkno < sample->total_pages && sample->scanned_pages < wanted; blkno++)
	{
		double left = sample->total_pages - blkno;

		if (wanted < sample->total_pages &&
		    pg_prng_double(&pg_global_prng_state) * left >=
		        wanted - sample->scanned_pages)
			continue;
		vacuum_delay_point();
		INJECTION_POINT("analyze-page");
		count_page(rel, blkno, OldestXmin, bstrategy, sample);
	}
	if (sample->scanned_pages > 0)
	{
		double scale = (double) sample->total_pages / sample->scanned_pages;

		sample->estimated = floor(sample->live * scale + 0.5);
		sample->dead = floor(sample->dead * scale + 0.5);
	}
}

/* What is asked of each row that is looked at. */
static void
begin_sample(Sample *sample, Relation rel, Relation *indexes, int nindexes)
{
	memset(sample, 0, sizeof(*sample));
	for (int i = 0; i < nindexes; i++)
	{
		IndexInfo *info = BuildIndexInfo(indexes[i]);
		PartialIndex *partial;

		if (info->ii_Predicate == NIL)
			continue;
		partial = palloc0_object(PartialIndex);
		partial->indexoid = RelationGetRelid(indexes[i]);
		partial->info = info;
		sample->partial = lappend(sample->partial, partial);
	}
	if (sample->partial == NIL)
		return;
	sample->slot = table_slot_create(rel, NULL);
	sample->estate = CreateExecutorState();
	GetPerTupleExprContext(sample->estate)->ecxt_scantuple = sample->slot;
}

static void
end_sample(Sample *sample)
{
	if (sample->partial == NIL)
		return;
	ExecDropSingleTupleTableSlot(sample->slot);
	FreeExecutorState(sample->estate);
}

/* Rows of the whole table that the index holds. */
static double
index_rows(const Sample *sample, Oid indexoid)
{
	ListCell *lc;

	foreach (lc, sample->partial)
	{
		PartialIndex *partial = lfirst(lc);

		if (partial->indexoid == indexoid)
			return sample->live > 0
			           ? ceil(partial->rows / sample->live * sample->estimated)
			           : 0;
	}
	return sample->estimated;
}

static void
log_analyze(Relation rel, const VacuumUsage *start)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "automatic analyze of table \"%s.%s.%s\"\n",
	                 get_database_name(MyDatabaseId),
	                 get_namespace_name(RelationGetNamespace(rel)),
	                 RelationGetRelationName(rel));
	vacuum_usage_show(start, &buf, false);
	ereport(LOG, (errmsg_internal("%s", buf.data)));
	pfree(buf.data);
}

static void
analyze_open_rel(Relation rel, VacuumParams *params, bool in_outer_xact,
                 BufferAccessStrategy bstrategy)
{
	int elevel = params->options & VACOPT_VERBOSE ? INFO : DEBUG2;
	BlockNumber all_visible;
	Relation *indexes;
	int nindexes;
	VacuumUsage start;
	Sample sample;

	vacuum_usage_start(&start);
	ereport(elevel, (errmsg("analyzing \"%s.%s\"",
	                        get_namespace_name(RelationGetNamespace(rel)),
	                        RelationGetRelationName(rel))));
	vac_open_indexes(rel, AccessShareLock, &nindexes, &indexes);
	/* The vacuum that came before has counted the entries themselves. */
	if (params->options & VACOPT_VACUUM)
		begin_sample(&sample, rel, NULL, 0);
	else
		begin_sample(&sample, rel, indexes, nindexes);
	sample_table(rel, bstrategy, &sample);
	end_sample(&sample);
	ereport(elevel,
	        (errmsg("\"%s\": scanned %u of %u pages, containing %.0f live rows "
	                "and %.0f dead rows; %.0f rows in sample, %.0f estimated "
	                "total rows",
	                RelationGetRelationName(rel), sample.scanned_pages,
	                sample.total_pages, sample.live, sample.dead, sample.live,
	                sample.estimated)));
	visibilitymap_count(rel, &all_visible, NULL);
	vac_update_relstats(rel, sample.total_pages, sample.estimated,
	                    Min(all_visible, sample.total_pages),
	                    rel->rd_rel->relhasindex, InvalidTransactionId, NULL);
	for (int i = 0; i < nindexes && !(params->options & VACOPT_VACUUM); i++)
		vac_update_relstats(indexes[i], RelationGetNumberOfBlocks(indexes[i]),
		                    index_rows(&sample, RelationGetRelid(indexes[i])),
		                    0, false, InvalidTransactionId, NULL);
	vac_close_indexes(nindexes, indexes, NoLock);
	pgstat_report_analyze(rel, (PgStat_Counter) sample.estimated,
	                      (PgStat_Counter) sample.dead);
	if (vacuum_usage_logged(&start, params))
		log_analyze(rel, &start);
}

void
analyze_rel(const VacuumRelation *vrel, VacuumParams *params,
            bool in_outer_xact, BufferAccessStrategy bstrategy)
{
	Relation rel;

	CHECK_FOR_INTERRUPTS();
	rel = vacuum_open_relation(vrel, params, ShareUpdateExclusiveLock,
	                           VACOPT_ANALYZE);
	if (rel == NULL)
		return;
	analyze_open_rel(rel, params, in_outer_xact, bstrategy);
	relation_close(rel, NoLock);
}
