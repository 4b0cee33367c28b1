/*
 * libpq/scram.h
 *		SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's side.
 */
#ifndef SCRAM_H
#define SCRAM_H

#include "libpq/libpq-be.h"

/*
 * The verifier of a password: SCRAM-SHA-256$4096:salt$StoredKey:ServerKey, with
 * a new salt.  In CurrentMemoryContext.
 */
extern char *pg_be_scram_build_secret(const char *password);
/* Is it one?  Anything else that is given as password is a password. */
extern bool is_scram_secret(const char *secret);
/*
 * The exchange with a client, whose verifier this is; NULL: it has none, which
 * the client cannot tell from a wrong password.  True if the client knows the
 * password; false if it does not, *gone: because it has left.  FATAL for messages that make no sense.
 */
extern bool CheckSCRAMAuth(const Port *port, const char *secret, bool *gone);

#endif /* SCRAM_H */
