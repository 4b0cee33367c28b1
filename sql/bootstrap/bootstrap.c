/*
 * bootstrap.c
 *		Making an empty cluster: directories, control file, clog, catalogs.
 *
 * The catalogs are made in one ordinary transaction, the cluster's first: their
 * descriptors are compiled in, so that pg_class and pg_attribute can be written
 * before they describe themselves.  The log is there from the first page on, so
 * that they are written like everything later.  Then follows what a clean stop
 * does.
 *
 * What a SIGKILL leaves: PG_VERSION is written last, and a directory without it
 * is no cluster.
 *
 * Corresponds to PostgreSQL's bootstrap.c and initdb.c.
 */
#include "postgres.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/clog.h"
#include "access/heapam.h"
#include "access/hnsw.h"
#include "access/ivfflat.h"
#include "access/reloptions.h"
#include "access/table.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "bootstrap/bootstrap.h"
#include "catalog/catalog_schema.h"
#include "catalog/heap.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_control.h"
#include "catalog/pg_namespace.h"
#include "catalog/system_views.h"
#include "miscadmin.h"
#include "postmaster/bgwriter.h"
#include "storage/bufmgr.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/timeout.h"

#define POSTGRES_DATABASE_OID 5
#define PG_UTF8 6
#define BOOT_SHARED_BUFFERS "1024"

/* PostgreSQL 15's, so that its tools find what they look for. */
static const char *const subdirs[] = {
	"global",
	"base",
	"base/5",
	"pg_xact",
	"pg_wal",
	"pg_wal/archive_status",
	"pg_commit_ts",
	"pg_dynshmem",
	"pg_notify",
	"pg_serial",
	"pg_snapshots",
	"pg_subtrans",
	"pg_twophase",
	"pg_multixact",
	"pg_multixact/members",
	"pg_multixact/offsets",
	"pg_replslot",
	"pg_tblspc",
	"pg_stat",
	"pg_stat_tmp",
	"pg_logical",
	"pg_logical/snapshots",
	"pg_logical/mappings",
};

static void
MakeDirectories(void)
{
	for (Size i = 0; i < lengthof(subdirs); i++)
	{
		INJECTION_POINT("boot-make-directory");
		if (MakePGDirectory(subdirs[i]) != 0 && errno != EEXIST)
			ereport(ERROR, (errcode_for_file_access(),
			                errmsg("could not create directory \"%s\": %m",
			                       subdirs[i])));
	}
}

static void
WriteVersionFile(const char *dir)
{
	static const char version[] = PG_MAJORVERSION_STR "\n";
	char path[MAXPGPATH];
	int fd;

	snprintf(path, sizeof(path), "%s/PG_VERSION", dir);
	INJECTION_POINT("boot-write-version");
	fd = OpenTransientFile(path, O_CREAT | O_WRONLY | O_TRUNC);
	if (fd < 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not create file \"%s\": %m", path)));
	errno = 0;
	if (write(fd, version, strlen(version)) != (ssize_t) strlen(version))
	{
		if (errno == 0)
			errno = ENOSPC;
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not write file \"%s\": %m", path)));
	}
	if (pg_fsync(fd) != 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not fsync file \"%s\": %m", path)));
	if (CloseTransientFile(fd) != 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not close file \"%s\": %m", path)));
}

/* ---- rows ---- */

static void
CreateCatalogs(void)
{
	const CatalogSchema *schema;

	for (int i = 0; (schema = CatalogSchemaByNumber(i)) != NULL; i++)
	{
		RelFileNode node = {
			schema->shared ? GLOBALTABLESPACE_OID : DEFAULTTABLESPACE_OID,
			schema->shared ? InvalidOid : MyDatabaseId, schema->oid};

		smgrcreate(smgropen(node, INVALID_PROC_NUMBER), MAIN_FORKNUM, false);
	}
	for (int i = 0; (schema = CatalogSchemaByNumber(i)) != NULL; i++)
	{
		NewRelation newrel = {
			.relid = schema->oid,
			.relname = schema->name,
			.relnamespace = PG_CATALOG_NAMESPACE,
			.relam = HEAP_TABLE_AM_OID,
			.relkind = RELKIND_RELATION,
			.relpersistence = RELPERSISTENCE_PERMANENT,
			.shared = schema->shared,
			.file_exists = true,
			.has_storage = true,
			.tupdesc = CatalogSchemaTupleDesc(schema),
		};

		heap_create_with_catalog(&newrel);
	}
}

static void
CreateSystemViews(void)
{
	const SystemView *view;

	for (int n = 0; (view = SystemViewByNumber(n)) != NULL; n++)
	{
		if (view->extension == NULL)
			CreateSystemView(view);
	}
}

static void
InsertRow(Oid catalog, Datum *values, bool *nulls)
{
	Relation rel = table_open(catalog, RowExclusiveLock);

	CatalogTupleInsert(rel,
	                   heap_form_tuple(RelationGetDescr(rel), values, nulls));
	table_close(rel, NoLock);
}

static void
InsertNamespace(Oid oid, const char *nspname)
{
	NameData name = {0};
	Acl *acl = InitialNamespaceAcl(oid);
	Datum values[Natts_pg_namespace] = {
		ObjectIdGetDatum(oid), NameGetDatum(&name),
		ObjectIdGetDatum(oid == PG_PUBLIC_NAMESPACE ? ROLE_PG_DATABASE_OWNER
	                                                : BOOTSTRAP_SUPERUSERID),
		PointerGetDatum(acl)};
	bool nulls[Natts_pg_namespace] = {[Anum_pg_namespace_nspacl - 1] =
	                                      acl == NULL};

	strlcpy(NameStr(name), nspname, NAMEDATALEN);
	InsertRow(NamespaceRelationId, values, nulls);
}

static void
InsertDatabase(void)
{
	NameData name = {.data = "postgres"};
	Datum values[] = {
		ObjectIdGetDatum(POSTGRES_DATABASE_OID),
		NameGetDatum(&name),
		ObjectIdGetDatum(BOOTSTRAP_SUPERUSERID),
		Int32GetDatum(PG_UTF8),
		CharGetDatum('c'),   /* datlocprovider */
		BoolGetDatum(false), /* datistemplate */
		BoolGetDatum(true),  /* datallowconn */
		Int32GetDatum(-1),   /* datconnlimit */
		TransactionIdGetDatum(FirstNormalTransactionId),
		TransactionIdGetDatum(1), /* datminmxid */
		ObjectIdGetDatum(DEFAULTTABLESPACE_OID),
		CStringGetTextDatum("C"), /* datcollate */
		CStringGetTextDatum("C"), /* datctype */
		(Datum) 0,
		(Datum) 0,
		(Datum) 0,
	};
	bool nulls[lengthof(values)] = {[13] = true, [14] = true, [15] = true};

	InsertRow(DatabaseRelationId, values, nulls);
}

/* The superuser has the name of the user who owns the files. */
static void
InsertSuperuser(void)
{
	struct passwd *pw = getpwuid(geteuid());
	NameData name = {0};
	Datum values[] = {
		ObjectIdGetDatum(BOOTSTRAP_SUPERUSERID),
		NameGetDatum(&name),
		BoolGetDatum(true), /* rolsuper */
		BoolGetDatum(true), /* rolinherit */
		BoolGetDatum(true), /* rolcreaterole */
		BoolGetDatum(true), /* rolcreatedb */
		BoolGetDatum(true), /* rolcanlogin */
		BoolGetDatum(true), /* rolreplication */
		BoolGetDatum(true), /* rolbypassrls */
		Int32GetDatum(-1),  /* rolconnlimit */
		(Datum) 0,
		(Datum) 0,
	};
	bool nulls[lengthof(values)] = {[10] = true, [11] = true};

	strlcpy(NameStr(name), pw ? pw->pw_name : "postgres", NAMEDATALEN);
	InsertRow(AuthIdRelationId, values, nulls);
}

static void
InsertPredefinedRole(Oid oid, const char *rolname)
{
	NameData name = {0};
	Datum values[Natts_pg_authid] = {
		[Anum_pg_authid_oid - 1] = ObjectIdGetDatum(oid),
		[Anum_pg_authid_rolname - 1] = NameGetDatum(&name),
		[Anum_pg_authid_rolinherit - 1] = BoolGetDatum(true),
		[Anum_pg_authid_rolconnlimit - 1] = Int32GetDatum(-1),
	};
	bool nulls[Natts_pg_authid] = {
		[Anum_pg_authid_rolpassword - 1] = true,
		[Anum_pg_authid_rolvaliduntil - 1] = true,
	};

	strlcpy(NameStr(name), rolname, NAMEDATALEN);
	InsertRow(AuthIdRelationId, values, nulls);
}

static void
InsertPredefinedMembership(Oid roleid, Oid member)
{
	Datum values[Natts_pg_auth_members] = {
		ObjectIdGetDatum(roleid), ObjectIdGetDatum(member),
		ObjectIdGetDatum(BOOTSTRAP_SUPERUSERID), BoolGetDatum(false)};
	bool nulls[Natts_pg_auth_members] = {false};

	InsertRow(AuthMemRelationId, values, nulls);
}

/*
 * Those of PostgreSQL's that mean something here.  Left out are
 * pg_execute_server_program (there is no COPY ... PROGRAM) and
 * pg_stat_scan_tables (no function would ask for it).
 */
static void
InsertPredefinedRoles(void)
{
	InsertPredefinedRole(ROLE_PG_DATABASE_OWNER, "pg_database_owner");
	InsertPredefinedRole(ROLE_PG_READ_ALL_DATA, "pg_read_all_data");
	InsertPredefinedRole(ROLE_PG_WRITE_ALL_DATA, "pg_write_all_data");
	InsertPredefinedRole(ROLE_PG_MONITOR, "pg_monitor");
	InsertPredefinedRole(ROLE_PG_READ_ALL_SETTINGS, "pg_read_all_settings");
	InsertPredefinedRole(ROLE_PG_READ_ALL_STATS, "pg_read_all_stats");
	InsertPredefinedRole(ROLE_PG_READ_SERVER_FILES, "pg_read_server_files");
	InsertPredefinedRole(ROLE_PG_WRITE_SERVER_FILES, "pg_write_server_files");
	InsertPredefinedRole(ROLE_PG_SIGNAL_BACKEND, "pg_signal_backend");
	InsertPredefinedRole(ROLE_PG_CHECKPOINT, "pg_checkpoint");
	InsertPredefinedMembership(ROLE_PG_READ_ALL_SETTINGS, ROLE_PG_MONITOR);
	InsertPredefinedMembership(ROLE_PG_READ_ALL_STATS, ROLE_PG_MONITOR);
}

static void
FillCatalogs(void)
{
	StartTransactionCommand();
	CreateCatalogs();
	CreateSystemViews();
	InsertNamespace(PG_CATALOG_NAMESPACE, "pg_catalog");
	InsertNamespace(PG_TOAST_NAMESPACE, "pg_toast");
	InsertNamespace(PG_PUBLIC_NAMESPACE, "public");
	InsertDatabase();
	InsertSuperuser();
	InsertPredefinedRoles();
	INJECTION_POINT("boot-commit");
	CommitTransactionCommand();
}

/* As a clean stop; what makes the directory a cluster is written last. */
static void
FlushEverything(void)
{
	ShutdownXLOG();
	for (Size i = 0; i < lengthof(subdirs); i++)
		fsync_fname(subdirs[i], true);
	WriteVersionFile("base/5");
	fsync_fname("base/5", true);
	WriteVersionFile(".");
	fsync_fname(".", true);
}

void
BootstrapCluster(void)
{
	Assert(MyProc != NULL);
	MakeDirectories();
	BootStrapXLOG(true);
	BootStrapCLOG();
	CreateAuxProcessResourceOwner();
	CurrentResourceOwner = AuxProcessResourceOwner;
	StartupXLOG();

	MyDatabaseId = POSTGRES_DATABASE_OID;
	MyDatabaseTableSpace = DEFAULTTABLESPACE_OID;
	RelationCacheInitialize();
	FillCatalogs();
	/* the transaction took its owner along; buffers are pinned once more */
	CurrentResourceOwner = AuxProcessResourceOwner;
	FlushEverything();
}

/* ---- postmaster --boot ---- */

/* Missing: made.  There, but not empty: refused. */
static void
PrepareDataDirectory(const char *datadir)
{
	DIR *dir;
	struct dirent *de;

	if (mkdir(datadir, 0700) == 0)
		return;
	if (errno != EEXIST)
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg("could not create directory \"%s\": %m", datadir)));
	dir = opendir(datadir);
	if (dir == NULL)
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg("could not open directory \"%s\": %m", datadir)));
	while ((de = readdir(dir)) != NULL)
	{
		if (strcmp(de->d_name, ".") == 0 || strcmp(de->d_name, "..") == 0)
			continue;
		ereport(FATAL,
		        (errcode(ERRCODE_DUPLICATE_FILE),
		         errmsg("directory \"%s\" exists but is not empty", datadir),
		         errhint("Remove what is in it, or name another directory.")));
	}
	closedir(dir);
	if (chmod(datadir, 0700) != 0)
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not change permissions of directory "
		                       "\"%s\": %m",
		                       datadir)));
}

void
BootstrapModeMain(const char *datadir)
{
	Assert(!IsUnderPostmaster);
	InitProcessGlobals();
	InitializeGUCOptions();
	/* lines about checkpoints are no news here */
	SetConfigOption("log_min_messages", "fatal", PGC_POSTMASTER,
	                PGC_S_OVERRIDE);
	InjectionPointShmemInit();
	InjectionPointArmFromEnvironment();
	PrepareDataDirectory(datadir);
	SetDataDir(datadir);
	ChangeToDataDir();
	hnsw_init();
	ivfflat_init();
	InitHeapReloptions();

	SetConfigOption("shared_buffers", BOOT_SHARED_BUFFERS, PGC_POSTMASTER,
	                PGC_S_OVERRIDE);
	SetConfigOption("index_cache_size", "0", PGC_POSTMASTER, PGC_S_OVERRIDE);
	PostmasterPid = MyProcPid;
	InitFileAccess();
	InitializeMaxBackends();
	InitPostmasterDeathWatchHandle();
	CreateSharedMemoryAndSemaphores();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	InitializeTimeouts();
	InitProcess();
	BaseInit();
	InitProcessPhase2();
	BootstrapCluster();
	proc_exit(0);
}
