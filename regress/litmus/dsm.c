/*
 * dsm.c
 *		Litmus tests of dynamic segments: attach, detach, the last one destroys.
 *
 * The dangers: an attachment to a segment that is being destroyed; two that
 * think that they are the last; a segment that nobody destroys; a detach
 * callback that runs twice or never; an entry of the control segment that is
 * given out again too early.
 */
#include "litmus.h"

#include <sys/stat.h>
#include <unistd.h>

#include "../unit/unit.h"
#include "miscadmin.h"
#include "storage/dsm.h"
#include "storage/ipc.h"

#define SEGMENT_SIZE 8192
#define CONTENT 0x7e57

typedef struct State
{
	pg_atomic_uint32 handle; /* 0: not made yet */
	pg_atomic_uint32 other_handle;
	pg_atomic_uint32 callbacks;
	pg_atomic_uint32 attached;
} State;

static State *state;

static void
init(void)
{
	pg_atomic_init_u32(&state->handle, 0);
	pg_atomic_init_u32(&state->other_handle, 0);
	pg_atomic_init_u32(&state->callbacks, 0);
	pg_atomic_init_u32(&state->attached, 0);
}

static bool
object_exists(dsm_handle handle)
{
	char path[128];

	snprintf(path, sizeof(path), "/dev/shm/PostgreSQL.%u", handle);
	if (access(path, F_OK) == 0)
		return true;
	snprintf(path, sizeof(path), PG_DYNSHMEM_DIR "/mmap.%u", handle);
	return access(path, F_OK) == 0;
}

static void
count_detach(dsm_segment *seg, Datum arg)
{
	pg_atomic_fetch_add_u32(&state->callbacks, 1);
}

static void
use(dsm_segment *seg)
{
	volatile uint32 *content = dsm_segment_address(seg);

	pg_atomic_fetch_add_u32(&state->attached, 1);
	on_dsm_detach(seg, count_detach, 0);
	litmus_check(*content == CONTENT);
	litmus_step("attached");
	litmus_check(*content == CONTENT);
	dsm_detach(seg);
}

static void
make_and_go(pg_atomic_uint32 *handle)
{
	dsm_segment *seg = dsm_create(SEGMENT_SIZE, 0);

	*(volatile uint32 *) dsm_segment_address(seg) = CONTENT;
	pg_atomic_write_u32(handle, dsm_segment_handle(seg));
	litmus_step("made");
	use(seg);
}

/* Those that come too late find nothing, and are told so. */
static void
come(pg_atomic_uint32 *handle)
{
	dsm_segment *seg;
	uint32 h;

	litmus_step("look");
	h = pg_atomic_read_u32(handle);
	if (h == 0)
		return;
	litmus_step("found");
	seg = dsm_attach(h);
	if (seg != NULL)
		use(seg);
}

static void
body_come(int me)
{
	if (me == 0)
		make_and_go(&state->handle);
	else
		come(&state->handle);
}

/* Each makes one and comes to the other's. */
static void
body_each(int me)
{
	make_and_go(me == 0 ? &state->handle : &state->other_handle);
	come(me == 0 ? &state->other_handle : &state->handle);
}

static void
check_gone(void)
{
	uint32 handles[2] = {pg_atomic_read_u32(&state->handle),
	                     pg_atomic_read_u32(&state->other_handle)};

	litmus_check(pg_atomic_read_u32(&state->callbacks) ==
	             pg_atomic_read_u32(&state->attached));
	for (int i = 0; i < 2; i++)
		litmus_check(handles[i] == 0 || !object_exists(handles[i]));
}

static const LitmusTest tests[] = {
	{"dsm-attach-detach", 2, 4, init, body_come, check_gone},
	{"dsm-three", 3, 2, init, body_come, check_gone},
	{"dsm-each-its-own", 2, 2, init, body_each, check_gone},
};

int
main(int argc, char **argv)
{
	int result;

	litmus_enter_dir();
	unit_make_lock_memory(NULL);
	InitProcessGlobals();
	state = unit_share(sizeof(*state));
	dsm_postmaster_startup();
	result = litmus_main(argc, argv, tests, lengthof(tests));
	shmem_exit(0);
	litmus_leave_dir();
	return result;
}
