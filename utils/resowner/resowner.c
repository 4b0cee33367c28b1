/*
 * resowner.c
 *		Resource owners: a tree of lists of what must be released.
 *
 * Resources of an owner are an array, searched from its end: they are usually
 * forgotten in the reverse order of their coming.  Locks are kept apart, as
 * many as fit a small cache; when it overflows, the lock manager's own table
 * is searched instead.
 *
 * At commit every resource should have been forgotten: what is left is a leak
 * and is reported before it is released.
 *
 * Corresponds to PostgreSQL 17's resowner.c; PostgreSQL 15's calls for buffers
 * are kept (utils/resowner_private.h).
 */
#include "postgres.h"

#include "storage/bufmgr.h"
#include "storage/ipc.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/resowner_private.h"

#define MAX_RESOWNER_LOCKS 15
#define RESOWNER_INITIAL_SIZE 16

typedef struct ResourceElem
{
	Datum item;
	const ResourceOwnerDesc *kind;
} ResourceElem;

typedef struct ResourceOwnerData
{
	ResourceOwner parent, firstchild, nextchild;
	const char *name;
	ResourceElem *elems;
	int nelems, capacity;
	int nlocks; /* MAX_RESOWNER_LOCKS + 1: overflowed */
	LOCALLOCK *locks[MAX_RESOWNER_LOCKS];
} ResourceOwnerData;

ResourceOwner CurrentResourceOwner = NULL;
ResourceOwner CurTransactionResourceOwner = NULL;
ResourceOwner TopTransactionResourceOwner = NULL;
ResourceOwner AuxProcessResourceOwner = NULL;

ResourceOwner
ResourceOwnerCreate(ResourceOwner parent, const char *name)
{
	ResourceOwner owner =
		MemoryContextAllocZero(TopMemoryContext, sizeof(ResourceOwnerData));

	owner->name = name;
	owner->parent = parent;
	if (parent)
	{
		owner->nextchild = parent->firstchild;
		parent->firstchild = owner;
	}
	return owner;
}

void
ResourceOwnerEnlarge(ResourceOwner owner)
{
	Assert(owner != NULL);
	if (owner->nelems < owner->capacity)
		return;
	INJECTION_POINT("resowner-enlarge");
	if (owner->elems == NULL)
	{
		owner->elems = MemoryContextAlloc(
			TopMemoryContext, RESOWNER_INITIAL_SIZE * sizeof(ResourceElem));
		owner->capacity = RESOWNER_INITIAL_SIZE;
	}
	else
	{
		owner->elems =
			repalloc(owner->elems, owner->capacity * 2 * sizeof(ResourceElem));
		owner->capacity *= 2;
	}
}

void
ResourceOwnerRemember(ResourceOwner owner, Datum res,
                      const ResourceOwnerDesc *kind)
{
	/* Room was made before the resource was obtained. */
	Assert(owner != NULL && owner->nelems < owner->capacity);
	owner->elems[owner->nelems].item = res;
	owner->elems[owner->nelems].kind = kind;
	owner->nelems++;
}

void
ResourceOwnerForget(ResourceOwner owner, Datum res,
                    const ResourceOwnerDesc *kind)
{
	Assert(owner != NULL);
	for (int i = owner->nelems - 1; i >= 0; i--)
		if (owner->elems[i].item == res && owner->elems[i].kind == kind)
		{
			owner->nelems--;
			memmove(&owner->elems[i], &owner->elems[i + 1],
			        (owner->nelems - i) * sizeof(ResourceElem));
			return;
		}
	elog(ERROR, "%s %p is not owned by resource owner %s", kind->name,
	     DatumGetPointer(res), owner->name);
}

static void
report_leak(const ResourceElem *elem)
{
	if (elem->kind->DebugPrint)
	{
		char *text = elem->kind->DebugPrint(elem->item);

		elog(WARNING, "resource was not closed: %s", text);
		pfree(text);
	}
	else
		elog(WARNING, "resource was not closed: %s %p", elem->kind->name,
		     DatumGetPointer(elem->item));
}

/* Release those of a phase, the lowest priority first, the latest first. */
static void
release_phase(ResourceOwner owner, ResourceReleasePhase phase, bool isCommit)
{
	for (;;)
	{
		int found = -1;
		int remaining;
		ResourceElem elem;

		for (int i = owner->nelems - 1; i >= 0; i--)
			if (owner->elems[i].kind->release_phase == phase &&
			    (found < 0 || owner->elems[i].kind->release_priority <
			                      owner->elems[found].kind->release_priority))
				found = i;
		if (found < 0)
			return;
		elem = owner->elems[found];
		if (isCommit)
			report_leak(&elem);
		remaining = owner->nelems;
		INJECTION_POINT_NOTHROW("resowner-release");
		elem.kind->ReleaseResource(elem.item);
		/* Some release functions forget the resource themselves. */
		if (owner->nelems == remaining)
			ResourceOwnerForget(owner, elem.item, elem.kind);
	}
}

static void
release_locks(ResourceOwner owner, bool isCommit, bool isTopLevel)
{
	bool overflowed = owner->nlocks > MAX_RESOWNER_LOCKS;

	if (isTopLevel)
	{
		/* All at once, from the top: each lock is forgotten by its owners. */
		if (owner == TopTransactionResourceOwner)
			ProcReleaseLocks(isCommit);
		return;
	}
	Assert(owner->parent != NULL);
	if (isCommit)
		LockReassignCurrentOwner(overflowed ? NULL : owner->locks,
		                         overflowed ? 0 : owner->nlocks);
	else
		LockReleaseCurrentOwner(overflowed ? NULL : owner->locks,
		                        overflowed ? 0 : owner->nlocks);
}

void
ResourceOwnerRelease(ResourceOwner owner, ResourceReleasePhase phase,
                     bool isCommit, bool isTopLevel)
{
	ResourceOwner save = CurrentResourceOwner;

	INJECTION_POINT_NOTHROW("resowner-release-phase");
	for (ResourceOwner child = owner->firstchild; child != NULL;
	     child = child->nextchild)
		ResourceOwnerRelease(child, phase, isCommit, isTopLevel);
	CurrentResourceOwner = owner;
	if (phase == RESOURCE_RELEASE_LOCKS)
		release_locks(owner, isCommit, isTopLevel);
	else
		release_phase(owner, phase, isCommit);
	CurrentResourceOwner = save;
}

void
ResourceOwnerDelete(ResourceOwner owner)
{
	Assert(owner != CurrentResourceOwner);
	Assert(owner->nelems == 0);
	Assert(owner->nlocks == 0 || owner->nlocks == MAX_RESOWNER_LOCKS + 1);
	while (owner->firstchild != NULL)
		ResourceOwnerDelete(owner->firstchild);
	ResourceOwnerNewParent(owner, NULL);
	if (owner->elems)
		pfree(owner->elems);
	pfree(owner);
}

ResourceOwner
ResourceOwnerGetParent(ResourceOwner owner)
{
	return owner->parent;
}

void
ResourceOwnerNewParent(ResourceOwner owner, ResourceOwner newparent)
{
	if (owner->parent)
	{
		ResourceOwner *link = &owner->parent->firstchild;

		while (*link != owner)
			link = &(*link)->nextchild;
		*link = owner->nextchild;
	}
	owner->parent = newparent;
	owner->nextchild = NULL;
	if (newparent)
	{
		owner->nextchild = newparent->firstchild;
		newparent->firstchild = owner;
	}
}

void
ResourceOwnerRememberLock(ResourceOwner owner, LOCALLOCK *locallock)
{
	Assert(locallock != NULL);
	if (owner->nlocks > MAX_RESOWNER_LOCKS)
		return;
	if (owner->nlocks < MAX_RESOWNER_LOCKS)
		owner->locks[owner->nlocks] = locallock;
	owner->nlocks++;
}

void
ResourceOwnerForgetLock(ResourceOwner owner, LOCALLOCK *locallock)
{
	if (owner->nlocks > MAX_RESOWNER_LOCKS)
		return;
	for (int i = owner->nlocks - 1; i >= 0; i--)
		if (owner->locks[i] == locallock)
		{
			owner->locks[i] = owner->locks[--owner->nlocks];
			return;
		}
	elog(ERROR, "lock reference %p is not owned by resource owner %s",
	     (void *) locallock, owner->name);
}

/* ---- buffer pins ---- */

static void
release_buffer_pin(Datum res)
{
	ReleaseBuffer(DatumGetInt32(res));
}

static char *
print_buffer_pin(Datum res)
{
	return psprintf("buffer pin %d", DatumGetInt32(res));
}

static const ResourceOwnerDesc buffer_pin_desc = {
	.name = "buffer pin",
	.release_phase = RESOURCE_RELEASE_BEFORE_LOCKS,
	.release_priority = RELEASE_PRIO_BUFFER_PINS,
	.ReleaseResource = release_buffer_pin,
	.DebugPrint = print_buffer_pin};

void
ResourceOwnerEnlargeBuffers(ResourceOwner owner)
{
	ResourceOwnerEnlarge(owner);
}

void
ResourceOwnerRememberBuffer(ResourceOwner owner, Buffer buffer)
{
	ResourceOwnerRemember(owner, Int32GetDatum(buffer), &buffer_pin_desc);
}

void
ResourceOwnerForgetBuffer(ResourceOwner owner, Buffer buffer)
{
	ResourceOwnerForget(owner, Int32GetDatum(buffer), &buffer_pin_desc);
}

/* ---- processes without transactions ---- */

static void
release_aux_resources_callback(int code, Datum arg pg_attribute_unused())
{
	ReleaseAuxProcessResources(code == 0);
}

void
CreateAuxProcessResourceOwner(void)
{
	Assert(AuxProcessResourceOwner == NULL && CurrentResourceOwner == NULL);
	AuxProcessResourceOwner = ResourceOwnerCreate(NULL, "AuxiliaryProcess");
	CurrentResourceOwner = AuxProcessResourceOwner;
	on_shmem_exit(release_aux_resources_callback, (Datum) 0);
}

void
ReleaseAuxProcessResources(bool isCommit)
{
	for (int phase = RESOURCE_RELEASE_BEFORE_LOCKS;
	     phase <= RESOURCE_RELEASE_AFTER_LOCKS; phase++)
		ResourceOwnerRelease(AuxProcessResourceOwner,
		                     (ResourceReleasePhase) phase, isCommit, true);
}
