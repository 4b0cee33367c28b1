/*
 * test_sparsevec.c
 *	  The type sparsevec: its distances against a dense computation, and the
 *	  bytes that it takes from a client.
 *
 * A merge goes wrong where one list ends, where a block of eight is full, or
 * where one list runs ahead of the other, so every pair of lengths up to some
 * blocks is tried with dense, loose and disjoint indices.  Values are small
 * integers: sums are exact in whatever order a set adds, and any set must give
 * exactly what the loop over all dimensions gives.  The vectors end at a page
 * that nobody may read.
 */
#include "postgres.h"

#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "access/sparsevec.h"
#include "access/sparsevec_kernels.h"
#include "access/vector_kernels.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "unit.h"
#include "utils/elog.h"
#include "utils/memutils.h"

#define MAX_NNZ 70
#define MAX_TEST_DIM 1024

static uint64 seed = 88172645463325252;

static uint32
any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32) (seed >> 32);
}

/* Where a vector of this size must begin to end with the page. */
static SparseVector *
at_the_end(char *area, int nnz)
{
	Size page = (Size) sysconf(_SC_PAGESIZE);

	return (SparseVector *) (area + page - SPARSEVEC_SIZE(nnz));
}

static char *
guarded_page(void)
{
	Size page = (Size) sysconf(_SC_PAGESIZE);
	char *area = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
	                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	Assert(SPARSEVEC_SIZE(MAX_NNZ) <= page);
	if (area == MAP_FAILED || mprotect(area + page, page, PROT_NONE) != 0)
		abort();
	return area;
}

/* nnz of dim dimensions from first on, of which each is as likely to be there */
static SparseVector *
fill(char *area, int nnz, int first, int dim)
{
	SparseVector *v = at_the_end(area, nnz);
	int left = nnz;

	SET_VARSIZE(v, SPARSEVEC_SIZE(nnz));
	v->dim = MAX_TEST_DIM;
	v->nnz = nnz;
	v->unused = 0;
	for (int i = 0; i < dim && left > 0; i++)
	{
		if ((int) (any() % (uint32) (dim - i)) < left)
		{
			v->indices[nnz - left] = first + i;
			SPARSEVEC_VALUES(v)
			[nnz - left] = (float) (any() % 7 + 1) * (any() % 2 ? 1 : -1);
			left--;
		}
	}
	CU_ASSERT_FATAL(left == 0);
	return v;
}

static void
densely(const SparseVector *v, float *x)
{
	memset(x, 0, sizeof(float) * MAX_TEST_DIM);
	for (int i = 0; i < v->nnz; i++)
		x[v->indices[i]] = SPARSEVEC_VALUES(v)[i];
}

static void
compare(const SparsevecKernels *set, const SparseVector *a,
        const SparseVector *b)
{
	static float x[MAX_TEST_DIM];
	static float y[MAX_TEST_DIM];
	float l2 = 0;
	float ip = 0;
	float l1 = 0;

	densely(a, x);
	densely(b, y);
	for (int i = 0; i < MAX_TEST_DIM; i++)
	{
		l2 += (x[i] - y[i]) * (x[i] - y[i]);
		ip += x[i] * y[i];
		l1 += fabsf(x[i] - y[i]);
	}
	if (set->l2_squared(a, b) != l2 || set->inner_product(a, b) != ip ||
	    set->negative_inner_product(a, b) != -ip || set->l1(a, b) != l1)
	{
		printf("%d and %d elements: l2 %g for %g, ip %g for %g, l1 %g for %g\n",
		       a->nnz, b->nnz, set->l2_squared(a, b), l2,
		       set->inner_product(a, b), ip, set->l1(a, b), l1);
		CU_FAIL("distance differs from the dense one");
	}
}

static void
check_set(const SparsevecKernels *set)
{
	char *left = guarded_page();
	char *right = guarded_page();

	for (int n = 0; n <= MAX_NNZ; n++)
	{
		for (int m = 0; m <= MAX_NNZ; m++)
		{
			/* all indices of a run, a run with gaps, and far apart */
			static const int spread[] = {MAX_NNZ, 2 * MAX_NNZ, MAX_TEST_DIM};

			for (int s = 0; s < (int) lengthof(spread); s++)
				compare(set, fill(left, n, 0, spread[s]),
				        fill(right, m, 0, spread[s]));
			/* one list behind the other, both ways, and overlapping ends */
			compare(set, fill(left, n, 0, 100), fill(right, m, 200, 100));
			compare(set, fill(left, n, 200, 100), fill(right, m, 0, 100));
			compare(set, fill(left, n, 0, 100), fill(right, m, 90, 100));
			/* a short stretch of one beside a long one of the other */
			compare(set, fill(left, n, 400, 100), fill(right, m, 0, 1000));
		}
	}
	munmap(left, 2 * (Size) sysconf(_SC_PAGESIZE));
	munmap(right, 2 * (Size) sysconf(_SC_PAGESIZE));
}

static void
test_distances(void)
{
	static const VectorIsa isas[] = {VECTOR_ISA_SCALAR, VECTOR_ISA_AVX2,
	                                 VECTOR_ISA_AVX512};

	for (int i = 0; i < (int) lengthof(isas); i++)
	{
		if (vector_kernels_for(isas[i]) != NULL)
			check_set(sparsevec_kernels_for(isas[i]));
	}
}

/* A value and itself: nothing is left; and what overflows is infinite. */
static void
test_extremes(void)
{
	for (VectorIsa isa = VECTOR_ISA_SCALAR; isa <= VECTOR_ISA_AVX512; isa++)
	{
		const SparsevecKernels *set = sparsevec_kernels_for(isa);
		char *left;
		char *right;
		SparseVector *a;
		SparseVector *b;

		if (vector_kernels_for(isa) == NULL)
			continue;
		left = guarded_page();
		right = guarded_page();
		a = fill(left, MAX_NNZ, 0, MAX_TEST_DIM);
		CU_ASSERT(set->l2_squared(a, a) == 0 && set->l1(a, a) == 0);
		a = fill(left, 1, 7, 1);
		b = fill(right, 1, 7, 1);
		SPARSEVEC_VALUES(a)[0] = 3e38f;
		SPARSEVEC_VALUES(b)[0] = -3e38f;
		CU_ASSERT(isinf(set->l2_squared(a, b)) && isinf(set->l1(a, b)));
		CU_ASSERT(set->inner_product(a, b) == -INFINITY);
		CU_ASSERT(set->negative_inner_product(a, b) == INFINITY);
		/* one that is alone makes no NaN of the other's zero */
		b->indices[0] = 8;
		SPARSEVEC_VALUES(b)[0] = 1;
		CU_ASSERT(set->inner_product(a, b) == 0);
		CU_ASSERT(isinf(set->l2_squared(a, b)));
		CU_ASSERT(set->l1(a, b) == 3e38f);
		munmap(left, 2 * (Size) sysconf(_SC_PAGESIZE));
		munmap(right, 2 * (Size) sysconf(_SC_PAGESIZE));
	}
}

/* ---- what a client sends ---- */

static void
check_received(const char *what, const int32 *words, int nwords, int32 typmod,
               const char *want, int sqlerrcode)
{
	MemoryContext context = CurrentMemoryContext;
	StringInfoData buf;
	char *volatile got = NULL;
	volatile int code = 0;

	initStringInfo(&buf);
	for (int i = 0; i < nwords; i++)
		pq_sendint32(&buf, (uint32) words[i]);
	PG_TRY();
	{
		Datum v = DirectFunctionCall3(sparsevec_recv, PointerGetDatum(&buf),
		                              ObjectIdGetDatum(InvalidOid),
		                              Int32GetDatum(typmod));

		got = DatumGetCString(DirectFunctionCall1(sparsevec_out, v));
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
		printf("%s gives '%s' instead of '%s'\n", what, got, want);
		CU_FAIL("wrong result or code");
	}
}

#define ONE 0x3F800000
#define MINUS_ZERO ((int32) 0x80000000)
#define INF 0x7F800000
#define NOT_A_NUMBER 0x7FC00000

#define RECEIVED(want, code, typmod, ...)                                    \
	do                                                                       \
	{                                                                        \
		static const int32 words_[] = {__VA_ARGS__};                         \
		check_received(#__VA_ARGS__, words_, lengthof(words_), typmod, want, \
		               code);                                                \
	} while (0)

static void
test_receive(void)
{
	RECEIVED("{2:1}/5", 0, -1, 5, 1, 0, 1, ONE);
	RECEIVED("{}/5", 0, 5, 5, 0, 0);
	RECEIVED("{1:1,1000000000:1}/1000000000", 0, -1, 1000000000, 2, 0, 0,
	         999999999, ONE, ONE);
	RECEIVED("sparsevec must have at least 1 dimension", ERRCODE_DATA_EXCEPTION,
	         -1, 0, -1, 7);
	RECEIVED("sparsevec cannot have more than 1000000000 dimensions",
	         ERRCODE_PROGRAM_LIMIT_EXCEEDED, -1, 1000000001, -1, 7);
	RECEIVED("sparsevec cannot have negative number of elements",
	         ERRCODE_DATA_EXCEPTION, 3, 5, -1, 7);
	RECEIVED("sparsevec cannot have more than 16000 non-zero elements",
	         ERRCODE_PROGRAM_LIMIT_EXCEEDED, 3, 5, 16001, 7);
	RECEIVED("sparsevec cannot have more elements than dimensions",
	         ERRCODE_PROGRAM_LIMIT_EXCEEDED, 3, 5, 6, 7);
	RECEIVED("expected 3 dimensions, not 5", ERRCODE_DATA_EXCEPTION, 3, 5, 1,
	         7);
	RECEIVED("expected unused to be 0, not 7", ERRCODE_DATA_EXCEPTION, 5, 5, 1,
	         7);
	RECEIVED("sparsevec index out of bounds", ERRCODE_DATA_EXCEPTION, -1, 5, 1,
	         0, -1, ONE);
	RECEIVED("sparsevec index out of bounds", ERRCODE_DATA_EXCEPTION, -1, 5, 1,
	         0, 5, ONE);
	RECEIVED("sparsevec indices must be in ascending order",
	         ERRCODE_DATA_EXCEPTION, -1, 5, 2, 0, 1, 0, ONE, ONE);
	RECEIVED("sparsevec indices must not contain duplicates",
	         ERRCODE_DATA_EXCEPTION, -1, 5, 2, 0, 1, 1, ONE, ONE);
	RECEIVED("NaN not allowed in sparsevec", ERRCODE_DATA_EXCEPTION, -1, 5, 1,
	         0, 1, NOT_A_NUMBER);
	RECEIVED("infinite value not allowed in sparsevec", ERRCODE_DATA_EXCEPTION,
	         -1, 5, 1, 0, 1, INF);
	RECEIVED("binary representation of sparsevec cannot contain zero values",
	         ERRCODE_DATA_EXCEPTION, -1, 5, 1, 0, 1, 0);
	RECEIVED("binary representation of sparsevec cannot contain zero values",
	         ERRCODE_DATA_EXCEPTION, -1, 5, 1, 0, 1, MINUS_ZERO);
	RECEIVED("insufficient data left in message", ERRCODE_PROTOCOL_VIOLATION,
	         -1, 5, 2, 0, 1);
}

/* What is sent comes back as it was, and is the format byte for byte. */
static void
test_send(void)
{
	static const char want[] = {0, 0, 0, 5, 0, 0, 0,  1,           0, 0,
	                            0, 0, 0, 0, 0, 1, 63, (char) 0xC0, 0, 0};
	Datum v =
		DirectFunctionCall3(sparsevec_in, CStringGetDatum("{2:1.5}/5"),
	                        ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	bytea *sent =
		(bytea *) DatumGetPointer(DirectFunctionCall1(sparsevec_send, v));

	CU_ASSERT(VARSIZE_ANY((void *) v) == 24);
	CU_ASSERT_FATAL(VARSIZE_ANY_EXHDR(sent) == sizeof(want));
	CU_ASSERT(memcmp(VARDATA_ANY(sent), want, sizeof(want)) == 0);
}

int
main(void)
{
	CU_pSuite suite;

	MemoryContextInit();
	vector_kernels_init();
	CU_initialize_registry();
	suite = CU_add_suite("sparsevec", NULL, NULL);
	CU_add_test(suite, "distances as the dense ones", test_distances);
	CU_add_test(suite, "zero and infinite distances", test_extremes);
	CU_add_test(suite, "what a client sends", test_receive);
	CU_add_test(suite, "what a client gets", test_send);
	return unit_run();
}
