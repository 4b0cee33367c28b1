/*
 * copyfromparse.c
 *		From the bytes of a COPY FROM to rows: source, lines, values.  The fields
 *		of a line are copyfromfields.c's.
 *
 * The stages and their buffers are told in commands/copyfrom_internal.h.  Each
 * byte is copied twice on its way (to the line, to the field), which costs
 * little beside its conversion and keeps the line whole for the context of an
 * error.
 *
 * While a protocol message is being read a cancel has to wait, for what is
 * left of the message would be taken for the next one; between messages it is
 * served, even if the client sends nothing.  After an ERROR the main loop
 * throws away what the client still sends.
 *
 * Corresponds to PostgreSQL's commands/copyfromparse.c, where a cancel waits
 * for the next message to come.
 */
#include "postgres.h"

#include <endian.h>

#include "commands/copy_scan.h"
#include "commands/copyfrom_internal.h"
#include "commands/progress.h"
#include "libpq/libpq-be.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/backend_progress.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"

static const char BinarySignature[11] = "PGCOPY\n\377\r\n\0";

/* ---- the source ---- */

void
ReceiveCopyBegin(CopyFromState cstate)
{
	StringInfoData buf;
	int natts = list_length(cstate->attnumlist);
	int16 format = cstate->opts.binary ? 1 : 0;

	pq_beginmessage(&buf, 'G');
	pq_sendbyte(&buf, (uint8) format);
	pq_sendint16(&buf, (uint16) natts);
	for (int i = 0; i < natts; i++)
		pq_sendint16(&buf, (uint16) format);
	pq_endmessage(&buf);
	cstate->copy_src = COPY_FRONTEND;
	cstate->fe_msgbuf = makeStringInfo();
	pq_flush(); /* the client waits for it */
}

/*
 * The next message of the client, whole, in fe_msgbuf; its type.  Flush and
 * Sync are passed over: libraries send them right behind a command that they
 * do not know to be a COPY.
 */
static int
read_copy_message(CopyFromState cstate)
{
	int type;
	int limit;

	do
	{
		/* Until there is a byte of it an interrupt does no harm. */
		if (pq_peekbyte() == EOF)
			ereport(ERROR,
			        (errcode(ERRCODE_CONNECTION_FAILURE),
			         errmsg("unexpected EOF on client connection with an open "
			                "transaction")));
		HOLD_CANCEL_INTERRUPTS();
		pq_startmsgread();
		type = pq_getbyte();
		switch (type)
		{
			case 'd':
				limit = PQ_LARGE_MESSAGE_LIMIT;
				break;
			case 'c':
			case 'f':
			case 'H':
			case 'S':
				limit = PQ_SMALL_MESSAGE_LIMIT;
				break;
			default:
				ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
				                errmsg("unexpected message type 0x%02X during "
				                       "COPY from stdin",
				                       type)));
		}
		if (pq_getmessage(cstate->fe_msgbuf, limit) != 0)
			ereport(ERROR,
			        (errcode(ERRCODE_CONNECTION_FAILURE),
			         errmsg("unexpected EOF on client connection with an open "
			                "transaction")));
		RESUME_CANCEL_INTERRUPTS();
		CHECK_FOR_INTERRUPTS();
	} while (type == 'H' || type == 'S');
	return type;
}

/* A message with data in fe_msgbuf; false: the client ends the data. */
static bool
next_data_message(CopyFromState cstate)
{
	for (;;)
	{
		switch (read_copy_message(cstate))
		{
			case 'd':
				if (cstate->fe_msgbuf->len > 0)
					return true;
				continue;
			case 'c':
				cstate->raw_reached_eof = true;
				return false;
			default:
				ereport(ERROR, (errcode(ERRCODE_QUERY_CANCELED),
				                errmsg("COPY from stdin failed: %s",
				                       pq_getmsgstring(cstate->fe_msgbuf))));
		}
	}
}

/* minread bytes at least unless the client ends the data. */
static int
get_data_frontend(CopyFromState cstate, char *buf, int minread, int maxread)
{
	StringInfo msg = cstate->fe_msgbuf;
	int got = 0;

	while (got < minread && !cstate->raw_reached_eof)
	{
		int n;

		if (msg->cursor >= msg->len && !next_data_message(cstate))
			return got;
		n = Min(msg->len - msg->cursor, maxread - got);
		pq_copymsgbytes(msg, buf + got, n);
		got += n;
	}
	return got;
}

/* Between minread and maxread bytes; fewer only at the end. */
static int
CopyGetData(CopyFromState cstate, char *buf, int minread, int maxread)
{
	int got = 0;

	switch (cstate->copy_src)
	{
		case COPY_FILE:
			got = (int) fread(buf, 1, (size_t) maxread, cstate->copy_file);
			if (ferror(cstate->copy_file))
				ereport(ERROR, (errcode_for_file_access(),
				                errmsg("could not read from COPY file: %m")));
			if (got == 0)
				cstate->raw_reached_eof = true;
			break;
		case COPY_FRONTEND:
			got = get_data_frontend(cstate, buf, minread, maxread);
			break;
		case COPY_CALLBACK:
			got = cstate->data_source_cb(buf, minread, maxread);
			if (got < minread)
				cstate->raw_reached_eof = true;
			break;
	}
	return got;
}

static void
count_bytes(CopyFromState cstate, int n)
{
	cstate->bytes_processed += (uint64) n;
	if (n > 0 && cstate->copy_src != COPY_CALLBACK)
		pgstat_progress_update_param(PROGRESS_COPY_BYTES_PROCESSED,
		                             (int64) cstate->bytes_processed);
}

static int
load_raw(CopyFromState cstate)
{
	int n = CopyGetData(cstate, cstate->input_buf + cstate->input_len, 1,
	                    COPY_INPUT_BUF_SIZE - cstate->input_len);

	cstate->input_len += n;
	count_bytes(cstate, n);
	return n;
}

/*
 * More legal characters behind input_valid; false: there are none.  What is
 * unread moves to the front of the buffer.  An illegal character is an ERROR
 * only when all before it has been used, so that its line number is right.
 */
static bool
CopyLoadInputBuf(CopyFromState cstate)
{
	int unread = cstate->input_len - cstate->input_index;

	memmove(cstate->input_buf, cstate->input_buf + cstate->input_index,
	        (size_t) unread);
	cstate->input_valid -= cstate->input_index;
	cstate->input_len = unread;
	cstate->input_index = 0;
	for (;;)
	{
		const char *rest = cstate->input_buf + cstate->input_valid;
		int len = cstate->input_len - cstate->input_valid;
		int good = pg_utf8_verifystr((const unsigned char *) rest, len);

		cstate->input_valid += good;
		if (good > 0)
			return true;
		/* The beginning of a character may wait for its end. */
		if (len >= MAX_MULTIBYTE_CHAR_LEN ||
		    (len > 0 && cstate->raw_reached_eof))
			report_invalid_encoding(rest, len);
		if (cstate->raw_reached_eof)
			return false;
		(void) load_raw(cstate);
	}
}

/* ---- lines ---- */

/* What was scanned up to pos belongs to the line. */
static void
take(CopyFromState cstate, int pos)
{
	appendBinaryStringInfo(&cstate->line_buf,
	                       cstate->input_buf + cstate->input_index,
	                       pos - cstate->input_index);
	cstate->input_index = pos;
}

/* Are there n bytes at *pos?  *pos moves with them if the buffer is filled. */
static bool
have(CopyFromState cstate, int *pos, int n)
{
	while (cstate->input_valid - *pos < n)
	{
		take(cstate, *pos);
		*pos = 0;
		if (!CopyLoadInputBuf(cstate))
			return false;
	}
	return true;
}

/* The byte at *pos + ahead, NUL behind the end. */
static char
peek(CopyFromState cstate, int *pos, int ahead)
{
	return have(cstate, pos, ahead + 1) ? cstate->input_buf[*pos + ahead]
	                                    : '\0';
}

/* The line is over at pos, its end has eol_len bytes. */
static void
finish_line(CopyFromState cstate, int pos, int eol_len)
{
	take(cstate, pos);
	cstate->input_index = pos + eol_len;
}

static void
stray_end_of_line(CopyFromState cstate, bool newline)
{
	bool csv = cstate->opts.csv_mode;

	if (newline)
		ereport(ERROR,
		        (errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
		         csv ? errmsg("unquoted newline found in data")
		             : errmsg("literal newline found in data"),
		         csv ? errhint("Use quoted CSV field to represent newline.")
		             : errhint("Use \"\\n\" to represent newline.")));
	ereport(ERROR,
	        (errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
	         csv ? errmsg("unquoted carriage return found in data")
	             : errmsg("literal carriage return found in data"),
	         csv ? errhint("Use quoted CSV field to represent carriage return.")
	             : errhint("Use \"\\r\" to represent carriage return.")));
}

/* A newline or carriage return at pos ends the line, or is an error. */
static void
end_of_line(CopyFromState cstate, int pos)
{
	if (cstate->input_buf[pos] == '\n')
	{
		if (cstate->eol_type == EOL_CR || cstate->eol_type == EOL_CRNL)
			stray_end_of_line(cstate, true);
		cstate->eol_type = EOL_NL;
		finish_line(cstate, pos, 1);
		return;
	}
	if (cstate->eol_type == EOL_NL)
		stray_end_of_line(cstate, false);
	if (cstate->eol_type != EOL_CR && peek(cstate, &pos, 1) == '\n')
	{
		cstate->eol_type = EOL_CRNL;
		finish_line(cstate, pos, 2);
		return;
	}
	if (cstate->eol_type == EOL_CRNL)
		stray_end_of_line(cstate, false);
	cstate->eol_type = EOL_CR;
	finish_line(cstate, pos, 1);
}

static void
bad_marker(const char *message)
{
	ereport(ERROR,
	        (errcode(ERRCODE_BAD_COPY_FILE_FORMAT), errmsg("%s", message)));
}

/*
 * At *pos are a backslash and a period.  True: they and the end of line behind
 * them end the data, and what is before them is its last line.  False, in CSV
 * only: they are data.
 */
static bool
end_of_copy_marker(CopyFromState cstate, int *pos)
{
	bool csv = cstate->opts.csv_mode;
	int len = 2;
	char c = peek(cstate, pos, len);

	if (cstate->eol_type == EOL_CRNL)
	{
		if (c == '\n' && !csv)
			bad_marker("end-of-copy marker does not match previous newline "
			           "style");
		if (c != '\r' && !csv)
			bad_marker("end-of-copy marker corrupt");
		if (c != '\r')
			return false;
		c = peek(cstate, pos, ++len);
	}
	if (c != '\r' && c != '\n')
	{
		if (!csv)
			bad_marker("end-of-copy marker corrupt");
		return false;
	}
	if ((cstate->eol_type == EOL_NL && c != '\n') ||
	    (cstate->eol_type == EOL_CRNL && c != '\n') ||
	    (cstate->eol_type == EOL_CR && c != '\r'))
		bad_marker("end-of-copy marker does not match previous newline style");
	finish_line(cstate, *pos, len + 1);
	return true;
}

/* A line of the text format; true: it is the last, and perhaps empty. */
static bool
read_text_line(CopyFromState cstate)
{
	int pos = cstate->input_index;

	for (;;)
	{
		const char *buf = cstate->input_buf;

		if (!have(cstate, &pos, 1))
			return true;
		pos = (int) (copy_find(buf + pos, buf + cstate->input_valid, '\n', '\r',
		                       '\\', '\\') -
		             buf);
		if (pos == cstate->input_valid)
			continue;
		if (buf[pos] != '\\')
		{
			end_of_line(cstate, pos);
			return false;
		}
		if (!have(cstate, &pos, 2))
		{
			take(cstate, pos + 1);
			return true;
		}
		if (buf[pos + 1] == '.' && end_of_copy_marker(cstate, &pos))
			return true;
		pos += 2; /* what is behind a backslash is data, whatever it is */
	}
}

/*
 * A line of CSV, which goes on over newlines in quotes.  Quotes and escapes
 * are only counted here; what is malformed the splitting into fields finds.
 */
static bool
read_csv_line(CopyFromState cstate)
{
	char quote = cstate->opts.quote[0];
	char escape = cstate->opts.escape[0];
	bool in_quote = false;
	bool last_was_escape = false;
	int pos = cstate->input_index;

	/* A doubled quote closes and opens again, which is as good. */
	bool escapes = escape != quote;

	if (peek(cstate, &pos, 0) == '\\' && peek(cstate, &pos, 1) == '.' &&
	    end_of_copy_marker(cstate, &pos))
		return true;
	for (;;)
	{
		const char *buf = cstate->input_buf;
		int start;
		char c;

		if (!have(cstate, &pos, 1))
			return true;
		start = pos;
		pos = (int) (copy_find(buf + pos, buf + cstate->input_valid, '\n', '\r',
		                       quote, escape) -
		             buf);
		if (pos > start)
			last_was_escape = false;
		if (pos == cstate->input_valid)
			continue;
		c = buf[pos];
		if (escapes && in_quote && c == escape)
			last_was_escape = !last_was_escape;
		if (c == quote && !last_was_escape)
			in_quote = !in_quote;
		if (!escapes || c != escape)
			last_was_escape = false;
		if (!in_quote && (c == '\n' || c == '\r'))
		{
			end_of_line(cstate, pos);
			return false;
		}
		if (c == (cstate->eol_type == EOL_NL ? '\n' : '\r'))
			cstate->cur_lineno++; /* in quotes, it is a line all the same */
		pos++;
	}
}

/* True: there is no line behind this one. */
static bool
CopyReadLine(CopyFromState cstate)
{
	bool last;

	resetStringInfo(&cstate->line_buf);
	cstate->line_buf_valid = false;
	last =
		cstate->opts.csv_mode ? read_csv_line(cstate) : read_text_line(cstate);
	if (last)
	{
		/* Whatever the client sends behind the marker is not looked at. */
		if (cstate->copy_src == COPY_FRONTEND)
			while (CopyGetData(cstate, cstate->input_buf, 1,
			                   COPY_INPUT_BUF_SIZE) > 0)
				;
		cstate->raw_reached_eof = true;
		cstate->input_index = cstate->input_valid = cstate->input_len = 0;
	}
	cstate->line_buf_valid = true;
	return last;
}

/* ---- raw fields ---- */

/* HEADER MATCH: the line has the names of the columns, in their order. */
static void
check_header(CopyFromState cstate)
{
	TupleDesc desc = RelationGetDescr(cstate->rel);
	int nfields = CopyReadAttributes(cstate);
	int expected = list_length(cstate->attnumlist);
	int i = 0;
	ListCell *lc;

	if (nfields != expected)
		ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
		                errmsg("wrong number of fields in header line: got "
		                       "%d, expected %d",
		                       nfields, expected)));
	foreach (lc, cstate->attnumlist)
	{
		Form_pg_attribute att = TupleDescAttr(desc, lfirst_int(lc) - 1);
		const char *name = cstate->raw_fields[i++];

		if (name == NULL)
			ereport(
				ERROR,
				(errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
			     errmsg("column name mismatch in header line field %d: "
			            "got null value (\"%s\"), expected \"%s\"",
			            i, cstate->opts.null_print, NameStr(att->attname))));
		if (namestrcmp(&att->attname, name) != 0)
			ereport(ERROR,
			        (errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
			         errmsg("column name mismatch in header line field %d: "
			                "got \"%s\", expected \"%s\"",
			                i, name, NameStr(att->attname))));
	}
}

bool
NextCopyFromRawFields(CopyFromState cstate, char ***fields, int *nfields)
{
	bool last;

	Assert(!cstate->opts.binary);
	if (cstate->cur_lineno == 0 &&
	    cstate->opts.header_line != COPY_HEADER_FALSE)
	{
		cstate->cur_lineno++;
		last = CopyReadLine(cstate);
		if (cstate->opts.header_line == COPY_HEADER_MATCH)
			check_header(cstate);
		if (last)
			return false;
	}
	cstate->cur_lineno++;
	last = CopyReadLine(cstate);
	if (last && cstate->line_buf.len == 0)
		return false;
	*nfields = CopyReadAttributes(cstate);
	*fields = cstate->raw_fields;
	cstate->row_bytes = (uint64) cstate->line_buf.len;
	return true;
}

/* ---- rows ---- */

static bool
next_text_row(CopyFromState cstate, Datum *values, bool *nulls)
{
	TupleDesc desc = RelationGetDescr(cstate->rel);
	char **fields;
	int nfields;
	int fieldno = 0;
	ListCell *lc;

	if (!NextCopyFromRawFields(cstate, &fields, &nfields))
		return false;
	if (nfields > list_length(cstate->attnumlist))
		ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
		                errmsg("extra data after last expected column")));
	foreach (lc, cstate->attnumlist)
	{
		int m = lfirst_int(lc) - 1;
		Form_pg_attribute att = TupleDescAttr(desc, m);
		char *string;

		if (fieldno >= nfields)
			ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
			                errmsg("missing data for column \"%s\"",
			                       NameStr(att->attname))));
		string = fields[fieldno++];
		if (string == NULL && cstate->opts.force_notnull_flags[m])
			string = cstate->opts.null_print;
		else if (string != NULL && cstate->opts.force_null_flags[m] &&
		         strcmp(string, cstate->opts.null_print) == 0)
			string = NULL;
		cstate->cur_attname = NameStr(att->attname);
		cstate->cur_attval = string;
		values[m] = InputFunctionCall(&cstate->in_functions[m], string,
		                              cstate->typioparams[m], att->atttypmod);
		nulls[m] = string == NULL;
		cstate->cur_attname = NULL;
		cstate->cur_attval = NULL;
	}
	return true;
}

/* ---- binary ---- */

/*
 * More for a binary COPY, when all before is used; false: there is no more.  A
 * message of the client is read where it lies.
 */
static bool
load_binary(CopyFromState cstate)
{
	StringInfo msg = cstate->fe_msgbuf;

	Assert(cstate->input_index == cstate->input_len);
	cstate->input_index = cstate->input_len = 0;
	if (cstate->raw_reached_eof)
		return false;
	if (cstate->copy_src != COPY_FRONTEND)
		return load_raw(cstate) > 0;
	if (!next_data_message(cstate))
		return false;
	cstate->input_buf = msg->data;
	cstate->input_len = msg->len;
	count_bytes(cstate, msg->len);
	return true;
}

/* The next n bytes where they lie, or NULL: they do not lie together. */
static char *
CopyBinaryInPlace(CopyFromState cstate, int n)
{
	char *result = cstate->input_buf + cstate->input_index;

	if (cstate->input_len - cstate->input_index < n)
		return NULL;
	cstate->input_index += n;
	return result;
}

/* n bytes, or as many as there still are. */
static int
CopyReadBinaryData(CopyFromState cstate, char *dest, int n)
{
	int got = 0;

	while (got < n)
	{
		int part = Min(n - got, cstate->input_len - cstate->input_index);

		if (part == 0)
		{
			if (!load_binary(cstate))
				break;
			continue;
		}
		memcpy(dest + got, cstate->input_buf + cstate->input_index,
		       (size_t) part);
		cstate->input_index += part;
		got += part;
	}
	return got;
}

static bool
CopyGetInt32(CopyFromState cstate, int32 *val)
{
	char *place = CopyBinaryInPlace(cstate, 4);
	uint32 word;

	if (place != NULL)
		memcpy(&word, place, 4);
	else if (CopyReadBinaryData(cstate, (char *) &word, 4) != 4)
		return false;
	*val = (int32) be32toh(word);
	return true;
}

static bool
CopyGetInt16(CopyFromState cstate, int16 *val)
{
	char *place = CopyBinaryInPlace(cstate, 2);
	uint16 word;

	if (place != NULL)
		memcpy(&word, place, 2);
	else if (CopyReadBinaryData(cstate, (char *) &word, 2) != 2)
		return false;
	*val = (int16) be16toh(word);
	return true;
}

static void
bad_format(const char *message)
{
	ereport(ERROR,
	        (errcode(ERRCODE_BAD_COPY_FILE_FORMAT), errmsg("%s", message)));
}

void
ReceiveCopyBinaryHeader(CopyFromState cstate)
{
	char signature[sizeof(BinarySignature)];
	int32 word;

	if (CopyReadBinaryData(cstate, signature, sizeof(signature)) !=
	        sizeof(signature) ||
	    memcmp(signature, BinarySignature, sizeof(signature)) != 0)
		bad_format("COPY file signature not recognized");
	if (!CopyGetInt32(cstate, &word))
		bad_format("invalid COPY file header (missing flags)");
	if ((word & (1 << 16)) != 0)
		bad_format("invalid COPY file header (WITH OIDS)");
	word &= ~(1 << 16);
	if ((word >> 16) != 0)
		bad_format("unrecognized critical flags in COPY file header");
	if (!CopyGetInt32(cstate, &word) || word < 0)
		bad_format("invalid COPY file header (missing length)");
	while (word-- > 0)
		if (CopyReadBinaryData(cstate, signature, 1) != 1)
			bad_format("invalid COPY file header (wrong length)");
}

static Datum
CopyReadBinaryAttribute(CopyFromState cstate, FmgrInfo *flinfo, Oid typioparam,
                        int32 typmod, bool *isnull)
{
	StringInfoData field;
	int32 size;
	Datum result;
	char behind;

	if (!CopyGetInt32(cstate, &size))
		bad_format("unexpected EOF in COPY data");
	if (size == -1)
	{
		*isnull = true;
		return ReceiveFunctionCall(flinfo, NULL, typioparam, typmod);
	}
	if (size < 0)
		bad_format("invalid field size");
	field.data = CopyBinaryInPlace(cstate, size);
	if (field.data == NULL)
	{
		StringInfo buf = &cstate->attribute_buf;

		resetStringInfo(buf);
		enlargeStringInfo(buf, size);
		if (CopyReadBinaryData(cstate, buf->data, size) != size)
			bad_format("unexpected EOF in COPY data");
		field.data = buf->data;
	}
	field.len = size;
	field.maxlen = size + 1;
	field.cursor = 0;
	cstate->row_bytes += (uint64) size;
	/* all buffers have room for the zero byte behind a string */
	behind = field.data[size];
	field.data[size] = '\0';
	result = ReceiveFunctionCall(flinfo, &field, typioparam, typmod);
	field.data[size] = behind;
	if (field.cursor != field.len)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		                errmsg("incorrect binary data format")));
	*isnull = false;
	return result;
}

static bool
next_binary_row(CopyFromState cstate, Datum *values, bool *nulls)
{
	TupleDesc desc = RelationGetDescr(cstate->rel);
	int expected = list_length(cstate->attnumlist);
	int16 count;
	ListCell *lc;

	cstate->cur_lineno++;
	cstate->row_bytes = 0;
	if (!CopyGetInt16(cstate, &count))
		return false; /* it ends without a trailer */
	if (count == -1)
	{
		char more;

		/* In a protocol message the end is told once more. */
		if (CopyReadBinaryData(cstate, &more, 1) > 0)
			bad_format("received copy data after EOF marker");
		return false;
	}
	if (count != expected)
		ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
		                errmsg("row field count is %d, expected %d",
		                       (int) count, expected)));
	foreach (lc, cstate->attnumlist)
	{
		int m = lfirst_int(lc) - 1;
		Form_pg_attribute att = TupleDescAttr(desc, m);

		cstate->cur_attname = NameStr(att->attname);
		values[m] = CopyReadBinaryAttribute(cstate, &cstate->in_functions[m],
		                                    cstate->typioparams[m],
		                                    att->atttypmod, &nulls[m]);
		cstate->cur_attname = NULL;
	}
	return true;
}

bool
NextCopyFrom(CopyFromState cstate, Datum *values, bool *nulls)
{
	int natts = RelationGetDescr(cstate->rel)->natts;

	/* Columns that are not in the list are null. */
	memset(values, 0, (size_t) natts * sizeof(Datum));
	memset(nulls, true, (size_t) natts * sizeof(bool));
	return cstate->opts.binary ? next_binary_row(cstate, values, nulls)
	                           : next_text_row(cstate, values, nulls);
}

void
CopyFromInitBuffers(CopyFromState cstate, int nfields)
{
	cstate->input_buf = palloc(COPY_INPUT_BUF_SIZE + 1);
	cstate->input_index = cstate->input_valid = cstate->input_len = 0;
	initStringInfo(&cstate->attribute_buf);
	initStringInfo(&cstate->line_buf);
	cstate->max_fields = nfields;
	cstate->raw_fields = palloc_array(char *, Max(nfields, 1));
	cstate->cur_lineno = 0;
	cstate->eol_type = EOL_UNKNOWN;
}
