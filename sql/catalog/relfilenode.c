/*
 * relfilenode.c
 *		A new, empty file for a relation that is there already.
 *
 * The row of pg_class names the file (relfilenode).  To empty or rebuild a
 * relation in a transaction, the old file is left as it is, a new one is made
 * and the row is changed to name it.  The commit makes the row current and then
 * removes the old file; an abort removes the new one.  A crash before the
 * commit leaves a row that nobody sees and a file that no committed row names:
 * the end of recovery removes it (storage_orphans.c).
 *
 * A number of a file is an OID that neither a relation nor a file has: that of
 * a dropped relation stays taken until its file is gone.
 *
 * The init fork of an unlogged relation is what a crash turns it into.  It is
 * logged and on disk before the commit, whatever the main fork is.
 *
 * Corresponds to PostgreSQL's RelationSetNewRelfilenode (relcache.c),
 * GetNewRelFileNode (catalog.c) and heapam_relation_set_new_filenode.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/heap.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/storage.h"
#include "catalog/storage_xlog.h"
#include "miscadmin.h"
#include "utils/injection_point.h"
#include "utils/rel.h"
#include "utils/syscache.h"

static bool
FileExists(Oid number, ProcNumber backend)
{
	RelFileNode node = {DEFAULTTABLESPACE_OID, MyDatabaseId, number};
	SMgrRelation srel = smgropen(node, backend);
	bool exists = smgrexists(srel, MAIN_FORKNUM);

	smgrclose(srel);
	return exists;
}

Oid
GetNewRelFileNode(char relpersistence)
{
	ProcNumber backend = relpersistence == RELPERSISTENCE_TEMP
	                         ? ProcNumberForTempRelations()
	                         : INVALID_PROC_NUMBER;
	Oid oid;

	do
	{
		CHECK_FOR_INTERRUPTS();
		oid = GetNewObjectId();
	} while (SearchSysCacheExists1(RELOID, ObjectIdGetDatum(oid)) ||
	         FileExists(oid, backend));
	return oid;
}

void
RelationCreateInitFork(SMgrRelation srel)
{
	INJECTION_POINT("relation-create-init-fork");
	smgrcreate(srel, INIT_FORKNUM, false);
	log_smgrcreate(&srel->smgr_rnode.node, INIT_FORKNUM);
	smgrimmedsync(srel, INIT_FORKNUM);
}

void
RelationSetNewRelfilenode(Relation relation, char persistence)
{
	Oid relid = RelationGetRelid(relation);
	Relation pg_class = table_open(RelationRelationId, RowExclusiveLock);
	RelFileNode node = relation->rd_node;
	SMgrRelation srel;
	HeapTuple tuple = SearchSysCacheCopy1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class form;

	if (tuple == NULL)
		elog(ERROR, "could not find tuple for relation %u", relid);
	Assert(!IsSharedRelation(relid));
	form = (Form_pg_class) GETSTRUCT(tuple);
	node.relNode = GetNewRelFileNode(persistence);
	RelationDropStorage(relation);
	srel = RelationCreateStorage(node, persistence, true);
	/* an index's own is made by its access method, once it is built */
	if (persistence == RELPERSISTENCE_UNLOGGED &&
	    form->relkind != RELKIND_INDEX)
		RelationCreateInitFork(srel);
	smgrclose(srel);

	INJECTION_POINT("relation-new-relfilenode");
	form->relfilenode = node.relNode;
	form->relpages = 0;
	form->reltuples = -1;
	form->relallvisible = 0;
	form->relpersistence = persistence;
	CatalogTupleUpdate(pg_class, &tuple->t_self, tuple);
	heap_freetuple(tuple);
	table_close(pg_class, RowExclusiveLock);

	/* The descriptor, which the caller holds open, is to follow. */
	CommandCounterIncrement();
	relation_close(relation_open(relid, NoLock), NoLock);
	Assert(relation->rd_node.relNode == node.relNode);
}
