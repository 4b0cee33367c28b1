/*
 * test_hnsw_graph.c
 *	  The graph of an hnsw build in memory, without a server.
 *
 * What can go wrong unseen in a graph: links that do not exist any more, lists
 * with a neighbour twice, elements that nothing points to, a search that
 * misses.  4,000 clustered vectors are inserted; then every list is checked,
 * and the search is compared with the exact neighbours.  Then the arena's
 * edge: no room at all, room for a few, and equal values.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <math.h>
#include <unistd.h>

#include "access/hnsw_graph.h"
#include "access/vector.h"
#include "access/vector_kernels.h"
#include "common/pg_prng.h"
#include "storage/fd.h"
#include "unit.h"
#include "utils/memutils.h"

#define DIM 24
#define ROWS 4000
#define M 8
#define EF_CONSTRUCTION 48
#define QUERIES 100
#define K 10

static float data[ROWS][DIM];

static float
noise(void)
{
	return (float) (pg_prng_double(&pg_global_prng_state) - 0.5);
}

static void
make_data(void)
{
	float centre[40][DIM];

	pg_prng_seed(&pg_global_prng_state, 42);
	for (int i = 0; i < 40; i++)
	{
		for (int j = 0; j < DIM; j++)
			centre[i][j] = noise();
	}
	for (int i = 0; i < ROWS; i++)
	{
		for (int j = 0; j < DIM; j++)
			data[i][j] = centre[i % 40][j] + 0.5f * noise();
	}
}

static Vector *
make_value(const float *x)
{
	static char buf[VECTOR_SIZE(DIM)];
	Vector *v = (Vector *) buf;

	SET_VARSIZE(v, VECTOR_SIZE(DIM));
	v->dim = DIM;
	v->unused = 0;
	memcpy(v->x, x, sizeof(float) * DIM);
	return v;
}

static VectorSupport support;

/* Bytes for so many rows. */
static Size
size_for(int rows)
{
	VectorSupportInit(&support, &vector_type_info, l1_distance, NULL, DIM);
	return HnswGraphEstimate(rows, M, &support, 0, 1);
}

static HnswGraph *
make_graph(Size size, VectorMetric metric)
{
	static const PGFunction functions[] = {
		[VECTOR_METRIC_L2_SQUARED] = vector_l2_squared_distance,
		[VECTOR_METRIC_NEGATIVE_IP] = vector_negative_inner_product,
		[VECTOR_METRIC_L1] = l1_distance};
	void *arena = MemoryContextAllocExtended(CurrentMemoryContext,
	                                         Max(size, sizeof(HnswGraph) + 64),
	                                         MCXT_ALLOC_HUGE);

	VectorSupportInit(&support, &vector_type_info, functions[metric], NULL,
	                  DIM);
	return HnswGraphInit(arena, size, M, EF_CONSTRUCTION, 63, &support, false,
	                     0);
}

/* The value of the element that has the row. */
static const void *
find_value(HnswBuilder *b, int row)
{
	HnswGraph *g = b->graph;

	for (uint32 id = 0; id < (uint32) pg_atomic_read_u64(&g->cursor); id++)
	{
		HnswElement e = HnswGraphElement(g, id);

		for (int i = 0; i < e->ntids; i++)
		{
			ItemPointerData *tid = HnswElementTid(g, e, i);

			if (ItemPointerGetBlockNumber(tid) == (BlockNumber) (row / 100) &&
			    ItemPointerGetOffsetNumber(tid) == row % 100 + 1)
				return HnswBuilderValue(b, id);
		}
	}
	return "none";
}

static HnswInsertResult
insert_row(HnswBuilder *b, int row, const float *x)
{
	ItemPointerData tid;

	ItemPointerSet(&tid, row / 100, row % 100 + 1);
	return HnswGraphInsert(b, make_value(x), &tid);
}

/* Distances in lists may be those of codes. */
static float
distance_error(const float *x, const float *y, float distance)
{
	float squares = 0;

	for (int i = 0; i < DIM; i++)
		squares += x[i] * x[i] + y[i] * y[i];
	return 1e-5f +
	       (support.encode ? 0.05f * fabsf(distance) + 0.01f * squares : 0);
}

static void
check_lists(HnswBuilder *b)
{
	HnswGraph *g = b->graph;
	uint32 used = (uint32) pg_atomic_read_u64(&g->cursor);

	for (uint32 id = 0; id < used; id++)
	{
		HnswElement e = HnswGraphElement(g, id);

		if (e->ntids == 0)
			continue;
		for (int lc = 0; lc <= e->level; lc++)
		{
			HnswList *list = HnswElementList(g, e, lc);
			float *dist = HnswGraphListDistances(b, id, lc, false);

			CU_ASSERT(list->length <= HnswGraphLayerM(g, lc));
			for (int i = 0; i < list->length; i++)
			{
				HnswElement n = HnswGraphElement(g, list->ids[i]);
				const float *x = HnswBuilderPoint(b, id);
				const float *y = HnswBuilderPoint(b, list->ids[i]);

				CU_ASSERT(list->ids[i] < used && list->ids[i] != id);
				CU_ASSERT(n->ntids > 0 && n->level >= lc);
				CU_ASSERT(fabsf(dist[i] - support.distance(x, y, DIM)) <=
				          distance_error(x, y, dist[i]));
				for (int j = 0; j < i; j++)
					CU_ASSERT(list->ids[j] != list->ids[i]);
			}
		}
	}
}

static double
recall(HnswBuilder *b, VectorMetric metric, int ef)
{
	int hits = 0;

	for (int q = 0; q < QUERIES; q++)
	{
		float query[DIM];
		float best[K + 1];
		int n = 0;
		HnswCandidate found[K];

		for (int j = 0; j < DIM; j++)
			query[j] = data[q * 17][j] + 0.2f * noise();
		for (int i = 0; i < ROWS; i++)
		{
			float d = vector_distance_for(metric)(query, data[i], DIM);
			int at = n;

			for (; at > 0 && best[at - 1] > d; at--)
				best[at] = best[at - 1];
			best[at] = d;
			n = Min(n + 1, K);
		}
		n = HnswGraphSearch(b, query, ef, K, found);
		for (int i = 0; i < n; i++)
		{
			CU_ASSERT(i == 0 || found[i - 1].distance <= found[i].distance);
			hits += found[i].distance <= best[K - 1] + 1e-6f;
		}
	}
	return (double) hits / (QUERIES * K);
}

static void
test_build(void)
{
	for (int metric = 0; metric < VECTOR_NMETRICS; metric++)
	{
		HnswGraph *g = make_graph(size_for(ROWS), metric);
		HnswBuilder *b = HnswBuilderCreate(g, &support);
		long tids = 0;

		for (int i = 0; i < ROWS; i++)
			CU_ASSERT(insert_row(b, i, data[i]) == HNSW_INSERTED);
		for (uint32 id = 0; id < (uint32) pg_atomic_read_u64(&g->cursor); id++)
			tids += HnswGraphElement(g, id)->ntids;
		CU_ASSERT_EQUAL(tids, ROWS);
		check_lists(b);

		/* no more than a graph of this size and density must give */
		CU_ASSERT(recall(b, metric, 200) >=
		          (metric == VECTOR_METRIC_NEGATIVE_IP ? 0.90 : 0.97));
	}
}

/* Full is found before anything is linked, and stays so. */
static void
test_full(void)
{
	for (Size size = 0; size < sizeof(HnswGraph) + 40000; size += 3333)
	{
		HnswGraph *g = make_graph(size, VECTOR_METRIC_L2_SQUARED);
		HnswBuilder *b = HnswBuilderCreate(g, &support);
		int n = 0;

		while (n < ROWS && insert_row(b, n, data[n]) == HNSW_INSERTED)
			n++;
		CU_ASSERT(n < ROWS);
		CU_ASSERT((Size) n * g->stride <= size);
		for (int i = 0; i < 200; i++)
			(void) insert_row(b, n + i, data[n + i]);
		check_lists(b);
	}
}

/*
 * Equal values share an element once lists are full: the first is filled up to
 * ten.  Which of several equal elements the next value meets is chance.
 */
static void
test_duplicates(void)
{
	HnswGraph *g = make_graph(size_for(2000), VECTOR_METRIC_L2_SQUARED);
	HnswBuilder *b = HnswBuilderCreate(g, &support);
	int merged = 0;
	int tids = 0;

	for (int i = 0; i < 1000; i++)
		(void) insert_row(b, i, data[i]);
	for (int i = 0; i < 25; i++)
		merged += insert_row(b, 1000 + i, data[7]) == HNSW_MERGED;
	CU_ASSERT(merged >= 9);
	for (uint32 id = 0; id < (uint32) pg_atomic_read_u64(&g->cursor); id++)
	{
		CU_ASSERT(HnswGraphElement(g, id)->ntids <= HNSW_GRAPH_HEAPTIDS);
		tids += HnswGraphElement(g, id)->ntids;
	}
	CU_ASSERT_EQUAL(tids, 1025);
	check_lists(b);
}

/*
 * A graph that was full is packed: it has what it had, takes more, and finds as
 * well; the values are in a file if there are codes.
 */
static void
test_pack(void)
{
	for (int metric = 0; metric < VECTOR_NMETRICS; metric++)
	{
		char path[] = "/tmp/tusk-test-values-XXXXXX";
		int file = mkstemp(path);
		HnswGraph *g = make_graph(size_for(ROWS) * 6 / 10, metric);
		HnswBuilder *b = HnswBuilderCreate(g, &support);
		HnswBuilder *other = HnswBuilderCreate(g, &support);
		int n = 0;
		int tids = 0;

		strlcpy(g->values_path, path, sizeof(g->values_path));
		CU_ASSERT(!HnswGraphPack(b));
		g->may_pack = true;
		while (n < ROWS &&
		       insert_row(n % 2 ? b : other, n, data[n]) != HNSW_FULL)
			n++;
		CU_ASSERT(n < ROWS);
		CU_ASSERT(HnswGraphPack(b));
		CU_ASSERT(!HnswGraphPack(b));
		CU_ASSERT_EQUAL(g->values_out, support.encode != NULL);
		HnswBuilderCatchUp(other);
		for (int i = 0; i < n; i++)
			CU_ASSERT(memcmp(make_value(data[i]), find_value(b, i),
			                 VECTOR_SIZE(DIM)) == 0);
		while (n < ROWS &&
		       insert_row(n % 2 ? b : other, n, data[n]) != HNSW_FULL)
			n++;
		CU_ASSERT_EQUAL(n, ROWS);
		for (int i = 0; i < 25; i++)
			CU_ASSERT(insert_row(b, ROWS + i, data[7]) != HNSW_FULL);
		for (uint32 id = 0; id < (uint32) pg_atomic_read_u64(&g->cursor); id++)
			tids += HnswGraphElement(g, id)->ntids;
		CU_ASSERT_EQUAL(tids, ROWS + 25);
		check_lists(b);
		(void) HnswGraphConnect(b);
		check_lists(b);
		CU_ASSERT(recall(b, metric, 200) >=
		          (metric == VECTOR_METRIC_NEGATIVE_IP ? 0.90 : 0.97));
		HnswBuilderClose(b);
		HnswBuilderClose(other);
		CU_ASSERT(close(file) == 0 && unlink(path) == 0);
	}
}

/* How many elements a walk over layer 0 from the entry point meets. */
static int
count_reached(HnswGraph *g)
{
	uint32 used = (uint32) pg_atomic_read_u64(&g->cursor);
	bool *met = palloc0(used);
	uint32 *queue = palloc(used * sizeof(uint32));
	uint32 head = 0;
	uint32 tail = 0;

	queue[tail++] = (uint32) pg_atomic_read_u64(&g->entry);
	met[queue[0]] = true;
	while (head < tail)
	{
		HnswList *list =
			HnswElementList(g, HnswGraphElement(g, queue[head++]), 0);

		for (int i = 0; i < list->length; i++)
		{
			if (!met[list->ids[i]])
				queue[tail++] = list->ids[i];
			met[list->ids[i]] = true;
		}
	}
	return (int) tail;
}

/* From how many elements a way on layer 0 leads to the entry point. */
static int
count_back(HnswGraph *g)
{
	uint32 used = (uint32) pg_atomic_read_u64(&g->cursor);
	bool *back = palloc0(used);
	int n = 1;
	int before = 0;

	back[(uint32) pg_atomic_read_u64(&g->entry)] = true;
	while (n > before)
	{
		before = n;
		for (uint32 id = 0; id < used; id++)
		{
			HnswElement e = HnswGraphElement(g, id);
			HnswList *list;

			if (back[id] || e->ntids == 0)
				continue;
			list = HnswElementList(g, e, 0);
			for (int i = 0; i < list->length && !back[id]; i++)
				back[id] = back[list->ids[i]];
			n += back[id];
		}
	}
	return n;
}

/*
 * Points of a line, by turns from clumps far apart, as several participants
 * would bring them: the clumps lose each other.  In the end each point reaches
 * each.
 */
static void
test_connect(int clumps, VectorMetric metric)
{
	HnswGraph *g = make_graph(size_for(ROWS), metric);
	HnswBuilder *b = HnswBuilderCreate(g, &support);
	int before;
	int back;

	CU_ASSERT_EQUAL(HnswGraphConnect(b), 0);
	for (int i = 0; i < 2000; i++)
	{
		float x[DIM] = {(float) (i % clumps * 2000 + i / clumps + 1), 1};

		CU_ASSERT(insert_row(b, i, x) == HNSW_INSERTED);
	}
	before = count_reached(g);
	back = count_back(g);
	CU_ASSERT(clumps <= 3 || before < 2000);
	/* a link back may take away the last one to another element */
	CU_ASSERT(HnswGraphConnect(b) <= (uint32) (4000 - before - back));
	CU_ASSERT_EQUAL(count_reached(g), 2000);
	CU_ASSERT_EQUAL(count_back(g), 2000);
	CU_ASSERT_EQUAL(HnswGraphConnect(b), 0);
	check_lists(b);
}

/* Of the elements from..to, the links that lead to others go. */
static void
cut_ways_out(HnswGraph *g, uint32 from, uint32 to)
{
	for (uint32 id = from; id <= to; id++)
	{
		HnswList *list = HnswElementList(g, HnswGraphElement(g, id), 0);
		float *distances = HnswListDistances(g, list, 0);
		int n = 0;

		for (int i = 0; i < list->length; i++)
		{
			if (list->ids[i] < from || list->ids[i] > to)
				continue;
			distances[n] = distances[i];
			list->ids[n++] = list->ids[i];
		}
		list->length = n;
		list->closer_set = false;
	}
}

/* Three parts of a line out of which no way leads: each gets one. */
static void
test_ways_out(void)
{
	HnswGraph *g = make_graph(size_for(ROWS), VECTOR_METRIC_L2_SQUARED);
	HnswBuilder *b = HnswBuilderCreate(g, &support);
	uint32 first[] = {100, 900, 1500};
	int cut = 0;

	for (int i = 0; i < 2000; i++)
	{
		float x[DIM] = {(float) i, 1};

		CU_ASSERT(insert_row(b, i, x) == HNSW_INSERTED);
	}
	for (int i = 0; i < 3; i++)
	{
		uint32 entry = (uint32) pg_atomic_read_u64(&g->entry);

		cut_ways_out(g, first[i], first[i] + 200);
		if (entry < first[i] || entry > first[i] + 200)
			cut += 201;
	}
	CU_ASSERT(count_back(g) <= 2000 - cut);
	CU_ASSERT(HnswGraphConnect(b) >= (uint32) (cut / 201));
	CU_ASSERT_EQUAL(count_reached(g), 2000);
	CU_ASSERT_EQUAL(count_back(g), 2000);
	CU_ASSERT_EQUAL(HnswGraphConnect(b), 0);
	check_lists(b);
}

static void
test_connects(void)
{
	for (int clumps = 1; clumps <= 5; clumps++)
		test_connect(clumps, VECTOR_METRIC_L2_SQUARED);
	test_connect(3, VECTOR_METRIC_NEGATIVE_IP);
}

/* The worked choices of neighbours: one dimension, the new point at 0. */
static void
check_choice(const float *x, int n, int lm, const float *want)
{
	HnswCandidate candidates[8];
	HnswCandidate out[8];
	const void *points[8];
	VectorSupport line;

	VectorSupportInit(&line, &vector_type_info, vector_l2_squared_distance,
	                  NULL, 1);
	for (int i = 0; i < n; i++)
	{
		candidates[i].id = (uint32) i;
		candidates[i].distance = x[i] * x[i];
		points[i] = &x[i];
	}
	CU_ASSERT_EQUAL(HnswSelectNeighbors(&line, candidates, points, n, lm, out),
	                Min(n, lm));
	for (int i = 0; i < Min(n, lm); i++)
		CU_ASSERT_EQUAL(x[out[i].id], want[i]);
}

static void
test_choice(void)
{
	check_choice((float[]){1, -1.5, 2}, 3, 2, (float[]){1, -1.5});
	check_choice((float[]){1, 2, 4}, 3, 2, (float[]){1, 2});
	check_choice((float[]){1, 1.1, -1.2}, 3, 2, (float[]){1, -1.2});
	/* few are taken as they are, furthest first */
	check_choice((float[]){1, 2}, 2, 2, (float[]){2, 1});
}

int
main(void)
{
	CU_pSuite suite;

	MemoryContextInit();
	InitFileAccess();
	vector_kernels_init();
	make_data();
	CU_initialize_registry();
	suite = CU_add_suite("hnsw graph", NULL, NULL);
	CU_add_test(suite, "build", test_build);
	CU_add_test(suite, "full", test_full);
	CU_add_test(suite, "duplicates", test_duplicates);
	CU_add_test(suite, "connect", test_connects);
	CU_add_test(suite, "ways out", test_ways_out);
	CU_add_test(suite, "choice", test_choice);
	CU_add_test(suite, "pack", test_pack);
	return unit_run();
}
