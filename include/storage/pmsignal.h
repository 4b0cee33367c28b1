/*
 * pmsignal.h
 *		From children to the postmaster: reasons for a signal, the state of each
 *		child's slot, and whether the postmaster lives.
 */
#ifndef PMSIGNAL_H
#define PMSIGNAL_H

typedef enum
{
	PMSIGNAL_RECOVERY_STARTED,
	PMSIGNAL_BACKGROUND_WORKER_CHANGE,
	PMSIGNAL_ADVANCE_STATE_MACHINE,
	NUM_PMSIGNALS
} PMSignalReason;

/* Why the postmaster sends SIGQUIT. */
typedef enum
{
	PMQUIT_NOT_SENT = 0,
	PMQUIT_FOR_CRASH,
	PMQUIT_FOR_STOP
} QuitSignalReason;

/* States of a child's slot. */
#define PM_CHILD_UNUSED 0
#define PM_CHILD_ASSIGNED 1
#define PM_CHILD_ACTIVE 2

/* The death-watch pipe: nobody writes, the postmaster alone has the write end. */
#define POSTMASTER_FD_WATCH 0
#define POSTMASTER_FD_OWN 1
extern int postmaster_alive_fds[2];

extern Size PMSignalShmemSize(void);
extern void PMSignalShmemInit(void);
extern void SendPostmasterSignal(PMSignalReason reason);
extern bool CheckPostmasterSignal(PMSignalReason reason);
extern void SetQuitSignalReason(QuitSignalReason reason);
extern QuitSignalReason GetQuitSignalReason(void);
extern int MaxLivePostmasterChildren(void);
extern void MarkPostmasterChildSlotAssigned(int slot);
extern bool MarkPostmasterChildSlotUnassigned(int slot);
extern void RegisterPostmasterChildActive(void);

extern void InitPostmasterDeathWatchHandle(void);
extern bool PostmasterIsAlive(void);
extern bool PostmasterIsAliveInternal(void);

#endif /* PMSIGNAL_H */
