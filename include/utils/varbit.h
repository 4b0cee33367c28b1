/*
 * utils/varbit.h
 *		The types bit and bit varying: strings of bits.
 *
 * The first bit is the most significant one of the first byte.  The bits of
 * the last byte behind the end are 0, always: values are compared and hashed
 * as bytes.
 */
#ifndef VARBIT_H
#define VARBIT_H

#include <limits.h>

#include "fmgr.h"

#define BITS_PER_BYTE 8

typedef struct VarBit
{
	int32 vl_len_; /* varlena header: use SET_VARSIZE and VARSIZE */
	int32 bit_len; /* number of bits */
	bits8 bit_dat[FLEXIBLE_ARRAY_MEMBER];
} VarBit;

#define VARBITHDRSZ sizeof(int32)

/* bits, and bytes of them */
#define VARBITLEN(PTR) (((VarBit *) (PTR))->bit_len)
#define VARBITS(PTR) (((VarBit *) (PTR))->bit_dat)
#define VARBITBYTES(PTR) (VARSIZE(PTR) - VARHDRSZ - VARBITHDRSZ)
/* bits behind the end in the last byte */
#define VARBITPAD(PTR) (VARBITBYTES(PTR) * BITS_PER_BYTE - VARBITLEN(PTR))
/* bytes of a value of so many bits */
#define VARBITTOTALLEN(BITLEN) \
	(((BITLEN) + BITS_PER_BYTE - 1) / BITS_PER_BYTE + VARHDRSZ + VARBITHDRSZ)
/* so that adding 7 does not overflow */
#define VARBITMAXLEN (INT_MAX - BITS_PER_BYTE + 1)

#define DatumGetVarBitP(X) ((VarBit *) PG_DETOAST_DATUM(X))
#define VarBitPGetDatum(X) PointerGetDatum(X)
#define PG_GETARG_VARBIT_P(n) DatumGetVarBitP(PG_GETARG_DATUM(n))
#define PG_RETURN_VARBIT_P(x) return VarBitPGetDatum(x)

/* a value of bitlen zeros in the current context */
extern VarBit *varbit_zeros(int bitlen);
/* (buf, typioparam, typmod) */
extern Datum varbit_recv(PG_FUNCTION_ARGS);
/* the bits of the last byte behind the end become 0 */
extern void varbit_clear_pad(VarBit *v);

#endif /* VARBIT_H */
