/*
 * libpq/attach.h
 *		What an attached client and its backend say to each other beside v3.
 *
 * One message type, 'a' (PqMsg_Attach), in both directions.  Its body begins
 * with a subcode, an Int32 as every other of v3; behind it come the structs of
 * this file, little-endian, as the machine has them: both sides run on one
 * host.  They begin 4 bytes into the body: copy them out, they are not aligned
 * there.  Nothing in them is a pointer, nothing is padded by the compiler.
 *
 * Rules
 * A1.	A request has one answer: an 'a' with the same subcode, or ErrorResponse
 *		and ReadyForQuery.  TOUCHED has none.  Answers come in the order of
 *		requests, so requests may be sent ahead: END of one search and BEGIN of
 *		the next in one write; their answers come together.  Requests are sent
 *		whole.  No Sync is needed, and none is waited for.
 * A2.	Both sides check every length and count before use.  A request whose
 *		length is not what its counts say ends the session (08P01).
 * A3.	A search is running from the answer to BEGIN until its END, the next
 *		BEGIN, the next message that is not 'a', the end of the transaction, or
 *		until the backend ends it (a reason of DirectOutcome).  What the client
 *		reads counts only while DirectSearchIsValid (storage/direct.h) says so.
 *		It may be used for another query than the first, as if that had a BEGIN
 *		of its own, while DirectSnapshotIsCurrent says so before the query.
 * A4.	What is answered to ASK is so for the search's snapshot, and only for
 *		the relations that its BEGIN answered.
 *
 * doc/direct-search.md tells how a search goes, and why it is right.  This
 * header includes nothing of the server.
 */
#ifndef LIBPQ_ATTACH_H
#define LIBPQ_ATTACH_H

#include <stdint.h>

#define PqMsg_Attach 'a'

/* Of the structs here and in storage/direct.h. */
#define ATTACH_VERSION 2

typedef enum AttachSubcode
{
	ATTACH_CODE_ATTACH = 1,
	ATTACH_CODE_BEGIN = 2,
	ATTACH_CODE_END = 3,
	ATTACH_CODE_ASK = 4,
	ATTACH_CODE_TOUCHED = 5
} AttachSubcode;

/* The longest body, subcode included, of a request. */
#define ATTACH_MAX_REQUEST 65536

/* ---------------------------------------------------------------------------
 * ATTACH: shared memory for this session
 *
 * Asked for over a Unix socket, after the session's first ReadyForQuery and
 * with nothing else on the way.  The answer is the last message on the socket;
 * its descriptors (SCM_RIGHTS) come with its first byte: the client area, then,
 * if ATTACH_DIRECT was granted, the public segment.  From then on both
 * directions of v3 go through the rings of the client area (libpq/ring.h).
 * ---------------------------------------------------------------------------
 */

/* What the client wants; what it was given. */
#define ATTACH_RINGS 0x1  /* messages go through the rings from now on */
#define ATTACH_DIRECT 0x2 /* the public segment: direct search */

typedef struct AttachRequest
{
	uint32_t version; /* ATTACH_VERSION */
	uint32_t flags;
	uint32_t to_server_size; /* bytes of a ring, a power of two; 0: default */
	uint32_t to_client_size;
} AttachRequest;

typedef struct AttachReply
{
	uint32_t version;
	uint32_t flags;        /* granted */
	uint64_t area_size;    /* of the client area; 0: there is none */
	uint64_t public_size;  /* of the public segment; 0: not granted */
	uint64_t generation;   /* even; see storage/direct.h */
	uint32_t slot;         /* this session's slot in the public segment */
	uint32_t ndescriptors; /* that came with this answer */
	char reason[128];      /* why direct search was not granted, or empty */
} AttachReply;

_Static_assert(sizeof(AttachRequest) == 16, "AttachRequest");
_Static_assert(sizeof(AttachReply) == 168, "AttachReply");

/* ---------------------------------------------------------------------------
 * BEGIN: a snapshot, and what is to be known of an index
 *
 * By the oid of an index, or by the name of a prepared statement, whose plan
 * then is to be a limited index scan in the order of a distance to one of the
 * parameters, with plain columns and that distance as result.  In a transaction
 * block the search belongs to its transaction, with its snapshot in REPEATABLE
 * READ; else the backend opens one for the search, which ends with it.
 * ---------------------------------------------------------------------------
 */

/*
 * A request's flags.  SHORT: the client expects to be through in a moment, and
 * will keep the search for its next queries, for keep_ms of the answer.  Such a
 * search ends after DIRECT_SHORT_MS (outcome EXPIRED), as its client may have
 * gone quiet, and for a vacuum (CONFLICT): a query that took longer than it was
 * expected to is done again by a search that is not short.
 */
#define DIRECT_SHORT 0x1

#define DIRECT_SHORT_MS 20
#define DIRECT_KEEP_MS 10

typedef struct DirectBeginRequest
{
	uint32_t index;       /* oid; 0: the name of a statement follows */
	uint16_t name_length; /* bytes that follow, without a final 0 */
	uint16_t flags;
	uint64_t shape; /* of the last answer for it, 0: none */
	int64_t limit;  /* of a statement whose LIMIT is a parameter: about
	                       * what it will be, for the choice of its plan; 0:
	                       * not known */
} DirectBeginRequest;

/* Why a search cannot be done by a client; the backend can. */
typedef enum DirectObstacle
{
	DIRECT_POSSIBLE = 0,
	DIRECT_NOT_ALLOWED,  /* no right to read everything (any more) */
	DIRECT_NO_INDEX,     /* no such index, or it is not valid yet */
	DIRECT_OTHER_AM,     /* neither hnsw nor ivfflat */
	DIRECT_TEMPORARY,    /* the pages are not in the pool */
	DIRECT_OTHER_INDEX,  /* partial, on an expression, of an unknown class */
	DIRECT_NO_STATEMENT, /* there is no such prepared statement */
	DIRECT_OTHER_PLAN,   /* the statement's plan is another */
	DIRECT_IN_RECOVERY,  /* the segment is not valid now */
	DIRECT_IN_BATCH      /* within an unfinished extended query: Sync first */
} DirectObstacle;

typedef enum DirectAm
{
	DIRECT_AM_HNSW = 1,
	DIRECT_AM_IVFFLAT = 2
} DirectAm;

/* Of the index's values. */
typedef enum DirectType
{
	DIRECT_TYPE_VECTOR = 1,
	DIRECT_TYPE_HALFVEC = 2,
	DIRECT_TYPE_BIT = 3,
	DIRECT_TYPE_SPARSEVEC = 4
} DirectType;

/* By which elements are near. */
typedef enum DirectMetric
{
	DIRECT_METRIC_L2 = 1,  /* <-> */
	DIRECT_METRIC_IP,      /* <#> */
	DIRECT_METRIC_COSINE,  /* <=>: values are normalised in the index */
	DIRECT_METRIC_L1,      /* <+> */
	DIRECT_METRIC_HAMMING, /* <~> */
	DIRECT_METRIC_JACCARD  /* <%> */
} DirectMetric;

typedef struct DirectRelation
{
	uint32_t oid;
	uint32_t spc_node; /* tablespace */
	uint32_t db_node;
	uint32_t rel_node; /* relfilenode */
	uint32_t nblocks;  /* at BEGIN; it may grow */
	uint32_t unused;
} DirectRelation;

/* As the session has them set. */
typedef struct DirectSettings
{
	int32_t hnsw_ef_search;
	int32_t hnsw_iterative_scan; /* 0: off, 1: relaxed_order, 2: strict_order */
	int32_t hnsw_max_scan_tuples;
	int32_t ivfflat_probes;
	int32_t ivfflat_iterative_scan; /* 0: off, 1: relaxed_order */
	int32_t ivfflat_max_probes;
	int32_t work_mem; /* kB */
	int32_t enable_index_cache;
	double hnsw_scan_mem_multiplier;
} DirectSettings;

/* A column of the table, as rows are stored: all of them, in order. */
typedef struct DirectColumn
{
	uint32_t type;
	int32_t typmod;
	int16_t length; /* attlen: -1 varlena, -2 cstring */
	int8_t by_value;
	char align; /* c, s, i, d */
	int8_t dropped;
	int8_t missing; /* rows too short have a value of their own: ask */
	int16_t unused;
} DirectColumn;

/* A column of a statement's result. */
typedef struct DirectOutput
{
	int32_t attnum; /* of the table; 0: the distance that orders the rows */
	uint32_t type;
	int32_t typmod;
	uint32_t unused;
} DirectOutput;

/* A statement's LIMIT is none of the parameters, and not there. */
#define DIRECT_NO_LIMIT (-1)

/*
 * Behind it: nxip Int32 xids; after them, at a multiple of 8 from the struct's
 * start, ncolumns DirectColumn and noutputs DirectOutput.  If shape is that of
 * the request, the two are left out, their numbers are 0: they are as before.
 */
typedef struct DirectBeginReply
{
	uint32_t obstacle; /* DirectObstacle; if there is one the rest is 0 */
	uint32_t slot;
	uint64_t search; /* what the slot holds; never used again */
	uint64_t generation;
	uint64_t version;       /* of the index */
	uint32_t version_place; /* in DirectVersions; DIRECT_NO_VERSION: none */
	int32_t cache_entry;    /* number in the index cache, -1: not there */
	uint64_t cache_version; /* of that entry */

	/* the snapshot */
	uint64_t completions; /* XactCompletions when it was taken */
	uint32_t xmin;
	uint32_t xmax;
	uint32_t own_xid; /* 0: none; what it did only the backend can judge */
	uint32_t curcid;
	uint32_t nxip;

	/* the index */
	uint32_t am;
	uint32_t type;
	uint32_t metric;
	int32_t dimensions;
	int32_t m_or_lists;
	int32_t index_attnum;      /* the table's column that is indexed */
	int32_t statement_timeout; /* the session's setting, in ms; 0: none */
	DirectRelation table;
	DirectRelation index;
	DirectSettings settings;

	/* the statement */
	int32_t limit_param; /* number from 1; 0: it is limit */
	int32_t query_param; /* number from 1; 0: by oid, or a constant */
	int64_t limit;       /* DIRECT_NO_LIMIT */
	int64_t offset;      /* rows to skip */
	uint64_t shape;      /* of columns, outputs, index and their relations */
	uint32_t ncolumns;
	uint32_t noutputs;

	uint32_t keep_ms; /* since the client asked; 0: it is not a short one */
	uint32_t unused;
} DirectBeginReply;

_Static_assert(sizeof(DirectBeginRequest) == 24, "DirectBeginRequest");
_Static_assert(sizeof(DirectRelation) == 24, "DirectRelation");
_Static_assert(sizeof(DirectSettings) == 40, "DirectSettings");
_Static_assert(sizeof(DirectColumn) == 16, "DirectColumn");
_Static_assert(sizeof(DirectOutput) == 16, "DirectOutput");
_Static_assert(sizeof(DirectBeginReply) == 240, "DirectBeginReply");

/* ---------------------------------------------------------------------------
 * END: was it valid to the end?
 *
 * Of a search that is not the running one too: it says so.  The numbers are
 * for the statistics of table and index; of the last search they count also
 * when something else has ended it.
 * ---------------------------------------------------------------------------
 */

typedef struct DirectEndRequest
{
	uint64_t search;
	uint64_t nsearches; /* index scans */
	uint64_t entries;   /* index entries returned */
	uint64_t rows;      /* rows of the table fetched */
} DirectEndRequest;

typedef enum DirectOutcome
{
	DIRECT_ENDED = 0,   /* it was the running search until now */
	DIRECT_CONFLICT,    /* somebody waited for what it held */
	DIRECT_TIMED_OUT,   /* reader_timeout */
	DIRECT_CANCELED,    /* pg_cancel_backend, a cancel request */
	DIRECT_NOT_RUNNING, /* another, or none, is running */
	DIRECT_EXPIRED      /* it was short, and has had its time */
} DirectOutcome;

typedef struct DirectEndReply
{
	uint64_t search;
	uint32_t outcome; /* DirectOutcome */
	uint32_t unused;
} DirectEndReply;

_Static_assert(sizeof(DirectEndRequest) == 32, "DirectEndRequest");
_Static_assert(sizeof(DirectEndReply) == 16, "DirectEndReply");

/* ---------------------------------------------------------------------------
 * ASK: what a client cannot decide
 * ---------------------------------------------------------------------------
 */

typedef enum DirectAskKind
{
	DIRECT_ASK_ROWS = 1,  /* rows by TIDs of index entries */
	DIRECT_ASK_BLOCKS = 2 /* pages into the pool */
} DirectAskKind;

/* Items of one request at most. */
#define DIRECT_ASK_MAX_ITEMS 1024
#define DIRECT_ASK_MAX_COLUMNS 1664

/*
 * Behind it: ncolumns DirectAskColumn, nitems DirectAskRow or DirectAskBlock.
 */
typedef struct DirectAskRequest
{
	uint64_t search;
	uint32_t kind; /* DirectAskKind */
	uint32_t nitems;
	uint32_t ncolumns; /* 0 for blocks */
	uint32_t unused;
} DirectAskRequest;

typedef struct DirectAskColumn
{
	int16_t attnum; /* of the table, from 1 */
	int16_t format; /* 0: text, 1: binary, as in Bind; 2: as it is stored */
} DirectAskColumn;

typedef struct DirectAskRow
{
	uint32_t block;
	uint16_t offset;
	uint16_t unused;
} DirectAskRow;

typedef enum DirectPart
{
	DIRECT_PART_TABLE = 1,
	DIRECT_PART_INDEX = 2,
	DIRECT_PART_XACT = 3 /* the commit log; block is the page's number */
} DirectPart;

typedef struct DirectAskBlock
{
	uint32_t part; /* DirectPart */
	uint32_t block;
} DirectAskBlock;

/*
 * Behind it, for blocks: nitems Int32 with the number of the buffer, or of the
 * slot of the commit log, where the page was put: a hint.  -1: there is no such
 * block.  For rows, item by item: DirectAnswerRow, and if it is visible each
 * column: Int32 length (-1: null) and so many bytes.  No alignment.  A row of
 * several versions (HOT) is answered for the version that is visible.
 *
 * The answer may be for fewer items than asked, when it would become too long:
 * at least for one; the client asks for the rest again.  outcome: as of END; if
 * it is not DIRECT_ENDED the search is over and nitems is 0.
 */
typedef struct DirectAskReply
{
	uint64_t search;
	uint32_t kind;
	uint32_t nitems;
	uint32_t outcome;
	uint32_t unused;
} DirectAskReply;

typedef struct DirectAnswerRow
{
	uint32_t visible; /* 0 or 1 */
	uint32_t block;   /* where the visible version is */
	uint16_t offset;
	uint16_t unused;
} DirectAnswerRow;

_Static_assert(sizeof(DirectAskRequest) == 24, "DirectAskRequest");
_Static_assert(sizeof(DirectAskColumn) == 4, "DirectAskColumn");
_Static_assert(sizeof(DirectAskRow) == 8, "DirectAskRow");
_Static_assert(sizeof(DirectAskBlock) == 8, "DirectAskBlock");
_Static_assert(sizeof(DirectAskReply) == 24, "DirectAskReply");
_Static_assert(sizeof(DirectAnswerRow) == 12, "DirectAnswerRow");

/* ---------------------------------------------------------------------------
 * TOUCHED: buffers that were read
 *
 * Those with a usage count of 0 get 1, as after a read by the server; the rest
 * stay as they are.  At any time, also without a search; nothing is answered.
 * Behind it: n Int32 numbers of buffers, from 0.  Send it seldom: once in some
 * thousand buffers, and only those whose count the client saw at 0.
 * ---------------------------------------------------------------------------
 */

#define DIRECT_TOUCHED_MAX 4096

typedef struct DirectTouched
{
	uint32_t n;
	uint32_t unused;
} DirectTouched;

_Static_assert(sizeof(DirectTouched) == 8, "DirectTouched");

#endif /* LIBPQ_ATTACH_H */
