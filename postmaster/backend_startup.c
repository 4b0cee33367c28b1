/*
 * backend_startup.c
 *		The first steps of a client's process: the start-up packet, then
 *		PostgresMain.
 *
 * Until the packet is read the process has touched nothing that is shared: it
 * may end at any moment by _exit, on SIGTERM and when authentication_timeout
 * has passed, and the postmaster takes that as normal.  A process whose client
 * cannot be served reads the packet too, so that it can answer in the
 * protocol, and then says why not.
 *
 * A cancel request comes as a connection of its own and is never answered.
 *
 * Corresponds to PostgreSQL's backend_startup.c.
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "libpq/attach_be.h"
#include "libpq/auth.h"
#include "libpq/libpq-be.h"
#include "libpq/libpq.h"
#include "libpq/pqcomm.h"
#include "libpq/pqformat.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "postmaster/postmaster.h"
#include "storage/ipc.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "tcop/backend_startup.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/guc_internal.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/timeout.h"

static void
process_startup_packet_die(int signo)
{
	_exit(1);
}

static void
StartupPacketTimeoutHandler(void)
{
	_exit(1);
}

static void
processCancelRequest(const char *buf, int32 len)
{
	CancelRequestPacket packet;

	if (len != sizeof(packet))
	{
		ereport(COMMERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                    errmsg("invalid length of cancel request packet")));
		return;
	}
	memcpy(&packet, buf, sizeof(packet));
	SendCancelRequest((int) ntohl(packet.backendPID),
	                  (int32) ntohl(packet.cancelAuthCode));
}

/* Which of the protocol's newer features we do not know. */
static void
SendNegotiateProtocolVersion(List *unrecognized_protocol_options)
{
	StringInfoData buf;
	ListCell *lc;

	pq_beginmessage(&buf, 'v');
	pq_sendint32(&buf, PG_PROTOCOL_LATEST);
	pq_sendint32(&buf, list_length(unrecognized_protocol_options));
	foreach (lc, unrecognized_protocol_options)
		pq_sendstring(&buf, (char *) lfirst(lc));
	pq_endmessage(&buf);
}

/* Where the client is. */
static void
LookAtPeer(Port *port)
{
	char host[NI_MAXHOST] = "???";
	socklen_t length = sizeof(port->raddr);

	if (SYS_SITE("backend-getpeername",
	             getpeername(port->sock, (struct sockaddr *) &port->raddr,
	                         &length)) < 0)
	{
		ereport(COMMERROR, (errcode_for_socket_access(),
		                    errmsg("could not get the address of the client: "
		                           "%m")));
		_exit(0);
	}
	if (port->raddr.ss_family == AF_UNIX)
		strcpy(host, "[local]");
	else
	{
		int on = 1;

		/* answers go out whole, and at once */
		(void) setsockopt(port->sock, IPPROTO_TCP, TCP_NODELAY, &on,
		                  sizeof(on));
		(void) getnameinfo((struct sockaddr *) &port->raddr, length, host,
		                   sizeof(host), NULL, 0, NI_NUMERICHOST);
	}
	port->remote_host = MemoryContextStrdup(TopMemoryContext, host);
}

static void
TruncateName(char *name)
{
	if (name != NULL && strlen(name) >= NAMEDATALEN)
		name[NAMEDATALEN - 1] = '\0';
}

static void
RefuseReplication(const char *value)
{
	bool wanted;

	if (parse_bool(value, &wanted) && !wanted)
		return;
	ereport(FATAL, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("replication connections are not supported")));
}

/* The names and values behind the version; strings with a last empty one. */
static void
ParseStartupOptions(Port *port, char *buf, int32 len)
{
	int32 offset = sizeof(ProtocolVersion);
	List *unrecognized = NIL;

	while (offset < len)
	{
		char *name = buf + offset;
		char *value;
		int32 value_offset;

		if (*name == '\0')
			break;
		value_offset = offset + (int32) strlen(name) + 1;
		if (value_offset >= len)
			break;
		value = buf + value_offset;

		if (strcmp(name, "database") == 0)
			port->database_name = pstrdup(value);
		else if (strcmp(name, "user") == 0)
			port->user_name = pstrdup(value);
		else if (strcmp(name, "options") == 0)
			port->cmdline_options = pstrdup(value);
		else if (strcmp(name, "replication") == 0)
			RefuseReplication(value);
		else if (strcmp(name, ATTACH_PROTOCOL_OPTION) == 0 &&
		         AttachIsOffered(port))
			; /* that it is not refused is the answer */
		else if (strncmp(name, "_pq_.", 5) == 0)
			unrecognized = lappend(unrecognized, pstrdup(name));
		else
		{
			port->guc_options = lappend(port->guc_options, pstrdup(name));
			port->guc_options = lappend(port->guc_options, pstrdup(value));
			if (strcmp(name, "application_name") == 0)
				port->application_name = pstrdup(value);
		}
		offset = value_offset + (int32) strlen(value) + 1;
	}
	if (offset != len - 1)
		ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("invalid startup packet layout: expected "
		                       "terminator as last byte")));
	if (PG_PROTOCOL_MINOR(port->proto) >
	        PG_PROTOCOL_MINOR(PG_PROTOCOL_LATEST) ||
	    unrecognized != NIL)
		SendNegotiateProtocolVersion(unrecognized);
}

/* A packet of a length that makes sense, or NULL with a line in the log. */
static char *
ReadStartupPacket(int32 *lenp, bool *silent)
{
	uint32 word;
	char *buf;

	if (pq_getbytes((char *) &word, 1) != 0)
	{
		/* Somebody looked whether we are there. */
		*silent = true;
		return NULL;
	}
	if (pq_getbytes((char *) &word + 1, 3) != 0)
	{
		ereport(COMMERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                    errmsg("incomplete startup packet")));
		return NULL;
	}
	*lenp = (int32) ntohl(word) - 4;
	if (*lenp < (int32) sizeof(ProtocolVersion) ||
	    *lenp > MAX_STARTUP_PACKET_LENGTH)
	{
		ereport(COMMERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                    errmsg("invalid length of startup packet")));
		return NULL;
	}
	buf = palloc0(*lenp + 1);
	if (pq_getbytes(buf, *lenp) != 0)
	{
		ereport(COMMERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                    errmsg("incomplete startup packet")));
		return NULL;
	}
	return buf;
}

/* A client that asks for encryption is told that there is none. */
static bool
AnswerNo(Port *port)
{
	ssize_t rc;

	do
		rc = send(port->sock, "N", 1, MSG_NOSIGNAL);
	while (rc < 0 && errno == EINTR);
	if (rc == 1)
		return true;
	ereport(COMMERROR, (errcode_for_socket_access(),
	                    errmsg("failed to send SSL negotiation response: %m")));
	return false;
}

bool
ProcessStartupPacket(Port *port)
{
	bool ssl_done = false;
	bool gss_done = false;
	bool silent = false;
	char *buf;
	int32 len;
	uint32 word;

	for (;;)
	{
		buf = ReadStartupPacket(&len, &silent);
		if (buf == NULL)
			return false;
		memcpy(&word, buf, sizeof(word));
		port->proto = ntohl(word);
		if (port->proto == CANCEL_REQUEST_CODE)
		{
			processCancelRequest(buf, len);
			return false;
		}
		if (port->proto == NEGOTIATE_SSL_CODE && !ssl_done)
			ssl_done = true;
		else if (port->proto == NEGOTIATE_GSS_CODE && !gss_done)
			gss_done = true;
		else
			break;
		if (!AnswerNo(port))
			return false;
	}

	if (PG_PROTOCOL_MAJOR(port->proto) != PG_PROTOCOL_MAJOR(PG_PROTOCOL_LATEST))
		ereport(FATAL,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("unsupported frontend protocol %u.%u: server supports "
		                "%u.0 to %u.%u",
		                PG_PROTOCOL_MAJOR(port->proto),
		                PG_PROTOCOL_MINOR(port->proto),
		                PG_PROTOCOL_MAJOR(PG_PROTOCOL_EARLIEST),
		                PG_PROTOCOL_MAJOR(PG_PROTOCOL_LATEST),
		                PG_PROTOCOL_MINOR(PG_PROTOCOL_LATEST))));
	ParseStartupOptions(port, buf, len);
	pfree(buf);

	if (port->user_name == NULL || port->user_name[0] == '\0')
		ereport(
			FATAL,
			(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
		     errmsg("no PostgreSQL user name specified in startup packet")));
	if (port->database_name == NULL || port->database_name[0] == '\0')
		port->database_name = pstrdup(port->user_name);
	TruncateName(port->user_name);
	TruncateName(port->database_name);
	return true;
}

static void
RejectClient(CAC_state cac)
{
	switch (cac)
	{
		case CAC_OK:
			return;
		case CAC_STARTUP:
			ereport(FATAL, (errcode(ERRCODE_CANNOT_CONNECT_NOW),
			                errmsg("the database system is starting up")));
			break;
		case CAC_SHUTDOWN:
			ereport(FATAL, (errcode(ERRCODE_CANNOT_CONNECT_NOW),
			                errmsg("the database system is shutting down")));
			break;
		case CAC_RECOVERY:
			ereport(FATAL, (errcode(ERRCODE_CANNOT_CONNECT_NOW),
			                errmsg("the database system is in recovery mode")));
			break;
		case CAC_TOOMANY:
			ereport(FATAL, (errcode(ERRCODE_TOO_MANY_CONNECTIONS),
			                errmsg("sorry, too many clients already")));
	}
}

/* Up to the end of the start-up packet; exits if that was all. */
static Port *
BackendInitialize(int sock, CAC_state cac)
{
	Port *port = MemoryContextAllocZero(TopMemoryContext, sizeof(Port));
	bool session;

	ClientAuthInProgress = true; /* limits what is told to the client */
	port->sock = sock;
	port->SessionStartTime = MyStartTimestamp;
	MyProcPort = port;
	pq_init(port);
	LookAtPeer(port);

	pqsignal(SIGTERM, process_startup_packet_die);
	pqsignal(SIGHUP, SIG_IGN);
	pqsignal(SIGINT, SIG_IGN);
	pqsignal(SIGUSR1, SIG_IGN);
	pqsignal(SIGUSR2, SIG_IGN);
	pqsignal(SIGPIPE, SIG_IGN);
	pqsignal(SIGCHLD, SIG_DFL);
	InitializeTimeouts(); /* SIGALRM */
	RegisterTimeout(STARTUP_PACKET_TIMEOUT, StartupPacketTimeoutHandler);
	sigprocmask(SIG_SETMASK, &UnBlockSig, NULL);

	if (log_connections)
		ereport(LOG,
		        (errmsg("connection received: host=%s", port->remote_host)));
	enable_timeout_after(STARTUP_PACKET_TIMEOUT, AuthenticationTimeout * 1000);
	session = ProcessStartupPacket(port);
	if (session)
		RejectClient(cac);
	disable_timeout(STARTUP_PACKET_TIMEOUT, false);
	sigprocmask(SIG_SETMASK, &BlockSig, NULL);
	if (!session)
		proc_exit(0);
	return port;
}

void
BackendMain(int sock, CAC_state cac)
{
	Port *port = BackendInitialize(sock, cac);

	INJECTION_POINT("backend-start");
	/* Shown to its client only: whoever knows it may cancel statements. */
	if (getrandom(&MyCancelKey, sizeof(MyCancelKey), 0) != sizeof(MyCancelKey))
		ereport(FATAL, (errcode(ERRCODE_INTERNAL_ERROR),
		                errmsg("could not generate random cancel key")));
	if (MyCancelKey == 0)
		MyCancelKey = 1; /* 0 is "none" */
	InitProcess();
	PostgresMain(port->database_name, port->user_name);
}
