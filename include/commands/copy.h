/*
 * commands/copy.h
 *		COPY: bulk rows in and out.
 *
 * COPY FROM is three calls for whoever wants rows and not a table filled:
 * BeginCopyFrom, NextCopyFrom until it says false, EndCopyFrom.
 *
 * Corresponds to PostgreSQL's commands/copy.h.
 */
#ifndef COPY_H
#define COPY_H

#include "parser/parse_node.h"
#include "parser/pg_query_tree.h"
#include "tcop/dest.h"

typedef enum CopyHeaderChoice
{
	COPY_HEADER_FALSE = 0,
	COPY_HEADER_TRUE,
	COPY_HEADER_MATCH
} CopyHeaderChoice;

/* Options of the statement; the strings have their defaults filled in. */
typedef struct CopyFormatOptions
{
	bool binary;
	bool csv_mode;
	bool freeze;
	CopyHeaderChoice header_line;
	char *null_print;
	int null_print_len;
	char *delim;       /* one byte */
	char *quote;       /* one byte, CSV */
	char *escape;      /* one byte, CSV */
	List *force_quote; /* Strings */
	bool force_quote_all;
	bool *force_quote_flags; /* by attribute number - 1 */
	List *force_notnull;
	bool *force_notnull_flags;
	List *force_null;
	bool *force_null_flags;
} CopyFormatOptions;

typedef struct CopyFromStateData *CopyFromState;
typedef struct CopyToStateData *CopyToState;

/*
 * Puts between minread and maxread bytes at outbuf, fewer only at the end of
 * the data, and returns how many.
 */
typedef int (*copy_data_source_cb)(void *outbuf, int minread, int maxread);

/*
 * stmt_location and stmt_len: of the statement in sourceText.  *processed is
 * the number of rows.
 */
extern void DoCopy(PgQuery__CopyStmt *stmt, const char *sourceText,
                   int stmt_location, int stmt_len, uint64 *processed);

/* ERROR for what is wrong in the options; a List of DefElem */
extern void ProcessCopyOptions(ParseState *pstate, CopyFormatOptions *opts,
                               bool is_from, List *options);
/* attribute numbers of the names; of all columns if there are none */
extern List *CopyGetAttnums(TupleDesc tupDesc, Relation rel, List *attnamelist);

/* filename NULL: from the client, or from data_source_cb if that is given */
extern CopyFromState
BeginCopyFrom(ParseState *pstate, Relation rel, const char *filename,
              copy_data_source_cb data_source_cb, List *attnamelist,
              List *options);
extern void EndCopyFrom(CopyFromState cstate);
/*
 * The next row into values and nulls (as many as the table has columns), in
 * CurrentMemoryContext; false at the end of the data.
 */
extern bool NextCopyFrom(CopyFromState cstate, Datum *values, bool *nulls);
/* The next line taken apart, NULL for a null; not for binary. */
extern bool
NextCopyFromRawFields(CopyFromState cstate, char ***fields, int *nfields);
/* An error context callback: arg is the CopyFromState. */
extern void CopyFromErrorCallback(void *arg);
/* All rows into the table; returns their number. */
extern uint64 CopyFrom(CopyFromState cstate);

/* rel, or else raw_query with its place in the source text */
extern CopyToState
BeginCopyTo(ParseState *pstate, Relation rel, RawStmt *raw_query,
            const char *filename, List *attnamelist, List *options);
extern uint64 DoCopyTo(CopyToState cstate);
extern void EndCopyTo(CopyToState cstate);
/* receives the rows of COPY (query) TO */
extern DestReceiver *CreateCopyDestReceiver(void);

#endif /* COPY_H */
