/*
 * shortest.c
 *		The shortest decimal text that reads back as the same double.
 *
 * Of all decimal numbers between the two neighbours' halves of the way, we want
 * one of the fewest digits, and of these the nearest.  A value is scaled by a
 * power of ten to an integer part of 17 digits; then for ever fewer digits the two multiples around it are tried.  The scaled
 * value and the borders are computed in a type of more than twice the digits,
 * so a candidate is never misjudged but where it lies on a border itself to
 * 1 part in 10^30, and there it is left out: PostgreSQL does not use the
 * borders either, although reading would round them to even.
 *
 * Corresponds to PostgreSQL's common/d2s.c, which does the same with tables of
 * integers; single-precision floats are in shortest_float.c.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "utils/builtins.h"

typedef __float128 Wide;

/* digits that always tell a double from its neighbours */
#define DIGITS_DOUBLE 17

/* relative error of a scaled value, with room to spare */
#define RELATIVE_ERROR ((Wide) 1e-31)

typedef struct Decimal
{
	uint64 digits; /* no trailing zeros */
	int ndigits;
	int exponent; /* of the first digit */
} Decimal;

/* 10^n, for any n that a double needs */
static Wide
power_of_ten(int n)
{
	Wide result = 1;
	Wide base = 10;
	int k = n < 0 ? -n : n;

	for (; k > 0; k >>= 1)
	{
		if (k & 1)
			result *= base;
		base *= base;
	}
	return n < 0 ? 1 / result : result;
}

/*
 * value is positive and finite; gap is the distance to its upper neighbour,
 * low_gap that to the lower one.
 */
static Decimal
shortest_decimal(double value, double gap, double low_gap, int max_digits)
{
	int exponent = (int) floor(log10(value));
	Wide scale = power_of_ten(max_digits - 1 - exponent);
	Wide scaled = value * scale;
	Wide limit = power_of_ten(max_digits);
	Wide low, high;
	Decimal result;
	uint64 unit;

	/* the logarithm of a value near a power of ten may be off by one */
	if (scaled >= limit)
	{
		exponent++;
		scale /= 10;
		scaled = value * scale;
	}
	else if (scaled < limit / 10)
	{
		exponent--;
		scale *= 10;
		scaled = value * scale;
	}
	low = scaled - (Wide) low_gap * scale / 2 + scaled * RELATIVE_ERROR;
	high = scaled + (Wide) gap * scale / 2 - scaled * RELATIVE_ERROR;

	/* from the coarsest unit, that of one digit, or of none but a carry */
	unit = 1;
	for (int i = 0; i < max_digits; i++)
		unit *= 10;
	for (;; unit /= 10)
	{
		uint64 below = (uint64) scaled / unit * unit;
		uint64 above = below + unit;
		bool below_fits = below > 0 && (Wide) below > low;
		bool above_fits = (Wide) above < high;

		Assert(unit >= 1);
		if (below_fits && above_fits)
		{
			Wide down = scaled - below;
			Wide up = above - scaled;

			below_fits = down < up || (down == up && (below / unit) % 2 == 0);
		}
		if (below_fits || above_fits || unit == 1)
		{
			/* a unit of 1 is exact enough by the choice of max_digits */
			if (!below_fits && !above_fits)
				below_fits = scaled - below < above - scaled;
			result.digits = below_fits ? below : above;
			break;
		}
	}

	result.exponent = exponent;
	result.ndigits = max_digits;
	if (result.digits >= (uint64) limit)
	{
		result.exponent++;
		result.ndigits++;
	}
	while (result.digits % 10 == 0)
	{
		result.digits /= 10;
		result.ndigits--;
	}
	return result;
}

/*
 * Fixed notation from 1e-4 to below 1e(fixed_digits), otherwise an exponent of
 * two digits at least.
 */
static int
write_decimal(Decimal d, int fixed_digits, char *out)
{
	char digits[24] = "0";
	char *p = out;
	uint64 rest = d.digits;

	for (int i = d.ndigits - 1; i >= 0; i--)
	{
		digits[i] = '0' + rest % 10;
		rest /= 10;
	}
	if (d.exponent < -4 || d.exponent >= fixed_digits)
	{
		*p++ = digits[0];
		if (d.ndigits > 1)
		{
			*p++ = '.';
			memcpy(p, digits + 1, d.ndigits - 1);
			p += d.ndigits - 1;
		}
		*p++ = 'e';
		*p++ = d.exponent < 0 ? '-' : '+';
		if (abs(d.exponent) < 10)
			*p++ = '0';
		p += pg_lltoa(abs(d.exponent), p);
	}
	else if (d.exponent < 0)
	{
		*p++ = '0';
		*p++ = '.';
		for (int i = -1; i > d.exponent; i--)
			*p++ = '0';
		memcpy(p, digits, d.ndigits);
		p += d.ndigits;
	}
	else
	{
		for (int i = 0; i <= d.exponent || i < d.ndigits; i++)
		{
			if (i == d.exponent + 1)
				*p++ = '.';
			*p++ = i < d.ndigits ? digits[i] : '0';
		}
	}
	return p - out;
}

/* NaN, the infinities, zero and small integers; -1 for any other */
static int
write_special(double value, int64 below, char *out)
{
	char *p = out;

	if (isnan(value))
		return sprintf(out, "NaN");
	if (isinf(value))
		return sprintf(out, value < 0 ? "-Infinity" : "Infinity");
	if (!(fabs(value) < below && value == (double) (int64) value))
		return -1;
	if (signbit(value))
		*p++ = '-';
	p += pg_lltoa((int64) fabs(value), p);
	return p - out;
}

int
double_to_shortest_decimal_buf(double f, char *result)
{
	int len = write_special(f, INT64CONST(1000000000000000), result);

	if (len < 0)
	{
		double a = fabs(f);
		double low_gap = a - nextafter(a, 0);
		double gap = a == DBL_MAX ? low_gap : nextafter(a, INFINITY) - a;

		len = 0;
		if (f < 0)
			result[len++] = '-';
		len += write_decimal(shortest_decimal(a, gap, low_gap, DIGITS_DOUBLE),
		                     15, result + len);
	}
	result[len] = '\0';
	return len;
}
