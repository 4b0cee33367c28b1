/*
 * tcop/direct.h
 *		Direct search, as its backend sees it: the messages of libpq/attach.h
 *		but ATTACH, and what ends a search.
 *
 * See sql/tcop/direct.c.
 */
#ifndef TCOP_DIRECT_H
#define TCOP_DIRECT_H

#include "lib/stringinfo.h"
#include "libpq/attach.h"
#include "utils/relcache.h"
#include "utils/snapshot.h"

struct CachedPlanSource;

/* The running search of this process. */
typedef struct DirectSearch
{
	uint64 search; /* 0: none is running */
	bool own_xact; /* the transaction is there for it alone */
	bool is_short; /* its client may keep it without using it */
	Oid table;
	Oid index;
	Snapshot snapshot; /* registered */
} DirectSearch;

extern DirectSearch MyDirectSearch;

/* What is to be done as soon as nothing is in work: set in handlers. */
extern volatile bool DirectConflictPending;
extern volatile bool DirectTimeoutPending;
extern volatile bool DirectCancelPending;

/* ---- direct.c ---- */

/*
 * A message 'a', of which the subcode is read; in no transaction, or in one of
 * a block, or in the search's own.  Its answer has been sent, or it raised an
 * error; FATAL 08P01 if the message is malformed.
 */
extern void DirectMessage(uint32 code, StringInfo msg);
/* Any other message has come: the search, if one runs, is over. */
extern void DirectSearchStop(void);
/* Nothing of a message is in work; may end the search's own transaction. */
extern void ProcessDirectInterrupts(void);
/* The same while an answer is being sent: only those of this file. */
extern void ProcessDirectWriteInterrupts(void);
/* A cancel request came between two messages, and no search runs. */
extern void DirectSearchNoteCancel(void);
/* xact.c, before anything of the transaction is given up */
extern void AtEOXact_DirectSearch(void);
/* Handlers: of PROCSIG_DIRECT_CONFLICT, of the timeout. */
extern void HandleDirectConflictInterrupt(void);
extern void DirectTimeoutHandler(void);

/*
 * May the current user read every table's pages?  If not, why, in words for
 * the client.  In a transaction; DirectRight is the last answer.
 */
extern bool DirectIsAllowed(const char **reason);
extern bool DirectRight;

/* ---- direct_describe.c ---- */

/*
 * The index and its table, both open and locked, into the reply; an obstacle
 * if a client cannot search it.
 */
extern DirectObstacle
DirectDescribeIndex(Relation table, Relation index, DirectBeginReply *reply);
/* The table's columns, as DirectColumn; their number. */
extern uint32 DirectDescribeColumns(Relation table, StringInfo buf);

/* ---- direct_plan.c ---- */

/*
 * The statement's plan, if it is one that a client can run: index, limit and
 * parameters into the reply, the outputs as DirectOutput into buf.
 */
extern DirectObstacle
DirectDescribePlan(struct CachedPlanSource *source, int64 limit,
                   DirectBeginReply *reply, StringInfo outputs);

/* ---- direct_ask.c ---- */

/* Is the rest of the message as long as the request's counts say? */
extern bool
DirectAskIsWellFormed(const DirectAskRequest *request, StringInfo msg);
/* Of the running search, in its transaction. */
extern void DirectAnswerAsk(const DirectAskRequest *request, StringInfo msg,
                            StringInfo answer);
/* False: malformed. */
extern bool DirectNoteTouched(StringInfo msg);

#endif /* TCOP_DIRECT_H */
