/*
 * generic_xlog.c
 *		Changing pages on private copies that are applied all at once.
 *
 * 1.	Until Finish the pages are as they were: Abort, or an ERROR, costs
 *		nothing.
 * 2.	Finish copies back in a critical section; the hole between pd_lower and
 *		pd_upper comes back as zeros, since a log record does not hold it.
 * 3.	The caller holds the exclusive locks from before RegisterBuffer until
 *		after Finish.
 *
 * Corresponds to PostgreSQL's generic_xlog.c.
 */
#include "postgres.h"

#include "access/generic_xlog.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"

typedef struct PageData
{
	Buffer buffer;
	char *image; /* BLCKSZ, a copy of the page */
} PageData;

struct GenericXLogState
{
	int npages;
	PageData pages[MAX_GENERIC_XLOG_PAGES];
};

GenericXLogState *
GenericXLogStart(Relation relation)
{
	return palloc0_object(GenericXLogState);
}

Page
GenericXLogRegisterBuffer(GenericXLogState *state, Buffer buffer, int flags)
{
	PageData *page;
	int i;

	for (i = 0; i < state->npages; i++)
		if (state->pages[i].buffer == buffer)
			return (Page) state->pages[i].image;
	if (state->npages >= MAX_GENERIC_XLOG_PAGES)
		elog(ERROR, "maximum number %d of generic xlog buffers is exceeded",
		     MAX_GENERIC_XLOG_PAGES);
	Assert(BufferIsExclusiveLocked(buffer));
	page = &state->pages[state->npages];
	page->image = palloc(BLCKSZ);
	memcpy(page->image, BufferGetPage(buffer), BLCKSZ);
	page->buffer = buffer;
	state->npages++;
	return (Page) page->image;
}

XLogRecPtr
GenericXLogFinish(GenericXLogState *state)
{
	int i;

	START_CRIT_SECTION();
	for (i = 0; i < state->npages; i++)
	{
		PageData *data = &state->pages[i];
		Page page = BufferGetPage(data->buffer);
		PageHeader header = (PageHeader) data->image;

		Assert(BufferIsExclusiveLocked(data->buffer));
		Assert(header->pd_lower <= header->pd_upper &&
		       header->pd_upper <= BLCKSZ);
		memcpy(page, data->image, header->pd_lower);
		memset(page + header->pd_lower, 0, header->pd_upper - header->pd_lower);
		memcpy(page + header->pd_upper, data->image + header->pd_upper,
		       BLCKSZ - header->pd_upper);
		MarkBufferDirty(data->buffer);
	}
	END_CRIT_SECTION();
	GenericXLogAbort(state);
	return InvalidXLogRecPtr;
}

void
GenericXLogAbort(GenericXLogState *state)
{
	int i;

	for (i = 0; i < state->npages; i++)
		pfree(state->pages[i].image);
	pfree(state);
}
