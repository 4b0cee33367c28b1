/*
 * utils/guc_tables.h
 *		What guc.c knows of a setting.
 *
 * All of it is private to the process; children inherit the postmaster's values
 * by fork, parallel workers get their leader's by SerializeGUCState.
 */
#ifndef GUC_TABLES_H
#define GUC_TABLES_H

#include "utils/guc.h"

typedef enum config_type
{
	PGC_BOOL,
	PGC_INT,
	PGC_REAL,
	PGC_STRING,
	PGC_ENUM
} config_type;

typedef union config_var_val
{
	bool boolval;
	int intval;
	double realval;
	char *stringval; /* malloc'ed, or NULL */
	int enumval;
} config_var_val;

/* What a stack entry remembers the value for. */
typedef enum GucStackState
{
	GUC_SET,      /* a SET: kept at commit */
	GUC_LOCAL,    /* a SET LOCAL: undone at the end in any case */
	GUC_SET_LOCAL /* a SET LOCAL after a SET: the SET's value is in masked */
} GucStackState;

typedef struct GucStack
{
	struct GucStack *prev; /* of an outer nest level */
	int nest_level;
	GucStackState state;
	GucSource source;        /* of prior */
	GucSource masked_source; /* of masked */
	config_var_val prior;    /* value before this level's first change */
	config_var_val masked;   /* GUC_SET_LOCAL only */
} GucStack;

typedef struct config_generic
{
	const char *name;
	const char *short_desc;
	GucContext context;
	int flags;
	config_type vartype;
	void *variable; /* bool *, int *, double * or char ** */
	/* as text, in the syntax of the configuration file */
	const char *boot_text;
	double min;
	double max;
	const struct config_enum_entry *options;
	/*
	 * NULL, or: false with a reason in *detail refuses a string; *newval may be
	 * set to the usual spelling, a text that stays.
	 */
	bool (*check_hook)(const char **newval, const char **detail);

	/* of an int or a bool: NULL, or false with a reason in *detail refuses it */
	bool (*check_int_hook)(int newval, const char **detail);

	const char *long_desc; /* or NULL */

	/* state */
	config_var_val boot_val;
	config_var_val reset_val; /* what RESET goes back to */
	GucSource source;
	GucSource reset_source;
	GucStack *stack;
	bool needs_report; /* GUC_REPORT: changed since the client was told */
	bool placeholder;  /* a dotted name that nobody has defined yet */
	bool in_file;      /* seen by the reload that is going on */
} config_generic;

extern config_generic ConfigureNames[];
extern int NumConfigureNames;

#endif /* GUC_TABLES_H */
