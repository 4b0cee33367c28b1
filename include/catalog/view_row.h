/*
 * catalog/view_row.h
 *		A row of a view that is filled by a function: its columns are set from
 *		left to right, then it goes into the store.
 */
#ifndef VIEW_ROW_H
#define VIEW_ROW_H

#include "access/tupdesc.h"
#include "catalog/system_views.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#define MAX_VIEW_COLUMNS 48

/* A row that is being made: columns are set from left to right. */
typedef struct ViewRow
{
	Tuplestorestate *store;
	TupleDesc desc;
	int n;
	Datum values[MAX_VIEW_COLUMNS];
	bool nulls[MAX_VIEW_COLUMNS];
} ViewRow;

static inline void
put_datum(ViewRow *row, Datum value)
{
	Assert(row->n < row->desc->natts);
	row->values[row->n] = value;
	row->nulls[row->n++] = false;
}

static inline void
put_null(ViewRow *row)
{
	Assert(row->n < row->desc->natts);
	row->values[row->n] = (Datum) 0;
	row->nulls[row->n++] = true;
}

static inline void
put_int4(ViewRow *row, int32 value)
{
	put_datum(row, Int32GetDatum(value));
}

static inline void
put_int8(ViewRow *row, int64 value)
{
	put_datum(row, Int64GetDatum(value));
}

static inline void
put_bool(ViewRow *row, bool value)
{
	put_datum(row, BoolGetDatum(value));
}

/* NULL and what is not set are SQL nulls. */
static inline void
put_text(ViewRow *row, const char *value)
{
	if (value == NULL)
		put_null(row);
	else
		put_datum(row, CStringGetTextDatum(value));
}

static inline void
put_name(ViewRow *row, const char *value)
{
	NameData *name;

	if (value == NULL)
	{
		put_null(row);
		return;
	}
	name = palloc0(sizeof(NameData));
	strlcpy(NameStr(*name), value, NAMEDATALEN);
	put_datum(row, NameGetDatum(name));
}

static inline void
put_oid(ViewRow *row, Oid value)
{
	if (OidIsValid(value))
		put_datum(row, ObjectIdGetDatum(value));
	else
		put_null(row);
}

static inline void
put_xid(ViewRow *row, TransactionId value)
{
	if (value != 0)
		put_datum(row, TransactionIdGetDatum(value));
	else
		put_null(row);
}

static inline void
put_timestamp(ViewRow *row, TimestampTz value)
{
	if (value != 0)
		put_datum(row, Int64GetDatum(value));
	else
		put_null(row);
}

static inline void
finish_row(ViewRow *row)
{
	Assert(row->n == row->desc->natts);
	tuplestore_putvalues(row->store, row->desc, row->values, row->nulls);
	row->n = 0;
}

/* An entry of a table of views. */
#define VIEW(oid, name, columns, fill)                            \
	{                                                             \
		oid, name, RELKIND_VIEW, columns, lengthof(columns), fill \
	}

#endif /* VIEW_ROW_H */
