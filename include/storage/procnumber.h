/*
 * storage/procnumber.h: the number of a process's PGPROC.
 *
 * An index into the PGPROC array; what shared structures that are mapped at
 * different addresses hold instead of a pointer.
 */
#ifndef PROCNUMBER_H
#define PROCNUMBER_H

typedef int ProcNumber;

#define INVALID_PROC_NUMBER (-1)

/* of this process, INVALID_PROC_NUMBER while it has no PGPROC */
extern ProcNumber MyProcNumber;

/* of the leader when this is a parallel worker */
extern ProcNumber ParallelLeaderProcNumber;

#endif /* PROCNUMBER_H */
