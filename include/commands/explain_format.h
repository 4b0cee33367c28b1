/*
 * commands/explain_format.h
 *		Properties and groups of EXPLAIN's output, as text or as JSON.
 *
 * Corresponds to PostgreSQL 18's commands/explain_format.h (explain.h in 15).
 */
#ifndef EXPLAIN_FORMAT_H
#define EXPLAIN_FORMAT_H

#include "commands/explain.h"

extern void ExplainBeginOutput(ExplainState *es);
extern void ExplainEndOutput(ExplainState *es);

/*
 * JSON: an object if labeled, else an array; labelname is its key, NULL in an
 * array.  Text has no groups.
 */
extern void
ExplainOpenGroup(const char *labelname, bool labeled, ExplainState *es);
extern void ExplainCloseGroup(bool labeled, ExplainState *es);

extern void
ExplainPropertyText(const char *qlabel, const char *value, ExplainState *es);
/* items are char * */
extern void
ExplainPropertyList(const char *qlabel, List *items, ExplainState *es);
extern void
ExplainPropertyInteger(const char *qlabel, int64 value, ExplainState *es);
extern void ExplainPropertyFloat(const char *qlabel, const char *unit,
                                 double value, int ndigits, ExplainState *es);
extern void
ExplainPropertyBool(const char *qlabel, bool value, ExplainState *es);

extern bool has_buffer_usage(const BufferUsage *usage);
extern void show_buffer_usage(ExplainState *es, const BufferUsage *usage);

/* text: blanks at the beginning of a line */
extern void ExplainIndentText(ExplainState *es);

#endif /* EXPLAIN_FORMAT_H */
