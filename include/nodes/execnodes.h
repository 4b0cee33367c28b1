/*
 * nodes/execnodes.h
 *		State of the executor that other folders share: what an index is made
 *		of.
 */
#ifndef EXECNODES_H
#define EXECNODES_H

#include "access/attnum.h"
#include "nodes/pg_list.h"

typedef struct IndexInfo
{
	int ii_NumIndexAttrs;
	int ii_NumIndexKeyAttrs;
	AttrNumber ii_IndexAttrNumbers[INDEX_MAX_KEYS]; /* of the table; 0: expression */
	List *ii_Expressions;
	List *ii_Predicate;
	bool ii_Unique;
	bool ii_ReadyForInserts;
	bool ii_Concurrent;
	int ii_ParallelWorkers; /* asked for */
	Oid ii_Am;
	void *ii_AmCache;
	MemoryContext ii_Context;
} IndexInfo;

#endif /* EXECNODES_H */
