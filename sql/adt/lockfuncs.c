/*
 * lockfuncs.c
 *		SQL functions about locks.
 *
 * Corresponds to PostgreSQL's utils/adt/lockfuncs.c, which reads the order of
 * a lock's waiters from its queue; here it is told by when they began to wait.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "storage/lock.h"
#include "utils/array.h"

/* Does other keep the waiter from its lock, by holding or by waiting first? */
static bool
blocks(const LockInstanceData *waiter, const LockInstanceData *other)
{
	if (other->leaderPid == waiter->leaderPid ||
	    memcmp(&other->locktag, &waiter->locktag, sizeof(LOCKTAG)) != 0)
		return false;
	for (LOCKMODE mode = 1; mode <= MaxLockMode; mode++)
	{
		if ((other->holdMask & LOCKBIT_ON(mode)) != 0 &&
		    DoLockModesConflict(mode, waiter->waitLockMode))
			return true;
	}
	return other->waitLockMode != NoLock && other->waitStart != 0 &&
	       (waiter->waitStart == 0 || other->waitStart < waiter->waitStart) &&
	       DoLockModesConflict(other->waitLockMode, waiter->waitLockMode);
}

/* The sessions that a session waits for, at one moment. */
Datum
pg_blocking_pids(PG_FUNCTION_ARGS)
{
	int pid = PG_GETARG_INT32(0);
	LockData *data = GetLockStatusData();
	Datum *pids = palloc_array(Datum, Max(data->nelements, 1));
	int n = 0;

	for (int i = 0; i < data->nelements; i++)
	{
		const LockInstanceData *waiter = &data->locks[i];

		/* a parallel worker waits for its leader's sake */
		if (waiter->leaderPid != pid || waiter->waitLockMode == NoLock)
			continue;
		for (int j = 0; j < data->nelements && n < data->nelements; j++)
		{
			if (blocks(waiter, &data->locks[j]))
				pids[n++] = Int32GetDatum(data->locks[j].leaderPid);
		}
	}
	PG_RETURN_ARRAYTYPE_P(
		construct_array(pids, n, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}
