/*
 * server.c: init, start, stop, status.
 *
 * start makes the postmaster a session leader of its own with its output in a
 * log file, and waits until postmaster.pid says "ready" and a connection
 * succeeds, or the process ends.  The end of a process is waited for through a
 * pidfd, so that a reused process number cannot fool us.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

#define DEFAULT_TIMEOUT_S 60
#define LOOK_INTERVAL_MS 20
#define MAX_SETTINGS 64
#define LOG_TAIL_BYTES 4096

bool
find_program(const char *name, char *path, size_t size)
{
	const char *env =
		strcmp(name, "postmaster") == 0 ? getenv("TUSK_POSTMASTER") : NULL;
	ssize_t n;
	char *slash;

	if (env != NULL && env[0] != '\0')
		snprintf(path, size, "%s", env);
	else
	{
		n = readlink("/proc/self/exe", path, size - 1);
		if (n < 0)
		{
			complain("could not find out where tusk is: %s", strerror(errno));
			return false;
		}
		path[n] = '\0';
		slash = strrchr(path, '/');
		snprintf(slash + 1, size - (size_t) (slash + 1 - path), "%s", name);
	}
	if (access(path, X_OK) != 0)
	{
		complain("program \"%s\" cannot be run: %s", path, strerror(errno));
		return false;
	}
	return true;
}

static int
open_pidfd(pid_t pid)
{
	return (int) syscall(SYS_pidfd_open, pid, 0);
}

/*
 * Does any process of a server hold DIR?  All of them have the lock file open
 * and locked, so a free lock says no, whatever process number an old
 * postmaster.pid names.
 */
static bool
directory_is_held(const char *dir)
{
	char path[PATH_MAX];
	int fd;
	bool held;

	snprintf(path, sizeof(path), "%s/postmaster.lock", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno != ENOENT;
	held = flock(fd, LOCK_SH | LOCK_NB) != 0;
	close(fd);
	return held;
}

/* What DIR/postmaster.pid says; false: there is none. */
static bool
read_pid_file(const char *dir, server_info *info)
{
	char path[PATH_MAX];
	char line[1024];
	FILE *f;

	memset(info, 0, sizeof(*info));
	snprintf(path, sizeof(path), "%s/postmaster.pid", dir);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	for (int i = 1; i <= 8 && fgets(line, sizeof(line), f) != NULL; i++)
	{
		line[strcspn(line, "\n")] = '\0';
		if (i == 1)
			info->pid = (pid_t) atol(line);
		else if (i == 4)
			info->port = atoi(line);
		else if (i == 5)
			snprintf(info->socket_dir, sizeof(info->socket_dir), "%.511s",
			         line);
		else if (i == 8)
			sscanf(line, "%15s", info->status);
	}
	fclose(f);
	/* a relative socket directory is relative to the data directory */
	if (info->socket_dir[0] != '/')
	{
		char full[PATH_MAX];
		char relative[sizeof(info->socket_dir)];

		memcpy(relative, info->socket_dir, sizeof(relative));
		if (realpath(dir, full) != NULL &&
		    strlen(full) + strlen(relative) + 2 < sizeof(info->socket_dir))
		{
			strcpy(info->socket_dir, full);
			if (relative[0] != '\0' && strcmp(relative, ".") != 0)
			{
				strcat(info->socket_dir, "/");
				strcat(info->socket_dir, relative);
			}
		}
	}
	return info->pid > 0;
}

bool
server_lookup(const char *dir, server_info *info)
{
	return read_pid_file(dir, info) && directory_is_held(dir) &&
	       (kill(info->pid, 0) == 0 || errno == EPERM);
}

void
complain_not_running(const char *dir)
{
	if (access(dir, X_OK) != 0 && errno == EACCES)
		complain("could not access data directory \"%s\": %s\nHINT:  Whether a "
		         "server runs there can be told by the user that owns it.",
		         dir, strerror(EACCES));
	else
		complain("no server is running in \"%s\"", dir);
}

/* ---- what is there of it ---- */

/* Calls look for each process; the number of times it said yes. */
static int
count_processes(bool (*look)(const char *proc, const void *arg),
                const void *arg)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	int n = 0;

	while (d != NULL && (e = readdir(d)) != NULL)
	{
		char path[PATH_MAX];

		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%s", e->d_name);
		n += look(path, arg);
	}
	if (d != NULL)
		closedir(d);
	return n;
}

static bool
works_in(const char *proc, const void *dir)
{
	char link[PATH_MAX + 8];
	char cwd[PATH_MAX];
	size_t length = strlen(dir);
	ssize_t n;

	snprintf(link, sizeof(link), "%s/cwd", proc);
	n = readlink(link, cwd, sizeof(cwd) - 1);
	if (n < 0)
		return false;
	cwd[n] = '\0';
	return strncmp(cwd, dir, length) == 0 &&
	       (cwd[length] == '/' || cwd[length] == '\0' || cwd[length] == ' ');
}

int
server_processes(const char *dir)
{
	return count_processes(works_in, dir);
}

static bool
has_mapped(const char *proc, const void *name)
{
	char line[PATH_MAX + 256];
	FILE *f;
	bool found = false;

	snprintf(line, sizeof(line), "%s/maps", proc);
	f = fopen(line, "r");
	while (f != NULL && !found && fgets(line, sizeof(line), f) != NULL)
	{
		line[strcspn(line, "\n")] = '\0';
		found = strstr(line, name) != NULL;
	}
	if (f != NULL)
		fclose(f);
	return found;
}

int
orphaned_segments(void)
{
	DIR *d = opendir("/dev/shm");
	struct dirent *e;
	int n = 0;

	while (d != NULL && (e = readdir(d)) != NULL)
	{
		char path[PATH_MAX];
		struct stat st;

		snprintf(path, sizeof(path), "/dev/shm/%s", e->d_name);
		if (strncmp(e->d_name, "PostgreSQL.", 11) == 0 &&
		    stat(path, &st) == 0 && st.st_uid == geteuid() &&
		    count_processes(has_mapped, path) == 0)
			n++;
	}
	if (d != NULL)
		closedir(d);
	return n;
}

/* ---- init ---- */

int
server_init(const char *dir, bool quiet)
{
	char program[PATH_MAX];
	pid_t child;
	int status;

	if (!find_program("postmaster", program, sizeof(program)))
		return EXIT_FAILED;
	fflush(stdout);
	child = fork();
	if (child < 0)
	{
		complain("could not start \"%s\": %s", program, strerror(errno));
		return EXIT_FAILED;
	}
	if (child == 0)
	{
		execl(program, program, "--boot", "-D", dir, (char *) NULL);
		complain("could not run \"%s\": %s", program, strerror(errno));
		_exit(EXIT_FAILED);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
	{
		complain("could not make a data directory in \"%s\"", dir);
		return EXIT_FAILED;
	}
	if (!quiet)
		printf("Data directory \"%s\" is made.  Start the server with\n\n"
		       "    %s start -D %s\n",
		       dir,
		       find_program("tusk", program, sizeof(program)) ? program
		                                                      : "tusk",
		       dir);
	return EXIT_DONE;
}

/* A command that lacks its directory, or has more words than it takes. */
static void
complain_usage(const char *dir, const char *usage)
{
	if (dir == NULL)
		complain("no data directory: give -D DIR, or set PGDATA");
	else
		complain("too many arguments");
	fprintf(stderr, "usage: tusk %s\n", usage);
}

int
cmd_init(int argc, char **argv)
{
	static const struct option longopts[] = {{"help", no_argument, NULL, 'H'},
	                                         {NULL, 0, NULL, 0}};
	const char *dir = getenv("PGDATA");
	int c;

	while ((c = getopt_long(argc, argv, "D:", longopts, NULL)) != -1)
	{
		if (c == 'D')
			dir = optarg;
		else if (c == 'H')
		{
			printf(
				"Usage: tusk init -D DIR\n\n"
				"Makes a data directory: DIR must not exist, or be empty.\n"
				"PostgreSQL 15's file tools can read it.  Settings go to\n"
				"DIR/tusk.conf, one \"name = value\" per line; SHOW ALL in a\n"
				"session lists them.\n");
			return EXIT_DONE;
		}
		else
			return EXIT_USAGE;
	}
	if (dir == NULL || optind < argc)
	{
		complain_usage(dir, "init -D DIR");
		return EXIT_USAGE;
	}
	return server_init(dir, false);
}

/* ---- start ---- */

/* Shows what the log got since the start, at most its last part. */
static void
show_log(const char *log, off_t from)
{
	char buf[LOG_TAIL_BYTES + 1];
	int fd = open(log, O_RDONLY | O_CLOEXEC);
	off_t size;
	ssize_t n;

	if (fd < 0)
		return;
	size = lseek(fd, 0, SEEK_END);
	if (size - from > LOG_TAIL_BYTES)
		from = size - LOG_TAIL_BYTES;
	n = pread(fd, buf, LOG_TAIL_BYTES, from);
	close(fd);
	if (n > 0)
	{
		buf[n] = '\0';
		fprintf(stderr, "%s", buf);
	}
}

/*
 * Warnings that the log got since then, without the prefix of their lines: a
 * server may accept connections and yet have something to tell, such as that
 * it is empty now.
 */
static void
show_warnings(const char *log, off_t from)
{
	FILE *f = fopen(log, "r");
	char *line = NULL;
	size_t size = 0;
	bool shown = false;

	if (f == NULL)
		return;
	fseeko(f, from, SEEK_SET);
	while (getline(&line, &size, f) > 0)
	{
		const char *text = strstr(line, "WARNING:  ");

		if (text == NULL && shown)
		{
			text = strstr(line, "DETAIL:  ");
			if (text == NULL)
				text = strstr(line, "HINT:  ");
			if (text == NULL && line[0] == '\t')
				text = line;
		}
		shown = text != NULL;
		if (shown)
			fputs(text, stderr);
	}
	free(line);
	fclose(f);
}

/* The child's side: own session, output to the log, then the postmaster. */
static void
become_postmaster(const char *program, const char *dir, int logfd,
                  int nsettings, char **settings)
{
	char *args[4 + 2 * MAX_SETTINGS];
	int n = 0;
	int devnull = open("/dev/null", O_RDONLY);

	setsid();
	dup2(devnull, STDIN_FILENO);
	dup2(logfd, STDOUT_FILENO);
	dup2(logfd, STDERR_FILENO);
	close(devnull);
	args[n++] = (char *) program;
	args[n++] = (char *) "-D";
	args[n++] = (char *) dir;
	for (int i = 0; i < nsettings; i++)
	{
		args[n++] = (char *) "-c";
		args[n++] = settings[i];
	}
	args[n] = NULL;
	execv(program, args);
	complain("could not run \"%s\": %s", program, strerror(errno));
	_exit(EXIT_FAILED);
}

/* Is it there, and does it let us in? */
static bool
accepts_connections(const char *dir, pid_t pid)
{
	server_info info;
	char conninfo[1200];
	tusk_attach_options options = {.size = sizeof(options),
	                               .connect_timeout_ms = 1000};
	tusk_session *s;
	bool accepted;

	if (!read_pid_file(dir, &info) || info.pid != pid ||
	    strcmp(info.status, "ready") != 0)
		return false;
	snprintf(conninfo, sizeof(conninfo),
	         "host='%s' port=%d dbname=postgres application_name=tusk",
	         info.socket_dir, info.port);
	accepted = tusk_attach(conninfo, &options, &s) == TUSK_OK;
	tusk_detach(s);
	return accepted;
}

/* Why it is none: what it must have is not there. */
static const char *
why_no_data_directory(const char *dir, const char *file)
{
	static char reason[100];
	struct stat st;

	if (stat(dir, &st) != 0)
		return errno == ENOENT ? "it does not exist" : strerror(errno);
	if (!S_ISDIR(st.st_mode))
		return "it is no directory";
	snprintf(reason, sizeof(reason), "it has no file \"%s\"", file);
	return reason;
}

/* The data directory in full; false, and said: it is none, or not ours. */
static bool
resolve_data_directory(const char *dir, char *full, size_t size)
{
	char control[PATH_MAX];
	char resolved[PATH_MAX];
	struct stat st;

	snprintf(control, sizeof(control), "%s/global/pg_control", dir);
	if (stat(control, &st) != 0)
	{
		if (errno == ENOENT || errno == ENOTDIR)
			complain("\"%s\" is no data directory: %s\nHINT:  Make one with "
			         "\"tusk init -D %s\".",
			         dir, why_no_data_directory(dir, "global/pg_control"),
			         access(dir, F_OK) != 0 ? dir : "DIR");
		else
			complain("could not access data directory \"%s\": %s\nHINT:  The "
			         "server must be started by the user that owns it.",
			         dir, strerror(errno));
		return false;
	}
	if (realpath(dir, resolved) == NULL)
	{
		complain("could not resolve \"%s\": %s", dir, strerror(errno));
		return false;
	}
	snprintf(full, size, "%s", resolved);
	return true;
}

/* -1, and said: it cannot be written. */
static int
open_log(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		complain("could not open log file \"%s\": %s", path, strerror(errno));
	return fd;
}

/* Until it accepts connections; false, and said: it ended, or takes too long. */
static bool
wait_until_ready(const char *dir, pid_t child, int timeout_s, const char *log,
                 off_t log_start)
{
	double deadline = now_seconds() + timeout_s;
	int pidfd = open_pidfd(child);
	bool ready = false;

	for (;;)
	{
		struct pollfd p = {pidfd, POLLIN, 0};

		if (poll(&p, 1, LOOK_INTERVAL_MS) > 0)
		{
			int status;

			waitpid(child, &status, 0);
			show_log(log, log_start);
			complain("could not start server; its log is \"%s\"", log);
			break;
		}
		ready = accepts_connections(dir, child);
		if (ready)
			break;
		if (now_seconds() > deadline || interrupted)
		{
			show_log(log, log_start);
			complain("server (PID %d) does not accept connections after %d "
			         "seconds; its log is \"%s\"",
			         child, timeout_s, log);
			break;
		}
	}
	close(pidfd);
	return ready;
}

int
server_start(const char *dir, const char *log, int nsettings, char **settings,
             int timeout_s, bool quiet)
{
	char program[PATH_MAX];
	char logpath[PATH_MAX];
	char full[PATH_MAX];
	server_info info;
	int logfd;
	off_t log_start;
	pid_t child;

	if (!find_program("postmaster", program, sizeof(program)) ||
	    !resolve_data_directory(dir, full, sizeof(full)))
		return EXIT_FAILED;
	if (log == NULL)
		snprintf(logpath, sizeof(logpath), "%.*s/server.log", PATH_MAX - 16,
		         full);
	else
		snprintf(logpath, sizeof(logpath), "%s", log);
	logfd = open_log(logpath);
	if (logfd < 0)
		return EXIT_FAILED;
	log_start = lseek(logfd, 0, SEEK_END);

	fflush(stdout);
	child = fork();
	if (child == 0)
		become_postmaster(program, full, logfd, nsettings, settings);
	close(logfd);
	if (child < 0)
	{
		complain("could not start \"%s\": %s", program, strerror(errno));
		return EXIT_FAILED;
	}
	if (!wait_until_ready(full, child, timeout_s, logpath, log_start))
		return EXIT_FAILED;
	(void) server_lookup(full, &info);
	if (quiet)
		return EXIT_DONE;
	show_warnings(logpath, log_start);
	printf("Server (PID %d) accepts connections:\n\n"
	       "    psql -h %s -p %d postgres\n",
	       (int) child, info.socket_dir, info.port);
	return EXIT_DONE;
}

int
cmd_start(int argc, char **argv)
{
	static const struct option longopts[] = {{"help", no_argument, NULL, 'H'},
	                                         {NULL, 0, NULL, 0}};
	const char *dir = getenv("PGDATA");
	const char *log = NULL;
	char *settings[MAX_SETTINGS];
	int nsettings = 0;
	int timeout_s = DEFAULT_TIMEOUT_S;
	int c;

	while ((c = getopt_long(argc, argv, "D:l:o:t:", longopts, NULL)) != -1)
	{
		switch (c)
		{
			case 'D':
				dir = optarg;
				break;
			case 'l':
				log = optarg;
				break;
			case 'o':
				if (strchr(optarg, '=') == NULL || nsettings == MAX_SETTINGS)
				{
					complain("invalid setting \"%s\": must be name=value",
					         optarg);
					return EXIT_USAGE;
				}
				settings[nsettings++] = optarg;
				break;
			case 't':
				if (!parse_int(optarg, "-t", 1, 86400, &timeout_s))
					return EXIT_USAGE;
				break;
			default:
				if (c != 'H')
					return EXIT_USAGE;
				printf(
					"Usage: tusk start -D DIR [-o name=value]... [-l FILE] "
					"[-t SECONDS]\n\n"
					"Starts a server on DIR and returns when it accepts "
					"connections.\n\n"
					"  -o name=value  a setting, over those of DIR/tusk.conf\n"
					"  -l FILE        the server's log (default: "
					"DIR/server.log)\n"
					"  -t SECONDS     how long to wait (default %d)\n",
					DEFAULT_TIMEOUT_S);
				return EXIT_DONE;
		}
	}
	if (dir == NULL || optind < argc)
	{
		complain_usage(dir, "start -D DIR [-o name=value]...");
		return EXIT_USAGE;
	}
	return server_start(dir, log, nsettings, settings, timeout_s, false);
}

/* ---- stop ---- */

int
server_stop(const char *dir, int signal_number, int timeout_s, bool quiet)
{
	server_info info;
	struct pollfd p;
	int rc;

	if (!server_lookup(dir, &info))
	{
		complain_not_running(dir);
		return EXIT_FAILED;
	}
	p.fd = open_pidfd(info.pid);
	p.events = POLLIN;
	if (p.fd < 0 || kill(info.pid, signal_number) != 0)
	{
		complain("could not send a signal to the server (PID %d): %s",
		         (int) info.pid, strerror(errno));
		return EXIT_FAILED;
	}
	do
		rc = poll(&p, 1, timeout_s * 1000);
	while (rc < 0 && errno == EINTR && !interrupted);
	close(p.fd);
	if (rc <= 0)
	{
		complain("server (PID %d) does not stop within %d seconds\nHINT:  A "
		         "smart stop waits for clients; use -m fast.",
		         (int) info.pid, timeout_s);
		return EXIT_FAILED;
	}
	/* our own child, if we started it */
	(void) waitpid(info.pid, NULL, WNOHANG);
	if (!quiet)
		printf("Server is stopped.\n");
	return EXIT_DONE;
}

int
cmd_stop(int argc, char **argv)
{
	static const struct option longopts[] = {{"help", no_argument, NULL, 'H'},
	                                         {NULL, 0, NULL, 0}};
	const char *dir = getenv("PGDATA");
	int signal_number = SIGINT;
	int timeout_s = DEFAULT_TIMEOUT_S;
	int c;

	while ((c = getopt_long(argc, argv, "D:m:t:", longopts, NULL)) != -1)
	{
		switch (c)
		{
			case 'D':
				dir = optarg;
				break;
			case 'm':
				if (strcmp(optarg, "smart") == 0 || strcmp(optarg, "s") == 0)
					signal_number = SIGTERM;
				else if (strcmp(optarg, "fast") == 0 ||
				         strcmp(optarg, "f") == 0)
					signal_number = SIGINT;
				else if (strcmp(optarg, "immediate") == 0 ||
				         strcmp(optarg, "i") == 0)
					signal_number = SIGQUIT;
				else
				{
					complain("invalid mode \"%s\": must be smart, fast or "
					         "immediate",
					         optarg);
					return EXIT_USAGE;
				}
				break;
			case 't':
				if (!parse_int(optarg, "-t", 1, 86400, &timeout_s))
					return EXIT_USAGE;
				break;
			default:
				if (c != 'H')
					return EXIT_USAGE;
				printf("Usage: tusk stop -D DIR [-m smart|fast|immediate] "
				       "[-t SECONDS]\n\n"
				       "  -m smart      wait until all clients have left\n"
				       "  -m fast       end their sessions (the default)\n"
				       "  -m immediate  as a crash: nothing is written\n"
				       "  -t SECONDS    how long to wait (default %d)\n",
				       DEFAULT_TIMEOUT_S);
				return EXIT_DONE;
		}
	}
	if (dir == NULL || optind < argc)
	{
		complain_usage(dir, "stop -D DIR [-m smart|fast|immediate]");
		return EXIT_USAGE;
	}
	return server_stop(dir, signal_number, timeout_s, false);
}

/* ---- status ---- */

int
cmd_status(int argc, char **argv)
{
	static const struct option longopts[] = {{"help", no_argument, NULL, 'H'},
	                                         {NULL, 0, NULL, 0}};
	const char *dir = getenv("PGDATA");
	char path[PATH_MAX];
	server_info info;
	struct stat st;
	int c;

	while ((c = getopt_long(argc, argv, "D:", longopts, NULL)) != -1)
	{
		if (c == 'D')
			dir = optarg;
		else if (c != 'H')
			return EXIT_USAGE;
		else
		{
			printf("Usage: tusk status -D DIR\n\n"
			       "Exit status: 0 the server runs, 3 it does not, 4 DIR is no "
			       "data directory\nor cannot be looked into.\n");
			return EXIT_DONE;
		}
	}
	if (dir == NULL || optind < argc)
	{
		complain_usage(dir, "status -D DIR");
		return EXIT_USAGE;
	}
	snprintf(path, sizeof(path), "%s/PG_VERSION", dir);
	if (stat(path, &st) != 0)
	{
		if (errno == EACCES)
			complain_not_running(dir);
		else
			printf("\"%s\" is no data directory: %s\n", dir,
			       why_no_data_directory(dir, "PG_VERSION"));
		return EXIT_NO_DIRECTORY;
	}
	if (!server_lookup(dir, &info))
	{
		printf("No server is running.\n");
		return EXIT_NOT_RUNNING;
	}
	printf("Server is running (PID %d), %s; socket directory \"%s\", port "
	       "%d.\n",
	       (int) info.pid, info.status[0] != '\0' ? info.status : "starting",
	       info.socket_dir, info.port);
	return EXIT_DONE;
}
