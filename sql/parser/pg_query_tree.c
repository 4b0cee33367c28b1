/*
 * pg_query_tree.c
 *		Raw parse trees: memory, and the parts that commands want as ordinary
 *		nodes.
 *
 * Messages are copied into CurrentMemoryContext and never freed one by one:
 * they go with their context.  The converting functions copy all strings, so
 * that what they return may outlive the tree.
 */
#include "postgres.h"

#include <ctype.h>

#include "catalog/pg_class.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "parser/parse_depth.h"
#include "parser/pg_query_tree.h"
#include "utils/memutils.h"

/*
 * Called for every message, thus at every level of the tree: copying takes a
 * few hundred bytes of stack for each, and a tree may be deeper than that.
 */
static void *
tree_alloc(size_t size)
{
	if (stack_is_deeper_than(parse_stack_limit()))
		parse_too_deep();
	return palloc_extended(size, AllocSizeIsValid(size) ? 0 : MCXT_ALLOC_HUGE);
}

static void *copy_message(const ProtobufCMessage *from);

/* What a pointer of the field's type points to; other values are in place. */
static void *
copy_value(const ProtobufCFieldDescriptor *field, void *value)
{
	if (value == NULL)
		return field->type == PROTOBUF_C_TYPE_STRING
		           ? (void *) field->default_value
		           : NULL;
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return copy_message(value);
	Assert(field->type == PROTOBUF_C_TYPE_STRING);
	/* the default stands for an absent string; it is nobody's memory */
	return value == field->default_value ? value : pstrdup(value);
}

static size_t
scalar_size(ProtobufCType type)
{
	switch (type)
	{
		case PROTOBUF_C_TYPE_INT64:
		case PROTOBUF_C_TYPE_SINT64:
		case PROTOBUF_C_TYPE_SFIXED64:
		case PROTOBUF_C_TYPE_UINT64:
		case PROTOBUF_C_TYPE_FIXED64:
		case PROTOBUF_C_TYPE_DOUBLE:
			return 8;
		case PROTOBUF_C_TYPE_BOOL:
			return sizeof(protobuf_c_boolean);
		default:
			break;
	}
	/* the messages have no fields of bytes */
	Assert(type != PROTOBUF_C_TYPE_BYTES);
	return 4;
}

static bool
holds_pointers(const ProtobufCFieldDescriptor *field)
{
	return field->type == PROTOBUF_C_TYPE_MESSAGE ||
	       field->type == PROTOBUF_C_TYPE_STRING;
}

/* to is a copy of its bytes so far: what they point to is copied, too. */
static void
copy_field(const ProtobufCFieldDescriptor *field, ProtobufCMessage *to)
{
	void **member = (void **) ((char *) to + field->offset);

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
	{
		size_t n = *(size_t *) ((char *) to + field->quantifier_offset);
		size_t elem =
			holds_pointers(field) ? sizeof(void *) : scalar_size(field->type);
		void *array = *member;

		if (n == 0)
		{
			*member = NULL;
			return;
		}
		*member = tree_alloc(n * elem);
		memcpy(*member, array, n * elem);
		for (size_t i = 0; i < n && holds_pointers(field); i++)
			((void **) *member)[i] = copy_value(field, ((void **) array)[i]);
	}
	else if (holds_pointers(field))
		*member = copy_value(field, *member);
}

static void *
copy_message(const ProtobufCMessage *from)
{
	const ProtobufCMessageDescriptor *desc = from->descriptor;
	ProtobufCMessage *to = tree_alloc(desc->sizeof_message);

	memcpy(to, from, desc->sizeof_message);
	to->n_unknown_fields = 0;
	to->unknown_fields = NULL;
	/* one of hundreds of kinds: look at no other */
	if (desc == &pg_query__node__descriptor)
	{
		const ProtobufCFieldDescriptor *field =
			protobuf_c_message_descriptor_get_field(
				desc, ((PgQuery__Node *) to)->node_case);

		if (field != NULL)
			copy_field(field, to);
		return to;
	}
	for (unsigned i = 0; i < desc->n_fields; i++)
	{
		const ProtobufCFieldDescriptor *field = &desc->fields[i];

		if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 ||
		    *(uint32 *) ((char *) to + field->quantifier_offset) == field->id)
			copy_field(field, to);
	}
	return to;
}

PgQuery__ParseResult *
pgq_copy_parse_result(const PgQuery__ParseResult *result)
{
	return copy_message(&result->base);
}

PgQuery__Node *
pgq_copy_node(const PgQuery__Node *node)
{
	return node == NULL ? NULL : copy_message(&node->base);
}

/* NULL for the "" of an absent field */
static char *
optional_string(const char *s)
{
	return s != NULL && s[0] != '\0' ? pstrdup(s) : NULL;
}

char *
pgq_string(const PgQuery__Node *node)
{
	if (node == NULL || node->node_case != PG_QUERY__NODE__NODE_STRING)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("%s is not supported where a name is expected",
		                       pgq_node_name(node))));
	return pstrdup(node->string->sval);
}

List *
pgq_name_list(PgQuery__Node **nodes, size_t n)
{
	List *result = NIL;

	for (size_t i = 0; i < n; i++)
		result = lappend(result, makeString(pgq_string(nodes[i])));
	return result;
}

Alias *
pgq_alias(const PgQuery__Alias *alias)
{
	if (alias == NULL)
		return NULL;
	return makeAlias(alias->aliasname,
	                 pgq_name_list(alias->colnames, alias->n_colnames));
}

RangeVar *
pgq_range_var(const PgQuery__RangeVar *rv)
{
	RangeVar *r;

	if (rv == NULL)
		return NULL;
	r = makeRangeVar(optional_string(rv->schemaname), pstrdup(rv->relname),
	                 rv->location);
	r->catalogname = optional_string(rv->catalogname);
	r->inh = rv->inh;
	r->relpersistence = rv->relpersistence && rv->relpersistence[0]
	                        ? rv->relpersistence[0]
	                        : RELPERSISTENCE_PERMANENT;
	r->alias = pgq_alias(rv->alias);
	return r;
}

/* a list of values; elements that are themselves lists stay nested */
static List *
value_list(PgQuery__Node **nodes, size_t n)
{
	List *result = NIL;

	for (size_t i = 0; i < n; i++)
		result = lappend(result, pgq_value(nodes[i]));
	return result;
}

/* A modifier is a number, a string or a bare word; NULL for anything else. */
static Node *
type_modifier(const PgQuery__Node *node)
{
	switch (node->node_case)
	{
		case PG_QUERY__NODE__NODE_A_CONST:
			switch (node->a_const->val_case)
			{
				case PG_QUERY__A__CONST__VAL_IVAL:
				case PG_QUERY__A__CONST__VAL_FVAL:
				case PG_QUERY__A__CONST__VAL_SVAL:
					return pgq_value(node);
				default:
					return NULL;
			}
		case PG_QUERY__NODE__NODE_COLUMN_REF:
			if (node->column_ref->n_fields == 1 &&
			    node->column_ref->fields[0]->node_case ==
			        PG_QUERY__NODE__NODE_STRING)
				return pgq_value(node);
			return NULL;
		default:
			return NULL;
	}
}

static List *
type_modifiers(PgQuery__Node **nodes, size_t n)
{
	List *result = NIL;

	for (size_t i = 0; i < n; i++)
		result = lappend(result, type_modifier(nodes[i]));
	return result;
}

TypeName *
pgq_type_name(const PgQuery__TypeName *tn)
{
	TypeName *t;

	if (tn == NULL)
		return NULL;
	t = makeTypeNameFromNameList(pgq_name_list(tn->names, tn->n_names));
	t->typeOid = tn->type_oid;
	t->setof = tn->setof;
	t->pct_type = tn->pct_type;
	t->typmods = type_modifiers(tn->typmods, tn->n_typmods);
	t->typemod = tn->typemod;
	t->arrayBounds = value_list(tn->array_bounds, tn->n_array_bounds);
	t->location = tn->location;
	return t;
}

DefElem *
pgq_def_elem(const PgQuery__DefElem *de)
{
	DefElem *d = makeDefElem(pstrdup(de->defname),
	                         de->arg ? pgq_value(de->arg) : NULL, de->location);

	d->defnamespace = optional_string(de->defnamespace);
	switch (de->defaction)
	{
		case PG_QUERY__DEF_ELEM_ACTION__DEFELEM_SET:
			d->defaction = DEFELEM_SET;
			break;
		case PG_QUERY__DEF_ELEM_ACTION__DEFELEM_ADD:
			d->defaction = DEFELEM_ADD;
			break;
		case PG_QUERY__DEF_ELEM_ACTION__DEFELEM_DROP:
			d->defaction = DEFELEM_DROP;
			break;
		default:
			d->defaction = DEFELEM_UNSPEC;
	}
	return d;
}

List *
pgq_def_elems(PgQuery__Node **nodes, size_t n)
{
	List *result = NIL;

	for (size_t i = 0; i < n; i++)
	{
		if (nodes[i]->node_case != PG_QUERY__NODE__NODE_DEF_ELEM)
			elog(ERROR, "unexpected %s in an option list",
			     pgq_node_name(nodes[i]));
		result = lappend(result, pgq_def_elem(nodes[i]->def_elem));
	}
	return result;
}

/* NULL for the constant NULL */
static Node *
const_value(const PgQuery__AConst *aconst)
{
	switch (aconst->val_case)
	{
		case PG_QUERY__A__CONST__VAL_IVAL:
			return (Node *) makeInteger(aconst->ival->ival);
		case PG_QUERY__A__CONST__VAL_FVAL:
			return (Node *) makeFloat(pstrdup(aconst->fval->fval));
		case PG_QUERY__A__CONST__VAL_BOOLVAL:
			return (Node *) makeBoolean(aconst->boolval->boolval);
		case PG_QUERY__A__CONST__VAL_SVAL:
			return (Node *) makeString(pstrdup(aconst->sval->sval));
		case PG_QUERY__A__CONST__VAL_BSVAL:
			return (Node *) makeString(pstrdup(aconst->bsval->bsval));
		default:
			return NULL;
	}
}

Node *
pgq_value(const PgQuery__Node *node)
{
	switch (node->node_case)
	{
		case PG_QUERY__NODE__NODE_INTEGER:
			return (Node *) makeInteger(node->integer->ival);
		case PG_QUERY__NODE__NODE_FLOAT:
			return (Node *) makeFloat(pstrdup(node->float_->fval));
		case PG_QUERY__NODE__NODE_BOOLEAN:
			return (Node *) makeBoolean(node->boolean->boolval);
		case PG_QUERY__NODE__NODE_STRING:
			return (Node *) makeString(pstrdup(node->string->sval));
		case PG_QUERY__NODE__NODE_A_CONST:
			return const_value(node->a_const);
		case PG_QUERY__NODE__NODE_TYPE_NAME:
			return (Node *) pgq_type_name(node->type_name);
		case PG_QUERY__NODE__NODE_LIST:
			return (Node *) value_list(node->list->items, node->list->n_items);
		case PG_QUERY__NODE__NODE_A_STAR:
			return (Node *) makeString(pstrdup("*"));
		case PG_QUERY__NODE__NODE_COLUMN_REF:
			/* a bare word, as in mytype(word) */
			if (node->column_ref->n_fields == 1)
				return (Node *) makeString(
					pgq_string(node->column_ref->fields[0]));
			break;
		default:
			break;
	}
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("%s is not supported as the value of an option",
	                       pgq_node_name(node))));
	return NULL;
}

static const char *
defined_kind(const PgQuery__DefineStmt *stmt)
{
	switch (stmt->kind)
	{
		case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
			return "CREATE AGGREGATE";
		case PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR:
			return "CREATE OPERATOR";
		case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
			return "CREATE TYPE";
		case PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION:
			return "CREATE COLLATION";
		default:
			return "CREATE TEXT SEARCH";
	}
}

/* "CreateDomainStmt" is CREATE DOMAIN; what is no statement stays as it is. */
static const char *
spelt_out(const char *name)
{
	size_t length = strlen(name);
	StringInfoData buf;

	if (length <= 4 || strcmp(name + length - 4, "Stmt") != 0)
		return name;
	initStringInfo(&buf);
	for (size_t i = 0; i < length - 4; i++)
	{
		if (i > 0 && isupper((unsigned char) name[i]))
			appendStringInfoChar(&buf, ' ');
		appendStringInfoChar(&buf, toupper((unsigned char) name[i]));
	}
	return buf.data;
}

/*
 * The grammar's name of the node: the message's name, of which "PgQuery." is
 * cut by looking at the member of the union.  Statements are named by their
 * command where users know them by it.
 */
const char *
pgq_node_name(const PgQuery__Node *node)
{
	if (node == NULL || node->node_case == PG_QUERY__NODE__NODE__NOT_SET)
		return "an empty node";
	switch (node->node_case)
	{
		case PG_QUERY__NODE__NODE_SELECT_STMT:
			return "SELECT";
		case PG_QUERY__NODE__NODE_INSERT_STMT:
			return "INSERT";
		case PG_QUERY__NODE__NODE_UPDATE_STMT:
			return "UPDATE";
		case PG_QUERY__NODE__NODE_DELETE_STMT:
			return "DELETE";
		case PG_QUERY__NODE__NODE_MERGE_STMT:
			return "MERGE";
		case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
			return "ALTER TABLE";
		case PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT:
			return "ALTER SYSTEM";
		case PG_QUERY__NODE__NODE_VACUUM_STMT:
			return node->vacuum_stmt->is_vacuumcmd ? "VACUUM" : "ANALYZE";
		case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
			return "TRUNCATE";
		case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
			return "CREATE TABLE AS";
		case PG_QUERY__NODE__NODE_VIEW_STMT:
			return "CREATE VIEW";
		case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
			return "CREATE FUNCTION";
		case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
			return "CREATE SCHEMA";
		case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
			return "CREATE SEQUENCE";
		case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
			return "CREATE TRIGGER";
		case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
			return "CREATE ROLE";
		case PG_QUERY__NODE__NODE_CREATEDB_STMT:
			return "CREATE DATABASE";
		case PG_QUERY__NODE__NODE_DROPDB_STMT:
			return "DROP DATABASE";
		case PG_QUERY__NODE__NODE_GRANT_STMT:
			return node->grant_stmt->is_grant ? "GRANT" : "REVOKE";
		case PG_QUERY__NODE__NODE_COMMENT_STMT:
			return "COMMENT";
		case PG_QUERY__NODE__NODE_RENAME_STMT:
			return "ALTER ... RENAME";
		case PG_QUERY__NODE__NODE_REINDEX_STMT:
			return "REINDEX";
		case PG_QUERY__NODE__NODE_CLUSTER_STMT:
			return "CLUSTER";
		case PG_QUERY__NODE__NODE_LOCK_STMT:
			return "LOCK TABLE";
		case PG_QUERY__NODE__NODE_LISTEN_STMT:
			return "LISTEN";
		case PG_QUERY__NODE__NODE_NOTIFY_STMT:
			return "NOTIFY";
		case PG_QUERY__NODE__NODE_LOAD_STMT:
			return "LOAD";
		case PG_QUERY__NODE__NODE_UNLISTEN_STMT:
			return "UNLISTEN";
		case PG_QUERY__NODE__NODE_DO_STMT:
			return "DO";
		case PG_QUERY__NODE__NODE_CALL_STMT:
			return "CALL";
		case PG_QUERY__NODE__NODE_CHECK_POINT_STMT:
			return "CHECKPOINT";
		case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
		case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
		case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT:
			return "CREATE TYPE";
		case PG_QUERY__NODE__NODE_DEFINE_STMT:
			return defined_kind(node->define_stmt);
		case PG_QUERY__NODE__NODE_RULE_STMT:
			return "CREATE RULE";
		case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
			return "REFRESH MATERIALIZED VIEW";
		default:
			/* every member of the union is a message */
			return spelt_out(node->alias->base.descriptor->short_name);
	}
}

/* Of a list of expressions: the first that knows where it is. */
static int
list_location(PgQuery__Node **nodes, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		int location = pgq_location(nodes[i]);

		if (location >= 0)
			return location;
	}
	return -1;
}

static int
leftmost(int loc1, int loc2)
{
	if (loc1 < 0)
		return loc2;
	if (loc2 < 0)
		return loc1;
	return Min(loc1, loc2);
}

int
pgq_location(const PgQuery__Node *node)
{
	if (node == NULL)
		return -1;
	switch (node->node_case)
	{
		case PG_QUERY__NODE__NODE_A_EXPR:
			return leftmost(node->a_expr->location,
			                pgq_location(node->a_expr->lexpr));
		case PG_QUERY__NODE__NODE_BOOL_EXPR:
			return leftmost(
				node->bool_expr->location,
				list_location(node->bool_expr->args, node->bool_expr->n_args));
		case PG_QUERY__NODE__NODE_COLUMN_REF:
			return node->column_ref->location;
		case PG_QUERY__NODE__NODE_PARAM_REF:
			return node->param_ref->location;
		case PG_QUERY__NODE__NODE_A_CONST:
			return node->a_const->location;
		case PG_QUERY__NODE__NODE_FUNC_CALL:
			return leftmost(
				node->func_call->location,
				list_location(node->func_call->args, node->func_call->n_args));
		case PG_QUERY__NODE__NODE_NAMED_ARG_EXPR:
			return node->named_arg_expr->location;
		case PG_QUERY__NODE__NODE_TYPE_CAST:
			return leftmost(node->type_cast->location,
			                pgq_location(node->type_cast->arg));
		case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
			return pgq_location(node->collate_clause->arg);
		case PG_QUERY__NODE__NODE_SUB_LINK:
			return leftmost(node->sub_link->location,
			                pgq_location(node->sub_link->testexpr));
		case PG_QUERY__NODE__NODE_CASE_EXPR:
			return node->case_expr->location;
		case PG_QUERY__NODE__NODE_CASE_WHEN:
			return node->case_when->location;
		case PG_QUERY__NODE__NODE_COALESCE_EXPR:
			return node->coalesce_expr->location;
		case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
			return node->min_max_expr->location;
		case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
			return node->sqlvalue_function->location;
		case PG_QUERY__NODE__NODE_NULL_TEST:
			return leftmost(node->null_test->location,
			                pgq_location(node->null_test->arg));
		case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
			return leftmost(node->boolean_test->location,
			                pgq_location(node->boolean_test->arg));
		case PG_QUERY__NODE__NODE_SET_TO_DEFAULT:
			return node->set_to_default->location;
		case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
			return node->a_array_expr->location;
		case PG_QUERY__NODE__NODE_ROW_EXPR:
			return node->row_expr->location;
		case PG_QUERY__NODE__NODE_A_INDIRECTION:
			return pgq_location(node->a_indirection->arg);
		case PG_QUERY__NODE__NODE_GROUPING_SET:
			return node->grouping_set->location;
		case PG_QUERY__NODE__NODE_GROUPING_FUNC:
			return node->grouping_func->location;
		case PG_QUERY__NODE__NODE_RES_TARGET:
			return node->res_target->location;
		case PG_QUERY__NODE__NODE_SORT_BY:
			return leftmost(node->sort_by->location,
			                pgq_location(node->sort_by->node));
		case PG_QUERY__NODE__NODE_RANGE_VAR:
			return node->range_var->location;
		case PG_QUERY__NODE__NODE_TYPE_NAME:
			return node->type_name->location;
		case PG_QUERY__NODE__NODE_WITH_CLAUSE:
			return node->with_clause->location;
		case PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR:
			return node->common_table_expr->location;
		case PG_QUERY__NODE__NODE_LIST:
			return list_location(node->list->items, node->list->n_items);
		default:
			return -1;
	}
}
