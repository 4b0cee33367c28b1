/*
 * numeric_agg.c
 *		Aggregates of integers and numerics: sum, avg, variance, stddev.
 *
 * sum(smallint) and sum(integer) add up in a bigint, their avg in an array of
 * two bigints.  What else there is keeps a SumState in the aggregate's memory:
 * in 128 bits where the values are integers, of which no table has enough to
 * overflow them, and otherwise as numerics, with the special values counted
 * apart.
 *
 * Corresponds to parts of PostgreSQL's utils/adt/numeric.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/adt.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/numeric_ops.h"

/* palloc gives 8-byte alignment */
typedef __int128 Int128 __attribute__((aligned(8)));

typedef struct SumState
{
	MemoryContext context;
	int64 n; /* values, the special ones included */
	int64 nans, pinfs, ninfs;
	/* of integers */
	Int128 int_sum;
	Int128 int_squares;
	/* of numerics */
	bool with_squares;
	NumericVar sum;
	NumericVar squares;
} SumState;

/* ---- sums in a bigint ---- */

static Datum
add_to_int8(FunctionCallInfo fcinfo, int64 value)
{
	if (PG_ARGISNULL(0))
	{
		if (PG_ARGISNULL(1))
			PG_RETURN_NULL();
		PG_RETURN_INT64(value);
	}
	if (PG_ARGISNULL(1))
		PG_RETURN_INT64(PG_GETARG_INT64(0));
	PG_RETURN_INT64(PG_GETARG_INT64(0) + value);
}

Datum
int2_sum(PG_FUNCTION_ARGS)
{
	return add_to_int8(fcinfo, PG_GETARG_INT16(1));
}

Datum
int4_sum(PG_FUNCTION_ARGS)
{
	return add_to_int8(fcinfo, PG_GETARG_INT32(1));
}

/* {count, sum} */
static int64 *
pair_of(ArrayType *array)
{
	if (ARR_HASNULL(array) || ARR_NDIM(array) != 1 || ARR_DIMS(array)[0] != 2 ||
	    ARR_ELEMTYPE(array) != INT8OID)
		elog(ERROR, "expected 2-element int8 array");
	return (int64 *) ARR_DATA_PTR(array);
}

static Datum
add_to_pair(FunctionCallInfo fcinfo, int64 count, int64 sum)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	int64 *pair;

	/* a state that is not the executor's own may not be changed */
	if (!AggCheckCallContext(fcinfo, NULL))
	{
		ArrayType *copy = palloc(ARR_SIZE(array));

		memcpy(copy, array, ARR_SIZE(array));
		array = copy;
	}
	pair = pair_of(array);
	pair[0] += count;
	pair[1] += sum;
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
int2_avg_accum(PG_FUNCTION_ARGS)
{
	return add_to_pair(fcinfo, 1, PG_GETARG_INT16(1));
}

Datum
int4_avg_accum(PG_FUNCTION_ARGS)
{
	return add_to_pair(fcinfo, 1, PG_GETARG_INT32(1));
}

Datum
int4_avg_combine(PG_FUNCTION_ARGS)
{
	int64 *other = pair_of(PG_GETARG_ARRAYTYPE_P(1));

	return add_to_pair(fcinfo, other[0], other[1]);
}

static Numeric
quotient(Numeric sum, int64 n)
{
	return DatumGetNumeric(
		DirectFunctionCall2(numeric_div, NumericGetDatum(sum),
	                        NumericGetDatum(int64_to_numeric(n))));
}

Datum
int8_avg(PG_FUNCTION_ARGS)
{
	int64 *pair = pair_of(PG_GETARG_ARRAYTYPE_P(0));

	if (pair[0] == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(quotient(int64_to_numeric(pair[1]), pair[0]));
}

Datum
int2int4_sum(PG_FUNCTION_ARGS)
{
	int64 *pair = pair_of(PG_GETARG_ARRAYTYPE_P(0));

	if (pair[0] == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(pair[1]);
}

/* ---- transitions of a SumState ---- */

static SumState *
get_state(FunctionCallInfo fcinfo, bool with_squares)
{
	SumState *state;
	MemoryContext aggcontext;
	MemoryContext old;

	if (!PG_ARGISNULL(0))
		return (SumState *) PG_GETARG_POINTER(0);
	if (!AggCheckCallContext(fcinfo, &aggcontext))
		elog(ERROR, "aggregate function called in non-aggregate context");
	old = MemoryContextSwitchTo(aggcontext);
	state = palloc0(sizeof(SumState));
	state->context = aggcontext;
	state->with_squares = with_squares;
	set_var_special(&state->sum, NUMERIC_POS);
	set_var_special(&state->squares, NUMERIC_POS);
	MemoryContextSwitchTo(old);
	return state;
}

static Datum
accumulate_int(FunctionCallInfo fcinfo, int64 value)
{
	SumState *state = get_state(fcinfo, true);

	if (!PG_ARGISNULL(1))
	{
		state->n++;
		state->int_sum += value;
		state->int_squares += (__int128) value * value;
	}
	PG_RETURN_POINTER(state);
}

Datum
int2_accum(PG_FUNCTION_ARGS)
{
	return accumulate_int(fcinfo, PG_GETARG_INT16(1));
}

Datum
int4_accum(PG_FUNCTION_ARGS)
{
	return accumulate_int(fcinfo, PG_GETARG_INT32(1));
}

Datum
int8_avg_accum(PG_FUNCTION_ARGS)
{
	SumState *state = get_state(fcinfo, false);

	if (!PG_ARGISNULL(1))
	{
		state->n++;
		state->int_sum += PG_GETARG_INT64(1);
	}
	PG_RETURN_POINTER(state);
}

/* *total += value, its digits in the state's memory */
static void
add_to_var(SumState *state, NumericVar *total, const NumericVar *value)
{
	NumericVar sum;
	NumericVar kept;
	MemoryContext old;

	add_var(total, value, &sum);
	old = MemoryContextSwitchTo(state->context);
	alloc_var(&kept, sum.ndigits);
	memcpy(kept.digits, sum.digits, sizeof(int16) * sum.ndigits);
	kept.weight = sum.weight;
	kept.sign = sum.sign;
	kept.dscale = sum.dscale;
	pfree(total->digits - 1);
	MemoryContextSwitchTo(old);
	*total = kept;
}

static Datum
accumulate_numeric(FunctionCallInfo fcinfo, bool with_squares, Numeric value)
{
	SumState *state = get_state(fcinfo, with_squares);
	NumericVar var;

	if (value == NULL)
		PG_RETURN_POINTER(state);
	set_var_from_num(value, &var);
	state->n++;
	state->nans += var.sign == NUMERIC_NAN;
	state->pinfs += var.sign == NUMERIC_PINF;
	state->ninfs += var.sign == NUMERIC_NINF;
	if (!var_is_special(&var))
	{
		add_to_var(state, &state->sum, &var);
		if (state->with_squares)
		{
			NumericVar square;

			mul_var(&var, &var, &square);
			add_to_var(state, &state->squares, &square);
		}
	}
	PG_RETURN_POINTER(state);
}

Datum
numeric_avg_accum(PG_FUNCTION_ARGS)
{
	return accumulate_numeric(fcinfo, false,
	                          PG_ARGISNULL(1) ? NULL : PG_GETARG_NUMERIC(1));
}

Datum
numeric_accum(PG_FUNCTION_ARGS)
{
	return accumulate_numeric(fcinfo, true,
	                          PG_ARGISNULL(1) ? NULL : PG_GETARG_NUMERIC(1));
}

Datum
int8_accum(PG_FUNCTION_ARGS)
{
	return accumulate_numeric(
		fcinfo, true,
		PG_ARGISNULL(1) ? NULL : int64_to_numeric(PG_GETARG_INT64(1)));
}

/* ---- results ---- */

#define GET_STATE() (PG_ARGISNULL(0) ? NULL : (SumState *) PG_GETARG_POINTER(0))

static Numeric
total(SumState *state)
{
	NumericVar var;

	if (state->nans > 0 || (state->pinfs > 0 && state->ninfs > 0))
		set_var_special(&var, NUMERIC_NAN);
	else if (state->pinfs > 0)
		set_var_special(&var, NUMERIC_PINF);
	else if (state->ninfs > 0)
		set_var_special(&var, NUMERIC_NINF);
	else
		var = state->sum;
	return numeric_make_result(&var);
}

Datum
numeric_sum(PG_FUNCTION_ARGS)
{
	SumState *state = GET_STATE();

	if (state == NULL || state->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(total(state));
}

Datum
numeric_avg(PG_FUNCTION_ARGS)
{
	SumState *state = GET_STATE();

	if (state == NULL || state->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(quotient(total(state), state->n));
}

Datum
numeric_poly_sum(PG_FUNCTION_ARGS)
{
	SumState *state = GET_STATE();

	if (state == NULL || state->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(int128_to_numeric(state->int_sum));
}

Datum
numeric_poly_avg(PG_FUNCTION_ARGS)
{
	SumState *state = GET_STATE();

	if (state == NULL || state->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_NUMERIC(quotient(int128_to_numeric(state->int_sum), state->n));
}

/* (N * squares - sum^2) / (N * (N or N - 1)), or its root */
static Datum
deviation(FunctionCallInfo fcinfo, bool of_integers, bool sample, bool root)
{
	SumState *state = GET_STATE();
	NumericVar n, sum, squares, product, square, numerator, divisor, result;
	int scale;

	if (state == NULL || state->n < (sample ? 2 : 1))
		PG_RETURN_NULL();
	if (state->nans + state->pinfs + state->ninfs > 0)
	{
		set_var_special(&result, NUMERIC_NAN);
		PG_RETURN_NUMERIC(numeric_make_result(&result));
	}
	if (of_integers)
	{
		set_var_from_int128(state->int_sum, &sum);
		set_var_from_int128(state->int_squares, &squares);
	}
	else
	{
		sum = state->sum;
		squares = state->squares;
	}
	set_var_from_int128(state->n, &n);
	mul_var(&n, &squares, &product);
	mul_var(&sum, &sum, &square);
	sub_var(&product, &square, &numerator);
	if (numerator.ndigits == 0 || numerator.sign == NUMERIC_NEG)
		PG_RETURN_NUMERIC(int64_to_numeric(0));
	set_var_from_int128((__int128) state->n * (state->n - (sample ? 1 : 0)),
	                    &divisor);
	scale = select_div_scale(&numerator, &divisor);
	div_var(&numerator, &divisor, &result, scale, true);
	if (root)
	{
		NumericVar variance = result;

		sqrt_var(&variance, &result, scale);
	}
	PG_RETURN_NUMERIC(numeric_make_result(&result));
}

#define DEVIATION(name, of_integers, sample, root)           \
	Datum name(PG_FUNCTION_ARGS)                             \
	{                                                        \
		return deviation(fcinfo, of_integers, sample, root); \
	}

DEVIATION(numeric_var_pop, false, false, false)
DEVIATION(numeric_var_samp, false, true, false)
DEVIATION(numeric_stddev_pop, false, false, true)
DEVIATION(numeric_stddev_samp, false, true, true)
DEVIATION(numeric_poly_var_pop, true, false, false)
DEVIATION(numeric_poly_var_samp, true, true, false)
DEVIATION(numeric_poly_stddev_pop, true, false, true)
DEVIATION(numeric_poly_stddev_samp, true, true, true)
