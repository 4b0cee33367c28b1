/*
 * test_pqcomm.c
 *		Messages over a socket that takes and gives them in pieces.
 *
 * A child plays the client at the other end of a socket pair.  It reads a
 * message far larger than any buffer only after the server has filled the
 * socket, sends one back byte by byte, and hangs up in the middle of another.
 * The dangers: a torn or reordered message, a wait that nothing ends, an error
 * report that is not a message.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpq/libpq-be.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "unit.h"
#include "utils/memutils.h"

#define WATCHDOG_SECONDS 60
#define BIG (3 * 1024 * 1024)

static void
read_all(int fd, char *to, size_t len)
{
	while (len > 0)
	{
		ssize_t n = read(fd, to, len);

		if (n <= 0)
			_exit(2);
		to += n;
		len -= (size_t) n;
	}
}

/* The client: 0 if all was as it should be. */
static int
client(int fd)
{
	char *big = malloc(BIG);
	char head[5];
	uint32 len;

	read_all(fd, head, 5);
	memcpy(&len, head + 1, 4);
	if (head[0] != 'd' || ntohl(len) != BIG + 4)
		return 3;
	read_all(fd, big, BIG);
	for (int i = 0; i < BIG; i++)
		if (big[i] != (char) (i * 7))
			return 4;
	read_all(fd, head, 5);
	memcpy(&len, head + 1, 4);
	if (head[0] != 'N' || ntohl(len) < 10 || ntohl(len) > 1000)
		return 5;
	read_all(fd, big, ntohl(len) - 4);
	if (memcmp(big, "SNOTICE\0VNOTICE\0C00000\0Mhello 7", 31) != 0)
		return 6;
	/* back, byte by byte; then half of another, and gone */
	for (int i = 0; i < 16; i++)
		if (write(fd, &"Q\0\0\0\x0cselect \0Q\0\0"[i], 1) != 1)
			return 7;
	return 0;
}

static void
test_socket(void)
{
	Port port = {0};
	int fds[2];
	pid_t pid;
	int status;
	char *big = palloc(BIG);
	StringInfoData buf;

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	pid = fork();
	if (pid == 0)
	{
		alarm(WATCHDOG_SECONDS);
		close(fds[0]);
		_exit(client(fds[1]));
	}
	close(fds[1]);
	port.sock = fds[0];
	pq_init(&port);
	for (int i = 0; i < BIG; i++)
		big[i] = (char) (i * 7);
	CU_ASSERT_EQUAL(pq_putmessage('d', big, BIG), 0);
	ereport(NOTICE, (errmsg("hello %d", 7)));
	CU_ASSERT_EQUAL(pq_flush(), 0);
	CU_ASSERT_FALSE(pq_is_send_pending());

	initStringInfo(&buf);
	CU_ASSERT_EQUAL(pq_getbyte(), 'Q');
	CU_ASSERT_EQUAL(pq_getmessage(&buf, PQ_SMALL_MESSAGE_LIMIT), 0);
	CU_ASSERT_STRING_EQUAL(pq_getmsgstring(&buf), "select ");
	pq_getmsgend(&buf);
	CU_ASSERT_EQUAL(pq_getbyte(), 'Q');
	CU_ASSERT_EQUAL(pq_getmessage(&buf, PQ_SMALL_MESSAGE_LIMIT), EOF);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_EQUAL(status, 0);

	/* nobody is there: noted, not raised */
	HOLD_INTERRUPTS();
	CU_ASSERT_EQUAL(pq_putmessage('d', big, 10), 0);
	CU_ASSERT_EQUAL(pq_flush(), EOF);
	CU_ASSERT_TRUE(ClientConnectionLost);
	ClientConnectionLost = false;
	InterruptPending = false;
	RESUME_INTERRUPTS();
	close(fds[0]);
}

int
main(void)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	MemoryContextInit();
	MyProcPid = (int) getpid();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	log_min_messages = FATAL; /* what the test provokes is no news */
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	suite = CU_add_suite("pqcomm", NULL, NULL);
	CU_add_test(suite, "messages over a socket", test_socket);
	return unit_run();
}
