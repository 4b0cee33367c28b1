/*
 * int.c
 *		The types smallint, integer and bigint: input and output, arithmetic,
 *		order, bits, casts between them.
 *
 * The functions on two integers come in nine kinds, one per pair of types, and
 * differ in nothing but the types, so macros write them.  A result that does
 * not fit is ERROR 22003, naming the type of the result.
 *
 * Corresponds to PostgreSQL's utils/adt/int.c and int8.c; generate_series is in
 * series.c.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/adt.h"
#include "utils/builtins.h"

void
out_of_range(const char *type)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
	                errmsg("%s out of range", type)));
	pg_unreachable();
}

void
division_by_zero(void)
{
	ereport(ERROR,
	        (errcode(ERRCODE_DIVISION_BY_ZERO), errmsg("division by zero")));
	pg_unreachable();
}

#define GET_int16(n) PG_GETARG_INT16(n)
#define GET_int32(n) PG_GETARG_INT32(n)
#define GET_int64(n) PG_GETARG_INT64(n)
#define RETURN_int16(x) PG_RETURN_INT16(x)
#define RETURN_int32(x) PG_RETURN_INT32(x)
#define RETURN_int64(x) PG_RETURN_INT64(x)
#define SQLNAME_int16 "smallint"
#define SQLNAME_int32 "integer"
#define SQLNAME_int64 "bigint"

/* ---- input and output ---- */

Datum
int2in(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT16(pg_strtoint16(PG_GETARG_CSTRING(0)));
}

Datum
int4in(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(pg_strtoint32(PG_GETARG_CSTRING(0)));
}

Datum
int8in(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(pg_strtoint64(PG_GETARG_CSTRING(0)));
}

static char *
int_out(int64 value)
{
	char *result = palloc(MAXINT8LEN + 1);

	pg_lltoa(value, result);
	return result;
}

Datum
int2out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(int_out(PG_GETARG_INT16(0)));
}

Datum
int4out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(int_out(PG_GETARG_INT32(0)));
}

Datum
int8out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(int_out(PG_GETARG_INT64(0)));
}

Datum
int2recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);

	PG_RETURN_INT16((int16) pq_getmsgint(buf, sizeof(int16)));
}

Datum
int4recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);

	PG_RETURN_INT32((int32) pq_getmsgint(buf, sizeof(int32)));
}

Datum
int8recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(pq_getmsgint64((StringInfo) PG_GETARG_POINTER(0)));
}

Datum
int2send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint16(&buf, PG_GETARG_INT16(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
int4send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint32(&buf, PG_GETARG_INT32(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
int8send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, PG_GETARG_INT64(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---- two integers of any types ---- */

#define COMPARISON(name, T1, T2, op)                \
	Datum name(PG_FUNCTION_ARGS)                    \
	{                                               \
		PG_RETURN_BOOL(GET_##T1(0) op GET_##T2(1)); \
	}

#define COMPARISONS(prefix, T1, T2)         \
	COMPARISON(prefix##eq, T1, T2, ==)      \
	COMPARISON(prefix##ne, T1, T2, !=)      \
	COMPARISON(prefix##lt, T1, T2, <)       \
	COMPARISON(prefix##le, T1, T2, <=)      \
	COMPARISON(prefix##gt, T1, T2, >)       \
	COMPARISON(prefix##ge, T1, T2, >=)      \
	Datum bt##prefix##cmp(PG_FUNCTION_ARGS) \
	{                                       \
		T1 a = GET_##T1(0);                 \
		T2 b = GET_##T2(1);                 \
                                            \
		PG_RETURN_INT32((a > b) - (a < b)); \
	}

#define CHECKED(name, builtin, T1, T2, TR)              \
	Datum name(PG_FUNCTION_ARGS)                        \
	{                                                   \
		TR result;                                      \
                                                        \
		if (builtin(GET_##T1(0), GET_##T2(1), &result)) \
			out_of_range(SQLNAME_##TR);                 \
		RETURN_##TR(result);                            \
	}

/* the least number divided by -1 does not fit, and is a trap of the machine */
#define DIVISION(name, T1, T2, TR)                               \
	Datum name(PG_FUNCTION_ARGS)                                 \
	{                                                            \
		TR result;                                               \
                                                                 \
		if (GET_##T2(1) == 0)                                    \
			division_by_zero();                                  \
		if (GET_##T2(1) == -1)                                   \
		{                                                        \
			if (__builtin_sub_overflow(0, GET_##T1(0), &result)) \
				out_of_range(SQLNAME_##TR);                      \
			RETURN_##TR(result);                                 \
		}                                                        \
		RETURN_##TR((TR) (GET_##T1(0) / GET_##T2(1)));           \
	}

#define ARITHMETIC(prefix, T1, T2, TR)                       \
	CHECKED(prefix##pl, __builtin_add_overflow, T1, T2, TR)  \
	CHECKED(prefix##mi, __builtin_sub_overflow, T1, T2, TR)  \
	CHECKED(prefix##mul, __builtin_mul_overflow, T1, T2, TR) \
	DIVISION(prefix##div, T1, T2, TR)

#define PAIR(prefix, T1, T2, TR) \
	COMPARISONS(prefix, T1, T2)  \
	ARITHMETIC(prefix, T1, T2, TR)

PAIR(int2, int16, int16, int16)
PAIR(int4, int32, int32, int32)
PAIR(int8, int64, int64, int64)
PAIR(int24, int16, int32, int32)
PAIR(int42, int32, int16, int32)
PAIR(int28, int16, int64, int64)
PAIR(int82, int64, int16, int64)
PAIR(int48, int32, int64, int64)
PAIR(int84, int64, int32, int64)

/* ---- functions of one type ---- */

#define BINARY(name, T, expression)   \
	Datum name(PG_FUNCTION_ARGS)      \
	{                                 \
		T a = GET_##T(0);             \
		T b = GET_##T(1);             \
                                      \
		RETURN_##T((T) (expression)); \
	}

#define SHIFT(name, T, op, mask)                                      \
	Datum name(PG_FUNCTION_ARGS)                                      \
	{                                                                 \
		RETURN_##T((T) (GET_##T(0) op(PG_GETARG_INT32(1) & (mask)))); \
	}

#define ONE_TYPE(prefix, T, mask)                                        \
	Datum prefix##um(PG_FUNCTION_ARGS)                                   \
	{                                                                    \
		T result;                                                        \
                                                                         \
		if (__builtin_sub_overflow(0, GET_##T(0), &result))              \
			out_of_range(SQLNAME_##T);                                   \
		RETURN_##T(result);                                              \
	}                                                                    \
	Datum prefix##up(PG_FUNCTION_ARGS)                                   \
	{                                                                    \
		RETURN_##T(GET_##T(0));                                          \
	}                                                                    \
	Datum prefix##abs(PG_FUNCTION_ARGS)                                  \
	{                                                                    \
		return GET_##T(0) < 0 ? prefix##um(fcinfo) : PG_GETARG_DATUM(0); \
	}                                                                    \
	Datum prefix##mod(PG_FUNCTION_ARGS)                                  \
	{                                                                    \
		if (GET_##T(1) == 0)                                             \
			division_by_zero();                                          \
		if (GET_##T(1) == -1)                                            \
			RETURN_##T(0);                                               \
		RETURN_##T((T) (GET_##T(0) % GET_##T(1)));                       \
	}                                                                    \
	Datum prefix##not(PG_FUNCTION_ARGS)                                  \
	{                                                                    \
		RETURN_##T((T) ~GET_##T(0));                                     \
	}                                                                    \
	BINARY(prefix##larger, T, a > b ? a : b)                             \
	BINARY(prefix##smaller, T, a < b ? a : b)                            \
	BINARY(prefix##and, T, a &b)                                         \
	BINARY(prefix## or, T, a | b)                                        \
	BINARY(prefix## xor, T, a ^ b)                                       \
	SHIFT(prefix##shl, T, <<, mask)                                      \
	SHIFT(prefix##shr, T, >>, mask)

ONE_TYPE(int2, int16, 31)
ONE_TYPE(int4, int32, 31)
ONE_TYPE(int8, int64, 63)

Datum
int4inc(PG_FUNCTION_ARGS)
{
	int32 result;

	if (pg_add_s32_overflow(PG_GETARG_INT32(0), 1, &result))
		out_of_range("integer");
	PG_RETURN_INT32(result);
}

/* count(*): the transition function of the busiest aggregate */
Datum
int8inc(PG_FUNCTION_ARGS)
{
	int64 result;

	if (pg_add_s64_overflow(PG_GETARG_INT64(0), 1, &result))
		out_of_range("bigint");
	PG_RETURN_INT64(result);
}

Datum
int8dec(PG_FUNCTION_ARGS)
{
	int64 result;

	if (pg_sub_s64_overflow(PG_GETARG_INT64(0), 1, &result))
		out_of_range("bigint");
	PG_RETURN_INT64(result);
}

/* count(value): strict, so called for what is not NULL */
Datum
int8inc_any(PG_FUNCTION_ARGS)
{
	return int8inc(fcinfo);
}

Datum
int8dec_any(PG_FUNCTION_ARGS)
{
	return int8dec(fcinfo);
}

/* ---- casts ---- */

#define CAST(name, T1, T2)              \
	Datum name(PG_FUNCTION_ARGS)        \
	{                                   \
		T1 value = GET_##T1(0);         \
                                        \
		if (value != (T2) value)        \
			out_of_range(SQLNAME_##T2); \
		RETURN_##T2((T2) value);        \
	}

CAST(i2toi4, int16, int32)
CAST(i4toi2, int32, int16)
CAST(int28, int16, int64)
CAST(int82, int64, int16)
CAST(int48, int32, int64)
CAST(int84, int64, int32)

Datum
int4_bool(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_INT32(0) != 0);
}

Datum
bool_int4(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(PG_GETARG_BOOL(0) ? 1 : 0);
}

Datum
oidtoi8(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) PG_GETARG_OID(0));
}

Datum
i8tooid(PG_FUNCTION_ARGS)
{
	int64 value = PG_GETARG_INT64(0);

	if (value < 0 || value > (int64) OID_MAX)
		out_of_range("OID");
	PG_RETURN_OID((Oid) value);
}

/* digits in base 16 of the value as unsigned */
static text *
to_hex(uint64 value)
{
	return cstring_to_text(psprintf("%" PRIx64, value));
}

Datum
to_hex32(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(to_hex((uint32) PG_GETARG_INT32(0)));
}

Datum
to_hex64(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(to_hex((uint64) PG_GETARG_INT64(0)));
}

static uint64
greatest_common_divisor(uint64 a, uint64 b)
{
	while (b != 0)
	{
		uint64 rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static inline uint64
magnitude(int64 value)
{
	return value < 0 ? -(uint64) value : (uint64) value;
}

Datum
int4gcd(PG_FUNCTION_ARGS)
{
	uint64 gcd = greatest_common_divisor(magnitude(PG_GETARG_INT32(0)),
	                                     magnitude(PG_GETARG_INT32(1)));

	if (gcd > PG_INT32_MAX)
		out_of_range("integer");
	PG_RETURN_INT32((int32) gcd);
}

Datum
int8gcd(PG_FUNCTION_ARGS)
{
	uint64 gcd = greatest_common_divisor(magnitude(PG_GETARG_INT64(0)),
	                                     magnitude(PG_GETARG_INT64(1)));

	if (gcd > PG_INT64_MAX)
		out_of_range("bigint");
	PG_RETURN_INT64((int64) gcd);
}
