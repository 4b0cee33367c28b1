/*
 * ivfflat_codes.h
 *	  Codes of the rows of an ivfflat index in the index cache
 *	  (storage/indexcache.h).
 *
 * See access/ivfflat/ivfcodes.c.
 */
#ifndef ACCESS_IVFFLAT_CODES_H
#define ACCESS_IVFFLAT_CODES_H

#include "access/ivfflat.h"
#include "access/vector_codes.h"
#include "storage/bufoptimistic.h"
#include "storage/indexcache.h"

#define IVFFLAT_CODES_MAGIC 0x49564643

/* The one part of an entry that is used: coded pages, by block. */
#define IVFFLAT_CODES_PAGES 0

/* In the entry; all but unfit follows from the index and is constant. */
typedef struct IvfflatCodesHeader
{
	uint32 magic;           /* [C] */
	int dim;                /* [C] */
	uint32 items_per_page;  /* [C] at most */
	uint32 code_size;       /* [C] from one code to the next */
	uint32 tids_offset;     /* [C] in a coded page */
	uint32 codes_offset;    /* [C] in a coded page */
	uint32 page_size;       /* [C] of a coded page */
	uint32 pages_per_chunk; /* [C] */
	pg_atomic_uint32 unfit; /* [L:IndexCacheLock, shared][A] scans that codes
	                         * did not serve, less those that they did */
} IvfflatCodesHeader;

StaticAssertDecl(sizeof(IvfflatCodesHeader) <= INDEX_CACHE_AM_SIZE,
                 "what ivfflat keeps in an entry");

/*
 * What a page of a list held while its buffer had that version.  After this come
 * for items_per_page rows, in the order of items: their errors, reaches and
 * lengths (VectorCodeError), their TIDs, their codes.
 */
typedef struct IvfflatCodedPage
{
	pg_atomic_uint32 version; /* [A] odd: it is being written; 0: never was */
	int buf_id;               /* [V:version] */
	uint64 buf_version;       /* [V:version] */
	BlockNumber next;         /* [V:version] in its chain */
	uint32 n;                 /* [V:version] rows */
	uint64 unused;
	float errors[FLEXIBLE_ARRAY_MEMBER]; /* [V:version] */
} IvfflatCodedPage;

/* One scan's view of the entry, at one version of it. */
typedef struct IvfflatCodes
{
	IndexCacheEntry *entry;
	uint64 version;
	IvfflatCodesHeader header; /* a copy */
	Relation index;
	const IvfflatSupport *support;
	VectorCode *query;
	VectorCodeQuery bounds;
	bool full; /* no more have room, or the entry is gone */
} IvfflatCodes;

/* A coded page that is being read. */
typedef struct IvfflatCodesRead
{
	const IvfflatCodedPage *page;
	uint32 version;
	int n;
	BlockNumber next;
} IvfflatCodesRead;

/* ---- ivfcodesread.c ---- */

/*
 * False: the index is not there, codes do not serve it, or they can say nothing
 * of that query, which is a value.
 */
extern bool IvfflatCodesOpen(IvfflatCodes *c, Relation index,
                             const IvfflatSupport *support, const void *query);
/* Where a block's coded page is; NULL: no chunk there. */
extern IvfflatCodedPage *
IvfflatCodedPageAt(const IvfflatCodes *c, BlockNumber blkno);
/*
 * The page has codes, which are those of what is in the buffer now: as
 * OptimisticReadBegin, whose tag is set.
 */
extern bool IvfflatCodesBegin(const IvfflatCodes *c, BlockNumber blkno,
                              IvfflatCodesRead *r, OptimisticRead *read);
/* Bounds of the distances, and the TIDs, of the page's rows. */
extern void IvfflatCodesTake(const IvfflatCodes *c, const IvfflatCodesRead *r,
                             float *distances, ItemPointerData *tids);
/* Was all that was taken what Begin had found? */
extern bool IvfflatCodesEnd(const IvfflatCodes *c, const IvfflatCodesRead *r);

/* ---- ivfcodes.c ---- */

/* Have an entry for the index, if there is room.  No locks are held. */
extern void IvfflatCodesEnter(Relation index, const IvfflatSupport *support);
/*
 * A page was read whole, its n rows, the last item first, being plain tuples
 * with these points, and next the one after it in its chain: the next scan finds
 * its codes, if it still is what it was when it was read.
 */
extern void
IvfflatCodesPublish(IvfflatCodes *c, const OptimisticRead *read,
                    BlockNumber next, const char *const *points, int n);
/* What came of codes for a scan, for those to come. */
extern void IvfflatCodesCountUnfit(const IvfflatCodes *c, bool unfit);
/* What differs from the page, which is locked; NULL: nothing. */
extern const char *
IvfflatCodesCompare(Relation index, const IvfflatSupport *support, Buffer buf);

/* ---- ivfexact.c ---- */

/* Rows of a page, of which bounds are known. */
typedef struct IvfflatCodedRows
{
	uint64 buf_version;
	int buf_id;
	BlockNumber blkno;
	int first; /* position of the first, the first item */
	int n;
} IvfflatCodedRows;

/*
 * A batch of rows of which some have bounds in place of distances, and come in
 * the order of their distances all the same.  Zeros before the first use.
 */
typedef struct IvfflatExact
{
	Relation index;
	const IvfflatSupport *support;
	const void *query;
	void *scratch; /* room for a value */
	MemoryContext context;

	/* the batch */
	float *distances;
	const ItemPointerData *tids;
	IvfflatCodedRows *pages; /* by position */
	int npages;
	int pages_room;
	uint64 *keys; /* a heap: of rows whose distances are known */
	int nkeys;
	int keys_room;
	int nread;  /* distances that were computed for it */
	int ngiven; /* rows handed out */
	bool unfit; /* bounds told too little */
} IvfflatExact;

extern void IvfflatExactBegin(IvfflatExact *x);
/* The next n rows of the batch are those of a page whose codes were read. */
extern void IvfflatExactNotePage(IvfflatExact *x, const OptimisticRead *read,
                                 int first, int n);
/* All bounds become distances.  Before anything is handed out. */
extern void IvfflatExactAll(IvfflatExact *x);
/* As IvfflatOrderNext; order is that of bounds and distances. */
extern int IvfflatExactNext(IvfflatExact *x, IvfflatOrder *order);
extern void IvfflatExactEnd(IvfflatExact *x);

#endif /* ACCESS_IVFFLAT_CODES_H */
