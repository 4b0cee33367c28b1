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
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "access/clog.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xloginsert.h"
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timeout.h"

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

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double) ts.tv_sec + (double) ts.tv_nsec * 1e-9;
}

static void
become_backend(void)
{
	IsUnderPostmaster = false;
	PostmasterPid = getppid();
	MyProcPid = getpid();
	on_exit_reset();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	InitializeTimeouts();
	InitProcess();
	BaseInit();
}

static void
run_children(int n, void (*fn)(void))
{
	pid_t pids[MAX_PROCESSES];

	fflush(NULL);
	for (int i = 0; i < n; i++)
	{
		MyPMChildSlot = i + 1;
		MarkPostmasterChildSlotAssigned(MyPMChildSlot);
		pids[i] = fork();
		if (pids[i] == 0)
		{
			become_backend();
			fn();
			proc_exit(0);
		}
	}
	for (int i = 0; i < n; i++)
	{
		int status;

		waitpid(pids[i], &status, 0);
		if (!MarkPostmasterChildSlotUnassigned(i + 1) || status != 0)
		{
			fprintf(stderr, "a process failed\n");
			exit(1);
		}
	}
}

static XLogRecPtr
insert_record(int length)
{
	static char data[RECORD_BYTES];

	XLogBeginInsert();
	XLogRegisterData(data, length);
	return XLogInsert(RM_XLOG_ID, XLOG_NOOP);
}

static void
insert_only(void)
{
	double end = now() + seconds;
	uint64 n = 0;

	while (n % LOOK_AT_CLOCK != 0 || now() < end)
	{
		(void) insert_record(RECORD_BYTES);
		n++;
	}
	pg_atomic_fetch_add_u64(&shared->done, (int64) n);
}

static void
insert_and_flush(void)
{
	double end = now() + seconds;
	uint64 n = 0;

	while (now() < end)
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
	double start = now();
	uint64 n = 0;

	if (fd < 0)
		exit(1);
	while (now() < start + seconds)
	{
		if (pwrite(fd, page, sizeof(page), 0) != sizeof(page) ||
		    fdatasync(fd) != 0)
			exit(1);
		n++;
	}
	close(fd);
	return (double) n / (now() - start);
}

static void
bootstrap(void)
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
measure(int processes, void (*fn)(void))
{
	double start = now();

	pg_atomic_write_u64(&shared->done, 0);
	run_children(processes, fn);
	return (double) pg_atomic_read_u64(&shared->done) / (now() - start);
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
	for (int i = 0; i < lengthof(dirs); i++)
		if (mkdir(dirs[i], 0700) != 0)
			return 1;
	MyProcPid = getpid();
	MemoryContextInit();
	InitializeGUCOptions();
	if (argc > 2)
		XLOGbuffers = atoi(argv[2]);
	MaxConnections = 2 * MAX_PROCESSES;
	InitializeMaxBackends();
	InitFileAccess();
	InitPostmasterDeathWatchHandle();
	CreateSharedMemoryAndSemaphores();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	run_children(1, bootstrap);
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
