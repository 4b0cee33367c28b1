/*
 * utils/portal.h
 *		Portals: statements being executed, with a name, row by row if wanted.
 *
 * A portal lives at most as long as its transaction: there are no holdable
 * cursors.  Its context is a child of TopPortalContext, its resource owner one
 * of the transaction's.
 *
 * Corresponds to PostgreSQL's utils/portal.h.
 */
#ifndef PORTAL_H
#define PORTAL_H

#include "access/tupdesc.h"
#include "nodes/parsenodes.h"
#include "tcop/cmdtag.h"
#include "utils/resowner.h"
#include "utils/snapshot.h"

struct ParamListInfoData;
struct QueryDesc;
struct Tuplestorestate;
struct CachedPlanSource;

typedef enum PortalStrategy
{
	PORTAL_ONE_SELECT,    /* the executor runs as rows are asked for */
	PORTAL_ONE_RETURNING, /* runs to its end at once, rows are kept */
	PORTAL_UTIL_SELECT,   /* the same for a utility statement with rows */
	PORTAL_MULTI_QUERY    /* no rows */
} PortalStrategy;

typedef enum PortalStatus
{
	PORTAL_NEW,     /* just made */
	PORTAL_DEFINED, /* PortalDefineQuery done */
	PORTAL_READY,   /* PortalStart done, may be run */
	PORTAL_ACTIVE,  /* running: must not be dropped */
	PORTAL_DONE,
	PORTAL_FAILED /* got an ERROR: cannot be run again */
} PortalStatus;

typedef struct PortalData *Portal;

typedef struct PortalData
{
	const char *name;
	const char *prepStmtName; /* NULL: not of a prepared statement */
	MemoryContext portalContext;
	ResourceOwner resowner; /* NULL: released by an abort */
	void (*cleanup)(Portal portal);

	const char *sourceText;
	CommandTag commandTag;
	QueryCompletion qc;                  /* of the finished statement */
	List *stmts;                         /* PlannedStmts, one or none */
	struct CachedPlanSource *plansource; /* held; NULL: of none */
	struct ParamListInfoData *portalParams;

	PortalStrategy strategy;
	int cursorOptions;
	PortalStatus status;

	struct QueryDesc *queryDesc; /* of a running executor, or NULL */
	TupleDesc tupDesc;           /* NULL: no rows */
	int16 *formats;              /* of the columns, NULL: all text */

	/* rows of PORTAL_ONE_RETURNING and PORTAL_UTIL_SELECT */
	struct Tuplestorestate *holdStore;
	MemoryContext holdContext;

	bool atStart; /* no row fetched yet */
	bool atEnd;   /* no row left */
	uint64 portalPos;
	TimestampTz creation_time;
	bool visible; /* a cursor, for pg_cursors */
} PortalData;

#define PortalIsValid(p) PointerIsValid(p)

extern void EnablePortalManager(void);
extern Portal GetPortalByName(const char *name);
/* ERROR 42P03 if there is one and it may not be replaced */
extern Portal CreatePortal(const char *name, bool allowDup, bool dupSilent);
extern Portal CreateNewPortal(void);
/* plans stay the caller's and must live as long as the portal */
extern void
PortalDefineQuery(Portal portal, const char *prepStmtName,
                  const char *sourceText, CommandTag commandTag, List *stmts);
/* The plans point into its trees: it stays as long as the portal. */
extern void
PortalHoldCachedPlan(Portal portal, struct CachedPlanSource *plansource);
extern void PortalDrop(Portal portal, bool isTopCommit);
extern void PortalCreateHoldStore(Portal portal);
extern struct PlannedStmt *PortalGetPrimaryStmt(Portal portal);
extern void MarkPortalActive(Portal portal);
extern void MarkPortalDone(Portal portal);
extern void MarkPortalFailed(Portal portal);
extern void PortalHashTableDeleteAll(void);
extern void ForEachPortal(void (*action)(Portal portal, void *arg), void *arg);

/* xact.c */
/* none that more rows can be fetched from */
extern bool ThereAreNoReadyPortals(void);
extern void PreCommit_Portals(void);
extern void AtAbort_Portals(void);
extern void AtCleanup_Portals(void);

#endif /* PORTAL_H */
