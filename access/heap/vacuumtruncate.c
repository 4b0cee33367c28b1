/*
 * vacuumtruncate.c
 *		The end of VACUUM of a heap: empty pages at the end of the file go.
 *
 * That needs AccessExclusiveLock, which is only asked for, not waited for: who
 * works with the table matters more.  Whoever waits for us while we look at the
 * last pages again ends the attempt, and keeps what was found so far.
 *
 * Corresponds to the truncation in PostgreSQL's vacuumlazy.c.
 */
#include "postgres.h"

#include "catalog/storage.h"
#include "commands/progress.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "utils/backend_progress.h"
#include "utils/injection_point.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"
#include "vacuumlazy.h"

/* It pays from so many pages on, or from that part of the table. */
#define REL_TRUNCATE_MINIMUM 1000
#define REL_TRUNCATE_FRACTION 16

/* milliseconds */
#define TRUNCATE_LOCK_CHECK_INTERVAL 20
#define TRUNCATE_LOCK_WAIT_INTERVAL 50
#define TRUNCATE_LOCK_TIMEOUT 5000

bool
should_attempt_truncation(LVRelState *vacrel)
{
	BlockNumber possible = vacrel->rel_pages - vacrel->nonempty_pages;

	return vacrel->do_rel_truncate && !vacrel->failsafe_active &&
	       possible > 0 &&
	       (possible >= REL_TRUNCATE_MINIMUM ||
	        possible >= vacrel->rel_pages / REL_TRUNCATE_FRACTION);
}

/*
 * How many pages must stay: others may have filled some since the scan.
 * *waiter: somebody wants the table.
 */
static BlockNumber
count_nondeletable_pages(LVRelState *vacrel, bool *waiter)
{
	BlockNumber blkno = vacrel->rel_pages;
	TimestampTz checked = GetCurrentTimestamp();

	*waiter = false;
	while (blkno > vacrel->nonempty_pages)
	{
		bool hastup = false;
		Buffer buf;
		Page page;

		if (blkno % 32 == 0 &&
		    TimestampDifferenceExceeds(checked, GetCurrentTimestamp(),
		                               TRUNCATE_LOCK_CHECK_INTERVAL))
		{
			if (LockHasWaitersRelation(vacrel->rel, AccessExclusiveLock))
			{
				*waiter = true;
				return blkno;
			}
			checked = GetCurrentTimestamp();
		}
		/* no pauses here: the lock stands in everybody's way */
		CHECK_FOR_INTERRUPTS();
		blkno--;
		buf = ReadBufferExtended(vacrel->rel, MAIN_FORKNUM, blkno, RBM_NORMAL,
		                         vacrel->bstrategy);
		LockBuffer(buf, BUFFER_LOCK_SHARE);
		page = BufferGetPage(buf);
		if (!PageIsNew(page))
		{
			OffsetNumber maxoff = PageGetMaxOffsetNumber(page);

			/* a dead item is one too: an index may still lead to it */
			for (OffsetNumber off = FirstOffsetNumber; off <= maxoff && !hastup;
			     off++)
				hastup = ItemIdIsUsed(PageGetItemId(page, off));
		}
		UnlockReleaseBuffer(buf);
		if (hastup)
			return blkno + 1;
	}
	return vacrel->nonempty_pages;
}

/* False after TRUNCATE_LOCK_TIMEOUT. */
static bool
get_exclusive_lock(LVRelState *vacrel)
{
	int retries = 0;

	while (!ConditionalLockRelation(vacrel->rel, AccessExclusiveLock))
	{
		CHECK_FOR_INTERRUPTS();
		if (++retries > TRUNCATE_LOCK_TIMEOUT / TRUNCATE_LOCK_WAIT_INTERVAL)
		{
			ereport(vacrel->message_level,
			        (errmsg("\"%s\": stopping truncate due to conflicting lock "
			                "request",
			                RelationGetRelationName(vacrel->rel))));
			return false;
		}
		(void) WaitLatch(
			MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
			TRUNCATE_LOCK_WAIT_INTERVAL, WAIT_EVENT_VACUUM_TRUNCATE);
		ResetLatch(MyLatch);
	}
	return true;
}

void
lazy_truncate_heap(LVRelState *vacrel)
{
	bool waiter;

	pgstat_progress_update_param(PROGRESS_VACUUM_PHASE,
	                             PROGRESS_VACUUM_PHASE_TRUNCATE);
	/* Again after a pause for those who waited. */
	do
	{
		BlockNumber orig = vacrel->rel_pages;
		BlockNumber now;
		BlockNumber keep;

		if (!get_exclusive_lock(vacrel))
			return;
		now = RelationGetNumberOfBlocks(vacrel->rel);
		if (now != orig)
		{
			/* It grew: its end is in use. */
			UnlockRelation(vacrel->rel, AccessExclusiveLock);
			return;
		}
		keep = count_nondeletable_pages(vacrel, &waiter);
		if (keep >= orig)
		{
			UnlockRelation(vacrel->rel, AccessExclusiveLock);
			return;
		}
		INJECTION_POINT("vacuum-truncate");
		RelationTruncate(vacrel->rel, keep);
		/*
		 * Others ask for the file's length again before they can get a lock:
		 * the lock may go before the end of the transaction.
		 */
		UnlockRelation(vacrel->rel, AccessExclusiveLock);
		vacrel->removed_pages += orig - keep;
		vacrel->rel_pages = keep;
		ereport(vacrel->message_level,
		        (errmsg("table \"%s\": truncated %u to %u pages",
		                RelationGetRelationName(vacrel->rel), orig, keep)));
	} while (vacrel->rel_pages > vacrel->nonempty_pages && waiter);
}
