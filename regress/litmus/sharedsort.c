/*
 * sharedsort.c
 *		Litmus tests of what several processes sort, and of its files.
 *
 * The dangers: a part that counts as there before it is written; two that write
 * the same part; a tuple at the border of two ranges that both take, or
 * neither; files that go while somebody reads them, or that stay.
 */
#include "litmus.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unit/unit.h"
#include "miscadmin.h"
#include "storage/barrier.h"
#include "storage/dsm.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/sharedfileset.h"
#include "utils/tuplesort.h"
#include "utils/wait_event.h"

#define NPARTS 2
#define NTUPLES 6
#define NKEYS 5

typedef struct State
{
	Barrier made;  /* the segment */
	Barrier given; /* the parts */
	pg_atomic_uint32 handle;
	bool file_there;
	int taken; /* tuples, by ranges */
} State;

static State *state;

/* The first and the last key have none, one in between has none, one has two. */
static const int32 keys[NTUPLES] = {3, 1, 3, 1, 1, 3};

static void
init(void)
{
	memset(state, 0, sizeof(*state));
	BarrierInit(&state->made, NPARTS);
	BarrierInit(&state->given, NPARTS);
	pg_atomic_init_u32(&state->handle, 0);
}

static void
begin(void)
{
	static bool begun = false;

	if (!begun)
		InitTemporaryFileAccess();
	begun = true;
}

static int
files(void)
{
	DIR *d = opendir("base/pgsql_tmp");
	struct dirent *entry;
	int n = 0;

	if (d == NULL)
		return 0;
	while ((entry = readdir(d)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(d);
	return n;
}

/* ---- a sort of two ---- */

static void
give(Sharedsort *sort, int me)
{
	SortCoordinateData coordinate = {true, 0, sort};
	Tuplesortstate *mine = tuplesort_begin_index(64, &coordinate);

	for (int i = me; i < NTUPLES; i += NPARTS)
	{
		IndexTupleData tuple = {.t_info = sizeof(IndexTupleData)};

		ItemPointerSet(&tuple.t_tid, 1, (OffsetNumber) (i + 1));
		tuplesort_putindextuple(mine, keys[i], &tuple);
	}
	tuplesort_performsort(mine);
	tuplesort_end(mine);
}

static int
expected(int32 first, int32 end)
{
	int n = 0;

	for (int i = 0; i < NTUPLES; i++)
		n += keys[i] >= first && keys[i] < end;
	return n;
}

/* Each of the range once, in order. */
static void
take(Sharedsort *sort, int32 first, int32 end)
{
	SortCoordinateData coordinate = {false, NPARTS, sort};
	Tuplesortstate *all = tuplesort_begin_index(64, &coordinate);
	IndexTuple tuple;
	int32 key;
	int last = -1;
	int n = 0;

	tuplesort_set_range(all, first, end);
	tuplesort_performsort(all);
	while ((tuple = tuplesort_getindextuple(all, &key)) != NULL)
	{
		int place = key * 100 + ItemPointerGetOffsetNumber(&tuple->t_tid);

		litmus_check(key >= first && key < end);
		litmus_check(place > last);
		litmus_check(keys[ItemPointerGetOffsetNumber(&tuple->t_tid) - 1] ==
		             key);
		last = place;
		n++;
	}
	litmus_check(n == expected(first, end));
	state->taken += n;
	tuplesort_end(all);
}

static Sharedsort *
come_together(int me, dsm_segment **seg)
{
	Sharedsort *sort = NULL;

	if (me == 0)
	{
		*seg = dsm_create(tuplesort_estimate_shared(NPARTS, NKEYS), 0);
		sort = dsm_segment_address(*seg);
		tuplesort_initialize_shared(sort, NPARTS, NKEYS, *seg);
		pg_atomic_write_u32(&state->handle, dsm_segment_handle(*seg));
	}
	(void) BarrierArriveAndWait(&state->made, WAIT_EVENT_EXTENSION);
	if (me == 0)
		return sort;
	*seg = dsm_attach(pg_atomic_read_u32(&state->handle));
	sort = dsm_segment_address(*seg);
	tuplesort_attach_shared(sort, *seg);
	return sort;
}

/* Each gives its part and takes half of the keys. */
static void
body_sort(int me)
{
	dsm_segment *seg;
	Sharedsort *sort;
	int32 border = 3;

	begin();
	sort = come_together(me, &seg);
	give(sort, me);
	(void) BarrierArriveAndWait(&state->given, WAIT_EVENT_EXTENSION);
	take(sort, me == 0 ? 0 : border, me == 0 ? border : NKEYS);
	dsm_detach(seg);
}

/* That all parts are counted is all that is waited for: who sees it may read. */
static void
body_count(int me)
{
	dsm_segment *seg;
	Sharedsort *sort;

	begin();
	sort = come_together(me, &seg);
	/* as a leader waits for its workers to attach */
	(void) BarrierArriveAndWait(&state->made, WAIT_EVENT_EXTENSION);
	give(sort, me);
	litmus_step("given");
	if (tuplesort_shared_parts(sort) == NPARTS)
	{
		litmus_check(tuplesort_shared_count(sort, 3) == expected(3, 4));
		take(sort, 0, NKEYS);
	}
	dsm_detach(seg);
}

static void
check_sort(void)
{
	litmus_check(state->taken == NTUPLES);
	litmus_check(files() == 0);
}

/* The last one to give has seen both parts at least. */
static void
check_count(void)
{
	litmus_check(state->taken == NTUPLES || state->taken == 2 * NTUPLES);
	litmus_check(files() == 0);
}

/* ---- a set of files ---- */

static void
make_set(void)
{
	dsm_segment *seg = dsm_create(sizeof(SharedFileSet), 0);
	SharedFileSet *set = dsm_segment_address(seg);

	SharedFileSetInit(set, seg);
	FileClose(FileSetCreate(&set->fs, "file"));
	state->file_there = true;
	pg_atomic_write_u32(&state->handle, dsm_segment_handle(seg));
	litmus_step("made");
	dsm_detach(seg);
}

/* Who attached to the set finds its file until it leaves. */
static void
use_set(dsm_segment *seg)
{
	SharedFileSet *set = dsm_segment_address(seg);
	volatile bool attached = false;

	PG_TRY();
	{
		SharedFileSetAttach(set, seg);
		attached = true;
		litmus_step("attached");
		FileClose(FileSetOpen(&set->fs, "file", O_RDONLY));
	}
	PG_CATCH();
	{
		FlushErrorState();
		litmus_check(!attached);
	}
	PG_END_TRY();
	dsm_detach(seg);
}

static void
body_set(int me)
{
	dsm_handle handle;
	dsm_segment *seg;

	begin();
	if (me == 0)
	{
		make_set();
		return;
	}
	litmus_step("look");
	handle = pg_atomic_read_u32(&state->handle);
	if (handle == 0)
		return;
	seg = dsm_attach(handle);
	if (seg != NULL)
		use_set(seg);
}

static void
check_set(void)
{
	litmus_check(state->file_there);
	litmus_check(files() == 0);
}

static const LitmusTest tests[] = {
	{"sort-ranges", 2, 1, init, body_sort, check_sort},
	{"sort-count", 2, 1, init, body_count, check_count},
	{"fileset", 2, 3, init, body_set, check_set},
	{"fileset-three", 3, 1, init, body_set, check_set},
};

int
main(int argc, char **argv)
{
	int result;

	litmus_enter_dir();
	unit_make_lock_memory(NULL);
	InitProcessGlobals();
	InitFileAccess();
	state = unit_share(sizeof(*state));
	dsm_postmaster_startup();
	result = litmus_main(argc, argv, tests, lengthof(tests));
	shmem_exit(0);
	litmus_leave_dir();
	return result;
}
