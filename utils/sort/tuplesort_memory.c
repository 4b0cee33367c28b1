/*
 * tuplesort_memory.c
 *		Order in memory: quicksort and radix sort, and the heap of a bounded sort.
 *
 * What is sorted is an array of 16-byte entries: a number and where the rest
 * is.  Nearly all comparisons are of two numbers and need no other memory.
 *
 * Quicksort goes on until what is left fits into a scratch array that stays in
 * the processor's cache.  There two passes by digits of the number, from the
 * highest bit on in which entries differ, put nearly all at their places, for
 * less than the comparisons of quicksort would take; entries that have these
 * digits in common are sorted by comparing.  The scratch array is a small part
 * of the memory, where sorting everything by digits would take half of it.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "tuplesort_internal.h"

/* partitions up to this size are sorted by insertion */
#define INSERTION_SORT_SIZE 12
/* from this size on the pivot is the median of three medians */
#define NINTHER_SIZE 128
/* how many comparisons between two looks for interrupts, about */
#define INTERRUPT_INTERVAL 8192
/* and how many keys are compared with a pivot */
#define KEYS_AT_ONCE (1024 * 1024)
/* sorting by digits: of so many bits, and from this size on */
#define RADIX_BITS 8
#define RADIX (1 << RADIX_BITS)
#define MIN_RADIX_SIZE 512

static inline void
swap_tuples(SortTuple *a, SortTuple *b)
{
	SortTuple t = *a;

	*a = *b;
	*b = t;
}

static SortTuple *
median_of_3(SortTuple *a, SortTuple *b, SortTuple *c, Tuplesortstate *state)
{
	if (tuplesort_compare(a, b, state) < 0)
		return tuplesort_compare(b, c, state) < 0   ? b
		       : tuplesort_compare(a, c, state) < 0 ? c
		                                            : a;
	return tuplesort_compare(b, c, state) > 0   ? b
	       : tuplesort_compare(a, c, state) < 0 ? a
	                                            : c;
}

static SortTuple *
choose_pivot(SortTuple *a, int n, Tuplesortstate *state)
{
	SortTuple *mid = &a[n / 2];
	int d = n / 8;

	if (n < NINTHER_SIZE)
		return median_of_3(&a[0], mid, &a[n - 1], state);
	return median_of_3(
		median_of_3(&a[0], &a[d], &a[2 * d], state),
		median_of_3(mid - d, mid, mid + d, state),
		median_of_3(&a[n - 1 - 2 * d], &a[n - 1 - d], &a[n - 1], state), state);
}

static void
insertion_sort(SortTuple *a, int n, Tuplesortstate *state)
{
	for (int i = 1; i < n; i++)
	{
		SortTuple t = a[i];
		int j = i;

		for (; j > 0 && tuplesort_compare(&a[j - 1], &t, state) > 0; j--)
			a[j] = a[j - 1];
		a[j] = t;
	}
}

static bool
is_sorted(const SortTuple *a, int n, Tuplesortstate *state)
{
	for (int i = 1; i < n; i++)
	{
		if (i % INTERRUPT_INTERVAL == 0)
			CHECK_FOR_INTERRUPTS();
		if (tuplesort_compare(&a[i - 1], &a[i], state) > 0)
			return false;
	}
	return true;
}

/*
 * What is less than the pivot to the left, by numbers alone: no branch depends
 * on the data, so nothing is mispredicted.  Where numbers are equal the rest
 * decides, which is rare here: partition_3 is for many of them.
 */
static int
partition_by_key(SortTuple *a, int n, uint64 pivot)
{
	int less = 0;
	int i = 0;

	while (i < n)
	{
		int end = Min(n - i, KEYS_AT_ONCE) + i;

		CHECK_FOR_INTERRUPTS();
		for (; i < end; i++)
		{
			SortTuple t = a[i];
			bool is_less = t.key < pivot;

			a[i] = a[less];
			a[less] = t;
			less += is_less;
		}
	}
	return less;
}

/* [0,lt) less, [lt,gt) equal, [gt,n) greater */
static void
partition_3(SortTuple *a, int n, SortTuple pivot, int *lt_out, int *gt_out,
            Tuplesortstate *state)
{
	int lt = 0;
	int gt = n;
	int i = 0;

	/* in each round one is put where it belongs, from either end */
	for (int round = 1; i < gt; round++)
	{
		int cmp = tuplesort_compare(&a[i], &pivot, state);

		if (cmp < 0)
			swap_tuples(&a[lt++], &a[i++]);
		else if (cmp > 0)
			swap_tuples(&a[i], &a[--gt]);
		else
			i++;
		if (round % INTERRUPT_INTERVAL == 0)
			CHECK_FOR_INTERRUPTS();
	}
	*lt_out = lt;
	*gt_out = gt;
}

/* One step of quicksort: [0,lt) and [gt,n) are left to be sorted. */
static void
partition(SortTuple *a, int n, int *lt_out, int *gt_out, Tuplesortstate *state)
{
	SortTuple pivot = *choose_pivot(a, n, state);
	int lt = partition_by_key(a, n, pivot.key);

	*lt_out = *gt_out = lt;
	if (lt >= n / 8)
		return;
	partition_3(a + lt, n - lt, pivot, lt_out, gt_out, state);
	*lt_out += lt;
	*gt_out += lt;
}

/*
 * The larger part is done by the loop, so that the recursion is never deep.
 * Many equal keys cost nothing: when few are less than the pivot it is tried
 * in three ways.
 */
static void
qsort_tuples(SortTuple *a, int n, Tuplesortstate *state)
{
	while (n > INSERTION_SORT_SIZE)
	{
		int lt;
		int gt;

		partition(a, n, &lt, &gt, state);
		if (lt < n - gt)
		{
			qsort_tuples(a, lt, state);
			a += gt;
			n -= gt;
		}
		else
		{
			qsort_tuples(a + gt, n - gt, state);
			n = lt;
		}
	}
	insertion_sort(a, n, state);
}

/* ---- by digits ---- */

/* The highest bit in which numbers differ, and the bits below; 0: none does. */
static int
differing_bits(const SortTuple *a, int n)
{
	uint64 differs = 0;

	for (int i = 1; i < n; i++)
		differs |= a[i].key ^ a[0].key;
	return differs == 0 ? 0 : 64 - __builtin_clzll(differs);
}

static inline int
digit(const SortTuple *tuple, int shift)
{
	return (int) (tuple->key >> shift & (RADIX - 1));
}

static void
distribute(const SortTuple *from, SortTuple *to, int n, int shift,
           int counts[RADIX])
{
	int place = 0;

	for (int i = 0; i < RADIX; i++)
	{
		int count = counts[i];

		counts[i] = place;
		place += count;
	}
	for (int i = 0; i < n; i++)
		to[counts[digit(&from[i], shift)]++] = from[i];
}

/* What has the same two digits is sorted by all of it. */
static void
sort_equal_digits(SortTuple *a, int n, int shift, Tuplesortstate *state)
{
	int start = 0;

	for (int i = 1; i <= n; i++)
	{
		if (i < n && a[i].key >> shift == a[start].key >> shift)
			continue;
		if (i - start > 1)
			qsort_tuples(a + start, i - start, state);
		start = i;
	}
}

/*
 * Two passes, through the scratch array and back, by the two highest digits in
 * which the numbers differ.  Few are left that have both in common if numbers
 * are spread evenly; if not, quicksort does its work.
 */
static void
radix_sort(SortTuple *a, int n, int bits, Tuplesortstate *state)
{
	int shift = Max(bits - 2 * RADIX_BITS, 0);
	int low[RADIX] = {0};
	int high[RADIX] = {0};

	for (int i = 0; i < n; i++)
	{
		low[digit(&a[i], shift)]++;
		high[digit(&a[i], shift + RADIX_BITS)]++;
	}
	distribute(a, state->scratch, n, shift, low);
	distribute(state->scratch, a, n, shift + RADIX_BITS, high);
	sort_equal_digits(a, n, shift, state);
}

/* Quicksort until the rest is small enough for the scratch array. */
static void
sort_tuples(SortTuple *a, int n, Tuplesortstate *state)
{
	while (n >= MIN_RADIX_SIZE)
	{
		int lt;
		int gt;

		if (n <= state->scratchsize)
		{
			int bits = differing_bits(a, n);

			CHECK_FOR_INTERRUPTS();
			if (bits == 0)
				break;
			radix_sort(a, n, bits, state);
			return;
		}
		partition(a, n, &lt, &gt, state);
		if (lt < n - gt)
		{
			sort_tuples(a, lt, state);
			a += gt;
			n -= gt;
		}
		else
		{
			sort_tuples(a + gt, n - gt, state);
			n = lt;
		}
	}
	qsort_tuples(a, n, state);
}

void
tuplesort_sort_memtuples(Tuplesortstate *state)
{
	int n = state->memtupcount;

	if (is_sorted(state->memtuples, n, state))
		return;
	if (n >= MIN_RADIX_SIZE)
	{
		int size = Min(n, state->scratchsize);

		state->scratch = MemoryContextAlloc(state->maincontext,
		                                    Max(size, 1) * sizeof(SortTuple));
	}
	sort_tuples(state->memtuples, n, state);
	if (state->scratch != NULL)
		pfree(state->scratch);
	state->scratch = NULL;
}

/* ---- the heap: its first by direction is on top ---- */

static inline int
compare_in_heap(const SortTuple *a, const SortTuple *b, Tuplesortstate *state)
{
	return tuplesort_compare(a, b, state) * state->direction;
}

void
tuplesort_heap_insert(Tuplesortstate *state, const SortTuple *tuple)
{
	SortTuple *a = state->memtuples;
	int j = state->memtupcount++;

	Assert(state->memtupcount <= state->memtupsize);
	while (j > 0)
	{
		int i = (j - 1) >> 1;

		if (compare_in_heap(tuple, &a[i], state) >= 0)
			break;
		a[j] = a[i];
		j = i;
	}
	a[j] = *tuple;
}

void
tuplesort_heap_replace_top(Tuplesortstate *state, const SortTuple *tuple)
{
	SortTuple *a = state->memtuples;
	SortTuple t = *tuple; /* may lie in the array */
	int n = state->memtupcount;
	int i = 0;

	for (;;)
	{
		int j = 2 * i + 1;

		if (j >= n)
			break;
		if (j + 1 < n && compare_in_heap(&a[j], &a[j + 1], state) > 0)
			j++;
		if (compare_in_heap(&t, &a[j], state) <= 0)
			break;
		a[i] = a[j];
		i = j;
	}
	a[i] = t;
}
