/*
 * direct_describe.c
 *		What a client has to know of an index and its table to search by itself.
 *
 * An operator class is told as type and metric: the client has the same kernels
 * (access/vector_support.h).  One that is not in the table here, a partial index
 * or one on an expression it leaves to its backend.
 */
#include "postgres.h"

#include "access/hnsw.h"
#include "access/ivfflat.h"
#include "access/vector.h"
#include "access/halfvec.h"
#include "access/bitvec.h"
#include "access/sparsevec.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/indexcache.h"
#include "storage/proc.h"
#include "tcop/direct.h"
#include "utils/guc.h"

/* By support function 1; with a norm an inner product is a cosine. */
static const struct
{
	PGFunction function;
	DirectType type;
	DirectMetric metric;
} known_distances[] = {
	{vector_l2_squared_distance, DIRECT_TYPE_VECTOR, DIRECT_METRIC_L2},
	{vector_negative_inner_product, DIRECT_TYPE_VECTOR, DIRECT_METRIC_IP},
	{l1_distance, DIRECT_TYPE_VECTOR, DIRECT_METRIC_L1},
	{halfvec_l2_squared_distance, DIRECT_TYPE_HALFVEC, DIRECT_METRIC_L2},
	{halfvec_negative_inner_product, DIRECT_TYPE_HALFVEC, DIRECT_METRIC_IP},
	{halfvec_l1_distance, DIRECT_TYPE_HALFVEC, DIRECT_METRIC_L1},
	{hamming_distance, DIRECT_TYPE_BIT, DIRECT_METRIC_HAMMING},
	{jaccard_distance, DIRECT_TYPE_BIT, DIRECT_METRIC_JACCARD},
	{sparsevec_l2_squared_distance, DIRECT_TYPE_SPARSEVEC, DIRECT_METRIC_L2},
	{sparsevec_negative_inner_product, DIRECT_TYPE_SPARSEVEC, DIRECT_METRIC_IP},
	{sparsevec_l1_distance, DIRECT_TYPE_SPARSEVEC, DIRECT_METRIC_L1},
};

static void
DescribeRelation(Relation rel, DirectRelation *out)
{
	out->oid = RelationGetRelid(rel);
	out->spc_node = rel->rd_node.spcNode;
	out->db_node = rel->rd_node.dbNode;
	out->rel_node = rel->rd_node.relNode;
	out->nblocks = RelationGetNumberOfBlocks(rel);
}

static void
DescribeSettings(DirectSettings *out)
{
	out->hnsw_ef_search = hnsw_ef_search;
	out->hnsw_iterative_scan = hnsw_iterative_scan;
	out->hnsw_max_scan_tuples = hnsw_max_scan_tuples;
	out->ivfflat_probes = ivfflat_probes;
	out->ivfflat_iterative_scan = ivfflat_iterative_scan;
	out->ivfflat_max_probes = ivfflat_max_probes;
	out->work_mem = work_mem;
	out->enable_index_cache = enable_index_cache;
	out->hnsw_scan_mem_multiplier = hnsw_scan_mem_multiplier;
}

/* The operator class; false: none that clients know. */
static bool
DescribeDistance(Relation index, DirectBeginReply *reply)
{
	PGFunction function;

	/* number 1 is the distance, 2 the norm, with both access methods */
	StaticAssertStmt(HNSW_DISTANCE_PROC == IVFFLAT_DISTANCE_PROC &&
	                     HNSW_NORM_PROC == IVFFLAT_NORM_PROC,
	                 "support functions of both have the same numbers");
	function = index_getprocinfo(index, 1, HNSW_DISTANCE_PROC)->fn_addr;
	for (int i = 0; i < (int) lengthof(known_distances); i++)
	{
		if (known_distances[i].function != function)
			continue;
		reply->type = known_distances[i].type;
		reply->metric = known_distances[i].metric;
		if (reply->metric == DIRECT_METRIC_IP &&
		    OidIsValid(index_getprocid(index, 1, HNSW_NORM_PROC)))
			reply->metric = DIRECT_METRIC_COSINE;
		return true;
	}
	return false;
}

/* What its metapage says of it. */
static bool
DescribeParameters(Relation index, DirectBeginReply *reply)
{
	int number;
	int dim;

	if (index->rd_indam->ambuild == hnswbuild)
	{
		HnswGetMetaPageInfo(index, &number, &dim, NULL, NULL);
		reply->am = DIRECT_AM_HNSW;
	}
	else if (index->rd_indam->ambuild == ivfflatbuild)
	{
		IvfflatGetMetaPageInfo(index, &number, &dim);
		reply->am = DIRECT_AM_IVFFLAT;
	}
	else
		return false;
	reply->m_or_lists = number;
	reply->dimensions = dim;
	return true;
}

DirectObstacle
DirectDescribeIndex(Relation table, Relation index, DirectBeginReply *reply)
{
	if (!index->rd_index->indisvalid || !index->rd_index->indisready ||
	    !index->rd_index->indislive)
		return DIRECT_NO_INDEX;
	if (table->rd_rel->relkind != RELKIND_RELATION)
		return DIRECT_OTHER_INDEX;
	if (RelationUsesLocalBuffers(table) || RelationUsesLocalBuffers(index))
		return DIRECT_TEMPORARY;
	if (IndexRelationGetNumberOfAttributes(index) != 1 ||
	    RelationIsExpressionOrPartialIndex(index))
		return DIRECT_OTHER_INDEX;
	if (!DescribeParameters(index, reply))
		return DIRECT_OTHER_AM;
	if (!DescribeDistance(index, reply))
		return DIRECT_OTHER_INDEX;
	reply->index_attnum = index->rd_index->indkey.values[0];
	DescribeRelation(table, &reply->table);
	DescribeRelation(index, &reply->index);
	DescribeSettings(&reply->settings);
	reply->statement_timeout = StatementTimeout;
	return DIRECT_POSSIBLE;
}

uint32
DirectDescribeColumns(Relation table, StringInfo buf)
{
	TupleDesc desc = RelationGetDescr(table);

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		DirectColumn column = {
			.type = att->atttypid,
			.typmod = att->atttypmod,
			.length = att->attlen,
			.by_value = (int8_t) att->attbyval,
			.align = att->attalign,
			.dropped = (int8_t) att->attisdropped,
			.missing = (int8_t) att->atthasmissing,
		};

		appendBinaryStringInfo(buf, (char *) &column, sizeof(column));
	}
	return (uint32) desc->natts;
}
