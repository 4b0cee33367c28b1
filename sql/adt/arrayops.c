/*
 * arrayops.c
 *		Operators and functions on arrays: order, concatenation, sizes, unnest,
 *		array_agg.
 *
 * Corresponds to parts of PostgreSQL's utils/adt/arrayfuncs.c and
 * array_userfuncs.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/adt.h"
#include "utils/array_elements.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

void
ArrayTakeApart(ArrayType *array, ArrayElements *e)
{
	e->type = ARR_ELEMTYPE(array);
	get_typlenbyvalalign(e->type, &e->typlen, &e->typbyval, &e->typalign);
	deconstruct_array(array, e->type, e->typlen, e->typbyval, e->typalign,
	                  &e->values, &e->nulls, &e->n);
	e->ndim = ARR_NDIM(array);
	memcpy(e->dims, ARR_DIMS(array), sizeof(int) * e->ndim);
	memcpy(e->lbs, ARR_LBOUND(array), sizeof(int) * e->ndim);
}

ArrayType *
ArrayPutTogether(ArrayElements *e)
{
	return construct_md_array(e->values, e->nulls, e->ndim, e->dims, e->lbs,
	                          e->type, e->typlen, e->typbyval, e->typalign);
}

void
ArraySetOneDimension(ArrayElements *e, int lbound)
{
	e->ndim = 1;
	e->dims[0] = e->n;
	e->lbs[0] = lbound;
}

void
ArrayAllocateElements(ArrayElements *e, int capacity)
{
	e->values = palloc(sizeof(Datum) * Max(capacity, 1));
	e->nulls = palloc(sizeof(bool) * Max(capacity, 1));
}

Oid
ArrayArgumentType(FunctionCallInfo fcinfo, int argument)
{
	Oid type = get_fn_expr_argtype(fcinfo->flinfo, argument);

	if (!OidIsValid(type))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("could not determine input data type")));
	return type;
}

/* ---- order ---- */

static int
compare_ints(const int *a, const int *b, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

/*
 * The first difference decides, NULL after any value, the shorter first; then
 * the number of dimensions, their lengths, their lower bounds.
 */
static int
array_compare(FunctionCallInfo fcinfo)
{
	ArrayElements a, b;
	TypeCacheEntry *type;
	int shape;

	ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(0), &a);
	ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(1), &b);
	if (a.type != b.type)
		ereport(ERROR,
		        (errcode(ERRCODE_DATATYPE_MISMATCH),
		         errmsg("cannot compare arrays of different element types")));
	type = lookup_type_cache(a.type, TYPECACHE_CMP_PROC_FINFO);
	if (!OidIsValid(type->cmp_proc))
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_FUNCTION),
		         errmsg("could not identify a comparison function for type %s",
		                format_type_be(a.type))));
	for (int i = 0; i < Min(a.n, b.n); i++)
	{
		int result;

		if (a.nulls[i] || b.nulls[i])
			result = (int) a.nulls[i] - (int) b.nulls[i];
		else
			result = DatumGetInt32(FunctionCall2Coll(&type->cmp_proc_finfo,
			                                         type->typcollation,
			                                         a.values[i], b.values[i]));
		if (result != 0)
			return result;
	}
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	if (a.ndim != b.ndim)
		return a.ndim < b.ndim ? -1 : 1;
	shape = compare_ints(a.dims, b.dims, a.ndim);
	return shape != 0 ? shape : compare_ints(a.lbs, b.lbs, a.ndim);
}

#define COMPARISON(name, op)                        \
	Datum name(PG_FUNCTION_ARGS)                    \
	{                                               \
		PG_RETURN_BOOL(array_compare(fcinfo) op 0); \
	}

COMPARISON(array_eq, ==)
COMPARISON(array_ne, !=)
COMPARISON(array_lt, <)
COMPARISON(array_le, <=)
COMPARISON(array_gt, >)
COMPARISON(array_ge, >=)

Datum
btarraycmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(array_compare(fcinfo));
}

Datum
array_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(array_compare(fcinfo) > 0 ? PG_GETARG_DATUM(0)
	                                          : PG_GETARG_DATUM(1));
}

Datum
array_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(array_compare(fcinfo) < 0 ? PG_GETARG_DATUM(0)
	                                          : PG_GETARG_DATUM(1));
}

/* ---- concatenation; NULL counts as an empty array ---- */

static void
take_argument(FunctionCallInfo fcinfo, int argument, Oid element_type,
              ArrayElements *e)
{
	if (PG_ARGISNULL(argument))
		ArrayTakeApart(construct_empty_array(element_type), e);
	else
		ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(argument), e);
	if (e->ndim > 1)
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_EXCEPTION),
		         errmsg("argument must be empty or one-dimensional array")));
}

static void
incompatible(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
	                errmsg("cannot concatenate incompatible arrays"),
	                errdetail("%s", detail)));
}

/* Are the dimensions of a from number i on those of b from j on? */
static bool
same_shape(const ArrayElements *a, int i, const ArrayElements *b, int j)
{
	int n = a->ndim - i;

	Assert(n == b->ndim - j);
	return compare_ints(a->dims + i, b->dims + j, n) == 0 &&
	       compare_ints(a->lbs + i, b->lbs + j, n) == 0;
}

/*
 * The dimensions of a and b together, to both: those of two arrays of arrays,
 * or of an array and one of its elements.
 */
static void
join_shapes(const ArrayElements *a, const ArrayElements *b, ArrayElements *both)
{
	if (a->ndim == b->ndim)
	{
		if (!same_shape(a, 1, b, 1))
			incompatible("Arrays with differing element dimensions are not "
			             "compatible for concatenation.");
		both->dims[0] = a->dims[0] + b->dims[0];
	}
	else if (a->ndim == b->ndim + 1)
	{
		if (!same_shape(a, 1, b, 0))
			incompatible("Arrays with differing dimensions are not compatible "
			             "for concatenation.");
		both->dims[0] = a->dims[0] + 1;
	}
	else if (a->ndim + 1 == b->ndim)
	{
		if (!same_shape(b, 1, a, 0))
			incompatible("Arrays with differing dimensions are not compatible "
			             "for concatenation.");
		both->ndim = b->ndim;
		memcpy(both->dims, b->dims, sizeof(b->dims));
		memcpy(both->lbs, b->lbs, sizeof(b->lbs));
		both->dims[0] = b->dims[0] + 1;
	}
	else
		incompatible(psprintf("Arrays of %d and %d dimensions are not "
		                      "compatible for concatenation.",
		                      a->ndim, b->ndim));
}

static ArrayType *
concatenate(ArrayElements *a, ArrayElements *b)
{
	ArrayElements both = *a;

	if (a->type != b->type)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
		                errmsg("cannot concatenate incompatible arrays")));
	if (a->ndim == 0 || b->ndim == 0)
		return ArrayPutTogether(a->ndim == 0 ? b : a);
	join_shapes(a, b, &both);
	both.n = a->n + b->n;
	ArrayAllocateElements(&both, both.n);
	memcpy(both.values, a->values, sizeof(Datum) * a->n);
	memcpy(both.values + a->n, b->values, sizeof(Datum) * b->n);
	memcpy(both.nulls, a->nulls, sizeof(bool) * a->n);
	memcpy(both.nulls + a->n, b->nulls, sizeof(bool) * b->n);
	return ArrayPutTogether(&both);
}

Datum
array_cat(PG_FUNCTION_ARGS)
{
	ArrayElements a, b;

	if (PG_ARGISNULL(0))
	{
		if (PG_ARGISNULL(1))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	}
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(0), &a);
	ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(1), &b);
	PG_RETURN_ARRAYTYPE_P(concatenate(&a, &b));
}

static ArrayType *
single_element(FunctionCallInfo fcinfo, int argument, Oid type)
{
	int16 typlen;
	bool typbyval;
	char typalign;

	get_typlenbyvalalign(type, &typlen, &typbyval, &typalign);
	return construct_array_nulls((Datum[]){PG_GETARG_DATUM(argument)},
	                             (bool[]){PG_ARGISNULL(argument)}, 1, type,
	                             typlen, typbyval, typalign);
}

Datum
array_append(PG_FUNCTION_ARGS)
{
	Oid type = ArrayArgumentType(fcinfo, 1);
	ArrayElements a, b;

	take_argument(fcinfo, 0, type, &a);
	ArrayTakeApart(single_element(fcinfo, 1, type), &b);
	PG_RETURN_ARRAYTYPE_P(concatenate(&a, &b));
}

Datum
array_prepend(PG_FUNCTION_ARGS)
{
	Oid type = ArrayArgumentType(fcinfo, 0);
	ArrayElements a, b;

	ArrayTakeApart(single_element(fcinfo, 0, type), &a);
	take_argument(fcinfo, 1, type, &b);
	if (b.ndim > 0)
		a.lbs[0] = b.lbs[0];
	PG_RETURN_ARRAYTYPE_P(concatenate(&a, &b));
}

/* ---- sizes ---- */

Datum
array_ndims(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);

	if (ARR_NDIM(array) == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(ARR_NDIM(array));
}

Datum
array_dims(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	StringInfoData s;

	if (ARR_NDIM(array) == 0)
		PG_RETURN_NULL();
	initStringInfo(&s);
	for (int i = 0; i < ARR_NDIM(array); i++)
		appendStringInfo(&s, "[%d:%d]", ARR_LBOUND(array)[i],
		                 ARR_LBOUND(array)[i] + ARR_DIMS(array)[i] - 1);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(s.data, s.len));
}

/* value: of dimension i, which counts from 0 */
#define DIMENSION_FUNCTION(name, value)              \
	Datum name(PG_FUNCTION_ARGS)                     \
	{                                                \
		ArrayType *array = PG_GETARG_ARRAYTYPE_P(0); \
		int i = PG_GETARG_INT32(1) - 1;              \
                                                     \
		if (i < 0 || i >= ARR_NDIM(array))           \
			PG_RETURN_NULL();                        \
		PG_RETURN_INT32(value);                      \
	}

DIMENSION_FUNCTION(array_length, ARR_DIMS(array)[i])
DIMENSION_FUNCTION(array_lower, ARR_LBOUND(array)[i])
DIMENSION_FUNCTION(array_upper, ARR_LBOUND(array)[i] + ARR_DIMS(array)[i] - 1)

Datum
array_cardinality(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);

	PG_RETURN_INT32(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)));
}

/* ---- text ---- */

static Datum
join(ArrayType *array, const char *delimiter, const char *null_string)
{
	ArrayElements e;
	Oid output;
	bool is_varlena;
	bool first = true;
	StringInfoData s;

	ArrayTakeApart(array, &e);
	getTypeOutputInfo(e.type, &output, &is_varlena);
	initStringInfo(&s);
	for (int i = 0; i < e.n; i++)
	{
		if (e.nulls[i] && null_string == NULL)
			continue;
		if (!first)
			appendStringInfoString(&s, delimiter);
		first = false;
		appendStringInfoString(
			&s, e.nulls[i] ? null_string
						   : OidOutputFunctionCall(output, e.values[i]));
	}
	return PointerGetDatum(cstring_to_text_with_len(s.data, s.len));
}

Datum
array_to_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(join(PG_GETARG_ARRAYTYPE_P(0),
	                     text_to_cstring(PG_GETARG_TEXT_PP(1)), NULL));
}

Datum
array_to_text_null(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(
		join(PG_GETARG_ARRAYTYPE_P(0), text_to_cstring(PG_GETARG_TEXT_PP(1)),
	         PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2))));
}

/* ---- sets ---- */

Datum
array_unnest(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	ArrayElements *e;
	uint64 i;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;

		context = SRF_FIRSTCALL_INIT();
		old = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		e = palloc(sizeof(ArrayElements));
		/* the argument may not live as long as the set */
		ArrayTakeApart(
			(ArrayType *) DatumGetPointer(datumCopy(
				PointerGetDatum(PG_GETARG_ARRAYTYPE_P(0)), false, -1)),
			e);
		context->user_fctx = e;
		context->max_calls = e->n;
		MemoryContextSwitchTo(old);
	}
	context = SRF_PERCALL_SETUP();
	e = context->user_fctx;
	i = context->call_cntr;
	if (i >= context->max_calls)
		SRF_RETURN_DONE(context);
	fcinfo->isnull = e->nulls[i];
	SRF_RETURN_NEXT(context, e->values[i]);
}

/* ---- array_agg ---- */

typedef struct ArrayAggState
{
	MemoryContext context;
	ArrayElements e;
	int capacity;
} ArrayAggState;

Datum
array_agg_transfn(PG_FUNCTION_ARGS)
{
	ArrayAggState *state =
		PG_ARGISNULL(0) ? NULL : (ArrayAggState *) PG_GETARG_POINTER(0);
	MemoryContext aggcontext;
	MemoryContext old;
	ArrayElements *e;

	if (!AggCheckCallContext(fcinfo, &aggcontext))
		elog(ERROR, "array_agg_transfn called in non-aggregate context");
	old = MemoryContextSwitchTo(aggcontext);
	if (state == NULL)
	{
		state = palloc0(sizeof(*state));
		state->context = aggcontext;
		state->capacity = 64;
		e = &state->e;
		e->type = ArrayArgumentType(fcinfo, 1);
		get_typlenbyvalalign(e->type, &e->typlen, &e->typbyval, &e->typalign);
		ArrayAllocateElements(e, state->capacity);
	}
	e = &state->e;
	if (e->n == state->capacity)
	{
		state->capacity *= 2;
		e->values = repalloc(e->values, sizeof(Datum) * state->capacity);
		e->nulls = repalloc(e->nulls, sizeof(bool) * state->capacity);
	}
	e->nulls[e->n] = PG_ARGISNULL(1);
	if (!e->nulls[e->n])
	{
		Datum value = PG_GETARG_DATUM(1);

		if (e->typlen == -1)
			value = PointerGetDatum(PG_DETOAST_DATUM(value));
		e->values[e->n] = datumCopy(value, e->typbyval, e->typlen);
	}
	e->n++;
	MemoryContextSwitchTo(old);
	PG_RETURN_POINTER(state);
}

Datum
array_agg_finalfn(PG_FUNCTION_ARGS)
{
	ArrayAggState *state =
		PG_ARGISNULL(0) ? NULL : (ArrayAggState *) PG_GETARG_POINTER(0);

	if (state == NULL)
		PG_RETURN_NULL();
	ArraySetOneDimension(&state->e, 1);
	PG_RETURN_ARRAYTYPE_P(ArrayPutTogether(&state->e));
}
