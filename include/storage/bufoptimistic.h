/*
 * storage/bufoptimistic.h: reading a page without pin or lock.
 *
 * For searches that touch many pages for a short while each: no shared word
 * is written.  The reader notes the buffer's version, reads what it needs,
 * and asks at the end whether all of it belonged together:
 *
 *	if (OptimisticReadBegin(&r, rnode, MAIN_FORKNUM, blkno))
 *	{
 *		len = OptimisticReadItem(&r, offnum, buf, sizeof(buf));
 *		... anything else it copies out with OptimisticReadBytes ...
 *		if (OptimisticReadEnd(&r))
 *			... buf is what one moment's page held ...
 *	}
 *	otherwise: try again a few times, then ReadBuffer and share lock
 *
 * Rules for the reader (the writer's are in storage/buffer/README.md):
 * O1. Between Begin and End whatever is read may be garbage: it may be copied
 *	   and compared, but no length, offset or count that comes from the page
 *	   is used before it was clamped to the page.  The functions here do.
 * O2. Only what is needed is read, the item and not the page.
 * O3. pd_lsn and pd_checksum are never used; hint bits are single loads.
 * O4. Nothing may be kept but copies: after End the page may change.
 * O5. False from Begin proves nothing about the block: it may be resident.
 * O6. The caller holds a lock on the relation, so that its files stay.
 */
#ifndef BUFOPTIMISTIC_H
#define BUFOPTIMISTIC_H

#include "port/atomics.h"
#include "storage/buf_internals.h"
#include "storage/bufpage.h"

/* a reader tries as often before it pins */
#define OPTIMISTIC_READ_TRIES 3

typedef struct OptimisticRead
{
	BufferTag tag;    /* the block asked for */
	uint32 hashcode;  /* of the tag */
	int buf_id;       /* the buffer that held it */
	uint64 version;   /* its version at Begin */
	const char *page; /* in this process's mapping of the pool */
} OptimisticRead;

/*
 * True: the buffer held the block, was valid, and nobody was changing it.
 * A buffer that was about to be evicted (usage count 0) gets another round
 * when the read is validated.
 */
extern bool OptimisticReadBegin(OptimisticRead *r, RelFileNode rnode,
                                ForkNumber forkNum, BlockNumber blockNum);
/*
 * The same in three rounds for who reads several blocks: each round over all
 * of them, so that the memory accesses of one block overlap with the others'.
 * Approach may be left out.
 */
extern void OptimisticReadAnnounce(OptimisticRead *r, RelFileNode rnode,
                                   ForkNumber forkNum, BlockNumber blockNum);
extern void OptimisticReadApproach(const OptimisticRead *r);
extern bool OptimisticReadBeginAnnounced(OptimisticRead *r);
/*
 * The same for a buffer where the block was found before (a hint); r->tag is
 * set by the caller.
 */
extern bool OptimisticReadBeginAt(OptimisticRead *r, int buf_id);
/* True: everything read since Begin was unchanged all the while. */
extern bool OptimisticReadEnd(const OptimisticRead *r);
/* The same of a page that was counted before, and had its round. */
extern bool OptimisticReadIsUnchanged(const OptimisticRead *r);

/* A read that was validated elsewhere: the buffer gets its round all the same. */
extern void BufferNoteTouched(int buf_id);

#ifdef TUSK_CLIENT
/* interfaces/libtusk: a validated read met a buffer that is about to go. */
extern void OptimisticReadTouched(int buf_id);
#endif

/*
 * Address of the item's tuple on the page, its length in *len: both within
 * the page whatever the page says.  NULL if there is no such normal item
 * (which proves nothing before End).
 */
extern const char *
OptimisticItem(const OptimisticRead *r, OffsetNumber offnum, Size *len);
/*
 * Copies at most size bytes of an item into dst; returns the item's length
 * (above size: it was cut), 0 if there is no such normal item.
 */
extern Size OptimisticReadItem(const OptimisticRead *r, OffsetNumber offnum,
                               void *dst, Size size);
/* Copies from the page; false (nothing copied) if that is not within it. */
extern bool
OptimisticReadBytes(const OptimisticRead *r, Size offset, void *dst, Size size);

#endif /* BUFOPTIMISTIC_H */
