/*
 * storage/direct.h
 *		The public segment as an attached client sees it, and direct search.
 *
 * A client maps the segment read-only, at any address.  At offset 0 is the
 * header: what it is, for whom it was compiled, whether it is valid now, and
 * where the named structures are.  A client that does not agree with one of the
 * header's numbers does not read further.
 *
 * Direct search, in short (doc/direct-search.md has the whole):
 *
 *	BEGIN	the backend locks table and index (AccessShare), takes a snapshot,
 *			reads the index's version, writes a new number into its slot
 *	search	the client reads pages of index, table and commit log under the rules
 *			of storage/bufoptimistic.h and access/clog_slots.h
 *	check	DirectSearchIsValid: the rows may be given to the application
 *	again	with the same snapshot, while DirectSnapshotIsCurrent
 *	END		or the next BEGIN
 *
 * D1.	A slot's number is written by its backend only: after the snapshot, and
 *		set to 0, with a full barrier behind, before anything that the search
 *		relies on is given up: locks, snapshot, transaction.
 * D2.	The index's version is raised before elements are taken away that a
 *		search may stand on, and read by BEGIN before the search reads.
 * D3.	The generation is odd from before the first change of the segment's
 *		reset until recovery is over; it never returns to an earlier value.
 * D4.	Nothing waits for a client: what the slot's backend holds for it is given
 *		up when somebody waits for it, and after reader_timeout.
 * D5.	An end of file on the session's socket means that nobody keeps the slot
 *		any more: the client looks for it too before it returns rows.
 * D6.	XactCompletions is raised together with what it makes snapshots see, under
 *		the lock under which they are taken, before anybody is told.  A snapshot
 *		whose count is still there is the one that would be taken now.
 */
#ifndef STORAGE_DIRECT_H
#define STORAGE_DIRECT_H

#include "port/atomics.h"
#include "storage/relfilenode.h"

/* ---------------------------------------------------------------------------
 * The header, at offset 0 of the public segment
 * ---------------------------------------------------------------------------
 */

#define PUBLIC_SHMEM_MAGIC 0x4b535554
#define PUBLIC_SHMEM_STRUCTS 32
#define PUBLIC_SHMEM_NAME_SIZE 48

/* names of structures; those of others are in the header's comments */
#define DIRECT_SLOTS_NAME "Direct Slots"
#define DIRECT_VERSIONS_NAME "Direct Versions"
#define XACT_COMPLETIONS_NAME "Xact Completions"

/*
 * By name: "Xact" (access/clog_slots.h), "Buffer Descriptors", "Buffer Blocks"
 * (begins at the next multiple of BUFFER_BLOCKS_ALIGN of the offset), "Shared
 * Buffer Lookup Table" (buf_table.c), "Index Cache Entries", "Index Cache"
 * (chunks begin at the next multiple of 4096 of the offset), and the three above.
 */
typedef struct PublicShmemStruct
{
	char name[PUBLIC_SHMEM_NAME_SIZE]; /* [C] */
	uint64 offset;                     /* [C] from the segment's start */
	uint64 size;                       /* [C] */
} PublicShmemStruct;

/* What server and client have to agree on, as compiled or configured. */
typedef struct PublicShmemAbi
{
	uint32 version;                   /* ATTACH_VERSION */
	uint32 blcksz;                    /* BLCKSZ */
	uint32 blocks_align;              /* BUFFER_BLOCKS_ALIGN */
	uint32 buffer_desc_size;          /* BufferDescPadded */
	uint32 clog_slot_size;            /* ClogSlot */
	uint32 clog_slots;                /* CLOG_NUM_SLOTS */
	uint32 cache_entry_size;          /* IndexCacheEntry */
	uint32 hnsw_cache_header_size;    /* HnswCacheHeader */
	uint32 hnsw_cache_node_size;      /* HnswCacheNode */
	uint32 ivfflat_codes_header_size; /* IvfflatCodesHeader */
	uint32 ivfflat_coded_page_size;   /* IvfflatCodedPage */
	uint32 direct_slot_size;          /* DirectSlot */
	uint32 direct_versions;           /* DIRECT_VERSIONS */
	uint32 header_size;               /* PublicShmemHeader */
} PublicShmemAbi;

/* Fills in what this program was compiled with. */
extern void PublicShmemFillAbi(PublicShmemAbi *abi);

typedef struct PublicShmemHeader
{
	uint32 magic;                /* [C] PUBLIC_SHMEM_MAGIC */
	uint32 nstructs;             /* [C] */
	pg_atomic_uint64 generation; /* [A] by the postmaster; odd: not valid */
	uint64 total_size;           /* [C] of the segment */
	int32 nbuffers;              /* [C] shared_buffers, in blocks */
	int32 nslots;                /* [C] client slots */
	PublicShmemAbi abi;          /* [C] */
	PublicShmemStruct structs[PUBLIC_SHMEM_STRUCTS]; /* [C] */
} PublicShmemHeader;

/*
 * The structure's address in a mapping, NULL: there is none of that name, or
 * what the header says of it does not lie within total_size.
 */
static inline void *
PublicShmemFind(void *base, uint64 total_size, const char *name, uint64 *size)
{
	PublicShmemHeader *header = (PublicShmemHeader *) base;
	uint32 n = header->nstructs;

	for (uint32 i = 0; i < n && i < PUBLIC_SHMEM_STRUCTS; i++)
	{
		PublicShmemStruct *s = &header->structs[i];

		if (strncmp(s->name, name, PUBLIC_SHMEM_NAME_SIZE) != 0)
			continue;
		if (s->offset > total_size || s->size > total_size - s->offset)
			return NULL;
		if (size != NULL)
			*size = s->size;
		return (char *) base + s->offset;
	}
	return NULL;
}

/* ---------------------------------------------------------------------------
 * Slots: a backend's running search
 * ---------------------------------------------------------------------------
 */

#define DIRECT_NO_SEARCH 0

/* By ProcNumber.  A cache line. */
typedef struct DirectSlot
{
	pg_atomic_uint64 search; /* [A] by the slot's backend; 0: none */
	uint64 last;             /* [O] the last number used */
	/* for tusk_direct_searches, read without a lock */
	int64 started;   /* [O] TimestampTz of BEGIN */
	uint64 begun;    /* [O] searches of this backend */
	uint64 ended;    /* [O] of those: ended by the backend, not by END */
	uint32 table;    /* [O] oid */
	uint32 index;    /* [O] oid */
	uint32 pid;      /* [O] of the backend; 0: the slot is free */
	uint32 outcome;  /* [O] DirectOutcome of the last one */
	uint32 in_block; /* [O] the locks are a transaction block's */
	uint32 unused;
} DirectSlot;

StaticAssertDecl(sizeof(DirectSlot) == 64, "a slot is a cache line");

/* ---------------------------------------------------------------------------
 * Versions of indexes
 * ---------------------------------------------------------------------------
 */

/*
 * One word for all indexes whose relfilenodes fall on it: who raises it for one
 * ends searches of the others too, which then are done again.
 */
#define DIRECT_VERSIONS 1024
#define DIRECT_NO_VERSION 0xffffffffU

typedef struct DirectVersions
{
	pg_atomic_uint64 version[DIRECT_VERSIONS]; /* [A] only raised */
} DirectVersions;

/* ---------------------------------------------------------------------------
 * Ends of transactions
 * ---------------------------------------------------------------------------
 */

/* A cache line of its own: each commit writes it. */
typedef struct XactCompletions
{
	pg_atomic_uint64 count; /* [L:ProcArrayLock] to write, [A] to read: how many
	                         * transactions with an xid have ended */
	uint64 unused[7];
} XactCompletions;

StaticAssertDecl(sizeof(XactCompletions) == 64, "it is a cache line");

/* ---------------------------------------------------------------------------
 * The client's check
 * ---------------------------------------------------------------------------
 */

/* What a running search is known by; pointers into the client's mapping. */
typedef struct DirectSearchId
{
	const pg_atomic_uint64 *slot_word;
	const pg_atomic_uint64 *generation_word;
	const pg_atomic_uint64 *version_word; /* NULL: the index has none */
	const pg_atomic_uint64 *completions_word;
	uint64 search;
	uint64 generation;
	uint64 version;
	uint64 completions;
} DirectSearchId;

/*
 * Was all that was read so far what the search's snapshot, locks and index
 * version vouch for?  Besides, the socket must not be at its end (D5).
 */
static inline bool
DirectSearchIsValid(const DirectSearchId *id)
{
	/* pairs with the barriers in DirectClearSlot, DirectRaiseVersion, and
	 * PublicShmemSetGeneration: who saw what came after them sees them too */
	pg_read_barrier();
	return pg_atomic_read_u64((pg_atomic_uint64 *) id->slot_word) ==
	           id->search &&
	       pg_atomic_read_u64((pg_atomic_uint64 *) id->generation_word) ==
	           id->generation &&
	       (id->version_word == NULL ||
	        pg_atomic_read_u64((pg_atomic_uint64 *) id->version_word) ==
	            id->version);
}

/*
 * Would a snapshot taken now be the search's?  Asked before a query that is not
 * the search's first, and true of it if the search is valid after its last read:
 * then the segment, whose counts begin anew with each generation, is the same.
 */
static inline bool
DirectSnapshotIsCurrent(const DirectSearchId *id)
{
	bool current =
		pg_atomic_read_u64((pg_atomic_uint64 *) id->completions_word) ==
		id->completions;

	pg_read_barrier(); /* the query reads after that */
	return current;
}

/* ---------------------------------------------------------------------------
 * The server's side (storage/ipc/direct.c)
 * ---------------------------------------------------------------------------
 */

/* setting: ms that a search may take; 0: no end */
extern int reader_timeout;

extern Size DirectPublicShmemSize(void);
extern void DirectShmemInit(void);

/* The index's word; the same for every process of the server. */
extern uint32 DirectVersionPlace(const RelFileNode *rnode);
extern uint64 DirectReadVersion(const RelFileNode *rnode);
/* Searches of the index that began before are not valid any more. */
extern void DirectRaiseVersion(const RelFileNode *rnode);

/* This backend's slot: taken once, given back at exit. */
extern int DirectTakeSlot(void);
/* A new number into it: the search is valid from now on. */
extern uint64 DirectSetSlot(Oid table, Oid index, bool in_block);
/* D1; without effect if no search is running.  outcome: a DirectOutcome. */
extern void DirectClearSlot(uint32 outcome);

/*
 * Short searches, which their clients may only be keeping, end: what is deleted
 * by now they do not hold.  Waits for each, but for no client.
 */
extern void DirectEndShortSearches(void);

/* For tusk_direct_searches: a copy of slot i; false: past the last one. */
extern bool DirectReadSlot(int i, DirectSlot *copy);

#endif /* STORAGE_DIRECT_H */
