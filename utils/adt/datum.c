/*
 * datum.c
 *		Values of which only length and passing are known.
 */
#include "postgres.h"

#include "utils/datum.h"

Size
datumGetSize(Datum value, bool typByVal, int typLen)
{
	if (typByVal || typLen > 0)
		return (Size) typLen;
	if (typLen == -1)
		return VARSIZE_ANY(DatumGetPointer(value));
	Assert(typLen == -2);
	return strlen(DatumGetCString(value)) + 1;
}

Datum
datumCopy(Datum value, bool typByVal, int typLen)
{
	Size size;
	char *copy;

	if (typByVal)
		return value;
	size = datumGetSize(value, typByVal, typLen);
	copy = palloc(size);
	memcpy(copy, DatumGetPointer(value), size);
	return PointerGetDatum(copy);
}

bool
datumIsEqual(Datum value1, Datum value2, bool typByVal, int typLen)
{
	Size size;

	if (typByVal)
		return value1 == value2;
	size = datumGetSize(value1, typByVal, typLen);
	return size == datumGetSize(value2, typByVal, typLen) &&
	       memcmp(DatumGetPointer(value1), DatumGetPointer(value2), size) == 0;
}
