/*
 * utils/array.h
 *		Arrays as values: up to six dimensions, none if empty; PostgreSQL's layout.
 *
 *		int32 header, int ndim, int32 dataoffset (0: no nulls), Oid elemtype,
 *		then a length and a lower bound per dimension, the null bitmap if there
 *		is one, and the elements, each aligned as its type wants it.
 */
#ifndef ARRAY_H
#define ARRAY_H

#include "fmgr.h"

#define MAXDIM 6

typedef struct ArrayType
{
	int32 vl_len_;
	int ndim;
	int32 dataoffset;
	Oid elemtype;
} ArrayType;

#define ARR_SIZE(a) VARSIZE(a)
#define ARR_NDIM(a) ((a)->ndim)
#define ARR_HASNULL(a) ((a)->dataoffset != 0)
#define ARR_ELEMTYPE(a) ((a)->elemtype)
#define ARR_DIMS(a) ((int *) ((char *) (a) + sizeof(ArrayType)))
#define ARR_LBOUND(a) \
	((int *) ((char *) (a) + sizeof(ArrayType) + sizeof(int) * ARR_NDIM(a)))
#define ARR_NULLBITMAP(a)                                           \
	(ARR_HASNULL(a) ? (bits8 *) ((char *) (a) + sizeof(ArrayType) + \
	                             2 * sizeof(int) * ARR_NDIM(a))     \
	                : (bits8 *) NULL)
#define ARR_OVERHEAD_NONULLS(ndims) \
	MAXALIGN(sizeof(ArrayType) + 2 * sizeof(int) * (ndims))
#define ARR_OVERHEAD_WITHNULLS(ndims, nitems) \
	MAXALIGN(sizeof(ArrayType) + 2 * sizeof(int) * (ndims) + ((nitems) + 7) / 8)
#define ARR_DATA_OFFSET(a) \
	(ARR_HASNULL(a) ? (a)->dataoffset : (int) ARR_OVERHEAD_NONULLS(ARR_NDIM(a)))
#define ARR_DATA_PTR(a) ((char *) (a) + ARR_DATA_OFFSET(a))

#define DatumGetArrayTypeP(X) ((ArrayType *) PG_DETOAST_DATUM(X))
#define PG_GETARG_ARRAYTYPE_P(n) DatumGetArrayTypeP(PG_GETARG_DATUM(n))
#define PG_RETURN_ARRAYTYPE_P(x) PG_RETURN_POINTER(x)

extern ArrayType *construct_empty_array(Oid elmtype);
extern ArrayType *construct_array(Datum *elems, int nelems, Oid elmtype,
                                  int elmlen, bool elmbyval, char elmalign);
/* nulls may be NULL */
extern ArrayType *
construct_array_nulls(Datum *elems, bool *nulls, int nelems, Oid elmtype,
                      int elmlen, bool elmbyval, char elmalign);
/* dims and lbs have ndims numbers; the elements are in row-major order */
extern ArrayType *
construct_md_array(Datum *elems, bool *nulls, int ndims, const int *dims,
                   const int *lbs, Oid elmtype, int elmlen, bool elmbyval,
                   char elmalign);
/* nullsp may be NULL: then a null is ERROR 22004 */
extern void
deconstruct_array(ArrayType *array, Oid elmtype, int elmlen, bool elmbyval,
                  char elmalign, Datum **elemsp, bool **nullsp, int *nelemsp);
/* the number of elements of all dimensions; too many are ERROR 54000 */
extern int ArrayGetNItems(int ndim, const int *dims);
/* the number of the element with those subscripts, from 0; -1: there is none */
extern int ArrayGetOffset(ArrayType *array, int nindexes, const int *indexes);
/* more than MAXDIM: ERROR 54000 */
extern void ArrayCheckNDim(int ndim);
/* the last element's number is an int too, else ERROR 54000 */
extern void ArrayCheckLowerBound(int dim, int lbound);
extern bool array_contains_nulls(ArrayType *array);

#endif /* ARRAY_H */
