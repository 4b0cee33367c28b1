/*
 * pg_prng.c
 *		xoroshiro128**, seeded through splitmix64.
 */
#include "postgres.h"

#include "common/pg_prng.h"

pg_prng_state pg_global_prng_state;

static inline uint64
rotl(uint64 x, int bits)
{
	return (x << bits) | (x >> (64 - bits));
}

static uint64
splitmix64(uint64 *state)
{
	uint64 z = (*state += UINT64CONST(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64CONST(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64CONST(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

void
pg_prng_seed(pg_prng_state *state, uint64 seed)
{
	state->s0 = splitmix64(&seed);
	state->s1 = splitmix64(&seed);
	/* all zeroes is the one state it never leaves */
	if (state->s0 == 0 && state->s1 == 0)
		state->s1 = 1;
}

uint64
pg_prng_uint64(pg_prng_state *state)
{
	uint64 s0 = state->s0;
	uint64 s1 = state->s1 ^ s0;
	uint64 result = rotl(s0 * 5, 7) * 9;

	state->s0 = rotl(s0, 24) ^ s1 ^ (s1 << 16);
	state->s1 = rotl(s1, 37);
	return result;
}

uint32
pg_prng_uint32(pg_prng_state *state)
{
	return (uint32) (pg_prng_uint64(state) >> 32);
}

/* Uniform in [rmin, rmax], both included, by rejection. */
uint64
pg_prng_uint64_range(pg_prng_state *state, uint64 rmin, uint64 rmax)
{
	uint64 range, mask, value;

	if (rmax <= rmin)
		return rmin;
	range = rmax - rmin;
	mask = UINT64_MAX >> __builtin_clzll(range);
	do
	{
		value = pg_prng_uint64(state) & mask;
	} while (value > range);
	return rmin + value;
}

double
pg_prng_double(pg_prng_state *state)
{
	return (double) (pg_prng_uint64(state) >> 11) * 0x1.0p-53;
}
