/*
 * conninfo.h: a connection string, taken apart and completed.
 */
#ifndef LIBTUSK_CONNINFO_H
#define LIBTUSK_CONNINFO_H

#include "internal.h"

enum
{
	OPT_HOST,
	OPT_PORT,
	OPT_USER,
	OPT_PASSWORD,
	OPT_PASSFILE,
	OPT_DBNAME,
	OPT_APPLICATION_NAME,
	OPT_OPTIONS,
	OPT_CONNECT_TIMEOUT,
	OPT_SCRAM_MAX_ITERATIONS,
	OPT_REQUIRE_AUTH,
	OPT_REQUIREPEER,
	OPT_ATTACH,
	OPT_RING_SPIN,
	OPT_DIR,
	OPT_AUTOSTART,
	N_OPTS
};

typedef struct tusk_conninfo
{
	char *values[N_OPTS];     /* malloc'd; NULL: not given, and no default */
	int connect_timeout_ms;   /* -1: no limit */
	int scram_max_iterations; /* 0: any number */
	unsigned auth_methods;    /* of auth.c, by require_auth */
	bool password_from_file;
	const char *passfile_refused; /* why; a constant */
} tusk_conninfo;

/* conninfo.c; a tusk_conninfo begins as zeros. */
extern tusk_status
tusk_conninfo_resolve(tusk_session *s, const char *conninfo, tusk_conninfo *c);
extern tusk_status
tusk_conninfo_take_attach(tusk_session *s, const tusk_conninfo *c);
extern tusk_status
tusk_conninfo_take_autostart(tusk_session *s, const tusk_conninfo *c, bool *on);
extern bool tusk_conninfo_look_up_password(tusk_conninfo *c);
extern void tusk_conninfo_free(tusk_conninfo *c);
/* What came from the password file is looked for anew the next time. */
extern void tusk_conninfo_forget_file(tusk_conninfo *c);
/* A malloc'd copy, with attach=off and autostart=off; NULL: out of memory. */
extern tusk_conninfo *tusk_conninfo_copy_for_socket(const tusk_conninfo *c);

/* connect.c: a socket, the start-up, the rings. */
extern tusk_status
tusk_connect(tusk_session *s, tusk_conninfo *c, int timeout_ms);
/* Does anybody listen where the session was sent? */
extern bool tusk_somebody_listens(tusk_session *s);

/* auth.c: takes require_auth. */
extern tusk_status tusk_auth_require(tusk_session *s, tusk_conninfo *c);

/* An AuthenticationRequest; *auth, NULL at first, is to be freed. */
typedef struct tusk_auth tusk_auth;

extern tusk_status tusk_auth_step(tusk_session *s, tusk_conninfo *c,
                                  tusk_auth **auth, tusk_message *m);
extern void tusk_auth_free(tusk_auth *auth);

#endif /* LIBTUSK_CONNINFO_H */
