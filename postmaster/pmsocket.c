/*
 * pmsocket.c
 *		The sockets on which the postmaster listens: one Unix socket per
 *		directory of unix_socket_directories, each with its lock file, and one TCP
 *		socket per address of listen_addresses.
 *
 * A socket is its owner's alone unless unix_socket_permissions and
 * unix_socket_group say otherwise; who may come in is decided by the rules
 * (hba.c) in any case.
 *
 * TCP is for this host: what goes over it is not encrypted, so addresses other
 * than loopback's are refused.  There is none unless listen_addresses is set.
 *
 * Corresponds to the listening half of PostgreSQL's pqcomm.c.
 */
#include "postgres.h"

#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utime.h>

#include "miscadmin.h"
#include "port/sys.h"
#include "postmaster/pmsocket.h"
#include "storage/ipc.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/pidfile.h"

#define MAX_BACKLOG 1024

int ListenSockets[MAXLISTEN];
int NumListenSockets = 0;

static char *SocketPaths[MAXLISTEN]; /* NULL: TCP */

static void
CloseServerPorts(int status, Datum arg)
{
	for (int i = 0; i < NumListenSockets; i++)
	{
		close(ListenSockets[i]);
		if (SocketPaths[i] != NULL)
			unlink(SocketPaths[i]);
	}
	NumListenSockets = 0;
}

/* Of the setting: a group's name or number; false if there is none such. */
static bool
LookUpGroup(const char *name, gid_t *gid)
{
	char *end;
	unsigned long number = strtoul(name, &end, 10);
	struct group *found;

	if (*end == '\0')
	{
		*gid = (gid_t) number;
		return true;
	}
	found = getgrnam(name);
	if (found == NULL)
		return false;
	*gid = found->gr_gid;
	return true;
}

/*
 * Who can reach the socket.  It was made for its owner alone (umask), so nobody
 * else comes before it is as it is to be.
 */
static bool
SetSocketAccess(const char *path)
{
	mode_t mode = (mode_t) strtoul(Unix_socket_permissions, NULL, 8);
	gid_t gid;

	if (Unix_socket_group[0] != '\0')
	{
		if (!LookUpGroup(Unix_socket_group, &gid))
		{
			ereport(LOG,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("group \"%s\" does not exist", Unix_socket_group)));
			return false;
		}
		if (SYS_SITE("socket-chown", chown(path, (uid_t) -1, gid)) != 0)
		{
			ereport(LOG,
			        (errcode_for_file_access(),
			         errmsg("could not set group of file \"%s\": %m", path)));
			return false;
		}
	}
	if (SYS_SITE("socket-chmod", chmod(path, mode)) != 0)
	{
		ereport(LOG,
		        (errcode_for_file_access(),
		         errmsg("could not set permissions of file \"%s\": %m", path)));
		return false;
	}
	return true;
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
	    listen(fd, Min(MaxConnections * 2, MAX_BACKLOG)) != 0)
	{
		ereport(LOG,
		        (errcode_for_socket_access(),
		         errmsg("could not listen on Unix socket \"%s\": %m", path)));
		if (fd >= 0)
			close(fd);
		return false;
	}
	if (!SetSocketAccess(path))
	{
		close(fd);
		(void) unlink(path);
		return false;
	}
	SocketPaths[NumListenSockets] = MemoryContextStrdup(TopMemoryContext, path);
	ListenSockets[NumListenSockets++] = fd;
	ereport(LOG, (errmsg("listening on Unix socket \"%s\"", path)));
	return true;
}

/* ---- TCP ---- */

static bool
IsLoopback(const struct sockaddr *address)
{
	const struct in6_addr *v6 =
		&((const struct sockaddr_in6 *) address)->sin6_addr;

	if (address->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *) address)->sin_addr.s_addr) >>
		           24 ==
		       IN_LOOPBACKNET;
	return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(v6);
}

/* True if it listens. */
static bool
ListenOnAddress(const char *name, const struct addrinfo *address)
{
	int on = 1;
	int fd = SYS_SITE("socket-tcp",
	                  socket(address->ai_family,
	                         SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    (address->ai_family == AF_INET6 &&
	     setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0) ||
	    SYS_SITE("socket-tcp-bind",
	             bind(fd, address->ai_addr, address->ai_addrlen)) != 0 ||
	    SYS_SITE("socket-tcp-listen",
	             listen(fd, Min(MaxConnections * 2, MAX_BACKLOG))) != 0)
	{
		ereport(LOG, (errcode_for_socket_access(),
		              errmsg("could not listen on address \"%s\", port %d: %m",
		                     name, PostPortNumber)));
		if (fd >= 0)
			close(fd);
		return false;
	}
	SocketPaths[NumListenSockets] = NULL;
	ListenSockets[NumListenSockets++] = fd;
	ereport(LOG, (errmsg("listening on address \"%s\", port %d", name,
	                     PostPortNumber)));
	return true;
}

/* How many sockets listen on it; FATAL if it is none that may be used. */
static int
ListenOnTcp(const char *name)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	                         .ai_socktype = SOCK_STREAM};
	struct addrinfo *found;
	char port[16];
	int rc;
	int n = 0;

	/* looked up by nobody: the name means this host whatever files say */
	if (strcmp(name, "localhost") == 0)
		return ListenOnTcp("127.0.0.1") + ListenOnTcp("::1");
	snprintf(port, sizeof(port), "%d", PostPortNumber);
	rc = getaddrinfo(name, port, &hints, &found);
	if (rc != 0)
		ereport(FATAL, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid address \"%s\" in listen_addresses: %s",
		                       name, gai_strerror(rc)),
		                errhint("Give 127.0.0.1, ::1 or localhost.")));
	/* for getaddrinfo * is loopback, for people it is all there are */
	if (strcmp(name, "*") == 0 || !IsLoopback(found->ai_addr))
		ereport(FATAL,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("listening on address \"%s\" is not supported", name),
		         errdetail("Connections are not encrypted: they stay on this "
		                   "host."),
		         errhint("Give 127.0.0.1, ::1 or localhost.")));
	if (NumListenSockets >= MAXLISTEN)
		ereport(LOG, (errmsg("could not bind to all requested addresses: "
		                     "MAXLISTEN (%d) exceeded",
		                     MAXLISTEN)));
	else if (ListenOnAddress(name, found))
		n = 1;
	freeaddrinfo(found);
	return n;
}

/* The next name of a list, without the blanks around it; NULL at the end. */
static char *
NextName(char **list)
{
	char *name = strsep(list, ",");
	char *end;

	if (name == NULL)
		return NULL;
	while (*name == ' ')
		name++;
	for (end = name + strlen(name); end > name && end[-1] == ' '; end--)
		;
	*end = '\0';
	return name;
}

static void
OpenTcpSockets(void)
{
	char *list = pstrdup(listen_addresses != NULL ? listen_addresses : "");
	char *name;
	char *first = NULL;

	while ((name = NextName(&list)) != NULL)
	{
		if (*name == '\0')
			continue;
		if (ListenOnTcp(name) > 0 && first == NULL)
			first = name;
		else if (first == NULL)
			ereport(FATAL, (errmsg("could not create any TCP/IP sockets")));
	}
	AddToDataDirLockFile(LOCK_FILE_LINE_LISTEN_ADDR, first ? first : "");
}

void
OpenServerSockets(void)
{
	char *list =
		pstrdup(unix_socket_directories[0] ? unix_socket_directories : DataDir);
	char *name;
	char *first = NULL;

	on_proc_exit(CloseServerPorts, 0);
	while ((name = NextName(&list)) != NULL)
	{
		char *directory;

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
	OpenTcpSockets();
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
	{
		if (SocketPaths[i] != NULL)
			(void) utime(SocketPaths[i], NULL);
	}
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
