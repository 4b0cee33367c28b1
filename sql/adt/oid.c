/*
 * oid.c
 *		The types oid, xid, cid, xid8 and tid, and the vectors of the catalogs:
 *		oidvector and int2vector.
 *
 * The 32-bit ones are unsigned numbers in decimal.  A vector is an array of one
 * dimension whose numbers begin at 0, written with blanks in between.
 *
 * Corresponds to PostgreSQL's utils/adt/oid.c, xid.c, xid8funcs.c, tid.c and
 * int2vector's part of int.c.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "storage/itemptr.h"
#include "utils/adt.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* ---- 32 bits ---- */

static inline bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * An unsigned number, or a negative one from -2^31 that stands for its bits.
 * With endptr the caller goes on behind it; without, only white space follows.
 */
static uint32
parse_uint32(const char *s, const char *type, char **endptr)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(s, &end, 10);
	if (errno == ERANGE ||
	    (value > PG_UINT32_MAX && (int64) value != (int64) (int32) value))
		ereport(ERROR,
		        (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		         errmsg("value \"%s\" is out of range for type %s", s, type)));
	if (end != s && endptr)
		*endptr = end;
	else
		while (end != s && is_space(*end))
			end++;
	if (end == s || (!endptr && *end != '\0'))
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		         errmsg("invalid input syntax for type %s: \"%s\"", type, s)));
	return (uint32) value;
}

#define UINT32_TYPE(prefix)                                         \
	Datum prefix##out(PG_FUNCTION_ARGS)                             \
	{                                                               \
		PG_RETURN_CSTRING(psprintf("%u", PG_GETARG_UINT32(0)));     \
	}                                                               \
	Datum prefix##recv(PG_FUNCTION_ARGS)                            \
	{                                                               \
		StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);         \
                                                                    \
		PG_RETURN_OID(pq_getmsgint(buf, sizeof(uint32)));           \
	}                                                               \
	Datum prefix##send(PG_FUNCTION_ARGS)                            \
	{                                                               \
		StringInfoData buf;                                         \
                                                                    \
		pq_begintypsend(&buf);                                      \
		pq_sendint32(&buf, PG_GETARG_UINT32(0));                    \
		PG_RETURN_BYTEA_P(pq_endtypsend(&buf));                     \
	}                                                               \
	Datum prefix##eq(PG_FUNCTION_ARGS)                              \
	{                                                               \
		PG_RETURN_BOOL(PG_GETARG_UINT32(0) == PG_GETARG_UINT32(1)); \
	}

UINT32_TYPE(oid)
UINT32_TYPE(xid)
UINT32_TYPE(cid)

Datum
oidin(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(parse_uint32(PG_GETARG_CSTRING(0), "oid", NULL));
}

/* a number without checks, as PostgreSQL 15 reads it */
Datum
xidin(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID((uint32) strtoul(PG_GETARG_CSTRING(0), NULL, 0));
}

Datum
cidin(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID((uint32) strtoul(PG_GETARG_CSTRING(0), NULL, 0));
}

Datum
xidneq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_UINT32(0) != PG_GETARG_UINT32(1));
}

/* transactions that began after it; a permanent one is infinitely old */
Datum
xid_age(PG_FUNCTION_ARGS)
{
	TransactionId xid = PG_GETARG_UINT32(0);
	TransactionId now;

	if (!TransactionIdIsNormal(xid))
		PG_RETURN_INT32(INT_MAX);
	now = GetCurrentTransactionIdIfAny();
	if (!TransactionIdIsValid(now))
		now = XidFromFullTransactionId(ReadNextFullTransactionId());
	PG_RETURN_INT32((int32) (now - xid));
}

#define OID_COMPARISON(name, op)                              \
	Datum name(PG_FUNCTION_ARGS)                              \
	{                                                         \
		PG_RETURN_BOOL(PG_GETARG_OID(0) op PG_GETARG_OID(1)); \
	}

OID_COMPARISON(oidne, !=)
OID_COMPARISON(oidlt, <)
OID_COMPARISON(oidle, <=)
OID_COMPARISON(oidgt, >)
OID_COMPARISON(oidge, >=)

Datum
btoidcmp(PG_FUNCTION_ARGS)
{
	Oid a = PG_GETARG_OID(0);
	Oid b = PG_GETARG_OID(1);

	PG_RETURN_INT32((a > b) - (a < b));
}

Datum
oidlarger(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(Max(PG_GETARG_OID(0), PG_GETARG_OID(1)));
}

Datum
oidsmaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(Min(PG_GETARG_OID(0), PG_GETARG_OID(1)));
}

/* ---- xid8 ---- */

Datum
xid8in(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(UInt64GetDatum(strtoull(PG_GETARG_CSTRING(0), NULL, 0)));
}

Datum
xid8out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(
		psprintf(UINT64_FORMAT, DatumGetUInt64(PG_GETARG_DATUM(0))));
}

Datum
xid8recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(pq_getmsgint64((StringInfo) PG_GETARG_POINTER(0)));
}

Datum
xid8send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, PG_GETARG_INT64(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
xid8toxid(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID((uint32) DatumGetUInt64(PG_GETARG_DATUM(0)));
}

#define XID8_COMPARISON(name, op)                                  \
	Datum name(PG_FUNCTION_ARGS)                                   \
	{                                                              \
		PG_RETURN_BOOL(DatumGetUInt64(PG_GETARG_DATUM(0))          \
		                   op DatumGetUInt64(PG_GETARG_DATUM(1))); \
	}

XID8_COMPARISON(xid8eq, ==)
XID8_COMPARISON(xid8ne, !=)
XID8_COMPARISON(xid8lt, <)
XID8_COMPARISON(xid8le, <=)
XID8_COMPARISON(xid8gt, >)
XID8_COMPARISON(xid8ge, >=)

Datum
xid8cmp(PG_FUNCTION_ARGS)
{
	uint64 a = DatumGetUInt64(PG_GETARG_DATUM(0));
	uint64 b = DatumGetUInt64(PG_GETARG_DATUM(1));

	PG_RETURN_INT32((a > b) - (a < b));
}

/* ---- tid: (block,offset) ---- */

Datum
tidin(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);
	char *end = s;
	uint64 block = 0;
	uint64 offset = 0;
	bool bad = *s != '(';
	ItemPointer result;

	if (!bad)
	{
		errno = 0;
		block = strtoul(s + 1, &end, 10);
		bad = errno != 0 || end == s + 1 || *end != ',' ||
		      (block > PG_UINT32_MAX && (int64) block != (int64) (int32) block);
	}
	if (!bad)
	{
		s = end + 1;
		offset = strtoul(s, &end, 10);
		bad = errno != 0 || end == s || *end != ')' || offset > UINT16_MAX;
	}
	if (bad)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		                errmsg("invalid input syntax for type %s: \"%s\"",
		                       "tid", PG_GETARG_CSTRING(0))));
	result = palloc(sizeof(ItemPointerData));
	ItemPointerSet(result, (BlockNumber) block, (OffsetNumber) offset);
	PG_RETURN_POINTER(result);
}

#define PG_GETARG_TID(n) ((ItemPointer) PG_GETARG_POINTER(n))

Datum
tidout(PG_FUNCTION_ARGS)
{
	ItemPointer tid = PG_GETARG_TID(0);

	PG_RETURN_CSTRING(psprintf("(%u,%u)", ItemPointerGetBlockNumberNoCheck(tid),
	                           ItemPointerGetOffsetNumberNoCheck(tid)));
}

Datum
tidrecv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	ItemPointer result = palloc(sizeof(ItemPointerData));
	BlockNumber block = pq_getmsgint(buf, sizeof(uint32));

	ItemPointerSet(result, block, pq_getmsgint(buf, sizeof(uint16)));
	PG_RETURN_POINTER(result);
}

Datum
tidsend(PG_FUNCTION_ARGS)
{
	ItemPointer tid = PG_GETARG_TID(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint32(&buf, ItemPointerGetBlockNumberNoCheck(tid));
	pq_sendint16(&buf, ItemPointerGetOffsetNumberNoCheck(tid));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

#define TID_COMPARISON(name, op)                                              \
	Datum name(PG_FUNCTION_ARGS)                                              \
	{                                                                         \
		PG_RETURN_BOOL(ItemPointerCompare(PG_GETARG_TID(0), PG_GETARG_TID(1)) \
		                   op 0);                                             \
	}

TID_COMPARISON(tideq, ==)
TID_COMPARISON(tidne, !=)
TID_COMPARISON(tidlt, <)
TID_COMPARISON(tidle, <=)
TID_COMPARISON(tidgt, >)
TID_COMPARISON(tidge, >=)

Datum
bttidcmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(ItemPointerCompare(PG_GETARG_TID(0), PG_GETARG_TID(1)));
}

Datum
tidlarger(PG_FUNCTION_ARGS)
{
	ItemPointer a = PG_GETARG_TID(0);
	ItemPointer b = PG_GETARG_TID(1);

	PG_RETURN_POINTER(ItemPointerCompare(a, b) >= 0 ? a : b);
}

Datum
tidsmaller(PG_FUNCTION_ARGS)
{
	ItemPointer a = PG_GETARG_TID(0);
	ItemPointer b = PG_GETARG_TID(1);

	PG_RETURN_POINTER(ItemPointerCompare(a, b) <= 0 ? a : b);
}

/* ---- the vectors of the catalogs ---- */

StaticAssertDecl(offsetof(oidvector, values) == 24,
                 "a vector's numbers stand where an array's would");
StaticAssertDecl(offsetof(int2vector, values) == 24,
                 "a vector's numbers stand where an array's would");

oidvector *
buildoidvector(const Oid *oids, int n)
{
	Size size = offsetof(oidvector, values) + sizeof(Oid) * n;
	oidvector *result = palloc0(size);

	SET_VARSIZE(result, size);
	result->ndim = 1;
	result->elemtype = OIDOID;
	result->dim1 = n;
	if (oids)
		memcpy(result->values, oids, sizeof(Oid) * n);
	return result;
}

int2vector *
buildint2vector(const int16 *int2s, int n)
{
	Size size = offsetof(int2vector, values) + sizeof(int16) * n;
	int2vector *result = palloc0(size);

	SET_VARSIZE(result, size);
	result->ndim = 1;
	result->elemtype = INT2OID;
	result->dim1 = n;
	if (int2s)
		memcpy(result->values, int2s, sizeof(int16) * n);
	return result;
}

/* FUNC_MAX_ARGS numbers at most; their count */
static int
parse_vector(const char *s, bool is_oid, Oid *oids, int16 *ints)
{
	int n = 0;

	for (;;)
	{
		char *end;

		while (is_space(*s))
			s++;
		if (*s == '\0')
			return n;
		if (n == FUNC_MAX_ARGS)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                errmsg("%s has too many elements",
			                       is_oid ? "oidvector" : "int2vector")));
		if (is_oid)
			oids[n++] = parse_uint32(s, "oid", &end);
		else
		{
			long value;

			errno = 0;
			value = strtol(s, &end, 10);
			if (end == s || (*end != '\0' && !is_space(*end)))
				ereport(ERROR,
				        (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				         errmsg("invalid input syntax for type %s: \"%s\"",
				                "smallint", s)));
			if (errno != 0 || value < PG_INT16_MIN || value > PG_INT16_MAX)
				ereport(ERROR,
				        (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				         errmsg("value \"%s\" is out of range for type %s", s,
				                "smallint")));
			ints[n++] = (int16) value;
		}
		s = end;
	}
}

Datum
oidvectorin(PG_FUNCTION_ARGS)
{
	Oid oids[FUNC_MAX_ARGS];
	int n = parse_vector(PG_GETARG_CSTRING(0), true, oids, NULL);

	PG_RETURN_POINTER(buildoidvector(oids, n));
}

Datum
int2vectorin(PG_FUNCTION_ARGS)
{
	int16 ints[FUNC_MAX_ARGS];
	int n = parse_vector(PG_GETARG_CSTRING(0), false, NULL, ints);

	PG_RETURN_POINTER(buildint2vector(ints, n));
}

Datum
oidvectorout(PG_FUNCTION_ARGS)
{
	oidvector *v = (oidvector *) PG_GETARG_VARLENA_P(0);
	StringInfoData s;

	initStringInfo(&s);
	for (int i = 0; i < v->dim1; i++)
		appendStringInfo(&s, i > 0 ? " %u" : "%u", v->values[i]);
	PG_RETURN_CSTRING(s.data);
}

Datum
int2vectorout(PG_FUNCTION_ARGS)
{
	int2vector *v = (int2vector *) PG_GETARG_VARLENA_P(0);
	StringInfoData s;

	initStringInfo(&s);
	for (int i = 0; i < v->dim1; i++)
		appendStringInfo(&s, i > 0 ? " %d" : "%d", v->values[i]);
	PG_RETURN_CSTRING(s.data);
}

/* the shorter vector first, then by number */
static int
oidvector_compare(oidvector *a, oidvector *b)
{
	if (a->dim1 != b->dim1)
		return a->dim1 - b->dim1;
	for (int i = 0; i < a->dim1; i++)
		if (a->values[i] != b->values[i])
			return a->values[i] > b->values[i] ? 1 : -1;
	return 0;
}

#define GET_OIDVECTOR(n) ((oidvector *) PG_GETARG_VARLENA_P(n))
#define OIDVECTOR_COMPARISON(name, op)                                       \
	Datum name(PG_FUNCTION_ARGS)                                             \
	{                                                                        \
		PG_RETURN_BOOL(oidvector_compare(GET_OIDVECTOR(0), GET_OIDVECTOR(1)) \
		                   op 0);                                            \
	}

OIDVECTOR_COMPARISON(oidvectoreq, ==)
OIDVECTOR_COMPARISON(oidvectorne, !=)
OIDVECTOR_COMPARISON(oidvectorlt, <)
OIDVECTOR_COMPARISON(oidvectorle, <=)
OIDVECTOR_COMPARISON(oidvectorgt, >)
OIDVECTOR_COMPARISON(oidvectorge, >=)

Datum
btoidvectorcmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(oidvector_compare(GET_OIDVECTOR(0), GET_OIDVECTOR(1)));
}
