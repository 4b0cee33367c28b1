/*
 * commands/defrem.h
 *		CREATE INDEX, and names and options that commands share.
 */
#ifndef DEFREM_H
#define DEFREM_H

#include "catalog/opclasscmds.h"
#include "parser/pg_query_tree.h"

extern Oid DefineIndex(PgQuery__IndexStmt *stmt, const char *queryString);
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
