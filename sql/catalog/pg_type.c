/*
 * pg_type.c
 *		Types by OID.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "catalog/rowsearch.h"

Form_pg_type
GetTypeForm(Oid typid)
{
	return FIND_ROW(pg_type, typid);
}
