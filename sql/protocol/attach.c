/*
 * attach.c
 *		Messages of type 'a': a client of this host asks for shared memory.
 *		What it asks for later, when it searches, is for sql/tcop/direct.c.
 *
 * ATTACH gives it the client area, through whose rings the session's messages
 * go from then on (pqring.c), and, if its role may read everything, the public
 * segment.  The descriptors travel with the first byte of the answer, which is
 * the last message over the socket.
 *
 *	1	ring-area-made		a memfd with its space reserved
 *	2	ring-area-sealed	its size is final, and so are its seals
 *	3	ring-area-mapped
 *	4	ring-before-answer	up to here an ERROR leaves the session on its socket
 *	5	ring-answered		from here on messages go through the rings
 *
 * After the answer the client may go on at once, and would take an ERROR of ours,
 * or a cancel that comes now, for the answer to what it says next: there is no
 * interrupt check between the answer and the next message.
 *
 * What a SIGKILL leaves behind at any line: nothing, a memfd has no name.  The
 * area's descriptor is closed here in any case: the server does no I/O on what
 * it shares with a client.  That of the public segment is the postmaster's, for
 * reading only and the same for all (shmem.c): what a client can do with it
 * (move its position, set its flags, take an flock) means nothing to anybody
 * who maps it.
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "access/xact.h"
#include "libpq/attach.h"
#include "libpq/attach_be.h"
#include "libpq/pqformat.h"
#include "libpq/ring.h"
#include "libpq/transport.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "storage/direct.h"
#include "storage/shmem.h"
#include "tcop/direct.h"
#include "tcop/tcop_internal.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

int attach_offered = ATTACH_OFFER_DIRECT;

/* What is made for the answer; freed by whoever fails, or used. */
typedef struct AttachParts
{
	int area_fd;
	int public_fd; /* the postmaster's: not to be closed */
	void *mapped;
	size_t size;
	uint32 to_server_size;
	uint32 to_client_size;
} AttachParts;

bool
AttachIsOffered(const Port *port)
{
	struct sockaddr_un address;
	socklen_t length = sizeof(address);

	return attach_offered != ATTACH_OFFER_OFF &&
	       getsockname(port->sock, (struct sockaddr *) &address, &length) ==
	           0 &&
	       address.sun_family == AF_UNIX;
}

/* ---- the client area ---- */

static void
area_failed(const char *doing, size_t size)
{
	ereport(ERROR,
	        (errcode(ERRCODE_OUT_OF_MEMORY),
	         errmsg("could not %s client area of %zu bytes: %m", doing, size),
	         errhint("The session can go on over its socket.")));
}

static void
make_area(AttachParts *parts)
{
	ClientArea *area;
	int rc;

	parts->size = ClientAreaSize(parts->to_server_size, parts->to_client_size);
	parts->area_fd =
		sys_memfd_create("tusk-client", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (parts->area_fd < 0)
		area_failed("create", parts->size);
	/* Reserved now: later the lack of it would be a SIGBUS. */
	do
		rc = SYS_SITE_RC(
			"ring-area-reserve",
			sys_posix_fallocate(parts->area_fd, 0, (off_t) parts->size));
	while (rc == EINTR);
	if (rc != 0)
	{
		errno = rc;
		area_failed("reserve", parts->size);
	}
	INJECTION_POINT("ring-area-made");

	if (SYS_SITE("ring-area-seal",
	             fcntl(parts->area_fd, F_ADD_SEALS,
	                   F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) < 0)
		area_failed("seal", parts->size);
	INJECTION_POINT("ring-area-sealed");

	parts->mapped = SYS_SITE_MAP("ring-area-map",
	                             sys_mmap(parts->size, PROT_READ | PROT_WRITE,
	                                      MAP_SHARED, parts->area_fd));
	if (parts->mapped == MAP_FAILED)
		area_failed("map", parts->size);
	INJECTION_POINT("ring-area-mapped");

	area = parts->mapped;
	area->magic = CLIENT_AREA_MAGIC;
	area->version = ATTACH_VERSION;
	area->to_server_size = parts->to_server_size;
	area->to_client_size = parts->to_client_size;
}

static void
free_parts(AttachParts *parts)
{
	if (parts->area_fd >= 0)
		close(parts->area_fd);
	if (parts->mapped != MAP_FAILED)
		(void) munmap(parts->mapped, parts->size);
}

/* ---- the public segment ---- */

/* The answer is in catalogs: in a transaction, if need be one of its own. */
static bool
may_read_everything(const char **reason)
{
	MemoryContext old = CurrentMemoryContext;
	bool allowed;

	if (IsAbortedTransactionBlockState())
	{
		*reason = "the current transaction is aborted";
		return false;
	}
	start_xact_command();
	allowed = DirectIsAllowed(reason);
	finish_xact_command();
	MemoryContextSwitchTo(old);
	return allowed;
}

/* The descriptor for the client; -1, with a reason in the reply: none. */
static int
offer_public(AttachReply *reply)
{
	const char *reason = NULL;
	int fd = -1;

	if (attach_offered != ATTACH_OFFER_DIRECT)
		reason = "the server's setting \"attach\" does not allow it";
	else if (may_read_everything(&reason))
	{
		fd = PublicShmemFd();
		if (fd < 0)
			reason = "the server could not open the public segment";
	}
	if (reason != NULL)
		strlcpy(reply->reason, reason, sizeof(reply->reason));
	else
	{
		reply->flags |= ATTACH_DIRECT;
		reply->public_size = PublicShmemSize();
		reply->generation = PublicShmemGeneration();
		reply->slot = (uint32) DirectTakeSlot();
		reply->ndescriptors++;
	}
	return fd;
}

/* ---- the answer ---- */

/*
 * The whole message in one piece, with the descriptors.  EOF: nobody is there.
 * Without room in the socket it waits; an interrupt in that wait is an ERROR,
 * for nothing of the message has gone out.
 */
static int
send_with_descriptors(Port *port, const StringInfo message,
                      const AttachParts *parts)
{
	union
	{
		struct cmsghdr header;
		char space[CMSG_SPACE(2 * sizeof(int))];
	} control;
	struct iovec iov = {message->data, (size_t) message->len};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	int fds[2];
	int nfds = 0;

	if (parts->area_fd >= 0)
		fds[nfds++] = parts->area_fd;
	if (parts->public_fd >= 0)
		fds[nfds++] = parts->public_fd;
	if (nfds > 0)
	{
		memset(&control, 0, sizeof(control));
		msg.msg_control = control.space;
		msg.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(nfds * sizeof(int));
		memcpy(CMSG_DATA(&control.header), fds, nfds * sizeof(int));
	}
	for (;;)
	{
		ssize_t n;
		int error;

		/* What is said once the client has the answer goes where it looks. */
		if (parts->mapped != MAP_FAILED)
			PqRingStart(port, parts->mapped, parts->to_server_size,
			            parts->to_client_size);
		n = SYS_SITE("ring-send-descriptors",
		             sendmsg(port->sock, &msg, MSG_NOSIGNAL));
		if (n == message->len)
			return 0;
		error = errno;
		if (parts->mapped != MAP_FAILED)
			PqRingStop();
		errno = error;
		if (n >= 0)
			return EOF; /* so small a message is not cut */
		if (error == EINTR)
			continue;
		if (error == EPIPE || error == ECONNRESET)
			return EOF;
		if (error != EAGAIN && error != EWOULDBLOCK)
			ereport(ERROR, (errcode_for_socket_access(),
			                errmsg("could not send descriptors to client: %m"),
			                errhint("The session can go on over its socket.")));
		if (PqTransportInUse->wait(true))
			CHECK_FOR_INTERRUPTS();
	}
}

static void
compose(StringInfo message, const AttachReply *reply)
{
	uint32 word;

	initStringInfo(message);
	appendStringInfoChar(message, PqMsg_Attach);
	word = htonl((uint32) (sizeof(word) * 2 + sizeof(*reply)));
	appendBinaryStringInfo(message, (const char *) &word, sizeof(word));
	word = htonl(ATTACH_CODE_ATTACH);
	appendBinaryStringInfo(message, (const char *) &word, sizeof(word));
	appendBinaryStringInfo(message, (const char *) reply, sizeof(*reply));
}

static void
check_request(const AttachRequest *request)
{
	if (request->version != ATTACH_VERSION)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("attach version %u is not supported", request->version),
		         errdetail("The server has version %d.", ATTACH_VERSION),
		         errhint("Use the libtusk that was built with the server.")));
	if (!AttachIsOffered(MyProcPort))
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("the server does not offer to attach"),
		         errhint("Connect by a Unix socket, and set \"attach\" to "
		                 "\"rings\" or \"direct\" in the server.")));
	if (PqRingInUse())
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		                errmsg("the session is attached already")));
	if ((request->flags & ~(ATTACH_RINGS | ATTACH_DIRECT)) != 0 ||
	    request->flags == 0 ||
	    (request->to_server_size != 0 &&
	     !RingSizeIsValid(request->to_server_size)) ||
	    (request->to_client_size != 0 &&
	     !RingSizeIsValid(request->to_client_size)))
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		     errmsg("invalid attach request"),
		     errdetail("Flags %u, rings of %u and %u bytes.", request->flags,
		               request->to_server_size, request->to_client_size),
		     errhint("Rings have a power of two from %d to %d bytes.",
		             RING_MIN_SIZE, RING_MAX_SIZE)));
}

/* The steps of the file's header; parts hold what is not freed yet. */
static void
attach_steps(const AttachRequest *request, AttachParts *parts)
{
	AttachReply reply;
	StringInfoData message;

	memset(&reply, 0, sizeof(reply));
	reply.version = ATTACH_VERSION;
	if (request->flags & ATTACH_RINGS)
	{
		parts->to_server_size = request->to_server_size != 0
		                            ? request->to_server_size
		                            : RING_DEFAULT_SIZE;
		parts->to_client_size = request->to_client_size != 0
		                            ? request->to_client_size
		                            : RING_DEFAULT_SIZE;
		make_area(parts);
		reply.flags |= ATTACH_RINGS;
		reply.area_size = parts->size;
		reply.ndescriptors++;
	}
	if (request->flags & ATTACH_DIRECT)
		parts->public_fd = offer_public(&reply);
	compose(&message, &reply);
	INJECTION_POINT("ring-before-answer");

	/* What was said before goes first. */
	if (pq_send_all() != 0 ||
	    send_with_descriptors(MyProcPort, &message, parts) != 0)
		pq_connection_lost();
	else
		parts->mapped = MAP_FAILED; /* it stays to the end of the process */
	/* From here to the next message nothing may be raised: see the header. */
	INJECTION_POINT_NOTHROW("ring-answered");
}

static void
attach_request(StringInfo msg)
{
	AttachRequest request;
	AttachParts parts = {.area_fd = -1, .public_fd = -1, .mapped = MAP_FAILED};

	if (msg->len - msg->cursor != (int) sizeof(request))
		ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("invalid length of attach request")));
	pq_copymsgbytes(msg, &request, sizeof(request));
	if (pq_buffer_has_data())
		ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("attach request is followed by other "
		                       "messages")));
	check_request(&request);
	PG_TRY();
	{
		attach_steps(&request, &parts);
	}
	PG_FINALLY();
	{
		free_parts(&parts);
	}
	PG_END_TRY();
}

void
exec_attach_message(StringInfo msg)
{
	uint32 code = pq_getmsgint(msg, 4);

	if (code == ATTACH_CODE_ATTACH)
		attach_request(msg);
	else
		DirectMessage(code, msg);
}
