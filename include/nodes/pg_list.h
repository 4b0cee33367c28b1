/*
 * nodes/pg_list.h
 *		Expansible arrays under PostgreSQL's list names: of pointers, ints or
 *		Oids.  NIL is the empty list.  Functions that add return the list, which
 *		may be a new one.
 */
#ifndef PG_LIST_H
#define PG_LIST_H

#include "nodes/nodes.h"

typedef union ListCell
{
	void *ptr_value;
	int int_value;
	Oid oid_value;
} ListCell;

typedef struct List
{
	NodeTag type; /* T_List, T_IntList or T_OidList */
	int length;
	int max_length;
	ListCell *elements;
} List;

#define NIL ((List *) NULL)

typedef struct ForEachState
{
	const List *l;
	int i;
} ForEachState;

static inline int
list_length(const List *l)
{
	return l ? l->length : 0;
}

static inline ListCell *
list_nth_cell(const List *list, int n)
{
	Assert(list != NIL && n >= 0 && n < list->length);
	return &list->elements[n];
}

static inline ListCell *
list_head(const List *l)
{
	return l ? &l->elements[0] : NULL;
}

static inline ListCell *
list_tail(const List *l)
{
	return l ? &l->elements[l->length - 1] : NULL;
}

static inline ListCell *
lnext(const List *l, const ListCell *c)
{
	c++;
	return c < &l->elements[l->length] ? (ListCell *) c : NULL;
}

#define lfirst(lc) ((lc)->ptr_value)
#define lfirst_int(lc) ((lc)->int_value)
#define lfirst_oid(lc) ((lc)->oid_value)
#define lfirst_node(type, lc) ((type *) lfirst(lc))
#define linitial(l) lfirst(list_nth_cell(l, 0))
#define linitial_int(l) lfirst_int(list_nth_cell(l, 0))
#define linitial_oid(l) lfirst_oid(list_nth_cell(l, 0))
#define linitial_node(type, l) ((type *) linitial(l))
#define lsecond(l) lfirst(list_nth_cell(l, 1))
#define lthird(l) lfirst(list_nth_cell(l, 2))
#define lsecond_oid(l) lfirst_oid(list_nth_cell(l, 1))
#define llast(l) lfirst(list_tail(l))
#define llast_oid(l) lfirst_oid(list_tail(l))
#define list_nth(l, n) lfirst(list_nth_cell(l, n))
#define list_nth_int(l, n) lfirst_int(list_nth_cell(l, n))
#define list_nth_oid(l, n) lfirst_oid(list_nth_cell(l, n))
#define list_nth_node(type, l, n) ((type *) list_nth(l, n))

#define foreach(cell, lst)                                                     \
	for (ForEachState cell##__state = {(lst), 0};                              \
	     (cell##__state.l != NIL && cell##__state.i < cell##__state.l->length) \
	         ? (cell = &cell##__state.l->elements[cell##__state.i], true)      \
	         : (cell = NULL, false);                                           \
	     cell##__state.i++)
#define foreach_current_index(cell) (cell##__state.i)
#define foreach_delete_current(lst, cell) \
	(cell##__state.i--,                   \
	 (List *) (cell##__state.l = list_delete_cell(lst, cell)))
#define forboth(cell1, list1, cell2, list2)                                    \
	for (int cell1##__i = 0;                                                   \
	     cell1##__i < list_length(list1) && cell1##__i < list_length(list2) && \
	     (cell1 = &(list1)->elements[cell1##__i],                              \
	     cell2 = &(list2)->elements[cell1##__i], true);                        \
	     cell1##__i++)

extern List *lappend(List *list, void *datum);
extern List *lappend_int(List *list, int datum);
extern List *lappend_oid(List *list, Oid datum);
extern List *lcons(void *datum, List *list);
extern List *lcons_oid(Oid datum, List *list);
extern List *list_concat(List *list1, const List *list2);
extern List *list_copy(const List *list);
extern List *list_truncate(List *list, int new_size);
extern bool list_member_ptr(const List *list, const void *datum);
extern bool list_member_int(const List *list, int datum);
extern bool list_member_oid(const List *list, Oid datum);
extern List *list_append_unique_oid(List *list, Oid datum);
extern List *list_delete_nth_cell(List *list, int n);
extern List *list_delete_cell(List *list, ListCell *cell);
extern List *list_delete_ptr(List *list, void *datum);
extern List *list_delete_oid(List *list, Oid datum);
extern List *list_delete_first(List *list);
extern List *list_delete_last(List *list);
extern void
list_sort(List *list, int (*cmp)(const ListCell *a, const ListCell *b));
/* ascending */
extern int list_oid_cmp(const ListCell *a, const ListCell *b);
extern void list_free(List *list);
extern void list_free_deep(List *list);

#define list_make1(x1) lappend(NIL, (x1))
#define list_make2(x1, x2) lappend(list_make1(x1), (x2))
#define list_make3(x1, x2, x3) lappend(list_make2(x1, x2), (x3))
#define list_make1_int(x1) lappend_int(NIL, (x1))
#define list_make1_oid(x1) lappend_oid(NIL, (x1))
#define list_make2_oid(x1, x2) lappend_oid(list_make1_oid(x1), (x2))

#endif /* PG_LIST_H */
