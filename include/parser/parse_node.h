/*
 * parser/parse_node.h
 *		State of parse analysis of one query level, and error positions.
 *
 * A ParseState lives as long as the analysis of its SELECT, INSERT or DELETE;
 * sub-queries have their own, linked to it by parentParseState.  The range
 * table grows as FROM is analysed; p_namespace is what of it names can see.
 *
 * Corresponds to PostgreSQL's parser/parse_node.h.
 */
#ifndef PARSE_NODE_H
#define PARSE_NODE_H

#include "nodes/parsenodes.h"
#include "utils/relcache.h"

/* Which clause an expression stands in: what is allowed, and for messages. */
typedef enum ParseExprKind
{
	EXPR_KIND_NONE = 0,
	EXPR_KIND_OTHER,
	EXPR_KIND_JOIN_ON,
	EXPR_KIND_JOIN_USING,
	EXPR_KIND_FROM_SUBSELECT,
	EXPR_KIND_FROM_FUNCTION,
	EXPR_KIND_WHERE,
	EXPR_KIND_HAVING,
	EXPR_KIND_FILTER,
	EXPR_KIND_SELECT_TARGET,
	EXPR_KIND_INSERT_TARGET,
	EXPR_KIND_UPDATE_SOURCE,
	EXPR_KIND_UPDATE_TARGET,
	EXPR_KIND_GROUP_BY,
	EXPR_KIND_ORDER_BY,
	EXPR_KIND_DISTINCT_ON,
	EXPR_KIND_LIMIT,
	EXPR_KIND_OFFSET,
	EXPR_KIND_RETURNING,
	EXPR_KIND_VALUES,
	EXPR_KIND_VALUES_SINGLE,
	EXPR_KIND_COLUMN_DEFAULT,
	EXPR_KIND_INDEX_EXPRESSION,
	EXPR_KIND_INDEX_PREDICATE,
	EXPR_KIND_EXECUTE_PARAMETER
} ParseExprKind;

typedef struct ParseState ParseState;

/* $n was met; and a parameter of unknown type is coerced */
typedef Node *(*ParseParamRefHook)(ParseState *pstate,
                                   const PgQuery__ParamRef *pref);
typedef Node *(*CoerceParamHook)(ParseState *pstate, Param *param,
                                 Oid targetTypeId, int32 targetTypeMod,
                                 int location);

/* A column that a namespace item shows. */
typedef struct ParseNamespaceColumn
{
	int p_varno;
	AttrNumber p_varattno; /* 0: a dropped column */
	Oid p_vartype;
	int32 p_vartypmod;
	Oid p_varcollid;
} ParseNamespaceColumn;

/*
 * A range table entry as names see it; or the columns of a join, which has no
 * entry: they are those of the tables that it joins.
 */
typedef struct ParseNamespaceItem
{
	Alias *p_names;       /* table and column names */
	RangeTblEntry *p_rte; /* NULL: a join */
	int p_rtindex;
	ParseNamespaceColumn *p_nscolumns; /* as many as p_names has */
	bool p_rel_visible;                /* by its own name */
	bool p_cols_visible;               /* its columns without it */
} ParseNamespaceItem;

struct ParseState
{
	ParseState *parentParseState;
	const char *p_sourcetext; /* of the whole query string, or NULL */
	List *p_rtable;
	List *p_joinlist;           /* RangeTblRefs and JoinExprs of FROM */
	List *p_namespace;          /* ParseNamespaceItems */
	List *p_ctenamespace;       /* CommonTableExprs of this level */
	List *p_future_ctes;        /* names (char *) of those that come later */
	Relation p_target_relation; /* of INSERT, DELETE */
	ParseNamespaceItem *p_target_nsitem;
	ParseExprKind p_expr_kind;
	int p_next_resno;
	bool p_resolve_unknowns; /* unknown output columns become text */
	bool p_hasAggs;
	bool p_hasSubLinks;
	bool p_hasTargetSRFs;
	Node *p_last_srf; /* latest set-returning call, to see nesting */
	ParseParamRefHook p_paramref_hook;
	CoerceParamHook p_coerce_param_hook;
	void *p_ref_hook_state;
};

extern ParseState *make_parsestate(ParseState *parentParseState);
/* closes the target relation, keeping its lock */
extern void free_parsestate(ParseState *pstate);

/*
 * For ereport: the cursor position of a byte offset in the query text.
 * Nothing happens if it is not known or pstate is NULL.
 */
extern int parser_errposition(ParseState *pstate, int location);

/* While set, errors (but cancellation) get this position. */
typedef struct ParseCallbackState
{
	ParseState *pstate;
	int location;
	ErrorContextCallback errcallback;
} ParseCallbackState;

extern void setup_parser_errposition_callback(ParseCallbackState *pcbstate,
                                              ParseState *pstate, int location);
extern void cancel_parser_errposition_callback(ParseCallbackState *pcbstate);

/* A literal: int4, int8 or numeric by size; text is of type unknown. */
extern Const *make_const(ParseState *pstate, const PgQuery__AConst *aconst);

#endif /* PARSE_NODE_H */
