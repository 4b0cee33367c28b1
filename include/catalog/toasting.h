/*
 * catalog/toasting.h
 *		TOAST relations of tables.
 */
#ifndef TOASTING_H
#define TOASTING_H

#include "storage/lockdefs.h"

/*
 * Gives the table a TOAST relation if it has none and a row can be too wide for
 * one page; visible after a CommandCounterIncrement, which is done here.
 */
extern void NewRelationCreateToastTable(Oid relOid, Datum reloptions);
extern void
AlterTableCreateToastTable(Oid relOid, Datum reloptions, LOCKMODE lockmode);
/* With its index; the caller holds AccessExclusiveLock on the table. */
extern void RemoveToastTable(Oid toastrelid);

#endif /* TOASTING_H */
