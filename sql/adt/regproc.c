/*
 * regproc.c
 *		The types reg...: OIDs of catalog rows that are written as names.
 *
 * Input takes "-" for 0, a number, or a name as SQL writes it; output gives the
 * name, with its schema if the search path does not find it, or the number if
 * there is no such row.
 *
 * Corresponds to PostgreSQL's utils/adt/regproc.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <errno.h>

#include "catalog/namespace.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "nodes/makefuncs.h"
#include "nodes/value.h"
#include "parser/parse_type.h"
#include "storage/lockdefs.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* "-" or a number: true, and *result is it */
static bool
parse_numeric_oid(const char *s, Oid *result)
{
	unsigned long value;

	*result = InvalidOid;
	if (strcmp(s, "-") == 0)
		return true;
	if (*s == '\0' || s[strspn(s, "0123456789")] != '\0')
		return false;
	errno = 0;
	value = strtoul(s, NULL, 10);
	if (errno != 0 || value > PG_UINT32_MAX)
		ereport(ERROR,
		        (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		         errmsg("value \"%s\" is out of range for type %s", s, "oid")));
	*result = (Oid) value;
	return true;
}

static void
invalid_name(void)
{
	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_NAME), errmsg("invalid name syntax")));
}

/* a.b."C" as a List of String, folded to lower case where not quoted */
static List *
split_name(const char *s)
{
	List *names = NIL;
	const char *p = s;

	for (;;)
	{
		StringInfoData name;

		while (isspace((unsigned char) *p))
			p++;
		initStringInfo(&name);
		if (*p == '"')
		{
			for (p++; *p != '"' || p[1] == '"'; p++)
			{
				if (*p == '\0')
					invalid_name();
				p += *p == '"';
				appendStringInfoChar(&name, *p);
			}
			p++;
		}
		else
			for (; *p && *p != '.' && !isspace((unsigned char) *p); p++)
				appendStringInfoChar(&name,
				                     *p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
		if (name.len == 0)
			invalid_name();
		names = lappend(names, makeString(name.data));
		while (isspace((unsigned char) *p))
			p++;
		if (*p == '\0')
			return names;
		if (*p++ != '.')
			invalid_name();
	}
}

static char *
number(Oid oid)
{
	return psprintf("%u", oid);
}

/* ---- regclass ---- */

/* the functions take names only, the type's input numbers too */
static Oid
name_regclass(const char *s, bool missing_ok)
{
	return RangeVarGetRelid(makeRangeVarFromNameList(split_name(s)), NoLock,
	                        missing_ok);
}

Datum
regclassin(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);
	Oid oid;

	if (parse_numeric_oid(s, &oid))
		PG_RETURN_OID(oid);
	PG_RETURN_OID(name_regclass(s, false));
}

Datum
text_regclass(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(name_regclass(text_to_cstring(PG_GETARG_TEXT_PP(0)), false));
}

Datum
to_regclass(PG_FUNCTION_ARGS)
{
	Oid oid = name_regclass(text_to_cstring(PG_GETARG_TEXT_PP(0)), true);

	if (!OidIsValid(oid))
		PG_RETURN_NULL();
	PG_RETURN_OID(oid);
}

Datum
regclassout(PG_FUNCTION_ARGS)
{
	Oid oid = PG_GETARG_OID(0);
	FormData_pg_class form;
	bool visible;

	if (!OidIsValid(oid))
		PG_RETURN_CSTRING(pstrdup("-"));
	if (!get_rel_form(oid, &form))
		PG_RETURN_CSTRING(number(oid));
	visible = RelnameGetRelid(NameStr(form.relname)) == oid;
	PG_RETURN_CSTRING(pstrdup(quote_qualified_identifier(
		visible ? NULL : get_namespace_name(form.relnamespace),
		NameStr(form.relname))));
}

/* ---- regtype ---- */

static Oid
parse_regtype(const char *s, bool missing_ok)
{
	Oid oid;
	int32 typmod;

	if (!parse_numeric_oid(s, &oid))
		parseTypeString(s, &oid, &typmod, missing_ok);
	return oid;
}

Datum
regtypein(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(parse_regtype(PG_GETARG_CSTRING(0), false));
}

Datum
to_regtype(PG_FUNCTION_ARGS)
{
	Oid oid = parse_regtype(text_to_cstring(PG_GETARG_TEXT_PP(0)), true);

	if (!OidIsValid(oid))
		PG_RETURN_NULL();
	PG_RETURN_OID(oid);
}

Datum
regtypeout(PG_FUNCTION_ARGS)
{
	Oid oid = PG_GETARG_OID(0);

	if (!OidIsValid(oid))
		PG_RETURN_CSTRING(pstrdup("-"));
	PG_RETURN_CSTRING(GetTypeForm(oid) ? pstrdup(format_type_be(oid))
	                                   : number(oid));
}

/* ---- regproc, regprocedure ---- */

Datum
regprocin(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);
	FuncCandidateList candidates;
	Oid oid;

	if (parse_numeric_oid(s, &oid))
		PG_RETURN_OID(oid);
	candidates = FuncnameGetCandidates(split_name(s), -1, false);
	if (candidates == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
		                errmsg("function \"%s\" does not exist", s)));
	if (candidates->next != NULL)
		ereport(ERROR, (errcode(ERRCODE_AMBIGUOUS_FUNCTION),
		                errmsg("more than one function named \"%s\"", s)));
	PG_RETURN_OID(candidates->oid);
}

Datum
regprocout(PG_FUNCTION_ARGS)
{
	Oid oid = PG_GETARG_OID(0);
	Form_pg_proc proc;
	FuncCandidateList candidates;
	char *name;
	bool unique;

	if (!OidIsValid(oid))
		PG_RETURN_CSTRING(pstrdup("-"));
	proc = GetProcForm(oid);
	if (proc == NULL)
		PG_RETURN_CSTRING(number(oid));
	/* the name alone, if it is read as this function */
	name = pstrdup(NameStr(proc->proname));
	candidates = FuncnameGetCandidates(list_make1(makeString(name)), -1, false);
	unique = candidates != NULL && candidates->next == NULL &&
	         candidates->oid == oid;
	PG_RETURN_CSTRING(quote_qualified_identifier(
		unique ? NULL : get_namespace_name(proc->pronamespace), name));
}

char *
format_procedure(Oid procedure_oid)
{
	Form_pg_proc proc = GetProcForm(procedure_oid);
	StringInfoData s;

	if (proc == NULL)
		return number(procedure_oid);
	initStringInfo(&s);
	appendStringInfo(&s, "%s(", quote_identifier(NameStr(proc->proname)));
	for (int i = 0; i < proc->pronargs; i++)
		appendStringInfo(&s, "%s%s", i > 0 ? "," : "",
		                 format_type_be(proc->proargtypes[i]));
	appendStringInfoChar(&s, ')');
	return s.data;
}

/* "name(type, type)": cuts s at the parenthesis; the number of types */
static int
split_arguments(char *s, const char *original, Oid *types)
{
	char *p = strchr(s, '(');
	char *end = strrchr(s, ')');
	int n = 0;

	if (p == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		                errmsg("expected a left parenthesis")));
	if (end == NULL || end < p || end[1] != '\0')
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		                errmsg("expected a right parenthesis")));
	*p++ = '\0';
	*end = '\0';
	while (isspace((unsigned char) *p))
		p++;
	while (*p != '\0')
	{
		char *type = p;
		int depth = 0;
		int32 typmod;

		for (; *p && (*p != ',' || depth > 0); p++)
			depth += (*p == '(') - (*p == ')');
		if (*p == ',')
			*p++ = '\0';
		if (n == FUNC_MAX_ARGS)
			ereport(ERROR, (errcode(ERRCODE_TOO_MANY_ARGUMENTS),
			                errmsg("too many arguments")));
		while (isspace((unsigned char) *type))
			type++;
		if (strncmp(type, "NONE", 4) == 0 || strncmp(type, "none", 4) == 0)
			types[n++] = InvalidOid;
		else
			parseTypeString(type, &types[n++], &typmod, false);
	}
	return n;
}

Datum
regprocedurein(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);
	char *name = pstrdup(s);
	Oid types[FUNC_MAX_ARGS];
	Oid oid;
	int n;

	if (parse_numeric_oid(s, &oid))
		PG_RETURN_OID(oid);
	n = split_arguments(name, s, types);
	for (FuncCandidateList c =
	         FuncnameGetCandidates(split_name(name), n, false);
	     c != NULL; c = c->next)
		if (memcmp(c->args, types, sizeof(Oid) * n) == 0)
			PG_RETURN_OID(c->oid);
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
	                errmsg("function \"%s\" does not exist", s)));
	PG_RETURN_NULL();
}

Datum
regprocedureout(PG_FUNCTION_ARGS)
{
	Oid oid = PG_GETARG_OID(0);

	PG_RETURN_CSTRING(OidIsValid(oid) ? format_procedure(oid) : pstrdup("-"));
}

/* ---- regoper, regoperator ---- */

Datum
regoperin(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);
	FuncCandidateList candidates;
	Oid oid;

	if (strcmp(s, "0") == 0)
		PG_RETURN_OID(InvalidOid);
	if (strcmp(s, "-") != 0 && parse_numeric_oid(s, &oid))
		PG_RETURN_OID(oid);
	candidates = OpernameGetCandidates(list_make1(makeString(s)), '\0');
	if (candidates == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
		                errmsg("operator does not exist: %s", s)));
	if (candidates->next != NULL)
		ereport(ERROR, (errcode(ERRCODE_AMBIGUOUS_FUNCTION),
		                errmsg("more than one operator named %s", s)));
	PG_RETURN_OID(candidates->oid);
}

Datum
regoperout(PG_FUNCTION_ARGS)
{
	Oid oid = PG_GETARG_OID(0);
	Form_pg_operator op = OidIsValid(oid) ? GetOperatorForm(oid) : NULL;
	FuncCandidateList candidates;
	char *name;

	if (op == NULL)
		PG_RETURN_CSTRING(number(oid));
	name = pstrdup(NameStr(op->oprname));
	candidates = OpernameGetCandidates(list_make1(makeString(name)), '\0');
	if (candidates && candidates->next == NULL)
		PG_RETURN_CSTRING(name);
	PG_RETURN_CSTRING(psprintf(
		"%s.%s", quote_identifier(get_namespace_name(op->oprnamespace)), name));
}

char *
format_operator(Oid operator_oid)
{
	char *name = get_opname(operator_oid);
	Oid left, right;

	if (name == NULL)
		return number(operator_oid);
	op_input_types(operator_oid, &left, &right);
	return psprintf("%s(%s,%s)", name,
	                OidIsValid(left) ? format_type_be(left) : "NONE",
	                OidIsValid(right) ? format_type_be(right) : "NONE");
}

Datum
regoperatorin(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);
	char *name = pstrdup(s);
	Oid types[FUNC_MAX_ARGS];
	Oid oid = InvalidOid;

	if (parse_numeric_oid(s, &oid))
		PG_RETURN_OID(oid);
	if (split_arguments(name, s, types) != 2)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		         errmsg("missing argument"),
		         errhint("Use NONE to denote the missing argument of a unary "
		                 "operator.")));
	oid = OpernameGetOprid(list_make1(makeString(name)), types[0], types[1]);
	if (!OidIsValid(oid))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
		                errmsg("operator does not exist: %s", s)));
	PG_RETURN_OID(oid);
}

Datum
regoperatorout(PG_FUNCTION_ARGS)
{
	Oid oid = PG_GETARG_OID(0);

	PG_RETURN_CSTRING(OidIsValid(oid) ? format_operator(oid) : pstrdup("0"));
}

/* ---- regnamespace ---- */

Datum
regnamespacein(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);
	List *names;
	Oid oid;

	if (parse_numeric_oid(s, &oid))
		PG_RETURN_OID(oid);
	names = split_name(s);
	if (list_length(names) != 1)
		invalid_name();
	PG_RETURN_OID(get_namespace_oid(strVal(linitial(names)), false));
}

Datum
regnamespaceout(PG_FUNCTION_ARGS)
{
	Oid oid = PG_GETARG_OID(0);
	char *name;

	if (!OidIsValid(oid))
		PG_RETURN_CSTRING(pstrdup("-"));
	name = get_namespace_name(oid);
	PG_RETURN_CSTRING(name ? pstrdup(quote_identifier(name)) : number(oid));
}

/* ---- binary: the number ---- */

#define BINARY(prefix)                                      \
	Datum prefix##recv(PG_FUNCTION_ARGS)                    \
	{                                                       \
		StringInfo buf = (StringInfo) PG_GETARG_POINTER(0); \
                                                            \
		PG_RETURN_OID(pq_getmsgint(buf, sizeof(Oid)));      \
	}                                                       \
	Datum prefix##send(PG_FUNCTION_ARGS)                    \
	{                                                       \
		StringInfoData buf;                                 \
                                                            \
		pq_begintypsend(&buf);                              \
		pq_sendint32(&buf, PG_GETARG_OID(0));               \
		PG_RETURN_BYTEA_P(pq_endtypsend(&buf));             \
	}

BINARY(regclass)
BINARY(regtype)
BINARY(regproc)
BINARY(regprocedure)
BINARY(regoper)
BINARY(regoperator)
BINARY(regnamespace)
