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

/*
 * The bits of dim elements, a byte at a time: IS_POSITIVE(i) is 0 or 1.  The
 * loop over whole bytes has a fixed length, which is what compilers want.
 */
#define QUANTIZE(result, dim, IS_POSITIVE)                      \
	do                                                          \
	{                                                           \
		bits8 *out_ = VARBITS(result);                          \
		int i_ = 0;                                             \
                                                                \
		for (; i_ + 8 <= (dim); i_ += 8)                        \
		{                                                       \
			unsigned int byte_ = 0;                             \
                                                                \
			for (int j_ = 0; j_ < 8; j_++)                      \
				byte_ = byte_ << 1 | IS_POSITIVE(i_ + j_);      \
			*out_++ = (bits8) byte_;                            \
		}                                                       \
		for (; i_ < (dim); i_++)                                \
			*out_ |= (bits8) (IS_POSITIVE(i_) << (7 - i_ % 8)); \
	} while (0)

Datum
binary_quantize(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);
	VarBit *result = varbit_zeros(v->dim);

#define IS_POSITIVE(i) (unsigned int) (v->x[i] > 0)
	QUANTIZE(result, v->dim, IS_POSITIVE);
#undef IS_POSITIVE
	PG_RETURN_VARBIT_P(result);
}

/* Elements are finite: as integers, the positive ones are positive. */
Datum
halfvec_binary_quantize(PG_FUNCTION_ARGS)
{
	HalfVector *v = PG_GETARG_HALFVEC_P(0);
	VarBit *result = varbit_zeros(v->dim);

#define IS_POSITIVE(i) (unsigned int) ((int16) v->x[i] > 0)
	QUANTIZE(result, v->dim, IS_POSITIVE);
#undef IS_POSITIVE
	PG_RETURN_VARBIT_P(result);
}
