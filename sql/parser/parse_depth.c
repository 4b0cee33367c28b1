/*
 * parse_depth.c
 *		Stack for trees that are deep.
 *
 * The grammar bounds the nesting of parentheses, but not chains such as
 * 1 + 1 + 1 + ..., whose tree is as deep as the chain is long.  libpg_query
 * turns it into messages by a recursion that looks at no limit.  So
 *
 * 1. the process's stack may grow to STACK_WANTED (Linux leaves that much room
 *    below the stack whatever the limit was at exec);
 * 2. copying the messages is stopped at a limit by the allocator it calls;
 * 3. making them takes at most STACK_PER_LEVEL bytes a level.  A text that is
 *    long enough to exhaust the stack that way is scanned first: no chain has
 *    more levels than it has tokens between commas, AND and OR.
 *
 * What passes is stopped by the ordinary check_stack_depth of the analysis.
 */
#include "postgres.h"

#include <strings.h>
#include <sys/resource.h>

#include "miscadmin.h"
#include "parser/parse_depth.h"

#define STACK_WANTED (120L * 1024 * 1024)
#define STACK_RESERVE (4L * 1024 * 1024)
#define STACK_PER_LEVEL 400 /* generously */

/* a chain has at least two characters a level */
#define CHARS_PER_LEVEL 2

static long
stack_size(void)
{
	static long size = 0;

	if (size == 0)
	{
		struct rlimit rlim;

		size = 8L * 1024 * 1024;
		if (getrlimit(RLIMIT_STACK, &rlim) == 0)
		{
			rlim_t wanted = STACK_WANTED;

			if (rlim.rlim_max != RLIM_INFINITY)
				wanted = Min(wanted, rlim.rlim_max);
			if (rlim.rlim_cur != RLIM_INFINITY && rlim.rlim_cur < wanted)
			{
				rlim.rlim_cur = wanted;
				if (setrlimit(RLIMIT_STACK, &rlim) != 0)
					(void) getrlimit(RLIMIT_STACK, &rlim);
			}
			size = rlim.rlim_cur == RLIM_INFINITY
			           ? STACK_WANTED
			           : Min((long) rlim.rlim_cur, STACK_WANTED);
		}
	}
	return size;
}

long
parse_stack_limit(void)
{
	long size = stack_size();

	return size > 2 * STACK_RESERVE ? size - STACK_RESERVE : size / 2;
}

void
parse_too_deep(void)
{
	ereport(ERROR, (errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
	                errmsg("stack depth limit exceeded"),
	                errhint("Write the statement with less nesting.")));
	pg_unreachable();
}

/* ---- the longest chain ---- */

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0;
}

/* Past the closing quote; doubled quotes make two tokens of one, no matter. */
static const char *
skip_quoted(const char *p, char quote, bool backslashes)
{
	for (p++; *p != '\0' && *p != quote; p++)
	{
		if (backslashes && *p == '\\' && p[1] != '\0')
			p++;
	}
	return *p == '\0' ? p : p + 1;
}

/* Past $tag$...$tag$, or past the dollar if it is none. */
static const char *
skip_dollar_quoted(const char *p)
{
	const char *end = p + 1;
	const char *close;
	char *tag;

	while (is_word_char(*end))
		end++;
	if (*end != '$' || (p[1] >= '0' && p[1] <= '9'))
		return p + 1;
	end++;
	tag = pnstrdup(p, end - p);
	close = strstr(end, tag);
	pfree(tag);
	return close == NULL ? end + strlen(end) : close + (end - p);
}

static const char *
skip_comment(const char *p)
{
	int depth = 0;

	if (*p == '-')
		return p + strcspn(p, "\n");
	do
	{
		if (p[0] == '/' && p[1] == '*')
		{
			depth++;
			p += 2;
		}
		else if (p[0] == '*' && p[1] == '/')
		{
			depth--;
			p += 2;
		}
		else
			p++;
	} while (depth > 0 && *p != '\0');
	return p;
}

/* Does the word end a chain?  AND and OR make flat lists. */
static bool
ends_chain(const char *word, size_t len)
{
	return (len == 3 && strncasecmp(word, "and", 3) == 0) ||
	       (len == 2 && strncasecmp(word, "or", 2) == 0);
}

/* Past one token; *separator: what follows starts a new chain. */
static const char *
next_token(const char *p, bool *separator)
{
	const char *start = p;

	*separator = false;
	if (*p == '\'' || *p == '"')
		return skip_quoted(p, *p, false);
	if (*p == '$')
		return skip_dollar_quoted(p);
	if (is_word_char(*p))
	{
		while (is_word_char(*p))
			p++;
		if (*p == '\'' && p == start + 1 && (*start == 'e' || *start == 'E'))
			return skip_quoted(p, '\'', true);
		*separator = ends_chain(start, p - start);
		return p;
	}
	*separator = *p == ',' || *p == ';';
	return p + 1;
}

/* Tokens of the longest chain; those around parentheses count with it. */
static long
longest_chain(const char *p)
{
	/* tokens since the last separator, over all open parentheses */
	long total = 0;
	long longest = 0;
	/* of each open parenthesis: how many of them are outside it */
	long *outside = palloc_array(long, 64);
	int depth = 0;
	int allocated = 64;

	outside[0] = 0;
	while (*p != '\0')
	{
		bool separator;

		if (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')
		{
			p++;
			continue;
		}
		if ((p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*'))
		{
			p = skip_comment(p);
			continue;
		}
		if (*p == '(')
		{
			if (++depth == allocated)
			{
				allocated *= 2;
				outside = repalloc(outside, allocated * sizeof(long));
			}
			outside[depth] = ++total;
			p++;
			continue;
		}
		if (*p == ')')
		{
			if (depth > 0)
				total = outside[depth--];
			p++;
			continue;
		}
		p = next_token(p, &separator);
		total = separator ? outside[depth] : total + 1;
		longest = Max(longest, total);
	}
	pfree(outside);
	return longest;
}

void
check_parse_depth(const char *str)
{
	long levels = parse_stack_limit() / STACK_PER_LEVEL;

	if (strlen(str) / CHARS_PER_LEVEL <= (size_t) levels)
		return;
	if (longest_chain(str) > levels)
		parse_too_deep();
}
