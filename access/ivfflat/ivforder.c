/*
 * ivforder.c
 *	  The order of distances, of which only the beginning is asked for.
 *
 * Who wants ten rows of thousands does not pay for sorting all: some are
 * selected, the nearest, in one pass that passes by nearly all others after one
 * comparison, and handed out from a heap.  When they have gone, the next ones
 * are selected, each time some times as many, so that who wants all has the
 * work of a sort.
 *
 * The order is that of the distances, NaN last, and of equal ones that of their
 * positions: a key has both, so that no two are equal.
 */
#include "postgres.h"

#include <math.h>

#include "access/ivfflat.h"
#include "utils/memutils.h"

/* how many times as many the next selection takes */
#define GROWTH 8

/* how many times as many as are wanted have room: the less often are they cut */
#define SPARE 4

void
IvfflatOrderBegin(IvfflatOrder *order, const float *distances, int n, int want,
                  MemoryContext context)
{
	Assert(want > 0);
	order->distances = distances;
	order->n = n;
	order->want = want;
	order->context = context;
	order->floor = 0;
	order->floor_distance = -INFINITY;
	order->left = n;
	order->nkeys = 0;
	if (order->keys == NULL)
		order->room = 0;
}

/* The want smallest come to the front (Hoare's selection). */
static void
SelectSmallest(uint64 *keys, int n, int want)
{
	int low = 0;
	int high = n - 1;

	while (low < high)
	{
		uint64 pivot = keys[low + (high - low) / 2];
		int i = low;
		int j = high;

		while (i <= j)
		{
			while (keys[i] < pivot)
				i++;
			while (keys[j] > pivot)
				j--;
			if (i <= j)
			{
				uint64 key = keys[i];

				keys[i++] = keys[j];
				keys[j--] = key;
			}
		}
		if (want - 1 <= j)
			high = j;
		else if (want - 1 >= i)
			low = i;
		else
			break;
	}
}

static uint64
LargestKey(const uint64 *keys, int n)
{
	uint64 largest = keys[0];

	for (int i = 1; i < n; i++)
		largest = Max(largest, keys[i]);
	return largest;
}

void
IvfflatSiftDown(uint64 *keys, int n, int i)
{
	uint64 key = keys[i];

	for (;;)
	{
		int j = 2 * i + 1;

		if (j >= n)
			break;
		if (j + 1 < n && keys[j + 1] < keys[j])
			j++;
		if (key <= keys[j])
			break;
		keys[i] = keys[j];
		i = j;
	}
	keys[i] = key;
}

/* Room for some times as many as are wanted, or for all that are left. */
static void
MakeRoom(IvfflatOrder *order)
{
	int room = order->left;

	if (order->want < order->left / SPARE)
		room = SPARE * order->want;
	if (room <= order->room)
		return;
	if (order->keys != NULL)
		pfree(order->keys);
	order->keys = NULL;
	order->room = 0;
	order->keys =
		MemoryContextAllocHuge(order->context, (Size) room * sizeof(uint64));
	order->room = room;
}

/*
 * The next ones, at least want or all that are left.  Whenever there is no room
 * for one more, what is beyond the want smallest goes, and so does all that
 * comes later and is not below them.
 */
static void
SelectNext(IvfflatOrder *order)
{
	const float *distances = order->distances;
	float floor_distance = order->floor_distance;
	float limit_distance = INFINITY;
	uint64 limit = PG_UINT64_MAX;
	uint64 *keys;
	int nkeys = 0;

	MakeRoom(order);
	keys = order->keys;
	for (int i = 0; i < order->n; i++)
	{
		uint64 key;

		/* neither holds for NaN */
		if (distances[i] > limit_distance || distances[i] < floor_distance)
			continue;
		key = IvfflatOrderKey(distances[i], (uint32) i);
		if (key >= limit || key < order->floor)
			continue;
		if (nkeys == order->room)
		{
			SelectSmallest(keys, nkeys, order->want);
			nkeys = order->want;
			limit = LargestKey(keys, nkeys);
			limit_distance = distances[(uint32) limit];
			if (key >= limit)
				continue;
		}
		keys[nkeys++] = key;
	}
	/* in keys is all from the old floor up to this one */
	Assert(nkeys <= order->left);
	order->floor = limit == PG_UINT64_MAX ? limit : limit + 1;
	order->floor_distance = limit_distance;
	order->nkeys = nkeys;
	order->want = order->want < order->n / GROWTH ? order->want * GROWTH
	                                              : Max(order->n, 1);
	for (int i = nkeys / 2 - 1; i >= 0; i--)
		IvfflatSiftDown(keys, nkeys, i);
}

uint64
IvfflatOrderPeek(IvfflatOrder *order)
{
	if (order->left == 0)
		return PG_UINT64_MAX;
	if (order->nkeys == 0)
		SelectNext(order);
	Assert(order->nkeys > 0);
	return order->keys[0];
}

int
IvfflatOrderNext(IvfflatOrder *order)
{
	uint64 key = IvfflatOrderPeek(order);

	if (key == PG_UINT64_MAX)
		return -1;
	order->keys[0] = order->keys[--order->nkeys];
	if (order->nkeys > 0)
		IvfflatSiftDown(order->keys, order->nkeys, 0);
	order->left--;
	return (int) (uint32) key;
}

void
IvfflatOrderEnd(IvfflatOrder *order)
{
	if (order->keys != NULL)
		pfree(order->keys);
	order->keys = NULL;
}
