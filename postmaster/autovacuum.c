/*
 * autovacuum.c
 *		Tables that need it are vacuumed and analyzed without being asked.
 *
 * A launcher sleeps autovacuum_naptime and then asks for a worker, unless there
 * are autovacuum_max_workers already.  A worker goes through pg_class once,
 * notes which tables have had more changes than their thresholds, and works
 * through them, each in transactions of its own; a table that another worker has
 * claimed it leaves alone.  An ERROR ends the work on one table only.
 *
 * Both are background workers, in slots of the table that nobody else uses
 * (bgworker.c); the launcher's is filled when shared memory is made, so it is
 * there again after a crash.
 *
 * With autovacuum off only tables are vacuumed whose xids grow too old.
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
#include "catalog/pg_class.h"
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
	Oid claimed[FLEXIBLE_ARRAY_MEMBER]; /* [L:AutovacuumLock] of a worker: the
	                                     * table in hand; InvalidOid: none.
	                                     * autovacuum_max_workers of them */
} AutoVacuumShmemStruct;

static AutoVacuumShmemStruct *shared = NULL;
static bool *used = NULL; /* [L:AutovacuumLock] entries of claimed, behind it */
static int my_entry = -1;

/* What is to be done with a table. */
typedef struct AutoVacTable
{
	Oid relid;
	bool vacuum;
	bool analyze;
	bool wraparound;
	VacuumParams params;
} AutoVacTable;

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

	shared =
		ShmemInitStruct("AutoVacuum Data", AutoVacuumShmemSize(), &found);
	used = (bool *) &shared->claimed[autovacuum_max_workers];
	if (found)
		return;
	memset(shared, 0, AutoVacuumShmemSize());
	shared->magic = AUTOVACUUM_MAGIC;
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
	int running;

	if (autovacuum_vac_cost_delay >= 0)
		*delay = autovacuum_vac_cost_delay;
	if (autovacuum_vac_cost_limit > 0)
		*limit = autovacuum_vac_cost_limit;
	/* All of them together keep the limit. */
	running = *(volatile int *) &shared->nworkers;
	*limit = Max(*limit / Max(running, 1), 1);
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

void
AutoVacLauncherMain(Datum main_arg)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	BackgroundWorkerUnblockSignals();
	pgstat_beinit();
	pgstat_bestart();
	ereport(DEBUG1, (errmsg_internal("autovacuum launcher started")));
	for (;;)
	{
		(void) WaitLatch(MyLatch,
		                 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
		                 autovacuum_naptime * 1000L,
		                 WAIT_EVENT_AUTOVACUUM_MAIN);
		ResetLatch(MyLatch);
		HandleMainLoopInterrupts();
		CHECK_FOR_INTERRUPTS();
		if (autovacuum_start_daemon || ForceTransactionIdLimitUpdate())
			ask_for_worker();
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

/* False: it needs nothing. */
static bool
table_needs_work(Form_pg_class form, StdRdOptions *options, AutoVacTable *tab)
{
	TransactionId next = XidFromFullTransactionId(ReadNextFullTransactionId());
	bool enabled = options == NULL || options->autovacuum_enabled;
	int max_age = autovacuum_freeze_max_age;
	int vac_thresh = autovacuum_vac_thresh;
	int ins_thresh = autovacuum_vac_ins_thresh;
	int anl_thresh = autovacuum_anl_thresh;
	double rows = form->reltuples < 0 ? 0 : form->reltuples;
	PgStat_StatTabEntry stat;

	memset(tab, 0, sizeof(*tab));
	tab->relid = form->oid;
	tab->params.freeze_min_age = -1;
	tab->params.freeze_table_age = -1;
	if (options != NULL)
	{
		max_age = Min(Either(options->autovacuum_freeze_max_age, max_age),
		              max_age);
		vac_thresh = Either(options->autovacuum_vacuum_threshold, vac_thresh);
		if (options->autovacuum_vacuum_insert_threshold >= -1)
			ins_thresh = options->autovacuum_vacuum_insert_threshold;
		anl_thresh = Either(options->autovacuum_analyze_threshold, anl_thresh);
		tab->params.freeze_min_age = options->autovacuum_freeze_min_age;
		tab->params.freeze_table_age = options->autovacuum_freeze_table_age;
	}
	tab->wraparound =
		TransactionIdIsNormal(form->relfrozenxid) &&
		TransactionIdPrecedes(form->relfrozenxid, XidBefore(next, max_age));
	tab->vacuum = tab->wraparound;
	if (autovacuum_start_daemon && enabled &&
	    pgstat_fetch_stat_tabentry(form->oid, &stat))
	{
		if (stat.n_dead_tup > vac_thresh + autovacuum_vac_scale * rows ||
		    (ins_thresh >= 0 &&
		     stat.n_ins_since_vacuum >
		         ins_thresh + autovacuum_vac_ins_scale * rows))
			tab->vacuum = true;
		tab->analyze =
			form->relkind == RELKIND_RELATION &&
			stat.n_mod_since_analyze > anl_thresh + autovacuum_anl_scale * rows;
	}
	tab->params.options = VACOPT_SKIP_LOCKED;
	if (tab->wraparound)
		tab->params.options = 0;
	if (tab->vacuum)
		tab->params.options |= VACOPT_VACUUM;
	if (tab->analyze)
		tab->params.options |= VACOPT_ANALYZE;
	tab->params.is_wraparound = tab->wraparound;
	tab->params.log_min_duration = Log_autovacuum_min_duration;
	return tab->vacuum || tab->analyze;
}

static bool
check_table(Form_pg_class form, AutoVacTable *tab)
{
	Relation rel;
	bool needs;

	if ((form->relkind != RELKIND_RELATION &&
	     form->relkind != RELKIND_TOASTVALUE) ||
	    !OidIsValid(form->relfilenode) ||
	    form->relpersistence == RELPERSISTENCE_TEMP)
		return false;
	/* cheap first: most tables need nothing whatever their options */
	if (!table_needs_work(form, NULL, tab) && form->oid < FirstNormalObjectId)
		return false;
	if (!ConditionalLockRelationOid(form->oid, AccessShareLock))
		return table_needs_work(form, NULL, tab) && tab->wraparound;
	rel = try_relation_open(form->oid, NoLock);
	if (rel == NULL)
	{
		UnlockRelationOid(form->oid, AccessShareLock);
		return false;
	}
	needs = table_needs_work(form, (StdRdOptions *) rel->rd_options, tab);
	relation_close(rel, AccessShareLock);
	return needs;
}

/* In context; relid: that one only, if not InvalidOid. */
static List *
tables_with_work(Oid relid, MemoryContext context)
{
	Relation pg_class;
	TableScanDesc scan;
	List *result = NIL;
	HeapTuple tuple;

	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	pg_class = table_open(RelationRelationId, AccessShareLock);
	scan = table_beginscan(pg_class, GetCatalogSnapshot(RelationRelationId), 0,
	                       NULL);
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);
		AutoVacTable tab;
		MemoryContext old;

		if ((OidIsValid(relid) && form->oid != relid) ||
		    !check_table(form, &tab))
			continue;
		old = MemoryContextSwitchTo(context);
		result = lappend(result, memcpy(palloc(sizeof(tab)), &tab, sizeof(tab)));
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

static void
work_on_table(AutoVacTable *tab, BufferAccessStrategy strategy)
{
	MemoryContext context = CurrentMemoryContext;
	sigjmp_buf *save_stack = PG_exception_stack;
	sigjmp_buf local;
	List *relids = list_make1_oid(tab->relid);

	if (sigsetjmp(local, 0) == 0)
	{
		PG_exception_stack = &local;
		StartTransactionCommand();
		pgstat_report_activity(STATE_RUNNING,
		                       tab->wraparound
		                           ? "autovacuum: VACUUM (to prevent wraparound)"
		                           : (tab->vacuum ? "autovacuum: VACUUM"
		                                          : "autovacuum: ANALYZE"));
		INJECTION_POINT("autovacuum-table");
		vacuum(relids, &tab->params, strategy, true);
		CommitTransactionCommand();
	}
	else
	{
		HOLD_INTERRUPTS();
		MemoryContextSwitchTo(context);
		EmitErrorReport();
		AbortOutOfAnyTransaction();
		FlushErrorState();
		MemoryContextSwitchTo(context);
		RESUME_INTERRUPTS();
	}
	PG_exception_stack = save_stack;
	MemoryContextSwitchTo(context);
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
	StartTransactionCommand();
	vac_update_datfrozenxid();
	CommitTransactionCommand();
}
