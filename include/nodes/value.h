/*
 * value.h
 *		Values that stand in lists and options.
 *
 * Corresponds to PostgreSQL's nodes/value.h.
 */
#ifndef VALUE_H
#define VALUE_H

#include "nodes/nodes.h"

typedef struct Integer
{
	NodeTag type;
	int ival;
} Integer;

/* a number that does not fit an int, or has a point: its text */
typedef struct Float
{
	NodeTag type;
	char *fval;
} Float;

typedef struct Boolean
{
	NodeTag type;
	bool boolval;
} Boolean;

typedef struct String
{
	NodeTag type;
	char *sval;
} String;

#define intVal(v) (castNode(Integer, v)->ival)
#define floatVal(v) atof(castNode(Float, v)->fval)
#define boolVal(v) (castNode(Boolean, v)->boolval)
#define strVal(v) (castNode(String, v)->sval)

extern Integer *makeInteger(int i);
extern Float *makeFloat(char *numericStr);
extern Boolean *makeBoolean(bool val);
extern String *makeString(char *str);

#endif /* VALUE_H */
