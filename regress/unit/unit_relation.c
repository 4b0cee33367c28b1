/*
 * unit_relation.c
 *		A relation for tests below the catalogs (unit.h).
 */
#include "postgres.h"

#include "access/tupdesc.h"
#include "catalog/pg_class.h"
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
