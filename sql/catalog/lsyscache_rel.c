/*
 * lsyscache_rel.c
 *		Names and columns of relations, by OID.
 *
 * Corresponds to part of PostgreSQL's utils/cache/lsyscache.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/catalog.h"
#include "catalog/pg_class.h"
#include "parser/parse_relation.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

bool
get_rel_form(Oid relid, FormData_pg_class *form)
{
	HeapTuple tp = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));

	if (!HeapTupleIsValid(tp))
		return false;
	memset(form, 0, sizeof(*form));
	memcpy(form, GETSTRUCT(tp), CLASS_TUPLE_SIZE);
	ReleaseSysCache(tp);
	return true;
}

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

TupleDesc
get_rel_columns(Oid relid)
{
	TupleDesc desc;
	FormData_pg_class form;
	Relation rel;

	/* A descriptor can be made only of what nobody drops meanwhile. */
	if (!IsCatalogRelationOid(relid) &&
	    !CheckRelationOidLockedByMe(relid, AccessShareLock, true))
		return get_rel_form(relid, &form)
		           ? RelationReadColumns(relid, form.relnatts, true)
		           : NULL;
	rel = RelationIdGetRelation(relid);
	if (rel == NULL)
		return NULL;
	desc = CreateTupleDescCopy(RelationGetDescr(rel));
	RelationClose(rel);
	return desc;
}

static bool
find_column(Oid relid, AttrNumber attnum, const char *attname,
            FormData_pg_attribute *result)
{
	TupleDesc desc = get_rel_columns(relid);
	bool found = false;

	if (desc == NULL)
		return false;
	for (int i = 0; i < desc->natts && !found; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (att->attisdropped)
			continue;
		if (attname ? strcmp(NameStr(att->attname), attname) == 0
		            : att->attnum == attnum)
		{
			*result = *att;
			found = true;
		}
	}
	FreeTupleDesc(desc);
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
