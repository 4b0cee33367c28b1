/*
 * procnumber.h
 *		ProcNumber: the index of a process's PGPROC, and so its name in all
 *		shared structures.
 *
 * Lists in shared memory hold ProcNumbers and not pointers: they stay valid in
 * segments that each process maps at a different address.
 */
#ifndef PROCNUMBER_H
#define PROCNUMBER_H

typedef int ProcNumber;

/* Reserved: no process ever has this number. */
#define INVALID_PROC_NUMBER (-1)

/*
 * Upper limit of processes with a ProcNumber.  The LWLock state word keeps a
 * count of shared holders in 18 bits, hence the figure.
 */
#define MAX_BACKENDS_BITS 18
#define MAX_BACKENDS ((1U << MAX_BACKENDS_BITS) - 1)

/* This process's number; INVALID_PROC_NUMBER before InitProcess. */
extern ProcNumber MyProcNumber;

/* In a parallel worker: the number of its leader. */
extern ProcNumber ParallelLeaderProcNumber;

#endif /* PROCNUMBER_H */
