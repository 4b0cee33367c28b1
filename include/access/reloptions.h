/*
 * access/reloptions.h
 *		Options of WITH (...): declared by kind, parsed into a struct.
 */
#ifndef RELOPTIONS_H
#define RELOPTIONS_H

#include "nodes/pg_list.h"
#include "storage/lockdefs.h"

typedef uint32 relopt_kind;

#define RELOPT_KIND_HEAP 1u
#define RELOPT_KIND_TOAST 2u

/* WITH (toast.name = value): of the TOAST table that belongs to a table */
#define HEAP_RELOPT_NAMESPACES \
	{                          \
		"toast", NULL          \
	}

typedef enum relopt_type
{
	RELOPT_TYPE_BOOL,
	RELOPT_TYPE_INT,
	RELOPT_TYPE_REAL,
	RELOPT_TYPE_ENUM
} relopt_type;

typedef struct relopt_enum_elt_def
{
	const char *string_val; /* NULL ends a list of them */
	int symbol_val;
} relopt_enum_elt_def;

/* Where the value of an option goes in the struct. */
typedef struct relopt_parse_elt
{
	const char *optname;
	relopt_type opttype;
	int offset;
} relopt_parse_elt;

extern relopt_kind add_reloption_kind(void);
extern void
add_bool_reloption(relopt_kind kinds, const char *name, const char *desc,
                   bool default_val, LOCKMODE lockmode);
extern void
add_int_reloption(relopt_kind kinds, const char *name, const char *desc,
                  int default_val, int min_val, int max_val, LOCKMODE lockmode);
extern void
add_real_reloption(relopt_kind kinds, const char *name, const char *desc,
                   double default_val, double min_val, double max_val,
                   LOCKMODE lockmode);
/* detailmsg says which members there are. */
extern void
add_enum_reloption(relopt_kind kinds, const char *name, const char *desc,
                   const relopt_enum_elt_def *members, int default_val,
                   const char *detailmsg, LOCKMODE lockmode);

/*
 * From the text array of pg_class.reloptions (0: none) a struct of size
 * relopt_struct_size that begins with a varlena header.  ERROR 22023: an
 * unknown option, or a value that does not parse or is out of its range.
 */
extern void *
build_reloptions(Datum reloptions, bool validate, relopt_kind kind,
                 Size relopt_struct_size, const relopt_parse_elt *relopt_elems,
                 int num_relopt_elems);

/* those of tables and their TOAST tables, declared before the first fork */
extern void InitHeapReloptions(void);
/* a StdRdOptions; relkind: of a table, or RELKIND_TOASTVALUE */
extern bytea *heap_reloptions(char relkind, Datum reloptions, bool validate);
/*
 * oldOptions with those DefElems that are in namspace (NULL: in none) set or,
 * isReset, gone; a text[], 0 if there are none.  ERROR 22023 for a namespace
 * that is not in validnsps (NULL: none is valid).
 */
extern Datum
transformRelOptions(Datum oldOptions, List *defList, const char *namspace,
                    const char *const validnsps[], bool acceptOidsOff,
                    bool isReset);
/* The stored text[] as a List of DefElem with string values; NIL for 0. */
extern List *untransformRelOptions(Datum options);

#endif /* RELOPTIONS_H */
