/*
 * catalog/namespace.h
 *		From names to OIDs, along search_path.
 */
#ifndef NAMESPACE_H
#define NAMESPACE_H

#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "storage/lockdefs.h"

#define PG_CATALOG_NAMESPACE 11
#define PG_TOAST_NAMESPACE 99
#define PG_PUBLIC_NAMESPACE 2200

/*
 * The relation of that name, locked with lockmode (NoLock: not at all); after
 * waiting for the lock the name is looked up again.  InvalidOid if missing_ok,
 * else ERROR 42P01; ERROR 3F000 for a schema that does not exist.
 */
extern Oid RangeVarGetRelid(const RangeVar *relation, LOCKMODE lockmode,
                            bool missing_ok);
extern Oid get_relname_relid(const char *relname, Oid relnamespace);
extern Oid RelnameGetRelid(const char *relname);
/* Where CREATE puts an unqualified name. */
extern Oid RangeVarGetCreationNamespace(const RangeVar *newRelation);
extern Oid get_namespace_oid(const char *nspname, bool missing_ok);
extern char *get_namespace_name(Oid nspid);
extern Oid LookupExplicitNamespace(const char *nspname, bool missing_ok);
/* Would the unqualified name find this relation? */
extern bool RelationIsVisible(Oid relid);
/* OIDs of search_path in order, pg_catalog included. */
extern List *fetch_search_path(bool includeImplicit);
extern void DeconstructQualifiedName(List *names, char **nspname_p,
                                     char **objname_p);
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
} *FuncCandidateList;

/* nargs -1: any number.  Objects of an extension only once it is created. */
extern FuncCandidateList FuncnameGetCandidates(List *names, int nargs,
                                               bool expand_variadic);
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

#endif /* NAMESPACE_H */
