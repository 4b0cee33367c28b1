/*
 * dsm.c
 *		Dynamic shared memory segments and their life.
 *
 * The control segment, made by the postmaster and inherited by all, lists every
 * segment with a reference count: 0 free entry, 1 being destroyed, from 2 on
 * one more than the processes that have it mapped.  Whoever brings it to 1
 * destroys it.  The control segment's own handle is kept in a file, so that the
 * next start finds what a SIGKILL of everything left behind.  The directory may
 * have been copied meanwhile, that file with it: the control segment says whose
 * it is.
 *
 * Invariants
 * 1.	A handle is written down (in the control segment; that one's own in the
 *		file) before there is anything behind it: a SIGKILL at any line leaves
 *		nothing that the next start does not find.
 * 2.	Counted before mapped, unmapped before uncounted.
 * 3.	Nobody attaches to a count of 1.
 * 4.	Segments are made and destroyed without the lock: that may take long.
 * 5.	One that could not be destroyed keeps its entry, with a count of 1: the
 *		checkpointer tries again.
 *
 * Locks: DynamicSharedMemoryControlLock for the entries; leaf.
 *
 * Corresponds to PostgreSQL's dsm.c.  Different: a segment that does not fit
 * into /dev/shm is made as a mapped file, and log and client are told.
 */
#include "postgres.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/pg_prng.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "storage/dsm.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#define PG_DYNSHMEM_CONTROL_MAGIC 0x9a503d32
#define PG_DYNSHMEM_FIXED_SLOTS 64
#define PG_DYNSHMEM_SLOTS_PER_BACKEND 5
#define PG_DYNSHMEM_STATE_FILE PG_DYNSHMEM_DIR "/control"

#define INVALID_CONTROL_SLOT ((uint32) -1)

typedef struct dsm_control_item
{
	dsm_handle handle; /* [L:DynamicSharedMemoryControlLock] */
	uint32 refcnt;     /* [L:DynamicSharedMemoryControlLock] */
	bool orphan;       /* [L:DynamicSharedMemoryControlLock] see rule 5 */
} dsm_control_item;

typedef struct dsm_control_header
{
	uint32 magic;       /* [C] */
	uint32 nitems;      /* [L:DynamicSharedMemoryControlLock] */
	uint32 maxitems;    /* [C] */
	uint64 datadir_dev; /* [C] the data directory's device and inode */
	uint64 datadir_ino; /* [C] */
	uint32 norphans;    /* [L:DynamicSharedMemoryControlLock], read without */
	dsm_control_item item[FLEXIBLE_ARRAY_MEMBER];
} dsm_control_header;

typedef struct dsm_segment_detach_callback
{
	on_dsm_detach_callback function;
	Datum arg;
	slist_node node;
} dsm_segment_detach_callback;

struct dsm_segment
{
	dlist_node node;
	ResourceOwner resowner; /* NULL: pinned to the process */
	dsm_handle handle;
	uint32 control_slot;
	void *mapped_address;
	Size mapped_size;
	slist_head on_detach;
};

/* Mappings of this process. */
static dlist_head dsm_segment_list = DLIST_STATIC_INIT(dsm_segment_list);

/* The control segment, by inheritance at the same address in all. */
static dsm_handle dsm_control_handle = DSM_HANDLE_INVALID;
static dsm_control_header *dsm_control = NULL;
static Size dsm_control_mapped_size = 0;

static void ReleaseSegment(Datum res);

static const ResourceOwnerDesc dsm_resowner_desc = {
	.name = "dynamic shared memory segment",
	.release_phase = RESOURCE_RELEASE_BEFORE_LOCKS,
	.release_priority = RELEASE_PRIO_DSMS,
	.ReleaseResource = ReleaseSegment,
	.DebugPrint = NULL,
};

static void dsm_postmaster_shutdown(int code, Datum arg);
static void CleanupLeftovers(void);

static bool
control_sane(const dsm_control_header *control, Size mapped_size)
{
	if (mapped_size < offsetof(dsm_control_header, item))
		return false;
	if (control->magic != PG_DYNSHMEM_CONTROL_MAGIC)
		return false;
	if (offsetof(dsm_control_header, item) +
	        (Size) control->maxitems * sizeof(dsm_control_item) >
	    mapped_size)
		return false;
	return control->nitems <= control->maxitems;
}

/* The device and inode of the data directory, where we are. */
static void
IdentifyDataDir(uint64 *dev, uint64 *ino)
{
	struct stat st;

	if (stat(".", &st) != 0)
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not stat data directory: %m")));
	*dev = (uint64) st.st_dev;
	*ino = (uint64) st.st_ino;
}

/* ---------------------------------------------------------------------------
 * Making objects
 * ---------------------------------------------------------------------------
 */

/* Where the handle of an object is written down before there is one. */
typedef void (*AnnounceHandle)(dsm_handle handle, uint32 slot);

static void
AnnounceInFile(dsm_handle handle, uint32 slot)
{
	char buf[32];
	int fd = sys_open(PG_DYNSHMEM_STATE_FILE,
	                  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	snprintf(buf, sizeof(buf), "%u\n", handle);
	if (fd < 0 || sys_write(fd, buf, strlen(buf)) != (ssize_t) strlen(buf))
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not write file \"%s\": %m",
		                       PG_DYNSHMEM_STATE_FILE)));
	close(fd);
}

static void
AnnounceInSlot(dsm_handle handle, uint32 slot)
{
	LWLockAcquire(DynamicSharedMemoryControlLock, LW_EXCLUSIVE);
	Assert(dsm_control->item[slot].refcnt == 2);
	dsm_control->item[slot].handle = handle;
	LWLockRelease(DynamicSharedMemoryControlLock);
}

/* A new object of the given kind under a free name. */
static bool
CreateObject(Size size, bool file, AnnounceHandle announce, uint32 slot,
             dsm_handle *handle, void **address, Size *mapped_size, int elevel)
{
	for (;;)
	{
		dsm_handle h = pg_prng_uint32(&pg_global_prng_state) & ~1U;

		if (h == DSM_HANDLE_INVALID)
			continue;
		*handle = file ? (h | 1) : h;
		announce(*handle, slot);
		errno = 0;
		if (dsm_impl_op(DSM_OP_CREATE, *handle, size, address, mapped_size,
		                elevel))
			return true;
		if (errno != EEXIST)
			return false;
	}
}

static void
ReportFallback(int elevel, Size size)
{
	struct statvfs st;
	unsigned long long total = 0;

	if (statvfs("/dev/shm", &st) == 0)
		total = (unsigned long long) st.f_blocks * st.f_frsize;
	ereport(
		elevel,
		(errmsg("dynamic shared memory segment of %zu bytes does not fit "
	            "into /dev/shm",
	            size),
	     errdetail("The size of /dev/shm is %llu bytes; a file in \"%s\" "
	               "is used instead.",
	               total, PG_DYNSHMEM_DIR),
	     errhint("Enlarge /dev/shm (for a container: --shm-size), or reduce "
	             "maintenance_work_mem.")));
}

/*
 * Of the kind that is asked for, or what does instead: then the log says so,
 * and the client if there is one.
 */
static void
CreateObjectSomehow(Size size, AnnounceHandle announce, uint32 slot,
                    dsm_handle *handle, void **address, Size *mapped_size)
{
	if (dynamic_shared_memory_type == DSM_IMPL_POSIX)
	{
		if (CreateObject(size, false, announce, slot, handle, address,
		                 mapped_size, DEBUG1))
			return;
		ReportFallback(LOG, size);
		if (IsUnderPostmaster)
			ReportFallback(NOTICE, size);
	}
	(void) CreateObject(size, true, announce, slot, handle, address,
	                    mapped_size, ERROR);
}

/* ---------------------------------------------------------------------------
 * The control segment
 * ---------------------------------------------------------------------------
 */

/* In the postmaster: clean up, then make the control segment. */
void
dsm_postmaster_startup(void)
{
	uint32 maxitems;
	Size segsize;
	void *address = NULL;

	Assert(!IsUnderPostmaster);
	Assert(dsm_control == NULL);
	INJECTION_POINT_POSTMASTER("dsm-cleanup-leftovers");
	CleanupLeftovers();
	INJECTION_POINT_POSTMASTER("dsm-control-create");

	maxitems =
		PG_DYNSHMEM_FIXED_SLOTS + PG_DYNSHMEM_SLOTS_PER_BACKEND * MaxBackends;
	segsize = add_size(offsetof(dsm_control_header, item),
	                   mul_size(maxitems, sizeof(dsm_control_item)));
	CreateObjectSomehow(segsize, AnnounceInFile, INVALID_CONTROL_SLOT,
	                    &dsm_control_handle, &address,
	                    &dsm_control_mapped_size);
	dsm_control = (dsm_control_header *) address;
	on_shmem_exit(dsm_postmaster_shutdown, 0);

	dsm_control->nitems = 0;
	dsm_control->norphans = 0;
	dsm_control->maxitems = maxitems;
	IdentifyDataDir(&dsm_control->datadir_dev, &dsm_control->datadir_ino);
	dsm_control->magic = PG_DYNSHMEM_CONTROL_MAGIC;
}

/* Destroy what a control segment lists, and itself. */
static void
DestroyListed(dsm_control_header *control, Size size, dsm_handle handle)
{
	void *address = control;
	uint32 i;

	for (i = 0; i < control->nitems; i++)
	{
		void *junk_address = NULL;
		Size junk_size = 0;

		if (control->item[i].refcnt == 0)
			continue;
		INJECTION_POINT_POSTMASTER("dsm-control-destroy");
		(void) dsm_impl_op(DSM_OP_DESTROY, control->item[i].handle, 0,
		                   &junk_address, &junk_size, LOG);
	}
	(void) dsm_impl_op(DSM_OP_DESTROY, handle, 0, &address, &size, LOG);
}

/* Whether it was made by a server of this data directory. */
static bool
control_is_ours(const dsm_control_header *control)
{
	uint64 dev;
	uint64 ino;

	IdentifyDataDir(&dev, &ino);
	return control->datadir_dev == dev && control->datadir_ino == ino;
}

/* The control segment of an earlier life, and what it lists. */
static void
CleanupControlSegment(dsm_handle handle)
{
	void *address = NULL;
	Size size = 0;

	if (!dsm_impl_op(DSM_OP_ATTACH, handle, 0, &address, &size, DEBUG1))
		return;
	if (control_sane((dsm_control_header *) address, size) &&
	    control_is_ours((dsm_control_header *) address))
		DestroyListed((dsm_control_header *) address, size, handle);
	else
	{
		ereport(LOG,
		        (errmsg("shared memory segment \"/PostgreSQL.%u\" is not this "
		                "data directory's and is left alone",
		                handle)));
		(void) dsm_impl_op(DSM_OP_DETACH, handle, 0, &address, &size, LOG);
	}
}

/* What an earlier life of this data directory left. */
static void
CleanupLeftovers(void)
{
	FILE *f = fopen(PG_DYNSHMEM_STATE_FILE, "r");
	unsigned handle;
	DIR *dir;
	struct dirent *de;

	if (f != NULL)
	{
		if (fscanf(f, "%10u", &handle) == 1 && handle != DSM_HANDLE_INVALID)
			CleanupControlSegment(handle);
		fclose(f);
		(void) sys_unlink(PG_DYNSHMEM_STATE_FILE);
	}

	dir = opendir(PG_DYNSHMEM_DIR);
	if (dir == NULL)
		return;
	while ((de = readdir(dir)) != NULL)
	{
		char path[MAXPGPATH];

		if (strncmp(de->d_name, PG_DYNSHMEM_MMAP_FILE_PREFIX,
		            strlen(PG_DYNSHMEM_MMAP_FILE_PREFIX)) != 0)
			continue;
		snprintf(path, sizeof(path), PG_DYNSHMEM_DIR "/%s", de->d_name);
		if (sys_unlink(path) != 0)
			ereport(LOG, (errcode_for_file_access(),
			              errmsg("could not remove file \"%s\": %m", path)));
	}
	closedir(dir);
}

static void
dsm_postmaster_shutdown(int code, Datum arg)
{
	if (!control_sane(dsm_control, dsm_control_mapped_size))
		ereport(LOG,
		        (errmsg("dynamic shared memory control segment is corrupt")));
	else
		DestroyListed(dsm_control, dsm_control_mapped_size, dsm_control_handle);
	dsm_control = NULL;
	dsm_control_handle = DSM_HANDLE_INVALID;
	(void) sys_unlink(PG_DYNSHMEM_STATE_FILE);
}

/* ---------------------------------------------------------------------------
 * Segments
 * ---------------------------------------------------------------------------
 */

Size
dsm_estimate_size(void)
{
	return 0;
}

static dsm_segment *
CreateDescriptor(void)
{
	dsm_segment *seg;

	if (CurrentResourceOwner)
		ResourceOwnerEnlarge(CurrentResourceOwner);
	seg = (dsm_segment *) MemoryContextAllocZero(TopMemoryContext,
	                                             sizeof(dsm_segment));
	dlist_push_head(&dsm_segment_list, &seg->node);
	seg->control_slot = INVALID_CONTROL_SLOT;
	slist_init(&seg->on_detach);
	seg->resowner = CurrentResourceOwner;
	if (seg->resowner)
		ResourceOwnerRemember(seg->resowner, PointerGetDatum(seg),
		                      &dsm_resowner_desc);
	return seg;
}

static void
FreeDescriptor(dsm_segment *seg)
{
	if (seg->resowner != NULL)
		ResourceOwnerForget(seg->resowner, PointerGetDatum(seg),
		                    &dsm_resowner_desc);
	dlist_delete(&seg->node);
	pfree(seg);
}

/* An entry of the control segment, counted for us; or none is free. */
static uint32
ReserveSlot(void)
{
	uint32 i;

	LWLockAcquire(DynamicSharedMemoryControlLock, LW_EXCLUSIVE);
	for (i = 0; i < dsm_control->nitems; i++)
		if (dsm_control->item[i].refcnt == 0)
			break;
	if (i >= dsm_control->maxitems)
		i = INVALID_CONTROL_SLOT;
	else
	{
		dsm_control->item[i].handle = DSM_HANDLE_INVALID;
		dsm_control->item[i].refcnt = 2;
		dsm_control->item[i].orphan = false;
		if (i == dsm_control->nitems)
			dsm_control->nitems++;
	}
	LWLockRelease(DynamicSharedMemoryControlLock);
	return i;
}

/*
 * Make a segment; mapped here.  An ERROR on the way leaves nothing behind, so
 * that a caller who can do without the segment may go on.
 */
dsm_segment *
dsm_create(Size size, int flags)
{
	dsm_segment *seg;

	INJECTION_POINT("dsm-create");
	seg = CreateDescriptor();
	seg->control_slot = ReserveSlot();
	if (seg->control_slot == INVALID_CONTROL_SLOT)
	{
		FreeDescriptor(seg);
		if (flags & DSM_CREATE_NULL_IF_MAXSEGMENTS)
			return NULL;
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_RESOURCES),
		                errmsg("too many dynamic shared memory segments")));
	}
	PG_TRY();
	{
		INJECTION_POINT("dsm-slot-reserved");
		CreateObjectSomehow(size, AnnounceInSlot, seg->control_slot,
		                    &seg->handle, &seg->mapped_address,
		                    &seg->mapped_size);
		INJECTION_POINT("dsm-created");
	}
	PG_CATCH();
	{
		dsm_detach(seg);
		PG_RE_THROW();
	}
	PG_END_TRY();
	return seg;
}

dsm_segment *
dsm_attach(dsm_handle h)
{
	dsm_segment *seg;
	dlist_iter iter;
	uint32 i;

	dlist_foreach (iter, &dsm_segment_list)
	{
		seg = dlist_container(dsm_segment, node, iter.cur);
		if (seg->handle == h)
			elog(ERROR, "can't attach the same segment more than once");
	}

	INJECTION_POINT("dsm-attach");
	seg = CreateDescriptor();
	seg->handle = h;

	/* Invariant 1: count, then map. */
	LWLockAcquire(DynamicSharedMemoryControlLock, LW_EXCLUSIVE);
	for (i = 0; i < dsm_control->nitems; i++)
	{
		if (dsm_control->item[i].refcnt <= 1 ||
		    dsm_control->item[i].handle != h)
			continue;
		dsm_control->item[i].refcnt++;
		seg->control_slot = i;
		break;
	}
	LWLockRelease(DynamicSharedMemoryControlLock);

	if (seg->control_slot == INVALID_CONTROL_SLOT)
	{
		FreeDescriptor(seg);
		return NULL;
	}
	INJECTION_POINT("dsm-attach-counted");
	(void) dsm_impl_op(DSM_OP_ATTACH, seg->handle, 0, &seg->mapped_address,
	                   &seg->mapped_size, ERROR);
	INJECTION_POINT("dsm-attached");
	return seg;
}

/* Rule 5.  We have counted it to 1, or found it to be an orphan. */
static void
Destroy(uint32 slot, dsm_handle handle, void **address, Size *size, int elevel)
{
	bool gone = dsm_impl_op(DSM_OP_DESTROY, handle, 0, address, size, elevel);

	LWLockAcquire(DynamicSharedMemoryControlLock, LW_EXCLUSIVE);
	Assert(dsm_control->item[slot].refcnt == 1);
	if (gone)
		dsm_control->item[slot].refcnt = 0;
	else
	{
		dsm_control->item[slot].orphan = true;
		dsm_control->norphans++;
	}
	LWLockRelease(DynamicSharedMemoryControlLock);
	if (!gone && ProcGlobal->checkpointerProc != INVALID_PROC_NUMBER &&
	    ProcGlobal->checkpointerProc != MyProcNumber)
		ProcSendSignal(ProcGlobal->checkpointerProc);
}

void
dsm_remove_orphans(void)
{
	uint32 i;

	if (*(volatile uint32 *) &dsm_control->norphans == 0)
		return;
	for (i = 0; i < dsm_control->maxitems; i++)
	{
		dsm_control_item *item = &dsm_control->item[i];
		dsm_handle handle;
		void *address = NULL;
		Size size = 0;
		bool orphan;

		LWLockAcquire(DynamicSharedMemoryControlLock, LW_EXCLUSIVE);
		orphan = i < dsm_control->nitems && item->refcnt == 1 && item->orphan;
		handle = item->handle;
		if (orphan)
		{
			item->orphan = false;
			dsm_control->norphans--;
		}
		LWLockRelease(DynamicSharedMemoryControlLock);
		if (orphan)
			Destroy(i, handle, &address, &size, LOG);
	}
}

void
dsm_detach(dsm_segment *seg)
{
	INJECTION_POINT_NOTHROW("dsm-detach");
	/* Interrupts would run in the middle of it. */
	HOLD_INTERRUPTS();
	while (!slist_is_empty(&seg->on_detach))
	{
		slist_node *node = slist_pop_head_node(&seg->on_detach);
		dsm_segment_detach_callback *cb =
			slist_container(dsm_segment_detach_callback, node, node);
		on_dsm_detach_callback function = cb->function;
		Datum arg = cb->arg;

		pfree(cb);
		INJECTION_POINT_NOTHROW("dsm-detach-callback");
		function(seg, arg);
	}
	RESUME_INTERRUPTS();

	if (seg->mapped_address != NULL)
		(void) dsm_impl_op(DSM_OP_DETACH, seg->handle, 0, &seg->mapped_address,
		                   &seg->mapped_size, WARNING);

	if (seg->control_slot != INVALID_CONTROL_SLOT)
	{
		uint32 slot = seg->control_slot;
		uint32 refcnt;

		INJECTION_POINT_NOTHROW("dsm-detach-uncount");
		LWLockAcquire(DynamicSharedMemoryControlLock, LW_EXCLUSIVE);
		Assert(dsm_control->item[slot].handle == seg->handle);
		Assert(dsm_control->item[slot].refcnt > 1);
		refcnt = --dsm_control->item[slot].refcnt;
		seg->control_slot = INVALID_CONTROL_SLOT;
		LWLockRelease(DynamicSharedMemoryControlLock);
		if (refcnt == 1)
			INJECTION_POINT_NOTHROW("dsm-destroy");

		if (refcnt == 1)
			Destroy(slot, seg->handle, &seg->mapped_address, &seg->mapped_size,
			        WARNING);
	}
	FreeDescriptor(seg);
}

static void
ReleaseSegment(Datum res)
{
	dsm_segment *seg = (dsm_segment *) DatumGetPointer(res);

	seg->resowner = NULL;
	dsm_detach(seg);
}

void
dsm_backend_shutdown(void)
{
	while (!dlist_is_empty(&dsm_segment_list))
		dsm_detach(dlist_head_element(dsm_segment, node, &dsm_segment_list));
}

/* In a child that will not use shared memory. */
void
dsm_detach_all(void)
{
	void *control_address = dsm_control;

	dsm_backend_shutdown();
	if (control_address != NULL)
		(void) dsm_impl_op(DSM_OP_DETACH, dsm_control_handle, 0,
		                   &control_address, &dsm_control_mapped_size, ERROR);
	dsm_control = NULL;
}

void
dsm_pin_mapping(dsm_segment *seg)
{
	if (seg->resowner == NULL)
		return;
	INJECTION_POINT("dsm-pin-mapping");
	ResourceOwnerForget(seg->resowner, PointerGetDatum(seg),
	                    &dsm_resowner_desc);
	seg->resowner = NULL;
}

dsm_segment *
dsm_find_mapping(dsm_handle h)
{
	dlist_iter iter;

	dlist_foreach (iter, &dsm_segment_list)
	{
		dsm_segment *seg = dlist_container(dsm_segment, node, iter.cur);

		if (seg->handle == h)
			return seg;
	}
	return NULL;
}

void *
dsm_segment_address(dsm_segment *seg)
{
	Assert(seg->mapped_address != NULL);
	return seg->mapped_address;
}

Size
dsm_segment_map_length(dsm_segment *seg)
{
	return seg->mapped_size;
}

dsm_handle
dsm_segment_handle(dsm_segment *seg)
{
	return seg->handle;
}

bool
dsm_next_segment(uint32 *slot, dsm_handle *handle, int *mapped)
{
	bool found = false;

	LWLockAcquire(DynamicSharedMemoryControlLock, LW_SHARED);
	for (; !found && *slot < dsm_control->nitems; (*slot)++)
	{
		const dsm_control_item *item = &dsm_control->item[*slot];

		if (item->refcnt == 0)
			continue;
		*handle = item->handle;
		*mapped = (int) item->refcnt - 1;
		found = true;
	}
	LWLockRelease(DynamicSharedMemoryControlLock);
	return found;
}

void
on_dsm_detach(dsm_segment *seg, on_dsm_detach_callback function, Datum arg)
{
	dsm_segment_detach_callback *cb;

	cb = (dsm_segment_detach_callback *) MemoryContextAlloc(
		TopMemoryContext, sizeof(dsm_segment_detach_callback));
	cb->function = function;
	cb->arg = arg;
	slist_push_head(&seg->on_detach, &cb->node);
}

void
cancel_on_dsm_detach(dsm_segment *seg, on_dsm_detach_callback function,
                     Datum arg)
{
	slist_mutable_iter iter;

	slist_foreach_modify(iter, &seg->on_detach)
	{
		dsm_segment_detach_callback *cb =
			slist_container(dsm_segment_detach_callback, node, iter.cur);

		if (cb->function == function && cb->arg == arg)
		{
			slist_delete_current(&iter);
			pfree(cb);
			break;
		}
	}
}

/* After fork: the mappings are inherited, what to do at their end is not. */
void
reset_on_dsm_detach(void)
{
	dlist_iter iter;

	dlist_foreach (iter, &dsm_segment_list)
	{
		dsm_segment *seg = dlist_container(dsm_segment, node, iter.cur);

		while (!slist_is_empty(&seg->on_detach))
			pfree(slist_container(dsm_segment_detach_callback, node,
			                      slist_pop_head_node(&seg->on_detach)));
		seg->control_slot = INVALID_CONTROL_SLOT;
	}
}
