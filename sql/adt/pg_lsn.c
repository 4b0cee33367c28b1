/*
 * pg_lsn.c
 *		The type pg_lsn: a position in the write-ahead log, two hexadecimal
 *		numbers with a slash between them.
 *
 * Corresponds to PostgreSQL's utils/adt/pg_lsn.c.
 */
#include "postgres.h"

#include "access/xlogdefs.h"
#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#define PG_GETARG_LSN(n) ((XLogRecPtr) PG_GETARG_INT64(n))
#define PG_RETURN_LSN(x) PG_RETURN_INT64((int64) (x))
#define MAX_DIGITS 8

/* Up to eight digits from *p on; false if there are none or more. */
static bool
parse_half(const char **p, uint32 *result)
{
	size_t n = strspn(*p, "0123456789abcdefABCDEF");

	if (n < 1 || n > MAX_DIGITS)
		return false;
	*result = (uint32) strtoul(*p, NULL, 16);
	*p += n;
	return true;
}

Datum
pg_lsn_in(PG_FUNCTION_ARGS)
{
	const char *str = PG_GETARG_CSTRING(0);
	const char *p = str;
	uint32 high;
	uint32 low;

	if (!parse_half(&p, &high) || *p++ != '/' || !parse_half(&p, &low) ||
	    *p != '\0')
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		                errmsg("invalid input syntax for type %s: \"%s\"",
		                       "pg_lsn", str)));
	PG_RETURN_LSN(((uint64) high << 32) | low);
}

Datum
pg_lsn_out(PG_FUNCTION_ARGS)
{
	XLogRecPtr lsn = PG_GETARG_LSN(0);

	PG_RETURN_CSTRING(psprintf("%X/%X", LSN_FORMAT_ARGS(lsn)));
}

Datum
pg_lsn_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);

	PG_RETURN_LSN(pq_getmsgint64(buf));
}

Datum
pg_lsn_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, PG_GETARG_INT64(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---- order ---- */

#define LSN_COMPARISON(name, op)                              \
	Datum pg_lsn_##name(PG_FUNCTION_ARGS)                     \
	{                                                         \
		PG_RETURN_BOOL(PG_GETARG_LSN(0) op PG_GETARG_LSN(1)); \
	}

LSN_COMPARISON(eq, ==)
LSN_COMPARISON(ne, !=)
LSN_COMPARISON(lt, <)
LSN_COMPARISON(le, <=)
LSN_COMPARISON(gt, >)
LSN_COMPARISON(ge, >=)

Datum
pg_lsn_cmp(PG_FUNCTION_ARGS)
{
	XLogRecPtr a = PG_GETARG_LSN(0);
	XLogRecPtr b = PG_GETARG_LSN(1);

	PG_RETURN_INT32(a > b ? 1 : a == b ? 0 : -1);
}

Datum
pg_lsn_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_LSN(Max(PG_GETARG_LSN(0), PG_GETARG_LSN(1)));
}

Datum
pg_lsn_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_LSN(Min(PG_GETARG_LSN(0), PG_GETARG_LSN(1)));
}

/* A difference may not fit into a bigint: it is a numeric. */
Datum
pg_lsn_mi(PG_FUNCTION_ARGS)
{
	XLogRecPtr a = PG_GETARG_LSN(0);
	XLogRecPtr b = PG_GETARG_LSN(1);
	char buf[32];

	if (a < b)
		snprintf(buf, sizeof(buf), "-%llu", (unsigned long long) (b - a));
	else
		snprintf(buf, sizeof(buf), "%llu", (unsigned long long) (a - b));
	return DirectFunctionCall3(numeric_in, CStringGetDatum(buf),
	                           ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}
