/*
 * bool.c
 *		The type boolean.
 *
 * Corresponds to PostgreSQL's utils/adt/bool.c.
 */
#include "postgres.h"

#include <strings.h>

#include "libpq/pqformat.h"
#include "utils/builtins.h"

static inline bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * Any prefix of true, false, yes and no, on, of at least two letters of off,
 * 1 and 0, in any case of letters.
 */
bool
parse_bool_with_len(const char *value, size_t len, bool *result)
{
	static const struct
	{
		const char *word;
		size_t least; /* letters that tell it from the others */
		bool means;
	} words[] = {
		{"true", 1, true}, {"false", 1, false}, {"yes", 1, true},
		{"no", 1, false},  {"on", 2, true},     {"off", 2, false},
		{"1", 1, true},    {"0", 1, false},
	};

	for (int i = 0; i < lengthof(words); i++)
	{
		if (len >= words[i].least && len <= strlen(words[i].word) &&
		    strncasecmp(value, words[i].word, len) == 0)
		{
			*result = words[i].means;
			return true;
		}
	}
	return false;
}

Datum
boolin(PG_FUNCTION_ARGS)
{
	const char *in = PG_GETARG_CSTRING(0);
	const char *s = in;
	size_t len;
	bool result;

	while (is_space(*s))
		s++;
	len = strlen(s);
	while (len > 0 && is_space(s[len - 1]))
		len--;
	if (!parse_bool_with_len(s, len, &result))
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		                errmsg("invalid input syntax for type %s: \"%s\"",
		                       "boolean", in)));
	PG_RETURN_BOOL(result);
}

Datum
boolout(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(pstrdup(PG_GETARG_BOOL(0) ? "t" : "f"));
}

Datum
boolrecv(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(pq_getmsgbyte((StringInfo) PG_GETARG_POINTER(0)) != 0);
}

Datum
boolsend(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, PG_GETARG_BOOL(0) ? 1 : 0);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
booltext(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(PG_GETARG_BOOL(0) ? "true" : "false"));
}

#define COMPARISON(name, op)                                    \
	Datum name(PG_FUNCTION_ARGS)                                \
	{                                                           \
		PG_RETURN_BOOL(PG_GETARG_BOOL(0) op PG_GETARG_BOOL(1)); \
	}

COMPARISON(booleq, ==)
COMPARISON(boolne, !=)
COMPARISON(boollt, <)
COMPARISON(boolle, <=)
COMPARISON(boolgt, >)
COMPARISON(boolge, >=)
COMPARISON(booland_statefunc, &&)
COMPARISON(boolor_statefunc, ||)

Datum
btboolcmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int) PG_GETARG_BOOL(0) - (int) PG_GETARG_BOOL(1));
}
