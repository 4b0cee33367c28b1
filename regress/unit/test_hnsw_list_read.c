/*
 * test_hnsw_list_read.c
 *	  Nobody sees a list of neighbours while it is being changed.
 *
 * pgvector's parallel build read the neighbours of an element without its lock
 * until 0.7.4: who searched while another participant moved the entries of a
 * list saw some of them twice and others not at all, and linked its element by
 * that.  Here a writer stands in the middle of such a change: it has the
 * element's lock, the version is odd, and the list of the entry point, from
 * which every search goes out, holds its last entry everywhere.  A search in
 * another process must wait for it, and then find what there is.  The writer
 * goes on when it sees the reader wait for the lock, or end.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <sched.h>
#include <unistd.h>

#include "access/hnsw_graph.h"
#include "access/vector.h"
#include "access/vector_kernels.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/proc.h"
#include "unit.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#define WATCHDOG_SECONDS 60
#define DIM 4
#define M 8
#define ROWS (2 * M + 1) /* each leads to all others */

typedef struct TestShared
{
	pg_atomic_uint32 changing; /* the writer stands where it is to stand */
	pg_atomic_uint32 reader;   /* its number of a process, and one */
	pg_atomic_uint32 returned; /* the search has */
	int found;                 /* [O] the reader, before returned */
} TestShared;

static TestShared *shared;
static VectorSupport support;
static float data[ROWS][DIM];

static void
insert_row(HnswBuilder *b, int row)
{
	char buf[VECTOR_SIZE(DIM)];
	Vector *v = (Vector *) buf;
	ItemPointerData tid;

	SET_VARSIZE(v, sizeof(buf));
	v->dim = DIM;
	v->unused = 0;
	memcpy(v->x, data[row], sizeof(data[row]));
	ItemPointerSet(&tid, row, 1);
	CU_ASSERT_EQUAL(HnswGraphInsert(b, v, &tid), HNSW_INSERTED);
}

static HnswGraph *
make_graph(void)
{
	Size size = HnswGraphEstimate(ROWS, M, &support, 0, 2);
	HnswGraph *g = HnswGraphInit(unit_share(size + sizeof(HnswGraph)), size, M,
	                             40, 0, &support, true, LWTRANCHE_HNSW_BUILD);
	HnswBuilder *b = HnswBuilderCreate(g, &support);

	pg_prng_seed(&pg_global_prng_state, 7);
	for (int i = 0; i < ROWS; i++)
	{
		for (int j = 0; j < DIM; j++)
			data[i][j] = (float) pg_prng_double(&pg_global_prng_state);
		insert_row(b, i);
	}
	return g;
}

static void
reader(HnswGraph *g)
{
	HnswCandidate found[ROWS];

	unit_become_process();
	unit_await(&shared->changing, 1);
	pg_atomic_write_u32(&shared->reader, (uint32) MyProcNumber + 1);
	shared->found = HnswGraphSearch(HnswBuilderCreate(g, &support), data[0],
	                                ROWS, ROWS, found);
	unit_reach(&shared->returned);
	proc_exit(0);
}

static bool
reader_waits(void)
{
	uint32 reader = pg_atomic_read_u32(&shared->reader);

	return reader > 0 &&
	       GetPGProcByNumber(reader - 1)->lwWaiting != LW_WS_NOT_WAITING;
}

static void
test_search_beside_change(void)
{
	HnswGraph *g = make_graph();
	uint32 id = (uint32) pg_atomic_read_u64(&g->entry);
	HnswElement e = HnswGraphElement(g, id);
	HnswList *list = HnswElementList(g, e, 0);
	uint32 ids[2 * M];
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(list->length, ROWS - 1);
	memcpy(ids, list->ids, sizeof(ids));

	pid = fork();
	CU_ASSERT_FATAL(pid >= 0);
	if (pid == 0)
		reader(g);

	/* half-way through a change */
	LWLockAcquire(HnswElementLock(g, id), LW_EXCLUSIVE);
	pg_atomic_write_u32(&e->version, pg_atomic_read_u32(&e->version) + 1);
	for (int i = 0; i < list->length; i++)
		list->ids[i] = id;

	unit_reach(&shared->changing);
	while (!reader_waits() && pg_atomic_read_u32(&shared->returned) == 0)
		sched_yield();
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->returned), 0);

	/* the other half */
	memcpy(list->ids, ids, sizeof(ids));
	pg_write_barrier();
	pg_atomic_write_u32(&e->version, pg_atomic_read_u32(&e->version) + 1);
	LWLockRelease(HnswElementLock(g, id));

	unit_await(&shared->returned, 1);
	CU_ASSERT_EQUAL(shared->found, ROWS);
	unit_join(1);
}

int
main(int argc, char **argv)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	MyProcPid = (int) getpid();
	MemoryContextInit();
	InitializeGUCOptions();
	MaxConnections = 20;
	max_worker_processes = 4;
	InitializeMaxBackends();
	CreateSharedMemoryAndSemaphores();
	vector_kernels_init();
	VectorSupportInit(&support, &vector_type_info, vector_l2_squared_distance,
	                  NULL, DIM);
	shared = unit_share(sizeof(*shared));

	CU_initialize_registry();
	suite = CU_add_suite("hnsw list read", NULL, NULL);
	CU_ADD_TEST(suite, test_search_beside_change);
	return unit_run();
}
