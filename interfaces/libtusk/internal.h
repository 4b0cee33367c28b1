/*
 * internal.h: what the files of libtusk share.
 *
 * wire.c moves messages, over the socket or the rings of ring.c; attach.c makes
 * and ends sessions, by conninfo.c, connect.c and auth.c; statement.c runs
 * statements and collects results; copy.c copies; matrix.c inserts many vectors,
 * search.c searches, build.c builds indexes, settings.c has settings: all of
 * these by statements.  All state is in the session; sessions share nothing but
 * the mappings of the servers' pages (direct/mapping.c).
 */
#ifndef LIBTUSK_INTERNAL_H
#define LIBTUSK_INTERNAL_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tusk.h"

/* a message longer than this is not believed */
#define TUSK_MAX_MESSAGE (1 << 30)

typedef struct tusk_buffer
{
	char *data;
	size_t used;
	size_t size;
} tusk_buffer;

/* an error with the memory of its strings */
typedef struct tusk_error_store
{
	tusk_error error;
	char *strings; /* malloc'd, holds all of them; or NULL */
} tusk_error_store;

/* what of the server's memory a session is to have (attach=...) */
typedef enum tusk_attach_kind
{
	TUSK_ATTACH_BEST, /* what can be had */
	TUSK_ATTACH_OFF,
	TUSK_ATTACH_RINGS,
	TUSK_ATTACH_DIRECT
} tusk_attach_kind;

#define TUSK_MAX_DESCRIPTORS 2
#define TUSK_RING_SPIN_US 50 /* the default of ring_spin */
#define TUSK_RING_SPIN_MAX_US 1000

typedef struct tusk_setting
{
	char *name;
	char *value;
	struct tusk_setting *next;
} tusk_setting;

/* of a socket, Unix or TCP */
typedef struct tusk_address
{
	struct sockaddr_storage storage;
	socklen_t length;
} tusk_address;

struct tusk_session
{
	int fd; /* -1: lost */
	tusk_address address;
	int connect_errno; /* of the last try to connect */
	int backend_pid;
	int32_t cancel_key;
	char transaction_state;
	bool copying;
	unsigned copies; /* the number of the last COPY; raised anew, too */
	bool building;   /* tusk_build_start; likewise busy */
	pid_t owner;     /* the process that attached */
	unsigned life;   /* raised when it attaches anew */
	char *conninfo;  /* as it was given; may be NULL */
	struct tusk_conninfo *resolved; /* by it and the environment; or NULL */
	char *shown;                    /* of tusk_get */
	bool out_of_memory;             /* since the last message was begun */
	unsigned statement_counter;
	int references; /* 1 for the user, 1 per statement handle */

	tusk_attach_options options;
	tusk_error_store error;
	tusk_error_store last_words; /* of a server that ends at once */
	tusk_setting *settings;

	tusk_attach_kind attach_wanted;
	int ring_spin_us;
	bool attach_offered;      /* by the server */
	bool wants_descriptors;   /* they may come along now */
	struct tusk_rings *rings; /* NULL: messages go over the socket */
	int descriptors[TUSK_MAX_DESCRIPTORS]; /* that came, not yet used */
	int ndescriptors;
	bool descriptors_lost; /* there was no room for one that came */
	int public_fd;         /* the public segment; -1: no direct search */
	size_t public_size;
	uint64_t generation; /* of the segment, when we attached */
	uint32_t direct_slot;

	tusk_buffer out;      /* to be sent */
	size_t message_start; /* of the message being made, in out */
	tusk_buffer in;       /* received */
	size_t in_start;      /* of what was not read yet */

	struct tusk_direct *direct; /* direct.c; NULL: never asked for */
};

/* by which a value of floats goes over the wire */
typedef enum tusk_float_type
{
	TUSK_TYPE_OTHER,
	TUSK_TYPE_VECTOR,
	TUSK_TYPE_HALFVEC
} tusk_float_type;

/* the message just read; body points into the session's buffer */
typedef struct tusk_message
{
	char type;
	const char *body;
	size_t length;
	size_t at; /* of the next field */
	bool bad;  /* a field went beyond the end */
} tusk_message;

struct tusk_canceller
{
	tusk_address address;
	int backend_pid;
	int32_t cancel_key;
};

/* wire.c */
extern bool tusk_reserve(tusk_buffer *b, size_t more);
extern void tusk_begin(tusk_session *s, char type);
extern void tusk_put(tusk_session *s, const void *data, size_t length);
extern void tusk_put_int16(tusk_session *s, int value);
extern void tusk_put_int32(tusk_session *s, int32_t value);
extern void tusk_put_string(tusk_session *s, const char *value);
extern tusk_status tusk_end(tusk_session *s);
extern tusk_status tusk_send(tusk_session *s);
/* A message that is one text, or empty (NULL). */
extern tusk_status tusk_send_text(tusk_session *s, char type, const char *text);
extern tusk_status
tusk_receive(tusk_session *s, tusk_message *m, int timeout_ms);
extern bool tusk_readable(tusk_session *s);
/* The same within that time (-1: no limit); *got: false, it has not come. */
extern tusk_status tusk_receive_within(tusk_session *s, tusk_message *m,
                                       int timeout_ms, bool *got);
extern int tusk_get_int8(tusk_message *m);
extern int tusk_get_int16(tusk_message *m);
extern int32_t tusk_get_int32(tusk_message *m);
extern const char *tusk_get_bytes(tusk_message *m, size_t length);
extern const char *tusk_get_string(tusk_message *m);

extern bool tusk_poll(int fd, int timeout_ms);
/* Of a clock that only goes forward; safe in signal handlers. */
extern int64_t tusk_now_ms(void);
/* So often the progress function is called: as asked for, or the default. */
extern int tusk_progress_interval_ms(const tusk_session *s);
/* Asks the server to cancel what this session runs. */
extern void tusk_cancel_own(tusk_session *s);

/* ring.c */
extern tusk_status tusk_attach_rings(tusk_session *s, int timeout_ms);
extern void tusk_free_rings(tusk_session *s);
extern ssize_t
tusk_receive_descriptors(tusk_session *s, void *buf, size_t size);
extern ssize_t
tusk_ring_write(tusk_session *s, const void *data, size_t length);
extern ssize_t tusk_ring_read(tusk_session *s, void *data, size_t length);
extern bool tusk_ring_ready(tusk_session *s, bool to_write);
extern bool tusk_ring_closed(const tusk_session *s);
extern bool tusk_ring_farewell(tusk_session *s);
extern int tusk_ring_wait(tusk_session *s, bool to_write, int timeout_ms);

/* attach.c */
extern void tusk_disconnect(tusk_session *s);
extern void tusk_clear_error(tusk_session *s);
extern tusk_status
tusk_fail(tusk_session *s, tusk_status status, const char *sqlstate,
          const char *format, ...) __attribute__((format(printf, 4, 5)));
extern bool tusk_has_last_words(const tusk_session *s);
extern tusk_status
tusk_lose(tusk_session *s, const char *sqlstate, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* More about the session's error. */
extern void tusk_add_detail(tusk_session *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
extern void tusk_add_hint(tusk_session *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
extern tusk_status tusk_take_error(tusk_session *s, tusk_message *m);
extern bool tusk_async_message(tusk_session *s, tusk_message *m);
extern bool tusk_is_usable(const tusk_session *s);
/* The process that attached?  Else the session's error says so. */
extern bool tusk_is_own(tusk_session *s);
extern tusk_status tusk_check_usable(tusk_session *s);
extern tusk_status tusk_check_statement(tusk_session *s, const char *sql);
extern void tusk_unreference(tusk_session *s);

extern void tusk_copy_error(tusk_error_store *to, const tusk_error *from);

/* autostart.c */
extern tusk_status
tusk_autostart(tusk_session *s, const char *dir, const char *port,
               bool (*probe)(tusk_session *));

/* A session that needs none of the server's memory, to where that one is. */
extern tusk_status tusk_attach_beside(const tusk_session *s, int timeout_ms,
                                      tusk_session **beside);
/* tusk_cancel; *answered: the server has dealt with it. */
extern tusk_status
tusk_request_cancel(const tusk_canceller *canceller, bool *answered);

/* connect.c */
/* 0, or errno; ETIMEDOUT after that time (-1: none).  Safe in signal handlers. */
extern int
tusk_connect_socket(int fd, const tusk_address *address, int timeout_ms);

/* copy.c */
extern tusk_status tusk_refuse_copy_in(tusk_session *s);

/* statement.c */
extern tusk_status tusk_collect(tusk_session *s, tusk_result **result,
                                tusk_statement *describe, bool *copy_in);
/* Prepared again, if the session has attached anew since. */
extern tusk_status tusk_statement_ready(tusk_statement *st);
/* Bind and Execute into the session's buffer, Describe between if asked for. */
extern tusk_status
tusk_statement_put(tusk_statement *st, int nparams, const tusk_param *params,
                   int result_format, bool describe);
extern int64_t tusk_tag_count(const char *tag);

extern const char *tusk_statement_name(const tusk_statement *st);
extern const char *tusk_statement_text(const tusk_statement *st);
extern tusk_result *tusk_result_create(const tusk_statement *st);
extern bool
tusk_result_add(tusk_result *r, const char *const *data, const int *lengths);
extern void tusk_result_set_tag(tusk_result *r);

/* matrix.c */
extern size_t tusk_float_size(tusk_float_type type, int dim);
extern void tusk_float_encode(tusk_float_type type, const float *values,
                              int dim, void *buf);
extern tusk_status
tusk_float_type_of(tusk_session *s, uint32_t oid, tusk_float_type *type,
                   char *name, size_t size);

#endif /* LIBTUSK_INTERNAL_H */
