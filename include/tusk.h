/*
 * tusk.h: the C interface to a Tusk server.  This header is its manual.
 *
 * THE MODEL
 *
 *	A *session* is a connection to a server, with one backend process there.
 *	Statements run on it one after the other.  A *result* holds what one
 *	statement returned.  All handles are opaque; each has one function that
 *	makes it and one that frees it.
 *
 *		tusk_session *s;
 *		tusk_result *r;
 *
 *		if (tusk_attach("/var/lib/tusk", NULL, &s) != TUSK_OK)
 *			die(tusk_error_of(s)->message);
 *		if (tusk_exec(s, "SELECT id FROM items ORDER BY embedding <-> "
 *						 "'[1,2,3]' LIMIT 5", &r) != TUSK_OK)
 *			complain(tusk_error_of(s));
 *		else
 *			for (int i = 0; i < tusk_result_rows(r); i++)
 *				puts(tusk_result_value(r, i, 0));
 *		tusk_result_free(r);
 *		tusk_detach(s);
 *
 *	After "make install prefix=DIR", a program is linked by
 *
 *		cc program.c -IDIR/include -LDIR/lib -ltusk -Wl,-rpath,DIR/lib
 *
 *	or with DIR/lib/libtusk.a, which needs nothing but libc either.
 *
 * STATUS AND ERRORS
 *
 *	Every call that can fail returns a tusk_status; TUSK_OK is 0.  After any
 *	other value tusk_error_of(session) tells the rest: SQLSTATE, message,
 *	detail, hint, context, position.  It stays true until the next call on
 *	that session.  After TUSK_ERROR the session can be used on (inside a
 *	transaction block the server refuses all but ROLLBACK).  After
 *	TUSK_CONNECTION_LOST it can only be detached; a server that restarts after
 *	a crash of one of its processes says so with SQLSTATE 57P02.
 *	Output pointers are set to NULL when a call fails, but for tusk_attach.
 *
 * MEMORY
 *
 *	What a function returns through an output handle belongs to the caller and
 *	is given back to its free function, which accepts NULL.  Every const char *
 *	belongs to the handle that it came from and lives as long as that.  The
 *	library copies what it is given before it returns.
 *
 * THREADS AND PROCESSES
 *
 *	A session and what came from it is used by one thread at a time; different
 *	sessions are independent.  tusk_cancel alone may be called by any thread,
 *	and from a signal handler.  After fork the child must not use the parent's
 *	sessions, not even to detach them.  The library sets no signal handlers and
 *	never raises SIGPIPE.
 *
 * OPTIONS
 *
 *	An options struct begins with its size, so that a program built against an
 *	older header keeps working: `tusk_attach_options o = {sizeof(o)};`, then
 *	set what matters.  NULL means all defaults.  Fields that are 0 or NULL
 *	are defaults, too.
 *
 * BLOCKING
 *
 *	Every call below that talks to the server blocks until it has the answer,
 *	unless its description says that it does not.  A progress callback
 *	(tusk_attach_options) is called while it waits and may cancel.
 */
#ifndef TUSK_H
#define TUSK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C"
{
#endif

#if defined(__GNUC__)
#define TUSK_API __attribute__((visibility("default")))
#else
#define TUSK_API
#endif

/* of the library and the programs built with it */
#define TUSK_VERSION "0.1"

/* ---- handles ---- */

typedef struct tusk_session tusk_session;
typedef struct tusk_result tusk_result;
typedef struct tusk_statement tusk_statement;
typedef struct tusk_copy tusk_copy;
typedef struct tusk_canceller tusk_canceller;

/* ---- status and errors ---- */

typedef enum tusk_status
{
	TUSK_OK = 0,
	TUSK_ERROR = 1,           /* the server refused; the session goes on */
	TUSK_CONNECTION_LOST = 2, /* no session, or no longer one */
	TUSK_MISUSE = 3,          /* arguments or state that cannot be */
	TUSK_NO_MEMORY = 4
} tusk_status;

/* An error or notice; strings that the server did not send are NULL. */
typedef struct tusk_error
{
	const char *severity; /* "ERROR", "FATAL", "NOTICE", "WARNING", ... */
	const char *sqlstate; /* five characters; "00000": no error */
	const char *message;
	const char *detail;
	const char *hint;
	const char *context;
	int position; /* character in the statement, from 1; 0: none */
} tusk_error;

/*
 * What the last call on this session met; never NULL.  A NULL session (out of
 * memory in tusk_attach) is allowed.
 */
TUSK_API const tusk_error *tusk_error_of(const tusk_session *session);

/* "ERROR:  message\nDETAIL:  ...\nHINT:  ..." in buf, cut at size. */
TUSK_API void
tusk_error_format(const tusk_error *error, char *buf, size_t size);

/* ---- sessions ---- */

/* A notice or warning arrived; called inside the call that waits. */
typedef void (*tusk_notice_fn)(void *arg, const tusk_error *notice);

/*
 * Called about every progress_interval_ms while a call waits for the server.
 * Nonzero: cancel the statement; the call then returns TUSK_ERROR with
 * SQLSTATE 57014.  Must not use the session.
 */
typedef int (*tusk_progress_fn)(void *arg);

typedef struct tusk_attach_options
{
	size_t size;            /* sizeof(tusk_attach_options) */
	int connect_timeout_ms; /* default: wait as long as it takes */
	tusk_notice_fn notice;  /* default: notices are dropped */
	void *notice_arg;
	tusk_progress_fn progress; /* default: none */
	void *progress_arg;
	int progress_interval_ms; /* default: 100 */
} tusk_attach_options;

/*
 * Connects.  conninfo is a directory (where the server's socket is), or
 * "name=value ..." with the names host (directory of the Unix socket), port,
 * user, dbname, application_name, options, connect_timeout (seconds); values
 * with blanks in single quotes, \ escapes.  What is missing or NULL comes from
 * PGHOST, PGPORT, PGUSER, PGDATABASE, PGAPPNAME; then /tmp, 5432, the name of
 * the operating system's user (who owns the server's files is its superuser),
 * and the user's name as database.  A directory alone means the database
 * "postgres".
 *
 * *session is set even on failure (but when memory is short), to be asked for
 * the error; it must be detached in any case.
 */
TUSK_API tusk_status tusk_attach(const char *conninfo,
                                 const tusk_attach_options *options,
                                 tusk_session **session);

/*
 * Ends the session; open results stay valid, statements and a COPY can only be
 * freed (tusk_copy_abort).  NULL is allowed.
 */
TUSK_API void tusk_detach(tusk_session *session);

/*
 * A setting that the server reports by itself ("server_version",
 * "client_encoding", ...), NULL if it does not.  Does not block.
 */
TUSK_API const char *
tusk_server_setting(const tusk_session *session, const char *name);

/* 'I' outside a transaction block, 'T' in one, 'E' in a failed one. */
TUSK_API char tusk_transaction_state(const tusk_session *session);

/* Process number of the backend, as in pg_stat_activity. */
TUSK_API int tusk_backend_pid(const tusk_session *session);

/* ---- cancelling ---- */

/* Made beforehand, by the session's thread; usable until it is freed. */
TUSK_API tusk_canceller *tusk_canceller_create(const tusk_session *session);
TUSK_API void tusk_canceller_free(tusk_canceller *canceller);

/*
 * Asks the server to stop the statement that the session runs, if any.  Any
 * thread, any signal handler.  TUSK_OK: the request was delivered; whether it
 * came in time is seen by how the statement ends.
 */
TUSK_API tusk_status tusk_cancel(const tusk_canceller *canceller);

/* ---- statements ---- */

#define TUSK_TEXT 0
#define TUSK_BINARY 1

/* A parameter $1, $2, ...; value NULL: SQL's NULL. */
typedef struct tusk_param
{
	const void *value;
	int length;    /* bytes; ignored for text, which ends with '\0' */
	int format;    /* TUSK_TEXT or TUSK_BINARY */
	uint32_t type; /* OID; 0: the server finds out */
} tusk_param;

/*
 * Runs one or several statements (separated by ';', in one transaction unless
 * they say otherwise), values as text.  *result is the last one's; it may be
 * NULL as an argument.  Rows of the others are dropped.
 */
TUSK_API tusk_status tusk_exec(tusk_session *session, const char *sql,
                               tusk_result **result);

/* Runs one statement with parameters; result_format for all columns. */
TUSK_API tusk_status tusk_exec_params(tusk_session *session, const char *sql,
                                      int nparams, const tusk_param *params,
                                      int result_format, tusk_result **result);

/*
 * Prepares a statement; types of its first ntypes parameters are given (0:
 * find out).  It lives until it is freed or its session ends.
 */
TUSK_API tusk_status tusk_prepare(tusk_session *session, const char *sql,
                                  int ntypes, const uint32_t *types,
                                  tusk_statement **statement);
TUSK_API int tusk_statement_params(const tusk_statement *statement);
TUSK_API uint32_t tusk_statement_param_type(const tusk_statement *statement,
                                            int param);
TUSK_API tusk_status tusk_statement_execute(tusk_statement *statement,
                                            int nparams,
                                            const tusk_param *params,
                                            int result_format,
                                            tusk_result **result);
/* Frees it here and in the server; after tusk_detach only here. */
TUSK_API void tusk_statement_free(tusk_statement *statement);

/* ---- results (none of these blocks) ---- */

TUSK_API void tusk_result_free(tusk_result *result);
TUSK_API int tusk_result_rows(const tusk_result *result);
TUSK_API int tusk_result_columns(const tusk_result *result);
/* the server's tag: "SELECT 5", "CREATE INDEX", ... */
TUSK_API const char *tusk_result_tag(const tusk_result *result);
/* rows that the tag counts, 0 if it counts none */
TUSK_API int64_t tusk_result_affected(const tusk_result *result);
TUSK_API const char *
tusk_result_column_name(const tusk_result *result, int column);
TUSK_API uint32_t tusk_result_column_type(const tusk_result *result,
                                          int column);
TUSK_API int tusk_result_column_format(const tusk_result *result, int column);
/* number of the column with that name, -1 if there is none */
TUSK_API int
tusk_result_column_number(const tusk_result *result, const char *name);
/*
 * A value; rows and columns from 0.  Always followed by a '\0', so that text
 * is a C string.  NULL: SQL's NULL, or no such row or column.
 */
TUSK_API const char *
tusk_result_value(const tusk_result *result, int row, int column);
TUSK_API int tusk_result_length(const tusk_result *result, int row, int column);
/*
 * The value as a number, from text or from binary integers and floats of any
 * width; 0 for NULL.
 */
TUSK_API int64_t tusk_result_int64(const tusk_result *result, int row,
                                   int column);
TUSK_API double
tusk_result_double(const tusk_result *result, int row, int column);

/* ---- COPY ... FROM STDIN ---- */

/* Starts the statement; the session does nothing else until its end. */
TUSK_API tusk_status tusk_copy_begin(tusk_session *session, const char *sql,
                                     tusk_copy **copy);
/* Sends bytes of the COPY's format; rows may be cut anywhere. */
TUSK_API tusk_status tusk_copy_write(tusk_copy *copy, const void *data,
                                     size_t length);
/* Ends it; *rows (may be NULL): how many were copied.  Frees copy always. */
TUSK_API tusk_status tusk_copy_finish(tusk_copy *copy, int64_t *rows);
/* Makes the server fail the statement (57014).  Frees copy always. */
TUSK_API tusk_status tusk_copy_abort(tusk_copy *copy, const char *reason);

/* ---- vectors in binary ---- */

/* Bytes of a vector of dim dimensions as a binary parameter or COPY field. */
#define TUSK_VECTOR_SIZE(dim) (4 + 4 * (size_t) (dim))

/* Writes it to buf of TUSK_VECTOR_SIZE(dim) bytes. */
TUSK_API void tusk_vector_encode(const float *values, int dim, void *buf);
/*
 * Reads a binary value of length bytes into values (room for max floats);
 * returns its dimensions, -1 if it is no vector or has more.
 */
TUSK_API int
tusk_vector_decode(const void *data, int length, float *values, int max);

#ifdef __cplusplus
}
#endif

#endif /* TUSK_H */
