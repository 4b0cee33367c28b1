/*
 * indexdef.c
 *		CREATE INDEX statements of the indexes there are.
 *
 * The text names the access method, operator classes that are not the default
 * of the column's type, the options and the predicate, so that it makes the same
 * index again.
 *
 * Corresponds to pg_get_indexdef_worker of PostgreSQL's utils/adt/ruleutils.c.
 */
#include "postgres.h"

#include "access/amapi.h"
#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/opclasscmds.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "nodes/nodeFuncs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

/* numbers of columns, PostgreSQL 15's */

#define INDOPTION_DESC 0x0001
#define INDOPTION_NULLS_FIRST 0x0002

/* What of the index's rows the text is made of. */
typedef struct IndexRows
{
	HeapTuple idxtup;
	HeapTuple reltup;
	Form_pg_index idx;
	Form_pg_class rel;
	oidvector *collations;
	oidvector *classes;
	int2vector *options;
	List *exprs; /* of the columns that are expressions */
	Node *predicate;
	/* of the table: as the statement names it, its columns */
	char *table;
	TupleDesc columns;
	List *context; /* for expressions; NIL: there are none */
	int pretty_flags;
} IndexRows;

static Datum
index_attr(IndexRows *rows, int attnum)
{
	bool isnull;
	Datum d = SysCacheGetAttr(INDEXRELID, rows->idxtup, attnum, &isnull);

	Assert(!isnull);
	return d;
}

/* The tree in a column of the index's row, or NULL. */
static void *
stored_tree(IndexRows *rows, int attnum)
{
	bool isnull;
	Datum d = SysCacheGetAttr(INDEXRELID, rows->idxtup, attnum, &isnull);

	return isnull ? NULL : stringToNode(TextDatumGetCString(d));
}

static void
close_index_rows(IndexRows *rows)
{
	ReleaseSysCache(rows->reltup);
	ReleaseSysCache(rows->idxtup);
}

/* All that is to be known of the table, which may go at any time. */
static bool
read_table(IndexRows *rows, bool pretty)
{
	Oid relid = rows->idx->indrelid;
	char *name = get_rel_name(relid);

	rows->table = pretty ? generate_relation_name(relid)
	                     : generate_qualified_relation_name(relid);
	INJECTION_POINT("indexdef-read-table");
	rows->columns = get_rel_columns(relid);
	rows->context = NIL;
	if (name == NULL || rows->table == NULL || rows->columns == NULL)
		return false;
	if (rows->exprs == NIL && rows->predicate == NULL)
		return true;
	rows->context = deparse_context_for(name, relid);
	return rows->context != NIL;
}

/* False: there is no such index, or it is being dropped. */
static bool
open_index_rows(Oid indexrelid, bool pretty, IndexRows *rows)
{
	rows->idxtup = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(indexrelid));
	if (rows->idxtup == NULL)
		return false;
	rows->reltup = SearchSysCache1(RELOID, ObjectIdGetDatum(indexrelid));
	if (rows->reltup == NULL) /* dropped between the two look-ups */
	{
		ReleaseSysCache(rows->idxtup);
		return false;
	}
	rows->idx = (Form_pg_index) GETSTRUCT(rows->idxtup);
	rows->rel = (Form_pg_class) GETSTRUCT(rows->reltup);
	rows->collations = (oidvector *) DatumGetPointer(
		index_attr(rows, Anum_pg_index_indcollation));
	rows->classes =
		(oidvector *) DatumGetPointer(index_attr(rows, Anum_pg_index_indclass));
	rows->options = (int2vector *) DatumGetPointer(
		index_attr(rows, Anum_pg_index_indoption));
	rows->exprs = stored_tree(rows, Anum_pg_index_indexprs);
	rows->predicate = stored_tree(rows, Anum_pg_index_indpred);
	rows->pretty_flags = GET_PRETTY_FLAGS(pretty);
	if (read_table(rows, pretty))
		return true;
	close_index_rows(rows);
	return false;
}

/* " vector_l2_ops", if the type's default class for the method is another */
static void
append_opclass_name(StringInfo buf, Oid opclass, Oid actual_type)
{
	Form_pg_opclass form = GetOpclassForm(opclass);

	if (form == NULL)
		elog(ERROR, "cache lookup failed for opclass %u", opclass);
	if (GetDefaultOpClass(actual_type, form->opcmethod) == opclass)
		return;
	appendStringInfo(
		buf, " %s",
		quote_qualified_identifier(OpclassIsVisible(opclass)
	                                   ? NULL
	                                   : get_namespace_name(form->opcnamespace),
	                               NameStr(form->opcname)));
}

static void
append_ordering(StringInfo buf, int16 options)
{
	bool nulls_first = (options & INDOPTION_NULLS_FIRST) != 0;

	if ((options & INDOPTION_DESC) != 0)
		appendStringInfo(buf, " DESC%s", nulls_first ? "" : " NULLS LAST");
	else if (nulls_first)
		appendStringInfoString(buf, " NULLS FIRST");
}

static char *
deparse_of_table(IndexRows *rows, Node *expr)
{
	return deparse_expression_pretty(expr, rows->context, false, false,
	                                 rows->pretty_flags);
}

/* What the column is made of; its type and collation. */
static void
append_key(StringInfo buf, IndexRows *rows, int keyno, Oid *type,
           Oid *collation)
{
	AttrNumber attnum = rows->idx->indkey.values[keyno];
	int nexprs = 0;
	Node *expr;

	if (attnum != 0)
	{
		Form_pg_attribute att;

		if (attnum < 0 || attnum > rows->columns->natts)
			elog(ERROR, "invalid attribute number %d for index %u", attnum,
			     rows->idx->indexrelid);
		att = TupleDescAttr(rows->columns, attnum - 1);
		appendStringInfoString(buf, quote_identifier(NameStr(att->attname)));
		*type = att->atttypid;
		*collation = att->attcollation;
		return;
	}
	for (int i = 0; i < keyno; i++)
		nexprs += rows->idx->indkey.values[i] == 0;
	if (nexprs >= list_length(rows->exprs))
		elog(ERROR, "too few entries in indexprs list");
	expr = list_nth(rows->exprs, nexprs);
	appendStringInfo(buf, looks_like_function(expr) ? "%s" : "(%s)",
	                 deparse_of_table(rows, expr));
	*type = exprType(expr);
	*collation = exprCollation(expr);
}

static void
append_column(StringInfo buf, IndexRows *rows, int keyno, bool attrs_only,
              bool can_order)
{
	Oid coltype, colcollation, collation;

	append_key(buf, rows, keyno, &coltype, &colcollation);
	if (attrs_only || keyno >= rows->idx->indnkeyatts)
		return;
	collation = rows->collations->values[keyno];
	if (OidIsValid(collation) && collation != colcollation)
		appendStringInfo(buf, " COLLATE %s",
		                 quote_identifier(get_collation_name(collation)));
	append_opclass_name(buf, rows->classes->values[keyno], coltype);
	if (can_order)
		append_ordering(buf, rows->options->values[keyno]);
}

/* WITH (m='16'): quoted unless it would read as an identifier */
static void
append_reloptions(StringInfo buf, HeapTuple reltup)
{
	bool isnull;
	Datum d =
		SysCacheGetAttr(RELOID, reltup, Anum_pg_class_reloptions, &isnull);
	Datum *options;
	int noptions;

	if (isnull)
		return;
	deconstruct_array(DatumGetArrayTypeP(d), TEXTOID, -1, false, TYPALIGN_INT,
	                  &options, NULL, &noptions);
	if (noptions == 0)
		return;
	appendStringInfoString(buf, " WITH (");
	for (int i = 0; i < noptions; i++)
	{
		char *name = TextDatumGetCString(options[i]);
		char *value = strchr(name, '=');

		if (value != NULL)
			*value++ = '\0';
		else
			value = "";
		appendStringInfo(buf, "%s%s=", i > 0 ? ", " : "",
		                 quote_identifier(name));
		if (quote_identifier(value) == value)
			appendStringInfoString(buf, value);
		else
			appendStringInfoString(buf, quote_literal_cstr(value));
	}
	appendStringInfoChar(buf, ')');
}

/*
 * colno 0: the statement, or with attrs_only all columns; else that column.
 * pretty: few parentheses, and the table's schema only if it is needed.  NULL if
 * there is no such index.
 */
static char *
pg_get_indexdef_worker(Oid indexrelid, int colno, bool attrs_only, bool pretty)
{
	IndexRows rows;
	Form_pg_am am;
	StringInfoData buf;
	bool can_order;

	if (!open_index_rows(indexrelid, pretty, &rows))
		return NULL;
	am = GetAmForm(rows.rel->relam);
	if (am == NULL)
		elog(ERROR, "cache lookup failed for access method %u",
		     rows.rel->relam);
	can_order = GetIndexAmRoutineByAmId(rows.rel->relam, false)->amcanorder;

	initStringInfo(&buf);
	if (!attrs_only)
		appendStringInfo(&buf, "CREATE %sINDEX %s ON %s USING %s (",
		                 rows.idx->indisunique ? "UNIQUE " : "",
		                 quote_identifier(NameStr(rows.rel->relname)),
		                 rows.table, quote_identifier(NameStr(am->amname)));
	for (int keyno = 0; keyno < rows.idx->indnatts; keyno++)
	{
		if (colno != 0 && colno != keyno + 1)
			continue;
		if (keyno == rows.idx->indnkeyatts && !attrs_only)
			appendStringInfoString(&buf, ") INCLUDE (");
		else if (keyno > 0 && colno == 0)
			appendStringInfoString(&buf, ", ");
		append_column(&buf, &rows, keyno, attrs_only, can_order);
	}
	if (!attrs_only)
	{
		appendStringInfoChar(&buf, ')');
		append_reloptions(&buf, rows.reltup);
		if (rows.predicate != NULL)
			appendStringInfo(&buf, " WHERE %s",
			                 deparse_of_table(&rows, rows.predicate));
	}
	close_index_rows(&rows);
	return buf.data;
}

char *
pg_get_indexdef_string(Oid indexrelid, bool missing_ok)
{
	char *def = pg_get_indexdef_worker(indexrelid, 0, false, false);

	if (def == NULL && !missing_ok)
		elog(ERROR, "cache lookup failed for index %u", indexrelid);
	return def;
}

char *
pg_get_indexdef_columns(Oid indexrelid)
{
	char *def = pg_get_indexdef_worker(indexrelid, 0, true, false);

	if (def == NULL)
		elog(ERROR, "cache lookup failed for index %u", indexrelid);
	return def;
}

Datum
pg_get_indexdef(PG_FUNCTION_ARGS)
{
	char *def = pg_get_indexdef_string(PG_GETARG_OID(0), true);

	if (def == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(def));
}

/* (index, column, pretty): column 0 is the statement */
Datum
pg_get_indexdef_ext(PG_FUNCTION_ARGS)
{
	int32 colno = PG_GETARG_INT32(1);
	char *def = pg_get_indexdef_worker(PG_GETARG_OID(0), colno, colno != 0,
	                                   PG_GETARG_BOOL(2));

	if (def == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(def));
}
