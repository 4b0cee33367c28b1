/*
 * guc_file.c
 *		tusk.conf: one setting per line, read at the start and at SIGHUP.
 *
 *		name = value	# comment
 *		name 'a value with ''quotes'' and \n escapes'
 *
 * An error in any line is logged with its number; at the start it stops the
 * server, at a reload the other lines are applied.  A setting that was in the
 * file and is no longer there goes back to its default.
 */
#include "postgres.h"

#include <ctype.h>
#include <strings.h>
#include <unistd.h>

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/guc_tables.h"

#define CONFIG_FILENAME "tusk.conf"

typedef struct ConfigLine
{
	char *name; /* NULL: nothing on this line */
	char *value;
} ConfigLine;

static const char *
skip_blanks(const char *p)
{
	while (isspace((unsigned char) *p))
		p++;
	return p;
}

/* A quoted value: '' and \' are quotes, \n \t \r \\ as in C. */
static const char *
parse_quoted(const char *p, StringInfo value)
{
	for (p++; *p; p++)
	{
		if (*p == '\'' && p[1] == '\'')
			p++;
		else if (*p == '\'')
			return p + 1;
		else if (*p == '\\' && p[1])
		{
			p++;
			appendStringInfoChar(value, *p == 'n'   ? '\n'
			                            : *p == 't' ? '\t'
			                            : *p == 'r' ? '\r'
			                                        : *p);
			continue;
		}
		appendStringInfoChar(value, *p);
	}
	return NULL;
}

/* False for a syntax error. */
static bool
parse_line(const char *p, ConfigLine *line)
{
	StringInfoData value;
	const char *start;

	line->name = line->value = NULL;
	p = skip_blanks(p);
	if (*p == '\0' || *p == '#')
		return true;
	start = p;
	while (isalnum((unsigned char) *p) || *p == '_' || *p == '.')
		p++;
	if (p == start)
		return false;
	line->name = pnstrdup(start, p - start);
	p = skip_blanks(p);
	if (*p == '=')
		p = skip_blanks(p + 1);
	initStringInfo(&value);
	if (*p == '\'')
	{
		p = parse_quoted(p, &value);
		if (p == NULL)
			return false;
	}
	else
	{
		start = p;
		while (*p && *p != '#' && !isspace((unsigned char) *p))
			p++;
		if (p == start)
			return false;
		appendBinaryStringInfo(&value, start, p - start);
	}
	line->value = value.data;
	p = skip_blanks(p);
	return *p == '\0' || *p == '#';
}

/* Where in the file a value is that is refused. */
static void
config_line_callback(void *arg)
{
	errcontext("line %d of configuration file \"%s\"", *(int *) arg,
	           CONFIG_FILENAME);
}

static void
note_in_file(const char *name)
{
	for (int i = 0; i < NumConfigureNames; i++)
		if (strcasecmp(ConfigureNames[i].name, name) == 0)
			ConfigureNames[i].in_file = true;
}

/* What is no longer in the file. */
static void
revert_removed(GucContext context)
{
	for (int i = 0; i < NumConfigureNames; i++)
	{
		config_generic *conf = &ConfigureNames[i];

		if (conf->in_file || conf->reset_source != PGC_S_FILE)
			continue;
		if (set_config_option(conf->name, conf->boot_text, context, PGC_S_FILE,
		                      GUC_ACTION_SET, true) >= 0)
		{
			conf->reset_source = PGC_S_DEFAULT;
			if (conf->source == PGC_S_FILE)
				conf->source = PGC_S_DEFAULT;
		}
	}
}

bool
ProcessConfigFile(GucContext context)
{
	char path[MAXPGPATH];
	char *text = NULL;
	size_t text_size = 0;
	FILE *file;
	int lineno = 0;
	bool good = true;
	ErrorContextCallback callback = {.previous = error_context_stack,
	                                 .callback = config_line_callback,
	                                 .arg = &lineno};

	snprintf(path, sizeof(path), "%s/%s", DataDir ? DataDir : ".",
	         CONFIG_FILENAME);
	file = fopen(path, "r");
	if (file == NULL)
	{
		if (errno == ENOENT)
			return true; /* all defaults */
		ereport(ConfigFileLogLevel(),
		        (errcode_for_file_access(),
		         errmsg("could not open configuration file \"%s\": %m", path)));
		return false;
	}
	for (int i = 0; i < NumConfigureNames; i++)
		ConfigureNames[i].in_file = false;
	while (getline(&text, &text_size, file) >= 0)
	{
		ConfigLine line;

		lineno++;
		if (!parse_line(text, &line))
		{
			ereport(
				ConfigFileLogLevel(),
				(errcode(ERRCODE_SYNTAX_ERROR),
			     errmsg("syntax error in file \"%s\" line %d", path, lineno)));
			good = false;
			continue;
		}
		if (line.name == NULL)
			continue;
		note_in_file(line.name);
		error_context_stack = &callback;
		if (set_config_option(line.name, line.value, context, PGC_S_FILE,
		                      GUC_ACTION_SET, context == PGC_SIGHUP) < 0)
			good = false;
		error_context_stack = callback.previous;
		pfree(line.name);
		pfree(line.value);
	}
	free(text);
	fclose(file);
	revert_removed(context);
	if (!good)
	{
		if (context == PGC_SIGHUP)
			ereport(ConfigFileLogLevel(),
			        (errcode(ERRCODE_CONFIG_FILE_ERROR),
			         errmsg("configuration file \"%s\" contains errors; "
			                "unaffected changes were applied",
			                path)));
		else
			ereport(
				ConfigFileLogLevel(),
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
			     errmsg("configuration file \"%s\" contains errors", path)));
	}
	return good;
}
