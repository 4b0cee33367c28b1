/*
 * vector_check.c
 *	  What values of the vector types must fulfil, and the errors if not.
 */
#include "postgres.h"

#include "access/vector.h"
#include "access/vector_check.h"
#include "utils/builtins.h"
#include "utils/elog.h"

void
VectorCheckDimUpTo(const char *type, int dim, int max_dim)
{
	if (dim < 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("%s must have at least 1 dimension", type)));
	if (dim > max_dim)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("%s cannot have more than %d dimensions", type,
		                       max_dim)));
}

void
VectorCheckDim(const char *type, int dim)
{
	VectorCheckDimUpTo(type, dim, VECTOR_MAX_DIM);
}

void
VectorCheckExpectedDim(int32 typmod, int dim)
{
	if (typmod != -1 && typmod != dim)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("expected %d dimensions, not %d", typmod, dim)));
}

void
VectorCheckUnused(int unused)
{
	if (unused != 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("expected unused to be 0, not %d", unused)));
}

void
VectorSyntaxError(const char *type, const char *lit, const char *detail)
{
	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
	         errmsg("invalid input syntax for type %s: \"%s\"", type, lit),
	         detail ? errdetail("%s", detail) : 0));
}

void
VectorElementError(const char *type, float value)
{
	if (isnan(value))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("NaN not allowed in %s", type)));
	ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
	                errmsg("infinite value not allowed in %s", type)));
}

void
VectorDimsError(const char *type, int a, int b)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
	                errmsg("different %s dimensions %d and %d", type, a, b)));
}

void
VectorOverflowError(void)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
	                errmsg("value out of range: overflow")));
}

void
VectorUnderflowError(void)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
	                errmsg("value out of range: underflow")));
}

int32
VectorTypmod(const char *type, List *modifiers, int max_dim)
{
	int32 dim;

	if (list_length(modifiers) != 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid type modifier")));
	dim = pg_strtoint32((char *) linitial(modifiers));
	if (dim < 1)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("dimensions for type %s must be at least 1", type)));
	if (dim > max_dim)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("dimensions for type %s cannot exceed %d", type,
		                       max_dim)));
	return dim;
}

int
VectorSubRange(const char *type, int dim, int32 start, int32 count, int *length)
{
	int64 first = Max((int64) start, 1);
	int64 end = Min((int64) start + count, (int64) dim + 1);

	if (count < 1 || end <= first)
		VectorCheckDim(type, 0);
	*length = (int) (end - first);
	return (int) first - 1;
}
