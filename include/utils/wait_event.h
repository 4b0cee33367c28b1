/*
 * utils/wait_event.h
 *		What a process waits for: a class and an event in one 32-bit word, shown
 *		by pg_stat_activity.
 *
 * The word is in shared memory once the process has a PGPROC (before, a
 * private word), written by its owner only and read without a lock.
 */
#ifndef WAIT_EVENT_H
#define WAIT_EVENT_H

#define PG_WAIT_LWLOCK 0x01000000U
#define PG_WAIT_LOCK 0x03000000U
#define PG_WAIT_BUFFER_PIN 0x04000000U
#define PG_WAIT_ACTIVITY 0x05000000U
#define PG_WAIT_CLIENT 0x06000000U
#define PG_WAIT_EXTENSION 0x07000000U
#define PG_WAIT_IPC 0x08000000U
#define PG_WAIT_TIMEOUT 0x09000000U
#define PG_WAIT_IO 0x0A000000U
#define PG_WAIT_INJECTIONPOINT 0x0B000000U

#define WAIT_EVENT_BUFFER_PIN PG_WAIT_BUFFER_PIN
#define WAIT_EVENT_EXTENSION PG_WAIT_EXTENSION

/* One line per event: enum suffix and name as shown. */
#define WAIT_EVENTS_ACTIVITY(X)                \
	X(AUTOVACUUM_MAIN, "AutoVacuumMain")       \
	X(BGWRITER_HIBERNATE, "BgWriterHibernate") \
	X(BGWRITER_MAIN, "BgWriterMain")           \
	X(CHECKPOINTER_MAIN, "CheckpointerMain")   \
	X(POSTMASTER_MAIN, "PostmasterMain")       \
	X(WAL_WRITER_MAIN, "WalWriterMain")
#define WAIT_EVENTS_CLIENT(X)               \
	X(CLIENT_READ, "ClientRead")            \
	X(CLIENT_RING_READ, "ClientRingRead")   \
	X(CLIENT_RING_WRITE, "ClientRingWrite") \
	X(CLIENT_WRITE, "ClientWrite")
#define WAIT_EVENTS_IPC(X)                                   \
	X(BACKEND_TERMINATION, "BackendTermination")             \
	X(BGWORKER_SHUTDOWN, "BgWorkerShutdown")                 \
	X(BGWORKER_STARTUP, "BgWorkerStartup")                   \
	X(BUFFER_IO, "BufferIO")                                 \
	X(BUILD_COMPLETE, "BuildComplete")                       \
	X(BUILD_DRAIN, "BuildDrain")                             \
	X(BUILD_FLUSH, "BuildFlush")                             \
	X(BUILD_KMEANS, "BuildKMeans")                           \
	X(BUILD_PREPARE, "BuildPrepare")                         \
	X(CHECKPOINT_DELAY_COMPLETE, "CheckpointDelayComplete")  \
	X(CHECKPOINT_DELAY_START, "CheckpointDelayStart")        \
	X(CHECKPOINT_DONE, "CheckpointDone")                     \
	X(CHECKPOINT_START, "CheckpointStart")                   \
	X(MESSAGE_QUEUE_INTERNAL, "MessageQueueInternal")        \
	X(MESSAGE_QUEUE_PUT_MESSAGE, "MessageQueuePutMessage")   \
	X(MESSAGE_QUEUE_RECEIVE, "MessageQueueReceive")          \
	X(MESSAGE_QUEUE_SEND, "MessageQueueSend")                \
	X(PARALLEL_CREATE_INDEX_SCAN, "ParallelCreateIndexScan") \
	X(PARALLEL_FINISH, "ParallelFinish")                     \
	X(PROCARRAY_GROUP_UPDATE, "ProcArrayGroupUpdate")        \
	X(SAFE_SNAPSHOT, "SafeSnapshot")
#define WAIT_EVENTS_TIMEOUT(X)                        \
	X(CHECKPOINT_WRITE_DELAY, "CheckpointWriteDelay") \
	X(COMMIT_DELAY, "CommitDelay")                    \
	X(PG_SLEEP, "PgSleep")                            \
	X(REGISTER_SYNC_REQUEST, "RegisterSyncRequest")   \
	X(SPIN_DELAY, "SpinDelay")                        \
	X(VACUUM_DELAY, "VacuumDelay")                    \
	X(VACUUM_TRUNCATE, "VacuumTruncate")
#define WAIT_EVENTS_IO(X)                                      \
	X(BUFFILE_READ, "BufFileRead")                             \
	X(BUFFILE_WRITE, "BufFileWrite")                           \
	X(CONTROL_FILE_READ, "ControlFileRead")                    \
	X(CONTROL_FILE_SYNC, "ControlFileSync")                    \
	X(CONTROL_FILE_WRITE, "ControlFileWrite")                  \
	X(COPY_FILE_READ, "CopyFileRead")                          \
	X(COPY_FILE_WRITE, "CopyFileWrite")                        \
	X(DATA_FILE_EXTEND, "DataFileExtend")                      \
	X(DATA_FILE_FLUSH, "DataFileFlush")                        \
	X(DATA_FILE_IMMEDIATE_SYNC, "DataFileImmediateSync")       \
	X(DATA_FILE_PREFETCH, "DataFilePrefetch")                  \
	X(DATA_FILE_READ, "DataFileRead")                          \
	X(DATA_FILE_SYNC, "DataFileSync")                          \
	X(DATA_FILE_TRUNCATE, "DataFileTruncate")                  \
	X(DATA_FILE_WRITE, "DataFileWrite")                        \
	X(DSM_ALLOCATE, "DSMAllocate")                             \
	X(DSM_FILL_ZERO_WRITE, "DSMFillZeroWrite")                 \
	X(LOCK_FILE_ADDTODATADIR_READ, "LockFileAddToDataDirRead") \
	X(LOCK_FILE_CREATE_READ, "LockFileCreateRead")             \
	X(LOCK_FILE_CREATE_SYNC, "LockFileCreateSync")             \
	X(LOCK_FILE_CREATE_WRITE, "LockFileCreateWrite")           \
	X(SLRU_FLUSH_SYNC, "SLRUFlushSync")                        \
	X(SLRU_READ, "SLRURead")                                   \
	X(SLRU_SYNC, "SLRUSync")                                   \
	X(SLRU_WRITE, "SLRUWrite")                                 \
	X(WAL_BOOTSTRAP_SYNC, "WALBootstrapSync")                  \
	X(WAL_BOOTSTRAP_WRITE, "WALBootstrapWrite")                \
	X(WAL_INIT_SYNC, "WALInitSync")                            \
	X(WAL_INIT_WRITE, "WALInitWrite")                          \
	X(WAL_READ, "WALRead")                                     \
	X(WAL_SYNC, "WALSync")                                     \
	X(WAL_SYNC_METHOD_ASSIGN, "WALSyncMethodAssign")           \
	X(WAL_WRITE, "WALWrite")

#define WAIT_EVENT_ENUM(suffix, name) WAIT_EVENT_##suffix,

enum
{
	WAIT_EVENT_ACTIVITY_BASE_ = PG_WAIT_ACTIVITY - 1,
	WAIT_EVENTS_ACTIVITY(WAIT_EVENT_ENUM) WAIT_EVENT_CLIENT_BASE_ =
		PG_WAIT_CLIENT - 1,
	WAIT_EVENTS_CLIENT(WAIT_EVENT_ENUM) WAIT_EVENT_IPC_BASE_ = PG_WAIT_IPC - 1,
	WAIT_EVENTS_IPC(WAIT_EVENT_ENUM) WAIT_EVENT_TIMEOUT_BASE_ =
		PG_WAIT_TIMEOUT - 1,
	WAIT_EVENTS_TIMEOUT(WAIT_EVENT_ENUM) WAIT_EVENT_IO_BASE_ = PG_WAIT_IO - 1,
	WAIT_EVENTS_IO(WAIT_EVENT_ENUM)
};

#undef WAIT_EVENT_ENUM

extern uint32 *my_wait_event_info;

/* Point my_wait_event_info at the shared word, or back at the private one. */
extern void pgstat_set_wait_event_storage(uint32 *wait_event_info);
extern void pgstat_reset_wait_event_storage(void);
extern const char *pgstat_get_wait_event(uint32 wait_event_info);
extern const char *pgstat_get_wait_event_type(uint32 wait_event_info);

static inline void
pgstat_report_wait_start(uint32 wait_event_info)
{
	*(volatile uint32 *) my_wait_event_info = wait_event_info;
}

static inline void
pgstat_report_wait_end(void)
{
	*(volatile uint32 *) my_wait_event_info = 0;
}

#endif /* WAIT_EVENT_H */
