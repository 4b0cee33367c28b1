/*
 * bitvec.c
 *	  Distances between strings of bits, and vectors made into them.
 */
#include "postgres.h"

#include "access/bit_kernels.h"
#include "access/bitvec.h"
#include "access/halfvec.h"
#include "access/vector.h"
#include "utils/elog.h"
#include "utils/varbit.h"

/* A value as it came, perhaps with a short header: not aligned. */
typedef struct BitString
{
	int32 len;
	const bits8 *bits;
} BitString;

static BitString
get_bits(Datum datum)
{
	struct varlena *v = PG_DETOAST_DATUM_PACKED(datum);
	BitString result;

	memcpy(&result.len, VARDATA_ANY(v), VARBITHDRSZ);
	result.bits = (const bits8 *) VARDATA_ANY(v) + VARBITHDRSZ;
	return result;
}

#define GET_PAIR(a, b)                               \
	BitString a = get_bits(PG_GETARG_DATUM(0));      \
	BitString b = get_bits(PG_GETARG_DATUM(1));      \
	if (a.len != b.len)                              \
	ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), \
	                errmsg("different bit lengths %u and %u", a.len, b.len)))

Datum
hamming_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) bit_kernels.count_xor(a.bits, b.bits, a.len));
}

Datum
jaccard_distance(PG_FUNCTION_ARGS)
{
	uint64 in_both, in_any;

	GET_PAIR(a, b);

	bit_kernels.count_and_or(a.bits, b.bits, a.len, &in_both, &in_any);
	PG_RETURN_FLOAT8(jaccard_from_counts(in_both, in_any));
}

static inline void
set_bit(VarBit *v, int i, bool value)
{
	VARBITS(v)[i / 8] |= (bits8) (value << (7 - i % 8));
}

Datum
binary_quantize(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);
	VarBit *result = varbit_zeros(v->dim);

	for (int i = 0; i < v->dim; i++)
		set_bit(result, i, v->x[i] > 0);
	PG_RETURN_VARBIT_P(result);
}

Datum
halfvec_binary_quantize(PG_FUNCTION_ARGS)
{
	HalfVector *v = PG_GETARG_HALFVEC_P(0);
	VarBit *result = varbit_zeros(v->dim);

	for (int i = 0; i < v->dim; i++)
		set_bit(result, i, HalfToFloat4(v->x[i]) > 0);
	PG_RETURN_VARBIT_P(result);
}
