/*
 * reloptions.c
 *	  Options of relations: declaration, storage form, parsing.
 *
 * The stored form is read with every length checked against the value's end:
 * it comes from a catalog page.
 *
 * Names, ranges and words are PostgreSQL 15's.  Options about multixacts are
 * taken and do nothing: there are none.
 *
 * Corresponds to PostgreSQL's access/common/reloptions.c.
 */
#include "postgres.h"

#include <limits.h>
#include <strings.h>

#include "access/heaptoast.h"
#include "access/reloptions.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#define MAX_RELOPTIONS 64
#define TEXT_ARRAY_ELEMTYPE 25 /* pg_type's OID of text */

/* An int is exact in a double; a bool is 0 or 1, an enum its member's value. */
typedef struct RelOption
{
	relopt_kind kinds; /* bits */
	relopt_type type;
	const char *name;
	double default_val;
	double min_val;
	double max_val;
	const relopt_enum_elt_def *members; /* the last has no string */
	const char *detail;                 /* which members there are */
	LOCKMODE lockmode;                  /* of ALTER ... SET */
} RelOption;

/* A one-dimensional text[] without nulls, as PostgreSQL stores it. */
typedef struct TextArrayHeader
{
	int32 vl_len_;
	int32 ndim;
	int32 dataoffset; /* 0: no null bitmap */
	Oid elemtype;
	int32 dim1;
	int32 lbound1;
} TextArrayHeader;

StaticAssertDecl(sizeof(TextArrayHeader) == 24, "format of PostgreSQL");

/* Declared by the postmaster before the first fork; constant afterwards. */
static RelOption options[MAX_RELOPTIONS];
static int noptions;
static relopt_kind last_kind = RELOPT_KIND_TOAST;

relopt_kind
add_reloption_kind(void)
{
	if (last_kind == (relopt_kind) 1 << 31)
		elog(ERROR, "too many kinds of relation options");
	last_kind <<= 1;
	return last_kind;
}

static void
AddOption(RelOption option)
{
	if (noptions == MAX_RELOPTIONS)
		elog(ERROR, "too many relation options");
	options[noptions++] = option;
}

void
add_bool_reloption(relopt_kind kinds, const char *name, const char *desc,
                   bool default_val, LOCKMODE lockmode)
{
	AddOption((RelOption){.kinds = kinds,
	                      .type = RELOPT_TYPE_BOOL,
	                      .name = name,
	                      .default_val = default_val,
	                      .lockmode = lockmode});
}

void
add_int_reloption(relopt_kind kinds, const char *name, const char *desc,
                  int default_val, int min_val, int max_val, LOCKMODE lockmode)
{
	AddOption((RelOption){.kinds = kinds,
	                      .type = RELOPT_TYPE_INT,
	                      .name = name,
	                      .default_val = default_val,
	                      .min_val = min_val,
	                      .max_val = max_val,
	                      .lockmode = lockmode});
}

void
add_real_reloption(relopt_kind kinds, const char *name, const char *desc,
                   double default_val, double min_val, double max_val,
                   LOCKMODE lockmode)
{
	AddOption((RelOption){.kinds = kinds,
	                      .type = RELOPT_TYPE_REAL,
	                      .name = name,
	                      .default_val = default_val,
	                      .min_val = min_val,
	                      .max_val = max_val,
	                      .lockmode = lockmode});
}

void
add_enum_reloption(relopt_kind kinds, const char *name, const char *desc,
                   const relopt_enum_elt_def *members, int default_val,
                   const char *detailmsg, LOCKMODE lockmode)
{
	AddOption((RelOption){.kinds = kinds,
	                      .type = RELOPT_TYPE_ENUM,
	                      .name = name,
	                      .default_val = default_val,
	                      .members = members,
	                      .detail = detailmsg,
	                      .lockmode = lockmode});
}

static int
LookupOption(relopt_kind kind, const char *name)
{
	for (int i = 0; i < noptions; i++)
	{
		if ((options[i].kinds & kind) && strcmp(options[i].name, name) == 0)
			return i;
	}
	return -1;
}

static void
StoreValue(const RelOption *option, double value, char *result,
           const relopt_parse_elt *elems, int nelems)
{
	for (int i = 0; i < nelems; i++)
	{
		if (strcmp(elems[i].optname, option->name) != 0)
			continue;
		Assert(elems[i].opttype == option->type);
		if (option->type == RELOPT_TYPE_BOOL)
			*(bool *) (result + elems[i].offset) = value != 0;
		else if (option->type == RELOPT_TYPE_REAL)
			*(double *) (result + elems[i].offset) = value;
		else
			*(int *) (result + elems[i].offset) = (int) value;
	}
}

/* False: it is no value of the option's type. */
static bool
ParseValue(const RelOption *option, const char *text, double *value)
{
	int number;
	bool truth;

	switch (option->type)
	{
		case RELOPT_TYPE_BOOL:
			if (!parse_bool(text, &truth))
				return false;
			*value = truth;
			return true;
		case RELOPT_TYPE_INT:
			if (!parse_int(text, &number, 0, NULL))
				return false;
			*value = number;
			return true;
		case RELOPT_TYPE_REAL:
			return parse_real(text, value, 0, NULL);
		case RELOPT_TYPE_ENUM:
			for (const relopt_enum_elt_def *m = option->members;
			     m->string_val != NULL; m++)
				if (strcasecmp(m->string_val, text) == 0)
				{
					*value = m->symbol_val;
					return true;
				}
			return false;
		default:
			return false;
	}
}

static bool
IsInRange(const RelOption *option, double value)
{
	return (option->type != RELOPT_TYPE_INT &&
	        option->type != RELOPT_TYPE_REAL) ||
	       (value >= option->min_val && value <= option->max_val);
}

static void
ReportInvalid(const RelOption *option, const char *text)
{
	static const char *const kinds[] = {
		[RELOPT_TYPE_BOOL] = "boolean",
		[RELOPT_TYPE_INT] = "integer",
		[RELOPT_TYPE_REAL] = "floating point",
		[RELOPT_TYPE_ENUM] = "enum",
	};

	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	         errmsg("invalid value for %s option \"%s\": %s",
	                kinds[option->type], option->name, text),
	         option->detail != NULL ? errdetail_internal("%s", option->detail)
	                                : 0));
}

static void
ReportOutOfRange(const RelOption *option, const char *text)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	     errmsg("value %s out of bounds for option \"%s\"", text, option->name),
	     option->type == RELOPT_TYPE_INT
	         ? errdetail("Valid values are between \"%d\" and \"%d\".",
	                     (int) option->min_val, (int) option->max_val)
	         : errdetail("Valid values are between \"%f\" and \"%f\".",
	                     option->min_val, option->max_val)));
}

/* One "name=value", which is changed; no value: true. */
static void
ParseOption(char *text, bool validate, relopt_kind kind, char *result,
            const relopt_parse_elt *elems, int nelems, bool *seen)
{
	char *word = strchr(text, '=');
	const char *valuetext = "true";
	const RelOption *option;
	double value;
	int i;

	if (word)
	{
		*word = '\0';
		valuetext = word + 1;
	}
	i = LookupOption(kind, text);
	if (i < 0)
	{
		if (validate)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                errmsg("unrecognized parameter \"%s\"", text)));
		return;
	}
	option = &options[i];
	if (seen[i] && validate)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("parameter \"%s\" specified more than once",
		                       option->name)));
	seen[i] = true;
	if (!ParseValue(option, valuetext, &value))
	{
		if (validate)
			ReportInvalid(option, valuetext);
	}
	else if (!IsInRange(option, value))
	{
		if (validate)
			ReportOutOfRange(option, valuetext);
	}
	else
		StoreValue(option, value, result, elems, nelems);
}

void *
build_reloptions(Datum reloptions, bool validate, relopt_kind kind,
                 Size relopt_struct_size, const relopt_parse_elt *relopt_elems,
                 int num_relopt_elems)
{
	char *result = palloc0(relopt_struct_size);
	bool seen[MAX_RELOPTIONS] = {false};
	TextArrayHeader *array;
	char *p;
	char *end;

	SET_VARSIZE(result, relopt_struct_size);
	for (int i = 0; i < noptions; i++)
	{
		if ((options[i].kinds & kind))
			StoreValue(&options[i], options[i].default_val, result,
			           relopt_elems, num_relopt_elems);
	}
	if (DatumGetPointer(reloptions) == NULL)
		return result;

	array = (TextArrayHeader *) PG_DETOAST_DATUM(reloptions);
	if (VARSIZE(array) < sizeof(TextArrayHeader) || array->ndim != 1 ||
	    array->dataoffset != 0 || array->elemtype != TEXT_ARRAY_ELEMTYPE)
		elog(ERROR, "relation options are not valid");
	p = (char *) (array + 1);
	end = (char *) array + VARSIZE(array);
	for (int i = 0; i < array->dim1; i++)
	{
		Size len;
		char *text;

		if (p + VARHDRSZ > end || VARSIZE(p) < VARHDRSZ ||
		    VARSIZE(p) > (Size) (end - p))
			elog(ERROR, "relation options are not valid");
		len = VARSIZE(p);
		text = palloc(len - VARHDRSZ + 1);
		memcpy(text, p + VARHDRSZ, len - VARHDRSZ);
		text[len - VARHDRSZ] = '\0';
		ParseOption(text, validate, kind, result, relopt_elems,
		            num_relopt_elems, seen);
		pfree(text);
		p += TYPEALIGN(4, len);
	}
	return result;
}

/* ---- tables ---- */

#define BOTH (RELOPT_KIND_HEAP | RELOPT_KIND_TOAST)

static void
AddVacuumReloptions(void)
{
	static const relopt_enum_elt_def cleanup[] = {
		{"auto", STDRD_OPTION_VACUUM_INDEX_CLEANUP_AUTO},
		{"on", STDRD_OPTION_VACUUM_INDEX_CLEANUP_ON},
		{"off", STDRD_OPTION_VACUUM_INDEX_CLEANUP_OFF},
		{"true", STDRD_OPTION_VACUUM_INDEX_CLEANUP_ON},
		{"false", STDRD_OPTION_VACUUM_INDEX_CLEANUP_OFF},
		{"yes", STDRD_OPTION_VACUUM_INDEX_CLEANUP_ON},
		{"no", STDRD_OPTION_VACUUM_INDEX_CLEANUP_OFF},
		{"1", STDRD_OPTION_VACUUM_INDEX_CLEANUP_ON},
		{"0", STDRD_OPTION_VACUUM_INDEX_CLEANUP_OFF},
		{NULL, 0}};

	add_enum_reloption(BOTH, "vacuum_index_cleanup",
	                   "Controls index vacuuming and index cleanup", cleanup,
	                   STDRD_OPTION_VACUUM_INDEX_CLEANUP_AUTO,
	                   "Valid values are \"on\", \"off\", and \"auto\".",
	                   ShareUpdateExclusiveLock);
	add_bool_reloption(BOTH, "vacuum_truncate",
	                   "Enables vacuum to truncate empty pages at the end of "
	                   "this table",
	                   true, ShareUpdateExclusiveLock);
	add_bool_reloption(BOTH, "autovacuum_enabled",
	                   "Enables autovacuum in this relation", true,
	                   ShareUpdateExclusiveLock);
}

/* Integers of autovacuum: what is not set is what the setting says. */
static const struct
{
	relopt_kind kinds;
	const char *name;
	const char *desc;
	int unset;
	int min;
	int max;
} autovacuum_ints[] = {
	{BOTH, "autovacuum_vacuum_threshold",
     "Minimum number of tuple updates or deletes prior to vacuum", -1, 0,
     INT_MAX},
	{BOTH, "autovacuum_vacuum_insert_threshold",
     "Minimum number of tuple inserts prior to vacuum, or -1 to disable insert "
     "vacuums",
     -2, -1, INT_MAX},
	{RELOPT_KIND_HEAP, "autovacuum_analyze_threshold",
     "Minimum number of tuple inserts, updates or deletes prior to analyze", -1,
     0, INT_MAX},
	{BOTH, "autovacuum_vacuum_cost_limit",
     "Vacuum cost amount available before napping, for autovacuum", -1, 1,
     10000},
	{BOTH, "autovacuum_freeze_min_age",
     "Minimum age at which VACUUM should freeze a table row, for autovacuum",
     -1, 0, 1000000000},
	{BOTH, "autovacuum_multixact_freeze_min_age",
     "Minimum multixact age at which VACUUM should freeze a row multixact's, "
     "for autovacuum",
     -1, 0, 1000000000},
	{BOTH, "autovacuum_freeze_max_age",
     "Age at which to autovacuum a table to prevent transaction ID wraparound",
     -1, 100000, 2000000000},
	{BOTH, "autovacuum_multixact_freeze_max_age",
     "Multixact age at which to autovacuum a table to prevent multixact "
     "wraparound",
     -1, 10000, 2000000000},
	{BOTH, "autovacuum_freeze_table_age",
     "Age at which VACUUM should perform a full table sweep to freeze row "
     "versions",
     -1, 0, 2000000000},
	{BOTH, "autovacuum_multixact_freeze_table_age",
     "Age of multixact at which VACUUM should perform a full table sweep to "
     "freeze row versions",
     -1, 0, 2000000000},
	{BOTH, "log_autovacuum_min_duration",
     "Sets the minimum execution time above which autovacuum actions will be "
     "logged",
     -1, -1, INT_MAX},
};

static const struct
{
	relopt_kind kinds;
	const char *name;
	const char *desc;
} autovacuum_reals[] = {
	{BOTH, "autovacuum_vacuum_cost_delay",
     "Vacuum cost delay in milliseconds, for autovacuum"},
	{BOTH, "autovacuum_vacuum_scale_factor",
     "Number of tuple updates or deletes prior to vacuum as a fraction of "
     "reltuples"},
	{BOTH, "autovacuum_vacuum_insert_scale_factor",
     "Number of tuple inserts prior to vacuum as a fraction of reltuples"},
	{RELOPT_KIND_HEAP, "autovacuum_analyze_scale_factor",
     "Number of tuple inserts, updates or deletes prior to analyze as a "
     "fraction of reltuples"},
};

void
InitHeapReloptions(void)
{
	add_int_reloption(RELOPT_KIND_HEAP, "fillfactor",
	                  "Packs table pages only to this percentage",
	                  HEAP_DEFAULT_FILLFACTOR, HEAP_MIN_FILLFACTOR, 100,
	                  ShareUpdateExclusiveLock);
	add_int_reloption(RELOPT_KIND_HEAP, "toast_tuple_target",
	                  "Sets the target tuple length at which external columns "
	                  "will be toasted",
	                  TOAST_TUPLE_TARGET, 128, TOAST_TUPLE_TARGET_MAIN,
	                  ShareUpdateExclusiveLock);
	add_int_reloption(RELOPT_KIND_HEAP, "parallel_workers",
	                  "Number of parallel processes that can be used per "
	                  "executor node for this relation.",
	                  -1, 0, 1024, ShareUpdateExclusiveLock);
	add_bool_reloption(RELOPT_KIND_HEAP, "user_catalog_table",
	                   "Declare a table as an additional catalog table, e.g. "
	                   "for the purpose of logical replication",
	                   false, AccessExclusiveLock);
	AddVacuumReloptions();
	for (int i = 0; i < (int) lengthof(autovacuum_ints); i++)
		add_int_reloption(autovacuum_ints[i].kinds, autovacuum_ints[i].name,
		                  autovacuum_ints[i].desc, autovacuum_ints[i].unset,
		                  autovacuum_ints[i].min, autovacuum_ints[i].max,
		                  ShareUpdateExclusiveLock);
	for (int i = 0; i < (int) lengthof(autovacuum_reals); i++)
		add_real_reloption(autovacuum_reals[i].kinds, autovacuum_reals[i].name,
		                   autovacuum_reals[i].desc, -1, 0, 100,
		                   ShareUpdateExclusiveLock);
}

#define STD(type, name, field)                                  \
	{                                                           \
		name, RELOPT_TYPE_##type, offsetof(StdRdOptions, field) \
	}

static bytea *
default_reloptions(Datum reloptions, bool validate, relopt_kind kind)
{
	static const relopt_parse_elt tab[] = {
		STD(INT, "fillfactor", fillfactor),
		STD(INT, "toast_tuple_target", toast_tuple_target),
		STD(INT, "parallel_workers", parallel_workers),
		STD(BOOL, "user_catalog_table", user_catalog_table),
		STD(ENUM, "vacuum_index_cleanup", vacuum_index_cleanup),
		STD(BOOL, "vacuum_truncate", vacuum_truncate),
		STD(BOOL, "autovacuum_enabled", autovacuum.enabled),
		STD(INT, "autovacuum_vacuum_threshold", autovacuum.vacuum_threshold),
		STD(INT, "autovacuum_vacuum_insert_threshold",
	        autovacuum.vacuum_ins_threshold),
		STD(INT, "autovacuum_analyze_threshold", autovacuum.analyze_threshold),
		STD(INT, "autovacuum_vacuum_cost_limit", autovacuum.vacuum_cost_limit),
		STD(INT, "autovacuum_freeze_min_age", autovacuum.freeze_min_age),
		STD(INT, "autovacuum_freeze_max_age", autovacuum.freeze_max_age),
		STD(INT, "autovacuum_freeze_table_age", autovacuum.freeze_table_age),
		STD(INT, "log_autovacuum_min_duration", autovacuum.log_min_duration),
		STD(REAL, "autovacuum_vacuum_cost_delay", autovacuum.vacuum_cost_delay),
		STD(REAL, "autovacuum_vacuum_scale_factor",
	        autovacuum.vacuum_scale_factor),
		STD(REAL, "autovacuum_vacuum_insert_scale_factor",
	        autovacuum.vacuum_ins_scale_factor),
		STD(REAL, "autovacuum_analyze_scale_factor",
	        autovacuum.analyze_scale_factor),
	};

	return (bytea *) build_reloptions(reloptions, validate, kind,
	                                  sizeof(StdRdOptions), tab, lengthof(tab));
}

bytea *
heap_reloptions(char relkind, Datum reloptions, bool validate)
{
	StdRdOptions *rdopts;

	if (relkind != RELKIND_TOASTVALUE)
		return default_reloptions(reloptions, validate, RELOPT_KIND_HEAP);
	rdopts = (StdRdOptions *) default_reloptions(reloptions, validate,
	                                             RELOPT_KIND_TOAST);
	/* what a TOAST table has no options for */
	rdopts->fillfactor = 100;
	rdopts->toast_tuple_target = TOAST_TUPLE_TARGET;
	rdopts->parallel_workers = -1;
	rdopts->autovacuum.analyze_threshold = -1;
	rdopts->autovacuum.analyze_scale_factor = -1;
	return (bytea *) rdopts;
}

/* ---- the stored form ---- */

/* The value as it was written: "true" if there is none. */
static const char *
OptionText(const DefElem *def)
{
	if (def->arg == NULL)
		return "true";
	switch (nodeTag(def->arg))
	{
		case T_Integer:
			return psprintf("%d", intVal(def->arg));
		case T_Float:
			return castNode(Float, def->arg)->fval;
		case T_Boolean:
			return boolVal(def->arg) ? "true" : "false";
		case T_String:
			return strVal(def->arg);
		case T_TypeName: /* an unquoted word */
			return strVal(llast(castNode(TypeName, def->arg)->names));
		default:
			ereport(ERROR,
			        (errcode(ERRCODE_SYNTAX_ERROR),
			         errmsg("invalid value for option \"%s\"", def->defname)));
	}
}

static void
AppendOption(StringInfo buf, int *count, const char *item)
{
	int32 word;

	SET_VARSIZE(&word, VARHDRSZ + strlen(item));
	appendBinaryStringInfo(buf, (char *) &word, sizeof(word));
	appendBinaryStringInfo(buf, item, strlen(item));
	while (buf->len % 4 != 0)
		appendStringInfoChar(buf, '\0');
	(*count)++;
}

/* Is it one of those in namspace?  NULL: those without. */
static bool
IsInNamespace(const DefElem *def, const char *namspace)
{
	if (namspace == NULL || def->defnamespace == NULL)
		return namspace == NULL && def->defnamespace == NULL;
	return strcmp(def->defnamespace, namspace) == 0;
}

static void
CheckNamespace(const DefElem *def, const char *const validnsps[])
{
	if (def->defnamespace == NULL)
		return;
	for (int i = 0; validnsps != NULL && validnsps[i] != NULL; i++)
		if (strcmp(def->defnamespace, validnsps[i]) == 0)
			return;
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                errmsg("unrecognized parameter namespace \"%s\"",
	                       def->defnamespace)));
}

static void
KeepOldOptions(StringInfo buf, int *count, Datum oldOptions, List *defList,
               const char *namspace)
{
	ListCell *lc;
	ListCell *lc2;

	foreach (lc, untransformRelOptions(oldOptions))
	{
		DefElem *old = lfirst_node(DefElem, lc);
		bool named = false;

		foreach (lc2, defList)
		{
			DefElem *def = lfirst_node(DefElem, lc2);

			named |= IsInNamespace(def, namspace) &&
			         strcmp(old->defname, def->defname) == 0;
		}
		if (!named)
			AppendOption(buf, count,
			             old->arg == NULL ? old->defname
			                              : psprintf("%s=%s", old->defname,
			                                         strVal(old->arg)));
	}
}

Datum
transformRelOptions(Datum oldOptions, List *defList, const char *namspace,
                    const char *const validnsps[], bool acceptOidsOff,
                    bool isReset)
{
	TextArrayHeader header = {
		.ndim = 1, .elemtype = TEXT_ARRAY_ELEMTYPE, .lbound1 = 1};
	StringInfoData buf;
	int count = 0;
	ListCell *lc;

	if (defList == NIL)
		return oldOptions;
	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, (char *) &header, sizeof(header));
	KeepOldOptions(&buf, &count, oldOptions, defList, namspace);
	foreach (lc, defList)
	{
		DefElem *def = lfirst_node(DefElem, lc);

		if (isReset)
		{
			if (def->arg != NULL)
				ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
				                errmsg("RESET must not include values for "
				                       "parameters")));
			continue;
		}
		CheckNamespace(def, validnsps);
		if (!IsInNamespace(def, namspace))
			continue;
		if (strchr(def->defname, '=') != NULL)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                errmsg("invalid option name \"%s\": must not "
			                       "contain \"=\"",
			                       def->defname)));
		if (acceptOidsOff && namspace == NULL &&
		    strcmp(def->defname, "oids") == 0)
		{
			bool truth = true;

			if (!parse_bool(OptionText(def), &truth))
				ereport(ERROR,
				        (errcode(ERRCODE_SYNTAX_ERROR),
				         errmsg("%s requires a Boolean value", def->defname)));
			if (truth)
				ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				                errmsg("tables declared WITH OIDS are not "
				                       "supported")));
			continue;
		}
		AppendOption(&buf, &count,
		             psprintf("%s=%s", def->defname, OptionText(def)));
	}
	if (count == 0)
		return (Datum) 0;
	((TextArrayHeader *) buf.data)->dim1 = count;
	SET_VARSIZE(buf.data, buf.len);
	return PointerGetDatum(buf.data);
}

List *
untransformRelOptions(Datum options)
{
	List *result = NIL;
	TextArrayHeader *array;
	char *p;
	char *end;

	if (options == (Datum) 0)
		return NIL;
	array = (TextArrayHeader *) PG_DETOAST_DATUM(options);
	if (VARSIZE(array) < sizeof(TextArrayHeader) || array->ndim != 1 ||
	    array->dataoffset != 0 || array->elemtype != TEXT_ARRAY_ELEMTYPE)
		elog(ERROR, "relation options are not valid");
	p = (char *) (array + 1);
	end = (char *) array + VARSIZE(array);
	for (int i = 0; i < array->dim1; i++)
	{
		char *text;
		char *value;
		Size len;

		if (p + VARHDRSZ > end || VARSIZE(p) < VARHDRSZ ||
		    VARSIZE(p) > (Size) (end - p))
			elog(ERROR, "relation options are not valid");
		len = VARSIZE(p);
		text = pnstrdup(p + VARHDRSZ, len - VARHDRSZ);
		value = strchr(text, '=');
		if (value != NULL)
			*value++ = '\0';
		result = lappend(
			result,
			makeDefElem(text, value != NULL ? (Node *) makeString(value) : NULL,
		                -1));
		p += TYPEALIGN(4, len);
	}
	return result;
}
