/*
 * storage/fsm_internals.h
 *		A page of the free space map: a binary tree of maxima in an array.
 */
#ifndef FSM_INTERNALS_H
#define FSM_INTERNALS_H

#include "storage/buf.h"
#include "storage/bufpage.h"

typedef struct FSMPageData
{
	int fp_next_slot; /* where the next search begins; a hint */
	uint8 fp_nodes[FLEXIBLE_ARRAY_MEMBER]; /* inner nodes, then leaves */
} FSMPageData;

typedef FSMPageData *FSMPage;

#define NodesPerPage \
	(BLCKSZ - MAXALIGN(SizeOfPageHeaderData) - offsetof(FSMPageData, fp_nodes))
#define NonLeafNodesPerPage (BLCKSZ / 2 - 1)
#define LeafNodesPerPage (NodesPerPage - NonLeafNodesPerPage)
#define SlotsPerFSMPage LeafNodesPerPage

/* A leaf with at least minvalue, or -1; the page is locked, shared or not. */
extern int fsm_search_avail(Buffer buf, uint8 minvalue, bool advancenext,
                            bool exclusive_lock_held);
extern uint8 fsm_get_avail(Page page, int slot);
extern uint8 fsm_get_max_avail(Page page);
/* Whether anything changed. */
extern bool fsm_set_avail(Page page, int slot, uint8 value);
extern bool fsm_truncate_avail(Page page, int nslots);
extern bool fsm_rebuild_page(Page page);

#endif /* FSM_INTERNALS_H */
