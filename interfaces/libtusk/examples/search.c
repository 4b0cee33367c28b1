/*
 * search.c: attach, search, print.  In a source tree that was built:
 *
 *	cc search.c -I../../../include ../../../build/lib/libtusk.a \
 *		-lcrypto -lurcu-bp -lurcu-cds -lpthread -lm -o search
 *	TUSK_BINDIR=../../../build/bin ./search "dir=/tmp/vectors autostart=on"
 */
#include <stdio.h>

#include "tusk.h"

int
main(int argc, char **argv)
{
	const float query[3] = {3, 1, 2};
	char text[1000];
	tusk_session *s;
	tusk_search *search = NULL;
	tusk_result *r = NULL;
	int failed =
		tusk_attach(argc > 1 ? argv[1] : NULL, NULL, &s) ||
		tusk_exec(s,
	              "CREATE EXTENSION IF NOT EXISTS vector;"
	              "DROP TABLE IF EXISTS items;"
	              "CREATE TABLE items (id bigint, embedding vector(3));"
	              "INSERT INTO items VALUES (1, '[1,2,3]'), (2, '[4,5,6]');"
	              "CREATE INDEX ON items USING hnsw (embedding vector_l2_ops)",
	              NULL) ||
		tusk_search_prepare(s,
	                        "SELECT id, embedding <-> $1 FROM items "
	                        "ORDER BY embedding <-> $1 LIMIT $2",
	                        NULL, &search) ||
		tusk_search_run(search, query, 3, 5, TUSK_BINARY, &r);

	if (failed)
	{
		tusk_error_format(tusk_error_of(s), text, sizeof(text));
		fprintf(stderr, "%s\n", text);
	}
	for (int i = 0; i < tusk_result_rows(r); i++)
		printf("%lld at %.3f\n", (long long) tusk_result_int64(r, i, 0),
		       tusk_result_double(r, i, 1));
	tusk_result_free(r);
	tusk_search_free(search);
	tusk_detach(s);
	return failed;
}
