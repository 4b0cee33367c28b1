/*
 * vector_support.c
 *	  The types that hnsw and ivfflat index, and their distances.
 *
 * A distance is computed by a kernel, not through fmgr: the opclass's first
 * support function says by which.  The kernel is called directly: one more jump
 * on the way would cost a build two hundredths of its time.
 */
#include "postgres.h"

#include <math.h>

#include "access/bit_kernels.h"
#include "access/bitvec.h"
#include "access/half_kernels.h"
#include "access/halfvec.h"
#include "access/vector_support.h"
#include "access/sparsevec.h"
#include "access/sparsevec_kernels.h"
#include "access/vector.h"
#include "access/vector_codes.h"
#include "access/vector_kernels.h"
#include "utils/varbit.h"

/* Sizes agree: those of a header and what is behind it. */
static inline bool
SizeFits(const void *value, Size size, Size room)
{
	return VARATT_IS_4B_U(value) && VARSIZE(value) == size && size <= room;
}

/* ---------------------------------------------------------------------------
 * vector
 * ---------------------------------------------------------------------------
 */

static Size
VectorValueSize(int dim)
{
	return VECTOR_SIZE(dim);
}

static int
VectorValueDim(const void *value)
{
	return ((const Vector *) value)->dim;
}

static bool
VectorFits(const void *value, Size room, int dim)
{
	return SizeFits(value, VECTOR_SIZE(dim), room) &&
	       ((const Vector *) value)->dim == dim;
}

static bool
VectorIsValid(const void *value, Size room, int dim)
{
	const Vector *v = value;

	if (!VectorFits(value, room, dim) || v->unused != 0)
		return false;
	for (int i = 0; i < dim; i++)
	{
		if (!isfinite(v->x[i]))
			return false;
	}
	return true;
}

const VectorTypeInfo vector_type_info = {
	.maxDimensions = VECTOR_INDEX_MAX_DIM,
	.normalize = l2_normalize,
	.dimensions = "vector dimensions",
	.hint = "Index an expression with fewer dimensions (subvector) or with "
			"smaller ones: halfvec (up to 4000), or bit with binary_quantize "
			"(up to 64000).",
	.point_offset = offsetof(Vector, x),
	.value_size = VectorValueSize,
	.value_dim = VectorValueDim,
	.fits = VectorFits,
	.is_valid = VectorIsValid};

/* ---------------------------------------------------------------------------
 * halfvec
 * ---------------------------------------------------------------------------
 */

static Size
HalfvecValueSize(int dim)
{
	return HALFVEC_SIZE(dim);
}

static int
HalfvecValueDim(const void *value)
{
	return ((const HalfVector *) value)->dim;
}

static bool
HalfvecFits(const void *value, Size room, int dim)
{
	return SizeFits(value, HALFVEC_SIZE(dim), room) &&
	       ((const HalfVector *) value)->dim == dim;
}

static bool
HalfvecIsValid(const void *value, Size room, int dim)
{
	const HalfVector *v = value;

	if (!HalfvecFits(value, room, dim) || v->unused != 0)
		return false;
	for (int i = 0; i < dim; i++)
	{
		if (HalfIsNan(v->x[i]) || HalfIsInf(v->x[i]))
			return false;
	}
	return true;
}

static const VectorTypeInfo halfvec_type_info = {
	.maxDimensions = VECTOR_INDEX_MAX_DIM * 2,
	.normalize = halfvec_l2_normalize,
	.dimensions = "halfvec dimensions",
	.hint = "Index an expression with fewer dimensions (subvector), or bit "
			"with binary_quantize (up to 64000).",
	.point_offset = offsetof(HalfVector, x),
	.value_size = HalfvecValueSize,
	.value_dim = HalfvecValueDim,
	.fits = HalfvecFits,
	.is_valid = HalfvecIsValid};

static void
HalvesToFloats(const half *x, int dim, float *numbers)
{
	for (int i = 0; i < dim; i++)
		numbers[i] = HalfToFloat4(x[i]);
}

static void
HalfvecEncode(const void *point, int dim, void *code)
{
	float numbers[VECTOR_INDEX_MAX_DIM * 2];

	HalvesToFloats(point, dim, numbers);
	vector_encode(numbers, dim, code);
}

static void
HalfvecCodeError(const void *point, int dim, const void *code,
                 VectorCodeError *error)
{
	float numbers[VECTOR_INDEX_MAX_DIM * 2];

	HalvesToFloats(point, dim, numbers);
	vector_code_error(numbers, dim, code, error);
}

Datum
hnsw_halfvec_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&halfvec_type_info);
}

/* ---------------------------------------------------------------------------
 * bit
 * ---------------------------------------------------------------------------
 */

static Size
BitValueSize(int dim)
{
	return VARBITTOTALLEN(dim);
}

static int
BitValueDim(const void *value)
{
	return ((const VarBit *) value)->bit_len;
}

static bool
BitFits(const void *value, Size room, int dim)
{
	return SizeFits(value, VARBITTOTALLEN(dim), room) &&
	       ((const VarBit *) value)->bit_len == dim;
}

/* The bits behind the end are 0. */
static bool
BitIsValid(const void *value, Size room, int dim)
{
	const VarBit *v = value;
	int used = dim % BITS_PER_BYTE;

	return BitFits(value, room, dim) &&
	       (used == 0 ||
	        (v->bit_dat[dim / BITS_PER_BYTE] & (0xFF >> used)) == 0);
}

static const VectorTypeInfo bit_type_info = {
	.maxDimensions = VECTOR_INDEX_MAX_DIM * 32,
	.dimensions = "bit lengths",
	.hint = "Index an expression with fewer bits, such as "
			"substring(b from 1 for 64000)::bit(64000).",
	.point_offset = offsetof(VarBit, bit_dat),
	.value_size = BitValueSize,
	.value_dim = BitValueDim,
	.fits = BitFits,
	.is_valid = BitIsValid};

Datum
hnsw_bit_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&bit_type_info);
}

/* ivfflat has the same types */
Datum
ivfflat_halfvec_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&halfvec_type_info);
}

Datum
ivfflat_bit_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&bit_type_info);
}

/* ---------------------------------------------------------------------------
 * sparsevec: a point is the whole value
 * ---------------------------------------------------------------------------
 */

static int
SparsevecValueDim(const void *value)
{
	return ((const SparseVector *) value)->dim;
}

static bool
SparsevecFits(const void *value, Size room, int dim)
{
	const SparseVector *v = value;

	return room >= SPARSEVEC_SIZE(0) && v->nnz >= 0 &&
	       v->nnz <= SPARSEVEC_MAX_NNZ &&
	       SizeFits(value, SPARSEVEC_SIZE(v->nnz), room) && v->dim == dim;
}

static bool
SparsevecIsValid(const void *value, Size room, int dim)
{
	const SparseVector *v = value;
	const float *x;

	if (!SparsevecFits(value, room, dim) || v->unused != 0 ||
	    v->nnz > HNSW_MAX_NNZ)
		return false;
	x = (const float *) (v->indices + v->nnz);
	for (int i = 0; i < v->nnz; i++)
	{
		if (v->indices[i] < (i > 0 ? v->indices[i - 1] + 1 : 0) ||
		    v->indices[i] >= dim || !isfinite(x[i]) || x[i] == 0)
			return false;
	}
	return true;
}

static void
SparsevecCheckValue(const void *value)
{
	if (((const SparseVector *) value)->nnz > HNSW_MAX_NNZ)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("sparsevec cannot have more than %d non-zero "
		                       "elements for hnsw index",
		                       HNSW_MAX_NNZ)));
}

static const VectorTypeInfo sparsevec_type_info = {
	.maxDimensions = SPARSEVEC_MAX_DIM,
	.normalize = sparsevec_l2_normalize,
	.checkValue = SparsevecCheckValue,
	.dimensions = "sparsevec dimensions",
	.value_dim = SparsevecValueDim,
	.fits = SparsevecFits,
	.is_valid = SparsevecIsValid};

/* So many cache lines of the next value are fetched ahead. */
#define SPARSE_PREFETCH_LINES 4

typedef struct SparsevecDistances
{
	PointDistance one;
	PointDistances many;
} SparsevecDistances;

#define SPARSE_DISTANCE(name, kernel)                                        \
	static float name##_one(const void *a, const void *b, int dim)           \
	{                                                                        \
		return sparsevec_kernels.kernel(a, b);                               \
	}                                                                        \
                                                                             \
	static void name##_many(const void *q, const void *const *points, int n, \
	                        int dim, float *out)                             \
	{                                                                        \
		SparsevecDistance distance = sparsevec_kernels.kernel;               \
                                                                             \
		for (int i = 0; i < n; i++)                                          \
		{                                                                    \
			for (int j = 0; i + 1 < n && j < SPARSE_PREFETCH_LINES; j++)     \
				__builtin_prefetch((const char *) points[i + 1] +            \
				                   j * PG_CACHE_LINE_SIZE);                  \
			out[i] = distance(q, points[i]);                                 \
		}                                                                    \
	}                                                                        \
                                                                             \
	static const SparsevecDistances name = {name##_one, name##_many};

SPARSE_DISTANCE(sparsevec_l2, l2_squared)
SPARSE_DISTANCE(sparsevec_ip, negative_inner_product)
SPARSE_DISTANCE(sparsevec_l1, l1)

Datum
hnsw_sparsevec_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&sparsevec_type_info);
}

static void
VectorEncode(const void *point, int dim, void *code)
{
	vector_encode(point, dim, code);
}

static void
VectorPointCodeError(const void *point, int dim, const void *code,
                     VectorCodeError *error)
{
	vector_code_error(point, dim, code, error);
}

/* ---------------------------------------------------------------------------
 * Operator classes
 * ---------------------------------------------------------------------------
 */

/*
 * Where the kernels of a distance are, which are chosen when the server starts.
 * Their own types say what the points are arrays of; a call is the same for all.
 */
static const struct
{
	PGFunction function;   /* support function 1 */
	const void *distance;  /* a pointer to it stands there */
	const void *distances; /* the one for many */
} distances[] = {
	{vector_l2_squared_distance, &vector_kernels.l2_squared,
     &vector_kernels.many[VECTOR_METRIC_L2_SQUARED]},
	{vector_negative_inner_product, &vector_kernels.negative_inner_product,
     &vector_kernels.many[VECTOR_METRIC_NEGATIVE_IP]},
	{l1_distance, &vector_kernels.l1, &vector_kernels.many[VECTOR_METRIC_L1]},
	{halfvec_l2_squared_distance, &half_kernels.l2_squared,
     &half_kernels.many[VECTOR_METRIC_L2_SQUARED]},
	{halfvec_negative_inner_product, &half_kernels.negative_inner_product,
     &half_kernels.many[VECTOR_METRIC_NEGATIVE_IP]},
	{halfvec_l1_distance, &half_kernels.l1,
     &half_kernels.many[VECTOR_METRIC_L1]},
	{hamming_distance, &bit_kernels.one[BIT_METRIC_HAMMING],
     &bit_kernels.many[BIT_METRIC_HAMMING]},
	{jaccard_distance, &bit_kernels.one[BIT_METRIC_JACCARD],
     &bit_kernels.many[BIT_METRIC_JACCARD]},
	{sparsevec_l2_squared_distance, &sparsevec_l2.one, &sparsevec_l2.many},
	{sparsevec_negative_inner_product, &sparsevec_ip.one, &sparsevec_ip.many},
	{sparsevec_l1_distance, &sparsevec_l1.one, &sparsevec_l1.many},
};

StaticAssertDecl(sizeof(VectorDistance) == sizeof(PointDistance) &&
                     sizeof(VectorDistances) == sizeof(PointDistances),
                 "pointers to functions have one size");

/* Of those whose points have codes. */
static const struct
{
	PGFunction function;
	PointEncode encode;
	PointCodeError error;
	VectorMetric metric;
} codes[] = {
	{vector_l2_squared_distance, VectorEncode, VectorPointCodeError,
     VECTOR_METRIC_L2_SQUARED},
	{vector_negative_inner_product, VectorEncode, VectorPointCodeError,
     VECTOR_METRIC_NEGATIVE_IP},
	{halfvec_l2_squared_distance, HalfvecEncode, HalfvecCodeError,
     VECTOR_METRIC_L2_SQUARED},
	{halfvec_negative_inner_product, HalfvecEncode, HalfvecCodeError,
     VECTOR_METRIC_NEGATIVE_IP},
};

bool
VectorSupportInit(VectorSupport *support, const VectorTypeInfo *type,
                  PGFunction distance, FmgrInfo *norm, int dim)
{
	memset(support, 0, sizeof(*support));
	support->type = type;
	support->norm = norm;
	support->dim = dim;
	support->value_size = type->value_size ? type->value_size(dim) : 0;
	support->point_offset = type->point_offset;
	for (int i = 0; i < (int) lengthof(codes); i++)
	{
		if (codes[i].function != distance)
			continue;
		support->encode = codes[i].encode;
		support->code_error = codes[i].error;
		support->code_metric = codes[i].metric;
		support->code_distances = vector_code_distances(codes[i].metric);
		support->code_size = VECTOR_CODE_SIZE(dim);
	}
	for (int i = 0; i < (int) lengthof(distances); i++)
	{
		if (distances[i].function != distance)
			continue;
		memcpy(&support->distance, distances[i].distance,
		       sizeof(PointDistance));
		memcpy(&support->distances, distances[i].distances,
		       sizeof(PointDistances));
		return true;
	}
	return false;
}

/* ---------------------------------------------------------------------------
 * Values
 * ---------------------------------------------------------------------------
 */

bool
VectorFormValue(const VectorSupport *support, Datum datum, void **value)
{
	datum = PointerGetDatum(PG_DETOAST_DATUM(datum));
	if (support->type->checkValue)
		support->type->checkValue(DatumGetPointer(datum));
	if (support->norm)
	{
		/* NaN cannot be: elements are finite and the sum is double */
		if (!(DatumGetFloat8(FunctionCall1(support->norm, datum)) > 0))
			return false;
		datum = DirectFunctionCall1(support->type->normalize, datum);
	}
	*value = DatumGetPointer(datum);
	return true;
}

void *
VectorFormQuery(const VectorSupport *support, Datum datum)
{
	datum = PointerGetDatum(PG_DETOAST_DATUM(datum));
	if (support->norm)
		datum = DirectFunctionCall1(support->type->normalize, datum);
	return DatumGetPointer(datum);
}
