/*
 * lwlocklist.h
 *		The individually named LWLocks: PG_LWLOCK(number, name).
 *
 * Deliberately without an include guard: included with PG_LWLOCK defined in
 * different ways.  Numbers and names are PostgreSQL's (wait events show the
 * name), with gaps where Tusk has nothing to protect.
 */
PG_LWLOCK(1, ShmemIndex)
PG_LWLOCK(2, OidGen)
PG_LWLOCK(3, XidGen)
PG_LWLOCK(4, ProcArray)
PG_LWLOCK(5, SInvalRead)
PG_LWLOCK(6, SInvalWrite)
PG_LWLOCK(7, WALBufMapping)
PG_LWLOCK(8, WALWrite)
PG_LWLOCK(9, ControlFile)
PG_LWLOCK(11, XactSLRU)
PG_LWLOCK(16, RelCacheInit)
PG_LWLOCK(17, CheckpointerComm)
PG_LWLOCK(19, TablespaceCreate)
PG_LWLOCK(21, AddinShmemInit)
PG_LWLOCK(22, Autovacuum)
PG_LWLOCK(23, AutovacuumSchedule)
PG_LWLOCK(24, SyncScan)
PG_LWLOCK(25, RelationMapping)
PG_LWLOCK(33, BackgroundWorker)
PG_LWLOCK(34, DynamicSharedMemoryControl)
PG_LWLOCK(35, AutoFile)
PG_LWLOCK(44, XactTruncation)
PG_LWLOCK(46, WrapLimitsVacuum)
PG_LWLOCK(51, InjectionPoint)
PG_LWLOCK(52, IndexCache)
