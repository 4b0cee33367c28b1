/*
 * parser/parse_depth.h
 *		Stack for trees that are deep.
 */
#ifndef PARSE_DEPTH_H
#define PARSE_DEPTH_H

/* before libpg_query sees the text; ERROR 54001 if its tree may be too deep */
extern void check_parse_depth(const char *str);
/* bytes of stack that reading a tree may take */
extern long parse_stack_limit(void);
extern void parse_too_deep(void) pg_attribute_noreturn();

#endif /* PARSE_DEPTH_H */
