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
 *	or with DIR/lib/libtusk.a -lcrypto -lurcu-bp -lurcu-cds -lpthread -lm.
 *
 * STATUS AND ERRORS
 *
 *	Every call that can fail returns a tusk_status; TUSK_OK is 0.  After any
 *	other value tusk_error_of(session) tells the rest: SQLSTATE, message,
 *	detail, hint, context, position.  It stays true until the next call on
 *	that session.  After TUSK_ERROR the session can be used on (inside a
 *	transaction block the server refuses all but ROLLBACK).  After
 *	TUSK_CONNECTION_LOST it can only be detached, or attached anew
 *	(tusk_reattach).  SQLSTATE says why: 57P01, the server stops or was told
 *	to end the session; 57P02, it restarts after a crash, or the session's
 *	process ended without a word; 57P03, it starts, stops or recovers and admits
 *	nobody.
 *	Output pointers are set to NULL when a call fails, but for tusk_attach.
 *
 * MEMORY
 *
 *	What a function returns through an output handle belongs to the caller and
 *	is given back to its free function, which accepts NULL.  Every const char *
 *	belongs to the handle that it came from and lives as long as that.  The
 *	library copies what it is given before it returns.
 *
 *	The handle that a call works on must not be NULL, nor an output pointer
 *	unless it is said that it may.  NULL is taken by the free functions,
 *	tusk_detach, tusk_error_of, tusk_transport, tusk_canceller_create (which then
 *	returns NULL) and the functions that read a result.
 *
 * THREADS AND PROCESSES
 *
 *	A session and what came from it is used by one thread at a time; different
 *	sessions are independent, and share what is mapped of the server's memory.
 *
 *		call				by any thread	in a signal		in a child after fork
 *							at any time		handler
 *		tusk_attach			yes				no				yes
 *		tusk_cancel			yes				yes				yes
 *		tusk_detach, _free	own session		no				yes: memory only
 *		tusk_*_encode,
 *		_decode, results	yes				no				yes
 *		all others			own session		no				no: SQLSTATE 55000
 *
 *	But what only reads a handle (tusk_transport, tusk_transaction_state,
 *	tusk_backend_pid, tusk_server_setting, tusk_error_of, tusk_statement_params,
 *	tusk_search_path and the like, tusk_canceller_create) tells a child what was
 *	so at the fork.
 *
 *	A canceller is used as long as it is not freed, by whomever.  In a child the
 *	parent's sessions are only to be detached, which leaves the parent's as they
 *	are; for its own work it attaches anew.  The library starts no threads, which
 *	could take a signal that the program blocks, sets no signal handlers and never
 *	raises SIGPIPE.
 *
 *	A child has a copy of each session's socket, and while any copy is open the
 *	server cannot see that the parent is gone: of a parent that is killed, or ends
 *	without tusk_detach, sessions stay, with their transactions and locks, until
 *	the child ends, or calls exec (what the library opens is closed by that), or
 *	tusk_detach, which closes the copy and tells the server nothing.  So a child
 *	that goes on for long begins with that.  A session that the parent detaches
 *	ends, whoever has copies.
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
typedef struct tusk_search tusk_search;
typedef struct tusk_build tusk_build;

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
 * "name=value ..." with the names host (directory of the Unix socket, or an
 * address), port, user, password, passfile, dbname, application_name, options,
 * connect_timeout (seconds; 0: no limit), scram_max_iterations, require_auth,
 * requirepeer, attach, ring_spin, dir, autostart; values with blanks in single
 * quotes, \ escapes.  What is missing or
 * NULL comes from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGPASSFILE, PGDATABASE,
 * PGAPPNAME, PGOPTIONS, PGCONNECT_TIMEOUT, PGSCRAMMAXITERATIONS, PGREQUIREAUTH,
 * PGREQUIREPEER, TUSK_ATTACH, TUSK_RING_SPIN, TUSK_DIR, TUSK_AUTOSTART; then /tmp, 5432, the name of the
 * operating system's user (who owns the server's files is its superuser), and the
 * user's name as database.  A directory alone means the database "postgres".
 *
 * host=127.0.0.1, ::1, localhost or another name of this machine: over TCP.
 * Nothing is encrypted, so other machines are refused; memory is not shared, so
 * attach=rings and direct are too, and searches are the backend's.  A password
 * is proved by SCRAM-SHA-256, never sent; the server that asks for the proof must
 * prove that it knows it, too, and one that asks in another way is refused.  If
 * none is given it
 * is looked for in passfile, ~/.pgpass by default, as libpq does: lines of
 * host:port:database:user:password, the first that fits, in a file of mode 0600.
 * How much the proof costs is said by the server: one that asks for more than
 * scram_max_iterations (default 100000, some 50 ms; 0: no limit, and
 * connect_timeout does not end it) is refused.
 * Servers of PostgreSQL will do, too, over TCP and over Unix sockets.
 *
 * Whom is one talking to?  As with libpq a server may ask for no proof, whether a
 * password was given or not, and has proved nothing then: who does not want that
 * says require_auth=scram-sha-256 (28000 otherwise).  It is libpq 16's option: a
 * list of methods, "none" for no proof, or with ! before each those that must not
 * be.  requirepeer=NAME: over a Unix socket, the operating system's user who must
 * run the server (28000 otherwise, before anything is sent); over TCP nothing is
 * known of that, and it does nothing.
 *
 * dir: a data directory; its sockets are there, and the database is "postgres"
 * unless dbname says otherwise.  autostart=on: if no server runs there, one is
 * started, on a new data directory if there is none; it stops two seconds after
 * its last client has left.  It is run by the program "tusk", which is looked
 * for in TUSK_BINDIR, beside the library (../bin) and in PATH.
 *
 * attach: what of the server's memory the session is to have.  "off": nothing,
 * messages go over the socket.  "rings": messages go through two rings in memory
 * shared with the backend.  "direct": also the server's pages, for reading,
 * which needs the right to read everything: superusers and members of
 * pg_read_all_data have it.  "best", the default: the most that the server gives,
 * which is rings for roles without that right, and where this process has no room
 * for the pages; the others fail if that cannot be had, "direct" with 42501 for
 * such a role, with 53200 for want of room.
 * ring_spin: microseconds, 0 to 1000, that a call on an attached session spins
 * before it sleeps, default 50; it adapts to how long answers take, and 0 is
 * never.  The server's own setting of that name is for its side.
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
 * Attaches anew, to the same server with the same options: after
 * TUSK_CONNECTION_LOST, or to begin again.  A server that is not there or still
 * recovers is tried again until timeout_ms have passed (0: once, for as long as
 * tusk_attach would wait); one that does not answer is given two seconds at
 * least.  The environment is not looked at again, the password file is.
 * Transaction, settings, COPY and cancellers of the old connection are gone;
 * statements and searches are prepared again when they are next used.
 */
TUSK_API tusk_status tusk_reattach(tusk_session *session, int timeout_ms);

/*
 * A setting that the server reports by itself ("server_version",
 * "client_encoding", ...), NULL if it does not.  Does not block.
 */
TUSK_API const char *
tusk_server_setting(const tusk_session *session, const char *name);

/*
 * How its messages travel: "socket", "rings" (through memory shared with its
 * backend), "direct" (likewise, and the server's pages are mapped for reading),
 * or "none" when the session has ended.  Does not block.
 */
TUSK_API const char *tusk_transport(const tusk_session *session);

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
 * came in time is seen by how the statement ends.  It waits until the server has
 * dealt with it, but no longer than some seconds for one that is stopped, which
 * does so when it goes on.
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
/*
 * Sends bytes of the COPY's format; rows may be cut anywhere.  An error of the
 * server ends the COPY, is told by this or a later call, and again by each call
 * after it; the session can be used on.
 */
TUSK_API tusk_status tusk_copy_write(tusk_copy *copy, const void *data,
                                     size_t length);
/* Ends it; *rows (may be NULL): how many were copied.  Frees copy always. */
TUSK_API tusk_status tusk_copy_finish(tusk_copy *copy, int64_t *rows);
/* Makes the server fail the statement (57014).  Frees copy always. */
TUSK_API tusk_status tusk_copy_abort(tusk_copy *copy, const char *reason);

/* ---- COPY ... TO STDOUT ---- */

/*
 * Called for each piece of data, in order; a piece of the text and CSV formats
 * is a line with its end.  Nonzero: stop; the call then returns TUSK_ERROR with
 * SQLSTATE 57014.  Must not use the session.
 */
typedef int (*tusk_copy_fn)(void *arg, const void *data, size_t length);

/* Runs the statement; *rows (may be NULL): how many were copied. */
TUSK_API tusk_status tusk_copy_out(tusk_session *session, const char *sql,
                                   tusk_copy_fn take, void *arg, int64_t *rows);

/* ---- settings ---- */

/*
 * As SET, or with local as SET LOCAL: until the transaction ends.  The value is
 * written as in tusk.conf ("64MB", "on").
 */
TUSK_API tusk_status tusk_set(tusk_session *session, const char *name,
                              const char *value, int local);
/* As SHOW.  *value belongs to the session, until its next tusk_get. */
TUSK_API tusk_status tusk_get(tusk_session *session, const char *name,
                              const char **value);

/* ---- many vectors at once ---- */

typedef struct tusk_insert_options
{
	size_t size;               /* sizeof(tusk_insert_options) */
	const char *id_column;     /* default: "id"; used if ids are given */
	const char *vector_column; /* default: "embedding" */
} tusk_insert_options;

/*
 * Inserts n rows by one binary COPY: all of them, or none.  rows: n times dim
 * floats, row by row.  ids: n numbers for the column id_column (smallint, integer
 * or bigint), or NULL: that column is left to its default.  table is a name as
 * in SQL, quoted and with its schema where needed; columns are names as they
 * are.  The vectors' column may be of type vector or halfvec.
 * *inserted may be NULL.
 */
TUSK_API tusk_status tusk_insert_matrix(tusk_session *session,
                                        const char *table,
                                        const tusk_insert_options *options,
                                        const int64_t *ids, const float *rows,
                                        size_t n, int dim, int64_t *inserted);

/* ---- searches ---- */

/*
 * A search is a prepared SELECT: $1 is what is searched for, $2, if there is
 * one, how many rows are wanted.
 *
 *		SELECT id, embedding <-> $1 FROM items
 *		 ORDER BY embedding <-> $1 LIMIT $2
 *
 * It may have conditions, joins, anything: it is a statement of the server.
 * One that an index serves in the order of the distance, as this one, can be
 * done without the server: see tusk_search_path.
 */
typedef struct tusk_search_options
{
	size_t size; /* sizeof(tusk_search_options) */
	int path;    /* TUSK_PATH_...; default: whichever is best */
} tusk_search_options;

/*
 * Directly: in this process, from the server's memory, if the session is
 * attached that way (tusk_transport), the statement's plan is a limited index
 * scan as above with plain columns and the distance as result, and results are
 * wanted in binary.  What is found is what the backend would find: outside of a
 * transaction block all that was committed, by anybody, when the call began.  A
 * search that could not be done directly several times is tried that way more and
 * more seldom.
 *
 * Calls that follow each other soon need no message between them.  So others may
 * see the session searching for up to 20 ms after the last (nobody waits for it),
 * and its index scans are counted with its next message, or its end.
 */
#define TUSK_PATH_BEST 0    /* directly if that is possible */
#define TUSK_PATH_BACKEND 1 /* always in the server's process */
#define TUSK_PATH_DIRECT 2  /* directly; 0A000 where that is not possible */

TUSK_API tusk_status tusk_search_prepare(tusk_session *session, const char *sql,
                                         const tusk_search_options *options,
                                         tusk_search **search);
/*
 * The k rows for one vector of dim floats.  $1 is of type vector or halfvec.
 * k does not matter if the statement has no $2.
 */
TUSK_API tusk_status tusk_search_run(tusk_search *search, const float *query,
                                     int dim, int64_t k, int result_format,
                                     tusk_result **result);
/* The same for a value of any type: bit strings, sparse vectors, texts. */
TUSK_API tusk_status tusk_search_value(tusk_search *search,
                                       const tusk_param *query, int64_t k,
                                       int result_format, tusk_result **result);
/*
 * n searches in one call.  queries: n times dim floats, row by row.  The first
 * column of the statement's rows is an integer and goes to ids, the second, if
 * distances is not NULL, a real or double precision and goes there: room for n
 * times k of each, k for a query.  counts, n of them, may be NULL: how many rows
 * each query found.  Where there are fewer than k, ids is -1 and distances NaN.
 * Outside a transaction block each query sees what was committed when its turn
 * came; directly, some that follow each other see the same.  An error in one of
 * them is the error of all.
 */
TUSK_API tusk_status tusk_search_batch(tusk_search *search,
                                       const float *queries, size_t n, int dim,
                                       int64_t k, int64_t *ids,
                                       double *distances, int64_t *counts);
/*
 * Which way the last search went: TUSK_PATH_BACKEND or TUSK_PATH_DIRECT.  A
 * batch of none is no search; before the first it is TUSK_PATH_BACKEND.
 */
TUSK_API int tusk_search_path(const tusk_search *search);
/* Frees it here and in the server; after tusk_detach only here. */
TUSK_API void tusk_search_free(tusk_search *search);

/* ---- building an index ---- */

/* What CREATE INDEX would take, from a sample of the table (EXPLAIN). */
typedef struct tusk_estimate
{
	size_t size;            /* sizeof(tusk_estimate), set by the caller */
	double rows;            /* of the index */
	double rows_in_memory;  /* fewer: it does not stay in memory */
	int64_t memory_needed;  /* bytes, to stay in memory */
	int64_t memory_setting; /* bytes, maintenance_work_mem */
	int64_t setting_needed; /* bytes, the setting with which it stays there */
	int64_t index_size;     /* bytes */
	int64_t wal_size;       /* bytes */
	int workers;            /* that it would ask for */
	double seconds;         /* -1: not known */
} tusk_estimate;

/* sql: the CREATE INDEX statement.  Nothing is built. */
TUSK_API tusk_status tusk_build_estimate(tusk_session *session, const char *sql,
                                         tusk_estimate *estimate);

typedef struct tusk_build_progress
{
	size_t size;    /* sizeof(tusk_build_progress), set by the caller */
	int running;    /* 0: it has ended; the rest is the last known */
	char phase[64]; /* "building index: loading tuples", ... */
	int workers_planned;
	int workers_launched;
	char workers_limited_by[64];
	int64_t memory_used;  /* bytes */
	int64_t memory_limit; /* bytes */
	int64_t tuples_done;
	int64_t tuples_total; /* 0: not known yet */
	double elapsed;       /* seconds since tusk_build_start */
	double remaining;     /* seconds, until all are loaded; -1: not known */
} tusk_build_progress;

/*
 * Starts a CREATE INDEX or REINDEX and returns at once.  Until its end the
 * session can do nothing else.  *build is set even on failure of the statement.
 * One that returns rows, or copies, is no build: its end is TUSK_MISUSE, 42809,
 * and it was executed all the same.
 */
TUSK_API tusk_status tusk_build_start(tusk_session *session, const char *sql,
                                      tusk_build **build);
/*
 * How far it is.  Asked for through a second session to the same server, made
 * when it is first needed, for which it waits ten seconds at most.  If that cannot
 * be had the build goes on.  Does not wait for the build.
 */
TUSK_API tusk_status tusk_build_poll(tusk_build *build,
                                     tusk_build_progress *progress);
/*
 * Waits for its end, at most timeout_ms (-1: as long as it takes), with the
 * session's progress callback meanwhile.  *running may be NULL; 1: it has not
 * ended yet, and the status is TUSK_OK.  Otherwise the status is that of the
 * statement, each time it is asked for.
 */
TUSK_API tusk_status tusk_build_wait(tusk_build *build, int timeout_ms,
                                     int *running);
/*
 * Asks the server to stop it (57014); tusk_build_wait tells how it ended.  As
 * with tusk_cancel, a request that comes before the statement has begun is lost.
 */
TUSK_API tusk_status tusk_build_cancel(tusk_build *build);
/*
 * One that runs is cancelled, and its end waited for; if the server has answered
 * no request to cancel for ten seconds the session is lost, 08006.
 */
TUSK_API void tusk_build_free(tusk_build *build);

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
/* The same of a halfvec, 2 bytes per number, rounded to the nearest. */
#define TUSK_HALFVEC_SIZE(dim) (4 + 2 * (size_t) (dim))
TUSK_API void tusk_halfvec_encode(const float *values, int dim, void *buf);

#ifdef __cplusplus
}
#endif

#endif /* TUSK_H */
