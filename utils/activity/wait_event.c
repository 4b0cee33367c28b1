/*
 * wait_event.c
 *		Names of wait events, and where a process stores its own.
 */
#include "postgres.h"

#include "storage/lmgr.h"
#include "storage/lwlock.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

static uint32 local_wait_event_info;
uint32 *my_wait_event_info = &local_wait_event_info;

#define WAIT_EVENT_NAME(suffix, name) name,

static const char *const activity_names[] = {
	WAIT_EVENTS_ACTIVITY(WAIT_EVENT_NAME)};
static const char *const client_names[] = {WAIT_EVENTS_CLIENT(WAIT_EVENT_NAME)};
static const char *const ipc_names[] = {WAIT_EVENTS_IPC(WAIT_EVENT_NAME)};
static const char *const timeout_names[] = {
	WAIT_EVENTS_TIMEOUT(WAIT_EVENT_NAME)};
static const char *const io_names[] = {WAIT_EVENTS_IO(WAIT_EVENT_NAME)};

/* As in pg_locks.locktype, by LockTagType. */
static const char *const lock_names[] = {
	"relation", "extend",        "frozenid",   "page",
	"tuple",    "transactionid", "virtualxid", "spectoken",
	"object",   "userlock",      "advisory"};

void
pgstat_set_wait_event_storage(uint32 *wait_event_info)
{
	my_wait_event_info = wait_event_info;
}

void
pgstat_reset_wait_event_storage(void)
{
	my_wait_event_info = &local_wait_event_info;
}

const char *
pgstat_get_wait_event_type(uint32 wait_event_info)
{
	switch (wait_event_info & 0xFF000000)
	{
		case 0:
			return NULL;
		case PG_WAIT_LWLOCK:
			return "LWLock";
		case PG_WAIT_LOCK:
			return "Lock";
		case PG_WAIT_BUFFER_PIN:
			return "BufferPin";
		case PG_WAIT_ACTIVITY:
			return "Activity";
		case PG_WAIT_CLIENT:
			return "Client";
		case PG_WAIT_EXTENSION:
			return "Extension";
		case PG_WAIT_IPC:
			return "IPC";
		case PG_WAIT_TIMEOUT:
			return "Timeout";
		case PG_WAIT_IO:
			return "IO";
		case PG_WAIT_INJECTIONPOINT:
			return "InjectionPoint";
	}
	return "???";
}

static const char *
name_in(const char *const *names, Size n, uint32 id)
{
	return id < n ? names[id] : "unknown wait event";
}

/* NULL if not waiting. */
const char *
pgstat_get_wait_event(uint32 wait_event_info)
{
	uint32 id = wait_event_info & 0xFFFF;

	switch (wait_event_info & 0xFF000000)
	{
		case 0:
			return wait_event_info == 0 ? NULL : "unknown wait event";
		case PG_WAIT_LWLOCK:
			return GetLWLockIdentifier(PG_WAIT_LWLOCK, (uint16) id);
		case PG_WAIT_LOCK:
			return name_in(lock_names, lengthof(lock_names), id);
		case PG_WAIT_BUFFER_PIN:
			return "BufferPin";
		case PG_WAIT_ACTIVITY:
			return name_in(activity_names, lengthof(activity_names), id);
		case PG_WAIT_CLIENT:
			return name_in(client_names, lengthof(client_names), id);
		case PG_WAIT_EXTENSION:
			return "Extension";
		case PG_WAIT_IPC:
			return name_in(ipc_names, lengthof(ipc_names), id);
		case PG_WAIT_TIMEOUT:
			return name_in(timeout_names, lengthof(timeout_names), id);
		case PG_WAIT_IO:
			return name_in(io_names, lengthof(io_names), id);
		case PG_WAIT_INJECTIONPOINT:
			return InjectionPointWaitName(id);
	}
	return "unknown wait event";
}
