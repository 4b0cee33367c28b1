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

	/* of an index */
	Form_pg_index rd_index;
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
#define IndexRelationGetNumberOfAttributes(relation)                           \
	((relation)->rd_index->indnatts)
#define IndexRelationGetNumberOfKeyAttributes(relation)                        \
	((relation)->rd_index->indnkeyatts)
#define RelationGetRelationName(relation) (NameStr((relation)->rd_rel->relname))
#define RelationGetNamespace(relation) ((relation)->rd_rel->relnamespace)

static inline SMgrRelation
RelationGetSmgr(Relation rel)
{
	if (unlikely(rel->rd_smgr == NULL))
		smgrsetowner(&rel->rd_smgr,
		             smgropen(rel->rd_node, INVALID_PROC_NUMBER));
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
#define RelationGetTargetBlock(relation)                    \
	((relation)->rd_smgr != NULL                            \
	     ? (relation)->rd_smgr->smgr_targblock              \
	     : InvalidBlockNumber)
#define RelationSetTargetBlock(relation, block) \
	(RelationGetSmgr(relation)->smgr_targblock = (block))

/* Do changes of the relation go into the log: not if unlogged or temporary. */
#define RelationNeedsWAL(relation) \
	((relation)->rd_rel->relpersistence == RELPERSISTENCE_PERMANENT)

/* Options of a table, parsed. */
typedef struct StdRdOptions
{
	int32 vl_len_; /* varlena header */
	int fillfactor;
	int parallel_workers; /* -1: not set */
	int vacuum_index_cleanup; /* VacOptValue; 0: not set */
	bool vacuum_truncate;
	/* -1: as the setting says; thresholds -2, for -1 means never */
	bool autovacuum_enabled;
	int autovacuum_vacuum_threshold;
	int autovacuum_vacuum_insert_threshold;
	int autovacuum_analyze_threshold;
	int autovacuum_freeze_min_age;
	int autovacuum_freeze_max_age;
	int autovacuum_freeze_table_age;
} StdRdOptions;

#define HEAP_MIN_FILLFACTOR 10
#define HEAP_DEFAULT_FILLFACTOR 100

#define RelationGetFillFactor(relation, defaultff)                             \
	((relation)->rd_options                                                    \
	     ? ((StdRdOptions *) (relation)->rd_options)->fillfactor               \
	     : (defaultff))
/* Bytes of a page that inserts leave free. */
#define RelationGetTargetPageFreeSpace(relation, defaultff)                    \
	(BLCKSZ * (100 - RelationGetFillFactor(relation, defaultff)) / 100)

#define RelationGetParallelWorkers(relation, defaultpw)                        \
	((relation)->rd_options                                                    \
	     ? ((StdRdOptions *) (relation)->rd_options)->parallel_workers         \
	     : (defaultpw))

extern void RelationIncrementReferenceCount(Relation rel);
extern void RelationDecrementReferenceCount(Relation rel);

#endif /* REL_H */
