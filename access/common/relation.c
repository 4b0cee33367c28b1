/*
 * relation.c
 *		Opening relations by OID, with a lock.
 *
 * The lock comes first: only then is the descriptor sure to be the newest,
 * since taking it reads the invalidations of whoever held it before.
 *
 * Corresponds to PostgreSQL's access/common/relation.c and
 * access/table/table.c.
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "storage/lmgr.h"
#include "utils/rel.h"

Relation
try_relation_open(Oid relationId, LOCKMODE lockmode)
{
	Relation rel;

	if (lockmode != NoLock)
		LockRelationOid(relationId, lockmode);
	rel = RelationIdGetRelation(relationId);
	if (rel == NULL && lockmode != NoLock)
		UnlockRelationOid(relationId, lockmode);
	Assert(lockmode != NoLock || rel == NULL ||
	       CheckRelationLockedByMe(rel, AccessShareLock, true));
	/* what temporary tables do at commit is to be done */
	if (rel != NULL && RelationUsesLocalBuffers(rel))
		MyXactFlags |= XACT_FLAGS_ACCESSEDTEMPNAMESPACE;
	return rel;
}

Relation
relation_open(Oid relationId, LOCKMODE lockmode)
{
	Relation rel = try_relation_open(relationId, lockmode);

	if (rel == NULL)
		elog(ERROR, "could not open relation with OID %u", relationId);
	return rel;
}

void
relation_close(Relation relation, LOCKMODE lockmode)
{
	LockRelId relid = relation->rd_lockInfo.lockRelId;

	RelationClose(relation);
	if (lockmode != NoLock)
		UnlockRelationId(&relid, lockmode);
}

static void
CheckIsTable(Relation rel)
{
	if (rel->rd_rel->relkind == RELKIND_INDEX)
		ereport(ERROR,
		        (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		         errmsg("\"%s\" is an index", RelationGetRelationName(rel))));
}

Relation
table_open(Oid relationId, LOCKMODE lockmode)
{
	Relation rel = relation_open(relationId, lockmode);

	CheckIsTable(rel);
	return rel;
}

Relation
try_table_open(Oid relationId, LOCKMODE lockmode)
{
	Relation rel = try_relation_open(relationId, lockmode);

	if (rel != NULL)
		CheckIsTable(rel);
	return rel;
}

void
table_close(Relation relation, LOCKMODE lockmode)
{
	relation_close(relation, lockmode);
}
