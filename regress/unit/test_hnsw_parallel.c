/*
 * test_hnsw_parallel.c
 *	  Several processes build one hnsw graph.
 *
 * Four processes map one arena, each at another address, take rows from a
 * shared counter and insert them through the phase word, as the participants
 * of a parallel build do.  The dangers: a pointer in the arena, a list seen or
 * changed half-way, a row that is lost or in the graph twice, an empty graph
 * in which the first elements do not find each other, an arena that is found
 * full by several at once.  The arena's size goes from nothing to more than
 * enough; at rest every list is checked, every row is counted once, and a full
 * graph answers queries as the exact scan does.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <math.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access/hnsw_graph.h"
#include "access/vector.h"
#include "access/vector_kernels.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "unit.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#define WATCHDOG_SECONDS 120
#define NPROCS 4
#define DIM 8
#define ROWS 6000
#define M 6
#define EF_CONSTRUCTION 40

typedef struct TestShared
{
	pg_atomic_uint32 started;
	pg_atomic_uint32 next_row;
	pg_atomic_uint32 flushes;
	pg_atomic_uint32 broken;         /* lists that were wrong at a flush */
	pg_atomic_uint32 seen[ROWS];     /* how often a row was flushed */
	pg_atomic_uint32 on_pages[ROWS]; /* how often it came after the flush */
} TestShared;

static TestShared *shared;
static VectorSupport support;

static const void *
element_point(HnswGraph *g, HnswElement e)
{
	return VectorPoint(&support, HnswElementValue(g, e));
}
static float (*data)[DIM];
static int arena_fd;
static Size arena_size;

static void
make_data(void)
{
	data = palloc(sizeof(float) * DIM * ROWS);
	pg_prng_seed(&pg_global_prng_state, 7);
	for (int i = 0; i < ROWS; i++)
	{
		for (int j = 0; j < DIM; j++)
			data[i][j] = (float) pg_prng_double(&pg_global_prng_state);
		/* some equal ones, to be merged from several processes */
		if (i % 50 >= 45)
			memcpy(data[i], data[i - i % 50], sizeof(data[i]));
	}
}

static void *
map_arena(void)
{
	void *p =
		mmap(NULL, arena_size, PROT_READ | PROT_WRITE, MAP_SHARED, arena_fd, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

/* Look at all elements of a graph at rest. */
static void
check_graph(HnswGraph *g)
{
	uint32 used = (uint32) pg_atomic_read_u64(&g->cursor);

	for (uint32 id = 0; id < used; id++)
	{
		HnswElement e = HnswGraphElement(g, id);

		for (int i = 0; i < e->ntids; i++)
			pg_atomic_fetch_add_u32(
				&shared
					 ->seen[ItemPointerGetBlockNumber(HnswElementTid(g, e, i))],
				1);
		for (int lc = 0; e->ntids > 0 && lc <= e->level; lc++)
		{
			HnswList *list = HnswElementList(g, e, lc);
			float *dist = HnswListDistances(g, list, lc);
			bool ok = list->length <= HnswGraphLayerM(g, lc);

			for (int i = 0; ok && i < list->length; i++)
			{
				HnswElement n = HnswGraphElement(g, list->ids[i]);

				ok = list->ids[i] < used && list->ids[i] != id &&
				     n->ntids > 0 && n->level >= lc &&
				     (i == 0 || dist[i] >= dist[i - 1]) &&
				     fabsf(dist[i] - support.distance(element_point(g, e),
				                                      element_point(g, n),
				                                      DIM)) <
				         0.02f + 0.05f * fabsf(dist[i]); /* of codes */
				for (int j = 0; ok && j < i; j++)
					ok = list->ids[j] != list->ids[i];
			}
			if (!ok)
				pg_atomic_fetch_add_u32(&shared->broken, 1);
		}
	}
}

static void
flush(HnswGraph *g)
{
	pg_atomic_fetch_add_u32(&shared->flushes, 1);
	check_graph(g);
}

static void
insert(HnswBuilder *b, uint32 row)
{
	char buf[VECTOR_SIZE(DIM)];
	Vector *v = (Vector *) buf;
	BuildPhase *phase = &b->graph->phase;
	ItemPointerData tid;

	SET_VARSIZE(v, sizeof(buf));
	v->dim = DIM;
	v->unused = 0;
	memcpy(v->x, data[row], sizeof(data[row]));
	ItemPointerSet(&tid, row, 1);

	while (BuildPhaseEnter(phase))
	{
		HnswInsertResult result = HnswGraphInsert(b, v, &tid);

		BuildPhaseLeave(phase);
		if (result != HNSW_FULL)
			return;
		if (BuildPhaseBeginFlush(phase))
		{
			flush(b->graph);
			BuildPhaseEndFlush(phase);
		}
	}
	pg_atomic_fetch_add_u32(&shared->on_pages[row], 1);
}

static void
child(int n)
{
	void *elsewhere;
	HnswBuilder *b;
	uint32 row;

	unit_become_process();
	pg_prng_seed(&pg_global_prng_state, n + 1);

	/* another address in each process */
	for (int i = 0; i < n; i++)
		(void) map_arena();
	elsewhere = map_arena();
	b = HnswBuilderCreate(elsewhere, &support);

	unit_reach(&shared->started);
	unit_await(&shared->started, NPROCS);
	while ((row = pg_atomic_fetch_add_u32(&shared->next_row, 1)) < ROWS)
		insert(b, row);
	proc_exit(0);
}

static double
recall(HnswGraph *g)
{
	HnswBuilder *b = HnswBuilderCreate(g, &support);
	int hits = 0;

	for (int q = 0; q < 200; q++)
	{
		float query[DIM];
		HnswCandidate found;
		float best = INFINITY;

		for (int j = 0; j < DIM; j++)
			query[j] = (float) pg_prng_double(&pg_global_prng_state);
		for (int i = 0; i < ROWS; i++)
			best = fminf(best, vector_kernels.l2_squared(query, data[i], DIM));
		if (HnswGraphSearch(b, query, 100, 1, &found) == 1)
			hits += found.distance <= best + 1e-6f;
	}
	return hits / 200.0;
}

static void
run(Size usable, bool full)
{
	HnswGraph *g;

	memset(shared, 0, sizeof(*shared));
	arena_size = usable + sizeof(HnswGraph) + 64;
	arena_fd = memfd_create("test-hnsw-arena", MFD_CLOEXEC);
	CU_ASSERT_FATAL(arena_fd >= 0 && ftruncate(arena_fd, arena_size) == 0);
	g = HnswGraphInit(map_arena(), usable, M, EF_CONSTRUCTION, 63, &support,
	                  true, LWTRANCHE_HNSW_BUILD);

	for (int i = 0; i < NPROCS; i++)
	{
		pid_t pid = fork();

		CU_ASSERT_FATAL(pid >= 0);
		if (pid == 0)
			child(i);
	}
	unit_join(NPROCS);

	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->flushes), full ? 1 : 0);
	if (!full)
	{
		check_graph(g);
		/* ef of 100 in 8 dimensions: a miss means a broken graph */
		CU_ASSERT(recall(g) >= 0.97);
	}
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->broken), 0);
	for (int i = 0; i < ROWS; i++)
		CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->seen[i]) +
		                    pg_atomic_read_u32(&shared->on_pages[i]),
		                1);
	munmap(g, arena_size);
	close(arena_fd);
}

static void
test_enough(void)
{
	for (int i = 0; i < 3; i++)
		run(HnswGraphEstimate(ROWS, M, &support, 0, NPROCS), false);
}

static void
test_full(void)
{
	Size need = HnswGraphEstimate(ROWS, M, &support, 0, NPROCS);

	run(0, true);
	for (int i = 1; i <= 6; i++)
		run(sizeof(HnswGraph) + need / 10 * i, true);
	for (int rows = 1; rows < 40; rows += 6)
		run(sizeof(HnswGraph) + 1000 * rows, true);
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
	make_data();
	shared = unit_share(sizeof(*shared));

	CU_initialize_registry();
	suite = CU_add_suite("hnsw parallel", NULL, NULL);
	CU_ADD_TEST(suite, test_enough);
	CU_ADD_TEST(suite, test_full);
	return unit_run();
}
