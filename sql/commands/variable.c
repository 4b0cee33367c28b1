/*
 * variable.c
 *		SET, RESET and SHOW: from a statement's words to settings (guc.c), and
 *		the checks of settings that have several spellings.
 *
 * Corresponds to PostgreSQL's variable.c and the statement half of its
 * guc_funcs.c.
 */
#include "postgres.h"

#include <strings.h>

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/variable.h"
#include "executor/executor.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/snapmgr.h"

/* Settings that take a list; identifiers in it are quoted when needed. */
static bool
is_list_setting(const char *name, bool *quote)
{
	*quote = strcasecmp(name, "search_path") == 0;
	return *quote || strcasecmp(name, "DateStyle") == 0;
}

static char *
argument_text(const char *name, PgQuery__Node *arg, bool quote)
{
	Node *value;

	if (arg->node_case != PG_QUERY__NODE__NODE_A_CONST)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("SET %s with other than a constant is not supported",
		                name)));
	value = pgq_value(arg);
	if (value == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("SET %s takes no NULL", name)));
	switch (nodeTag(value))
	{
		case T_Integer:
			return psprintf("%d", intVal(value));
		case T_Float:
			return castNode(Float, value)->fval;
		case T_Boolean:
			return pstrdup(boolVal(value) ? "on" : "off");
		case T_String:
			return quote ? quote_identifier(strVal(value)) : strVal(value);
		default:
			elog(ERROR, "unrecognized node type: %d", (int) nodeTag(value));
	}
}

/* The words after "=" or TO as the text that guc.c parses. */
static char *
flatten_set_variable_args(const char *name, PgQuery__Node **args, size_t n)
{
	StringInfoData buf;
	bool quote;

	if (!is_list_setting(name, &quote) && n != 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("SET %s takes only one argument", name)));
	initStringInfo(&buf);
	for (size_t i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoString(&buf, ", ");
		appendStringInfoString(&buf, argument_text(name, args[i], quote));
	}
	return buf.data;
}

static bool
is_isolation_setting(const char *name)
{
	return strcasecmp(name, "transaction_isolation") == 0 ||
	       strcasecmp(name, "default_transaction_isolation") == 0;
}

static void
set_variable(const char *name, const char *value, bool is_local)
{
	if (is_isolation_setting(name) && strcasecmp(value, "serializable") == 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("isolation level SERIALIZABLE is not "
		                       "supported"),
		                errhint("REPEATABLE READ gives a snapshot that stays "
		                        "for the transaction.")));
	(void) set_config_option(
		name, value, superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION,
		is_local ? GUC_ACTION_LOCAL : GUC_ACTION_SET, false);
}

/* prefix: "transaction_" or "default_transaction_" */
void
SetTransactionOptions(PgQuery__Node **options, size_t n, const char *prefix,
                      bool is_local)
{
	ListCell *lc;

	foreach (lc, pgq_def_elems(options, n))
	{
		DefElem *item = lfirst_node(DefElem, lc);
		const char *what = item->defname;
		const char *value;

		if (strcmp(what, "transaction_isolation") == 0)
		{
			value = strVal(item->arg);
			if (is_local && FirstSnapshotSet &&
			    strcmp(value,
			           GetConfigOption("transaction_isolation", false)) != 0)
				ereport(ERROR,
				        (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				         errmsg("SET TRANSACTION ISOLATION LEVEL must be "
				                "called before any query")));
			set_variable(psprintf("%sisolation", prefix), value, is_local);
		}
		else if (strcmp(what, "transaction_read_only") == 0)
		{
			bool read_only = IsA(item->arg, Boolean) ? boolVal(item->arg)
			                                         : intVal(item->arg) != 0;

			if (is_local && !read_only && XactReadOnly && FirstSnapshotSet)
				ereport(ERROR,
				        (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
				         errmsg("transaction read-write mode must be set "
				                "before any query")));
			set_variable(psprintf("%sread_only", prefix),
			             read_only ? "on" : "off", is_local);
		}
		else if (strcmp(what, "transaction_deferrable") == 0)
		{
			/* It has a meaning for SERIALIZABLE only, which there is not. */
		}
		else
			elog(ERROR, "unexpected transaction option: %s", what);
	}
}

static void
set_multi(PgQuery__VariableSetStmt *stmt, bool isTopLevel)
{
	if (strcmp(stmt->name, "TRANSACTION") == 0)
	{
		WarnNoTransactionBlock(isTopLevel, "SET TRANSACTION");
		SetTransactionOptions(stmt->args, stmt->n_args, "transaction_", true);
	}
	else if (strcmp(stmt->name, "SESSION CHARACTERISTICS") == 0)
		SetTransactionOptions(stmt->args, stmt->n_args, "default_transaction_",
		                      stmt->is_local);
	else
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("SET %s is not supported", stmt->name)));
}

/* SET ROLE and SET SESSION AUTHORIZATION; false: the statement is another. */
static bool
set_user(PgQuery__VariableSetStmt *stmt, bool isTopLevel)
{
	const char *value = NULL;

	if (strcasecmp(stmt->name, "role") != 0 &&
	    strcasecmp(stmt->name, "session_authorization") != 0)
		return false;
	if (stmt->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE)
		value = flatten_set_variable_args(stmt->name, stmt->args, stmt->n_args);
	else if (stmt->kind != PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT &&
	         stmt->kind != PG_QUERY__VARIABLE_SET_KIND__VAR_RESET)
		return false;
	if (stmt->is_local)
		WarnNoTransactionBlock(isTopLevel, "SET LOCAL");
	return SetUserSetting(stmt->name, value, stmt->is_local);
}

void
ExecSetVariableStmt(PgQuery__VariableSetStmt *stmt, bool isTopLevel)
{
	GucAction action = stmt->is_local ? GUC_ACTION_LOCAL : GUC_ACTION_SET;

	if (set_user(stmt, isTopLevel))
		return;
	switch (stmt->kind)
	{
		case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE:
			if (stmt->is_local)
				WarnNoTransactionBlock(isTopLevel, "SET LOCAL");
			set_variable(
				stmt->name,
				flatten_set_variable_args(stmt->name, stmt->args, stmt->n_args),
				stmt->is_local);
			break;
		case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_MULTI:
			set_multi(stmt, isTopLevel);
			break;
		case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT:
			if (stmt->is_local)
				WarnNoTransactionBlock(isTopLevel, "SET LOCAL");
			ResetConfigOption(stmt->name, action);
			break;
		case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET:
			ResetConfigOption(stmt->name, GUC_ACTION_SET);
			break;
		case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL:
			ResetAllOptions();
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("SET %s FROM CURRENT is not supported",
			                       stmt->name)));
	}
}

/* ---- SHOW ---- */

TupleDesc
GetPGVariableResultDesc(const char *name)
{
	TupleDesc tupdesc;
	const char *varname;

	if (strcasecmp(name, "all") == 0)
	{
		tupdesc = CreateTemplateTupleDesc(3);
		TupleDescInitEntry(tupdesc, 1, "name", TEXTOID, -1, 0);
		TupleDescInitEntry(tupdesc, 2, "setting", TEXTOID, -1, 0);
		TupleDescInitEntry(tupdesc, 3, "description", TEXTOID, -1, 0);
		return tupdesc;
	}
	(void) GetConfigOptionByName(name, &varname, false);
	tupdesc = CreateTemplateTupleDesc(1);
	TupleDescInitEntry(tupdesc, 1, varname, TEXTOID, -1, 0);
	return tupdesc;
}

static void
ShowAllGUCConfig(DestReceiver *dest)
{
	TupOutputState *tstate =
		begin_tup_output_tupdesc(dest, GetPGVariableResultDesc("all"));
	GucRow row;

	for (int i = 0; GetGucRow(i, &row); i++)
	{
		Datum values[3];
		bool isnull[3] = {false, false, false};
		char *setting = GetConfigOptionByName(row.name, NULL, true);

		values[0] = CStringGetTextDatum(row.name);
		values[1] = CStringGetTextDatum(setting ? setting : "");
		values[2] = CStringGetTextDatum(row.short_desc ? row.short_desc : "");
		do_tup_output(tstate, values, isnull);
	}
	end_tup_output(tstate);
}

void
GetPGVariable(const char *name, DestReceiver *dest)
{
	TupOutputState *tstate;
	char *value;

	if (strcasecmp(name, "all") == 0)
	{
		ShowAllGUCConfig(dest);
		return;
	}
	value = GetConfigOptionByName(name, NULL, false);
	tstate = begin_tup_output_tupdesc(dest, GetPGVariableResultDesc(name));
	do_text_output_oneline(tstate, value ? value : "");
	end_tup_output(tstate);
}

/* ---- checks ---- */

bool
check_client_encoding(const char **newval, const char **detail)
{
	if (pg_char_to_encoding(*newval) == PG_UTF8)
		*newval = "UTF8";
	else if (strcasecmp(*newval, "SQL_ASCII") == 0)
		*newval = "SQL_ASCII"; /* the client takes the bytes as they are */
	else
	{
		*detail = "The server speaks UTF8 and converts to no other encoding.";
		return false;
	}
	return true;
}

/* A style and an order of day and month; what is not said stays. */
bool
check_datestyle(const char **newval, const char **detail)
{
	static const struct
	{
		const char *word;
		int order; /* index into results, -1: says nothing of it */
	} words[] = {{"iso", -1}, {"mdy", 0},  {"us", 0},       {"noneuropean", 0},
	             {"dmy", 1},  {"euro", 1}, {"european", 1}, {"ymd", 2}};
	static const char *const results[] = {"ISO, MDY", "ISO, DMY", "ISO, YMD"};
	static const char *const separators = " ,\t\n";
	const char *p = *newval;
	int order = 0;

	if (datestyle_string)
		for (int i = 0; i < (int) lengthof(results); i++)
			if (strcmp(datestyle_string, results[i]) == 0)
				order = i;
	for (;;)
	{
		size_t len;
		int found = -1;

		p += strspn(p, separators);
		len = strcspn(p, separators);
		if (len == 0)
			break;
		for (int i = 0; i < (int) lengthof(words); i++)
			if (strlen(words[i].word) == len &&
			    strncasecmp(p, words[i].word, len) == 0)
				found = i;
		if (found < 0)
		{
			*detail = "Only the ISO style is supported.";
			return false;
		}
		if (words[found].order >= 0)
			order = words[found].order;
		p += len;
	}
	*newval = results[order];
	return true;
}

bool
check_intervalstyle(const char **newval, const char **detail)
{
	if (strcasecmp(*newval, "postgres") != 0)
	{
		*detail = "Only \"postgres\" is supported.";
		return false;
	}
	*newval = "postgres";
	return true;
}

bool
check_timezone(const char **newval, const char **detail)
{
	static const char *const names[] = {"UTC", "Etc/UTC",   "GMT", "Etc/GMT",
	                                    "UCT", "Universal", "Zulu"};

	for (int i = 0; i < (int) lengthof(names); i++)
		if (strcasecmp(*newval, names[i]) == 0)
		{
			*newval = names[i];
			return true;
		}
	*detail = "Times are shown in UTC only.";
	return false;
}
