/*
 * fault.c: what can go wrong, on request: list, arm, disarm and wake injection
 * points; run the fault matrix, replay an order of the stepper.
 *
 * list without a server asks the postmaster program for the names that are in
 * it.  matrix and replay are Python programs, in share/tusk/faults beside the
 * bin of an installation or in regress/faults beside a build tree; they are
 * given the folder that bin is in, then what follows here.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

#define TEXT_OID 25
#define INT4_OID 23
#define PYTHON "/usr/bin/python3"

/* A line of the list: fields of the postmaster's, then what is armed. */
enum
{
	F_NAME,
	F_CLASS,
	F_SUBSYSTEM,
	F_PLACE,
	F_ALLOWED,
	F_ACTION,
	F_HITS,
	F_FIRED,
	F_WAITING,
	NFIELDS
};

typedef struct list_options
{
	connection_options conn;
	const char *subsystem;
	bool armed;
	bool allowed;
} list_options;

static void
usage(FILE *out)
{
	fprintf(out,
	        "Usage: tusk fault list [OPTION]...\n"
	        "       tusk fault arm [OPTION]... NAME ACTION\n"
	        "       tusk fault disarm [OPTION]... NAME...\n"
	        "       tusk fault wake [OPTION]... NAME [PID]\n"
	        "       tusk fault matrix [ARGUMENT]...\n"
	        "       tusk fault replay SEED [ARGUMENT]...\n\n"
	        "Injection points: named places where a running server can be made "
	        "to fail.\n\n"
	        "  list     the names, by subsystem; with -D or -h also what is "
	        "armed there\n"
	        "  arm      let ACTION happen at the point, in any process that "
	        "passes it\n"
	        "  disarm   no longer; --all: whatever is armed\n"
	        "  wake     let those go on that wait at the point, or one of "
	        "them\n"
	        "  matrix   index builds, disturbed at every point that they pass\n"
	        "  replay   one order of steps again, as the stepper named it\n\n"
	        "  -D DIR            data directory of the server\n"
	        "  -h HOST -p PORT   its socket directory and port\n"
	        "  -U USER -d NAME   user and database\n"
	        "  --subsystem S     of list: only the names that begin with S-\n"
	        "  --armed           of list: only those that are armed\n"
	        "  --allowed         of list: what each point can be asked for\n\n"
	        "ACTION is verb[:argument][,key=value]..., several joined by "
	        "\"->\":\n"
	        "  off  notice  error[:SQLSTATE]  fatal  panic  kill  stop:MS  "
	        "exit[:CODE]  wait\n"
	        "  sleep:MS  errno:NAME  short[:BYTES]  torn[:BYTES]\n"
	        "  keys: nth=N  times=N  percent=P  seed=N  pid=PID\n"
	        "        role=leader|worker|worker:I|backend|postmaster|"
	        "checkpointer|...\n"
	        "\"2*off->error:53200,role=worker\" fails the third and later "
	        "passages of workers.\n");
}

/* ---- list ---- */

static bool
is_shown(const list_options *o, char *const *field)
{
	if (o->subsystem != NULL && strcmp(o->subsystem, field[F_SUBSYSTEM]) != 0)
		return false;
	return !o->armed || field[F_ACTION] != NULL;
}

/* Rows come in the order of the names, so of one subsystem together. */
static void
show_point(const list_options *o, char *const *field, char *last_subsystem,
           size_t size)
{
	if (strcmp(field[F_SUBSYSTEM], last_subsystem) != 0)
	{
		printf("%s%s\n", *last_subsystem ? "\n" : "", field[F_SUBSYSTEM]);
		snprintf(last_subsystem, size, "%s", field[F_SUBSYSTEM]);
	}
	printf("  %-34s %-10s %s\n", field[F_NAME], field[F_CLASS], field[F_PLACE]);
	if (o->allowed)
		printf("      allowed: %s\n", field[F_ALLOWED]);
	if (field[F_ACTION] != NULL)
		printf("      armed: %s; passed %s, fired %s\n", field[F_ACTION],
		       field[F_HITS], field[F_FIRED]);
	if (field[F_WAITING] != NULL)
		printf("      waiting: %s\n", field[F_WAITING]);
}

static void
show_total(int shown)
{
	printf("%s%d point%s\n", shown ? "\n" : "", shown, shown == 1 ? "" : "s");
}

/* Splits a line at its tabs; what is missing is NULL. */
static int
split_line(char *line, char **field)
{
	int n = 0;

	memset(field, 0, NFIELDS * sizeof(*field));
	line[strcspn(line, "\n")] = '\0';
	for (char *p = line; p != NULL && n < NFIELDS;)
		field[n++] = strsep(&p, "\t");
	return n;
}

static int
list_program(const list_options *o)
{
	char program[PATH_MAX];
	char command[PATH_MAX + 64];
	char line[1024];
	char subsystem[64] = "";
	char *field[NFIELDS];
	FILE *f;
	int shown = 0;

	if (!find_program("postmaster", program, sizeof(program)))
		return EXIT_FAILED;
	if (strchr(program, '\'') != NULL)
	{
		complain("the path \"%s\" has a quote in it", program);
		return EXIT_FAILED;
	}
	snprintf(command, sizeof(command), "exec '%s' --injection-points", program);
	f = popen(command, "r");
	if (f == NULL)
	{
		complain("could not run \"%s\": %s", program, strerror(errno));
		return EXIT_FAILED;
	}
	while (fgets(line, sizeof(line), f) != NULL)
		if (split_line(line, field) > F_ALLOWED && is_shown(o, field))
		{
			show_point(o, field, subsystem, sizeof(subsystem));
			shown++;
		}
	if (pclose(f) != 0)
	{
		complain("\"%s --injection-points\" failed", program);
		return EXIT_FAILED;
	}
	show_total(shown);
	return EXIT_DONE;
}

static int
list_server(const list_options *o, tusk_session *s)
{
	tusk_result *r;
	char subsystem[64] = "";
	int shown = 0;

	if (!run_sql(s, &r,
	             "SELECT name, class, subsystem, file || ':' || line, allowed, "
	             "action, hits, fired, array_to_string(waiting, ', ') "
	             "FROM injection_points ORDER BY name"))
		return EXIT_FAILED;
	for (int i = 0; i < tusk_result_rows(r); i++)
	{
		char *field[NFIELDS];

		for (int c = 0; c < NFIELDS; c++)
			field[c] = (char *) tusk_result_value(r, i, c);
		if (!is_shown(o, field))
			continue;
		show_point(o, field, subsystem, sizeof(subsystem));
		shown++;
	}
	tusk_result_free(r);
	show_total(shown);
	return EXIT_DONE;
}

/* ---- arm, disarm, wake ---- */

static bool
call(tusk_session *s, const char *what, const char *sql, const char *name,
     const char *second, uint32_t second_type)
{
	tusk_param params[2] = {{name, 0, TUSK_TEXT, TEXT_OID},
	                        {second, 0, TUSK_TEXT, second_type}};
	tusk_result *r;
	char text[512];

	if (tusk_exec_params(s, sql, second != NULL ? 2 : 1, params, TUSK_TEXT,
	                     &r) == TUSK_OK)
	{
		tusk_result_free(r);
		return true;
	}
	snprintf(text, sizeof(text), "could not %s \"%s\"", what, name);
	complain_session(text, s);
	return false;
}

static bool
disarm_all(tusk_session *s)
{
	tusk_result *r;

	if (!run_sql(s, &r,
	             "SELECT name, injection_points_detach(name) FROM "
	             "injection_points WHERE action IS NOT NULL"))
		return false;
	for (int i = 0; i < tusk_result_rows(r); i++)
		printf("disarmed: %s\n", tusk_result_value(r, i, 0));
	tusk_result_free(r);
	return true;
}

/* ---- the drivers ---- */

static bool
driver_path(const char *root, const char *name, char *path, size_t size)
{
	static const char *const places[] = {"share/tusk/faults",
	                                     "../regress/faults"};
	const char *env = getenv("TUSK_FAULTS");

	if (env != NULL && env[0] != '\0')
	{
		snprintf(path, size, "%s/%s", env, name);
		return access(path, R_OK) == 0;
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
	{
		snprintf(path, size, "%s/%s/%s", root, places[i], name);
		if (access(path, R_OK) == 0)
			return true;
	}
	return false;
}

/* option (or NULL) comes before the arguments; returns if it fails only */
static int
run_driver(const char *name, const char *option, int argc, char **argv)
{
	char root[PATH_MAX];
	char path[PATH_MAX + 64];
	const char *python = getenv("TUSK_PYTHON");
	char **arguments = calloc((size_t) argc + 5, sizeof(*arguments));
	char *slash;
	int n = 0;

	if (!find_program("postmaster", root, sizeof(root)) || arguments == NULL)
		return EXIT_FAILED;
	/* .../bin/postmaster */
	for (int i = 0; i < 2 && (slash = strrchr(root, '/')) != NULL; i++)
		*slash = '\0';
	if (!driver_path(root, name, path, sizeof(path)))
	{
		complain("could not find \"%s\" in \"%s/share/tusk/faults\" or "
		         "\"%s/../regress/faults\"; TUSK_FAULTS can name its folder",
		         name, root, root);
		free(arguments);
		return EXIT_FAILED;
	}
	if (python == NULL || python[0] == '\0')
		python = access(PYTHON, X_OK) == 0 ? PYTHON : "python3";
	arguments[n++] = (char *) python;
	arguments[n++] = path;
	arguments[n++] = root;
	if (option != NULL)
		arguments[n++] = (char *) option;
	for (int i = 0; i < argc; i++)
		arguments[n++] = argv[i];
	execvp(python, arguments);
	complain("could not run \"%s\": %s", python, strerror(errno));
	free(arguments);
	return EXIT_FAILED;
}

/* ---- the command ---- */

static int
wrong_usage(const char *message)
{
	complain("%s", message);
	usage(stderr);
	return EXIT_USAGE;
}

static int
run_with_server(const char *verb, const list_options *o, bool all, int argc,
                char **argv)
{
	tusk_attach_options options = {.size = sizeof(options),
	                               .progress = stop_if_interrupted};
	tusk_session *s;
	int status = EXIT_DONE;
	bool ok = true;

	catch_interrupts();
	s = connect_or_complain(&o->conn, &options);
	if (s == NULL)
		return EXIT_FAILED;
	if (strcmp(verb, "list") == 0)
		status = list_server(o, s);
	else if (strcmp(verb, "arm") == 0)
		ok = call(s, "arm", "SELECT injection_points_attach($1, $2)", argv[0],
		          argv[1], TEXT_OID);
	else if (strcmp(verb, "wake") == 0)
		ok = call(s, "wake",
		          argc > 1 ? "SELECT injection_points_wakeup($1, $2)"
		                   : "SELECT injection_points_wakeup($1)",
		          argv[0], argc > 1 ? argv[1] : NULL, INT4_OID);
	else if (all)
		ok = disarm_all(s);
	else
		for (int i = 0; i < argc; i++)
			ok = call(s, "disarm", "SELECT injection_points_detach($1)",
			          argv[i], NULL, 0) &&
			     ok;
	tusk_detach(s);
	return ok ? status : EXIT_FAILED;
}

/* What is wrong with the arguments, or NULL. */
static const char *
check_arguments(const char *verb, bool all, int argc)
{
	if (strcmp(verb, "list") == 0)
		return argc > 0 ? "too many arguments" : NULL;
	if (strcmp(verb, "arm") == 0)
		return argc != 2 ? "arm needs a NAME and an ACTION" : NULL;
	if (strcmp(verb, "wake") == 0)
		return argc < 1 || argc > 2 ? "wake needs a NAME, and may have a PID"
		                            : NULL;
	if (strcmp(verb, "disarm") == 0)
		return all != (argc == 0) ? "disarm needs NAMEs, or --all" : NULL;
	return "give one of list, arm, disarm, wake, matrix and replay";
}

int
cmd_fault(int argc, char **argv)
{
	static const struct option longopts[] = {
		{"help", no_argument, NULL, 'H'},
		{"subsystem", required_argument, NULL, 's'},
		{"armed", no_argument, NULL, 'a'},
		{"allowed", no_argument, NULL, 'w'},
		{"all", no_argument, NULL, 'A'},
		{NULL, 0, NULL, 0}};
	list_options o = {0};
	const char *verb;
	const char *wrong;
	bool all = false;
	int c;

	if (argc > 1 && strcmp(argv[1], "matrix") == 0)
		return run_driver("matrix.py", NULL, argc - 2, argv + 2);
	if (argc > 1 && strcmp(argv[1], "replay") == 0)
	{
		if (argc == 2)
			return wrong_usage("replay needs a SEED");
		if (strcmp(argv[2], "--help") != 0)
			return run_driver("stepper.py", "--replay", argc - 2, argv + 2);
		return run_driver("stepper.py", NULL, argc - 2, argv + 2);
	}
	while ((c = getopt_long(argc, argv, "D:h:p:U:d:", longopts, NULL)) != -1)
	{
		switch (c)
		{
			case 'H':
				usage(stdout);
				return EXIT_DONE;
			case 's':
				o.subsystem = optarg;
				break;
			case 'a':
				o.armed = true;
				break;
			case 'w':
				o.allowed = true;
				break;
			case 'A':
				all = true;
				break;
			default:
				if (set_connection_option(&o.conn, c))
					break;
				usage(stderr);
				return EXIT_USAGE;
		}
	}
	verb = optind < argc ? argv[optind++] : "";
	wrong = check_arguments(verb, all, argc - optind);
	if (wrong != NULL)
		return wrong_usage(wrong);
	/* what is armed only a server knows */
	if (strcmp(verb, "list") == 0 && !o.armed && o.conn.dir == NULL &&
	    o.conn.host == NULL && o.conn.port == NULL)
		return list_program(&o);
	return run_with_server(verb, &o, all, argc - optind, argv + optind);
}
