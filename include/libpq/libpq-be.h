/*
 * libpq/libpq-be.h
 *		A client's connection, as its backend sees it.
 */
#ifndef LIBPQ_BE_H
#define LIBPQ_BE_H

#include <sys/socket.h>

#include "lib/stringinfo.h"
#include "libpq/pqcomm.h"
#include "nodes/pg_list.h"
#include "utils/timestamp.h"

typedef struct Port
{
	int sock;                      /* non-blocking */
	struct sockaddr_storage raddr; /* of the other end */
	char *remote_host;             /* its address, or "[local]" */
	char *database_name;           /* of the start-up packet */
	char *user_name;
	char *cmdline_options;
	char *application_name;
	List *guc_options;     /* of the start-up packet: name, value, name, ... */
	ProtocolVersion proto; /* as the client asked for it */
	TimestampTz SessionStartTime;
} Port;

/* Longest message accepted, and the longest of most types. */
#define PQ_LARGE_MESSAGE_LIMIT (MaxAllocSize - 1)
#define PQ_SMALL_MESSAGE_LIMIT 10000

/* Make MyProcPort's socket the destination of messages. */
extern void pq_init(Port *port);

/*
 * Reading.  0, or EOF if the connection is gone; both wait with the latch and
 * process interrupts.
 */
extern int pq_getbyte(void);
/*
 * Around a message, from its first byte on: an ERROR in between leaves the
 * place of the next message unknown (pq_is_reading_msg).  pq_getmessage ends
 * it too.
 */
extern void pq_startmsgread(void);
extern void pq_endmsgread(void);
extern bool pq_is_reading_msg(void);
/* Is the client there? Looks, does not wait. */
extern bool pq_check_connection(void);
extern int pq_getbytes(char *s, size_t len);
/* A length word and its message, into s. */
extern int pq_getmessage(StringInfo s, int maxlen);
/* The next byte, which stays to be read. */
extern int pq_peekbyte(void);

/* The report as ErrorResponse or NoticeResponse. */
extern void send_message_to_frontend(ErrorData *edata);

#endif /* LIBPQ_BE_H */
