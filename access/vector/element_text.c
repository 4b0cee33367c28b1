/*
 * element_text.c
 *	  Decimal text to float and back, fast where that is easy.
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

static const uint64 integer_powers[] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

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

/*
 * The digits of a positive value, without trailing zeros, and the exponent of
 * the first; their number, or 0 if it is not that easy.
 *
 * Any number of up to six digits comes back from the float that it makes, so
 * fewer than six need no trial; nine make any float.
 */
static int
shortest_digits(float value, uint64 *digits, int *exponent)
{
	int first = (int) floor(log10((double) value));
	double scaled;

	if (8 - first > MAX_EXACT_POWER || first - 8 > MAX_EXACT_POWER)
		return 0;
	scaled = 8 - first >= 0 ? (double) value * powers_of_ten[8 - first]
	                        : (double) value / powers_of_ten[first - 8];
	for (int n = 6; n <= 9; n++)
	{
		double wanted = scaled / (double) integer_powers[9 - n];
		uint64 candidate = (uint64) (wanted + 0.5);
		float back;

		/* Which of two is nearer must not depend on rounding. */
		if (fabs(wanted + 0.5 - rint(wanted + 0.5)) < 1e-6)
			return 0;
		if (!easy_float(candidate, first - n + 1, &back))
			return 0;
		if (back != value && n < 9)
			continue;
		while (candidate % 10 == 0)
		{
			candidate /= 10;
			n--;
		}
		if (candidate >= integer_powers[n] || n < 1)
			return 0;
		*digits = candidate;
		*exponent = first;
		return back == value ? n : 0;
	}
	return 0;
}

static char *
put_digits(char *out, uint64 digits, int n)
{
	for (int i = n - 1; i >= 0; i--)
	{
		out[i] = (char) ('0' + digits % 10);
		digits /= 10;
	}
	return out + n;
}

/* n digits, of which the first has the exponent. */
static int
lay_out(char *out, uint64 digits, int n, int exponent)
{
	char *p = out;

	if (exponent < -4 || exponent >= 6)
	{
		p = put_digits(p, digits / integer_powers[n - 1], 1);
		if (n > 1)
		{
			*p++ = '.';
			p = put_digits(p, digits % integer_powers[n - 1], n - 1);
		}
		return (int) (p - out) + sprintf(p, "e%+03d", exponent);
	}
	if (exponent < 0)
	{
		*p++ = '0';
		*p++ = '.';
		for (int i = -1; i > exponent; i--)
			*p++ = '0';
		p = put_digits(p, digits, n);
	}
	else if (n <= exponent + 1)
		p = put_digits(p, digits * integer_powers[exponent + 1 - n],
		               exponent + 1);
	else
	{
		int behind = n - exponent - 1;

		p = put_digits(p, digits / integer_powers[behind], exponent + 1);
		*p++ = '.';
		p = put_digits(p, digits % integer_powers[behind], behind);
	}
	*p = '\0';
	return (int) (p - out);
}

/* By trial, with the C library. */
static int
thorough(float value, char *out)
{
	char text[VECTOR_ELEMENT_TEXT];
	int last; /* index of the last digit that is needed */
	int exponent;

	for (last = fabsf(value) < FLT_MIN ? 0 : 5; last < 8; last++)
	{
		snprintf(text, sizeof(text), "%.*e", last, value);
		if (strtof(text, NULL) == value)
			break;
	}
	snprintf(text, sizeof(text), "%.*e", last, value);
	exponent = atoi(strchr(text, 'e') + 1);
	for (char *digit = strchr(text, 'e') - 1; last > 0 && *digit == '0';
	     digit--)
		last--;

	if (exponent < -4 || exponent >= 6)
		return snprintf(out, VECTOR_ELEMENT_TEXT, "%.*e", last, value);
	return snprintf(out, VECTOR_ELEMENT_TEXT, "%.*f", Max(last - exponent, 0),
	                value);
}

int
VectorElementToText(float value, char *out)
{
	uint64 digits;
	int exponent;
	int n;
	int sign = 0;

	if (signbit(value))
	{
		*out = '-';
		sign = 1;
	}
	if (value == 0)
	{
		out[sign] = '0';
		out[sign + 1] = '\0';
		return sign + 1;
	}
	if (fabsf(value) < 1e6f && value == (float) (int) value)
	{
		digits = (uint64) fabsf(value);
		n = 1;
		while (digits >= integer_powers[n])
			n++;
		put_digits(out + sign, digits, n)[0] = '\0';
		return sign + n;
	}
	n = fabsf(value) < FLT_MIN
	        ? 0
	        : shortest_digits(fabsf(value), &digits, &exponent);
	if (n == 0)
		return sign + thorough(fabsf(value), out + sign);
	return sign + lay_out(out + sign, digits, n, exponent);
}
