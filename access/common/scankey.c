/*
 * scankey.c
 *		Making scan keys.
 */
#include "postgres.h"

#include "access/skey.h"
#include "catalog/pg_collation.h"

void
ScanKeyInit(ScanKey entry, AttrNumber attributeNumber, StrategyNumber strategy,
            RegProcedure procedure, Datum argument)
{
	entry->sk_flags = 0;
	entry->sk_attno = attributeNumber;
	entry->sk_strategy = strategy;
	entry->sk_subtype = InvalidOid;
	entry->sk_collation = C_COLLATION_OID;
	entry->sk_argument = argument;
	fmgr_info(procedure, &entry->sk_func);
}
