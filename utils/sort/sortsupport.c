/*
 * sortsupport.c
 *		The comparison that belongs to an ordering operator.
 *
 * It is the comparison function (support function 1) of the operator's btree
 * family; those of the common fixed-length types are compared in place,
 * without a call by the fmgr's convention.
 *
 * Corresponds to PostgreSQL's utils/sort/sortsupport.c.
 */
#include "postgres.h"

#include <math.h>

#include "utils/lsyscache.h"
#include "utils/sortsupport.h"

#define BTORDER_PROC 1
#define BTLessStrategyNumber 1
#define BTGreaterStrategyNumber 5

/* OIDs of comparison functions */
#define F_BTINT4CMP 351
#define F_BTFLOAT4CMP 354
#define F_BTFLOAT8CMP 355
#define F_BTINT8CMP 842

static int
compare_int32(Datum x, Datum y, SortSupport ssup)
{
	int32 a = DatumGetInt32(x);
	int32 b = DatumGetInt32(y);

	return (a > b) - (a < b);
}

static int
compare_int64(Datum x, Datum y, SortSupport ssup)
{
	int64 a = DatumGetInt64(x);
	int64 b = DatumGetInt64(y);

	return (a > b) - (a < b);
}

/* NaN is equal to itself and behind every other value. */
static int
compare_double(double a, double b)
{
	if (unlikely(isnan(a) || isnan(b)))
		return (isnan(a) != 0) - (isnan(b) != 0);
	return (a > b) - (a < b);
}

static int
compare_float8(Datum x, Datum y, SortSupport ssup)
{
	return compare_double(DatumGetFloat8(x), DatumGetFloat8(y));
}

static int
compare_float4(Datum x, Datum y, SortSupport ssup)
{
	return compare_double(DatumGetFloat4(x), DatumGetFloat4(y));
}

static int
compare_by_function(Datum x, Datum y, SortSupport ssup)
{
	FunctionCallInfo fcinfo = ssup->fcinfo;
	Datum result;

	fcinfo->args[0].value = x;
	fcinfo->args[1].value = y;
	fcinfo->isnull = false;
	result = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull)
		elog(ERROR, "function %u returned NULL", fcinfo->flinfo->fn_oid);
	return DatumGetInt32(result);
}

void
PrepareSortSupportFromFunction(Oid cmpfunc, bool reverse, SortSupport ssup)
{
	FmgrInfo *flinfo;

	ssup->ssup_reverse = reverse;
	switch (cmpfunc)
	{
		case F_BTINT4CMP:
			ssup->comparator = compare_int32;
			return;
		case F_BTINT8CMP:
			ssup->comparator = compare_int64;
			return;
		case F_BTFLOAT4CMP:
			ssup->comparator = compare_float4;
			return;
		case F_BTFLOAT8CMP:
			ssup->comparator = compare_float8;
			return;
		default:
			break;
	}
	flinfo = MemoryContextAllocZero(ssup->ssup_cxt, sizeof(FmgrInfo));
	fmgr_info_cxt(cmpfunc, flinfo, ssup->ssup_cxt);
	ssup->fcinfo =
		MemoryContextAllocZero(ssup->ssup_cxt, SizeForFunctionCallInfo(2));
	InitFunctionCallInfoData(*ssup->fcinfo, flinfo, 2, ssup->ssup_collation,
	                         NULL, NULL);
	ssup->comparator = compare_by_function;
}

void
PrepareSortSupportFromOrderingOp(Oid orderingOp, SortSupport ssup)
{
	Oid opfamily;
	Oid opcintype;
	int16 strategy;
	Oid cmpfunc;

	Assert(ssup->comparator == NULL);
	if (!get_ordering_op_properties(orderingOp, &opfamily, &opcintype,
	                                &strategy))
		elog(ERROR, "operator %u is not a valid ordering operator", orderingOp);
	Assert(strategy == BTLessStrategyNumber ||
	       strategy == BTGreaterStrategyNumber);
	cmpfunc = get_opfamily_proc(opfamily, opcintype, opcintype, BTORDER_PROC);
	if (!OidIsValid(cmpfunc))
		elog(ERROR, "missing support function %d(%u,%u) in opfamily %u",
		     BTORDER_PROC, opcintype, opcintype, opfamily);
	PrepareSortSupportFromFunction(cmpfunc, strategy == BTGreaterStrategyNumber,
	                               ssup);
}
