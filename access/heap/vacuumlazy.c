/*
 * vacuumlazy.c
 *		VACUUM of a heap, beside readers and writers of it.
 *
 * 1.	The scan: page after page is pruned, frozen where it must be, and its
 *		dead line pointers are noted.  Pages that the visibility map vouches for
 *		are passed over: those all visible, or if relfrozenxid must move only
 *		those all frozen.
 * 2.	When the memory for dead TIDs is full, and at the end: they go from
 *		every index, then their line pointers become unused (vacuumpass.c); the
 *		scan goes on.
 * 3.	Clean-up of the indexes, empty pages at the end of the file go
 *		(vacuumtruncate.c), counts into pg_class.
 *
 * Rows are removed under a cleanup lock, which is tried only: a page that is in
 * use is looked at as it is, and waited for only if it holds an xid that must
 * not stay.
 *
 * A table whose relfrozenxid is vacuum_failsafe_age old has no time for its
 * indexes: from then on the vacuum only freezes, without pauses.
 *
 * A SIGKILL leaves dead line pointers, with or without their index entries: the
 * next vacuum finds them.
 *
 * Corresponds to PostgreSQL's vacuumlazy.c, without parallel workers.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam_xlog.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "catalog/namespace.h"
#include "commands/dbcommands.h"
#include "commands/progress.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/autovacuum.h"
#include "storage/bufmgr.h"
#include "storage/freespace.h"
#include "storage/smgr.h"
#include "utils/backend_progress.h"
#include "utils/injection_point.h"
#include "utils/timestamp.h"
#include "vacuumlazy.h"

/* the most that palloc gives */
#define MAX_ALLOC ((Size) 0x3fffffff)

/* A shorter run of pages is read anyway: the kernel reads ahead. */
#define SKIP_PAGES_THRESHOLD 32
/* A table without indexes has its free space told this often. */
#define VACUUM_FSM_EVERY_PAGES ((BlockNumber) (1024 * 1024 * 1024 / BLCKSZ))
/* The age is looked at again that often. */
#define FAILSAFE_EVERY_PAGES \
	((BlockNumber) (((uint64) 4 * 1024 * 1024 * 1024) / BLCKSZ))

/* What the scan of a page found. */
typedef struct LVPagePruneState
{
	bool hastup; /* it cannot be cut off */
	bool has_lpdead_items;
	bool all_visible; /* but for dead items, which the second pass removes */
	bool all_frozen;
	TransactionId visibility_cutoff_xid;
} LVPagePruneState;

/* ---- memory ---- */

static VacDeadItems *
dead_items_alloc(LVRelState *vacrel)
{
	int kilobytes = AmAutoVacuumWorkerProcess() && autovacuum_work_mem != -1
	                    ? autovacuum_work_mem
	                    : maintenance_work_mem;
	int64 max = MaxHeapTuplesPerPage;
	VacDeadItems *dead;

	if (vacrel->nindexes > 0)
	{
		max = ((int64) kilobytes * 1024 - offsetof(VacDeadItems, items)) /
		      (int64) sizeof(ItemPointerData);
		max = Min(max, INT_MAX);
		max = Min(max, (int64) (MAX_ALLOC - sizeof(VacDeadItems)) /
		                   (int64) sizeof(ItemPointerData));
		/* no more than there can be */
		max = Min(max, (int64) vacrel->rel_pages * MaxHeapTuplesPerPage);
		max = Max(max, MaxHeapTuplesPerPage);
	}
	dead =
		palloc(offsetof(VacDeadItems, items) + sizeof(ItemPointerData) * max);
	dead->max_items = (int) max;
	dead->num_items = 0;
	return dead;
}

static void
note_dead_items(LVRelState *vacrel, BlockNumber blkno, OffsetNumber *offs,
                int n)
{
	VacDeadItems *dead = vacrel->dead_items;

	Assert(dead->num_items + n <= dead->max_items);
	for (int i = 0; i < n; i++)
		ItemPointerSet(&dead->items[dead->num_items++], blkno, offs[i]);
	vacrel->lpdead_items += n;
	vacrel->lpdead_item_pages++;
	pgstat_progress_update_param(PROGRESS_VACUUM_NUM_DEAD_TUPLES,
	                             dead->num_items);
}

/* ---- the failsafe ---- */

bool
lazy_check_wraparound_failsafe(LVRelState *vacrel)
{
	if (vacrel->failsafe_active)
		return true;
	if (!vacuum_xid_failsafe_check(vacrel->rel->rd_rel->relfrozenxid))
		return false;
	INJECTION_POINT("vacuum-failsafe");
	vacrel->failsafe_active = true;
	vacrel->do_index_vacuuming = false;
	vacrel->do_index_cleanup = false;
	vacrel->do_rel_truncate = false;
	VacuumFailsafeActive = true;
	ereport(
		WARNING,
		(errmsg("bypassing nonessential maintenance of table "
	            "\"%s.%s.%s\" as a failsafe after %d index scans",
	            vacrel->dbname, vacrel->relnamespace,
	            RelationGetRelationName(vacrel->rel), vacrel->num_index_scans),
	     errdetail("The table's relfrozenxid or relminmxid is too far in "
	               "the past."),
	     errhint("Consider increasing configuration parameter "
	             "\"maintenance_work_mem\" or \"autovacuum_work_mem\".\n"
	             "You might also need to consider other ways for VACUUM to "
	             "keep up with the allocation of transaction IDs.")));
	return true;
}

/* ---- a page ---- */

/*
 * A page without rows; true if that is what it is.  Then it is unlocked and
 * released, and its room told.  The page is locked, sharelock or exclusively.
 */
static bool
lazy_scan_new_or_empty(LVRelState *vacrel, Buffer buf, BlockNumber blkno,
                       bool sharelock, Buffer vmbuffer)
{
	Page page = BufferGetPage(buf);
	Size freespace;

	if (PageIsNew(page))
	{
		/* It was made by a growth that was not used, or a crash. */
		UnlockReleaseBuffer(buf);
		if (GetRecordedFreeSpace(vacrel->rel, blkno) == 0)
			RecordPageWithFreeSpace(vacrel->rel, blkno,
			                        BLCKSZ - SizeOfPageHeaderData);
		return true;
	}
	if (!PageIsEmpty(page))
		return false;
	if (sharelock)
	{
		LockBuffer(buf, BUFFER_LOCK_UNLOCK);
		LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
		if (!PageIsEmpty(page))
			return false;
	}
	if (!PageIsAllVisible(page))
	{
		START_CRIT_SECTION();
		MarkBufferDirty(buf);
		/* it may have been made without a record: replay needs it */
		if (RelationNeedsWAL(vacrel->rel) &&
		    XLogRecPtrIsInvalid(PageGetLSN(page)))
			log_newpage_buffer(buf, true);
		PageSetAllVisible(page);
		visibilitymap_set(vacrel->rel, blkno, buf, InvalidXLogRecPtr, vmbuffer,
		                  InvalidTransactionId,
		                  VISIBILITYMAP_ALL_VISIBLE | VISIBILITYMAP_ALL_FROZEN);
		END_CRIT_SECTION();
	}
	freespace = PageGetHeapFreeSpace(page);
	UnlockReleaseBuffer(buf);
	RecordPageWithFreeSpace(vacrel->rel, blkno, freespace);
	return true;
}

/* A tuple as it stays after pruning, for the counts and the map. */
static void
count_tuple(LVRelState *vacrel, LVPagePruneState *state, HeapTuple tuple,
            HTSV_Result htsv)
{
	TransactionId xmin;

	switch (htsv)
	{
		case HEAPTUPLE_LIVE:
			vacrel->live_tuples++;
			if (!state->all_visible)
				break;
			if (!HeapTupleHeaderXminCommitted(tuple->t_data))
			{
				state->all_visible = false;
				break;
			}
			xmin = HeapTupleHeaderGetXmin(tuple->t_data);
			if (!TransactionIdPrecedes(xmin, vacrel->OldestXmin))
			{
				state->all_visible = false;
				break;
			}
			if (TransactionIdIsNormal(xmin) &&
			    TransactionIdFollows(xmin, state->visibility_cutoff_xid))
				state->visibility_cutoff_xid = xmin;
			break;
		case HEAPTUPLE_RECENTLY_DEAD:
			vacrel->recently_dead_tuples++;
			state->all_visible = false;
			break;
		case HEAPTUPLE_INSERT_IN_PROGRESS:
			/* whoever inserts it counts it */
			state->all_visible = false;
			break;
		case HEAPTUPLE_DELETE_IN_PROGRESS:
			state->all_visible = false;
			vacrel->live_tuples++;
			break;
		default:
			elog(ERROR, "unexpected HeapTupleSatisfiesVacuum result");
	}
}

/* Does it keep the page from being cut off? */
static bool
ItemHoldsPage(ItemId lp)
{
	return ItemIdIsUsed(lp) && !ItemIdIsDead(lp);
}

static void
freeze_page(LVRelState *vacrel, Buffer buf, xl_heap_freeze_tuple *frozen,
            int nfrozen)
{
	Page page = BufferGetPage(buf);

	START_CRIT_SECTION();
	MarkBufferDirty(buf);
	for (int i = 0; i < nfrozen; i++)
		heap_execute_freeze_tuple(
			(HeapTupleHeader) PageGetItem(
				page, PageGetItemId(page, frozen[i].offset)),
			&frozen[i]);
	INJECTION_POINT_CRITICAL("vacuum-freeze-log");
	if (RelationNeedsWAL(vacrel->rel))
		PageSetLSN(page, log_heap_freeze(vacrel->rel, buf, vacrel->FreezeLimit,
		                                 frozen, nfrozen));
	END_CRIT_SECTION();
}

/*
 * Under a cleanup lock.  A transaction that inserted may abort between the
 * pruning and the look at the tuple: then the page is pruned again, for no dead
 * tuple may stay.
 */
static void
lazy_scan_prune(LVRelState *vacrel, Buffer buf, BlockNumber blkno,
                LVPagePruneState *state)
{
	Page page = BufferGetPage(buf);
	xl_heap_freeze_tuple frozen[MaxHeapTuplesPerPage];
	OffsetNumber deadoffsets[MaxHeapTuplesPerPage];
	TransactionId new_relfrozenxid;
	LVRelState saved;
	int tuples_deleted;
	int nnewlpdead;
	int ndead;
	int nfrozen;
	bool again;

	do
	{
		OffsetNumber maxoff;

		saved = *vacrel;
		again = false;
		new_relfrozenxid = vacrel->NewRelfrozenXid;
		ndead = nfrozen = 0;
		memset(state, 0, sizeof(*state));
		state->all_visible = true;
		state->all_frozen = true;
		tuples_deleted = heap_page_prune(vacrel->rel, buf, vacrel->OldestXmin,
		                                 &nnewlpdead, NULL);
		maxoff = PageGetMaxOffsetNumber(page);
		for (OffsetNumber off = FirstOffsetNumber; off <= maxoff; off++)
		{
			ItemId lp = PageGetItemId(page, off);
			HeapTupleData tuple;
			HTSV_Result htsv;
			bool totally_frozen;

			if (!ItemIdIsUsed(lp))
				continue;
			if (ItemIdIsDead(lp))
			{
				deadoffsets[ndead++] = off;
				continue;
			}
			state->hastup = true;
			if (ItemIdIsRedirected(lp))
				continue;
			ItemPointerSet(&tuple.t_self, blkno, off);
			tuple.t_data = (HeapTupleHeader) PageGetItem(page, lp);
			tuple.t_len = ItemIdGetLength(lp);
			tuple.t_tableOid = RelationGetRelid(vacrel->rel);
			htsv = HeapTupleSatisfiesVacuum(&tuple, vacrel->OldestXmin, buf);
			if (htsv == HEAPTUPLE_DEAD)
			{
				again = true;
				break;
			}
			count_tuple(vacrel, state, &tuple, htsv);
			if (heap_prepare_freeze_tuple(tuple.t_data,
			                              vacrel->rel->rd_rel->relfrozenxid,
			                              vacrel->FreezeLimit, &frozen[nfrozen],
			                              &totally_frozen, &new_relfrozenxid))
				frozen[nfrozen++].offset = off;
			if (!totally_frozen)
				state->all_frozen = false;
		}
		if (again)
			*vacrel = saved;
	} while (again);

	vacrel->NewRelfrozenXid = new_relfrozenxid;
	if (nfrozen > 0)
		freeze_page(vacrel, buf, frozen, nfrozen);
	if (ndead > 0)
	{
		state->has_lpdead_items = true;
		note_dead_items(vacrel, blkno, deadoffsets, ndead);
	}
	vacrel->tuples_deleted += tuples_deleted;
}

/*
 * Under a share lock, without pruning.  False: it must be pruned, because of an
 * xid that may not stay.
 */
static bool
lazy_scan_noprune(LVRelState *vacrel, Buffer buf, BlockNumber blkno,
                  bool *hastup, bool *recordfreespace)
{
	Page page = BufferGetPage(buf);
	OffsetNumber maxoff = PageGetMaxOffsetNumber(page);
	TransactionId oldest = vacrel->NewRelfrozenXid;
	OffsetNumber deadoffsets[MaxHeapTuplesPerPage];
	int ndead = 0;
	int64 live = 0;
	int64 recently_dead = 0;
	int64 missed = 0;

	*hastup = false;
	*recordfreespace = false;
	for (OffsetNumber off = FirstOffsetNumber; off <= maxoff; off++)
	{
		ItemId lp = PageGetItemId(page, off);
		HeapTupleData tuple;

		if (!ItemIdIsUsed(lp))
			continue;
		if (ItemHoldsPage(lp))
			*hastup = true;
		if (ItemIdIsRedirected(lp))
			continue;
		if (ItemIdIsDead(lp))
		{
			deadoffsets[ndead++] = off;
			continue;
		}
		ItemPointerSet(&tuple.t_self, blkno, off);
		tuple.t_data = (HeapTupleHeader) PageGetItem(page, lp);
		tuple.t_len = ItemIdGetLength(lp);
		tuple.t_tableOid = RelationGetRelid(vacrel->rel);
		if (heap_tuple_would_freeze(tuple.t_data, vacrel->FreezeLimit,
		                            &oldest) &&
		    vacrel->aggressive)
			return false;
		switch (HeapTupleSatisfiesVacuum(&tuple, vacrel->OldestXmin, buf))
		{
			case HEAPTUPLE_DELETE_IN_PROGRESS:
			case HEAPTUPLE_LIVE:
				live++;
				break;
			case HEAPTUPLE_DEAD:
				missed++;
				break;
			case HEAPTUPLE_RECENTLY_DEAD:
				recently_dead++;
				break;
			case HEAPTUPLE_INSERT_IN_PROGRESS:
				break;
		}
	}
	vacrel->NewRelfrozenXid = oldest;
	if (vacrel->nindexes == 0)
	{
		/* there is no second pass that could free them */
		if (ndead > 0)
		{
			*hastup = true;
			missed += ndead;
		}
		*recordfreespace = true;
	}
	else
	{
		if (ndead > 0)
			note_dead_items(vacrel, blkno, deadoffsets, ndead);
		*recordfreespace = ndead == 0;
	}
	vacrel->live_tuples += live;
	vacrel->recently_dead_tuples += recently_dead;
	vacrel->missed_dead_tuples += missed;
	if (missed > 0)
		vacrel->missed_dead_pages++;
	return true;
}

/* What the map should say of a page that was scanned, and what not. */
static void
update_map(LVRelState *vacrel, Buffer buf, BlockNumber blkno,
           const LVPagePruneState *state, bool was_visible, Buffer *vmbuffer)
{
	Page page = BufferGetPage(buf);
	bool all_visible = state->all_visible && !state->has_lpdead_items;

	if (all_visible)
	{
		uint8 flags = VISIBILITYMAP_ALL_VISIBLE;
		uint8 old = visibilitymap_get_status(vacrel->rel, blkno, vmbuffer);

		if (state->all_frozen)
			flags |= VISIBILITYMAP_ALL_FROZEN;
		if ((old & flags) == flags && PageIsAllVisible(page))
			return;
		PageSetAllVisible(page);
		MarkBufferDirty(buf);
		visibilitymap_set(vacrel->rel, blkno, buf, InvalidXLogRecPtr, *vmbuffer,
		                  state->all_frozen ? InvalidTransactionId
		                                    : state->visibility_cutoff_xid,
		                  flags);
		return;
	}
	if (was_visible && !PageIsAllVisible(page) &&
	    visibilitymap_get_status(vacrel->rel, blkno, vmbuffer) != 0)
	{
		elog(WARNING,
		     "page is not marked all-visible but visibility map bit is set in "
		     "relation \"%s\" page %u",
		     RelationGetRelationName(vacrel->rel), blkno);
		visibilitymap_clear(vacrel->rel, blkno, *vmbuffer,
		                    VISIBILITYMAP_VALID_BITS);
	}
	else if (state->has_lpdead_items && PageIsAllVisible(page))
	{
		elog(WARNING,
		     "page containing LP_DEAD items is marked as all-visible in "
		     "relation \"%s\" page %u",
		     RelationGetRelationName(vacrel->rel), blkno);
		PageClearAllVisible(page);
		MarkBufferDirty(buf);
		visibilitymap_clear(vacrel->rel, blkno, *vmbuffer,
		                    VISIBILITYMAP_VALID_BITS);
	}
}

/* ---- the scan ---- */

/*
 * From next_block on: the first block that must be read.  *skip: so many before
 * it that the run is worth skipping.  *unskippable_visible: the map calls that
 * block all visible.
 */
static BlockNumber
lazy_scan_skip(LVRelState *vacrel, Buffer *vmbuffer, BlockNumber next_block,
               bool *unskippable_visible, bool *skip)
{
	BlockNumber block = next_block;
	bool skipsallvis = false;

	*unskippable_visible = true;
	while (block < vacrel->rel_pages)
	{
		uint8 flags = visibilitymap_get_status(vacrel->rel, block, vmbuffer);

		if (!(flags & VISIBILITYMAP_ALL_VISIBLE))
		{
			*unskippable_visible = false;
			break;
		}
		/* The last is read, lest the lock for a truncation is taken in vain. */
		if (block == vacrel->rel_pages - 1 || !vacrel->skip_with_vm)
			break;
		if (!(flags & VISIBILITYMAP_ALL_FROZEN))
		{
			if (vacrel->aggressive)
				break;
			skipsallvis = true;
		}
		vacuum_delay_point();
		block++;
	}
	*skip = block - next_block >= SKIP_PAGES_THRESHOLD;
	if (*skip && skipsallvis)
		vacrel->skippedallvis = true;
	return block;
}

/* Returns whether the free space was told at once. */
static void
scan_page(LVRelState *vacrel, BlockNumber blkno, bool was_visible,
          Buffer *vmbuffer)
{
	LVPagePruneState state;
	Buffer buf;
	Page page;
	Size freespace;

	/* before the heap page is locked: it may have to be read, or made */
	visibilitymap_pin(vacrel->rel, blkno, vmbuffer);
	buf = ReadBufferExtended(vacrel->rel, MAIN_FORKNUM, blkno, RBM_NORMAL,
	                         vacrel->bstrategy);
	page = BufferGetPage(buf);
	if (!ConditionalLockBufferForCleanup(buf))
	{
		bool hastup;
		bool recordfreespace;

		LockBuffer(buf, BUFFER_LOCK_SHARE);
		if (lazy_scan_new_or_empty(vacrel, buf, blkno, true, *vmbuffer))
			return;
		if (lazy_scan_noprune(vacrel, buf, blkno, &hastup, &recordfreespace))
		{
			freespace = PageGetHeapFreeSpace(page);
			if (hastup)
				vacrel->nonempty_pages = blkno + 1;
			UnlockReleaseBuffer(buf);
			if (recordfreespace)
				RecordPageWithFreeSpace(vacrel->rel, blkno, freespace);
			return;
		}
		LockBuffer(buf, BUFFER_LOCK_UNLOCK);
		INJECTION_POINT("vacuum-wait-cleanup");
		LockBufferForCleanup(buf);
	}
	if (lazy_scan_new_or_empty(vacrel, buf, blkno, false, *vmbuffer))
		return;
	lazy_scan_prune(vacrel, buf, blkno, &state);
	if (state.hastup)
		vacrel->nonempty_pages = blkno + 1;
	if (state.has_lpdead_items && vacrel->nindexes == 0)
	{
		/* Nobody else knows of them: they go at once. */
		lazy_vacuum_heap_page(vacrel, blkno, buf, 0, vmbuffer);
		vacrel->dead_items->num_items = 0;
		state.has_lpdead_items = false;
	}
	else
		update_map(vacrel, buf, blkno, &state, was_visible, vmbuffer);
	freespace = PageGetHeapFreeSpace(page);
	UnlockReleaseBuffer(buf);
	/* With dead items left there is more room after the second pass. */
	if (!state.has_lpdead_items || !vacrel->do_index_vacuuming)
		RecordPageWithFreeSpace(vacrel->rel, blkno, freespace);
}

static void
lazy_scan_heap(LVRelState *vacrel)
{
	BlockNumber next_unskippable;
	BlockNumber fsm_from = 0;
	Buffer vmbuffer = InvalidBuffer;
	bool next_visible;
	bool skip;

	pgstat_progress_update_param(PROGRESS_VACUUM_PHASE,
	                             PROGRESS_VACUUM_PHASE_SCAN_HEAP);
	pgstat_progress_update_param(PROGRESS_VACUUM_TOTAL_HEAP_BLKS,
	                             vacrel->rel_pages);
	pgstat_progress_update_param(PROGRESS_VACUUM_MAX_DEAD_TUPLES,
	                             vacrel->dead_items->max_items);
	next_unskippable =
		lazy_scan_skip(vacrel, &vmbuffer, 0, &next_visible, &skip);
	for (BlockNumber blkno = 0; blkno < vacrel->rel_pages; blkno++)
	{
		bool was_visible = true;

		if (blkno == next_unskippable)
		{
			was_visible = next_visible;
			next_unskippable = lazy_scan_skip(vacrel, &vmbuffer, blkno + 1,
			                                  &next_visible, &skip);
		}
		else if (skip)
			continue;
		vacrel->scanned_pages++;
		pgstat_progress_update_param(PROGRESS_VACUUM_HEAP_BLKS_SCANNED, blkno);
		vacuum_delay_point();
		INJECTION_POINT("vacuum-scan-page");
		if (vacrel->scanned_pages % FAILSAFE_EVERY_PAGES == 0)
			(void) lazy_check_wraparound_failsafe(vacrel);

		if (vacrel->dead_items->max_items - vacrel->dead_items->num_items <
		    MaxHeapTuplesPerPage)
		{
			/* no pin is kept while the indexes are cleaned */
			if (vmbuffer != InvalidBuffer)
				ReleaseBuffer(vmbuffer);
			vmbuffer = InvalidBuffer;
			vacrel->consider_bypass = false;
			lazy_vacuum(vacrel);
			FreeSpaceMapVacuumRange(vacrel->rel, fsm_from, blkno);
			fsm_from = blkno;
			pgstat_progress_update_param(PROGRESS_VACUUM_PHASE,
			                             PROGRESS_VACUUM_PHASE_SCAN_HEAP);
		}
		else if (vacrel->nindexes == 0 &&
		         blkno - fsm_from >= VACUUM_FSM_EVERY_PAGES)
		{
			FreeSpaceMapVacuumRange(vacrel->rel, fsm_from, blkno);
			fsm_from = blkno;
		}
		scan_page(vacrel, blkno, was_visible, &vmbuffer);
	}
	pgstat_progress_update_param(PROGRESS_VACUUM_HEAP_BLKS_SCANNED,
	                             vacrel->rel_pages);
	if (vmbuffer != InvalidBuffer)
		ReleaseBuffer(vmbuffer);
	vacrel->new_live_tuples =
		vac_estimate_reltuples(vacrel->rel, vacrel->rel_pages,
	                           vacrel->scanned_pages, vacrel->live_tuples);
	vacrel->new_rel_tuples = Max(vacrel->new_live_tuples, 0) +
	                         vacrel->recently_dead_tuples +
	                         vacrel->missed_dead_tuples;
	if (vacrel->dead_items->num_items > 0)
		lazy_vacuum(vacrel);
	FreeSpaceMapVacuumRange(vacrel->rel, fsm_from, vacrel->rel_pages);
	if (vacrel->nindexes > 0 && vacrel->do_index_cleanup)
		lazy_cleanup_all_indexes(vacrel);
}

/* ---- the report ---- */

static double
Percent(double part, BlockNumber whole)
{
	return whole == 0 ? 100.0 : 100.0 * part / whole;
}

static void
report_indexes(LVRelState *vacrel, StringInfo buf, BlockNumber orig_pages)
{
	const char *fmt;

	if (vacrel->do_index_vacuuming)
	{
		appendStringInfoString(buf, vacrel->num_index_scans == 0
		                                ? "index scan not needed: "
		                                : "index scan needed: ");
		fmt = "%u pages from table (%.2f%% of total) had %lld dead item "
			  "identifiers removed\n";
	}
	else
	{
		appendStringInfoString(buf, vacrel->failsafe_active
		                                ? "index scan bypassed by failsafe: "
		                                : "index scan bypassed: ");
		fmt = "%u pages from table (%.2f%% of total) have %lld dead item "
			  "identifiers\n";
	}
	appendStringInfo(buf, fmt, vacrel->lpdead_item_pages,
	                 Percent(vacrel->lpdead_item_pages, orig_pages),
	                 (long long) vacrel->lpdead_items);
	for (int i = 0; i < vacrel->nindexes; i++)
	{
		IndexBulkDeleteResult *stat = vacrel->indstats[i];

		if (stat == NULL)
			continue;
		appendStringInfo(buf,
		                 "index \"%s\": pages: %u in total, %u newly deleted, "
		                 "%u currently deleted, %u reusable\n",
		                 RelationGetRelationName(vacrel->indrels[i]),
		                 stat->num_pages, stat->pages_newly_deleted,
		                 stat->pages_deleted, stat->pages_free);
	}
}

static void
report(LVRelState *vacrel, BlockNumber orig_pages, bool frozenxid_updated,
       const VacuumUsage *start, bool is_wraparound)
{
	Relation rel = vacrel->rel;
	TransactionId next = XidFromFullTransactionId(ReadNextFullTransactionId());
	StringInfoData buf;
	const char *fmt;

	initStringInfo(&buf);
	if (vacrel->verbose)
		fmt = "finished vacuuming \"%s.%s.%s\": index scans: %d\n";
	else if (is_wraparound)
		fmt = vacrel->aggressive
		          ? "automatic aggressive vacuum to prevent wraparound of "
		            "table \"%s.%s.%s\": index scans: %d\n"
		          : "automatic vacuum to prevent wraparound of table "
		            "\"%s.%s.%s\": index scans: %d\n";
	else
		fmt = vacrel->aggressive
		          ? "automatic aggressive vacuum of table \"%s.%s.%s\": index "
		            "scans: %d\n"
		          : "automatic vacuum of table \"%s.%s.%s\": index scans: %d\n";
	appendStringInfo(&buf, fmt, vacrel->dbname, vacrel->relnamespace,
	                 RelationGetRelationName(rel), vacrel->num_index_scans);
	appendStringInfo(&buf,
	                 "pages: %u removed, %u remain, %u scanned (%.2f%% of "
	                 "total)\n",
	                 vacrel->removed_pages, vacrel->rel_pages,
	                 vacrel->scanned_pages,
	                 Percent(vacrel->scanned_pages, orig_pages));
	appendStringInfo(&buf,
	                 "tuples: %lld removed, %lld remain, %lld are dead but not "
	                 "yet removable\n",
	                 (long long) vacrel->tuples_deleted,
	                 (long long) vacrel->new_rel_tuples,
	                 (long long) vacrel->recently_dead_tuples);
	if (vacrel->missed_dead_tuples > 0)
		appendStringInfo(&buf,
		                 "tuples missed: %lld dead from %u pages not removed "
		                 "due to cleanup lock contention\n",
		                 (long long) vacrel->missed_dead_tuples,
		                 vacrel->missed_dead_pages);
	appendStringInfo(&buf,
	                 "removable cutoff: %u, which was %d XIDs old when "
	                 "operation ended\n",
	                 vacrel->OldestXmin, (int32) (next - vacrel->OldestXmin));
	if (frozenxid_updated)
		appendStringInfo(
			&buf,
			"new relfrozenxid: %u, which is %d XIDs ahead of previous value\n",
			vacrel->NewRelfrozenXid,
			(int32) (vacrel->NewRelfrozenXid - rel->rd_rel->relfrozenxid));
	report_indexes(vacrel, &buf, orig_pages);
	vacuum_usage_show(start, &buf, true);
	ereport(vacrel->verbose ? INFO : LOG, (errmsg_internal("%s", buf.data)));
	pfree(buf.data);
}

/* ---- all of it ---- */

static void
set_options(LVRelState *vacrel, VacuumParams *params)
{
	vacrel->do_rel_truncate = params->truncate != VACOPTVALUE_DISABLED;
	vacrel->do_index_vacuuming = true;
	vacrel->do_index_cleanup = true;
	switch (params->index_cleanup)
	{
		case VACOPTVALUE_DISABLED:
			vacrel->do_index_vacuuming = false;
			vacrel->do_index_cleanup = false;
			break;
		case VACOPTVALUE_ENABLED:
			break;
		default:
			vacrel->consider_bypass = true;
	}
	vacrel->aggressive = vacuum_set_xid_limits(
		vacrel->rel, params->freeze_min_age, params->freeze_table_age,
		&vacrel->OldestXmin, &vacrel->FreezeLimit);
	vacrel->skip_with_vm = true;
	if (params->options & VACOPT_DISABLE_PAGE_SKIPPING)
	{
		vacrel->aggressive = true;
		vacrel->skip_with_vm = false;
	}
	vacrel->NewRelfrozenXid = vacrel->OldestXmin;
}

static void
update_index_statistics(LVRelState *vacrel)
{
	for (int i = 0; i < vacrel->nindexes; i++)
	{
		IndexBulkDeleteResult *stat = vacrel->indstats[i];

		if (stat == NULL || stat->estimated_count)
			continue;
		vac_update_relstats(vacrel->indrels[i], stat->num_pages,
		                    stat->num_index_tuples, 0, false,
		                    InvalidTransactionId, NULL);
	}
}

void
heap_vacuum_rel(Relation rel, VacuumParams *params,
                BufferAccessStrategy bstrategy)
{
	VacuumUsage start;
	LVRelState *vacrel = palloc0(sizeof(LVRelState));
	BlockNumber all_visible;
	BlockNumber orig_pages;
	BlockNumber new_pages;
	bool frozenxid_updated;

	vacuum_usage_start(&start);
	pgstat_progress_start_command(PROGRESS_COMMAND_VACUUM,
	                              RelationGetRelid(rel));
	vacrel->rel = rel;
	vacrel->bstrategy = bstrategy;
	vacrel->verbose = (params->options & VACOPT_VERBOSE) != 0;
	vacrel->message_level = vacrel->verbose ? INFO : DEBUG2;
	vacrel->dbname = get_database_name(MyDatabaseId);
	vacrel->relnamespace = get_namespace_name(RelationGetNamespace(rel));
	vac_open_indexes(rel, RowExclusiveLock, &vacrel->nindexes,
	                 &vacrel->indrels);
	vacrel->indstats =
		palloc0(sizeof(IndexBulkDeleteResult *) * (vacrel->nindexes + 1));
	/* first the xids, then the length: later pages hold later rows only */
	set_options(vacrel, params);
	orig_pages = vacrel->rel_pages = RelationGetNumberOfBlocks(rel);
	(void) lazy_check_wraparound_failsafe(vacrel);
	vacrel->dead_items = dead_items_alloc(vacrel);
	if (vacrel->verbose)
		ereport(INFO, (errmsg(vacrel->aggressive
		                          ? "aggressively vacuuming \"%s.%s.%s\""
		                          : "vacuuming \"%s.%s.%s\"",
		                      vacrel->dbname, vacrel->relnamespace,
		                      RelationGetRelationName(rel))));

	lazy_scan_heap(vacrel);

	if (vacrel->do_index_cleanup)
		update_index_statistics(vacrel);
	if (should_attempt_truncation(vacrel))
		lazy_truncate_heap(vacrel);
	pgstat_progress_update_param(PROGRESS_VACUUM_PHASE,
	                             PROGRESS_VACUUM_PHASE_FINAL_CLEANUP);

	/* Pages that were skipped may hold older xids. */
	if (vacrel->skippedallvis)
		vacrel->NewRelfrozenXid = InvalidTransactionId;
	new_pages = vacrel->rel_pages;
	visibilitymap_count(rel, &all_visible, NULL);
	vac_update_relstats(rel, new_pages, vacrel->new_live_tuples,
	                    Min(all_visible, new_pages), rel->rd_rel->relhasindex,
	                    vacrel->NewRelfrozenXid, &frozenxid_updated);
	pgstat_report_vacuum(
		RelationGetRelid(rel), (PgStat_Counter) Max(vacrel->new_live_tuples, 0),
		vacrel->recently_dead_tuples + vacrel->missed_dead_tuples);
	pgstat_progress_end_command();

	if (vacrel->verbose || vacuum_usage_logged(&start, params))
		report(vacrel, orig_pages, frozenxid_updated, &start,
		       params->is_wraparound);
	vac_close_indexes(vacrel->nindexes, vacrel->indrels, NoLock);
}
