/*
 * analyze.c
 *		ANALYZE: how many rows a table has, from a sample of its pages.
 *
 * Pages are chosen at random without repetition, in ascending order (Knuth's
 * algorithm S): SAMPLE_PAGES of them, or all of a small table.  The planner
 * uses numbers of rows and pages only; distributions of values are not kept.
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
#include "catalog/namespace.h"
#include "catalog/system_views.h"
#include "commands/dbcommands.h"
#include "commands/vacuum.h"
#include "common/pg_prng.h"
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

typedef struct Sample
{
	BlockNumber total_pages;
	BlockNumber scanned_pages;
	double live;
	double dead;
	double estimated;
} Sample;

static void
count_page(Relation rel, BlockNumber blkno, TransactionId OldestXmin,
           BufferAccessStrategy bstrategy, Sample *sample)
{
	Buffer buf =
		ReadBufferExtended(rel, MAIN_FORKNUM, blkno, RBM_NORMAL, bstrategy);
	Page page = BufferGetPage(buf);
	OffsetNumber maxoff;

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	maxoff = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);
	for (OffsetNumber off = FirstOffsetNumber; off <= maxoff; off++)
	{
		ItemId lp = PageGetItemId(page, off);
		HeapTupleData tuple;
		TransactionId xid;

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
				sample->live++;
				break;
			case HEAPTUPLE_DEAD:
			case HEAPTUPLE_RECENTLY_DEAD:
				sample->dead++;
				break;
			case HEAPTUPLE_INSERT_IN_PROGRESS:
				/* others count theirs when they commit */
				xid = HeapTupleHeaderGetXmin(tuple.t_data);
				if (TransactionIdIsCurrentTransactionId(xid))
					sample->live++;
				break;
			case HEAPTUPLE_DELETE_IN_PROGRESS:
				xid = HeapTupleHeaderGetUpdateXid(tuple.t_data);
				if (TransactionIdIsCurrentTransactionId(xid))
					sample->dead++;
				else
					sample->live++;
				break;
		}
	}
	UnlockReleaseBuffer(buf);
	sample->scanned_pages++;
}

static void
sample_table(Relation rel, BufferAccessStrategy bstrategy, Sample *sample)
{
	TransactionId OldestXmin = GetOldestNonRemovableTransactionId(rel);
	BlockNumber wanted;

	memset(sample, 0, sizeof(*sample));
	sample->total_pages = RelationGetNumberOfBlocks(rel);
	wanted = Min(sample->total_pages, SAMPLE_PAGES);
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
	sample_table(rel, bstrategy, &sample);
	ereport(elevel,
	        (errmsg("\"%s\": scanned %u of %u pages, containing %.0f live rows "
	                "and %.0f dead rows; %.0f rows in sample, %.0f estimated "
	                "total rows",
	                RelationGetRelationName(rel), sample.scanned_pages,
	                sample.total_pages, sample.live, sample.dead, sample.live,
	                sample.estimated)));
	vac_open_indexes(rel, AccessShareLock, &nindexes, &indexes);
	visibilitymap_count(rel, &all_visible, NULL);
	vac_update_relstats(rel, sample.total_pages, sample.estimated,
	                    Min(all_visible, sample.total_pages),
	                    rel->rd_rel->relhasindex, InvalidTransactionId, NULL);
	/* The vacuum that came before has counted the entries themselves. */
	for (int i = 0; i < nindexes && !(params->options & VACOPT_VACUUM); i++)
		vac_update_relstats(indexes[i], RelationGetNumberOfBlocks(indexes[i]),
		                    sample.estimated, 0, false, InvalidTransactionId,
		                    NULL);
	vac_close_indexes(nindexes, indexes, NoLock);
	pgstat_report_analyze(rel, (PgStat_Counter) sample.estimated,
	                      (PgStat_Counter) sample.dead);
	if (vacuum_usage_logged(&start, params))
		log_analyze(rel, &start);
}

void
analyze_rel(Oid relid, VacuumParams *params, bool in_outer_xact,
            BufferAccessStrategy bstrategy)
{
	Relation rel;

	CHECK_FOR_INTERRUPTS();
	rel = vacuum_open_relation(relid, params, ShareUpdateExclusiveLock,
	                           VACOPT_ANALYZE);
	if (rel == NULL)
		return;
	analyze_open_rel(rel, params, in_outer_xact, bstrategy);
	relation_close(rel, NoLock);
}
