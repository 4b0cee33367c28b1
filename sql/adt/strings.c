/*
 * strings.c
 *		Functions that take text apart or make it of parts: substring, case,
 *		trimming, padding, searching.
 *
 * Positions count characters from 1.  Case is that of ASCII letters.
 *
 * Corresponds to parts of PostgreSQL's utils/adt/varlena.c and
 * oracle_compat.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/adt.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* a text argument's bytes */
typedef struct Bytes
{
	const char *s;
	int len;
} Bytes;

static Bytes
get_bytes(text *t)
{
	return (Bytes){VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)};
}

/* Copied by repeat() between two looks for a cancel. */
#define REPEAT_PIECE ((Size) 1 << 24)

#define GET_BYTES(n) get_bytes(PG_GETARG_TEXT_PP(n))
#define RETURN_BYTES(s, len) PG_RETURN_TEXT_P(cstring_to_text_with_len(s, len))

/* ---- substring ---- */

/* length -1: to the end */
static Datum
substring(Bytes t, int64 start, int64 length)
{
	int64 end = length < 0 ? PG_INT32_MAX : start + length;
	int from, to;

	start = Max(start, 1);
	if (end <= start)
		RETURN_BYTES("", 0);
	from = utf8_offset(t.s, t.len, (int) (start - 1));
	to = from + utf8_offset(t.s + from, t.len - from,
	                        (int) Min(end - start, PG_INT32_MAX));
	RETURN_BYTES(t.s + from, to - from);
}

Datum
text_substr(PG_FUNCTION_ARGS)
{
	int32 length = PG_GETARG_INT32(2);

	if (length < 0)
		ereport(ERROR, (errcode(ERRCODE_SUBSTRING_ERROR),
		                errmsg("negative substring length not allowed")));
	return substring(GET_BYTES(0), PG_GETARG_INT32(1), length);
}

Datum
text_substr_no_len(PG_FUNCTION_ARGS)
{
	return substring(GET_BYTES(0), PG_GETARG_INT32(1), -1);
}

/* a negative count leaves so many out on the other side */
Datum
text_left(PG_FUNCTION_ARGS)
{
	Bytes t = GET_BYTES(0);
	int64 n = PG_GETARG_INT32(1);

	if (n < 0)
		n = Max(utf8_strlen(t.s, t.len) + n, 0);
	RETURN_BYTES(t.s, utf8_offset(t.s, t.len, (int) n));
}

Datum
text_right(PG_FUNCTION_ARGS)
{
	Bytes t = GET_BYTES(0);
	int64 n = PG_GETARG_INT32(1);
	int64 skip = n < 0 ? -n : Max(utf8_strlen(t.s, t.len) - n, 0);
	int from = utf8_offset(t.s, t.len, (int) Min(skip, PG_INT32_MAX));

	RETURN_BYTES(t.s + from, t.len - from);
}

/* ---- searching ---- */

/* the byte position of what in t from start on, or -1 */
static int
find(Bytes t, Bytes what, int start)
{
	const char *found;

	if (what.len == 0)
		return start;
	found = memmem(t.s + start, t.len - start, what.s, what.len);
	return found ? (int) (found - t.s) : -1;
}

Datum
textpos(PG_FUNCTION_ARGS)
{
	Bytes t = GET_BYTES(0);
	int position = find(t, GET_BYTES(1), 0);

	PG_RETURN_INT32(position < 0 ? 0 : utf8_strlen(t.s, position) + 1);
}

Datum
text_starts_with(PG_FUNCTION_ARGS)
{
	Bytes t = GET_BYTES(0);
	Bytes prefix = GET_BYTES(1);

	PG_RETURN_BOOL(prefix.len <= t.len &&
	               memcmp(t.s, prefix.s, prefix.len) == 0);
}

Datum
replace_text(PG_FUNCTION_ARGS)
{
	Bytes t = GET_BYTES(0);
	Bytes from = GET_BYTES(1);
	Bytes to = GET_BYTES(2);
	StringInfoData s;
	int start = 0;
	int position;

	if (from.len == 0)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	initStringInfo(&s);
	while ((position = find(t, from, start)) >= 0)
	{
		appendBinaryStringInfo(&s, t.s + start, position - start);
		appendBinaryStringInfo(&s, to.s, to.len);
		start = position + from.len;
	}
	appendBinaryStringInfo(&s, t.s + start, t.len - start);
	RETURN_BYTES(s.data, s.len);
}

/* the nth field, counted from 1, or from the end if n is negative */
Datum
split_part(PG_FUNCTION_ARGS)
{
	Bytes t = GET_BYTES(0);
	Bytes separator = GET_BYTES(1);
	int32 n = PG_GETARG_INT32(2);
	int start = 0;
	int position;

	if (n == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("field position must not be zero")));
	if (separator.len == 0 || t.len == 0)
		RETURN_BYTES(t.s, n == 1 || n == -1 ? t.len : 0);
	if (n < 0)
	{
		int fields = 1;

		for (start = 0; (position = find(t, separator, start)) >= 0;
		     start = position + separator.len)
			fields++;
		n += fields + 1;
		if (n < 1)
			RETURN_BYTES("", 0);
		start = 0;
	}
	for (;; n--)
	{
		position = find(t, separator, start);
		if (n == 1)
			RETURN_BYTES(t.s + start,
			             (position < 0 ? t.len : position) - start);
		if (position < 0)
			RETURN_BYTES("", 0);
		start = position + separator.len;
	}
}

/* ---- case ---- */

static Datum
change_case(Bytes t, char first, char last, int shift)
{
	text *result = cstring_to_text_with_len(t.s, t.len);
	char *s = VARDATA(result);

	for (int i = 0; i < t.len; i++)
		if (s[i] >= first && s[i] <= last)
			s[i] = (char) (s[i] + shift);
	PG_RETURN_TEXT_P(result);
}

Datum
upper(PG_FUNCTION_ARGS)
{
	return change_case(GET_BYTES(0), 'a', 'z', 'A' - 'a');
}

Datum
lower(PG_FUNCTION_ARGS)
{
	return change_case(GET_BYTES(0), 'A', 'Z', 'a' - 'A');
}

/* ---- trimming: any of the characters of a set ---- */

static bool
in_set(Bytes set, const char *s, int len)
{
	for (int i = 0; i < set.len;)
	{
		int n = utf8_offset(set.s + i, set.len - i, 1);

		if (n == len && memcmp(set.s + i, s, len) == 0)
			return true;
		i += n;
	}
	return false;
}

static Datum
trim(Bytes t, Bytes set, bool left, bool right)
{
	while (left && t.len > 0)
	{
		int n = utf8_offset(t.s, t.len, 1);

		if (!in_set(set, t.s, n))
			break;
		t.s += n;
		t.len -= n;
	}
	while (right && t.len > 0)
	{
		int n = 1;

		while (n < t.len && ((unsigned char) t.s[t.len - n] & 0xC0) == 0x80)
			n++;
		if (!in_set(set, t.s + t.len - n, n))
			break;
		t.len -= n;
	}
	RETURN_BYTES(t.s, t.len);
}

#define TRIM(name, set, left, right)                 \
	Datum name(PG_FUNCTION_ARGS)                     \
	{                                                \
		return trim(GET_BYTES(0), set, left, right); \
	}

static const Bytes blank = {" ", 1};

TRIM(btrim, GET_BYTES(1), true, true)
TRIM(btrim1, blank, true, true)
TRIM(ltrim, GET_BYTES(1), true, false)
TRIM(ltrim1, blank, true, false)
TRIM(rtrim, GET_BYTES(1), false, true)

/* ---- padding, repetition ---- */

static void
check_length(Size length)
{
	if (!AllocSizeIsValid(length + VARHDRSZ))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("requested length too large")));
}

static Datum
pad(FunctionCallInfo fcinfo, Bytes fill, bool left)
{
	Bytes t = GET_BYTES(0);
	int length = Max(PG_GETARG_INT32(1), 0);
	int missing = length - utf8_strlen(t.s, t.len);
	StringInfoData s;

	check_length((Size) length * 4);
	if (missing < 0)
		t.len = utf8_offset(t.s, t.len, length);
	initStringInfo(&s);
	if (!left)
		appendBinaryStringInfo(&s, t.s, t.len);
	for (int i = 0; missing > 0 && fill.len > 0; missing--)
	{
		int n = utf8_offset(fill.s + i, fill.len - i, 1);

		appendBinaryStringInfo(&s, fill.s + i, n);
		i = i + n < fill.len ? i + n : 0;
	}
	if (left)
		appendBinaryStringInfo(&s, t.s, t.len);
	RETURN_BYTES(s.data, s.len);
}

Datum
lpad(PG_FUNCTION_ARGS)
{
	return pad(fcinfo, GET_BYTES(2), true);
}

Datum
lpad_blanks(PG_FUNCTION_ARGS)
{
	return pad(fcinfo, blank, true);
}

Datum
rpad(PG_FUNCTION_ARGS)
{
	return pad(fcinfo, GET_BYTES(2), false);
}

Datum
rpad_blanks(PG_FUNCTION_ARGS)
{
	return pad(fcinfo, blank, false);
}

Datum
repeat(PG_FUNCTION_ARGS)
{
	Bytes t = GET_BYTES(0);
	int count = Max(PG_GETARG_INT32(1), 0);
	Size length = (Size) t.len * count;
	text *result;

	check_length(length);
	result = palloc(length + VARHDRSZ);
	SET_VARSIZE(result, length + VARHDRSZ);
	/* what there is already is copied behind itself */
	memcpy(VARDATA(result), t.s, Min(length, (Size) t.len));
	for (Size done = t.len, piece; done < length; done += piece)
	{
		CHECK_FOR_INTERRUPTS();
		piece = Min(done, length - done);
		/* not much at a time, and whole copies of the text */
		if (piece > REPEAT_PIECE && t.len < REPEAT_PIECE)
			piece = REPEAT_PIECE - REPEAT_PIECE % t.len;
		memcpy(VARDATA(result) + done, VARDATA(result), piece);
	}
	PG_RETURN_TEXT_P(result);
}

Datum
text_reverse(PG_FUNCTION_ARGS)
{
	Bytes t = GET_BYTES(0);
	text *result = palloc(t.len + VARHDRSZ);
	char *end = VARDATA(result) + t.len;

	SET_VARSIZE(result, t.len + VARHDRSZ);
	for (int i = 0; i < t.len;)
	{
		int n = utf8_offset(t.s + i, t.len - i, 1);

		end -= n;
		memcpy(end, t.s + i, n);
		i += n;
	}
	PG_RETURN_TEXT_P(result);
}

/* ---- concatenation of anything ---- */

/* the arguments from the given one on; NULLs are left out */
static Datum
concatenate(FunctionCallInfo fcinfo, int first, Bytes separator)
{
	StringInfoData s;
	bool any = false;

	initStringInfo(&s);
	for (int i = first; i < PG_NARGS(); i++)
	{
		Oid type = get_fn_expr_argtype(fcinfo->flinfo, i);
		Oid output;
		bool is_varlena;

		if (PG_ARGISNULL(i))
			continue;
		if (!OidIsValid(type))
			elog(ERROR, "could not determine data type of concat() input");
		if (any)
			appendBinaryStringInfo(&s, separator.s, separator.len);
		any = true;
		getTypeOutputInfo(type, &output, &is_varlena);
		appendStringInfoString(
			&s, OidOutputFunctionCall(output, PG_GETARG_DATUM(i)));
	}
	RETURN_BYTES(s.data, s.len);
}

Datum
text_concat(PG_FUNCTION_ARGS)
{
	return concatenate(fcinfo, 0, (Bytes){"", 0});
}

Datum
text_concat_ws(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	return concatenate(fcinfo, 1, GET_BYTES(0));
}

/*
 * An argument of any type cast to text: what its output function gives, but
 * for boolean, whose cast spells it out.
 */
static text *
any_to_text(FunctionCallInfo fcinfo, int n)
{
	Oid type = get_fn_expr_argtype(fcinfo->flinfo, n);
	Oid output;
	bool is_varlena;

	if (!OidIsValid(type))
		elog(ERROR, "could not determine input data type");
	if (type == BOOLOID)
		return cstring_to_text(PG_GETARG_BOOL(n) ? "true" : "false");
	getTypeOutputInfo(type, &output, &is_varlena);
	return cstring_to_text(OidOutputFunctionCall(output, PG_GETARG_DATUM(n)));
}

/* The same for the only such argument: its output function is remembered. */
static text *
lone_any_to_text(FunctionCallInfo fcinfo, int n)
{
	FmgrInfo *output = fcinfo->flinfo->fn_extra;

	if (output == NULL)
	{
		Oid type = get_fn_expr_argtype(fcinfo->flinfo, n);
		Oid func;
		bool is_varlena;

		if (!OidIsValid(type) || type == BOOLOID)
			return any_to_text(fcinfo, n);
		getTypeOutputInfo(type, &func, &is_varlena);
		output = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(FmgrInfo));
		fmgr_info_cxt(func, output, fcinfo->flinfo->fn_mcxt);
		fcinfo->flinfo->fn_extra = output;
	}
	return cstring_to_text(OutputFunctionCall(output, PG_GETARG_DATUM(n)));
}

Datum
text_any_concat(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(
		varlena_concat(PG_GETARG_TEXT_PP(0), lone_any_to_text(fcinfo, 1)));
}

Datum
any_text_concat(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(
		varlena_concat(lone_any_to_text(fcinfo, 0), PG_GETARG_TEXT_PP(1)));
}

Datum
quote_literal_any(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(
		quote_literal_cstr(text_to_cstring(any_to_text(fcinfo, 0)))));
}

Datum
quote_nullable_any(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_TEXT_P(cstring_to_text("NULL"));
	return quote_literal_any(fcinfo);
}

/* of text and bytea */
Datum
octets_bit_length(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(0)) * 8);
}

/* ---- characters and their numbers ---- */

Datum
ascii(PG_FUNCTION_ARGS)
{
	Bytes t = GET_BYTES(0);
	const unsigned char *s = (const unsigned char *) t.s;
	int32 value;
	int n;

	if (t.len == 0)
		PG_RETURN_INT32(0);
	if (s[0] < 0x80)
		PG_RETURN_INT32(s[0]);
	n = utf8_offset(t.s, t.len, 1);
	value = s[0] & (0x7F >> n);
	for (int i = 1; i < n; i++)
		value = value << 6 | (s[i] & 0x3F);
	PG_RETURN_INT32(value);
}

Datum
chr(PG_FUNCTION_ARGS)
{
	uint32 value = (uint32) PG_GETARG_INT32(0);
	char s[4];
	int n;

	if (PG_GETARG_INT32(0) < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("character number must be positive")));
	if (value == 0)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("null character not permitted")));
	if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("requested character too large for encoding: %u",
		                       value)));
	if (value < 0x80)
	{
		s[0] = (char) value;
		RETURN_BYTES(s, 1);
	}
	n = value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
	for (int i = n - 1; i > 0; i--)
	{
		s[i] = (char) (0x80 | (value & 0x3F));
		value >>= 6;
	}
	s[0] = (char) (0xF00 >> n | value);
	RETURN_BYTES(s, n);
}
