/*
 * execIndexing.c
 *		Entries of a table's indexes for rows that are inserted.
 *
 * Deleted rows keep their entries until vacuum: scans find the row gone.  What a
 * partial index does not hold is not put into it; expressions and predicates are
 * compiled at the first row of a statement and evaluated once per row.
 *
 * Corresponds to PostgreSQL's executor/execIndexing.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "catalog/index.h"
#include "executor/executor.h"
#include "utils/rel.h"

void
ExecOpenIndices(ResultRelInfo *resultRelInfo, bool speculative)
{
	List *indexoidlist = RelationGetIndexList(resultRelInfo->ri_RelationDesc);
	int len = list_length(indexoidlist);
	ListCell *lc;
	int i = 0;

	resultRelInfo->ri_NumIndices = 0;
	if (len == 0)
		return;
	resultRelInfo->ri_IndexRelationDescs = palloc_array(Relation, len);
	resultRelInfo->ri_IndexRelationInfo = palloc_array(IndexInfo *, len);
	foreach (lc, indexoidlist)
	{
		Relation indexDesc = index_open(lfirst_oid(lc), RowExclusiveLock);

		resultRelInfo->ri_IndexRelationDescs[i] = indexDesc;
		resultRelInfo->ri_IndexRelationInfo[i] = BuildIndexInfo(indexDesc);
		i++;
		resultRelInfo->ri_NumIndices = i;
	}
	list_free(indexoidlist);
}

void
ExecCloseIndices(ResultRelInfo *resultRelInfo)
{
	for (int i = 0; i < resultRelInfo->ri_NumIndices; i++)
		index_close(resultRelInfo->ri_IndexRelationDescs[i], RowExclusiveLock);
	resultRelInfo->ri_NumIndices = 0;
}

List *
ExecInsertIndexTuples(ResultRelInfo *resultRelInfo, TupleTableSlot *slot,
                      EState *estate, bool update, bool noDupErr,
                      bool *specConflict, List *arbiterIndexes)
{
	Relation heapRelation = resultRelInfo->ri_RelationDesc;
	MemoryContext old = MemoryContextSwitchTo(GetPerTupleMemoryContext(estate));
	Datum values[INDEX_MAX_KEYS];
	bool isnull[INDEX_MAX_KEYS];

	Assert(ItemPointerIsValid(&slot->tts_tid));
	GetPerTupleExprContext(estate)->ecxt_scantuple = slot;
	for (int i = 0; i < resultRelInfo->ri_NumIndices; i++)
	{
		IndexInfo *indexInfo = resultRelInfo->ri_IndexRelationInfo[i];

		if (!indexInfo->ii_ReadyForInserts ||
		    !IndexHoldsRow(indexInfo, slot, estate))
			continue;
		FormIndexDatum(indexInfo, slot, estate, values, isnull);
		(void) index_insert(resultRelInfo->ri_IndexRelationDescs[i], values,
		                    isnull, &slot->tts_tid, heapRelation,
		                    indexInfo->ii_Unique ? UNIQUE_CHECK_YES
		                                         : UNIQUE_CHECK_NO,
		                    false, indexInfo);
	}
	MemoryContextSwitchTo(old);
	return NIL;
}
