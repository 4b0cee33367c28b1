/*
 * access/vector_array.h
 *	  Arrays of SQL as elements of vectors.
 */
#ifndef ACCESS_VECTOR_ARRAY_H
#define ACCESS_VECTOR_ARRAY_H

#include "utils/array.h"

/*
 * The elements of integer[], real[], double precision[] or numeric[] as floats,
 * *dim of them (1 to max_dim, and what the typmod says), in the current
 * context.  Whether a vector may have them is the caller's to see.
 */
extern float *VectorArrayToFloats(const char *vector_type, int max_dim,
                                  ArrayType *array, int32 typmod, int *dim);

#endif /* ACCESS_VECTOR_ARRAY_H */
