/*
 * postmaster/startup.h
 *		The start-up process: brings the cluster from what the last life left to
 *		a state in which backends can run.
 */
#ifndef STARTUP_H
#define STARTUP_H

/*
 * The cluster's files are not those of a clean stop, or a crash has just
 * happened: set by the postmaster before it forks the start-up process.
 */
extern bool ClusterNeedsReset;

extern void StartupProcessMain(void) pg_attribute_noreturn();

/* Whether an earlier reset of the cluster was not finished. */
extern bool ClusterResetInProgress(void);

#endif /* STARTUP_H */
