/*
 * vacuumlazy.h
 *		What the files of VACUUM of a heap share.
 */
#ifndef VACUUMLAZY_H
#define VACUUMLAZY_H

#include "access/heapam.h"
#include "commands/vacuum.h"
#include "utils/rel.h"

/* TIDs of dead line pointers, ascending: pages are scanned in order. */
typedef struct VacDeadItems
{
	int max_items;
	int num_items;
	ItemPointerData items[FLEXIBLE_ARRAY_MEMBER];
} VacDeadItems;

/* A vacuum of one table; in the memory of its transaction. */
typedef struct LVRelState
{
	Relation rel;
	Relation *indrels;
	int nindexes;
	BufferAccessStrategy bstrategy;
	bool aggressive; /* relfrozenxid must move */
	bool skip_with_vm;
	bool do_index_vacuuming;
	bool do_index_cleanup;
	bool consider_bypass; /* leave few dead items to the next vacuum */
	bool do_rel_truncate;
	bool failsafe_active; /* only relfrozenxid matters any more */
	bool verbose;
	int message_level; /* of what is told on the way */

	TransactionId OldestXmin;
	TransactionId FreezeLimit;
	TransactionId NewRelfrozenXid; /* oldest xid that is left */
	bool skippedallvis;            /* pages with unknown xids were skipped */

	VacDeadItems *dead_items;
	BlockNumber rel_pages;
	BlockNumber scanned_pages;
	BlockNumber removed_pages; /* by truncation */
	BlockNumber lpdead_item_pages;
	BlockNumber missed_dead_pages;
	BlockNumber nonempty_pages; /* last nonempty page + 1 */
	const char *dbname;         /* for what is told */
	const char *relnamespace;
	double new_rel_tuples; /* estimates */
	double new_live_tuples;
	IndexBulkDeleteResult **indstats;
	int num_index_scans;
	bool index_work_done; /* an index was cleaned: the dead items went */

	int64 tuples_deleted;
	int64 lpdead_items;
	int64 live_tuples;
	int64 recently_dead_tuples;
	int64 missed_dead_tuples;
} LVRelState;

/* vacuumlazy.c */
/* True, from the first time on: all but freezing is left to a later vacuum. */
extern bool lazy_check_wraparound_failsafe(LVRelState *vacrel);

/* vacuumpass.c */
/* Indexes, then line pointers; empties dead_items. */
extern void lazy_vacuum(LVRelState *vacrel);
extern void lazy_vacuum_heap_page(LVRelState *vacrel, BlockNumber blkno,
                                  Buffer buffer, int index, Buffer *vmbuffer);
extern void lazy_cleanup_all_indexes(LVRelState *vacrel);
extern bool heap_page_is_all_visible(LVRelState *vacrel, Buffer buf,
                                     TransactionId *visibility_cutoff_xid,
                                     bool *all_frozen);

/* vacuumtruncate.c */
extern bool should_attempt_truncation(LVRelState *vacrel);
extern void lazy_truncate_heap(LVRelState *vacrel);

#endif /* VACUUMLAZY_H */
