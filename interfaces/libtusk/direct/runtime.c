/*
 * runtime.c
 *	  What stands in for the server under its own code in a client.
 *
 * Searches, visibility of rows, kernels and the reading of pages are the
 * server's sources, compiled a second time.  What they call and what is not
 * compiled along is here, as little as will do:
 *
 * R1.	Nothing is written but memory of the thread's own.  ReadBuffer gives a
 *		validated copy of a page; locks and hint bits are nothing.
 * R2.	What cannot be known here is not guessed: GiveUp leaves the search to the
 *		backend, and so does every ERROR, also one of a failed assertion.  What
 *		was really wrong the backend finds again, and reports.
 * R3.	That a row's visibility cannot be told (an xid of the session's own
 *		transaction, a page of the commit log that is not resident) does not end
 *		the search: reader->undecided, and the row is asked for.
 * R4.	A process may be attached to several services, in many threads: all that
 *		the server keeps for its process is the thread's, and is set on entry.
 *		A thread's memory goes when it ends.
 */
#include "postgres.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "access/clog.h"
#include "access/heapam.h"
#include "access/hnsw_cache.h"
#include "access/htup_details.h"
#include "access/ivfflat.h"
#include "access/toast_compression.h"
#include "access/transam.h"
#include "access/vector_kernels.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "executor/instrument.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "port/sys.h"
#include "runtime.h"
#include "storage/bufoptimistic.h"
#include "storage/indexcache.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/shmem.h"
#include "utils/builtins.h"
#include "utils/combocid.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"

/* ReadBuffer: as often before the backend is asked for the page, ... */
#define READ_TRIES 200
/* ... and as often it is asked before the search is given up. */
#define READ_ASKS 3

/* Steps between two looks at the session; one takes a microsecond or so. */
#define STEPS_BETWEEN_LOOKS 512

/* Pages that are looked at together: an index's and a table's. */
#define COPIES 4

typedef struct PageCopy
{
	bool used;
	BlockNumber block;
	PGAlignedBlock page;
} PageCopy;

PG_PER_THREAD DirectReader *CurrentReader = NULL;

/* The server's globals, in this thread. */
PG_PER_THREAD int NBuffers = 0;
PG_PER_THREAD BufferDescPadded *BufferDescriptors = NULL;
PG_PER_THREAD char *BufferBlocks = NULL;
PG_PER_THREAD int NLocBuffer = 0;
PG_PER_THREAD Block *LocalBufferBlockPointers = NULL;
PG_PER_THREAD int InterruptCountdown = 0;
PG_PER_THREAD int work_mem = 4096;
PG_PER_THREAD sigjmp_buf *PG_exception_stack = NULL;
PG_PER_THREAD ErrorContextCallback *error_context_stack = NULL;

/* The session's settings (search.c). */
PG_PER_THREAD int hnsw_ef_search = 0;
PG_PER_THREAD int hnsw_iterative_scan = 0;
PG_PER_THREAD int hnsw_max_scan_tuples = 0;
PG_PER_THREAD double hnsw_scan_mem_multiplier = 0;
PG_PER_THREAD int ivfflat_probes = 0;
PG_PER_THREAD int ivfflat_iterative_scan = 0;
PG_PER_THREAD int ivfflat_max_probes = 0;

PG_PER_THREAD BufferUsage pgBufferUsage;

/* Of the server; in a build with sanitizers snapmgr.c asks for it. */
PGPROC *MyProc = NULL;

/* No more than one search is under way in a thread, and nothing is critical. */
volatile uint32 CritSectionCount = 0;

/* Of this thread: pages, and what is being raised. */
static PG_PER_THREAD PageCopy *copies = NULL;
static PG_PER_THREAD char *raised = NULL; /* message, detail, hint */
static PG_PER_THREAD int raised_level = 0;

#define RAISED_SIZE 256

/* Its destructor gives a thread's memory back. */
static pthread_key_t thread_key;

static void
ForgetThread(void *arg)
{
	MemoryContext top = TopMemoryContext;

	HnswSearchForgetMarks();
	TopMemoryContext = NULL;
	CurrentMemoryContext = NULL;
	if (top != NULL)
		MemoryContextDelete(top);
	free(copies);
	free(LocalBufferBlockPointers);
	free(raised);
	copies = NULL;
	LocalBufferBlockPointers = NULL;
	NLocBuffer = 0;
	raised = NULL;
}

void
RuntimeInit(void)
{
	(void) pthread_key_create(&thread_key, ForgetThread);
	(void) vector_kernels_init();
}

/* False: out of memory. */
static bool
KnowThread(void)
{
	if (copies != NULL)
		return true;
	copies = calloc(COPIES, sizeof(PageCopy));
	LocalBufferBlockPointers = calloc(COPIES, sizeof(Block));
	raised = calloc(3, RAISED_SIZE);
	if (copies == NULL || LocalBufferBlockPointers == NULL || raised == NULL ||
	    pthread_setspecific(thread_key, copies) != 0)
	{
		ForgetThread(NULL);
		return false;
	}
	for (int i = 0; i < COPIES; i++)
		LocalBufferBlockPointers[i] = (Block) &copies[i].page;
	NLocBuffer = COPIES;
	return true;
}

/* What the sources take for the process's (R4). */
static void
UseMapping(const tusk_mapping *mapping)
{
	NBuffers = mapping->nbuffers;
	BufferDescriptors = mapping->descriptors;
	BufferBlocks = mapping->blocks;
	(void) UseBufTable(mapping->buf_table, mapping->nbuffers);
	UseIndexCache(mapping->cache_entries, mapping->cache_chunks);
}

bool
RunWithReader(DirectReader *reader, void (*function)(void *), void *arg)
{
	DirectReader *outer = CurrentReader;
	sigjmp_buf jump;
	volatile bool done = false;

	reader->reason[0] = '\0';
	if (outer != NULL)
	{
		/* a callback of a search must not search */
		snprintf(reader->reason, sizeof(reader->reason),
		         "a search is under way in this thread");
		return false;
	}
	if (!KnowThread())
	{
		snprintf(reader->reason, sizeof(reader->reason), "out of memory");
		return false;
	}
	CurrentReader = reader;
	UseMapping(reader->mapping);
	InterruptCountdown = STEPS_BETWEEN_LOOKS;
	for (int i = 0; i < COPIES; i++)
		copies[i].used = false;
	if (sigsetjmp(jump, 0) == 0)
	{
		PG_exception_stack = &jump;
		if (TopMemoryContext == NULL)
			TopMemoryContext =
				AllocSetContextCreate(NULL, "thread", ALLOCSET_DEFAULT_SIZES);
		CurrentMemoryContext = TopMemoryContext;
		function(arg);
		done = true;
	}
	PG_exception_stack = NULL;
	CurrentReader = outer;
	return done;
}

/* ---------------------------------------------------------------------------
 * Errors
 * ---------------------------------------------------------------------------
 */

#define RAISED_MESSAGE (raised)
#define RAISED_DETAIL (raised + RAISED_SIZE)
#define RAISED_HINT (raised + 2 * RAISED_SIZE)

void
GiveUp(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void) vsnprintf(CurrentReader->reason, sizeof(CurrentReader->reason),
	                 format, args);
	va_end(args);
	siglongjmp(*PG_exception_stack, 1);
}

bool
errstart(int elevel, const char *domain)
{
	if (elevel < NOTICE)
		return false;
	raised_level = elevel;
	RAISED_MESSAGE[0] = RAISED_DETAIL[0] = RAISED_HINT[0] = '\0';
	return true;
}

void
errfinish(const char *filename, int lineno, const char *funcname)
{
	const tusk_backend *backend = CurrentReader->backend;

	if (raised_level >= ERROR)
		GiveUp("%s (%s, %s:%d)", RAISED_MESSAGE, funcname, filename, lineno);
	backend->notice(backend->session, RAISED_MESSAGE, RAISED_DETAIL,
	                RAISED_HINT);
}

void
ExceptionalCondition(const char *conditionName, const char *fileName,
                     int lineNumber)
{
	if (PG_exception_stack == NULL)
		abort();
	GiveUp("failed: %s (%s:%d)", conditionName, fileName, lineNumber);
}

static void
SetRaised(char *text, const char *format, va_list args)
{
	(void) vsnprintf(text, RAISED_SIZE, format, args);
}

#define SET_RAISED(function, text)     \
	int function(const char *fmt, ...) \
	{                                  \
		va_list args;                  \
                                       \
		va_start(args, fmt);           \
		SetRaised(text, fmt, args);    \
		va_end(args);                  \
		return 0;                      \
	}

SET_RAISED(errmsg, RAISED_MESSAGE)
SET_RAISED(errmsg_internal, RAISED_MESSAGE)
SET_RAISED(errdetail, RAISED_DETAIL)
SET_RAISED(errhint, RAISED_HINT)

int
errcode(int sqlerrcode)
{
	return 0;
}

int
errcontext_msg(const char *fmt, ...)
{
	return 0;
}

/* Now and then: does the session go on, is the search still one? */
void
ProcessInterrupts(void)
{
	const tusk_backend *backend = CurrentReader->backend;

	InterruptCountdown = STEPS_BETWEEN_LOOKS;
	if (!backend->alive(backend->session))
		GiveUp("the session was cancelled or has ended");
}

/* ---------------------------------------------------------------------------
 * Memory and sizes
 * ---------------------------------------------------------------------------
 */

void *
sys_malloc(size_t size)
{
	return malloc(size);
}

void *
sys_calloc(size_t n, size_t size)
{
	return calloc(n, size);
}

Size
add_size(Size s1, Size s2)
{
	if (s1 + s2 < s1)
		GiveUp("size overflows");
	return s1 + s2;
}

Size
mul_size(Size s1, Size s2)
{
	Size result;

	if (__builtin_mul_overflow(s1, s2, &result))
		GiveUp("size overflows");
	return result;
}

/* ---------------------------------------------------------------------------
 * Pages
 * ---------------------------------------------------------------------------
 */

static int
UnusedCopy(void)
{
	for (int i = 0; i < COPIES; i++)
	{
		if (!copies[i].used)
			return i;
	}
	GiveUp("too many pages at once");
}

static bool
IsTable(Relation reln)
{
	return reln == &CurrentReader->shape->table;
}

/*
 * The line pointers and the item of a table's page, which is mostly all that is
 * looked at.  False: all of the page is needed, as versions of the row follow.
 */
static bool
CopyItem(const OptimisticRead *r, OffsetNumber offset, char *page)
{
	Size lower = ((const volatile PageHeaderData *) r->page)->pd_lower;
	Size len = 0;
	const char *item = OptimisticItem(r, offset, &len);
	char *copy;

	if (item == NULL || len < SizeofHeapTupleHeader || lower > BLCKSZ)
		return false;
	memcpy(page, r->page, lower);
	copy = page + (item - r->page);
	memcpy(copy, item, len);
	return !(((HeapTupleHeader) copy)->t_infomask2 & HEAP_HOT_UPDATED);
}

/* False: it is not there, or is being changed. */
static bool
CopyPage(Relation reln, BlockNumber block, char *page)
{
	OffsetNumber offset =
		IsTable(reln) ? CurrentReader->wanted_item : InvalidOffsetNumber;

	for (int i = 0; i < READ_TRIES; i++)
	{
		OptimisticRead r;

		if (OptimisticReadBegin(&r, reln->rd_node, MAIN_FORKNUM, block))
		{
			if (!OffsetNumberIsValid(offset) || !CopyItem(&r, offset, page))
				memcpy(page, r.page, BLCKSZ);
			if (OptimisticReadEnd(&r))
				return true;
		}
		else if (BufTableLookupOptimistic(&r.tag, r.hashcode) < 0)
			return false;
		pg_spin_delay();
	}
	return false;
}

Buffer
ReadBuffer(Relation reln, BlockNumber blockNum)
{
	const tusk_backend *backend = CurrentReader->backend;
	int i = UnusedCopy();
	uint32 part = IsTable(reln) ? DIRECT_PART_TABLE : DIRECT_PART_INDEX;

	for (int asked = 0; !CopyPage(reln, blockNum, copies[i].page.data); asked++)
	{
		if (asked == READ_ASKS)
			GiveUp("block %u of relation %u cannot be read", blockNum,
			       reln->rd_id);
		if (!backend->blocks(backend->session, part, &blockNum, 1))
			GiveUp("the backend gave no block");
	}
	copies[i].used = true;
	copies[i].block = blockNum;
	return -(i + 1);
}

void
ReleaseBuffer(Buffer buffer)
{
	copies[-buffer - 1].used = false;
}

void
UnlockReleaseBuffer(Buffer buffer)
{
	ReleaseBuffer(buffer);
}

void
LockBuffer(Buffer buffer, int mode)
{
}

BlockNumber
BufferGetBlockNumber(Buffer buffer)
{
	return copies[-buffer - 1].block;
}

PrefetchBufferResult
PrefetchBuffer(Relation reln, ForkNumber forkNum, BlockNumber blockNum)
{
	return (PrefetchBufferResult){InvalidBuffer, false};
}

void
OptimisticReadTouched(int buf_id)
{
	DirectReader *reader = CurrentReader;

	if (reader->ntouched < (int) lengthof(reader->touched))
		reader->touched[reader->ntouched++] = (uint32) buf_id;
}

/* ---------------------------------------------------------------------------
 * Visibility
 * ---------------------------------------------------------------------------
 */

bool
TransactionIdIsCurrentTransactionId(TransactionId xid)
{
	if (!TransactionIdIsValid(xid) || xid != CurrentReader->own_xid)
		return false;
	CurrentReader->undecided = true;
	return false;
}

bool
TransactionIdDidCommit(TransactionId xid)
{
	const ClogShared *clog = CurrentReader->mapping->clog;
	int status;

	if (!TransactionIdIsNormal(xid))
		return xid != InvalidTransactionId;
	for (int i = 0; i < CLOG_NUM_SLOTS; i++)
	{
		if (ClogSlotReadStatus(&clog->slots[i], xid, &status))
			return status == TRANSACTION_STATUS_COMMITTED;
	}
	CurrentReader->undecided = true;
	return false;
}

/* The rest is for others than snapshots proper, or for own changes. */

bool
TransactionIdIsInProgress(TransactionId xid)
{
	CurrentReader->undecided = true;
	return true;
}

CommandId
HeapTupleHeaderGetCmin(HeapTupleHeader tup)
{
	CurrentReader->undecided = true;
	return 0;
}

CommandId
HeapTupleHeaderGetCmax(HeapTupleHeader tup)
{
	CurrentReader->undecided = true;
	return 0;
}

TransactionId
GetOldestNonRemovableTransactionId(Relation rel)
{
	return InvalidTransactionId;
}

XLogRecPtr
TransactionIdGetCommitLSN(TransactionId xid)
{
	return InvalidXLogRecPtr;
}

bool
XLogNeedsFlush(XLogRecPtr record)
{
	return false;
}

bool
BufferIsPermanent(Buffer buffer)
{
	return true;
}

XLogRecPtr
BufferGetLSNAtomic(Buffer buffer)
{
	return InvalidXLogRecPtr;
}

void
MarkBufferDirtyHint(Buffer buffer, bool buffer_std)
{
}

/* ---------------------------------------------------------------------------
 * Values
 * ---------------------------------------------------------------------------
 */

/* A short header is taken away; more only the backend can do. */
struct varlena *
detoast_attr(struct varlena *attr)
{
	struct varlena *result;
	Size length;

	if (!VARATT_IS_SHORT(attr) || VARATT_IS_EXTERNAL(attr))
		GiveUp("a value is compressed or out of line");
	length = VARSIZE_SHORT(attr) - VARHDRSZ_SHORT;
	result = palloc(VARHDRSZ + length);
	SET_VARSIZE(result, VARHDRSZ + length);
	memcpy(VARDATA(result), VARDATA_SHORT(attr), length);
	return result;
}

struct varlena *
toast_decompress_datum(struct varlena *attr)
{
	GiveUp("a value is compressed");
}

struct varlena *
toast_decompress_slice(const struct varlena *value, int32 slicelength)
{
	GiveUp("a value is compressed");
}

/* In the text of an error about a number. */
int
float_to_shortest_decimal_buf(float f, char *result)
{
	return snprintf(result, 16, "%g", (double) f);
}

/* ---------------------------------------------------------------------------
 * The session's backend does these
 * ---------------------------------------------------------------------------
 */

void
LockPage(Relation relation, BlockNumber blkno, LOCKMODE lockmode)
{
}

void
UnlockPage(Relation relation, BlockNumber blkno, LOCKMODE lockmode)
{
}

void
HnswCacheLoad(Relation index, const VectorSupport *support)
{
}

PgStat_TableStatus *
pgstat_assoc_relation(Relation rel)
{
	return NULL;
}

/* Sorts of more than work_mem need files, which a client has not. */
Tuplesortstate *
tuplesort_begin_int8_tid(int workMem, struct SortCoordinateData *coordinate)
{
	GiveUp("the rows do not fit into work_mem");
}

void
tuplesort_putint8tid(Tuplesortstate *state, int64 key, ItemPointer tid)
{
	GiveUp("there are no sorts here");
}

void
tuplesort_performsort(Tuplesortstate *state)
{
	GiveUp("there are no sorts here");
}

bool
tuplesort_getint8tid(Tuplesortstate *state, int64 *key, ItemPointer tid)
{
	GiveUp("there are no sorts here");
}

void
tuplesort_end(Tuplesortstate *state)
{
}

/* Tables in shared memory are not made here. */
void *
ShmemAllocNoError(Size size)
{
	return NULL;
}

int
s_lock(slock_t *lock, const char *file, int line, const char *func)
{
	GiveUp("a spinlock is taken");
}
