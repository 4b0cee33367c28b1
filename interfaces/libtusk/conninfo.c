/*
 * conninfo.c: where to go and as whom: connection strings, the environment,
 * the password file, defaults.
 *
 * What is in the string counts more than the environment, that more than the
 * defaults.  A password that neither has is looked for in the password file
 * (passfile, PGPASSFILE, ~/.pgpass), by libpq's rules: lines of
 *
 *		host:port:database:user:password
 *
 * of which the first that fits counts; * fits everything, \ takes the next
 * character as it is.  Who is looked for in it has the host as it was given,
 * "localhost" for the default directory of sockets.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conninfo.h"

#define DEFAULT_PORT "5432"
#define DEFAULT_SOCKET_DIRECTORY "/tmp"
#define DEFAULT_DATABASE "postgres"
#define DEFAULT_PASSFILE ".pgpass"
/* PostgreSQL's servers ask for 4096; twenty times that is some 50 ms. */
#define DEFAULT_SCRAM_MAX_ITERATIONS 100000

static const struct
{
	const char *name;
	const char *environment;
} opts[N_OPTS] = {
	{"host", "PGHOST"},
	{"port", "PGPORT"},
	{"user", "PGUSER"},
	{"password", "PGPASSWORD"},
	{"passfile", "PGPASSFILE"},
	{"dbname", "PGDATABASE"},
	{"application_name", "PGAPPNAME"},
	{"options", "PGOPTIONS"},
	{"connect_timeout", "PGCONNECT_TIMEOUT"},
	{"scram_max_iterations", "PGSCRAMMAXITERATIONS"},
	{"require_auth", "PGREQUIREAUTH"},
	{"requirepeer", "PGREQUIREPEER"},
	{"attach", "TUSK_ATTACH"},
	{"ring_spin", "TUSK_RING_SPIN"},
	{"dir", "TUSK_DIR"},
	{"autostart", "TUSK_AUTOSTART"},
};

/* Sets what is missing; false: out of memory. */
static bool
fill_default(tusk_conninfo *c, int i, const char *value)
{
	if (c->values[i] == NULL && value != NULL)
		c->values[i] = strdup(value);
	return c->values[i] != NULL || value == NULL;
}

static void
forget_password(tusk_conninfo *c)
{
	char *password = c->values[OPT_PASSWORD];

	if (password != NULL)
		explicit_bzero(password, strlen(password));
	free(password);
	c->values[OPT_PASSWORD] = NULL;
}

void
tusk_conninfo_forget_file(tusk_conninfo *c)
{
	if (c->password_from_file)
		forget_password(c);
	c->password_from_file = false;
	c->passfile_refused = NULL;
}

tusk_conninfo *
tusk_conninfo_copy_for_socket(const tusk_conninfo *c)
{
	tusk_conninfo *copy = calloc(1, sizeof(*copy));
	bool ok = copy != NULL;

	for (int i = 0; i < N_OPTS && ok; i++)
	{
		const char *value =
			i == OPT_ATTACH || i == OPT_AUTOSTART ? "off" : c->values[i];

		ok = fill_default(copy, i, value);
	}
	if (!ok)
	{
		if (copy != NULL)
			tusk_conninfo_free(copy);
		free(copy);
		return NULL;
	}
	copy->scram_max_iterations = c->scram_max_iterations;
	copy->connect_timeout_ms = c->connect_timeout_ms;
	return copy;
}

void
tusk_conninfo_free(tusk_conninfo *c)
{
	forget_password(c);
	for (int i = 0; i < N_OPTS; i++)
		free(c->values[i]);
	memset(c, 0, sizeof(*c));
}

/* ---- the string ---- */

/* One value, quoted or not; returns where it ends, NULL if it does not. */
static const char *
parse_value(const char *p, char *out)
{
	bool quoted = *p == '\'';

	if (quoted)
		p++;
	while (*p != '\0' &&
	       (quoted ? *p != '\'' : *p != ' ' && *p != '\t' && *p != '\n'))
	{
		if (*p == '\\' && p[1] != '\0')
			p++;
		*out++ = *p++;
	}
	*out = '\0';
	if (!quoted)
		return p;
	return *p == '\'' ? p + 1 : NULL;
}

/* The option whose name that is; N_OPTS: none. */
static int
find_option(const char *name, size_t length)
{
	int i = 0;

	while (i < N_OPTS && (strlen(opts[i].name) != length ||
	                      strncmp(opts[i].name, name, length) != 0))
		i++;
	return i;
}

/* The option at *p; *p is behind it. */
static tusk_status
parse_option(tusk_session *s, const char **p, char *value, tusk_conninfo *c)
{
	size_t length = strcspn(*p, "= \t\n");
	int i = find_option(*p, length);

	if (i == N_OPTS)
	{
		char names[200];
		size_t n = 0;

		for (i = 0; i < N_OPTS && n < sizeof(names); i++)
			n += (size_t) snprintf(names + n, sizeof(names) - n, "%s%s",
			                       i > 0 ? ", " : "", opts[i].name);
		tusk_fail(s, TUSK_MISUSE, "08001", "invalid connection option \"%.*s\"",
		          (int) length, *p);
		tusk_add_hint(s,
		              "Give the directory of the server's socket, or options "
		              "as in \"host=/directory dbname=postgres\"; they are %s.",
		              names);
		return TUSK_MISUSE;
	}
	*p += length;
	*p += strspn(*p, " \t\n");
	if (**p != '=')
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "missing \"=\" after \"%s\" in connection info string",
		                 opts[i].name);
	(*p)++;
	*p += strspn(*p, " \t\n");
	*p = parse_value(*p, value);
	if (*p == NULL)
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "unterminated quoted string in connection info "
		                 "string");
	free(c->values[i]);
	c->values[i] = strdup(value);
	return c->values[i] != NULL
	           ? TUSK_OK
	           : tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
}

static tusk_status
parse_conninfo(tusk_session *s, const char *conninfo, tusk_conninfo *c)
{
	const char *p = conninfo;
	size_t size = strlen(conninfo) + 1;
	char *value = malloc(size);
	tusk_status status = TUSK_OK;

	if (value == NULL)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	while (status == TUSK_OK && p[strspn(p, " \t\n")] != '\0')
	{
		p += strspn(p, " \t\n");
		status = parse_option(s, &p, value, c);
	}
	explicit_bzero(value, size); /* it may have been the password */
	free(value);
	return status;
}

/* ---- the password file ---- */

/*
 * Does the field of a line at *p, up to ':', say that?  *p is behind it; NULL:
 * the line ends before.
 */
static bool
field_fits(const char **p, const char *wanted)
{
	const char *at = *p;
	bool fits = true;

	if (at == NULL)
		return false;
	if (at[0] == '*' && at[1] == ':')
	{
		*p = at + 2;
		return true;
	}
	for (; *at != ':'; at++)
	{
		if (*at == '\\' && at[1] != '\0')
			at++;
		if (*at == '\0')
		{
			*p = NULL;
			return false;
		}
		if (fits && *at == *wanted)
			wanted++;
		else
			fits = false;
	}
	*p = at + 1;
	return fits && *wanted == '\0';
}

/* The password in a line, made whole in its place; NULL: the line is another's. */
static char *
password_of_line(char *line, const char *const wanted[4])
{
	const char *p = line;
	char *from, *to;

	line[strcspn(line, "\r\n")] = '\0';
	if (line[0] == '#')
		return NULL;
	for (int i = 0; i < 4; i++)
		if (!field_fits(&p, wanted[i]))
			return NULL;
	from = to = line + (p - line);
	for (; *from != '\0'; from++)
	{
		if (*from == '\\' && from[1] != '\0')
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return line + (p - line);
}

/* Is it ours alone, as a file of passwords must be?  Else *why_not. */
static bool
passfile_is_safe(const struct stat *st, const char **why_not)
{
	*why_not = NULL;
	if (!S_ISREG(st->st_mode))
		*why_not = "it is not a plain file";
	else if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		*why_not = "it has group or world access; permissions should be "
				   "u=rw (0600) or less";
	return *why_not == NULL;
}

/* ~/.pgpass, if nothing else was said. */
static bool
find_passfile(tusk_conninfo *c)
{
	const char *home = getenv("HOME");
	struct passwd pw;
	struct passwd *found = NULL;
	char buf[1024];

	if (c->values[OPT_PASSFILE] != NULL)
		return true;
	if (home == NULL || home[0] == '\0')
	{
		(void) getpwuid_r(geteuid(), &pw, buf, sizeof(buf), &found);
		if (found == NULL)
			return true;
		home = pw.pw_dir;
	}
	return asprintf(&c->values[OPT_PASSFILE], "%s/" DEFAULT_PASSFILE, home) >=
	       0;
}

/*
 * Looked for when the server asks for a password; false: out of memory.  A file
 * that others may read is as none; c->passfile_refused says why.
 */
bool
tusk_conninfo_look_up_password(tusk_conninfo *c)
{
	const char *host = c->values[OPT_HOST];
	const char *const wanted[4] = {
		strcmp(host, DEFAULT_SOCKET_DIRECTORY) == 0 ? "localhost" : host,
		c->values[OPT_PORT], c->values[OPT_DBNAME], c->values[OPT_USER]};
	char *line = NULL;
	size_t size = 0;
	struct stat st;
	FILE *f = NULL;
	int fd = -1;
	bool ok;

	if (c->values[OPT_PASSWORD] != NULL && c->values[OPT_PASSWORD][0] != '\0')
		return true;
	forget_password(c);
	ok = find_passfile(c);
	/* not to hang at the end of somebody's pipe */
	if (ok && c->values[OPT_PASSFILE] != NULL)
		fd = open(c->values[OPT_PASSFILE], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 &&
	    passfile_is_safe(&st, &c->passfile_refused))
		f = fdopen(fd, "r");
	while (f != NULL && ok && c->values[OPT_PASSWORD] == NULL &&
	       getline(&line, &size, f) >= 0)
	{
		const char *password = password_of_line(line, wanted);

		if (password == NULL || password[0] == '\0')
			continue;
		c->values[OPT_PASSWORD] = strdup(password);
		c->password_from_file = true;
		ok = c->values[OPT_PASSWORD] != NULL;
	}
	if (line != NULL)
		explicit_bzero(line, size);
	free(line);
	if (f != NULL)
		(void) fclose(f);
	else if (fd >= 0)
		(void) close(fd);
	return ok;
}

/* ---- all of it ---- */

/* The system's user, as the role's name. */
static tusk_status
fill_user(tusk_session *s, tusk_conninfo *c)
{
	struct passwd pw;
	struct passwd *found = NULL;
	char buf[16384];
	int rc;

	if (c->values[OPT_USER] != NULL)
		return TUSK_OK;
	rc = getpwuid_r(geteuid(), &pw, buf, sizeof(buf), &found);
	if (found == NULL && rc != 0)
		return tusk_lose(s, rc == EMFILE || rc == ENFILE ? "53000" : "58000",
		                 "could not look up the name of user ID %u: %s",
		                 (unsigned) geteuid(), strerror(rc));
	if (found == NULL)
	{
		(void) tusk_fail(s, TUSK_MISUSE, "28000",
		                 "there is no name for user ID %u",
		                 (unsigned) geteuid());
		tusk_add_hint(s, "Name the role, as user=... or in PGUSER.");
		return TUSK_MISUSE;
	}
	if (!fill_default(c, OPT_USER, pw.pw_name))
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	return TUSK_OK;
}

/* The option's number, if it is given; wanted: what it must be, for people. */
static tusk_status
take_number(tusk_session *s, const tusk_conninfo *c, int option, long least,
            long most, const char *wanted, int *number)
{
	const char *text = c->values[option];
	char *end;
	long n;

	if (text == NULL)
		return TUSK_OK;
	n = strtol(text, &end, 10);
	if (end == text || *end != '\0' || n < least || n > most)
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "invalid value \"%s\" for connection option "
		                 "\"%s\": %s",
		                 text, opts[option].name, wanted);
	*number = (int) n;
	return TUSK_OK;
}

static tusk_status
take_numbers(tusk_session *s, tusk_conninfo *c)
{
	int seconds = 0;
	tusk_status status;

	c->scram_max_iterations = DEFAULT_SCRAM_MAX_ITERATIONS;
	status =
		take_number(s, c, OPT_SCRAM_MAX_ITERATIONS, 0, INT_MAX,
	                "a number, or 0 for no limit", &c->scram_max_iterations);
	/* libpq, which has the same variable, takes what is below 0 as 0 */
	if (status == TUSK_OK)
		status = take_number(s, c, OPT_CONNECT_TIMEOUT, INT_MIN, INT_MAX / 1000,
		                     "seconds, or 0 for no limit", &seconds);
	c->connect_timeout_ms = seconds > 0 ? seconds * 1000 : -1;
	return status;
}

static tusk_status
check_port(tusk_session *s, const tusk_conninfo *c)
{
	const char *port = c->values[OPT_PORT];
	char *end;
	long n = strtol(port, &end, 10);

	if (end == port || *end != '\0')
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "invalid integer value \"%s\" for connection option "
		                 "\"port\"",
		                 port);
	if (n < 1 || n > 65535)
		return tusk_fail(s, TUSK_MISUSE, "08001", "invalid port number: \"%s\"",
		                 port);
	return TUSK_OK;
}

tusk_status
tusk_conninfo_resolve(tusk_session *s, const char *conninfo, tusk_conninfo *c)
{
	tusk_status status = TUSK_OK;
	bool ok = true;

	if (conninfo != NULL && conninfo[0] == '/' && strchr(conninfo, '=') == NULL)
		ok = fill_default(c, OPT_HOST, conninfo) &&
		     fill_default(c, OPT_DBNAME, DEFAULT_DATABASE);
	else if (conninfo != NULL)
		status = parse_conninfo(s, conninfo, c);
	if (status != TUSK_OK)
		return status;
	for (int i = 0; i < N_OPTS; i++)
	{
		const char *env = getenv(opts[i].environment);

		if (env != NULL && env[0] != '\0')
			ok = ok && fill_default(c, i, env);
	}
	if (c->values[OPT_DIR] != NULL)
		ok = ok && fill_default(c, OPT_HOST, c->values[OPT_DIR]) &&
		     fill_default(c, OPT_DBNAME, DEFAULT_DATABASE);
	ok = ok && fill_default(c, OPT_HOST, DEFAULT_SOCKET_DIRECTORY) &&
	     fill_default(c, OPT_PORT, DEFAULT_PORT) &&
	     fill_default(c, OPT_APPLICATION_NAME, "libtusk");
	if (ok)
		status = fill_user(s, c);
	if (status == TUSK_OK && ok)
		ok = fill_default(c, OPT_DBNAME, c->values[OPT_USER]);
	if (!ok)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	if (status == TUSK_OK)
		status = take_numbers(s, c);
	return status == TUSK_OK ? check_port(s, c) : status;
}

/* attach= and ring_spin= */
tusk_status
tusk_conninfo_take_attach(tusk_session *s, const tusk_conninfo *c)
{
	static const char *const kinds[] = {"best", "off", "rings", "direct"};
	const char *wanted = c->values[OPT_ATTACH];
	char wanted_spin[60];

	for (int i = 0; wanted != NULL && i < 4; i++)
		if (strcmp(wanted, kinds[i]) == 0)
		{
			s->attach_wanted = (tusk_attach_kind) i;
			wanted = NULL;
		}
	if (wanted != NULL)
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "invalid value \"%s\" for connection option "
		                 "\"attach\": best, off, rings or direct",
		                 wanted);
	s->ring_spin_us = TUSK_RING_SPIN_US;
	snprintf(wanted_spin, sizeof(wanted_spin), "microseconds from 0 to %d",
	         TUSK_RING_SPIN_MAX_US);
	return take_number(s, c, OPT_RING_SPIN, 0, TUSK_RING_SPIN_MAX_US,
	                   wanted_spin, &s->ring_spin_us);
}

/* "on", "off" as the server has them; *on: as it says. */
tusk_status
tusk_conninfo_take_autostart(tusk_session *s, const tusk_conninfo *c, bool *on)
{
	const char *text = c->values[OPT_AUTOSTART];

	*on = false;
	if (text == NULL || strcmp(text, "off") == 0)
		return TUSK_OK;
	if (strcmp(text, "on") != 0)
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "invalid value \"%s\" for connection option "
		                 "\"autostart\": on or off",
		                 text);
	if (c->values[OPT_DIR] == NULL || c->values[OPT_DIR][0] != '/')
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "connection option \"autostart\" needs \"dir\", the "
		                 "whole path of a data directory");
	*on = true;
	return TUSK_OK;
}
