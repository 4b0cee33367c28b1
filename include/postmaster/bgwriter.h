/*
 * postmaster/bgwriter.h
 *		The checkpointer and the background writer, as backends see them.
 */
#ifndef BGWRITER_H
#define BGWRITER_H

#include "storage/sync.h"

/* GUCs; seconds, share of the interval, ms */
extern int CheckPointTimeout;
extern double CheckPointCompletionTarget;
extern int CheckPointWarning;
extern bool log_checkpoints;
extern int BgWriterDelay;

extern void BackgroundWriterMain(void) pg_attribute_noreturn();
extern void CheckpointerMain(void) pg_attribute_noreturn();
/* CHECKPOINT_* flags of access/xlog; waits with CHECKPOINT_WAIT. */
extern void RequestCheckpoint(int flags);
/* Sleep between two writes so that a checkpoint takes its time. */
extern void CheckpointWriteDelay(int flags, double progress);
/* False if the queue is full: the caller syncs the file itself. */
extern bool ForwardSyncRequest(const FileTag *ftag, SyncRequestType type);
extern void AbsorbSyncRequests(void);
extern Size CheckpointerShmemSize(void);
extern void CheckpointerShmemInit(void);

#endif /* BGWRITER_H */
