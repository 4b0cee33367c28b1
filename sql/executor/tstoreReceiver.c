/*
 * tstoreReceiver.c
 *		A receiver that keeps rows in a tuplestore.
 *
 * Corresponds to PostgreSQL's executor/tstoreReceiver.c.
 */
#include "postgres.h"

#include "executor/tstoreReceiver.h"
#include "utils/memutils.h"

typedef struct TStoreState
{
	DestReceiver pub;
	Tuplestorestate *tstore;
	MemoryContext cxt; /* that the store lives in */
} TStoreState;

static void
tstoreStartup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
}

static bool
tstoreReceiveSlot(TupleTableSlot *slot, DestReceiver *self)
{
	TStoreState *state = (TStoreState *) self;
	MemoryContext old = MemoryContextSwitchTo(state->cxt);

	tuplestore_puttupleslot(state->tstore, slot);
	MemoryContextSwitchTo(old);
	return true;
}

static void
tstoreShutdown(DestReceiver *self)
{
}

static void
tstoreDestroy(DestReceiver *self)
{
	pfree(self);
}

DestReceiver *
CreateTuplestoreDestReceiver(void)
{
	TStoreState *state = palloc0_object(TStoreState);

	state->pub.receiveSlot = tstoreReceiveSlot;
	state->pub.rStartup = tstoreStartup;
	state->pub.rShutdown = tstoreShutdown;
	state->pub.rDestroy = tstoreDestroy;
	state->pub.mydest = DestTuplestore;
	return &state->pub;
}

/* Values are never stored outside of the row: "detoast" asks for nothing. */
void
SetTuplestoreDestReceiverParams(DestReceiver *self, Tuplestorestate *tStore,
                                MemoryContext tContext, bool detoast)
{
	TStoreState *state = (TStoreState *) self;

	Assert(self->mydest == DestTuplestore);
	state->tstore = tStore;
	state->cxt = tContext;
}
