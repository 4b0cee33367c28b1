/*
 * parse_missing.c
 *		What to say of a table or column that is not there, and what may have
 *		been meant instead.
 *
 * A hint names the columns nearest to what was written by edit distance, as
 * long as the distance is small both absolutely and against the name's length,
 * and no more than two are equally near.
 *
 * Corresponds to the second half of PostgreSQL's parser/parse_relation.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "parser/parse_relation.h"

#define MAX_FUZZY_DISTANCE 3

/* The best candidates so far. */
typedef struct FuzzyMatch
{
	int distance;
	RangeTblEntry *first;
	const char *first_name; /* NULL: the name itself, but out of sight */
	RangeTblEntry *second;
	const char *second_name;
} FuzzyMatch;

/* Edits (insert, delete, replace one byte) that lead from a to b. */
static int
edit_distance(const char *a, const char *b)
{
	int na = strlen(a);
	int nb = strlen(b);
	int *row = palloc_array(int, nb + 1);
	int result;

	for (int j = 0; j <= nb; j++)
		row[j] = j;
	for (int i = 1; i <= na; i++)
	{
		int diagonal = row[0];

		row[0] = i;
		for (int j = 1; j <= nb; j++)
		{
			int above = row[j];
			int best = diagonal + (a[i - 1] != b[j - 1]);

			best = Min(best, above + 1);
			best = Min(best, row[j - 1] + 1);
			row[j] = best;
			diagonal = above;
		}
	}
	result = row[nb];
	pfree(row);
	return result;
}

static void
consider_column(FuzzyMatch *match, int penalty, RangeTblEntry *rte,
                const char *wanted, const char *colname)
{
	int distance;

	if (colname[0] == '\0')
		return; /* a dropped column */
	if (abs((int) strlen(wanted) - (int) strlen(colname)) > MAX_FUZZY_DISTANCE)
		return;
	distance = edit_distance(wanted, colname);
	if (distance > (int) strlen(wanted) / 2)
		return;
	distance += penalty;
	if (distance < match->distance)
	{
		match->distance = distance;
		match->first = rte;
		match->first_name = colname;
		match->second = NULL;
	}
	else if (distance == match->distance && match->first != NULL)
	{
		if (match->second != NULL)
		{
			/* too many to name: wait for something nearer */
			match->first = NULL;
			match->second = NULL;
			match->distance = distance - 1;
			return;
		}
		match->second = rte;
		match->second_name = colname;
	}
}

/* Over all that FROM holds, at every level, whether names see it or not. */
static void
search_columns(ParseState *pstate, const char *relname, const char *colname,
               FuzzyMatch *match)
{
	memset(match, 0, sizeof(*match));
	match->distance = MAX_FUZZY_DISTANCE + 1;
	for (; pstate != NULL; pstate = pstate->parentParseState)
	{
		ListCell *l;

		foreach (l, pstate->p_rtable)
		{
			RangeTblEntry *rte = lfirst_node(RangeTblEntry, l);
			int penalty = 0;
			ListCell *lc;

			if (relname != NULL)
				penalty = Min(edit_distance(relname, rte->eref->aliasname),
				              MAX_FUZZY_DISTANCE + 1);
			foreach (lc, rte->eref->colnames)
			{
				const char *name = strVal(lfirst(lc));

				if (penalty == 0 && strcmp(name, colname) == 0)
				{
					match->first = rte;
					match->first_name = NULL;
					match->second = NULL;
					return;
				}
				if (penalty <= MAX_FUZZY_DISTANCE)
					consider_column(match, penalty, rte, colname, name);
			}
			if (penalty == 0 && rte->rtekind == RTE_RELATION &&
			    rte->relkind != RELKIND_VIEW &&
			    SystemAttributeByName(colname) != InvalidAttrNumber)
			{
				match->first = rte;
				match->first_name = NULL;
				match->second = NULL;
				return;
			}
		}
	}
}

/* "Perhaps you meant ...", or NULL */
static const char *
column_hint(ParseState *pstate, const char *relname, const char *colname)
{
	FuzzyMatch match;

	search_columns(pstate, relname, colname, &match);
	if (match.first == NULL)
		return NULL;
	if (match.first_name == NULL)
		return psprintf("There is a column named \"%s\" in table \"%s\", but "
		                "it cannot be referenced from this part of the query.",
		                colname, match.first->eref->aliasname);
	if (match.second == NULL)
		return psprintf("Perhaps you meant to reference the column \"%s.%s\".",
		                match.first->eref->aliasname, match.first_name);
	return psprintf("Perhaps you meant to reference the column \"%s.%s\" or "
	                "the column \"%s.%s\".",
	                match.first->eref->aliasname, match.first_name,
	                match.second->eref->aliasname, match.second_name);
}

void
errorMissingColumn(ParseState *pstate, const char *relname, const char *colname,
                   int location)
{
	const char *hint = column_hint(pstate, relname, colname);

	ereport(ERROR,
	        (errcode(ERRCODE_UNDEFINED_COLUMN),
	         relname != NULL
	             ? errmsg("column %s.%s does not exist", relname, colname)
	             : errmsg("column \"%s\" does not exist", colname),
	         hint != NULL ? errhint("%s", hint) : 0,
	         parser_errposition(pstate, location)));
	pg_unreachable();
}

/* An entry that shows the table, under whatever name. */
static RangeTblEntry *
search_table(ParseState *pstate, const char *schemaname, const char *relname)
{
	RangeVar *rv =
		makeRangeVarFromNameList(list_make1(makeString(pstrdup(relname))));
	Oid relid;

	rv->schemaname = schemaname != NULL ? pstrdup(schemaname) : NULL;
	relid = RangeVarGetRelid(rv, NoLock, true);
	for (; pstate != NULL; pstate = pstate->parentParseState)
	{
		ListCell *lc;

		foreach (lc, pstate->p_rtable)
		{
			RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

			if (rte->rtekind == RTE_RELATION && OidIsValid(relid) &&
			    rte->relid == relid)
				return rte;
			if (strcmp(rte->eref->aliasname, relname) == 0)
				return rte;
		}
	}
	return NULL;
}

void
errorMissingRTE(ParseState *pstate, const char *schemaname, const char *relname,
                int location)
{
	RangeTblEntry *rte = search_table(pstate, schemaname, relname);
	const char *badAlias = NULL;

	if (rte != NULL && rte->alias != NULL &&
	    strcmp(rte->eref->aliasname, relname) != 0)
	{
		int sublevels_up;
		ParseNamespaceItem *nsitem = refnameNamespaceItem(
			pstate, NULL, rte->eref->aliasname, location, &sublevels_up);

		if (nsitem != NULL && nsitem->p_rte == rte)
			badAlias = rte->eref->aliasname;
	}
	if (rte != NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE),
		     errmsg("invalid reference to FROM-clause entry for table \"%s\"",
		            relname),
		     badAlias != NULL
		         ? errhint("Perhaps you meant to reference the table alias "
		                   "\"%s\".",
		                   badAlias)
		         : errhint("There is an entry for table \"%s\", but it cannot "
		                   "be referenced from this part of the query.",
		                   rte->eref->aliasname),
		     parser_errposition(pstate, location)));
	ereport(ERROR,
	        (errcode(ERRCODE_UNDEFINED_TABLE),
	         errmsg("missing FROM-clause entry for table \"%s\"", relname),
	         parser_errposition(pstate, location)));
	pg_unreachable();
}
