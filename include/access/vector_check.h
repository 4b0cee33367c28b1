/*
 * access/vector_check.h
 *	  What values of the vector types must fulfil, and the errors if not.
 *
 * "type" is the type's name as messages have it.  Texts, codes and the order
 * in which callers check are pgvector's.
 */
#ifndef ACCESS_VECTOR_CHECK_H
#define ACCESS_VECTOR_CHECK_H

#include "postgres.h"

#include <math.h>

#include "nodes/pg_list.h"

/* 1 to max_dim */
extern void VectorCheckDimUpTo(const char *type, int dim, int max_dim);

/* 1 to 16000, the limit of vector and halfvec */
extern void VectorCheckDim(const char *type, int dim);

/* typmod -1 takes any number of dimensions */
extern void VectorCheckExpectedDim(int32 typmod, int dim);

/* the field that is kept for later: always 0 */
extern void VectorCheckUnused(int unused);

/* 22P02: lit is not the text of a value; detail may be NULL */
extern void VectorSyntaxError(const char *type, const char *lit,
                              const char *detail) pg_attribute_noreturn();

/* an error, whose subject is the value: NaN or infinite */
extern void
VectorElementError(const char *type, float value) pg_attribute_noreturn();

static inline void
VectorCheckElement(const char *type, float value)
{
	if (unlikely(!isfinite(value)))
		VectorElementError(type, value);
}

/* two operands; the left one's size is told first */
extern void
VectorDimsError(const char *type, int a, int b) pg_attribute_noreturn();

static inline void
VectorCheckDims(const char *type, int a, int b)
{
	if (unlikely(a != b))
		VectorDimsError(type, a, b);
}

/* 22003: "value out of range: overflow", or underflow */
extern void VectorOverflowError(void) pg_attribute_noreturn();
extern void VectorUnderflowError(void) pg_attribute_noreturn();

/* The typmod of "type(n)" from the list of its modifiers, C strings. */
extern int32 VectorTypmod(const char *type, List *modifiers, int max_dim);

/* Rounding may leave [-1, 1]; NaN stays NaN. */
static inline double
VectorClampCosine(double cosine)
{
	if (cosine > 1)
		return 1;
	if (cosine < -1)
		return -1;
	return cosine;
}

/* Cosine distance from the inner product and the two squared norms. */
static inline double
VectorCosineDistance(float ip, float aa, float bb)
{
	return 1 - VectorClampCosine((double) ip / sqrt((double) aa * (double) bb));
}

/* The angle between unit vectors in half turns, from their inner product. */
static inline double
VectorSphericalDistance(float ip)
{
	return acos(VectorClampCosine((double) ip)) / M_PI;
}

/*
 * What subvector() cuts out of dim elements: counted from 1; what lies before
 * the first is cut off.  Returns the first element's index (from 0) and the
 * number of elements, which is at least one.
 */
extern int VectorSubRange(const char *type, int dim, int32 start, int32 count,
                          int *length);

#endif /* ACCESS_VECTOR_CHECK_H */
