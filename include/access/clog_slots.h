/*
 * access/clog_slots.h
 *		Pages of the commit log in the public segment, and how an attached client
 *		reads them.
 *
 * A slot holds one page, whose number is in page; CLOG_NO_PAGE while it changes.
 * A page is brought in so: version raised, page = CLOG_NO_PAGE, write barrier,
 * data, write barrier, page = number.  A status is one store into a byte.
 *
 * The reader, without a lock: it reads version, then, behind a read barrier,
 * page, which must be the one that it wants, and behind another the byte; after
 * a third, page and version must be the same.  There is no parity: an ERROR
 * between two steps leaves a slot that holds no page.  A page that is in no slot
 * it asks for (DIRECT_PART_XACT).
 *
 * What it reads counts for xids that its snapshot takes for over: their status
 * was written before they were.  "In progress" of such a one means that the
 * server crashed meanwhile: aborted.
 */
#ifndef CLOG_SLOTS_H
#define CLOG_SLOTS_H

#include "access/xlogdefs.h"
#include "libpq/client_step.h"
#include "port/atomics.h"

#define CLOG_BITS_PER_XACT 2
#define CLOG_XACTS_PER_BYTE 4
#define CLOG_XACTS_PER_PAGE (BLCKSZ * CLOG_XACTS_PER_BYTE)
#define CLOG_XACT_BITMASK ((1 << CLOG_BITS_PER_XACT) - 1)
#define CLOG_NUM_SLOTS 32
#define CLOG_NO_PAGE (-1)

#define TransactionIdToPage(xid) ((int32) ((xid) / CLOG_XACTS_PER_PAGE))
#define TransactionIdToByte(xid) \
	(((xid) % CLOG_XACTS_PER_PAGE) / CLOG_XACTS_PER_BYTE)
#define TransactionIdToShift(xid) \
	(((xid) % CLOG_XACTS_PER_BYTE) * CLOG_BITS_PER_XACT)

typedef struct ClogSlot
{
	pg_atomic_uint64 version; /* [L:XactSLRULock] raised before changes */
	int32 page;               /* [L:XactSLRULock][V] or CLOG_NO_PAGE */
	uint32 dirty;             /* [L:XactSLRULock] */
	uint64 used;              /* [L:XactSLRULock] stamp when brought in */
	XLogRecPtr lsn;    /* [L:XactSLRULock] flushed before it is written */
	char data[BLCKSZ]; /* [L:XactSLRULock][V] */
} ClogSlot;

typedef struct ClogShared
{
	uint64 stamp; /* [L:XactSLRULock] */
	ClogSlot slots[CLOG_NUM_SLOTS];
} ClogShared;

/*
 * The status of a transaction, of a slot where its page may be.  False: the
 * slot held another page, or was changed meanwhile.
 */
static inline bool
ClogSlotReadStatus(const ClogSlot *slot, TransactionId xid, int *status)
{
	uint64 version = pg_atomic_read_u64((pg_atomic_uint64 *) &slot->version);
	uint8 byte;

	pg_read_barrier(); /* the three pair with the barriers of BringInPage */
	if (*(const volatile int32 *) &slot->page != TransactionIdToPage(xid))
		return false;
	pg_read_barrier();
	byte = *(const volatile uint8 *) &slot->data[TransactionIdToByte(xid)];
	CLIENT_STEP("direct-clog-copied");
	pg_read_barrier();
	if (*(const volatile int32 *) &slot->page != TransactionIdToPage(xid) ||
	    pg_atomic_read_u64((pg_atomic_uint64 *) &slot->version) != version)
		return false;
	*status = (byte >> TransactionIdToShift(xid)) & CLOG_XACT_BITMASK;
	return true;
}

#endif /* CLOG_SLOTS_H */
