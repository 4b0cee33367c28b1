/*
 * tuplesort_internal.h
 *		What the two halves of sorting share: tuplesort.c (rows in memory) and
 *		tuplesort_tape.c (runs in a temporary file and their merge).
 */
#ifndef TUPLESORT_INTERNAL_H
#define TUPLESORT_INTERNAL_H

#include "access/htup_details.h"
#include "storage/buffile.h"
#include "utils/sortsupport.h"
#include "utils/tuplesort.h"

/* A row with its first key at hand. */
typedef struct SortTuple
{
	HeapTuple tuple;
	Datum datum1;
	bool isnull1;
	int srctape; /* merge: the run that it comes from */
} SortTuple;

typedef enum TupSortStatus
{
	TSS_INITIAL,      /* rows come in, all in memory */
	TSS_BOUNDED,      /* rows come in; a heap holds the best, worst on top */
	TSS_BUILDRUNS,    /* rows come in; some are in runs */
	TSS_SORTEDINMEM,  /* sorted, in memory */
	TSS_SORTEDONTAPE, /* sorted, one run in the file */
	TSS_FINALMERGE    /* the last merge goes on as rows are read */
} TupSortStatus;

/* A sorted run: a stretch of the file, and a reader of it. */
typedef struct Tape
{
	off_t start;
	off_t end;
	/* reader */
	char *buffer;
	off_t next; /* what is to be read into the buffer next */
	size_t pos;
	size_t nbytes;
	HeapTuple current; /* room for one row, reused */
	size_t currentsize;
} Tape;

struct Tuplesortstate
{
	TupSortStatus status;
	TupleDesc tupDesc;
	int nKeys;
	SortSupport sortKeys;
	int sortopt;
	bool bounded;
	int64 bound;
	bool boundUsed; /* rows were dropped */
	int direction;  /* -1 while the heap is of the worst */
	int64 allowedMem;
	int64 availMem; /* may be negative */
	int64 maxSpace; /* most memory that was in use, in bytes */
	MemoryContext maincontext;
	MemoryContext tuplecontext; /* the rows */
	SortTuple *memtuples;
	int memtupcount;
	int memtupsize;
	bool growmemtuples; /* may the array still grow? */

	/* reading of a result in memory or of one run */
	int64 current;
	bool eof_reached;

	/* runs */
	BufFile *tapefile;
	Tape *tapes;
	int ntapes;
	int tapessize;
	off_t diskSpace;   /* largest size of the file */
	size_t bufferSize; /* of each reader in a merge */
	bool mergeTopUsed; /* the row on top of the heap was handed out */
};

/* tuplesort.c */
extern int tuplesort_comparetup(const SortTuple *a, const SortTuple *b,
                                Tuplesortstate *state);
extern void tuplesort_sort_memtuples(Tuplesortstate *state);
extern void tuplesort_set_key1(Tuplesortstate *state, SortTuple *stup);
extern void
tuplesort_heap_insert(Tuplesortstate *state, const SortTuple *tuple);
extern void
tuplesort_heap_replace_top(Tuplesortstate *state, const SortTuple *tuple);
extern void tuplesort_heap_delete_top(Tuplesortstate *state);

/* tuplesort_tape.c */
/* sort what is in memory and append it to the file as a run */
extern void tuplesort_dump_run(Tuplesortstate *state);
/* merge until the rest can be done while reading */
extern void tuplesort_merge_runs(Tuplesortstate *state);
/* NULL at the end */
extern HeapTuple tuplesort_merge_next(Tuplesortstate *state);
extern HeapTuple tuplesort_tape_next(Tuplesortstate *state, bool forward);

#endif /* TUPLESORT_INTERNAL_H */
