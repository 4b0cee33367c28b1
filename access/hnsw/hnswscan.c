/*
 * hnswscan.c
 *	  Index scan: the nearest elements, hnsw.ef_search at a time.
 *
 * The first call searches, holding the SCAN page lock shared; the others hand
 * out TIDs.  When there are no more, a scan that is iterative continues the
 * search, under the lock again, with the next hnsw.ef_search elements as the
 * result.  A batch is in order; an element of a later one may be nearer than
 * one that is out already, and under strict_order such an element is dropped,
 * and counted for EXPLAIN ANALYZE.
 *
 * Two budgets end it: hnsw.max_scan_tuples elements visited, and memory.  They
 * are looked at between batches only.  What was seen by then and is not out
 * yet follows, nearest first.  If the scan is asked for still more, what it
 * never came to look at may be missing in the result: a NOTICE says so, and
 * EXPLAIN ANALYZE.
 *
 * Nothing is pinned or locked between calls: what vacuum may remove meanwhile
 * is invisible to the scan's MVCC snapshot anyway, and an element that it took
 * for another one has a new version, so that its links are not followed.  When
 * the search comes upon such a thing it begins anew (SearchAgain); that costs
 * visits too.  Elements whose rows were handed out are passed by then, so no
 * row comes twice.  What was found and is not out is found again, as vacuum
 * leaves what stays reached: strict_order loses by that no more than what is
 * nearer than the last row and had not been met before.
 */
#include "postgres.h"

#include <math.h>

#include "access/hnsw.h"
#include "access/hnsw_cache.h"
#include "pgstat.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

typedef struct HnswScanOpaqueData
{
	bool first;
	VectorSupport support;
	MemoryContext context; /* of one search */
	HnswSearch *search;
	int next;      /* in the pool */
	int tids_left; /* of the element at next; they go out last to first */
	Size max_memory;
	float previous;        /* distance of the last TID that went out */
	int64 visited_before;  /* elements, in searches that were cut off */
	bool searched_again;   /* because of a doubt; that is done once */
	bool draining;         /* a budget has ended the search */
	const char *exhausted; /* which one, if elements were never met */
	bool noticed;          /* in this or an earlier run of the scan */
} HnswScanOpaqueData;

typedef HnswScanOpaqueData *HnswScanOpaque;

/* Bytes of memory that a search may take before it is not continued. */
static Size
MaxMemory(void)
{
	double bytes = (double) work_mem * hnsw_scan_mem_multiplier * 1024 + 256;

	return bytes < (double) (SIZE_MAX / 2) ? (Size) bytes : SIZE_MAX / 2;
}

IndexScanDesc
hnswbeginscan(Relation index, int nkeys, int norderbys)
{
	IndexScanDesc scan = RelationGetIndexScan(index, nkeys, norderbys);
	HnswScanOpaque so = palloc0(sizeof(HnswScanOpaqueData));

	so->first = true;
	so->context = AllocSetContextCreate(CurrentMemoryContext, "Hnsw scan", 0,
	                                    8 * 1024, 256 * 1024);
	so->max_memory = MaxMemory();
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
	so->previous = -INFINITY;
	so->visited_before = 0;
	so->searched_again = false;
	so->draining = false;
	so->exhausted = NULL;
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
	return VectorFormQuery(&so->support, key->sk_argument);
}

/* From the entry point to the ef nearest. */
static void
SearchFrom(HnswSearch *s, const HnswEntryPoint *entry, int ef)
{
	if (!HnswSearchStart(s, entry))
		return;
	for (int lc = entry->level; lc > 0; lc--)
		HnswSearchLayer(s, 1, lc);
	if (hnsw_iterative_scan != HNSW_ITERATIVE_SCAN_OFF)
		HnswSearchKeepDiscarded(s);
	s->in_order = hnsw_iterative_scan == HNSW_ITERATIVE_SCAN_STRICT;
	INJECTION_POINT("hnsw-scan-search");
	HnswSearchLayer(s, ef, 0);
	HnswSearchSettle(s, ef, 0);
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
	so->search = HnswSearchCreate(index, &so->support, query, m, ef, true);
	so->search->keep_tids = true;
	SearchFrom(so->search, &entry, ef);
}

static void
FirstBatch(IndexScanDesc scan)
{
	HnswScanOpaque so = scan->opaque;
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
	HnswCacheLoad(scan->indexRelation, &so->support);
	LockPage(scan->indexRelation, HNSW_SCAN_LOCK, ShareLock);
	Search(scan, query);
	UnlockPage(scan->indexRelation, HNSW_SCAN_LOCK, ShareLock);
	MemoryContextSwitchTo(old);
	so->first = false;
}

/* Elements that the scan has met, again if a search was made anew. */
static int64
Visited(HnswScanOpaque so)
{
	return so->visited_before + so->search->nvisited;
}

/* The setting whose budget is used up, or NULL. */
static const char *
ExhaustedBudget(HnswScanOpaque so)
{
	if (Visited(so) >= hnsw_max_scan_tuples)
		return "hnsw.max_scan_tuples";
	if (MemoryContextMemAllocated(so->context, false) > so->max_memory)
		return "hnsw.scan_mem_multiplier";
	return NULL;
}

/* The result may lack rows that the search would have found. */
static void
ReportCutShort(IndexScanDesc scan)
{
	HnswScanOpaque so = scan->opaque;

	scan->xs_cut_short = so->exhausted;
	if (so->noticed)
		return;
	so->noticed = true;
	ereport(
		NOTICE,
		(errmsg("search of index \"%s\" was cut short by \"%s\"",
	            RelationGetRelationName(scan->indexRelation), so->exhausted),
	     errdetail("%lld elements were visited, and %zu kB of memory used, "
	               "of %d elements and %zu kB.",
	               (long long) Visited(so),
	               MemoryContextMemAllocated(so->context, false) / 1024,
	               hnsw_max_scan_tuples, so->max_memory / 1024),
	     errhint("Rows may be missing. Increase \"%s\", or create a "
	             "partial index for the condition.",
	             so->exhausted)));
}

/*
 * What vacuum took away may have hidden elements from the search: it is made
 * anew, from the entry point, and elements that are out already are passed by.
 */
static void
SearchAgain(IndexScanDesc scan)
{
	HnswScanOpaque so = scan->opaque;
	HnswSearch *s = so->search;
	HnswEntryPoint entry;

	INJECTION_POINT("hnsw-scan-again");
	so->visited_before += s->nvisited;
	s->nvisited = 0;
	HnswSearchForget(s);
	HnswGetMetaPageInfo(scan->indexRelation, &s->m, NULL, &entry, NULL);
	SearchFrom(s, &entry, hnsw_ef_search);
}

/* More elements into the pool; false: there are none. */
static bool
NextBatch(IndexScanDesc scan)
{
	HnswScanOpaque so = scan->opaque;
	HnswSearch *s = so->search;
	const char *exhausted;

	/* each setting counts as it is now */
	if (s == NULL || !s->keep_discarded ||
	    hnsw_iterative_scan == HNSW_ITERATIVE_SCAN_OFF)
		return false;
	so->next = 0;
	if (s->ndiscarded == 0)
	{
		if (so->exhausted != NULL)
			ReportCutShort(scan);
		if (so->draining || !s->doubtful || so->searched_again)
			return false;
		so->searched_again = true;
		LockPage(scan->indexRelation, HNSW_SCAN_LOCK, ShareLock);
		SearchAgain(scan);
		UnlockPage(scan->indexRelation, HNSW_SCAN_LOCK, ShareLock);
		return true;
	}
	exhausted = ExhaustedBudget(so);
	if (exhausted != NULL)
	{
		if (!so->draining && HnswSearchIsOpen(s))
			so->exhausted = exhausted;
		so->draining = true;
		HnswSearchDrain(s);
		return true;
	}
	INJECTION_POINT("hnsw-scan-continue");
	LockPage(scan->indexRelation, HNSW_SCAN_LOCK, ShareLock);
	s->in_order = hnsw_iterative_scan == HNSW_ITERATIVE_SCAN_STRICT;
	HnswSearchContinue(s, hnsw_ef_search);
	HnswSearchSettle(s, hnsw_ef_search, 0);
	if (s->cut_off)
		SearchAgain(scan);
	UnlockPage(scan->indexRelation, HNSW_SCAN_LOCK, ShareLock);
	return true;
}

/* The next TID of the pool; false: there is none. */
static bool
NextTid(IndexScanDesc scan)
{
	HnswScanOpaque so = scan->opaque;
	HnswSearch *s = so->search;

	while (s && so->next < s->npool)
	{
		HnswPageElement *e = &s->elements[s->pool[so->next].id];

		if (so->tids_left < 0)
		{
			so->tids_left = e->out ? 0 : e->ntids;
			e->out = true;
		}
		if (hnsw_iterative_scan == HNSW_ITERATIVE_SCAN_STRICT &&
		    e->distance < so->previous)
		{
			scan->xs_out_of_order += so->tids_left;
			so->tids_left = 0;
		}
		if (so->tids_left == 0)
		{
			so->next++;
			so->tids_left = -1;
			continue;
		}
		so->tids_left--;
		scan->xs_heaptid =
			e->ntids > 1 ? e->heaptids[so->tids_left] : e->heaptid;
		so->previous = e->distance;
		return true;
	}
	return false;
}

float
HnswScanDistance(IndexScanDesc scan)
{
	return ((HnswScanOpaque) scan->opaque)->previous;
}

bool
hnswgettuple(IndexScanDesc scan, ScanDirection dir)
{
	HnswScanOpaque so = scan->opaque;

	Assert(ScanDirectionIsForward(dir));
	if (so->first)
		FirstBatch(scan);
	scan->xs_recheck = false;
	scan->xs_recheckorderby = false;
	while (!NextTid(scan))
	{
		CHECK_FOR_INTERRUPTS();
		if (!NextBatch(scan))
			return false;
	}
	return true;
}

void
hnswendscan(IndexScanDesc scan)
{
	HnswScanOpaque so = scan->opaque;

	MemoryContextDelete(so->context);
	pfree(so);
	scan->opaque = NULL;
}
