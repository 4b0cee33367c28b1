/*
 * toast_index.c
 *		The index of TOAST relations, access method toast_index.
 *
 * A tree of pages with fixed entries (chunk_id, chunk_seq) -> place of the
 * chunk, in order; block 0 says where the root is.  Ids of values rise, so that
 * new entries mostly go to the last leaf; a leaf that is full at its end is not
 * halved.  PostgreSQL has a btree here; its pages are not read by this one.
 *
 * 1.	Who descends holds the meta page's lock shared until he has locked the
 *		leaf; who splits holds it exclusively.  Pages above the leaves therefore
 *		never change under a descent.
 * 2.	Locks: meta page, then downwards, then to the right.
 * 3.	A split, up to a new root, is one generic record: a crash leaves all or
 *		nothing of it, and at worst new zero pages that nobody refers to.
 * 4.	A key is there once.  An entry is removed before its chunk's line pointer
 *		can be used again.
 * 5.	Pages are never removed: a leaf that vacuum emptied stays in its place.
 *
 * Nothing corresponds to it in PostgreSQL.
 */
#include "postgres.h"

#include "access/generic_xlog.h"
#include "access/tableam.h"
#include "access/toast_index.h"
#include "access/xloginsert.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "storage/bufmgr.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/rel.h"

#define MAX_LEVELS 8
#define ROOT_AT_START 1

#define PageOpaque(page) ((ToastIndexOpaque *) PageGetSpecialPointer(page))
#define PageEntries(page) ((ToastIndexEntry *) PageGetContents(page))
#define PageMeta(page) ((ToastIndexMeta *) PageGetContents(page))
#define ENTRIES_OFFSET MAXALIGN(SizeOfPageHeaderData)
#define ENTRIES_PER_PAGE                                        \
	((int) ((BLCKSZ - ENTRIES_OFFSET - sizeof(ToastIndexOpaque)) / \
	        sizeof(ToastIndexEntry)))

static inline uint64
EntryKey(const ToastIndexEntry *entry)
{
	return ((uint64) entry->chunk_id << 32) | entry->chunk_seq;
}

static int
EntryCount(Page page)
{
	int n = (((PageHeader) page)->pd_lower - ENTRIES_OFFSET) /
	        sizeof(ToastIndexEntry);

	Assert(n >= 0 && n <= ENTRIES_PER_PAGE);
	return n;
}

static void
SetEntryCount(Page page, int n)
{
	((PageHeader) page)->pd_lower =
		ENTRIES_OFFSET + n * sizeof(ToastIndexEntry);
}

static void
InitPage(Page page, int level, BlockNumber next)
{
	PageInit(page, BLCKSZ, sizeof(ToastIndexOpaque));
	PageOpaque(page)->next = next;
	PageOpaque(page)->level = level;
	PageOpaque(page)->page_id = TOAST_INDEX_PAGE_ID;
	SetEntryCount(page, 0);
}

static void
InitMetaPage(Page page)
{
	ToastIndexMeta *meta = PageMeta(page);

	InitPage(page, 0, InvalidBlockNumber);
	meta->magic = TOAST_INDEX_MAGIC;
	meta->version = TOAST_INDEX_VERSION;
	meta->root = ROOT_AT_START;
	meta->level = 0;
	((PageHeader) page)->pd_lower = ENTRIES_OFFSET + sizeof(ToastIndexMeta);
}

/* The first entry whose key is not less. */
static int
LowerBound(Page page, uint64 key)
{
	ToastIndexEntry *entries = PageEntries(page);
	int low = 0;
	int high = EntryCount(page);

	while (low < high)
	{
		int mid = (low + high) / 2;

		if (EntryKey(&entries[mid]) < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The page below that has the key; the first one is for all lesser keys. */
static BlockNumber
ChildFor(Page page, uint64 key)
{
	ToastIndexEntry *entries = PageEntries(page);
	int i = LowerBound(page, key);

	if (i == EntryCount(page) || EntryKey(&entries[i]) > key)
		i--;
	return entries[Max(i, 0)].block;
}

static Buffer
LockBlock(Relation index, BlockNumber block, int mode)
{
	Buffer buffer = ReadBuffer(index, block);

	LockBuffer(buffer, mode);
	return buffer;
}

static Buffer
LockPage(Relation index, BlockNumber block, int level, int mode)
{
	Buffer buffer = LockBlock(index, block, mode);
	Page page = BufferGetPage(buffer);

	if (PageIsNew(page) || PageOpaque(page)->page_id != TOAST_INDEX_PAGE_ID ||
	    PageOpaque(page)->level != level || block == TOAST_INDEX_METAPAGE)
		ereport(ERROR, (errcode(ERRCODE_INDEX_CORRUPTED),
		                errmsg("index \"%s\" contains unexpected page at "
		                       "block %u",
		                       RelationGetRelationName(index), block),
		                errhint("Please REINDEX it.")));
	return buffer;
}

static Buffer
LockMeta(Relation index, int mode, ToastIndexMeta *meta)
{
	Buffer buffer = LockBlock(index, TOAST_INDEX_METAPAGE, mode);
	Page page = BufferGetPage(buffer);

	if (PageIsNew(page) || PageMeta(page)->magic != TOAST_INDEX_MAGIC ||
	    PageMeta(page)->version != TOAST_INDEX_VERSION ||
	    PageMeta(page)->level >= MAX_LEVELS)
		ereport(ERROR, (errcode(ERRCODE_INDEX_CORRUPTED),
		                errmsg("index \"%s\" is not a toast index",
		                       RelationGetRelationName(index))));
	*meta = *PageMeta(page);
	return buffer;
}

/* path[level]: the blocks from the root to the leaf, which is path[0]. */
static void
Descend(Relation index, const ToastIndexMeta *meta, uint64 key,
        BlockNumber *path)
{
	path[meta->level] = meta->root;
	for (int level = meta->level; level > 0; level--)
	{
		Buffer buffer =
			LockPage(index, path[level], level, BUFFER_LOCK_SHARE);

		path[level - 1] = ChildFor(BufferGetPage(buffer), key);
		UnlockReleaseBuffer(buffer);
	}
}

int
ToastIndexLookup(Relation index, Oid chunk_id, uint32 first, uint32 last,
                 ToastIndexEntry *found)
{
	ToastIndexEntry low = {.chunk_id = chunk_id, .chunk_seq = first};
	ToastIndexEntry high = {.chunk_id = chunk_id, .chunk_seq = last};
	BlockNumber path[MAX_LEVELS];
	ToastIndexMeta meta;
	Buffer metabuf = LockMeta(index, BUFFER_LOCK_SHARE, &meta);
	BlockNumber block;
	int n = 0;
	bool more = true;

	Descend(index, &meta, EntryKey(&low), path);
	block = path[0];
	while (more && BlockNumberIsValid(block))
	{
		Buffer buffer = LockPage(index, block, 0, BUFFER_LOCK_SHARE);
		Page page = BufferGetPage(buffer);
		int count = EntryCount(page);

		for (int i = LowerBound(page, EntryKey(&low)); i < count && more; i++)
		{
			if (EntryKey(&PageEntries(page)[i]) > EntryKey(&high))
				more = false;
			else
				found[n++] = PageEntries(page)[i];
		}
		block = PageOpaque(page)->next;
		UnlockReleaseBuffer(buffer);
	}
	UnlockReleaseBuffer(metabuf);
	return n;
}

/* ---- inserting ---- */

static void
PutEntry(Page page, int at, const ToastIndexEntry *entry)
{
	ToastIndexEntry *entries = PageEntries(page);
	int n = EntryCount(page);

	Assert(n < ENTRIES_PER_PAGE);
	memmove(&entries[at + 1], &entries[at],
	        (n - at) * sizeof(ToastIndexEntry));
	entries[at] = *entry;
	SetEntryCount(page, n + 1);
}

static int
PlaceFor(Relation index, Page page, const ToastIndexEntry *entry)
{
	int at = LowerBound(page, EntryKey(entry));

	if (at < EntryCount(page) &&
	    EntryKey(&PageEntries(page)[at]) == EntryKey(entry))
		ereport(ERROR,
		        (errcode(ERRCODE_UNIQUE_VIOLATION),
		         errmsg("duplicate key value violates unique constraint "
		                "\"%s\"",
		                RelationGetRelationName(index)),
		         errdetail("Key (chunk_id, chunk_seq)=(%u, %u) already exists.",
		                   entry->chunk_id, entry->chunk_seq)));
	return at;
}

/* Without a split; false: the leaf is full. */
static bool
InsertOnLeaf(Relation index, const ToastIndexEntry *entry)
{
	BlockNumber path[MAX_LEVELS];
	ToastIndexMeta meta;
	Buffer metabuf = LockMeta(index, BUFFER_LOCK_SHARE, &meta);
	Buffer buffer;
	bool room;

	Descend(index, &meta, EntryKey(entry), path);
	buffer = LockPage(index, path[0], 0, BUFFER_LOCK_EXCLUSIVE);
	UnlockReleaseBuffer(metabuf);
	room = EntryCount(BufferGetPage(buffer)) < ENTRIES_PER_PAGE;
	if (room)
	{
		GenericXLogState *state = GenericXLogStart(index);
		Page page = GenericXLogRegisterBuffer(state, buffer, 0);

		PutEntry(page, PlaceFor(index, page, entry), entry);
		INJECTION_POINT("toast-index-insert");
		GenericXLogFinish(state);
	}
	UnlockReleaseBuffer(buffer);
	return room;
}

static Buffer
AppendPage(Relation index)
{
	Buffer buffer;
	uint32 n;

	ExtendBufferedRelBy(BMR_REL(index), MAIN_FORKNUM, NULL, EB_LOCK_FIRST, 1,
	                    &buffer, &n);
	return buffer;
}

/* Part of a full page, and entry, to the empty one on its right. */
static void
SplitPage(Page left, Page right, BlockNumber rightblock, int at,
          const ToastIndexEntry *entry)
{
	int n = EntryCount(left);
	bool at_end =
		at == n && !BlockNumberIsValid(PageOpaque(left)->next);
	int keep = at_end ? n : n / 2;

	InitPage(right, PageOpaque(left)->level, PageOpaque(left)->next);
	memcpy(PageEntries(right), &PageEntries(left)[keep],
	       (n - keep) * sizeof(ToastIndexEntry));
	SetEntryCount(right, n - keep);
	SetEntryCount(left, keep);
	PageOpaque(left)->next = rightblock;
	if (at < keep)
		PutEntry(left, at, entry);
	else
		PutEntry(right, at - keep, entry);
}

/* The tree grows by a level; the old root has been split. */
static Buffer
AddRoot(Relation index, GenericXLogState *state, Buffer metabuf,
        const ToastIndexMeta *meta, const ToastIndexEntry *right)
{
	Buffer buffer = AppendPage(index);
	Page page = GenericXLogRegisterBuffer(state, buffer, GENERIC_XLOG_FULL_IMAGE);
	Page metapage = GenericXLogRegisterBuffer(state, metabuf, 0);
	ToastIndexEntry left = {.block = meta->root};

	if (meta->level + 1 >= MAX_LEVELS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("index \"%s\" has too many levels",
		                       RelationGetRelationName(index))));
	InitPage(page, meta->level + 1, InvalidBlockNumber);
	PutEntry(page, 0, &left);
	PutEntry(page, 1, right);
	PageMeta(metapage)->root = BufferGetBlockNumber(buffer);
	PageMeta(metapage)->level = meta->level + 1;
	return buffer;
}

static void
InsertWithSplit(Relation index, const ToastIndexEntry *entry)
{
	ToastIndexMeta meta;
	Buffer metabuf = LockMeta(index, BUFFER_LOCK_EXCLUSIVE, &meta);
	GenericXLogState *state = GenericXLogStart(index);
	ToastIndexEntry carry = *entry;
	BlockNumber path[MAX_LEVELS];
	Buffer held[2 * MAX_LEVELS + 1];
	int nheld = 0;
	int level;

	Descend(index, &meta, EntryKey(entry), path);
	for (level = 0; level <= meta.level; level++)
	{
		Buffer buffer =
			LockPage(index, path[level], level, BUFFER_LOCK_EXCLUSIVE);
		Page page = GenericXLogRegisterBuffer(state, buffer, 0);
		Page right;
		int at;

		held[nheld++] = buffer;
		at = PlaceFor(index, page, &carry);
		if (EntryCount(page) < ENTRIES_PER_PAGE)
		{
			PutEntry(page, at, &carry);
			break;
		}
		buffer = held[nheld++] = AppendPage(index);
		right =
			GenericXLogRegisterBuffer(state, buffer, GENERIC_XLOG_FULL_IMAGE);
		SplitPage(page, right, BufferGetBlockNumber(buffer), at, &carry);
		carry = PageEntries(right)[0];
		carry.block = BufferGetBlockNumber(buffer);
		carry.offset = InvalidOffsetNumber;
	}
	if (level > meta.level)
		held[nheld++] = AddRoot(index, state, metabuf, &meta, &carry);
	INJECTION_POINT("toast-index-split");
	GenericXLogFinish(state);
	while (nheld > 0)
		UnlockReleaseBuffer(held[--nheld]);
	UnlockReleaseBuffer(metabuf);
}

void
ToastIndexInsert(Relation index, Oid chunk_id, uint32 chunk_seq,
                 ItemPointer tid)
{
	ToastIndexEntry entry = {
		.chunk_id = chunk_id,
		.chunk_seq = chunk_seq,
		.block = ItemPointerGetBlockNumber(tid),
		.offset = ItemPointerGetOffsetNumber(tid),
	};

	if (!InsertOnLeaf(index, &entry))
		InsertWithSplit(index, &entry);
}

/* ---- the access method's callbacks ---- */

static bool
toast_index_insert(Relation index, Datum *values, bool *isnull,
                   ItemPointer heap_tid, Relation heap,
                   IndexUniqueCheck checkUnique, bool indexUnchanged,
                   IndexInfo *indexInfo)
{
	ToastIndexInsert(index, DatumGetObjectId(values[0]),
	                 DatumGetInt32(values[1]), heap_tid);
	return true;
}

static void
BuildCallback(Relation index, ItemPointer tid, Datum *values, bool *isnull,
              bool tupleIsAlive, void *state)
{
	double *ntuples = state;

	ToastIndexInsert(index, DatumGetObjectId(values[0]),
	                 DatumGetInt32(values[1]), tid);
	*ntuples += 1;
}

static IndexBuildResult *
toast_index_build(Relation heap, Relation index, IndexInfo *indexInfo)
{
	IndexBuildResult *result = palloc0_object(IndexBuildResult);
	GenericXLogState *state = GenericXLogStart(index);
	Buffer metabuf = AppendPage(index);
	Buffer root = AppendPage(index);

	if (BufferGetBlockNumber(metabuf) != TOAST_INDEX_METAPAGE)
		elog(ERROR, "index \"%s\" already contains data",
		     RelationGetRelationName(index));
	InitMetaPage(
		GenericXLogRegisterBuffer(state, metabuf, GENERIC_XLOG_FULL_IMAGE));
	InitPage(GenericXLogRegisterBuffer(state, root, GENERIC_XLOG_FULL_IMAGE), 0,
	         InvalidBlockNumber);
	GenericXLogFinish(state);
	UnlockReleaseBuffer(root);
	UnlockReleaseBuffer(metabuf);
	result->heap_tuples =
		table_index_build_scan(heap, index, indexInfo, true, false,
	                           BuildCallback, &result->index_tuples, NULL);
	return result;
}

static void
toast_index_buildempty(Relation index)
{
	PGAlignedBlock pages[2];

	InitMetaPage(pages[0].data);
	InitPage(pages[1].data, 0, InvalidBlockNumber);
	for (BlockNumber block = 0; block < 2; block++)
	{
		log_newpage(&RelationGetSmgr(index)->smgr_rnode.node, INIT_FORKNUM,
		            block, pages[block].data, true);
		PageSetChecksumInplace(pages[block].data, block);
		smgrextend(RelationGetSmgr(index), INIT_FORKNUM, block,
		           pages[block].data, true);
	}
	smgrimmedsync(RelationGetSmgr(index), INIT_FORKNUM);
}

/* Removes dead entries of one page; returns how many. */
static int
VacuumPage(Relation index, Buffer buffer, IndexBulkDeleteCallback callback,
           void *callback_state, double *left)
{
	GenericXLogState *state;
	Page page = BufferGetPage(buffer);
	int count;
	int kept = 0;
	ToastIndexEntry *entries;

	if (PageIsNew(page) || PageOpaque(page)->level != 0)
		return 0;
	state = GenericXLogStart(index);
	page = GenericXLogRegisterBuffer(state, buffer, 0);
	count = EntryCount(page);
	entries = PageEntries(page);
	for (int i = 0; i < count; i++)
	{
		ItemPointerData tid;

		ItemPointerSet(&tid, entries[i].block, entries[i].offset);
		if (!callback(&tid, callback_state))
			entries[kept++] = entries[i];
	}
	*left += kept;
	if (kept == count)
	{
		GenericXLogAbort(state);
		return 0;
	}
	SetEntryCount(page, kept);
	INJECTION_POINT("toast-index-vacuum");
	GenericXLogFinish(state);
	return count - kept;
}

/* A split moves entries to a later block only: in the end none is missed. */
static IndexBulkDeleteResult *
toast_index_bulkdelete(IndexVacuumInfo *info, IndexBulkDeleteResult *stats,
                       IndexBulkDeleteCallback callback, void *callback_state)
{
	Relation index = info->index;
	BlockNumber block;

	if (stats == NULL)
		stats = palloc0_object(IndexBulkDeleteResult);
	stats->num_index_tuples = 0;
	for (block = TOAST_INDEX_METAPAGE + 1;
	     block < RelationGetNumberOfBlocks(index); block++)
	{
		Buffer buffer;

		CHECK_FOR_INTERRUPTS();
		buffer = ReadBufferExtended(index, MAIN_FORKNUM, block, RBM_NORMAL,
		                            info->strategy);
		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
		stats->tuples_removed +=
			VacuumPage(index, buffer, callback, callback_state,
		               &stats->num_index_tuples);
		UnlockReleaseBuffer(buffer);
	}
	stats->num_pages = block;
	return stats;
}

static IndexBulkDeleteResult *
toast_index_vacuumcleanup(IndexVacuumInfo *info, IndexBulkDeleteResult *stats)
{
	if (info->analyze_only)
		return stats;
	if (stats == NULL)
	{
		stats = palloc0_object(IndexBulkDeleteResult);
		stats->num_index_tuples = Max(info->num_heap_tuples, 0);
		stats->estimated_count = true;
	}
	stats->num_pages = RelationGetNumberOfBlocks(info->index);
	return stats;
}

static bytea *
toast_index_options(Datum reloptions, bool validate)
{
	return NULL;
}

static bool
toast_index_validate(Oid opclassoid)
{
	return true;
}

Datum
toast_index_handler(PG_FUNCTION_ARGS)
{
	IndexAmRoutine *am = makeNode(IndexAmRoutine);

	am->amcanunique = true;
	am->amcanmulticol = true;
	am->ambuild = toast_index_build;
	am->ambuildempty = toast_index_buildempty;
	am->aminsert = toast_index_insert;
	am->ambulkdelete = toast_index_bulkdelete;
	am->amvacuumcleanup = toast_index_vacuumcleanup;
	am->amoptions = toast_index_options;
	am->amvalidate = toast_index_validate;
	PG_RETURN_POINTER(am);
}
