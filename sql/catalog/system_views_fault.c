/*
 * system_views_fault.c
 *		The views injection_points, what a test can arm and what is armed, and
 *		injection_point_passages, who passed what while that was recorded.
 *
 * Every point of the program has a row in the first, with the place of the
 * first of its sites; waiting are the processes that wait there.  The second
 * has a row for each point and role that passed it since
 * injection_points_record(true).
 *
 * PostgreSQL 19's view of injection points names those that are attached.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "catalog/view_row.h"
#include "utils/array.h"
#include "utils/injection_action.h"

static const SystemViewColumn points_columns[] = {
	{"name", TEXTOID},    {"class", TEXTOID},        {"subsystem", TEXTOID},
	{"file", TEXTOID},    {"line", INT4OID},         {"sites", INT4OID},
	{"allowed", TEXTOID}, {"hits", INT8OID},         {"fired", INT8OID},
	{"action", TEXTOID},  {"waiting", INT4ARRAYOID},
};

static Datum
pid_array(const InjectionPointStatus *status)
{
	Datum pids[INJ_MAX_WAITS];

	for (int i = 0; i < status->nwaiting; i++)
		pids[i] = Int32GetDatum(status->waiting[i]);
	return PointerGetDatum(construct_array(pids, status->nwaiting, INT4OID,
	                                       sizeof(int32), true, TYPALIGN_INT));
}

static void
fill_points(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};

	for (int i = 0; i < InjectionPointCount(); i++)
	{
		const InjectionPointInfo *info = InjectionPointGet(i);
		InjectionPointStatus status;

		InjectionPointGetStatus(i, &status);
		put_text(&row, info->name);
		put_text(&row, InjectionClassName(info->class));
		put_text(&row, psprintf("%.*s", info->subsystem_len, info->name));
		put_text(&row, info->sites[0]->file);
		put_int4(&row, info->sites[0]->line);
		put_int4(&row, info->nsites);
		put_text(&row, InjectionAllowedVerbs(info));
		put_int8(&row, (int64) status.hits);
		put_int8(&row, (int64) status.fired);
		put_text(&row, status.armed ? status.action : NULL);
		if (status.nwaiting > 0)
			put_datum(&row, pid_array(&status));
		else
			put_null(&row);
		finish_row(&row);
	}
}

static const SystemViewColumn passages_columns[] = {
	{"name", TEXTOID},
	{"role", TEXTOID},
	{"passages", INT8OID},
	{"in_critical_section", INT8OID},
};

static void
fill_passages(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};

	for (int i = 0; i < InjectionPointCount(); i++)
		for (int slot = 0; slot < INJ_RECORD_SLOTS; slot++)
		{
			uint64 passages;
			uint64 in_critical;

			InjectionPointPassages(i, slot, &passages, &in_critical);
			if (passages == 0)
				continue;
			put_text(&row, InjectionPointGet(i)->name);
			put_text(&row, InjectionSlotName(slot));
			put_int8(&row, (int64) passages);
			put_int8(&row, (int64) in_critical);
			finish_row(&row);
		}
}

const SystemView fault_views[] = {
	VIEW(12950, "injection_points", points_columns, fill_points),
	VIEW(12951, "injection_point_passages", passages_columns, fill_passages),
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};
