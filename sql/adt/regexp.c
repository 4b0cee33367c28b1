/*
 * regexp.c
 *		Matching of regular expressions: ~, !~, ~* and !~*.
 *
 * Patterns are POSIX extended regular expressions, matched by the C library.
 * PostgreSQL's advanced expressions are a superset: what only they have
 * (escapes such as \d, look-around, lazy quantifiers, embedded options) raises
 * 0A000 and is never taken for something else.
 *
 * Characters are those of UTF-8: the expressions are compiled and run in the
 * locale C.UTF-8.  Case is that of the database's locale, C, where only ASCII
 * letters have one: ~* matches lower-case copies.  The last patterns of the session stay compiled, in memory
 * of the C library's.
 *
 * Corresponds to PostgreSQL's utils/adt/regexp.c.
 */
#include "postgres.h"

#include <locale.h>
#include <regex.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define CACHED_PATTERNS 16

typedef struct CachedPattern
{
	char *pattern; /* NULL: not in use */
	regex_t re;
} CachedPattern;

/* Most recently used first. */
static CachedPattern cache[CACHED_PATTERNS];
static locale_t match_locale;

static void
not_posix(const char *what)
{
	ereport(ERROR,
	        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	         errmsg("%s in regular expressions is not supported", what)));
}

/* The end of a bracket expression that begins at p. */
static const char *
skip_bracket(const char *p)
{
	p++;
	if (*p == '^')
		p++;
	if (*p == ']')
		p++;
	while (*p != '\0' && *p != ']')
	{
		if (*p == '[' && (p[1] == ':' || p[1] == '.' || p[1] == '='))
		{
			char kind = p[1];

			p += 2;
			while (*p != '\0' && !(*p == kind && p[1] == ']'))
				p++;
			if (*p != '\0')
				p++;
		}
		else if (*p == '\\')
			not_posix("a backslash in brackets");
		if (*p != '\0')
			p++;
	}
	return p;
}

/* ERROR if the two kinds of expressions would read the pattern differently. */
static void
check_pattern(const char *pattern)
{
	if (strncmp(pattern, "***", 3) == 0)
		not_posix("a director");
	for (const char *p = pattern; *p != '\0'; p++)
	{
		if (*p == '\\')
		{
			p++;
			if (*p == '\0')
				return; /* an error to both */
			if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			    (*p >= '0' && *p <= '9'))
				not_posix("an escape with a letter or digit");
		}
		else if (*p == '(' && p[1] == '?')
			not_posix("\"(?\"");
		else if ((*p == '*' || *p == '+' || *p == '?' || *p == '}') &&
		         (p[1] == '?' || p[1] == '*' || p[1] == '+'))
			not_posix("a quantifier of a quantifier");
		else if (*p == '[')
		{
			p = skip_bracket(p);
			if (*p == '\0')
				return;
		}
	}
}

static void
use_cached(int i)
{
	CachedPattern found = cache[i];

	memmove(&cache[1], &cache[0], sizeof(CachedPattern) * i);
	cache[0] = found;
}

static void
compile(const char *pattern)
{
	CachedPattern *last = &cache[CACHED_PATTERNS - 1];
	CachedPattern made = {NULL};
	char message[100];
	int status;

	check_pattern(pattern);
	status = regcomp(&made.re, pattern, REG_EXTENDED | REG_NOSUB);
	if (status != 0)
	{
		regerror(status, &made.re, message, sizeof(message));
		ereport(ERROR, (errcode(ERRCODE_INVALID_REGULAR_EXPRESSION),
		                errmsg("invalid regular expression: %s", message)));
	}
	made.pattern = strdup(pattern);
	if (made.pattern == NULL)
	{
		regfree(&made.re);
		ereport(ERROR,
		        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	}
	if (last->pattern != NULL)
	{
		free(last->pattern);
		regfree(&last->re);
	}
	*last = made;
	use_cached(CACHED_PATTERNS - 1);
}

static bool
match(const char *string, const char *pattern)
{
	int i = 0;

	while (i < CACHED_PATTERNS && cache[i].pattern != NULL &&
	       strcmp(cache[i].pattern, pattern) != 0)
		i++;
	if (i < CACHED_PATTERNS && cache[i].pattern != NULL)
		use_cached(i);
	else
		compile(pattern);
	return regexec(&cache[0].re, string, 0, NULL, 0) == 0;
}

/* In place; names of classes are lower case already. */
static void
fold_case(char *s)
{
	for (; *s != '\0'; s++)
	{
		if (*s >= 'A' && *s <= 'Z')
			*s += 'a' - 'A';
	}
}

/* An upper-case letter is a lower-case one in the folded string. */
static void
fold_pattern(char *pattern)
{
	char *p = pattern;

	fold_case(pattern);
	while ((p = strstr(p, "[:upper:]")) != NULL)
		memcpy(p, "[:lower:]", strlen("[:lower:]"));
}

static bool
regex_matches(char *string, char *pattern, bool icase)
{
	locale_t saved;
	volatile bool result = false;

	if (match_locale == (locale_t) 0)
		match_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
	if (match_locale == (locale_t) 0)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
		                errmsg("could not make the locale \"C.UTF-8\"")));
	if (icase)
	{
		fold_case(string);
		fold_pattern(pattern);
	}
	saved = uselocale(match_locale);
	PG_TRY();
	{
		result = match(string, pattern);
	}
	PG_FINALLY();
	{
		(void) uselocale(saved);
	}
	PG_END_TRY();
	return result;
}

static bool
name_matches(FunctionCallInfo fcinfo, bool icase)
{
	return regex_matches(pstrdup(NameStr(*PG_GETARG_NAME(0))),
	                     text_to_cstring(PG_GETARG_TEXT_PP(1)), icase);
}

static bool
text_matches(FunctionCallInfo fcinfo, bool icase)
{
	return regex_matches(text_to_cstring(PG_GETARG_TEXT_PP(0)),
	                     text_to_cstring(PG_GETARG_TEXT_PP(1)), icase);
}

Datum
nameregexeq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(name_matches(fcinfo, false));
}

Datum
nameregexne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!name_matches(fcinfo, false));
}

Datum
nameicregexeq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(name_matches(fcinfo, true));
}

Datum
nameicregexne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!name_matches(fcinfo, true));
}

Datum
textregexeq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(text_matches(fcinfo, false));
}

Datum
textregexne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!text_matches(fcinfo, false));
}

Datum
texticregexeq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(text_matches(fcinfo, true));
}

Datum
texticregexne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!text_matches(fcinfo, true));
}
