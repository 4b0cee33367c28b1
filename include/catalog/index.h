/*
 * catalog/index.h
 *		Making, building and dropping indexes.
 */
#ifndef CATALOG_INDEX_H
#define CATALOG_INDEX_H

#include "executor/tuptable.h"
#include "nodes/execnodes.h"
#include "utils/relcache.h"
#include "utils/snapshot.h"

/*
 * Catalog rows, file and content of an index on an open table that is locked
 * with ShareLock at least.  colnames, collationObjectId and classObjectId are
 * parallel to indexInfo's columns.  Returns its OID; it is locked with
 * AccessExclusiveLock.
 */
extern Oid
index_create(Relation heapRelation, const char *indexRelationName,
             IndexInfo *indexInfo, List *indexColNames,
             Oid accessMethodObjectId, Oid *collationObjectId,
             Oid *classObjectId, int16 *coloptions, Datum reloptions);
/*
 * The same without content, under ShareUpdateExclusiveLock on the table: an
 * index that is neither ready nor valid (commands/indexconcurrent.c).
 */
extern Oid
index_create_concurrent(Relation heapRelation, const char *indexRelationName,
                        IndexInfo *indexInfo, List *indexColNames,
                        Oid accessMethodObjectId, Oid *collationObjectId,
                        Oid *classObjectId, int16 *coloptions,
                        Datum reloptions);

/* The columns of an index that indexInfo describes; colnames are Strings. */
extern TupleDesc
ConstructTupleDescriptor(Relation heapRelation, IndexInfo *indexInfo,
                         List *colnames, const Oid *collationOids);

typedef enum IndexStateFlagsAction
{
	INDEX_CREATE_SET_READY,
	INDEX_CREATE_SET_VALID,
	INDEX_DROP_CLEAR_VALID,
	INDEX_DROP_SET_DEAD
} IndexStateFlagsAction;

extern void index_set_state_flags(Oid indexId, IndexStateFlagsAction action);

/*
 * Steps of CREATE INDEX, REINDEX and DROP INDEX CONCURRENTLY
 * (index_concurrent.c); all visible to later commands after
 * CommandCounterIncrement. The table is locked with ShareUpdateExclusiveLock.
 */
/* An index like another one, without content: neither ready nor valid. */
extern Oid index_concurrently_create_copy(Relation heapRelation, Oid oldIndexId,
                                          const char *newName);
/* Fills it with what the active snapshot sees; it is ready then. */
extern void index_concurrently_build(Oid heapRelationId, Oid indexRelationId);
/* Inserts what the snapshot sees and the index lacks. */
extern void validate_index(Oid heapId, Oid indexId, Snapshot snapshot);
/* The new one becomes valid and gets the name; the old one is called oldName. */
extern void
index_concurrently_swap(Oid newIndexId, Oid oldIndexId, const char *oldName);
/* Nobody inserts into it any more. */
extern void index_concurrently_set_dead(Oid heapId, Oid indexId);

/* Fills an empty index; counts go to pg_class. */
extern void index_build(Relation heapRelation, Relation indexRelation,
                        IndexInfo *indexInfo, bool isreindex, bool parallel);
/*
 * Builds the index anew in a new file, with ShareLock on the table, which the
 * caller has locked, and AccessExclusiveLock on the index.
 */
extern void reindex_index(Oid indexId);
/*
 * concurrent_lock_mode: no transaction uses it any more, and the table is
 * locked with ShareUpdateExclusiveLock only.
 */
extern void index_drop(Oid indexId, bool concurrent_lock_mode);
/* All indexes of a table, dead ones too, which its descriptor does not list. */
extern List *index_list_all(Oid heapId);
extern IndexInfo *BuildIndexInfo(Relation index);
/*
 * The index's columns of a row of the table, which is also the scan tuple of
 * estate's per-tuple context: expressions are evaluated in that, and their
 * values live until it is reset.  The compiled expressions live as long as
 * estate; who keeps indexInfo longer forgets them with ForgetIndexExpressions.
 */
extern void FormIndexDatum(IndexInfo *indexInfo, TupleTableSlot *slot,
                           EState *estate, Datum *values, bool *isnull);
/* Does the row satisfy the predicate?  Under the same conditions. */
extern bool
IndexHoldsRow(IndexInfo *indexInfo, TupleTableSlot *slot, EState *estate);

static inline void
ForgetIndexExpressions(IndexInfo *indexInfo)
{
	indexInfo->ii_ExpressionsState = NIL;
	indexInfo->ii_PredicateState = NULL;
}

/* The table of an index; InvalidOid if missing_ok and there is no such index. */
extern Oid IndexGetRelation(Oid indexId, bool missing_ok);

#endif /* CATALOG_INDEX_H */
