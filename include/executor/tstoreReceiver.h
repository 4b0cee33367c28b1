/*
 * executor/tstoreReceiver.h
 *		A DestReceiver that keeps the rows in a tuplestore.
 */
#ifndef TSTORE_RECEIVER_H
#define TSTORE_RECEIVER_H

#include "tcop/dest.h"
#include "utils/tuplestore.h"

extern DestReceiver *CreateTuplestoreDestReceiver(void);
/* before the receiver is started; rows are copied into the store */
extern void
SetTuplestoreDestReceiverParams(DestReceiver *self, Tuplestorestate *tStore,
                                MemoryContext tContext, bool detoast);

#endif /* TSTORE_RECEIVER_H */
