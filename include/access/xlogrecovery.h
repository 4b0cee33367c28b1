/*
 * access/xlogrecovery.h
 *		Replaying the log at start.
 */
#ifndef XLOGRECOVERY_H
#define XLOGRECOVERY_H

#include "access/xlogreader.h"
#include "catalog/pg_control.h"

/* Where replay ended, for StartupXLOG. */
typedef struct EndOfWalRecoveryInfo
{
	XLogRecPtr lastRec; /* start of the last good record */
	TimeLineID lastRecTLI;
	XLogRecPtr endOfLog; /* its end: where writing goes on */
	TimeLineID endOfLogTLI;
	XLogRecPtr lastPageBeginPtr; /* the page that endOfLog is on */
	char *lastPage;              /* its valid bytes, or NULL */
	XLogRecPtr abortedRecPtr;    /* a record that is not continued */
	XLogRecPtr missingContrecPtr;
	char *recoveryStopReason;
} EndOfWalRecoveryInfo;

/* Reads the checkpoint; sets ControlFile's state and InRecovery. */
extern void
InitWalRecovery(ControlFileData *ControlFile, bool *wasShutdown_ptr);
extern void PerformWalRecovery(void);
extern EndOfWalRecoveryInfo *FinishWalRecovery(void);
extern void ShutdownWalRecovery(void);

#endif /* XLOGRECOVERY_H */
