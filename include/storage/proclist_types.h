/*
 * proclist_types.h
 *		Types of lists of PGPROCs linked by ProcNumber; see proclist.h.
 */
#ifndef PROCLIST_TYPES_H
#define PROCLIST_TYPES_H

#include "storage/procnumber.h"

/*
 * A process's link.  An end is INVALID_PROC_NUMBER; a process that is in no
 * list has 0 in both fields (so zeroed memory is right: process 0 cannot be
 * both the neighbour before and after).
 */
typedef struct proclist_node
{
	ProcNumber next;
	ProcNumber prev;
} proclist_node;

/* A list; the fields are protected by whatever protects the list. */
typedef struct proclist_head
{
	ProcNumber head;
	ProcNumber tail;
} proclist_head;

typedef struct proclist_mutable_iter
{
	ProcNumber cur;
	ProcNumber next;
} proclist_mutable_iter;

#endif /* PROCLIST_TYPES_H */
