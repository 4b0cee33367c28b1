/*
 * access/tupdesc.h
 *		Descriptors of rows: types and names of their columns.
 */
#ifndef TUPDESC_H
#define TUPDESC_H

#include "access/attnum.h"
#include "catalog/pg_attribute.h"

typedef struct TupleDescData
{
	int natts;
	Oid tdtypeid;
	int32 tdtypmod;
	int tdrefcount; /* -1: not counted */
	FormData_pg_attribute attrs[FLEXIBLE_ARRAY_MEMBER];
} TupleDescData;

typedef struct TupleDescData *TupleDesc;

#define TupleDescAttr(tupdesc, i) (&(tupdesc)->attrs[(i)])

extern TupleDesc CreateTemplateTupleDesc(int natts);
extern TupleDesc CreateTupleDescCopy(TupleDesc tupdesc);
extern void FreeTupleDesc(TupleDesc tupdesc);
extern void TupleDescInitEntry(TupleDesc desc, AttrNumber attributeNumber,
                               const char *attributeName, Oid oidtypeid,
                               int32 typmod, int attdim);
/* the common types, known without catalogs */
extern void
TupleDescInitBuiltinEntry(TupleDesc desc, AttrNumber attributeNumber,
                          const char *attributeName, Oid oidtypeid,
                          int32 typmod, int attdim);
extern bool equalTupleDescs(TupleDesc tupdesc1, TupleDesc tupdesc2);

#endif /* TUPDESC_H */
