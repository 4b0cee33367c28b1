/*
 * postmaster/postmaster_internal.h
 *		State of the postmaster that postmaster.c, pmstate.c and
 *		launch_backend.c share.  Private memory of one single-threaded process.
 */
#ifndef POSTMASTER_INTERNAL_H
#define POSTMASTER_INTERNAL_H

#include <time.h>

#include "postmaster/pmchild.h"
#include "tcop/backend_startup.h"

/* In this order: "<" is used. */
typedef enum PMState
{
	PM_INIT,          /* starting */
	PM_STARTUP,       /* the start-up process runs */
	PM_RUN,           /* clients are served */
	PM_STOP_BACKENDS, /* about to end those that serve clients */
	PM_WAIT_BACKENDS, /* waiting for their end */
	PM_SHUTDOWN,      /* the checkpointer writes everything out */
	PM_WAIT_DEAD_END, /* waiting for the last, which touch nothing shared */
	PM_NO_CHILDREN    /* nobody is left */
} PMState;

/* Only ever raised. */
typedef enum ShutdownMode
{
	NoShutdown,
	SmartShutdown,
	FastShutdown,
	ImmediateShutdown
} ShutdownMode;

typedef enum StartupStatusEnum
{
	STARTUP_NOT_RUNNING,
	STARTUP_RUNNING,
	STARTUP_SIGNALED, /* we sent it SIGQUIT or SIGKILL */
	STARTUP_DONE
} StartupStatusEnum;

extern PMState pmState;
extern ShutdownMode Shutdown;
extern StartupStatusEnum StartupStatus;
extern bool FatalError; /* a crash reset is under way */
extern bool connsAllowed;
/* When children were told to go at once; 0: they were not. */
extern time_t AbortStartTime;
extern bool StartWorkerNeeded;
extern bool HaveCrashedWorker;

#define SIGKILL_CHILDREN_AFTER_SECS 5

/* pmstate.c */
extern void UpdatePMState(PMState newState);
extern void PostmasterStateMachine(void);
extern void StopAtOnce(void);
extern void ReapChildren(void);
extern void StartStartupProcess(void);
extern void LaunchMissingBackgroundProcesses(void);
extern void TerminateChildren(int signal);
extern void SignalChildren(int signal);
extern int CountChildren(uint32 mask);
extern CAC_state canAcceptConnections(void);

/* Sets of kinds of children, for CountChildren. */
#define BTYPE_BIT(btype) (1U << (btype))
#define BTYPES_ALL 0xFFFFFFFFU
#define BTYPE_DEAD_END (1U << 31)

/* postmaster.c */
extern void ConfigurePostmasterWaitSet(bool accept_connections);
extern void ExitPostmaster(int status) pg_attribute_noreturn();

/* launch_backend.c: what a child needs to know besides its kind. */
typedef struct ChildStartupData
{
	int client_sock;
	CAC_state cac;
	RegisteredBgWorker *rw;
} ChildStartupData;

extern pid_t
PostmasterChildLaunch(PMChild *pmchild, const ChildStartupData *data);
extern const char *PostmasterChildName(BackendType btype);

#endif /* POSTMASTER_INTERNAL_H */
