/*
 * test_ivfcodesread.c
 *		Codes of a page that are being written, or whose chunk has become another
 *		index's, while a scan looks at them.  Story: between any two instructions
 *		of the reader the number of rows of the coded page becomes another one, of
 *		which most are more than there can be: the CPU stops after each instruction
 *		(its trap flag), and the handler of that signal writes.  The danger: a
 *		number that was found small enough and is then read again, and a scan, in a
 *		backend or in a client, that copies so many rows onto its stack.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <signal.h>

#include "access/ivfflat_codes.h"
#include "common/pg_prng.h"
#include "unit.h"

#define ROUNDS 300
#define MOST 10
#define PAGE_SIZE 512

static IndexCacheHeader cache;
static char chunk[2 * INDEX_CACHE_CHUNKS_ALIGN] pg_attribute_aligned(4096);
static IvfflatCodes codes = {.entry = &cache.entries[0],
                             .header = {.items_per_page = MOST,
                                        .page_size = PAGE_SIZE,
                                        .pages_per_chunk = 8}};
static IvfflatCodedPage *page;

/* Block 2 has a coded page, in no buffer: what is asked comes before that. */
static void
make_page(void)
{
	cache.chunk_size = INDEX_CACHE_CHUNKS_ALIGN;
	cache.entries[0].chunks[IVFFLAT_CODES_PAGES][0] = 1;
	UseIndexCache(&cache, chunk);
	page = IvfflatCodedPageAt(&codes, 2);
	CU_ASSERT_PTR_EQUAL_FATAL(page, chunk + 2 * PAGE_SIZE);
	page->buf_id = -1;
	pg_atomic_write_u32(&page->version, 2);
}

#ifdef __x86_64__

static pg_prng_state prng;
static volatile int steps;

static void
write_number(int signo)
{
	static const uint32 numbers[] = {3, 4000000000U, MOST, MOST + 1, 0, 70000};

	steps++;
	*(volatile uint32 *) &page->n =
		numbers[pg_prng_uint64(&prng) % lengthof(numbers)];
}

/* Past what the compiler may keep below the stack pointer. */
#define STOP_AFTER_EACH()                                                   \
	__asm__ volatile("lea -128(%%rsp), %%rsp; pushfq; orq $0x100, (%%rsp);" \
	                 "popfq; lea 128(%%rsp), %%rsp" ::                      \
	                     : "memory", "cc")
#define GO_ON()                                                               \
	__asm__ volatile("lea -128(%%rsp), %%rsp; pushfq; andq $~0x100, (%%rsp);" \
	                 "popfq; lea 128(%%rsp), %%rsp" ::                        \
	                     : "memory", "cc")

static void
test_number_of_rows(void)
{
	struct sigaction action = {.sa_handler = write_number};
	struct sigaction before;
	int wrong = 0;

	make_page();
	pg_prng_seed(&prng, 1);
	CU_ASSERT_FATAL(sigaction(SIGTRAP, &action, &before) == 0);
	for (int i = 0; i < ROUNDS; i++)
	{
		IvfflatCodesRead read = {.n = -1};
		OptimisticRead buffer;

		STOP_AFTER_EACH();
		(void) IvfflatCodesBegin(&codes, 2, &read, &buffer);
		GO_ON();
		wrong += read.n < 0 || read.n > MOST;
	}
	(void) sigaction(SIGTRAP, &before, NULL);
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(steps > 20 * ROUNDS);
}

#endif

/* Blocks and pages that cannot be, and pages that are being written. */
static void
test_none(void)
{
	IvfflatCodesRead read;
	OptimisticRead buffer;

	make_page();
	CU_ASSERT_PTR_NULL(IvfflatCodedPageAt(&codes, 8));
	CU_ASSERT_PTR_NULL(IvfflatCodedPageAt(&codes, InvalidBlockNumber));
	CU_ASSERT_FALSE(
		IvfflatCodesBegin(&codes, InvalidBlockNumber, &read, &buffer));
	pg_atomic_write_u32(&page->version, 3);
	CU_ASSERT_FALSE(IvfflatCodesBegin(&codes, 2, &read, &buffer));
	pg_atomic_write_u32(&page->version, 0);
	CU_ASSERT_FALSE(IvfflatCodesBegin(&codes, 2, &read, &buffer));
}

int
main(void)
{
	CU_pSuite suite;

	CU_initialize_registry();
	suite = CU_add_suite("codes of ivfflat, read", NULL, NULL);
#ifdef __x86_64__
	CU_add_test(suite, "number of rows", test_number_of_rows);
#endif
	CU_add_test(suite, "none", test_none);
	return unit_run();
}
