/*
 * hnswvacuum.h
 *	  What the passes of hnsw's vacuum share.
 */
#ifndef ACCESS_HNSWVACUUM_H
#define ACCESS_HNSWVACUUM_H

#include "access/hnsw.h"
#include "storage/bufmgr.h"
#include "utils/hsearch.h"

typedef struct HnswVacuumState
{
	Relation index;
	IndexBulkDeleteResult *stats;
	IndexBulkDeleteCallback callback;
	void *callback_state;
	BufferAccessStrategy strategy;
	HTAB *deleting; /* of ItemPointerData */
	HnswSupport support;
	int m;
	int ef_construction;
	/* the live elements of the highest level, and the second of them */
	HnswEntryPoint highest;
	HnswEntryPoint fallback;
	bool many_go;                 /* more elements than rows that stay */
	MemoryContext repair_context; /* of one element */
} HnswVacuumState;

static inline Buffer
HnswReadVacuumBuffer(HnswVacuumState *vs, BlockNumber blkno)
{
	return ReadBufferExtended(vs->index, MAIN_FORKNUM, blkno, RBM_NORMAL,
	                          vs->strategy);
}

static inline bool
HnswIsDeleting(HnswVacuumState *vs, const ItemPointerData *tid)
{
	return hash_search(vs->deleting, tid, HASH_FIND, NULL) != NULL;
}

/* A live element; it may be a better entry point than those known so far. */
static inline void
HnswNoteLive(HnswVacuumState *vs, const ItemPointerData *tid, int level)
{
	HnswEntryPoint point = {*tid, level};

	if (vs->highest.level >= 0 && HnswTidEquals(tid, &vs->highest.tid))
		return;
	if (level > vs->highest.level)
	{
		vs->fallback = vs->highest;
		vs->highest = point;
	}
	else if (level > vs->fallback.level)
		vs->fallback = point;
}

/* hnswreach.c */
extern uint32 HnswReachAll(HnswVacuumState *vs);

/* hnswrepair.c */
extern void HnswRepairGraph(HnswVacuumState *vs);

#endif /* ACCESS_HNSWVACUUM_H */
