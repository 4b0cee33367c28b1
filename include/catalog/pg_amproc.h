/*
 * catalog/pg_amproc.h
 *		Support functions of the families: PostgreSQL 15's columns of pg_amproc
 *		and the compiled rows.
 */
#ifndef PG_AMPROC_H
#define PG_AMPROC_H

#define AccessMethodProcedureRelationId 2603
#define Natts_pg_amproc 6

typedef struct FormData_pg_amproc
{
	Oid oid;
	Oid amprocfamily;
	Oid amproclefttype;
	Oid amprocrighttype;
	int16 amprocnum;
	regproc amproc;
	const char *extension;
} FormData_pg_amproc;

typedef const FormData_pg_amproc *Form_pg_amproc;

extern const FormData_pg_amproc pg_amproc_rows[];
extern const int pg_amproc_nrows;

#endif /* PG_AMPROC_H */
