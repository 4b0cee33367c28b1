/*
 * utils/guc.h
 *		Settings: typed, with units, ranges, contexts and sources.
 */
#ifndef GUC_H
#define GUC_H

/* When a setting may be changed. */
typedef enum GucContext
{
	PGC_INTERNAL,
	PGC_POSTMASTER,
	PGC_SIGHUP,
	PGC_SU_BACKEND,
	PGC_BACKEND,
	PGC_SUSET,
	PGC_USERSET
} GucContext;

/* Where a value came from; a later one wins. */
typedef enum GucSource
{
	PGC_S_DEFAULT,
	PGC_S_DYNAMIC_DEFAULT,
	PGC_S_ENV_VAR,
	PGC_S_FILE,
	PGC_S_ARGV,
	PGC_S_CLIENT,
	PGC_S_OVERRIDE,
	PGC_S_SESSION
} GucSource;

typedef enum GucAction
{
	GUC_ACTION_SET,
	GUC_ACTION_LOCAL
} GucAction;

#define GUC_UNIT_KB 0x1000
#define GUC_UNIT_BLOCKS 0x2000
#define GUC_UNIT_MB 0x4000
#define GUC_UNIT_BYTE 0x8000
#define GUC_UNIT_MEMORY 0xF000
#define GUC_UNIT_MS 0x10000
#define GUC_UNIT_S 0x20000
#define GUC_UNIT_MIN 0x30000
#define GUC_UNIT_TIME 0xF0000
#define GUC_REPORT 0x0010 /* told to the client in ParameterStatus */
#define GUC_NO_SHOW_ALL 0x0002
#define GUC_DISALLOW_IN_FILE 0x0008

struct config_enum_entry
{
	const char *name;
	int val;
	bool hidden;
};

extern bool enableFsync;
extern int log_min_duration_statement;        /* ms, -1: off */
extern int log_parameter_max_length_on_error; /* bytes, -1: all */
extern char *application_name;
extern char *datestyle_string;
extern char *unix_socket_directories;
extern char *Unix_socket_group;
extern char *Unix_socket_permissions;
extern char *listen_addresses;
extern int PostPortNumber;

/* Defaults into the variables; call once, before anything is set. */
extern void InitializeGUCOptions(void);
/* Settings of DataDir/tusk.conf; false (and a log line) if it has an error. */
extern bool ProcessConfigFile(GucContext context);
/* Of what is wrong there: LOG in the postmaster, DEBUG2 in its children. */
extern int ConfigFileLogLevel(void);
/* A number, with a unit if flags (GUC_UNIT_*) allow one; false: it is none. */
extern bool
parse_int(const char *value, int *result, int flags, const char **hintmsg);
extern bool
parse_real(const char *value, double *result, int flags, const char **hintmsg);
extern void SetConfigOption(const char *name, const char *value,
                            GucContext context, GucSource source);
/* 1 set, 0 not applied (a stronger source); ERROR on a bad value. */
extern int
set_config_option(const char *name, const char *value, GucContext context,
                  GucSource source, GucAction action, bool is_reload);
/* NULL and missing_ok, or ERROR 42704 */
extern const char *GetConfigOption(const char *name, bool missing_ok);
extern char *
GetConfigOptionByName(const char *name, const char **varname, bool missing_ok);
extern void ResetConfigOption(const char *name, GucAction action);
extern void ResetAllOptions(void);
extern void ParseLongOption(const char *string, char **name, char **value);

extern void AtStart_GUC(void);
/* Another one after each change of any setting. */
extern uint64 GetGUCVersion(void);
extern void AtEOXact_GUC(bool isCommit, int nestLevel);
extern int NewGUCNestLevel(void);

extern void
DefineCustomBoolVariable(const char *name, const char *short_desc,
                         const char *long_desc, bool *valueAddr, bool bootValue,
                         GucContext context, int flags);
extern void DefineCustomIntVariable(const char *name, const char *short_desc,
                                    const char *long_desc, int *valueAddr,
                                    int bootValue, int minValue, int maxValue,
                                    GucContext context, int flags);
extern void
DefineCustomRealVariable(const char *name, const char *short_desc,
                         const char *long_desc, double *valueAddr,
                         double bootValue, double minValue, double maxValue,
                         GucContext context, int flags);
extern void
DefineCustomEnumVariable(const char *name, const char *short_desc,
                         const char *long_desc, int *valueAddr, int bootValue,
                         const struct config_enum_entry *options,
                         GucContext context, int flags);

/* After its settings are defined: no other name with this prefix is taken. */
extern void MarkGUCPrefixReserved(const char *className);

/* One row of pg_settings per call, from 0; false after the last. */
typedef struct GucRow
{
	const char *name;
	char *setting; /* palloc'd, in the base unit */
	const char *unit;
	const char *short_desc;
	const char *long_desc; /* NULL: there is nothing to add */
	const char *context;
	const char *vartype;
	const char *source;
	char *min_val;
	char *max_val;
	char *boot_val;
	char *reset_val;
	const char *category;
	const struct config_enum_entry *options; /* of an enum; else NULL */
} GucRow;
/* guc_category.c */
extern const char *GucCategoryName(const char *name);
extern bool GetGucRow(int n, GucRow *row);

/* Non-default settings, for parallel workers. */
extern Size EstimateGUCStateSpace(void);
extern void SerializeGUCState(Size maxsize, char *start_address);
extern void RestoreGUCState(void *gucstate);

#endif /* GUC_H */
