/*
 * utils/adt.h
 *		What the files of sql/adt share among themselves.
 */
#ifndef ADT_H
#define ADT_H

#include "fmgr.h"
#include "nodes/pg_list.h"
#include "utils/numeric.h"

/* <0, 0, >0 by bytes; the arguments may have short headers */
extern int text_compare(const text *a, const text *b);
extern text *varlena_concat(const struct varlena *a, const struct varlena *b);

/* characters of a UTF-8 string */
extern int utf8_strlen(const char *s, int len);
/* bytes of its first nchars characters; len if there are fewer */
extern int utf8_offset(const char *s, int len, int nchars);

/*
 * The modifiers that a typmod-in function gets, as integers.  They come as a
 * List of C strings.
 */
extern int32 *get_typmods(Datum list, int *n);

/* -infinity, infinity and the overflow of a computation: ERROR 22003 */
pg_noreturn extern void float_overflow_error(void);
pg_noreturn extern void float_underflow_error(void);
pg_noreturn extern void float_zero_divide_error(void);

/* 22003 "... out of range", naming the type in PostgreSQL's words */
pg_noreturn extern void out_of_range(const char *type);
pg_noreturn extern void division_by_zero(void);

/* 128-bit sums and their quotients, for the aggregates */
extern Numeric int128_to_numeric(__int128 val);

/* times */
typedef struct Interval
{
	int64 time; /* microseconds */
	int32 day;
	int32 month;
} Interval;

extern int64 days_from_civil(int64 year, int month, int day);
extern void civil_from_days(int64 days, int64 *year, int *month, int *day);
extern int days_in_month(int64 year, int month);
/* days from 2000-01-01 and microseconds of the day, never negative */
extern void split_timestamp(int64 t, int64 *days, int64 *usecs);
extern void append_time(struct StringInfoData *s, uint64 usecs);
extern void append_timestamp(struct StringInfoData *s, int64 t, bool zone);
extern void append_date(struct StringInfoData *s, int32 days);

#endif /* ADT_H */
