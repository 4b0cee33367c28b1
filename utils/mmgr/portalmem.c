/*
 * portalmem.c
 *		Portals by name, and what becomes of them at a transaction's end.
 *
 * A portal owns a context below TopPortalContext (its executor's memory is a
 * child) and a resource owner below the transaction's.  Rules:
 *
 * 1.	A portal that is running (PORTAL_ACTIVE) is never dropped: whoever runs
 *		it marks it done or failed first.
 * 2.	At commit all are dropped, with an orderly end of their executors.
 * 3.	At abort their executors are not shut down, for what they hold may be in
 *		any state: the resource owners release it, the contexts free it.  The
 *		portals themselves go when the failed transaction is cleaned up.
 *
 * Corresponds to PostgreSQL's portalmem.c, without holdable cursors.
 */
#include "postgres.h"

#include "access/xact.h"
#include "commands/portalcmds.h"
#include "miscadmin.h"
#include "nodes/plannodes.h"
#include "storage/ipc.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/portal.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#define MAX_PORTALNAME_LEN NAMEDATALEN
#define PORTALS_PER_USER 16

typedef struct PortalHashEnt
{
	char portalname[MAX_PORTALNAME_LEN];
	Portal portal;
} PortalHashEnt;

static HTAB *PortalHashTable = NULL;
static MemoryContext TopPortalContext = NULL;

void
EnablePortalManager(void)
{
	HASHCTL ctl = {0};

	Assert(TopPortalContext == NULL);
	TopPortalContext = AllocSetContextCreate(
		TopMemoryContext, "TopPortalContext", ALLOCSET_DEFAULT_SIZES);
	ctl.keysize = MAX_PORTALNAME_LEN;
	ctl.entrysize = sizeof(PortalHashEnt);
	PortalHashTable = hash_create("Portal hash", PORTALS_PER_USER, &ctl,
	                              HASH_ELEM | HASH_STRINGS);
}

/* Names are cut like all identifiers; the key has a fixed size. */
static PortalHashEnt *
portal_entry(const char *name, HASHACTION action, bool *found)
{
	char key[MAX_PORTALNAME_LEN];

	memset(key, 0, sizeof(key));
	strlcpy(key, name, sizeof(key));
	return (PortalHashEnt *) hash_search(PortalHashTable, key, action, found);
}

Portal
GetPortalByName(const char *name)
{
	PortalHashEnt *entry;

	if (name == NULL)
		return NULL;
	entry = portal_entry(name, HASH_FIND, NULL);
	return entry ? entry->portal : NULL;
}

Portal
CreatePortal(const char *name, bool allowDup, bool dupSilent)
{
	Portal portal = GetPortalByName(name);
	PortalHashEnt *entry;
	bool found;

	if (portal != NULL)
	{
		if (!allowDup)
			ereport(ERROR, (errcode(ERRCODE_DUPLICATE_CURSOR),
			                errmsg("cursor \"%s\" already exists", name)));
		if (!dupSilent)
			ereport(WARNING, (errcode(ERRCODE_DUPLICATE_CURSOR),
			                  errmsg("closing existing cursor \"%s\"", name)));
		PortalDrop(portal, false);
	}

	portal =
		(Portal) MemoryContextAllocZero(TopPortalContext, sizeof(PortalData));
	portal->portalContext = AllocSetContextCreate(
		TopPortalContext, "PortalContext", ALLOCSET_SMALL_SIZES);
	portal->resowner =
		ResourceOwnerCreate(CurTransactionResourceOwner, "Portal");
	portal->cleanup = PortalCleanup;
	portal->status = PORTAL_NEW;
	portal->strategy = PORTAL_MULTI_QUERY;
	portal->cursorOptions = CURSOR_OPT_NO_SCROLL;
	portal->atStart = true;
	portal->atEnd = true; /* until there is a query */
	portal->visible = true;
	portal->creation_time = GetCurrentStatementStartTimestamp();

	entry = portal_entry(name, HASH_ENTER, &found);
	Assert(!found);
	entry->portal = portal;
	portal->name = entry->portalname;
	return portal;
}

Portal
CreateNewPortal(void)
{
	static unsigned int unnamed_portal_count = 0;
	char portalname[MAX_PORTALNAME_LEN];

	do
		snprintf(portalname, sizeof(portalname), "<unnamed portal %u>",
		         ++unnamed_portal_count);
	while (GetPortalByName(portalname) != NULL);
	return CreatePortal(portalname, false, false);
}

void
PortalDefineQuery(Portal portal, const char *prepStmtName,
                  const char *sourceText, CommandTag commandTag, List *stmts)
{
	Assert(portal->status == PORTAL_NEW);
	Assert(sourceText != NULL);
	portal->prepStmtName = prepStmtName;
	portal->sourceText = sourceText;
	portal->commandTag = commandTag;
	SetQueryCompletion(&portal->qc, commandTag, 0);
	portal->stmts = stmts;
	portal->status = PORTAL_DEFINED;
}

void
PortalHoldCachedPlan(Portal portal, CachedPlanSource *plansource)
{
	Assert(portal->plansource == NULL);
	HoldCachedPlan(plansource);
	portal->plansource = plansource;
}

PlannedStmt *
PortalGetPrimaryStmt(Portal portal)
{
	return portal->stmts ? linitial_node(PlannedStmt, portal->stmts) : NULL;
}

/*
 * Rows of a statement that runs to its end before any is fetched.  The portal
 * ends the store, after an error too, and then the transaction has closed its
 * files already: the store's is none of them.
 */
void
PortalCreateHoldStore(Portal portal)
{
	MemoryContext oldcxt;

	Assert(portal->holdContext == NULL && portal->holdStore == NULL);
	portal->holdContext = AllocSetContextCreate(
		TopPortalContext, "PortalHoldContext", ALLOCSET_DEFAULT_SIZES);
	oldcxt = MemoryContextSwitchTo(portal->holdContext);
	portal->holdStore = tuplestore_begin_heap(false, true, work_mem);
	MemoryContextSwitchTo(oldcxt);
}

void
MarkPortalActive(Portal portal)
{
	if (portal->status != PORTAL_READY)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		                errmsg("portal \"%s\" cannot be run", portal->name)));
	portal->status = PORTAL_ACTIVE;
}

static void
run_cleanup_hook(Portal portal)
{
	if (portal->cleanup)
	{
		portal->cleanup(portal);
		portal->cleanup = NULL;
	}
}

void
MarkPortalDone(Portal portal)
{
	Assert(portal->status == PORTAL_ACTIVE);
	portal->status = PORTAL_DONE;
	/* The executor is shut down now, while its transaction is in order. */
	run_cleanup_hook(portal);
}

void
MarkPortalFailed(Portal portal)
{
	Assert(portal->status != PORTAL_DONE);
	portal->status = PORTAL_FAILED;
	run_cleanup_hook(portal);
}

void
PortalDrop(Portal portal, bool isTopCommit)
{
	if (portal->status == PORTAL_ACTIVE)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_CURSOR_STATE),
		         errmsg("cannot drop active portal \"%s\"", portal->name)));

	run_cleanup_hook(portal);
	portal_entry(portal->name, HASH_REMOVE, NULL);

	/*
	 * At commit the transaction's own owner releases what is left, with a
	 * warning for what should not be.
	 */
	if (portal->resowner && (!isTopCommit || portal->status == PORTAL_FAILED))
	{
		bool isCommit = (portal->status != PORTAL_FAILED);

		ResourceOwnerRelease(portal->resowner, RESOURCE_RELEASE_BEFORE_LOCKS,
		                     isCommit, false);
		ResourceOwnerRelease(portal->resowner, RESOURCE_RELEASE_LOCKS, isCommit,
		                     false);
		ResourceOwnerRelease(portal->resowner, RESOURCE_RELEASE_AFTER_LOCKS,
		                     isCommit, false);
		ResourceOwnerDelete(portal->resowner);
	}
	portal->resowner = NULL;

	if (portal->plansource)
		ReleaseCachedPlan(portal->plansource);
	if (portal->holdStore)
		tuplestore_end(portal->holdStore);
	if (portal->holdContext)
		MemoryContextDelete(portal->holdContext);
	MemoryContextDelete(portal->portalContext);
	pfree(portal);
}

/* DISCARD ALL, CLOSE ALL: but not the portal that runs it. */
void
PortalHashTableDeleteAll(void)
{
	HASH_SEQ_STATUS status;
	PortalHashEnt *entry;

	if (PortalHashTable == NULL)
		return;
	hash_seq_init(&status, PortalHashTable);
	while ((entry = hash_seq_search(&status)) != NULL)
		if (entry->portal->status != PORTAL_ACTIVE)
			PortalDrop(entry->portal, false);
}

void
ForEachPortal(void (*action)(Portal portal, void *arg), void *arg)
{
	HASH_SEQ_STATUS status;
	PortalHashEnt *entry;

	if (PortalHashTable == NULL)
		return;
	hash_seq_init(&status, PortalHashTable);
	while ((entry = hash_seq_search(&status)) != NULL)
		action(entry->portal, arg);
}

static void
note_ready_portal(Portal portal, void *arg)
{
	if (portal->status == PORTAL_READY)
		*(bool *) arg = true;
}

bool
ThereAreNoReadyPortals(void)
{
	bool ready = false;

	ForEachPortal(note_ready_portal, &ready);
	return !ready;
}

void
PreCommit_Portals(void)
{
	HASH_SEQ_STATUS status;
	PortalHashEnt *entry;

	if (PortalHashTable == NULL)
		return;
	hash_seq_init(&status, PortalHashTable);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		Portal portal = entry->portal;

		/* A command that commits in its middle goes on without an owner. */
		if (portal->status == PORTAL_ACTIVE)
		{
			portal->resowner = NULL;
			continue;
		}
		PortalDrop(portal, true);
	}
}

void
AtAbort_Portals(void)
{
	HASH_SEQ_STATUS status;
	PortalHashEnt *entry;

	if (PortalHashTable == NULL)
		return;
	hash_seq_init(&status, PortalHashTable);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		Portal portal = entry->portal;

		/* The process ends in the middle of it: there is no PG_CATCH. */
		if (portal->status == PORTAL_ACTIVE && shmem_exit_inprogress)
			MarkPortalFailed(portal);
		/* What it has read of this transaction is not to be seen any more. */
		if (portal->status == PORTAL_READY || portal->status == PORTAL_DEFINED)
			MarkPortalFailed(portal);
		run_cleanup_hook(portal);

		/* The transaction's owner releases its children. */
		portal->resowner = NULL;
		if (portal->status != PORTAL_ACTIVE)
			MemoryContextDeleteChildren(portal->portalContext);
	}
}

void
AtCleanup_Portals(void)
{
	HASH_SEQ_STATUS status;
	PortalHashEnt *entry;

	if (PortalHashTable == NULL)
		return;
	hash_seq_init(&status, PortalHashTable);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		Portal portal = entry->portal;

		/* The ROLLBACK itself, in an implicit or a failed block. */
		if (portal->status == PORTAL_ACTIVE)
			continue;
		PortalDrop(portal, false);
	}
}
