/*
 * arraysearch.c
 *		Functions on arrays: elements found, removed, replaced; arrays as sets;
 *		array_fill, trim_array, string_to_array, array_agg of arrays.
 *
 * Two elements are the same if their type's "=" says so; NULL is the same as
 * NULL where an element is looked for, and nothing in sets.
 *
 * Corresponds to parts of PostgreSQL's utils/adt/arrayfuncs.c,
 * array_userfuncs.c and varlena.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/adt.h"
#include "utils/array_elements.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

static TypeCacheEntry *
equality(Oid type)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR_FINFO);

	if (!OidIsValid(entry->eq_opr_finfo.fn_oid))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
		                errmsg("could not identify an equality operator for "
		                       "type %s",
		                       format_type_be(type))));
	return entry;
}

static bool
same_element(TypeCacheEntry *entry, Datum a, Datum b)
{
	return DatumGetBool(
		FunctionCall2Coll(&entry->eq_opr_finfo, entry->typcollation, a, b));
}

/* Element i, or is it NULL as value is? */
static bool
matches(TypeCacheEntry *entry, ArrayElements *e, int i, Datum value,
        bool isnull)
{
	if (isnull || e->nulls[i])
		return isnull && e->nulls[i];
	return same_element(entry, e->values[i], value);
}

/* ---- positions ---- */

/* The array of the first argument, which is not NULL, and how to compare. */
static TypeCacheEntry *
take_searched(FunctionCallInfo fcinfo, ArrayElements *e)
{
	ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(0), e);
	if (e->ndim > 1)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("searching for elements in multidimensional arrays is "
		                "not supported")));
	return equality(e->type);
}

static Datum
position(FunctionCallInfo fcinfo, bool has_start)
{
	ArrayElements e;
	TypeCacheEntry *entry;
	int start = PG_INT32_MIN;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	entry = take_searched(fcinfo, &e);
	if (has_start && e.n > 0)
	{
		if (PG_ARGISNULL(2))
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			                errmsg("initial position must not be null")));
		start = PG_GETARG_INT32(2);
	}
	for (int i = 0; i < e.n; i++)
	{
		if (e.lbs[0] + i >= start &&
		    matches(entry, &e, i, PG_GETARG_DATUM(1), PG_ARGISNULL(1)))
			PG_RETURN_INT32(e.lbs[0] + i);
	}
	PG_RETURN_NULL();
}

Datum
array_position(PG_FUNCTION_ARGS)
{
	return position(fcinfo, false);
}

Datum
array_position_start(PG_FUNCTION_ARGS)
{
	return position(fcinfo, true);
}

Datum
array_positions(PG_FUNCTION_ARGS)
{
	ArrayElements e;
	TypeCacheEntry *entry;
	Datum *found;
	int nfound = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	entry = take_searched(fcinfo, &e);
	found = palloc(sizeof(Datum) * Max(e.n, 1));
	for (int i = 0; i < e.n; i++)
	{
		if (matches(entry, &e, i, PG_GETARG_DATUM(1), PG_ARGISNULL(1)))
			found[nfound++] = Int32GetDatum(e.lbs[0] + i);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(found, nfound, INT4OID, sizeof(int32),
	                                      true, TYPALIGN_INT));
}

/* ---- changes ---- */

Datum
array_remove(PG_FUNCTION_ARGS)
{
	ArrayElements e;
	TypeCacheEntry *entry;
	int kept = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(0), &e);
	entry = equality(e.type);
	if (e.ndim > 1)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("removing elements from multidimensional arrays is not "
		                "supported")));
	for (int i = 0; i < e.n; i++)
	{
		if (matches(entry, &e, i, PG_GETARG_DATUM(1), PG_ARGISNULL(1)))
			continue;
		e.values[kept] = e.values[i];
		e.nulls[kept++] = e.nulls[i];
	}
	if (kept == e.n)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	e.n = kept;
	ArraySetOneDimension(&e, e.lbs[0]);
	PG_RETURN_ARRAYTYPE_P(ArrayPutTogether(&e));
}

Datum
array_replace(PG_FUNCTION_ARGS)
{
	ArrayElements e;
	TypeCacheEntry *entry;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(0), &e);
	entry = equality(e.type);
	for (int i = 0; i < e.n; i++)
	{
		if (!matches(entry, &e, i, PG_GETARG_DATUM(1), PG_ARGISNULL(1)))
			continue;
		e.values[i] = PG_GETARG_DATUM(2);
		e.nulls[i] = PG_ARGISNULL(2);
	}
	PG_RETURN_ARRAYTYPE_P(ArrayPutTogether(&e));
}

/* Without the last ones of the first dimension; bounds begin with 1. */
Datum
trim_array(PG_FUNCTION_ARGS)
{
	int n = PG_GETARG_INT32(1);
	ArrayElements e;
	int length;

	ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(0), &e);
	length = e.ndim > 0 ? e.dims[0] : 0;
	if (n < 0 || n > length)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_ELEMENT_ERROR),
		                errmsg("number of elements to trim must be between 0 "
		                       "and %d",
		                       length)));
	for (int i = 0; i < e.ndim; i++)
		e.lbs[i] = 1;
	if (e.ndim > 0)
		e.dims[0] -= n;
	PG_RETURN_ARRAYTYPE_P(ArrayPutTogether(&e));
}

/* ---- sets ---- */

/* Is each element of a in b (all), or one of them? */
static bool
compare_sets(FunctionCallInfo fcinfo, ArrayElements *a, ArrayElements *b,
             bool all)
{
	TypeCacheEntry *entry;

	if (a->type != b->type)
		ereport(ERROR,
		        (errcode(ERRCODE_DATATYPE_MISMATCH),
		         errmsg("cannot compare arrays of different element types")));
	entry = equality(a->type);
	for (int i = 0; i < a->n; i++)
	{
		bool found = false;

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < b->n && !found && !a->nulls[i]; j++)
			found =
				!b->nulls[j] && same_element(entry, a->values[i], b->values[j]);
		if (found != all)
			return found;
	}
	return all;
}

#define SET_FUNCTION(name, first, second, all)             \
	Datum name(PG_FUNCTION_ARGS)                           \
	{                                                      \
		ArrayElements a, b;                                \
                                                           \
		ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(first), &a);  \
		ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(second), &b); \
		PG_RETURN_BOOL(compare_sets(fcinfo, &a, &b, all)); \
	}

SET_FUNCTION(arrayoverlap, 0, 1, false)
SET_FUNCTION(arraycontains, 1, 0, true)
SET_FUNCTION(arraycontained, 0, 1, true)

/* ---- array_fill ---- */

static void
wrong_subscripts(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
	                errmsg("wrong number of array subscripts"),
	                errdetail("%s", detail)));
}

/* integer[] to numbers[MAXDIM]; their number */
static int
take_dimensions(ArrayType *array, int *numbers)
{
	ArrayElements e;

	if (ARR_NDIM(array) > 1)
		wrong_subscripts("Dimension array must be one dimensional.");
	if (array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
		                errmsg("dimension values cannot be null")));
	ArrayTakeApart(array, &e);
	ArrayCheckNDim(e.n);
	for (int i = 0; i < e.n; i++)
		numbers[i] = DatumGetInt32(e.values[i]);
	return e.n;
}

static Datum
fill(FunctionCallInfo fcinfo, bool has_bounds)
{
	ArrayElements e;

	if (PG_ARGISNULL(1) || (has_bounds && PG_ARGISNULL(2)))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
		                errmsg("dimension array or low bound array cannot be "
		                       "null")));
	e.type = ArrayArgumentType(fcinfo, 0);
	get_typlenbyvalalign(e.type, &e.typlen, &e.typbyval, &e.typalign);
	e.ndim = take_dimensions(PG_GETARG_ARRAYTYPE_P(1), e.dims);
	for (int i = 0; i < e.ndim; i++)
		e.lbs[i] = 1;
	if (has_bounds &&
	    take_dimensions(PG_GETARG_ARRAYTYPE_P(2), e.lbs) != e.ndim)
		wrong_subscripts("Low bound array has different size than dimensions "
		                 "array.");
	e.n = ArrayGetNItems(e.ndim, e.dims);
	for (int i = 0; i < e.ndim && e.n > 0; i++)
		ArrayCheckLowerBound(e.dims[i], e.lbs[i]);
	ArrayAllocateElements(&e, e.n);
	for (int i = 0; i < e.n; i++)
	{
		e.values[i] = PG_GETARG_DATUM(0);
		e.nulls[i] = PG_ARGISNULL(0);
	}
	PG_RETURN_ARRAYTYPE_P(ArrayPutTogether(&e));
}

Datum
array_fill(PG_FUNCTION_ARGS)
{
	return fill(fcinfo, false);
}

Datum
array_fill_with_lower_bounds(PG_FUNCTION_ARGS)
{
	return fill(fcinfo, true);
}

/* ---- string_to_array ---- */

/* texts that are being collected */
typedef struct Pieces
{
	ArrayElements e;
	int capacity;
	const text *null_text; /* what stands for NULL, or NULL */
} Pieces;

static void
add_piece(Pieces *pieces, const char *start, int length)
{
	ArrayElements *e = &pieces->e;
	const text *null_text = pieces->null_text;

	if (e->n == pieces->capacity)
	{
		pieces->capacity *= 2;
		e->values = repalloc(e->values, sizeof(Datum) * pieces->capacity);
		e->nulls = repalloc(e->nulls, sizeof(bool) * pieces->capacity);
	}
	e->nulls[e->n] = null_text != NULL &&
	                 VARSIZE_ANY_EXHDR(null_text) == length &&
	                 memcmp(VARDATA_ANY(null_text), start, length) == 0;
	e->values[e->n++] =
		PointerGetDatum(cstring_to_text_with_len(start, length));
}

/* Between delimiters, which may be NULL: each character then. */
static void
split(Pieces *pieces, const char *p, int length, const text *delimiter)
{
	const char *end = p + length;
	int delimiter_length = delimiter ? VARSIZE_ANY_EXHDR(delimiter) : 0;

	if (length == 0)
		return;
	if (delimiter == NULL)
	{
		while (p < end)
		{
			int n = Min(pg_mblen(p), (int) (end - p));

			add_piece(pieces, p, n);
			p += n;
		}
		return;
	}
	for (;;)
	{
		const char *found =
			delimiter_length == 0
				? NULL
				: memmem(p, end - p, VARDATA_ANY(delimiter), delimiter_length);

		add_piece(pieces, p, (int) ((found ? found : end) - p));
		if (found == NULL)
			return;
		p = found + delimiter_length;
	}
}

static Datum
split_argument(FunctionCallInfo fcinfo, const text *null_text)
{
	Pieces pieces = {.capacity = 16, .null_text = null_text};
	text *input;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	input = PG_GETARG_TEXT_PP(0);
	pieces.e.type = TEXTOID;
	pieces.e.typlen = -1;
	pieces.e.typbyval = false;
	pieces.e.typalign = TYPALIGN_INT;
	ArrayAllocateElements(&pieces.e, pieces.capacity);
	split(&pieces, VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input),
	      PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1));
	ArraySetOneDimension(&pieces.e, 1);
	PG_RETURN_ARRAYTYPE_P(ArrayPutTogether(&pieces.e));
}

Datum
text_to_array(PG_FUNCTION_ARGS)
{
	return split_argument(fcinfo, NULL);
}

Datum
text_to_array_null(PG_FUNCTION_ARGS)
{
	return split_argument(fcinfo,
	                      PG_ARGISNULL(2) ? NULL : PG_GETARG_TEXT_PP(2));
}

/* ---- array_agg of arrays ---- */

typedef struct ArrayAggArrayState
{
	ArrayElements e; /* dims and lbs from number 1 on are those of each array */
	int capacity;
} ArrayAggArrayState;

static ArrayAggArrayState *
begin_array_agg(ArrayElements *first)
{
	ArrayAggArrayState *state = palloc(sizeof(*state));

	ArrayCheckNDim(first->ndim + 1);
	state->e = *first;
	state->e.n = 0;
	state->e.ndim = first->ndim + 1;
	state->e.dims[0] = 0;
	state->e.lbs[0] = 1;
	memcpy(state->e.dims + 1, first->dims, sizeof(int) * first->ndim);
	memcpy(state->e.lbs + 1, first->lbs, sizeof(int) * first->ndim);
	state->capacity = Max(64, first->n);
	ArrayAllocateElements(&state->e, state->capacity);
	return state;
}

static void
add_array(ArrayAggArrayState *state, ArrayElements *next)
{
	ArrayElements *e = &state->e;

	while (e->n + next->n > state->capacity)
	{
		state->capacity *= 2;
		e->values = repalloc(e->values, sizeof(Datum) * state->capacity);
		e->nulls = repalloc(e->nulls, sizeof(bool) * state->capacity);
	}
	for (int i = 0; i < next->n; i++)
	{
		e->nulls[e->n] = next->nulls[i];
		e->values[e->n] =
			next->nulls[i] ? (Datum) 0
						   : datumCopy(next->values[i], e->typbyval, e->typlen);
		e->n++;
	}
	e->dims[0]++;
}

Datum
array_agg_array_transfn(PG_FUNCTION_ARGS)
{
	ArrayAggArrayState *state =
		PG_ARGISNULL(0) ? NULL : (ArrayAggArrayState *) PG_GETARG_POINTER(0);
	MemoryContext aggcontext;
	MemoryContext old;
	ArrayElements next;

	if (!AggCheckCallContext(fcinfo, &aggcontext))
		elog(ERROR, "array_agg_array_transfn called in non-aggregate context");
	if (PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
		                errmsg("cannot accumulate null arrays")));
	ArrayTakeApart(PG_GETARG_ARRAYTYPE_P(1), &next);
	if (next.ndim == 0 && state == NULL)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
		                errmsg("cannot accumulate empty arrays")));
	old = MemoryContextSwitchTo(aggcontext);
	if (state == NULL)
		state = begin_array_agg(&next);
	else if (state->e.ndim != next.ndim + 1 ||
	         memcmp(state->e.dims + 1, next.dims, sizeof(int) * next.ndim) ||
	         memcmp(state->e.lbs + 1, next.lbs, sizeof(int) * next.ndim))
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
		                errmsg("cannot accumulate arrays of different "
		                       "dimensionality")));
	add_array(state, &next);
	MemoryContextSwitchTo(old);
	PG_RETURN_POINTER(state);
}

Datum
array_agg_array_finalfn(PG_FUNCTION_ARGS)
{
	ArrayAggArrayState *state =
		PG_ARGISNULL(0) ? NULL : (ArrayAggArrayState *) PG_GETARG_POINTER(0);

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_ARRAYTYPE_P(ArrayPutTogether(&state->e));
}
