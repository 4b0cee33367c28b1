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

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
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

/* Publications show users' tables only. */
Datum
pg_relation_is_publishable(PG_FUNCTION_ARGS)
{
	Oid relid = PG_GETARG_OID(0);
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	bool result;

	if (!HeapTupleIsValid(tuple))
		PG_RETURN_NULL();
	result = ((Form_pg_class) GETSTRUCT(tuple))->relkind == RELKIND_RELATION &&
	         relid >= FirstNormalObjectId;
	ReleaseSysCache(tuple);
	PG_RETURN_BOOL(result);
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

/* ---- what no row of a catalog holds ---- */

/* Node trees are not stored: no default, no expression, no predicate. */
static void
no_stored_expressions(void)
{
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("stored expressions are not supported")));
}

Datum
pg_get_expr(PG_FUNCTION_ARGS)
{
	no_stored_expressions();
	PG_RETURN_NULL();
}

Datum
pg_get_expr_ext(PG_FUNCTION_ARGS)
{
	no_stored_expressions();
	PG_RETURN_NULL();
}

#define NO_SUCH_DEFINITION(function) \
	Datum function(PG_FUNCTION_ARGS) \
	{                                \
		PG_RETURN_NULL();            \
	}                                \
	extern Datum function(PG_FUNCTION_ARGS)

NO_SUCH_DEFINITION(pg_get_constraintdef);
NO_SUCH_DEFINITION(pg_get_constraintdef_ext);
NO_SUCH_DEFINITION(pg_get_partkeydef);
NO_SUCH_DEFINITION(pg_get_ruledef);
NO_SUCH_DEFINITION(pg_get_ruledef_ext);
NO_SUCH_DEFINITION(pg_get_statisticsobjdef_columns);
NO_SUCH_DEFINITION(pg_get_triggerdef);
NO_SUCH_DEFINITION(pg_get_triggerdef_ext);
NO_SUCH_DEFINITION(pg_get_viewdef);
NO_SUCH_DEFINITION(pg_get_viewdef_ext);
