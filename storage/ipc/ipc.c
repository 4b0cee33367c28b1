/*
 * ipc.c
 *		Leaving a process in order.
 *
 * Three lists of callbacks, each run last-registered first, with the detaching
 * of dynamic segments between the first two.  The order is what makes an exit
 * safe: first the transaction ends (it needs locks, buffers, shared memory),
 * then what others hold of us through dynamic segments, then our place in the
 * main segment, at last what is the process's own.
 *
 * A callback is taken off its list before it is called: if it fails, the FATAL
 * comes back here and goes on with the next.
 *
 * Corresponds to PostgreSQL's ipc.c.
 */
#include "postgres.h"

#include <unistd.h>

#include "miscadmin.h"
#include "storage/dsm.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "utils/injection_point.h"

#define MAX_ON_EXITS 32

typedef struct ONEXIT
{
	pg_on_exit_callback function;
	Datum arg;
} ONEXIT;

typedef struct ExitList
{
	const char *name;
	int n;
	ONEXIT callback[MAX_ON_EXITS];
} ExitList;

/* Set while this process leaves. */
bool proc_exit_inprogress = false;
bool shmem_exit_inprogress = false;

static ExitList on_proc_exit_list = {"on_proc_exit", 0, {{NULL, 0}}};
static ExitList on_shmem_exit_list = {"on_shmem_exit", 0, {{NULL, 0}}};
static ExitList before_shmem_exit_list = {"before_shmem_exit", 0, {{NULL, 0}}};
static bool atexit_callback_setup = false;

static void
RunList(ExitList *list, int code)
{
	while (list->n > 0)
	{
		INJECTION_POINT_NOTHROW("exit-callback");
		list->n--;
		list->callback[list->n].function(code, list->callback[list->n].arg);
	}
}

static void
proc_exit_prepare(int code)
{
	proc_exit_inprogress = true;
	INJECTION_POINT_NOTHROW("exit-begin");

	/* Nothing may stop us now. */
	InterruptPending = false;
	ProcDiePending = false;
	QueryCancelPending = false;
	InterruptHoldoffCount = 1;
	CritSectionCount = 0;
	error_context_stack = NULL;

	shmem_exit(code);
	RunList(&on_proc_exit_list, code);
}

void
proc_exit(int code)
{
	if (MyProcPid != (int) getpid())
		elog(PANIC, "proc_exit() called in child process");
	proc_exit_prepare(code);
	exit(code);
}

/*
 * Give back everything in shared memory; the postmaster does so before it makes
 * it anew.
 */
void
shmem_exit(int code)
{
	shmem_exit_inprogress = true;

	/* Callbacks take locks. */
	LWLockReleaseAll();
	RunList(&before_shmem_exit_list, code);
	INJECTION_POINT_NOTHROW("exit-detach-dsm");
	dsm_backend_shutdown();
	INJECTION_POINT_NOTHROW("exit-leave-shmem");
	RunList(&on_shmem_exit_list, code);
	shmem_exit_inprogress = false;
}

/* A library called exit(): do what we can. */
static void
atexit_callback(void)
{
	if (MyProcPid == (int) getpid())
		proc_exit_prepare(-1);
}

static void
AddTo(ExitList *list, pg_on_exit_callback function, Datum arg)
{
	if (list->n >= MAX_ON_EXITS)
		ereport(FATAL, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg_internal("out of %s slots", list->name)));
	list->callback[list->n].function = function;
	list->callback[list->n].arg = arg;
	list->n++;
	if (!atexit_callback_setup)
	{
		atexit(atexit_callback);
		atexit_callback_setup = true;
	}
}

void
on_proc_exit(pg_on_exit_callback function, Datum arg)
{
	AddTo(&on_proc_exit_list, function, arg);
}

void
before_shmem_exit(pg_on_exit_callback function, Datum arg)
{
	AddTo(&before_shmem_exit_list, function, arg);
}

void
on_shmem_exit(pg_on_exit_callback function, Datum arg)
{
	AddTo(&on_shmem_exit_list, function, arg);
}

void
cancel_before_shmem_exit(pg_on_exit_callback function, Datum arg)
{
	ExitList *list = &before_shmem_exit_list;

	if (list->n > 0 && list->callback[list->n - 1].function == function &&
	    list->callback[list->n - 1].arg == arg)
		list->n--;
	else
		elog(ERROR,
		     "before_shmem_exit callback (%p,0x%lx) is not the latest entry",
		     (void *) function, (unsigned long) arg);
}

void
on_exit_reset(void)
{
	before_shmem_exit_list.n = 0;
	on_shmem_exit_list.n = 0;
	on_proc_exit_list.n = 0;
	reset_on_dsm_detach();
}
