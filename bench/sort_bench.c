/*
 * sort_bench.c
 *		Pairs of an integer and a TID, sorted by one process or by several.
 *
 * What an index build by sorting does, without the index: processes with a
 * PGPROC each share a DSM segment with a Sharedsort, take chunks of the input as
 * a parallel scan gives them, sort what they took within their share of the
 * memory, wait for one another, and each merges its share of the result and
 * writes it to a file.  One process alone sorts without a Sharedsort, with all
 * the memory.  Temporary files are below the working directory.
 *
 * Input and output are files of 16 bytes for each pair, in the machine's order:
 * the integer, then block and offset number in one integer.
 *
 * usage: sort_bench make ROWS BITS TEXT PAIRS
 *			the same random integers of so many bits as lines and as pairs
 *		  sort_bench sort PAIRS PARTICIPANTS KB
 *			into sorted.0, sorted.1, ...; prints seconds: parts, merge
 *		  sort_bench check TEXT PARTICIPANTS
 *			the pairs' integers are the lines of the text, TIDs are in order
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "common/pg_prng.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "processes.h"
#include "storage/barrier.h"
#include "storage/dsm.h"
#include "storage/dsm_impl.h"
#include "storage/fd.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/tuplesort.h"
#include "utils/wait_event.h"

#define MAX_PARTICIPANTS 16
/* pairs that are read, taken and written at a time */
#define CHUNK 65536
#define OFFSET_BITS 16
#define ROWS_PER_BLOCK 200

typedef struct Pair
{
	int64 key;
	uint64 tid;
} Pair;

typedef struct BenchShared
{
	pg_atomic_uint64 next; /* chunk that nobody has taken */
	dsm_handle handle;     /* [O] by the first, before all meet */
	Barrier barrier;
	double ready; /* [O] by one: when all parts were there */
} BenchShared;

static BenchShared *shared;
static const char *input_path;
static int participants;
static int memory_kB;

static void
expect_arguments(int argc, int n)
{
	if (argc == n)
		return;
	fprintf(stderr, "usage: sort_bench make ROWS BITS TEXT PAIRS\n"
	                "       sort_bench sort PAIRS PARTICIPANTS KB\n"
	                "       sort_bench check TEXT PARTICIPANTS\n");
	exit(2);
}

/* ---- make and check ---- */

static void
make_input(int64 rows, int bits, const char *text_path, const char *pairs_path)
{
	FILE *text = fopen(text_path, "w");
	FILE *pairs = fopen(pairs_path, "w");
	pg_prng_state prng;

	if (text == NULL || pairs == NULL)
		give_up("could not create the input");
	pg_prng_seed(&prng, 42);
	for (int64 i = 0; i < rows; i++)
	{
		Pair pair = {
			.key = (int64) pg_prng_uint64(&prng) >> (64 - bits),
			.tid = (uint64) (i / ROWS_PER_BLOCK) << OFFSET_BITS |
		           (uint64) (i % ROWS_PER_BLOCK + 1),
		};

		if (fprintf(text, INT64_FORMAT "\n", pair.key) < 0 ||
		    fwrite(&pair, sizeof(pair), 1, pairs) != 1)
			give_up("could not write the input");
	}
	if (fclose(text) != 0 || fclose(pairs) != 0)
		give_up("could not write the input");
}

static void
output_name(char *name, size_t size, int part)
{
	snprintf(name, size, "sorted.%d", part);
}

/* The next pair of all files of the result. */
static bool
next_sorted(Pair *pair)
{
	static FILE *file = NULL;
	static int part = 0;

	for (;;)
	{
		char name[32];

		if (file != NULL && fread(pair, sizeof(*pair), 1, file) == 1)
			return true;
		if (file != NULL)
			fclose(file);
		file = NULL;
		if (part == participants)
			return false;
		output_name(name, sizeof(name), part++);
		file = fopen(name, "r");
		if (file == NULL)
			give_up(name);
	}
}

static int
check_output(const char *text_path)
{
	FILE *text = fopen(text_path, "r");
	char line[64];
	Pair last = {.key = PG_INT64_MIN};
	Pair pair;

	if (text == NULL)
		give_up(text_path);
	while (fgets(line, sizeof(line), text) != NULL)
	{
		if (!next_sorted(&pair) || pair.key != strtoll(line, NULL, 10) ||
		    (pair.key == last.key && pair.tid <= last.tid))
		{
			fprintf(stderr, "the result is wrong\n");
			return 1;
		}
		last = pair;
	}
	fclose(text);
	if (!next_sorted(&pair))
		return 0;
	fprintf(stderr, "the result is too long\n");
	return 1;
}

/* ---- sort ---- */

/* Chunks that nobody else has taken, until there are none. */
static void
put_input(Tuplesortstate *sort)
{
	Pair *pairs = palloc_array(Pair, CHUNK);
	int fd = open(input_path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		give_up(input_path);
	for (;;)
	{
		off_t chunk = (off_t) pg_atomic_fetch_add_u64(&shared->next, 1);

		n = pread(fd, pairs, CHUNK * sizeof(Pair),
		          chunk * CHUNK * (off_t) sizeof(Pair));
		if (n < 0)
			give_up(input_path);
		if (n == 0)
			break;
		for (int i = 0; i < n / (ssize_t) sizeof(Pair); i++)
		{
			ItemPointerData tid;

			ItemPointerSet(&tid, (BlockNumber) (pairs[i].tid >> OFFSET_BITS),
			               (OffsetNumber) pairs[i].tid);
			tuplesort_putint8tid(sort, pairs[i].key, &tid);
		}
	}
	close(fd);
	pfree(pairs);
}

static void
write_output(Tuplesortstate *sort, int part)
{
	Pair *pairs = palloc_array(Pair, CHUNK);
	char name[32];
	int fd;
	int n = 0;
	bool more = true;

	output_name(name, sizeof(name), part);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		give_up(name);
	while (more)
	{
		ItemPointerData tid;
		ssize_t size;

		more = tuplesort_getint8tid(sort, &pairs[n].key, &tid);
		if (more)
		{
			pairs[n].tid = (uint64) ItemPointerGetBlockNumber(&tid)
			                   << OFFSET_BITS |
			               ItemPointerGetOffsetNumber(&tid);
			n++;
		}
		if (more && n < CHUNK)
			continue;
		size = n * (ssize_t) sizeof(Pair);
		if (write(fd, pairs, (size_t) size) != size)
			give_up(name);
		n = 0;
	}
	close(fd);
	pfree(pairs);
}

static Sharedsort *
join_sort(int me)
{
	dsm_segment *seg;
	Sharedsort *sort;

	if (me == 0)
	{
		seg = dsm_create(tuplesort_estimate_shared(participants, 0), 0);
		sort = dsm_segment_address(seg);
		tuplesort_initialize_shared(sort, participants, 0, seg);
		shared->handle = dsm_segment_handle(seg);
		(void) BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
		return sort;
	}
	(void) BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
	seg = dsm_attach(shared->handle);
	sort = dsm_segment_address(seg);
	tuplesort_attach_shared(sort, seg);
	return sort;
}

static void
sort_alone(void)
{
	Tuplesortstate *sort = tuplesort_begin_int8_tid(memory_kB, NULL);

	put_input(sort);
	tuplesort_performsort(sort);
	shared->ready = bench_now();
	write_output(sort, 0);
	tuplesort_end(sort);
}

static void
sort_together(int me)
{
	Sharedsort *all = join_sort(me);
	SortCoordinateData part = {.isWorker = true, .sharedsort = all};
	SortCoordinateData merge = {.nParticipants = participants,
	                            .sharedsort = all};
	Tuplesortstate *sort =
		tuplesort_begin_int8_tid(memory_kB / participants, &part);

	put_input(sort);
	tuplesort_performsort(sort);
	tuplesort_end(sort);
	if (BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION))
		shared->ready = bench_now();
	sort = tuplesort_begin_int8_tid(memory_kB / participants, &merge);
	tuplesort_set_share(sort, me, participants);
	tuplesort_performsort(sort);
	write_output(sort, me);
	tuplesort_end(sort);
}

static void
participant(int me)
{
	InitTemporaryFileAccess();
	CurrentResourceOwner = ResourceOwnerCreate(NULL, "sort_bench");
	MemoryContextSwitchTo(AllocSetContextCreate(TopMemoryContext, "sort_bench",
	                                            ALLOCSET_DEFAULT_SIZES));
	if (participants == 1)
		sort_alone();
	else
		sort_together(me);
}

static void
sort_input(void)
{
	static const char *const dirs[] = {"global", "base", "pg_dynshmem"};
	double start;

	make_directories(dirs, lengthof(dirs));
	begin_server_code();
	NBuffers = 64;
	make_server_memory(MAX_PARTICIPANTS);
	dsm_postmaster_startup();
	shared = share_memory(sizeof(*shared));
	BarrierInit(&shared->barrier, participants);
	start = bench_now();
	run_processes(participants, participant);
	printf("%.3f %.3f\n", shared->ready - start, bench_now() - shared->ready);
}

int
main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (strcmp(command, "make") == 0)
	{
		expect_arguments(argc, 6);
		make_input(atoll(argv[2]), atoi(argv[3]), argv[4], argv[5]);
		return 0;
	}
	if (strcmp(command, "check") == 0)
	{
		expect_arguments(argc, 4);
		participants = atoi(argv[3]);
		return check_output(argv[2]);
	}
	expect_arguments(argc, 5);
	input_path = argv[2];
	participants = Max(1, Min(atoi(argv[3]), MAX_PARTICIPANTS));
	memory_kB = atoi(argv[4]);
	sort_input();
	return 0;
}
