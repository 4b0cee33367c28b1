/*
 * ivfbuild.h
 *	  What the files of an ivfflat build share: ivfbuild.c (its steps),
 *	  ivfsample.c (the sample), ivfassign.c (which list), ivfload.c (the pages).
 */
#ifndef IVFBUILD_H
#define IVFBUILD_H

#include "access/ivfflat.h"
#include "parallel/index_build.h"
#include "utils/tuplesort.h"

/* ---- ivfsample.c ---- */

typedef struct IvfflatSample
{
	int n;
	int capacity;
	int blocks; /* of the table, to be read at most */
	Size stride;
	char *vectors; /* elements, without headers; the caller's */
} IvfflatSample;

/* Rows of the table, at most capacity; none without a table. */
extern void
IvfflatTakeSample(IvfflatSample *sample, const IvfflatSupport *support,
                  Relation heap, Relation index, struct IndexInfo *indexInfo,
                  uint64 seed);

/*
 * A value as k-means takes it, in the current memory context; false: it has no
 * direction.
 */
extern bool IvfflatSampleValue(const IvfflatSupport *support, Datum datum,
                               const void **value);

/* ---- ivfbuild.c ---- */

/* ERROR for a column that cannot be indexed: 0A000, 22023, 54000. */
extern void IvfflatCheckDefinition(Relation index);

/*
 * Bytes that k-means takes of an index on so many rows, as the reference counts
 * them.  ERROR for a definition that is not valid, or if it is too much.
 */
extern Size IvfflatMemoryNeeded(Relation heap, Relation index,
                                struct IndexInfo *indexInfo, double tuples);

/* ---- ivfassign.c ---- */

/* Rows that are assigned together, at most. */
#define IVFFLAT_ROWS_AT_ONCE 8

typedef struct IvfflatAssignment IvfflatAssignment;

/* To the centers that k-means has found; in the current memory context. */
extern IvfflatAssignment *
IvfflatBeginAssignment(const IvfflatSupport *support, KMeansShared *kmeans,
                       int lists);
/*
 * The list of each of n points, at least 1: the first of the nearest, or 0 for a
 * point that has no distance to any.
 */
extern void IvfflatAssignRows(IvfflatAssignment *assignment,
                              const void *const *points, int n, int *lists);

/* ---- ivfload.c ---- */

/* Where everything goes: the lists' pages follow one another. */
typedef struct IvfflatLayout
{
	int lists;
	Size list_size; /* of a list's item */
	int lists_per_page;
	int tuples_per_page; /* 0: tuples differ in size, nothing is known */
	BlockNumber *start;  /* by list; one more, the end */
} IvfflatLayout;

typedef int64 (*IvfflatCountOf)(void *arg, int list);

/* In the current memory context; count tells how many tuples a list has. */
extern void IvfflatLayOut(IvfflatLayout *layout, const IvfflatSupport *support,
                          int lists, IvfflatCountOf count, void *arg);
/* All blocks, the metapage and the lists' pages; before anything else. */
extern void
IvfflatWriteHead(Relation index, ForkNumber fork, const IvfflatSupport *support,
                 const IvfflatLayout *layout, KMeansShared *kmeans, bool log);
/*
 * The pages of lists from first to before end, from a sort that gives their
 * tuples.  They are added to *loaded, which is reported as progress.
 */
extern void
IvfflatLoadLists(Relation index, ForkNumber fork, const IvfflatLayout *layout,
                 Tuplesortstate *sort, int first, int end,
                 pg_atomic_uint64 *loaded, bool log);

#endif /* IVFBUILD_H */
