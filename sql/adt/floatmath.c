/*
 * floatmath.c
 *		Functions of double precision: mathematics, chance, and the aggregates
 *		avg, variance and stddev of floats.
 *
 * The aggregates keep {N, Sx, Sxx} as an array: the count, the sum, and the sum
 * of squared differences from the mean, which Youngs and Cramer's update keeps
 * without loss of digits.
 *
 * Corresponds to PostgreSQL's utils/adt/float.c.
 */
#include "postgres.h"

#include <math.h>
#include <unistd.h>

#include "catalog/pg_type.h"
#include "common/pg_prng.h"
#include "utils/adt.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

static float8
check_result(float8 result, bool inf_is_valid, bool zero_is_valid)
{
	if (isinf(result) && !inf_is_valid)
		float_overflow_error();
	if (result == 0 && !zero_is_valid)
		float_underflow_error();
	return result;
}

static void
wrong_argument(int code, const char *message)
{
	ereport(ERROR, (errcode(code), errmsg("%s", message)));
}

#define RADIANS_PER_DEGREE 0.0174532925199432957692

#define SIMPLE(name, expression)        \
	Datum name(PG_FUNCTION_ARGS)        \
	{                                   \
		float8 x = PG_GETARG_FLOAT8(0); \
                                        \
		PG_RETURN_FLOAT8(expression);   \
	}

SIMPLE(dround, rint(x))
SIMPLE(dceil, ceil(x))
SIMPLE(dfloor, floor(x))
SIMPLE(dtrunc, trunc(x))
SIMPLE(dsign, (x > 0) - (x < 0))
SIMPLE(dcbrt, cbrt(x))
SIMPLE(datan, atan(x))
SIMPLE(dsinh, sinh(x))
SIMPLE(dtanh, tanh(x))
SIMPLE(dasinh, asinh(x))
SIMPLE(degrees, check_result(x / RADIANS_PER_DEGREE, isinf(x), x == 0))
SIMPLE(radians, check_result(x *RADIANS_PER_DEGREE, isinf(x), x == 0))

/* of a bounded or finite argument */
#define BOUNDED(name, condition, expression)                   \
	Datum name(PG_FUNCTION_ARGS)                               \
	{                                                          \
		float8 x = PG_GETARG_FLOAT8(0);                        \
                                                               \
		if (isnan(x))                                          \
			PG_RETURN_FLOAT8(x);                               \
		if (!(condition))                                      \
			wrong_argument(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, \
			               "input is out of range");           \
		PG_RETURN_FLOAT8(expression);                          \
	}

BOUNDED(dsin, !isinf(x), sin(x))
BOUNDED(dcos, !isinf(x), cos(x))
BOUNDED(dtan, !isinf(x), tan(x))
BOUNDED(dasin, x >= -1 && x <= 1, asin(x))
BOUNDED(dacos, x >= -1 && x <= 1, acos(x))

Datum
datan2(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(atan2(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1)));
}

Datum
dpi(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(M_PI);
}

Datum
dsqrt(PG_FUNCTION_ARGS)
{
	float8 x = PG_GETARG_FLOAT8(0);

	if (x < 0)
		wrong_argument(ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
		               "cannot take square root of a negative number");
	PG_RETURN_FLOAT8(sqrt(x));
}

Datum
dexp(PG_FUNCTION_ARGS)
{
	float8 x = PG_GETARG_FLOAT8(0);

	PG_RETURN_FLOAT8(check_result(exp(x), isinf(x), isinf(x)));
}

static void
check_logarithm(float8 x)
{
	if (x == 0)
		wrong_argument(ERRCODE_INVALID_ARGUMENT_FOR_LOG,
		               "cannot take logarithm of zero");
	if (x < 0)
		wrong_argument(ERRCODE_INVALID_ARGUMENT_FOR_LOG,
		               "cannot take logarithm of a negative number");
}

Datum
dlog1(PG_FUNCTION_ARGS)
{
	float8 x = PG_GETARG_FLOAT8(0);

	check_logarithm(x);
	PG_RETURN_FLOAT8(log(x));
}

Datum
dlog10(PG_FUNCTION_ARGS)
{
	float8 x = PG_GETARG_FLOAT8(0);

	check_logarithm(x);
	PG_RETURN_FLOAT8(log10(x));
}

Datum
dpow(PG_FUNCTION_ARGS)
{
	float8 x = PG_GETARG_FLOAT8(0);
	float8 y = PG_GETARG_FLOAT8(1);

	if (x == 0 && y < 0)
		wrong_argument(ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
		               "zero raised to a negative power is undefined");
	if (x < 0 && !isnan(y) && floor(y) != y)
		wrong_argument(ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
		               "a negative number raised to a non-integer power "
		               "yields a complex result");
	PG_RETURN_FLOAT8(check_result(pow(x, y), isinf(x) || isinf(y),
	                              x == 0 || isinf(x) || isinf(y)));
}

/* ---- chance ---- */

/* of this session's random() only, so that setseed() repeats it */
static pg_prng_state random_state;
static bool random_seeded = false;

Datum
drandom(PG_FUNCTION_ARGS)
{
	if (!random_seeded)
	{
		pg_prng_seed(&random_state, pg_prng_uint64(&pg_global_prng_state) ^
		                                (uint64) GetCurrentTimestamp() ^
		                                ((uint64) getpid() << 40));
		random_seeded = true;
	}
	PG_RETURN_FLOAT8(pg_prng_double(&random_state));
}

Datum
setseed(PG_FUNCTION_ARGS)
{
	float8 seed = PG_GETARG_FLOAT8(0);
	uint64 bits;

	if (!(seed >= -1 && seed <= 1))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("setseed parameter %g is out of allowed range "
		                       "[-1,1]",
		                       seed)));
	memcpy(&bits, &seed, sizeof(bits));
	pg_prng_seed(&random_state, bits);
	random_seeded = true;
	PG_RETURN_VOID();
}

/* ---- aggregates ---- */

static float8 *
state_values(ArrayType *state, const char *caller)
{
	if (ARR_NDIM(state) != 1 || ARR_DIMS(state)[0] != 3 || ARR_HASNULL(state) ||
	    ARR_ELEMTYPE(state) != FLOAT8OID)
		elog(ERROR, "%s: expected 3-element float8 array", caller);
	return (float8 *) ARR_DATA_PTR(state);
}

/* in place where the executor owns the state */
static Datum
return_state(FunctionCallInfo fcinfo, ArrayType *state, const float8 *values)
{
	Datum elements[3];

	if (AggCheckCallContext(fcinfo, NULL))
	{
		memcpy(ARR_DATA_PTR(state), values, sizeof(float8) * 3);
		PG_RETURN_ARRAYTYPE_P(state);
	}
	for (int i = 0; i < 3; i++)
		elements[i] = Float8GetDatum(values[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(
		elements, 3, FLOAT8OID, sizeof(float8), true, TYPALIGN_DOUBLE));
}

static Datum
accumulate(FunctionCallInfo fcinfo, float8 value)
{
	ArrayType *state = PG_GETARG_ARRAYTYPE_P(0);
	float8 *old = state_values(state, "float8_accum");
	float8 n = old[0] + 1;
	float8 sx = old[1] + value;
	float8 sxx = old[2];

	if (old[0] > 0)
	{
		float8 difference = value * n - sx;

		sxx += difference * difference / (n * old[0]);
		if (isinf(sx) || isinf(sxx))
		{
			if (!isinf(old[1]) && !isinf(value))
				float_overflow_error();
			sxx = NAN;
		}
	}
	else if (isnan(value) || isinf(value))
		sxx = NAN;
	return return_state(fcinfo, state, (float8[]){n, sx, sxx});
}

Datum
float8_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, PG_GETARG_FLOAT8(1));
}

Datum
float4_accum(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, PG_GETARG_FLOAT4(1));
}

Datum
float8_combine(PG_FUNCTION_ARGS)
{
	ArrayType *state = PG_GETARG_ARRAYTYPE_P(0);
	float8 *a = state_values(state, "float8_combine");
	float8 *b = state_values(PG_GETARG_ARRAYTYPE_P(1), "float8_combine");
	float8 result[3];

	if (a[0] == 0 || b[0] == 0)
		memcpy(result, a[0] == 0 ? b : a, sizeof(result));
	else
	{
		float8 difference = a[1] / a[0] - b[1] / b[0];

		result[0] = a[0] + b[0];
		result[1] = check_result(a[1] + b[1], isinf(a[1]) || isinf(b[1]), true);
		result[2] = check_result(
			a[2] + b[2] + a[0] * b[0] * difference * difference / result[0],
			isinf(a[2]) || isinf(b[2]), true);
	}
	return return_state(fcinfo, state, result);
}

Datum
float8_avg(PG_FUNCTION_ARGS)
{
	float8 *state = state_values(PG_GETARG_ARRAYTYPE_P(0), "float8_avg");

	if (state[0] == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(state[1] / state[0]);
}

#define STATISTIC(name, least, expression)                             \
	Datum name(PG_FUNCTION_ARGS)                                       \
	{                                                                  \
		float8 *state = state_values(PG_GETARG_ARRAYTYPE_P(0), #name); \
		float8 n = state[0];                                           \
		float8 sxx = state[2];                                         \
                                                                       \
		if (n < least)                                                 \
			PG_RETURN_NULL();                                          \
		PG_RETURN_FLOAT8(expression);                                  \
	}

STATISTIC(float8_var_pop, 1, sxx / n)
STATISTIC(float8_var_samp, 2, sxx / (n - 1))
STATISTIC(float8_stddev_pop, 1, sqrt(sxx / n))
STATISTIC(float8_stddev_samp, 2, sqrt(sxx / (n - 1)))
