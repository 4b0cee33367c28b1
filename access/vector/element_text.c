/*
 * element_text.c
 *	  Decimal text to float, fast where that is easy.
 *
 * COPY in text spends most of its time here.  Almost all elements have few
 * digits and a small exponent; for them one multiplication or division of
 * doubles, whose operands are exact, gives the nearest double, and rounding
 * that to float gives the nearest float, unless the double lies exactly in the
 * middle of two floats and the true value does not.  That case shows in the
 * double's last bits, and it, like everything unusual (more digits, large
 * exponents, subnormals, "inf", hexadecimal), is left to the C library.
 *
 * Rule: a fast path may give up, it may not be wrong.
 */
#include "postgres.h"

#include <errno.h>
#include <float.h>
#include <math.h>

#include "access/vector_text.h"

#define MAX_EXACT_POWER 22 /* largest power of ten that a double is exactly */
#define MAX_EXACT_INTEGER (UINT64CONST(1) << 53)

/* bits of a double's mantissa that a float has not */
#define SURPLUS_BITS 29

static const double powers_of_ten[MAX_EXACT_POWER + 1] = {
	1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* digits * 10^exponent rounded to float; false: it is not that easy */
static inline bool
easy_float(uint64 digits, int exponent, float *result)
{
	double value = (double) digits;
	uint64 bits;

	if (digits > MAX_EXACT_INTEGER || exponent < -MAX_EXACT_POWER ||
	    exponent > MAX_EXACT_POWER)
		return false;
	if (exponent < 0)
		value /= powers_of_ten[-exponent];
	else
		value *= powers_of_ten[exponent];
	if (digits != 0 && (value < 2.0 * FLT_MIN || value > FLT_MAX / 2.0))
		return false;
	memcpy(&bits, &value, sizeof(bits));
	if ((bits & ((UINT64CONST(1) << SURPLUS_BITS) - 1)) ==
	    UINT64CONST(1) << (SURPLUS_BITS - 1))
		return false;
	*result = (float) value;
	return true;
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Decimal digits at *p, added to *digits. */
static inline int
scan_digits(const char **p, uint64 *digits)
{
	const char *start = *p;
	uint64 value = *digits;

	for (; is_digit(**p); (*p)++)
		value = value * 10 + (uint64) (**p - '0');
	*digits = value;
	return (int) (*p - start);
}

float
VectorElementFromText(const char *text, char **end)
{
	const char *p = text;
	bool negative = *p == '-';
	uint64 digits = 0;
	int ndigits;
	int fraction = 0;
	int exponent = 0;
	float value;

	if (*p == '-' || *p == '+')
		p++;
	ndigits = scan_digits(&p, &digits);
	if (*p == '.')
	{
		p++;
		fraction = scan_digits(&p, &digits);
		ndigits += fraction;
	}
	/* Leading zeros count here, which costs little. */
	if (ndigits == 0 || ndigits > 18 || *p == 'x' || *p == 'X')
		return strtof(text, end);
	if (*p == 'e' || *p == 'E')
	{
		const char *q = p + 1;
		bool minus = *q == '-';
		uint64 power = 0;
		int npower;

		if (*q == '-' || *q == '+')
			q++;
		npower = scan_digits(&q, &power);
		if (npower > 4)
			return strtof(text, end);
		if (npower > 0)
		{
			exponent = minus ? -(int) power : (int) power;
			p = q;
		}
	}
	if (!easy_float(digits, exponent - fraction, &value))
		return strtof(text, end);
	*end = (char *) p;
	return negative ? -value : value;
}
