/*
 * pg_stat_statements.h
 *		The extension pg_stat_statements: what the server calls of it.
 *
 * It is compiled in, and works if shared_preload_libraries names it (the
 * default); else nothing here does anything.
 */
#ifndef PG_STAT_STATEMENTS_H
#define PG_STAT_STATEMENTS_H

#define PGSS_EXTENSION "pg_stat_statements"

/* Its settings; before the configuration file is read. */
extern void pgss_define_settings(void);
/* Puts its hooks in place; postmaster, before shared memory is made. */
extern void pgss_load(void);

extern Size PgssShmemSize(void);
extern void PgssShmemInit(void);

/*
 * Over a clean stop, as for the other statistics: written when nobody counts
 * any more, read by the start-up process, discarded after a crash.
 */
extern void pgss_write_stats(void);
extern void pgss_restore_stats(void);
extern void pgss_discard_stats(void);

#endif /* PG_STAT_STATEMENTS_H */
