/*
 * direct.c
 *		A backend whose client searches by itself: BEGIN, END, and what ends a
 *		search before its END.
 *
 * At BEGIN the backend locks the table, then the index, as a query does, takes
 * a snapshot, reads the index's version and writes a new number into its slot;
 * from then on the client may rely on what it reads (storage/direct.h).  The
 * backend waits for the next message as ever.  Outside of a transaction block
 * it is in a transaction of its own for the search, which ends with it.
 *
 * Rules
 * 1.	The slot is cleared before anything else of a search goes (D1): by
 *		EndSearch, and by AtEOXact_DirectSearch when a transaction ends.
 * 2.	A search ends at END, at the next BEGIN, at any message that is not 'a',
 *		with its transaction, and by ProcessDirectInterrupts: after
 *		reader_timeout, at a cancel, and, if its transaction is its own, as soon
 *		as somebody waits for a lock that it holds (also that on its virtual
 *		xid, so for its snapshot).  In a transaction block the locks are the
 *		block's, as those of its statements are: only the other two end a search
 *		there, and the block goes on.
 *		A short search, always in a transaction of its own, ends after
 *		DIRECT_SHORT_MS instead: its client keeps it between queries, and only by
 *		a message, which it is to be spared, could one tell that from a query.
 * 3.	ProcessDirectInterrupts runs where the backend holds nothing else: while
 *		it waits for a message, and while it waits for room to send an answer
 *		that is made up already.  So a client that is stopped anywhere holds
 *		nothing up.  Whoever sets a flag sets the latch too, and after a message
 *		the flags are looked at before the next is waited for.
 * 4.	MyProc->directReader is set before the first lock is taken, so that who
 *		waits for one sees that it is only a direct reader's (proc.c); directShort
 *		when the search runs: who waits for such a one waits for no BEGIN, which
 *		itself may wait long for a lock.
 * 5.	A malformed message ends the session: its length is what its counts say.
 *
 * A SIGKILL of the client is an end of file on the socket, at which the backend
 * exits; one of the backend is a crash (storage/ipc/direct.c).
 *
 * PostgreSQL has no counterpart.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/hnsw.h"
#include "access/hnsw_cache.h"
#include "access/relation.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "commands/prepare.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "libpq/transport.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/direct.h"
#include "storage/indexcache.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "tcop/direct.h"
#include "tcop/interrupts.h"
#include "tcop/tcop_internal.h"
#include "utils/acl.h"
#include "utils/backend_status.h"
#include "utils/injection_point.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

#define FNV_OFFSET UINT64CONST(0xcbf29ce484222325)
#define FNV_PRIME UINT64CONST(0x100000001b3)

/* what a client may add to the statistics at once */
#define MAX_COUNT UINT64CONST(1000000000000)

int reader_timeout = 10000;

DirectSearch MyDirectSearch;

volatile bool DirectConflictPending = false;
volatile bool DirectTimeoutPending = false;
volatile bool DirectCancelPending = false;

/* The last search that is over, why, and whether its END has yet to come. */
static DirectSearch LastSearch;
static DirectOutcome LastOutcome = DIRECT_NOT_RUNNING;
static bool EndIsDue = false;

/* When the last one began. */
static TimestampTz SearchStarted;

/* What the last question for the right to read everything was answered. */
bool DirectRight = false;

/* An answer is on its way, and nothing else is in work (rule 3). */
static bool SendingAnswer = false;

/* ---------------------------------------------------------------------------
 * The end of a search
 * ---------------------------------------------------------------------------
 */

/* Rule 1.  What comes after it may fail: the abort finds the slot cleared. */
static void
ForgetSearch(DirectOutcome outcome)
{
	LastSearch = MyDirectSearch;
	LastOutcome = outcome;
	EndIsDue = true;
	DirectClearSlot(outcome);
	memset(&MyDirectSearch, 0, sizeof(MyDirectSearch));
}

static void
EndSearch(DirectOutcome outcome)
{
	DirectSearch search = MyDirectSearch;
	ResourceOwner owner = CurrentResourceOwner;
	MemoryContext old = CurrentMemoryContext;

	if (search.search == DIRECT_NO_SEARCH)
		return;
	ForgetSearch(outcome);
	INJECTION_POINT("direct-slot-cleared");
	CurrentResourceOwner = TopTransactionResourceOwner;
	UnregisterSnapshot(search.snapshot);
	CurrentResourceOwner = owner;
	if (search.own_xact)
		finish_xact_command();
	/* not the one that outlives all transactions */
	MemoryContextSwitchTo(old);
	INJECTION_POINT("direct-ended");
}

void
AtEOXact_DirectSearch(void)
{
	if (MyDirectSearch.search != DIRECT_NO_SEARCH)
		ForgetSearch(DIRECT_NOT_RUNNING);
	if (MyProc != NULL)
		MyProc->directReader = false;
}

void
DirectSearchStop(void)
{
	EndSearch(DIRECT_ENDED);
}

static void
AskForInterrupt(volatile bool *flag)
{
	int save_errno = errno;

	*flag = true;
	InterruptPending = true;
	SetLatch(MyLatch);
	errno = save_errno;
}

void
HandleDirectConflictInterrupt(void)
{
	AskForInterrupt(&DirectConflictPending);
}

void
DirectTimeoutHandler(void)
{
	AskForInterrupt(&DirectTimeoutPending);
}

/*
 * The client that waits for END's answer wants that search's query to end; one
 * that has only kept the search does not look at the answer.
 */
void
DirectSearchNoteCancel(void)
{
	if (EndIsDue)
		LastOutcome = DIRECT_CANCELED;
}

/* How long the running search may take, in ms; 0: without end. */
static int
SearchLimit(void)
{
	return MyDirectSearch.is_short ? DIRECT_SHORT_MS : reader_timeout;
}

/*
 * The timer is not stopped at the end of a search: it goes off once, and is set
 * anew for the search that runs then.
 */
static void
StartTimer(TimestampTz now)
{
	TimestampTz due;

	if (SearchLimit() == 0)
		return;
	due = TimestampTzPlusMilliseconds(now, SearchLimit());
	if (!get_timeout_active(DIRECT_READER_TIMEOUT) ||
	    get_timeout_finish_time(DIRECT_READER_TIMEOUT) > due)
		enable_timeout_at(DIRECT_READER_TIMEOUT, due);
}

/* Has the running search used up its time? */
static bool
IsOverdue(void)
{
	if (MyDirectSearch.search == DIRECT_NO_SEARCH || SearchLimit() == 0)
		return false;
	if (TimestampDifferenceExceeds(SearchStarted, GetCurrentTimestamp(),
	                               SearchLimit()))
		return true;
	StartTimer(SearchStarted);
	return false;
}

/*
 * Was it set?  It is reset if it was, and not written otherwise: a handler may
 * set it between the two.
 */
static bool
TakeFlag(volatile bool *flag)
{
	if (!*flag)
		return false;
	*flag = false;
	return true;
}

/* Why the running search is to end, if it is. */
static bool
EndIsAsked(DirectOutcome *outcome)
{
	bool timeout = TakeFlag(&DirectTimeoutPending);
	bool conflict = TakeFlag(&DirectConflictPending);
	bool cancel = TakeFlag(&DirectCancelPending);

	if (MyDirectSearch.search == DIRECT_NO_SEARCH)
		return false;
	if (cancel)
		*outcome = DIRECT_CANCELED;
	else if (conflict && MyDirectSearch.own_xact)
		*outcome = DIRECT_CONFLICT;
	else if (timeout && IsOverdue())
		*outcome = MyDirectSearch.is_short ? DIRECT_EXPIRED : DIRECT_TIMED_OUT;
	else
		return false;
	return true;
}

static const char *
ReasonOf(DirectOutcome outcome)
{
	switch (outcome)
	{
		case DIRECT_CANCELED:
			return "canceled by a request";
		case DIRECT_CONFLICT:
			return "others wait for its locks";
		case DIRECT_EXPIRED:
			return "it was a short one";
		default:
			return "reader timeout";
	}
}

void
ProcessDirectInterrupts(void)
{
	DirectOutcome outcome;

	if (!DirectTimeoutPending && !DirectConflictPending && !DirectCancelPending)
		return;
	if (!EndIsAsked(&outcome))
		return;
	ereport(DEBUG1, (errmsg("direct search is ended: %s", ReasonOf(outcome))));
	INJECTION_POINT("direct-interrupted");
	EndSearch(outcome);
	ReportIdle();
}

void
ProcessDirectWriteInterrupts(void)
{
	bool exit_on_error = ExitOnAnyError;

	if (!SendingAnswer)
		return;
	/* half of a message is out: an error could not be told */
	ExitOnAnyError = true;
	ProcessDirectInterrupts();
	ExitOnAnyError = exit_on_error;
}

/* ---------------------------------------------------------------------------
 * Messages
 * ---------------------------------------------------------------------------
 */

static void
Malformed(void)
{
	ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
	                errmsg("invalid message of an attached client"),
	                errdetail("Its length is not what its counts say.")));
}

/* The struct at the message's cursor, copied out. */
static void
ReadStruct(StringInfo msg, void *out, int size)
{
	if (msg->len - msg->cursor < size)
		Malformed();
	memcpy(out, msg->data + msg->cursor, (size_t) size);
	msg->cursor += size;
}

/* An answer with its subcode. */
static void
BeginAnswer(StringInfo buf, AttachSubcode code)
{
	initStringInfo(buf);
	pq_sendint32(buf, (uint32) code);
}

static void
SendAnswer(StringInfo buf)
{
	SendingAnswer = true;
	(void) pq_putmessage(PqMsg_Attach, buf->data, (size_t) buf->len);
	SendingAnswer = false;
}

/* Answers go out together if more requests have come already. */
static void
FlushAnswers(void)
{
	if (pq_buffer_has_data())
		return;
	SendingAnswer = true;
	(void) pq_flush();
	SendingAnswer = false;
}

/* Within a transaction, until LeaveMessage. */
static void
EnterMessage(const char *activity)
{
	SetCurrentStatementStartTimestamp();
	pgstat_report_activity(STATE_RUNNING, activity);
	start_xact_command();
	MemoryContextSwitchTo(MessageContext);
}

/* keep: the transaction is a search's own and goes on. */
static void
LeaveMessage(bool keep)
{
	if (keep)
		disable_statement_timeout();
	else
		finish_xact_command();
	MemoryContextSwitchTo(MessageContext);
}

/* ---------------------------------------------------------------------------
 * The right to read everything
 * ---------------------------------------------------------------------------
 */

/*
 * Asked when the client attaches, and again at each BEGIN: who has lost the right
 * keeps what he has mapped, which nobody can take from him, but no search of his
 * begins, so he has no snapshot by which to read it, nor answers to questions:
 * his statements go to the backend, which looks at each table.  The current user
 * counts, as for these.
 */
bool
DirectIsAllowed(const char **reason)
{
	/* what others changed counts from the next look on */
	AcceptInvalidationMessages();
	DirectRight = has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_DATA);
	*reason = DirectRight ? NULL
	                      : "only superusers and members of pg_read_all_data "
	                        "may read all of shared memory";
	return DirectRight;
}

/* ---------------------------------------------------------------------------
 * BEGIN
 * ---------------------------------------------------------------------------
 */

typedef struct BeginState
{
	DirectBeginRequest request;
	char name[NAMEDATALEN];
	DirectBeginReply reply;
	StringInfoData columns; /* DirectColumn */
	StringInfoData outputs; /* DirectOutput */
	Relation table;
	Relation index;
} BeginState;

static void
ReadBegin(StringInfo msg, BeginState *b)
{
	uint32 length;

	ReadStruct(msg, &b->request, sizeof(b->request));
	length = b->request.name_length;
	if (length != (uint32) (msg->len - msg->cursor))
		Malformed();
	/* a longer name is cut off, as Parse has done */
	length = Min(length, NAMEDATALEN - 1);
	memcpy(b->name, msg->data + msg->cursor, length);
	b->name[length] = '\0';
}

/* What is known without a transaction. */
static DirectObstacle
FirstObstacle(void)
{
	if (PublicShmemGeneration() % 2 != 0)
		return DIRECT_IN_RECOVERY;
	/* its end would end what the client has not ended yet */
	if (IsTransactionOrTransactionBlock() && !IsTransactionBlock())
		return DIRECT_IN_BATCH;
	return DIRECT_POSSIBLE;
}

/* By name: the index that the statement's plan uses. */
static DirectObstacle
FindIndex(BeginState *b)
{
	CachedPlanSource *source;

	if (OidIsValid(b->request.index))
	{
		b->reply.index.oid = b->request.index;
		b->reply.limit = DIRECT_NO_LIMIT;
		return DIRECT_POSSIBLE;
	}
	source = find_plan_source(b->name);
	if (source == NULL)
		return DIRECT_NO_STATEMENT;
	return DirectDescribePlan(source, b->request.limit, &b->reply, &b->outputs);
}

/* Both, locked: the table first, as whoever locks more than one does it. */
static bool
OpenRelations(BeginState *b)
{
	Oid indexoid = b->reply.index.oid;
	Oid tableoid = IndexGetRelation(indexoid, true);

	if (!OidIsValid(tableoid))
		return false;
	INJECTION_POINT("direct-begin-lock");
	b->table = try_relation_open(tableoid, AccessShareLock);
	if (b->table == NULL)
		return false;
	b->index = try_relation_open(indexoid, AccessShareLock);
	/* meanwhile it may have become another table's, or none */
	return b->index != NULL && b->index->rd_index != NULL &&
	       b->index->rd_index->indrelid == tableoid;
}

static void
CloseRelations(BeginState *b)
{
	if (b->index != NULL)
		relation_close(b->index, NoLock);
	if (b->table != NULL)
		relation_close(b->table, NoLock);
	b->index = b->table = NULL;
}

/* Have a copy loaded if there is none; says which one a search may use. */
static void
DescribeCache(BeginState *b)
{
	IndexCacheEntry *entry;
	uint64 version;

	b->reply.cache_entry = -1;
	if (IndexCache == NULL || !enable_index_cache ||
	    b->reply.am != DIRECT_AM_HNSW)
		return;
	entry = IndexCacheFind(&b->index->rd_node);
	if (entry == NULL)
		return;
	version = pg_atomic_read_u64(&entry->version);
	pg_read_barrier(); /* pairs with SetVersion in indexcache.c */
	if ((version & INDEX_CACHE_STATE_MASK) != INDEX_CACHE_VALID ||
	    !RelFileNodeEquals(entry->rnode, b->index->rd_node))
		return;
	b->reply.cache_entry = (int32) (entry - IndexCache->entries);
	b->reply.cache_version = version;
	IndexCacheTouch(entry);
}

static void
LoadCache(BeginState *b)
{
	VectorSupport support;

	if (b->reply.am != DIRECT_AM_HNSW)
		return;
	HnswInitSupport(&support, b->index);
	HnswCacheLoad(b->index, &support);
}

/*
 * The version under which searches that begin now stand.  Vacuum raises it, and
 * then waits for searches of backends, which hold the SCAN lock all the while;
 * here it is held only for this look.  ivfflat takes nothing away on which a
 * search may stand: pages stay in their chains, and rows that go are invisible.
 */
static void
DescribeVersion(BeginState *b)
{
	b->reply.version_place = DIRECT_NO_VERSION;
	if (b->reply.am != DIRECT_AM_HNSW)
		return;
	LockPage(b->index, HNSW_SCAN_LOCK, ShareLock);
	INJECTION_POINT("direct-begin-version");
	b->reply.version = DirectReadVersion(&b->index->rd_node);
	UnlockPage(b->index, HNSW_SCAN_LOCK, ShareLock);
	b->reply.version_place = DirectVersionPlace(&b->index->rd_node);
}

static void
DescribeSnapshot(Snapshot snapshot, DirectBeginReply *reply)
{
	reply->completions = snapshot->completions;
	reply->xmin = snapshot->xmin;
	reply->xmax = snapshot->xmax;
	reply->own_xid = GetTopTransactionIdIfAny();
	reply->curcid = snapshot->curcid;
	reply->nxip = snapshot->xcnt;
}

static uint64
HashBytes(uint64 hash, const void *bytes, Size size)
{
	const uint8 *p = bytes;

	for (Size i = 0; i < size; i++)
		hash = (hash ^ p[i]) * FNV_PRIME;
	return hash;
}

/* All that a client keeps from one search to the next; never 0. */
static uint64
ShapeOf(const BeginState *b)
{
	const DirectBeginReply *r = &b->reply;
	uint64 hash = FNV_OFFSET;

	/* all of a relation but its number of blocks */
	hash = HashBytes(hash, &r->table, offsetof(DirectRelation, nblocks));
	hash = HashBytes(hash, &r->index, offsetof(DirectRelation, nblocks));
	hash = HashBytes(hash, &r->type, sizeof(r->type) * 5);
	hash = HashBytes(hash, b->columns.data, (Size) b->columns.len);
	hash = HashBytes(hash, "/", 1);
	hash = HashBytes(hash, b->outputs.data, (Size) b->outputs.len);
	return hash == 0 ? 1 : hash;
}

static void
DescribeShape(BeginState *b)
{
	b->reply.ncolumns = DirectDescribeColumns(b->table, &b->columns);
	b->reply.shape = ShapeOf(b);
	if (b->reply.shape != b->request.shape)
		return;
	b->reply.ncolumns = b->reply.noutputs = 0;
	resetStringInfo(&b->columns);
	resetStringInfo(&b->outputs);
}

/* An index that was not there for older rows: only for younger snapshots. */
static bool
IndexServesSnapshot(const BeginState *b)
{
	return !b->index->rd_index->indcheckxmin ||
	       TransactionIdPrecedes(b->index->rd_indexxmin, TransactionXmin);
}

/* A shorter reader_timeout goes before. */
static bool
MayBeShort(const BeginState *b, bool own)
{
	return own && (b->request.flags & DIRECT_SHORT) != 0 &&
	       (reader_timeout == 0 || reader_timeout > DIRECT_SHORT_MS);
}

static DirectObstacle
StartSearch(BeginState *b, bool own)
{
	const char *reason;
	DirectObstacle obstacle;

	if (!DirectIsAllowed(&reason))
		return DIRECT_NOT_ALLOWED;
	obstacle = FindIndex(b);
	if (obstacle == DIRECT_POSSIBLE && !OpenRelations(b))
		obstacle = DIRECT_NO_INDEX;
	if (obstacle != DIRECT_POSSIBLE)
		return obstacle;
	INJECTION_POINT("direct-begin-locked");
	obstacle = DirectDescribeIndex(b->table, b->index, &b->reply);
	if (obstacle != DIRECT_POSSIBLE)
		return obstacle;
	/* no snapshot is held while that is read */
	LoadCache(b);
	MyDirectSearch.snapshot = RegisterSnapshot(GetTransactionSnapshot());
	INJECTION_POINT("direct-begin-snapshot");
	if (!IndexServesSnapshot(b))
	{
		UnregisterSnapshot(MyDirectSearch.snapshot);
		return DIRECT_NO_INDEX;
	}
	DescribeVersion(b);
	DescribeCache(b);
	DescribeSnapshot(MyDirectSearch.snapshot, &b->reply);
	DescribeShape(b);

	/* counts of its END find their place, also when it is over by then */
	(void) pgstat_status(b->table);
	(void) pgstat_status(b->index);
	MyDirectSearch.own_xact = own;
	MyDirectSearch.is_short = MayBeShort(b, own);
	b->reply.keep_ms = MyDirectSearch.is_short ? DIRECT_KEEP_MS : 0;
	MyDirectSearch.table = RelationGetRelid(b->table);
	MyDirectSearch.index = RelationGetRelid(b->index);
	b->reply.slot = (uint32) DirectTakeSlot();
	b->reply.generation = PublicShmemGeneration();
	INJECTION_POINT("direct-begin-described");
	SearchStarted = GetCurrentTimestamp();
	MyDirectSearch.search =
		DirectSetSlot(MyDirectSearch.table, MyDirectSearch.index, !own);
	b->reply.search = MyDirectSearch.search;
	StartTimer(SearchStarted);
	pg_write_barrier(); /* pairs with the one in GetShortDirectReaders */
	MyProc->directShort = MyDirectSearch.is_short;
	INJECTION_POINT("direct-slot-set");
	return DIRECT_POSSIBLE;
}

static void
AppendReply(const BeginState *b, StringInfo answer)
{
	int start = answer->len;

	appendBinaryStringInfo(answer, (const char *) &b->reply, sizeof(b->reply));
	if (b->reply.obstacle != DIRECT_POSSIBLE)
		return;
	appendBinaryStringInfo(answer, (const char *) MyDirectSearch.snapshot->xip,
	                       (int) (b->reply.nxip * sizeof(TransactionId)));
	while ((answer->len - start) % 8 != 0)
		appendStringInfoChar(answer, '\0');
	appendBinaryStringInfo(answer, b->columns.data, b->columns.len);
	appendBinaryStringInfo(answer, b->outputs.data, b->outputs.len);
}

static void
BeginMessage(StringInfo msg)
{
	BeginState b = {0};
	StringInfoData answer;
	DirectObstacle obstacle;
	bool own;

	ReadBegin(msg, &b);
	EndSearch(DIRECT_ENDED);
	EndIsDue = false;
	DirectConflictPending = DirectCancelPending = false;
	if (IsAbortedTransactionBlockState())
		ereport(ERROR,
		        (errcode(ERRCODE_IN_FAILED_SQL_TRANSACTION),
		         errmsg("current transaction is aborted, commands ignored "
		                "until end of transaction block")));
	initStringInfo(&b.columns);
	initStringInfo(&b.outputs);
	BeginAnswer(&answer, ATTACH_CODE_BEGIN);
	obstacle = FirstObstacle();
	if (obstacle == DIRECT_POSSIBLE)
	{
		own = !IsTransactionBlock();
		if (own)
		{
			MyProc->directReader = true; /* rule 4 */
			pg_memory_barrier();
		}
		EnterMessage("direct search");
		obstacle = StartSearch(&b, own);
		CloseRelations(&b);
		if (obstacle != DIRECT_POSSIBLE)
			memset(&MyDirectSearch, 0, sizeof(MyDirectSearch));
		LeaveMessage(own && obstacle == DIRECT_POSSIBLE);
	}
	if (obstacle != DIRECT_POSSIBLE)
		memset(&b.reply, 0, sizeof(b.reply));
	b.reply.obstacle = obstacle;
	AppendReply(&b, &answer);
	INJECTION_POINT("direct-begin-answer");
	SendAnswer(&answer);
}

/* ---------------------------------------------------------------------------
 * END
 * ---------------------------------------------------------------------------
 */

/* What the client has counted, of index and table.  Nothing depends on it. */
static void
TakeCounts(const DirectEndRequest *r, PgStat_TableCounts *index,
           PgStat_TableCounts *table)
{
	memset(index, 0, sizeof(*index));
	memset(table, 0, sizeof(*table));
	index->t_numscans = Min(r->nsearches, MAX_COUNT);
	index->t_tuples_returned = Min(r->entries, MAX_COUNT);
	index->t_tuples_fetched = Min(r->rows, MAX_COUNT);
	table->t_tuples_fetched = Min(r->rows, MAX_COUNT);
}

static void
CountSearch(const DirectSearch *search, const DirectEndRequest *r, bool runs)
{
	PgStat_TableCounts index;
	PgStat_TableCounts table;

	if (r->nsearches == 0)
		return;
	TakeCounts(r, &index, &table);
	pgstat_count_scans(search->index, &index, runs);
	pgstat_count_scans(search->table, &table, runs);
}

/*
 * No cancel becomes an error here, which the client would take for the answer to
 * the message that it has sent behind END, without waiting.
 */
static void
EndMessage(StringInfo msg)
{
	DirectEndRequest request;
	DirectEndReply reply = {0};
	StringInfoData answer;

	ReadStruct(msg, &request, sizeof(request));
	if (msg->cursor != msg->len)
		Malformed();
	HOLD_CANCEL_INTERRUPTS();
	reply.search = request.search;
	reply.outcome = DIRECT_NOT_RUNNING;
	if (request.search == DIRECT_NO_SEARCH)
		;
	else if (request.search == MyDirectSearch.search)
	{
		INJECTION_POINT("direct-end");
		CountSearch(&MyDirectSearch, &request, true);
		EndSearch(DIRECT_ENDED);
		EndIsDue = false;
		reply.outcome = DIRECT_ENDED;
	}
	else if (request.search == LastSearch.search)
	{
		reply.outcome = LastOutcome;
		if (EndIsDue)
		{
			INJECTION_POINT_NOTHROW("direct-late-end");
			CountSearch(&LastSearch, &request, false);
		}
		EndIsDue = false;
	}
	BeginAnswer(&answer, ATTACH_CODE_END);
	appendBinaryStringInfo(&answer, (char *) &reply, sizeof(reply));
	SendAnswer(&answer);
	RESUME_CANCEL_INTERRUPTS();
}

/* ---------------------------------------------------------------------------
 * ASK
 * ---------------------------------------------------------------------------
 */

static void
AskMessage(StringInfo msg)
{
	DirectAskRequest request;
	DirectAskReply reply = {0};
	StringInfoData answer;

	ReadStruct(msg, &request, sizeof(request));
	if (!DirectAskIsWellFormed(&request, msg))
		Malformed();
	BeginAnswer(&answer, ATTACH_CODE_ASK);
	if (request.search != DIRECT_NO_SEARCH &&
	    request.search == MyDirectSearch.search)
	{
		bool own = MyDirectSearch.own_xact;

		EnterMessage("direct search");
		INJECTION_POINT("direct-ask");
		DirectAnswerAsk(&request, msg, &answer);
		LeaveMessage(own);
	}
	else
	{
		reply.search = request.search;
		reply.kind = request.kind;
		reply.outcome = request.search == LastSearch.search
		                    ? LastOutcome
		                    : DIRECT_NOT_RUNNING;
		/* it was ended by the client itself */
		if (reply.outcome == DIRECT_ENDED)
			reply.outcome = DIRECT_NOT_RUNNING;
		appendBinaryStringInfo(&answer, (char *) &reply, sizeof(reply));
	}
	INJECTION_POINT("direct-ask-answer");
	SendAnswer(&answer);
}

/* ---------------------------------------------------------------------------
 * All
 * ---------------------------------------------------------------------------
 */

void
DirectMessage(uint32 code, StringInfo msg)
{
	switch (code)
	{
		case ATTACH_CODE_BEGIN:
			BeginMessage(msg);
			break;
		case ATTACH_CODE_END:
			EndMessage(msg);
			break;
		case ATTACH_CODE_ASK:
			AskMessage(msg);
			break;
		case ATTACH_CODE_TOUCHED:
			if (!DirectNoteTouched(msg))
				Malformed();
			break;
		default:
			Malformed();
	}
	FlushAnswers();
	/* rule 3 */
	ProcessDirectInterrupts();
	if (MyDirectSearch.search == DIRECT_NO_SEARCH)
		ReportIdle();
}
