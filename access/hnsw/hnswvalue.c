/*
 * hnswvalue.c
 *	  The types that hnsw indexes, and their distances.
 *
 * A distance is computed by a kernel, not through fmgr: the opclass's first
 * support function says by which.  The wrappers here give the kernels of all
 * types one signature; the set of kernels in force is known to them alone.
 */
#include "postgres.h"

#include "access/hnsw_value.h"
#include "access/vector.h"
#include "access/vector_kernels.h"

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
VectorIsValid(const void *value, Size room, int dim)
{
	const Vector *v = value;

	return VARATT_IS_4B_U(v) && VARSIZE(v) == VECTOR_SIZE(dim) &&
	       VARSIZE(v) <= room && v->dim == dim && v->unused == 0;
}

const HnswTypeInfo hnsw_vector_type = {
	.maxDimensions = HNSW_MAX_DIM,
	.normalize = l2_normalize,
	.dimensions = "vector dimensions",
	.hint = "Index an expression with fewer dimensions (subvector) or with "
			"smaller ones: halfvec (up to 4000), or bit with binary_quantize "
			"(up to 64000).",
	.point_offset = offsetof(Vector, x),
	.value_size = VectorValueSize,
	.value_dim = VectorValueDim,
	.is_valid = VectorIsValid};

#define VECTOR_DISTANCE(name, one, metric)                                    \
	static float Vector##name(const void *a, const void *b, int dim)          \
	{                                                                         \
		return vector_kernels.one(a, b, dim);                                 \
	}                                                                         \
                                                                              \
	static void Vector##name##Many(const void *q, const void *const *points,  \
	                               int n, int dim, float *out)                \
	{                                                                         \
		vector_kernels.many[metric](q, (const float *const *) points, n, dim, \
		                            out);                                     \
	}

VECTOR_DISTANCE(L2, l2_squared, VECTOR_METRIC_L2_SQUARED)
VECTOR_DISTANCE(IP, negative_inner_product, VECTOR_METRIC_NEGATIVE_IP)
VECTOR_DISTANCE(L1, l1, VECTOR_METRIC_L1)

/* ---------------------------------------------------------------------------
 * Operator classes
 * ---------------------------------------------------------------------------
 */

static const struct
{
	PGFunction function; /* support function 1 */
	HnswDistance distance;
	HnswDistances distances;
} distances[] = {
	{vector_l2_squared_distance, VectorL2, VectorL2Many},
	{vector_negative_inner_product, VectorIP, VectorIPMany},
	{l1_distance, VectorL1, VectorL1Many},
};

void
HnswSupportInit(HnswSupport *support, const HnswTypeInfo *type,
                PGFunction distance, FmgrInfo *norm, int dim)
{
	memset(support, 0, sizeof(*support));
	support->type = type;
	support->norm = norm;
	support->dim = dim;
	support->value_size = type->value_size ? type->value_size(dim) : 0;
	support->point_offset = type->point_offset;
	for (int i = 0; i < (int) lengthof(distances); i++)
	{
		if (distances[i].function != distance)
			continue;
		support->distance = distances[i].distance;
		support->distances = distances[i].distances;
		return;
	}
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("type not supported for hnsw index")));
}

/* ---------------------------------------------------------------------------
 * Values
 * ---------------------------------------------------------------------------
 */

bool
HnswFormValue(const HnswSupport *support, Datum datum, void **value)
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
HnswFormQuery(const HnswSupport *support, Datum datum)
{
	datum = PointerGetDatum(PG_DETOAST_DATUM(datum));
	if (support->norm)
		datum = DirectFunctionCall1(support->type->normalize, datum);
	return DatumGetPointer(datum);
}
