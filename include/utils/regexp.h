/*
 * utils/regexp.h
 *		Regular expressions: compiled into a program of states, and run.
 *
 * Whether a string has a match is all that is asked: there are no captures, so
 * greedy and lazy quantifiers are the same.
 */
#ifndef REGEXP_H
#define REGEXP_H

/* What a state does; a state goes on to the next one unless it says else. */
typedef enum RegexOp
{
	RX_CHAR,  /* this character */
	RX_ANY,   /* any character */
	RX_SET,   /* a character of the set */
	RX_SPLIT, /* to x and to y */
	RX_JUMP,  /* to x */
	RX_BOS,   /* at the string's start */
	RX_EOS,
	RX_WORD_START, /* the next is a word's character, the last is not */
	RX_WORD_END,
	RX_WORD_EDGE, /* either of them */
	RX_NOT_WORD_EDGE,
	RX_MATCH
} RegexOp;

typedef struct RegexState
{
	RegexOp op;
	uint32 c; /* RX_CHAR */
	int x, y; /* targets; RX_SET: x is the set */
} RegexState;

typedef struct RegexRange
{
	uint32 lo, hi;
} RegexRange;

typedef struct RegexSet
{
	bool negated;
	int nranges;
	RegexRange *ranges;
} RegexSet;

typedef struct RegexProgram
{
	int nstates;
	RegexState *states;
	int nsets;
	RegexSet *sets;
} RegexProgram;

/*
 * In the current memory context.  icase: ASCII letters of either case.  ERROR
 * 2201B: not an expression; 0A000: look-around, back references and the other
 * things of PostgreSQL's that are not here, which the message names.
 */
extern RegexProgram *regex_compile(const char *pattern, bool icase);
/* true if some part of the string matches; can be interrupted */
extern bool regex_matches(const RegexProgram *program, const char *s, int len);

/* the character at s, of a valid UTF-8 string, and its length */
static inline uint32
regex_char_at(const char *s, int *len)
{
	const unsigned char *u = (const unsigned char *) s;

	if (u[0] < 0x80)
	{
		*len = 1;
		return u[0];
	}
	if (u[0] < 0xE0)
	{
		*len = 2;
		return (u[0] & 0x1Fu) << 6 | (u[1] & 0x3Fu);
	}
	if (u[0] < 0xF0)
	{
		*len = 3;
		return (u[0] & 0x0Fu) << 12 | (u[1] & 0x3Fu) << 6 | (u[2] & 0x3Fu);
	}
	*len = 4;
	return (u[0] & 0x07u) << 18 | (u[1] & 0x3Fu) << 12 | (u[2] & 0x3Fu) << 6 |
	       (u[3] & 0x3Fu);
}

#endif /* REGEXP_H */
