/*
 * name.c
 *		The types name and "char".
 *
 * A name is 64 bytes, zero-filled: what does not fit is cut off at the end of
 * a character.  A "char" is a byte.
 *
 * Corresponds to PostgreSQL's utils/adt/name.c and char.c.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/adt.h"
#include "utils/builtins.h"

void
namestrcpy(Name name, const char *str)
{
	memset(name, 0, sizeof(NameData));
	strncpy(NameStr(*name), str, NAMEDATALEN - 1);
}

int
namestrcmp(Name name, const char *str)
{
	if (!name || !str)
		return (name != NULL) - (str != NULL);
	return strncmp(NameStr(*name), str, NAMEDATALEN);
}

static Name
make_name(const char *s, int len)
{
	Name result = palloc0(sizeof(NameData));

	if (len >= NAMEDATALEN)
		for (len = NAMEDATALEN - 1; ((unsigned char) s[len] & 0xC0) == 0x80;)
			len--;
	memcpy(NameStr(*result), s, len);
	return result;
}

Datum
namein(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);

	PG_RETURN_NAME(make_name(s, strlen(s)));
}

Datum
nameout(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(pstrdup(NameStr(*PG_GETARG_NAME(0))));
}

Datum
namerecv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int nbytes;
	char *s = pq_getmsgtext(buf, buf->len - buf->cursor, &nbytes);

	if (nbytes >= NAMEDATALEN)
		ereport(ERROR,
		        (errcode(ERRCODE_NAME_TOO_LONG), errmsg("identifier too long"),
		         errdetail("Identifier must be less than %d characters.",
		                   NAMEDATALEN)));
	PG_RETURN_NAME(make_name(s, nbytes));
}

Datum
namesend(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(cstring_to_text(NameStr(*PG_GETARG_NAME(0))));
}

Datum
name_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(NameStr(*PG_GETARG_NAME(0))));
}

Datum
text_name(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);

	PG_RETURN_NAME(make_name(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)));
}

static int
name_compare(Name a, Name b)
{
	return strncmp(NameStr(*a), NameStr(*b), NAMEDATALEN);
}

static int
name_text_compare(Name a, text *b)
{
	return varstr_cmp(NameStr(*a), strlen(NameStr(*a)), VARDATA_ANY(b),
	                  VARSIZE_ANY_EXHDR(b), InvalidOid);
}

#define COMPARISON(name, compare, op) \
	Datum name(PG_FUNCTION_ARGS)      \
	{                                 \
		PG_RETURN_BOOL(compare op 0); \
	}
#define COMPARISONS(prefix, suffix, compare)    \
	COMPARISON(prefix##eq##suffix, compare, ==) \
	COMPARISON(prefix##ne##suffix, compare, !=) \
	COMPARISON(prefix##lt##suffix, compare, <)  \
	COMPARISON(prefix##le##suffix, compare, <=) \
	COMPARISON(prefix##gt##suffix, compare, >)  \
	COMPARISON(prefix##ge##suffix, compare, >=)

COMPARISONS(name, , name_compare(PG_GETARG_NAME(0), PG_GETARG_NAME(1)))
COMPARISONS(name, text,
            name_text_compare(PG_GETARG_NAME(0), PG_GETARG_TEXT_PP(1)))
COMPARISONS(text, name,
            -name_text_compare(PG_GETARG_NAME(1), PG_GETARG_TEXT_PP(0)))

Datum
btnamecmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(name_compare(PG_GETARG_NAME(0), PG_GETARG_NAME(1)));
}

Datum
btnametextcmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(name_text_compare(PG_GETARG_NAME(0), PG_GETARG_TEXT_PP(1)));
}

Datum
bttextnamecmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(
		-name_text_compare(PG_GETARG_NAME(1), PG_GETARG_TEXT_PP(0)));
}

/* ---- "char" ---- */

/* The first byte, or the byte that a backslash and three octal digits name. */
static char
char_from_text(const char *s, int len)
{
	if (len == 4 && s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' &&
	    s[2] <= '7' && s[3] >= '0' && s[3] <= '7')
		return (char) ((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
	return len > 0 ? s[0] : '\0';
}

/* A byte that is not ASCII is no character: it is written in octal. */
static char *
char_to_text(char c)
{
	if ((c & 0x80) != 0)
		return psprintf("\\%03o", (unsigned char) c);
	return psprintf("%.1s", &c);
}

Datum
charin(PG_FUNCTION_ARGS)
{
	const char *s = PG_GETARG_CSTRING(0);

	PG_RETURN_CHAR(char_from_text(s, strlen(s)));
}

Datum
charout(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(char_to_text(PG_GETARG_CHAR(0)));
}

Datum
charrecv(PG_FUNCTION_ARGS)
{
	PG_RETURN_CHAR(pq_getmsgbyte((StringInfo) PG_GETARG_POINTER(0)));
}

Datum
charsend(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, PG_GETARG_CHAR(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

#define GET_BYTE(n) ((uint8) PG_GETARG_CHAR(n))
#define CHAR_COMPARISON(name, op)                   \
	Datum name(PG_FUNCTION_ARGS)                    \
	{                                               \
		PG_RETURN_BOOL(GET_BYTE(0) op GET_BYTE(1)); \
	}

CHAR_COMPARISON(chareq, ==)
CHAR_COMPARISON(charne, !=)
CHAR_COMPARISON(charlt, <)
CHAR_COMPARISON(charle, <=)
CHAR_COMPARISON(chargt, >)
CHAR_COMPARISON(charge, >=)

Datum
btcharcmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) GET_BYTE(0) - (int32) GET_BYTE(1));
}

Datum
chartoi4(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) (signed char) PG_GETARG_CHAR(0));
}

Datum
i4tochar(PG_FUNCTION_ARGS)
{
	int32 value = PG_GETARG_INT32(0);

	if (value < SCHAR_MIN || value > SCHAR_MAX)
		out_of_range("\"char\"");
	PG_RETURN_CHAR((char) value);
}

Datum
text_char(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);

	PG_RETURN_CHAR(char_from_text(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)));
}

Datum
char_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(char_to_text(PG_GETARG_CHAR(0))));
}
