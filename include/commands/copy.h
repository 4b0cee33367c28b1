/*
 * commands/copy.h
 *		COPY table FROM STDIN, COPY table or query TO STDOUT.
 */
#ifndef COPY_H
#define COPY_H

#include "parser/pg_query_tree.h"
#include "tcop/dest.h"

/*
 * stmt_location and stmt_len: of the statement in sourceText.  *processed is
 * the number of rows.
 */
extern void DoCopy(PgQuery__CopyStmt *stmt, const char *sourceText,
                   int stmt_location, int stmt_len, uint64 *processed);

/* rows of COPY (query) TO */
extern DestReceiver *CreateCopyDestReceiver(void);

#endif /* COPY_H */
