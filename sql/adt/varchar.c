/*
 * varchar.c
 *		The types varchar(n) and char(n), called bpchar inside.
 *
 * The type modifier is the length in characters and VARHDRSZ.  A cast made by
 * the user cuts what is too long; an assignment cuts off blanks only and is
 * ERROR 22001 otherwise.  Trailing blanks of a bpchar do not count.
 *
 * Corresponds to PostgreSQL's utils/adt/varchar.c.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/adt.h"
#include "utils/builtins.h"

#define MAX_LENGTH (10 * 1024 * 1024)

/* s as a varlena of at most, or for bpchar exactly, typmod's length */
static text *
fit(const char *s, int len, int32 typmod, bool is_explicit, bool blank_padded)
{
	int max = typmod - VARHDRSZ;
	int nchars;
	text *result;

	if (typmod < VARHDRSZ)
		return cstring_to_text_with_len(s, len);
	nchars = utf8_strlen(s, len);
	if (nchars > max)
	{
		int cut = utf8_offset(s, len, max);

		for (int i = cut; i < len && !is_explicit; i++)
			if (s[i] != ' ')
				ereport(ERROR,
				        (errcode(ERRCODE_STRING_DATA_RIGHT_TRUNCATION),
				         errmsg(blank_padded
				                    ? "value too long for type character(%d)"
				                    : "value too long for type character "
				                      "varying(%d)",
				                max)));
		return cstring_to_text_with_len(s, cut);
	}
	if (!blank_padded || nchars == max)
		return cstring_to_text_with_len(s, len);
	result = palloc(VARHDRSZ + len + max - nchars);
	SET_VARSIZE(result, VARHDRSZ + len + max - nchars);
	memcpy(VARDATA(result), s, len);
	memset(VARDATA(result) + len, ' ', max - nchars);
	return result;
}

static Datum
fit_input(FunctionCallInfo fcinfo, bool blank_padded)
{
	char *s = PG_GETARG_CSTRING(0);

	PG_RETURN_TEXT_P(
		fit(s, strlen(s), PG_GETARG_INT32(2), false, blank_padded));
}

static Datum
fit_message(FunctionCallInfo fcinfo, bool blank_padded)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int nbytes;
	char *s = pq_getmsgtext(buf, buf->len - buf->cursor, &nbytes);

	PG_RETURN_TEXT_P(fit(s, nbytes, PG_GETARG_INT32(2), false, blank_padded));
}

static Datum
fit_value(FunctionCallInfo fcinfo, bool blank_padded)
{
	text *t = PG_GETARG_TEXT_PP(0);

	PG_RETURN_TEXT_P(fit(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t),
	                     PG_GETARG_INT32(1), PG_GETARG_BOOL(2), blank_padded));
}

static Datum
out(FunctionCallInfo fcinfo)
{
	PG_RETURN_CSTRING(text_to_cstring(PG_GETARG_TEXT_PP(0)));
}

static Datum
send(FunctionCallInfo fcinfo)
{
	text *t = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BYTEA_P(
		cstring_to_text_with_len(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)));
}

Datum
varcharin(PG_FUNCTION_ARGS)
{
	return fit_input(fcinfo, false);
}

Datum
varcharout(PG_FUNCTION_ARGS)
{
	return out(fcinfo);
}

Datum
varcharrecv(PG_FUNCTION_ARGS)
{
	return fit_message(fcinfo, false);
}

Datum
varcharsend(PG_FUNCTION_ARGS)
{
	return send(fcinfo);
}

Datum
varchar(PG_FUNCTION_ARGS)
{
	return fit_value(fcinfo, false);
}

Datum
bpcharin(PG_FUNCTION_ARGS)
{
	return fit_input(fcinfo, true);
}

Datum
bpcharout(PG_FUNCTION_ARGS)
{
	return out(fcinfo);
}

Datum
bpcharrecv(PG_FUNCTION_ARGS)
{
	return fit_message(fcinfo, true);
}

Datum
bpcharsend(PG_FUNCTION_ARGS)
{
	return send(fcinfo);
}

Datum
bpchar(PG_FUNCTION_ARGS)
{
	return fit_value(fcinfo, true);
}

static Datum
length_typmod(Datum list, const char *type)
{
	int n;
	int32 *mods = get_typmods(list, &n);

	if (n != 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid type modifier")));
	if (mods[0] < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("length for type %s must be at least 1", type)));
	if (mods[0] > MAX_LENGTH)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("length for type %s cannot exceed %d", type,
		                       MAX_LENGTH)));
	PG_RETURN_INT32(mods[0] + VARHDRSZ);
}

static Datum
show_length(int32 typmod)
{
	PG_RETURN_CSTRING(typmod > VARHDRSZ ? psprintf("(%d)", typmod - VARHDRSZ)
	                                    : pstrdup(""));
}

Datum
varchartypmodin(PG_FUNCTION_ARGS)
{
	return length_typmod(PG_GETARG_DATUM(0), "varchar");
}

Datum
varchartypmodout(PG_FUNCTION_ARGS)
{
	return show_length(PG_GETARG_INT32(0));
}

Datum
bpchartypmodin(PG_FUNCTION_ARGS)
{
	return length_typmod(PG_GETARG_DATUM(0), "char");
}

Datum
bpchartypmodout(PG_FUNCTION_ARGS)
{
	return show_length(PG_GETARG_INT32(0));
}

/* ---- bpchar without its blanks ---- */

static int
true_length(const struct varlena *t)
{
	const char *s = VARDATA_ANY(t);
	int len = VARSIZE_ANY_EXHDR(t);

	while (len > 0 && s[len - 1] == ' ')
		len--;
	return len;
}

/* the cast from bpchar to text, and rtrim() */
Datum
rtrim1(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(VARDATA_ANY(t), true_length(t)));
}

Datum
bpcharlen(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);

	PG_RETURN_INT32(utf8_strlen(VARDATA_ANY(t), true_length(t)));
}

Datum
bpcharoctetlen(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(VARSIZE_ANY_EXHDR(PG_GETARG_TEXT_PP(0)));
}

Datum
char_bpchar(PG_FUNCTION_ARGS)
{
	char c = PG_GETARG_CHAR(0);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(&c, 1));
}

Datum
bpchar_name(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);
	int len = Min(true_length(t), NAMEDATALEN - 1);
	char *s = VARDATA_ANY(t);
	Name result = palloc0(sizeof(NameData));

	while (len > 0 && len < true_length(t) &&
	       ((unsigned char) s[len] & 0xC0) == 0x80)
		len--;
	memcpy(NameStr(*result), s, len);
	PG_RETURN_NAME(result);
}

Datum
name_bpchar(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(NameStr(*PG_GETARG_NAME(0))));
}

static int
compare(FunctionCallInfo fcinfo)
{
	text *a = PG_GETARG_TEXT_PP(0);
	text *b = PG_GETARG_TEXT_PP(1);

	return varstr_cmp(VARDATA_ANY(a), true_length(a), VARDATA_ANY(b),
	                  true_length(b), InvalidOid);
}

#define COMPARISON(name, op)                  \
	Datum name(PG_FUNCTION_ARGS)              \
	{                                         \
		PG_RETURN_BOOL(compare(fcinfo) op 0); \
	}

COMPARISON(bpchareq, ==)
COMPARISON(bpcharne, !=)
COMPARISON(bpcharlt, <)
COMPARISON(bpcharle, <=)
COMPARISON(bpchargt, >)
COMPARISON(bpcharge, >=)

Datum
bpcharcmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

Datum
bpchar_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(compare(fcinfo) >= 0 ? PG_GETARG_DATUM(0)
	                                     : PG_GETARG_DATUM(1));
}

Datum
bpchar_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(compare(fcinfo) <= 0 ? PG_GETARG_DATUM(0)
	                                     : PG_GETARG_DATUM(1));
}
