/*
 * utils/injection_action.h
 *		What can be armed at an injection point, and for whom.
 *
 *		action [-> action]...
 *		action: [N*|P%]verb[:argument][,key=value]...
 *
 * At a passage the first action of the chain is carried out that is for this
 * process, has its turn and is not used up: "2*off->error:53200" lets two pass
 * and fails all that follow.
 *
 * verbs: off, notice, error[:SQLSTATE], fatal[:SQLSTATE], panic[:SQLSTATE],
 * kill, stop:MS, exit[:CODE], wait, sleep:MS (or delay:MS), errno:NAME,
 * short[:BYTES], torn[:BYTES].
 * keys: nth=N (from the N-th passage on), times=N (the same as N*; 1 for kill,
 * exit and panic unless given, so that they do not act at every restart), percent=P
 * (the same as P%) with seed=N, pid=PID, role=ROLE.
 *
 * Which passages a percentage takes is a function of the seed and of the number
 * of the passage, so the same seed takes the same ones.
 */
#ifndef INJECTION_ACTION_H
#define INJECTION_ACTION_H

#include "utils/injection_point.h"

#define INJ_MAX_TERMS 8

typedef enum InjectionVerb
{
	INJ_OFF,
	INJ_NOTICE,
	INJ_ERROR,
	INJ_FATAL,
	INJ_PANIC,
	INJ_KILL,
	INJ_STOP,
	INJ_EXIT,
	INJ_WAIT,
	INJ_SLEEP,
	INJ_ERRNO,
	INJ_SHORT,
	INJ_TORN
} InjectionVerb;

/* What a process is.  A worker's number is that of its launch, from 0. */
typedef enum InjectionRole
{
	INJ_ROLE_ANY,
	INJ_ROLE_BACKEND, /* a leader is one too */
	INJ_ROLE_LEADER,  /* a backend in parallel mode */
	INJ_ROLE_WORKER,
	INJ_ROLE_POSTMASTER,
	INJ_ROLE_CHECKPOINTER,
	INJ_ROLE_BGWRITER,
	INJ_ROLE_WALWRITER,
	INJ_ROLE_STARTUP,
	INJ_ROLE_AUTOVACUUM, /* launcher and workers */
	INJ_ROLE_CLIENT,     /* a program that is attached */
	INJ_ROLE_OTHER
} InjectionRole;

#define INJ_NROLES (INJ_ROLE_OTHER + 1)
#define INJ_ANY_WORKER (-1)

typedef struct InjectionTerm
{
	InjectionVerb verb;
	int argument;   /* milliseconds, exit code, errno, or bytes */
	int sqlerrcode; /* of error, fatal and panic */
	uint32 nth;     /* from 1 */
	uint32 times;   /* 0: no limit */
	uint32 chance;  /* of a million; a million: always */
	uint32 seed;
	int pid; /* 0: any process */
	InjectionRole role;
	int worker; /* of role worker */
} InjectionTerm;

typedef struct InjectionSpec
{
	int nterms;
	InjectionTerm terms[INJ_MAX_TERMS];
	char text[INJ_ACTION_MAXLEN]; /* as given, with the seed that was chosen */
} InjectionSpec;

/* ERROR 22023 if it cannot be understood. */
extern void ParseInjectionAction(const char *action, InjectionSpec *result);
/* ERROR 22023 if the point does not allow it. */
extern void CheckInjectionAction(const InjectionSpec *spec,
                                 const InjectionPointInfo *point);
/* The verbs that the point allows: "off, kill, stop, exit, wait, sleep". */
extern char *InjectionAllowedVerbs(const InjectionPointInfo *point);

/* The role of this process; *worker is its number, or INJ_ANY_WORKER. */
extern InjectionRole InjectionRoleOfProcess(int *worker);
extern const char *InjectionRoleName(InjectionRole role);
/* A program that is attached says so. */
extern void InjectionPointSetClientRole(void);

#endif /* INJECTION_ACTION_H */
