/*
 * litmus.c
 *		Runs litmus tests: all orders within a bound of preemptions, then random
 *		ones (litmus.h).
 *
 * The participants are forked once per test and make one run after the other;
 * a run begins when the parent raises a number and ends with the stepper's
 * verdict.  All share one processor: exactly one runs at any time, and waking
 * a process on another processor takes longer than a step.
 *
 * All orders are the paths of a tree of choices, walked in depth: each run is
 * told the choices of its beginning, goes on without preemption, and the
 * deepest choice that has another one left is changed for the next.
 */
#include "litmus.h"

#include <dlfcn.h>
#include <ftw.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit/unit.h"
#include "miscadmin.h"
#include "storage/dsm_impl.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

/* A run takes milliseconds: this is for one that hangs outside of any point. */
#define RUN_WATCHDOG_MS 20000
#define LAST_RUN UINT32_MAX
#define RANDOM_RUNS 500
#define MORE_FACTOR 20
#define MAX_STEPS 3000

/*
 * Points beside accesses, which are steps themselves; and those of what is
 * private to a process, which are not passed at every run.
 */
#define NOT_STEPS                                            \
	"!sys-*|!resowner-*|!lwlock-*|!cv-*|!latch-*|!shm-mq-*|" \
	"!dsm-*|!build-phase-*|"
#define MAX_PRINTED 120

typedef struct LitmusShared
{
	pg_atomic_uint32 run;  /* [A] number of the run; a futex word */
	pg_atomic_uint32 back; /* [A] participants that have made it */
	pg_atomic_uint32 failed;
	char message[500]; /* [O] of the one that failed first */
	ProcNumber proc[STEP_MAX_PARTICIPANTS];
} LitmusShared;

/* A choice of the path that was walked last. */
typedef struct PathStep
{
	uint8 chosen;
	uint8 enabled;
	uint8 tried;
	int8 previous;
	int preemptions; /* up to here, without this one */
} PathStep;

typedef struct LitmusArgs
{
	const char *test;
	const char *choices;
	int bound; /* -1: the test's */
	int random;
	int64 seed; /* -1: all */
	StepPolicy policy;
	bool more;
	const char *program;
} LitmusArgs;

static LitmusShared *shared;
static pid_t pids[STEP_MAX_PARTICIPANTS];
static PathStep path[STEP_MAX_CHOICES];
static uint8 choices[STEP_MAX_CHOICES];
static LitmusArgs args = {
	.bound = -1, .random = -1, .seed = -1, .policy = STEP_RANDOM};
static int longest;
static char dir[MAXPGPATH]; /* "": none */
static volatile sig_atomic_t interrupted = 0;

static double
seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}

void
litmus_fail(const char *fmt, ...)
{
	va_list ap;

	if (pg_atomic_fetch_add_u32(&shared->failed, 1) != 0)
		return;
	va_start(ap, fmt);
	vsnprintf(shared->message, sizeof(shared->message), fmt, ap);
	va_end(ap);
}

void
litmus_step(const char *name)
{
	if (STEP_IS_ON())
		InjectionStepAt(name);
}

PGPROC *
litmus_proc(int participant)
{
	return GetPGProcByNumber(shared->proc[participant]);
}

/* ---- a directory ---- */

/* Looked at by run_once: what is there is removed on the way out. */
static void
interrupt(int signo)
{
	interrupted = 1;
}

static void
catch_signals(void)
{
	signal(SIGINT, interrupt);
	signal(SIGTERM, interrupt);
	signal(SIGPIPE, SIG_IGN); /* a reader that has seen enough */
}

/*
 * From the moment there is a directory until run_once looks: what is initialized
 * in between resets handlers, and whoever came then would leave it behind.
 */
static void
hold_signals(int how)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigprocmask(how, &held, NULL);
}

void
litmus_enter_dir(void)
{
	const char *tmp = getenv("TMPDIR");

	catch_signals();
	hold_signals(SIG_BLOCK);
	snprintf(dir, sizeof(dir), "%s/tusk-litmus-XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL || chdir(dir) != 0 ||
	    mkdir(PG_DYNSHMEM_DIR, 0700) != 0 || mkdir("base", 0700) != 0)
	{
		perror(dir);
		exit(2);
	}
}

static int
remove_entry(const char *path, const struct stat *st, int type,
             struct FTW *where)
{
	return remove(path);
}

void
litmus_leave_dir(void)
{
	if (chdir("/") != 0 ||
	    nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS) != 0)
		perror(dir);
	dir[0] = '\0';
}

/* Those that were killed have left files, which are no fault of the next test. */
static void
remove_files(void)
{
	if (dir[0] != '\0' &&
	    nftw("base", remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0)
		(void) mkdir("base", 0700);
}

/* ---- participants ---- */

static void
participate(const LitmusTest *test, int me)
{
	uint32 run = 0;

	(void) prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_IGN); /* the parent ends us */
	signal(SIGTERM, SIG_IGN);
	unit_become_process();
	CurrentResourceOwner = ResourceOwnerCreate(NULL, "litmus");
	shared->proc[me] = MyProcNumber;
	unit_reach(&shared->back);
	for (;;)
	{
		while (pg_atomic_read_u32(&shared->run) == run)
			(void) syscall(SYS_futex, &shared->run.value, FUTEX_WAIT, run, NULL,
			               NULL, 0);
		run = pg_atomic_read_u32(&shared->run);
		if (run == LAST_RUN)
			proc_exit(0);
		ResetLatch(MyLatch);
		InjectionStepJoin(me);
		test->body(me);
		InjectionStepLeave();
		unit_reach(&shared->back);
	}
}

/* False: there cannot be so many processes. */
static bool
start_participants(const LitmusTest *test)
{
	pg_atomic_write_u32(&shared->run, 0);
	pg_atomic_write_u32(&shared->back, 0);
	for (int i = 0; i < test->participants; i++)
	{
		pids[i] = fork();
		if (pids[i] < 0)
		{
			perror("fork");
			return false;
		}
		if (pids[i] == 0)
			participate(test, i);
	}
	unit_await(&shared->back, (uint32) test->participants);
	return true;
}

/* Begin a run, or the end. */
static void
tell_participants(uint32 run)
{
	pg_atomic_write_u32(&shared->run, run);
	(void) syscall(SYS_futex, &shared->run.value, FUTEX_WAKE, INT_MAX, NULL,
	               NULL, 0);
}

/* They may be anywhere if a run has failed. */
static void
end_participants(const LitmusTest *test, bool failed)
{
	tell_participants(LAST_RUN);
	for (int i = 0; i < test->participants; i++)
	{
		if (pids[i] > 0)
		{
			if (failed)
				kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
		pids[i] = 0;
	}
}

/* One that has ended: it must not. */
static bool
participant_ended(const LitmusTest *test)
{
	for (int i = 0; i < test->participants; i++)
	{
		int status;

		if (waitpid(pids[i], &status, WNOHANG) != pids[i])
			continue;
		pids[i] = 0;
		litmus_fail("participant %d ended: %s %d", i,
		            WIFSIGNALED(status) ? "signal" : "exit code",
		            WIFSIGNALED(status) ? WTERMSIG(status)
		                                : WEXITSTATUS(status));
		return true;
	}
	return false;
}

/* ---- what went wrong ---- */

static int
compare_places(const void *a, const void *b)
{
	const void *x = *(const void *const *) a;
	const void *y = *(const void *const *) b;

	return x < y ? -1 : x > y;
}

/* The outermost of the inlined functions of a place that is not in a header. */
static char **
name_places(const void **places, int n)
{
	char **names = palloc0(n * sizeof(char *));
	char *command = palloc(200 + n * 20);
	char line[300];
	Dl_info info;
	FILE *f;
	int len;
	int i = -1;

	if (n == 0 || dladdr(places[0], &info) == 0)
		return names;
	len = sprintf(command, "addr2line -s -f -i -p -a -e /proc/%d/exe",
	              (int) getpid());
	for (int j = 0; j < n; j++)
		len += sprintf(command + len, " %lx",
		               (unsigned long) ((const char *) places[j] -
		                                (const char *) info.dli_fbase - 1));
	f = popen(command, "r");
	while (f && fgets(line, sizeof(line), f))
	{
		char *text = strstr(line, ": ");

		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "0x", 2) == 0 && text)
		{
			i++;
			text += 2;
		}
		else
		{
			text = strstr(line, "(inlined by) ");
			if (text == NULL)
				continue;
			text += strlen("(inlined by) ");
		}
		if (i >= 0 && i < n && names[i] == NULL &&
		    strstr(text, "atomics.h") == NULL &&
		    strstr(text, "s_lock.h") == NULL)
			names[i] = pstrdup(text);
	}
	if (f)
		pclose(f);
	return names;
}

static const char *
place_name(const StepChoice *step, const void **places, char **names, int n)
{
	if (step->place == NULL)
		return step->point;
	for (int i = 0; i < n; i++)
		if (places[i] == step->place && names[i])
			return names[i];
	return step->point;
}

static void
print_schedule(void)
{
	int count = InjectionStepCount();
	const void **places = palloc((count + 1) * sizeof(void *));
	char **names;
	int n = 0;
	int nplaces = 0;

	for (int i = 0; i < count; i++)
		if (InjectionStepChoiceAt(i)->place)
			places[n++] = InjectionStepChoiceAt(i)->place;
	qsort(places, n, sizeof(void *), compare_places);
	for (int i = 0; i < n; i++)
		if (nplaces == 0 || places[nplaces - 1] != places[i])
			places[nplaces++] = places[i];
	names = name_places(places, nplaces);

	printf("  the schedule (participant: the point that it passes):\n");
	for (int i = Max(0, count - MAX_PRINTED); i < count; i++)
	{
		const StepChoice *step = InjectionStepChoiceAt(i);

		printf("  %4d  %*s%d: %s%s\n", i, step->participant * 4, "",
		       step->participant, place_name(step, places, names, nplaces),
		       step->timed_out ? " (timed out)" : "");
	}
	for (int i = 0; i < STEP_MAX_PARTICIPANTS; i++)
	{
		const char *state;
		const char *where = InjectionStepWhere(i, &state);

		if (where)
			printf("  participant %d is %s at %s\n", i, state, where);
	}
}

static void
print_failure(const LitmusTest *test, StepVerdict verdict)
{
	int count = InjectionStepCount();

	printf("not ok %s: %s", test->name,
	       verdict == STEP_DONE || verdict == STEP_NOT_DONE
	           ? "wrong result"
	           : InjectionStepVerdictName(verdict));
	if (InjectionStepTimeout())
		printf(", only a time-out went on: %s", InjectionStepTimeout());
	if (pg_atomic_read_u32(&shared->failed))
		printf(": %s", shared->message);
	printf("\n");
	print_schedule();
	printf("  again: %s --test %s --choices ", args.program, test->name);
	for (int i = 0; i < count; i++)
		putchar('0' + InjectionStepChoiceAt(i)->participant);
	printf("\n");
	fflush(stdout);
}

/* ---- runs ---- */

static bool
run_once(const LitmusTest *test, StepOptions *options)
{
	StepVerdict verdict = STEP_NOT_DONE;
	int waited = 0;
	bool ended = false;

	options->participants = test->participants;
	options->points = NOT_STEPS "*";
	options->max_steps = MAX_STEPS;
	options->free_timeouts = test->free_timeouts;
	pg_atomic_write_u32(&shared->failed, 0);
	test->init();
	pg_atomic_write_u32(&shared->back, 0);
	InjectionStepBegin(options);
	tell_participants(pg_atomic_read_u32(&shared->run) + 1);
	while (!ended && waited < RUN_WATCHDOG_MS)
	{
		verdict = InjectionStepAwait(10);
		if (verdict != STEP_NOT_DONE)
			break;
		waited += 10;
		ended = participant_ended(test) || interrupted;
	}
	if (interrupted)
		litmus_fail("interrupted");
	longest = Max(longest, InjectionStepCount());
	if (verdict == STEP_DONE)
	{
		unit_await(&shared->back, (uint32) test->participants);
		if (test->check)
			test->check();
		if (pg_atomic_read_u32(&shared->failed) == 0 &&
		    InjectionStepTimeout() == NULL)
		{
			InjectionStepEnd();
			return true;
		}
	}
	if (verdict == STEP_NOT_DONE && !ended)
		litmus_fail("hangs");
	print_failure(test, verdict);
	end_participants(test, true);
	InjectionStepEnd();
	remove_files();
	return false;
}

/* The path of the last run, from its known beginning on. */
static int
extend_path(int known)
{
	int n = InjectionStepCount();

	for (int i = known; i < n; i++)
	{
		const StepChoice *step = InjectionStepChoiceAt(i);

		path[i].chosen = step->participant;
		path[i].enabled = step->enabled;
		path[i].tried = (uint8) (1 << step->participant);
		path[i].previous = step->previous;
		path[i].preemptions =
			i == 0 ? 0
				   : path[i - 1].preemptions +
						 (path[i - 1].previous >= 0 &&
		                  path[i - 1].previous != path[i - 1].chosen);
	}
	return n;
}

/* Another choice at the deepest place that has one; the new length, 0: none. */
static int
next_path(int n, int bound)
{
	while (n > 0)
	{
		PathStep *step = &path[n - 1];

		for (int c = 0; c < STEP_MAX_PARTICIPANTS; c++)
		{
			if (!(step->enabled & ~step->tried & (1 << c)))
				continue;
			if (step->preemptions +
			        (step->previous >= 0 && step->previous != c) >
			    bound)
				continue;
			step->tried |= (uint8) (1 << c);
			step->chosen = (uint8) c;
			return n;
		}
		n--;
	}
	return 0;
}

static bool
explore(const LitmusTest *test, int bound, int *runs)
{
	int n = 0;

	do
	{
		StepOptions options = {.policy = STEP_CHOICES, .choices = choices};

		for (int i = 0; i < n; i++)
			choices[i] = path[i].chosen;
		options.nchoices = n;
		(*runs)++;
		if (!run_once(test, &options))
			return false;
		n = next_path(extend_path(n), bound);
	} while (n > 0);
	return true;
}

static bool
run_seeds(const LitmusTest *test, StepPolicy policy, int64 first, int64 n)
{
	for (int64 seed = first; seed < first + n; seed++)
	{
		StepOptions options = {.policy = policy, .seed = (uint64) seed};

		options.depth = 2 + (int) (seed % 3);
		options.length = longest;
		if (!run_once(test, &options))
			return false;
	}
	return true;
}

static bool
run_given(const LitmusTest *test)
{
	StepOptions options = {.policy = STEP_CHOICES, .choices = choices};

	while (args.choices[options.nchoices])
	{
		choices[options.nchoices] =
			(uint8) (args.choices[options.nchoices] - '0');
		options.nchoices++;
	}
	if (!run_once(test, &options))
		return false;
	printf("ok %s: this order\n", test->name);
	print_schedule();
	return true;
}

static bool
run_test(const LitmusTest *test)
{
	int bound = args.bound >= 0 ? args.bound : test->preemptions + args.more;
	int random = args.random >= 0 ? args.random
	                              : RANDOM_RUNS * (args.more ? MORE_FACTOR : 1);
	double begin = seconds();
	int runs = 0;
	bool ok;

	longest = 0;
	if (!start_participants(test))
	{
		printf("not ok %s: could not fork\n", test->name);
		end_participants(test, true);
		return false;
	}
	if (args.choices)
		ok = run_given(test);
	else if (args.seed >= 0)
		ok = run_seeds(test, args.policy, args.seed, 1);
	else
	{
		ok = explore(test, bound, &runs) &&
		     run_seeds(test, STEP_RANDOM, 1, random) &&
		     run_seeds(test, STEP_PCT, 1, random);
		if (ok)
			printf("ok %s: all %d orders with at most %d preemptions, %d "
			       "random, %d by priorities; up to %d steps; %.1f s\n",
			       test->name, runs, bound, random, random, longest,
			       seconds() - begin);
		else
			printf("  after %d orders, %.2f s\n", runs, seconds() - begin);
	}
	fflush(stdout);
	if (ok)
		end_participants(test, false);
	return ok;
}

/* -1, or what the program ends with at once. */
static int
parse_args(int argc, char **argv, const LitmusTest *tests, int n)
{
	args.program = argv[0];
	for (int i = 1; i < argc; i++)
	{
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(argv[i], "--list") == 0)
		{
			for (int j = 0; j < n; j++)
				printf("%s\n", tests[j].name);
			return 0;
		}
		if (strcmp(argv[i], "--more") == 0)
		{
			args.more = true;
			continue;
		}
		if (strcmp(argv[i], "--test") == 0)
			args.test = value;
		else if (strcmp(argv[i], "--choices") == 0)
			args.choices = value;
		else if (strcmp(argv[i], "--bound") == 0)
			args.bound = atoi(value);
		else if (strcmp(argv[i], "--random") == 0)
			args.random = atoi(value);
		else if (strcmp(argv[i], "--seed") == 0)
			args.seed = atoll(value);
		else if (strcmp(argv[i], "--policy") == 0)
			args.policy = strcmp(value, "pct") == 0 ? STEP_PCT : STEP_RANDOM;
		else
		{
			fprintf(stderr,
			        "usage: %s [--list] [--test NAME] [--bound PREEMPTIONS] "
			        "[--random RUNS] [--more] [--choices LIST] "
			        "[--policy random|pct --seed N]\n",
			        argv[0]);
			return 2;
		}
		i++;
	}
	return -1;
}

int
litmus_main(int argc, char **argv, const LitmusTest *tests, int n)
{
	cpu_set_t cpus;
	int status = parse_args(argc, argv, tests, n);
	int failed = 0;
	int done = 0;

	if (status >= 0)
		return status;
	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	(void) sched_setaffinity(0, sizeof(cpus), &cpus);
	setvbuf(stdout, NULL, _IOLBF, 0);
	catch_signals();
	hold_signals(SIG_UNBLOCK);
	shared = unit_share(sizeof(*shared));
	InjectionPointShmemInit();
	for (int i = 0; i < n && !interrupted; i++)
	{
		if (args.test && strcmp(args.test, tests[i].name) != 0)
			continue;
		done++;
		if (!run_test(&tests[i]))
			failed++;
	}
	if (done == 0 && !interrupted)
	{
		fprintf(stderr, "there is no test %s\n", args.test);
		return 2;
	}
	return failed == 0 && !interrupted ? 0 : 1;
}
