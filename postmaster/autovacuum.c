/*
 * autovacuum.c
 *		The cost settings of the workers that vacuum by themselves.
 */
#include "postgres.h"

#include "commands/vacuum.h"
#include "postmaster/autovacuum.h"

bool autovacuum_start_daemon = true;
int autovacuum_max_workers = 3;
int autovacuum_work_mem = -1;
int autovacuum_naptime = 60;
int autovacuum_vac_thresh = 50;
double autovacuum_vac_scale = 0.2;
int autovacuum_vac_ins_thresh = 1000;
double autovacuum_vac_ins_scale = 0.2;
int autovacuum_anl_thresh = 50;
double autovacuum_anl_scale = 0.1;
int autovacuum_freeze_max_age = 200000000;
double autovacuum_vac_cost_delay = 2;
int autovacuum_vac_cost_limit = -1;
int Log_autovacuum_min_duration = 600000;

bool am_autovacuum_worker = false;

void
AutoVacuumCost(double *delay, int *limit)
{
	if (autovacuum_vac_cost_delay >= 0)
		*delay = autovacuum_vac_cost_delay;
	if (autovacuum_vac_cost_limit > 0)
		*limit = autovacuum_vac_cost_limit;
}
