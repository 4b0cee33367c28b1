/*
 * utils/guc_internal.h
 *		What the protocol and the parsers of settings need of guc.c, and the
 *		parts of it of each other.
 */
#ifndef GUC_INTERNAL_H
#define GUC_INTERNAL_H

#include "utils/guc.h"
#include "utils/guc_tables.h"

/* Sends a ParameterStatus; NULL where there is no client. */
extern void (*guc_report_hook)(const char *name, const char *value);
extern void BeginReportingGUCOptions(void);
extern void ReportChangedGUCOptions(void);

/* on, off, true, false, yes, no, 1, 0 and unambiguous beginnings */
extern bool parse_bool(const char *value, bool *result);

/* ---- guc_value.c ---- */

/* malloc'ed; an ERROR if there is no memory */
extern void *guc_malloc(Size size);
extern char *guc_strdup(const char *string);
/*
 * Text to value, checked.  Reports at elevel and returns false if it does not
 * do.  A string comes malloc'ed.
 */
extern bool ParseGucValue(int elevel, config_generic *conf, const char *value,
                          config_var_val *result);
/* palloc'ed; use_units: 16MB, not 2048 */
extern char *
GucValueText(config_generic *conf, config_var_val value, bool use_units);
/* NULL: the setting has none */
extern const char *GucUnitName(int flags);

#endif /* GUC_INTERNAL_H */
