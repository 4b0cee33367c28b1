/*
 * access/printtup.h
 *		Rows as DataRow messages.
 */
#ifndef PRINTTUP_H
#define PRINTTUP_H

#include "lib/stringinfo.h"
#include "tcop/dest.h"
#include "utils/portal.h"

extern DestReceiver *printtup_create_DR(CommandDest dest);
/* Where printtup finds the columns' formats and origins. */
extern void SetRemoteDestReceiverParams(DestReceiver *self, Portal portal);
/*
 * RowDescription; targetlist (TargetEntries) says which table's columns they
 * are, NIL: none's.  formats NULL: all text.  buf is for reuse.
 */
extern void SendRowDescriptionMessage(StringInfo buf, TupleDesc typeinfo,
                                      List *targetlist, int16 *formats);

#endif /* PRINTTUP_H */
