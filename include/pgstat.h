/*
 * pgstat.h
 *		Counters of relations' use.
 */
#ifndef PGSTAT_H
#define PGSTAT_H

#include "utils/backend_progress.h"
#include "utils/backend_status.h"
#include "utils/relcache.h"
#include "utils/wait_event.h"

extern void pgstat_count_index_scan(Relation rel);

#endif /* PGSTAT_H */
