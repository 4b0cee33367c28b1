/*
 * execExprArray.c
 *		Steps of expressions that make arrays and compare with their elements.
 *
 * Corresponds to parts of PostgreSQL's executor/execExprInterp.c.
 */
#include "postgres.h"

#include "access/tupmacs.h"
#include "executor/execExpr.h"
#include "executor/executor.h"
#include "utils/array.h"
#include "utils/memutils.h"

static void
mismatched_sub_arrays(void)
{
	ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
	                errmsg("multidimensional arrays must have array "
	                       "expressions with matching dimensions")));
}

/* An array of one dimension more from arrays that have all the same ones. */
static ArrayType *
array_of_arrays(ExprEvalStep *op)
{
	int nouter = op->d.arrayexpr.nelems;
	int dims[MAXDIM] = {nouter};
	int lbs[MAXDIM] = {1};
	int ndims = 0;
	int nelems = 0;
	bool haveempty = false;
	Datum *elems = NULL;
	bool *nulls = NULL;

	for (int i = 0; i < nouter; i++)
	{
		ArrayType *array;
		Datum *subelems;
		bool *subnulls;
		int n = 0;

		if (!op->d.arrayexpr.nulls[i])
		{
			array = DatumGetArrayTypeP(op->d.arrayexpr.values[i]);
			n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
		}
		if (n == 0)
		{
			haveempty = true;
			continue;
		}
		if (ndims == 0)
		{
			ndims = ARR_NDIM(array) + 1;
			ArrayCheckNDim(ndims);
			memcpy(dims + 1, ARR_DIMS(array), sizeof(int) * (ndims - 1));
			memcpy(lbs + 1, ARR_LBOUND(array), sizeof(int) * (ndims - 1));
			(void) ArrayGetNItems(ndims, dims);
			elems = palloc(sizeof(Datum) * n * nouter);
			nulls = palloc(sizeof(bool) * n * nouter);
		}
		else if (ndims != ARR_NDIM(array) + 1 ||
		         memcmp(dims + 1, ARR_DIMS(array), sizeof(int) * (ndims - 1)) ||
		         memcmp(lbs + 1, ARR_LBOUND(array), sizeof(int) * (ndims - 1)))
			mismatched_sub_arrays();
		deconstruct_array(array, op->d.arrayexpr.elemtype,
		                  op->d.arrayexpr.elemlen, op->d.arrayexpr.elembyval,
		                  op->d.arrayexpr.elemalign, &subelems, &subnulls, &n);
		memcpy(elems + nelems, subelems, sizeof(Datum) * n);
		memcpy(nulls + nelems, subnulls, sizeof(bool) * n);
		nelems += n;
	}
	if (ndims == 0)
		return construct_empty_array(op->d.arrayexpr.elemtype);
	if (haveempty)
		mismatched_sub_arrays();
	return construct_md_array(elems, nulls, ndims, dims, lbs,
	                          op->d.arrayexpr.elemtype, op->d.arrayexpr.elemlen,
	                          op->d.arrayexpr.elembyval,
	                          op->d.arrayexpr.elemalign);
}

void
ExecEvalArrayExpr(ExprEvalStep *op)
{
	ArrayType *result;

	if (op->d.arrayexpr.multidims)
		result = array_of_arrays(op);
	else
		result = construct_array_nulls(
			op->d.arrayexpr.values, op->d.arrayexpr.nulls,
			op->d.arrayexpr.nelems, op->d.arrayexpr.elemtype,
			op->d.arrayexpr.elemlen, op->d.arrayexpr.elembyval,
			op->d.arrayexpr.elemalign);
	*op->resvalue = PointerGetDatum(result);
	*op->resnull = false;
}

/* The bounds and the NULLs stay, unless a cast makes a NULL a value. */
void
ExecEvalArrayCoerce(ExprEvalStep *op, ExprContext *econtext)
{
	ArrayCoerceInfo *info = op->d.arraycoerce.info;
	ArrayType *array;
	ArrayType *result;
	Datum *elems;
	bool *nulls;
	int n;

	if (*op->resnull)
		return;
	array = DatumGetArrayTypeP(*op->resvalue);
	if (info->elemstate == NULL)
	{
		result = palloc(ARR_SIZE(array));
		memcpy(result, array, ARR_SIZE(array));
		result->elemtype = info->resulttype;
		*op->resvalue = PointerGetDatum(result);
		return;
	}
	deconstruct_array(array, info->sourcetype, info->sourcelen,
	                  info->sourcebyval, info->sourcealign, &elems, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		info->element = elems[i];
		info->elementnull = nulls[i];
		elems[i] = ExecEvalExpr(info->elemstate, econtext, &nulls[i]);
	}
	result =
		construct_md_array(elems, nulls, ARR_NDIM(array), ARR_DIMS(array),
	                       ARR_LBOUND(array), info->resulttype, info->resultlen,
	                       info->resultbyval, info->resultalign);
	*op->resvalue = PointerGetDatum(result);
}

/*
 * NULL if the array or a subscript is, if there is no such element, or if there
 * are not as many subscripts as dimensions.
 */
void
ExecEvalSubscript(ExprEvalStep *op)
{
	SubscriptInfo *info = op->d.subscript.info;
	bool anynull = *op->resnull;
	ArrayType *array;
	bits8 *bitmap;
	char *p;
	int indexes[MAXDIM];
	int index;

	for (int i = 0; i < info->nindexes; i++)
	{
		anynull |= info->indexnulls[i];
		indexes[i] = DatumGetInt32(info->indexes[i]);
	}
	if (anynull)
	{
		*op->resnull = true;
		return;
	}
	array = DatumGetArrayTypeP(*op->resvalue);
	index = ArrayGetOffset(array, info->nindexes, indexes);
	if (index < 0)
	{
		*op->resnull = true;
		return;
	}
	bitmap = ARR_NULLBITMAP(array);
	if (bitmap && att_isnull(index, bitmap))
	{
		*op->resnull = true;
		return;
	}
	p = ARR_DATA_PTR(array);
	for (int i = 0; i < index; i++)
	{
		if (bitmap && att_isnull(i, bitmap))
			continue;
		p = (char *) att_align_pointer((uintptr_t) p, info->elemalign,
		                               info->elemlen, p);
		p = (char *) att_addlength_pointer((uintptr_t) p, info->elemlen, p);
	}
	p = (char *) att_align_pointer((uintptr_t) p, info->elemalign,
	                               info->elemlen, p);
	*op->resvalue = fetch_att(p, info->elembyval, info->elemlen);
}

/* Elements of a constant array stay with the expression, others with the row. */
static void
take_apart(ScalarArrayOpInfo *info)
{
	MemoryContext old = CurrentMemoryContext;

	if (info->constant)
	{
		if (info->nelems >= 0)
			return;
		MemoryContextSwitchTo(GetMemoryChunkContext(info));
	}
	deconstruct_array(DatumGetArrayTypeP(info->array), info->elemtype,
	                  info->elemlen, info->elembyval, info->elemalign,
	                  &info->elems, &info->elemnulls, &info->nelems);
	MemoryContextSwitchTo(old);
}

/*
 * ANY is true if a comparison is, ALL false if one is not; else NULL if there
 * was a NULL among them.
 */
void
ExecEvalScalarArrayOp(ExprEvalStep *op)
{
	ScalarArrayOpInfo *info = op->d.scalararrayop.info;
	FunctionCallInfo fcinfo = info->fcinfo;
	bool strict = fcinfo->flinfo->fn_strict;
	bool saw_null = false;

	*op->resvalue = BoolGetDatum(!info->useOr);
	*op->resnull = false;
	if (info->arraynull)
	{
		*op->resnull = true;
		return;
	}
	take_apart(info);
	if (info->nelems == 0)
		return;
	if (fcinfo->args[0].isnull && strict)
	{
		*op->resnull = true;
		return;
	}
	for (int i = 0; i < info->nelems; i++)
	{
		Datum value;

		if (info->elemnulls[i] && strict)
		{
			saw_null = true;
			continue;
		}
		fcinfo->args[1].value = info->elems[i];
		fcinfo->args[1].isnull = info->elemnulls[i];
		fcinfo->isnull = false;
		value = FunctionCallInvoke(fcinfo);
		if (fcinfo->isnull)
			saw_null = true;
		else if (DatumGetBool(value) == info->useOr)
		{
			*op->resvalue = BoolGetDatum(info->useOr);
			return;
		}
	}
	*op->resnull = saw_null;
}
