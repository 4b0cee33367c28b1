/*
 * proclist.h
 *		Doubly linked lists of PGPROCs, linked by ProcNumber.
 *
 * The head may lie in any segment at any address (a DSM segment, the public
 * segment).  A PGPROC has one proclist_node for each kind of list it can be in;
 * the macros take the member's name.  Locking is the caller's.
 */
#ifndef PROCLIST_H
#define PROCLIST_H

#include "storage/proc.h"
#include "storage/proclist_types.h"

static inline void
proclist_init(proclist_head *list)
{
	list->head = list->tail = INVALID_PROC_NUMBER;
}

static inline bool
proclist_is_empty(const proclist_head *list)
{
	return list->head == INVALID_PROC_NUMBER;
}

static inline proclist_node *
proclist_node_get(ProcNumber procno, size_t node_offset)
{
	return (proclist_node *) ((char *) GetPGProcByNumber(procno) + node_offset);
}

static inline void
proclist_push_head_offset(proclist_head *list, ProcNumber procno,
                          size_t node_offset)
{
	proclist_node *node = proclist_node_get(procno, node_offset);

	Assert(node->next == 0 && node->prev == 0);
	node->prev = INVALID_PROC_NUMBER;
	node->next = list->head;
	if (list->head == INVALID_PROC_NUMBER)
		list->tail = procno;
	else
		proclist_node_get(list->head, node_offset)->prev = procno;
	list->head = procno;
}

static inline void
proclist_push_tail_offset(proclist_head *list, ProcNumber procno,
                          size_t node_offset)
{
	proclist_node *node = proclist_node_get(procno, node_offset);

	Assert(node->next == 0 && node->prev == 0);
	node->next = INVALID_PROC_NUMBER;
	node->prev = list->tail;
	if (list->tail == INVALID_PROC_NUMBER)
		list->head = procno;
	else
		proclist_node_get(list->tail, node_offset)->next = procno;
	list->tail = procno;
}

/* The process must be in the list. */
static inline void
proclist_delete_offset(proclist_head *list, ProcNumber procno,
                       size_t node_offset)
{
	proclist_node *node = proclist_node_get(procno, node_offset);

	Assert(node->next != 0 || node->prev != 0);
	if (node->prev == INVALID_PROC_NUMBER)
	{
		Assert(list->head == procno);
		list->head = node->next;
	}
	else
		proclist_node_get(node->prev, node_offset)->next = node->next;
	if (node->next == INVALID_PROC_NUMBER)
	{
		Assert(list->tail == procno);
		list->tail = node->prev;
	}
	else
		proclist_node_get(node->next, node_offset)->prev = node->prev;
	node->next = node->prev = 0;
}

/*
 * Is the process in a list?  The caller knows that it can be in no other one
 * through the same member.
 */
static inline bool
proclist_contains_offset(const proclist_head *list, ProcNumber procno,
                         size_t node_offset)
{
	const proclist_node *node = proclist_node_get(procno, node_offset);

	return node->prev != 0 || node->next != 0;
}

/* Remove and return the first process; the list must not be empty. */
static inline PGPROC *
proclist_pop_head_node_offset(proclist_head *list, size_t node_offset)
{
	PGPROC *proc;

	Assert(!proclist_is_empty(list));
	proc = GetPGProcByNumber(list->head);
	proclist_delete_offset(list, list->head, node_offset);
	return proc;
}

#define proclist_push_head(list, procno, link_member) \
	proclist_push_head_offset((list), (procno), offsetof(PGPROC, link_member))
#define proclist_push_tail(list, procno, link_member) \
	proclist_push_tail_offset((list), (procno), offsetof(PGPROC, link_member))
#define proclist_delete(list, procno, link_member) \
	proclist_delete_offset((list), (procno), offsetof(PGPROC, link_member))
#define proclist_contains(list, procno, link_member) \
	proclist_contains_offset((list), (procno), offsetof(PGPROC, link_member))
#define proclist_pop_head_node(list, link_member) \
	proclist_pop_head_node_offset((list), offsetof(PGPROC, link_member))

/* The current process may be deleted from the list inside the loop. */
#define proclist_foreach_modify(iter, list, link_member)                   \
	for ((iter).cur = (list)->head;                                        \
	     (iter).cur != INVALID_PROC_NUMBER &&                              \
	     ((iter).next =                                                    \
	          proclist_node_get((iter).cur, offsetof(PGPROC, link_member)) \
	              ->next,                                                  \
	     true);                                                            \
	     (iter).cur = (iter).next)

#endif /* PROCLIST_H */
