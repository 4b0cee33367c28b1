/*
 * commands/copyfrom_internal.h
 *		State of a COPY FROM, shared by copyfrom.c, copyfromparse.c and
 *		copyfromfields.c.
 *
 * Bytes go from the source into input_buf, where those that are legal UTF-8
 * are counted; a line is gathered from there into line_buf; its fields, with
 * escapes resolved, are laid one after another into attribute_buf, each ended
 * by a zero byte, and raw_fields points at them.  A binary COPY does not verify;
 * of a client its input_buf is the message itself, and a field is gathered in
 * attribute_buf only if it lies in two pieces.
 *
 * Corresponds to PostgreSQL's commands/copyfrom_internal.h.
 */
#ifndef COPYFROM_INTERNAL_H
#define COPYFROM_INTERNAL_H

#include <stdio.h>

#include "commands/copy.h"
#include "fmgr.h"
#include "lib/stringinfo.h"

typedef enum CopySource
{
	COPY_FILE,     /* a file of the server */
	COPY_FRONTEND, /* the client's CopyData messages */
	COPY_CALLBACK  /* a function of the caller */
} CopySource;

/* How lines end: told by the first, then demanded of all. */
typedef enum EolType
{
	EOL_UNKNOWN,
	EOL_NL,
	EOL_CR,
	EOL_CRNL
} EolType;

#define COPY_INPUT_BUF_SIZE 65536

typedef struct CopyFromStateData
{
	/* the source */
	CopySource copy_src;
	FILE *copy_file;
	StringInfo fe_msgbuf; /* CopyData being consumed */
	copy_data_source_cb data_source_cb;
	bool raw_reached_eof; /* the source has no more */

	/* the statement */
	Relation rel;
	List *attnumlist;
	char *filename; /* NULL: not a file */
	CopyFormatOptions opts;
	EolType eol_type;

	/* where we are, for errors; NULL: in no column, or it is null */
	const char *cur_relname;
	uint64 cur_lineno;
	const char *cur_attname;
	const char *cur_attval;

	/* input functions, by attribute number - 1 */
	FmgrInfo *in_functions;
	Oid *typioparams;

	/* fields of the line */
	int max_fields;
	char **raw_fields;
	StringInfoData attribute_buf;

	/* the line, without its end */
	StringInfoData line_buf;
	bool line_buf_valid; /* it is the line with number cur_lineno */

	/* unread are input_index to input_len; legal UTF-8 up to input_valid */
	char *input_buf;
	int input_index;
	int input_valid;
	int input_len;

	uint64 bytes_processed; /* from the source */
	uint64 row_bytes;       /* of the row just read */

	MemoryContext copycontext;
} CopyFromStateData;

/* CopyInResponse, and the client is the source */
extern void ReceiveCopyBegin(CopyFromState cstate);
/* signature and flags of a binary COPY */
extern void ReceiveCopyBinaryHeader(CopyFromState cstate);
/* buffers for nfields fields, in CurrentMemoryContext */
extern void CopyFromInitBuffers(CopyFromState cstate, int nfields);

/* the fields of the line that was read, in raw_fields; returns their number */
extern int CopyReadAttributes(CopyFromState cstate);

#endif /* COPYFROM_INTERNAL_H */
