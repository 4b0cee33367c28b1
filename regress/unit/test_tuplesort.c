/*
 * test_tuplesort.c
 *		Sorting and keeping rows.  Story: a query must give the same rows in
 *		the same order whether they fit into work_mem or go through files in
 *		many runs and several merges; the danger is a row lost or doubled where
 *		memory ends.  Rows are numbers in an order that a generator of fixed
 *		seed makes, each with a text whose length depends on it; every result
 *		is compared with the numbers, and no file may be left behind.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <dirent.h>
#include <math.h>
#include <unistd.h>

#include "miscadmin.h"
#include "storage/fd.h"
#include "storage/latch.h"
#include "unit.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"
#include "utils/tuplestore.h"

#define WATCHDOG_SECONDS 120

/* operators and types by OID */
#define INT4_LT 97
#define INT4_GT 521
#define TEXT_LT 664
#define TEXT_GT 666
#define FLOAT8_LT 672
#define FLOAT8_GT 674
#define C_COLLATION 950

static char testdir[] = "/tmp/tusk-test-sort-XXXXXX";
static TupleDesc desc;

/* The i-th of n numbers in disorder: each of 0..n-1 once (n a power of 2). */
static int
shuffled(int i, int n)
{
	return (int) (((unsigned) i * 40503u + 12345u) & (unsigned) (n - 1));
}

static void
store_row(TupleTableSlot *slot, int key, int group)
{
	static char text[200];
	int len = 4 + 1 + key % 100;

	ExecClearTuple(slot);
	SET_VARSIZE(text, len);
	memset(VARDATA(text), 'a' + group % 26, len - 4);
	slot->tts_values[0] = Int32GetDatum(key);
	slot->tts_values[1] = PointerGetDatum(text);
	slot->tts_isnull[0] = false;
	slot->tts_isnull[1] = group < 0;
	ExecStoreVirtualTuple(slot);
}

static bool
row_is(TupleTableSlot *slot, int key)
{
	bool null;
	Datum value = slot_getattr(slot, 1, &null);
	Datum text;

	if (null || DatumGetInt32(value) != key)
		return false;
	text = slot_getattr(slot, 2, &null);
	return null || VARSIZE_ANY_EXHDR(DatumGetPointer(text)) == 1 + key % 100;
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

static Tuplesortstate *
begin(Oid op, int workMem, int sortopt)
{
	AttrNumber col = 1;
	Oid collation = InvalidOid;
	bool nullsfirst = false;

	return tuplesort_begin_heap(desc, 1, &col, &op, &collation, &nullsfirst,
	                            workMem, NULL, sortopt);
}

static void
sort_rows(int n, int workMem, int sortopt, TuplesortMethod method)
{
	Tuplesortstate *sort = begin(INT4_LT, workMem, sortopt);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc);
	TupleTableSlot *out = MakeSingleTupleTableSlot(desc);
	TuplesortInstrumentation stats;
	int bad = 0;

	for (int i = 0; i < n; i++)
	{
		store_row(slot, shuffled(i, n), i);
		tuplesort_puttupleslot(sort, slot);
	}
	tuplesort_performsort(sort);
	for (int pass = 0; pass < ((sortopt & TUPLESORT_RANDOMACCESS) ? 2 : 1);
	     pass++)
	{
		if (pass > 0)
			tuplesort_rescan(sort);
		for (int i = 0; i < n; i++)
			bad += !tuplesort_gettupleslot(sort, true, out) || !row_is(out, i);
		CU_ASSERT_FALSE(tuplesort_gettupleslot(sort, true, out));
	}
	CU_ASSERT_EQUAL(bad, 0);
	if (sortopt & TUPLESORT_RANDOMACCESS)
	{
		/* back from the end */
		for (int i = n - 1; i >= n - 10; i--)
			bad += !tuplesort_gettupleslot(sort, false, out) || !row_is(out, i);
		CU_ASSERT_TRUE(tuplesort_gettupleslot(sort, true, out));
		CU_ASSERT_TRUE(row_is(out, n - 9));
		CU_ASSERT_EQUAL(bad, 0);
	}
	tuplesort_get_stats(sort, &stats);
	CU_ASSERT_EQUAL(stats.sortMethod, method);
	CU_ASSERT_EQUAL(stats.spaceType, method == SORT_TYPE_QUICKSORT
	                                     ? SORT_SPACE_TYPE_MEMORY
	                                     : SORT_SPACE_TYPE_DISK);
	CU_ASSERT_TRUE(stats.spaceUsed > 0);
	ExecDropSingleTupleTableSlot(slot);
	ExecDropSingleTupleTableSlot(out);
	tuplesort_end(sort);
	CU_ASSERT_EQUAL(files_left(), 0);
}

static void
test_memory(void)
{
	sort_rows(1, 4096, TUPLESORT_NONE, SORT_TYPE_QUICKSORT);
	sort_rows(16384, 65536, TUPLESORT_NONE, SORT_TYPE_QUICKSORT);
	sort_rows(16384, 65536, TUPLESORT_RANDOMACCESS, SORT_TYPE_QUICKSORT);
}

/* 64 kB: some 200 runs of 131072 rows, so that six at a time need 3 passes. */
static void
test_runs(void)
{
	sort_rows(8192, 1024, TUPLESORT_NONE, SORT_TYPE_EXTERNAL_MERGE);
	sort_rows(131072, 64, TUPLESORT_NONE, SORT_TYPE_EXTERNAL_MERGE);
	sort_rows(32768, 64, TUPLESORT_RANDOMACCESS, SORT_TYPE_EXTERNAL_SORT);
}

static void
test_bounded(void)
{
	static const int bounds[] = {1, 10, 1000, 20000};
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc);
	int n = 16384;

	for (int b = 0; b < lengthof(bounds); b++)
	{
		Tuplesortstate *sort = begin(INT4_GT, 4096, TUPLESORT_ALLOWBOUNDED);
		TuplesortInstrumentation stats;
		int want = Min(bounds[b], n);
		int bad = 0;

		tuplesort_set_bound(sort, bounds[b]);
		for (int i = 0; i < n; i++)
		{
			store_row(slot, shuffled(i, n), i);
			tuplesort_puttupleslot(sort, slot);
		}
		tuplesort_performsort(sort);
		for (int i = 0; i < want; i++)
			bad += !tuplesort_gettupleslot(sort, true, slot) ||
			       !row_is(slot, n - 1 - i);
		CU_ASSERT_EQUAL(bad, 0);
		tuplesort_get_stats(sort, &stats);
		CU_ASSERT_EQUAL(stats.sortMethod, bounds[b] < n
		                                      ? SORT_TYPE_TOP_N_HEAPSORT
		                                      : SORT_TYPE_QUICKSORT);
		ExecClearTuple(slot);
		tuplesort_end(sort);
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* Two keys, the first with few values and NULLs, which come first. */
static void
test_two_keys(void)
{
	AttrNumber cols[2] = {2, 1};
	Oid ops[2] = {TEXT_LT, INT4_GT};
	Oid collations[2] = {C_COLLATION, InvalidOid};
	bool nullsfirst[2] = {true, false};
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc);
	int n = 8192;

	for (int workMem = 64; workMem <= 16384; workMem *= 256)
	{
		Tuplesortstate *sort =
			tuplesort_begin_heap(desc, 2, cols, ops, collations, nullsfirst,
		                         workMem, NULL, TUPLESORT_NONE);
		int nulls = 0;
		int prev = n;
		int bad = 0;
		int rows = 0;

		for (int i = 0; i < n; i++)
		{
			int key = shuffled(i, n);

			store_row(slot, key, key % 8 == 0 ? -1 : 3);
			tuplesort_puttupleslot(sort, slot);
		}
		tuplesort_performsort(sort);
		while (tuplesort_gettupleslot(sort, true, slot))
		{
			bool isnull;
			int key = DatumGetInt32(slot_getattr(slot, 1, &isnull));

			(void) slot_getattr(slot, 2, &isnull);
			if (isnull)
			{
				bad += key % 8 != 0 || key >= prev || rows != nulls;
				prev = key;
				nulls++;
			}
			rows++;
		}
		CU_ASSERT_EQUAL(bad, 0);
		CU_ASSERT_EQUAL(nulls, n / 8);
		CU_ASSERT_EQUAL(rows, n);
		ExecClearTuple(slot);
		tuplesort_end(sort);
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* ---- every order, every size, every memory ---- */

static const int counts[] = {0, 1, 2, 13, 1000, 30000};
static const int memories[] = {64, 200, 4096, 65536};
static const char *const orders[] = {"equal", "up",        "down",
                                     "few",   "clustered", "random"};

static int64
nth_key(int order, int i, int n)
{
	switch (order)
	{
		case 0:
			return -7;
		case 1:
			return i - n / 2;
		case 2:
			return n / 2 - i;
		case 3:
			return i * 7919 % 5;
		case 4:
			/* digits say little: most are near zero, few far away */
			return i % 1000 == 0 ? (int64) i << 15 : i * 7919 % 977;
		default:
			return (int64) ((uint64) (i + 1) * UINT64CONST(0x9E3779B97F4A7C15));
	}
}

static int
compare_pairs(const void *a, const void *b)
{
	const int64 *x = a;
	const int64 *y = b;

	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	return (x[1] > y[1]) - (x[1] < y[1]);
}

/* What a sort must give: keys and the numbers of their tuples, by TID. */
static int64 (*expected_pairs(int order, int n))[2]
{
	int64(*pairs)[2] = palloc((Size) (n + 1) * sizeof(*pairs));

	for (int i = 0; i < n; i++)
	{
		pairs[i][0] = nth_key(order, i, n);
		pairs[i][1] = i;
	}
	qsort(pairs, (size_t) n, sizeof(*pairs), compare_pairs);
	return pairs;
}

static void
set_tid(ItemPointer tid, int i)
{
	ItemPointerSet(tid, (BlockNumber) (i / 100), (OffsetNumber) (i % 100 + 1));
}

static bool
is_tid(ItemPointer tid, int64 i)
{
	return (int64) ItemPointerGetBlockNumber(tid) * 100 +
	           ItemPointerGetOffsetNumber(tid) - 1 ==
	       i;
}

static void
sort_pairs(int order, int n, int workMem)
{
	int64(*pairs)[2] = expected_pairs(order, n);
	Tuplesortstate *sort = tuplesort_begin_int8_tid(workMem, NULL);
	ItemPointerData tid;
	int64 key;
	int bad = 0;

	for (int i = 0; i < n; i++)
	{
		set_tid(&tid, i);
		tuplesort_putint8tid(sort, nth_key(order, i, n), &tid);
	}
	tuplesort_performsort(sort);
	for (int i = 0; i < n; i++)
		bad += !tuplesort_getint8tid(sort, &key, &tid) || key != pairs[i][0] ||
		       !is_tid(&tid, pairs[i][1]);
	CU_ASSERT_FALSE(tuplesort_getint8tid(sort, &key, &tid));
	tuplesort_end(sort);
	if (bad)
		printf("%s, %d, %d kB: %d bad\n", orders[order], n, workMem, bad);
	CU_ASSERT_EQUAL(bad, 0);
	pfree(pairs);
}

static void
sort_index_tuples(int order, int n, int workMem)
{
	int64(*pairs)[2] = expected_pairs(order, n);
	Tuplesortstate *sort = tuplesort_begin_index(workMem, NULL);
	union
	{
		IndexTupleData head;
		char bytes[512];
	} buffer = {0};
	IndexTuple itup = &buffer.head;
	int32 key;
	int bad = 0;

	for (int i = 0; i < n; i++)
	{
		Size size = MAXALIGN(sizeof(IndexTupleData) + (Size) (i % 400));

		set_tid(&itup->t_tid, i);
		itup->t_info = (unsigned short) size;
		memset(buffer.bytes + sizeof(IndexTupleData), i % 256,
		       size - sizeof(IndexTupleData));
		tuplesort_putindextuple(sort, (int32) nth_key(order, i, n), itup);
	}
	tuplesort_performsort(sort);
	for (int i = 0; i < n; i++)
	{
		int64 from = pairs[i][1];

		itup = tuplesort_getindextuple(sort, &key);
		bad +=
			itup == NULL || key != (int32) pairs[i][0] ||
			!is_tid(&itup->t_tid, from) ||
			IndexTupleSize(itup) !=
				MAXALIGN(sizeof(IndexTupleData) + (Size) (from % 400)) ||
			(from % 400 != 0 &&
		     ((unsigned char *) itup)[IndexTupleSize(itup) - 1] != from % 256);
	}
	CU_ASSERT_PTR_NULL(tuplesort_getindextuple(sort, &key));
	tuplesort_end(sort);
	if (bad)
		printf("%s, %d, %d kB: %d bad\n", orders[order], n, workMem, bad);
	CU_ASSERT_EQUAL(bad, 0);
	pfree(pairs);
}

static void
test_orders(void)
{
	for (int o = 0; o < lengthof(orders); o++)
		for (int c = 0; c < lengthof(counts); c++)
			for (int m = 0; m < lengthof(memories); m++)
			{
				sort_pairs(o, counts[c], memories[m]);
				/* these have numbers of four bytes */
				if (o < 5)
					sort_index_tuples(o, counts[c], memories[m]);
			}
	CU_ASSERT_EQUAL(files_left(), 0);
}

/* ---- keys whose numbers say only a part, and odd ones ---- */

static void
sort_texts(bool descending, int workMem)
{
	Tuplesortstate *sort;
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc);
	AttrNumber col = 2;
	Oid op = descending ? TEXT_GT : TEXT_LT;
	Oid collation = C_COLLATION;
	bool nullsfirst = descending;
	char text[64];
	char last[64] = "";
	int rows = 0;
	int bad = 0;
	int n = 5000;

	sort = tuplesort_begin_heap(desc, 1, &col, &op, &collation, &nullsfirst,
	                            workMem, NULL, TUPLESORT_NONE);
	for (int i = 0; i < n; i++)
	{
		/* most begin alike, some end where others go on, some are empty */
		int len = snprintf(text + 4, 60, i % 3 == 0 ? "%.*s" : "abcdefgh%.*s",
		                   i % 9, i % 2 ? "zyxwvutsr" : "01234567\377");

		ExecClearTuple(slot);
		SET_VARSIZE(text, len + 4);
		slot->tts_values[0] = Int32GetDatum(i);
		slot->tts_values[1] = PointerGetDatum(text);
		slot->tts_isnull[0] = false;
		slot->tts_isnull[1] = i % 10 == 0;
		ExecStoreVirtualTuple(slot);
		tuplesort_puttupleslot(sort, slot);
	}
	tuplesort_performsort(sort);
	while (tuplesort_gettupleslot(sort, true, slot))
	{
		bool isnull;
		Datum value = slot_getattr(slot, 2, &isnull);
		char now[64] = "";

		bad += isnull != (descending ? rows < n / 10 : rows >= n - n / 10);
		rows++;
		if (isnull)
			continue;
		memcpy(now, VARDATA_ANY(DatumGetPointer(value)),
		       VARSIZE_ANY_EXHDR(DatumGetPointer(value)));
		if (rows > (descending ? n / 10 + 1 : 1))
			bad += descending ? strcmp(last, now) < 0 : strcmp(last, now) > 0;
		strcpy(last, now);
	}
	CU_ASSERT_EQUAL(rows, n);
	CU_ASSERT_EQUAL(bad, 0);
	ExecDropSingleTupleTableSlot(slot);
	tuplesort_end(sort);
}

static void
test_texts(void)
{
	for (int m = 0; m < lengthof(memories); m++)
	{
		sort_texts(false, memories[m]);
		sort_texts(true, memories[m]);
	}
}

/* NaN behind everything, the two zeros equal, infinities at the ends. */
static void
test_floats(void)
{
	static const double in_order[] = {
		-INFINITY, -1e300, -1.5,  -1e-310,  0.0,
		1e-310,    1.5,    1e300, INFINITY, NAN,
	};
	int n = lengthof(in_order);
	TupleDesc floats = CreateTemplateTupleDesc(1);
	TupleTableSlot *slot;

	TupleDescInitBuiltinEntry(floats, 1, "key", 701, -1, 0);
	slot = MakeSingleTupleTableSlot(floats);
	for (int descending = 0; descending < 2; descending++)
	{
		AttrNumber col = 1;
		Oid op = descending ? FLOAT8_GT : FLOAT8_LT;
		Oid collation = InvalidOid;
		bool nullsfirst = false;
		int bad = 0;
		Tuplesortstate *sort =
			tuplesort_begin_heap(floats, 1, &col, &op, &collation, &nullsfirst,
		                         64, NULL, TUPLESORT_NONE);

		for (int i = 0; i < n * 100; i++)
		{
			double value = in_order[i * 7 % n];

			ExecClearTuple(slot);
			slot->tts_values[0] =
				Float8GetDatum(value == 0 && i % 2 ? -0.0 : value);
			slot->tts_isnull[0] = false;
			ExecStoreVirtualTuple(slot);
			tuplesort_puttupleslot(sort, slot);
		}
		tuplesort_performsort(sort);
		for (int i = 0; i < n * 100; i++)
		{
			bool isnull;
			double want = in_order[descending ? n - 1 - i / 100 : i / 100];
			double got;

			CU_ASSERT_TRUE(tuplesort_gettupleslot(sort, true, slot));
			got = DatumGetFloat8(slot_getattr(slot, 1, &isnull));
			bad += isnan(want) ? !isnan(got) : got != want;
		}
		CU_ASSERT_EQUAL(bad, 0);
		ExecClearTuple(slot);
		tuplesort_end(sort);
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* ---- temp_file_limit ---- */

static void
test_limit(void)
{
	Tuplesortstate *volatile sort = NULL;
	MemoryContext context = CurrentMemoryContext;
	volatile int sqlerrcode = 0;

	temp_file_limit = 100;
	PG_TRY();
	{
		ItemPointerData tid;

		sort = tuplesort_begin_int8_tid(64, NULL);
		for (int i = 0; i < 100000; i++)
		{
			set_tid(&tid, i);
			tuplesort_putint8tid(sort, -i, &tid);
		}
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		sqlerrcode = geterrcode();
		FlushErrorState();
	}
	PG_END_TRY();
	CU_ASSERT_EQUAL(sqlerrcode, ERRCODE_CONFIGURATION_LIMIT_EXCEEDED);
	tuplesort_end(sort);
	CU_ASSERT_EQUAL(files_left(), 0);
	/* what was given back counts no more */
	sort_pairs(5, 1000, 64);
	sort_pairs(5, 6000, 64);
	temp_file_limit = -1;
}

static void
keep_rows(int n, int kBytes, bool in_memory)
{
	Tuplestorestate *store = tuplestore_begin_heap(true, false, kBytes);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc);
	TupleTableSlot *out = MakeSingleTupleTableSlot(desc);
	int bad = 0;
	int next = 0;

	/* reading follows writing, across the place where memory ends */
	for (int i = 0; i < n; i++)
	{
		store_row(slot, i, i);
		tuplestore_puttupleslot(store, slot);
		if (i % 3 == 0)
			bad += !tuplestore_gettupleslot(store, true, true, out) ||
			       !row_is(out, next++);
	}
	CU_ASSERT_EQUAL(tuplestore_tuple_count(store), n);
	CU_ASSERT_EQUAL(tuplestore_in_memory(store), in_memory);
	while (tuplestore_gettupleslot(store, true, false, out))
		bad += !row_is(out, next++);
	CU_ASSERT_EQUAL(next, n);
	CU_ASSERT_TRUE(tuplestore_ateof(store));
	for (int i = n - 1; i >= 0; i--)
		bad += !tuplestore_gettupleslot(store, false, false, out) ||
		       !row_is(out, i);
	CU_ASSERT_FALSE(tuplestore_gettupleslot(store, false, false, out));
	tuplestore_rescan(store);
	CU_ASSERT_TRUE(tuplestore_skiptuples(store, n / 2, true));
	CU_ASSERT_TRUE(tuplestore_gettupleslot(store, true, true, out));
	CU_ASSERT_TRUE(row_is(out, n / 2));
	CU_ASSERT_EQUAL(bad, 0);
	tuplestore_clear(store);
	CU_ASSERT_EQUAL(tuplestore_tuple_count(store), 0);
	tuplestore_rescan(store);
	CU_ASSERT_FALSE(tuplestore_gettupleslot(store, true, false, out));
	ExecDropSingleTupleTableSlot(slot);
	ExecDropSingleTupleTableSlot(out);
	tuplestore_end(store);
	CU_ASSERT_EQUAL(files_left(), 0);
}

static void
test_store(void)
{
	keep_rows(5000, 4096, true);
	keep_rows(20000, 256, false);
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
	unit_enter_cluster(testdir);
	InitFileAccess();
	set_max_safe_fds();
	InitTemporaryFileAccess();
	desc = CreateTemplateTupleDesc(2);
	TupleDescInitBuiltinEntry(desc, 1, "key", 23, -1, 0);
	TupleDescInitBuiltinEntry(desc, 2, "payload", 25, -1, 0);

	CU_initialize_registry();
	suite = CU_add_suite("tuplesort", NULL, NULL);
	CU_add_test(suite, "in memory", test_memory);
	CU_add_test(suite, "runs and merges", test_runs);
	CU_add_test(suite, "the first rows only", test_bounded);
	CU_add_test(suite, "two keys", test_two_keys);
	CU_add_test(suite, "orders, sizes, memories", test_orders);
	CU_add_test(suite, "texts", test_texts);
	CU_add_test(suite, "floats", test_floats);
	CU_add_test(suite, "temp_file_limit", test_limit);
	CU_add_test(suite, "tuplestore", test_store);
	return unit_run_in_cluster(testdir);
}
