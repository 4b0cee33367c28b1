/*
 * test_freespace.c
 *		The free space map.  Story: blocks far apart are noted, so that the map
 *		has several bottom pages; a search finds one with room, never one
 *		without; what was taken is not found again; a map whose upper pages are
 *		wrong, or that tells of blocks beyond the end, corrects itself; after a
 *		truncation nothing beyond is found.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <unistd.h>

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/freespace.h"
#include "storage/fsm_internals.h"
#include "storage/smgr.h"
#include "unit.h"
#include "utils/rel.h"

#define WATCHDOG_SECONDS 60
#define NBLOCKS 5000 /* more than one bottom page tells of */

static char testdir[] = "/tmp/tusk-test-freespace-XXXXXX";
static Relation rel;

/* The leaves and the maxima of one page agree with a plain array. */
static void
test_page(void)
{
	static char raw[BLCKSZ] __attribute__((aligned(8)));
	static uint8 model[SlotsPerFSMPage];
	Page page = (Page) raw;
	uint64 seed = 1;
	uint8 max = 0;

	PageInit(page, BLCKSZ, 0);
	for (int i = 0; i < 20000; i++)
	{
		int slot;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		slot = (int) ((seed >> 33) % SlotsPerFSMPage);
		model[slot] = (uint8) (seed >> 24);
		(void) fsm_set_avail(page, slot, model[slot]);
	}
	for (int i = 0; i < (int) SlotsPerFSMPage; i++)
	{
		if (fsm_get_avail(page, i) != model[i])
			CU_FAIL("a leaf is not what it was set to");
		max = Max(max, model[i]);
	}
	CU_ASSERT_EQUAL(fsm_get_max_avail(page), max);
	CU_ASSERT_FALSE(fsm_rebuild_page(page));
	CU_ASSERT_TRUE(fsm_truncate_avail(page, 100));
	max = 0;
	for (int i = 0; i < 100; i++)
		max = Max(max, model[i]);
	CU_ASSERT_EQUAL(fsm_get_max_avail(page), max);
	/* a torn page: the root promises too little */
	((FSMPage) PageGetContents(page))->fp_nodes[0] = 0;
	CU_ASSERT_TRUE(fsm_rebuild_page(page));
	CU_ASSERT_EQUAL(fsm_get_max_avail(page), max);
}

static void
test_search(void)
{
	BlockNumber block;

	StartTransactionCommand();
	CU_ASSERT_EQUAL(GetPageWithFreeSpace(rel, 100), InvalidBlockNumber);
	CU_ASSERT_FALSE(smgrexists(RelationGetSmgr(rel), FSM_FORKNUM));
	RecordPageWithFreeSpace(rel, 7, 200);
	RecordPageWithFreeSpace(rel, NBLOCKS - 1, 4000);
	/* rounded down to steps of 32 */
	CU_ASSERT_EQUAL(GetRecordedFreeSpace(rel, 7), 192);
	CU_ASSERT_EQUAL(GetRecordedFreeSpace(rel, 8), 0);
	FreeSpaceMapVacuum(rel);
	CU_ASSERT_EQUAL(GetPageWithFreeSpace(rel, 192), 7);
	CU_ASSERT_EQUAL(GetPageWithFreeSpace(rel, 193), NBLOCKS - 1);
	CU_ASSERT_EQUAL(GetPageWithFreeSpace(rel, 4001), InvalidBlockNumber);
	block = RecordAndGetPageWithFreeSpace(rel, NBLOCKS - 1, 0, 1000);
	CU_ASSERT_EQUAL(block, InvalidBlockNumber);
	CU_ASSERT_EQUAL(GetPageWithFreeSpace(rel, 193), InvalidBlockNumber);
	CommitTransactionCommand();
}

/* The upper pages are not told; the search must go wrong and find its way. */
static void
test_wrong_upper_pages(void)
{
	StartTransactionCommand();
	RecordPageWithFreeSpace(rel, NBLOCKS - 2, 3000);
	FreeSpaceMapVacuumRange(rel, NBLOCKS - 2, NBLOCKS - 1);
	RecordPageWithFreeSpace(rel, NBLOCKS - 2, 0);
	CU_ASSERT_EQUAL(GetPageWithFreeSpace(rel, 2000), InvalidBlockNumber);
	/* beyond the end, as after a crash that lost the growth */
	RecordPageWithFreeSpace(rel, NBLOCKS + 50, 8000);
	FreeSpaceMapVacuum(rel);
	CU_ASSERT_EQUAL(GetPageWithFreeSpace(rel, 2000), InvalidBlockNumber);
	CU_ASSERT_EQUAL(GetRecordedFreeSpace(rel, NBLOCKS + 50), 0);
	CommitTransactionCommand();
}

static void
test_truncate(void)
{
	StartTransactionCommand();
	RecordPageWithFreeSpace(rel, 10, 1000);
	RecordPageWithFreeSpace(rel, 20, 5000);
	FreeSpaceMapVacuum(rel);
	CU_ASSERT_EQUAL(GetPageWithFreeSpace(rel, 3000), 20);
	/* root, middle and the first bottom page stay */
	CU_ASSERT_EQUAL(FreeSpaceMapPrepareTruncateRel(rel, 15), 3);
	FreeSpaceMapVacuum(rel);
	CU_ASSERT_EQUAL(GetPageWithFreeSpace(rel, 3000), InvalidBlockNumber);
	CU_ASSERT_EQUAL(GetPageWithFreeSpace(rel, 900), 10);
	CommitTransactionCommand();
}

static void
setup(void)
{
	unit_init_cluster(128, 4);
	unit_make_cluster_memory();
	unit_become_only_backend();

	rel = unit_relation("t", 1);
	smgrcreate(RelationGetSmgr(rel), MAIN_FORKNUM, false);
	smgrzeroextend(RelationGetSmgr(rel), MAIN_FORKNUM, 0, NBLOCKS, true);
}

int
main(void)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	unit_enter_cluster(testdir);
	setup();
	CU_initialize_registry();
	suite = CU_add_suite("freespace", NULL, NULL);
	CU_add_test(suite, "a page", test_page);
	CU_add_test(suite, "search", test_search);
	CU_add_test(suite, "wrong upper pages", test_wrong_upper_pages);
	CU_add_test(suite, "truncation", test_truncate);
	return unit_run_in_cluster(testdir);
}
