/*
 * unit.h
 *		What the unit tests share: processes that meet, the server's shared
 *		memory without a server, a small cluster, a relation without a catalog.
 *
 * A program makes its shared memory, then forks children that take a PGPROC
 * each, as backends do, and that meet at counters (unit_reach, unit_await); no
 * schedule depends on time.  Children end by proc_exit; what is not as it
 * should be in them is told by their exit code or counted in shared memory.
 * Each part is an object of its own: a test links what it calls.
 */
#ifndef UNIT_H
#define UNIT_H

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <sys/types.h>

#include "port/atomics.h"
#include "utils/palloc.h"
#include "utils/rel.h"

typedef void (*unit_child_fn)(int me);

/* ---- unit_process.c ---- */

/* Runs the registered suites; 0, or 1 if anything failed: main's result. */
extern int unit_run(void);

/* Zeroed memory that children share; ends the program if there is none. */
extern void *unit_share(Size size);

/* Meeting points: tell that one is there; wait until n have told. */
extern void unit_reach(pg_atomic_uint32 *step);
extern void unit_await(pg_atomic_uint32 *step, uint32 n);

/* A child that takes part in latches and LWLocks, but in no cluster. */
extern void unit_become_process(void);

/* Waits for n children, whichever; each must have ended with code 0. */
extern void unit_join(int n);

/* ---- unit_memory.c ---- */

/*
 * Semaphores, PGPROCs, LWLocks and heavyweight locks for twenty connections and
 * four workers, and room for what the caller initialises then: more() bytes.
 */
extern void unit_make_lock_memory(Size (*more)(void));

/*
 * From now on the process gets no memory from the system, and the context has
 * none left, until unit_replenish.
 */
extern void unit_exhaust(MemoryContext context);
extern void unit_replenish(void);

/* ---- unit_cluster.c ---- */

/* Makes the directory of a mkdtemp template with an empty cluster, goes there. */
extern void unit_enter_cluster(char *dir);
extern int unit_run_in_cluster(const char *dir);

/* Memory contexts, settings and file access; then the caller's own steps. */
extern void unit_init_cluster(int buffers, int connections);
extern void unit_make_cluster_memory(void);

/* The only backend: of a log, a clog and counters that begin here. */
extern void unit_bootstrap(void);
extern void unit_become_only_backend(void);

/* Children that are backends, in a child slot each; to be waited for. */
extern pid_t unit_start_backend(int me, unit_child_fn fn);
extern bool unit_ended_well(int me, pid_t pid);

/* Runs fn in n children; how many did not end well. */
extern int unit_run_backends(int n, unit_child_fn fn);

/* ---- unit_relation.c ---- */

/* A permanent table in no catalog and no cache; its columns are to be set. */
extern Relation unit_relation(const char *name, int ncolumns);

/* As if there were an index on the first column. */
extern void unit_index_first_column(Relation rel);

/* t (id int, t text), with a file, for the only backend of a new cluster. */
extern Relation unit_cluster_with_table(void);

#endif
