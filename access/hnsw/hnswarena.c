/*
 * hnswarena.c
 *	  Where a graph in memory lies: layout, room for elements, packing.
 *
 * Numbers of elements and 64-byte units of the arena's other end are the halves
 * of one atomic word, so the two meet without a lock.  A participant takes
 * numbers in chunks.
 *
 * Packing.  In an arena that is full three quarters are vectors and distances
 * that a search by codes does not look at.  So the graph is packed in place, by
 * the one participant that won the phase: each group of elements is copied to a
 * scratch buffer without them and put down where it then belongs, which is never
 * behind where it was.  The vectors go to a temporary file, in the order of the
 * numbers; everybody maps it, for the few exact distances of a search, for equal
 * rows, and for the flush.  The kernel may drop its pages as it likes.  Upper
 * lists are a few hundredths of all, and stay.
 *
 * A value is written with pwrite, so that a full disk is an ERROR of the
 * statement, and read through the map, where its page exists by then.  Holes are
 * never read.  The file is made before anybody inserts, by the leader, whose
 * transaction removes it; a crash restart does that if it cannot.
 *
 * pgvector has nothing like it: what does not fit is inserted on pages.
 */
#include "postgres.h"

#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "access/hnsw.h"
#include "access/hnsw_graph.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "storage/fd.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/trace.h"
#include "utils/wait_event.h"

/* 32 elements in a group: their codes take a page or two. */
#define GROUP_SHIFT 5
#define MAX_LOCKS 4096
#define MAX_NUMBER 0x7FFFFFFFu

/* Packing is worth it if it leaves less than this of an element. */
#define PACKED_SHARE 0.85

#define ALIGN64(len) TYPEALIGN(64, len)

StaticAssertDecl(offsetof(HnswList, ids) == 4, "HnswList has changed");
StaticAssertDecl(sizeof(HnswElementData) == 20, "HnswElementData has changed");
StaticAssertDecl((HNSW_GRAPH_HEAPTIDS - 1) * sizeof(ItemPointerData) <= 64,
                 "the TIDs after the first take one unit");

/* ---------------------------------------------------------------------------
 * Layout
 * ---------------------------------------------------------------------------
 */

static Size
ListSize(int lm, bool distances)
{
	int words = lm + HnswListWords(lm) + (distances ? lm : 0);

	return offsetof(HnswList, ids) + sizeof(uint32) * words;
}

/* Where things are in an element; returns its bytes and those of its code. */
static Size
ElementLayout(int m, const VectorSupport *support, HnswGraph *g)
{
	Size end;

	g->list0_offset = sizeof(HnswElementData);
	end = g->list0_offset + ListSize(2 * m, !g->packed);
	g->value_size = support->value_size;
	g->value_offset = 0;
	if (g->value_size > 0 && !g->values_out)
	{
		Size point = support->point_offset;

		g->value_offset =
			g->packed ? MAXALIGN(end) : ALIGN64(end + point) - point;
		end = g->value_offset + g->value_size;
	}
	g->stride = g->packed ? MAXALIGN(end) : ALIGN64(end);
	g->code_size = support->encode ? support->code_size : 0;
	g->code_size = g->packed ? MAXALIGN(g->code_size) : ALIGN64(g->code_size);
	return g->stride + g->code_size;
}

/* Bytes of the groups that so many elements take. */
static inline Size
GroupBytes(const HnswGraph *g, uint64 elements)
{
	uint64 group = UINT64CONST(1) << g->group_shift;

	return ((elements + group - 1) >> g->group_shift) * g->group_size;
}

Size
HnswGraphEstimate(double rows, int m, const VectorSupport *support,
                  double value_bytes, int participants)
{
	HnswGraph layout = {0};
	Size size = ElementLayout(m, support, &layout);
	double bytes;

	/* P(level >= k) is m^-k; the sum is exceeded only by chance: a tenth */
	bytes = rows * size +
	        (rows * 1.1 / (m - 1) + 1000) * (double) ALIGN64(ListSize(m, true));
	bytes += (double) (participants + 1) * 64 * size + 65536 +
	         MAX_LOCKS * sizeof(LWLock);
	if (support->value_size == 0)
		bytes += value_bytes + rows * 64;
	return bytes >= (double) (SIZE_MAX / 2) ? SIZE_MAX / 2 : (Size) bytes;
}

/* How many numbers there can be at most. */
static void
SetGroups(HnswGraph *g, Size size)
{
	Size room = g->limit - g->elements_offset;

	g->group_codes = g->code_size << g->group_shift;
	g->group_size = size << g->group_shift;
	g->max_elements =
		(uint32) Min((room / g->group_size) << g->group_shift, MAX_NUMBER - 1);
}

/* As many as a large arena needs, and a small one has room for. */
static uint32
NumberOfLocks(Size usable)
{
	uint32 n = 1;

	while (n < MAX_LOCKS && n * 64 * sizeof(LWLock) < usable)
		n *= 2;
	return n;
}

/* What goes where in an arena of usable bytes whose elements begin at first. */
static void
GraphLayout(HnswGraph *g, Size first, Size usable, int m,
            const VectorSupport *support)
{
	Size size = ElementLayout(m, support, g);

	g->m = m;
	g->upper_size = ALIGN64(ListSize(m, true));
	g->elements_offset = first;

	/* The other end is rounded down; below the first element there is none. */
	g->limit = Max(usable / 64 * 64, g->elements_offset);
	/* small arenas: do not lose them to half-used chunks and groups */
	g->chunk =
		(uint32) Max(1, Min(64, (g->limit - g->elements_offset) / size / 256));
	g->group_shift = g->chunk == 64 ? GROUP_SHIFT : 0;
	SetGroups(g, size);
}

HnswGraph *
HnswGraphInit(void *arena, Size usable, int m, int ef_construction,
              int max_level, const VectorSupport *support, bool shared,
              int tranche_id)
{
	HnswGraph *g = arena;
	uintptr_t start = (uintptr_t) arena;
	uint32 locks = shared ? NumberOfLocks(usable) : 0;
	Size first;

	memset(g, 0, sizeof(HnswGraph));
	g->magic = HNSW_GRAPH_MAGIC;
	g->ef_construction = ef_construction;
	g->max_level = max_level;
	g->shared = shared;

	/* Segments are page-aligned in every process: so is this, to 64. */
	g->locks_offset = ALIGN64(start + sizeof(HnswGraph)) - start;
	first = ALIGN64(start + g->locks_offset + locks * sizeof(LWLock)) - start;
	GraphLayout(g, first, usable, m, support);
	if (locks > 0 && g->max_elements > 0)
	{
		g->lock_mask = locks - 1;
		for (uint32 i = 0; i < locks; i++)
			LWLockInitialize(HnswElementLock(g, i), tranche_id);
	}
	BuildPhaseInit(&g->phase);
	pg_atomic_init_u64(&g->cursor, 0);
	pg_atomic_init_u64(&g->entry, 0);
	LWLockInitialize(&g->entry_lock, tranche_id);
	return g;
}

static double
ExpectedBytes(HnswGraph *g, double elements, int m,
              const VectorSupport *support, double value_size, Size usable,
              int participants)
{
	double group;
	double numbers;
	double upper;
	Size locks = participants > 1 ? NumberOfLocks(usable) : 0;

	GraphLayout(g, ALIGN64(sizeof(HnswGraph) + locks * sizeof(LWLock)), usable,
	            m, support);
	group = (double) (1u << g->group_shift);
	/* each participant leaves half of its last chunk, and no group is split */
	numbers = elements > 0 ? elements + participants * (g->chunk - 1) / 2.0 : 0;
	/* P(level >= k) is m^-k */
	upper = (double) g->upper_size / (m - 1);
	/* a size that varies is rounded up by half a unit */
	if (g->value_size == 0)
		upper += value_size + 32;
	return (double) g->elements_offset + ceil(numbers / group) * g->group_size +
	       elements * upper;
}

double
HnswGraphExpected(double elements, int m, const VectorSupport *support,
                  double value_size, Size usable, int participants)
{
	HnswGraph g = {0};

	return ExpectedBytes(&g, elements, m, support, value_size, usable,
	                     participants);
}

double
HnswGraphExpectedPacked(double elements, int m, const VectorSupport *support,
                        double value_size, Size usable, int participants)
{
	HnswGraph g = {.packed = true};

	g.values_out = support->value_size > 0 && support->encode != NULL;
	return ExpectedBytes(&g, elements, m, support, value_size, usable,
	                     participants);
}

bool
HnswGraphWouldPack(int m, const VectorSupport *support)
{
	HnswGraph g = {0};
	HnswGraph packed = {.packed = true};

	packed.values_out = support->value_size > 0 && support->encode != NULL;
	return ElementLayout(m, support, &packed) <=
	       PACKED_SHARE * ElementLayout(m, support, &g);
}

Size
HnswGraphUsed(HnswGraph *g)
{
	uint64 cursor = pg_atomic_read_u64(&g->cursor);

	return g->elements_offset + GroupBytes(g, (uint32) cursor) +
	       (Size) (cursor >> 32) * 64;
}

/* ---------------------------------------------------------------------------
 * Room
 * ---------------------------------------------------------------------------
 */

/* What an element needs at the arena's other end. */
static uint32
UpperUnits(const HnswGraph *g, int level, Size value_size)
{
	Size size = level * g->upper_size;

	if (g->value_size == 0)
		size += ALIGN64(value_size);
	return (uint32) (size / 64);
}

/* Take numbers and 64-byte units of upper lists; false: no room. */
static bool
TakeSpace(HnswGraph *g, uint32 numbers, uint32 units, uint32 *number,
          uint32 *upper)
{
	uint64 old = pg_atomic_read_u64(&g->cursor);

	for (;;)
	{
		uint64 n = (uint64) (uint32) old + numbers;
		uint64 u = (old >> 32) + units;

		/* each term fits by the test before it */
		if (n > g->max_elements ||
		    u > (g->limit - g->elements_offset - GroupBytes(g, n)) / 64)
			return false;
		if (pg_atomic_compare_exchange_u64(&g->cursor, &old, u << 32 | n))
		{
			*number = (uint32) old;
			*upper = (uint32) (g->limit / 64 - u);
			return true;
		}
	}
}

/* Space at the other end; false: no room. */
static bool
TakeUpper(HnswBuilder *b, uint32 units, uint32 *upper)
{
	uint32 ignored;

	if (units > b->spare_units)
		return TakeSpace(b->graph, 0, units, &ignored, upper);
	*upper = b->spare;
	b->spare += units;
	b->spare_units -= units;
	return true;
}

uint32
HnswArenaTakeElement(HnswBuilder *b, Size value_size)
{
	HnswGraph *g = b->graph;
	int level = HnswRandomLevel(g->m, g->max_level);
	uint32 units = UpperUnits(g, level, value_size);
	uint32 upper = 0;
	uint32 ignored;
	uint32 id;
	HnswElement e;

	if (b->chunk_next == b->chunk_end)
	{
		uint32 want = g->chunk;

		INJECTION_POINT("hnsw-arena-chunk");
		if (!TakeSpace(g, want, 0, &id, &ignored))
		{
			want = 1;
			if (!TakeSpace(g, want, 0, &id, &ignored))
				return HNSW_GRAPH_NONE;
		}
		/* the flusher looks at all numbers that were taken */
		for (uint32 i = id; i < id + want; i++)
			HnswGraphElement(g, i)->ntids = 0;
		b->chunk_next = id;
		b->chunk_end = id + want;
	}
	if (units > 0)
		INJECTION_POINT("hnsw-arena-upper-lists");
	if (units > 0 && !TakeUpper(b, units, &upper))
		return HNSW_GRAPH_NONE;

	id = b->chunk_next++;
	e = HnswGraphElement(g, id);
	memset(e, 0, sizeof(HnswElementData));
	pg_atomic_init_u32(&e->version, 0);
	e->level = (uint8) level;
	e->upper = upper;
	for (int lc = 0; lc <= level; lc++)
	{
		HnswList *list = HnswElementList(g, e, lc);

		list->length = 0;
		list->closer_set = false;
		list->unused = 0;
	}
	return id;
}

void
HnswArenaReturnElement(HnswBuilder *b, uint32 id, Size value_size)
{
	HnswElement e = HnswGraphElement(b->graph, id);
	uint32 units = UpperUnits(b->graph, e->level, value_size);

	Assert(e->ntids == 0 && b->chunk_next == id + 1);
	b->chunk_next = id;
	if (units <= b->spare_units)
		return;
	b->spare = e->upper;
	b->spare_units = units;
}

bool
HnswArenaAddTid(HnswBuilder *b, HnswElement e, ItemPointer tid)
{
	if (e->ntids == HNSW_GRAPH_HEAPTIDS)
		return false;
	if (e->more_tids == 0 && !TakeUpper(b, 1, &e->more_tids))
		return false;
	*HnswElementTid(b->graph, e, e->ntids) = *tid;
	e->ntids++;
	return true;
}

/* ---------------------------------------------------------------------------
 * The file
 * ---------------------------------------------------------------------------
 */

int
HnswArenaCreateFile(HnswGraph *g)
{
	File file;

	INJECTION_POINT("hnsw-create-values-file");
	file = OpenTemporaryFile(false);

	strlcpy(g->values_path, FilePathName(file), sizeof(g->values_path));
	g->may_pack = true;
	return file;
}

static void
WriteFile(HnswBuilder *b, const void *data, Size size, off_t offset)
{
	int done;

	INJECTION_POINT("hnsw-write-value");
	done = FileWrite(b->values_file, (char *) data, size, offset,
	                 WAIT_EVENT_BUFFILE_WRITE);

	if (done != (int) size)
	{
		if (done >= 0)
			errno = ENOSPC;
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not write to file \"%s\": %m",
		                       FilePathName(b->values_file))));
	}
}

static void
OpenValues(HnswBuilder *b)
{
	INJECTION_POINT("hnsw-open-values-file");
	b->values_file = PathNameOpenFile(b->graph->values_path, O_RDWR);
	if (b->values_file <= 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not open temporary file \"%s\": %m",
		                       b->graph->values_path)));
}

/* For all numbers that there can be: what is behind the file's end is not read. */
static void
MapValues(HnswBuilder *b)
{
	HnswGraph *g = b->graph;
	Size size = mul_size(g->max_elements, HnswFileStride(g));
	void *map;

	INJECTION_POINT("hnsw-map-values");
	map = sys_mmap(size, PROT_READ, MAP_SHARED, FileGetRawDesc(b->values_file));
	if (map == MAP_FAILED)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY),
		                errmsg("could not map temporary file \"%s\": %m",
		                       g->values_path)));
	b->values = map;
	b->values_mapped = size;
}

/* Also when the builder's memory goes because of an error. */
static void
ForgetValues(void *arg)
{
	HnswBuilder *b = arg;

	if (b->values)
		(void) sys_munmap(b->values, b->values_mapped);
	b->values = NULL;
	if (b->values_file > 0)
		FileClose(b->values_file);
	b->values_file = 0;
}

void
HnswBuilderClose(HnswBuilder *b)
{
	ForgetValues(b);
}

void
HnswArenaPutValue(HnswBuilder *b, uint32 id, const void *value)
{
	HnswGraph *g = b->graph;

	if (g->values_out)
		WriteFile(b, value, g->value_size, (off_t) id * HnswFileStride(g));
	else
		memcpy(HnswElementValue(g, HnswGraphElement(g, id)), value,
		       VARSIZE(value));
	if (g->code_size > 0)
		b->support.encode(VectorPoint(&b->support, value), b->support.dim,
		                  HnswGraphCode(g, id));
}

/* ---------------------------------------------------------------------------
 * Builders
 * ---------------------------------------------------------------------------
 */

static void
AllocateVisited(HnswBuilder *b)
{
	b->visited = MemoryContextAllocExtended(
		b->context, mul_size((Size) b->graph->max_elements + 1, sizeof(uint16)),
		MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	b->epoch = 0;
}

HnswBuilder *
HnswBuilderCreate(HnswGraph *g, const VectorSupport *support)
{
	HnswBuilder *b = palloc0(sizeof(HnswBuilder));
	MemoryContextCallback *callback = palloc0(sizeof(*callback));
	int ef = Max(g->ef_construction, 1000);

	Assert(g->magic == HNSW_GRAPH_MAGIC);
	INJECTION_POINT("hnsw-builder-create");
	b->context = CurrentMemoryContext;
	b->graph = g;
	b->support = *support;
	b->code_support = *support;
	if (g->code_size > 0)
	{
		b->code_support.distances = support->code_distances;
		b->code = palloc(ALIGN64(support->code_size));
	}
	AllocateVisited(b);
	b->pool = palloc(sizeof(HnswCandidate) * (ef + 1));
	b->ties = palloc(sizeof(uint32) * (ef + 1));
	b->selected =
		palloc(sizeof(HnswCandidate) * HNSW_GRAPH_MAX_LM * (g->max_level + 1));
	b->nselected = palloc(sizeof(int) * (g->max_level + 1));
	b->by_code = palloc0(sizeof(bool) * (g->max_level + 1));
	b->points = palloc(sizeof(void *) * (HNSW_GRAPH_MAX_LM + 1));
	b->dist = palloc(sizeof(float) * (HNSW_GRAPH_MAX_LM + 1));
	b->list_dist = palloc(sizeof(float) * (HNSW_GRAPH_MAX_LM + 1));
	callback->func = ForgetValues;
	callback->arg = b;
	MemoryContextRegisterResetCallback(b->context, callback);
	HnswBuilderCatchUp(b);
	return b;
}

void
HnswBuilderCatchUp(HnswBuilder *b)
{
	if (likely(b->packed == b->graph->packed))
		return;
	pfree(b->visited);
	b->visited = NULL;
	AllocateVisited(b);
	if (b->graph->values_out)
	{
		if (b->values_file <= 0)
			OpenValues(b);
		MapValues(b);
	}
	b->packed = true;
}

/* ---------------------------------------------------------------------------
 * Packing
 * ---------------------------------------------------------------------------
 */

/* The layout that it would have. */
static Size
PackedLayout(const HnswBuilder *b, HnswGraph *layout)
{
	memcpy(layout, b->graph, sizeof(HnswGraph));
	layout->packed = true;
	layout->values_out = layout->value_size > 0 && layout->code_size > 0;
	return ElementLayout(layout->m, &b->support, layout);
}

/* One element as it will be, into the group at to. */
static void
PackElement(const HnswGraph *g, const HnswGraph *layout, uint32 id, char *to)
{
	uint32 inside = id & ((1u << g->group_shift) - 1);
	HnswElement e = HnswGraphElement(g, id);
	HnswElement packed =
		(HnswElement) (to + layout->group_codes + inside * layout->stride);

	if (e->ntids == 0)
	{
		memset(packed, 0, sizeof(HnswElementData));
		return;
	}
	memcpy(packed, e, g->list0_offset);
	memcpy((char *) packed + layout->list0_offset, (char *) e + g->list0_offset,
	       ListSize(2 * g->m, false));
	if (layout->code_size > 0)
		memcpy(to + inside * layout->code_size, HnswGraphCode(g, id),
		       layout->code_size);
	if (layout->value_offset > 0)
		memcpy((char *) packed + layout->value_offset, HnswElementValue(g, e),
		       g->value_size);
}

/* The values of a group of elements, in one piece. */
static void
WriteGroup(HnswBuilder *b, uint32 first, uint32 end, char *buffer)
{
	HnswGraph *g = b->graph;
	Size stride = HnswFileStride(g);

	memset(buffer, 0, (end - first) * stride);
	for (uint32 id = first; id < end; id++)
	{
		HnswElement e = HnswGraphElement(g, id);

		if (e->ntids > 0)
			memcpy(buffer + (id - first) * stride, HnswElementValue(g, e),
			       g->value_size);
	}
	WriteFile(b, buffer, (end - first) * stride, (off_t) first * stride);
}

bool
HnswGraphPack(HnswBuilder *b)
{
	HnswGraph *g = b->graph;
	uint32 used = (uint32) pg_atomic_read_u64(&g->cursor);
	uint32 group = 1u << g->group_shift;
	HnswGraph layout;
	Size old = g->stride + g->code_size;
	Size size;
	char *scratch;
	char *values = NULL;

	if (!g->may_pack || g->packed || used == 0)
		return false;
	size = PackedLayout(b, &layout);
	if (size > PACKED_SHARE * old)
		return false;
	layout.group_codes = layout.code_size << g->group_shift;
	layout.group_size = size << g->group_shift;

	BUILD_STEP("hnsw-pack-start", used);
	scratch = palloc0(layout.group_size);
	if (layout.values_out)
	{
		if (b->values_file <= 0)
			OpenValues(b);
		values = MemoryContextAllocExtended(
			CurrentMemoryContext, group * HnswFileStride(g), MCXT_ALLOC_HUGE);
	}
	for (uint32 first = 0; first < used; first += group)
	{
		uint32 end = Min(first + group, used);

		CHECK_FOR_INTERRUPTS();
		INJECTION_POINT("hnsw-pack-group");
		if (values)
			WriteGroup(b, first, end, values);
		for (uint32 id = first; id < end; id++)
			PackElement(g, &layout, id, scratch);
		memcpy((char *) g + g->elements_offset +
		           (first >> g->group_shift) * layout.group_size,
		       scratch, layout.group_size);
	}
	pfree(scratch);
	if (values)
		pfree(values);

	g->packed = true;
	g->values_out = layout.values_out;
	size = ElementLayout(g->m, &b->support, g);
	SetGroups(g, size);
	HnswBuilderCatchUp(b);
	BUILD_STEP("hnsw-pack-end", g->max_elements);
	return true;
}
