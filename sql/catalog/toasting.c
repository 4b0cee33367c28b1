/*
 * toasting.c
 *		TOAST relations of tables.
 *
 * A table gets one as soon as a row of it can be too wide: pg_toast_N in schema
 * pg_toast, N being the table's OID, with the index pg_toast_N_index.  They
 * come and go with the table, under its lock.
 *
 * Corresponds to PostgreSQL's catalog/toasting.c.
 */
#include "postgres.h"

#include "access/heaptoast.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/tupmacs.h"
#include "access/xact.h"
#include "catalog/heap.h"
#include "catalog/index.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/toasting.h"
#include "nodes/makefuncs.h"
#include "nodes/value.h"
#include "storage/lmgr.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#define BYTEAOID 17
#define INT4OID 23
#define OIDOID 26
#define BPCHAROID 1042
#define VARCHAROID 1043
#define NUMERICOID 1700
#define OID_BTREE_OPS_OID 1981
#define INT4_BTREE_OPS_OID 1978
#define MAX_CHARACTER_BYTES 4

/* Bytes of the longest value, its header included; -1: there is no limit. */
static int32
MaximumSize(Oid typid, int32 typmod)
{
	if (typmod < 0)
		return -1;
	switch (typid)
	{
		case BPCHAROID:
		case VARCHAROID:
			return (typmod - VARHDRSZ) * MAX_CHARACTER_BYTES + VARHDRSZ;
		case NUMERICOID:
			/* four digits in two bytes, and the two ends */
			return ((((typmod - VARHDRSZ) >> 16) & 0xFFFF) / 4 + 2) * 2 +
			       VARHDRSZ + 4;
		default:
			return -1;
	}
}

static bool
NeedsToastTable(Relation rel)
{
	TupleDesc desc = RelationGetDescr(rel);
	Size length = 0;
	bool unlimited = false;
	bool toastable = false;

	if (rel->rd_rel->relkind != RELKIND_RELATION || rel->rd_rel->relisshared)
		return false;
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		int32 size;

		if (att->attisdropped)
			continue;
		length = att_align_nominal(length, att->attalign);
		if (att->attlen > 0)
		{
			length += att->attlen;
			continue;
		}
		size = MaximumSize(att->atttypid, att->atttypmod);
		if (size < 0)
			unlimited = true;
		else
			length += size;
		if (att->attstorage != TYPSTORAGE_PLAIN)
			toastable = true;
	}
	if (!toastable)
		return false;
	return unlimited ||
	       MAXALIGN(SizeofHeapTupleHeader + BITMAPLEN(desc->natts)) +
	               MAXALIGN(length) >
	           TOAST_TUPLE_THRESHOLD;
}

static TupleDesc
ChunkTupleDesc(void)
{
	TupleDesc desc = CreateTemplateTupleDesc(3);

	TupleDescInitEntry(desc, 1, "chunk_id", OIDOID, -1, 0);
	TupleDescInitEntry(desc, 2, "chunk_seq", INT4OID, -1, 0);
	TupleDescInitEntry(desc, 3, "chunk_data", BYTEAOID, -1, 0);
	for (int i = 0; i < desc->natts; i++)
	{
		/* a chunk is stored as it is */
		TupleDescAttr(desc, i)->attstorage = TYPSTORAGE_PLAIN;
		TupleDescAttr(desc, i)->attcompression = '\0';
	}
	return desc;
}

static void
CreateToastIndex(Oid toastrelid, const char *name)
{
	Relation toastrel = table_open(toastrelid, ShareLock);
	IndexInfo *info = makeIndexInfo(2, 2, TOAST_INDEX_AM_OID, NIL, NIL, true,
	                                false, true, false);
	Oid collations[2] = {InvalidOid, InvalidOid};
	Oid opclasses[2] = {OID_BTREE_OPS_OID, INT4_BTREE_OPS_OID};
	int16 options[2] = {0, 0};

	info->ii_IndexAttrNumbers[0] = 1;
	info->ii_IndexAttrNumbers[1] = 2;
	(void) index_create(
		toastrel, name, info,
		list_make2(makeString("chunk_id"), makeString("chunk_seq")),
		TOAST_INDEX_AM_OID, collations, opclasses, options, (Datum) 0);
	table_close(toastrel, NoLock);
}

static void
SetToastRelation(Oid relid, Oid toastrelid)
{
	Relation pg_class = table_open(RelationRelationId, RowExclusiveLock);
	HeapTuple tuple = SearchSysCacheCopy1(RELOID, ObjectIdGetDatum(relid));

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for relation %u", relid);
	((Form_pg_class) GETSTRUCT(tuple))->reltoastrelid = toastrelid;
	CatalogTupleUpdate(pg_class, &tuple->t_self, tuple);
	heap_freetuple(tuple);
	table_close(pg_class, RowExclusiveLock);
}

void
AlterTableCreateToastTable(Oid relOid, Datum reloptions, LOCKMODE lockmode)
{
	Relation rel = table_open(relOid, lockmode);
	char name[NAMEDATALEN];
	char indexname[NAMEDATALEN];
	NewRelation newrel = {
		.relname = name,
		.relnamespace = PG_TOAST_NAMESPACE,
		.owner = rel->rd_rel->relowner,
		.relam = HEAP_TABLE_AM_OID,
		.relkind = RELKIND_TOASTVALUE,
		.relpersistence = rel->rd_rel->relpersistence,
		.has_storage = true,
		.reloptions = reloptions,
	};
	bool needed =
		!OidIsValid(rel->rd_rel->reltoastrelid) && NeedsToastTable(rel);
	Oid toastrelid;

	table_close(rel, NoLock);
	if (!needed)
		return;
	snprintf(name, sizeof(name), "pg_toast_%u", relOid);
	snprintf(indexname, sizeof(indexname), "pg_toast_%u_index", relOid);
	if (newrel.relpersistence == RELPERSISTENCE_TEMP)
		newrel.relnamespace = GetTempToastNamespace();
	newrel.tupdesc = ChunkTupleDesc();
	toastrelid = heap_create_with_catalog(&newrel);
	CommandCounterIncrement();
	CreateToastIndex(toastrelid, indexname);
	SetToastRelation(relOid, toastrelid);
	CommandCounterIncrement();
}

void
NewRelationCreateToastTable(Oid relOid, Datum reloptions)
{
	AlterTableCreateToastTable(relOid, reloptions, AccessExclusiveLock);
}

void
RemoveToastTable(Oid toastrelid)
{
	ListCell *lc;

	LockRelationOid(toastrelid, AccessExclusiveLock);
	foreach (lc, index_list_all(toastrelid))
		index_drop(lfirst_oid(lc), false);
	heap_drop_with_catalog(toastrelid);
}
