/*
 * lwlock.h
 *		Lightweight locks: shared/exclusive locks on shared-memory structures
 *		and page contents.
 *
 * Holding one holds off interrupts.  They are released on error
 * (LWLockReleaseAll in abort processing), there is no deadlock detection (order
 * is by design), and a wait for one cannot be interrupted: hold them briefly,
 * never across a wait for a peer.  The wait list holds ProcNumbers: an LWLock
 * may lie in a DSM segment or in the public segment.
 */
#ifndef LWLOCK_H
#define LWLOCK_H

#include "port/atomics.h"
#include "storage/proclist_types.h"
#include "storage/procnumber.h"

struct PGPROC;

typedef struct LWLock
{
	uint16 tranche;         /* [C] which group of locks this belongs to */
	pg_atomic_uint32 state; /* [A] holders and flags; see lwlock.c */
	proclist_head waiters;  /* [L:LW_FLAG_LOCKED in state] queue, in order */
} LWLock;

/*
 * The bit of the state word while somebody holds the lock exclusively; here
 * because readers of a page without lock look at it (bufoptimistic.c).
 */
#define LW_VAL_EXCLUSIVE ((uint32) MAX_BACKENDS + 1)

/*
 * Two lines: current CPUs fetch lines in pairs.
 */
#ifndef PG_CACHE_LINE_SIZE
#define PG_CACHE_LINE_SIZE 128
#endif

/* A lock on a cache line (pair) of its own, against false sharing. */
#define LWLOCK_PADDED_SIZE PG_CACHE_LINE_SIZE

typedef union LWLockPadded
{
	LWLock lock;
	char pad[LWLOCK_PADDED_SIZE];
} LWLockPadded;

/* [C] the locks of lwlocklist.h, then the mapping and lock-manager partitions */
extern PGDLLIMPORT LWLockPadded *MainLWLockArray;

#include "storage/lwlocknames.h"

/* Numbers of partitions; powers of two. */
#define NUM_BUFFER_PARTITIONS 128
#define LOG2_NUM_LOCK_PARTITIONS 4
#define NUM_LOCK_PARTITIONS (1 << LOG2_NUM_LOCK_PARTITIONS)

/* Where each partitioned group starts in MainLWLockArray. */
#define BUFFER_MAPPING_LWLOCK_OFFSET NUM_INDIVIDUAL_LWLOCKS
#define LOCK_MANAGER_LWLOCK_OFFSET \
	(BUFFER_MAPPING_LWLOCK_OFFSET + NUM_BUFFER_PARTITIONS)
#define NUM_FIXED_LWLOCKS (LOCK_MANAGER_LWLOCK_OFFSET + NUM_LOCK_PARTITIONS)

typedef enum LWLockMode
{
	LW_EXCLUSIVE,
	LW_SHARED,
	LW_WAIT_UNTIL_FREE /* only as PGPROC->lwWaitMode: wants no lock */
} LWLockMode;

/* PGPROC->lwWaiting */
typedef enum LWLockWaitState
{
	LW_WS_NOT_WAITING,   /* not waiting, or woken */
	LW_WS_WAITING,       /* in a wait list */
	LW_WS_PENDING_WAKEUP /* taken off it, semaphore not yet posted */
} LWLockWaitState;

/* Tranches of lock groups that are built in. */
typedef enum BuiltinTrancheIds
{
	LWTRANCHE_XACT_BUFFER = NUM_INDIVIDUAL_LWLOCKS,
	LWTRANCHE_WAL_INSERT,
	LWTRANCHE_BUFFER_CONTENT,
	LWTRANCHE_LOCK_FASTPATH,
	LWTRANCHE_BUFFER_MAPPING,
	LWTRANCHE_LOCK_MANAGER,
	LWTRANCHE_PARALLEL_QUERY_DSA,
	LWTRANCHE_SHARED_TUPLESTORE,
	LWTRANCHE_PARALLEL_APPEND,
	LWTRANCHE_PGSTATS_DATA,
	LWTRANCHE_HNSW_BUILD,
	LWTRANCHE_PG_STAT_STATEMENTS,
	LWTRANCHE_INDEX_CACHE,
	LWTRANCHE_FIRST_USER_DEFINED
} BuiltinTrancheIds;

extern void LWLockInitialize(LWLock *lock, int tranche_id);

/*
 * Locks of the main segments, count of them, stride bytes apart, that a view
 * shall find: said once by the postmaster, when they are initialized.
 */
extern void LWLockNoteGroup(LWLock *first, int count, Size stride);

/* A lock that is held or waited for, as it was at some moment. */
typedef struct LWLockHeld
{
	const char *tranche;
	int number;       /* place in its group */
	bool exclusive;   /* else shared */
	int holders;      /* 0: free, with waiters */
	bool has_waiters; /* somebody queues */
} LWLockHeld;

/*
 * The next one that is held or waited for; *position is 0 at first.  False: no
 * more.  Blocks nobody.
 */
extern bool LWLockNextHeld(int *position, LWLockHeld *held);

/* Wait as long as needed; false if it had to wait.  ERROR: 200 locks held. */
extern bool LWLockAcquire(LWLock *lock, LWLockMode mode);

/* Do not wait; false if the lock was not obtained. */
extern bool LWLockConditionalAcquire(LWLock *lock, LWLockMode mode);

/* Obtain it at once, or wait until it is free and return false without it. */
extern bool LWLockAcquireOrWait(LWLock *lock, LWLockMode mode);

extern void LWLockRelease(LWLock *lock);
extern void
LWLockReleaseClearVar(LWLock *lock, pg_atomic_uint64 *valptr, uint64 val);
extern void LWLockReleaseAll(void);
extern bool LWLockHeldByMe(LWLock *lock);
extern bool LWLockAnyHeldByMe(LWLock *lock, int nlocks, size_t stride);
extern bool LWLockHeldByMeInMode(LWLock *lock, LWLockMode mode);

/*
 * A variable that the exclusive holder of a lock moves on: wait until the lock
 * is free (true) or the variable differs from oldval (false, *newval set).
 */
extern bool LWLockWaitForVar(LWLock *lock, pg_atomic_uint64 *valptr,
                             uint64 oldval, uint64 *newval);
extern void LWLockUpdateVar(LWLock *lock, pg_atomic_uint64 *valptr, uint64 val);

extern Size LWLockShmemSize(void);
extern void CreateLWLocks(void);
extern void InitLWLockAccess(void);

/* Name of a wait event of class PG_WAIT_LWLOCK. */
extern const char *GetLWLockIdentifier(uint32 classId, uint16 eventId);

/*
 * New tranches: the id is made once (in shared memory's counter), the name is
 * registered by every process that uses it.
 */
extern int LWLockNewTrancheId(void);
extern void LWLockRegisterTranche(int tranche_id, const char *tranche_name);

#endif /* LWLOCK_H */
