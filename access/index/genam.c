/*
 * genam.c
 *		What access methods share when they begin a scan.
 *
 * Corresponds to PostgreSQL's genam.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "utils/rel.h"

/* For ambeginscan: keys are filled in by amrescan. */
IndexScanDesc
RelationGetIndexScan(Relation indexRelation, int nkeys, int norderbys)
{
	IndexScanDesc scan = palloc0(sizeof(IndexScanDescData));

	scan->indexRelation = indexRelation;
	scan->xs_snapshot = InvalidSnapshot;
	scan->numberOfKeys = nkeys;
	scan->numberOfOrderBys = norderbys;
	scan->xs_cbuf = InvalidBuffer;
	if (nkeys > 0)
		scan->keyData = palloc0(sizeof(ScanKeyData) * nkeys);
	if (norderbys > 0)
		scan->orderByData = palloc0(sizeof(ScanKeyData) * norderbys);
	ItemPointerSetInvalid(&scan->xs_heaptid);
	return scan;
}
