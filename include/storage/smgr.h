/*
 * storage/smgr.h: storage of relations, as forks of numbered blocks.
 *
 * An SMgrRelation is this process's handle of a relation's files.  It lives
 * until smgrclose, or until the end of the transaction when nobody (a
 * relcache entry) owns it.  Callers hold a lock on the relation that keeps
 * others from dropping or shrinking it.
 */
#ifndef SMGR_H
#define SMGR_H

#include "lib/ilist.h"
#include "storage/block.h"
#include "storage/relfilenode.h"

typedef struct SMgrRelationData
{
	RelFileNodeBackend smgr_rnode; /* hash key */

	/* the relcache's pointer to this, reset by smgrclose; or NULL */
	struct SMgrRelationData **smgr_owner;

	/* block for the next insertion, forgotten on invalidation */
	BlockNumber smgr_targblock;
	/* last known sizes; a hint: another process may have extended */
	BlockNumber smgr_cached_nblocks[MAX_FORKNUM + 1];

	int smgr_which; /* storage manager: always md */

	/* md's open segments */
	int md_num_open_segs[MAX_FORKNUM + 1];
	struct _MdfdVec *md_seg_fds[MAX_FORKNUM + 1];

	dlist_node node; /* in the list of the unowned */
} SMgrRelationData;

typedef SMgrRelationData *SMgrRelation;

#define SmgrIsTemp(smgr) RelFileNodeBackendIsTemp((smgr)->smgr_rnode)

extern void smgrinit(void);
extern SMgrRelation smgropen(RelFileNode rnode, ProcNumber backend);
extern bool smgrexists(SMgrRelation reln, ForkNumber forknum);
extern void smgrsetowner(SMgrRelation *owner, SMgrRelation reln);
extern void smgrclearowner(SMgrRelation *owner, SMgrRelation reln);
extern void smgrclose(SMgrRelation reln);
extern void smgrcloseall(void);
extern void smgrclosenode(RelFileNodeBackend rnode);
extern void smgrreleaseall(void);
extern void smgrcreate(SMgrRelation reln, ForkNumber forknum, bool isRedo);
extern void smgrdosyncall(SMgrRelation *rels, int nrels);
extern void smgrdounlinkall(SMgrRelation *rels, int nrels, bool isRedo);

/* buffer: BLCKSZ bytes with the checksum already in it */
extern void smgrextend(SMgrRelation reln, ForkNumber forknum,
                       BlockNumber blocknum, char *buffer, bool skipFsync);
/* nblocks of zeros from blocknum, which must be the end of the fork */
extern void smgrzeroextend(SMgrRelation reln, ForkNumber forknum,
                           BlockNumber blocknum, int nblocks, bool skipFsync);
extern bool
smgrprefetch(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum);
extern void smgrread(SMgrRelation reln, ForkNumber forknum,
                     BlockNumber blocknum, char *buffer);
extern void smgrwrite(SMgrRelation reln, ForkNumber forknum,
                      BlockNumber blocknum, char *buffer, bool skipFsync);
extern void smgrwriteback(SMgrRelation reln, ForkNumber forknum,
                          BlockNumber blocknum, BlockNumber nblocks);
extern BlockNumber smgrnblocks(SMgrRelation reln, ForkNumber forknum);
/* during recovery: the size last known, InvalidBlockNumber if none is */
extern BlockNumber smgrnblocks_cached(SMgrRelation reln, ForkNumber forknum);
/* with a lock on the relation; false also if there is no such fork */
extern bool
smgrhasblock(SMgrRelation reln, ForkNumber forknum, BlockNumber blocknum);
/*
 * Drops the buffers too; the caller holds AccessExclusiveLock.  old_nblocks is
 * what smgrnblocks says of the forks under that lock, with nothing remembered,
 * so that all segments are open.  Allocates nothing: for a critical section, as
 * half of it must not be left.
 */
extern void smgrtruncate(SMgrRelation reln, ForkNumber *forknum, int nforks,
                         BlockNumber *old_nblocks, BlockNumber *nblocks);
/* fsync now instead of at the next checkpoint */
extern void smgrimmedsync(SMgrRelation reln, ForkNumber forknum);
extern void AtEOXact_SMgr(void);

#endif /* SMGR_H */
