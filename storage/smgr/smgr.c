/*
 * smgr.c: handles of relation storage.
 *
 * One SMgrRelation per relation and process, in a hash table, so that open
 * segment files are found again.  With one storage manager (md) there is no
 * dispatch table: the functions call md directly and add what concerns the
 * handle.
 *
 * A handle that no relcache entry owns is closed at the end of the
 * transaction.  Sizes are not cached across processes: another one may have
 * extended the relation.  But for recovery: the process that replays the log is
 * then the only one that extends or truncates, and asks with each record.
 *
 * Corresponds to PostgreSQL's storage/smgr/smgr.c.
 */
#include "postgres.h"

#include "access/xlogutils.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/ipc.h"
#include "storage/md.h"
#include "storage/smgr.h"
#include "utils/hsearch.h"
#include "utils/inval.h"

#define SMGR_TABLE_START 400

static HTAB *SMgrRelationHash = NULL;
static dlist_head unowned_relns; /* handles to close at the end of xact */

static void smgrshutdown(int code, Datum arg);

void
smgrinit(void)
{
	mdinit();
	on_proc_exit(smgrshutdown, 0);
}

static void
smgrshutdown(int code, Datum arg)
{
	smgrcloseall();
}

SMgrRelation
smgropen(RelFileNode rnode, ProcNumber backend)
{
	RelFileNodeBackend brnode;
	SMgrRelation reln;
	bool found;

	if (SMgrRelationHash == NULL)
	{
		HASHCTL ctl = {0};

		ctl.keysize = sizeof(RelFileNodeBackend);
		ctl.entrysize = sizeof(SMgrRelationData);
		SMgrRelationHash = hash_create("smgr relation table", SMGR_TABLE_START,
		                               &ctl, HASH_ELEM | HASH_BLOBS);
		dlist_init(&unowned_relns);
	}
	memset(&brnode, 0, sizeof(brnode));
	brnode.node = rnode;
	brnode.backend = backend;
	reln = (SMgrRelation) hash_search(SMgrRelationHash, &brnode, HASH_ENTER,
	                                  &found);
	if (!found)
	{
		reln->smgr_owner = NULL;
		reln->smgr_targblock = InvalidBlockNumber;
		for (int i = 0; i <= MAX_FORKNUM; ++i)
			reln->smgr_cached_nblocks[i] = InvalidBlockNumber;
		reln->smgr_which = 0;
		mdopen(reln);
		dlist_push_tail(&unowned_relns, &reln->node);
	}
	return reln;
}

void
smgrsetowner(SMgrRelation *owner, SMgrRelation reln)
{
	if (reln->smgr_owner)
		*(reln->smgr_owner) = NULL;
	else
		dlist_delete(&reln->node);
	reln->smgr_owner = owner;
	*owner = reln;
}

void
smgrclearowner(SMgrRelation *owner, SMgrRelation reln)
{
	if (reln->smgr_owner != owner)
		return;
	*owner = NULL;
	reln->smgr_owner = NULL;
	dlist_push_tail(&unowned_relns, &reln->node);
}

bool
smgrexists(SMgrRelation reln, ForkNumber forknum)
{
	return mdexists(reln, forknum);
}

static void
smgrrelease(SMgrRelation reln)
{
	for (int i = 0; i <= MAX_FORKNUM; i++)
	{
		mdclose(reln, (ForkNumber) i);
		reln->smgr_cached_nblocks[i] = InvalidBlockNumber;
	}
	reln->smgr_targblock = InvalidBlockNumber;
}

void
smgrclose(SMgrRelation reln)
{
	SMgrRelation *owner = reln->smgr_owner;

	smgrrelease(reln);
	if (owner == NULL)
		dlist_delete(&reln->node);
	if (hash_search(SMgrRelationHash, &reln->smgr_rnode, HASH_REMOVE, NULL) ==
	    NULL)
		elog(ERROR, "SMgrRelation hashtable corrupted");
	if (owner)
		*owner = NULL;
}

void
smgrreleaseall(void)
{
	HASH_SEQ_STATUS status;
	SMgrRelation reln;

	if (SMgrRelationHash == NULL)
		return;
	hash_seq_init(&status, SMgrRelationHash);
	while ((reln = (SMgrRelation) hash_seq_search(&status)) != NULL)
		smgrrelease(reln);
}

void
smgrcloseall(void)
{
	HASH_SEQ_STATUS status;
	SMgrRelation reln;

	if (SMgrRelationHash == NULL)
		return;
	hash_seq_init(&status, SMgrRelationHash);
	while ((reln = (SMgrRelation) hash_seq_search(&status)) != NULL)
		smgrclose(reln);
}

void
smgrclosenode(RelFileNodeBackend rnode)
{
	RelFileNodeBackend key;
	SMgrRelation reln;

	if (SMgrRelationHash == NULL)
		return;
	memset(&key, 0, sizeof(key));
	key.node = rnode.node;
	key.backend = rnode.backend;
	reln = (SMgrRelation) hash_search(SMgrRelationHash, &key, HASH_FIND, NULL);
	if (reln != NULL)
		smgrclose(reln);
}

void
smgrcreate(SMgrRelation reln, ForkNumber forknum, bool isRedo)
{
	mdcreate(reln, forknum, isRedo);
}

/* Writes out and fsyncs the relations' every fork. */
void
smgrdosyncall(SMgrRelation *rels, int nrels)
{
	if (nrels == 0)
		return;
	FlushRelationsAllBuffers(rels, nrels);
	for (int i = 0; i < nrels; i++)
		for (int forknum = 0; forknum <= MAX_FORKNUM; forknum++)
			if (mdexists(rels[i], (ForkNumber) forknum))
				mdimmedsync(rels[i], (ForkNumber) forknum);
}

/*
 * Drops the relations' buffers and files.  After the commit that made them
 * unreachable: an error here would come too late, so file errors are warnings.
 */
void
smgrdounlinkall(SMgrRelation *rels, int nrels, bool isRedo)
{
	if (nrels == 0)
		return;
	DropRelFileNodesAllBuffers(rels, nrels);
	for (int i = 0; i < nrels; i++)
	{
		RelFileNodeBackend rnode = rels[i]->smgr_rnode;

		for (int forknum = 0; forknum <= MAX_FORKNUM; forknum++)
		{
			mdclose(rels[i], (ForkNumber) forknum);
			rels[i]->smgr_cached_nblocks[forknum] = InvalidBlockNumber;
		}
		/* before the files go, so that others close theirs */
		CacheInvalidateSmgr(rnode);
		for (int forknum = 0; forknum <= MAX_FORKNUM; forknum++)
			mdunlink(rnode, (ForkNumber) forknum, isRedo);
	}
}

static void
note_extension(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
               BlockNumber added)
{
	if (reln->smgr_cached_nblocks[forknum] == blocknum)
		reln->smgr_cached_nblocks[forknum] = blocknum + added;
	else
		reln->smgr_cached_nblocks[forknum] = InvalidBlockNumber;
}

void
smgrextend(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
           char *buffer, bool skipFsync)
{
	mdextend(reln, forknum, blocknum, buffer, skipFsync);
	note_extension(reln, forknum, blocknum, 1);
}

void
smgrzeroextend(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
               int nblocks, bool skipFsync)
{
	mdzeroextend(reln, forknum, blocknum, nblocks, skipFsync);
	note_extension(reln, forknum, blocknum, (BlockNumber) nblocks);
}

bool
smgrprefetch(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum)
{
	return mdprefetch(reln, forknum, blocknum);
}

void
smgrread(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
         char *buffer)
{
	mdread(reln, forknum, blocknum, buffer);
}

void
smgrwrite(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
          char *buffer, bool skipFsync)
{
	mdwrite(reln, forknum, blocknum, buffer, skipFsync);
}

void
smgrwriteback(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum,
              BlockNumber nblocks)
{
	mdwriteback(reln, forknum, blocknum, nblocks);
}

BlockNumber
smgrnblocks_cached(SMgrRelation reln, ForkNumber forknum)
{
	return InRecovery ? reln->smgr_cached_nblocks[forknum] : InvalidBlockNumber;
}

BlockNumber
smgrnblocks(SMgrRelation reln, ForkNumber forknum)
{
	BlockNumber result = smgrnblocks_cached(reln, forknum);

	if (result != InvalidBlockNumber)
		return result;
	result = mdnblocks(reln, forknum);
	reln->smgr_cached_nblocks[forknum] = result;
	return result;
}

/*
 * Who truncates the fork makes us forget its size, others only make it longer:
 * what is within the size last known is there.
 */
bool
smgrhasblock(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum)
{
	BlockNumber known = reln->smgr_cached_nblocks[forknum];

	if (known != InvalidBlockNumber && blocknum < known)
		return true;
	reln->smgr_cached_nblocks[forknum] = InvalidBlockNumber;
	return smgrexists(reln, forknum) && blocknum < smgrnblocks(reln, forknum);
}

void
smgrtruncate(SMgrRelation reln, ForkNumber *forknum, int nforks,
             BlockNumber *old_nblocks, BlockNumber *nblocks)
{
	DropRelFileNodeBuffers(reln, forknum, nforks, nblocks, old_nblocks);
	CacheInvalidateSmgr(reln->smgr_rnode);
	for (int i = 0; i < nforks; i++)
	{
		reln->smgr_cached_nblocks[forknum[i]] = InvalidBlockNumber;
		mdtruncate(reln, forknum[i], old_nblocks[i], nblocks[i]);
		reln->smgr_cached_nblocks[forknum[i]] = nblocks[i];
	}
	reln->smgr_targblock = InvalidBlockNumber;
}

void
smgrimmedsync(SMgrRelation reln, ForkNumber forknum)
{
	mdimmedsync(reln, forknum);
}

void
AtEOXact_SMgr(void)
{
	dlist_mutable_iter iter;

	if (SMgrRelationHash == NULL)
		return;
	dlist_foreach_modify (iter, &unowned_relns)
	{
		SMgrRelation reln = dlist_container(SMgrRelationData, node, iter.cur);

		Assert(reln->smgr_owner == NULL);
		smgrclose(reln);
	}
}
