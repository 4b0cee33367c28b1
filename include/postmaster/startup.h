/*
 * postmaster/startup.h
 *		The start-up process: brings the cluster from what the last life left to
 *		a state in which backends can run.
 */
#ifndef STARTUP_H
#define STARTUP_H

/* GUC, ms: how often a long step tells how far it is; 0: never */
extern int log_startup_progress_interval;

extern void StartupProcessMain(void) pg_attribute_noreturn();

/* A step begins whose progress is reported. */
extern void begin_startup_progress_phase(void);
/* Is a report due; then the time since the step's begin. */
extern bool has_startup_progress_timeout_expired(long *secs, int *usecs);

#endif /* STARTUP_H */
