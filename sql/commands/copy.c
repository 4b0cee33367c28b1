/*
 * copy.c
 *		The COPY statement: its options, columns and table.
 *
 * The work is done in copyfrom.c (rows into the table), copyfromparse.c (bytes
 * into rows) and copyto.c.
 *
 * Corresponds to PostgreSQL's commands/copy.c.  Not there: PROGRAM, WHERE,
 * encodings other than UTF8.
 */
#include "postgres.h"

#include <strings.h>

#include "access/attnum.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "commands/copy.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rel.h"

static void
CheckFilePrivilege(bool is_from)
{
	if (is_from ? has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES)
	            : has_privs_of_role(GetUserId(), ROLE_PG_WRITE_SERVER_FILES))
		return;
	ereport(ERROR,
	        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
	         errmsg("must be superuser or have privileges of the %s role to "
	                "COPY %s a file",
	                is_from ? "pg_read_server_files" : "pg_write_server_files",
	                is_from ? "from" : "to"),
	         errhint("Anyone can COPY to stdout or from stdin. psql's \\copy "
	                 "command also works for anyone.")));
}

void
DoCopy(PgQuery__CopyStmt *stmt, const char *sourceText, int stmt_location,
       int stmt_len, uint64 *processed)
{
	bool is_from = stmt->is_from;
	const char *filename = stmt->filename[0] != '\0' ? stmt->filename : NULL;
	List *attnamelist = pgq_name_list(stmt->attlist, stmt->n_attlist);
	List *options = pgq_def_elems(stmt->options, stmt->n_options);
	ParseState *pstate = make_parsestate(NULL);
	LOCKMODE lockmode = is_from ? RowExclusiveLock : AccessShareLock;
	Relation rel = NULL;
	RawStmt *query = NULL;

	pstate->p_sourcetext = sourceText;
	if (stmt->is_program)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("COPY to or from an external program is not "
		                       "supported")));
	if (stmt->where_clause != NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("COPY FROM with WHERE is not supported"),
		         parser_errposition(pstate, pgq_location(stmt->where_clause))));
	if (filename != NULL)
		CheckFilePrivilege(is_from);
	if (stmt->relation != NULL)
	{
		Oid relid =
			RangeVarGetRelid(pgq_range_var(stmt->relation), lockmode, false);

		rel = table_open(relid, NoLock);
		CheckRelationPrivilege(relid, is_from ? ACL_INSERT : ACL_SELECT);
	}
	else
	{
		query = makeNode(RawStmt);
		query->stmt = stmt->query;
		query->stmt_location = stmt_location;
		query->stmt_len = stmt_len;
	}

	if (is_from)
	{
		CopyFromState cstate;

		if (XactReadOnly && !rel->rd_islocaltemp)
			PreventCommandIfReadOnly("COPY FROM");
		cstate =
			BeginCopyFrom(pstate, rel, filename, NULL, attnamelist, options);
		*processed = CopyFrom(cstate);
		EndCopyFrom(cstate);
	}
	else
	{
		CopyToState cstate =
			BeginCopyTo(pstate, rel, query, filename, attnamelist, options);

		*processed = DoCopyTo(cstate);
		EndCopyTo(cstate);
	}
	if (rel != NULL)
		table_close(rel, NoLock);
	free_parsestate(pstate);
}

/* ---- options ---- */

static char *
option_string(const DefElem *def)
{
	if (def->arg == NULL)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("%s requires a parameter", def->defname)));
	switch (nodeTag(def->arg))
	{
		case T_Integer:
			return psprintf("%d", intVal(def->arg));
		case T_Float:
			return castNode(Float, def->arg)->fval;
		case T_Boolean:
			return boolVal(def->arg) ? "true" : "false";
		case T_String:
			return strVal(def->arg);
		case T_List:
		{
			/* a star, or names that are no single word */
			ListCell *lc;
			char *result = "";

			foreach (lc, (List *) def->arg)
				result = psprintf("%s%s%s", result, *result ? ", " : "",
				                  IsA(lfirst(lc), String) ? strVal(lfirst(lc))
				                                          : "?");
			return result;
		}
		default:
			elog(ERROR, "unrecognized node type: %d", (int) nodeTag(def->arg));
	}
	return NULL;
}

/* The value as a Boolean; false if it is none. */
static bool
option_is_boolean(const DefElem *def, bool *value)
{
	const char *text;

	*value = true;
	if (def->arg == NULL)
		return true;
	if (IsA(def->arg, Integer))
	{
		*value = intVal(def->arg) != 0;
		return intVal(def->arg) == 0 || intVal(def->arg) == 1;
	}
	text = option_string(def);
	*value = strcasecmp(text, "true") == 0 || strcasecmp(text, "on") == 0;
	return *value || strcasecmp(text, "false") == 0 ||
	       strcasecmp(text, "off") == 0;
}

static bool
option_boolean(const DefElem *def)
{
	bool value;

	if (!option_is_boolean(def, &value))
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("%s requires a Boolean value", def->defname)));
	return value;
}

static CopyHeaderChoice
option_header(const DefElem *def, bool is_from)
{
	bool value;

	if (option_is_boolean(def, &value))
		return value ? COPY_HEADER_TRUE : COPY_HEADER_FALSE;
	if (!IsA(def->arg, Integer) && strcasecmp(option_string(def), "match") == 0)
	{
		if (!is_from)
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("cannot use \"%s\" with HEADER in COPY TO",
			                       option_string(def))));
		return COPY_HEADER_MATCH;
	}
	ereport(ERROR,
	        (errcode(ERRCODE_SYNTAX_ERROR),
	         errmsg("%s requires a Boolean value or \"match\"", def->defname)));
	return COPY_HEADER_FALSE;
}

/* A star is told by *all, if that is given. */
static List *
option_columns(ParseState *pstate, const DefElem *def, bool *all)
{
	if (all != NULL && def->arg != NULL && IsA(def->arg, String) &&
	    strcmp(strVal(def->arg), "*") == 0)
	{
		*all = true;
		return NIL;
	}
	if (def->arg == NULL || !IsA(def->arg, List))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("argument to option \"%s\" must be a list of "
		                       "column names",
		                       def->defname),
		                parser_errposition(pstate, def->location)));
	return (List *) def->arg;
}

static void
check_encoding(ParseState *pstate, const DefElem *def)
{
	int encoding = pg_char_to_encoding(option_string(def));

	if (encoding == -1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("argument to option \"%s\" must be a valid "
		                       "encoding name",
		                       def->defname),
		                parser_errposition(pstate, def->location)));
	if (encoding != PG_UTF8)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("COPY with encoding \"%s\" is not supported",
		                       option_string(def)),
		                errdetail("The only encoding is UTF8."),
		                parser_errposition(pstate, def->location)));
}

static void
set_format(ParseState *pstate, CopyFormatOptions *opts, const DefElem *def)
{
	const char *format = option_string(def);

	if (strcmp(format, "csv") == 0)
		opts->csv_mode = true;
	else if (strcmp(format, "binary") == 0)
		opts->binary = true;
	else if (strcmp(format, "text") != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("COPY format \"%s\" not recognized", format),
		                parser_errposition(pstate, def->location)));
}

/* Options, by the bits that say they were there. */
static const char *const option_names[] = {
	"format", "freeze",      "delimiter",      "null",       "header",  "quote",
	"escape", "force_quote", "force_not_null", "force_null", "encoding"};

static void
read_options(ParseState *pstate, CopyFormatOptions *opts, bool is_from,
             List *options)
{
	uint32 seen = 0;
	ListCell *lc;

	foreach (lc, options)
	{
		DefElem *def = lfirst_node(DefElem, lc);
		int i;

		for (i = 0; i < (int) lengthof(option_names); i++)
			if (strcmp(def->defname, option_names[i]) == 0)
				break;
		if (i == (int) lengthof(option_names))
			ereport(ERROR,
			        (errcode(ERRCODE_SYNTAX_ERROR),
			         errmsg("option \"%s\" not recognized", def->defname),
			         parser_errposition(pstate, def->location)));
		if (seen & (1u << i))
			ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("conflicting or redundant options"),
			                parser_errposition(pstate, def->location)));
		seen |= 1u << i;
		switch (i)
		{
			case 0:
				set_format(pstate, opts, def);
				break;
			case 1:
				opts->freeze = option_boolean(def);
				break;
			case 2:
				opts->delim = option_string(def);
				break;
			case 3:
				opts->null_print = option_string(def);
				break;
			case 4:
				opts->header_line = option_header(def, is_from);
				break;
			case 5:
				opts->quote = option_string(def);
				break;
			case 6:
				opts->escape = option_string(def);
				break;
			case 7:
				opts->force_quote =
					option_columns(pstate, def, &opts->force_quote_all);
				break;
			case 8:
				opts->force_notnull = option_columns(pstate, def, NULL);
				break;
			case 9:
				opts->force_null = option_columns(pstate, def, NULL);
				break;
			default:
				check_encoding(pstate, def);
		}
	}
}

static void
reject(bool wrong, int sqlstate, const char *message)
{
	if (wrong)
		ereport(ERROR, (errcode(sqlstate), errmsg("%s", message)));
}

/* What cannot be together, with what was given and before the defaults. */
static void
check_binary(const CopyFormatOptions *opts)
{
	reject(opts->binary && opts->delim, ERRCODE_SYNTAX_ERROR,
	       "cannot specify DELIMITER in BINARY mode");
	reject(opts->binary && opts->null_print, ERRCODE_SYNTAX_ERROR,
	       "cannot specify NULL in BINARY mode");
}

static void
check_characters(const CopyFormatOptions *opts)
{
	reject(strlen(opts->delim) != 1, ERRCODE_FEATURE_NOT_SUPPORTED,
	       "COPY delimiter must be a single one-byte character");
	reject(strpbrk(opts->delim, "\r\n") != NULL,
	       ERRCODE_INVALID_PARAMETER_VALUE,
	       "COPY delimiter cannot be newline or carriage return");
	reject(strpbrk(opts->null_print, "\r\n") != NULL,
	       ERRCODE_INVALID_PARAMETER_VALUE,
	       "COPY null representation cannot use newline or carriage return");

	/* An escape sequence, or a null, could not be told from it. */
	if (!opts->csv_mode &&
	    strchr("\\.abcdefghijklmnopqrstuvwxyz0123456789", opts->delim[0]))
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("COPY delimiter cannot be \"%s\"", opts->delim)));
	reject(opts->binary && opts->header_line != COPY_HEADER_FALSE,
	       ERRCODE_FEATURE_NOT_SUPPORTED,
	       "cannot specify HEADER in BINARY mode");
}

static void
check_csv(const CopyFormatOptions *opts, bool is_from)
{
	const int unsupported = ERRCODE_FEATURE_NOT_SUPPORTED;
	bool csv = opts->csv_mode;
	bool force_quote = opts->force_quote != NIL || opts->force_quote_all;

	reject(!csv && opts->quote, unsupported,
	       "COPY quote available only in CSV mode");
	reject(csv && strlen(opts->quote) != 1, unsupported,
	       "COPY quote must be a single one-byte character");
	reject(csv && opts->delim[0] == opts->quote[0],
	       ERRCODE_INVALID_PARAMETER_VALUE,
	       "COPY delimiter and quote must be different");
	reject(!csv && opts->escape, unsupported,
	       "COPY escape available only in CSV mode");
	reject(csv && strlen(opts->escape) != 1, unsupported,
	       "COPY escape must be a single one-byte character");
	reject(!csv && force_quote, unsupported,
	       "COPY force quote available only in CSV mode");
	reject(force_quote && is_from, unsupported,
	       "COPY force quote only available using COPY TO");
	reject(!csv && opts->force_notnull != NIL, unsupported,
	       "COPY force not null available only in CSV mode");
	reject(opts->force_notnull != NIL && !is_from, unsupported,
	       "COPY force not null only available using COPY FROM");
	reject(!csv && opts->force_null != NIL, unsupported,
	       "COPY force null available only in CSV mode");
	reject(opts->force_null != NIL && !is_from, unsupported,
	       "COPY force null only available using COPY FROM");
	reject(strchr(opts->null_print, opts->delim[0]) != NULL, unsupported,
	       "COPY delimiter must not appear in the NULL specification");
	reject(csv && strchr(opts->null_print, opts->quote[0]) != NULL, unsupported,
	       "CSV quote character must not appear in the NULL specification");
}

void
ProcessCopyOptions(ParseState *pstate, CopyFormatOptions *opts, bool is_from,
                   List *options)
{
	read_options(pstate, opts, is_from, options);
	check_binary(opts);
	if (opts->delim == NULL)
		opts->delim = opts->csv_mode ? "," : "\t";
	if (opts->null_print == NULL)
		opts->null_print = opts->csv_mode ? "" : "\\N";
	opts->null_print_len = (int) strlen(opts->null_print);
	if (opts->csv_mode && opts->quote == NULL)
		opts->quote = "\"";
	if (opts->csv_mode && opts->escape == NULL)
		opts->escape = opts->quote;
	check_characters(opts);
	check_csv(opts, is_from);
}

/* ---- columns ---- */

static AttrNumber
column_by_name(TupleDesc tupDesc, const char *name)
{
	for (int i = 0; i < tupDesc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(tupDesc, i);

		if (!att->attisdropped && namestrcmp(&att->attname, name) == 0)
			return att->attnum != 0 ? att->attnum : (AttrNumber) (i + 1);
	}
	return InvalidAttrNumber;
}

List *
CopyGetAttnums(TupleDesc tupDesc, Relation rel, List *attnamelist)
{
	List *attnums = NIL;
	ListCell *lc;

	if (attnamelist == NIL)
	{
		for (int i = 0; i < tupDesc->natts; i++)
			if (!TupleDescAttr(tupDesc, i)->attisdropped)
				attnums = lappend_int(attnums, i + 1);
		return attnums;
	}
	foreach (lc, attnamelist)
	{
		const char *name = strVal(lfirst(lc));
		AttrNumber attnum = column_by_name(tupDesc, name);

		if (attnum == InvalidAttrNumber && rel != NULL)
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
			                errmsg("column \"%s\" of relation \"%s\" does not "
			                       "exist",
			                       name, RelationGetRelationName(rel))));
		if (attnum == InvalidAttrNumber)
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
			                errmsg("column \"%s\" does not exist", name)));
		if (list_member_int(attnums, attnum))
			ereport(ERROR,
			        (errcode(ERRCODE_DUPLICATE_COLUMN),
			         errmsg("column \"%s\" specified more than once", name)));
		attnums = lappend_int(attnums, attnum);
	}
	return attnums;
}
