/*
 * direct.h: direct search, for the other files of libtusk.
 *
 * A session that was given the public segment searches indexes in this process.
 * What it cannot do, or what was no longer true when it was done, its backend
 * does: every function here that searches says how many of the queries it has
 * done, and the caller runs the rest as statements.  The rows are those that the
 * statement would return under the same snapshot and settings.
 *
 *	tusk_direct_query_create(s, oid, NULL, NULL, &q);
 *	tusk_direct_search(q, &request, &result);
 *	... tusk_direct_result_done(result) of request.nqueries are done ...
 *	tusk_direct_result_free(result);
 *	tusk_direct_query_free(q);
 *
 * One thread at a time uses a session, its queries and results.  Sessions share
 * one mapping of a service's segment, and what is known of its indexes.
 */
#ifndef LIBTUSK_DIRECT_H
#define LIBTUSK_DIRECT_H

#include "internal.h"
#include "libpq/attach.h"

typedef struct tusk_direct_query tusk_direct_query;
typedef struct tusk_direct_result tusk_direct_result;

/*
 * Maps the segment that came with the answer to ATTACH.  False: there is none,
 * or it is not to be used; tusk_direct_reason says why, errno is ENOMEM if it is
 * for want of memory, and nothing else is lost by that.
 */
extern bool tusk_direct_open(tusk_session *s);
extern void tusk_direct_close(tusk_session *s);
/* Can this session search directly? */
extern bool tusk_direct_is_open(const tusk_session *s);
/* Why it cannot, or why the last query was left to the backend; never NULL. */
extern const char *tusk_direct_reason(const tusk_session *s);
/* Queries of this session so far, done here and left to the backend. */
extern void
tusk_direct_counts(const tusk_session *s, int64_t *direct, int64_t *backend);

/*
 * What is searched: an index, by its oid, or a prepared statement (index 0) by
 * its name, with its text, which is what sessions know it by among each other.
 */
extern tusk_status
tusk_direct_query_create(tusk_session *s, uint32_t index, const char *statement,
                         const char *text, tusk_direct_query **query);
extern void tusk_direct_query_free(tusk_direct_query *query);

typedef struct tusk_direct_request
{
	int nqueries;

	/*
	 * The values to search for: rows of a matrix, dimensions floats each; or
	 * binary parameters, one for each query.  One of the two.
	 */
	const float *vectors;
	int dimensions;
	const tusk_param *values;

	/*
	 * Of a search by oid: how many rows, how many to skip before them, which
	 * columns of the table (from 1; 0: the distance).  A statement has these
	 * itself, or in its parameters; of it limit is what a parameter of LIMIT
	 * will be, about, for the choice of its plan, or 0.
	 */
	int64_t limit;
	int64_t offset;
	int ncolumns;
	const int16_t *columns;
	int nparams;
	const tusk_param *params;
} tusk_direct_request;

/*
 * Searches.  TUSK_OK: *result has the first tusk_direct_result_done queries; it
 * is to be freed.  Else the session has the error, *result is NULL.
 */
extern tusk_status
tusk_direct_search(tusk_direct_query *query, const tusk_direct_request *request,
                   tusk_direct_result **result);

extern int tusk_direct_result_done(const tusk_direct_result *r);
extern int tusk_direct_result_columns(const tusk_direct_result *r);
/* Type of a column; float8 for the distance. */
extern uint32_t
tusk_direct_result_type(const tusk_direct_result *r, int column);
extern int tusk_direct_result_rows(const tusk_direct_result *r, int query);
/* Where the row is. */
extern void tusk_direct_result_tid(const tusk_direct_result *r, int query,
                                   int row, uint32_t *block, uint16_t *offset);
/* A value in binary as in DataRow; NULL, with length -1: SQL's NULL. */
extern const char *
tusk_direct_result_value(const tusk_direct_result *r, int query, int row,
                         int column, int *length);
extern void tusk_direct_result_free(tusk_direct_result *r);

/*
 * END of a search that is being kept, to go ahead of the session's next message:
 * written to message, its length returned; 0: none is kept.
 */
#define TUSK_DIRECT_END_SIZE (1 + 4 + 4 + sizeof(DirectEndRequest))
extern size_t
tusk_direct_take_end(tusk_session *s, char message[TUSK_DIRECT_END_SIZE]);

/* An 'a' that came while somebody else reads; false: it is none of ours. */
extern bool tusk_direct_message(tusk_session *s, tusk_message *m);

#endif /* LIBTUSK_DIRECT_H */
