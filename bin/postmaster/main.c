/*
 * main.c
 *		The program "postmaster": runs the server, or makes a data directory.
 */
#include "postgres.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bootstrap/bootstrap.h"
#include "miscadmin.h"
#include "postmaster/postmaster.h"
#include "tusk.h"
#include "utils/injection_action.h"
#include "utils/memutils.h"

#define VERSION_TEXT "postmaster (PostgreSQL) 15.20 (Tusk " TUSK_VERSION ")"

static void
help(void)
{
	printf(
		"postmaster runs a Tusk server.\n\n"
		"Usage:\n"
		"  postmaster -D DIR [-c name=value]...   run it, in the foreground\n"
		"  postmaster --boot -D DIR               make the data directory "
		"DIR\n"
		"  postmaster --injection-points          list what a test can make "
		"fail\n\n"
		"Options:\n"
		"  -D DIR         the data directory (default: PGDATA)\n"
		"  -c name=value  a setting, over those of DIR/tusk.conf\n"
		"  -p PORT        the same as -c port=PORT\n"
		"  -k DIR         the same as -c unix_socket_directories=DIR\n"
		"  --help         show this text, then exit\n"
		"  --version      show the version, then exit\n\n"
		"The log goes to standard error.  SIGTERM is a smart stop, SIGINT a "
		"fast one,\n"
		"SIGQUIT an immediate one; SIGHUP reads tusk.conf again.  \"tusk "
		"start\" and\n"
		"\"tusk stop\" do this for you.\n");
}

/* --boot, -D DIR in any order; NULL if it is something else. */
static const char *
boot_directory(int argc, char **argv)
{
	const char *dir = getenv("PGDATA");

	for (int i = 1; i < argc; i++)
	{
		if (strcmp(argv[i], "--boot") == 0)
			continue;
		if (strcmp(argv[i], "-D") == 0 && i + 1 < argc)
			dir = argv[++i];
		else if (strncmp(argv[i], "-D", 2) == 0 && argv[i][2] != '\0')
			dir = argv[i] + 2;
		else
		{
			fprintf(stderr, "postmaster: invalid argument: \"%s\"\n", argv[i]);
			return NULL;
		}
	}
	if (dir == NULL)
		fprintf(stderr, "postmaster: --boot needs -D DIR\n");
	return dir;
}

/* A line per point: name, class, subsystem, place, what it allows. */
static void
list_injection_points(void)
{
	for (int i = 0; i < InjectionPointCount(); i++)
	{
		const InjectionPointInfo *info = InjectionPointGet(i);

		printf("%s\t%s\t%.*s\t%s:%d\t%s\n", info->name,
		       InjectionClassName(info->class), info->subsystem_len, info->name,
		       info->sites[0]->file, info->sites[0]->line,
		       InjectionAllowedVerbs(info));
	}
}

int
main(int argc, char **argv)
{
	set_stack_base();
	MemoryContextInit();

	for (int i = 1; i < argc; i++)
	{
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-?") == 0)
		{
			help();
			return 0;
		}
		if (strcmp(argv[i], "--version") == 0 || strcmp(argv[i], "-V") == 0)
		{
			puts(VERSION_TEXT);
			return 0;
		}
	}
	if (argc == 2 && strcmp(argv[1], "--injection-points") == 0)
	{
		list_injection_points();
		return 0;
	}
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--boot") == 0)
		{
			const char *dir = boot_directory(argc, argv);

			if (dir == NULL)
				return 2;
			umask(S_IRWXG | S_IRWXO);
			BootstrapModeMain(dir);
		}
	PostmasterMain(argc, argv);
}
