/*
 * vacuum.c
 *		VACUUM and ANALYZE: options, which tables, a transaction for each, and
 *		what both keep in the catalogs.
 *
 * 1.	Each table is vacuumed in a transaction of its own, so that nothing is
 *		held longer than a table takes; the list of tables outlives them in a
 *		context of its own.
 * 2.	While a table is vacuumed the process carries PROC_IN_VACUUM: others do
 *		not keep rows for the sake of its snapshot, which looks at catalogs
 *		only.
 * 3.	Counts and frozen xids go into pg_class and pg_database in place: they
 *		are true whether or not the transaction commits.
 * 4.	A frozen xid is moved forward only after every page that could hold an
 *		older one was looked at; the commit log is cut by the oldest of them.
 *
 * Corresponds to PostgreSQL's commands/vacuum.c.
 */
#include "postgres.h"

#include <limits.h>
#include <math.h>
#include <strings.h>

#include "access/clog.h"
#include "access/heapam.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/tupmacs.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/catalog_schema.h"
#include "catalog/heap.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/system_views.h"
#include "commands/vacuum.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parse_node.h"
#include "postmaster/autovacuum.h"
#include "storage/direct.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/acl.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/wait_event.h"

#define MAX_PARALLEL_WORKER_LIMIT 1024

/* With that many blocks, or fewer, one that was counted tells nothing. */
#define FEW_PAGES 0.02

int vacuum_freeze_min_age = 50000000;
int vacuum_freeze_table_age = 150000000;
int vacuum_failsafe_age = 1600000000;
int VacuumCostPageHit = 1;
int VacuumCostPageMiss = 2;
int VacuumCostPageDirty = 20;
int VacuumCostLimit = 200;
double VacuumCostDelay = 0;

/* No pauses: this process vacuums a table that must not wait any longer. */
bool VacuumFailsafeActive = false;

/* pgBufferUsage at the last pause, in the costs above */
static int64 cost_paid = 0;

/* ---- options ---- */

/* The word that an option has; NULL: none. */
static const char *
OptionWord(const DefElem *def)
{
	if (def->arg == NULL)
		return NULL;
	switch (nodeTag(def->arg))
	{
		case T_Integer:
			return psprintf("%d", intVal(def->arg));
		case T_Boolean:
			return boolVal(def->arg) ? "true" : "false";
		case T_String:
			return strVal(def->arg);
		case T_Float:
			return castNode(Float, def->arg)->fval;
		default:
			return "";
	}
}

static bool
OptionTruth(const DefElem *def)
{
	const char *word = OptionWord(def);

	if (word == NULL || strcasecmp(word, "true") == 0 ||
	    strcasecmp(word, "on") == 0 || strcmp(word, "1") == 0)
		return true;
	if (strcasecmp(word, "false") == 0 || strcasecmp(word, "off") == 0 ||
	    strcmp(word, "0") == 0)
		return false;
	ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
	                errmsg("%s requires a Boolean value", def->defname)));
}

static VacOptValue
OptionTernary(const DefElem *def)
{
	return OptionTruth(def) ? VACOPTVALUE_ENABLED : VACOPTVALUE_DISABLED;
}

/* How many workers; they are not used. */
static int
ParallelOption(ParseState *pstate, const DefElem *def)
{
	int workers = -1;

	if (def->arg == NULL)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("parallel option requires a value between 0 and "
		                       "%d",
		                       MAX_PARALLEL_WORKER_LIMIT),
		                parser_errposition(pstate, def->location)));
	if (nodeTag(def->arg) == T_Integer)
		workers = intVal(def->arg);
	else
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("%s requires an integer value", def->defname)));
	if (workers < 0 || workers > MAX_PARALLEL_WORKER_LIMIT)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("parallel workers for vacuum must be between 0 "
		                       "and %d",
		                       MAX_PARALLEL_WORKER_LIMIT),
		                parser_errposition(pstate, def->location)));
	return workers;
}

static void
ParseOptions(ParseState *pstate, PgQuery__VacuumStmt *stmt,
             VacuumParams *params)
{
	int workers = 0;
	const char *command = stmt->is_vacuumcmd ? "VACUUM" : "ANALYZE";
	List *options = pgq_def_elems(stmt->options, stmt->n_options);
	ListCell *lc;

	memset(params, 0, sizeof(*params));
	params->options = stmt->is_vacuumcmd ? VACOPT_VACUUM | VACOPT_PROCESS_TOAST
	                                     : VACOPT_ANALYZE;
	params->freeze_min_age = -1;
	params->freeze_table_age = -1;
	params->log_min_duration = -1;
	foreach (lc, options)
	{
		DefElem *def = lfirst_node(DefElem, lc);
		uint32 bit = 0;

		if (strcmp(def->defname, "verbose") == 0)
			bit = VACOPT_VERBOSE;
		else if (strcmp(def->defname, "skip_locked") == 0)
			bit = VACOPT_SKIP_LOCKED;
		else if (!stmt->is_vacuumcmd)
			bit = 0;
		else if (strcmp(def->defname, "analyze") == 0)
			bit = VACOPT_ANALYZE;
		else if (strcmp(def->defname, "freeze") == 0)
			bit = VACOPT_FREEZE;
		else if (strcmp(def->defname, "full") == 0)
			bit = VACOPT_FULL;
		else if (strcmp(def->defname, "disable_page_skipping") == 0)
			bit = VACOPT_DISABLE_PAGE_SKIPPING;
		else if (strcmp(def->defname, "process_toast") == 0)
			bit = VACOPT_PROCESS_TOAST;
		if (bit != 0)
		{
			params->options &= ~bit;
			if (OptionTruth(def))
				params->options |= bit;
		}
		else if (stmt->is_vacuumcmd &&
		         strcmp(def->defname, "index_cleanup") == 0)
		{
			const char *word = OptionWord(def);

			params->index_cleanup =
				word != NULL && strcasecmp(word, "auto") == 0
					? VACOPTVALUE_AUTO
					: OptionTernary(def);
		}
		else if (stmt->is_vacuumcmd && strcmp(def->defname, "truncate") == 0)
			params->truncate = OptionTernary(def);
		else if (stmt->is_vacuumcmd && strcmp(def->defname, "parallel") == 0)
			workers = ParallelOption(pstate, def);
		else
			ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("unrecognized %s option \"%s\"", command,
			                       def->defname),
			                parser_errposition(pstate, def->location)));
	}
	if ((params->options & VACOPT_FULL) && workers > 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("VACUUM FULL cannot be performed in parallel")));
	if (params->options & VACOPT_FREEZE)
		params->freeze_min_age = params->freeze_table_age = 0;
}

/* The columns are there; what is known of a table does not depend on them. */
static void
CheckColumns(PgQuery__VacuumRelation *vrel, Oid relid)
{
	Relation rel = table_open(relid, NoLock);

	for (size_t i = 0; i < vrel->n_va_cols; i++)
	{
		const char *name = pgq_string(vrel->va_cols[i]);
		TupleDesc desc = RelationGetDescr(rel);
		bool found = false;

		for (int j = 0; j < desc->natts && !found; j++)
			found = !TupleDescAttr(desc, j)->attisdropped &&
			        strcmp(NameStr(TupleDescAttr(desc, j)->attname), name) == 0;
		if (!found)
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
			                errmsg("column \"%s\" of relation \"%s\" does not "
			                       "exist",
			                       name, RelationGetRelationName(rel))));
		for (size_t j = 0; j < i; j++)
			if (strcmp(pgq_string(vrel->va_cols[j]), name) == 0)
				ereport(ERROR,
				        (errcode(ERRCODE_DUPLICATE_COLUMN),
				         errmsg("column \"%s\" of relation \"%s\" appears "
				                "more than once",
				                name, RelationGetRelationName(rel))));
	}
	table_close(rel, NoLock);
}

/* ---- which tables ---- */

static VacuumRelation *
MakeRelation(Oid oid, const char *relname)
{
	VacuumRelation *vrel = palloc0_object(VacuumRelation);

	vrel->oid = oid;
	vrel->relname = relname != NULL ? pstrdup(relname) : NULL;
	return vrel;
}

static const char *
ActionName(uint32 action)
{
	return action & VACOPT_VACUUM ? "vacuum" : "analyze";
}

static void
WarnNotAvailable(int elevel, const char *relname, uint32 action)
{
	ereport(elevel, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
	                 errmsg("skipping %s of \"%s\" --- lock not available",
	                        ActionName(action), relname)));
}

/*
 * The lock with which it is found is given up at the end of this transaction:
 * the name is the word for it if it has gone then.  NULL: it is skipped.
 */
static VacuumRelation *
FindTable(PgQuery__VacuumRelation *vrel, VacuumParams *params,
          MemoryContext context)
{
	RangeVar *rv = pgq_range_var(vrel->relation);
	bool skip = (params->options & VACOPT_SKIP_LOCKED) != 0;
	MemoryContext old;
	VacuumRelation *result;
	Oid relid;

	if (vrel->n_va_cols > 0 && !(params->options & VACOPT_ANALYZE))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("ANALYZE option must be specified when a "
		                       "column list is provided")));
	relid = RangeVarGetRelidExtended(rv, AccessShareLock,
	                                 skip ? RVR_SKIP_LOCKED : 0, NULL, NULL);
	if (!OidIsValid(relid))
	{
		WarnNotAvailable(WARNING, rv->relname, params->options);
		return NULL;
	}
	if (vrel->n_va_cols > 0)
		CheckColumns(vrel, relid);
	old = MemoryContextSwitchTo(context);
	result = MakeRelation(relid, rv->relname);
	MemoryContextSwitchTo(old);
	return result;
}

/* Those with rows of their own; compiled catalogs have none. */
static List *
AllTables(MemoryContext context)
{
	Relation pg_class = table_open(RelationRelationId, AccessShareLock);
	TableScanDesc scan = table_beginscan(
		pg_class, GetCatalogSnapshot(RelationRelationId), 0, NULL);
	List *rels = NIL;
	HeapTuple tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);
		MemoryContext old;

		/* tables that hold wide values come with theirs */
		if (form->relkind != RELKIND_RELATION || !OidIsValid(form->relfilenode))
			continue;
		old = MemoryContextSwitchTo(context);
		rels = lappend(rels, MakeRelation(form->oid, NULL));
		MemoryContextSwitchTo(old);
	}
	table_endscan(scan);
	table_close(pg_class, AccessShareLock);
	return rels;
}

void
ExecVacuum(PgQuery__VacuumStmt *vacstmt, const char *queryString,
           bool isTopLevel)
{
	ParseState *pstate = make_parsestate(NULL);
	MemoryContext list_context = AllocSetContextCreate(
		PortalContext, "Vacuum list", ALLOCSET_SMALL_SIZES);
	MemoryContext old;
	VacuumParams params;
	List *rels = NIL;

	pstate->p_sourcetext = queryString;
	ParseOptions(pstate, vacstmt, &params);
	free_parsestate(pstate);
	if (params.options & VACOPT_FULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("VACUUM FULL is not supported"),
		                errhint("Create a new table, copy the rows, and drop "
		                        "the old one.")));
	if (vacstmt->n_rels == 0)
		rels = AllTables(list_context);
	for (size_t i = 0; i < vacstmt->n_rels; i++)
	{
		VacuumRelation *vrel =
			FindTable(vacstmt->rels[i]->vacuum_relation, &params, list_context);

		if (vrel == NULL)
			continue;
		old = MemoryContextSwitchTo(list_context);
		rels = lappend(rels, vrel);
		MemoryContextSwitchTo(old);
	}
	vacuum(rels, &params, NULL, isTopLevel);
	MemoryContextDelete(list_context);
}

/* ---- one table ---- */

/* The descriptor of a nailed catalog is compiled in: what changes is not. */
static void
ReadCounts(Relation rel)
{
	HeapTuple tuple =
		SearchSysCache1(RELOID, ObjectIdGetDatum(RelationGetRelid(rel)));
	Form_pg_class form;

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for relation %u",
		     RelationGetRelid(rel));
	form = (Form_pg_class) GETSTRUCT(tuple);
	rel->rd_rel->relpages = form->relpages;
	rel->rd_rel->reltuples = form->reltuples;
	rel->rd_rel->relallvisible = form->relallvisible;
	rel->rd_rel->relfrozenxid = form->relfrozenxid;
	rel->rd_rel->relminmxid = form->relminmxid;
	ReleaseSysCache(tuple);
}

/* The relation's owner, or the database's; false, with a warning. */
static bool
vacuum_is_relation_owner(Relation rel, const char *what)
{
	Oid relid = RelationGetRelid(rel);
	const char *who = "table or database owner";

	if (pg_class_ownercheck(relid, GetUserId()) ||
	    (pg_database_ownercheck(MyDatabaseId, GetUserId()) &&
	     !rel->rd_rel->relisshared))
		return true;
	if (rel->rd_rel->relisshared)
		who = "superuser";
	else if (IsCatalogRelationOid(relid))
		who = "superuser or database owner";
	ereport(WARNING, (errmsg("skipping \"%s\" --- only %s can %s it",
	                         RelationGetRelationName(rel), who, what)));
	return false;
}

/*
 * The table, locked; NULL with a word about it if it is not to be had or not to
 * be vacuumed.
 */
Relation
vacuum_open_relation(const VacuumRelation *vrel, VacuumParams *params,
                     LOCKMODE lockmode, uint32 action)
{
	/* whom an autovacuum meets it does not disturb */
	int elevel = AmAutoVacuumWorkerProcess()
	                 ? (params->log_min_duration >= 0 ? LOG : DEBUG1)
	                 : WARNING;
	Oid relid = vrel->oid;
	Relation rel;

	INJECTION_POINT("vacuum-open-relation");
	if (!(params->options & VACOPT_SKIP_LOCKED))
		LockRelationOid(relid, lockmode);
	else if (!ConditionalLockRelationOid(relid, lockmode))
	{
		if (vrel->relname != NULL)
			WarnNotAvailable(elevel, vrel->relname, action);
		return NULL;
	}
	rel = try_relation_open(relid, NoLock);
	if (rel == NULL)
	{
		UnlockRelationOid(relid, lockmode);
		if (vrel->relname != NULL)
			ereport(elevel,
			        (errcode(ERRCODE_UNDEFINED_TABLE),
			         errmsg("skipping %s of \"%s\" --- relation no longer "
			                "exists",
			                ActionName(action), vrel->relname)));
		return NULL;
	}
	if (!vacuum_is_relation_owner(rel, ActionName(action)))
	{
		relation_close(rel, lockmode);
		return NULL;
	}
	if (RELATION_IS_OTHER_TEMP(rel))
	{
		/* not worth a word: all tables means all that can be had */
		relation_close(rel, lockmode);
		return NULL;
	}
	if ((rel->rd_rel->relkind != RELKIND_RELATION &&
	     (rel->rd_rel->relkind != RELKIND_TOASTVALUE ||
	      (action & VACOPT_ANALYZE))) ||
	    GetSystemView(relid) != NULL)
	{
		/*
		 * A catalog without pages is a table to vacuumdb, which names every
		 * one; there is nothing to do, and so nothing to say.
		 */
		ereport(rel->rd_rel->relkind == RELKIND_RELATION ? DEBUG1 : WARNING,
		        (errmsg("skipping \"%s\" --- cannot %s non-tables or special "
		                "system tables",
		                RelationGetRelationName(rel), ActionName(action))));
		relation_close(rel, lockmode);
		return NULL;
	}
	if (rel->rd_isnailed)
		ReadCounts(rel);
	return rel;
}

static VacOptValue
IndexCleanupOption(const StdRdOptions *options)
{
	if (options == NULL)
		return VACOPTVALUE_AUTO;
	switch (options->vacuum_index_cleanup)
	{
		case STDRD_OPTION_VACUUM_INDEX_CLEANUP_ON:
			return VACOPTVALUE_ENABLED;
		case STDRD_OPTION_VACUUM_INDEX_CLEANUP_OFF:
			return VACOPTVALUE_DISABLED;
		default:
			return VACOPTVALUE_AUTO;
	}
}

static bool
vacuum_rel(const VacuumRelation *vrel, VacuumParams *params,
           BufferAccessStrategy bstrategy)
{
	Oid toast_relid = InvalidOid;
	LockRelId session_lock;
	Relation rel;

	StartTransactionCommand();
	LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
	MyProc->statusFlags |= PROC_IN_VACUUM;
	if (params->is_wraparound)
		MyProc->statusFlags |= PROC_VACUUM_FOR_WRAPAROUND;
	ProcGlobal->statusFlags[MyProc->pgxactoff] = MyProc->statusFlags;
	LWLockRelease(ProcArrayLock);
	PushActiveSnapshot(GetTransactionSnapshot());
	CHECK_FOR_INTERRUPTS();

	rel = vacuum_open_relation(vrel, params, ShareUpdateExclusiveLock,
	                           VACOPT_VACUUM);
	if (rel != NULL)
	{
		VacuumParams own = *params;
		StdRdOptions *options = (StdRdOptions *) rel->rd_options;

		if (own.index_cleanup == VACOPTVALUE_UNSPECIFIED)
			own.index_cleanup = IndexCleanupOption(options);
		if (own.truncate == VACOPTVALUE_UNSPECIFIED)
			own.truncate = options == NULL || options->vacuum_truncate
			                   ? VACOPTVALUE_ENABLED
			                   : VACOPTVALUE_DISABLED;
		if (own.options & VACOPT_PROCESS_TOAST)
			toast_relid = rel->rd_rel->reltoastrelid;
		/* Nobody drops it before its wide values are vacuumed, too. */
		session_lock = rel->rd_lockInfo.lockRelId;
		if (OidIsValid(toast_relid))
			LockRelationIdForSession(&session_lock, ShareUpdateExclusiveLock);
		INJECTION_POINT("vacuum-table");
		VacuumFailsafeActive = false;
		heap_vacuum_rel(rel, &own, bstrategy);
		relation_close(rel, NoLock);
	}
	PopActiveSnapshot();
	CommitTransactionCommand();
	if (OidIsValid(toast_relid))
	{
		VacuumRelation toast = {.oid = toast_relid};
		VacuumParams own = *params;

		/* its own options, unless the command says */
		own.options &= ~VACOPT_ANALYZE;
		(void) vacuum_rel(&toast, &own, bstrategy);
		UnlockRelationIdForSession(&session_lock, ShareUpdateExclusiveLock);
	}
	return rel != NULL;
}

void
vacuum(List *rels, VacuumParams *params, BufferAccessStrategy bstrategy,
       bool isTopLevel)
{
	bool is_vacuum = (params->options & VACOPT_VACUUM) != 0;
	const char *stmttype = is_vacuum ? "VACUUM" : "ANALYZE";
	bool own_xacts;
	MemoryContext context;
	MemoryContext old;
	ListCell *lc;

	if (is_vacuum)
		PreventInTransactionBlock(isTopLevel, stmttype);
	own_xacts = is_vacuum || (isTopLevel && !IsTransactionBlock());
	context =
		AllocSetContextCreate(PortalContext, "Vacuum", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	if (bstrategy == NULL)
		bstrategy = GetAccessStrategy(BAS_VACUUM);
	MemoryContextSwitchTo(old);

	if (own_xacts)
	{
		if (ActiveSnapshotSet())
			PopActiveSnapshot();
		CommitTransactionCommand();
	}
	cost_paid = 0;
	foreach (lc, rels)
	{
		const VacuumRelation *vrel = lfirst(lc);

		if (is_vacuum && !vacuum_rel(vrel, params, bstrategy))
			continue;
		if (!(params->options & VACOPT_ANALYZE))
			continue;
		if (own_xacts)
		{
			StartTransactionCommand();
			PushActiveSnapshot(GetTransactionSnapshot());
		}
		analyze_rel(vrel, params, !own_xacts, bstrategy);
		if (own_xacts)
		{
			PopActiveSnapshot();
			CommitTransactionCommand();
		}
		else
			CommandCounterIncrement();
	}

	if (own_xacts)
		StartTransactionCommand();
	if (is_vacuum && !AmAutoVacuumWorkerProcess())
		vac_update_datfrozenxid();
	MemoryContextDelete(context);
}

/* ---- indexes ---- */

/* Those that get entries. */
void
vac_open_indexes(Relation relation, LOCKMODE lockmode, int *nindexes,
                 Relation **Irel)
{
	List *oids = RelationGetIndexList(relation);
	ListCell *lc;

	*nindexes = 0;
	*Irel = palloc(sizeof(Relation) * (list_length(oids) + 1));
	foreach (lc, oids)
	{
		Relation index = index_open(lfirst_oid(lc), lockmode);

		if (index->rd_index->indisready)
			(*Irel)[(*nindexes)++] = index;
		else
			index_close(index, lockmode);
	}
	list_free(oids);
}

void
vac_close_indexes(int nindexes, Relation *Irel, LOCKMODE lockmode)
{
	for (int i = 0; i < nindexes; i++)
		index_close(Irel[i], lockmode);
	pfree(Irel);
}

/* ---- counts ---- */

/*
 * What was scanned is no random part of the table: the density of the rest is
 * taken from the last count.
 */
double
vac_estimate_reltuples(Relation relation, BlockNumber total_pages,
                       BlockNumber scanned_pages, double scanned_tuples)
{
	BlockNumber old_pages = relation->rd_rel->relpages;
	double old_tuples = relation->rd_rel->reltuples;

	if (scanned_pages >= total_pages)
		return scanned_tuples;
	if (old_pages == total_pages &&
	    scanned_pages < (double) total_pages * FEW_PAGES)
		return old_tuples;
	if (scanned_pages <= 1)
		return old_tuples;
	if (old_tuples < 0 || old_pages == 0)
		return floor(scanned_tuples / scanned_pages * total_pages + 0.5);
	return floor(old_tuples / old_pages *
	                 ((double) total_pages - scanned_pages) +
	             scanned_tuples + 0.5);
}

static TransactionId
NextXid(void)
{
	return XidFromFullTransactionId(ReadNextFullTransactionId());
}

/* Forward, or back out of a future that cannot be. */
static bool
FrozenXidMoves(TransactionId from, TransactionId to, TransactionId next)
{
	return TransactionIdIsNormal(to) && from != to &&
	       (TransactionIdPrecedes(from, to) ||
	        TransactionIdPrecedes(next, from));
}

void
vac_update_relstats(Relation relation, BlockNumber num_pages, double num_tuples,
                    BlockNumber num_all_visible_pages, bool hasindex,
                    TransactionId frozenxid, bool *frozenxid_updated)
{
	Relation pg_class = table_open(RelationRelationId, RowExclusiveLock);
	TransactionId next = NextXid();
	Buffer buffer;
	HeapTuple tuple;
	Form_pg_class form;
	bool dirty = false;

	INJECTION_POINT("vacuum-update-relstats");
	tuple = CatalogInplaceBegin(pg_class, RELOID, RelationGetRelid(relation),
	                            &buffer);
	if (tuple == NULL)
		elog(ERROR, "pg_class entry for relid %u vanished during vacuuming",
		     RelationGetRelid(relation));
	form = (Form_pg_class) GETSTRUCT(tuple);
	if (form->relpages != (int32) num_pages ||
	    form->reltuples != (float4) num_tuples ||
	    form->relallvisible != (int32) num_all_visible_pages)
	{
		form->relpages = (int32) num_pages;
		form->reltuples = (float4) num_tuples;
		form->relallvisible = (int32) num_all_visible_pages;
		dirty = true;
	}
	if (form->relhasindex && !hasindex)
	{
		form->relhasindex = false;
		dirty = true;
	}
	if (frozenxid_updated != NULL)
		*frozenxid_updated = false;
	if (FrozenXidMoves(form->relfrozenxid, frozenxid, next))
	{
		form->relfrozenxid = frozenxid;
		if (frozenxid_updated != NULL)
			*frozenxid_updated = true;
		dirty = true;
	}
	CatalogInplaceEnd(pg_class, tuple, buffer, dirty);
	table_close(pg_class, RowExclusiveLock);
}

/* ---- frozen xids ---- */

static TransactionId
XidBefore(TransactionId xid, int age)
{
	TransactionId before = xid - age;

	return TransactionIdIsNormal(before) ? before : FirstNormalTransactionId;
}

bool
vacuum_set_xid_limits(Relation rel, int freeze_min_age, int freeze_table_age,
                      TransactionId *oldestXmin, TransactionId *freezeLimit)
{
	TransactionId next = NextXid();
	TransactionId safe = XidBefore(next, autovacuum_freeze_max_age);
	int min_age = freeze_min_age;
	int table_age = freeze_table_age;

	/* snapshots that nobody may be using any more are not waited out */
	DirectEndShortSearches();
	*oldestXmin = GetOldestNonRemovableTransactionId(rel);
	/* at most half of the way to a vacuum that is forced */
	if (min_age < 0)
		min_age = vacuum_freeze_min_age;
	min_age = Min(min_age, autovacuum_freeze_max_age / 2);
	*freezeLimit = XidBefore(*oldestXmin, min_age);
	if (TransactionIdPrecedes(*freezeLimit, safe))
	{
		ereport(WARNING,
		        (errmsg("oldest xmin is far in the past"),
		         errhint("Close open transactions soon to avoid wraparound "
		                 "problems.\n"
		                 "You might also need to commit or roll back old "
		                 "prepared transactions, or drop stale replication "
		                 "slots.")));
		*freezeLimit = *oldestXmin;
	}
	if (table_age < 0)
		table_age = vacuum_freeze_table_age;
	table_age = Min(table_age, (int) (autovacuum_freeze_max_age * 0.95));
	return TransactionIdPrecedesOrEquals(rel->rd_rel->relfrozenxid,
	                                     XidBefore(next, table_age));
}

/* Is the table so old that only its xids matter? */
bool
vacuum_xid_failsafe_check(TransactionId relfrozenxid)
{
	/* never before an autovacuum was forced in vain */
	double age = Max(vacuum_failsafe_age, autovacuum_freeze_max_age * 1.05);

	Assert(TransactionIdIsNormal(relfrozenxid));
	return TransactionIdPrecedes(relfrozenxid,
	                             XidBefore(NextXid(), (int) Min(age, INT_MAX)));
}

/*
 * The oldest relfrozenxid; Invalid: one is in the future, better not.  Tables
 * that appear meanwhile have none older than what it begins with.
 */
static TransactionId
OldestRelFrozenXid(void)
{
	TransactionId oldest = GetOldestNonRemovableTransactionId(NULL);
	TransactionId next = NextXid();
	Relation pg_class = table_open(RelationRelationId, AccessShareLock);
	TableScanDesc scan = table_beginscan(
		pg_class, GetCatalogSnapshot(RelationRelationId), 0, NULL);
	HeapTuple tuple;

	while (TransactionIdIsValid(oldest) &&
	       (tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		TransactionId xid = ((Form_pg_class) GETSTRUCT(tuple))->relfrozenxid;

		if (!TransactionIdIsNormal(xid))
			continue;
		if (TransactionIdPrecedes(next, xid))
			oldest = InvalidTransactionId;
		else if (TransactionIdPrecedes(xid, oldest))
			oldest = xid;
	}
	table_endscan(scan);
	table_close(pg_class, AccessShareLock);
	return oldest;
}

/* The place of datfrozenxid in a row: every column up to it is fixed. */
static TransactionId *
FrozenXidOfDatabase(HeapTuple tuple, TupleDesc desc)
{
	Size offset = 0;

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (att->attlen <= 0)
			break;
		offset = att_align_nominal(offset, att->attalign);
		if (strcmp(NameStr(att->attname), "datfrozenxid") == 0)
			return (TransactionId *) (GETSTRUCT(tuple) + offset);
		offset += att->attlen;
	}
	elog(ERROR, "pg_database has no datfrozenxid");
}

/* There is one database.  *moved: its row changed, in place. */
static TransactionId
MoveDatabaseFrozenXid(TransactionId frozen, bool *moved)
{
	Relation rel = table_open(DatabaseRelationId, RowExclusiveLock);
	TableScanDesc scan =
		table_beginscan(rel, GetCatalogSnapshot(DatabaseRelationId), 0, NULL);
	TransactionId result = frozen;
	HeapTuple tuple;

	*moved = false;
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		HeapTuple copy = heap_copytuple(tuple);
		TransactionId *xid = FrozenXidOfDatabase(copy, RelationGetDescr(rel));

		if (FrozenXidMoves(*xid, frozen, NextXid()))
		{
			Buffer buffer;

			INJECTION_POINT("vacuum-datfrozenxid");
			/* nobody else changes it: see vac_update_datfrozenxid */
			if (!heap_inplace_lock(rel, copy, &buffer))
				elog(ERROR, "row of pg_database changed during vacuuming");
			*xid = frozen;
			heap_inplace_update_and_unlock(rel, copy, buffer);
			*moved = true;
		}
		result = *xid;
		heap_freetuple(copy);
	}
	table_endscan(scan);
	table_close(rel, RowExclusiveLock);
	return result;
}

/*
 * The log goes first: were the limits raised before, a new xid could get a
 * place in a file that is just going.
 */
static void
vac_truncate_clog(TransactionId frozen)
{
	LWLockAcquire(WrapLimitsVacuumLock, LW_EXCLUSIVE);
	if (TransactionIdPrecedes(NextXid(), frozen))
	{
		LWLockRelease(WrapLimitsVacuumLock);
		ereport(WARNING,
		        (errmsg("some databases have not been vacuumed in over 2 "
		                "billion transactions"),
		         errdetail("You might have already suffered "
		                   "transaction-wraparound data loss.")));
		return;
	}
	TruncateCLOG(frozen, MyDatabaseId);
	SetTransactionIdLimit(frozen, MyDatabaseId);
	LWLockRelease(WrapLimitsVacuumLock);
}

void
vac_update_datfrozenxid(void)
{
	TransactionId frozen;
	bool moved;

	/* One at a time: none puts back what another moved forward. */
	LockDatabaseFrozenIds(ExclusiveLock);
	frozen = OldestRelFrozenXid();
	if (!TransactionIdIsValid(frozen))
		return;
	frozen = MoveDatabaseFrozenXid(frozen, &moved);
	if (moved || ForceTransactionIdLimitUpdate())
		vac_truncate_clog(frozen);
}

/* ---- pauses ---- */

static int64
CostOf(void)
{
	return (pgBufferUsage.shared_blks_hit + pgBufferUsage.local_blks_hit) *
	           VacuumCostPageHit +
	       (pgBufferUsage.shared_blks_read + pgBufferUsage.local_blks_read) *
	           VacuumCostPageMiss +
	       pgBufferUsage.shared_blks_dirtied * VacuumCostPageDirty;
}

void
vacuum_delay_point(void)
{
	double delay = VacuumCostDelay;
	int limit = VacuumCostLimit;
	int64 cost;

	CHECK_FOR_INTERRUPTS();
	if (VacuumFailsafeActive)
		return;
	if (AmAutoVacuumWorkerProcess())
		AutoVacuumCost(&delay, &limit);
	if (delay <= 0 || InterruptPending)
		return;
	cost = CostOf();
	if (cost_paid == 0)
		cost_paid = cost;
	if (cost - cost_paid < limit)
		return;
	delay *= (double) (cost - cost_paid) / limit;
	delay = Min(delay, 400);
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
	                 (long) ceil(delay), WAIT_EVENT_VACUUM_DELAY);
	ResetLatch(MyLatch);
	cost_paid = CostOf();
	CHECK_FOR_INTERRUPTS();
}
