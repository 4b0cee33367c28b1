/*
 * sharedfileset.c
 *		Sets of temporary files that several processes use.
 *
 * Every process that has attached counts; the last to detach from the segment,
 * by its end or by an error, removes the files.  A process killed is a crash
 * restart, which removes them too.
 *
 * Corresponds to PostgreSQL's storage/file/sharedfileset.c.
 */
#include "postgres.h"

#include "storage/sharedfileset.h"
#include "utils/injection_point.h"

StaticAssertDecl(sizeof(SharedFileSet) == 16, "SharedFileSet has changed");

static void
detach(dsm_segment *seg, Datum arg)
{
	SharedFileSet *fileset = (SharedFileSet *) DatumGetPointer(arg);
	bool last;

	SpinLockAcquire(&fileset->mutex);
	Assert(fileset->refcnt > 0);
	last = --fileset->refcnt == 0;
	SpinLockRelease(&fileset->mutex);
	if (last)
		FileSetDeleteAll(&fileset->fs);
}

void
SharedFileSetInit(SharedFileSet *fileset, dsm_segment *seg)
{
	SpinLockInit(&fileset->mutex);
	fileset->refcnt = 1;
	FileSetInit(&fileset->fs);
	on_dsm_detach(seg, detach, PointerGetDatum(fileset));
}

void
SharedFileSetAttach(SharedFileSet *fileset, dsm_segment *seg)
{
	bool there;

	INJECTION_POINT("fileset-attach");
	/* This may fail; once counted, somebody must take the count back. */
	on_dsm_detach(seg, detach, PointerGetDatum(fileset));
	SpinLockAcquire(&fileset->mutex);
	there = fileset->refcnt > 0;
	if (there)
		fileset->refcnt++;
	SpinLockRelease(&fileset->mutex);
	if (there)
		return;
	cancel_on_dsm_detach(seg, detach, PointerGetDatum(fileset));
	ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
	                errmsg("could not attach to a SharedFileSet that is "
	                       "already destroyed")));
}
