/*
 * explain_format.c
 *		EXPLAIN's output as text or as JSON; counts of buffers in it.
 *
 * In JSON es->indent counts levels of two blanks too, and grouping_stack has a
 * number per open group: 0 until its first member is written, then 1, which
 * says that a comma comes before the next.
 *
 * Corresponds to the formatting half of PostgreSQL's commands/explain.c.
 */
#include "postgres.h"

#include "commands/explain_format.h"

void
ExplainIndentText(ExplainState *es)
{
	Assert(es->str->len == 0 || es->str->data[es->str->len - 1] == '\n');
	appendStringInfoSpaces(es->str, es->indent * 2);
}

static void
escape_json(StringInfo buf, const char *str)
{
	appendStringInfoChar(buf, '"');
	for (const char *p = str; *p; p++)
	{
		switch (*p)
		{
			case '\b':
				appendStringInfoString(buf, "\\b");
				break;
			case '\f':
				appendStringInfoString(buf, "\\f");
				break;
			case '\n':
				appendStringInfoString(buf, "\\n");
				break;
			case '\r':
				appendStringInfoString(buf, "\\r");
				break;
			case '\t':
				appendStringInfoString(buf, "\\t");
				break;
			case '"':
				appendStringInfoString(buf, "\\\"");
				break;
			case '\\':
				appendStringInfoString(buf, "\\\\");
				break;
			default:
				if ((unsigned char) *p < ' ')
					appendStringInfo(buf, "\\u%04x", (int) *p);
				else
					appendStringInfoChar(buf, *p);
				break;
		}
	}
	appendStringInfoChar(buf, '"');
}

/* The end of the line before a member of the group, and its blanks. */
static void
json_begin_member(const char *label, ExplainState *es)
{
	ListCell *top = list_tail(es->grouping_stack);

	if (lfirst_int(top) != 0)
		appendStringInfoChar(es->str, ',');
	lfirst_int(top) = 1;
	appendStringInfoChar(es->str, '\n');
	appendStringInfoSpaces(es->str, es->indent * 2);
	if (label != NULL)
	{
		escape_json(es->str, label);
		appendStringInfoString(es->str, ": ");
	}
}

static void
json_open(char bracket, ExplainState *es)
{
	appendStringInfoChar(es->str, bracket);
	es->grouping_stack = lappend_int(es->grouping_stack, 0);
	es->indent++;
}

static void
json_close(char bracket, ExplainState *es)
{
	es->indent--;
	appendStringInfoChar(es->str, '\n');
	appendStringInfoSpaces(es->str, es->indent * 2);
	appendStringInfoChar(es->str, bracket);
	es->grouping_stack = list_delete_last(es->grouping_stack);
}

void
ExplainBeginOutput(ExplainState *es)
{
	if (es->format == EXPLAIN_FORMAT_JSON)
		json_open('[', es);
}

void
ExplainEndOutput(ExplainState *es)
{
	if (es->format == EXPLAIN_FORMAT_JSON)
		json_close(']', es);
}

void
ExplainOpenGroup(const char *labelname, bool labeled, ExplainState *es)
{
	if (es->format != EXPLAIN_FORMAT_JSON)
		return;
	json_begin_member(labelname, es);
	json_open(labeled ? '{' : '[', es);
}

void
ExplainCloseGroup(bool labeled, ExplainState *es)
{
	if (es->format == EXPLAIN_FORMAT_JSON)
		json_close(labeled ? '}' : ']', es);
}

/* A value as it stands, in JSON a number or the like. */
static void
property(const char *qlabel, const char *unit, const char *value,
         ExplainState *es)
{
	if (es->format == EXPLAIN_FORMAT_JSON)
	{
		json_begin_member(qlabel, es);
		appendStringInfoString(es->str, value);
		return;
	}
	ExplainIndentText(es);
	appendStringInfo(es->str, "%s: %s", qlabel, value);
	if (unit)
		appendStringInfo(es->str, " %s", unit);
	appendStringInfoChar(es->str, '\n');
}

void
ExplainPropertyText(const char *qlabel, const char *value, ExplainState *es)
{
	if (es->format == EXPLAIN_FORMAT_JSON)
	{
		json_begin_member(qlabel, es);
		escape_json(es->str, value);
	}
	else
		property(qlabel, NULL, value, es);
}

void
ExplainPropertyList(const char *qlabel, List *items, ExplainState *es)
{
	bool json = es->format == EXPLAIN_FORMAT_JSON;
	ListCell *lc;

	if (json)
	{
		json_begin_member(qlabel, es);
		appendStringInfoChar(es->str, '[');
	}
	else
	{
		ExplainIndentText(es);
		appendStringInfo(es->str, "%s: ", qlabel);
	}
	foreach (lc, items)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(es->str, ", ");
		if (json)
			escape_json(es->str, lfirst(lc));
		else
			appendStringInfoString(es->str, lfirst(lc));
	}
	appendStringInfoChar(es->str, json ? ']' : '\n');
}

void
ExplainPropertyInteger(const char *qlabel, int64 value, ExplainState *es)
{
	char buf[32];

	snprintf(buf, sizeof(buf), INT64_FORMAT, value);
	property(qlabel, NULL, buf, es);
}

void
ExplainPropertyFloat(const char *qlabel, const char *unit, double value,
                     int ndigits, ExplainState *es)
{
	/* a cost or row count may have hundreds of digits */
	char buf[512];

	snprintf(buf, sizeof(buf), "%.*f", ndigits, value);
	property(qlabel, unit, buf, es);
}

void
ExplainPropertyBool(const char *qlabel, bool value, ExplainState *es)
{
	property(qlabel, NULL, value ? "true" : "false", es);
}

/* ------------------------------------------------------------------------
 *		Buffers
 * ------------------------------------------------------------------------
 */

bool
has_buffer_usage(const BufferUsage *usage)
{
	return usage->shared_blks_hit > 0 || usage->shared_blks_read > 0 ||
	       usage->shared_blks_dirtied > 0 || usage->shared_blks_written > 0 ||
	       usage->local_blks_hit > 0 || usage->local_blks_read > 0 ||
	       usage->local_blks_dirtied > 0 || usage->local_blks_written > 0 ||
	       usage->temp_blks_read > 0 || usage->temp_blks_written > 0 ||
	       !INSTR_TIME_IS_ZERO(usage->blk_read_time) ||
	       !INSTR_TIME_IS_ZERO(usage->blk_write_time) ||
	       !INSTR_TIME_IS_ZERO(usage->temp_blk_read_time) ||
	       !INSTR_TIME_IS_ZERO(usage->temp_blk_write_time);
}

static void
append_count(StringInfo str, const char *what, int64 count)
{
	if (count > 0)
		appendStringInfo(str, " %s=" INT64_FORMAT, what, count);
}

static void
append_time(StringInfo str, const char *what, instr_time time)
{
	if (!INSTR_TIME_IS_ZERO(time))
		appendStringInfo(str, " %s=%0.3f", what, INSTR_TIME_GET_MILLISEC(time));
}

/* all counters, those too that are nothing */
static void
show_buffer_counters(ExplainState *es, const BufferUsage *usage)
{
	ExplainPropertyInteger("Shared Hit Blocks", usage->shared_blks_hit, es);
	ExplainPropertyInteger("Shared Read Blocks", usage->shared_blks_read, es);
	ExplainPropertyInteger("Shared Dirtied Blocks", usage->shared_blks_dirtied,
	                       es);
	ExplainPropertyInteger("Shared Written Blocks", usage->shared_blks_written,
	                       es);
	ExplainPropertyInteger("Local Hit Blocks", usage->local_blks_hit, es);
	ExplainPropertyInteger("Local Read Blocks", usage->local_blks_read, es);
	ExplainPropertyInteger("Local Dirtied Blocks", usage->local_blks_dirtied,
	                       es);
	ExplainPropertyInteger("Local Written Blocks", usage->local_blks_written,
	                       es);
	ExplainPropertyInteger("Temp Read Blocks", usage->temp_blks_read, es);
	ExplainPropertyInteger("Temp Written Blocks", usage->temp_blks_written, es);
}

void
show_buffer_usage(ExplainState *es, const BufferUsage *usage)
{
	bool has_shared =
		usage->shared_blks_hit > 0 || usage->shared_blks_read > 0 ||
		usage->shared_blks_dirtied > 0 || usage->shared_blks_written > 0;
	bool has_local = usage->local_blks_hit > 0 || usage->local_blks_read > 0 ||
	                 usage->local_blks_dirtied > 0 ||
	                 usage->local_blks_written > 0;
	bool has_temp = usage->temp_blks_read > 0 || usage->temp_blks_written > 0;
	bool has_timing = !INSTR_TIME_IS_ZERO(usage->blk_read_time) ||
	                  !INSTR_TIME_IS_ZERO(usage->blk_write_time);
	bool has_temp_timing = !INSTR_TIME_IS_ZERO(usage->temp_blk_read_time) ||
	                       !INSTR_TIME_IS_ZERO(usage->temp_blk_write_time);

	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		show_buffer_counters(es, usage);
		return;
	}
	if (has_shared || has_local || has_temp)
	{
		ExplainIndentText(es);
		appendStringInfoString(es->str, "Buffers:");
		if (has_shared)
		{
			appendStringInfoString(es->str, " shared");
			append_count(es->str, "hit", usage->shared_blks_hit);
			append_count(es->str, "read", usage->shared_blks_read);
			append_count(es->str, "dirtied", usage->shared_blks_dirtied);
			append_count(es->str, "written", usage->shared_blks_written);
			if (has_local || has_temp)
				appendStringInfoChar(es->str, ',');
		}
		if (has_local)
		{
			appendStringInfoString(es->str, " local");
			append_count(es->str, "hit", usage->local_blks_hit);
			append_count(es->str, "read", usage->local_blks_read);
			append_count(es->str, "dirtied", usage->local_blks_dirtied);
			append_count(es->str, "written", usage->local_blks_written);
			if (has_temp)
				appendStringInfoChar(es->str, ',');
		}
		if (has_temp)
		{
			appendStringInfoString(es->str, " temp");
			append_count(es->str, "read", usage->temp_blks_read);
			append_count(es->str, "written", usage->temp_blks_written);
		}
		appendStringInfoChar(es->str, '\n');
	}
	if (has_timing || has_temp_timing)
	{
		ExplainIndentText(es);
		appendStringInfoString(es->str, "I/O Timings:");
		if (has_timing)
		{
			appendStringInfoString(es->str, " shared/local");
			append_time(es->str, "read", usage->blk_read_time);
			append_time(es->str, "write", usage->blk_write_time);
			if (has_temp_timing)
				appendStringInfoChar(es->str, ',');
		}
		if (has_temp_timing)
		{
			appendStringInfoString(es->str, " temp");
			append_time(es->str, "read", usage->temp_blk_read_time);
			append_time(es->str, "write", usage->temp_blk_write_time);
		}
		appendStringInfoChar(es->str, '\n');
	}
}
