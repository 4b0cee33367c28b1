/*
 * system_views_hba.c
 *		The views pg_hba_file_rules and pg_ident_file_mappings: pg_hba.conf and
 *		pg_ident.conf as they are now, in force or not.
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
	{"line_number", INT4OID},   {"type", TEXTOID},
	{"database", TEXTARRAYOID}, {"user_name", TEXTARRAYOID},
	{"address", TEXTOID},       {"netmask", TEXTOID},
	{"auth_method", TEXTOID},   {"options", TEXTARRAYOID},
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
		if (line->usermap != NULL)
		{
			HbaToken option = {.string = psprintf("map=%s", line->usermap)};

			put_tokens(row, list_make1(&option));
		}
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

static const SystemViewColumn ident_columns[] = {
	{"line_number", INT4OID}, {"map_name", TEXTOID}, {"sys_name", TEXTOID},
	{"pg_username", TEXTOID}, {"error", TEXTOID},
};

static void
fill_ident(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};
	ListCell *lc;

	foreach (lc, ident_file_lines())
	{
		const IdentLine *line = lfirst(lc);
		bool wrong = line->err_msg != NULL;

		put_int4(&row, line->linenumber);
		put_text(&row, wrong ? NULL : line->usermap);
		put_text(&row, wrong ? NULL : line->system_user);
		put_text(&row, wrong ? NULL : line->role);
		put_text(&row, line->err_msg);
		finish_row(&row);
	}
}

const SystemView hba_views[] = {
	VIEW(12114, "pg_hba_file_rules", hba_columns, fill_hba),
	VIEW(12118, "pg_ident_file_mappings", ident_columns, fill_ident),
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};
