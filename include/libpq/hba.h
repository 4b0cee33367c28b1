/*
 * libpq/hba.h
 *		The rules of pg_hba.conf: who may come in from where, and how it is
 *		proved.
 */
#ifndef HBA_H
#define HBA_H

#include <sys/socket.h>

#include "libpq/libpq-be.h"
#include "nodes/pg_list.h"
#include "utils/regexp.h"

typedef enum UserAuth
{
	uaReject,
	uaImplicitReject, /* no rule fits */
	uaTrust,
	uaPeer,
	uaSCRAM,
	uaOwner /* there are no rules: the server's user, and root */
} UserAuth;

typedef enum ConnType
{
	ctLocal,
	ctHost
} ConnType;

/* A word of a rule; in quotes it is no keyword. */
typedef struct HbaToken
{
	char *string;
	bool quoted;
} HbaToken;

typedef struct HbaLine
{
	int linenumber;
	char *rawline;
	const char *err_msg; /* NULL, or why it is none; the rest is not set then */
	ConnType conntype;
	const char *type;             /* as the file has it */
	List *databases;              /* of HbaToken */
	List *roles;                  /* of HbaToken */
	const char *any_address;      /* NULL, or the word that says so */
	struct sockaddr_storage addr; /* else of a host line */
	struct sockaddr_storage mask;
	UserAuth auth_method;
	const char *method; /* as the file has it */
	char *usermap;      /* of peer: map=NAME, or NULL */
} HbaLine;

/* A line of pg_ident.conf: as which role a user of the system may come in. */
typedef struct IdentLine
{
	int linenumber;
	const char *err_msg; /* as above */
	char *usermap;
	char *system_user;
	RegexProgram *regex; /* of a system_user that begins with "/", or NULL */
	char *role;
} IdentLine;

extern char *HbaFileName;   /* the setting hba_file */
extern char *IdentFileName; /* the setting ident_file */

/*
 * Reads the file and, if it is right, puts its rules in the place of those
 * there are.  False: it is wrong, each wrong line is in the log, and nothing
 * changed.  No file where hba_file does not name one: no rules.  Postmaster.
 */
extern bool load_hba(void);
/*
 * The lines of the file as it is now, wrong ones too, of HbaLine; NIL: there is
 * none, and hba_file does not name one.  Raises an error if it cannot be read.
 */
extern List *hba_file_lines(void);
/* As the first rule that fits says; *line is that rule, or NULL. */
extern UserAuth hba_getauthmethod(const Port *port, const HbaLine **line);
/* The file's name as messages have it. */
extern const char *hba_file_path(void);

/* The same of pg_ident.conf; no file: no maps. */
extern bool load_ident(void);
extern List *ident_file_lines(void);
extern const char *ident_file_path(void);
/*
 * May the user of the system come in as that role, by the map, or without one
 * (NULL) if they have the same name?  If not, the log says why.
 */
extern bool
check_usermap(const char *usermap, const char *role, const char *system_user);

#endif /* HBA_H */
