/*
 * parallel_internal.h
 *		What leader and worker of a ParallelContext agree on: the keys of the
 *		segment's table of contents and the state of fixed size.
 */
#ifndef PARALLEL_INTERNAL_H
#define PARALLEL_INTERNAL_H

#include "access/parallel.h"
#include "storage/proc.h"
#include "storage/spin.h"
#include "utils/timestamp.h"

/* First word of the segment; a multiple of the buffer alignment follows. */
#define PARALLEL_MAGIC 0x50477c7c

/* One error queue per worker. */
#define PARALLEL_ERROR_QUEUE_SIZE 16384

/* Keys; those of users are below. */
#define PARALLEL_KEY_FIXED UINT64CONST(0xFFFFFFFFFFFF0001)
#define PARALLEL_KEY_ERROR_QUEUE UINT64CONST(0xFFFFFFFFFFFF0002)
#define PARALLEL_KEY_GUC UINT64CONST(0xFFFFFFFFFFFF0004)
#define PARALLEL_KEY_COMBO_CID UINT64CONST(0xFFFFFFFFFFFF0005)
#define PARALLEL_KEY_TRANSACTION_SNAPSHOT UINT64CONST(0xFFFFFFFFFFFF0006)
#define PARALLEL_KEY_ACTIVE_SNAPSHOT UINT64CONST(0xFFFFFFFFFFFF0007)
#define PARALLEL_KEY_TRANSACTION_STATE UINT64CONST(0xFFFFFFFFFFFF0008)
#define PARALLEL_KEY_ENTRYPOINT UINT64CONST(0xFFFFFFFFFFFF0009)

#define FIXED_PARALLEL_STATE_MAGIC 0x46505331

typedef struct FixedParallelState
{
	uint32 magic;              /* [C] FIXED_PARALLEL_STATE_MAGIC */
	Oid database_id;           /* [C] */
	Oid authenticated_user_id; /* [C] */
	Oid current_user_id;       /* [C] */
	int sec_context;           /* [C] */

	/*
	 * [C] Valid in every server process, as the main segment is inherited; the
	 * leader may have gone, see BecomeLockGroupMember.
	 */
	PGPROC *parallel_leader_pgproc;
	pid_t parallel_leader_pid;              /* [C] */
	ProcNumber parallel_leader_proc_number; /* [C] */
	TimestampTz xact_ts;                    /* [C] */
	TimestampTz stmt_ts;                    /* [C] */

	slock_t mutex;            /* protects the rest */
	XLogRecPtr last_xlog_end; /* [L:mutex] end of the workers' last WAL */
} FixedParallelState;

/* In a worker: the leader's fixed state, while it lasts. */
extern FixedParallelState *MyFixedParallelState;

#endif /* PARALLEL_INTERNAL_H */
