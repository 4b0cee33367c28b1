/*
 * sinvaladt.h
 *		The queue of shared invalidation messages; sinval.h is for its users.
 */
#ifndef SINVALADT_H
#define SINVALADT_H

#include "storage/sinval.h"

extern Size SInvalShmemSize(void);
extern void CreateSharedInvalidationState(void);

/* A backend that keeps caches; freed at exit. */
extern void SharedInvalBackendInit(void);

extern void SIInsertDataEntries(const SharedInvalidationMessage *data, int n);

/* Messages read, 0: none; -1: some were lost, forget everything. */
extern int SIGetDataEntries(SharedInvalidationMessage *data, int datasize);

#endif /* SINVALADT_H */
