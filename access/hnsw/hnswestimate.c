/*
 * hnswestimate.c
 *	  What a build of an hnsw index would take: workers, memory, pages, time.
 *
 * Nothing of the layout is repeated here: the bytes of the arena come from
 * hnswgraph.c, its limit from hnswbuild.c, the places of tuples from
 * hnswpage.c, so that an estimate follows a change of any of them.  A sample
 * of the rows tells what the definition does not: how many of them have a
 * place in the index, how long values that differ in size are, and how many are
 * equal, as equal values share an element.
 *
 * The time is measured: the sample is inserted into an arena of its own, and
 * the pace of its second half is carried on to the number of rows there are.
 * What cannot be measured with few rows are the steps that the search gets
 * longer by and the cache that the graph no longer fits into: these are
 * formulas (RowCost), found by builds of 2,000 to 200,000 rows.
 */
#include "postgres.h"

#include <math.h>
#include <unistd.h>

#include "access/hnsw.h"
#include "access/vector_index.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "parallel/index_build.h"
#include "portability/instr_time.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

/* Elements whose places are computed one by one; more of them in proportion. */
#define PLACED_ELEMENTS 20000

/* The measurement ends after so many rows or seconds. */
#define TIMED_ROWS 2000
#define TIMED_SECONDS 0.15

/* Bytes of an arena beyond which a search waits for memory at nearly each step. */
#define CACHE_BYTES (1024.0 * 1024)
#define CACHE_COST 0.08

/* A row that goes to pages takes as long as so many that stay in memory. */
#define PAGES_COST 6.0

/* And one that is inserted into a graph that was packed, of its own. */
#define PACKED_COST 1.1

/* What is empty of the metapage. */
#define META_PAGE_HOLE                                                    \
	(BLCKSZ - SizeOfPageHeaderData - MAXALIGN(sizeof(HnswMetaPageData)) - \
	 MAXALIGN(sizeof(HnswPageOpaqueData)))

/* Seconds to write and log a page. */
#define PAGE_SECONDS 15e-6

/* A second participant is worth so much of the first. */
#define PARTICIPANT_SHARE 0.9

typedef struct HnswSampled
{
	void *value; /* as the index would have it */
	BlockNumber block;
} HnswSampled;

typedef struct HnswSample
{
	HnswSampled *values; /* in an order that says nothing */
	int n;
	double bytes; /* on an average */
	double elements_per_row;
	double shared_per_row; /* of those, elements of several rows */
} HnswSample;

/*
 * The planner only decides whether to go parallel; then the table's own
 * setting, or max_parallel_maintenance_workers, says how many.
 */
int
HnswPlanWorkers(Relation heap, struct IndexInfo *indexInfo,
                IndexWorkersLimit *limit)
{
	int workers = plan_index_workers(heap, indexInfo->ii_Expressions,
	                                 indexInfo->ii_Predicate, limit);

	if (workers == 0 || RelationGetParallelWorkers(heap, -1) != -1)
		return workers;
	*limit = INDEX_WORKERS_MAINTENANCE;
	return max_parallel_maintenance_workers;
}

/* ---------------------------------------------------------------------------
 * The sample
 * ---------------------------------------------------------------------------
 */

static int
CompareValues(const void *left, const void *right)
{
	if (VARSIZE(left) != VARSIZE(right))
		return VARSIZE(left) < VARSIZE(right) ? -1 : 1;
	return memcmp(left, right, VARSIZE(left));
}

static int
CompareSampled(const void *a, const void *b)
{
	const HnswSampled *left = a;
	const HnswSampled *right = b;
	int result = CompareValues(left->value, right->value);

	if (result == 0 && left->block != right->block)
		result = left->block < right->block ? -1 : 1;
	return result;
}

/*
 * Elements of so many equal rows that have HNSW_HEAPTIDS rows each, where that
 * succeeds: a build looks for one with room only among the new element's
 * neighbours.
 */
static double
FullElements(double rows, int m)
{
	return Min(rows, HnswGetLayerM(m, 0) * HNSW_HEAPTIDS) / HNSW_HEAPTIDS;
}

/* All elements of so many equal rows. */
static double
ElementsOfEqual(double rows, int m)
{
	double alone = rows - HnswGetLayerM(m, 0) * HNSW_HEAPTIDS;

	return Max(FullElements(rows, m), 1) + Max(alone, 0);
}

/*
 * How often values occur in the sample.  Rows of one block are often equal
 * without that being so elsewhere: so a value counts once for each block.
 */
typedef struct ValueCounts
{
	/* of values that so many blocks have that they tell of themselves */
	double common_elements;
	double common_several; /* of these, of several rows */
	/* of the others */
	double seen;    /* blocks that have one, summed up over the values */
	double rows;    /* their rows */
	double pairs;   /* ordered pairs of blocks that have the same */
	double triples; /* and triples */
	/* of these, of values in one block only */
	double once;
	double once_elements;
	double once_several;
} ValueCounts;

/* In so many blocks of a sample a value is common. */
#define COMMON_BLOCKS 10

static void
CountRun(ValueCounts *counts, double rows, double blocks, double scale, int m)
{
	/* of a sample of all there is nothing to be guessed */
	if (blocks >= COMMON_BLOCKS || scale <= 1)
	{
		counts->common_elements += ElementsOfEqual(rows * scale, m);
		if (rows * scale > 1)
			counts->common_several += Max(FullElements(rows * scale, m), 1);
		return;
	}
	counts->seen += blocks;
	counts->rows += rows;
	counts->pairs += blocks * (blocks - 1);
	counts->triples += blocks * (blocks - 1) * (blocks - 2);
	if (blocks > 1)
		return;
	counts->once++;
	counts->once_elements += ElementsOfEqual(rows, m);
	if (rows > 1)
		counts->once_several += Max(FullElements(rows, m), 1);
}

/*
 * Elements of the whole index, as equal rows share them.  Of the values that are
 * not common some are in one block only, and the others are taken to be in as
 * many blocks each: of n such a sample of the share q sees n (n - 1) q^2 ordered
 * pairs and n (n - 1) (n - 2) q^3 triples on an average, and so their ratio
 * tells how many blocks, and the pairs then how many values.
 */
static void
ScaleCounts(const ValueCounts *counts, double scale, int m, double *elements,
            double *several)
{
	double population = counts->seen * scale;
	double rows =
		counts->rows / Max(counts->seen, 1); /* of a value in a block */
	double repeated = 0;
	double blocks = 0;
	double alone;

	if (counts->pairs > 0)
	{
		blocks = 2 + counts->triples * scale / counts->pairs;
		repeated = counts->pairs * scale * scale / (blocks * (blocks - 1));
		repeated = Min(repeated, population / blocks);
	}
	alone = population - repeated * blocks;
	*elements =
		counts->common_elements + repeated * ElementsOfEqual(blocks * rows, m);
	*several = counts->common_several +
	           repeated * Max(FullElements(blocks * rows, m), 1);
	if (counts->once > 0)
	{
		*elements += alone * counts->once_elements / counts->once;
		*several += alone * counts->once_several / counts->once;
	}
	else
		*elements += alone;
}

static void
CountElements(HnswSample *sample, double tuples, int m)
{
	ValueCounts counts = {0};
	HnswSampled *s = sample->values;
	double n = sample->n;
	double scale = n < tuples ? tuples / n : 1;
	double rows = 0;
	double blocks = 0;
	double elements;
	double several;

	sample->elements_per_row = 1;
	sample->shared_per_row = 0;
	if (sample->n == 0)
		return;
	qsort(s, sample->n, sizeof(HnswSampled), CompareSampled);
	for (int i = 0; i < sample->n; i++)
	{
		bool more =
			i + 1 < sample->n && CompareValues(s[i].value, s[i + 1].value) == 0;

		rows++;
		if (!more || s[i].block != s[i + 1].block)
			blocks++;
		if (more)
			continue;
		CountRun(&counts, rows, blocks, scale, m);
		rows = blocks = 0;
	}
	ScaleCounts(&counts, scale, m, &elements, &several);
	sample->elements_per_row = Min(elements / tuples, 1);
	sample->shared_per_row = Min(several / tuples, 1);
}

/* The same order in each run: it is for a measurement. */
static void
Shuffle(HnswSample *sample)
{
	uint32 state = 1;

	for (int i = sample->n - 1; i > 0; i--)
	{
		HnswSampled swap = sample->values[i];
		int other;

		state = state * 1664525 + 1013904223;
		other = (int) ((uint64) state * (i + 1) >> 32);
		sample->values[i] = sample->values[other];
		sample->values[other] = swap;
	}
}

static void
FormSample(const VectorSupport *support, int m, IndexBuildEstimate *estimate,
           HnswSample *sample)
{
	double bytes = 0;

	sample->values = palloc(sizeof(HnswSampled) * Max(estimate->nsample, 1));
	sample->n = 0;
	for (int i = 0; i < estimate->nsample; i++)
	{
		HnswSampled *to = &sample->values[sample->n];

		CHECK_FOR_INTERRUPTS();
		if (!VectorFormRow(support, estimate->sample[i], &to->value))
			continue;
		to->block = estimate->sample_block[i];
		sample->n++;
		bytes += VARSIZE(to->value);
	}
	sample->bytes =
		sample->n > 0 ? bytes / sample->n : (double) support->value_size;
	estimate->index_tuples = estimate->tuples;
	if (estimate->nsample > 0)
		estimate->index_tuples *= (double) sample->n / estimate->nsample;
	CountElements(sample, estimate->index_tuples, m);
	Shuffle(sample);
}

/* ---------------------------------------------------------------------------
 * Memory and pages
 * ---------------------------------------------------------------------------
 */

/* How many of the rows fit, if all of them take needed bytes, and none none. */
static double
RowsThatFit(double rows, double needed, double none, Size arena)
{
	double room = (double) arena - none;

	if (needed <= (double) arena)
		return rows;
	return Max(0, floor(rows * room / (needed - none)));
}

/* The elements of the sample, and what the TIDs after the first take. */
static double
GraphBytes(double (*expected)(double, int, const VectorSupport *, double, Size,
                              int),
           const HnswSample *sample, double rows, int m,
           const VectorSupport *support, Size arena, int participants)
{
	return expected(rows * sample->elements_per_row, m, support, sample->bytes,
	                arena, participants) +
	       rows * sample->shared_per_row * 64;
}

static void
EstimateMemory(Relation heap, Relation index, struct IndexInfo *indexInfo,
               const VectorSupport *support, const HnswSample *sample,
               IndexBuildEstimate *estimate)
{
	bool parallel = estimate->workers > 0;
	int participants =
		estimate->workers + (!parallel || parallel_leader_participation);
	int m = HnswGetM(index);
	double rows = estimate->index_tuples;
	Size overhead;
	Size arena =
		HnswArenaSize(heap, indexInfo, support, m, parallel, &overhead);
	double none = GraphBytes(HnswGraphExpected, sample, 0, m, support, arena,
	                         participants);
	double needed = GraphBytes(HnswGraphExpected, sample, rows, m, support,
	                           arena, participants);
	double packed = GraphBytes(HnswGraphExpectedPacked, sample, rows, m,
	                           support, arena, participants);

	/* chance may make the lists of the upper layers longer */
	estimate->memory_needed = needed;
	estimate->memory_setting = needed * 1.01 + (double) overhead;
	estimate->tuples_unpacked = RowsThatFit(rows, needed, none, arena);
	estimate->tuples_in_memory = estimate->tuples_unpacked;
	estimate->memory_packed = 0;
	estimate->temp_bytes = 0;
	if (hnsw_build_spill != HNSW_BUILD_SPILL_PACK ||
	    !HnswGraphWouldPack(m, support))
		return;
	estimate->memory_packed = packed;
	estimate->packed_setting = packed * 1.01 + (double) overhead;
	estimate->tuples_in_memory = RowsThatFit(rows, packed, none, arena);
	/* of those that were inserted before one did not fit */
	if (support->encode != NULL)
		estimate->temp_bytes = estimate->tuples_in_memory *
		                       sample->elements_per_row *
		                       TYPEALIGN(64, support->value_size);
}

/*
 * Places are computed as the build does it, with levels that are as frequent
 * as its random ones.
 */
static void
EstimatePages(Relation index, const HnswSample *sample,
              IndexBuildEstimate *estimate)
{
	int m = HnswGetM(index);
	int max_level = HnswGetMaxLevel(m);
	double elements = ceil(estimate->index_tuples * sample->elements_per_row);
	int placed = (int) Min(elements, PLACED_ELEMENTS);
	double scale = placed > 0 ? elements / placed : 0;
	double u = 0.5;
	double pages;
	HnswPlace place;

	HnswFirstPlace(&place);
	for (int i = 0; i < placed; i++)
	{
		/* an evenly spread sequence: multiples of the golden ratio */
		int level = (int) Min(-log(1 - u) / log((double) m), max_level);
		Size size = sample->n > 0 ? VARSIZE(sample->values[i % sample->n].value)
		                          : (Size) sample->bytes;
		Size nsize = HNSW_NEIGHBOR_TUPLE_SIZE(level, m);

		HnswPlaceElement(&place, HNSW_ELEMENT_TUPLE_SIZE(size), nsize);
		HnswPlaceNeighbors(&place, nsize);
		u += 0.6180339887498949;
		u -= floor(u);
	}
	/* the last page is there even if it is empty, and so is the metapage */
	pages = place.blkno - HNSW_HEAD_BLKNO + 1;
	if (scale > 1)
		pages *= scale;
	estimate->index_bytes = (ceil(pages) + HNSW_HEAD_BLKNO) * BLCKSZ;
	estimate->index_holes =
		place.holes * Max(scale, 1) + place.left + META_PAGE_HOLE;
}

/* ---------------------------------------------------------------------------
 * Time
 * ---------------------------------------------------------------------------
 */

static double
SecondsSince(instr_time start)
{
	instr_time now;

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, start);
	return INSTR_TIME_GET_DOUBLE(now);
}

/*
 * What the row that comes after n elements costs, in a unit of its own: steps
 * of a search grow with the logarithm, and each waits for memory once the
 * graph has outgrown the caches.
 */
static double
RowCost(double n, double bytes_per_element)
{
	double steps = 1 + log2(Max(n, 2));
	double outgrown = Max(n * bytes_per_element / CACHE_BYTES, 1);

	return steps * (1 + CACHE_COST * log2(outgrown));
}

/* The same of all rows from one number to another. */
static double
RowsCost(double from, double to, double bytes_per_element)
{
	double sum = 0;
	double step = (to - from) / 32;

	for (int i = 0; i < 32; i++)
		sum += RowCost(from + (i + 0.5) * step, bytes_per_element) * step;
	return sum;
}

/* Seconds for a unit of RowCost; 0: there are too few rows to tell. */
static double
MeasurePace(Relation index, const VectorSupport *support,
            const HnswSample *sample, double bytes_per_element)
{
	int m = HnswGetM(index);
	int rows = Min(sample->n, TIMED_ROWS);
	Size size = HnswGraphEstimate(rows, m, support, sample->bytes * rows, 1);
	MemoryContext old = CurrentMemoryContext;
	MemoryContext mine =
		AllocSetContextCreate(old, "Hnsw estimate", ALLOCSET_DEFAULT_SIZES);
	HnswBuilder *builder;
	ItemPointerData tid;
	instr_time start;
	double seconds = 0;
	int first = 0;
	int done;

	if (rows < 10)
		return 0;
	MemoryContextSwitchTo(mine);
	builder = HnswBuilderCreate(
		HnswGraphInit(MemoryContextAllocExtended(mine, size, MCXT_ALLOC_HUGE),
	                  size, m, HnswGetEfConstruction(index), HnswGetMaxLevel(m),
	                  support, false, LWTRANCHE_HNSW_BUILD),
		support);
	ItemPointerSet(&tid, 0, FirstOffsetNumber);
	INSTR_TIME_SET_CURRENT(start);
	for (done = 0; done < rows; done++)
	{
		CHECK_FOR_INTERRUPTS();
		if (HnswGraphInsert(builder, sample->values[done].value, &tid) ==
		    HNSW_FULL)
			break;
		seconds = SecondsSince(start);
		/* the first rows find little to search */
		if (done + 1 == rows / 2 || (first == 0 && seconds > TIMED_SECONDS / 2))
		{
			first = done + 1;
			INSTR_TIME_SET_CURRENT(start);
			seconds = 0;
		}
		else if (first > 0 && seconds > TIMED_SECONDS / 2)
		{
			done++;
			break;
		}
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(mine);
	if (first == 0 || done <= first)
		return 0;
	return seconds / RowsCost(first, done, bytes_per_element);
}

static void
EstimateTime(Relation index, const VectorSupport *support,
             const HnswSample *sample, IndexBuildEstimate *estimate)
{
	double unpacked = estimate->tuples_unpacked;
	double in_memory = estimate->tuples_in_memory;
	double rows = estimate->index_tuples;
	double bytes_per_element =
		estimate->memory_needed / Max(rows * sample->elements_per_row, 1);
	double pace = estimate->measure_time
	                  ? MeasurePace(index, support, sample, bytes_per_element)
	                  : 0;
	double participants = estimate->workers;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	estimate->seconds = -1;
	if (pace <= 0)
		return;
	if (estimate->workers == 0 || parallel_leader_participation)
		participants++;
	if (cpus > 0)
		participants = Min(participants, (double) cpus);
	/* on pages the rows come one after the other */
	estimate->seconds =
		pace *
			(RowsCost(0, unpacked, bytes_per_element) +
	         PACKED_COST * RowsCost(unpacked, in_memory, bytes_per_element)) /
			(1 + (participants - 1) * PARTICIPANT_SHARE) +
		pace * PAGES_COST * RowsCost(in_memory, rows, bytes_per_element) +
		estimate->index_bytes / BLCKSZ * PAGE_SECONDS;
}

void
hnswestimatebuild(Relation heap, Relation index, struct IndexInfo *indexInfo,
                  IndexBuildEstimate *estimate)
{
	VectorSupport support;
	HnswSample sample;

	HnswCheckDefinition(index);
	HnswInitSupport(&support, index);
	INJECTION_POINT("hnsw-estimate");
	estimate->take_sample(estimate, index);
	estimate->workers =
		HnswPlanWorkers(heap, indexInfo, &estimate->workers_limit);
	FormSample(&support, HnswGetM(index), estimate, &sample);
	EstimateMemory(heap, index, indexInfo, &support, &sample, estimate);
	EstimatePages(index, &sample, estimate);
	EstimateTime(index, &support, &sample, estimate);
}
