/*
 * system_views_direct.c
 *		The view tusk_direct_searches: sessions whose clients can search by
 *		themselves, and the search that runs.
 *
 * A row per session that has a slot in the public segment (storage/direct.h).
 * The slots are read without a lock while their backends write them: a row may
 * tell of two moments.  PostgreSQL has no such view.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "catalog/view_row.h"
#include "libpq/attach.h"
#include "storage/direct.h"

static const SystemViewColumn direct_columns[] = {
	{"pid", INT4OID},
	{"search", INT8OID},          /* null: none runs now */
	{"relid", OIDOID},            /* of that or the last one */
	{"indexrelid", OIDOID},       /* the same */
	{"started", TIMESTAMPTZOID},  /* the same */
	{"in_block", BOOLOID},        /* does it hold a transaction block's locks */
	{"searches", INT8OID},        /* of this session */
	{"ended_by_server", INT8OID}, /* of those: by force, not just expired */
	{"last_end", TEXTOID},
};

static const char *
OutcomeName(uint32 outcome)
{
	switch ((DirectOutcome) outcome)
	{
		case DIRECT_ENDED:
			return "client";
		case DIRECT_CONFLICT:
			return "conflict";
		case DIRECT_TIMED_OUT:
			return "reader_timeout";
		case DIRECT_CANCELED:
			return "cancel";
		case DIRECT_NOT_RUNNING:
			return "transaction";
		case DIRECT_EXPIRED:
			return "expired";
	}
	return NULL;
}

static void
fill_direct(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};
	DirectSlot slot;

	for (int i = 0; DirectReadSlot(i, &slot); i++)
	{
		uint64 search = pg_atomic_read_u64(&slot.search);

		if (slot.pid == 0)
			continue;
		put_int4(&row, (int32) slot.pid);
		if (search != DIRECT_NO_SEARCH)
			put_int8(&row, (int64) search);
		else
			put_null(&row);
		put_oid(&row, slot.table);
		put_oid(&row, slot.index);
		put_timestamp(&row, slot.started);
		put_bool(&row, slot.in_block != 0);
		put_int8(&row, (int64) slot.begun);
		put_int8(&row, (int64) slot.ended);
		/* the first may not have ended yet */
		put_text(&row, slot.begun > (search != DIRECT_NO_SEARCH)
		                   ? OutcomeName(slot.outcome)
		                   : NULL);
		finish_row(&row);
	}
}

const SystemView direct_views[] = {
	VIEW(12960, "tusk_direct_searches", direct_columns, fill_direct),
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};
