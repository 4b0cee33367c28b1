/*
 * fuzz_ring.c
 *		The server's side of the rings, against a client area that changes while
 *		it is read.
 *
 * The input is a program for server and client: reads, writes and waits of the
 * one (the functions of pqring.c, included here), and what the other writes into
 * the area, well or badly.  Every atomic access of the server is a place where
 * the client may write (STEP_ACCESSES), so words change between two reads of
 * one.  The area and the server's buffers are allocations of their exact sizes.
 *
 * Judged, besides what the sanitizers see: no more bytes than asked for; what a
 * well-behaved client wrote arrives, in order, and it gets what was written;
 * a well-behaved client's ring is never called damaged.
 */
#define STEP_ACCESSES
#define InjectionStepAccess fuzz_access
#define send fuzz_send
#define recv fuzz_recv
#define PqWaitForSocket fuzz_wait_for_socket

#include "../../sql/protocol/pqring.c"

#undef send
#undef recv
#undef PqWaitForSocket

#include <stdlib.h>

#include "fuzz.h"
#include "storage/ipc.h"
#include "utils/memutils.h"

#define SIZE 4096
#define MOST 6000 /* of one read or write */

sigjmp_buf fuzz_end;

/* The rest of the input. */
static const uint8_t *next;
static const uint8_t *last;

static ClientArea *shared;
static RingSide client_in;
static RingSide client_out;
static bool honest; /* the client has done nothing wrong so far */

/* Both send bytes that count up: the next to send, the next to be got. */
static char pattern[256 + MOST + 1];
static uint8_t sent_byte;
static uint8_t awaited_byte;
static uint8_t server_byte;
static uint8_t client_byte;
static int countdown; /* accesses until the client writes in between */
static bool hung_up;
static char *buffer; /* the server's; freed too when FATAL comes in between */

extern void __wrap_proc_exit(int code);

void
__wrap_proc_exit(int code)
{
	siglongjmp(fuzz_end, 1);
}

static unsigned
take(void)
{
	return next < last ? *next++ : 0;
}

static unsigned
take2(void)
{
	unsigned high = take();

	return high << 8 | take();
}

/* ---- the client ---- */

static void
client_writes_badly(void)
{
	RingEnd *ends[] = {&shared->to_server.writer, &shared->to_server.reader,
	                   &shared->to_client.writer, &shared->to_client.reader};
	unsigned what = take();
	RingEnd *end = ends[what & 3];

	honest = false;
	switch (what >> 2 & 7)
	{
		case 0:
			end->index.value += (int16) take2();
			break;
		case 1:
			end->index.value = take2();
			break;
		case 2:
			end->index.value += SIZE;
			break;
		case 3:
			end->index.value ^= (uint64) 1 << (take() & 63);
			break;
		case 4:
			end->asleep.value = take();
			break;
		case 5:
			memset((char *) shared + (take2() & 2047), (int) take(), 64);
			break;
		case 6:
			memset((char *) (shared + 1) + (take2() & (2 * SIZE - 64)),
			       (int) take(), 64);
			break;
		case 7:
			memset(shared, (int) take(), sizeof(ClientArea) + 2 * SIZE);
			break;
	}
}

/* Between two accesses of the server. */
void
fuzz_access(void)
{
	static bool inside;

	if (inside || countdown == 0 || --countdown > 0)
		return;
	inside = true;
	client_writes_badly();
	countdown = (int) take() & 31;
	inside = false;
}

/* By the rules, unless its own sides are damaged by what it did. */
static void
client_transfers(void)
{
	char bytes[MOST];
	size_t len = take2() % MOST;
	ssize_t n;
	int keep = countdown;

	countdown = 0;
	n = RingWrite(&client_out, pattern + sent_byte, len);
	if (n > 0)
		sent_byte += (uint8_t) n;
	(void) RingMustWake(&client_out);
	n = RingRead(&client_in, bytes, take2() % MOST);
	if (honest && n > 0 && memcmp(bytes, pattern + client_byte, n) != 0)
		abort();
	client_byte += (uint8_t) Max(n, 0);
	(void) RingMustWake(&client_in);
	if (honest && (client_in.damaged || client_out.damaged))
		abort();
	countdown = keep;
}

/* ---- the socket ---- */

ssize_t
fuzz_send(int sock, const void *buf, size_t len, int flags)
{
	errno = EAGAIN;
	return (take() & 1) ? 1 : -1;
}

ssize_t
fuzz_recv(int sock, void *buf, size_t len, int flags)
{
	unsigned what = take();

	if (next == last || what == 255)
	{
		hung_up = true;
		return 0;
	}
	errno = what & 1 ? EAGAIN : EINTR;
	return what & 2 ? (ssize_t) (what % len) + 1 : -1;
}

bool
fuzz_wait_for_socket(int event, uint32 wait_event_info)
{
	if ((take() & 3) == 0)
		client_transfers();
	return (take() & 7) == 0;
}

/* ---- the server ---- */

static void
server_reads(void)
{
	size_t len = take2() % MOST + 1;
	ssize_t n;

	buffer = malloc(len);
	n = ring_read(buffer, len);

	if (n > (ssize_t) len || n < -1 || (n == -1 && !hung_up))
		abort();
	if (honest && n > 0 && memcmp(buffer, pattern + awaited_byte, n) != 0)
		abort();
	awaited_byte += (uint8_t) Max(n, 0);
	free(buffer);
	buffer = NULL;
}

static void
server_writes(void)
{
	size_t len = take2() % MOST + 1;
	ssize_t n;

	buffer = malloc(len);
	memcpy(buffer, pattern + server_byte, len);
	n = ring_write(buffer, len);
	if (n > (ssize_t) len || n < -1 || (n == -1 && honest && !hung_up))
		abort();
	if (n > 0)
		server_byte += (uint8_t) n;
	free(buffer);
	buffer = NULL;
}

static void
run(Port *client)
{
	while (next < last)
	{
		switch (take() & 7)
		{
			case 0:
			case 1:
				server_reads();
				break;
			case 2:
				server_writes();
				break;
			case 3:
				(void) ring_wait(false);
				break;
			case 4:
				(void) ring_wait(true);
				break;
			case 5:
				client_transfers();
				break;
			case 6:
				client_writes_badly();
				break;
			case 7:
				countdown = (int) take() & 31;
				break;
		}
		if (in.size != SIZE || out.size != SIZE ||
		    (!in.damaged && RingAvailable(&in) > SIZE) ||
		    (!out.damaged && RingAvailable(&out) > SIZE))
			abort();
	}
}

static void
start(void)
{
	MemoryContextInit();
	MyProcPid = (int) getpid();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	log_min_messages = PANIC; /* what the input provokes is no news */
	shared = malloc(sizeof(ClientArea) + 2 * SIZE);
	for (int i = 0; i < lengthof(pattern); i++)
		pattern[i] = (char) i;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Port client;
	static bool started;

	if (!started)
		start();
	started = true;
	memset(shared, 0, sizeof(ClientArea) + 2 * SIZE);
	ring_spin = 0;
	client.sock = -1;
	next = data;
	last = data + size;
	countdown = 0;
	honest = true;
	hung_up = false;
	sent_byte = awaited_byte = server_byte = client_byte = 0;
	ClientAreaSides(shared, SIZE, SIZE, false, &client_in, &client_out);
	PqRingStart(&client, shared, SIZE, SIZE);
	if (sigsetjmp(fuzz_end, 0) == 0)
		run(&client);
	else if (honest)
		abort(); /* FATAL without a reason */
	free(buffer);
	buffer = NULL;
	FlushErrorState();
	InterruptPending = false;
	PqRingStop();
	return 0;
}
