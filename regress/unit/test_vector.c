/*
 * test_vector.c
 *	  The type vector: texts in and out, and the errors of wrong ones.
 *
 * Applications match on these texts and codes, so they are pgvector's to the
 * letter; the cases are those of its own tests, with the borders of each check.
 */
#include "postgres.h"

#include <math.h>

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>

#include "access/vector.h"
#include "access/vector_text.h"
#include "access/vector_kernels.h"
#include "unit.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/memutils.h"

static char *
round_trip(const char *text, int typmod)
{
	Datum v = DirectFunctionCall3(vector_in, CStringGetDatum(text),
	                              ObjectIdGetDatum(InvalidOid),
	                              Int32GetDatum(typmod));

	return DatumGetCString(DirectFunctionCall1(vector_out, v));
}

/* What reading it gives: its text, or the error's message and code. */
static void
check(const char *text, int typmod, const char *want, int sqlerrcode)
{
	MemoryContext context = CurrentMemoryContext;
	char *volatile got = NULL;
	volatile int code = 0;

	PG_TRY();
	{
		got = round_trip(text, typmod);
	}
	PG_CATCH();
	{
		ErrorData *edata;

		MemoryContextSwitchTo(context);
		edata = CopyErrorData();
		FlushErrorState();
		got = edata->message;
		code = edata->sqlerrcode;
	}
	PG_END_TRY();

	if (strcmp(got, want) != 0 || code != sqlerrcode)
	{
		printf("'%s' gives '%s' instead of '%s'\n", text, got, want);
		CU_FAIL("wrong text or code");
	}
}

static void
test_text(void)
{
	check("[1,2,3]", -1, "[1,2,3]", 0);
	check("[1,2,3]", 3, "[1,2,3]", 0);
	check("[-1,-2,-3]", -1, "[-1,-2,-3]", 0);
	check("[1.,2.,3.]", -1, "[1,2,3]", 0);
	check(" [ 1,  2 ,    3  ] ", -1, "[1,2,3]", 0);
	check("[1.23456]", -1, "[1.23456]", 0);
	check("[0x10,+1,.5]", -1, "[16,1,0.5]", 0);
	check("[1e-46,1]", -1, "[0,1]", 0);
	check("[-1e-46,1]", -1, "[-0,1]", 0);
	check("[1.5e38,-1.5e38]", -1, "[1.5e+38,-1.5e+38]", 0);
	check("[1.5e-38,-1.5e-38]", -1, "[1.5e-38,-1.5e-38]", 0);
	check("[123456,1234567,1000000,999999]", -1,
	      "[123456,1.234567e+06,1e+06,999999]", 0);
	check("[0.0001,0.00001,16777216,3.4028235e38,1e-45]", -1,
	      "[0.0001,1e-05,1.6777216e+07,3.4028235e+38,1e-45]", 0);
	check("[0.1,0.3333333333,123.456]", -1, "[0.1,0.33333334,123.456]", 0);
}

static void
test_errors(void)
{
	static const char *const syntax[] = {
		"[1,2,3", "[",       "[ ",    "[,", "[,]",      "[1,]",     "[1a]",
		"[1,,3]", "[1, ,3]", "1,2,3", "",   "[1,2,3]9", "[hello,1]"};
	char want[128];

	for (int i = 0; i < (int) lengthof(syntax); i++)
	{
		snprintf(want, sizeof(want),
		         "invalid input syntax for type vector: \"%s\"", syntax[i]);
		check(syntax[i], -1, want, ERRCODE_INVALID_TEXT_REPRESENTATION);
	}
	check("[NaN,1]", -1, "NaN not allowed in vector", ERRCODE_DATA_EXCEPTION);
	check("[Infinity,1]", -1, "infinite value not allowed in vector",
	      ERRCODE_DATA_EXCEPTION);
	check("[4e38,1]", -1, "\"4e38\" is out of range for type vector",
	      ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE);
	check("[]", -1, "vector must have at least 1 dimension",
	      ERRCODE_DATA_EXCEPTION);
	check("[ ]", -1, "vector must have at least 1 dimension",
	      ERRCODE_DATA_EXCEPTION);
	check("[1,2,3]", 2, "expected 2 dimensions, not 3", ERRCODE_DATA_EXCEPTION);
}

/* 16,000 elements are the most; one more is refused before it is read. */
static void
test_limit(void)
{
	char *text = palloc(2 * VECTOR_MAX_DIM + 8);
	char *p = text;

	*p++ = '[';
	for (int i = 0; i < VECTOR_MAX_DIM; i++)
	{
		*p++ = '1';
		*p++ = ',';
	}
	strcpy(p - 1, "]");
	CU_ASSERT_EQUAL(strlen(round_trip(text, VECTOR_MAX_DIM)),
	                2 * VECTOR_MAX_DIM + 1);
	strcpy(p - 1, ",x]");
	check(text, -1, "vector cannot have more than 16000 dimensions",
	      ERRCODE_PROGRAM_LIMIT_EXCEEDED);
}

/* Exactly in the middle of value and a neighbour: PostgreSQL does not use it. */
static bool
is_between(double exact, float value)
{
	return exact == ((double) value + nextafterf(value, INFINITY)) / 2 ||
	       exact == ((double) value + nextafterf(value, -INFINITY)) / 2;
}

/*
 * Elements of every size: reading is strtof's, and writing is the shortest text
 * that reads back, with a number in fixed notation or with an exponent.
 */
static void
test_elements(void)
{
	uint64 state = 42;
	char text[VECTOR_ELEMENT_TEXT];
	char shorter[64];
	char *end;
	int wrong = 0;

	for (int i = 0; i < 300000 && wrong < 5; i++)
	{
		uint32 bits;
		float value;
		int digits = 0;
		bool leading = true;

		state = state * UINT64CONST(6364136223846793005) + 1442695040888963407;
		bits = (uint32) (state >> 32);
		memcpy(&value, &bits, sizeof(value));
		if (i % 3 == 1)
			value = (float) (bits % 1000000) / 1000000.0f - 0.5f;
		else if (i % 3 == 2)
			value = (float) (bits % 20000000);
		if (isnan(value) || isinf(value))
			continue;
		if (float_to_shortest_decimal_buf(value, text) != (int) strlen(text) ||
		    strtof(text, NULL) != value ||
		    VectorElementFromText(text, &end) != value || *end != '\0')
			wrong++, printf("%a gives %s\n", value, text);
		/* with one digit less it must not come back */
		for (char *c = text; *c != '\0' && *c != 'e'; c++)
		{
			if (*c >= '1' && *c <= '9')
				leading = false;
			digits += !leading && *c >= '0' && *c <= '9';
		}
		for (char *c = strchr(text, 'e') ? strchr(text, 'e') - 1 : end - 1;
		     c > text && *c == '0' && strchr(text, '.') == NULL; c--)
			digits--;
		snprintf(shorter, sizeof(shorter), "%.*e", Max(digits - 2, 0), value);
		if (digits > 1 && strtof(shorter, NULL) == value &&
		    !is_between(strtod(shorter, NULL), value))
			wrong++, printf("%a gives %s, %s would do\n", value, text, shorter);
		/* texts with more digits than a float has */
		snprintf(shorter, sizeof(shorter), "%.*g", 1 + i % 20,
		         (double) value * 1.0000001);
		if (VectorElementFromText(shorter, &end) != strtof(shorter, NULL) ||
		    *end != '\0')
			wrong++, printf("%s is read wrongly\n", shorter);
	}
	CU_ASSERT_EQUAL(wrong, 0);

	/* 6.543893e+07 lies in the middle of this and the next float */
	(void) float_to_shortest_decimal_buf(65438928.0f, text);
	CU_ASSERT_STRING_EQUAL(text, "6.5438928e+07");

	/* between 2^24 and the next float, exactly and a little more */
	CU_ASSERT(VectorElementFromText("16777217", &end) == 16777216.0f);
	CU_ASSERT(VectorElementFromText("16777217.0000001", &end) == 16777218.0f);
	CU_ASSERT(VectorElementFromText("1e", &end) == 1.0f && *end == 'e');
	CU_ASSERT(VectorElementFromText("1e+", &end) == 1.0f && *end == 'e');
	CU_ASSERT(VectorElementFromText("0x10", &end) == 16.0f && *end == '\0');
	CU_ASSERT(VectorElementFromText(".5,", &end) == 0.5f && *end == ',');
	CU_ASSERT(VectorElementFromText("5.]", &end) == 5.0f && *end == ']');
	(void) VectorElementFromText("-.", &end);
	CU_ASSERT_EQUAL(*end, '-');
}

static Datum
make(const char *text)
{
	return DirectFunctionCall3(vector_in, CStringGetDatum(text),
	                           ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

static double
distance(PGFunction fn, const char *a, const char *b)
{
	return DatumGetFloat8(DirectFunctionCall2(fn, make(a), make(b)));
}

static void
test_functions(void)
{
	double d;

	CU_ASSERT_EQUAL(distance(l2_distance, "[0,0]", "[3,4]"), 5);
	CU_ASSERT_EQUAL(distance(inner_product, "[1,2]", "[3,4]"), 11);
	CU_ASSERT_EQUAL(distance(vector_negative_inner_product, "[1,2]", "[3,4]"),
	                -11);
	CU_ASSERT_EQUAL(distance(l1_distance, "[0,0]", "[3,4]"), 7);
	CU_ASSERT_EQUAL(distance(cosine_distance, "[1,2]", "[2,4]"), 0);
	CU_ASSERT_EQUAL(distance(cosine_distance, "[1,0]", "[0,2]"), 1);
	CU_ASSERT_EQUAL(distance(cosine_distance, "[1,1]", "[-1.1,-1.1]"), 2);
	d = distance(cosine_distance, "[1,2]", "[0,0]");
	CU_ASSERT(d != d);
	CU_ASSERT_STRING_EQUAL(
		DatumGetCString(DirectFunctionCall1(
			vector_out, DirectFunctionCall1(l2_normalize, make("[3,4]")))),
		"[0.6,0.8]");
	CU_ASSERT_STRING_EQUAL(
		DatumGetCString(DirectFunctionCall1(
			vector_out, DirectFunctionCall3(subvector, make("[1,2,3,4,5]"),
	                                        Int32GetDatum(-2147483644),
	                                        Int32GetDatum(2147483647)))),
		"[1,2]");
	CU_ASSERT_EQUAL(DatumGetInt32(DirectFunctionCall2(vector_cmp, make("[1,2]"),
	                                                  make("[1,2,3]"))),
	                -1);
	CU_ASSERT_EQUAL(DatumGetInt32(DirectFunctionCall2(vector_cmp, make("[2,3]"),
	                                                  make("[1,2,3]"))),
	                1);
}

int
main(void)
{
	CU_pSuite suite;

	MemoryContextInit();
	vector_kernels_init();
	CU_initialize_registry();
	suite = CU_add_suite("vector", NULL, NULL);
	CU_add_test(suite, "text", test_text);
	CU_add_test(suite, "elements", test_elements);
	CU_add_test(suite, "errors", test_errors);
	CU_add_test(suite, "limit", test_limit);
	CU_add_test(suite, "functions", test_functions);
	return unit_run();
}
