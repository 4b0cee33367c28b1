/*
 * bootstrap/bootstrap.h
 *		Making an empty cluster.
 */
#ifndef BOOTSTRAP_H
#define BOOTSTRAP_H

/*
 * Makes what is missing of an empty cluster in DataDir: directories, control
 * file, clog, catalogs and their rows, all flushed; ControlFile then says
 * DB_SHUTDOWNED.  The caller has shared memory, a PGPROC (InitProcess) and
 * files (BaseInit), and no other process uses the directory.  ERROR if it
 * cannot.
 */
extern void BootstrapCluster(void);

/*
 * `postmaster --boot -D DIR`: a process that runs alone, makes the cluster in
 * the empty or missing directory DIR and exits.
 */
extern void BootstrapModeMain(const char *datadir) pg_attribute_noreturn();

#endif /* BOOTSTRAP_H */
