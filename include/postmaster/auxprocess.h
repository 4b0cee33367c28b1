/*
 * postmaster/auxprocess.h
 *		What the auxiliary processes have in common.
 */
#ifndef AUXPROCESS_H
#define AUXPROCESS_H

/* A PGPROC, files and buffers, and the entry that pg_stat_activity shows. */
extern void AuxiliaryProcessMainCommon(void);

#endif /* AUXPROCESS_H */
