/*
 * varbit_ops.c
 *		Operators and functions of the types bit and bit varying.
 *
 * Positions count from 1 where SQL's do (substring, position, overlay) and
 * from 0 in get_bit and set_bit.
 *
 * Corresponds to a part of PostgreSQL's utils/adt/varbit.c; the rest is in
 * varbit.c.
 */
#include "postgres.h"

#include "access/bit_kernels.h"
#include "miscadmin.h"
#include "utils/adt.h"
#include "utils/varbit.h"

/* ---- bit by bit ---- */

static void
check_same_size(const VarBit *a, const VarBit *b, const char *verb)
{
	if (VARBITLEN(a) != VARBITLEN(b))
		ereport(ERROR,
		        (errcode(ERRCODE_STRING_DATA_LENGTH_MISMATCH),
		         errmsg("cannot %s bit strings of different sizes", verb)));
}

/* Words are for speed: what is left of the bytes is done one by one. */
#define BITWISE(name, op, verb)                                            \
	Datum name(PG_FUNCTION_ARGS)                                           \
	{                                                                      \
		VarBit *a = PG_GETARG_VARBIT_P(0);                                 \
		VarBit *b = PG_GETARG_VARBIT_P(1);                                 \
		VarBit *result;                                                    \
		Size nbytes = VARBITBYTES(a);                                      \
		Size i = 0;                                                        \
                                                                           \
		check_same_size(a, b, verb);                                       \
		result = palloc(VARSIZE(a));                                       \
		SET_VARSIZE(result, VARSIZE(a));                                   \
		VARBITLEN(result) = VARBITLEN(a);                                  \
		for (; i + sizeof(uint64) <= nbytes; i += sizeof(uint64))          \
		{                                                                  \
			uint64 x, y;                                                   \
                                                                           \
			memcpy(&x, VARBITS(a) + i, sizeof(x));                         \
			memcpy(&y, VARBITS(b) + i, sizeof(y));                         \
			x = x op y;                                                    \
			memcpy(VARBITS(result) + i, &x, sizeof(x));                    \
		}                                                                  \
		for (; i < nbytes; i++)                                            \
			VARBITS(result)[i] = (bits8) (VARBITS(a)[i] op VARBITS(b)[i]); \
		PG_RETURN_VARBIT_P(result);                                        \
	}

BITWISE(bit_and, &, "AND")
BITWISE(bit_or, |, "OR")
BITWISE(bitxor, ^, "XOR")

Datum
bitnot(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);
	VarBit *result = palloc(VARSIZE(v));

	SET_VARSIZE(result, VARSIZE(v));
	VARBITLEN(result) = VARBITLEN(v);
	for (Size i = 0; i < VARBITBYTES(result); i++)
		VARBITS(result)[i] = (bits8) ~VARBITS(v)[i];
	varbit_clear_pad(result);
	PG_RETURN_VARBIT_P(result);
}

/* ---- pieces ---- */

/*
 * out = nbits of in from bit number start on, where both have the bytes; the
 * bits behind them in the last byte are not cleared.
 */
static void
copy_bits(bits8 *out, const bits8 *in, Size in_bytes, int start, int nbits)
{
	Size first = start / BITS_PER_BYTE;
	int shift = start % BITS_PER_BYTE;
	Size nbytes = ((Size) nbits + BITS_PER_BYTE - 1) / BITS_PER_BYTE;

	if (shift == 0)
	{
		memcpy(out, in + first, nbytes);
		return;
	}
	for (Size i = 0; i < nbytes; i++)
	{
		unsigned int two = (unsigned int) in[first + i] << BITS_PER_BYTE;

		if (first + i + 1 < in_bytes)
			two |= in[first + i + 1];
		out[i] = (bits8) (two >> (BITS_PER_BYTE - shift));
	}
}

/* out |= the nbits of in, moved to bit number start on; 0 is there so far */
static void
place_bits(bits8 *out, const bits8 *in, int start, int nbits)
{
	Size first = start / BITS_PER_BYTE;
	int shift = start % BITS_PER_BYTE;
	Size nbytes = ((Size) nbits + BITS_PER_BYTE - 1) / BITS_PER_BYTE;
	Size out_bytes = ((Size) start + nbits + BITS_PER_BYTE - 1) / BITS_PER_BYTE;

	if (shift == 0)
	{
		memcpy(out + first, in, nbytes);
		return;
	}
	for (Size i = 0; i < nbytes; i++)
	{
		unsigned int two = (unsigned int) in[i] << (BITS_PER_BYTE - shift);

		out[first + i] |= (bits8) (two >> BITS_PER_BYTE);
		if (first + i + 1 < out_bytes)
			out[first + i + 1] |= (bits8) two;
	}
}

static VarBit *
shift_left(const VarBit *v, int n)
{
	VarBit *result = varbit_zeros(VARBITLEN(v));

	if (n < VARBITLEN(v))
	{
		copy_bits(VARBITS(result), VARBITS(v), VARBITBYTES(v), n,
		          VARBITLEN(v) - n);
		varbit_clear_pad(result);
	}
	return result;
}

static VarBit *
shift_right(const VarBit *v, int n)
{
	VarBit *result = varbit_zeros(VARBITLEN(v));

	if (n < VARBITLEN(v))
	{
		place_bits(VARBITS(result), VARBITS(v), n, VARBITLEN(v) - n);
		varbit_clear_pad(result);
	}
	return result;
}

/* a shift by a negative number goes the other way */
static VarBit *
shift(const VarBit *v, int64 left)
{
	if (left >= 0)
		return shift_left(v, (int) Min(left, VARBITMAXLEN));
	return shift_right(v, (int) Min(-left, VARBITMAXLEN));
}

Datum
bitshiftleft(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(shift(PG_GETARG_VARBIT_P(0), PG_GETARG_INT32(1)));
}

Datum
bitshiftright(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(
		shift(PG_GETARG_VARBIT_P(0), -(int64) PG_GETARG_INT32(1)));
}

static VarBit *
concatenate(const VarBit *a, const VarBit *b)
{
	VarBit *result;

	if (VARBITLEN(a) > VARBITMAXLEN - VARBITLEN(b))
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("bit string length exceeds the maximum allowed (%d)",
		                VARBITMAXLEN)));
	result = varbit_zeros(VARBITLEN(a) + VARBITLEN(b));
	memcpy(VARBITS(result), VARBITS(a), VARBITBYTES(a));
	place_bits(VARBITS(result), VARBITS(b), VARBITLEN(a), VARBITLEN(b));
	return result;
}

Datum
bitcat(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(
		concatenate(PG_GETARG_VARBIT_P(0), PG_GETARG_VARBIT_P(1)));
}

/* from bit number start (from 1) up to before end; what is outside is not */
static VarBit *
bits_between(const VarBit *v, int64 start, int64 end)
{
	VarBit *result;

	start = Max(start, 1);
	end = Min(end, (int64) VARBITLEN(v) + 1);
	if (start >= end)
		return varbit_zeros(0);
	result = varbit_zeros((int) (end - start));
	copy_bits(VARBITS(result), VARBITS(v), VARBITBYTES(v), (int) start - 1,
	          VARBITLEN(result));
	varbit_clear_pad(result);
	return result;
}

static void
negative_substring_length(void)
{
	ereport(ERROR, (errcode(ERRCODE_SUBSTRING_ERROR),
	                errmsg("negative substring length not allowed")));
}

Datum
bitsubstr(PG_FUNCTION_ARGS)
{
	int64 start = PG_GETARG_INT32(1);
	int64 len = PG_GETARG_INT32(2);

	if (len < 0)
		negative_substring_length();
	PG_RETURN_VARBIT_P(bits_between(PG_GETARG_VARBIT_P(0), start, start + len));
}

Datum
bitsubstr_no_len(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(
		bits_between(PG_GETARG_VARBIT_P(0), PG_GETARG_INT32(1), PG_INT64_MAX));
}

/* replacement instead of the len bits from start on */
static VarBit *
overlay(const VarBit *v, const VarBit *replacement, int start, int len)
{
	int32 end;

	if (start <= 0)
		negative_substring_length();
	if (pg_add_s32_overflow(start, len, &end))
		out_of_range("integer");
	return concatenate(concatenate(bits_between(v, 1, start), replacement),
	                   bits_between(v, end, PG_INT64_MAX));
}

Datum
bitoverlay(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(overlay(PG_GETARG_VARBIT_P(0), PG_GETARG_VARBIT_P(1),
	                           PG_GETARG_INT32(2), PG_GETARG_INT32(3)));
}

Datum
bitoverlay_no_len(PG_FUNCTION_ARGS)
{
	VarBit *replacement = PG_GETARG_VARBIT_P(1);

	PG_RETURN_VARBIT_P(overlay(PG_GETARG_VARBIT_P(0), replacement,
	                           PG_GETARG_INT32(2), VARBITLEN(replacement)));
}

/* ---- properties ---- */

Datum
bitlength(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(VARBITLEN(PG_GETARG_VARBIT_P(0)));
}

Datum
bitoctetlength(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) VARBITBYTES(PG_GETARG_VARBIT_P(0)));
}

Datum
bit_bit_count(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);
	uint64 in_both, in_any;

	/* with itself: all counts are the same */
	bit_kernels.count_and_or(VARBITS(v), VARBITS(v), VARBITLEN(v), &in_both,
	                         &in_any);
	PG_RETURN_INT64((int64) in_any);
}

/* Are the bits of part those of v from bit number start (from 0) on? */
static bool
bits_at(const VarBit *v, const VarBit *part, int start)
{
	const bits8 *in = VARBITS(v);
	Size first = start / BITS_PER_BYTE;
	int shift = start % BITS_PER_BYTE;
	Size nbytes = VARBITBYTES(part);

	for (Size i = 0; i < nbytes; i++)
	{
		unsigned int two = (unsigned int) in[first + i] << BITS_PER_BYTE;
		bits8 mask = (bits8) (i == nbytes - 1 ? 0xFF << VARBITPAD(part) : 0xFF);

		if (first + i + 1 < VARBITBYTES(v))
			two |= in[first + i + 1];
		if (((two >> (BITS_PER_BYTE - shift)) & mask) != VARBITS(part)[i])
			return false;
	}
	return true;
}

/* counted from 1; 0: not there.  Nothing is in an empty string, not even it. */
Datum
bitposition(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);
	VarBit *part = PG_GETARG_VARBIT_P(1);

	if (VARBITLEN(v) == 0 || VARBITLEN(part) > VARBITLEN(v))
		PG_RETURN_INT32(0);
	if (VARBITLEN(part) == 0)
		PG_RETURN_INT32(1);
	for (int start = 0; start <= VARBITLEN(v) - VARBITLEN(part); start++)
	{
		CHECK_FOR_INTERRUPTS();
		if (bits_at(v, part, start))
			PG_RETURN_INT32(start + 1);
	}
	PG_RETURN_INT32(0);
}

/* ---- single bits ---- */

static void
check_bit_index(const VarBit *v, int n)
{
	if (n < 0 || n >= VARBITLEN(v))
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
		                errmsg("bit index %d out of valid range (0..%d)", n,
		                       VARBITLEN(v) - 1)));
}

Datum
bitgetbit(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);
	int n = PG_GETARG_INT32(1);

	check_bit_index(v, n);
	PG_RETURN_INT32(VARBITS(v)[n / BITS_PER_BYTE] >>
	                    (BITS_PER_BYTE - 1 - n % BITS_PER_BYTE) &
	                1);
}

Datum
bitsetbit(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);
	int n = PG_GETARG_INT32(1);
	int32 value = PG_GETARG_INT32(2);
	bits8 mask;
	VarBit *result;

	check_bit_index(v, n);
	if (value != 0 && value != 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("new bit must be 0 or 1")));
	result = palloc(VARSIZE(v));
	memcpy(result, v, VARSIZE(v));
	mask = (bits8) (0x80 >> n % BITS_PER_BYTE);
	if (value == 1)
		VARBITS(result)[n / BITS_PER_BYTE] |= mask;
	else
		VARBITS(result)[n / BITS_PER_BYTE] &= (bits8) ~mask;
	PG_RETURN_VARBIT_P(result);
}
