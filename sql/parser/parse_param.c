/*
 * parse_param.c
 *		Parameters: with types that are given, and with types deduced from use.
 *
 * A parameter of which nothing is known yet has type unknown.  The first
 * coercion of it to a type decides; all uses must agree.  A use that was seen
 * before the decision is repaired by the check after the analysis.
 *
 * Corresponds to PostgreSQL's parser/parse_param.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "parser/parse_param.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

typedef struct FixedParamState
{
	const Oid *paramTypes;
	int numParams;
} FixedParamState;

typedef struct VarParamState
{
	Oid **paramTypes;
	int *numParams;
} VarParamState;

static void
error_no_parameter(ParseState *pstate, const PgQuery__ParamRef *pref)
{
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_PARAMETER),
	                errmsg("there is no parameter $%d", pref->number),
	                parser_errposition(pstate, pref->location)));
}

static Node *
make_param(const PgQuery__ParamRef *pref, Oid type)
{
	Param *param =
		makeParam(PARAM_EXTERN, pref->number, type, -1, get_typcollation(type));

	param->location = pref->location;
	return (Node *) param;
}

static Node *
fixed_paramref_hook(ParseState *pstate, const PgQuery__ParamRef *pref)
{
	FixedParamState *state = pstate->p_ref_hook_state;
	int n = pref->number;

	if (n <= 0 || n > state->numParams || !OidIsValid(state->paramTypes[n - 1]))
		error_no_parameter(pstate, pref);
	return make_param(pref, state->paramTypes[n - 1]);
}

/* The slot of $n; the array grows as numbers are met. */
static Oid *
param_slot(VarParamState *state, int n)
{
	if (n > *state->numParams)
	{
		Oid *types = palloc0_array(Oid, n);

		if (*state->numParams > 0)
		{
			memcpy(types, *state->paramTypes, *state->numParams * sizeof(Oid));
			pfree(*state->paramTypes);
		}
		*state->paramTypes = types;
		*state->numParams = n;
	}
	return &(*state->paramTypes)[n - 1];
}

static Node *
variable_paramref_hook(ParseState *pstate, const PgQuery__ParamRef *pref)
{
	Oid *slot;

	if (pref->number <= 0 || pref->number > MaxAllocSize / sizeof(Oid))
		error_no_parameter(pstate, pref);
	slot = param_slot(pstate->p_ref_hook_state, pref->number);
	if (*slot == InvalidOid)
		*slot = UNKNOWNOID;
	/* a declared type, or one that an earlier use told */
	return make_param(pref, *slot);
}

static Node *
variable_coerce_param_hook(ParseState *pstate, Param *param, Oid targetTypeId,
                           int32 targetTypeMod, int location)
{
	VarParamState *state = pstate->p_ref_hook_state;
	Oid *slot;

	if (param->paramkind != PARAM_EXTERN || param->paramtype != UNKNOWNOID)
		return NULL; /* coerced as any other expression */
	Assert(param->paramid > 0 && param->paramid <= *state->numParams);
	slot = param_slot(state, param->paramid);
	if (*slot == UNKNOWNOID)
		*slot = targetTypeId;
	else if (*slot != targetTypeId)
		ereport(ERROR, (errcode(ERRCODE_AMBIGUOUS_PARAMETER),
		                errmsg("inconsistent types deduced for parameter $%d",
		                       param->paramid),
		                errdetail("%s versus %s", format_type_be(*slot),
		                          format_type_be(targetTypeId)),
		                parser_errposition(pstate, param->location)));
	param->paramtype = targetTypeId;
	/* the typmod is applied by a coercion above: a value may have any */
	param->paramtypmod = -1;
	param->paramcollid = get_typcollation(targetTypeId);
	if (location >= 0 && (param->location < 0 || location < param->location))
		param->location = location;
	return (Node *) param;
}

void
setup_parse_fixed_parameters(ParseState *pstate, const Oid *paramTypes,
                             int numParams)
{
	FixedParamState *state = palloc_object(FixedParamState);

	state->paramTypes = paramTypes;
	state->numParams = numParams;
	pstate->p_ref_hook_state = state;
	pstate->p_paramref_hook = fixed_paramref_hook;
}

void
setup_parse_variable_parameters(ParseState *pstate, Oid **paramTypes,
                                int *numParams)
{
	VarParamState *state = palloc_object(VarParamState);

	state->paramTypes = paramTypes;
	state->numParams = numParams;
	pstate->p_ref_hook_state = state;
	pstate->p_paramref_hook = variable_paramref_hook;
	pstate->p_coerce_param_hook = variable_coerce_param_hook;
}

static bool
check_parameter_walker(Node *node, void *context)
{
	ParseState *pstate = context;

	if (node == NULL)
		return false;
	if (IsA(node, Param) && ((Param *) node)->paramkind == PARAM_EXTERN)
	{
		Param *param = (Param *) node;
		Oid type = *param_slot(pstate->p_ref_hook_state, param->paramid);

		if (type != param->paramtype)
			ereport(ERROR,
			        (errcode(ERRCODE_AMBIGUOUS_PARAMETER),
			         errmsg("could not determine data type of parameter $%d",
			                param->paramid),
			         parser_errposition(pstate, param->location)));
		return false;
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, check_parameter_walker,
		                         context, 0);
	return expression_tree_walker(node, check_parameter_walker, context);
}

void
check_variable_parameters(ParseState *pstate, Query *query)
{
	VarParamState *state = pstate->p_ref_hook_state;

	/* without numbers there is nothing to find */
	if (*state->numParams > 0)
		query_tree_walker(query, check_parameter_walker, pstate, 0);
	for (int i = 0; i < *state->numParams; i++)
	{
		Oid type = (*state->paramTypes)[i];

		if (type == InvalidOid || type == UNKNOWNOID)
			ereport(ERROR,
			        (errcode(ERRCODE_INDETERMINATE_DATATYPE),
			         errmsg("could not determine data type of parameter $%d",
			                i + 1)));
	}
}

static bool
extern_params_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Param))
		return ((Param *) node)->paramkind == PARAM_EXTERN;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, extern_params_walker, context,
		                         0);
	return expression_tree_walker(node, extern_params_walker, context);
}

bool
query_contains_extern_params(Query *query)
{
	return query_tree_walker(query, extern_params_walker, NULL, 0);
}
