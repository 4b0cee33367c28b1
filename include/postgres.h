/*
 * postgres.h
 *		First include of every server file: c.h, error reporting, allocation,
 *		Datum and variable-length values.
 *
 * A Datum is 8 bytes: a value of up to 8 bytes, or a pointer.  Variable-length
 * values (varlena) begin with PostgreSQL's header, little-endian:
 *
 *		xxxxxx00	4-byte header, length << 2, uncompressed
 *		xxxxxx10	4-byte header, compressed
 *		00000001	1-byte header, TOAST pointer (a tag byte follows)
 *		xxxxxxx1	1-byte header, total length << 1 | 1, up to 126 bytes
 */
#ifndef POSTGRES_H
#define POSTGRES_H

#include "c.h"
#include "utils/palloc.h"
#include "utils/elog.h"

typedef uintptr_t Datum;

typedef struct NullableDatum
{
	Datum value;
	bool isnull;
} NullableDatum;

StaticAssertDecl(sizeof(Datum) == 8, "Datum holds any by-value type");

struct varlena
{
	char vl_len_[4]; /* never touched directly: the macros below */
	char vl_dat[FLEXIBLE_ARRAY_MEMBER];
};
typedef struct varlena bytea;
typedef struct varlena text;
typedef struct varlena BpChar;
typedef struct varlena VarChar;

#define VARHDRSZ ((int32) sizeof(int32))
#define VARHDRSZ_SHORT 1
#define VARHDRSZ_EXTERNAL 2
#define VARATT_SHORT_MAX 0x7F

#define VARATT_IS_4B(PTR) ((*(const uint8 *) (PTR) &0x01) == 0x00)
#define VARATT_IS_4B_U(PTR) ((*(const uint8 *) (PTR) &0x03) == 0x00)
#define VARATT_IS_4B_C(PTR) ((*(const uint8 *) (PTR) &0x03) == 0x02)
#define VARATT_IS_1B(PTR) ((*(const uint8 *) (PTR) &0x01) == 0x01)
#define VARATT_IS_1B_E(PTR) (*(const uint8 *) (PTR) == 0x01)
#define VARATT_IS_COMPRESSED(PTR) VARATT_IS_4B_C(PTR)
#define VARATT_IS_EXTERNAL(PTR) VARATT_IS_1B_E(PTR)
#define VARATT_IS_SHORT(PTR) VARATT_IS_1B(PTR)
#define VARATT_IS_EXTENDED(PTR) (!VARATT_IS_4B_U(PTR))
#define VARATT_NOT_PAD_BYTE(PTR) (*(const uint8 *) (PTR) != 0)

/* A header may stand at any byte: read it without assuming alignment. */
static inline uint32
varlena_header(const void *ptr)
{
	uint32 header;

	memcpy(&header, ptr, sizeof(header));
	return header;
}

static inline void
varlena_set_header(void *ptr, uint32 header)
{
	memcpy(ptr, &header, sizeof(header));
}

#define VARSIZE_4B(PTR) ((varlena_header(PTR) >> 2) & 0x3FFFFFFF)
#define VARSIZE_1B(PTR) ((*(const uint8 *) (PTR) >> 1) & 0x7F)
#define VARSIZE(PTR) VARSIZE_4B(PTR)
#define VARSIZE_SHORT(PTR) VARSIZE_1B(PTR)
#define VARDATA(PTR) (((struct varlena *) (PTR))->vl_dat)
#define VARDATA_SHORT(PTR) ((char *) (PTR) + VARHDRSZ_SHORT)
#define VARDATA_4B(PTR) VARDATA(PTR)
#define SET_VARSIZE(PTR, len) varlena_set_header((PTR), ((uint32) (len)) << 2)
#define SET_VARSIZE_SHORT(PTR, len) \
	(*(uint8 *) (PTR) = (uint8) (((len) << 1) | 0x01))
#define VARATT_CAN_MAKE_SHORT(PTR) \
	(VARATT_IS_4B_U(PTR) &&        \
	 (VARSIZE(PTR) - VARHDRSZ + VARHDRSZ_SHORT) <= VARATT_SHORT_MAX)
#define VARATT_CONVERTED_SHORT_SIZE(PTR) \
	(VARSIZE(PTR) - VARHDRSZ + VARHDRSZ_SHORT)
/* A TOAST pointer on disk is 18 bytes, header included. */
#define VARSIZE_EXTERNAL(PTR) (VARHDRSZ_EXTERNAL + 16)
#define VARSIZE_ANY(PTR)                                  \
	(VARATT_IS_1B_E(PTR) ? (uint32) VARSIZE_EXTERNAL(PTR) \
	 : VARATT_IS_1B(PTR) ? (uint32) VARSIZE_1B(PTR)       \
	                     : VARSIZE_4B(PTR))
#define VARSIZE_ANY_EXHDR(PTR)                                         \
	(VARATT_IS_1B_E(PTR)                                               \
	     ? (uint32) (VARSIZE_EXTERNAL(PTR) - VARHDRSZ_EXTERNAL)        \
	 : VARATT_IS_1B(PTR) ? (uint32) (VARSIZE_1B(PTR) - VARHDRSZ_SHORT) \
	                     : (uint32) (VARSIZE_4B(PTR) - VARHDRSZ))
#define VARDATA_ANY(PTR) (VARATT_IS_1B(PTR) ? VARDATA_SHORT(PTR) : VARDATA(PTR))

/* ---- Datum conversions ---- */

static inline Datum
Float4GetDatum(float4 x)
{
	uint32 bits;

	memcpy(&bits, &x, sizeof(bits));
	return (Datum) (int64) (int32) bits;
}

static inline float4
DatumGetFloat4(Datum x)
{
	uint32 bits = (uint32) x;
	float4 value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline Datum
Float8GetDatum(float8 x)
{
	Datum bits;

	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

static inline float8
DatumGetFloat8(Datum x)
{
	float8 value;

	memcpy(&value, &x, sizeof(value));
	return value;
}

#define DatumGetBool(X) ((bool) (((Datum) (X) &0xFF) != 0))
#define BoolGetDatum(X) ((Datum) ((X) ? 1 : 0))
#define DatumGetChar(X) ((char) (X))
#define CharGetDatum(X) ((Datum) (char) (X))
#define DatumGetInt16(X) ((int16) (X))
#define Int16GetDatum(X) ((Datum) (int64) (int16) (X))
#define DatumGetUInt16(X) ((uint16) (X))
#define UInt16GetDatum(X) ((Datum) (uint16) (X))
#define DatumGetInt32(X) ((int32) (X))
#define Int32GetDatum(X) ((Datum) (int64) (int32) (X))
#define DatumGetUInt32(X) ((uint32) (X))
#define UInt32GetDatum(X) ((Datum) (uint32) (X))
#define DatumGetInt64(X) ((int64) (X))
#define Int64GetDatum(X) ((Datum) (int64) (X))
#define DatumGetUInt64(X) ((uint64) (X))
#define UInt64GetDatum(X) ((Datum) (uint64) (X))
#define DatumGetObjectId(X) ((Oid) (X))
#define ObjectIdGetDatum(X) ((Datum) (Oid) (X))
#define DatumGetTransactionId(X) ((TransactionId) (X))
#define TransactionIdGetDatum(X) ((Datum) (TransactionId) (X))
#define DatumGetCommandId(X) ((CommandId) (X))
#define CommandIdGetDatum(X) ((Datum) (CommandId) (X))
#define DatumGetPointer(X) ((Pointer) (X))
#define PointerGetDatum(X) ((Datum) (X))
#define DatumGetCString(X) ((char *) DatumGetPointer(X))
#define CStringGetDatum(X) PointerGetDatum(X)
#define DatumGetName(X) ((Name) DatumGetPointer(X))
#define NameGetDatum(X) CStringGetDatum(NameStr(*(X)))

#endif /* POSTGRES_H */
