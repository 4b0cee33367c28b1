/*
 * parse_relation.c
 *		The range table and the names that see it.
 *
 * Every FROM item becomes a range table entry and, as long as names can see
 * it, a namespace item: its columns by name with what a Var needs of them.
 * What FROM holds is found by table name, by column name alone if that is
 * unique, level by level outwards.
 *
 * Corresponds to PostgreSQL's parser/parse_relation.c.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_relation.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* ---- system columns ---- */

static const struct
{
	const char *name;
	AttrNumber attno;
	Oid type;
} system_columns[] = {
	{"ctid", SelfItemPointerAttributeNumber, TIDOID},
	{"xmin", MinTransactionIdAttributeNumber, XIDOID},
	{"cmin", MinCommandIdAttributeNumber, CIDOID},
	{"xmax", MaxTransactionIdAttributeNumber, XIDOID},
	{"cmax", MaxCommandIdAttributeNumber, CIDOID},
	{"tableoid", TableOidAttributeNumber, OIDOID},
};

const char *
SystemAttributeName(AttrNumber attno)
{
	for (size_t i = 0; i < lengthof(system_columns); i++)
	{
		if (system_columns[i].attno == attno)
			return system_columns[i].name;
	}
	return NULL;
}

AttrNumber
SystemAttributeByName(const char *attname)
{
	for (size_t i = 0; i < lengthof(system_columns); i++)
	{
		if (strcmp(system_columns[i].name, attname) == 0)
			return system_columns[i].attno;
	}
	return InvalidAttrNumber;
}

Oid
SystemAttributeType(AttrNumber attno)
{
	for (size_t i = 0; i < lengthof(system_columns); i++)
	{
		if (system_columns[i].attno == attno)
			return system_columns[i].type;
	}
	elog(ERROR, "invalid system attribute number %d", attno);
	return InvalidOid;
}

int
attnameAttNum(Relation rd, const char *attname, bool sysColOK)
{
	TupleDesc desc = RelationGetDescr(rd);

	for (int i = 0; i < desc->natts; i++)
	{
		if (!TupleDescAttr(desc, i)->attisdropped &&
		    strcmp(NameStr(TupleDescAttr(desc, i)->attname), attname) == 0)
			return i + 1;
	}
	return sysColOK ? SystemAttributeByName(attname) : InvalidAttrNumber;
}

char *
get_rte_attribute_name(RangeTblEntry *rte, AttrNumber attnum)
{
	if (attnum == InvalidAttrNumber)
		return "*";
	if (attnum < 0 && rte->rtekind == RTE_RELATION)
		return pstrdup(SystemAttributeName(attnum));
	if (attnum > 0 && attnum <= list_length(rte->eref->colnames))
		return strVal(list_nth(rte->eref->colnames, attnum - 1));
	elog(ERROR, "invalid attnum %d for rangetable entry %s", attnum,
	     rte->eref->aliasname);
	return NULL;
}

/*
 * The target of UPDATE or DELETE is read if one of its columns is named; what is
 * in FROM is marked from the beginning, also what a join (without an entry of its
 * own) is made of.
 */
static void
require_select(ParseNamespaceItem *nsitem)
{
	if (nsitem->p_rte != NULL && nsitem->p_rte->rtekind == RTE_RELATION)
		nsitem->p_rte->requiredPerms |= ACL_SELECT;
}

/* ---- making range table entries ---- */

static bool
is_future_cte(ParseState *pstate, const char *relname)
{
	for (; pstate != NULL; pstate = pstate->parentParseState)
	{
		ListCell *lc;

		foreach (lc, pstate->p_future_ctes)
		{
			if (strcmp(lfirst(lc), relname) == 0)
				return true;
		}
	}
	return false;
}

Relation
parserOpenTable(ParseState *pstate, const RangeVar *relation, LOCKMODE lockmode)
{
	ParseCallbackState pcbstate;
	Oid relid;
	Relation rel;

	setup_parser_errposition_callback(&pcbstate, pstate, relation->location);
	relid = RangeVarGetRelid(relation, lockmode, true);
	if (!OidIsValid(relid))
	{
		if (relation->schemaname != NULL)
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
			                errmsg("relation \"%s.%s\" does not exist",
			                       relation->schemaname, relation->relname)));
		if (is_future_cte(pstate, relation->relname))
			ereport(
				ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
			     errmsg("relation \"%s\" does not exist", relation->relname),
			     errdetail(
					 "There is a WITH item named \"%s\", but it cannot be "
					 "referenced from this part of the query.",
					 relation->relname),
			     errhint("Use WITH RECURSIVE, or re-order the WITH items to "
			             "remove forward references.")));
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_TABLE),
		         errmsg("relation \"%s\" does not exist", relation->relname)));
	}
	rel = table_open(relid, NoLock);
	cancel_parser_errposition_callback(&pcbstate);
	return rel;
}

/*
 * The names that expressions use: those of the alias as far as it has any, then
 * the entry's own.
 */
static Alias *
make_eref(const char *refname, const Alias *alias, List *colnames)
{
	int nalias = alias != NULL ? list_length(alias->colnames) : 0;
	List *names = NIL;

	if (nalias > list_length(colnames))
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
		         errmsg("table \"%s\" has %d columns available but %d columns "
		                "specified",
		                refname, list_length(colnames), nalias)));
	for (int i = 0; i < list_length(colnames); i++)
		names = lappend(names, i < nalias ? list_nth(alias->colnames, i)
		                                  : list_nth(colnames, i));
	return makeAlias(refname, names);
}

static ParseNamespaceItem *
append_rte(ParseState *pstate, RangeTblEntry *rte,
           ParseNamespaceColumn *nscolumns)
{
	ParseNamespaceItem *nsitem = palloc0_object(ParseNamespaceItem);

	pstate->p_rtable = lappend(pstate->p_rtable, rte);
	nsitem->p_names = rte->eref;
	nsitem->p_rte = rte;
	nsitem->p_rtindex = list_length(pstate->p_rtable);
	nsitem->p_nscolumns = nscolumns;
	nsitem->p_rel_visible = true;
	nsitem->p_cols_visible = true;
	for (int i = 0; i < list_length(rte->eref->colnames); i++)
		nscolumns[i].p_varno = nsitem->p_rtindex;
	return nsitem;
}

ParseNamespaceItem *
makeJoinNSItem(Alias *names, ParseNamespaceColumn *nscolumns)
{
	ParseNamespaceItem *nsitem = palloc0_object(ParseNamespaceItem);

	nsitem->p_names = names;
	nsitem->p_nscolumns = nscolumns;
	nsitem->p_rel_visible = true;
	nsitem->p_cols_visible = true;
	return nsitem;
}

/* An entry whose columns are given by lists of types. */
static ParseNamespaceItem *
append_rte_of_lists(ParseState *pstate, RangeTblEntry *rte, List *coltypes,
                    List *coltypmods, List *colcollations)
{
	int ncolumns = list_length(coltypes);
	ParseNamespaceColumn *columns =
		palloc0_array(ParseNamespaceColumn, ncolumns + 1);

	for (int i = 0; i < ncolumns; i++)
	{
		columns[i].p_varattno = i + 1;
		columns[i].p_vartype = list_nth_oid(coltypes, i);
		columns[i].p_vartypmod = list_nth_int(coltypmods, i);
		columns[i].p_varcollid = list_nth_oid(colcollations, i);
	}
	return append_rte(pstate, rte, columns);
}

ParseNamespaceItem *
addRangeTableEntryForRelation(ParseState *pstate, Relation rel,
                              LOCKMODE lockmode, Alias *alias, bool inFromCl)
{
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	TupleDesc desc = RelationGetDescr(rel);
	ParseNamespaceColumn *columns =
		palloc0_array(ParseNamespaceColumn, desc->natts + 1);
	const char *refname =
		alias != NULL ? alias->aliasname : RelationGetRelationName(rel);
	List *colnames = NIL;
	int nalias = alias != NULL ? list_length(alias->colnames) : 0;
	int nnamed = 0;

	rte->rtekind = RTE_RELATION;
	rte->relid = RelationGetRelid(rel);
	rte->relkind = rel->rd_rel->relkind;
	rte->rellockmode = lockmode;
	rte->alias = alias;
	rte->inFromCl = inFromCl;
	/* an alias does not name columns that are dropped */
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (att->attisdropped)
			colnames = lappend(colnames, makeString(pstrdup("")));
		else if (nnamed < nalias)
			colnames = lappend(colnames, list_nth(alias->colnames, nnamed++));
		else
			colnames =
				lappend(colnames, makeString(pstrdup(NameStr(att->attname))));
		if (att->attisdropped)
			continue;
		columns[i].p_varattno = i + 1;
		columns[i].p_vartype = att->atttypid;
		columns[i].p_vartypmod = att->atttypmod;
		columns[i].p_varcollid = att->attcollation;
	}
	if (nnamed < nalias)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
		         errmsg("table \"%s\" has %d columns available but %d columns "
		                "specified",
		                refname, nnamed, nalias)));
	rte->eref = makeAlias(refname, colnames);
	return append_rte(pstate, rte, columns);
}

ParseNamespaceItem *
addRangeTableEntry(ParseState *pstate, RangeVar *relation, Alias *alias,
                   bool inFromCl)
{
	Relation rel = parserOpenTable(pstate, relation, AccessShareLock);
	ParseNamespaceItem *nsitem;

	nsitem = addRangeTableEntryForRelation(pstate, rel, AccessShareLock, alias,
	                                       inFromCl);
	nsitem->p_rte->requiredPerms = ACL_SELECT;
	/* the lock stays to the end of the transaction */
	table_close(rel, NoLock);
	return nsitem;
}

ParseNamespaceItem *
addRangeTableEntryForSubquery(ParseState *pstate, Query *subquery, Alias *alias,
                              bool inFromCl)
{
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	List *coltypes = NIL;
	List *coltypmods = NIL;
	List *colcollations = NIL;
	List *colnames = NIL;
	ListCell *lc;

	rte->rtekind = RTE_SUBQUERY;
	rte->subquery = subquery;
	rte->alias = alias;
	rte->inFromCl = inFromCl;
	foreach (lc, subquery->targetList)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (tle->resjunk)
			continue;
		colnames = lappend(colnames, makeString(pstrdup(tle->resname)));
		coltypes = lappend_oid(coltypes, exprType((Node *) tle->expr));
		coltypmods = lappend_int(coltypmods, exprTypmod((Node *) tle->expr));
		colcollations =
			lappend_oid(colcollations, exprCollation((Node *) tle->expr));
	}
	rte->eref = make_eref(alias->aliasname, alias, colnames);
	return append_rte_of_lists(pstate, rte, coltypes, coltypmods,
	                           colcollations);
}

/* Columns of a function that returns records: those of its view. */
static List *
set_record_columns(RangeTblEntry *rte, const SystemView *view)
{
	List *colnames = NIL;

	for (int i = 0; i < view->ncolumns; i++)
	{
		Oid coltype = view->columns[i].typeoid;

		rte->coltypes = lappend_oid(rte->coltypes, coltype);
		rte->coltypmods = lappend_int(rte->coltypmods, -1);
		rte->colcollations =
			lappend_oid(rte->colcollations, get_typcollation(coltype));
		colnames =
			lappend(colnames, makeString(pstrdup(view->columns[i].name)));
	}
	return colnames;
}

ParseNamespaceItem *
addRangeTableEntryForFunction(ParseState *pstate, const char *funcname,
                              FuncExpr *funcexpr, Alias *alias, bool inFromCl)
{
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	const char *refname = alias != NULL ? alias->aliasname : funcname;
	Oid type = exprType((Node *) funcexpr);
	const SystemView *view =
		type == RECORDOID ? GetFunctionView(funcexpr->funcid) : NULL;
	List *colnames;

	if (view == NULL && (type == RECORDOID || type_is_rowtype(type)))
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("functions in FROM that return rows of several columns "
		                "are not supported"),
		         parser_errposition(pstate, exprLocation((Node *) funcexpr))));
	rte->rtekind = RTE_FUNCTION;
	rte->funcexpr = funcexpr;
	rte->alias = alias;
	rte->inFromCl = inFromCl;
	if (view != NULL)
		colnames = set_record_columns(rte, view);
	else
	{
		rte->coltypes = list_make1_oid(type);
		rte->coltypmods = list_make1_int(exprTypmod((Node *) funcexpr));
		rte->colcollations = list_make1_oid(exprCollation((Node *) funcexpr));
		/* the one column is named like the table */
		colnames = list_make1(makeString(pstrdup(refname)));
	}
	rte->eref = make_eref(refname, alias, colnames);
	return append_rte_of_lists(pstate, rte, rte->coltypes, rte->coltypmods,
	                           rte->colcollations);
}

ParseNamespaceItem *
addRangeTableEntryForValues(ParseState *pstate, List *exprs, List *coltypes,
                            List *coltypmods, List *colcollations, Alias *alias,
                            bool inFromCl)
{
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	List *colnames = NIL;

	for (int i = 1; i <= list_length(coltypes); i++)
		colnames = lappend(colnames, makeString(psprintf("column%d", i)));
	rte->rtekind = RTE_VALUES;
	rte->values_lists = exprs;
	rte->coltypes = coltypes;
	rte->coltypmods = coltypmods;
	rte->colcollations = colcollations;
	rte->alias = alias;
	rte->inFromCl = inFromCl;
	rte->eref = make_eref(alias != NULL ? alias->aliasname : "*VALUES*", alias,
	                      colnames);
	return append_rte_of_lists(pstate, rte, coltypes, coltypmods,
	                           colcollations);
}

ParseNamespaceItem *
addRangeTableEntryForCTE(ParseState *pstate, CommonTableExpr *cte,
                         Index levelsup, Alias *alias, bool inFromCl,
                         int location)
{
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	List *colnames = NIL;
	ListCell *lc;

	cte->cterefcount++;
	rte->rtekind = RTE_CTE;
	rte->ctename = cte->ctename;
	rte->ctelevelsup = levelsup;
	rte->alias = alias;
	rte->inFromCl = inFromCl;
	foreach (lc, cte->ctequery->targetList)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);
		int n = list_length(colnames);

		if (tle->resjunk)
			continue;
		colnames = lappend(colnames, n < list_length(cte->aliascolnames)
		                                 ? list_nth(cte->aliascolnames, n)
		                                 : makeString(pstrdup(tle->resname)));
		rte->coltypes =
			lappend_oid(rte->coltypes, exprType((Node *) tle->expr));
		rte->coltypmods =
			lappend_int(rte->coltypmods, exprTypmod((Node *) tle->expr));
		rte->colcollations =
			lappend_oid(rte->colcollations, exprCollation((Node *) tle->expr));
	}
	rte->eref = make_eref(alias != NULL ? alias->aliasname : cte->ctename,
	                      alias, colnames);
	return append_rte_of_lists(pstate, rte, rte->coltypes, rte->coltypmods,
	                           rte->colcollations);
}

/* ---- the namespace ---- */

void
addNSItemToQuery(ParseState *pstate, ParseNamespaceItem *nsitem,
                 bool addToJoinList, bool addToRelNameSpace,
                 bool addToVarNameSpace)
{
	if (addToJoinList)
		pstate->p_joinlist =
			lappend(pstate->p_joinlist, makeRangeTblRef(nsitem->p_rtindex));
	if (addToRelNameSpace || addToVarNameSpace)
	{
		nsitem->p_rel_visible = addToRelNameSpace;
		nsitem->p_cols_visible = addToVarNameSpace;
		pstate->p_namespace = lappend(pstate->p_namespace, nsitem);
	}
}

/* Two tables of one name can be told apart by their schemas. */
static bool
is_bare_relation(const RangeTblEntry *rte)
{
	return rte != NULL && rte->rtekind == RTE_RELATION && rte->alias == NULL;
}

void
checkNameSpaceConflicts(ParseState *pstate, List *namespace1, List *namespace2)
{
	ListCell *l1;
	ListCell *l2;

	foreach (l1, namespace1)
	{
		ParseNamespaceItem *item1 = lfirst(l1);

		if (!item1->p_rel_visible)
			continue;
		foreach (l2, namespace2)
		{
			ParseNamespaceItem *item2 = lfirst(l2);

			if (!item2->p_rel_visible || strcmp(item1->p_names->aliasname,
			                                    item2->p_names->aliasname) != 0)
				continue;
			if (is_bare_relation(item1->p_rte) &&
			    is_bare_relation(item2->p_rte) &&
			    item1->p_rte->relid != item2->p_rte->relid)
				continue;
			ereport(ERROR, (errcode(ERRCODE_DUPLICATE_ALIAS),
			                errmsg("table name \"%s\" specified more than once",
			                       item1->p_names->aliasname)));
		}
	}
}

CommonTableExpr *
scanNameSpaceForCTE(ParseState *pstate, const char *refname, Index *ctelevelsup)
{
	Index levelsup = 0;

	for (; pstate != NULL; pstate = pstate->parentParseState, levelsup++)
	{
		ListCell *lc;

		foreach (lc, pstate->p_ctenamespace)
		{
			CommonTableExpr *cte = lfirst_node(CommonTableExpr, lc);

			if (strcmp(cte->ctename, refname) == 0)
			{
				*ctelevelsup = levelsup;
				return cte;
			}
		}
	}
	return NULL;
}

ParseNamespaceItem *
refnameNamespaceItem(ParseState *pstate, const char *schemaname,
                     const char *refname, int location, int *sublevels_up)
{
	Oid relid = InvalidOid;

	*sublevels_up = 0;
	if (schemaname != NULL)
	{
		Oid namespaceId = LookupExplicitNamespace(schemaname, true);

		if (OidIsValid(namespaceId))
			relid = get_relname_relid(refname, namespaceId);
		if (!OidIsValid(relid))
			return NULL;
	}
	for (; pstate != NULL; pstate = pstate->parentParseState)
	{
		ParseNamespaceItem *result = NULL;
		ListCell *lc;

		foreach (lc, pstate->p_namespace)
		{
			ParseNamespaceItem *nsitem = lfirst(lc);
			bool matches;

			if (!nsitem->p_rel_visible)
				continue;
			if (OidIsValid(relid))
				matches = is_bare_relation(nsitem->p_rte) &&
				          nsitem->p_rte->relid == relid;
			else
				matches = strcmp(nsitem->p_names->aliasname, refname) == 0;
			if (!matches)
				continue;
			if (result != NULL)
				ereport(ERROR,
				        (errcode(ERRCODE_AMBIGUOUS_ALIAS),
				         errmsg("table reference \"%s\" is ambiguous", refname),
				         parser_errposition(pstate, location)));
			result = nsitem;
		}
		if (result != NULL)
			return result;
		(*sublevels_up)++;
	}
	return NULL;
}

/* ---- columns ---- */

/* Column number of the name, 0 if none, system columns included. */
static int
find_column(ParseState *pstate, ParseNamespaceItem *nsitem, const char *colname,
            int location)
{
	RangeTblEntry *rte = nsitem->p_rte;
	int result = InvalidAttrNumber;
	ListCell *lc;

	foreach (lc, nsitem->p_names->colnames)
	{
		int attnum = foreach_current_index(lc) + 1;

		if (nsitem->p_nscolumns[attnum - 1].p_varattno == 0 ||
		    strcmp(strVal(lfirst(lc)), colname) != 0)
			continue;
		if (result != InvalidAttrNumber)
			ereport(ERROR,
			        (errcode(ERRCODE_AMBIGUOUS_COLUMN),
			         errmsg("column reference \"%s\" is ambiguous", colname),
			         parser_errposition(pstate, location)));
		result = attnum;
	}
	if (result == InvalidAttrNumber && rte != NULL &&
	    rte->rtekind == RTE_RELATION && rte->relkind != RELKIND_VIEW)
		result = SystemAttributeByName(colname);
	return result;
}

Node *
scanNSItemForColumn(ParseState *pstate, ParseNamespaceItem *nsitem,
                    int sublevels_up, const char *colname, int location)
{
	int attnum = find_column(pstate, nsitem, colname, location);
	Var *var;

	if (attnum == InvalidAttrNumber)
		return NULL;
	require_select(nsitem);
	if (attnum > 0)
	{
		ParseNamespaceColumn *column = &nsitem->p_nscolumns[attnum - 1];

		var = makeVar(column->p_varno, column->p_varattno, column->p_vartype,
		              column->p_vartypmod, column->p_varcollid, sublevels_up);
	}
	else
		var = makeVar(nsitem->p_rtindex, attnum, SystemAttributeType(attnum),
		              -1, InvalidOid, sublevels_up);
	var->location = location;
	return (Node *) var;
}

Node *
colNameToVar(ParseState *pstate, const char *colname, int location)
{
	ParseState *orig_pstate = pstate;
	int sublevels_up = 0;

	for (; pstate != NULL; pstate = pstate->parentParseState, sublevels_up++)
	{
		Node *result = NULL;
		ListCell *lc;

		foreach (lc, pstate->p_namespace)
		{
			ParseNamespaceItem *nsitem = lfirst(lc);
			Node *newresult;

			if (!nsitem->p_cols_visible)
				continue;
			newresult = scanNSItemForColumn(orig_pstate, nsitem, sublevels_up,
			                                colname, location);
			if (newresult == NULL)
				continue;
			if (result != NULL)
				ereport(ERROR, (errcode(ERRCODE_AMBIGUOUS_COLUMN),
				                errmsg("column reference \"%s\" is ambiguous",
				                       colname),
				                parser_errposition(orig_pstate, location)));
			result = newresult;
		}
		if (result != NULL)
			return result;
	}
	return NULL;
}

List *
expandNSItemVars(ParseNamespaceItem *nsitem, int location, List **colnames)
{
	List *result = NIL;
	ListCell *lc;

	require_select(nsitem);
	if (colnames)
		*colnames = NIL;
	foreach (lc, nsitem->p_names->colnames)
	{
		ParseNamespaceColumn *column =
			&nsitem->p_nscolumns[foreach_current_index(lc)];
		Var *var;

		if (column->p_varattno == 0)
			continue;
		var = makeVar(column->p_varno, column->p_varattno, column->p_vartype,
		              column->p_vartypmod, column->p_varcollid, 0);
		var->location = location;
		result = lappend(result, var);
		if (colnames)
			*colnames = lappend(*colnames, lfirst(lc));
	}
	return result;
}

List *
expandNSItemAttrs(ParseState *pstate, ParseNamespaceItem *nsitem, int location)
{
	List *names;
	List *vars = expandNSItemVars(nsitem, location, &names);
	List *result = NIL;

	for (int i = 0; i < list_length(vars); i++)
		result = lappend(
			result,
			makeTargetEntry(list_nth(vars, i), pstate->p_next_resno++,
		                    pstrdup(strVal(list_nth(names, i))), false));
	return result;
}
