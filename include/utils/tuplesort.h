/*
 * utils/tuplesort.h
 *		Sorting of rows: in memory up to workMem kB, then by runs in a temporary
 *		file and a merge; or the first "bound" rows with a bounded heap.
 *
 * Corresponds to PostgreSQL's utils/tuplesort.h, for heap rows.
 */
#ifndef TUPLESORT_H
#define TUPLESORT_H

#include "executor/tuptable.h"

typedef struct Tuplesortstate Tuplesortstate;

#define TUPLESORT_NONE 0
/* it will be read again */
#define TUPLESORT_RANDOMACCESS (1 << 0)
/* tuplesort_set_bound may be called */
#define TUPLESORT_ALLOWBOUNDED (1 << 1)

typedef enum
{
	SORT_TYPE_STILL_IN_PROGRESS = 0,
	SORT_TYPE_TOP_N_HEAPSORT = 1 << 0,
	SORT_TYPE_QUICKSORT = 1 << 1,
	SORT_TYPE_EXTERNAL_SORT = 1 << 2,
	SORT_TYPE_EXTERNAL_MERGE = 1 << 3
} TuplesortMethod;

typedef enum
{
	SORT_SPACE_TYPE_DISK,
	SORT_SPACE_TYPE_MEMORY
} TuplesortSpaceType;

typedef struct TuplesortInstrumentation
{
	TuplesortMethod sortMethod;
	TuplesortSpaceType spaceType;
	int64 spaceUsed; /* kB */
} TuplesortInstrumentation;

extern Tuplesortstate *
tuplesort_begin_heap(TupleDesc tupDesc, int nkeys, AttrNumber *attNums,
                     Oid *sortOperators, Oid *sortCollations,
                     bool *nullsFirstFlags, int workMem, int sortopt);
/* only the first "bound" rows are wanted; before the first put */
extern void tuplesort_set_bound(Tuplesortstate *state, int64 bound);
extern void tuplesort_puttupleslot(Tuplesortstate *state, TupleTableSlot *slot);
extern void tuplesort_performsort(Tuplesortstate *state);
/* false at the end; the row lives until the next call */
extern bool tuplesort_gettupleslot(Tuplesortstate *state, bool forward,
                                   TupleTableSlot *slot);
extern void tuplesort_rescan(Tuplesortstate *state);
extern void tuplesort_end(Tuplesortstate *state);
extern void
tuplesort_get_stats(Tuplesortstate *state, TuplesortInstrumentation *stats);
extern const char *tuplesort_method_name(TuplesortMethod m);
extern const char *tuplesort_space_type_name(TuplesortSpaceType t);

#endif /* TUPLESORT_H */
