/*
 * catalog/index.h
 *		Making, building and dropping indexes.
 */
#ifndef CATALOG_INDEX_H
#define CATALOG_INDEX_H

#include "executor/tuptable.h"
#include "nodes/execnodes.h"
#include "utils/relcache.h"

/*
 * Catalog rows, file and content of an index on an open table that is locked
 * with ShareLock at least.  colnames, collationObjectId and classObjectId are
 * parallel to indexInfo's columns.  Returns its OID; it is locked with
 * AccessExclusiveLock.
 */
extern Oid index_create(Relation heapRelation, const char *indexRelationName,
                        IndexInfo *indexInfo, List *indexColNames,
                        Oid accessMethodObjectId, Oid *collationObjectId,
                        Oid *classObjectId, int16 *coloptions,
                        Datum reloptions);
/*
 * The same without content, under ShareUpdateExclusiveLock on the table: an
 * index that is neither ready nor valid (commands/indexconcurrent.c).
 */
extern Oid index_create_concurrent(Relation heapRelation,
                                   const char *indexRelationName,
                                   IndexInfo *indexInfo, List *indexColNames,
                                   Oid accessMethodObjectId,
                                   Oid *collationObjectId, Oid *classObjectId,
                                   int16 *coloptions, Datum reloptions);

typedef enum IndexStateFlagsAction
{
	INDEX_CREATE_SET_READY,
	INDEX_CREATE_SET_VALID,
	INDEX_DROP_CLEAR_VALID,
	INDEX_DROP_SET_DEAD
} IndexStateFlagsAction;

extern void index_set_state_flags(Oid indexId, IndexStateFlagsAction action);
/* Fills an empty index; counts go to pg_class. */
extern void index_build(Relation heapRelation, Relation indexRelation,
                        IndexInfo *indexInfo, bool isreindex, bool parallel);
/*
 * Builds the index anew in a new file; the caller holds ShareLock on the table
 * and AccessExclusiveLock on the index.
 */
extern void reindex_index(Oid indexId);
extern void index_drop(Oid indexId);
extern IndexInfo *BuildIndexInfo(Relation index);
/* The index's columns of a row of the table. */
extern void FormIndexDatum(IndexInfo *indexInfo, TupleTableSlot *slot,
                           Datum *values, bool *isnull);
/* The table of an index; InvalidOid if missing_ok and there is no such index. */
extern Oid IndexGetRelation(Oid indexId, bool missing_ok);

#endif /* CATALOG_INDEX_H */
