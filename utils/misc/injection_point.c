/*
 * injection_point.c
 *		Armed points in shared memory, and what they do.
 *
 * The table is a fixed array in a mapping of its own, made once by the
 * postmaster and inherited by every process: a crash reset, which clears the
 * main segments, does not touch it, so that a one-shot fault fires once and
 * not at every restart.
 *
 * An entry is valid while its generation is odd.  Arming fills the entry while
 * the generation is even, then raises it after a write barrier; a passage reads
 * the generation, copies the entry, and believes the copy only if the
 * generation is unchanged.  Arming and disarming exclude each other by a flag
 * that holds the owner's pid, so that one killed there does not block others.
 *
 * Waiting is by a loop over a short latch wait, not by a condition variable: a
 * point may be inside the primitives that a condition variable is made of, and
 * in processes without a PGPROC.  A waiter ends when it is woken, when the
 * point is detached, at an interrupt, or when the postmaster dies.
 */
#include "postgres.h"

#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

#define INJ_MAGIC 0x494e4a50
#define INJ_WAIT_SLICE_MS 10

typedef struct InjectionPointEntry
{
	pg_atomic_uint64 generation; /* [A] odd: armed */
	char name[INJ_NAME_MAXLEN];  /* [V] */
	InjectionAction action;      /* [V] */
	int sleep_ms;                /* [V] */
	uint64 nth;                  /* [V] first passage that fires, from 1 */
	uint64 times;                /* [V] how often it fires */
	int pid;                     /* [V] 0: any process */
	pg_atomic_uint64 hits;       /* [A] passages while armed */
	pg_atomic_uint64 fired;      /* [A] */
	pg_atomic_uint64 wakeups;    /* [A] raised to wake all waiters */
	pg_atomic_uint32 waiters;    /* [A] */
} InjectionPointEntry;

typedef struct InjectionPointTable
{
	uint32 magic;            /* [C] */
	pg_atomic_uint32 armed;  /* [A] number of armed entries */
	pg_atomic_uint32 editor; /* [A] pid of who changes the table, or 0 */
	InjectionPointEntry entries[INJ_MAX_POINTS];
} InjectionPointTable;

static pg_atomic_uint32 nothing_armed;
pg_atomic_uint32 *injection_points_armed = &nothing_armed;

static InjectionPointTable *InjTable = NULL;

/* Nothing in the main segment: see the top of the file. */
Size
InjectionPointShmemSize(void)
{
	return 0;
}

void
InjectionPointShmemInit(void)
{
	if (InjTable != NULL)
	{
		Assert(InjTable->magic == INJ_MAGIC);
		return;
	}
	InjTable = mmap(NULL, sizeof(InjectionPointTable), PROT_READ | PROT_WRITE,
	                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (InjTable == MAP_FAILED)
	{
		InjTable = NULL;
		ereport(FATAL,
		        (errcode(ERRCODE_OUT_OF_MEMORY),
		         errmsg("could not map %zu bytes for injection points: %m",
		                sizeof(InjectionPointTable))));
	}
	InjTable->magic = INJ_MAGIC;
	injection_points_armed = &InjTable->armed;
}

/* ---- the table ---- */

static void
lock_table(void)
{
	for (;;)
	{
		uint32 owner = 0;

		if (pg_atomic_compare_exchange_u32(&InjTable->editor, &owner,
		                                   (uint32) getpid()))
			return;
		/* one that was killed while editing holds nothing */
		if (kill((pid_t) owner, 0) != 0 && errno == ESRCH)
			(void) pg_atomic_compare_exchange_u32(&InjTable->editor, &owner, 0);
		pg_usleep(100);
	}
}

static void
unlock_table(void)
{
	pg_memory_barrier(); /* what was written is seen by the next editor */
	pg_atomic_write_u32(&InjTable->editor, 0);
}

static InjectionPointEntry *
find_entry(const char *name)
{
	for (int i = 0; InjTable != NULL && i < INJ_MAX_POINTS; i++)
	{
		InjectionPointEntry *e = &InjTable->entries[i];

		if ((pg_atomic_read_u64(&e->generation) & 1) &&
		    strncmp(e->name, name, INJ_NAME_MAXLEN) == 0)
			return e;
	}
	return NULL;
}

static void
report_bad_action(const char *action)
{
	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	         errmsg("incorrect action \"%s\" for injection point", action),
	         errhint("An action is error, notice, wait, kill, fatal, panic or "
	                 "sleep:MS, then possibly \",nth=N\", \",times=N\" and "
	                 "\",pid=PID\".")));
}

static uint64
parse_number(const char *text, const char *action)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || *text == '-')
		report_bad_action(action);
	return (uint64) value;
}

static void
parse_action(const char *action, InjectionPointEntry *e)
{
	static const struct
	{
		const char *name;
		InjectionAction action;
	} actions[] = {{"error", INJ_ERROR}, {"notice", INJ_NOTICE},
	               {"wait", INJ_WAIT},   {"kill", INJ_KILL},
	               {"fatal", INJ_FATAL}, {"panic", INJ_PANIC}};
	char *copy = pstrdup(action);
	char *save = NULL;
	char *word = strtok_r(copy, ",", &save);
	bool known = false;

	e->nth = 1;
	e->times = UINT64_MAX;
	for (int i = 0; word != NULL && i < (int) lengthof(actions); i++)
		if (strcmp(word, actions[i].name) == 0)
		{
			e->action = actions[i].action;
			known = true;
		}
	if (word != NULL && strncmp(word, "sleep:", 6) == 0)
	{
		e->action = INJ_SLEEP;
		e->sleep_ms = (int) Min(parse_number(word + 6, action), INT_MAX);
		known = true;
	}
	if (!known)
		report_bad_action(action);
	if (e->action == INJ_KILL || e->action == INJ_PANIC)
		e->times = 1;
	while ((word = strtok_r(NULL, ",", &save)) != NULL)
	{
		if (strncmp(word, "nth=", 4) == 0)
			e->nth = Max(parse_number(word + 4, action), 1);
		else if (strncmp(word, "times=", 6) == 0)
			e->times = parse_number(word + 6, action);
		else if (strncmp(word, "pid=", 4) == 0)
			e->pid = (int) parse_number(word + 4, action);
		else
			report_bad_action(action);
	}
	pfree(copy);
}

static void
copy_settings(InjectionPointEntry *to, const InjectionPointEntry *from,
              const char *name)
{
	strlcpy(to->name, name, INJ_NAME_MAXLEN);
	to->action = from->action;
	to->sleep_ms = from->sleep_ms;
	to->nth = from->nth;
	to->times = from->times;
	to->pid = from->pid;
	pg_atomic_write_u64(&to->hits, 0);
	pg_atomic_write_u64(&to->fired, 0);
}

void
InjectionPointAttach(const char *name, const char *action)
{
	InjectionPointEntry parsed;
	InjectionPointEntry *slot = NULL;
	bool exists;

	Assert(InjTable != NULL);
	memset(&parsed, 0, sizeof(parsed));
	if (strlen(name) >= INJ_NAME_MAXLEN)
		ereport(ERROR,
		        (errcode(ERRCODE_NAME_TOO_LONG),
		         errmsg("injection point name %s too long (maximum of %u "
		                "characters)",
		                name, INJ_NAME_MAXLEN - 1)));
	parse_action(action, &parsed);

	lock_table();
	exists = find_entry(name) != NULL;
	for (int i = 0; !exists && slot == NULL && i < INJ_MAX_POINTS; i++)
		if (!(pg_atomic_read_u64(&InjTable->entries[i].generation) & 1))
			slot = &InjTable->entries[i];
	if (slot != NULL)
	{
		copy_settings(slot, &parsed, name);
		pg_write_barrier(); /* pairs with the read barriers of copy_entry */
		pg_atomic_fetch_add_u64(&slot->generation, 1);
		pg_atomic_fetch_add_u32(&InjTable->armed, 1);
	}
	unlock_table();
	if (exists)
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
		                errmsg("injection point \"%s\" already defined", name)));
	if (slot == NULL)
		ereport(ERROR, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
		                errmsg("too many injection points"),
		                errdetail("At most %d can be armed.", INJ_MAX_POINTS)));
}

/* False if it was not armed.  Those that wait at it go on. */
bool
InjectionPointDetach(const char *name)
{
	InjectionPointEntry *e;

	Assert(InjTable != NULL);
	lock_table();
	e = find_entry(name);
	if (e != NULL)
	{
		pg_atomic_fetch_add_u64(&e->generation, 1);
		pg_atomic_fetch_sub_u32(&InjTable->armed, 1);
	}
	unlock_table();
	return e != NULL;
}

void
InjectionPointWakeup(const char *name)
{
	InjectionPointEntry *e = find_entry(name);

	if (e == NULL || pg_atomic_read_u32(&e->waiters) == 0)
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_OBJECT),
		         errmsg("could not find injection point %s to wake up", name)));
	pg_atomic_fetch_add_u64(&e->wakeups, 1);
}

uint64
InjectionPointHits(const char *name)
{
	InjectionPointEntry *e = find_entry(name);

	return e ? pg_atomic_read_u64(&e->hits) : 0;
}

/* "name=action;name=action" */
void
InjectionPointArmFromEnvironment(void)
{
	const char *env = getenv("TUSK_INJECTION_POINTS");
	char *copy, *save = NULL;

	if (env == NULL)
		return;
	copy = pstrdup(env);
	for (char *item = strtok_r(copy, ";", &save); item != NULL;
	     item = strtok_r(NULL, ";", &save))
	{
		char *equals = strchr(item, '=');

		if (equals == NULL)
			report_bad_action(item);
		*equals = '\0';
		InjectionPointAttach(item, equals + 1);
	}
	pfree(copy);
}

/* ---- a passage ---- */

static void
wait_at_point(InjectionPointEntry *e, uint64 generation)
{
	uint64 wakeups = pg_atomic_read_u64(&e->wakeups);

	pg_atomic_fetch_add_u32(&e->waiters, 1);
	pgstat_report_wait_start(PG_WAIT_INJECTIONPOINT);
	while (pg_atomic_read_u64(&e->wakeups) == wakeups &&
	       pg_atomic_read_u64(&e->generation) == generation)
	{
		/* An interrupt ends the wait where it would be served. */
		if (InterruptPending && INTERRUPTS_CAN_BE_PROCESSED())
			break;
		if (IsUnderPostmaster && getppid() != PostmasterPid)
			_exit(1);
		pg_usleep(INJ_WAIT_SLICE_MS * 1000L);
	}
	pgstat_report_wait_end();
	pg_atomic_fetch_sub_u32(&e->waiters, 1);
	CHECK_FOR_INTERRUPTS();
}

static void
run_action(InjectionPointEntry *e, const InjectionPointEntry *armed,
           uint64 generation)
{
	switch (armed->action)
	{
		case INJ_ERROR:
			elog(ERROR, "error triggered for injection point %s", armed->name);
			break;
		case INJ_NOTICE:
			elog(NOTICE, "notice triggered for injection point %s",
			     armed->name);
			break;
		case INJ_FATAL:
			elog(FATAL, "fatal error triggered for injection point %s",
			     armed->name);
			break;
		case INJ_PANIC:
			elog(PANIC, "panic triggered for injection point %s", armed->name);
			break;
		case INJ_KILL:
			kill(getpid(), SIGKILL);
			break;
		case INJ_SLEEP:
			pg_usleep(armed->sleep_ms * 1000L);
			break;
		case INJ_WAIT:
			wait_at_point(e, generation);
			break;
	}
}

/* A consistent copy of what is armed there; false if it is not this point. */
static bool
copy_entry(InjectionPointEntry *e, const char *name, uint64 *generation,
           InjectionPointEntry *copy)
{
	*generation = pg_atomic_read_u64(&e->generation);
	if (!(*generation & 1))
		return false;
	pg_read_barrier(); /* pairs with the write barrier of Attach */
	memcpy(copy, e, sizeof(*copy));
	pg_read_barrier();
	if (pg_atomic_read_u64(&e->generation) != *generation)
		return false;
	copy->name[INJ_NAME_MAXLEN - 1] = '\0';
	return strcmp(copy->name, name) == 0;
}

void
InjectionPointRun(const char *name)
{
	for (int i = 0; InjTable != NULL && i < INJ_MAX_POINTS; i++)
	{
		InjectionPointEntry *e = &InjTable->entries[i];
		InjectionPointEntry armed;
		uint64 generation;

		if (!copy_entry(e, name, &generation, &armed))
			continue;
		if (armed.pid != 0 && armed.pid != (int) getpid())
			return;
		if (pg_atomic_fetch_add_u64(&e->hits, 1) + 1 < armed.nth)
			return;
		if (pg_atomic_fetch_add_u64(&e->fired, 1) >= armed.times)
			return;
		run_action(e, &armed, generation);
		return;
	}
}
