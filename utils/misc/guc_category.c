/*
 * guc_category.c
 *		The chapter of the manual that a setting belongs to, for pg_settings.
 */
#include "postgres.h"

#include "utils/guc.h"

typedef struct GucCategory
{
	const char *category;
	const char *const *names; /* the last is NULL */
} GucCategory;

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const GucCategory categories[] = {
	{"Autovacuum",
     NAMES("autovacuum", "autovacuum_analyze_scale_factor",
           "autovacuum_analyze_threshold", "autovacuum_freeze_max_age",
           "autovacuum_max_workers", "autovacuum_naptime",
           "autovacuum_vacuum_cost_delay", "autovacuum_vacuum_cost_limit",
           "autovacuum_vacuum_insert_scale_factor",
           "autovacuum_vacuum_insert_threshold",
           "autovacuum_vacuum_scale_factor", "autovacuum_vacuum_threshold")},
	{"Client Connection Defaults / Locale and Formatting",
     NAMES("client_encoding", "DateStyle", "extra_float_digits",
           "IntervalStyle", "lc_messages", "TimeZone")},
	{"Client Connection Defaults / Other Defaults",
     NAMES("dynamic_library_path", "gin_fuzzy_search_limit")},
	{"Client Connection Defaults / Statement Behavior",
     NAMES("bytea_output", "check_function_bodies", "client_min_messages",
           "default_table_access_method", "default_tablespace",
           "default_toast_compression", "default_transaction_isolation",
           "default_transaction_read_only",
           "idle_in_transaction_session_timeout", "idle_session_timeout",
           "lock_timeout", "reader_timeout", "row_security", "search_path",
           "session_replication_role", "temp_tablespaces", "xmlbinary",
           "xmloption", "statement_timeout", "transaction_isolation",
           "transaction_read_only", "vacuum_failsafe_age",
           "vacuum_freeze_min_age", "vacuum_freeze_table_age")},
	{"Connections and Authentication / Authentication",
     NAMES("authentication_timeout", "password_encryption")},
	{"Connections and Authentication / Connection Settings",
     NAMES("attach", "client_connection_check_interval", "listen_addresses",
           "max_connections", "port", "ring_spin", "stop_without_clients",
           "superuser_reserved_connections", "unix_socket_directories",
           "unix_socket_group", "unix_socket_permissions")},
	{"Developer Options",
     NAMES("ignore_checksum_failure", "remove_temp_files_after_crash",
           "zero_damaged_pages")},
	{"Error Handling",
     NAMES("data_sync_retry", "exit_on_error", "restart_after_crash")},
	{"File Locations", NAMES("config_file", "data_directory", "hba_file")},
	{"Lock Management", NAMES("deadlock_timeout", "max_locks_per_transaction")},
	{"Preset Options",
     NAMES("block_size", "data_checksums", "in_hot_standby",
           "integer_datetimes", "is_superuser", "lc_collate", "lc_ctype",
           "max_function_args", "max_identifier_length", "max_index_keys",
           "role", "segment_size", "server_encoding", "server_version",
           "server_version_num", "session_authorization", "wal_block_size",
           "wal_segment_size")},
	{"Query Tuning / Planner Cost Constants",
     NAMES("cpu_index_tuple_cost", "cpu_operator_cost", "cpu_tuple_cost",
           "effective_cache_size", "min_parallel_index_scan_size",
           "min_parallel_table_scan_size", "parallel_setup_cost",
           "parallel_tuple_cost", "random_page_cost", "seq_page_cost")},
	{"Query Tuning / Planner Method Configuration",
     NAMES("enable_bitmapscan", "enable_gathermerge", "enable_hashagg",
           "enable_hashjoin", "enable_incremental_sort", "enable_index_cache",
           "enable_memoize", "enable_mergejoin", "enable_nestloop",
           "enable_parallel_append", "enable_parallel_hash", "enable_tidscan",
           "enable_indexonlyscan", "enable_indexscan", "enable_material",
           "enable_seqscan", "enable_sort")},
	{"Query Tuning / Other Planner Options", NAMES("jit", "plan_cache_mode")},
	{"Reporting and Logging / What to Log",
     NAMES("application_name", "log_autovacuum_min_duration", "log_checkpoints",
           "log_connections", "log_disconnections", "log_line_prefix",
           "log_lock_waits", "log_parameter_max_length_on_error",
           "log_statement", "log_temp_files")},
	{"Reporting and Logging / When to Log",
     NAMES("log_min_duration_statement", "log_min_error_statement",
           "log_min_messages")},
	{"Resource Usage / Asynchronous Behavior",
     NAMES("backend_flush_after", "effective_io_concurrency",
           "maintenance_io_concurrency", "max_parallel_maintenance_workers",
           "max_parallel_workers_per_gather", "max_parallel_workers",
           "max_worker_processes", "parallel_leader_participation")},
	{"Resource Usage / Background Writer",
     NAMES("bgwriter_delay", "bgwriter_flush_after", "bgwriter_lru_maxpages",
           "bgwriter_lru_multiplier")},
	{"Resource Usage / Cost-Based Vacuum Delay",
     NAMES("vacuum_cost_delay", "vacuum_cost_limit", "vacuum_cost_page_dirty",
           "vacuum_cost_page_hit", "vacuum_cost_page_miss")},
	{"Resource Usage / Disk", NAMES("temp_file_limit")},
	{"Resource Usage / Kernel Resources", NAMES("max_files_per_process")},
	{"Resource Usage / Memory",
     NAMES("autovacuum_work_mem", "dynamic_shared_memory_type", "huge_pages",
           "index_cache_size", "maintenance_work_mem", "shared_buffers",
           "shared_memory_type", "temp_buffers", "work_mem")},
	{"Client Connection Defaults / Shared Library Preloading",
     NAMES("shared_preload_libraries")},
	{"Statistics / Monitoring", NAMES("compute_query_id")},
	{"Statistics / Cumulative Query and Index Statistics",
     NAMES("track_activities", "track_activity_query_size", "track_counts")},
	{"Version and Platform Compatibility / Previous PostgreSQL Versions",
     NAMES("escape_string_warning", "standard_conforming_strings",
           "synchronize_seqscans")},
	{"Write-Ahead Log / Checkpoints",
     NAMES("checkpoint_completion_target", "checkpoint_flush_after",
           "checkpoint_timeout", "max_wal_size", "min_wal_size")},
	{"Write-Ahead Log / Settings",
     NAMES("commit_delay", "commit_siblings", "fsync", "full_page_writes",
           "synchronous_commit", "wal_buffers", "wal_compression",
           "wal_init_zero", "wal_level", "wal_log_hints", "wal_recycle",
           "wal_sync_method", "wal_writer_delay", "wal_writer_flush_after")},
	{"Replication / Sending Servers", NAMES("wal_keep_size")},
};

const char *
GucCategoryName(const char *name)
{
	if (strchr(name, '.') != NULL)
		return "Customized Options";
	for (int i = 0; i < lengthof(categories); i++)
		for (const char *const *p = categories[i].names; *p != NULL; p++)
			if (strcmp(*p, name) == 0)
				return categories[i].category;
	return "Ungrouped";
}
