/*
 * pqring.c
 *		Bytes over the rings of a client area, on the server's side.
 *
 * libpq/ring.h says how the rings work and why the client need not be trusted.
 * Here is what is added to that: waiting, and what happens if the client breaks
 * a rule or goes away.
 *
 * Waiting: first a bounded spin, which ends when the latch is set; then a latch
 * wait for the socket, over which the client sends a byte to wake us, and whose
 * end is the client's end.  What is read from the socket means nothing by
 * itself.  Our own bytes are sent without blocking: if the buffer is full the
 * client has enough of them to wake up.
 *
 * Rules
 * 1.	After the socket's end what was in the ring by then is still read, as from
 *		a socket; no more, or a client could go on without one.
 * 2.	A ring that is damaged ends the session: with FATAL 08P01 while reading;
 *		while writing, when nothing may be raised, as a lost connection, with a
 *		line in the log.
 * 3.	The area's pages can be given back to the kernel by the client (a hole in
 *		the file), and be wanted again when there is no memory: SIGBUS.  The
 *		handler puts private memory in their place, so that the instruction can
 *		be finished, and the session ends as by rule 2.
 */
#include "postgres.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libpq/attach_be.h"
#include "libpq/ring.h"
#include "libpq/transport.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

int ring_spin = 50;

static Port *port = NULL;
static char *area = NULL;
static size_t area_size = 0;
static RingSide in;
static RingSide out;
static RingSpin spin;
static long processors; /* with one, spinning would hold up the client */

/* The socket is at its end; so much of the input is read yet (rule 1). */
static bool closed;
static uint64 input_end;

/* Rule 3; set by the handler. */
static volatile sig_atomic_t area_lost;

/* ---- lost pages ---- */

static void
handle_sigbus(int signo, siginfo_t *info, void *context)
{
	int save_errno = errno;
	char *address = info->si_addr;

	if (address >= area && address < area + area_size &&
	    mmap(area, area_size, PROT_READ | PROT_WRITE,
	         MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == area)
		area_lost = true;
	else
		signal(signo, SIG_DFL); /* not ours: it comes again */
	errno = save_errno;
}

static void
catch_sigbus(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = handle_sigbus;
	action.sa_flags = SA_SIGINFO | SA_RESTART;
	sigemptyset(&action.sa_mask);
	if (sigaction(SIGBUS, &action, NULL) < 0)
		elog(ERROR, "sigaction failed: %m");
}

/* ---- beginning ---- */

void
PqRingStart(Port *client, void *mapped, uint32 to_server_size,
            uint32 to_client_size)
{
	Assert(RingSizeIsValid(to_server_size) && RingSizeIsValid(to_client_size));
	port = client;
	area = mapped;
	area_size = ClientAreaSize(to_server_size, to_client_size);
	ClientAreaSides(mapped, to_server_size, to_client_size, true, &in, &out);
	closed = false;
	area_lost = false;
	memset(&spin, 0, sizeof(spin));
	if (processors == 0)
		processors = sysconf(_SC_NPROCESSORS_ONLN);
	catch_sigbus();
	PqTransportInUse = &PqRingTransport;
}

/* The client has not got it. */
void
PqRingStop(void)
{
	PqTransportInUse = &PqSocketTransport;
	area = NULL;
	area_size = 0;
}

bool
PqRingInUse(void)
{
	return PqTransportInUse == &PqRingTransport;
}

/* Also from a handler that ends the process. */
void
PqRingFarewell(int why)
{
	if (PqRingInUse() && area != NULL)
		pg_atomic_write_u32(&out.own->farewell, (uint32) why);
}

/* ---- the other side ---- */

static const char *
what_is_wrong(const RingSide *side)
{
	if (area_lost)
		return "The client has taken its memory away.";
	return side->is_writer ? "The client has read more than was written, or "
	                         "less than before."
	                       : "The client has written more than there is room "
	                         "for, or less than before.";
}

static void
wake_client(RingSide *side)
{
	if (!RingMustWake(side))
		return;
	INJECTION_POINT_NOTHROW("ring-wake");
	/* Full, or closed: then it is awake, or we shall read of its end. */
	(void) send(port->sock, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Take the client's bytes away, so that the next wait does not end by them. */
static void
drain_socket(void)
{
	char bytes[256];
	ssize_t n;

	do
		n = recv(port->sock, bytes, sizeof(bytes), MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)))
		return;
	closed = true;
	pg_read_barrier(); /* what was written before the end is there */
	if (!in.damaged)
		RingLook(&in);
	input_end = in.seen;
}

/* ---- the transport ---- */

static ssize_t
ring_read(void *buf, size_t len)
{
	ssize_t n;

	INJECTION_POINT("ring-read");
	if (closed)
		len = Min(len, (size_t) (input_end - in.index));
	n = closed && len == 0 ? 0 : RingRead(&in, buf, len);
	if (n < 0 || area_lost)
		ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("the rings of the client area are damaged"),
		                errdetail_internal("%s", what_is_wrong(&in))));
	if (n > 0)
		wake_client(&in);
	else if (closed)
		return EOF;
	return n;
}

static ssize_t
ring_write(const void *buf, size_t len)
{
	ssize_t n;

	INJECTION_POINT_NOTHROW("ring-write");
	if (closed)
		return EOF;
	n = RingWrite(&out, buf, len);
	if (n < 0 || area_lost)
	{
		ereport(COMMERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                    errmsg("the rings of the client area are damaged"),
		                    errdetail_internal("%s", what_is_wrong(&out))));
		return EOF;
	}
	if (n > 0)
		wake_client(&out);
	return n;
}

/* True: there is something to do, or the latch wants us. */
static bool
spin_for(RingSide *side)
{
	instr_time start;
	instr_time now;

	INSTR_TIME_SET_CURRENT(start);
	for (;;)
	{
		if (RingReady(side) || InterruptPending ||
		    *(volatile sig_atomic_t *) &MyLatch->is_set)
			return true;
		INSTR_TIME_SET_CURRENT(now);
		if (now.ticks - start.ticks >= spin.limit_ns)
			return false;
		pg_spin_delay();
	}
}

static bool
ring_wait(bool to_write)
{
	RingSide *side = to_write ? &out : &in;
	uint32 event =
		to_write ? WAIT_EVENT_CLIENT_RING_WRITE : WAIT_EVENT_CLIENT_RING_READ;
	bool latch_set = false;

	if (closed)
		return false; /* the transport says so at the next call */
	spin.limit_ns = processors == 1 ? 0 : (int64) ring_spin * 1000;
	if (RingSpinWanted(&spin))
	{
		bool found;

		pgstat_report_wait_start(event);
		found = spin_for(side);
		pgstat_report_wait_end();
		RingSpinDone(&spin, found);
		if (found && RingReady(side))
			return false;
	}

	if (to_write)
		INJECTION_POINT_NOTHROW("ring-wait-write");
	else
		INJECTION_POINT("ring-wait-read");
	RingFallAsleep(side);
	INJECTION_POINT_NOTHROW("ring-asleep");
	if (!RingReady(side))
	{
		latch_set = PqWaitForSocket(WL_SOCKET_READABLE, event);
		if (!latch_set)
			drain_socket();
	}
	RingAwake(side);
	return latch_set;
}

const PqTransport PqRingTransport = {
	.read = ring_read, .write = ring_write, .wait = ring_wait};
