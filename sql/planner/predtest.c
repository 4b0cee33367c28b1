/*
 * predtest.c
 *		Does one condition follow from another?
 *
 * Asked of partial indexes: an index serves a query if its predicate P follows
 * from the query's conditions C, that is if P is true of every row of which C
 * is.  The answer "no" may be wrong, "yes" may not.
 *
 * Conditions are taken apart along AND and OR; what is left are atoms.  An array
 * of constants or expressions that a value is compared with (x = ANY, x <> ALL)
 * is an OR or an AND too, of one comparison per element, if it is not too long.
 *
 *		C		P		P follows if
 *		any		AND		each part of P follows from C
 *		OR		any		P follows from each part of C, or, if P is an OR, each
 *						part of C makes a part of P true
 *		AND		OR		a part of P follows from C, or P from a part of C
 *		atom	OR		a part of P follows from C
 *		AND		atom	P follows from a part of C
 *		atom	atom	see atom_implied_by_atom
 *
 * Of atoms: equal ones; P says that an expression is not NULL, and C cannot be
 * true if it is; both compare the same expression with constants, by operators
 * of a btree operator family, and the constants are such that one comparison
 * follows from the other.  The last is found out by comparing the constants,
 * with an operator of the same family.
 *
 * Corresponds to predicate_implied_by (strong implication) of PostgreSQL's
 * optimizer/util/predtest.c.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

/* a longer array is an atom: the search is quadratic */
#define MAX_SAOP_ARRAY_SIZE 100

typedef enum ClauseClass
{
	CLASS_ATOM,
	CLASS_AND,
	CLASS_OR
} ClauseClass;

static bool implied_by(Node *predicate, Node *clause);

/* ------------------------------------------------------------------------
 *		Parts
 * ------------------------------------------------------------------------
 */

static Node *
strip_relabel(Node *node)
{
	while (node != NULL && IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	return node;
}

/* The array's elements as expressions; false: they are not known, or many. */
static bool
array_elements(Node *array, List **elements)
{
	Const *con = (Const *) array;
	ArrayType *value;
	Oid elemtype;
	int16 elemlen;
	bool elembyval;
	char elemalign;
	Datum *datums;
	bool *nulls;
	int n;

	*elements = NIL;
	if (array == NULL)
		return false;
	if (IsA(array, ArrayExpr) && !((ArrayExpr *) array)->multidims)
	{
		*elements = ((ArrayExpr *) array)->elements;
		return list_length(*elements) <= MAX_SAOP_ARRAY_SIZE;
	}
	if (!IsA(array, Const) || con->constisnull)
		return false;
	value = DatumGetArrayTypeP(con->constvalue);
	if (ArrayGetNItems(ARR_NDIM(value), ARR_DIMS(value)) > MAX_SAOP_ARRAY_SIZE)
		return false;
	elemtype = ARR_ELEMTYPE(value);
	get_typlenbyvalalign(elemtype, &elemlen, &elembyval, &elemalign);
	deconstruct_array(value, elemtype, elemlen, elembyval, elemalign, &datums,
	                  &nulls, &n);
	for (int i = 0; i < n; i++)
		*elements = lappend(*elements,
		                    makeConst(elemtype, -1, con->constcollid, elemlen,
		                              datums[i], nulls[i], elembyval));
	return true;
}

/* The clause's class and its parts; an atom has none. */
static ClauseClass
classify(Node *clause, List **parts)
{
	*parts = NIL;
	if (IsA(clause, List))
	{
		*parts = (List *) clause;
		return CLASS_AND;
	}
	if (is_andclause(clause) || is_orclause(clause))
	{
		*parts = ((BoolExpr *) clause)->args;
		return is_andclause(clause) ? CLASS_AND : CLASS_OR;
	}
	if (IsA(clause, ScalarArrayOpExpr))
	{
		ScalarArrayOpExpr *saop = (ScalarArrayOpExpr *) clause;
		List *elements;
		ListCell *lc;

		if (!array_elements(strip_relabel(lsecond(saop->args)), &elements))
			return CLASS_ATOM;
		foreach (lc, elements)
		{
			OpExpr *op = (OpExpr *) make_opclause(
				saop->opno, BOOLOID, false, linitial(saop->args), lfirst(lc),
				InvalidOid, saop->inputcollid);

			op->opfuncid = saop->opfuncid;
			*parts = lappend(*parts, op);
		}
		return saop->useOr ? CLASS_OR : CLASS_AND;
	}
	return CLASS_ATOM;
}

/* ------------------------------------------------------------------------
 *		IS NOT NULL
 * ------------------------------------------------------------------------
 */

static bool strict_for(Node *clause, Node *subexpr, bool allow_false);

static bool
any_strict_for(List *args, Node *subexpr)
{
	ListCell *lc;

	foreach (lc, args)
	{
		if (strict_for(lfirst(lc), subexpr, false))
			return true;
	}
	return false;
}

/* An array that is known to have an element. */
static bool
has_elements(Node *array)
{
	List *elements;
	Const *con = (Const *) array;

	if (IsA(array, Const) && !con->constisnull)
	{
		ArrayType *value = DatumGetArrayTypeP(con->constvalue);

		return ArrayGetNItems(ARR_NDIM(value), ARR_DIMS(value)) > 0;
	}
	return IsA(array, ArrayExpr) && array_elements(array, &elements) &&
	       elements != NIL;
}

/*
 * Is the clause NULL, or, if allow_false, NULL or false, whenever the
 * subexpression is NULL?
 */
static bool
strict_for(Node *clause, Node *subexpr, bool allow_false)
{
	clause = strip_relabel(clause);
	if (clause == NULL)
		return false;
	check_stack_depth();
	if (equal(clause, subexpr))
		return true;
	switch (nodeTag(clause))
	{
		case T_OpExpr:
			return op_strict(((OpExpr *) clause)->opno) &&
			       any_strict_for(((OpExpr *) clause)->args, subexpr);
		case T_FuncExpr:
			return func_strict(((FuncExpr *) clause)->funcid) &&
			       any_strict_for(((FuncExpr *) clause)->args, subexpr);
		case T_CoerceViaIO:
			return strict_for((Node *) ((CoerceViaIO *) clause)->arg, subexpr,
			                  false);
		case T_ArrayCoerceExpr:
			return strict_for((Node *) ((ArrayCoerceExpr *) clause)->arg,
			                  subexpr, false);
		case T_ScalarArrayOpExpr:
		{
			ScalarArrayOpExpr *saop = (ScalarArrayOpExpr *) clause;
			Node *array = lsecond(saop->args);

			/* of no elements ANY is false and ALL true, also for a NULL */
			if (op_strict(saop->opno) &&
			    strict_for(linitial(saop->args), subexpr, false) &&
			    ((allow_false && saop->useOr) ||
			     has_elements(strip_relabel(array))))
				return true;
			return strict_for(array, subexpr, false);
		}
		case T_Const:
			return ((Const *) clause)->constisnull;
		default:
			return false;
	}
}

/* ------------------------------------------------------------------------
 *		Comparisons
 * ------------------------------------------------------------------------
 */

#define NE (BTMaxStrategyNumber + 1)
#define LT BTLessStrategyNumber
#define LE BTLessEqualStrategyNumber
#define EQ BTEqualStrategyNumber
#define GE BTGreaterEqualStrategyNumber
#define GT BTGreaterStrategyNumber

/*
 * [C][P]: `x C c` makes `x P p` true if `p test c`; 0: never.  Rows and columns
 * are LT, LE, EQ, GE, GT, NE.
 */
static const uint8 implication_tests[6][6] = {
	{GE, GE, 0, 0, 0, GE}, {GT, GE, 0, 0, 0, GT}, {GT, GE, EQ, LE, LT, NE},
	{0, 0, 0, LE, LT, LT}, {0, 0, 0, LE, LE, LE}, {0, 0, 0, 0, 0, EQ},
};

/* [C]: the P, as bits, for which `x C y` makes `x P y` true */
#define BIT(strategy) (1 << (strategy))
static const uint8 implications[6] = {
	BIT(LT) | BIT(LE) | BIT(NE), BIT(LE), BIT(EQ) | BIT(LE) | BIT(GE), BIT(GE),
	BIT(GT) | BIT(GE) | BIT(NE), BIT(NE),
};

/* What an operator is in a btree family; <> is the negator of its =. */
static Form_pg_amop
amop_of(Oid opno, Oid opfamily, int *strategy)
{
	Oid negator = get_negator(opno);
	Form_pg_amop as_ne = NULL;

	for (int i = 0; i < pg_amop_nrows; i++)
	{
		Form_pg_amop row = &pg_amop_rows[i];

		if (row->amopmethod != BTREE_AM_OID || row->amopfamily != opfamily ||
		    row->amoppurpose != AMOP_SEARCH)
			continue;
		if (row->amopopr == opno)
		{
			*strategy = row->amopstrategy;
			return row;
		}
		if (OidIsValid(negator) && row->amopopr == negator &&
		    row->amopstrategy == EQ)
			as_ne = row;
	}
	*strategy = NE;
	return as_ne;
}

/*
 * The next family, by its first row after *at, in which both are comparisons
 * with the same type on the left.
 */
static bool
next_common_family(Oid pred_op, Oid clause_op, int *at, Form_pg_amop *pred,
                   int *pred_strategy, Form_pg_amop *clause,
                   int *clause_strategy)
{
	Oid negator = get_negator(pred_op);

	for (; *at < pg_amop_nrows; (*at)++)
	{
		Form_pg_amop row = &pg_amop_rows[*at];

		if (row->amopmethod != BTREE_AM_OID ||
		    row->amoppurpose != AMOP_SEARCH ||
		    (row->amopopr != pred_op &&
		     (!OidIsValid(negator) || row->amopopr != negator)))
			continue;
		*pred = amop_of(pred_op, row->amopfamily, pred_strategy);
		*clause = amop_of(clause_op, row->amopfamily, clause_strategy);
		if (*pred == NULL || *clause == NULL ||
		    (*pred)->amoplefttype != (*clause)->amoplefttype)
			continue;
		(*at)++;
		return true;
	}
	return false;
}

/* `x clause_op y` and `x pred_op y` */
static bool
same_operands_proof(Oid pred_op, Oid clause_op)
{
	Form_pg_amop pred;
	Form_pg_amop clause;
	int pred_strategy;
	int clause_strategy;
	int at = 0;

	if (pred_op == clause_op)
		return true;
	while (next_common_family(pred_op, clause_op, &at, &pred, &pred_strategy,
	                          &clause, &clause_strategy))
	{
		if (pred->amoprighttype == clause->amoprighttype &&
		    (implications[clause_strategy - 1] & BIT(pred_strategy)))
			return op_volatile(pred_op) == PROVOLATILE_IMMUTABLE &&
			       op_volatile(clause_op) == PROVOLATILE_IMMUTABLE;
	}
	return false;
}

/* The operator that compares the constants, or InvalidOid. */
static Oid
test_operator(Oid pred_op, Oid clause_op)
{
	Form_pg_amop pred;
	Form_pg_amop clause;
	int pred_strategy;
	int clause_strategy;
	int at = 0;

	while (next_common_family(pred_op, clause_op, &at, &pred, &pred_strategy,
	                          &clause, &clause_strategy))
	{
		int test = implication_tests[clause_strategy - 1][pred_strategy - 1];
		Oid op;

		if (test == 0)
			continue;
		op = get_opfamily_member(pred->amopfamily, pred->amoprighttype,
		                         clause->amoprighttype,
		                         test == NE ? EQ : (int16) test);
		if (test == NE && OidIsValid(op))
			op = get_negator(op);
		if (OidIsValid(op) && op_volatile(op) == PROVOLATILE_IMMUTABLE)
			return op;
	}
	return InvalidOid;
}

/* `x clause_op c` and `x pred_op p` */
static bool
constants_proof(Oid pred_op, Const *pred_const, Oid clause_op,
                Const *clause_const, Oid collation)
{
	Oid op;
	Node *test;

	/* a strict operator and NULL: the clause is true of no row */
	if (clause_const->constisnull)
		return op_strict(clause_op);
	if (pred_const->constisnull)
		return false;
	op = test_operator(pred_op, clause_op);
	if (!OidIsValid(op))
		return false;
	test = eval_const_expressions(
		NULL,
		(Node *) make_opclause(op, BOOLOID, false, (Expr *) pred_const,
	                           (Expr *) clause_const, InvalidOid, collation));
	return IsA(test, Const) && !((Const *) test)->constisnull &&
	       DatumGetBool(((Const *) test)->constvalue);
}

/* Comparisons of the same expression; the operands may stand either way. */
static bool
comparison_proof(OpExpr *pred, OpExpr *clause)
{
	Node *pl = linitial(pred->args);
	Node *pr = lsecond(pred->args);
	Node *cl = linitial(clause->args);
	Node *cr = lsecond(clause->args);
	Oid pred_op = pred->opno;
	Oid clause_op = clause->opno;
	bool swap_pred = false;
	bool swap_clause = false;
	Node *swap;

	/* the common operand to the left */
	if (equal(pl, cl))
		;
	else if (equal(pr, cr))
		swap_pred = swap_clause = true;
	else if (equal(pl, cr))
		swap_clause = true;
	else if (equal(pr, cl))
		swap_pred = true;
	else
		return false;
	if (swap_pred)
	{
		swap = pl;
		pl = pr;
		pr = swap;
		pred_op = get_commutator(pred_op);
	}
	if (swap_clause)
	{
		swap = cl;
		cl = cr;
		cr = swap;
		clause_op = get_commutator(clause_op);
	}
	if (!OidIsValid(pred_op) || !OidIsValid(clause_op))
		return false;
	if (equal(pr, cr))
		return same_operands_proof(pred_op, clause_op);
	if (!IsA(pr, Const) || !IsA(cr, Const))
		return false;
	return constants_proof(pred_op, (Const *) pr, clause_op, (Const *) cr,
	                       pred->inputcollid);
}

/* ------------------------------------------------------------------------
 *		Proofs
 * ------------------------------------------------------------------------
 */

static bool
atom_implied_by_atom(Node *predicate, Node *clause)
{
	if (equal(predicate, clause))
		return true;
	if (IsA(predicate, NullTest))
	{
		NullTest *test = (NullTest *) predicate;

		return test->nulltesttype == IS_NOT_NULL && !test->argisrow &&
		       strict_for(clause, strip_relabel((Node *) test->arg), true);
	}
	if (IsA(predicate, OpExpr) && IsA(clause, OpExpr) &&
	    list_length(((OpExpr *) predicate)->args) == 2 &&
	    list_length(((OpExpr *) clause)->args) == 2 &&
	    ((OpExpr *) predicate)->inputcollid == ((OpExpr *) clause)->inputcollid)
		return comparison_proof((OpExpr *) predicate, (OpExpr *) clause);
	return false;
}

static bool
any_part_implied_by(List *predicates, Node *clause)
{
	ListCell *lc;

	foreach (lc, predicates)
	{
		if (implied_by(lfirst(lc), clause))
			return true;
	}
	return false;
}

static bool
implied_by_any_part(Node *predicate, List *clauses)
{
	ListCell *lc;

	foreach (lc, clauses)
	{
		if (implied_by(predicate, lfirst(lc)))
			return true;
	}
	return false;
}

/* The table at the top. */
static bool
implied_by(Node *predicate, Node *clause)
{
	List *pparts;
	List *cparts;
	ClauseClass pclass = classify(predicate, &pparts);
	ClauseClass cclass = classify(clause, &cparts);
	ListCell *lc;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (pclass == CLASS_AND)
	{
		foreach (lc, pparts)
		{
			if (!implied_by(lfirst(lc), clause))
				return false;
		}
		return true;
	}
	switch (cclass)
	{
		case CLASS_OR:
			foreach (lc, cparts)
			{
				if (!implied_by(predicate, lfirst(lc)))
					return false;
			}
			return true;
		case CLASS_AND:
			return (pclass == CLASS_OR &&
			        any_part_implied_by(pparts, clause)) ||
			       implied_by_any_part(predicate, cparts);
		case CLASS_ATOM:
			if (pclass == CLASS_OR)
				return any_part_implied_by(pparts, clause);
			return atom_implied_by_atom(predicate, clause);
	}
	return false;
}

bool
predicate_implied_by(List *predicate_list, List *clause_list)
{
	if (predicate_list == NIL)
		return true;
	if (clause_list == NIL)
		return false;
	return implied_by((Node *) predicate_list, (Node *) clause_list);
}
