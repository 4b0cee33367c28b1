/*
 * utils/rel.h
 *		The descriptor of an open relation, private to the process.
 */
#ifndef REL_H
#define REL_H

#include "access/tupdesc.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "fmgr.h"
#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"
#include "storage/block.h"
#include "storage/relfilenode.h"
#include "storage/smgr.h"
#include "utils/relcache.h"

typedef struct LockRelId
{
	Oid relId;
	Oid dbId; /* InvalidOid: shared by all databases */
} LockRelId;

typedef struct LockInfoData
{
	LockRelId lockRelId;
} LockInfoData;

typedef LockInfoData *LockInfo;

typedef struct RelationData
{
	RelFileNode rd_node;
	/* whose temporary relation it is; INVALID_PROC_NUMBER: no such one */
	ProcNumber rd_backend;
	bool rd_islocaltemp;  /* a temporary one of this session */
	SMgrRelation rd_smgr; /* through RelationGetSmgr only */
	int rd_refcnt;
	bool rd_isnailed; /* never leaves the cache */
	bool rd_isvalid;
	SubTransactionId rd_createSubid; /* made in this transaction, or 0 */
	SubTransactionId rd_newRelfilenodeSubid;
	Form_pg_class rd_rel;
	TupleDesc rd_att;
	Oid rd_id;
	LockInfoData rd_lockInfo;
	List *rd_indexlist; /* OIDs, valid if rd_indexvalid */
	bool rd_indexvalid;
	Bitmapset *rd_indexattr; /* columns of any of them; as rd_indexlist */
	bytea *rd_options;
	struct PgStat_TableStatus *pgstat_info; /* its counts in this process */

	/* of an index */
	Form_pg_index rd_index;
	struct HeapTupleData *rd_indextuple; /* all of the row of pg_index */
	List *rd_indexprs; /* parsed, in rd_indexcxt, once they were asked for */
	List *rd_indpred;
	TransactionId rd_indexxmin; /* of the row of pg_index */
	struct IndexAmRoutine *rd_indam;
	MemoryContext rd_indexcxt;
	Oid *rd_opfamily;
	Oid *rd_opcintype;
	RegProcedure *rd_support;
	FmgrInfo *rd_supportinfo;
	int16 *rd_indoption;
	Oid *rd_indcollation;
	void *rd_amcache; /* of the access method, in rd_indexcxt */
} RelationData;

#define RelationIsValid(relation) PointerIsValid(relation)
#define RelationGetRelid(relation) ((relation)->rd_id)
#define RelationGetForm(relation) ((relation)->rd_rel)
#define RelationGetDescr(relation) ((relation)->rd_att)
#define RelationGetNumberOfAttributes(relation) ((relation)->rd_rel->relnatts)
#define IndexRelationGetNumberOfAttributes(relation) \
	((relation)->rd_index->indnatts)
#define IndexRelationGetNumberOfKeyAttributes(relation) \
	((relation)->rd_index->indnkeyatts)
#define RelationGetRelationName(relation) (NameStr((relation)->rd_rel->relname))
#define RelationGetNamespace(relation) ((relation)->rd_rel->relnamespace)

static inline SMgrRelation
RelationGetSmgr(Relation rel)
{
	if (unlikely(rel->rd_smgr == NULL))
		smgrsetowner(&rel->rd_smgr, smgropen(rel->rd_node, rel->rd_backend));
	return rel->rd_smgr;
}

static inline void
RelationCloseSmgr(Relation rel)
{
	if (rel->rd_smgr != NULL)
		smgrclose(rel->rd_smgr);
}

/*
 * The block in which this process found room last.  It is the handle's, so that
 * who truncates the file takes it away with the handle.
 */
#define RelationGetTargetBlock(relation)                               \
	((relation)->rd_smgr != NULL ? (relation)->rd_smgr->smgr_targblock \
	                             : InvalidBlockNumber)
#define RelationSetTargetBlock(relation, block) \
	(RelationGetSmgr(relation)->smgr_targblock = (block))

/* Do changes of the relation go into the log: not if unlogged or temporary. */
#define RelationNeedsWAL(relation) \
	((relation)->rd_rel->relpersistence == RELPERSISTENCE_PERMANENT)

/* Pages of temporary relations are in buffers of their session. */
#define RelationUsesLocalBuffers(relation) \
	((relation)->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
/* Nobody else can use it: temporary, or made in this transaction. */
#define RELATION_IS_LOCAL(relation) \
	((relation)->rd_islocaltemp ||  \
	 (relation)->rd_createSubid != InvalidSubTransactionId)
#define RELATION_IS_OTHER_TEMP(relation)                          \
	((relation)->rd_rel->relpersistence == RELPERSISTENCE_TEMP && \
	 !(relation)->rd_islocaltemp)

/* Of autovacuum; -1: as the setting says. */
typedef struct AutoVacOpts
{
	bool enabled;
	int vacuum_threshold;
	int vacuum_ins_threshold; /* -2: as the setting says; -1: never */
	int analyze_threshold;
	int vacuum_cost_limit;
	int freeze_min_age;
	int freeze_max_age;
	int freeze_table_age;
	int log_min_duration;     /* ms */
	double vacuum_cost_delay; /* ms */
	double vacuum_scale_factor;
	double vacuum_ins_scale_factor;
	double analyze_scale_factor;
} AutoVacOpts;

typedef enum StdRdOptIndexCleanup
{
	STDRD_OPTION_VACUUM_INDEX_CLEANUP_AUTO = 0,
	STDRD_OPTION_VACUUM_INDEX_CLEANUP_OFF,
	STDRD_OPTION_VACUUM_INDEX_CLEANUP_ON
} StdRdOptIndexCleanup;

/* Options of a table, parsed. */
typedef struct StdRdOptions
{
	int32 vl_len_; /* varlena header */
	int fillfactor;
	int toast_tuple_target;
	AutoVacOpts autovacuum;
	bool user_catalog_table; /* taken; nothing asks for it */
	int parallel_workers;    /* -1: not set */
	StdRdOptIndexCleanup vacuum_index_cleanup;
	bool vacuum_truncate;
} StdRdOptions;

#define HEAP_MIN_FILLFACTOR 10
#define HEAP_DEFAULT_FILLFACTOR 100

#define RelationGetFillFactor(relation, defaultff)               \
	((relation)->rd_options                                      \
	     ? ((StdRdOptions *) (relation)->rd_options)->fillfactor \
	     : (defaultff))
/* Bytes of a page that inserts leave free. */
#define RelationGetTargetPageFreeSpace(relation, defaultff) \
	(BLCKSZ * (100 - RelationGetFillFactor(relation, defaultff)) / 100)

#define RelationGetToastTupleTarget(relation, defaulttarg)               \
	((relation)->rd_options                                              \
	     ? ((StdRdOptions *) (relation)->rd_options)->toast_tuple_target \
	     : (defaulttarg))

#define RelationGetParallelWorkers(relation, defaultpw)                \
	((relation)->rd_options                                            \
	     ? ((StdRdOptions *) (relation)->rd_options)->parallel_workers \
	     : (defaultpw))

extern void RelationIncrementReferenceCount(Relation rel);
extern void RelationDecrementReferenceCount(Relation rel);

#endif /* REL_H */
