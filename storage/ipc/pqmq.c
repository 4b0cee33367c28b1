/*
 * pqmq.c
 *		A parallel worker's protocol messages go to its leader, through a
 *		shm_mq instead of a socket.
 *
 * On the queue a message is its type byte and its body; the queue frames it.
 * The leader reads its queues only when it is signalled, and may be asleep for
 * other reasons while we wait for room: it is signalled on each attempt.
 *
 * A message may be put while another one is being put: a FATAL, raised by the
 * interrupt check in the wait for room.  The stream would be torn; the queue is
 * given up instead, and the leader sees that we are gone.
 *
 * Corresponds to PostgreSQL's libpq/pqmq.c.
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

/* The queue; NULL: messages go nowhere. */
static shm_mq_handle *pq_mq_handle = NULL;
static bool pq_mq_busy = false;

/* Whom to signal; 0: nobody. */
static pid_t pq_mq_parallel_leader_pid = 0;
static ProcNumber pq_mq_parallel_leader_proc_number = INVALID_PROC_NUMBER;

static void mq_comm_reset(void);
static int mq_flush(void);
static int mq_flush_if_writable(void);
static bool mq_is_send_pending(void);
static int mq_putmessage(char msgtype, const char *s, size_t len);
static void mq_putmessage_noblock(char msgtype, const char *s, size_t len);
static void mq_send_report(ErrorData *edata);

static const PQcommMethods PqCommMqMethods = {
	.comm_reset = mq_comm_reset,
	.flush = mq_flush,
	.flush_if_writable = mq_flush_if_writable,
	.is_send_pending = mq_is_send_pending,
	.putmessage = mq_putmessage,
	.putmessage_noblock = mq_putmessage_noblock,
};

static void
pq_cleanup_redirect_to_shm_mq(dsm_segment *seg, Datum arg)
{
	pq_mq_handle = NULL;
	send_message_to_frontend_hook = NULL;
}

void
pq_redirect_to_shm_mq(dsm_segment *seg, shm_mq_handle *mqh)
{
	PqCommMethods = &PqCommMqMethods;
	pq_mq_handle = mqh;
	send_message_to_frontend_hook = mq_send_report;
	on_dsm_detach(seg, pq_cleanup_redirect_to_shm_mq, (Datum) 0);
}

void
pq_set_parallel_leader(pid_t pid, ProcNumber procNumber)
{
	pq_mq_parallel_leader_pid = pid;
	pq_mq_parallel_leader_proc_number = procNumber;
}

static void
mq_comm_reset(void)
{
}

static int
mq_flush(void)
{
	return 0;
}

static int
mq_flush_if_writable(void)
{
	return 0;
}

static bool
mq_is_send_pending(void)
{
	return false;
}

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

	/* The leader has gone: nobody listens, which is no error. */
	if (pq_mq_handle == NULL)
		return 0;

	pq_mq_busy = true;
	iov[0].data = &msgtype;
	iov[0].len = 1;
	iov[1].data = s;
	iov[1].len = len;

	for (;;)
	{
		/* Flushed at once: an exit would lose what is only in our books. */
		result = shm_mq_sendv(pq_mq_handle, iov, 2, true, true);
		if (pq_mq_parallel_leader_pid != 0)
			(void) SendProcSignal(pq_mq_parallel_leader_pid,
			                      PROCSIG_PARALLEL_MESSAGE,
			                      pq_mq_parallel_leader_proc_number);
		if (result != SHM_MQ_WOULD_BLOCK)
			break;

		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, 0,
		                 WAIT_EVENT_MESSAGE_QUEUE_PUT_MESSAGE);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
	pq_mq_busy = false;

	return result == SHM_MQ_SUCCESS ? 0 : EOF;
}

static void
mq_putmessage_noblock(char msgtype, const char *s, size_t len)
{
	/* Nobody asks for this in a worker. */
	elog(ERROR, "not currently supported");
}

static void
SendField(StringInfo buf, char field, const char *value)
{
	if (value == NULL)
		return;
	pq_sendbyte(buf, (uint8) field);
	pq_sendstring(buf, value);
}

/* A report as ErrorResponse or NoticeResponse. */
static void
mq_send_report(ErrorData *edata)
{
	StringInfoData buf;
	char line[16];

	pq_beginmessage(&buf, edata->elevel >= ERROR ? 'E' : 'N');
	SendField(&buf, 'S', error_severity(edata->elevel));
	SendField(&buf, 'V', error_severity(edata->elevel));
	SendField(&buf, 'C', unpack_sql_state(edata->sqlerrcode));
	SendField(&buf, 'M',
	          edata->message ? edata->message : "missing error text");
	SendField(&buf, 'D', edata->detail);
	SendField(&buf, 'H', edata->hint);
	SendField(&buf, 'W', edata->context);
	SendField(&buf, 's', edata->schema_name);
	SendField(&buf, 't', edata->table_name);
	SendField(&buf, 'c', edata->column_name);
	SendField(&buf, 'd', edata->datatype_name);
	SendField(&buf, 'n', edata->constraint_name);
	SendField(&buf, 'F', edata->filename);
	if (edata->lineno > 0)
	{
		snprintf(line, sizeof(line), "%d", edata->lineno);
		SendField(&buf, 'L', line);
	}
	SendField(&buf, 'R', edata->funcname);
	pq_sendbyte(&buf, '\0');
	pq_endmessage(&buf);
}

static int
LevelOfSeverity(const char *value)
{
	static const struct
	{
		const char *name;
		int elevel;
	} levels[] = {
		{"DEBUG", DEBUG1},  {"LOG", LOG},         {"INFO", INFO},
		{"NOTICE", NOTICE}, {"WARNING", WARNING}, {"ERROR", ERROR},
		{"FATAL", FATAL},   {"PANIC", PANIC},
	};
	int i;

	for (i = 0; i < (int) lengthof(levels); i++)
	{
		if (strcmp(levels[i].name, value) == 0)
			return levels[i].elevel;
	}
	elog(ERROR, "unrecognized error severity: \"%s\"", value);
	return ERROR;
}

/*
 * The other way: the fields of a message into a report.
 */
void
pq_parse_errornotice(StringInfo msg, ErrorData *edata)
{
	MemSet(edata, 0, sizeof(ErrorData));
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
				break; /* for people; V says it again */
			case 'V':
				edata->elevel = LevelOfSeverity(value);
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
			case 'P':
				edata->cursorpos = atoi(value);
				break;
			case 'p':
				edata->internalpos = atoi(value);
				break;
			case 'q':
				edata->internalquery = pstrdup(value);
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
				break;
		}
	}
}
