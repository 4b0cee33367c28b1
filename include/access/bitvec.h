/*
 * access/bitvec.h
 *	  Distances between strings of bits, and vectors made into them.
 *
 * The type is bit, PostgreSQL's own (utils/varbit.h); a string of any length
 * is a vector of so many dimensions.  The functions are SQL-callable, their
 * rows of pg_proc are in sql/catalog.  All are immutable and strict.
 */
#ifndef ACCESS_BITVEC_H
#define ACCESS_BITVEC_H

#include "fmgr.h"

/* distances: (bit, bit) -> float8; another length is ERROR 22000 */
extern Datum hamming_distance(PG_FUNCTION_ARGS);
extern Datum jaccard_distance(PG_FUNCTION_ARGS);

/* vector, halfvec -> bit: 1 where the element is positive */
extern Datum binary_quantize(PG_FUNCTION_ARGS);
extern Datum halfvec_binary_quantize(PG_FUNCTION_ARGS);

#endif /* ACCESS_BITVEC_H */
