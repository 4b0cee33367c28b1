/*
 * catversion.c
 *		The version of the catalogs, made from what they are.
 *
 * Names and OIDs are hashed with their ends, so that "ab", "c" is not "a", "bc".
 */
#include "postgres.h"

#include "catalog/catversion.h"
#include "port/pg_crc32c.h"

#define DIGITS 1000000

StaticAssertDecl((uint64) (CATALOG_ERA + 1) * DIGITS <= PG_UINT32_MAX,
                 "the version is four bytes in pg_control");

static pg_crc32c
add_name(pg_crc32c crc, const char *name)
{
	return COMP_CRC32C(crc, name ? name : "", name ? strlen(name) + 1 : 1);
}

static pg_crc32c
add_number(pg_crc32c crc, uint32 number)
{
	return COMP_CRC32C(crc, &number, sizeof(number));
}

uint32
CatalogSchemaVersion(const CatalogSchema *schema)
{
	pg_crc32c crc;

	INIT_CRC32C(crc);
	crc = add_number(crc, schema->oid);
	crc = add_name(crc, schema->name);
	crc = add_number(crc, schema->shared);
	for (int i = 0; i < schema->natts; i++)
	{
		crc = add_name(crc, schema->columns[i].name);
		crc = add_number(crc, schema->columns[i].typeoid);
		crc = add_number(crc, schema->columns[i].notnull);
	}
	FIN_CRC32C(crc);
	return crc;
}

uint32
SystemViewVersion(const SystemView *view)
{
	pg_crc32c crc;

	INIT_CRC32C(crc);
	crc = add_number(crc, view->oid);
	crc = add_name(crc, view->name);
	crc = add_number(crc, (uint32) view->relkind);
	crc = add_name(crc, view->extension);
	for (int i = 0; i < view->ncolumns; i++)
	{
		crc = add_name(crc, view->columns[i].name);
		crc = add_number(crc, view->columns[i].typeoid);
	}
	FIN_CRC32C(crc);
	return crc;
}

uint32
CatalogVersion(void)
{
	const CatalogSchema *schema;
	const SystemView *view;
	uint32 sum = 0;

	for (int i = 0; (schema = CatalogSchemaByNumber(i)) != NULL; i++)
		sum += CatalogSchemaVersion(schema);
	for (int i = 0; (view = SystemViewByNumber(i)) != NULL; i++)
		sum += SystemViewVersion(view);
	return CATALOG_ERA * DIGITS + sum % DIGITS;
}
