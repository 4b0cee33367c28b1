/*
 * libpq/auth.h
 *		Who may come in.
 */
#ifndef AUTH_H
#define AUTH_H

#include "libpq/libpq-be.h"

/*
 * Checks by the rules of pg_hba.conf (libpq/hba.h) that the client may be who
 * it says it is, and tells it that it is in (AuthenticationOk); FATAL if it may
 * not.
 */
extern void ClientAuthentication(Port *port);

#endif /* AUTH_H */
