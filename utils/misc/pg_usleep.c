/*
 * pg_usleep.c
 *		A sleep that ends early at a signal.
 */
#include "postgres.h"

#include <time.h>

#include "miscadmin.h"

void
pg_usleep(long microsec)
{
	struct timespec delay = {microsec / 1000000L,
	                         (microsec % 1000000L) * 1000};

	if (microsec > 0)
		(void) nanosleep(&delay, NULL);
}
