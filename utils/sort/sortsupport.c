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

#include "utils/adt.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric_sort.h"
#include "utils/sortsupport.h"

#define BTORDER_PROC 1
#define BTLessStrategyNumber 1
#define BTGreaterStrategyNumber 5

/* OIDs of comparison functions */
#define F_BTINT2CMP 350
#define F_BTINT4CMP 351
#define F_BTFLOAT4CMP 354
#define F_BTFLOAT8CMP 355
#define F_BTOIDCMP 356
#define F_BTNAMECMP 359
#define F_BTTEXTCMP 360
#define F_BTINT8CMP 842
#define F_BPCHARCMP 1078
#define F_DATE_CMP 1092
#define F_TIMESTAMPTZ_CMP 1314
#define F_BTBOOLCMP 1693
#define F_NUMERIC_CMP 1769
#define F_BYTEACMP 1954
#define F_TIMESTAMP_CMP 2045
#define F_UUID_CMP 2960

#define SIGN_BIT (UINT64CONST(1) << 63)

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

/* What the function leaves behind, detoasted values say, goes after the call. */
static int
compare_by_function(Datum x, Datum y, SortSupport ssup)
{
	FunctionCallInfo fcinfo = ssup->fcinfo;
	MemoryContext old = MemoryContextSwitchTo(ssup->ssup_call_cxt);
	Datum result;

	fcinfo->args[0].value = x;
	fcinfo->args[1].value = y;
	fcinfo->isnull = false;
	result = FunctionCallInvoke(fcinfo);
	MemoryContextSwitchTo(old);
	if (!MemoryContextIsEmpty(ssup->ssup_call_cxt))
		MemoryContextReset(ssup->ssup_call_cxt);
	if (fcinfo->isnull)
		elog(ERROR, "function %u returned NULL", fcinfo->flinfo->fn_oid);
	return DatumGetInt32(result);
}

static int
compare_int16(Datum x, Datum y, SortSupport ssup)
{
	return (int) DatumGetInt16(x) - (int) DatumGetInt16(y);
}

static int
compare_oid(Datum x, Datum y, SortSupport ssup)
{
	Oid a = DatumGetObjectId(x);
	Oid b = DatumGetObjectId(y);

	return (a > b) - (a < b);
}

/* Of texts and byte strings. */
static int
compare_texts(Datum x, Datum y, SortSupport ssup)
{
	text *a = (text *) PG_DETOAST_DATUM_PACKED(x);
	text *b = (text *) PG_DETOAST_DATUM_PACKED(y);
	int result = text_compare(a, b);

	if (a != (text *) DatumGetPointer(x))
		pfree(a);
	if (b != (text *) DatumGetPointer(y))
		pfree(b);
	return result;
}

/* ---- numbers in the order of values ---- */

static uint64
abbreviate_int16(Datum value, SortSupport ssup)
{
	return (uint64) (int64) DatumGetInt16(value) ^ SIGN_BIT;
}

static uint64
abbreviate_int32(Datum value, SortSupport ssup)
{
	return (uint64) (int64) DatumGetInt32(value) ^ SIGN_BIT;
}

static uint64
abbreviate_int64(Datum value, SortSupport ssup)
{
	return (uint64) DatumGetInt64(value) ^ SIGN_BIT;
}

static uint64
abbreviate_oid(Datum value, SortSupport ssup)
{
	return DatumGetObjectId(value);
}

static uint64
abbreviate_double(double value)
{
	uint64 bits;

	if (isnan(value))
		return PG_UINT64_MAX;
	value += 0.0; /* one zero */
	memcpy(&bits, &value, sizeof(bits));
	return (bits & SIGN_BIT) ? ~bits : bits | SIGN_BIT;
}

static uint64
abbreviate_float4(Datum value, SortSupport ssup)
{
	return abbreviate_double(DatumGetFloat4(value));
}

static uint64
abbreviate_float8(Datum value, SortSupport ssup)
{
	return abbreviate_double(DatumGetFloat8(value));
}

static uint64
abbreviate_bool(Datum value, SortSupport ssup)
{
	return DatumGetBool(value);
}

/* ---- the first bytes of what is compared by its bytes ---- */

static uint64
first_bytes(const char *data, Size len)
{
	unsigned char bytes[sizeof(uint64)] = {0};
	uint64 result = 0;

	memcpy(bytes, data, Min(len, sizeof(bytes)));
	for (int i = 0; i < (int) sizeof(bytes); i++)
		result = result << 8 | bytes[i];
	return result;
}

static uint64
abbreviate_varlena(Datum value, bool blanks)
{
	struct varlena *text = PG_DETOAST_DATUM_PACKED(value);
	const char *data = VARDATA_ANY(text);
	Size len = VARSIZE_ANY_EXHDR(text);
	uint64 result;

	while (!blanks && len > 0 && data[len - 1] == ' ')
		len--;
	result = first_bytes(data, len);
	if (text != (struct varlena *) DatumGetPointer(value))
		pfree(text);
	return result;
}

static uint64
abbreviate_text(Datum value, SortSupport ssup)
{
	return abbreviate_varlena(value, true);
}

/* Blanks at the end do not count. */
static uint64
abbreviate_bpchar(Datum value, SortSupport ssup)
{
	return abbreviate_varlena(value, false);
}

static uint64
abbreviate_name(Datum value, SortSupport ssup)
{
	return first_bytes(NameStr(*DatumGetName(value)), NAMEDATALEN);
}

static uint64
abbreviate_uuid(Datum value, SortSupport ssup)
{
	return first_bytes(DatumGetPointer(value), sizeof(uint64));
}

/* By a function's OID; what is not here is called by the fmgr's convention. */
static const struct
{
	Oid cmpfunc;
	int (*comparator)(Datum x, Datum y, SortSupport ssup);
	uint64 (*abbreviate)(Datum value, SortSupport ssup);
	bool exact;
} known[] = {
	{F_BTINT2CMP, compare_int16, abbreviate_int16, true},
	{F_BTINT4CMP, compare_int32, abbreviate_int32, true},
	{F_BTINT8CMP, compare_int64, abbreviate_int64, true},
	{F_BTFLOAT4CMP, compare_float4, abbreviate_float4, true},
	{F_BTFLOAT8CMP, compare_float8, abbreviate_float8, true},
	{F_BTOIDCMP, compare_oid, abbreviate_oid, true},
	{F_DATE_CMP, compare_int32, abbreviate_int32, true},
	{F_TIMESTAMP_CMP, compare_int64, abbreviate_int64, true},
	{F_TIMESTAMPTZ_CMP, compare_int64, abbreviate_int64, true},
	{F_BTBOOLCMP, NULL, abbreviate_bool, true},
	{F_NUMERIC_CMP, numeric_sort_compare, numeric_sort_abbreviate, false},
	{F_BTTEXTCMP, compare_texts, abbreviate_text, false},
	{F_BPCHARCMP, NULL, abbreviate_bpchar, false},
	{F_BYTEACMP, compare_texts, abbreviate_text, false},
	{F_BTNAMECMP, NULL, abbreviate_name, false},
	{F_UUID_CMP, NULL, abbreviate_uuid, false},
};

void
PrepareSortSupportFromFunction(Oid cmpfunc, bool reverse, SortSupport ssup)
{
	FmgrInfo *flinfo;

	ssup->ssup_reverse = reverse;
	for (int i = 0; i < lengthof(known); i++)
		if (known[i].cmpfunc == cmpfunc)
		{
			ssup->comparator = known[i].comparator;
			ssup->abbreviate = known[i].abbreviate;
			ssup->abbrev_exact = known[i].exact;
		}
	if (ssup->comparator != NULL)
		return;
	flinfo = MemoryContextAllocZero(ssup->ssup_cxt, sizeof(FmgrInfo));
	fmgr_info_cxt(cmpfunc, flinfo, ssup->ssup_cxt);
	ssup->fcinfo =
		MemoryContextAllocZero(ssup->ssup_cxt, SizeForFunctionCallInfo(2));
	InitFunctionCallInfoData(*ssup->fcinfo, flinfo, 2, ssup->ssup_collation,
	                         NULL, NULL);
	ssup->ssup_call_cxt = AllocSetContextCreate(ssup->ssup_cxt, "comparison",
	                                            ALLOCSET_SMALL_SIZES);
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
