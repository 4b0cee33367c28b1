/*
 * utils/backend_progress.h
 *		Progress of a command, as an array of counters.
 */
#ifndef BACKEND_PROGRESS_H
#define BACKEND_PROGRESS_H

typedef enum ProgressCommandType
{
	PROGRESS_COMMAND_INVALID,
	PROGRESS_COMMAND_VACUUM,
	PROGRESS_COMMAND_ANALYZE,
	PROGRESS_COMMAND_CLUSTER,
	PROGRESS_COMMAND_CREATE_INDEX,
	PROGRESS_COMMAND_BASEBACKUP,
	PROGRESS_COMMAND_COPY
} ProgressCommandType;

#define PGSTAT_NUM_PROGRESS_PARAM 34

extern void
pgstat_progress_start_command(ProgressCommandType cmdtype, Oid relid);
extern void pgstat_progress_update_param(int index, int64 val);
extern void pgstat_progress_incr_param(int index, int64 incr);
extern void pgstat_progress_update_multi_param(int nparam, const int *index,
                                               const int64 *val);
/* of the calling process */
extern int64 pgstat_progress_own_param(int index);
extern void pgstat_progress_end_command(void);

#endif /* BACKEND_PROGRESS_H */
