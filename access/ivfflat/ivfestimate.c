/*
 * ivfestimate.c
 *	  What a build of an ivfflat index would take: workers, memory, pages.
 *
 * Memory is what the build itself checks (ivfbuild.c).  Pages depend on how the
 * rows spread over the lists: a list of one row more than a page has room for
 * takes two.  So the sample of EXPLAIN CREATE INDEX is clustered, into as many
 * lists as it is large enough for, and its lists stand for those of the index.
 * They differ by chance too, the more the smaller the sample is against the
 * table; so much of the difference is taken out.
 */
#include "postgres.h"

#include <math.h>

#include "access/vector_index.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#include "ivfbuild.h"

/*
 * Rows of the sample that are clustered, as many as a build clusters at least:
 * of fewer the lists would differ more.  And how many a list should have.
 */
#define CLUSTERED_ROWS 10000
#define ROWS_PER_LIST 25

/* The same in each run. */
#define ESTIMATE_SEED 1

/* The rows of a few lists, which stand for all. */
typedef struct ListSizes
{
	int n;
	double *rows;
} ListSizes;

static void
FillSample(KMeansShared *kmeans, const IvfflatSupport *support,
           const IndexBuildEstimate *estimate, int most)
{
	Size stride = KMeansStride(support->element, support->value.dim);
	int n = 0;

	/* evenly over all that there are */
	for (int i = 0; i < most; i++)
	{
		int at = (int) ((double) i * estimate->nsample / most);
		const void *value;

		CHECK_FOR_INTERRUPTS();
		if (!IvfflatSampleValue(support, estimate->sample[at], &value))
			continue;
		memset(KMeansSample(kmeans, n), 0, stride);
		memcpy(KMeansSample(kmeans, n), VectorPoint(&support->value, value),
		       support->value.value_size - support->value.point_offset);
		n++;
	}
	KMeansSetSamples(kmeans, n);
}

/* To the nearest center each, as a build does it. */
static void
CountSample(ListSizes *sizes, KMeansShared *kmeans,
            const IvfflatSupport *support)
{
	const VectorSupport *value = &support->value;
	const void **centers = palloc_array(const void *, sizes->n);
	float *distances = palloc_array(float, sizes->n);

	for (int i = 0; i < sizes->n; i++)
		centers[i] = KMeansCenter(kmeans, i);
	for (int i = 0; i < kmeans->params.nsamples; i++)
	{
		int nearest = 0;

		CHECK_FOR_INTERRUPTS();
		value->distances(KMeansSample(kmeans, i), centers, sizes->n, value->dim,
		                 distances);
		for (int list = 1; list < sizes->n; list++)
			if (distances[list] < distances[nearest])
				nearest = list;
		sizes->rows[nearest]++;
	}
	pfree(centers);
	pfree(distances);
}

/* What they would be in an index of so many lists and rows. */
static void
ScaleSizes(ListSizes *sizes, double sampled, double tuples, int lists)
{
	double mean = sampled / sizes->n;
	double share = tuples > 0 ? Min(sampled / tuples, 1) : 1;
	double variance = 0;
	double kept = 1;

	for (int i = 0; i < sizes->n; i++)
		variance += (sizes->rows[i] - mean) * (sizes->rows[i] - mean);
	variance /= sizes->n;
	/* of a sample from a list, chance alone makes mean * (1 - share) */
	if (variance > 0)
		kept = sqrt(Max(1 - mean * (1 - share) / variance, 0));
	for (int i = 0; i < sizes->n; i++)
	{
		double rows = mean + (sizes->rows[i] - mean) * kept;

		sizes->rows[i] = rint(rows / sampled * tuples * sizes->n / lists);
	}
}

static void
EstimateSizes(ListSizes *sizes, const IvfflatSupport *support, int lists,
              const IndexBuildEstimate *estimate)
{
	int most = Min(estimate->nsample, CLUSTERED_ROWS);
	KMeansParams params = {.element = support->element,
	                       .metric = support->metric,
	                       .dim = support->value.dim,
	                       .nsamples = most,
	                       .seed = ESTIMATE_SEED};
	KMeansShared *kmeans;

	/* all of a small table, or enough of each list */
	sizes->n = lists;
	if (most < estimate->tuples)
		sizes->n = Max(Min(lists, most / ROWS_PER_LIST), 1);
	sizes->rows = palloc0_array(double, sizes->n);
	if (most == 0)
		return;
	params.ncenters = sizes->n;
	kmeans = MemoryContextAllocHuge(CurrentMemoryContext, KMeansSize(&params));
	KMeansInit(kmeans, &params);
	FillSample(kmeans, support, estimate, most);
	if (kmeans->params.nsamples > 0)
	{
		KMeansRun(kmeans, WAIT_EVENT_BUILD_KMEANS);
		CountSample(sizes, kmeans, support);
		ScaleSizes(sizes, kmeans->params.nsamples, estimate->index_tuples,
		           lists);
	}
	pfree(kmeans);
}

/* Of one list by its rows; it has a page in any case. */
static double
PagesOfList(double rows, double per_page)
{
	return Max(ceil(rows / per_page), 1);
}

/*
 * Tuples that are compressed take less; bits are seldom such that they can be.
 * What is empty of a page does not go into the log.
 */
static void
EstimatePages(const IvfflatSupport *support, int lists, const ListSizes *sizes,
              IndexBuildEstimate *estimate)
{
	Size tuple = IvfflatTupleSize(support);
	double page_overhead = BLCKSZ - IVFFLAT_PAGE_ROOM;
	double pages = 0;
	double used;
	double per_page;
	IvfflatLayout layout;

	if (tuple == 0)
		tuple = MAXALIGN(sizeof(IndexTupleData)) +
		        MAXALIGN(support->value.value_size);
	per_page = (double) (IVFFLAT_PAGE_ROOM / (tuple + sizeof(ItemIdData)));
	IvfflatLayOut(&layout, support, lists, NULL, NULL);
	for (int i = 0; i < sizes->n; i++)
		pages += PagesOfList(sizes->rows[i], per_page);
	pages = layout.start[0] + ceil(pages / sizes->n * lists);
	used = pages * page_overhead + sizeof(IvfflatMetaPageData) +
	       (double) lists * (layout.list_size + sizeof(ItemIdData)) +
	       estimate->index_tuples * (double) (tuple + sizeof(ItemIdData));
	estimate->index_bytes = pages * BLCKSZ;
	estimate->index_holes = Max(estimate->index_bytes - used, 0);
}

/*
 * Nothing but the sort may leave memory: either it is enough for sample, centers
 * and bounds, or the build fails.
 */
void
ivfflatestimatebuild(Relation heap, Relation index, struct IndexInfo *indexInfo,
                     IndexBuildEstimate *estimate)
{
	int lists = IvfflatGetLists(index);
	IvfflatSupport support;
	ListSizes sizes;

	IvfflatCheckDefinition(index);
	IvfflatInitSupport(&support, index);
	INJECTION_POINT("ivfflat-estimate");
	estimate->take_sample(estimate, index);
	estimate->index_tuples = estimate->tuples;
	estimate->workers =
		plan_index_workers(heap, indexInfo->ii_Expressions,
	                       indexInfo->ii_Predicate, &estimate->workers_limit);
	estimate->memory_needed =
		(double) IvfflatMemoryNeeded(heap, index, indexInfo, estimate->tuples);
	estimate->memory_setting = estimate->memory_needed;
	estimate->tuples_unpacked = estimate->index_tuples;
	estimate->tuples_in_memory = estimate->index_tuples;
	EstimateSizes(&sizes, &support, lists, estimate);
	EstimatePages(&support, lists, &sizes, estimate);
	estimate->seconds = -1;
}
