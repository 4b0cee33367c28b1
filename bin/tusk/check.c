/*
 * check.c: verify tables and their indexes on a running server.
 *
 * The work is done by the SQL function tusk_check, table by table; each table
 * is locked against changes only while it is looked at.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

static void
usage(FILE *out)
{
	fprintf(out,
	        "Usage: tusk check [OPTION]... [TABLE]...\n\n"
	        "Looks at the pages of tables, their values out of line and their "
	        "indexes; all\ntables if none is named.  A line per defect, and "
	        "how many there are; exit status 1\nif there is any.  A page that "
	        "cannot be read is a defect.\n\n"
	        "  -D DIR            data directory of the server\n"
	        "  -h HOST -p PORT   its socket directory and port\n"
	        "  -U USER -d NAME   user and database\n");
}

/* One table; the number of defects, -1: it could not be looked at. */
static int
check_table(tusk_session *s, const char *table)
{
	tusk_param name = {table, 0, TUSK_TEXT, 25};
	tusk_status status;
	tusk_result *r;
	char what[512];
	int defects;

	status = tusk_exec_params(s, "SELECT * FROM tusk_check($1::regclass)", 1,
	                          &name, TUSK_TEXT, &r);
	if (status != TUSK_OK)
	{
		snprintf(what, sizeof(what), "could not look at all of table \"%s\"",
		         table);
		complain_session(what, s);
		return -1;
	}
	defects = tusk_result_rows(r);
	for (int i = 0; i < defects; i++)
		printf("%s\n", tusk_result_value(r, i, 0));
	tusk_result_free(r);
	printf("%s: %d defect%s\n", table, defects, defects == 1 ? "" : "s");
	return defects;
}

static bool
check_all(tusk_session *s)
{
	tusk_result *r;
	bool ok = true;

	if (!run_sql(s, &r,
	             "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND "
	             "relpersistence <> 't' AND oid >= 16384 ORDER BY oid"))
		return false;
	for (int i = 0; i < tusk_result_rows(r) && !interrupted; i++)
		ok = check_table(s, tusk_result_value(r, i, 0)) == 0 && ok;
	tusk_result_free(r);
	return ok && !interrupted;
}

int
cmd_check(int argc, char **argv)
{
	static const struct option longopts[] = {{"help", no_argument, NULL, 'H'},
	                                         {NULL, 0, NULL, 0}};
	connection_options conn = {0};
	tusk_attach_options options = {.size = sizeof(options),
	                               .progress = stop_if_interrupted};
	tusk_session *s;
	bool ok = true;
	int c;

	while ((c = getopt_long(argc, argv, "D:h:p:U:d:", longopts, NULL)) != -1)
	{
		switch (c)
		{
			case 'H':
				usage(stdout);
				return EXIT_DONE;
			default:
				if (set_connection_option(&conn, c))
					break;
				usage(stderr);
				return EXIT_USAGE;
		}
	}
	catch_interrupts();
	s = connect_or_complain(&conn, &options);
	if (s == NULL)
		return EXIT_FAILED;
	if (optind == argc)
		ok = check_all(s);
	for (int i = optind; i < argc; i++)
		ok = check_table(s, argv[i]) == 0 && ok;
	tusk_detach(s);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
