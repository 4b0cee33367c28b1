/*
 * dbsize.c
 *		Sizes of relations and databases, and their files.
 *
 * A relation's size is what its storage manager has for its forks; whoever
 * extends it meanwhile is counted or not.  A relation that is gone gives NULL,
 * so that a query over pg_class does not fail when a table is dropped under it.
 *
 * Corresponds to PostgreSQL's utils/adt/dbsize.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <strings.h>
#include <sys/stat.h>

#include "access/relation.h"
#include "catalog/catalog_schema.h"
#include "commands/dbcommands.h"
#include "common/relpath.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/rel.h"

/* ---- databases ---- */

/* Bytes of the files in it; -1 if there is no such directory. */
static int64
directory_size(const char *path)
{
	DIR *dir = AllocateDir(path);
	struct dirent *entry;
	int64 total = 0;

	if (dir == NULL && errno == ENOENT)
		return -1;
	while ((entry = ReadDir(dir, path)) != NULL)
	{
		char *name;
		struct stat st;

		CHECK_FOR_INTERRUPTS();
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		name = psprintf("%s/%s", path, entry->d_name);
		if (stat(name, &st) == 0)
			total += st.st_size;
		else if (errno != ENOENT)
			ereport(ERROR, (errcode_for_file_access(),
			                errmsg("could not stat file \"%s\": %m", name)));
		pfree(name);
	}
	FreeDir(dir);
	return total;
}

static Datum
database_size(FunctionCallInfo fcinfo, Oid dbid)
{
	int64 size = directory_size(GetDatabasePath(dbid, DEFAULTTABLESPACE_OID));

	if (size < 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(size);
}

Datum
pg_database_size_oid(PG_FUNCTION_ARGS)
{
	return database_size(fcinfo, PG_GETARG_OID(0));
}

/* This database is the only one. */
Datum
pg_database_size_name(PG_FUNCTION_ARGS)
{
	const char *name = NameStr(*PG_GETARG_NAME(0));
	char *mine = get_database_name(MyDatabaseId);

	if (mine == NULL || strcmp(name, mine) != 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_DATABASE),
		                errmsg("database \"%s\" does not exist", name)));
	return database_size(fcinfo, MyDatabaseId);
}

/* ---- tablespaces: the default one is base/, the other global/ ---- */

static Datum
tablespace_size(FunctionCallInfo fcinfo, Oid spcid)
{
	int64 size;

	if (spcid == GLOBALTABLESPACE_OID)
		size = directory_size("global");
	else if (spcid == DEFAULTTABLESPACE_OID)
		size = directory_size(
			GetDatabasePath(MyDatabaseId, DEFAULTTABLESPACE_OID));
	else
		size = -1;
	if (size < 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(size);
}

Datum
pg_tablespace_size_oid(PG_FUNCTION_ARGS)
{
	return tablespace_size(fcinfo, PG_GETARG_OID(0));
}

Datum
pg_tablespace_size_name(PG_FUNCTION_ARGS)
{
	const char *name = NameStr(*PG_GETARG_NAME(0));

	if (strcmp(name, "pg_default") == 0)
		return tablespace_size(fcinfo, DEFAULTTABLESPACE_OID);
	if (strcmp(name, "pg_global") == 0)
		return tablespace_size(fcinfo, GLOBALTABLESPACE_OID);
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
	                errmsg("tablespace \"%s\" does not exist", name)));
}

/* ---- relations ---- */

static bool
has_storage(Relation rel)
{
	return rel->rd_rel->relfilenode != InvalidOid;
}

static int64
fork_size(Relation rel, ForkNumber forknum)
{
	SMgrRelation smgr;

	if (!has_storage(rel))
		return 0;
	smgr = RelationGetSmgr(rel);
	if (!smgrexists(smgr, forknum))
		return 0;
	return (int64) smgrnblocks(smgr, forknum) * BLCKSZ;
}

static int64
all_forks_size(Relation rel)
{
	int64 size = 0;

	for (ForkNumber fork = 0; fork <= MAX_FORKNUM; fork++)
		size += fork_size(rel, fork);
	return size;
}

static int64
indexes_size(Relation rel)
{
	int64 size = 0;
	List *indexes = RelationGetIndexList(rel);
	ListCell *lc;

	foreach (lc, indexes)
	{
		Relation index = try_relation_open(lfirst_oid(lc), AccessShareLock);

		if (index == NULL)
			continue;
		size += all_forks_size(index);
		relation_close(index, AccessShareLock);
	}
	list_free(indexes);
	return size;
}

/* Opens the relation, or makes the function return NULL. */
#define OPEN_OR_RETURN_NULL(rel)                                      \
	do                                                                \
	{                                                                 \
		(rel) = try_relation_open(PG_GETARG_OID(0), AccessShareLock); \
		if ((rel) == NULL)                                            \
			PG_RETURN_NULL();                                         \
	} while (0)

static Datum
relation_fork_size(FunctionCallInfo fcinfo, const char *forkname)
{
	ForkNumber fork = forkname_to_number(forkname);
	Relation rel;
	int64 size;

	if (fork == InvalidForkNumber)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid fork name"),
		                errhint("Valid fork names are \"main\", \"fsm\", "
		                        "\"vm\", and \"init\".")));
	OPEN_OR_RETURN_NULL(rel);
	size = fork_size(rel, fork);
	relation_close(rel, AccessShareLock);
	PG_RETURN_INT64(size);
}

Datum
pg_relation_size(PG_FUNCTION_ARGS)
{
	return relation_fork_size(fcinfo, text_to_cstring(PG_GETARG_TEXT_PP(1)));
}

Datum
pg_relation_size_main(PG_FUNCTION_ARGS)
{
	return relation_fork_size(fcinfo, "main");
}

/* without the indexes */
Datum
pg_table_size(PG_FUNCTION_ARGS)
{
	Relation rel;
	int64 size;

	OPEN_OR_RETURN_NULL(rel);
	size = all_forks_size(rel);
	relation_close(rel, AccessShareLock);
	PG_RETURN_INT64(size);
}

Datum
pg_indexes_size(PG_FUNCTION_ARGS)
{
	Relation rel;
	int64 size;

	OPEN_OR_RETURN_NULL(rel);
	size = indexes_size(rel);
	relation_close(rel, AccessShareLock);
	PG_RETURN_INT64(size);
}

Datum
pg_total_relation_size(PG_FUNCTION_ARGS)
{
	Relation rel;
	int64 size;

	OPEN_OR_RETURN_NULL(rel);
	size = all_forks_size(rel) + indexes_size(rel);
	relation_close(rel, AccessShareLock);
	PG_RETURN_INT64(size);
}

Datum
pg_relation_filenode(PG_FUNCTION_ARGS)
{
	Relation rel;
	Oid filenode;

	OPEN_OR_RETURN_NULL(rel);
	filenode = rel->rd_rel->relfilenode;
	relation_close(rel, AccessShareLock);
	if (filenode == InvalidOid)
		PG_RETURN_NULL();
	PG_RETURN_OID(filenode);
}

/* relative to the data directory */
Datum
pg_relation_filepath(PG_FUNCTION_ARGS)
{
	Relation rel;
	char *path = NULL;

	OPEN_OR_RETURN_NULL(rel);
	if (has_storage(rel))
		path = relpathbackend(rel->rd_node, rel->rd_backend, MAIN_FORKNUM);
	relation_close(rel, AccessShareLock);
	if (path == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(path));
}

/* ---- sizes for people ---- */

/* Each is 1024 of the one before; shown up to its limit, then the next one. */
static const char *const size_units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};

#define SIZE_LIMIT 10240

/* Half of it, rounded away from zero. */
static int64
half_rounded(int64 x)
{
	return (x + (x < 0 ? -1 : 1)) / 2;
}

/*
 * From kB on the number is rounded: it is kept in halves of the unit, so that
 * the last step sees whether it is above the middle.
 */
Datum
pg_size_pretty(PG_FUNCTION_ARGS)
{
	int64 size = PG_GETARG_INT64(0);
	int unit = 0;

	if (size > -SIZE_LIMIT && size < SIZE_LIMIT)
		PG_RETURN_TEXT_P(
			cstring_to_text(psprintf("%lld bytes", (long long) size)));
	size /= 1 << 9;
	for (unit = 1; unit < (int) lengthof(size_units) - 1; unit++)
	{
		if (size > -(SIZE_LIMIT * 2 - 1) && size < SIZE_LIMIT * 2 - 1)
			break;
		size /= 1 << 10;
	}
	PG_RETURN_TEXT_P(cstring_to_text(
		psprintf("%lld %s", (long long) half_rounded(size), size_units[unit])));
}

/* What sum() of sizes gives. */
Datum
pg_size_pretty_numeric(PG_FUNCTION_ARGS)
{
	Datum size = PG_GETARG_DATUM(0);
	float8 rough = DatumGetFloat8(DirectFunctionCall1(numeric_float8, size));

	/* Bytes are shown with their fraction. */
	if (rough > -SIZE_LIMIT && rough < SIZE_LIMIT)
		PG_RETURN_TEXT_P(cstring_to_text(
			psprintf("%s bytes",
		             DatumGetCString(DirectFunctionCall1(numeric_out, size)))));
	size = DirectFunctionCall1(numeric_trunc_whole, size);
	return DirectFunctionCall1(pg_size_pretty,
	                           DirectFunctionCall1(numeric_int8, size));
}

static void
invalid_size(const char *text, const char *unit)
{
	if (unit == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid size: \"%s\"", text)));
	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	         errmsg("invalid size: \"%s\"", text),
	         errdetail("Invalid size unit: \"%s\".", unit),
	         errhint("Valid units are \"bytes\", \"kB\", \"MB\", \"GB\", "
	                 "\"TB\", and \"PB\".")));
}

/* "10 MB", "1.5 GB", "512"; units in any case */
Datum
pg_size_bytes(PG_FUNCTION_ARGS)
{
	char *input = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char *number = input;
	char *unit;
	char *end;
	long double value;

	while (isspace((unsigned char) *number))
		number++;
	unit = number;
	if (*unit == '+' || *unit == '-')
		unit++;
	/* not what strtold also takes: hexadecimal numbers, infinity, NaN */
	if (!isdigit((unsigned char) *unit) && *unit != '.')
		invalid_size(input, NULL);
	if (unit[0] == '0' && (unit[1] == 'x' || unit[1] == 'X'))
		invalid_size(input, unit + 1);
	value = strtold(number, &unit);
	if (unit == number)
		invalid_size(input, NULL);
	while (isspace((unsigned char) *unit))
		unit++;
	end = unit + strlen(unit);
	while (end > unit && isspace((unsigned char) end[-1]))
		*--end = '\0';
	if (*unit != '\0')
	{
		Size i = 0;

		while (i < lengthof(size_units) && strcasecmp(unit, size_units[i]) != 0)
			i++;
		if (i == lengthof(size_units))
			invalid_size(text_to_cstring(PG_GETARG_TEXT_PP(0)), unit);
		value = ldexpl(value, (int) i * 10);
	}
	value = roundl(value);
	if (!(value >= (long double) PG_INT64_MIN &&
	      value <= (long double) PG_INT64_MAX))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("bigint out of range")));
	PG_RETURN_INT64((int64) value);
}
