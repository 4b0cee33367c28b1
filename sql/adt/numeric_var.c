/*
 * numeric_var.c
 *		Arithmetic in base 10000 for the type numeric.
 *
 * Addition, subtraction and multiplication are exact.  Division is Knuth's
 * algorithm D with one digit to spare, so that the rounding sees the digit
 * behind the last one it keeps.
 *
 * Corresponds to parts of PostgreSQL's utils/adt/numeric.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/numeric_var.h"

void
alloc_var(NumericVar *var, int ndigits)
{
	var->digits = (int16 *) palloc0(sizeof(int16) * (ndigits + 1)) + 1;
	var->ndigits = ndigits;
}

void
set_var_special(NumericVar *var, int sign)
{
	alloc_var(var, 0);
	var->weight = 0;
	var->sign = sign;
	var->dscale = 0;
}

/* without leading and trailing zeros; zero has no digits and no sign */
void
strip_var(NumericVar *var)
{
	while (var->ndigits > 0 && var->digits[0] == 0)
	{
		var->digits++;
		var->weight--;
		var->ndigits--;
	}
	while (var->ndigits > 0 && var->digits[var->ndigits - 1] == 0)
		var->ndigits--;
	if (var->ndigits == 0)
	{
		var->weight = 0;
		if (!var_is_special(var))
			var->sign = NUMERIC_POS;
	}
}

void
set_var_from_int128(__int128 val, NumericVar *var)
{
	unsigned __int128 rest =
		val < 0 ? -(unsigned __int128) val : (unsigned __int128) val;

	alloc_var(var, 10);
	for (int i = 9; i >= 0; i--)
	{
		var->digits[i] = (int16) (rest % NBASE);
		rest /= NBASE;
	}
	var->weight = 9;
	var->dscale = 0;
	var->sign = val < 0 ? NUMERIC_NEG : NUMERIC_POS;
	strip_var(var);
}

/* ---- rounding ---- */

/* decimal places and what must be kept before them, or less than 0 for none */
static void
cut_var(NumericVar *var, int rscale, bool round)
{
	static const int powers[] = {10000, 1000, 100, 10};
	int keep = rscale + (var->weight + 1) * DEC_DIGITS;
	int ndigits;
	bool carry = false;

	var->dscale = Max(rscale, 0);
	if (keep < 0)
	{
		var->ndigits = 0;
		strip_var(var);
		return;
	}
	ndigits = (keep + DEC_DIGITS - 1) / DEC_DIGITS;
	keep %= DEC_DIGITS;
	if (ndigits > var->ndigits || (ndigits == var->ndigits && keep == 0))
		return;

	if (keep == 0)
		carry = var->digits[ndigits] >= NBASE / 2;
	else
	{
		int unit = powers[keep];
		int16 *last = &var->digits[ndigits - 1];
		int extra = *last % unit;

		*last -= extra;
		if (round && extra >= unit / 2)
		{
			if (*last + unit == NBASE)
			{
				*last = 0;
				carry = true;
			}
			else
				*last += unit;
			/* the carry is one of the digit before */
			if (carry)
				ndigits--;
		}
	}
	var->ndigits = ndigits;
	for (int i = ndigits - 1; round && carry; i--)
	{
		if (i < 0)
		{
			var->digits--;
			var->digits[0] = 1;
			var->ndigits++;
			var->weight++;
			carry = false;
		}
		else if (var->digits[i] == NBASE - 1)
			var->digits[i] = 0;
		else
		{
			var->digits[i]++;
			carry = false;
		}
	}
	strip_var(var);
}

void
round_var(NumericVar *var, int rscale)
{
	cut_var(var, rscale, true);
}

void
trunc_var(NumericVar *var, int rscale)
{
	cut_var(var, rscale, false);
}

/* ---- order ---- */

static inline int
digit_at(const NumericVar *var, int weight)
{
	int i = var->weight - weight;

	return i >= 0 && i < var->ndigits ? var->digits[i] : 0;
}

static inline int
lowest_weight(const NumericVar *var)
{
	return var->weight - var->ndigits + 1;
}

static int
cmp_abs(const NumericVar *a, const NumericVar *b)
{
	int high = Max(a->weight, b->weight);
	int low = Min(lowest_weight(a), lowest_weight(b));

	for (int w = high; w >= low; w--)
	{
		int difference = digit_at(a, w) - digit_at(b, w);

		if (difference != 0)
			return difference > 0 ? 1 : -1;
	}
	return 0;
}

static int
special_rank(const NumericVar *var)
{
	switch (var->sign)
	{
		case NUMERIC_NAN:
			return 2;
		case NUMERIC_PINF:
			return 1;
		case NUMERIC_NINF:
			return -1;
		default:
			return 0;
	}
}

/* -Infinity, the finite ones, Infinity, NaN */
int
cmp_var(const NumericVar *a, const NumericVar *b)
{
	if (var_is_special(a) || var_is_special(b))
		return (special_rank(a) > special_rank(b)) -
		       (special_rank(a) < special_rank(b));
	if (a->ndigits == 0 || b->ndigits == 0 || a->sign != b->sign)
	{
		int sign_a = a->ndigits == 0 ? 0 : a->sign == NUMERIC_NEG ? -1 : 1;
		int sign_b = b->ndigits == 0 ? 0 : b->sign == NUMERIC_NEG ? -1 : 1;

		return (sign_a > sign_b) - (sign_a < sign_b);
	}
	return a->sign == NUMERIC_NEG ? -cmp_abs(a, b) : cmp_abs(a, b);
}

/* ---- sums ---- */

/* |a| + |b|, or |a| - |b| where |a| >= |b| */
static void
combine_abs(const NumericVar *a, const NumericVar *b, bool subtract, int sign,
            NumericVar *result)
{
	int high = Max(a->weight, b->weight) + 1;
	int low = Min(lowest_weight(a), lowest_weight(b));
	NumericVar sum;
	int carry = 0;

	low = Min(low, high);
	alloc_var(&sum, high - low + 1);
	sum.weight = high;
	sum.sign = sign;
	sum.dscale = Max(a->dscale, b->dscale);
	for (int w = low; w <= high; w++)
	{
		int digit = digit_at(a, w) + carry +
		            (subtract ? -digit_at(b, w) : digit_at(b, w));

		carry = digit < 0 ? -1 : digit >= NBASE ? 1 : 0;
		sum.digits[high - w] = (int16) (digit - carry * NBASE);
	}
	Assert(carry == 0);
	strip_var(&sum);
	*result = sum;
}

static void
add_signed(const NumericVar *a, const NumericVar *b, int sign_b,
           NumericVar *result)
{
	int sign_a = a->sign;

	if (sign_a == sign_b)
		combine_abs(a, b, false, sign_a, result);
	else if (cmp_abs(a, b) >= 0)
		combine_abs(a, b, true, sign_a, result);
	else
		combine_abs(b, a, true, sign_b, result);
}

void
add_var(const NumericVar *a, const NumericVar *b, NumericVar *result)
{
	add_signed(a, b, b->sign, result);
}

void
sub_var(const NumericVar *a, const NumericVar *b, NumericVar *result)
{
	add_signed(a, b, b->sign == NUMERIC_POS ? NUMERIC_NEG : NUMERIC_POS,
	           result);
}

/* ---- products ---- */

void
mul_var(const NumericVar *a, const NumericVar *b, NumericVar *result)
{
	NumericVar product;
	int n = a->ndigits + b->ndigits;
	int64 *sums = palloc0(sizeof(int64) * Max(n, 1));
	int64 carry = 0;

	for (int i = 0; i < a->ndigits; i++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < b->ndigits; j++)
			sums[i + j + 1] += (int32) a->digits[i] * b->digits[j];
	}
	alloc_var(&product, n);
	for (int i = n - 1; i >= 0; i--)
	{
		int64 digit = sums[i] + carry;

		product.digits[i] = (int16) (digit % NBASE);
		carry = digit / NBASE;
	}
	Assert(carry == 0);
	pfree(sums);
	product.weight = a->weight + b->weight + 1;
	product.sign = a->sign == b->sign ? NUMERIC_POS : NUMERIC_NEG;
	product.dscale = a->dscale + b->dscale;
	strip_var(&product);
	*result = product;
}

/* ---- quotients ---- */

/* 16 significant digits at least, and no fewer places than either operand */
int
select_div_scale(const NumericVar *a, const NumericVar *b)
{
	int weight = (a->ndigits > 0 ? a->weight : 0) - b->weight;
	int first_a = a->ndigits > 0 ? a->digits[0] : 0;
	int scale;

	Assert(b->ndigits > 0);
	if (first_a <= b->digits[0])
		weight--;
	scale = NUMERIC_MIN_SIG_DIGITS - weight * DEC_DIGITS;
	scale = Max(scale, Max(a->dscale, b->dscale));
	return Min(Max(scale, 0), NUMERIC_MAX_DISPLAY_SCALE);
}

/*
 * u of m + n digits over v of n digits, v[0] > 0: the m + 1 digits of the
 * quotient.  u has one more digit, 0, in front; it becomes the remainder.
 */
static void
divide_digits(int32 *u, int32 *v, int m, int n, int16 *quotient)
{
	int scale = NBASE / (v[0] + 1);

	if (n == 1)
	{
		int64 rest = 0;

		for (int i = 0; i <= m; i++)
		{
			rest = rest * NBASE + u[i + 1];
			quotient[i] = (int16) (rest / v[0]);
			rest %= v[0];
		}
		return;
	}

	/* a leading digit of at least half the base makes the estimate good */
	for (int i = m + n, carry = 0; i >= 0; i--)
	{
		int digit = u[i] * scale + carry;

		u[i] = digit % NBASE;
		carry = digit / NBASE;
	}
	for (int i = n - 1, carry = 0; i >= 0; i--)
	{
		int digit = v[i] * scale + carry;

		v[i] = digit % NBASE;
		carry = digit / NBASE;
	}
	for (int j = 0; j <= m; j++)
	{
		int64 top = (int64) u[j] * NBASE + u[j + 1];
		int64 digit = top / v[0];
		int64 rest = top % v[0];
		int64 borrow = 0;

		CHECK_FOR_INTERRUPTS();
		while (digit >= NBASE ||
		       (rest < NBASE && digit * v[1] > rest * NBASE + u[j + 2]))
		{
			digit--;
			rest += v[0];
			if (rest >= NBASE)
				break;
		}
		for (int i = n - 1; i >= 0; i--)
		{
			int64 difference = u[i + j + 1] - digit * v[i] - borrow;

			borrow = difference < 0 ? (-difference + NBASE - 1) / NBASE : 0;
			u[i + j + 1] = (int32) (difference + borrow * NBASE);
		}
		u[j] -= (int32) borrow;
		if (u[j] < 0)
		{
			/* one too many: give one divisor back */
			int carry = 0;

			digit--;
			for (int i = n - 1; i >= 0; i--)
			{
				int sum = u[i + j + 1] + v[i] + carry;

				carry = sum >= NBASE;
				u[i + j + 1] = sum - carry * NBASE;
			}
			u[j] += carry;
		}
		quotient[j] = (int16) digit;
	}
}

void
div_var(const NumericVar *a, const NumericVar *b, NumericVar *result,
        int rscale, bool round)
{
	int fraction = (Max(rscale, 0) + DEC_DIGITS - 1) / DEC_DIGITS + 1;
	int n = b->ndigits;
	/* digits of the dividend, so that the quotient's unit is the last kept */
	int length = fraction + a->weight + 1 - (b->weight + 1) + n;
	NumericVar quotient;
	int32 *u;
	int32 *v;
	int m;

	Assert(n > 0 && b->digits[0] > 0);
	if (a->ndigits == 0 || length < n)
	{
		set_var_special(result, NUMERIC_POS);
		result->dscale = Max(rscale, 0);
		return;
	}
	m = length - n;
	u = palloc0(sizeof(int32) * (length + 2));
	v = palloc0(sizeof(int32) * n);
	for (int i = 0; i < length && i < a->ndigits; i++)
		u[i + 1] = a->digits[i];
	for (int i = 0; i < n; i++)
		v[i] = b->digits[i];
	alloc_var(&quotient, m + 1);
	divide_digits(u, v, m, n, quotient.digits);
	pfree(u);
	pfree(v);
	quotient.weight = m - fraction;
	quotient.sign = a->sign == b->sign ? NUMERIC_POS : NUMERIC_NEG;
	quotient.dscale = rscale;
	cut_var(&quotient, rscale, round);
	strip_var(&quotient);
	quotient.dscale = Max(rscale, 0);
	*result = quotient;
}
