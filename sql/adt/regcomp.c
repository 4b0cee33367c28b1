/*
 * regcomp.c
 *		Compiles a regular expression.
 *
 * The syntax is that of PostgreSQL's advanced regular expressions: a pattern is
 * branches with "|" between, a branch is quantified atoms and constraints.  It
 * is read by recursive descent into a tree, and the tree is written out as a
 * program of states (utils/regexp.h).  A bound {m,n} repeats the states, which
 * is why there is a limit on their number.
 *
 * Newlines are characters like others.  Classes of characters are those of the
 * locale C: ASCII.
 *
 * Not here, and refused by name: back references, look-around, equivalence
 * classes, options other than i and c.
 *
 * Corresponds to PostgreSQL's regex/regcomp.c and regc_lex.c; what it makes is
 * unlike theirs, which also finds where the match is.
 */
#include "postgres.h"

#include <ctype.h>

#include "miscadmin.h"
#include "utils/regexp.h"

#define MAX_REPETITION 255
#define MAX_STATES 100000
#define NO_LIMIT (-1)

typedef enum NodeKind
{
	NODE_EMPTY,
	NODE_STATE, /* one state: a character, a set, a constraint */
	NODE_SEQUENCE,
	NODE_CHOICE,
	NODE_REPEAT
} NodeKind;

typedef struct RegexNode
{
	NodeKind kind;
	RegexState state;
	struct RegexNode *a, *b;
	int min, max; /* NODE_REPEAT */
	int size;     /* states that it becomes */
} RegexNode;

typedef struct RegexParser
{
	const char *p;
	bool icase;
	RegexProgram *program;
	int sets_allocated;
	int depth; /* of parentheses */
} RegexParser;

static RegexNode *parse_choice(RegexParser *parser);

/* ---- errors ---- */

static void
invalid(const char *why)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_REGULAR_EXPRESSION),
	                errmsg("invalid regular expression: %s", why)));
}

static void
not_here(const char *what)
{
	ereport(ERROR,
	        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	         errmsg("%s in regular expressions are not supported", what)));
}

/* ---- the tree ---- */

static RegexNode *
make_node(NodeKind kind, RegexNode *a, RegexNode *b)
{
	RegexNode *node = palloc0(sizeof(RegexNode));

	node->kind = kind;
	node->a = a;
	node->b = b;
	return node;
}

static RegexNode *
sized(RegexNode *node, int64 size)
{
	if (size > MAX_STATES)
		invalid("regular expression is too complex");
	node->size = (int) size;
	return node;
}

static RegexNode *
make_state(RegexOp op, uint32 c, int set)
{
	RegexNode *node = make_node(NODE_STATE, NULL, NULL);

	node->state.op = op;
	node->state.c = c;
	node->state.x = set;
	return sized(node, 1);
}

static RegexNode *
make_sequence(RegexNode *a, RegexNode *b)
{
	if (a->kind == NODE_EMPTY)
		return b;
	if (b->kind == NODE_EMPTY)
		return a;
	return sized(make_node(NODE_SEQUENCE, a, b), (int64) a->size + b->size);
}

/* split, a, jump, b */
static RegexNode *
make_choice(RegexNode *a, RegexNode *b)
{
	return sized(make_node(NODE_CHOICE, a, b), (int64) a->size + b->size + 2);
}

/* a min times, then (split, a) for each more that may be; or a loop */
static RegexNode *
make_repeat(RegexNode *a, int min, int max)
{
	RegexNode *node = make_node(NODE_REPEAT, a, NULL);
	int64 size = (int64) a->size * min;

	node->min = min;
	node->max = max;
	if (max == NO_LIMIT)
		size += a->size + 2;
	else
		size += ((int64) a->size + 1) * (max - min);
	return sized(node, size);
}

/* ---- sets of characters ---- */

static int
new_set(RegexParser *parser, bool negated)
{
	RegexProgram *program = parser->program;

	if (program->nsets == parser->sets_allocated)
	{
		parser->sets_allocated = Max(8, parser->sets_allocated * 2);
		program->sets =
			program->sets == NULL
				? palloc(sizeof(RegexSet) * parser->sets_allocated)
				: repalloc(program->sets,
		                   sizeof(RegexSet) * parser->sets_allocated);
	}
	program->sets[program->nsets].negated = negated;
	program->sets[program->nsets].nranges = 0;
	program->sets[program->nsets].ranges = NULL;
	return program->nsets++;
}

static void
add_one_range(RegexSet *set, uint32 lo, uint32 hi)
{
	/* room for a power of two */
	if (set->ranges == NULL)
		set->ranges = palloc(sizeof(RegexRange) * 4);
	else if (set->nranges >= 4 && (set->nranges & (set->nranges - 1)) == 0)
		set->ranges =
			repalloc(set->ranges, sizeof(RegexRange) * set->nranges * 2);
	set->ranges[set->nranges].lo = lo;
	set->ranges[set->nranges].hi = hi;
	set->nranges++;
}

/* With the other case of its letters, if case does not matter. */
static void
add_range(RegexParser *parser, int set_no, uint32 lo, uint32 hi)
{
	RegexSet *set = &parser->program->sets[set_no];

	add_one_range(set, lo, hi);
	if (!parser->icase)
		return;
	if (lo <= 'z' && hi >= 'a')
		add_one_range(set, Max(lo, 'a') - 32, Min(hi, 'z') - 32);
	if (lo <= 'Z' && hi >= 'A')
		add_one_range(set, Max(lo, 'A') + 32, Min(hi, 'Z') + 32);
}

static const struct
{
	const char *name;
	const char *ranges; /* pairs */
} classes[] = {
	{"alnum", "azAZ09"},   {"alpha", "azAZ"},
	{"blank", "  \t\t"},   {"cntrl", "\x01\x1f\x7f\x7f"},
	{"digit", "09"},       {"graph", "!~"},
	{"lower", "az"},       {"print", " ~"},
	{"punct", "!/:@[`{~"}, {"space", "\t\r  "},
	{"upper", "AZ"},       {"xdigit", "09afAF"},
	{"word", "azAZ09__"},
};

static bool
add_class(RegexParser *parser, int set, const char *name, int len)
{
	for (Size i = 0; i < lengthof(classes); i++)
	{
		if ((int) strlen(classes[i].name) != len ||
		    strncmp(classes[i].name, name, len) != 0)
			continue;
		for (const char *r = classes[i].ranges; *r != '\0'; r += 2)
			add_range(parser, set, (unsigned char) r[0], (unsigned char) r[1]);
		return true;
	}
	return false;
}

/* Every character that is not of the class, which is of ASCII. */
static void
add_complement(RegexParser *parser, int set_no, const char *name)
{
	int of_class = new_set(parser, false);
	RegexSet *set;
	uint32 from = 1;

	(void) add_class(parser, of_class, name, strlen(name));
	set = &parser->program->sets[set_no];
	for (uint32 c = 1; c < 0x80; c++)
	{
		const RegexSet *class = &parser->program->sets[of_class];
		bool member = false;

		for (int i = 0; i < class->nranges; i++)
			member = member ||
			         (c >= class->ranges[i].lo && c <= class->ranges[i].hi);
		if (!member)
			continue;
		if (from < c)
			add_one_range(set, from, c - 1);
		from = c + 1;
	}
	add_one_range(set, from, 0x10FFFF);
	parser->program->nsets--; /* it was needed for this only */
}

/* The class that the letter of an escape stands for: d, s or w. */
static const char *
escape_class(char letter)
{
	switch (letter)
	{
		case 'd':
			return "digit";
		case 's':
			return "space";
		case 'w':
			return "word";
		default:
			return NULL;
	}
}

/* ---- characters and escapes ---- */

static uint32
next_char(RegexParser *parser)
{
	int len;
	uint32 c = regex_char_at(parser->p, &len);

	parser->p += len;
	return c;
}

/* exactly, or at most, so many hexadecimal digits */
static uint32
hex_digits(RegexParser *parser, int min, int max)
{
	uint32 value = 0;
	int n = 0;

	while (n < max && isxdigit((unsigned char) *parser->p))
	{
		char digit = *parser->p++;

		value =
			value << 4 |
			(uint32) (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
		n++;
	}
	if (n < min || value > 0x10FFFF)
		invalid("invalid escape \\ sequence");
	return value;
}

/* behind the first one, which is a zero: at most two more */
static uint32
octal_digits(RegexParser *parser)
{
	uint32 value = 0;

	for (int n = 1; n < 3 && *parser->p >= '0' && *parser->p <= '7'; n++)
		value = value << 3 | (uint32) (*parser->p++ - '0');
	return value;
}

/*
 * An escape that is one character; p is behind the backslash.  Letters and
 * digits that mean nothing are errors, other characters are themselves.
 */
static uint32
escaped_char(RegexParser *parser)
{
	unsigned char letter = (unsigned char) *parser->p;

	if (letter == '\0')
		invalid("invalid escape \\ sequence");
	if (letter >= 0x80 || !isalnum(letter))
		return next_char(parser);
	parser->p++;
	switch (letter)
	{
		case 'a':
			return '\a';
		case 'b':
			return '\b';
		case 'B':
			return '\\';
		case 'c':
			if (*parser->p == '\0')
				invalid("invalid escape \\ sequence");
			return next_char(parser) & 0x1F;
		case 'e':
			return 033;
		case 'f':
			return '\f';
		case 'n':
			return '\n';
		case 'r':
			return '\r';
		case 't':
			return '\t';
		case 'v':
			return '\v';
		case 'u':
			return hex_digits(parser, 4, 4);
		case 'U':
			return hex_digits(parser, 8, 8);
		case 'x':
			return hex_digits(parser, 1, 255);
		case '0':
			return octal_digits(parser);
		default:
			invalid("invalid escape \\ sequence");
			return 0;
	}
}

static RegexNode *
make_class(RegexParser *parser, const char *name, bool negated)
{
	int set = new_set(parser, negated);

	(void) add_class(parser, set, name, strlen(name));
	return make_state(RX_SET, 0, set);
}

static RegexNode *
make_char(RegexParser *parser, uint32 c)
{
	int set;

	if (!parser->icase || c >= 0x80 || !isalpha((int) c))
		return make_state(RX_CHAR, c, 0);
	set = new_set(parser, false);
	add_range(parser, set, c, c);
	return make_state(RX_SET, 0, set);
}

/* A backslash and what follows; *constraint: it reads nothing. */
static RegexNode *
parse_escape(RegexParser *parser, bool *constraint)
{
	static const struct
	{
		char letter;
		RegexOp op;
	} constraints[] = {{'A', RX_BOS},        {'Z', RX_EOS},
	                   {'m', RX_WORD_START}, {'M', RX_WORD_END},
	                   {'y', RX_WORD_EDGE},  {'Y', RX_NOT_WORD_EDGE}};
	char letter = *++parser->p;

	for (Size i = 0; i < lengthof(constraints); i++)
	{
		if (letter == constraints[i].letter)
		{
			parser->p++;
			*constraint = true;
			return make_state(constraints[i].op, 0, 0);
		}
	}
	if (letter == 'D' || letter == 'S' || letter == 'W' ||
	    escape_class(letter) != NULL)
	{
		parser->p++;
		return make_class(parser, escape_class(letter | 0x20), letter < 'a');
	}
	if (letter >= '1' && letter <= '9')
		not_here("back references");
	return make_char(parser, escaped_char(parser));
}

/* ---- brackets ---- */

/* [:name:], [.c.] or [=c=]; p is at its "[".  A class: true, it is added. */
static bool
parse_named(RegexParser *parser, int set, uint32 *c)
{
	char kind = parser->p[1];
	const char *name = parser->p + 2;
	const char *end = name;
	int len;

	while (*end != '\0' && !(end[0] == kind && end[1] == ']'))
		end++;
	if (*end == '\0')
		invalid("brackets [] not balanced");
	parser->p = end + 2;
	if (kind == ':')
	{
		if (!add_class(parser, set, name, end - name))
			invalid("invalid character class");
		return true;
	}
	if (kind == '=')
		not_here("equivalence classes");
	if (name == end)
		invalid("invalid collating element");
	*c = regex_char_at(name, &len);
	if (name + len != end)
		not_here("names of collating elements");
	return false;
}

/* One end of a range, or a single character; true: a class, already added. */
static bool
parse_set_item(RegexParser *parser, int set, uint32 *c)
{
	if (*parser->p == '[' &&
	    (parser->p[1] == ':' || parser->p[1] == '.' || parser->p[1] == '='))
		return parse_named(parser, set, c);
	if (*parser->p == '\\')
	{
		char letter = *++parser->p;
		const char *name = escape_class(letter | 0x20);

		if (name != NULL && letter >= 'A')
		{
			parser->p++;
			if (letter < 'a')
				add_complement(parser, set, name);
			else
				(void) add_class(parser, set, name, strlen(name));
			return true;
		}
		*c = escaped_char(parser);
		return false;
	}
	*c = next_char(parser);
	return false;
}

/* p is behind the "[" */
static RegexNode *
parse_brackets(RegexParser *parser)
{
	bool negated = *parser->p == '^';
	int set = new_set(parser, negated);
	bool first = true;

	if (negated)
		parser->p++;
	for (;; first = false)
	{
		uint32 lo = 0;
		uint32 hi = 0;
		bool class;

		if (*parser->p == '\0')
			invalid("brackets [] not balanced");
		if (*parser->p == ']' && !first)
			break;
		/* a minus sign that is neither first nor last nor an end of a range */
		if (*parser->p == '-' && !first && parser->p[1] != ']')
			invalid("invalid character range");
		class = parse_set_item(parser, set, &lo);
		if (*parser->p != '-' || parser->p[1] == ']' || parser->p[1] == '\0')
		{
			if (!class)
				add_range(parser, set, lo, lo);
			continue;
		}
		parser->p++;
		if (class || parse_set_item(parser, set, &hi) || hi < lo)
			invalid("invalid character range");
		add_range(parser, set, lo, hi);
	}
	parser->p++;
	return make_state(RX_SET, 0, set);
}

/* ---- branches ---- */

/* "(" and what follows; p is behind it */
static RegexNode *
parse_group(RegexParser *parser)
{
	RegexNode *node;

	if (*parser->p == '?')
	{
		if (parser->p[1] == '=' || parser->p[1] == '!' || parser->p[1] == '<')
			not_here("look-around constraints");
		if (parser->p[1] != ':')
			invalid("quantifier operand invalid");
		parser->p += 2;
	}
	parser->depth++;
	node = parse_choice(parser);
	parser->depth--;
	if (*parser->p != ')')
		invalid("parentheses () not balanced");
	parser->p++;
	return node;
}

static bool
at_bound(const RegexParser *parser)
{
	return parser->p[0] == '{' && isdigit((unsigned char) parser->p[1]);
}

static bool
at_quantifier(const RegexParser *parser)
{
	return *parser->p == '*' || *parser->p == '+' || *parser->p == '?' ||
	       at_bound(parser);
}

static RegexNode *
parse_atom(RegexParser *parser, bool *constraint)
{
	*constraint = false;
	if (at_quantifier(parser))
		invalid("quantifier operand invalid");
	switch (*parser->p)
	{
		case '(':
			parser->p++;
			return parse_group(parser);
		case '[':
			/* the two that are words' ends */
			if (strncmp(parser->p, "[[:<:]]", 7) == 0 ||
			    strncmp(parser->p, "[[:>:]]", 7) == 0)
			{
				*constraint = true;
				parser->p += 7;
				return make_state(
					parser->p[-4] == '<' ? RX_WORD_START : RX_WORD_END, 0, 0);
			}
			parser->p++;
			return parse_brackets(parser);
		case '\\':
			return parse_escape(parser, constraint);
		case '.':
			parser->p++;
			return make_state(RX_ANY, 0, 0);
		case '^':
			parser->p++;
			*constraint = true;
			return make_state(RX_BOS, 0, 0);
		case '$':
			parser->p++;
			*constraint = true;
			return make_state(RX_EOS, 0, 0);
		default:
			return make_char(parser, next_char(parser));
	}
}

static int
parse_count(RegexParser *parser)
{
	int n = 0;

	while (isdigit((unsigned char) *parser->p))
	{
		n = n * 10 + (*parser->p++ - '0');
		if (n > MAX_REPETITION)
			invalid("invalid repetition count(s)");
	}
	return n;
}

/* {m}, {m,} or {m,n} */
static void
parse_bound(RegexParser *parser, int *min, int *max)
{
	parser->p++;
	*min = *max = parse_count(parser);
	if (*parser->p == ',')
	{
		parser->p++;
		*max = isdigit((unsigned char) *parser->p) ? parse_count(parser)
		                                           : NO_LIMIT;
	}
	if (*parser->p == '\0')
		invalid("braces {} not balanced");
	if (*parser->p != '}' || (*max != NO_LIMIT && *max < *min))
		invalid("invalid repetition count(s)");
	parser->p++;
}

static RegexNode *
parse_quantified(RegexParser *parser)
{
	bool constraint;
	RegexNode *node = parse_atom(parser, &constraint);
	int min = 0;
	int max = NO_LIMIT;

	if (!at_quantifier(parser))
		return node;
	if (constraint)
		invalid("quantifier operand invalid");
	if (*parser->p == '{')
		parse_bound(parser, &min, &max);
	else
	{
		min = *parser->p == '+' ? 1 : 0;
		max = *parser->p == '?' ? 1 : NO_LIMIT;
		parser->p++;
	}
	if (*parser->p == '?') /* the shortest match: there is one all the same */
		parser->p++;
	if (at_quantifier(parser))
		invalid("quantifier operand invalid");
	return make_repeat(node, min, max);
}

static RegexNode *
parse_branch(RegexParser *parser)
{
	RegexNode *node = make_node(NODE_EMPTY, NULL, NULL);

	while (*parser->p != '\0' && *parser->p != '|' && *parser->p != ')')
		node = make_sequence(node, parse_quantified(parser));
	if (*parser->p == ')' && parser->depth == 0)
		invalid("parentheses () not balanced");
	return node;
}

static RegexNode *
parse_choice(RegexParser *parser)
{
	RegexNode *node;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	node = parse_branch(parser);
	while (*parser->p == '|')
	{
		parser->p++;
		node = make_choice(node, parse_branch(parser));
	}
	return node;
}

/* ---- the program ---- */

static int
emit(RegexProgram *program, RegexOp op)
{
	RegexState *state = &program->states[program->nstates];

	memset(state, 0, sizeof(*state));
	state->op = op;
	return program->nstates++;
}

static void emit_node(RegexProgram *program, const RegexNode *node);

static void
emit_repeat(RegexProgram *program, const RegexNode *node)
{
	int split;

	for (int i = 0; i < node->min; i++)
		emit_node(program, node->a);
	if (node->max == NO_LIMIT)
	{
		split = emit(program, RX_SPLIT);
		emit_node(program, node->a);
		program->states[emit(program, RX_JUMP)].x = split;
		program->states[split].x = split + 1;
		program->states[split].y = program->nstates;
		return;
	}
	for (int i = node->min; i < node->max; i++)
	{
		split = emit(program, RX_SPLIT);
		emit_node(program, node->a);
		program->states[split].x = split + 1;
		program->states[split].y = program->nstates;
	}
}

static void
emit_node(RegexProgram *program, const RegexNode *node)
{
	int split;
	int jump;

	check_stack_depth();
	switch (node->kind)
	{
		case NODE_EMPTY:
			break;
		case NODE_STATE:
			program->states[emit(program, node->state.op)] = node->state;
			break;
		case NODE_SEQUENCE:
			emit_node(program, node->a);
			emit_node(program, node->b);
			break;
		case NODE_CHOICE:
			split = emit(program, RX_SPLIT);
			emit_node(program, node->a);
			jump = emit(program, RX_JUMP);
			program->states[split].x = split + 1;
			program->states[split].y = program->nstates;
			emit_node(program, node->b);
			program->states[jump].x = program->nstates;
			break;
		case NODE_REPEAT:
			emit_repeat(program, node);
			break;
	}
}

/* (?i) and the like at the start */
static void
parse_options(RegexParser *parser)
{
	if (parser->p[0] != '(' || parser->p[1] != '?' ||
	    !isalpha((unsigned char) parser->p[2]))
		return;
	for (parser->p += 2; isalpha((unsigned char) *parser->p); parser->p++)
	{
		switch (*parser->p)
		{
			case 'i':
				parser->icase = true;
				break;
			case 'c':
				parser->icase = false;
				break;
			case 's': /* newlines are characters like others: */
			case 't': /* and white space stands for itself: both so already */
				break;
			default:
				if (strchr("bemnpqwx", *parser->p) == NULL)
					invalid("invalid embedded option");
				not_here("options other than c, i, s and t");
		}
	}
	if (*parser->p != ')')
		invalid("invalid embedded option");
	parser->p++;
}

RegexProgram *
regex_compile(const char *pattern, bool icase)
{
	RegexProgram *program = palloc0(sizeof(RegexProgram));
	RegexParser parser = {pattern, icase, program, 0, 0};
	RegexNode *tree = make_node(NODE_EMPTY, NULL, NULL);

	if (strncmp(pattern, "***=", 4) == 0)
	{
		parser.p += 4;
		while (*parser.p != '\0')
			tree = make_sequence(tree, make_char(&parser, next_char(&parser)));
	}
	else
	{
		if (strncmp(pattern, "***:", 4) == 0)
			parser.p += 4;
		parse_options(&parser);
		tree = parse_choice(&parser);
	}
	program->states = palloc(sizeof(RegexState) * (tree->size + 1));
	emit_node(program, tree);
	Assert(program->nstates == tree->size);
	(void) emit(program, RX_MATCH);
	return program;
}
