/*
 * access/half.h
 *	  Numbers of half precision: IEEE 754's binary16, kept in 16 bits.
 *
 * The largest is 65504, the smallest normal one 2^-14, the smallest of all
 * 2^-24.  Arithmetic is done in float: a half is only stored.
 */
#ifndef ACCESS_HALF_H
#define ACCESS_HALF_H

#include "postgres.h"

typedef uint16 half;

#define HALF_MAX 65504.0f

/*
 * Floats from here on round to infinity: it is the middle of HALF_MAX and the
 * next power of two, and a tie goes to the even one.
 */
#define HALF_OVERFLOW 65520.0f

static inline bool
HalfIsNan(half h)
{
	return (h & 0x7FFF) > 0x7C00;
}

static inline bool
HalfIsInf(half h)
{
	return (h & 0x7FFF) == 0x7C00;
}

static inline bool
HalfIsZero(half h)
{
	return (h & 0x7FFF) == 0;
}

/* Exact. */
static inline float
HalfToFloat4(half h)
{
	uint32 sign = (uint32) (h & 0x8000) << 16;
	uint32 exponent = (h >> 10) & 0x1F;
	uint32 fraction = h & 0x3FF;
	uint32 bits;
	float value;

	if (exponent == 0)
	{
		/* zero or subnormal: fraction times 2^-24, which float holds */
		value = (float) fraction * 0x1p-24f;
		return sign ? -value : value;
	}
	if (exponent == 0x1F)
		bits = sign | 0x7F800000 | (fraction << 13) |
		       (fraction != 0 ? 0x00400000 : 0);
	else
		bits = sign | ((exponent + 112) << 23) | (fraction << 13);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

/*
 * The nearest half, the even one of two; infinity if it is too large.  A NaN
 * stays one: quiet, with the upper bits of what it carries.
 */
static inline half
Float4ToHalfUnchecked(float value)
{
	uint32 bits;
	uint32 sign;
	uint32 result;

	memcpy(&bits, &value, sizeof(bits));
	sign = (bits >> 16) & 0x8000;
	bits &= 0x7FFFFFFF;
	if (bits > 0x7F800000)
		result = 0x7E00 | ((bits >> 13) & 0x3FF);
	else if (bits >= 0x47800000) /* 65536 */
		result = 0x7C00;
	else if (bits >= 0x38800000) /* 2^-14 */
	{
		/* a carry out of the fraction is right: it goes to the exponent */
		bits -= UINT32_C(112) << 23;
		result = (bits + 0xFFF + ((bits >> 13) & 1)) >> 13;
	}
	else
	{
		/* floats from 0.5 to 1 are 2^-24 apart: the addition rounds */
		float shifted;

		memcpy(&shifted, &bits, sizeof(shifted));
		shifted += 0.5f;
		memcpy(&bits, &shifted, sizeof(bits));
		result = bits - 0x3F000000;
	}
	return (half) (sign | result);
}

/*
 * The same, but a finite value that becomes infinite is 22003.  Infinity and
 * NaN pass.
 */
extern half Float4ToHalf(float value);

#endif /* ACCESS_HALF_H */
