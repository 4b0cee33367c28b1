/*
 * bufwriteback.c
 *	  Asks the kernel to begin with what was just written.
 *
 * A write only fills the kernel's page cache.  If it all waits there until the
 * fsync of a checkpoint, that fsync has everything to do at once, and whoever
 * needs the disk meanwhile stands behind it.  So the writers (checkpointer,
 * background writer, and backends if backend_flush_after says so) keep the tags
 * of what they wrote, and after so many blocks as their setting says
 * (checkpoint_flush_after, ...; 0: never) sort them and tell the kernel, one
 * call for each run of neighbouring blocks.
 *
 * It is a hint: nothing depends on it, and a relation that is gone meanwhile is
 * passed over.  A context is private to its process.
 *
 * Corresponds to the WritebackContext functions of PostgreSQL's bufmgr.c.
 */
#include "postgres.h"

#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"

WritebackContext BackendWritebackContext = {.max_pending =
                                                &backend_flush_after};

void
WritebackContextInit(WritebackContext *context, int *max_pending)
{
	context->max_pending = max_pending;
	context->nr_pending = 0;
}

/* Notes a block that was written; when there are enough, all are issued. */
void
ScheduleBufferTagForWriteback(WritebackContext *context, const BufferTag *tag)
{
	Assert(*context->max_pending <= WRITEBACK_MAX_PENDING_FLUSHES);
	if (*context->max_pending > 0)
		context->pending[context->nr_pending++] = *tag;

	/* the setting may have been lowered, even to 0 */
	if (context->nr_pending >= *context->max_pending)
		IssuePendingWritebacks(context);
}

static int
buffertag_comparator(const void *a, const void *b)
{
	const BufferTag *x = a;
	const BufferTag *y = b;

	if (x->rnode.spcNode != y->rnode.spcNode)
		return x->rnode.spcNode < y->rnode.spcNode ? -1 : 1;
	if (x->rnode.dbNode != y->rnode.dbNode)
		return x->rnode.dbNode < y->rnode.dbNode ? -1 : 1;
	if (x->rnode.relNode != y->rnode.relNode)
		return x->rnode.relNode < y->rnode.relNode ? -1 : 1;
	if (x->forkNum != y->forkNum)
		return x->forkNum < y->forkNum ? -1 : 1;
	return (x->blockNum > y->blockNum) - (x->blockNum < y->blockNum);
}

/* Is b the block behind the last of a run of n from a, or that last one? */
static bool
continues_run(const BufferTag *a, BlockNumber n, const BufferTag *b)
{
	return RelFileNodeEquals(a->rnode, b->rnode) && a->forkNum == b->forkNum &&
	       b->blockNum - a->blockNum <= n;
}

void
IssuePendingWritebacks(WritebackContext *context)
{
	int n = context->nr_pending;

	/* an ERROR on the way does not bring them back */
	context->nr_pending = 0;
	if (n == 0)
		return;
	INJECTION_POINT("buffer-writeback");
	qsort(context->pending, n, sizeof(BufferTag), buffertag_comparator);
	for (int i = 0; i < n;)
	{
		const BufferTag *first = &context->pending[i];
		BlockNumber blocks = 1;

		for (i++; i < n && continues_run(first, blocks, &context->pending[i]);
		     i++)
			blocks = context->pending[i].blockNum - first->blockNum + 1;
		smgrwriteback(smgropen(first->rnode, INVALID_PROC_NUMBER),
		              first->forkNum, first->blockNum, blocks);
	}
}
