/*
 * utils/numeric_sort.h
 *		What a sort of numerics calls (utils/sortsupport.h).
 */
#ifndef NUMERIC_SORT_H
#define NUMERIC_SORT_H

#include "utils/sortsupport.h"

extern int numeric_sort_compare(Datum x, Datum y, SortSupport ssup);
extern uint64 numeric_sort_abbreviate(Datum value, SortSupport ssup);

#endif /* NUMERIC_SORT_H */
