/*
 * textformat.c
 *		format(): text from a pattern and values.
 *
 * A specifier is "%", then optionally a position "n$", the flag "-", a width
 * (a number, "*" for the next argument or "*n$" for the n-th), then "s", "I"
 * (an identifier) or "L" (a literal).  An argument without a position is the
 * one after the last that was used.
 *
 * Corresponds to text_format of PostgreSQL's utils/adt/varlena.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/adt.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* What one "%..." asks for. */
typedef struct FormatSpec
{
	int position;  /* of the value, -1: the next */
	bool left;     /* flag "-" */
	int width_arg; /* argument that is the width, 0: the next, -1: none */
	int width;
	char conversion;
} FormatSpec;

typedef struct FormatState
{
	FunctionCallInfo fcinfo;
	const char *p;
	const char *end;
	int last_arg; /* used last; the pattern is argument 0 */
	StringInfoData out;
} FormatState;

static void
unterminated(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                errmsg("unterminated format() type specifier"),
	                errhint("For a single \"%%\" use \"%%%%\".")));
}

static void
advance(FormatState *state)
{
	if (++state->p >= state->end)
		unterminated();
}

/* false: there are no digits here */
static bool
read_number(FormatState *state, int *value)
{
	int64 n = 0;

	if (*state->p < '0' || *state->p > '9')
		return false;
	while (*state->p >= '0' && *state->p <= '9')
	{
		n = n * 10 + (*state->p - '0');
		if (n > PG_INT32_MAX)
			ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			                errmsg("number is out of range")));
		advance(state);
	}
	*value = (int) n;
	return true;
}

static void
check_position(int n)
{
	if (n == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("format specifies argument 0, but arguments "
		                       "are numbered from 1")));
}

/* p is behind the "%"; afterwards it is at the conversion */
static FormatSpec
parse_spec(FormatState *state)
{
	FormatSpec spec = {-1, false, -1, 0, 0};
	int n;

	if (read_number(state, &n))
	{
		if (*state->p != '$')
		{
			spec.width = n; /* no flag can follow */
			spec.conversion = *state->p;
			return spec;
		}
		check_position(n);
		spec.position = n;
		advance(state);
	}
	while (*state->p == '-')
	{
		spec.left = true;
		advance(state);
	}
	if (*state->p == '*')
	{
		advance(state);
		spec.width_arg = 0;
		if (read_number(state, &n))
		{
			if (*state->p != '$')
				ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				                errmsg("width argument position must be "
				                       "ended by \"$\"")));
			check_position(n);
			spec.width_arg = n;
			advance(state);
		}
	}
	else if (read_number(state, &n))
		spec.width = n;
	spec.conversion = *state->p;
	return spec;
}

/* The argument of that number; NULL if it is a null. */
static char *
argument_text(FormatState *state, int arg)
{
	FunctionCallInfo fcinfo = state->fcinfo;
	Oid type;
	Oid output;
	bool is_varlena;

	if (arg >= PG_NARGS())
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("too few arguments for format()")));
	state->last_arg = arg;
	if (PG_ARGISNULL(arg))
		return NULL;
	type = get_fn_expr_argtype(fcinfo->flinfo, arg);
	if (!OidIsValid(type))
		elog(ERROR, "could not determine data type of format() input");
	getTypeOutputInfo(type, &output, &is_varlena);
	return OidOutputFunctionCall(output, PG_GETARG_DATUM(arg));
}

static void
append_padded(StringInfo out, const char *s, int64 width, bool left)
{
	int len = strlen(s);
	int64 padding;

	if (width < 0)
	{
		left = true;
		width = -width;
	}
	padding = width - utf8_strlen(s, len);
	if (padding > 0)
		enlargeStringInfo(out, (int) Min(padding, PG_INT32_MAX));
	if (padding > 0 && !left)
		appendStringInfoSpaces(out, (int) padding);
	appendStringInfoString(out, s);
	if (padding > 0 && left)
		appendStringInfoSpaces(out, (int) padding);
}

static const char *
convert(char conversion, char *value)
{
	switch (conversion)
	{
		case 'I':
			if (value == NULL)
				ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				                errmsg("null values cannot be formatted as an "
				                       "SQL identifier")));
			return quote_identifier(value);
		case 'L':
			return value == NULL ? "NULL" : quote_literal_cstr(value);
		default:
			return value == NULL ? "" : value;
	}
}

static void
format_one(FormatState *state)
{
	FormatSpec spec = parse_spec(state);
	int64 width = spec.width;
	char *value;

	if (spec.conversion != 's' && spec.conversion != 'I' &&
	    spec.conversion != 'L')
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("unrecognized format() type specifier \"%.*s\"",
		                utf8_offset(state->p, (int) (state->end - state->p), 1),
		                state->p),
		         errhint("For a single \"%%\" use \"%%%%\".")));
	if (spec.width_arg >= 0)
	{
		value = argument_text(state, spec.width_arg > 0 ? spec.width_arg
		                                                : state->last_arg + 1);
		width = value == NULL ? 0 : pg_strtoint32(value);
	}
	value = argument_text(state, spec.position > 0 ? spec.position
	                                               : state->last_arg + 1);
	append_padded(&state->out, convert(spec.conversion, value), width,
	              spec.left);
}

Datum
text_format(PG_FUNCTION_ARGS)
{
	FormatState state = {fcinfo};
	text *pattern;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	pattern = PG_GETARG_TEXT_PP(0);
	state.p = VARDATA_ANY(pattern);
	state.end = state.p + VARSIZE_ANY_EXHDR(pattern);
	initStringInfo(&state.out);
	for (; state.p < state.end; state.p++)
	{
		if (*state.p != '%')
		{
			appendStringInfoChar(&state.out, *state.p);
			continue;
		}
		advance(&state);
		if (*state.p == '%')
			appendStringInfoChar(&state.out, '%');
		else
			format_one(&state);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(state.out.data, state.out.len));
}

/* a pattern alone */
Datum
text_format_nv(PG_FUNCTION_ARGS)
{
	return text_format(fcinfo);
}
