/*
 * dense_text.c
 *	  Texts of the dense types vector and halfvec: "[1,2,3]".
 *
 * Numbers are read as float for both; what a type cannot hold is told by its
 * limit.  The order of the checks is pgvector's.
 */
#include "postgres.h"

#include <errno.h>
#include <math.h>

#include "access/vector.h"
#include "access/vector_check.h"
#include "access/vector_text.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/palloc.h"

/* One number at *p, which is moved behind it. */
static inline float
ParseElement(const char *type, float overflow, const char *lit, char **p)
{
	char *start = *p;
	float value;

	if (*start == '\0')
		VectorSyntaxError(type, lit, NULL);
	errno = 0;
	value = VectorElementFromText(start, p);
	if (*p == start)
		VectorSyntaxError(type, lit, NULL);
	if ((errno == ERANGE && isinf(value)) ||
	    (fabsf(value) >= overflow && !isinf(value)))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("\"%s\" is out of range for type %s",
		                       pnstrdup(start, *p - start), type)));
	VectorCheckElement(type, value);
	return value;
}

int
VectorTextCapacity(const char *lit)
{
	int capacity = 1;

	for (const char *c = lit; (c = strchr(c, ',')) != NULL; c++)
	{
		if (++capacity >= VECTOR_MAX_DIM)
			break;
	}
	return capacity;
}

int
VectorElementsFromText(const char *type, float overflow, char *lit, float *x,
                       int capacity)
{
	char *p = VectorSkipSpace(lit);
	int dim = 0;

	if (*p != '[')
		VectorSyntaxError(type, lit, "Vector contents must start with \"[\".");
	p = VectorSkipSpace(p + 1);
	if (*p == ']')
		VectorCheckDim(type, 0);
	for (;;)
	{
		if (dim == VECTOR_MAX_DIM)
			VectorCheckDim(type, dim + 1);
		p = VectorSkipSpace(p);
		Assert(dim < capacity);
		x[dim++] = ParseElement(type, overflow, lit, &p);
		p = VectorSkipSpace(p);
		if (*p == ']')
			break;
		if (*p != ',')
			VectorSyntaxError(type, lit, NULL);
		p++;
	}
	if (*VectorSkipSpace(p + 1) != '\0')
		VectorSyntaxError(type, lit, "Junk after closing right brace.");
	return dim;
}

char *
VectorElementsToText(const float *x, int dim)
{
	char *buf = palloc((Size) VECTOR_ELEMENT_TEXT * dim + 3);
	char *p = buf;

	*p++ = '[';
	for (int i = 0; i < dim; i++)
	{
		if (i > 0)
			*p++ = ',';
		p += float_to_shortest_decimal_buf(x[i], p);
	}
	*p++ = ']';
	*p = '\0';
	return buf;
}
