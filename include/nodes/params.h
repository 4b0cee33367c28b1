/*
 * params.h
 *		Values of parameters: $n of a statement, and results of init plans.
 *
 * Corresponds to PostgreSQL's nodes/params.h, without the fetch hooks.
 */
#ifndef PARAMS_H
#define PARAMS_H

/* the planner may treat the value as a constant of this plan */
#define PARAM_FLAG_CONST 0x0001

typedef struct ParamExternData
{
	Datum value;
	bool isnull;
	uint16 pflags;
	Oid ptype; /* InvalidOid: not given */
} ParamExternData;

typedef struct ParamListInfoData
{
	char *paramValuesStr; /* for log lines, or NULL */
	int numParams;
	ParamExternData params[FLEXIBLE_ARRAY_MEMBER];
} ParamListInfoData;

typedef struct ParamListInfoData *ParamListInfo;

/* One PARAM_EXEC; execPlan is the SubPlanState that still has to compute it. */
typedef struct ParamExecData
{
	void *execPlan;
	Datum value;
	bool isnull;
} ParamExecData;

/* numParams entries, zeroed, in CurrentMemoryContext */
extern ParamListInfo makeParamList(int numParams);
/* a deep copy in CurrentMemoryContext; NULL of an empty list */
extern ParamListInfo copyParamList(ParamListInfo from);

#endif /* PARAMS_H */
