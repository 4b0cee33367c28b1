/*
 * utils/guc_internal.h
 *		What the protocol and the parsers of settings need of guc.c.
 */
#ifndef GUC_INTERNAL_H
#define GUC_INTERNAL_H

#include "utils/guc.h"

/* Sends a ParameterStatus; NULL where there is no client. */
extern void (*guc_report_hook)(const char *name, const char *value);
extern void BeginReportingGUCOptions(void);
extern void ReportChangedGUCOptions(void);

/* on, off, true, false, yes, no, 1, 0 and unambiguous beginnings */
extern bool parse_bool(const char *value, bool *result);

#endif /* GUC_INTERNAL_H */
