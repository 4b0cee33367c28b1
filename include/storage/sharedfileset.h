/*
 * storage/sharedfileset.h
 *		Sets of temporary files that live as long as the last process that has
 *		attached to them, which is when it detaches from a DSM segment.
 *
 * Corresponds to PostgreSQL's storage/sharedfileset.h.
 */
#ifndef SHAREDFILESET_H
#define SHAREDFILESET_H

#include "storage/dsm.h"
#include "storage/fileset.h"
#include "storage/spin.h"

typedef struct SharedFileSet
{
	FileSet fs;    /* [C] */
	slock_t mutex; /* [A] protects refcnt */
	int refcnt;    /* [L:mutex] processes attached */
} SharedFileSet;

/* The set lies in the segment, or goes with it. */
extern void SharedFileSetInit(SharedFileSet *fileset, dsm_segment *seg);
/* ERROR 55000 if the last has detached. */
extern void SharedFileSetAttach(SharedFileSet *fileset, dsm_segment *seg);

#endif /* SHAREDFILESET_H */
