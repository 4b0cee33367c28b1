/*
 * buf_init.c: the buffer pool's shared memory.
 *
 * Public segment: descriptors, mapping table, blocks.  Private: condition
 * variables for I/O, strategy state, the checkpoint's sort array.  A crash
 * reset calls InitBufferPool again on zeroed memory.
 */
#include "postgres.h"

#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "storage/shmem.h"

/* direct I/O and huge pages want it */

PG_PER_THREAD BufferDescPadded *BufferDescriptors = NULL;
PG_PER_THREAD char *BufferBlocks = NULL;
ConditionVariableMinimallyPadded *BufferIOCVArray = NULL;
CkptSortItem *CkptBufferIds = NULL;

void
InitBufferPool(void)
{
	bool foundBufs;
	bool foundDescs;
	bool foundIOCV;
	bool foundBufCkpt;
	char *blocks;

	BufferDescriptors = PublicShmemInitStruct(
		"Buffer Descriptors", mul_size(NBuffers, sizeof(BufferDescPadded)),
		&foundDescs);
	blocks = PublicShmemInitStruct(
		"Buffer Blocks",
		add_size(mul_size(NBuffers, (Size) BLCKSZ), BUFFER_BLOCKS_ALIGN),
		&foundBufs);
	BufferBlocks = (char *) TYPEALIGN(BUFFER_BLOCKS_ALIGN, blocks);
	BufferIOCVArray = ShmemInitStruct(
		"Buffer IO Condition Variables",
		mul_size(NBuffers, sizeof(ConditionVariableMinimallyPadded)),
		&foundIOCV);
	CkptBufferIds = ShmemInitStruct("Checkpoint BufferIds",
	                                mul_size(NBuffers, sizeof(CkptSortItem)),
	                                &foundBufCkpt);
	Assert(foundDescs == foundBufs && foundDescs == foundIOCV &&
	       foundDescs == foundBufCkpt);

	if (!foundDescs)
	{
		for (int i = 0; i < NBuffers; i++)
		{
			BufferDesc *buf = GetBufferDescriptor(i);

			CLEAR_BUFFERTAG(buf->tag);
			pg_atomic_init_u32(&buf->state, 0);
			/* never 0 again: a version that a client kept must not recur */
			pg_atomic_init_u64(&buf->version, 1);
			buf->wait_backend_pgprocno = INVALID_PROC_NUMBER;
			buf->buf_id = i;
			buf->freeNext = i + 1;
			LWLockInitialize(BufferDescriptorGetContentLock(buf),
			                 LWTRANCHE_BUFFER_CONTENT);
			ConditionVariableInit(BufferDescriptorGetIOCV(buf));
		}
		GetBufferDescriptor(NBuffers - 1)->freeNext = FREENEXT_END_OF_LIST;
		LWLockNoteGroup(
			BufferDescriptorGetContentLock(GetBufferDescriptor(0)), NBuffers,
			(char *) GetBufferDescriptor(1) - (char *) GetBufferDescriptor(0));
	}
	InitBufTable(NBuffers);
	StrategyInitialize(!foundDescs);
}

Size
BufferShmemSize(void)
{
	Size size = 0;

	size = add_size(
		size, mul_size(NBuffers, sizeof(ConditionVariableMinimallyPadded)));
	size = add_size(size, mul_size(NBuffers, sizeof(CkptSortItem)));
	size = add_size(size, StrategyShmemSize());
	return add_size(size, 1024); /* alignment of the parts */
}

Size
BufferPublicShmemSize(void)
{
	Size size = 0;

	size = add_size(size, mul_size(NBuffers, sizeof(BufferDescPadded)));
	size = add_size(size, mul_size(NBuffers, (Size) BLCKSZ));
	size = add_size(size, BUFFER_BLOCKS_ALIGN);
	size = add_size(size, BufTableShmemSize(NBuffers));
	return add_size(size, 1024); /* alignment of the parts */
}
