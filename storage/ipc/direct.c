/*
 * direct.c
 *		Slots of clients that search by themselves, and versions of indexes.
 *
 * A slot belongs to the backend with its ProcNumber, which alone writes it; its
 * client, and whoever else maps the public segment, reads.  The number in it is
 * the client's licence: as long as it stands there, what the backend holds
 * (locks, snapshot) is held.  storage/direct.h has the rules D1 to D6, and
 * doc/direct-search.md the protocol.
 *
 * 1.	Numbers of a slot only rise, also from one backend to the next that has
 *		the slot, and from one generation of the segment to the next.
 * 2.	A slot is cleared before anything is given up (D1): by the abort and the
 *		commit of a transaction as their first step, whoever started them.
 *
 * A SIGKILL of the backend leaves the number in its slot.  The postmaster makes
 * the generation odd when it sees that, before it gives the backend's locks to
 * anybody: shared memory is made anew by then.
 *
 * PostgreSQL has no counterpart.
 */
#include "postgres.h"

#include "libpq/attach.h"
#include "miscadmin.h"
#include "storage/direct.h"
#include "storage/ipc.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/timestamp.h"

/* A generation's numbers begin at generation << this. */
#define GENERATION_SHIFT 40

static DirectSlot *Slots = NULL;
static DirectVersions *Versions = NULL;

/* Of this process, once it has taken it. */
static DirectSlot *MySlot = NULL;

/* ---------------------------------------------------------------------------
 * Start
 * ---------------------------------------------------------------------------
 */

Size
DirectPublicShmemSize(void)
{
	Size size = mul_size(MaxBackends, sizeof(DirectSlot));

	size = add_size(size, sizeof(DirectVersions));
	return add_size(size, 1024); /* alignment of the parts */
}

void
DirectShmemInit(void)
{
	bool found;

	Slots = PublicShmemInitStruct(
		DIRECT_SLOTS_NAME, mul_size(MaxBackends, sizeof(DirectSlot)), &found);
	Versions = PublicShmemInitStruct(DIRECT_VERSIONS_NAME,
	                                 sizeof(DirectVersions), &found);
	if (found)
		return;
	for (int i = 0; i < MaxBackends; i++)
		Slots[i].last = PublicShmemGeneration() << GENERATION_SHIFT;
	/* no word is ever 0: a client may take that for "none" */
	for (int i = 0; i < DIRECT_VERSIONS; i++)
		pg_atomic_init_u64(&Versions->version[i], 1);
}

/* ---------------------------------------------------------------------------
 * Versions
 * ---------------------------------------------------------------------------
 */

uint32
DirectVersionPlace(const RelFileNode *rnode)
{
	uint32 hash =
		rnode->relNode * 2654435761U ^ rnode->dbNode * 40503U ^ rnode->spcNode;

	return (hash >> 16 ^ hash) % DIRECT_VERSIONS;
}

uint64
DirectReadVersion(const RelFileNode *rnode)
{
	return pg_atomic_read_u64(&Versions->version[DirectVersionPlace(rnode)]);
}

void
DirectRaiseVersion(const RelFileNode *rnode)
{
	INJECTION_POINT("direct-raise-version");
	/* a full barrier: pairs with the one in DirectSearchIsValid */
	(void) pg_atomic_fetch_add_u64(
		&Versions->version[DirectVersionPlace(rnode)], 1);
}

/* ---------------------------------------------------------------------------
 * Slots
 * ---------------------------------------------------------------------------
 */

static void
GiveBackSlot(int code, Datum arg)
{
	DirectClearSlot(DIRECT_NOT_RUNNING);
	INJECTION_POINT_NOTHROW("direct-slot-give-back");
	*(volatile uint32 *) &MySlot->pid = 0;
	MySlot = NULL;
}

int
DirectTakeSlot(void)
{
	DirectSlot *slot = &Slots[MyProcNumber];

	if (MySlot != NULL)
		return MyProcNumber;
	Assert(MyProcNumber >= 0 && MyProcNumber < MaxBackends);
	Assert(pg_atomic_read_u64(&slot->search) == DIRECT_NO_SEARCH);
	INJECTION_POINT("direct-slot-take");
	on_shmem_exit(GiveBackSlot, 0);
	slot->begun = slot->ended = 0;
	slot->started = 0;
	slot->table = slot->index = InvalidOid;
	slot->outcome = DIRECT_ENDED;
	slot->in_block = false;
	slot->pid = (uint32) MyProcPid;
	MySlot = slot;
	return MyProcNumber;
}

uint64
DirectSetSlot(Oid table, Oid index, bool in_block)
{
	DirectSlot *slot = MySlot;

	Assert(slot != NULL);
	Assert(pg_atomic_read_u64(&slot->search) == DIRECT_NO_SEARCH);
	slot->table = table;
	slot->index = index;
	slot->in_block = in_block;
	slot->started = GetCurrentTimestamp();
	slot->begun++;
	slot->last++;
	pg_write_barrier(); /* the number is there when all else is */
	pg_atomic_write_u64(&slot->search, slot->last);
	return slot->last;
}

void
DirectClearSlot(uint32 outcome)
{
	DirectSlot *slot = MySlot;

	if (slot == NULL || pg_atomic_read_u64(&slot->search) == DIRECT_NO_SEARCH)
		return;
	slot->outcome = outcome;
	if (outcome != DIRECT_ENDED && outcome != DIRECT_EXPIRED)
		slot->ended++;
	pg_atomic_write_u64(&slot->search, DIRECT_NO_SEARCH);
	pg_memory_barrier(); /* D1; pairs with the one in DirectSearchIsValid */
}

void
DirectEndShortSearches(void)
{
	int n;
	VirtualTransactionId *readers = GetShortDirectReaders(&n);

	for (int i = 0; i < n; i++)
	{
		INJECTION_POINT("direct-end-short");
		/* who waits for it asks for its end (AskDirectReaders) */
		(void) VirtualXactLock(readers[i], true);
	}
	pfree(readers);
}

bool
DirectReadSlot(int i, DirectSlot *copy)
{
	if (i < 0 || i >= MaxBackends)
		return false;
	*copy = *(volatile DirectSlot *) &Slots[i];
	return true;
}
