/*
 * catalog/pg_operator.h
 *		Operators: PostgreSQL 15's columns of pg_operator and the compiled rows.
 */
#ifndef PG_OPERATOR_H
#define PG_OPERATOR_H

#define OperatorRelationId 2617
#define Natts_pg_operator 15

typedef struct FormData_pg_operator
{
	Oid oid;
	NameData oprname;
	Oid oprnamespace;
	Oid oprowner;
	char oprkind; /* 'b' infix, 'l' prefix */
	bool oprcanmerge;
	bool oprcanhash;
	Oid oprleft; /* 0: prefix operator */
	Oid oprright;
	Oid oprresult;
	Oid oprcom;
	Oid oprnegate;
	regproc oprcode;
	regproc oprrest;
	regproc oprjoin;
	const char *extension;
} FormData_pg_operator;

typedef const FormData_pg_operator *Form_pg_operator;

/* in order of OID */
extern const FormData_pg_operator pg_operator_rows[];
extern const int pg_operator_nrows;

extern Form_pg_operator GetOperatorForm(Oid opno);

#define BooleanEqualOperator 91
#define Int4EqualOperator 96
#define Int4LessOperator 97
#define TextEqualOperator 98
#define TextLessOperator 664
#define Int8LessOperator 412
#define OIDLessOperator 609
#define OIDEqualOperator 607

#endif /* PG_OPERATOR_H */
