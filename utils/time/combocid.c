/*
 * combocid.c
 *		Command ids of rows inserted and deleted in one transaction.
 *
 * A row has room for one command id; where it needs two, it gets the number of
 * a pair kept in this process, which nobody else needs to read: for them the
 * transaction is in progress or over.  Workers get a copy and add none.
 *
 * Corresponds to PostgreSQL's combocid.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "utils/combocid.h"
#include "utils/hsearch.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

typedef struct ComboCidKey
{
	CommandId cmin;
	CommandId cmax;
} ComboCidKey;

typedef struct ComboCidEntry
{
	ComboCidKey key;
	CommandId combocid;
} ComboCidEntry;

/* Both in TopTransactionContext. */
static HTAB *comboHash = NULL;
static ComboCidKey *comboCids = NULL;
static int usedComboCids = 0;
static int sizeComboCids = 0;

static CommandId
GetComboCommandId(CommandId cmin, CommandId cmax)
{
	ComboCidKey key = {cmin, cmax};
	ComboCidEntry *entry;
	bool found;

	if (comboHash == NULL)
	{
		HASHCTL ctl = {.keysize = sizeof(ComboCidKey),
		               .entrysize = sizeof(ComboCidEntry),
		               .hcxt = TopTransactionContext};

		sizeComboCids = 100;
		usedComboCids = 0;
		comboCids = (ComboCidKey *) MemoryContextAlloc(
			TopTransactionContext, sizeof(ComboCidKey) * sizeComboCids);
		comboHash = hash_create("Combo CIDs", 100, &ctl,
		                        HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	if (usedComboCids >= sizeComboCids)
	{
		comboCids = (ComboCidKey *) repalloc(comboCids, sizeof(ComboCidKey) *
		                                                    sizeComboCids * 2);
		sizeComboCids *= 2;
	}
	entry = (ComboCidEntry *) hash_search(comboHash, &key, HASH_ENTER, &found);
	if (!found)
	{
		entry->combocid = usedComboCids;
		comboCids[usedComboCids++] = key;
	}
	return entry->combocid;
}

static ComboCidKey
GetRealCommandIds(CommandId combocid)
{
	Assert(combocid < (CommandId) usedComboCids);
	return comboCids[combocid];
}

CommandId
HeapTupleHeaderGetCmin(HeapTupleHeader tup)
{
	CommandId cid = HeapTupleHeaderGetRawCommandId(tup);

	if (tup->t_infomask & HEAP_COMBOCID)
		return GetRealCommandIds(cid).cmin;
	return cid;
}

CommandId
HeapTupleHeaderGetCmax(HeapTupleHeader tup)
{
	CommandId cid = HeapTupleHeaderGetRawCommandId(tup);

	if (tup->t_infomask & HEAP_COMBOCID)
		return GetRealCommandIds(cid).cmax;
	return cid;
}

/* Before a critical section: what to store as cmax. */
void
HeapTupleHeaderAdjustCmax(HeapTupleHeader tup, CommandId *cmax, bool *iscombo)
{
	*iscombo = false;
	if (!(tup->t_infomask & HEAP_XMIN_COMMITTED) &&
	    TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetRawXmin(tup)))
	{
		*cmax = GetComboCommandId(HeapTupleHeaderGetCmin(tup), *cmax);
		*iscombo = true;
	}
}

void
AtEOXact_ComboCid(void)
{
	comboHash = NULL;
	comboCids = NULL;
	usedComboCids = 0;
	sizeComboCids = 0;
}

Size
EstimateComboCIDStateSpace(void)
{
	return sizeof(int) + sizeof(ComboCidKey) * usedComboCids;
}

void
SerializeComboCIDState(Size maxsize, char *start_address)
{
	Assert(maxsize >= EstimateComboCIDStateSpace());
	INJECTION_POINT("combocid-serialize");
	memcpy(start_address, &usedComboCids, sizeof(int));
	if (usedComboCids > 0)
		memcpy(start_address + sizeof(int), comboCids,
		       sizeof(ComboCidKey) * usedComboCids);
}

void
RestoreComboCIDState(char *comboCIDstate)
{
	int n;
	int i;

	Assert(comboHash == NULL);
	INJECTION_POINT("combocid-restore");
	memcpy(&n, comboCIDstate, sizeof(int));
	for (i = 0; i < n; i++)
	{
		ComboCidKey key;

		memcpy(&key, comboCIDstate + sizeof(int) + i * sizeof(key),
		       sizeof(key));
		if (GetComboCommandId(key.cmin, key.cmax) != (CommandId) i)
			elog(ERROR, "unexpected command ID while restoring combo CIDs");
	}
}
