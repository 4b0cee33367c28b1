/*
 * rmgr.c
 *		The table of resource managers: who replays a record.
 *
 * The position in the table is the number in the record, PostgreSQL's.  Those
 * that Tusk has no use for keep their place without a redo routine: a record of
 * theirs cannot be replayed.
 *
 * Corresponds to PostgreSQL's rmgr.c.
 */
#include "postgres.h"

#include "access/clog.h"
#include "access/generic_xlog.h"
#include "access/heapam_xlog.h"
#include "access/rmgr.h"
#include "access/xact.h"
#include "access/xlog_internal.h"
#include "catalog/storage_xlog.h"
#include "storage/standbydefs.h"

#define PG_RMGR(symname, name, redo, desc, identify, startup, cleanup, mask) \
	[symname] = {.rm_name = (name),                                          \
	             .rm_redo = (redo),                                          \
	             .rm_desc = (desc),                                          \
	             .rm_identify = (identify),                                  \
	             .rm_startup = (startup),                                    \
	             .rm_cleanup = (cleanup),                                    \
	             .rm_mask = (mask)},

const RmgrData RmgrTable[RM_N_IDS] = {
#include "access/rmgrlist.h"
};

void
RmgrStartup(void)
{
	for (int rmid = 0; rmid <= RM_MAX_BUILTIN_ID; rmid++)
		if (RmgrTable[rmid].rm_startup != NULL)
			RmgrTable[rmid].rm_startup();
}

void
RmgrCleanup(void)
{
	for (int rmid = 0; rmid <= RM_MAX_BUILTIN_ID; rmid++)
		if (RmgrTable[rmid].rm_cleanup != NULL)
			RmgrTable[rmid].rm_cleanup();
}

void
RmgrNotFound(RmgrId rmid)
{
	ereport(PANIC, (errcode(ERRCODE_DATA_CORRUPTED),
	                errmsg("resource manager with ID %d not registered", rmid),
	                errdetail("A record of the write-ahead log was written by "
	                          "something else than this server.")));
}
