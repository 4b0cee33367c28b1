/*
 * test_heap.c
 *		Transactions on a table.  Story: rows of a committed transaction are
 *		seen, those of one rolled back are not, and a row deleted in a rolled
 *		back transaction is still there; a snapshot taken before a commit does
 *		not see it.  One process in a real segment with a real pool of 128
 *		buffers, so that the table does not fit.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <unistd.h>

#include "access/heapam.h"
#include "access/xact.h"
#include "catalog/storage.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/smgr.h"
#include "unit.h"
#include "utils/snapmgr.h"

#define WATCHDOG_SECONDS 120
#define NROWS 20000

static char testdir[] = "/tmp/tusk-test-heap-XXXXXX";
static Relation rel;

static void
insert_rows(int n)
{
	BulkInsertState bistate = GetBulkInsertState();
	TupleTableSlot *slot = MakeSingleTupleTableSlot(rel->rd_att);
	char *text = palloc0(104);

	SET_VARSIZE(text, 104);
	for (int i = 0; i < n; i++)
	{
		ExecClearTuple(slot);
		slot->tts_values[0] = Int32GetDatum(i);
		slot->tts_values[1] = PointerGetDatum(text);
		slot->tts_isnull[0] = slot->tts_isnull[1] = false;
		ExecStoreVirtualTuple(slot);
		table_multi_insert(rel, &slot, 1, GetCurrentCommandId(true), 0,
		                   bistate);
	}
	ExecDropSingleTupleTableSlot(slot);
	FreeBulkInsertState(bistate);
}

static int
count_with(Snapshot snapshot)
{
	TableScanDesc scan = table_beginscan(rel, snapshot, 0, NULL);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	int n = 0;

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
		n++;
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	return n;
}

static int
count_rows(void)
{
	int n;

	PushActiveSnapshot(GetTransactionSnapshot());
	n = count_with(GetActiveSnapshot());
	PopActiveSnapshot();
	return n;
}

static void
delete_rows(int n)
{
	TableScanDesc scan;
	HeapTuple tup;
	TM_FailureData tmfd;

	PushActiveSnapshot(GetTransactionSnapshot());
	scan = table_beginscan(rel, GetActiveSnapshot(), 0, NULL);
	while (n-- > 0 && (tup = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		ItemPointerData tid = tup->t_self;

		CU_ASSERT_EQUAL(
			heap_delete(rel, &tid, GetCurrentCommandId(true), true, &tmfd),
			TM_Ok);
	}
	table_endscan(scan);
	PopActiveSnapshot();
}

static void
test_transactions(void)
{
	StartTransactionCommand();
	insert_rows(NROWS);
	CU_ASSERT_EQUAL(count_rows(), 0);
	CommandCounterIncrement();
	CU_ASSERT_EQUAL(count_rows(), NROWS);
	CommitTransactionCommand();

	StartTransactionCommand();
	CU_ASSERT_EQUAL(count_rows(), NROWS);
	insert_rows(100);
	AbortCurrentTransaction();
	CU_ASSERT_EQUAL(TransactionBlockStatusCode(), 'I');

	StartTransactionCommand();
	CU_ASSERT_EQUAL(count_rows(), NROWS);
	delete_rows(50);
	CommandCounterIncrement();
	CU_ASSERT_EQUAL(count_rows(), NROWS - 50);
	AbortCurrentTransaction();

	StartTransactionCommand();
	CU_ASSERT_EQUAL(count_rows(), NROWS);
	delete_rows(50);
	CommitTransactionCommand();
	StartTransactionCommand();
	CU_ASSERT_EQUAL(count_rows(), NROWS - 50);
	CommitTransactionCommand();
}

/* Inserted and deleted in one transaction: two command ids in one field. */
static void
test_combo(void)
{
	Snapshot before;

	StartTransactionCommand();
	BeginTransactionBlock();
	CommitTransactionCommand();
	StartTransactionCommand();
	CU_ASSERT_EQUAL(TransactionBlockStatusCode(), 'T');
	insert_rows(10);
	CommandCounterIncrement();
	before = RegisterSnapshot(GetTransactionSnapshot());
	delete_rows(NROWS + 10);
	CommandCounterIncrement();
	CU_ASSERT_EQUAL(count_rows(), 0);
	CU_ASSERT_EQUAL(count_with(before), NROWS - 50 + 10);
	UnregisterSnapshot(before);
	AbortCurrentTransaction();
	CU_ASSERT_EQUAL(TransactionBlockStatusCode(), 'E');
	CU_ASSERT_TRUE(IsAbortedTransactionBlockState());
	StartTransactionCommand();
	CU_ASSERT_FALSE(EndTransactionBlock(false));
	CommitTransactionCommand();
	CU_ASSERT_EQUAL(TransactionBlockStatusCode(), 'I');
	StartTransactionCommand();
	CU_ASSERT_EQUAL(count_rows(), NROWS - 50);
	CommitTransactionCommand();
}

int
main(void)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	unit_enter_cluster(testdir);
	rel = unit_cluster_with_table();
	CU_initialize_registry();
	suite = CU_add_suite("heap", NULL, NULL);
	CU_add_test(suite, "commit and rollback", test_transactions);
	CU_add_test(suite, "insert and delete in one", test_combo);
	return unit_run_in_cluster(testdir);
}
