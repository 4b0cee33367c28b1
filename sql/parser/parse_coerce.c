/*
 * parse_coerce.c
 *		Type coercion.
 *
 * What there is of casts stands in pg_cast, each with the weakest context in
 * which it happens by itself.  A literal or parameter of type unknown becomes a
 * value of whatever type is wanted.  Beyond pg_cast every type goes to a string
 * type by its output function on assignment, and comes from one by its input
 * function on an explicit cast.
 *
 * Corresponds to PostgreSQL's parser/parse_coerce.c.
 */
#include "postgres.h"

#include "catalog/pg_cast.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "parser/parse_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static Node *
coerce_type_typmod(Node *node, Oid targetTypeId, int32 targetTypMod,
                   CoercionContext ccontext, CoercionForm cformat, int location,
                   bool hideInputCoercion);

/* ---- types ---- */

TYPCATEGORY
TypeCategory(Oid type)
{
	char category;
	bool preferred;

	get_type_category_preferred(type, &category, &preferred);
	return category;
}

bool
IsPreferredType(TYPCATEGORY category, Oid type)
{
	char typcategory;
	bool preferred;

	get_type_category_preferred(type, &typcategory, &preferred);
	if (category == typcategory || category == TYPCATEGORY_INVALID)
		return preferred;
	return false;
}

bool
IsBinaryCoercible(Oid srctype, Oid targettype)
{
	Form_pg_cast cast;

	if (srctype == targettype)
		return true;
	if (targettype == ANYOID || targettype == ANYELEMENTOID ||
	    targettype == ANYCOMPATIBLEOID)
		return true;
	if (targettype == ANYARRAYOID || targettype == ANYCOMPATIBLEARRAYOID)
		return type_is_array(srctype);
	if (targettype == ANYNONARRAYOID || targettype == ANYCOMPATIBLENONARRAYOID)
		return !type_is_array(srctype);
	cast = GetCastForm(srctype, targettype);
	return cast != NULL && cast->castmethod == COERCION_METHOD_BINARY &&
	       cast->castcontext == COERCION_CODE_IMPLICIT;
}

/* ---- which coercions there are ---- */

/* Does a cast of this castcontext happen in ccontext? */
static bool
cast_applies(char castcontext, CoercionContext ccontext)
{
	switch (castcontext)
	{
		case COERCION_CODE_IMPLICIT:
			return true;
		case COERCION_CODE_ASSIGNMENT:
			return ccontext >= COERCION_ASSIGNMENT;
		default:
			return ccontext >= COERCION_EXPLICIT;
	}
}

CoercionPathType
find_coercion_pathway(Oid targetTypeId, Oid sourceTypeId,
                      CoercionContext ccontext, Oid *funcid)
{
	Form_pg_cast cast;

	*funcid = InvalidOid;
	if (OidIsValid(sourceTypeId))
		sourceTypeId = getBaseType(sourceTypeId);
	if (OidIsValid(targetTypeId))
		targetTypeId = getBaseType(targetTypeId);
	if (sourceTypeId == targetTypeId)
		return COERCION_PATH_RELABELTYPE;
	cast = GetCastForm(sourceTypeId, targetTypeId);
	if (cast != NULL)
	{
		if (!cast_applies(cast->castcontext, ccontext))
			return COERCION_PATH_NONE;
		switch (cast->castmethod)
		{
			case COERCION_METHOD_FUNCTION:
				*funcid = cast->castfunc;
				return COERCION_PATH_FUNC;
			case COERCION_METHOD_INOUT:
				return COERCION_PATH_COERCEVIAIO;
			default:
				return COERCION_PATH_RELABELTYPE;
		}
	}
	/* an array's elements are cast one by one */
	if (targetTypeId != OIDVECTOROID && targetTypeId != INT2VECTOROID)
	{
		Oid targetElem = get_element_type(targetTypeId);
		Oid sourceElem = get_element_type(sourceTypeId);
		Oid elemfuncid;

		if (OidIsValid(targetElem) && OidIsValid(sourceElem) &&
		    find_coercion_pathway(targetElem, sourceElem, ccontext,
		                          &elemfuncid) != COERCION_PATH_NONE)
			return COERCION_PATH_ARRAYCOERCE;
	}
	if (ccontext >= COERCION_ASSIGNMENT &&
	    TypeCategory(targetTypeId) == TYPCATEGORY_STRING)
		return COERCION_PATH_COERCEVIAIO;
	if (ccontext >= COERCION_EXPLICIT &&
	    TypeCategory(sourceTypeId) == TYPCATEGORY_STRING)
		return COERCION_PATH_COERCEVIAIO;
	return COERCION_PATH_NONE;
}

CoercionPathType
find_typmod_coercion_function(Oid typeId, Oid *funcid)
{
	Oid elemtype = get_element_type(typeId);
	Form_pg_cast cast = OidIsValid(elemtype) ? GetCastForm(elemtype, elemtype)
	                                         : GetCastForm(typeId, typeId);

	*funcid = cast != NULL ? cast->castfunc : InvalidOid;
	if (!OidIsValid(*funcid))
		return COERCION_PATH_NONE;
	return OidIsValid(elemtype) ? COERCION_PATH_ARRAYCOERCE
	                            : COERCION_PATH_FUNC;
}

static bool
is_polymorphic_target(Oid type)
{
	return type == ANYOID || IsPolymorphicType(type);
}

static bool
is_array_target(Oid target)
{
	return target == ANYARRAYOID || target == ANYCOMPATIBLEARRAYOID;
}

/*
 * The type that all go to implicitly, chosen as for the branches of a CASE.
 * InvalidOid: there is none.
 */
static Oid
select_common_type_from_oids(int n, const Oid *types)
{
	Oid common = types[0];
	TYPCATEGORY category;
	bool preferred;

	get_type_category_preferred(common, &category, &preferred);
	for (int i = 1; i < n; i++)
	{
		TYPCATEGORY other_category;
		bool other_preferred;

		if (types[i] == common)
			continue;
		get_type_category_preferred(types[i], &other_category,
		                            &other_preferred);
		if (other_category != category)
			return InvalidOid;
		if (!preferred &&
		    can_coerce_type(1, &common, &types[i], COERCION_IMPLICIT) &&
		    !can_coerce_type(1, &types[i], &common, COERCION_IMPLICIT))
		{
			common = types[i];
			preferred = other_preferred;
		}
	}
	for (int i = 0; i < n; i++)
	{
		if (!can_coerce_type(1, &types[i], &common, COERCION_IMPLICIT))
			return InvalidOid;
	}
	return common;
}

/*
 * What arguments declared anycompatible and its kin are to become, or the
 * element of it: *common; text if all are literals, InvalidOid if there are no
 * such arguments.  False: they have nothing in common.
 */
static bool
find_compatible_type(int nargs, const Oid *input_typeids,
                     const Oid *target_typeids, Oid *common)
{
	Oid *types = palloc(sizeof(Oid) * Max(nargs, 1));
	bool need_array = false;
	bool need_nonarray = false;
	bool found = false;
	int n = 0;

	*common = InvalidOid;
	for (int i = 0; i < nargs; i++)
	{
		Oid target = target_typeids[i];

		if (!IsPolymorphicTypeFamily2(target))
			continue;
		found = true;
		need_array |= is_array_target(target);
		need_nonarray |= target == ANYCOMPATIBLENONARRAYOID;
		if (input_typeids[i] == UNKNOWNOID)
			continue;
		types[n] = is_array_target(target)
		               ? get_base_element_type(input_typeids[i])
		               : input_typeids[i];
		if (!OidIsValid(types[n++]))
			return false;
	}
	if (n > 0)
	{
		*common = select_common_type_from_oids(n, types);
		if (!OidIsValid(*common) ||
		    (need_array && !OidIsValid(get_array_type(*common))) ||
		    (need_nonarray && type_is_array(*common)))
			return false;
	}
	else if (found)
		*common = TEXTOID;
	pfree(types);
	return true;
}

bool
can_coerce_type(int nargs, const Oid *input_typeids, const Oid *target_typeids,
                CoercionContext ccontext)
{
	Oid elem = InvalidOid;
	Oid common;
	bool have_compatible = false;

	for (int i = 0; i < nargs; i++)
	{
		Oid input = input_typeids[i];
		Oid target = target_typeids[i];
		Oid funcid;

		if (input == target || target == ANYOID)
			continue;
		if (IsPolymorphicTypeFamily2(target))
		{
			have_compatible = true;
			continue;
		}
		if (is_polymorphic_target(target))
		{
			Oid this_elem;

			if (input == UNKNOWNOID)
				continue;
			if (!IsBinaryCoercible(input, target))
				return false;
			/* all arguments must agree on the type of an element */
			this_elem =
				is_array_target(target) ? get_element_type(input) : input;
			if (OidIsValid(elem) && elem != this_elem)
				return false;
			elem = this_elem;
			continue;
		}
		if (input == UNKNOWNOID)
			continue;
		if (find_coercion_pathway(target, input, ccontext, &funcid) ==
		    COERCION_PATH_NONE)
			return false;
	}
	return !have_compatible ||
	       find_compatible_type(nargs, input_typeids, target_typeids, &common);
}

/* ---- coercing ---- */

/* A literal gets its value by the type's input function, here and now. */
static Node *
coerce_unknown_literal(ParseState *pstate, Const *con, Oid targetTypeId)
{
	Type type = typeidType(targetTypeId);
	Const *newcon;
	ParseCallbackState pcbstate;

	newcon = makeConst(targetTypeId, -1, typeTypeCollation(type), typeLen(type),
	                   (Datum) 0, con->constisnull, typeByVal(type));
	newcon->location = con->location;
	if (!con->constisnull)
	{
		setup_parser_errposition_callback(&pcbstate, pstate, con->location);
		newcon->constvalue =
			stringTypeDatum(type, DatumGetCString(con->constvalue), -1);
		cancel_parser_errposition_callback(&pcbstate);
	}
	return (Node *) newcon;
}

/* The cast of an element, where a CaseTestExpr stands for the element. */
static Node *
build_array_coercion(Node *node, Oid targetTypeId, int32 targetTypMod,
                     CoercionContext ccontext, CoercionForm cformat,
                     int location)
{
	ArrayCoerceExpr *acoerce = makeNode(ArrayCoerceExpr);
	CaseTestExpr *element = makeNode(CaseTestExpr);

	element->typeId = get_element_type(exprType(node));
	element->typeMod = exprTypmod(node);
	element->collation = exprCollation(node);
	acoerce->arg = (Expr *) node;
	acoerce->elemexpr = (Expr *) coerce_to_target_type(
		NULL, (Node *) element, element->typeId, get_element_type(targetTypeId),
		targetTypMod, ccontext, cformat, location);
	if (acoerce->elemexpr == NULL)
		elog(ERROR, "failed to coerce array element type as expected");
	acoerce->resulttype = targetTypeId;
	acoerce->resulttypmod = exprTypmod((Node *) acoerce->elemexpr);
	acoerce->resultcollid = get_typcollation(targetTypeId);
	acoerce->coerceformat = cformat;
	acoerce->location = location;
	return (Node *) acoerce;
}

/* A call of the cast's function, or a conversion through text. */
static Node *
build_coercion_expression(Node *node, CoercionPathType pathtype, Oid funcId,
                          Oid targetTypeId, int32 targetTypMod,
                          CoercionContext ccontext, CoercionForm cformat,
                          int location)
{
	if (pathtype == COERCION_PATH_FUNC)
	{
		List *args = list_make1(node);
		int nargs = get_func_nargs(funcId);
		FuncExpr *fexpr;

		Assert(nargs >= 1 && nargs <= 3);
		if (nargs >= 2)
			args = lappend(args,
			               makeConst(INT4OID, -1, InvalidOid, sizeof(int32),
			                         Int32GetDatum(targetTypMod), false, true));
		if (nargs == 3)
			args = lappend(args,
			               makeBoolConst(ccontext == COERCION_EXPLICIT, false));
		fexpr = makeFuncExpr(funcId, targetTypeId, args,
		                     get_typcollation(targetTypeId),
		                     exprCollation(node), cformat);
		fexpr->location = location;
		return (Node *) fexpr;
	}
	else if (pathtype == COERCION_PATH_ARRAYCOERCE)
		return build_array_coercion(node, targetTypeId, targetTypMod, ccontext,
		                            cformat, location);
	else
	{
		CoerceViaIO *iocoerce = makeNode(CoerceViaIO);

		Assert(pathtype == COERCION_PATH_COERCEVIAIO);
		iocoerce->arg = (Expr *) node;
		iocoerce->resulttype = targetTypeId;
		iocoerce->resultcollid = get_typcollation(targetTypeId);
		iocoerce->coerceformat = cformat;
		iocoerce->location = location;
		return (Node *) iocoerce;
	}
}

Node *
coerce_type(ParseState *pstate, Node *node, Oid inputTypeId, Oid targetTypeId,
            int32 targetTypeMod, CoercionContext ccontext, CoercionForm cformat,
            int location)
{
	CoercionPathType pathtype;
	Oid funcId;

	if (targetTypeId == inputTypeId || node == NULL)
		return node;
	if (is_polymorphic_target(targetTypeId))
		return node;
	if (inputTypeId == UNKNOWNOID && IsA(node, Const))
		return coerce_unknown_literal(pstate, (Const *) node, targetTypeId);
	if (IsA(node, Param) && pstate != NULL &&
	    pstate->p_coerce_param_hook != NULL)
	{
		Node *result = pstate->p_coerce_param_hook(
			pstate, (Param *) node, targetTypeId, targetTypeMod, location);

		if (result != NULL)
			return result;
	}
	/* what else is unknown is text underneath: a C string */
	if (inputTypeId == UNKNOWNOID)
		return build_coercion_expression(node, COERCION_PATH_COERCEVIAIO,
		                                 InvalidOid, targetTypeId, -1, ccontext,
		                                 cformat, location);

	pathtype =
		find_coercion_pathway(targetTypeId, inputTypeId, ccontext, &funcId);
	switch (pathtype)
	{
		case COERCION_PATH_NONE:
			elog(ERROR, "failed to find conversion function from %s to %s",
			     format_type_be(inputTypeId), format_type_be(targetTypeId));
			return NULL;
		case COERCION_PATH_RELABELTYPE:
		{
			RelabelType *r =
				makeRelabelType((Expr *) node, targetTypeId, -1,
			                    get_typcollation(targetTypeId), cformat);

			r->location = location;
			return (Node *) r;
		}
		default:
			return build_coercion_expression(node, pathtype, funcId,
			                                 targetTypeId, targetTypeMod,
			                                 ccontext, cformat, location);
	}
}

/* Of two casts in a row that one "::" made, only the outer is shown. */
static void
hide_coercion_node(Node *node)
{
	if (IsA(node, FuncExpr))
		((FuncExpr *) node)->funcformat = COERCE_IMPLICIT_CAST;
	else if (IsA(node, RelabelType))
		((RelabelType *) node)->relabelformat = COERCE_IMPLICIT_CAST;
	else if (IsA(node, CoerceViaIO))
		((CoerceViaIO *) node)->coerceformat = COERCE_IMPLICIT_CAST;
	else if (IsA(node, ArrayCoerceExpr))
		((ArrayCoerceExpr *) node)->coerceformat = COERCE_IMPLICIT_CAST;
}

static Node *
coerce_type_typmod(Node *node, Oid targetTypeId, int32 targetTypMod,
                   CoercionContext ccontext, CoercionForm cformat, int location,
                   bool hideInputCoercion)
{
	CoercionPathType pathtype = COERCION_PATH_NONE;
	Oid funcId = InvalidOid;
	RelabelType *r;

	if (targetTypMod == exprTypmod(node))
		return node;
	if (hideInputCoercion)
		hide_coercion_node(node);
	if (targetTypMod >= 0)
		pathtype = find_typmod_coercion_function(targetTypeId, &funcId);
	if (pathtype != COERCION_PATH_NONE)
		return build_coercion_expression(node, pathtype, funcId, targetTypeId,
		                                 targetTypMod, ccontext, cformat,
		                                 location);
	/* nothing to compute: only the type modifier shows differently */
	r = makeRelabelType((Expr *) node, targetTypeId, targetTypMod,
	                    exprCollation(node), cformat);
	r->location = location;
	return (Node *) r;
}

Node *
coerce_to_target_type(ParseState *pstate, Node *expr, Oid exprtype,
                      Oid targettype, int32 targettypmod,
                      CoercionContext ccontext, CoercionForm cformat,
                      int location)
{
	Node *result;

	if (!can_coerce_type(1, &exprtype, &targettype, ccontext))
		return NULL;
	result = coerce_type(pstate, expr, exprtype, targettype, targettypmod,
	                     ccontext, cformat, location);
	return coerce_type_typmod(result, targettype, targettypmod, ccontext,
	                          cformat, location,
	                          result != expr && !IsA(result, Const));
}

int
parser_coercion_errposition(ParseState *pstate, int coerce_location,
                            Node *input_expr)
{
	if (coerce_location >= 0)
		return parser_errposition(pstate, coerce_location);
	return parser_errposition(pstate, exprLocation(input_expr));
}

Node *
coerce_to_specific_type(ParseState *pstate, Node *node, Oid targetTypeId,
                        const char *constructName)
{
	Oid inputTypeId = exprType(node);

	if (inputTypeId != targetTypeId)
	{
		Node *newnode = coerce_to_target_type(
			pstate, node, inputTypeId, targetTypeId, -1, COERCION_ASSIGNMENT,
			COERCE_IMPLICIT_CAST, -1);

		if (newnode == NULL)
			ereport(ERROR,
			        (errcode(ERRCODE_DATATYPE_MISMATCH),
			         /* translated: name of a clause, two types */
			         errmsg("argument of %s must be type %s, not type %s",
			                constructName, format_type_be(targetTypeId),
			                format_type_be(inputTypeId)),
			         parser_errposition(pstate, exprLocation(node))));
		node = newnode;
	}
	if (expression_returns_set(node))
		ereport(ERROR,
		        (errcode(ERRCODE_DATATYPE_MISMATCH),
		         errmsg("argument of %s must not return a set", constructName),
		         parser_errposition(pstate, exprLocation(node))));
	return node;
}

Node *
coerce_to_boolean(ParseState *pstate, Node *node, const char *constructName)
{
	return coerce_to_specific_type(pstate, node, BOOLOID, constructName);
}

/* ---- a type for several expressions ---- */

/*
 * The first known type decides the category; within it a later type wins if
 * the earlier goes to it implicitly and not the other way round.
 */
Oid
select_common_type(ParseState *pstate, List *exprs, const char *context,
                   Node **which_expr)
{
	Node *pexpr = linitial(exprs);
	Oid ptype = exprType(pexpr);
	TYPCATEGORY pcategory;
	bool pispreferred;
	bool all_same = ptype != UNKNOWNOID;
	ListCell *lc;

	foreach (lc, exprs)
		all_same = all_same && exprType(lfirst(lc)) == ptype;
	if (all_same)
	{
		if (which_expr)
			*which_expr = pexpr;
		return ptype;
	}

	ptype = getBaseType(ptype);
	get_type_category_preferred(ptype, &pcategory, &pispreferred);
	foreach (lc, exprs)
	{
		Node *nexpr = lfirst(lc);
		Oid ntype = getBaseType(exprType(nexpr));
		TYPCATEGORY ncategory;
		bool nispreferred;

		if (ntype == UNKNOWNOID || ntype == ptype)
			continue;
		get_type_category_preferred(ntype, &ncategory, &nispreferred);
		if (ptype != UNKNOWNOID && ncategory != pcategory)
		{
			if (context == NULL)
				return InvalidOid;
			ereport(ERROR,
			        (errcode(ERRCODE_DATATYPE_MISMATCH),
			         errmsg("%s types %s and %s cannot be matched", context,
			                format_type_be(ptype), format_type_be(ntype)),
			         parser_errposition(pstate, exprLocation(nexpr))));
		}
		if (ptype == UNKNOWNOID ||
		    (!pispreferred &&
		     can_coerce_type(1, &ptype, &ntype, COERCION_IMPLICIT) &&
		     !can_coerce_type(1, &ntype, &ptype, COERCION_IMPLICIT)))
		{
			pexpr = nexpr;
			ptype = ntype;
			pcategory = ncategory;
			pispreferred = nispreferred;
		}
	}
	if (ptype == UNKNOWNOID)
		ptype = TEXTOID;
	if (which_expr)
		*which_expr = pexpr;
	return ptype;
}

int32
select_common_typmod(ParseState *pstate, List *exprs, Oid common_type)
{
	int32 result = -1;
	bool first = true;
	ListCell *lc;

	foreach (lc, exprs)
	{
		Node *expr = lfirst(lc);

		if (exprType(expr) != common_type)
			return -1;
		if (first)
			result = exprTypmod(expr);
		else if (exprTypmod(expr) != result)
			return -1;
		first = false;
	}
	return result;
}

Node *
coerce_to_common_type(ParseState *pstate, Node *node, Oid targetTypeId,
                      const char *context)
{
	Oid inputTypeId = exprType(node);

	if (inputTypeId == targetTypeId)
		return node;
	if (!can_coerce_type(1, &inputTypeId, &targetTypeId, COERCION_IMPLICIT))
		ereport(ERROR, (errcode(ERRCODE_CANNOT_COERCE),
		                errmsg("%s could not convert type %s to %s", context,
		                       format_type_be(inputTypeId),
		                       format_type_be(targetTypeId)),
		                parser_errposition(pstate, exprLocation(node))));
	return coerce_type(pstate, node, inputTypeId, targetTypeId, -1,
	                   COERCION_IMPLICIT, COERCE_IMPLICIT_CAST, -1);
}

/* ---- polymorphic calls ---- */

/* What a declared type means in a call that found elem and common. */
static Oid
resolve_polymorphic(Oid declared, Oid elem, Oid common)
{
	Oid type = IsPolymorphicTypeFamily2(declared) ? common : elem;

	if (!IsPolymorphicType(declared) || !OidIsValid(type))
		return declared;
	return is_array_target(declared) ? get_array_type(type) : type;
}

/*
 * Arguments declared anyelement or anyarray take the type of the first that is
 * known, and all of one call must agree; anycompatible and its kin take a type
 * that all go to.  The result likewise.
 */
Oid
enforce_generic_type_consistency(const Oid *actual_arg_types,
                                 Oid *declared_arg_types, int nargs,
                                 Oid rettype, bool allow_poly)
{
	Oid elem = InvalidOid;
	Oid common = InvalidOid;
	bool have_poly = false;

	if (!find_compatible_type(nargs, actual_arg_types, declared_arg_types,
	                          &common))
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
		                errmsg("arguments of anycompatible family cannot be "
		                       "cast to a common type")));
	for (int i = 0; i < nargs; i++)
	{
		Oid declared = declared_arg_types[i];
		Oid actual = actual_arg_types[i];
		Oid this_elem;

		have_poly |= IsPolymorphicType(declared);
		if (!IsPolymorphicTypeFamily1(declared) || actual == UNKNOWNOID)
			continue;
		this_elem =
			is_array_target(declared) ? get_element_type(actual) : actual;
		if (!OidIsValid(elem))
			elem = this_elem;
		else if (elem != this_elem)
			ereport(ERROR,
			        (errcode(ERRCODE_DATATYPE_MISMATCH),
			         errmsg("arguments declared \"%s\" are not all alike",
			                format_type_be(declared)),
			         errdetail("%s versus %s", format_type_be(elem),
			                   format_type_be(this_elem))));
	}
	if (!have_poly && !IsPolymorphicType(rettype))
		return rettype;
	if (!OidIsValid(elem) && !OidIsValid(common))
	{
		if (allow_poly)
			return rettype;
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
		                errmsg("could not determine polymorphic type because "
		                       "input has type %s",
		                       format_type_be(UNKNOWNOID))));
	}
	for (int i = 0; i < nargs; i++)
		declared_arg_types[i] =
			resolve_polymorphic(declared_arg_types[i], elem, common);
	return resolve_polymorphic(rettype, elem, common);
}
