/*
 * utils/array_elements.h
 *		An array taken apart, for the functions on arrays.
 */
#ifndef ARRAY_ELEMENTS_H
#define ARRAY_ELEMENTS_H

#include "utils/array.h"

typedef struct ArrayElements
{
	Oid type;
	int16 typlen;
	bool typbyval;
	char typalign;
	Datum *values;
	bool *nulls;
	int n;
	int ndim; /* none if n is 0 */
	int dims[MAXDIM];
	int lbs[MAXDIM];
} ArrayElements;

extern void ArrayTakeApart(ArrayType *array, ArrayElements *e);
extern ArrayType *ArrayPutTogether(ArrayElements *e);

/* One dimension for all n elements, counted from lbound. */
extern void ArraySetOneDimension(ArrayElements *e, int lbound);

/* Room for that many elements, in the current context. */
extern void ArrayAllocateElements(ArrayElements *e, int capacity);

/* The type of an argument; ERROR 22023 if it is not known. */
extern Oid ArrayArgumentType(FunctionCallInfo fcinfo, int argument);

#endif /* ARRAY_ELEMENTS_H */
