/*
 * dsm_impl.h
 *		What a dynamic segment is to the operating system: POSIX shared memory,
 *		or a mapped file under pg_dynshmem.
 */
#ifndef DSM_IMPL_H
#define DSM_IMPL_H

#define DSM_IMPL_POSIX 1
#define DSM_IMPL_MMAP 4

#define PG_DYNSHMEM_DIR "pg_dynshmem"
#define PG_DYNSHMEM_MMAP_FILE_PREFIX "mmap."

/* Even: POSIX; the lowest bit set: a mapped file.  0 is none. */
typedef uint32 dsm_handle;
#define DSM_HANDLE_INVALID ((dsm_handle) 0)

typedef enum
{
	DSM_OP_CREATE,
	DSM_OP_ATTACH,
	DSM_OP_DETACH,
	DSM_OP_DESTROY
} dsm_op;

/* GUC */
extern int dynamic_shared_memory_type;

extern bool dsm_impl_op(dsm_op op, dsm_handle handle, Size request_size,
                        void **mapped_address, Size *mapped_size, int elevel);

#endif /* DSM_IMPL_H */
