/*
 * vector_array.c
 *	  Casts between the dense types and arrays, and the aggregate avg.
 *
 * The state of avg is an array of float8: the count, and behind it the sum of
 * each dimension.  '{0}' is a state that has seen no vector yet.
 */
#include "postgres.h"

#include <math.h>

#include "access/half_kernels.h"
#include "access/halfvec.h"
#include "access/vector.h"
#include "access/vector_array.h"
#include "access/vector_check.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

static float
ElementToFloat(Datum value, Oid type)
{
	switch (type)
	{
		case INT4OID:
			return (float) DatumGetInt32(value);
		case FLOAT4OID:
			return DatumGetFloat4(value);
		case FLOAT8OID:
			return (float) DatumGetFloat8(value);
		default:
			Assert(type == NUMERICOID);
			return DatumGetFloat4(DirectFunctionCall1(numeric_float4, value));
	}
}

float *
VectorArrayToFloats(const char *vector_type, int max_dim, ArrayType *array,
                    int32 typmod, int *dim)
{
	Oid type = ARR_ELEMTYPE(array);
	int16 typlen;
	bool typbyval;
	char typalign;
	Datum *elements;
	float *x;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_EXCEPTION), errmsg("array must be 1-D")));
	if (array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
		                errmsg("array must not contain nulls")));
	get_typlenbyvalalign(type, &typlen, &typbyval, &typalign);
	deconstruct_array(array, type, typlen, typbyval, typalign, &elements, NULL,
	                  dim);
	VectorCheckDimUpTo(vector_type, *dim, max_dim);
	VectorCheckExpectedDim(typmod, *dim);
	if (type != INT4OID && type != FLOAT4OID && type != FLOAT8OID &&
	    type != NUMERICOID)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("unsupported array type")));
	x = palloc(sizeof(float) * *dim);
	for (int i = 0; i < *dim; i++)
		x[i] = ElementToFloat(elements[i], type);
	return x;
}

static ArrayType *
FloatsToArray(const float *x, int dim)
{
	Datum *elements = palloc(sizeof(Datum) * dim);

	for (int i = 0; i < dim; i++)
		elements[i] = Float4GetDatum(x[i]);
	return construct_array(elements, dim, FLOAT4OID, sizeof(float4), true,
	                       TYPALIGN_INT);
}

Datum
array_to_vector(PG_FUNCTION_ARGS)
{
	int dim;
	float *x =
		VectorArrayToFloats("vector", VECTOR_MAX_DIM, PG_GETARG_ARRAYTYPE_P(0),
	                        PG_GETARG_INT32(1), &dim);
	Vector *result = InitVector(dim);

	for (int i = 0; i < dim; i++)
	{
		VectorCheckElement("vector", x[i]);
		result->x[i] = x[i];
	}
	PG_RETURN_VECTOR_P(result);
}

Datum
array_to_halfvec(PG_FUNCTION_ARGS)
{
	int dim;
	float *x =
		VectorArrayToFloats("halfvec", HALFVEC_MAX_DIM,
	                        PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_INT32(1), &dim);
	HalfVector *result = InitHalfVector(dim);

	for (int i = 0; i < dim; i++)
	{
		result->x[i] = Float4ToHalf(x[i]);
		VectorCheckElement("halfvec", x[i]);
	}
	PG_RETURN_HALFVEC_P(result);
}

Datum
vector_to_float4(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);

	PG_RETURN_ARRAYTYPE_P(FloatsToArray(v->x, v->dim));
}

/* The elements of a halfvec in the current context. */
static float *
HalvesToFloats(const HalfVector *v)
{
	float *x = palloc(sizeof(float) * v->dim);

	half_kernels.to_float(v->x, x, v->dim);
	return x;
}

Datum
halfvec_to_float4(PG_FUNCTION_ARGS)
{
	HalfVector *v = PG_GETARG_HALFVEC_P(0);

	PG_RETURN_ARRAYTYPE_P(FloatsToArray(HalvesToFloats(v), v->dim));
}

/* ---------------------------------------------------------------------------
 * avg
 * ---------------------------------------------------------------------------
 */

/* The count and the sums; *dim is how many sums there are. */
static float8 *
StateValues(ArrayType *state, int *dim, const char *caller)
{
	if (ARR_NDIM(state) != 1 || ARR_DIMS(state)[0] < 1 || ARR_HASNULL(state) ||
	    ARR_ELEMTYPE(state) != FLOAT8OID)
		elog(ERROR, "%s: expected state array", caller);
	*dim = ARR_DIMS(state)[0] - 1;
	return (float8 *) ARR_DATA_PTR(state);
}

static ArrayType *
MakeState(Datum *elements, int dim)
{
	return construct_array(elements, dim + 1, FLOAT8OID, sizeof(float8), true,
	                       TYPALIGN_DOUBLE);
}

static float8
CheckedSum(float8 a, float8 b)
{
	float8 sum = a + b;

	if (isinf(sum))
		VectorOverflowError();
	return sum;
}

/* The state of an aggregate's call with one vector more. */
static ArrayType *
AddToState(FunctionCallInfo fcinfo, const float *x, int n, const char *caller)
{
	ArrayType *state = PG_GETARG_ARRAYTYPE_P(0);
	int dim;
	float8 *values = StateValues(state, &dim, caller);
	Datum *elements;

	if (dim > 0)
		VectorCheckExpectedDim(dim, n);
	/* a state of the executor's own can be changed where it is */
	if (dim > 0 && AggCheckCallContext(fcinfo, NULL))
	{
		values[0] += 1;
		for (int i = 0; i < dim; i++)
			values[i + 1] = CheckedSum(values[i + 1], x[i]);
		return state;
	}
	elements = palloc(sizeof(Datum) * (n + 1));
	elements[0] = Float8GetDatum(values[0] + 1);
	for (int i = 0; i < n; i++)
		elements[i + 1] =
			Float8GetDatum(CheckedSum(dim > 0 ? values[i + 1] : 0, x[i]));
	return MakeState(elements, n);
}

Datum
vector_accum(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(1);

	PG_RETURN_ARRAYTYPE_P(AddToState(fcinfo, v->x, v->dim, "vector_accum"));
}

Datum
halfvec_accum(PG_FUNCTION_ARGS)
{
	HalfVector *v = PG_GETARG_HALFVEC_P(1);

	PG_RETURN_ARRAYTYPE_P(
		AddToState(fcinfo, HalvesToFloats(v), v->dim, "halfvec_accum"));
}

/* SQL's halfvec_combine is this function too: the states are alike. */
Datum
vector_combine(PG_FUNCTION_ARGS)
{
	int dim_a, dim_b, dim;
	float8 *a = StateValues(PG_GETARG_ARRAYTYPE_P(0), &dim_a, "vector_combine");
	float8 *b = StateValues(PG_GETARG_ARRAYTYPE_P(1), &dim_b, "vector_combine");
	Datum *elements;

	dim = Max(dim_a, dim_b);
	if (dim > 0)
		VectorCheckDim("vector", dim);
	if (dim_a > 0 && dim_b > 0)
		VectorCheckExpectedDim(dim_a, dim_b);
	elements = palloc(sizeof(Datum) * (dim + 1));
	for (int i = 0; i <= dim; i++)
		elements[i] = Float8GetDatum(
			CheckedSum(i <= dim_a ? a[i] : 0, i <= dim_b ? b[i] : 0));
	PG_RETURN_ARRAYTYPE_P(MakeState(elements, dim));
}

Datum
vector_avg(PG_FUNCTION_ARGS)
{
	int dim;
	float8 *values = StateValues(PG_GETARG_ARRAYTYPE_P(0), &dim, "vector_avg");
	Vector *result;

	if (values[0] == 0)
		PG_RETURN_NULL();
	VectorCheckDim("vector", dim);
	result = InitVector(dim);
	for (int i = 0; i < dim; i++)
	{
		result->x[i] = (float) (values[i + 1] / values[0]);
		VectorCheckElement("vector", result->x[i]);
	}
	PG_RETURN_VECTOR_P(result);
}

Datum
halfvec_avg(PG_FUNCTION_ARGS)
{
	int dim;
	float8 *values = StateValues(PG_GETARG_ARRAYTYPE_P(0), &dim, "halfvec_avg");
	HalfVector *result;

	if (values[0] == 0)
		PG_RETURN_NULL();
	VectorCheckDim("halfvec", dim);
	result = InitHalfVector(dim);
	for (int i = 0; i < dim; i++)
	{
		float mean = (float) (values[i + 1] / values[0]);

		result->x[i] = Float4ToHalf(mean);
		VectorCheckElement("halfvec", mean);
	}
	PG_RETURN_HALFVEC_P(result);
}
