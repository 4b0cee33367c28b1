/*
 * storage/relfilenode.h: which files a relation has.
 */
#ifndef RELFILENODE_H
#define RELFILENODE_H

#include "common/relpath.h"
#include "storage/procnumber.h"

/*
 * spcNode: tablespace; dbNode: database, 0 for a shared relation; relNode:
 * the number in the file's name, at first the relation's OID.
 */
typedef struct RelFileNode
{
	Oid spcNode;
	Oid dbNode;
	Oid relNode;
} RelFileNode;

/* With the owner of a temporary relation; INVALID_PROC_NUMBER: not one. */
typedef struct RelFileNodeBackend
{
	RelFileNode node;
	ProcNumber backend;
} RelFileNodeBackend;

#define RelFileNodeBackendIsTemp(rnode) ((rnode).backend != INVALID_PROC_NUMBER)

#define RelFileNodeEquals(node1, node2)                                        \
	((node1).relNode == (node2).relNode && (node1).dbNode == (node2).dbNode && \
	 (node1).spcNode == (node2).spcNode)

#define RelFileNodeBackendEquals(node1, node2)       \
	((node1).node.relNode == (node2).node.relNode && \
	 (node1).node.dbNode == (node2).node.dbNode &&   \
	 (node1).backend == (node2).backend &&           \
	 (node1).node.spcNode == (node2).node.spcNode)

#endif /* RELFILENODE_H */
