/*
 * postmaster/postmaster.h
 *		The supervisor, as main() and its children see it.
 */
#ifndef POSTMASTER_H
#define POSTMASTER_H

/* GUCs; units: seconds */
extern int AuthenticationTimeout;
extern int ReservedBackends;
extern bool restart_after_crash;
extern int stop_without_clients; /* ms; -1: never */
extern bool remove_temp_files_after_crash;
extern bool log_connections;
extern bool log_disconnections;

/* Between the start of a client's process and the end of its admission. */
extern bool ClientAuthInProgress;

/* How a process leaves: 2 on SIGQUIT, at which the others must go too. */
#define EXIT_STATUS_CRASH 2

extern void PostmasterMain(int argc, char **argv) pg_attribute_noreturn();

/*
 * A child gives up what belongs to the postmaster alone: the write end of the
 * death-watch pipe first, then the listening sockets.
 */
extern void ClosePostmasterPorts(void);

/* In the postmaster: told to stop the service, and has not begun with it. */
extern bool PostmasterShutdownRequested(void);

/*
 * For bgworker.c: note that pid wants to be told of its workers' starts and
 * ends.  False if it is none of our children.
 */
extern bool PostmasterMarkPIDForWorkerNotify(int pid);

#endif /* POSTMASTER_H */
