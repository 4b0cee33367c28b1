/*
 * varbit.c
 *		Lengths of the types bit and bit varying.
 *
 * The types have names, so that clients find them; values of them raise 0A000.
 *
 * Corresponds to a part of PostgreSQL's utils/adt/varbit.c.
 */
#include "postgres.h"

#include "utils/adt.h"
#include "utils/builtins.h"

/* PostgreSQL's limit: 10 MB of bits */
#define MAX_BIT_LENGTH (10 * 1024 * 1024 * 8)

static Datum
bit_length_typmod(Datum list, const char *type)
{
	int n;
	int32 *mods = get_typmods(list, &n);

	if (n != 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid type modifier")));
	if (mods[0] < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("length for type %s must be at least 1", type)));
	if (mods[0] > MAX_BIT_LENGTH)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("length for type %s cannot exceed %d", type,
		                       MAX_BIT_LENGTH)));
	PG_RETURN_INT32(mods[0]);
}

static Datum
show_bit_length(int32 typmod)
{
	PG_RETURN_CSTRING(typmod >= 0 ? psprintf("(%d)", typmod) : pstrdup(""));
}

Datum
bittypmodin(PG_FUNCTION_ARGS)
{
	return bit_length_typmod(PG_GETARG_DATUM(0), "bit");
}

Datum
bittypmodout(PG_FUNCTION_ARGS)
{
	return show_bit_length(PG_GETARG_INT32(0));
}

Datum
varbittypmodin(PG_FUNCTION_ARGS)
{
	return bit_length_typmod(PG_GETARG_DATUM(0), "varbit");
}

Datum
varbittypmodout(PG_FUNCTION_ARGS)
{
	return show_bit_length(PG_GETARG_INT32(0));
}
