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
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpq/attach_be.h"
#include "libpq/libpq-be.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "libpq/ring.h"
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

/*
 * The memory of a client area goes away under the server (a hole in the memfd
 * when there is no memory left; here a memfd without seals that is cut): that is
 * SIGBUS, and must end the session, not the process by a signal, which would be
 * a crash of the server.
 */
static void
lose_area(bool to_write)
{
	Port port = {0};
	size_t size = ClientAreaSize(RING_MIN_SIZE, RING_MIN_SIZE);
	int fd = memfd_create("test-area", MFD_CLOEXEC);
	int fds[2];
	char *area;
	StringInfoData buf;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0 ||
	    ftruncate(fd, (off_t) size) != 0)
		_exit(2);
	area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (area == MAP_FAILED)
		_exit(3);
	port.sock = fds[0];
	pq_init(&port);
	PqRingStart(&port, area, RING_MIN_SIZE, RING_MIN_SIZE);
	pq_putemptymessage('1');
	if (pq_flush() != 0 || ClientConnectionLost)
		_exit(4);
	if (ftruncate(fd, 0) != 0)
		_exit(5);
	if (to_write)
	{
		pq_putemptymessage('2');
		if (pq_flush() != EOF || !ClientConnectionLost)
			_exit(6);
		_exit(0);
	}
	initStringInfo(&buf);
	(void) pq_getbyte(); /* FATAL: the process ends in order, with 1 */
	_exit(7);
}

static void
test_lost_area(void)
{
	for (int to_write = 0; to_write < 2; to_write++)
	{
		int status;
		pid_t pid = fork();

		if (pid == 0)
		{
			alarm(WATCHDOG_SECONDS);
			MyProcPid = (int) getpid();
			InitializeLatchSupport();
			InitProcessLocalLatch();
			lose_area(to_write);
		}
		CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
		CU_ASSERT_TRUE(WIFEXITED(status));
		CU_ASSERT_EQUAL(WEXITSTATUS(status), to_write ? 0 : 1);
	}
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
	CU_add_test(suite, "a client area whose memory goes away", test_lost_area);
	return unit_run();
}
