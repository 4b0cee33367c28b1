/*
 * catalog/catalog.h
 *		Which relations are catalogs, and which are shared by all databases.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "utils/relcache.h"

extern bool IsCatalogRelationOid(Oid relid);
extern bool IsSharedRelation(Oid relationId);

/*
 * An OID that no relation has, and no file of the database: of this session's,
 * if it is for a temporary relation.
 */
extern Oid GetNewRelFileNode(char relpersistence);

#endif /* CATALOG_H */
