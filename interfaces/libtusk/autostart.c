/*
 * autostart.c: "dir=PATH autostart=on": a server of one's own.
 *
 * If nobody listens in PATH, the data directory is made if there is none, and
 * a server started there that stops when its last client has left.  Of several
 * that find none, one does it, under an flock of the directory; the others find
 * the server that it has started.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

extern char **environ;

/* Of what the program said, so much goes into the error's detail. */
#define SAID 1000

/*
 * The program: in TUSK_BINDIR, else beside the library's directory, where make
 * install puts it, else in PATH.
 */
static void
find_program(char *path, size_t size)
{
	const char *bindir = getenv("TUSK_BINDIR");
	Dl_info info;
	int n = 0;

	if (bindir != NULL && bindir[0] != '\0')
	{
		snprintf(path, size, "%s/tusk", bindir);
		return;
	}
	if (dladdr((void *) tusk_attach, &info) != 0 && info.dli_fname != NULL &&
	    strrchr(info.dli_fname, '/') != NULL)
		n = snprintf(path, size, "%.*s/../bin/tusk",
		             (int) (strrchr(info.dli_fname, '/') - info.dli_fname),
		             info.dli_fname);
	if (n <= 0 || (size_t) n >= size || access(path, X_OK) != 0)
		snprintf(path, size, "tusk");
}

/* What the program wrote, without the end of the last line. */
static void
read_said(int fd, char *said)
{
	ssize_t n = fd < 0 ? 0 : pread(fd, said, SAID - 1, 0);

	if (n < 0)
		n = 0;
	while (n > 0 && said[n - 1] == '\n')
		n--;
	said[n] = '\0';
}

/*
 * Runs it to its end; what it says goes to a file in memory.  It inherits nothing
 * else that is open here: the server would keep it open when we are gone.
 */
static tusk_status
run_program(tusk_session *s, char *const argv[])
{
	posix_spawn_file_actions_t actions;
	int out = memfd_create("tusk-said", MFD_CLOEXEC);
	char said[SAID];
	int status = 0;
	pid_t pid;
	int rc = out < 0 ? errno : posix_spawn_file_actions_init(&actions);

	if (rc == 0)
	{
		rc = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
		                                      O_RDONLY, 0);
		for (int fd = 1; fd <= 2 && rc == 0; fd++)
			rc = posix_spawn_file_actions_adddup2(&actions, out, fd);
		if (rc == 0)
			rc = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
		if (rc == 0)
			rc = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	while (rc == 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			rc = errno == ECHILD ? -1 : errno; /* SIGCHLD is ignored here */
	read_said(out, said);
	if (out >= 0)
		close(out);
	if (rc > 0)
	{
		tusk_fail(s, TUSK_CONNECTION_LOST, "08001", "could not run \"%s\": %s",
		          argv[0], strerror(rc));
		tusk_add_hint(s, "Set TUSK_BINDIR to the directory of \"tusk\", or "
		                 "put that into PATH.");
		return TUSK_CONNECTION_LOST;
	}
	if (status != 0)
		return tusk_fail(s, TUSK_CONNECTION_LOST, "08001",
		                 "\"%s %s\" failed: %s", argv[0], argv[1], said);
	return TUSK_OK;
}

/* Under the lock: the directory is made and the server started. */
static tusk_status
init_and_start(tusk_session *s, const char *dir, const char *port)
{
	char program[4096];
	char version[4200];
	char port_setting[32];
	char *const init[] = {program, "init", "-D", (char *) dir, NULL};
	char *const start[] = {
		program,      "start",      "-D",
		(char *) dir, "-o",         "stop_without_clients=2s",
		"-o",         port_setting, NULL};
	tusk_status status = TUSK_OK;

	find_program(program, sizeof(program));
	snprintf(port_setting, sizeof(port_setting), "port=%s", port);
	snprintf(version, sizeof(version), "%s/PG_VERSION", dir);
	if (access(version, F_OK) != 0)
		status = run_program(s, init);
	if (status == TUSK_OK)
		status = run_program(s, start);
	return status;
}

/*
 * TUSK_OK: a server was started, or another client was faster.  probe: is there
 * a server now?
 */
tusk_status
tusk_autostart(tusk_session *s, const char *dir, const char *port,
               bool (*probe)(tusk_session *))
{
	tusk_status status = TUSK_OK;
	int fd;

	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return tusk_fail(s, TUSK_CONNECTION_LOST, "08001",
		                 "could not create directory \"%s\": %s", dir,
		                 strerror(errno));
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return tusk_fail(s, TUSK_CONNECTION_LOST, "08001",
		                 "could not open directory \"%s\": %s", dir,
		                 strerror(errno));
	while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
		;
	if (!probe(s))
		status = init_and_start(s, dir, port);
	close(fd);
	return status;
}
