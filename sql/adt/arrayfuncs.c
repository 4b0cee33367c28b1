/*
 * arrayfuncs.c
 *		Arrays: building and taking apart, input and output.
 *
 * An array has up to six dimensions, or none if it is empty.  The first element's
 * number is 1 in each unless the text says otherwise.
 *
 * Corresponds to PostgreSQL's utils/adt/arrayfuncs.c; operators and functions
 * on arrays are in arrayops.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <strings.h>

#include "access/transam.h"
#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "utils/adt.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* what input and output of an element type need, kept in fn_extra */
typedef struct ElementIO
{
	Oid type;
	int16 typlen;
	bool typbyval;
	char typalign;
	char typdelim;
	Oid typioparam;
	FmgrInfo function;
} ElementIO;

/* ---- construction ---- */

static ArrayType *
allocate_array(Oid elmtype, int ndims, const int *dims, const int *lbs,
               Size data_size, bool with_nulls)
{
	int nelems = ArrayGetNItems(ndims, dims);
	Size overhead = with_nulls ? ARR_OVERHEAD_WITHNULLS(ndims, nelems)
	                           : ARR_OVERHEAD_NONULLS(ndims);
	ArrayType *result;

	if (!AllocSizeIsValid(overhead + data_size))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("array size exceeds the maximum allowed (%d)",
		                       (int) MaxAllocSize)));
	result = palloc0(overhead + data_size);
	SET_VARSIZE(result, overhead + data_size);
	result->ndim = ndims;
	result->dataoffset = with_nulls ? (int32) overhead : 0;
	result->elemtype = elmtype;
	for (int i = 0; i < ndims; i++)
	{
		ARR_DIMS(result)[i] = dims[i];
		ARR_LBOUND(result)[i] = lbs[i];
	}
	return result;
}

ArrayType *
construct_empty_array(Oid elmtype)
{
	return allocate_array(elmtype, 0, NULL, NULL, 0, false);
}

ArrayType *
construct_array(Datum *elems, int nelems, Oid elmtype, int elmlen,
                bool elmbyval, char elmalign)
{
	return construct_array_nulls(elems, NULL, nelems, elmtype, elmlen, elmbyval,
	                             elmalign);
}

ArrayType *
construct_array_nulls(Datum *elems, bool *nulls, int nelems, Oid elmtype,
                      int elmlen, bool elmbyval, char elmalign)
{
	return construct_md_array(elems, nulls, 1, &nelems, (int[]){1}, elmtype,
	                          elmlen, elmbyval, elmalign);
}

ArrayType *
construct_md_array(Datum *elems, bool *nulls, int ndims, const int *dims,
                   const int *lbs, Oid elmtype, int elmlen, bool elmbyval,
                   char elmalign)
{
	int nelems = ArrayGetNItems(ndims, dims);
	Size size = 0;
	bool has_nulls = false;
	ArrayType *result;
	char *p;

	if (nelems == 0)
		return construct_empty_array(elmtype);
	for (int i = 0; i < nelems; i++)
	{
		if (nulls && nulls[i])
		{
			has_nulls = true;
			continue;
		}
		/* an element lies in the array with a plain header */
		if (elmlen == -1)
			elems[i] = PointerGetDatum(PG_DETOAST_DATUM(elems[i]));
		size = att_align_nominal(size, elmalign);
		size = att_addlength_pointer(size, elmlen, DatumGetPointer(elems[i]));
		if (!AllocSizeIsValid(size))
			ereport(ERROR,
			        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			         errmsg("array size exceeds the maximum allowed (%d)",
			                (int) MaxAllocSize)));
	}
	size = att_align_nominal(size, elmalign);

	result = allocate_array(elmtype, ndims, dims, lbs, size, has_nulls);
	p = ARR_DATA_PTR(result);
	for (int i = 0; i < nelems; i++)
	{
		Size length;

		if (nulls && nulls[i])
			continue;
		if (has_nulls)
			ARR_NULLBITMAP(result)[i / 8] |= 1 << (i % 8);
		p = (char *) att_align_nominal((uintptr_t) p, elmalign);
		if (elmbyval)
		{
			store_att_byval(p, elems[i], elmlen);
			length = elmlen;
		}
		else
		{
			length =
				att_addlength_pointer(0, elmlen, DatumGetPointer(elems[i]));
			memcpy(p, DatumGetPointer(elems[i]), length);
		}
		p += length;
	}
	return result;
}

/* ---- taking apart ---- */

static void
too_many_elements(void)
{
	ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
	                errmsg("array size exceeds the maximum allowed (%d)",
	                       (int) (MaxAllocSize / sizeof(Datum)))));
}

int
ArrayGetNItems(int ndim, const int *dims)
{
	int64 nitems = ndim > 0 ? 1 : 0;

	for (int i = 0; i < ndim; i++)
	{
		if (dims[i] < 0)
			too_many_elements();
		nitems *= dims[i];
		if (nitems > (int64) (MaxAllocSize / sizeof(Datum)))
			too_many_elements();
	}
	return (int) nitems;
}

int
ArrayGetOffset(ArrayType *array, int nindexes, const int *indexes)
{
	int offset = 0;

	if (nindexes != ARR_NDIM(array))
		return -1;
	for (int i = 0; i < nindexes; i++)
	{
		int64 index = (int64) indexes[i] - ARR_LBOUND(array)[i];

		if (index < 0 || index >= ARR_DIMS(array)[i])
			return -1;
		offset = offset * ARR_DIMS(array)[i] + (int) index;
	}
	return offset;
}

void
ArrayCheckNDim(int ndim)
{
	if (ndim > MAXDIM)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("number of array dimensions (%d) exceeds the "
		                       "maximum allowed (%d)",
		                       ndim, MAXDIM)));
}

void
ArrayCheckLowerBound(int dim, int lbound)
{
	if (dim > 0 && (int64) lbound + dim > PG_INT32_MAX)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("array lower bound is too large: %d", lbound)));
}

bool
array_contains_nulls(ArrayType *array)
{
	int nitems = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	bits8 *bitmap = ARR_NULLBITMAP(array);

	for (int i = 0; bitmap && i < nitems; i++)
		if (att_isnull(i, bitmap))
			return true;
	return false;
}

void
deconstruct_array(ArrayType *array, Oid elmtype, int elmlen, bool elmbyval,
                  char elmalign, Datum **elemsp, bool **nullsp, int *nelemsp)
{
	int nitems = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	bits8 *bitmap = ARR_NULLBITMAP(array);
	char *p = ARR_DATA_PTR(array);
	Datum *elems = palloc0(sizeof(Datum) * Max(nitems, 1));
	bool *nulls = nullsp ? palloc0(sizeof(bool) * Max(nitems, 1)) : NULL;

	Assert(ARR_ELEMTYPE(array) == elmtype);
	for (int i = 0; i < nitems; i++)
	{
		if (bitmap && att_isnull(i, bitmap))
		{
			if (!nulls)
				ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				                errmsg("null array element not allowed in this "
				                       "context")));
			nulls[i] = true;
			continue;
		}
		p = (char *) att_align_pointer((uintptr_t) p, elmalign, elmlen, p);
		elems[i] = fetch_att(p, elmbyval, elmlen);
		p = (char *) att_addlength_pointer((uintptr_t) p, elmlen, p);
	}
	*elemsp = elems;
	if (nullsp)
		*nullsp = nulls;
	*nelemsp = nitems;
}

/* ---- input ---- */

static ElementIO *
get_element_io(FmgrInfo *flinfo, Oid type, IOFuncSelector which)
{
	ElementIO *io = flinfo ? flinfo->fn_extra : NULL;
	Oid function;

	if (io && io->type == type)
		return io;
	if (io == NULL)
		io = MemoryContextAllocZero(
			flinfo ? flinfo->fn_mcxt : CurrentMemoryContext, sizeof(*io));
	get_type_io_data(type, which, &io->typlen, &io->typbyval, &io->typalign,
	                 &io->typdelim, &io->typioparam, &function);
	if (!OidIsValid(function))
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_FUNCTION),
		         errmsg(which == IOFunc_receive
		                    ? "no binary input function available for type %s"
		                    : "no binary output function available for type %s",
		                format_type_be(type))));
	fmgr_info_cxt(function, &io->function,
	              flinfo ? flinfo->fn_mcxt : CurrentMemoryContext);
	io->type = type;
	if (flinfo)
		flinfo->fn_extra = io;
	return io;
}

/*
 * A literal that is read.  All of it is read before an element's input function
 * is called: what is wrong with its form is told first.
 */
typedef struct ArrayText
{
	const char *string; /* for messages: from the first brace on, once there */
	char *p;            /* what is read next */
	char delimiter;
	char *texts;     /* of the elements, each with its end; as long as string */
	char **elements; /* into texts; NULL for a null */
	int capacity;
	int nelems;
	int ndim;    /* 0 until the first element is found */
	bool uneven; /* not all elements are as deep as that one */
	int dims[MAXDIM];
	int lbs[MAXDIM];
} ArrayText;

static void
malformed(const char *string, const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
	                errmsg("malformed array literal: \"%s\"", string),
	                errdetail("%s", detail)));
}

static void
unexpected(ArrayText *text, char c)
{
	malformed(text->string, psprintf("Unexpected \"%c\" character.", c));
}

/* There may be something here, but not this. */
static void
misplaced(ArrayText *text)
{
	char c = *text->p;

	if (c == '\0')
		malformed(text->string, "Unexpected end of input.");
	if (c == '{' || c == '}' || c == '\\' || c == text->delimiter)
		unexpected(text, c);
	malformed(text->string, "Unexpected array element.");
}

static void
unequal(ArrayText *text)
{
	malformed(text->string, "Multidimensional arrays must have sub-arrays with "
	                        "matching dimensions.");
}

static char *
skip_space(char *p)
{
	while (isspace((unsigned char) *p))
		p++;
	return p;
}

/*
 * The element at text->p is put behind the others' texts; text->p is moved to
 * the delimiter or brace behind it.  Returns NULL for the word NULL.
 */
static char *
read_element(ArrayText *text)
{
	char *in = text->p;
	char *out = text->texts;
	int len = 0;
	int kept = 0; /* characters that are not to be trimmed */
	bool quoted = false;
	bool escaped = false;

	for (; *in != text->delimiter && *in != '}'; in++)
	{
		if (*in == '\0')
			malformed(text->string, "Unexpected end of input.");
		else if (*in == '{')
			unexpected(text, '{');
		else if (*in == '"')
		{
			if (kept > 0 || quoted)
				malformed(text->string, "Unexpected array element.");
			quoted = true;
			len = 0;
			for (in++; *in != '"'; in++)
			{
				if (*in == '\\')
					in++;
				if (*in == '\0')
					malformed(text->string, "Unexpected end of input.");
				out[len++] = *in;
			}
			kept = len;
		}
		else if (isspace((unsigned char) *in))
		{
			if (!quoted)
				out[len++] = *in;
		}
		else
		{
			if (quoted)
			{
				text->p = in;
				misplaced(text);
			}
			if (*in == '\\')
			{
				escaped = true;
				if (*++in == '\0')
					malformed(text->string, "Unexpected end of input.");
			}
			out[len++] = *in;
			kept = len;
		}
	}
	out[kept] = '\0';
	if (!quoted && kept == 0)
		unexpected(text, *in);
	text->p = in;
	text->texts += kept + 1;
	return !quoted && !escaped && strcasecmp(out, "NULL") == 0 ? NULL : out;
}

static void
add_element(ArrayText *text, int level)
{
	if (text->ndim == 0)
		text->ndim = level + 1;
	text->uneven |= text->ndim != level + 1;
	if (text->nelems == text->capacity)
	{
		text->capacity *= 2;
		text->elements =
			repalloc(text->elements, sizeof(char *) * text->capacity);
	}
	text->elements[text->nelems++] = read_element(text);
}

/*
 * What stands in the braces of one level, at whose opening text->p is: either
 * elements or further braces.  text->p is moved behind the closing one.
 */
static void
read_level(ArrayText *text, int level)
{
	bool nested;
	int count = 0;

	ArrayCheckNDim(level + 1);
	text->p = skip_space(text->p + 1);
	if (*text->p == '}' && level == 0)
	{
		text->p++;
		return;
	}
	nested = *text->p == '{';
	for (;;)
	{
		if (*text->p == '}' || (nested && *text->p != '{'))
			misplaced(text);
		if (nested)
			read_level(text, level + 1);
		else
			add_element(text, level);
		count++;
		text->p = skip_space(text->p);
		if (*text->p == '}')
			break;
		if (*text->p != text->delimiter)
			misplaced(text);
		text->p = skip_space(text->p + 1);
	}
	text->p++;
	if (text->dims[level] != 0 && text->dims[level] != count)
		unequal(text);
	text->dims[level] = count;
}

/* A number right at *p, which is moved behind it; false if there is none. */
static bool
read_bound(char **p, long *value)
{
	if (!isdigit((unsigned char) **p) && **p != '-' && **p != '+')
		return false;
	*value = strtol(*p, p, 10);
	return true;
}

/* "[lower:upper]" or "[upper]" at *p, which is moved behind it */
static int
read_dimension(char **p, int *lbound, const char *string)
{
	char *end = *p + 1;
	long lower = 1;
	long upper = 0;

	if (!read_bound(&end, &upper))
		malformed(string, "\"[\" must introduce explicitly-specified array "
		                  "dimensions.");
	if (*end == ':')
	{
		lower = upper;
		end++;
		if (!read_bound(&end, &upper))
			malformed(string, "Missing array dimension value.");
	}
	if (*end != ']')
		malformed(string, "Missing \"]\" after array dimensions.");
	if (upper < lower)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
		                errmsg("upper bound cannot be less than lower bound")));
	if (lower < PG_INT32_MIN || upper >= PG_INT32_MAX ||
	    upper - lower >= MaxAllocSize / sizeof(Datum))
		too_many_elements();
	*p = skip_space(end + 1);
	*lbound = (int) lower;
	return (int) (upper - lower + 1);
}

static void
read_array(ArrayText *text)
{
	const char *whole = text->string;
	int ndim = 0;
	int dims[MAXDIM];

	text->p = skip_space(text->p);
	for (; *text->p == '['; ndim++)
	{
		ArrayCheckNDim(ndim + 1);
		dims[ndim] = read_dimension(&text->p, &text->lbs[ndim], text->string);
	}
	if (ndim > 0)
	{
		if (*text->p != '=')
			malformed(text->string, "Missing \"=\" after array dimensions.");
		text->p = skip_space(text->p + 1);
		if (*text->p != '{')
			malformed(text->string, "Array contents must start with \"{\".");
	}
	else if (*text->p != '{')
		malformed(text->string, "Array value must start with \"{\" or "
		                        "dimension information.");
	text->string = text->p;
	read_level(text, 0);
	if (*skip_space(text->p) != '\0')
		malformed(text->string, "Junk after closing right brace.");
	if (text->uneven)
		unequal(text);
	if (ndim > 0 && (ndim != text->ndim ||
	                 memcmp(dims, text->dims, sizeof(int) * ndim) != 0))
		malformed(whole, "Specified array dimensions do not match array "
		                 "contents.");
}

Datum
array_in(PG_FUNCTION_ARGS)
{
	char *string = PG_GETARG_CSTRING(0);
	Oid element_type = PG_GETARG_OID(1);
	int32 typmod = PG_GETARG_INT32(2);
	ElementIO *io = get_element_io(fcinfo->flinfo, element_type, IOFunc_input);
	ArrayText text = {.string = string, .p = string, .capacity = 16};
	Datum *elems;
	bool *nulls;

	text.delimiter = io->typdelim;
	text.texts = palloc(strlen(string) + 1);
	text.elements = palloc(sizeof(char *) * text.capacity);
	for (int i = 0; i < MAXDIM; i++)
		text.lbs[i] = 1;
	read_array(&text);

	elems = palloc(sizeof(Datum) * Max(text.nelems, 1));
	nulls = palloc(sizeof(bool) * Max(text.nelems, 1));
	for (int i = 0; i < text.nelems; i++)
	{
		nulls[i] = text.elements[i] == NULL;
		elems[i] = InputFunctionCall(&io->function, text.elements[i],
		                             io->typioparam, typmod);
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(elems, nulls, text.ndim, text.dims,
	                                         text.lbs, element_type, io->typlen,
	                                         io->typbyval, io->typalign));
}

/* ---- output ---- */

static bool
needs_quotes(const char *value, char delimiter)
{
	if (*value == '\0' || strcasecmp(value, "NULL") == 0)
		return true;
	for (const char *p = value; *p; p++)
		if (*p == '"' || *p == '\\' || *p == '{' || *p == '}' ||
		    *p == delimiter || isspace((unsigned char) *p))
			return true;
	return false;
}

static void
put_element(StringInfo s, ElementIO *io, Datum element)
{
	char *value = OutputFunctionCall(&io->function, element);

	if (!needs_quotes(value, io->typdelim))
	{
		appendStringInfoString(s, value);
		return;
	}
	appendStringInfoChar(s, '"');
	for (char *p = value; *p; p++)
	{
		if (*p == '"' || *p == '\\')
			appendStringInfoChar(s, '\\');
		appendStringInfoChar(s, *p);
	}
	appendStringInfoChar(s, '"');
}

/* The bounds, if one of them does not begin with 1. */
static void
put_dimensions(StringInfo s, ArrayType *array)
{
	bool needed = false;

	for (int i = 0; i < ARR_NDIM(array); i++)
		needed |= ARR_LBOUND(array)[i] != 1;
	if (!needed)
		return;
	for (int i = 0; i < ARR_NDIM(array); i++)
		appendStringInfo(s, "[%d:%d]", ARR_LBOUND(array)[i],
		                 ARR_LBOUND(array)[i] + ARR_DIMS(array)[i] - 1);
	appendStringInfoChar(s, '=');
}

Datum
array_out(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	ElementIO *io =
		get_element_io(fcinfo->flinfo, ARR_ELEMTYPE(array), IOFunc_output);
	int ndim = ARR_NDIM(array);
	Datum *elems;
	bool *nulls;
	int nelems;
	StringInfoData s;

	deconstruct_array(array, ARR_ELEMTYPE(array), io->typlen, io->typbyval,
	                  io->typalign, &elems, &nulls, &nelems);
	initStringInfo(&s);
	if (nelems == 0)
		appendStringInfoString(&s, "{}");
	put_dimensions(&s, array);
	for (int i = 0; i < nelems; i++)
	{
		int size = 1; /* elements within a brace of the level */

		if (i > 0)
			appendStringInfoChar(&s, io->typdelim);
		for (int level = ndim - 1; level >= 0; level--)
		{
			size *= ARR_DIMS(array)[level];
			if (i % size == 0)
				appendStringInfoChar(&s, '{');
		}
		if (nulls[i])
			appendStringInfoString(&s, "NULL");
		else
			put_element(&s, io, elems[i]);
		size = 1;
		for (int level = ndim - 1; level >= 0; level--)
		{
			size *= ARR_DIMS(array)[level];
			if ((i + 1) % size == 0)
				appendStringInfoChar(&s, '}');
		}
	}
	PG_RETURN_CSTRING(s.data);
}

/* ---- binary ---- */

/*
 * A part of buf as a buffer of its own, with a terminator lent to it; number is
 * for the error.
 */
static Datum
receive_element(ElementIO *io, StringInfo buf, int size, int32 typmod,
                int number)
{
	StringInfoData element;
	char *data = (char *) pq_getmsgbytes(buf, size);
	char saved = data[size];
	Datum result;

	element.data = data;
	element.maxlen = size + 1;
	element.len = size;
	element.cursor = 0;
	data[size] = '\0';
	result =
		ReceiveFunctionCall(&io->function, &element, io->typioparam, typmod);
	data[size] = saved;
	if (element.cursor != size)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		         errmsg("improper binary format in array element %d", number)));
	return result;
}

Datum
array_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	Oid element_type = PG_GETARG_OID(1);
	int32 typmod = PG_GETARG_INT32(2);
	int ndim = pq_getmsgint(buf, 4);
	int flags = pq_getmsgint(buf, 4);
	Oid sent_type = pq_getmsgint(buf, 4);
	int dims[MAXDIM];
	int lbs[MAXDIM];
	int nelems;
	int capacity;
	ElementIO *io;
	Datum *elems;
	bool *nulls;

	if (ndim < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		                errmsg("invalid number of dimensions: %d", ndim)));
	ArrayCheckNDim(ndim);
	if (flags != 0 && flags != 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		                errmsg("invalid array flags")));
	/* the OID of a type that is not built in may differ from server to server */
	if (sent_type != element_type && sent_type < FirstGenbkiObjectId &&
	    element_type < FirstGenbkiObjectId)
		ereport(ERROR,
		        (errcode(ERRCODE_DATATYPE_MISMATCH),
		         errmsg("binary data has array element type %u (%s) instead of "
		                "expected %u (%s)",
		                sent_type,
		                format_type_extended(sent_type, -1,
		                                     FORMAT_TYPE_ALLOW_INVALID),
		                element_type,
		                format_type_extended(element_type, -1,
		                                     FORMAT_TYPE_ALLOW_INVALID))));
	for (int i = 0; i < ndim; i++)
	{
		dims[i] = pq_getmsgint(buf, 4);
		lbs[i] = pq_getmsgint(buf, 4);
	}
	nelems = ArrayGetNItems(ndim, dims);
	for (int i = 0; i < ndim; i++)
		ArrayCheckLowerBound(dims[i], lbs[i]);

	/* an element takes four bytes at least: where they end, the loop does */
	capacity = Min(nelems, (buf->len - buf->cursor) / 4) + 1;
	io = get_element_io(fcinfo->flinfo, element_type, IOFunc_receive);
	elems = palloc(sizeof(Datum) * capacity);
	nulls = palloc(sizeof(bool) * capacity);
	for (int i = 0; i < nelems; i++)
	{
		int size = pq_getmsgint(buf, 4);

		nulls[i] = size == -1;
		if (size < -1 || size > buf->len - buf->cursor)
			ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			                errmsg("insufficient data left in message")));
		elems[i] = nulls[i] ? ReceiveFunctionCall(&io->function, NULL,
		                                          io->typioparam, typmod)
		                    : receive_element(io, buf, size, typmod, i + 1);
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(elems, nulls, ndim, dims, lbs,
	                                         element_type, io->typlen,
	                                         io->typbyval, io->typalign));
}

Datum
array_send(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	ElementIO *io =
		get_element_io(fcinfo->flinfo, ARR_ELEMTYPE(array), IOFunc_send);
	Datum *elems;
	bool *nulls;
	int nelems;
	StringInfoData buf;

	deconstruct_array(array, ARR_ELEMTYPE(array), io->typlen, io->typbyval,
	                  io->typalign, &elems, &nulls, &nelems);
	pq_begintypsend(&buf);
	pq_sendint32(&buf, ARR_NDIM(array));
	pq_sendint32(&buf, ARR_HASNULL(array) ? 1 : 0);
	pq_sendint32(&buf, ARR_ELEMTYPE(array));
	for (int i = 0; i < ARR_NDIM(array); i++)
	{
		pq_sendint32(&buf, ARR_DIMS(array)[i]);
		pq_sendint32(&buf, ARR_LBOUND(array)[i]);
	}
	for (int i = 0; i < nelems; i++)
	{
		bytea *value;

		if (nulls[i])
		{
			pq_sendint32(&buf, -1);
			continue;
		}
		value = SendFunctionCall(&io->function, elems[i]);
		pq_sendint32(&buf, VARSIZE(value) - VARHDRSZ);
		pq_sendbytes(&buf, VARDATA(value), VARSIZE(value) - VARHDRSZ);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* the vectors of the catalogs have an array's form, with the bounds at 0 */
static Datum
vector_recv_as_array(FunctionCallInfo fcinfo, Oid element_type)
{
	LOCAL_FCINFO(call, 3);
	Datum result;
	ArrayType *array;

	InitFunctionCallInfoData(*call, fcinfo->flinfo, 3, InvalidOid, NULL, NULL);
	call->args[0] = fcinfo->args[0];
	call->args[1].value = ObjectIdGetDatum(element_type);
	call->args[1].isnull = false;
	call->args[2].value = Int32GetDatum(-1);
	call->args[2].isnull = false;
	result = array_recv(call);
	array = DatumGetArrayTypeP(result);
	if (ARR_NDIM(array) != 1 || ARR_HASNULL(array) || ARR_LBOUND(array)[0] != 0)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		         errmsg("invalid %s data",
		                element_type == OIDOID ? "oidvector" : "int2vector")));
	return result;
}

Datum
oidvectorrecv(PG_FUNCTION_ARGS)
{
	return vector_recv_as_array(fcinfo, OIDOID);
}

Datum
int2vectorrecv(PG_FUNCTION_ARGS)
{
	return vector_recv_as_array(fcinfo, INT2OID);
}

Datum
oidvectorsend(PG_FUNCTION_ARGS)
{
	return array_send(fcinfo);
}

Datum
int2vectorsend(PG_FUNCTION_ARGS)
{
	return array_send(fcinfo);
}

Datum
anyarray_out(PG_FUNCTION_ARGS)
{
	return array_out(fcinfo);
}

Datum
anyarray_send(PG_FUNCTION_ARGS)
{
	return array_send(fcinfo);
}

/* ---- type modifiers ---- */

int32 *
get_typmods(Datum list, int *n)
{
	List *mods = (List *) DatumGetPointer(list);
	int32 *result = palloc(sizeof(int32) * (list_length(mods) + 1));
	ListCell *lc;

	*n = 0;
	foreach (lc, mods)
		result[(*n)++] = pg_strtoint32((char *) lfirst(lc));
	return result;
}
