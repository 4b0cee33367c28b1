/*
 * postinit.c
 *		Start of a process that uses files and buffers, and of one that runs
 *		statements: its place in shared memory, its user and its database.
 *
 * Order matters: the process must be visible to others (ProcArray, procsignal,
 * invalidation queue) before it reads a catalog, for else it would miss what
 * changes meanwhile; and exit callbacks run in the opposite order of their
 * registration, so that the transaction is ended first.
 *
 * Corresponds to PostgreSQL's postinit.c; there is one database.
 */
#include "postgres.h"

#include <ctype.h>

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/catalog_schema.h"
#include "libpq/auth.h"
#include "libpq/libpq-be.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/sinvaladt.h"
#include "storage/smgr.h"
#include "storage/sync.h"
#include "tcop/interrupts.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/portal.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

/* The database of the cluster and its tablespace: base/5. */
#define TheDatabaseOid 5
#define TheTableSpaceOid 1663

/*
 * What every process with a PGPROC needs before it touches relations; exit
 * callbacks registered here run before those that free the PGPROC.
 */
void
BaseInit(void)
{
	InitTemporaryFileAccess();
	InitSync();
	smgrinit();
	InitBufferPoolAccess();
}

/* ---- the end, as far as it needs a working backend ---- */

/* An error that comes again and again must not keep the process from its end. */
#define MAX_ABORTS_AT_EXIT 3

/*
 * An error in the abort is FATAL at exit, which goes on with the next callback:
 * locks, pins and workers would stay.  So until the abort has ended this is the
 * next one.
 */
static void
ShutdownPostgres(int code, Datum arg)
{
	int tries = DatumGetInt32(arg) + 1;

	if (tries < MAX_ABORTS_AT_EXIT)
		before_shmem_exit(ShutdownPostgres, Int32GetDatum(tries));
	AbortOutOfAnyTransaction();
	if (tries < MAX_ABORTS_AT_EXIT)
		cancel_before_shmem_exit(ShutdownPostgres, Int32GetDatum(tries));
}

/* ---- the database ---- */

/* Both are the row's; name may be NULL, then the OID is what is looked for. */
static bool
find_database(const char *name, Oid dboid, char *out_dbname)
{
	Relation rel = table_open(DatabaseRelationId, AccessShareLock);
	TableScanDesc scan =
		table_beginscan(rel, GetCatalogSnapshot(DatabaseRelationId), 0, NULL);
	HeapTuple tuple;
	bool found = false;

	while (!found && (tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		bool isnull;
		Oid oid = DatumGetObjectId(heap_getattr(
			tuple, Anum_pg_database_oid, RelationGetDescr(rel), &isnull));
		const char *datname = NameStr(*DatumGetName(heap_getattr(
			tuple, Anum_pg_database_datname, RelationGetDescr(rel), &isnull)));

		found = name ? strcmp(datname, name) == 0 : oid == dboid;
		if (found && out_dbname)
			strlcpy(out_dbname, datname, NAMEDATALEN);
	}
	table_endscan(scan);
	table_close(rel, AccessShareLock);
	return found;
}

static void
CheckMyDatabase(const char *in_dbname, Oid dboid, char *out_dbname)
{
	if (find_database(in_dbname, dboid, out_dbname))
		return;
	if (in_dbname)
		ereport(FATAL, (errcode(ERRCODE_UNDEFINED_DATABASE),
		                errmsg("database \"%s\" does not exist", in_dbname),
		                errhint("The only database is \"postgres\".")));
	ereport(FATAL, (errcode(ERRCODE_UNDEFINED_DATABASE),
	                errmsg("database %u does not exist", dboid)));
}

/* ---- settings that the client sent ---- */

/* The next word of the options; a backslash takes the next byte as it is. */
static char *
next_option_word(const char **p)
{
	char *word;
	char *w;

	while (isspace((unsigned char) **p))
		(*p)++;
	if (**p == '\0')
		return NULL;
	word = w = palloc(strlen(*p) + 1);
	for (; **p && !isspace((unsigned char) **p); (*p)++)
	{
		if (**p == '\\' && (*p)[1] != '\0')
			(*p)++;
		*w++ = **p;
	}
	*w = '\0';
	return word;
}

/* A client of a superuser's may set more. */
static GucContext
client_context(void)
{
	return superuser() ? PGC_SU_BACKEND : PGC_BACKEND;
}

static void
set_from_option(const char *assignment, const char *option)
{
	char *name;
	char *value;

	ParseLongOption(assignment, &name, &value);
	if (value == NULL)
		ereport(FATAL, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("%s requires a value", option)));
	SetConfigOption(name, value, client_context(), PGC_S_CLIENT);
}

/* -c name=value, -cname=value, --name=value */
static void
process_command_line_options(const char *options)
{
	const char *p = options;
	char *word;

	while ((word = next_option_word(&p)) != NULL)
	{
		if (strncmp(word, "--", 2) == 0 && word[2] != '\0')
			set_from_option(word + 2, word);
		else if (strcmp(word, "-c") == 0)
		{
			char *assignment = next_option_word(&p);

			if (assignment == NULL)
				ereport(FATAL,
				        (errcode(ERRCODE_SYNTAX_ERROR),
				         errmsg("option requires an argument -- \"%s\"", "c")));
			set_from_option(assignment, assignment);
		}
		else if (strncmp(word, "-c", 2) == 0)
			set_from_option(word + 2, word + 2);
		else
			ereport(FATAL, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("invalid command-line argument for server "
			                       "process: %s",
			                       word)));
	}
}

static void
process_startup_options(Port *port)
{
	if (port->cmdline_options)
		process_command_line_options(port->cmdline_options);
	for (int i = 0; i + 1 < list_length(port->guc_options); i += 2)
		SetConfigOption(list_nth(port->guc_options, i),
		                list_nth(port->guc_options, i + 1), client_context(),
		                PGC_S_CLIENT);
}

/* ---- the whole ---- */

/* Where others find the process, and what ends its waits. */
static void
JoinSharedMemory(void)
{
	InitProcessPhase2();
	pgstat_beinit();
	ProcSignalInit(MyCancelKey);
	SharedInvalBackendInit();
	RegisterSessionTimeouts();
	INJECTION_POINT("backend-joined-shared-memory");
}

/*
 * A client's session gives names, a background worker OIDs.  InvalidOid as
 * useroid: the superuser.
 */
void
InitPostgres(const char *in_dbname, Oid dboid, const char *username,
             Oid useroid, char *out_dbname)
{
	JoinSharedMemory();

	MyDatabaseId = TheDatabaseOid;
	MyDatabaseTableSpace = TheTableSpaceOid;
	MyProc->databaseId = MyDatabaseId;
	RelationCacheInitialize();
	EnablePortalManager();
	before_shmem_exit(ShutdownPostgres, Int32GetDatum(0));

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	XactIsoLevel = XACT_READ_COMMITTED;

	if (username != NULL)
	{
		ClientAuthentication(MyProcPort);
		InitializeSessionUserId(username, InvalidOid);
	}
	else if (OidIsValid(useroid))
		InitializeSessionUserId(NULL, useroid);
	CheckMyDatabase(in_dbname, dboid, out_dbname);

	if (MyProcPort != NULL)
		process_startup_options(MyProcPort);
	pgstat_bestart();
	CommitTransactionCommand();
}
