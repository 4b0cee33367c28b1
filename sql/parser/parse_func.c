/*
 * parse_func.c
 *		Which function a call means.
 *
 * An exact match of the argument types wins.  Else, with one argument, the
 * name of a type is a cast to it.  Else the candidates that take the arguments
 * by implicit coercion are narrowed: by the number of exact matches, by
 * preferred types, by the category that unknown arguments point to, and last
 * by taking unknown arguments for the type of the known ones.
 *
 * Corresponds to PostgreSQL's parser/parse_func.c.
 */
#include "postgres.h"

#include "catalog/pg_aggregate.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_agg.h"
#include "parser/parse_clause.h"
#include "parser/parse_coerce.h"
#include "parser/parse_expr.h"
#include "parser/parse_func.h"
#include "parser/parse_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* ---- choosing ---- */

int
func_match_argtypes(int nargs, Oid *input_typeids,
                    FuncCandidateList raw_candidates,
                    FuncCandidateList *candidates)
{
	FuncCandidateList current;
	FuncCandidateList next;
	int ncandidates = 0;

	*candidates = NULL;
	for (current = raw_candidates; current != NULL; current = next)
	{
		next = current->next;
		if (can_coerce_type(nargs, input_typeids, current->args,
		                    COERCION_IMPLICIT))
		{
			current->next = *candidates;
			*candidates = current;
			ncandidates++;
		}
	}
	return ncandidates;
}

/* Arguments that count towards a candidate's score. */
typedef bool (*arg_matches)(Oid declared, Oid actual, TYPCATEGORY category);

static bool
matches_exactly(Oid declared, Oid actual, TYPCATEGORY category)
{
	return declared == actual;
}

static bool
matches_or_is_preferred(Oid declared, Oid actual, TYPCATEGORY category)
{
	return declared == actual || IsPreferredType(category, declared);
}

/* Keep those with the highest score over the known arguments. */
static FuncCandidateList
keep_best(FuncCandidateList candidates, int nargs, const Oid *input_types,
          const TYPCATEGORY *categories, arg_matches matches, int *ncandidates)
{
	FuncCandidateList kept = NULL;
	FuncCandidateList *tail = &kept;
	int best = 0;

	*ncandidates = 0;
	for (FuncCandidateList c = candidates; c != NULL; c = c->next)
	{
		int score = 0;

		for (int i = 0; i < nargs; i++)
		{
			if (input_types[i] != UNKNOWNOID &&
			    matches(c->args[i], input_types[i], categories[i]))
				score++;
		}
		if (score > best || kept == NULL)
		{
			best = score;
			kept = NULL;
			tail = &kept;
			*ncandidates = 0;
		}
		else if (score < best)
			continue;
		*tail = c;
		tail = &c->next;
		(*ncandidates)++;
	}
	*tail = NULL;
	return kept;
}

/*
 * The category an unknown argument should have: that of the candidates if they
 * agree, else string if one of them takes a string.  False if there is none.
 */
static bool
unknown_category(FuncCandidateList candidates, int i, TYPCATEGORY *category,
                 bool *has_preferred)
{
	bool have_conflict = false;

	*category = TYPCATEGORY_INVALID;
	*has_preferred = false;
	for (FuncCandidateList c = candidates; c != NULL; c = c->next)
	{
		TYPCATEGORY current;
		bool preferred;

		get_type_category_preferred(c->args[i], &current, &preferred);
		if (*category == TYPCATEGORY_INVALID)
		{
			*category = current;
			*has_preferred = preferred;
		}
		else if (current == *category)
			*has_preferred |= preferred;
		else if (current == TYPCATEGORY_STRING)
		{
			*category = current;
			*has_preferred = preferred;
		}
		else
			have_conflict = true;
	}
	return !have_conflict || *category == TYPCATEGORY_STRING;
}

/* Drop candidates whose arguments are not what the unknowns point to. */
static FuncCandidateList
keep_categories(FuncCandidateList candidates, int nargs, const Oid *input_types,
                const TYPCATEGORY *categories, const bool *has_preferred,
                int *ncandidates)
{
	FuncCandidateList kept = NULL;
	FuncCandidateList *tail = &kept;
	FuncCandidateList next;
	FuncCandidateList first = candidates;
	int n = 0;

	for (FuncCandidateList c = candidates; c != NULL; c = next)
	{
		bool keepit = true;

		next = c->next;
		for (int i = 0; i < nargs && keepit; i++)
		{
			TYPCATEGORY current;
			bool preferred;

			if (input_types[i] != UNKNOWNOID)
				continue;
			get_type_category_preferred(c->args[i], &current, &preferred);
			if (current != categories[i] || (has_preferred[i] && !preferred))
				keepit = false;
		}
		if (keepit)
			n++;
	}
	if (n == 0)
		return first; /* all or none: no help */
	for (FuncCandidateList c = candidates; c != NULL; c = next)
	{
		bool keepit = true;

		next = c->next;
		for (int i = 0; i < nargs && keepit; i++)
		{
			TYPCATEGORY current;
			bool preferred;

			if (input_types[i] != UNKNOWNOID)
				continue;
			get_type_category_preferred(c->args[i], &current, &preferred);
			if (current != categories[i] || (has_preferred[i] && !preferred))
				keepit = false;
		}
		if (keepit)
		{
			*tail = c;
			tail = &c->next;
		}
	}
	*tail = NULL;
	*ncandidates = n;
	return kept;
}

FuncCandidateList
func_select_candidate(int nargs, Oid *input_typeids,
                      FuncCandidateList candidates)
{
	Oid input_base_typeids[FUNC_MAX_ARGS];
	TYPCATEGORY slot_category[FUNC_MAX_ARGS];
	bool slot_has_preferred_type[FUNC_MAX_ARGS];
	Oid known_type = InvalidOid;
	FuncCandidateList match = NULL;
	int ncandidates;
	int nunknowns = 0;
	bool resolved_unknowns = true;

	if (nargs > FUNC_MAX_ARGS)
		ereport(ERROR,
		        (errcode(ERRCODE_TOO_MANY_ARGUMENTS),
		         errmsg("cannot pass more than %d arguments to a function",
		                FUNC_MAX_ARGS)));
	for (int i = 0; i < nargs; i++)
	{
		if (input_typeids[i] == UNKNOWNOID)
		{
			input_base_typeids[i] = UNKNOWNOID;
			nunknowns++;
		}
		else
			input_base_typeids[i] = getBaseType(input_typeids[i]);
		slot_category[i] = TypeCategory(input_base_typeids[i]);
		slot_has_preferred_type[i] = false;
	}

	candidates = keep_best(candidates, nargs, input_base_typeids, slot_category,
	                       matches_exactly, &ncandidates);
	if (ncandidates == 1)
		return candidates;
	candidates = keep_best(candidates, nargs, input_base_typeids, slot_category,
	                       matches_or_is_preferred, &ncandidates);
	if (ncandidates == 1)
		return candidates;
	if (nunknowns == 0)
		return NULL;

	for (int i = 0; i < nargs; i++)
	{
		if (input_base_typeids[i] == UNKNOWNOID &&
		    !unknown_category(candidates, i, &slot_category[i],
		                      &slot_has_preferred_type[i]))
		{
			resolved_unknowns = false;
			break;
		}
	}
	if (resolved_unknowns)
	{
		candidates = keep_categories(candidates, nargs, input_base_typeids,
		                             slot_category, slot_has_preferred_type,
		                             &ncandidates);
		if (ncandidates == 1)
			return candidates;
	}

	/* the unknowns may be of the type that all the known ones are */
	if (nunknowns == nargs)
		return NULL;
	for (int i = 0; i < nargs; i++)
	{
		if (input_base_typeids[i] == UNKNOWNOID)
			continue;
		if (known_type == InvalidOid)
			known_type = input_base_typeids[i];
		else if (known_type != input_base_typeids[i])
			return NULL;
	}
	for (int i = 0; i < nargs; i++)
		input_base_typeids[i] = known_type;
	for (FuncCandidateList c = candidates; c != NULL; c = c->next)
	{
		if (!can_coerce_type(nargs, input_base_typeids, c->args,
		                     COERCION_IMPLICIT))
			continue;
		if (match != NULL)
			return NULL;
		match = c;
	}
	if (match != NULL)
		match->next = NULL;
	return match;
}

/* The type that name(x) may cast to, or InvalidOid. */
static Oid
FuncNameAsType(List *funcname)
{
	Type typtup =
		LookupTypeName(NULL, makeTypeNameFromNameList(funcname), NULL, true);

	if (typtup == NULL || !typtup->typisdefined || OidIsValid(typtup->typrelid))
		return InvalidOid;
	return typeTypeId(typtup);
}

/* Is name(x) a cast that needs no function, or one through text? */
static bool
is_coercion_call(Oid targetType, Oid sourceType)
{
	Oid funcid;

	if (sourceType == UNKNOWNOID)
		return true;
	switch (find_coercion_pathway(targetType, sourceType, COERCION_EXPLICIT,
	                              &funcid))
	{
		case COERCION_PATH_RELABELTYPE:
		case COERCION_PATH_COERCEVIAIO:
			return true;
		default:
			return false;
	}
}

FuncDetailCode
func_get_detail(List *funcname, List *fargs, int nargs, Oid *argtypes,
                Oid *funcid, Oid *rettype, bool *retset, Oid **true_typeids)
{
	FuncCandidateList raw_candidates;
	FuncCandidateList best;

	*funcid = InvalidOid;
	*rettype = InvalidOid;
	*retset = false;
	*true_typeids = NULL;

	raw_candidates = FuncnameGetCandidates(funcname, nargs, true);
	for (best = raw_candidates; best != NULL; best = best->next)
	{
		if (nargs == 0 ||
		    memcmp(argtypes, best->args, nargs * sizeof(Oid)) == 0)
			break;
	}
	if (best == NULL)
	{
		FuncCandidateList current;
		int ncandidates;

		if (nargs == 1 && fargs != NIL)
		{
			Oid targetType = FuncNameAsType(funcname);

			if (OidIsValid(targetType) &&
			    is_coercion_call(targetType, argtypes[0]))
			{
				*rettype = targetType;
				*true_typeids = argtypes;
				return FUNCDETAIL_COERCION;
			}
		}
		ncandidates =
			func_match_argtypes(nargs, argtypes, raw_candidates, &current);
		if (ncandidates == 1)
			best = current;
		else if (ncandidates > 1)
		{
			best = func_select_candidate(nargs, argtypes, current);
			if (best == NULL)
				return FUNCDETAIL_MULTIPLE;
		}
	}
	if (best == NULL)
		return FUNCDETAIL_NOTFOUND;
	if (!OidIsValid(best->oid))
		return FUNCDETAIL_MULTIPLE;

	*funcid = best->oid;
	*true_typeids = best->args;
	*rettype = get_func_rettype(best->oid);
	*retset = get_func_retset(best->oid);
	return get_func_prokind(best->oid) == PROKIND_AGGREGATE
	           ? FUNCDETAIL_AGGREGATE
	           : FUNCDETAIL_NORMAL;
}

const char *
func_signature_string(List *funcname, int nargs, const Oid *argtypes)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "%s(", NameListToString(funcname));
	for (int i = 0; i < nargs; i++)
		appendStringInfo(&buf, "%s%s", i ? ", " : "",
		                 format_type_be(argtypes[i]));
	appendStringInfoChar(&buf, ')');
	return buf.data;
}

Oid
LookupFuncName(List *funcname, int nargs, const Oid *argtypes, bool missing_ok)
{
	FuncCandidateList c;

	for (c = FuncnameGetCandidates(funcname, nargs, false); c != NULL;
	     c = c->next)
	{
		if (nargs <= 0 || memcmp(argtypes, c->args, nargs * sizeof(Oid)) == 0)
			return c->oid;
	}
	if (!missing_ok)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
		                errmsg("function %s does not exist",
		                       func_signature_string(funcname, Max(nargs, 0),
		                                             argtypes))));
	return InvalidOid;
}

/* ---- calling ---- */

void
make_fn_arguments(ParseState *pstate, List *fargs, Oid *actual_arg_types,
                  Oid *declared_arg_types)
{
	ListCell *lc;
	int i = 0;

	foreach (lc, fargs)
	{
		if (actual_arg_types[i] != declared_arg_types[i])
			lfirst(lc) = coerce_type(
				pstate, lfirst(lc), actual_arg_types[i], declared_arg_types[i],
				-1, COERCION_IMPLICIT, COERCE_IMPLICIT_CAST, -1);
		i++;
	}
}

Oid
select_input_collation(List *args)
{
	ListCell *lc;

	foreach (lc, args)
	{
		Oid collation = exprCollation(lfirst(lc));

		if (OidIsValid(collation))
			return collation;
	}
	return InvalidOid;
}

void
check_srf_call_placement(ParseState *pstate, Node *last_srf, int location)
{
	switch (pstate->p_expr_kind)
	{
		case EXPR_KIND_FROM_FUNCTION:
			if (pstate->p_last_srf != last_srf)
				ereport(ERROR,
				        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				         errmsg("set-returning functions must appear at top "
				                "level of FROM"),
				         parser_errposition(pstate,
				                            exprLocation(pstate->p_last_srf))));
			break;
		case EXPR_KIND_SELECT_TARGET:
		case EXPR_KIND_INSERT_TARGET:
		case EXPR_KIND_GROUP_BY:
		case EXPR_KIND_ORDER_BY:
		case EXPR_KIND_DISTINCT_ON:
			pstate->p_hasTargetSRFs = true;
			break;
		case EXPR_KIND_JOIN_ON:
		case EXPR_KIND_JOIN_USING:
		case EXPR_KIND_INDEX_EXPRESSION:
		case EXPR_KIND_INDEX_PREDICATE:
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("set-returning functions are not allowed in %s",
			                ParseExprKindPlace(pstate->p_expr_kind)),
			         parser_errposition(pstate, location)));
			break;
		default:
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("set-returning functions are not allowed in %s",
			                ParseExprKindName(pstate->p_expr_kind)),
			         parser_errposition(pstate, location)));
	}
}

/* What a written call may ask for that only an aggregate has. */
static void
check_not_aggregate(ParseState *pstate, List *funcname,
                    const PgQuery__FuncCall *fn, int location)
{
	const char *what;

	if (fn == NULL)
		return;
	if (fn->agg_star)
		ereport(ERROR,
		        (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		         errmsg("%s(*) specified, but %s is not an aggregate function",
		                NameListToString(funcname), NameListToString(funcname)),
		         parser_errposition(pstate, location)));
	if (fn->agg_distinct)
		what = "DISTINCT";
	else if (fn->n_agg_order > 0)
		what = "ORDER BY";
	else if (fn->agg_filter != NULL)
		what = "FILTER";
	else
		return;
	ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
	                errmsg("%s specified, but %s is not an aggregate function",
	                       what, NameListToString(funcname)),
	                parser_errposition(pstate, location)));
}

static void
check_call_supported(ParseState *pstate, const PgQuery__FuncCall *fn,
                     int location)
{
	const char *what = NULL;

	if (fn == NULL)
		return;
	if (fn->over != NULL)
		what = "window functions are not supported";
	else if (fn->agg_within_group)
		what = "WITHIN GROUP is not supported";
	else if (fn->n_agg_order > 0)
		what = "ORDER BY in an aggregate is not supported";
	else if (fn->func_variadic)
		what = "VARIADIC arguments are not supported";
	if (what != NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("%s", what),
		         parser_errposition(pstate, location)));
}

static Node *
make_aggref(ParseState *pstate, List *funcname, Oid funcid, Oid rettype,
            List *fargs, const Oid *declared, const PgQuery__FuncCall *fn,
            int location)
{
	Aggref *aggref = makeNode(Aggref);
	Form_pg_aggregate form = GetAggregateForm(funcid);
	int nargs = list_length(fargs);

	if (form == NULL)
		elog(ERROR, "cache lookup failed for aggregate %u", funcid);
	if (nargs == 0 && (fn == NULL || !fn->agg_star))
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("%s(*) must be used to call a parameterless "
		                       "aggregate function",
		                       NameListToString(funcname)),
		                parser_errposition(pstate, location)));
	aggref->aggfnoid = funcid;
	aggref->aggtype = rettype;
	aggref->aggcollid = get_typcollation(rettype);
	aggref->inputcollid = select_input_collation(fargs);
	aggref->aggtranstype = form->aggtranstype;
	if (IsPolymorphicType(aggref->aggtranstype) && nargs > 0)
		aggref->aggtranstype = declared[0];
	for (int i = 0; i < nargs; i++)
		aggref->aggargtypes = lappend_oid(aggref->aggargtypes, declared[i]);
	aggref->aggstar = fn != NULL && fn->agg_star;
	aggref->aggno = -1;
	aggref->location = location;
	for (int i = 0; i < nargs; i++)
	{
		if (expression_returns_set(list_nth(fargs, i)))
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("aggregate function calls cannot contain "
			                       "set-returning function calls"),
			                parser_errposition(
								pstate, exprLocation(list_nth(fargs, i)))));
	}
	if (fn != NULL && fn->agg_filter != NULL)
		aggref->aggfilter = (Expr *) transformWhereClause(
			pstate, fn->agg_filter, EXPR_KIND_FILTER, "FILTER");
	transformAggregateCall(pstate, aggref, fargs,
	                       fn != NULL && fn->agg_distinct);
	return (Node *) aggref;
}

Node *
ParseFuncOrColumn(ParseState *pstate, List *funcname, List *fargs,
                  Node *last_srf, const PgQuery__FuncCall *fn, int location)
{
	int nargs = list_length(fargs);
	Oid actual_arg_types[FUNC_MAX_ARGS];
	Oid declared_arg_types[FUNC_MAX_ARGS];
	Oid *true_typeids;
	FuncDetailCode fdresult;
	Oid funcid;
	Oid rettype;
	bool retset;
	FuncExpr *funcexpr;
	ParseCallbackState pcbstate;

	check_call_supported(pstate, fn, location);
	if (nargs > FUNC_MAX_ARGS)
		ereport(ERROR,
		        (errcode(ERRCODE_TOO_MANY_ARGUMENTS),
		         errmsg("cannot pass more than %d arguments to a function",
		                FUNC_MAX_ARGS),
		         parser_errposition(pstate, location)));
	for (int i = 0; i < nargs; i++)
		actual_arg_types[i] = exprType(list_nth(fargs, i));

	setup_parser_errposition_callback(&pcbstate, pstate, location);
	fdresult = func_get_detail(funcname, fargs, nargs, actual_arg_types,
	                           &funcid, &rettype, &retset, &true_typeids);
	cancel_parser_errposition_callback(&pcbstate);
	switch (fdresult)
	{
		case FUNCDETAIL_COERCION:
			check_not_aggregate(pstate, funcname, fn, location);
			return coerce_type(pstate, linitial(fargs), actual_arg_types[0],
			                   rettype, -1, COERCION_EXPLICIT,
			                   COERCE_EXPLICIT_CALL, location);
		case FUNCDETAIL_MULTIPLE:
			ereport(ERROR,
			        (errcode(ERRCODE_AMBIGUOUS_FUNCTION),
			         errmsg("function %s is not unique",
			                func_signature_string(funcname, nargs,
			                                      actual_arg_types)),
			         errhint("Could not choose a best candidate function. You "
			                 "might need to add explicit type casts."),
			         parser_errposition(pstate, location)));
			break;
		case FUNCDETAIL_NOTFOUND:
			ereport(ERROR,
			        (errcode(ERRCODE_UNDEFINED_FUNCTION),
			         errmsg("function %s does not exist",
			                func_signature_string(funcname, nargs,
			                                      actual_arg_types)),
			         errhint("No function matches the given name and argument "
			                 "types. You might need to add explicit type "
			                 "casts."),
			         parser_errposition(pstate, location)));
			break;
		default:
			break;
	}

	if (fdresult != FUNCDETAIL_AGGREGATE)
		check_not_aggregate(pstate, funcname, fn, location);
	for (int i = 0; i < nargs; i++)
		declared_arg_types[i] = true_typeids[i];
	rettype = enforce_generic_type_consistency(
		actual_arg_types, declared_arg_types, nargs, rettype, false);
	make_fn_arguments(pstate, fargs, actual_arg_types, declared_arg_types);
	if (fdresult == FUNCDETAIL_AGGREGATE)
		return make_aggref(pstate, funcname, funcid, rettype, fargs,
		                   declared_arg_types, fn, location);

	if (get_func_prokind(funcid) != PROKIND_FUNCTION)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("%s is not a plain function",
		                       NameListToString(funcname)),
		                parser_errposition(pstate, location)));
	if (retset)
		check_srf_call_placement(pstate, last_srf, location);
	funcexpr =
		makeFuncExpr(funcid, rettype, fargs, get_typcollation(rettype),
	                 select_input_collation(fargs), COERCE_EXPLICIT_CALL);
	if (fn != NULL &&
	    fn->funcformat == PG_QUERY__COERCION_FORM__COERCE_SQL_SYNTAX)
		funcexpr->funcformat = COERCE_SQL_SYNTAX;
	funcexpr->funcretset = retset;
	funcexpr->location = location;
	if (retset)
		pstate->p_last_srf = (Node *) funcexpr;
	return (Node *) funcexpr;
}
