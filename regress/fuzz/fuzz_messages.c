/*
 * fuzz_messages.c
 *		What a client sends, into the server's own code in this process.
 *
 * The first byte chooses: a start-up packet (ProcessStartupPacket), or messages
 * of a session (PostgresMainLoop) in a small cluster with a table.  The bytes
 * come from memory instead of a socket, in pieces whose sizes the first byte
 * gives too; at their end the client has hung up.  Every message is handled as
 * in a server: statements are prepared, bound, run, rows copied in both formats.
 *
 * Statements are those of the list below; another text is a syntax error.  So
 * the input shapes messages, parameters and data, and not what it costs or does
 * outside.
 *
 * Judged: what the sanitizers and assertions see; that each input ends in idle
 * state with no transaction, lock or pin; every 256 inputs a sound session must
 * get its right answer.  The cluster is below TMPDIR; a checkpoint now and then
 * takes away what it does not need any more, so that millions of inputs fill no
 * disk.
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access/clog.h"
#include "access/heapam.h"
#include "access/hnsw.h"
#include "access/ivfflat.h"
#include "access/reloptions.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "bootstrap/bootstrap.h"
#include "commands/prepare.h"
#include "fuzz.h"
#include "libpq/attach_be.h"
#include "libpq/hba.h"
#include "libpq/libpq-be.h"
#include "libpq/libpq.h"
#include "libpq/transport.h"
#include "miscadmin.h"
#include "postmaster/pmchild.h"
#include "catalog/pg_control.h"
#include "postmaster/postmaster.h"
#include "storage/direct.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "tcop/backend_startup.h"
#include "tcop/direct.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/resowner.h"
#include "utils/timeout.h"

#define SANITY_INPUTS 256
#define CHECKPOINT_INPUTS 16384 /* a multiple of that */
#define MOST_MEMORY ((size_t) 2 * 1024 * 1024)

sigjmp_buf fuzz_end;

static const char *const allowed[] = {
	"",
	";",
	"SELECT $1::int4",
	"SELECT $1::text, $2::int8, $3::bool, $4::real[]",
	"SELECT $1::vector(3), $2::halfvec, $3::sparsevec, $4::bit(8)",
	"SELECT $1::numeric, $2::timestamptz, $3::uuid, $4::bytea, $5::interval",
	"SELECT i, v <-> '[1,2,3]' FROM f ORDER BY 2 LIMIT 3",
	"SELECT i FROM f WHERE i < $1 AND v <-> $2 < $3",
	"SELECT * FROM f; SELECT 1",
	"SELECT i, v <-> $1 FROM f ORDER BY v <-> $1 LIMIT $2",
	"COPY f FROM STDIN",
	"COPY f FROM STDIN (FORMAT csv)",
	"COPY f FROM STDIN (FORMAT binary)",
	"COPY f TO STDOUT (FORMAT binary)",
	"BEGIN",
	"ROLLBACK",
	"COMMIT",
	"DEALLOCATE ALL",
	"DECLARE c CURSOR FOR SELECT * FROM f",
	"FETCH 2 FROM c",
};

static bool any_statement; /* the target's own */

/* The client. */
static const uint8_t *next;
static const uint8_t *last;
static size_t piece;
static char answer[256]; /* the first bytes of what it was sent */
static size_t answered;

static Port port;
static char directory[512];
static pid_t owner;

extern void __real_proc_exit(int code) pg_attribute_noreturn();
extern void __wrap_proc_exit(int code);
extern List *__real_pg_parse_query(const char *query_string);
extern List *__wrap_pg_parse_query(const char *query_string);
extern void *__real_malloc(size_t size);
extern void *__wrap_malloc(size_t size);
extern void *__real_realloc(void *p, size_t size);
extern void *__wrap_realloc(void *p, size_t size);

static bool running; /* an input: proc_exit ends that only */

void
__wrap_proc_exit(int code)
{
	if (running)
		siglongjmp(fuzz_end, 1);
	if (getpid() == owner)
		__real_proc_exit(code);
	/* a child that made a part of the cluster: libFuzzer dislikes exit() */
	shmem_exit(code);
	_exit(code);
}

List *
__wrap_pg_parse_query(const char *query_string)
{
	for (int i = 0; i < lengthof(allowed) && !any_statement; i++)
		if (strcmp(query_string, allowed[i]) == 0)
			return __real_pg_parse_query(query_string);
	/* types are parsed as statements, too */
	if (any_statement || strncmp(query_string, "SELECT NULL::", 13) == 0)
		return __real_pg_parse_query(query_string);
	ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR), errmsg("syntax error")));
}

/*
 * A message that says it has a gigabyte is out of memory: so much is quicker to
 * refuse than to get.
 */
void *
__wrap_malloc(size_t size)
{
	return size > MOST_MEMORY ? NULL : __real_malloc(size);
}

void *
__wrap_realloc(void *p, size_t size)
{
	return size > MOST_MEMORY ? NULL : __real_realloc(p, size);
}

/* ---- the transport ---- */

static ssize_t
fuzz_read(void *buf, size_t len)
{
	size_t n = Min(Min(len, piece), (size_t) (last - next));

	if (n == 0)
		return EOF;
	memcpy(buf, next, n);
	next += n;
	return (ssize_t) n;
}

static ssize_t
fuzz_write(const void *buf, size_t len)
{
	size_t n = Min(len, sizeof(answer) - answered);

	memcpy(answer + answered, buf, n);
	answered += n;
	return (ssize_t) len;
}

static bool
fuzz_wait(bool to_write)
{
	abort(); /* there is always something: the end at least */
}

static const PqTransport FuzzTransport = {
	.read = fuzz_read, .write = fuzz_write, .wait = fuzz_wait};

/* ---- the cluster ---- */

static void
remove_cluster(void)
{
	char command[1024];

	if (getpid() != owner)
		return;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	if (system(command) != 0)
		perror(directory);
}

/* In a child, which ends; its exit code is 0. */
static void
in_child(void (*fn)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
	{
		fn();
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
	{
		fprintf(stderr, "fuzz_messages: could not make a cluster: status %d\n",
		        status);
		abort();
	}
}

static void
make_files(void)
{
	char data[1024];

	snprintf(data, sizeof(data), "%s/data", directory);
	BootstrapModeMain(data);
}

static void
run_recovery(void)
{
	on_exit_reset();
	MyProcPid = (int) getpid();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	InitializeTimeouts();
	InitProcess();
	BaseInit();
	InitProcessPhase2();
	CreateAuxProcessResourceOwner();
	CurrentResourceOwner = AuxProcessResourceOwner;
	StartupXLOG();
	proc_exit(0);
}

static void
set(const char *name, const char *value)
{
	SetConfigOption(name, value, PGC_POSTMASTER, PGC_S_OVERRIDE);
}

static void
make_memory(void)
{
	char data[1024];

	snprintf(data, sizeof(data), "%s/data", directory);
	InitProcessGlobals();
	InitializeGUCOptions();
	InjectionPointShmemInit();
	SetDataDir(data);
	ChangeToDataDir();
	hnsw_init();
	ivfflat_init();
	InitHeapReloptions();
	set("log_min_messages", getenv("FUZZ_LOG") ? getenv("FUZZ_LOG") : "panic");
	set("shared_buffers", "512");
	set("max_connections", "8");
	set("fsync", "off");
	set("min_wal_size", "32MB");
	set("synchronous_commit", "off");
	set("attach", "off"); /* fuzz_ring */
	set("enable_seqscan", "off");
	set("reader_timeout", "0");
	set("client_connection_check_interval", "0");
	PostmasterPid = MyProcPid;
	InitFileAccess();
	ReadControlFile();
	InitializeMaxBackends();
	InitPostmasterChildSlots();
	CreateSharedMemoryAndSemaphores();
	PublicShmemValidate();
	InitPostmasterDeathWatchHandle();
}

/* ---- sessions ---- */

/* As after an end of the process, but that it goes on. */
static void
become_idle(void)
{
	running = false;
	error_context_stack = NULL;
	PG_exception_stack = NULL;
	InterruptHoldoffCount = QueryCancelHoldoffCount = 0;
	ProcDiePending = QueryCancelPending = InterruptPending = false;
	ClientConnectionLost = false;
	Assert(CritSectionCount == 0);
	disable_all_timeouts(false);
	FlushErrorState();
	DirectSearchStop();
	AbortOutOfAnyTransaction();
	PortalHashTableDeleteAll();
	DropAllPreparedStatements();
	whereToSendOutput = DestRemote;
	MemoryContextSwitchTo(TopMemoryContext);
	if (MessageContext != NULL)
		MemoryContextReset(MessageContext);
}

static void
feed(const void *data, size_t size, size_t pieces)
{
	next = data;
	last = next + size;
	piece = pieces;
	answered = 0;
	pq_init(&port);
	PqTransportInUse = &FuzzTransport;
}

/* The first search of an input is always that number + 1: seeds.py knows it. */
static void
reset_search_numbers(void)
{
	DirectSlot *slots = PublicShmemFind(PublicShmemBase(), PublicShmemSize(),
	                                    DIRECT_SLOTS_NAME, NULL);

	if (MyProcNumber >= 0)
		slots[MyProcNumber].last = 1 << 20;
}

static void
session(const void *data, size_t size, size_t pieces)
{
	static bool begun;
	struct passwd *pw = getpwuid(geteuid());

	feed(data, size, pieces);
	reset_search_numbers();
	if (sigsetjmp(fuzz_end, 0) == 0)
	{
		running = true;
		if (begun)
			PostgresMainLoop();
		begun = true;
		port.user_name = pstrdup(pw ? pw->pw_name : "postgres");
		port.database_name = pstrdup("postgres");
		PostgresMain(port.database_name, port.user_name);
	}
	become_idle();
}

static void
startup(const void *data, size_t size, size_t pieces)
{
	Port keep = port;

	feed(data, size, pieces);
	MemoryContextSwitchTo(MessageContext);
	ClientAuthInProgress = true;
	if (sigsetjmp(fuzz_end, 0) == 0)
	{
		running = true;
		(void) ProcessStartupPacket(&port);
	}
	ClientAuthInProgress = false;
	port = keep;
	become_idle();
}

/* A statement of the target's own. */
static void
run_sql(const char *sql)
{
	char message[512];
	uint32 len = htonl((uint32) strlen(sql) + 5);
	size_t size = strlen(sql) + 6;

	message[0] = 'Q';
	memcpy(message + 1, &len, sizeof(len));
	memcpy(message + 5, sql, strlen(sql) + 1);
	any_statement = true;
	session(message, size, size);
	any_statement = false;
}

/* A sound session: the text of its answer is there. */
static void
check_sanity(void)
{
	run_sql("TRUNCATE f");
	run_sql("INSERT INTO f SELECT i, ARRAY[i, i % 3, 1]::real[]::vector "
	        "FROM generate_series(1, 5) i");
	run_sql("SELECT 'sound' || count(*) FROM f");
	if (memmem(answer, answered, "sound5", 6) == NULL)
	{
		fprintf(stderr, "fuzz_messages: a sound session has no answer\n");
		abort();
	}
}

/* As the checkpointer makes it: old files of tables and of the log go. */
static void
checkpoint(void)
{
	ResourceOwner mine = ResourceOwnerCreate(NULL, "checkpoint");

	CurrentResourceOwner = mine;
	CreateCheckPoint(CHECKPOINT_IMMEDIATE | CHECKPOINT_FORCE);
	CurrentResourceOwner = NULL;
	ResourceOwnerRelease(mine, RESOURCE_RELEASE_BEFORE_LOCKS, false, true);
	ResourceOwnerDelete(mine);
}

static void
start(void)
{
	const char *tmp = getenv("TMPDIR");
	int socks[2];

	owner = getpid();
	MyProcPid = (int) owner;
	MemoryContextInit();
	snprintf(directory, sizeof(directory), "%s/tusk-fuzz-XXXXXX",
	         tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(directory) == NULL ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, socks) != 0)
	{
		perror(directory);
		abort();
	}
	atexit(remove_cluster);
	in_child(make_files);
	make_memory();
	MyPMChildSlot = 1;
	MarkPostmasterChildSlotAssigned(1);
	in_child(run_recovery);
	StartupTransactionCounters();
	TrimCLOG();
	on_exit_reset();
	MyPMChildSlot = 2;
	MarkPostmasterChildSlotAssigned(2);
	InitializeLatchSupport();
	InitProcessLocalLatch();
	InitProcess();
	port.sock = socks[0];
	port.raddr.ss_family = AF_UNIX;
	MyProcPort = &port;
	if (!load_hba())
		abort();
	run_sql("CREATE EXTENSION vector");
	run_sql("CREATE TABLE f (i int, v vector(3))");
	run_sql("CREATE INDEX ON f USING hnsw (v vector_l2_ops)");
	check_sanity();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned inputs = 0;
	size_t pieces;

	if (inputs == 0)
		start();
	if (++inputs % SANITY_INPUTS == 0)
		check_sanity();
	if (inputs % CHECKPOINT_INPUTS == 0)
		checkpoint();
	if (size < 1)
		return 0;
	pieces = data[0] >> 1 == 0 ? size : data[0] >> 1;
	if (data[0] & 1)
		startup(data + 1, size - 1, pieces);
	else
		session(data + 1, size - 1, pieces);
	return 0;
}
