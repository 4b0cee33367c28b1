/*
 * test_copy.c
 *		The lines and fields of COPY's text and CSV formats, without a server.
 *
 * A source hands the data out in pieces of 1, 2, 3, 7 and very many bytes: each
 * way of cutting a line end, an escape, an end marker or a character in two
 * must give the same rows and the same error.  Rows are written as
 * "a|b/c|d/", a null as "~"; an error as "!" and its message.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <unistd.h>

#include "commands/copyfrom_internal.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "unit.h"
#include "utils/memutils.h"

#define WATCHDOG_SECONDS 60

static const char *source;
static size_t source_left;
static int piece;

static int
next_piece(void *outbuf, int minread, int maxread)
{
	size_t n = Min(Min((size_t) piece, (size_t) maxread), source_left);

	if (n < (size_t) minread)
		n = Min((size_t) minread, source_left);
	memcpy(outbuf, source, n);
	source += n;
	source_left -= n;
	return (int) n;
}

/* What the rows of data look like, or the error; and on which line. */
static char *
parse(const char *data, size_t len, const char *format, uint64 *line)
{
	StringInfoData result;
	CopyFromStateData cstate = {0};
	bool csv = strncmp(format, "csv", 3) == 0;
	char **fields;
	int nfields;

	initStringInfo(&result);
	source = data;
	source_left = len;
	cstate.copy_src = COPY_CALLBACK;
	cstate.data_source_cb = next_piece;
	cstate.opts.csv_mode = csv;
	cstate.opts.delim = csv ? "," : "\t";
	cstate.opts.null_print = csv ? "" : "\\N";
	cstate.opts.null_print_len = csv ? 0 : 2;
	cstate.opts.quote = "\"";
	cstate.opts.escape = strcmp(format, "csv-escape") == 0 ? "\\" : "\"";
	cstate.opts.header_line = strcmp(format, "csv-header") == 0
	                              ? COPY_HEADER_TRUE
	                              : COPY_HEADER_FALSE;
	CopyFromInitBuffers(&cstate, 1);
	PG_TRY();
	{
		while (NextCopyFromRawFields(&cstate, &fields, &nfields))
		{
			for (int i = 0; i < nfields; i++)
				appendStringInfo(&result, "%s%s", i > 0 ? "|" : "",
				                 fields[i] ? fields[i] : "~");
			appendStringInfoChar(&result, '/');
		}
	}
	PG_CATCH();
	{
		ErrorData *edata;

		MemoryContextSwitchTo(TopMemoryContext);
		edata = CopyErrorData();
		FlushErrorState();
		appendStringInfo(&result, "!%s", edata->message);
	}
	PG_END_TRY();
	if (line != NULL)
		*line = cstate.cur_lineno;
	return result.data;
}

static void
check(const char *format, const char *data, size_t len, const char *expected)
{
	static const int pieces[] = {1, 2, 3, 7, 1000000};

	for (int i = 0; i < (int) lengthof(pieces); i++)
	{
		char *got;

		piece = pieces[i];
		got = parse(data, len, format, NULL);
		if (strcmp(got, expected) != 0)
			printf("\n  %s in pieces of %d:\n  got      %s\n  expected %s\n",
			       format, piece, got, expected);
		CU_ASSERT_STRING_EQUAL(got, expected);
	}
}

#define TEXT(data, expected) check("text", data, sizeof(data) - 1, expected)
#define CSV(data, expected) check("csv", data, sizeof(data) - 1, expected)

static void
test_text(void)
{
	TEXT("", "");
	TEXT("\n", "/");
	TEXT("1\ta\n2\t\\N\n", "1|a/2|~/");
	TEXT("1\ta\r\n2\tb\r\n", "1|a/2|b/");
	TEXT("1\ta\r2\tb\r", "1|a/2|b/");
	TEXT("no end", "no end/");
	TEXT("\t\t\n", "||/");
	TEXT("\\\\N\t\\\\\n", "\\N|\\/");
	TEXT("\\b\\f\\n\\r\\t\\v\\q\n", "\b\f\n\r\t\vq/");
	TEXT("\\101\\x42\\x4g\\7x\\xyz\n", "AB\004g\007xxyz/");
	/* a newline behind a backslash is data */
	TEXT("a\\\nb\tc\n", "a\nb|c/");
	TEXT("a\\\tb\n", "a\tb/");
	TEXT("lone \\", "lone /");
	TEXT("\303\244\t\342\202\254\t\360\237\220\230\n",
	     "\303\244|\342\202\254|\360\237\220\230/");
	TEXT("\\303\\244\n", "\303\244/");
}

static void
test_text_end(void)
{
	TEXT("1\n\\.\n2\n", "1/");
	TEXT("1\r\n\\.\r\n2\r\n", "1/");
	TEXT("1\n2\\.\n", "1/2/");
	TEXT("\\\\.\n", "\\./");
	TEXT("1\n\\.x\n", "1/!end-of-copy marker corrupt");
	TEXT("1\n\\.", "1/!end-of-copy marker corrupt");
	TEXT("1\r\n\\.\n",
	     "1/!end-of-copy marker does not match previous newline style");
	TEXT("1\n\\.\r",
	     "1/!end-of-copy marker does not match previous newline style");
}

static void
test_text_errors(void)
{
	TEXT("1\n2\r\n", "1/!literal carriage return found in data");
	TEXT("1\r\n2\n", "1/!literal newline found in data");
	TEXT("1\r2\n", "1/!literal newline found in data");
	TEXT("ok\nb\377d\n",
	     "ok/!invalid byte sequence for encoding \"UTF8\": 0xff");
	TEXT("ok\n\0\n", "ok/!invalid byte sequence for encoding \"UTF8\": 0x00");
	TEXT("\355\240\200\n",
	     "!invalid byte sequence for encoding \"UTF8\": 0xed 0xa0 0x80");
	TEXT("cut \342\202",
	     "!invalid byte sequence for encoding \"UTF8\": 0xe2 0x82");
	TEXT("\\377\n", "!invalid byte sequence for encoding \"UTF8\": 0xff");
	TEXT("a\\0\n", "!invalid byte sequence for encoding \"UTF8\": 0x00");
}

static void
test_csv(void)
{
	CSV("", "");
	CSV("1,a\n2,\n", "1|a/2|~/");
	CSV("\"\",\n", "|~/");
	CSV("\"a,b\",\"c\"\"d\"\n", "a,b|c\"d/");
	CSV("\"two\nlines\",x\ny,z\n", "two\nlines|x/y|z/");
	CSV("\"two\r\nlines\",x\r\ny,z\r\n", "two\r\nlines|x/y|z/");
	CSV("a\"b,c\"d\n", "ab,cd/");
	CSV("a\\nb\n", "a\\nb/");
	CSV("1\n\\.\n2\n", "1/");
	CSV("\\.x\n", "\\.x/");
	CSV("a\\.\n", "a\\./");
	CSV("no end", "no end/");
	CSV("\"open\n", "!unterminated CSV quoted field");
	CSV("1\n2\r\n", "1/!unquoted carriage return found in data");
	CSV("1\r\n2\n", "1/!unquoted newline found in data");
	check("csv-escape", "\"a\\\"b\\\\\",\"c\\d\"\n", 15, "a\"b\\|c\\d/");
	check("csv-header", "id,v\n1,a\n", 9, "1|a/");
	check("csv-header", "id,v", 4, "");
}

/* The line of an error is the row's, newlines in quotes counted. */
static void
test_lines(void)
{
	uint64 line;

	piece = 1000000;
	parse("1\n2\n\377\n", 6, "text", &line);
	CU_ASSERT_EQUAL(line, 3);
	parse("x\n\"a\nb\"\n\"c", 10, "csv", &line);
	CU_ASSERT_EQUAL(line, 4);
	parse("1\n2\n", 4, "text", &line);
	CU_ASSERT_EQUAL(line, 3);
}

/* Fields far longer than the buffers, in rows with many of them. */
static void
test_long(void)
{
	enum
	{
		LONG = 300000,
		MANY = 1000
	};
	char *data = palloc(LONG + 2 + 2 * MANY);
	char *got;

	memset(data, 'x', LONG);
	data[LONG] = '\n';
	for (int i = 0; i < MANY; i++)
		memcpy(data + LONG + 1 + 2 * i, i < MANY - 1 ? "y\t" : "y\n", 2);
	piece = 5000;
	got = parse(data, LONG + 1 + 2 * MANY, "text", NULL);
	CU_ASSERT_EQUAL(strlen(got), LONG + 1 + 2 * MANY);
	CU_ASSERT_EQUAL(strspn(got, "x"), LONG);
	CU_ASSERT_EQUAL(strspn(got + LONG + 1, "y|"), 2 * MANY - 1);
}

static void
test_utf8(void)
{
	const char *good[] = {"",
	                      "plain",
	                      "\302\200",
	                      "\337\277",
	                      "\340\240\200",
	                      "\357\277\277",
	                      "\360\220\200\200",
	                      "\364\217\277\277"};
	const char *bad[] = {"\200",
	                     "\300\200",
	                     "\301\277",
	                     "\302",
	                     "\340\237\277",
	                     "\355\240\200",
	                     "\360\217\277\277",
	                     "\364\220\200\200",
	                     "\365\200\200\200",
	                     "\302\302"};

	for (int i = 0; i < (int) lengthof(good); i++)
		CU_ASSERT(pg_verifymbstr(good[i], (int) strlen(good[i]), true));
	for (int i = 0; i < (int) lengthof(bad); i++)
	{
		char text[64];

		/* at every place of the sixteen that are looked at together */
		for (int before = 0; before < 33; before++)
		{
			memset(text, 'a', sizeof(text));
			memcpy(text + before, bad[i], strlen(bad[i]));
			CU_ASSERT_EQUAL(
				pg_utf8_verifystr((unsigned char *) text, sizeof(text)),
				before);
		}
	}
	CU_ASSERT_EQUAL(pg_mbcliplen("ab\303\244c", 5, 3), 2);
	CU_ASSERT_EQUAL(pg_mbcliplen("ab\303\244c", 5, 4), 4);
	CU_ASSERT_EQUAL(pg_mbstrlen_with_len("ab\303\244c", 5), 4);
	CU_ASSERT_EQUAL(pg_char_to_encoding("UTF-8"), PG_UTF8);
	CU_ASSERT_EQUAL(pg_char_to_encoding("LATIN1"), -2);
	CU_ASSERT_EQUAL(pg_char_to_encoding("klingon"), -1);
}

int
main(void)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	MemoryContextInit();
	MyProcPid = (int) getpid();
	log_min_messages = FATAL; /* what the test provokes is no news */
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	suite = CU_add_suite("copy", NULL, NULL);
	CU_add_test(suite, "text", test_text);
	CU_add_test(suite, "text: end marker", test_text_end);
	CU_add_test(suite, "text: errors", test_text_errors);
	CU_add_test(suite, "csv", test_csv);
	CU_add_test(suite, "line numbers", test_lines);
	CU_add_test(suite, "long lines", test_long);
	CU_add_test(suite, "UTF-8", test_utf8);
	return unit_run();
}
