/*
 * vector_support.h
 *	  What an index of vectors (hnsw, ivfflat) knows of its values.
 *
 * A value is a varlena with a 4-byte header, as it stands in the index.  Its
 * point is what the distances are computed from: the numbers of a vector, the
 * bits of a bit string, all of a sparse vector.  An index has values of one
 * type and number of dimensions, but sparse vectors differ in size.
 *
 * Distances go through two function pointers that are looked up once; whoever
 * has several points calls the one for many, so that the choice costs nothing
 * beside the kernel (access/vector_kernels.h and its like).
 */
#ifndef ACCESS_VECTOR_SUPPORT_H
#define ACCESS_VECTOR_SUPPORT_H

#include "access/vector_codes.h"
#include "fmgr.h"

/* dim: dimensions of both points. */
typedef float (*PointDistance)(const void *a, const void *b, int dim);

/* out[i]: from q to points[i]. */
typedef void (*PointDistances)(const void *q, const void *const *points, int n,
                               int dim, float *out);

/* A point's code: fewer bytes, from which a build computes distances. */
typedef void (*PointEncode)(const void *point, int dim, void *code);

/* How far a point may be from that code. */
typedef void (*PointCodeError)(const void *point, int dim, const void *code,
                               VectorCodeError *error);

/*
 * What support function 3 returns a pointer to; the first three are
 * pgvector's.  An opclass without that function is one of vector.
 */
typedef struct VectorTypeInfo
{
	int maxDimensions;
	PGFunction normalize; /* NULL: the type has no norm */
	/* raises an error for a value that cannot be indexed; NULL: all can */
	void (*checkValue)(const void *value);

	const char *dimensions; /* as in "different vector dimensions 1 and 2" */
	const char *hint;       /* for a column with too many; or NULL */
	Size point_offset;      /* of the point in a value */
	/* bytes of a value, header included; NULL: values differ in size */
	Size (*value_size)(int dim);
	int (*value_dim)(const void *value);
	/*
	 * Is this a value of the type with dim dimensions, at most room bytes long?
	 * Reads no more than those, whatever is in them; room is at least
	 * VECTOR_MIN_VALUE_SIZE.  A value that fits can be computed with; a valid
	 * one also has nothing in it that the type does not allow.
	 */
	bool (*fits)(const void *value, Size room, int dim);
	bool (*is_valid)(const void *value, Size room, int dim);
} VectorTypeInfo;

/* What an opclass means, for values of dim dimensions. */
typedef struct VectorSupport
{
	const VectorTypeInfo *type;
	PointDistance distance;
	PointDistances distances;
	PointEncode encode; /* NULL: the points have no codes */
	PointCodeError code_error;
	VectorMetric code_metric;
	PointDistances code_distances;
	Size code_size;
	FmgrInfo *norm; /* values are normalised; NULL: they are not */
	int dim;
	Size value_size;   /* 0: values differ in size */
	Size point_offset; /* the type's */
} VectorSupport;

/* How many bytes any value takes at least. */
#define VECTOR_MIN_VALUE_SIZE 8

#define VECTOR_INDEX_MAX_DIM 2000
#define HNSW_MAX_NNZ 1000 /* elements of a sparse vector */

extern const VectorTypeInfo vector_type_info;

/* support functions 3: (internal) -> internal */
extern Datum hnsw_halfvec_support(PG_FUNCTION_ARGS);
extern Datum hnsw_sparsevec_support(PG_FUNCTION_ARGS);
extern Datum hnsw_bit_support(PG_FUNCTION_ARGS);
/* support functions 5 of ivfflat */
extern Datum ivfflat_halfvec_support(PG_FUNCTION_ARGS);
extern Datum ivfflat_bit_support(PG_FUNCTION_ARGS);

/* False: the function is not one that an opclass of either has. */
extern bool
VectorSupportInit(VectorSupport *support, const VectorTypeInfo *type,
                  PGFunction distance, FmgrInfo *norm, int dim);

/*
 * The value to index, normalised if need be, in the current context.  False:
 * the value has no place in the index (a zero vector under cosine).
 */
extern bool
VectorFormValue(const VectorSupport *support, Datum datum, void **value);

/* The value to search for: even if it has no place. */
extern void *VectorFormQuery(const VectorSupport *support, Datum datum);

static inline const void *
VectorPoint(const VectorSupport *support, const void *value)
{
	return (const char *) value + support->point_offset;
}

/* Only for values that are whole: on a page they may be changed meanwhile. */
static inline bool
VectorValuesEqual(const void *a, const void *b)
{
	return VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0;
}

#endif /* ACCESS_VECTOR_SUPPORT_H */
