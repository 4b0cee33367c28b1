/*
 * tcop/tcopprot.h
 *		The main loop of a backend, as other folders see it.
 */
#ifndef TCOPPROT_H
#define TCOPPROT_H

extern const char *debug_query_string; /* statement being run, or NULL */

extern void PostgresMain(const char *dbname,
                         const char *username) pg_attribute_noreturn();
/* Signal handlers shared with background workers. */
extern void die(int signo);
extern void StatementCancelHandler(int signo);
extern void quickdie(int signo) pg_attribute_noreturn();

#endif /* TCOPPROT_H */
