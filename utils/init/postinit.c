/*
 * postinit.c
 *		Start of a process that uses files and buffers.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/fd.h"
#include "storage/smgr.h"
#include "storage/sync.h"

/*
 * What every process with a PGPROC needs before it touches relations; exit
 * callbacks registered here run before those that free the PGPROC.
 */
void
BaseInit(void)
{
	InitFileAccess();
	InitSync();
	smgrinit();
	InitBufferPoolAccess();
}
