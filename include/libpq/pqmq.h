/*
 * libpq/pqmq.h
 *		A parallel worker's messages: protocol messages over a shm_mq.
 */
#ifndef PQMQ_H
#define PQMQ_H

#include "storage/dsm.h"
#include "storage/procnumber.h"
#include "storage/shm_mq.h"
#include "utils/elog.h"
#include "lib/stringinfo.h"

/* From now on messages of this process go into the queue. */
extern void pq_redirect_to_shm_mq(dsm_segment *seg, shm_mq_handle *mqh);
/* Whom to signal when there is something to read. */
extern void pq_set_parallel_leader(pid_t pid, ProcNumber procNumber);
/* A report as ErrorResponse or NoticeResponse to wherever messages go. */
extern void pq_send_errornotice(ErrorData *edata);
/* An ErrorResponse or NoticeResponse back into a report. */
extern void pq_parse_errornotice(StringInfo msg, ErrorData *edata);

#endif /* PQMQ_H */
