/*
 * storage/sync.h: files that must be fsynced, or may be removed, at the next
 * checkpoint.
 *
 * Who writes a file asks for its sync (RegisterSyncRequest); the checkpointer
 * collects the requests, once per file, and carries them out before a
 * checkpoint counts as done.
 */
#ifndef SYNC_H
#define SYNC_H

#include "storage/relfilenode.h"

typedef enum SyncRequestType
{
	SYNC_REQUEST,        /* fsync this file */
	SYNC_UNLINK_REQUEST, /* remove this file after the next checkpoint */
	SYNC_FORGET_REQUEST, /* drop requests for this file */
	SYNC_FILTER_REQUEST  /* drop requests for every file that matches */
} SyncRequestType;

typedef enum SyncRequestHandler
{
	SYNC_HANDLER_MD = 0,
	SYNC_HANDLER_CLOG,
	SYNC_HANDLER_NONE
} SyncRequestHandler;

/* Identifies a file; compared as bytes, so padding is zeroed. */
typedef struct FileTag
{
	int16 handler; /* SyncRequestHandler */
	int16 forknum; /* ForkNumber */
	RelFileNode rnode;
	uint32 segno;
} FileTag;

extern void InitSync(void);
extern void SyncPreCheckpoint(void);
extern void SyncPostCheckpoint(void);
/* fsyncs everything asked for so far; a failure is PANIC (data_sync_elevel) */
extern void ProcessSyncRequests(void);
/* files the request in this process's own table (checkpointer only) */
extern void RememberSyncRequest(const FileTag *ftag, SyncRequestType type);
/*
 * From any process: to the table if this is the checkpointer (or there is
 * none), else to its queue.  False: the queue is full and retryOnError was
 * not asked for; the caller syncs the file itself.
 */
extern bool RegisterSyncRequest(const FileTag *ftag, SyncRequestType type,
                                bool retryOnError);

#endif /* SYNC_H */
