/*
 * commands/vacuum.h
 *		VACUUM and ANALYZE.
 */
#ifndef VACUUM_H
#define VACUUM_H

#include "access/genam.h"
#include "parser/pg_query_tree.h"

/* Cancels, and sleeps as the cost settings say; no lock is held that matters. */
extern void vacuum_delay_point(void);

#endif /* VACUUM_H */
