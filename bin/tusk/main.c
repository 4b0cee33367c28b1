/*
 * main.c: tusk, the command-line tool: finds the subcommand.
 */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const struct
{
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
	{"init", cmd_init, "make a data directory"},
	{"start", cmd_start, "start a server on it"},
	{"stop", cmd_stop, "stop it"},
	{"status", cmd_status, "tell whether it runs"},
	{"load", cmd_load, "load a vector file into a table"},
	{"check", cmd_check, "verify tables and their indexes"},
	{"fault", cmd_fault, "injection points: list, arm; the fault matrix"},
	{"bench", cmd_bench, "measure build time, recall and queries per second"},
	{"demo", cmd_demo, "show a parallel index build and search on real words"},
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
usage(FILE *out)
{
	fprintf(out, "Usage: tusk COMMAND [OPTION]...\n\nCommands:\n");
	for (size_t i = 0; i < NCOMMANDS; i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].what);
	fprintf(out,
	        "\n\"tusk COMMAND --help\" tells more.  Exit status: 0 done, "
	        "1 failed, 2 wrong usage.\nDIR is PGDATA "
	        "where -D is not given; \"tusk --version\" tells the version.\n");
}

int
main(int argc, char **argv)
{
	/* messages and results in the order that they were made */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2)
	{
		usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
	{
		usage(stdout);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0)
	{
		puts("tusk (Tusk) " TUSK_VERSION);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < NCOMMANDS; i++)
	{
		char name[32];

		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		/* what getopt's messages begin with */
		snprintf(name, sizeof(name), "tusk %s", commands[i].name);
		argv[1] = name;
		return commands[i].run(argc - 1, argv + 1);
	}
	complain("unknown command \"%s\"", argv[1]);
	usage(stderr);
	return EXIT_USAGE;
}
