/*
 * access/skey.h
 *		Keys of a scan: a condition on a column, or an ordering by an operator.
 */
#ifndef SKEY_H
#define SKEY_H

#include "access/attnum.h"
#include "access/stratnum.h"
#include "fmgr.h"

typedef struct ScanKeyData
{
	int sk_flags;
	AttrNumber sk_attno; /* column of the index, from 1 */
	StrategyNumber sk_strategy;
	Oid sk_subtype;
	Oid sk_collation;
	FmgrInfo sk_func;
	Datum sk_argument;
} ScanKeyData;

typedef ScanKeyData *ScanKey;

#define SK_ISNULL 0x0001
#define SK_ORDER_BY 0x0100

extern void
ScanKeyInit(ScanKey entry, AttrNumber attributeNumber, StrategyNumber strategy,
            RegProcedure procedure, Datum argument);

#endif /* SKEY_H */
