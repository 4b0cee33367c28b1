/*
 * catalog/pg_opclass.h
 *		Operator classes: PostgreSQL 15's columns of pg_opclass and the
 *		compiled rows.
 */
#ifndef PG_OPCLASS_H
#define PG_OPCLASS_H

#define OperatorClassRelationId 2616
#define Natts_pg_opclass 9

typedef struct FormData_pg_opclass
{
	Oid oid;
	Oid opcmethod;
	NameData opcname;
	Oid opcnamespace;
	Oid opcowner;
	Oid opcfamily;
	Oid opcintype;
	bool opcdefault;
	Oid opckeytype;
	const char *extension;
} FormData_pg_opclass;

typedef const FormData_pg_opclass *Form_pg_opclass;

extern const FormData_pg_opclass pg_opclass_rows[];
extern const int pg_opclass_nrows;

extern Form_pg_opclass GetOpclassForm(Oid opclass);

#endif /* PG_OPCLASS_H */
