/*
 * storage_orphans.c
 *		Relation files that a crash left without a relation.
 *
 * A transaction makes a file before its row of pg_class is committed.  If a
 * crash ends it, no record tells replay to remove the file.  So at the end of
 * recovery every number below base/5 is looked up in pg_class: what no
 * committed, undeleted row names is removed.  Nobody else runs then, so "in
 * progress" means aborted and no snapshot is needed.
 *
 * PostgreSQL leaves such files where they are.
 */
#include "postgres.h"

#include <ctype.h>

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_class.h"
#include "catalog/storage.h"
#include "common/relpath.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/fd.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#define PG_CLASS_RELFILENODE 1259
#define DATABASE_OID 5
#define DATABASE_PATH "base/5"

typedef struct OidSet
{
	Oid *oids;
	int n;
	int max;
} OidSet;

static void
add_oid(OidSet *set, Oid oid)
{
	if (set->n == set->max)
	{
		set->max = Max(64, set->max * 2);
		set->oids = set->oids == NULL
		                ? palloc(set->max * sizeof(Oid))
		                : repalloc(set->oids, set->max * sizeof(Oid));
	}
	set->oids[set->n++] = oid;
}

static int
compare_oids(const void *a, const void *b)
{
	Oid x = *(const Oid *) a;
	Oid y = *(const Oid *) b;

	return (x > y) - (x < y);
}

static bool
has_oid(const OidSet *set, Oid oid)
{
	return set->n > 0 &&
	       bsearch(&oid, set->oids, set->n, sizeof(Oid), compare_oids) != NULL;
}

static bool
row_is_committed(HeapTupleHeader tuple)
{
	TransactionId xmax = HeapTupleHeaderGetRawXmax(tuple);

	if (!HeapTupleHeaderXminCommitted(tuple) &&
	    !TransactionIdDidCommit(HeapTupleHeaderGetRawXmin(tuple)))
		return false;
	return (tuple->t_infomask & HEAP_XMAX_INVALID) ||
	       HEAP_XMAX_IS_LOCKED_ONLY(tuple->t_infomask) ||
	       !TransactionIdDidCommit(xmax);
}

static void
read_pg_class(OidSet *known)
{
	RelFileNode rnode = {DEFAULTTABLESPACE_OID, DATABASE_OID,
	                     PG_CLASS_RELFILENODE};
	BlockNumber nblocks =
		smgrnblocks(smgropen(rnode, INVALID_PROC_NUMBER), MAIN_FORKNUM);

	for (BlockNumber block = 0; block < nblocks; block++)
	{
		Buffer buffer = ReadBufferWithoutRelcache(rnode, MAIN_FORKNUM, block,
		                                          RBM_NORMAL, NULL, true);
		Page page = BufferGetPage(buffer);

		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		for (OffsetNumber off = FirstOffsetNumber;
		     !PageIsNew(page) && off <= PageGetMaxOffsetNumber(page); off++)
		{
			ItemId item = PageGetItemId(page, off);
			HeapTupleHeader tuple;
			Form_pg_class form;

			if (!ItemIdIsNormal(item))
				continue;
			tuple = (HeapTupleHeader) PageGetItem(page, item);
			form = (Form_pg_class) ((char *) tuple + tuple->t_hoff);
			if (OidIsValid(form->relfilenode) && row_is_committed(tuple))
				add_oid(known, form->relfilenode);
		}
		UnlockReleaseBuffer(buffer);
	}
	if (known->n > 0)
		qsort(known->oids, known->n, sizeof(Oid), compare_oids);
}

static void
RemoveFiles(OidSet *orphans)
{
	RelFileNode *rels = palloc(orphans->n * sizeof(RelFileNode));
	int nrels = 0;

	qsort(orphans->oids, orphans->n, sizeof(Oid), compare_oids);
	for (int i = 0; i < orphans->n; i++)
	{
		RelFileNode rnode = {DEFAULTTABLESPACE_OID, DATABASE_OID,
		                     orphans->oids[i]};

		if (i > 0 && orphans->oids[i] == orphans->oids[i - 1])
			continue;
		rels[nrels++] = rnode;
	}
	smgrDropFilesInRecovery(rels, nrels);
	ereport(LOG, (errmsg_plural("removed the files of %d relation whose "
	                            "creation did not commit",
	                            "removed the files of %d relations whose "
	                            "creation did not commit",
	                            nrels, nrels)));
	pfree(rels);
}

void
RemoveOrphanedRelationFiles(void)
{
	OidSet known = {0};
	OidSet orphans = {0};
	DIR *dir;
	struct dirent *entry;

	INJECTION_POINT("recovery-remove-orphans");
	read_pg_class(&known);
	dir = AllocateDir(DATABASE_PATH);
	while ((entry = ReadDir(dir, DATABASE_PATH)) != NULL)
	{
		Oid number;

		if (!isdigit((unsigned char) entry->d_name[0]))
			continue;
		number = (Oid) strtoul(entry->d_name, NULL, 10);
		/* the catalogs' own files are never made by a transaction that dies */
		if (number >= FirstNormalObjectId && !has_oid(&known, number))
			add_oid(&orphans, number);
	}
	FreeDir(dir);
	if (orphans.n > 0)
		RemoveFiles(&orphans);

	/*
	 * The checkpoint that follows lets the next start do without recovery: what
	 * replay and we have removed must not come back after a power failure.
	 */
	fsync_fname(DATABASE_PATH, true);
}
