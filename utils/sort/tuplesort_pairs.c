/*
 * tuplesort_pairs.c
 *		The merge of runs of pairs: a tree of merges of two.
 *
 * Each node has a block of merged pairs; when it is used up it takes as many
 * from the blocks of its two children as both of them have, without a branch
 * that depends on the pairs.  A leaf's block is the buffer of a run.  A heap of
 * all runs (tuplesort_tape.c) compares about as often, but each comparison is a
 * branch that is mispredicted half of the time, and it handles one at a time:
 * for 16 bytes that is most of the work.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "tuplesort_internal.h"
#include "utils/memutils.h"

/* pairs that two runs are merged into at a time */
#define BLOCK_PAIRS 128

struct PairMerge
{
	const SortTuple *next; /* pairs that are there */
	const SortTuple *end;
	Tuplesortstate *state;
	Tape *tape; /* of a leaf */
	PairMerge *left;
	PairMerge *right;
	SortTuple *block;
};

StaticAssertDecl(BLOCK_PAIRS * sizeof(SortTuple) <= PAIR_MERGE_SIZE,
                 "blocks take more than merges are planned for");

PairMerge *
tuplesort_begin_pairs(Tuplesortstate *state, int first, int n)
{
	PairMerge *merge =
		MemoryContextAllocZero(state->maincontext, sizeof(PairMerge));

	merge->state = state;
	if (n == 1)
	{
		merge->tape = &state->tapes[first];
		return merge;
	}
	merge->left = tuplesort_begin_pairs(state, first, n / 2);
	merge->right = tuplesort_begin_pairs(state, first + n / 2, n - n / 2);
	merge->block =
		MemoryContextAlloc(state->maincontext, BLOCK_PAIRS * sizeof(SortTuple));
	return merge;
}

void
tuplesort_end_pairs(PairMerge *merge)
{
	if (merge == NULL)
		return;
	tuplesort_end_pairs(merge->left);
	tuplesort_end_pairs(merge->right);
	if (merge->block != NULL)
		pfree(merge->block);
	pfree(merge);
}

static bool
read_pairs(PairMerge *merge)
{
	Tape *tape = merge->tape;

	CHECK_FOR_INTERRUPTS();
	tape->pos = tape->nbytes;
	if (tape->next >= tape->end)
		return false;
	merge->next = (SortTuple *) tuplesort_tape_need(merge->state, tape,
	                                                sizeof(SortTuple));
	merge->end = merge->next + tape->nbytes / sizeof(SortTuple);
	return true;
}

/* The next n in order; either side has so many. */
static void
merge_two(PairMerge *left, PairMerge *right, SortTuple *out, ptrdiff_t n)
{
	const SortTuple *l = left->next;
	const SortTuple *r = right->next;

	for (ptrdiff_t i = 0; i < n; i++)
	{
		unsigned __int128 lv = (unsigned __int128) l->key << 64 | l->tid;
		unsigned __int128 rv = (unsigned __int128) r->key << 64 | r->tid;
		uintptr_t from_right = rv < lv;
		uintptr_t mask = -from_right;

		out[i] =
			*(const SortTuple *) ((uintptr_t) l ^
		                          (((uintptr_t) l ^ (uintptr_t) r) & mask));
		l += 1 - from_right;
		r += from_right;
	}
	left->next = l;
	right->next = r;
}

static bool more_pairs(PairMerge *merge);

static inline bool
has_pairs(PairMerge *merge)
{
	return merge->next < merge->end || more_pairs(merge);
}

/* A node without pairs gets some; false at the end. */
static bool
more_pairs(PairMerge *merge)
{
	PairMerge *left = merge->left;
	PairMerge *right = merge->right;
	SortTuple *out;
	ptrdiff_t done = 0;

	if (merge->tape != NULL)
		return read_pairs(merge);
	out = merge->block;
	while (done < BLOCK_PAIRS)
	{
		bool from_left = has_pairs(left);
		bool from_right = has_pairs(right);
		ptrdiff_t n = BLOCK_PAIRS - done;

		if (!from_left && !from_right)
			break;
		if (from_left)
			n = Min(n, left->end - left->next);
		if (from_right)
			n = Min(n, right->end - right->next);
		if (from_left && from_right)
			merge_two(left, right, out + done, n);
		else
		{
			PairMerge *only = from_left ? left : right;

			memcpy(out + done, only->next, (size_t) n * sizeof(SortTuple));
			only->next += n;
		}
		done += n;
	}
	merge->next = out;
	merge->end = out + done;
	return done > 0;
}

bool
tuplesort_next_pair(PairMerge *merge, SortTuple *pair)
{
	if (merge == NULL || !has_pairs(merge))
		return false;
	*pair = *merge->next++;
	return true;
}

void
tuplesort_write_merged_pairs(PairMerge *merge, BufFile *file)
{
	while (merge != NULL && has_pairs(merge))
	{
		BufFileWrite(file, merge->next,
		             (size_t) (merge->end - merge->next) * sizeof(SortTuple));
		merge->next = merge->end;
	}
}
