/*
 * shm_mq.h
 *		A queue of messages in shared memory: one process writes, one reads.
 */
#ifndef SHM_MQ_H
#define SHM_MQ_H

#include "postmaster/bgworker.h"
#include "storage/dsm.h"
#include "storage/proc.h"

typedef struct shm_mq shm_mq;
typedef struct shm_mq_handle shm_mq_handle;

typedef struct
{
	const char *data;
	Size len;
} shm_mq_iovec;

typedef enum
{
	SHM_MQ_SUCCESS,
	SHM_MQ_WOULD_BLOCK, /* nowait: call again, with the same message */
	SHM_MQ_DETACHED     /* the other side has gone */
} shm_mq_result;

extern const Size shm_mq_minimum_size;

extern shm_mq *shm_mq_create(void *address, Size size);
extern void shm_mq_set_receiver(shm_mq *mq, PGPROC *proc);
extern void shm_mq_set_sender(shm_mq *mq, PGPROC *proc);
extern PGPROC *shm_mq_get_receiver(shm_mq *mq);
extern PGPROC *shm_mq_get_sender(shm_mq *mq);
extern shm_mq_handle *
shm_mq_attach(shm_mq *mq, dsm_segment *seg, BackgroundWorkerHandle *handle);
extern void
shm_mq_set_handle(shm_mq_handle *mqh, BackgroundWorkerHandle *handle);
extern void shm_mq_detach(shm_mq_handle *mqh);
extern shm_mq *shm_mq_get_queue(shm_mq_handle *mqh);
extern shm_mq_result
shm_mq_send(shm_mq_handle *mqh, Size nbytes, const void *data, bool nowait,
            bool force_flush);
extern shm_mq_result shm_mq_sendv(shm_mq_handle *mqh, shm_mq_iovec *iov,
                                  int iovcnt, bool nowait, bool force_flush);

/* *datap is valid until the next call. */
extern shm_mq_result
shm_mq_receive(shm_mq_handle *mqh, Size *nbytesp, void **datap, bool nowait);
extern shm_mq_result shm_mq_wait_for_attach(shm_mq_handle *mqh);

#endif /* SHM_MQ_H */
