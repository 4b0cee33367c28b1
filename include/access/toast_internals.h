/*
 * access/toast_internals.h
 *		Values to and from the chunks of a TOAST relation.
 */
#ifndef TOAST_INTERNALS_H
#define TOAST_INTERNALS_H

#include "utils/relcache.h"

struct BulkInsertStateData; /* access/hio.h */

/*
 * All indexes of a TOAST relation, more than one while REINDEX CONCURRENTLY
 * runs.  Returns which of them is valid: it is to be read.
 */
extern int toast_open_indexes(Relation toastrel, LOCKMODE lock,
                              Relation **toastidxs, int *num_indexes);
extern void
toast_close_indexes(Relation *toastidxs, int num_indexes, LOCKMODE lock);
/*
 * A pointer to the stored copy; the value is plain, short or compressed.
 * bistate: that of rel, or NULL.
 */
extern Datum toast_save_datum(Relation rel, Datum value, int options,
                              struct BulkInsertStateData *bistate);
/* Deletes the chunks of a TOAST pointer as rows. */
extern void toast_delete_datum(Relation rel, Datum value);

#endif /* TOAST_INTERNALS_H */
