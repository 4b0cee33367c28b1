/*
 * catalog/catalog.h
 *		Which relations are catalogs, and which are shared by all databases.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "utils/relcache.h"

extern bool IsCatalogRelationOid(Oid relid);
extern bool IsSharedRelation(Oid relationId);

#endif /* CATALOG_H */
