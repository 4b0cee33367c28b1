/*
 * commands/defrem.h
 *		CREATE INDEX, and names and options that commands share.
 */
#ifndef DEFREM_H
#define DEFREM_H

#include "catalog/opclasscmds.h"
#include "nodes/execnodes.h"
#include "parser/pg_query_tree.h"
#include "storage/lockdefs.h"
#include "utils/rel.h"

/* A CREATE INDEX, analysed. */
typedef struct IndexDefinition
{
	Relation rel; /* the table, open and locked */
	char *name;
	struct IndexAmRoutine *am;
	IndexInfo *info;
	List *colnames; /* of String */
	Oid collations[INDEX_MAX_KEYS];
	Oid classes[INDEX_MAX_KEYS];
	int16 options[INDEX_MAX_KEYS];
	Datum reloptions;
} IndexDefinition;

extern Oid DefineIndex(PgQuery__IndexStmt *stmt, const char *queryString);
/* The same; *result: what it took, unless it is concurrent or was there. */
extern Oid DefineIndexResult(PgQuery__IndexStmt *stmt, const char *queryString,
                             struct IndexBuildResult **result);
/*
 * Its steps, which raise what is wrong with the statement: open the table
 * (NoLock: in the lock that a build needs), and fill in the rest.
 */
extern void OpenIndexedTable(PgQuery__IndexStmt *stmt, LOCKMODE lockmode,
                             IndexDefinition *def);
extern void AnalyzeIndexStmt(PgQuery__IndexStmt *stmt, const char *queryString,
                             IndexDefinition *def);
/* A descriptor, in the current context, of the index that it would make. */
extern Relation IndexDefinitionDescriptor(const IndexDefinition *def);
/*
 * indexconcurrent.c: both end the caller's transaction and leave another one.
 * The first gets the new index without content, safe if it has neither
 * expressions nor a predicate; the second drops one.
 */
extern void CompleteConcurrentIndex(Oid heapId, Oid indexId, bool safe);
extern void DropIndexConcurrently(Oid heapId, Oid indexId);
extern void ExecReindex(PgQuery__ReindexStmt *stmt, bool isTopLevel);
/* A name that is free in the schema: name1_name2_label, shortened to fit. */
extern char *ChooseRelationName(const char *name1, const char *name2,
                                const char *label, Oid namespaceid);
extern char *
makeObjectName(const char *name1, const char *name2, const char *label);

#endif /* DEFREM_H */
