/*
 * elog.c
 *		Error reports: built on a small stack, written to the server log and
 *		sent to the client, and the unwinding that ERROR, FATAL and PANIC mean.
 *
 * A report under construction is on a stack of ERRORDATA_STACK_SIZE entries,
 * because building one (a palloc, a context callback) may raise another.  Its
 * strings live in ErrorContext, which has 8 kB from the start, so that "out of
 * memory" can be said.  Recursion deeper than two drops context callbacks,
 * which are the likely cause.
 *
 * The log goes to stderr (the postmaster redirects it to the log file); each
 * report is one write(2), so that processes' lines do not mix.
 *
 * Corresponds to PostgreSQL's elog.c; no syslog, csvlog or jsonlog.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/stringinfo.h"
#include "libpq/libpq-be.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#define ERRORDATA_STACK_SIZE 5

PG_PER_THREAD ErrorContextCallback *error_context_stack = NULL;
PG_PER_THREAD sigjmp_buf *PG_exception_stack = NULL;
emit_log_hook_type emit_log_hook = NULL;
send_message_to_frontend_type send_message_to_frontend_hook = NULL;

/* GUCs */
int log_min_messages = WARNING;
int log_min_error_statement = ERROR;
int client_min_messages = NOTICE;
char *Log_line_prefix = NULL;
bool log_error_verbosity_verbose = false;

static ErrorData errordata[ERRORDATA_STACK_SIZE];
static int errordata_stack_depth = -1;
static int recursion_depth = 0;

static void send_message_to_server_log(ErrorData *edata);

void
write_stderr(const char *fmt, ...)
{
	char buf[2048];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	if (len > 0)
	{
		ssize_t rc =
			write(STDERR_FILENO, buf, (size_t) Min(len, (int) sizeof(buf) - 1));

		(void) rc; /* nowhere left to complain */
	}
}

void
ExceptionalCondition(const char *conditionName, const char *fileName,
                     int lineNumber)
{
	write_stderr("TRAP: failed Assert(\"%s\"), File: \"%s\", Line: %d, "
	             "PID: %d\n",
	             conditionName, fileName, lineNumber, (int) getpid());
	abort();
}

bool
in_error_recursion_trouble(void)
{
	return recursion_depth > 2;
}

/* LOG stands between ERROR and FATAL in the order of the server log. */
static bool
is_log_level_output(int elevel, int log_min_level)
{
	if (elevel == LOG || elevel == LOG_SERVER_ONLY)
		return log_min_level == LOG || log_min_level <= ERROR;
	if (elevel == WARNING_CLIENT_ONLY)
		return false;
	if (log_min_level == LOG)
		return elevel >= FATAL;
	return elevel >= log_min_level;
}

static bool
should_output_to_client(int elevel)
{
	if (send_message_to_frontend_hook == NULL || elevel == LOG_SERVER_ONLY)
		return false;
	if (elevel >= ERROR)
		return true;
	return elevel == INFO || elevel >= client_min_messages;
}

static ErrorData *
current_report(void)
{
	if (errordata_stack_depth < 0)
	{
		errordata_stack_depth = -1;
		ereport(ERROR, (errmsg_internal("errstart was not called")));
	}
	return &errordata[errordata_stack_depth];
}

static ErrorData *
push_report(void)
{
	ErrorData *edata;

	if (++errordata_stack_depth >= ERRORDATA_STACK_SIZE)
	{
		/* Errors within errors without end: nothing can be trusted. */
		errordata_stack_depth = -1;
		write_stderr("PANIC:  ERRORDATA_STACK_SIZE exceeded\n");
		abort();
	}
	edata = &errordata[errordata_stack_depth];
	memset(edata, 0, sizeof(ErrorData));
	return edata;
}

/*
 * ERROR becomes FATAL or PANIC where it cannot be unwound; FATAL too becomes
 * PANIC in a critical section, whose change is half done in shared memory.
 */
static int
promote_level(int elevel)
{
	if (elevel >= ERROR && CritSectionCount > 0)
		elevel = PANIC;
	else if (elevel == ERROR && (PG_exception_stack == NULL || ExitOnAnyError ||
	                             proc_exit_inprogress))
		elevel = FATAL;
	/* An ERROR while a FATAL or PANIC is being built must not weaken it. */
	for (int i = 0; elevel >= ERROR && i <= errordata_stack_depth; i++)
		elevel = Max(elevel, errordata[i].elevel);
	return elevel;
}

bool
errstart(int elevel, const char *domain)
{
	ErrorData *edata;
	bool output_to_server, output_to_client;

	if (elevel >= ERROR)
		elevel = promote_level(elevel);
	output_to_server = is_log_level_output(elevel, log_min_messages);
	output_to_client = should_output_to_client(elevel);
	if (elevel < ERROR && !output_to_server && !output_to_client)
		return false;
	if (ErrorContext == NULL)
	{
		write_stderr("error occurred before error message processing is "
		             "available\n");
		exit(2);
	}
	if (recursion_depth++ > 0 && elevel >= ERROR)
	{
		MemoryContextReset(ErrorContext);
		if (in_error_recursion_trouble())
			error_context_stack = NULL;
	}
	edata = push_report();
	edata->elevel = elevel;
	edata->output_to_server = output_to_server;
	edata->output_to_client = output_to_client;
	edata->domain = domain;
	edata->sqlerrcode = elevel >= ERROR     ? ERRCODE_INTERNAL_ERROR
	                    : elevel >= WARNING ? ERRCODE_WARNING
	                                        : ERRCODE_SUCCESSFUL_COMPLETION;
	edata->saved_errno = errno;
	edata->assoc_context = ErrorContext;
	recursion_depth--;
	return true;
}

static void
free_report_strings(ErrorData *edata)
{
	char **strings[] = {&edata->message,       &edata->detail,
	                    &edata->detail_log,    &edata->hint,
	                    &edata->context,       &edata->schema_name,
	                    &edata->table_name,    &edata->column_name,
	                    &edata->datatype_name, &edata->constraint_name,
	                    &edata->internalquery};

	for (int i = 0; i < (int) lengthof(strings); i++)
		if (*strings[i])
		{
			pfree(*strings[i]);
			*strings[i] = NULL;
		}
}

static void
end_process(int elevel)
{
	if (elevel == FATAL)
	{
		PG_exception_stack = NULL;
		if (pgStatSessionEndCause == DISCONNECT_NORMAL)
			pgStatSessionEndCause = DISCONNECT_FATAL;
		fflush(NULL);
		proc_exit(1);
	}
	if (elevel >= PANIC)
	{
		fflush(NULL);
		abort();
	}
}

void
errfinish(const char *filename, int lineno, const char *funcname)
{
	ErrorData *edata = current_report();
	const char *slash = filename ? strrchr(filename, '/') : NULL;
	int elevel = edata->elevel;
	MemoryContext oldcontext;
	ErrorContextCallback *econtext;

	recursion_depth++;
	edata->filename = slash ? slash + 1 : filename;
	edata->lineno = lineno;
	edata->funcname = funcname;
	oldcontext = MemoryContextSwitchTo(ErrorContext);
	for (econtext = error_context_stack; econtext != NULL;
	     econtext = econtext->previous)
		econtext->callback(econtext->arg);
	if (elevel == ERROR)
	{
		/*
		 * The catcher may run anything: no interrupt is held and no critical
		 * section is open any more.
		 */
		InterruptHoldoffCount = 0;
		QueryCancelHoldoffCount = 0;
		CritSectionCount = 0;
		recursion_depth--;
		PG_RE_THROW();
	}
	EmitErrorReport();
	free_report_strings(edata);
	errordata_stack_depth--;
	MemoryContextSwitchTo(oldcontext);
	recursion_depth--;
	end_process(elevel);
	CHECK_FOR_INTERRUPTS();
}

void
pg_re_throw(void)
{
	if (PG_exception_stack != NULL)
		siglongjmp(*PG_exception_stack, 1);
	else
	{
		ErrorData *edata = current_report();

		/* Nobody to catch it: what was an ERROR ends the process. */
		edata->elevel = FATAL;
		edata->output_to_server = is_log_level_output(FATAL, log_min_messages);
		edata->output_to_client = should_output_to_client(FATAL);
		EmitErrorReport();
		end_process(FATAL);
	}
	abort();
}

void
EmitErrorReport(void)
{
	ErrorData *edata = current_report();
	MemoryContext oldcontext;

	recursion_depth++;
	oldcontext = MemoryContextSwitchTo(edata->assoc_context);
	if (edata->output_to_server && emit_log_hook)
		emit_log_hook(edata);
	if (edata->output_to_server)
		send_message_to_server_log(edata);
	if (edata->output_to_client && send_message_to_frontend_hook)
		send_message_to_frontend_hook(edata);
	MemoryContextSwitchTo(oldcontext);
	recursion_depth--;
}

/* ---- the fields of the report under construction ---- */

int
errcode(int sqlerrcode)
{
	current_report()->sqlerrcode = sqlerrcode;
	return 0;
}

static int
sqlstate_for_errno(int errnum)
{
	switch (errnum)
	{
		case EPERM:
		case EACCES:
		case EROFS:
			return ERRCODE_INSUFFICIENT_PRIVILEGE;
		case ENOENT:
			return ERRCODE_UNDEFINED_FILE;
		case EEXIST:
			return ERRCODE_DUPLICATE_FILE;
		case ENOTDIR:
		case EISDIR:
		case ENOTEMPTY:
			return ERRCODE_WRONG_OBJECT_TYPE;
		case ENOSPC:
			return ERRCODE_DISK_FULL;
		case ENOMEM:
			return ERRCODE_OUT_OF_MEMORY;
		case ENFILE:
		case EMFILE:
			return ERRCODE_INSUFFICIENT_RESOURCES;
		case EIO:
			return ERRCODE_IO_ERROR;
		case ENAMETOOLONG:
			return ERRCODE_FILE_NAME_TOO_LONG;
		default:
			return ERRCODE_INTERNAL_ERROR;
	}
}

int
errcode_for_file_access(void)
{
	ErrorData *edata = current_report();

	edata->sqlerrcode = sqlstate_for_errno(edata->saved_errno);
	return 0;
}

int
errcode_for_socket_access(void)
{
	ErrorData *edata = current_report();

	edata->sqlerrcode =
		(edata->saved_errno == EPIPE || edata->saved_errno == ECONNRESET)
			? ERRCODE_CONNECTION_FAILURE
			: ERRCODE_INTERNAL_ERROR;
	return 0;
}

/* Format into *field; %m is the errno at errstart. */
static void
set_field(ErrorData *edata, char **field, bool append, const char *fmt,
          va_list args)
{
	MemoryContext oldcontext = MemoryContextSwitchTo(edata->assoc_context);
	StringInfoData buf;

	recursion_depth++;
	initStringInfo(&buf);
	if (append && *field)
		appendStringInfo(&buf, "%s\n", *field);
	for (;;)
	{
		va_list copy;
		int needed;

		va_copy(copy, args);
		errno = edata->saved_errno;
		needed = appendStringInfoVA(&buf, fmt, copy);
		va_end(copy);
		if (needed == 0)
			break;
		enlargeStringInfo(&buf, needed);
	}
	if (*field)
		pfree(*field);
	*field = buf.data;
	MemoryContextSwitchTo(oldcontext);
	recursion_depth--;
	errno = edata->saved_errno;
}

#define ERROR_FIELD_FUNCTION(function, field, append)       \
	int function(const char *fmt, ...)                      \
	{                                                       \
		ErrorData *edata = current_report();                \
		va_list args;                                       \
                                                            \
		va_start(args, fmt);                                \
		set_field(edata, &edata->field, append, fmt, args); \
		va_end(args);                                       \
		return 0;                                           \
	}

ERROR_FIELD_FUNCTION(errmsg, message, false)
ERROR_FIELD_FUNCTION(errmsg_internal, message, false)
ERROR_FIELD_FUNCTION(errdetail, detail, false)
ERROR_FIELD_FUNCTION(errdetail_internal, detail, false)
ERROR_FIELD_FUNCTION(errdetail_log, detail_log, false)
ERROR_FIELD_FUNCTION(errhint, hint, false)
ERROR_FIELD_FUNCTION(errhint_more, hint, true)
ERROR_FIELD_FUNCTION(errcontext_msg, context, true)

int
errmsg_plural(const char *fmt_singular, const char *fmt_plural, unsigned long n,
              ...)
{
	ErrorData *edata = current_report();
	va_list args;

	va_start(args, n);
	set_field(edata, &edata->message, false, n == 1 ? fmt_singular : fmt_plural,
	          args);
	va_end(args);
	return 0;
}

int
errhidestmt(bool hide_stmt)
{
	current_report()->hide_stmt = hide_stmt;
	return 0;
}

int
errhidecontext(bool hide_ctx)
{
	current_report()->hide_ctx = hide_ctx;
	return 0;
}

int
errposition(int cursorpos)
{
	current_report()->cursorpos = cursorpos;
	return 0;
}

int
internalerrposition(int cursorpos)
{
	current_report()->internalpos = cursorpos;
	return 0;
}

int
internalerrquery(const char *query)
{
	ErrorData *edata = current_report();

	edata->internalquery =
		query ? MemoryContextStrdup(edata->assoc_context, query) : NULL;
	return 0;
}

int
err_generic_string(int field, const char *str)
{
	ErrorData *edata = current_report();
	char **target;

	switch (field)
	{
		case 's':
			target = &edata->schema_name;
			break;
		case 't':
			target = &edata->table_name;
			break;
		case 'c':
			target = &edata->column_name;
			break;
		case 'd':
			target = &edata->datatype_name;
			break;
		case 'n':
			target = &edata->constraint_name;
			break;
		default:
			elog(ERROR, "unsupported ErrorData field id: %d", field);
	}
	*target = MemoryContextStrdup(edata->assoc_context, str);
	return 0;
}

int
geterrlevel(void)
{
	return current_report()->elevel;
}

int
geterrcode(void)
{
	return current_report()->sqlerrcode;
}

int
geterrposition(void)
{
	return current_report()->cursorpos;
}

/* ---- what a PG_CATCH block does with the report ---- */

static char *
copy_string(const char *s)
{
	return s ? pstrdup(s) : NULL;
}

static void
copy_strings(ErrorData *edata)
{
	edata->message = copy_string(edata->message);
	edata->detail = copy_string(edata->detail);
	edata->detail_log = copy_string(edata->detail_log);
	edata->hint = copy_string(edata->hint);
	edata->context = copy_string(edata->context);
	edata->schema_name = copy_string(edata->schema_name);
	edata->table_name = copy_string(edata->table_name);
	edata->column_name = copy_string(edata->column_name);
	edata->datatype_name = copy_string(edata->datatype_name);
	edata->constraint_name = copy_string(edata->constraint_name);
	edata->internalquery = copy_string(edata->internalquery);
}

ErrorData *
CopyErrorData(void)
{
	ErrorData *edata = current_report();
	ErrorData *copy;

	Assert(CurrentMemoryContext != ErrorContext);
	copy = palloc(sizeof(ErrorData));
	*copy = *edata;
	copy_strings(copy);
	copy->assoc_context = CurrentMemoryContext;
	return copy;
}

void
FreeErrorData(ErrorData *edata)
{
	free_report_strings(edata);
	pfree(edata);
}

void
FlushErrorState(void)
{
	errordata_stack_depth = -1;
	recursion_depth = 0;
	MemoryContextReset(ErrorContext);
}

/* Raise again, in this process, what was copied and flushed. */
void
ReThrowError(ErrorData *edata)
{
	ErrorData *report;
	MemoryContext oldcontext;

	Assert(edata->elevel == ERROR);
	recursion_depth++;
	oldcontext = MemoryContextSwitchTo(ErrorContext);
	report = push_report();
	*report = *edata;
	copy_strings(report);
	report->assoc_context = ErrorContext;
	recursion_depth--;
	MemoryContextSwitchTo(oldcontext);
	PG_RE_THROW();
}

/* Report what another process said, with its own level. */
void
ThrowErrorData(ErrorData *edata)
{
	ErrorData *report;
	MemoryContext oldcontext;

	if (!errstart(edata->elevel, edata->domain))
		return;
	report = current_report();
	recursion_depth++;
	oldcontext = MemoryContextSwitchTo(report->assoc_context);
	{
		ErrorData fresh = *report;

		*report = *edata;
		copy_strings(report);
		report->elevel = fresh.elevel;
		report->output_to_server = fresh.output_to_server;
		report->output_to_client = fresh.output_to_client;
		report->assoc_context = fresh.assoc_context;
	}
	recursion_depth--;
	MemoryContextSwitchTo(oldcontext);
	errfinish(edata->filename, edata->lineno, edata->funcname);
}

/* ---- the log ---- */

const char *
error_severity(int elevel)
{
	switch (elevel)
	{
		case DEBUG1:
		case DEBUG2:
		case DEBUG3:
		case DEBUG4:
		case DEBUG5:
			return "DEBUG";
		case LOG:
		case LOG_SERVER_ONLY:
			return "LOG";
		case INFO:
			return "INFO";
		case NOTICE:
			return "NOTICE";
		case WARNING:
		case WARNING_CLIENT_ONLY:
			return "WARNING";
		case ERROR:
			return "ERROR";
		case FATAL:
			return "FATAL";
		case PANIC:
			return "PANIC";
	}
	return "???";
}

char *
unpack_sql_state(int sql_state)
{
	static char buf[6];

	for (int i = 0; i < 5; i++)
	{
		buf[i] = (char) PGUNSIXBIT(sql_state);
		sql_state >>= 6;
	}
	buf[5] = '\0';
	return buf;
}

/* What a session knows of itself; nothing in a process that serves none. */
static void
append_session_item(StringInfo buf, char item)
{
	const char *text = NULL;

	if (MyProcPort == NULL)
		return;
	switch (item)
	{
		case 'u':
			text = MyProcPort->user_name;
			break;
		case 'd':
			text = MyProcPort->database_name;
			break;
		case 'a':
			text = application_name;
			break;
		default: /* h, r */
			text = MyProcPort->remote_host;
			break;
	}
	appendStringInfoString(buf, text && text[0] ? text : "[unknown]");
}

/*
 * %m time with ms, %t without, %p pid, %b kind of process, %u user, %d
 * database, %a application, %h and %r host, %e SQLSTATE; %q ends the prefix of
 * a process that is no session's.  The default is "%m [%p] ".
 */
static void
append_line_prefix(StringInfo buf, int sqlerrcode)
{
	const char *fmt = Log_line_prefix ? Log_line_prefix : "%m [%p] ";
	const char *now;

	for (; *fmt; fmt++)
	{
		if (*fmt != '%' || fmt[1] == '\0')
		{
			appendStringInfoChar(buf, *fmt);
			continue;
		}
		fmt++;
		switch (*fmt)
		{
			case 'm':
				appendStringInfoString(
					buf, timestamptz_to_str(GetCurrentTimestamp()));
				break;
			case 't':
				now = timestamptz_to_str(GetCurrentTimestamp());
				appendStringInfo(buf, "%.*s UTC", (int) strcspn(now, "."), now);
				break;
			case 'p':
				appendStringInfo(buf, "%d", (int) getpid());
				break;
			case 'u':
			case 'd':
			case 'a':
			case 'h':
			case 'r':
				append_session_item(buf, *fmt);
				break;
			case 'e':
				appendStringInfoString(buf, unpack_sql_state(sqlerrcode));
				break;
			case 'q':
				if (MyProcPort == NULL)
					return;
				break;
			case 'b':
				appendStringInfoString(buf, GetBackendTypeDesc(MyBackendType));
				break;
			case '%':
				appendStringInfoChar(buf, '%');
				break;
			default:
				break;
		}
	}
}

static void
append_line(StringInfo buf, int sqlerrcode, const char *label, const char *text)
{
	if (text == NULL)
		return;
	append_line_prefix(buf, sqlerrcode);
	appendStringInfo(buf, "%s:  ", label);
	/* further lines are indented, so that a line never looks like a report */
	for (; *text; text++)
	{
		appendStringInfoChar(buf, *text);
		if (*text == '\n')
			appendStringInfoChar(buf, '\t');
	}
	appendStringInfoChar(buf, '\n');
}

static void
send_message_to_server_log(ErrorData *edata)
{
	StringInfoData buf;
	int written = 0;

	initStringInfo(&buf);
	append_line(&buf, edata->sqlerrcode, error_severity(edata->elevel),
	            edata->message ? edata->message : "missing error text");
	if (log_error_verbosity_verbose)
		append_line(&buf, edata->sqlerrcode, "SQLSTATE",
		            unpack_sql_state(edata->sqlerrcode));
	append_line(&buf, edata->sqlerrcode, "DETAIL",
	            edata->detail_log ? edata->detail_log : edata->detail);
	append_line(&buf, edata->sqlerrcode, "HINT", edata->hint);
	if (!edata->hide_ctx)
		append_line(&buf, edata->sqlerrcode, "CONTEXT", edata->context);
	if (debug_query_string && !edata->hide_stmt &&
	    is_log_level_output(edata->elevel, log_min_error_statement))
		append_line(&buf, edata->sqlerrcode, "STATEMENT", debug_query_string);
	if (log_error_verbosity_verbose && edata->funcname && edata->filename)
	{
		char location[256];

		snprintf(location, sizeof(location), "%s, %s:%d", edata->funcname,
		         edata->filename, edata->lineno);
		append_line(&buf, edata->sqlerrcode, "LOCATION", location);
	}
	while (written < buf.len)
	{
		ssize_t rc = write(STDERR_FILENO, buf.data + written,
		                   (size_t) (buf.len - written));

		if (rc < 0 && errno == EINTR)
			continue;
		if (rc <= 0)
			break;
		written += (int) rc;
	}
	pfree(buf.data);
}
