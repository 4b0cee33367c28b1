/*
 * latch.h
 *		Latches: wait until another process, or a signal handler, wakes us.
 *
 *		for (;;)
 *		{
 *			ResetLatch(MyLatch);
 *			CHECK_FOR_INTERRUPTS();
 *			if (condition)
 *				break;
 *			WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, 0, event);
 *		}
 *
 * The condition is changed before SetLatch, and tested after ResetLatch.  A
 * latch is set for many reasons: always loop.
 */
#ifndef LATCH_H
#define LATCH_H

#include <signal.h>

typedef struct Latch
{
	sig_atomic_t is_set;         /* [A] */
	sig_atomic_t maybe_sleeping; /* [A] the owner is in the kernel, or soon */
	bool is_shared;              /* [C] */
	int owner_pid;               /* [A] 0: nobody */
} Latch;

#define WL_LATCH_SET (1 << 0)
#define WL_SOCKET_READABLE (1 << 1)
#define WL_SOCKET_WRITEABLE (1 << 2)
#define WL_TIMEOUT (1 << 3)
#define WL_POSTMASTER_DEATH (1 << 4)
#define WL_EXIT_ON_PM_DEATH (1 << 5)
#define WL_SOCKET_CONNECTED WL_SOCKET_WRITEABLE
#define WL_SOCKET_CLOSED (1 << 7)
#define WL_SOCKET_ACCEPT WL_SOCKET_READABLE
#define WL_SOCKET_MASK \
	(WL_SOCKET_READABLE | WL_SOCKET_WRITEABLE | WL_SOCKET_CLOSED)

typedef int pgsocket;
#define PGINVALID_SOCKET (-1)

typedef struct WaitEvent
{
	int pos;       /* in the set */
	uint32 events; /* that happened */
	pgsocket fd;
	void *user_data;
} WaitEvent;

typedef struct WaitEventSet WaitEventSet;

/* Once in each process, after fork: the wake-up descriptor. */
extern void InitializeLatchSupport(void);

extern void InitLatch(Latch *latch);
extern void InitSharedLatch(Latch *latch);
extern void OwnLatch(Latch *latch);
extern void DisownLatch(Latch *latch);

/* From anywhere, signal handlers too. */
extern void SetLatch(Latch *latch);
extern void ResetLatch(Latch *latch);

/*
 * Timeouts in ms (with WL_TIMEOUT).  WL_EXIT_ON_PM_DEATH ends the process from
 * inside the wait.
 */
extern int
WaitLatch(Latch *latch, int wakeEvents, long timeout, uint32 wait_event_info);
extern int WaitLatchOrSocket(Latch *latch, int wakeEvents, pgsocket sock,
                             long timeout, uint32 wait_event_info);

extern WaitEventSet *CreateWaitEventSet(MemoryContext context, int nevents);
extern int AddWaitEventToSet(WaitEventSet *set, uint32 events, pgsocket fd,
                             Latch *latch, void *user_data);
extern void
ModifyWaitEvent(WaitEventSet *set, int pos, uint32 events, Latch *latch);
extern int
WaitEventSetWait(WaitEventSet *set, long timeout, WaitEvent *occurred_events,
                 int nevents, uint32 wait_event_info);
extern void FreeWaitEventSet(WaitEventSet *set);
extern int GetNumRegisteredWaitEvents(WaitEventSet *set);

#endif /* LATCH_H */
