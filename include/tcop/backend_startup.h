/*
 * tcop/backend_startup.h
 *		From an accepted connection to PostgresMain.
 */
#ifndef BACKEND_STARTUP_H
#define BACKEND_STARTUP_H

/* Whether the postmaster can take a client, and if not why. */
typedef enum CAC_state
{
	CAC_OK,
	CAC_STARTUP,
	CAC_SHUTDOWN,
	CAC_RECOVERY,
	CAC_TOOMANY
} CAC_state;

struct Port;

/*
 * Reads the start-up packet, and answers those that ask for encryption or a
 * cancel.  True if a session is to follow.
 */
extern bool ProcessStartupPacket(struct Port *port);

/* Serves the client, or tells it why not. */
extern void BackendMain(int sock, CAC_state cac) pg_attribute_noreturn();

#endif /* BACKEND_STARTUP_H */
