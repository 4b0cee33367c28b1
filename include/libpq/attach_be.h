/*
 * libpq/attach_be.h
 *		Attached clients, as their backends see them.
 */
#ifndef ATTACH_BE_H
#define ATTACH_BE_H

#include "lib/stringinfo.h"
#include "libpq/libpq-be.h"

/* setting "attach" */
typedef enum AttachOffer
{
	ATTACH_OFFER_OFF,
	ATTACH_OFFER_RINGS,
	ATTACH_OFFER_DIRECT
} AttachOffer;

/*
 * Protocol option of the start-up packet: a client that knows messages of type
 * 'a' sends it; NegotiateProtocolVersion lists it if they are not offered.
 */
#define ATTACH_PROTOCOL_OPTION "_pq_.tusk_attach"

extern int attach_offered;
extern int ring_spin; /* setting: microseconds, 0: never */

/* May the client of this connection attach? */
extern bool AttachIsOffered(const Port *port);

/* A message of type 'a'; it is answered, or an ERROR, or FATAL 08P01. */
extern void exec_attach_message(StringInfo msg);

/* From now on messages go through the rings of the area (pqring.c). */
extern void PqRingStart(Port *port, void *mapped, uint32 to_server_size,
                        uint32 to_client_size);
extern void PqRingStop(void); /* over the socket again: nobody has it yet */
extern bool PqRingInUse(void);
/* For the client, if messages go through rings: RingFarewell, libpq/ring.h. */
extern void PqRingFarewell(int why);

#endif /* ATTACH_BE_H */
