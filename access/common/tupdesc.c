/*
 * tupdesc.c
 *		Descriptors of rows: making, copying, comparing.
 *
 * A descriptor is one allocation without pointers, so a copy is a memcpy.
 *
 * Corresponds to PostgreSQL's access/common/tupdesc.c.
 */
#include "postgres.h"

#include "access/tupdesc.h"
#include "catalog/pg_type.h"

#define TupleDescSize(natts) \
	(offsetof(TupleDescData, attrs) + (natts) * sizeof(FormData_pg_attribute))

typedef struct BuiltinType
{
	Oid oid;
	int16 len;
	bool byval;
	char align;
	char storage;
	Oid collation;
} BuiltinType;

#define DEFAULT_COLLATION 100
#define C_COLLATION 950

static const BuiltinType builtin_types[] = {
	{16, 1, true, 'c', 'p', 0},
	{17, -1, false, 'i', 'x', 0},
	{18, 1, true, 'c', 'p', 0},
	{19, NAMEDATALEN, false, 'c', 'p', C_COLLATION},
	{20, 8, true, 'd', 'p', 0},
	{21, 2, true, 's', 'p', 0},
	{22, -1, false, 'i', 'p', 0},
	{23, 4, true, 'i', 'p', 0},
	{24, 4, true, 'i', 'p', 0},
	{25, -1, false, 'i', 'x', DEFAULT_COLLATION},
	{26, 4, true, 'i', 'p', 0},
	{27, 6, false, 's', 'p', 0},
	{28, 4, true, 'i', 'p', 0},
	{29, 4, true, 'i', 'p', 0},
	{30, -1, false, 'i', 'p', 0},
	{194, -1, false, 'i', 'x', DEFAULT_COLLATION},
	{700, 4, true, 'i', 'p', 0},
	{701, 8, true, 'd', 'p', 0},
	{1009, -1, false, 'i', 'x', DEFAULT_COLLATION},
	{1028, -1, false, 'i', 'x', 0},
	{1034, -1, false, 'i', 'x', 0},
	{1184, 8, true, 'd', 'p', 0},
	{1700, -1, false, 'i', 'm', 0},
	{2205, 4, true, 'i', 'p', 0},
	{2277, -1, false, 'd', 'x', 0},
};

TupleDesc
CreateTemplateTupleDesc(int natts)
{
	TupleDesc desc;

	Assert(natts >= 0 && natts <= 1664);
	desc = (TupleDesc) palloc0(TupleDescSize(natts));
	desc->natts = natts;
	desc->tdtypeid = 2249; /* record */
	desc->tdtypmod = -1;
	desc->tdrefcount = -1;
	return desc;
}

TupleDesc
CreateTupleDescCopy(TupleDesc tupdesc)
{
	TupleDesc desc = CreateTemplateTupleDesc(tupdesc->natts);

	memcpy(desc, tupdesc, TupleDescSize(tupdesc->natts));
	desc->tdrefcount = -1;
	return desc;
}

void
FreeTupleDesc(TupleDesc tupdesc)
{
	pfree(tupdesc);
}

void
TupleDescInitBuiltinEntry(TupleDesc desc, AttrNumber attributeNumber,
                          const char *attributeName, Oid oidtypeid,
                          int32 typmod, int attdim)
{
	Form_pg_attribute att;
	Size i;

	Assert(attributeNumber >= 1 && attributeNumber <= desc->natts);
	att = TupleDescAttr(desc, attributeNumber - 1);
	memset(att, 0, sizeof(*att));
	if (attributeName != NULL)
		strlcpy(NameStr(att->attname), attributeName, NAMEDATALEN);
	att->attstattarget = -1;
	att->attcacheoff = -1;
	att->atttypmod = typmod;
	att->attnum = attributeNumber;
	att->attndims = attdim;
	att->attislocal = true;
	att->atttypid = oidtypeid;
	for (i = 0; i < lengthof(builtin_types); i++)
	{
		const BuiltinType *t = &builtin_types[i];

		if (t->oid != oidtypeid)
			continue;
		att->attlen = t->len;
		att->attbyval = t->byval;
		att->attalign = t->align;
		att->attstorage = t->storage;
		att->attcollation = t->collation;
		return;
	}
	elog(ERROR, "unsupported type %u", oidtypeid);
}

void
TupleDescInitEntry(TupleDesc desc, AttrNumber attributeNumber,
                   const char *attributeName, Oid oidtypeid, int32 typmod,
                   int attdim)
{
	Form_pg_type type = GetTypeForm(oidtypeid);
	Form_pg_attribute att;

	if (type == NULL)
		elog(ERROR, "cache lookup failed for type %u", oidtypeid);
	Assert(attributeNumber >= 1 && attributeNumber <= desc->natts);
	att = TupleDescAttr(desc, attributeNumber - 1);
	memset(att, 0, sizeof(*att));
	if (attributeName != NULL)
		strlcpy(NameStr(att->attname), attributeName, NAMEDATALEN);
	att->attstattarget = -1;
	att->attcacheoff = -1;
	att->atttypmod = typmod;
	att->attnum = attributeNumber;
	att->attndims = attdim;
	att->attislocal = true;
	att->atttypid = oidtypeid;
	att->attlen = type->typlen;
	att->attbyval = type->typbyval;
	att->attalign = type->typalign;
	att->attstorage = type->typstorage;
	att->attcollation = type->typcollation;
}

bool
equalTupleDescs(TupleDesc tupdesc1, TupleDesc tupdesc2)
{
	int i;

	if (tupdesc1->natts != tupdesc2->natts ||
	    tupdesc1->tdtypeid != tupdesc2->tdtypeid)
		return false;
	for (i = 0; i < tupdesc1->natts; i++)
	{
		FormData_pg_attribute a = *TupleDescAttr(tupdesc1, i);
		Form_pg_attribute b = TupleDescAttr(tupdesc2, i);

		if (strcmp(NameStr(a.attname), NameStr(b->attname)) != 0 ||
		    a.atttypid != b->atttypid || a.attlen != b->attlen ||
		    a.attndims != b->attndims || a.atttypmod != b->atttypmod ||
		    a.attbyval != b->attbyval || a.attalign != b->attalign ||
		    a.attstorage != b->attstorage || a.attnotnull != b->attnotnull ||
		    a.atthasdef != b->atthasdef || a.attisdropped != b->attisdropped ||
		    a.attcollation != b->attcollation)
			return false;
	}
	return true;
}
