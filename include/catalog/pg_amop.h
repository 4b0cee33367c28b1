/*
 * catalog/pg_amop.h
 *		Operators of the families: PostgreSQL 15's columns of pg_amop and the
 *		compiled rows.
 */
#ifndef PG_AMOP_H
#define PG_AMOP_H

#define AccessMethodOperatorRelationId 2602
#define Natts_pg_amop 9

typedef struct FormData_pg_amop
{
	Oid oid;
	Oid amopfamily;
	Oid amoplefttype;
	Oid amoprighttype;
	int16 amopstrategy;
	char amoppurpose;
	Oid amopopr;
	Oid amopmethod;
	Oid amopsortfamily; /* of the result, if it is an ordering operator */
	const char *extension;
} FormData_pg_amop;

typedef const FormData_pg_amop *Form_pg_amop;

extern const FormData_pg_amop pg_amop_rows[];
extern const int pg_amop_nrows;

#define AMOP_SEARCH 's'
#define AMOP_ORDER 'o'

#endif /* PG_AMOP_H */
