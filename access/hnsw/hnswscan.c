/*
 * hnswscan.c
 *	  Index scan: the hnsw.ef_search nearest elements, nearest first.
 *
 * The first call searches, holding the SCAN page lock shared; the others hand
 * out TIDs.  Nothing is pinned or locked between calls: what vacuum may remove
 * meanwhile is invisible to the scan's MVCC snapshot anyway.
 */
#include "postgres.h"

#include "access/hnsw.h"
#include "pgstat.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

typedef struct HnswScanOpaqueData
{
	bool first;
	HnswSupport support;
	MemoryContext context; /* of one search */
	HnswSearch *search;
	int next;      /* in the pool */
	int tids_left; /* of the element at next; they go out last to first */
} HnswScanOpaqueData;

typedef HnswScanOpaqueData *HnswScanOpaque;

IndexScanDesc
hnswbeginscan(Relation index, int nkeys, int norderbys)
{
	IndexScanDesc scan = RelationGetIndexScan(index, nkeys, norderbys);
	HnswScanOpaque so = palloc0(sizeof(HnswScanOpaqueData));

	so->first = true;
	so->context = AllocSetContextCreate(CurrentMemoryContext, "Hnsw scan",
	                                    ALLOCSET_DEFAULT_SIZES);
	HnswInitSupport(&so->support, index);
	scan->opaque = so;
	return scan;
}

void
hnswrescan(IndexScanDesc scan, ScanKey keys, int nkeys, ScanKey orderbys,
           int norderbys)
{
	HnswScanOpaque so = scan->opaque;

	so->first = true;
	so->search = NULL;
	MemoryContextReset(so->context);
	if (keys && scan->numberOfKeys > 0)
		memmove(scan->keyData, keys, scan->numberOfKeys * sizeof(ScanKeyData));
	if (orderbys && scan->numberOfOrderBys > 0)
		memmove(scan->orderByData, orderbys,
		        scan->numberOfOrderBys * sizeof(ScanKeyData));
}

/* The query value, NULL for a null; in so->context. */
static void *
GetQuery(IndexScanDesc scan)
{
	HnswScanOpaque so = scan->opaque;
	ScanKey key = &scan->orderByData[0];

	if (key->sk_flags & SK_ISNULL)
		return NULL;
	return HnswFormQuery(&so->support, key->sk_argument);
}

static void
Search(IndexScanDesc scan, void *query)
{
	HnswScanOpaque so = scan->opaque;
	Relation index = scan->indexRelation;
	int ef = hnsw_ef_search;
	HnswEntryPoint entry;
	int m;
	int dim;

	HnswGetMetaPageInfo(index, &m, &dim, &entry, NULL);
	so->next = 0;
	so->tids_left = -1;
	if (entry.level < 0)
		return;
	if (query && so->support.type->value_dim(query) != dim)
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_EXCEPTION),
		         errmsg("different %s %d and %d", so->support.type->dimensions,
		                so->support.type->value_dim(query), dim)));
	so->search = HnswSearchCreate(index, &so->support, query, m, ef);
	HnswSearchStart(so->search, &entry);
	for (int lc = entry.level; lc > 0; lc--)
		HnswSearchLayer(so->search, 1, lc);
	HnswSearchLayer(so->search, ef, 0);
}

bool
hnswgettuple(IndexScanDesc scan, ScanDirection dir)
{
	HnswScanOpaque so = scan->opaque;

	Assert(ScanDirectionIsForward(dir));
	if (so->first)
	{
		MemoryContext old;
		void *query;

		if (scan->numberOfOrderBys == 0 || scan->orderByData == NULL)
			elog(ERROR, "cannot scan hnsw index without order");
		if (!IsMVCCSnapshot(scan->xs_snapshot))
			elog(ERROR, "non-MVCC snapshots are not supported with hnsw");
		pgstat_count_index_scan(scan->indexRelation);

		old = MemoryContextSwitchTo(so->context);
		/* it may be out of line: no relation is locked under a page's lock */
		query = GetQuery(scan);
		LockPage(scan->indexRelation, HNSW_SCAN_LOCK, ShareLock);
		Search(scan, query);
		UnlockPage(scan->indexRelation, HNSW_SCAN_LOCK, ShareLock);
		MemoryContextSwitchTo(old);
		so->first = false;
	}

	while (so->search && so->next < so->search->npool)
	{
		HnswPageElement *e =
			&so->search->elements[so->search->pool[so->next].id];

		if (so->tids_left < 0)
			so->tids_left = e->ntids;
		if (so->tids_left == 0)
		{
			so->next++;
			so->tids_left = -1;
			continue;
		}
		scan->xs_heaptid = e->heaptids[--so->tids_left];
		scan->xs_recheck = false;
		scan->xs_recheckorderby = false;
		return true;
	}
	return false;
}

void
hnswendscan(IndexScanDesc scan)
{
	HnswScanOpaque so = scan->opaque;

	MemoryContextDelete(so->context);
	pfree(so);
	scan->opaque = NULL;
}
