/*
 * namespace_static.c
 *		Functions, operators, types, operator classes and collations by name.
 *
 * Their rows are compiled in.  Those of an extension can be seen only while
 * the extension is created; they stand in the schema public then.  Whether it
 * is, is asked at each name that it could give: a cached look-up in
 * pg_extension.
 *
 * Names are found along the search path; of two functions with equal arguments
 * the one in the nearer schema counts.
 *
 * Corresponds to part of PostgreSQL's catalog/namespace.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "nodes/value.h"
#include "utils/lsyscache.h"

bool
ExtensionObjectIsVisible(const char *extension)
{
	return extension == NULL || OidIsValid(get_extension_oid(extension, true));
}

/*
 * Place of the namespace in the search path, from 0; -1 if it is not there.
 * With a schema given only that one counts.
 */
typedef struct NamePath
{
	Oid schema; /* explicit one, or InvalidOid */
	List *path;
} NamePath;

static NamePath
name_path(const char *schemaname, bool missing_ok, bool *found)
{
	NamePath p = {InvalidOid, NIL};

	*found = true;
	if (schemaname != NULL)
	{
		p.schema = LookupExplicitNamespace(schemaname, missing_ok);
		*found = OidIsValid(p.schema);
	}
	else
		p.path = searched_namespaces();
	return p;
}

static int
path_position(const NamePath *p, Oid namespaceId)
{
	ListCell *lc;
	int n = 0;

	if (OidIsValid(p->schema))
		return p->schema == namespaceId ? 0 : -1;
	foreach (lc, p->path)
	{
		if (lfirst_oid(lc) == namespaceId)
			return n;
		n++;
	}
	return -1;
}

/* ---- functions and operators ---- */

static FuncCandidateList
make_candidate(Oid oid, int nargs, const Oid *args, int nvargs)
{
	FuncCandidateList c = (FuncCandidateList) palloc0(
		offsetof(struct _FuncCandidateList, args) + sizeof(Oid) * nargs);

	c->oid = oid;
	c->nargs = nargs;
	c->nvargs = nvargs;
	if (args != NULL)
		memcpy(c->args, args, sizeof(Oid) * nargs);
	return c;
}

/*
 * The list with a candidate more.  Of two with equal arguments the one in the
 * nearer schema stays, and one that is not an expanded VARIADIC.
 */
static FuncCandidateList
add_candidate(FuncCandidateList list, FuncCandidateList c, int position,
              const NamePath *path, Oid (*get_namespace)(Oid oid))
{
	FuncCandidateList *link = &list;

	while (*link != NULL)
	{
		FuncCandidateList other = *link;

		if (other->nargs == c->nargs &&
		    memcmp(other->args, c->args, sizeof(Oid) * c->nargs) == 0)
		{
			if (path_position(path, get_namespace(other->oid)) < position ||
			    (c->nvargs > 0 && other->nvargs == 0))
				return list;
			*link = other->next;
			continue;
		}
		link = &other->next;
	}
	c->next = list;
	return c;
}

static Oid
operator_namespace(Oid opno)
{
	return GetOperatorForm(opno)->oprnamespace;
}

FuncCandidateList
FuncnameGetCandidates(List *names, int nargs, bool expand_variadic)
{
	FuncCandidateList result = NULL;
	char *schemaname;
	char *funcname;
	NamePath path;
	bool found;

	DeconstructQualifiedName(names, &schemaname, &funcname);
	path = name_path(schemaname, false, &found);
	for (int i = 0; i < pg_proc_nrows; i++)
	{
		Form_pg_proc row = &pg_proc_rows[i];
		FuncCandidateList c;
		int position;

		if (strcmp(NameStr(row->proname), funcname) != 0)
			continue;
		position = path_position(&path, row->pronamespace);
		if (position < 0 || !ExtensionObjectIsVisible(row->extension))
			continue;
		if (nargs == row->pronargs || nargs < 0)
			c = make_candidate(row->oid, row->pronargs, row->proargtypes, 0);
		else if (expand_variadic && OidIsValid(row->provariadic) &&
		         row->pronargs <= nargs)
		{
			c = make_candidate(row->oid, nargs, NULL,
			                   nargs - row->pronargs + 1);
			for (int arg = 0; arg < nargs; arg++)
				c->args[arg] = arg < row->pronargs - 1 ? row->proargtypes[arg]
				                                       : row->provariadic;
		}
		else
			continue;
		result = add_candidate(result, c, position, &path, get_func_namespace);
	}
	return result;
}

FuncCandidateList
OpernameGetCandidates(List *names, char oprkind)
{
	FuncCandidateList result = NULL;
	char *schemaname;
	char *opername;
	NamePath path;
	bool found;

	DeconstructQualifiedName(names, &schemaname, &opername);
	path = name_path(schemaname, false, &found);
	for (int i = 0; i < pg_operator_nrows; i++)
	{
		Form_pg_operator row = &pg_operator_rows[i];
		Oid args[2] = {row->oprleft, row->oprright};
		int position;

		if (strcmp(NameStr(row->oprname), opername) != 0 ||
		    (oprkind != '\0' && row->oprkind != oprkind))
			continue;
		position = path_position(&path, row->oprnamespace);
		if (position < 0 || !ExtensionObjectIsVisible(row->extension))
			continue;
		result = add_candidate(result, make_candidate(row->oid, 2, args, 0),
		                       position, &path, operator_namespace);
	}
	return result;
}

Oid
OpernameGetOprid(List *names, Oid oprleft, Oid oprright)
{
	Oid result = InvalidOid;
	int best = INT_MAX;
	char *schemaname;
	char *opername;
	NamePath path;
	bool found;

	DeconstructQualifiedName(names, &schemaname, &opername);
	path = name_path(schemaname, true, &found);
	if (!found)
		return InvalidOid;
	for (int i = 0; i < pg_operator_nrows; i++)
	{
		Form_pg_operator row = &pg_operator_rows[i];
		int position;

		if (row->oprleft != oprleft || row->oprright != oprright ||
		    strcmp(NameStr(row->oprname), opername) != 0)
			continue;
		position = path_position(&path, row->oprnamespace);
		if (position < 0 || position >= best ||
		    !ExtensionObjectIsVisible(row->extension))
			continue;
		result = row->oid;
		best = position;
	}
	return result;
}

/* ---- the other kinds: one name, one object ---- */

/*
 * Of the rows for which match holds, the one in the nearest schema.  The three
 * fields that all kinds have are given by their offsets.
 */
typedef struct ObjectKind
{
	const void *rows;
	int nrows;
	Size size;
	Size name;
	Size namespaceId;
	Size extension;    /* 0: the kind has none */
	Size owner_method; /* of operator classes and families; 0: none */
} ObjectKind;

#define KIND_FIELD(type, row, offset) \
	(*(const type *) ((const char *) (row) + (offset)))

static Oid
find_by_name(const ObjectKind *kind, const char *name, Oid method,
             const NamePath *path)
{
	Oid result = InvalidOid;
	int best = INT_MAX;

	for (int i = 0; i < kind->nrows; i++)
	{
		const void *row = (const char *) kind->rows + i * kind->size;
		int position;

		if (strcmp((const char *) row + kind->name, name) != 0)
			continue;
		if (kind->owner_method != 0 &&
		    KIND_FIELD(Oid, row, kind->owner_method) != method)
			continue;
		position = path_position(path, KIND_FIELD(Oid, row, kind->namespaceId));
		if (position < 0 || position >= best)
			continue;
		if (kind->extension != 0 &&
		    !ExtensionObjectIsVisible(KIND_FIELD(char *, row, kind->extension)))
			continue;
		result = *(const Oid *) row;
		best = position;
	}
	return result;
}

static ObjectKind
type_kind(void)
{
	return (ObjectKind){pg_type_rows,
	                    pg_type_nrows,
	                    sizeof(FormData_pg_type),
	                    offsetof(FormData_pg_type, typname),
	                    offsetof(FormData_pg_type, typnamespace),
	                    offsetof(FormData_pg_type, extension),
	                    0};
}

static ObjectKind
opclass_kind(void)
{
	return (ObjectKind){pg_opclass_rows,
	                    pg_opclass_nrows,
	                    sizeof(FormData_pg_opclass),
	                    offsetof(FormData_pg_opclass, opcname),
	                    offsetof(FormData_pg_opclass, opcnamespace),
	                    offsetof(FormData_pg_opclass, extension),
	                    offsetof(FormData_pg_opclass, opcmethod)};
}

static ObjectKind
opfamily_kind(void)
{
	return (ObjectKind){pg_opfamily_rows,
	                    pg_opfamily_nrows,
	                    sizeof(FormData_pg_opfamily),
	                    offsetof(FormData_pg_opfamily, opfname),
	                    offsetof(FormData_pg_opfamily, opfnamespace),
	                    offsetof(FormData_pg_opfamily, extension),
	                    offsetof(FormData_pg_opfamily, opfmethod)};
}

static ObjectKind
collation_kind(void)
{
	return (ObjectKind){pg_collation_rows,
	                    pg_collation_nrows,
	                    sizeof(FormData_pg_collation),
	                    offsetof(FormData_pg_collation, collname),
	                    offsetof(FormData_pg_collation, collnamespace),
	                    0,
	                    0};
}

static Oid
find_in_path(ObjectKind kind, const char *name, Oid method)
{
	bool found;
	NamePath path = name_path(NULL, true, &found);

	return find_by_name(&kind, name, method, &path);
}

Oid
TypenameGetTypid(const char *typname)
{
	return find_in_path(type_kind(), typname, InvalidOid);
}

Oid
OpclassnameGetOpcid(Oid amid, const char *opcname)
{
	return find_in_path(opclass_kind(), opcname, amid);
}

Oid
OpfamilynameGetOpfid(Oid amid, const char *opfname)
{
	return find_in_path(opfamily_kind(), opfname, amid);
}

Oid
get_collation_oid(List *collname, bool missing_ok)
{
	ObjectKind kind = collation_kind();
	char *schemaname;
	char *name;
	NamePath path;
	bool found;
	Oid result = InvalidOid;

	DeconstructQualifiedName(collname, &schemaname, &name);
	path = name_path(schemaname, missing_ok, &found);
	if (found)
		result = find_by_name(&kind, name, InvalidOid, &path);
	if (!OidIsValid(result) && !missing_ok)
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_OBJECT),
		         errmsg("collation \"%s\" for encoding \"%s\" does not exist",
		                NameListToString(collname), "UTF8")));
	return result;
}

/* ---- would the unqualified name find it ---- */

static bool
namespace_in_path(Oid namespaceId)
{
	bool found;
	NamePath path = name_path(NULL, true, &found);

	return path_position(&path, namespaceId) >= 0;
}

bool
FunctionIsVisible(Oid funcid)
{
	Form_pg_proc row = GetProcForm(funcid);

	if (row == NULL)
		elog(ERROR, "cache lookup failed for function %u", funcid);
	return namespace_in_path(row->pronamespace) &&
	       ExtensionObjectIsVisible(row->extension);
}

bool
OperatorIsVisible(Oid oprid)
{
	Form_pg_operator row = GetOperatorForm(oprid);

	if (row == NULL)
		elog(ERROR, "cache lookup failed for operator %u", oprid);
	return OpernameGetOprid(list_make1(makeString(NameStr(
								((FormData_pg_operator *) row)->oprname))),
	                        row->oprleft, row->oprright) == oprid;
}

bool
TypeIsVisible(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	if (row == NULL)
		elog(ERROR, "cache lookup failed for type %u", typid);
	return TypenameGetTypid(NameStr(row->typname)) == typid;
}

bool
OpclassIsVisible(Oid opcid)
{
	Form_pg_opclass row = GetOpclassForm(opcid);

	if (row == NULL)
		elog(ERROR, "cache lookup failed for opclass %u", opcid);
	return OpclassnameGetOpcid(row->opcmethod, NameStr(row->opcname)) == opcid;
}
