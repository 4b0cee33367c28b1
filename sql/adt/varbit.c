/*
 * varbit.c
 *		The types bit and bit varying: input, output, lengths, numbers, order.
 *
 * A value of both types is the same struct.  bit(n) has exactly n bits: an
 * assignment of another number is an error, an explicit cast cuts off or adds
 * zeros on the right.  bit varying(n) has n at most.
 *
 * Corresponds to a part of PostgreSQL's utils/adt/varbit.c; the rest is in
 * varbit_ops.c.
 */
#include "postgres.h"

#include <endian.h>

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/adt.h"
#include "utils/builtins.h"
#include "utils/varbit.h"

StaticAssertDecl(offsetof(VarBit, bit_dat) == VARHDRSZ + VARBITHDRSZ,
                 "the layout of bit is on disk");

/* the largest n of bit(n): PostgreSQL's limit, 10 MB of bits */
#define MAX_BIT_TYPMOD (10 * 1024 * 1024 * BITS_PER_BYTE)

/* Which of the two types a length is checked for */
typedef enum BitKind
{
	KIND_BIT,
	KIND_VARBIT
} BitKind;

VarBit *
varbit_zeros(int bitlen)
{
	Size size = VARBITTOTALLEN((Size) bitlen);
	VarBit *result = palloc0(size);

	SET_VARSIZE(result, size);
	VARBITLEN(result) = bitlen;
	return result;
}

void
varbit_clear_pad(VarBit *v)
{
	int pad = VARBITPAD(v);

	Assert(pad >= 0 && pad < BITS_PER_BYTE);
	if (pad > 0)
		VARBITS(v)[VARBITBYTES(v) - 1] &= (bits8) (0xFF << pad);
}

/* No modifier, -1, fits everything. */
static void
check_length(BitKind kind, int bitlen, int32 typmod)
{
	if (typmod <= 0)
		return;
	if (kind == KIND_BIT && bitlen != typmod)
		ereport(ERROR, (errcode(ERRCODE_STRING_DATA_LENGTH_MISMATCH),
		                errmsg("bit string length %d does not match type "
		                       "bit(%d)",
		                       bitlen, typmod)));
	if (kind == KIND_VARBIT && bitlen > typmod)
		ereport(ERROR, (errcode(ERRCODE_STRING_DATA_RIGHT_TRUNCATION),
		                errmsg("bit string too long for type bit varying(%d)",
		                       typmod)));
}

/* ---- text ---- */

/* Eight digits are one word: the first is its lowest byte. */
#define DIGITS UINT64_C(0x3030303030303030)
#define LOW_BITS UINT64_C(0x0101010101010101)

/*
 * A product with this puts bit 7 - k of a byte at bit 7 of byte k of a word,
 * and gathers the lowest bits of the bytes in the highest byte, the first
 * first: no two of the terms of such a product meet in a bit.
 */
#define SPREAD UINT64_C(0x8040201008040201)

static void
read_binary_digits(const char *s, int len, bits8 *out)
{
	int i = 0;

	for (; i + 8 <= len; i += 8)
	{
		uint64 word;

		memcpy(&word, s + i, sizeof(word));
		word = le64toh(word) ^ DIGITS;
		if ((word & ~LOW_BITS) != 0)
			break; /* not a digit: found and named below */
		*out++ = (bits8) (word * SPREAD >> 56);
	}
	out -= i / BITS_PER_BYTE;
	for (; i < len; i++)
	{
		if (s[i] == '1')
			out[i / BITS_PER_BYTE] |= (bits8) (0x80 >> i % BITS_PER_BYTE);
		else if (s[i] != '0')
			ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			                errmsg("\"%.*s\" is not a valid binary digit",
			                       pg_mblen(s + i), s + i)));
	}
}

static void
read_hex_digits(const char *s, bits8 *out)
{
	for (int i = 0; s[i] != '\0'; i++)
	{
		bits8 digit;

		if (s[i] >= '0' && s[i] <= '9')
			digit = (bits8) (s[i] - '0');
		else if (s[i] >= 'A' && s[i] <= 'F')
			digit = (bits8) (s[i] - 'A' + 10);
		else if (s[i] >= 'a' && s[i] <= 'f')
			digit = (bits8) (s[i] - 'a' + 10);
		else
			ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			                errmsg("\"%.*s\" is not a valid hexadecimal digit",
			                       pg_mblen(s + i), s + i)));
		out[i / 2] |= i % 2 ? digit : (bits8) (digit << 4);
	}
}

/* "101", "b101" or "x5"; the length is checked before the digits are */
static VarBit *
read_bits(const char *s, BitKind kind, int32 typmod)
{
	bool hex = *s == 'x' || *s == 'X';
	Size ndigits;
	int bitlen;
	VarBit *result;

	if (hex || *s == 'b' || *s == 'B')
		s++;
	ndigits = strlen(s);
	if (ndigits > VARBITMAXLEN / (hex ? 4 : 1))
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("bit string length exceeds the maximum allowed (%d)",
		                VARBITMAXLEN)));
	bitlen = (int) ndigits * (hex ? 4 : 1);
	check_length(kind, bitlen, typmod);
	result = varbit_zeros(bitlen);
	if (hex)
		read_hex_digits(s, VARBITS(result));
	else
		read_binary_digits(s, bitlen, VARBITS(result));
	return result;
}

Datum
bit_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(
		read_bits(PG_GETARG_CSTRING(0), KIND_BIT, PG_GETARG_INT32(2)));
}

Datum
varbit_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(
		read_bits(PG_GETARG_CSTRING(0), KIND_VARBIT, PG_GETARG_INT32(2)));
}

Datum
varbit_out(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);
	int len = VARBITLEN(v);
	Size nbytes = VARBITBYTES(v);
	char *result = palloc(nbytes * BITS_PER_BYTE + 1);

	/* eight digits for each byte; those of the pad are cut off */
	for (Size i = 0; i < nbytes; i++)
	{
		uint64 word =
			htole64((VARBITS(v)[i] * SPREAD >> 7 & LOW_BITS) + DIGITS);

		memcpy(result + i * sizeof(word), &word, sizeof(word));
	}
	result[len] = '\0';
	PG_RETURN_CSTRING(result);
}

Datum
bit_out(PG_FUNCTION_ARGS)
{
	return varbit_out(fcinfo);
}

/* ---- binary: an int32 with the number of bits, and their bytes ---- */

static VarBit *
receive_bits(StringInfo buf, BitKind kind, int32 typmod)
{
	int bitlen = (int) pq_getmsgint(buf, sizeof(int32));
	int nbytes = (int) (((int64) bitlen + BITS_PER_BYTE - 1) / BITS_PER_BYTE);
	const char *bytes;
	VarBit *result;

	if (bitlen < 0 || bitlen > VARBITMAXLEN)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		                errmsg("invalid length in external bit string")));
	check_length(kind, bitlen, typmod);
	/* no memory is taken for bytes that did not come */
	bytes = pq_getmsgbytes(buf, nbytes);
	result = varbit_zeros(bitlen);
	memcpy(VARBITS(result), bytes, nbytes);
	varbit_clear_pad(result);
	return result;
}

Datum
bit_recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(receive_bits((StringInfo) PG_GETARG_POINTER(0), KIND_BIT,
	                                PG_GETARG_INT32(2)));
}

Datum
varbit_recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(receive_bits((StringInfo) PG_GETARG_POINTER(0),
	                                KIND_VARBIT, PG_GETARG_INT32(2)));
}

Datum
varbit_send(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint32(&buf, VARBITLEN(v));
	pq_sendbytes(&buf, VARBITS(v), (int) VARBITBYTES(v));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
bit_send(PG_FUNCTION_ARGS)
{
	return varbit_send(fcinfo);
}

/* ---- type modifiers ---- */

static Datum
bit_length_typmod(Datum list, const char *type)
{
	int n;
	int32 *mods = get_typmods(list, &n);

	if (n != 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid type modifier")));
	if (mods[0] < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("length for type %s must be at least 1", type)));
	if (mods[0] > MAX_BIT_TYPMOD)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("length for type %s cannot exceed %d", type,
		                       MAX_BIT_TYPMOD)));
	PG_RETURN_INT32(mods[0]);
}

static Datum
show_bit_length(int32 typmod)
{
	PG_RETURN_CSTRING(typmod >= 0 ? psprintf("(%d)", typmod) : pstrdup(""));
}

Datum
bittypmodin(PG_FUNCTION_ARGS)
{
	return bit_length_typmod(PG_GETARG_DATUM(0), "bit");
}

Datum
bittypmodout(PG_FUNCTION_ARGS)
{
	return show_bit_length(PG_GETARG_INT32(0));
}

Datum
varbittypmodin(PG_FUNCTION_ARGS)
{
	return bit_length_typmod(PG_GETARG_DATUM(0), "varbit");
}

Datum
varbittypmodout(PG_FUNCTION_ARGS)
{
	return show_bit_length(PG_GETARG_INT32(0));
}

/* ---- lengths ---- */

/* v with len bits: cut off, or filled with zeros, on the right */
static VarBit *
resize_bits(const VarBit *v, int len)
{
	VarBit *result = varbit_zeros(len);

	memcpy(VARBITS(result), VARBITS(v),
	       Min(VARBITBYTES(result), VARBITBYTES(v)));
	varbit_clear_pad(result);
	return result;
}

/* SQL: bit(bit, integer, boolean), the cast to bit(n) */
Datum
bit(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);
	int32 len = PG_GETARG_INT32(1);
	bool explicit_cast = PG_GETARG_BOOL(2);

	if (len <= 0 || len > VARBITMAXLEN || len == VARBITLEN(v))
		PG_RETURN_VARBIT_P(v);
	if (!explicit_cast)
		check_length(KIND_BIT, VARBITLEN(v), len);
	PG_RETURN_VARBIT_P(resize_bits(v, len));
}

/* SQL: varbit(bit varying, integer, boolean), the cast to bit varying(n) */
Datum
varbit(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);
	int32 len = PG_GETARG_INT32(1);
	bool explicit_cast = PG_GETARG_BOOL(2);

	if (len <= 0 || len >= VARBITLEN(v))
		PG_RETURN_VARBIT_P(v);
	if (!explicit_cast)
		check_length(KIND_VARBIT, VARBITLEN(v), len);
	PG_RETURN_VARBIT_P(resize_bits(v, len));
}

/* ---- numbers, in two's complement ---- */

/*
 * The lowest typmod of the width bits of a number; a longer string has the
 * sign in front.
 */
static VarBit *
bits_from_integer(int64 a, int32 typmod)
{
	VarBit *result;
	int len;

	if (typmod <= 0 || typmod > VARBITMAXLEN)
		typmod = 1;
	result = varbit_zeros(typmod);
	len = (int) VARBITBYTES(result);
	/* from the right; the last byte holds fewer bits where there is a pad */
	for (int i = len - 1; i >= 0; i--)
	{
		int nbits = i == len - 1 ? BITS_PER_BYTE - (int) VARBITPAD(result)
		                         : BITS_PER_BYTE;

		VARBITS(result)[i] = (bits8) ((uint64) a << (BITS_PER_BYTE - nbits));
		a >>= nbits;
	}
	return result;
}

/* the bits as an unsigned number */
static uint64
bits_to_unsigned(const VarBit *v)
{
	uint64 result = 0;

	for (Size i = 0; i < VARBITBYTES(v); i++)
	{
		bool last = i == VARBITBYTES(v) - 1;
		int pad = last ? (int) VARBITPAD(v) : 0;

		result = result << (BITS_PER_BYTE - pad) | VARBITS(v)[i] >> pad;
	}
	return result;
}

Datum
bitfromint4(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(
		bits_from_integer(PG_GETARG_INT32(0), PG_GETARG_INT32(1)));
}

Datum
bitfromint8(PG_FUNCTION_ARGS)
{
	PG_RETURN_VARBIT_P(
		bits_from_integer(PG_GETARG_INT64(0), PG_GETARG_INT32(1)));
}

Datum
bittoint4(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);

	if (VARBITLEN(v) > 32)
		out_of_range("integer");
	PG_RETURN_INT32((int32) bits_to_unsigned(v));
}

Datum
bittoint8(PG_FUNCTION_ARGS)
{
	VarBit *v = PG_GETARG_VARBIT_P(0);

	if (VARBITLEN(v) > 64)
		out_of_range("bigint");
	PG_RETURN_INT64((int64) bits_to_unsigned(v));
}

/* ---- order: by bits, then the shorter is less ---- */

static int
bit_cmp(PG_FUNCTION_ARGS)
{
	VarBit *a = PG_GETARG_VARBIT_P(0);
	VarBit *b = PG_GETARG_VARBIT_P(1);
	int cmp =
		memcmp(VARBITS(a), VARBITS(b), Min(VARBITBYTES(a), VARBITBYTES(b)));

	if (cmp != 0)
		return cmp;
	return (VARBITLEN(a) > VARBITLEN(b)) - (VARBITLEN(a) < VARBITLEN(b));
}

#define COMPARISON(name, op)                  \
	Datum name(PG_FUNCTION_ARGS)              \
	{                                         \
		PG_RETURN_BOOL(bit_cmp(fcinfo) op 0); \
	}

COMPARISON(biteq, ==)
COMPARISON(bitne, !=)
COMPARISON(bitlt, <)
COMPARISON(bitle, <=)
COMPARISON(bitgt, >)
COMPARISON(bitge, >=)

Datum
bitcmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(bit_cmp(fcinfo));
}
