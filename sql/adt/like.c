/*
 * like.c
 *		LIKE and ILIKE, which the parser calls ~~ and ~~*.
 *
 * "%" stands for any characters, "_" for one, the escape character for itself
 * or what follows.  A pattern's last "%" is the only one that need ever be
 * tried again, so matching takes the product of the lengths at worst: a cancel
 * is looked for each time.
 *
 * Corresponds to PostgreSQL's utils/adt/like.c.
 */
#include "postgres.h"

#include <ctype.h>

#include "miscadmin.h"
#include "utils/adt.h"
#include "utils/builtins.h"

static inline int
char_length(const char *s, int len)
{
	return utf8_offset(s, len, 1);
}

static inline bool
same_byte(char a, char b, bool fold)
{
	if (fold)
		return tolower((unsigned char) a) == tolower((unsigned char) b);
	return a == b;
}

static bool
matches(const char *t, int tlen, const char *p, int plen, bool fold)
{
	const char *tend = t + tlen;
	const char *pend = p + plen;
	const char *retry_pattern = NULL; /* behind the last "%" */
	const char *retry_text = NULL;

	for (;;)
	{
		if (p < pend && *p == '%')
		{
			retry_pattern = ++p;
			retry_text = t;
			continue;
		}
		if (p < pend && t < tend && *p == '\\')
		{
			if (p + 1 == pend)
				ereport(ERROR, (errcode(ERRCODE_INVALID_ESCAPE_SEQUENCE),
				                errmsg("LIKE pattern must not end with escape "
				                       "character")));
			if (same_byte(*t, p[1], fold))
			{
				t++;
				p += 2;
				continue;
			}
		}
		else if (p < pend && *p == '_' && t < tend)
		{
			t += char_length(t, tend - t);
			p++;
			continue;
		}
		else if (p < pend && t < tend && same_byte(*t, *p, fold))
		{
			t++;
			p++;
			continue;
		}
		else if (p == pend && t == tend)
			return true;

		/* a mismatch: let the last "%" stand for one character more */
		if (retry_pattern == NULL || retry_text == tend)
			return false;
		CHECK_FOR_INTERRUPTS();
		retry_text += char_length(retry_text, tend - retry_text);
		t = retry_text;
		p = retry_pattern;
	}
}

static bool
match_text(FunctionCallInfo fcinfo, bool fold)
{
	text *t = PG_GETARG_TEXT_PP(0);
	text *p = PG_GETARG_TEXT_PP(1);

	return matches(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t), VARDATA_ANY(p),
	               VARSIZE_ANY_EXHDR(p), fold);
}

static bool
match_name(FunctionCallInfo fcinfo, bool fold)
{
	char *name = NameStr(*PG_GETARG_NAME(0));
	text *p = PG_GETARG_TEXT_PP(1);

	return matches(name, strlen(name), VARDATA_ANY(p), VARSIZE_ANY_EXHDR(p),
	               fold);
}

#define MATCH(name, function, fold, wanted)               \
	Datum name(PG_FUNCTION_ARGS)                          \
	{                                                     \
		PG_RETURN_BOOL(function(fcinfo, fold) == wanted); \
	}

MATCH(textlike, match_text, false, true)
MATCH(textnlike, match_text, false, false)
MATCH(texticlike, match_text, true, true)
MATCH(texticnlike, match_text, true, false)
MATCH(namelike, match_name, false, true)
MATCH(namenlike, match_name, false, false)
MATCH(nameiclike, match_name, true, true)
MATCH(nameicnlike, match_name, true, false)
MATCH(bytealike, match_text, false, true)
MATCH(byteanlike, match_text, false, false)

/* LIKE p ESCAPE e: p with a backslash as the escape character */
Datum
like_escape(PG_FUNCTION_ARGS)
{
	text *p = PG_GETARG_TEXT_PP(0);
	text *e = PG_GETARG_TEXT_PP(1);
	const char *s = VARDATA_ANY(p);
	const char *end = s + VARSIZE_ANY_EXHDR(p);
	const char *escape = VARDATA_ANY(e);
	int escape_len = VARSIZE_ANY_EXHDR(e);
	text *result = palloc(VARHDRSZ + (end - s) * 2);
	char *out = VARDATA(result);

	if (escape_len > 0 && char_length(escape, escape_len) != escape_len)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_ESCAPE_SEQUENCE),
		         errmsg("invalid escape string"),
		         errhint("Escape string must be empty or one character.")));
	while (s < end)
	{
		if (escape_len > 0 && end - s >= escape_len &&
		    memcmp(s, escape, escape_len) == 0)
		{
			*out++ = '\\';
			s += escape_len;
			/* what it escapes is taken as it is */
			if (s < end)
				*out++ = *s++;
		}
		else
		{
			if (*s == '\\')
				*out++ = '\\';
			*out++ = *s++;
		}
	}
	SET_VARSIZE(result, out - (char *) result);
	PG_RETURN_TEXT_P(result);
}
