/*
 * autovacuum.c
 *		Tables that need it are vacuumed and analyzed without being asked.
 *
 * A launcher sleeps autovacuum_naptime and then asks for a worker, unless there
 * are autovacuum_max_workers already.  A worker goes through pg_class once,
 * notes which tables have had more changes than their thresholds, and works
 * through them, each in transactions of its own; a table that another worker
 * has claimed it leaves alone.  An ERROR ends the work on one table only.
 *
 * Both are background workers, in slots of the table that nobody else uses
 * (bgworker.c); the launcher's is filled when shared memory is made, so it is
 * there again after a crash.
 *
 * With autovacuum off only tables are vacuumed whose xids grow too old; who
 * assigns xids past that age wakes the launcher (varsup.c), however long it was
 * to sleep.
 *
 * A TOAST table without options of its own is treated as its table's say.
 *
 * Locks: AutovacuumLock protects the claims; nothing is waited for under it.
 * What a SIGKILL leaves: shared memory, and with it the claims, is made anew.
 *
 * Corresponds to PostgreSQL's autovacuum.c.  There is one database: which to
 * visit next is no question, and the launcher needs no connection.
 */
#include "postgres.h"

#include <signal.h>

#include "access/heapam.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/dbcommands.h"
#include "commands/vacuum.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/autovacuum.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/bufmgr.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/shmem.h"
#include "tcop/tcopprot.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"
#include "utils/wait_event.h"

#define AUTOVACUUM_MAGIC 0x41565643
#define THE_DATABASE 5 /* OID of the one database */

bool autovacuum_start_daemon = true;
int autovacuum_max_workers = 3;
int autovacuum_work_mem = -1;
int autovacuum_naptime = 60;
int autovacuum_vac_thresh = 50;
double autovacuum_vac_scale = 0.2;
int autovacuum_vac_ins_thresh = 1000;
double autovacuum_vac_ins_scale = 0.2;
int autovacuum_anl_thresh = 50;
double autovacuum_anl_scale = 0.1;
int autovacuum_freeze_max_age = 200000000;
double autovacuum_vac_cost_delay = 2;
int autovacuum_vac_cost_limit = -1;
int Log_autovacuum_min_duration = 600000;

bool am_autovacuum_worker = false;

typedef struct AutoVacuumShmemStruct
{
	uint32 magic;  /* [C] AUTOVACUUM_MAGIC */
	int nworkers;  /* [L:AutovacuumLock] running */
	int nbalanced; /* [L:AutovacuumLock] of them, those that share the limit;
	                * read without it */
	pg_atomic_uint32
		launcher;          /* [A] its process number + 1; 0: there is none */
	pg_atomic_uint32 wake; /* [A] 1: xids grow old.  Set before the latch,
	                            * taken by the launcher after it */
	Oid claimed[FLEXIBLE_ARRAY_MEMBER]; /* [L:AutovacuumLock] of a worker: the
	                                     * table in hand; InvalidOid: none.
	                                     * autovacuum_max_workers of them */
} AutoVacuumShmemStruct;

static AutoVacuumShmemStruct *shared = NULL;
static bool *used = NULL; /* [L:AutovacuumLock] entries of claimed, behind it */
static int my_entry = -1;

/* Of the table in hand. */
static double table_cost_delay = -1;
static int table_cost_limit = 0;
static bool table_balanced = false;

/* What is to be done with a table. */
typedef struct AutoVacTable
{
	Oid relid;
	bool vacuum;
	bool analyze;
	bool wraparound;
	double cost_delay; /* of the table's options; -1: none */
	int cost_limit;    /* 0: none */
	VacuumParams params;
} AutoVacTable;

/* A table and the one that holds its wide values. */
typedef struct ToastOwner
{
	Oid toastrelid;
	Oid relid;
} ToastOwner;

Size
AutoVacuumShmemSize(void)
{
	Size size = offsetof(AutoVacuumShmemStruct, claimed);

	size = add_size(size, mul_size(autovacuum_max_workers, sizeof(Oid)));
	return add_size(size, mul_size(autovacuum_max_workers, sizeof(bool)));
}

void
AutoVacuumShmemInit(void)
{
	bool found;

	shared = ShmemInitStruct("AutoVacuum Data", AutoVacuumShmemSize(), &found);
	used = (bool *) &shared->claimed[autovacuum_max_workers];
	if (found)
		return;
	memset(shared, 0, AutoVacuumShmemSize());
	shared->magic = AUTOVACUUM_MAGIC;
	pg_atomic_init_u32(&shared->launcher, 0);
	pg_atomic_init_u32(&shared->wake, 0);
}

void
AutoVacuumLauncherEntry(BackgroundWorker *worker)
{
	memset(worker, 0, sizeof(*worker));
	strlcpy(worker->bgw_name, "autovacuum launcher", BGW_MAXLEN);
	strlcpy(worker->bgw_type, "autovacuum launcher", BGW_MAXLEN);
	worker->bgw_flags = BGWORKER_SHMEM_ACCESS |
	                    BGWORKER_BACKEND_DATABASE_CONNECTION |
	                    BGWORKER_AUTOVACUUM;
	worker->bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker->bgw_restart_time = 5;
	strlcpy(worker->bgw_function_name, "AutoVacLauncherMain", BGW_MAXLEN);
}

void
AutoVacuumCost(double *delay, int *limit)
{
	int sharing;

	if (table_cost_delay >= 0)
		*delay = table_cost_delay;
	else if (autovacuum_vac_cost_delay >= 0)
		*delay = autovacuum_vac_cost_delay;
	if (table_cost_limit > 0)
		*limit = table_cost_limit;
	else if (autovacuum_vac_cost_limit > 0)
		*limit = autovacuum_vac_cost_limit;
	if (!table_balanced)
		return;
	/* All that share it together keep the limit. */
	sharing = *(volatile int *) &shared->nbalanced;
	*limit = Max(*limit / Max(sharing, 1), 1);
}

void
AutoVacuumWakeLauncher(void)
{
	uint32 launcher;

	if (shared == NULL)
		return;
	pg_atomic_write_u32(&shared->wake, 1);
	pg_memory_barrier();
	launcher = pg_atomic_read_u32(&shared->launcher);
	if (launcher != 0)
		SetLatch(&ProcGlobal->allProcs[launcher - 1].procLatch);
}

/* ---- the launcher ---- */

static void
ask_for_worker(void)
{
	BackgroundWorker worker = {0};
	bool room;

	LWLockAcquire(AutovacuumLock, LW_SHARED);
	room = shared->nworkers < autovacuum_max_workers;
	LWLockRelease(AutovacuumLock);
	if (!room)
		return;
	INJECTION_POINT("autovacuum-launch");
	strlcpy(worker.bgw_name, "autovacuum worker", BGW_MAXLEN);
	strlcpy(worker.bgw_type, "autovacuum worker", BGW_MAXLEN);
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS |
	                   BGWORKER_BACKEND_DATABASE_CONNECTION |
	                   BGWORKER_AUTOVACUUM;
	worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker.bgw_restart_time = BGW_NEVER_RESTART;
	strlcpy(worker.bgw_function_name, "AutoVacWorkerMain", BGW_MAXLEN);
	(void) RegisterDynamicBackgroundWorker(&worker, NULL);
}

static void
launcher_gone(int code, Datum arg)
{
	pg_atomic_write_u32(&shared->launcher, 0);
}

void
AutoVacLauncherMain(Datum main_arg)
{
	TimestampTz slept_since = GetCurrentTimestamp();
	/* after a crash nobody may have woken us: replay does not */
	bool first = !autovacuum_start_daemon;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	BackgroundWorkerUnblockSignals();
	pgstat_beinit();
	pgstat_bestart();
	before_shmem_exit(launcher_gone, 0);
	pg_atomic_write_u32(&shared->launcher, (uint32) MyProcNumber + 1);
	pg_memory_barrier();
	ereport(DEBUG1, (errmsg_internal("autovacuum launcher started")));
	for (;;)
	{
		long nap = autovacuum_naptime * 1000L;
		TimestampTz now = GetCurrentTimestamp();
		bool emergency = pg_atomic_exchange_u32(&shared->wake, 0) != 0 || first;

		if (emergency || TimestampDifferenceExceeds(slept_since, now, nap))
		{
			if (autovacuum_start_daemon || ForceTransactionIdLimitUpdate())
				ask_for_worker();
			slept_since = now;
		}
		first = false;
		nap -= (long) ((now - slept_since) / 1000);
		(void) WaitLatch(MyLatch,
		                 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
		                 Max(nap, 1), WAIT_EVENT_AUTOVACUUM_MAIN);
		ResetLatch(MyLatch);
		HandleMainLoopInterrupts();
		CHECK_FOR_INTERRUPTS();
	}
}

/* ---- which tables ---- */

static TransactionId
XidBefore(TransactionId xid, int age)
{
	TransactionId before = xid - age;

	return TransactionIdIsNormal(before) ? before : FirstNormalTransactionId;
}

static int
Either(int option, int setting)
{
	return option >= 0 ? option : setting;
}

static double
EitherFactor(double option, double setting)
{
	return option >= 0 ? option : setting;
}

/* The options of a table that say nothing: all as the settings say. */
static const AutoVacOpts no_options = {
	.enabled = true,
	.vacuum_threshold = -1,
	.vacuum_ins_threshold = -2,
	.analyze_threshold = -1,
	.vacuum_cost_limit = -1,
	.freeze_min_age = -1,
	.freeze_max_age = -1,
	.freeze_table_age = -1,
	.log_min_duration = -1,
	.vacuum_cost_delay = -1,
	.vacuum_scale_factor = -1,
	.vacuum_ins_scale_factor = -1,
	.analyze_scale_factor = -1,
};

/* Have so many rows changed that the table needs the one, or the other? */
static void
compare_with_thresholds(Form_pg_class form, const AutoVacOpts *opts,
                        AutoVacTable *tab)
{
	double rows = form->reltuples < 0 ? 0 : form->reltuples;
	int vac = Either(opts->vacuum_threshold, autovacuum_vac_thresh);
	int anl = Either(opts->analyze_threshold, autovacuum_anl_thresh);
	int ins = opts->vacuum_ins_threshold >= -1 ? opts->vacuum_ins_threshold
	                                           : autovacuum_vac_ins_thresh;
	double vac_scale =
		EitherFactor(opts->vacuum_scale_factor, autovacuum_vac_scale);
	double ins_scale =
		EitherFactor(opts->vacuum_ins_scale_factor, autovacuum_vac_ins_scale);
	double anl_scale =
		EitherFactor(opts->analyze_scale_factor, autovacuum_anl_scale);
	PgStat_StatTabEntry stat;

	/* without counts only the ages are known */
	if (!pgstat_track_counts || !pgstat_fetch_stat_tabentry(form->oid, &stat))
		return;
	if (stat.n_dead_tup > vac + vac_scale * rows ||
	    (ins >= 0 && stat.n_ins_since_vacuum > ins + ins_scale * rows))
		tab->vacuum = true;
	/* how many rows it has nobody asks of a TOAST table */
	tab->analyze = form->relkind == RELKIND_RELATION &&
	               stat.n_mod_since_analyze > anl + anl_scale * rows;
}

/* False: it needs nothing. */
static bool
table_needs_work(Form_pg_class form, const AutoVacOpts *opts, AutoVacTable *tab)
{
	TransactionId next = XidFromFullTransactionId(ReadNextFullTransactionId());
	int max_age = Min(Either(opts->freeze_max_age, autovacuum_freeze_max_age),
	                  autovacuum_freeze_max_age);

	memset(tab, 0, sizeof(*tab));
	tab->relid = form->oid;
	tab->wraparound =
		TransactionIdIsNormal(form->relfrozenxid) &&
		TransactionIdPrecedes(form->relfrozenxid, XidBefore(next, max_age));
	tab->vacuum = tab->wraparound;
	if (autovacuum_start_daemon && opts->enabled)
		compare_with_thresholds(form, opts, tab);
	if (!tab->vacuum && !tab->analyze)
		return false;
	tab->cost_delay = opts->vacuum_cost_delay;
	tab->cost_limit = Max(opts->vacuum_cost_limit, 0);
	tab->params.freeze_min_age = opts->freeze_min_age;
	tab->params.freeze_table_age = opts->freeze_table_age;
	tab->params.log_min_duration =
		Either(opts->log_min_duration, Log_autovacuum_min_duration);
	tab->params.is_wraparound = tab->wraparound;
	tab->params.options = (tab->vacuum ? VACOPT_VACUUM : 0) |
	                      (tab->analyze ? VACOPT_ANALYZE : 0) |
	                      (tab->wraparound ? 0 : VACOPT_SKIP_LOCKED);
	return true;
}

/*
 * *opts: those of the relation.  False: it is locked.  *gone: so it is.
 * *none: it has none set.
 */
static bool
fetch_options(Oid relid, AutoVacOpts *opts, bool *gone, bool *none)
{
	Relation rel;

	*gone = false;
	*none = true;
	if (!ConditionalLockRelationOid(relid, AccessShareLock))
		return false;
	rel = try_relation_open(relid, NoLock);
	if (rel == NULL)
	{
		UnlockRelationOid(relid, AccessShareLock);
		*gone = true;
		return true;
	}
	if (rel->rd_options != NULL)
	{
		*opts = ((StdRdOptions *) rel->rd_options)->autovacuum;
		*none = false;
	}
	relation_close(rel, AccessShareLock);
	return true;
}

static Oid
owner_of_toast(List *owners, Oid toastrelid)
{
	ListCell *lc;

	foreach (lc, owners)
		if (((ToastOwner *) lfirst(lc))->toastrelid == toastrelid)
			return ((ToastOwner *) lfirst(lc))->relid;
	return InvalidOid;
}

static bool
check_table(Form_pg_class form, List *owners, AutoVacTable *tab)
{
	AutoVacOpts opts = no_options;
	bool gone;
	bool none;

	if ((form->relkind != RELKIND_RELATION &&
	     form->relkind != RELKIND_TOASTVALUE) ||
	    !OidIsValid(form->relfilenode) ||
	    form->relpersistence == RELPERSISTENCE_TEMP)
		return false;
	/* catalogs have no options */
	if (form->oid < FirstNormalObjectId)
		return table_needs_work(form, &opts, tab);
	if (!fetch_options(form->oid, &opts, &gone, &none))
		return table_needs_work(form, &opts, tab) && tab->wraparound;
	if (gone)
		return false;
	if (none && form->relkind == RELKIND_TOASTVALUE)
	{
		Oid owner = owner_of_toast(owners, form->oid);

		if (OidIsValid(owner) &&
		    (!fetch_options(owner, &opts, &gone, &none) || gone))
			return table_needs_work(form, &opts, tab) && tab->wraparound;
	}
	return table_needs_work(form, &opts, tab);
}

/* Which table each TOAST table belongs to. */
static List *
toast_owners(Relation pg_class)
{
	TableScanDesc scan = table_beginscan(
		pg_class, GetCatalogSnapshot(RelationRelationId), 0, NULL);
	List *result = NIL;
	HeapTuple tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);
		ToastOwner *owner;

		if (!OidIsValid(form->reltoastrelid))
			continue;
		owner = palloc_object(ToastOwner);
		owner->toastrelid = form->reltoastrelid;
		owner->relid = form->oid;
		result = lappend(result, owner);
	}
	table_endscan(scan);
	return result;
}

/* In context; relid: that one only, if not InvalidOid. */
static List *
tables_with_work(Oid relid, MemoryContext context)
{
	Relation pg_class;
	TableScanDesc scan;
	List *owners;
	List *result = NIL;
	HeapTuple tuple;

	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	pg_class = table_open(RelationRelationId, AccessShareLock);
	owners = toast_owners(pg_class);
	scan = table_beginscan(pg_class, GetCatalogSnapshot(RelationRelationId), 0,
	                       NULL);
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);
		AutoVacTable tab;
		MemoryContext old;

		if ((OidIsValid(relid) && form->oid != relid) ||
		    !check_table(form, owners, &tab))
			continue;
		old = MemoryContextSwitchTo(context);
		result =
			lappend(result, memcpy(palloc(sizeof(tab)), &tab, sizeof(tab)));
		MemoryContextSwitchTo(old);
	}
	table_endscan(scan);
	table_close(pg_class, AccessShareLock);
	PopActiveSnapshot();
	CommitTransactionCommand();
	return result;
}

/* ---- a worker ---- */

static void
leave(int code, Datum arg)
{
	LWLockAcquire(AutovacuumLock, LW_EXCLUSIVE);
	shared->claimed[my_entry] = InvalidOid;
	used[my_entry] = false;
	shared->nworkers--;
	if (table_balanced)
		shared->nbalanced--;
	table_balanced = false;
	LWLockRelease(AutovacuumLock);
}

/* False: there are enough. */
static bool
enter(void)
{
	LWLockAcquire(AutovacuumLock, LW_EXCLUSIVE);
	for (int i = 0; i < autovacuum_max_workers && my_entry < 0; i++)
		if (!used[i])
			my_entry = i;
	if (my_entry >= 0)
	{
		used[my_entry] = true;
		shared->nworkers++;
	}
	LWLockRelease(AutovacuumLock);
	if (my_entry < 0)
		return false;
	before_shmem_exit(leave, 0);
	return true;
}

/* InvalidOid gives the claim up.  False: another has it. */
static bool
claim(Oid relid)
{
	bool mine = true;

	LWLockAcquire(AutovacuumLock, LW_EXCLUSIVE);
	for (int i = 0; i < autovacuum_max_workers; i++)
		if (OidIsValid(relid) && shared->claimed[i] == relid)
			mine = false;
	if (mine)
		shared->claimed[my_entry] = relid;
	LWLockRelease(AutovacuumLock);
	return mine;
}

/* Whether this worker shares the limit of costs with others. */
static void
set_balanced(bool balanced)
{
	if (balanced == table_balanced)
		return;
	LWLockAcquire(AutovacuumLock, LW_EXCLUSIVE);
	shared->nbalanced += balanced ? 1 : -1;
	table_balanced = balanced;
	LWLockRelease(AutovacuumLock);
}

static void
report_activity(const AutoVacTable *tab, const char *qualified)
{
	char activity[NAMEDATALEN * 2 + 64];

	snprintf(activity, sizeof(activity), "autovacuum: %s%s %s%s",
	         tab->vacuum ? "VACUUM" : "ANALYZE",
	         tab->vacuum && tab->analyze ? " ANALYZE" : "", qualified,
	         tab->wraparound ? " (to prevent wraparound)" : "");
	SetCurrentStatementStartTimestamp();
	pgstat_report_activity(STATE_RUNNING, activity);
}

/* In context, as they are needed after an ERROR; false: the table is gone. */
static bool
fetch_names(Oid relid, char **qualified, char **dbname, MemoryContext context)
{
	MemoryContext old;
	FormData_pg_class form;
	bool found;

	StartTransactionCommand();
	old = MemoryContextSwitchTo(context);
	found = get_rel_form(relid, &form);
	if (found)
	{
		*qualified = psprintf("%s.%s", get_namespace_name(form.relnamespace),
		                      NameStr(form.relname));
		*dbname = get_database_name(MyDatabaseId);
	}
	MemoryContextSwitchTo(old);
	CommitTransactionCommand();
	return found;
}

static void
work_on_table(AutoVacTable *tab, BufferAccessStrategy strategy)
{
	MemoryContext context = CurrentMemoryContext;
	sigjmp_buf *save_stack = PG_exception_stack;
	sigjmp_buf local;
	VacuumRelation vrel = {.oid = tab->relid};
	List *rels = list_make1(&vrel);
	char *qualified;
	char *dbname;

	if (!fetch_names(tab->relid, &qualified, &dbname, context))
		return;
	MemoryContextSwitchTo(context);
	table_cost_delay = tab->cost_delay;
	table_cost_limit = tab->cost_limit;
	set_balanced(tab->cost_delay <= 0 && tab->cost_limit <= 0);
	if (sigsetjmp(local, 0) == 0)
	{
		PG_exception_stack = &local;
		StartTransactionCommand();
		report_activity(tab, qualified);
		INJECTION_POINT("autovacuum-table");
		vacuum(rels, &tab->params, strategy, true);
		CommitTransactionCommand();
	}
	else
	{
		HOLD_INTERRUPTS();
		MemoryContextSwitchTo(context);
		errcontext(tab->vacuum ? "automatic vacuum of table \"%s.%s\""
		                       : "automatic analyze of table \"%s.%s\"",
		           dbname, qualified);
		EmitErrorReport();
		AbortOutOfAnyTransaction();
		FlushErrorState();
		MemoryContextSwitchTo(context);
		/* the cancel was for this table */
		QueryCancelPending = false;
		RESUME_INTERRUPTS();
	}
	PG_exception_stack = save_stack;
	MemoryContextSwitchTo(context);
	set_balanced(false);
}

void
AutoVacWorkerMain(Datum main_arg)
{
	MemoryContext context;
	BufferAccessStrategy strategy;
	ListCell *lc;
	List *todo;

	am_autovacuum_worker = true;
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnectionByOid(THE_DATABASE, InvalidOid, 0);
	LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
	MyProc->statusFlags |= PROC_IS_AUTOVACUUM;
	ProcGlobal->statusFlags[MyProc->pgxactoff] = MyProc->statusFlags;
	LWLockRelease(ProcArrayLock);
	if (!enter())
		return;
	/* limits are for statements of people */
	StatementTimeout = 0;
	LockTimeout = 0;
	IdleInTransactionSessionTimeout = 0;

	context = AllocSetContextCreate(TopMemoryContext, "Autovacuum",
	                                ALLOCSET_DEFAULT_SIZES);
	PortalContext = AllocSetContextCreate(context, "Autovacuum portal",
	                                      ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	strategy = GetAccessStrategy(BAS_VACUUM);
	AutoVacDropOrphans();
	todo = tables_with_work(InvalidOid, context);
	MemoryContextSwitchTo(context);
	foreach (lc, todo)
	{
		AutoVacTable *tab = lfirst(lc);
		List *still;

		CHECK_FOR_INTERRUPTS();
		if (!claim(tab->relid))
			continue;
		/* Another worker, or somebody, may have done it meanwhile. */
		still = tables_with_work(tab->relid, context);
		MemoryContextSwitchTo(context);
		if (still != NIL)
			work_on_table(linitial(still), strategy);
		(void) claim(InvalidOid);
		MemoryContextReset(PortalContext);
	}
	/* Whatever this worker did: another may have been cancelled before it. */
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	vac_update_datfrozenxid();
	PopActiveSnapshot();
	CommitTransactionCommand();
}
