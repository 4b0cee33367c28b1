/*
 * commands/indexconcurrent.h
 *		What CREATE INDEX, REINDEX and DROP INDEX CONCURRENTLY have in common:
 *		their transactions, their waits, and what they say when they fail.
 */
#ifndef INDEXCONCURRENT_H
#define INDEXCONCURRENT_H

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "storage/lock.h"
#include "utils/elog.h"
#include "utils/rel.h"

/*
 * To be called before the first lock: the command waits for it without a
 * snapshot, since who has it may be such a command and wait for all snapshots.
 */
extern void ConcurrentIndexReleaseSnapshot(void);
/*
 * Commits and begins anew.  safe: from now on this transaction looks at nothing
 * but the table that is indexed, so that others of this kind do not wait for
 * its snapshot.  Functions of expressions and predicates might look elsewhere.
 */
extern void ConcurrentIndexNextTransaction(bool safe);
/*
 * Until all end that hold locks on one of the tables (of LockRelId *) that
 * conflict with lockmode; phase is the one to report.
 */
extern void ConcurrentIndexWait(List *heaps, LOCKMODE lockmode, int phase);
/*
 * Completes the index for a snapshot of its own, commits, and waits for older
 * snapshots.  The transaction that it leaves holds none.
 */
extern void ConcurrentIndexValidate(Oid heapId, Oid indexId, bool safe);

/*
 * From push to pop errors get hint, which says what they leave and what to do
 * about it; it may change meanwhile.  An error unwinds past the pop.
 */
typedef struct ConcurrentIndexHint
{
	ErrorContextCallback callback;
	const char *hint;
} ConcurrentIndexHint;

extern void
PushConcurrentIndexHint(ConcurrentIndexHint *hint, const char *text);
extern void PopConcurrentIndexHint(ConcurrentIndexHint *hint);

/*
 * reindexconcurrent.c: builds a table's indexes, its TOAST relation's too, or
 * one index anew.  The relation is locked with ShareUpdateExclusiveLock (an
 * index: its table).  Returns whether there was one.  Ends the caller's
 * transaction and leaves another one, unless it returns false.
 */
extern bool ReindexRelationConcurrently(Oid relationOid, bool verbose);

#endif /* INDEXCONCURRENT_H */
