/*
 * parallel_sum.c
 *		parallel_sum(workers, n): 1 + 2 + ... + n, by a leader and its workers.
 *
 * An example of coordination code of one's own, as small as it can be and still
 * have everything: a segment with a table of contents, work that is handed out
 * by an atomic counter, a count of those who are done, a condition variable, and
 * workers that may be fewer than asked for, fail or die.
 *
 *		leader						worker
 *		sum-begin
 *		  workers are launched		  (attaches)
 *		sum-take, again and again	sum-take, again and again
 *		sum-add						sum-add
 *		sum-wait
 *		sum-end
 *
 * Invariants
 * 1. A number is taken by one participant: next is only added to.
 * 2. A participant's part is in the total before it is counted, and counted
 *	  before it signals.  Who sees the count complete sees the whole total; who
 *	  sleeps is woken by a signal that comes after the last change.
 * 3. Only workers that were launched are waited for, and only when each of them
 *	  is known to have attached: from then on its end cannot go unnoticed.
 *
 * A worker's error is raised in the leader by the interrupt check in its wait;
 * an error of the leader ends its workers, when the transaction ends.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "parallel_sum.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

#define PARALLEL_KEY_SUM UINT64CONST(0xB000000000000001)

/* So many numbers are taken at once. */
#define CHUNK 1000

#define MAX_WORKERS 64

/* Up to here the sum fits into 64 bits. */
#define MAX_N INT64CONST(4000000000)

/* ---- the shared part ---- */

void
ParallelSumInit(ParallelSum *sum, int64 n)
{
	memset(sum, 0, sizeof(ParallelSum));
	sum->magic = PARALLEL_SUM_MAGIC;
	sum->n = n;
	pg_atomic_init_u64(&sum->next, 1);
	SpinLockInit(&sum->mutex);
	ConditionVariableInit(&sum->donecv);
}

int64
ParallelSumWork(ParallelSum *sum)
{
	int64 part = 0;

	Assert(sum->magic == PARALLEL_SUM_MAGIC);
	for (;;)
	{
		int64 first = (int64) pg_atomic_fetch_add_u64(&sum->next, CHUNK);
		int64 last = Min(first + CHUNK - 1, sum->n);

		if (first > sum->n)
			return part;
		INJECTION_POINT("sum-take");
		CHECK_FOR_INTERRUPTS();
		for (int64 i = first; i <= last; i++)
			part += i;
	}
}

void
ParallelSumAdd(ParallelSum *sum, int64 part)
{
#ifdef TUSK_DEFECT_SUM_SIGNAL_FIRST
	ConditionVariableSignal(&sum->donecv);
#endif
	INJECTION_POINT("sum-add");
	SpinLockAcquire(&sum->mutex);
	sum->total += part;
	sum->ndone++;
	SpinLockRelease(&sum->mutex);
#ifndef TUSK_DEFECT_SUM_SIGNAL_FIRST
	ConditionVariableSignal(&sum->donecv);
#endif
}

int64
ParallelSumAwait(ParallelSum *sum, int participants)
{
	int64 total;

	ConditionVariablePrepareToSleep(&sum->donecv);
	for (;;)
	{
		bool done;

		SpinLockAcquire(&sum->mutex);
		done = sum->ndone == participants;
		total = sum->total;
		SpinLockRelease(&sum->mutex);
		if (done)
			break;
		ConditionVariableSleep(&sum->donecv, WAIT_EVENT_EXTENSION);
	}
	ConditionVariableCancelSleep();
	return total;
}

/* ---- leader and worker ---- */

void
ParallelSumMain(dsm_segment *seg, shm_toc *toc)
{
	ParallelSum *sum = shm_toc_lookup(toc, PARALLEL_KEY_SUM, false);

	if (sum->magic != PARALLEL_SUM_MAGIC)
		elog(ERROR, "invalid magic number in shared state of parallel_sum");
	ParallelSumAdd(sum, ParallelSumWork(sum));
}

static int64
Lead(int workers, int64 n)
{
	ParallelContext *pcxt;
	ParallelSum *sum;
	int64 total;

	INJECTION_POINT("sum-begin");
	EnterParallelMode();
	pcxt = CreateParallelContext("postgres", "ParallelSumMain", workers);
	shm_toc_estimate_chunk(&pcxt->estimator, sizeof(ParallelSum));
	shm_toc_estimate_keys(&pcxt->estimator, 1);
	InitializeParallelDSM(pcxt);

	/* without a segment it is private memory, and nobody else comes */
	sum = shm_toc_allocate(pcxt->toc, sizeof(ParallelSum));
	ParallelSumInit(sum, n);
	shm_toc_insert(pcxt->toc, PARALLEL_KEY_SUM, sum);
	LaunchParallelWorkers(pcxt);

	ParallelSumAdd(sum, ParallelSumWork(sum));
	WaitForParallelWorkersToAttach(pcxt); /* invariant 3 */
	INJECTION_POINT("sum-wait");
	total = ParallelSumAwait(sum, pcxt->nworkers_launched + 1);

	WaitForParallelWorkersToFinish(pcxt);
	DestroyParallelContext(pcxt);
	ExitParallelMode();
	INJECTION_POINT("sum-end");
	return total;
}

Datum
parallel_sum(PG_FUNCTION_ARGS)
{
	int32 workers = PG_GETARG_INT32(0);
	int64 n = PG_GETARG_INT64(1);

	if (workers < 0 || workers > MAX_WORKERS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("number of workers must be between 0 and %d",
		                       MAX_WORKERS)));
	if (n < 0 || n > MAX_N)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("last number must be between 0 and %lld",
		                       (long long) MAX_N)));
	PG_RETURN_INT64(Lead(workers, n));
}
