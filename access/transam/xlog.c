/*
 * xlog.c
 *		Checkpoints: everything that is dirty to disk.
 *
 * There is no log to recover from, so a checkpoint during normal running only
 * bounds what the last one has to do.  The last one is what makes a stop
 * clean: when it is complete, and only then, the control file says
 * DB_SHUTDOWNED, and the next start takes the files as they are.
 *
 * The order: the commit log, then pages, then the syncs that both asked for,
 * then the control file with the counters.  It is the last one's order too, when
 * nobody runs transactions any more.
 *
 * Corresponds to the part of PostgreSQL's xlog.c with the same functions.
 */
#include "postgres.h"

#include <time.h>

#include "access/clog.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "postmaster/bgwriter.h"
#include "storage/bufmgr.h"
#include "storage/sync.h"
#include "utils/injection_point.h"

void
CreateCheckPoint(int flags)
{
	bool shutdown = (flags & CHECKPOINT_IS_SHUTDOWN) != 0;
	instr_time start;
	instr_time end;

	if (log_checkpoints)
		ereport(LOG, (errmsg("checkpoint starting:%s%s%s%s",
		                     shutdown ? " shutdown" : "",
		                     (flags & CHECKPOINT_IMMEDIATE) ? " immediate" : "",
		                     (flags & CHECKPOINT_FORCE) ? " force" : "",
		                     (flags & CHECKPOINT_CAUSE_TIME) ? " time" : "")));
	INSTR_TIME_SET_CURRENT(start);
	INJECTION_POINT("checkpoint-begin");
	if (shutdown)
	{
		ControlFile->state = DB_SHUTDOWNING;
		UpdateControlFile();
	}

	SyncPreCheckpoint();
	CheckPointCLOG();
	CheckPointBuffers(flags);
	INJECTION_POINT("checkpoint-sync");
	ProcessSyncRequests();
	SyncPostCheckpoint();

	CheckPointTransactionCounters();
	ControlFile->checkPointCopy.time = (int64) time(NULL);
	if (shutdown)
		ControlFile->state = DB_SHUTDOWNED;
	INJECTION_POINT("checkpoint-control-file");
	UpdateControlFile();

	INSTR_TIME_SET_CURRENT(end);
	INSTR_TIME_SUBTRACT(end, start);
	if (log_checkpoints)
		ereport(LOG, (errmsg("checkpoint complete: total=%.3f s",
		                     INSTR_TIME_GET_DOUBLE(end))));
}

void
ShutdownXLOG(void)
{
	ereport(LOG, (errmsg("shutting down")));
	CreateCheckPoint(CHECKPOINT_IS_SHUTDOWN | CHECKPOINT_IMMEDIATE);
}
