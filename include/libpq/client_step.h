/*
 * libpq/client_step.h
 *		Steps of an attached client, at which a test can stop it.
 *
 * What injection points are to the server.  But the library lives in processes
 * of others, so there is nothing of them in it: they are compiled in with
 * TUSK_CLIENT_STEPS only, into the objects of the one program that defines the
 * function, regress/attached/stepped.c.  Everywhere else, and in what server and
 * library share, a step is nothing.
 */
#ifndef CLIENT_STEP_H
#define CLIENT_STEP_H

#ifdef TUSK_CLIENT_STEPS
extern void tusk_client_step(const char *name);
#define CLIENT_STEP(name) tusk_client_step(name)
#else
#define CLIENT_STEP(name) ((void) 0)
#endif

#endif /* CLIENT_STEP_H */
