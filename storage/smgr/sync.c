/*
 * sync.c: the checkpointer's table of files to fsync and to remove.
 *
 * Only a process with a table collects (the checkpointer; bootstrap; a
 * program without postmaster).  The others forward their requests to it; when
 * its queue is full they must act themselves.
 *
 * Cycle counters: a request that comes in while ProcessSyncRequests runs has
 * the new cycle's number and is left for the next checkpoint, so that the
 * loop ends.  An unlink request is carried out only by a checkpoint that began
 * after it came in.
 *
 * After a failed fsync nothing is known about the file: it is never repeated
 * (PANIC, data_sync_elevel), but for a file that a concurrent drop removed
 * (ENOENT, and the queue then has the request to forget it).
 *
 * Corresponds to PostgreSQL's storage/sync/sync.c.
 */
#include "postgres.h"

#include <errno.h>

#include "access/xlog.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "postmaster/bgwriter.h"
#include "storage/fd.h"
#include "storage/latch.h"
#include "storage/md.h"
#include "storage/sync.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

typedef uint16 CycleCtr;

typedef struct
{
	FileTag tag; /* hash key */
	CycleCtr cycle_ctr;
	bool canceled;
} PendingFsyncEntry;

typedef struct
{
	FileTag tag;
	CycleCtr cycle_ctr;
	bool canceled;
} PendingUnlinkEntry;

/* requests are absorbed from the queue after as many files */
#define FSYNCS_PER_ABSORB 10
#define UNLINKS_PER_ABSORB 10

static HTAB *pendingOps = NULL;     /* PendingFsyncEntry */
static List *pendingUnlinks = NIL;  /* PendingUnlinkEntry * */
static MemoryContext pendingOpsCxt; /* both of them */
static CycleCtr sync_cycle_ctr = 0;
static CycleCtr checkpoint_cycle_ctr = 0;

void
InitSync(void)
{
	HASHCTL hash_ctl = {0};

	/* the start-up process writes alone: there is no checkpointer yet */
	if (pendingOps != NULL ||
	    (IsUnderPostmaster && !AmCheckpointerProcess() && !AmStartupProcess()))
		return;
	pendingOpsCxt = AllocSetContextCreate(TopMemoryContext,
	                                      "Pending ops "
	                                      "context",
	                                      ALLOCSET_DEFAULT_SIZES);
	/* requests are filed inside critical sections of whoever absorbs */
	MemoryContextAllowInCriticalSection(pendingOpsCxt, true);
	hash_ctl.keysize = sizeof(FileTag);
	hash_ctl.entrysize = sizeof(PendingFsyncEntry);
	hash_ctl.hcxt = pendingOpsCxt;
	pendingOps = hash_create("Pending Ops Table", 100, &hash_ctl,
	                         HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	pendingUnlinks = NIL;
}

void
SyncPreCheckpoint(void)
{
	/* what was unlinked before now goes with this checkpoint */
	AbsorbSyncRequests();
	checkpoint_cycle_ctr++;
}

void
SyncPostCheckpoint(void)
{
	int absorb_counter = UNLINKS_PER_ABSORB;

	while (pendingUnlinks != NIL)
	{
		PendingUnlinkEntry *entry = linitial(pendingUnlinks);
		char path[MAXPGPATH];

		/* new ones are appended, so all that follow are newer */
		if (entry->cycle_ctr == checkpoint_cycle_ctr)
			break;
		if (!entry->canceled && mdunlinkfiletag(&entry->tag, path) < 0 &&
		    errno != ENOENT)
			ereport(WARNING,
			        (errcode_for_file_access(),
			         errmsg("could not remove file \"%s\": %m", path)));
		pendingUnlinks = list_delete_first(pendingUnlinks);
		pfree(entry);
		if (--absorb_counter <= 0)
		{
			AbsorbSyncRequests();
			absorb_counter = UNLINKS_PER_ABSORB;
		}
	}
}

/* fsyncs one file, allowing for its concurrent removal */
static void
sync_one(PendingFsyncEntry *entry)
{
	char path[MAXPGPATH];

	for (int failures = 0; !entry->canceled; failures++)
	{
		TimestampTz start = GetCurrentTimestamp();

		INJECTION_POINT("sync-file");
		if (mdsyncfiletag(&entry->tag, path) == 0)
		{
			uint64 elapsed = (uint64) Max(GetCurrentTimestamp() - start, 0);

			CheckpointStats.ckpt_sync_rels++;
			CheckpointStats.ckpt_agg_sync_time += elapsed;
			if (elapsed > CheckpointStats.ckpt_longest_sync)
				CheckpointStats.ckpt_longest_sync = elapsed;
			return;
		}
		if (errno != ENOENT || failures > 0)
			ereport(data_sync_elevel(ERROR),
			        (errcode_for_file_access(),
			         errmsg("could not fsync file \"%s\": %m", path)));
		ereport(DEBUG1,
		        (errcode_for_file_access(),
		         errmsg_internal("could not fsync file \"%s\" but retrying: "
		                         "%m",
		                         path)));
		/* whoever removed it asked to forget it first */
		AbsorbSyncRequests();
	}
}

void
ProcessSyncRequests(void)
{
	static bool sync_in_progress = false;
	HASH_SEQ_STATUS hstat;
	PendingFsyncEntry *entry;
	int absorb_counter = FSYNCS_PER_ABSORB;

	if (pendingOps == NULL)
		elog(ERROR, "cannot sync without a pendingOps table");

	/* buffers written by this checkpoint have their requests in the queue */
	AbsorbSyncRequests();

	/* what an earlier, failed call left belongs to this cycle */
	if (sync_in_progress)
	{
		hash_seq_init(&hstat, pendingOps);
		while ((entry = hash_seq_search(&hstat)) != NULL)
			entry->cycle_ctr = sync_cycle_ctr;
	}
	sync_cycle_ctr++;
	sync_in_progress = true;

	hash_seq_init(&hstat, pendingOps);
	while ((entry = hash_seq_search(&hstat)) != NULL)
	{
		if (entry->cycle_ctr == sync_cycle_ctr)
			continue; /* came in after the start */
		Assert((CycleCtr) (entry->cycle_ctr + 1) == sync_cycle_ctr);
		if (enableFsync)
		{
			if (--absorb_counter <= 0)
			{
				AbsorbSyncRequests();
				absorb_counter = FSYNCS_PER_ABSORB;
			}
			sync_one(entry);
		}
		if (hash_search(pendingOps, &entry->tag, HASH_REMOVE, NULL) == NULL)
			elog(ERROR, "pendingOps corrupted");
	}
	sync_in_progress = false;
}

void
RememberSyncRequest(const FileTag *ftag, SyncRequestType type)
{
	Assert(pendingOps != NULL);

	if (type == SYNC_FORGET_REQUEST)
	{
		PendingFsyncEntry *entry =
			hash_search(pendingOps, ftag, HASH_FIND, NULL);

		if (entry != NULL)
			entry->canceled = true;
	}
	else if (type == SYNC_FILTER_REQUEST)
	{
		HASH_SEQ_STATUS hstat;
		PendingFsyncEntry *entry;
		ListCell *cell;

		hash_seq_init(&hstat, pendingOps);
		while ((entry = hash_seq_search(&hstat)) != NULL)
			if (mdfiletagmatches(ftag, &entry->tag))
				entry->canceled = true;
		foreach (cell, pendingUnlinks)
		{
			PendingUnlinkEntry *unlinkEntry = lfirst(cell);

			if (mdfiletagmatches(ftag, &unlinkEntry->tag))
				unlinkEntry->canceled = true;
		}
	}
	else if (type == SYNC_UNLINK_REQUEST)
	{
		MemoryContext oldcxt = MemoryContextSwitchTo(pendingOpsCxt);
		PendingUnlinkEntry *entry = palloc(sizeof(PendingUnlinkEntry));

		entry->tag = *ftag;
		entry->cycle_ctr = checkpoint_cycle_ctr;
		entry->canceled = false;
		pendingUnlinks = lappend(pendingUnlinks, entry);
		MemoryContextSwitchTo(oldcxt);
	}
	else
	{
		PendingFsyncEntry *entry;
		bool found;

		Assert(type == SYNC_REQUEST);
		entry = hash_search(pendingOps, ftag, HASH_ENTER, &found);
		/* an entry waiting from before keeps its older cycle */
		if (!found || entry->canceled)
		{
			entry->cycle_ctr = sync_cycle_ctr;
			entry->canceled = false;
		}
	}
}

bool
RegisterSyncRequest(const FileTag *ftag, SyncRequestType type,
                    bool retryOnError)
{
	if (pendingOps != NULL)
	{
		RememberSyncRequest(ftag, type);
		return true;
	}
	for (;;)
	{
		bool ret = ForwardSyncRequest(ftag, type);

		if (ret || !retryOnError)
			return ret;
		/* the checkpointer will make room; it sets nobody's latch for that */
		WaitLatch(NULL, WL_EXIT_ON_PM_DEATH | WL_TIMEOUT, 10,
		          WAIT_EVENT_REGISTER_SYNC_REQUEST);
	}
}
