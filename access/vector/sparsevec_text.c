/*
 * sparsevec_text.c
 *	  The text of a sparse vector, "{1:1.5,3:3.5}/5", read and written.
 *
 * Texts, codes and the order of the checks are pgvector's.  Elements may come
 * in any order; zeros are left out before anything is asked of their indices,
 * so that "{5:0}/1" is a vector.
 */
#include "postgres.h"

#include <errno.h>
#include <limits.h>
#include <math.h>

#include "access/sparsevec.h"
#include "access/sparsevec_check.h"
#include "access/vector_check.h"
#include "access/vector_text.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/palloc.h"

#define TYPE "sparsevec"

/* one more than INT_MAX has digits, and a sign */
#define INT32_TEXT 12

typedef struct Element
{
	int32 index;
	float value;
} Element;

/* The number of elements at most: one more than there are commas. */
static int
Capacity(const char *lit)
{
	int capacity = 1;

	for (const char *c = lit; (c = strchr(c, ',')) != NULL; c++)
	{
		if (++capacity > SPARSEVEC_MAX_NNZ)
			break;
	}
	SparsevecCheckNnz(capacity, SPARSEVEC_MAX_DIM);
	return capacity;
}

/*
 * An integer at *p, brought into the range from min to max, which has zero and
 * all numbers of nine digits in it.
 */
static inline int32
ParseInteger(const char *lit, char **p, long min, long max)
{
	char *start = *p;
	char *c = start;
	int32 number = 0;
	long value;

	for (; *c >= '0' && *c <= '9' && c < start + 9; c++)
		number = number * 10 + (*c - '0');
	if (c > start && (*c < '0' || *c > '9'))
	{
		*p = c;
		return number;
	}
	/* a sign, or more digits, or none */
	value = strtol(start, p, 10);
	if (*p == start)
		VectorSyntaxError(TYPE, lit, NULL);
	return (int32) Min(Max(value, min), max);
}

static float
ParseValue(const char *lit, char **p)
{
	char *start = *p;
	float value;

	errno = 0;
	value = VectorElementFromText(start, p);
	if (*p == start)
		VectorSyntaxError(TYPE, lit, NULL);
	if (errno == ERANGE && (value == 0 || isinf(value)))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("\"%s\" is out of range for type sparsevec",
		                       pnstrdup(start, *p - start))));
	VectorCheckElement(TYPE, value);
	return value;
}

/* "1:1.5,3:3.5}" at *p; the number of elements that are not zero. */
static int
ParseElements(const char *lit, char **p, Element *elements, int capacity)
{
	int nnz = 0;

	*p = VectorSkipSpace(*p);
	if (**p == '}')
		return 0;
	for (;;)
	{
		Element element;

		/* a difference of one must not leave the range of int32 */
		*p = VectorSkipSpace(*p);
		element.index = ParseInteger(lit, p, INT_MIN + 1L, INT_MAX) - 1;
		*p = VectorSkipSpace(*p);
		if (**p != ':')
			VectorSyntaxError(TYPE, lit, NULL);
		*p = VectorSkipSpace(*p + 1);
		element.value = ParseValue(lit, p);
		if (element.value != 0)
		{
			Assert(nnz < capacity);
			elements[nnz++] = element;
		}
		*p = VectorSkipSpace(*p);
		if (**p == '}')
			return nnz;
		if (**p != ',')
			VectorSyntaxError(TYPE, lit, NULL);
		(*p)++;
	}
}

/* "}/5" at p: the number of dimensions. */
static int32
ParseDimensions(const char *lit, char *p)
{
	int32 dim;

	p = VectorSkipSpace(p + 1);
	if (*p != '/')
		VectorSyntaxError(TYPE, lit, "Unexpected end of input.");
	p = VectorSkipSpace(p + 1);
	dim = ParseInteger(lit, &p, INT_MIN, INT_MAX);
	if (*VectorSkipSpace(p) != '\0')
		VectorSyntaxError(TYPE, lit, "Junk after closing.");
	return dim;
}

static int
CompareElements(const void *a, const void *b)
{
	int32 x = ((const Element *) a)->index;
	int32 y = ((const Element *) b)->index;

	return (x > y) - (x < y);
}

static bool
InOrder(const Element *elements, int n)
{
	for (int i = 1; i < n; i++)
	{
		if (elements[i - 1].index > elements[i].index)
			return false;
	}
	return true;
}

SparseVector *
SparsevecFromText(char *lit, int32 typmod)
{
	int capacity = Capacity(lit);
	Element *elements = palloc(sizeof(Element) * capacity);
	char *p = VectorSkipSpace(lit);
	int nnz;
	int32 dim;
	SparseVector *result;

	if (*p != '{')
		VectorSyntaxError(TYPE, lit, "Vector contents must start with \"{\".");
	p++;
	nnz = ParseElements(lit, &p, elements, capacity);
	dim = ParseDimensions(lit, p);
	VectorCheckDimUpTo(TYPE, dim, SPARSEVEC_MAX_DIM);
	VectorCheckExpectedDim(typmod, dim);
	if (!InOrder(elements, nnz))
		qsort(elements, nnz, sizeof(Element), CompareElements);

	result = InitSparseVector(dim, nnz);
	for (int i = 0; i < nnz; i++)
	{
		result->indices[i] = elements[i].index;
		SPARSEVEC_VALUES(result)[i] = elements[i].value;
		SparsevecCheckIndex(result->indices, i, dim);
	}
	pfree(elements);
	return result;
}

char *
SparsevecToText(const SparseVector *v)
{
	const float *values = SPARSEVEC_VALUES(v);
	char *buf = palloc((Size) (INT32_TEXT + VECTOR_ELEMENT_TEXT) * v->nnz +
	                   INT32_TEXT + 4);
	char *p = buf;

	*p++ = '{';
	for (int i = 0; i < v->nnz; i++)
	{
		if (i > 0)
			*p++ = ',';
		p += pg_ltoa(v->indices[i] + 1, p);
		*p++ = ':';
		p += float_to_shortest_decimal_buf(values[i], p);
	}
	*p++ = '}';
	*p++ = '/';
	pg_ltoa(v->dim, p);
	return buf;
}
