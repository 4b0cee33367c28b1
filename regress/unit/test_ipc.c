/*
 * test_ipc.c
 *		Tables of contents, message queues, latches, the invalidation queue and
 *		slots of background workers, with real processes on the server's own
 *		shared memory.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <sys/wait.h>
#include <unistd.h>

#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "postmaster/bgworker_internals.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/shm_mq.h"
#include "storage/shm_toc.h"
#include "storage/shmem.h"
#include "storage/sinvaladt.h"
#include "unit.h"
#include "utils/injection_point.h"

#define WATCHDOG_SECONDS 60
#define QUEUE_SIZE 4096
#define NMESSAGES 3000

typedef struct TestShared
{
	pg_atomic_uint32 step[4];
	char queue[QUEUE_SIZE] pg_attribute_aligned(8);
} TestShared;

static TestShared *shared;
static int nforked;

static void
spawn(int (*fn)(void))
{
	pid_t pid = fork();

	CU_ASSERT_FATAL(pid >= 0);
	nforked++;
	if (pid == 0)
	{
		unit_become_process();
		proc_exit(fn());
	}
}

static void
join_all(void)
{
	unit_join(nforked);
	nforked = 0;
}

static void
reset_shared(void)
{
	memset(shared, 0, sizeof(*shared));
	nforked = 0;
}

/* ---- table of contents ---- */

/* What was estimated fits exactly; one more chunk or key does not. */
static void
test_toc(void)
{
	static const Size sizes[] = {1, 31, 32, 33, 1000, 8192};
	shm_toc_estimator e;
	shm_toc *toc;
	Size size;
	char *space;
	int i;

	shm_toc_initialize_estimator(&e);
	for (i = 0; i < (int) lengthof(sizes); i++)
		shm_toc_estimate_chunk(&e, sizes[i]);
	shm_toc_estimate_keys(&e, lengthof(sizes));
	size = shm_toc_estimate(&e);
	space = palloc(size);
	toc = shm_toc_create(42, space, size);
	CU_ASSERT_PTR_NULL(shm_toc_attach(43, space));
	CU_ASSERT_PTR_EQUAL(shm_toc_attach(42, space), toc);
	for (i = 0; i < (int) lengthof(sizes); i++)
	{
		char *chunk = shm_toc_allocate(toc, sizes[i]);

		memset(chunk, i + 1, sizes[i]);
		shm_toc_insert(toc, (uint64) i, chunk);
	}
	for (i = 0; i < (int) lengthof(sizes); i++)
	{
		char *chunk = shm_toc_lookup(toc, (uint64) i, false);

		CU_ASSERT_EQUAL(chunk[0], i + 1);
		CU_ASSERT_EQUAL(chunk[sizes[i] - 1], i + 1);
	}
	CU_ASSERT_PTR_NULL(shm_toc_lookup(toc, 99, true));
	pfree(space);
}

/* ---- message queue ---- */

/* Lengths from 0 to beyond the ring, so all ways of wrapping round occur. */
static Size
message_length(int i)
{
	return (Size) i * 37 % (3 * QUEUE_SIZE);
}

static int
mq_sender(void)
{
	shm_mq *mq = (shm_mq *) shared->queue;
	shm_mq_handle *mqh;
	char *data = palloc(3 * QUEUE_SIZE);
	int i;

	shm_mq_set_sender(mq, MyProc);
	mqh = shm_mq_attach(mq, NULL, NULL);
	for (i = 0; i < NMESSAGES; i++)
	{
		memset(data, 'a' + i % 26, 3 * QUEUE_SIZE);
		if (shm_mq_send(mqh, message_length(i), data, false, i % 7 == 0) !=
		    SHM_MQ_SUCCESS)
			return 1;
	}
	shm_mq_detach(mqh);
	return 0;
}

static int
mq_receiver(void)
{
	shm_mq *mq = (shm_mq *) shared->queue;
	shm_mq_handle *mqh;
	Size n;
	void *data;
	int i;

	shm_mq_set_receiver(mq, MyProc);
	mqh = shm_mq_attach(mq, NULL, NULL);
	for (i = 0; i < NMESSAGES; i++)
	{
		if (shm_mq_receive(mqh, &n, &data, false) != SHM_MQ_SUCCESS)
			return 2;
		if (n != message_length(i))
			return 3;
		if (n > 0 && (((char *) data)[0] != 'a' + i % 26 ||
		              ((char *) data)[n - 1] != 'a' + i % 26))
			return 4;
	}
	/* The sender's end is seen after its last message. */
	return shm_mq_receive(mqh, &n, &data, false) == SHM_MQ_DETACHED ? 0 : 5;
}

static void
test_mq(void)
{
	reset_shared();
	shm_mq_create(shared->queue, QUEUE_SIZE);
	spawn(mq_sender);
	spawn(mq_receiver);
	join_all();
}

static int
mq_blocked_sender(void)
{
	shm_mq *mq = (shm_mq *) shared->queue;
	shm_mq_handle *mqh;
	char *data = palloc0(3 * QUEUE_SIZE);

	shm_mq_set_sender(mq, MyProc);
	mqh = shm_mq_attach(mq, NULL, NULL);
	unit_reach(&shared->step[0]);
	return shm_mq_send(mqh, 3 * QUEUE_SIZE, data, false, true) ==
	               SHM_MQ_DETACHED
	           ? 0
	           : 1;
}

static int
mq_leaving_receiver(void)
{
	shm_mq *mq = (shm_mq *) shared->queue;
	shm_mq_handle *mqh;

	unit_await(&shared->step[0], 1);
	shm_mq_set_receiver(mq, MyProc);
	mqh = shm_mq_attach(mq, NULL, NULL);
	shm_mq_detach(mqh);
	return 0;
}

/* A sender that waits for room learns that nobody will make any. */
static void
test_mq_receiver_leaves(void)
{
	reset_shared();
	shm_mq_create(shared->queue, QUEUE_SIZE);
	spawn(mq_blocked_sender);
	spawn(mq_leaving_receiver);
	join_all();
}

/* ---- latch ---- */

static int
latch_timeout(void)
{
	int rc;

	ResetLatch(MyLatch);
	rc = WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT, 10, 0);
	if (rc != WL_TIMEOUT)
		return 1;
	SetLatch(MyLatch);
	if (WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT, 10000, 0) != WL_LATCH_SET)
		return 2;
	/* Still set: nobody has reset it. */
	if (WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT, 10000, 0) != WL_LATCH_SET)
		return 3;
	return 0;
}

static void
test_latch(void)
{
	reset_shared();
	spawn(latch_timeout);
	join_all();
}

/* ---- invalidation ---- */

static int ninval;
static int nreset;

static void
count_message(SharedInvalidationMessage *msg)
{
	ninval++;
}

static void
count_reset(void)
{
	nreset++;
}

static void
send_messages(int n)
{
	SharedInvalidationMessage msg;
	int i;

	memset(&msg, 0, sizeof(msg));
	msg.id = SHAREDINVALRELCACHE_ID;
	for (i = 0; i < n; i++)
	{
		msg.rc.relId = (Oid) i;
		SendSharedInvalidMessages(&msg, 1);
	}
}

static int
inval_reader(void)
{
	SharedInvalBackendInit();
	unit_reach(&shared->step[0]);
	unit_await(&shared->step[1], 1);
	ReceiveSharedInvalidMessages(count_message, count_reset);
	if (ninval != 1000 || nreset != 0)
		return 1;
	unit_reach(&shared->step[2]);
	unit_await(&shared->step[3], 1);
	/* More than the ring holds came: all must be forgotten, once. */
	ReceiveSharedInvalidMessages(count_message, count_reset);
	if (ninval != 1000 || nreset != 1)
		return 2;
	ReceiveSharedInvalidMessages(count_message, count_reset);
	return ninval == 1000 && nreset == 1 ? 0 : 3;
}

static int
inval_writer(void)
{
	unit_await(&shared->step[0], 2);
	send_messages(1000);
	unit_reach(&shared->step[1]);
	unit_await(&shared->step[2], 2);
	send_messages(10000);
	unit_reach(&shared->step[3]);
	return 0;
}

static void
test_invalidation(void)
{
	reset_shared();
	spawn(inval_reader);
	spawn(inval_reader);
	spawn(inval_writer);
	join_all();
}

/* ---- background workers ---- */

static int
slots_in_use(void)
{
	char *name;
	pid_t pid;
	int n = 0;

	for (int i = 0; GetBackgroundWorkerSlot(i, &name, &pid); i++)
		n += name != NULL;
	return n;
}

/* The SQLSTATE of the error; 0: there was none. */
static int
ask_for_worker(void)
{
	BackgroundWorker worker = {.bgw_name = "test",
	                           .bgw_flags = BGWORKER_SHMEM_ACCESS |
	                                        BGWORKER_CLASS_PARALLEL,
	                           .bgw_restart_time = BGW_NEVER_RESTART,
	                           .bgw_library_name = "postgres",
	                           .bgw_function_name = "ParallelWorkerMain"};
	BackgroundWorkerHandle *handle;
	volatile int sqlerrcode = 0;

	PG_TRY();
	{
		(void) RegisterDynamicBackgroundWorker(&worker, &handle);
	}
	PG_CATCH();
	{
		sqlerrcode = geterrcode();
		FlushErrorState();
	}
	PG_END_TRY();
	return sqlerrcode;
}

/*
 * A worker is asked for without memory for its handle.  The danger: a slot that
 * is in use, whose worker nobody could stop, or a lock that is kept.
 */
static int
ask_without_memory(void)
{
	int before = slots_in_use();
	int sqlerrcode;

	IsUnderPostmaster = true;
	unit_exhaust(CurrentMemoryContext);
	sqlerrcode = ask_for_worker();
	unit_replenish();
	return sqlerrcode != ERRCODE_OUT_OF_MEMORY ||
	       LWLockHeldByMe(BackgroundWorkerLock) || slots_in_use() != before;
}

static void
test_worker_without_memory(void)
{
	reset_shared();
	spawn(ask_without_memory);
	join_all();
}

static Size
more_memory(void)
{
	return add_size(BackgroundWorkerShmemSize(),
	                add_size(ProcSignalShmemSize(), SInvalShmemSize()));
}

int
main(int argc, char **argv)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	unit_make_lock_memory(more_memory);
	ProcSignalShmemInit();
	CreateSharedInvalidationState();
	BackgroundWorkerShmemInit();
	InjectionPointShmemInit();
	shared = unit_share(sizeof(*shared));

	CU_initialize_registry();
	suite = CU_add_suite("ipc", NULL, NULL);
	CU_ADD_TEST(suite, test_toc);
	CU_ADD_TEST(suite, test_mq);
	CU_ADD_TEST(suite, test_mq_receiver_leaves);
	CU_ADD_TEST(suite, test_latch);
	CU_ADD_TEST(suite, test_invalidation);
	CU_ADD_TEST(suite, test_worker_without_memory);
	return unit_run();
}
