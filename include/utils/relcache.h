/*
 * utils/relcache.h
 *		Cache of relation descriptors.
 */
#ifndef RELCACHE_H
#define RELCACHE_H

#include "access/tupdesc.h"
#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"

struct IndexInfo;

typedef struct RelationData *Relation;
typedef Relation *RelationPtr;

/* NULL if there is no such relation; counted, without a lock. */
extern Relation RelationIdGetRelation(Oid relationId);
extern void RelationClose(Relation relation);
/*
 * Gives the relation, which the caller has open and locked exclusively, a new
 * empty file; the old one goes at commit.  Indexes need index_build after it.
 */
extern void RelationSetNewRelfilenode(Relation relation, char persistence);
/*
 * A descriptor, in the current context, of an index that is in no catalog and
 * has no file: an access method can look up its opclass, options, columns.
 */
extern Relation
RelationBuildTransientIndex(Relation heap, const char *relname,
                            struct IndexInfo *indexInfo, TupleDesc tupdesc,
                            const Oid *classes, const Oid *collations,
                            const int16 *coloptions, Datum reloptions);
/*
 * Its columns as pg_attribute has them, in the current context.  If they are
 * not all there: NULL with missing_ok, as the relation may be unlocked and be
 * dropped, else ERROR.
 */
extern TupleDesc RelationReadColumns(Oid relid, int natts, bool missing_ok);
extern void RelationForgetRelation(Oid rid);
extern void RelationCacheInvalidate(void);
extern void RelationCacheInvalidateEntry(Oid relationId);
extern void RelationCacheInitialize(void);
/* OIDs of the table's indexes, a list of the caller's */
extern List *RelationGetIndexList(Relation relation);
/*
 * Of an index, copies for the caller: the expressions of its columns that are
 * one, and its predicate as clauses that are all to be true; constants folded.
 * Vars of varno 1 are columns of the table.
 */
extern List *RelationGetIndexExpressions(Relation relation);
extern List *RelationGetIndexPredicate(Relation relation);
/* The same as they stand in pg_index: for a copy of the index. */
extern List *RelationGetRawIndexExpressions(Relation relation);
extern List *RelationGetRawIndexPredicate(Relation relation);
/* Has it any of these? */
extern bool RelationIsExpressionOrPartialIndex(Relation relation);

typedef enum IndexAttrBitmapKind
{
	INDEX_ATTR_BITMAP_ALL
} IndexAttrBitmapKind;

/*
 * The columns that the table's indexes are made of, each as attnum -
 * FirstLowInvalidHeapAttributeNumber; the caller's own set.
 */
extern Bitmapset *
RelationGetIndexAttrBitmap(Relation relation, IndexAttrBitmapKind attrKind);
/* xact.c: nothing stays of a transaction that did not happen */
extern void AtEOXact_RelationCache(bool isCommit);

#endif /* RELCACHE_H */
