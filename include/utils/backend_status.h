/*
 * utils/backend_status.h
 *		What each process is doing, for pg_stat_activity.
 */
#ifndef BACKEND_STATUS_H
#define BACKEND_STATUS_H

#include "miscadmin.h"
#include "port/atomics.h"
#include "utils/backend_progress.h"

typedef enum BackendState
{
	STATE_UNDEFINED,
	STATE_IDLE,
	STATE_RUNNING,
	STATE_IDLEINTRANSACTION,
	STATE_FASTPATH,
	STATE_IDLEINTRANSACTION_ABORTED,
	STATE_DISABLED
} BackendState;

#define PGBE_ACTIVITY_SIZE 1024

/*
 * One per PGPROC.  The owner makes changecount odd, a write barrier, changes,
 * a write barrier, even again; a reader tries until it saw the same even count
 * before and after.
 */
typedef struct PgBackendStatus
{
	pg_atomic_uint32 st_changecount;         /* [A] */
	int st_procpid;                          /* [V] 0: slot not in use */
	BackendType st_backendType;              /* [V] */
	TimestampTz st_proc_start_timestamp;     /* [V] */
	TimestampTz st_xact_start_timestamp;     /* [V] */
	TimestampTz st_activity_start_timestamp; /* [V] */
	TimestampTz st_state_start_timestamp;    /* [V] */
	Oid st_databaseid;                       /* [V] */
	Oid st_userid;                           /* [V] */
	BackendState st_state;                   /* [V] */
	uint64 st_query_id;                      /* [V] 0: none */
	char st_appname[NAMEDATALEN];            /* [V] */
	char st_activity[PGBE_ACTIVITY_SIZE];    /* [V] */
	ProgressCommandType st_progress_command; /* [V] */
	Oid st_progress_command_target;          /* [V] */
	int64 st_progress_param[PGSTAT_NUM_PROGRESS_PARAM]; /* [V] */
} PgBackendStatus;

extern PgBackendStatus *MyBEEntry;

extern Size BackendStatusShmemSize(void);
extern void CreateSharedBackendStatus(void);
extern void pgstat_beinit(void);
extern void pgstat_bestart(void);
extern void pgstat_report_activity(BackendState state, const char *cmd_str);
extern void pgstat_report_appname(const char *appname);
/*
 * Of the statement that the client sent: what it runs inside does not count,
 * unless forced.  A new activity has none until then.
 */
extern void pgstat_report_query_id(uint64 query_id, bool force);
extern void pgstat_report_xact_timestamp(TimestampTz tstamp);
/* A consistent copy of the entry; false if the slot is not in use. */
extern bool pgstat_read_backend(int procno, PgBackendStatus *copy);
extern const char *pgstat_get_backend_current_activity(int pid, bool checkUser);
/*
 * For the postmaster, of a process that is dead: trusts nothing, allocates
 * nothing.  NULL if nothing is known.
 */
extern const char *
pgstat_get_crashed_backend_activity(int pid, char *buffer, int buflen);

#endif /* BACKEND_STATUS_H */
