/*
 * printtup.c
 *		Rows to the client: RowDescription and DataRow messages.
 *
 * What a column needs (its output or send function) is looked up when the
 * first row comes and kept for the query; a portal that is run in pieces has a
 * receiver per piece.
 *
 * Corresponds to PostgreSQL's printtup.c.
 */
#include "postgres.h"

#include "access/printtup.h"
#include "fmgr.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "nodes/primnodes.h"
#include "tcop/pquery.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

typedef struct PrinttupAttrInfo
{
	int16 format; /* 0 text, 1 binary */
	FmgrInfo finfo;
} PrinttupAttrInfo;

typedef struct DR_printtup
{
	DestReceiver pub;
	Portal portal; /* whose formats and origins these are */
	bool sendDescrip;
	TupleDesc attrinfo; /* what myinfo was made for */
	int nattrs;
	PrinttupAttrInfo *myinfo;
	StringInfoData buf;       /* the message, reused */
	MemoryContext tmpcontext; /* output functions' results, per row */
} DR_printtup;

static bool printtup(TupleTableSlot *slot, DestReceiver *self);
static void printtup_startup(DestReceiver *self, int operation,
                             TupleDesc typeinfo);
static void printtup_shutdown(DestReceiver *self);
static void printtup_destroy(DestReceiver *self);

DestReceiver *
printtup_create_DR(CommandDest dest)
{
	DR_printtup *self = palloc0_object(DR_printtup);

	self->pub.receiveSlot = printtup;
	self->pub.rStartup = printtup_startup;
	self->pub.rShutdown = printtup_shutdown;
	self->pub.rDestroy = printtup_destroy;
	self->pub.mydest = dest;
	/* Execute's client asked by a Describe if it wanted to know. */
	self->sendDescrip = (dest == DestRemote);
	return (DestReceiver *) self;
}

void
SetRemoteDestReceiverParams(DestReceiver *self, Portal portal)
{
	DR_printtup *myState = (DR_printtup *) self;

	Assert(myState->pub.mydest == DestRemote ||
	       myState->pub.mydest == DestRemoteExecute);
	myState->portal = portal;
}

static void
printtup_startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	DR_printtup *myState = (DR_printtup *) self;
	Portal portal = myState->portal;

	initStringInfo(&myState->buf);
	myState->tmpcontext = AllocSetContextCreate(
		CurrentMemoryContext, "printtup", ALLOCSET_DEFAULT_SIZES);
	if (myState->sendDescrip)
		SendRowDescriptionMessage(&myState->buf, typeinfo,
		                          portal ? FetchPortalTargetList(portal) : NIL,
		                          portal ? portal->formats : NULL);
}

/* The table and column that an output column shows, or zeroes. */
static void
column_origin(ListCell **item, List *targetlist, Oid *table, AttrNumber *column)
{
	*table = InvalidOid;
	*column = 0;
	while (*item && ((TargetEntry *) lfirst(*item))->resjunk)
		*item = lnext(targetlist, *item);
	if (*item)
	{
		TargetEntry *tle = (TargetEntry *) lfirst(*item);

		*table = tle->resorigtbl;
		*column = tle->resorigcol;
		*item = lnext(targetlist, *item);
	}
}

void
SendRowDescriptionMessage(StringInfo buf, TupleDesc typeinfo, List *targetlist,
                          int16 *formats)
{
	ListCell *item = list_head(targetlist);

	pq_beginmessage_reuse(buf, 'T');
	pq_sendint16(buf, (uint16) typeinfo->natts);
	for (int i = 0; i < typeinfo->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(typeinfo, i);
		Oid table;
		AttrNumber column;

		column_origin(&item, targetlist, &table, &column);
		pq_sendstring(buf, NameStr(att->attname));
		pq_sendint32(buf, table);
		pq_sendint16(buf, (uint16) column);
		pq_sendint32(buf, att->atttypid);
		pq_sendint16(buf, (uint16) att->attlen);
		pq_sendint32(buf, (uint32) att->atttypmod);
		pq_sendint16(buf, (uint16) (formats ? formats[i] : 0));
	}
	pq_endmessage_reuse(buf);
}

static void
printtup_prepare_info(DR_printtup *myState, TupleDesc typeinfo)
{
	int numAttrs = typeinfo->natts;
	int16 *formats = myState->portal ? myState->portal->formats : NULL;

	if (myState->myinfo)
		pfree(myState->myinfo);
	myState->attrinfo = typeinfo;
	myState->nattrs = numAttrs;
	myState->myinfo = palloc0(Max(numAttrs, 1) * sizeof(PrinttupAttrInfo));
	for (int i = 0; i < numAttrs; i++)
	{
		PrinttupAttrInfo *info = &myState->myinfo[i];
		Oid type = TupleDescAttr(typeinfo, i)->atttypid;
		Oid func;
		bool isvarlena;

		info->format = formats ? formats[i] : 0;
		if (info->format == 0)
			getTypeOutputInfo(type, &func, &isvarlena);
		else if (info->format == 1)
			getTypeBinaryOutputInfo(type, &func, &isvarlena);
		else
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                errmsg("unsupported format code: %d",
			                       info->format)));
		fmgr_info(func, &info->finfo);
	}
}

static bool
printtup(TupleTableSlot *slot, DestReceiver *self)
{
	DR_printtup *myState = (DR_printtup *) self;
	TupleDesc typeinfo = slot->tts_tupleDescriptor;
	StringInfo buf = &myState->buf;
	MemoryContext oldcontext;

	if (myState->attrinfo != typeinfo || myState->nattrs != typeinfo->natts)
		printtup_prepare_info(myState, typeinfo);
	slot_getallattrs(slot);

	oldcontext = MemoryContextSwitchTo(myState->tmpcontext);
	pq_beginmessage_reuse(buf, 'D');
	pq_sendint16(buf, (uint16) myState->nattrs);
	for (int i = 0; i < myState->nattrs; i++)
	{
		PrinttupAttrInfo *info = &myState->myinfo[i];
		Datum value = slot->tts_values[i];

		if (slot->tts_isnull[i])
			pq_sendint32(buf, (uint32) -1);
		else if (info->format == 0)
		{
			char *text = OutputFunctionCall(&info->finfo, value);

			pq_sendcountedtext(buf, text, (int) strlen(text), false);
		}
		else
		{
			bytea *bytes = SendFunctionCall(&info->finfo, value);

			pq_sendint32(buf, VARSIZE(bytes) - VARHDRSZ);
			pq_sendbytes(buf, VARDATA(bytes), (int) VARSIZE(bytes) - VARHDRSZ);
		}
	}
	pq_endmessage_reuse(buf);
	MemoryContextSwitchTo(oldcontext);
	MemoryContextReset(myState->tmpcontext);
	return true;
}

static void
printtup_shutdown(DestReceiver *self)
{
	DR_printtup *myState = (DR_printtup *) self;

	if (myState->myinfo)
		pfree(myState->myinfo);
	myState->myinfo = NULL;
	myState->attrinfo = NULL;
	if (myState->buf.data)
		pfree(myState->buf.data);
	myState->buf.data = NULL;
	if (myState->tmpcontext)
		MemoryContextDelete(myState->tmpcontext);
	myState->tmpcontext = NULL;
}

static void
printtup_destroy(DestReceiver *self)
{
	pfree(self);
}
