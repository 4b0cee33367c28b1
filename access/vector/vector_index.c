/*
 * vector_index.c
 *	  What the access methods hnsw and ivfflat have in common.
 */
#include "postgres.h"

#include <math.h>

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/vector_index.h"
#include "catalog/pg_type.h"
#include "nodes/execnodes.h"
#include "optimizer/cost.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/selfuncs.h"

IndexAmRoutine *
VectorIndexRoutine(int nsupport)
{
	IndexAmRoutine *am = makeNode(IndexAmRoutine);

	/* what is not named is 0: false, none, all */
	am->amsupport = (uint16) nsupport;
	am->amcanorderbyop = true;
	am->amoptionalkey = true;
	am->amparallelvacuumoptions = 1; /* bulk deletes */
	am->amkeytype = InvalidOid;
	return am;
}

/* ---------------------------------------------------------------------------
 * Definition
 * ---------------------------------------------------------------------------
 */

FmgrInfo *
VectorOptionalProc(Relation index, uint16 procnum)
{
	if (!OidIsValid(index_getprocid(index, 1, procnum)))
		return NULL;
	return index_getprocinfo(index, 1, procnum);
}

const VectorTypeInfo *
VectorGetTypeInfo(Relation index, uint16 procnum)
{
	FmgrInfo *proc = VectorOptionalProc(index, procnum);

	if (proc == NULL)
		return &vector_type_info;
	return (const VectorTypeInfo *) DatumGetPointer(
		FunctionCall1(proc, PointerGetDatum(NULL)));
}

static void
TypeNotSupported(const char *amname)
{
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("type not supported for %s index", amname)));
}

void
VectorCheckColumn(Relation index, const char *amname,
                  const VectorTypeInfo *type)
{
	Form_pg_attribute attr = TupleDescAttr(RelationGetDescr(index), 0);

	/* its values differ in length, but bit's operator classes take it */
	if (attr->atttypid == VARBITOID)
		TypeNotSupported(amname);
	if (attr->atttypmod < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("column does not have dimensions"),
		                errhint("Give it dimensions, as in %s(3), or index an "
		                        "expression with them, as in "
		                        "((embedding::%s(3))).",
		                        format_type_be(attr->atttypid),
		                        format_type_be(attr->atttypid))));
	if (attr->atttypmod > type->maxDimensions)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("column cannot have more than %d dimensions "
		                       "for %s index",
		                       type->maxDimensions, amname),
		                type->hint ? errhint("%s", type->hint) : 0));
}

void
VectorIndexInitSupport(VectorSupport *support, Relation index,
                       const char *amname, const VectorTypeInfo *type, int dim)
{
	FmgrInfo *distance =
		index_getprocinfo(index, 1, VECTOR_INDEX_DISTANCE_PROC);
	FmgrInfo *norm = VectorOptionalProc(index, VECTOR_INDEX_NORM_PROC);

	if (!VectorSupportInit(support, type, distance->fn_addr, norm, dim))
		TypeNotSupported(amname);
}

bool
VectorFormRow(const VectorSupport *support, Datum datum, void **value)
{
	int dim;

	if (!VectorFormValue(support, datum, value))
		return false;
	dim = support->type->value_dim(*value);
	if (dim != support->dim)
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_EXCEPTION),
		         errmsg("expected %d dimensions, not %d", support->dim, dim)));
	return true;
}

/* ---------------------------------------------------------------------------
 * The table
 * ---------------------------------------------------------------------------
 */

BlockNumber
VectorToastBlocks(Relation heap)
{
	Relation toast;
	BlockNumber blocks;

	if (!OidIsValid(heap->rd_rel->reltoastrelid))
		return 0;
	toast = table_open(heap->rd_rel->reltoastrelid, AccessShareLock);
	blocks = RelationGetNumberOfBlocks(toast);
	table_close(toast, AccessShareLock);
	return blocks;
}

/* Does each row take the bytes of its value on pages, of heap or TOAST. */
static bool
ValuesAreStoredWhole(Relation heap, struct IndexInfo *indexInfo,
                     const VectorSupport *support)
{
	AttrNumber attnum = indexInfo->ii_IndexAttrNumbers[0];
	char storage;

	if (attnum <= 0 || support->value_size == 0)
		return false;
	storage = TupleDescAttr(RelationGetDescr(heap), attnum - 1)->attstorage;
	return storage == TYPSTORAGE_EXTERNAL || storage == TYPSTORAGE_PLAIN;
}

double
VectorRowsLimit(Relation heap, struct IndexInfo *indexInfo,
                const VectorSupport *support)
{
	double blocks = RelationGetNumberOfBlocks(heap);
	double per_page;
	Size row;

	if (!ValuesAreStoredWhole(heap, indexInfo, support))
		return blocks * MaxHeapTuplesPerPage + 1;
	/* in the row, with a short header perhaps, or out of line */
	row = MAXALIGN(SizeofHeapTupleHeader) + sizeof(ItemIdData) +
	      MAXALIGN(support->value_size - 3);
	per_page = floor((double) (BLCKSZ - SizeOfPageHeaderData) / row);
	return blocks * per_page +
	       (double) VectorToastBlocks(heap) * BLCKSZ / support->value_size + 1;
}

/* ---------------------------------------------------------------------------
 * Costs
 * ---------------------------------------------------------------------------
 */

void
VectorCostEstimate(const VectorCostModel *model, struct PlannerInfo *root,
                   struct IndexPath *path, double loop_count,
                   Cost *startup_cost, Cost *total_cost,
                   Selectivity *selectivity, double *correlation,
                   double *index_pages)
{
	GenericCosts costs = {0};
	Relation index;
	double share;
	double pages;
	double saved; /* by a page that follows another */

	/* never without an order */
	if (path->indexorderbys == NULL)
	{
		*startup_cost = INFINITY;
		*total_cost = INFINITY;
		*selectivity = 0;
		*correlation = 0;
		*index_pages = 0;
		return;
	}
	genericcostestimate(root, path, loop_count, &costs);

	index = index_open(path->indexinfo->indexoid, NoLock);
	share = model->startup_share(index, path->indexinfo->tuples);
	index_close(index, NoLock);

	/* all pages were charged as random reads */
	saved = costs.spc_random_page_cost - seq_page_cost;
	costs.indexTotalCost -= model->sequential * costs.numIndexPages * saved;
	costs.indexStartupCost = costs.indexTotalCost * share;
	pages = costs.numIndexPages * share;
	if (pages > path->indexinfo->rel->pages && share < 0.5)
	{
		costs.indexStartupCost -= model->startup_sequential * pages * saved;
		costs.indexStartupCost -=
			(pages - path->indexinfo->rel->pages) * seq_page_cost;
	}

	*startup_cost = costs.indexStartupCost;
	*total_cost = costs.indexTotalCost;
	*selectivity = costs.indexSelectivity;
	*correlation = costs.indexCorrelation;
	*index_pages = costs.numIndexPages;
}
