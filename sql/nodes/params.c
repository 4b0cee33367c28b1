/*
 * params.c
 *		Lists of the values of $n.
 *
 * Corresponds to PostgreSQL's nodes/params.c.
 */
#include "postgres.h"

#include "nodes/params.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"

ParamListInfo
makeParamList(int numParams)
{
	ParamListInfo list = palloc0(offsetof(ParamListInfoData, params) +
	                             numParams * sizeof(ParamExternData));

	list->numParams = numParams;
	return list;
}

ParamListInfo
copyParamList(ParamListInfo from)
{
	ParamListInfo list;

	if (from == NULL || from->numParams <= 0)
		return NULL;
	list = makeParamList(from->numParams);
	for (int i = 0; i < from->numParams; i++)
	{
		ParamExternData *prm = &list->params[i];
		int16 typlen;
		bool typbyval;

		*prm = from->params[i];
		if (prm->isnull || !OidIsValid(prm->ptype))
			continue;
		get_typlenbyval(prm->ptype, &typlen, &typbyval);
		prm->value = datumCopy(prm->value, typbyval, typlen);
	}
	return list;
}
