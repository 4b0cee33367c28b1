/*
 * access/xlog.h
 *		Checkpoints.
 */
#ifndef XLOG_H
#define XLOG_H

#define CHECKPOINT_IS_SHUTDOWN 0x0001
#define CHECKPOINT_END_OF_RECOVERY 0x0002
#define CHECKPOINT_IMMEDIATE 0x0004
#define CHECKPOINT_FORCE 0x0008
#define CHECKPOINT_FLUSH_ALL 0x0010
#define CHECKPOINT_WAIT 0x0020
#define CHECKPOINT_REQUESTED 0x0040
#define CHECKPOINT_CAUSE_XLOG 0x0080
#define CHECKPOINT_CAUSE_TIME 0x0100

/*
 * Everything dirty to disk, and the counters into ControlFile.  The
 * checkpointer's, or that of the start-up process or a lone process.
 */
extern void CreateCheckPoint(int flags);
/* The last one; the control file then says DB_SHUTDOWNED. */
extern void ShutdownXLOG(void);

#endif /* XLOG_H */
