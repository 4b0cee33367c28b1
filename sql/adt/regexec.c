/*
 * regexec.c
 *		Runs a compiled regular expression.
 *
 * All states that the part of the string read so far can lead to are followed
 * at once, so the time is at most that of the string's length times the
 * program's, whatever the pattern: no backtracking, no pattern that hangs.  A
 * new attempt begins at every character, because a match may be anywhere.
 *
 * A state is in a list at most once; jumps and assertions are followed when a
 * state is added, with what is on both sides of the place.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/regexp.h"

/* Interrupts are looked for this often, in characters. */
#define INTERRUPT_INTERVAL 1024

/* End of the string, before it begins: no character. */
#define NO_CHAR ((uint32) -1)

/* States in the order of their coming; mark says whether one is there. */
typedef struct StateList
{
	int n;
	int *states;
	uint64 *mark; /* [state] == the list's generation */
	uint64 generation;
} StateList;

typedef struct RegexRun
{
	const RegexProgram *program;
	uint32 before; /* characters on both sides of the place */
	uint32 after;
	int *stack; /* states to be added */
	bool matched;
} RegexRun;

static bool
is_word_char(uint32 c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static bool
assertion_holds(const RegexRun *run, RegexOp op)
{
	bool before = run->before != NO_CHAR && is_word_char(run->before);
	bool after = run->after != NO_CHAR && is_word_char(run->after);

	switch (op)
	{
		case RX_BOS:
			return run->before == NO_CHAR;
		case RX_EOS:
			return run->after == NO_CHAR;
		case RX_WORD_START:
			return !before && after;
		case RX_WORD_END:
			return before && !after;
		case RX_WORD_EDGE:
			return before != after;
		default:
			Assert(op == RX_NOT_WORD_EDGE);
			return before == after;
	}
}

/* Adds the state, or those to which it leads without reading. */
static void
add_state(RegexRun *run, StateList *list, int first)
{
	int depth = 0;

	run->stack[depth++] = first;
	while (depth > 0)
	{
		int i = run->stack[--depth];
		const RegexState *state = &run->program->states[i];

		if (list->mark[i] == list->generation)
			continue;
		list->mark[i] = list->generation;
		switch (state->op)
		{
			case RX_CHAR:
			case RX_ANY:
			case RX_SET:
				list->states[list->n++] = i;
				break;
			case RX_SPLIT:
				run->stack[depth++] = state->y;
				run->stack[depth++] = state->x;
				break;
			case RX_JUMP:
				run->stack[depth++] = state->x;
				break;
			case RX_MATCH:
				run->matched = true;
				return;
			default:
				if (assertion_holds(run, state->op))
					run->stack[depth++] = i + 1;
				break;
		}
	}
}

static bool
in_set(const RegexSet *set, uint32 c)
{
	for (int i = 0; i < set->nranges; i++)
	{
		if (c >= set->ranges[i].lo && c <= set->ranges[i].hi)
			return !set->negated;
	}
	return set->negated;
}

static bool
reads(const RegexProgram *program, const RegexState *state, uint32 c)
{
	switch (state->op)
	{
		case RX_CHAR:
			return state->c == c;
		case RX_SET:
			return in_set(&program->sets[state->x], c);
		default:
			return true;
	}
}

static void
init_list(StateList *list, int nstates)
{
	list->n = 0;
	list->states = palloc(sizeof(int) * nstates);
	list->mark = palloc0(sizeof(uint64) * nstates);
	list->generation = 0;
}

bool
regex_matches(const RegexProgram *program, const char *s, int len)
{
	RegexRun run = {program, NO_CHAR, NO_CHAR, NULL, false};
	StateList lists[2];
	StateList *now = &lists[0];
	StateList *next = &lists[1];
	const char *end = s + len;
	int clen = 0;
	int until_interrupt = INTERRUPT_INTERVAL;

	/* each state is popped once and pushes at most two */
	run.stack = palloc(sizeof(int) * (2 * program->nstates + 1));
	init_list(now, program->nstates);
	init_list(next, program->nstates);
	run.after = s < end ? regex_char_at(s, &clen) : NO_CHAR;
	now->generation = 1;
	add_state(&run, now, 0);
	while (!run.matched && s < end)
	{
		uint32 c = run.after;
		StateList *swap;

		if (--until_interrupt == 0)
		{
			CHECK_FOR_INTERRUPTS();
			until_interrupt = INTERRUPT_INTERVAL;
		}
		s += clen;
		run.before = c;
		run.after = s < end ? regex_char_at(s, &clen) : NO_CHAR;
		next->n = 0;
		next->generation = now->generation + 1;
		for (int i = 0; i < now->n && !run.matched; i++)
		{
			int state = now->states[i];

			if (reads(program, &program->states[state], c))
				add_state(&run, next, state + 1);
		}
		if (!run.matched)
			add_state(&run, next, 0); /* a match that begins here */
		swap = now;
		now = next;
		next = swap;
	}
	for (int i = 0; i < 2; i++)
	{
		pfree(lists[i].states);
		pfree(lists[i].mark);
	}
	pfree(run.stack);
	return run.matched;
}
