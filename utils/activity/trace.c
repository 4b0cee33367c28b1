/*
 * trace.c
 *		Rings of trace events, one per PGPROC, in the private segment.
 *
 * Writing an event: the slot's sequence number is zeroed, a write barrier, the
 * fields, a write barrier, then the new number.  A reader copies the slot and
 * believes it only if the number before and after is the one expected.
 */
#include "postgres.h"

#include <time.h>

#include "miscadmin.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "utils/trace.h"

#define TRACE_MAGIC 0x54524143

typedef struct TraceRing
{
	uint32 magic;              /* [C] */
	pg_atomic_uint64 next_seq; /* [A] written by the owner of the slot */
	TraceEvent events[TRACE_RING_EVENTS];
} TraceRing;

static TraceRing *TraceRings = NULL;

static int
trace_ring_count(void)
{
	return MaxBackends + NUM_AUXILIARY_PROCS;
}

Size
TraceShmemSize(void)
{
	return mul_size((Size) trace_ring_count(), sizeof(TraceRing));
}

void
TraceShmemInit(void)
{
	bool found;

	TraceRings = ShmemInitStruct("Trace Rings", TraceShmemSize(), &found);
	if (found)
		return;
	for (int i = 0; i < trace_ring_count(); i++)
	{
		memset(&TraceRings[i], 0, sizeof(TraceRing));
		pg_atomic_init_u64(&TraceRings[i].next_seq, 1);
		TraceRings[i].magic = TRACE_MAGIC;
	}
}

void
trace_event(const char *name, int64 arg)
{
	TraceRing *ring;
	TraceEvent *event;
	struct timespec ts;
	uint64 seq;

	if (TraceRings == NULL || MyProc == NULL)
		return;
	Assert(MyProcNumber >= 0 && MyProcNumber < trace_ring_count());
	ring = &TraceRings[MyProcNumber];
	seq = pg_atomic_read_u64(&ring->next_seq);
	event = &ring->events[seq % TRACE_RING_EVENTS];
	pg_atomic_write_u64(&event->seq, 0);
	pg_write_barrier(); /* pairs with the read barriers in trace_read_ring */
	clock_gettime(CLOCK_MONOTONIC, &ts);
	event->time_ns = (int64) ts.tv_sec * 1000000000 + ts.tv_nsec;
	event->arg = arg;
	event->pid = MyProcPid;
	strlcpy(event->name, name, TRACE_NAME_LEN);
	pg_write_barrier(); /* pairs with the read barriers in trace_read_ring */
	pg_atomic_write_u64(&event->seq, seq);
	pg_atomic_write_u64(&ring->next_seq, seq + 1);
}

int
trace_read_ring(int procno, TraceEvent *events)
{
	TraceRing *ring;
	uint64 end, seq;
	int n = 0;

	if (TraceRings == NULL || procno < 0 || procno >= trace_ring_count())
		return 0;
	ring = &TraceRings[procno];
	end = pg_atomic_read_u64(&ring->next_seq);
	seq = end > TRACE_RING_EVENTS ? end - TRACE_RING_EVENTS : 1;
	for (; seq < end; seq++)
	{
		TraceEvent *event = &ring->events[seq % TRACE_RING_EVENTS];

		if (pg_atomic_read_u64(&event->seq) != seq)
			continue;
		pg_read_barrier(); /* pairs with the write barriers in trace_event */
		events[n] = *event;
		pg_read_barrier();
		if (pg_atomic_read_u64(&event->seq) != seq)
			continue;
		events[n].name[TRACE_NAME_LEN - 1] = '\0';
		n++;
	}
	return n;
}
