/*
 * guc_value.c
 *		Values of settings as text: parsed and checked, with units, and shown.
 *
 * A number may carry a unit, of memory or of time; the setting's flags say what
 * its own is.  A value is shown in the largest unit that it is a whole number
 * of.  Nothing here knows which value a setting has.
 *
 * Corresponds to the parsing part of PostgreSQL's guc.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <math.h>
#include <strings.h>

#include "lib/stringinfo.h"
#include "port/sys.h"
#include "utils/builtins.h"
#include "utils/guc_internal.h"
#include "utils/guc_tables.h"

/* ---- memory ---- */

void *
guc_malloc(Size size)
{
	void *data = sys_malloc(size);

	if (data == NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	return data;
}

char *
guc_strdup(const char *string)
{
	Size size = strlen(string) + 1;

	return memcpy(guc_malloc(size), string, size);
}

/* ---- parsing ---- */

bool
parse_bool(const char *value, bool *result)
{
	return parse_bool_with_len(value, strlen(value), result);
}

typedef struct guc_unit
{
	const char *name;
	double size; /* in bytes, or in ms */
} guc_unit;

static const guc_unit memory_units[] = {
	{"TB", 1099511627776.0}, {"GB", 1073741824.0}, {"MB", 1048576.0},
	{"kB", 1024.0},          {"B", 1.0},           {NULL, 0}};
static const guc_unit time_units[] = {
	{"d", 86400000.0}, {"h", 3600000.0}, {"min", 60000.0}, {"s", 1000.0},
	{"ms", 1.0},       {"us", 0.001},    {NULL, 0}};

#define MEMORY_HINT                                                          \
	"Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and " \
	"\"TB\"."
#define TIME_HINT                                                         \
	"Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", " \
	"\"h\", and \"d\"."

/* The setting's own unit, in bytes or ms; 0 if it has none. */
static double
base_unit(int flags, const guc_unit **units)
{
	*units = NULL;
	if (flags & GUC_UNIT_MEMORY)
	{
		*units = memory_units;
		switch (flags & GUC_UNIT_MEMORY)
		{
			case GUC_UNIT_KB:
				return 1024;
			case GUC_UNIT_BLOCKS:
				return BLCKSZ;
			case GUC_UNIT_MB:
				return 1048576;
			default:
				return 1;
		}
	}
	if (flags & GUC_UNIT_TIME)
	{
		*units = time_units;
		switch (flags & GUC_UNIT_TIME)
		{
			case GUC_UNIT_S:
				return 1000;
			case GUC_UNIT_MIN:
				return 60000;
			default:
				return 1;
		}
	}
	return 0;
}

const char *
GucUnitName(int flags)
{
	switch (flags & GUC_UNIT_MEMORY)
	{
		case GUC_UNIT_KB:
			return "kB";
		case GUC_UNIT_BLOCKS:
			return "8kB";
		case GUC_UNIT_MB:
			return "MB";
		case GUC_UNIT_BYTE:
			return "B";
	}
	switch (flags & GUC_UNIT_TIME)
	{
		case GUC_UNIT_MS:
			return "ms";
		case GUC_UNIT_S:
			return "s";
		case GUC_UNIT_MIN:
			return "min";
	}
	return NULL;
}

/* A number with an optional unit, in the setting's own unit. */
static bool
parse_number(const char *value, int flags, double *result, const char **hint)
{
	const guc_unit *units;
	double base = base_unit(flags, &units);
	char *end;
	double number;
	Size len;

	errno = 0;
	number = strtod(value, &end);
	/* integers may be hexadecimal or octal, as in C */
	if (value[0] == '0' && (isdigit((unsigned char) value[1])) &&
	    strspn(value, "01234567") == strlen(value))
		number = (double) strtol(value, &end, 8);
	if (end == value || errno == ERANGE || isnan(number))
		return false;
	while (isspace((unsigned char) *end))
		end++;
	len = strlen(end);
	while (len > 0 && isspace((unsigned char) end[len - 1]))
		len--;
	if (len > 0)
	{
		const guc_unit *unit = units;

		if (units == NULL)
			return false;
		for (; unit->name; unit++)
			if (strlen(unit->name) == len && strncmp(unit->name, end, len) == 0)
				break;
		if (unit->name == NULL)
		{
			*hint = units == memory_units ? MEMORY_HINT : TIME_HINT;
			return false;
		}
		number = number * unit->size / base;
	}
	*result = number;
	return true;
}

/* In the unit of flags; *hintmsg (NULL: not wanted) is set or left. */
bool
parse_real(const char *value, double *result, int flags, const char **hintmsg)
{
	const char *hint = NULL;

	if (parse_number(value, flags, result, &hint))
		return true;
	if (hintmsg != NULL)
		*hintmsg = hint;
	return false;
}

bool
parse_int(const char *value, int *result, int flags, const char **hintmsg)
{
	double number;

	if (!parse_real(value, &number, flags, hintmsg))
		return false;
	number = rint(number);
	if (number > INT_MAX || number < INT_MIN)
	{
		if (hintmsg != NULL)
			*hintmsg = "Value exceeds integer range.";
		return false;
	}
	*result = (int) number;
	return true;
}

static void
invalid_value(int elevel, config_generic *conf, const char *value,
              const char *detail, const char *hint)
{
	ereport(elevel, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                 errmsg("invalid value for parameter \"%s\": \"%s\"",
	                        conf->name, value),
	                 detail ? errdetail("%s", detail) : 0,
	                 hint ? errhint("%s", hint) : 0));
}

static void
out_of_range(int elevel, config_generic *conf, double value)
{
	const char *unit = GucUnitName(conf->flags);
	const char *space = unit ? " " : "";

	if (conf->flags & GUC_UNIT_BLOCKS)
	{
		unit = "8kB";
	}
	if (unit == NULL)
		unit = "";
	if (conf->vartype == PGC_INT)
		ereport(elevel, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                 errmsg("%d%s%s is outside the valid range for "
		                        "parameter \"%s\" (%d .. %d)",
		                        (int) value, space, unit, conf->name,
		                        (int) conf->min, (int) conf->max)));
	else
		ereport(elevel,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("%g%s%s is outside the valid range for "
		                "parameter \"%s\" (%g .. %g)",
		                value, space, unit, conf->name, conf->min, conf->max)));
}

static bool
parse_enum(int elevel, config_generic *conf, const char *value, int *result)
{
	StringInfoData hint;

	for (const struct config_enum_entry *entry = conf->options; entry->name;
	     entry++)
		if (strcasecmp(entry->name, value) == 0)
		{
			*result = entry->val;
			return true;
		}
	initStringInfo(&hint);
	for (const struct config_enum_entry *entry = conf->options; entry->name;
	     entry++)
		if (!entry->hidden)
			appendStringInfo(&hint, "%s%s", hint.len ? ", " : "", entry->name);
	invalid_value(elevel, conf, value, NULL,
	              psprintf("Available values: %s.", hint.data));
	pfree(hint.data);
	return false;
}

bool
ParseGucValue(int elevel, config_generic *conf, const char *value,
              config_var_val *result)
{
	const char *hint = NULL;
	const char *detail = NULL;
	double number;

	memset(result, 0, sizeof(*result));
	switch (conf->vartype)
	{
		case PGC_BOOL:
			if (parse_bool(value, &result->boolval))
			{
				if (!conf->check_int_hook ||
				    conf->check_int_hook(result->boolval, &detail))
					return true;
				invalid_value(elevel, conf, value, detail, NULL);
				return false;
			}
			ereport(elevel, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                 errmsg("parameter \"%s\" requires a Boolean value",
			                        conf->name)));
			return false;
		case PGC_INT:
			if (!parse_int(value, &result->intval, conf->flags, &hint))
			{
				invalid_value(elevel, conf, value, NULL, hint);
				return false;
			}
			if (result->intval < conf->min || result->intval > conf->max)
			{
				out_of_range(elevel, conf, result->intval);
				return false;
			}
			if (conf->check_int_hook &&
			    !conf->check_int_hook(result->intval, &detail))
			{
				ereport(elevel,
				        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				         errmsg("invalid value for parameter \"%s\": %d",
				                conf->name, result->intval),
				         errdetail("%s", detail)));
				return false;
			}
			return true;
		case PGC_REAL:
			if (!parse_real(value, &number, conf->flags, &hint))
			{
				invalid_value(elevel, conf, value, NULL, hint);
				return false;
			}
			if (number < conf->min || number > conf->max)
			{
				out_of_range(elevel, conf, number);
				return false;
			}
			result->realval = number;
			return true;
		case PGC_STRING:
			if (conf->check_hook && !conf->check_hook(&value, &detail))
			{
				invalid_value(elevel, conf, value, detail, NULL);
				return false;
			}
			result->stringval = guc_strdup(value);
			return true;
		case PGC_ENUM:
			return parse_enum(elevel, conf, value, &result->enumval);
	}
	return false;
}

/* ---- showing ---- */

char *
GucValueText(config_generic *conf, config_var_val value, bool use_units)
{
	const guc_unit *units;
	double base = base_unit(conf->flags, &units);

	switch (conf->vartype)
	{
		case PGC_BOOL:
			return pstrdup(value.boolval ? "on" : "off");
		case PGC_ENUM:
			for (const struct config_enum_entry *entry = conf->options;
			     entry->name; entry++)
				if (entry->val == value.enumval && !entry->hidden)
					return pstrdup(entry->name);
			for (const struct config_enum_entry *entry = conf->options;
			     entry->name; entry++)
				if (entry->val == value.enumval)
					return pstrdup(entry->name);
			return psprintf("%d", value.enumval);
		case PGC_INT:
			if (use_units && units && value.intval > 0)
			{
				double amount = (double) value.intval * base;

				for (const guc_unit *unit = units; unit->name; unit++)
					if (fmod(amount, unit->size) == 0)
						return psprintf("%.0f%s", amount / unit->size,
						                unit->name);
			}
			return psprintf("%d", value.intval);
		case PGC_REAL:
			if (use_units && units && value.realval > 0)
			{
				const guc_unit *unit = units;
				double amount = value.realval * base;
				double n;

				/* what is whole in no unit is shown in the smallest */
				while (n = amount / unit->size,
				       unit[1].name && fabs(rint(n) / n - 1.0) > 1e-8)
					unit++;
				return psprintf("%g%s", n, unit->name);
			}
			return psprintf("%g", value.realval);
		case PGC_STRING:
			return pstrdup(value.stringval ? value.stringval : "");
	}
	return NULL;
}
