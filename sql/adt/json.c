/*
 * json.c
 *		The type json: text that was checked to be JSON, kept as it came.
 *
 * A value is stored as a text is, white space and the order of keys included;
 * input and receive read it once by the grammar of RFC 8259 and build nothing.
 * There are no functions that look into a value: what makes values is
 * EXPLAIN (FORMAT JSON).
 *
 * Corresponds to PostgreSQL's utils/adt/json.c and common/jsonapi.c.
 */
#include "postgres.h"

#include <ctype.h>

#include "fmgr.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

/* as much of the line as an error's context shows */
#define CONTEXT_BYTES 50

typedef enum JsonToken
{
	JSON_END,
	JSON_STRING,
	JSON_SCALAR, /* a number, true, false, null */
	JSON_PUNCTUATION
} JsonToken;

typedef struct JsonLexer
{
	const char *end;
	const char *line_start;
	int line_number;
	JsonToken token;
	const char *token_start;
	const char *token_end; /* the next token is looked for from here */
} JsonLexer;

static void parse_value(JsonLexer *lex);

/* ---- errors ---- */

/* The line up to where reading stopped. */
static void
context_of(const JsonLexer *lex)
{
	const char *start = lex->line_start;
	bool cut_end = lex->token != JSON_END && lex->token_end < lex->end &&
	               *lex->token_end != '\n' && *lex->token_end != '\r';

	while (lex->token_end - start >= CONTEXT_BYTES)
		start += pg_mblen(start);
	if (start - lex->line_start <= 3)
		start = lex->line_start;
	errcontext("JSON data, line %d: %s%.*s%s", lex->line_number,
	           start > lex->line_start ? "..." : "",
	           (int) (lex->token_end - start), start, cut_end ? "..." : "");
}

/* The format's %.*s, if it has one, is the token. */
static void
bad_json(const JsonLexer *lex, const char *format)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
	                errmsg("invalid input syntax for type %s", "json"),
	                errdetail(format, (int) (lex->token_end - lex->token_start),
	                          lex->token_start),
	                context_of(lex)));
}

static void
unexpected(const JsonLexer *lex, const char *format)
{
	bad_json(lex, lex->token == JSON_END
	                  ? "The input string ended unexpectedly."
	                  : format);
}

/* ---- tokens ---- */

static bool
is_word(const JsonLexer *lex, const char *s)
{
	return s < lex->end && (isalnum((unsigned char) *s) || *s == '_' ||
	                        (unsigned char) *s >= 0x80);
}

/* What stands at token_start is no token: it ends where a word does. */
static void
bad_token(JsonLexer *lex, const char *from)
{
	while (is_word(lex, from))
		from++;
	lex->token_end = from > lex->token_start ? from : lex->token_start + 1;
	bad_json(lex, "Token \"%.*s\" is invalid.");
}

static void
unterminated_string(JsonLexer *lex)
{
	lex->token_end = lex->end;
	bad_json(lex, "Token \"%.*s\" is invalid.");
}

/* After the backslash; returns what follows the escape. */
static const char *
read_escape(JsonLexer *lex, const char *s)
{
	if (s >= lex->end)
		unterminated_string(lex);
	if (*s == 'u')
	{
		for (int i = 1; i <= 4; i++)
		{
			if (s + i >= lex->end)
				unterminated_string(lex);
			if (isxdigit((unsigned char) s[i]))
				continue;
			lex->token_end = s + i + pg_mblen(s + i);
			bad_json(lex,
			         "\"\\u\" must be followed by four hexadecimal digits.");
		}
		return s + 5;
	}
	if (strchr("\"\\/bfnrt", *s) == NULL)
	{
		lex->token_start = s;
		lex->token_end = s + pg_mblen(s);
		bad_json(lex, "Escape sequence \"\\%.*s\" is invalid.");
	}
	return s + 1;
}

static void
read_string(JsonLexer *lex)
{
	const char *s = lex->token_start + 1;

	lex->token = JSON_STRING;
	while (s < lex->end && *s != '"')
	{
		if ((unsigned char) *s < 32)
		{
			lex->token_end = s;
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			         errmsg("invalid input syntax for type %s", "json"),
			         errdetail("Character with value 0x%02x must be escaped.",
			                   (unsigned char) *s),
			         context_of(lex)));
		}
		s = *s == '\\' ? read_escape(lex, s + 1) : s + 1;
	}
	if (s >= lex->end)
		unterminated_string(lex);
	lex->token_end = s + 1;
}

static const char *
read_digits(const JsonLexer *lex, const char *s, bool *good)
{
	const char *start = s;

	while (s < lex->end && isdigit((unsigned char) *s))
		s++;
	*good = *good && s > start;
	return s;
}

/* -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)? and no letter after it */
static void
read_number(JsonLexer *lex)
{
	const char *s = lex->token_start;
	bool good = true;

	lex->token = JSON_SCALAR;
	if (*s == '-')
		s++;
	if (s < lex->end && *s == '0')
		s++;
	else
		s = read_digits(lex, s, &good);
	if (good && s < lex->end && *s == '.')
		s = read_digits(lex, s + 1, &good);
	if (good && s < lex->end && (*s == 'e' || *s == 'E'))
	{
		s++;
		if (s < lex->end && (*s == '+' || *s == '-'))
			s++;
		s = read_digits(lex, s, &good);
	}
	if (!good || is_word(lex, s))
		bad_token(lex, s);
	lex->token_end = s;
}

static void
read_word(JsonLexer *lex)
{
	const char *s = lex->token_start;

	lex->token = JSON_SCALAR;
	while (is_word(lex, s))
		s++;
	lex->token_end = s;
	if (!(s - lex->token_start == 4 && memcmp(s - 4, "true", 4) == 0) &&
	    !(s - lex->token_start == 4 && memcmp(s - 4, "null", 4) == 0) &&
	    !(s - lex->token_start == 5 && memcmp(s - 5, "false", 5) == 0))
		bad_token(lex, s);
}

static void
next_token(JsonLexer *lex)
{
	const char *s = lex->token_end;

	while (s < lex->end && strchr(" \t\n\r", *s) != NULL)
	{
		if (*s++ == '\n')
		{
			lex->line_number++;
			lex->line_start = s;
		}
	}
	lex->token_start = lex->token_end = s;
	if (s >= lex->end)
		lex->token = JSON_END;
	else if (strchr("{}[],:", *s) != NULL)
	{
		lex->token = JSON_PUNCTUATION;
		lex->token_end = s + 1;
	}
	else if (*s == '"')
		read_string(lex);
	else if (*s == '-' || isdigit((unsigned char) *s))
		read_number(lex);
	else
		read_word(lex);
}

static bool
at(const JsonLexer *lex, char c)
{
	return lex->token == JSON_PUNCTUATION && *lex->token_start == c;
}

/* ---- grammar ---- */

static void
parse_field(JsonLexer *lex, const char *what_is_expected)
{
	if (lex->token != JSON_STRING)
		unexpected(lex, what_is_expected);
	next_token(lex);
	if (!at(lex, ':'))
		unexpected(lex, "Expected \":\", but found \"%.*s\".");
	next_token(lex);
	parse_value(lex);
}

static void
parse_object(JsonLexer *lex)
{
	next_token(lex);
	if (!at(lex, '}'))
		parse_field(lex, "Expected string or \"}\", but found \"%.*s\".");
	while (at(lex, ','))
	{
		next_token(lex);
		parse_field(lex, "Expected string, but found \"%.*s\".");
	}
	if (!at(lex, '}'))
		unexpected(lex, "Expected \",\" or \"}\", but found \"%.*s\".");
	next_token(lex);
}

static void
parse_array(JsonLexer *lex)
{
	next_token(lex);
	if (!at(lex, ']'))
		parse_value(lex);
	while (at(lex, ','))
	{
		next_token(lex);
		parse_value(lex);
	}
	if (!at(lex, ']'))
		unexpected(lex, "Expected \",\" or \"]\", but found \"%.*s\".");
	next_token(lex);
}

static void
parse_value(JsonLexer *lex)
{
	check_stack_depth();
	if (at(lex, '{'))
		parse_object(lex);
	else if (at(lex, '['))
		parse_array(lex);
	else if (lex->token == JSON_STRING || lex->token == JSON_SCALAR)
		next_token(lex);
	else
		unexpected(lex, "Expected JSON value, but found \"%.*s\".");
}

static void
check_json(const char *s, int length)
{
	JsonLexer lex = {.end = s + length,
	                 .line_start = s,
	                 .line_number = 1,
	                 .token_start = s,
	                 .token_end = s};

	next_token(&lex);
	parse_value(&lex);
	if (lex.token != JSON_END)
		bad_json(&lex, "Expected end of input, but found \"%.*s\".");
}

/* ---- input and output ---- */

Datum
json_in(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);

	check_json(s, strlen(s));
	PG_RETURN_TEXT_P(cstring_to_text(s));
}

Datum
json_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(text_to_cstring(PG_GETARG_TEXT_PP(0)));
}

Datum
json_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int length;
	char *s = pq_getmsgtext(buf, buf->len - buf->cursor, &length);

	check_json(s, length);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(s, length));
}

Datum
json_send(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BYTEA_P(
		cstring_to_text_with_len(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)));
}
