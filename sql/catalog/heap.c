/*
 * heap.c
 *		Relations come and go: rows of pg_class and pg_attribute, and the file.
 *
 * Order.  A new relation gets its lock, its file (remembered for removal at
 * abort before it exists) and then its rows, so that nobody can find rows
 * without a file.  A dropped one loses its rows at once, for this transaction,
 * and its file after the commit is recorded.  A SIGKILL in between leaves a
 * file that nobody refers to; the new cluster that follows has it moved aside.
 *
 * Names are unique in a schema by a lock on the name (LockRelationName), since
 * no unique index is there to say so.
 *
 * Corresponds to PostgreSQL's catalog/heap.c.
 */
#include "postgres.h"

#include <xxhash.h>

#include "access/genam.h"
#include "access/heapam.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/catalog_schema.h"
#include "catalog/heap.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/index.h"
#include "catalog/role_depend.h"
#include "catalog/storage.h"
#include "commands/tablecmds.h"
#include "miscadmin.h"
#include "parser/parse_relation.h"
#include "pgstat.h"
#include "storage/lmgr.h"
#include "storage/procarray.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#define FIRST_SYSTEM_ATTRIBUTE (-6)
#define TYPTYPE_PSEUDO 'p'

void
LockRelationName(const char *relname, Oid relnamespace)
{
	uint64 hash = XXH3_64bits_withSeed(relname, strlen(relname), relnamespace);

	LockDatabaseObject(RelationRelationId, (Oid) hash, 0, AccessExclusiveLock);
}

void
CheckAttributeNamesTypes(TupleDesc tupdesc)
{
	if (tupdesc->natts > MaxHeapAttributeNumber)
		ereport(ERROR, (errcode(ERRCODE_TOO_MANY_COLUMNS),
		                errmsg("tables can have at most %d columns",
		                       MaxHeapAttributeNumber)));
	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(tupdesc, i);

		if (SystemAttributeByName(NameStr(att->attname)) != 0)
			ereport(ERROR, (errcode(ERRCODE_DUPLICATE_COLUMN),
			                errmsg("column name \"%s\" conflicts with a system "
			                       "column name",
			                       NameStr(att->attname))));
		for (int j = 0; j < i; j++)
		{
			if (strcmp(NameStr(att->attname),
			           NameStr(TupleDescAttr(tupdesc, j)->attname)) == 0)
				ereport(ERROR, (errcode(ERRCODE_DUPLICATE_COLUMN),
				                errmsg("column \"%s\" specified more than once",
				                       NameStr(att->attname))));
		}
		if (get_typtype(att->atttypid) == TYPTYPE_PSEUDO)
			ereport(ERROR, (errcode(ERRCODE_INVALID_TABLE_DEFINITION),
			                errmsg("column \"%s\" has pseudo-type %s",
			                       NameStr(att->attname),
			                       format_type_be(att->atttypid))));
	}
}

/* No row that is yet to come has an older xid: relfrozenxid of a new table. */
static TransactionId
FirstFrozenXid(void)
{
	return IsUnderPostmaster ? GetOldestActiveTransactionId()
	                         : FirstNormalTransactionId;
}

static void
InsertPgClassTuple(const NewRelation *newrel, Oid relid)
{
	Relation rel = table_open(RelationRelationId, RowExclusiveLock);
	Datum values[Natts_pg_class] = {0};
	bool nulls[Natts_pg_class] = {false};
	NameData name = {0};
	bool is_index = newrel->relkind == RELKIND_INDEX;
	bool is_heap = newrel->relkind == RELKIND_RELATION ||
	               newrel->relkind == RELKIND_TOASTVALUE;
	bool has_storage = newrel->has_storage;
	Oid owner = OidIsValid(newrel->owner) ? newrel->owner : GetUserId();
	int i = 0;

	LockRoleForUse(owner);
	strlcpy(NameStr(name), newrel->relname, NAMEDATALEN);
	values[i++] = ObjectIdGetDatum(relid);
	values[i++] = NameGetDatum(&name);
	values[i++] = ObjectIdGetDatum(newrel->relnamespace);
	values[i++] = ObjectIdGetDatum(InvalidOid); /* reltype */
	values[i++] = ObjectIdGetDatum(InvalidOid); /* reloftype */
	values[i++] = ObjectIdGetDatum(owner);
	values[i++] = ObjectIdGetDatum(newrel->relam);
	values[i++] = ObjectIdGetDatum(has_storage ? relid : InvalidOid);
	values[i++] =
		ObjectIdGetDatum(newrel->shared ? GLOBALTABLESPACE_OID : InvalidOid);
	values[i++] = Int32GetDatum(0); /* relpages */
	values[i++] = Float4GetDatum(is_index || !has_storage ? 0 : -1);
	values[i++] = Int32GetDatum(0);             /* relallvisible */
	values[i++] = ObjectIdGetDatum(InvalidOid); /* reltoastrelid */
	values[i++] = BoolGetDatum(false);          /* relhasindex */
	values[i++] = BoolGetDatum(newrel->shared);
	values[i++] = CharGetDatum(newrel->relpersistence);
	values[i++] = CharGetDatum(newrel->relkind);
	values[i++] = Int16GetDatum(newrel->tupdesc->natts);
	values[i++] = Int16GetDatum(0); /* relchecks */
	values[i++] = BoolGetDatum(newrel->relkind == RELKIND_VIEW);
	values[i++] = BoolGetDatum(false); /* relhastriggers */
	values[i++] = BoolGetDatum(false); /* relhassubclass */
	values[i++] = BoolGetDatum(false); /* relrowsecurity */
	values[i++] = BoolGetDatum(false); /* relforcerowsecurity */
	values[i++] = BoolGetDatum(true);  /* relispopulated */
	/* relreplident: of catalogs nothing, as of what has no rows of its own */
	values[i++] = CharGetDatum(newrel->relkind == RELKIND_RELATION &&
	                                   !OidIsValid(newrel->relid)
	                               ? 'd'
	                               : 'n');
	values[i++] = BoolGetDatum(false);          /* relispartition */
	values[i++] = ObjectIdGetDatum(InvalidOid); /* relrewrite */
	values[i++] = TransactionIdGetDatum(
		is_heap && has_storage ? FirstFrozenXid() : InvalidTransactionId);
	values[i++] = TransactionIdGetDatum(is_heap && has_storage ? 1 : 0);
	/* relacl: what users make has none */
	nulls[i] = !OidIsValid(newrel->relid);
	if (!nulls[i])
		values[i] = PointerGetDatum(InitialRelationAcl(relid));
	i++;
	nulls[i] = newrel->reloptions == (Datum) 0;
	values[i++] = newrel->reloptions;
	nulls[i++] = true; /* relpartbound */
	Assert(i == Natts_pg_class);

	CatalogTupleInsert(rel,
	                   heap_form_tuple(RelationGetDescr(rel), values, nulls));
	table_close(rel, NoLock);
}

static void
InsertPgAttributeTuple(Relation rel, Form_pg_attribute att)
{
	Datum values[Natts_pg_attribute] = {0};
	bool nulls[Natts_pg_attribute] = {false};
	int i = 0;

	values[i++] = ObjectIdGetDatum(att->attrelid);
	values[i++] = NameGetDatum(&att->attname);
	values[i++] = ObjectIdGetDatum(att->atttypid);
	values[i++] = Int32GetDatum(att->attnum < 0 ? 0 : -1); /* attstattarget */
	values[i++] = Int16GetDatum(att->attlen);
	values[i++] = Int16GetDatum(att->attnum);
	values[i++] = Int32GetDatum(att->attndims);
	values[i++] = Int32GetDatum(-1); /* attcacheoff */
	values[i++] = Int32GetDatum(att->atttypmod);
	values[i++] = BoolGetDatum(att->attbyval);
	values[i++] = CharGetDatum(att->attalign);
	values[i++] = CharGetDatum(att->attstorage);
	values[i++] = CharGetDatum(att->attcompression);
	values[i++] = BoolGetDatum(att->attnotnull);
	values[i++] = BoolGetDatum(false); /* atthasdef */
	values[i++] = BoolGetDatum(false); /* atthasmissing */
	values[i++] = CharGetDatum('\0');  /* attidentity */
	values[i++] = CharGetDatum('\0');  /* attgenerated */
	values[i++] = BoolGetDatum(false); /* attisdropped */
	values[i++] = BoolGetDatum(true);  /* attislocal */
	values[i++] = Int32GetDatum(0);    /* attinhcount */
	values[i++] = ObjectIdGetDatum(att->attcollation);
	while (i < Natts_pg_attribute)
		nulls[i++] = true;
	CatalogTupleInsert(rel,
	                   heap_form_tuple(RelationGetDescr(rel), values, nulls));
}

void
AddNewAttributeTuple(Oid relid, Form_pg_attribute column, int attnum)
{
	Relation rel = table_open(AttributeRelationId, RowExclusiveLock);
	FormData_pg_attribute att = *column;

	att.attrelid = relid;
	att.attnum = attnum;
	InsertPgAttributeTuple(rel, &att);
	table_close(rel, NoLock);
}

static void
AddNewAttributeTuples(Oid relid, TupleDesc tupdesc, bool system_columns)
{
	Relation rel = table_open(AttributeRelationId, RowExclusiveLock);

	for (int i = 0; i < tupdesc->natts; i++)
	{
		FormData_pg_attribute att = *TupleDescAttr(tupdesc, i);

		att.attrelid = relid;
		InsertPgAttributeTuple(rel, &att);
	}
	for (int n = -1; system_columns && n >= FIRST_SYSTEM_ATTRIBUTE; n--)
	{
		TupleDesc one = CreateTemplateTupleDesc(1);
		Form_pg_attribute att = TupleDescAttr(one, 0);

		TupleDescInitBuiltinEntry(one, 1, SystemAttributeName(n),
		                          SystemAttributeType(n), -1, 0);
		att->attrelid = relid;
		att->attnum = n;
		att->attnotnull = true;
		InsertPgAttributeTuple(rel, att);
		FreeTupleDesc(one);
	}
	table_close(rel, NoLock);
}

Oid
heap_create_with_catalog(const NewRelation *newrel)
{
	Oid relid = OidIsValid(newrel->relid)
	                ? newrel->relid
	                : GetNewRelFileNode(newrel->relpersistence);

	LockRelationOid(relid, AccessExclusiveLock);
	INJECTION_POINT("heap-create");
	if (newrel->has_storage && !newrel->file_exists)
	{
		RelFileNode node = {newrel->shared ? GLOBALTABLESPACE_OID
		                                   : DEFAULTTABLESPACE_OID,
		                    newrel->shared ? InvalidOid : MyDatabaseId, relid};

		SMgrRelation srel =
			RelationCreateStorage(node, newrel->relpersistence, true);

		/* an index's own is made by its access method, once it is built */
		if (newrel->relpersistence == RELPERSISTENCE_UNLOGGED &&
		    newrel->relkind != RELKIND_INDEX)
			RelationCreateInitFork(srel);
	}
	InsertPgClassTuple(newrel, relid);
	AddNewAttributeTuples(relid, newrel->tupdesc,
	                      newrel->relkind == RELKIND_RELATION ||
	                          newrel->relkind == RELKIND_TOASTVALUE);
	register_on_commit_action(relid, newrel->oncommit);
	return relid;
}

/* Rows of a catalog whose column attnum (an oid) is relid. */
static int
DeleteCatalogRows(Oid catalog, int attnum, Oid relid)
{
	Relation rel = table_open(catalog, RowExclusiveLock);
	TableScanDesc scan =
		table_beginscan(rel, GetCatalogSnapshot(catalog), 0, NULL);
	HeapTuple tuple;
	int n = 0;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		bool isnull;

		if (DatumGetObjectId(heap_getattr(tuple, attnum, RelationGetDescr(rel),
		                                  &isnull)) != relid)
			continue;
		CatalogTupleDelete(rel, tuple);
		n++;
	}
	table_endscan(scan);
	table_close(rel, NoLock);
	return n;
}

void
heap_drop_with_catalog(Oid relid)
{
	Relation rel = relation_open(relid, NoLock);

	if (rel->rd_refcnt != 1)
		ereport(ERROR,
		        (errcode(ERRCODE_OBJECT_IN_USE),
		         errmsg("cannot %s \"%s\" because it is being used by "
		                "active queries in this session",
		                rel->rd_rel->relkind == RELKIND_INDEX ? "DROP INDEX"
		                                                      : "DROP TABLE",
		                RelationGetRelationName(rel))));
	INJECTION_POINT("heap-drop");
	if (OidIsValid(rel->rd_rel->relfilenode))
		RelationDropStorage(rel);
	if (rel->rd_rel->relkind == RELKIND_INDEX)
		DeleteCatalogRows(IndexRelationId, 1, relid);
	pgstat_drop_relation(relid);
	remove_on_commit_action(relid);
	relation_close(rel, NoLock);

	DeleteCatalogRows(AttributeRelationId, 1, relid);
	if (DeleteCatalogRows(RelationRelationId, 1, relid) != 1)
		elog(ERROR, "cache lookup failed for relation %u", relid);
	RelationForgetRelation(relid);
}

/* ---- TRUNCATE without a way back ---- */

static void
TruncateFiles(Relation rel)
{
	INJECTION_POINT("heap-truncate");
	RelationTruncate(rel, 0);
}

static void
TruncateIndexes(Relation heap)
{
	List *indexes = RelationGetIndexList(heap);
	ListCell *lc;

	foreach (lc, indexes)
	{
		Relation index = index_open(lfirst_oid(lc), AccessExclusiveLock);

		TruncateFiles(index);
		index_build(heap, index, BuildIndexInfo(index), true, false);
		index_close(index, NoLock);
	}
	list_free(indexes);
}

static void
heap_truncate_one_rel(Oid relid)
{
	Relation rel = table_open(relid, AccessExclusiveLock);
	Oid toastrelid = rel->rd_rel->reltoastrelid;

	CheckTableNotInUse(rel, "TRUNCATE");
	TruncateFiles(rel);
	TruncateIndexes(rel);
	table_close(rel, NoLock);
	if (OidIsValid(toastrelid))
		heap_truncate_one_rel(toastrelid);
}

void
heap_truncate(List *relids)
{
	ListCell *lc;

	/* all are locked before the first is emptied */
	foreach (lc, relids)
		LockRelationOid(lfirst_oid(lc), AccessExclusiveLock);
	foreach (lc, relids)
		heap_truncate_one_rel(lfirst_oid(lc));
}
