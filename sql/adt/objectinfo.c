/*
 * objectinfo.c
 *		Functions with which clients ask about catalog objects: whether a name
 *		finds them, and their definitions.
 *
 * Definitions of kinds of objects that cannot be made (constraints, triggers,
 * rules, views of a user) are NULL, as PostgreSQL's are of an OID that is none.
 *
 * Corresponds to parts of PostgreSQL's catalog/namespace.c and
 * utils/adt/ruleutils.c.
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

/* ---- whether the name alone finds the object; NULL: there is none ---- */

Datum
pg_table_is_visible(PG_FUNCTION_ARGS)
{
	Oid oid = PG_GETARG_OID(0);

	if (!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(oid)))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(RelationIsVisible(oid));
}

Datum
pg_type_is_visible(PG_FUNCTION_ARGS)
{
	Form_pg_type form = GetTypeForm(PG_GETARG_OID(0));

	if (form == NULL || !ExtensionObjectIsVisible(form->extension))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(TypeIsVisible(form->oid));
}

Datum
pg_function_is_visible(PG_FUNCTION_ARGS)
{
	Form_pg_proc form = GetProcForm(PG_GETARG_OID(0));

	if (form == NULL || !ExtensionObjectIsVisible(form->extension))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(FunctionIsVisible(form->oid));
}

Datum
pg_operator_is_visible(PG_FUNCTION_ARGS)
{
	Form_pg_operator form = GetOperatorForm(PG_GETARG_OID(0));

	if (form == NULL || !ExtensionObjectIsVisible(form->extension))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(OperatorIsVisible(form->oid));
}

Datum
pg_opclass_is_visible(PG_FUNCTION_ARGS)
{
	Form_pg_opclass form = GetOpclassForm(PG_GETARG_OID(0));

	if (form == NULL || !ExtensionObjectIsVisible(form->extension))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(OpclassIsVisible(form->oid));
}

Datum
pg_opfamily_is_visible(PG_FUNCTION_ARGS)
{
	Form_pg_opfamily form = GetOpfamilyForm(PG_GETARG_OID(0));

	if (form == NULL || !ExtensionObjectIsVisible(form->extension))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(list_member_oid(searched_namespaces(), form->opfnamespace));
}

Datum
pg_collation_is_visible(PG_FUNCTION_ARGS)
{
	Form_pg_collation form = GetCollationForm(PG_GETARG_OID(0));

	if (form == NULL)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(list_member_oid(searched_namespaces(), form->collnamespace));
}

/* ---- functions ---- */

static Datum
function_arguments(FunctionCallInfo fcinfo)
{
	Form_pg_proc form = GetProcForm(PG_GETARG_OID(0));

	if (form == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(
		oidvectortypes_list(form->proargtypes, form->pronargs)));
}

Datum
pg_get_function_arguments(PG_FUNCTION_ARGS)
{
	return function_arguments(fcinfo);
}

Datum
pg_get_function_identity_arguments(PG_FUNCTION_ARGS)
{
	return function_arguments(fcinfo);
}

Datum
pg_get_function_result(PG_FUNCTION_ARGS)
{
	Form_pg_proc form = GetProcForm(PG_GETARG_OID(0));

	if (form == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(
		cstring_to_text(psprintf("%s%s", form->proretset ? "SETOF " : "",
	                             format_type_be(form->prorettype))));
}

/* ---- objects of any catalog ---- */

static const char *
access_method_name(Oid amoid)
{
	Form_pg_am am = GetAmForm(amoid);

	return am != NULL ? quote_identifier(NameStr(am->amname)) : "???";
}

static char *
describe_cast(Oid castid)
{
	for (int i = 0; i < pg_cast_nrows; i++)
	{
		Form_pg_cast form = &pg_cast_rows[i];

		if (form->oid == castid)
			return psprintf("cast from %s to %s",
			                format_type_be(form->castsource),
			                format_type_be(form->casttarget));
	}
	return NULL;
}

static char *
describe_opclass(Oid opclass)
{
	Form_pg_opclass form = GetOpclassForm(opclass);

	if (form == NULL)
		return NULL;
	return psprintf("operator class %s for access method %s",
	                quote_identifier(NameStr(form->opcname)),
	                access_method_name(form->opcmethod));
}

static char *
describe_opfamily(Oid opfamily)
{
	Form_pg_opfamily form = GetOpfamilyForm(opfamily);

	if (form == NULL)
		return NULL;
	return psprintf("operator family %s for access method %s",
	                quote_identifier(NameStr(form->opfname)),
	                access_method_name(form->opfmethod));
}

static char *
describe_relation(Oid relid, int32 column)
{
	char relkind = get_rel_relkind(relid);
	char *name = generate_relation_name(relid);
	char *attname = NULL;

	INJECTION_POINT("describe-relation");
	if (column != 0)
		attname = get_attname(relid, column, true);
	/* dropped, at the latest between two of the questions */
	if (relkind == '\0' || name == NULL || (column != 0 && attname == NULL))
		return NULL;
	name = psprintf("%s %s",
	                relkind == RELKIND_INDEX  ? "index"
	                : relkind == RELKIND_VIEW ? "view"
	                                          : "table",
	                name);
	return column == 0
	           ? name
	           : psprintf("column %s of %s", quote_identifier(attname), name);
}

/* NULL if there is none, or if the catalog is none of these */
static char *
describe_object(Oid classid, Oid objid, int32 subid)
{
	switch (classid)
	{
		case ProcedureRelationId:
			return GetProcForm(objid) == NULL
			           ? NULL
			           : psprintf("function %s", format_procedure(objid));
		case TypeRelationId:
			return GetTypeForm(objid) == NULL
			           ? NULL
			           : psprintf("type %s", format_type_be(objid));
		case OperatorRelationId:
			return GetOperatorForm(objid) == NULL
			           ? NULL
			           : psprintf("operator %s", format_operator(objid));
		case AccessMethodRelationId:
			return GetAmForm(objid) == NULL
			           ? NULL
			           : psprintf("access method %s",
			                      access_method_name(objid));
		case CastRelationId:
			return describe_cast(objid);
		case OperatorClassRelationId:
			return describe_opclass(objid);
		case OperatorFamilyRelationId:
			return describe_opfamily(objid);
		case RelationRelationId:
			return describe_relation(objid, subid);
		default:
			if (!IsCatalogRelationOid(classid))
				elog(ERROR, "unrecognized object class: %u", classid);
			return NULL; /* a catalog without rows, or not of objects */
	}
}

Datum
pg_describe_object(PG_FUNCTION_ARGS)
{
	Oid classid = PG_GETARG_OID(0);
	int32 subid = PG_GETARG_INT32(2);
	char *description;

	if (!OidIsValid(classid) && !OidIsValid(PG_GETARG_OID(1)))
		PG_RETURN_NULL();
	if (subid != 0 && classid != RelationRelationId)
		elog(ERROR, "invalid non-zero objectSubId for object class %u",
		     classid);
	description = describe_object(classid, PG_GETARG_OID(1), subid);
	if (description == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(description));
}

/* The two that there are have no place of their own. */
Datum
pg_tablespace_location(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(""));
}

/* ---- what no row of a catalog holds ---- */

/* What a publication could hold: permanent tables that are not the server's. */
Datum
pg_relation_is_publishable(PG_FUNCTION_ARGS)
{
	Oid relid = PG_GETARG_OID(0);
	FormData_pg_class form;

	if (!get_rel_form(relid, &form))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(relid >= FirstNormalObjectId &&
	               form.relkind == RELKIND_RELATION &&
	               form.relpersistence == RELPERSISTENCE_PERMANENT);
}

/* Stored expressions of one table, or of none, as text; NULL: it is gone. */
static char *
pg_get_expr_worker(text *expr, Oid relid, bool pretty)
{
	Node *node = stringToNode(text_to_cstring(expr));
	RelidMask relids = pull_varnos(node);
	char *relname = "";
	List *dpcontext;

	if (OidIsValid(relid) && (relids & ~RELID_BIT(1)) != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("expression contains variables of more than one "
		                       "relation")));
	if (!OidIsValid(relid) && relids != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("expression contains variables")));
	if (OidIsValid(relid))
	{
		relname = get_rel_name(relid);
		if (relname == NULL)
			return NULL;
	}
	dpcontext = deparse_context_for(relname, relid);
	if (dpcontext == NIL)
		return NULL;
	return deparse_expression_pretty(node, dpcontext, false, false,
	                                 GET_PRETTY_FLAGS(pretty));
}

static Datum
get_expr(FunctionCallInfo fcinfo, bool pretty)
{
	char *str =
		pg_get_expr_worker(PG_GETARG_TEXT_PP(0), PG_GETARG_OID(1), pretty);

	if (str == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(str));
}

Datum
pg_get_expr(PG_FUNCTION_ARGS)
{
	return get_expr(fcinfo, false);
}

Datum
pg_get_expr_ext(PG_FUNCTION_ARGS)
{
	return get_expr(fcinfo, PG_GETARG_BOOL(2));
}

#define NO_SUCH_DEFINITION(function) \
	Datum function(PG_FUNCTION_ARGS) \
	{                                \
		PG_RETURN_NULL();            \
	}                                \
	extern Datum function(PG_FUNCTION_ARGS)

NO_SUCH_DEFINITION(pg_conversion_is_visible);
NO_SUCH_DEFINITION(pg_get_constraintdef);
NO_SUCH_DEFINITION(pg_get_constraintdef_ext);
NO_SUCH_DEFINITION(pg_get_function_sqlbody);
NO_SUCH_DEFINITION(pg_get_partkeydef);
NO_SUCH_DEFINITION(pg_get_ruledef);
NO_SUCH_DEFINITION(pg_get_ruledef_ext);
NO_SUCH_DEFINITION(pg_get_replica_identity_index);
NO_SUCH_DEFINITION(pg_get_statisticsobjdef_columns);
NO_SUCH_DEFINITION(pg_get_triggerdef);
NO_SUCH_DEFINITION(pg_get_triggerdef_ext);
NO_SUCH_DEFINITION(pg_get_viewdef);
NO_SUCH_DEFINITION(pg_get_viewdef_ext);
NO_SUCH_DEFINITION(pg_statistics_obj_is_visible);
NO_SUCH_DEFINITION(pg_ts_config_is_visible);
NO_SUCH_DEFINITION(pg_ts_dict_is_visible);
NO_SUCH_DEFINITION(pg_ts_parser_is_visible);
NO_SUCH_DEFINITION(pg_ts_template_is_visible);
