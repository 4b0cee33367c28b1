/*
 * pqmq.c
 *		Protocol messages of a parallel worker, over a queue to its leader.
 *
 * A message in the queue is the type byte and the body; the queue itself keeps
 * messages apart.  The leader is signalled for every attempt to send, also for
 * one that finds the queue full: it may be asleep for another reason, and
 * empties its error queues only when an interrupt tells it to.
 *
 * Invariants
 * 1.	One message is put at a time.  A report raised while another one waits
 *		for room would stand in the middle of it: the queue is given up instead,
 *		and the leader learns that from its being detached.
 * 2.	After the queue has gone every message is dropped and counts as sent, so
 *		that a worker without its leader can still end in order.
 *
 * Waits: for room (MessageQueuePutMessage), ended by the leader's reading or
 * detaching, by an interrupt, by the postmaster's death.
 *
 * Corresponds to PostgreSQL's pqmq.c and the sending half of its elog.c.
 */
#include "postgres.h"

#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "libpq/pqmq.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "storage/procsignal.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

/* The queue to the leader; NULL: gone, or none yet. */
static shm_mq_handle *pq_mq_handle = NULL;

/* A message is being put. */
static bool pq_mq_busy = false;

/* Whom to signal; 0: nobody. */
static pid_t pq_mq_parallel_leader_pid = 0;
static ProcNumber pq_mq_parallel_leader_proc_number = INVALID_PROC_NUMBER;

/* ---- no destination ---- */

static void
none_comm_reset(void)
{
}

static int
none_flush(void)
{
	return 0;
}

static bool
none_is_send_pending(void)
{
	return false;
}

static int
none_putmessage(char msgtype, const char *s, size_t len)
{
	return 0;
}

static void
none_putmessage_noblock(char msgtype, const char *s, size_t len)
{
}

/* Until a process has somebody to talk to, what it says is dropped. */
static const PQcommMethods PqCommNoneMethods = {
	.comm_reset = none_comm_reset,
	.flush = none_flush,
	.flush_if_writable = none_flush,
	.is_send_pending = none_is_send_pending,
	.putmessage = none_putmessage,
	.putmessage_noblock = none_putmessage_noblock,
};

const PQcommMethods *PqCommMethods = &PqCommNoneMethods;

/* ---- the queue ---- */

static int
mq_putmessage(char msgtype, const char *s, size_t len)
{
	shm_mq_iovec iov[2];
	shm_mq_result result;

	if (pq_mq_busy)
	{
		if (pq_mq_handle != NULL)
			shm_mq_detach(pq_mq_handle);
		pq_mq_handle = NULL;
		return EOF;
	}
	if (pq_mq_handle == NULL)
		return 0;

	INJECTION_POINT_NOTHROW("pqmq-put");
	pq_mq_busy = true;
	iov[0].data = &msgtype;
	iov[0].len = 1;
	iov[1].data = s;
	iov[1].len = len;
	for (;;)
	{
		/* Flushed at once: what is not is lost when the sender detaches. */
		result = shm_mq_sendv(pq_mq_handle, iov, 2, true, true);
		if (pq_mq_parallel_leader_pid != 0)
			(void) SendProcSignal(pq_mq_parallel_leader_pid,
			                      PROCSIG_PARALLEL_MESSAGE,
			                      pq_mq_parallel_leader_proc_number);
		if (result != SHM_MQ_WOULD_BLOCK)
			break;

		INJECTION_POINT_NOTHROW("pqmq-wait-room");
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, 0,
		                 WAIT_EVENT_MESSAGE_QUEUE_PUT_MESSAGE);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();

		/* A FATAL raised there may have given the queue up. */
		if (pq_mq_handle == NULL)
		{
			result = SHM_MQ_DETACHED;
			break;
		}
	}
	pq_mq_busy = false;
	return result == SHM_MQ_SUCCESS ? 0 : EOF;
}

/* Nobody who could not wait has a queue for a destination. */
static void
mq_putmessage_noblock(char msgtype, const char *s, size_t len)
{
	elog(ERROR, "not currently supported");
}

static const PQcommMethods PqCommMqMethods = {
	.comm_reset = none_comm_reset,
	.flush = none_flush,
	.flush_if_writable = none_flush,
	.is_send_pending = none_is_send_pending,
	.putmessage = mq_putmessage,
	.putmessage_noblock = mq_putmessage_noblock,
};

/* ---- reports ---- */

static void
send_field(StringInfo buf, char code, const char *value)
{
	if (value == NULL)
		return;
	pq_sendbyte(buf, (uint8) code);
	pq_sendstring(buf, value);
}

static void
send_number(StringInfo buf, char code, int value)
{
	char text[16];

	if (value <= 0)
		return;
	snprintf(text, sizeof(text), "%d", value);
	send_field(buf, code, text);
}

/* A report as an ErrorResponse or NoticeResponse. */
void
pq_send_errornotice(ErrorData *edata)
{
	StringInfoData buf;

	pq_beginmessage(&buf, edata->elevel < ERROR ? 'N' : 'E');
	send_field(&buf, 'S', error_severity(edata->elevel));
	send_field(&buf, 'V', error_severity(edata->elevel));
	send_field(&buf, 'C', unpack_sql_state(edata->sqlerrcode));
	send_field(&buf, 'M',
	           edata->message ? edata->message : "missing error text");
	send_field(&buf, 'D', edata->detail);
	send_field(&buf, 'H', edata->hint);
	send_field(&buf, 'W', edata->context);
	send_field(&buf, 's', edata->schema_name);
	send_field(&buf, 't', edata->table_name);
	send_field(&buf, 'c', edata->column_name);
	send_field(&buf, 'd', edata->datatype_name);
	send_field(&buf, 'n', edata->constraint_name);
	send_number(&buf, 'P', edata->cursorpos);
	send_number(&buf, 'p', edata->internalpos);
	send_field(&buf, 'q', edata->internalquery);
	send_field(&buf, 'F', edata->filename);
	send_number(&buf, 'L', edata->lineno);
	send_field(&buf, 'R', edata->funcname);
	pq_sendbyte(&buf, 0);
	pq_endmessage(&buf);
	(void) pq_flush();
}

static int
parse_severity(const char *value)
{
	static const int levels[] = {DEBUG1,  LOG,   INFO,  NOTICE,
	                             WARNING, ERROR, FATAL, PANIC};
	size_t i;

	for (i = 0; i < lengthof(levels); i++)
		if (strcmp(value, error_severity(levels[i])) == 0)
			return levels[i];
	elog(ERROR, "unrecognized error severity: \"%s\"", value);
	return ERROR;
}

void
pq_parse_errornotice(StringInfo msg, ErrorData *edata)
{
	memset(edata, 0, sizeof(*edata));
	edata->elevel = ERROR;
	edata->assoc_context = CurrentMemoryContext;

	for (;;)
	{
		char code = (char) pq_getmsgbyte(msg);
		const char *value;

		if (code == '\0')
		{
			pq_getmsgend(msg);
			break;
		}
		value = pq_getmsgrawstring(msg);
		switch (code)
		{
			case 'S':
				/* The words of the user's language: 'V' is what counts. */
				break;
			case 'V':
				edata->elevel = parse_severity(value);
				break;
			case 'C':
				if (strlen(value) != 5)
					elog(ERROR, "invalid SQLSTATE: \"%s\"", value);
				edata->sqlerrcode = MAKE_SQLSTATE(value[0], value[1], value[2],
				                                  value[3], value[4]);
				break;
			case 'M':
				edata->message = pstrdup(value);
				break;
			case 'D':
				edata->detail = pstrdup(value);
				break;
			case 'H':
				edata->hint = pstrdup(value);
				break;
			case 'W':
				edata->context = pstrdup(value);
				break;
			case 's':
				edata->schema_name = pstrdup(value);
				break;
			case 't':
				edata->table_name = pstrdup(value);
				break;
			case 'c':
				edata->column_name = pstrdup(value);
				break;
			case 'd':
				edata->datatype_name = pstrdup(value);
				break;
			case 'n':
				edata->constraint_name = pstrdup(value);
				break;
			case 'P':
				edata->cursorpos = atoi(value);
				break;
			case 'p':
				edata->internalpos = atoi(value);
				break;
			case 'q':
				edata->internalquery = pstrdup(value);
				break;
			case 'F':
				edata->filename = pstrdup(value);
				break;
			case 'L':
				edata->lineno = atoi(value);
				break;
			case 'R':
				edata->funcname = pstrdup(value);
				break;
			default:
				elog(ERROR, "unrecognized error field code: %d", (int) code);
		}
	}
}

/* ---- set-up ---- */

static void
pq_cleanup_redirect_to_shm_mq(dsm_segment *seg, Datum arg)
{
	pq_mq_handle = NULL;
	send_message_to_frontend_hook = NULL;
	PqCommMethods = &PqCommNoneMethods;
}

void
pq_redirect_to_shm_mq(dsm_segment *seg, shm_mq_handle *mqh)
{
	Assert(pq_mq_handle == NULL);
	INJECTION_POINT("pqmq-redirect");
	PqCommMethods = &PqCommMqMethods;
	pq_mq_handle = mqh;
	send_message_to_frontend_hook = pq_send_errornotice;
	on_dsm_detach(seg, pq_cleanup_redirect_to_shm_mq, (Datum) 0);
}

void
pq_set_parallel_leader(pid_t pid, ProcNumber procNumber)
{
	Assert(PqCommMethods == &PqCommMqMethods);
	pq_mq_parallel_leader_pid = pid;
	pq_mq_parallel_leader_proc_number = procNumber;
}
