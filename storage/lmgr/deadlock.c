/*
 * deadlock.c
 *		Find out whether the wait of a process can ever end, and if the order of
 *		a wait queue is the reason that it cannot, find a better order.
 *
 * The graph: a node is a lock group (most are of one process), named by its
 * leader.  From a waiting group there is a hard edge to each group that holds
 * a mode that conflicts with the one wanted, and a soft edge to each that waits
 * before it in the same queue for a conflicting mode.  A cycle of hard edges is
 * a deadlock.  A cycle with a soft edge in it can be broken by letting the
 * waiter overtake the blocker of that edge, which reverses the edge and may
 * make other cycles.
 *
 * So we search: a set of constraints ("this waiter before that one in this
 * queue") is tested by sorting the queues it touches accordingly and looking
 * for cycles again, from the starting process and from both ends of each
 * constraint (a rearrangement can only make a cycle through them).  A cycle's
 * soft edges are the candidates for one more constraint.  Depth first; the
 * first set without a cycle wins.  Almost always there is none to try.
 *
 * Page and extension locks are not part of the graph: while one is held at most
 * an extension lock is asked for, and while that is held nothing, so no cycle
 * goes through them.  That is also why it does no harm that they conflict
 * inside a group, where this graph has no edges.
 *
 * Everything runs with all partitions locked, in memory that was allocated
 * beforehand: nothing here can fail.
 *
 * Corresponds to PostgreSQL's deadlock.c; the sort of a queue is a simpler one.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/proc.h"
#include "utils/backend_status.h"
#include "utils/memutils.h"

/*
 * A soft edge; as a constraint: waiter before blocker in lock's queue.  Both
 * are leaders of their groups.
 */
typedef struct EDGE
{
	PGPROC *waiter;
	PGPROC *blocker;
	LOCK *lock;
} EDGE;

/* A proposed order of a wait queue. */
typedef struct WAIT_ORDER
{
	LOCK *lock;
	PGPROC **procs;
	int nProcs;
} WAIT_ORDER;

/* One edge of the cycle found, for the message. */
typedef struct DEADLOCK_INFO
{
	LOCKTAG locktag;
	LOCKMODE lockmode;
	int pid;
} DEADLOCK_INFO;

/* Working space; all arrays have room for maxProcs unless said otherwise. */
static int maxProcs = 0;
static PGPROC **visitedProcs; /* nodes seen by the current search */
static int nVisitedProcs;
static WAIT_ORDER *waitOrders; /* proposed orders of the current set */
static int nWaitOrders;
static PGPROC **waitOrderProcs; /* their processes */
static EDGE *curConstraints;    /* the current set */
static int nCurConstraints;
static EDGE *possibleConstraints; /* candidates; maxPossibleConstraints */
static int nPossibleConstraints;
static int maxPossibleConstraints;
static DEADLOCK_INFO *deadlockDetails;
static int nDeadlockDetails;

/* An autovacuum worker that blocks us, which may be cancelled. */
static PGPROC *blocking_autovacuum_proc = NULL;

static bool SearchForOrder(PGPROC *proc);
static int TestConfiguration(PGPROC *startProc);
static bool FindLockCycle(PGPROC *checkProc, EDGE *softEdges, int *nSoftEdges);
static bool FindLockCycleRecurse(PGPROC *checkProc, int depth, EDGE *softEdges,
                                 int *nSoftEdges);
static bool
FindLockCycleRecurseMember(PGPROC *checkProc, PGPROC *checkLeader, int depth,
                           EDGE *softEdges, int *nSoftEdges);
static bool ExpandConstraints(EDGE *constraints, int nConstraints);
static bool SortQueue(LOCK *lock, EDGE *constraints, int nConstraints,
                      PGPROC **ordering, int *nProcs);

static inline PGPROC *
LeaderOf(PGPROC *proc)
{
	return proc->lockGroupLeader ? proc->lockGroupLeader : proc;
}

/*
 * Allocate the working space; at the start of each process that may wait.
 */
void
InitDeadLockChecking(void)
{
	MemoryContext oldcxt;

	if (maxProcs > 0)
		return;
	oldcxt = MemoryContextSwitchTo(TopMemoryContext);
	maxProcs = (int) ProcGlobal->allProcCount;
	visitedProcs = palloc(maxProcs * sizeof(PGPROC *));
	deadlockDetails = palloc((maxProcs + 1) * sizeof(DEADLOCK_INFO));
	waitOrders = palloc(maxProcs * sizeof(WAIT_ORDER));
	waitOrderProcs = palloc(maxProcs * sizeof(PGPROC *));
	curConstraints = palloc(maxProcs * sizeof(EDGE));

	/* Room for several levels of candidates, else they are found again. */
	maxPossibleConstraints = maxProcs * 4;
	possibleConstraints = palloc(maxPossibleConstraints * sizeof(EDGE));
	MemoryContextSwitchTo(oldcxt);
}

/*
 * Is proc, which waits, in a deadlock?  If rearranging queues solves it, that
 * is done.  All partition locks are held.
 */
DeadLockState
DeadLockCheck(PGPROC *proc)
{
	int i;
	int j;

	nCurConstraints = 0;
	nPossibleConstraints = 0;
	nWaitOrders = 0;
	blocking_autovacuum_proc = NULL;

	if (!SearchForOrder(proc))
	{
		int nSoftEdges;

		/* Find the cycle in the queues as they are, for the message. */
		nWaitOrders = 0;
		if (!FindLockCycle(proc, possibleConstraints, &nSoftEdges))
			elog(FATAL, "deadlock seems to have disappeared");
		return DS_HARD_DEADLOCK;
	}

	for (i = 0; i < nWaitOrders; i++)
	{
		LOCK *lock = waitOrders[i].lock;

		dlist_init(&lock->waitProcs);
		for (j = 0; j < waitOrders[i].nProcs; j++)
			dlist_push_tail(&lock->waitProcs,
			                &waitOrders[i].procs[j]->waitLink);

		/* The new order may let somebody go on. */
		ProcLockWakeup(GetLocksMethodTable(lock), lock);
	}

	if (nWaitOrders > 0)
		return DS_SOFT_DEADLOCK;
	if (blocking_autovacuum_proc != NULL)
		return DS_BLOCKED_BY_AUTOVACUUM;
	return DS_NO_DEADLOCK;
}

PGPROC *
GetBlockingAutoVacuumPgproc(void)
{
	PGPROC *proc = blocking_autovacuum_proc;

	blocking_autovacuum_proc = NULL;
	return proc;
}

/*
 * Try the current constraints and, if there is a cycle with soft edges, each
 * of those as one more.  True if a good configuration was found; then
 * waitOrders says which.
 */
static bool
SearchForOrder(PGPROC *proc)
{
	int oldPossible = nPossibleConstraints;
	int nEdges;
	bool saved;
	int i;

	nEdges = TestConfiguration(proc);
	if (nEdges < 0)
		return false; /* a hard cycle, or contradictory constraints */
	if (nEdges == 0)
		return true;
	if (nCurConstraints >= maxProcs)
		return false; /* out of room: as good as no solution */

	/* Keep the candidates if there is room for one more list of them. */
	saved = oldPossible + nEdges + maxProcs <= maxPossibleConstraints;
	if (saved)
		nPossibleConstraints += nEdges;

	for (i = 0; i < nEdges; i++)
	{
		if (!saved && i > 0)
		{
			/* Overwritten by the level below: find them again. */
			if (TestConfiguration(proc) != nEdges)
				elog(FATAL, "inconsistent results during deadlock check");
		}
		curConstraints[nCurConstraints++] =
			possibleConstraints[oldPossible + i];
		if (SearchForOrder(proc))
			return true;
		nCurConstraints--;
	}
	nPossibleConstraints = oldPossible;
	return false;
}

/*
 * Cycles under the current constraints?  0: none.  -1: one that no order of
 * queues can break, or the constraints contradict each other.  Else the number
 * of soft edges of a cycle, which are in possibleConstraints from
 * nPossibleConstraints on.
 */
static int
TestConfiguration(PGPROC *startProc)
{
	EDGE *softEdges = possibleConstraints + nPossibleConstraints;
	int softFound = 0;
	int nSoftEdges;
	int i;

	if (nPossibleConstraints + maxProcs > maxPossibleConstraints)
		return -1;
	if (!ExpandConstraints(curConstraints, nCurConstraints))
		return -1;

	for (i = 0; i < nCurConstraints; i++)
	{
		if (FindLockCycle(curConstraints[i].waiter, softEdges, &nSoftEdges))
		{
			if (nSoftEdges == 0)
				return -1;
			softFound = nSoftEdges;
		}
		if (FindLockCycle(curConstraints[i].blocker, softEdges, &nSoftEdges))
		{
			if (nSoftEdges == 0)
				return -1;
			softFound = nSoftEdges;
		}
	}
	if (FindLockCycle(startProc, softEdges, &nSoftEdges))
	{
		if (nSoftEdges == 0)
			return -1;
		softFound = nSoftEdges;
	}
	return softFound;
}

/*
 * Is there a cycle through checkProc?  Then also its soft edges, and in
 * deadlockDetails all its edges.
 */
static bool
FindLockCycle(PGPROC *checkProc, EDGE *softEdges, int *nSoftEdges)
{
	nVisitedProcs = 0;
	nDeadlockDetails = 0;
	*nSoftEdges = 0;
	return FindLockCycleRecurse(checkProc, 0, softEdges, nSoftEdges);
}

static bool
FindLockCycleRecurse(PGPROC *checkProc, int depth, EDGE *softEdges,
                     int *nSoftEdges)
{
	dlist_iter iter;
	int i;

	checkProc = LeaderOf(checkProc);

	for (i = 0; i < nVisitedProcs; i++)
	{
		if (visitedProcs[i] != checkProc)
			continue;

		/* Back at the start: a cycle.  Elsewhere: one without the start. */
		if (i == 0)
		{
			Assert(depth <= maxProcs);
			nDeadlockDetails = depth;
			return true;
		}
		return false;
	}
	Assert(nVisitedProcs < maxProcs);
	visitedProcs[nVisitedProcs++] = checkProc;

	/* The group waits for whatever any of its members waits for. */
	if (checkProc->waitLock != NULL &&
	    FindLockCycleRecurseMember(checkProc, checkProc, depth, softEdges,
	                               nSoftEdges))
		return true;
	dlist_foreach (iter, &checkProc->lockGroupMembers)
	{
		PGPROC *member = dlist_container(PGPROC, lockGroupLink, iter.cur);

		if (member != checkProc && member->pid != 0 &&
		    member->waitLock != NULL &&
		    FindLockCycleRecurseMember(member, checkProc, depth, softEdges,
		                               nSoftEdges))
			return true;
	}
	return false;
}

/* Note an edge of the cycle, on the way back from its discovery. */
static void
NoteEdge(int depth, LOCK *lock, PGPROC *checkProc)
{
	deadlockDetails[depth].locktag = lock->tag;
	deadlockDetails[depth].lockmode = checkProc->waitLockMode;
	deadlockDetails[depth].pid = checkProc->pid;
}

static bool
FindLockCycleRecurseMember(PGPROC *checkProc, PGPROC *checkLeader, int depth,
                           EDGE *softEdges, int *nSoftEdges)
{
	LOCK *lock = checkProc->waitLock;
	LockMethod method = GetLocksMethodTable(lock);
	LOCKMASK conflictMask = method->conflictTab[checkProc->waitLockMode];
	PGPROC **order = NULL;
	int nOrder = 0;
	dlist_iter iter;
	int i;

	if (LockTagConflictsInGroup(&lock->tag))
		return false;

	/* Hard edges: who holds a conflicting mode. */
	dlist_foreach (iter, &lock->procLocks)
	{
		PROCLOCK *proclock = dlist_container(PROCLOCK, lockLink, iter.cur);
		PGPROC *proc = proclock->tag.myProc;

		if (LeaderOf(proc) == checkLeader ||
		    (proclock->holdMask & conflictMask) == 0)
			continue;
		if (FindLockCycleRecurse(proc, depth + 1, softEdges, nSoftEdges))
		{
			NoteEdge(depth, lock, checkProc);
			return true;
		}
		if (checkProc == MyProc && (proc->statusFlags & PROC_IS_AUTOVACUUM))
			blocking_autovacuum_proc = proc;
	}

	/* Soft edges: who is before it in the queue, as it is or as proposed. */
	for (i = 0; i < nWaitOrders; i++)
	{
		if (waitOrders[i].lock == lock)
		{
			order = waitOrders[i].procs;
			nOrder = waitOrders[i].nProcs;
			break;
		}
	}

	if (order != NULL)
	{
		/* Groups are together in a proposed order. */
		for (i = 0; i < nOrder; i++)
		{
			PGPROC *proc = order[i];

			if (LeaderOf(proc) == checkLeader)
				break;
			if ((LOCKBIT_ON(proc->waitLockMode) & conflictMask) &&
			    FindLockCycleRecurse(proc, depth + 1, softEdges, nSoftEdges))
			{
				NoteEdge(depth, lock, checkProc);
				Assert(*nSoftEdges < maxProcs);
				softEdges[*nSoftEdges].waiter = checkLeader;
				softEdges[*nSoftEdges].blocker = LeaderOf(proc);
				softEdges[*nSoftEdges].lock = lock;
				(*nSoftEdges)++;
				return true;
			}
		}
		return false;
	}

	dlist_foreach (iter, &lock->waitProcs)
	{
		PGPROC *proc = dlist_container(PGPROC, waitLink, iter.cur);

		if (proc == checkProc)
			break;
		if (LeaderOf(proc) == checkLeader)
			continue;
		if ((LOCKBIT_ON(proc->waitLockMode) & conflictMask) &&
		    FindLockCycleRecurse(proc, depth + 1, softEdges, nSoftEdges))
		{
			NoteEdge(depth, lock, checkProc);
			Assert(*nSoftEdges < maxProcs);
			softEdges[*nSoftEdges].waiter = checkLeader;
			softEdges[*nSoftEdges].blocker = LeaderOf(proc);
			softEdges[*nSoftEdges].lock = lock;
			(*nSoftEdges)++;
			return true;
		}
	}
	return false;
}

/*
 * Propose an order for every queue that the constraints speak of.  False if
 * they contradict each other.
 */
static bool
ExpandConstraints(EDGE *constraints, int nConstraints)
{
	int nUsed = 0;
	int i;
	int j;

	nWaitOrders = 0;
	for (i = 0; i < nConstraints; i++)
	{
		LOCK *lock = constraints[i].lock;

		for (j = 0; j < nWaitOrders; j++)
		{
			if (waitOrders[j].lock == lock)
				break;
		}
		if (j < nWaitOrders)
			continue;

		/* A process waits in one queue, so all orders have room together. */
		waitOrders[nWaitOrders].lock = lock;
		waitOrders[nWaitOrders].procs = waitOrderProcs + nUsed;
		if (!SortQueue(lock, constraints, nConstraints, waitOrderProcs + nUsed,
		               &waitOrders[nWaitOrders].nProcs))
			return false;
		nUsed += waitOrders[nWaitOrders].nProcs;
		Assert(nUsed <= maxProcs);
		nWaitOrders++;
	}
	return true;
}

/*
 * Sort a queue so that the constraints hold, groups are together, and the order
 * is otherwise kept.  Filled from the back: the last process goes there whose
 * group need not be before any group that is still to be placed.
 */
static bool
SortQueue(LOCK *lock, EDGE *constraints, int nConstraints, PGPROC **ordering,
          int *nProcs)
{
	/* The search uses it between calls only. */
	PGPROC **left = visitedProcs;
	int nleft = 0;
	int pos;
	dlist_iter iter;

	dlist_foreach (iter, &lock->waitProcs)
		left[nleft++] = dlist_container(PGPROC, waitLink, iter.cur);
	*nProcs = nleft;
	pos = nleft;

	while (nleft > 0)
	{
		PGPROC *group = NULL;
		int i;
		int j;
		int k;

		for (i = nleft; --i >= 0 && group == NULL;)
		{
			PGPROC *leader = LeaderOf(left[i]);
			bool last = true;

			for (j = 0; j < nConstraints && last; j++)
			{
				if (constraints[j].lock != lock ||
				    constraints[j].waiter != leader)
					continue;
				for (k = 0; k < nleft && last; k++)
					last = LeaderOf(left[k]) != constraints[j].blocker;
			}
			if (last)
				group = leader;
		}
		if (group == NULL)
			return false;

		for (i = nleft; --i >= 0;)
		{
			if (LeaderOf(left[i]) == group)
				ordering[--pos] = left[i];
		}
		for (i = 0, j = 0; i < nleft; i++)
		{
			if (LeaderOf(left[i]) != group)
				left[j++] = left[i];
		}
		nleft = j;
	}
	Assert(pos == 0);
	return true;
}

/*
 * A deadlock of two that JoinWaitQueue saw without a search: proc1 (we) wants
 * lock, proc2 waits for what we hold of it and holds what we want.
 */
void
RememberSimpleDeadLock(PGPROC *proc1, LOCKMODE lockmode, LOCK *lock,
                       PGPROC *proc2)
{
	deadlockDetails[0].locktag = lock->tag;
	deadlockDetails[0].lockmode = lockmode;
	deadlockDetails[0].pid = proc1->pid;
	deadlockDetails[1].locktag = proc2->waitLock->tag;
	deadlockDetails[1].lockmode = proc2->waitLockMode;
	deadlockDetails[1].pid = proc2->pid;
	nDeadlockDetails = 2;
}

/*
 * Raise the error for the cycle found last.  No partition lock is held.
 */
void
DeadLockReport(void)
{
	StringInfoData clientbuf; /* for everybody */
	StringInfoData logbuf;    /* with the statements, for the server log */
	StringInfoData locktagbuf;
	int i;

	pgstat_report_deadlock();
	initStringInfo(&clientbuf);
	initStringInfo(&logbuf);
	initStringInfo(&locktagbuf);

	for (i = 0; i < nDeadlockDetails; i++)
	{
		DEADLOCK_INFO *info = &deadlockDetails[i];
		int nextpid;

		nextpid = deadlockDetails[(i + 1) % nDeadlockDetails].pid;
		resetStringInfo(&locktagbuf);
		DescribeLockTag(&locktagbuf, &info->locktag);
		if (i > 0)
			appendStringInfoChar(&clientbuf, '\n');
		appendStringInfo(
			&clientbuf, "Process %d waits for %s on %s; blocked by process %d.",
			info->pid,
			GetLockmodeName(info->locktag.locktag_lockmethodid, info->lockmode),
			locktagbuf.data, nextpid);
	}

	appendStringInfoString(&logbuf, clientbuf.data);
	for (i = 0; i < nDeadlockDetails; i++)
	{
		DEADLOCK_INFO *info = &deadlockDetails[i];

		appendStringInfo(&logbuf, "\nProcess %d: %s", info->pid,
		                 pgstat_get_backend_current_activity(info->pid, false));
	}

	ereport(ERROR, (errcode(ERRCODE_T_R_DEADLOCK_DETECTED),
	                errmsg("deadlock detected"),
	                errdetail_internal("%s", clientbuf.data),
	                errdetail_log("%s", logbuf.data),
	                errhint("See server log for query details.")));
	pg_unreachable();
}
