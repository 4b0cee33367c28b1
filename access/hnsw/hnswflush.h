/*
 * hnswflush.h
 *	  A graph in memory goes to pages.
 */
#ifndef HNSWFLUSH_H
#define HNSWFLUSH_H

#include "access/hnsw_graph.h"
#include "utils/rel.h"

/*
 * The caller is alone with graph and index, which is empty: make it as long as
 * it will be, and its pages ready to be filled by any number of processes.
 */
extern void HnswFlushPrepare(Relation index, HnswBuilder *b);

/* Instead of it, if the graph was flushed before: pages only to be logged. */
extern void HnswFlushPrepareLog(Relation index, HnswGraph *g);

/*
 * Fill pages, and log them, until nobody need begin with another.  When all that
 * called it are back, all pages are there.
 */
extern void HnswFlushShare(Relation index, HnswBuilder *b, bool log);

/* All of it by the caller, who is alone; not logged. */
extern void HnswFlushGraph(Relation index, HnswBuilder *b);

#endif /* HNSWFLUSH_H */
