/*
 * test_sharedsort.c
 *		Sorting by several processes.  Story: three participants each sort what
 *		they have, in memory or through runs, into files that all can read; then
 *		one of them merges it all, and again each takes a range of keys.  The
 *		dangers: a tuple lost or doubled at the border of parts or ranges, an
 *		order that depends on who had what, files that stay, after a failure or
 *		a death too.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/barrier.h"
#include "storage/dsm.h"
#include "storage/dsm_impl.h"
#include "storage/fd.h"
#include "storage/pmsignal.h"
#include "storage/shmem.h"
#include "unit.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"
#include "utils/wait_event.h"

#define WATCHDOG_SECONDS 120
#define NPARTS 3
#define NKEYS 100

typedef struct TestShared
{
	pg_atomic_uint32 made; /* the segment */
	dsm_handle handle;
	pg_atomic_uint32 errors;
	pg_atomic_uint32 tuples; /* that the ranges gave */
	Barrier barrier;
	/* the run */
	int ntuples;
	int workMem;
	int nparts; /* of pairs */
	int order;
} TestShared;

static TestShared *shared;
static char testdir[] = "/tmp/tusk-test-sharedsort-XXXXXX";

static void
check(bool ok)
{
	if (!ok)
		pg_atomic_fetch_add_u32(&shared->errors, 1);
}

static int
files_left(void)
{
	DIR *dir = opendir("base/pgsql_tmp");
	struct dirent *de;
	int n = 0;

	if (dir == NULL)
		return 0;
	while ((de = readdir(dir)) != NULL)
		n += de->d_name[0] != '.';
	closedir(dir);
	return n;
}

/* Key i of all; most have a few tuples, some none, one very many. */
static int32
key_of(int i)
{
	return i % 4 == 0 ? 42 : (int32) ((uint32) i * 2654435761u >> 8) % 90;
}

static int
expected_count(int32 key)
{
	int count = 0;

	for (int i = 0; i < shared->ntuples; i++)
		count += key_of(i) == key;
	return count;
}

static Sharedsort *
attach(int me, int nparts, int nkeys, dsm_segment **seg)
{
	Sharedsort *sort;

	if (me == 0)
	{
		*seg = dsm_create(tuplesort_estimate_shared(nparts, nkeys), 0);
		sort = dsm_segment_address(*seg);
		tuplesort_initialize_shared(sort, nparts, nkeys, *seg);
		shared->handle = dsm_segment_handle(*seg);
		unit_reach(&shared->made);
		return sort;
	}
	unit_await(&shared->made, 1);
	*seg = dsm_attach(shared->handle);
	sort = dsm_segment_address(*seg);
	tuplesort_attach_shared(sort, *seg);
	return sort;
}

/* Tuples go to whom a die says, so that parts are of no order. */
static void
give(Sharedsort *shared_sort, int me)
{
	SortCoordinateData coordinate = {true, 0, shared_sort};
	Tuplesortstate *sort = tuplesort_begin_index(shared->workMem, &coordinate);
	union
	{
		IndexTupleData head;
		char bytes[64];
	} buffer = {0};

	for (int i = 0; i < shared->ntuples; i++)
	{
		if ((int) ((uint32) i * 40503u >> 7) % NPARTS != me)
			continue;
		ItemPointerSet(&buffer.head.t_tid, (BlockNumber) (i / 100),
		               (OffsetNumber) (i % 100 + 1));
		buffer.head.t_info = sizeof(buffer);
		tuplesort_putindextuple(sort, key_of(i), &buffer.head);
	}
	tuplesort_performsort(sort);
	tuplesort_end(sort);
}

/* Those of a range; each key has as many as it should, in the order of TIDs. */
static int
take(Sharedsort *shared_sort, int32 first, int32 end)
{
	SortCoordinateData coordinate = {false, NPARTS, shared_sort};
	Tuplesortstate *sort = tuplesort_begin_index(shared->workMem, &coordinate);
	ItemPointerData last;
	IndexTuple itup;
	int32 lastkey = -1;
	int32 key;
	int count = 0;
	int ofkey = 0;

	tuplesort_set_range(sort, first, end);
	tuplesort_performsort(sort);
	while ((itup = tuplesort_getindextuple(sort, &key)) != NULL)
	{
		check(key >= first && key < end && key >= lastkey);
		if (key != lastkey)
		{
			check(lastkey < 0 || ofkey == expected_count(lastkey));
			ofkey = 0;
		}
		else
			check(ItemPointerCompare(&last, &itup->t_tid) < 0);
		last = itup->t_tid;
		lastkey = key;
		ofkey++;
		count++;
	}
	check(lastkey < 0 || ofkey == expected_count(lastkey));
	tuplesort_end(sort);
	return count;
}

static void
participant(int me)
{
	MemoryContext context =
		AllocSetContextCreate(TopMemoryContext, "test", ALLOCSET_DEFAULT_SIZES);
	dsm_segment *seg;
	Sharedsort *sort;

	InitTemporaryFileAccess();
	MemoryContextSwitchTo(context);
	sort = attach(me, NPARTS, NKEYS, &seg);
	give(sort, me);
	(void) BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
	for (int32 key = 0; key < NKEYS; key++)
		check(tuplesort_shared_count(sort, key) == expected_count(key));
	if (me == 0)
		check(take(sort, 0, NKEYS) == shared->ntuples);
	(void) BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
	pg_atomic_fetch_add_u32(
		&shared->tuples,
		(uint32) take(sort, me * 30, me == NPARTS - 1 ? NKEYS : me * 30 + 30));
	check(take(sort, 95, 95) == 0);
	dsm_detach(seg);
}

static void
run(int ntuples, int workMem)
{
	memset(shared, 0, sizeof(*shared));
	shared->ntuples = ntuples;
	shared->workMem = workMem;
	BarrierInit(&shared->barrier, NPARTS);
	CU_ASSERT_EQUAL(unit_run_backends(NPARTS, participant), 0);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->tuples), (uint32) ntuples);
	CU_ASSERT_EQUAL(files_left(), 0);
}

static void
test_memory(void)
{
	run(0, 4096);
	run(1, 4096);
	run(20000, 4096);
}

static void
test_runs(void)
{
	run(5000, 64);
	run(60000, 64);
}

/* Begins to take before all have given: told, not served. */
static void
early_participant(int me)
{
	dsm_segment *seg;
	Sharedsort *sort;
	volatile bool failed = false;

	InitTemporaryFileAccess();
	sort = attach(me, NPARTS, NKEYS, &seg);
	if (me == 0)
	{
		PG_TRY();
		{
			(void) take(sort, 0, NKEYS);
		}
		PG_CATCH();
		{
			failed = true;
			FlushErrorState();
		}
		PG_END_TRY();
		check(failed);
	}
	(void) BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
	/* the end of the process detaches, and the last removes the files */
	give(sort, me);
}

static void
test_early(void)
{
	memset(shared, 0, sizeof(*shared));
	shared->ntuples = 1000;
	shared->workMem = 64;
	BarrierInit(&shared->barrier, NPARTS);
	CU_ASSERT_EQUAL(unit_run_backends(NPARTS, early_participant), 0);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_EQUAL(files_left(), 0);
}

/*
 * The first has made the segment and writes a file; the second attaches to the
 * set of files, without memory for it: it must not count, for there is nothing
 * that would take its count back, and the first removes its file.
 */
static void
participant_without_memory(int me)
{
	volatile int sqlerrcode = 0;
	dsm_segment *seg;
	Sharedsort *sort;

	InitTemporaryFileAccess();
	if (me == 0)
	{
		sort = attach(0, NPARTS, NKEYS, &seg);
		give(sort, 0);
		(void) BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
		(void) BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
		check(files_left() > 0);
		dsm_detach(seg);
		return;
	}
	(void) BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
	seg = dsm_attach(shared->handle);
	sort = dsm_segment_address(seg);
	unit_exhaust(TopMemoryContext);
	PG_TRY();
	{
		tuplesort_attach_shared(sort, seg);
	}
	PG_CATCH();
	{
		unit_replenish();
		sqlerrcode = geterrcode();
		FlushErrorState();
	}
	PG_END_TRY();
	check(sqlerrcode == ERRCODE_OUT_OF_MEMORY);
	dsm_detach(seg);
	(void) BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
}

static void
test_no_memory(void)
{
	memset(shared, 0, sizeof(*shared));
	shared->ntuples = 1000;
	shared->workMem = 64;
	BarrierInit(&shared->barrier, 2);
	CU_ASSERT_EQUAL(unit_run_backends(2, participant_without_memory), 0);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_EQUAL(files_left(), 0);
}

/* ---- pairs, in shares ---- */

static const char *const orders[] = {
	"equal", "up", "down", "random", "twice", "one has most", "all the same"};

static int64
nth_pair(int order, int i, int n, ItemPointer tid)
{
	/* twice, or all: also the TID */
	int tuple = order == 4 ? i / 2 : order == 6 ? 0 : i;

	ItemPointerSet(tid, (BlockNumber) (tuple / 100),
	               (OffsetNumber) (tuple % 100 + 1));
	switch (order)
	{
		case 0:
		case 6:
			return 7;
		case 1:
			return i - n / 2;
		case 2:
			return n / 2 - i;
		case 4:
			return tuple % 10;
		default:
			return (int64) ((uint64) (i + 1) * UINT64CONST(0x9E3779B97F4A7C15));
	}
}

/* Who has it: a die says, or the first has nearly all. */
static bool
is_mine(int i, int me)
{
	if (shared->order == 5 && i % 100 != 0)
		return me == 0;
	return (int) ((uint32) i * 40503u >> 7) % shared->nparts == me;
}

typedef struct TestPair
{
	int64 key;
	ItemPointerData tid;
} TestPair;

static int
compare_test_pairs(const void *a, const void *b)
{
	const TestPair *x = a;
	const TestPair *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return ItemPointerCompare((ItemPointer) &x->tid, (ItemPointer) &y->tid);
}

/* What all shares together must be. */
static TestPair *
sorted_pairs(void)
{
	TestPair *pairs = palloc_array(TestPair, shared->ntuples + 1);

	for (int i = 0; i < shared->ntuples; i++)
		pairs[i].key =
			nth_pair(shared->order, i, shared->ntuples, &pairs[i].tid);
	qsort(pairs, (size_t) shared->ntuples, sizeof(TestPair),
	      compare_test_pairs);
	return pairs;
}

static void
give_pairs(Sharedsort *shared_sort, int me)
{
	SortCoordinateData coordinate = {true, 0, shared_sort};
	Tuplesortstate *sort =
		tuplesort_begin_int8_tid(shared->workMem, &coordinate);

	for (int i = 0; i < shared->ntuples; i++)
	{
		ItemPointerData tid;
		int64 key = nth_pair(shared->order, i, shared->ntuples, &tid);

		if (is_mine(i, me))
			tuplesort_putint8tid(sort, key, &tid);
	}
	tuplesort_performsort(sort);
	tuplesort_end(sort);
}

/* Those of a share, or of all, are exactly those that belong there. */
static void
take_pairs(Sharedsort *shared_sort, const TestPair *expected, int share,
           int nshares)
{
	SortCoordinateData coordinate = {false, shared->nparts, shared_sort};
	Tuplesortstate *sort =
		tuplesort_begin_int8_tid(shared->workMem, &coordinate);
	int per = shared->ntuples / nshares;
	int rest = shared->ntuples % nshares;
	int next = share * per + Min(share, rest);
	int end = next + per + (share < rest);
	ItemPointerData tid;
	int64 key;

	if (nshares > 1)
		tuplesort_set_share(sort, share, nshares);
	tuplesort_performsort(sort);
	while (tuplesort_getint8tid(sort, &key, &tid))
	{
		if (next == end)
		{
			check(false);
			break;
		}
		check(key == expected[next].key &&
		      ItemPointerEquals(&tid, (ItemPointer) &expected[next].tid));
		next++;
	}
	check(next == end);
	tuplesort_end(sort);
}

static void
pairs_participant(int me)
{
	MemoryContext context =
		AllocSetContextCreate(TopMemoryContext, "test", ALLOCSET_DEFAULT_SIZES);
	TestPair *expected;
	dsm_segment *seg;
	Sharedsort *sort;

	InitTemporaryFileAccess();
	MemoryContextSwitchTo(context);
	expected = sorted_pairs();
	sort = attach(me, shared->nparts, 0, &seg);
	give_pairs(sort, me);
	(void) BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
	take_pairs(sort, expected, me, shared->nparts);
	/* more shares than participants, and some have nothing */
	for (int share = me; share < 7; share += shared->nparts)
		take_pairs(sort, expected, share, 7);
	if (me == 0)
		take_pairs(sort, expected, 0, 1);
	dsm_detach(seg);
}

static void
run_pairs(int nparts, int order, int ntuples, int workMem)
{
	memset(shared, 0, sizeof(*shared));
	shared->nparts = nparts;
	shared->order = order;
	shared->ntuples = ntuples;
	shared->workMem = workMem;
	BarrierInit(&shared->barrier, nparts);
	CU_ASSERT_EQUAL(unit_run_backends(nparts, pairs_participant), 0);
	if (pg_atomic_read_u32(&shared->errors) != 0)
		printf("%d participants, %s, %d pairs, %d kB: %u errors\n", nparts,
		       orders[order], ntuples, workMem,
		       pg_atomic_read_u32(&shared->errors));
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_EQUAL(files_left(), 0);
}

/*
 * Each participant takes its share of pairs.  The dangers: equal pairs in
 * several parts, doubled or lost where shares meet; a share that is empty; a
 * part that is.
 */
static void
test_shares(void)
{
	static const int counts[] = {0, 1, 5, 1000, 30000};
	static const int memories[] = {64, 300, 8192};

	for (int nparts = 1; nparts <= 4; nparts++)
		for (int o = 0; o < lengthof(orders); o++)
			for (int c = 0; c < lengthof(counts); c++)
				for (int m = 0; m < lengthof(memories); m++)
					run_pairs(nparts, o, counts[c], memories[m]);
}

/* ---- faults at each step ---- */

typedef struct Fault
{
	const char *point;
	const char *action;
	int sqlerrcode; /* 0: it is killed */
} Fault;

#define EACH_STEP(action, code)                                                \
	{"fileset-create", action, code}, {"fileset-open", action, code},          \
		{"sharedsort-give", action, code}, {"sharedsort-given", action, code}, \
		{"sharedsort-take", action, code},                                     \
		{"tuplesort-dump-run", action, code},                                  \
	{                                                                          \
		"tuplesort-merge-pass", action, code                                   \
	}

static const Fault faults[] = {
	EACH_STEP("error:53100", ERRCODE_DISK_FULL),
	EACH_STEP("error:53100,nth=2", ERRCODE_DISK_FULL),
	{"file-write", "errno:ENOSPC", ERRCODE_DISK_FULL},
	{"file-write", "errno:ENOSPC,nth=60", ERRCODE_DISK_FULL},
	{"file-read", "errno:EIO", ERRCODE_IO_ERROR},
	{"file-read", "errno:EIO,nth=60", ERRCODE_IO_ERROR},
	EACH_STEP("kill", 0),
	EACH_STEP("kill,nth=2", 0),
	{"file-write", "kill,nth=60", 0},
	{"file-read", "kill,nth=60", 0},
};

static const Fault *fault;

/* Both parts are its own, through many runs, then both shares. */
static void
give_and_take(void)
{
	TestPair *expected = sorted_pairs();
	dsm_segment *seg;
	Sharedsort *sort = attach(0, 2, 0, &seg);

	give_pairs(sort, 0);
	give_pairs(sort, 1);
	take_pairs(sort, expected, 0, 2);
	take_pairs(sort, expected, 1, 2);
	dsm_detach(seg);
}

static void
failing_participant(int me)
{
	MemoryContext context =
		AllocSetContextCreate(TopMemoryContext, "test", ALLOCSET_DEFAULT_SIZES);
	volatile int sqlerrcode = 0;

	InitTemporaryFileAccess();
	MemoryContextSwitchTo(context);
	InjectionPointAttach(fault->point, fault->action);
	PG_TRY();
	{
		give_and_take();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		sqlerrcode = geterrcode();
		FlushErrorState();
	}
	PG_END_TRY();
	check(sqlerrcode == fault->sqlerrcode);
}

static void
run_fault(void)
{
	pid_t pid;
	int status;

	memset(shared, 0, sizeof(*shared));
	shared->nparts = 2;
	shared->order = 3;
	shared->ntuples = 60000;
	shared->workMem = 64;
	fflush(stdout);
	pid = unit_start_backend(0, failing_participant);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	(void) InjectionPointDetach(fault->point);
	(void) MarkPostmasterChildSlotUnassigned(1);
	if (fault->sqlerrcode != 0)
		CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0)
	else
	{
		CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		/* as the reset after a crash does */
		RemovePgTempFiles();
	}
	if (pg_atomic_read_u32(&shared->errors) != 0)
		printf("%s %s\n", fault->point, fault->action);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_EQUAL(files_left(), 0);
}

/*
 * A step fails, or its process is killed there, at its first or a later
 * passage: the error is told, and whatever was written is gone.
 */
static void
test_faults(void)
{
	for (int i = 0; i < lengthof(faults); i++)
	{
		fault = &faults[i];
		run_fault();
	}
}

int
main(void)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	shared = unit_share(sizeof(*shared));
	/* who is killed keeps its slot */
	unit_init_cluster(64, 40);
	InitProcessGlobals();
	unit_enter_cluster(testdir);
	if (mkdir(PG_DYNSHMEM_DIR, 0700) != 0)
		return 2;
	unit_make_cluster_memory();
	dsm_postmaster_startup();
	CU_initialize_registry();
	suite = CU_add_suite("sharedsort", NULL, NULL);
	CU_add_test(suite, "in memory", test_memory);
	CU_add_test(suite, "through runs", test_runs);
	CU_add_test(suite, "too early", test_early);
	CU_add_test(suite, "attached without memory", test_no_memory);
	CU_add_test(suite, "shares of pairs", test_shares);
	CU_add_test(suite, "faults", test_faults);
	return unit_run_in_cluster(testdir);
}
