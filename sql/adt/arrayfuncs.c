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

static void
malformed(const char *string, const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
	                errmsg("malformed array literal: \"%s\"", string),
	                errdetail("%s", detail)));
}

static char *
skip_space(char *p)
{
	while (isspace((unsigned char) *p))
		p++;
	return p;
}

/*
 * The element at *p as a C string, or NULL for the word NULL; *p is moved to
 * the delimiter or brace behind it.
 */
static char *
read_element(char **p, char delimiter, const char *string)
{
	char *in = *p;
	char *out = palloc(strlen(in) + 1);
	int len = 0;
	int kept = 0; /* characters that are not to be trimmed */
	bool quoted = false;

	for (; *in != delimiter && *in != '}'; in++)
	{
		if (*in == '\0')
			malformed(string, "Unexpected end of input.");
		else if (*in == '{')
			malformed(string, "Unexpected \"{\" character.");
		else if (*in == '"')
		{
			if (kept > 0 || quoted)
				malformed(string, "Unexpected array element.");
			quoted = true;
			len = 0;
			for (in++; *in != '"'; in++)
			{
				if (*in == '\\')
					in++;
				if (*in == '\0')
					malformed(string, "Unexpected end of input.");
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
				malformed(string, "Unexpected array element.");
			if (*in == '\\' && *++in == '\0')
				malformed(string, "Unexpected end of input.");
			out[len++] = *in;
			kept = len;
		}
	}
	out[kept] = '\0';
	if (!quoted && kept == 0)
		malformed(string, *in == '}' ? "Unexpected \"}\" character."
		                             : psprintf("Unexpected \"%c\" character.",
		                                        delimiter));
	*p = in;
	return !quoted && strcasecmp(out, "NULL") == 0 ? NULL : out;
}

/* "[lower:upper]" or "[upper]" at *p, which is moved behind it */
static int
read_dimension(char **p, int *lbound, const char *string)
{
	char *end;
	long lower = 1;
	long upper = strtol(*p + 1, &end, 10);

	if (end == *p + 1)
		malformed(string, "\"[\" must introduce explicitly-specified array "
		                  "dimensions.");
	if (*end == ':')
	{
		char *start = end + 1;

		lower = upper;
		upper = strtol(start, &end, 10);
		if (end == start)
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

/* Dimensions in front, with "=" behind them; their number, 0 if none. */
static int
read_dimensions(char **p, int *dims, int *lbs, const char *string)
{
	int ndim = 0;

	while (**p == '[')
	{
		ArrayCheckNDim(ndim + 1);
		dims[ndim] = read_dimension(p, &lbs[ndim], string);
		ndim++;
	}
	if (ndim > 0)
	{
		if (**p != '=')
			malformed(string, "Missing \"=\" after array dimensions.");
		*p = skip_space(*p + 1);
	}
	return ndim;
}

/* a literal that is being read */
typedef struct ArrayText
{
	const char *string;
	char *p;
	char delimiter;
	int ndim;         /* 0 until the first element */
	int dims[MAXDIM]; /* -1 until the first brace of the level is closed */
	char **elements;  /* NULL for NULL */
	int nelems;
	int capacity;
} ArrayText;

static void
add_element(ArrayText *t)
{
	char *element = read_element(&t->p, t->delimiter, t->string);

	if (t->nelems == t->capacity)
	{
		t->capacity *= 2;
		t->elements = repalloc(t->elements, sizeof(char *) * t->capacity);
	}
	t->elements[t->nelems++] = element;
}

/* "{...}" at t->p, inside level others: elements, or the same of a level more */
static void
read_level(ArrayText *t, int level)
{
	int n = 0;
	bool nested = false;

	ArrayCheckNDim(level + 1);
	t->p = skip_space(t->p + 1);
	if (*t->p == '}' && level > 0)
		malformed(t->string, "Unexpected \"}\" character.");
	while (*t->p != '}')
	{
		if (*t->p == '{' && (n == 0 || nested))
		{
			nested = true;
			read_level(t, level + 1);
			t->p = skip_space(t->p);
			if (*t->p == '\0')
				malformed(t->string, "Unexpected end of input.");
			if (*t->p != '}' && *t->p != t->delimiter)
				malformed(t->string, *t->p == '{'
				                         ? "Unexpected \"{\" character."
				                         : "Unexpected array element.");
		}
		else if (nested)
			malformed(t->string, *t->p == '\0' ? "Unexpected end of input."
			                                   : "Unexpected array element.");
		else
		{
			if (*t->p == '{')
				malformed(t->string, "Unexpected \"{\" character.");
			if (t->ndim == 0)
				t->ndim = level + 1;
			if (t->ndim != level + 1)
				malformed(t->string, "Multidimensional arrays must have "
				                     "sub-arrays with matching dimensions.");
			add_element(t);
		}
		n++;
		if (*t->p == t->delimiter)
		{
			t->p = skip_space(t->p + 1);
			if (*t->p == '}')
				malformed(t->string, "Unexpected \"}\" character.");
		}
	}
	if (t->dims[level] >= 0 && t->dims[level] != n)
		malformed(t->string, "Multidimensional arrays must have sub-arrays "
		                     "with matching dimensions.");
	t->dims[level] = n;
	t->p++;
}

Datum
array_in(PG_FUNCTION_ARGS)
{
	char *string = PG_GETARG_CSTRING(0);
	Oid element_type = PG_GETARG_OID(1);
	int32 typmod = PG_GETARG_INT32(2);
	ElementIO *io = get_element_io(fcinfo->flinfo, element_type, IOFunc_input);
	ArrayText t = {.string = string,
	               .p = skip_space(string),
	               .delimiter = io->typdelim,
	               .dims = {-1, -1, -1, -1, -1, -1},
	               .capacity = 16};
	int dims[MAXDIM];
	int lbs[MAXDIM] = {1, 1, 1, 1, 1, 1};
	int expected = read_dimensions(&t.p, dims, lbs, string);
	Datum *elems;
	bool *nulls;

	if (*t.p != '{')
		malformed(string, expected == 0
		                      ? "Array value must start with \"{\" or "
		                        "dimension information."
		                      : "Array contents must start with \"{\".");
	t.elements = palloc(sizeof(char *) * t.capacity);
	read_level(&t, 0);
	if (*skip_space(t.p) != '\0')
		malformed(string, "Junk after closing right brace.");
	if (expected > 0 && (expected != t.ndim ||
	                     memcmp(dims, t.dims, sizeof(int) * expected) != 0))
		malformed(string, "Specified array dimensions do not match array "
		                  "contents.");

	elems = palloc(sizeof(Datum) * Max(t.nelems, 1));
	nulls = palloc(sizeof(bool) * Max(t.nelems, 1));
	for (int i = 0; i < t.nelems; i++)
	{
		nulls[i] = t.elements[i] == NULL;
		elems[i] = InputFunctionCall(&io->function, t.elements[i],
		                             io->typioparam, typmod);
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(elems, nulls, t.ndim, t.dims, lbs,
	                                         element_type, io->typlen,
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

/* a part of buf as a buffer of its own, with a terminator lent to it */
static Datum
receive_element(ElementIO *io, StringInfo buf, int size, int32 typmod)
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
	if (sent_type != element_type)
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
		/* the last number must be an int too */
		if (dims[i] > 0 && (int64) lbs[i] + dims[i] > PG_INT32_MAX)
			ereport(ERROR,
			        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			         errmsg("array lower bound is too large: %d", lbs[i])));
	}
	nelems = ArrayGetNItems(ndim, dims);
	/* an element takes four bytes at least */
	if (nelems > (buf->len - buf->cursor) / 4)
		ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("insufficient data left in message")));

	io = get_element_io(fcinfo->flinfo, element_type, IOFunc_receive);
	elems = palloc(sizeof(Datum) * Max(nelems, 1));
	nulls = palloc(sizeof(bool) * Max(nelems, 1));
	for (int i = 0; i < nelems; i++)
	{
		int size = pq_getmsgint(buf, 4);

		nulls[i] = size == -1;
		if (size < -1 || size > buf->len - buf->cursor)
			ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			                errmsg("insufficient data left in message")));
		elems[i] = nulls[i] ? ReceiveFunctionCall(&io->function, NULL,
		                                          io->typioparam, typmod)
		                    : receive_element(io, buf, size, typmod);
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
