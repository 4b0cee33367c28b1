/*
 * fmgr.c
 *		Calling SQL functions from C, and plain forms of stored varlenas.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "fmgr.h"
#include "lib/stringinfo.h"

/* A value with a 4-byte header; a copy unless it has one already. */
struct varlena *
pg_detoast_datum(struct varlena *datum)
{
	return VARATT_IS_EXTENDED(datum) ? detoast_attr(datum) : datum;
}

struct varlena *
pg_detoast_datum_packed(struct varlena *datum)
{
	if (VARATT_IS_COMPRESSED(datum) || VARATT_IS_EXTERNAL(datum))
		return detoast_attr(datum);
	return datum;
}

void
fmgr_info_copy(FmgrInfo *dstinfo, FmgrInfo *srcinfo, MemoryContext destcxt)
{
	*dstinfo = *srcinfo;
	dstinfo->fn_mcxt = destcxt;
	dstinfo->fn_extra = NULL;
}

/*
 * Call with non-NULL arguments; the result must not be NULL either.  flinfo is
 * NULL for a function called by its address.
 */
static Datum
call_with(PGFunction func, FmgrInfo *flinfo, Oid collation, int nargs,
          const Datum *args)
{
	LOCAL_FCINFO(fcinfo, 3);
	Datum result;

	Assert(nargs <= 3);
	InitFunctionCallInfoData(*fcinfo, flinfo, nargs, collation, NULL, NULL);
	for (int i = 0; i < nargs; i++)
	{
		fcinfo->args[i].value = args[i];
		fcinfo->args[i].isnull = false;
	}
	result = func(fcinfo);
	if (fcinfo->isnull)
	{
		if (flinfo)
			elog(ERROR, "function %u returned NULL", flinfo->fn_oid);
		else
			elog(ERROR, "function %p returned NULL", (void *) func);
	}
	return result;
}

Datum
DirectFunctionCall1Coll(PGFunction func, Oid collation, Datum arg1)
{
	return call_with(func, NULL, collation, 1, &arg1);
}

Datum
DirectFunctionCall2Coll(PGFunction func, Oid collation, Datum arg1, Datum arg2)
{
	return call_with(func, NULL, collation, 2, (Datum[]){arg1, arg2});
}

Datum
DirectFunctionCall3Coll(PGFunction func, Oid collation, Datum arg1, Datum arg2,
                        Datum arg3)
{
	return call_with(func, NULL, collation, 3, (Datum[]){arg1, arg2, arg3});
}

Datum
FunctionCall1Coll(FmgrInfo *flinfo, Oid collation, Datum arg1)
{
	return call_with(flinfo->fn_addr, flinfo, collation, 1, &arg1);
}

Datum
FunctionCall2Coll(FmgrInfo *flinfo, Oid collation, Datum arg1, Datum arg2)
{
	return call_with(flinfo->fn_addr, flinfo, collation, 2,
	                 (Datum[]){arg1, arg2});
}

Datum
FunctionCall3Coll(FmgrInfo *flinfo, Oid collation, Datum arg1, Datum arg2,
                  Datum arg3)
{
	return call_with(flinfo->fn_addr, flinfo, collation, 3,
	                 (Datum[]){arg1, arg2, arg3});
}

/* NULL goes in only where the function is not strict, and must come out. */
Datum
InputFunctionCall(FmgrInfo *flinfo, char *str, Oid typioparam, int32 typmod)
{
	LOCAL_FCINFO(fcinfo, 3);
	Datum result;

	if (str == NULL && flinfo->fn_strict)
		return (Datum) 0;
	InitFunctionCallInfoData(*fcinfo, flinfo, 3, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = CStringGetDatum(str);
	fcinfo->args[0].isnull = str == NULL;
	fcinfo->args[1].value = ObjectIdGetDatum(typioparam);
	fcinfo->args[1].isnull = false;
	fcinfo->args[2].value = Int32GetDatum(typmod);
	fcinfo->args[2].isnull = false;
	result = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull != (str == NULL))
		elog(ERROR, "input function %u returned %s", flinfo->fn_oid,
		     fcinfo->isnull ? "NULL" : "non-NULL");
	return result;
}

char *
OutputFunctionCall(FmgrInfo *flinfo, Datum val)
{
	return DatumGetCString(FunctionCall1(flinfo, val));
}

Datum
ReceiveFunctionCall(FmgrInfo *flinfo, struct StringInfoData *buf,
                    Oid typioparam, int32 typmod)
{
	LOCAL_FCINFO(fcinfo, 3);
	Datum result;

	if (buf == NULL && flinfo->fn_strict)
		return (Datum) 0;
	InitFunctionCallInfoData(*fcinfo, flinfo, 3, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = PointerGetDatum(buf);
	fcinfo->args[0].isnull = buf == NULL;
	fcinfo->args[1].value = ObjectIdGetDatum(typioparam);
	fcinfo->args[1].isnull = false;
	fcinfo->args[2].value = Int32GetDatum(typmod);
	fcinfo->args[2].isnull = false;
	result = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull != (buf == NULL))
		elog(ERROR, "receive function %u returned %s", flinfo->fn_oid,
		     fcinfo->isnull ? "NULL" : "non-NULL");
	return result;
}

bytea *
SendFunctionCall(FmgrInfo *flinfo, Datum val)
{
	return (bytea *) PG_DETOAST_DATUM(FunctionCall1(flinfo, val));
}
