/*
 * copyfromfields.c
 *		The fields of one line of a COPY FROM, in text format or CSV.
 *
 * What stands in the line buffer is copied to attribute_buf without quotes and
 * escapes, and raw_fields point there; NULL is the field that equals the NULL
 * string as it stands in the line.
 *
 * Corresponds to CopyReadAttributesText and CopyReadAttributesCSV in
 * PostgreSQL's commands/copyfromparse.c.
 */
#include "postgres.h"

#include <ctype.h>

#include "commands/copy_scan.h"
#include "commands/copyfrom_internal.h"
#include "mb/pg_wchar.h"

static void
add_field(CopyFromState cstate, int fieldno, char *start)
{
	if (fieldno == cstate->max_fields)
	{
		cstate->max_fields *= 2;
		cstate->raw_fields = repalloc(
			cstate->raw_fields, sizeof(char *) * (Size) cstate->max_fields);
	}
	cstate->raw_fields[fieldno] = start;
}

static bool
is_null_field(CopyFromState cstate, const char *start, const char *end)
{
	return end - start == cstate->opts.null_print_len &&
	       memcmp(start, cstate->opts.null_print, (size_t) (end - start)) == 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return tolower((unsigned char) c) - 'a' + 10;
}

/*
 * The character that the sequence behind a backslash stands for; *in moves
 * behind it.  *check: as a number, so it may be no character at all.
 */
static char
resolve_escape(const char **in, const char *end, bool *check)
{
	char c = *(*in)++;
	int value = 0;
	int digits = 0;

	switch (c)
	{
		case 'b':
			return '\b';
		case 'f':
			return '\f';
		case 'n':
			return '\n';
		case 'r':
			return '\r';
		case 't':
			return '\t';
		case 'v':
			return '\v';
		case 'x':
			for (; digits < 2 && *in < end && isxdigit((unsigned char) **in);
			     digits++)
				value = value * 16 + hex_digit(*(*in)++);
			if (digits == 0)
				return c;
			break;
		default:
			if (c < '0' || c > '7')
				return c;
			value = c - '0';
			for (; digits < 2 && *in < end && **in >= '0' && **in <= '7';
			     digits++)
				value = value * 8 + (*(*in)++ - '0');
	}
	if ((value & 0xff) == 0 || (value & 0x80) != 0)
		*check = true;
	return (char) (value & 0xff);
}

/* Splits the line; the number of fields. */
static int
CopyReadAttributesText(CopyFromState cstate)
{
	char delim = cstate->opts.delim[0];
	const char *in = cstate->line_buf.data;
	const char *end = in + cstate->line_buf.len;
	int fieldno = 0;
	char *out;

	resetStringInfo(&cstate->attribute_buf);
	enlargeStringInfo(&cstate->attribute_buf, cstate->line_buf.len + 1);
	out = cstate->attribute_buf.data;
	for (;;)
	{
		const char *start = in;
		char *field = out;
		bool check = false;
		bool more = false;
		const char *field_end;

		for (;;)
		{
			const char *stop = copy_find(in, end, delim, '\\', '\\', '\\');

			memcpy(out, in, (size_t) (stop - in));
			out += stop - in;
			in = field_end = stop;
			if (in == end)
				break;
			if (*in++ == delim)
			{
				more = true;
				break;
			}
			field_end = in;
			if (in == end)
				break; /* a lone backslash */
			*out++ = resolve_escape(&in, end, &check);
		}
		*out++ = '\0';
		add_field(cstate, fieldno, field);
		if (is_null_field(cstate, start, field_end))
			cstate->raw_fields[fieldno] = NULL;
		else if (check)
			(void) pg_verifymbstr(field, (int) (out - field) - 1, false);
		fieldno++;
		if (!more)
			return fieldno;
	}
}

/*
 * In quotes, from behind the opening one.  *out and *in move; false: the line
 * ends before the closing quote.
 */
static bool
read_quoted(CopyFromState cstate, const char **in, const char *end, char **out)
{
	char quote = cstate->opts.quote[0];
	char escape = cstate->opts.escape[0];

	for (;;)
	{
		const char *stop = copy_find(*in, end, quote, escape, quote, escape);

		memcpy(*out, *in, (size_t) (stop - *in));
		*out += stop - *in;
		*in = stop;
		if (stop == end)
			return false;
		(*in)++;
		if (*stop == escape && *in < end && (**in == escape || **in == quote))
			*(*out)++ = *(*in)++;
		else if (*stop == quote)
			return true;
		else
			*(*out)++ = *stop;
	}
}

static int
CopyReadAttributesCSV(CopyFromState cstate)
{
	char delim = cstate->opts.delim[0];
	char quote = cstate->opts.quote[0];
	const char *in = cstate->line_buf.data;
	const char *end = in + cstate->line_buf.len;
	int fieldno = 0;
	char *out;

	resetStringInfo(&cstate->attribute_buf);
	enlargeStringInfo(&cstate->attribute_buf, cstate->line_buf.len + 1);
	out = cstate->attribute_buf.data;
	for (;;)
	{
		const char *start = in;
		char *field = out;
		bool quoted = false;
		bool more = false;
		const char *field_end;

		for (;;)
		{
			const char *stop = copy_find(in, end, delim, quote, delim, quote);

			memcpy(out, in, (size_t) (stop - in));
			out += stop - in;
			in = field_end = stop;
			if (in == end)
				break;
			if (*in++ == delim)
			{
				more = true;
				break;
			}
			quoted = true;
			if (!read_quoted(cstate, &in, end, &out))
				ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
				                errmsg("unterminated CSV quoted field")));
		}
		*out++ = '\0';
		add_field(cstate, fieldno, field);
		if (!quoted && is_null_field(cstate, start, field_end))
			cstate->raw_fields[fieldno] = NULL;
		fieldno++;
		if (!more)
			return fieldno;
	}
}

int
CopyReadAttributes(CopyFromState cstate)
{
	/* A table without columns has lines without fields. */
	if (cstate->max_fields == 0)
	{
		if (cstate->line_buf.len != 0)
			ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
			                errmsg("extra data after last expected column")));
		return 0;
	}
	return cstate->opts.csv_mode ? CopyReadAttributesCSV(cstate)
	                             : CopyReadAttributesText(cstate);
}
