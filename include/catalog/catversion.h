/*
 * catalog/catversion.h
 *		The version of a cluster's catalogs: what a data directory was made with,
 *		and what a server expects to find in one.
 *
 * It is in pg_control, and a server does not start with another one
 * (ReadControlFile).  PostgreSQL raises a number by hand whenever a catalog
 * changes.  Here it is CATALOG_ERA followed by six digits that are made from the
 * catalogs and views which the program knows: every column, type and OID of what
 * is written down when a cluster, or an extension, is made.  So a view with one
 * more column, say, is noticed by nobody's memory.
 *
 * What a hash of those cannot see is for CATALOG_ERA, which is raised by hand:
 * other rows that a new cluster begins with, a compiled row (a type, function,
 * operator, operator class) that goes or means something else, while users'
 * tables and expressions name its OID.  One more of them is no reason.
 */
#ifndef CATVERSION_H
#define CATVERSION_H

#include "catalog/catalog_schema.h"
#include "catalog/system_views.h"

#define CATALOG_ERA 2026

extern uint32 CatalogVersion(void);

/* The part of one of them; their order is of no importance. */
extern uint32 CatalogSchemaVersion(const CatalogSchema *schema);
extern uint32 SystemViewVersion(const SystemView *view);

#endif /* CATVERSION_H */
