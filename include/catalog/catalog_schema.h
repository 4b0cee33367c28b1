/*
 * catalog/catalog_schema.h
 *		The catalogs that are heap relations: their columns, compiled in, so
 *		that they can be read before any catalog can be read.
 */
#ifndef CATALOG_SCHEMA_H
#define CATALOG_SCHEMA_H

#include "access/tupdesc.h"

typedef struct CatalogColumn
{
	const char *name;
	Oid typeoid;
	bool notnull;
} CatalogColumn;

typedef struct CatalogSchema
{
	Oid oid; /* also its relfilenode */
	const char *name;
	bool shared; /* in global/ */
	int natts;
	const CatalogColumn *columns;
} CatalogSchema;

/* NULL: not such a catalog */
extern const CatalogSchema *GetCatalogSchema(Oid relid);
/* the n-th, from 0; NULL after the last */
extern const CatalogSchema *CatalogSchemaByNumber(int n);
/* a descriptor in the current memory context */
extern TupleDesc CatalogSchemaTupleDesc(const CatalogSchema *schema);

#define AttrDefaultRelationId 2604
#define DatabaseRelationId 1262

#define Anum_pg_database_oid 1
#define Anum_pg_database_datname 2

#endif /* CATALOG_SCHEMA_H */
