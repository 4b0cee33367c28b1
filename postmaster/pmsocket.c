/*
 * pmsocket.c
 *		The sockets on which the postmaster listens: one Unix socket per
 *		directory of unix_socket_directories, each with its lock file.
 *
 * Socket and directory are the server's user's own (0600): whoever can connect
 * is that user, which is what "trust" rests on.
 *
 * Corresponds to the listening half of PostgreSQL's pqcomm.c.
 */
#include "postgres.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utime.h>

#include "miscadmin.h"
#include "postmaster/pmsocket.h"
#include "storage/ipc.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/pidfile.h"

#define SOCKET_MODE 0600
#define MAX_BACKLOG 1024

int ListenSockets[MAXLISTEN];
int NumListenSockets = 0;

static char *SocketPaths[MAXLISTEN];

static void
CloseServerPorts(int status, Datum arg)
{
	for (int i = 0; i < NumListenSockets; i++)
	{
		close(ListenSockets[i]);
		unlink(SocketPaths[i]);
	}
	NumListenSockets = 0;
}

/* True if it listens. */
static bool
ListenOn(const char *directory)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char path[MAXPGPATH];
	int fd;

	snprintf(path, sizeof(path), "%s/.s.PGSQL.%d", directory, PostPortNumber);
	if (strlen(path) >= sizeof(address.sun_path))
	{
		ereport(LOG,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("Unix-domain socket path \"%s\" is too long (maximum "
		                "%d bytes)",
		                path, (int) sizeof(address.sun_path) - 1),
		         errhint("Set unix_socket_directories to a shorter path.")));
		return false;
	}
	CreateSocketLockFile(path, directory);

	/* With the lock file ours, a socket that is there is a dead server's. */
	(void) unlink(path);
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *) &address, sizeof(address)) != 0 ||
	    chmod(path, SOCKET_MODE) != 0 ||
	    listen(fd, Min(MaxConnections * 2, MAX_BACKLOG)) != 0)
	{
		ereport(LOG,
		        (errcode_for_socket_access(),
		         errmsg("could not listen on Unix socket \"%s\": %m", path)));
		if (fd >= 0)
			close(fd);
		return false;
	}
	SocketPaths[NumListenSockets] = MemoryContextStrdup(TopMemoryContext, path);
	ListenSockets[NumListenSockets++] = fd;
	ereport(LOG, (errmsg("listening on Unix socket \"%s\"", path)));
	return true;
}

void
OpenServerSockets(void)
{
	char *list =
		pstrdup(unix_socket_directories[0] ? unix_socket_directories : DataDir);
	char *save = NULL;
	char *first = NULL;

	if (listen_addresses != NULL && listen_addresses[0] != '\0')
		ereport(FATAL,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("listening on TCP addresses is not supported"),
		         errhint("Leave listen_addresses empty and connect through the "
		                 "Unix socket.")));
	on_proc_exit(CloseServerPorts, 0);
	for (char *name = strtok_r(list, ",", &save); name != NULL;
	     name = strtok_r(NULL, ",", &save))
	{
		char *directory;
		char *end;

		while (*name == ' ')
			name++;
		for (end = name + strlen(name); end > name && end[-1] == ' '; end--)
			;
		*end = '\0';
		if (*name == '\0')
			continue;
		/* A relative one is relative to the data directory, where we are. */
		directory =
			*name == '/' ? pstrdup(name) : psprintf("%s/%s", DataDir, name);
		if (NumListenSockets >= MAXLISTEN)
			ereport(LOG, (errmsg("could not bind to all requested addresses: "
			                     "MAXLISTEN (%d) exceeded",
			                     MAXLISTEN)));
		else if (!ListenOn(directory))
			ereport(WARNING, (errmsg("could not create Unix-domain socket in "
			                         "directory \"%s\"",
			                         directory)));
		else if (first == NULL)
			first = directory;
	}
	if (first == NULL)
		ereport(FATAL,
		        (errmsg("could not create any Unix-domain sockets"),
		         errhint("unix_socket_directories must name a directory that "
		                 "exists and in which the server may write.")));
	AddToDataDirLockFile(LOCK_FILE_LINE_SOCKET_DIR, first);
	AddToDataDirLockFile(LOCK_FILE_LINE_LISTEN_ADDR, "");
}

void
CloseServerSockets(void)
{
	for (int i = 0; i < NumListenSockets; i++)
		close(ListenSockets[i]);
	NumListenSockets = 0;
}

/* Keep cleaners of /tmp away. */
void
TouchSocketFiles(void)
{
	for (int i = 0; i < NumListenSockets; i++)
		(void) utime(SocketPaths[i], NULL);
}

int
AcceptConnection(int server_fd)
{
	int fd = accept4(server_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 && errno != EAGAIN && errno != EWOULDBLOCK &&
	    errno != ECONNABORTED && errno != EINTR)
	{
		ereport(LOG, (errcode_for_socket_access(),
		              errmsg("could not accept new connection: %m")));
		/* No descriptors, most likely: they do not come back at once. */
		pg_usleep(100000L);
	}
	return fd;
}
