/*
 * system_views_held.c
 *		The view tusk_resources_held: which of the resources that all share are
 *		somebody's now.
 *
 * On an idle server it shows the processes and nothing else; what it shows
 * again and again, with nobody at work, was leaked.  A row per resource:
 *
 *		kind			name, number			holders			mode
 *		lwlock			tranche, place there	processes		exclusive or shared
 *		buffer pin		-, buffer				processes
 *		buffer io		-, buffer				1				read or write
 *		dsm segment		name, slot				processes
 *		worker slot		worker, slot			1
 *		process			its type, PGPROC		1				in a lock group?
 *		index cache		relfilenode, entry		1				loading
 *
 * What this process itself holds in order to answer is left out.  An LWLock of
 * a segment of its own (a build's) is not found: the segment is.
 *
 * Nothing is locked for longer than a row takes, so rows of one answer may tell
 * of different moments: ask twice.  PostgreSQL has no such view.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "catalog/view_row.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "storage/buf_internals.h"
#include "storage/dsm.h"
#include "storage/indexcache.h"
#include "storage/lwlock.h"
#include "storage/proc.h"

static const SystemViewColumn held_columns[] = {
	{"kind", TEXTOID},    {"name", TEXTOID}, {"number", INT4OID},
	{"holders", INT4OID}, {"mode", TEXTOID}, {"pid", INT4OID},
};

/* pid 0: unknown, as of an LWLock */
static void
put_held(ViewRow *row, const char *kind, const char *name, int number,
         int holders, const char *mode, pid_t pid)
{
	put_text(row, kind);
	put_text(row, name);
	put_int4(row, number);
	put_int4(row, holders);
	put_text(row, mode);
	if (pid != 0)
		put_int4(row, pid);
	else
		put_null(row);
	finish_row(row);
}

static void
put_lwlocks(ViewRow *row)
{
	LWLockHeld held;
	int position = 0;

	while (LWLockNextHeld(&position, &held))
		put_held(row, "lwlock", held.tranche, held.number, held.holders,
		         held.holders == 0 ? "free, with waiters"
		         : held.exclusive  ? "exclusive"
		                           : "shared",
		         0);
}

static void
put_buffers(ViewRow *row)
{
	for (int i = 0; i < NBuffers; i++)
	{
		BufferDesc *buf = GetBufferDescriptor(i);
		uint32 state = pg_atomic_read_u32(&buf->state);
		int pins = (int) BUF_STATE_GET_REFCOUNT(state) -
		           (GetPrivateRefCount(i + 1) > 0 ? 1 : 0);

		if (pins > 0)
			put_held(row, "buffer pin", NULL, i + 1, pins, NULL, 0);
		if (state & BM_IO_IN_PROGRESS)
			put_held(row, "buffer io", NULL, i + 1, 1,
			         state & BM_VALID ? "write" : "read", 0);
	}
}

static void
put_segments(ViewRow *row)
{
	dsm_handle handle;
	uint32 slot = 0;
	int mapped;

	while (dsm_next_segment(&slot, &handle, &mapped))
		put_held(row, "dsm segment", psprintf("PostgreSQL.%u", handle),
		         (int) slot - 1, mapped, NULL, 0);
}

static void
put_workers(ViewRow *row)
{
	char *name;
	pid_t pid;

	for (int i = 0; GetBackgroundWorkerSlot(i, &name, &pid); i++)
		if (name != NULL)
			put_held(row, "worker slot", name, i, 1, NULL, pid);
}

static void
put_processes(ViewRow *row)
{
	for (int i = 0; i < (int) ProcGlobal->allProcCount; i++)
	{
		const PGPROC *proc = GetPGProcByNumber(i);
		pid_t pid = proc->pid;

		if (pid == 0 || pid == MyProcPid)
			continue;
		put_held(row, "process",
		         proc->isBackgroundWorker ? "background worker"
		         : proc->isRegularBackend ? "client backend"
		                                  : "auxiliary process",
		         i, 1, proc->lockGroupLeader ? "in a lock group" : NULL, pid);
	}
}

static void
put_index_cache(ViewRow *row)
{
	for (int i = 0; IndexCache != NULL && i < INDEX_CACHE_ENTRIES; i++)
	{
		IndexCacheEntry *entry = &IndexCache->entries[i];
		uint64 state =
			pg_atomic_read_u64(&entry->version) & INDEX_CACHE_STATE_MASK;

		if (state == INDEX_CACHE_LOADING)
			put_held(row, "index cache", psprintf("%u", entry->rnode.relNode),
			         i, 1, "loading", 0);
	}
}

static void
fill_held(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};

	/* before rows are made: they take locks of ours for a moment only */
	put_lwlocks(&row);
	put_buffers(&row);
	put_segments(&row);
	put_workers(&row);
	put_processes(&row);
	put_index_cache(&row);
}

const SystemView held_views[] = {
	VIEW(12940, "tusk_resources_held", held_columns, fill_held),
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};
