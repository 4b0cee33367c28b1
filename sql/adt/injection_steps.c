/*
 * injection_steps.c
 *		The stepper from SQL: runs of a parallel build, one participant at a
 *		time (utils/injection_step.h).
 *
 * injection_steps_begin(options) prepares a run of the build that the backend
 * of pid leader makes next: from the point "from" to the point "to" it and its
 * workers are the participants 0, 1, ...  What is chosen follows from the
 * options, key=value, separated by commas:
 *
 *		leader=PID			default: this backend
 *		policy=choices|random|pct, seed=N, depth=N, length=N, choices=0110...
 *		from=NAME, to=NAME	default: build-enter and build-exit
 *		points=PATTERN|...	those that count; "!" in front: those that do not
 *		grace=MS			how long all may sleep before it counts as deadlock
 *
 * PostgreSQL has nothing like it.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/injection_step.h"

/* Something outside, not a participant, may yet wake one. */
#define DEFAULT_GRACE_MS 300

static void
require_superuser(void)
{
	if (!superuser())
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("must be superuser to use the stepper")));
}

static void
bad_option(const char *word)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                errmsg("incorrect option \"%s\" of the stepper", word),
	                errhint("Options are leader=PID, policy=choices, random or "
	                        "pct, seed=N, depth=N, length=N, choices=DIGITS, "
	                        "from=NAME, to=NAME, points=PATTERNS and grace=MS, "
	                        "separated by commas.")));
}

static uint64
number(const char *word, const char *value)
{
	char *end;
	uint64 result;

	errno = 0;
	result = strtoull(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno)
		bad_option(word);
	return result;
}

static int
small_number(const char *word, const char *value)
{
	uint64 result = number(word, value);

	if (result > INT_MAX)
		bad_option(word);
	return (int) result;
}

/* A digit for each choice. */
static void
take_choices(StepOptions *options, const char *word, const char *value)
{
	int n = (int) strlen(value);
	uint8 *choices = palloc(n + 1);

	for (int i = 0; i < n; i++)
	{
		if (value[i] < '0' || value[i] >= '0' + STEP_MAX_PARTICIPANTS)
			bad_option(word);
		choices[i] = (uint8) (value[i] - '0');
	}
	options->choices = choices;
	options->nchoices = n;
}

static void
take_policy(StepOptions *options, const char *word, const char *value)
{
	if (strcmp(value, "choices") == 0)
		options->policy = STEP_CHOICES;
	else if (strcmp(value, "random") == 0)
		options->policy = STEP_RANDOM;
	else if (strcmp(value, "pct") == 0)
		options->policy = STEP_PCT;
	else
		bad_option(word);
}

static void
take_option(StepOptions *options, const char *word)
{
	const char *value = strchr(word, '=');
	size_t len = value ? (size_t) (value - word) : strlen(word);

	if (value == NULL)
		bad_option(word);
	value++;
#define IS(name) (len == strlen(name) && strncmp(word, name, len) == 0)
	if (IS("leader"))
		options->leader_pid = small_number(word, value);
	else if (IS("seed"))
		options->seed = number(word, value);
	else if (IS("depth"))
		options->depth = small_number(word, value);
	else if (IS("length"))
		options->length = small_number(word, value);
	else if (IS("grace"))
		options->grace_ms = small_number(word, value);
	else if (IS("policy"))
		take_policy(options, word, value);
	else if (IS("choices"))
		take_choices(options, word, value);
	else if (IS("from"))
		options->from = value;
	else if (IS("to"))
		options->to = value;
	else if (IS("points"))
		options->points = value;
	else
		bad_option(word);
#undef IS
}

Datum
injection_steps_begin(PG_FUNCTION_ARGS)
{
	char *words = text_to_cstring(PG_GETARG_TEXT_PP(0));
	StepOptions options = {.policy = STEP_CHOICES,
	                       .participants = 1,
	                       .grace_ms = DEFAULT_GRACE_MS,
	                       .leader_pid = MyProcPid,
	                       .from = "build-enter",
	                       .to = "build-exit"};
	char *save = NULL;

	require_superuser();
	for (char *word = strtok_r(words, ",", &save); word;
	     word = strtok_r(NULL, ",", &save))
		take_option(&options, word);
	if (STEP_IS_ON())
		ereport(ERROR, (errcode(ERRCODE_OBJECT_IN_USE),
		                errmsg("a run of the stepper is under way"),
		                errhint("End it with injection_steps_end().")));
	InjectionStepBegin(&options);
	PG_RETURN_VOID();
}

/* Whoever is stopped goes on, freely. */
Datum
injection_steps_end(PG_FUNCTION_ARGS)
{
	require_superuser();
	InjectionStepEnd();
	PG_RETURN_VOID();
}

/* "done", or what is wrong; and where each participant is. */
Datum
injection_steps_verdict(PG_FUNCTION_ARGS)
{
	StringInfoData buf;
	StepVerdict verdict;

	require_superuser();
	verdict = InjectionStepVerdict();
	initStringInfo(&buf);
	appendStringInfoString(&buf, InjectionStepVerdictName(verdict));
	if (InjectionStepTimeout())
		appendStringInfo(&buf, "; only a time-out went on: %s",
		                 InjectionStepTimeout());
	if (verdict != STEP_DONE)
		for (int i = 0; i < STEP_MAX_PARTICIPANTS; i++)
		{
			const char *state;
			const char *where = InjectionStepWhere(i, &state);

			if (where)
				appendStringInfo(&buf, "; participant %d is %s at %s", i, state,
				                 where);
		}
	PG_RETURN_TEXT_P(cstring_to_text(buf.data));
}

/*
 * A line for each choice: participant, mask of those that could go on, the one
 * that was preempted by another choice or -1, and the point that is passed.
 */
Datum
injection_steps(PG_FUNCTION_ARGS)
{
	StringInfoData buf;
	int n;

	require_superuser();
	initStringInfo(&buf);
	n = InjectionStepCount();
	for (int i = 0; i < n; i++)
	{
		const StepChoice *step = InjectionStepChoiceAt(i);

		appendStringInfo(&buf, "%d %d %d %s%s\n", step->participant,
		                 step->enabled, step->previous, step->point,
		                 step->timed_out ? " (timed out)" : "");
	}
	PG_RETURN_TEXT_P(cstring_to_text(buf.data));
}
