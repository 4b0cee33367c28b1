/*
 * memory.pml
 *	  A memory whose stores arrive late, with the buffers that make them so.
 *
 * A store goes into the store buffer of its process, and from there into memory
 * when process Memory says so.  A load looks into the own buffer first.
 *
 *		TSO		what x86 does: a buffer is emptied in order.
 *		WEAK	what ARM and others may do: stores to different places leave the
 *				buffer in any order, unless a write barrier is between them; and
 *				a store of another process may leave behind an old copy that a
 *				later load still finds, until a read barrier drops it.
 *
 * The old copy is that of an invalidation queue: when a store arrives, each other
 * process keeps the value from before; a load takes either and, once it has
 * taken the new one, never the old one again.
 *
 * The user defines NPROC, NLOC, one of TSO and WEAK.  All accesses to mem[] go
 * through these:
 *
 *		STORE, LOAD				plain accesses, volatile, pg_atomic_read/write
 *		FULL_BARRIER			pg_memory_barrier
 *		READ_BARRIER			pg_read_barrier
 *		WRITE_BARRIER			pg_write_barrier
 *		ARRIVE					the store half of a read-modify-write operation
 */
#define DEPTH 3

byte mem[NLOC];

typedef StoreBuffer
{
	byte n;
	byte loc[DEPTH];
	byte val[DEPTH];
	bool fence[DEPTH];			/* a write barrier is before this one */
	bool pending;				/* and will be before the next one */
};
StoreBuffer buffer[NPROC];

#ifdef WEAK
bool is_stale[NPROC * NLOC];
byte stale[NPROC * NLOC];
#endif

#define BUFFERED(p, i, l) (buffer[p].n > i && buffer[p].loc[i] == (l))

inline STORE(p, l, v)
{
	d_step {
		buffer[p].n < DEPTH;
		buffer[p].loc[buffer[p].n] = l;
		buffer[p].val[buffer[p].n] = v;
		buffer[p].fence[buffer[p].n] = buffer[p].pending;
		buffer[p].pending = false;
		buffer[p].n++
	}
}

inline LOAD(p, l, x)
{
	atomic {
		if
		:: BUFFERED(p, 2, l) -> x = buffer[p].val[2]
		:: !BUFFERED(p, 2, l) && BUFFERED(p, 1, l) -> x = buffer[p].val[1]
		:: !BUFFERED(p, 2, l) && !BUFFERED(p, 1, l) && BUFFERED(p, 0, l) ->
			x = buffer[p].val[0]
		:: else ->
#ifdef WEAK
			if
			:: is_stale[(p) * NLOC + (l)] -> x = stale[(p) * NLOC + (l)]
			:: is_stale[(p) * NLOC + (l)] = false;
			   stale[(p) * NLOC + (l)] = 0;
			   x = mem[l]
			fi
#else
			x = mem[l]
#endif
		fi
	}
}

/* The store reaches memory; others may keep what was there. */
inline ARRIVE(p, l, v)
{
#ifdef WEAK
	for (_q : 0 .. NPROC - 1) {
		if
		:: _q != (p) && !is_stale[_q * NLOC + (l)] && mem[l] != (v) ->
			is_stale[_q * NLOC + (l)] = true;
			stale[_q * NLOC + (l)] = mem[l]
		:: else
		fi
	}
	is_stale[(p) * NLOC + (l)] = false;
	stale[(p) * NLOC + (l)] = 0;
#endif
	mem[l] = v
}

inline DROP_STALE(p)
{
#ifdef WEAK
	for (_q : 0 .. NLOC - 1) {
		is_stale[(p) * NLOC + _q] = false;
		stale[(p) * NLOC + _q] = 0
	}
	_q = 0;
#else
	skip
#endif
}

inline FULL_BARRIER(p)
{
	d_step {
		buffer[p].n == 0;
		buffer[p].pending = false;
		DROP_STALE(p)
	}
}

inline READ_BARRIER(p)
{
	d_step { DROP_STALE(p) }
}

inline WRITE_BARRIER(p)
{
#ifdef WEAK
	buffer[p].pending = (buffer[p].n > 0)
#else
	skip
#endif
}

/* May the store at place i leave before the older ones? */
#ifdef WEAK
#define LEAVES_1(p) \
	(buffer[p].n > 1 && !buffer[p].fence[1] && \
	 buffer[p].loc[1] != buffer[p].loc[0])
#define LEAVES_2(p) \
	(buffer[p].n > 2 && !buffer[p].fence[1] && !buffer[p].fence[2] && \
	 buffer[p].loc[2] != buffer[p].loc[0] && \
	 buffer[p].loc[2] != buffer[p].loc[1])
#else
#define LEAVES_1(p) false
#define LEAVES_2(p) false
#endif

inline LEAVE(p, i)
{
	_l = buffer[p].loc[i];
	_v = buffer[p].val[i];
	for (_i : i .. DEPTH - 2) {
		buffer[p].loc[_i] = buffer[p].loc[_i + 1];
		buffer[p].val[_i] = buffer[p].val[_i + 1];
		buffer[p].fence[_i] = buffer[p].fence[_i + 1]
	}
	buffer[p].n--;
	buffer[p].loc[buffer[p].n] = 0;
	buffer[p].val[buffer[p].n] = 0;
	buffer[p].fence[buffer[p].n] = false;
	/* nothing older: nothing to wait for */
	buffer[p].fence[0] = false;
	if
	:: buffer[p].n == 0 -> buffer[p].pending = false
	:: else
	fi;
	ARRIVE(p, _l, _v);
	_l = 0;
	_v = 0;
	_i = 0;
	_q = 0
}

#define MEMORY_OF(p) \
	:: d_step { buffer[p].n > 0 -> LEAVE(p, 0) } \
	:: d_step { LEAVES_1(p) -> LEAVE(p, 1) } \
	:: d_step { LEAVES_2(p) -> LEAVE(p, 2) }

active proctype Memory()
{
	byte _i, _l, _q, _v;

end:
	do
	MEMORY_OF(0)
	MEMORY_OF(1)
#if NPROC > 2
	MEMORY_OF(2)
#endif
	od
}
