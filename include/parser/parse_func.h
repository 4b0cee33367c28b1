/*
 * parser/parse_func.h
 *		Which function a call means.
 *
 * Corresponds to PostgreSQL's parser/parse_func.h.
 */
#ifndef PARSE_FUNC_H
#define PARSE_FUNC_H

#include "catalog/namespace.h"
#include "parser/parse_node.h"

typedef enum
{
	FUNCDETAIL_NOTFOUND,
	FUNCDETAIL_MULTIPLE,
	FUNCDETAIL_NORMAL,
	FUNCDETAIL_AGGREGATE,
	FUNCDETAIL_COERCION /* name(x) is a cast to the type of that name */
} FuncDetailCode;

/* A FuncExpr, an Aggref or a cast; fn is NULL for calls that nobody wrote. */
extern Node *
ParseFuncOrColumn(ParseState *pstate, List *funcname, List *fargs,
                  Node *last_srf, const PgQuery__FuncCall *fn, int location);
extern FuncDetailCode
func_get_detail(List *funcname, List *fargs, int nargs, Oid *argtypes,
                Oid *funcid, Oid *rettype, bool *retset, Oid **true_typeids);
extern int func_match_argtypes(int nargs, Oid *input_typeids,
                               FuncCandidateList raw_candidates,
                               FuncCandidateList *candidates);
extern FuncCandidateList func_select_candidate(int nargs, Oid *input_typeids,
                                               FuncCandidateList candidates);
extern const char *
func_signature_string(List *funcname, int nargs, const Oid *argtypes);
extern void make_fn_arguments(ParseState *pstate, List *fargs,
                              Oid *actual_arg_types, Oid *declared_arg_types);
/* exact argument types; ERROR 42883 unless missing_ok */
extern Oid
LookupFuncName(List *funcname, int nargs, const Oid *argtypes, bool missing_ok);
extern void
check_srf_call_placement(ParseState *pstate, Node *last_srf, int location);
/* InvalidOid where no argument has one */
extern Oid select_input_collation(List *args);

#endif /* PARSE_FUNC_H */
