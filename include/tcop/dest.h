/*
 * tcop/dest.h
 *		Where the rows of a query go.
 *
 * A DestReceiver is an object: rStartup once with the shape of the rows, then
 * receiveSlot per row (false: no more are wanted), rShutdown, and rDestroy
 * when its owner is done with it.
 *
 * Corresponds to PostgreSQL's tcop/dest.h.
 */
#ifndef DEST_H
#define DEST_H

#include "executor/tuptable.h"

struct QueryCompletion;

/* room for a command's completion tag */
#define COMPLETION_TAG_BUFSIZE 64

typedef enum CommandDest
{
	DestNone, /* rows are thrown away */
	DestDebug,
	DestRemote,        /* to the client, with a RowDescription */
	DestRemoteExecute, /* the same without RowDescription: Execute message */
	DestRemoteSimple,
	DestTuplestore,
	DestIntoRel, /* into the table of a CREATE TABLE AS */
	DestCopyOut
} CommandDest;

typedef struct _DestReceiver DestReceiver;

struct _DestReceiver
{
	bool (*receiveSlot)(TupleTableSlot *slot, DestReceiver *self);
	void (*rStartup)(DestReceiver *self, int operation, TupleDesc typeinfo);
	void (*rShutdown)(DestReceiver *self);
	void (*rDestroy)(DestReceiver *self);
	CommandDest mydest;
	/* private fields may follow */
};

/* throws rows away; needs no destroying */
extern DestReceiver *None_Receiver;

extern void BeginCommand(int commandTag, CommandDest dest);
extern DestReceiver *CreateDestReceiver(CommandDest dest);
extern void EndCommand(const struct QueryCompletion *qc, CommandDest dest,
                       bool force_undecorated_output);
extern void NullCommand(CommandDest dest);
extern void ReadyForQuery(CommandDest dest);

#endif /* DEST_H */
