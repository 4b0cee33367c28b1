/*
 * common/pg_prng.h
 *		Pseudo-random numbers: xoroshiro128**, seeded through splitmix64.
 *		Source: Blackman, Vigna, "Scrambled linear pseudorandom number
 *		generators", 2021.
 */
#ifndef PG_PRNG_H
#define PG_PRNG_H

typedef struct pg_prng_state
{
	uint64 s0;
	uint64 s1;
} pg_prng_state;

extern pg_prng_state pg_global_prng_state;

extern void pg_prng_seed(pg_prng_state *state, uint64 seed);
extern uint64 pg_prng_uint64(pg_prng_state *state);
extern uint64
pg_prng_uint64_range(pg_prng_state *state, uint64 rmin, uint64 rmax);
extern uint32 pg_prng_uint32(pg_prng_state *state);
/* uniform in [0, 1) */
extern double pg_prng_double(pg_prng_state *state);

#endif /* PG_PRNG_H */
