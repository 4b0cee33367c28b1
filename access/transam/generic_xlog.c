/*
 * generic_xlog.c
 *		Changing pages on private copies that are applied and logged at once.
 *
 * 1.	Until Finish the pages are as they were: Abort, or an ERROR, costs
 *		nothing.
 * 2.	Finish copies back in a critical section; the hole between pd_lower and
 *		pd_upper comes back as zeros, since a record does not hold it.
 * 3.	The caller holds the exclusive locks from before RegisterBuffer until
 *		after Finish.
 * 4.	One record covers all pages of a change: after a crash all or none of
 *		them has it.
 *
 * A page is logged as an image or as a delta: fragments {offset, length, bytes}
 * of what changed, made for the part below pd_lower and the part from pd_upper
 * on by themselves.  What lies outside of the old page's bounds counts as
 * changed.  Two runs with fewer than five equal bytes between them are one.
 *
 * Corresponds to PostgreSQL's generic_xlog.c.
 */
#include "postgres.h"

#include "access/generic_xlog.h"
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "access/xlogutils.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/injection_point.h"

#define FRAGMENT_HEADER_SIZE (2 * (int) sizeof(OffsetNumber))
/* Equal bytes that are worth a new fragment. */
#define MATCH_THRESHOLD FRAGMENT_HEADER_SIZE
/* Two parts, each of which may need a header beyond its bytes. */
#define MAX_DELTA_SIZE (BLCKSZ + 2 * FRAGMENT_HEADER_SIZE)

typedef struct PageData
{
	Buffer buffer;
	int flags;
	int deltaLen;
	char *image; /* BLCKSZ, a copy of the page */
	char *delta; /* MAX_DELTA_SIZE */
} PageData;

struct GenericXLogState
{
	bool isLogged;
	int npages;
	PageData pages[MAX_GENERIC_XLOG_PAGES];
};

GenericXLogState *
GenericXLogStart(Relation relation)
{
	GenericXLogState *state = palloc0_object(GenericXLogState);

	state->isLogged = RelationNeedsWAL(relation);
	return state;
}

Page
GenericXLogRegisterBuffer(GenericXLogState *state, Buffer buffer, int flags)
{
	PageData *page;

	for (int i = 0; i < state->npages; i++)
		if (state->pages[i].buffer == buffer)
		{
			state->pages[i].flags |= flags;
			return (Page) state->pages[i].image;
		}
	if (state->npages >= MAX_GENERIC_XLOG_PAGES)
		elog(ERROR, "maximum number %d of generic xlog buffers is exceeded",
		     MAX_GENERIC_XLOG_PAGES);
	Assert(BufferIsExclusiveLocked(buffer));
	page = &state->pages[state->npages];
	page->image = palloc(BLCKSZ);
	memcpy(page->image, BufferGetPage(buffer), BLCKSZ);
	page->buffer = buffer;
	page->flags = flags;
	state->npages++;
	return (Page) page->image;
}

static void
WriteFragment(PageData *data, int offset, int length, const char *bytes)
{
	OffsetNumber header[2] = {(OffsetNumber) offset, (OffsetNumber) length};

	Assert(data->deltaLen + FRAGMENT_HEADER_SIZE + length <= MAX_DELTA_SIZE);
	memcpy(data->delta + data->deltaLen, header, FRAGMENT_HEADER_SIZE);
	data->deltaLen += FRAGMENT_HEADER_SIZE;
	memcpy(data->delta + data->deltaLen, bytes, length);
	data->deltaLen += length;
}

typedef uint64 Words __attribute__((vector_size(16), aligned(1), may_alias));

/* Where, from i on, pages begin to differ, or less than eight bytes before. */
static inline int
SkipEqual(const char *oldpage, const char *newpage, int i, int end)
{
	for (; i + 32 <= end; i += 32)
	{
		const Words *a = (const Words *) (oldpage + i);
		const Words *b = (const Words *) (newpage + i);
		Words differ = (a[0] ^ b[0]) | (a[1] ^ b[1]);

		if ((differ[0] | differ[1]) != 0)
			break;
	}
	while (i + 8 <= end && memcmp(oldpage + i, newpage + i, 8) == 0)
		i += 8;
	return i;
}

/*
 * Fragments for [start, end) of the new page; [validStart, validEnd) is what
 * the old page has of it.
 */
static void
DeltaOfRegion(PageData *data, const char *oldpage, const char *newpage,
              int start, int end, int validStart, int validEnd)
{
	int from = -1; /* a run of changes began here */
	int same = 0;  /* equal bytes since the last change */

	for (int i = start; i < end; i++)
	{
		bool equal;

		/* most of a page is as it was */
		if (from < 0 && i >= validStart)
			i = SkipEqual(oldpage, newpage, i, Min(end, validEnd));
		if (i >= end)
			break;
		equal = i >= validStart && i < validEnd && oldpage[i] == newpage[i];
		if (!equal)
		{
			if (from < 0)
				from = i;
			same = 0;
		}
		else if (from >= 0 && ++same > MATCH_THRESHOLD)
		{
			int to = i + 1 - same;

			WriteFragment(data, from, to - from, newpage + from);
			from = -1;
			same = 0;
		}
	}
	if (from >= 0)
		WriteFragment(data, from, end - same - from, newpage + from);
}

static void
ComputeDelta(PageData *data, Page oldpage, Page newpage)
{
	PageHeader old = (PageHeader) oldpage;
	PageHeader new = (PageHeader) newpage;

	data->delta = palloc(MAX_DELTA_SIZE);
	data->deltaLen = 0;
	DeltaOfRegion(data, oldpage, newpage, 0, new->pd_lower, 0, old->pd_lower);
	DeltaOfRegion(data, oldpage, newpage, new->pd_upper, BLCKSZ, old->pd_upper,
	              BLCKSZ);
}

static void
InstallImage(PageData *data)
{
	Page page = BufferGetPage(data->buffer);
	PageHeader header = (PageHeader) data->image;

	memcpy(page, data->image, header->pd_lower);
	memset(page + header->pd_lower, 0, header->pd_upper - header->pd_lower);
	memcpy(page + header->pd_upper, data->image + header->pd_upper,
	       BLCKSZ - header->pd_upper);
	MarkBufferDirty(data->buffer);
}

XLogRecPtr
GenericXLogFinish(GenericXLogState *state)
{
	XLogRecPtr lsn = InvalidXLogRecPtr;

	/* What allocates or may find an error comes before. */
	for (int i = 0; i < state->npages; i++)
	{
		PageData *data = &state->pages[i];
		PageHeader header = (PageHeader) data->image;

		Assert(BufferIsExclusiveLocked(data->buffer));
		if (header->pd_lower > header->pd_upper || header->pd_upper > BLCKSZ)
			elog(ERROR, "page of a generic change has lower %u, upper %u",
			     header->pd_lower, header->pd_upper);
		if (state->isLogged && !(data->flags & GENERIC_XLOG_FULL_IMAGE))
			ComputeDelta(data, BufferGetPage(data->buffer), (Page) header);
	}
	if (state->isLogged && state->npages > 0)
		XLogEnsureRecordSpace(state->npages - 1, 0);
	INJECTION_POINT("generic-xlog-finish");

	START_CRIT_SECTION();
	if (state->isLogged && state->npages > 0)
	{
		XLogBeginInsert();
		for (int i = 0; i < state->npages; i++)
		{
			PageData *data = &state->pages[i];

			InstallImage(data);
			if (data->flags & GENERIC_XLOG_FULL_IMAGE)
				XLogRegisterBuffer(i, data->buffer,
				                   REGBUF_FORCE_IMAGE | REGBUF_STANDARD);
			else
			{
				XLogRegisterBuffer(i, data->buffer, REGBUF_STANDARD);
				XLogRegisterBufData(i, data->delta, data->deltaLen);
			}
		}
		lsn = XLogInsert(RM_GENERIC_ID, 0);
		for (int i = 0; i < state->npages; i++)
			PageSetLSN(BufferGetPage(state->pages[i].buffer), lsn);
	}
	else
		for (int i = 0; i < state->npages; i++)
			InstallImage(&state->pages[i]);
	END_CRIT_SECTION();
	GenericXLogAbort(state);
	return lsn;
}

void
GenericXLogAbort(GenericXLogState *state)
{
	for (int i = 0; i < state->npages; i++)
	{
		pfree(state->pages[i].image);
		if (state->pages[i].delta != NULL)
			pfree(state->pages[i].delta);
	}
	pfree(state);
}

/* ---- replay ---- */

static void
ApplyDelta(Page page, const char *delta, Size length)
{
	const char *end = delta + length;
	PageHeader header = (PageHeader) page;

	while (delta < end)
	{
		OffsetNumber fragment[2];

		memcpy(fragment, delta, FRAGMENT_HEADER_SIZE);
		delta += FRAGMENT_HEADER_SIZE;
		if (fragment[0] + fragment[1] > BLCKSZ || delta + fragment[1] > end)
			elog(PANIC, "fragment of a generic record is out of its page");
		memcpy(page + fragment[0], delta, fragment[1]);
		delta += fragment[1];
	}
	/* as when it was made */
	memset(page + header->pd_lower, 0, header->pd_upper - header->pd_lower);
}

void
generic_redo(XLogReaderState *record)
{
	XLogRecPtr lsn = record->EndRecPtr;
	Buffer buffers[MAX_GENERIC_XLOG_PAGES];
	int last = XLogRecMaxBlockId(record);

	Assert(last < MAX_GENERIC_XLOG_PAGES);
	for (int i = 0; i <= last; i++)
	{
		buffers[i] = InvalidBuffer;
		if (!XLogRecHasBlockRef(record, i))
			continue;
		if (XLogReadBufferForRedo(record, i, &buffers[i]) == BLK_NEEDS_REDO)
		{
			Page page = BufferGetPage(buffers[i]);
			Size length;
			char *delta = XLogRecGetBlockData(record, i, &length);

			ApplyDelta(page, delta, length);
			PageSetLSN(page, lsn);
			MarkBufferDirty(buffers[i]);
		}
	}
	/* All are locked until the last is changed, as when it was made. */
	for (int i = 0; i <= last; i++)
		if (BufferIsValid(buffers[i]))
			UnlockReleaseBuffer(buffers[i]);
}

void
generic_desc(StringInfo buf, XLogReaderState *record)
{
	char *data = XLogRecGetData(record);
	char *end = data + XLogRecGetDataLen(record);

	while (data + FRAGMENT_HEADER_SIZE <= end)
	{
		OffsetNumber fragment[2];

		memcpy(fragment, data, FRAGMENT_HEADER_SIZE);
		data += FRAGMENT_HEADER_SIZE + fragment[1];
		appendStringInfo(buf, "offset %u, length %u%s", fragment[0],
		                 fragment[1], data < end ? "; " : "");
	}
}

const char *
generic_identify(uint8 info)
{
	return "Generic";
}
