/*
 * pqcomm.c
 *		Messages of a client's session: buffered, over a transport that does not
 *		block, so that every wait is a latch wait and can be interrupted.
 *
 * Output is collected in a buffer that is sent when it is full or at a flush.
 * A broken connection is not an error here: it is noted (ClientConnectionLost)
 * and acted upon at the next CHECK_FOR_INTERRUPTS, as an ERROR could only be
 * told to the client that is gone.
 *
 * While a message goes out no other may start (PqCommBusy): an ereport between
 * two parts of one would tear it.
 *
 * Corresponds to PostgreSQL's pqcomm.c; no TLS.  The bytes go over a socket
 * (pqsocket.c) or over the rings of a client area (pqring.c).
 */
#include "postgres.h"

#include <arpa/inet.h>

#include "libpq/attach_be.h"
#include "libpq/libpq-be.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "libpq/ring.h"
#include "libpq/transport.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "tcop/direct.h"
#include "tcop/interrupts.h"
#include "utils/guc_internal.h"
#include "utils/injection_point.h"

#define PQ_SEND_BUFFER_SIZE 8192
#define PQ_RECV_BUFFER_SIZE 65536
/* from here on it is worth a system call of its own not to copy a message */
#define PQ_LARGE_MESSAGE 32768
#define PQ_RECV_HEAD_SIZE 1024

const PqTransport *PqTransportInUse = &PqSocketTransport;

static char send_buffer[PQ_SEND_BUFFER_SIZE];
static int send_start; /* next byte to send */
static int send_end;   /* one past the last */

static char recv_buffer[PQ_RECV_BUFFER_SIZE];
static int recv_next;
static int recv_end;
static bool large_messages; /* the last one had PQ_LARGE_MESSAGE bytes */

static bool PqCommBusy;
static bool PqCommReadingMsg;

/* A wait to send has reset the latch: it is set again for its real readers. */
static bool latch_consumed;

/*
 * In the middle of an outgoing message nothing may be raised but the end of the
 * process, and that without a message to the client.
 */
void
pq_wait_to_write(void)
{
	if (PqTransportInUse->wait(true))
	{
		latch_consumed = true;
		if (ProcDiePending)
		{
			PqRingFarewell(RING_FAREWELL_TERMINATED);
			send_message_to_frontend_hook = NULL;
			CHECK_FOR_INTERRUPTS();
		}
		/* what an attached client holds back does not wait for it to read */
		ProcessDirectWriteInterrupts();
	}
}

void
pq_connection_lost(void)
{
	send_start = send_end = 0; /* nobody will read it */
	ClientConnectionLost = true;
	InterruptPending = true;
}

/* ---- sending ---- */

/* 0, or EOF if the connection is gone; stops early if may_block is false. */
static int
send_buffered(bool may_block)
{
	while (send_start < send_end)
	{
		ssize_t n = PqTransportInUse->write(send_buffer + send_start,
		                                    send_end - send_start);

		if (n > 0)
			send_start += (int) n;
		else if (n < 0)
		{
			pq_connection_lost();
			return EOF;
		}
		else if (may_block)
			pq_wait_to_write();
		else
			return 0;
	}
	send_start = send_end = 0;
	if (latch_consumed)
	{
		latch_consumed = false;
		SetLatch(MyLatch);
	}
	return 0;
}

int
pq_send_all(void)
{
	return send_buffered(true);
}

static int
put_bytes(const char *s, size_t len)
{
	while (len > 0)
	{
		size_t room;

		if (send_end == PQ_SEND_BUFFER_SIZE && send_buffered(true) != 0)
			return EOF;
		room = Min(len, (size_t) (PQ_SEND_BUFFER_SIZE - send_end));
		memcpy(send_buffer + send_end, s, room);
		send_end += (int) room;
		s += room;
		len -= room;
	}
	return 0;
}

static void
socket_comm_reset(void)
{
	/* After an ERROR inside a message: what is in the buffer is still sent. */
	PqCommBusy = false;
}

static int
socket_flush(void)
{
	int result;

	if (PqCommBusy)
		return 0;
	PqCommBusy = true;
	result = send_buffered(true);
	PqCommBusy = false;
	return result;
}

static int
socket_flush_if_writable(void)
{
	int result;

	if (PqCommBusy || send_start == send_end)
		return 0;
	PqCommBusy = true;
	result = send_buffered(false);
	PqCommBusy = false;
	return result;
}

static bool
socket_is_send_pending(void)
{
	return send_start < send_end;
}

static int
socket_putmessage(char msgtype, const char *s, size_t len)
{
	uint32 length = htonl((uint32) (len + 4));
	int result = 0;

	if (PqCommBusy)
		return 0;
	PqCommBusy = true;
	if (put_bytes(&msgtype, 1) != 0 ||
	    put_bytes((const char *) &length, 4) != 0 || put_bytes(s, len) != 0)
		result = EOF;
	PqCommBusy = false;
	return result;
}

static void
socket_putmessage_noblock(char msgtype, const char *s, size_t len)
{
	(void) socket_putmessage(msgtype, s, len);
}

static const PQcommMethods PqCommSocketMethods = {
	.comm_reset = socket_comm_reset,
	.flush = socket_flush,
	.flush_if_writable = socket_flush_if_writable,
	.is_send_pending = socket_is_send_pending,
	.putmessage = socket_putmessage,
	.putmessage_noblock = socket_putmessage_noblock};

/* A setting that the client is told of has changed. */
static void
report_setting(const char *name, const char *value)
{
	StringInfoData buf;

	pq_beginmessage(&buf, 'S');
	pq_sendstring(&buf, name);
	pq_sendstring(&buf, value);
	pq_endmessage(&buf);
}

void
pq_init(Port *client)
{
	PqSocketInit(client);
	PqTransportInUse = &PqSocketTransport;
	send_start = send_end = recv_next = recv_end = 0;
	PqCommBusy = false;
	PqCommReadingMsg = false;
	PqCommMethods = &PqCommSocketMethods;
	send_message_to_frontend_hook = send_message_to_frontend;
	guc_report_hook = report_setting;
}

/* ---- receiving ---- */

/* A byte at least, size at most: their number.  EOF: the connection has ended. */
static int
receive_some(char *buffer, size_t size)
{
	INJECTION_POINT("client-read");
	for (;;)
	{
		ssize_t n = PqTransportInUse->read(buffer, size);

		if (n != 0)
			return (int) n;
		if (PqTransportInUse->wait(false))
			ProcessClientReadInterrupt();
	}
}

/*
 * At least one more byte into the buffer; EOF if the connection has ended.
 * What is behind a large message's head goes past the buffer, where it belongs,
 * and such a message is seldom alone: then only the next head is wanted here.
 */
static int
fill_buffer(void)
{
	int n;

	recv_next = recv_end = 0;
	n = receive_some(recv_buffer,
	                 large_messages ? PQ_RECV_HEAD_SIZE : PQ_RECV_BUFFER_SIZE);
	if (n == EOF)
		return EOF;
	recv_end = n;
	return 0;
}

void
pq_startmsgread(void)
{
	if (PqCommReadingMsg)
		ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("terminating connection because protocol "
		                       "synchronization was lost")));
	PqCommReadingMsg = true;
}

void
pq_endmsgread(void)
{
	PqCommReadingMsg = false;
}

bool
pq_is_reading_msg(void)
{
	return PqCommReadingMsg;
}

bool
pq_buffer_has_data(void)
{
	return recv_next < recv_end;
}

int
pq_getbyte(void)
{
	if (recv_next == recv_end && fill_buffer() != 0)
		return EOF;
	return (unsigned char) recv_buffer[recv_next++];
}

int
pq_peekbyte(void)
{
	if (recv_next == recv_end && fill_buffer() != 0)
		return EOF;
	return (unsigned char) recv_buffer[recv_next];
}

int
pq_getbytes(char *s, size_t len)
{
	while (len > 0)
	{
		size_t n;

		if (recv_next == recv_end && len >= PQ_RECV_HEAD_SIZE)
		{
			int got = receive_some(s, len);

			if (got == EOF)
				return EOF;
			s += got;
			len -= (size_t) got;
			continue;
		}
		if (recv_next == recv_end && fill_buffer() != 0)
			return EOF;
		n = Min(len, (size_t) (recv_end - recv_next));
		memcpy(s, recv_buffer + recv_next, n);
		recv_next += (int) n;
		s += n;
		len -= n;
	}
	return 0;
}

int
pq_getmessage(StringInfo s, int maxlen)
{
	uint32 word;
	int32 len;

	resetStringInfo(s);
	if (pq_getbytes((char *) &word, 4) != 0)
	{
		ereport(COMMERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                    errmsg("unexpected EOF within message length "
		                           "word")));
		return EOF;
	}
	len = (int32) ntohl(word);
	if (len < 4 || len > maxlen)
	{
		ereport(COMMERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                    errmsg("invalid message length")));
		return EOF;
	}
	len -= 4;
	large_messages = len >= PQ_LARGE_MESSAGE;
	enlargeStringInfo(s, len);
	if (pq_getbytes(s->data, len) != 0)
	{
		ereport(COMMERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                    errmsg("incomplete message from client")));
		return EOF;
	}
	s->len = len;
	s->data[len] = '\0';
	pq_endmsgread();
	return 0;
}

/* ---- reports ---- */

static void
send_field(StringInfo buf, char field, const char *value)
{
	if (value == NULL)
		return;
	pq_sendbyte(buf, field);
	pq_sendstring(buf, value);
}

static void
send_number(StringInfo buf, char field, int value)
{
	char text[16];

	if (value <= 0)
		return;
	snprintf(text, sizeof(text), "%d", value);
	send_field(buf, field, text);
}

void
send_message_to_frontend(ErrorData *edata)
{
	StringInfoData buf;
	const char *severity = error_severity(edata->elevel);

	pq_beginmessage(&buf, edata->elevel < ERROR ? 'N' : 'E');
	send_field(&buf, 'S', severity);
	send_field(&buf, 'V', severity);
	send_field(&buf, 'C', unpack_sql_state(edata->sqlerrcode));
	send_field(&buf, 'M',
	           edata->message ? edata->message : "missing error text");
	send_field(&buf, 'D', edata->detail);
	send_field(&buf, 'H', edata->hint);
	send_number(&buf, 'P', edata->cursorpos);
	send_number(&buf, 'p', edata->internalpos);
	send_field(&buf, 'q', edata->internalquery);
	send_field(&buf, 'W', edata->context);
	send_field(&buf, 's', edata->schema_name);
	send_field(&buf, 't', edata->table_name);
	send_field(&buf, 'c', edata->column_name);
	send_field(&buf, 'd', edata->datatype_name);
	send_field(&buf, 'n', edata->constraint_name);
	send_field(&buf, 'F', edata->filename);
	send_number(&buf, 'L', edata->lineno);
	send_field(&buf, 'R', edata->funcname);
	pq_sendbyte(&buf, '\0');
	pq_endmessage(&buf);
	/* A notice should be seen when it happens, an ERROR's end is near. */
	if (edata->elevel >= FATAL)
		pq_flush();
	else if (edata->elevel < ERROR)
		pq_flush_if_writable();
}
