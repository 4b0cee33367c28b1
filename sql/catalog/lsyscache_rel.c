/*
 * lsyscache_rel.c
 *		Names and columns of relations, by OID.
 *
 * Corresponds to part of PostgreSQL's utils/cache/lsyscache.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "parser/parse_relation.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

char *
get_rel_name(Oid relid)
{
	HeapTuple tp = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	char *result;

	if (!HeapTupleIsValid(tp))
		return NULL;
	result = pstrdup(NameStr(((Form_pg_class) GETSTRUCT(tp))->relname));
	ReleaseSysCache(tp);
	return result;
}

Oid
get_rel_namespace(Oid relid)
{
	HeapTuple tp = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid result;

	if (!HeapTupleIsValid(tp))
		return InvalidOid;
	result = ((Form_pg_class) GETSTRUCT(tp))->relnamespace;
	ReleaseSysCache(tp);
	return result;
}

char
get_rel_relkind(Oid relid)
{
	HeapTuple tp = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	char result;

	if (!HeapTupleIsValid(tp))
		return '\0';
	result = ((Form_pg_class) GETSTRUCT(tp))->relkind;
	ReleaseSysCache(tp);
	return result;
}

char
get_rel_persistence(Oid relid)
{
	HeapTuple tp = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	char result;

	if (!HeapTupleIsValid(tp))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	result = ((Form_pg_class) GETSTRUCT(tp))->relpersistence;
	ReleaseSysCache(tp);
	return result;
}

/* Columns come from the relation's descriptor. */
static bool
find_column(Oid relid, AttrNumber attnum, const char *attname,
            FormData_pg_attribute *result)
{
	Relation rel = RelationIdGetRelation(relid);
	bool found = false;

	if (rel == NULL)
		return false;
	for (int i = 0; i < RelationGetDescr(rel)->natts && !found; i++)
	{
		Form_pg_attribute att = TupleDescAttr(RelationGetDescr(rel), i);

		if (att->attisdropped)
			continue;
		if (attname ? strcmp(NameStr(att->attname), attname) == 0
		            : att->attnum == attnum)
		{
			*result = *att;
			found = true;
		}
	}
	RelationClose(rel);
	return found;
}

char *
get_attname(Oid relid, AttrNumber attnum, bool missing_ok)
{
	FormData_pg_attribute att;
	const char *sysname = attnum < 0 ? SystemAttributeName(attnum) : NULL;

	if (sysname != NULL)
		return pstrdup(sysname);
	if (find_column(relid, attnum, NULL, &att))
		return pstrdup(NameStr(att.attname));
	if (!missing_ok)
		elog(ERROR, "cache lookup failed for attribute %d of relation %u",
		     attnum, relid);
	return NULL;
}

AttrNumber
get_attnum(Oid relid, const char *attname)
{
	FormData_pg_attribute att;

	return find_column(relid, 0, attname, &att) ? att.attnum
	                                            : InvalidAttrNumber;
}

Oid
get_atttype(Oid relid, AttrNumber attnum)
{
	FormData_pg_attribute att;

	return find_column(relid, attnum, NULL, &att) ? att.atttypid : InvalidOid;
}

void
get_atttypetypmodcoll(Oid relid, AttrNumber attnum, Oid *typid, int32 *typmod,
                      Oid *collid)
{
	FormData_pg_attribute att;

	if (!find_column(relid, attnum, NULL, &att))
		elog(ERROR, "cache lookup failed for attribute %d of relation %u",
		     attnum, relid);
	*typid = att.atttypid;
	*typmod = att.atttypmod;
	*collid = att.attcollation;
}
