/*
 * check_internal.h
 *		What the files of this folder share.
 */
#ifndef CHECK_INTERNAL_H
#define CHECK_INTERNAL_H

#include "nodes/pg_list.h"
#include "utils/hsearch.h"
#include "utils/palloc.h"
#include "utils/relcache.h"

struct VectorSupport;

typedef struct CheckState
{
	struct EState *estate; /* of the statement that calls */
	MemoryContext context; /* of the messages */
	List *messages;        /* of String */
	bool rows_readable;    /* all pages of the table are */
} CheckState;

extern void
check_report(CheckState *cs, Relation rel, BlockNumber block, int offset,
             const char *format, ...) __attribute__((format(printf, 5, 6)));
/* False: the page cannot be read, as a line says. */
extern bool check_readable(CheckState *cs, Relation rel, BlockNumber block);
/* The same of all pages, each with its line. */
extern bool check_all_readable(CheckState *cs, Relation rel);
/* A table whose entries begin with a TID, which is their key. */
extern HTAB *check_tid_table(const char *name, Size entrysize);
/*
 * Is every row that can be seen and has a place in the index among the TIDs that
 * its entries name, and no other; has each of them a line pointer.
 */
extern void check_index_rows(CheckState *cs, Relation heap, Relation index,
                             const struct VectorSupport *support, HTAB *rows);
/* The index by itself, and that every row of the table is in it. */
extern void check_hnsw(CheckState *cs, Relation heap, Relation index);
extern void check_ivfflat(CheckState *cs, Relation heap, Relation index);
/* The order of its pages and entries, and that each entry leads to its chunk. */
extern void
check_toast_index(CheckState *cs, Relation toastrel, Relation index);

#endif /* CHECK_INTERNAL_H */
