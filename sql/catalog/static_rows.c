/*
 * static_rows.c
 *		Compiled rows by key.
 *
 * A miss is NULL; what the caller makes of that (an error, InvalidOid) is its
 * affair.  Rows of an extension are found whether it is created or not: an OID
 * that is stored somewhere means what it meant.  Names are what the extension
 * hides, see namespace_static.c.
 */
#include "postgres.h"

#include "catalog/pg_aggregate.h"
#include "catalog/pg_am.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_proc.h"
#include "catalog/rowsearch.h"

Form_pg_proc
GetProcForm(Oid funcid)
{
	return FIND_ROW(pg_proc, funcid);
}

Form_pg_operator
GetOperatorForm(Oid opno)
{
	return FIND_ROW(pg_operator, opno);
}

Form_pg_aggregate
GetAggregateForm(Oid aggfnoid)
{
	return FIND_ROW(pg_aggregate, aggfnoid);
}

Form_pg_am
GetAmForm(Oid amoid)
{
	return FIND_ROW(pg_am, amoid);
}

Form_pg_opfamily
GetOpfamilyForm(Oid opfamily)
{
	return FIND_ROW(pg_opfamily, opfamily);
}

Form_pg_opclass
GetOpclassForm(Oid opclass)
{
	return FIND_ROW(pg_opclass, opclass);
}

Form_pg_collation
GetCollationForm(Oid colloid)
{
	return FIND_ROW(pg_collation, colloid);
}

/* The rows are in order of source and target. */
Form_pg_cast
GetCastForm(Oid source, Oid target)
{
	int low = 0;
	int high = pg_cast_nrows;

	while (low < high)
	{
		int middle = (low + high) / 2;
		Form_pg_cast row = &pg_cast_rows[middle];

		if (row->castsource == source && row->casttarget == target)
			return row;
		if (row->castsource < source ||
		    (row->castsource == source && row->casttarget < target))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
