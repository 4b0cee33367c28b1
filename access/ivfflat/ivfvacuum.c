/*
 * ivfvacuum.c
 *	  Removal of dead rows from an ivfflat index.
 *
 * List by list, page by page, under a cleanup lock.  A scan that computes the
 * distances of a page has neither pin nor lock on it: it sees that the page has
 * changed, and reads it again (ivfread.c).  What is removed from a page is one
 * generic WAL record.  Pages stay in their chains; the first with room becomes
 * the list's insertPage, so that the room is used again.
 */
#include "postgres.h"

#include "access/generic_xlog.h"
#include "access/ivfflat.h"
#include "commands/vacuum.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/injection_point.h"

typedef struct VacuumState
{
	Relation index;
	IndexBulkDeleteResult *stats;
	IndexBulkDeleteCallback callback;
	void *callback_state;
	BufferAccessStrategy strategy;
	/* of the page of lists in work */
	IvfflatNearList *lists;
	int nlists;
	int room;
} VacuumState;

/* The block after it in the chain; whether anything was removed. */
static BlockNumber
VacuumPage(VacuumState *vs, BlockNumber blkno, bool *removed)
{
	Buffer buf = ReadBufferExtended(vs->index, MAIN_FORKNUM, blkno, RBM_NORMAL,
	                                vs->strategy);
	OffsetNumber dead[MaxOffsetNumber];
	int ndead = 0;
	GenericXLogState *state;
	BlockNumber next;
	OffsetNumber max;
	Page page;

	LockBufferForCleanup(buf);
	state = GenericXLogStart(vs->index);
	page = GenericXLogRegisterBuffer(state, buf, 0);
	max = PageGetMaxOffsetNumber(page);
	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		IndexTuple itup =
			(IndexTuple) PageGetItem(page, PageGetItemId(page, off));

		if (vs->callback(&itup->t_tid, vs->callback_state))
			dead[ndead++] = off;
		else
			vs->stats->num_index_tuples++;
	}
	next = IvfflatPageGetOpaque(page)->nextblkno;
	if (ndead > 0)
	{
		INJECTION_POINT("ivfflat-vacuum-page");
		PageIndexMultiDelete(page, dead, ndead);
		GenericXLogFinish(state);
		vs->stats->tuples_removed += ndead;
	}
	else
		GenericXLogAbort(state);
	UnlockReleaseBuffer(buf);
	*removed = ndead > 0;
	return next;
}

static void
VacuumList(VacuumState *vs, const IvfflatNearList *list)
{
	BlockNumber blkno = list->startPage;
	BlockNumber insertPage = InvalidBlockNumber;

	while (BlockNumberIsValid(blkno))
	{
		BlockNumber next;
		bool removed;

		vacuum_delay_point();
		next = VacuumPage(vs, blkno, &removed);
		if (removed && !BlockNumberIsValid(insertPage))
			insertPage = blkno;
		blkno = next;
	}
	INJECTION_POINT("ivfflat-vacuum-list");
	if (BlockNumberIsValid(insertPage))
		IvfflatUpdateList(vs->index, &list->place, insertPage,
		                  InvalidBlockNumber);
}

static void
NoteList(const IvfflatNearList *list, void *arg)
{
	VacuumState *vs = arg;

	if (vs->nlists == vs->room)
	{
		vs->room *= 2;
		vs->lists = repalloc(vs->lists, vs->room * sizeof(IvfflatNearList));
	}
	vs->lists[vs->nlists++] = *list;
}

IndexBulkDeleteResult *
ivfflatbulkdelete(IndexVacuumInfo *info, IndexBulkDeleteResult *stats,
                  IndexBulkDeleteCallback callback, void *callback_state)
{
	VacuumState vs = {
		.index = info->index,
		.callback = callback,
		.callback_state = callback_state,
		.strategy = GetAccessStrategy(BAS_BULKREAD),
		.room = 1024,
	};
	IvfflatSupport support;

	if (stats == NULL)
		stats = palloc0(sizeof(IndexBulkDeleteResult));
	vs.stats = stats;
	vs.lists = palloc_array(IvfflatNearList, vs.room);
	IvfflatInitSupport(&support, info->index);
	IvfflatScanLists(info->index, &support, NULL, NoteList, &vs);
	for (int i = 0; i < vs.nlists; i++)
		VacuumList(&vs, &vs.lists[i]);
	pfree(vs.lists);
	FreeAccessStrategy(vs.strategy);
	return stats;
}

IndexBulkDeleteResult *
ivfflatvacuumcleanup(IndexVacuumInfo *info, IndexBulkDeleteResult *stats)
{
	if (info->analyze_only || stats == NULL)
		return stats;
	stats->num_pages = RelationGetNumberOfBlocks(info->index);
	return stats;
}
