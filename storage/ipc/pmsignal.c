/*
 * pmsignal.c
 *		From children to the postmaster, and the death watch.
 *
 * All flags are single words that one side sets and the other clears: the
 * postmaster takes no lock, so no child can leave it waiting.  A slot's state
 * tells at reaping whether the child left in order: the callback that sets it
 * back is the first registered, so the last to run.
 *
 * Corresponds to PostgreSQL's pmsignal.c.
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "miscadmin.h"
#include "port/sys.h"
#include "storage/ipc.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"

#define PMSIGNAL_MAGIC 0x504d5331

typedef struct PMSignalData
{
	uint32 magic;                              /* [C] */
	sig_atomic_t PMSignalFlags[NUM_PMSIGNALS]; /* [A] */
	sig_atomic_t sigquit_reason;               /* [A] postmaster writes */
	int num_child_flags;                       /* [C] */
	sig_atomic_t PMChildFlags[FLEXIBLE_ARRAY_MEMBER]; /* [A] slot n at n-1 */
} PMSignalData;

static volatile PMSignalData *PMSignalState = NULL;

int postmaster_alive_fds[2] = {-1, -1};

/* Room for dead-end children and those that are just leaving. */
int
MaxLivePostmasterChildren(void)
{
	return 2 * (MaxBackends + NUM_AUXILIARY_PROCS);
}

Size
PMSignalShmemSize(void)
{
	return add_size(
		offsetof(PMSignalData, PMChildFlags),
		mul_size(MaxLivePostmasterChildren(), sizeof(sig_atomic_t)));
}

void
PMSignalShmemInit(void)
{
	bool found;

	PMSignalState = (volatile PMSignalData *) ShmemInitStruct(
		"PMSignalState", PMSignalShmemSize(), &found);
	if (!found)
	{
		memset((void *) PMSignalState, 0, PMSignalShmemSize());
		PMSignalState->magic = PMSIGNAL_MAGIC;
		PMSignalState->num_child_flags = MaxLivePostmasterChildren();
	}
}

void
SendPostmasterSignal(PMSignalReason reason)
{
	if (!IsUnderPostmaster)
		return;
	INJECTION_POINT_NOTHROW("pmsignal-send");
	PMSignalState->PMSignalFlags[reason] = true;
	INJECTION_POINT_NOTHROW("pmsignal-flag-set");
	kill(PostmasterPid, SIGUSR1);
}

bool
CheckPostmasterSignal(PMSignalReason reason)
{
	/* Clear only a set one: it may be set again meanwhile. */
	if (!PMSignalState->PMSignalFlags[reason])
		return false;
	PMSignalState->PMSignalFlags[reason] = false;
	INJECTION_POINT_POSTMASTER("pmsignal-taken");
	return true;
}

void
SetQuitSignalReason(QuitSignalReason reason)
{
	PMSignalState->sigquit_reason = reason;
}

QuitSignalReason
GetQuitSignalReason(void)
{
	if (!IsUnderPostmaster || PMSignalState == NULL)
		return PMQUIT_NOT_SENT;
	return (QuitSignalReason) PMSignalState->sigquit_reason;
}

void
MarkPostmasterChildSlotAssigned(int slot)
{
	Assert(slot > 0 && slot <= PMSignalState->num_child_flags);
	if (PMSignalState->PMChildFlags[slot - 1] != PM_CHILD_UNUSED)
		elog(FATAL, "postmaster child slot is already in use");
	PMSignalState->PMChildFlags[slot - 1] = PM_CHILD_ASSIGNED;
}

/* At reaping: true if the child left shared memory in order. */
bool
MarkPostmasterChildSlotUnassigned(int slot)
{
	bool result;

	Assert(slot > 0 && slot <= PMSignalState->num_child_flags);
	result = PMSignalState->PMChildFlags[slot - 1] == PM_CHILD_ASSIGNED;
	PMSignalState->PMChildFlags[slot - 1] = PM_CHILD_UNUSED;
	return result;
}

static void
MarkPostmasterChildInactive(int code, Datum arg)
{
	int slot = MyPMChildSlot;

	Assert(slot > 0 && slot <= PMSignalState->num_child_flags);
	Assert(PMSignalState->PMChildFlags[slot - 1] == PM_CHILD_ACTIVE);
	INJECTION_POINT_NOTHROW("child-inactive");
	PMSignalState->PMChildFlags[slot - 1] = PM_CHILD_ASSIGNED;
}

void
RegisterPostmasterChildActive(void)
{
	int slot = MyPMChildSlot;

	Assert(slot > 0 && slot <= PMSignalState->num_child_flags);
	Assert(PMSignalState->PMChildFlags[slot - 1] == PM_CHILD_ASSIGNED);
	INJECTION_POINT_NOTHROW("child-active");
	PMSignalState->PMChildFlags[slot - 1] = PM_CHILD_ACTIVE;
	on_shmem_exit(MarkPostmasterChildInactive, 0);
}

/* The pipe of the death watch; postmaster, before the first child. */
void
InitPostmasterDeathWatchHandle(void)
{
	if (sys_pipe2(postmaster_alive_fds, O_CLOEXEC) < 0)
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg_internal(
					 "could not create pipe to monitor postmaster death: %m")));
	if (fcntl(postmaster_alive_fds[POSTMASTER_FD_WATCH], F_SETFL, O_NONBLOCK) <
	    0)
		ereport(FATAL,
		        (errcode_for_socket_access(),
		         errmsg_internal("could not set postmaster death monitoring "
		                         "pipe to nonblocking mode: %m")));
}

bool
PostmasterIsAliveInternal(void)
{
	char c;
	ssize_t rc;

	rc = read(postmaster_alive_fds[POSTMASTER_FD_WATCH], &c, 1);
	if (rc < 0)
	{
		if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
			return true;
		elog(FATAL, "read on postmaster death monitoring pipe failed: %m");
	}
	else if (rc > 0)
		elog(FATAL, "unexpected data in postmaster death monitoring pipe");
	return false;
}

bool
PostmasterIsAlive(void)
{
	return !IsUnderPostmaster || PostmasterIsAliveInternal();
}
