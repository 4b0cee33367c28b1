/*
 * test_sysfuncs.c
 *	  Functions about the server that need no server: quoting, sizes, names of
 *	  encodings.
 *
 * What is expected is what PostgreSQL 15 gives for the same arguments.  The
 * sizes are those on both sides of each place where the unit changes.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>

#include "fmgr.h"
#include "unit.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/memutils.h"

extern Datum pg_size_pretty(PG_FUNCTION_ARGS);
extern Datum pg_size_bytes(PG_FUNCTION_ARGS);
extern Datum PG_encoding_to_char(PG_FUNCTION_ARGS);
extern Datum PG_char_to_encoding(PG_FUNCTION_ARGS);
extern Datum quote_nullable(PG_FUNCTION_ARGS);

static void
check_text(const char *what, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
	{
		printf("'%s' gives '%s' instead of '%s'\n", what, got, want);
		CU_FAIL("wrong text");
	}
}

/* Keywords in each part of the list: it is searched as a sorted one. */
static void
test_quote_identifier(void)
{
	static const char *const cases[][2] = {
		{"items", "items"},
		{"_x9", "_x9"},
		{"", "\"\""},
		{"9x", "\"9x\""},
		{"Items", "\"Items\""},
		{"two words", "\"two words\""},
		{"say \"hi\"", "\"say \"\"hi\"\"\""},
		{"na\xc3\xafve", "\"na\xc3\xafve\""},
		{"all", "\"all\""},
		{"between", "\"between\""},
		{"char", "\"char\""},
		{"current_catalog", "\"current_catalog\""},
		{"select", "\"select\""},
		{"table", "\"table\""},
		{"user", "\"user\""},
		{"xmltable", "\"xmltable\""},
		/* keywords, but unreserved */
		{"abort", "abort"},
		{"index", "index"},
		{"key", "key"},
		{"zone", "zone"},
	};

	for (Size i = 0; i < lengthof(cases); i++)
		check_text(cases[i][0], quote_identifier(cases[i][0]), cases[i][1]);
	check_text("public.Items", quote_qualified_identifier("public", "Items"),
	           "public.\"Items\"");
	check_text("items", quote_qualified_identifier(NULL, "items"), "items");
}

static void
test_quote_literal(void)
{
	LOCAL_FCINFO(fcinfo, 1);

	check_text("it's", quote_literal_cstr("it's"), "'it''s'");
	check_text("a\\b", quote_literal_cstr("a\\b"), "E'a\\\\b'");
	check_text("", quote_literal_cstr(""), "''");

	InitFunctionCallInfoData(*fcinfo, NULL, 1, InvalidOid, NULL, NULL);
	fcinfo->args[0].isnull = true;
	check_text("null", TextDatumGetCString(quote_nullable(fcinfo)), "NULL");
	CU_ASSERT(!fcinfo->isnull);
}

static void
test_size_pretty(void)
{
	static const struct
	{
		int64 size;
		const char *text;
	} cases[] = {
		{0, "0 bytes"},
		{10239, "10239 bytes"},
		{-10239, "-10239 bytes"},
		{10240, "10 kB"},
		{-10240, "-10 kB"},
		{10485247, "10239 kB"},
		{10485248, "10 MB"},
		{10485760, "10 MB"},
		{15728640, "15 MB"},
		{INT64CONST(10737418239), "10 GB"},
		{-INT64CONST(10737418240), "-10 GB"},
		{INT64CONST(536870912000), "500 GB"},
		{INT64CONST(1234567890123), "1150 GB"},
		{INT64CONST(10995116277760), "10 TB"},
		{PG_INT64_MAX, "8192 PB"},
		{PG_INT64_MIN, "-8192 PB"},
	};

	for (Size i = 0; i < lengthof(cases); i++)
		check_text(cases[i].text,
		           TextDatumGetCString(DirectFunctionCall1(
					   pg_size_pretty, Int64GetDatum(cases[i].size))),
		           cases[i].text);
}

/* The number, or the error's message and detail. */
static void
check_size_bytes(const char *text, int64 want, const char *message,
                 const char *detail)
{
	MemoryContext context = CurrentMemoryContext;
	volatile int64 got = 0;
	ErrorData *volatile error = NULL;

	PG_TRY();
	{
		got = DatumGetInt64(
			DirectFunctionCall1(pg_size_bytes, CStringGetTextDatum(text)));
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
	}
	PG_END_TRY();

	if (message == NULL)
	{
		CU_ASSERT_PTR_NULL(error);
		CU_ASSERT_EQUAL(got, want);
		return;
	}
	CU_ASSERT_PTR_NOT_NULL_FATAL(error);
	check_text(text, error->message, message);
	check_text(text, error->detail != NULL ? error->detail : "",
	           detail != NULL ? detail : "");
}

static void
test_size_bytes(void)
{
	check_size_bytes("1", 1, NULL, NULL);
	check_size_bytes("10 kB", 10240, NULL, NULL);
	check_size_bytes(" 1.5 MB ", 1572864, NULL, NULL);
	check_size_bytes("-3gb", -INT64CONST(3221225472), NULL, NULL);
	check_size_bytes("+.5 kb", 512, NULL, NULL);
	check_size_bytes("1e3 bytes", 1000, NULL, NULL);
	check_size_bytes("2PB", INT64CONST(2251799813685248), NULL, NULL);
	check_size_bytes("", 0, "invalid size: \"\"", NULL);
	check_size_bytes("x", 0, "invalid size: \"x\"", NULL);
	check_size_bytes("infinity", 0, "invalid size: \"infinity\"", NULL);
	check_size_bytes("10 xB ", 0, "invalid size: \"10 xB \"",
	                 "Invalid size unit: \"xB\".");
	check_size_bytes("0x1 kB", 0, "invalid size: \"0x1 kB\"",
	                 "Invalid size unit: \"x1 kB\".");
	check_size_bytes("1e", 0, "invalid size: \"1e\"",
	                 "Invalid size unit: \"e\".");
	check_size_bytes("9000 PB", 0, "bigint out of range", NULL);
}

static int32
encoding_of(const char *name)
{
	NameData n = {0};

	strlcpy(NameStr(n), name, NAMEDATALEN);
	return DatumGetInt32(
		DirectFunctionCall1(PG_char_to_encoding, NameGetDatum(&n)));
}

static void
test_encodings(void)
{
	for (int i = -1; i <= 42; i++)
	{
		char *name = NameStr(*DatumGetName(
			DirectFunctionCall1(PG_encoding_to_char, Int32GetDatum(i))));

		if (i < 0 || i == 42)
		{
			CU_ASSERT_STRING_EQUAL(name, "");
		}
		else
		{
			CU_ASSERT_EQUAL(encoding_of(name), i);
		}
	}
	CU_ASSERT_EQUAL(encoding_of("utf-8"), 6);
	CU_ASSERT_EQUAL(encoding_of("Unicode"), 6);
	CU_ASSERT_EQUAL(encoding_of("iso-8859-5"), 25);
	CU_ASSERT_EQUAL(encoding_of("utf"), -1);
}

int
main(void)
{
	CU_pSuite suite;

	MemoryContextInit();
	CU_initialize_registry();
	suite = CU_add_suite("sysfuncs", NULL, NULL);
	CU_add_test(suite, "quote_identifier", test_quote_identifier);
	CU_add_test(suite, "quote_literal", test_quote_literal);
	CU_add_test(suite, "pg_size_pretty", test_size_pretty);
	CU_add_test(suite, "pg_size_bytes", test_size_bytes);
	CU_add_test(suite, "encodings", test_encodings);
	return unit_run();
}
