/*
 * toast_index.c
 *		The index of TOAST relations, access method toast_index.
 *
 * A tree of pages with fixed entries (chunk_id, chunk_seq) -> place of the
 * chunk, in order; block 0 says where the root is.  Ids of values rise, so that
 * new entries mostly go to the last leaf; a leaf that is full at its end is not
 * halved.  Leaves that vacuum has emptied leave the tree, and the pages above
 * them that have nothing else; splits take their pages again.
 * PostgreSQL has a btree here; its pages are not read by this one.
 *
 * 1.	Who descends holds the meta page's lock shared until he has locked the
 *		leaf, or has read all he wants; who splits or removes pages holds it
 *		exclusively.  Pages above the leaves therefore never change under a
 *		descent, and a page that is free is nobody's.
 * 2.	Locks: meta page, then downwards.  Who has let the meta page go holds
 *		one leaf and waits for nothing; so who holds it exclusively may lock
 *		pages in any order.
 * 3.	A split, up to a new root, is one generic record, and so is the removal
 *		of a leaf: a crash leaves all or nothing of it, and at worst new zero
 *		pages that nobody refers to.
 * 4.	A key is there once; to insert an entry that is there changes nothing,
 *		as who completes a new index may come after the chunk's writer.  An
 *		entry is removed before its chunk's line pointer can be used again.
 * 5.	Entries move to the right only.  Vacuum walks the leaves from left to
 *		right and so misses none.  Nobody else removes pages, and there is one
 *		vacuum at a time (ShareUpdateExclusiveLock on the TOAST relation): the
 *		leaf that it goes to next stays.
 * 6.	An entry above the leaves has the key that its page has as low, and the
 *		first one of a page the page's own low: every key has one way down, and
 *		that of a page's low leads to the page.  A page above the leaves is
 *		never empty, and a root above them has two entries at least.
 *
 * Nothing corresponds to it in PostgreSQL.
 */
#include "postgres.h"

#include "access/generic_xlog.h"
#include "access/tableam.h"
#include "access/toast_index.h"
#include "access/xloginsert.h"
#include "commands/vacuum.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/rel.h"

#define ROOT_AT_START 1
#define INSERT_AT_ONCE 64
#define SMALL_PAGE 4 /* entries, for tests that want a high tree */

#define PageOpaque(page) ToastIndexPageOpaque(page)
#define PageEntries(page) ToastIndexPageEntries(page)
#define PageMeta(page) ToastIndexPageMeta(page)
#define EntryKey(entry) ToastIndexEntryKey(entry)

/* The way from the root down to a leaf. */
typedef struct TreePath
{
	BlockNumber block[TOAST_INDEX_MAX_LEVELS]; /* by level */
	int slot[TOAST_INDEX_MAX_LEVELS];          /* of it in the page above */
} TreePath;

/*
 * A change of several pages, applied as one record; the meta page is locked
 * exclusively.
 */
typedef struct TreeChange
{
	Relation index;
	GenericXLogState *state;
	ToastIndexMeta meta; /* as it was before */
	Buffer metabuf;
	Buffer held[MAX_GENERIC_XLOG_PAGES];
	int nheld;
} TreeChange;

/* all that one change can touch: rules 3 and 6 */
StaticAssertDecl(4 * TOAST_INDEX_MAX_LEVELS <= MAX_GENERIC_XLOG_PAGES,
                 "a change of the tree fits into a record");

static int
EntryCount(Page page)
{
	int n = ToastIndexPageCount(page);

	Assert(n >= 0 && n <= TOAST_INDEX_ENTRIES_PER_PAGE);
	return n;
}

static bool
PageHasNoRoom(Page page)
{
	int room = IS_INJECTION_POINT_ATTACHED("toast-index-small-pages")
	               ? SMALL_PAGE
	               : TOAST_INDEX_ENTRIES_PER_PAGE;

	return EntryCount(page) >= room;
}

static void
SetEntryCount(Page page, int n)
{
	((PageHeader) page)->pd_lower =
		TOAST_INDEX_ENTRIES_OFFSET + n * sizeof(ToastIndexEntry);
}

static void
InitPage(Page page, int level, uint64 low, BlockNumber next)
{
	PageInit(page, BLCKSZ, sizeof(ToastIndexOpaque));
	PageOpaque(page)->low = low;
	PageOpaque(page)->next = next;
	PageOpaque(page)->level = level;
	PageOpaque(page)->page_id = TOAST_INDEX_PAGE_ID;
	SetEntryCount(page, 0);
}

static void
InitMetaPage(Page page)
{
	ToastIndexMeta *meta = PageMeta(page);

	InitPage(page, 0, 0, InvalidBlockNumber);
	meta->magic = TOAST_INDEX_MAGIC;
	meta->version = TOAST_INDEX_VERSION;
	meta->root = ROOT_AT_START;
	meta->level = 0;
	meta->free = InvalidBlockNumber;
	((PageHeader) page)->pd_lower =
		TOAST_INDEX_ENTRIES_OFFSET + sizeof(ToastIndexMeta);
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

/* Which entry leads to the page below that has the key (rule 6). */
static int
SlotFor(Page page, uint64 key)
{
	int i = LowerBound(page, key);

	if (i == EntryCount(page) || EntryKey(&PageEntries(page)[i]) > key)
		i--;
	Assert(i >= 0);
	return i;
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
	    PageMeta(page)->level >= TOAST_INDEX_MAX_LEVELS)
		ereport(ERROR, (errcode(ERRCODE_INDEX_CORRUPTED),
		                errmsg("index \"%s\" is not a toast index",
		                       RelationGetRelationName(index))));
	*meta = *PageMeta(page);
	return buffer;
}

static void
Descend(Relation index, const ToastIndexMeta *meta, uint64 key, TreePath *path)
{
	path->block[meta->level] = meta->root;
	path->slot[meta->level] = 0;
	for (int level = meta->level; level > 0; level--)
	{
		Buffer buffer =
			LockPage(index, path->block[level], level, BUFFER_LOCK_SHARE);
		Page page = BufferGetPage(buffer);
		int slot = SlotFor(page, key);

		path->block[level - 1] = PageEntries(page)[slot].block;
		path->slot[level - 1] = slot;
		UnlockReleaseBuffer(buffer);
	}
}

int
ToastIndexLookup(Relation index, Oid chunk_id, uint32 first, uint32 last,
                 ToastIndexEntry *found)
{
	ToastIndexEntry low = {.chunk_id = chunk_id, .chunk_seq = first};
	ToastIndexEntry high = {.chunk_id = chunk_id, .chunk_seq = last};
	TreePath path;
	ToastIndexMeta meta;
	Buffer metabuf = LockMeta(index, BUFFER_LOCK_SHARE, &meta);
	BlockNumber block;
	int n = 0;
	bool more = true;

	Descend(index, &meta, EntryKey(&low), &path);
	block = path.block[0];
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
	/* whoever asks gets the chunks, too */
	pgstat_count_index_scan(index);
	pgstat_count_index_tuples(index, n);
	PGSTAT_COUNT(index, t_tuples_fetched, n);
	return n;
}

/* ---- inserting ---- */

static void
PutEntry(Page page, int at, const ToastIndexEntry *entry)
{
	ToastIndexEntry *entries = PageEntries(page);
	int n = EntryCount(page);

	Assert(n < TOAST_INDEX_ENTRIES_PER_PAGE);
	memmove(&entries[at + 1], &entries[at], (n - at) * sizeof(ToastIndexEntry));
	entries[at] = *entry;
	SetEntryCount(page, n + 1);
}

/* -1: it is there already. */
static int
PlaceFor(Relation index, Page page, const ToastIndexEntry *entry)
{
	int at = LowerBound(page, EntryKey(entry));
	const ToastIndexEntry *there = &PageEntries(page)[at];

	if (at == EntryCount(page) || EntryKey(there) != EntryKey(entry))
		return at;
	if (there->block != entry->block || there->offset != entry->offset)
		ereport(ERROR,
		        (errcode(ERRCODE_UNIQUE_VIOLATION),
		         errmsg("duplicate key value violates unique constraint "
		                "\"%s\"",
		                RelationGetRelationName(index)),
		         errdetail("Key (chunk_id, chunk_seq)=(%u, %u) already exists.",
		                   entry->chunk_id, entry->chunk_seq)));
	return -1;
}

/* May the entry be on this leaf, though not the first that was sought? */
static bool
BelongsHere(Page page, const ToastIndexEntry *entry)
{
	int n = EntryCount(page);

	/* behind the leaf's end is perhaps the next one's beginning */
	return !BlockNumberIsValid(PageOpaque(page)->next) ||
	       (n > 0 && EntryKey(entry) < EntryKey(&PageEntries(page)[n - 1]));
}

/*
 * As many of the entries as one leaf takes without a split, in one record.
 * Their number; 0: the leaf of the first is full.
 */
static int
InsertOnLeaf(Relation index, const ToastIndexEntry *entries, int n)
{
	TreePath path;
	ToastIndexMeta meta;
	Buffer metabuf = LockMeta(index, BUFFER_LOCK_SHARE, &meta);
	Buffer buffer;
	int done = 0;

	Descend(index, &meta, EntryKey(&entries[0]), &path);
	buffer = LockPage(index, path.block[0], 0, BUFFER_LOCK_EXCLUSIVE);
	UnlockReleaseBuffer(metabuf);
	if (!PageHasNoRoom(BufferGetPage(buffer)))
	{
		GenericXLogState *state = GenericXLogStart(index);
		Page page = GenericXLogRegisterBuffer(state, buffer, 0);
		bool changed = false;

		do
		{
			int at = PlaceFor(index, page, &entries[done]);

			if (at >= 0)
				PutEntry(page, at, &entries[done]);
			changed = changed || at >= 0;
			done++;
		} while (done < n && !PageHasNoRoom(page) &&
		         BelongsHere(page, &entries[done]));
		if (changed)
		{
			INJECTION_POINT("toast-index-insert");
			GenericXLogFinish(state);
		}
		else
			GenericXLogAbort(state);
	}
	UnlockReleaseBuffer(buffer);
	return done;
}

/* ---- changes of the tree ---- */

static void
BeginChange(TreeChange *change, Relation index)
{
	change->index = index;
	change->metabuf = LockMeta(index, BUFFER_LOCK_EXCLUSIVE, &change->meta);
	change->state = GenericXLogStart(index);
	change->nheld = 0;
}

static void
EndChange(TreeChange *change, bool apply)
{
	if (apply)
		GenericXLogFinish(change->state);
	else
		GenericXLogAbort(change->state);
	while (change->nheld > 0)
		UnlockReleaseBuffer(change->held[--change->nheld]);
	UnlockReleaseBuffer(change->metabuf);
}

/* As it will be. */
static ToastIndexMeta *
ChangeMeta(TreeChange *change)
{
	return PageMeta(
		GenericXLogRegisterBuffer(change->state, change->metabuf, 0));
}

/* A page of the tree as it will be; locked at the first time. */
static Page
ChangePage(TreeChange *change, BlockNumber block, int level)
{
	for (int i = 0; i < change->nheld; i++)
		if (BufferGetBlockNumber(change->held[i]) == block)
			return GenericXLogRegisterBuffer(change->state, change->held[i], 0);
	change->held[change->nheld] =
		LockPage(change->index, block, level, BUFFER_LOCK_EXCLUSIVE);
	return GenericXLogRegisterBuffer(change->state,
	                                 change->held[change->nheld++], 0);
}

static Buffer
ExtendIndex(Relation index)
{
	Buffer buffer;
	uint32 n;

	ExtendBufferedRelBy(BMR_REL(index), MAIN_FORKNUM, NULL, EB_LOCK_FIRST, 1,
	                    &buffer, &n);
	return buffer;
}

/* One that is free, or else a new one at the end. */
static Page
TakePage(TreeChange *change, BlockNumber *block)
{
	Buffer buffer;

	/* the meta page is in the record only if it changes */
	if (BlockNumberIsValid(change->meta.free) &&
	    BlockNumberIsValid(ChangeMeta(change)->free))
	{
		buffer = LockPage(change->index, ChangeMeta(change)->free,
		                  TOAST_INDEX_FREE_LEVEL, BUFFER_LOCK_EXCLUSIVE);
		ChangeMeta(change)->free = PageOpaque(BufferGetPage(buffer))->next;
		INJECTION_POINT("toast-index-reuse");
	}
	else
		buffer = ExtendIndex(change->index);
	change->held[change->nheld++] = buffer;
	*block = BufferGetBlockNumber(buffer);
	return GenericXLogRegisterBuffer(change->state, buffer,
	                                 GENERIC_XLOG_FULL_IMAGE);
}

static void
FreePage(TreeChange *change, BlockNumber block, int level)
{
	ToastIndexMeta *meta = ChangeMeta(change);

	InitPage(ChangePage(change, block, level), TOAST_INDEX_FREE_LEVEL, 0,
	         meta->free);
	meta->free = block;
}

/* Part of a full page, and entry, to the empty one on its right. */
static void
SplitPage(Page left, Page right, BlockNumber rightblock, int at,
          const ToastIndexEntry *entry)
{
	int n = EntryCount(left);
	bool at_end = at == n && !BlockNumberIsValid(PageOpaque(left)->next);
	int keep = at_end ? n : n / 2;

	InitPage(right, PageOpaque(left)->level, 0, PageOpaque(left)->next);
	memcpy(PageEntries(right), &PageEntries(left)[keep],
	       (n - keep) * sizeof(ToastIndexEntry));
	SetEntryCount(right, n - keep);
	SetEntryCount(left, keep);
	PageOpaque(left)->next = rightblock;
	if (at < keep)
		PutEntry(left, at, entry);
	else
		PutEntry(right, at - keep, entry);
	PageOpaque(right)->low = EntryKey(&PageEntries(right)[0]);
}

static ToastIndexEntry
EntryFor(uint64 low, BlockNumber block)
{
	ToastIndexEntry entry = {.chunk_id = (Oid) (low >> 32),
	                         .chunk_seq = (uint32) low,
	                         .block = block,
	                         .offset = InvalidOffsetNumber};

	return entry;
}

/* The tree grows by a level; the old root has been split. */
static void
AddRoot(TreeChange *change, uint64 low, const ToastIndexEntry *right)
{
	int level = change->meta.level + 1;
	ToastIndexEntry left = EntryFor(low, change->meta.root);
	BlockNumber block;
	Page page;

	if (level >= TOAST_INDEX_MAX_LEVELS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("index \"%s\" has too many levels",
		                       RelationGetRelationName(change->index))));
	page = TakePage(change, &block);
	InitPage(page, level, low, InvalidBlockNumber);
	PutEntry(page, 0, &left);
	PutEntry(page, 1, right);
	ChangeMeta(change)->root = block;
	ChangeMeta(change)->level = level;
}

static void
InsertWithSplit(Relation index, const ToastIndexEntry *entry)
{
	ToastIndexEntry carry = *entry;
	TreeChange change;
	TreePath path;

	BeginChange(&change, index);
	Descend(index, &change.meta, EntryKey(entry), &path);
	for (int level = 0;; level++)
	{
		Page page = ChangePage(&change, path.block[level], level);
		int at = PlaceFor(index, page, &carry);
		BlockNumber block;
		Page right;

		if (at < 0)
		{
			EndChange(&change, false);
			return;
		}
		if (!PageHasNoRoom(page))
		{
			PutEntry(page, at, &carry);
			break;
		}
		right = TakePage(&change, &block);
		SplitPage(page, right, block, at, &carry);
		carry = EntryFor(PageOpaque(right)->low, block);
		if (level == (int) change.meta.level)
		{
			AddRoot(&change, PageOpaque(page)->low, &carry);
			break;
		}
	}
	INJECTION_POINT("toast-index-split");
	EndChange(&change, true);
}

/* Where an entry of a page above the leaves leads; slot -1: the last one. */
static BlockNumber
ChildOf(TreeChange *change, BlockNumber block, int level, int slot)
{
	Buffer buffer = InvalidBuffer;
	Page page = NULL;
	BlockNumber child;

	for (int i = 0; i < change->nheld && page == NULL; i++)
		if (BufferGetBlockNumber(change->held[i]) == block)
			page = BufferGetPage(change->held[i]);
	if (page == NULL)
	{
		buffer = LockPage(change->index, block, level, BUFFER_LOCK_SHARE);
		page = BufferGetPage(buffer);
	}
	child = PageEntries(page)[slot < 0 ? EntryCount(page) - 1 : slot].block;
	if (buffer != InvalidBuffer)
		UnlockReleaseBuffer(buffer);
	return child;
}

/* The page on the left on the path's level; invalid if there is none. */
static BlockNumber
LeftNeighbour(TreeChange *change, const TreePath *path, int level)
{
	int top = change->meta.level;
	int up = level;
	BlockNumber block;

	while (up < top && path->slot[up] == 0)
		up++;
	if (up == top)
		return InvalidBlockNumber;
	block = ChildOf(change, path->block[up + 1], up + 1, path->slot[up] - 1);
	for (; up > level; up--)
		block = ChildOf(change, block, up, -1);
	return block;
}

/* Out of its level's chain, and free. */
static void
Unchain(TreeChange *change, BlockNumber block, BlockNumber left, int level)
{
	Page page = ChangePage(change, block, level);

	if (BlockNumberIsValid(left))
		PageOpaque(ChangePage(change, left, level))->next =
			PageOpaque(page)->next;
	FreePage(change, block, level);
}

/*
 * An entry above the leaves, whose page is gone.  What led there leads to the
 * left now; if nothing is there, to the right: the first way down begins at the
 * low that it had (rule 6).
 */
static void
RemoveDownlink(TreeChange *change, BlockNumber block, int level, int at)
{
	Page page = ChangePage(change, block, level);
	ToastIndexEntry *entries = PageEntries(page);
	int n = EntryCount(page);
	uint64 low = EntryKey(&entries[at]);

	Assert(n > 1);
	memmove(&entries[at], &entries[at + 1],
	        (n - at - 1) * sizeof(ToastIndexEntry));
	SetEntryCount(page, n - 1);
	while (at == 0 && level > 0)
	{
		block = PageEntries(page)[0].block;
		PageEntries(page)[0] = EntryFor(low, block);
		level--;
		page = ChangePage(change, block, level);
		PageOpaque(page)->low = low;
	}
}

/* A root with one page below it gives way to that (rule 6). */
static void
LowerRoot(TreeChange *change)
{
	ToastIndexMeta *meta = ChangeMeta(change);

	while (meta->level > 0)
	{
		BlockNumber root = meta->root;
		Page page = ChangePage(change, root, meta->level);

		if (EntryCount(page) > 1)
			break;
		meta->root = PageEntries(page)[0].block;
		FreePage(change, root, meta->level);
		meta->level--;
	}
}

/*
 * The way to a page on level 0 whose low is known; top: the lowest level whose
 * page on the way has other pages below it.  false if it is not to be removed.
 */
static bool
FindEmptyLeaf(TreeChange *change, BlockNumber leaf, uint64 low, TreePath *path,
              int *top)
{
	Page page;

	Descend(change->index, &change->meta, low, path);
	if (path->block[0] != leaf)
		return false;
	page = ChangePage(change, leaf, 0);
	if (EntryCount(page) > 0 || change->meta.level == 0)
		return false; /* used again, or the whole tree */
	for (*top = 1; *top <= (int) change->meta.level; (*top)++)
	{
		page = ChangePage(change, path->block[*top], *top);
		if (EntryCount(page) > 1)
			return true;
	}
	return false;
}

/*
 * Takes a leaf that vacuum has seen empty out of the tree, and the pages above
 * it that lead to nothing else.  Returns how many pages are free now.
 */
static int
RemoveLeaf(Relation index, BlockNumber leaf, uint64 low)
{
	BlockNumber left[TOAST_INDEX_MAX_LEVELS];
	TreeChange change;
	TreePath path;
	bool found;
	int top = 0;

	BeginChange(&change, index);
	found = FindEmptyLeaf(&change, leaf, low, &path, &top);
	if (found)
	{
		/* before anything changes: they are found by way of the pages above */
		for (int level = 0; level < top; level++)
			left[level] = LeftNeighbour(&change, &path, level);
		for (int level = 0; level < top; level++)
			Unchain(&change, path.block[level], left[level], level);
		RemoveDownlink(&change, path.block[top], top, path.slot[top - 1]);
		LowerRoot(&change);
		INJECTION_POINT("toast-index-remove");
	}
	EndChange(&change, found);
	return found ? top : 0;
}

void
ToastIndexInsert(Relation index, Oid chunk_id, uint32 first,
                 const ItemPointerData *places, int n)
{
	ToastIndexEntry entries[INSERT_AT_ONCE];

	while (n > 0)
	{
		int part = Min(n, INSERT_AT_ONCE);
		int done;

		for (int i = 0; i < part; i++)
			entries[i] = (ToastIndexEntry){
				.chunk_id = chunk_id,
				.chunk_seq = first + (uint32) i,
				.block = ItemPointerGetBlockNumber(&places[i]),
				.offset = ItemPointerGetOffsetNumber(&places[i]),
			};
		done = InsertOnLeaf(index, entries, part);
		if (done == 0)
		{
			InsertWithSplit(index, &entries[0]);
			done = 1;
		}
		first += (uint32) done;
		places += done;
		n -= done;
	}
}

/* ---- the access method's callbacks ---- */

static bool
toast_index_insert(Relation index, Datum *values, bool *isnull,
                   ItemPointer heap_tid, Relation heap,
                   IndexUniqueCheck checkUnique, bool indexUnchanged,
                   IndexInfo *indexInfo)
{
	ToastIndexInsert(index, DatumGetObjectId(values[0]),
	                 DatumGetInt32(values[1]), heap_tid, 1);
	return true;
}

static void
BuildCallback(Relation index, ItemPointer tid, Datum *values, bool *isnull,
              bool tupleIsAlive, void *state)
{
	double *ntuples = state;

	ToastIndexInsert(index, DatumGetObjectId(values[0]),
	                 DatumGetInt32(values[1]), tid, 1);
	*ntuples += 1;
}

static IndexBuildResult *
toast_index_build(Relation heap, Relation index, IndexInfo *indexInfo)
{
	IndexBuildResult *result = palloc0_object(IndexBuildResult);
	GenericXLogState *state = GenericXLogStart(index);
	Buffer metabuf = ExtendIndex(index);
	Buffer root = ExtendIndex(index);

	if (BufferGetBlockNumber(metabuf) != TOAST_INDEX_METAPAGE)
		elog(ERROR, "index \"%s\" already contains data",
		     RelationGetRelationName(index));
	InitMetaPage(
		GenericXLogRegisterBuffer(state, metabuf, GENERIC_XLOG_FULL_IMAGE));
	InitPage(GenericXLogRegisterBuffer(state, root, GENERIC_XLOG_FULL_IMAGE), 0,
	         0, InvalidBlockNumber);
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
	InitPage(pages[1].data, 0, 0, InvalidBlockNumber);
	INJECTION_POINT("toast-index-build-empty");
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

/* ---- vacuum ---- */

/* Removes dead entries of a leaf; returns how many. */
static int
VacuumPage(Relation index, Buffer buffer, IndexBulkDeleteCallback callback,
           void *callback_state, double *left)
{
	GenericXLogState *state = GenericXLogStart(index);
	Page page = GenericXLogRegisterBuffer(state, buffer, 0);
	ToastIndexEntry *entries = PageEntries(page);
	int count = EntryCount(page);
	int kept = 0;

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

static BlockNumber
FirstLeaf(Relation index)
{
	ToastIndexMeta meta;
	Buffer metabuf = LockMeta(index, BUFFER_LOCK_SHARE, &meta);
	TreePath path;

	Descend(index, &meta, 0, &path);
	UnlockReleaseBuffer(metabuf);
	return path.block[0];
}

/* Rule 5. */
static IndexBulkDeleteResult *
toast_index_bulkdelete(IndexVacuumInfo *info, IndexBulkDeleteResult *stats,
                       IndexBulkDeleteCallback callback, void *callback_state)
{
	Relation index = info->index;
	BlockNumber block = FirstLeaf(index);

	if (stats == NULL)
		stats = palloc0_object(IndexBulkDeleteResult);
	stats->num_index_tuples = 0;
	while (BlockNumberIsValid(block))
	{
		Buffer buffer;
		BlockNumber next;
		uint64 low;
		bool empty;

		vacuum_delay_point();
		buffer = LockPage(index, block, 0, BUFFER_LOCK_EXCLUSIVE);
		stats->tuples_removed += VacuumPage(
			index, buffer, callback, callback_state, &stats->num_index_tuples);
		empty = EntryCount(BufferGetPage(buffer)) == 0;
		low = PageOpaque(BufferGetPage(buffer))->low;
		next = PageOpaque(BufferGetPage(buffer))->next;
		UnlockReleaseBuffer(buffer);
		if (empty)
			stats->pages_newly_deleted += RemoveLeaf(index, block, low);
		block = next;
	}
	stats->num_pages = RelationGetNumberOfBlocks(index);
	stats->pages_deleted = stats->pages_newly_deleted;
	return stats;
}

static IndexBulkDeleteResult *
toast_index_vacuumcleanup(IndexVacuumInfo *info, IndexBulkDeleteResult *stats)
{
	/* nothing went: there is nothing to tell */
	if (info->analyze_only || stats == NULL)
		return stats;
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
