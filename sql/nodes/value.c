/*
 * value.c
 *		Constructors of the values that stand in lists and options.
 */
#include "postgres.h"

#include "nodes/value.h"

Integer *
makeInteger(int i)
{
	Integer *v = makeNode(Integer);

	v->ival = i;
	return v;
}

/* numericStr is kept, not copied */
Float *
makeFloat(char *numericStr)
{
	Float *v = makeNode(Float);

	v->fval = numericStr;
	return v;
}

Boolean *
makeBoolean(bool val)
{
	Boolean *v = makeNode(Boolean);

	v->boolval = val;
	return v;
}

/* str is kept, not copied */
String *
makeString(char *str)
{
	String *v = makeNode(String);

	v->sval = str;
	return v;
}
