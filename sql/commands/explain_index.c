/*
 * explain_index.c
 *		EXPLAIN CREATE INDEX: what a build would take, without building.
 *
 * The statement is analysed as CREATE INDEX does it, so what is wrong with it
 * is said here as well; then the access method estimates.  It gets a sample of
 * the rows that the index would have: of some blocks, evenly spread over the
 * table, every row is looked at by the snapshot of the statement, the predicate
 * and the expressions are computed, and a few values of each block are kept.  Of
 * a small table that is all of it.  The sample counts more than statistics do:
 * it is as young as the table.
 *
 * The table is locked in AccessShareLock and nothing is written.  With ANALYZE
 * the index is built as by CREATE INDEX, under its locks, after the estimate.
 */
#include "postgres.h"

#include <math.h>

#include "access/amapi.h"
#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/index.h"
#include "catalog/pg_class.h"
#include "commands/defrem.h"
#include "commands/explain_format.h"
#include "commands/explain_index.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "storage/bufmgr.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* Blocks that are read at most; more if a predicate makes its rows rare. */
#define SAMPLE_BLOCKS 200
#define SAMPLE_BLOCKS_PARTIAL 2000

/* Values that are kept: so many, or so many bytes, but some in any case. */
#define SAMPLE_ROWS 10000
#define SAMPLE_ROWS_MIN 100
#define SAMPLE_BYTES (8 * 1024 * 1024)

/* Per page in the log, beside the page: its header of a record. */
#define LOG_BYTES_PER_PAGE 15

typedef struct IndexSample
{
	const IndexDefinition *def;
	MemoryContext context; /* of the values */
	int16 typlen;          /* of the index's first column */
	bool typbyval;
	BlockNumber blocks;      /* of the table */
	BlockNumber read;        /* of these, so far */
	BlockNumber wanted;      /* of these, in the end */
	int skip;                /* rows of the block that are not kept */
	int room;                /* and then so many are */
	int per_block;           /* of these; 0: no value was seen yet */
	double live;             /* rows of the blocks read */
	double passed;           /* of these, rows of the index */
	double passed_before;    /* without those of the block */
	IndexBuildEstimate *est; /* nsample, sample, sample_block */
} IndexSample;

/* ------------------------------------------------------------------------
 *		The sample
 * ------------------------------------------------------------------------
 */

/* How many values there may be depends on how long they are. */
static void
allocate_values(IndexSample *sample, Datum value)
{
	Size size = sample->typlen == -1 ? VARSIZE_ANY(DatumGetPointer(value)) : 8;
	int wanted = (int) Min(SAMPLE_ROWS, SAMPLE_BYTES / size);
	Size n;

	wanted = Max(wanted, SAMPLE_ROWS_MIN);
	sample->per_block = (wanted + sample->wanted - 1) / sample->wanted;
	sample->room = sample->per_block;
	n = sample->per_block * (Size) sample->wanted;
	sample->est->sample =
		MemoryContextAlloc(sample->context, sizeof(Datum) * n);
	sample->est->sample_block =
		MemoryContextAlloc(sample->context, sizeof(BlockNumber) * n);
}

static void
sample_row(Relation index, ItemPointer tid, Datum *values, bool *isnull,
           bool tupleIsAlive, void *arg)
{
	IndexSample *sample = arg;
	IndexBuildEstimate *est = sample->est;
	MemoryContext old;
	Datum value = values[0];

	if (isnull[0])
		return;
	sample->passed++;
	if (sample->per_block > 0 && (sample->room == 0 || sample->skip-- > 0))
		return;
	if (sample->typlen == -1)
		value = PointerGetDatum(PG_DETOAST_DATUM(value));
	/* it may stand on a page, or in memory that goes with the row */
	old = MemoryContextSwitchTo(sample->context);
	value = datumCopy(value, sample->typbyval, sample->typlen);
	MemoryContextSwitchTo(old);
	if (sample->per_block == 0)
		allocate_values(sample, value);
	est->sample_block[est->nsample] = sample->read;
	est->sample[est->nsample++] = value;
	sample->room--;
}

/*
 * A fraction that looks random, the same in each run: neither the blocks nor
 * the rows of a block are to be in step with what repeats in the table.
 */
static double
scatter(BlockNumber n)
{
	return (double) (n * 2654435761U >> 8) / (1 << 24);
}

/* The next block; what is kept of it begins somewhere in it. */
static void
sample_block(const IndexDefinition *def, Relation index, IndexSample *sample)
{
	/* one of each stretch of blocks */
	double step = (double) sample->blocks / sample->wanted;
	BlockNumber first = (BlockNumber) (sample->read * step);
	BlockNumber end = (BlockNumber) ((sample->read + 1) * step);
	BlockNumber block =
		first + (BlockNumber) (scatter(sample->read) * (end - first));
	double last = sample->passed - sample->passed_before;

	/* as many rows as in the last one, it is hoped */
	sample->skip = 0;
	if (last > sample->per_block)
		sample->skip =
			(int) (scatter(sample->read * 7 + 1) * (last - sample->per_block));
	sample->room = sample->per_block;
	sample->passed_before = sample->passed;
	sample->live += table_index_build_range_scan(
		def->rel, index, def->info, block, 1, sample_row, sample,
		table_beginscan(def->rel, GetActiveSnapshot(), 0, NULL));
}

/* Called by the access method. */
static void
sample_table(IndexBuildEstimate *est, Relation index)
{
	IndexSample *sample = est->sampler;
	const IndexDefinition *def = sample->def;

	sample->blocks = RelationGetNumberOfBlocks(def->rel);
	sample->wanted = Min(sample->blocks, def->info->ii_Predicate != NIL
	                                         ? SAMPLE_BLOCKS_PARTIAL
	                                         : SAMPLE_BLOCKS);
	for (; sample->read < sample->wanted; sample->read++)
	{
		CHECK_FOR_INTERRUPTS();
		INJECTION_POINT("index-sample-block");
		sample_block(def, index, sample);
	}
	if (sample->wanted > 0)
		est->tuples = sample->passed * sample->blocks / sample->wanted;
}

/* ------------------------------------------------------------------------
 *		Output
 * ------------------------------------------------------------------------
 */

/* In kilobytes, as text "61234kB", in JSON a number. */
static void
show_size(const char *label, double bytes, ExplainState *es)
{
	char buf[64];

	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		ExplainPropertyFloat(label, NULL, ceil(bytes / 1024), 0, es);
		return;
	}
	snprintf(buf, sizeof(buf), "%.0fkB", ceil(bytes / 1024));
	ExplainPropertyText(label, buf, es);
}

static void
show_header(const IndexDefinition *def, ExplainState *es)
{
	const char *schema = get_namespace_name(RelationGetNamespace(def->rel));
	const char *table = RelationGetRelationName(def->rel);
	const char *amname = get_am_name(def->info->ii_Am);

	if (es->format == EXPLAIN_FORMAT_TEXT)
	{
		ExplainIndentText(es);
		appendStringInfo(es->str, "Create Index %s using %s on ",
		                 quote_identifier(def->name), amname);
		if (es->verbose)
			appendStringInfo(es->str, "%s.", quote_identifier(schema));
		appendStringInfo(es->str, "%s\n", quote_identifier(table));
		return;
	}
	ExplainPropertyText("Index Name", def->name, es);
	ExplainPropertyText("Access Method", amname, es);
	ExplainPropertyText("Relation Name", table, es);
	if (es->verbose)
		ExplainPropertyText("Schema", schema, es);
}

static void
show_memory_text(const IndexBuildEstimate *est, ExplainState *es)
{
	ExplainIndentText(es);
	appendStringInfo(es->str, "Memory Needed: %.0fkB",
	                 ceil(est->memory_needed / 1024));
	if (est->memory_packed > 0 && est->tuples_unpacked < est->index_tuples)
		appendStringInfo(es->str, ", packed: %.0fkB",
		                 ceil(est->memory_packed / 1024));
	appendStringInfo(es->str, ", maintenance_work_mem: %dkB\n",
	                 maintenance_work_mem);
}

/*
 * Packed or not, it is in memory; what does not even fit packed is inserted on
 * pages, which takes long.
 */
static void
show_memory(const IndexBuildEstimate *est, ExplainState *es)
{
	bool text = es->format == EXPLAIN_FORMAT_TEXT;
	bool unpacked = est->tuples_unpacked >= est->index_tuples;
	bool fits = est->tuples_in_memory >= est->index_tuples;

	if (text)
		show_memory_text(est, es);
	else
	{
		show_size("Memory Needed", est->memory_needed, es);
		if (est->memory_packed > 0)
			show_size("Memory Needed Packed", est->memory_packed, es);
		show_size("maintenance_work_mem", maintenance_work_mem * 1024.0, es);
		ExplainPropertyBool("Fits In Memory", fits, es);
	}
	if (!text || !unpacked)
	{
		ExplainPropertyFloat("Rows In Memory", NULL, est->tuples_in_memory, 0,
		                     es);
		if (est->memory_packed > 0)
			ExplainPropertyFloat("Rows Until Packed", NULL,
			                     est->tuples_unpacked, 0, es);
		show_size("maintenance_work_mem Needed", est->memory_setting, es);
		if (est->memory_packed > 0)
			show_size("maintenance_work_mem Needed Packed", est->packed_setting,
			          es);
	}
	if (!unpacked && est->temp_bytes > 0)
		show_size("Temporary File", est->temp_bytes, es);
}

/* What the pages take in the log: not their free space. */
static double
log_bytes(Relation rel, const IndexBuildEstimate *est)
{
	if (!RelationNeedsWAL(rel))
		return 0;
	return est->index_bytes - est->index_holes +
	       est->index_bytes / BLCKSZ * LOG_BYTES_PER_PAGE;
}

static void
show_seconds(const char *label, double seconds, ExplainState *es)
{
	ExplainPropertyFloat(label, "s", seconds, seconds < 10 ? 1 : 0, es);
}

static void
show_estimate(const IndexDefinition *def, const IndexSample *sample,
              const IndexBuildEstimate *est, ExplainState *es)
{
	double rows =
		sample->wanted > 0 ? sample->live * sample->blocks / sample->wanted : 0;

	ExplainPropertyFloat("Rows", NULL, est->index_tuples, 0, es);
	ExplainPropertyFloat("Rows of Table", NULL, rows, 0, es);
	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		ExplainPropertyInteger("Sampled Blocks", sample->read, es);
		ExplainPropertyInteger("Blocks of Table", sample->blocks, es);
	}
	else if (sample->read < sample->blocks)
		ExplainPropertyText(
			"Sampled",
			psprintf("%u of %u blocks", sample->read, sample->blocks), es);
	show_memory(est, es);
	ExplainPropertyInteger("Workers Planned", est->workers, es);
	ExplainPropertyText("Workers Limited By",
	                    index_workers_limit_name(est->workers_limit), es);
	show_size("Index Size", est->index_bytes, es);
	show_size("WAL Size", log_bytes(def->rel, est), es);
	if (es->costs && est->seconds >= 0)
		show_seconds("Build Time", est->seconds, es);
}

/* ------------------------------------------------------------------------
 *		The statement
 * ------------------------------------------------------------------------
 */

static bool
index_exists(PgQuery__IndexStmt *stmt, IndexDefinition *def, ExplainState *es)
{
	if (!OidIsValid(
			get_relname_relid(def->name, RelationGetNamespace(def->rel))))
		return false;
	if (!stmt->if_not_exists)
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_TABLE),
		                errmsg("relation \"%s\" already exists", def->name)));
	ereport(NOTICE,
	        (errcode(ERRCODE_DUPLICATE_TABLE),
	         errmsg("relation \"%s\" already exists, skipping", def->name)));
	if (es->format == EXPLAIN_FORMAT_TEXT)
		appendStringInfoString(es->str, "Index exists, nothing to do\n");
	else
		ExplainPropertyText(NULL, "CREATE INDEX", es);
	return true;
}

static void
estimate_build(IndexDefinition *def, ExplainState *es)
{
	MemoryContext old = CurrentMemoryContext;
	MemoryContext context = AllocSetContextCreate(old, "index build estimate",
	                                              ALLOCSET_DEFAULT_SIZES);
	IndexSample sample = {.context = context, .def = def};
	IndexBuildEstimate est = {.take_sample = sample_table,
	                          .sampler = &sample,
	                          .measure_time = es->costs};
	Form_pg_attribute attr;
	Relation index;

	MemoryContextSwitchTo(context);
	index = IndexDefinitionDescriptor(def);
	attr = TupleDescAttr(RelationGetDescr(index), 0);
	sample.typlen = attr->attlen;
	sample.typbyval = attr->attbyval;
	sample.est = &est;
	def->am->amestimatebuild(def->rel, index, def->info, &est);
	show_estimate(def, &sample, &est, es);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

static void
show_actual(const IndexBuildResult *result, Relation index, double seconds,
            double log, ExplainState *es)
{
	ExplainPropertyFloat("Actual Rows", NULL, result->index_tuples, 0, es);
	show_size("Actual Memory", (double) result->memory_used, es);
	if (result->tuples_in_memory >= 0 || es->format != EXPLAIN_FORMAT_TEXT)
		ExplainPropertyFloat("Actual Rows In Memory", NULL,
		                     result->tuples_in_memory >= 0
		                         ? result->tuples_in_memory
		                         : result->index_tuples,
		                     0, es);
	ExplainPropertyInteger("Workers Launched", result->workers_launched, es);
	if (result->workers_launched < result->workers_planned)
		ExplainPropertyText("Launch Limited By",
		                    index_workers_limit_name(result->workers_limit),
		                    es);
	show_size("Actual Index Size",
	          (double) RelationGetNumberOfBlocks(index) * BLCKSZ, es);
	if (es->timing)
	{
		/* what else the statement has logged, rows of catalogs, is in it */
		show_size("Actual WAL Size", log, es);
		show_seconds("Actual Build Time", seconds, es);
	}
}

static void
build_index(PgQuery__IndexStmt *stmt, const char *queryString, ExplainState *es)
{
	IndexBuildResult *result;
	uint64 logged = pgWalUsage.wal_bytes;
	Relation index;
	instr_time start;
	instr_time spent;
	Oid indexId;

	INSTR_TIME_SET_CURRENT(start);
	indexId = DefineIndexResult(stmt, queryString, &result);
	INSTR_TIME_SET_CURRENT(spent);
	INSTR_TIME_SUBTRACT(spent, start);
	if (!OidIsValid(indexId))
		return;
	index = index_open(indexId, NoLock);
	show_actual(result, index, INSTR_TIME_GET_DOUBLE(spent),
	            (double) (pgWalUsage.wal_bytes - logged), es);
	index_close(index, NoLock);
}

static void
check_statement(PgQuery__IndexStmt *stmt, ExplainState *es)
{
	if (es->buffers)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("EXPLAIN option \"%s\" is not supported for "
		                       "CREATE INDEX",
		                       "buffers")));
	if (!es->analyze)
		return;
	if (stmt->concurrent)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("EXPLAIN ANALYZE CREATE INDEX CONCURRENTLY is not "
		                "supported"),
		         errhint("EXPLAIN without ANALYZE builds nothing and estimates "
		                 "it.")));
	PreventCommandIfReadOnly("CREATE INDEX");
}

void
ExplainCreateIndex(PgQuery__IndexStmt *stmt, ExplainState *es,
                   const char *queryString)
{
	IndexDefinition def;
	instr_time start;
	instr_time spent;

	INSTR_TIME_SET_CURRENT(start);
	check_statement(stmt, es);
	OpenIndexedTable(stmt, AccessShareLock, &def);
	AnalyzeIndexStmt(stmt, queryString, &def);
	if (index_exists(stmt, &def, es))
	{
		table_close(def.rel, NoLock);
		return;
	}
	if (def.am->amestimatebuild == NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("access method \"%s\" does not support EXPLAIN of "
		                "CREATE INDEX",
		                stmt->access_method)));
	ExplainOpenGroup(NULL, true, es);
	ExplainOpenGroup("Create Index", true, es);
	show_header(&def, es);
	es->indent += es->format == EXPLAIN_FORMAT_TEXT;
	estimate_build(&def, es);
	table_close(def.rel, NoLock);
	INSTR_TIME_SET_CURRENT(spent);
	INSTR_TIME_SUBTRACT(spent, start);
	if (es->analyze)
		build_index(stmt, queryString, es);
	es->indent -= es->format == EXPLAIN_FORMAT_TEXT;
	ExplainCloseGroup(true, es);
	if (es->summary)
		ExplainPropertyFloat("Planning Time", "ms",
		                     1000.0 * INSTR_TIME_GET_DOUBLE(spent), 3, es);
	ExplainCloseGroup(true, es);
}
