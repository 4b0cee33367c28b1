/*
 * injection_action.c
 *		The text of an injection point's action; what a class allows; roles.
 *
 * The grammar is in utils/injection_action.h.  It follows that of the fail
 * points of FreeBSD (fail(9)) and of Rust's crate fail: terms with counts and
 * percentages, joined by arrows.
 */
#include "postgres.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "access/parallel.h"
#include "access/xact.h"
#include "common/pg_prng.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "utils/injection_action.h"

#define MILLION 1000000

typedef enum ArgumentKind
{
	ARG_NONE,
	ARG_SQLSTATE, /* optional */
	ARG_MS,
	ARG_CODE, /* optional */
	ARG_ERRNO,
	ARG_BYTES /* optional */
} ArgumentKind;

static const struct
{
	const char *name;
	InjectionVerb verb;
	ArgumentKind argument;
} verbs[] = {
	{"off", INJ_OFF, ARG_NONE},         {"notice", INJ_NOTICE, ARG_NONE},
	{"error", INJ_ERROR, ARG_SQLSTATE}, {"fatal", INJ_FATAL, ARG_SQLSTATE},
	{"panic", INJ_PANIC, ARG_SQLSTATE}, {"kill", INJ_KILL, ARG_NONE},
	{"stop", INJ_STOP, ARG_MS},         {"exit", INJ_EXIT, ARG_CODE},
	{"wait", INJ_WAIT, ARG_NONE},       {"sleep", INJ_SLEEP, ARG_MS},
	{"errno", INJ_ERRNO, ARG_ERRNO},    {"short", INJ_SHORT, ARG_BYTES},
	{"torn", INJ_TORN, ARG_BYTES},      {"delay", INJ_SLEEP, ARG_MS},
};

static const char *const role_names[INJ_NROLES] = {
	[INJ_ROLE_ANY] = "any",
	[INJ_ROLE_BACKEND] = "backend",
	[INJ_ROLE_LEADER] = "leader",
	[INJ_ROLE_WORKER] = "worker",
	[INJ_ROLE_POSTMASTER] = "postmaster",
	[INJ_ROLE_CHECKPOINTER] = "checkpointer",
	[INJ_ROLE_BGWRITER] = "bgwriter",
	[INJ_ROLE_WALWRITER] = "walwriter",
	[INJ_ROLE_STARTUP] = "startup",
	[INJ_ROLE_AUTOVACUUM] = "autovacuum",
	[INJ_ROLE_CLIENT] = "client",
	[INJ_ROLE_OTHER] = "other",
};

/* This process is a program that is attached. */
static bool is_client = false;

/* ---- the text ---- */

static pg_attribute_noreturn() void bad_action(const char *action,
                                               const char *what)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	     errmsg("incorrect action \"%s\" for injection point creation", action),
	     errdetail("\"%s\" is not understood.", what),
	     errhint(
			 "Write verb[:argument][,key=value...], several joined by \"->\", "
			 "each with an optional N* or P%% before it.  Verbs are off, "
			 "notice, error[:SQLSTATE], fatal, panic, kill, stop:MS, "
			 "exit[:CODE], wait, sleep:MS, errno:NAME, short[:BYTES] and "
			 "torn[:BYTES]; keys are nth, times, percent, seed, pid and "
			 "role.")));
	pg_unreachable();
}

static bool
parse_uint(const char *text, uint32 *result)
{
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || value > INT_MAX)
		return false;
	*result = (uint32) value;
	return true;
}

/* "12" or "0.5", of a hundred. */
static bool
parse_percent(const char *text, uint32 *chance)
{
	char *end;
	double value;

	if (*text == '\0' || strspn(text, "0123456789.") != strlen(text))
		return false;
	value = strtod(text, &end);
	if (*end || value < 0 || value > 100)
		return false;
	*chance = (uint32) lround(value * (MILLION / 100));
	return true;
}

static bool
parse_errno(const char *name, int *result)
{
	for (int error = 1; error < 256; error++)
	{
		const char *known = strerrorname_np(error);

		if (known && strcmp(known, name) == 0)
		{
			*result = error;
			return true;
		}
	}
	return false;
}

static bool
parse_argument(ArgumentKind kind, const char *text, InjectionTerm *term)
{
	uint32 number;

	switch (kind)
	{
		case ARG_NONE:
			return text == NULL;
		case ARG_SQLSTATE:
			if (text == NULL)
				return true;
			if (strlen(text) != 5 ||
			    strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5)
				return false;
			term->sqlerrcode =
				MAKE_SQLSTATE(text[0], text[1], text[2], text[3], text[4]);
			return true;
		case ARG_MS:
			if (text == NULL || !parse_uint(text, &number))
				return false;
			break;
		case ARG_CODE:
			if (text == NULL)
				number = 1;
			else if (!parse_uint(text, &number) || number > 255)
				return false;
			break;
		case ARG_ERRNO:
			return text != NULL && parse_errno(text, &term->argument);
		case ARG_BYTES:
			if (text == NULL)
			{
				term->argument = -1;
				return true;
			}
			if (!parse_uint(text, &number))
				return false;
			break;
		default:
			return false;
	}
	term->argument = (int) number;
	return true;
}

/* verb[:argument] */
static bool
parse_verb(char *word, InjectionTerm *term)
{
	char *argument = strchr(word, ':');

	if (argument)
		*argument++ = '\0';
	for (int i = 0; i < (int) lengthof(verbs); i++)
		if (strcmp(verbs[i].name, word) == 0)
		{
			term->verb = verbs[i].verb;
			return parse_argument(verbs[i].argument, argument, term);
		}
	return false;
}

static bool
parse_role(const char *text, InjectionTerm *term)
{
	uint32 number;

	if (strncmp(text, "worker:", 7) == 0)
	{
		term->role = INJ_ROLE_WORKER;
		if (!parse_uint(text + 7, &number))
			return false;
		term->worker = (int) number;
		return true;
	}
	for (int i = 0; i < INJ_NROLES; i++)
		if (strcmp(role_names[i], text) == 0)
		{
			term->role = (InjectionRole) i;
			return true;
		}
	return false;
}

/* key=value; *seeded tells that the seed was given */
static bool
parse_key(char *word, InjectionTerm *term, bool *seeded)
{
	char *value = strchr(word, '=');
	uint32 pid;

	if (value == NULL)
		return false;
	value++;
	if (strncmp(word, "nth=", 4) == 0)
		return parse_uint(value, &term->nth);
	if (strncmp(word, "times=", 6) == 0)
		return parse_uint(value, &term->times);
	if (strncmp(word, "percent=", 8) == 0)
		return parse_percent(value, &term->chance);
	if (strncmp(word, "seed=", 5) == 0)
		return *seeded = parse_uint(value, &term->seed);
	if (strncmp(word, "role=", 5) == 0)
		return parse_role(value, term);
	if (strncmp(word, "pid=", 4) != 0 || !parse_uint(value, &pid))
		return false;
	term->pid = (int) pid;
	return true;
}

/* N* or P% before the verb; returns what follows it, or NULL. */
static char *
parse_prefix(char *word, InjectionTerm *term)
{
	char *end = word + strspn(word, "0123456789.");
	char mark = *end;

	if (end == word)
		return word;
	*end = '\0';
	if (mark == '*')
		return parse_uint(word, &term->times) ? end + 1 : NULL;
	if (mark == '%')
		return parse_percent(word, &term->chance) ? end + 1 : NULL;
	return NULL;
}

static char *
trimmed(char *word)
{
	char *end = word + strlen(word);

	while (end > word && isspace((unsigned char) end[-1]))
		*--end = '\0';
	while (isspace((unsigned char) *word))
		word++;
	return word;
}

/* One term; its text, with the seed that was chosen, goes to out. */
static void
parse_term(const char *action, char *text, InjectionTerm *term, StringInfo out)
{
	char *whole = pstrdup(text);
	char *save = NULL;
	char *word = strtok_r(text, ",", &save);
	char *verb;
	bool seeded = false;

	*term = (InjectionTerm){.sqlerrcode = ERRCODE_INTERNAL_ERROR,
	                        .nth = 1,
	                        .chance = MILLION,
	                        .role = INJ_ROLE_ANY,
	                        .worker = INJ_ANY_WORKER};
	if (word == NULL)
		bad_action(action, "");
	verb = pstrdup(trimmed(word));
	word = parse_prefix(trimmed(word), term);
	if (word == NULL || !parse_verb(word, term))
		bad_action(action, verb);
	if ((term->verb == INJ_KILL || term->verb == INJ_EXIT ||
	     term->verb == INJ_PANIC) &&
	    term->times == 0)
		term->times = 1;
	while ((word = strtok_r(NULL, ",", &save)) != NULL)
	{
		word = trimmed(word);
		if (!parse_key(word, term, &seeded))
			bad_action(action, word);
	}
	appendStringInfoString(out, trimmed(whole));
	if (term->chance < MILLION && !seeded)
	{
		term->seed = pg_prng_uint32(&pg_global_prng_state) & INT_MAX;
		appendStringInfo(out, ",seed=%u", term->seed);
	}
	pfree(whole);
	pfree(verb);
}

void
ParseInjectionAction(const char *action, InjectionSpec *result)
{
	char *text = pstrdup(action);
	char *rest = text;
	StringInfoData out;

	memset(result, 0, sizeof(*result));
	initStringInfo(&out);
	while (rest)
	{
		char *arrow = strstr(rest, "->");

		if (arrow)
			*arrow = '\0';
		if (result->nterms == INJ_MAX_TERMS)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("incorrect action \"%s\" for injection point "
			                "creation",
			                action),
			         errdetail("At most %d actions can follow one another.",
			                   INJ_MAX_TERMS)));
		if (result->nterms > 0)
			appendStringInfoString(&out, "->");
		parse_term(action, rest, &result->terms[result->nterms++], &out);
		rest = arrow ? arrow + 2 : NULL;
	}
	if (out.len >= INJ_ACTION_MAXLEN)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("action for injection point creation is too long "
		                "(maximum of %d characters)",
		                INJ_ACTION_MAXLEN - 1)));
	strlcpy(result->text, out.data, INJ_ACTION_MAXLEN);
	pfree(out.data);
	pfree(text);
}

/* ---- what a class allows ---- */

static bool
allowed(const InjectionPointInfo *point, InjectionVerb verb)
{
	switch (verb)
	{
		case INJ_OFF:
		case INJ_KILL:
		case INJ_STOP:
		case INJ_EXIT:
		case INJ_WAIT:
		case INJ_SLEEP:
			return true;
		case INJ_ERROR:
		case INJ_FATAL:
		case INJ_PANIC:
			return point->class != INJ_NOTHROW;
		case INJ_NOTICE:
			/* It may find the client gone, which is an ERROR. */
			return point->class == INJ_NORMAL || point->class == INJ_POSTMASTER;
		case INJ_ERRNO:
			return (point->takes & INJ_TAKES_ERRNO) != 0;
		case INJ_SHORT:
		case INJ_TORN:
			return (point->takes & INJ_TAKES_WRITE) != 0;
	}
	return false;
}

char *
InjectionAllowedVerbs(const InjectionPointInfo *point)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i <= INJ_TORN; i++)
		if (allowed(point, verbs[i].verb))
			appendStringInfo(&out, "%s%s", out.len ? ", " : "", verbs[i].name);
	return out.data;
}

static const char *
class_meaning(InjectionClass class)
{
	switch (class)
	{
		case INJ_NORMAL:
			return "an error unwinds there, no call stands behind it that "
				   "could fail";
		case INJ_CRITICAL:
			return "it is in a critical section, at least for some callers, "
				   "where "
				   "an error is a PANIC";
		case INJ_NOTHROW:
			return "it is inside a primitive, where nothing can be thrown";
		case INJ_POSTMASTER:
			return "it is in the postmaster, whose end ends the service";
	}
	return "";
}

void
CheckInjectionAction(const InjectionSpec *spec, const InjectionPointInfo *point)
{
	for (int i = 0; i < spec->nterms; i++)
		if (!allowed(point, spec->terms[i].verb))
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			     errmsg("action \"%s\" is not allowed at injection point "
			            "\"%s\"",
			            verbs[spec->terms[i].verb].name, point->name),
			     errdetail("The point is of class %s: %s.",
			               InjectionClassName(point->class),
			               class_meaning(point->class)),
			     errhint("Allowed there: %s.", InjectionAllowedVerbs(point))));
}

/* ---- roles ---- */

static InjectionRole
role_of_background_worker(int *worker)
{
	if (MyBgworkerEntry == NULL)
		return INJ_ROLE_OTHER;
	if (strncmp(MyBgworkerEntry->bgw_type, "autovacuum", 10) == 0)
		return INJ_ROLE_AUTOVACUUM;
	if (strcmp(MyBgworkerEntry->bgw_type, "parallel worker") != 0)
		return INJ_ROLE_OTHER;
	memcpy(worker, MyBgworkerEntry->bgw_extra, sizeof(*worker));
	return INJ_ROLE_WORKER;
}

InjectionRole
InjectionRoleOfProcess(int *worker)
{
	*worker = INJ_ANY_WORKER;
	if (is_client)
		return INJ_ROLE_CLIENT;
	switch (MyBackendType)
	{
		case B_BACKEND:
			return IsInParallelMode() ? INJ_ROLE_LEADER : INJ_ROLE_BACKEND;
		case B_BG_WORKER:
			return role_of_background_worker(worker);
		case B_BG_WRITER:
			return INJ_ROLE_BGWRITER;
		case B_CHECKPOINTER:
			return INJ_ROLE_CHECKPOINTER;
		case B_STARTUP:
			return INJ_ROLE_STARTUP;
		case B_WAL_WRITER:
			return INJ_ROLE_WALWRITER;
		case B_POSTMASTER:
			return INJ_ROLE_POSTMASTER;
		default:
			return INJ_ROLE_OTHER;
	}
}

const char *
InjectionRoleName(InjectionRole role)
{
	return role_names[role];
}

void
InjectionPointSetClientRole(void)
{
	is_client = true;
}
