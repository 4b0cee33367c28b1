/*
 * restart.c: a program that outlives its server: what was lost is told, and the
 * session goes on after tusk_reattach.
 *
 *	./restart "dir=/tmp/vectors autostart=on" 3
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tusk.h"

int
main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[2]) : 10;
	struct timespec second = {1, 0};
	tusk_statement *st = NULL;
	tusk_session *s;
	tusk_status status = tusk_attach(argc > 1 ? argv[1] : NULL, NULL, &s);

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (status == TUSK_OK)
		status = tusk_prepare(s, "SELECT now()", 0, NULL, &st);
	for (int i = 0; i < rounds && status == TUSK_OK; i++)
	{
		tusk_result *r;

		status = tusk_statement_execute(st, 0, NULL, TUSK_TEXT, &r);
		if (status == TUSK_OK)
			puts(tusk_result_value(r, 0, 0));
		tusk_result_free(r);
		if (status == TUSK_CONNECTION_LOST)
		{
			/* 57P01: stopped; 57P02: a crash; what ran was rolled back */
			printf("lost: %s %s\n", tusk_error_of(s)->sqlstate,
			       tusk_error_of(s)->message);
			status = tusk_reattach(s, 30000); /* statements come along */
		}
		if (i + 1 < rounds)
			nanosleep(&second, NULL);
	}
	if (status != TUSK_OK)
		fprintf(stderr, "%s\n", tusk_error_of(s)->message);
	tusk_statement_free(st);
	tusk_detach(s);
	return status != TUSK_OK;
}
