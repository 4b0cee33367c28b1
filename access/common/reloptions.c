/*
 * reloptions.c
 *	  Options of relations: declaration, storage form, parsing.
 *
 * The stored form is read with every length checked against the value's end:
 * it comes from a catalog page.
 */
#include "postgres.h"

#include <errno.h>
#include <limits.h>
#include <strings.h>

#include "access/reloptions.h"
#include "fmgr.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "lib/stringinfo.h"
#include "utils/elog.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#define MAX_RELOPTIONS 32
#define TEXT_ARRAY_ELEMTYPE 25 /* pg_type's OID of text */

typedef struct RelOption
{
	relopt_kind kinds; /* bits */
	relopt_type type;
	const char *name;
	int default_val; /* a bool is 0 or 1 */
	int min_val;
	int max_val;
	LOCKMODE lockmode; /* of ALTER ... SET */
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
static relopt_kind last_kind = RELOPT_KIND_HEAP;

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

static RelOption *
LookupOption(relopt_kind kind, const char *name)
{
	for (int i = 0; i < noptions; i++)
	{
		if ((options[i].kinds & kind) && strcmp(options[i].name, name) == 0)
			return &options[i];
	}
	return NULL;
}

static void
StoreValue(const RelOption *option, int value, char *result,
           const relopt_parse_elt *elems, int nelems)
{
	for (int i = 0; i < nelems; i++)
	{
		if (strcmp(elems[i].optname, option->name) != 0)
			continue;
		Assert(elems[i].opttype == option->type);
		if (option->type == RELOPT_TYPE_BOOL)
			*(bool *) (result + elems[i].offset) = value != 0;
		else
			*(int *) (result + elems[i].offset) = value;
	}
}

/* NULL (no "=value") means true. */
static bool
ParseBool(const char *value, int *result)
{
	static const char *const names[] = {"false", "true", "off", "on",
	                                    "no",    "yes",  "0",   "1"};

	if (value == NULL)
	{
		*result = 1;
		return true;
	}
	for (int i = 0; i < (int) lengthof(names); i++)
	{
		if (strcasecmp(value, names[i]) == 0)
		{
			*result = i & 1;
			return true;
		}
	}
	return false;
}

/* One "name=value"; text is changed. */
static void
ParseOption(char *text, bool validate, relopt_kind kind, char *result,
            const relopt_parse_elt *elems, int nelems)
{
	char *value = strchr(text, '=');
	RelOption *option;
	char *end;
	long number;

	if (value)
		*value++ = '\0';
	option = LookupOption(kind, text);
	if (option == NULL)
	{
		if (validate)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                errmsg("unrecognized parameter \"%s\"", text)));
		return;
	}
	if (option->type == RELOPT_TYPE_BOOL)
	{
		int truth;

		if (ParseBool(value, &truth))
			StoreValue(option, truth, result, elems, nelems);
		else if (validate)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("invalid value for boolean option \"%s\": %s",
			                option->name, value)));
		return;
	}
	errno = 0;
	number = strtol(value ? value : "", &end, 10);
	if (value == NULL || end == value || *end != '\0' || errno != 0 ||
	    number < INT_MIN || number > INT_MAX)
	{
		if (validate)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("invalid value for integer option \"%s\": %s",
			                option->name, value ? value : "")));
		return;
	}
	if (number < option->min_val || number > option->max_val)
	{
		if (validate)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("value %s out of bounds for option \"%s\"", value,
			                option->name),
			         errdetail("Valid values are between \"%d\" and \"%d\".",
			                   option->min_val, option->max_val)));
		return;
	}
	StoreValue(option, (int) number, result, elems, nelems);
}

void *
build_reloptions(Datum reloptions, bool validate, relopt_kind kind,
                 Size relopt_struct_size, const relopt_parse_elt *relopt_elems,
                 int num_relopt_elems)
{
	char *result = palloc0(relopt_struct_size);
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
		            num_relopt_elems);
		pfree(text);
		p += TYPEALIGN(4, len);
	}
	return result;
}

void
InitHeapReloptions(void)
{
	add_int_reloption(RELOPT_KIND_HEAP, "fillfactor",
	                  "Packs table pages only to this percentage", 100, 10, 100,
	                  ShareUpdateExclusiveLock);
	add_bool_reloption(RELOPT_KIND_HEAP, "vacuum_truncate",
	                   "Enables vacuum to truncate empty pages at the end of "
	                   "this table",
	                   true, ShareUpdateExclusiveLock);
	add_bool_reloption(RELOPT_KIND_HEAP, "autovacuum_enabled",
	                   "Enables autovacuum in this relation", true,
	                   ShareUpdateExclusiveLock);
	add_int_reloption(RELOPT_KIND_HEAP, "autovacuum_vacuum_threshold",
	                  "Minimum number of tuple updates or deletes prior to "
	                  "vacuum",
	                  -1, 0, INT_MAX, ShareUpdateExclusiveLock);
	add_int_reloption(RELOPT_KIND_HEAP, "autovacuum_vacuum_insert_threshold",
	                  "Minimum number of tuple inserts prior to vacuum, or -1 "
	                  "to disable insert vacuums",
	                  -2, -1, INT_MAX, ShareUpdateExclusiveLock);
	add_int_reloption(RELOPT_KIND_HEAP, "autovacuum_analyze_threshold",
	                  "Minimum number of tuple inserts, updates or deletes "
	                  "prior to analyze",
	                  -1, 0, INT_MAX, ShareUpdateExclusiveLock);
	add_int_reloption(RELOPT_KIND_HEAP, "autovacuum_freeze_min_age",
	                  "Minimum age at which VACUUM should freeze a table row, "
	                  "for autovacuum",
	                  -1, 0, 1000000000, ShareUpdateExclusiveLock);
	add_int_reloption(RELOPT_KIND_HEAP, "autovacuum_freeze_max_age",
	                  "Age at which to autovacuum a table to prevent "
	                  "transaction ID wraparound",
	                  -1, 100000, 2000000000, ShareUpdateExclusiveLock);
	add_int_reloption(RELOPT_KIND_HEAP, "autovacuum_freeze_table_age",
	                  "Age at which VACUUM should perform a full table sweep "
	                  "to freeze row versions",
	                  -1, 0, 2000000000, ShareUpdateExclusiveLock);
	add_int_reloption(RELOPT_KIND_HEAP, "parallel_workers",
	                  "Number of parallel processes that can be used per "
	                  "executor node for this relation.",
	                  -1, -1, 1024, ShareUpdateExclusiveLock);
}

bytea *
heap_reloptions(Datum reloptions, bool validate)
{
	static const relopt_parse_elt tab[] = {
		{"fillfactor", RELOPT_TYPE_INT, offsetof(StdRdOptions, fillfactor)},
		{"parallel_workers", RELOPT_TYPE_INT,
	     offsetof(StdRdOptions, parallel_workers)},
		{"vacuum_truncate", RELOPT_TYPE_BOOL,
	     offsetof(StdRdOptions, vacuum_truncate)},
		{"autovacuum_enabled", RELOPT_TYPE_BOOL,
	     offsetof(StdRdOptions, autovacuum_enabled)},
		{"autovacuum_vacuum_threshold", RELOPT_TYPE_INT,
	     offsetof(StdRdOptions, autovacuum_vacuum_threshold)},
		{"autovacuum_vacuum_insert_threshold", RELOPT_TYPE_INT,
	     offsetof(StdRdOptions, autovacuum_vacuum_insert_threshold)},
		{"autovacuum_analyze_threshold", RELOPT_TYPE_INT,
	     offsetof(StdRdOptions, autovacuum_analyze_threshold)},
		{"autovacuum_freeze_min_age", RELOPT_TYPE_INT,
	     offsetof(StdRdOptions, autovacuum_freeze_min_age)},
		{"autovacuum_freeze_max_age", RELOPT_TYPE_INT,
	     offsetof(StdRdOptions, autovacuum_freeze_max_age)},
		{"autovacuum_freeze_table_age", RELOPT_TYPE_INT,
	     offsetof(StdRdOptions, autovacuum_freeze_table_age)},
	};

	return (bytea *) build_reloptions(reloptions, validate, RELOPT_KIND_HEAP,
	                                  sizeof(StdRdOptions), tab, lengthof(tab));
}

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
			ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("invalid value for option \"%s\"",
			                       def->defname)));
	}
}

Datum
transformRelOptions(List *defList)
{
	StringInfoData buf;
	TextArrayHeader header = {.ndim = 1,
	                          .elemtype = TEXT_ARRAY_ELEMTYPE,
	                          .dim1 = list_length(defList),
	                          .lbound1 = 1};
	ListCell *lc;

	if (defList == NIL)
		return (Datum) 0;
	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, (char *) &header, sizeof(header));
	foreach (lc, defList)
	{
		DefElem *def = lfirst_node(DefElem, lc);
		char *item;
		int32 word;

		if (def->defnamespace != NULL)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                errmsg("unrecognized parameter namespace \"%s\"",
			                       def->defnamespace)));
		item = psprintf("%s=%s", def->defname, OptionText(def));
		SET_VARSIZE(&word, VARHDRSZ + strlen(item));
		appendBinaryStringInfo(&buf, (char *) &word, sizeof(word));
		appendBinaryStringInfo(&buf, item, strlen(item));
		while (buf.len % 4 != 0)
			appendStringInfoChar(&buf, '\0');
	}
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
		result = lappend(result,
		                 makeDefElem(text,
		                             value != NULL ? (Node *) makeString(value)
		                                           : NULL,
		                             -1));
		p += TYPEALIGN(4, len);
	}
	return result;
}
