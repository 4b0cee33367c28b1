/*
 * utils/injection_point.h
 *		Named places in the code where a test may make something happen.
 *
 * Each macro leaves a descriptor of its place in a section of the program, so
 * the names are known before anything runs: a misspelt one cannot be armed.
 * Several places of one name are one point, of one class.
 *
 * A point costs one load and a predictable branch while nothing is armed and
 * nothing is recorded; while another point is armed, a few loads more and no
 * comparison of names.  The table of armed points is shared, outside what a
 * crash reset clears, and is read without locks, so that a point works in every
 * process, inside locks, and before and after the process has a PGPROC.
 *
 * What can be armed is in utils/injection_action.h.  TUSK_INJECTION_POINTS in
 * the environment of the postmaster arms points at start: name=action, several
 * separated by ";".
 */
#ifndef INJECTION_POINT_H
#define INJECTION_POINT_H

#include "port/atomics.h"

#define INJ_NAME_MAXLEN 64
/* Text of an action; the row of a view has it. */
#define INJ_ACTION_MAXLEN 256
/* So many can wait at a time. */
#define INJ_MAX_WAITS 128
/* The roles, and the first workers each by its number. */
#define INJ_RECORD_SLOTS 16

/* What a fault means there. */
typedef enum InjectionClass
{
	INJ_NORMAL,    /* an ERROR unwinds */
	INJ_CRITICAL,  /* in a critical section, or in one for some callers, where
	                * an ERROR is a PANIC */
	INJ_NOTHROW,   /* in locks, latches and queues: nothing may be thrown */
	INJ_POSTMASTER /* the end of the postmaster ends the service */
} InjectionClass;

/* What the call that follows the point can be asked, beside its class. */
#define INJ_TAKES_ERRNO 1 /* to fail with an errno */
#define INJ_TAKES_WRITE 2 /* to write less, or a torn page */

/* One place in the code. */
typedef struct InjectionSite
{
	const char *name;
	const char *file;
	int line;
	InjectionClass class;
	int takes;
	int index; /* of the point; -1 before the names are collected */
} InjectionSite;

/*
 * What an armed point asks of the system call that it stands before.  kind is 0
 * for nothing.
 */
typedef enum InjectionSysKind
{
	INJ_SYS_NONE,
	INJ_SYS_ERRNO, /* fail with error, do nothing */
	INJ_SYS_SHORT, /* transfer bytes only (-1: half), report that many */
	INJ_SYS_TORN   /* write bytes only (-1: half), report all */
} InjectionSysKind;

typedef struct InjectionSysFault
{
	InjectionSysKind kind;
	int error;
	int bytes;
} InjectionSysFault;

/*
 * The word that every point looks at: number of armed points, and whether
 * passages are counted.  It has pages of its own, which become shared by being
 * mapped over, so that its address is a constant.
 */
#if defined(__x86_64__)
#define INJ_GATE_SIZE 4096
#else
#define INJ_GATE_SIZE 65536
#endif

typedef union InjectionGate
{
	pg_atomic_uint32 active; /* [A] */
	char pages[INJ_GATE_SIZE];
} InjectionGate;

extern InjectionGate injection_gate __attribute__((visibility("hidden")));

/* An atomic read that is not itself a point of the stepper. */
#define INJECTION_ACTIVE() \
	unlikely(CMM_LOAD_SHARED(injection_gate.active.value) != 0)

/* A descriptor, and its address in the section that lists them all. */
#define INJECTION_SITE(site, name, class, takes)        \
	static InjectionSite site = {                       \
		"" name, __FILE__, __LINE__, class, takes, -1}; \
	static InjectionSite *site##_listed                 \
		__attribute__((section("injection_sites"), used)) = &site

#ifndef NO_INJECTION_POINTS

#define INJECTION_POINT_OF_CLASS(name, class)            \
	do                                                   \
	{                                                    \
		INJECTION_SITE(injection_site_, name, class, 0); \
		if (INJECTION_ACTIVE())                          \
			InjectionPointPass(&injection_site_, NULL);  \
	} while (0)

/*
 * 0, or the errno with which the call that follows is to fail.  A place of this
 * kind may stand anywhere, so nothing is thrown there.
 */
#define INJECTION_POINT_ERRNO(name)                                          \
	__extension__({                                                          \
		INJECTION_SITE(injection_site_, name, INJ_NOTHROW, INJ_TAKES_ERRNO); \
		INJECTION_ACTIVE() ? InjectionPointErrno(&injection_site_) : 0;      \
	})

/* The same for a call that transfers bytes; true if it is asked something. */
#define INJECTION_POINT_SYS(name, fault)                                   \
	__extension__({                                                        \
		INJECTION_SITE(injection_site_, name, INJ_NOTHROW,                 \
		               INJ_TAKES_ERRNO | INJ_TAKES_WRITE);                 \
		INJECTION_ACTIVE() ? InjectionPointPass(&injection_site_, (fault)) \
						   : false;                                        \
	})

/* For code that behaves otherwise while a point of that name is armed. */
#define IS_INJECTION_POINT_ATTACHED(name)                              \
	__extension__({                                                    \
		INJECTION_SITE(injection_site_, name, INJ_NORMAL, 0);          \
		INJECTION_ACTIVE() && InjectionPointIsArmed(&injection_site_); \
	})

#else /* to measure what the points cost */

#define INJECTION_POINT_OF_CLASS(name, class) ((void) 0)
#define INJECTION_POINT_ERRNO(name) 0
#define INJECTION_POINT_SYS(name, fault) ((void) (fault), false)
#define IS_INJECTION_POINT_ATTACHED(name) false

#endif

#define INJECTION_POINT(name) INJECTION_POINT_OF_CLASS(name, INJ_NORMAL)
#define INJECTION_POINT_CRITICAL(name) \
	INJECTION_POINT_OF_CLASS(name, INJ_CRITICAL)
#define INJECTION_POINT_NOTHROW(name) \
	INJECTION_POINT_OF_CLASS(name, INJ_NOTHROW)
#define INJECTION_POINT_POSTMASTER(name) \
	INJECTION_POINT_OF_CLASS(name, INJ_POSTMASTER)

/*
 * Behind the macros.  Pass returns whether fault was filled; errno is kept.
 */
extern bool InjectionPointPass(InjectionSite *site, InjectionSysFault *fault);
extern int InjectionPointErrno(InjectionSite *site);
extern bool InjectionPointIsArmed(const InjectionSite *site);

/* ---- the names (injection_registry.c) ---- */

typedef struct InjectionPointInfo
{
	const char *name;
	InjectionClass class;
	int takes;         /* of all its places together */
	int subsystem_len; /* so much of the name is the subsystem */
	int nsites;
	InjectionSite **sites; /* by file and line */
} InjectionPointInfo;

/* Points are numbered from 0 in the order of their names. */
extern int InjectionPointCount(void);
extern const InjectionPointInfo *InjectionPointGet(int point);
/* -1 if there is none */
extern int InjectionPointFind(const char *name);
/* A hint that names those most like it, in the current memory context. */
extern char *InjectionPointNearest(const char *name);
/*
 * Order the sites by name and number the points; ERROR XX000 if a name is not
 * words and digits with dashes, is too long, or has several classes.  The
 * program's own are numbered by the first call of one of the above.
 */
extern InjectionPointInfo *
InjectionRegistryBuild(InjectionSite **sites, int nsites, int *npoints);
extern const char *InjectionClassName(InjectionClass class);

/* ---- arming ---- */

/*
 * The table, at first call; later calls, after a crash, free what processes
 * that are gone held.
 */
extern void InjectionPointShmemInit(void);
/* FATAL if something is wrong with it. */
extern void InjectionPointArmFromEnvironment(void);

/*
 * ERROR 42704: no such point; 22023: a bad action, or one that the class of the
 * point forbids; 42710: armed already.
 */
extern void InjectionPointAttach(const char *name, const char *action);
extern bool InjectionPointDetach(const char *name);
/* Wake those that wait at the point, or one; ERROR 42704 if nobody does. */
extern void InjectionPointWakeup(const char *name);
extern void InjectionPointWakeupPid(const char *name, int pid);
/* Pass a point by its name; ERROR 42704 if there is none. */
extern void InjectionPointRun(const char *name);
/* The wait event of a process that waits: the name of its point, a copy. */
extern const char *InjectionPointWaitName(uint32 waitslot);
/*
 * From now on what this process arms is for it alone, and is taken back at its
 * end.
 */
extern void InjectionPointSetLocal(void);

typedef struct InjectionPointStatus
{
	bool armed;
	uint64 hits;  /* passages of processes that it is armed for */
	uint64 fired; /* how often something was done */
	char action[INJ_ACTION_MAXLEN];
	int nwaiting;
	int waiting[INJ_MAX_WAITS]; /* process numbers */
} InjectionPointStatus;

/* Counts are those since it was armed last. */
extern void InjectionPointGetStatus(int point, InjectionPointStatus *status);
extern uint64 InjectionPointHits(const char *name);

/* ---- recording: who passes what ---- */

/* Switched on, all counts begin at 0; switched off, they stay to be read. */
extern void InjectionPointRecord(bool on);
/*
 * Passages of the point while recorded, and those in a critical section, by
 * role: slot 0 to INJ_RECORD_SLOTS - 1, InjectionSlotName.
 */
extern void InjectionPointPassages(int point, int slot, uint64 *passages,
                                   uint64 *in_critical);
extern const char *InjectionSlotName(int slot);

#endif /* INJECTION_POINT_H */
