/*
 * exec_extended.c
 *		The extended protocol: Parse, Bind, Describe, Execute, Close.
 *
 * Parse makes a CachedPlanSource, Bind a portal with the parameters' values,
 * Execute runs it for some or all rows.  All messages up to a Sync are one
 * transaction; after an ERROR the main loop skips to the Sync.
 *
 * The unnamed statement is kept here, named ones are prepared statements like
 * those of PREPARE (prepare.c).
 *
 * Corresponds to the exec_*_message functions of PostgreSQL's postgres.c.
 */
#include "postgres.h"

#include "access/printtup.h"
#include "access/xact.h"
#include "commands/prepare.h"
#include "fmgr.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "nodes/plannodes.h"
#include "parser/analyze.h"
#include "tcop/pquery.h"
#include "tcop/tcop_internal.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* The unnamed prepared statement, or NULL. */
static CachedPlanSource *unnamed_stmt_psrc = NULL;

/* RowDescription and ParameterDescription are made in it. */
static StringInfoData row_description_buf;

void
InitExtendedProtocol(void)
{
	MemoryContext oldcontext = MemoryContextSwitchTo(TopMemoryContext);

	initStringInfo(&row_description_buf);
	MemoryContextSwitchTo(oldcontext);
}

void
drop_unnamed_stmt(void)
{
	CachedPlanSource *psrc = unnamed_stmt_psrc;

	/* Forgotten first: it must not be dropped twice. */
	unnamed_stmt_psrc = NULL;
	if (psrc)
		DropCachedPlan(psrc);
}

static CachedPlanSource *
find_statement(const char *stmt_name)
{
	if (stmt_name[0] != '\0')
		return FetchPreparedStatement(stmt_name, true)->plansource;
	if (unnamed_stmt_psrc == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_PSTATEMENT),
		                errmsg("unnamed prepared statement does not exist")));
	return unnamed_stmt_psrc;
}

CachedPlanSource *
find_plan_source(const char *stmt_name)
{
	PreparedStatement *entry;

	if (stmt_name[0] == '\0')
		return unnamed_stmt_psrc;
	entry = FetchPreparedStatement(stmt_name, false);
	return entry != NULL ? entry->plansource : NULL;
}

static Portal
find_portal(const char *portal_name)
{
	Portal portal = GetPortalByName(portal_name);

	if (!PortalIsValid(portal))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_CURSOR),
		                errmsg("portal \"%s\" does not exist", portal_name)));
	return portal;
}

static void
log_step(const char *step, const char *name, const char *query_string,
         bool was_logged)
{
	const char *shown = name[0] != '\0' ? name : "<unnamed>";
	char msec_str[32];

	switch (check_log_duration(msec_str, was_logged))
	{
		case 1:
			ereport(LOG,
			        (errmsg("duration: %s ms", msec_str), errhidestmt(true)));
			break;
		case 2:
			ereport(LOG, (errmsg("duration: %s ms  %s %s: %s", msec_str, step,
			                     shown, query_string),
			              errhidestmt(true)));
			break;
	}
}

/* ---- Parse ---- */

void
exec_parse_message(const char *query_string, const char *stmt_name,
                   Oid *paramTypes, int numParams)
{
	bool is_named = (stmt_name[0] != '\0');
	CachedPlanSource *psrc;
	MemoryContext oldcontext;

	debug_query_string = query_string;
	pgstat_report_activity(STATE_RUNNING, query_string);
	start_xact_command();

	oldcontext = MemoryContextSwitchTo(MessageContext);
	/* A failing Parse leaves no unnamed statement behind either. */
	if (!is_named)
		drop_unnamed_stmt();
	psrc = CreateCachedPlan(query_string, paramTypes, numParams);
	if (is_named)
		StorePreparedStatement(stmt_name, psrc, false);
	else
	{
		SaveCachedPlan(psrc);
		unnamed_stmt_psrc = psrc;
	}
	MemoryContextSwitchTo(oldcontext);

	/* The transaction goes on: the client may send more before its Sync. */
	CommandCounterIncrement();
	pq_putemptymessage('1');
	log_step("parse", stmt_name, query_string, false);
	debug_query_string = NULL;
}

/* ---- Bind ---- */

typedef struct BindParamError
{
	const char *portalName;
	int paramno;      /* from 0, -1: none in work */
	const char *text; /* NULL: binary */
} BindParamError;

/*
 * A value as an error shows it: in quotes, at most so many bytes of it, as it
 * may be as long as a vector or be nobody else's business.
 */
static char *
quoted_parameter(const char *text, int max_bytes)
{
	StringInfoData buf;
	int length = strlen(text);

	if (max_bytes >= 0 && length > max_bytes)
		length = pg_mbcliplen(text, length, max_bytes);
	initStringInfo(&buf);
	appendStringInfoChar(&buf, '\'');
	for (int i = 0; i < length; i++)
	{
		if (text[i] == '\'')
			appendStringInfoChar(&buf, '\'');
		appendStringInfoChar(&buf, text[i]);
	}
	appendStringInfoString(&buf, text[length] ? "...'" : "'");
	return buf.data;
}

static void
bind_param_error_callback(void *arg)
{
	BindParamError *data = (BindParamError *) arg;
	bool named = data->portalName[0] != '\0';

	if (data->paramno < 0)
		return;
	if (data->text)
		errcontext(
			"%s%s%s parameter $%d = %s", named ? "portal \"" : "unnamed portal",
			named ? data->portalName : "", named ? "\"" : "", data->paramno + 1,
			quoted_parameter(data->text, log_parameter_max_length_on_error));
	else
		errcontext("%s%s%s parameter $%d",
		           named ? "portal \"" : "unnamed portal",
		           named ? data->portalName : "", named ? "\"" : "",
		           data->paramno + 1);
}

/* A count and as many format codes, of which there may be 0 or 1 for all. */
static int16 *
get_formats(StringInfo msg, int *count)
{
	int16 *formats = NULL;

	*count = (int) pq_getmsgint(msg, 2);
	if (*count > 0)
		formats = palloc_array(int16, *count);
	for (int i = 0; i < *count; i++)
		formats[i] = (int16) pq_getmsgint(msg, 2);
	return formats;
}

static Datum
text_parameter(const char *bytes, int length, Oid type, BindParamError *error)
{
	char *text = NULL;
	Oid typinput;
	Oid typioparam;

	if (bytes)
	{
		/* Not every byte string is a text: a zero byte is none. */
		pg_verifymbstr(bytes, length, false);
		text = pstrdup(bytes);
	}
	error->text = text;
	getTypeInputInfo(type, &typinput, &typioparam);
	return OidInputFunctionCall(typinput, text, typioparam, -1);
}

static Datum
binary_parameter(char *bytes, int length, Oid type, int paramno)
{
	StringInfoData value;
	Oid typreceive;
	Oid typioparam;
	Datum result;

	getTypeBinaryInputInfo(type, &typreceive, &typioparam);
	if (bytes == NULL)
		return OidReceiveFunctionCall(typreceive, NULL, typioparam, -1);
	value.data = bytes;
	value.len = length;
	value.maxlen = length + 1;
	value.cursor = 0;
	result = OidReceiveFunctionCall(typreceive, &value, typioparam, -1);
	if (value.cursor != value.len)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		                errmsg("incorrect binary data format in bind "
		                       "parameter %d",
		                       paramno + 1)));
	return result;
}

/* The values, in the current context: the portal's. */
static ParamListInfo
get_parameters(StringInfo msg, const char *portal_name, CachedPlanSource *psrc,
               int numParams, const int16 *formats, int numFormats)
{
	ParamListInfo params = makeParamList(numParams);
	BindParamError error = {portal_name, -1, NULL};
	ErrorContextCallback callback = {error_context_stack,
	                                 bind_param_error_callback, &error};

	error_context_stack = &callback;
	for (int paramno = 0; paramno < numParams; paramno++)
	{
		ParamExternData *param = &params->params[paramno];
		Oid type = psrc->param_types[paramno];
		int length = (int32) pq_getmsgint(msg, 4);
		char *bytes = NULL;
		int format = 0;

		error.paramno = paramno;
		error.text = NULL;
		if (length != -1)
		{
			/* The byte behind stays: receive functions want a terminator. */
			bytes = palloc(Max(length, 0) + 1);
			memcpy(bytes, pq_getmsgbytes(msg, length), length);
			bytes[length] = '\0';
		}
		if (numFormats > 1)
			format = formats[paramno];
		else if (numFormats > 0)
			format = formats[0];

		if (format == 0)
			param->value = text_parameter(bytes, length, type, &error);
		else if (format == 1)
			param->value = binary_parameter(bytes, length, type, paramno);
		else
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                errmsg("unsupported format code: %d", format)));
		param->isnull = (bytes == NULL);
		param->pflags = PARAM_FLAG_CONST;
		param->ptype = type;
	}
	error_context_stack = callback.previous;
	return params;
}

void
exec_bind_message(StringInfo input_message)
{
	const char *portal_name = pq_getmsgstring(input_message);
	const char *stmt_name = pq_getmsgstring(input_message);
	CachedPlanSource *psrc = find_statement(stmt_name);
	int16 *pformats;
	int16 *rformats;
	int numPFormats;
	int numRFormats;
	int numParams;
	ParamListInfo params = NULL;
	bool snapshot_set = false;
	MemoryContext oldContext;
	const char *query_string;
	Portal portal;

	debug_query_string = psrc->query_string;
	pgstat_report_activity(STATE_RUNNING, psrc->query_string);
	start_xact_command();
	MemoryContextSwitchTo(MessageContext);

	pformats = get_formats(input_message, &numPFormats);
	numParams = (int) pq_getmsgint(input_message, 2);
	if (numPFormats > 1 && numPFormats != numParams)
		ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("bind message has %d parameter formats but %d "
		                       "parameters",
		                       numPFormats, numParams)));
	if (numParams != psrc->num_params)
		ereport(ERROR,
		        (errcode(ERRCODE_PROTOCOL_VIOLATION),
		         errmsg("bind message supplies %d parameters, but prepared "
		                "statement \"%s\" requires %d",
		                numParams, stmt_name, psrc->num_params)));
	/* Values cannot be read in a failed transaction: types are looked up. */
	if (IsAbortedTransactionBlockState() &&
	    (psrc->raw_parse_tree == NULL || numParams > 0 ||
	     !IsTransactionExitStmt(psrc->raw_parse_tree->stmt)))
		ereport(ERROR,
		        (errcode(ERRCODE_IN_FAILED_SQL_TRANSACTION),
		         errmsg("current transaction is aborted, commands ignored "
		                "until end of transaction block")));

	/* The unnamed portal may be replaced, others not. */
	portal = CreatePortal(portal_name, portal_name[0] == '\0',
	                      portal_name[0] == '\0');
	oldContext = MemoryContextSwitchTo(portal->portalContext);
	query_string = pstrdup(psrc->query_string);
	if (stmt_name[0] != '\0')
		stmt_name = pstrdup(stmt_name);

	if (numParams > 0 || (psrc->raw_parse_tree &&
	                      analyze_requires_snapshot(psrc->raw_parse_tree)))
	{
		PushActiveSnapshot(GetTransactionSnapshot());
		snapshot_set = true;
	}
	if (numParams > 0)
		params = get_parameters(input_message, portal_name, psrc, numParams,
		                        pformats, numPFormats);
	rformats = get_formats(input_message, &numRFormats);
	pq_getmsgend(input_message);

	PortalHoldCachedPlan(portal, psrc);
	PortalDefineQuery(portal, stmt_name[0] ? stmt_name : NULL, query_string,
	                  psrc->commandTag, GetCachedPlan(psrc, params, true));
	if (snapshot_set)
		PopActiveSnapshot();
	PortalStart(portal, params, 0, InvalidSnapshot);
	PortalSetResultFormat(portal, numRFormats, rformats);
	MemoryContextSwitchTo(oldContext);

	pq_putemptymessage('2');
	log_step("bind", stmt_name, query_string, false);
	debug_query_string = NULL;
}

/* ---- Execute ---- */

void
exec_execute_message(const char *portal_name, long max_rows)
{
	Portal portal = find_portal(portal_name);
	CommandDest dest = whereToSendOutput;
	PlannedStmt *pstmt = PortalGetPrimaryStmt(portal);
	bool is_xact_command;
	bool exits_xact;
	bool execute_is_fetch;
	bool completed;
	bool was_logged = false;
	const char *sourceText;
	const char *name;
	DestReceiver *receiver;
	QueryCompletion qc;

	if (dest == DestRemote)
		dest = DestRemoteExecute;
	/* An empty statement. */
	if (portal->stmts == NIL)
	{
		NullCommand(dest);
		return;
	}
	is_xact_command =
		pstmt->commandType == CMD_UTILITY &&
		pstmt->utilityStmt->node_case == PG_QUERY__NODE__NODE_TRANSACTION_STMT;
	exits_xact = is_xact_command && IsTransactionExitStmt(pstmt->utilityStmt);

	/* The portal may be gone when the statement is done. */
	sourceText = MemoryContextStrdup(MessageContext, portal->sourceText);
	name = portal->prepStmtName
	           ? MemoryContextStrdup(MessageContext, portal->prepStmtName)
	           : "";
	debug_query_string = sourceText;
	pgstat_report_activity(STATE_RUNNING, sourceText);

	receiver = CreateDestReceiver(dest);
	if (dest == DestRemoteExecute)
		SetRemoteDestReceiverParams(receiver, portal);
	start_xact_command();
	/* The client comes back for more rows of the same. */
	execute_is_fetch = !portal->atStart;
	if (log_statement == LOGSTMT_ALL && !execute_is_fetch)
	{
		ereport(LOG, (errmsg("execute %s: %s", name[0] ? name : "<unnamed>",
		                     sourceText),
		              errhidestmt(true)));
		was_logged = true;
	}
	if (IsAbortedTransactionBlockState() && !exits_xact)
		ereport(ERROR,
		        (errcode(ERRCODE_IN_FAILED_SQL_TRANSACTION),
		         errmsg("current transaction is aborted, commands ignored "
		                "until end of transaction block")));
	CHECK_FOR_INTERRUPTS();

	if (max_rows <= 0)
		max_rows = FETCH_ALL;
	completed = PortalRun(portal, max_rows, true,
	                      !execute_is_fetch && max_rows == FETCH_ALL, receiver,
	                      receiver, &qc);
	receiver->rDestroy(receiver);

	if (completed)
	{
		if (is_xact_command)
			finish_xact_command(); /* the portal is gone */
		else
		{
			CommandCounterIncrement();
			disable_statement_timeout();
		}
		EndCommand(&qc, dest, false);
	}
	else
		pq_putemptymessage('s');

	log_step(execute_is_fetch ? "execute fetch from" : "execute", name,
	         sourceText, was_logged);
	debug_query_string = NULL;
}

/* ---- Describe ---- */

void
exec_describe_statement_message(const char *stmt_name)
{
	CachedPlanSource *psrc;

	start_xact_command();
	MemoryContextSwitchTo(MessageContext);
	psrc = find_statement(stmt_name);

	/* The row's types cannot be looked up now. */
	if (IsAbortedTransactionBlockState() && psrc->resultDesc)
		ereport(ERROR,
		        (errcode(ERRCODE_IN_FAILED_SQL_TRANSACTION),
		         errmsg("current transaction is aborted, commands ignored "
		                "until end of transaction block")));

	pq_beginmessage_reuse(&row_description_buf, 't');
	pq_sendint16(&row_description_buf, (uint16) psrc->num_params);
	for (int i = 0; i < psrc->num_params; i++)
		pq_sendint32(&row_description_buf, psrc->param_types[i]);
	pq_endmessage_reuse(&row_description_buf);

	if (psrc->resultDesc)
		SendRowDescriptionMessage(&row_description_buf, psrc->resultDesc,
		                          psrc->resultTargets, NULL);
	else
		pq_putemptymessage('n');
}

void
exec_describe_portal_message(const char *portal_name)
{
	Portal portal;

	start_xact_command();
	MemoryContextSwitchTo(MessageContext);
	portal = find_portal(portal_name);

	if (IsAbortedTransactionBlockState() && portal->tupDesc)
		ereport(ERROR,
		        (errcode(ERRCODE_IN_FAILED_SQL_TRANSACTION),
		         errmsg("current transaction is aborted, commands ignored "
		                "until end of transaction block")));

	if (portal->tupDesc)
		SendRowDescriptionMessage(&row_description_buf, portal->tupDesc,
		                          FetchPortalTargetList(portal),
		                          portal->formats);
	else
		pq_putemptymessage('n');
}

/* ---- Close ---- */

/* That there is none of the name is no error. */
void
exec_close_message(int close_type, const char *close_target)
{
	Portal portal;

	switch (close_type)
	{
		case 'S':
			if (close_target[0] != '\0')
				DropPreparedStatement(close_target, false);
			else
				drop_unnamed_stmt();
			break;
		case 'P':
			portal = GetPortalByName(close_target);
			if (PortalIsValid(portal))
				PortalDrop(portal, false);
			break;
		default:
			ereport(ERROR,
			        (errcode(ERRCODE_PROTOCOL_VIOLATION),
			         errmsg("invalid CLOSE message subtype %d", close_type)));
	}
	pq_putemptymessage('3');
}
