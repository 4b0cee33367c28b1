/*
 * access/tupmacs.h
 *		Walking over the columns of a tuple: null bits, alignment, lengths.
 */
#ifndef TUPMACS_H
#define TUPMACS_H

#include "catalog/pg_attribute.h"

/* A set bit is a value that is there. */
static inline bool
att_isnull(int ATT, const bits8 *BITS)
{
	return !(BITS[ATT >> 3] & (1 << (ATT & 7)));
}

static inline uintptr_t
att_align_nominal(uintptr_t offset, char attalign)
{
	switch (attalign)
	{
		case TYPALIGN_INT:
			return INTALIGN(offset);
		case TYPALIGN_CHAR:
			return offset;
		case TYPALIGN_DOUBLE:
			return DOUBLEALIGN(offset);
		default:
			AssertHot(attalign == TYPALIGN_SHORT);
			return SHORTALIGN(offset);
	}
}

/* A byte other than zero at a varlena's place is a short header: no padding. */
static inline uintptr_t
att_align_pointer(uintptr_t offset, char attalign, int16 attlen,
                  const char *ptr)
{
	if (attlen == -1 && VARATT_NOT_PAD_BYTE(ptr))
		return offset;
	return att_align_nominal(offset, attalign);
}

static inline uintptr_t
att_addlength_pointer(uintptr_t offset, int16 attlen, const char *ptr)
{
	if (attlen > 0)
		return offset + attlen;
	if (attlen == -1)
		return offset + VARSIZE_ANY(ptr);
	AssertHot(attlen == -2);
	return offset + strlen(ptr) + 1;
}

static inline Datum
fetch_att(const char *T, bool attbyval, int16 attlen)
{
	int16 i2;
	int32 i4;
	Datum i8;

	if (!attbyval)
		return PointerGetDatum(T);
	switch (attlen)
	{
		case 1:
			return (Datum) * (const signed char *) T;
		case 2:
			memcpy(&i2, T, sizeof(i2));
			return (Datum) i2;
		case 4:
			memcpy(&i4, T, sizeof(i4));
			return (Datum) i4;
		default:
			AssertHot(attlen == 8);
			memcpy(&i8, T, sizeof(i8));
			return i8;
	}
}

/* Little-endian: the low bytes come first. */
static inline void
store_att_byval(char *T, Datum newdatum, int16 attlen)
{
	AssertHot(attlen == 1 || attlen == 2 || attlen == 4 || attlen == 8);
	memcpy(T, &newdatum, attlen);
}

#endif /* TUPMACS_H */
