/*
 * storage.c: relation files that come and go with a transaction.
 *
 * A file made in a transaction must vanish if it aborts, a dropped one only
 * once it has committed.  Both are entries of one list in this process's
 * memory, carried out by smgrDoPendingDeletes after the transaction's fate is
 * recorded and before its locks go.  SIGKILL loses the list; in step 1 the
 * crash-restart starts with an empty cluster anyway.
 *
 * Corresponds to PostgreSQL's catalog/storage.c.
 */
#include "postgres.h"

#include "catalog/storage.h"
#include "miscadmin.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"

typedef struct PendingRelDelete
{
	RelFileNode relnode;
	bool atCommit; /* delete at commit; else at abort */
	struct PendingRelDelete *next;
} PendingRelDelete;

static PendingRelDelete *pendingDeletes = NULL; /* in TopMemoryContext */

static void
add_pending(RelFileNode rnode, bool atCommit)
{
	PendingRelDelete *pending =
		MemoryContextAlloc(TopMemoryContext, sizeof(PendingRelDelete));

	pending->relnode = rnode;
	pending->atCommit = atCommit;
	pending->next = pendingDeletes;
	pendingDeletes = pending;
}

SMgrRelation
RelationCreateStorage(RelFileNode rnode, char relpersistence,
                      bool register_delete)
{
	SMgrRelation srel;

	Assert(relpersistence == 'p' || relpersistence == 'u');
	srel = smgropen(rnode, INVALID_PROC_NUMBER);
	/* first the entry: a file without one would stay for ever */
	if (register_delete)
		add_pending(rnode, false);
	INJECTION_POINT("relation-create-storage");
	smgrcreate(srel, MAIN_FORKNUM, false);
	return srel;
}

void
RelationDropStorage(Relation rel)
{
	add_pending(rel->rd_node, true);
	/* the handle may go now; buffers and files stay until the commit */
	RelationCloseSmgr(rel);
}

void
RelationPreserveStorage(RelFileNode rnode, bool atCommit)
{
	PendingRelDelete **link = &pendingDeletes;

	while (*link != NULL)
	{
		PendingRelDelete *pending = *link;

		if (RelFileNodeEquals(rnode, pending->relnode) &&
		    pending->atCommit == atCommit)
		{
			*link = pending->next;
			pfree(pending);
		}
		else
			link = &pending->next;
	}
}

void
RelationTruncate(Relation rel, BlockNumber nblocks)
{
	ForkNumber forks[MAX_FORKNUM + 1];
	BlockNumber blocks[MAX_FORKNUM + 1];
	int nforks = 0;
	SMgrRelation reln = RelationGetSmgr(rel);

	forks[nforks] = MAIN_FORKNUM;
	blocks[nforks++] = nblocks;
	smgrtruncate(reln, forks, nforks, blocks);
}

void
smgrDoPendingDeletes(bool isCommit)
{
	SMgrRelation *srels = NULL;
	int nrels = 0;
	int maxrels = 0;

	while (pendingDeletes != NULL)
	{
		PendingRelDelete *pending = pendingDeletes;

		/* unlinked from the list first, lest an error here loops */
		pendingDeletes = pending->next;
		if (pending->atCommit == isCommit)
		{
			if (nrels >= maxrels)
			{
				maxrels = Max(8, maxrels * 2);
				srels = srels == NULL
				            ? palloc(sizeof(SMgrRelation) * maxrels)
				            : repalloc(srels, sizeof(SMgrRelation) * maxrels);
			}
			srels[nrels++] = smgropen(pending->relnode, INVALID_PROC_NUMBER);
		}
		pfree(pending);
	}
	if (nrels == 0)
		return;
	INJECTION_POINT("pending-deletes");
	smgrdounlinkall(srels, nrels, false);
	for (int i = 0; i < nrels; i++)
		smgrclose(srels[i]);
	pfree(srels);
}

int
smgrGetPendingDeletes(bool forCommit, RelFileNode **ptr)
{
	int nrels = 0;
	RelFileNode *rptr;

	for (PendingRelDelete *p = pendingDeletes; p != NULL; p = p->next)
		if (p->atCommit == forCommit)
			nrels++;
	*ptr = NULL;
	if (nrels == 0)
		return 0;
	rptr = palloc(nrels * sizeof(RelFileNode));
	*ptr = rptr;
	for (PendingRelDelete *p = pendingDeletes; p != NULL; p = p->next)
		if (p->atCommit == forCommit)
			*rptr++ = p->relnode;
	return nrels;
}
