/*
 * xact.c
 *		Transactions: start, commit, abort; transaction blocks; command ids;
 *		the state that parallel workers take over.
 *
 * Two levels.  The lower one (TransState) is one transaction: Start, Commit,
 * Abort, Cleanup.  The upper one (TBlockState) is what the user's BEGIN, COMMIT
 * and ROLLBACK make of it: each query calls StartTransactionCommand before and
 * CommitTransactionCommand, or AbortCurrentTransaction, after.  The block
 * commands only move the state; the work is done at the query's end.
 *
 * Invariants:
 * 1.	The log has the outcome, then the commit log, before the xid leaves the
 *		process array; locks are released after all.
 * 2.	Workers are gone before the leader's abort releases anything they use.
 * 3.	A worker has its leader's xid, assigns none, and records no outcome.
 * 4.	Files are unlinked last: when nobody can have them open any more.
 * A SIGKILL leaves the xid "in progress" in the log: aborted.
 *
 * There are no subtransactions.  Corresponds to PostgreSQL's xact.c.
 */
#include "postgres.h"

#include "access/clog.h"
#include "access/parallel.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "catalog/namespace.h"
#include "catalog/storage.h"
#include "commands/tablecmds.h"
#include "libpq/crypt.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/condition_variable.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/lmgr.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/smgr.h"
#include "utils/backend_progress.h"
#include "utils/backend_status.h"
#include "tcop/direct.h"
#include "utils/combocid.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/relcache.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

typedef enum TransState
{
	TRANS_DEFAULT,
	TRANS_START,
	TRANS_INPROGRESS,
	TRANS_COMMIT,
	TRANS_ABORT
} TransState;

typedef enum TBlockState
{
	TBLOCK_DEFAULT,
	TBLOCK_STARTED,             /* a single query */
	TBLOCK_BEGIN,               /* BEGIN seen */
	TBLOCK_INPROGRESS,          /* in a block */
	TBLOCK_IMPLICIT_INPROGRESS, /* several statements in one message */
	TBLOCK_PARALLEL_INPROGRESS, /* in a worker */
	TBLOCK_END,                 /* COMMIT seen */
	TBLOCK_ABORT,               /* failed, waits for ROLLBACK */
	TBLOCK_ABORT_END,           /* failed, ROLLBACK seen */
	TBLOCK_ABORT_PENDING        /* good, ROLLBACK seen */
} TBlockState;

/* What a worker needs; in its leader's segment. */
typedef struct SerializedTransactionState
{
	int xactIsoLevel;
	bool xactReadOnly;
	TransactionId topXid;
	CommandId currentCommandId;
} SerializedTransactionState;

int XactIsoLevel = XACT_READ_COMMITTED;
bool XactReadOnly = false;
int MyXactFlags = 0;

/* The one transaction of this process. */
static TransState transState = TRANS_DEFAULT;
static TBlockState blockState = TBLOCK_DEFAULT;
static bool chainRequested = false;
static TransactionId topXid = InvalidTransactionId;
static int parallelModeLevel = 0;
static CommandId currentCommandId = FirstCommandId;
static bool currentCommandIdUsed = false;
static ResourceOwner callerResourceOwner = NULL;
static LocalTransactionId nextLocalTransactionId = 1;
static Oid prevUser = InvalidOid;
static int prevSecContext = 0;
static TimestampTz xactStartTimestamp = 0;
static TimestampTz stmtStartTimestamp = 0;

/* Abort must work when memory is out: the context is made beforehand. */
static MemoryContext TransactionAbortContext = NULL;

static void StartTransaction(void);
static void CommitTransaction(void);
static void AbortTransaction(void);
static void CleanupTransaction(void);

bool
IsTransactionState(void)
{
	return transState == TRANS_INPROGRESS;
}

bool
IsAbortedTransactionBlockState(void)
{
	return blockState == TBLOCK_ABORT;
}

TransactionId
GetTopTransactionIdIfAny(void)
{
	return topXid;
}

TransactionId
GetCurrentTransactionIdIfAny(void)
{
	return topXid;
}

/* The first writer's call takes the xid, then the lock others wait on. */
TransactionId
GetCurrentTransactionId(void)
{
	ResourceOwner old;

	if (TransactionIdIsValid(topXid))
		return topXid;
	if (transState != TRANS_INPROGRESS)
		elog(ERROR, "cannot assign a transaction id outside a transaction");
	if (IsInParallelMode() || IsParallelWorker())
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_TRANSACTION_STATE),
		         errmsg("cannot assign XIDs during a parallel operation")));
	topXid = XidFromFullTransactionId(GetNewTransactionId(false));
	old = CurrentResourceOwner;
	CurrentResourceOwner = TopTransactionResourceOwner;
	XactLockTableInsert(topXid);
	CurrentResourceOwner = old;
	return topXid;
}

TransactionId
GetTopTransactionId(void)
{
	return GetCurrentTransactionId();
}

SubTransactionId
GetCurrentSubTransactionId(void)
{
	return TopSubTransactionId;
}

/* used: a row gets it, so the next command needs another. */
CommandId
GetCurrentCommandId(bool used)
{
	if (used)
	{
		if (IsParallelWorker())
			ereport(ERROR, (errcode(ERRCODE_INVALID_TRANSACTION_STATE),
			                errmsg("cannot modify data in a parallel worker")));
		currentCommandIdUsed = true;
	}
	return currentCommandId;
}

TimestampTz
GetCurrentTransactionStartTimestamp(void)
{
	return xactStartTimestamp;
}

TimestampTz
GetCurrentStatementStartTimestamp(void)
{
	return stmtStartTimestamp;
}

void
SetCurrentStatementStartTimestamp(void)
{
	if (!IsParallelWorker())
		stmtStartTimestamp = GetCurrentTimestamp();
}

void
SetParallelStartTimestamps(TimestampTz xact_ts, TimestampTz stmt_ts)
{
	Assert(IsParallelWorker());
	xactStartTimestamp = xact_ts;
	stmtStartTimestamp = stmt_ts;
}

int
GetCurrentTransactionNestLevel(void)
{
	return transState == TRANS_DEFAULT ? 0 : 1;
}

bool
TransactionIdIsCurrentTransactionId(TransactionId xid)
{
	return TransactionIdIsNormal(xid) && xid == topXid;
}

void
CommandCounterIncrement(void)
{
	if (currentCommandIdUsed)
	{
		if (IsInParallelMode() || IsParallelWorker())
			ereport(ERROR, (errcode(ERRCODE_INVALID_TRANSACTION_STATE),
			                errmsg("cannot start commands during a parallel "
			                       "operation")));
		if (currentCommandId + 1 == InvalidCommandId)
			ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			                errmsg("cannot have more than 2^32-2 commands in a "
			                       "transaction")));
		currentCommandId++;
		currentCommandIdUsed = false;
		SnapshotSetCommandId(currentCommandId);
		InvalidateCatalogSnapshot();
	}

	/*
	 * In any case: a catalog's row that was changed in place (relhasindex of a
	 * table that has got its first index) took no command id, and the next
	 * command must see it all the same.
	 */
	CommandEndInvalidationMessages();
}

static void
StartTransaction(void)
{
	VirtualTransactionId vxid;

	Assert(transState == TRANS_DEFAULT);
	Assert(!TransactionIdIsValid(topXid));
	transState = TRANS_START;
	XactIsoLevel = DefaultXactIsoLevel;
	XactReadOnly = DefaultXactReadOnly;
	currentCommandId = FirstCommandId;
	currentCommandIdUsed = false;
	parallelModeLevel = 0;
	MyXactFlags = 0;

	if (TransactionAbortContext == NULL)
		TransactionAbortContext =
			AllocSetContextCreate(TopMemoryContext, "TransactionAbortContext",
		                          0, 32 * 1024, 32 * 1024);
	TopTransactionContext = AllocSetContextCreate(
		TopMemoryContext, "TopTransactionContext", ALLOCSET_DEFAULT_SIZES);
	CurTransactionContext = TopTransactionContext;
	MemoryContextSwitchTo(CurTransactionContext);

	callerResourceOwner = CurrentResourceOwner;
	TopTransactionResourceOwner = ResourceOwnerCreate(NULL, "TopTransaction");
	CurTransactionResourceOwner = TopTransactionResourceOwner;
	CurrentResourceOwner = TopTransactionResourceOwner;

	vxid.procNumber = MyProcNumber;
	vxid.localTransactionId = nextLocalTransactionId++;
	if (nextLocalTransactionId == 0)
		nextLocalTransactionId = 1;
	VirtualXactLockTableInsert(vxid);
	MyProc->vxid.procNumber = vxid.procNumber;
	MyProc->vxid.lxid = vxid.localTransactionId;

	if (!IsParallelWorker())
		xactStartTimestamp = stmtStartTimestamp != 0 ? stmtStartTimestamp
		                                             : GetCurrentTimestamp();
	pgstat_report_xact_timestamp(xactStartTimestamp);

	GetUserIdAndSecContext(&prevUser, &prevSecContext);
	AtStart_GUC();
	transState = TRANS_INPROGRESS;
	INJECTION_POINT("transaction-start");
	/* What others committed before is known from the first look on. */
	AcceptInvalidationMessages();
}

/* The end that commit and abort share, once the outcome is recorded. */
static void
ReleaseTransactionResources(bool isCommit)
{
	INJECTION_POINT_NOTHROW("transaction-release-resources");
	ResourceOwnerRelease(TopTransactionResourceOwner,
	                     RESOURCE_RELEASE_BEFORE_LOCKS, isCommit, true);
	AtEOXact_Buffers(isCommit);
	AtEOXact_RelationCache(isCommit);
	AtEOXact_Inval(isCommit);
	AtEOXact_Verifiers(isCommit);
	ResourceOwnerRelease(TopTransactionResourceOwner, RESOURCE_RELEASE_LOCKS,
	                     isCommit, true);
	ResourceOwnerRelease(TopTransactionResourceOwner,
	                     RESOURCE_RELEASE_AFTER_LOCKS, isCommit, true);
	smgrDoPendingDeletes(isCommit);
	AtEOXact_GUC(isCommit, 1);
	AtEOXact_SessionUser(isCommit);
	AtEOXact_on_commit_actions(isCommit);
	AtEOXact_Namespace(isCommit, IsParallelWorker());
	AtEOXact_SMgr();
	AtEOXact_Files(isCommit);
	AtEOXact_ComboCid();
}

static void
ForgetTransaction(void)
{
	INJECTION_POINT_NOTHROW("transaction-forget");
	AtEOXact_Snapshot(transState == TRANS_COMMIT, true);
	CurrentResourceOwner = callerResourceOwner;
	if (TopTransactionResourceOwner != NULL)
		ResourceOwnerDelete(TopTransactionResourceOwner);
	callerResourceOwner = NULL;
	CurTransactionResourceOwner = NULL;
	TopTransactionResourceOwner = NULL;
	MemoryContextSwitchTo(TopMemoryContext);
	if (TopTransactionContext != NULL)
		MemoryContextDelete(TopTransactionContext);
	TopTransactionContext = NULL;
	CurTransactionContext = NULL;
	topXid = InvalidTransactionId;
	parallelModeLevel = 0;
	transState = TRANS_DEFAULT;
}

/*
 * From here on the transaction has committed.  The xid, if there was one.
 *
 * What the client is told must survive: the record is flushed before the
 * commit log says "committed", unless synchronous_commit is off and no file
 * is removed.  Then the log's position guards the commit log's page and the
 * hint bits, and a crash may lose the last few commits, but never half of one.
 */
static TransactionId
RecordTransactionCommit(void)
{
	bool wrote_xlog = !XLogRecPtrIsInvalid(XactLastRecEnd);
	bool has_xid = TransactionIdIsValid(topXid);
	RelFileNode *rels;
	int nrels = smgrGetPendingDeletes(true, &rels);

	if (!has_xid)
	{
		if (nrels != 0)
			elog(ERROR, "cannot commit a transaction that deleted files but "
			            "has no xid");
		if (!wrote_xlog)
			return InvalidTransactionId;
	}
	else
	{
		START_CRIT_SECTION();
		/* A checkpoint that began here would not replay the record. */
		MyProc->delayChkptFlags |= DELAY_CHKPT_START;
		INJECTION_POINT_CRITICAL("transaction-commit");
		(void) XactLogCommitRecord(GetCurrentTimestamp(), 0, NULL, nrels, rels,
		                           0, NULL, false, 0, InvalidTransactionId);
	}

	if ((has_xid && wrote_xlog &&
	     synchronous_commit > SYNCHRONOUS_COMMIT_OFF) ||
	    nrels > 0)
	{
		INJECTION_POINT_CRITICAL("transaction-logged");
#ifndef TUSK_DEFECT_COMMIT_NOT_FLUSHED
		XLogFlush(XactLastRecEnd);
#endif
		if (has_xid)
			TransactionIdCommit(topXid);
	}
	else
	{
		XLogSetAsyncXactLSN(XactLastRecEnd);
		if (has_xid)
			TransactionIdAsyncCommit(topXid, XactLastRecEnd);
	}

	if (has_xid)
	{
		INJECTION_POINT_CRITICAL("transaction-committed");
		MyProc->delayChkptFlags &= ~DELAY_CHKPT_START;
		END_CRIT_SECTION();
	}
	XactLastCommitEnd = XactLastRecEnd;
	XactLastRecEnd = InvalidXLogRecPtr;
	if (rels != NULL)
		pfree(rels);
	return topXid;
}

/* The xid, if there was one.  Nobody waits for the record. */
static TransactionId
RecordTransactionAbort(void)
{
	RelFileNode *rels;
	int nrels;

	if (!TransactionIdIsValid(topXid))
	{
		XactLastRecEnd = InvalidXLogRecPtr;
		return InvalidTransactionId;
	}
	if (TransactionIdDidCommit(topXid))
		elog(PANIC, "cannot abort transaction %u, it was already committed",
		     topXid);
	nrels = smgrGetPendingDeletes(false, &rels);
	START_CRIT_SECTION();
	INJECTION_POINT_CRITICAL("transaction-abort-record");
	(void) XactLogAbortRecord(GetCurrentTimestamp(), 0, NULL, nrels, rels, 0,
	                          InvalidTransactionId);
	XLogSetAsyncXactLSN(XactLastRecEnd);
	TransactionIdAbort(topXid);
	END_CRIT_SECTION();
	XactLastRecEnd = InvalidXLogRecPtr;
	if (rels != NULL)
		pfree(rels);
	return topXid;
}

static void
CommitTransaction(void)
{
	TransactionId latestXid = InvalidTransactionId;
	bool is_worker = IsParallelWorker();

	if (transState != TRANS_INPROGRESS)
		elog(WARNING, "CommitTransaction while in state %d", (int) transState);

	/* What can still fail. */
	PreCommit_Portals();
	if (IsInParallelMode())
		AtEOXact_Parallel(true);
	PreCommit_on_commit_actions();
	PreCommit_Verifiers();

	INJECTION_POINT("transaction-pre-commit");
	HOLD_INTERRUPTS();
	AtEOXact_DirectSearch();
	transState = TRANS_COMMIT;
	parallelModeLevel = 0;
	if (!is_worker)
		latestXid = RecordTransactionCommit();
	else
		ParallelWorkerReportLastRecEnd(XactLastRecEnd);
	ProcArrayEndTransaction(MyProc, latestXid);

	ReleaseTransactionResources(true);
	AtEOXact_PgStat(true);
	pgstat_report_xact_timestamp(0);
	ForgetTransaction();
	RESUME_INTERRUPTS();
}

static void
AbortTransaction(void)
{
	TransactionId latestXid = InvalidTransactionId;
	bool is_worker = IsParallelWorker();

	HOLD_INTERRUPTS();

	if (TransactionAbortContext != NULL)
		MemoryContextSwitchTo(TransactionAbortContext);
	CurrentResourceOwner = TopTransactionResourceOwner;

	INJECTION_POINT_NOTHROW("transaction-abort");
	AtEOXact_DirectSearch();
	/* Locks that an ERROR does not give back by itself come first. */
	LWLockReleaseAll();
	pgstat_report_wait_end();
	pgstat_progress_end_command();
	AbortBufferIO();
	UnlockBuffers();
	XLogResetInsertion();
	ConditionVariableCancelSleep();
	LockErrorCleanup();
	LockReleaseConflictingInGroup();
	reschedule_timeouts();

	/* an exit, say because the postmaster died, may cut off an abort */
	if (transState != TRANS_START && transState != TRANS_INPROGRESS &&
	    !(transState == TRANS_ABORT && proc_exit_inprogress))
		elog(WARNING, "AbortTransaction while in state %d", (int) transState);
	transState = TRANS_ABORT;

	/* A function that runs as somebody else may have been left. */
	SetUserIdAndSecContext(prevUser, prevSecContext);
	AtEOXact_Parallel(false);
	parallelModeLevel = 0;
	AtAbort_Portals();

	if (!is_worker)
		latestXid = RecordTransactionAbort();
	else
		XLogSetAsyncXactLSN(XactLastRecEnd);
	ProcArrayEndTransaction(MyProc, latestXid);

	if (TopTransactionResourceOwner != NULL)
		ReleaseTransactionResources(false);
	AtEOXact_PgStat(false);
	pgstat_report_xact_timestamp(0);
	RESUME_INTERRUPTS();
}

static void
CleanupTransaction(void)
{
	if (transState != TRANS_ABORT)
		elog(FATAL, "CleanupTransaction: unexpected state %d",
		     (int) transState);
	AtCleanup_Portals();
	ForgetTransaction();
	MemoryContextReset(TransactionAbortContext);
}

void
StartTransactionCommand(void)
{
	switch (blockState)
	{
		case TBLOCK_DEFAULT:
			StartTransaction();
			blockState = TBLOCK_STARTED;
			break;
		case TBLOCK_INPROGRESS:
		case TBLOCK_IMPLICIT_INPROGRESS:
		case TBLOCK_ABORT:
			break;
		default:
			elog(ERROR, "StartTransactionCommand: unexpected state %d",
			     (int) blockState);
	}
	if (CurTransactionContext != NULL)
		MemoryContextSwitchTo(CurTransactionContext);
}

/* AND CHAIN: the next one begins with the same characteristics. */
static void
FinishBlock(int isolevel, bool readonly)
{
	if (!chainRequested)
	{
		blockState = TBLOCK_DEFAULT;
		return;
	}
	chainRequested = false;
	StartTransaction();
	XactIsoLevel = isolevel;
	XactReadOnly = readonly;
	blockState = TBLOCK_INPROGRESS;
}

void
CommitTransactionCommand(void)
{
	int isolevel = XactIsoLevel;
	bool readonly = XactReadOnly;

	switch (blockState)
	{
		case TBLOCK_DEFAULT:
		case TBLOCK_PARALLEL_INPROGRESS:
			elog(FATAL, "CommitTransactionCommand: unexpected state %d",
			     (int) blockState);
			break;
		case TBLOCK_STARTED:
			CommitTransaction();
			blockState = TBLOCK_DEFAULT;
			break;
		case TBLOCK_BEGIN:
			blockState = TBLOCK_INPROGRESS;
			break;
		case TBLOCK_INPROGRESS:
		case TBLOCK_IMPLICIT_INPROGRESS:
			CommandCounterIncrement();
			break;
		case TBLOCK_END:
			CommitTransaction();
			FinishBlock(isolevel, readonly);
			break;
		case TBLOCK_ABORT:
			break;
		case TBLOCK_ABORT_END:
			CleanupTransaction();
			FinishBlock(isolevel, readonly);
			break;
		case TBLOCK_ABORT_PENDING:
			AbortTransaction();
			CleanupTransaction();
			FinishBlock(isolevel, readonly);
			break;
	}
}

void
AbortCurrentTransaction(void)
{
	switch (blockState)
	{
		case TBLOCK_DEFAULT:
			if (transState == TRANS_DEFAULT)
				break;
			if (transState == TRANS_START)
				transState = TRANS_INPROGRESS;
			AbortTransaction();
			CleanupTransaction();
			break;
		case TBLOCK_STARTED:
		case TBLOCK_PARALLEL_INPROGRESS:
		case TBLOCK_IMPLICIT_INPROGRESS:
		case TBLOCK_BEGIN:
		case TBLOCK_END:
		case TBLOCK_ABORT_PENDING:
			AbortTransaction();
			CleanupTransaction();
			chainRequested = false;
			blockState = TBLOCK_DEFAULT;
			break;
		case TBLOCK_INPROGRESS:
			AbortTransaction();
			blockState = TBLOCK_ABORT;
			break;
		case TBLOCK_ABORT:
			break;
		case TBLOCK_ABORT_END:
			CleanupTransaction();
			chainRequested = false;
			blockState = TBLOCK_DEFAULT;
			break;
	}
}

void
AbortOutOfAnyTransaction(void)
{
	if (blockState == TBLOCK_ABORT || blockState == TBLOCK_ABORT_END)
		CleanupTransaction();
	else if (transState != TRANS_DEFAULT)
	{
		AbortTransaction();
		CleanupTransaction();
	}
	chainRequested = false;
	blockState = TBLOCK_DEFAULT;
}

void
BeginTransactionBlock(void)
{
	/* A BEGIN amid several statements takes in those before it. */
	if (blockState == TBLOCK_STARTED ||
	    blockState == TBLOCK_IMPLICIT_INPROGRESS)
		blockState = TBLOCK_BEGIN;
	else if (blockState == TBLOCK_INPROGRESS || blockState == TBLOCK_ABORT)
		ereport(WARNING,
		        (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
		         errmsg("there is already a transaction in progress")));
	else
		elog(FATAL, "BeginTransactionBlock: unexpected state %d",
		     (int) blockState);
}

/* False: it becomes a ROLLBACK. */
bool
EndTransactionBlock(bool chain)
{
	bool result = false;

	switch (blockState)
	{
		case TBLOCK_INPROGRESS:
			blockState = TBLOCK_END;
			result = true;
			break;
		case TBLOCK_ABORT:
			blockState = TBLOCK_ABORT_END;
			break;
		case TBLOCK_STARTED:
		case TBLOCK_IMPLICIT_INPROGRESS:
			if (chain)
				ereport(ERROR, (errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
				                errmsg("%s can only be used in transaction "
				                       "blocks",
				                       "COMMIT AND CHAIN")));
			ereport(WARNING, (errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
			                  errmsg("there is no transaction in progress")));
			if (blockState == TBLOCK_IMPLICIT_INPROGRESS)
				blockState = TBLOCK_END;
			result = true;
			break;
		default:
			elog(FATAL, "EndTransactionBlock: unexpected state %d",
			     (int) blockState);
	}
	chainRequested = chain;
	return result;
}

void
UserAbortTransactionBlock(bool chain)
{
	switch (blockState)
	{
		case TBLOCK_INPROGRESS:
			blockState = TBLOCK_ABORT_PENDING;
			break;
		case TBLOCK_ABORT:
			blockState = TBLOCK_ABORT_END;
			break;
		case TBLOCK_STARTED:
		case TBLOCK_IMPLICIT_INPROGRESS:
			if (chain)
				ereport(ERROR, (errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
				                errmsg("%s can only be used in transaction "
				                       "blocks",
				                       "ROLLBACK AND CHAIN")));
			ereport(WARNING, (errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
			                  errmsg("there is no transaction in progress")));
			blockState = TBLOCK_ABORT_PENDING;
			break;
		default:
			elog(FATAL, "UserAbortTransactionBlock: unexpected state %d",
			     (int) blockState);
	}
	chainRequested = chain;
}

/* Several statements in one message are one transaction. */
void
BeginImplicitTransactionBlock(void)
{
	if (blockState == TBLOCK_STARTED)
		blockState = TBLOCK_IMPLICIT_INPROGRESS;
}

void
EndImplicitTransactionBlock(void)
{
	if (blockState == TBLOCK_IMPLICIT_INPROGRESS)
		blockState = TBLOCK_STARTED;
}

bool
IsTransactionBlock(void)
{
	return blockState != TBLOCK_DEFAULT && blockState != TBLOCK_STARTED;
}

bool
IsTransactionOrTransactionBlock(void)
{
	return blockState != TBLOCK_DEFAULT;
}

/* For ReadyForQuery. */
char
TransactionBlockStatusCode(void)
{
	switch (blockState)
	{
		case TBLOCK_DEFAULT:
		case TBLOCK_STARTED:
			return 'I';
		case TBLOCK_ABORT:
		case TBLOCK_ABORT_END:
		case TBLOCK_ABORT_PENDING:
			return 'E';
		default:
			return 'T';
	}
}

void
PreventInTransactionBlock(bool isTopLevel, const char *stmtType)
{
	if (IsTransactionBlock())
		ereport(ERROR,
		        (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
		         errmsg("%s cannot run inside a transaction block", stmtType)));
	if (!isTopLevel)
		ereport(ERROR,
		        (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
		         errmsg("%s cannot be executed from a function", stmtType)));
}

void
RequireTransactionBlock(bool isTopLevel, const char *stmtType)
{
	if (isTopLevel && !IsTransactionBlock())
		ereport(ERROR, (errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
		                errmsg("%s can only be used in transaction blocks",
		                       stmtType)));
}

void
WarnNoTransactionBlock(bool isTopLevel, const char *stmtType)
{
	if (isTopLevel && !IsTransactionBlock())
		ereport(WARNING, (errcode(ERRCODE_NO_ACTIVE_SQL_TRANSACTION),
		                  errmsg("%s can only be used in transaction blocks",
		                         stmtType)));
}

void
EnterParallelMode(void)
{
	parallelModeLevel++;
}

void
ExitParallelMode(void)
{
	Assert(parallelModeLevel > 0);
	Assert(parallelModeLevel > 1 || !ParallelContextActive());
	parallelModeLevel--;
}

bool
IsInParallelMode(void)
{
	return parallelModeLevel > 0;
}

Size
EstimateTransactionStateSpace(void)
{
	return sizeof(SerializedTransactionState);
}

void
SerializeTransactionState(Size maxsize, char *start_address)
{
	SerializedTransactionState *state =
		(SerializedTransactionState *) start_address;

	Assert(maxsize >= sizeof(SerializedTransactionState));
	state->xactIsoLevel = XactIsoLevel;
	state->xactReadOnly = XactReadOnly;
	state->topXid = topXid;
	state->currentCommandId = currentCommandId;
}

void
StartParallelWorkerTransaction(char *tstatespace)
{
	SerializedTransactionState *state =
		(SerializedTransactionState *) tstatespace;

	Assert(blockState == TBLOCK_DEFAULT);
	StartTransaction();
	XactIsoLevel = state->xactIsoLevel;
	XactReadOnly = state->xactReadOnly;
	topXid = state->topXid;
	currentCommandId = state->currentCommandId;
	INJECTION_POINT("transaction-restored");
	blockState = TBLOCK_PARALLEL_INPROGRESS;
}

void
EndParallelWorkerTransaction(void)
{
	Assert(blockState == TBLOCK_PARALLEL_INPROGRESS);
	CommitTransaction();
	blockState = TBLOCK_DEFAULT;
}
