/*
 * wal_bench.c
 *		How fast the write-ahead log takes records, and how many commits one
 *		sync of the disk serves.
 *
 * Processes of a private data directory insert records of 64 bytes as fast as
 * they can; then each flushes every record that it inserts, as a commit does.
 * The number to compare the latter with is the disk's own: what one process
 * gets that writes 8 kB and calls fdatasync, in the same directory, in the same
 * run.
 *
 * usage: wal_bench [SECONDS [WAL_BUFFERS]]
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "access/clog.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xloginsert.h"
#include "catalog/pg_control.h"
#include "port/atomics.h"
#include "processes.h"

#define MAX_PROCESSES 8
#define RECORD_BYTES 64
#define COMMIT_BYTES 10 /* of main data: a commit record's */
#define LOOK_AT_CLOCK 64

typedef struct BenchShared
{
	pg_atomic_uint64 done;
} BenchShared;

static BenchShared *shared;
static char benchdir[] = "/tmp/tusk-bench-wal-XXXXXX";
static double seconds = 2;

static XLogRecPtr
insert_record(int length)
{
	static char data[RECORD_BYTES];

	XLogBeginInsert();
	XLogRegisterData(data, length);
	return XLogInsert(RM_XLOG_ID, XLOG_NOOP);
}

static void
insert_only(int me)
{
	double end = bench_now() + seconds;
	uint64 n = 0;

	while (n % LOOK_AT_CLOCK != 0 || bench_now() < end)
	{
		(void) insert_record(RECORD_BYTES);
		n++;
	}
	pg_atomic_fetch_add_u64(&shared->done, (int64) n);
}

static void
insert_and_flush(int me)
{
	double end = bench_now() + seconds;
	uint64 n = 0;

	while (bench_now() < end)
	{
		XLogFlush(insert_record(COMMIT_BYTES));
		n++;
	}
	pg_atomic_fetch_add_u64(&shared->done, (int64) n);
}

/* The disk's own speed, as wal_sync_method uses it. */
static double
disk_syncs(void)
{
	static char page[XLOG_BLCKSZ];
	int fd = open("sync", O_RDWR | O_CREAT | O_TRUNC, 0600);
	double start = bench_now();
	uint64 n = 0;

	if (fd < 0)
		give_up("sync");
	while (bench_now() < start + seconds)
	{
		if (pwrite(fd, page, sizeof(page), 0) != sizeof(page) ||
		    fdatasync(fd) != 0)
			give_up("sync");
		n++;
	}
	close(fd);
	return (double) n / (bench_now() - start);
}

static void
bootstrap(int me)
{
	BootStrapXLOG(true);
	BootStrapCLOG();
	StartupXLOG();
	StartupTransactionCounters();
	TrimCLOG();
}

/* What is not needed any more: the bench is not to fill the disk. */
static void
remove_old_segments(void)
{
	if (system("ls pg_wal/0* | head -n -2 | xargs -r rm -f") != 0)
		exit(1);
}

static double
measure(int processes, void (*fn)(int me))
{
	double start = bench_now();

	pg_atomic_write_u64(&shared->done, 0);
	run_processes(processes, fn);
	return (double) pg_atomic_read_u64(&shared->done) / (bench_now() - start);
}

int
main(int argc, char **argv)
{
	static const char *const dirs[] = {"global", "base", "pg_wal", "pg_xact"};
	char command[128];
	double disk;

	if (argc > 1)
		seconds = atof(argv[1]);
	if (mkdtemp(benchdir) == NULL || chdir(benchdir) != 0)
		return 1;
	make_directories(dirs, lengthof(dirs));
	begin_server_code();
	if (argc > 2)
		XLOGbuffers = atoi(argv[2]);
	make_server_memory(MAX_PROCESSES);
	shared = share_memory(sizeof(*shared));
	run_processes(1, bootstrap);
	ReadControlFile();

	printf("%-10s %14s %14s\n", "processes", "inserts/s", "commits/s");
	for (int n = 1; n <= MAX_PROCESSES; n *= 2)
	{
		double inserts = measure(n, insert_only);
		double commits;

		remove_old_segments();
		commits = measure(n, insert_and_flush);
		printf("%-10d %14.0f %14.0f\n", n, inserts, commits);
	}
	disk = disk_syncs();
	printf("the disk alone: %.0f syncs/s\n", disk);
	snprintf(command, sizeof(command), "rm -rf %s", benchdir);
	return system(command) == 0 ? 0 : 1;
}
