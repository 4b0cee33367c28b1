/*
 * parser/parse_coerce.h
 *		Type coercion.  Implicit coercions are few, assignment allows more,
 *		an explicit cast the most; unknown literals go to any type by its
 *		input function.
 *
 * Corresponds to PostgreSQL's parser/parse_coerce.h.
 */
#ifndef PARSE_COERCE_H
#define PARSE_COERCE_H

#include "parser/parse_node.h"

/* pg_type.typcategory */
typedef char TYPCATEGORY;

typedef enum CoercionPathType
{
	COERCION_PATH_NONE,
	COERCION_PATH_FUNC,
	COERCION_PATH_RELABELTYPE,
	COERCION_PATH_ARRAYCOERCE,
	COERCION_PATH_COERCEVIAIO
} CoercionPathType;

extern bool IsBinaryCoercible(Oid srctype, Oid targettype);
extern bool IsPreferredType(TYPCATEGORY category, Oid type);
extern TYPCATEGORY TypeCategory(Oid type);

/* NULL if there is no such coercion */
extern Node *coerce_to_target_type(ParseState *pstate, Node *expr, Oid exprtype,
                                   Oid targettype, int32 targettypmod,
                                   CoercionContext ccontext,
                                   CoercionForm cformat, int location);
extern bool
can_coerce_type(int nargs, const Oid *input_typeids, const Oid *target_typeids,
                CoercionContext ccontext);
/* the caller asked can_coerce_type; does not apply the typmod, but to literals */
extern Node *
coerce_type(ParseState *pstate, Node *node, Oid inputTypeId, Oid targetTypeId,
            int32 targetTypeMod, CoercionContext ccontext, CoercionForm cformat,
            int location);
extern Node *
coerce_to_boolean(ParseState *pstate, Node *node, const char *constructName);
extern Node *
coerce_to_specific_type(ParseState *pstate, Node *node, Oid targetTypeId,
                        const char *constructName);
extern int parser_coercion_errposition(ParseState *pstate, int coerce_location,
                                       Node *input_expr);
/* Common type of CASE, COALESCE, VALUES, IN; context NULL: InvalidOid if none. */
extern Oid select_common_type(ParseState *pstate, List *exprs,
                              const char *context, Node **which_expr);
extern int32
select_common_typmod(ParseState *pstate, List *exprs, Oid common_type);
extern Node *coerce_to_common_type(ParseState *pstate, Node *node,
                                   Oid targetTypeId, const char *context);
/* Result type of a call with polymorphic arguments; makes the types exact. */
extern Oid enforce_generic_type_consistency(const Oid *actual_arg_types,
                                            Oid *declared_arg_types, int nargs,
                                            Oid rettype, bool allow_poly);
extern CoercionPathType
find_coercion_pathway(Oid targetTypeId, Oid sourceTypeId,
                      CoercionContext ccontext, Oid *funcid);
/* the function that applies a typmod (varchar(n), vector(n)), if any */
extern CoercionPathType find_typmod_coercion_function(Oid typeId, Oid *funcid);

#endif /* PARSE_COERCE_H */
