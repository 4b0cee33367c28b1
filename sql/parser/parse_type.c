/*
 * parse_type.c
 *		From a type's name as written to its OID and modifier.
 *
 * A type whose input function is not in this server can be looked up (clients
 * ask for its OID) but not used: typenameType refuses it.
 *
 * Corresponds to PostgreSQL's parser/parse_type.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "lib/stringinfo.h"
#include "parser/parse_node.h"
#include "parser/parse_type.h"
#include "parser/parser.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static int32
typenameTypeMod(ParseState *pstate, const TypeName *typeName, Type typ);

static void
type_does_not_exist(ParseState *pstate, const TypeName *typeName)
{
	const char *name = strVal(llast(typeName->names));
	bool extensions = strcmp(name, "vector") == 0 ||
	                  strcmp(name, "halfvec") == 0 ||
	                  strcmp(name, "sparsevec") == 0;

	ereport(
		ERROR,
		(errcode(ERRCODE_UNDEFINED_OBJECT),
	     errmsg("type \"%s\" does not exist", TypeNameToString(typeName)),
	     extensions ? errhint("CREATE EXTENSION vector makes it known.") : 0,
	     parser_errposition(pstate, typeName->location)));
}

static Oid
type_in_namespace(const char *name, Oid namespaceId)
{
	for (int i = 0; i < pg_type_nrows; i++)
		if (pg_type_rows[i].typnamespace == namespaceId &&
		    strcmp(NameStr(pg_type_rows[i].typname), name) == 0 &&
		    ExtensionObjectIsVisible(pg_type_rows[i].extension))
			return pg_type_rows[i].oid;
	return InvalidOid;
}

Oid
LookupTypeNameOid(ParseState *pstate, const TypeName *typeName, bool missing_ok)
{
	Oid typoid;

	if (typeName->names == NIL)
		typoid = typeName->typeOid;
	else if (typeName->pct_type)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("%%TYPE is not supported"),
		                parser_errposition(pstate, typeName->location)));
	else
	{
		char *schemaname;
		char *typname;

		DeconstructQualifiedName(typeName->names, &schemaname, &typname);
		if (schemaname != NULL)
		{
			Oid namespaceId = LookupExplicitNamespace(schemaname, missing_ok);

			typoid = OidIsValid(namespaceId)
			             ? type_in_namespace(typname, namespaceId)
			             : InvalidOid;
		}
		else
			typoid = TypenameGetTypid(typname);
		if (typeName->arrayBounds != NIL)
			typoid = get_array_type(typoid);
	}
	if (!OidIsValid(typoid) && !missing_ok)
		type_does_not_exist(pstate, typeName);
	return typoid;
}

Type
LookupTypeName(ParseState *pstate, const TypeName *typeName, int32 *typmod_p,
               bool missing_ok)
{
	Oid typoid = LookupTypeNameOid(pstate, typeName, missing_ok);
	Type type;

	if (!OidIsValid(typoid))
	{
		if (typmod_p)
			*typmod_p = -1;
		return NULL;
	}
	type = typeidType(typoid);
	if (typmod_p)
		*typmod_p = typenameTypeMod(pstate, typeName, type);
	return type;
}

/* Refuse what cannot be read from text here. */
static void
check_usable(ParseState *pstate, const TypeName *typeName, Type type)
{
	Oid element = get_element_type(type->oid);
	Form_pg_proc input = GetProcForm(
		OidIsValid(element) ? typeidType(element)->typinput : type->typinput);

	if (input == NULL || input->fn_addr == NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("type %s is not supported", format_type_be(type->oid)),
		         parser_errposition(pstate, typeName->location)));
}

Type
typenameType(ParseState *pstate, const TypeName *typeName, int32 *typmod_p)
{
	Oid typoid = LookupTypeNameOid(pstate, typeName, false);
	Type type = typeidType(typoid);

	check_usable(pstate, typeName, type);
	if (typmod_p)
		*typmod_p = typenameTypeMod(pstate, typeName, type);
	return type;
}

Oid
typenameTypeId(ParseState *pstate, const TypeName *typeName)
{
	return typenameType(pstate, typeName, NULL)->oid;
}

void
typenameTypeIdAndMod(ParseState *pstate, const TypeName *typeName,
                     Oid *typeid_p, int32 *typmod_p)
{
	*typeid_p = typenameType(pstate, typeName, typmod_p)->oid;
}

/* The typmod-in functions get the modifiers as a List of C strings. */
static int32
typenameTypeMod(ParseState *pstate, const TypeName *typeName, Type typ)
{
	List *mods = NIL;
	ListCell *lc;
	ParseCallbackState pcbstate;
	int32 typmod;

	if (typeName->typmods == NIL)
		return typeName->typemod;
	if (!OidIsValid(typ->typmodin))
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("type modifier is not allowed for type \"%s\"",
		                       TypeNameToString(typeName)),
		                parser_errposition(pstate, typeName->location)));
	foreach (lc, typeName->typmods)
	{
		Node *mod = lfirst(lc);

		if (mod == NULL)
			ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("type modifiers must be simple constants or "
			                       "identifiers"),
			                parser_errposition(pstate, typeName->location)));
		else if (IsA(mod, Integer))
			mods = lappend(mods, psprintf("%d", intVal(mod)));
		else if (IsA(mod, Float))
			mods = lappend(mods, ((Float *) mod)->fval);
		else
			mods = lappend(mods, strVal(mod));
	}
	/* the type's own complaints get the position too */
	setup_parser_errposition_callback(&pcbstate, pstate, typeName->location);
	typmod =
		DatumGetInt32(OidFunctionCall1(typ->typmodin, PointerGetDatum(mods)));
	cancel_parser_errposition_callback(&pcbstate);
	return typmod;
}

char *
TypeNameToString(const TypeName *typeName)
{
	StringInfoData s;

	initStringInfo(&s);
	if (typeName->names != NIL)
		appendStringInfoString(&s, NameListToString(typeName->names));
	else
		appendStringInfoString(&s, format_type_be(typeName->typeOid));
	if (typeName->pct_type)
		appendStringInfoString(&s, "%TYPE");
	if (typeName->arrayBounds != NIL)
		appendStringInfoString(&s, "[]");
	return s.data;
}

Type
typeidType(Oid id)
{
	Type type = GetTypeForm(id);

	if (type == NULL)
		elog(ERROR, "cache lookup failed for type %u", id);
	return type;
}

Oid
typeTypeId(Type tp)
{
	return tp->oid;
}

int16
typeLen(Type t)
{
	return t->typlen;
}

bool
typeByVal(Type t)
{
	return t->typbyval;
}

char *
typeTypeName(Type t)
{
	return pstrdup(NameStr(t->typname));
}

Oid
typeTypeRelid(Type typ)
{
	return typ->typrelid;
}

Oid
typeTypeCollation(Type typ)
{
	return typ->typcollation;
}

Datum
stringTypeDatum(Type tp, char *string, int32 atttypmod)
{
	return OidInputFunctionCall(tp->typinput, string, getTypeIOParam(tp->oid),
	                            atttypmod);
}

/*
 * The grammar of type names is the grammar's: the text is parsed as the target
 * of a cast, and the tree must be just that.  NULL: it is something else.
 */
static const PgQuery__TypeName *
parse_type_name(const char *str)
{
	List *stmts;
	const PgQuery__Node *node;
	const PgQuery__SelectStmt *select;
	const PgQuery__TypeCast *cast;

	if (strspn(str, " \t\n\r\f\v") == strlen(str))
		return NULL;
	stmts = pg_parse_query(psprintf("SELECT NULL::%s", str));
	if (list_length(stmts) != 1)
		return NULL;
	node = linitial_node(RawStmt, stmts)->stmt;
	if (node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
		return NULL;
	select = node->select_stmt;
	if (select->n_target_list != 1 || select->n_from_clause != 0 ||
	    select->where_clause != NULL || select->n_sort_clause != 0 ||
	    select->limit_count != NULL || select->larg != NULL)
		return NULL;
	node = select->target_list[0];
	if (node->node_case != PG_QUERY__NODE__NODE_RES_TARGET ||
	    node->res_target->name[0] != '\0')
		return NULL;
	node = node->res_target->val;
	if (node->node_case != PG_QUERY__NODE__NODE_TYPE_CAST)
		return NULL;
	cast = node->type_cast;
	if (cast->arg->node_case != PG_QUERY__NODE__NODE_A_CONST)
		return NULL;
	return cast->type_name;
}

void
parseTypeString(const char *str, Oid *typeid_p, int32 *typmod_p,
                bool missing_ok)
{
	const PgQuery__TypeName *tn = parse_type_name(str);
	TypeName *typeName;
	Type type;

	if (tn == NULL || tn->setof)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("invalid type name \"%s\"", str)));
	typeName = pgq_type_name(tn);
	typeName->location = -1;
	type = LookupTypeName(NULL, typeName, typmod_p, missing_ok);
	*typeid_p = type ? type->oid : InvalidOid;
}
