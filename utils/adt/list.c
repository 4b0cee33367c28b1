/*
 * list.c
 *		Expansible arrays of pointers, ints or Oids.
 */
#include "postgres.h"

#include "nodes/pg_list.h"

static List *
new_list(NodeTag type)
{
	List *list = palloc(sizeof(List));

	list->type = type;
	list->length = 0;
	list->max_length = 4;
	list->elements = palloc(list->max_length * sizeof(ListCell));
	return list;
}

static ListCell *
insert_cell(List **list, NodeTag type, int pos)
{
	List *l = *list ? *list : new_list(type);

	Assert(l->type == type && pos <= l->length);
	if (l->length == l->max_length)
	{
		l->max_length *= 2;
		l->elements = repalloc(l->elements, l->max_length * sizeof(ListCell));
	}
	if (pos < 0)
		pos = l->length;
	memmove(&l->elements[pos + 1], &l->elements[pos],
	        (l->length - pos) * sizeof(ListCell));
	l->length++;
	*list = l;
	return &l->elements[pos];
}

List *
lappend(List *list, void *datum)
{
	insert_cell(&list, T_List, -1)->ptr_value = datum;
	return list;
}

List *
lappend_int(List *list, int datum)
{
	insert_cell(&list, T_IntList, -1)->int_value = datum;
	return list;
}

List *
lappend_oid(List *list, Oid datum)
{
	insert_cell(&list, T_OidList, -1)->oid_value = datum;
	return list;
}

List *
lcons(void *datum, List *list)
{
	insert_cell(&list, T_List, 0)->ptr_value = datum;
	return list;
}

List *
lcons_oid(Oid datum, List *list)
{
	insert_cell(&list, T_OidList, 0)->oid_value = datum;
	return list;
}

List *
list_concat(List *list1, const List *list2)
{
	if (list2 == NIL)
		return list1;
	for (int i = 0; i < list2->length; i++)
		*insert_cell(&list1, list2->type, -1) = list2->elements[i];
	return list1;
}

List *
list_copy(const List *list)
{
	return list_concat(NIL, list);
}

List *
list_truncate(List *list, int new_size)
{
	if (new_size <= 0)
		return NIL;
	if (list_length(list) > new_size)
		list->length = new_size;
	return list;
}

bool
list_member_ptr(const List *list, const void *datum)
{
	for (int i = 0; i < list_length(list); i++)
		if (list->elements[i].ptr_value == datum)
			return true;
	return false;
}

bool
list_member_int(const List *list, int datum)
{
	for (int i = 0; i < list_length(list); i++)
		if (list->elements[i].int_value == datum)
			return true;
	return false;
}

bool
list_member_oid(const List *list, Oid datum)
{
	for (int i = 0; i < list_length(list); i++)
		if (list->elements[i].oid_value == datum)
			return true;
	return false;
}

List *
list_append_unique_oid(List *list, Oid datum)
{
	return list_member_oid(list, datum) ? list : lappend_oid(list, datum);
}

/* A list that becomes empty is freed: NIL is returned. */
List *
list_delete_nth_cell(List *list, int n)
{
	Assert(n >= 0 && n < list_length(list));
	if (list->length == 1)
	{
		list_free(list);
		return NIL;
	}
	list->length--;
	memmove(&list->elements[n], &list->elements[n + 1],
	        (list->length - n) * sizeof(ListCell));
	return list;
}

List *
list_delete_cell(List *list, ListCell *cell)
{
	return list_delete_nth_cell(list, (int) (cell - list->elements));
}

List *
list_delete_ptr(List *list, void *datum)
{
	for (int i = 0; i < list_length(list); i++)
		if (list->elements[i].ptr_value == datum)
			return list_delete_nth_cell(list, i);
	return list;
}

List *
list_delete_oid(List *list, Oid datum)
{
	for (int i = 0; i < list_length(list); i++)
		if (list->elements[i].oid_value == datum)
			return list_delete_nth_cell(list, i);
	return list;
}

List *
list_delete_first(List *list)
{
	return list == NIL ? NIL : list_delete_nth_cell(list, 0);
}

List *
list_delete_last(List *list)
{
	return list == NIL ? NIL : list_delete_nth_cell(list, list->length - 1);
}

void
list_sort(List *list, int (*cmp)(const ListCell *a, const ListCell *b))
{
	if (list_length(list) > 1)
		qsort(list->elements, (size_t) list->length, sizeof(ListCell),
		      (int (*)(const void *, const void *)) cmp);
}

int
list_oid_cmp(const ListCell *a, const ListCell *b)
{
	return (lfirst_oid(a) > lfirst_oid(b)) - (lfirst_oid(a) < lfirst_oid(b));
}

void
list_free(List *list)
{
	if (list == NIL)
		return;
	pfree(list->elements);
	pfree(list);
}

void
list_free_deep(List *list)
{
	Assert(list == NIL || list->type == T_List);
	for (int i = 0; i < list_length(list); i++)
		pfree(list->elements[i].ptr_value);
	list_free(list);
}
