/*
 * libpq/ring.h
 *		The client area: two byte rings between a backend and its client, and
 *		what both sides do with them.
 *
 * The area is one memfd, made by the backend, sealed so that it keeps its size,
 * and mapped by both, at different addresses: no pointers in it.  Each ring is
 * a buffer whose size is a power of two, and two indices that only grow: bytes
 * ever written, bytes ever read.  Server and client are built from this one
 * file; both are on one machine, so its byte order is that of the machine.
 *
 * The other side is not trusted.  Whoever has mapped the area can write any
 * byte of it at any time.  Hence:
 * 1.	A side's own index is in its private memory (RingSide.index); the word in
 *		the area is only told to the other, never read back.
 * 2.	The other's index is loaded once, checked, and then used from private
 *		memory.  It may only grow, never beyond what the ring can hold; else
 *		the ring is damaged, for good.
 * 3.	Bytes are copied out before anybody looks at them, so that they cannot
 *		change after they were checked.
 * 4.	Nothing else depends on a word in the area: a wrong "asleep" costs the one
 *		who wrote it a wake-up, or the other a needless byte.
 *
 * Waiting.  Who finds nothing to do spins for a while (RingSpin), then sets its
 * "asleep", passes a full barrier, looks once more, and sleeps until a byte
 * comes over the socket.  Who has moved its index passes a full barrier and then
 * looks at the other's "asleep": each writes its own word before it reads the
 * other's, so at least one sees the other.  Clearing "asleep" is up to the one
 * who sends the byte, so that one sleep costs one byte.  A reader wakes a writer
 * when half of the ring is free, and so before it can itself find the ring empty.
 *
 * Farewell.  A backend that is ended in the middle of a message, for which there
 * is no room as the client does not read, cannot say why in another message.  It
 * leaves a number, which the client looks at when the socket has ended and the
 * ring, read to its end, held no last words.
 */
#ifndef RING_H
#define RING_H

#include "libpq/client_step.h"
#include "port/atomics.h"
#include "portability/instr_time.h"

/* bytes of a ring: a power of two */
#define RING_MIN_SIZE 4096
#define RING_DEFAULT_SIZE (128 * 1024)
#define RING_MAX_SIZE (4 * 1024 * 1024)

#define CLIENT_AREA_MAGIC 0x54524e47

/* What one side of a ring tells the other; on a cache line of its own. */
typedef struct RingEnd
{
	pg_atomic_uint64 index;    /* [O] bytes ever written, or read */
	pg_atomic_uint32 asleep;   /* [A] set by its owner, cleared by the other */
	pg_atomic_uint32 farewell; /* [O] RingFarewell, by the server's writer */
	char pad[PG_CACHE_LINE_SIZE - 16];
} RingEnd;

typedef enum RingFarewell
{
	RING_FAREWELL_NONE = 0,
	RING_FAREWELL_TERMINATED, /* 57P01: told to end, or the server stops */
	RING_FAREWELL_CRASH,      /* 57P02: another process has crashed */
	RING_FAREWELL_STOP        /* 57P01: the server stops immediately */
} RingFarewell;

typedef struct RingShared
{
	RingEnd writer; /* asleep: until there is room */
	RingEnd reader; /* asleep: until there are bytes */
} RingShared;

/* Behind it the bytes: those to the server, then those to the client. */
typedef struct ClientArea
{
	uint32 magic;          /* [C] */
	uint32 version;        /* [C] ATTACH_VERSION */
	uint32 to_server_size; /* [C] */
	uint32 to_client_size; /* [C] */
	char pad[PG_CACHE_LINE_SIZE - 16];
	RingShared to_server;
	RingShared to_client;
	char pad2[4096 - PG_CACHE_LINE_SIZE - 2 * sizeof(RingShared)];
} ClientArea;

StaticAssertDecl(sizeof(RingEnd) == PG_CACHE_LINE_SIZE, "a line per end");
StaticAssertDecl(sizeof(ClientArea) == 4096, "the bytes begin at a page");

static inline bool
RingSizeIsValid(uint32 size)
{
	return size >= RING_MIN_SIZE && size <= RING_MAX_SIZE &&
	       (size & (size - 1)) == 0;
}

/* Of sizes that are valid. */
static inline size_t
ClientAreaSize(uint32 to_server_size, uint32 to_client_size)
{
	return sizeof(ClientArea) + (size_t) to_server_size + to_client_size;
}

/* One side of one ring; private to the process. */
typedef struct RingSide
{
	RingEnd *own;
	RingEnd *other;
	char *bytes;
	size_t size;
	uint64 index; /* ours */
	uint64 seen;  /* the other's, as last loaded and found good */
	bool is_writer;
	bool damaged; /* for good: the other's index cannot be */
} RingSide;

static inline void
RingSideInit(RingSide *side, RingShared *shared, char *bytes, size_t size,
             bool is_writer)
{
	side->own = is_writer ? &shared->writer : &shared->reader;
	side->other = is_writer ? &shared->reader : &shared->writer;
	side->bytes = bytes;
	side->size = size;
	side->index = 0;
	side->seen = 0;
	side->is_writer = is_writer;
	side->damaged = false;
}

/* The two sides of one party; the sizes are the private copies. */
static inline void
ClientAreaSides(ClientArea *area, uint32 to_server_size, uint32 to_client_size,
                bool is_server, RingSide *in, RingSide *out)
{
	char *bytes = (char *) area + sizeof(ClientArea);

	RingSideInit(is_server ? in : out, &area->to_server, bytes, to_server_size,
	             !is_server);
	RingSideInit(is_server ? out : in, &area->to_client, bytes + to_server_size,
	             to_client_size, is_server);
}

/*
 * Loads the other's index (rule 2).  What it has done with the bytes up to
 * there is visible, and is done; pairs with the barrier in RingPublish.
 */
static inline void
RingLook(RingSide *side)
{
	uint64 index = pg_atomic_read_u64(&side->other->index);
	/* a reader is never ahead of us, a writer never more than a ring */
	uint64 most = side->is_writer ? side->index : side->index + side->size;

	pg_read_barrier();
	if (index - side->seen > most - side->seen)
		side->damaged = true;
	else
		side->seen = index;
}

/* Bytes that can be written, or read, as far as we have looked. */
static inline size_t
RingAvailable(const RingSide *side)
{
	return side->is_writer ? side->size - (size_t) (side->index - side->seen)
	                       : (size_t) (side->seen - side->index);
}

/* Is there anything to do?  A damaged ring has something: to be noticed. */
static inline bool
RingReady(RingSide *side)
{
	if (!side->damaged && RingAvailable(side) == 0)
		RingLook(side);
	return side->damaged || RingAvailable(side) > 0;
}

/*
 * Moves our index.  A writer's bytes are written before it, a reader's are read
 * before it: on every machine that we know the read barrier orders loads before
 * later stores too.
 */
static inline void
RingPublish(RingSide *side, size_t n)
{
	side->index += n;
	pg_read_barrier();
	pg_write_barrier();
	pg_atomic_write_u64(&side->own->index, side->index);
}

/*
 * A run of at most len bytes at our index: their number, 0: none, -1: the ring
 * is damaged.  *first of them are at *at, the rest at the ring's beginning.
 */
static inline ssize_t
RingReserve(RingSide *side, size_t len, char **at, size_t *first)
{
	size_t offset = (size_t) side->index & (side->size - 1);
	size_t n;

	if (!side->damaged && RingAvailable(side) < len)
		RingLook(side);
	if (side->damaged)
		return -1;
	n = Min(len, RingAvailable(side));
	*at = side->bytes + offset;
	*first = Min(n, side->size - offset);
	return (ssize_t) n;
}

/* How many were written, 0 if there is no room; -1: the ring is damaged. */
static inline ssize_t
RingWrite(RingSide *side, const void *data, size_t len)
{
	char *at;
	size_t first;
	ssize_t n = RingReserve(side, len, &at, &first);

	if (n <= 0)
		return n;
	memcpy(at, data, first);
	memcpy(side->bytes, (const char *) data + first, (size_t) n - first);
	CLIENT_STEP("ring-write-copied");
	RingPublish(side, (size_t) n);
	CLIENT_STEP("ring-write-told");
	return n;
}

/* How many were read, 0 if there are none; -1: the ring is damaged. */
static inline ssize_t
RingRead(RingSide *side, void *data, size_t len)
{
	char *at;
	size_t first;
	ssize_t n = RingReserve(side, len, &at, &first);

	if (n <= 0)
		return n;
	memcpy(data, at, first);
	memcpy((char *) data + first, side->bytes, (size_t) n - first);
	CLIENT_STEP("ring-read-copied");
	RingPublish(side, (size_t) n);
	CLIENT_STEP("ring-read-told");
	return n;
}

/* Before the other is waited for; look (RingReady) once more after it. */
static inline void
RingFallAsleep(RingSide *side)
{
	pg_atomic_write_u32(&side->own->asleep, 1);
	pg_memory_barrier(); /* pairs with the one in RingMustWake */
	CLIENT_STEP("ring-asleep");
}

static inline void
RingAwake(RingSide *side)
{
	CLIENT_STEP("ring-awake");
	pg_atomic_write_u32(&side->own->asleep, 0);
}

/* After our index was moved: is a byte to be sent? */
static inline bool
RingMustWake(RingSide *side)
{
	pg_memory_barrier(); /* pairs with the one in RingFallAsleep */
	if (pg_atomic_read_u32(&side->other->asleep) == 0)
		return false;
	if (!side->is_writer && RingAvailable(side) > side->size / 2)
		return false;
	return pg_atomic_exchange_u32(&side->other->asleep, 0) != 0;
}

/*
 * Whether to spin before sleeping.  A spin that finds nothing until its limit
 * is in vain: the peer works, or waits for the very processor that we hold.
 * After one in vain some waits go without, twice as many after the next, up to
 * RING_SPIN_MAX_SKIP; a spin that finds something halves that.  So a peer that
 * answers at once is met spinning, and one that does not costs next to nothing.
 */
typedef struct RingSpin
{
	int64 limit_ns; /* 0: never */
	int skip;       /* waits to come without a spin */
	int penalty;    /* what skip became after the last in vain, or less */
} RingSpin;

#define RING_SPIN_MAX_US 1000
#define RING_SPIN_MAX_SKIP 1024

/* Before a wait: is it to begin with a spin? */
static inline bool
RingSpinWanted(RingSpin *spin)
{
	if (spin->limit_ns == 0)
		return false;
	if (spin->skip == 0)
		return true;
	spin->skip--;
	return false;
}

static inline void
RingSpinDone(RingSpin *spin, bool found)
{
	if (found)
		spin->penalty /= 2;
	else
	{
		spin->penalty = Min(spin->penalty * 2 + 1, RING_SPIN_MAX_SKIP);
		spin->skip = spin->penalty;
	}
}

#endif /* RING_H */
