/*
 * pqsocket.c
 *		Bytes over a client's socket, and waits for it.
 *
 * The socket does not block: every wait is a latch wait, ends with the
 * postmaster, and can be interrupted.
 *
 * Corresponds to the lower half of PostgreSQL's pqcomm.c and to be-secure.c.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libpq/libpq-be.h"
#include "libpq/transport.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

static Port *port = NULL;

/* The socket, the latch and the postmaster; made at the first wait. */
static WaitEventSet *FeBeWaitSet;
#define FeBeWaitSetSocketPos 0
#define FeBeWaitSetLatchPos 1

void
PqSocketInit(Port *client)
{
	int flags = fcntl(client->sock, F_GETFL);

	if (flags < 0 || fcntl(client->sock, F_SETFL, flags | O_NONBLOCK) < 0)
		ereport(FATAL,
		        (errcode_for_socket_access(),
		         errmsg("could not set socket to nonblocking mode: %m")));
	port = client;
	if (FeBeWaitSet)
		FreeWaitEventSet(FeBeWaitSet);
	FeBeWaitSet = NULL;
}

bool
PqWaitForSocket(int event, uint32 wait_event_info)
{
	WaitEvent occurred;

	if (FeBeWaitSet == NULL)
	{
		FeBeWaitSet = CreateWaitEventSet(TopMemoryContext, 3);
		AddWaitEventToSet(FeBeWaitSet, event, port->sock, NULL, NULL);
		AddWaitEventToSet(FeBeWaitSet, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch,
		                  NULL);
		if (IsUnderPostmaster)
			AddWaitEventToSet(FeBeWaitSet, WL_EXIT_ON_PM_DEATH,
			                  PGINVALID_SOCKET, NULL, NULL);
	}
	ModifyWaitEvent(FeBeWaitSet, FeBeWaitSetSocketPos, event, NULL);
	/* The process's latch changes when it gets its PGPROC. */
	ModifyWaitEvent(FeBeWaitSet, FeBeWaitSetLatchPos, WL_LATCH_SET, MyLatch);
	(void) WaitEventSetWait(FeBeWaitSet, -1, &occurred, 1, wait_event_info);
	if ((occurred.events & WL_LATCH_SET) == 0)
		return false;
	ResetLatch(MyLatch);
	return true;
}

bool
pq_check_connection(void)
{
	int rc = WaitLatchOrSocket(MyLatch, WL_SOCKET_CLOSED | WL_TIMEOUT,
	                           port->sock, 0, WAIT_EVENT_CLIENT_READ);

	return (rc & WL_SOCKET_CLOSED) == 0;
}

/* ---- the transport ---- */

static ssize_t
socket_read(void *buf, size_t len)
{
	ssize_t n;

	do
		n = recv(port->sock, buf, len, 0);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		return n;
	if (n == 0)
		return EOF;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return 0;
	ereport(COMMERROR, (errcode_for_socket_access(),
	                    errmsg("could not receive data from client: %m")));
	return EOF;
}

static ssize_t
socket_write(const void *buf, size_t len)
{
	ssize_t n;

	do
		n = send(port->sock, buf, len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		return n;
	return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : EOF;
}

static bool
socket_wait(bool to_write)
{
	return to_write
	           ? PqWaitForSocket(WL_SOCKET_WRITEABLE, WAIT_EVENT_CLIENT_WRITE)
	           : PqWaitForSocket(WL_SOCKET_READABLE, WAIT_EVENT_CLIENT_READ);
}

const PqTransport PqSocketTransport = {
	.read = socket_read, .write = socket_write, .wait = socket_wait};
