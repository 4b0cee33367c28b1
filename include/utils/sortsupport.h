/*
 * utils/sortsupport.h
 *		Comparison of two values of a sort key, with the order's direction and
 *		the place of NULLs.
 *
 * Corresponds to PostgreSQL's utils/sortsupport.h.
 */
#ifndef SORTSUPPORT_H
#define SORTSUPPORT_H

#include "access/attnum.h"
#include "fmgr.h"

typedef struct SortSupportData *SortSupport;

typedef struct SortSupportData
{
	MemoryContext ssup_cxt;
	Oid ssup_collation;
	bool ssup_reverse;
	bool ssup_nulls_first;
	AttrNumber ssup_attno;
	/* <0, 0, >0, without regard to ssup_reverse */
	int (*comparator)(Datum x, Datum y, SortSupport ssup);
	FunctionCallInfo fcinfo;     /* of the type's comparison function */
	MemoryContext ssup_call_cxt; /* while it runs */
	/*
	 * A number that orders values as comparator does where it differs, without
	 * regard to ssup_reverse; NULL: there is none.  With abbrev_exact equal
	 * numbers mean equal values.
	 */
	uint64 (*abbreviate)(Datum value, SortSupport ssup);
	bool abbrev_exact;
} SortSupportData;

/* fill in the rest; ssup_cxt, _collation, _nulls_first, _attno are set */
extern void PrepareSortSupportFromOrderingOp(Oid orderingOp, SortSupport ssup);
/* the same from a comparison function (btree support function 1) */
extern void
PrepareSortSupportFromFunction(Oid cmpfunc, bool reverse, SortSupport ssup);

static inline int
ApplySortComparator(Datum datum1, bool isNull1, Datum datum2, bool isNull2,
                    SortSupport ssup)
{
	int compare;

	if (unlikely(isNull1))
		return isNull2 ? 0 : ssup->ssup_nulls_first ? -1 : 1;
	if (unlikely(isNull2))
		return ssup->ssup_nulls_first ? 1 : -1;
	compare = ssup->comparator(datum1, datum2, ssup);
	return ssup->ssup_reverse ? (compare < 0   ? 1
	                             : compare > 0 ? -1
	                                           : 0)
	                          : compare;
}

#endif /* SORTSUPPORT_H */
