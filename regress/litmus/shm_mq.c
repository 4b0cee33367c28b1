/*
 * shm_mq.c
 *		Litmus tests of message queues.
 *
 * The dangers: a full ring whose reader gives room back while the writer goes to
 * sleep; data shown while the reader does; the end of one side at each step of
 * the other; messages lost because their sender has gone; a side that comes
 * late.
 */
#include "litmus.h"

#include "../unit/unit.h"
#include "storage/shm_mq.h"

#define RING 32 /* bytes: less than the messages */

typedef struct State
{
	pg_atomic_uint32 received; /* messages */
	pg_atomic_uint32 detached; /* the receiver was told so */
	char queue[1024] pg_attribute_aligned(8);
} State;

static State *state;

static shm_mq *
queue(void)
{
	return (shm_mq *) state->queue;
}

static void
make(Size ring)
{
	pg_atomic_init_u32(&state->received, 0);
	pg_atomic_init_u32(&state->detached, 0);
	/* The header of shm_mq is the minimum without its ring. */
	shm_mq_create(state->queue, shm_mq_minimum_size - MAXIMUM_ALIGNOF + ring);
}

static void
init_small(void)
{
	make(RING);
}

static void
init_large(void)
{
	make(512);
}

static void
fill(char *data, Size len, int number)
{
	for (Size i = 0; i < len; i++)
		data[i] = (char) (number * 37 + i);
}

static shm_mq_result
send(shm_mq_handle *mqh, Size len, int number)
{
	char data[128];

	fill(data, len, number);
	return shm_mq_send(mqh, len, data, false, true);
}

static shm_mq_result
receive(shm_mq_handle *mqh, Size len, int number)
{
	char data[128];
	Size received;
	void *where;
	shm_mq_result result = shm_mq_receive(mqh, &received, &where, false);

	if (result != SHM_MQ_SUCCESS)
		return result;
	fill(data, len, number);
	litmus_check(received == len);
	litmus_check(memcmp(where, data, len) == 0);
	pg_atomic_fetch_add_u32(&state->received, 1);
	return result;
}

static shm_mq_handle *
attach(bool sender)
{
	if (sender)
		shm_mq_set_sender(queue(), MyProc);
	else
		shm_mq_set_receiver(queue(), MyProc);
	return shm_mq_attach(queue(), NULL, NULL);
}

/* n messages of len bytes, then the sender goes. */
static void
send_all(int n, Size len)
{
	shm_mq_handle *mqh = attach(true);

	for (int i = 0; i < n; i++)
		litmus_check(send(mqh, len, i) == SHM_MQ_SUCCESS);
	shm_mq_detach(mqh);
}

/* All that come, to the end. */
static void
receive_all(Size len)
{
	shm_mq_handle *mqh = attach(false);
	int n = 0;

	while (receive(mqh, len, n) == SHM_MQ_SUCCESS)
		n++;
	pg_atomic_write_u32(&state->detached, 1);
	shm_mq_detach(mqh);
}

static void
body_small(int me)
{
	if (me == 0)
		send_all(2, 8);
	else
		receive_all(8);
}

static void
body_larger_than_ring(int me)
{
	if (me == 0)
		send_all(1, 56);
	else
		receive_all(56);
}

static void
body_ring_full(int me)
{
	if (me == 0)
		send_all(3, 16);
	else
		receive_all(16);
}

static void
check_one(void)
{
	litmus_check(pg_atomic_read_u32(&state->received) == 1);
	litmus_check(pg_atomic_read_u32(&state->detached) == 1);
}

static void
check_two(void)
{
	litmus_check(pg_atomic_read_u32(&state->received) == 2);
	litmus_check(pg_atomic_read_u32(&state->detached) == 1);
}

static void
check_three(void)
{
	litmus_check(pg_atomic_read_u32(&state->received) == 3);
	litmus_check(pg_atomic_read_u32(&state->detached) == 1);
}

/*
 * The receiver reads one and goes.  The sender, which would fill the ring,
 * comes to an end; that it is told so is not promised for a message that fits.
 */
static void
body_receiver_goes(int me)
{
	shm_mq_handle *mqh;

	if (me == 1)
	{
		mqh = attach(false);
		litmus_check(receive(mqh, 16, 0) == SHM_MQ_SUCCESS);
		shm_mq_detach(mqh);
		return;
	}
	mqh = attach(true);
	litmus_check(send(mqh, 16, 0) == SHM_MQ_SUCCESS);
	litmus_check(send(mqh, 56, 1) == SHM_MQ_DETACHED);
	shm_mq_detach(mqh);
}

/* It comes only to go. */
static void
body_receiver_only_comes(int me)
{
	shm_mq_handle *mqh = attach(me == 0);

	if (me == 0)
		litmus_check(send(mqh, 56, 0) == SHM_MQ_DETACHED);
	shm_mq_detach(mqh);
}

static void
body_sender_only_comes(int me)
{
	if (me == 0)
		shm_mq_detach(attach(true));
	else
		receive_all(8);
}

static void
check_none(void)
{
	litmus_check(pg_atomic_read_u32(&state->received) == 0);
}

/* Who does not want to wait is told so, and never wrongly that all is over. */
static void
body_not_waiting(int me)
{
	shm_mq_handle *mqh;
	Size len;
	void *where;
	shm_mq_result result;

	if (me == 0)
	{
		send_all(1, 8);
		return;
	}
	mqh = attach(false);
	result = shm_mq_receive(mqh, &len, &where, true);
	if (result == SHM_MQ_WOULD_BLOCK)
		result = shm_mq_receive(mqh, &len, &where, false);
	litmus_check(result == SHM_MQ_SUCCESS && len == 8);
	litmus_check(shm_mq_receive(mqh, &len, &where, false) == SHM_MQ_DETACHED);
	shm_mq_detach(mqh);
}

/* A sender that does not wait, and comes back with the same message. */
static void
body_sender_not_waiting(int me)
{
	shm_mq_handle *mqh;
	shm_mq_result result;
	char data[56];

	if (me == 1)
	{
		receive_all(56);
		return;
	}
	mqh = attach(true);
	fill(data, sizeof(data), 0);
	result = shm_mq_send(mqh, sizeof(data), data, true, true);
	if (result == SHM_MQ_WOULD_BLOCK)
		result = shm_mq_send(mqh, sizeof(data), data, false, true);
	litmus_check(result == SHM_MQ_SUCCESS);
	shm_mq_detach(mqh);
}

static const LitmusTest tests[] = {
	{"mq-small", 2, 2, init_large, body_small, check_two},
	{"mq-larger-than-ring", 2, 2, init_small, body_larger_than_ring, check_one},
	{"mq-ring-full", 2, 2, init_small, body_ring_full, check_three},
	{"mq-receiver-goes", 2, 2, init_small, body_receiver_goes, NULL},
	{"mq-receiver-only-comes", 2, 3, init_small, body_receiver_only_comes,
     check_none},
	{"mq-sender-only-comes", 2, 3, init_small, body_sender_only_comes,
     check_none},
	{"mq-receiver-not-waiting", 2, 2, init_large, body_not_waiting, NULL},
	{"mq-sender-not-waiting", 2, 2, init_small, body_sender_not_waiting,
     check_one},
};

int
main(int argc, char **argv)
{
	unit_make_lock_memory(NULL);
	state = unit_share(sizeof(*state));
	return litmus_main(argc, argv, tests, lengthof(tests));
}
