/*
 * postmaster/pmchild.h
 *		The postmaster's children, as it alone knows them.
 */
#ifndef PMCHILD_H
#define PMCHILD_H

#include "lib/ilist.h"
#include "miscadmin.h"
#include "postmaster/bgworker_internals.h"

/*
 * Private memory of the postmaster: nothing that a child does can harm it.
 * child_slot is the number in PMSignalState; 0 for a process that only says why
 * it cannot serve, and touches no shared memory.
 */
typedef struct PMChild
{
	pid_t pid; /* 0: not forked yet */
	int child_slot;
	BackendType bkend_type;
	RegisteredBgWorker *rw; /* of a background worker */
	bool bgworker_notify;   /* it asked for workers: tell them of its end */
	dlist_node elem;
} PMChild;

/* Those that run, or are about to. */
extern dlist_head ActiveChildList;

extern void InitPostmasterChildSlots(void);
/* NULL if all slots of that kind are in use. */
extern PMChild *AssignPostmasterChildSlot(BackendType btype);
extern PMChild *AllocDeadEndChild(void);
/* False if the child had not left shared memory in order. */
extern bool ReleasePostmasterChildSlot(PMChild *pmchild);
extern PMChild *FindPostmasterChildByPid(pid_t pid);

#endif /* PMCHILD_H */
