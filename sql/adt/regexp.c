/*
 * regexp.c
 *		Operators ~, !~, ~* and !~*: whether a string has a match of a regular
 *		expression.
 *
 * A query usually asks with one pattern for many rows: the last patterns of
 * the session stay compiled.
 *
 * Corresponds to PostgreSQL's utils/adt/regexp.c.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/regexp.h"

#define CACHED_PATTERNS 16

typedef struct CachedPattern
{
	MemoryContext context; /* of all of it; NULL: not in use */
	char *pattern;
	bool icase;
	RegexProgram *program;
} CachedPattern;

/* Most recently used first; those not in use come last. */
static CachedPattern cache[CACHED_PATTERNS];

static void
move_to_front(int i)
{
	CachedPattern found = cache[i];

	memmove(&cache[1], &cache[0], sizeof(CachedPattern) * i);
	cache[0] = found;
}

/* In place of the one that was not used for longest. */
static void
compile_into_cache(const char *pattern, bool icase)
{
	CachedPattern *last = &cache[CACHED_PATTERNS - 1];
	CachedPattern made;
	MemoryContext old;

	/* it goes with the statement, unless the pattern turns out to be one */
	made.context = AllocSetContextCreate(
		CurrentMemoryContext, "regular expression", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(made.context);
	made.pattern = pstrdup(pattern);
	made.icase = icase;
	made.program = regex_compile(pattern, icase);
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(made.context, TopMemoryContext);
	if (last->context != NULL)
		MemoryContextDelete(last->context);
	*last = made;
	move_to_front(CACHED_PATTERNS - 1);
}

static bool
matches(const char *s, int len, const text *t, bool icase)
{
	char *pattern = text_to_cstring(t);
	int i = 0;

	while (i < CACHED_PATTERNS && cache[i].context != NULL &&
	       (cache[i].icase != icase || strcmp(cache[i].pattern, pattern) != 0))
		i++;
	if (i < CACHED_PATTERNS && cache[i].context != NULL)
		move_to_front(i);
	else
		compile_into_cache(pattern, icase);
	pfree(pattern);
	return regex_matches(cache[0].program, s, len);
}

static bool
name_matches(FunctionCallInfo fcinfo, bool icase)
{
	const char *s = NameStr(*PG_GETARG_NAME(0));

	return matches(s, strlen(s), PG_GETARG_TEXT_PP(1), icase);
}

static bool
text_matches(FunctionCallInfo fcinfo, bool icase)
{
	text *t = PG_GETARG_TEXT_PP(0);

	return matches(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t), PG_GETARG_TEXT_PP(1),
	               icase);
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
