/*
 * sinvaladt.c
 *		The queue of shared invalidation messages.
 *
 * A ring that every backend reads at its own pace.  A message's number only
 * grows; each reader has the number of the next one it will read.  Writers
 * overwrite what all have read; a reader that lags behind by the whole ring is
 * told to forget everything instead (its resetState), and, before it comes to
 * that, it is signalled to catch up.
 *
 * Invariants
 * 1.	maxMsgNum is read before the messages below it, and written after them.
 * 2.	A reader that has nothing to read finds out by one load: hasMessages is
 *		set after maxMsgNum, and cleared by the reader before it looks there.
 *
 * Locks: SInvalWriteLock for writers; SInvalReadLock shared by a reader for its
 * own slot, exclusive to look at all of them; Write before Read.
 *
 * Corresponds to PostgreSQL's sinvaladt.c and sinval.c.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/shmem.h"
#include "storage/sinvaladt.h"
#include "utils/injection_point.h"
#include "utils/inval.h"

#define MAXNUMMESSAGES 4096 /* a power of two */

/* Tell those to catch up that are so far behind. */
#define SIG_THRESHOLD (MAXNUMMESSAGES / 2)

/* Written in pieces, so that readers are not shut out for long. */
#define WRITE_QUANTUM 64
#define MAXINVALMSGS 32

#define SISEG_MAGIC 0x53495331

typedef struct ProcState
{
	pid_t procPid;                /* [L:SInvalReadLock X] 0: no reader */
	uint64 nextMsgNum;            /* [L:SInvalReadLock] next to read */
	bool resetState;              /* [L:SInvalReadLock] has lost messages */
	bool signaled;                /* [L:SInvalReadLock] told to catch up */
	pg_atomic_uint32 hasMessages; /* [A] */
} ProcState;

typedef struct SISeg
{
	uint32 magic;               /* [C] */
	pg_atomic_uint64 maxMsgNum; /* [A] written with SInvalWriteLock */
	SharedInvalidationMessage buffer[MAXNUMMESSAGES]; /* [L:SInvalWriteLock] */
	ProcState procState[FLEXIBLE_ARRAY_MEMBER];       /* by ProcNumber */
} SISeg;

static SISeg *shmInvalBuffer = NULL;

/* This process's slot; NULL: it keeps no caches. */
static ProcState *MyProcState = NULL;

volatile sig_atomic_t catchupInterruptPending = false;

static void CleanupInvalidationState(int status, Datum arg);
static void MakeRoom(uint64 upto);

Size
SInvalShmemSize(void)
{
	return add_size(offsetof(SISeg, procState),
	                mul_size(PROCARRAY_SLOTS, sizeof(ProcState)));
}

void
CreateSharedInvalidationState(void)
{
	bool found;
	int i;

	shmInvalBuffer =
		(SISeg *) ShmemInitStruct("shmInvalBuffer", SInvalShmemSize(), &found);
	if (found)
		return;
	memset(shmInvalBuffer, 0, SInvalShmemSize());
	shmInvalBuffer->magic = SISEG_MAGIC;
	pg_atomic_init_u64(&shmInvalBuffer->maxMsgNum, 0);
	for (i = 0; i < PROCARRAY_SLOTS; i++)
		pg_atomic_init_u32(&shmInvalBuffer->procState[i].hasMessages, 0);
}

void
SharedInvalBackendInit(void)
{
	ProcState *state = &shmInvalBuffer->procState[MyProcNumber];

	Assert(MyProcState == NULL);
	Assert(shmInvalBuffer->magic == SISEG_MAGIC);

	LWLockAcquire(SInvalWriteLock, LW_EXCLUSIVE);
	LWLockAcquire(SInvalReadLock, LW_EXCLUSIVE);
	Assert(state->procPid == 0);
	state->procPid = MyProcPid;
	/* The caches are empty: what was sent before does not concern us. */
	state->nextMsgNum = pg_atomic_read_u64(&shmInvalBuffer->maxMsgNum);
	state->resetState = false;
	state->signaled = false;
	pg_atomic_write_u32(&state->hasMessages, 0);
	LWLockRelease(SInvalReadLock);
	LWLockRelease(SInvalWriteLock);

	MyProcState = state;
	on_shmem_exit(CleanupInvalidationState, 0);
}

static void
CleanupInvalidationState(int status, Datum arg)
{
	LWLockAcquire(SInvalReadLock, LW_EXCLUSIVE);
	MyProcState->procPid = 0;
	MyProcState->resetState = false;
	MyProcState->signaled = false;
	LWLockRelease(SInvalReadLock);
	MyProcState = NULL;
}

/*
 * Before messages below upto are written: whoever would lose some is reset, who
 * is far behind is signalled.  SInvalWriteLock is held.
 */
static void
MakeRoom(uint64 upto)
{
	int i;

	LWLockAcquire(SInvalReadLock, LW_EXCLUSIVE);
	for (i = 0; i < PROCARRAY_SLOTS; i++)
	{
		ProcState *state = &shmInvalBuffer->procState[i];
		uint64 behind;

		if (state->procPid == 0 || state->resetState)
			continue;
		behind = upto - state->nextMsgNum;
		if (behind > MAXNUMMESSAGES)
			state->resetState = true;
		else if (behind > SIG_THRESHOLD && !state->signaled &&
		         state != MyProcState)
		{
			state->signaled = true;
			INJECTION_POINT_NOTHROW("sinval-catch-up");
			(void) SendProcSignal(state->procPid, PROCSIG_CATCHUP_INTERRUPT, i);
		}
	}
	LWLockRelease(SInvalReadLock);
}

void
SIInsertDataEntries(const SharedInvalidationMessage *data, int n)
{
	while (n > 0)
	{
		int nthistime = Min(n, WRITE_QUANTUM);
		uint64 max;
		int i;

		INJECTION_POINT_NOTHROW("sinval-insert");
		LWLockAcquire(SInvalWriteLock, LW_EXCLUSIVE);
		max = pg_atomic_read_u64(&shmInvalBuffer->maxMsgNum);
		MakeRoom(max + nthistime);
		for (i = 0; i < nthistime; i++)
			shmInvalBuffer->buffer[(max + i) % MAXNUMMESSAGES] = data[i];

		/* Invariant 1; pairs with the barrier in SIGetDataEntries. */
		pg_write_barrier();
		pg_atomic_write_u64(&shmInvalBuffer->maxMsgNum, max + nthistime);

		INJECTION_POINT_NOTHROW("sinval-inserted");
		/* Invariant 2: a full barrier, then the flags. */
		pg_memory_barrier();
		for (i = 0; i < PROCARRAY_SLOTS; i++)
			pg_atomic_write_u32(&shmInvalBuffer->procState[i].hasMessages, 1);
		LWLockRelease(SInvalWriteLock);

		data += nthistime;
		n -= nthistime;
	}
}

int
SIGetDataEntries(SharedInvalidationMessage *data, int datasize)
{
	ProcState *state = MyProcState;
	uint64 max;
	int n = 0;

	if (state == NULL || pg_atomic_read_u32(&state->hasMessages) == 0)
		return 0;

	/* Invariant 2: a full barrier after clearing, before looking. */
	(void) pg_atomic_exchange_u32(&state->hasMessages, 0);
	INJECTION_POINT_NOTHROW("sinval-receive");

	LWLockAcquire(SInvalReadLock, LW_SHARED);
	max = pg_atomic_read_u64(&shmInvalBuffer->maxMsgNum);
	pg_read_barrier();

	if (state->resetState)
	{
		state->nextMsgNum = max;
		state->resetState = false;
		state->signaled = false;
		LWLockRelease(SInvalReadLock);
		return -1;
	}
	while (n < datasize && state->nextMsgNum < max)
	{
		data[n++] = shmInvalBuffer->buffer[state->nextMsgNum % MAXNUMMESSAGES];
		state->nextMsgNum++;
	}
	if (state->nextMsgNum >= max)
		state->signaled = false;
	else
		pg_atomic_write_u32(&state->hasMessages, 1);
	LWLockRelease(SInvalReadLock);
	return n;
}

/* ---- for the caches ---- */

void
SendSharedInvalidMessages(const SharedInvalidationMessage *msgs, int n)
{
	SIInsertDataEntries(msgs, n);
}

void
ReceiveSharedInvalidMessages(
	void (*invalFunction)(SharedInvalidationMessage *msg),
	void (*resetFunction)(void))
{
	/*
	 * Acting on a message may bring us here again: the inner call goes on with
	 * what the outer one has read and not yet handed out.
	 */
	static SharedInvalidationMessage messages[MAXINVALMSGS];
	static int next = 0;
	static int count = 0;

	while (next < count)
	{
		SharedInvalidationMessage msg = messages[next++];

		invalFunction(&msg);
	}
	do
	{
		int got;

		next = count = 0;
		got = SIGetDataEntries(messages, MAXINVALMSGS);
		if (got < 0)
		{
			resetFunction();
			break;
		}
		next = 0;
		count = got;
		while (next < count)
		{
			SharedInvalidationMessage msg = messages[next++];

			invalFunction(&msg);
		}
	} while (count == MAXINVALMSGS);
}

/* Handler: we are far behind. */
void
HandleCatchupInterrupt(void)
{
	catchupInterruptPending = true;
	SetLatch(MyLatch);
}

/* At an interrupt check between statements: read what there is. */
void
ProcessCatchupInterrupt(void)
{
	while (catchupInterruptPending)
	{
		catchupInterruptPending = false;
		if (IsTransactionOrTransactionBlock())
			AcceptInvalidationMessages();
		else
		{
			/* Starting a transaction reads the messages. */
			StartTransactionCommand();
			CommitTransactionCommand();
		}
	}
}
