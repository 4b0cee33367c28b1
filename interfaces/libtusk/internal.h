/*
 * internal.h: what the files of libtusk share.
 *
 * wire.c moves messages; attach.c makes and ends sessions; statement.c runs
 * statements and collects results; copy.c loads.  All state is in the
 * session; there is nothing global but constants.
 */
#ifndef LIBTUSK_INTERNAL_H
#define LIBTUSK_INTERNAL_H

#include <stdbool.h>
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

typedef struct tusk_setting
{
	char *name;
	char *value;
	struct tusk_setting *next;
} tusk_setting;

struct tusk_session
{
	int fd; /* -1: lost */
	struct sockaddr_un address;
	int backend_pid;
	int32_t cancel_key;
	char transaction_state;
	bool copying;
	bool out_of_memory; /* since the last message was begun */
	unsigned statement_counter;
	int references; /* 1 for the user, 1 per statement handle */

	tusk_attach_options options;
	tusk_error_store error;
	tusk_setting *settings;

	tusk_buffer out;      /* to be sent */
	size_t message_start; /* of the message being made, in out */
	tusk_buffer in;       /* received */
	size_t in_start;      /* of what was not read yet */
};

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
	struct sockaddr_un address;
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
extern tusk_status
tusk_receive(tusk_session *s, tusk_message *m, int timeout_ms);
extern bool tusk_readable(tusk_session *s);
extern int tusk_get_int8(tusk_message *m);
extern int tusk_get_int16(tusk_message *m);
extern int32_t tusk_get_int32(tusk_message *m);
extern const char *tusk_get_bytes(tusk_message *m, size_t length);
extern const char *tusk_get_string(tusk_message *m);

/* attach.c */
extern void tusk_clear_error(tusk_session *s);
extern tusk_status
tusk_fail(tusk_session *s, tusk_status status, const char *sqlstate,
          const char *format, ...) __attribute__((format(printf, 4, 5)));
extern tusk_status
tusk_lose(tusk_session *s, const char *sqlstate, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
extern tusk_status tusk_take_error(tusk_session *s, tusk_message *m);
extern bool tusk_async_message(tusk_session *s, tusk_message *m);
extern tusk_status tusk_check_usable(tusk_session *s);
extern tusk_status tusk_check_statement(tusk_session *s, const char *sql);
extern void tusk_unreference(tusk_session *s);

/* statement.c */
extern tusk_status tusk_collect(tusk_session *s, tusk_result **result,
                                tusk_statement *describe, bool *copy_in);
extern int64_t tusk_tag_count(const char *tag);

#endif /* LIBTUSK_INTERNAL_H */
