/*
 * catalog_schema.c
 *		Columns of the catalogs that are heap relations: PostgreSQL 15's names,
 *		types and order.
 *
 * Opening a relation reads pg_class and pg_attribute, which are relations:
 * their descriptors, and for simplicity those of all catalogs, are made from
 * these tables instead.  The same tables make the rows that describe the
 * catalogs when a cluster is made.
 */
#include "postgres.h"

#include "catalog/catalog.h"
#include "catalog/catalog_schema.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_index.h"
#include "catalog/pg_namespace.h"
#include "catalog/system_views.h"

/* pg_type's OIDs */
#define T_BOOL 16
#define T_CHAR 18
#define T_NAME 19
#define T_INT2 21
#define T_INT2VECTOR 22
#define T_INT4 23
#define T_TEXT 25
#define T_OID 26
#define T_XID 28
#define T_OIDVECTOR 30
#define T_NODE_TREE 194
#define T_FLOAT4 700
#define T_TEXT_ARRAY 1009
#define T_OID_ARRAY 1028
#define T_ACL_ARRAY 1034
#define T_TIMESTAMPTZ 1184
#define T_ANYARRAY 2277

static const CatalogColumn class_columns[] = {
	{"oid", T_OID, true},
	{"relname", T_NAME, true},
	{"relnamespace", T_OID, true},
	{"reltype", T_OID, true},
	{"reloftype", T_OID, true},
	{"relowner", T_OID, true},
	{"relam", T_OID, true},
	{"relfilenode", T_OID, true},
	{"reltablespace", T_OID, true},
	{"relpages", T_INT4, true},
	{"reltuples", T_FLOAT4, true},
	{"relallvisible", T_INT4, true},
	{"reltoastrelid", T_OID, true},
	{"relhasindex", T_BOOL, true},
	{"relisshared", T_BOOL, true},
	{"relpersistence", T_CHAR, true},
	{"relkind", T_CHAR, true},
	{"relnatts", T_INT2, true},
	{"relchecks", T_INT2, true},
	{"relhasrules", T_BOOL, true},
	{"relhastriggers", T_BOOL, true},
	{"relhassubclass", T_BOOL, true},
	{"relrowsecurity", T_BOOL, true},
	{"relforcerowsecurity", T_BOOL, true},
	{"relispopulated", T_BOOL, true},
	{"relreplident", T_CHAR, true},
	{"relispartition", T_BOOL, true},
	{"relrewrite", T_OID, true},
	{"relfrozenxid", T_XID, true},
	{"relminmxid", T_XID, true},
	{"relacl", T_ACL_ARRAY, false},
	{"reloptions", T_TEXT_ARRAY, false},
	{"relpartbound", T_NODE_TREE, false},
};

static const CatalogColumn attribute_columns[] = {
	{"attrelid", T_OID, true},
	{"attname", T_NAME, true},
	{"atttypid", T_OID, true},
	{"attstattarget", T_INT4, true},
	{"attlen", T_INT2, true},
	{"attnum", T_INT2, true},
	{"attndims", T_INT4, true},
	{"attcacheoff", T_INT4, true},
	{"atttypmod", T_INT4, true},
	{"attbyval", T_BOOL, true},
	{"attalign", T_CHAR, true},
	{"attstorage", T_CHAR, true},
	{"attcompression", T_CHAR, true},
	{"attnotnull", T_BOOL, true},
	{"atthasdef", T_BOOL, true},
	{"atthasmissing", T_BOOL, true},
	{"attidentity", T_CHAR, true},
	{"attgenerated", T_CHAR, true},
	{"attisdropped", T_BOOL, true},
	{"attislocal", T_BOOL, true},
	{"attinhcount", T_INT4, true},
	{"attcollation", T_OID, true},
	{"attacl", T_ACL_ARRAY, false},
	{"attoptions", T_TEXT_ARRAY, false},
	{"attfdwoptions", T_TEXT_ARRAY, false},
	{"attmissingval", T_ANYARRAY, false},
};

static const CatalogColumn index_columns[] = {
	{"indexrelid", T_OID, true},         {"indrelid", T_OID, true},
	{"indnatts", T_INT2, true},          {"indnkeyatts", T_INT2, true},
	{"indisunique", T_BOOL, true},       {"indnullsnotdistinct", T_BOOL, true},
	{"indisprimary", T_BOOL, true},      {"indisexclusion", T_BOOL, true},
	{"indimmediate", T_BOOL, true},      {"indisclustered", T_BOOL, true},
	{"indisvalid", T_BOOL, true},        {"indcheckxmin", T_BOOL, true},
	{"indisready", T_BOOL, true},        {"indislive", T_BOOL, true},
	{"indisreplident", T_BOOL, true},    {"indkey", T_INT2VECTOR, true},
	{"indcollation", T_OIDVECTOR, true}, {"indclass", T_OIDVECTOR, true},
	{"indoption", T_INT2VECTOR, true},   {"indexprs", T_NODE_TREE, false},
	{"indpred", T_NODE_TREE, false},
};

static const CatalogColumn namespace_columns[] = {
	{"oid", T_OID, true},
	{"nspname", T_NAME, true},
	{"nspowner", T_OID, true},
	{"nspacl", T_ACL_ARRAY, false},
};

static const CatalogColumn attrdef_columns[] = {
	{"oid", T_OID, true},
	{"adrelid", T_OID, true},
	{"adnum", T_INT2, true},
	{"adbin", T_NODE_TREE, true},
};

static const CatalogColumn extension_columns[] = {
	{"oid", T_OID, true},
	{"extname", T_NAME, true},
	{"extowner", T_OID, true},
	{"extnamespace", T_OID, true},
	{"extrelocatable", T_BOOL, true},
	{"extversion", T_TEXT, true},
	{"extconfig", T_OID_ARRAY, false},
	{"extcondition", T_TEXT_ARRAY, false},
};

static const CatalogColumn database_columns[] = {
	{"oid", T_OID, true},
	{"datname", T_NAME, true},
	{"datdba", T_OID, true},
	{"encoding", T_INT4, true},
	{"datlocprovider", T_CHAR, true},
	{"datistemplate", T_BOOL, true},
	{"datallowconn", T_BOOL, true},
	{"datconnlimit", T_INT4, true},
	{"datfrozenxid", T_XID, true},
	{"datminmxid", T_XID, true},
	{"dattablespace", T_OID, true},
	{"datcollate", T_TEXT, true},
	{"datctype", T_TEXT, true},
	{"daticulocale", T_TEXT, false},
	{"datcollversion", T_TEXT, false},
	{"datacl", T_ACL_ARRAY, false},
};

static const CatalogColumn authid_columns[] = {
	{"oid", T_OID, true},
	{"rolname", T_NAME, true},
	{"rolsuper", T_BOOL, true},
	{"rolinherit", T_BOOL, true},
	{"rolcreaterole", T_BOOL, true},
	{"rolcreatedb", T_BOOL, true},
	{"rolcanlogin", T_BOOL, true},
	{"rolreplication", T_BOOL, true},
	{"rolbypassrls", T_BOOL, true},
	{"rolconnlimit", T_INT4, true},
	{"rolpassword", T_TEXT, false},
	{"rolvaliduntil", T_TIMESTAMPTZ, false},
};

static const CatalogColumn auth_members_columns[] = {
	{"roleid", T_OID, true},
	{"member", T_OID, true},
	{"grantor", T_OID, true},
	{"admin_option", T_BOOL, true},
};

StaticAssertDecl(lengthof(class_columns) == Natts_pg_class, "pg_class");
StaticAssertDecl(lengthof(attribute_columns) == Natts_pg_attribute,
                 "pg_attribute");
StaticAssertDecl(lengthof(index_columns) == Natts_pg_index, "pg_index");
StaticAssertDecl(lengthof(namespace_columns) == Natts_pg_namespace,
                 "pg_namespace");
StaticAssertDecl(lengthof(extension_columns) == Natts_pg_extension,
                 "pg_extension");

StaticAssertDecl(lengthof(authid_columns) == Natts_pg_authid, "pg_authid");
StaticAssertDecl(lengthof(auth_members_columns) == Natts_pg_auth_members,
                 "pg_auth_members");

static const CatalogSchema schemas[] = {
	{RelationRelationId, "pg_class", false, lengthof(class_columns),
     class_columns},
	{AttributeRelationId, "pg_attribute", false, lengthof(attribute_columns),
     attribute_columns},
	{IndexRelationId, "pg_index", false, lengthof(index_columns),
     index_columns},
	{NamespaceRelationId, "pg_namespace", false, lengthof(namespace_columns),
     namespace_columns},
	{AttrDefaultRelationId, "pg_attrdef", false, lengthof(attrdef_columns),
     attrdef_columns},
	{ExtensionRelationId, "pg_extension", false, lengthof(extension_columns),
     extension_columns},
	{DatabaseRelationId, "pg_database", true, lengthof(database_columns),
     database_columns},
	{AuthIdRelationId, "pg_authid", true, lengthof(authid_columns),
     authid_columns},
	{AuthMemRelationId, "pg_auth_members", true, lengthof(auth_members_columns),
     auth_members_columns},
};

const CatalogSchema *
CatalogSchemaByNumber(int n)
{
	return n < (int) lengthof(schemas) ? &schemas[n] : NULL;
}

const CatalogSchema *
GetCatalogSchema(Oid relid)
{
	for (Size i = 0; i < lengthof(schemas); i++)
	{
		if (schemas[i].oid == relid)
			return &schemas[i];
	}
	return NULL;
}

TupleDesc
CatalogSchemaTupleDesc(const CatalogSchema *schema)
{
	TupleDesc desc = CreateTemplateTupleDesc(schema->natts);

	for (int i = 0; i < schema->natts; i++)
	{
		TupleDescInitBuiltinEntry(desc, i + 1, schema->columns[i].name,
		                          schema->columns[i].typeoid, -1, 0);
		TupleDescAttr(desc, i)->attrelid = schema->oid;
		TupleDescAttr(desc, i)->attnotnull = schema->columns[i].notnull;
	}
	return desc;
}

bool
IsSharedRelation(Oid relationId)
{
	const CatalogSchema *schema = GetCatalogSchema(relationId);

	return schema != NULL && schema->shared;
}

/* Also those whose rows are compiled in, and the views. */
bool
IsCatalogRelationOid(Oid relid)
{
	return GetCatalogSchema(relid) != NULL || GetSystemView(relid) != NULL;
}
