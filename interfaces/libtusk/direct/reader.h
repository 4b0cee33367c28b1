/*
 * reader.h
 *	  Direct search: what libtusk's two halves know of each other.
 *
 * The half that includes this speaks the protocol (direct.c) and knows sessions;
 * the half that implements it is compiled with the server's headers, together
 * with the server's own search code (README.md), and knows pages.
 */
#ifndef LIBTUSK_READER_H
#define LIBTUSK_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpq/attach.h"

/* ---- mapping.c: the public segment of a service, mapped by this process ---- */

typedef struct tusk_mapping tusk_mapping;

/*
 * The mapping of that segment; the same one for all sessions of a service.  The
 * descriptor is the caller's, and may be closed at once.  NULL: reason says why
 * it is not to be read.
 */
extern tusk_mapping *
tusk_mapping_open(int fd, uint64_t size, char *reason, size_t reason_size);
extern void tusk_mapping_close(tusk_mapping *mapping);
/* Of another process: fork() lies between. */
extern bool tusk_mapping_is_foreign(const tusk_mapping *mapping);
extern uint64_t tusk_mapping_generation(const tusk_mapping *mapping);

/* ---- shape.c: what is known of an index, shared by all sessions ---- */

typedef struct tusk_shape tusk_shape;

/*
 * What the name (an index and, if any, the text of a statement) was last known
 * as, with a reference; NULL: nothing yet.
 */
extern tusk_shape *
tusk_shape_find(tusk_mapping *mapping, const void *name, size_t name_length);
/*
 * From an answer to BEGIN that has columns (possible ones) and outputs; other
 * sessions find it from now on.  NULL: out of memory.
 */
extern tusk_shape *
tusk_shape_learn(tusk_mapping *mapping, const void *name, size_t name_length,
                 const DirectBeginReply *reply, const DirectColumn *columns,
                 const DirectOutput *outputs);
/* As attach.h has them; else the answer is malformed. */
extern bool
tusk_shape_columns_are_possible(const DirectColumn *columns, uint32_t n);
extern void tusk_shape_release(tusk_shape *shape);
extern uint64_t tusk_shape_number(const tusk_shape *shape);
/* Are its relations those of the answer? */
extern bool
tusk_shape_fits(const tusk_shape *shape, const DirectBeginReply *reply);
extern int tusk_shape_outputs(const tusk_shape *shape);
extern const DirectOutput *tusk_shape_output(const tusk_shape *shape, int i);
/* Type of a column, from 1; 0: there is none. */
extern uint32_t tusk_shape_column_type(const tusk_shape *shape, int attnum);

/* ---- search.c ---- */

/* A row asked for by the TID of an index entry, and the answer. */
typedef struct tusk_asked_row
{
	uint32_t block;
	uint16_t offset;
	bool visible;
	const char *columns; /* of the answer, as in attach.h; checked */
} tusk_asked_row;

/*
 * The backend, to be asked what only it can tell.  False: the search is over,
 * or the session.
 */
typedef struct tusk_backend
{
	void *session;
	bool (*blocks)(void *session, uint32_t part, const uint32_t *blocks, int n);
	/* columns stay valid until the next question */
	bool (*rows)(void *session, tusk_asked_row *rows, int n,
	             const int16_t *attnums, int ncolumns);
	/* Does the session go on?  Asked now and then, and does not block. */
	bool (*alive)(void *session);
	void (*touched)(void *session, const uint32_t *buffers, int n);
	void (*notice)(void *session, const char *message, const char *detail,
	               const char *hint);
} tusk_backend;

/* What to search for. */
typedef enum tusk_query_form
{
	TUSK_QUERY_FLOATS, /* an array of floats, of the index's dimensions */
	TUSK_QUERY_BINARY  /* as in Bind, binary */
} tusk_query_form;

/* A column of the result. */
typedef struct tusk_wanted
{
	int16_t attnum; /* of the table; 0: the distance, float8 */
} tusk_wanted;

/* Rows found, of all queries one after the other. */
typedef struct tusk_found
{
	int ncolumns;
	size_t nrows;
	size_t rows_room;
	struct tusk_found_row *rows;
	/* by row and column: where in bytes it begins, and its length; -1: null */
	struct tusk_found_value *values;
	size_t values_room;
	char *bytes;
	size_t nbytes;
	size_t bytes_room;
} tusk_found;

typedef struct tusk_found_row
{
	uint32_t block;
	uint16_t offset;
	uint16_t unused;
} tusk_found_row;

typedef struct tusk_found_value
{
	size_t at;
	int32_t length;
} tusk_found_value;

extern void tusk_found_free(tusk_found *found);

/* One session's searching. */
typedef struct tusk_reader tusk_reader;

extern tusk_reader *
tusk_reader_create(tusk_mapping *mapping, const tusk_backend *backend);
extern void tusk_reader_free(tusk_reader *search);

/*
 * A search begins: the shape stays the caller's and must outlive it.  False:
 * this index, or a column that is wanted, is not for clients.
 */
extern bool tusk_reader_begin(tusk_reader *search, const tusk_shape *shape,
                              const DirectBeginReply *reply, const void *xip,
                              const tusk_wanted *wanted, int nwanted);
/* It goes on with another query, maybe for other columns; false: as above. */
extern bool
tusk_reader_go_on(tusk_reader *search, const tusk_wanted *wanted, int nwanted);
/* Would a search that begins now see the same, if this one proves valid? */
extern bool tusk_reader_is_current(tusk_reader *search);
/* One query; false: the backend is to do it, and found is as it was. */
extern bool tusk_reader_run(tusk_reader *search, tusk_query_form form,
                            const void *query, size_t query_length,
                            int64_t offset, int64_t limit, tusk_found *found);
/* May what was found since begin be given to the application? */
extern bool tusk_reader_is_valid(tusk_reader *search);
/* For END; begins at 0 again. */
extern void tusk_reader_counts(tusk_reader *search, DirectEndRequest *request);
/* Why the last one failed: for tests and logs; never NULL. */
extern const char *tusk_reader_reason(const tusk_reader *search);
extern void tusk_reader_end(tusk_reader *search);

/* For fork handlers, threads and so on; once, before all else. */
extern void tusk_reader_init(void);

#endif /* LIBTUSK_READER_H */
