/*
 * series.c
 *		generate_series of integers and bigints, generate_subscripts.
 *
 * Corresponds to parts of PostgreSQL's utils/adt/int.c, int8.c and
 * arrayfuncs.c.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/array.h"

typedef struct Series
{
	int64 current;
	int64 finish;
	int64 step;
	bool done; /* the next one would overflow the type */
} Series;

static Series *
first_call(FunctionCallInfo fcinfo, int64 start, int64 finish, int64 step)
{
	FuncCallContext *context;
	Series *series;

	if (step == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("step size cannot equal zero")));
	context = SRF_FIRSTCALL_INIT();
	series =
		MemoryContextAllocZero(context->multi_call_memory_ctx, sizeof(Series));
	series->current = start;
	series->finish = finish;
	series->step = step;
	context->user_fctx = series;
	return series;
}

static Datum
next_value(FunctionCallInfo fcinfo)
{
	FuncCallContext *context = SRF_PERCALL_SETUP();
	Series *series = context->user_fctx;
	int64 result = series->current;

	if (series->done ||
	    (series->step > 0 ? result > series->finish : result < series->finish))
		SRF_RETURN_DONE(context);
	series->done =
		pg_add_s64_overflow(series->current, series->step, &series->current);
	SRF_RETURN_NEXT(context, Int64GetDatum(result));
}

Datum
generate_series_step_int4(PG_FUNCTION_ARGS)
{
	if (SRF_IS_FIRSTCALL())
		first_call(fcinfo, PG_GETARG_INT32(0), PG_GETARG_INT32(1),
		           PG_NARGS() == 3 ? PG_GETARG_INT32(2) : 1);
	return next_value(fcinfo);
}

Datum
generate_series_int4(PG_FUNCTION_ARGS)
{
	return generate_series_step_int4(fcinfo);
}

Datum
generate_series_step_int8(PG_FUNCTION_ARGS)
{
	if (SRF_IS_FIRSTCALL())
		first_call(fcinfo, PG_GETARG_INT64(0), PG_GETARG_INT64(1),
		           PG_NARGS() == 3 ? PG_GETARG_INT64(2) : 1);
	return next_value(fcinfo);
}

Datum
generate_series_int8(PG_FUNCTION_ARGS)
{
	return generate_series_step_int8(fcinfo);
}

/* the element numbers of a dimension */
Datum
generate_subscripts(PG_FUNCTION_ARGS)
{
	if (SRF_IS_FIRSTCALL())
	{
		ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
		int i = PG_GETARG_INT32(1) - 1;
		bool there = i >= 0 && i < ARR_NDIM(array);
		bool reverse = PG_NARGS() == 3 && PG_GETARG_BOOL(2);
		int64 low = there ? ARR_LBOUND(array)[i] : 1;
		int64 high = there ? low + ARR_DIMS(array)[i] - 1 : low - 1;

		if (reverse)
			first_call(fcinfo, high, low, -1);
		else
			first_call(fcinfo, low, high, 1);
	}
	return next_value(fcinfo);
}

Datum
generate_subscripts_nodir(PG_FUNCTION_ARGS)
{
	return generate_subscripts(fcinfo);
}
