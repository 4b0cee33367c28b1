/*
 * search.c
 *	  Direct search: the access methods' scans, and the rows they lead to.
 *
 * A query is a scan as the backend's executor has it: TIDs from the access
 * method, nearest first; of each the version that the snapshot sees, along its
 * HOT chain; the first ones are skipped (OFFSET), so many are wanted (LIMIT).
 * Rows that only the backend can judge wait for one question about all of them.
 *
 * Nothing that was found may be used before tusk_reader_is_valid was asked, with
 * all reading behind it.
 */
#include "postgres.h"

#include <endian.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "access/halfvec.h"
#include "access/heapam.h"
#include "access/hnsw.h"
#include "access/htup_details.h"
#include "access/ivfflat.h"
#include "access/sparsevec.h"
#include "access/vector.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "runtime.h"
#include "storage/indexcache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/varbit.h"

/* Rows that wait for a question. */
#define MAX_PENDING 256

/* Place of a value that is not known yet. */
#define UNKNOWN_LENGTH (-2)

struct tusk_reader
{
	DirectReader reader;
	tusk_backend backend;
	DirectSearchId id;
	DirectSettings settings;
	SnapshotData snapshot;
	TransactionId *xip;
	uint32 xip_room;
	tusk_wanted *wanted;
	int nwanted;
	int16 *attnums; /* of those that are columns */
	int nattnums;
	bool want_distance;

	/* the query that runs */
	tusk_query_form form;
	const void *query;
	size_t query_length;
	int64 offset;
	int64 limit;
	tusk_found *found;
	void *query_value;
	IndexScanDesc scan;

	uint64 nsearches;
	uint64 entries;
	uint64 rows;
};

/* ---------------------------------------------------------------------------
 * What was found
 * ---------------------------------------------------------------------------
 */

void
tusk_found_free(tusk_found *found)
{
	free(found->rows);
	free(found->values);
	free(found->bytes);
	memset(found, 0, sizeof(*found));
}

static void *
Grow(void *array, size_t *room, size_t need, size_t size)
{
	size_t n = Max(*room, 64);

	if (need <= *room)
		return array;
	while (n < need)
		n *= 2;
	array = realloc(array, n * size);
	if (array == NULL)
		GiveUp("out of memory");
	*room = n;
	return array;
}

/* A row without values yet; returns its number. */
static size_t
AddRow(tusk_found *found, BlockNumber block, OffsetNumber offset)
{
	size_t n = found->nrows;
	size_t values = (n + 1) * (size_t) found->ncolumns;

	found->rows =
		Grow(found->rows, &found->rows_room, n + 1, sizeof(*found->rows));
	found->values = Grow(found->values, &found->values_room, values,
	                     sizeof(*found->values));
	found->rows[n] = (tusk_found_row){block, offset, 0};
	found->nrows++;
	return n;
}

static void
SetValue(tusk_found *found, size_t row, int column, const void *data,
         int32 length)
{
	tusk_found_value *v =
		&found->values[row * (size_t) found->ncolumns + (size_t) column];

	v->at = found->nbytes;
	v->length = length;
	if (length <= 0)
		return;
	found->bytes = Grow(found->bytes, &found->bytes_room,
	                    found->nbytes + (size_t) length, 1);
	memcpy(found->bytes + found->nbytes, data, (size_t) length);
	found->nbytes += (size_t) length;
}

/* ---------------------------------------------------------------------------
 * Values, in binary as in DataRow
 * ---------------------------------------------------------------------------
 */

static bool
TypeIsPossible(uint32 type)
{
	switch (type)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case OIDOID:
		case FLOAT4OID:
		case FLOAT8OID:
		case TEXTOID:
		case VARCHAROID:
			return true;
		default:
			return false;
	}
}

/* False: only the backend knows it. */
static bool
SetColumn(tusk_reader *s, size_t row, int column, Form_pg_attribute att,
          Datum value)
{
	union
	{
		uint8 u8;
		uint16 u16;
		uint32 u32;
		uint64 u64;
	} n;

	switch (att->attlen)
	{
		case 1:
			n.u8 = (uint8) value;
			break;
		case 2:
			n.u16 = htobe16((uint16) value);
			break;
		case 4:
			n.u32 = htobe32((uint32) value);
			break;
		case 8:
			n.u64 = htobe64((uint64) value);
			break;
		default:
		{
			struct varlena *v = (struct varlena *) DatumGetPointer(value);

			if (VARATT_IS_EXTERNAL(v) || VARATT_IS_COMPRESSED(v))
				return false;
			SetValue(s->found, row, column, VARDATA_ANY(v),
			         (int32) VARSIZE_ANY_EXHDR(v));
			return true;
		}
	}
	SetValue(s->found, row, column, &n, att->attlen);
	return true;
}

static void
SetDistance(tusk_reader *s, size_t row, int column, double distance)
{
	uint64 bits = htobe64(Float8GetDatum(distance));

	SetValue(s->found, row, column, &bits, sizeof(bits));
}

/*
 * The operator's result for the row, as the backend computes it.  Of a value
 * out of line the access method's distance tells it, but for a cosine, which it
 * has of normalised values.
 */
static double
OperatorDistance(tusk_reader *s, Datum value, bool isnull)
{
	const tusk_shape *shape = s->reader.shape;
	struct varlena *v = (struct varlena *) DatumGetPointer(value);

	if (isnull)
		GiveUp("a row has no value any more");
	if (!VARATT_IS_EXTERNAL(v) && !VARATT_IS_COMPRESSED(v))
		return DatumGetFloat8(
			DirectFunctionCall2(ShapeDistanceFunction(shape), value,
		                        PointerGetDatum(s->query_value)));
	if (shape->metric == DIRECT_METRIC_COSINE || shape->am != DIRECT_AM_HNSW)
		GiveUp("a value is out of line");
	if (shape->metric == DIRECT_METRIC_L2)
		return sqrt((double) HnswScanDistance(s->scan));
	return (double) HnswScanDistance(s->scan);
}

/* All columns of a row; false: the backend is to be asked for it. */
static bool
SetRow(tusk_reader *s, size_t row, HeapTuple tuple)
{
	const tusk_shape *shape = s->reader.shape;
	TupleDesc desc = shape->table.rd_att;
	int natts = HeapTupleHeaderGetNatts(tuple->t_data);

	for (int i = 0; i < s->nwanted; i++)
	{
		int attnum = s->wanted[i].attnum;
		bool isnull;
		Datum value;

		if (attnum == 0)
			attnum = shape->index_attnum;
		if (attnum > natts && shape->missing[attnum - 1])
			return false;
		value = heap_getattr(tuple, attnum, desc, &isnull);
		if (s->wanted[i].attnum == 0)
			SetDistance(s, row, i, OperatorDistance(s, value, isnull));
		else if (isnull)
			SetValue(s->found, row, i, NULL, -1);
		else if (!SetColumn(s, row, i, TupleDescAttr(desc, attnum - 1), value))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------------------
 * Rows
 * ---------------------------------------------------------------------------
 */

/* What the client found out about a row. */
typedef enum Judgement
{
	ROW_INVISIBLE,
	ROW_FOUND,
	ROW_UNKNOWN
} Judgement;

static bool
NeedsTuple(const tusk_reader *s)
{
	return s->nwanted > 0;
}

/* With ROW_FOUND the row is the last one of found. */
static Judgement
JudgeRow(tusk_reader *s, const ItemPointerData *entry)
{
	DirectReader *reader = &s->reader;
	Relation table = (Relation) &reader->shape->table;
	ItemPointerData tid = *entry;
	HeapTupleData tuple = {0};
	size_t nbytes = s->found->nbytes;
	Judgement judgement = ROW_INVISIBLE;
	Buffer buffer;
	bool visible;

	reader->wanted_item = ItemPointerGetOffsetNumber(&tid);
	buffer = ReadBuffer(table, ItemPointerGetBlockNumber(&tid));
	reader->undecided = false;
	visible = heap_hot_search_buffer(&tid, table, buffer, &s->snapshot, &tuple,
	                                 NULL, NULL, true);
	if (reader->undecided)
		judgement = ROW_UNKNOWN;
	else if (visible)
	{
		size_t row = AddRow(s->found, ItemPointerGetBlockNumber(&tid),
		                    ItemPointerGetOffsetNumber(&tid));

		judgement = ROW_FOUND;
		if (NeedsTuple(s) && !SetRow(s, row, &tuple))
		{
			s->found->nrows--;
			s->found->nbytes = nbytes;
			judgement = ROW_UNKNOWN;
		}
	}
	ReleaseBuffer(buffer);
	return judgement;
}

/* The backend's answer about a row that has its place among those found. */
static bool
TakeAnswer(tusk_reader *s, size_t row, const tusk_asked_row *asked)
{
	const char *at = asked->columns;

	if (!asked->visible)
		return false;
	s->found->rows[row].block = asked->block;
	s->found->rows[row].offset = asked->offset;
	for (int i = 0; i < s->nwanted; i++)
	{
		int32 length;

		if (s->wanted[i].attnum == 0)
			continue;
		memcpy(&length, at, sizeof(length));
		at += sizeof(length);
		SetValue(s->found, row, i, at, length);
		at += Max(length, 0);
	}
	return true;
}

/* Rows that are no rows go; the others close up. */
static void
CloseUp(tusk_found *found, size_t first, const bool *gone)
{
	size_t to = first;
	size_t width = (size_t) found->ncolumns;

	for (size_t from = first; from < found->nrows; from++)
	{
		if (gone[from - first])
			continue;
		found->rows[to] = found->rows[from];
		memmove(&found->values[to * width], &found->values[from * width],
		        width * sizeof(*found->values));
		to++;
	}
	found->nrows = to;
}

/* Asks for all rows from first on that are not known. */
static void
AskRows(tusk_reader *s, size_t first, const size_t *pending,
        tusk_asked_row *asked, int npending)
{
	size_t n = s->found->nrows - first;
	bool *gone = palloc0(Max(n, 1) * sizeof(bool));

	if (!s->backend.rows(s->backend.session, asked, npending, s->attnums,
	                     s->nattnums))
		GiveUp("the backend gave no rows");
	for (int i = 0; i < npending; i++)
		gone[pending[i] - first] = !TakeAnswer(s, pending[i], &asked[i]);
	CloseUp(s->found, first, gone);
	pfree(gone);
}

static bool
NextEntry(tusk_reader *s)
{
	s->entries++;
	return s->reader.shape->am == DIRECT_AM_HNSW
	           ? hnswgettuple(s->scan, ForwardScanDirection)
	           : ivfflatgettuple(s->scan, ForwardScanDirection);
}

/* As many rows as are wanted, those to be skipped among them. */
static void
FindRows(tusk_reader *s)
{
	tusk_found *found = s->found;
	size_t first = found->nrows;
	size_t want = (size_t) (s->offset + s->limit);
	size_t pending[MAX_PENDING];
	tusk_asked_row asked[MAX_PENDING];
	int npending = 0;
	bool more = true;

	while (more && found->nrows - first < want)
	{
		const ItemPointerData *tid = &s->scan->xs_heaptid;

		more = NextEntry(s);
		if (more && JudgeRow(s, tid) == ROW_UNKNOWN)
		{
			BlockNumber block = ItemPointerGetBlockNumber(tid);
			OffsetNumber offset = ItemPointerGetOffsetNumber(tid);

			if (s->want_distance)
				GiveUp("the backend is to compute a distance");
			pending[npending] = AddRow(found, block, offset);
			asked[npending++] = (tusk_asked_row){block, offset, false, NULL};
		}
		if (npending == MAX_PENDING ||
		    (npending > 0 && (!more || found->nrows - first >= want)))
		{
			AskRows(s, first, pending, asked, npending);
			npending = 0;
		}
	}
	s->rows += found->nrows - first;
	/* those of OFFSET go */
	if (s->offset > 0)
	{
		size_t skip = Min((size_t) s->offset, found->nrows - first);
		size_t width = (size_t) found->ncolumns;
		size_t rest = found->nrows - first - skip;

		memmove(&found->rows[first], &found->rows[first + skip],
		        rest * sizeof(*found->rows));
		memmove(&found->values[first * width],
		        &found->values[(first + skip) * width],
		        rest * width * sizeof(*found->values));
		found->nrows = first + rest;
	}
}

/* ---------------------------------------------------------------------------
 * Queries
 * ---------------------------------------------------------------------------
 */

/* As the cast of a real[] or the function of Bind makes it. */
static void *
FormFloats(const tusk_shape *shape, const float *x, size_t length)
{
	int dim = (int) (length / sizeof(float));
	Vector *v;

	if (dim != shape->dimensions || dim < 1 || dim > VECTOR_MAX_DIM)
		GiveUp("another number of dimensions");
	v = palloc0(VECTOR_SIZE(dim));
	SET_VARSIZE(v, VECTOR_SIZE(dim));
	v->dim = (int16) dim;
	memcpy(v->x, x, length);
	for (int i = 0; i < dim; i++)
	{
		if (!isfinite(v->x[i]))
			GiveUp("an element is not finite");
	}
	if (shape->type == DIRECT_TYPE_VECTOR)
		return v;
	if (shape->type != DIRECT_TYPE_HALFVEC)
		GiveUp("floats are no value of this type");
	return DatumGetPointer(
		DirectFunctionCall3(vector_to_halfvec, PointerGetDatum(v),
	                        Int32GetDatum(-1), BoolGetDatum(false)));
}

static void *
FormBinary(const tusk_shape *shape, const void *data, size_t length)
{
	StringInfoData buf = {.data = (char *) data,
	                      .len = (int) length,
	                      .maxlen = (int) length,
	                      .cursor = 0};
	PGFunction receive;
	Datum value;

	switch (shape->type)
	{
		case DIRECT_TYPE_VECTOR:
			receive = vector_recv;
			break;
		case DIRECT_TYPE_HALFVEC:
			receive = halfvec_recv;
			break;
		case DIRECT_TYPE_SPARSEVEC:
			receive = sparsevec_recv;
			break;
		default:
			receive = varbit_recv;
			break;
	}
	value =
		DirectFunctionCall3(receive, PointerGetDatum(&buf),
	                        ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	if (buf.cursor != buf.len)
		GiveUp("a value in binary is too long");
	return DatumGetPointer(value);
}

/* The session's settings, as the access methods have them. */
static void
UseSettings(const DirectSettings *settings)
{
	hnsw_ef_search = settings->hnsw_ef_search;
	hnsw_iterative_scan = settings->hnsw_iterative_scan;
	hnsw_max_scan_tuples = settings->hnsw_max_scan_tuples;
	hnsw_scan_mem_multiplier = settings->hnsw_scan_mem_multiplier;
	ivfflat_probes = settings->ivfflat_probes;
	ivfflat_iterative_scan = settings->ivfflat_iterative_scan;
	ivfflat_max_probes = settings->ivfflat_max_probes;
	work_mem = settings->work_mem;
	enable_index_cache = settings->enable_index_cache != 0;
}

static void
RunQuery(void *arg)
{
	tusk_reader *s = arg;
	const tusk_shape *shape = s->reader.shape;
	Relation index = (Relation) &shape->index;
	bool hnsw = shape->am == DIRECT_AM_HNSW;
	MemoryContext context = AllocSetContextCreate(
		TopMemoryContext, "direct search", 0, 8 * 1024, 256 * 1024);

	MemoryContextSwitchTo(context);
	UseSettings(&s->settings);
	s->query_value = s->form == TUSK_QUERY_FLOATS
	                     ? FormFloats(shape, s->query, s->query_length)
	                     : FormBinary(shape, s->query, s->query_length);
	s->scan = hnsw ? hnswbeginscan(index, 0, 1) : ivfflatbeginscan(index, 0, 1);
	s->scan->xs_snapshot = &s->snapshot;
	s->scan->orderByData[0].sk_argument = PointerGetDatum(s->query_value);
	if (hnsw)
		hnswrescan(s->scan, NULL, 0, NULL, 0);
	else
		ivfflatrescan(s->scan, NULL, 0, NULL, 0);
	FindRows(s);
	if (hnsw)
		hnswendscan(s->scan);
	else
		ivfflatendscan(s->scan);
	s->nsearches++;
	MemoryContextSwitchTo(TopMemoryContext);
	MemoryContextDelete(context);
}

/* What an error left. */
static void
FreeContexts(void *arg)
{
	MemoryContextDeleteChildren(TopMemoryContext);
}

/* Why it is for the backend. */
static bool No(tusk_reader *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool
No(tusk_reader *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void) vsnprintf(s->reader.reason, sizeof(s->reader.reason), format, args);
	va_end(args);
	return false;
}

bool
tusk_reader_run(tusk_reader *s, tusk_query_form form, const void *query,
                size_t query_length, int64_t offset, int64_t limit,
                tusk_found *found)
{
	size_t nrows = found->nrows;
	size_t nbytes = found->nbytes;
	bool done;

	if (offset < 0 || limit < 0)
		return No(s, "a number of rows is negative");
	if (offset > PG_INT32_MAX || limit > PG_INT32_MAX)
		return No(s, "rows beyond number %d are wanted", PG_INT32_MAX);
	if (query_length > MaxAllocSize / 2)
		return No(s, "what is searched for is too long");
	s->form = form;
	s->query = query;
	s->query_length = query_length;
	s->offset = offset;
	s->limit = limit;
	s->found = found;
	found->ncolumns = s->nwanted;
	if (limit == 0)
		return true;
	done = RunWithReader(&s->reader, RunQuery, s);
	if (!done)
	{
		char reason[sizeof(s->reader.reason)];

		memcpy(reason, s->reader.reason, sizeof(reason));
		(void) RunWithReader(&s->reader, FreeContexts, NULL);
		memcpy(s->reader.reason, reason, sizeof(reason));
		found->nrows = nrows;
		found->nbytes = nbytes;
	}
	if (s->reader.ntouched == (int) lengthof(s->reader.touched))
	{
		s->backend.touched(s->backend.session, s->reader.touched,
		                   s->reader.ntouched);
		s->reader.ntouched = 0;
	}
	return done;
}

/* ---------------------------------------------------------------------------
 * Begin and end
 * ---------------------------------------------------------------------------
 */

tusk_reader *
tusk_reader_create(tusk_mapping *mapping, const tusk_backend *backend)
{
	tusk_reader *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->backend = *backend;
	s->reader.mapping = mapping;
	s->reader.backend = &s->backend;
	return s;
}

void
tusk_reader_free(tusk_reader *s)
{
	if (s == NULL)
		return;
	free(s->xip);
	free(s->wanted);
	free(s->attnums);
	free(s);
}

/* Which columns are wanted, and of which types. */
static bool
SetWanted(tusk_reader *s, const tusk_wanted *wanted, int n)
{
	const tusk_shape *shape = s->reader.shape;
	size_t room = (size_t) Max(n, 1);

	if (n != s->nwanted || s->wanted == NULL)
	{
		free(s->wanted);
		free(s->attnums);
		s->nwanted = 0;
		s->wanted = calloc(room, sizeof(*s->wanted));
		s->attnums = calloc(room, sizeof(*s->attnums));
		if (s->wanted == NULL || s->attnums == NULL)
			return No(s, "out of memory");
	}
	s->nwanted = n;
	s->nattnums = 0;
	s->want_distance = false;
	for (int i = 0; i < n; i++)
	{
		int attnum = wanted[i].attnum;

		s->wanted[i] = wanted[i];
		if (attnum == 0)
			s->want_distance = true;
		else if (!TypeIsPossible(tusk_shape_column_type(shape, attnum)))
			return No(s, "column %d is of a type that only the backend sends",
			          attnum);
		else
			s->attnums[s->nattnums++] = (int16) attnum;
	}
	if (shape->index_attnum < 1 ||
	    shape->index_attnum > shape->table.rd_att->natts)
		return No(s, "the index is on no column");
	return true;
}

bool
tusk_reader_begin(tusk_reader *s, const tusk_shape *shape,
                  const DirectBeginReply *reply, const void *xip,
                  const tusk_wanted *wanted, int nwanted)
{
	const tusk_mapping *m = s->reader.mapping;

	if (!ShapeIsPossible(reply))
		return No(s, "an index of an unknown kind");
	if (reply->slot >= (uint32) m->nslots ||
	    (reply->version_place != DIRECT_NO_VERSION &&
	     reply->version_place >= DIRECT_VERSIONS))
		return No(s, "the server's answer is none");
	s->reader.shape = shape;
	if (!SetWanted(s, wanted, nwanted))
		return false;
	if (reply->nxip > s->xip_room)
	{
		free(s->xip);
		s->xip_room = 0;
		s->xip = calloc(reply->nxip, sizeof(*s->xip));
		if (s->xip == NULL)
			return No(s, "out of memory");
		s->xip_room = reply->nxip;
	}
	if (reply->nxip > 0)
		memcpy(s->xip, xip, reply->nxip * sizeof(*s->xip));
	memset(&s->snapshot, 0, sizeof(s->snapshot));
	s->snapshot.snapshot_type = SNAPSHOT_MVCC;
	s->snapshot.xmin = reply->xmin;
	s->snapshot.xmax = reply->xmax;
	s->snapshot.xip = s->xip;
	s->snapshot.xcnt = reply->nxip;
	s->snapshot.curcid = reply->curcid;
	s->reader.own_xid = reply->own_xid;
	s->settings = reply->settings;
	s->id.slot_word = &m->slots[reply->slot].search;
	s->id.generation_word = &m->header->generation;
	s->id.version_word = reply->version_place == DIRECT_NO_VERSION
	                         ? NULL
	                         : &m->versions->version[reply->version_place];
	s->id.completions_word = &m->completions->count;
	s->id.search = reply->search;
	s->id.generation = reply->generation;
	s->id.version = reply->version;
	s->id.completions = reply->completions;
	return true;
}

bool
tusk_reader_go_on(tusk_reader *s, const tusk_wanted *wanted, int nwanted)
{
	return SetWanted(s, wanted, nwanted);
}

bool
tusk_reader_is_current(tusk_reader *s)
{
	return DirectSnapshotIsCurrent(&s->id);
}

bool
tusk_reader_is_valid(tusk_reader *s)
{
	return (s->id.generation & 1) == 0 && s->id.search != DIRECT_NO_SEARCH &&
	       DirectSearchIsValid(&s->id);
}

void
tusk_reader_counts(tusk_reader *s, DirectEndRequest *request)
{
	memset(request, 0, sizeof(*request));
	request->search = s->id.search;
	request->nsearches = s->nsearches;
	request->entries = s->entries;
	request->rows = s->rows;
	s->nsearches = s->entries = s->rows = 0;
}

void
tusk_reader_end(tusk_reader *s)
{
	s->id.search = DIRECT_NO_SEARCH;
}

const char *
tusk_reader_reason(const tusk_reader *s)
{
	return s->reader.reason;
}
