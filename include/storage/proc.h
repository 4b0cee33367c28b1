/*
 * proc.h
 *		PGPROC: what shared memory knows of a process, and the sleep for
 *		heavyweight locks.
 */
#ifndef PROC_H_
#define PROC_H_

#include "lib/ilist.h"
#include "port/atomics.h"
#include "storage/latch.h"
#include "storage/lock.h"
#include "storage/pg_sema.h"
#include "storage/proclist_types.h"
#include "storage/procnumber.h"
#include "storage/spin.h"

/* statusFlags */
#define PROC_IS_AUTOVACUUM 0x01 /* an autovacuum worker */
#define PROC_IN_VACUUM 0x02     /* lazy vacuum: ignored by others' horizons */
#define PROC_IN_SAFE_IC 0x04    /* CREATE INDEX CONCURRENTLY, simple index */
#define PROC_VACUUM_FOR_WRAPAROUND 0x08
#define PROC_AFFECTS_ALL_HORIZONS 0x20

/* Flags that go with the transaction. */
#define PROC_VACUUM_STATE_MASK \
	(PROC_IN_VACUUM | PROC_IN_SAFE_IC | PROC_VACUUM_FOR_WRAPAROUND)

/* Flags that a parallel worker takes over with its leader's xmin. */
#define PROC_XMIN_FLAGS (PROC_IN_VACUUM | PROC_IN_SAFE_IC)

/* delayChkptFlags */
#define DELAY_CHKPT_START (1 << 0)
#define DELAY_CHKPT_COMPLETE (1 << 1)

typedef enum
{
	PROC_WAIT_STATUS_OK,
	PROC_WAIT_STATUS_WAITING,
	PROC_WAIT_STATUS_ERROR
} ProcWaitStatus;

#define PGPROC_MAGIC 0x50524f43

/*
 * One per process that may touch shared memory.  The array index is the
 * ProcNumber.  The slots never move and never vanish: reading through a stale
 * pointer to one is safe, what is read may be another process's.
 */
struct PGPROC
{
	uint32 magic;     /* [C] PGPROC_MAGIC */
	dlist_node links; /* [L:ProcStructLock] in a free list, when free */
	dlist_head *procgloballist; /* [C] the free list it goes back to */
	PGSemaphore sem;            /* [C] LWLock waits sleep on it */
	ProcWaitStatus
		waitStatus;  /* [L:partition of waitLock] set by the grantor */
	Latch procLatch; /* [A] wakes the process from any other wait */

	TransactionId xid;  /* [L:ProcArrayLock] own xid, or invalid; written
								 * with XidGenLock; mirrored in ProcGlobal */
	TransactionId xmin; /* [L:ProcArrayLock] oldest xid its snapshots
								 * need; cleared by the owner without it */
	int pid;            /* [O] 0: slot is free */
	int pgxactoff;      /* [L:ProcArrayLock,XidGenLock] place in the
								 * dense arrays of ProcGlobal */

	/* The virtual transaction id. */
	struct
	{
		ProcNumber procNumber;   /* [O] */
		LocalTransactionId lxid; /* [O] 0: in no transaction */
	} vxid;

	Oid databaseId;          /* [O] 0 until connected */
	Oid roleId;              /* [O] */
	Oid tempNamespaceId;     /* [O] schema of its temporary relations, or 0;
	                          * a single word, read by autovacuum */
	bool isBackgroundWorker; /* [O] */
	bool isRegularBackend;   /* [O] */

	/* LWLock wait */
	uint8 lwWaiting;          /* [A] LWLockWaitState; see lwlock.c */
	uint8 lwWaitMode;         /* [L:wait list] LWLockMode wanted */
	proclist_node lwWaitLink; /* [L:wait list] */

	/* Condition variable wait */
	proclist_node cvWaitLink; /* [L:that variable's mutex] */

	/* Heavyweight lock wait; all [L:partition of waitLock] */
	LOCK *waitLock; /* NULL: waits for none */
	PROCLOCK *waitProcLock;
	LOCKMODE waitLockMode;
	LOCKMASK heldLocks;         /* modes already held on it by the group */
	dlist_node waitLink;        /* in LOCK.waitProcs while waitLock is set */
	pg_atomic_uint64 waitStart; /* [A] when the wait began; 0: not yet known */

	/*
	 * Its transaction is there for a client's direct search alone, so it gives
	 * up what it holds when it is asked to; set before it holds anything.
	 */
	bool directReader; /* [O] read with the partition of a lock it holds */
	bool directShort;  /* [O] and that search, which runs, is a short one: it
	                    * ends for a vacuum too (tcop/direct.h); until its
	                    * snapshot is given up */

	int delayChkptFlags; /* [O] read by the checkpointer */
	uint8 statusFlags;   /* [L:ProcArrayLock] mirrored in ProcGlobal */

	/* PROCLOCKs of this process, by partition; [L:that partition] */
	dlist_head myProcLocks[NUM_LOCK_PARTITIONS];

	uint32 wait_event_info; /* [O] what it waits for now; 0: nothing */

	/* Group clearing of xids at commit (procarray.c) */
	bool procArrayGroupMember;             /* [O] */
	pg_atomic_uint32 procArrayGroupNext;   /* [A] */
	TransactionId procArrayGroupMemberXid; /* [O] */

	/* The virtual transaction's lock on itself, kept here until awaited */
	LWLock fpInfoLock;
	bool fpVXIDLock;                         /* [L:fpInfoLock] */
	LocalTransactionId fpLocalTransactionId; /* [L:fpInfoLock] */

	/* Lock group; [L:LockHashPartitionLockByProc(leader)] */
	PGPROC *lockGroupLeader;     /* NULL: in no group */
	dlist_head lockGroupMembers; /* of a leader: all, itself included */
	dlist_node lockGroupLink;    /* in the leader's list */
} pg_attribute_aligned(PG_CACHE_LINE_SIZE);

/* This process's own. */
extern PGDLLIMPORT PGPROC *MyProc;

/* Shared header of the process array. */
typedef struct PROC_HDR
{
	uint32 magic;         /* [C] */
	PGPROC *allProcs;     /* [C] */
	TransactionId *xids;  /* [L:ProcArrayLock] dense mirror of PGPROC.xid */
	uint8 *statusFlags;   /* [L:ProcArrayLock] dense mirror */
	uint32 allProcCount;  /* [C] */
	dlist_head freeProcs; /* [L:ProcStructLock] regular backends */
	dlist_head autovacFreeProcs;          /* [L:ProcStructLock] */
	dlist_head bgworkerFreeProcs;         /* [L:ProcStructLock] */
	pg_atomic_uint32 procArrayGroupFirst; /* [A] */
	ProcNumber walwriterProc;    /* [A] single word, set by its owner */
	ProcNumber checkpointerProc; /* [A] single word, set by its owner */
	int spins_per_delay;         /* [L:ProcStructLock] shared estimate */
} PROC_HDR;

extern PGDLLIMPORT PROC_HDR *ProcGlobal;

#define GetPGProcByNumber(n) (&ProcGlobal->allProcs[(n)])
#define GetNumberFromPGProc(proc) \
	((ProcNumber) ((proc) - &ProcGlobal->allProcs[0]))

/*
 * Auxiliary processes at one time, with room for those that start while their
 * forerunner exits.
 */
#define NUM_AUXILIARY_PROCS 8
#define FIRST_AUXILIARY_PROC_NUMBER MaxBackends

/* All PGPROCs. */
#define PROCARRAY_SLOTS (MaxBackends + NUM_AUXILIARY_PROCS)

/* GUCs, in ms; 0 is off but for DeadlockTimeout */
extern PGDLLIMPORT int DeadlockTimeout;
extern PGDLLIMPORT int StatementTimeout;
extern PGDLLIMPORT int LockTimeout;
extern PGDLLIMPORT int IdleInTransactionSessionTimeout;
extern PGDLLIMPORT int IdleSessionTimeout;
extern PGDLLIMPORT bool log_lock_waits;

extern Size ProcGlobalShmemSize(void);
extern int ProcGlobalSemas(void);
extern void InitProcGlobal(void);

/* Take a PGPROC.  FATAL 53300 when none is free. */
extern void InitProcess(void);
extern void InitProcessPhase2(void);
extern void InitAuxiliaryProcess(void);

extern bool HaveNFreeProcs(int n, int *nfree);
extern void ProcReleaseLocks(bool isCommit);

/* Between lock.c and proc.c; partition lock held. */
extern ProcWaitStatus
JoinWaitQueue(LOCALLOCK *locallock, LockMethod lockMethodTable, bool dontWait);
extern ProcWaitStatus ProcSleep(LOCALLOCK *locallock);
extern void ProcWakeup(PGPROC *proc, ProcWaitStatus waitStatus);
extern void ProcLockWakeup(LockMethod lockMethodTable, LOCK *lock);
extern void CheckDeadLockAlert(void);
extern bool IsWaitingForLock(void);
extern void LockErrorCleanup(void);

extern void ProcWaitForSignal(uint32 wait_event_info);
extern void ProcSendSignal(ProcNumber procNumber);

/* Lock groups: see storage/lmgr/README.md. */
extern void BecomeLockGroupLeader(void);
extern bool BecomeLockGroupMember(PGPROC *leader, int pid);

#endif /* PROC_H_ */
