/*
 * parallel_sum.h
 *		An example of coordination code of one's own: several processes add up
 *		the numbers from 1 to n.
 *
 * The shared part is a struct with four operations, which know nothing of
 * processes or segments.
 */
#ifndef PARALLEL_SUM_H
#define PARALLEL_SUM_H

#include "port/atomics.h"
#include "storage/condition_variable.h"
#include "storage/dsm.h"
#include "storage/shm_toc.h"
#include "storage/spin.h"

#define PARALLEL_SUM_MAGIC 0x53554d31

typedef struct ParallelSum
{
	uint32 magic;          /* [C] PARALLEL_SUM_MAGIC */
	int64 n;               /* [C] the last number */
	pg_atomic_uint64 next; /* [A] the first that nobody has taken */
	slock_t mutex;         /* for what follows */
	int ndone;             /* [L:mutex] participants whose part is in total */
	int64 total;           /* [L:mutex] */
	ConditionVariable donecv; /* the leader sleeps on it */
} ParallelSum;

extern void ParallelSumInit(ParallelSum *sum, int64 n);

/* Takes numbers and adds them up until there are none; may raise errors. */
extern int64 ParallelSumWork(ParallelSum *sum);

/* This participant's part: once, by each. */
extern void ParallelSumAdd(ParallelSum *sum, int64 part);

/*
 * Sleeps until so many participants have added their part; the total.  It ends
 * by the last one's signal, or by an interrupt: who calls it sees to it that a
 * participant that fails causes one.
 */
extern int64 ParallelSumAwait(ParallelSum *sum, int participants);

/* Entry point of a worker. */
extern void ParallelSumMain(dsm_segment *seg, shm_toc *toc);

#endif /* PARALLEL_SUM_H */
