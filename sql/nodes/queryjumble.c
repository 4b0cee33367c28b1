/*
 * queryjumble.c
 *		Identifiers of queries.
 *
 * What makes two queries the same is taken from the analysed tree, in a fixed
 * order, and hashed: kinds of nodes, OIDs of tables, functions, operators and
 * types, numbers of columns.  Left out are values of constants, names of
 * columns and of tables in the query, and places in the text; and whatever
 * follows from what is there already.  So spellings do not matter, and the same
 * text is another query when its names mean other tables.
 *
 * Places of constants are noted on the way: who keeps a text can replace them.
 *
 * The bytes are collected in a buffer; when it is full it is replaced by its
 * own hash.
 *
 * Corresponds to PostgreSQL 15's utils/misc/queryjumble.c.  The values are not
 * PostgreSQL's, which depend on its build as well.
 */
#include "postgres.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "nodeshapes.h"
#include "utils/queryjumble.h"

#define JUMBLE_SIZE 1024
#define INITIAL_LOCATIONS 16

int compute_query_id = COMPUTE_QUERY_ID_AUTO;
bool query_id_enabled = false;

static void jumble_node(JumbleState *jstate, Node *node);

void
EnableQueryId(void)
{
	query_id_enabled = true;
}

/* ---- texts ---- */

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

const char *
CleanQuerytext(const char *query, int *location, int *len)
{
	int start = *location;
	int length = *len;

	if (start < 0)
		start = length = 0;
	query += start;
	if (length <= 0)
		length = (int) strlen(query);
	for (; length > 0 && is_space(query[0]); length--, start++)
		query++;
	while (length > 0 && is_space(query[length - 1]))
		length--;
	*location = start;
	*len = length;
	return query;
}

static uint64
utility_query_id(const char *text, int location, int len)
{
	const char *statement = CleanQuerytext(text, &location, &len);
	uint64 id = XXH3_64bits(statement, (Size) len);

	/* 0 is "none", 1 that of a query whose hash is 0 */
	return id == 0 ? 2 : id;
}

/* ---- bytes ---- */

static void
jumble_bytes(JumbleState *jstate, const void *item, Size size)
{
	const unsigned char *bytes = item;

	while (size > 0)
	{
		Size part;

		if (jstate->jumble_len == JUMBLE_SIZE)
		{
			uint64 hash = XXH3_64bits(jstate->jumble, JUMBLE_SIZE);

			memcpy(jstate->jumble, &hash, sizeof(hash));
			jstate->jumble_len = sizeof(hash);
		}
		part = Min(size, JUMBLE_SIZE - jstate->jumble_len);
		memcpy(jstate->jumble + jstate->jumble_len, bytes, part);
		jstate->jumble_len += part;
		bytes += part;
		size -= part;
	}
}

static inline void
jumble_number(JumbleState *jstate, uint32 number)
{
	if (likely(jstate->jumble_len + sizeof(number) <= JUMBLE_SIZE))
	{
		memcpy(jstate->jumble + jstate->jumble_len, &number, sizeof(number));
		jstate->jumble_len += sizeof(number);
	}
	else
		jumble_bytes(jstate, &number, sizeof(number));
}

/* with its end: "ab", "c" is not "a", "bc" */
static void
jumble_string(JumbleState *jstate, const char *string)
{
	jumble_bytes(jstate, string, strlen(string) + 1);
}

static void
record_location(JumbleState *jstate, int location)
{
	if (location < 0)
		return;
	if (jstate->clocations_count == jstate->clocations_buf_size)
	{
		int size = Max(INITIAL_LOCATIONS, jstate->clocations_buf_size * 2);

		jstate->clocations =
			jstate->clocations
				? repalloc_huge(jstate->clocations, sizeof(LocationLen) * size)
				: palloc_array(LocationLen, size);
		jstate->clocations_buf_size = size;
	}
	jstate->clocations[jstate->clocations_count].location = location;
	jstate->clocations[jstate->clocations_count].length = -1;
	jstate->clocations_count++;
}

/* ---- nodes ---- */

static void
jumble_list(JumbleState *jstate, List *list)
{
	ListCell *lc;

	jumble_number(jstate, (uint32) list_length(list));
	foreach (lc, list)
	{
		if (list->type == T_List)
			jumble_node(jstate, lfirst(lc));
		else
			jumble_number(jstate, (uint32) lfirst_int(lc));
	}
}

static void
jumble_range_table(JumbleState *jstate, List *rtable)
{
	ListCell *lc;

	foreach (lc, rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		jumble_number(jstate, rte->rtekind);
		switch (rte->rtekind)
		{
			case RTE_RELATION:
				jumble_number(jstate, rte->relid);
				break;
			case RTE_SUBQUERY:
				jumble_node(jstate, (Node *) rte->subquery);
				break;
			case RTE_FUNCTION:
				jumble_node(jstate, (Node *) rte->funcexpr);
				break;
			case RTE_VALUES:
				jumble_node(jstate, (Node *) rte->values_lists);
				break;
			case RTE_CTE:
				/* the name says which, as the list of them is there too */
				jumble_string(jstate, rte->ctename);
				jumble_number(jstate, rte->ctelevelsup);
				break;
			default:
				break;
		}
	}
}

static void
jumble_query(JumbleState *jstate, Query *query)
{
	jumble_number(jstate, query->commandType);
	jumble_node(jstate, (Node *) query->cteList);
	jumble_range_table(jstate, query->rtable);
	jumble_node(jstate, (Node *) query->jointree);
	jumble_node(jstate, (Node *) query->targetList);
	jumble_node(jstate, (Node *) query->returningList);
	jumble_node(jstate, (Node *) query->groupClause);
	jumble_node(jstate, query->havingQual);
	jumble_node(jstate, (Node *) query->distinctClause);
	jumble_node(jstate, (Node *) query->sortClause);
	jumble_node(jstate, query->limitOffset);
	jumble_node(jstate, query->limitCount);
	jumble_number(jstate, query->limitOption);
	jumble_node(jstate, (Node *) query->rowMarks);
	jumble_node(jstate, query->setOperations);
}

static void
jumble_param(JumbleState *jstate, Param *param)
{
	jumble_number(jstate, param->paramkind);
	jumble_number(jstate, (uint32) param->paramid);
	jumble_number(jstate, param->paramtype);
	if (param->paramkind == PARAM_EXTERN &&
	    param->paramid > jstate->highest_extern_param_id)
		jstate->highest_extern_param_id = param->paramid;
}

static void
jumble_sort_clause(JumbleState *jstate, SortGroupClause *clause)
{
	jumble_number(jstate, clause->tleSortGroupRef);
	jumble_number(jstate, clause->eqop);
	jumble_number(jstate, clause->sortop);
	jumble_number(jstate, clause->nulls_first);
}

static void
jumble_set_operation(JumbleState *jstate, SetOperationStmt *setop)
{
	jumble_number(jstate, setop->op);
	jumble_number(jstate, setop->all);
	jumble_node(jstate, setop->larg);
	jumble_node(jstate, setop->rarg);
}

/* What a node is besides the expressions in it. */
static void
jumble_fields(JumbleState *jstate, Node *node)
{
#define FIELD(type, field) jumble_number(jstate, ((type *) node)->field)
	switch (nodeTag(node))
	{
		case T_Var:
			FIELD(Var, varno);
			FIELD(Var, varattno);
			FIELD(Var, varlevelsup);
			break;
		case T_Const:
			FIELD(Const, consttype);
			record_location(jstate, ((Const *) node)->location);
			break;
		case T_Param:
			jumble_param(jstate, (Param *) node);
			break;
		case T_Aggref:
			FIELD(Aggref, aggfnoid);
			jumble_node(jstate, (Node *) ((Aggref *) node)->aggdistinct);
			break;
		case T_FuncExpr:
			FIELD(FuncExpr, funcid);
			break;
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
			FIELD(OpExpr, opno);
			break;
		case T_ScalarArrayOpExpr:
			FIELD(ScalarArrayOpExpr, opno);
			FIELD(ScalarArrayOpExpr, useOr);
			break;
		case T_BoolExpr:
			FIELD(BoolExpr, boolop);
			break;
		case T_SubLink:
			FIELD(SubLink, subLinkType);
			break;
		case T_RelabelType:
			FIELD(RelabelType, resulttype);
			break;
		case T_CoerceViaIO:
			FIELD(CoerceViaIO, resulttype);
			break;
		case T_ArrayCoerceExpr:
			FIELD(ArrayCoerceExpr, resulttype);
			break;
		case T_CaseTestExpr:
			FIELD(CaseTestExpr, typeId);
			break;
		case T_MinMaxExpr:
			FIELD(MinMaxExpr, op);
			break;
		case T_SQLValueFunction:
			FIELD(SQLValueFunction, op);
			FIELD(SQLValueFunction, typmod);
			break;
		case T_NullTest:
			FIELD(NullTest, nulltesttype);
			break;
		case T_BooleanTest:
			FIELD(BooleanTest, booltesttype);
			break;
		case T_TargetEntry:
			FIELD(TargetEntry, resno);
			FIELD(TargetEntry, ressortgroupref);
			break;
		case T_RangeTblRef:
			FIELD(RangeTblRef, rtindex);
			break;
		case T_JoinExpr:
			FIELD(JoinExpr, jointype);
			FIELD(JoinExpr, rtindex);
			break;
		case T_CommonTableExpr:
			jumble_string(jstate, ((CommonTableExpr *) node)->ctename);
			FIELD(CommonTableExpr, ctematerialized);
			break;
		case T_RowMarkClause:
			FIELD(RowMarkClause, rti);
			FIELD(RowMarkClause, strength);
			FIELD(RowMarkClause, waitPolicy);
			break;
		case T_SortGroupClause:
			jumble_sort_clause(jstate, (SortGroupClause *) node);
			break;
		case T_SetOperationStmt:
			jumble_set_operation(jstate, (SetOperationStmt *) node);
			break;
		case T_Query:
			jumble_query(jstate, (Query *) node);
			break;
		default:
			break;
	}
#undef FIELD
}

static void
jumble_node(JumbleState *jstate, Node *node)
{
	const NodeShape *shape;

	check_stack_depth();
	if (node == NULL)
	{
		jumble_number(jstate, T_Invalid);
		return;
	}
	jumble_number(jstate, nodeTag(node));
	if (IsA(node, List) || IsA(node, IntList) || IsA(node, OidList))
	{
		jumble_list(jstate, (List *) node);
		return;
	}
	jumble_fields(jstate, node);
	shape = node_shape(nodeTag(node));
	Assert(shape != NULL);
	for (int i = 0; i < lengthof(shape->expressions); i++)
	{
		if (shape->expressions[i] == 0)
			break;
		jumble_node(jstate, *NODE_FIELD(node, shape->expressions[i]));
	}
}

JumbleState *
JumbleQuery(Query *query, const char *querytext)
{
	unsigned char buffer[JUMBLE_SIZE];
	JumbleState *jstate;

	if (query->commandType == CMD_UTILITY)
	{
		query->queryId =
			utility_query_id(querytext, query->stmt_location, query->stmt_len);
		return NULL;
	}
	jstate = palloc0_object(JumbleState);
	jstate->jumble = buffer;
	jumble_query(jstate, query);
	query->queryId = XXH3_64bits(buffer, jstate->jumble_len);
	if (query->queryId == 0)
		query->queryId = 1;
	jstate->jumble = NULL;
	return jstate;
}
