/*
 * postgres.c
 *		The main loop of a backend.
 *
 * One message after the other is read and acted upon.  Between messages the
 * backend is idle: that is when ReadyForQuery goes out, settings that changed
 * are reported, the configuration is read again, and the idle timeouts run.
 *
 * An ERROR comes back to the sigsetjmp in PostgresMain: it is reported, the
 * transaction aborted, and the loop goes on.  Rules:
 *
 * 1.	An ERROR in the extended protocol is followed by a skip to the next Sync
 *		(ignore_till_sync), for the client has sent the rest without waiting.
 * 2.	An ERROR in the middle of reading a message means that the place of the
 *		next message is not known: the connection ends.
 * 3.	Cancels are held off while a message is read (rule 2), and mean nothing
 *		while none is being worked on (DoingCommandRead).
 *
 * Corresponds to PostgreSQL's postgres.c; running statements is in
 * exec_simple.c and exec_extended.c, interrupts are in interrupts.c.
 */
#include "postgres.h"

#include <signal.h>

#include "access/parallel.h"
#include "access/xact.h"
#include "libpq/attach.h"
#include "libpq/attach_be.h"
#include "libpq/libpq-be.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "postmaster/postmaster.h"
#include "storage/ipc.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "tcop/direct.h"
#include "tcop/interrupts.h"
#include "tcop/tcop_internal.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/backend_status.h"
#include "utils/guc_internal.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

/* GUCs */
int client_connection_check_interval = 1000;
int log_statement = LOGSTMT_NONE;

CommandDest whereToSendOutput = DestNone;

/* A transaction is open around the client's commands. */
static bool xact_started = false;

/* Rule 1. */
static bool doing_extended_query_message = false;
static bool ignore_till_sync = false;

/* ---- transactions around commands ---- */

static void
enable_statement_timeout(void)
{
	Assert(xact_started);
	if (StatementTimeout > 0)
	{
		if (!get_timeout_active(STATEMENT_TIMEOUT))
			enable_timeout_after(STATEMENT_TIMEOUT, StatementTimeout);
	}
	else
		disable_statement_timeout();
}

void
disable_statement_timeout(void)
{
	if (get_timeout_active(STATEMENT_TIMEOUT))
		disable_timeout(STATEMENT_TIMEOUT, false);
}

void
start_xact_command(void)
{
	if (!xact_started)
	{
		StartTransactionCommand();
		xact_started = true;
	}
	enable_statement_timeout();
	/* A client that is gone shall not be worked for. */
	if (client_connection_check_interval > 0 &&
	    !get_timeout_active(CLIENT_CONNECTION_CHECK_TIMEOUT))
		enable_timeout_after(CLIENT_CONNECTION_CHECK_TIMEOUT,
		                     client_connection_check_interval);
}

void
finish_xact_command(void)
{
	disable_statement_timeout();
	if (xact_started)
	{
		CommitTransactionCommand();
		xact_started = false;
	}
}

bool
IsTransactionExitStmt(const PgQuery__Node *parsetree)
{
	if (parsetree == NULL ||
	    parsetree->node_case != PG_QUERY__NODE__NODE_TRANSACTION_STMT)
		return false;
	switch (parsetree->transaction_stmt->kind)
	{
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT:
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE:
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK:
		case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO:
			return true;
		default:
			return false;
	}
}

void
RejectInAbortedTransaction(RawStmt *parsetree)
{
	if (parsetree != NULL && IsAbortedTransactionBlockState() &&
	    !IsTransactionExitStmt(parsetree->stmt))
		ereport(ERROR,
		        (errcode(ERRCODE_IN_FAILED_SQL_TRANSACTION),
		         errmsg("current transaction is aborted, commands ignored "
		                "until end of transaction block")));
}

/* ---- the log ---- */

/* From which value of log_statement on it is logged. */
static LogStmtLevel
log_level_of(const PgQuery__Node *stmt)
{
	switch (CreateCommandTag(stmt))
	{
		case CMDTAG_CREATE_TABLE:
		case CMDTAG_CREATE_TABLE_AS:
		case CMDTAG_SELECT_INTO:
		case CMDTAG_CREATE_INDEX:
		case CMDTAG_CREATE_EXTENSION:
		case CMDTAG_DROP_TABLE:
		case CMDTAG_DROP_INDEX:
		case CMDTAG_DROP_EXTENSION:
		case CMDTAG_ALTER_TABLE:
		case CMDTAG_CREATE_ROLE:
		case CMDTAG_ALTER_ROLE:
		case CMDTAG_DROP_ROLE:
		case CMDTAG_GRANT:
		case CMDTAG_GRANT_ROLE:
		case CMDTAG_REVOKE:
		case CMDTAG_REVOKE_ROLE:
			return LOGSTMT_DDL;
		case CMDTAG_INSERT:
		case CMDTAG_UPDATE:
		case CMDTAG_DELETE:
		case CMDTAG_TRUNCATE_TABLE:
			return LOGSTMT_MOD;
		case CMDTAG_COPY:
			return stmt->copy_stmt->is_from ? LOGSTMT_MOD : LOGSTMT_ALL;
		default:
			return LOGSTMT_ALL;
	}
}

bool
check_log_statement(List *stmt_list)
{
	ListCell *lc;

	if (log_statement == LOGSTMT_NONE)
		return false;
	if (log_statement == LOGSTMT_ALL)
		return true;
	foreach (lc, stmt_list)
		if (log_level_of(lfirst_node(RawStmt, lc)->stmt) <=
		    (LogStmtLevel) log_statement)
			return true;
	return false;
}

int
check_log_duration(char *msec_str, bool was_logged)
{
	long secs;
	int usecs;

	if (log_min_duration_statement < 0)
		return 0;
	TimestampDifference(GetCurrentStatementStartTimestamp(),
	                    GetCurrentTimestamp(), &secs, &usecs);
	if (secs * 1000 + usecs / 1000 < log_min_duration_statement)
		return 0;
	snprintf(msec_str, 32, "%ld.%03d", secs * 1000 + usecs / 1000,
	         usecs % 1000);
	return was_logged ? 1 : 2;
}

static void
log_disconnection(int code, Datum arg)
{
	long secs;
	int usecs;

	TimestampDifference(MyProcPort->SessionStartTime, GetCurrentTimestamp(),
	                    &secs, &usecs);
	ereport(LOG, (errmsg("disconnection: session time: %ld:%02ld:%02ld.%03d "
	                     "user=%s database=%s host=[local]",
	                     secs / 3600, secs / 60 % 60, secs % 60, usecs / 1000,
	                     MyProcPort->user_name, MyProcPort->database_name)));
}

/* ---- reading messages ---- */

/*
 * The next message's type, its body in inBuf; EOF if the client is gone.  A
 * type that does not exist, and a length that cannot be, end the session: the
 * two sides do not understand each other.
 */
static int
SocketBackend(StringInfo inBuf)
{
	int maxmsglen = PQ_SMALL_MESSAGE_LIMIT;
	int qtype;

	HOLD_CANCEL_INTERRUPTS();
	pq_startmsgread();
	qtype = pq_getbyte();
	if (qtype == EOF)
	{
		if (IsTransactionState())
			ereport(COMMERROR,
			        (errcode(ERRCODE_CONNECTION_FAILURE),
			         errmsg("unexpected EOF on client connection with an "
			                "open transaction")));
		return EOF;
	}

	switch (qtype)
	{
		case 'Q': /* simple query */
			maxmsglen = PQ_LARGE_MESSAGE_LIMIT;
			doing_extended_query_message = false;
			break;
		case 'F': /* function call */
			maxmsglen = PQ_LARGE_MESSAGE_LIMIT;
			doing_extended_query_message = false;
			break;
		case 'X': /* terminate */
			doing_extended_query_message = false;
			ignore_till_sync = false;
			break;
		case 'B': /* bind */
		case 'P': /* parse */
			maxmsglen = PQ_LARGE_MESSAGE_LIMIT;
			doing_extended_query_message = true;
			break;
		case 'C': /* close */
		case 'D': /* describe */
		case 'E': /* execute */
		case 'H': /* flush */
			doing_extended_query_message = true;
			break;
		case 'S': /* sync */
			ignore_till_sync = false;
			/* Not what follows an ERROR here: it would wait for another. */
			doing_extended_query_message = false;
			break;
		case 'd': /* rest of a COPY that has failed */
			maxmsglen = PQ_LARGE_MESSAGE_LIMIT;
			doing_extended_query_message = false;
			break;
		case 'c':
		case 'f':
			doing_extended_query_message = false;
			break;
		case PqMsg_Attach:
			maxmsglen = ATTACH_MAX_REQUEST;
			doing_extended_query_message = false;
			break;
		default:
			ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
			                errmsg("invalid frontend message type %d", qtype)));
	}
	if (pq_getmessage(inBuf, maxmsglen) != 0)
		return EOF; /* the log knows why */
	RESUME_CANCEL_INTERRUPTS();
	return qtype;
}

/* ---- messages ---- */

static void
parse_message(StringInfo msg)
{
	const char *stmt_name = pq_getmsgstring(msg);
	const char *query_string = pq_getmsgstring(msg);
	int numParams = (int) pq_getmsgint(msg, 2);
	Oid *paramTypes = NULL;

	if (numParams > 0)
		paramTypes = palloc_array(Oid, numParams);
	for (int i = 0; i < numParams; i++)
		paramTypes[i] = pq_getmsgint(msg, 4);
	pq_getmsgend(msg);
	exec_parse_message(query_string, stmt_name, paramTypes, numParams);
}

static void
execute_message(StringInfo msg)
{
	const char *portal_name = pq_getmsgstring(msg);
	int max_rows = (int) pq_getmsgint(msg, 4);

	pq_getmsgend(msg);
	exec_execute_message(portal_name, max_rows);
}

static void
describe_message(StringInfo msg)
{
	int describe_type = pq_getmsgbyte(msg);
	const char *target = pq_getmsgstring(msg);

	pq_getmsgend(msg);
	switch (describe_type)
	{
		case 'S':
			exec_describe_statement_message(target);
			break;
		case 'P':
			exec_describe_portal_message(target);
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
			                errmsg("invalid DESCRIBE message subtype %d",
			                       describe_type)));
	}
}

static void
close_message(StringInfo msg)
{
	int close_type = pq_getmsgbyte(msg);
	const char *target = pq_getmsgstring(msg);

	pq_getmsgend(msg);
	exec_close_message(close_type, target);
}

static void
simple_query_message(StringInfo msg)
{
	const char *query_string = pq_getmsgstring(msg);

	pq_getmsgend(msg);
	SetCurrentStatementStartTimestamp();
	exec_simple_query(query_string);
}

/* True: ReadyForQuery is due. */
static bool
HandleMessage(int type, StringInfo msg)
{
	switch (type)
	{
		case 'Q':
			simple_query_message(msg);
			return true;
		case 'P':
			SetCurrentStatementStartTimestamp();
			parse_message(msg);
			return false;
		case 'B':
			SetCurrentStatementStartTimestamp();
			exec_bind_message(msg);
			return false;
		case 'E':
			SetCurrentStatementStartTimestamp();
			execute_message(msg);
			return false;
		case 'D':
			SetCurrentStatementStartTimestamp();
			describe_message(msg);
			return false;
		case 'C':
			close_message(msg);
			return false;
		case 'H':
			pq_getmsgend(msg);
			pq_flush();
			return false;
		case 'S':
			pq_getmsgend(msg);
			finish_xact_command();
			return true;
		case 'F':
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("function call messages are not "
			                       "supported"),
			                errhint("Call the function by SELECT.")));
			break;
		case PqMsg_Attach:
			exec_attach_message(msg);
			return false;
		case EOF:
			pgStatSessionEndCause = DISCONNECT_CLIENT_EOF;
			/* fall through */
		case 'X':
			/* Nobody is there to be told anything. */
			whereToSendOutput = DestNone;
			send_message_to_frontend_hook = NULL;
			proc_exit(0);
		case 'd':
		case 'c':
		case 'f':
			/* Sent before the client knew that its COPY had failed. */
			return false;
	}
	return false;
}

/* ---- the idle state ---- */

/* pg_stat_activity shows it as it is. */
static void
report_application_name(void)
{
	static char reported[NAMEDATALEN];

	if (application_name && strcmp(reported, application_name) != 0)
	{
		strlcpy(reported, application_name, sizeof(reported));
		pgstat_report_appname(application_name);
	}
}

void
ReportIdle(void)
{
	BackendState state = STATE_IDLE;

	if (IsAbortedTransactionBlockState())
		state = STATE_IDLEINTRANSACTION_ABORTED;
	else if (IsTransactionOrTransactionBlock())
		state = STATE_IDLEINTRANSACTION;
	pgstat_report_activity(state, NULL);
	if (state == STATE_IDLE)
	{
		if (IdleSessionTimeout > 0)
			enable_timeout_after(IDLE_SESSION_TIMEOUT, IdleSessionTimeout);
	}
	else if (IdleInTransactionSessionTimeout > 0)
		enable_timeout_after(IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
		                     IdleInTransactionSessionTimeout);
}

static void
BecomeIdle(void)
{
	ReportIdle();
	report_application_name();
	ReportChangedGUCOptions();
	ReadyForQuery(whereToSendOutput);
}

static void
disable_idle_timeouts(void)
{
	if (get_timeout_active(IDLE_IN_TRANSACTION_SESSION_TIMEOUT))
		disable_timeout(IDLE_IN_TRANSACTION_SESSION_TIMEOUT, false);
	if (get_timeout_active(IDLE_SESSION_TIMEOUT))
		disable_timeout(IDLE_SESSION_TIMEOUT, false);
}

/* ---- the process ---- */

static void
RecoverFromError(void)
{
	error_context_stack = NULL;
	/* Nothing may interrupt the clean-up. */
	HOLD_INTERRUPTS();

	/* What asked for this statement's end shall not end the next. */
	disable_all_timeouts(false);
	QueryCancelPending = false;
	DoingCommandRead = false;

	pq_comm_reset();
	EmitErrorReport();
	debug_query_string = NULL;

	AbortCurrentTransaction();
	MemoryContextSwitchTo(TopMemoryContext);
	FlushErrorState();

	if (doing_extended_query_message)
		ignore_till_sync = true;
	xact_started = false;
	if (pq_is_reading_msg())
		ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("terminating connection because protocol "
		                       "synchronization was lost")));
	QueryCancelHoldoffCount = 0;
	RESUME_INTERRUPTS();
}

static void
SendBackendKeyData(void)
{
	StringInfoData buf;

	pq_beginmessage(&buf, 'K');
	pq_sendint32(&buf, (uint32) MyProcPid);
	pq_sendint32(&buf, (uint32) MyCancelKey);
	pq_endmessage(&buf);
}

static void
InitBackend(const char *dbname, const char *username)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGINT, StatementCancelHandler);
	pqsignal(SIGTERM, die);
	pqsignal(SIGQUIT, quickdie);
	pqsignal(SIGPIPE, SIG_IGN);
	pqsignal(SIGUSR1, procsignal_sigusr1_handler);
	pqsignal(SIGUSR2, SIG_IGN);
	pqsignal(SIGCHLD, SIG_DFL);
	InitializeTimeouts(); /* SIGALRM */
	set_stack_base();

	BaseInit();
	PG_SETMASK(&UnBlockSig);
	whereToSendOutput = DestRemote;
	InitPostgres(dbname, InvalidOid, username, InvalidOid, NULL);

	if (log_disconnections)
		on_proc_exit(log_disconnection, 0);
	INJECTION_POINT("backend-initialized");
	BeginReportingGUCOptions();
	SendBackendKeyData();
	/* ReadyForQuery will flush it. */

	MessageContext = AllocSetContextCreate(TopMemoryContext, "MessageContext",
	                                       ALLOCSET_DEFAULT_SIZES);
	InitExtendedProtocol();
}

void
PostgresMain(const char *dbname, const char *username)
{
	InitBackend(dbname, username);
	PostgresMainLoop();
}

void
PostgresMainLoop(void)
{
	sigjmp_buf local_sigjmp_buf;
	volatile bool send_ready_for_query = true;

	xact_started = false;
	ignore_till_sync = false;
	if (sigsetjmp(local_sigjmp_buf, 1) != 0)
		RecoverFromError();
	PG_exception_stack = &local_sigjmp_buf;
	if (!ignore_till_sync)
		send_ready_for_query = true;

	for (;;)
	{
		StringInfoData input_message;
		int firstchar;

		doing_extended_query_message = false;
		MemoryContextSwitchTo(MessageContext);
		MemoryContextReset(MessageContext);
		initStringInfo(&input_message);
		/* Rows that others delete shall not be kept for an idle session. */
		InvalidateCatalogSnapshot();

		if (send_ready_for_query)
		{
			BecomeIdle();
			send_ready_for_query = false;
		}

		DoingCommandRead = true;
		firstchar = SocketBackend(&input_message);
		disable_idle_timeouts();
		/* A cancel that came too late is forgotten here. */
		CHECK_FOR_INTERRUPTS();
		DoingCommandRead = false;

		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			(void) ProcessConfigFile(PGC_SIGHUP);
		}
		if (ignore_till_sync && firstchar != EOF)
			continue;
		if (firstchar != PqMsg_Attach)
			DirectSearchStop();
		if (HandleMessage(firstchar, &input_message))
			send_ready_for_query = true;
	}
}
