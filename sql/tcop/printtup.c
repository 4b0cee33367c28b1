/*
 * printtup.c
 *		Rows to the client: RowDescription and DataRow messages.
 *
 * The output (or send) function of a column is looked up when the first row of
 * a shape arrives and again if the shape or the formats change.  What the
 * functions allocate for a row goes with the row: a context is reset after
 * each; the message buffer stays.
 *
 * Corresponds to PostgreSQL's access/common/printtup.c.
 */
#include "postgres.h"

#include "access/printtup.h"
#include "fmgr.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "tcop/pquery.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

typedef struct PrinttupAttrInfo
{
	Oid typoutput; /* or its send function */
	bool typisvarlena;
	int16 format; /* 0 text, 1 binary */
	FmgrInfo finfo;
} PrinttupAttrInfo;

typedef struct DR_printtup
{
	DestReceiver pub;
	Portal portal; /* whose rows they are: formats and origins */
	bool sendDescrip;
	TupleDesc attrinfo; /* shape that myinfo is for */
	int nattrs;
	PrinttupAttrInfo *myinfo;
	StringInfoData buf;
	MemoryContext tmpcontext; /* of one row */
} DR_printtup;

static void
printtup_startup(DestReceiver *self, int operation, TupleDesc typeinfo);
static bool printtup(TupleTableSlot *slot, DestReceiver *self);
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
	/* With DestRemoteExecute the client has asked for it by Describe. */
	self->sendDescrip = dest == DestRemote;
	return (DestReceiver *) self;
}

void
SetRemoteDestReceiverParams(DestReceiver *self, Portal portal)
{
	DR_printtup *state = (DR_printtup *) self;

	Assert(self->mydest == DestRemote || self->mydest == DestRemoteExecute);
	state->portal = portal;
}

static void
printtup_startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	DR_printtup *state = (DR_printtup *) self;
	Portal portal = state->portal;

	initStringInfo(&state->buf);
	state->tmpcontext = AllocSetContextCreate(CurrentMemoryContext, "printtup",
	                                          ALLOCSET_DEFAULT_SIZES);
	if (state->sendDescrip)
		SendRowDescriptionMessage(&state->buf, typeinfo,
		                          portal ? FetchPortalTargetList(portal) : NIL,
		                          portal ? portal->formats : NULL);
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
		Oid origin_table = InvalidOid;
		AttrNumber origin_column = 0;

		/* Columns that only sorting needs are not among the row's. */
		while (item != NULL && ((TargetEntry *) lfirst(item))->resjunk)
			item = lnext(targetlist, item);
		if (item != NULL)
		{
			TargetEntry *tle = lfirst(item);

			origin_table = tle->resorigtbl;
			origin_column = tle->resorigcol;
			item = lnext(targetlist, item);
		}
		pq_sendstring(buf, NameStr(att->attname));
		pq_sendint32(buf, origin_table);
		pq_sendint16(buf, (uint16) origin_column);
		pq_sendint32(buf, att->atttypid);
		pq_sendint16(buf, (uint16) att->attlen);
		pq_sendint32(buf, (uint32) att->atttypmod);
		pq_sendint16(buf, formats ? (uint16) formats[i] : 0);
	}
	pq_endmessage_reuse(buf);
}

static void
printtup_prepare_info(DR_printtup *state, TupleDesc typeinfo)
{
	int16 *formats = state->portal ? state->portal->formats : NULL;
	int natts = typeinfo->natts;

	if (state->myinfo != NULL)
		pfree(state->myinfo);
	state->myinfo = palloc0_array(PrinttupAttrInfo, Max(natts, 1));
	state->attrinfo = typeinfo;
	state->nattrs = natts;
	for (int i = 0; i < natts; i++)
	{
		PrinttupAttrInfo *info = &state->myinfo[i];
		Oid type = TupleDescAttr(typeinfo, i)->atttypid;

		info->format = formats ? formats[i] : 0;
		if (info->format == 0)
			getTypeOutputInfo(type, &info->typoutput, &info->typisvarlena);
		else if (info->format == 1)
			getTypeBinaryOutputInfo(type, &info->typoutput,
			                        &info->typisvarlena);
		else
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("unsupported format code: %d", info->format)));
		fmgr_info(info->typoutput, &info->finfo);
	}
}

static void
send_value(StringInfo buf, PrinttupAttrInfo *info, Datum value)
{
	if (info->format == 0)
	{
		char *text = OutputFunctionCall(&info->finfo, value);

		pq_sendcountedtext(buf, text, (int) strlen(text), false);
	}
	else
	{
		bytea *bytes = SendFunctionCall(&info->finfo, value);

		pq_sendint32(buf, VARSIZE(bytes) - VARHDRSZ);
		pq_sendbytes(buf, VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ);
	}
}

static bool
printtup(TupleTableSlot *slot, DestReceiver *self)
{
	DR_printtup *state = (DR_printtup *) self;
	TupleDesc typeinfo = slot->tts_tupleDescriptor;
	StringInfo buf = &state->buf;
	MemoryContext oldcontext;

	if (state->attrinfo != typeinfo || state->nattrs != typeinfo->natts)
		printtup_prepare_info(state, typeinfo);
	slot_getallattrs(slot);

	oldcontext = MemoryContextSwitchTo(state->tmpcontext);
	pq_beginmessage_reuse(buf, 'D');
	pq_sendint16(buf, (uint16) typeinfo->natts);
	for (int i = 0; i < typeinfo->natts; i++)
	{
		if (slot->tts_isnull[i])
			pq_sendint32(buf, (uint32) -1);
		else
			send_value(buf, &state->myinfo[i], slot->tts_values[i]);
	}
	pq_endmessage_reuse(buf);
	MemoryContextSwitchTo(oldcontext);
	MemoryContextReset(state->tmpcontext);
	return true;
}

static void
printtup_shutdown(DestReceiver *self)
{
	DR_printtup *state = (DR_printtup *) self;

	if (state->myinfo != NULL)
		pfree(state->myinfo);
	state->myinfo = NULL;
	state->attrinfo = NULL;
	if (state->buf.data != NULL)
		pfree(state->buf.data);
	state->buf.data = NULL;
	if (state->tmpcontext != NULL)
		MemoryContextDelete(state->tmpcontext);
	state->tmpcontext = NULL;
}

static void
printtup_destroy(DestReceiver *self)
{
	pfree(self);
}
