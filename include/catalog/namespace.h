/*
 * catalog/namespace.h
 *		From names to OIDs, along search_path.
 */
#ifndef NAMESPACE_H
#define NAMESPACE_H

#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "storage/lockdefs.h"
#include "storage/procnumber.h"

#define PG_CATALOG_NAMESPACE 11
#define PG_TOAST_NAMESPACE 99
#define PG_PUBLIC_NAMESPACE 2200

typedef enum RVROption
{
	RVR_MISSING_OK = 1 << 0, /* InvalidOid for a name that nothing has */
	RVR_NOWAIT = 1 << 1,     /* ERROR 55P03 if the lock is not to be had */
	RVR_SKIP_LOCKED = 1 << 2 /* InvalidOid then */
} RVROption;

/*
 * Called with what the name means (InvalidOid: nothing) before that is locked,
 * first and each time it means something else than oldRelId, which was locked.
 * Here are errors that must not wait for a lock, and locks that come
 * before it.  relId is not locked: its rows may be gone, and then the callback
 * returns and the loop says that the name means nothing.
 */
typedef void (*RangeVarGetRelidCallback)(const RangeVar *relation, Oid relId,
                                         Oid oldRelId, void *callback_arg);

/*
 * The relation of that name, locked with lockmode (NoLock: not at all, and it
 * may be gone by now); after the lock the name is looked up again.  ERROR 42P01
 * if there is none, 3F000 for a schema that does not exist, unless
 * RVR_MISSING_OK.
 */
extern Oid
RangeVarGetRelidExtended(const RangeVar *relation, LOCKMODE lockmode,
                         uint32 flags, RangeVarGetRelidCallback callback,
                         void *callback_arg);
extern Oid
RangeVarGetRelid(const RangeVar *relation, LOCKMODE lockmode, bool missing_ok);

/* What a callback keeps to lock a table before its index, as everybody does. */
typedef struct IndexTableLock
{
	LOCKMODE lockmode;
	Oid tableId; /* the table that is locked; begins as InvalidOid */
} IndexTableLock;

/* For a callback: the table of relId is locked, that of oldRelId no longer. */
extern void LockTableOfIndex(IndexTableLock *lock, Oid relId, Oid oldRelId);
extern Oid get_relname_relid(const char *relname, Oid relnamespace);
extern Oid RelnameGetRelid(const char *relname);
/* Where CREATE puts an unqualified name. */
extern Oid RangeVarGetCreationNamespace(const RangeVar *newRelation);
/*
 * What is made in a temporary schema is temporary; ERROR 42P16 if the statement
 * says otherwise, or the schema is another session's.
 */
extern void RangeVarAdjustRelationPersistence(RangeVar *newRelation, Oid nspid);
extern Oid get_namespace_oid(const char *nspname, bool missing_ok);
extern char *get_namespace_name(Oid nspid);
/* "pg_temp" for the temporary schema of this session. */
extern char *get_namespace_name_or_temp(Oid nspid);
extern Oid LookupExplicitNamespace(const char *nspname, bool missing_ok);
/* Would the unqualified name find this relation? */
extern bool RelationIsVisible(Oid relid);
/* Where names are looked up, in order. */
extern List *searched_namespaces(void);
/*
 * The schemas of search_path in order, for the user; with includeImplicit those
 * too that are searched without being named.  Makes the temporary schema if it
 * is the first.
 */
extern List *fetch_search_path(bool includeImplicit);
extern void
DeconstructQualifiedName(List *names, char **nspname_p, char **objname_p);
extern char *NameListToString(List *names);
extern RangeVar *makeRangeVarFromNameList(List *names);

/*
 * A function or operator that a call may mean (of the compiled rows).  For a
 * prefix operator args[0] is InvalidOid.
 */
typedef struct _FuncCandidateList
{
	struct _FuncCandidateList *next;
	Oid oid;
	int nargs;
	int nvargs;
	int ndargs; /* arguments left to defaults */
	Oid args[FLEXIBLE_ARRAY_MEMBER];
} * FuncCandidateList;

/* nargs -1: any number.  Objects of an extension only once it is created. */
extern FuncCandidateList
FuncnameGetCandidates(List *names, int nargs, bool expand_variadic);
extern FuncCandidateList OpernameGetCandidates(List *names, char oprkind);
extern Oid OpernameGetOprid(List *names, Oid oprleft, Oid oprright);
extern Oid TypenameGetTypid(const char *typname);
/* The operator class of a name for an access method, or InvalidOid. */
extern Oid OpclassnameGetOpcid(Oid amid, const char *opcname);
extern Oid OpfamilynameGetOpfid(Oid amid, const char *opfname);
extern Oid get_collation_oid(List *collname, bool missing_ok);
/* Would the unqualified name find it? */
extern bool FunctionIsVisible(Oid funcid);
extern bool OperatorIsVisible(Oid oprid);
extern bool TypeIsVisible(Oid typid);
extern bool OpclassIsVisible(Oid opcid);
/* Whether objects with this "extension" field are there. */
extern bool ExtensionObjectIsVisible(const char *extension);

/* ---- temporary schemas (namespace_temp.c) ---- */

typedef enum TempNamespaceStatus
{
	TEMP_NAMESPACE_NOT_TEMP,
	TEMP_NAMESPACE_IDLE, /* of a session that is gone */
	TEMP_NAMESPACE_IN_USE
} TempNamespaceStatus;

/* This session's, made if there is none yet (and the TOAST schema to it). */
extern Oid AccessTempTableNamespace(void);
/* InvalidOid: none yet */
extern Oid GetMyTempNamespace(void);
extern Oid GetTempToastNamespace(void);
extern bool isTempNamespace(Oid namespaceId);
extern bool isTempToastNamespace(Oid namespaceId);
extern bool isTempOrTempToastNamespace(Oid namespaceId);
/* of any session */
extern bool isAnyTempNamespace(Oid namespaceId);
extern bool isOtherTempNamespace(Oid namespaceId);
extern TempNamespaceStatus checkTempNamespaceStatus(Oid namespaceId);
/* Whose it is; INVALID_PROC_NUMBER: not a temporary schema. */
extern ProcNumber GetTempNamespaceProcNumber(Oid namespaceId);
/* The number in the names of this session's temporary files. */
extern ProcNumber ProcNumberForTempRelations(void);
/* DISCARD TEMP: the schema is emptied. */
extern void ResetTempTableNamespace(void);
extern void AtEOXact_Namespace(bool isCommit, bool parallel);

#endif /* NAMESPACE_H */
