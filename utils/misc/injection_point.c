/*
 * injection_point.c
 *		Named places where a test makes something happen.
 *
 * The table is a shared anonymous mapping of its own, made by the postmaster
 * before anything else and inherited by fork.  It is not in the main segments,
 * so a reset after a crash leaves it alone: what was armed stays armed, and
 * what has fired as often as it may does not fire again.  It is gone with the
 * last process.
 *
 * An entry's generation tells its state by its lowest two bits: 0 free,
 * 1 being filled, 2 armed.  Every change raises it, so a reader that finds the
 * same armed generation before and after its copy has a consistent copy.  No
 * lock is taken anywhere, so points work inside locks and in the postmaster.
 *
 * A process killed while it fills an entry leaves that entry unusable; one
 * killed while it waits leaves a wait slot, which the reset after the crash
 * clears.
 *
 * Corresponds to PostgreSQL's injection_point.c and its injection_points
 * module, in one: the actions are built in, names are matched by value.
 */
#include "postgres.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#define INJ_MAGIC 0x494e4a50
#define INJ_MAX_WAITS 16
#define INJ_STATE_MASK 3
#define INJ_FREE 0
#define INJ_FILLING 1
#define INJ_ARMED 2

/* Checked at intervals too: the postmaster has no latch that others can set. */
#define INJ_WAIT_RECHECK_MS 100

typedef struct InjectionEntry
{
	pg_atomic_uint64 generation; /* [A] state in the lowest two bits */
	pg_atomic_uint64 hits;       /* [A] passages while armed */
	pg_atomic_uint32 fired;      /* [A] how often it acted */
	char name[INJ_NAME_MAXLEN];  /* [V] by generation, as the rest */
	InjectionAction action;      /* [V] */
	int sqlerrcode;              /* [V] of error, fatal and panic */
	int sleep_ms;                /* [V] */
	uint32 nth;                  /* [V] first passage that acts, from 1 */
	uint32 times;                /* [V] 0: no limit */
	int pid;                     /* [V] 0: any process */
} InjectionEntry;

typedef struct InjectionWait
{
	pg_atomic_uint32 state;     /* [A] INJ_FREE, INJ_FILLING, INJ_ARMED */
	pg_atomic_uint32 wake;      /* [A] set by the one that wakes */
	char name[INJ_NAME_MAXLEN]; /* [O] while armed */
	ProcNumber procno;          /* [O] while armed; invalid: no PGPROC */
} InjectionWait;

typedef struct InjectionCtl
{
	uint32 magic;           /* [C] */
	pg_atomic_uint32 armed; /* [A] number of armed entries */
	InjectionEntry entries[INJ_MAX_POINTS];
	InjectionWait waits[INJ_MAX_WAITS];
} InjectionCtl;

static pg_atomic_uint32 none_armed = {0};
pg_atomic_uint32 *injection_points_armed = &none_armed;
static InjectionCtl *ctl = NULL;

/* A point inside the reporting of a point does nothing. */
static bool running = false;

/* What the text of an action says. */
typedef struct ParsedAction
{
	InjectionAction action;
	int sqlerrcode;
	int sleep_ms;
	uint32 nth;
	uint32 times;
	int pid;
} ParsedAction;

/* Nothing in the main segment: see the top. */
Size
InjectionPointShmemSize(void)
{
	return 0;
}

void
InjectionPointShmemInit(void)
{
	if (ctl == NULL)
	{
		ctl = mmap(NULL, sizeof(InjectionCtl), PROT_READ | PROT_WRITE,
		           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (ctl == MAP_FAILED)
		{
			ctl = NULL;
			ereport(FATAL,
			        (errcode(ERRCODE_OUT_OF_MEMORY),
			         errmsg("could not map %zu bytes for the injection points: "
			                "%m",
			                sizeof(InjectionCtl))));
		}
		pg_atomic_init_u32(&ctl->armed, 0);
		for (int i = 0; i < INJ_MAX_POINTS; i++)
			pg_atomic_init_u64(&ctl->entries[i].generation, INJ_FREE);
		ctl->magic = INJ_MAGIC;
		injection_points_armed = &ctl->armed;
	}
	Assert(ctl->magic == INJ_MAGIC);
	/* Whoever waited before a reset is gone. */
	for (int i = 0; i < INJ_MAX_WAITS; i++)
	{
		pg_atomic_init_u32(&ctl->waits[i].wake, 0);
		pg_atomic_write_u32(&ctl->waits[i].state, INJ_FREE);
	}
}

/*
 * A consistent copy of entry i if it is armed under that name (any name if
 * NULL); its generation, or 0.
 */
static uint64
read_entry(int i, const char *name, InjectionEntry *copy)
{
	InjectionEntry *entry = &ctl->entries[i];
	uint64 generation = pg_atomic_read_u64(&entry->generation);

	if ((generation & INJ_STATE_MASK) != INJ_ARMED)
		return 0;
	pg_read_barrier(); /* pairs with the write barrier in attach */
	memcpy(copy, entry, sizeof(*copy));
	pg_read_barrier();
	if (pg_atomic_read_u64(&entry->generation) != generation)
		return 0;
	copy->name[INJ_NAME_MAXLEN - 1] = '\0';
	return name == NULL || strcmp(copy->name, name) == 0 ? generation : 0;
}

static int
find_entry(const char *name, InjectionEntry *copy, uint64 *generation)
{
	for (int i = 0; ctl && i < INJ_MAX_POINTS; i++)
		if ((*generation = read_entry(i, name, copy)) != 0)
			return i;
	return -1;
}

/* ---- actions ---- */

/* Also at the exit of a process that is told to end while it waits. */
static void
give_back_wait(int code, Datum arg)
{
	InjectionWait *slot = (InjectionWait *) DatumGetPointer(arg);

	pg_atomic_write_u32(&slot->state, INJ_FREE);
}

/* Until woken; an interrupt ends it if interrupts may be processed here. */
static void
wait_until_woken(const char *name)
{
	InjectionWait *volatile slot = NULL;

	for (int i = 0; i < INJ_MAX_WAITS && slot == NULL; i++)
	{
		uint32 expected = INJ_FREE;

		if (pg_atomic_compare_exchange_u32(&ctl->waits[i].state, &expected,
		                                   INJ_FILLING))
			slot = &ctl->waits[i];
	}
	if (slot == NULL)
		elog(ERROR, "could not find free slot for wait of injection point %s",
		     name);
	strlcpy(slot->name, name, INJ_NAME_MAXLEN);
	slot->procno = MyProc ? MyProcNumber : INVALID_PROC_NUMBER;
	pg_atomic_write_u32(&slot->wake, 0);
	pg_write_barrier(); /* pairs with the read barrier in wakeup */
	pg_atomic_write_u32(&slot->state, INJ_ARMED);
	PG_ENSURE_ERROR_CLEANUP(give_back_wait, PointerGetDatum(slot));
	{
		int events = WL_LATCH_SET | WL_TIMEOUT |
		             (IsUnderPostmaster ? WL_EXIT_ON_PM_DEATH : 0);

		while (pg_atomic_read_u32(&slot->wake) == 0)
		{
			(void) WaitLatch(MyLatch, events, INJ_WAIT_RECHECK_MS,
			                 PG_WAIT_INJECTIONPOINT |
			                     (uint32) (slot - ctl->waits));
			ResetLatch(MyLatch);
			CHECK_FOR_INTERRUPTS();
		}
		/* The latch may have been set for what our caller waits for. */
		SetLatch(MyLatch);
	}
	PG_END_ENSURE_ERROR_CLEANUP(give_back_wait, PointerGetDatum(slot));
	give_back_wait(0, PointerGetDatum(slot));
}

static void
sleep_for(int ms)
{
	/* A delay, not a wait for anyone: it ends by itself. */
	for (int left = ms; left > 0; left -= 10)
		pg_usleep(Min(left, 10) * 1000L);
}

static void
act(const InjectionEntry *entry)
{
	switch (entry->action)
	{
		case INJ_ERROR:
		case INJ_FATAL:
		case INJ_PANIC:
			running = false;
			ereport(entry->action == INJ_ERROR   ? ERROR
			        : entry->action == INJ_FATAL ? FATAL
			                                     : PANIC,
			        (errcode(entry->sqlerrcode),
			         errmsg("error triggered for injection point %s",
			                entry->name)));
			break;
		case INJ_NOTICE:
			ereport(NOTICE, (errmsg("notice triggered for injection point %s",
			                        entry->name)));
			break;
		case INJ_WAIT:
			running = false;
			wait_until_woken(entry->name);
			break;
		case INJ_KILL:
			(void) kill(getpid(), SIGKILL);
			break;
		case INJ_SLEEP:
			sleep_for(entry->sleep_ms);
			break;
	}
}

bool
InjectionPointIsAttached(const char *name)
{
	InjectionEntry copy;
	uint64 generation;

	return find_entry(name, &copy, &generation) >= 0;
}

void
InjectionPointRun(const char *name)
{
	InjectionEntry copy;
	InjectionEntry *entry;
	uint64 generation;
	uint64 passage;
	int i;

	if (running)
		return;
	i = find_entry(name, &copy, &generation);
	if (i < 0 || (copy.pid != 0 && copy.pid != (int) getpid()))
		return;
	entry = &ctl->entries[i];
	passage = pg_atomic_fetch_add_u64(&entry->hits, 1) + 1;
	if (passage < copy.nth)
		return;
	if (copy.times != 0 &&
	    pg_atomic_fetch_add_u32(&entry->fired, 1) >= copy.times)
		return;
	running = true;
	act(&copy);
	running = false;
}

/* ---- arming ---- */

static void
bad_action(const char *action, const char *what)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	     errmsg("incorrect action \"%s\" for injection point creation", action),
	     errdetail("\"%s\" is not understood.", what),
	     errhint("Actions are error, error:SQLSTATE, notice, wait, kill, "
	             "fatal, panic and sleep:MILLISECONDS, followed by any of "
	             "nth=N, times=N and pid=PID, separated by commas.")));
}

static bool
parse_uint(const char *text, uint32 *result)
{
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || value > INT_MAX)
		return false;
	*result = (uint32) value;
	return true;
}

/* The first word. */
static bool
parse_verb(char *word, ParsedAction *result)
{
	static const struct
	{
		const char *name;
		InjectionAction action;
	} verbs[] = {{"error", INJ_ERROR}, {"notice", INJ_NOTICE},
	             {"wait", INJ_WAIT},   {"kill", INJ_KILL},
	             {"fatal", INJ_FATAL}, {"panic", INJ_PANIC},
	             {"sleep", INJ_SLEEP}};
	char *arg = strchr(word, ':');
	uint32 number;

	if (arg)
		*arg++ = '\0';
	for (int i = 0;; i++)
	{
		if (i == (int) lengthof(verbs))
			return false;
		if (strcmp(verbs[i].name, word) == 0)
		{
			result->action = verbs[i].action;
			break;
		}
	}
	switch (result->action)
	{
		case INJ_KILL:
			result->times = 1;
			return arg == NULL;
		case INJ_SLEEP:
			if (arg == NULL || !parse_uint(arg, &number))
				return false;
			result->sleep_ms = (int) number;
			return true;
		case INJ_ERROR:
		case INJ_FATAL:
		case INJ_PANIC:
			if (arg == NULL)
				return true;
			if (strlen(arg) != 5 ||
			    strspn(arg, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5)
				return false;
			result->sqlerrcode =
				MAKE_SQLSTATE(arg[0], arg[1], arg[2], arg[3], arg[4]);
			return true;
		default:
			return arg == NULL;
	}
}

static void
parse_action(const char *action, ParsedAction *result)
{
	char *copy = pstrdup(action);
	char *save = NULL;
	char *word = strtok_r(copy, ",", &save);
	uint32 pid;

	memset(result, 0, sizeof(*result));
	result->sqlerrcode = ERRCODE_INTERNAL_ERROR;
	result->nth = 1;
	if (word == NULL || !parse_verb(word, result))
		bad_action(action, word ? word : "");
	while ((word = strtok_r(NULL, ",", &save)) != NULL)
	{
		if (strncmp(word, "nth=", 4) == 0 && parse_uint(word + 4, &result->nth))
			continue;
		if (strncmp(word, "times=", 6) == 0 &&
		    parse_uint(word + 6, &result->times))
			continue;
		if (strncmp(word, "pid=", 4) == 0 && parse_uint(word + 4, &pid))
		{
			result->pid = (int) pid;
			continue;
		}
		bad_action(action, word);
	}
	pfree(copy);
}

static void
already_defined(const char *name)
{
	ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
	                errmsg("injection point \"%s\" already defined", name)));
}

/* Free the entry if it is still in that generation. */
static bool
disarm(int i, uint64 generation)
{
	/* The count may be too large for a moment: that costs a search, no more. */
	if (!pg_atomic_compare_exchange_u64(&ctl->entries[i].generation,
	                                    &generation, generation + 2))
		return false;
	pg_atomic_fetch_sub_u32(&ctl->armed, 1);
	return true;
}

static int
claim_free_entry(uint64 *generation)
{
	for (int i = 0; i < INJ_MAX_POINTS; i++)
	{
		*generation = pg_atomic_read_u64(&ctl->entries[i].generation);
		if ((*generation & INJ_STATE_MASK) == INJ_FREE &&
		    pg_atomic_compare_exchange_u64(&ctl->entries[i].generation,
		                                   generation, *generation + 1))
		{
			*generation += 1;
			return i;
		}
	}
	return -1;
}

void
InjectionPointAttach(const char *name, const char *action)
{
	ParsedAction parsed;
	InjectionEntry copy;
	InjectionEntry *entry;
	uint64 generation;
	uint64 other;
	int i;

	if (ctl == NULL)
		elog(ERROR, "injection points need shared memory");
	if (strlen(name) >= INJ_NAME_MAXLEN)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("injection point name %s too long (maximum of %u "
		                "characters)",
		                name, INJ_NAME_MAXLEN - 1)));
	parse_action(action, &parsed);
	if (find_entry(name, &copy, &generation) >= 0)
		already_defined(name);
	i = claim_free_entry(&generation);
	if (i < 0)
		ereport(ERROR, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
		                errmsg("too many injection points"),
		                errdetail("At most %d can be armed at a time.",
		                          INJ_MAX_POINTS)));
	entry = &ctl->entries[i];
	strlcpy(entry->name, name, INJ_NAME_MAXLEN);
	entry->action = parsed.action;
	entry->sqlerrcode = parsed.sqlerrcode;
	entry->sleep_ms = parsed.sleep_ms;
	entry->nth = parsed.nth;
	entry->times = parsed.times;
	entry->pid = parsed.pid;
	pg_atomic_write_u64(&entry->hits, 0);
	pg_atomic_write_u32(&entry->fired, 0);
	pg_write_barrier(); /* pairs with the read barriers in read_entry */
	pg_atomic_write_u64(&entry->generation, generation + 1);
	pg_atomic_fetch_add_u32(&ctl->armed, 1);
	/* Two at once under one name: the one in the lower entry stays. */
	for (int j = 0; j < i; j++)
		if ((other = read_entry(j, name, &copy)) != 0)
		{
			(void) disarm(i, generation + 1);
			already_defined(name);
		}
}

bool
InjectionPointDetach(const char *name)
{
	InjectionEntry copy;
	uint64 generation;
	int i = find_entry(name, &copy, &generation);

	return i >= 0 && disarm(i, generation);
}

void
InjectionPointWakeup(const char *name)
{
	bool found = false;

	for (int i = 0; ctl && i < INJ_MAX_WAITS; i++)
	{
		InjectionWait *slot = &ctl->waits[i];

		if (pg_atomic_read_u32(&slot->state) != INJ_ARMED)
			continue;
		pg_read_barrier(); /* pairs with wait_until_woken */
		if (strncmp(slot->name, name, INJ_NAME_MAXLEN) != 0)
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

const char *
InjectionPointWaitName(uint32 waitslot)
{
	char name[INJ_NAME_MAXLEN];

	if (ctl == NULL || waitslot >= INJ_MAX_WAITS)
		return "InjectionPoint";
	memcpy(name, ctl->waits[waitslot].name, sizeof(name));
	name[sizeof(name) - 1] = '\0'; /* it may be changing */
	return pstrdup(name);
}

uint64
InjectionPointHits(const char *name)
{
	InjectionEntry copy;
	uint64 generation;
	int i = find_entry(name, &copy, &generation);

	return i < 0 ? 0 : pg_atomic_read_u64(&ctl->entries[i].hits);
}

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
		InjectionPointAttach(point, equals + 1);
		ereport(LOG, (errmsg("injection point \"%s\" armed: %s", point,
		                     equals + 1)));
	}
	pfree(copy);
}
