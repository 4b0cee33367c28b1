/*
 * varlena.c
 *		The type text: input and output, order, concatenation.
 *
 * The database's collation is C, so text is ordered by its bytes; its encoding
 * is UTF-8, so a character is a byte that does not continue another.
 *
 * Corresponds to PostgreSQL's utils/adt/varlena.c; functions that take text
 * apart are in strings.c.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/adt.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

text *
cstring_to_text(const char *s)
{
	return cstring_to_text_with_len(s, strlen(s));
}

text *
cstring_to_text_with_len(const char *s, int len)
{
	text *result = palloc(len + VARHDRSZ);

	SET_VARSIZE(result, len + VARHDRSZ);
	memcpy(VARDATA(result), s, len);
	return result;
}

char *
text_to_cstring(const text *t)
{
	text *plain = pg_detoast_datum_packed(unvolatize(text *, t));
	int len = VARSIZE_ANY_EXHDR(plain);
	char *result = palloc(len + 1);

	memcpy(result, VARDATA_ANY(plain), len);
	result[len] = '\0';
	return result;
}

int
varstr_cmp(const char *arg1, int len1, const char *arg2, int len2, Oid collid)
{
	int result = memcmp(arg1, arg2, Min(len1, len2));

	if (result == 0)
		result = (len1 > len2) - (len1 < len2);
	return result;
}

int
text_compare(const text *a, const text *b)
{
	return varstr_cmp(VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a), VARDATA_ANY(b),
	                  VARSIZE_ANY_EXHDR(b), InvalidOid);
}

int
utf8_strlen(const char *s, int len)
{
	int n = 0;

	for (int i = 0; i < len; i++)
		n += ((unsigned char) s[i] & 0xC0) != 0x80;
	return n;
}

int
utf8_offset(const char *s, int len, int nchars)
{
	int i = 0;

	while (i < len && nchars > 0)
	{
		i++;
		while (i < len && ((unsigned char) s[i] & 0xC0) == 0x80)
			i++;
		nchars--;
	}
	return i;
}

/* ---- input and output ---- */

Datum
textin(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(PG_GETARG_CSTRING(0)));
}

Datum
textout(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(text_to_cstring(PG_GETARG_TEXT_PP(0)));
}

Datum
textrecv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int nbytes;
	char *s = pq_getmsgtext(buf, buf->len - buf->cursor, &nbytes);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(s, nbytes));
}

Datum
textsend(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BYTEA_P(
		cstring_to_text_with_len(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)));
}

/* unknown is a C string */
Datum
unknownin(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(pstrdup(PG_GETARG_CSTRING(0)));
}

Datum
unknownout(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(pstrdup(PG_GETARG_CSTRING(0)));
}

Datum
unknownrecv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int nbytes;

	PG_RETURN_CSTRING(pq_getmsgtext(buf, buf->len - buf->cursor, &nbytes));
}

Datum
unknownsend(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(cstring_to_text(PG_GETARG_CSTRING(0)));
}

/* ---- order ---- */

#define TEXT_COMPARISON(name, op)                                           \
	Datum name(PG_FUNCTION_ARGS)                                            \
	{                                                                       \
		PG_RETURN_BOOL(                                                     \
			text_compare(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1)) op 0); \
	}

TEXT_COMPARISON(texteq, ==)
TEXT_COMPARISON(textne, !=)
TEXT_COMPARISON(text_lt, <)
TEXT_COMPARISON(text_le, <=)
TEXT_COMPARISON(text_gt, >)
TEXT_COMPARISON(text_ge, >=)
TEXT_COMPARISON(text_pattern_lt, <)
TEXT_COMPARISON(text_pattern_le, <=)
TEXT_COMPARISON(text_pattern_gt, >)
TEXT_COMPARISON(text_pattern_ge, >=)

Datum
bttextcmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(text_compare(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1)));
}

Datum
bttext_pattern_cmp(PG_FUNCTION_ARGS)
{
	return bttextcmp(fcinfo);
}

Datum
text_larger(PG_FUNCTION_ARGS)
{
	text *a = PG_GETARG_TEXT_PP(0);
	text *b = PG_GETARG_TEXT_PP(1);

	PG_RETURN_TEXT_P(text_compare(a, b) > 0 ? a : b);
}

Datum
text_smaller(PG_FUNCTION_ARGS)
{
	text *a = PG_GETARG_TEXT_PP(0);
	text *b = PG_GETARG_TEXT_PP(1);

	PG_RETURN_TEXT_P(text_compare(a, b) < 0 ? a : b);
}

/* ---- length, concatenation ---- */

Datum
textlen(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);

	PG_RETURN_INT32(utf8_strlen(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)));
}

Datum
textoctetlen(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(0)));
}

text *
varlena_concat(const struct varlena *a, const struct varlena *b)
{
	Size alen = VARSIZE_ANY_EXHDR(a);
	Size blen = VARSIZE_ANY_EXHDR(b);
	text *result = palloc(alen + blen + VARHDRSZ);

	SET_VARSIZE(result, alen + blen + VARHDRSZ);
	memcpy(VARDATA(result), VARDATA_ANY(a), alen);
	memcpy(VARDATA(result) + alen, VARDATA_ANY(b), blen);
	return result;
}

Datum
textcat(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(
		varlena_concat(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1)));
}

/* ---- string_agg ---- */

/* state: the text so far, with the first delimiter at its front */
typedef struct StringAggState
{
	StringInfoData text;
	int first_delimiter;
} StringAggState;

Datum
string_agg_transfn(PG_FUNCTION_ARGS)
{
	StringAggState *state =
		PG_ARGISNULL(0) ? NULL : (StringAggState *) PG_GETARG_POINTER(0);
	MemoryContext aggcontext;
	MemoryContext old;

	if (!AggCheckCallContext(fcinfo, &aggcontext))
		elog(ERROR, "string_agg_transfn called in non-aggregate context");
	if (!PG_ARGISNULL(1))
	{
		text *value = PG_GETARG_TEXT_PP(1);
		text *delimiter = PG_ARGISNULL(2) ? NULL : PG_GETARG_TEXT_PP(2);

		old = MemoryContextSwitchTo(aggcontext);
		if (state == NULL)
		{
			state = palloc(sizeof(*state));
			initStringInfo(&state->text);
			state->first_delimiter =
				delimiter ? (int) VARSIZE_ANY_EXHDR(delimiter) : 0;
		}
		MemoryContextSwitchTo(old);
		if (delimiter)
			appendBinaryStringInfo(&state->text, VARDATA_ANY(delimiter),
			                       VARSIZE_ANY_EXHDR(delimiter));
		appendBinaryStringInfo(&state->text, VARDATA_ANY(value),
		                       VARSIZE_ANY_EXHDR(value));
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

Datum
string_agg_finalfn(PG_FUNCTION_ARGS)
{
	StringAggState *state =
		PG_ARGISNULL(0) ? NULL : (StringAggState *) PG_GETARG_POINTER(0);

	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(
		cstring_to_text_with_len(state->text.data + state->first_delimiter,
	                             state->text.len - state->first_delimiter));
}
