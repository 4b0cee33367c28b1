/*
 * storage.c: relation files that come and go with a transaction.
 *
 * A file made in a transaction must vanish if it aborts, a dropped one only
 * once it has committed.  Both are entries of one list in this process's
 * memory, carried out by smgrDoPendingDeletes after the transaction's fate is
 * recorded and before its locks go.  The record of the transaction's end names
 * them too, and its replay removes them again.  SIGKILL loses the list: what a
 * transaction without an end has left is found by RemoveOrphanedRelationFiles
 * at the end of recovery, because no committed row of pg_class names it.
 *
 * Files of temporary relations are in the list and in no record: a start
 * removes what is left of them.
 *
 * A file is made first and logged then: without the record it is an orphan.
 * Truncating one is logged and flushed before, since the blocks cannot be had
 * back.
 *
 * Corresponds to PostgreSQL's catalog/storage.c.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/htup_details.h"
#include "access/visibilitymap.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "access/xlogutils.h"
#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/storage.h"
#include "catalog/storage_xlog.h"
#include "common/relpath.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/fd.h"
#include "storage/freespace.h"
#include "storage/proc.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"

typedef struct PendingRelDelete
{
	RelFileNode relnode;
	ProcNumber backend; /* of a temporary relation: its files are not logged */
	bool atCommit;      /* delete at commit; else at abort */
	struct PendingRelDelete *next;
} PendingRelDelete;

static PendingRelDelete *pendingDeletes = NULL; /* in TopMemoryContext */
static bool pendingDeletesTried = false; /* by an abort that did not end */

static void
add_pending(RelFileNode rnode, ProcNumber backend, bool atCommit)
{
	PendingRelDelete *pending =
		MemoryContextAlloc(TopMemoryContext, sizeof(PendingRelDelete));

	pending->relnode = rnode;
	pending->backend = backend;
	pending->atCommit = atCommit;
	pending->next = pendingDeletes;
	pendingDeletes = pending;
}

SMgrRelation
RelationCreateStorage(RelFileNode rnode, char relpersistence,
                      bool register_delete)
{
	ProcNumber backend = relpersistence == RELPERSISTENCE_TEMP
	                         ? ProcNumberForTempRelations()
	                         : INVALID_PROC_NUMBER;
	SMgrRelation srel = smgropen(rnode, backend);

	/* first the entry: a file without one would stay for ever */
	if (register_delete)
		add_pending(rnode, backend, false);
	INJECTION_POINT("relation-create-storage");
	smgrcreate(srel, MAIN_FORKNUM, false);
	if (relpersistence == RELPERSISTENCE_PERMANENT)
		log_smgrcreate(&srel->smgr_rnode.node, MAIN_FORKNUM);
	return srel;
}

void
log_smgrcreate(const RelFileNode *rnode, ForkNumber forkNum)
{
	xl_smgr_create xlrec = {.rnode = *rnode, .forkNum = forkNum};

	XLogBeginInsert();
	XLogRegisterData((char *) &xlrec, sizeof(xlrec));
	XLogInsert(RM_SMGR_ID, XLOG_SMGR_CREATE | XLR_SPECIAL_REL_UPDATE);
}

void
RelationDropStorage(Relation rel)
{
	add_pending(rel->rd_node, rel->rd_backend, true);
	/* the handle may go now; buffers and files stay until the commit */
	RelationCloseSmgr(rel);
}

void
RelationPreserveStorage(RelFileNode rnode, bool atCommit)
{
	PendingRelDelete **link = &pendingDeletes;

	while (*link != NULL)
	{
		PendingRelDelete *pending = *link;

		if (RelFileNodeEquals(rnode, pending->relnode) &&
		    pending->atCommit == atCommit)
		{
			*link = pending->next;
			pfree(pending);
		}
		else
			link = &pending->next;
	}
}

/* The forks to shorten and their new lengths; the number of forks. */
static int
ForksToTruncate(Relation rel, BlockNumber nblocks, int flags, ForkNumber *forks,
                BlockNumber *blocks)
{
	int n = 0;
	BlockNumber map;

	if (flags & SMGR_TRUNCATE_HEAP)
	{
		forks[n] = MAIN_FORKNUM;
		blocks[n++] = nblocks;
	}
	if (flags & SMGR_TRUNCATE_FSM)
	{
		map = FreeSpaceMapPrepareTruncateRel(rel, nblocks);
		if (BlockNumberIsValid(map))
		{
			forks[n] = FSM_FORKNUM;
			blocks[n++] = map;
		}
	}
	if (flags & SMGR_TRUNCATE_VM)
	{
		map = visibilitymap_prepare_truncate(rel, nblocks);
		if (BlockNumberIsValid(map))
		{
			forks[n] = VISIBILITYMAP_FORKNUM;
			blocks[n++] = map;
		}
	}
	return n;
}

/*
 * The forks' lengths, asked of the files and not remembered: that opens all
 * their segments.
 */
static void
LengthsOfForks(SMgrRelation reln, const ForkNumber *forks, int nforks,
               BlockNumber *lengths)
{
	for (int i = 0; i < nforks; i++)
	{
		reln->smgr_cached_nblocks[forks[i]] = InvalidBlockNumber;
		lengths[i] = smgrnblocks(reln, forks[i]);
	}
}

bool
RelationFileIsNew(Relation rel)
{
	for (PendingRelDelete *p = pendingDeletes; p != NULL; p = p->next)
		if (!p->atCommit && RelFileNodeEquals(rel->rd_node, p->relnode))
			return true;
	return false;
}

void
RelationTruncate(Relation rel, BlockNumber nblocks)
{
	ForkNumber forks[MAX_FORKNUM + 1];
	BlockNumber blocks[MAX_FORKNUM + 1];
	BlockNumber old[MAX_FORKNUM + 1];
	SMgrRelation reln = RelationGetSmgr(rel);
	int nforks =
		ForksToTruncate(rel, nblocks, SMGR_TRUNCATE_ALL, forks, blocks);

	reln->smgr_targblock = InvalidBlockNumber;
	LengthsOfForks(reln, forks, nforks, old);
	INJECTION_POINT("relation-truncate-begin");
	/*
	 * A checkpoint must not fall between record and deed: it would write pages
	 * that are gone, or its replay would begin behind the record.
	 *
	 * And nothing may fail between them: the pages that go are thrown away in
	 * the pool, changed or not, so a file that stayed as long as it was would
	 * show rows again that were deleted.  Replay of the record makes it good.
	 */
	MyProc->delayChkptFlags |= DELAY_CHKPT_START | DELAY_CHKPT_COMPLETE;
	START_CRIT_SECTION();
	if (RelationNeedsWAL(rel))
	{
		xl_smgr_truncate xlrec = {.blkno = nblocks,
		                          .rnode = rel->rd_node,
		                          .flags = SMGR_TRUNCATE_ALL};
		XLogRecPtr lsn;

		XLogBeginInsert();
		XLogRegisterData((char *) &xlrec, sizeof(xlrec));
		lsn =
			XLogInsert(RM_SMGR_ID, XLOG_SMGR_TRUNCATE | XLR_SPECIAL_REL_UPDATE);
		XLogFlush(lsn);
	}
	INJECTION_POINT_CRITICAL("relation-truncate");
	smgrtruncate(reln, forks, nforks, old, blocks);
	END_CRIT_SECTION();
	MyProc->delayChkptFlags &= ~(DELAY_CHKPT_START | DELAY_CHKPT_COMPLETE);
}

static void
free_pending(PendingRelDelete *list)
{
	while (list != NULL)
	{
		PendingRelDelete *next = list->next;

		pfree(list);
		list = next;
	}
}

/* Forgets what the other outcome would have deleted. */
static void
keep_pending(bool atCommit)
{
	PendingRelDelete **link = &pendingDeletes;

	while (*link != NULL)
	{
		PendingRelDelete *pending = *link;

		if (pending->atCommit == atCommit)
			link = &pending->next;
		else
		{
			*link = pending->next;
			pfree(pending);
		}
	}
}

/*
 * An error is followed by an abort, which comes here once more.  An abort that
 * failed does it all again, and once only, lest an error that comes each time
 * makes a loop of it.
 */
void
smgrDoPendingDeletes(bool isCommit)
{
	PendingRelDelete *list;
	SMgrRelation *srels;
	int nrels = 0;

	keep_pending(isCommit);
	list = pendingDeletes;
	if (list == NULL)
		return;
	if (isCommit || pendingDeletesTried)
		pendingDeletes = NULL;
	pendingDeletesTried = !isCommit && !pendingDeletesTried;
	for (PendingRelDelete *p = list; p != NULL; p = p->next)
		nrels++;
	srels = palloc(sizeof(SMgrRelation) * nrels);
	nrels = 0;
	for (PendingRelDelete *p = list; p != NULL; p = p->next)
		srels[nrels++] = smgropen(p->relnode, p->backend);
	INJECTION_POINT("pending-deletes");
	smgrdounlinkall(srels, nrels, false);
	for (int i = 0; i < nrels; i++)
		smgrclose(srels[i]);
	pfree(srels);
	pendingDeletes = NULL;
	pendingDeletesTried = false;
	free_pending(list);
}

int
smgrGetPendingDeletes(bool forCommit, RelFileNode **ptr)
{
	int nrels = 0;
	RelFileNode *rptr;

	for (PendingRelDelete *p = pendingDeletes; p != NULL; p = p->next)
		if (p->atCommit == forCommit && p->backend == INVALID_PROC_NUMBER)
			nrels++;
	*ptr = NULL;
	if (nrels == 0)
		return 0;
	rptr = palloc(nrels * sizeof(RelFileNode));
	*ptr = rptr;
	for (PendingRelDelete *p = pendingDeletes; p != NULL; p = p->next)
		if (p->atCommit == forCommit && p->backend == INVALID_PROC_NUMBER)
			*rptr++ = p->relnode;
	return nrels;
}

/* ---- replay ---- */

void
smgrDropFilesInRecovery(const RelFileNode *rels, int nrels)
{
	SMgrRelation *srels = palloc(sizeof(SMgrRelation) * nrels);

	for (int i = 0; i < nrels; i++)
	{
		srels[i] = smgropen(rels[i], INVALID_PROC_NUMBER);
		/* pages that were missing belong to a file that is gone: no harm */
		for (ForkNumber fork = 0; fork <= MAX_FORKNUM; fork++)
			XLogDropRelation(rels[i], fork);
	}
	smgrdounlinkall(srels, nrels, true);
	for (int i = 0; i < nrels; i++)
		smgrclose(srels[i]);
	pfree(srels);
}

static void
redo_truncate(XLogReaderState *record)
{
	xl_smgr_truncate xlrec;
	SMgrRelation reln;
	ForkNumber forks[MAX_FORKNUM + 1];
	BlockNumber blocks[MAX_FORKNUM + 1];
	BlockNumber old[MAX_FORKNUM + 1];
	Relation rel;
	int nforks;

	memcpy(&xlrec, XLogRecGetData(record), sizeof(xlrec));
	reln = smgropen(xlrec.rnode, INVALID_PROC_NUMBER);
	/* The file may have been removed later; then its pages are not missed. */
	smgrcreate(reln, MAIN_FORKNUM, true);
	XLogFlush(record->EndRecPtr);
	rel = CreateFakeRelcacheEntry(xlrec.rnode);
	nforks = ForksToTruncate(rel, xlrec.blkno, xlrec.flags, forks, blocks);
	FreeFakeRelcacheEntry(rel);
	if (xlrec.flags & SMGR_TRUNCATE_HEAP)
		XLogTruncateRelation(xlrec.rnode, MAIN_FORKNUM, xlrec.blkno);
	for (int i = 0; i < nforks;)
	{
		/* replay may stand before the growth that is cut off here */
		if (smgrnblocks(reln, forks[i]) <= blocks[i])
		{
			nforks--;
			forks[i] = forks[nforks];
			blocks[i] = blocks[nforks];
		}
		else
			i++;
	}
	if (nforks == 0)
		return;
	LengthsOfForks(reln, forks, nforks, old);
	START_CRIT_SECTION();
	smgrtruncate(reln, forks, nforks, old, blocks);
	END_CRIT_SECTION();
}

void
smgr_redo(XLogReaderState *record)
{
	uint8 info = XLogRecGetInfo(record) & ~XLR_INFO_MASK;

	Assert(!XLogRecHasAnyBlockRefs(record));
	if (info == XLOG_SMGR_CREATE)
	{
		xl_smgr_create xlrec;

		memcpy(&xlrec, XLogRecGetData(record), sizeof(xlrec));
		smgrcreate(smgropen(xlrec.rnode, INVALID_PROC_NUMBER), xlrec.forkNum,
		           true);
	}
	else if (info == XLOG_SMGR_TRUNCATE)
		redo_truncate(record);
	else
		elog(PANIC, "smgr_redo: unknown op code %u", info);
}

void
smgr_desc(StringInfo buf, XLogReaderState *record)
{
	uint8 info = XLogRecGetInfo(record) & ~XLR_INFO_MASK;

	if (info == XLOG_SMGR_CREATE)
	{
		xl_smgr_create xlrec;

		memcpy(&xlrec, XLogRecGetData(record), sizeof(xlrec));
		appendStringInfoString(buf, relpathperm(xlrec.rnode, xlrec.forkNum));
	}
	else if (info == XLOG_SMGR_TRUNCATE)
	{
		xl_smgr_truncate xlrec;

		memcpy(&xlrec, XLogRecGetData(record), sizeof(xlrec));
		appendStringInfo(buf, "%s to %u blocks flags %d",
		                 relpathperm(xlrec.rnode, MAIN_FORKNUM), xlrec.blkno,
		                 xlrec.flags);
	}
}

const char *
smgr_identify(uint8 info)
{
	switch (info & ~XLR_INFO_MASK)
	{
		case XLOG_SMGR_CREATE:
			return "CREATE";
		case XLOG_SMGR_TRUNCATE:
			return "TRUNCATE";
		default:
			return NULL;
	}
}
