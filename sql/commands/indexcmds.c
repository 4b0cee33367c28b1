/*
 * indexcmds.c
 *		CREATE INDEX.
 *
 * The whole command is one transaction under ShareLock on the table: readers
 * go on, writers wait.  CONCURRENTLY only begins here (indexconcurrent.c).
 * What the access method cannot do is refused by what its routine says, not by
 * its name.
 *
 * Corresponds to PostgreSQL's commands/indexcmds.c.
 */
#include "postgres.h"

#include "access/amapi.h"
#include "access/relation.h"
#include "access/reloptions.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/heap.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/opclasscmds.h"
#include "catalog/pg_class.h"
#include "commands/defrem.h"
#include "commands/indexconcurrent.h"
#include "commands/progress.h"
#include "commands/tablecmds.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "optimizer/planner.h"
#include "parser/parse_coerce.h"
#include "parser/parse_relation.h"
#include "parser/parse_utilcmd.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/backend_progress.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#define NotSupported(what)                                  \
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), \
	                errmsg("%s is not supported", what)))

#define MAX_LABELED_NAME (NAMEDATALEN - 1)

char *
makeObjectName(const char *name1, const char *name2, const char *label)
{
	int overhead = (name2 ? 1 : 0) + (label ? (int) strlen(label) + 1 : 0);
	int available = MAX_LABELED_NAME - overhead;
	int len1 = strlen(name1);
	int len2 = name2 ? strlen(name2) : 0;

	/* The longer one gives first. */
	while (len1 + len2 > available)
	{
		if (len1 > len2)
			len1--;
		else
			len2--;
	}
	/* Not in the middle of a UTF-8 character. */
	while (len1 > 0 && (name1[len1] & 0xC0) == 0x80)
		len1--;
	while (len2 > 0 && (name2[len2] & 0xC0) == 0x80)
		len2--;
	return psprintf("%.*s%s%.*s%s%s", len1, name1, name2 ? "_" : "", len2,
	                name2 ? name2 : "", label ? "_" : "", label ? label : "");
}

char *
ChooseRelationName(const char *name1, const char *name2, const char *label,
                   Oid namespaceid)
{
	char *modlabel = pstrdup(label);

	for (int pass = 1;; pass++)
	{
		char *name = makeObjectName(name1, name2, modlabel);

		if (!OidIsValid(get_relname_relid(name, namespaceid)))
			return name;
		pfree(name);
		modlabel = psprintf("%s%d", label, pass);
	}
}

/* The part of an automatic name that the columns give: "a_b". */
static char *
ChooseIndexNameAddition(List *colnames)
{
	StringInfoData buf;
	ListCell *lc;

	initStringInfo(&buf);
	foreach (lc, colnames)
	{
		if (buf.len > 0)
			appendStringInfoChar(&buf, '_');
		appendStringInfoString(&buf, strVal(lfirst(lc)));
		if (buf.len >= NAMEDATALEN)
			break;
	}
	return buf.data;
}

static void
CheckIndexStmt(PgQuery__IndexStmt *stmt, IndexAmRoutine *am, char persistence)
{
	const char *amname = stmt->access_method;

	if (stmt->concurrent && am->ambulkdelete == NULL)
		NotSupported("CREATE INDEX CONCURRENTLY with this access method");
	if (persistence == RELPERSISTENCE_UNLOGGED && am->ambuildempty == NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("access method \"%s\" does not support indexes "
		                       "of unlogged tables",
		                       amname)));
	if (stmt->table_space[0] != '\0')
		NotSupported("TABLESPACE");
	if (stmt->unique && !am->amcanunique)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("access method \"%s\" does not support unique "
		                       "indexes",
		                       amname)));
	if (stmt->n_index_including_params > 0 && !am->amcaninclude)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("access method \"%s\" does not support included "
		                       "columns",
		                       amname)));
	if (stmt->n_index_params > 1 && !am->amcanmulticol)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("access method \"%s\" does not support "
		                       "multicolumn indexes",
		                       amname)));
	if (stmt->n_index_params > INDEX_MAX_KEYS)
		ereport(ERROR, (errcode(ERRCODE_TOO_MANY_COLUMNS),
		                errmsg("cannot use more than %d columns in an index",
		                       INDEX_MAX_KEYS)));
}

static void
CheckOrdering(PgQuery__IndexElem *elem, IndexAmRoutine *am, const char *amname)
{
	if (am->amcanorder)
		return;
	if (elem->ordering != PG_QUERY__SORT_BY_DIR__SORTBY_DEFAULT)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("access method \"%s\" does not support ASC/DESC "
		                       "options",
		                       amname)));
	if (elem->nulls_ordering != PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("access method \"%s\" does not support NULLS "
		                       "FIRST/LAST options",
		                       amname)));
}

/* The operator class asked for, or the default one of the type. */
static Oid
ResolveOpClass(PgQuery__IndexElem *elem, Oid atttype, const char *amname,
               Oid amoid)
{
	List *names;
	Oid opclass;

	if (elem->n_opclass == 0)
	{
		opclass = GetDefaultOpClass(atttype, amoid);
		if (!OidIsValid(opclass))
			ereport(ERROR,
			        (errcode(ERRCODE_UNDEFINED_OBJECT),
			         errmsg("data type %s has no default operator class for "
			                "access method \"%s\"",
			                format_type_be(atttype), amname),
			         errhint("You must specify an operator class for the "
			                 "index or define a default operator class for "
			                 "the data type.")));
		return opclass;
	}
	if (elem->n_opclassopts > 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("operator class %s has no options",
		                       NameListToString(pgq_name_list(
								   elem->opclass, elem->n_opclass)))));
	names = pgq_name_list(elem->opclass, elem->n_opclass);
	opclass = get_opclass_oid(amoid, names, false);
	if (!IsBinaryCoercible(atttype, get_opclass_input_type(opclass)))
		ereport(ERROR,
		        (errcode(ERRCODE_DATATYPE_MISMATCH),
		         errmsg("operator class \"%s\" does not accept data type %s",
		                NameListToString(names), format_type_be(atttype))));
	return opclass;
}

/*
 * The names of the columns of the index to be: those of the table's columns, or
 * what the expressions suggest, made different by numbers.
 */
static List *
ChooseIndexColumnNames(PgQuery__IndexStmt *stmt, IndexStmtExprs *exprs)
{
	List *result = NIL;

	for (size_t i = 0; i < stmt->n_index_params; i++)
	{
		PgQuery__IndexElem *elem = stmt->index_params[i]->index_elem;
		const char *wanted = list_nth(exprs->colnames, (int) i);
		char *name;
		bool taken;
		int n = 0;

		if (elem->expr == NULL)
			wanted = elem->name;
		else if (wanted == NULL)
			wanted = "expr";
		name = pstrdup(wanted);
		do
		{
			ListCell *lc;

			taken = false;
			foreach (lc, result)
				taken |= strcmp(strVal(lfirst(lc)), name) == 0;
			if (taken)
			{
				char suffix[16];

				snprintf(suffix, sizeof(suffix), "%d", ++n);
				name = psprintf(
					"%.*s%s",
					pg_mbcliplen(wanted, (int) strlen(wanted),
				                 NAMEDATALEN - 1 - (int) strlen(suffix)),
					wanted, suffix);
			}
		} while (taken);
		result = lappend(result, makeString(name));
	}
	return result;
}

/*
 * An index holds what an expression gave when the row was written.  It is
 * planned first: what folds to a constant is none.
 */
static bool
ChangesWithTime(Node *expr)
{
	return contain_mutable_functions(
		(Node *) expression_planner((Expr *) copyObject(expr)));
}

static void
CheckPredicate(Node *predicate)
{
	if (ChangesWithTime(predicate))
		ereport(ERROR, (errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
		                errmsg("functions in index predicate must be marked "
		                       "IMMUTABLE")));
}

/* A column of the index: of what it is made, and of what type that is. */
static void
ComputeIndexKey(PgQuery__IndexElem *elem, Node *expr, Relation rel,
                IndexInfo *info, int keyno, Oid *type, Oid *collation)
{
	AttrNumber attnum;

	if (expr == NULL || IsA(expr, Var))
	{
		attnum = expr != NULL ? ((Var *) expr)->varattno
		                      : attnameAttNum(rel, elem->name, true);
		if (attnum == InvalidAttrNumber)
			ereport(ERROR,
			        (errcode(ERRCODE_UNDEFINED_COLUMN),
			         errmsg("column \"%s\" does not exist", elem->name)));
		info->ii_IndexAttrNumbers[keyno] = attnum;
		if (attnum < 0)
		{
			*type = SystemAttributeType(attnum);
			*collation = InvalidOid;
			return;
		}
		*type = TupleDescAttr(RelationGetDescr(rel), attnum - 1)->atttypid;
		*collation =
			TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attcollation;
		return;
	}
	info->ii_IndexAttrNumbers[keyno] = 0;
	info->ii_Expressions = lappend(info->ii_Expressions, expr);
	if (ChangesWithTime(expr))
		ereport(ERROR, (errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
		                errmsg("functions in index expression must be marked "
		                       "IMMUTABLE")));
	*type = exprType(expr);
	*collation = exprCollation(expr);
}

/* Keys and classes of the columns of the index to be. */
static void
ComputeIndexAttrs(PgQuery__IndexStmt *stmt, IndexStmtExprs *exprs, Relation rel,
                  IndexInfo *info, IndexAmRoutine *am, Oid *collations,
                  Oid *classes, int16 *options)
{
	for (int i = 0; i < info->ii_NumIndexAttrs; i++)
	{
		PgQuery__IndexElem *elem = stmt->index_params[i]->index_elem;
		Oid type;

		ComputeIndexKey(elem, list_nth(exprs->elements, i), rel, info, i, &type,
		                &collations[i]);
		if (elem->n_collation > 0 && !OidIsValid(get_typcollation(type)))
			ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
			                errmsg("collations are not supported by type %s",
			                       format_type_be(type))));
		if (elem->n_collation > 0)
			NotSupported("COLLATE");
		if (OidIsValid(get_typcollation(type)) && !OidIsValid(collations[i]))
			ereport(ERROR,
			        (errcode(ERRCODE_INDETERMINATE_COLLATION),
			         errmsg("could not determine which collation to use for "
			                "index expression"),
			         errhint("Use the COLLATE clause to set the collation "
			                 "explicitly.")));
		classes[i] =
			ResolveOpClass(elem, type, stmt->access_method, info->ii_Am);
		CheckOrdering(elem, am, stmt->access_method);
		options[i] = 0;
	}
}

/* A system column is not what it was once the row has moved. */
static void
CheckNoSystemColumns(IndexInfo *info)
{
	Bitmapset *used = NULL;
	int first;

	for (int i = 0; i < info->ii_NumIndexAttrs; i++)
		used = bms_add_member(used, info->ii_IndexAttrNumbers[i] -
		                                FirstLowInvalidHeapAttributeNumber);
	pull_varattnos((Node *) info->ii_Expressions, 1, &used);
	pull_varattnos((Node *) info->ii_Predicate, 1, &used);
	first = bms_next_member(used, -1);
	if (first >= 0 && first + FirstLowInvalidHeapAttributeNumber < 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("index creation on system columns is not "
		                       "supported")));
	bms_free(used);
}

static void
CheckAccessMethod(const char *amname)
{
	static const char *const absent[] = {"btree",    "hash",   "gin",
	                                     "gist",     "brin",   "spgist",
	                                     "vchordrq", "vchordg"};

	for (Size i = 0; i < lengthof(absent); i++)
	{
		if (strcmp(amname, absent[i]) == 0)
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("access method \"%s\" is not supported", amname),
			         errhint("Name the access method of a vector index: "
			                 "CREATE INDEX ON table USING hnsw (column "
			                 "vector_l2_ops).")));
	}
}

static void
CheckIndexable(const RangeVar *rv, Oid relid, Oid oldrelid, void *arg)
{
	if (IsCatalogRelationOid(relid))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("permission denied: \"%s\" is a system catalog",
		                       rv->relname)));
	CheckRelationOwner(relid);
}

/* Nobody writes to a temporary table meanwhile: then it is a plain build. */
static void
DecideConcurrency(PgQuery__IndexStmt *stmt, Relation rel, LOCKMODE lockmode)
{
	if (!stmt->concurrent || rel->rd_rel->relpersistence != RELPERSISTENCE_TEMP)
		return;
	stmt->concurrent = false;
	if (lockmode == NoLock)
		LockRelation(rel, ShareLock);
}

void
OpenIndexedTable(PgQuery__IndexStmt *stmt, LOCKMODE lockmode,
                 IndexDefinition *def)
{
	LOCKMODE own = stmt->concurrent ? ShareUpdateExclusiveLock : ShareLock;
	Oid relid;

	memset(def, 0, sizeof(*def));
	CheckAccessMethod(stmt->access_method);
	relid = RangeVarGetRelidExtended(pgq_range_var(stmt->relation),
	                                 lockmode == NoLock ? own : lockmode, 0,
	                                 CheckIndexable, NULL);
	def->rel = relation_open(relid, NoLock);
	if (def->rel->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("cannot create index on relation \"%s\"",
		                       RelationGetRelationName(def->rel)),
		                errdetail("This operation is not supported for "
		                          "indexes.")));
	CheckCreateInNamespace(RelationGetNamespace(def->rel));
	CheckNotOtherTemp(def->rel, "create indexes on");
	DecideConcurrency(stmt, def->rel, lockmode);
}

/* A cursor of this session may stand on rows that it will not find again. */
static void
CheckNotInUse(Relation rel)
{
	if (rel->rd_refcnt > 1)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_IN_USE),
		                errmsg("cannot CREATE INDEX \"%s\" because it is being "
		                       "used by active queries in this session",
		                       RelationGetRelationName(rel))));
}

void
AnalyzeIndexStmt(PgQuery__IndexStmt *stmt, const char *queryString,
                 IndexDefinition *def)
{
	IndexStmtExprs *exprs = transformIndexStmt(def->rel, stmt, queryString);
	Oid amoid;

	def->colnames = ChooseIndexColumnNames(stmt, exprs);
	amoid = get_index_am_oid(stmt->access_method, false);
	def->am = GetIndexAmRoutineByAmId(amoid, false);
	CheckIndexStmt(stmt, def->am, def->rel->rd_rel->relpersistence);

	if (exprs->where_clause != NULL)
		CheckPredicate(exprs->where_clause);
	def->reloptions = transformRelOptions(
		(Datum) 0, pgq_def_elems(stmt->options, stmt->n_options), NULL, NULL,
		false, false);
	(void) def->am->amoptions(def->reloptions, true);

	def->info =
		makeIndexInfo((int) stmt->n_index_params, (int) stmt->n_index_params,
	                  amoid, NIL, and_arguments((Expr *) exprs->where_clause),
	                  stmt->unique, false, !stmt->concurrent, stmt->concurrent);
	ComputeIndexAttrs(stmt, exprs, def->rel, def->info, def->am,
	                  def->collations, def->classes, def->options);
	CheckNoSystemColumns(def->info);

	def->name = stmt->idxname;
	if (def->name[0] == '\0')
		def->name = ChooseRelationName(RelationGetRelationName(def->rel),
		                               ChooseIndexNameAddition(def->colnames),
		                               "idx", RelationGetNamespace(def->rel));
}

Relation
IndexDefinitionDescriptor(const IndexDefinition *def)
{
	return RelationBuildTransientIndex(
		def->rel, def->name, def->info,
		ConstructTupleDescriptor(def->rel, def->info, def->colnames,
	                             def->collations),
		def->classes, def->collations, def->options, def->reloptions);
}

/* IF NOT EXISTS, and there is a relation of that name. */
static bool
IsThereAlready(PgQuery__IndexStmt *stmt, const IndexDefinition *def)
{
	Oid namespaceid = RelationGetNamespace(def->rel);

	LockRelationName(def->name, namespaceid);
	if (!stmt->if_not_exists ||
	    !OidIsValid(get_relname_relid(def->name, namespaceid)))
		return false;
	ereport(NOTICE,
	        (errcode(ERRCODE_DUPLICATE_TABLE),
	         errmsg("relation \"%s\" already exists, skipping", def->name)));
	return true;
}

Oid
DefineIndexResult(PgQuery__IndexStmt *stmt, const char *queryString,
                  struct IndexBuildResult **result)
{
	IndexDefinition def;
	Oid relid;
	Oid indexId = InvalidOid;

	CheckAccessMethod(stmt->access_method);
	if (stmt->concurrent)
		ConcurrentIndexReleaseSnapshot();
	OpenIndexedTable(stmt, NoLock, &def);
	CheckNotInUse(def.rel);
	relid = RelationGetRelid(def.rel);
	pgstat_progress_start_command(PROGRESS_COMMAND_CREATE_INDEX, relid);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_COMMAND,
	                             stmt->concurrent ? 2 : 1);
	AnalyzeIndexStmt(stmt, queryString, &def);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_ACCESS_METHOD_OID,
	                             def.info->ii_Am);
	if (IsThereAlready(stmt, &def))
		table_close(def.rel, NoLock);
	else if (stmt->concurrent)
	{
		/* functions in it may look at other tables */
		bool safe =
			def.info->ii_Expressions == NIL && def.info->ii_Predicate == NIL;

		indexId = index_create_concurrent(
			def.rel, def.name, def.info, def.colnames, def.info->ii_Am,
			def.collations, def.classes, def.options, def.reloptions);
		table_close(def.rel, NoLock);
		CompleteConcurrentIndex(relid, indexId, safe);
	}
	else
	{
		indexId = index_create(def.rel, def.name, def.info, def.colnames,
		                       def.info->ii_Am, def.collations, def.classes,
		                       def.options, def.reloptions);
		table_close(def.rel, NoLock);
		*result = def.info->ii_BuildResult;
	}
	pgstat_progress_end_command();
	return indexId;
}

Oid
DefineIndex(PgQuery__IndexStmt *stmt, const char *queryString)
{
	struct IndexBuildResult *result;

	return DefineIndexResult(stmt, queryString, &result);
}
