/*
 * test_heap_update.c
 *		Versions of rows on their pages: HOT chains, pruning, locks, and the
 *		replay of all of it.  Story: a row that is updated again and again in a
 *		column without index stays on its page, its dead versions make room for
 *		the next ones, and an index entry, which knows only the first version,
 *		leads every snapshot to its own one.  Then the table's file is lost, and
 *		the log alone makes the same pages again, hint bits and command ids
 *		aside.  One process in a real segment with a real log.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <unistd.h>

#include "access/attnum.h"
#include "access/heapam.h"
#include "access/heapam_xlog.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "access/xlogreader.h"
#include "access/xlogutils.h"
#include "catalog/pg_control.h"
#include "catalog/storage.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "storage/lmgr.h"
#include "storage/procarray.h"
#include "storage/smgr.h"
#include "unit.h"
#include "utils/snapmgr.h"

#define WATCHDOG_SECONDS 120

static char testdir[] = "/tmp/tusk-test-update-XXXXXX";
static Relation rel;

/* A text of len bytes of c. */
static Datum
text_of(char c, int len)
{
	char *text = palloc(len + VARHDRSZ);

	SET_VARSIZE(text, len + VARHDRSZ);
	memset(text + VARHDRSZ, c, len);
	return PointerGetDatum(text);
}

static HeapTuple
make_row(int id, char c, int len)
{
	Datum values[2] = {Int32GetDatum(id), text_of(c, len)};
	bool nulls[2] = {false, false};

	return heap_form_tuple(rel->rd_att, values, nulls);
}

static ItemPointerData
insert_row(int id, char c, int len)
{
	HeapTuple tup;
	ItemPointerData tid;

	StartTransactionCommand();
	tup = make_row(id, c, len);
	heap_insert(rel, tup, GetCurrentCommandId(true), 0, NULL);
	tid = tup->t_self;
	CommitTransactionCommand();
	return tid;
}

/* In the current transaction; *tid becomes the new version's. */
static TU_UpdateIndexes
update_here(ItemPointer tid, int id, char c, int len)
{
	HeapTuple tup = make_row(id, c, len);
	TM_FailureData tmfd;
	LockTupleMode mode;
	TU_UpdateIndexes update_indexes;

	CU_ASSERT_EQUAL(heap_update(rel, tid, tup, GetCurrentCommandId(true), true,
	                            &tmfd, &mode, &update_indexes),
	                TM_Ok);
	CU_ASSERT_EQUAL(mode, LockTupleNoKeyExclusive);
	*tid = tup->t_self;
	return update_indexes;
}

static TU_UpdateIndexes
update_row(ItemPointer tid, int id, char c, int len)
{
	TU_UpdateIndexes result;

	StartTransactionCommand();
	result = update_here(tid, id, c, len);
	CommitTransactionCommand();
	return result;
}

/* What an index scan finds from the root on: the letter, or 0. */
static char
letter_from(ItemPointerData root, Snapshot snapshot, bool *all_dead)
{
	IndexFetchTableData *fetch = table_index_fetch_begin(rel);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	bool call_again = false;
	char result = 0;
	bool isnull;

	if (table_index_fetch_tuple(fetch, &root, snapshot, slot, &call_again,
	                            all_dead))
		result =
			*(VARDATA_ANY(DatumGetPointer(slot_getattr(slot, 2, &isnull))));
	CU_ASSERT_FALSE(call_again);
	ExecDropSingleTupleTableSlot(slot);
	table_index_fetch_end(fetch);
	return result;
}

static char
letter_now(ItemPointerData root, bool *all_dead)
{
	char result;

	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	result = letter_from(root, GetActiveSnapshot(), all_dead);
	PopActiveSnapshot();
	CommitTransactionCommand();
	return result;
}

static int
prune(BlockNumber block, int *ndead)
{
	Buffer buffer;
	int n;

	StartTransactionCommand();
	buffer = ReadBuffer(rel, block);
	LockBufferForCleanup(buffer);
	n = heap_page_prune(rel, buffer, GetOldestNonRemovableTransactionId(rel),
	                    ndead, NULL);
	UnlockReleaseBuffer(buffer);
	CommitTransactionCommand();
	return n;
}

/* The state of a line pointer; *len: REDIRECT's target. */
static int
lp_state(ItemPointerData tid, int *target)
{
	Buffer buffer;
	ItemIdData lp = {0};

	StartTransactionCommand();
	buffer = ReadBuffer(rel, ItemPointerGetBlockNumber(&tid));
	if (ItemPointerGetOffsetNumber(&tid) <=
	    PageGetMaxOffsetNumber(BufferGetPage(buffer)))
		lp = *PageGetItemId(BufferGetPage(buffer),
		                    ItemPointerGetOffsetNumber(&tid));
	ReleaseBuffer(buffer);
	CommitTransactionCommand();
	if (target != NULL)
		*target = ItemIdGetRedirect(&lp);
	return ItemIdGetFlags(&lp);
}

static void
test_hot_chain(void)
{
	ItemPointerData root = insert_row(1, 'a', 20);
	ItemPointerData tid = root;
	ItemPointerData second;
	Snapshot before;
	bool all_dead;

	/* The old snapshot keeps its version, whatever happens. */
	StartTransactionCommand();
	before = RegisterSnapshot(GetTransactionSnapshot());
	CU_ASSERT_EQUAL(update_here(&tid, 1, 'b', 20), TU_None);
	second = tid;
	CommandCounterIncrement();
	CU_ASSERT_EQUAL(update_here(&tid, 1, 'c', 30), TU_None);
	CommandCounterIncrement();
	CU_ASSERT_EQUAL(letter_from(root, before, NULL), 'a');
	PushActiveSnapshot(GetTransactionSnapshot());
	CU_ASSERT_EQUAL(letter_from(root, GetActiveSnapshot(), NULL), 'c');
	PopActiveSnapshot();
	UnregisterSnapshot(before);
	CommitTransactionCommand();
	CU_ASSERT_EQUAL(ItemPointerGetBlockNumber(&tid),
	                ItemPointerGetBlockNumber(&root));
	CU_ASSERT_EQUAL(letter_now(root, &all_dead), 'c');
	CU_ASSERT_FALSE(all_dead);
	/* a version in the middle is no root: no entry leads there */
	CU_ASSERT_EQUAL(letter_now(second, NULL), 0);

	/* An indexed column changes: the chain ends, a new root begins. */
	CU_ASSERT_EQUAL(update_row(&tid, 2, 'd', 20), TU_All);
	CU_ASSERT_EQUAL(letter_now(root, &all_dead), 0);
	CU_ASSERT_TRUE(all_dead);
	CU_ASSERT_EQUAL(letter_now(tid, NULL), 'd');
}

static void
test_rolled_back(void)
{
	ItemPointerData root = insert_row(3, 'a', 20);
	ItemPointerData tid = root;
	ItemPointerData lost;

	StartTransactionCommand();
	(void) update_here(&tid, 3, 'x', 20);
	lost = tid;
	AbortCurrentTransaction();
	CU_ASSERT_EQUAL(letter_now(root, NULL), 'a');
	(void) prune(ItemPointerGetBlockNumber(&root), NULL);
	CU_ASSERT_EQUAL(lp_state(lost, NULL), LP_UNUSED);
	CU_ASSERT_EQUAL(lp_state(root, NULL), LP_NORMAL);
	tid = root;
	CU_ASSERT_EQUAL(update_row(&tid, 3, 'b', 20), TU_None);
	CU_ASSERT_EQUAL(letter_now(root, NULL), 'b');
}

static void
test_prune(void)
{
	ItemPointerData root = insert_row(4, 'a', 20);
	ItemPointerData tid = root;
	ItemPointerData last;
	OffsetNumber roots[MaxHeapTuplesPerPage];
	TM_FailureData tmfd;
	Buffer buffer;
	Snapshot before;
	int target;
	int ndead;

	/* A snapshot that sees a version keeps it and what comes after. */
	(void) update_row(&tid, 4, 'b', 20);
	StartTransactionCommand();
	before = RegisterSnapshot(GetTransactionSnapshot());
	buffer = ReadBuffer(rel, ItemPointerGetBlockNumber(&root));
	(void) update_here(&tid, 4, 'c', 20);
	LockBufferForCleanup(buffer);
	heap_page_prune(rel, buffer, GetOldestNonRemovableTransactionId(rel),
	                &ndead, NULL);
	heap_get_root_tuples(BufferGetPage(buffer), roots);
	UnlockReleaseBuffer(buffer);
	CU_ASSERT_EQUAL(roots[ItemPointerGetOffsetNumber(&tid) - 1],
	                ItemPointerGetOffsetNumber(&root));
	CU_ASSERT_EQUAL(letter_from(root, before, NULL), 'b');
	UnregisterSnapshot(before);
	CommitTransactionCommand();
	CU_ASSERT_EQUAL(lp_state(root, &target), LP_REDIRECT);

	(void) prune(ItemPointerGetBlockNumber(&root), NULL);
	CU_ASSERT_EQUAL(lp_state(root, &target), LP_REDIRECT);
	CU_ASSERT_EQUAL(target, ItemPointerGetOffsetNumber(&tid));
	CU_ASSERT_EQUAL(letter_now(root, NULL), 'c');

	/* Deleted: the root is dead, and stays until the indexes are clean. */
	last = tid;
	StartTransactionCommand();
	CU_ASSERT_EQUAL(
		heap_delete(rel, &tid, GetCurrentCommandId(true), true, &tmfd), TM_Ok);
	CommitTransactionCommand();
	CU_ASSERT_TRUE(prune(ItemPointerGetBlockNumber(&root), &ndead) >= 1);
	CU_ASSERT_TRUE(ndead >= 1);
	CU_ASSERT_EQUAL(lp_state(root, NULL), LP_DEAD);
	CU_ASSERT_EQUAL(lp_state(last, NULL), LP_UNUSED);
	CU_ASSERT_EQUAL(letter_now(root, NULL), 0);
}

/* 500 versions of 1500 bytes: what scans prune is enough for the next. */
static void
test_room_by_pruning(void)
{
	ItemPointerData root = insert_row(5, 'a', 1500);
	ItemPointerData tid = root;
	BlockNumber nblocks = RelationGetNumberOfBlocks(rel);
	int hot = 0;

	for (int i = 0; i < 500; i++)
	{
		if (update_row(&tid, 5, 'a' + i % 26, 1500) == TU_None)
			hot++;
		else
			root = tid;
		CU_ASSERT_EQUAL(letter_now(root, NULL), 'a' + i % 26);
	}
	CU_ASSERT_TRUE(hot >= 490);
	CU_ASSERT_TRUE(RelationGetNumberOfBlocks(rel) <= nblocks + 1);
}

/* A version that does not fit goes elsewhere, with an entry of its own. */
static void
test_other_page(void)
{
	ItemPointerData root = insert_row(6, 'a', 3000);
	ItemPointerData other = insert_row(7, 'z', 3000);
	ItemPointerData latest = root;
	ItemPointerData tid = root;

	(void) other;
	CU_ASSERT_EQUAL(update_row(&tid, 6, 'b', 5000), TU_All);
	CU_ASSERT_NOT_EQUAL(ItemPointerGetBlockNumber(&tid),
	                    ItemPointerGetBlockNumber(&root));
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	table_tuple_get_latest_tid(rel, GetActiveSnapshot(), &latest);
	PopActiveSnapshot();
	CommitTransactionCommand();
	CU_ASSERT_TRUE(ItemPointerEquals(&latest, &tid));
	CU_ASSERT_EQUAL(letter_now(tid, NULL), 'b');
	CU_ASSERT_EQUAL(letter_now(root, NULL), 0);
}

static void
test_lock(void)
{
	ItemPointerData tid = insert_row(8, 'a', 20);
	ItemPointerData old = tid;
	ItemPointerData found;
	HeapTupleData tup = {.t_self = tid};
	TupleTableSlot *slot;
	TM_FailureData tmfd;
	LockTupleMode mode;
	TU_UpdateIndexes update_indexes;
	Buffer buffer;
	bool isnull;

	StartTransactionCommand();
	CU_ASSERT_EQUAL(heap_lock_tuple(rel, &tup, GetCurrentCommandId(true),
	                                LockTupleNoKeyExclusive, LockWaitBlock,
	                                &buffer, &tmfd),
	                TM_Ok);
	CU_ASSERT_TRUE(HEAP_XMAX_IS_LOCKED_ONLY(tup.t_data->t_infomask));
	CU_ASSERT_FALSE(tup.t_data->t_infomask2 & HEAP_KEYS_UPDATED);
	ReleaseBuffer(buffer);
	CU_ASSERT_EQUAL(heap_lock_tuple(rel, &tup, GetCurrentCommandId(true),
	                                LockTupleExclusive, LockWaitError, &buffer,
	                                &tmfd),
	                TM_Ok);
	CU_ASSERT_TRUE(tup.t_data->t_infomask2 & HEAP_KEYS_UPDATED);
	ReleaseBuffer(buffer);
	CU_ASSERT_EQUAL(update_here(&tid, 8, 'b', 20), TU_None);
	/* the old version again, by the same command */
	CU_ASSERT_EQUAL(heap_update(rel, &old, make_row(8, 'c', 20),
	                            GetCurrentCommandId(true), true, &tmfd, &mode,
	                            &update_indexes),
	                TM_SelfModified);
	CommitTransactionCommand();
	CU_ASSERT_EQUAL(letter_now(old, NULL), 'b');

	/* Updated meanwhile: the lock goes on to the newest version. */
	StartTransactionCommand();
	slot = table_slot_create(rel, NULL);
	found = old;
	CU_ASSERT_EQUAL(table_tuple_lock(rel, &found, SnapshotAny, slot,
	                                 GetCurrentCommandId(true),
	                                 LockTupleExclusive, LockWaitBlock, 0,
	                                 &tmfd),
	                TM_Updated);
	CU_ASSERT_EQUAL(table_tuple_lock(rel, &found, SnapshotAny, slot,
	                                 GetCurrentCommandId(true),
	                                 LockTupleExclusive, LockWaitBlock,
	                                 TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &tmfd),
	                TM_Ok);
	CU_ASSERT_TRUE(tmfd.traversed);
	CU_ASSERT_TRUE(ItemPointerEquals(&found, &tid));
	CU_ASSERT_EQUAL(
		*(VARDATA_ANY(DatumGetPointer(slot_getattr(slot, 2, &isnull)))), 'b');
	ExecDropSingleTupleTableSlot(slot);
	AbortCurrentTransaction();

	/* Gone meanwhile. */
	StartTransactionCommand();
	CU_ASSERT_EQUAL(
		heap_delete(rel, &tid, GetCurrentCommandId(true), true, &tmfd), TM_Ok);
	CommitTransactionCommand();
	StartTransactionCommand();
	slot = table_slot_create(rel, NULL);
	found = old;
	CU_ASSERT_EQUAL(table_tuple_lock(rel, &found, SnapshotAny, slot,
	                                 GetCurrentCommandId(true),
	                                 LockTupleExclusive, LockWaitBlock,
	                                 TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &tmfd),
	                TM_Deleted);
	ExecDropSingleTupleTableSlot(slot);
	CommitTransactionCommand();
}

/* Marks a page all visible and all frozen, its tuples frozen. */
static void
freeze_page(BlockNumber block)
{
	xl_heap_freeze_tuple frz[MaxHeapTuplesPerPage];
	Buffer vmbuffer = InvalidBuffer;
	TransactionId oldest;
	TransactionId out;
	Buffer buffer;
	Page page;
	int n = 0;

	StartTransactionCommand();
	oldest = GetOldestNonRemovableTransactionId(rel);
	out = oldest;
	buffer = ReadBuffer(rel, block);
	page = BufferGetPage(buffer);
	visibilitymap_pin(rel, block, &vmbuffer);
	LockBufferForCleanup(buffer);
	heap_page_prune(rel, buffer, oldest, NULL, NULL);
	for (OffsetNumber off = 1; off <= PageGetMaxOffsetNumber(page); off++)
	{
		ItemId lp = PageGetItemId(page, off);
		bool frozen;

		if (!ItemIdIsNormal(lp))
			continue;
		if (heap_prepare_freeze_tuple((HeapTupleHeader) PageGetItem(page, lp),
		                              FirstNormalTransactionId, oldest, &frz[n],
		                              &frozen, &out))
			frz[n++].offset = off;
		CU_ASSERT_TRUE(frozen);
	}
	CU_ASSERT_EQUAL(out, oldest);
	START_CRIT_SECTION();
	MarkBufferDirty(buffer);
	for (int i = 0; i < n; i++)
		heap_execute_freeze_tuple((HeapTupleHeader) PageGetItem(
									  page, PageGetItemId(page, frz[i].offset)),
		                          &frz[i]);
	if (n > 0)
		PageSetLSN(page, log_heap_freeze(rel, buffer, oldest, frz, n));
	END_CRIT_SECTION();
	PageSetAllVisible(page);
	MarkBufferDirty(buffer);
	visibilitymap_set(rel, block, buffer, InvalidXLogRecPtr, vmbuffer,
	                  InvalidTransactionId,
	                  VISIBILITYMAP_ALL_VISIBLE | VISIBILITYMAP_ALL_FROZEN);
	UnlockReleaseBuffer(buffer);
	ReleaseBuffer(vmbuffer);
	CommitTransactionCommand();
}

static uint8
map_status(BlockNumber block)
{
	Buffer vmbuffer = InvalidBuffer;
	uint8 status;

	StartTransactionCommand();
	status = visibilitymap_get_status(rel, block, &vmbuffer);
	if (vmbuffer != InvalidBuffer)
		ReleaseBuffer(vmbuffer);
	CommitTransactionCommand();
	return status;
}

/* Who changes a page clears its bits; who locks a row, the frozen one only. */
static void
test_visibility_map(void)
{
	BlockNumber block = RelationGetNumberOfBlocks(rel);
	BlockNumber nvisible;
	BlockNumber nfrozen;
	ItemPointerData tid;
	HeapTupleData tup;
	TM_FailureData tmfd;
	Buffer buffer;

	do
		tid = insert_row(9, 'a', 2500);
	while (ItemPointerGetBlockNumber(&tid) < block);
	CU_ASSERT_EQUAL(map_status(block), 0);
	freeze_page(block);
	CU_ASSERT_EQUAL(map_status(block), VISIBILITYMAP_VALID_BITS);
	StartTransactionCommand();
	visibilitymap_count(rel, &nvisible, &nfrozen);
	CommitTransactionCommand();
	CU_ASSERT_EQUAL(nvisible, 1);
	CU_ASSERT_EQUAL(nfrozen, 1);
	CU_ASSERT_EQUAL(letter_now(tid, NULL), 'a');

	StartTransactionCommand();
	tup.t_self = tid;
	CU_ASSERT_EQUAL(heap_lock_tuple(rel, &tup, GetCurrentCommandId(true),
	                                LockTupleExclusive, LockWaitBlock, &buffer,
	                                &tmfd),
	                TM_Ok);
	ReleaseBuffer(buffer);
	CommitTransactionCommand();
	CU_ASSERT_EQUAL(map_status(block), VISIBILITYMAP_ALL_VISIBLE);
	freeze_page(block);
	CU_ASSERT_EQUAL(map_status(block), VISIBILITYMAP_VALID_BITS);
	CU_ASSERT_EQUAL(update_row(&tid, 9, 'b', 2500), TU_None);
	CU_ASSERT_EQUAL(map_status(block), 0);
	freeze_page(block);
	/* to another page: both are cleared */
	(void) insert_row(9, 'c', 2500);
	CU_ASSERT_EQUAL(map_status(block), 0);
	freeze_page(block);
	CU_ASSERT_EQUAL(update_row(&tid, 9, 'd', 4500), TU_All);
	CU_ASSERT_EQUAL(map_status(block), 0);
	freeze_page(0);
}

/* Many rows by one record, deletions, an in-place change: for the replay. */
static void
test_others(void)
{
	TupleTableSlot *slots[200];
	HeapTuple tup;
	TM_FailureData tmfd;
	ItemPointerData tid;
	Buffer buffer;

	StartTransactionCommand();
	for (int i = 0; i < 200; i++)
	{
		slots[i] = MakeSingleTupleTableSlot(rel->rd_att);
		slots[i]->tts_values[0] = Int32GetDatum(i);
		slots[i]->tts_values[1] = text_of('m', 1 + i);
		slots[i]->tts_isnull[0] = false;
		slots[i]->tts_isnull[1] = i % 7 == 0;
		ExecStoreVirtualTuple(slots[i]);
	}
	heap_multi_insert(rel, slots, 200, GetCurrentCommandId(true), 0, NULL);
	tid = slots[150]->tts_tid;
	CommandCounterIncrement();
	CU_ASSERT_EQUAL(
		heap_delete(rel, &tid, GetCurrentCommandId(true), true, &tmfd), TM_Ok);
	tup = make_row(77, 'm', 1 + 151);
	tup->t_self = slots[151]->tts_tid;
	HeapTupleHeaderSetXmin(tup->t_data, GetCurrentTransactionId());
	CU_ASSERT_TRUE_FATAL(heap_inplace_lock(rel, tup, &buffer));
	*GETSTRUCT(tup) ^= 1;
	heap_inplace_update_and_unlock(rel, tup, buffer);
	for (int i = 0; i < 200; i++)
		ExecDropSingleTupleTableSlot(slots[i]);
	CommitTransactionCommand();
}

/* ---- replay ---- */

static int
open_page(XLogReaderState *state, XLogRecPtr page, int reqLen,
          XLogRecPtr target, char *buf)
{
	char path[MAXPGPATH];
	XLogSegNo segno;
	FILE *f;
	size_t n = 0;

	XLByteToSeg(page, segno, state->segcxt.ws_segsize);
	XLogFilePath(path, 1, segno, state->segcxt.ws_segsize);
	f = fopen(path, "r");
	if (f == NULL)
		return -1;
	if (fseek(f, XLogSegmentOffset(page, state->segcxt.ws_segsize), SEEK_SET) ==
	    0)
		n = fread(buf, 1, XLOG_BLCKSZ, f);
	fclose(f);
	return n == XLOG_BLCKSZ ? XLOG_BLCKSZ : -1;
}

/* Takes off a page what the log does not restore. */
static void
mask_page(Page page)
{
	PageHeader p = (PageHeader) page;

	p->pd_checksum = 0;
	p->pd_prune_xid = 0;
	p->pd_flags &= ~(PD_PAGE_FULL | PD_HAS_FREE_LINES);
	memset(page + p->pd_lower, 0, p->pd_upper - p->pd_lower);
	for (OffsetNumber off = 1; off <= PageGetMaxOffsetNumber(page); off++)
	{
		ItemId lp = PageGetItemId(page, off);
		HeapTupleHeader td;

		if (!ItemIdIsNormal(lp))
			continue;
		td = (HeapTupleHeader) PageGetItem(page, lp);
		HeapTupleHeaderSetCmin(td, 0);
		if (!HeapTupleHeaderXminFrozen(td))
			td->t_infomask &= ~(HEAP_XMIN_COMMITTED | HEAP_XMIN_INVALID);
		td->t_infomask &= ~(HEAP_XMAX_COMMITTED | HEAP_XMAX_INVALID);
	}
}

static void
test_replay(void)
{
	BlockNumber nblocks = RelationGetNumberOfBlocks(rel);
	ForkNumber forks[2] = {MAIN_FORKNUM, VISIBILITYMAP_FORKNUM};
	BlockNumber zeros[2] = {0, 0};
	BlockNumber old[2];
	PGAlignedBlock *before = malloc(nblocks * sizeof(PGAlignedBlock));
	PGAlignedBlock after;
	uint8 *status = malloc(nblocks);
	int seen[2][8] = {{0}};
	XLogReaderState *reader;
	char *errormsg;
	Buffer buffer;

	XLogFlush(GetXLogInsertRecPtr());
	for (BlockNumber b = 0; b < nblocks; b++)
	{
		status[b] = map_status(b);
		StartTransactionCommand();
		buffer = ReadBuffer(rel, b);
		memcpy(before[b].data, BufferGetPage(buffer), BLCKSZ);
		ReleaseBuffer(buffer);
		CommitTransactionCommand();
	}

	/* The file is lost, and every page with it. */
	for (int i = 0; i < 2; i++)
		old[i] = smgrnblocks(RelationGetSmgr(rel), forks[i]);
	smgrtruncate(RelationGetSmgr(rel), forks, 2, old, zeros);
	CU_ASSERT_EQUAL(RelationGetNumberOfBlocks(rel), 0);

	StartTransactionCommand();
	reader = XLogReaderAllocate(wal_segment_size, NULL,
	                            XL_ROUTINE(.page_read = open_page), NULL);
	XLogBeginRead(reader, ControlFile->checkPoint);
	InRecovery = true;
	while (XLogReadRecord(reader, &errormsg) != NULL)
	{
		RmgrId rmid = XLogRecGetRmid(reader);
		int op = (XLogRecGetInfo(reader) & XLOG_HEAP_OPMASK) >> 4;

		/* hint bits of pages that the log had not seen are imaged */
		if (rmid == RM_HEAP_ID)
		{
			seen[0][op]++;
			heap_redo(reader);
		}
		else if (rmid == RM_HEAP2_ID)
		{
			seen[1][op]++;
			heap2_redo(reader);
		}
	}
	InRecovery = false;
	XLogReaderFree(reader);
	CommitTransactionCommand();

	CU_ASSERT_TRUE(seen[0][XLOG_HEAP_INSERT >> 4] > 0);
	CU_ASSERT_TRUE(seen[0][XLOG_HEAP_DELETE >> 4] > 0);
	CU_ASSERT_TRUE(seen[0][XLOG_HEAP_UPDATE >> 4] > 0);
	CU_ASSERT_TRUE(seen[0][XLOG_HEAP_HOT_UPDATE >> 4] > 0);
	CU_ASSERT_TRUE(seen[0][XLOG_HEAP_LOCK >> 4] > 0);
	CU_ASSERT_TRUE(seen[0][XLOG_HEAP_INPLACE >> 4] > 0);
	CU_ASSERT_TRUE(seen[1][XLOG_HEAP2_PRUNE >> 4] > 0);
	CU_ASSERT_TRUE(seen[1][XLOG_HEAP2_FREEZE_PAGE >> 4] > 0);
	CU_ASSERT_TRUE(seen[1][XLOG_HEAP2_VISIBLE >> 4] > 0);
	CU_ASSERT_TRUE(seen[1][XLOG_HEAP2_MULTI_INSERT >> 4] > 0);
	CU_ASSERT_EQUAL_FATAL(RelationGetNumberOfBlocks(rel), nblocks);
	for (BlockNumber b = 0; b < nblocks; b++)
	{
		StartTransactionCommand();
		buffer = ReadBuffer(rel, b);
		memcpy(after.data, BufferGetPage(buffer), BLCKSZ);
		ReleaseBuffer(buffer);
		CommitTransactionCommand();
		CU_ASSERT_EQUAL(PageGetLSN(before[b].data), PageGetLSN(after.data));
		mask_page(before[b].data);
		mask_page(after.data);
		CU_ASSERT_EQUAL(memcmp(before[b].data, after.data, BLCKSZ), 0);
		CU_ASSERT_EQUAL(map_status(b), status[b]);
	}
	free(before);
	free(status);
}

int
main(void)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	unit_enter_cluster(testdir);
	rel = unit_cluster_with_table();
	unit_index_first_column(rel);
	CU_initialize_registry();
	suite = CU_add_suite("heap_update", NULL, NULL);
	CU_add_test(suite, "HOT chain", test_hot_chain);
	CU_add_test(suite, "rolled back", test_rolled_back);
	CU_add_test(suite, "pruning", test_prune);
	CU_add_test(suite, "room by pruning", test_room_by_pruning);
	CU_add_test(suite, "to another page", test_other_page);
	CU_add_test(suite, "row locks", test_lock);
	CU_add_test(suite, "visibility map", test_visibility_map);
	CU_add_test(suite, "others", test_others);
	CU_add_test(suite, "replay", test_replay);
	return unit_run_in_cluster(testdir);
}
