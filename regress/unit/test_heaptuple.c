/*
 * test_heaptuple.c
 *		Tuples in PostgreSQL's format.  Story: a file that another tool reads
 *		must have every bit where it expects it; the bytes here are those of a
 *		row that PostgreSQL 15 wrote: (2, '[4,5,6]'::vector, NULL).
 */
#include "postgres.h"

#include <CUnit/Basic.h>

#include "access/htup_details.h"
#include "executor/tuptable.h"
#include "unit.h"
#include "utils/memutils.h"

static TupleDesc
MakeDesc(void)
{
	TupleDesc desc = CreateTemplateTupleDesc(3);

	TupleDescInitBuiltinEntry(desc, 1, "id", 23, -1, 0);
	/* bytea stands for vector: a varlena, aligned to 4 */
	TupleDescInitBuiltinEntry(desc, 2, "v", 17, -1, 0);
	TupleDescInitBuiltinEntry(desc, 3, "t", 25, -1, 0);
	return desc;
}

static void
test_bytes(void)
{
	static const unsigned char expected[] = {
		0x02, 0,    0, 0, 0x23, 0x03, 0, 0, 0,    0,   0,
		0x80, 0x40, 0, 0, 0xa0, 0x40, 0, 0, 0xc0, 0x40};
	TupleDesc desc = MakeDesc();
	struct varlena *v = palloc0(20);
	uint16 dim = 3;
	float x[3] = {4, 5, 6};
	Datum values[3] = {Int32GetDatum(2), PointerGetDatum(v), (Datum) 0};
	bool isnull[3] = {false, false, true};
	Datum out[3];
	bool outnull[3];
	HeapTuple tup;

	SET_VARSIZE(v, 20);
	memcpy(VARDATA(v), &dim, 2);
	memcpy(VARDATA(v) + 4, x, sizeof(x));
	tup = heap_form_tuple(desc, values, isnull);
	CU_ASSERT_EQUAL(tup->t_len, 45);
	CU_ASSERT_EQUAL(tup->t_data->t_hoff, 24);
	CU_ASSERT_EQUAL(tup->t_data->t_infomask2, 3);
	CU_ASSERT_EQUAL(tup->t_data->t_infomask, HEAP_HASNULL | HEAP_HASVARWIDTH);
	CU_ASSERT_EQUAL(tup->t_data->t_bits[0], 0x03);
	CU_ASSERT_EQUAL(memcmp((char *) tup->t_data + 24, expected, 21), 0);

	heap_deform_tuple(tup, desc, out, outnull);
	CU_ASSERT_EQUAL(DatumGetInt32(out[0]), 2);
	CU_ASSERT_EQUAL(VARSIZE_ANY_EXHDR(DatumGetPointer(out[1])), 16);
	CU_ASSERT_TRUE(outnull[2]);
	CU_ASSERT_FALSE(outnull[1]);
}

static void
test_slot(void)
{
	TupleDesc desc = MakeDesc();
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc);
	struct varlena *big = palloc0(300);
	bool null;

	/* A long value has the 4-byte header and is aligned. */
	SET_VARSIZE(big, 300);
	slot->tts_values[0] = Int32GetDatum(-7);
	slot->tts_isnull[1] = true;
	slot->tts_values[2] = PointerGetDatum(big);
	slot->tts_isnull[0] = slot->tts_isnull[2] = false;
	ExecStoreVirtualTuple(slot);
	ExecMaterializeSlot(slot);
	CU_ASSERT_EQUAL(slot->tuple->t_len, 24 + 4 + 300);
	CU_ASSERT_EQUAL(DatumGetInt32(slot_getattr(slot, 1, &null)), -7);
	slot_getattr(slot, 2, &null);
	CU_ASSERT_TRUE(null);
	CU_ASSERT_EQUAL(VARSIZE_ANY(DatumGetPointer(slot_getattr(slot, 3, &null))),
	                300);
	ExecDropSingleTupleTableSlot(slot);
}

int
main(void)
{
	CU_pSuite suite;

	MemoryContextInit();
	CU_initialize_registry();
	suite = CU_add_suite("heaptuple", NULL, NULL);
	CU_add_test(suite, "bytes of a tuple", test_bytes);
	CU_add_test(suite, "slot", test_slot);
	return unit_run();
}
