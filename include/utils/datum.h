/*
 * utils/datum.h
 *		Values of which only length and passing are known.
 */
#ifndef DATUM_H
#define DATUM_H

/* bytes of a value, its header included; not for NULLs */
extern Size datumGetSize(Datum value, bool typByVal, int typLen);
/* into CurrentMemoryContext */
extern Datum datumCopy(Datum value, bool typByVal, int typLen);
/* bit for bit: not the type's own idea of equality */
extern bool datumIsEqual(Datum value1, Datum value2, bool typByVal, int typLen);

#endif /* DATUM_H */
