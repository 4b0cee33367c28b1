/*
 * parser/parse_param.h
 *		Parameters $1, $2, ...
 */
#ifndef PARSE_PARAM_H
#define PARSE_PARAM_H

#include "parser/parse_node.h"

extern void setup_parse_fixed_parameters(ParseState *pstate,
                                         const Oid *paramTypes, int numParams);
extern void setup_parse_variable_parameters(ParseState *pstate,
                                            Oid **paramTypes, int *numParams);
/* ERROR 42P18 for one whose type no use told */
extern void check_variable_parameters(ParseState *pstate, Query *query);
extern bool query_contains_extern_params(Query *query);

#endif /* PARSE_PARAM_H */
