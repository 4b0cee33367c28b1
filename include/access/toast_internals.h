/*
 * access/toast_internals.h
 *		Values to and from the chunks of a TOAST relation.
 */
#ifndef TOAST_INTERNALS_H
#define TOAST_INTERNALS_H

#include "utils/relcache.h"

/* The index of a TOAST relation; the caller closes it. */
extern Relation toast_open_index(Relation toastrel, LOCKMODE lockmode);
/* A pointer to the stored copy; the value is plain, short or compressed. */
extern Datum toast_save_datum(Relation rel, Datum value, int options);
/* Deletes the chunks of a TOAST pointer as rows. */
extern void toast_delete_datum(Relation rel, Datum value);

#endif /* TOAST_INTERNALS_H */
