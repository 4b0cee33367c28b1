/*
 * commands/vacuum.h
 *		VACUUM and ANALYZE.
 */
#ifndef VACUUM_H
#define VACUUM_H

#include "access/genam.h"
#include "executor/instrument.h"
#include "lib/stringinfo.h"
#include "nodes/primnodes.h"
#include "parser/pg_query_tree.h"
#include "storage/buf.h"
#include "utils/pg_rusage.h"
#include "utils/relcache.h"
#include "utils/timestamp.h"

/* options */
#define VACOPT_VACUUM 0x01
#define VACOPT_ANALYZE 0x02
#define VACOPT_VERBOSE 0x04
#define VACOPT_FREEZE 0x08
#define VACOPT_FULL 0x10
#define VACOPT_SKIP_LOCKED 0x20
#define VACOPT_PROCESS_TOAST 0x40
#define VACOPT_DISABLE_PAGE_SKIPPING 0x80

typedef enum VacOptValue
{
	VACOPTVALUE_UNSPECIFIED = 0, /* the table's option, else the default */
	VACOPTVALUE_AUTO,
	VACOPTVALUE_DISABLED,
	VACOPTVALUE_ENABLED
} VacOptValue;

typedef struct VacuumParams
{
	uint32 options;     /* VACOPT_* */
	int freeze_min_age; /* -1: as the setting says; so the next */
	int freeze_table_age;
	bool is_wraparound;   /* forced by the age of the table */
	int log_min_duration; /* ms, of an autovacuum; -1: no report */
	VacOptValue index_cleanup;
	VacOptValue truncate;
} VacuumParams;

/* A table of the command; it is not locked, and may be gone. */
typedef struct VacuumRelation
{
	Oid oid;
	const char *relname; /* NULL: nobody named it, and nobody asks for it */
} VacuumRelation;

/* settings */
extern int vacuum_freeze_min_age;
extern int vacuum_freeze_table_age;
extern int vacuum_failsafe_age;
extern int VacuumCostPageHit;
extern int VacuumCostPageMiss;
extern int VacuumCostPageDirty;
extern int VacuumCostLimit;
extern double VacuumCostDelay;

extern void ExecVacuum(PgQuery__VacuumStmt *vacstmt, const char *queryString,
                       bool isTopLevel);
/* rels: of VacuumRelation *; ends and begins transactions. */
extern void vacuum(List *rels, VacuumParams *params,
                   BufferAccessStrategy bstrategy, bool isTopLevel);
/* Locked; NULL, with a word about it, if it is not to be had or not a table. */
extern Relation
vacuum_open_relation(const VacuumRelation *vrel, VacuumParams *params,
                     LOCKMODE lockmode, uint32 action);
extern void vac_open_indexes(Relation relation, LOCKMODE lockmode,
                             int *nindexes, Relation **Irel);
extern void vac_close_indexes(int nindexes, Relation *Irel, LOCKMODE lockmode);
extern double
vac_estimate_reltuples(Relation relation, BlockNumber total_pages,
                       BlockNumber scanned_pages, double scanned_tuples);
/* In place; frozenxid: InvalidTransactionId leaves it. */
extern void
vac_update_relstats(Relation relation, BlockNumber num_pages, double num_tuples,
                    BlockNumber num_all_visible_pages, bool hasindex,
                    TransactionId frozenxid, bool *frozenxid_updated);
/* Whether the scan must look at every page that is not frozen. */
extern bool
vacuum_set_xid_limits(Relation rel, int freeze_min_age, int freeze_table_age,
                      TransactionId *oldestXmin, TransactionId *freezeLimit);
extern bool vacuum_xid_failsafe_check(TransactionId relfrozenxid);
/* Until the end of the transaction it keeps others from the same. */
extern void vac_update_datfrozenxid(void);
extern bool VacuumFailsafeActive;
/* Cancels, and sleeps as the cost settings say; no lock is held that matters. */
extern void vacuum_delay_point(void);

/* ---- vacuumusage.c: what a command has cost ---- */

typedef struct VacuumUsage
{
	TimestampTz started;
	BufferUsage buffers;
	WalUsage wal;
	PGRUsage ru0;
} VacuumUsage;

extern void vacuum_usage_start(VacuumUsage *start);
/* By an autovacuum, and long enough for log_autovacuum_min_duration. */
extern bool
vacuum_usage_logged(const VacuumUsage *start, const VacuumParams *params);
/* Lines for a report: since start; wal: with that line. */
extern void
vacuum_usage_show(const VacuumUsage *start, StringInfo buf, bool wal);

/* ---- analyze.c ---- */

extern void analyze_rel(const VacuumRelation *vrel, VacuumParams *params,
                        bool in_outer_xact, BufferAccessStrategy bstrategy);

/* ---- access/heap/vacuumlazy.c ---- */

extern void heap_vacuum_rel(Relation rel, VacuumParams *params,
                            BufferAccessStrategy bstrategy);

#endif /* VACUUM_H */
