/*
 * libpq/auth.h
 *		Who may come in.
 */
#ifndef AUTH_H
#define AUTH_H

#include "libpq/libpq-be.h"

/*
 * Checks the client and tells it that it is in (AuthenticationOk).  The socket
 * and its directory are the server's user's own, so whoever could connect is
 * trusted.
 */
extern void ClientAuthentication(Port *port);

#endif /* AUTH_H */
