/*
 * settings.c: the server's settings.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

tusk_status
tusk_set(tusk_session *s, const char *name, const char *value, int local)
{
	tusk_param params[3] = {{name, 0, TUSK_TEXT, 0},
	                        {value, 0, TUSK_TEXT, 0},
	                        {local ? "true" : "false", 0, TUSK_TEXT, 0}};

	return tusk_exec_params(s, "SELECT pg_catalog.set_config($1, $2, $3)", 3,
	                        params, TUSK_TEXT, NULL);
}

tusk_status
tusk_get(tusk_session *s, const char *name, const char **value)
{
	tusk_param param = {name, 0, TUSK_TEXT, 0};
	tusk_result *result;
	tusk_status status = tusk_check_usable(s);

	*value = NULL;
	if (status == TUSK_OK && name == NULL)
		status = tusk_fail(s, TUSK_MISUSE, "22004",
		                   "the name of the setting is NULL");
	if (status == TUSK_OK)
		status = tusk_exec_params(s, "SELECT pg_catalog.current_setting($1)", 1,
		                          &param, TUSK_TEXT, &result);
	if (status != TUSK_OK)
		return status;
	free(s->shown);
	s->shown = NULL;
	if (tusk_result_value(result, 0, 0) != NULL)
		s->shown = strdup(tusk_result_value(result, 0, 0));
	tusk_result_free(result);
	if (s->shown == NULL)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	*value = s->shown;
	return TUSK_OK;
}
