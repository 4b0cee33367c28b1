/*
 * shm_toc.c
 *		Chunks of a segment by key.
 *
 * Entries grow upwards from the start, chunks downwards from the end.  Lookups
 * take no lock: an entry is written before the number of entries.
 */
#include "postgres.h"

#include "port/atomics.h"
#include "storage/shm_toc.h"
#include "storage/spin.h"
#include "utils/injection_point.h"

typedef struct shm_toc_entry
{
	uint64 key;  /* [C] once counted */
	Size offset; /* [C] once counted */
} shm_toc_entry;

struct shm_toc
{
	uint64 toc_magic; /* [C] */
	slock_t toc_mutex;
	Size toc_total_bytes;     /* [C] */
	Size toc_allocated_bytes; /* [L:toc_mutex] from the end */
	uint32 toc_nentry;        /* [L:toc_mutex], read without it */
	shm_toc_entry toc_entry[FLEXIBLE_ARRAY_MEMBER];
};

#define BYTES_FOR_ENTRIES(n) \
	(offsetof(shm_toc, toc_entry) + (Size) (n) * sizeof(shm_toc_entry))

Size
shm_toc_estimate(shm_toc_estimator *e)
{
	Size sz;

	INJECTION_POINT("toc-estimate");
	sz = offsetof(shm_toc, toc_entry);
	sz = add_size(sz, mul_size(e->number_of_keys, sizeof(shm_toc_entry)));
	sz = add_size(sz, e->space_for_chunks);

	/* the chunks end at an aligned address, and begin at one */
	return BUFFERALIGN(add_size(sz, BUFFERALIGN(1)));
}

shm_toc *
shm_toc_create(uint64 magic, void *address, Size nbytes)
{
	shm_toc *toc = (shm_toc *) address;

	Assert(nbytes > offsetof(shm_toc, toc_entry));
	INJECTION_POINT("toc-create");
	toc->toc_magic = magic;
	SpinLockInit(&toc->toc_mutex);
	toc->toc_total_bytes = TYPEALIGN_DOWN(BUFFERALIGN(1), nbytes);
	toc->toc_allocated_bytes = 0;
	toc->toc_nentry = 0;
	return toc;
}

shm_toc *
shm_toc_attach(uint64 magic, void *address)
{
	shm_toc *toc = (shm_toc *) address;

	INJECTION_POINT("toc-attach");
	return toc->toc_magic == magic ? toc : NULL;
}

void *
shm_toc_allocate(shm_toc *toc, Size nbytes)
{
	Size need = BUFFERALIGN(nbytes);
	Size allocated;
	bool ok;

	INJECTION_POINT("toc-allocate");
	SpinLockAcquire(&toc->toc_mutex);
	allocated = toc->toc_allocated_bytes;
	ok = need >= nbytes &&
	     need <= toc->toc_total_bytes - allocated -
	                 BYTES_FOR_ENTRIES(toc->toc_nentry) &&
	     toc->toc_total_bytes - allocated >= BYTES_FOR_ENTRIES(toc->toc_nentry);
	if (ok)
		toc->toc_allocated_bytes += need;
	SpinLockRelease(&toc->toc_mutex);
	if (!ok)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY),
		                errmsg("out of shared memory")));
	return (char *) toc + toc->toc_total_bytes - allocated - need;
}

Size
shm_toc_freespace(shm_toc *toc)
{
	Size result;

	SpinLockAcquire(&toc->toc_mutex);
	result = toc->toc_total_bytes - toc->toc_allocated_bytes -
	         BYTES_FOR_ENTRIES(toc->toc_nentry);
	SpinLockRelease(&toc->toc_mutex);
	return TYPEALIGN_DOWN(BUFFERALIGN(1), result);
}

void
shm_toc_insert(shm_toc *toc, uint64 key, void *address)
{
	uint32 n;
	bool ok;

	Assert((char *) address > (char *) toc &&
	       (char *) address < (char *) toc + toc->toc_total_bytes);

	INJECTION_POINT("toc-insert");
	SpinLockAcquire(&toc->toc_mutex);
	n = toc->toc_nentry;
	ok = BYTES_FOR_ENTRIES(n + 1) <=
	     toc->toc_total_bytes - toc->toc_allocated_bytes;
	if (ok)
	{
		toc->toc_entry[n].key = key;
		toc->toc_entry[n].offset = (Size) ((char *) address - (char *) toc);
		pg_write_barrier(); /* pairs with shm_toc_lookup */
		toc->toc_nentry = n + 1;
	}
	SpinLockRelease(&toc->toc_mutex);
	if (!ok)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY),
		                errmsg("out of shared memory")));
}

void *
shm_toc_lookup(shm_toc *toc, uint64 key, bool noError)
{
	uint32 nentry = *(volatile uint32 *) &toc->toc_nentry;
	uint32 i;

	INJECTION_POINT("toc-lookup");
	pg_read_barrier(); /* pairs with shm_toc_insert */
	for (i = 0; i < nentry; i++)
	{
		if (toc->toc_entry[i].key == key)
			return (char *) toc + toc->toc_entry[i].offset;
	}
	if (!noError)
		elog(ERROR, "could not find key %llu in shm TOC at %p",
		     (unsigned long long) key, (void *) toc);
	return NULL;
}
