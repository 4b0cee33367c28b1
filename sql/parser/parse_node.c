/*
 * parse_node.c
 *		State of parse analysis, positions of errors, literals.
 *
 * Corresponds to PostgreSQL's parser/parse_node.c.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "parser/parse_node.h"
#include "parser/parse_type.h"
#include "utils/rel.h"

ParseState *
make_parsestate(ParseState *parentParseState)
{
	ParseState *pstate = palloc0_object(ParseState);

	pstate->parentParseState = parentParseState;
	pstate->p_next_resno = 1;
	pstate->p_resolve_unknowns = true;
	if (parentParseState != NULL)
	{
		pstate->p_sourcetext = parentParseState->p_sourcetext;
		pstate->p_paramref_hook = parentParseState->p_paramref_hook;
		pstate->p_coerce_param_hook = parentParseState->p_coerce_param_hook;
		pstate->p_ref_hook_state = parentParseState->p_ref_hook_state;
	}
	return pstate;
}

void
free_parsestate(ParseState *pstate)
{
	if (list_length(pstate->p_rtable) > MaxAttrNumber)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("target lists can have at most %d entries",
		                       MaxAttrNumber)));
	if (pstate->p_target_relation != NULL)
		table_close(pstate->p_target_relation, NoLock);
	pfree(pstate);
}

/* Characters of UTF-8 in the first len bytes. */
static int
mbstrlen_with_len(const char *s, int len)
{
	int n = 0;

	for (int i = 0; i < len && s[i] != '\0'; i++)
	{
		if ((s[i] & 0xC0) != 0x80)
			n++;
	}
	return n;
}

int
parser_errposition(ParseState *pstate, int location)
{
	if (location < 0 || pstate == NULL || pstate->p_sourcetext == NULL)
		return 0;
	return errposition(mbstrlen_with_len(pstate->p_sourcetext, location) + 1);
}

/* A cancellation has no place in the text. */
static void
parse_errposition_callback(void *arg)
{
	ParseCallbackState *pcbstate = arg;

	if (geterrcode() != ERRCODE_QUERY_CANCELED)
		parser_errposition(pcbstate->pstate, pcbstate->location);
}

void
setup_parser_errposition_callback(ParseCallbackState *pcbstate,
                                  ParseState *pstate, int location)
{
	pcbstate->pstate = pstate;
	pcbstate->location = location;
	pcbstate->errcallback.callback = parse_errposition_callback;
	pcbstate->errcallback.arg = pcbstate;
	pcbstate->errcallback.previous = error_context_stack;
	error_context_stack = &pcbstate->errcallback;
}

void
cancel_parser_errposition_callback(ParseCallbackState *pcbstate)
{
	error_context_stack = pcbstate->errcallback.previous;
}

/* A number that is not a plain int: int4 or int8 if it fits, else numeric. */
static Const *
make_number(ParseState *pstate, const char *text, int location)
{
	char *end;
	int64 value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno == 0 && end != text && *end == '\0')
	{
		if (value == (int32) value)
			return makeConst(INT4OID, -1, InvalidOid, sizeof(int32),
			                 Int32GetDatum((int32) value), false, true);
		return makeConst(INT8OID, -1, InvalidOid, sizeof(int64),
		                 Int64GetDatum(value), false, true);
	}
	else
	{
		ParseCallbackState pcbstate;
		Datum number;

		setup_parser_errposition_callback(&pcbstate, pstate, location);
		number = stringTypeDatum(typeidType(NUMERICOID), pstrdup(text), -1);
		cancel_parser_errposition_callback(&pcbstate);
		return makeConst(NUMERICOID, -1, InvalidOid, -1, number, false, false);
	}
}

/* text: "b101" or "x1F" */
static Const *
make_bit_string(ParseState *pstate, const char *text, int location)
{
	ParseCallbackState pcbstate;
	Datum bits;

	setup_parser_errposition_callback(&pcbstate, pstate, location);
	bits = stringTypeDatum(typeidType(BITOID), pstrdup(text), -1);
	cancel_parser_errposition_callback(&pcbstate);
	return makeConst(BITOID, -1, InvalidOid, -1, bits, false, false);
}

Const *
make_const(ParseState *pstate, const PgQuery__AConst *aconst)
{
	Const *con;

	if (aconst->isnull)
		con = makeConst(UNKNOWNOID, -1, InvalidOid, -2, (Datum) 0, true, false);
	else
	{
		switch (aconst->val_case)
		{
			case PG_QUERY__A__CONST__VAL_IVAL:
				con = makeConst(INT4OID, -1, InvalidOid, sizeof(int32),
				                Int32GetDatum(aconst->ival->ival), false, true);
				break;
			case PG_QUERY__A__CONST__VAL_FVAL:
				con = make_number(pstate, aconst->fval->fval, aconst->location);
				break;
			case PG_QUERY__A__CONST__VAL_BOOLVAL:
				con = (Const *) makeBoolConst(aconst->boolval->boolval, false);
				break;
			case PG_QUERY__A__CONST__VAL_SVAL:
				con = makeConst(UNKNOWNOID, -1, InvalidOid, -2,
				                CStringGetDatum(pstrdup(aconst->sval->sval)),
				                false, false);
				break;
			case PG_QUERY__A__CONST__VAL_BSVAL:
				con = make_bit_string(pstate, aconst->bsval->bsval,
				                      aconst->location);
				break;
			default:
				elog(ERROR, "unrecognized constant: %d", aconst->val_case);
				return NULL;
		}
	}
	con->location = aconst->location;
	return con;
}
