/*
 * crypt.c
 *		The file of the verifiers: what the server knows of passwords.
 *
 * The catalog pg_authid lives in the buffer pool, which admitted clients may
 * map and read; its column rolpassword is NULL always.  Verifiers are in
 * pg_verifiers in the data directory, mode 0600, a line "OID VERIFIER" per role
 * that has a password, read by the backend that authenticates somebody and by
 * no other.
 *
 * Rules
 * 1.	The file is replaced as a whole: a new one is written beside it, flushed
 *		and renamed over it (durable_rename flushes the directory).  Who reads
 *		sees the old one or the new one; a kill at any step leaves one of them,
 *		and at most pg_verifiers.tmp, which the restart removes.  A transaction
 *		that fails removes its own.
 * 2.	One process at a time changes it: under the lock on the roles, which a
 *		transaction keeps until its rename is done.
 * 3.	Of a new password the rename is the commit.  The file is no part of
 *		transactions, so the statement is refused in a transaction block: when
 *		it has changed the file nothing of it can be rolled back, and a crash
 *		behind the rename leaves the new password.
 * 4.	The verifier of a dropped role goes when the drop is committed, and not
 *		before: a role that is there still, because of a ROLLBACK or a crash,
 *		has its password.  All that can fail (reading, writing, flushing) is done
 *		before the commit; behind it there is the rename.  If that fails, or a
 *		crash comes between, the line stays, which is of no use to anybody: no
 *		role has that OID, and one that is given it loses the line (user.c).
 *		The next change of any password takes it away.
 * 5.	A file that cannot be read, or a line that is no verifier, lets nobody in
 *		by password.
 *
 * Corresponds to PostgreSQL's libpq/crypt.c, whose verifiers are in pg_authid.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/stringinfo.h"
#include "libpq/crypt.h"
#include "libpq/scram.h"
#include "port/sys.h"
#include "storage/fd.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#define VERIFIERS_FILE "pg_verifiers"
#define VERIFIERS_TMP "pg_verifiers.tmp"

/* Roles that this transaction drops, in its TopTransactionContext. */
static List *dropped_roles = NIL;
/* The new file is, or may be, beside the old one: ours, by rule 2. */
static bool tmp_is_made = false;
/* It is for the commit. */
static bool tmp_is_ready = false;

static void
file_failed(const char *doing, const char *name)
{
	ereport(ERROR, (errcode_for_file_access(),
	                errmsg("could not %s file \"%s\": %m", doing, name)));
}

/* The whole file; empty if there is none. */
static char *
read_verifiers(void)
{
	StringInfoData text;
	char buf[4096];
	ssize_t n;
	int fd = SYS_SITE("verifiers-open",
	                  OpenTransientFile(VERIFIERS_FILE, O_RDONLY | O_CLOEXEC));

	initStringInfo(&text);
	if (fd < 0 && errno == ENOENT)
		return text.data;
	if (fd < 0)
		file_failed("open", VERIFIERS_FILE);
	do
	{
		n = SYS_SITE("verifiers-read", read(fd, buf, sizeof(buf)));
		if (n > 0)
			appendBinaryStringInfo(&text, buf, (int) n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0)
	{
		int save_errno = errno;

		CloseTransientFile(fd);
		errno = save_errno;
		file_failed("read", VERIFIERS_FILE);
	}
	CloseTransientFile(fd);
	return text.data;
}

/* The role and verifier of a line, which is cut to pieces. */
static bool
parse_line(char *line, Oid *roleid, char **secret)
{
	*roleid = (Oid) strtoul(line, secret, 10);
	if (!OidIsValid(*roleid) || **secret != ' ')
		return false;
	(*secret)++;
	return is_scram_secret(*secret);
}

char *
get_role_password(Oid roleid)
{
	char *text = read_verifiers();
	char *line;

	while ((line = strsep(&text, "\n")) != NULL)
	{
		Oid owner;
		char *secret;

		if (parse_line(line, &owner, &secret) && owner == roleid)
			return secret;
	}
	return NULL;
}

/* Rule 1, up to the rename. */
static void
write_verifiers_tmp(const StringInfo text)
{
	int fd;
	ssize_t n;
	const char *doing = NULL;

	tmp_is_made = true;
	fd = SYS_SITE("verifiers-create",
	              OpenTransientFilePerm(
					  VERIFIERS_TMP, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
					  PG_FILE_MODE_OWNER));
	if (fd < 0)
		file_failed("create", VERIFIERS_TMP);
	INJECTION_POINT_NOTHROW("verifiers-created");
	n = SYS_SITE("verifiers-write", write(fd, text->data, text->len));
	if (n != text->len)
	{
		if (n >= 0)
			errno = ENOSPC;
		doing = "write";
	}
	else if (SYS_SITE("verifiers-sync", fsync(fd)) != 0)
		doing = "fsync";
	if (doing != NULL)
	{
		int save_errno = errno;

		CloseTransientFile(fd);
		errno = save_errno;
		file_failed(doing, VERIFIERS_TMP);
	}
	CloseTransientFile(fd);
	INJECTION_POINT("verifiers-written");
}

void
set_role_password(Oid roleid, const char *new_secret)
{
	char *text = read_verifiers();
	StringInfoData changed;
	char *line;

	initStringInfo(&changed);
	while ((line = strsep(&text, "\n")) != NULL)
	{
		Oid owner;
		char *secret;

		/* those of roles that are gone for good go, too */
		if (parse_line(line, &owner, &secret) && owner != roleid &&
		    (SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(owner)) ||
		     list_member_oid(dropped_roles, owner)))
			appendStringInfo(&changed, "%u %s\n", owner, secret);
	}
	if (new_secret != NULL)
		appendStringInfo(&changed, "%u %s\n", roleid, new_secret);
	write_verifiers_tmp(&changed);
	(void) durable_rename(VERIFIERS_TMP, VERIFIERS_FILE, ERROR);
	tmp_is_made = false;
	INJECTION_POINT_NOTHROW("verifiers-renamed");
}

/* ---- DROP ROLE: rule 4 ---- */

void
forget_role_password(Oid roleid)
{
	MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);

	dropped_roles = lappend_oid(dropped_roles, roleid);
	MemoryContextSwitchTo(old);
}

void
PreCommit_Verifiers(void)
{
	char *text;
	char *line;
	StringInfoData left;
	bool changed = false;

	if (dropped_roles == NIL)
		return;
	text = read_verifiers();
	initStringInfo(&left);
	while ((line = strsep(&text, "\n")) != NULL)
	{
		Oid owner;
		char *secret;

		if (!parse_line(line, &owner, &secret))
			continue;
		if (list_member_oid(dropped_roles, owner))
			changed = true;
		else
			appendStringInfo(&left, "%u %s\n", owner, secret);
	}
	if (!changed)
		return;
	write_verifiers_tmp(&left);
	tmp_is_ready = true;
}

void
AtEOXact_Verifiers(bool isCommit)
{
	dropped_roles = NIL;
	if (!tmp_is_made)
		return;
	tmp_is_made = false;
	if (isCommit && tmp_is_ready)
	{
		INJECTION_POINT_NOTHROW("verifiers-committed");
		(void) durable_rename(VERIFIERS_TMP, VERIFIERS_FILE, WARNING);
	}
	else
		(void) unlink(VERIFIERS_TMP);
	tmp_is_ready = false;
}

void
RemoveVerifiersTmp(void)
{
	if (unlink(VERIFIERS_TMP) < 0 && errno != ENOENT)
		ereport(LOG,
		        (errcode_for_file_access(),
		         errmsg("could not remove file \"%s\": %m", VERIFIERS_TMP)));
}
