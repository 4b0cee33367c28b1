/*
 * float.c
 *		The types real and double precision: input and output, arithmetic,
 *		order, casts.
 *
 * NaN is equal to itself and greater than any other value.  A finite operation
 * that gives an infinity or loses its value to zero is ERROR 22003.
 *
 * Corresponds to PostgreSQL's utils/adt/float.c; functions of mathematics and
 * statistics are in floatmath.c.
 */
#include "postgres.h"

#include <math.h>
#include <strings.h>

#include "libpq/pqformat.h"
#include "utils/adt.h"
#include "utils/builtins.h"

void
float_overflow_error(void)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
	                errmsg("value out of range: overflow")));
	pg_unreachable();
}

void
float_underflow_error(void)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
	                errmsg("value out of range: underflow")));
	pg_unreachable();
}

void
float_zero_divide_error(void)
{
	division_by_zero();
}

/* ---- input and output ---- */

static inline bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * One number at num, which white space may surround.  With endptr_p it may be
 * followed by anything, without by nothing.  single: rounded once, to a float.
 */
static double
parse_float(char *num, char **endptr_p, const char *type_name,
            const char *orig_string, bool single)
{
	char *start = num;
	char *end;
	double value;

	while (is_space(*start))
		start++;
	errno = 0;
	value = single ? strtof(start, &end) : strtod(start, &end);
	if (end == start)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		                errmsg("invalid input syntax for type %s: \"%s\"",
		                       type_name, orig_string)));
	if (errno == ERANGE && (value == 0 || isinf(value)))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("\"%s\" is out of range for type %s",
		                       pnstrdup(start, end - start), type_name)));
	while (is_space(*end))
		end++;
	if (endptr_p)
		*endptr_p = end;
	else if (*end != '\0')
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		                errmsg("invalid input syntax for type %s: \"%s\"",
		                       type_name, orig_string)));
	return value;
}

float4
float4in_internal(char *num, char **endptr_p, const char *type_name,
                  const char *orig_string)
{
	return (float4) parse_float(num, endptr_p, type_name, orig_string, true);
}

float8
float8in_internal(char *num, char **endptr_p, const char *type_name,
                  const char *orig_string)
{
	return parse_float(num, endptr_p, type_name, orig_string, false);
}

char *
float8out_internal(double num)
{
	char *result = palloc(DOUBLE_SHORTEST_DECIMAL_LEN + 7);

	double_to_shortest_decimal_buf(num, result);
	return result;
}

Datum
float4in(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);

	PG_RETURN_FLOAT4(float4in_internal(s, NULL, "real", s));
}

Datum
float8in(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);

	PG_RETURN_FLOAT8(float8in_internal(s, NULL, "double precision", s));
}

Datum
float4out(PG_FUNCTION_ARGS)
{
	char *result = palloc(DOUBLE_SHORTEST_DECIMAL_LEN + 7);

	float_to_shortest_decimal_buf(PG_GETARG_FLOAT4(0), result);
	PG_RETURN_CSTRING(result);
}

Datum
float8out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(float8out_internal(PG_GETARG_FLOAT8(0)));
}

Datum
float4recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT4(pq_getmsgfloat4((StringInfo) PG_GETARG_POINTER(0)));
}

Datum
float8recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(pq_getmsgfloat8((StringInfo) PG_GETARG_POINTER(0)));
}

Datum
float4send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendfloat4(&buf, PG_GETARG_FLOAT4(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
float8send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendfloat8(&buf, PG_GETARG_FLOAT8(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---- order ---- */

int
float8_cmp_internal(float8 a, float8 b)
{
	if (unlikely(isnan(a) || isnan(b)))
		return (int) isnan(a) - (int) isnan(b);
	return (a > b) - (a < b);
}

int
float4_cmp_internal(float4 a, float4 b)
{
	return float8_cmp_internal(a, b);
}

#define GET_float4(n) PG_GETARG_FLOAT4(n)
#define GET_float8(n) PG_GETARG_FLOAT8(n)

#define COMPARISON(name, T1, T2, op)                                        \
	Datum name(PG_FUNCTION_ARGS)                                            \
	{                                                                       \
		PG_RETURN_BOOL(float8_cmp_internal(GET_##T1(0), GET_##T2(1)) op 0); \
	}

#define COMPARISONS(prefix, T1, T2)                                     \
	COMPARISON(prefix##eq, T1, T2, ==)                                  \
	COMPARISON(prefix##ne, T1, T2, !=)                                  \
	COMPARISON(prefix##lt, T1, T2, <)                                   \
	COMPARISON(prefix##le, T1, T2, <=)                                  \
	COMPARISON(prefix##gt, T1, T2, >)                                   \
	COMPARISON(prefix##ge, T1, T2, >=)                                  \
	Datum bt##prefix##cmp(PG_FUNCTION_ARGS)                             \
	{                                                                   \
		PG_RETURN_INT32(float8_cmp_internal(GET_##T1(0), GET_##T2(1))); \
	}

COMPARISONS(float4, float4, float4)
COMPARISONS(float8, float8, float8)
COMPARISONS(float48, float4, float8)
COMPARISONS(float84, float8, float4)

/* ---- arithmetic ---- */

static inline float8
check_result(float8 result, bool inf_is_valid, bool zero_is_valid)
{
	if (unlikely(isinf(result)) && !inf_is_valid)
		float_overflow_error();
	if (unlikely(result == 0) && !zero_is_valid)
		float_underflow_error();
	return result;
}

#define OPERATION(name, T1, T2, TR, RETURN, op, zero_is_valid, before)       \
	Datum name(PG_FUNCTION_ARGS)                                             \
	{                                                                        \
		TR a = GET_##T1(0);                                                  \
		TR b = GET_##T2(1);                                                  \
		TR result;                                                           \
                                                                             \
		before;                                                              \
		result = a op b;                                                     \
		RETURN(                                                              \
			(TR) check_result(result, isinf(a) || isinf(b), zero_is_valid)); \
	}

#define REFUSE_ZERO          \
	if (b == 0 && !isnan(a)) \
	float_zero_divide_error()

#define ARITHMETIC(prefix, T1, T2, TR, RETURN)                                \
	OPERATION(prefix##pl, T1, T2, TR, RETURN, +, true, (void) 0)              \
	OPERATION(prefix##mi, T1, T2, TR, RETURN, -, true, (void) 0)              \
	OPERATION(prefix##mul, T1, T2, TR, RETURN, *, a == 0 || b == 0, (void) 0) \
	OPERATION(prefix##div, T1, T2, TR, RETURN, /, a == 0 || isinf(b),         \
	          REFUSE_ZERO)

ARITHMETIC(float4, float4, float4, float4, PG_RETURN_FLOAT4)
ARITHMETIC(float8, float8, float8, float8, PG_RETURN_FLOAT8)
ARITHMETIC(float48, float4, float8, float8, PG_RETURN_FLOAT8)
ARITHMETIC(float84, float8, float4, float8, PG_RETURN_FLOAT8)

#define ONE_TYPE(prefix, T, RETURN)                                           \
	Datum prefix##um(PG_FUNCTION_ARGS)                                        \
	{                                                                         \
		RETURN(-GET_##T(0));                                                  \
	}                                                                         \
	Datum prefix##up(PG_FUNCTION_ARGS)                                        \
	{                                                                         \
		RETURN(GET_##T(0));                                                   \
	}                                                                         \
	Datum prefix##abs(PG_FUNCTION_ARGS)                                       \
	{                                                                         \
		RETURN(fabs(GET_##T(0)));                                             \
	}                                                                         \
	Datum prefix##larger(PG_FUNCTION_ARGS)                                    \
	{                                                                         \
		RETURN(float8_cmp_internal(GET_##T(0), GET_##T(1)) > 0 ? GET_##T(0)   \
		                                                       : GET_##T(1)); \
	}                                                                         \
	Datum prefix##smaller(PG_FUNCTION_ARGS)                                   \
	{                                                                         \
		RETURN(float8_cmp_internal(GET_##T(0), GET_##T(1)) < 0 ? GET_##T(0)   \
		                                                       : GET_##T(1)); \
	}

ONE_TYPE(float4, float4, PG_RETURN_FLOAT4)
ONE_TYPE(float8, float8, PG_RETURN_FLOAT8)

/* ---- casts ---- */

Datum
ftod(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(PG_GETARG_FLOAT4(0));
}

Datum
dtof(PG_FUNCTION_ARGS)
{
	float8 value = PG_GETARG_FLOAT8(0);
	float4 result = (float4) value;

	PG_RETURN_FLOAT4((float4) check_result(result, isinf(value), value == 0));
}

/* to the nearest integer, of two equally near to the even one */
static int64
float_to_int(float8 value, float8 min, float8 max, const char *type)
{
	value = rint(value);
	/* max + 1 is a power of two, which max itself need not be in a float */
	if (isnan(value) || value < min || value >= max)
		out_of_range(type);
	return (int64) value;
}

#define CAST_TO_INT(name, T, TI, RETURN, type, bits)                          \
	Datum name(PG_FUNCTION_ARGS)                                              \
	{                                                                         \
		RETURN((TI) float_to_int(GET_##T(0), -ldexp(1, bits), ldexp(1, bits), \
		                         type));                                      \
	}

CAST_TO_INT(dtoi2, float8, int16, PG_RETURN_INT16, "smallint", 15)
CAST_TO_INT(dtoi4, float8, int32, PG_RETURN_INT32, "integer", 31)
CAST_TO_INT(dtoi8, float8, int64, PG_RETURN_INT64, "bigint", 63)
CAST_TO_INT(ftoi2, float4, int16, PG_RETURN_INT16, "smallint", 15)
CAST_TO_INT(ftoi4, float4, int32, PG_RETURN_INT32, "integer", 31)
CAST_TO_INT(ftoi8, float4, int64, PG_RETURN_INT64, "bigint", 63)

#define CAST_FROM_INT(name, GET, RETURN, T) \
	Datum name(PG_FUNCTION_ARGS)            \
	{                                       \
		RETURN((T) GET(0));                 \
	}

CAST_FROM_INT(i2tod, PG_GETARG_INT16, PG_RETURN_FLOAT8, float8)
CAST_FROM_INT(i4tod, PG_GETARG_INT32, PG_RETURN_FLOAT8, float8)
CAST_FROM_INT(i8tod, PG_GETARG_INT64, PG_RETURN_FLOAT8, float8)
CAST_FROM_INT(i2tof, PG_GETARG_INT16, PG_RETURN_FLOAT4, float4)
CAST_FROM_INT(i4tof, PG_GETARG_INT32, PG_RETURN_FLOAT4, float4)
CAST_FROM_INT(i8tof, PG_GETARG_INT64, PG_RETURN_FLOAT4, float4)
