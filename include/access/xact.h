/*
 * access/xact.h
 *		Transactions.
 */
#ifndef XACT_H
#define XACT_H

#include "access/transam.h"
#include "access/xlog.h"
#include "access/xlogdefs.h"
#include "access/xlogreader.h"
#include "lib/stringinfo.h"
#include "storage/relfilenode.h"
#include "storage/sinval.h"

#define XACT_READ_UNCOMMITTED 0
#define XACT_READ_COMMITTED 1
#define XACT_REPEATABLE_READ 2
#define XACT_SERIALIZABLE 3

extern int DefaultXactIsoLevel;
extern bool DefaultXactReadOnly;
extern int XactIsoLevel;
extern bool XactReadOnly;
/* What the transaction did; reset at its start. */
extern int MyXactFlags;
#define XACT_FLAGS_ACCESSEDTEMPNAMESPACE (1U << 0)
#define IsolationUsesXactSnapshot() (XactIsoLevel >= XACT_REPEATABLE_READ)

extern bool IsTransactionState(void);
extern bool IsAbortedTransactionBlockState(void);
extern TransactionId GetTopTransactionId(void);
extern TransactionId GetTopTransactionIdIfAny(void);
extern TransactionId GetCurrentTransactionId(void);
extern TransactionId GetCurrentTransactionIdIfAny(void);
extern SubTransactionId GetCurrentSubTransactionId(void);
extern CommandId GetCurrentCommandId(bool used);
extern TimestampTz GetCurrentTransactionStartTimestamp(void);
extern TimestampTz GetCurrentStatementStartTimestamp(void);
extern void SetCurrentStatementStartTimestamp(void);
extern int GetCurrentTransactionNestLevel(void);
extern bool TransactionIdIsCurrentTransactionId(TransactionId xid);
extern void CommandCounterIncrement(void);
extern void StartTransactionCommand(void);
extern void CommitTransactionCommand(void);
extern void AbortCurrentTransaction(void);
extern void AbortOutOfAnyTransaction(void);
extern void BeginTransactionBlock(void);
extern bool EndTransactionBlock(bool chain);
extern void UserAbortTransactionBlock(bool chain);
extern void BeginImplicitTransactionBlock(void);
extern void EndImplicitTransactionBlock(void);
extern bool IsTransactionBlock(void);
extern bool IsTransactionOrTransactionBlock(void);
extern char TransactionBlockStatusCode(void);
extern void PreventInTransactionBlock(bool isTopLevel, const char *stmtType);
/* ERROR, WARNING 25P01 outside of a block */
extern void RequireTransactionBlock(bool isTopLevel, const char *stmtType);
extern void WarnNoTransactionBlock(bool isTopLevel, const char *stmtType);

/* Parallel mode: no xid may be assigned, no data changed by workers. */
extern void EnterParallelMode(void);
extern void ExitParallelMode(void);
extern bool IsInParallelMode(void);
extern Size EstimateTransactionStateSpace(void);
extern void SerializeTransactionState(Size maxsize, char *start_address);
extern void StartParallelWorkerTransaction(char *tstatespace);
extern void EndParallelWorkerTransaction(void);
extern void
SetParallelStartTimestamps(TimestampTz xact_ts, TimestampTz stmt_ts);

/*
 * Records of the resource manager Transaction.
 *
 * xl_xact_commit or xl_xact_abort; with XLOG_XACT_HAS_INFO xl_xact_xinfo and
 * then, in the order of the XACT_XINFO_* below, the parts that it names, all
 * unaligned.
 */
#define XLOG_XACT_COMMIT 0x00
#define XLOG_XACT_PREPARE 0x10
#define XLOG_XACT_ABORT 0x20
#define XLOG_XACT_COMMIT_PREPARED 0x30
#define XLOG_XACT_ABORT_PREPARED 0x40
#define XLOG_XACT_ASSIGNMENT 0x50
#define XLOG_XACT_INVALIDATIONS 0x60
#define XLOG_XACT_OPMASK 0x70
#define XLOG_XACT_HAS_INFO 0x80

#define XACT_XINFO_HAS_DBINFO (1U << 0)
#define XACT_XINFO_HAS_SUBXACTS (1U << 1)
#define XACT_XINFO_HAS_RELFILENODES (1U << 2)
#define XACT_XINFO_HAS_INVALS (1U << 3)
#define XACT_XINFO_HAS_TWOPHASE (1U << 4)
#define XACT_XINFO_HAS_ORIGIN (1U << 5)
#define XACT_XINFO_HAS_AE_LOCKS (1U << 6)
#define XACT_XINFO_HAS_GID (1U << 7)
#define XACT_XINFO_HAS_DROPPED_STATS (1U << 8)
#define XACT_COMPLETION_APPLY_FEEDBACK (1U << 29)
#define XACT_COMPLETION_UPDATE_RELCACHE_FILE (1U << 30)
#define XACT_COMPLETION_FORCE_SYNC_COMMIT (1U << 31)

typedef struct xl_xact_commit
{
	TimestampTz xact_time;
} xl_xact_commit;

#define MinSizeOfXactCommit \
	(offsetof(xl_xact_commit, xact_time) + sizeof(TimestampTz))

typedef struct xl_xact_abort
{
	TimestampTz xact_time;
} xl_xact_abort;

#define MinSizeOfXactAbort sizeof(xl_xact_abort)

typedef struct xl_xact_xinfo
{
	uint32 xinfo;
} xl_xact_xinfo;

typedef struct xl_xact_dbinfo
{
	Oid dbId;
	Oid tsId;
} xl_xact_dbinfo;

typedef struct xl_xact_subxacts
{
	int nsubxacts;
	TransactionId subxacts[FLEXIBLE_ARRAY_MEMBER];
} xl_xact_subxacts;

#define MinSizeOfXactSubxacts offsetof(xl_xact_subxacts, subxacts)

typedef struct xl_xact_relfilenodes
{
	int nrels;
	RelFileNode xnodes[FLEXIBLE_ARRAY_MEMBER];
} xl_xact_relfilenodes;

#define MinSizeOfXactRelfilenodes offsetof(xl_xact_relfilenodes, xnodes)

typedef struct xl_xact_stats_item
{
	int kind;
	Oid dboid;
	Oid objoid;
} xl_xact_stats_item;

typedef struct xl_xact_stats_items
{
	int nitems;
	xl_xact_stats_item items[FLEXIBLE_ARRAY_MEMBER];
} xl_xact_stats_items;

#define MinSizeOfXactStatsItems offsetof(xl_xact_stats_items, items)

typedef struct xl_xact_invals
{
	int nmsgs;
	SharedInvalidationMessage msgs[FLEXIBLE_ARRAY_MEMBER];
} xl_xact_invals;

#define MinSizeOfXactInvals offsetof(xl_xact_invals, msgs)

typedef struct xl_xact_twophase
{
	TransactionId xid;
} xl_xact_twophase;

typedef struct xl_xact_origin
{
	XLogRecPtr origin_lsn;
	TimestampTz origin_timestamp;
} xl_xact_origin;

typedef struct xl_xact_assignment
{
	TransactionId xtop;
	int nsubxacts;
	TransactionId xsub[FLEXIBLE_ARRAY_MEMBER];
} xl_xact_assignment;

#define MinSizeOfXactAssignment offsetof(xl_xact_assignment, xsub)

/* The parts of a commit or an abort record, pointing into it. */
typedef struct xl_xact_parsed_commit
{
	TimestampTz xact_time;
	uint32 xinfo;
	Oid dbId;
	Oid tsId;
	int nsubxacts;
	TransactionId *subxacts;
	int nrels;
	RelFileNode *xnodes;
	int nstats;
	xl_xact_stats_item *stats;
	int nmsgs;
	SharedInvalidationMessage *msgs;
	TransactionId twophase_xid;
	XLogRecPtr origin_lsn;
	TimestampTz origin_timestamp;
} xl_xact_parsed_commit;

typedef struct xl_xact_parsed_abort
{
	TimestampTz xact_time;
	uint32 xinfo;
	Oid dbId;
	Oid tsId;
	int nsubxacts;
	TransactionId *subxacts;
	int nrels;
	RelFileNode *xnodes;
	int nstats;
	xl_xact_stats_item *stats;
	TransactionId twophase_xid;
	XLogRecPtr origin_lsn;
	TimestampTz origin_timestamp;
} xl_xact_parsed_abort;

extern void ParseCommitRecord(uint8 info, xl_xact_commit *xlrec,
                              xl_xact_parsed_commit *parsed);
extern void ParseAbortRecord(uint8 info, xl_xact_abort *xlrec,
                             xl_xact_parsed_abort *parsed);
extern XLogRecPtr
XactLogCommitRecord(TimestampTz commit_time, int nsubxacts,
                    TransactionId *subxacts, int nrels, RelFileNode *rels,
                    int nmsgs, SharedInvalidationMessage *msgs,
                    bool relcacheInval, int xactflags,
                    TransactionId twophase_xid);
extern XLogRecPtr
XactLogAbortRecord(TimestampTz abort_time, int nsubxacts,
                   TransactionId *subxacts, int nrels, RelFileNode *rels,
                   int xactflags, TransactionId twophase_xid);
extern void xact_redo(XLogReaderState *record);
extern void xact_desc(StringInfo buf, XLogReaderState *record);
extern const char *xact_identify(uint8 info);

#endif /* XACT_H */
