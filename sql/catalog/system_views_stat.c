/*
 * system_views_stat.c
 *		The views of what the server is doing: pg_stat_activity,
 *		pg_stat_progress_create_index, pg_stat_progress_build,
 *		pg_stat_progress_build_participants, pg_stat_progress_copy, pg_locks,
 *		pg_shmem_allocations, pg_buffercache, tusk_index_cache, pg_settings.
 *
 * Columns are PostgreSQL 15's, in its order.  Nothing is locked for longer than
 * a row takes (but for pg_locks, which needs one picture of the lock table), so
 * rows of one answer may tell of different moments.
 *
 * pg_buffercache is a view of an extension in PostgreSQL; here it is always
 * there.  pg_stat_progress_build and pg_stat_progress_build_participants are
 * Tusk's own: what a build has of workers and memory and how long it will take,
 * and who of a parallel build has done how much.  So is tusk_index_cache: which
 * indexes are there.
 */
#include "postgres.h"

#include <math.h>

#include "access/amapi.h"
#include "access/heapam.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/catalog_schema.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "catalog/view_row.h"
#include "commands/progress.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "postmaster/bgworker.h"
#include "storage/buf_internals.h"
#include "storage/indexcache.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "utils/acl.h"
#include "utils/adt.h"
#include "utils/array.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/wait_event.h"

#define AUTHID_ROLNAME 2 /* attribute of pg_authid */

/* The database that the server has. */
static const char *
database_name(Oid datid)
{
	return OidIsValid(datid) ? "postgres" : NULL;
}

/* ---------------------------------------------------------------------------
 * pg_stat_activity
 * ---------------------------------------------------------------------------
 */

static const SystemViewColumn activity_columns[] = {
	{"datid", OIDOID},
	{"datname", NAMEOID},
	{"pid", INT4OID},
	{"leader_pid", INT4OID},
	{"usesysid", OIDOID},
	{"usename", NAMEOID},
	{"application_name", TEXTOID},
	{"client_addr", INETOID},
	{"client_hostname", TEXTOID},
	{"client_port", INT4OID},
	{"backend_start", TIMESTAMPTZOID},
	{"xact_start", TIMESTAMPTZOID},
	{"query_start", TIMESTAMPTZOID},
	{"state_change", TIMESTAMPTZOID},
	{"wait_event_type", TEXTOID},
	{"wait_event", TEXTOID},
	{"state", TEXTOID},
	{"backend_xid", XIDOID},
	{"backend_xmin", XIDOID},
	{"query_id", INT8OID},
	{"query", TEXTOID},
	{"backend_type", TEXTOID},
};

/* place of backend_xid, from 0 */
#define ACTIVITY_BACKEND_XID 17

static const char *
state_name(BackendState state)
{
	switch (state)
	{
		case STATE_IDLE:
			return "idle";
		case STATE_RUNNING:
			return "active";
		case STATE_IDLEINTRANSACTION:
			return "idle in transaction";
		case STATE_FASTPATH:
			return "fastpath function call";
		case STATE_IDLEINTRANSACTION_ABORTED:
			return "idle in transaction (aborted)";
		case STATE_DISABLED:
			return "disabled";
		case STATE_UNDEFINED:
			break;
	}
	return NULL;
}

static const char *
backend_type_name(const PgBackendStatus *status)
{
	const char *type = NULL;

	if (status->st_backendType == B_BG_WORKER)
		type = GetBackgroundWorkerTypeByPid(status->st_procpid);
	return type ? type : GetBackendTypeDesc(status->st_backendType);
}

static void
put_user_name(ViewRow *row, Oid userid)
{
	HeapTuple tup = NULL;
	bool isnull;

	if (OidIsValid(userid))
		tup = SearchSysCache1(AUTHOID, ObjectIdGetDatum(userid));
	if (tup == NULL)
	{
		put_null(row);
		return;
	}
	put_name(row, NameStr(*DatumGetName(
					  SysCacheGetAttr(AUTHOID, tup, AUTHID_ROLNAME, &isnull))));
	ReleaseSysCache(tup);
}

/* Of others only who is there is told, unless one may see it all. */
static bool
may_see_activity(const PgBackendStatus *status)
{
	return has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS) ||
	       (OidIsValid(status->st_userid) &&
	        has_privs_of_role(GetUserId(), status->st_userid));
}

static void
put_hidden_activity(ViewRow *row, const PgBackendStatus *status, PGPROC *proc)
{
	bool session = status->st_backendType == B_BACKEND ||
	               status->st_backendType == B_BG_WORKER;

	put_oid(row, status->st_databaseid);
	put_name(row, database_name(status->st_databaseid));
	put_int4(row, status->st_procpid);
	put_null(row); /* leader_pid */
	put_oid(row, session ? status->st_userid : InvalidOid);
	put_user_name(row, session ? status->st_userid : InvalidOid);
	put_text(row, status->st_appname);
	while (row->n < ACTIVITY_BACKEND_XID)
		put_null(row);
	put_xid(row, *(volatile TransactionId *) &proc->xid);
	put_xid(row, *(volatile TransactionId *) &proc->xmin);
	put_null(row); /* query_id */
	put_text(row, "<insufficient privilege>");
	put_null(row); /* backend_type */
	finish_row(row);
}

static void
put_activity(ViewRow *row, const PgBackendStatus *status, PGPROC *proc)
{
	bool client = status->st_backendType == B_BACKEND;
	bool session = client || status->st_backendType == B_BG_WORKER;
	uint32 wait = *(volatile uint32 *) &proc->wait_event_info;
	PGPROC *leader = *(PGPROC *volatile *) &proc->lockGroupLeader;

	put_oid(row, status->st_databaseid);
	put_name(row, database_name(status->st_databaseid));
	put_int4(row, status->st_procpid);
	if (leader != NULL && leader != proc)
		put_int4(row, leader->pid);
	else
		put_null(row);
	put_oid(row, session ? status->st_userid : InvalidOid);
	put_user_name(row, session ? status->st_userid : InvalidOid);
	put_text(row, status->st_appname);
	put_null(row); /* client_addr: a Unix socket has none */
	put_null(row); /* client_hostname */
	if (client)
		put_int4(row, -1);
	else
		put_null(row);
	put_timestamp(row, status->st_proc_start_timestamp);
	put_timestamp(row, status->st_xact_start_timestamp);
	put_timestamp(row, status->st_activity_start_timestamp);
	put_timestamp(row, status->st_state_start_timestamp);
	put_text(row, pgstat_get_wait_event_type(wait));
	put_text(row, pgstat_get_wait_event(wait));
	put_text(row, state_name(status->st_state));
	put_xid(row, *(volatile TransactionId *) &proc->xid);
	put_xid(row, *(volatile TransactionId *) &proc->xmin);
	if (status->st_query_id != 0)
		put_int8(row, (int64) status->st_query_id);
	else
		put_null(row);
	put_text(row, status->st_activity);
	put_text(row, backend_type_name(status));
	finish_row(row);
}

static void
fill_activity(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};
	PgBackendStatus *status = palloc(sizeof(PgBackendStatus));

	for (int i = 0; i < PROCARRAY_SLOTS; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!pgstat_read_backend(i, status))
			continue;
		if (may_see_activity(status))
			put_activity(&row, status, GetPGProcByNumber(i));
		else
			put_hidden_activity(&row, status, GetPGProcByNumber(i));
	}
	pfree(status);
}

/* ---------------------------------------------------------------------------
 * pg_stat_progress_create_index
 * ---------------------------------------------------------------------------
 */

static const SystemViewColumn progress_columns[] = {
	{"pid", INT4OID},
	{"datid", OIDOID},
	{"datname", NAMEOID},
	{"relid", OIDOID},
	{"index_relid", OIDOID},
	{"command", TEXTOID},
	{"phase", TEXTOID},
	{"lockers_total", INT8OID},
	{"lockers_done", INT8OID},
	{"current_locker_pid", INT8OID},
	{"blocks_total", INT8OID},
	{"blocks_done", INT8OID},
	{"tuples_total", INT8OID},
	{"tuples_done", INT8OID},
	{"partitions_total", INT8OID},
	{"partitions_done", INT8OID},
};

static const char *const create_index_commands[] = {
	NULL,      "CREATE INDEX",         "CREATE INDEX CONCURRENTLY",
	"REINDEX", "REINDEX CONCURRENTLY",
};

static const char *const create_index_phases[] = {
	"initializing",
	"waiting for writers before build",
	"building index",
	"waiting for writers before validation",
	"index validation: scanning index",
	"index validation: sorting tuples",
	"index validation: scanning table",
	"waiting for old snapshots",
	"waiting for readers before marking dead",
	"waiting for readers before dropping",
};

/* The build's own phase has a name that only the access method knows. */
static const char *
create_index_phase(const int64 *param)
{
	int64 phase = param[PROGRESS_CREATEIDX_PHASE];
	Oid amoid = (Oid) param[PROGRESS_CREATEIDX_ACCESS_METHOD_OID];
	IndexAmRoutine *am;
	const char *sub = NULL;

	if (phase < 0 || phase >= lengthof(create_index_phases))
		return NULL;
	if (phase != PROGRESS_CREATEIDX_PHASE_BUILD || !OidIsValid(amoid))
		return create_index_phases[phase];
	am = GetIndexAmRoutineByAmId(amoid, true);
	if (am != NULL && am->ambuildphasename != NULL)
		sub = am->ambuildphasename(param[PROGRESS_CREATEIDX_SUBPHASE]);
	if (sub == NULL)
		return create_index_phases[phase];
	return psprintf("%s: %s", create_index_phases[phase], sub);
}

static void
put_progress(ViewRow *row, const PgBackendStatus *status)
{
	static const int counters[] = {
		PROGRESS_WAITFOR_TOTAL,
		PROGRESS_WAITFOR_DONE,
		PROGRESS_WAITFOR_CURRENT_PID,
		PROGRESS_SCAN_BLOCKS_TOTAL,
		PROGRESS_SCAN_BLOCKS_DONE,
		PROGRESS_CREATEIDX_TUPLES_TOTAL,
		PROGRESS_CREATEIDX_TUPLES_DONE,
		PROGRESS_CREATEIDX_PARTITIONS_TOTAL,
		PROGRESS_CREATEIDX_PARTITIONS_DONE,
	};
	const int64 *param = status->st_progress_param;
	int64 command = param[PROGRESS_CREATEIDX_COMMAND];

	put_int4(row, status->st_procpid);
	put_oid(row, status->st_databaseid);
	put_name(row, database_name(status->st_databaseid));
	put_oid(row, status->st_progress_command_target);
	/* 0 until the index has its OID, as in PostgreSQL */
	put_datum(row, ObjectIdGetDatum((Oid) param[PROGRESS_CREATEIDX_INDEX_OID]));
	put_text(row, command > 0 && command < lengthof(create_index_commands)
	                  ? create_index_commands[command]
	                  : NULL);
	put_text(row, create_index_phase(param));
	for (int i = 0; i < lengthof(counters); i++)
		put_int8(row, param[counters[i]]);
	finish_row(row);
}

/* Which processes have a row in such a view, and what is in it. */
typedef struct ProgressView
{
	ProgressCommandType command;
	int param; /* that must be 0, or must not be; -1: none */
	bool zero;
	bool has_database; /* behind pid: datid, datname */
	void (*put)(ViewRow *row, const PgBackendStatus *status);
} ProgressView;

/* That there is one, but not what it works on. */
static void
put_hidden_progress(ViewRow *row, const PgBackendStatus *status,
                    bool has_database)
{
	put_int4(row, status->st_procpid);
	if (has_database)
	{
		put_oid(row, status->st_databaseid);
		put_name(row, database_name(status->st_databaseid));
	}
	while (row->n < row->desc->natts)
		put_null(row);
	finish_row(row);
}

static void
fill_progress(Tuplestorestate *store, TupleDesc desc, const ProgressView *view)
{
	ViewRow row = {.store = store, .desc = desc};
	PgBackendStatus *status = palloc(sizeof(PgBackendStatus));

	for (int i = 0; i < PROCARRAY_SLOTS; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!pgstat_read_backend(i, status) ||
		    status->st_progress_command != view->command)
			continue;
		if (view->param >= 0 &&
		    (status->st_progress_param[view->param] == 0) != view->zero)
			continue;
		if (may_see_activity(status))
			view->put(&row, status);
		else
			put_hidden_progress(&row, status, view->has_database);
	}
	pfree(status);
}

/* One row per build: its workers have none. */
static void
fill_progress_create_index(Tuplestorestate *store, TupleDesc desc)
{
	static const ProgressView view = {PROGRESS_COMMAND_CREATE_INDEX,
	                                  PROGRESS_CREATEIDX_LEADER_PID, true, true,
	                                  put_progress};

	fill_progress(store, desc, &view);
}

static const SystemViewColumn participants_columns[] = {
	{"pid", INT4OID},        {"leader_pid", INT4OID},  {"relid", OIDOID},
	{"index_relid", OIDOID}, {"participant", INT4OID}, {"tuples_done", INT8OID},
};

static void
put_participant(ViewRow *row, const PgBackendStatus *status)
{
	const int64 *param = status->st_progress_param;
	int64 leader = param[PROGRESS_CREATEIDX_LEADER_PID];

	put_int4(row, status->st_procpid);
	put_int4(row, leader != 0 ? (int32) leader : status->st_procpid);
	put_oid(row, status->st_progress_command_target);
	put_oid(row, (Oid) param[PROGRESS_CREATEIDX_OWN_INDEX_OID]);
	put_int4(row, (int32) param[PROGRESS_CREATEIDX_PARTICIPANT] - 1);
	put_int8(row, param[PROGRESS_CREATEIDX_OWN_TUPLES]);
	finish_row(row);
}

/* One row per process of a parallel build, the leader's too if it takes part. */
static void
fill_progress_participants(Tuplestorestate *store, TupleDesc desc)
{
	static const ProgressView view = {PROGRESS_COMMAND_CREATE_INDEX,
	                                  PROGRESS_CREATEIDX_PARTICIPANT, false,
	                                  false, put_participant};

	fill_progress(store, desc, &view);
}

/* ---------------------------------------------------------------------------
 * pg_stat_progress_build
 * ---------------------------------------------------------------------------
 */

static const SystemViewColumn build_columns[] = {
	{"pid", INT4OID},
	{"relid", OIDOID},
	{"index_relid", OIDOID},
	{"workers_planned", INT4OID},
	{"workers_launched", INT4OID},
	{"workers_limited_by", TEXTOID},
	{"memory_used", INT8OID},
	{"memory_limit", INT8OID},
	{"tuples_done", INT8OID},
	{"tuples_total", INT8OID},
	{"started", TIMESTAMPTZOID},
	{"remaining", INTERVALOID},
	{"sample_tuples", INT8OID},
	{"kmeans_iterations", INT8OID},
};

/* The cost of the first so many rows: a search takes the logarithm of them. */
static double
cost_of_rows(double rows)
{
	return rows * log2(rows + 2);
}

/*
 * Microseconds until all rows are loaded, if it goes on as it went since the
 * pace last changed; -1: nobody knows.
 */
static int64
remaining_time(const int64 *param, TimestampTz now)
{
	double before =
		cost_of_rows((double) param[PROGRESS_CREATEIDX_PACE_TUPLES]);
	double done =
		cost_of_rows((double) param[PROGRESS_CREATEIDX_TUPLES_DONE]) - before;
	double total =
		cost_of_rows((double) param[PROGRESS_CREATEIDX_TUPLES_TOTAL]) - before;
	double spent = (double) (now - param[PROGRESS_CREATEIDX_PACE_STARTED]);

	total += total * (double) param[PROGRESS_CREATEIDX_AFTER] / 100;
	/* k-means, and then the rows */
	if (param[PROGRESS_CREATEIDX_WORK_TOTAL] > 0)
	{
		done = (double) param[PROGRESS_CREATEIDX_WORK_DONE];
		total = (double) param[PROGRESS_CREATEIDX_WORK_TOTAL];
	}
	if (done <= 0 || spent < 0)
		return -1;
	return (int64) (spent * Max(total - done, 0) / done);
}

static void
put_build(ViewRow *row, const PgBackendStatus *status)
{
	const int64 *param = status->st_progress_param;
	Interval *interval = palloc0_object(Interval);

	put_int4(row, status->st_procpid);
	put_oid(row, status->st_progress_command_target);
	put_oid(row, (Oid) param[PROGRESS_CREATEIDX_OWN_INDEX_OID]);
	put_int4(row, (int32) param[PROGRESS_CREATEIDX_WORKERS_PLANNED]);
	put_int4(row, (int32) param[PROGRESS_CREATEIDX_WORKERS_LAUNCHED]);
	put_text(row,
	         index_workers_limit_name(
				 (IndexWorkersLimit) param[PROGRESS_CREATEIDX_WORKERS_LIMIT]));
	put_int8(row, param[PROGRESS_CREATEIDX_MEMORY_USED]);
	put_int8(row, param[PROGRESS_CREATEIDX_MEMORY_LIMIT]);
	put_int8(row, param[PROGRESS_CREATEIDX_TUPLES_DONE]);
	put_int8(row, param[PROGRESS_CREATEIDX_TUPLES_TOTAL]);
	put_timestamp(row, param[PROGRESS_CREATEIDX_STARTED]);
	interval->time = remaining_time(param, GetCurrentTimestamp());
	if (interval->time < 0)
		put_null(row);
	else
		put_datum(row, PointerGetDatum(interval));
	if (param[PROGRESS_CREATEIDX_SAMPLE] > 0)
	{
		put_int8(row, param[PROGRESS_CREATEIDX_SAMPLE] - 1);
		put_int8(row, param[PROGRESS_CREATEIDX_ITERATIONS]);
	}
	else
	{
		put_null(row);
		put_null(row);
	}
	finish_row(row);
}

/* One row per build that loads rows or has loaded them. */
static void
fill_progress_build(Tuplestorestate *store, TupleDesc desc)
{
	static const ProgressView view = {PROGRESS_COMMAND_CREATE_INDEX,
	                                  PROGRESS_CREATEIDX_STARTED, false, false,
	                                  put_build};

	fill_progress(store, desc, &view);
}

/* ---------------------------------------------------------------------------
 * pg_stat_progress_copy
 * ---------------------------------------------------------------------------
 */

static const SystemViewColumn copy_columns[] = {
	{"pid", INT4OID},
	{"datid", OIDOID},
	{"datname", NAMEOID},
	{"relid", OIDOID},
	{"command", TEXTOID},
	{"type", TEXTOID},
	{"bytes_processed", INT8OID},
	{"bytes_total", INT8OID},
	{"tuples_processed", INT8OID},
	{"tuples_excluded", INT8OID},
};

static void
put_copy_progress(ViewRow *row, const PgBackendStatus *status)
{
	const int64 *param = status->st_progress_param;

	put_int4(row, status->st_procpid);
	put_oid(row, status->st_databaseid);
	put_name(row, database_name(status->st_databaseid));
	/* 0 for a query */
	put_datum(row, ObjectIdGetDatum(status->st_progress_command_target));
	put_text(row, param[PROGRESS_COPY_COMMAND] == PROGRESS_COPY_COMMAND_FROM
	                  ? "COPY FROM"
	                  : "COPY TO");
	put_text(row, param[PROGRESS_COPY_TYPE] == PROGRESS_COPY_TYPE_FILE
	                  ? "FILE"
	                  : "PIPE");
	put_int8(row, param[PROGRESS_COPY_BYTES_PROCESSED]);
	put_int8(row, param[PROGRESS_COPY_BYTES_TOTAL]);
	put_int8(row, param[PROGRESS_COPY_TUPLES_PROCESSED]);
	put_int8(row, param[PROGRESS_COPY_TUPLES_EXCLUDED]);
	finish_row(row);
}

/* Until its kind is known a COPY has not begun. */
static void
fill_progress_copy(Tuplestorestate *store, TupleDesc desc)
{
	static const ProgressView view = {PROGRESS_COMMAND_COPY, PROGRESS_COPY_TYPE,
	                                  false, true, put_copy_progress};

	fill_progress(store, desc, &view);
}

/* ---------------------------------------------------------------------------
 * pg_locks
 * ---------------------------------------------------------------------------
 */

static const SystemViewColumn locks_columns[] = {
	{"locktype", TEXTOID},
	{"database", OIDOID},
	{"relation", OIDOID},
	{"page", INT4OID},
	{"tuple", INT2OID},
	{"virtualxid", TEXTOID},
	{"transactionid", XIDOID},
	{"classid", OIDOID},
	{"objid", OIDOID},
	{"objsubid", INT2OID},
	{"virtualtransaction", TEXTOID},
	{"pid", INT4OID},
	{"mode", TEXTOID},
	{"granted", BOOLOID},
	{"fastpath", BOOLOID},
	{"waitstart", TIMESTAMPTZOID},
};

/* Where the fields of a tag go, by its type: columns from 1 to 9. */
enum
{
	LC_DATABASE = 1,
	LC_RELATION,
	LC_PAGE,
	LC_TUPLE,
	LC_VIRTUALXID,
	LC_TRANSACTIONID,
	LC_CLASSID,
	LC_OBJID,
	LC_OBJSUBID
};

static const char *
vxid_text(uint32 procno, uint32 lxid)
{
	return psprintf("%d/%u", (int) procno, lxid);
}

static void
set_column(ViewRow *row, int column, Datum value)
{
	row->values[column] = value;
	row->nulls[column] = false;
}

/* What the lock is on. */
static void
put_locktag(ViewRow *row, const LOCKTAG *tag)
{
	for (int column = LC_DATABASE; column <= LC_OBJSUBID; column++)
		row->nulls[column] = true;

	switch ((LockTagType) tag->locktag_type)
	{
		case LOCKTAG_TUPLE:
			set_column(row, LC_TUPLE, Int16GetDatum(tag->locktag_field4));
			/* fall through */
		case LOCKTAG_PAGE:
			set_column(row, LC_PAGE, Int32GetDatum(tag->locktag_field3));
			/* fall through */
		case LOCKTAG_RELATION:
		case LOCKTAG_RELATION_EXTEND:
			set_column(row, LC_RELATION, ObjectIdGetDatum(tag->locktag_field2));
			/* fall through */
		case LOCKTAG_DATABASE_FROZEN_IDS:
			set_column(row, LC_DATABASE, ObjectIdGetDatum(tag->locktag_field1));
			break;
		case LOCKTAG_TRANSACTION:
			set_column(row, LC_TRANSACTIONID,
			           TransactionIdGetDatum(tag->locktag_field1));
			break;
		case LOCKTAG_VIRTUALTRANSACTION:
			set_column(row, LC_VIRTUALXID,
			           CStringGetTextDatum(vxid_text(tag->locktag_field1,
			                                         tag->locktag_field2)));
			break;
		case LOCKTAG_SPECULATIVE_TOKEN:
			set_column(row, LC_TRANSACTIONID,
			           TransactionIdGetDatum(tag->locktag_field1));
			set_column(row, LC_OBJID, ObjectIdGetDatum(tag->locktag_field2));
			break;
		case LOCKTAG_OBJECT:
		case LOCKTAG_USERLOCK:
		case LOCKTAG_ADVISORY:
			set_column(row, LC_DATABASE, ObjectIdGetDatum(tag->locktag_field1));
			set_column(row, LC_CLASSID, ObjectIdGetDatum(tag->locktag_field2));
			set_column(row, LC_OBJID, ObjectIdGetDatum(tag->locktag_field3));
			set_column(row, LC_OBJSUBID, Int16GetDatum(tag->locktag_field4));
			break;
	}
	row->n = LC_OBJSUBID + 1;
}

static void
put_lock(ViewRow *row, const LockInstanceData *lock, LOCKMODE mode,
         bool granted)
{
	const LOCKTAG *tag = &lock->locktag;

	put_text(row, GetLockNameFromTagType(tag->locktag_type));
	put_locktag(row, tag);
	put_text(row, vxid_text((uint32) lock->vxid.procNumber,
	                        lock->vxid.localTransactionId));
	put_int4(row, lock->pid);
	put_text(row, GetLockmodeName(tag->locktag_lockmethodid, mode));
	put_bool(row, granted);
	put_bool(row, lock->fastpath);
	put_timestamp(row, granted ? 0 : lock->waitStart);
	finish_row(row);
}

/* A row for each mode that a process holds, and for the one it waits for. */
static void
fill_locks(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};
	LockData *data = GetLockStatusData();

	for (int i = 0; i < data->nelements; i++)
	{
		const LockInstanceData *lock = &data->locks[i];

		for (LOCKMODE mode = 1; mode < MAX_LOCKMODES; mode++)
			if (lock->holdMask & LOCKBIT_ON(mode))
				put_lock(&row, lock, mode, true);
		if (lock->waitLockMode != NoLock)
			put_lock(&row, lock, lock->waitLockMode, false);
	}
}

/* ---------------------------------------------------------------------------
 * pg_shmem_allocations
 * ---------------------------------------------------------------------------
 */

static const SystemViewColumn shmem_columns[] = {
	{"name", TEXTOID},
	{"off", INT8OID},
	{"size", INT8OID},
	{"allocated_size", INT8OID},
};

/*
 * Offsets are within the structure's own segment, private or public.  Two more
 * rows make the sum come out: what was allocated without a name, and what is
 * free (name NULL).  "<huge pages>" takes nothing: its size says how much of
 * all that is in pages that huge_pages really obtained.
 */
static void
fill_shmem_allocations(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};
	const ShmemIndexEnt *ent;
	Size named = 0;
	Size total;
	Size used;

	for (int i = 0; (ent = ShmemIndexGet(i)) != NULL; i++)
	{
		put_text(&row, ent->key);
		put_int8(&row, (int64) ent->offset);
		put_int8(&row, (int64) ent->size);
		put_int8(&row, (int64) ent->allocated_size);
		finish_row(&row);
		named += ent->allocated_size;
	}
	ShmemGetUsage(&total, &used);

	put_text(&row, "<anonymous>");
	put_null(&row);
	put_int8(&row, (int64) (used - named));
	put_int8(&row, (int64) (used - named));
	finish_row(&row);

	put_null(&row);
	put_null(&row);
	put_int8(&row, (int64) (total - used));
	put_int8(&row, (int64) (total - used));
	finish_row(&row);

	put_text(&row, "<huge pages>");
	put_null(&row);
	put_int8(&row, (int64) PublicShmemHugeSize());
	put_int8(&row, 0);
	finish_row(&row);
}

/* ---------------------------------------------------------------------------
 * pg_buffercache
 * ---------------------------------------------------------------------------
 */

static const SystemViewColumn buffercache_columns[] = {
	{"bufferid", INT4OID},         {"relfilenode", OIDOID},
	{"reltablespace", OIDOID},     {"reldatabase", OIDOID},
	{"relforknumber", INT2OID},    {"relblocknumber", INT8OID},
	{"isdirty", BOOLOID},          {"usagecount", INT2OID},
	{"pinning_backends", INT4OID},
};

static void
fill_buffercache(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};

	for (int i = 0; i < NBuffers; i++)
	{
		BufferDesc *buf = GetBufferDescriptor(i);
		BufferTag tag;
		uint32 state;

		CHECK_FOR_INTERRUPTS();
		state = LockBufHdr(buf);
		tag = buf->tag;
		UnlockBufHdr(buf, state);

		put_int4(&row, i + 1);
		if ((state & BM_VALID) && (state & BM_TAG_VALID))
		{
			put_datum(&row, ObjectIdGetDatum(tag.rnode.relNode));
			put_datum(&row, ObjectIdGetDatum(tag.rnode.spcNode));
			put_datum(&row, ObjectIdGetDatum(tag.rnode.dbNode));
			put_datum(&row, Int16GetDatum((int16) tag.forkNum));
			put_int8(&row, (int64) tag.blockNum);
			put_bool(&row, (state & BM_DIRTY) != 0);
			put_datum(&row,
			          Int16GetDatum((int16) BUF_STATE_GET_USAGECOUNT(state)));
			put_int4(&row, (int32) BUF_STATE_GET_REFCOUNT(state));
		}
		else
		{
			while (row.n < desc->natts)
				put_null(&row);
		}
		finish_row(&row);
	}
}

/* ---------------------------------------------------------------------------
 * tusk_index_cache
 * ---------------------------------------------------------------------------
 */

static const SystemViewColumn indexcache_columns[] = {
	{"relfilenode", OIDOID}, {"reltablespace", OIDOID}, {"reldatabase", OIDOID},
	{"state", TEXTOID},      {"usagecount", INT4OID},   {"bytes", INT8OID},
};

static void
fill_indexcache(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};

	for (int i = 0; IndexCache != NULL && i < INDEX_CACHE_ENTRIES; i++)
	{
		IndexCacheEntry *entry = &IndexCache->entries[i];
		RelFileNode rnode;
		uint64 state;
		uint32 usage;
		Size bytes;

		LWLockAcquire(IndexCacheLock, LW_SHARED);
		rnode = entry->rnode;
		state = pg_atomic_read_u64(&entry->version) & INDEX_CACHE_STATE_MASK;
		usage = pg_atomic_read_u32(&entry->usage);
		bytes = pg_atomic_read_u32(&entry->nchunks) * IndexCache->chunk_size;
		LWLockRelease(IndexCacheLock);
		if (state == INDEX_CACHE_FREE)
			continue;
		put_oid(&row, rnode.relNode);
		put_oid(&row, rnode.spcNode);
		put_oid(&row, rnode.dbNode);
		put_text(&row, state == INDEX_CACHE_VALID ? "valid" : "loading");
		put_int4(&row, (int32) usage);
		put_int8(&row, (int64) bytes);
		finish_row(&row);
	}
}

/* ---------------------------------------------------------------------------
 * pg_settings
 * ---------------------------------------------------------------------------
 */

static const SystemViewColumn settings_columns[] = {
	{"name", TEXTOID},
	{"setting", TEXTOID},
	{"unit", TEXTOID},
	{"category", TEXTOID},
	{"short_desc", TEXTOID},
	{"extra_desc", TEXTOID},
	{"context", TEXTOID},
	{"vartype", TEXTOID},
	{"source", TEXTOID},
	{"min_val", TEXTOID},
	{"max_val", TEXTOID},
	{"enumvals", TEXTARRAYOID},
	{"boot_val", TEXTOID},
	{"reset_val", TEXTOID},
	{"sourcefile", TEXTOID},
	{"sourceline", INT4OID},
	{"pending_restart", BOOLOID},
};

static void
put_enumvals(ViewRow *row, const struct config_enum_entry *options)
{
	Datum elems[32];
	int n = 0;

	if (options == NULL)
	{
		put_null(row);
		return;
	}
	for (; options->name != NULL && n < lengthof(elems); options++)
		if (!options->hidden)
			elems[n++] = CStringGetTextDatum(options->name);
	put_datum(row, PointerGetDatum(construct_array(elems, n, TEXTOID, -1, false,
	                                               TYPALIGN_INT)));
}

static void
fill_settings(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};
	GucRow guc;

	for (int n = 0; GetGucRow(n, &guc); n++)
	{
		put_text(&row, guc.name);
		put_text(&row, guc.setting);
		put_text(&row, guc.unit);
		put_text(&row, guc.category);
		put_text(&row, guc.short_desc);
		put_text(&row, guc.long_desc);
		put_text(&row, guc.context);
		put_text(&row, guc.vartype);
		put_text(&row, guc.source);
		put_text(&row, guc.min_val);
		put_text(&row, guc.max_val);
		put_enumvals(&row, guc.options);
		put_text(&row, guc.boot_val);
		put_text(&row, guc.reset_val);
		put_null(&row); /* sourcefile */
		put_null(&row); /* sourceline */
		put_bool(&row, false);
		finish_row(&row);
	}
}

/* ---------------------------------------------------------------------------
 * pg_stat_progress_vacuum
 * ---------------------------------------------------------------------------
 */

static const SystemViewColumn vacuum_columns[] = {
	{"pid", INT4OID},
	{"datid", OIDOID},
	{"datname", NAMEOID},
	{"relid", OIDOID},
	{"phase", TEXTOID},
	{"heap_blks_total", INT8OID},
	{"heap_blks_scanned", INT8OID},
	{"heap_blks_vacuumed", INT8OID},
	{"index_vacuum_count", INT8OID},
	{"max_dead_tuples", INT8OID},
	{"num_dead_tuples", INT8OID},
};

static void
put_vacuum(ViewRow *row, const PgBackendStatus *status)
{
	static const char *const phases[] = {"initializing",
	                                     "scanning heap",
	                                     "vacuuming indexes",
	                                     "vacuuming heap",
	                                     "cleaning up indexes",
	                                     "truncating heap",
	                                     "performing final cleanup"};
	const int64 *param = status->st_progress_param;
	int64 phase = param[PROGRESS_VACUUM_PHASE];

	put_int4(row, status->st_procpid);
	put_oid(row, status->st_databaseid);
	put_name(row, database_name(status->st_databaseid));
	put_oid(row, status->st_progress_command_target);
	put_text(row, phase >= 0 && phase < (int64) lengthof(phases) ? phases[phase]
	                                                             : NULL);
	for (int p = PROGRESS_VACUUM_TOTAL_HEAP_BLKS;
	     p <= PROGRESS_VACUUM_NUM_DEAD_TUPLES; p++)
		put_int8(row, param[p]);
	finish_row(row);
}

static void
fill_progress_vacuum(Tuplestorestate *store, TupleDesc desc)
{
	static const ProgressView view = {PROGRESS_COMMAND_VACUUM, -1, false, true,
	                                  put_vacuum};

	fill_progress(store, desc, &view);
}

/* ------------------------------------------------------------------------ */

const SystemView stat_views[] = {
	VIEW(12073, "pg_locks", locks_columns, fill_locks),
	VIEW(12099, "pg_settings", settings_columns, fill_settings),
	VIEW(12127, "pg_shmem_allocations", shmem_columns, fill_shmem_allocations),
	VIEW(12211, "pg_stat_activity", activity_columns, fill_activity),
	VIEW(12287, "pg_stat_progress_create_index", progress_columns,
         fill_progress_create_index),
	VIEW(12322, "pg_stat_progress_copy", copy_columns, fill_progress_copy),
	VIEW(12901, "pg_stat_progress_build_participants", participants_columns,
         fill_progress_participants),
	VIEW(12930, "pg_stat_progress_build", build_columns, fill_progress_build),
	VIEW(12903, "pg_stat_progress_vacuum", vacuum_columns,
         fill_progress_vacuum),
	VIEW(12900, "pg_buffercache", buffercache_columns, fill_buffercache),
	VIEW(12920, "tusk_index_cache", indexcache_columns, fill_indexcache),
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};
