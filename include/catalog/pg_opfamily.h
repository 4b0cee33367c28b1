/*
 * catalog/pg_opfamily.h
 *		Operator families: PostgreSQL 15's columns of pg_opfamily and the
 *		compiled rows.
 */
#ifndef PG_OPFAMILY_H
#define PG_OPFAMILY_H

#define OperatorFamilyRelationId 2753
#define Natts_pg_opfamily 5

typedef struct FormData_pg_opfamily
{
	Oid oid;
	Oid opfmethod;
	NameData opfname;
	Oid opfnamespace;
	Oid opfowner;
	const char *extension;
} FormData_pg_opfamily;

typedef const FormData_pg_opfamily *Form_pg_opfamily;

extern const FormData_pg_opfamily pg_opfamily_rows[];
extern const int pg_opfamily_nrows;

extern Form_pg_opfamily GetOpfamilyForm(Oid opfamily);

#define FLOAT_BTREE_FAM_OID 1970
#define INTEGER_BTREE_FAM_OID 1976

#endif /* PG_OPFAMILY_H */
