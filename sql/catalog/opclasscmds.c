/*
 * opclasscmds.c
 *		Access methods and operator classes by name or by type.
 *
 * Corresponds to parts of PostgreSQL's commands/amcmds.c,
 * commands/opclasscmds.c and commands/indexcmds.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/opclasscmds.h"
#include "catalog/pg_am.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"

/* An implicit cast that changes nothing leads from one type to the other. */
static bool
binary_coercible(Oid srctype, Oid targettype)
{
	Form_pg_cast cast;

	if (srctype == targettype)
		return true;
	if (targettype == ANYARRAYOID)
		return OidIsValid(get_element_type(srctype));
	cast = GetCastForm(srctype, targettype);
	return cast != NULL && cast->castmethod == COERCION_METHOD_BINARY &&
	       cast->castcontext == COERCION_CODE_IMPLICIT;
}

/*
 * A class for the very type wins over one for a type that it can be read as,
 * and of those one for a preferred type.
 */
Oid
GetDefaultOpClass(Oid type_id, Oid am_id)
{
	char category = TYPCATEGORY_INVALID;
	bool preferred;
	Oid compatible = InvalidOid;
	bool compatible_preferred = false;

	type_id = getBaseType(type_id);
	get_type_category_preferred(type_id, &category, &preferred);
	for (int i = 0; i < pg_opclass_nrows; i++)
	{
		Form_pg_opclass row = &pg_opclass_rows[i];

		if (row->opcmethod != am_id || !row->opcdefault)
			continue;
		if (row->opcintype == type_id)
			return row->oid;
		if (binary_coercible(type_id, row->opcintype))
		{
			char c;

			get_type_category_preferred(row->opcintype, &c, &preferred);
			preferred = preferred && c == category;
			if (!OidIsValid(compatible) || (preferred && !compatible_preferred))
			{
				compatible = row->oid;
				compatible_preferred = preferred;
			}
		}
	}
	return compatible;
}

Oid
get_opclass_oid(Oid amID, List *opclassname, bool missing_ok)
{
	char *schemaname;
	char *name;
	Oid result = InvalidOid;

	DeconstructQualifiedName(opclassname, &schemaname, &name);
	if (schemaname == NULL)
		result = OpclassnameGetOpcid(amID, name);
	else
	{
		Oid namespaceId = LookupExplicitNamespace(schemaname, missing_ok);

		for (int i = 0; i < pg_opclass_nrows; i++)
		{
			Form_pg_opclass row = &pg_opclass_rows[i];

			if (row->opcmethod == amID && row->opcnamespace == namespaceId &&
			    strcmp(NameStr(row->opcname), name) == 0 &&
			    ExtensionObjectIsVisible(row->extension))
				result = row->oid;
		}
	}
	if (!OidIsValid(result) && !missing_ok)
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_OBJECT),
		         errmsg("operator class \"%s\" does not exist for access "
		                "method \"%s\"",
		                NameListToString(opclassname), get_am_name(amID))));
	return result;
}

static Oid
get_am_type_oid(const char *amname, char amtype, bool missing_ok)
{
	for (int i = 0; i < pg_am_nrows; i++)
	{
		Form_pg_am row = &pg_am_rows[i];

		if (strcmp(NameStr(row->amname), amname) != 0 ||
		    !ExtensionObjectIsVisible(row->extension))
			continue;
		if (amtype != '\0' && row->amtype != amtype)
			ereport(ERROR,
			        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			         errmsg("access method \"%s\" is not of type %s", amname,
			                amtype == AMTYPE_INDEX ? "INDEX" : "TABLE")));
		return row->oid;
	}
	if (!missing_ok)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("access method \"%s\" does not exist", amname)));
	return InvalidOid;
}

Oid
get_am_oid(const char *amname, bool missing_ok)
{
	return get_am_type_oid(amname, '\0', missing_ok);
}

Oid
get_index_am_oid(const char *amname, bool missing_ok)
{
	return get_am_type_oid(amname, AMTYPE_INDEX, missing_ok);
}

Oid
get_table_am_oid(const char *amname, bool missing_ok)
{
	return get_am_type_oid(amname, AMTYPE_TABLE, missing_ok);
}

char *
get_am_name(Oid amOid)
{
	Form_pg_am row = GetAmForm(amOid);

	return row ? pstrdup(NameStr(row->amname)) : NULL;
}
