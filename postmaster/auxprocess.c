/*
 * auxprocess.c
 *		What the auxiliary processes have in common.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "postmaster/auxprocess.h"
#include "storage/condition_variable.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "utils/backend_status.h"
#include "utils/resowner.h"
#include "utils/wait_event.h"

static void
ShutdownAuxiliaryProcess(int code, Datum arg)
{
	LWLockReleaseAll();
	ConditionVariableCancelSleep();
	pgstat_report_wait_end();
}

void
AuxiliaryProcessMainCommon(void)
{
	InitAuxiliaryProcess();
	BaseInit();
	ProcSignalInit(0);
	/* Buffers are pinned outside of any transaction. */
	CreateAuxProcessResourceOwner();
	pgstat_beinit();
	pgstat_bestart();
	before_shmem_exit(ShutdownAuxiliaryProcess, 0);
}
