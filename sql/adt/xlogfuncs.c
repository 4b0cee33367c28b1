/*
 * xlogfuncs.c
 *		Functions that tell where the write-ahead log stands.
 *
 * Corresponds to PostgreSQL's access/transam/xlogfuncs.c.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "fmgr.h"
#include "utils/builtins.h"

#define PG_GETARG_LSN(n) ((XLogRecPtr) PG_GETARG_INT64(n))
#define PG_RETURN_LSN(x) PG_RETURN_INT64((int64) (x))

extern Datum pg_lsn_mi(PG_FUNCTION_ARGS); /* pg_lsn.c */

static void
CheckNotInRecovery(void)
{
	if (RecoveryInProgress())
		ereport(ERROR,
		        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		         errmsg("recovery is in progress"),
		         errhint("WAL control functions cannot be executed during "
		                 "recovery.")));
}

/* Written to the operating system up to here. */
Datum
pg_current_wal_lsn(PG_FUNCTION_ARGS)
{
	CheckNotInRecovery();
	PG_RETURN_LSN(GetXLogWriteRecPtr());
}

Datum
pg_current_wal_insert_lsn(PG_FUNCTION_ARGS)
{
	CheckNotInRecovery();
	PG_RETURN_LSN(XLogNextRecordStart());
}

Datum
pg_current_wal_flush_lsn(PG_FUNCTION_ARGS)
{
	CheckNotInRecovery();
	PG_RETURN_LSN(GetFlushRecPtr(NULL));
}

/* The end of the switch record; the log goes on in a new segment. */
Datum
pg_switch_wal(PG_FUNCTION_ARGS)
{
	CheckNotInRecovery();
	PG_RETURN_LSN(RequestXLogSwitch(false));
}

/* The segment file with the byte before the position. */
Datum
pg_walfile_name(PG_FUNCTION_ARGS)
{
	XLogRecPtr lsn = PG_GETARG_LSN(0);
	XLogSegNo segno;
	char name[MAXFNAMELEN];

	CheckNotInRecovery();
	XLByteToPrevSeg(lsn, segno, wal_segment_size);
	XLogFileName(name, GetWALInsertionTimeLine(), segno, wal_segment_size);
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

Datum
pg_wal_lsn_diff(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall2(pg_lsn_mi, PG_GETARG_DATUM(0),
	                           PG_GETARG_DATUM(1));
}
