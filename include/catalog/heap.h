/*
 * catalog/heap.h
 *		Making and dropping relations: their catalog rows and their file.
 */
#ifndef CATALOG_HEAP_H
#define CATALOG_HEAP_H

#include "access/tupdesc.h"
#include "nodes/pg_list.h"
#include "utils/relcache.h"

/* What the end of a transaction does to a temporary table. */
typedef enum OnCommitAction
{
	ONCOMMIT_NOOP,
	ONCOMMIT_PRESERVE_ROWS,
	ONCOMMIT_DELETE_ROWS,
	ONCOMMIT_DROP
} OnCommitAction;

/* What the row of pg_class says of a new relation. */
typedef struct NewRelation
{
	Oid relid; /* also its relfilenode; InvalidOid: a new one */
	const char *relname;
	Oid relnamespace;
	Oid owner; /* InvalidOid: the current user */
	Oid relam;
	char relkind;
	char relpersistence;
	bool shared;
	bool has_storage;
	bool file_exists; /* bootstrap: the file is made already */
	OnCommitAction oncommit;
	TupleDesc tupdesc;
	Datum reloptions; /* text[], or 0 */
} NewRelation;

/*
 * Inserts the rows and makes the empty file, which an abort removes again; a
 * CommandCounterIncrement makes the relation visible to this transaction.  The
 * relation is locked with AccessExclusiveLock.
 */
extern Oid heap_create_with_catalog(const NewRelation *newrel);
/*
 * The table or index with its rows; the file goes at commit.  The caller holds
 * AccessExclusiveLock.
 */
extern void heap_drop_with_catalog(Oid relid);
/*
 * Empties tables, with all that belongs to them, in place: at once and for
 * good, whatever the transaction does.  For tables that nobody else sees.
 */
extern void heap_truncate(List *relids);
/* The row of one more column of a table, which the caller has locked. */
extern void
AddNewAttributeTuple(Oid relid, Form_pg_attribute column, int attnum);
extern void CheckAttributeNamesTypes(TupleDesc tupdesc);
/*
 * Until the end of the transaction nobody else makes a relation of that name;
 * who waited here sees what the other one committed.
 */
extern void LockRelationName(const char *relname, Oid relnamespace);

#endif /* CATALOG_HEAP_H */
