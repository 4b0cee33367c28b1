/*
 * test_heap_concurrent.c
 *		Many at the same rows.  Story: clerks in several processes move money
 *		between a few accounts, each by a lock on both rows and two updates; one
 *		transfer in eight is rolled back.  Auditors add up all accounts under
 *		one snapshot: the sum never changes, each account is seen once, by a
 *		scan as through the index's root TIDs, while dead versions are pruned
 *		under them.  An account moves to another page now and then, so that
 *		chains end and locks follow t_ctid from page to page.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <unistd.h>

#include "access/attnum.h"
#include "access/clog.h"
#include "access/heapam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_control.h"
#include "catalog/storage.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "storage/lmgr.h"
#include "storage/smgr.h"
#include "unit.h"
#include "utils/snapmgr.h"

#define WATCHDOG_SECONDS 120
#define NACCOUNTS 8
#define NCLERKS 4
#define NAUDITORS 2
#define NTRANSFERS 3000
#define BALANCE 1000

typedef struct Shared
{
	pg_atomic_uint32 errors;
	pg_atomic_uint32 clerks_done;
	pg_atomic_uint32 hot;    /* updates */
	pg_atomic_uint32 others; /* updates that were not HOT */
	/* first version of each account */
	ItemPointerData roots[NACCOUNTS];
} Shared;

static char testdir[] = "/tmp/tusk-test-bank-XXXXXX";
static Shared *shared;
static Relation rel;

static void
expect(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "process %d: %s\n", (int) getpid(), what);
	pg_atomic_fetch_add_u32(&shared->errors, 1);
}

static void
open_table(void)
{
	rel = unit_relation("accounts", 3);
	TupleDescInitBuiltinEntry(rel->rd_att, 1, "id", 23, -1, 0);
	TupleDescInitBuiltinEntry(rel->rd_att, 2, "balance", 23, -1, 0);
	TupleDescInitBuiltinEntry(rel->rd_att, 3, "filler", 25, -1, 0);
	unit_index_first_column(rel);
}

static HeapTuple
make_account(int id, int balance, int filler)
{
	char *text = palloc0(filler + VARHDRSZ);
	Datum values[3] = {Int32GetDatum(id), Int32GetDatum(balance),
	                   PointerGetDatum(text)};
	bool nulls[3] = {false, false, false};

	SET_VARSIZE(text, filler + VARHDRSZ);
	return heap_form_tuple(rel->rd_att, values, nulls);
}

static uint32
next_random(uint32 *state)
{
	*state = *state * 1664525U + 1013904223U;
	return *state >> 8;
}

/* Locks the account, which may have moved; its balance. */
static int
lock_account(ItemPointer tid, TupleTableSlot *slot)
{
	TM_FailureData tmfd;
	bool isnull;

	expect(table_tuple_lock(rel, tid, SnapshotAny, slot,
	                        GetCurrentCommandId(true), LockTupleNoKeyExclusive,
	                        LockWaitBlock, TUPLE_LOCK_FLAG_FIND_LAST_VERSION,
	                        &tmfd) == TM_Ok,
	       "an account could not be locked");
	return DatumGetInt32(slot_getattr(slot, 2, &isnull));
}

static void
set_account(ItemPointer tid, int id, int balance, uint32 *random)
{
	HeapTuple tup =
		make_account(id, balance, next_random(random) % 50 == 0 ? 3000 : 60);
	TM_FailureData tmfd;
	LockTupleMode mode;
	TU_UpdateIndexes update_indexes;

	expect(heap_update(rel, tid, tup, GetCurrentCommandId(true), true, &tmfd,
	                   &mode, &update_indexes) == TM_Ok,
	       "a locked account could not be updated");
	pg_atomic_fetch_add_u32(
		update_indexes == TU_None ? &shared->hot : &shared->others, 1);
}

/* Where the accounts are, by a scan under the active snapshot. */
static void
find_accounts(ItemPointerData *tids)
{
	TableScanDesc scan;
	HeapTuple tup;
	int seen[NACCOUNTS] = {0};
	int sum = 0;
	bool isnull;

	scan = table_beginscan(rel, GetActiveSnapshot(), 0, NULL);
	while ((tup = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		int id = DatumGetInt32(heap_getattr(tup, 1, rel->rd_att, &isnull));

		if (id < 0 || id >= NACCOUNTS)
		{
			expect(false, "an account that is none");
			continue;
		}
		seen[id]++;
		tids[id] = tup->t_self;
		sum += DatumGetInt32(heap_getattr(tup, 2, rel->rd_att, &isnull));
	}
	table_endscan(scan);
	for (int i = 0; i < NACCOUNTS; i++)
		expect(seen[i] == 1, "an account is not seen exactly once");
	expect(sum == NACCOUNTS * BALANCE, "the sum is wrong");
}

static void
clerk(int me)
{
	uint32 random = me + 1;
	TupleTableSlot *slot = MakeSingleTupleTableSlot(rel->rd_att);

	for (int i = 0; i < NTRANSFERS; i++)
	{
		ItemPointerData tids[NACCOUNTS];
		int a = next_random(&random) % NACCOUNTS;
		int b = next_random(&random) % NACCOUNTS;
		int amount = next_random(&random) % 100;
		int balance_a;
		int balance_b;

		if (a == b)
			continue;
		StartTransactionCommand();
		/* kept: it keeps the versions that lead to the newest ones */
		PushActiveSnapshot(GetTransactionSnapshot());
		find_accounts(tids);
		/* always the lower first: nobody waits in a circle */
		balance_a = lock_account(&tids[Min(a, b)], slot);
		balance_b = lock_account(&tids[Max(a, b)], slot);
		ExecClearTuple(slot);
		set_account(&tids[Min(a, b)], Min(a, b), balance_a - amount, &random);
		set_account(&tids[Max(a, b)], Max(a, b), balance_b + amount, &random);
		PopActiveSnapshot();
		if (next_random(&random) % 8 == 0)
			AbortCurrentTransaction();
		else
			CommitTransactionCommand();
	}
	ExecDropSingleTupleTableSlot(slot);
	pg_atomic_fetch_add_u32(&shared->clerks_done, 1);
}

/* One snapshot sees one version through the same roots, until a chain ends. */
static void
audit_by_roots(Snapshot snapshot)
{
	IndexFetchTableData *fetch = table_index_fetch_begin(rel);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	bool isnull;

	for (int i = 0; i < NACCOUNTS; i++)
	{
		ItemPointerData tid = shared->roots[i];
		bool call_again = false;
		bool all_dead = false;

		if (table_index_fetch_tuple(fetch, &tid, snapshot, slot, &call_again,
		                            &all_dead))
		{
			ItemPointerData first = tid;

			expect(DatumGetInt32(slot_getattr(slot, 1, &isnull)) == i,
			       "a chain leads to another account");
			tid = shared->roots[i];
			call_again = false;
			expect(table_index_fetch_tuple(fetch, &tid, snapshot, slot,
			                               &call_again, NULL) &&
			           ItemPointerEquals(&tid, &first),
			       "a snapshot sees two versions");
		}
	}
	ExecDropSingleTupleTableSlot(slot);
	table_index_fetch_end(fetch);
}

static void
auditor(int me)
{
	while (pg_atomic_read_u32(&shared->clerks_done) < NCLERKS &&
	       pg_atomic_read_u32(&shared->errors) == 0)
	{
		ItemPointerData tids[NACCOUNTS];

		StartTransactionCommand();
		PushActiveSnapshot(GetTransactionSnapshot());
		find_accounts(tids);
		audit_by_roots(GetActiveSnapshot());
		PopActiveSnapshot();
		CommitTransactionCommand();
	}
}

static void
wait_child(int i, pid_t pid)
{
	expect(unit_ended_well(i, pid), "a child did not end well");
}

static void
bootstrap(int me)
{
	BootStrapXLOG(true);
	BootStrapCLOG();
	StartupXLOG();
	StartupTransactionCounters();
	TrimCLOG();
	smgrcreate(RelationGetSmgr(rel), MAIN_FORKNUM, false);
	StartTransactionCommand();
	for (int i = 0; i < NACCOUNTS; i++)
	{
		HeapTuple tup = make_account(i, BALANCE, 60);

		heap_insert(rel, tup, GetCurrentCommandId(true), 0, NULL);
		shared->roots[i] = tup->t_self;
	}
	CommitTransactionCommand();
}

static void
final_audit(int me)
{
	ItemPointerData tids[NACCOUNTS];

	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	find_accounts(tids);
	PopActiveSnapshot();
	/* 20,000 updates of 100 bytes to 3 kB: 400 pages without pruning */
	expect(RelationGetNumberOfBlocks(rel) < 250, "the table has grown");
	CommitTransactionCommand();
}

static void
test_bank(void)
{
	pid_t pids[NCLERKS + NAUDITORS];

	wait_child(0, unit_start_backend(0, bootstrap));
	ReadControlFile();
	for (int i = 0; i < NCLERKS + NAUDITORS; i++)
		pids[i] = unit_start_backend(i, i < NCLERKS ? clerk : auditor);
	for (int i = 0; i < NCLERKS + NAUDITORS; i++)
		wait_child(i, pids[i]);
	wait_child(0, unit_start_backend(0, final_audit));
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_TRUE(pg_atomic_read_u32(&shared->hot) > 10000);
	CU_ASSERT_TRUE(pg_atomic_read_u32(&shared->others) > 100);
}

int
main(void)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	unit_enter_cluster(testdir);
	unit_init_cluster(64, 16);
	unit_make_cluster_memory();
	shared = unit_share(sizeof(*shared));
	open_table();
	CU_initialize_registry();
	suite = CU_add_suite("heap_concurrent", NULL, NULL);
	CU_add_test(suite, "bank", test_bank);
	return unit_run_in_cluster(testdir);
}
