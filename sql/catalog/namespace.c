/*
 * namespace.c
 *		Names of relations along search_path, and schemas.
 *
 * There are the schemas that a cluster is made with, and those of temporary
 * relations (namespace_temp.c).  This session's temporary schema is searched
 * first, then pg_catalog, unless the path names them.  Names of functions,
 * operators, types and operator classes, whose rows are compiled in, are in
 * namespace_static.c; no temporary schema has any.
 *
 * A lookup that is to end with a locked relation races with DDL: the name is
 * looked up, the relation locked, and the name looked up again; a different answer
 * starts over.  There is one loop that does it, RangeVarGetRelidExtended: what a
 * command has to know of the relation before it waits for the lock, it looks at
 * in a callback of that loop, and what it looks at there may have gone.
 *
 * Corresponds to PostgreSQL's catalog/namespace.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "storage/lmgr.h"
#include "storage/sinval.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/inval.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* The next element of a comma-separated list of identifiers; NULL at the end. */
static char *
NextIdentifier(const char **cursor)
{
	const char *p = *cursor;
	StringInfoData buf;

	while (*p == ' ' || *p == '\t' || *p == ',')
		p++;
	if (*p == '\0')
		return NULL;
	initStringInfo(&buf);
	if (*p == '"')
	{
		for (p++; *p != '\0'; p++)
		{
			if (*p == '"' && *++p != '"')
				break;
			appendStringInfoChar(&buf, *p);
		}
	}
	else
	{
		for (; *p != '\0' && *p != ',' && *p != ' ' && *p != '\t'; p++)
			appendStringInfoChar(&buf, *p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	}
	*cursor = p;
	return buf.data;
}

/*
 * The schemas that search_path names.  *temp_first: what is created goes to the
 * temporary schema, which is yet to be made.
 */
static List *
NamedSchemas(bool *temp_first)
{
	const char *cursor = GetConfigOption("search_path", false);
	List *path = NIL;
	char *name;

	*temp_first = false;
	while ((name = NextIdentifier(&cursor)) != NULL)
	{
		Oid oid;

		if (strcmp(name, "pg_temp") == 0)
		{
			oid = GetMyTempNamespace();
			if (!OidIsValid(oid) && path == NIL)
				*temp_first = true;
		}
		else
			/* No schema is named after a user yet: "$user" finds none. */
			oid = get_namespace_oid(name, true);
		/* what one may not use is passed over */
		if (OidIsValid(oid) &&
		    pg_namespace_aclcheck(oid, GetUserId(), ACL_USAGE) == ACLCHECK_OK)
			path = list_append_unique_oid(path, oid);
		pfree(name);
	}
	return path;
}

/* In front of the path: what it does not name and is searched all the same. */
static List *
WithImplicitSchemas(List *path)
{
	Oid temp = GetMyTempNamespace();

	if (!list_member_oid(path, PG_CATALOG_NAMESPACE))
		path = lcons_oid(PG_CATALOG_NAMESPACE, path);
	if (OidIsValid(temp) && !list_member_oid(path, temp))
		path = lcons_oid(temp, path);
	return path;
}

List *
searched_namespaces(void)
{
	bool temp_first;

	return WithImplicitSchemas(NamedSchemas(&temp_first));
}

List *
fetch_search_path(bool includeImplicit)
{
	bool temp_first;
	List *path = NamedSchemas(&temp_first);

	if (temp_first)
	{
		/* asked for by its place: it is there from now on */
		AccessTempTableNamespace();
		list_free(path);
		path = NamedSchemas(&temp_first);
	}
	return includeImplicit ? WithImplicitSchemas(path) : path;
}

Oid
get_namespace_oid(const char *nspname, bool missing_ok)
{
	Oid oid = GetSysCacheOid1(NAMESPACENAME, CStringGetDatum(nspname));

	if (!OidIsValid(oid) && !missing_ok)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
		                errmsg("schema \"%s\" does not exist", nspname)));
	return oid;
}

char *
get_namespace_name(Oid nspid)
{
	HeapTuple tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(nspid));
	char *result;

	if (tuple == NULL)
		return NULL;
	result = pstrdup(NameStr(((Form_pg_namespace) GETSTRUCT(tuple))->nspname));
	ReleaseSysCache(tuple);
	return result;
}

Oid
LookupExplicitNamespace(const char *nspname, bool missing_ok)
{
	/* Without one there is nothing to be found in it. */
	Oid nspid;

	if (strcmp(nspname, "pg_temp") == 0 && OidIsValid(GetMyTempNamespace()))
		return GetMyTempNamespace();
	nspid = get_namespace_oid(nspname, missing_ok);
	if (OidIsValid(nspid))
		aclcheck_error(pg_namespace_aclcheck(nspid, GetUserId(), ACL_USAGE),
		               ACL_OBJECT_SCHEMA, nspname);
	return nspid;
}

Oid
get_relname_relid(const char *relname, Oid relnamespace)
{
	return GetSysCacheOid2(RELNAMENSP, CStringGetDatum(relname),
	                       ObjectIdGetDatum(relnamespace));
}

Oid
RelnameGetRelid(const char *relname)
{
	List *path = searched_namespaces();
	Oid relid = InvalidOid;
	ListCell *lc;

	foreach (lc, path)
	{
		relid = get_relname_relid(relname, lfirst_oid(lc));
		if (OidIsValid(relid))
			break;
	}
	list_free(path);
	return relid;
}

static void
CheckCatalogName(const RangeVar *relation)
{
	if (relation->catalogname != NULL && relation->catalogname[0] != '\0' &&
	    strcmp(relation->catalogname, "postgres") != 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cross-database references are not implemented: "
		                       "\"%s.%s.%s\"",
		                       relation->catalogname, relation->schemaname,
		                       relation->relname)));
}

static bool
HasSchema(const RangeVar *relation)
{
	return relation->schemaname != NULL && relation->schemaname[0] != '\0';
}

static Oid
LookupRangeVar(const RangeVar *relation, bool missing_ok)
{
	Oid nspid;

	if (!HasSchema(relation))
		return RelnameGetRelid(relation->relname);
	/* An unknown schema is an unknown relation to those who allow that. */
	nspid = LookupExplicitNamespace(relation->schemaname, missing_ok);
	if (!OidIsValid(nspid))
		return InvalidOid;
	return get_relname_relid(relation->relname, nspid);
}

/*
 * A lock is waited for without the snapshot with which it was found out what to
 * lock: who has the lock may wait for all snapshots (CONCURRENTLY), and what was
 * read with it is out of date after the wait.
 */
static void
LockWithoutCatalogSnapshot(Oid relid, LOCKMODE lockmode)
{
	InvalidateCatalogSnapshot();
	LockRelationOid(relid, lockmode);
}

/* With flags RVR_NOWAIT or RVR_SKIP_LOCKED it may be false. */
static bool
LockFound(const RangeVar *relation, Oid relid, LOCKMODE lockmode, uint32 flags)
{
	if ((flags & (RVR_NOWAIT | RVR_SKIP_LOCKED)) == 0)
	{
		LockWithoutCatalogSnapshot(relid, lockmode);
		return true;
	}
	if (ConditionalLockRelationOid(relid, lockmode))
		return true;
	ereport((flags & RVR_SKIP_LOCKED) ? DEBUG1 : ERROR,
	        (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
	         HasSchema(relation)
	             ? errmsg("could not obtain lock on relation \"%s.%s\"",
	                      relation->schemaname, relation->relname)
	             : errmsg("could not obtain lock on relation \"%s\"",
	                      relation->relname)));
	return false;
}

Oid
RangeVarGetRelidExtended(const RangeVar *relation, LOCKMODE lockmode,
                         uint32 flags, RangeVarGetRelidCallback callback,
                         void *callback_arg)
{
	bool missing_ok = (flags & RVR_MISSING_OK) != 0;
	Oid locked = InvalidOid;
	Oid relid;

	Assert((flags & (RVR_NOWAIT | RVR_SKIP_LOCKED)) == 0 || lockmode != NoLock);
	CheckCatalogName(relation);
	AcceptInvalidationMessages();
	for (;;)
	{
		relid = LookupRangeVar(relation, missing_ok);
		if (OidIsValid(relid) && relid == locked)
			return relid;
		if (OidIsValid(locked))
			UnlockRelationOid(locked, lockmode);
		if (OidIsValid(relid))
			INJECTION_POINT("range-var-found");
		if (callback != NULL)
			callback(relation, relid, locked, callback_arg);
		if (!OidIsValid(relid) || lockmode == NoLock)
			break;
		INJECTION_POINT("range-var-lock");
		if (!LockFound(relation, relid, lockmode, flags))
			return InvalidOid;
		locked = relid;
	}
	if (OidIsValid(relid) || missing_ok)
		return relid;
	if (HasSchema(relation))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
		                errmsg("relation \"%s.%s\" does not exist",
		                       relation->schemaname, relation->relname)));
	ereport(ERROR,
	        (errcode(ERRCODE_UNDEFINED_TABLE),
	         errmsg("relation \"%s\" does not exist", relation->relname)));
}

Oid
RangeVarGetRelid(const RangeVar *relation, LOCKMODE lockmode, bool missing_ok)
{
	return RangeVarGetRelidExtended(
		relation, lockmode, missing_ok ? RVR_MISSING_OK : 0, NULL, NULL);
}

void
LockTableOfIndex(IndexTableLock *lock, Oid relId, Oid oldRelId)
{
	Assert(relId != oldRelId || !OidIsValid(relId));
	if (OidIsValid(lock->tableId))
		UnlockRelationOid(lock->tableId, lock->lockmode);
	lock->tableId =
		OidIsValid(relId) ? IndexGetRelation(relId, true) : InvalidOid;
	if (OidIsValid(lock->tableId))
		LockWithoutCatalogSnapshot(lock->tableId, lock->lockmode);
}

Oid
RangeVarGetCreationNamespace(const RangeVar *newRelation)
{
	bool temp_first;
	List *path;
	Oid nspid;

	CheckCatalogName(newRelation);
	if (HasSchema(newRelation))
	{
		if (strcmp(newRelation->schemaname, "pg_temp") == 0)
			return AccessTempTableNamespace();
		return get_namespace_oid(newRelation->schemaname, false);
	}
	if (newRelation->relpersistence == RELPERSISTENCE_TEMP)
		return AccessTempTableNamespace();
	path = NamedSchemas(&temp_first);
	if (temp_first)
		return AccessTempTableNamespace();
	if (path == NIL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
		                errmsg("no schema has been selected to create in")));
	nspid = linitial_oid(path);
	list_free(path);
	return nspid;
}

void
RangeVarAdjustRelationPersistence(RangeVar *newRelation, Oid nspid)
{
	const char *refused = NULL;

	switch (newRelation->relpersistence)
	{
		case RELPERSISTENCE_TEMP:
			if (isTempOrTempToastNamespace(nspid))
				return;
			if (!isAnyTempNamespace(nspid))
				refused = "cannot create temporary relation in non-temporary "
						  "schema";
			break;
		case RELPERSISTENCE_PERMANENT:
			if (isTempOrTempToastNamespace(nspid))
			{
				newRelation->relpersistence = RELPERSISTENCE_TEMP;
				return;
			}
			if (!isAnyTempNamespace(nspid))
				return;
			break;
		default:
			if (!isAnyTempNamespace(nspid))
				return;
			refused = "only temporary relations may be created in temporary "
					  "schemas";
	}
	if (refused == NULL)
		refused = "cannot create relations in temporary schemas of other "
				  "sessions";
	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_TABLE_DEFINITION), errmsg("%s", refused)));
}

bool
RelationIsVisible(Oid relid)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	bool visible;

	if (tuple == NULL)
		return false;
	visible =
		RelnameGetRelid(NameStr(((Form_pg_class) GETSTRUCT(tuple))->relname)) ==
		relid;
	ReleaseSysCache(tuple);
	return visible;
}

void
DeconstructQualifiedName(List *names, char **nspname_p, char **objname_p)
{
	*nspname_p = NULL;
	switch (list_length(names))
	{
		case 1:
			*objname_p = strVal(linitial(names));
			break;
		case 2:
			*nspname_p = strVal(linitial(names));
			*objname_p = strVal(lsecond(names));
			break;
		case 3:
			if (strcmp(strVal(linitial(names)), "postgres") != 0)
				ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				                errmsg("cross-database references are not "
				                       "implemented: %s",
				                       NameListToString(names))));
			*nspname_p = strVal(lsecond(names));
			*objname_p = strVal(lthird(names));
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("improper qualified name (too many dotted "
			                       "names): %s",
			                       NameListToString(names))));
	}
}

char *
NameListToString(List *names)
{
	StringInfoData buf;
	ListCell *lc;

	initStringInfo(&buf);
	foreach (lc, names)
	{
		if (buf.len > 0)
			appendStringInfoChar(&buf, '.');
		appendStringInfoString(&buf, strVal(lfirst(lc)));
	}
	return buf.data;
}

RangeVar *
makeRangeVarFromNameList(List *names)
{
	RangeVar *rel = makeNode(RangeVar);

	if (list_length(names) > 3)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("improper relation name (too many dotted "
		                       "names): %s",
		                       NameListToString(names))));
	DeconstructQualifiedName(names, &rel->schemaname, &rel->relname);
	rel->inh = true;
	rel->relpersistence = RELPERSISTENCE_PERMANENT;
	rel->location = -1;
	return rel;
}
