/*
 * vector_array.c
 *	  Casts between vector and arrays, and the aggregate avg(vector).
 *
 * The state of avg is an array of float8: the count, and behind it the sum of
 * each dimension.  '{0}' is a state that has seen no vector yet.
 */
#include "postgres.h"

#include <math.h>

#include "access/vector.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

static void
CheckDim(int dim)
{
	if (dim < 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("vector must have at least 1 dimension")));
	if (dim > VECTOR_MAX_DIM)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("vector cannot have more than %d dimensions",
		                       VECTOR_MAX_DIM)));
}

static void
CheckExpectedDim(int32 expected, int dim)
{
	if (expected != -1 && expected != dim)
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_EXCEPTION),
		         errmsg("expected %d dimensions, not %d", expected, dim)));
}

static void
CheckElement(float value)
{
	if (isnan(value))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("NaN not allowed in vector")));
	if (isinf(value))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("infinite value not allowed in vector")));
}

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

/* array_to_vector(integer[] or real[] or double precision[] or numeric[]) */
Datum
array_to_vector(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	Oid type = ARR_ELEMTYPE(array);
	int16 typlen;
	bool typbyval;
	char typalign;
	Datum *elements;
	int dim;
	Vector *result;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_EXCEPTION), errmsg("array must be 1-D")));
	if (array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
		                errmsg("array must not contain nulls")));
	get_typlenbyvalalign(type, &typlen, &typbyval, &typalign);
	deconstruct_array(array, type, typlen, typbyval, typalign, &elements, NULL,
	                  &dim);
	CheckDim(dim);
	CheckExpectedDim(PG_GETARG_INT32(1), dim);
	if (type != INT4OID && type != FLOAT4OID && type != FLOAT8OID &&
	    type != NUMERICOID)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("unsupported array type")));

	result = InitVector(dim);
	for (int i = 0; i < dim; i++)
	{
		result->x[i] = ElementToFloat(elements[i], type);
		CheckElement(result->x[i]);
	}
	PG_RETURN_VECTOR_P(result);
}

Datum
vector_to_float4(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);
	Datum *elements = palloc(sizeof(Datum) * v->dim);

	for (int i = 0; i < v->dim; i++)
		elements[i] = Float4GetDatum(v->x[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, v->dim, FLOAT4OID,
	                                      sizeof(float4), true, TYPALIGN_INT));
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
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("value out of range: overflow")));
	return sum;
}

Datum
vector_accum(PG_FUNCTION_ARGS)
{
	ArrayType *state = PG_GETARG_ARRAYTYPE_P(0);
	Vector *v = PG_GETARG_VECTOR_P(1);
	int dim;
	float8 *values = StateValues(state, &dim, "vector_accum");
	Datum *elements;

	if (dim > 0)
		CheckExpectedDim(dim, v->dim);
	/* a state of the executor's own can be changed where it is */
	if (dim > 0 && AggCheckCallContext(fcinfo, NULL))
	{
		values[0] += 1;
		for (int i = 0; i < dim; i++)
			values[i + 1] = CheckedSum(values[i + 1], v->x[i]);
		PG_RETURN_ARRAYTYPE_P(state);
	}
	elements = palloc(sizeof(Datum) * (v->dim + 1));
	elements[0] = Float8GetDatum(values[0] + 1);
	for (int i = 0; i < v->dim; i++)
		elements[i + 1] =
			Float8GetDatum(CheckedSum(dim > 0 ? values[i + 1] : 0, v->x[i]));
	PG_RETURN_ARRAYTYPE_P(MakeState(elements, v->dim));
}

Datum
vector_combine(PG_FUNCTION_ARGS)
{
	int dim_a, dim_b, dim;
	float8 *a = StateValues(PG_GETARG_ARRAYTYPE_P(0), &dim_a, "vector_combine");
	float8 *b = StateValues(PG_GETARG_ARRAYTYPE_P(1), &dim_b, "vector_combine");
	Datum *elements;

	dim = Max(dim_a, dim_b);
	if (dim > 0)
		CheckDim(dim);
	if (dim_a > 0 && dim_b > 0)
		CheckExpectedDim(dim_a, dim_b);
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
	CheckDim(dim);
	result = InitVector(dim);
	for (int i = 0; i < dim; i++)
	{
		result->x[i] = (float) (values[i + 1] / values[0]);
		CheckElement(result->x[i]);
	}
	PG_RETURN_VECTOR_P(result);
}
