/*
 * test_ivforder.c
 *		The lazy order of distances.  Story: thousands of distances, equal ones,
 *		infinite ones and ones that are no numbers among them, are handed out one
 *		by one; what comes must be what a full sort by distance and position
 *		gives, wherever a selection ends and the next begins, and again when the
 *		same state is used for other distances.  The danger: a position that falls
 *		between two selections, or comes twice.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <math.h>

#include "access/ivfflat.h"
#include "common/pg_prng.h"
#include "unit.h"
#include "utils/memutils.h"

#define MOST 20000

typedef enum Pattern
{
	RANDOM,
	FEW_VALUES,
	EQUAL,
	ASCENDING,
	DESCENDING,
	ODD, /* zeros of both signs, infinities, NaN of both signs */
	NPATTERNS
} Pattern;

static float distances[MOST];
static uint32 expected[MOST];
static pg_prng_state prng;

static float
make_distance(Pattern pattern, int i, int n)
{
	static const float odd[] = {0.0f, -0.0f, INFINITY, NAN, -INFINITY, 1.0f};

	switch (pattern)
	{
		case RANDOM:
			return (float) (pg_prng_double(&prng) - 0.3);
		case FEW_VALUES:
			return (float) (pg_prng_uint64(&prng) % 5);
		case EQUAL:
			return 2.5f;
		case ASCENDING:
			return (float) i;
		case DESCENDING:
			return (float) (n - i);
		default:
		{
			float value = odd[pg_prng_uint64(&prng) % lengthof(odd)];

			return pg_prng_uint64(&prng) % 2 ? -value : value;
		}
	}
}

/* By the values themselves, not by keys. */
static int
compare(const void *a, const void *b)
{
	uint32 i = *(const uint32 *) a, j = *(const uint32 *) b;
	float x = distances[i], y = distances[j];

	if (isnan(x) != isnan(y))
		return isnan(x) ? 1 : -1;
	if (!isnan(x) && x != y)
		return x < y ? -1 : 1;
	return i < j ? -1 : i > j;
}

static void
prepare(Pattern pattern, int n)
{
	for (int i = 0; i < n; i++)
	{
		distances[i] = make_distance(pattern, i, n);
		expected[i] = (uint32) i;
	}
	qsort(expected, (size_t) n, sizeof(uint32), compare);
}

/* asked: how many are handed out. */
static void
check_order(IvfflatOrder *order, int n, int want, int asked)
{
	int bad = 0;

	IvfflatOrderBegin(order, distances, n, want, CurrentMemoryContext);
	for (int i = 0; i < asked; i++)
		bad += IvfflatOrderNext(order) != (int) expected[i];
	CU_ASSERT_EQUAL(bad, 0);
	if (asked < n)
		return;
	CU_ASSERT_EQUAL(IvfflatOrderNext(order), -1);
	CU_ASSERT_EQUAL(IvfflatOrderNext(order), -1);
}

static void
test_order(void)
{
	static const int sizes[] = {0,  1,  2,  3,   15,  16,   17,
	                            31, 32, 33, 127, 500, 4096, MOST};
	static const int wants[] = {1, 2, 16, 100, MOST};
	IvfflatOrder order = {0};

	pg_prng_seed(&prng, 6);
	for (int s = 0; s < (int) lengthof(sizes); s++)
	{
		for (int pattern = 0; pattern < NPATTERNS; pattern++)
		{
			int n = sizes[s];

			prepare((Pattern) pattern, n);
			for (int w = 0; w < (int) lengthof(wants); w++)
			{
				check_order(&order, n, wants[w], n);
				check_order(&order, n, wants[w], Min(n, 10));
			}
		}
	}
	IvfflatOrderEnd(&order);
}

int
main(void)
{
	CU_pSuite suite;

	MemoryContextInit();
	CU_initialize_registry();
	suite = CU_add_suite("ivforder", NULL, NULL);
	CU_add_test(suite, "order", test_order);

	return unit_run();
}
