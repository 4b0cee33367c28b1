/*
 * format_type.c
 *		Names of types as SQL spells them: "integer", "vector(3)", "text[]".
 *
 * Types that the grammar knows by a phrase are printed so; a modifier is put
 * where the phrase wants it.  Every other type is an identifier, with its
 * schema if the name alone would not find it.
 *
 * Corresponds to PostgreSQL's utils/adt/format_type.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* A type with a name of its own in the grammar. */
typedef struct SpecialTypeName
{
	Oid oid;
	const char *name;
	const char *with_typmod; /* what comes before the modifier; NULL: none */
	bool only_plain;         /* not if a modifier of -1 was given */
} SpecialTypeName;

static const SpecialTypeName special_names[] = {
	{BITOID, "bit", "bit", true},
	{BOOLOID, "boolean", NULL, false},
	{BPCHAROID, "character", "character", true},
	{FLOAT4OID, "real", NULL, false},
	{FLOAT8OID, "double precision", NULL, false},
	{INT2OID, "smallint", NULL, false},
	{INT4OID, "integer", NULL, false},
	{INT8OID, "bigint", NULL, false},
	{NUMERICOID, "numeric", "numeric", false},
	{INTERVALOID, "interval", "interval", false},
	{TIMEOID, "time without time zone", "time", false},
	{1266, "time with time zone", "time", false},
	{TIMESTAMPOID, "timestamp without time zone", "timestamp", false},
	{TIMESTAMPTZOID, "timestamp with time zone", "timestamp", false},
	{VARBITOID, "bit varying", "bit varying", false},
	{VARCHAROID, "character varying", "character varying", false},
};

static char *
print_typmod(const char *typname, int32 typmod, Oid typmodout)
{
	if (!OidIsValid(typmodout))
		return psprintf("%s(%d)", typname, (int) typmod);
	return psprintf(
		"%s%s", typname,
		DatumGetCString(OidFunctionCall1(typmodout, Int32GetDatum(typmod))));
}

static const SpecialTypeName *
find_special_name(Oid type_oid)
{
	for (Size i = 0; i < lengthof(special_names); i++)
	{
		if (special_names[i].oid == type_oid)
			return &special_names[i];
	}
	return NULL;
}

static char *
plain_type_name(Form_pg_type type, int32 typemod, uint16 flags)
{
	bool given = (flags & FORMAT_TYPE_TYPEMOD_GIVEN) != 0;
	bool with_typemod = given && typemod >= 0;
	bool qualify = (flags & FORMAT_TYPE_FORCE_QUALIFY) != 0;
	const SpecialTypeName *special = find_special_name(type->oid);
	char *name;

	if (special != NULL && !(special->only_plain && given && !with_typemod))
	{
		if (with_typemod && special->with_typmod != NULL)
			return print_typmod(special->with_typmod, typemod, type->typmodout);
		return pstrdup(special->name);
	}
	qualify = qualify || !TypeIsVisible(type->oid);
	name = quote_qualified_identifier(
		qualify ? get_namespace_name(type->typnamespace) : NULL,
		NameStr(type->typname));
	return with_typemod ? print_typmod(name, typemod, type->typmodout) : name;
}

char *
format_type_extended(Oid type_oid, int32 typemod, uint16 flags)
{
	Form_pg_type type;
	bool is_array;
	char *name;

	if (type_oid == InvalidOid)
	{
		if ((flags & FORMAT_TYPE_INVALID_AS_NULL) != 0)
			return NULL;
		if ((flags & FORMAT_TYPE_ALLOW_INVALID) != 0)
			return pstrdup("-");
	}
	type = GetTypeForm(type_oid);
	if (type != NULL && !ExtensionObjectIsVisible(type->extension))
		type = NULL;
	/* what the array is of; the modifier is the element's too */
	is_array = type != NULL && IsTrueArrayType(type) &&
	           type->typstorage != TYPSTORAGE_PLAIN;
	if (is_array)
		type = GetTypeForm(type->typelem);
	if (type == NULL)
	{
		if ((flags & FORMAT_TYPE_INVALID_AS_NULL) != 0)
			return NULL;
		if ((flags & FORMAT_TYPE_ALLOW_INVALID) != 0)
			return pstrdup(is_array ? "???[]" : "???");
		elog(ERROR, "cache lookup failed for type %u", type_oid);
	}
	name = plain_type_name(type, typemod, flags);
	return is_array ? psprintf("%s[]", name) : name;
}

char *
format_type_be(Oid type_oid)
{
	return format_type_extended(type_oid, -1, 0);
}

char *
format_type_be_qualified(Oid type_oid)
{
	return format_type_extended(type_oid, -1, FORMAT_TYPE_FORCE_QUALIFY);
}

char *
format_type_with_typemod(Oid type_oid, int32 typemod)
{
	return format_type_extended(type_oid, typemod, FORMAT_TYPE_TYPEMOD_GIVEN);
}

/* SQL: format_type(oid, integer); a NULL modifier is none at all. */
Datum
format_type(PG_FUNCTION_ARGS)
{
	uint16 flags = FORMAT_TYPE_ALLOW_INVALID;
	int32 typemod = -1;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(1))
	{
		typemod = PG_GETARG_INT32(1);
		flags |= FORMAT_TYPE_TYPEMOD_GIVEN;
	}
	PG_RETURN_TEXT_P(cstring_to_text(
		format_type_extended(PG_GETARG_OID(0), typemod, flags)));
}

char *
oidvectortypes_list(const Oid *types, int n)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < n; i++)
		appendStringInfo(
			&buf, "%s%s", i > 0 ? ", " : "",
			format_type_extended(types[i], -1, FORMAT_TYPE_ALLOW_INVALID));
	return buf.data;
}

Datum
oidvectortypes(PG_FUNCTION_ARGS)
{
	oidvector *v = (oidvector *) PG_GETARG_VARLENA_P(0);

	PG_RETURN_TEXT_P(cstring_to_text(oidvectortypes_list(v->values, v->dim1)));
}
