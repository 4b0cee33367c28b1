/*
 * tuplesort_internal.h
 *		What the parts of sorting share: tuplesort.c (its states),
 *		tuplesort_memory.c (order, quicksort, heap), tuplesort_tape.c (runs in
 *		temporary files and their merge), tuplesort_pairs.c (the merge of
 *		pairs), tuplesort_variants.c (what is sorted),
 *		parallel/sharedsort.c (parts that several processes sorted).
 */
#ifndef TUPLESORT_INTERNAL_H
#define TUPLESORT_INTERNAL_H

#include "access/htup_details.h"
#include "storage/buffile.h"
#include "utils/sortsupport.h"
#include "utils/tuplesort.h"

/*
 * A tuple as it lies in memory and in files: this, then its bytes, padded to a
 * multiple of 8.
 */
typedef struct SortItem
{
	uint64 key;   /* of its SortTuple */
	uint32 len;   /* of the whole */
	uint32 extra; /* rows: the table's OID; index tuples: the integer */
} SortItem;

#define SortItemData(item) ((char *) (item) + sizeof(SortItem))

/*
 * What is moved about by sorting.  The key is a number whose order is that of
 * the first key's values, direction and NULLs included, as far as it goes.
 */
typedef struct SortTuple
{
	uint64 key;
	union
	{
		SortItem *item;
		uint64 tid; /* of pairs, which have no item */
	};
} SortTuple;

StaticAssertDecl(sizeof(SortTuple) == 16, "SortTuple has grown");

/* A row of a merge. */
typedef struct MergeEntry
{
	SortTuple tuple;
	int tape;
} MergeEntry;

typedef enum TupSortStatus
{
	TSS_INITIAL,      /* rows come in, all in memory */
	TSS_BOUNDED,      /* rows come in; a heap holds the best, worst on top */
	TSS_BUILDRUNS,    /* rows come in; some are in runs */
	TSS_SORTEDINMEM,  /* sorted, in memory */
	TSS_SORTEDONTAPE, /* sorted, one run in the file */
	TSS_FINALMERGE,   /* the last merge goes on as rows are read */
	TSS_FROZEN        /* a part, given away */
} TupSortStatus;

/* A sorted run: a stretch of a file, and a reader of it. */
typedef struct Tape
{
	BufFile *file;
	off_t start;
	off_t end;
	/* reader */
	char *buffer;
	size_t bufsize;
	off_t next; /* what is to be read into the buffer next */
	size_t pos;
	size_t nbytes;
} Tape;

typedef struct PairMerge PairMerge;

/* Piece of memory that items are cut from. */
typedef struct SortBlock
{
	struct SortBlock *next;
	size_t size; /* of the whole */
	size_t used;
} SortBlock;

struct Tuplesortstate
{
	TupSortStatus status;
	int sortopt;
	bool bounded;
	int64 bound;
	bool boundUsed; /* rows were dropped */
	int direction;  /* -1 while the heap is of the worst */
	bool pairs;     /* SortTuples are all there is */
	bool exact;     /* equal keys of SortTuples: nothing more to compare */
	/* of two with the same key; not if exact */
	int (*compare_equal)(const SortTuple *a, const SortTuple *b,
	                     Tuplesortstate *state);

	/* rows */
	TupleDesc tupDesc;
	int nKeys;
	SortSupport sortKeys;
	HeapTupleData out; /* the one handed out */

	int64 allowedMem;
	int64 availMem; /* may be negative */
	int64 maxSpace; /* most memory that was in use, in bytes */
	MemoryContext maincontext;
	SortBlock *blocks; /* items, unless bounded: the one in use first */
	int64 itemSpace;   /* in them */
	SortTuple *memtuples;
	int memtupcount;
	int memtupsize;
	bool growmemtuples; /* may the array still grow? */
	SortTuple *scratch; /* while sorting in memory; or NULL */
	int scratchsize;    /* entries it may have */

	/* reading of a result in memory or of one run */
	int64 current;
	bool eof_reached;

	/* runs */
	BufFile *tapefile; /* of this sort; NULL if it merges parts of others */
	Tape *tapes;
	int ntapes;
	int tapessize;
	off_t diskSpace;   /* largest size of the file */
	MergeEntry *merge; /* heap: the next row of each tape */
	int nmerge;
	bool mergeTopUsed;    /* the row on top of the heap was handed out */
	PairMerge *pairMerge; /* of pairs, instead of the heap */

	/* with others */
	SortCoordinateData coordinate; /* sharedsort NULL: alone */
	int part;                      /* isWorker: which is ours */
	bool noteKeys;                 /* what is written goes into it */
	int32 firstKey;                /* a merge's range */
	int32 endKey;
	int share; /* a merge's share of nshares; 0: all */
	int nshares;
};

/* ---- tuplesort_memory.c ---- */

static inline int
tuplesort_compare(const SortTuple *a, const SortTuple *b, Tuplesortstate *state)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return state->exact ? 0 : state->compare_equal(a, b, state);
}

/*
 * In order the items lie anywhere: while number i is read, the first lines of
 * one further on are fetched.
 */
static inline void
tuplesort_prefetch(const Tuplesortstate *state, int64 i)
{
	if (!state->pairs && i + 8 < state->memtupcount)
	{
		const char *item = (const char *) state->memtuples[i + 8].item;

		__builtin_prefetch(item);
		__builtin_prefetch(item + 64);
		__builtin_prefetch(item + 128);
	}
}

extern void tuplesort_sort_memtuples(Tuplesortstate *state);
/* The heap of the bounded sort: by direction, its first on top. */
extern void
tuplesort_heap_insert(Tuplesortstate *state, const SortTuple *tuple);
extern void
tuplesort_heap_replace_top(Tuplesortstate *state, const SortTuple *tuple);

/* ---- tuplesort.c ---- */

extern Tuplesortstate *
tuplesort_begin_common(int workMem, SortCoordinate coordinate, int sortopt);
/* Room for an item with len bytes of data; its length is set. */
extern SortItem *tuplesort_new_item(Tuplesortstate *state, size_t len);
extern void tuplesort_put(Tuplesortstate *state, const SortTuple *stup);
/* In the direction asked for; false at the end. */
extern bool tuplesort_get(Tuplesortstate *state, bool forward, SortTuple *stup);

/* ---- tuplesort_tape.c ---- */

/* sort what is in memory and append it to the file as a run */
extern void tuplesort_dump_run(Tuplesortstate *state);
/* what is in memory, sorted, behind what the file has */
extern void tuplesort_write_tuples(Tuplesortstate *state, BufFile *file);
extern Tape *tuplesort_add_tape(Tuplesortstate *state, BufFile *file,
                                off_t start, off_t end);
/* merge until the rest can be done while reading */
extern void tuplesort_merge_runs(Tuplesortstate *state);
/* write all runs, merged, to the file of a part */
extern void tuplesort_merge_to(Tuplesortstate *state, BufFile *file);
extern bool tuplesort_merge_next(Tuplesortstate *state, SortTuple *stup);
extern bool
tuplesort_tape_next(Tuplesortstate *state, bool forward, SortTuple *stup);

/* The next size bytes of a run, in its buffer. */
extern char *
tuplesort_tape_need(Tuplesortstate *state, Tape *tape, size_t size);

/* ---- tuplesort_pairs.c ---- */

/* memory for a merge of two, in bytes, beside the buffers of runs */
#define PAIR_MERGE_SIZE 2048

/* of n tapes, which have their buffers */
extern PairMerge *
tuplesort_begin_pairs(Tuplesortstate *state, int first, int n);
extern void tuplesort_end_pairs(PairMerge *merge);
extern bool tuplesort_next_pair(PairMerge *merge, SortTuple *pair);
/* All that is left. */
extern void tuplesort_write_merged_pairs(PairMerge *merge, BufFile *file);

/* ---- parallel/sharedsort.c ---- */

extern int sharedsort_join(Sharedsort *shared);
/* What was sorted here becomes a part that the others can read. */
extern void sharedsort_give(Tuplesortstate *state);
/* The parts of all become tapes of this sort. */
extern void sharedsort_take(Tuplesortstate *state);
/* While a part is written: where the tuples of this key begin. */
extern void sharedsort_note_key(Tuplesortstate *state, int32 key, off_t offset);

#endif /* TUPLESORT_INTERNAL_H */
