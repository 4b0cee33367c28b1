/*
 * test_utils.c
 *		Settings, errors, memory contexts.
 *
 * Settings: a value is checked before anything changes, a stronger source is
 * not overruled, and the end of a transaction puts back exactly what SET and
 * SET LOCAL in it changed; a worker that restores its leader's settings has
 * its values.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <unistd.h>

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "unit.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
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
	DefineCustomIntVariable("test.custom", "For this test.", NULL,
	                        &custom_variable, 40, 1, 1000, PGC_USERSET, 0);
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
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	suite = CU_add_suite("utils", NULL, NULL);
	CU_add_test(suite, "settings: values", test_guc_values);
	CU_add_test(suite, "settings: sources", test_guc_sources);
	CU_add_test(suite, "settings: transactions", test_guc_transactions);
	CU_add_test(suite, "settings: of access methods", test_guc_custom);
	CU_add_test(suite, "settings: to workers", test_guc_workers);
	CU_add_test(suite, "settings: file", test_guc_file);
	CU_add_test(suite, "containers", test_containers);
	CU_add_test(suite, "errors in errors", test_nested_errors);
	return unit_run();
}
