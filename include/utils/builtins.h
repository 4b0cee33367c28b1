/*
 * utils/builtins.h
 *		Helpers of the SQL types that other folders use.
 */
#ifndef BUILTINS_H
#define BUILTINS_H

#include "fmgr.h"

#define MAXINT8LEN 20

/* Shortest text that reads back as the same value; buf as float_to_shortest. */
#define FLOAT_SHORTEST_DECIMAL_LEN 16
#define DOUBLE_SHORTEST_DECIMAL_LEN 25
extern int float_to_shortest_decimal_buf(float f, char *result);
extern int float_to_shortest_decimal_bufn(float f, char *result);
extern int double_to_shortest_decimal_buf(double f, char *result);

/* ERROR 22P02 or 22003, naming the type. */
extern int32 pg_strtoint32(const char *s);
extern int64 pg_strtoint64(const char *s);
extern float4 float4in_internal(char *num, char **endptr_p,
                                const char *type_name,
                                const char *orig_string);
extern float8 float8in_internal(char *num, char **endptr_p,
                                const char *type_name,
                                const char *orig_string);

extern text *cstring_to_text(const char *s);
extern text *cstring_to_text_with_len(const char *s, int len);
extern char *text_to_cstring(const text *t);
#define CStringGetTextDatum(s) PointerGetDatum(cstring_to_text(s))
#define TextDatumGetCString(d) text_to_cstring((text *) DatumGetPointer(d))

extern void namestrcpy(Name name, const char *str);
extern char *quote_identifier(const char *ident);

#endif /* BUILTINS_H */
