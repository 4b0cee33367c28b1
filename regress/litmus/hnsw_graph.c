/*
 * hnsw_graph.c
 *		Litmus tests of inserts into the hnsw graph in memory.
 *
 * The dangers: an element that is the entry point, or in a list, before its own
 * lists are there: who comes to it then finds nothing behind it, and links to
 * it alone; two that raise the entry point at once, each for itself; the first
 * two of an empty graph that do not find each other; a list that is seen or
 * changed half-way; an equal row that is lost, or there twice.  The lists have
 * room for all, so nothing is ever given up, and what each must have is known.
 */
#include "litmus.h"

#include <sys/wait.h>
#include <unistd.h>

#include "../unit/unit.h"
#include "access/hnsw_graph.h"
#include "access/vector.h"
#include "access/vector_kernels.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "utils/memutils.h"

#define DIM 2
#define M 2 /* lists of layer 0 have room for four */
#define EF_CONSTRUCTION 8
#define MAX_LEVEL 3
#define NOLD 2
#define MAX_ROWS (NOLD + 3)
#define ARENA_SIZE (64 * 1024)

/* A row has its number in its TID; all are far enough apart to be told apart. */
static const float points[MAX_ROWS][DIM] = {
	{0, 0}, {10, 1}, {4, 30}, {5, -7}, {20, 22}};

typedef struct State
{
	int nold;                /* rows that were there before */
	int levels[3];           /* of those that the participants insert */
	uint64 seeds[MAX_LEVEL]; /* that give a first element of that level */
	bool equal;              /* all participants insert the same value */
} State;

static State *state;
static VectorSupport support;
static char *arena;  /* of the run */
static char *with_0; /* without rows, and with the old ones */
static char *with_old;

/* ---- inserting ---- */

static void
insert(int row, const float *point, uint64 seed)
{
	MemoryContext context = AllocSetContextCreate(
		TopMemoryContext, "litmus hnsw", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	HnswBuilder *b = HnswBuilderCreate((HnswGraph *) arena, &support);
	Vector *v = palloc0(VECTOR_SIZE(DIM));
	ItemPointerData tid;

	SET_VARSIZE(v, VECTOR_SIZE(DIM));
	v->dim = DIM;
	memcpy(v->x, point, DIM * sizeof(float));
	ItemPointerSet(&tid, (BlockNumber) row, 1);
	pg_prng_seed(&pg_global_prng_state, seed);
	litmus_check(HnswGraphInsert(b, v, &tid) != HNSW_FULL);
	HnswBuilderClose(b);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

static void
body(int me)
{
	insert(NOLD + me, points[NOLD + (state->equal ? 0 : me)],
	       state->seeds[state->levels[me]]);
}

/* ---- what must be there ---- */

static int
row_of(const HnswGraph *g, uint32 id)
{
	return (int) ItemPointerGetBlockNumber(&HnswGraphElement(g, id)->tid);
}

static bool
has(const HnswGraph *g, uint32 id, int lc, uint32 other)
{
	HnswList *list = HnswElementList(g, HnswGraphElement(g, id), lc);

	for (int i = 0; i < list->length; i++)
	{
		if (list->ids[i] == other)
			return true;
	}
	return false;
}

/*
 * Must the one have a link to the other on that layer?  Old rows with all, both
 * ways.  Of two new ones the entry lock lets one raise the entry point after the
 * other; but of two on the same layers the one may pass the other unseen.
 */
static bool
must_have(const HnswGraph *g, uint32 id, uint32 other, int lc)
{
	int one = row_of(g, id) - NOLD;
	int two = row_of(g, other) - NOLD;
	int old_level = state->nold > 0 ? 0 : -1;

	if (HnswGraphElement(g, other)->level < lc)
		return false;
	if (one < 0 || two < 0)
		return true;
	return Min(state->levels[one], state->levels[two]) > old_level;
}

static void
check_element(const HnswGraph *g, uint32 id, uint32 used)
{
	HnswElement e = HnswGraphElement(g, id);

	litmus_check(pg_atomic_read_u32(&e->version) % 2 == 0);
	for (int lc = 0; lc <= e->level; lc++)
	{
		HnswList *list = HnswElementList(g, e, lc);

		for (int i = 0; i < list->length; i++)
			litmus_check(list->ids[i] < used && list->ids[i] != id &&
			             HnswGraphElement(g, list->ids[i])->ntids > 0);
		for (uint32 other = 0; other < used; other++)
		{
			if (other != id && HnswGraphElement(g, other)->ntids > 0 &&
			    must_have(g, id, other, lc))
				litmus_check(has(g, id, lc, other));
		}
	}
}

static int
rows_of(const HnswGraph *g, uint32 used, int *highest)
{
	int rows = 0;

	*highest = -1;
	for (uint32 id = 0; id < used; id++)
	{
		HnswElement e = HnswGraphElement(g, id);

		rows += e->ntids;
		if (e->ntids > 0)
			*highest = Max(*highest, e->level);
	}
	return rows;
}

static void
check_of(int participants)
{
	HnswGraph *g = (HnswGraph *) arena;
	uint32 used = (uint32) pg_atomic_read_u64(&g->cursor);
	uint64 entry = pg_atomic_read_u64(&g->entry);
	int highest;

	litmus_check(rows_of(g, used, &highest) == state->nold + participants);
	litmus_check((int) (entry >> 32) - 1 == highest);
	litmus_check(HnswGraphElement(g, (uint32) entry)->ntids > 0);
	litmus_check(HnswGraphElement(g, (uint32) entry)->level == highest);
	for (uint32 id = 0; id < used; id++)
	{
		if (HnswGraphElement(g, id)->ntids > 0)
			check_element(g, id, used);
	}
}

static void
check_two(void)
{
	check_of(2);
}

static void
check_three(void)
{
	check_of(3);
}

/* ---- where a run begins ---- */

static void
begin(bool old, bool equal, int first, int second, int third)
{
	memcpy(arena, old ? with_old : with_0, ARENA_SIZE);
	state->nold = old ? NOLD : 0;
	state->equal = equal;
	state->levels[0] = first;
	state->levels[1] = second;
	state->levels[2] = third;
}

/* One raises the entry point, the others do not: it must serve them at once. */
static void
init_raise(void)
{
	begin(true, false, 1, 0, 0);
}

static void
init_both_raise(void)
{
	begin(true, false, 1, 2, 0);
}

static void
init_empty(void)
{
	begin(false, false, 0, 1, 0);
}

/* Neither may be the entry point if it was merged into the other. */
static void
init_equal(void)
{
	begin(true, true, 1, 1, 0);
}

static const LitmusTest tests[] = {
	{"hnsw-entry-raised", 2, 2, init_raise, body, check_two},
	{"hnsw-both-raise", 2, 2, init_both_raise, body, check_two},
	{"hnsw-empty", 2, 2, init_empty, body, check_two},
	{"hnsw-equal", 2, 2, init_equal, body, check_two},
	{"hnsw-three", 3, 1, init_raise, body, check_three},
};

/* ---- the beginning ---- */

static uint64
seed_for(int level)
{
	for (uint64 seed = 1;; seed++)
	{
		pg_prng_seed(&pg_global_prng_state, seed);
		if (HnswRandomLevel(M, MAX_LEVEL) == level)
			return seed;
	}
}

/* Locks are taken, which is for a process with a PGPROC. */
static bool
insert_old(void)
{
	int status;

	if (fork() == 0)
	{
		unit_become_process();
		for (int row = 0; row < NOLD; row++)
			insert(row, points[row], state->seeds[0]);
		proc_exit(0);
	}
	return wait(&status) > 0 && status == 0;
}

int
main(int argc, char **argv)
{
	unit_make_lock_memory(NULL);
	vector_kernels_init();
	VectorSupportInit(&support, &vector_type_info, vector_l2_squared_distance,
	                  NULL, DIM);
	state = unit_share(sizeof(*state));
	arena = unit_share(ARENA_SIZE);
	with_0 = unit_share(ARENA_SIZE);
	with_old = unit_share(ARENA_SIZE);
	for (int level = 0; level < MAX_LEVEL; level++)
		state->seeds[level] = seed_for(level);
	HnswGraphInit(arena, ARENA_SIZE, M, EF_CONSTRUCTION, MAX_LEVEL, &support,
	              true, LWTRANCHE_HNSW_BUILD);
	memcpy(with_0, arena, ARENA_SIZE);
	if (!insert_old())
		return 2;
	memcpy(with_old, arena, ARENA_SIZE);
	return litmus_main(argc, argv, tests, lengthof(tests));
}
