/*
 * amapi.c
 *		From an access method's OID to its routine, through the handler function
 *		that its row of pg_am names.
 *
 * Corresponds to PostgreSQL's amapi.c.
 */
#include "postgres.h"

#include "access/amapi.h"
#include "catalog/pg_am.h"
#include "fmgr.h"

IndexAmRoutine *
GetIndexAmRoutineByAmId(Oid amoid, bool noerror)
{
	Form_pg_am am = GetAmForm(amoid);
	IndexAmRoutine *routine;

	if (am == NULL || am->amtype != AMTYPE_INDEX)
	{
		if (noerror)
			return NULL;
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_OBJECT),
		         errmsg("access method with OID %u does not exist", amoid)));
	}
	routine =
		(IndexAmRoutine *) DatumGetPointer(OidFunctionCall0(am->amhandler));
	if (routine == NULL || !IsA(routine, IndexAmRoutine))
		elog(ERROR,
		     "index access method handler function %u did not return an "
		     "IndexAmRoutine struct",
		     am->amhandler);
	return routine;
}
