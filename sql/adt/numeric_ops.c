/*
 * numeric_ops.c
 *		Operators and functions of the type numeric.
 *
 * Corresponds to parts of PostgreSQL's utils/adt/numeric.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/adt.h"
#include "utils/builtins.h"
#include "utils/numeric_ops.h"
#include "utils/numeric_var.h"

#define GET_PAIR(a, b)                          \
	NumericVar a, b;                            \
	set_var_from_num(PG_GETARG_NUMERIC(0), &a); \
	set_var_from_num(PG_GETARG_NUMERIC(1), &b)

static Numeric
special_result(int sign)
{
	NumericVar var;

	set_var_special(&var, sign);
	return numeric_make_result(&var);
}

/* -1, 0, 1; not of NaN */
static int
sign_of(const NumericVar *var)
{
	if (var_is_special(var))
		return var->sign == NUMERIC_NINF ? -1 : 1;
	return var->ndigits == 0 ? 0 : var->sign == NUMERIC_NEG ? -1 : 1;
}

static int
infinity_of_sign(int sign)
{
	return sign > 0 ? NUMERIC_PINF : sign < 0 ? NUMERIC_NINF : NUMERIC_NAN;
}

#define EITHER_SPECIAL(a, b) (var_is_special(&(a)) || var_is_special(&(b)))
#define EITHER_NAN(a, b) ((a).sign == NUMERIC_NAN || (b).sign == NUMERIC_NAN)

/* ---- order ---- */

static int
compare(FunctionCallInfo fcinfo)
{
	GET_PAIR(a, b);

	return cmp_var(&a, &b);
}

#define COMPARISON(name, op)                  \
	Datum name(PG_FUNCTION_ARGS)              \
	{                                         \
		PG_RETURN_BOOL(compare(fcinfo) op 0); \
	}

COMPARISON(numeric_eq, ==)
COMPARISON(numeric_ne, !=)
COMPARISON(numeric_lt, <)
COMPARISON(numeric_le, <=)
COMPARISON(numeric_gt, >)
COMPARISON(numeric_ge, >=)

Datum
numeric_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

Datum
numeric_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(compare(fcinfo) > 0 ? PG_GETARG_DATUM(0)
	                                    : PG_GETARG_DATUM(1));
}

Datum
numeric_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(compare(fcinfo) < 0 ? PG_GETARG_DATUM(0)
	                                    : PG_GETARG_DATUM(1));
}

/* ---- arithmetic ---- */

/* Infinity plus itself is itself, plus its opposite NaN */
static Numeric
add_special(const NumericVar *a, const NumericVar *b)
{
	if (a->sign == NUMERIC_NAN || b->sign == NUMERIC_NAN ||
	    (var_is_special(a) && var_is_special(b) && a->sign != b->sign))
		return special_result(NUMERIC_NAN);
	return special_result(var_is_special(a) ? a->sign : b->sign);
}

Datum
numeric_add(PG_FUNCTION_ARGS)
{
	NumericVar result;

	GET_PAIR(a, b);

	if (EITHER_SPECIAL(a, b))
		PG_RETURN_NUMERIC(add_special(&a, &b));
	add_var(&a, &b, &result);
	PG_RETURN_NUMERIC(numeric_make_result(&result));
}

static void
negate(NumericVar *var)
{
	if (var->sign == NUMERIC_PINF)
		var->sign = NUMERIC_NINF;
	else if (var->sign == NUMERIC_NINF)
		var->sign = NUMERIC_PINF;
	else if (!var_is_special(var) && var->ndigits > 0)
		var->sign ^= NUMERIC_NEG;
}

Datum
numeric_sub(PG_FUNCTION_ARGS)
{
	NumericVar result;

	GET_PAIR(a, b);

	if (EITHER_SPECIAL(a, b))
	{
		negate(&b);
		PG_RETURN_NUMERIC(add_special(&a, &b));
	}
	sub_var(&a, &b, &result);
	PG_RETURN_NUMERIC(numeric_make_result(&result));
}

Datum
numeric_mul(PG_FUNCTION_ARGS)
{
	NumericVar result;

	GET_PAIR(a, b);

	if (EITHER_NAN(a, b))
		PG_RETURN_NUMERIC(special_result(NUMERIC_NAN));
	if (EITHER_SPECIAL(a, b))
		PG_RETURN_NUMERIC(
			special_result(infinity_of_sign(sign_of(&a) * sign_of(&b))));
	mul_var(&a, &b, &result);
	if (result.dscale > 0x3FFF)
		round_var(&result, 0x3FFF);
	PG_RETURN_NUMERIC(numeric_make_result(&result));
}

/* true: *result is it; b may be zero only then */
static bool
divide_special(const NumericVar *a, const NumericVar *b, Numeric *result)
{
	if (a->sign == NUMERIC_NAN || b->sign == NUMERIC_NAN)
	{
		*result = special_result(NUMERIC_NAN);
		return true;
	}
	if (!var_is_special(b) && b->ndigits == 0)
		division_by_zero();
	if (var_is_special(a))
		*result = special_result(
			var_is_special(b) ? NUMERIC_NAN
							  : infinity_of_sign(sign_of(a) * sign_of(b)));
	else if (var_is_special(b))
		*result = int64_to_numeric(0);
	else
		return false;
	return true;
}

Datum
numeric_div(PG_FUNCTION_ARGS)
{
	NumericVar result;
	Numeric special;

	GET_PAIR(a, b);

	if (divide_special(&a, &b, &special))
		PG_RETURN_NUMERIC(special);
	div_var(&a, &b, &result, select_div_scale(&a, &b), true);
	PG_RETURN_NUMERIC(numeric_make_result(&result));
}

Datum
numeric_div_trunc(PG_FUNCTION_ARGS)
{
	NumericVar result;
	Numeric special;

	GET_PAIR(a, b);

	if (divide_special(&a, &b, &special))
		PG_RETURN_NUMERIC(special);
	div_var(&a, &b, &result, 0, false);
	PG_RETURN_NUMERIC(numeric_make_result(&result));
}

/* of the sign of the dividend */
Datum
numeric_mod(PG_FUNCTION_ARGS)
{
	NumericVar quotient, product, result;

	GET_PAIR(a, b);

	if (EITHER_NAN(a, b))
		PG_RETURN_NUMERIC(special_result(NUMERIC_NAN));
	if (!var_is_special(&b) && b.ndigits == 0)
		division_by_zero();
	if (var_is_special(&a))
		PG_RETURN_NUMERIC(special_result(NUMERIC_NAN));
	if (var_is_special(&b))
		PG_RETURN_NUMERIC(numeric_make_result(&a));
	div_var(&a, &b, &quotient, 0, false);
	mul_var(&quotient, &b, &product);
	sub_var(&a, &product, &result);
	result.dscale = Max(a.dscale, b.dscale);
	PG_RETURN_NUMERIC(numeric_make_result(&result));
}

Datum
numeric_inc(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall2(numeric_add, PG_GETARG_DATUM(0),
	                           NumericGetDatum(int64_to_numeric(1)));
}

Datum
numeric_uminus(PG_FUNCTION_ARGS)
{
	NumericVar var;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	negate(&var);
	PG_RETURN_NUMERIC(numeric_make_result(&var));
}

Datum
numeric_uplus(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(PG_GETARG_NUMERIC(0));
}

Datum
numeric_abs(PG_FUNCTION_ARGS)
{
	NumericVar var;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	if (var.sign == NUMERIC_NEG || var.sign == NUMERIC_NINF)
		negate(&var);
	PG_RETURN_NUMERIC(numeric_make_result(&var));
}

Datum
numeric_sign(PG_FUNCTION_ARGS)
{
	NumericVar var;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	if (var.sign == NUMERIC_NAN)
		PG_RETURN_NUMERIC(special_result(NUMERIC_NAN));
	PG_RETURN_NUMERIC(int64_to_numeric(sign_of(&var)));
}

Datum
numeric_fac(PG_FUNCTION_ARGS)
{
	int64 n = PG_GETARG_INT64(0);
	NumericVar product;

	if (n < 0)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("factorial of a negative number is undefined")));
	/* the greatest one that the stored form holds */
	if (n > 32177)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("value overflows numeric format")));
	set_var_from_int128(1, &product);
	for (int64 i = 2; i <= n; i++)
	{
		NumericVar factor;

		CHECK_FOR_INTERRUPTS();
		set_var_from_int128(i, &factor);
		mul_var(&product, &factor, &product);
	}
	PG_RETURN_NUMERIC(numeric_make_result(&product));
}

/* ---- rounding ---- */

/* decimal digits around the point that the stored form holds */
#define MAX_DIGITS_BEFORE ((32767 + 1) * 4 + 1)
#define MAX_DIGITS_BEHIND 0x3FFF

static Datum
cut(FunctionCallInfo fcinfo, void (*function)(NumericVar *, int))
{
	int32 scale = PG_GETARG_INT32(1);
	NumericVar var;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	if (!var_is_special(&var))
		function(&var, Min(Max(scale, -MAX_DIGITS_BEFORE), MAX_DIGITS_BEHIND));
	PG_RETURN_NUMERIC(numeric_make_result(&var));
}

Datum
numeric_round(PG_FUNCTION_ARGS)
{
	return cut(fcinfo, round_var);
}

Datum
numeric_trunc(PG_FUNCTION_ARGS)
{
	return cut(fcinfo, trunc_var);
}

/* to no decimal places */
static Datum
cut_whole(FunctionCallInfo fcinfo, void (*function)(NumericVar *, int))
{
	NumericVar var;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	if (!var_is_special(&var))
		function(&var, 0);
	PG_RETURN_NUMERIC(numeric_make_result(&var));
}

Datum
numeric_round_whole(PG_FUNCTION_ARGS)
{
	return cut_whole(fcinfo, round_var);
}

Datum
numeric_trunc_whole(PG_FUNCTION_ARGS)
{
	return cut_whole(fcinfo, trunc_var);
}

/* the integer at or next to the value on the given side */
static Datum
next_integer(FunctionCallInfo fcinfo, int side)
{
	NumericVar var, whole, one, result;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	if (var_is_special(&var))
		PG_RETURN_NUMERIC(numeric_make_result(&var));
	set_var_from_num(PG_GETARG_NUMERIC(0), &whole);
	trunc_var(&whole, 0);
	if (cmp_var(&var, &whole) * side <= 0)
		PG_RETURN_NUMERIC(numeric_make_result(&whole));
	set_var_from_int128(side, &one);
	add_var(&whole, &one, &result);
	PG_RETURN_NUMERIC(numeric_make_result(&result));
}

Datum
numeric_ceil(PG_FUNCTION_ARGS)
{
	return next_integer(fcinfo, 1);
}

Datum
numeric_floor(PG_FUNCTION_ARGS)
{
	return next_integer(fcinfo, -1);
}

Datum
numeric_scale(PG_FUNCTION_ARGS)
{
	NumericVar var;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	if (var_is_special(&var))
		PG_RETURN_NULL();
	PG_RETURN_INT32(var.dscale);
}

/* ---- square root ---- */

/* Newton's iteration, four places more exact than asked for */
void
sqrt_var(const NumericVar *value, NumericVar *result, int rscale)
{
	NumericVar two, x;
	int working_scale = Max(rscale, 0) + 4;

	if (value->ndigits == 0)
	{
		set_var_special(result, NUMERIC_POS);
		result->dscale = Max(rscale, 0);
		return;
	}
	set_var_from_int128(2, &two);

	/* a power of the base that is not below the root */
	alloc_var(&x, 1);
	x.digits[0] = 1;
	x.weight = (value->weight >= 0 ? value->weight : value->weight - 1) / 2 + 1;
	x.sign = NUMERIC_POS;
	x.dscale = 0;
	for (;;)
	{
		NumericVar quotient, sum, next;

		div_var(value, &x, &quotient, working_scale, false);
		add_var(&x, &quotient, &sum);
		div_var(&sum, &two, &next, working_scale, false);
		/* from above it falls until it has arrived */
		if (cmp_var(&next, &x) >= 0)
			break;
		x = next;
	}
	round_var(&x, rscale);
	*result = x;
}

Datum
numeric_sqrt(PG_FUNCTION_ARGS)
{
	NumericVar var, result;
	int scale;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	if (var.sign == NUMERIC_NEG || var.sign == NUMERIC_NINF)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_ARGUMENT_FOR_POWER_FUNCTION),
		         errmsg("cannot take square root of a negative number")));
	if (var_is_special(&var))
		PG_RETURN_NUMERIC(numeric_make_result(&var));
	scale = NUMERIC_MIN_SIG_DIGITS -
	        (var.weight >= 0 ? (var.weight + 1) * DEC_DIGITS / 2 - 1
	                         : -((-var.weight - 1) * DEC_DIGITS / 2 + 1));
	scale = Max(Max(scale, var.dscale), 0);
	sqrt_var(&var, &result, Min(scale, NUMERIC_MAX_DISPLAY_SCALE));
	PG_RETURN_NUMERIC(numeric_make_result(&result));
}
