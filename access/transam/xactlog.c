/*
 * xactlog.c
 *		The records of commits and aborts: made, taken apart, replayed.
 *
 * A commit record says what a crash must not lose: that the xid committed, and
 * which files go with it.  An abort record only saves recovery the trouble of
 * finding out; without one, an xid that has no outcome has aborted.
 *
 * The parts after the fixed one are unaligned and in the order of the bits
 * XACT_XINFO_*; those that Tusk never writes are still read, so that a record
 * of PostgreSQL's is understood.
 *
 * Corresponds to the logging half of PostgreSQL's xact.c and to xactdesc.c.
 */
#include "postgres.h"

#include "access/clog.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xloginsert.h"
#include "access/xlogutils.h"
#include "catalog/storage.h"
#include "common/relpath.h"
#include "miscadmin.h"
#include "storage/smgr.h"
#include "utils/timestamp.h"

/* The parts of a record that is being made; they live until XLogInsert. */
typedef struct XactRecord
{
	xl_xact_xinfo xinfo;
	xl_xact_dbinfo dbinfo;
	int nsubxacts; /* as xl_xact_subxacts begins */
	int nrels;     /* as xl_xact_relfilenodes begins */
} XactRecord;

static void
SetParts(XactRecord *rec, int nsubxacts, int nrels)
{
	memset(rec, 0, sizeof(*rec));
	if (nsubxacts > 0)
	{
		rec->xinfo.xinfo |= XACT_XINFO_HAS_SUBXACTS;
		rec->nsubxacts = nsubxacts;
	}
	if (nrels > 0)
	{
		rec->xinfo.xinfo |= XACT_XINFO_HAS_RELFILENODES;
		rec->nrels = nrels;
	}
}

static XLogRecPtr
InsertXactRecord(uint8 info, TimestampTz *time, XactRecord *rec,
                 TransactionId *subxacts, RelFileNode *rels)
{
	if (rec->xinfo.xinfo != 0)
		info |= XLOG_XACT_HAS_INFO;
	if (rec->nrels > 0)
		info |= XLR_SPECIAL_REL_UPDATE;

	XLogBeginInsert();
	XLogRegisterData((char *) time, sizeof(TimestampTz));
	if (rec->xinfo.xinfo != 0)
		XLogRegisterData((char *) &rec->xinfo, sizeof(rec->xinfo));
	if (rec->xinfo.xinfo & XACT_XINFO_HAS_DBINFO)
		XLogRegisterData((char *) &rec->dbinfo, sizeof(rec->dbinfo));
	if (rec->xinfo.xinfo & XACT_XINFO_HAS_SUBXACTS)
	{
		XLogRegisterData((char *) &rec->nsubxacts, MinSizeOfXactSubxacts);
		XLogRegisterData((char *) subxacts,
		                 rec->nsubxacts * (int) sizeof(TransactionId));
	}
	if (rec->xinfo.xinfo & XACT_XINFO_HAS_RELFILENODES)
	{
		XLogRegisterData((char *) &rec->nrels, MinSizeOfXactRelfilenodes);
		XLogRegisterData((char *) rels, rec->nrels * (int) sizeof(RelFileNode));
	}
	return XLogInsert(RM_XACT_ID, info);
}

/* In a critical section.  There are no prepared transactions nor messages. */
XLogRecPtr
XactLogCommitRecord(TimestampTz commit_time, int nsubxacts,
                    TransactionId *subxacts, int nrels, RelFileNode *rels,
                    int nmsgs, SharedInvalidationMessage *msgs,
                    bool relcacheInval, int xactflags,
                    TransactionId twophase_xid)
{
	XactRecord rec;

	Assert(CritSectionCount > 0);
	Assert(nmsgs == 0 && !TransactionIdIsValid(twophase_xid));
	SetParts(&rec, nsubxacts, nrels);
	if (relcacheInval)
	{
		rec.xinfo.xinfo |= XACT_XINFO_HAS_DBINFO;
		rec.dbinfo.dbId = MyDatabaseId;
		rec.dbinfo.tsId = DEFAULTTABLESPACE_OID;
	}
	return InsertXactRecord(XLOG_XACT_COMMIT, &commit_time, &rec, subxacts,
	                        rels);
}

XLogRecPtr
XactLogAbortRecord(TimestampTz abort_time, int nsubxacts,
                   TransactionId *subxacts, int nrels, RelFileNode *rels,
                   int xactflags, TransactionId twophase_xid)
{
	XactRecord rec;

	Assert(CritSectionCount > 0);
	Assert(!TransactionIdIsValid(twophase_xid));
	SetParts(&rec, nsubxacts, nrels);
	return InsertXactRecord(XLOG_XACT_ABORT, &abort_time, &rec, subxacts, rels);
}

/* ---- reading ---- */

/* Takes an unaligned value out of a record. */
#define TAKE(dest)                           \
	do                                       \
	{                                        \
		memcpy(&(dest), data, sizeof(dest)); \
		data += sizeof(dest);                \
	} while (0)

/* An array in CurrentMemoryContext, aligned; NULL if it is empty. */
static void *
take_array(char **data, int n, Size size)
{
	void *result = NULL;

	if (n > 0)
	{
		result = palloc(n * size);
		memcpy(result, *data, n * size);
	}
	*data += n * size;
	return result;
}

void
ParseCommitRecord(uint8 info, xl_xact_commit *xlrec,
                  xl_xact_parsed_commit *parsed)
{
	char *data = (char *) xlrec;

	memset(parsed, 0, sizeof(*parsed));
	TAKE(parsed->xact_time);
	if (info & XLOG_XACT_HAS_INFO)
		TAKE(parsed->xinfo);
	if (parsed->xinfo & XACT_XINFO_HAS_DBINFO)
	{
		TAKE(parsed->dbId);
		TAKE(parsed->tsId);
	}
	if (parsed->xinfo & XACT_XINFO_HAS_SUBXACTS)
	{
		TAKE(parsed->nsubxacts);
		parsed->subxacts =
			take_array(&data, parsed->nsubxacts, sizeof(TransactionId));
	}
	if (parsed->xinfo & XACT_XINFO_HAS_RELFILENODES)
	{
		TAKE(parsed->nrels);
		parsed->xnodes = take_array(&data, parsed->nrels, sizeof(RelFileNode));
	}
	if (parsed->xinfo & XACT_XINFO_HAS_DROPPED_STATS)
	{
		TAKE(parsed->nstats);
		parsed->stats =
			take_array(&data, parsed->nstats, sizeof(xl_xact_stats_item));
	}
	if (parsed->xinfo & XACT_XINFO_HAS_INVALS)
	{
		TAKE(parsed->nmsgs);
		parsed->msgs =
			take_array(&data, parsed->nmsgs, sizeof(SharedInvalidationMessage));
	}
	if (parsed->xinfo & XACT_XINFO_HAS_TWOPHASE)
		TAKE(parsed->twophase_xid);
}

void
ParseAbortRecord(uint8 info, xl_xact_abort *xlrec, xl_xact_parsed_abort *parsed)
{
	xl_xact_parsed_commit same;

	/* The parts that an abort has are in the same places. */
	ParseCommitRecord(info, (xl_xact_commit *) xlrec, &same);
	memset(parsed, 0, sizeof(*parsed));
	parsed->xact_time = same.xact_time;
	parsed->xinfo = same.xinfo;
	parsed->dbId = same.dbId;
	parsed->tsId = same.tsId;
	parsed->nsubxacts = same.nsubxacts;
	parsed->subxacts = same.subxacts;
	parsed->nrels = same.nrels;
	parsed->xnodes = same.xnodes;
	parsed->nstats = same.nstats;
	parsed->stats = same.stats;
}

/* ---- replay ---- */

static TransactionId
LatestXid(TransactionId xid, int nsubxacts, const TransactionId *subxacts)
{
	for (int i = 0; i < nsubxacts; i++)
		if (TransactionIdPrecedes(xid, subxacts[i]))
			xid = subxacts[i];
	return xid;
}

static void
SetStatusOfTree(TransactionId xid, int nsubxacts, const TransactionId *subxacts,
                XidStatus status)
{
	for (int i = 0; i < nsubxacts; i++)
		TransactionIdSetStatus(subxacts[i], status, InvalidXLogRecPtr);
	TransactionIdSetStatus(xid, status, InvalidXLogRecPtr);
}

/*
 * The files of a transaction that is over.  The log is flushed first: once a
 * file is gone, the record that says so must not be lost to another crash.
 */
static void
DropFiles(XLogReaderState *record, int nrels, RelFileNode *xnodes)
{
	if (nrels == 0)
		return;
	XLogFlush(record->EndRecPtr);
	smgrDropFilesInRecovery(xnodes, nrels);
}

void
xact_redo(XLogReaderState *record)
{
	uint8 info = XLogRecGetInfo(record) & XLOG_XACT_OPMASK;
	TransactionId xid = XLogRecGetXid(record);

	/* Backup blocks are not used in these records. */
	Assert(!XLogRecHasAnyBlockRefs(record));

	if (info == XLOG_XACT_COMMIT)
	{
		xl_xact_parsed_commit parsed;

		ParseCommitRecord(XLogRecGetInfo(record),
		                  (xl_xact_commit *) XLogRecGetData(record), &parsed);
		AdvanceNextFullTransactionIdPastXid(
			LatestXid(xid, parsed.nsubxacts, parsed.subxacts));
		SetStatusOfTree(xid, parsed.nsubxacts, parsed.subxacts,
		                TRANSACTION_STATUS_COMMITTED);
		DropFiles(record, parsed.nrels, parsed.xnodes);
	}
	else if (info == XLOG_XACT_ABORT)
	{
		xl_xact_parsed_abort parsed;

		ParseAbortRecord(XLogRecGetInfo(record),
		                 (xl_xact_abort *) XLogRecGetData(record), &parsed);
		AdvanceNextFullTransactionIdPastXid(
			LatestXid(xid, parsed.nsubxacts, parsed.subxacts));
		SetStatusOfTree(xid, parsed.nsubxacts, parsed.subxacts,
		                TRANSACTION_STATUS_ABORTED);
		DropFiles(record, parsed.nrels, parsed.xnodes);
	}
	else if (info != XLOG_XACT_ASSIGNMENT && info != XLOG_XACT_INVALIDATIONS)
		elog(PANIC, "xact_redo: unknown op code %u", info);
}

/* ---- in words ---- */

static void
describe_parts(StringInfo buf, TimestampTz time, int nrels,
               const RelFileNode *xnodes, int nsubxacts,
               const TransactionId *subxacts)
{
	appendStringInfoString(buf, timestamptz_to_str(time));
	if (nrels > 0)
	{
		appendStringInfoString(buf, "; rels:");
		for (int i = 0; i < nrels; i++)
		{
			char *path = relpathperm(xnodes[i], MAIN_FORKNUM);

			appendStringInfo(buf, " %s", path);
			pfree(path);
		}
	}
	if (nsubxacts > 0)
	{
		appendStringInfoString(buf, "; subxacts:");
		for (int i = 0; i < nsubxacts; i++)
			appendStringInfo(buf, " %u", subxacts[i]);
	}
}

void
xact_desc(StringInfo buf, XLogReaderState *record)
{
	char *rec = XLogRecGetData(record);
	uint8 info = XLogRecGetInfo(record) & XLOG_XACT_OPMASK;

	if (info == XLOG_XACT_COMMIT)
	{
		xl_xact_parsed_commit parsed;

		ParseCommitRecord(XLogRecGetInfo(record), (xl_xact_commit *) rec,
		                  &parsed);
		describe_parts(buf, parsed.xact_time, parsed.nrels, parsed.xnodes,
		               parsed.nsubxacts, parsed.subxacts);
	}
	else if (info == XLOG_XACT_ABORT)
	{
		xl_xact_parsed_abort parsed;

		ParseAbortRecord(XLogRecGetInfo(record), (xl_xact_abort *) rec,
		                 &parsed);
		describe_parts(buf, parsed.xact_time, parsed.nrels, parsed.xnodes,
		               parsed.nsubxacts, parsed.subxacts);
	}
}

const char *
xact_identify(uint8 info)
{
	switch (info & XLOG_XACT_OPMASK)
	{
		case XLOG_XACT_COMMIT:
			return "COMMIT";
		case XLOG_XACT_PREPARE:
			return "PREPARE";
		case XLOG_XACT_ABORT:
			return "ABORT";
		case XLOG_XACT_COMMIT_PREPARED:
			return "COMMIT_PREPARED";
		case XLOG_XACT_ABORT_PREPARED:
			return "ABORT_PREPARED";
		case XLOG_XACT_ASSIGNMENT:
			return "ASSIGNMENT";
		case XLOG_XACT_INVALIDATIONS:
			return "INVALIDATION";
		default:
			return NULL;
	}
}
