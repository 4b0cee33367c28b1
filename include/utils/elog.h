/*
 * utils/elog.h
 *		Error reporting: ereport, elog and the PG_TRY blocks.
 *
 *		ereport(ERROR,
 *				(errcode(ERRCODE_UNDEFINED_TABLE),
 *				 errmsg("relation \"%s\" does not exist", name),
 *				 errhint("...")));
 *
 * ERROR unwinds by siglongjmp to the innermost PG_TRY, or to the process's
 * main loop; FATAL ends the process through proc_exit(1); PANIC aborts it, and
 * with it (the postmaster sees the abnormal exit) all others.  An ERROR inside
 * a critical section is a PANIC; one in a process without a handler is FATAL.
 */
#ifndef ELOG_H
#define ELOG_H

#include <setjmp.h>

#include "utils/errcodes.h"

#define DEBUG5 10
#define DEBUG4 11
#define DEBUG3 12
#define DEBUG2 13
#define DEBUG1 14
#define LOG 15
#define LOG_SERVER_ONLY 16
#define COMMERROR LOG_SERVER_ONLY
#define INFO 17
#define NOTICE 18
#define WARNING 19
#define WARNING_CLIENT_ONLY 20
#define ERROR 21
#define FATAL 22
#define PANIC 23

/* Five characters of 6 bits each, as PostgreSQL packs them. */
#define PGSIXBIT(ch) (((ch) - '0') & 0x3F)
#define PGUNSIXBIT(val) (((val) &0x3F) + '0')
#define MAKE_SQLSTATE(ch1, ch2, ch3, ch4, ch5)                      \
	(PGSIXBIT(ch1) + (PGSIXBIT(ch2) << 6) + (PGSIXBIT(ch3) << 12) + \
	 (PGSIXBIT(ch4) << 18) + (PGSIXBIT(ch5) << 24))
#define ERRCODE_TO_CATEGORY(ec) ((ec) & ((1 << 12) - 1))
#define ERRCODE_IS_CATEGORY(ec) (((ec) & ~((1 << 12) - 1)) == 0)

extern bool errstart(int elevel, const char *domain);
extern void errfinish(const char *filename, int lineno, const char *funcname);

#define ereport_domain(elevel, domain, ...)                       \
	do                                                            \
	{                                                             \
		const int elevel_ = (elevel);                             \
		if (errstart(elevel_, domain))                            \
			__VA_ARGS__, errfinish(__FILE__, __LINE__, __func__); \
		if (elevel_ >= ERROR)                                     \
			pg_unreachable();                                     \
	} while (0)
#define ereport(elevel, ...) ereport_domain(elevel, NULL, __VA_ARGS__)
#define elog(elevel, ...) ereport(elevel, errmsg_internal(__VA_ARGS__))

extern int errcode(int sqlerrcode);
extern int errcode_for_file_access(void);
extern int errcode_for_socket_access(void);
extern int errmsg(const char *fmt, ...) pg_attribute_printf(1, 2);
extern int errmsg_internal(const char *fmt, ...) pg_attribute_printf(1, 2);
extern int errmsg_plural(const char *fmt_singular, const char *fmt_plural,
                         unsigned long n, ...);
extern int errdetail(const char *fmt, ...) pg_attribute_printf(1, 2);
extern int errdetail_internal(const char *fmt, ...) pg_attribute_printf(1, 2);
extern int errdetail_log(const char *fmt, ...) pg_attribute_printf(1, 2);
extern int errhint(const char *fmt, ...) pg_attribute_printf(1, 2);
/* For context callbacks: one more line of a hint that may be there already. */
extern int errhint_more(const char *fmt, ...) pg_attribute_printf(1, 2);
#define errcontext errcontext_msg
extern int errcontext_msg(const char *fmt, ...) pg_attribute_printf(1, 2);
extern int errhidestmt(bool hide_stmt);
extern int errhidecontext(bool hide_ctx);
extern int errbacktrace(void);
extern int errposition(int cursorpos);
extern int internalerrposition(int cursorpos);
extern int internalerrquery(const char *query);
extern int err_generic_string(int field, const char *str);
/* Of the report that is being made. */
extern int geterrlevel(void);
extern int geterrcode(void);
extern int geterrposition(void);

/* Context lines: each callback on the stack adds its own by errcontext. */
typedef struct ErrorContextCallback
{
	struct ErrorContextCallback *previous;
	void (*callback)(void *arg);
	void *arg;
} ErrorContextCallback;

extern PG_PER_THREAD ErrorContextCallback *error_context_stack;
extern PG_PER_THREAD sigjmp_buf *PG_exception_stack;

#define PG_TRY()                                                         \
	do                                                                   \
	{                                                                    \
		sigjmp_buf *save_exception_stack_ = PG_exception_stack;          \
		ErrorContextCallback *save_context_stack_ = error_context_stack; \
		sigjmp_buf local_sigjmp_buf_;                                    \
		bool do_rethrow_ = false;                                        \
		if (sigsetjmp(local_sigjmp_buf_, 0) == 0)                        \
		{                                                                \
			PG_exception_stack = &local_sigjmp_buf_

#define PG_CATCH()                                  \
	}                                               \
	else                                            \
	{                                               \
		PG_exception_stack = save_exception_stack_; \
		error_context_stack = save_context_stack_

#define PG_FINALLY()                                \
	}                                               \
	else do_rethrow_ = true;                        \
	{                                               \
		PG_exception_stack = save_exception_stack_; \
		error_context_stack = save_context_stack_

#define PG_END_TRY()                            \
	}                                           \
	if (do_rethrow_)                            \
		PG_RE_THROW();                          \
	PG_exception_stack = save_exception_stack_; \
	error_context_stack = save_context_stack_;  \
	}                                           \
	while (0)

extern void pg_re_throw(void) pg_attribute_noreturn();
#define PG_RE_THROW() pg_re_throw()

typedef struct ErrorData
{
	int elevel;
	bool output_to_server;
	bool output_to_client;
	bool hide_stmt;
	bool hide_ctx;
	const char *filename;
	int lineno;
	const char *funcname;
	const char *domain;
	int sqlerrcode;
	char *message;
	char *detail;
	char *detail_log; /* for the server log only, instead of detail */
	char *hint;
	char *context;
	char *schema_name;
	char *table_name;
	char *column_name;
	char *datatype_name;
	char *constraint_name;
	int cursorpos;   /* characters from 1 into the statement; 0: none */
	int internalpos; /* the same for internalquery */
	char *internalquery;
	int saved_errno;
	MemoryContext assoc_context;
} ErrorData;

extern void EmitErrorReport(void);
extern ErrorData *CopyErrorData(void);
extern void FreeErrorData(ErrorData *edata);
extern void FlushErrorState(void);
extern void ReThrowError(ErrorData *edata) pg_attribute_noreturn();
extern void ThrowErrorData(ErrorData *edata);
extern char *GetErrorContextStack(void);
extern bool in_error_recursion_trouble(void);

/* How a report leaves the process; NULL until a client is there. */
typedef void (*emit_log_hook_type)(ErrorData *edata);
extern emit_log_hook_type emit_log_hook;
typedef void (*send_message_to_frontend_type)(ErrorData *edata);
extern send_message_to_frontend_type send_message_to_frontend_hook;

/* GUCs */
extern int log_min_messages;
extern int log_min_error_statement;
extern int client_min_messages;
extern char *Log_line_prefix;
extern bool log_error_verbosity_verbose;

extern const char *error_severity(int elevel);
extern char *unpack_sql_state(int sql_state);
extern void DebugFileOpen(void);
/* One line to stderr, for when nothing else works; no allocation. */
extern void write_stderr(const char *fmt, ...) pg_attribute_printf(1, 2);

#endif /* ELOG_H */
