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
extern int16 pg_strtoint16(const char *s);
extern int32 pg_strtoint32(const char *s);
extern int64 pg_strtoint64(const char *s);
extern float4 float4in_internal(char *num, char **endptr_p,
                                const char *type_name, const char *orig_string);
extern float8 float8in_internal(char *num, char **endptr_p,
                                const char *type_name, const char *orig_string);

extern text *cstring_to_text(const char *s);
extern text *cstring_to_text_with_len(const char *s, int len);
extern char *text_to_cstring(const text *t);
#define CStringGetTextDatum(s) PointerGetDatum(cstring_to_text(s))
#define TextDatumGetCString(d) text_to_cstring((text *) DatumGetPointer(d))

extern void namestrcpy(Name name, const char *str);
extern int namestrcmp(Name name, const char *str);
/* the identifier itself, or a palloc'd copy in double quotes */
extern char *quote_identifier(const char *ident);
extern char *
quote_qualified_identifier(const char *qualifier, const char *ident);
extern char *quote_literal_cstr(const char *rawstr);

/* "t", "true", "y", "yes", "on", "1" and their opposites, or a prefix */
extern bool parse_bool(const char *value, bool *result);
extern bool parse_bool_with_len(const char *value, size_t len, bool *result);

/* decimal text at a; the length, no terminator */
extern int pg_ltoa(int32 value, char *a);
extern int pg_lltoa(int64 value, char *a);
extern int pg_ultoa_n(uint32 value, char *a);

/* SQL names of types: "integer", "vector(3)", "text[]" */
extern char *format_type_be(Oid type_oid);
extern char *format_type_be_qualified(Oid type_oid);
extern char *format_type_with_typemod(Oid type_oid, int32 typemod);
#define FORMAT_TYPE_TYPEMOD_GIVEN 0x01
#define FORMAT_TYPE_ALLOW_INVALID 0x02
#define FORMAT_TYPE_FORCE_QUALIFY 0x04
#define FORMAT_TYPE_INVALID_AS_NULL 0x08
extern char *format_type_extended(Oid type_oid, int32 typemod, uint16 flags);
extern char *format_procedure(Oid procedure_oid);
extern char *format_operator(Oid operator_oid);
/* "integer, text" */
extern char *oidvectortypes_list(const Oid *types, int n);

extern struct oidvector *buildoidvector(const Oid *oids, int n);
extern struct int2vector *buildint2vector(const int16 *int2s, int n);

/* byte order: the database's collation is C */
extern int
varstr_cmp(const char *arg1, int len1, const char *arg2, int len2, Oid collid);
/* NaN is equal to itself and greater than any other */
extern int float4_cmp_internal(float4 a, float4 b);
extern int float8_cmp_internal(float8 a, float8 b);
/* the text that the output functions give */
extern char *float8out_internal(double num);

#endif /* BUILTINS_H */
