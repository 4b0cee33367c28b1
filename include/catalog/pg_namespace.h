/*
 * catalog/pg_namespace.h
 *		Rows of pg_namespace: schemas.
 */
#ifndef PG_NAMESPACE_H
#define PG_NAMESPACE_H

#define NamespaceRelationId 2615

typedef struct FormData_pg_namespace
{
	Oid oid;
	NameData nspname;
	Oid nspowner;
	/* nspacl aclitem[] */
} FormData_pg_namespace;

typedef FormData_pg_namespace *Form_pg_namespace;

#define Anum_pg_namespace_oid 1
#define Anum_pg_namespace_nspname 2
#define Anum_pg_namespace_nspowner 3
#define Anum_pg_namespace_nspacl 4
#define Natts_pg_namespace 4

#endif /* PG_NAMESPACE_H */
