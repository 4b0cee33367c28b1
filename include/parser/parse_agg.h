/*
 * parser/parse_agg.h
 *		Where aggregates may stand, and what may stand beside them.
 */
#ifndef PARSE_AGG_H
#define PARSE_AGG_H

#include "parser/parse_node.h"

extern void transformAggregateCall(ParseState *pstate, Aggref *agg, List *args,
                                   bool agg_distinct);
/* ERROR 42803 for a column that is neither grouped nor in an aggregate */
extern void parseCheckAggregates(ParseState *pstate, Query *qry);

#endif /* PARSE_AGG_H */
