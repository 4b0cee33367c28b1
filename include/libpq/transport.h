/*
 * libpq/transport.h
 *		What carries the bytes of a session's messages: its socket, or the rings
 *		of its client area.
 *
 * Everything above (messages, COPY, reports) is the same over both.  A backend
 * begins with its socket and changes to rings once, between two messages.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include "libpq/libpq-be.h"

typedef struct PqTransport
{
	/*
	 * Bytes moved, at least one; 0: none now, wait; EOF: the connection has
	 * ended, and the log knows why if there is more to say.  Do not block.
	 */
	ssize_t (*read)(void *buf, size_t len);
	ssize_t (*write)(const void *buf, size_t len);
	/*
	 * Until there may be something to read, or room to write.  True: the latch
	 * was set, and is reset now; the caller looks at interrupts.
	 */
	bool (*wait)(bool to_write);
} PqTransport;

extern const PqTransport PqSocketTransport; /* pqsocket.c */
extern const PqTransport PqRingTransport;   /* pqring.c */

/* In use; a change counts from the next byte on. */
extern const PqTransport *PqTransportInUse;

/* ---- pqsocket.c ---- */

extern void PqSocketInit(Port *port);
/*
 * A latch wait for the client's socket too (WL_SOCKET_*), ends with the
 * postmaster.  True: the latch was set, and is reset now.
 */
extern bool PqWaitForSocket(int event, uint32 wait_event_info);

/* ---- pqcomm.c ---- */

/* Sends all there is; without room it waits.  EOF: the connection is gone. */
extern int pq_send_all(void);
/* Has the client sent more than the message that was read last? */
extern bool pq_buffer_has_data(void);
/* While a message goes out: only the end of the process may interrupt. */
extern void pq_wait_to_write(void);
/* Nobody is there any more; acted upon at the next CHECK_FOR_INTERRUPTS. */
extern void pq_connection_lost(void);

#endif /* TRANSPORT_H */
