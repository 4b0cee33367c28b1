/*
 * bytea.c
 *		The type bytea, and encode() and decode().
 *
 * Input is hexadecimal behind "\x", or else the escape format; output is
 * hexadecimal.
 *
 * Corresponds to PostgreSQL's bytea part of utils/adt/varlena.c and encode.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <strings.h>

#include "libpq/pqformat.h"
#include "utils/adt.h"
#include "utils/builtins.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bytea *
decode_hex(const char *s, int len)
{
	bytea *result = palloc(VARHDRSZ + len / 2);
	char *out = VARDATA(result);

	for (int i = 0; i < len; i++)
	{
		int high, low;

		if (isspace((unsigned char) s[i]))
			continue;
		high = hex_digit(s[i]);
		if (high >= 0 && i + 1 == len)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("invalid hexadecimal data: odd number of digits")));
		if (high >= 0)
			i++;
		low = hex_digit(s[i]);
		if (high < 0 || low < 0)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("invalid hexadecimal digit: \"%.1s\"", s + i)));
		*out++ = (char) (high << 4 | low);
	}
	SET_VARSIZE(result, out - (char *) result);
	return result;
}

/* hexadecimal digits of the bytes, with a terminator */
static char *
encode_hex(const char *data, int len, const char *prefix)
{
	static const char digits[] = "0123456789abcdef";
	char *result = palloc(strlen(prefix) + (Size) len * 2 + 1);
	char *out = result + strlen(strcpy(result, prefix));

	for (int i = 0; i < len; i++)
	{
		*out++ = digits[(uint8) data[i] >> 4];
		*out++ = digits[(uint8) data[i] & 15];
	}
	*out = '\0';
	return result;
}

/* a backslash stands before another one or before three octal digits */
static bytea *
decode_escape(const char *s, int len)
{
	bytea *result = palloc(VARHDRSZ + len);
	char *out = VARDATA(result);

	for (int i = 0; i < len; i++)
	{
		if (s[i] != '\\')
			*out++ = s[i];
		else if (i + 3 < len && s[i + 1] >= '0' && s[i + 1] <= '3' &&
		         s[i + 2] >= '0' && s[i + 2] <= '7' && s[i + 3] >= '0' &&
		         s[i + 3] <= '7')
		{
			*out++ = (char) ((s[i + 1] - '0') << 6 | (s[i + 2] - '0') << 3 |
			                 (s[i + 3] - '0'));
			i += 3;
		}
		else if (i + 1 < len && s[i + 1] == '\\')
			*out++ = s[++i];
		else
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			         errmsg("invalid input syntax for type %s", "bytea")));
	}
	SET_VARSIZE(result, out - (char *) result);
	return result;
}

Datum
byteain(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);

	if (s[0] == '\\' && s[1] == 'x')
		PG_RETURN_BYTEA_P(decode_hex(s + 2, strlen(s + 2)));
	PG_RETURN_BYTEA_P(decode_escape(s, strlen(s)));
}

Datum
byteaout(PG_FUNCTION_ARGS)
{
	bytea *b = PG_GETARG_BYTEA_PP(0);

	PG_RETURN_CSTRING(encode_hex(VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b), "\\x"));
}

Datum
bytearecv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int len = buf->len - buf->cursor;

	PG_RETURN_BYTEA_P(cstring_to_text_with_len(pq_getmsgbytes(buf, len), len));
}

Datum
byteasend(PG_FUNCTION_ARGS)
{
	bytea *b = PG_GETARG_BYTEA_PP(0);

	PG_RETURN_BYTEA_P(
		cstring_to_text_with_len(VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b)));
}

#define COMPARISON(name, op)                                                  \
	Datum name(PG_FUNCTION_ARGS)                                              \
	{                                                                         \
		PG_RETURN_BOOL(                                                       \
			text_compare(PG_GETARG_BYTEA_PP(0), PG_GETARG_BYTEA_PP(1)) op 0); \
	}

COMPARISON(byteaeq, ==)
COMPARISON(byteane, !=)
COMPARISON(bytealt, <)
COMPARISON(byteale, <=)
COMPARISON(byteagt, >)
COMPARISON(byteage, >=)

Datum
byteacmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(text_compare(PG_GETARG_BYTEA_PP(0), PG_GETARG_BYTEA_PP(1)));
}

Datum
byteaoctetlen(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(VARSIZE_ANY_EXHDR(PG_GETARG_BYTEA_PP(0)));
}

Datum
byteacat(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(
		varlena_concat(PG_GETARG_BYTEA_PP(0), PG_GETARG_BYTEA_PP(1)));
}

/* ---- encode, decode ---- */

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* lines of 76 characters */
static text *
encode_base64(const uint8 *data, int len)
{
	text *result = palloc(VARHDRSZ + (Size) len * 4 / 3 + len / 57 + 8);
	char *start = VARDATA(result);
	char *out = start;
	char *line = start;

	for (int i = 0; i < len; i += 3)
	{
		int n = Min(3, len - i);
		uint32 bits = (uint32) data[i] << 16 |
		              (n > 1 ? (uint32) data[i + 1] << 8 : 0) |
		              (n > 2 ? (uint32) data[i + 2] : 0);

		if (out - line == 76)
		{
			*out++ = '\n';
			line = out;
		}
		*out++ = base64_digits[bits >> 18];
		*out++ = base64_digits[bits >> 12 & 63];
		*out++ = n > 1 ? base64_digits[bits >> 6 & 63] : '=';
		*out++ = n > 2 ? base64_digits[bits & 63] : '=';
	}
	SET_VARSIZE(result, out - (char *) result);
	return result;
}

static bytea *
decode_base64(const char *s, int len)
{
	bytea *result = palloc(VARHDRSZ + (Size) len * 3 / 4 + 3);
	char *out = VARDATA(result);
	uint32 bits = 0;
	int ndigits = 0;
	int padding = 0;

	for (int i = 0; i < len; i++)
	{
		const char *digit;

		if (isspace((unsigned char) s[i]))
			continue;
		if (s[i] == '=')
		{
			if (++padding > 2 || ndigits % 4 < 2)
				ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				                errmsg("unexpected \"=\" while decoding base64 "
				                       "sequence")));
			continue;
		}
		digit = s[i] ? strchr(base64_digits, s[i]) : NULL;
		if (digit == NULL || padding > 0)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                errmsg("invalid symbol \"%.1s\" found while "
			                       "decoding base64 sequence",
			                       s + i)));
		bits = bits << 6 | (uint32) (digit - base64_digits);
		if (++ndigits % 4 == 0)
		{
			*out++ = (char) (bits >> 16);
			*out++ = (char) (bits >> 8);
			*out++ = (char) bits;
			bits = 0;
		}
	}
	if ((ndigits + padding) % 4 != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid base64 end sequence"),
		                errhint("Input data is missing padding, is truncated, "
		                        "or is otherwise corrupted.")));
	if (ndigits % 4 >= 2)
		*out++ = (char) (bits >> (ndigits % 4 == 2 ? 4 : 10));
	if (ndigits % 4 == 3)
		*out++ = (char) (bits >> 2);
	SET_VARSIZE(result, out - (char *) result);
	return result;
}

static text *
encode_escape(const uint8 *data, int len)
{
	text *result = palloc(VARHDRSZ + (Size) len * 4 + 1);
	char *out = VARDATA(result);

	for (int i = 0; i < len; i++)
	{
		if (data[i] == 0 || data[i] >= 0x80)
			out += sprintf(out, "\\%03o", data[i]);
		else
		{
			if (data[i] == '\\')
				*out++ = '\\';
			*out++ = (char) data[i];
		}
	}
	SET_VARSIZE(result, out - (char *) result);
	return result;
}

static void
unrecognized_encoding(const char *name)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                errmsg("unrecognized encoding: \"%s\"", name)));
}

Datum
binary_encode(PG_FUNCTION_ARGS)
{
	bytea *b = PG_GETARG_BYTEA_PP(0);
	char *format = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char *data = VARDATA_ANY(b);
	int len = VARSIZE_ANY_EXHDR(b);

	if (strcasecmp(format, "hex") == 0)
		PG_RETURN_TEXT_P(cstring_to_text(encode_hex(data, len, "")));
	if (strcasecmp(format, "base64") == 0)
		PG_RETURN_TEXT_P(encode_base64((uint8 *) data, len));
	if (strcasecmp(format, "escape") != 0)
		unrecognized_encoding(format);
	PG_RETURN_TEXT_P(encode_escape((uint8 *) data, len));
}

Datum
binary_decode(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);
	char *format = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char *s = VARDATA_ANY(t);
	int len = VARSIZE_ANY_EXHDR(t);

	if (strcasecmp(format, "hex") == 0)
		PG_RETURN_BYTEA_P(decode_hex(s, len));
	if (strcasecmp(format, "base64") == 0)
		PG_RETURN_BYTEA_P(decode_base64(s, len));
	if (strcasecmp(format, "escape") != 0)
		unrecognized_encoding(format);
	PG_RETURN_BYTEA_P(decode_escape(s, len));
}
