/*
 * test_injection.c
 *		The fault engine: names, grammar, classes, chains, roles, actions.
 *
 * A point is known by the place where it stands; one that nobody wrote cannot
 * be armed, and the hint names those like it.  An action acts at the passages,
 * as often and in the processes that it is for; a chain goes on to its next
 * action when one is used up.  A class forbids what its place could not bear.
 * Everything that ends or stops a process does so in a child; what a crash
 * reset finds armed and used up stays so.
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "unit.h"
#include "utils/guc.h"
#include "utils/injection_action.h"
#include "utils/memutils.h"

#define WATCHDOG_SECONDS 60

/* The SQLSTATE that the statement raises; 0 if none. */
#define SQLSTATE_OF(result, statement)                \
	do                                                \
	{                                                 \
		MemoryContext before_ = CurrentMemoryContext; \
		volatile int code_ = 0;                       \
		PG_TRY();                                     \
		{                                             \
			statement;                                \
		}                                             \
		PG_CATCH();                                   \
		{                                             \
			code_ = geterrcode();                     \
			FlushErrorState();                        \
			MemoryContextSwitchTo(before_);           \
		}                                             \
		PG_END_TRY();                                 \
		(result) = code_;                             \
	} while (0)

/* ---- the points of this program ---- */

static void
pass_first(void)
{
	INJECTION_POINT("gate-first");
}

/* A second place of the same point. */
static void
pass_first_elsewhere(void)
{
	INJECTION_POINT("gate-first");
}

static void
pass_second(void)
{
	INJECTION_POINT("gate-second");
}

static void
pass_nothrow(void)
{
	INJECTION_POINT_NOTHROW("gate-nothrow");
}

static void
pass_critical(void)
{
	INJECTION_POINT_CRITICAL("gate-critical");
}

static void
pass_postmaster(void)
{
	INJECTION_POINT_POSTMASTER("gate-postmaster");
}

static int
call_errno(void)
{
	return INJECTION_POINT_ERRNO("gate-call");
}

static bool
call_write(InjectionSysFault *fault)
{
	return INJECTION_POINT_SYS("gate-write", fault);
}

static int
passing(void (*pass)(void))
{
	int code;

	SQLSTATE_OF(code, pass());
	return code;
}

static int
attaching(const char *name, const char *action)
{
	int code;

	SQLSTATE_OF(code, InjectionPointAttach(name, action));
	return code;
}

static int
active(void)
{
	return (int) pg_atomic_read_u32(&injection_gate.active);
}

/* ---- names ---- */

static void
test_names(void)
{
	int first = InjectionPointFind("gate-first");
	const InjectionPointInfo *info;

	CU_ASSERT_FATAL(first >= 0);
	info = InjectionPointGet(first);
	CU_ASSERT_EQUAL(info->nsites, 2);
	CU_ASSERT_EQUAL(info->class, INJ_NORMAL);
	CU_ASSERT_EQUAL(strncmp(info->name, "gate", info->subsystem_len), 0);
	CU_ASSERT_TRUE(info->sites[0]->line < info->sites[1]->line);
	CU_ASSERT_PTR_NOT_NULL(strstr(info->sites[0]->file, "test_injection.c"));
	CU_ASSERT_EQUAL(InjectionPointFind("gate-third"), -1);
	for (int i = 0; i < InjectionPointCount(); i++)
		CU_ASSERT_EQUAL(InjectionPointFind(InjectionPointGet(i)->name), i);

	/* misspelt, or only a part */
	CU_ASSERT_EQUAL(attaching("gate-frist", "notice"),
	                ERRCODE_UNDEFINED_OBJECT);
	CU_ASSERT_PTR_NOT_NULL(strstr(InjectionPointNearest("gate-frist"),
	                              "Perhaps you mean \"gate-first\""));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(InjectionPointNearest("second"), "\"gate-second\""));
	CU_ASSERT_STRING_EQUAL(InjectionPointNearest("zzzzzzzzzzzzzzzz"),
	                       "The view injection_points lists them all.");
	CU_ASSERT_EQUAL(attaching("", "notice"), ERRCODE_UNDEFINED_OBJECT);
	CU_ASSERT_EQUAL(
		attaching("a-name-that-is-longer-than-a-name-can-be-in-this-table-of-"
	              "the-points",
	              "notice"),
		ERRCODE_INVALID_PARAMETER_VALUE);
}

/* What is wrong with the program's own points is told at its start. */
static void
test_registry(void)
{
	InjectionSite one = {"b-one", "b.c", 7, INJ_NORMAL, 0, -1};
	InjectionSite same = {"b-one", "a.c", 9, INJ_NORMAL, 0, -1};
	InjectionSite other = {"b-one", "c.c", 1, INJ_CRITICAL, 0, -1};
	InjectionSite bad = {"b--one", "c.c", 1, INJ_NORMAL, 0, -1};
	InjectionSite before = {"a-one", "z.c", 1, INJ_NOTHROW, 0, -1};
	InjectionSite *sites[] = {&one, &same, &before};
	InjectionSite *disagree[] = {&one, &other};
	InjectionSite *misnamed[] = {&bad};
	InjectionPointInfo *points;
	int npoints;
	int code;

	points = InjectionRegistryBuild(sites, 3, &npoints);
	CU_ASSERT_EQUAL(npoints, 2);
	CU_ASSERT_STRING_EQUAL(points[0].name, "a-one");
	CU_ASSERT_EQUAL(points[1].nsites, 2);
	CU_ASSERT_STRING_EQUAL(points[1].sites[0]->file, "a.c");
	CU_ASSERT_TRUE(before.index == 0 && one.index == 1 && same.index == 1);
	SQLSTATE_OF(code, InjectionRegistryBuild(disagree, 2, &npoints));
	CU_ASSERT_EQUAL(code, ERRCODE_INTERNAL_ERROR);
	SQLSTATE_OF(code, InjectionRegistryBuild(misnamed, 1, &npoints));
	CU_ASSERT_EQUAL(code, ERRCODE_INTERNAL_ERROR);
}

/* ---- grammar ---- */

static int
parsing(const char *action, InjectionSpec *spec)
{
	int code;

	SQLSTATE_OF(code, ParseInjectionAction(action, spec));
	return code;
}

static void
test_grammar(void)
{
	static const char *const bad[] = {
		"",
		"explode",
		"error,nth=-1",
		"error:4",
		"error:lower",
		"sleep",
		"sleep:x",
		"stop",
		"exit:256",
		"exit:-1",
		"errno",
		"errno:ENOTHING",
		"kill:9",
		"wait,role=cook",
		"wait,role=worker:",
		"wait,percent=101",
		"2*",
		"*error",
		"x*error",
		"101%error",
		"error->",
		"->error",
		"error,fast",
		"error,nth",
		"short:x",
		"off->off->off->off->off->off->off->off->off"};
	InjectionSpec spec;

	for (int i = 0; i < (int) lengthof(bad); i++)
	{
		int code = parsing(bad[i], &spec);

		CU_ASSERT_EQUAL(code, ERRCODE_INVALID_PARAMETER_VALUE);
		if (code != ERRCODE_INVALID_PARAMETER_VALUE)
			fprintf(stderr, "accepted: \"%s\"\n", bad[i]);
	}
	ParseInjectionAction("2*off -> 1*error:53200, pid=7 ->25%sleep:10,seed=5",
	                     &spec);
	CU_ASSERT_EQUAL(spec.nterms, 3);
	CU_ASSERT_EQUAL(spec.terms[0].verb, INJ_OFF);
	CU_ASSERT_EQUAL(spec.terms[0].times, 2);
	CU_ASSERT_EQUAL(spec.terms[1].sqlerrcode, ERRCODE_OUT_OF_MEMORY);
	CU_ASSERT_EQUAL(spec.terms[1].pid, 7);
	CU_ASSERT_EQUAL(spec.terms[2].argument, 10);
	CU_ASSERT_EQUAL(spec.terms[2].chance, 250000);
	CU_ASSERT_EQUAL(spec.terms[2].seed, 5);
	CU_ASSERT_STRING_EQUAL(spec.text,
	                       "2*off->1*error:53200, pid=7->25%sleep:10,seed=5");
	ParseInjectionAction("errno:ENOSPC,role=worker:3", &spec);
	CU_ASSERT_EQUAL(spec.terms[0].argument, ENOSPC);
	CU_ASSERT_EQUAL(spec.terms[0].role, INJ_ROLE_WORKER);
	CU_ASSERT_EQUAL(spec.terms[0].worker, 3);
	ParseInjectionAction("kill", &spec);
	CU_ASSERT_EQUAL(spec.terms[0].times, 1);
	/* a seed that was not given is told, so that the run can be replayed */
	ParseInjectionAction("error,percent=0.5", &spec);
	CU_ASSERT_EQUAL(spec.terms[0].chance, 5000);
	CU_ASSERT_PTR_NOT_NULL(strstr(spec.text, ",seed="));
}

static void
test_classes(void)
{
	static const struct
	{
		const char *name;
		const char *allowed;
	} points[] = {
		{"gate-first", "off, notice, error, fatal, panic, kill, stop, exit, "
	                   "wait, sleep"},
		{"gate-critical",
	     "off, error, fatal, panic, kill, stop, exit, wait, sleep"},
		{"gate-nothrow", "off, kill, stop, exit, wait, sleep"},
		{"gate-postmaster", "off, notice, error, fatal, panic, kill, stop, "
	                        "exit, wait, sleep"},
		{"gate-call", "off, kill, stop, exit, wait, sleep, errno"},
		{"gate-write",
	     "off, kill, stop, exit, wait, sleep, errno, short, torn"},
	};
	static const char *const actions[] = {
		"off",  "notice", "error",   "fatal",     "panic", "kill", "stop:1",
		"exit", "wait",   "sleep:1", "errno:EIO", "short", "torn"};

	for (int i = 0; i < (int) lengthof(points); i++)
	{
		const InjectionPointInfo *info =
			InjectionPointGet(InjectionPointFind(points[i].name));
		char *list = psprintf("%s, ", points[i].allowed);

		CU_ASSERT_STRING_EQUAL(InjectionAllowedVerbs(info), points[i].allowed);
		for (int a = 0; a < (int) lengthof(actions); a++)
		{
			char *word =
				psprintf("%.*s, ", (int) strcspn(actions[a], ":"), actions[a]);
			bool allowed = strstr(list, word) != NULL;

			CU_ASSERT_EQUAL(attaching(points[i].name, actions[a]),
			                allowed ? 0 : ERRCODE_INVALID_PARAMETER_VALUE);
			CU_ASSERT_EQUAL(InjectionPointDetach(points[i].name), allowed);
		}
	}
	CU_ASSERT_EQUAL(attaching("gate-nothrow", "1*off->error"),
	                ERRCODE_INVALID_PARAMETER_VALUE);
	CU_ASSERT_EQUAL(active(), 0);
}

/* ---- when it acts ---- */

static void
test_counts(void)
{
	CU_ASSERT_EQUAL(passing(pass_first), 0);
	InjectionPointAttach("gate-first", "error:40001,nth=3,times=2");
	CU_ASSERT_EQUAL(passing(pass_first), 0);
	CU_ASSERT_EQUAL(passing(pass_second), 0);
	CU_ASSERT_EQUAL(passing(pass_first_elsewhere), 0);
	CU_ASSERT_EQUAL(passing(pass_first), ERRCODE_T_R_SERIALIZATION_FAILURE);
	CU_ASSERT_EQUAL(passing(pass_first_elsewhere),
	                ERRCODE_T_R_SERIALIZATION_FAILURE);
	CU_ASSERT_EQUAL(passing(pass_first), 0);
	CU_ASSERT_EQUAL(InjectionPointHits("gate-first"), 5);
	CU_ASSERT_EQUAL(attaching("gate-first", "notice"),
	                ERRCODE_DUPLICATE_OBJECT);
	CU_ASSERT_EQUAL(active(), 1);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-first"));
	CU_ASSERT_FALSE(InjectionPointDetach("gate-first"));
	CU_ASSERT_EQUAL(active(), 0);

	/* for another process only */
	InjectionPointAttach("gate-first", "error,pid=1");
	CU_ASSERT_EQUAL(passing(pass_first), 0);
	CU_ASSERT_EQUAL(InjectionPointHits("gate-first"), 0);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-first"));
}

static void
test_chain(void)
{
	static const int expected[] = {
		0, 0, ERRCODE_OUT_OF_MEMORY, ERRCODE_DISK_FULL, ERRCODE_DISK_FULL,
		0, 0};

	InjectionPointAttach("gate-first", "2*off->1*error:53200->2*error:53100");
	for (int i = 0; i < (int) lengthof(expected); i++)
		CU_ASSERT_EQUAL(passing(pass_first), expected[i]);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-first"));

	/* one term is for another process: the next has its turn at once */
	InjectionPointAttach("gate-first",
	                     "error:53200,pid=1->1*error:53100->error:40001");
	CU_ASSERT_EQUAL(passing(pass_first), ERRCODE_DISK_FULL);
	CU_ASSERT_EQUAL(passing(pass_first), ERRCODE_T_R_SERIALIZATION_FAILURE);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-first"));
}

#define PERCENT_PASSAGES 2000

static int
percent_run(const char *action, char *taken)
{
	int n = 0;

	InjectionPointAttach("gate-first", action);
	for (int i = 0; i < PERCENT_PASSAGES; i++)
		n += taken[i] = passing(pass_first) != 0;
	InjectionPointDetach("gate-first");
	return n;
}

/* The same seed takes the same passages, another seed others. */
static void
test_percent(void)
{
	char *one = palloc(PERCENT_PASSAGES);
	char *again = palloc(PERCENT_PASSAGES);
	char *other = palloc(PERCENT_PASSAGES);
	int n = percent_run("error,percent=20,seed=7", one);

	CU_ASSERT_EQUAL(percent_run("20%error,seed=7", again), n);
	CU_ASSERT_EQUAL(memcmp(one, again, PERCENT_PASSAGES), 0);
	(void) percent_run("20%error,seed=8", other);
	CU_ASSERT_NOT_EQUAL(memcmp(one, other, PERCENT_PASSAGES), 0);
	/* six standard deviations about 400 */
	CU_ASSERT_TRUE(n > 292 && n < 508);
	CU_ASSERT_EQUAL(percent_run("0%error", one), 0);
	CU_ASSERT_EQUAL(percent_run("100%error", one), PERCENT_PASSAGES);
}

/* Which roles the action is for, seen by one process that plays each. */
static void
test_roles(void)
{
	static BackgroundWorker worker;
	static const struct
	{
		BackendType type;
		const char *bgw_type;
		int number;
		const char *mine; /* roles that match */
	} processes[] = {
		{B_BACKEND, NULL, 0, "any backend"},
		{B_POSTMASTER, NULL, 0, "any postmaster"},
		{B_CHECKPOINTER, NULL, 0, "any checkpointer"},
		{B_BG_WRITER, NULL, 0, "any bgwriter"},
		{B_WAL_WRITER, NULL, 0, "any walwriter"},
		{B_STARTUP, NULL, 0, "any startup"},
		{B_BG_WORKER, "parallel worker", 0, "any worker worker:0"},
		{B_BG_WORKER, "parallel worker", 3, "any worker worker:3"},
		{B_BG_WORKER, "autovacuum launcher", 0, "any autovacuum"},
		{B_BG_WORKER, "autovacuum worker", 0, "any autovacuum"},
		{B_BG_WORKER, "something", 0, "any other"},
		{B_INVALID, NULL, 0, "any other"},
	};
	static const char *const roles[] = {
		"any",      "backend",    "leader",       "worker",   "worker:0",
		"worker:3", "postmaster", "checkpointer", "bgwriter", "walwriter",
		"startup",  "autovacuum", "client",       "other"};

	MyBgworkerEntry = &worker;
	for (int p = 0; p < (int) lengthof(processes); p++)
	{
		char *mine = psprintf(" %s ", processes[p].mine);

		MyBackendType = processes[p].type;
		if (processes[p].bgw_type)
			strlcpy(worker.bgw_type, processes[p].bgw_type, BGW_MAXLEN);
		memcpy(worker.bgw_extra, &processes[p].number, sizeof(int));
		for (int r = 0; r < (int) lengthof(roles); r++)
		{
			InjectionPointAttach("gate-first",
			                     psprintf("error:40001,role=%s", roles[r]));
			CU_ASSERT_EQUAL(passing(pass_first) != 0,
			                strstr(mine, psprintf(" %s ", roles[r])) != NULL);
			CU_ASSERT_TRUE(InjectionPointDetach("gate-first"));
		}
	}
	MyBgworkerEntry = NULL;
	MyBackendType = B_INVALID;
}

/* ---- many at a time ---- */

#define CROWD 4
#define CROWD_PASSAGES 20000

static pg_atomic_uint32 *crowd; /* [0] started, [1] acted, [2] wrong */

static void
be_in_crowd(int expected)
{
	unit_reach(&crowd[0]);
	unit_await(&crowd[0], CROWD + 1);
	for (int i = 0; i < CROWD_PASSAGES; i++)
	{
		int code = passing(pass_first);

		if (code != 0)
			pg_atomic_fetch_add_u32(&crowd[code == expected ? 1 : 2], 1);
	}
	_exit(0);
}

static void
start_crowd(int expected)
{
	crowd = unit_share(4096);
	for (int i = 0; i < CROWD; i++)
		if (fork() == 0)
		{
			alarm(WATCHDOG_SECONDS);
			be_in_crowd(expected);
		}
}

/* As often as it may, whoever passes: not once more, not once less. */
static void
test_times_of_many(void)
{
	start_crowd(ERRCODE_T_R_SERIALIZATION_FAILURE);
	InjectionPointAttach("gate-first", "1000*off->error:40001,times=5000->off");
	unit_reach(&crowd[0]);
	unit_join(CROWD);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&crowd[1]), 5000);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&crowd[2]), 0);
	CU_ASSERT_EQUAL(InjectionPointHits("gate-first"), CROWD * CROWD_PASSAGES);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-first"));
	munmap(crowd, 4096);
}

/*
 * Armed and disarmed while others pass: what acts is one of the two actions,
 * whole, and none twice.
 */
static void
test_arming_under_way(void)
{
	uint32 armed = 0;

	start_crowd(ERRCODE_DISK_FULL);
	unit_reach(&crowd[0]);
	for (int i = 0; i < 2000; i++)
	{
		InjectionPointAttach("gate-first",
		                     i % 2 ? "off" : "1*error:53100,nth=1->off");
		armed += i % 2 == 0;
		CU_ASSERT_TRUE(InjectionPointDetach("gate-first"));
	}
	unit_join(CROWD);
	CU_ASSERT_TRUE(pg_atomic_read_u32(&crowd[1]) <= armed);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&crowd[2]), 0);
	CU_ASSERT_EQUAL(active(), 0);
	munmap(crowd, 4096);
}

/* ---- what it does ---- */

static void
test_calls(void)
{
	InjectionSysFault fault = {INJ_SYS_TORN, 1, 1};

	CU_ASSERT_EQUAL(call_errno(), 0);
	CU_ASSERT_FALSE(call_write(&fault));
	InjectionPointAttach("gate-call", "1*errno:ENOSPC->1*errno:EINTR");
	InjectionPointAttach("gate-write",
	                     "1*errno:EIO->1*short:10->1*torn->1*off");
	errno = EXDEV;
	CU_ASSERT_EQUAL(call_errno(), ENOSPC);
	CU_ASSERT_EQUAL(errno, EXDEV);
	CU_ASSERT_EQUAL(call_errno(), EINTR);
	CU_ASSERT_EQUAL(call_errno(), 0);
	CU_ASSERT_TRUE(call_write(&fault));
	CU_ASSERT_TRUE(fault.kind == INJ_SYS_ERRNO && fault.error == EIO);
	CU_ASSERT_TRUE(call_write(&fault));
	CU_ASSERT_TRUE(fault.kind == INJ_SYS_SHORT && fault.bytes == 10);
	CU_ASSERT_TRUE(call_write(&fault));
	CU_ASSERT_TRUE(fault.kind == INJ_SYS_TORN && fault.bytes == -1);
	CU_ASSERT_FALSE(call_write(&fault));
	CU_ASSERT_EQUAL(fault.kind, INJ_SYS_NONE);
	InjectionPointDetach("gate-call");
	InjectionPointDetach("gate-write");
}

static pid_t
fork_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
	{
		alarm(WATCHDOG_SECONDS);
		MyProcPid = (int) getpid();
		on_exit_reset();
		InitializeLatchSupport();
		InitProcessLocalLatch();
	}
	return pid;
}

/* A child that passes the point and then ends with 0. */
static int
status_of_child(void (*pass)(void))
{
	pid_t pid = fork_child();
	int status;

	if (pid == 0)
	{
		pass();
		_exit(0);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	return status;
}

/* Killed, and after the reset not again, though the point is still armed. */
static void
test_kill_and_reset(void)
{
	int status;

	InjectionPointAttach("gate-first", "kill");
	status = status_of_child(pass_first);
	CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	InjectionPointShmemInit();
	CU_ASSERT_EQUAL(status_of_child(pass_first), 0);
	CU_ASSERT_EQUAL(InjectionPointHits("gate-first"), 2);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-first"));

	InjectionPointAttach("gate-first", "1*off->1*kill->off");
	CU_ASSERT_EQUAL(status_of_child(pass_first), 0);
	status = status_of_child(pass_first);
	CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	InjectionPointShmemInit();
	CU_ASSERT_EQUAL(status_of_child(pass_first), 0);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-first"));
}

static void
exit_callback(int code, Datum arg)
{
	_exit(99);
}

static void
pass_with_callback(void)
{
	on_proc_exit(exit_callback, 0);
	pass_nothrow();
}

static void
test_exit(void)
{
	int status;

	InjectionPointAttach("gate-nothrow", "exit:7");
	status = status_of_child(pass_with_callback);
	CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	CU_ASSERT_EQUAL(status_of_child(pass_nothrow), 0);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-nothrow"));
}

/* An ERROR is what the place makes of it. */
static void
pass_in_critical_section(void)
{
	close(STDERR_FILENO);
	START_CRIT_SECTION();
	pass_critical();
	END_CRIT_SECTION();
}

static void
pass_as_postmaster(void)
{
	close(STDERR_FILENO);
	PG_exception_stack = NULL;
	pass_postmaster();
}

static void
test_error_by_class(void)
{
	int status;

	InjectionPointAttach("gate-critical", "1*error");
	InjectionPointAttach("gate-postmaster", "1*error");
	status = status_of_child(pass_in_critical_section);
	CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	status = status_of_child(pass_as_postmaster);
	CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-critical"));
	CU_ASSERT_TRUE(InjectionPointDetach("gate-postmaster"));
}

/*
 * It stops, and goes on though nobody helps; its parent sees the one child
 * only, and the helper keeps nothing open.
 */
static void
test_stop(void)
{
	int fds[2];
	pid_t pid;
	int status;
	char c;

	InjectionPointAttach("gate-nothrow", "stop:50");
	CU_ASSERT_EQUAL(pipe(fds), 0);
	pid = fork_child();
	if (pid == 0)
	{
		pass_nothrow();
		/* the helper is gone, and was no child that a wait finds */
		if (waitpid(-1, &status, __WALL) != -1 || errno != ECHILD)
			_exit(2);
		_exit(0);
	}
	close(fds[1]);
	CU_ASSERT_EQUAL(waitpid(pid, &status, WUNTRACED), pid);
	CU_ASSERT_TRUE(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_EQUAL(read(fds[0], &c, 1), 0);
	close(fds[0]);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-nothrow"));
}

/* Continued by somebody else: it does not wait for the rest of the time. */
static void
test_stop_continued(void)
{
	pid_t pid;
	int status;

	InjectionPointAttach("gate-nothrow", "stop:1000000");
	pid = fork_child();
	if (pid == 0)
	{
		pass_nothrow();
		_exit(0);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, WUNTRACED), pid);
	CU_ASSERT_TRUE(WIFSTOPPED(status));
	kill(pid, SIGCONT);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-nothrow"));
}

/* Killed while it is stopped: the helper does not outlive it. */
static void
test_stop_killed(void)
{
	int fds[2];
	pid_t pid;
	int status;
	char c;

	InjectionPointAttach("gate-nothrow", "stop:1000000");
	CU_ASSERT_EQUAL(pipe(fds), 0);
	pid = fork_child();
	if (pid == 0)
	{
		pass_nothrow();
		_exit(0);
	}
	close(fds[1]);
	CU_ASSERT_EQUAL(waitpid(pid, &status, WUNTRACED), pid);
	kill(pid, SIGKILL);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(read(fds[0], &c, 1), 0);
	close(fds[0]);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-nothrow"));
}

static void
wait_at(const char *name, void (*pass)(void))
{
	pg_atomic_uint32 *passed = unit_share(4096);
	pid_t pid;
	int status;
	int code;

	InjectionPointAttach(name, "wait");
	SQLSTATE_OF(code, InjectionPointWakeup(name));
	CU_ASSERT_EQUAL(code, ERRCODE_UNDEFINED_OBJECT);
	pid = fork_child();
	if (pid == 0)
	{
		pass();
		pg_atomic_write_u32(passed, 1);
		_exit(0);
	}
	/* until the child waits there is nobody to wake */
	do
	{
		CU_ASSERT_EQUAL(pg_atomic_read_u32(passed), 0);
		SQLSTATE_OF(code, InjectionPointWakeup(name));
	} while (code != 0);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(passed), 1);
	CU_ASSERT_TRUE(InjectionPointDetach(name));
	munmap(passed, 4096);
}

static void
test_wait(void)
{
	wait_at("gate-first", pass_first);
	wait_at("gate-critical", pass_critical);
	wait_at("gate-nothrow", pass_nothrow);
}

/* One that is told to end does not wait on where it cannot be interrupted. */
static void
test_wait_ends(void)
{
	InjectionPointAttach("gate-nothrow", "wait");
	ProcDiePending = true;
	pass_nothrow();
	ProcDiePending = false;
	CU_ASSERT_EQUAL(InjectionPointHits("gate-nothrow"), 1);
	CU_ASSERT_TRUE(InjectionPointDetach("gate-nothrow"));
}

int
main(void)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	MemoryContextInit();
	MyProcPid = (int) getpid();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	InitializeGUCOptions();
	log_min_messages = FATAL; /* an ERROR that a test provokes is no news */
	InjectionPointShmemInit();
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	suite = CU_add_suite("injection points", NULL, NULL);
	CU_add_test(suite, "names", test_names);
	CU_add_test(suite, "registry", test_registry);
	CU_add_test(suite, "grammar", test_grammar);
	CU_add_test(suite, "classes", test_classes);
	CU_add_test(suite, "counts", test_counts);
	CU_add_test(suite, "chain", test_chain);
	CU_add_test(suite, "percent", test_percent);
	CU_add_test(suite, "roles", test_roles);
	CU_add_test(suite, "times of many", test_times_of_many);
	CU_add_test(suite, "arming under way", test_arming_under_way);
	CU_add_test(suite, "calls", test_calls);
	CU_add_test(suite, "kill, reset", test_kill_and_reset);
	CU_add_test(suite, "exit", test_exit);
	CU_add_test(suite, "error by class", test_error_by_class);
	CU_add_test(suite, "stop", test_stop);
	CU_add_test(suite, "stop, continued", test_stop_continued);
	CU_add_test(suite, "stop, killed", test_stop_killed);
	CU_add_test(suite, "wait", test_wait);
	CU_add_test(suite, "wait that ends", test_wait_ends);
	return unit_run();
}
