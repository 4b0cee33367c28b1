/*
 * unit_relation.c
 *		A relation for tests below the catalogs, alone or in a small cluster
 *		(unit.h).
 */
#include "postgres.h"

#include "access/tupdesc.h"
#include "catalog/pg_class.h"
#include "catalog/storage.h"
#include "storage/smgr.h"
#include "unit.h"

static RelationData relation;
static FormData_pg_class form;

/* The relation is in no cache: counting it means nothing. */
__attribute__((weak)) void
RelationIncrementReferenceCount(Relation r)
{
}

__attribute__((weak)) void
RelationDecrementReferenceCount(Relation r)
{
}

Relation
unit_relation(const char *name, int ncolumns)
{
	relation.rd_node = (RelFileNode){1663, 5, 20000};
	relation.rd_backend = INVALID_PROC_NUMBER;
	relation.rd_id = 20000;
	relation.rd_rel = &form;
	relation.rd_lockInfo.lockRelId.relId = 20000;
	relation.rd_lockInfo.lockRelId.dbId = 5;
	form.relpersistence = 'p';
	strcpy(NameStr(form.relname), name);
	relation.rd_att = CreateTemplateTupleDesc(ncolumns);
	return &relation;
}

void
unit_index_first_column(Relation rel)
{
	rel->rd_indexvalid = true;
	rel->rd_indexattr =
		bms_add_member(NULL, 1 - FirstLowInvalidHeapAttributeNumber);
}

Relation
unit_cluster_with_table(void)
{
	Relation rel;

	unit_init_cluster(128, 4);
	unit_make_cluster_memory();
	unit_become_only_backend();

	rel = unit_relation("t", 2);
	TupleDescInitBuiltinEntry(rel->rd_att, 1, "id", 23, -1, 0);
	TupleDescInitBuiltinEntry(rel->rd_att, 2, "t", 25, -1, 0);
	smgrcreate(RelationGetSmgr(rel), MAIN_FORKNUM, false);
	return rel;
}
