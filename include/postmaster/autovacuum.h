/*
 * postmaster/autovacuum.h
 *		Vacuuming by itself: the launcher and its workers.
 */
#ifndef AUTOVACUUM_H
#define AUTOVACUUM_H

/* settings */
extern bool autovacuum_start_daemon;
extern int autovacuum_max_workers;
extern int autovacuum_work_mem;
extern int autovacuum_naptime;
extern int autovacuum_vac_thresh;
extern double autovacuum_vac_scale;
extern int autovacuum_vac_ins_thresh;
extern double autovacuum_vac_ins_scale;
extern int autovacuum_anl_thresh;
extern double autovacuum_anl_scale;
extern int autovacuum_freeze_max_age;
extern double autovacuum_vac_cost_delay;
extern int autovacuum_vac_cost_limit;
extern int Log_autovacuum_min_duration;

/* Slots of background workers that only autovacuum uses; with the launcher's. */
#define AUTOVACUUM_SLOTS (autovacuum_max_workers + 1)

struct BackgroundWorker;

extern Size AutoVacuumShmemSize(void);
extern void AutoVacuumShmemInit(void);
/* What the launcher's slot says. */
extern void AutoVacuumLauncherEntry(struct BackgroundWorker *worker);
extern void AutoVacLauncherMain(Datum main_arg);
extern void AutoVacWorkerMain(Datum main_arg);

/* In a worker. */
extern bool am_autovacuum_worker;
#define AmAutoVacuumWorkerProcess() (am_autovacuum_worker)

/* Drops temporary tables of sessions that are gone (autovac_orphans.c). */
extern void AutoVacDropOrphans(void);

/* Xids are past the age at which tables must be vacuumed.  Takes no lock. */
extern void AutoVacuumWakeLauncher(void);

/* A worker's share of the cost settings. */
extern void AutoVacuumCost(double *delay, int *limit);

#endif /* AUTOVACUUM_H */
