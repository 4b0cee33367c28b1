/*
 * inval.c
 *		What caches must forget: collected while a transaction changes catalogs.
 *
 * A command's messages are applied to this process's own caches at its end, so
 * that the next command sees its changes; all messages of the transaction go
 * to the other processes at commit, or once more to the own caches at abort
 * (which then forget what the transaction had put there).  Closing of files
 * (smgr) cannot wait for a commit: those messages go out at once.
 *
 * Corresponds to PostgreSQL's inval.c; a catalog's cached rows are forgotten
 * per catalog, not per row, since catalogs here are small.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/sinval.h"
#include "storage/smgr.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#define MAX_RELCACHE_CALLBACKS 8

typedef struct InvalMessages
{
	SharedInvalidationMessage *msgs; /* in TopMemoryContext, reused */
	int n, allocated;
} InvalMessages;

static InvalMessages current_command;
static InvalMessages prior_commands;

static struct
{
	RelcacheCallbackFunction func;
	Datum arg;
} relcache_callbacks[MAX_RELCACHE_CALLBACKS];
static int relcache_callback_count = 0;

static void
add_message(InvalMessages *list, const SharedInvalidationMessage *msg)
{
	if (list->n == list->allocated)
	{
		int allocated = Max(list->allocated * 2, 16);
		Size size = allocated * sizeof(SharedInvalidationMessage);

		list->msgs = list->msgs ? repalloc(list->msgs, size)
		                        : MemoryContextAlloc(TopMemoryContext, size);
		list->allocated = allocated;
	}
	list->msgs[list->n++] = *msg;
}

static void
call_relcache_callbacks(Oid relid)
{
	for (int i = 0; i < relcache_callback_count; i++)
		relcache_callbacks[i].func(relcache_callbacks[i].arg, relid);
}

static void
LocalExecuteInvalidationMessage(SharedInvalidationMessage *msg)
{
	RelFileNodeBackend rnode;

	switch (msg->id)
	{
		case SHAREDINVALCATALOG_ID:
			InvalidateCatalogSnapshot();
			CatCacheInvalidate(msg->cat.catId);
			call_relcache_callbacks(msg->cat.catId);
			break;
		case SHAREDINVALRELCACHE_ID:
			if (msg->rc.dbId != InvalidOid && msg->rc.dbId != MyDatabaseId)
				break;
			InvalidateCatalogSnapshot();
			if (msg->rc.relId == InvalidOid)
				RelationCacheInvalidate();
			else
				RelationCacheInvalidateEntry(msg->rc.relId);
			call_relcache_callbacks(msg->rc.relId);
			break;
		case SHAREDINVALSMGR_ID:
			rnode.node = msg->sm.rnode;
			rnode.backend = (msg->sm.backend_hi << 16) | msg->sm.backend_lo;
			smgrclosenode(rnode);
			break;
		default:
			elog(FATAL, "unrecognized SI message ID: %d", msg->id);
	}
}

/* Everything: messages were lost. */
void
InvalidateSystemCaches(void)
{
	InvalidateCatalogSnapshot();
	CatCacheInvalidate(InvalidOid);
	RelationCacheInvalidate();
	call_relcache_callbacks(InvalidOid);
}

void
AcceptInvalidationMessages(void)
{
	ReceiveSharedInvalidMessages(LocalExecuteInvalidationMessage,
	                             InvalidateSystemCaches);
}

static void
apply_locally(InvalMessages *list)
{
	for (int i = 0; i < list->n; i++)
		LocalExecuteInvalidationMessage(&list->msgs[i]);
}

void
CommandEndInvalidationMessages(void)
{
	apply_locally(&current_command);
	for (int i = 0; i < current_command.n; i++)
		add_message(&prior_commands, &current_command.msgs[i]);
	current_command.n = 0;
}

void
AtEOXact_Inval(bool isCommit)
{
	if (isCommit)
	{
		CommandEndInvalidationMessages();
		if (prior_commands.n > 0)
			SendSharedInvalidMessages(prior_commands.msgs, prior_commands.n);
	}
	else
	{
		apply_locally(&prior_commands);
		current_command.n = 0;
	}
	prior_commands.n = 0;
}

void
CacheInvalidateRelcacheByRelid(Oid relid)
{
	SharedInvalidationMessage msg = {0};

	msg.rc.id = SHAREDINVALRELCACHE_ID;
	msg.rc.dbId = MyDatabaseId;
	msg.rc.relId = relid;
	add_message(&current_command, &msg);
}

void
CacheInvalidateRelcache(Relation relation)
{
	Assert(relation != NULL);
	CacheInvalidateRelcacheByRelid(RelationGetRelid(relation));
}

void
CacheInvalidateCatalog(Oid catalogId)
{
	SharedInvalidationMessage msg = {0};

	msg.cat.id = SHAREDINVALCATALOG_ID;
	msg.cat.dbId = MyDatabaseId;
	msg.cat.catId = catalogId;
	add_message(&current_command, &msg);
}

void
CacheInvalidateSmgr(RelFileNodeBackend rnode)
{
	SharedInvalidationMessage msg = {0};

	msg.sm.id = SHAREDINVALSMGR_ID;
	msg.sm.backend_hi = (int8) (rnode.backend >> 16);
	msg.sm.backend_lo = (uint16) (rnode.backend & 0xffff);
	msg.sm.rnode = rnode.node;
	SendSharedInvalidMessages(&msg, 1);
}

void
CacheRegisterRelcacheCallback(RelcacheCallbackFunction func, Datum arg)
{
	if (relcache_callback_count >= MAX_RELCACHE_CALLBACKS)
		elog(FATAL, "out of relcache_callback_list slots");
	relcache_callbacks[relcache_callback_count].func = func;
	relcache_callbacks[relcache_callback_count].arg = arg;
	relcache_callback_count++;
}
