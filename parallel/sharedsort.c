/*
 * sharedsort.c
 *		Sorting by several processes: what they tell each other.
 *
 * Each participant sorts its part into one file of a shared set and notes here
 * how long it is; when it ranges over known keys, also where the tuples of each
 * key begin.  When all parts are there anyone can merge them, or a range of
 * keys of them, or, where they are of pairs, a share of them, so that several
 * can go on in parallel.
 *
 * A part's slot is written by its participant only, before it counts itself as
 * finished, and read after all have.  That all have is for the caller to wait
 * for: a Sharedsort has no condition variable, as in PostgreSQL.  What a dead
 * participant leaves goes with the segment and its file set.
 *
 * Corresponds to the parallel part of PostgreSQL's utils/sort/tuplesort.c; the
 * ranges and shares are ours.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "../utils/sort/tuplesort_internal.h"
#include "storage/sharedfileset.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/injection_point.h"

#define SHAREDSORT_MAGIC 0x53525431

/* [O] until its participant has finished, then constant */
typedef struct TapeShare
{
	int64 end; /* the file's length */
} TapeShare;

struct Sharedsort
{
	uint32 magic;          /* [C] */
	int nparts;            /* [C] room */
	int nkeys;             /* [C] 0: no ranges */
	slock_t mutex;         /* [A] protects the next two */
	int currentPart;       /* [L:mutex] given away */
	int partsFinished;     /* [L:mutex] */
	SharedFileSet fileset; /* [A] */
};

StaticAssertDecl(sizeof(TapeShare) == 8 && sizeof(Sharedsort) == 40,
                 "Sharedsort has changed");

/*
 * Behind it nparts TapeShares, and nparts times nkeys + 1 numbers: where the
 * tuples of each key begin; and nparts times nkeys + 1: how many there are.
 */
static TapeShare *
tape_share(Sharedsort *shared, int part)
{
	return (TapeShare *) ((char *) shared + MAXALIGN(sizeof(Sharedsort))) +
	       part;
}

/* Where the tuples of each key begin in a part; nkeys + 1, the last its end. */
static int64 *
key_offsets(Sharedsort *shared, int part)
{
	return (int64 *) tape_share(shared, shared->nparts) +
	       (Size) part * (Size) (shared->nkeys + 1);
}

static int64 *
key_counts(Sharedsort *shared, int part)
{
	return key_offsets(shared, shared->nparts + part);
}

Size
tuplesort_estimate_shared(int nParticipants, int nkeys)
{
	Size size = MAXALIGN(sizeof(Sharedsort));
	Size perpart = sizeof(TapeShare);

	Assert(nParticipants > 0 && nkeys >= 0);
	perpart =
		add_size(perpart, mul_size(2 * sizeof(int64), add_size(nkeys, 1)));
	return add_size(size, mul_size(perpart, nParticipants));
}

void
tuplesort_initialize_shared(Sharedsort *shared, int nParticipants, int nkeys,
                            dsm_segment *seg)
{
	memset(shared, 0, tuplesort_estimate_shared(nParticipants, nkeys));
	shared->nparts = nParticipants;
	shared->nkeys = nkeys;
	SpinLockInit(&shared->mutex);
	SharedFileSetInit(&shared->fileset, seg);
	shared->magic = SHAREDSORT_MAGIC;
}

void
tuplesort_attach_shared(Sharedsort *shared, dsm_segment *seg)
{
	if (shared->magic != SHAREDSORT_MAGIC)
		elog(ERROR, "invalid magic number in a shared sort");
	SharedFileSetAttach(&shared->fileset, seg);
}

int
sharedsort_join(Sharedsort *shared)
{
	int part;

	SpinLockAcquire(&shared->mutex);
	part = shared->currentPart++;
	SpinLockRelease(&shared->mutex);
	if (part >= shared->nparts)
		elog(ERROR, "too many participants of a shared sort");
	return part;
}

/* ---- giving ---- */

void
sharedsort_note_key(Tuplesortstate *state, int32 key, off_t offset)
{
	Sharedsort *shared = state->coordinate.sharedsort;
	int64 *counts = key_counts(shared, state->part);

	if (shared->nkeys == 0)
		return;
	if (key < 0 || key >= shared->nkeys)
		elog(ERROR, "key %d of a shared sort is out of range", key);
	if (counts[key]++ == 0)
		key_offsets(shared, state->part)[key] = (int64) offset;
}

/* Keys without tuples begin where the next that has some does. */
static void
fill_offsets(Sharedsort *shared, int part, int64 end)
{
	int64 *offsets = key_offsets(shared, part);
	int64 *counts = key_counts(shared, part);

	offsets[shared->nkeys] = end;
	for (int key = shared->nkeys - 1; key >= 0; key--)
		if (counts[key] == 0)
			offsets[key] = offsets[key + 1];
}

void
sharedsort_give(Tuplesortstate *state)
{
	Sharedsort *shared = state->coordinate.sharedsort;
	TapeShare *share = tape_share(shared, state->part);
	char name[32];
	BufFile *file;

	Assert(state->status == TSS_INITIAL || state->status == TSS_BUILDRUNS);
	INJECTION_POINT("sharedsort-give");
	if (state->status == TSS_BUILDRUNS && state->memtupcount > 0)
		tuplesort_dump_run(state);
	snprintf(name, sizeof(name), "%d.0", state->part);
	file = BufFileCreateFileSet(&shared->fileset.fs, name);
	if (state->status == TSS_INITIAL)
	{
		state->noteKeys = true;
		tuplesort_write_tuples(state, file);
		state->noteKeys = false;
	}
	else
		tuplesort_merge_to(state, file);
	share->end = (int64) BufFileSize(file);
	fill_offsets(shared, state->part, share->end);
	BufFileExportFileSet(file);
	BufFileClose(file);
	INJECTION_POINT("sharedsort-given");
	SpinLockAcquire(&shared->mutex);
	shared->partsFinished++;
	SpinLockRelease(&shared->mutex);
}

/* ------------------------------------------------------------------------
 *		Taking: shares of pairs
 *
 *		The first n pairs of all parts together end at one place in each part.
 *		These places are enclosed by cutting: the middle of the longest stretch
 *		that is still open is compared with the open stretches of all parts,
 *		which gives how many pairs are before it in all, and by that it and what
 *		is on one side of it are decided everywhere.  Pairs that are equal count
 *		as ordered by part and place, so that there is always an answer.
 * ------------------------------------------------------------------------
 */

typedef struct Stretch
{
	BufFile *file;
	int64 low; /* as many pairs are before the place at least */
	int64 high;
	int64 middle; /* as many are before the one that is compared with */
} Stretch;

static SortTuple
pair_at(Stretch *stretch, int64 i)
{
	SortTuple pair;

	BufFileReadAt(stretch->file, &pair, sizeof(pair),
	              (off_t) i * (off_t) sizeof(pair));
	return pair;
}

static bool
pair_is_before(const SortTuple *a, const SortTuple *b, bool equal_is)
{
	if (a->key != b->key)
		return a->key < b->key;
	return equal_is ? a->tid <= b->tid : a->tid < b->tid;
}

/* How many of a stretch are before the pair: no fewer than low, nor more than
 * high, whatever is outside of them. */
static int64
count_before(Stretch *stretch, const SortTuple *pair, bool equal_is)
{
	int64 low = stretch->low;
	int64 high = stretch->high;

	while (low < high)
	{
		int64 middle = low + (high - low) / 2;
		SortTuple other = pair_at(stretch, middle);

		if (pair_is_before(&other, pair, equal_is))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
longest_stretch(const Stretch *stretches, int n)
{
	int longest = 0;

	for (int i = 1; i < n; i++)
		if (stretches[i].high - stretches[i].low >
		    stretches[longest].high - stretches[longest].low)
			longest = i;
	return longest;
}

/* Where the first "rank" of all end: low of each. */
static void
find_rank(Stretch *stretches, int n, int64 rank)
{
	Assert(n > 0);
	for (;;)
	{
		int chosen = longest_stretch(stretches, n);
		Stretch *from = &stretches[chosen];
		SortTuple pair;
		int64 before = 0;

		CHECK_FOR_INTERRUPTS();
		if (from->low == from->high)
			break;
		from->middle = from->low + (from->high - from->low) / 2;
		pair = pair_at(from, from->middle);
		for (int i = 0; i < n; i++)
		{
			if (i != chosen)
				stretches[i].middle =
					count_before(&stretches[i], &pair, i < chosen);
			before += stretches[i].middle;
		}
		for (int i = 0; i < n; i++)
			if (before < rank)
				stretches[i].low = stretches[i].middle + (i == chosen);
			else
				stretches[i].high = stretches[i].middle;
	}
}

/* The tapes, which have all, are cut to what belongs to the share. */
static void
cut_to_share(Tuplesortstate *state)
{
	Stretch *stretches;
	int64 total = 0;

	/* nobody has given anything */
	if (state->ntapes == 0)
		return;
	stretches = palloc_array(Stretch, state->ntapes);
	for (int i = 0; i < state->ntapes; i++)
	{
		stretches[i].file = state->tapes[i].file;
		total += state->tapes[i].end / (off_t) sizeof(SortTuple);
	}
	for (int end = 0; end < 2; end++)
	{
		/* without an overflow: total is less than 2^58, nshares than 2^31 */
		int64 per = total / state->nshares;
		int64 rest = total % state->nshares;
		int64 n = state->share + end;

		for (int i = 0; i < state->ntapes; i++)
		{
			stretches[i].low =
				state->tapes[i].start / (off_t) sizeof(SortTuple);
			stretches[i].high = state->tapes[i].end / (off_t) sizeof(SortTuple);
		}
		find_rank(stretches, state->ntapes, per * n + Min(n, rest));
		for (int i = 0; i < state->ntapes; i++)
		{
			off_t place = (off_t) (stretches[i].low * sizeof(SortTuple));

			if (end)
				state->tapes[i].end = place;
			else
				state->tapes[i].start = place;
		}
	}
	pfree(stretches);
}

/* ---- taking ---- */

/* What a part has of the range. */
static void
range_of_part(Tuplesortstate *state, int part, off_t *start, off_t *end)
{
	Sharedsort *shared = state->coordinate.sharedsort;
	int64 *offsets = key_offsets(shared, part);

	*start = 0;
	*end = (off_t) tape_share(shared, part)->end;
	if (shared->nkeys == 0)
		return;
	*start = (off_t) offsets[Min(state->firstKey, shared->nkeys)];
	*end = (off_t) offsets[Min(state->endKey, shared->nkeys)];
}

void
sharedsort_take(Tuplesortstate *state)
{
	Sharedsort *shared = state->coordinate.sharedsort;
	int finished;

	INJECTION_POINT("sharedsort-take");
	finished = tuplesort_shared_parts(shared);
	if (finished != state->coordinate.nParticipants)
		elog(ERROR, "cannot take over tapes before all workers finish");
	for (int part = 0; part < finished; part++)
	{
		off_t start;
		off_t end;
		char name[32];

		range_of_part(state, part, &start, &end);
		if (start == end)
			continue;
		snprintf(name, sizeof(name), "%d.0", part);
		tuplesort_add_tape(
			state, BufFileOpenFileSet(&shared->fileset.fs, name, O_RDONLY),
			start, end);
	}
	if (state->nshares > 0)
		cut_to_share(state);
	for (int i = 0; i < state->ntapes; i++)
		state->diskSpace += state->tapes[i].end - state->tapes[i].start;
}

int
tuplesort_shared_parts(Sharedsort *shared)
{
	int finished;

	SpinLockAcquire(&shared->mutex);
	finished = shared->partsFinished;
	SpinLockRelease(&shared->mutex);
	return finished;
}

int64
tuplesort_shared_count(Sharedsort *shared, int32 key)
{
	int64 count = 0;

	Assert(key >= 0 && key < shared->nkeys);
	for (int part = 0; part < shared->nparts; part++)
		count += key_counts(shared, part)[key];
	return count;
}
