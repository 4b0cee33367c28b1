/*
 * parse_oper.c
 *		Which operator an expression means.
 *
 * First an operator that takes exactly the operand types, where an unknown
 * operand counts as the other's type; then the best of those that take them by
 * implicit coercion, as for functions.
 *
 * Corresponds to PostgreSQL's parser/parse_oper.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "parser/parse_func.h"
#include "parser/parse_oper.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* "integer <-> text", "- text" */
static char *
op_signature_string(List *op, char oprkind, Oid arg1, Oid arg2)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (oprkind != 'l')
		appendStringInfo(&buf, "%s ", format_type_be(arg1));
	appendStringInfoString(&buf, NameListToString(op));
	appendStringInfo(&buf, " %s", format_type_be(arg2));
	return buf.data;
}

static void
op_error(ParseState *pstate, List *op, char oprkind, Oid arg1, Oid arg2,
         FuncDetailCode fdresult, int location)
{
	if (fdresult == FUNCDETAIL_MULTIPLE)
		ereport(ERROR,
		        (errcode(ERRCODE_AMBIGUOUS_FUNCTION),
		         errmsg("operator is not unique: %s",
		                op_signature_string(op, oprkind, arg1, arg2)),
		         errhint("Could not choose a best candidate operator. You "
		                 "might need to add explicit type casts."),
		         parser_errposition(pstate, location)));
	ereport(ERROR,
	        (errcode(ERRCODE_UNDEFINED_FUNCTION),
	         errmsg("operator does not exist: %s",
	                op_signature_string(op, oprkind, arg1, arg2)),
	         oprkind == 'l'
	             ? errhint("No operator matches the given name and argument "
	                       "type. You might need to add an explicit type cast.")
	             : errhint("No operator matches the given name and argument "
	                       "types. You might need to add explicit type casts."),
	         parser_errposition(pstate, location)));
}

Oid
LookupOperName(ParseState *pstate, List *opername, Oid oprleft, Oid oprright,
               bool noError, int location)
{
	Oid result = OpernameGetOprid(opername, oprleft, oprright);

	if (!OidIsValid(result) && !noError)
		op_error(pstate, opername, OidIsValid(oprleft) ? 'b' : 'l', oprleft,
		         oprright, FUNCDETAIL_NOTFOUND, location);
	return result;
}

static Oid
binary_oper_exact(List *opname, Oid arg1, Oid arg2)
{
	bool was_unknown = false;
	Oid result;

	if (arg1 == UNKNOWNOID && arg2 != InvalidOid)
	{
		arg1 = arg2;
		was_unknown = true;
	}
	else if (arg2 == UNKNOWNOID && arg1 != InvalidOid)
	{
		arg2 = arg1;
		was_unknown = true;
	}
	result = OpernameGetOprid(opname, arg1, arg2);
	if (!OidIsValid(result) && was_unknown)
	{
		Oid basetype = getBaseType(arg1);

		if (basetype != arg1)
			result = OpernameGetOprid(opname, basetype, basetype);
	}
	return result;
}

/* The best of the candidates that take the operands by implicit coercion. */
static FuncDetailCode
oper_select_candidate(int nargs, Oid *input_typeids,
                      FuncCandidateList candidates, Oid *operOid)
{
	int ncandidates;

	ncandidates =
		func_match_argtypes(nargs, input_typeids, candidates, &candidates);
	*operOid = InvalidOid;
	if (ncandidates == 0)
		return FUNCDETAIL_NOTFOUND;
	if (ncandidates > 1)
	{
		candidates = func_select_candidate(nargs, input_typeids, candidates);
		if (candidates == NULL)
			return FUNCDETAIL_MULTIPLE;
	}
	*operOid = candidates->oid;
	return FUNCDETAIL_NORMAL;
}

/* ERROR with a position if there is no such schema */
static FuncCandidateList
operator_candidates(ParseState *pstate, List *opname, char oprkind,
                    int location)
{
	ParseCallbackState pcbstate;
	FuncCandidateList result;

	setup_parser_errposition_callback(&pcbstate, pstate, location);
	result = OpernameGetCandidates(opname, oprkind);
	cancel_parser_errposition_callback(&pcbstate);
	return result;
}

Oid
oper(ParseState *pstate, List *opname, Oid ltypeId, Oid rtypeId, bool noError,
     int location)
{
	FuncDetailCode fdresult = FUNCDETAIL_NOTFOUND;
	Oid operOid;

	operOid = binary_oper_exact(opname, ltypeId, rtypeId);
	if (!OidIsValid(operOid))
	{
		FuncCandidateList clist =
			operator_candidates(pstate, opname, 'b', location);

		if (clist != NULL)
		{
			Oid inputOids[2];

			/* an unspecified operand may be of any type */
			if (rtypeId == InvalidOid)
				rtypeId = ltypeId;
			else if (ltypeId == InvalidOid)
				ltypeId = rtypeId;
			inputOids[0] = ltypeId;
			inputOids[1] = rtypeId;
			fdresult = oper_select_candidate(2, inputOids, clist, &operOid);
		}
	}
	if (!OidIsValid(operOid) && !noError)
		op_error(pstate, opname, 'b', ltypeId, rtypeId, fdresult, location);
	return operOid;
}

Oid
left_oper(ParseState *pstate, List *op, Oid arg, bool noError, int location)
{
	FuncDetailCode fdresult = FUNCDETAIL_NOTFOUND;
	Oid operOid;

	operOid = OpernameGetOprid(op, InvalidOid, arg);
	if (!OidIsValid(operOid))
	{
		FuncCandidateList clist =
			operator_candidates(pstate, op, 'l', location);
		FuncCandidateList clisti;

		/* of a prefix operator the operand stands second: move it first */
		for (clisti = clist; clisti != NULL; clisti = clisti->next)
			clisti->args[0] = clisti->args[1];
		if (clist != NULL)
			fdresult = oper_select_candidate(1, &arg, clist, &operOid);
	}
	if (!OidIsValid(operOid) && !noError)
		op_error(pstate, op, 'l', InvalidOid, arg, fdresult, location);
	return operOid;
}

Oid
compatible_oper_opid(List *op, Oid arg1, Oid arg2, bool noError)
{
	Oid opno = oper(NULL, op, arg1, arg2, noError, -1);
	Oid left;
	Oid right;

	if (!OidIsValid(opno))
		return InvalidOid;
	op_input_types(opno, &left, &right);
	if (IsBinaryCoercible(arg1, left) && IsBinaryCoercible(arg2, right))
		return opno;
	if (!noError)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
		                errmsg("operator requires run-time type coercion: %s",
		                       op_signature_string(op, 'b', arg1, arg2))));
	return InvalidOid;
}

Expr *
make_op(ParseState *pstate, List *opname, Node *ltree, Node *rtree,
        Node *last_srf, int location)
{
	Oid ltypeId = exprType(ltree);
	Oid rtypeId = exprType(rtree);
	Oid actual_arg_types[2];
	Oid declared_arg_types[2];
	int nargs;
	List *args;
	Oid opno;
	Oid left;
	Oid right;
	OpExpr *result;

	if (rtree == NULL)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("postfix operators are not supported"),
		                parser_errposition(pstate, location)));
	if (ltree == NULL)
	{
		opno = left_oper(pstate, opname, rtypeId, false, location);
		op_input_types(opno, &left, &right);
		args = list_make1(rtree);
		actual_arg_types[0] = rtypeId;
		declared_arg_types[0] = right;
		nargs = 1;
	}
	else
	{
		opno = oper(pstate, opname, ltypeId, rtypeId, false, location);
		op_input_types(opno, &left, &right);
		args = list_make2(ltree, rtree);
		actual_arg_types[0] = ltypeId;
		actual_arg_types[1] = rtypeId;
		declared_arg_types[0] = left;
		declared_arg_types[1] = right;
		nargs = 2;
	}

	result = makeNode(OpExpr);
	result->opno = opno;
	result->opfuncid = get_opcode(opno);
	result->opresulttype =
		enforce_generic_type_consistency(actual_arg_types, declared_arg_types,
	                                     nargs, get_op_rettype(opno), false);
	make_fn_arguments(pstate, args, actual_arg_types, declared_arg_types);
	result->opretset = get_func_retset(result->opfuncid);
	result->opcollid = get_typcollation(result->opresulttype);
	result->inputcollid = select_input_collation(args);
	result->args = args;
	result->location = location;
	if (result->opretset && pstate != NULL)
	{
		check_srf_call_placement(pstate, last_srf, location);
		pstate->p_last_srf = (Node *) result;
	}
	return (Expr *) result;
}

Expr *
make_scalar_array_op(ParseState *pstate, List *opname, bool useOr, Node *ltree,
                     Node *rtree, int location)
{
	Oid ltypeId = exprType(ltree);
	Oid atypeId = exprType(rtree);
	Oid rtypeId = UNKNOWNOID;
	Oid opno;
	Oid actual_arg_types[2];
	Oid declared_arg_types[2];
	List *args = list_make2(ltree, rtree);
	ScalarArrayOpExpr *result;

	/* an array that is a literal is of what the operator wants */
	if (atypeId != UNKNOWNOID)
	{
		rtypeId = get_base_element_type(atypeId);
		if (!OidIsValid(rtypeId))
			ereport(ERROR,
			        (errcode(ERRCODE_WRONG_OBJECT_TYPE),
			         errmsg("op ANY/ALL (array) requires array on right side"),
			         parser_errposition(pstate, location)));
	}
	opno = oper(pstate, opname, ltypeId, rtypeId, false, location);
	actual_arg_types[0] = ltypeId;
	actual_arg_types[1] = rtypeId;
	op_input_types(opno, &declared_arg_types[0], &declared_arg_types[1]);
	if (enforce_generic_type_consistency(actual_arg_types, declared_arg_types,
	                                     2, get_op_rettype(opno),
	                                     false) != BOOLOID)
		ereport(
			ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
		     errmsg("op ANY/ALL (array) requires operator to yield boolean"),
		     parser_errposition(pstate, location)));
	if (get_func_retset(get_opcode(opno)))
		ereport(
			ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
		     errmsg("op ANY/ALL (array) requires operator not to return a set"),
		     parser_errposition(pstate, location)));
	/* back from the element to the array */
	declared_arg_types[1] = get_array_type(declared_arg_types[1]);
	if (!OidIsValid(declared_arg_types[1]))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("could not find array type for data type %s",
		                       format_type_be(rtypeId)),
		                parser_errposition(pstate, location)));
	actual_arg_types[1] = atypeId;
	if (atypeId != UNKNOWNOID && atypeId != declared_arg_types[1] &&
	    !can_coerce_type(1, &atypeId, &declared_arg_types[1],
	                     COERCION_IMPLICIT))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("casts of arrays from %s to %s are not "
		                       "supported",
		                       format_type_be(atypeId),
		                       format_type_be(declared_arg_types[1])),
		                parser_errposition(pstate, exprLocation(rtree))));
	make_fn_arguments(pstate, args, actual_arg_types, declared_arg_types);

	result = makeNode(ScalarArrayOpExpr);
	result->opno = opno;
	result->opfuncid = get_opcode(opno);
	result->useOr = useOr;
	result->inputcollid = select_input_collation(args);
	result->args = args;
	result->location = location;
	return (Expr *) result;
}
