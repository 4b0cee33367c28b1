/*
 * ipc.h
 *		Leaving a process in order.
 *
 * before_shmem_exit: needs a working backend (ends the transaction).
 * on_shmem_exit: gives back what shared memory knows of the process.
 * on_proc_exit: after that.  Each list runs last-registered first.
 */
#ifndef IPC_H
#define IPC_H

typedef void (*pg_on_exit_callback)(int code, Datum arg);

extern bool proc_exit_inprogress;
extern bool shmem_exit_inprogress;

extern void proc_exit(int code) pg_attribute_noreturn();
extern void shmem_exit(int code);
extern void on_proc_exit(pg_on_exit_callback function, Datum arg);
extern void before_shmem_exit(pg_on_exit_callback function, Datum arg);
extern void on_shmem_exit(pg_on_exit_callback function, Datum arg);
extern void cancel_before_shmem_exit(pg_on_exit_callback function, Datum arg);

/* In a child, right after fork: the parent's callbacks are not ours. */
extern void on_exit_reset(void);

/* Run cleanup on ERROR and on FATAL. */
#define PG_ENSURE_ERROR_CLEANUP(cleanup_function, arg) \
	do                                                 \
	{                                                  \
		before_shmem_exit(cleanup_function, arg);      \
	PG_TRY()

#define PG_END_ENSURE_ERROR_CLEANUP(cleanup_function, arg) \
	cancel_before_shmem_exit(cleanup_function, arg);       \
	PG_CATCH();                                            \
	{                                                      \
		cancel_before_shmem_exit(cleanup_function, arg);   \
		cleanup_function(0, arg);                          \
		PG_RE_THROW();                                     \
	}                                                      \
	PG_END_TRY();                                          \
	}                                                      \
	while (0)

/* ipci.c */
extern void CreateSharedMemoryAndSemaphores(void);

#endif /* IPC_H */
