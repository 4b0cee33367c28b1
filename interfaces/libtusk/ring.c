/*
 * ring.c: attaching: the rings of the client area instead of the socket.
 *
 * After the start-up, over a Unix socket, to a server that offers it, we ask for
 * a client area (libpq/attach.h).  Its descriptor comes with the answer; from
 * then on the socket only carries wake-up bytes, and its end is the server's.
 * libpq/ring.h, which the server is built from too, says how the rings work; the
 * waits are in wire.c.
 *
 * What the server wrote before its end is still read: its last words.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "direct.h"
#include "libpq/attach.h"
#include "libpq/ring.h"

/* so much at once, that the server can read it while we write on */
#define WRITE_CHUNK 32768

struct tusk_rings
{
	void *area;
	size_t size;
	RingSide in;
	RingSide out;
	RingSpin spin;
	bool closed; /* the socket is at its end */
};

/* ---- attaching ---- */

static void
put_attach_request(tusk_session *s, uint32_t flags)
{
	AttachRequest request = {.version = ATTACH_VERSION, .flags = flags};

	tusk_begin(s, PqMsg_Attach);
	tusk_put_int32(s, ATTACH_CODE_ATTACH);
	tusk_put(s, &request, sizeof(request));
}

/* The area in the first descriptor that came; NULL: it is not as announced. */
static struct tusk_rings *
map_area(tusk_session *s, const AttachReply *reply, const char **wrong)
{
	struct tusk_rings *rings = calloc(1, sizeof(*rings));
	ClientArea *area;
	struct stat st;

	*wrong = "out of memory";
	if (rings == NULL)
		return NULL;
	rings->area = MAP_FAILED;
	*wrong = "the client area is not as the server described it";
	if (fstat(s->descriptors[0], &st) == 0 &&
	    (uint64_t) st.st_size == reply->area_size &&
	    reply->area_size >= ClientAreaSize(RING_MIN_SIZE, RING_MIN_SIZE) &&
	    reply->area_size <= ClientAreaSize(RING_MAX_SIZE, RING_MAX_SIZE) &&
	    (fcntl(s->descriptors[0], F_GET_SEALS) & F_SEAL_SHRINK) != 0)
	{
		rings->size = (size_t) reply->area_size;
		rings->area = mmap(NULL, rings->size, PROT_READ | PROT_WRITE,
		                   MAP_SHARED, s->descriptors[0], 0);
		if (rings->area == MAP_FAILED)
			*wrong = strerror(errno);
	}
	if (rings->area != MAP_FAILED)
	{
		uint32 to_server;
		uint32 to_client;

		area = rings->area;
		to_server = area->to_server_size;
		to_client = area->to_client_size;
		if (area->magic == CLIENT_AREA_MAGIC &&
		    area->version == ATTACH_VERSION && RingSizeIsValid(to_server) &&
		    RingSizeIsValid(to_client) &&
		    ClientAreaSize(to_server, to_client) == rings->size)
		{
			ClientAreaSides(area, to_server, to_client, false, &rings->in,
			                &rings->out);
			return rings;
		}
		(void) munmap(rings->area, rings->size);
	}
	free(rings);
	return NULL;
}

static void
close_descriptors(tusk_session *s)
{
	while (s->ndescriptors > 0)
		(void) close(s->descriptors[--s->ndescriptors]);
}

/*
 * The server's pages, which came with the area.  Now, not at the first search:
 * who insists is told at once, and tusk_transport says what is so.
 */
static tusk_status
map_pages(tusk_session *s)
{
	bool no_memory;

	tusk_direct_close(s); /* of a try before */
	errno = 0;
	if (tusk_direct_open(s))
		return TUSK_OK;
	no_memory = errno == ENOMEM;
	(void) close(s->public_fd);
	s->public_fd = -1;
	if (s->attach_wanted != TUSK_ATTACH_DIRECT)
		return TUSK_OK;
	(void) tusk_lose(s, no_memory ? "53200" : "0A000",
	                 "direct search is not possible: %s",
	                 tusk_direct_reason(s));
	tusk_add_hint(s, "With attach=best or rings the backend searches.");
	return TUSK_CONNECTION_LOST;
}

static tusk_status
take_answer(tusk_session *s, tusk_message *m)
{
	int32_t code = tusk_get_int32(m);
	const char *data = tusk_get_bytes(m, sizeof(AttachReply));
	const char *wrong = NULL;
	AttachReply reply;

	if (s->descriptors_lost)
	{
		(void) tusk_lose(s, "53000",
		                 "could not receive the server's descriptors: too many "
		                 "open files in this process");
		tusk_add_hint(s, "Raise its limit (RLIMIT_NOFILE) or close some; a "
		                 "session with attach=off needs its socket only.");
		return TUSK_CONNECTION_LOST;
	}
	if (data != NULL)
		memcpy(&reply, data, sizeof(reply));
	if (data == NULL || code != ATTACH_CODE_ATTACH || m->at != m->length ||
	    reply.version != ATTACH_VERSION ||
	    reply.ndescriptors != (uint32_t) s->ndescriptors ||
	    (reply.flags & ATTACH_RINGS) == 0 || s->in.used != s->in_start ||
	    s->ndescriptors != ((reply.flags & ATTACH_DIRECT) ? 2 : 1))
		return tusk_lose(s, "08P01", "malformed answer to attach request");
	reply.reason[sizeof(reply.reason) - 1] = '\0';
	s->rings = map_area(s, &reply, &wrong);
	if (s->rings == NULL)
		return tusk_lose(s, "53200", "could not map client area: %s", wrong);
	CLIENT_STEP("attach-area-mapped");
	if (s->ring_spin_us > 0 && sysconf(_SC_NPROCESSORS_ONLN) > 1)
		s->rings->spin.limit_ns = (int64) s->ring_spin_us * 1000;
	if (reply.flags & ATTACH_DIRECT)
	{
		s->public_fd = s->descriptors[1];
		s->public_size = (size_t) reply.public_size;
		s->generation = reply.generation;
		s->direct_slot = reply.slot;
		s->ndescriptors = 1;
		return map_pages(s);
	}
	else if (s->attach_wanted == TUSK_ATTACH_DIRECT)
	{
		(void) tusk_lose(s, "42501", "direct search is not allowed: %s",
		                 reply.reason);
		tusk_add_hint(s,
		              "With attach=best or rings the backend searches what "
		              "the role may read; GRANT pg_read_all_data TO the role "
		              "lets it read everything.");
		return TUSK_CONNECTION_LOST;
	}
	return TUSK_OK;
}

/*
 * Changes to the rings; if the server cannot, and nobody insists, the session
 * stays on its socket.
 */
tusk_status
tusk_attach_rings(tusk_session *s, int timeout_ms)
{
	bool insists = s->attach_wanted != TUSK_ATTACH_BEST;
	uint32_t flags = ATTACH_RINGS;
	tusk_status status;
	tusk_message m;

	if (s->attach_wanted == TUSK_ATTACH_OFF)
		return TUSK_OK;
	if (s->address.storage.ss_family != AF_UNIX)
		return insists ? tusk_lose(s, "0A000",
		                           "memory cannot be shared over TCP: give "
		                           "the directory of the server's socket as "
		                           "host")
		               : TUSK_OK;
	if (!s->attach_offered)
		return insists ? tusk_lose(s, "0A000",
		                           "the server does not offer to attach")
		               : TUSK_OK;
	if (s->attach_wanted != TUSK_ATTACH_RINGS)
		flags |= ATTACH_DIRECT;
	put_attach_request(s, flags);
	status = tusk_end(s);
	s->wants_descriptors = true;
	s->descriptors_lost = false;
	if (status == TUSK_OK)
		status = tusk_send(s);
	CLIENT_STEP("attach-asked");
	while (status == TUSK_OK)
	{
		status = tusk_receive(s, &m, timeout_ms);
		if (status != TUSK_OK)
			break;
		if (m.type == PqMsg_Attach)
		{
			CLIENT_STEP("attach-answered");
			status = take_answer(s, &m);
			break;
		}
		if (m.type == 'E')
			(void) tusk_take_error(s, &m);
		else if (m.type == 'Z')
		{
			/* the server's error is the session's last word, or forgotten */
			if (insists)
			{
				tusk_disconnect(s);
				status = TUSK_CONNECTION_LOST;
			}
			else
				tusk_clear_error(s);
			break;
		}
		else if (!tusk_async_message(s, &m))
			status = tusk_lose(s, "08P01",
			                   "unexpected message type \"%c\" as answer to "
			                   "attach request",
			                   m.type);
	}
	s->wants_descriptors = false;
	close_descriptors(s);
	return status;
}

void
tusk_free_rings(tusk_session *s)
{
	close_descriptors(s);
	if (s->public_fd >= 0)
		(void) close(s->public_fd);
	s->public_fd = -1;
	if (s->rings == NULL)
		return;
	(void) munmap(s->rings->area, s->rings->size);
	CLIENT_STEP("detach-area-unmapped");
	free(s->rings);
	s->rings = NULL;
}

const char *
tusk_transport(const tusk_session *s)
{
	if (s == NULL || s->fd < 0)
		return "none";
	if (s->rings == NULL)
		return "socket";
	return s->public_fd >= 0 ? "direct" : "rings";
}

/* recv, which keeps the descriptors that come along. */
ssize_t
tusk_receive_descriptors(tusk_session *s, void *buf, size_t size)
{
	union
	{
		struct cmsghdr header;
		char space[CMSG_SPACE(4 * sizeof(int))];
	} control;
	struct iovec iov = {buf, size};
	struct msghdr msg = {.msg_iov = &iov,
	                     .msg_iovlen = 1,
	                     .msg_control = control.space,
	                     .msg_controllen = sizeof(control.space)};
	ssize_t n = recvmsg(s->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0)
		return n;
	if (msg.msg_flags & MSG_CTRUNC)
		s->descriptors_lost = true;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c != NULL;
	     c = CMSG_NXTHDR(&msg, c))
	{
		size_t nfds = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		int fd;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < nfds; i++)
		{
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (s->ndescriptors < TUSK_MAX_DESCRIPTORS)
				s->descriptors[s->ndescriptors++] = fd;
			else
				(void) close(fd);
		}
	}
	return n;
}

/* ---- bytes ---- */

static void
wake_server(tusk_session *s, RingSide *side)
{
	/* full: then it is awake; closed: that is seen by waiting */
	if (RingMustWake(side))
	{
		CLIENT_STEP("ring-wake");
		(void) send(s->fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
		CLIENT_STEP("ring-woke");
	}
}

/* How many went; 0: no room; -1: the ring is damaged. */
ssize_t
tusk_ring_write(tusk_session *s, const void *data, size_t length)
{
	RingSide *side = &s->rings->out;
	ssize_t n =
		RingWrite(side, data, length < WRITE_CHUNK ? length : WRITE_CHUNK);

	if (n > 0)
		wake_server(s, side);
	return n;
}

/* How many came; 0: none now; -1: the ring is damaged. */
ssize_t
tusk_ring_read(tusk_session *s, void *data, size_t length)
{
	RingSide *side = &s->rings->in;
	ssize_t n = RingRead(side, data, length);

	if (n > 0)
		wake_server(s, side);
	return n;
}

/* Is there anything to do: to read, or, if asked, to write? */
bool
tusk_ring_ready(tusk_session *s, bool to_write)
{
	return RingReady(&s->rings->in) ||
	       (to_write && RingReady(&s->rings->out)) || s->rings->closed;
}

/*
 * At the end, when nothing is left to be read: what the server says of it, as
 * the session's error.  False: nothing.
 */
bool
tusk_ring_farewell(tusk_session *s)
{
	uint32 why = pg_atomic_read_u32(&s->rings->in.other->farewell);

	switch (why)
	{
		case RING_FAREWELL_TERMINATED:
			(void) tusk_lose(s, "57P01",
			                 "terminating connection due to administrator "
			                 "command");
			return true;
		case RING_FAREWELL_CRASH:
			(void) tusk_lose(s, "57P02",
			                 "terminating connection because of crash of "
			                 "another server process");
			tusk_add_hint(s, "In a moment you should be able to reconnect to "
			                 "the database and repeat your command.");
			return true;
		case RING_FAREWELL_STOP:
			(void) tusk_lose(s, "57P01",
			                 "terminating connection due to immediate "
			                 "shutdown command");
			return true;
		default:
			return false;
	}
}

bool
tusk_ring_closed(const tusk_session *s)
{
	return s->rings->closed;
}

/* ---- waiting ---- */

static bool
spin_for(tusk_session *s, bool to_write)
{
	RingSpin *spin = &s->rings->spin;
	instr_time start;
	instr_time now;

	INSTR_TIME_SET_CURRENT(start);
	for (;;)
	{
		if (tusk_ring_ready(s, to_write))
			return true;
		INSTR_TIME_SET_CURRENT(now);
		if (now.ticks - start.ticks >= spin->limit_ns)
			return false;
		pg_spin_delay();
	}
}

/*
 * Waits timeout_ms at most (-1: without end) for something to do: 1, or 0
 * after that time or a signal.  The server's end is something, too.
 */
int
tusk_ring_wait(tusk_session *s, bool to_write, int timeout_ms)
{
	struct tusk_rings *r = s->rings;
	char bytes[256];
	ssize_t n = -1;

	if (RingSpinWanted(&r->spin))
	{
		bool found = spin_for(s, to_write);

		RingSpinDone(&r->spin, found);
		if (found)
			return 1;
	}
	RingFallAsleep(&r->in);
	if (to_write)
		RingFallAsleep(&r->out);
	errno = EINTR;
	if (tusk_ring_ready(s, to_write))
		n = 1;
	else if (timeout_ms < 0 || tusk_poll(s->fd, timeout_ms))
		n = recv(s->fd, bytes, sizeof(bytes),
		         timeout_ms < 0 ? 0 : MSG_DONTWAIT);
	RingAwake(&r->in);
	if (to_write)
		RingAwake(&r->out);
	if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (n <= 0)
	{
		r->closed = true;
		pg_read_barrier(); /* what was written before the end is there */
	}
	return 1;
}
