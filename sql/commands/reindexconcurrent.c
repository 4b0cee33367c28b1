/*
 * reindexconcurrent.c
 *		REINDEX CONCURRENTLY.
 *
 * Each index gets a second one beside it, which takes its name and place once it
 * is complete.  All indexes of a table, and the one of its TOAST relation, go
 * through the phases together, so that writers are waited for once:
 *
 *	1.	NAME_ccnew is in the catalog, neither ready nor valid.
 *	2.	WAIT 1; each is built from a snapshot and becomes ready.
 *	3.	WAIT 2; each is completed from a second snapshot; WAIT 3.
 *	4.	In one transaction the new ones become valid and get the names; the old
 *		ones are called NAME_ccold, not valid, still kept up to date: queries that
 *		began before read them.
 *	5.	WAIT 4, for those queries; the old ones are dead: nobody inserts.
 *	6.	WAIT 5, for who inserted; the old ones are dropped.
 *
 * The phases, the waits and their rules are those of indexconcurrent.c.  Session
 * locks on the tables and on all indexes, old and new, last to the end.
 *
 * What a failure leaves: until the commit of phase 4 the old indexes, in use as
 * before, and invalid NAME_ccnew; after it the new ones, valid, and invalid
 * NAME_ccold.  The error's hint names what is to be dropped.
 *
 * Corresponds to ReindexRelationConcurrently of PostgreSQL's
 * commands/indexcmds.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/defrem.h"
#include "commands/indexconcurrent.h"
#include "commands/progress.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/backend_progress.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/pg_rusage.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* An index that is replaced. */
typedef struct ReindexPair
{
	Oid tableId;
	Oid oldId;
	Oid newId; /* InvalidOid before phase 1 */
	Oid amId;
	bool safe; /* neither expressions nor a predicate: see indexconcurrent.h */
	const char *schema;
	const char *name;
} ReindexPair;

typedef struct ReindexState
{
	MemoryContext context; /* of all that follows */
	bool of_index;         /* one index was asked for */
	const char *relation;  /* what was asked for, with its schema */
	PGRUsage ru0;          /* at the start */
	List *heaps;           /* of LockRelId *, the tables */
	List *pairs;           /* of ReindexPair * */
	List *locks;           /* of LockRelId *, held by the session */
	ConcurrentIndexHint hint;
} ReindexState;

/* ---- what there is to do ---- */

static LockRelId *
RememberRelation(ReindexState *state, Relation rel)
{
	MemoryContext old = MemoryContextSwitchTo(state->context);
	LockRelId *id = palloc_object(LockRelId);

	*id = rel->rd_lockInfo.lockRelId;
	state->locks = lappend(state->locks, id);
	MemoryContextSwitchTo(old);
	return id;
}

static void
RememberTable(ReindexState *state, Relation rel)
{
	MemoryContext old = MemoryContextSwitchTo(state->context);

	state->heaps = lappend(state->heaps, RememberRelation(state, rel));
	MemoryContextSwitchTo(old);
}

static void
RememberIndex(ReindexState *state, Oid tableId, Relation index)
{
	MemoryContext old = MemoryContextSwitchTo(state->context);
	ReindexPair *pair = palloc0_object(ReindexPair);

	pair->tableId = tableId;
	pair->oldId = RelationGetRelid(index);
	pair->amId = index->rd_rel->relam;
	pair->safe = !RelationIsExpressionOrPartialIndex(index);
	pair->schema = pstrdup(get_namespace_name(RelationGetNamespace(index)));
	pair->name = pstrdup(RelationGetRelationName(index));
	state->pairs = lappend(state->pairs, pair);
	MemoryContextSwitchTo(old);
}

static void
CheckNotCatalog(Oid relid)
{
	if (IsCatalogRelationOid(relid))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cannot reindex system catalogs concurrently")));
}

/* Its valid indexes, and then those of its TOAST relation. */
static void
CollectOfTable(ReindexState *state, Oid relid)
{
	Relation rel;
	Oid toastrelid;
	ListCell *lc;

	CheckNotCatalog(relid);
	rel = table_open(relid, ShareUpdateExclusiveLock);
	toastrelid = rel->rd_rel->reltoastrelid;
	RememberTable(state, rel);
	foreach (lc, RelationGetIndexList(rel))
	{
		Relation index = index_open(lfirst_oid(lc), ShareUpdateExclusiveLock);

		if (index->rd_index->indisvalid)
			RememberIndex(state, relid, index);
		else
			ereport(WARNING,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("cannot reindex invalid index \"%s.%s\" "
			                "concurrently, skipping",
			                get_namespace_name(RelationGetNamespace(index)),
			                RelationGetRelationName(index))));
		index_close(index, NoLock);
	}
	table_close(rel, NoLock);
	if (OidIsValid(toastrelid))
		CollectOfTable(state, toastrelid);
}

/* An invalid one too: this is how it is completed. */
static void
CollectIndex(ReindexState *state, Oid indexId)
{
	Oid tableId = IndexGetRelation(indexId, false);
	Relation rel;
	Relation index;

	CheckNotCatalog(tableId);
	rel = table_open(tableId, ShareUpdateExclusiveLock);
	index = index_open(indexId, ShareUpdateExclusiveLock);
	if (rel->rd_rel->relkind == RELKIND_TOASTVALUE &&
	    !index->rd_index->indisvalid)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cannot reindex invalid index on TOAST table")));
	RememberTable(state, rel);
	RememberIndex(state, tableId, index);
	index_close(index, NoLock);
	table_close(rel, NoLock);
}

static void
Collect(ReindexState *state, Oid relationOid)
{
	MemoryContext old = MemoryContextSwitchTo(state->context);

	state->of_index = get_rel_relkind(relationOid) == RELKIND_INDEX;
	state->relation =
		psprintf("%s.%s", get_namespace_name(get_rel_namespace(relationOid)),
	             get_rel_name(relationOid));
	MemoryContextSwitchTo(old);
	if (state->of_index)
		CollectIndex(state, relationOid);
	else
		CollectOfTable(state, relationOid);
}

/* ---- what a failure leaves ---- */

/* "DROP INDEX a, b": of the new ones, or of the old ones. */
static char *
DropStatement(ReindexState *state, bool of_new)
{
	StringInfoData buf;
	ListCell *lc;

	initStringInfo(&buf);
	foreach (lc, state->pairs)
	{
		ReindexPair *pair = lfirst(lc);

		appendStringInfo(&buf, "%s%s", buf.len == 0 ? "DROP INDEX " : ", ",
		                 quote_qualified_identifier(
							 pair->schema,
							 get_rel_name(of_new ? pair->newId : pair->oldId)));
	}
	return buf.data;
}

static const char *
FailureHint(ReindexState *state, bool swapped)
{
	MemoryContext old = MemoryContextSwitchTo(state->context);
	const char *text = psprintf(
		swapped ? "The rebuilt index is in use; the old one is left invalid. "
				  "Remove it with %s."
				: "The old index is in use as before; the new one is left "
				  "invalid. Remove it with %s, then run REINDEX again.",
		DropStatement(state, !swapped));

	MemoryContextSwitchTo(old);
	return text;
}

/* ---- the phases ---- */

static void
ReportIndex(const ReindexPair *pair, int phase)
{
	const int index[] = {PROGRESS_CREATEIDX_COMMAND, PROGRESS_CREATEIDX_PHASE,
	                     PROGRESS_CREATEIDX_INDEX_OID,
	                     PROGRESS_CREATEIDX_ACCESS_METHOD_OID};
	const int64 val[] = {4, phase, pair->newId, pair->amId};

	pgstat_progress_start_command(PROGRESS_COMMAND_CREATE_INDEX, pair->tableId);
	pgstat_progress_update_multi_param(lengthof(index), index, val);
}

static void
CreateNewIndexes(ReindexState *state)
{
	const char *hint;
	ListCell *lc;

	foreach (lc, state->pairs)
	{
		ReindexPair *pair = lfirst(lc);
		Relation rel = table_open(pair->tableId, ShareUpdateExclusiveLock);
		Relation oldindex = index_open(pair->oldId, ShareUpdateExclusiveLock);
		Relation newindex;

		ReportIndex(pair, 0);
		pair->newId = index_concurrently_create_copy(
			rel, pair->oldId,
			ChooseRelationName(pair->name, NULL, "ccnew",
		                       RelationGetNamespace(rel)));
		newindex = index_open(pair->newId, ShareUpdateExclusiveLock);
		(void) RememberRelation(state, oldindex);
		(void) RememberRelation(state, newindex);
		index_close(newindex, NoLock);
		index_close(oldindex, NoLock);
		table_close(rel, NoLock);
	}
	foreach (lc, state->locks)
		LockRelationIdForSession(lfirst(lc), ShareUpdateExclusiveLock);
	hint = FailureHint(state, false);
	INJECTION_POINT("reindex-concurrent-created");
	ConcurrentIndexNextTransaction(false);
	state->hint.hint = hint;
}

static void
BuildNewIndexes(ReindexState *state)
{
	ListCell *lc;

	ConcurrentIndexWait(state->heaps, ShareLock,
	                    PROGRESS_CREATEIDX_PHASE_WAIT_1);
	foreach (lc, state->pairs)
	{
		ReindexPair *pair = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		ConcurrentIndexNextTransaction(pair->safe);
		PushActiveSnapshot(GetTransactionSnapshot());
		ReportIndex(pair, PROGRESS_CREATEIDX_PHASE_BUILD);
		index_concurrently_build(pair->tableId, pair->newId);
	}
	ConcurrentIndexNextTransaction(false);
}

static void
ValidateNewIndexes(ReindexState *state)
{
	ListCell *lc;

	ConcurrentIndexWait(state->heaps, ShareLock,
	                    PROGRESS_CREATEIDX_PHASE_WAIT_2);
	foreach (lc, state->pairs)
	{
		ReindexPair *pair = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		ConcurrentIndexNextTransaction(pair->safe);
		ReportIndex(pair, PROGRESS_CREATEIDX_PHASE_VALIDATE_IDXSCAN);
		ConcurrentIndexValidate(pair->tableId, pair->newId, pair->safe);
	}
}

/* All at once: an error leaves none of them or all. */
static void
SwapIndexes(ReindexState *state)
{
	const char *hint;
	ListCell *lc;

	ConcurrentIndexNextTransaction(true);
	INJECTION_POINT("reindex-concurrent-swap");
	foreach (lc, state->pairs)
	{
		ReindexPair *pair = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		index_concurrently_swap(
			pair->newId, pair->oldId,
			ChooseRelationName(pair->name, NULL, "ccold",
		                       get_rel_namespace(pair->tableId)));
		CacheInvalidateRelcacheByRelid(pair->tableId);
		CommandCounterIncrement();
	}
	hint = FailureHint(state, true);
	INJECTION_POINT("reindex-concurrent-swapped");
	ConcurrentIndexNextTransaction(false);
	state->hint.hint = hint;
}

static void
RetireOldIndexes(ReindexState *state)
{
	ListCell *lc;

	ConcurrentIndexWait(state->heaps, AccessExclusiveLock,
	                    PROGRESS_CREATEIDX_PHASE_WAIT_4);
	INJECTION_POINT("reindex-concurrent-set-dead");
	foreach (lc, state->pairs)
	{
		ReindexPair *pair = lfirst(lc);

		CHECK_FOR_INTERRUPTS();
		index_concurrently_set_dead(pair->tableId, pair->oldId);
	}
	ConcurrentIndexNextTransaction(false);
}

static void
DropOldIndexes(ReindexState *state)
{
	ListCell *lc;

	ConcurrentIndexWait(state->heaps, AccessExclusiveLock,
	                    PROGRESS_CREATEIDX_PHASE_WAIT_5);
	INJECTION_POINT("reindex-concurrent-drop");
	PushActiveSnapshot(GetTransactionSnapshot());
	foreach (lc, state->pairs)
		index_drop(((ReindexPair *) lfirst(lc))->oldId, true);
	INJECTION_POINT("reindex-concurrent-dropped");
	ConcurrentIndexNextTransaction(false);
}

static void
Tell(ReindexState *state)
{
	ListCell *lc;

	if (state->of_index)
	{
		ereport(INFO, (errmsg("index \"%s\" was reindexed", state->relation),
		               errdetail("%s.", pg_rusage_show(&state->ru0))));
		return;
	}
	foreach (lc, state->pairs)
	{
		ReindexPair *pair = lfirst(lc);

		ereport(INFO, (errmsg("index \"%s.%s\" was reindexed", pair->schema,
		                      pair->name)));
	}
	ereport(INFO, (errmsg("table \"%s\" was reindexed", state->relation),
	               errdetail("%s.", pg_rusage_show(&state->ru0))));
}

bool
ReindexRelationConcurrently(Oid relationOid, bool verbose)
{
	ReindexState state = {0};
	ListCell *lc;

	pg_rusage_init(&state.ru0);
	state.context = AllocSetContextCreate(PortalContext, "ReindexConcurrent",
	                                      ALLOCSET_SMALL_SIZES);
	Collect(&state, relationOid);
	if (state.pairs == NIL)
	{
		MemoryContextDelete(state.context);
		return false;
	}
	PushConcurrentIndexHint(&state.hint, NULL);
	CreateNewIndexes(&state);
	BuildNewIndexes(&state);
	ValidateNewIndexes(&state);
	SwapIndexes(&state);
	RetireOldIndexes(&state);
	DropOldIndexes(&state);
	foreach (lc, state.locks)
		UnlockRelationIdForSession(lfirst(lc), ShareUpdateExclusiveLock);
	PopConcurrentIndexHint(&state.hint);
	pgstat_progress_end_command();
	if (verbose)
		Tell(&state);
	MemoryContextDelete(state.context);
	return true;
}
