/*
 * tablecmds.c
 *		CREATE TABLE; DROP TABLE and DROP INDEX.
 *
 * Corresponds to PostgreSQL's commands/tablecmds.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/reloptions.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/heap.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/toasting.h"
#include "commands/defrem.h"
#include "commands/indexconcurrent.h"
#include "commands/tablecmds.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parse_node.h"
#include "parser/parse_type.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#define NotSupported(what)                                  \
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), \
	                errmsg("%s is not supported", what)))

const char *
ConstraintName(PgQuery__ConstrType contype)
{
	switch (contype)
	{
		case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
			return "DEFAULT";
		case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
			return "GENERATED AS IDENTITY";
		case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
			return "GENERATED";
		case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
			return "CHECK";
		case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
			return "PRIMARY KEY";
		case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
			return "UNIQUE";
		case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
			return "EXCLUDE";
		case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
			return "REFERENCES";
		default:
			return "this constraint";
	}
}

static void
RefuseConstraint(PgQuery__ConstrType contype)
{
	if (contype != PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY)
		NotSupported(ConstraintName(contype));
	ereport(ERROR,
	        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	         errmsg("PRIMARY KEY is not supported"),
	         errdetail("There are no indexes on plain columns."),
	         errhint("Declare the columns NOT NULL instead; that values are "
	                 "unique is not checked.")));
}

/* NULL and NOT NULL; they must not contradict each other. */
static bool
ColumnNotNull(PgQuery__ColumnDef *column, const char *relname)
{
	bool saw_null = false;
	bool saw_notnull = false;

	for (size_t i = 0; i < column->n_constraints; i++)
	{
		PgQuery__Constraint *constraint = column->constraints[i]->constraint;

		if (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_NULL)
			saw_null = true;
		else if (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL)
			saw_notnull = true;
		else
			RefuseConstraint(constraint->contype);
	}
	if (saw_null && saw_notnull)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("conflicting NULL/NOT NULL declarations for "
		                       "column \"%s\" of table \"%s\"",
		                       column->colname, relname)));
	return saw_notnull;
}

static void
CheckNotSerial(const TypeName *type)
{
	const char *name = strVal(llast(type->names));

	if (list_length(type->names) == 1 &&
	    (strcmp(name, "serial") == 0 || strcmp(name, "bigserial") == 0 ||
	     strcmp(name, "smallserial") == 0 || strcmp(name, "serial4") == 0 ||
	     strcmp(name, "serial8") == 0 || strcmp(name, "serial2") == 0))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("type %s is not supported", name),
		                errhint("Use integer or bigint and give the values.")));
}

static void
InitColumn(ParseState *pstate, TupleDesc desc, int attnum,
           PgQuery__ColumnDef *column, const char *relname)
{
	TypeName *type;
	Oid typeid;
	int32 typmod;

	if (column->coll_clause != NULL)
		NotSupported("COLLATE");
	type = pgq_type_name(column->type_name);
	CheckNotSerial(type);
	typenameTypeIdAndMod(pstate, type, &typeid, &typmod);
	TupleDescInitEntry(desc, attnum, column->colname, typeid, typmod,
	                   list_length(type->arrayBounds));
	TupleDescAttr(desc, attnum - 1)->attnotnull =
		ColumnNotNull(column, relname);
}

TupleDesc
BuildDescForColumn(PgQuery__ColumnDef *column, const char *relname,
                   const char *queryString)
{
	ParseState *pstate = make_parsestate(NULL);
	TupleDesc desc = CreateTemplateTupleDesc(1);

	pstate->p_sourcetext = queryString;
	InitColumn(pstate, desc, 1, column, relname);
	free_parsestate(pstate);
	return desc;
}

static TupleDesc
BuildDescForRelation(PgQuery__CreateStmt *stmt, const char *queryString)
{
	ParseState *pstate = make_parsestate(NULL);
	TupleDesc desc = CreateTemplateTupleDesc(stmt->n_table_elts);

	pstate->p_sourcetext = queryString;
	for (size_t i = 0; i < stmt->n_table_elts; i++)
	{
		PgQuery__Node *elt = stmt->table_elts[i];

		if (elt->node_case == PG_QUERY__NODE__NODE_CONSTRAINT)
			RefuseConstraint(elt->constraint->contype);
		if (elt->node_case != PG_QUERY__NODE__NODE_COLUMN_DEF)
			NotSupported("LIKE in CREATE TABLE");
		InitColumn(pstate, desc, i + 1, elt->column_def,
		           stmt->relation->relname);
	}
	free_parsestate(pstate);
	return desc;
}

static void
CheckCreateStmt(PgQuery__CreateStmt *stmt)
{
	if (stmt->n_inh_relations > 0)
		NotSupported("INHERITS");
	if (stmt->partspec != NULL || stmt->partbound != NULL)
		NotSupported("partitioning");
	if (stmt->of_typename != NULL)
		NotSupported("CREATE TABLE OF");
	if (stmt->n_constraints > 0)
		NotSupported("a table constraint");
	if (stmt->tablespacename[0] != '\0')
		NotSupported("TABLESPACE");
	if (stmt->access_method[0] != '\0' &&
	    strcmp(stmt->access_method, "heap") != 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("access method \"%s\" does not exist",
		                       stmt->access_method)));
}

static OnCommitAction
OnCommitOf(PgQuery__CreateStmt *stmt)
{
	switch (stmt->oncommit)
	{
		case PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_PRESERVE_ROWS:
			return ONCOMMIT_PRESERVE_ROWS;
		case PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DELETE_ROWS:
			return ONCOMMIT_DELETE_ROWS;
		case PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP:
			return ONCOMMIT_DROP;
		default:
			return ONCOMMIT_NOOP;
	}
}

/* Errors point at the name. */
static Oid
FindCreationNamespace(RangeVar *rv, const char *queryString)
{
	ParseState *pstate = make_parsestate(NULL);
	ParseCallbackState pcbstate;
	Oid nspid;

	pstate->p_sourcetext = queryString;
	setup_parser_errposition_callback(&pcbstate, pstate, rv->location);
	nspid = RangeVarGetCreationNamespace(rv);
	RangeVarAdjustRelationPersistence(rv, nspid);
	cancel_parser_errposition_callback(&pcbstate);
	free_parsestate(pstate);
	return nspid;
}

/* tupdesc: NULL, the columns are the statement's */
static Oid
define_relation(PgQuery__CreateStmt *stmt, TupleDesc tupdesc,
                const char *queryString)
{
	RangeVar *rv = pgq_range_var(stmt->relation);
	NewRelation newrel = {
		.relname = rv->relname,
		.relam = HEAP_TABLE_AM_OID,
		.relkind = RELKIND_RELATION,
		.has_storage = true,
		.oncommit = OnCommitOf(stmt),
	};
	static const char *const validnsps[] = HEAP_RELOPT_NAMESPACES;
	List *options;
	Datum toast_options;
	Oid relid;

	CheckCreateStmt(stmt);
	newrel.relnamespace = FindCreationNamespace(rv, queryString);
	newrel.relpersistence = rv->relpersistence;
	CheckCreateInNamespace(newrel.relnamespace);
	if (newrel.relnamespace == PG_CATALOG_NAMESPACE)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("permission denied to create \"pg_catalog.%s\"",
		                       rv->relname),
		                errdetail("System catalog modifications are currently "
		                          "disallowed.")));
	LockRelationName(rv->relname, newrel.relnamespace);
	if (OidIsValid(get_relname_relid(rv->relname, newrel.relnamespace)))
	{
		if (!stmt->if_not_exists)
			ereport(ERROR,
			        (errcode(ERRCODE_DUPLICATE_TABLE),
			         errmsg("relation \"%s\" already exists", rv->relname)));
		ereport(NOTICE, (errcode(ERRCODE_DUPLICATE_TABLE),
		                 errmsg("relation \"%s\" already exists, skipping",
		                        rv->relname)));
		return InvalidOid;
	}
	if (newrel.oncommit != ONCOMMIT_NOOP &&
	    newrel.relpersistence != RELPERSISTENCE_TEMP)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TABLE_DEFINITION),
		                errmsg("ON COMMIT can only be used on temporary "
		                       "tables")));
	newrel.tupdesc =
		tupdesc ? tupdesc : BuildDescForRelation(stmt, queryString);
	CheckAttributeNamesTypes(newrel.tupdesc);
	options = pgq_def_elems(stmt->options, stmt->n_options);
	newrel.reloptions =
		transformRelOptions((Datum) 0, options, NULL, validnsps, true, false);
	(void) heap_reloptions(RELKIND_RELATION, newrel.reloptions, true);
	/* they must do even if the table turns out to need no such table */
	toast_options = transformRelOptions((Datum) 0, options, "toast", validnsps,
	                                    true, false);
	(void) heap_reloptions(RELKIND_TOASTVALUE, toast_options, true);
	relid = heap_create_with_catalog(&newrel);
	CommandCounterIncrement();
	NewRelationCreateToastTable(relid, toast_options);
	return relid;
}

Oid
DefineRelation(PgQuery__CreateStmt *stmt, const char *queryString)
{
	return define_relation(stmt, NULL, queryString);
}

Oid
DefineRelationOfDesc(PgQuery__CreateStmt *stmt, TupleDesc tupdesc,
                     const char *queryString)
{
	Assert(tupdesc != NULL);
	return define_relation(stmt, tupdesc, queryString);
}

/* Its pages are in the other session's memory. */
void
CheckNotOtherTemp(Relation rel, const char *action)
{
	if (RELATION_IS_OTHER_TEMP(rel))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cannot %s temporary tables of other sessions",
		                       action)));
}

/* ---- DROP ---- */

static const char *
KindName(char relkind)
{
	return relkind == RELKIND_INDEX ? "index" : "table";
}

static void
ReportMissing(const RangeVar *rv, char relkind, bool missing_ok)
{
	int code = relkind == RELKIND_INDEX ? ERRCODE_UNDEFINED_OBJECT
	                                    : ERRCODE_UNDEFINED_TABLE;
	const char *kind = KindName(relkind);

	if (rv->schemaname != NULL &&
	    !OidIsValid(LookupExplicitNamespace(rv->schemaname, true)))
	{
		if (!missing_ok)
			(void) LookupExplicitNamespace(rv->schemaname, false);
		ereport(NOTICE, (errmsg("schema \"%s\" does not exist, skipping",
		                        rv->schemaname)));
	}
	else if (missing_ok)
		ereport(NOTICE, (errmsg("%s \"%s\" does not exist, skipping", kind,
		                        rv->relname)));
	else
		ereport(ERROR, (errcode(code),
		                errmsg("%s \"%s\" does not exist", kind, rv->relname)));
}

/*
 * The index that a TOAST relation is read through.  What a REINDEX CONCURRENTLY
 * that failed left beside it may go.
 */
static bool
IsToastIndexInUse(Oid relid)
{
	HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(relid));
	Form_pg_index form;
	bool result;

	if (tuple == NULL)
		return false;
	form = (Form_pg_index) GETSTRUCT(tuple);
	result = form->indisvalid &&
	         get_rel_relkind(form->indrelid) == RELKIND_TOASTVALUE;
	ReleaseSysCache(tuple);
	return result;
}

/* What a DROP asks of a relation, and the lock on the table of an index. */
typedef struct DropState
{
	char wanted;
	IndexTableLock table;
} DropState;

static void
CheckDroppable(const RangeVar *rv, Oid relid, Oid oldrelid, void *arg)
{
	DropState *state = arg;
	char relkind = get_rel_relkind(relid);
	bool is_index = relkind == RELKIND_INDEX;

	/* the schema's owner may drop what others made in it */
	if (relkind != '\0' &&
	    !pg_namespace_ownercheck(get_rel_namespace(relid), GetUserId()))
		CheckRelationOwner(relid);
	if (relkind != '\0' &&
	    (IsCatalogRelationOid(relid) || IsToastIndexInUse(relid)))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("permission denied: \"%s\" is a system catalog",
		                       rv->relname)));
	if (relkind != '\0' && relkind != state->wanted)
		ereport(
			ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
		     errmsg("\"%s\" is not %s", rv->relname,
		            state->wanted == RELKIND_INDEX ? "an index" : "a table"),
		     errhint("Use DROP %s to remove %s.", is_index ? "INDEX" : "TABLE",
		             is_index ? "an index" : "a table")));
	if (state->wanted == RELKIND_INDEX)
		LockTableOfIndex(&state->table, relid, oldrelid);
}

/* InvalidOid: there is none. */
static Oid
LockForDrop(const RangeVar *rv, char wanted, LOCKMODE lockmode)
{
	DropState state = {.wanted = wanted, .table.lockmode = lockmode};

	return RangeVarGetRelidExtended(rv, lockmode, RVR_MISSING_OK,
	                                CheckDroppable, &state);
}

void
DropTable(Oid relid)
{
	Relation rel = relation_open(relid, NoLock);
	Oid toastrelid = rel->rd_rel->reltoastrelid;
	ListCell *lc;

	relation_close(rel, NoLock);
	foreach (lc, index_list_all(relid))
		index_drop(lfirst_oid(lc), false);
	heap_drop_with_catalog(relid);
	if (OidIsValid(toastrelid))
		RemoveToastTable(toastrelid);
	CommandCounterIncrement();
}

void
RemoveRelations(PgQuery__DropStmt *drop)
{
	char wanted = drop->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX
	                  ? RELKIND_INDEX
	                  : RELKIND_RELATION;
	List *relids = NIL;
	ListCell *lc;

	if (drop->concurrent && drop->n_objects != 1)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("DROP INDEX CONCURRENTLY does not support "
		                       "dropping multiple objects")));
	if (drop->concurrent &&
	    drop->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("DROP INDEX CONCURRENTLY does not support "
		                       "CASCADE")));
	if (drop->concurrent)
		ConcurrentIndexReleaseSnapshot();
	/* All are locked before the first goes. */
	for (size_t i = 0; i < drop->n_objects; i++)
	{
		PgQuery__List *names = drop->objects[i]->list;
		RangeVar *rv = makeRangeVarFromNameList(
			pgq_name_list(names->items, names->n_items));
		Oid relid = LockForDrop(rv, wanted,
		                        drop->concurrent ? ShareUpdateExclusiveLock
		                                         : AccessExclusiveLock);

		if (OidIsValid(relid))
			relids = list_append_unique_oid(relids, relid);
		else
			ReportMissing(rv, wanted, drop->missing_ok);
	}
	foreach (lc, relids)
	{
		Oid relid = lfirst_oid(lc);

		if (wanted == RELKIND_RELATION)
			DropTable(relid);
		/* of a temporary table nobody has to be spared a lock */
		else if (drop->concurrent &&
		         get_rel_persistence(relid) != RELPERSISTENCE_TEMP)
			DropIndexConcurrently(IndexGetRelation(relid, false), relid);
		else
			index_drop(relid, false);
	}
}
