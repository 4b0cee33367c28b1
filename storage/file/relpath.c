/*
 * relpath.c: names of relation files.
 */
#include "postgres.h"

#include "common/relpath.h"
#include "storage/procnumber.h"

const char *const forkNames[] = {"main", "fsm", "vm", "init"};

ForkNumber
forkname_to_number(const char *forkName)
{
	for (int forkNum = 0; forkNum <= MAX_FORKNUM; forkNum++)
		if (strcmp(forkNames[forkNum], forkName) == 0)
			return (ForkNumber) forkNum;
	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	         errmsg("invalid fork name"),
	         errhint("Valid fork names are \"main\", \"fsm\", \"vm\", and "
	                 "\"init\".")));
	return InvalidForkNumber;
}

char *
GetDatabasePath(Oid dbNode, Oid spcNode)
{
	if (spcNode == GLOBALTABLESPACE_OID)
	{
		Assert(dbNode == InvalidOid);
		return pstrdup("global");
	}
	if (spcNode == DEFAULTTABLESPACE_OID)
		return psprintf("base/%u", dbNode);
	return psprintf("pg_tblspc/%u/%s/%u", spcNode, TABLESPACE_VERSION_DIRECTORY,
	                dbNode);
}

char *
GetRelationPath(Oid dbNode, Oid spcNode, Oid relNode, int backendId,
                ForkNumber forkNumber)
{
	char *dir = GetDatabasePath(dbNode, spcNode);
	char *path;

	if (backendId != INVALID_PROC_NUMBER)
		path = psprintf("%s/t%d_%u", dir, backendId, relNode);
	else
		path = psprintf("%s/%u", dir, relNode);
	pfree(dir);
	if (forkNumber != MAIN_FORKNUM)
	{
		char *main_path = path;

		path = psprintf("%s_%s", main_path, forkNames[forkNumber]);
		pfree(main_path);
	}
	return path;
}
