/*
 * utils/tuplesort.h
 *		Sorting: in memory up to workMem kB, then by runs in a temporary file and
 *		a merge; or the first "bound" rows with a bounded heap; or by several
 *		processes, each of which sorts what it has, and whoever wants it all
 *		merges.
 *
 * Three kinds of things are sorted.  Rows (heap): any keys.  Index tuples with
 * an integer in front, ordered by it and then by their TID.  Pairs of an
 * integer and a TID, which take 16 bytes each and no more.
 *
 * Together: the leader puts a Sharedsort into a DSM segment (estimate,
 * initialize), others attach (attach).  Each participant begins a sort with
 * isWorker, puts, performs, ends it.  When all have performed theirs, any of
 * them may begin sorts without isWorker, which are given nothing, perform
 * them and get everything in order, or one range of it, or one share.
 *
 * Corresponds to PostgreSQL's utils/tuplesort.h, for heap rows and for the
 * tuples of indexes that are built by sorting.
 */
#ifndef TUPLESORT_H
#define TUPLESORT_H

#include "access/itup.h"
#include "executor/tuptable.h"
#include "storage/dsm.h"

typedef struct Tuplesortstate Tuplesortstate;
typedef struct Sharedsort Sharedsort;

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

/* A sort that takes part in one of several processes. */
typedef struct SortCoordinateData
{
	bool isWorker;     /* sorts a part; else merges all parts */
	int nParticipants; /* parts that must be there; only to merge */
	Sharedsort *sharedsort;
} SortCoordinateData;

typedef SortCoordinateData *SortCoordinate;

/* coordinate is NULL for a sort of this process alone. */
extern Tuplesortstate *
tuplesort_begin_heap(TupleDesc tupDesc, int nkeys, AttrNumber *attNums,
                     Oid *sortOperators, Oid *sortCollations,
                     bool *nullsFirstFlags, int workMem,
                     SortCoordinate coordinate, int sortopt);
extern Tuplesortstate *
tuplesort_begin_index(int workMem, SortCoordinate coordinate);
extern Tuplesortstate *
tuplesort_begin_int8_tid(int workMem, SortCoordinate coordinate);

/* only the first "bound" rows are wanted; before the first put */
extern void tuplesort_set_bound(Tuplesortstate *state, int64 bound);
/*
 * A merge gives the tuples with first <= key < end only; before it is
 * performed.  Index tuples, whose Sharedsort was initialised for their keys.
 */
extern void tuplesort_set_range(Tuplesortstate *state, int32 first, int32 end);
/*
 * A merge of pairs gives the share-th of nshares pieces of the whole, which are
 * of the same size but for one pair; before it is performed.  What the pieces
 * are hangs on the pairs alone, not on who sorted which.
 */
extern void tuplesort_set_share(Tuplesortstate *state, int share, int nshares);

extern void tuplesort_puttupleslot(Tuplesortstate *state, TupleTableSlot *slot);
extern void
tuplesort_putindextuple(Tuplesortstate *state, int32 key, IndexTuple itup);
extern void
tuplesort_putint8tid(Tuplesortstate *state, int64 key, ItemPointer tid);

extern void tuplesort_performsort(Tuplesortstate *state);

/* false or NULL at the end; what is got lives until the next call */
extern bool tuplesort_gettupleslot(Tuplesortstate *state, bool forward,
                                   TupleTableSlot *slot);
extern IndexTuple tuplesort_getindextuple(Tuplesortstate *state, int32 *key);
extern bool
tuplesort_getint8tid(Tuplesortstate *state, int64 *key, ItemPointer tid);
extern void tuplesort_rescan(Tuplesortstate *state);
extern void tuplesort_end(Tuplesortstate *state);
extern void
tuplesort_get_stats(Tuplesortstate *state, TuplesortInstrumentation *stats);
extern const char *tuplesort_method_name(TuplesortMethod m);
extern const char *tuplesort_space_type_name(TuplesortSpaceType t);

/*
 * parallel/sharedsort.c.  nkeys: keys of index tuples are 0 .. nkeys - 1, and
 * ranges of them are wanted; 0: no ranges.
 */
extern Size tuplesort_estimate_shared(int nParticipants, int nkeys);
extern void tuplesort_initialize_shared(Sharedsort *shared, int nParticipants,
                                        int nkeys, dsm_segment *seg);
extern void tuplesort_attach_shared(Sharedsort *shared, dsm_segment *seg);
/* How many have performed their part. */
extern int tuplesort_shared_parts(Sharedsort *shared);
/* Tuples with that key in all parts; all parts are there. */
extern int64 tuplesort_shared_count(Sharedsort *shared, int32 key);

#endif /* TUPLESORT_H */
