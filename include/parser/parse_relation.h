/*
 * parser/parse_relation.h
 *		The range table and the names that see it.
 *
 * Corresponds to PostgreSQL's parser/parse_relation.h.
 */
#ifndef PARSE_RELATION_H
#define PARSE_RELATION_H

#include "parser/parse_node.h"
#include "storage/lockdefs.h"

/* Column name of a range table entry, "*" never; ERROR if out of range. */
extern char *get_rte_attribute_name(RangeTblEntry *rte, AttrNumber attnum);

/* locked; ERROR 42P01 with the position of the name */
extern Relation parserOpenTable(ParseState *pstate, const RangeVar *relation,
                                LOCKMODE lockmode);

extern ParseNamespaceItem *
addRangeTableEntry(ParseState *pstate, RangeVar *relation, Alias *alias,
                   bool inFromCl);
extern ParseNamespaceItem *
addRangeTableEntryForRelation(ParseState *pstate, Relation rel,
                              LOCKMODE lockmode, Alias *alias, bool inFromCl);
extern ParseNamespaceItem *
addRangeTableEntryForSubquery(ParseState *pstate, Query *subquery, Alias *alias,
                              bool inFromCl);
extern ParseNamespaceItem *
addRangeTableEntryForFunction(ParseState *pstate, const char *funcname,
                              FuncExpr *funcexpr, Alias *alias, bool inFromCl);
extern ParseNamespaceItem *
addRangeTableEntryForValues(ParseState *pstate, List *exprs, List *coltypes,
                            List *coltypmods, List *colcollations, Alias *alias,
                            bool inFromCl);
extern ParseNamespaceItem *
addRangeTableEntryForCTE(ParseState *pstate, CommonTableExpr *cte,
                         Index levelsup, Alias *alias, bool inFromCl,
                         int location);
/* columns of a join: names (Strings), and where each comes from */
extern ParseNamespaceItem *
makeJoinNSItem(Alias *names, ParseNamespaceColumn *nscolumns);
extern void addNSItemToQuery(ParseState *pstate, ParseNamespaceItem *nsitem,
                             bool addToJoinList, bool addToRelNameSpace,
                             bool addToVarNameSpace);
/* ERROR 42712 if an alias is there twice */
extern void
checkNameSpaceConflicts(ParseState *pstate, List *namespace1, List *namespace2);

extern CommonTableExpr *
scanNameSpaceForCTE(ParseState *pstate, const char *refname,
                    Index *ctelevelsup);
/* NULL: no such; levels_up counts the query levels out */
extern ParseNamespaceItem *
refnameNamespaceItem(ParseState *pstate, const char *schemaname,
                     const char *refname, int location, int *sublevels_up);
/* NULL: it has no such column */
extern Node *
scanNSItemForColumn(ParseState *pstate, ParseNamespaceItem *nsitem,
                    int sublevels_up, const char *colname, int location);
extern Node *
colNameToVar(ParseState *pstate, const char *colname, int location);
extern void
errorMissingRTE(ParseState *pstate, const char *schemaname, const char *relname,
                int location) pg_attribute_noreturn();
extern void
errorMissingColumn(ParseState *pstate, const char *relname, const char *colname,
                   int location) pg_attribute_noreturn();

/* one Var per column that is not dropped; names if colnames is not NULL */
extern List *
expandNSItemVars(ParseNamespaceItem *nsitem, int location, List **colnames);
extern List *
expandNSItemAttrs(ParseState *pstate, ParseNamespaceItem *nsitem, int location);

/* number of a column by name, system columns included; 0: none */
extern int attnameAttNum(Relation rd, const char *attname, bool sysColOK);
/* type of a system column; NULL name: not one */
extern const char *SystemAttributeName(AttrNumber attno);
extern AttrNumber SystemAttributeByName(const char *attname);
extern Oid SystemAttributeType(AttrNumber attno);

#endif /* PARSE_RELATION_H */
