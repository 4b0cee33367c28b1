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
	ConnType conntype;
	List *databases; /* of HbaToken */
	List *roles;     /* of HbaToken */
	bool any_address;
	struct sockaddr_storage addr; /* of a host line; masked */
	struct sockaddr_storage mask;
	UserAuth auth_method;
} HbaLine;

extern char *HbaFileName; /* the setting hba_file */

/*
 * Reads the file and, if it is right, puts its rules in the place of those
 * there are.  False: it is wrong, each wrong line is in the log, and nothing
 * changed.  No file where hba_file does not name one: no rules.  Postmaster.
 */
extern bool load_hba(void);
/* As the first rule that fits says; *line is that rule, or NULL. */
extern UserAuth hba_getauthmethod(const Port *port, const HbaLine **line);
/* The file's name as messages have it. */
extern const char *hba_file_path(void);

#endif /* HBA_H */
