/*
 * dest.c
 *		Receivers of rows, by destination, and what the client is told around
 *		the rows.
 *
 * Corresponds to PostgreSQL's dest.c.
 */
#include "postgres.h"

#include "access/printtup.h"
#include "access/xact.h"
#include "commands/copy.h"
#include "executor/tstoreReceiver.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "tcop/cmdtag.h"
#include "tcop/dest.h"

static bool
donothingReceive(TupleTableSlot *slot, DestReceiver *self)
{
	return true;
}

static void
donothingStartup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
}

static void
donothingCleanup(DestReceiver *self)
{
}

static DestReceiver donothingDR = {donothingReceive, donothingStartup,
                                   donothingCleanup, donothingCleanup,
                                   DestNone};

DestReceiver *None_Receiver = &donothingDR;

DestReceiver *
CreateDestReceiver(CommandDest dest)
{
	switch (dest)
	{
		case DestRemote:
		case DestRemoteExecute:
		case DestRemoteSimple:
			return printtup_create_DR(dest);
		case DestTuplestore:
			return CreateTuplestoreDestReceiver();
		case DestCopyOut:
			return CreateCopyDestReceiver();
		case DestNone:
		case DestDebug:
		case DestIntoRel: /* CreateIntoRelDestReceiver makes it */
			break;
	}
	return None_Receiver;
}

static bool
is_remote(CommandDest dest)
{
	return dest == DestRemote || dest == DestRemoteExecute ||
	       dest == DestRemoteSimple;
}

void
BeginCommand(int commandTag, CommandDest dest)
{
	/* The protocol has no message for it. */
}

void
EndCommand(const struct QueryCompletion *qc, CommandDest dest,
           bool force_undecorated_output)
{
	char completionTag[COMPLETION_TAG_BUFSIZE];
	Size len;

	if (!is_remote(dest))
		return;
	len =
		BuildQueryCompletionString(completionTag, qc, force_undecorated_output);
	pq_putmessage('C', completionTag, len + 1);
}

void
NullCommand(CommandDest dest)
{
	if (is_remote(dest))
		pq_putemptymessage('I');
}

void
ReadyForQuery(CommandDest dest)
{
	StringInfoData buf;

	if (!is_remote(dest))
		return;
	pq_beginmessage(&buf, 'Z');
	pq_sendbyte(&buf, TransactionBlockStatusCode());
	pq_endmessage(&buf);
	pq_flush();
}
