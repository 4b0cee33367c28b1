/*
 * test_vector_messages.c
 *	  Errors of the vector types that SQL statements do not reach, and texts that
 *	  are damaged at random.
 *
 * A client reads from the message which value was wrong: whatever is done to a
 * literal, it is either a value, which then reads back from its own text as the
 * same, or the error names the type.
 */
#include "postgres.h"

#include "access/halfvec.h"
#include "access/sparsevec.h"
#include "access/vector.h"
#include "access/vector_kernels.h"
#include "catalog/pg_type.h"
#include "unit.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/memutils.h"

#define MUTATIONS 20000

static uint64 seed = 88172645463325252;

static uint32
any(uint32 below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32) (seed >> 32) % below;
}

/* The error's message and code if the call fails, else NULL and the result. */
static char *
call(PGFunction function, Datum arg, Datum second, Datum third, Datum *result,
     int *code)
{
	MemoryContext context = CurrentMemoryContext;
	char *volatile message = NULL;

	PG_TRY();
	{
		*result = DirectFunctionCall3(function, arg, second, third);
	}
	PG_CATCH();
	{
		ErrorData *edata;

		MemoryContextSwitchTo(context);
		edata = CopyErrorData();
		FlushErrorState();
		*code = edata->sqlerrcode;
		message = edata->message;
	}
	PG_END_TRY();
	return message;
}

/* ---- texts ---- */

/* One change: something put in, something replaced, or the end cut off. */
static void
damage(char *text, int size)
{
	static const char *const pieces[] = {
		" ",           ",",          ":",           "-",    "1",
		"9",           "0",          ".",           "e",    "[",
		"]",           "{",          "}",           "/",    "2147483647",
		"-2147483648", "2147483648", "-2147483649", "1e38", "nan"};
	const char *piece = pieces[any(lengthof(pieces))];
	int length = (int) strlen(text);
	int at = (int) any((uint32) length + 1);
	int put = (int) strlen(piece);
	int kind = (int) any(3);
	int rest = kind == 1 && at < length ? at + 1 : at;

	if (kind == 2 || length + put >= size)
	{
		text[at] = '\0';
		return;
	}
	memmove(text + at + put, text + rest, (Size) (length - rest) + 1);
	memcpy(text + at, piece, (Size) put);
}

static void
check_damaged(const char *type, const char *literal, PGFunction in,
              PGFunction out)
{
	MemoryContext context = CurrentMemoryContext;
	MemoryContext one =
		AllocSetContextCreate(context, "one text", ALLOCSET_DEFAULT_SIZES);
	int good = 0;

	for (int i = 0; i < MUTATIONS; i++)
	{
		char text[128];
		char *message;
		char *first;
		Datum value = 0;
		int code = 0;

		MemoryContextReset(one);
		MemoryContextSwitchTo(one);
		strlcpy(text, literal, sizeof(text));
		for (int n = 1 + (int) any(2); n > 0; n--)
			damage(text, sizeof(text));
		message = call(in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid),
		               Int32GetDatum(-1), &value, &code);
		if (message != NULL)
		{
			if (strstr(message, type) == NULL)
			{
				printf("'%s': %s\n", text, message);
				CU_FAIL("the message does not name the type");
			}
			continue;
		}
		good++;
		first = DatumGetCString(DirectFunctionCall1(out, value));
		message = call(in, CStringGetDatum(first), ObjectIdGetDatum(InvalidOid),
		               Int32GetDatum(-1), &value, &code);
		if (message != NULL ||
		    strcmp(first, DatumGetCString(DirectFunctionCall1(out, value))) !=
		        0)
		{
			printf("'%s' became '%s'\n", text, first);
			CU_FAIL("a value's text is not read back");
		}
	}
	MemoryContextSwitchTo(context);
	MemoryContextDelete(one);
	/* else nothing was tested */
	CU_ASSERT(good > MUTATIONS / 100 && good < MUTATIONS);
}

static void
test_damaged(void)
{
	check_damaged("vector", "[1.23,4.56,7.89]", vector_in, vector_out);
	check_damaged("halfvec", "[1.23,4.56,7.89]", halfvec_in, halfvec_out);
	check_damaged("sparsevec", "{1:1.23,2:4.56,3:7.89}/3", sparsevec_in,
	              sparsevec_out);
}

/* ---- casts ---- */

extern Datum array_to_vector(PG_FUNCTION_ARGS);
extern Datum array_to_halfvec(PG_FUNCTION_ARGS);

static void
expect(PGFunction function, Datum arg, const char *want, int sqlerrcode)
{
	Datum result;
	int code = 0;
	char *message = call(function, arg, Int32GetDatum(-1), BoolGetDatum(true),
	                     &result, &code);

	CU_ASSERT_PTR_NOT_NULL_FATAL(message);
	CU_ASSERT_STRING_EQUAL(message, want);
	CU_ASSERT_EQUAL(code, sqlerrcode);
}

/* Only numbers are cast; SQL finds no function for arrays of others. */
static void
test_array_type(void)
{
	static const PGFunction functions[] = {array_to_vector, array_to_halfvec,
	                                       array_to_sparsevec};
	Datum elements[1];
	ArrayType *array;

	elements[0] = PointerGetDatum(cstring_to_text("1"));
	array = construct_array(elements, 1, TEXTOID, -1, false, TYPALIGN_INT);
	for (int i = 0; i < (int) lengthof(functions); i++)
		expect(functions[i], PointerGetDatum(array), "unsupported array type",
		       ERRCODE_DATA_EXCEPTION);
}

/* An index that no input lets in, on a damaged page, is not written through. */
static void
test_stored_index(void)
{
	static const int32 wrong[] = {-1, 3, PG_INT32_MAX, PG_INT32_MIN};
	SparseVector *v = InitSparseVector(3, 1);

	for (int i = 0; i < (int) lengthof(wrong); i++)
	{
		v->indices[0] = wrong[i];
		SPARSEVEC_VALUES(v)[0] = 1;
		expect(sparsevec_to_vector, PointerGetDatum(v), "index out of bounds",
		       ERRCODE_INTERNAL_ERROR);
		expect(sparsevec_to_halfvec, PointerGetDatum(v), "index out of bounds",
		       ERRCODE_INTERNAL_ERROR);
	}
}

int
main(void)
{
	CU_pSuite suite;

	MemoryContextInit();
	vector_kernels_init();
	CU_initialize_registry();
	suite = CU_add_suite("vector messages", NULL, NULL);
	CU_add_test(suite, "damaged texts", test_damaged);
	CU_add_test(suite, "arrays of other types", test_array_type);
	CU_add_test(suite, "a damaged index", test_stored_index);
	return unit_run();
}
