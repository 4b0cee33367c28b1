/*
 * common/relpath.h: names of relation files in the data directory.
 */
#ifndef RELPATH_H
#define RELPATH_H

#define PG_MAJORVERSION_STR "15"
/* PostgreSQL 15's, where its tools look; no version of ours */
#define TABLESPACE_VERSION_DIRECTORY "PG_" PG_MAJORVERSION_STR "_202209061"

#define DEFAULTTABLESPACE_OID 1663 /* base/ */
#define GLOBALTABLESPACE_OID 1664  /* global/ */

typedef enum ForkNumber
{
	InvalidForkNumber = -1,
	MAIN_FORKNUM = 0,
	FSM_FORKNUM,
	VISIBILITYMAP_FORKNUM,
	INIT_FORKNUM
} ForkNumber;

#define MAX_FORKNUM INIT_FORKNUM
#define FORKNAMECHARS 4 /* longest of forkNames */

extern const char *const forkNames[];

/* the fork of that name, InvalidForkNumber if there is none */
extern ForkNumber forkname_to_number(const char *forkName);

/* both in CurrentMemoryContext, relative to the data directory */
extern char *GetDatabasePath(Oid dbNode, Oid spcNode);
extern char *GetRelationPath(Oid dbNode, Oid spcNode, Oid relNode,
                             int backendId, ForkNumber forkNumber);

#define relpathbackend(rnode, backend, forknum)                                \
	GetRelationPath((rnode).dbNode, (rnode).spcNode, (rnode).relNode, backend, \
	                forknum)
#define relpathperm(rnode, forknum) relpathbackend(rnode, -1, forknum)
#define relpath(rnode, forknum) \
	relpathbackend((rnode).node, (rnode).backend, forknum)

#endif /* RELPATH_H */
