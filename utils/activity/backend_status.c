/*
 * backend_status.c
 *		What each process is doing: an entry per PGPROC in the private segment.
 *
 * An entry is changed by its owner only, under a sequence lock: the count is
 * odd while it changes.  The change is a critical section, so that no ERROR
 * leaves the count odd.  A reader copies and tries again until the count was
 * even and the same before and after; if the owner was killed in between, the
 * count stays odd, so a reader gives up after some tries (the crash restart
 * that follows clears the array).
 *
 * Corresponds to PostgreSQL's backend_status.c and backend_progress.c; the
 * texts are inside the entries instead of in arrays of their own.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "pgstat.h"
#include "storage/ipc.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#define READ_TRIES 1000

PgBackendStatus *MyBEEntry = NULL;

static PgBackendStatus *BackendStatusArray = NULL;

static int
entry_count(void)
{
	return MaxBackends + NUM_AUXILIARY_PROCS;
}

Size
BackendStatusShmemSize(void)
{
	return mul_size((Size) entry_count(), sizeof(PgBackendStatus));
}

void
CreateSharedBackendStatus(void)
{
	bool found;

	BackendStatusArray = ShmemInitStruct("Backend Status Array",
	                                     BackendStatusShmemSize(), &found);
	if (!found)
		memset(BackendStatusArray, 0, BackendStatusShmemSize());
}

/* ---- the owner's side ---- */

static void
begin_change(void)
{
	START_CRIT_SECTION();
	pg_atomic_write_u32(&MyBEEntry->st_changecount,
	                    pg_atomic_read_u32(&MyBEEntry->st_changecount) + 1);
	pg_write_barrier(); /* pairs with the first read barrier of the reader */
}

static void
end_change(void)
{
	pg_write_barrier(); /* pairs with the second read barrier of the reader */
	pg_atomic_write_u32(&MyBEEntry->st_changecount,
	                    pg_atomic_read_u32(&MyBEEntry->st_changecount) + 1);
	Assert((pg_atomic_read_u32(&MyBEEntry->st_changecount) & 1) == 0);
	END_CRIT_SECTION();
}

static void
pgstat_beshutdown_hook(int code, Datum arg)
{
	begin_change();
	MyBEEntry->st_procpid = 0;
	end_change();
	MyBEEntry = NULL;
}

/* Once the process has its PGPROC. */
void
pgstat_beinit(void)
{
	Assert(MyProcNumber >= 0 && MyProcNumber < entry_count());
	MyBEEntry = &BackendStatusArray[MyProcNumber];
	on_shmem_exit(pgstat_beshutdown_hook, (Datum) 0);
	pgstat_take_database_slot();
}

/* Fill the entry; from here on the process is shown. */
void
pgstat_bestart(void)
{
	Assert(MyBEEntry != NULL);
	begin_change();
	MyBEEntry->st_procpid = MyProcPid;
	MyBEEntry->st_backendType = MyBackendType;
	MyBEEntry->st_proc_start_timestamp = MyStartTimestamp;
	MyBEEntry->st_xact_start_timestamp = 0;
	MyBEEntry->st_activity_start_timestamp = 0;
	MyBEEntry->st_state_start_timestamp = 0;
	MyBEEntry->st_databaseid = MyDatabaseId;
	MyBEEntry->st_userid = GetUserId();
	MyBEEntry->st_state = STATE_UNDEFINED;
	MyBEEntry->st_query_id = 0;
	MyBEEntry->st_appname[0] = '\0';
	MyBEEntry->st_activity[0] = '\0';
	MyBEEntry->st_progress_command = PROGRESS_COMMAND_INVALID;
	MyBEEntry->st_progress_command_target = InvalidOid;
	end_change();
	if (MyBackendType == B_BACKEND)
		MyDatabaseStats->sessions++;
	if (application_name)
		pgstat_report_appname(application_name);
}

/* Copy at most size - 1 bytes, not breaking a UTF-8 character. */
static void
copy_clipped(char *target, const char *source, Size size)
{
	Size len = strlen(source);

	if (len >= size)
	{
		len = size - 1;
		while (len > 0 && ((unsigned char) source[len] & 0xC0) == 0x80)
			len--;
	}
	memcpy(target, source, len);
	target[len] = '\0';
}

/* The state that ends now, and the session so far. */
static void
count_session_time(TimestampTz now)
{
	TimestampTz since = MyBEEntry->st_state_start_timestamp;

	switch (MyBEEntry->st_state)
	{
		case STATE_RUNNING:
		case STATE_FASTPATH:
			MyDatabaseStats->active_time += now - since;
			break;
		case STATE_IDLEINTRANSACTION:
		case STATE_IDLEINTRANSACTION_ABORTED:
			MyDatabaseStats->idle_in_transaction_time += now - since;
			break;
		default:
			break;
	}
	MyDatabaseStats->session_time = now - MyBEEntry->st_proc_start_timestamp;
}

void
pgstat_report_activity(BackendState state, const char *cmd_str)
{
	TimestampTz now;

	if (MyBEEntry == NULL)
		return;
	now = GetCurrentTimestamp();
	if (MyBEEntry->st_backendType == B_BACKEND)
		count_session_time(now);
	begin_change();
	MyBEEntry->st_state = state;
	MyBEEntry->st_state_start_timestamp = now;
	/* a new statement; an idle session shows its last one */
	if (state == STATE_RUNNING)
		MyBEEntry->st_query_id = 0;
	if (cmd_str)
	{
		copy_clipped(MyBEEntry->st_activity, cmd_str, PGBE_ACTIVITY_SIZE);
		MyBEEntry->st_activity_start_timestamp = now;
	}
	end_change();
}

void
pgstat_report_query_id(uint64 query_id, bool force)
{
	if (MyBEEntry == NULL || (MyBEEntry->st_query_id != 0 && !force) ||
	    MyBEEntry->st_query_id == query_id)
		return;
	begin_change();
	MyBEEntry->st_query_id = query_id;
	end_change();
}

void
pgstat_report_appname(const char *appname)
{
	if (MyBEEntry == NULL)
		return;
	begin_change();
	copy_clipped(MyBEEntry->st_appname, appname, NAMEDATALEN);
	end_change();
}

void
pgstat_report_xact_timestamp(TimestampTz tstamp)
{
	if (MyBEEntry == NULL)
		return;
	begin_change();
	MyBEEntry->st_xact_start_timestamp = tstamp;
	end_change();
}

/* ---- progress ---- */

void
pgstat_progress_start_command(ProgressCommandType cmdtype, Oid relid)
{
	if (MyBEEntry == NULL)
		return;
	begin_change();
	MyBEEntry->st_progress_command = cmdtype;
	MyBEEntry->st_progress_command_target = relid;
	memset(MyBEEntry->st_progress_param, 0,
	       sizeof(MyBEEntry->st_progress_param));
	end_change();
}

void
pgstat_progress_update_param(int index, int64 val)
{
	Assert(index >= 0 && index < PGSTAT_NUM_PROGRESS_PARAM);
	if (MyBEEntry == NULL)
		return;
	begin_change();
	MyBEEntry->st_progress_param[index] = val;
	end_change();
}

void
pgstat_progress_incr_param(int index, int64 incr)
{
	Assert(index >= 0 && index < PGSTAT_NUM_PROGRESS_PARAM);
	if (MyBEEntry == NULL)
		return;
	begin_change();
	MyBEEntry->st_progress_param[index] += incr;
	end_change();
}

/* All at once: a reader sees none of them or all. */
void
pgstat_progress_update_multi_param(int nparam, const int *index,
                                   const int64 *val)
{
	if (MyBEEntry == NULL || nparam == 0)
		return;
	begin_change();
	for (int i = 0; i < nparam; i++)
	{
		Assert(index[i] >= 0 && index[i] < PGSTAT_NUM_PROGRESS_PARAM);
		MyBEEntry->st_progress_param[index[i]] = val[i];
	}
	end_change();
}

int64
pgstat_progress_own_param(int index)
{
	Assert(index >= 0 && index < PGSTAT_NUM_PROGRESS_PARAM);
	return MyBEEntry != NULL ? MyBEEntry->st_progress_param[index] : 0;
}

void
pgstat_progress_end_command(void)
{
	if (MyBEEntry == NULL ||
	    MyBEEntry->st_progress_command == PROGRESS_COMMAND_INVALID)
		return;
	begin_change();
	MyBEEntry->st_progress_command = PROGRESS_COMMAND_INVALID;
	MyBEEntry->st_progress_command_target = InvalidOid;
	end_change();
}

/* ---- the reader's side ---- */

bool
pgstat_read_backend(int procno, PgBackendStatus *copy)
{
	PgBackendStatus *entry = &BackendStatusArray[procno];

	Assert(procno >= 0 && procno < entry_count());
	for (int try = 0; try < READ_TRIES; try++)
	{
		uint32 before = pg_atomic_read_u32(&entry->st_changecount);
		uint32 after;

		pg_read_barrier(); /* pairs with begin_change */
		memcpy(copy, entry, sizeof(*copy));
		pg_read_barrier(); /* pairs with end_change */
		after = pg_atomic_read_u32(&entry->st_changecount);
		if (before == after && (before & 1) == 0)
			return copy->st_procpid != 0;
		CHECK_FOR_INTERRUPTS();
	}
	return false;
}

const char *
pgstat_get_backend_current_activity(int pid, bool checkUser)
{
	PgBackendStatus *copy = palloc(sizeof(PgBackendStatus));

	for (int i = 0; BackendStatusArray && i < entry_count(); i++)
		if (pgstat_read_backend(i, copy) && copy->st_procpid == pid)
			return copy->st_activity[0] ? copy->st_activity
			                            : "<command string not enabled>";
	return "<backend information not available>";
}

const char *
pgstat_get_crashed_backend_activity(int pid, char *buffer, int buflen)
{
	for (int i = 0; BackendStatusArray && i < entry_count(); i++)
	{
		PgBackendStatus *entry = &BackendStatusArray[i];
		int len = 0;

		if (entry->st_procpid != pid)
			continue;
		/* Printable and bounded, whatever is there. */
		for (; len < Min(buflen, PGBE_ACTIVITY_SIZE) - 1; len++)
		{
			char c = ((volatile char *) entry->st_activity)[len];

			if (c == '\0')
				break;
			buffer[len] =
				((unsigned char) c >= 32 && (unsigned char) c < 127) ? c : '?';
		}
		buffer[len] = '\0';
		return len > 0 ? buffer : NULL;
	}
	return NULL;
}
