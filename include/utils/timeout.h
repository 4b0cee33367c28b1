/*
 * utils/timeout.h
 *		Timeouts of this process, multiplexed on SIGALRM.
 *
 * Handlers run in the signal handler: they may set flags, latches and send
 * signals.
 */
#ifndef TIMEOUT_H
#define TIMEOUT_H

typedef enum TimeoutId
{
	STARTUP_PACKET_TIMEOUT,
	DEADLOCK_TIMEOUT,
	LOCK_TIMEOUT,
	STATEMENT_TIMEOUT,
	IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
	IDLE_SESSION_TIMEOUT,
	CLIENT_CONNECTION_CHECK_TIMEOUT,
	DIRECT_READER_TIMEOUT,
	USER_TIMEOUT, /* first one handed out by RegisterTimeout */
	MAX_TIMEOUTS = USER_TIMEOUT + 10
} TimeoutId;

typedef void (*timeout_handler_proc)(void);

typedef enum TimeoutType
{
	TMPARAM_AFTER,
	TMPARAM_AT
} TimeoutType;

typedef struct EnableTimeoutParams
{
	TimeoutId id;
	TimeoutType type;
	int delay_ms;         /* TMPARAM_AFTER */
	TimestampTz fin_time; /* TMPARAM_AT */
} EnableTimeoutParams;

typedef struct DisableTimeoutParams
{
	TimeoutId id;
	bool keep_indicator; /* whether it fired */
} DisableTimeoutParams;

extern void InitializeTimeouts(void);
extern TimeoutId RegisterTimeout(TimeoutId id, timeout_handler_proc handler);
extern void reschedule_timeouts(void);
extern void enable_timeout_after(TimeoutId id, int delay_ms);
extern void enable_timeout_at(TimeoutId id, TimestampTz fin_time);
extern void enable_timeouts(const EnableTimeoutParams *timeouts, int count);
extern void disable_timeout(TimeoutId id, bool keep_indicator);
extern void disable_timeouts(const DisableTimeoutParams *timeouts, int count);
extern void disable_all_timeouts(bool keep_indicators);
extern bool get_timeout_active(TimeoutId id);
extern bool get_timeout_indicator(TimeoutId id, bool reset_indicator);
extern TimestampTz get_timeout_start_time(TimeoutId id);
extern TimestampTz get_timeout_finish_time(TimeoutId id);

#endif /* TIMEOUT_H */
