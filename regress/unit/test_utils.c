/*
 * test_utils.c
 *		Settings, injection points, errors, memory contexts.
 *
 * Settings: a value is checked before anything changes, a stronger source is
 * not overruled, and the end of a transaction puts back exactly what SET and
 * SET LOCAL in it changed; a worker that restores its leader's settings has
 * its values.  Injection points: a point acts from its n-th passage on, as
 * often as it may, in the process it is for; a waiting process goes on when it
 * is woken and not before; a process killed at a point does not fire it again
 * after a reset.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "unit.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/injection_point.h"
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

static int
session_set(const char *name, const char *value, GucAction action)
{
	return set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, action,
	                         false);
}

static void
check_shown(const char *name, const char *expected)
{
	char *shown = GetConfigOptionByName(name, NULL, false);

	if (strcmp(shown, expected) != 0)
		fprintf(stderr, "%s is \"%s\", not \"%s\"\n", name, shown, expected);
	CU_ASSERT_STRING_EQUAL(shown, expected);
}

/* ---- settings ---- */

static void
test_guc_values(void)
{
	int code;

	check_shown("maintenance_work_mem", "64MB");
	check_shown("shared_buffers", "128MB");
	check_shown("statement_timeout", "0");
	session_set("maintenance_work_mem", "1.5GB", GUC_ACTION_SET);
	CU_ASSERT_EQUAL(maintenance_work_mem, 1536 * 1024);
	check_shown("MAINTENANCE_WORK_MEM", "1536MB");
	session_set("statement_timeout", "2 min", GUC_ACTION_SET);
	check_shown("statement_timeout", "2min");
	session_set("client_min_messages", "WARNING", GUC_ACTION_SET);
	check_shown("client_min_messages", "warning");
	session_set("enable_seqscan", "of", GUC_ACTION_SET);
	check_shown("enable_seqscan", "off");

	SQLSTATE_OF(code, session_set("no_such", "1", GUC_ACTION_SET));
	CU_ASSERT_EQUAL(code, ERRCODE_UNDEFINED_OBJECT);
	SQLSTATE_OF(code, session_set("work_mem", "1", GUC_ACTION_SET));
	CU_ASSERT_EQUAL(code, ERRCODE_INVALID_PARAMETER_VALUE);
	SQLSTATE_OF(code, session_set("work_mem", "5 parsec", GUC_ACTION_SET));
	CU_ASSERT_EQUAL(code, ERRCODE_INVALID_PARAMETER_VALUE);
	SQLSTATE_OF(code, session_set("enable_sort", "maybe", GUC_ACTION_SET));
	CU_ASSERT_EQUAL(code, ERRCODE_INVALID_PARAMETER_VALUE);
	SQLSTATE_OF(code, session_set("shared_buffers", "1GB", GUC_ACTION_SET));
	CU_ASSERT_EQUAL(code, ERRCODE_CANT_CHANGE_RUNTIME_PARAM);
	SQLSTATE_OF(code, session_set("server_version", "9", GUC_ACTION_SET));
	CU_ASSERT_EQUAL(code, ERRCODE_CANT_CHANGE_RUNTIME_PARAM);
	SQLSTATE_OF(code, session_set("client_encoding", "LATIN1", GUC_ACTION_SET));
	CU_ASSERT_EQUAL(code, ERRCODE_INVALID_PARAMETER_VALUE);
	/* what was refused has changed nothing */
	check_shown("work_mem", "4MB");
	check_shown("client_encoding", "UTF8");

	ResetAllOptions();
	check_shown("maintenance_work_mem", "64MB");
	check_shown("enable_seqscan", "on");
	check_shown("client_min_messages", "notice");
}

static void
test_guc_sources(void)
{
	/* the command line beats the file, whichever comes first */
	set_config_option("work_mem", "8MB", PGC_POSTMASTER, PGC_S_ARGV,
	                  GUC_ACTION_SET, false);
	set_config_option("work_mem", "16MB", PGC_POSTMASTER, PGC_S_FILE,
	                  GUC_ACTION_SET, false);
	check_shown("work_mem", "8MB");
	session_set("work_mem", "32MB", GUC_ACTION_SET);
	check_shown("work_mem", "32MB");
	ResetConfigOption("work_mem", GUC_ACTION_SET);
	check_shown("work_mem", "8MB");
}

static void
test_guc_transactions(void)
{
	session_set("application_name", "outside", GUC_ACTION_SET);

	/* SET, then abort */
	AtStart_GUC();
	session_set("application_name", "inside", GUC_ACTION_SET);
	session_set("application_name", "inside again", GUC_ACTION_SET);
	AtEOXact_GUC(false, 1);
	check_shown("application_name", "outside");

	/* SET, then commit */
	AtStart_GUC();
	session_set("application_name", "kept", GUC_ACTION_SET);
	AtEOXact_GUC(true, 1);
	check_shown("application_name", "kept");

	/* SET LOCAL ends with the transaction either way */
	AtStart_GUC();
	session_set("application_name", "local", GUC_ACTION_LOCAL);
	check_shown("application_name", "local");
	AtEOXact_GUC(true, 1);
	check_shown("application_name", "kept");

	/* SET, SET LOCAL: commit keeps the SET's */
	AtStart_GUC();
	session_set("application_name", "set", GUC_ACTION_SET);
	session_set("application_name", "local", GUC_ACTION_LOCAL);
	AtEOXact_GUC(true, 1);
	check_shown("application_name", "set");

	/* the same, aborted: back to before both */
	AtStart_GUC();
	session_set("application_name", "set2", GUC_ACTION_SET);
	session_set("application_name", "local2", GUC_ACTION_LOCAL);
	AtEOXact_GUC(false, 1);
	check_shown("application_name", "set");

	/* a nest level of its own, as code that sets for itself has */
	AtStart_GUC();
	{
		int level = NewGUCNestLevel();

		session_set("application_name", "nested", GUC_ACTION_LOCAL);
		AtEOXact_GUC(true, level);
	}
	check_shown("application_name", "set");
	AtEOXact_GUC(true, 1);
	ResetConfigOption("application_name", GUC_ACTION_SET);
	check_shown("application_name", "");
}

static int custom_variable;

static void
test_guc_custom(void)
{
	int code;

	/* set before it is defined, checked when it is */
	set_config_option("test.custom", "77", PGC_POSTMASTER, PGC_S_FILE,
	                  GUC_ACTION_SET, false);
	DefineCustomIntVariable("test.custom", "For this test.", &custom_variable,
	                        40, 1, 1000, PGC_USERSET, 0);
	CU_ASSERT_EQUAL(custom_variable, 77);
	SQLSTATE_OF(code, session_set("test.custom", "1001", GUC_ACTION_SET));
	CU_ASSERT_EQUAL(code, ERRCODE_INVALID_PARAMETER_VALUE);
	CU_ASSERT_EQUAL(custom_variable, 77);
}

static void
test_guc_workers(void)
{
	Size size;
	char *state;

	session_set("maintenance_work_mem", "3MB", GUC_ACTION_SET);
	session_set("application_name", "leader", GUC_ACTION_SET);
	session_set("seq_page_cost", "1.1", GUC_ACTION_SET);
	size = EstimateGUCStateSpace();
	state = palloc(size);
	SerializeGUCState(size, state);
	ResetAllOptions();
	check_shown("application_name", "");
	RestoreGUCState(state);
	check_shown("application_name", "leader");
	check_shown("maintenance_work_mem", "3MB");
	check_shown("seq_page_cost", "1.1");
	pfree(state);
}

static void
test_guc_file(void)
{
	char dir[] = "/tmp/tusk-test-guc.XXXXXX";
	char path[128];
	FILE *file;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	DataDir = dir;
	snprintf(path, sizeof(path), "%s/tusk.conf", dir);
	CU_ASSERT_TRUE(ProcessConfigFile(PGC_POSTMASTER)); /* no file: fine */
	file = fopen(path, "w");
	fputs("# comment\n\n"
	      "deadlock_timeout = 2s   # two\n"
	      "log_line_prefix '%p it''s '\n",
	      file);
	fclose(file);
	CU_ASSERT_TRUE(ProcessConfigFile(PGC_POSTMASTER));
	check_shown("deadlock_timeout", "2s");
	check_shown("log_line_prefix", "%p it's ");
	file = fopen(path, "w");
	fputs("log_line_prefix = '' \n= bad\n", file);
	fclose(file);
	/* the bad line is reported, the removed setting goes back */
	CU_ASSERT_FALSE(ProcessConfigFile(PGC_SIGHUP));
	check_shown("deadlock_timeout", "1s");
	check_shown("log_line_prefix", "");
	unlink(path);
	rmdir(dir);
	DataDir = NULL;
}

/* ---- injection points ---- */

static int
hit(const char *name)
{
	int code;

	SQLSTATE_OF(code, INJECTION_POINT(name));
	return code;
}

static void
test_injection_error(void)
{
	int code;

	CU_ASSERT_EQUAL(hit("unarmed"), 0);
	InjectionPointAttach("third", "error:40001,nth=3,times=2");
	CU_ASSERT_EQUAL(hit("third"), 0);
	CU_ASSERT_EQUAL(hit("another"), 0);
	CU_ASSERT_EQUAL(hit("third"), 0);
	CU_ASSERT_EQUAL(hit("third"), ERRCODE_T_R_SERIALIZATION_FAILURE);
	CU_ASSERT_EQUAL(hit("third"), ERRCODE_T_R_SERIALIZATION_FAILURE);
	CU_ASSERT_EQUAL(hit("third"), 0);
	CU_ASSERT_EQUAL(InjectionPointHits("third"), 5);

	SQLSTATE_OF(code, InjectionPointAttach("third", "notice"));
	CU_ASSERT_EQUAL(code, ERRCODE_DUPLICATE_OBJECT);
	SQLSTATE_OF(code, InjectionPointAttach("x", "explode"));
	CU_ASSERT_EQUAL(code, ERRCODE_INVALID_PARAMETER_VALUE);
	SQLSTATE_OF(code, InjectionPointAttach("x", "error,nth=-1"));
	CU_ASSERT_EQUAL(code, ERRCODE_INVALID_PARAMETER_VALUE);
	CU_ASSERT_TRUE(InjectionPointDetach("third"));
	CU_ASSERT_FALSE(InjectionPointDetach("third"));
	CU_ASSERT_EQUAL(pg_atomic_read_u32(injection_points_armed), 0);

	/* for another process only */
	InjectionPointAttach("other", "error,pid=1");
	CU_ASSERT_EQUAL(hit("other"), 0);
	CU_ASSERT_TRUE(InjectionPointDetach("other"));

	/* the table has an end, and says so */
	for (int i = 0; i < INJ_MAX_POINTS; i++)
		InjectionPointAttach(psprintf("point-%d", i), "notice");
	SQLSTATE_OF(code, InjectionPointAttach("one-more", "notice"));
	CU_ASSERT_EQUAL(code, ERRCODE_CONFIGURATION_LIMIT_EXCEEDED);
	for (int i = 0; i < INJ_MAX_POINTS; i++)
		CU_ASSERT_TRUE(InjectionPointDetach(psprintf("point-%d", i)));
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

static void
test_injection_wait(void)
{
	pg_atomic_uint32 *passed = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;
	int status;
	int code;

	InjectionPointAttach("gate", "wait");
	SQLSTATE_OF(code, InjectionPointWakeup("gate"));
	CU_ASSERT_EQUAL(code, ERRCODE_UNDEFINED_OBJECT);
	pid = fork_child();
	if (pid == 0)
	{
		INJECTION_POINT("gate");
		pg_atomic_write_u32(passed, 1);
		_exit(0);
	}
	/* until the child waits there is nobody to wake */
	do
	{
		CU_ASSERT_EQUAL(pg_atomic_read_u32(passed), 0);
		SQLSTATE_OF(code, InjectionPointWakeup("gate"));
	} while (code != 0);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(passed), 1);
	CU_ASSERT_TRUE(InjectionPointDetach("gate"));
	munmap(passed, 4096);
}

static void
test_injection_kill(void)
{
	pid_t pid;
	int status;

	InjectionPointAttach("fatal-step", "kill");
	pid = fork_child();
	if (pid == 0)
	{
		INJECTION_POINT("fatal-step");
		_exit(0);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	/* the reset after the crash: still armed, but it has fired */
	InjectionPointShmemInit();
	pid = fork_child();
	if (pid == 0)
	{
		INJECTION_POINT("fatal-step");
		_exit(0);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_EQUAL(InjectionPointHits("fatal-step"), 2);
	CU_ASSERT_TRUE(InjectionPointDetach("fatal-step"));
}

/* ---- memory, hash tables, lists ---- */

static void
test_containers(void)
{
	MemoryContext context =
		AllocSetContextCreate(TopMemoryContext, "test", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	HASHCTL ctl = {.keysize = sizeof(uint32), .entrysize = 8, .hcxt = context};
	HTAB *table =
		hash_create("test", 16, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	List *list = NIL;
	StringInfoData buf;
	bool found;

	for (uint32 i = 0; i < 10000; i++)
	{
		hash_search(table, &i, HASH_ENTER, &found);
		CU_ASSERT_FALSE(found);
		list = lappend_int(list, (int) i);
	}
	CU_ASSERT_EQUAL(hash_get_num_entries(table), 10000);
	for (uint32 i = 0; i < 10000; i += 2)
		hash_search(table, &i, HASH_REMOVE, &found);
	CU_ASSERT_EQUAL(hash_get_num_entries(table), 5000);
	CU_ASSERT_EQUAL(list_length(list), 10000);
	CU_ASSERT_EQUAL(list_nth_int(list, 777), 777);
	initStringInfo(&buf);
	for (int i = 0; i < 10000; i++)
		appendStringInfo(&buf, "%d,", i % 10);
	CU_ASSERT_EQUAL(buf.len, 20000);
	CU_ASSERT(MemoryContextMemAllocated(context, true) > 20000);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

static pg_noinline void
raise_internal(void)
{
	elog(ERROR, "with interrupts held");
}

static pg_noinline void
raise_division(void)
{
	ereport(ERROR,
	        (errcode(ERRCODE_DIVISION_BY_ZERO), errmsg("division by zero")));
}

static pg_noinline void
raise_through_finally(volatile int *finally_runs)
{
	PG_TRY();
	{
		raise_division();
	}
	PG_FINALLY();
	{
		(*finally_runs)++;
	}
	PG_END_TRY();
}

static void
test_nested_errors(void)
{
	volatile int finally_runs = 0;
	int code;

	SQLSTATE_OF(code, raise_through_finally(&finally_runs));
	CU_ASSERT_EQUAL(code, ERRCODE_DIVISION_BY_ZERO);
	CU_ASSERT_EQUAL(finally_runs, 1);
	/* an error leaves no interrupts held */
	HOLD_INTERRUPTS();
	SQLSTATE_OF(code, raise_internal());
	CU_ASSERT_EQUAL(code, ERRCODE_INTERNAL_ERROR);
	CU_ASSERT_EQUAL(InterruptHoldoffCount, 0);
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
	suite = CU_add_suite("utils", NULL, NULL);
	CU_add_test(suite, "settings: values", test_guc_values);
	CU_add_test(suite, "settings: sources", test_guc_sources);
	CU_add_test(suite, "settings: transactions", test_guc_transactions);
	CU_add_test(suite, "settings: of access methods", test_guc_custom);
	CU_add_test(suite, "settings: to workers", test_guc_workers);
	CU_add_test(suite, "settings: file", test_guc_file);
	CU_add_test(suite, "injection points: error", test_injection_error);
	CU_add_test(suite, "injection points: wait", test_injection_wait);
	CU_add_test(suite, "injection points: kill", test_injection_kill);
	CU_add_test(suite, "containers", test_containers);
	CU_add_test(suite, "errors in errors", test_nested_errors);
	return unit_run();
}
