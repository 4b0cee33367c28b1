/*
 * catalog/pg_extension.h
 *		Rows of pg_extension: extensions that have been created.
 */
#ifndef PG_EXTENSION_H
#define PG_EXTENSION_H

#define ExtensionRelationId 3079

typedef struct FormData_pg_extension
{
	Oid oid;
	NameData extname;
	Oid extowner;
	Oid extnamespace;
	bool extrelocatable;
	/* extversion text, extconfig oid[], extcondition text[] */
} FormData_pg_extension;

typedef FormData_pg_extension *Form_pg_extension;

#define Anum_pg_extension_oid 1
#define Anum_pg_extension_extname 2
#define Anum_pg_extension_extowner 3
#define Anum_pg_extension_extnamespace 4
#define Anum_pg_extension_extrelocatable 5
#define Anum_pg_extension_extversion 6
#define Natts_pg_extension 8

#endif /* PG_EXTENSION_H */
