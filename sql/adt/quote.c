/*
 * quote.c
 *		Identifiers and literals as they must be written in SQL.
 *
 * An identifier stands without quotes if it is lower case and no keyword but an
 * unreserved one.
 *
 * Corresponds to PostgreSQL's utils/adt/quote.c and quote_identifier of
 * ruleutils.c.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

/* Keywords of PostgreSQL 15 that are not of the unreserved kind, sorted. */
static const char *const quoted_keywords[] = {
	"all",
	"analyse",
	"analyze",
	"and",
	"any",
	"array",
	"as",
	"asc",
	"asymmetric",
	"authorization",
	"between",
	"bigint",
	"binary",
	"bit",
	"boolean",
	"both",
	"case",
	"cast",
	"char",
	"character",
	"check",
	"coalesce",
	"collate",
	"collation",
	"column",
	"concurrently",
	"constraint",
	"create",
	"cross",
	"current_catalog",
	"current_date",
	"current_role",
	"current_schema",
	"current_time",
	"current_timestamp",
	"current_user",
	"dec",
	"decimal",
	"default",
	"deferrable",
	"desc",
	"distinct",
	"do",
	"else",
	"end",
	"except",
	"exists",
	"extract",
	"false",
	"fetch",
	"float",
	"for",
	"foreign",
	"freeze",
	"from",
	"full",
	"grant",
	"greatest",
	"group",
	"grouping",
	"having",
	"ilike",
	"in",
	"initially",
	"inner",
	"inout",
	"int",
	"integer",
	"intersect",
	"interval",
	"into",
	"is",
	"isnull",
	"join",
	"lateral",
	"leading",
	"least",
	"left",
	"like",
	"limit",
	"localtime",
	"localtimestamp",
	"national",
	"natural",
	"nchar",
	"none",
	"normalize",
	"not",
	"notnull",
	"null",
	"nullif",
	"numeric",
	"offset",
	"on",
	"only",
	"or",
	"order",
	"out",
	"outer",
	"overlaps",
	"overlay",
	"placing",
	"position",
	"precision",
	"primary",
	"real",
	"references",
	"returning",
	"right",
	"row",
	"select",
	"session_user",
	"setof",
	"similar",
	"smallint",
	"some",
	"substring",
	"symmetric",
	"table",
	"tablesample",
	"then",
	"time",
	"timestamp",
	"to",
	"trailing",
	"treat",
	"trim",
	"true",
	"union",
	"unique",
	"user",
	"using",
	"values",
	"varchar",
	"variadic",
	"verbose",
	"when",
	"where",
	"window",
	"with",
	"xmlattributes",
	"xmlconcat",
	"xmlelement",
	"xmlexists",
	"xmlforest",
	"xmlnamespaces",
	"xmlparse",
	"xmlpi",
	"xmlroot",
	"xmlserialize",
	"xmltable",
};

static int
compare_keyword(const void *key, const void *element)
{
	return strcmp((const char *) key, *(const char *const *) element);
}

static bool
is_safe_identifier(const char *ident)
{
	const char *p = ident;

	if (!((*p >= 'a' && *p <= 'z') || *p == '_'))
		return false;
	for (; *p != '\0'; p++)
	{
		if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ||
		      *p == '_'))
			return false;
	}
	return bsearch(ident, quoted_keywords, lengthof(quoted_keywords),
	               sizeof(quoted_keywords[0]), compare_keyword) == NULL;
}

char *
quote_identifier(const char *ident)
{
	StringInfoData buf;

	if (is_safe_identifier(ident))
		return (char *) ident;
	initStringInfo(&buf);
	appendStringInfoChar(&buf, '"');
	for (const char *p = ident; *p != '\0'; p++)
	{
		if (*p == '"')
			appendStringInfoChar(&buf, '"');
		appendStringInfoChar(&buf, *p);
	}
	appendStringInfoChar(&buf, '"');
	return buf.data;
}

char *
quote_qualified_identifier(const char *qualifier, const char *ident)
{
	if (qualifier == NULL)
		return pstrdup(quote_identifier(ident));
	return psprintf("%s.%s", quote_identifier(qualifier),
	                quote_identifier(ident));
}

/* With a backslash in it the literal is an E'' one, its backslashes doubled. */
char *
quote_literal_cstr(const char *rawstr)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (strchr(rawstr, '\\') != NULL)
		appendStringInfoChar(&buf, 'E');
	appendStringInfoChar(&buf, '\'');
	for (const char *p = rawstr; *p != '\0'; p++)
	{
		if (*p == '\'' || *p == '\\')
			appendStringInfoChar(&buf, *p);
		appendStringInfoChar(&buf, *p);
	}
	appendStringInfoChar(&buf, '\'');
	return buf.data;
}

Datum
quote_ident(PG_FUNCTION_ARGS)
{
	char *s = text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_TEXT_P(cstring_to_text(quote_identifier(s)));
}

Datum
quote_literal(PG_FUNCTION_ARGS)
{
	char *s = text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_TEXT_P(cstring_to_text(quote_literal_cstr(s)));
}

Datum
quote_nullable(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_TEXT_P(cstring_to_text("NULL"));
	return quote_literal(fcinfo);
}
