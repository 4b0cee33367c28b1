/*
 * libpq/libpq.h
 *		Messages to the client: over its socket or, in a parallel worker, over
 *		the queue to the leader.
 */
#ifndef LIBPQ_H
#define LIBPQ_H

typedef struct PQcommMethods
{
	void (*comm_reset)(void);
	int (*flush)(void);
	int (*flush_if_writable)(void);
	bool (*is_send_pending)(void);
	int (*putmessage)(char msgtype, const char *s, size_t len);
	void (*putmessage_noblock)(char msgtype, const char *s, size_t len);
} PQcommMethods;

extern const PQcommMethods *PqCommMethods;

#define pq_comm_reset() (PqCommMethods->comm_reset())
#define pq_flush() (PqCommMethods->flush())
#define pq_flush_if_writable() (PqCommMethods->flush_if_writable())
#define pq_is_send_pending() (PqCommMethods->is_send_pending())
#define pq_putmessage(msgtype, s, len) \
	(PqCommMethods->putmessage(msgtype, s, len))
#define pq_putmessage_noblock(msgtype, s, len) \
	(PqCommMethods->putmessage_noblock(msgtype, s, len))

#endif /* LIBPQ_H */
