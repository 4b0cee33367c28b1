/*
 * guc_tables.c
 *		The settings: name, context, default, range and variable of each.
 *
 * Names, contexts, defaults and ranges are PostgreSQL 15's.  A variable lives
 * in the file of the subsystem that obeys it; those that several obey, or that
 * only a client looks at, live here.  Access methods add theirs by
 * DefineCustomIntVariable and its sisters.
 */
#include "postgres.h"

#include <float.h>

#include <strings.h>

#include "access/toast_compression.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlogutils.h"
#include "commands/vacuum.h"
#include "commands/variable.h"
#include "libpq/attach_be.h"
#include "libpq/hba.h"
#include "libpq/ring.h"
#include "miscadmin.h"
#include "parallel/index_build.h"
#include "pgstat.h"
#include "postmaster/autovacuum.h"
#include "postmaster/startup.h"
#include "postmaster/walwriter.h"
#include "storage/bufmgr.h"
#include "storage/direct.h"
#include "storage/dsm_impl.h"
#include "storage/fd.h"
#include "storage/indexcache.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "tcop/tcopprot.h"
#include "utils/guc_tables.h"
#include "utils/plancache.h"
#include "utils/queryjumble.h"

#define MAX_KILOBYTES INT_MAX

/* ---- variables whose home is here ---- */

bool enableFsync = true;
char *application_name = NULL;
char *unix_socket_directories = NULL;
char *listen_addresses = NULL;
char *Unix_socket_group = NULL;
char *Unix_socket_permissions = NULL;
int PostPortNumber = 5432;
int ReservedBackends = 3;
int AuthenticationTimeout = 60;
bool restart_after_crash = true;
int stop_without_clients = -1;
bool remove_temp_files_after_crash = true;
bool log_connections = false;
bool log_disconnections = false;
int log_min_duration_statement = -1;
int log_parameter_max_length_on_error = 0;
int CheckPointTimeout = 300;
int CheckPointWarning = 30;
double CheckPointCompletionTarget = 0.9;
bool log_checkpoints = true;
int BgWriterDelay = 200;
int huge_pages = HUGE_PAGES_TRY;
int IdleSessionTimeout = 0;
bool synchronize_seqscans = true;
bool pgstat_track_activities = true;
int pgstat_track_activity_query_size = 1024;
int extra_float_digits = 1;
int min_parallel_table_scan_size = 1024;
int min_parallel_index_scan_size = 64;
char *namespace_search_path = NULL;
char *client_encoding_string = NULL;
char *datestyle_string = NULL;
char *timezone_string = NULL;
int DefaultXactIsoLevel = 1;
bool DefaultXactReadOnly = false;
int bytea_output = 1;
char *shared_preload_libraries_string = NULL;

/* the planner's */
bool enable_seqscan = true;
bool enable_indexscan = true;
bool enable_sort = true;
bool enable_material = true;
bool enable_nestloop = true;
bool enable_bitmapscan = true;
bool enable_indexonlyscan = true;
double seq_page_cost = 1.0;
double random_page_cost = 4.0;
double cpu_tuple_cost = 0.01;
double cpu_index_tuple_cost = 0.005;
double cpu_operator_cost = 0.0025;
int effective_cache_size = 524288;

/*
 * Set by clients and by the scripts that pg_dump writes; true whatever they are
 * set to, as what they are about is not there: row security, functions, XML,
 * triggers, JIT, and kinds of plans that the planner never chooses.
 */
static bool row_security = true;
static bool check_function_bodies = true;
static int xmloption = 0;
static int xmlbinary = 0;
static int session_replication_role = 0;
static bool jit_enabled = true;
static bool enable_hashagg = true;
static bool enable_hashjoin = true;
static bool enable_mergejoin = true;
static bool enable_incremental_sort = true;
static bool enable_memoize = true;
static bool enable_tidscan = true;
static bool enable_gathermerge = true;
static bool enable_parallel_append = true;
static bool enable_parallel_hash = true;
static bool escape_string_warning = true;
static int max_parallel_workers_per_gather = 2;
/* that have one value here */
static bool standard_conforming_strings = true;
static int Password_encryption = 0;
static char *default_tablespace = NULL;
static char *temp_tablespaces = NULL;
static char *default_table_access_method = NULL;

/* shown only */
static char *server_version_string = NULL;
static int server_version_num = 150020;
static char *server_encoding_string = NULL;
static char *session_authorization_string = NULL;
static char *role_string = NULL;
static char *intervalstyle_string = NULL;
static char *data_directory_string = NULL;
static char *lc_collate_string = NULL;
static char *lc_ctype_string = NULL;
static bool integer_datetimes = true;
static bool session_is_superuser = true;
static bool in_hot_standby = false;
static int block_size = BLCKSZ;
static int wal_block_size = XLOG_BLCKSZ;
static int segment_size = RELSEG_SIZE;
static int max_index_keys = INDEX_MAX_KEYS;
static int max_function_args = FUNC_MAX_ARGS;
static int max_identifier_length = NAMEDATALEN - 1;
static int shared_memory_type = 0;
bool data_checksums = true;

static const struct config_enum_entry server_message_level_options[] = {
	{"debug5", DEBUG5, false},   {"debug4", DEBUG4, false},
	{"debug3", DEBUG3, false},   {"debug2", DEBUG2, false},
	{"debug1", DEBUG1, false},   {"debug", DEBUG2, true},
	{"info", INFO, false},       {"notice", NOTICE, false},
	{"warning", WARNING, false}, {"error", ERROR, false},
	{"log", LOG, false},         {"fatal", FATAL, false},
	{"panic", PANIC, false},     {NULL, 0, false}};

static const struct config_enum_entry client_message_level_options[] = {
	{"debug5", DEBUG5, false}, {"debug4", DEBUG4, false},
	{"debug3", DEBUG3, false}, {"debug2", DEBUG2, false},
	{"debug1", DEBUG1, false}, {"debug", DEBUG2, true},
	{"log", LOG, false},       {"info", INFO, true},
	{"notice", NOTICE, false}, {"warning", WARNING, false},
	{"error", ERROR, false},   {NULL, 0, false}};

static const struct config_enum_entry log_statement_options[] = {
	{"none", LOGSTMT_NONE, false},
	{"ddl", LOGSTMT_DDL, false},
	{"mod", LOGSTMT_MOD, false},
	{"all", LOGSTMT_ALL, false},
	{NULL, 0, false}};

static const struct config_enum_entry huge_pages_options[] = {
	{"off", 0, false}, {"on", 1, false},   {"try", 2, false},
	{"true", 1, true}, {"false", 0, true}, {NULL, 0, false}};

static const struct config_enum_entry shared_memory_options[] = {
	{"mmap", 0, false}, {NULL, 0, false}};

static const struct config_enum_entry dynamic_shared_memory_options[] = {
	{"posix", DSM_IMPL_POSIX, false},
	{"mmap", DSM_IMPL_MMAP, false},
	{NULL, 0, false}};

static const struct config_enum_entry wal_level_options[] = {
	{"minimal", WAL_LEVEL_MINIMAL, false},
	{"replica", WAL_LEVEL_REPLICA, false},
	{"archive", WAL_LEVEL_REPLICA, true},
	{"hot_standby", WAL_LEVEL_REPLICA, true},
	{NULL, 0, false}};

static const struct config_enum_entry sync_method_options[] = {
	{"fsync", SYNC_METHOD_FSYNC, false},
	{"fdatasync", SYNC_METHOD_FDATASYNC, false},
	{"open_sync", SYNC_METHOD_OPEN, false},
	{"open_datasync", SYNC_METHOD_OPEN_DSYNC, false},
	{NULL, 0, false}};

static const struct config_enum_entry wal_compression_options[] = {
	{"pglz", WAL_COMPRESSION_PGLZ, false},
	{"lz4", WAL_COMPRESSION_LZ4, false},
	{"on", WAL_COMPRESSION_PGLZ, false},
	{"off", WAL_COMPRESSION_NONE, false},
	{"true", WAL_COMPRESSION_PGLZ, true},
	{"false", WAL_COMPRESSION_NONE, true},
	{"yes", WAL_COMPRESSION_PGLZ, true},
	{"no", WAL_COMPRESSION_NONE, true},
	{"1", WAL_COMPRESSION_PGLZ, true},
	{"0", WAL_COMPRESSION_NONE, true},
	{NULL, 0, false}};

static const struct config_enum_entry toast_compression_options[] = {
	{"pglz", TOAST_PGLZ_COMPRESSION, false},
	{"lz4", TOAST_LZ4_COMPRESSION, false},
	{NULL, 0, false}};

/* Without followers all but "off" wait for the local disk. */
static const struct config_enum_entry synchronous_commit_options[] = {
	{"local", SYNCHRONOUS_COMMIT_LOCAL_FLUSH, false},
	{"remote_write", SYNCHRONOUS_COMMIT_REMOTE_WRITE, false},
	{"remote_apply", SYNCHRONOUS_COMMIT_REMOTE_APPLY, false},
	{"on", SYNCHRONOUS_COMMIT_ON, false},
	{"off", SYNCHRONOUS_COMMIT_OFF, false},
	{"true", SYNCHRONOUS_COMMIT_ON, true},
	{"false", SYNCHRONOUS_COMMIT_OFF, true},
	{"yes", SYNCHRONOUS_COMMIT_ON, true},
	{"no", SYNCHRONOUS_COMMIT_OFF, true},
	{"1", SYNCHRONOUS_COMMIT_ON, true},
	{"0", SYNCHRONOUS_COMMIT_OFF, true},
	{NULL, 0, false}};

/* Values as in XACT_READ_COMMITTED and so on; SERIALIZABLE is not offered. */
static const struct config_enum_entry isolation_level_options[] = {
	{"repeatable read", 2, false},
	{"read committed", 1, false},
	{"read uncommitted", 0, false},
	{NULL, 0, false}};

static const struct config_enum_entry xmloption_options[] = {
	{"content", 0, false}, {"document", 1, false}, {NULL, 0, false}};

static const struct config_enum_entry xmlbinary_options[] = {
	{"base64", 0, false}, {"hex", 1, false}, {NULL, 0, false}};

static const struct config_enum_entry session_replication_role_options[] = {
	{"origin", 0, false},
	{"replica", 1, false},
	{"local", 2, false},
	{NULL, 0, false}};

static const struct config_enum_entry plan_cache_mode_options[] = {
	{"auto", PLAN_CACHE_MODE_AUTO, false},
	{"force_generic_plan", PLAN_CACHE_MODE_FORCE_GENERIC_PLAN, false},
	{"force_custom_plan", PLAN_CACHE_MODE_FORCE_CUSTOM_PLAN, false},
	{NULL, 0, false}};

static bool
check_standard_conforming_strings(int newval, const char **detail)
{
	*detail = "Backslashes in '...' strings are always taken literally.";
	return newval;
}

/* Octal, as PostgreSQL shows it. */
static bool
check_socket_permissions(const char **newval, const char **detail)
{
	size_t length = strlen(*newval);

	*detail = "unix_socket_permissions is an octal number from 0000 to 0777.";
	return length > 0 && length <= 4 && strspn(*newval, "01234567") == length &&
	       strtol(*newval, NULL, 8) <= 0777;
}

static bool
check_no_tablespace(const char **newval, const char **detail)
{
	*detail = psprintf("Tablespace \"%s\" does not exist.", *newval);
	return **newval == '\0';
}

static bool
check_table_access_method(const char **newval, const char **detail)
{
	*detail = psprintf("Table access method \"%s\" does not exist.", *newval);
	return strcmp(*newval, "heap") == 0;
}

static const struct config_enum_entry password_encryption_options[] = {
	{"scram-sha-256", 0, false}, {NULL, 0, false}};

static const struct config_enum_entry compute_query_id_options[] = {
	{"auto", COMPUTE_QUERY_ID_AUTO, false},
	{"regress", COMPUTE_QUERY_ID_REGRESS, false},
	{"on", COMPUTE_QUERY_ID_ON, false},
	{"off", COMPUTE_QUERY_ID_OFF, false},
	{"true", COMPUTE_QUERY_ID_ON, true},
	{"false", COMPUTE_QUERY_ID_OFF, true},
	{"yes", COMPUTE_QUERY_ID_ON, true},
	{"no", COMPUTE_QUERY_ID_OFF, true},
	{"1", COMPUTE_QUERY_ID_ON, true},
	{"0", COMPUTE_QUERY_ID_OFF, true},
	{NULL, 0, false}};

static const struct config_enum_entry attach_options[] = {
	{"off", ATTACH_OFFER_OFF, false},
	{"rings", ATTACH_OFFER_RINGS, false},
	{"direct", ATTACH_OFFER_DIRECT, false},
	{NULL, 0, false}};

static const struct config_enum_entry bytea_output_options[] = {
	{"escape", 0, false}, {"hex", 1, false}, {NULL, 0, false}};

#define B(name, ctx, fl, var, boot, desc)                          \
	{                                                              \
		name, desc, ctx, fl, PGC_BOOL, var, boot, 0, 0, NULL, NULL \
	}
#define BC(name, ctx, fl, var, boot, check, desc)                         \
	{                                                                     \
		name, desc, ctx, fl, PGC_BOOL, var, boot, 0, 0, NULL, NULL, check \
	}
#define I(name, ctx, fl, var, boot, lo, hi, desc)                   \
	{                                                               \
		name, desc, ctx, fl, PGC_INT, var, boot, lo, hi, NULL, NULL \
	}
#define IC(name, ctx, fl, var, boot, lo, hi, check, desc)                  \
	{                                                                      \
		name, desc, ctx, fl, PGC_INT, var, boot, lo, hi, NULL, NULL, check \
	}
#define R(name, ctx, fl, var, boot, lo, hi, desc)                    \
	{                                                                \
		name, desc, ctx, fl, PGC_REAL, var, boot, lo, hi, NULL, NULL \
	}
#define S(name, ctx, fl, var, boot, check, desc)                      \
	{                                                                 \
		name, desc, ctx, fl, PGC_STRING, var, boot, 0, 0, NULL, check \
	}
#define E(name, ctx, fl, var, boot, opts, desc)                    \
	{                                                              \
		name, desc, ctx, fl, PGC_ENUM, var, boot, 0, 0, opts, NULL \
	}

/* clang-format off */
config_generic ConfigureNames[] = {
	/* connections */
	I("max_connections", PGC_POSTMASTER, 0, &MaxConnections, "100", 1, MAX_BACKENDS,
	  "Sets the maximum number of concurrent connections."),
	I("superuser_reserved_connections", PGC_POSTMASTER, 0, &ReservedBackends, "3", 0, MAX_BACKENDS,
	  "Sets the number of connection slots reserved for superusers."),
	I("port", PGC_POSTMASTER, 0, &PostPortNumber, "5432", 1, 65535,
	  "Sets the port the server listens on, and the name of its Unix socket."),
	S("listen_addresses", PGC_POSTMASTER, 0, &listen_addresses, "", NULL,
	  "Sets the addresses of this host to listen on; empty: the Unix sockets only."),
	S("unix_socket_directories", PGC_POSTMASTER, 0, &unix_socket_directories, "", NULL,
	  "Sets the directories of the Unix sockets; empty: the data directory."),
	S("unix_socket_group", PGC_POSTMASTER, 0, &Unix_socket_group, "", NULL,
	  "Sets the group that owns the Unix sockets."),
	S("unix_socket_permissions", PGC_POSTMASTER, 0, &Unix_socket_permissions, "0700", check_socket_permissions,
	  "Sets the access permissions of the Unix sockets, as chmod has them."),
	S("hba_file", PGC_POSTMASTER, 0, &HbaFileName, "", NULL,
	  "Sets the file of the rules who may connect; empty: pg_hba.conf in the data directory."),
	S("ident_file", PGC_POSTMASTER, 0, &IdentFileName, "", NULL,
	  "Sets the file of the maps of users to roles; empty: pg_ident.conf in the data directory."),
	E("password_encryption", PGC_USERSET, 0, &Password_encryption, "scram-sha-256", password_encryption_options,
	  "Chooses the algorithm for encrypting passwords."),
	I("authentication_timeout", PGC_SIGHUP, GUC_UNIT_S, &AuthenticationTimeout, "60", 1, 600,
	  "Sets the maximum time to complete a connection's start-up."),
	I("stop_without_clients", PGC_POSTMASTER, GUC_UNIT_MS, &stop_without_clients, "-1", -1, INT_MAX,
	  "Stops the server so long after its last client has left; -1: never."),
	E("attach", PGC_SIGHUP, 0, &attach_offered, "direct", attach_options,
	  "What clients of this host may attach to: nothing, rings for their messages, or also the pages of the server."),
	I("ring_spin", PGC_USERSET, 0, &ring_spin, "50", 0, RING_SPIN_MAX_US,
	  "Longest time that a backend spins for an attached client, in microseconds; 0 is never."),
	B("log_connections", PGC_SU_BACKEND, 0, &log_connections, "off", "Logs each successful connection."),
	B("log_disconnections", PGC_SU_BACKEND, 0, &log_disconnections, "off", "Logs the end of a session."),

	/* memory */
	I("shared_buffers", PGC_POSTMASTER, GUC_UNIT_BLOCKS, &NBuffers, "16384", 16, INT_MAX / 2,
	  "Sets the number of shared memory buffers used by the server."),
	IC("temp_buffers", PGC_USERSET, GUC_UNIT_BLOCKS, &num_temp_buffers, "1024", 100, INT_MAX / 2,
	  check_temp_buffers, "Sets the maximum number of temporary buffers used by each session."),
	I("index_cache_size", PGC_POSTMASTER, GUC_UNIT_KB, &index_cache_size, "65536", 0, MAX_KILOBYTES,
	  "Sets the shared memory for copies of indexes, or codes of their rows, in a form that is fast to search; 0: none."),
	I("work_mem", PGC_USERSET, GUC_UNIT_KB, &work_mem, "4096", 64, MAX_KILOBYTES,
	  "Sets the maximum memory to be used for query workspaces."),
	I("temp_file_limit", PGC_SUSET, GUC_UNIT_KB, &temp_file_limit, "-1", -1, INT_MAX,
	  "Limits the total size of all temporary files used by each process."),
	I("log_temp_files", PGC_SUSET, GUC_UNIT_KB, &log_temp_files, "-1", -1, INT_MAX,
	  "Log the use of temporary files larger than this number of kilobytes."),
	I("maintenance_work_mem", PGC_USERSET, GUC_UNIT_KB, &maintenance_work_mem, "65536", 1024, MAX_KILOBYTES,
	  "Sets the maximum memory to be used for maintenance operations."),
	E("huge_pages", PGC_POSTMASTER, 0, &huge_pages, "try", huge_pages_options,
	  "Use of huge pages for shared memory."),
	E("shared_memory_type", PGC_POSTMASTER, 0, &shared_memory_type, "mmap", shared_memory_options,
	  "Selects the shared memory implementation used for the main segment."),

	E("dynamic_shared_memory_type", PGC_POSTMASTER, 0, &dynamic_shared_memory_type, "posix", dynamic_shared_memory_options,
	  "Selects the dynamic shared memory implementation used."),

	/* workers */
	I("max_worker_processes", PGC_POSTMASTER, 0, &max_worker_processes, "8", 0, MAX_BACKENDS,
	  "Maximum number of concurrent worker processes."),
	I("max_parallel_workers", PGC_USERSET, 0, &max_parallel_workers, "8", 0, 1024,
	  "Sets the maximum number of parallel workers that can be active at one time."),
	I("max_parallel_maintenance_workers", PGC_USERSET, 0, &max_parallel_maintenance_workers, "2", 0, 1024,
	  "Sets the maximum number of parallel processes per maintenance operation."),
	B("parallel_leader_participation", PGC_USERSET, 0, &parallel_leader_participation, "on",
	  "Controls whether the leader takes part in a parallel operation itself."),
	I("min_parallel_table_scan_size", PGC_USERSET, GUC_UNIT_BLOCKS, &min_parallel_table_scan_size, "1024", 0, INT_MAX / 3,
	  "Sets the minimum amount of table data for a parallel scan."),
	I("min_parallel_index_scan_size", PGC_USERSET, GUC_UNIT_BLOCKS, &min_parallel_index_scan_size, "64", 0, INT_MAX / 3,
	  "Sets the minimum amount of index data for a parallel scan."),

	/* locks and timeouts */
	I("max_locks_per_transaction", PGC_POSTMASTER, 0, &max_locks_per_xact, "64", 10, INT_MAX,
	  "Sets the maximum number of locks per transaction."),
	I("deadlock_timeout", PGC_SUSET, GUC_UNIT_MS, &DeadlockTimeout, "1000", 1, INT_MAX,
	  "Sets the time to wait on a lock before checking for deadlock."),
	I("lock_timeout", PGC_USERSET, GUC_UNIT_MS, &LockTimeout, "0", 0, INT_MAX,
	  "Sets the maximum allowed duration of any wait for a lock."),
	I("statement_timeout", PGC_USERSET, GUC_UNIT_MS, &StatementTimeout, "0", 0, INT_MAX,
	  "Sets the maximum allowed duration of any statement."),
	I("idle_in_transaction_session_timeout", PGC_USERSET, GUC_UNIT_MS, &IdleInTransactionSessionTimeout, "0", 0, INT_MAX,
	  "Sets the maximum allowed idle time between queries, when in a transaction."),
	I("idle_session_timeout", PGC_USERSET, GUC_UNIT_MS, &IdleSessionTimeout, "0", 0, INT_MAX,
	  "Sets the maximum allowed idle time between queries, when not in a transaction."),
	I("client_connection_check_interval", PGC_USERSET, GUC_UNIT_MS, &client_connection_check_interval, "1000", 0, INT_MAX,
	  "Sets the time interval between checks for disconnection while running queries."),
	I("reader_timeout", PGC_USERSET, GUC_UNIT_MS, &reader_timeout, "10000", 0, INT_MAX,
	  "Sets the time after which a search of an attached client holds nothing back any more; 0: never."),
	B("log_lock_waits", PGC_SUSET, 0, &log_lock_waits, "off", "Logs long lock waits."),

	/* storage */
	B("fsync", PGC_SIGHUP, 0, &enableFsync, "on", "Forces synchronization of updates to disk."),
	B("data_checksums", PGC_INTERNAL, 0, &data_checksums, "on", "Shows whether data checksums are turned on."),
	B("ignore_checksum_failure", PGC_SUSET, 0, &ignore_checksum_failure, "off",
	  "Continues processing after a checksum failure."),
	B("zero_damaged_pages", PGC_SUSET, 0, &zero_damaged_pages, "off",
	  "Continues processing past damaged page headers."),
	I("effective_io_concurrency", PGC_USERSET, 0, &effective_io_concurrency, "1", 0, 1000,
	  "Number of simultaneous requests that can be handled by the disk subsystem."),
	I("maintenance_io_concurrency", PGC_USERSET, 0, &maintenance_io_concurrency, "10", 0, 1000,
	  "The same for maintenance work."),
	I("max_files_per_process", PGC_POSTMASTER, 0, &max_files_per_process, "1000", 64, INT_MAX,
	  "Sets the maximum number of files each server process may have open."),
	B("data_sync_retry", PGC_POSTMASTER, 0, &data_sync_retry, "off",
	  "Whether to continue running after a failure to sync data files."),
	I("backend_flush_after", PGC_USERSET, GUC_UNIT_BLOCKS, &backend_flush_after, "0", 0, 256,
	  "Number of pages after which a backend's writes are flushed to disk."),
	I("bgwriter_flush_after", PGC_SIGHUP, GUC_UNIT_BLOCKS, &bgwriter_flush_after, "64", 0, 256,
	  "Number of pages after which the background writer's writes are flushed."),
	I("checkpoint_flush_after", PGC_SIGHUP, GUC_UNIT_BLOCKS, &checkpoint_flush_after, "32", 0, 256,
	  "Number of pages after which a checkpoint's writes are flushed to disk."),
	I("bgwriter_delay", PGC_SIGHUP, GUC_UNIT_MS, &BgWriterDelay, "200", 10, 10000,
	  "Background writer sleep time between rounds."),
	I("bgwriter_lru_maxpages", PGC_SIGHUP, 0, &bgwriter_lru_maxpages, "100", 0, INT_MAX / 2,
	  "Background writer maximum number of pages to flush per round."),
	R("bgwriter_lru_multiplier", PGC_SIGHUP, 0, &bgwriter_lru_multiplier, "2", 0, 10,
	  "Multiple of the average buffer usage to free per round."),
	I("checkpoint_timeout", PGC_SIGHUP, GUC_UNIT_S, &CheckPointTimeout, "300", 30, 86400,
	  "Sets the maximum time between automatic checkpoints."),
	R("checkpoint_completion_target", PGC_SIGHUP, 0, &CheckPointCompletionTarget, "0.9", 0, 1,
	  "Time spent flushing dirty buffers during a checkpoint, as a fraction of the interval."),
	I("checkpoint_warning", PGC_SIGHUP, GUC_UNIT_S, &CheckPointWarning, "30", 0, INT_MAX,
	  "Sets the maximum time before warning if checkpoints triggered by WAL volume happen too frequently."),
	I("log_startup_progress_interval", PGC_SIGHUP, GUC_UNIT_MS, &log_startup_progress_interval, "10000", 0, INT_MAX,
	  "Time between progress updates for long-running startup operations."),
	B("ignore_invalid_pages", PGC_POSTMASTER, 0, &ignore_invalid_pages, "off",
	  "Continues recovery after an invalid pages failure."),
	B("log_checkpoints", PGC_SIGHUP, 0, &log_checkpoints, "on", "Logs each checkpoint."),
	B("synchronize_seqscans", PGC_USERSET, 0, &synchronize_seqscans, "on",
	  "Enables synchronized sequential scans."),
	B("restart_after_crash", PGC_SIGHUP, 0, &restart_after_crash, "on",
	  "Reinitializes the server after a backend crashed."),
	B("remove_temp_files_after_crash", PGC_SIGHUP, 0, &remove_temp_files_after_crash, "on",
	  "Removes temporary files after a backend crashed."),

	/* vacuum */
	I("vacuum_freeze_min_age", PGC_USERSET, 0, &vacuum_freeze_min_age, "50000000", 0, 1000000000,
	  "Minimum age at which VACUUM should freeze a table row."),
	I("vacuum_freeze_table_age", PGC_USERSET, 0, &vacuum_freeze_table_age, "150000000", 0, 2000000000,
	  "Age at which VACUUM should scan whole table to freeze tuples."),
	I("vacuum_failsafe_age", PGC_USERSET, 0, &vacuum_failsafe_age, "1600000000", 0, 2100000000,
	  "Age at which VACUUM should trigger failsafe to avoid a wraparound outage."),
	R("vacuum_cost_delay", PGC_USERSET, GUC_UNIT_MS, &VacuumCostDelay, "0", 0, 100,
	  "Vacuum cost delay in milliseconds."),
	I("vacuum_cost_limit", PGC_USERSET, 0, &VacuumCostLimit, "200", 1, 10000,
	  "Vacuum cost amount available before napping."),
	I("vacuum_cost_page_hit", PGC_USERSET, 0, &VacuumCostPageHit, "1", 0, 10000,
	  "Vacuum cost for a page found in the buffer cache."),
	I("vacuum_cost_page_miss", PGC_USERSET, 0, &VacuumCostPageMiss, "2", 0, 10000,
	  "Vacuum cost for a page not found in the buffer cache."),
	I("vacuum_cost_page_dirty", PGC_USERSET, 0, &VacuumCostPageDirty, "20", 0, 10000,
	  "Vacuum cost for a page dirtied by vacuum."),
	B("autovacuum", PGC_SIGHUP, 0, &autovacuum_start_daemon, "on", "Starts the autovacuum subprocess."),
	I("autovacuum_max_workers", PGC_POSTMASTER, 0, &autovacuum_max_workers, "3", 1, 1024,
	  "Sets the maximum number of simultaneously running autovacuum worker processes."),
	I("autovacuum_work_mem", PGC_SIGHUP, GUC_UNIT_KB, &autovacuum_work_mem, "-1", -1, MAX_KILOBYTES,
	  "Sets the maximum memory to be used by each autovacuum worker process."),
	I("autovacuum_naptime", PGC_SIGHUP, GUC_UNIT_S, &autovacuum_naptime, "60", 1, INT_MAX / 1000,
	  "Time to sleep between autovacuum runs."),
	I("autovacuum_vacuum_threshold", PGC_SIGHUP, 0, &autovacuum_vac_thresh, "50", 0, INT_MAX,
	  "Minimum number of tuple updates or deletes prior to vacuum."),
	R("autovacuum_vacuum_scale_factor", PGC_SIGHUP, 0, &autovacuum_vac_scale, "0.2", 0, 100,
	  "Number of tuple updates or deletes prior to vacuum as a fraction of reltuples."),
	I("autovacuum_vacuum_insert_threshold", PGC_SIGHUP, 0, &autovacuum_vac_ins_thresh, "1000", -1, INT_MAX,
	  "Minimum number of tuple inserts prior to vacuum, or -1 to disable insert vacuums."),
	R("autovacuum_vacuum_insert_scale_factor", PGC_SIGHUP, 0, &autovacuum_vac_ins_scale, "0.2", 0, 100,
	  "Number of tuple inserts prior to vacuum as a fraction of reltuples."),
	I("autovacuum_analyze_threshold", PGC_SIGHUP, 0, &autovacuum_anl_thresh, "50", 0, INT_MAX,
	  "Minimum number of tuple inserts, updates, or deletes prior to analyze."),
	R("autovacuum_analyze_scale_factor", PGC_SIGHUP, 0, &autovacuum_anl_scale, "0.1", 0, 100,
	  "Number of tuple inserts, updates, or deletes prior to analyze as a fraction of reltuples."),
	I("autovacuum_freeze_max_age", PGC_POSTMASTER, 0, &autovacuum_freeze_max_age, "200000000", 100000, 2000000000,
	  "Age at which to autovacuum a table to prevent transaction ID wraparound."),
	R("autovacuum_vacuum_cost_delay", PGC_SIGHUP, GUC_UNIT_MS, &autovacuum_vac_cost_delay, "2", -1, 100,
	  "Vacuum cost delay in milliseconds, for autovacuum."),
	I("autovacuum_vacuum_cost_limit", PGC_SIGHUP, 0, &autovacuum_vac_cost_limit, "-1", -1, 10000,
	  "Vacuum cost amount available before napping, for autovacuum."),
	I("log_autovacuum_min_duration", PGC_SIGHUP, GUC_UNIT_MS, &Log_autovacuum_min_duration, "600000", -1, INT_MAX,
	  "Sets the minimum execution time above which autovacuum actions will be logged."),

	/* write-ahead log */
	E("wal_level", PGC_POSTMASTER, 0, &wal_level, "minimal", wal_level_options,
	  "Sets the level of information written to the WAL."),
	E("synchronous_commit", PGC_USERSET, 0, &synchronous_commit, "on", synchronous_commit_options,
	  "Sets the current transaction's synchronization level."),
	B("full_page_writes", PGC_SIGHUP, 0, &fullPageWrites, "on",
	  "Writes full pages to WAL when first modified after a checkpoint."),
	E("wal_sync_method", PGC_SIGHUP, 0, &sync_method, "fdatasync", sync_method_options,
	  "Selects the method used for forcing WAL updates to disk."),
	I("wal_buffers", PGC_POSTMASTER, GUC_UNIT_BLOCKS, &XLOGbuffers, "-1", -1, 262143,
	  "Sets the number of disk-page buffers in shared memory for WAL."),
	E("default_toast_compression", PGC_USERSET, 0, &default_toast_compression, "pglz", toast_compression_options,
	  "Sets the default compression method for compressible values."),
	E("wal_compression", PGC_SUSET, 0, &wal_compression, "off", wal_compression_options,
	  "Compresses full-page writes written in WAL file with specified method."),
	B("wal_log_hints", PGC_POSTMASTER, 0, &wal_log_hints, "off",
	  "Writes full pages to WAL when first modified after a checkpoint, even for a non-critical modification."),
	B("wal_init_zero", PGC_SUSET, 0, &wal_init_zero, "on", "Writes zeroes to new WAL files before first use."),
	B("wal_recycle", PGC_SUSET, 0, &wal_recycle, "on", "Recycles WAL files by renaming them."),
	I("wal_writer_delay", PGC_SIGHUP, GUC_UNIT_MS, &WalWriterDelay, "200", 1, 10000,
	  "Time between WAL flushes performed in the WAL writer."),
	I("wal_writer_flush_after", PGC_SIGHUP, GUC_UNIT_BLOCKS, &WalWriterFlushAfter, "128", 0, INT_MAX,
	  "Amount of WAL written out by WAL writer that triggers a flush."),
	I("commit_delay", PGC_SUSET, 0, &CommitDelay, "0", 0, 100000,
	  "Sets the delay in microseconds between transaction commit and flushing WAL to disk."),
	I("commit_siblings", PGC_USERSET, 0, &CommitSiblings, "5", 0, 1000,
	  "Sets the minimum number of concurrent open transactions required before performing commit_delay."),
	I("min_wal_size", PGC_SIGHUP, GUC_UNIT_MB, &min_wal_size_mb, "80", 2, INT_MAX,
	  "Sets the minimum size to shrink the WAL to."),
	I("max_wal_size", PGC_SIGHUP, GUC_UNIT_MB, &max_wal_size_mb, "1024", 2, INT_MAX,
	  "Sets the WAL size that triggers a checkpoint."),
	I("wal_keep_size", PGC_SIGHUP, GUC_UNIT_MB, &wal_keep_size_mb, "0", 0, INT_MAX,
	  "Sets the size of WAL files held for standby servers."),

	/* reporting */
	E("log_min_messages", PGC_SUSET, 0, &log_min_messages, "warning", server_message_level_options,
	  "Sets the message levels that are logged."),
	E("log_min_error_statement", PGC_SUSET, 0, &log_min_error_statement, "error", server_message_level_options,
	  "Causes statements that raise an error at or above this level to be logged."),
	E("client_min_messages", PGC_USERSET, 0, &client_min_messages, "notice", client_message_level_options,
	  "Sets the message levels that are sent to the client."),
	E("log_statement", PGC_SUSET, 0, &log_statement, "none", log_statement_options,
	  "Sets the type of statements logged."),
	S("log_line_prefix", PGC_SIGHUP, 0, &Log_line_prefix, "%m [%p] ", NULL,
	  "Controls information prefixed to each log line."),
	I("log_min_duration_statement", PGC_SUSET, GUC_UNIT_MS, &log_min_duration_statement, "-1", -1, INT_MAX,
	  "Sets the minimum execution time above which statements are logged."),
	I("log_parameter_max_length_on_error", PGC_USERSET, GUC_UNIT_BYTE, &log_parameter_max_length_on_error, "0", -1, INT_MAX / 2,
	  "Bytes of a parameter's value that an error in it shows; -1: all."),
	B("exit_on_error", PGC_USERSET, 0, &ExitOnAnyError, "off", "Terminates the session on any error."),
	B("track_counts", PGC_SUSET, 0, &pgstat_track_counts, "on",
	  "Collects statistics on database activity."),
	B("track_activities", PGC_SUSET, 0, &pgstat_track_activities, "on",
	  "Collects information about executing commands."),
	E("compute_query_id", PGC_SUSET, 0, &compute_query_id, "auto", compute_query_id_options,
	  "Enables in-core computation of query identifiers."),
	S("shared_preload_libraries", PGC_POSTMASTER, 0, &shared_preload_libraries_string, "pg_stat_statements", NULL,
	  "Lists shared libraries to preload into server."),
	I("track_activity_query_size", PGC_POSTMASTER, GUC_UNIT_BYTE, &pgstat_track_activity_query_size, "1024", 100, 1048576,
	  "Sets the size reserved for pg_stat_activity.query, in bytes."),

	/* planner */
	B("enable_seqscan", PGC_USERSET, 0, &enable_seqscan, "on", "Enables the planner's use of sequential-scan plans."),
	B("enable_index_cache", PGC_USERSET, 0, &enable_index_cache, "on", "Enables searches of copies of indexes in shared memory."),
	B("enable_indexscan", PGC_USERSET, 0, &enable_indexscan, "on", "Enables the planner's use of index-scan plans."),
	B("enable_indexonlyscan", PGC_USERSET, 0, &enable_indexonlyscan, "on", "Enables the planner's use of index-only-scan plans."),
	B("enable_bitmapscan", PGC_USERSET, 0, &enable_bitmapscan, "on", "Enables the planner's use of bitmap-scan plans."),
	B("enable_material", PGC_USERSET, 0, &enable_material, "on", "Enables the planner's use of materialization."),
	B("enable_sort", PGC_USERSET, 0, &enable_sort, "on", "Enables the planner's use of explicit sort steps."),
	B("enable_nestloop", PGC_USERSET, 0, &enable_nestloop, "on", "Enables the planner's use of nested-loop join plans."),
	B("enable_hashagg", PGC_USERSET, 0, &enable_hashagg, "on", "Enables the planner's use of hashed aggregation plans."),
	B("enable_hashjoin", PGC_USERSET, 0, &enable_hashjoin, "on", "Enables the planner's use of hash join plans."),
	B("enable_mergejoin", PGC_USERSET, 0, &enable_mergejoin, "on", "Enables the planner's use of merge join plans."),
	B("enable_incremental_sort", PGC_USERSET, 0, &enable_incremental_sort, "on", "Enables the planner's use of incremental sort steps."),
	B("enable_memoize", PGC_USERSET, 0, &enable_memoize, "on", "Enables the planner's use of memoization."),
	B("enable_tidscan", PGC_USERSET, 0, &enable_tidscan, "on", "Enables the planner's use of TID scan plans."),
	B("enable_gathermerge", PGC_USERSET, 0, &enable_gathermerge, "on", "Enables the planner's use of gather merge plans."),
	B("enable_parallel_append", PGC_USERSET, 0, &enable_parallel_append, "on", "Enables the planner's use of parallel append plans."),
	B("enable_parallel_hash", PGC_USERSET, 0, &enable_parallel_hash, "on", "Enables the planner's use of parallel hash plans."),
	B("jit", PGC_USERSET, 0, &jit_enabled, "on", "Allow JIT compilation."),
	I("max_parallel_workers_per_gather", PGC_USERSET, 0, &max_parallel_workers_per_gather, "2", 0, 1024,
	  "Sets the maximum number of parallel processes per executor node."),
	E("plan_cache_mode", PGC_USERSET, 0, &plan_cache_mode, "auto", plan_cache_mode_options,
	  "Controls the planner's selection of custom or generic plan."),
	R("seq_page_cost", PGC_USERSET, 0, &seq_page_cost, "1", 0, DBL_MAX, "Cost of a sequentially fetched disk page."),
	R("random_page_cost", PGC_USERSET, 0, &random_page_cost, "4", 0, DBL_MAX, "Cost of a nonsequentially fetched disk page."),
	R("cpu_tuple_cost", PGC_USERSET, 0, &cpu_tuple_cost, "0.01", 0, DBL_MAX, "Cost of processing each tuple."),
	R("cpu_index_tuple_cost", PGC_USERSET, 0, &cpu_index_tuple_cost, "0.005", 0, DBL_MAX, "Cost of processing each index entry."),
	R("cpu_operator_cost", PGC_USERSET, 0, &cpu_operator_cost, "0.0025", 0, DBL_MAX, "Cost of processing each operator or function call."),
	I("effective_cache_size", PGC_USERSET, GUC_UNIT_BLOCKS, &effective_cache_size, "524288", 1, INT_MAX,
	  "Sets the planner's assumption about the total size of the data caches."),

	/* session */
	S("application_name", PGC_USERSET, GUC_REPORT, &application_name, "", NULL,
	  "Sets the application name to be reported in statistics and logs."),
	S("search_path", PGC_USERSET, 0, &namespace_search_path, "\"$user\", public", NULL,
	  "Sets the schema search order for names that are not schema-qualified."),
	B("row_security", PGC_USERSET, 0, &row_security, "on", "Enable row security."),
	B("check_function_bodies", PGC_USERSET, 0, &check_function_bodies, "on",
	  "Check routine bodies during CREATE FUNCTION and CREATE PROCEDURE."),
	E("xmloption", PGC_USERSET, 0, &xmloption, "content", xmloption_options,
	  "Sets whether XML data in implicit parsing and serialization operations is to be considered as documents or content fragments."),
	E("xmlbinary", PGC_USERSET, 0, &xmlbinary, "base64", xmlbinary_options,
	  "Sets how binary values are to be encoded in XML."),
	E("session_replication_role", PGC_SUSET, 0, &session_replication_role, "origin", session_replication_role_options,
	  "Sets the session's behavior for triggers and rewrite rules."),
	S("default_tablespace", PGC_USERSET, 0, &default_tablespace, "", check_no_tablespace,
	  "Sets the default tablespace to create tables and indexes in."),
	S("temp_tablespaces", PGC_USERSET, 0, &temp_tablespaces, "", check_no_tablespace,
	  "Sets the tablespace(s) to use for temporary tables and sort files."),
	S("default_table_access_method", PGC_USERSET, 0, &default_table_access_method, "heap", check_table_access_method,
	  "Sets the default table access method for new tables."),
	B("escape_string_warning", PGC_USERSET, 0, &escape_string_warning, "on",
	  "Warn about backslash escapes in ordinary string literals."),
	I("extra_float_digits", PGC_USERSET, 0, &extra_float_digits, "1", -15, 3,
	  "Sets the number of digits displayed for floating-point values."),
	E("bytea_output", PGC_USERSET, 0, &bytea_output, "hex", bytea_output_options, "Sets the output format for bytea."),
	E("transaction_isolation", PGC_USERSET, 0, &XactIsoLevel, "read committed", isolation_level_options,
	  "Sets the current transaction's isolation level."),
	B("transaction_read_only", PGC_USERSET, 0, &XactReadOnly, "off",
	  "Sets the current transaction's read-only status."),
	E("default_transaction_isolation", PGC_USERSET, 0, &DefaultXactIsoLevel, "read committed", isolation_level_options,
	  "Sets the transaction isolation level of each new transaction."),

	/* what clients are told at the start, in PostgreSQL's order */
	S("client_encoding", PGC_USERSET, GUC_REPORT, &client_encoding_string, "UTF8", check_client_encoding,
	  "Sets the client's character set encoding."),
	S("DateStyle", PGC_USERSET, GUC_REPORT, &datestyle_string, "ISO, MDY", check_datestyle,
	  "Sets the display format for date and time values."),
	B("default_transaction_read_only", PGC_USERSET, GUC_REPORT, &DefaultXactReadOnly, "off",
	  "Sets the default read-only status of new transactions."),
	B("in_hot_standby", PGC_INTERNAL, GUC_REPORT, &in_hot_standby, "off", "Shows whether hot standby is active."),
	B("integer_datetimes", PGC_INTERNAL, GUC_REPORT, &integer_datetimes, "on", "Shows whether datetimes are integer based."),
	S("IntervalStyle", PGC_USERSET, GUC_REPORT, &intervalstyle_string, "postgres", check_intervalstyle,
	  "Sets the display format for interval values."),
	B("is_superuser", PGC_INTERNAL, GUC_REPORT | GUC_NO_SHOW_ALL, &session_is_superuser, "on", "Shows whether the current user is a superuser."),
	S("server_encoding", PGC_INTERNAL, GUC_REPORT, &server_encoding_string, "UTF8", NULL, "Shows the server's character set encoding."),
	S("server_version", PGC_INTERNAL, GUC_REPORT, &server_version_string, "15.20", NULL, "Shows the server version."),
	S("session_authorization", PGC_INTERNAL, GUC_REPORT | GUC_NO_SHOW_ALL, &session_authorization_string, "", NULL,
	  "Sets the session user name."),
	S("role", PGC_INTERNAL, GUC_NO_SHOW_ALL, &role_string, "none", NULL, "Sets the current role."),
	BC("standard_conforming_strings", PGC_USERSET, GUC_REPORT, &standard_conforming_strings, "on",
	  check_standard_conforming_strings, "Causes '...' strings to treat backslashes literally."),
	S("TimeZone", PGC_USERSET, GUC_REPORT, &timezone_string, "Etc/UTC", check_timezone, "Sets the time zone for displaying time stamps."),

	/* shown only */
	I("server_version_num", PGC_INTERNAL, 0, &server_version_num, "150020", 150020, 150020, "Shows the server version as an integer."),
	S("data_directory", PGC_INTERNAL, 0, &data_directory_string, "", NULL, "Shows the server's data directory."),
	S("lc_collate", PGC_INTERNAL, 0, &lc_collate_string, "C", NULL, "Shows the collation order locale."),
	S("lc_ctype", PGC_INTERNAL, 0, &lc_ctype_string, "C", NULL, "Shows the character classification locale."),
	I("block_size", PGC_INTERNAL, 0, &block_size, "8192", BLCKSZ, BLCKSZ, "Shows the size of a disk block."),
	I("segment_size", PGC_INTERNAL, GUC_UNIT_BLOCKS, &segment_size, "131072", RELSEG_SIZE, RELSEG_SIZE, "Shows the number of pages per disk file."),
	I("wal_block_size", PGC_INTERNAL, 0, &wal_block_size, "8192", XLOG_BLCKSZ, XLOG_BLCKSZ, "Shows the block size in the write ahead log."),
	I("wal_segment_size", PGC_INTERNAL, GUC_UNIT_BYTE, &wal_segment_size, "16777216", 1024 * 1024, 1024 * 1024 * 1024,
	  "Shows the size of write ahead log segments."),
	I("max_index_keys", PGC_INTERNAL, 0, &max_index_keys, "32", 32, 32, "Shows the maximum number of index keys."),
	I("max_function_args", PGC_INTERNAL, 0, &max_function_args, "100", 100, 100, "Shows the maximum number of function arguments."),
	I("max_identifier_length", PGC_INTERNAL, 0, &max_identifier_length, "63", 63, 63, "Shows the maximum identifier length."),
};
/* clang-format on */

int NumConfigureNames = lengthof(ConfigureNames);
