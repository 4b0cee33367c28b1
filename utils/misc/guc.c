/*
 * guc.c
 *		Settings: values with types, units, ranges, contexts and sources.
 *
 * Each setting is a struct with its variable's address; the variable is what
 * the code reads.  A change is checked (context, syntax, range), then weighed
 * against the source of the present value: a later GucSource wins.  What comes
 * before the session (file, command line, start-up packet) becomes the value
 * that RESET goes back to as well.
 *
 * SET is transactional.  The first change of a setting in a transaction pushes
 * a GucStack entry with the value before; AtEOXact_GUC puts it back (abort, or
 * SET LOCAL) or drops it (commit of a SET).  Nest levels above 1 are those of
 * code that changes settings for itself (NewGUCNestLevel).
 *
 * Values live in malloc'ed memory, so that they outlast any memory context and
 * an assignment cannot fail half-way: everything is allocated before anything
 * is changed.
 *
 * How a value is read and written as text is in guc_value.c.
 *
 * Corresponds to PostgreSQL's guc.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <strings.h>

#include "miscadmin.h"
#include "port/sys.h"
#include "utils/builtins.h"
#include "utils/guc_internal.h"
#include "utils/guc_tables.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

void (*guc_report_hook)(const char *name, const char *value) = NULL;

/* Sorted by nothing: a linear search of some hundred names is quick enough. */
static config_generic **guc_variables = NULL;
static int num_guc_variables = 0;
static int size_guc_variables = 0;

/* Prefixes whose settings are all defined. */
#define MAX_RESERVED_PREFIXES 8
static const char *reserved_prefixes[MAX_RESERVED_PREFIXES];
static int num_reserved_prefixes = 0;

/* 1 inside a transaction, more inside NewGUCNestLevel, 0 outside. */
static int GUCNestLevel = 0;

static const char *const context_names[] = {
	"internal", "postmaster", "sighup", "superuser-backend",
	"backend",  "superuser",  "user"};
static const char *const source_names[] = {"default",
                                           "default",
                                           "environment variable",
                                           "configuration file",
                                           "command line",
                                           "client",
                                           "override",
                                           "session"};
static const char *const type_names[] = {"bool", "integer", "real", "string",
                                         "enum"};

/* ---- memory ---- */

/*
 * A string may be shared by the variable, the defaults and stack entries; it is
 * freed when the last of them lets go.
 */
static bool
string_in_use(config_generic *conf, const char *string)
{
	if (string == *(char **) conf->variable ||
	    string == conf->reset_val.stringval ||
	    string == conf->boot_val.stringval)
		return true;
	for (GucStack *stack = conf->stack; stack; stack = stack->prev)
		if (string == stack->prior.stringval ||
		    (stack->state == GUC_SET_LOCAL &&
		     string == stack->masked.stringval))
			return true;
	return false;
}

static void
release_value(config_generic *conf, config_var_val value)
{
	if (conf->vartype == PGC_STRING && value.stringval != NULL &&
	    !string_in_use(conf, value.stringval))
		free(value.stringval);
}

static config_var_val
current_value(config_generic *conf)
{
	config_var_val value = {.realval = 0};

	switch (conf->vartype)
	{
		case PGC_BOOL:
			value.boolval = *(bool *) conf->variable;
			break;
		case PGC_INT:
		case PGC_ENUM:
			value.intval = *(int *) conf->variable;
			break;
		case PGC_REAL:
			value.realval = *(double *) conf->variable;
			break;
		case PGC_STRING:
			value.stringval = *(char **) conf->variable;
			break;
	}
	return value;
}

static bool
same_value(config_generic *conf, config_var_val a, config_var_val b)
{
	switch (conf->vartype)
	{
		case PGC_BOOL:
			return a.boolval == b.boolval;
		case PGC_INT:
		case PGC_ENUM:
			return a.intval == b.intval;
		case PGC_REAL:
			return a.realval == b.realval;
		case PGC_STRING:
			return strcmp(a.stringval ? a.stringval : "",
			              b.stringval ? b.stringval : "") == 0;
	}
	return false;
}

static uint64 guc_version = 1;

uint64
GetGUCVersion(void)
{
	return guc_version;
}

static void
assign_value(config_generic *conf, config_var_val value, GucSource source)
{
	config_var_val old = current_value(conf);

	guc_version++;
	if ((conf->flags & GUC_REPORT) && !same_value(conf, old, value))
		conf->needs_report = true;
	switch (conf->vartype)
	{
		case PGC_BOOL:
			*(bool *) conf->variable = value.boolval;
			break;
		case PGC_INT:
		case PGC_ENUM:
			*(int *) conf->variable = value.intval;
			break;
		case PGC_REAL:
			*(double *) conf->variable = value.realval;
			break;
		case PGC_STRING:
			*(char **) conf->variable = value.stringval;
			break;
	}
	conf->source = source;
	if (conf->vartype != PGC_STRING || old.stringval != value.stringval)
		release_value(conf, old);
}

/* ---- finding ---- */

static config_generic *
find_option(const char *name)
{
	for (int i = 0; i < num_guc_variables; i++)
		if (strcasecmp(guc_variables[i]->name, name) == 0)
			return guc_variables[i];
	return NULL;
}

static void
add_variable(config_generic *conf)
{
	if (num_guc_variables == size_guc_variables)
	{
		int new_size = Max(200, size_guc_variables * 2);
		config_generic **grown =
			sys_realloc(guc_variables, new_size * sizeof(config_generic *));

		if (grown == NULL)
			ereport(ERROR,
			        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		guc_variables = grown;
		size_guc_variables = new_size;
	}
	guc_variables[num_guc_variables++] = conf;
}

/* "prefix.name", each part an identifier: may be set before it is defined. */
static bool
valid_custom_name(const char *name)
{
	const char *dot = strchr(name, '.');

	if (dot == NULL || dot == name || dot[1] == '\0')
		return false;
	for (const char *p = name; *p; p++)
		if (!isalnum((unsigned char) *p) && *p != '_' && *p != '.' && *p != '$')
			return false;
	return true;
}

static const char *
reserved_prefix_of(const char *name)
{
	size_t len = strcspn(name, ".");

	for (int i = 0; i < num_reserved_prefixes; i++)
		if (strlen(reserved_prefixes[i]) == len &&
		    strncmp(reserved_prefixes[i], name, len) == 0)
			return reserved_prefixes[i];
	return NULL;
}

static config_generic *
add_placeholder(const char *name)
{
	config_generic *conf = guc_malloc(sizeof(config_generic));
	char **variable = guc_malloc(sizeof(char *));

	memset(conf, 0, sizeof(config_generic));
	*variable = NULL;
	conf->name = guc_strdup(name);
	conf->short_desc = "";
	conf->context = PGC_USERSET;
	conf->flags = GUC_NO_SHOW_ALL;
	conf->vartype = PGC_STRING;
	conf->variable = variable;
	conf->placeholder = true;
	add_variable(conf);
	return conf;
}

static void
unrecognized_parameter(int elevel, const char *name)
{
	ereport(elevel,
	        (errcode(ERRCODE_UNDEFINED_OBJECT),
	         errmsg("unrecognized configuration parameter \"%s\"", name)));
}

/* ---- showing ---- */

const char *
GetConfigOption(const char *name, bool missing_ok)
{
	config_generic *conf = find_option(name);

	if (conf == NULL)
	{
		if (!missing_ok)
			unrecognized_parameter(ERROR, name);
		return NULL;
	}
	return GucValueText(conf, current_value(conf), false);
}

char *
GetConfigOptionByName(const char *name, const char **varname, bool missing_ok)
{
	config_generic *conf = find_option(name);

	if (conf == NULL)
	{
		if (!missing_ok)
			unrecognized_parameter(ERROR, name);
		if (varname)
			*varname = NULL;
		return NULL;
	}
	if (varname)
		*varname = conf->name;
	return GucValueText(conf, current_value(conf), true);
}

static int
name_order(const void *a, const void *b)
{
	return strcasecmp((*(config_generic *const *) a)->name,
	                  (*(config_generic *const *) b)->name);
}

bool
GetGucRow(int n, GucRow *row)
{
	config_generic *conf;
	int i;

	if (n == 0)
		qsort(guc_variables, num_guc_variables, sizeof(config_generic *),
		      name_order);
	for (i = 0; i < num_guc_variables; i++)
		if (!guc_variables[i]->placeholder &&
		    !(guc_variables[i]->flags & GUC_NO_SHOW_ALL) && n-- == 0)
			break;
	if (i >= num_guc_variables)
		return false;
	conf = guc_variables[i];
	memset(row, 0, sizeof(*row));
	row->name = conf->name;
	row->setting = GucValueText(conf, current_value(conf), false);
	row->unit = GucUnitName(conf->flags);
	row->short_desc = conf->short_desc;
	row->long_desc = conf->long_desc;
	row->context = context_names[conf->context];
	row->vartype = type_names[conf->vartype];
	row->source = source_names[conf->source];
	if (conf->vartype == PGC_INT || conf->vartype == PGC_REAL)
	{
		row->min_val = psprintf("%.10g", conf->min);
		row->max_val = psprintf("%.10g", conf->max);
	}
	row->boot_val = GucValueText(conf, conf->boot_val, false);
	row->reset_val = GucValueText(conf, conf->reset_val, false);
	row->category = GucCategoryName(conf->name);
	row->options = conf->vartype == PGC_ENUM ? conf->options : NULL;
	return true;
}

/* ---- life ---- */

static void
initialize_variable(config_generic *conf)
{
	conf->stack = NULL;
	conf->source = conf->reset_source = PGC_S_DEFAULT;
	conf->needs_report = (conf->flags & GUC_REPORT) != 0;
	if (conf->vartype == PGC_STRING)
		*(char **) conf->variable = NULL;
	memset(&conf->boot_val, 0, sizeof(conf->boot_val));
	if (!ParseGucValue(LOG, conf, conf->boot_text, &conf->boot_val))
		elog(FATAL, "bad default for parameter \"%s\"", conf->name);
	conf->reset_val = conf->boot_val;
	assign_value(conf, conf->boot_val, PGC_S_DEFAULT);
}

void
InitializeGUCOptions(void)
{
	num_guc_variables = 0;
	GUCNestLevel = 0;
	for (int i = 0; i < NumConfigureNames; i++)
	{
		add_variable(&ConfigureNames[i]);
		initialize_variable(&ConfigureNames[i]);
	}
}

/* Every process reads the file again, but only the postmaster tells. */
int
ConfigFileLogLevel(void)
{
	return IsUnderPostmaster ? DEBUG2 : LOG;
}

static bool
permission_denied(int elevel, config_generic *conf)
{
	ereport(elevel,
	        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
	         errmsg("permission denied to set parameter \"%s\"", conf->name)));
	return false;
}

/* May it be changed in this context?  Reports if not. */
static bool
context_allows(int elevel, config_generic *conf, GucContext context,
               GucSource source)
{
	switch (conf->context)
	{
		case PGC_INTERNAL:
			if (context == PGC_INTERNAL)
				return true;
			ereport(elevel,
			        (errcode(ERRCODE_CANT_CHANGE_RUNTIME_PARAM),
			         errmsg("parameter \"%s\" cannot be changed", conf->name)));
			return false;
		case PGC_POSTMASTER:
			if (context == PGC_POSTMASTER || context == PGC_INTERNAL ||
			    context == PGC_SIGHUP)
				return true; /* a reload is looked at later */
			ereport(elevel,
			        (errcode(ERRCODE_CANT_CHANGE_RUNTIME_PARAM),
			         errmsg("parameter \"%s\" cannot be changed without "
			                "restarting the server",
			                conf->name)));
			return false;
		case PGC_SIGHUP:
			if (context <= PGC_SIGHUP)
				return true;
			ereport(elevel, (errcode(ERRCODE_CANT_CHANGE_RUNTIME_PARAM),
			                 errmsg("parameter \"%s\" cannot be changed now",
			                        conf->name)));
			return false;
		case PGC_SU_BACKEND:
			if (context == PGC_BACKEND)
				return permission_denied(elevel, conf);
			pg_fallthrough;
		case PGC_BACKEND:
			if (context <= PGC_BACKEND || source == PGC_S_CLIENT)
				return true;
			ereport(elevel,
			        (errcode(ERRCODE_CANT_CHANGE_RUNTIME_PARAM),
			         errmsg("parameter \"%s\" cannot be set after connection "
			                "start",
			                conf->name)));
			return false;
		case PGC_SUSET:
			if (context == PGC_USERSET || context == PGC_BACKEND)
				return permission_denied(elevel, conf);
			return true;
		case PGC_USERSET:
			return true;
	}
	return false;
}

/* Remember the value before this level's first change. */
static void
push_old_value(config_generic *conf, GucAction action)
{
	GucStack *stack = conf->stack;

	if (GUCNestLevel == 0)
		return; /* outside a transaction there is nothing to go back to */
	if (stack && stack->nest_level >= GUCNestLevel)
	{
		if (action == GUC_ACTION_LOCAL && stack->state == GUC_SET)
		{
			stack->masked = current_value(conf);
			stack->masked_source = conf->source;
			stack->state = GUC_SET_LOCAL;
		}
		else if (action == GUC_ACTION_SET)
		{
			config_var_val masked = stack->masked;
			bool had_masked = stack->state == GUC_SET_LOCAL;

			stack->state = GUC_SET;
			if (had_masked)
				release_value(conf, masked);
		}
		return;
	}
	stack = guc_malloc(sizeof(GucStack));
	memset(stack, 0, sizeof(*stack));
	stack->prev = conf->stack;
	stack->nest_level = GUCNestLevel;
	stack->state = action == GUC_ACTION_LOCAL ? GUC_LOCAL : GUC_SET;
	stack->source = conf->source;
	stack->prior = current_value(conf);
	conf->stack = stack;
}

/* A new default: what RESET and the ends of transactions go back to. */
static void
set_reset_value(config_generic *conf, config_var_val value, GucSource source)
{
	config_var_val old = conf->reset_val;

	if (conf->reset_source > source)
		return;
	conf->reset_val = value;
	conf->reset_source = source;
	for (GucStack *stack = conf->stack; stack; stack = stack->prev)
		if (stack->source <= source)
		{
			config_var_val prior = stack->prior;

			stack->prior = value;
			stack->source = source;
			release_value(conf, prior);
		}
	release_value(conf, old);
}

int
set_config_option(const char *name, const char *value, GucContext context,
                  GucSource source, GucAction action, bool is_reload)
{
	int elevel =
		source == PGC_S_FILE || is_reload ? ConfigFileLogLevel() : ERROR;
	config_generic *conf = find_option(name);
	config_var_val new_value;
	bool make_default = source <= PGC_S_OVERRIDE;
	bool applied = false;

	if (conf == NULL && valid_custom_name(name))
	{
		const char *prefix = reserved_prefix_of(name);

		if (prefix)
		{
			ereport(
				elevel,
				(errcode(ERRCODE_INVALID_NAME),
			     errmsg("invalid configuration parameter name \"%s\"", name),
			     errdetail("\"%s\" is a reserved prefix.", prefix)));
			return -1;
		}
		conf = add_placeholder(name);
	}
	if (conf == NULL)
	{
		unrecognized_parameter(elevel, name);
		return -1;
	}
	if (!context_allows(elevel, conf, context, source))
		return -1;
	if (value == NULL) /* RESET, SET TO DEFAULT */
	{
		new_value = conf->reset_val;
		source = conf->reset_source;
		make_default = false;
	}
	else if (!ParseGucValue(elevel, conf, value, &new_value))
		return -1;
	if (conf->context == PGC_POSTMASTER && context == PGC_SIGHUP)
	{
		bool same = same_value(conf, current_value(conf), new_value);

		release_value(conf, new_value);
		if (same || conf->source > source)
			return 0;
		ereport(elevel, (errcode(ERRCODE_CANT_CHANGE_RUNTIME_PARAM),
		                 errmsg("parameter \"%s\" cannot be changed without "
		                        "restarting the server",
		                        conf->name)));
		return -1;
	}
	if (value == NULL || conf->source <= source)
	{
		if (!make_default)
			push_old_value(conf, action);
		if (is_reload && !IsUnderPostmaster &&
		    !same_value(conf, current_value(conf), new_value))
			ereport(LOG, (errmsg("parameter \"%s\" changed to \"%s\"",
			                     conf->name, value ? value : "")));
		assign_value(conf, new_value, source);
		applied = true;
	}
	if (make_default)
		set_reset_value(conf, new_value, source);
	release_value(conf, new_value); /* unless somebody kept it */
	return applied ? 1 : 0;
}

void
SetConfigOption(const char *name, const char *value, GucContext context,
                GucSource source)
{
	(void) set_config_option(name, value, context, source, GUC_ACTION_SET,
	                         false);
}

void
ResetConfigOption(const char *name, GucAction action)
{
	(void) set_config_option(name, NULL, superuser() ? PGC_SUSET : PGC_USERSET,
	                         PGC_S_SESSION, action, false);
}

void
ResetAllOptions(void)
{
	for (int i = 0; i < num_guc_variables; i++)
	{
		config_generic *conf = guc_variables[i];

		if (conf->context != PGC_SUSET && conf->context != PGC_USERSET)
			continue;
		if (conf->source <= PGC_S_OVERRIDE)
			continue;
		push_old_value(conf, GUC_ACTION_SET);
		assign_value(conf, conf->reset_val, conf->reset_source);
	}
}

void
AtStart_GUC(void)
{
	if (GUCNestLevel != 0)
		elog(WARNING, "GUC nest level = %d at transaction start", GUCNestLevel);
	GUCNestLevel = 1;
}

int
NewGUCNestLevel(void)
{
	return ++GUCNestLevel;
}

/* End one setting's innermost level; true if its entry is gone. */
static void
end_level(config_generic *conf, bool isCommit)
{
	GucStack *stack = conf->stack;
	config_var_val prior = stack->prior;
	config_var_val masked = stack->masked;
	bool had_masked = stack->state == GUC_SET_LOCAL;
	bool keep = isCommit && stack->state == GUC_SET;

	conf->stack = stack->prev;
	if (isCommit && had_masked)
		assign_value(conf, masked, stack->masked_source);
	else if (!keep)
		assign_value(conf, prior, stack->source);
	if (isCommit && stack->state != GUC_LOCAL && stack->nest_level > 1 &&
	    (conf->stack == NULL ||
	     conf->stack->nest_level < stack->nest_level - 1))
	{
		/* The outer level has no entry yet: it inherits this one. */
		stack->nest_level--;
		stack->state = GUC_SET;
		stack->prev = conf->stack;
		conf->stack = stack;
		if (had_masked)
			release_value(conf, masked);
		return;
	}
	release_value(conf, prior);
	if (had_masked)
		release_value(conf, masked);
	free(stack);
}

void
AtEOXact_GUC(bool isCommit, int nestLevel)
{
	Assert(nestLevel > 0);
	for (int i = 0; i < num_guc_variables; i++)
	{
		config_generic *conf = guc_variables[i];

		while (conf->stack && conf->stack->nest_level >= nestLevel)
			end_level(conf, isCommit);
	}
	GUCNestLevel = nestLevel - 1;
}

/* ---- the client's view ---- */

/* Tell the client all that it is told at the start. */
void
BeginReportingGUCOptions(void)
{
	for (int i = 0; i < num_guc_variables; i++)
		if (guc_variables[i]->flags & GUC_REPORT)
			guc_variables[i]->needs_report = true;
	ReportChangedGUCOptions();
}

/* Before ReadyForQuery: what changed since it was told last. */
void
ReportChangedGUCOptions(void)
{
	if (guc_report_hook == NULL)
		return;
	for (int i = 0; i < num_guc_variables; i++)
	{
		config_generic *conf = guc_variables[i];
		char *text;

		if (!conf->needs_report)
			continue;
		text = GucValueText(conf, current_value(conf), true);
		guc_report_hook(conf->name, text);
		pfree(text);
		conf->needs_report = false;
	}
}

/* ---- settings of access methods ---- */

static void
free_placeholder(config_generic *conf)
{
	config_var_val reset = conf->reset_val;

	while (conf->stack)
	{
		GucStack *stack = conf->stack;
		config_var_val prior = stack->prior;

		conf->stack = stack->prev;
		if (stack->state == GUC_SET_LOCAL)
			release_value(conf, stack->masked);
		release_value(conf, prior);
		free(stack);
	}
	conf->reset_val.stringval = NULL;
	release_value(conf, reset);
	free(*(char **) conf->variable);
	free(conf->variable);
	free((char *) conf->name);
	free(conf);
}

static void
define_custom(config_generic *definition)
{
	config_generic *old = find_option(definition->name);
	config_generic *conf = guc_malloc(sizeof(config_generic));

	*conf = *definition;
	conf->name = guc_strdup(definition->name);
	if (old == NULL)
	{
		initialize_variable(conf);
		add_variable(conf);
		return;
	}
	if (!old->placeholder)
		elog(ERROR, "attempt to redefine parameter \"%s\"", conf->name);
	initialize_variable(conf);
	for (int i = 0; i < num_guc_variables; i++)
		if (guc_variables[i] == old)
			guc_variables[i] = conf;
	/* What was set before the definition is checked only now. */
	if (*(char **) old->variable != NULL &&
	    set_config_option(conf->name, *(char **) old->variable, PGC_POSTMASTER,
	                      old->source == PGC_S_SESSION ? PGC_S_OVERRIDE
	                                                   : old->source,
	                      GUC_ACTION_SET, true) < 0)
		ereport(WARNING,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("earlier setting of parameter \"%s\" was ignored",
		                conf->name)));
	free_placeholder(old);
}

void
MarkGUCPrefixReserved(const char *className)
{
	Assert(num_reserved_prefixes < MAX_RESERVED_PREFIXES);
	if (reserved_prefix_of(className) == NULL)
		reserved_prefixes[num_reserved_prefixes++] = className;
}

void
DefineCustomBoolVariable(const char *name, const char *short_desc,
                         const char *long_desc, bool *valueAddr, bool bootValue,
                         GucContext context, int flags)
{
	config_generic conf = {.name = name,
	                       .short_desc = short_desc,
	                       .long_desc = long_desc,
	                       .context = context,
	                       .flags = flags,
	                       .vartype = PGC_BOOL,
	                       .variable = valueAddr,
	                       .boot_text = bootValue ? "on" : "off"};

	define_custom(&conf);
}

void
DefineCustomIntVariable(const char *name, const char *short_desc,
                        const char *long_desc, int *valueAddr, int bootValue,
                        int minValue, int maxValue, GucContext context,
                        int flags)
{
	char boot[32];
	config_generic conf = {.name = name,
	                       .short_desc = short_desc,
	                       .long_desc = long_desc,
	                       .context = context,
	                       .flags = flags,
	                       .vartype = PGC_INT,
	                       .variable = valueAddr,
	                       .min = minValue,
	                       .max = maxValue};

	snprintf(boot, sizeof(boot), "%d", bootValue);
	conf.boot_text = guc_strdup(boot);
	define_custom(&conf);
}

void
DefineCustomRealVariable(const char *name, const char *short_desc,
                         const char *long_desc, double *valueAddr,
                         double bootValue, double minValue, double maxValue,
                         GucContext context, int flags)
{
	char boot[64];
	config_generic conf = {.name = name,
	                       .short_desc = short_desc,
	                       .long_desc = long_desc,
	                       .context = context,
	                       .flags = flags,
	                       .vartype = PGC_REAL,
	                       .variable = valueAddr,
	                       .min = minValue,
	                       .max = maxValue};

	snprintf(boot, sizeof(boot), "%.17g", bootValue);
	conf.boot_text = guc_strdup(boot);
	define_custom(&conf);
}

void
DefineCustomEnumVariable(const char *name, const char *short_desc,
                         const char *long_desc, int *valueAddr, int bootValue,
                         const struct config_enum_entry *options,
                         GucContext context, int flags)
{
	config_generic conf = {.name = name,
	                       .short_desc = short_desc,
	                       .long_desc = long_desc,
	                       .context = context,
	                       .flags = flags,
	                       .vartype = PGC_ENUM,
	                       .variable = valueAddr,
	                       .options = options};

	for (; options->name; options++)
		if (options->val == bootValue)
		{
			conf.boot_text = options->name;
			break;
		}
	Assert(conf.boot_text != NULL);
	define_custom(&conf);
}

/* ---- parallel workers ---- */

/*
 * A worker inherits the postmaster's values by fork and needs what differs:
 * name, value and source of every setting that is not at its default and may
 * be changed in a session.  The text ends with an empty name.
 */
static bool
goes_to_workers(config_generic *conf)
{
	return conf->source != PGC_S_DEFAULT && conf->context > PGC_POSTMASTER;
}

/* Exact, other than what SHOW prints. */
static char *
worker_text(config_generic *conf)
{
	if (conf->vartype == PGC_REAL)
		return psprintf("%.17g", *(double *) conf->variable);
	return GucValueText(conf, current_value(conf), false);
}

Size
EstimateGUCStateSpace(void)
{
	Size size = 1;

	for (int i = 0; i < num_guc_variables; i++)
	{
		config_generic *conf = guc_variables[i];
		char *text;

		if (!goes_to_workers(conf))
			continue;
		text = worker_text(conf);
		size += strlen(conf->name) + strlen(text) + 3;
		pfree(text);
	}
	return size;
}

void
SerializeGUCState(Size maxsize, char *start_address)
{
	char *p = start_address;
	char *end = start_address + maxsize;

	INJECTION_POINT("guc-serialize");
	for (int i = 0; i < num_guc_variables; i++)
	{
		config_generic *conf = guc_variables[i];
		Size name_size = strlen(conf->name) + 1;
		Size text_size;
		char *text;

		if (!goes_to_workers(conf))
			continue;
		text = worker_text(conf);
		text_size = strlen(text) + 1;
		if ((Size) (end - p) < name_size + text_size + 2)
			elog(ERROR, "not enough space to serialize GUC state");
		memcpy(p, conf->name, name_size);
		p += name_size;
		memcpy(p, text, text_size);
		p += text_size;
		*p++ = (char) conf->source;
		pfree(text);
	}
	*p = '\0';
}

void
RestoreGUCState(void *gucstate)
{
	const char *p = gucstate;

	while (*p)
	{
		const char *name = p;
		const char *value = name + strlen(name) + 1;
		const char *source = value + strlen(value) + 1;

		INJECTION_POINT("guc-restore");
		/* Whatever the worker's own value came from gives way. */
		(void) set_config_option(name, value, PGC_INTERNAL,
		                         Max((GucSource) *source, PGC_S_OVERRIDE),
		                         GUC_ACTION_SET, false);
		p = source + 1;
	}
}

/* "name=value" or "name"; dashes in the name are underscores. */
void
ParseLongOption(const char *string, char **name, char **value)
{
	const char *equals = strchr(string, '=');
	Size len = equals ? (Size) (equals - string) : strlen(string);

	*name = palloc(len + 1);
	memcpy(*name, string, len);
	(*name)[len] = '\0';
	*value = equals ? pstrdup(equals + 1) : NULL;
	for (char *p = *name; *p; p++)
		if (*p == '-')
			*p = '_';
}
