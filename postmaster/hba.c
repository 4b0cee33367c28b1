/*
 * hba.c
 *		pg_hba.conf: which clients may come in, and how each proves who it is;
 *		pg_ident.conf: as which roles users of the system may come in.
 *
 * The file is in the data directory (or where hba_file says) and has
 * PostgreSQL's form: a rule per line, the first one that fits decides, and none
 * that fits is a refusal.
 *
 *		local  DATABASES  ROLES           METHOD
 *		host   DATABASES  ROLES  ADDRESS  METHOD	# a comment
 *
 * No file is no rules: then who runs the server may come in through its Unix
 * sockets, and root, who could anyway (auth.c).
 *
 * A rule of method peer may have map=NAME; then lines of pg_ident.conf say which
 * user may be which role:
 *
 *		NAME  SYSTEM-USER  ROLE		# or a regular expression, /^adm/
 *
 * Rules
 * 1.	The postmaster reads the files, at its start and at SIGHUP; a session has
 *		the rules that were in force when it was forked, and no file to open.
 * 2.	The rules change as a whole: the new ones are made in a context of their
 *		own, which takes the old one's place if every line is right.  A wrong
 *		line at the start ends the start; later, it is logged with its number
 *		and the old rules stay.  A wrong pg_ident.conf at the start lets nobody
 *		in by a map, and all others.
 * 3.	Whatever a line says that is not known here makes it wrong: a rule that
 *		would be read more generously than it was meant does not exist.
 *
 * Corresponds to PostgreSQL's libpq/hba.c; differences are in
 * doc/authentication.md.
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <unistd.h>

#include "lib/stringinfo.h"
#include "libpq/hba.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "storage/fd.h"
#include "utils/acl.h"
#include "utils/memutils.h"

#define HBA_FILE "pg_hba.conf"
#define IDENT_FILE "pg_ident.conf"
/* No file of rules that people write is longer. */
#define MAX_HBA_FILE (1024 * 1024)

char *HbaFileName = NULL;
char *IdentFileName = NULL;

/* What a file says. */
typedef struct ParsedFile
{
	List *lines; /* of HbaLine, IdentLine */
	bool exists;
	MemoryContext context;
} ParsedFile;

static ParsedFile hba;
static ParsedFile ident;

/* What is wrong with a line is said once. */
typedef struct LineState
{
	int number;
	const char *path;
	bool quiet;     /* not in the log */
	ListCell *next; /* field: List of HbaToken */
	List *fields;
	const char *wrong; /* NULL: nothing yet */
} LineState;

static bool
is_named(const char *setting)
{
	return setting != NULL && setting[0] != '\0';
}

static const char *
config_file_path(const char *setting, const char *name)
{
	if (is_named(setting) && setting[0] == '/')
		return setting;
	return psprintf("%s/%s", DataDir, is_named(setting) ? setting : name);
}

const char *
hba_file_path(void)
{
	return config_file_path(HbaFileName, HBA_FILE);
}

const char *
ident_file_path(void)
{
	return config_file_path(IdentFileName, IDENT_FILE);
}

/* ---- words ---- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/*
 * The next word, or NULL at the end of the line.  *more: a comma ended it, the
 * next word is of the same field.  Quotes may be anywhere in a word, "" is one.
 */
static HbaToken *
next_token(const char **p, bool *more)
{
	HbaToken *token;
	StringInfoData word;
	bool in_quote = false;
	bool any_quote = false;

	*more = false;
	while (is_blank(**p) || **p == ',')
		(*p)++;
	if (**p == '\0' || **p == '#')
		return NULL;
	token = palloc0(sizeof(HbaToken));
	initStringInfo(&word);
	token->quoted = **p == '"';
	for (; **p != '\0'; (*p)++)
	{
		if (!in_quote && (is_blank(**p) || **p == '#'))
			break;
		if (!in_quote && **p == ',')
		{
			*more = true;
			break;
		}
		if (**p == '"')
		{
			/* the second one of "" */
			if (!in_quote && any_quote && (*p)[-1] == '"')
				appendStringInfoChar(&word, '"');
			in_quote = !in_quote;
			any_quote = true;
			continue;
		}
		appendStringInfoChar(&word, **p);
	}
	token->string = word.data;
	return token;
}

static List *
line_fields(const char *line)
{
	List *fields = NIL;
	List *field = NIL;
	HbaToken *token;
	bool more;

	while ((token = next_token(&line, &more)) != NULL)
	{
		field = lappend(field, token);
		if (!more)
		{
			fields = lappend(fields, field);
			field = NIL;
		}
	}
	return field == NIL ? fields : lappend(fields, field);
}

static bool
is_keyword(const HbaToken *token, const char *word)
{
	return !token->quoted && strcmp(token->string, word) == 0;
}

/* ---- lines ---- */

/* Says what is wrong with the line, the first time. */
static void
line_wrong(LineState *state, const char *message, const char *hint)
{
	if (state->wrong != NULL)
		return;
	state->wrong = message;
	if (!state->quiet)
		ereport(LOG,
		        (errcode(ERRCODE_CONFIG_FILE_ERROR),
		         errmsg_internal("%s", message), hint ? errhint("%s", hint) : 0,
		         errcontext("line %d of configuration file \"%s\"",
		                    state->number, state->path)));
}

/* The next field, or NULL: the line is wrong. */
static List *
take_field(LineState *state, const char *missing)
{
	List *field;

	if (state->next == NULL)
	{
		line_wrong(state, missing, NULL);
		return NULL;
	}
	field = lfirst(state->next);
	state->next = lnext(state->fields, state->next);
	return field;
}

/* Likewise one of a single word. */
static HbaToken *
take_word(LineState *state, const char *missing, const char *several,
          const char *hint)
{
	List *field = take_field(state, missing);

	if (field == NULL)
		return NULL;
	if (list_length(field) > 1)
	{
		line_wrong(state, several, hint);
		return NULL;
	}
	return linitial(field);
}

static void
parse_conntype(LineState *state, HbaLine *line)
{
	HbaToken *word = take_word(state, "empty line",
	                           "multiple values specified for connection type",
	                           "Specify exactly one connection type per line.");

	if (word == NULL)
		return;
	line->type = word->string;
	/* There is no encryption, so every connection is one without. */
	if (strcmp(word->string, "local") == 0)
		line->conntype = ctLocal;
	else if (strcmp(word->string, "host") == 0 ||
	         strcmp(word->string, "hostnossl") == 0 ||
	         strcmp(word->string, "hostnogssenc") == 0)
		line->conntype = ctHost;
	else if (strcmp(word->string, "hostssl") == 0 ||
	         strcmp(word->string, "hostgssenc") == 0)
		line_wrong(
			state,
			psprintf("connection type \"%s\" is not supported", word->string),
			"There are no encrypted connections: use host.");
	else
		line_wrong(state,
		           psprintf("invalid connection type \"%s\"", word->string),
		           NULL);
}

static List *
parse_names(LineState *state, const char *missing)
{
	List *names = take_field(state, missing);
	ListCell *lc;

	foreach (lc, names)
	{
		HbaToken *token = lfirst(lc);

		if (!token->quoted && token->string[0] == '@')
			line_wrong(state,
			           psprintf("file \"%s\" of names is not supported",
			                    token->string + 1),
			           "Write the names into the rule.");
	}
	return names;
}

/* The bytes of an address, and how many they are. */
static uint8 *
address_bytes(struct sockaddr_storage *address, int *n)
{
	if (address->ss_family == AF_INET)
	{
		*n = 4;
		return (uint8 *) &((struct sockaddr_in *) address)->sin_addr;
	}
	Assert(address->ss_family == AF_INET6);
	*n = 16;
	return (uint8 *) &((struct sockaddr_in6 *) address)->sin6_addr;
}

/* A numeric address.  0, or what gai_strerror takes. */
static int
read_address(const char *text, struct sockaddr_storage *address)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST,
	                         .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	int rc = getaddrinfo(text, NULL, &hints, &found);

	if (rc != 0)
		return rc;
	if (found->ai_family != AF_INET && found->ai_family != AF_INET6)
		rc = EAI_FAMILY;
	else
		memcpy(address, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return rc;
}

/* The digits after the slash; false if they are no number of bits. */
static bool
mask_of_bits(const char *digits, struct sockaddr_storage *mask, int family)
{
	int n;
	uint8 *bytes;
	char *end;
	long bits = strtol(digits, &end, 10);

	memset(mask, 0, sizeof(*mask));
	mask->ss_family = (sa_family_t) family;
	bytes = address_bytes(mask, &n);
	if (*digits < '0' || *digits > '9' || *end != '\0' || bits > n * 8)
		return false;
	for (int i = 0; i < n; i++, bits -= 8)
		bytes[i] = bits >= 8 ? 0xff : bits <= 0 ? 0 : (0xff << (8 - bits));
	return true;
}

/* A mask in a field of its own. */
static void
parse_mask(LineState *state, HbaLine *line)
{
	HbaToken *word =
		take_word(state, "end-of-line before netmask specification",
	              "multiple values specified for netmask", NULL);
	int rc;

	if (word == NULL)
		return;
	rc = read_address(word->string, &line->mask);
	if (rc != 0)
		line_wrong(state,
		           psprintf("invalid IP mask \"%s\": %s", word->string,
		                    gai_strerror(rc)),
		           NULL);
	else if (line->mask.ss_family != line->addr.ss_family)
		line_wrong(state, "IP address and mask do not match", NULL);
}

static void
parse_address(LineState *state, HbaLine *line)
{
	HbaToken *word =
		take_word(state, "end-of-line before IP address specification",
	              "multiple values specified for host address",
	              "Specify one address range per line.");
	char *text;
	char *slash;
	int rc;

	if (word == NULL)
		return;
	/* Clients come from this host: its addresses are its own network, too. */
	if (is_keyword(word, "all") || is_keyword(word, "samehost") ||
	    is_keyword(word, "samenet"))
	{
		line->any_address = word->string;
		return;
	}
	text = pstrdup(word->string);
	slash = strchr(text, '/');
	if (slash != NULL)
		*slash = '\0';
	rc = read_address(text, &line->addr);
	if (rc != 0)
	{
		line_wrong(
			state,
			psprintf("invalid IP address \"%s\": %s", text, gai_strerror(rc)),
			"Names of hosts are not supported: give an address.");
		return;
	}
	if (slash == NULL)
		parse_mask(state, line);
	else if (!mask_of_bits(slash + 1, &line->mask, line->addr.ss_family))
		line_wrong(
			state,
			psprintf("invalid CIDR mask in address \"%s\"", word->string),
			NULL);
}

static void
parse_method(LineState *state, HbaLine *line)
{
	HbaToken *word =
		take_word(state, "end-of-line before authentication method",
	              "multiple values specified for authentication type",
	              "Specify exactly one authentication type per line.");

	if (word == NULL)
		return;
	line->method = word->string;
	if (strcmp(word->string, "trust") == 0)
		line->auth_method = uaTrust;
	else if (strcmp(word->string, "reject") == 0)
		line->auth_method = uaReject;
	else if (strcmp(word->string, "peer") == 0)
		line->auth_method = uaPeer;
	/* "password" and "md5" would show what this one does not */
	else if (strcmp(word->string, "scram-sha-256") == 0)
		line->auth_method = uaSCRAM;
	else
		line_wrong(
			state,
			psprintf("invalid authentication method \"%s\"", word->string),
			"There are trust, reject, peer and scram-sha-256.");
	if (line->auth_method == uaPeer && line->conntype != ctLocal)
		line_wrong(state,
		           "peer authentication is only supported on local sockets",
		           NULL);
}

static void
parse_option(LineState *state, HbaLine *line, const char *text)
{
	char *name = pstrdup(text);
	char *value = strchr(name, '=');

	if (value == NULL)
	{
		line_wrong(state,
		           psprintf("authentication option not in name=value format: "
		                    "%s",
		                    text),
		           NULL);
		return;
	}
	*value++ = '\0';
	if (strcmp(name, "map") != 0)
		line_wrong(
			state,
			psprintf("unrecognized authentication option name: \"%s\"", name),
			NULL);
	else if (line->auth_method != uaPeer)
		line_wrong(state,
		           "authentication option \"map\" is only valid for "
		           "authentication methods ident, peer, gssapi, sspi, and cert",
		           NULL);
	else
		line->usermap = value;
}

static void
parse_options(LineState *state, HbaLine *line)
{
	while (state->wrong == NULL && state->next != NULL)
	{
		ListCell *lc;

		foreach (lc, take_field(state, "end-of-line before option"))
			parse_option(state, line, ((HbaToken *) lfirst(lc))->string);
	}
}

/* A rule, or what is wrong with the line. */
static void *
parse_hba_line(LineState *state, const char *rawline)
{
	HbaLine *line = palloc0(sizeof(HbaLine));

	line->linenumber = state->number;
	line->rawline = pstrdup(rawline);
	parse_conntype(state, line);
	if (!state->wrong)
		line->databases =
			parse_names(state, "end-of-line before database specification");
	if (!state->wrong)
		line->roles =
			parse_names(state, "end-of-line before role specification");
	if (!state->wrong && line->conntype == ctHost)
		parse_address(state, line);
	if (!state->wrong)
		parse_method(state, line);
	parse_options(state, line);
	line->err_msg = state->wrong;
	return line;
}

/* ---- lines of pg_ident.conf ---- */

static void
parse_regex(LineState *state, IdentLine *line)
{
	MemoryContext context = CurrentMemoryContext;

	if (strstr(line->role, "\\1") != NULL)
	{
		line_wrong(
			state,
			psprintf("back reference in \"%s\" is not supported", line->role),
			"Write a line for each role.");
		return;
	}
	PG_TRY();
	{
		line->regex = regex_compile(line->system_user + 1, false);
	}
	PG_CATCH();
	{
		ErrorData *edata;

		MemoryContextSwitchTo(context);
		edata = CopyErrorData();
		FlushErrorState();
		line_wrong(state,
		           psprintf("invalid regular expression \"%s\": %s",
		                    line->system_user + 1, edata->message),
		           NULL);
	}
	PG_END_TRY();
}

static char *
take_ident(LineState *state)
{
	HbaToken *word = take_word(state, "missing entry at end of line",
	                           "multiple values in ident field", NULL);

	return word == NULL ? NULL : word->string;
}

/* As PostgreSQL, it does not look at what follows. */
static void *
parse_ident_line(LineState *state, const char *rawline)
{
	IdentLine *line = palloc0(sizeof(IdentLine));

	line->linenumber = state->number;
	line->usermap = take_ident(state);
	if (state->wrong == NULL)
		line->system_user = take_ident(state);
	if (state->wrong == NULL)
		line->role = take_ident(state);
	if (state->wrong == NULL && line->system_user[0] == '/')
		parse_regex(state, line);
	line->err_msg = state->wrong;
	return line;
}

/* ---- the files ---- */

/*
 * The next line, of which a \ at its end makes one with those below, and on
 * which line it begins; NULL at the end.
 */
static char *
next_line(char **p, int *number, int *lines_read)
{
	StringInfoData line;

	if (**p == '\0')
		return NULL;
	*number = *lines_read + 1;
	initStringInfo(&line);
	for (;;)
	{
		size_t length = strcspn(*p, "\n");

		appendBinaryStringInfo(&line, *p, (int) length);
		*p += length + ((*p)[length] == '\n');
		(*lines_read)++;
		while (line.len > 0 && line.data[line.len - 1] == '\r')
			line.data[--line.len] = '\0';
		if (line.len == 0 || line.data[line.len - 1] != '\\' || **p == '\0')
			return line.data;
		line.data[--line.len] = '\0';
	}
}

/* The file's text; NULL, with errno, if it cannot be read. */
static char *
read_config_file(const char *path)
{
	/* before the file is opened: nothing would close it after an error */
	char *text = palloc(MAX_HBA_FILE + 1);
	int fd = SYS_SITE("hba-open", open(path, O_RDONLY | O_CLOEXEC));
	size_t used = 0;
	ssize_t n;

	if (fd < 0)
		return NULL;
	do
	{
		n = SYS_SITE("hba-read", read(fd, text + used, MAX_HBA_FILE - used));
		if (n > 0)
			used += (size_t) n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n == 0 && used == MAX_HBA_FILE)
	{
		n = -1;
		errno = EFBIG;
	}
	if (n == 0 && memchr(text, '\0', used) != NULL)
	{
		n = -1;
		errno = EILSEQ;
	}
	if (n < 0)
	{
		int save_errno = errno;

		close(fd);
		errno = save_errno;
		return NULL;
	}
	close(fd);
	text[used] = '\0';
	return text;
}

/* A kind of file, and what its lines are made to. */
typedef struct FileKind
{
	char **setting;
	const char *noun; /* of messages */
	const char *(*path)(void);
	void *(*parse_line)(LineState *state, const char *rawline);
	bool may_be_empty;
} FileKind;

static const FileKind hba_kind = {&HbaFileName, "configuration", hba_file_path,
                                  parse_hba_line, false};
static const FileKind ident_kind = {&IdentFileName, "usermap", ident_file_path,
                                    parse_ident_line, true};

/* All lines of the text that say something; false: some are wrong. */
static bool
parse_text(const FileKind *kind, char *text, const char *path, bool quiet,
           List **lines)
{
	LineState state = {.path = path, .quiet = quiet};
	bool ok = true;
	int lines_read = 0;
	char *line;

	*lines = NIL;
	while ((line = next_line(&text, &state.number, &lines_read)) != NULL)
	{
		state.fields = line_fields(line);
		if (state.fields == NIL)
			continue;
		state.next = list_head(state.fields);
		state.wrong = NULL;
		*lines = lappend(*lines, kind->parse_line(&state, line));
		ok = ok && state.wrong == NULL;
	}
	if (*lines == NIL && !kind->may_be_empty && !quiet)
	{
		ereport(LOG, (errcode(ERRCODE_CONFIG_FILE_ERROR),
		              errmsg("configuration file \"%s\" contains no entries",
		                     path)));
		return false;
	}
	return ok;
}

/* Into CurrentMemoryContext; false: something is wrong, as elevel or LOG says. */
static bool
read_file(const FileKind *kind, bool quiet, int elevel, List **lines,
          bool *exists)
{
	const char *path = kind->path();
	char *text = read_config_file(path);

	*exists = text != NULL;
	if (text != NULL)
		return parse_text(kind, text, path, quiet, lines);
	*lines = NIL;
	if (errno == ENOENT && !is_named(*kind->setting))
		return true;
	ereport(elevel,
	        (errcode_for_file_access(),
	         errmsg("could not open %s file \"%s\": %m", kind->noun, path)));
	return false;
}

static List *
file_lines(const FileKind *kind)
{
	List *lines;
	bool exists;

	(void) read_file(kind, true, ERROR, &lines, &exists);
	return lines;
}

List *
hba_file_lines(void)
{
	return file_lines(&hba_kind);
}

List *
ident_file_lines(void)
{
	return file_lines(&ident_kind);
}

/*
 * Rule 2: what it makes is kept, or is gone.  An error (there is no memory) is
 * the end of a start, but not of a service that has rules.
 */
static bool
load_file(const FileKind *kind, ParsedFile *file)
{
	MemoryContext old = CurrentMemoryContext;
	ParsedFile *volatile made = NULL;
	MemoryContext volatile context = NULL;
	volatile bool ok = false;

	PG_TRY();
	{
		context = AllocSetContextCreate(TopMemoryContext, "hba parser context",
		                                ALLOCSET_SMALL_SIZES);
		MemoryContextSwitchTo(context);
		made = palloc0_object(ParsedFile);
		made->context = context;
		INJECTION_POINT("hba-load");
		ok = read_file(kind, false, LOG, &made->lines, &made->exists);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(old);
		EmitErrorReport();
		FlushErrorState();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(old);
	if (!ok)
	{
		if (context != NULL)
			MemoryContextDelete(context);
		return false;
	}
	if (file->context != NULL)
		MemoryContextDelete(file->context);
	*file = *made;
	return true;
}

bool
load_hba(void)
{
	return load_file(&hba_kind, &hba);
}

bool
load_ident(void)
{
	return load_file(&ident_kind, &ident);
}

/* ---- which rule ---- */

/*
 * A superuser is a member only of what he was made a member of: a rule for a
 * group is not meant for him.
 */
static bool
is_member(const char *user, const char *role)
{
	Oid userid = get_role_oid(user, true);
	Oid roleid = get_role_oid(role, true);

	return OidIsValid(userid) && OidIsValid(roleid) &&
	       is_member_of_role_nosuper(userid, roleid);
}

static bool
database_fits(const Port *port, List *names)
{
	ListCell *lc;

	foreach (lc, names)
	{
		HbaToken *token = lfirst(lc);

		if (is_keyword(token, "all"))
			return true;
		if (is_keyword(token, "sameuser"))
		{
			if (strcmp(port->database_name, port->user_name) == 0)
				return true;
		}
		else if (is_keyword(token, "samerole") ||
		         is_keyword(token, "samegroup"))
		{
			if (is_member(port->user_name, port->database_name))
				return true;
		}
		else if (!is_keyword(token, "replication") &&
		         strcmp(token->string, port->database_name) == 0)
			return true;
	}
	return false;
}

static bool
role_fits(const Port *port, List *names)
{
	ListCell *lc;

	foreach (lc, names)
	{
		HbaToken *token = lfirst(lc);

		if (is_keyword(token, "all"))
			return true;
		if (!token->quoted && token->string[0] == '+'
		        ? is_member(port->user_name, token->string + 1)
		        : strcmp(token->string, port->user_name) == 0)
			return true;
	}
	return false;
}

static bool
address_fits(const Port *port, HbaLine *line)
{
	struct sockaddr_storage from = port->raddr;
	const uint8 *wanted;
	const uint8 *mask;
	const uint8 *bytes;
	int n;

	if (line->any_address != NULL)
		return true;
	if (from.ss_family != line->addr.ss_family)
		return false;
	wanted = address_bytes(&line->addr, &n);
	mask = address_bytes(&line->mask, &n);
	bytes = address_bytes(&from, &n);
	for (int i = 0; i < n; i++)
	{
		if ((bytes[i] & mask[i]) != (wanted[i] & mask[i]))
			return false;
	}
	return true;
}

UserAuth
hba_getauthmethod(const Port *port, const HbaLine **line)
{
	bool local = port->raddr.ss_family == AF_UNIX;
	ListCell *lc;

	*line = NULL;
	if (!hba.exists)
		return local ? uaOwner : uaImplicitReject;
	foreach (lc, hba.lines)
	{
		HbaLine *rule = lfirst(lc);

		if ((rule->conntype == ctLocal) != local)
			continue;
		if (!local && !address_fits(port, rule))
			continue;
		if (!database_fits(port, rule->databases) ||
		    !role_fits(port, rule->roles))
			continue;
		*line = rule;
		return rule->auth_method;
	}
	return uaImplicitReject;
}

/* ---- which role ---- */

static bool
system_user_fits(const IdentLine *line, const char *system_user)
{
	int length = (int) strlen(system_user);

	if (line->regex == NULL)
		return strcmp(line->system_user, system_user) == 0;
	return pg_verifymbstr(system_user, length, true) &&
	       regex_matches(line->regex, system_user, length);
}

bool
check_usermap(const char *usermap, const char *role, const char *system_user)
{
	ListCell *lc;

	if (usermap == NULL || usermap[0] == '\0')
	{
		if (strcmp(role, system_user) == 0)
			return true;
		ereport(LOG, (errmsg("provided user name (%s) and authenticated user "
		                     "name (%s) do not match",
		                     role, system_user)));
		return false;
	}
	foreach (lc, ident.lines)
	{
		const IdentLine *line = lfirst(lc);

		if (strcmp(line->usermap, usermap) == 0 &&
		    strcmp(line->role, role) == 0 &&
		    system_user_fits(line, system_user))
			return true;
	}
	ereport(LOG, (errmsg("no match in usermap \"%s\" for user \"%s\" "
	                     "authenticated as \"%s\"",
	                     usermap, role, system_user)));
	return false;
}
