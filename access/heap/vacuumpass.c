/*
 * vacuumpass.c
 *		The passes of VACUUM after the scan of the heap: dead TIDs go from every
 *		index, then their line pointers may be used again.
 *
 * A line pointer becomes unused only after every index has forgotten it: else
 * an index entry would lead to the row that comes next to that place.  So an
 * index that fails ends the vacuum before any line pointer changes.
 *
 * A dead line pointer has no tuple: nobody can hold a pointer to one, and the
 * exclusive lock is enough.
 *
 * Corresponds to the later passes in PostgreSQL's vacuumlazy.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/heapam_xlog.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "access/xloginsert.h"
#include "commands/progress.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/freespace.h"
#include "utils/backend_progress.h"
#include "utils/injection_point.h"
#include "vacuumlazy.h"

/* Fewer pages with dead items, in parts of the table, are not worth it ... */
#define BYPASS_THRESHOLD_PAGES 0.02
/* ... unless their TIDs take that much memory. */
#define BYPASS_THRESHOLD_BYTES (32 * 1024 * 1024)

static int
compare_tids(const void *a, const void *b)
{
	return ItemPointerCompare((ItemPointer) a, (ItemPointer) b);
}

/* Is the row of this index entry dead? */
static bool
vac_tid_reaped(ItemPointer itemptr, void *state)
{
	VacDeadItems *dead = state;

	if (dead->num_items == 0 ||
	    ItemPointerCompare(itemptr, &dead->items[0]) < 0 ||
	    ItemPointerCompare(itemptr, &dead->items[dead->num_items - 1]) > 0)
		return false;
	return bsearch(itemptr, dead->items, dead->num_items,
	               sizeof(ItemPointerData), compare_tids) != NULL;
}

static void
FillIndexInfo(LVRelState *vacrel, Relation index, IndexVacuumInfo *info)
{
	info->index = index;
	info->analyze_only = false;
	info->report_progress = false;
	info->estimated_count = true;
	info->message_level = DEBUG2;
	info->num_heap_tuples = vacrel->rel->rd_rel->reltuples;
	info->strategy = vacrel->bstrategy;
}

/* False: the failsafe; an index may still know of the dead items. */
static bool
lazy_vacuum_all_indexes(LVRelState *vacrel)
{
	bool all = true;

	if (lazy_check_wraparound_failsafe(vacrel))
		return false;
	pgstat_progress_update_param(PROGRESS_VACUUM_PHASE,
	                             PROGRESS_VACUUM_PHASE_VACUUM_INDEX);
	for (int i = 0; i < vacrel->nindexes; i++)
	{
		IndexVacuumInfo info;

		FillIndexInfo(vacrel, vacrel->indrels[i], &info);
		INJECTION_POINT("vacuum-index");
		vacrel->indstats[i] = index_bulk_delete(
			&info, vacrel->indstats[i], vac_tid_reaped, vacrel->dead_items);
		ereport(DEBUG2,
		        (errmsg("scanned index \"%s\" to remove %d row versions",
		                RelationGetRelationName(vacrel->indrels[i]),
		                vacrel->dead_items->num_items)));
		if (lazy_check_wraparound_failsafe(vacrel))
		{
			all = false;
			break;
		}
	}
	vacrel->num_index_scans++;
	pgstat_progress_update_param(PROGRESS_VACUUM_NUM_INDEX_VACUUMS,
	                             vacrel->num_index_scans);
	return all;
}

/*
 * dead_items[index ...] that are on the page become unused.  The page is locked
 * exclusively, the map's page pinned.
 */
void
lazy_vacuum_heap_page(LVRelState *vacrel, BlockNumber blkno, Buffer buffer,
                      int index, Buffer *vmbuffer)
{
	VacDeadItems *dead = vacrel->dead_items;
	Page page = BufferGetPage(buffer);
	OffsetNumber unused[MaxHeapTuplesPerPage];
	int nunused = 0;
	TransactionId cutoff;
	bool all_frozen;

	for (; index < dead->num_items &&
	       ItemPointerGetBlockNumber(&dead->items[index]) == blkno;
	     index++)
	{
		OffsetNumber off = ItemPointerGetOffsetNumber(&dead->items[index]);

		Assert(ItemIdIsDead(PageGetItemId(page, off)) &&
		       !ItemIdHasStorage(PageGetItemId(page, off)));
		unused[nunused++] = off;
	}
	Assert(nunused > 0);

	START_CRIT_SECTION();
	for (int i = 0; i < nunused; i++)
	{
		ItemId lp = PageGetItemId(page, unused[i]);

		ItemIdSetUnused(lp);
	}
	PageTruncateLinePointerArray(page);
	MarkBufferDirty(buffer);
	INJECTION_POINT_CRITICAL("vacuum-heap-log");
	if (RelationNeedsWAL(vacrel->rel))
	{
		xl_heap_vacuum xlrec = {.nunused = (uint16) nunused};
		XLogRecPtr recptr;

		XLogBeginInsert();
		XLogRegisterData((char *) &xlrec, SizeOfHeapVacuum);
		XLogRegisterBuffer(0, buffer, REGBUF_STANDARD);
		XLogRegisterBufData(0, (char *) unused, nunused * sizeof(OffsetNumber));
		recptr = XLogInsert(RM_HEAP2_ID, XLOG_HEAP2_VACUUM);
		PageSetLSN(page, recptr);
	}
	END_CRIT_SECTION();

	/* Perhaps the dead items were all that kept it from being all visible. */
	if (heap_page_is_all_visible(vacrel, buffer, &cutoff, &all_frozen))
	{
		uint8 old = visibilitymap_get_status(vacrel->rel, blkno, vmbuffer);
		uint8 flags = 0;

		if (!(old & VISIBILITYMAP_ALL_VISIBLE))
			flags |= VISIBILITYMAP_ALL_VISIBLE;
		if (!(old & VISIBILITYMAP_ALL_FROZEN) && all_frozen)
			flags |= VISIBILITYMAP_ALL_FROZEN;
		if (flags != 0)
		{
			PageSetAllVisible(page);
			MarkBufferDirty(buffer);
			visibilitymap_set(vacrel->rel, blkno, buffer, InvalidXLogRecPtr,
			                  *vmbuffer, cutoff, flags);
		}
	}
}

static void
lazy_vacuum_heap_rel(LVRelState *vacrel)
{
	VacDeadItems *dead = vacrel->dead_items;
	Buffer vmbuffer = InvalidBuffer;
	BlockNumber pages = 0;
	int index = 0;

	pgstat_progress_update_param(PROGRESS_VACUUM_PHASE,
	                             PROGRESS_VACUUM_PHASE_VACUUM_HEAP);
	while (index < dead->num_items)
	{
		BlockNumber blkno = ItemPointerGetBlockNumber(&dead->items[index]);
		Buffer buf;
		Size freespace;

		vacuum_delay_point();
		INJECTION_POINT("vacuum-heap-page");
		visibilitymap_pin(vacrel->rel, blkno, &vmbuffer);
		buf = ReadBufferExtended(vacrel->rel, MAIN_FORKNUM, blkno, RBM_NORMAL,
		                         vacrel->bstrategy);
		LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
		lazy_vacuum_heap_page(vacrel, blkno, buf, index, &vmbuffer);
		freespace = PageGetHeapFreeSpace(BufferGetPage(buf));
		UnlockReleaseBuffer(buf);
		RecordPageWithFreeSpace(vacrel->rel, blkno, freespace);
		while (index < dead->num_items &&
		       ItemPointerGetBlockNumber(&dead->items[index]) == blkno)
			index++;
		pages++;
		pgstat_progress_update_param(PROGRESS_VACUUM_HEAP_BLKS_VACUUMED,
		                             blkno + 1);
	}
	if (vmbuffer != InvalidBuffer)
		ReleaseBuffer(vmbuffer);
	ereport(DEBUG2,
	        (errmsg("table \"%s\": removed %lld dead item identifiers in %u "
	                "pages",
	                RelationGetRelationName(vacrel->rel), (long long) index,
	                pages)));
}

void
lazy_vacuum(LVRelState *vacrel)
{
	bool bypass = false;

	if (!vacrel->do_index_vacuuming)
	{
		vacrel->dead_items->num_items = 0;
		return;
	}
	if (vacrel->consider_bypass && vacrel->rel_pages > 0)
	{
		bypass = vacrel->lpdead_item_pages <
		             vacrel->rel_pages * BYPASS_THRESHOLD_PAGES &&
		         (Size) vacrel->lpdead_items * sizeof(ItemPointerData) <
		             BYPASS_THRESHOLD_BYTES;
	}
	if (bypass)
	{
		/* They stay dead, and in the indexes. */
		vacrel->do_index_vacuuming = false;
	}
	else if (lazy_vacuum_all_indexes(vacrel))
	{
		INJECTION_POINT("vacuum-indexes-done");
		vacrel->index_work_done = true;
		lazy_vacuum_heap_rel(vacrel);
	}
	vacrel->dead_items->num_items = 0;
	pgstat_progress_update_param(PROGRESS_VACUUM_NUM_DEAD_TUPLES, 0);
}

void
lazy_cleanup_all_indexes(LVRelState *vacrel)
{
	pgstat_progress_update_param(PROGRESS_VACUUM_PHASE,
	                             PROGRESS_VACUUM_PHASE_INDEX_CLEANUP);
	for (int i = 0; i < vacrel->nindexes; i++)
	{
		IndexVacuumInfo info;

		FillIndexInfo(vacrel, vacrel->indrels[i], &info);
		info.estimated_count = vacrel->scanned_pages < vacrel->rel_pages;
		info.num_heap_tuples = vacrel->new_rel_tuples;
		vacrel->indstats[i] = index_vacuum_cleanup(&info, vacrel->indstats[i]);
	}
}

/*
 * Are all rows of the page seen by everybody; and frozen.  *cutoff: the newest
 * xmin.  The page is locked.
 */
bool
heap_page_is_all_visible(LVRelState *vacrel, Buffer buf, TransactionId *cutoff,
                         bool *all_frozen)
{
	Page page = BufferGetPage(buf);
	OffsetNumber maxoff = PageGetMaxOffsetNumber(page);

	*cutoff = InvalidTransactionId;
	*all_frozen = true;
	for (OffsetNumber off = FirstOffsetNumber; off <= maxoff; off++)
	{
		ItemId lp = PageGetItemId(page, off);
		HeapTupleData tuple;
		TransactionId xmin;

		if (!ItemIdIsUsed(lp) || ItemIdIsRedirected(lp))
			continue;
		if (ItemIdIsDead(lp))
			return *all_frozen = false;
		ItemPointerSet(&tuple.t_self, BufferGetBlockNumber(buf), off);
		tuple.t_data = (HeapTupleHeader) PageGetItem(page, lp);
		tuple.t_len = ItemIdGetLength(lp);
		tuple.t_tableOid = RelationGetRelid(vacrel->rel);
		if (HeapTupleSatisfiesVacuum(&tuple, vacrel->OldestXmin, buf) !=
		        HEAPTUPLE_LIVE ||
		    !HeapTupleHeaderXminCommitted(tuple.t_data))
			return *all_frozen = false;
		xmin = HeapTupleHeaderGetXmin(tuple.t_data);
		if (!TransactionIdPrecedes(xmin, vacrel->OldestXmin))
			return *all_frozen = false;
		if (TransactionIdIsNormal(xmin) && TransactionIdFollows(xmin, *cutoff))
			*cutoff = xmin;
		if (heap_tuple_needs_eventual_freeze(tuple.t_data))
			*all_frozen = false;
	}
	return true;
}
