/*
 * system_views_hba.c
 *		The view pg_hba_file_rules: pg_hba.conf as it is in the file now, which
 *		rules are in force or not.
 *
 * Columns are PostgreSQL 15's, in its order.  A wrong line has its number and
 * what is wrong with it.  The superusers' (initial_acl.c).
 */
#include "postgres.h"

#include <netdb.h>

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "catalog/view_row.h"
#include "libpq/hba.h"
#include "utils/array.h"
#include "utils/builtins.h"

static const SystemViewColumn hba_columns[] = {
	{"line_number", INT4OID},    {"type", TEXTOID},
	{"database", TEXTARRAYOID},  {"user_name", TEXTARRAYOID},
	{"address", TEXTOID},        {"netmask", TEXTOID},
	{"auth_method", TEXTOID},    {"options", TEXTARRAYOID},
	{"error", TEXTOID},
};

/* place of error, from 0 */
#define HBA_ERROR 8

static void
put_tokens(ViewRow *row, const List *tokens)
{
	Datum *elems = palloc_array(Datum, Max(list_length(tokens), 1));
	int n = 0;
	ListCell *lc;

	foreach (lc, tokens)
		elems[n++] = CStringGetTextDatum(((HbaToken *) lfirst(lc))->string);
	put_datum(row, PointerGetDatum(construct_array(elems, n, TEXTOID, -1, false,
	                                               TYPALIGN_INT)));
}

static void
put_address(ViewRow *row, const struct sockaddr_storage *address)
{
	char text[NI_MAXHOST];
	socklen_t length = address->ss_family == AF_INET
	                       ? sizeof(struct sockaddr_in)
	                       : sizeof(struct sockaddr_in6);

	if (getnameinfo((const struct sockaddr *) address, length, text,
	                sizeof(text), NULL, 0, NI_NUMERICHOST) == 0)
		put_text(row, text);
	else
		put_null(row);
}

static void
put_line(ViewRow *row, const HbaLine *line)
{
	put_int4(row, line->linenumber);
	if (line->err_msg == NULL)
	{
		put_text(row, line->type);
		put_tokens(row, line->databases);
		put_tokens(row, line->roles);
		if (line->any_address != NULL)
			put_text(row, line->any_address);
		else if (line->conntype == ctHost)
		{
			put_address(row, &line->addr);
			put_address(row, &line->mask);
		}
		while (row->n < HBA_ERROR - 2)
			put_null(row);
		put_text(row, line->method);
	}
	while (row->n < HBA_ERROR)
		put_null(row);
	put_text(row, line->err_msg);
	finish_row(row);
}

static void
fill_hba(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};
	ListCell *lc;

	foreach (lc, hba_file_lines())
		put_line(&row, lfirst(lc));
}

const SystemView hba_views[] = {
	VIEW(12114, "pg_hba_file_rules", hba_columns, fill_hba),
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};
