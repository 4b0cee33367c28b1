/*
 * catalog/pg_cast.h
 *		Casts: PostgreSQL 15's columns of pg_cast and the compiled rows.
 */
#ifndef PG_CAST_H
#define PG_CAST_H

#define CastRelationId 2605
#define Natts_pg_cast 6

typedef struct FormData_pg_cast
{
	Oid oid;
	Oid castsource;
	Oid casttarget;
	Oid castfunc; /* 0 unless castmethod is 'f' */
	char castcontext;
	char castmethod;
	const char *extension;
} FormData_pg_cast;

typedef const FormData_pg_cast *Form_pg_cast;

/* in order of source and target */
extern const FormData_pg_cast pg_cast_rows[];
extern const int pg_cast_nrows;

/* NULL if there is none; what SearchSysCache2(CASTSOURCETARGET) finds */
extern Form_pg_cast GetCastForm(Oid source, Oid target);

typedef enum CoercionCodes
{
	COERCION_CODE_IMPLICIT = 'i',
	COERCION_CODE_ASSIGNMENT = 'a',
	COERCION_CODE_EXPLICIT = 'e'
} CoercionCodes;

typedef enum CoercionMethod
{
	COERCION_METHOD_FUNCTION = 'f',
	COERCION_METHOD_BINARY = 'b',
	COERCION_METHOD_INOUT = 'i'
} CoercionMethod;

#endif /* PG_CAST_H */
