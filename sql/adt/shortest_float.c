/*
 * shortest_float.c
 *		The shortest decimal text of a single-precision float.
 *
 * COPY of vectors to text spends its time here, so no trial and no division of
 * wide numbers: the method is Schubfach (R. Giulietti, "The Schubfach way to
 * render doubles", 2020).  A float is c * 2^q; all numbers between the halves
 * of the way to its neighbours read back as it.  A power of ten, 10^k, is
 * chosen that is not longer than this interval, while ten times it is longer:
 * so at most one multiple of 10^(k+1) lies in the interval, and if there is one
 * it is the shortest; else of the multiples of 10^k around the float the nearer
 * one that lies in it is.
 *
 * All is compared as integers, in quarters of 10^k: four times the float and
 * the borders are multiplied by a 64-bit power of ten, and what is cut off is
 * kept as an odd last bit, which is enough for each comparison to come out as
 * with exact numbers.
 *
 * The borders themselves are not used, as in PostgreSQL, although reading
 * would round them to even.
 *
 * Corresponds to PostgreSQL's common/f2s.c; doubles are in shortest.c.
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#define MANTISSA_BITS 23
#define EXPONENT_BIAS (127 + MANTISSA_BITS)
#define SMALLEST_POWER (-31)

/* from here on, and below 1e-4, with an exponent */
#define FIXED_DIGITS 6

/* 10^(SMALLEST_POWER + i), scaled to 64 bits and rounded up */
static const uint64 powers_of_ten[] = {
	0x81CEB32C4B43FCF5ULL, 0xA2425FF75E14FC32ULL, 0xCAD2F7F5359A3B3FULL,
	0xFD87B5F28300CA0EULL, 0x9E74D1B791E07E49ULL, 0xC612062576589DDBULL,
	0xF79687AED3EEC552ULL, 0x9ABE14CD44753B53ULL, 0xC16D9A0095928A28ULL,
	0xF1C90080BAF72CB2ULL, 0x971DA05074DA7BEFULL, 0xBCE5086492111AEBULL,
	0xEC1E4A7DB69561A6ULL, 0x9392EE8E921D5D08ULL, 0xB877AA3236A4B44AULL,
	0xE69594BEC44DE15CULL, 0x901D7CF73AB0ACDAULL, 0xB424DC35095CD810ULL,
	0xE12E13424BB40E14ULL, 0x8CBCCC096F5088CCULL, 0xAFEBFF0BCB24AAFFULL,
	0xDBE6FECEBDEDD5BFULL, 0x89705F4136B4A598ULL, 0xABCC77118461CEFDULL,
	0xD6BF94D5E57A42BDULL, 0x8637BD05AF6C69B6ULL, 0xA7C5AC471B478424ULL,
	0xD1B71758E219652CULL, 0x83126E978D4FDF3CULL, 0xA3D70A3D70A3D70BULL,
	0xCCCCCCCCCCCCCCCDULL, 0x8000000000000000ULL, 0xA000000000000000ULL,
	0xC800000000000000ULL, 0xFA00000000000000ULL, 0x9C40000000000000ULL,
	0xC350000000000000ULL, 0xF424000000000000ULL, 0x9896800000000000ULL,
	0xBEBC200000000000ULL, 0xEE6B280000000000ULL, 0x9502F90000000000ULL,
	0xBA43B74000000000ULL, 0xE8D4A51000000000ULL, 0x9184E72A00000000ULL,
	0xB5E620F480000000ULL, 0xE35FA931A0000000ULL, 0x8E1BC9BF04000000ULL,
	0xB1A2BC2EC5000000ULL, 0xDE0B6B3A76400000ULL, 0x8AC7230489E80000ULL,
	0xAD78EBC5AC620000ULL, 0xD8D726B7177A8000ULL, 0x878678326EAC9000ULL,
	0xA968163F0A57B400ULL, 0xD3C21BCECCEDA100ULL, 0x84595161401484A0ULL,
	0xA56FA5B99019A5C8ULL, 0xCECB8F27F4200F3AULL, 0x813F3978F8940985ULL,
	0xA18F07D736B90BE6ULL, 0xC9F2C9CD04674EDFULL, 0xFC6F7C4045812297ULL,
	0x9DC5ADA82B70B59EULL, 0xC5371912364CE306ULL, 0xF684DF56C3E01BC7ULL,
	0x9A130B963A6C115DULL, 0xC097CE7BC90715B4ULL, 0xF0BDC21ABB48DB21ULL,
	0x96769950B50D88F5ULL, 0xBC143FA4E250EB32ULL, 0xEB194F8E1AE525FEULL,
	0x92EFD1B8D0CF37BFULL, 0xB7ABC627050305AEULL, 0xE596B7B0C643C71AULL,
	0x8F7E32CE7BEA5C70ULL, 0xB35DBF821AE4F38CULL,
};

StaticAssertDecl(lengthof(powers_of_ten) == 77, "10^-31 to 10^45");

static const uint32 integer_powers[] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

static const char digit_pairs[] = "00010203040506070809"
								  "10111213141516171819"
								  "20212223242526272829"
								  "30313233343536373839"
								  "40414243444546474849"
								  "50515253545556575859"
								  "60616263646566676869"
								  "70717273747576777879"
								  "80818283848586878889"
								  "90919293949596979899";

static inline int
floor_log2_of_power_of_ten(int k)
{
	return (k * 1741647) >> 19;
}

/* floor(log10(2^q)), or that of 3/4 * 2^q, how long an uneven interval is */
static inline int
floor_log10_of_power_of_two(int q, bool uneven)
{
	return (q * 1262611 - (uneven ? 524031 : 0)) >> 22;
}

/* The product's upper part; its last bit is odd if anything was cut off. */
static inline uint32
scale(uint64 power, uint32 value)
{
	uint64 low = (uint64) (uint32) power * value;
	uint64 high = (power >> 32) * value + (low >> 32);

	return (uint32) (high >> 32) | ((uint32) high > 1);
}

/* bits: a positive finite float.  The result is times 10^*exponent. */
static inline uint32
shortest_digits(uint32 bits, int *exponent)
{
	uint32 mantissa = bits & ((1U << MANTISSA_BITS) - 1);
	int biased = (int) (bits >> MANTISSA_BITS);
	/* the neighbour below a power of two is nearer than that above */
	bool uneven = mantissa == 0 && biased > 1;
	uint32 c = biased == 0 ? mantissa : mantissa | 1U << MANTISSA_BITS;
	int q = Max(biased, 1) - EXPONENT_BIAS;
	int k = floor_log10_of_power_of_two(q, uneven);
	int shift = q + floor_log2_of_power_of_ten(-k) + 1;
	uint64 power = powers_of_ten[-k - SMALLEST_POWER];
	uint32 value = scale(power, 4 * c << shift);
	uint32 low = scale(power, (4 * c - 2 + uneven) << shift) + 1;
	uint32 high = scale(power, (4 * c + 2) << shift) - 1;
	uint32 floor1 = value / 4;
	uint32 floor10 = value / 40;
	bool below;
	bool above;

	*exponent = k + 1;
	below = floor10 > 0 && low <= 40 * floor10;
	above = 40 * floor10 + 40 <= high;
	if (below != above)
		return floor10 + above;

	*exponent = k;
	below = low <= 4 * floor1;
	above = 4 * floor1 + 4 <= high;
	if (below != above)
		return floor1 + above;
	/* both or none: the nearer one, and of two the even one */
	return floor1 + (value > 4 * floor1 + 2 ||
	                 (value == 4 * floor1 + 2 && (floor1 & 1) != 0));
}

static inline int
count_digits(uint32 value)
{
	int n = 1;

	while (n < 10 && value >= integer_powers[n])
		n++;
	return n;
}

/* The last n digits of value. */
static inline char *
put_digits(char *out, uint32 value, int n)
{
	int i = n;

	for (; i >= 2; i -= 2)
	{
		memcpy(out + i - 2, digit_pairs + 2 * (value % 100), 2);
		value /= 100;
	}
	if (i == 1)
		out[0] = (char) ('0' + value % 10);
	return out + n;
}

/* n digits, of which the first has the exponent. */
static inline char *
lay_out(char *p, uint32 digits, int n, int exponent)
{
	if (exponent < -4 || exponent >= FIXED_DIGITS)
	{
		char *first = p;

		/* the first digit moves before the point */
		p = put_digits(p + 1, digits, n);
		first[0] = first[1];
		first[1] = '.';
		if (n == 1)
			p = first + 1;
		*p++ = 'e';
		*p++ = exponent < 0 ? '-' : '+';
		return put_digits(p, (uint32) abs(exponent), 2);
	}
	if (exponent < 0)
	{
		memcpy(p, "0.000", 5);
		return put_digits(p + 1 - exponent, digits, n);
	}
	if (n > exponent + 1)
	{
		int behind = n - exponent - 1;

		p = put_digits(p, digits / integer_powers[behind], exponent + 1);
		*p++ = '.';
		return put_digits(p, digits, behind);
	}
	return put_digits(p, digits * integer_powers[exponent + 1 - n],
	                  exponent + 1);
}

int
float_to_shortest_decimal_bufn(float f, char *result)
{
	char *p = result;
	uint32 bits;
	uint32 digits;
	int exponent;
	int n;

	if (isnan(f))
		return sprintf(result, "NaN");
	if (signbit(f))
	{
		*p++ = '-';
		f = -f;
	}
	if (isinf(f))
		return (int) (p - result) + sprintf(p, "Infinity");
	if (f < integer_powers[FIXED_DIGITS] && f == (float) (int) f)
	{
		digits = (uint32) f;
		p = put_digits(p, digits, count_digits(digits));
		return (int) (p - result);
	}
	memcpy(&bits, &f, sizeof(bits));
	digits = shortest_digits(bits, &exponent);
	while (digits % 10 == 0)
	{
		digits /= 10;
		exponent++;
	}
	n = count_digits(digits);
	p = lay_out(p, digits, n, exponent + n - 1);
	return (int) (p - result);
}

int
float_to_shortest_decimal_buf(float f, char *result)
{
	int len = float_to_shortest_decimal_bufn(f, result);

	result[len] = '\0';
	return len;
}
