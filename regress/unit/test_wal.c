/*
 * test_wal.c
 *		The write-ahead log: written by real processes, read back.
 *
 * The parent makes a small data directory and the server's shared memory, with
 * few log buffers so that inserters run into unwritten pages all the time, and
 * forks children that take a PGPROC each, as backends do.  Every record that a
 * test writes tells its writer, its number and its length in all of its bytes:
 * one that is lost, torn, doubled or out of order is noticed whatever the
 * schedule.  Read back are the files, by xlogreader.c and by PostgreSQL 15's
 * pg_waldump.  No schedule depends on time; a watchdog ends the program when
 * something hangs.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access/clog.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlog_shared.h"
#include "access/xloginsert.h"
#include "access/xlogreader.h"
#include "catalog/pg_control.h"
#include "common/pg_lzcompress.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/bufpage.h"
#include "storage/fd.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "unit.h"
#include "utils/injection_point.h"

#define WATCHDOG_SECONDS 120
#define NCHILDREN 6
#define TEST_XLOG_BUFFERS 12
#define PG_BIN "/usr/lib/postgresql/15/bin"
#define MAX_PAYLOAD (3 * 1024 * 1024)

typedef struct TestHead
{
	uint32 writer;
	uint32 number;
	uint32 length; /* bytes of (writer + number) that follow */
} TestHead;

typedef struct TestShared
{
	pg_atomic_uint32 errors;
	XLogRecPtr start; /* where a child began */
	XLogRecPtr end;   /* where it ended */
	XLogRecPtr lsn[64];
	uint32 inserted[NCHILDREN];
} TestShared;

static TestShared *shared;
static char testdir[] = "/tmp/tusk-test-wal-XXXXXX";
static char *payload;

/* ---- processes ---- */

static void
run_children(int n, unit_child_fn fn)
{
	pg_atomic_fetch_add_u32(&shared->errors, unit_run_backends(n, fn));
}

static uint32
next_random(uint32 *state)
{
	*state = *state * 1664525U + 1013904223U;
	return *state >> 8;
}

static XLogRecPtr
insert_test_record(uint32 writer, uint32 number, uint32 length)
{
	TestHead head = {writer, number, length};

	memset(payload, (int) ((writer + number) & 0xFF), length);
	XLogBeginInsert();
	XLogRegisterData((char *) &head, sizeof(head));
	if (length > 0)
		XLogRegisterData(payload, length);
	return XLogInsert(RM_XLOG_ID, XLOG_NOOP);
}

/* ---- reading ---- */

static void
open_segment(XLogReaderState *state, XLogSegNo segno, TimeLineID *tli)
{
	char path[MAXPGPATH];

	XLogFilePath(path, *tli, segno, state->segcxt.ws_segsize);
	state->seg.ws_file = open(path, O_RDONLY);
	if (state->seg.ws_file < 0)
		abort();
}

static void
close_segment(XLogReaderState *state)
{
	close(state->seg.ws_file);
	state->seg.ws_file = -1;
}

static int
read_page(XLogReaderState *state, XLogRecPtr pageptr, int reqLen,
          XLogRecPtr recptr, char *buf)
{
	char path[MAXPGPATH];
	WALReadError error;

	XLogFilePath(path, 1, pageptr / wal_segment_size, wal_segment_size);
	if (access(path, R_OK) != 0 ||
	    !WALRead(state, buf, pageptr, XLOG_BLCKSZ, 1, &error))
		return -1;
	return XLOG_BLCKSZ;
}

static XLogReaderState *
open_reader(XLogRecPtr start)
{
	XLogReaderState *reader = XLogReaderAllocate(
		wal_segment_size, NULL,
		XL_ROUTINE(.page_read = read_page, .segment_open = open_segment,
	               .segment_close = close_segment),
		NULL);

	reader->system_identifier = ControlFile->system_identifier;
	XLogBeginRead(reader, start);
	return reader;
}

static bool
test_record_sound(XLogReaderState *reader, TestHead *head)
{
	char *data = XLogRecGetData(reader);

	if (XLogRecGetDataLen(reader) < sizeof(TestHead))
		return false;
	memcpy(head, data, sizeof(TestHead));
	if (XLogRecGetDataLen(reader) != sizeof(TestHead) + head->length)
		return false;
	for (uint32 i = 0; i < head->length; i++)
		if ((uint8) data[sizeof(TestHead) + i] !=
		    ((head->writer + head->number) & 0xFF))
			return false;
	return true;
}

static bool
is_test_record(XLogReaderState *reader)
{
	return XLogRecGetRmid(reader) == RM_XLOG_ID &&
	       (XLogRecGetInfo(reader) & ~XLR_INFO_MASK) == XLOG_NOOP;
}

/* Lines of pg_waldump from start to end; -1 if it fails before. */
static int
count_waldump(XLogRecPtr start, XLogRecPtr end)
{
	char command[512];
	char line[1024];
	FILE *pipe;
	int n = 0;

	snprintf(command, sizeof(command),
	         PG_BIN "/pg_waldump -p . -s %X/%X -e %X/%X 2>/dev/null",
	         LSN_FORMAT_ARGS(start), LSN_FORMAT_ARGS(end));
	pipe = popen(command, "r");
	if (pipe == NULL)
		return -1;
	while (fgets(line, sizeof(line), pipe))
		if (strncmp(line, "rmgr: ", 6) == 0)
			n++;
	return pclose(pipe) == 0 ? n : -1;
}

/* Each record in our words, and in pg_waldump's: the same. */
static void
compare_descriptions(XLogRecPtr start, XLogRecPtr end)
{
	XLogReaderState *reader = open_reader(start);
	char command[512];
	char line[2048];
	FILE *pipe;
	char *errormsg;

	snprintf(command, sizeof(command),
	         PG_BIN "/pg_waldump -p . -s %X/%X -e %X/%X 2>/dev/null",
	         LSN_FORMAT_ARGS(start), LSN_FORMAT_ARGS(end));
	pipe = popen(command, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(pipe);
	while (fgets(line, sizeof(line), pipe))
	{
		StringInfoData buf;
		char expected[2048];
		char *desc = strstr(line, "desc: ");
		char *blocks;
		char *words;

		CU_ASSERT_PTR_NOT_NULL_FATAL(desc);
		CU_ASSERT_PTR_NOT_NULL_FATAL(XLogReadRecord(reader, &errormsg));
		blocks = strstr(desc, ", blkref");
		*(blocks ? blocks : strchr(desc, '\n')) = '\0';
		initStringInfo(&buf);
		xlog_outdesc(&buf, reader);
		words = strchr(buf.data, '/') + 1;
		*strchr(words, ':') = '\0';
		snprintf(expected, sizeof(expected), "desc: %s %s", words,
		         words + strlen(words) + 2);
		/* a tool writes times in a way of its own */
		if (strstr(desc, "; time "))
			*strstr(desc, "; time ") = *strstr(expected, "; time ") = '\0';
		CU_ASSERT_STRING_EQUAL(desc, expected);
		pfree(buf.data);
	}
	pclose(pipe);
	XLogReaderFree(reader);
}

static void
record_end(int me)
{
	shared->end = GetXLogInsertRecPtr();
}

/* Where the next record will start; everything before is in the files. */
static void
record_start(int me)
{
	XLogFlush(GetXLogInsertRecPtr());
	shared->start = XLogNextRecordStart();
}

static XLogRecPtr
next_start(void)
{
	memset(shared, 0, sizeof(*shared));
	run_children(1, record_start);
	return shared->start;
}

/* ---- positions ---- */

/*
 * A byte position and an LSN are the same thing counted differently: both ways
 * give the same at every page's and every segment's border.
 */
static void
test_positions(void)
{
	uint64 per_page = XLOG_BLCKSZ - SizeOfXLogShortPHD;
	uint64 per_segment = (wal_segment_size / XLOG_BLCKSZ) * per_page -
	                     (SizeOfXLogLongPHD - SizeOfXLogShortPHD);
	uint64 borders[] = {0,
	                    XLOG_BLCKSZ - SizeOfXLogLongPHD,
	                    XLOG_BLCKSZ - SizeOfXLogLongPHD + per_page,
	                    per_segment - per_page,
	                    per_segment,
	                    2 * per_segment,
	                    300 * per_segment + XLOG_BLCKSZ - SizeOfXLogLongPHD};
	XLogRecPtr last_end = 0;

	for (int i = 0; i < lengthof(borders); i++)
		for (int64 delta = -64; delta <= 64; delta += 8)
		{
			uint64 pos = borders[i] + delta;
			XLogRecPtr start;
			XLogRecPtr end;

			if ((int64) (borders[i] + delta) < 0)
				continue;
			start = XLogBytePosToRecPtr(pos);
			end = XLogBytePosToEndRecPtr(pos);
			CU_ASSERT_EQUAL(XLogRecPtrToBytePos(start), pos);
			CU_ASSERT_EQUAL(XLogRecPtrToBytePos(end), pos);
			CU_ASSERT(start % XLOG_BLCKSZ >= SizeOfXLogShortPHD);
			CU_ASSERT(end <= start && start - end <= SizeOfXLogLongPHD);
			CU_ASSERT(i == 0 || delta == -64 || end > last_end);
			last_end = end;
		}
	CU_ASSERT_EQUAL(XLogBytePosToRecPtr(0), SizeOfXLogLongPHD);
	CU_ASSERT_EQUAL(XLogBytePosToEndRecPtr(per_segment), wal_segment_size);
	CU_ASSERT_EQUAL(XLogBytePosToRecPtr(per_segment),
	                wal_segment_size + SizeOfXLogLongPHD);
}

/* ---- inserters ---- */

#define BYTES_PER_CHILD (7 * 1024 * 1024)

/* Mostly short records, some of several pages, one of more than the buffers. */
static void
insert_many(int me)
{
	uint32 rnd = 4711 + (uint32) me;
	Size bytes = 0;
	uint32 number = 0;

	while (bytes < BYTES_PER_CHILD)
	{
		uint32 kind = next_random(&rnd) % 100;
		uint32 length = next_random(&rnd) % 300;
		XLogRecPtr lsn;

		if (kind < 10)
			length = next_random(&rnd) % 30000;
		else if (number == 100)
			length = 2 * TEST_XLOG_BUFFERS * XLOG_BLCKSZ;
		lsn = insert_test_record((uint32) me, number++, length);
		bytes += length + 40;
		if (kind >= 98)
		{
			XLogFlush(lsn);
			if (XLogNeedsFlush(lsn))
				pg_atomic_fetch_add_u32(&shared->errors, 1);
		}
		else if (kind == 97)
			(void) XLogBackgroundFlush();
	}
	shared->inserted[me] = number;
	XLogFlush(XactLastRecEnd);
}

/*
 * Several processes insert into a log with few buffers, over several segments:
 * all records are there, each writer's in its order, and pg_waldump agrees.
 */
static void
test_inserters(void)
{
	XLogRecPtr start = next_start();
	XLogReaderState *reader;
	uint32 next[NCHILDREN] = {0};
	int bad = 0;
	int total = 0;
	char *errormsg;

	run_children(NCHILDREN, insert_many);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);

	reader = open_reader(start);
	while (XLogReadRecord(reader, &errormsg) != NULL)
	{
		TestHead head;

		total++;
		if (!is_test_record(reader) || !test_record_sound(reader, &head) ||
		    head.writer >= NCHILDREN || head.number != next[head.writer]++)
			bad++;
	}
	CU_ASSERT_EQUAL(bad, 0);
	for (int i = 0; i < NCHILDREN; i++)
		CU_ASSERT_EQUAL(next[i], shared->inserted[i]);
	CU_ASSERT(reader->EndRecPtr / wal_segment_size - start / wal_segment_size >=
	          2);
	CU_ASSERT_EQUAL(count_waldump(start, reader->EndRecPtr), total);
	XLogReaderFree(reader);
}

/* Records that begin with every possible rest of a page before them. */
static void
insert_at_page_ends(int me)
{
	uint32 number = 0;

	for (uint32 rest = 8; rest <= 96; rest += 8)
		for (uint32 extra = 0; extra <= 16; extra += 8)
		{
			XLogRecPtr pos = XLogNextRecordStart();
			uint32 free_bytes = XLOG_BLCKSZ - pos % XLOG_BLCKSZ;

			/* a filler that leaves rest bytes; 39: headers, TestHead */
			if (free_bytes < rest + 1000)
			{
				insert_test_record(0, number++, 2000);
				pos = XLogNextRecordStart();
				free_bytes = XLOG_BLCKSZ - pos % XLOG_BLCKSZ;
			}
			insert_test_record(0, number++,
			                   free_bytes - rest - SizeOfXLogRecord -
			                       SizeOfXLogRecordDataHeaderLong -
			                       sizeof(TestHead) - 3);
			if (XLOG_BLCKSZ - XLogNextRecordStart() % XLOG_BLCKSZ != rest)
				pg_atomic_fetch_add_u32(&shared->errors, 1);
			insert_test_record(0, number++, extra);
			XLogFlush(XactLastRecEnd);
		}
	shared->inserted[0] = number;
}

static void
test_page_ends(void)
{
	XLogRecPtr start = next_start();
	XLogReaderState *reader;
	uint32 number = 0;
	char *errormsg;

	run_children(1, insert_at_page_ends);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	reader = open_reader(start);
	while (XLogReadRecord(reader, &errormsg) != NULL)
	{
		TestHead head;

		CU_ASSERT(test_record_sound(reader, &head));
		CU_ASSERT_EQUAL(head.number, number);
		number++;
	}
	CU_ASSERT_EQUAL(number, shared->inserted[0]);
	CU_ASSERT_EQUAL(count_waldump(start, reader->EndRecPtr), (int) number);
	XLogReaderFree(reader);
}

/* ---- switch ---- */

static void
switch_segment(int me)
{
	shared->lsn[0] = insert_test_record(0, 0, 100);
	shared->lsn[1] = RequestXLogSwitch(false);
	shared->lsn[2] = XLogNextRecordStart();
	shared->lsn[3] = RequestXLogSwitch(false); /* nothing to do */
	shared->lsn[4] = XLogNextRecordStart();
	insert_test_record(0, 1, 100);
	XLogFlush(XactLastRecEnd);
}

/* The rest of the segment is nothing, and readers know. */
static void
test_switch(void)
{
	XLogRecPtr start = next_start();
	XLogReaderState *reader;
	char *errormsg;
	TestHead head;

	run_children(1, switch_segment);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_EQUAL(shared->lsn[2] % wal_segment_size, SizeOfXLogLongPHD);
	CU_ASSERT_EQUAL(shared->lsn[4], shared->lsn[2]);
	reader = open_reader(start);
	CU_ASSERT_PTR_NOT_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT(test_record_sound(reader, &head) && head.number == 0);
	CU_ASSERT_PTR_NOT_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_EQUAL(XLogRecGetInfo(reader), XLOG_SWITCH);
	CU_ASSERT_EQUAL(reader->EndRecPtr % wal_segment_size, 0);
	CU_ASSERT_PTR_NOT_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_EQUAL(reader->ReadRecPtr, shared->lsn[2]);
	CU_ASSERT(test_record_sound(reader, &head) && head.number == 1);
	CU_ASSERT_PTR_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_EQUAL(count_waldump(start, reader->EndRecPtr), 3);
	compare_descriptions(start, reader->EndRecPtr);
	XLogReaderFree(reader);
}

/* ---- images ---- */

static PGAlignedBlock image_page;

static void
make_image_page(void)
{
	Page page = image_page.data;
	char item[400];

	PageInit(page, BLCKSZ, 16);
	for (int i = 0; i < 8; i++)
	{
		memset(item, 'a' + i, sizeof(item));
		(void) PageAddItem(page, item, sizeof(item), InvalidOffsetNumber, false,
		                   false);
	}
	/* what lies in the hole is not logged */
	memset(page + ((PageHeader) page)->pd_lower, 0x55,
	       ((PageHeader) page)->pd_upper - ((PageHeader) page)->pd_lower);
}

static XLogRecPtr
log_image_page(uint8 flags)
{
	RelFileNode rnode = {1663, 5, 20000};

	XLogBeginInsert();
	XLogRegisterBlock(0, &rnode, MAIN_FORKNUM, 7, image_page.data, flags);
	XLogRegisterBufData(0, "block data", 10);
	XLogRegisterData("main", 4);
	return XLogInsert(RM_XLOG_ID, XLOG_NOOP);
}

static void
insert_images(int me)
{
	Page page = image_page.data;
	XLogRecPtr redo;

	make_image_page();
	PageSetLSN(page, InvalidXLogRecPtr);
	/* 0: older than the redo pointer: an image with a hole */
	shared->lsn[0] = log_image_page(REGBUF_STANDARD);
	PageSetLSN(page, shared->lsn[0]);
	/* 1: newer: no image, the data stays */
	shared->lsn[1] = log_image_page(REGBUF_STANDARD);
	PageSetLSN(page, shared->lsn[1]);
	/* 2: a checkpoint that this process has not heard of */
	WALInsertLockAcquireExclusive();
	redo = RedoRecPtr;
	SetRedoRecPtr(XLogNextRecordStart());
	WALInsertLockRelease();
	RedoRecPtr = redo;
	shared->lsn[2] = log_image_page(REGBUF_STANDARD);
	PageSetLSN(page, shared->lsn[2]);
	/* 3: forced, of a page without the standard layout */
	shared->lsn[3] = log_image_page(REGBUF_FORCE_IMAGE);
	/* 4: compressed */
	wal_compression = WAL_COMPRESSION_LZ4;
	shared->lsn[4] = log_image_page(REGBUF_FORCE_IMAGE | REGBUF_STANDARD);
	/* 5: compressed, no hole, data kept */
	shared->lsn[5] = log_image_page(REGBUF_FORCE_IMAGE | REGBUF_KEEP_DATA);
	/* 6: compressed the other way */
	wal_compression = WAL_COMPRESSION_PGLZ;
	shared->lsn[6] = log_image_page(REGBUF_FORCE_IMAGE | REGBUF_STANDARD);
	/* 7: made anew by replay: never an image */
	PageSetLSN(page, InvalidXLogRecPtr);
	shared->lsn[7] = log_image_page(REGBUF_WILL_INIT);
	XLogFlush(XactLastRecEnd);
}

/* When a record carries a page, and that it is the page. */
static void
test_images(void)
{
	static const struct
	{
		bool image;
		bool data;
		bool hole;
	} expected[] = {
		{true, false, true},  {false, true, false}, {true, false, true},
		{true, false, false}, {true, false, true},  {true, true, false},
		{true, false, true},  {false, true, false},
	};
	XLogRecPtr start = next_start();
	XLogReaderState *reader;
	char *errormsg;

	run_children(1, insert_images);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	make_image_page();
	reader = open_reader(start);
	for (int i = 0; i < lengthof(expected); i++)
	{
		DecodedBkpBlock *block;
		PGAlignedBlock restored;
		Page page = image_page.data;
		uint16 lower = ((PageHeader) page)->pd_lower;
		uint16 upper = ((PageHeader) page)->pd_upper;
		Size len;
		char *data;

		CU_ASSERT_PTR_NOT_NULL_FATAL(XLogReadRecord(reader, &errormsg));
		CU_ASSERT_FATAL(XLogRecHasBlockRef(reader, 0));
		CU_ASSERT_EQUAL(reader->EndRecPtr, shared->lsn[i]);
		block = XLogRecGetBlock(reader, 0);
		CU_ASSERT_EQUAL(block->blkno, 7);
		CU_ASSERT_EQUAL(block->rnode.relNode, 20000);
		CU_ASSERT_EQUAL(block->has_image, expected[i].image);
		CU_ASSERT_EQUAL(block->has_data, expected[i].data);
		CU_ASSERT_EQUAL(XLogRecGetDataLen(reader), 4);
		CU_ASSERT_EQUAL(memcmp(XLogRecGetData(reader), "main", 4), 0);
		data = XLogRecGetBlockData(reader, 0, &len);
		if (expected[i].data)
			CU_ASSERT(len == 10 && memcmp(data, "block data", 10) == 0);
		if (!expected[i].image)
			continue;
		CU_ASSERT_EQUAL((block->bimg_info & BKPIMAGE_HAS_HOLE) != 0,
		                expected[i].hole);
		CU_ASSERT_EQUAL(BKPIMAGE_COMPRESSED(block->bimg_info),
		                i >= 4 && i <= 6);
		CU_ASSERT(RestoreBlockImage(reader, 0, restored.data));
		/* all but the LSN and, with a hole, what was in it */
		CU_ASSERT_EQUAL(memcmp(restored.data + 8, page + 8, lower - 8), 0);
		CU_ASSERT_EQUAL(
			memcmp(restored.data + upper, page + upper, BLCKSZ - upper), 0);
		CU_ASSERT_EQUAL(restored.data[lower], expected[i].hole ? 0 : 0x55);
	}
	CU_ASSERT_PTR_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_EQUAL(count_waldump(start, reader->EndRecPtr),
	                (int) lengthof(expected));
	compare_descriptions(start, reader->EndRecPtr);
	XLogReaderFree(reader);
}

/* ---- pglz ---- */

/*
 * What is compressed comes back, whole and in its first bytes, whatever the
 * kind of data; damaged input is refused or harmless, never written beyond.
 */
static void
test_pglz(void)
{
	static char raw[60000];
	static char packed[PGLZ_MAX_OUTPUT(60000)];
	static char back[60000 + 1];
	uint32 rnd = 42;
	int compressed = 0;

	for (int round = 0; round < 300; round++)
	{
		int32 len = (int32) (next_random(&rnd) % sizeof(raw)) + 1;
		uint32 alphabet = 1 + next_random(&rnd) % 200;
		uint32 run = 1 + next_random(&rnd) % 50;
		int32 packed_len;
		int32 part;
		int32 needed;

		for (int32 i = 0; i < len;)
		{
			char c = (char) (next_random(&rnd) % alphabet);

			for (uint32 n = next_random(&rnd) % run + 1; n > 0 && i < len; n--)
				raw[i++] = c;
		}
		packed_len = pglz_compress(raw, len, packed, PGLZ_strategy_always);
		if (packed_len < 0)
			continue;
		compressed++;
		CU_ASSERT(packed_len < len);
		CU_ASSERT_EQUAL(pglz_decompress(packed, packed_len, back, len, true),
		                len);
		CU_ASSERT_EQUAL(memcmp(raw, back, len), 0);
		part = (int32) (next_random(&rnd) % (uint32) len);
		needed = pglz_maximum_compressed_size(part, packed_len);
		CU_ASSERT_EQUAL(pglz_decompress(packed, needed, back, part, false),
		                part);
		CU_ASSERT_EQUAL(memcmp(raw, back, part), 0);

		packed[next_random(&rnd) % (uint32) packed_len] ^= 0x21;
		back[len] = 'x';
		(void) pglz_decompress(packed, packed_len, back, len, true);
		CU_ASSERT_EQUAL(back[len], 'x');
	}
	CU_ASSERT(compressed > 200);
	/* what does not get smaller by a quarter is left alone by default */
	for (int i = 0; i < 8000; i++)
		raw[i] = (char) next_random(&rnd);
	CU_ASSERT_EQUAL(pglz_compress(raw, 8000, packed, NULL), -1);
	memset(raw, 'a', 8000);
	CU_ASSERT(pglz_compress(raw, 8000, packed, NULL) < 120);
	CU_ASSERT_EQUAL(pglz_compress(raw, 31, packed, NULL), -1);
}

/* ---- flush ---- */

/* A commit's work: a record, and it is on disk. */
static void
flush_each(int me)
{
	for (uint32 i = 0; i < 200; i++)
	{
		XLogRecPtr lsn = insert_test_record((uint32) me, i, 30);

		XLogFlush(lsn);
		if (XLogNeedsFlush(lsn) || GetFlushRecPtr(NULL) < lsn ||
		    GetXLogWriteRecPtr() < lsn)
			pg_atomic_fetch_add_u32(&shared->errors, 1);
	}
	shared->inserted[me] = 200;
}

/* All commits of all processes are in the files when each has been told so. */
static void
test_flush(void)
{
	static const int methods[] = {SYNC_METHOD_FDATASYNC, SYNC_METHOD_FSYNC,
	                              SYNC_METHOD_OPEN_DSYNC};

	for (int m = 0; m < lengthof(methods); m++)
	{
		XLogRecPtr start = next_start();
		XLogReaderState *reader;
		char *errormsg;
		int n = 0;

		sync_method = methods[m];
		CommitDelay = m == 0 ? 100 : 0;
		run_children(NCHILDREN, flush_each);
		CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
		reader = open_reader(start);
		while (XLogReadRecord(reader, &errormsg) != NULL)
			n++;
		CU_ASSERT_EQUAL(n, NCHILDREN * 200);
		XLogReaderFree(reader);
	}
	sync_method = DEFAULT_SYNC_METHOD;
	CommitDelay = 0;
}

static void
fail_write(int me)
{
	struct rlimit none = {0, 0};

	if (freopen("/dev/null", "w", stderr) == NULL)
		return;
	setrlimit(RLIMIT_CORE, &none);
	InjectionPointAttach(shared->inserted[0] ? "wal-fsync" : "wal-write",
	                     "error");
	insert_test_record(0, 0, 10);
	XLogFlush(XactLastRecEnd);
}

/*
 * A failed write, or sync, of the log is the end of the process and so of all:
 * what is on disk is unknown.  (Shared memory is as the dead left it: this test
 * is the last.)
 */
static void
test_failure_is_panic(void)
{
	pid_t pid;
	int status;

	(void) next_start();
	fflush(stdout);
	pid = unit_start_backend(0, fail_write);
	waitpid(pid, &status, 0);
	CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* ---- the end of the log ---- */

static void
insert_three(int me)
{
	for (uint32 i = 0; i < 3; i++)
	{
		shared->lsn[i] = XLogNextRecordStart();
		shared->end = insert_test_record(0, i, i == 2 ? 20000 : 50);
	}
	XLogFlush(XactLastRecEnd);
}

static void
scribble(XLogRecPtr where, const char *bytes, int len)
{
	char path[MAXPGPATH];
	int fd;

	XLogFilePath(path, 1, where / wal_segment_size, wal_segment_size);
	fd = open(path, O_RDWR);
	if (fd < 0 || pwrite(fd, bytes, len, where % wal_segment_size) != len)
		abort();
	close(fd);
}

static void
insert_behind_broken(int me)
{
	xl_overwrite_contrecord xlrec = {shared->lsn[2], 0};

	XLogBeginInsertionAt(shared->start, shared->lsn[1], 1, NULL);
	XLogMarkOverwriteContrecord(shared->start);
	XLogBeginInsert();
	XLogRegisterData((char *) &xlrec, sizeof(xlrec));
	XLogInsert(RM_XLOG_ID, XLOG_OVERWRITE_CONTRECORD);
	insert_test_record(0, 9, 50);
	XLogFlush(XactLastRecEnd);
}

/*
 * A record whose continuation did not get to disk: the log ends before it.  The
 * writer goes on at the missing page and says so there, and a reader that comes
 * along steps over the broken record.
 */
static void
test_broken_record(void)
{
	XLogRecPtr start = next_start();
	static char zeros[2 * XLOG_BLCKSZ];
	XLogReaderState *reader;
	char *errormsg;
	TestHead head;
	XLogRecPtr missing;

	run_children(1, insert_three);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	missing = shared->lsn[2] - shared->lsn[2] % XLOG_BLCKSZ + XLOG_BLCKSZ;
	CU_ASSERT_FATAL(missing % wal_segment_size != 0);
	scribble(missing, zeros, XLOG_BLCKSZ);

	reader = open_reader(start);
	CU_ASSERT_PTR_NOT_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_PTR_NOT_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_PTR_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_PTR_NOT_NULL(errormsg);
	CU_ASSERT_EQUAL(reader->abortedRecPtr, shared->lsn[2]);
	CU_ASSERT_EQUAL(reader->missingContrecPtr, missing);
	CU_ASSERT_EQUAL(reader->ReadRecPtr, shared->lsn[1]);
	XLogReaderFree(reader);

	shared->start = missing;
	run_children(1, insert_behind_broken);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	reader = open_reader(start);
	CU_ASSERT_PTR_NOT_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_PTR_NOT_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_PTR_NOT_NULL_FATAL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_EQUAL(XLogRecGetInfo(reader), XLOG_OVERWRITE_CONTRECORD);
	CU_ASSERT_EQUAL(reader->overwrittenRecPtr, shared->lsn[2]);
	CU_ASSERT_EQUAL(XLogRecGetPrev(reader), shared->lsn[1]);
	CU_ASSERT_PTR_NOT_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT(test_record_sound(reader, &head) && head.number == 9);
	CU_ASSERT_EQUAL(count_waldump(start, reader->EndRecPtr), 4);
	compare_descriptions(start, reader->EndRecPtr);
	XLogReaderFree(reader);
}

/* One bit wrong, and the log ends before that record. */
static void
test_damaged_record(void)
{
	XLogRecPtr start = next_start();
	XLogReaderState *reader;
	char *errormsg;

	run_children(1, insert_three);
	scribble(shared->lsn[1] + 40, "\xFF", 1);
	reader = open_reader(start);
	CU_ASSERT_PTR_NOT_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_PTR_NULL(XLogReadRecord(reader, &errormsg));
	CU_ASSERT_PTR_NOT_NULL_FATAL(errormsg);
	CU_ASSERT_PTR_NOT_NULL(strstr(errormsg, "checksum"));
	/* from the middle: the next sound one is found */
	CU_ASSERT_EQUAL(XLogFindNextRecord(reader, shared->lsn[0]), shared->lsn[0]);
	XLogReaderFree(reader);
}

/* ---- segments ---- */

static int
count_segments(XLogSegNo *first, XLogSegNo *last)
{
	DIR *dir = opendir(XLOGDIR);
	struct dirent *de;
	int n = 0;

	*first = UINT64_MAX;
	*last = 0;
	while ((de = readdir(dir)) != NULL)
	{
		TimeLineID tli;
		XLogSegNo segno;

		if (!IsXLogFileName(de->d_name))
			continue;
		XLogFromFileName(de->d_name, &tli, &segno, wal_segment_size);
		*first = Min(*first, segno);
		*last = Max(*last, segno);
		n++;
	}
	closedir(dir);
	return n;
}

static void
recycle_segments(int me)
{
	XLogRecPtr end = GetXLogInsertRecPtr();
	XLogSegNo current = XLogSegmentOf(end);

	shared->start = XLogNextRecordStart();
	min_wal_size_mb = 3 * wal_segment_size / (1024 * 1024);
	RemoveOldXlogFiles(current - 1, end, end, 1);
	if (XLogGetLastRemovedSegno() != current - 1)
		pg_atomic_fetch_add_u32(&shared->errors, 1);
	shared->lsn[0] = current;

	/* over the border into a recycled one, with its old pages */
	RequestXLogSwitch(false);
	insert_test_record(1, 0, 60000);
	XLogFlush(XactLastRecEnd);
}

/* Old segments get the names of future ones, and their old pages do no harm. */
static void
test_recycling(void)
{
	XLogRecPtr start = next_start();
	XLogSegNo first;
	XLogSegNo last;
	XLogReaderState *reader;
	char *errormsg;
	int n = 0;

	CU_ASSERT_FATAL(count_segments(&first, &last) >= 3);
	run_children(1, recycle_segments);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	n = count_segments(&first, &last);
	CU_ASSERT_EQUAL(first, shared->lsn[0]);
	CU_ASSERT_EQUAL(last, shared->lsn[0] + 2);
	CU_ASSERT_EQUAL(n, 3);

	n = 0;
	reader = open_reader(start);
	while (XLogReadRecord(reader, &errormsg) != NULL)
		n++;
	CU_ASSERT_EQUAL(n, 2);
	run_children(1, record_end);
	CU_ASSERT_EQUAL(reader->EndRecPtr, shared->end);
	XLogReaderFree(reader);
}

/* ---- main ---- */

static void
bootstrap(int me)
{
	BootStrapXLOG(true);
	BootStrapCLOG();
	StartupXLOG();
}

int
main(int argc, char **argv)
{

	alarm(WATCHDOG_SECONDS);
	unit_enter_cluster(testdir);
	unit_init_cluster(64, 2 * NCHILDREN);
	XLOGbuffers = TEST_XLOG_BUFFERS;
	unit_make_cluster_memory();
	shared = unit_share(sizeof(*shared));
	payload = malloc(MAX_PAYLOAD);
	run_children(1, bootstrap);
	ReadControlFile();

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	{
		CU_pSuite suite = CU_add_suite("wal", NULL, NULL);

		CU_add_test(suite, "positions", test_positions);
		CU_add_test(suite, "pglz", test_pglz);
		CU_add_test(suite, "inserters", test_inserters);
		CU_add_test(suite, "page ends", test_page_ends);
		CU_add_test(suite, "switch", test_switch);
		CU_add_test(suite, "images", test_images);
		CU_add_test(suite, "flush", test_flush);
		CU_add_test(suite, "recycling", test_recycling);
		CU_add_test(suite, "broken record", test_broken_record);
		CU_add_test(suite, "damaged record", test_damaged_record);
		CU_add_test(suite, "failure is panic", test_failure_is_panic);
	}
	return unit_run_in_cluster(testdir);
}
