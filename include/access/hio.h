/*
 * access/hio.h
 *		Room for a tuple.
 */
#ifndef HIO_H
#define HIO_H

#include "access/htup.h"
#include "access/tableam.h"
#include "storage/bufmgr.h"
#include "utils/rel.h"

/* Pages that this insert extended the table by, beside the one in use. */
typedef struct BulkInsertStateData
{
	BufferAccessStrategy strategy; /* BULKWRITE */
	Buffer current_buf;            /* pinned, or InvalidBuffer */
	BlockNumber next_free;         /* own new pages, InvalidBlockNumber: none */
	BlockNumber last_free;
	uint32 already_extended_by;
	struct BulkInsertStateData *toast; /* of the TOAST relation, or NULL */
} BulkInsertStateData;

/* In a critical section, on an exclusively locked page with room. */
extern void
RelationPutHeapTuple(Relation relation, Buffer buffer, HeapTuple tuple);
/*
 * Pinned and exclusively locked, with room for len bytes.  otherBuffer, if
 * valid: a pinned page of the table that is locked as well, in the order of
 * blocks; it is returned itself, with no pin added, if the room is there.
 * vmbuffer, vmbuffer_other: the pages of the visibility map, pinned if the
 * pages are all visible.
 */
extern Buffer
RelationGetBufferForTuple(Relation relation, Size len, Buffer otherBuffer,
                          int options, BulkInsertState bistate,
                          Buffer *vmbuffer, Buffer *vmbuffer_other);

/*
 * That of the TOAST relation, for wide values of the rows that bistate is for;
 * made at the first call, freed with bistate.  NULL for NULL.
 */
extern BulkInsertState GetToastBulkInsertState(BulkInsertState bistate);

#endif /* HIO_H */
