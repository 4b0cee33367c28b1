/*
 * catalog/pg_collation.h
 *		Collations: PostgreSQL 15's columns of pg_collation and the compiled
 *		rows.  All of them compare bytes: the database's locale is C.
 */
#ifndef PG_COLLATION_H
#define PG_COLLATION_H

#define CollationRelationId 3456
#define Natts_pg_collation 12

typedef struct FormData_pg_collation
{
	Oid oid;
	NameData collname;
	Oid collnamespace;
	Oid collowner;
	char collprovider;
	bool collisdeterministic;
	int32 collencoding;
	const char *collcollate; /* NULL: the database's */
	const char *collctype;
} FormData_pg_collation;

typedef const FormData_pg_collation *Form_pg_collation;

extern const FormData_pg_collation pg_collation_rows[];
extern const int pg_collation_nrows;

extern Form_pg_collation GetCollationForm(Oid colloid);

#define DEFAULT_COLLATION_OID 100
#define C_COLLATION_OID 950
#define POSIX_COLLATION_OID 951

#define COLLPROVIDER_DEFAULT 'd'
#define COLLPROVIDER_LIBC 'c'

#endif /* PG_COLLATION_H */
