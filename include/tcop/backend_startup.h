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

/* Serves the client, or tells it why not. */
extern void BackendMain(int sock, CAC_state cac) pg_attribute_noreturn();

#endif /* BACKEND_STARTUP_H */
