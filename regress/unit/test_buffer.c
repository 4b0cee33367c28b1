/*
 * test_buffer.c
 *		The buffer pool on real files, with real processes.
 *
 * The parent makes a small data directory, the server's shared memory with a
 * pool of 128 buffers, and forks children that take a PGPROC each, as backends
 * do.  Every page that a test writes tells its block number and a counter in
 * all of its words, so that a page that is torn, stale, or another one's is
 * noticed whatever the schedule.  PostgreSQL 15's pg_checksums and
 * pg_controldata have the last word on the files.  No schedule depends on
 * time; a watchdog ends the program when something hangs.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <fcntl.h>
#include <unistd.h>

#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "storage/bufoptimistic.h"
#include "storage/checksum.h"
#include "storage/fd.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/smgr.h"
#include "storage/sync.h"
#include "unit.h"
#include "utils/rel.h"
#include "utils/resowner.h"

#define WATCHDOG_SECONDS 120
#define TEST_BUFFERS 128
#define NCHILDREN 4
#define TEST_DB 5
#define PG_BIN "/usr/lib/postgresql/15/bin"

/* words of a page that a test fills, after header and line pointer */
#define PAYLOAD_WORDS 900

typedef struct TestPayload
{
	uint32 block;
	uint32 word[PAYLOAD_WORDS]; /* all the same */
} TestPayload;

/* What the processes of a test share; zeroed for each test. */
typedef struct TestShared
{
	pg_atomic_uint32 errors;
	pg_atomic_uint32 stop;       /* readers are done */
	pg_atomic_uint32 validated;  /* optimistic reads that counted */
	pg_atomic_uint32 rejected;   /* that did not */
	pg_atomic_uint32 seen[4096]; /* how often a block was handed out */
} TestShared;

static TestShared *shared;
static char testdir[] = "/tmp/tusk-test-buffer-XXXXXX";
static Oid next_relation = 20000;

typedef void (*child_fn)(int me, RelFileNode rnode);

/* ---- helpers ---- */

static child_fn fn_to_run;
static RelFileNode relation_to_run_on;

static void
child(int me)
{
	fn_to_run(me, relation_to_run_on);
	AtEOXact_Buffers(true);
}

/* Runs fn in n children; counts those that do not end well as errors. */
static void
run_children(int n, child_fn fn, RelFileNode rnode)
{
	fn_to_run = fn;
	relation_to_run_on = rnode;
	pg_atomic_fetch_add_u32(&shared->errors, unit_run_backends(n, child));
}

/* Runs fn in one child. */
static void
run_child(child_fn fn, RelFileNode rnode)
{
	run_children(1, fn, rnode);
}

static RelFileNode
new_relation(void)
{
	RelFileNode rnode = {DEFAULTTABLESPACE_OID, TEST_DB, next_relation++};

	memset(shared, 0, sizeof(*shared));
	return rnode;
}

static void
create_storage(int me, RelFileNode rnode)
{
	smgrcreate(smgropen(rnode, INVALID_PROC_NUMBER), MAIN_FORKNUM, false);
}

static Buffer
read_block(RelFileNode rnode, BlockNumber block)
{
	return ReadBufferWithoutRelcache(rnode, MAIN_FORKNUM, block, RBM_NORMAL,
	                                 NULL, true);
}

static TestPayload *
payload_of(Page page)
{
	return (TestPayload *) PageGetItem(page, PageGetItemId(page, 1));
}

/* Makes the page of a new block; exclusively locked. */
static void
fill_new_page(Buffer buffer, uint32 value)
{
	Page page = BufferGetPage(buffer);
	static TestPayload payload;

	payload.block = BufferGetBlockNumber(buffer);
	for (int i = 0; i < PAYLOAD_WORDS; i++)
		payload.word[i] = value;
	PageInit(page, BLCKSZ, 0);
	if (PageAddItem(page, (Item) &payload, sizeof(payload), InvalidOffsetNumber,
	                false, false) != 1)
		pg_atomic_fetch_add_u32(&shared->errors, 1);
	MarkBufferDirty(buffer);
}

static bool
payload_sound(const TestPayload *p, BlockNumber block)
{
	if (p->block != block)
		return false;
	for (int i = 1; i < PAYLOAD_WORDS; i++)
		if (p->word[i] != p->word[0])
			return false;
	return true;
}

static void
extend_by(RelFileNode rnode, uint32 n)
{
	SMgrRelation smgr = smgropen(rnode, INVALID_PROC_NUMBER);

	for (uint32 done = 0; done < n;)
	{
		Buffer buffers[MAX_EXTEND_BLOCKS];
		uint32 added;

		ExtendBufferedRelBy(BMR_SMGR(smgr, 'p'), MAIN_FORKNUM, NULL,
		                    EB_SKIP_EXTENSION_LOCK, n - done, buffers, &added);
		for (uint32 i = 0; i < added; i++)
		{
			LockBuffer(buffers[i], BUFFER_LOCK_EXCLUSIVE);
			fill_new_page(buffers[i], 0);
			UnlockReleaseBuffer(buffers[i]);
		}
		done += added;
	}
}

#define RELATION_BLOCKS 600

static void
create_filled(int me, RelFileNode rnode)
{
	create_storage(me, rnode);
	extend_by(rnode, RELATION_BLOCKS);
}

/* a small generator, so that children differ */
static uint32
next_random(uint32 *state)
{
	*state = *state * 1664525U + 1013904223U;
	return *state >> 8;
}

/* ---- eviction: the data is five times the pool ---- */

static void
increment_blocks(int me, RelFileNode rnode)
{
	uint32 rnd = 77 + (uint32) me;

	for (int i = 0; i < 3000; i++)
	{
		BlockNumber block = next_random(&rnd) % RELATION_BLOCKS;
		Buffer buffer = read_block(rnode, block);
		TestPayload *p;

		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
		p = payload_of(BufferGetPage(buffer));
		if (!payload_sound(p, block))
			pg_atomic_fetch_add_u32(&shared->errors, 1);
		for (int w = 0; w < PAYLOAD_WORDS; w++)
			p->word[w]++;
		MarkBufferDirty(buffer);
		UnlockReleaseBuffer(buffer);
	}
}

static void
sum_blocks(int me, RelFileNode rnode)
{
	uint32 total = 0;

	for (BlockNumber block = 0; block < RELATION_BLOCKS; block++)
	{
		Buffer buffer = read_block(rnode, block);

		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		if (!payload_sound(payload_of(BufferGetPage(buffer)), block))
			pg_atomic_fetch_add_u32(&shared->errors, 1);
		total += payload_of(BufferGetPage(buffer))->word[0];
		UnlockReleaseBuffer(buffer);
	}
	pg_atomic_fetch_add_u32(&shared->seen[0], (int32) total);
}

/* Many processes change many blocks through few buffers: no change is lost. */
static void
test_eviction(void)
{
	RelFileNode rnode = new_relation();

	run_child(create_filled, rnode);
	run_children(NCHILDREN, increment_blocks, rnode);
	run_child(sum_blocks, rnode);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->seen[0]), NCHILDREN * 3000);
}

/* ---- rings ---- */

static void
scan_with_ring(int me, RelFileNode rnode)
{
	BufferAccessStrategy ring = GetAccessStrategy(BAS_BULKREAD);
	int used = 0;

	for (BlockNumber block = 0; block < RELATION_BLOCKS; block++)
		ReleaseBuffer(ReadBufferWithoutRelcache(rnode, MAIN_FORKNUM, block,
		                                        RBM_NORMAL, ring, true));
	FreeAccessStrategy(ring);
	for (int i = 0; i < NBuffers; i++)
		if (RelFileNodeEquals(GetBufferDescriptor(i)->tag.rnode, rnode))
			used++;
	pg_atomic_write_u32(&shared->seen[0], (uint32) used);
}

static void
drop_relation(int me, RelFileNode rnode)
{
	SMgrRelation smgr = smgropen(rnode, INVALID_PROC_NUMBER);

	smgrdounlinkall(&smgr, 1, false);
	for (int i = 0; i < NBuffers; i++)
		if (RelFileNodeEquals(GetBufferDescriptor(i)->tag.rnode, rnode))
			pg_atomic_fetch_add_u32(&shared->errors, 1);
}

static void
drop_buffers(int me, RelFileNode rnode)
{
	SMgrRelation smgr = smgropen(rnode, INVALID_PROC_NUMBER);

	FlushRelationsAllBuffers(&smgr, 1);
	DropRelFileNodesAllBuffers(&smgr, 1);
}

/* A large scan stays in its ring: an eighth of the pool. */
static void
test_ring(void)
{
	RelFileNode rnode = new_relation();

	run_child(create_filled, rnode);
	run_child(drop_buffers, rnode);
	run_child(scan_with_ring, rnode);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT(pg_atomic_read_u32(&shared->seen[0]) <= TEST_BUFFERS / 8);
	run_child(drop_relation, rnode);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
}

/* ---- extension ---- */

#define EXTENSIONS 40

static void
extend_concurrently(int me, RelFileNode rnode)
{
	FormData_pg_class form;
	RelationData rel;

	memset(&form, 0, sizeof(form));
	memset(&rel, 0, sizeof(rel));
	form.relpersistence = 'p';
	rel.rd_rel = &form;
	rel.rd_node = rnode;
	rel.rd_backend = INVALID_PROC_NUMBER;
	rel.rd_id = rnode.relNode;
	rel.rd_lockInfo.lockRelId.relId = rnode.relNode;
	rel.rd_lockInfo.lockRelId.dbId = TEST_DB;
	for (int i = 0; i < EXTENSIONS; i++)
	{
		Buffer buffers[MAX_EXTEND_BLOCKS];
		uint32 added;
		BlockNumber first =
			ExtendBufferedRelBy(BMR_REL(&rel), MAIN_FORKNUM, NULL,
		                        EB_LOCK_FIRST, 1 + i % 9, buffers, &added);

		for (uint32 j = 0; j < added; j++)
		{
			BlockNumber block = BufferGetBlockNumber(buffers[j]);

			if (block != first + j || !PageIsNew(BufferGetPage(buffers[j])))
				pg_atomic_fetch_add_u32(&shared->errors, 1);
			pg_atomic_fetch_add_u32(&shared->seen[block], 1);
			if (j > 0)
				LockBuffer(buffers[j], BUFFER_LOCK_EXCLUSIVE);
			fill_new_page(buffers[j], 0);
			UnlockReleaseBuffer(buffers[j]);
		}
	}
	RelationCloseSmgr(&rel); /* which points to it */
}

static void
check_size(int me, RelFileNode rnode)
{
	BlockNumber n =
		smgrnblocks(smgropen(rnode, INVALID_PROC_NUMBER), MAIN_FORKNUM);

	for (BlockNumber block = 0; block < lengthof(shared->seen); block++)
		if (pg_atomic_read_u32(&shared->seen[block]) != (block < n ? 1 : 0))
			pg_atomic_fetch_add_u32(&shared->errors, 1);
}

/* Every block is handed out once, and none is left over. */
static void
test_extension(void)
{
	RelFileNode rnode = new_relation();

	run_child(create_storage, rnode);
	run_children(NCHILDREN, extend_concurrently, rnode);
	run_child(check_size, rnode);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT(pg_atomic_read_u32(&shared->seen[NCHILDREN * EXTENSIONS - 1]) ==
	          1);
}

/* ---- checksums ---- */

static void
damage_file(RelFileNode rnode, BlockNumber block)
{
	char path[64];
	char byte = 0;
	int fd;
	off_t at = (off_t) block * BLCKSZ + 5000;

	snprintf(path, sizeof(path), "base/%u/%u", rnode.dbNode, rnode.relNode);
	fd = open(path, O_RDWR);
	CU_ASSERT_FATAL(fd >= 0 && pread(fd, &byte, 1, at) == 1);
	byte ^= 0x10;
	CU_ASSERT_FATAL(pwrite(fd, &byte, 1, at) == 1);
	close(fd);
}

static void
read_damaged(int me, RelFileNode rnode)
{
	volatile bool failed = false;

	PG_TRY();
	{
		ReleaseBuffer(read_block(rnode, 3));
	}
	PG_CATCH();
	{
		failed = true;
		FlushErrorState();
		LWLockReleaseAll();
		AbortBufferIO();
		UnlockBuffers();
		ResourceOwnerRelease(CurrentResourceOwner,
		                     RESOURCE_RELEASE_BEFORE_LOCKS, false, true);
	}
	PG_END_TRY();
	if (!failed)
		pg_atomic_fetch_add_u32(&shared->errors, 1);
	/* its neighbours are none the worse */
	ReleaseBuffer(read_block(rnode, 2));
	ReleaseBuffer(read_block(rnode, 4));
}

/* One flipped bit is an error, for every reader, and no pin or I/O stays. */
static void
test_damaged_page(void)
{
	RelFileNode rnode = new_relation();

	run_child(create_filled, rnode);
	run_child(drop_buffers, rnode);
	damage_file(rnode, 3);
	run_child(read_damaged, rnode);
	run_children(NCHILDREN, read_damaged, rnode);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	/* mend it for pg_checksums */
	damage_file(rnode, 3);
	for (int i = 0; i < NBuffers; i++)
	{
		uint32 state = pg_atomic_read_u32(&GetBufferDescriptor(i)->state);

		CU_ASSERT_EQUAL(BUF_STATE_GET_REFCOUNT(state), 0);
		CU_ASSERT_EQUAL(state & (BM_IO_IN_PROGRESS | BM_LOCKED), 0);
	}
}

/* ---- optimistic readers ---- */

#define OPTIMISTIC_READS 200000

/*
 * Reads hot blocks without pins; what validates must be whole.  Goes on until
 * both have happened: on a busy machine all reads may be over before the others
 * have brought a block into the pool.
 */
static void
read_optimistically(uint32 seed, RelFileNode rnode)
{
	uint32 rnd = seed;

	for (int i = 0;
	     i < OPTIMISTIC_READS || pg_atomic_read_u32(&shared->validated) == 0 ||
	     pg_atomic_read_u32(&shared->rejected) == 0;
	     i++)
	{
		BlockNumber block = next_random(&rnd) % 64;
		OptimisticRead r;
		TestPayload copy;
		Size len;

		if (!OptimisticReadBegin(&r, rnode, MAIN_FORKNUM, block))
		{
			pg_atomic_fetch_add_u32(&shared->rejected, 1);
			continue;
		}
		len = OptimisticReadItem(&r, 1, &copy, sizeof(copy));
		if (!OptimisticReadEnd(&r))
		{
			pg_atomic_fetch_add_u32(&shared->rejected, 1);
			continue;
		}
		pg_atomic_fetch_add_u32(&shared->validated, 1);
		if (len != sizeof(copy) || !payload_sound(&copy, block))
			pg_atomic_fetch_add_u32(&shared->errors, 1);
	}
	pg_atomic_fetch_add_u32(&shared->stop, 1);
}

/* Children 0, 1 read; 2 changes hot blocks; 3 drives them out of the pool. */
static void
optimistic_child(int me, RelFileNode rnode)
{
	uint32 rnd = 1 + (uint32) me;

	if (me < 2)
	{
		read_optimistically(rnd, rnode);
		return;
	}
	while (pg_atomic_read_u32(&shared->stop) < 2)
	{
		BlockNumber block =
			next_random(&rnd) % (me == 2 ? 64 : RELATION_BLOCKS);
		Buffer buffer = read_block(rnode, block);

		if (me == 2)
		{
			TestPayload *p;

			LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
			p = payload_of(BufferGetPage(buffer));
			for (int w = 0; w < PAYLOAD_WORDS; w++)
				p->word[w]++;
			MarkBufferDirty(buffer);
			LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
		}
		ReleaseBuffer(buffer);
	}
}

static void
test_optimistic(void)
{
	RelFileNode rnode = new_relation();

	run_child(create_filled, rnode);
	run_children(NCHILDREN, optimistic_child, rnode);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT(pg_atomic_read_u32(&shared->validated) > 0);
	CU_ASSERT(pg_atomic_read_u32(&shared->rejected) > 0);
}

static void
optimistic_rules(int me, RelFileNode rnode)
{
	OptimisticRead r;
	Buffer buffer = read_block(rnode, 1);
	char word[4];
	Size len;

#define EXPECT(cond)                                           \
	do                                                         \
	{                                                          \
		if (!(cond))                                           \
		{                                                      \
			fprintf(stderr, "line %d: %s\n", __LINE__, #cond); \
			pg_atomic_fetch_add_u32(&shared->errors, 1);       \
		}                                                      \
	} while (0)

	/* nobody interferes */
	EXPECT(OptimisticReadBegin(&r, rnode, MAIN_FORKNUM, 1));
	EXPECT(OptimisticItem(&r, 1, &len) != NULL && len == sizeof(TestPayload));
	EXPECT(OptimisticReadEnd(&r));
	/* what lies outside of the page is never touched */
	EXPECT(OptimisticItem(&r, 2, &len) == NULL);
	EXPECT(OptimisticItem(&r, 0, &len) == NULL);
	EXPECT(OptimisticItem(&r, MaxOffsetNumber, &len) == NULL);
	EXPECT(!OptimisticReadBytes(&r, BLCKSZ - 2, word, sizeof(word)));
	EXPECT(!OptimisticReadBytes(&r, (Size) -2, word, sizeof(word)));
	EXPECT(OptimisticReadBytes(&r, BLCKSZ - 4, word, sizeof(word)));
	/* a share lock is no obstacle, an exclusive one is, and a past one too */
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	EXPECT(OptimisticReadBegin(&r, rnode, MAIN_FORKNUM, 1));
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	EXPECT(OptimisticReadEnd(&r));
	LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	EXPECT(!OptimisticReadEnd(&r));
	EXPECT(!OptimisticReadBegin(&r, rnode, MAIN_FORKNUM, 1));
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	EXPECT(!OptimisticReadBegin(&r, rnode, FSM_FORKNUM, 1));
	EXPECT(!OptimisticReadBegin(&r, rnode, MAIN_FORKNUM, 1000000));
	/* eviction */
	EXPECT(OptimisticReadBegin(&r, rnode, MAIN_FORKNUM, 1));
	ReleaseBuffer(buffer);
	drop_buffers(me, rnode);
	EXPECT(!OptimisticReadEnd(&r));
	EXPECT(!OptimisticReadBegin(&r, rnode, MAIN_FORKNUM, 1));
}

static void
test_optimistic_rules(void)
{
	RelFileNode rnode = new_relation();

	run_child(create_filled, rnode);
	run_child(optimistic_rules, rnode);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
}

/* ---- pins ---- */

static void
pin_everything(int me, RelFileNode rnode)
{
	volatile int pinned = 0;
	volatile bool failed = false;

	PG_TRY();
	{
		for (; pinned <= NBuffers; pinned++)
			(void) read_block(rnode, (BlockNumber) pinned);
	}
	PG_CATCH();
	{
		failed = true;
		FlushErrorState();
		LWLockReleaseAll();
		AbortBufferIO();
		ResourceOwnerRelease(CurrentResourceOwner,
		                     RESOURCE_RELEASE_BEFORE_LOCKS, false, true);
	}
	PG_END_TRY();
	if (!failed || pinned != NBuffers)
		pg_atomic_fetch_add_u32(&shared->errors, 1);
	/* and all is well again */
	ReleaseBuffer(read_block(rnode, 500));
}

/* "no unpinned buffers available" is an ERROR, and its clean-up frees all. */
static void
test_all_pinned(void)
{
	RelFileNode rnode = new_relation();

	run_child(create_filled, rnode);
	run_child(pin_everything, rnode);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
}

static void
want_lone_pin(int me, RelFileNode rnode)
{
	for (int i = 0; i < 500; i++)
	{
		Buffer buffer = read_block(rnode, 7);

		if (me == 0)
		{
			uint32 state;

			LockBufferForCleanup(buffer);
			state = pg_atomic_read_u32(&GetBufferDescriptor(buffer - 1)->state);
			if (BUF_STATE_GET_REFCOUNT(state) > NCHILDREN)
				pg_atomic_fetch_add_u32(&shared->errors, 1);
			pg_atomic_fetch_add_u32(&shared->seen[7], 1);
		}
		else
			LockBuffer(buffer, BUFFER_LOCK_SHARE);
		UnlockReleaseBuffer(buffer);
	}
}

/* Who waits for a lone pin gets it, however busy the buffer is. */
static void
test_cleanup_lock(void)
{
	RelFileNode rnode = new_relation();

	run_child(create_filled, rnode);
	run_children(NCHILDREN, want_lone_pin, rnode);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->seen[7]), 500);
}

/* ---- files, as PostgreSQL's tools see them ---- */

static void
truncate_half(int me, RelFileNode rnode)
{
	SMgrRelation smgr = smgropen(rnode, INVALID_PROC_NUMBER);
	ForkNumber fork = MAIN_FORKNUM;
	BlockNumber blocks = RELATION_BLOCKS / 2;
	BlockNumber old = smgrnblocks(smgr, fork);

	smgrtruncate(smgr, &fork, 1, &old, &blocks);
	if (smgrnblocks(smgr, MAIN_FORKNUM) != blocks)
		pg_atomic_fetch_add_u32(&shared->errors, 1);
	for (int i = 0; i < NBuffers; i++)
		if (RelFileNodeEquals(GetBufferDescriptor(i)->tag.rnode, rnode) &&
		    GetBufferDescriptor(i)->tag.blockNum >= blocks)
			pg_atomic_fetch_add_u32(&shared->errors, 1);
}

static void
write_all(int me, RelFileNode rnode)
{
	CheckPointBuffers(0);
	for (int i = 0; i < NBuffers; i++)
		if (pg_atomic_read_u32(&GetBufferDescriptor(i)->state) & BM_DIRTY)
			pg_atomic_fetch_add_u32(&shared->errors, 1);
}

/* Output of a program; the test fails if it cannot be run. */
static void
capture(const char *command, char *buf, size_t size)
{
	FILE *f = popen(command, "r");
	size_t n;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	n = fread(buf, 1, size - 1, f);
	buf[n] = '\0';
	pclose(f);
}

static void
test_tools(void)
{
	RelFileNode rnode = new_relation();
	char command[256];
	char out[8192];

	run_child(create_filled, rnode);
	run_child(truncate_half, rnode);
	run_child(write_all, rnode);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);

	snprintf(command, sizeof(command), PG_BIN "/pg_checksums -c %s 2>&1",
	         testdir);
	capture(command, out, sizeof(out));
	if (strstr(out, "Bad checksums:  0") == NULL)
		fprintf(stderr, "%s", out);
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "Bad checksums:  0"));
	snprintf(command, sizeof(command), PG_BIN "/pg_controldata %s 2>&1",
	         testdir);
	capture(command, out, sizeof(out));
	CU_ASSERT_PTR_NULL(strstr(out, "WARNING"));
	CU_ASSERT_PTR_NOT_NULL(strstr(out, "shut down"));
	snprintf(command, sizeof(command), "pg_filedump -i -k base/%d/%u 2>&1",
	         TEST_DB, rnode.relNode);
	capture(command, out, sizeof(out));
	CU_ASSERT_PTR_NULL(strstr(out, "checksum failure"));
}

/* ---- pages ---- */

static void
test_page_items(void)
{
	static PGAlignedBlock block;
	Page page = (Page) block.data;
	char item[64];
	OffsetNumber unwanted[] = {2, 4, 5};

	PageInit(page, BLCKSZ, 8);
	CU_ASSERT_EQUAL(PageGetSpecialSize(page), 8);
	CU_ASSERT_EQUAL(PageGetExactFreeSpace(page), BLCKSZ - 24 - 8);
	for (int i = 1; i <= 6; i++)
	{
		memset(item, '0' + i, sizeof(item));
		CU_ASSERT_EQUAL(PageAddItem(page, (Item) item, 10 + i,
		                            InvalidOffsetNumber, false, false),
		                i);
	}
	/* larger, smaller and equal in place; the others stay what they are */
	memset(item, 'x', sizeof(item));
	CU_ASSERT(PageIndexTupleOverwrite(page, 3, (Item) item, 40));
	CU_ASSERT(PageIndexTupleOverwrite(page, 3, (Item) item, 9));
	CU_ASSERT_FALSE(PageIndexTupleOverwrite(page, 3, (Item) item, BLCKSZ));
	for (int i = 1; i <= 6; i++)
	{
		ItemId lp = PageGetItemId(page, i);

		CU_ASSERT_EQUAL(ItemIdGetLength(lp), i == 3 ? 9 : 10 + i);
		CU_ASSERT_EQUAL(*PageGetItem(page, lp), i == 3 ? 'x' : '0' + i);
	}
	PageIndexMultiDelete(page, unwanted, 3);
	CU_ASSERT_EQUAL(PageGetMaxOffsetNumber(page), 3);
	CU_ASSERT_EQUAL(*PageGetItem(page, PageGetItemId(page, 1)), '1');
	CU_ASSERT_EQUAL(*PageGetItem(page, PageGetItemId(page, 2)), 'x');
	CU_ASSERT_EQUAL(*PageGetItem(page, PageGetItemId(page, 3)), '6');
	CU_ASSERT_EQUAL(PageGetExactFreeSpace(page),
	                BLCKSZ - 24 - 8 - 3 * 4 - 3 * 16);
	/* as a heap page: a hole, its use, the tail given back */
	ItemIdSetUnused(PageGetItemId(page, 2));
	PageRepairFragmentation(page);
	CU_ASSERT(PageHasFreeLinePointers(page));
	CU_ASSERT_EQUAL(
		PageAddItem(page, (Item) item, 8, InvalidOffsetNumber, false, true), 2);
	ItemIdSetUnused(PageGetItemId(page, 3));
	PageRepairFragmentation(page);
	CU_ASSERT_EQUAL(PageGetMaxOffsetNumber(page), 2);
	CU_ASSERT_FALSE(PageHasFreeLinePointers(page));
}

static void
test_crc(void)
{
	pg_crc32c crc;

	INIT_CRC32C(crc);
	COMP_CRC32C(crc, "123456789", 9);
	FIN_CRC32C(crc);
	CU_ASSERT_EQUAL(crc, 0xE3069283);
}

static void
test_page_verification(void)
{
	static PGAlignedBlock block;
	Page page = (Page) block.data;

	memset(&block, 0, sizeof(block));
	CU_ASSERT(PageIsVerifiedExtended(page, 9, 0)); /* never written */
	block.data[4000] = 1;
	CU_ASSERT_FALSE(PageIsVerifiedExtended(page, 9, 0));
	PageInit(page, BLCKSZ, 0);
	PageSetChecksumInplace(page, 9);
	CU_ASSERT(PageIsVerifiedExtended(page, 9, 0));
	/* at another place it is another page */
	CU_ASSERT_FALSE(PageIsVerifiedExtended(page, 10, 0));
	((PageHeader) page)->pd_flags = 0x10;
	PageSetChecksumInplace(page, 9);
	CU_ASSERT_FALSE(PageIsVerifiedExtended(page, 9, 0));
}

int
main(int argc, char **argv)
{

	alarm(WATCHDOG_SECONDS);
	unit_enter_cluster(testdir);
	unit_init_cluster(TEST_BUFFERS, 2 * NCHILDREN);
	BootStrapControlFile(true);
	unit_make_cluster_memory();
	shared = unit_share(sizeof(*shared));

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	{
		CU_pSuite pages = CU_add_suite("pages", NULL, NULL);
		CU_pSuite pool = CU_add_suite("buffers", NULL, NULL);

		CU_add_test(pages, "items", test_page_items);
		CU_add_test(pages, "crc", test_crc);
		CU_add_test(pages, "verification", test_page_verification);
		CU_add_test(pool, "eviction", test_eviction);
		CU_add_test(pool, "ring", test_ring);
		CU_add_test(pool, "extension", test_extension);
		CU_add_test(pool, "damaged page", test_damaged_page);
		CU_add_test(pool, "optimistic rules", test_optimistic_rules);
		CU_add_test(pool, "optimistic readers", test_optimistic);
		CU_add_test(pool, "all pinned", test_all_pinned);
		CU_add_test(pool, "cleanup lock", test_cleanup_lock);
		CU_add_test(pool, "PostgreSQL's tools", test_tools);
	}
	return unit_run_in_cluster(testdir);
}
