/*
 * access/relscan.h
 *		Scans of tables and indexes, and the shared state of a parallel scan of
 *		a table.
 */
#ifndef RELSCAN_H
#define RELSCAN_H

#include "access/itup.h"
#include "access/sdir.h"
#include "access/skey.h"
#include "port/atomics.h"
#include "storage/block.h"
#include "storage/buf.h"
#include "storage/spin.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

typedef struct TableScanDescData
{
	Relation rs_rd;
	Snapshot rs_snapshot;
	uint32 rs_flags;
	struct ParallelTableScanDescData *rs_parallel; /* NULL: not parallel */
} TableScanDescData;

typedef struct TableScanDescData *TableScanDesc;

/* In dynamic shared memory; a serialized snapshot follows. */
typedef struct ParallelTableScanDescData
{
	Oid phs_relid;                   /* [C] */
	bool phs_snapshot_any;           /* [C] */
	Size phs_snapshot_off;           /* [C] */
	BlockNumber phs_nblocks;         /* [C] */
	pg_atomic_uint64 phs_nallocated; /* [A] blocks handed out */
} ParallelTableScanDescData;

typedef struct ParallelTableScanDescData *ParallelTableScanDesc;

typedef struct IndexScanDescData
{
	Relation heapRelation;
	Relation indexRelation;
	Snapshot xs_snapshot;
	int numberOfKeys;
	int numberOfOrderBys;
	ScanKey keyData;
	ScanKey orderByData;
	void *opaque; /* of the access method */
	bool kill_prior_tuple;
	bool xs_heap_continue;
	ItemPointerData xs_heaptid; /* result */
	Buffer xs_cbuf;             /* pinned heap page, or InvalidBuffer */
	struct IndexFetchTableData *xs_heapfetch;
	bool xs_recheck;
	bool xs_recheckorderby;
	Datum *xs_orderbyvals;
	bool *xs_orderbynulls;
	const char *xs_cut_short; /* the setting that ended it early, or NULL */
	int64 xs_out_of_order;    /* rows that were dropped: they came too late */
} IndexScanDescData;

typedef struct IndexScanDescData *IndexScanDesc;

#endif /* RELSCAN_H */
