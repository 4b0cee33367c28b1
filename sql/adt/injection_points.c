/*
 * injection_points.c
 *		Injection points from SQL, for tests.
 *
 * injection_points_attach(name, action) arms a point in every process; the
 * actions and their options are those of utils/injection_point.h.
 *
 * Corresponds to PostgreSQL's test module injection_points, of version 17.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"

/* Nobody passes these but injection_points_run: to try actions with. */
INJECTION_SITE(try_normal, "try-normal", INJ_NORMAL, 0);
INJECTION_SITE(try_other, "try-other", INJ_NORMAL, 0);
INJECTION_SITE(try_critical, "try-critical", INJ_CRITICAL, 0);
INJECTION_SITE(try_nothrow, "try-no-throw", INJ_NOTHROW, 0);
INJECTION_SITE(try_call, "try-call", INJ_NOTHROW,
               INJ_TAKES_ERRNO | INJ_TAKES_WRITE);

static void
require_superuser(void)
{
	if (!superuser())
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("must be superuser to use injection points")));
}

Datum
injection_points_attach(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char *action = text_to_cstring(PG_GETARG_TEXT_PP(1));

	require_superuser();
	InjectionPointAttach(name, action);
	PG_RETURN_VOID();
}

Datum
injection_points_detach(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));

	require_superuser();
	if (!InjectionPointDetach(name))
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_OBJECT),
		         errmsg("could not detach injection point \"%s\"", name)));
	PG_RETURN_VOID();
}

Datum
injection_points_wakeup(PG_FUNCTION_ARGS)
{
	require_superuser();
	InjectionPointWakeup(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_VOID();
}

/* Pass the point, as the code that it stands in would. */
Datum
injection_points_run(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));

	require_superuser();
	InjectionPointRun(name);
	PG_RETURN_VOID();
}

/* One process of those that wait there. */
Datum
injection_points_wakeup_pid(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));

	require_superuser();
	InjectionPointWakeupPid(name, PG_GETARG_INT32(1));
	PG_RETURN_VOID();
}

Datum
injection_points_set_local(PG_FUNCTION_ARGS)
{
	require_superuser();
	InjectionPointSetLocal();
	PG_RETURN_VOID();
}

/* Count who passes what, from 0; injection_point_passages has it. */
Datum
injection_points_record(PG_FUNCTION_ARGS)
{
	require_superuser();
	InjectionPointRecord(PG_GETARG_BOOL(0));
	PG_RETURN_VOID();
}

/* How often it was passed since it was armed. */
Datum
injection_points_hits(PG_FUNCTION_ARGS)
{
	uint64 hits;

	require_superuser();
	hits = InjectionPointHits(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_INT64((int64) hits);
}
