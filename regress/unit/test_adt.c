/*
 * test_adt.c
 *	  Types: binary form, shortest floats, arithmetic of numeric, arrays.
 *
 * What SQL can see is compared with PostgreSQL's output in regress/sql.  Here
 * is what needs many values: every type's binary form reads back as the same
 * text; a float's text reads back as the same float and no shorter one does;
 * the laws that tie numeric's operations to each other hold for random operands
 * of all sizes; and values with short headers, as a heap tuple holds them, are
 * read like plain ones.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <math.h>

#include "access/vector.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "common/pg_prng.h"
#include "lib/stringinfo.h"
#include "unit.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

static pg_prng_state prng;

static Datum
from_text(Oid type, const char *s)
{
	Oid function, ioparam;

	getTypeInputInfo(type, &function, &ioparam);
	return OidInputFunctionCall(function, unvolatize(char *, s), ioparam, -1);
}

static char *
to_text(Oid type, Datum value)
{
	Oid function;
	bool is_varlena;

	getTypeOutputInfo(type, &function, &is_varlena);
	return OidOutputFunctionCall(function, value);
}

static void
same(const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
	{
		printf("'%s' instead of '%s'\n", got, want);
		CU_FAIL("wrong text");
	}
}

/* ---- binary form ---- */

static void
round_trip(Oid type, const char *s)
{
	Oid send, receive, ioparam;
	bool is_varlena;
	bytea *sent;
	StringInfoData buf;
	Datum value = from_text(type, s);

	getTypeBinaryOutputInfo(type, &send, &is_varlena);
	getTypeBinaryInputInfo(type, &receive, &ioparam);
	sent = OidSendFunctionCall(send, value);
	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, VARDATA(sent), VARSIZE(sent) - VARHDRSZ);
	same(to_text(type, OidReceiveFunctionCall(receive, &buf, ioparam, -1)), s);
	CU_ASSERT_EQUAL(buf.cursor, buf.len);
}

static void
test_binary(void)
{
	static const struct
	{
		Oid type;
		const char *text;
	} cases[] = {
		{BOOLOID, "t"},
		{BOOLOID, "f"},
		{BYTEAOID, "\\x00ff5c"},
		{BYTEAOID, "\\x"},
		{CHAROID, "x"},
		{NAMEOID, "a name"},
		{INT8OID, "-9223372036854775808"},
		{INT2OID, "-32768"},
		{INT4OID, "2147483647"},
		{TEXTOID, "h\303\251"},
		{TEXTOID, ""},
		{OIDOID, "4294967295"},
		{TIDOID, "(4294967295,65535)"},
		{XIDOID, "4000000000"},
		{FLOAT4OID, "-1e-45"},
		{FLOAT4OID, "NaN"},
		{FLOAT8OID, "5e-324"},
		{FLOAT8OID, "-Infinity"},
		{VARCHAROID, "abc"},
		{BPCHAROID, "abc "},
		{DATEOID, "0044-03-15 BC"},
		{TIMESTAMPOID, "2024-02-29 12:34:56.789012"},
		{TIMESTAMPTZOID, "infinity"},
		{INTERVALOID, "1 year -2 days +03:00:00.5"},
		{NUMERICOID, "NaN"},
		{NUMERICOID, "-Infinity"},
		{NUMERICOID, "-123456789012345678901234567890.00012300"},
		{NUMERICOID, "0.00"},
		{INT4ARRAYOID, "{1,NULL,-3}"},
		{INT4ARRAYOID, "{}"},
		{TEXTARRAYOID, "[0:2]={a,\"b c\",\"NULL\"}"},
		{FLOAT8ARRAYOID, "{0.1,Infinity}"},
		{OIDVECTOROID, "1 2 3"},
		{INT2VECTOROID, "5 -6"},
	};

	for (int i = 0; i < lengthof(cases); i++)
		round_trip(cases[i].type, cases[i].text);
}

/* ---- floats ---- */

/* fewer digits, correctly rounded, must not read back as the value */
static void
check_double(double value)
{
	char text[64];
	int digits = 0;

	double_to_shortest_decimal_buf(value, text);
	if (strtod(text, NULL) != value)
	{
		printf("%a gives %s\n", value, text);
		CU_FAIL("does not read back");
		return;
	}
	for (char *p = text; *p && *p != 'e'; p++)
		digits += *p >= '0' && *p <= '9' && !(digits == 0 && *p == '0');
	if (digits > 1 && strpbrk(text, ".e"))
	{
		char shorter[64];

		snprintf(shorter, sizeof(shorter), "%.*e", digits - 2, value);
		if (strtod(shorter, NULL) == value)
		{
			/* but for a value at the very border of two */
			double back = strtod(shorter, NULL);
			long double exact = strtold(shorter, NULL);
			long double half = fabsl((long double) back - exact);

			if (half != (nextafter(value, INFINITY) - value) / 2.0L &&
			    half != (value - nextafter(value, 0)) / 2.0L)
			{
				printf("%a gives %s, %s would do\n", value, text, shorter);
				CU_FAIL("not the shortest");
			}
		}
	}
}

static void
check_float(float value)
{
	char text[64];

	float_to_shortest_decimal_buf(value, text);
	if (strtof(text, NULL) != value)
	{
		printf("%a gives %s\n", (double) value, text);
		CU_FAIL("does not read back");
	}
}

static void
test_floats(void)
{
	static const struct
	{
		double value;
		const char *text;
	} cases[] = {
		{0.1, "0.1"},
		{1.0 / 3, "0.3333333333333333"},
		{1e15, "1e+15"},
		{999999999999999, "999999999999999"},
		{1e-4, "0.0001"},
		{1e-5, "1e-05"},
		{9007199254740993.0, "9.007199254740992e+15"},
		{5e-324, "5e-324"},
		{1.7976931348623157e308, "1.7976931348623157e+308"},
		{2.2250738585072014e-308, "2.2250738585072014e-308"},
		{-0.0, "-0"},
		{123456.789, "123456.789"},
		/* powers of two, whose lower neighbour is nearer than the upper */
		{0x1p-44, "5.684341886080802e-14"},
		{0x1p-1000, "9.332636185032189e-302"},
		{0x1p89, "6.189700196426902e+26"},
	};
	char text[64];

	for (int i = 0; i < lengthof(cases); i++)
	{
		double_to_shortest_decimal_buf(cases[i].value, text);
		same(text, cases[i].text);
	}
	for (int i = 0; i < 20000; i++)
	{
		uint64 bits = pg_prng_uint64(&prng);
		uint32 low = (uint32) bits;
		double d;
		float f;

		if (i < 2046)
			bits = (uint64) (i + 1) << 52;
		memcpy(&d, &bits, sizeof(d));
		memcpy(&f, &low, sizeof(f));
		if (isfinite(d))
			check_double(fabs(d));
		if (isfinite(f))
			check_float(f);
	}
}

/* ---- numeric ---- */

static Datum
apply(const char *name, Datum a, Datum b)
{
	for (int i = 0; i < pg_operator_nrows; i++)
	{
		const FormData_pg_operator *op = &pg_operator_rows[i];

		if (strcmp(NameStr(op->oprname), name) == 0 &&
		    op->oprleft == NUMERICOID && op->oprright == NUMERICOID)
			return OidFunctionCall2(op->oprcode, a, b);
	}
	CU_FAIL("no such operator");
	return (Datum) 0;
}

/* up to 80 digits on either side of the point, with runs of 0 and 9 */
static Datum
random_numeric(void)
{
	char text[200];
	char *p = text;
	int before = (int) pg_prng_uint64_range(&prng, 1, 80);
	int after = (int) pg_prng_uint64_range(&prng, 0, 80);
	char digit = '0';

	if (pg_prng_uint32(&prng) % 2)
		*p++ = '-';
	for (int i = 0; i < before + after; i++)
	{
		uint32 dice = pg_prng_uint32(&prng) % 8;

		if (i == before)
			*p++ = '.';
		if (dice == 0)
			digit = '0';
		else if (dice == 1)
			digit = '9';
		else if (dice < 5)
			digit = (char) ('0' + pg_prng_uint32(&prng) % 10);
		*p++ = digit;
	}
	*p = '\0';
	return from_text(NUMERICOID, text);
}

static bool
num_equal(Datum a, Datum b)
{
	return DatumGetBool(apply("=", a, b));
}

static void
test_numeric(void)
{
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "numeric", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Datum zero;

	for (int i = 0; i < 5000; i++)
	{
		Datum a, b, c, quotient, remainder;

		MemoryContextReset(context);
		zero = from_text(NUMERICOID, "0");
		a = random_numeric();
		b = random_numeric();
		c = random_numeric();

		/* text, sums, products */
		CU_ASSERT_FATAL(
			num_equal(from_text(NUMERICOID, to_text(NUMERICOID, a)), a));
		CU_ASSERT_FATAL(num_equal(apply("-", apply("+", a, b), b), a));
		CU_ASSERT_FATAL(
			num_equal(apply("*", apply("+", a, b), c),
		              apply("+", apply("*", a, c), apply("*", b, c))));
		CU_ASSERT_FATAL(num_equal(apply("-", a, a), zero));
		if (num_equal(b, zero))
			continue;

		/* a division whose result is exact, and one with a remainder */
		CU_ASSERT_FATAL(num_equal(apply("/", apply("*", a, b), b), a) ||
		                !num_equal(apply("%", apply("*", a, b), b), zero));
		remainder = apply("%", a, b);
		quotient = apply("/", apply("-", a, remainder), b);
		CU_ASSERT_FATAL(
			num_equal(apply("+", apply("*", quotient, b), remainder), a));
		CU_ASSERT_FATAL(DatumGetBool(
			apply("<", apply("*", remainder, remainder), apply("*", b, b))));
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

/* ---- short headers ---- */

/* the value as a heap tuple stores it if it is short */
static Datum
shorten(Datum value)
{
	struct varlena *v = (struct varlena *) DatumGetPointer(value);
	Size size = VARSIZE(v) - VARHDRSZ + VARHDRSZ_SHORT;
	/* at an odd address, as no alignment is promised either */
	char *copy = (char *) palloc(size + 1) + 1;

	Assert(VARATT_CAN_MAKE_SHORT(v));
	SET_VARSIZE_SHORT(copy, size);
	memcpy(copy + VARHDRSZ_SHORT, VARDATA(v), size - VARHDRSZ_SHORT);
	return PointerGetDatum(copy);
}

static void
test_short_headers(void)
{
	static const struct
	{
		Oid type;
		const char *text;
	} cases[] = {
		{TEXTOID, "abc"},        {BYTEAOID, "\\x0102"},
		{VARCHAROID, "abc"},     {BPCHAROID, "ab  "},
		{NUMERICOID, "-12.340"}, {INT4ARRAYOID, "{1,2}"},
		{OIDVECTOROID, "1 2"},   {TEXTARRAYOID, "{a,NULL,\"c d\"}"},
	};

	for (int i = 0; i < lengthof(cases); i++)
	{
		Datum value = shorten(from_text(cases[i].type, cases[i].text));

		same(to_text(cases[i].type, value), cases[i].text);
	}
	CU_ASSERT(num_equal(shorten(from_text(NUMERICOID, "1.50")),
	                    from_text(NUMERICOID, "1.5")));
	same(DatumGetCString(DirectFunctionCall1(
			 vector_out,
			 shorten(DirectFunctionCall3(vector_in, CStringGetDatum("[1,2]"),
	                                     ObjectIdGetDatum(InvalidOid),
	                                     Int32GetDatum(-1))))),
	     "[1,2]");
}

/* ---- arrays of elements of every length and alignment ---- */

static void
test_arrays(void)
{
	static const struct
	{
		Oid type;
		const char *values[4];
	} cases[] = {
		{CHAROID, {"a", "b", NULL, "c"}},
		{BOOLOID, {"t", NULL, "f", "t"}},
		{INT2OID, {"1", "-1", NULL, "3"}},
		{INT8OID, {NULL, "1", "-9223372036854775808", "3"}},
		{NAMEOID, {"x", "yy", NULL, ""}},
		{TEXTOID, {"", NULL, "a", "a text that is longer than the others"}},
		{TIDOID, {"(1,2)", NULL, "(3,4)", "(5,6)"}},
		{INTERVALOID, {"1 day", NULL, "00:00:01", "2 mons"}},
		{NUMERICOID, {"1.5", "0", NULL, "123456789012345678901234567890"}},
	};

	for (int i = 0; i < lengthof(cases); i++)
	{
		Oid type = cases[i].type;
		Datum values[4];
		bool nulls[4];
		int16 typlen;
		bool typbyval;
		char typalign;
		Datum *elements;
		bool *element_nulls;
		int n;
		ArrayType *array;

		get_typlenbyvalalign(type, &typlen, &typbyval, &typalign);
		for (int j = 0; j < 4; j++)
		{
			nulls[j] = cases[i].values[j] == NULL;
			values[j] = nulls[j] ? 0 : from_text(type, cases[i].values[j]);
		}
		array = construct_array_nulls(values, nulls, 4, type, typlen, typbyval,
		                              typalign);
		CU_ASSERT(array_contains_nulls(array));
		CU_ASSERT_EQUAL(ARR_ELEMTYPE(array), type);
		deconstruct_array(array, type, typlen, typbyval, typalign, &elements,
		                  &element_nulls, &n);
		CU_ASSERT_EQUAL_FATAL(n, 4);
		for (int j = 0; j < 4; j++)
		{
			CU_ASSERT_EQUAL(element_nulls[j], nulls[j]);
			if (!nulls[j])
				same(to_text(type, elements[j]), cases[i].values[j]);
		}
	}
}

/* ---- garbage ---- */

/*
 * Read with the function, and print what comes out.  An ERROR is as good; a
 * crash, or a sanitizer's complaint, is what this is for.
 */
static void
try_reading(Oid type, Oid function, Oid ioparam, bool binary, StringInfo buf)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		Datum value =
			binary ? OidReceiveFunctionCall(function, buf, ioparam, -1)
				   : OidInputFunctionCall(function, buf->data, ioparam, -1);

		(void) to_text(type, value);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		FlushErrorState();
	}
	PG_END_TRY();
}

static void
test_garbage(void)
{
	static const Oid types[] = {
		BOOLOID,      BYTEAOID,      CHAROID,      NAMEOID,    INT8OID,
		INT2OID,      INT4OID,       TEXTOID,      OIDOID,     TIDOID,
		XIDOID,       FLOAT4OID,     FLOAT8OID,    VARCHAROID, BPCHAROID,
		DATEOID,      TIMESTAMPOID,  INTERVALOID,  NUMERICOID, INT4ARRAYOID,
		OIDVECTOROID, INT2VECTOROID, TEXTARRAYOID,
	};
	static const char alphabet[] =
		"0123456789.,-+eE{}[]()\"\\'= :abcdxNULnTZ\303\251%_/";
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "garbage", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);

	for (int i = 0; i < 20000; i++)
	{
		Oid type = types[i % lengthof(types)];
		bool binary = pg_prng_uint32(&prng) % 2;
		int len = (int) pg_prng_uint64_range(&prng, 0, 40);
		Oid function, ioparam;
		StringInfoData buf;

		MemoryContextReset(context);
		initStringInfo(&buf);
		for (int j = 0; j < len; j++)
		{
			uint32 dice = pg_prng_uint32(&prng);

			/* small numbers are what counts and lengths are made of */
			appendStringInfoChar(
				&buf, !binary         ? alphabet[dice % (sizeof(alphabet) - 1)]
					  : dice % 3 == 0 ? (char) (dice >> 8)
									  : (char) (dice >> 8 & 3));
		}
		/* an array's header is read further only with the right type */
		if (binary && len >= 12 && type == INT4ARRAYOID)
			memcpy(buf.data, "\0\0\0\1\0\0\0\1\0\0\0\27", 12);
		if (binary)
			getTypeBinaryInputInfo(type, &function, &ioparam);
		else
			getTypeInputInfo(type, &function, &ioparam);
		try_reading(type, function, ioparam, binary, &buf);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	CU_PASS("still here");
}

int
main(void)
{
	CU_pSuite suite;

	MemoryContextInit();
	pg_prng_seed(&prng, 20261121);
	CU_initialize_registry();
	suite = CU_add_suite("adt", NULL, NULL);
	CU_add_test(suite, "binary", test_binary);
	CU_add_test(suite, "floats", test_floats);
	CU_add_test(suite, "numeric", test_numeric);
	CU_add_test(suite, "short_headers", test_short_headers);
	CU_add_test(suite, "arrays", test_arrays);
	CU_add_test(suite, "garbage", test_garbage);
	return unit_run();
}
