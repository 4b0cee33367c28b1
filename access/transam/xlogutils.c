/*
 * xlogutils.c
 *		Buffers for redo routines, and pages that redo could not find.
 *
 * A record names blocks of files as they were when it was written.  Replay
 * begins at an older state of some files and meets newer states of others: a
 * later record may have truncated or dropped what this one changes, and the
 * file system may have done that already.  So a block that is not there is no
 * error yet: it is noted in invalid_page_tab, and a later record of the
 * truncation or of the drop takes it out again.  What is still there at the end
 * of recovery was lost by something else, and is a PANIC.
 *
 * Replay runs in one process with nobody else about; locks on buffers are
 * taken nevertheless, since the routines that change pages expect them.
 *
 * A crash during replay: pages that were written carry the position of the
 * last record that changed them, so the next replay leaves them alone until it
 * comes to that record.
 *
 * Corresponds to PostgreSQL's xlogutils.c.
 */
#include "postgres.h"

#include "access/xlogrecord.h"
#include "access/xlogutils.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/smgr.h"
#include "utils/hsearch.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"

bool ignore_invalid_pages = false;
bool InRecovery = false;

/* One block that a record wanted and that was not there, or was zeros. */
typedef struct InvalidPageKey
{
	RelFileNode node;
	ForkNumber forkno;
	BlockNumber blkno;
} InvalidPageKey;

typedef struct InvalidPage
{
	InvalidPageKey key;
	bool present; /* it was there, but had never been initialized */
} InvalidPage;

static HTAB *invalid_page_tab = NULL; /* of InvalidPage, NULL: none noted */

/*
 * Where blocks were found last.  Neighbouring records change the same few pages
 * again and again, which need not be looked up each time; a buffer that holds
 * something else by now is noticed.
 */
#define RECENT_BLOCKS 256

typedef struct RecentBlock
{
	RelFileNode node;
	ForkNumber forkno;
	BlockNumber blkno;
	Buffer buffer; /* InvalidBuffer: nothing noted */
} RecentBlock;

static RecentBlock recent_blocks[RECENT_BLOCKS];

/* A relation descriptor with just enough in it for redo. */
typedef struct FakeRelCacheEntryData
{
	RelationData reldata;
	FormData_pg_class pgc;
} FakeRelCacheEntryData;

/* ---------------------------------------------------------------------------
 * Pages that are missing
 * ---------------------------------------------------------------------------
 */

static void
report_invalid_page(int elevel, const InvalidPage *page)
{
	char *path = relpathperm(page->key.node, page->key.forkno);

	if (page->present)
		elog(elevel, "page %u of relation %s is uninitialized", page->key.blkno,
		     path);
	else
		elog(elevel, "page %u of relation %s does not exist", page->key.blkno,
		     path);
	pfree(path);
}

static void
log_invalid_page(RelFileNode node, ForkNumber forkno, BlockNumber blkno,
                 bool present)
{
	InvalidPage *page;
	InvalidPageKey key;
	bool found;

	if (invalid_page_tab == NULL)
	{
		HASHCTL ctl = {0};

		ctl.keysize = sizeof(InvalidPageKey);
		ctl.entrysize = sizeof(InvalidPage);
		ctl.hcxt = TopMemoryContext;
		invalid_page_tab = hash_create("XLOG invalid-page table", 100, &ctl,
		                               HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	memset(&key, 0, sizeof(key));
	key.node = node;
	key.forkno = forkno;
	key.blkno = blkno;
	page = hash_search(invalid_page_tab, &key, HASH_ENTER, &found);
	if (!found)
		page->present = present;
	report_invalid_page(DEBUG1, page);
}

/* Forgets what is at or beyond minblkno of one fork. */
static void
forget_invalid_pages(RelFileNode node, ForkNumber forkno, BlockNumber minblkno)
{
	HASH_SEQ_STATUS status;
	InvalidPage *page;

	if (invalid_page_tab == NULL)
		return;
	hash_seq_init(&status, invalid_page_tab);
	while ((page = hash_seq_search(&status)) != NULL)
		if (RelFileNodeEquals(page->key.node, node) &&
		    page->key.forkno == forkno && page->key.blkno >= minblkno)
			(void) hash_search(invalid_page_tab, &page->key, HASH_REMOVE, NULL);
}

bool
XLogHaveInvalidPages(void)
{
	return invalid_page_tab != NULL &&
	       hash_get_num_entries(invalid_page_tab) > 0;
}

void
XLogCheckInvalidPages(void)
{
	HASH_SEQ_STATUS status;
	InvalidPage *page;

	if (!XLogHaveInvalidPages())
		return;
	hash_seq_init(&status, invalid_page_tab);
	while ((page = hash_seq_search(&status)) != NULL)
		report_invalid_page(WARNING, page);
	ereport(ignore_invalid_pages ? WARNING : PANIC,
	        (errcode(ERRCODE_DATA_CORRUPTED),
	         errmsg("WAL contains references to invalid pages"),
	         errdetail("%ld pages that the log changes are missing from their "
	                   "files.",
	                   hash_get_num_entries(invalid_page_tab)),
	         errhint("Files of the data directory were lost or damaged.  "
	                 "Restore them, or set \"ignore_invalid_pages\" to go on "
	                 "without what was in them.")));
	hash_destroy(invalid_page_tab);
	invalid_page_tab = NULL;
}

void
XLogDropRelation(RelFileNode rnode, ForkNumber forknum)
{
	forget_invalid_pages(rnode, forknum, 0);
}

void
XLogTruncateRelation(RelFileNode rnode, ForkNumber forkNum, BlockNumber nblocks)
{
	forget_invalid_pages(rnode, forkNum, nblocks);
}

/* ---------------------------------------------------------------------------
 * Buffers
 * ---------------------------------------------------------------------------
 */

/* Adds zero blocks until blkno is there; that one stays pinned. */
static Buffer
extend_up_to(SMgrRelation smgr, ForkNumber forknum, BlockNumber blkno)
{
	for (;;)
	{
		BlockNumber size = smgrnblocks(smgr, forknum);
		Buffer buffers[MAX_EXTEND_BLOCKS];
		uint32 added;
		BlockNumber first;
		Buffer wanted = InvalidBuffer;

		Assert(size <= blkno);
		first = ExtendBufferedRelBy(BMR_SMGR(smgr, RELPERSISTENCE_PERMANENT),
		                            forknum, NULL, EB_SKIP_EXTENSION_LOCK,
		                            Min(blkno - size + 1, MAX_EXTEND_BLOCKS),
		                            buffers, &added);
		for (uint32 i = 0; i < added; i++)
		{
			if (first + i == blkno)
				wanted = buffers[i];
			else
				ReleaseBuffer(buffers[i]);
		}
		if (BufferIsValid(wanted))
			return wanted;
	}
}

/* A page of zeros is what an extension left that was not logged. */
static Buffer
note_if_new(RelFileNode rnode, ForkNumber forknum, BlockNumber blkno,
            Buffer buffer)
{
	if (!PageIsNew(BufferGetPage(buffer)))
		return buffer;
	ReleaseBuffer(buffer);
	log_invalid_page(rnode, forknum, blkno, true);
	return InvalidBuffer;
}

static RecentBlock *
recent_place(RelFileNode rnode, ForkNumber forknum, BlockNumber blkno)
{
	return &recent_blocks[(blkno + forknum * 31 + rnode.relNode * 97) %
	                      RECENT_BLOCKS];
}

/* Pinned, if it is where it was found last; else InvalidBuffer. */
static Buffer
read_recent(RelFileNode rnode, ForkNumber forknum, BlockNumber blkno)
{
	RecentBlock *recent = recent_place(rnode, forknum, blkno);

	if (recent->buffer == InvalidBuffer || recent->blkno != blkno ||
	    recent->forkno != forknum || !RelFileNodeEquals(recent->node, rnode) ||
	    !ReadRecentBuffer(rnode, forknum, blkno, recent->buffer))
		return InvalidBuffer;
	return recent->buffer;
}

Buffer
XLogReadBufferExtended(RelFileNode rnode, ForkNumber forknum, BlockNumber blkno,
                       ReadBufferMode mode, Buffer recent_buffer)
{
	SMgrRelation smgr;
	Buffer buffer;

	Assert(blkno != P_NEW);

	if (mode == RBM_NORMAL)
	{
		if (BufferIsValid(recent_buffer) &&
		    ReadRecentBuffer(rnode, forknum, blkno, recent_buffer))
			buffer = recent_buffer;
		else
			buffer = read_recent(rnode, forknum, blkno);
		if (BufferIsValid(buffer))
			return note_if_new(rnode, forknum, blkno, buffer);
	}

	/*
	 * The file may be missing, because it was dropped later; it is made
	 * again, for a record of the drop follows.
	 */
	smgr = smgropen(rnode, INVALID_PROC_NUMBER);
	smgrcreate(smgr, forknum, true);

	if (blkno < smgrnblocks(smgr, forknum))
		buffer =
			ReadBufferWithoutRelcache(rnode, forknum, blkno, mode, NULL, true);
	else
	{
		if (mode == RBM_NORMAL)
		{
			log_invalid_page(rnode, forknum, blkno, false);
			return InvalidBuffer;
		}
		if (mode == RBM_NORMAL_NO_LOG)
			return InvalidBuffer;
		Assert(InRecovery);
		buffer = extend_up_to(smgr, forknum, blkno);
		if (mode == RBM_ZERO_AND_LOCK || mode == RBM_ZERO_AND_CLEANUP_LOCK)
			LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	}

	*recent_place(rnode, forknum, blkno) =
		(RecentBlock){rnode, forknum, blkno, buffer};
	return mode == RBM_NORMAL ? note_if_new(rnode, forknum, blkno, buffer)
	                          : buffer;
}

XLogRedoAction
XLogReadBufferForRedo(XLogReaderState *record, uint8 block_id, Buffer *buf)
{
	return XLogReadBufferForRedoExtended(record, block_id, RBM_NORMAL, false,
	                                     buf);
}

Buffer
XLogInitBufferForRedo(XLogReaderState *record, uint8 block_id)
{
	Buffer buf;

	XLogReadBufferForRedoExtended(record, block_id, RBM_ZERO_AND_LOCK, false,
	                              &buf);
	return buf;
}

/* The page as the record carries it: whatever was there is overwritten. */
static void
restore_image(XLogReaderState *record, uint8 block_id, ForkNumber forknum,
              Buffer buf)
{
	Page page = BufferGetPage(buf);

	INJECTION_POINT("redo-restore-image");
	if (!RestoreBlockImage(record, block_id, page))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
		                errmsg_internal("%s", record->errormsg_buf)));
	if (!PageIsNew(page))
		PageSetLSN(page, record->EndRecPtr);
	MarkBufferDirty(buf);
	/* the copy of an init fork reads the file, not the pool */
	if (forknum == INIT_FORKNUM)
		FlushOneBuffer(buf);
}

XLogRedoAction
XLogReadBufferForRedoExtended(XLogReaderState *record, uint8 block_id,
                              ReadBufferMode mode, bool get_cleanup_lock,
                              Buffer *buf)
{
	RelFileNode rnode;
	ForkNumber forknum;
	BlockNumber blkno;
	Buffer prefetch_buffer;
	bool zeromode =
		mode == RBM_ZERO_AND_LOCK || mode == RBM_ZERO_AND_CLEANUP_LOCK;
	bool willinit;

	if (!XLogRecGetBlockTagExtended(record, block_id, &rnode, &forknum, &blkno,
	                                &prefetch_buffer))
		elog(PANIC, "failed to locate backup block with ID %d in WAL record",
		     block_id);

	/* What is written and what is replayed must agree about this. */
	willinit = (XLogRecGetBlock(record, block_id)->flags & BKPBLOCK_WILL_INIT);
	if (willinit && !zeromode)
		elog(PANIC, "block with WILL_INIT flag in WAL record must be zeroed by "
		            "redo routine");
	if (!willinit && zeromode)
		elog(PANIC, "block to be initialized in redo routine must be marked "
		            "with WILL_INIT flag in the WAL record");

	if (XLogRecBlockImageApply(record, block_id))
	{
		*buf = XLogReadBufferExtended(
			rnode, forknum, blkno,
			get_cleanup_lock ? RBM_ZERO_AND_CLEANUP_LOCK : RBM_ZERO_AND_LOCK,
			prefetch_buffer);
		restore_image(record, block_id, forknum, *buf);
		return BLK_RESTORED;
	}

	*buf = XLogReadBufferExtended(rnode, forknum, blkno, mode, prefetch_buffer);
	if (!BufferIsValid(*buf))
		return BLK_NOTFOUND;
	if (!zeromode)
	{
		if (get_cleanup_lock)
			LockBufferForCleanup(*buf);
		else
			LockBuffer(*buf, BUFFER_LOCK_EXCLUSIVE);
	}
	return record->EndRecPtr <= PageGetLSN(BufferGetPage(*buf))
	           ? BLK_DONE
	           : BLK_NEEDS_REDO;
}

/* ---------------------------------------------------------------------------
 * A relation without a catalog
 * ---------------------------------------------------------------------------
 */

Relation
CreateFakeRelcacheEntry(RelFileNode rnode)
{
	FakeRelCacheEntryData *fakeentry = palloc0(sizeof(*fakeentry));
	Relation rel = &fakeentry->reldata;

	Assert(InRecovery);
	rel->rd_rel = &fakeentry->pgc;
	rel->rd_node = rnode;
	rel->rd_backend = INVALID_PROC_NUMBER;
	rel->rd_rel->relpersistence = RELPERSISTENCE_PERMANENT;
	snprintf(RelationGetRelationName(rel), NAMEDATALEN, "%u", rnode.relNode);
	/* nobody locks during replay; the numbers are for messages */
	rel->rd_lockInfo.lockRelId.dbId = rnode.dbNode;
	rel->rd_lockInfo.lockRelId.relId = rnode.relNode;
	rel->rd_smgr = NULL;
	return rel;
}

void
FreeFakeRelcacheEntry(Relation fakerel)
{
	if (fakerel->rd_smgr != NULL)
		smgrclearowner(&fakerel->rd_smgr, fakerel->rd_smgr);
	pfree(fakerel);
}
