/*
 * injection_point.c
 *		Named places where a test makes something happen.
 *
 * The table is a shared anonymous mapping of its own, made by the postmaster
 * before anything else and inherited by fork.  It is not in the main segments,
 * so a reset after a crash leaves it alone: what was armed stays armed, and
 * what has fired as often as it may does not fire again.  It is gone with the
 * last process.  It has an entry for every point of the program, found by the
 * point's number.
 *
 * An entry's generation tells its state by its lowest two bits: 0 free,
 * 1 being filled, 2 armed.  Every change raises it, so a reader that finds the
 * same armed generation before and after its copy has a consistent copy.  No
 * lock is taken anywhere, so points work inside locks and in the postmaster.
 *
 * A process killed while it fills an entry leaves it unusable, one killed while
 * it waits leaves a wait slot: the reset after the crash clears both.
 *
 * At a point of class no-throw a wait looks at its word again and again, with
 * short sleeps: a latch may be what the point is in.
 *
 * Corresponds to PostgreSQL's injection_point.c and its injection_points
 * module, in one: the actions are built in.
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "miscadmin.h"
#include "postmaster/interrupt.h"
#include "postmaster/postmaster.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "utils/injection_action.h"
#include "utils/injection_step.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#define INJ_MAGIC 0x494e4a51
#define INJ_STATE_MASK 3
#define INJ_FREE 0
#define INJ_FILLING 1
#define INJ_ARMED 2

/* Checked at intervals too: the postmaster has no latch that others can set. */
#define INJ_WAIT_RECHECK_MS 100
#define INJ_POLL_MS 1
#define INJ_STOP_STEP_MS 5

#define MILLION 1000000

/* In the gate, over the number of armed points. */
#define INJ_RECORDING UINT32_C(0x80000000)
#define INJ_RECORDED_WORKERS (INJ_RECORD_SLOTS - INJ_NROLES)

StaticAssertDecl(INJ_RECORDED_WORKERS == 4, "workers 0 to 3 have slots");

typedef struct InjectionEntry
{
	pg_atomic_uint64 generation;          /* [A] state in the lowest two bits */
	pg_atomic_uint64 hits;                /* [A] passages while armed */
	pg_atomic_uint64 acted;               /* [A] not counting off */
	pg_atomic_uint64 seen[INJ_MAX_TERMS]; /* [A] passages by term */
	pg_atomic_uint64 fired[INJ_MAX_TERMS]; /* [A] how often each acted */
	int owner;                             /* [V] of a local one, or 0 */
	InjectionSpec spec;                    /* [V] by generation */
} InjectionEntry;

typedef struct InjectionWait
{
	pg_atomic_uint32 state; /* [A] INJ_FREE, INJ_FILLING, INJ_ARMED */
	pg_atomic_uint32 wake;  /* [A] set by the one that wakes */
	int point;              /* [O] while armed */
	int pid;                /* [O] while armed */
	ProcNumber procno;      /* [O] while armed; invalid: no PGPROC */
} InjectionWait;

/* Counts while recorded, of one point. */
typedef struct InjectionPassages
{
	pg_atomic_uint64 all[INJ_RECORD_SLOTS];      /* [A] */
	pg_atomic_uint64 critical[INJ_RECORD_SLOTS]; /* [A] */
} InjectionPassages;

typedef struct InjectionCtl
{
	uint32 magic; /* [C] */
	int npoints;  /* [C] */
	InjectionWait waits[INJ_MAX_WAITS];
	InjectionEntry entries[FLEXIBLE_ARRAY_MEMBER]; /* by number of point */
} InjectionCtl;

StaticAssertDecl(sizeof(InjectionGate) == INJ_GATE_SIZE,
                 "the gate must fill its pages");

InjectionGate injection_gate __attribute__((aligned(INJ_GATE_SIZE)));
static InjectionCtl *ctl = NULL;
static InjectionPassages *passages = NULL; /* by number of point */

/* What is armed is for this process. */
static bool local = false;

/* A point inside the reporting of a point does nothing. */
static bool running = false;

/* ---- the table ---- */

static void *
map_shared(void *address, Size size)
{
	void *result =
		mmap(address, size, PROT_READ | PROT_WRITE,
	         MAP_SHARED | MAP_ANONYMOUS | (address ? MAP_FIXED : 0), -1, 0);

	if (result == MAP_FAILED)
		ereport(FATAL,
		        (errcode(ERRCODE_OUT_OF_MEMORY),
		         errmsg("could not map %zu bytes for the injection points: %m",
		                size)));
	return result;
}

static void
create_table(void)
{
	int npoints = InjectionPointCount();

	if (((uintptr_t) &injection_gate | sizeof(injection_gate)) %
	        (uintptr_t) sysconf(_SC_PAGESIZE) !=
	    0)
		elog(FATAL, "injection points do not fit the pages of this system");
	ctl = map_shared(NULL, add_size(offsetof(InjectionCtl, entries),
	                                mul_size(npoints, sizeof(InjectionEntry))));
	for (int i = 0; i < npoints; i++)
		pg_atomic_init_u64(&ctl->entries[i].generation, INJ_FREE);
	passages =
		map_shared(NULL, mul_size(Max(npoints, 1), sizeof(InjectionPassages)));
	ctl->npoints = npoints;
	ctl->magic = INJ_MAGIC;
	map_shared(&injection_gate, sizeof(injection_gate));
	pg_atomic_init_u32(&injection_gate.active, 0);
}

void
InjectionPointShmemInit(void)
{
	if (ctl == NULL)
		create_table();
	Assert(ctl->magic == INJ_MAGIC);
	InjectionStepShmemInit();
	/* Whoever waited or armed before a reset is gone. */
	for (int i = 0; i < INJ_MAX_WAITS; i++)
	{
		pg_atomic_init_u32(&ctl->waits[i].wake, 0);
		pg_atomic_write_u32(&ctl->waits[i].state, INJ_FREE);
	}
	for (int i = 0; i < ctl->npoints; i++)
	{
		InjectionEntry *entry = &ctl->entries[i];
		uint64 generation = pg_atomic_read_u64(&entry->generation);

		if ((generation & INJ_STATE_MASK) == INJ_FILLING)
			pg_atomic_write_u64(&entry->generation, generation + 3);
	}
}

/*
 * A consistent copy of what is armed at the point; its generation, or 0 if
 * nothing is.
 */
static uint64
read_entry(int point, InjectionSpec *copy)
{
	InjectionEntry *entry = &ctl->entries[point];
	uint64 generation = pg_atomic_read_u64(&entry->generation);

	if ((generation & INJ_STATE_MASK) != INJ_ARMED)
		return 0;
	pg_read_barrier(); /* pairs with the write barrier in attach */
	memcpy(copy, &entry->spec, sizeof(*copy));
	pg_read_barrier();
	if (pg_atomic_read_u64(&entry->generation) != generation)
		return 0;
	return generation;
}

/* ---- actions ---- */

/* Also at the exit of a process that is told to end while it waits. */
static void
give_back_wait(int code, Datum arg)
{
	InjectionWait *slot = (InjectionWait *) DatumGetPointer(arg);

	pg_atomic_write_u32(&slot->state, INJ_FREE);
}

static InjectionWait *
take_wait(int point)
{
	for (int i = 0; i < INJ_MAX_WAITS; i++)
	{
		InjectionWait *slot = &ctl->waits[i];
		uint32 expected = INJ_FREE;

		if (!pg_atomic_compare_exchange_u32(&slot->state, &expected,
		                                    INJ_FILLING))
			continue;
		slot->point = point;
		slot->pid = (int) getpid();
		slot->procno = MyProc ? MyProcNumber : INVALID_PROC_NUMBER;
		pg_atomic_write_u32(&slot->wake, 0);
		pg_write_barrier(); /* pairs with the read barrier in wakeup */
		pg_atomic_write_u32(&slot->state, INJ_ARMED);
		return slot;
	}
	return NULL;
}

static uint32
wait_event_of(const InjectionWait *slot)
{
	return PG_WAIT_INJECTIONPOINT | (uint32) (slot - ctl->waits);
}

/*
 * What serves no interrupts is told to end in its own way, and must get to where
 * it looks.
 */
static bool
told_to_end(void)
{
	return ShutdownRequestPending ||
	       (!IsUnderPostmaster && PostmasterShutdownRequested());
}

/* Until woken; an interrupt ends it if interrupts may be processed here. */
static void
wait_until_woken(int point)
{
	InjectionWait *volatile slot = take_wait(point);

	if (slot == NULL)
		elog(ERROR, "could not find free slot for wait of injection point %s",
		     InjectionPointGet(point)->name);
	PG_ENSURE_ERROR_CLEANUP(give_back_wait, PointerGetDatum(slot));
	{
		int events = WL_LATCH_SET | WL_TIMEOUT |
		             (IsUnderPostmaster ? WL_EXIT_ON_PM_DEATH : 0);

		while (pg_atomic_read_u32(&slot->wake) == 0 && !told_to_end())
		{
			(void) WaitLatch(MyLatch, events, INJ_WAIT_RECHECK_MS,
			                 wait_event_of(slot));
			ResetLatch(MyLatch);
			CHECK_FOR_INTERRUPTS();
		}
		/* The latch may have been set for what our caller waits for. */
		SetLatch(MyLatch);
	}
	PG_END_ENSURE_ERROR_CLEANUP(give_back_wait, PointerGetDatum(slot));
	give_back_wait(0, PointerGetDatum(slot));
}

/*
 * The same where nothing can be thrown: until woken, or told to end, which the
 * caller notices where it may.
 */
static void
poll_until_woken(int point)
{
	InjectionWait *slot = take_wait(point);
	uint32 outer_event = *my_wait_event_info;

	if (slot == NULL)
		return;
	pgstat_report_wait_start(wait_event_of(slot));
	while (pg_atomic_read_u32(&slot->wake) == 0 && !ProcDiePending &&
	       !told_to_end())
	{
		pg_usleep(INJ_POLL_MS * 1000L);
		if (IsUnderPostmaster && !PostmasterIsAliveInternal())
			_exit(1);
	}
	pgstat_report_wait_start(outer_event);
	give_back_wait(0, PointerGetDatum(slot));
}

static void
sleep_for(int ms)
{
	/* A delay, not a wait for anyone: it ends by itself. */
	for (int left = ms; left > 0; left -= 10)
		pg_usleep(Min(left, 10) * 1000L);
}

/* By /proc: it is stopped, or will be at once.  True if that is not known. */
static bool
is_stopped(pid_t pid)
{
	char text[4096];
	const char *state;
	const char *pending;
	ssize_t length;
	int fd;

	snprintf(text, sizeof(text), "/proc/%d/status", (int) pid);
	fd = open(text, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	length = read(fd, text, sizeof(text) - 1);
	(void) close(fd);
	if (length <= 0)
		return true;
	text[length] = '\0';
	state = strstr(text, "\nState:\t");
	pending = strstr(text, "\nShdPnd:\t");
	if (state == NULL || pending == NULL || state[8] == 'T')
		return true;
	return (strtoull(pending + 9, NULL, 16) >> (SIGSTOP - 1)) & 1;
}

/*
 * What the helper of stop does: it sends both signals, so that the second
 * cannot come before the first, and ends early when somebody else continues the
 * process: found running twice, since between taking the signal and stopping
 * there is a moment.  It allocates nothing and takes no lock: it may have been
 * made anywhere.
 */
static void
stop_and_continue(pid_t parent, int ms)
{
	struct timespec step = {0, INJ_STOP_STEP_MS * 1000000L};
	int running_looks = 0;

	/* It must not hold open what the parent's end closes. */
	(void) syscall(SYS_close_range, 0U, ~0U, 0U);
	(void) kill(parent, SIGSTOP);
	for (int left = ms; left > 0 && running_looks < 2 && getppid() == parent;
	     left -= INJ_STOP_STEP_MS)
	{
		(void) nanosleep(&step, NULL);
		running_looks = is_stopped(parent) ? 0 : running_looks + 1;
	}
	if (getppid() == parent)
		(void) kill(parent, SIGCONT);
	_exit(0);
}

/*
 * SIGSTOP for so many ms.  A stopped process runs no timer of its own, so a
 * child continues it: one that sends no signal at its end and that a wait for
 * any child does not see, for the postmaster's sake.
 */
static void
stop_for(int ms)
{
	pid_t parent = getpid();
	sigset_t all;
	sigset_t old;
	pid_t helper;

	/* No handler may run in the helper. */
	sigfillset(&all);
	(void) sigprocmask(SIG_SETMASK, &all, &old);
	helper = (pid_t) syscall(SYS_clone, 0UL, NULL, NULL, NULL, NULL);
	if (helper == 0)
		stop_and_continue(parent, ms);
	(void) sigprocmask(SIG_SETMASK, &old, NULL);
	if (helper < 0)
		sleep_for(ms);
	else
		while (waitpid(helper, NULL, __WCLONE) < 0 && errno == EINTR)
			;
}

static void
report(int elevel, int point, const InjectionTerm *term)
{
	running = false;
	ereport(elevel, (errcode(term->sqlerrcode),
	                 errmsg("error triggered for injection point %s",
	                        InjectionPointGet(point)->name)));
}

static void
ask(InjectionSysFault *fault, InjectionSysKind kind, int error, int bytes)
{
	if (fault)
		*fault =
			(InjectionSysFault){.kind = kind, .error = error, .bytes = bytes};
}

static void
act(int point, const InjectionTerm *term, InjectionSysFault *fault)
{
	const InjectionPointInfo *info = InjectionPointGet(point);

	switch (term->verb)
	{
		case INJ_OFF:
			break;
		case INJ_NOTICE:
			ereport(NOTICE, (errmsg("notice triggered for injection point %s",
			                        info->name)));
			break;
		case INJ_ERROR:
			report(ERROR, point, term);
			break;
		case INJ_FATAL:
			report(FATAL, point, term);
			break;
		case INJ_PANIC:
			report(PANIC, point, term);
			break;
		case INJ_KILL:
			(void) kill(getpid(), SIGKILL);
			break;
		case INJ_STOP:
			stop_for(term->argument);
			break;
		case INJ_EXIT:
			/* As a library would that ends the program: nothing is undone. */
			_exit(term->argument);
		case INJ_WAIT:
			running = false;
			if (info->class == INJ_NOTHROW)
				poll_until_woken(point);
			else
				wait_until_woken(point);
			break;
		case INJ_SLEEP:
			sleep_for(term->argument);
			break;
		case INJ_ERRNO:
			ask(fault, INJ_SYS_ERRNO, term->argument, 0);
			break;
		case INJ_SHORT:
			ask(fault, INJ_SYS_SHORT, 0, term->argument);
			break;
		case INJ_TORN:
			ask(fault, INJ_SYS_TORN, 0, term->argument);
			break;
	}
}

/* ---- passing ---- */

static bool
is_for_me(const InjectionTerm *term)
{
	InjectionRole role;
	int worker;

	if (term->pid != 0 && term->pid != (int) getpid())
		return false;
	if (term->role == INJ_ROLE_ANY)
		return true;
	role = InjectionRoleOfProcess(&worker);
	if (role == INJ_ROLE_LEADER && term->role == INJ_ROLE_BACKEND)
		return true;
	return role == term->role &&
	       (term->worker == INJ_ANY_WORKER || term->worker == worker);
}

/* Whether the percentage takes that passage: always the same ones. */
static bool
chance_takes(const InjectionTerm *term, uint32 passage)
{
	uint64 x = ((uint64) term->seed << 32) | passage;

	if (term->chance >= MILLION)
		return true;
	/* splitmix64's finisher */
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	x ^= x >> 31;
	return x % MILLION < term->chance;
}

/*
 * Count one up, if it stays within the limit (0: none) and the point is still
 * armed as it was: the upper half says in which generation it counts, so a
 * process that comes late takes no turn of what was armed since.  The new
 * count, or 0.
 */
static uint32
count_up(pg_atomic_uint64 *counter, uint64 generation, uint32 limit)
{
	uint64 old = pg_atomic_read_u64(counter);

	do
	{
		if (old >> 32 != (uint32) generation ||
		    (limit != 0 && (uint32) old >= limit))
			return 0;
	} while (!pg_atomic_compare_exchange_u64(counter, &old, old + 1));
	return (uint32) old + 1;
}

/* What is armed there for this process, at this passage. */
static void
pass_armed(int point, InjectionSysFault *fault)
{
	InjectionEntry *entry = &ctl->entries[point];
	InjectionSpec spec;
	uint64 generation = read_entry(point, &spec);
	bool counted = false;

	for (int i = 0; generation != 0 && i < spec.nterms; i++)
	{
		const InjectionTerm *term = &spec.terms[i];
		uint32 passage;

		if (!is_for_me(term))
			continue;
		if (!counted)
			(void) pg_atomic_fetch_add_u64(&entry->hits, 1);
		counted = true;
		passage = count_up(&entry->seen[i], generation, 0);
		if (passage < term->nth || !chance_takes(term, passage) ||
		    count_up(&entry->fired[i], generation, term->times) == 0)
			continue;
		if (term->verb != INJ_OFF)
			(void) pg_atomic_fetch_add_u64(&entry->acted, 1);
		running = true;
		act(point, term, fault);
		running = false;
		return;
	}
}

bool
InjectionPointIsArmed(const InjectionSite *site)
{
	return ctl && site->index >= 0 &&
	       (pg_atomic_read_u64(&ctl->entries[site->index].generation) &
	        INJ_STATE_MASK) == INJ_ARMED;
}

static void
record_passage(int point)
{
	int worker;
	int slot = InjectionRoleOfProcess(&worker);

	if (worker >= 0 && worker < INJ_RECORDED_WORKERS)
		slot = INJ_NROLES + worker;
	(void) pg_atomic_fetch_add_u64(&passages[point].all[slot], 1);
	if (CritSectionCount > 0)
		(void) pg_atomic_fetch_add_u64(&passages[point].critical[slot], 1);
}

bool
InjectionPointPass(InjectionSite *site, InjectionSysFault *fault)
{
	int save_errno = errno;
	int point = site->index;

	if (fault)
		ask(fault, INJ_SYS_NONE, 0, 0);
	if (running || ctl == NULL || point < 0)
		return false;
	if (STEP_IS_ON())
		InjectionStepAt(site->name);
	if (pg_atomic_read_u32(&injection_gate.active) & INJ_RECORDING)
		record_passage(point);
	if (InjectionPointIsArmed(site))
		pass_armed(point, fault);
	errno = save_errno;
	return fault && fault->kind != INJ_SYS_NONE;
}

int
InjectionPointErrno(InjectionSite *site)
{
	InjectionSysFault fault;

	(void) InjectionPointPass(site, &fault);
	return fault.error;
}

/* ---- arming ---- */

/* The point of that name, or ERROR. */
static int
point_named(const char *name)
{
	int point = InjectionPointFind(name);

	if (ctl == NULL)
		elog(ERROR, "injection points need shared memory");
	if (strlen(name) >= INJ_NAME_MAXLEN)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("injection point name %s too long (maximum of %u "
		                "characters)",
		                name, INJ_NAME_MAXLEN - 1)));
	if (point < 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("injection point \"%s\" does not exist", name),
		                errhint("%s", InjectionPointNearest(name))));
	return point;
}

void
InjectionPointAttach(const char *name, const char *action)
{
	InjectionSpec spec;
	int point = point_named(name);
	InjectionEntry *entry = &ctl->entries[point];
	uint64 generation = pg_atomic_read_u64(&entry->generation);

	ParseInjectionAction(action, &spec);
	CheckInjectionAction(&spec, InjectionPointGet(point));
	if ((generation & INJ_STATE_MASK) != INJ_FREE ||
	    !pg_atomic_compare_exchange_u64(&entry->generation, &generation,
	                                    generation + 1))
		ereport(ERROR,
		        (errcode(ERRCODE_DUPLICATE_OBJECT),
		         errmsg("injection point \"%s\" already defined", name)));
	for (int i = 0; local && i < spec.nterms; i++)
		spec.terms[i].pid = (int) getpid();
	entry->owner = local ? (int) getpid() : 0;
	entry->spec = spec;
	pg_atomic_write_u64(&entry->hits, 0);
	pg_atomic_write_u64(&entry->acted, 0);
	for (int i = 0; i < INJ_MAX_TERMS; i++)
	{
		pg_atomic_write_u64(&entry->seen[i], (generation + 2) << 32);
		pg_atomic_write_u64(&entry->fired[i], (generation + 2) << 32);
	}
	/* Counted before it acts: a process that sees it armed sees the gate. */
	(void) pg_atomic_fetch_add_u32(&injection_gate.active, 1);
	pg_write_barrier(); /* pairs with the read barriers in read_entry */
	pg_atomic_write_u64(&entry->generation, generation + 2);
}

bool
InjectionPointDetach(const char *name)
{
	int point = InjectionPointFind(name);
	uint64 generation;

	if (ctl == NULL || point < 0)
		return false;
	generation = pg_atomic_read_u64(&ctl->entries[point].generation);
	if ((generation & INJ_STATE_MASK) != INJ_ARMED ||
	    !pg_atomic_compare_exchange_u64(&ctl->entries[point].generation,
	                                    &generation, generation + 2))
		return false;
	(void) pg_atomic_fetch_sub_u32(&injection_gate.active, 1);
	return true;
}

static void
detach_local(int code, Datum arg)
{
	for (int i = 0; i < ctl->npoints; i++)
		if (ctl->entries[i].owner == (int) getpid())
			(void) InjectionPointDetach(InjectionPointGet(i)->name);
}

void
InjectionPointSetLocal(void)
{
	if (!local)
		before_shmem_exit(detach_local, 0);
	local = true;
}

/* pid 0: all who wait there */
static void
wake(const char *name, int pid)
{
	int point = point_named(name);
	bool found = false;

	for (int i = 0; i < INJ_MAX_WAITS; i++)
	{
		InjectionWait *slot = &ctl->waits[i];

		if (pg_atomic_read_u32(&slot->state) != INJ_ARMED)
			continue;
		pg_read_barrier(); /* pairs with take_wait */
		if (slot->point != point || (pid != 0 && slot->pid != pid))
			continue;
		found = true;
		pg_atomic_write_u32(&slot->wake, 1);
		if (slot->procno != INVALID_PROC_NUMBER)
			SetLatch(&GetPGProcByNumber(slot->procno)->procLatch);
	}
	if (!found)
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_OBJECT),
		         errmsg("could not find injection point %s to wake up", name)));
}

void
InjectionPointWakeup(const char *name)
{
	wake(name, 0);
}

void
InjectionPointWakeupPid(const char *name, int pid)
{
	wake(name, pid);
}

void
InjectionPointRun(const char *name)
{
	const InjectionPointInfo *info = InjectionPointGet(point_named(name));
	InjectionSysFault fault;
	bool failed = false;

	if (info->class == INJ_CRITICAL)
		START_CRIT_SECTION();
	failed = InjectionPointPass(info->sites[0], &fault);
	if (info->class == INJ_CRITICAL)
		END_CRIT_SECTION();
	if (failed && fault.kind == INJ_SYS_ERRNO)
	{
		errno = fault.error;
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("call after injection point %s failed: %m",
		                       info->name)));
	}
	if (failed)
		ereport(ERROR,
		        (errcode(ERRCODE_IO_ERROR),
		         errmsg("call after injection point %s wrote %s", info->name,
		                fault.kind == INJ_SYS_SHORT ? "less" : "a torn page")));
}

const char *
InjectionPointWaitName(uint32 waitslot)
{
	int point;

	if (ctl == NULL || waitslot >= INJ_MAX_WAITS)
		return "InjectionPoint";
	point = ctl->waits[waitslot].point; /* it may be changing */
	return point < ctl->npoints ? InjectionPointGet(point)->name
	                            : "InjectionPoint";
}

void
InjectionPointGetStatus(int point, InjectionPointStatus *status)
{
	InjectionEntry *entry = &ctl->entries[point];
	InjectionSpec spec;

	Assert(ctl && point >= 0 && point < ctl->npoints);
	memset(status, 0, sizeof(*status));
	status->armed = read_entry(point, &spec) != 0;
	if (status->armed)
		strlcpy(status->action, spec.text, sizeof(status->action));
	status->hits = pg_atomic_read_u64(&entry->hits);
	status->fired = pg_atomic_read_u64(&entry->acted);
	for (int i = 0; i < INJ_MAX_WAITS; i++)
		if (pg_atomic_read_u32(&ctl->waits[i].state) == INJ_ARMED)
		{
			pg_read_barrier(); /* pairs with take_wait */
			if (ctl->waits[i].point == point)
				status->waiting[status->nwaiting++] = ctl->waits[i].pid;
		}
}

uint64
InjectionPointHits(const char *name)
{
	int point = InjectionPointFind(name);

	return ctl && point >= 0 ? pg_atomic_read_u64(&ctl->entries[point].hits)
	                         : 0;
}

/* ---- recording ---- */

static void
set_recording(bool on)
{
	uint32 old = pg_atomic_read_u32(&injection_gate.active);
	uint32 new;

	do
		new = on ? old | INJ_RECORDING : old & ~INJ_RECORDING;
	while (!pg_atomic_compare_exchange_u32(&injection_gate.active, &old, new));
}

void
InjectionPointRecord(bool on)
{
	if (ctl == NULL)
		elog(ERROR, "injection points need shared memory");
	set_recording(false);
	if (!on)
		return;
	for (int i = 0; i < ctl->npoints; i++)
		for (int slot = 0; slot < INJ_RECORD_SLOTS; slot++)
		{
			pg_atomic_write_u64(&passages[i].all[slot], 0);
			pg_atomic_write_u64(&passages[i].critical[slot], 0);
		}
	set_recording(true);
}

void
InjectionPointPassages(int point, int slot, uint64 *all, uint64 *in_critical)
{
	Assert(ctl && point >= 0 && point < ctl->npoints);
	Assert(slot >= 0 && slot < INJ_RECORD_SLOTS);
	*all = pg_atomic_read_u64(&passages[point].all[slot]);
	*in_critical = pg_atomic_read_u64(&passages[point].critical[slot]);
}

const char *
InjectionSlotName(int slot)
{
	static const char *const workers[INJ_RECORDED_WORKERS] = {
		"worker:0", "worker:1", "worker:2", "worker:3"};

	return slot < INJ_NROLES ? InjectionRoleName((InjectionRole) slot)
	                         : workers[slot - INJ_NROLES];
}

/* ---- from the environment ---- */

/* "name=action[,...];name=action..." */
void
InjectionPointArmFromEnvironment(void)
{
	const char *value = getenv("TUSK_INJECTION_POINTS");
	char *copy;
	char *save = NULL;

	if (value == NULL || *value == '\0')
		return;
	copy = pstrdup(value);
	for (char *point = strtok_r(copy, ";", &save); point;
	     point = strtok_r(NULL, ";", &save))
	{
		char *equals = strchr(point, '=');

		if (equals == NULL)
			ereport(FATAL, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                errmsg("invalid injection point \"%s\" in "
			                       "TUSK_INJECTION_POINTS",
			                       point),
			                errhint("Write name=action, several separated by "
			                        "semicolons.")));
		*equals = '\0';
		/* Nobody is there to catch an ERROR, so it is FATAL. */
		InjectionPointAttach(point, equals + 1);
		ereport(LOG, (errmsg("injection point \"%s\" armed: %s", point,
		                     equals + 1)));
	}
	pfree(copy);
}
