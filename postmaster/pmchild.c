/*
 * pmchild.c
 *		The postmaster's children and their slots.
 *
 * A slot is a number in the shared PMSignalState, through which a child tells
 * that it has begun and ended its use of shared memory.  There is a pool of
 * slots for each kind of process, made once and kept over crash restarts: all
 * children are gone then, so all slots are free.  A backend's pool is twice as
 * large as the number of connections, as those that are leaving and those that
 * are not yet admitted count; the limit on sessions is the number of PGPROCs.
 *
 * Corresponds to PostgreSQL's pmchild.c.
 */
#include "postgres.h"

#include "postmaster/bgworker.h"
#include "postmaster/pmchild.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "utils/memutils.h"

typedef struct PMChildPool
{
	int size;
	int first_slotno;
	dlist_head freelist;
} PMChildPool;

static PMChildPool pmchild_pools[B_POSTMASTER + 1];

dlist_head ActiveChildList;

static int
PoolSize(BackendType btype)
{
	switch (btype)
	{
		case B_BACKEND:
			return 2 * MaxConnections;
		case B_BG_WORKER:
			return BGWORKER_SLOTS;
		case B_BG_WRITER:
		case B_CHECKPOINTER:
		case B_STARTUP:
		case B_WAL_WRITER:
			return 1;
		default:
			return 0;
	}
}

void
InitPostmasterChildSlots(void)
{
	int slotno = 1;

	dlist_init(&ActiveChildList);
	for (int btype = 0; btype < lengthof(pmchild_pools); btype++)
	{
		PMChildPool *pool = &pmchild_pools[btype];
		PMChild *slots;

		pool->size = PoolSize((BackendType) btype);
		pool->first_slotno = slotno;
		dlist_init(&pool->freelist);
		if (pool->size == 0)
			continue;
		slots = MemoryContextAllocZero(TopMemoryContext,
		                               pool->size * sizeof(PMChild));
		for (int i = 0; i < pool->size; i++)
		{
			slots[i].child_slot = slotno++;
			slots[i].bkend_type = (BackendType) btype;
			dlist_push_tail(&pool->freelist, &slots[i].elem);
		}
	}
	Assert(slotno - 1 <= MaxLivePostmasterChildren());
}

PMChild *
AssignPostmasterChildSlot(BackendType btype)
{
	dlist_head *freelist = &pmchild_pools[btype].freelist;
	PMChild *pmchild;

	if (dlist_is_empty(freelist))
		return NULL;
	pmchild = dlist_container(PMChild, elem, dlist_pop_head_node(freelist));
	Assert(pmchild->child_slot > 0 && pmchild->bkend_type == btype);
	pmchild->pid = 0;
	pmchild->rw = NULL;
	pmchild->bgworker_notify = false;
	MarkPostmasterChildSlotAssigned(pmchild->child_slot);
	dlist_push_head(&ActiveChildList, &pmchild->elem);
	return pmchild;
}

PMChild *
AllocDeadEndChild(void)
{
	PMChild *pmchild =
		palloc_extended(sizeof(PMChild), MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO);

	if (pmchild == NULL)
		return NULL;
	pmchild->bkend_type = B_BACKEND;
	dlist_push_head(&ActiveChildList, &pmchild->elem);
	return pmchild;
}

bool
ReleasePostmasterChildSlot(PMChild *pmchild)
{
	dlist_delete(&pmchild->elem);
	if (pmchild->child_slot == 0)
	{
		pfree(pmchild);
		return true;
	}
	pmchild->pid = 0;
	dlist_push_head(&pmchild_pools[pmchild->bkend_type].freelist,
	                &pmchild->elem);
	return MarkPostmasterChildSlotUnassigned(pmchild->child_slot);
}

PMChild *
FindPostmasterChildByPid(pid_t pid)
{
	dlist_iter iter;

	dlist_foreach (iter, &ActiveChildList)
	{
		PMChild *pmchild = dlist_container(PMChild, elem, iter.cur);

		if (pmchild->pid == pid)
			return pmchild;
	}
	return NULL;
}
