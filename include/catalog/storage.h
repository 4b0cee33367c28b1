/*
 * catalog/storage.h: creation and removal of relation files as part of a
 * transaction.
 */
#ifndef STORAGE_H
#define STORAGE_H

#include "storage/block.h"
#include "storage/relfilenode.h"
#include "storage/smgr.h"
#include "utils/relcache.h"

/*
 * Makes the main fork's file at once; an abort removes it again (when
 * register_delete).  relpersistence: its row's.
 */
extern SMgrRelation
RelationCreateStorage(RelFileNode rnode, char relpersistence,
                      bool register_delete);
/*
 * The init fork of an unlogged relation: made, logged, on disk.  Its content is
 * the caller's affair.
 */
extern void RelationCreateInitFork(SMgrRelation srel);
/* Schedules the removal of all forks for the commit. */
extern void RelationDropStorage(Relation rel);
/* Cancels a scheduled removal (atCommit) of this relation's files. */
extern void RelationPreserveStorage(RelFileNode rnode, bool atCommit);
/* made in this transaction: an abort removes it */
extern bool RelationFileIsNew(Relation rel);
extern void RelationTruncate(Relation rel, BlockNumber nblocks);

/* called by xact.c: what the end of the transaction owes */
extern void smgrDoPendingDeletes(bool isCommit);
/* files to go at commit (or abort), temporary ones left out; *ptr in CurrentMemoryContext */
extern int smgrGetPendingDeletes(bool forCommit, RelFileNode **ptr);
/* replay of a transaction's end: all forks, now */
extern void smgrDropFilesInRecovery(const RelFileNode *rels, int nrels);
/*
 * At the end of recovery: files that no committed row of pg_class names, of
 * transactions that a crash ended.
 */
extern void RemoveOrphanedRelationFiles(void);

#endif /* STORAGE_H */
