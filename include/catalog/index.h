/*
 * catalog/index.h
 *		Making and building indexes.
 */
#ifndef CATALOG_INDEX_H
#define CATALOG_INDEX_H

#include "nodes/execnodes.h"
#include "utils/relcache.h"

extern IndexInfo *BuildIndexInfo(Relation index);
extern void index_build(Relation heapRelation, Relation indexRelation,
                        IndexInfo *indexInfo, bool isreindex, bool parallel);

#endif /* CATALOG_INDEX_H */
