/*
 * timestamp.c
 *		The types timestamp with and without time zone and date: input and
 *		output, order, casts, the clock.
 *
 * The session's time zone is UTC and its style of dates is ISO, so the two
 * timestamps differ in the zone that is read and shown only.  A day is counted
 * from 2000-01-01, a timestamp is the microseconds since then.
 *
 * Corresponds to PostgreSQL's utils/adt/timestamp.c, date.c and datetime.c;
 * interval is in interval.c.
 */
#include "postgres.h"

#include <math.h>

#include <ctype.h>
#include <strings.h>

#include "access/xact.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/adt.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define USECS_PER_DAY INT64CONST(86400000000)
#define DATE_NOBEGIN PG_INT32_MIN
#define DATE_NOEND PG_INT32_MAX

/* 4714-11-24 BC to the end of 294276, in days from 2000-01-01 */
#define MIN_DAY (-POSTGRES_EPOCH_JDATE)
#define END_DAY 106751983
/* dates go on to the end of 5874897 */
#define END_DATE 2145031949

#define IS_FINITE(t) ((t) != DT_NOBEGIN && (t) != DT_NOEND)

/* ---- the calendar (Gregorian, also before it was) ---- */

/* days from 2000-01-01; the year 0 is 1 BC */
int64
days_from_civil(int64 year, int month, int day)
{
	int64 era, year_of_era, day_of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = year - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 -
	       year_of_era / 100 + day_of_year - 730425;
}

void
civil_from_days(int64 days, int64 *year, int *month, int *day)
{
	int64 era, day_of_era, year_of_era, day_of_year, shifted_month;

	days += 730425;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = days - era * 146097;
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
	               day_of_era / 146096) /
	              365;
	day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	shifted_month = (5 * day_of_year + 2) / 153;
	*day = (int) (day_of_year - (153 * shifted_month + 2) / 5 + 1);
	*month = (int) (shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
	*year = year_of_era + era * 400 + (*month <= 2);
}

int
days_in_month(int64 year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

void
split_timestamp(int64 t, int64 *days, int64 *usecs)
{
	*days = t / USECS_PER_DAY;
	*usecs = t % USECS_PER_DAY;
	if (*usecs < 0)
	{
		*usecs += USECS_PER_DAY;
		(*days)--;
	}
}

/* ---- output ---- */

static void
append_civil(StringInfo s, int64 year, int month, int day)
{
	appendStringInfo(s, "%04d-%02d-%02d", (int) (year > 0 ? year : 1 - year),
	                 month, day);
}

/* HH:MM:SS and as many places as are needed */
void
append_time(StringInfo s, uint64 usecs)
{
	uint64 seconds = usecs / USECS_PER_SEC;
	int fraction = (int) (usecs % USECS_PER_SEC);

	/* the hours of an interval are more than an int holds */
	appendStringInfo(s, "%02" PRIu64 ":%02d:%02d", seconds / 3600,
	                 (int) (seconds / 60 % 60), (int) (seconds % 60));
	if (fraction != 0)
	{
		appendStringInfo(s, ".%06d", fraction);
		while (s->data[s->len - 1] == '0')
			s->data[--s->len] = '\0';
	}
}

void
append_date(StringInfo s, int32 days)
{
	int64 year;
	int month, day;

	if (days == DATE_NOBEGIN || days == DATE_NOEND)
	{
		appendStringInfoString(s,
		                       days == DATE_NOEND ? "infinity" : "-infinity");
		return;
	}
	civil_from_days(days, &year, &month, &day);
	append_civil(s, year, month, day);
	if (year <= 0)
		appendStringInfoString(s, " BC");
}

void
append_timestamp(StringInfo s, int64 t, bool zone)
{
	int64 days, usecs, year;
	int month, day;

	if (!IS_FINITE(t))
	{
		appendStringInfoString(s, t == DT_NOEND ? "infinity" : "-infinity");
		return;
	}
	split_timestamp(t, &days, &usecs);
	civil_from_days(days, &year, &month, &day);
	append_civil(s, year, month, day);
	appendStringInfoChar(s, ' ');
	append_time(s, usecs);
	if (zone)
		appendStringInfoString(s, "+00");
	if (year <= 0)
		appendStringInfoString(s, " BC");
}

/* ---- input ---- */

typedef struct ParsedTime
{
	int64 year;
	int month;
	int day;
	int64 usecs;      /* of the day */
	int64 zone_usecs; /* east of UTC */
	bool has_time;
	bool has_zone;
	int64 value; /* of a word, the microseconds */
	bool is_word;
} ParsedTime;

static void
bad_syntax(const char *type, const char *s)
{
	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_DATETIME_FORMAT),
	         errmsg("invalid input syntax for type %s: \"%s\"", type, s)));
}

static void
field_out_of_range(const char *s)
{
	ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
	                errmsg("date/time field value out of range: \"%s\"", s)));
}

/* 1 to max_digits digits at *p */
static bool
parse_number(const char **p, int max_digits, int64 *value)
{
	int n = 0;

	*value = 0;
	for (; isdigit((unsigned char) **p) && n < max_digits; n++)
		*value = *value * 10 + *(*p)++ - '0';
	return n > 0;
}

static const char *
skip_space(const char *p)
{
	while (isspace((unsigned char) *p))
		p++;
	return p;
}

static bool
parse_word(const char *p, ParsedTime *t)
{
	static const char *const words[] = {"infinity", "-infinity", "epoch",
	                                    "now",      "today",     "tomorrow",
	                                    "yesterday"};
	int64 now = GetCurrentTransactionStartTimestamp();
	int64 days, usecs;
	size_t len = strlen(p);

	while (len > 0 && isspace((unsigned char) p[len - 1]))
		len--;
	split_timestamp(now, &days, &usecs);
	for (int i = 0; i < lengthof(words); i++)
	{
		const int64 values[] = {
			DT_NOEND,
			DT_NOBEGIN,
			-(int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY,
			now,
			days * USECS_PER_DAY,
			(days + 1) * USECS_PER_DAY,
			(days - 1) * USECS_PER_DAY,
		};

		if (len != strlen(words[i]) || strncasecmp(p, words[i], len) != 0)
			continue;
		t->value = values[i];
		t->is_word = true;
		return true;
	}
	return false;
}

/* hours, minutes, seconds with a fraction; false if it is none */
static bool
parse_clock(const char **p, int64 *usecs)
{
	int64 hour, minute = 0, second = 0, fraction = 0;

	if (!parse_number(p, 2, &hour) || **p != ':')
		return false;
	(*p)++;
	if (!parse_number(p, 2, &minute))
		return false;
	if (**p == ':')
	{
		(*p)++;
		if (!parse_number(p, 2, &second))
			return false;
		if (**p == '.')
		{
			int64 unit = 1000000;

			for ((*p)++; isdigit((unsigned char) **p); (*p)++)
			{
				unit /= 10;
				if (unit > 0)
					fraction += unit * (**p - '0');
				else if ((*p)[-7] == '.')
					fraction += **p >= '5';
			}
		}
	}
	if (minute > 59 || second > 60 || hour > 24 ||
	    (hour == 24 && minute + second + fraction > 0))
		*usecs = -1;
	else
		*usecs =
			((hour * 60 + minute) * 60 + second) * USECS_PER_SEC + fraction;
	return true;
}

/* Z, UTC, GMT, or +HH, +HHMM, +HH:MM */
static bool
parse_zone(const char **p, int64 *zone_usecs)
{
	int64 hours, minutes = 0;
	int sign;

	*zone_usecs = 0;
	if (strncasecmp(*p, "UTC", 3) == 0 || strncasecmp(*p, "GMT", 3) == 0)
	{
		*p += 3;
		return true;
	}
	if (**p == 'Z' || **p == 'z')
	{
		(*p)++;
		return true;
	}
	if (**p != '+' && **p != '-')
		return false;
	sign = *(*p)++ == '-' ? -1 : 1;
	if (!parse_number(p, 2, &hours))
		return false;
	if (**p == ':')
		(*p)++;
	(void) parse_number(p, 2, &minutes);
	if (hours > 15 || minutes > 59)
		return false;
	*zone_usecs = sign * (hours * 60 + minutes) * 60 * USECS_PER_SEC;
	return true;
}

static void
parse_time(const char *s, const char *type, ParsedTime *t)
{
	const char *p = skip_space(s);
	int64 month = 0, day = 0;

	memset(t, 0, sizeof(*t));
	if (parse_word(p, t))
		return;
	if (!parse_number(&p, 7, &t->year) || *p++ != '-' ||
	    !parse_number(&p, 2, &month) || *p++ != '-' ||
	    !parse_number(&p, 2, &day))
		bad_syntax(type, s);
	if (*p == 'T' || *p == 't' || isspace((unsigned char) *p))
	{
		p = skip_space(p + 1);
		if (isdigit((unsigned char) *p))
		{
			t->has_time = true;
			if (!parse_clock(&p, &t->usecs))
				bad_syntax(type, s);
			p = skip_space(p);
			t->has_zone = parse_zone(&p, &t->zone_usecs);
		}
	}
	else
		t->has_zone = parse_zone(&p, &t->zone_usecs);
	p = skip_space(p);
	if (strncasecmp(p, "BC", 2) == 0)
	{
		if (t->year < 1)
			field_out_of_range(s);
		t->year = 1 - t->year;
		p = skip_space(p + 2);
	}
	else if (t->year == 0)
		field_out_of_range(s);
	if (*p != '\0')
		bad_syntax(type, s);
	if (month < 1 || month > 12 || day < 1 || day > 31)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("date/time field value out of range: \"%s\"", s),
		                errhint("Perhaps you need a different \"datestyle\" "
		                        "setting.")));
	if (t->usecs < 0 || day > days_in_month(t->year, (int) month))
		field_out_of_range(s);
	t->month = (int) month;
	t->day = (int) day;
}

/* to so many places of a second; -1: all six */
static int64
round_to_typmod(int64 t, int32 typmod)
{
	static const int64 units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
	int64 unit;

	if (!IS_FINITE(t) || typmod == -1 || typmod == 6)
		return t;
	if (typmod < 0 || typmod > 6)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("timestamp(%d) precision must be between %d "
		                       "and %d",
		                       typmod, 0, 6)));
	unit = units[typmod];
	return t >= 0 ? (t + unit / 2) / unit * unit
	              : -((-t + unit / 2) / unit * unit);
}

static int64
parse_timestamp(const char *s, int32 typmod, bool zone)
{
	ParsedTime t;
	int64 days;

	parse_time(s, zone ? "timestamp with time zone" : "timestamp", &t);
	if (t.is_word)
		return t.value;
	days = days_from_civil(t.year, t.month, t.day);
	if (days < MIN_DAY || days >= END_DAY)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("timestamp out of range: \"%s\"", s)));
	return round_to_typmod(
		days * USECS_PER_DAY + t.usecs - (zone ? t.zone_usecs : 0), typmod);
}

/* ---- SQL functions: input and output ---- */

Datum
timestamptz_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(
		parse_timestamp(PG_GETARG_CSTRING(0), PG_GETARG_INT32(2), true));
}

Datum
timestamp_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(
		parse_timestamp(PG_GETARG_CSTRING(0), PG_GETARG_INT32(2), false));
}

static Datum
show(int64 t, bool zone)
{
	StringInfoData s;

	initStringInfo(&s);
	append_timestamp(&s, t, zone);
	PG_RETURN_CSTRING(s.data);
}

Datum
timestamptz_out(PG_FUNCTION_ARGS)
{
	return show(PG_GETARG_INT64(0), true);
}

Datum
timestamp_out(PG_FUNCTION_ARGS)
{
	return show(PG_GETARG_INT64(0), false);
}

static Datum
receive(FunctionCallInfo fcinfo)
{
	int64 t = pq_getmsgint64((StringInfo) PG_GETARG_POINTER(0));

	if (IS_FINITE(t) &&
	    (t < MIN_DAY * USECS_PER_DAY || t >= END_DAY * USECS_PER_DAY))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("timestamp out of range")));
	PG_RETURN_INT64(round_to_typmod(t, PG_GETARG_INT32(2)));
}

Datum
timestamptz_recv(PG_FUNCTION_ARGS)
{
	return receive(fcinfo);
}

Datum
timestamp_recv(PG_FUNCTION_ARGS)
{
	return receive(fcinfo);
}

static Datum
send(FunctionCallInfo fcinfo)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, PG_GETARG_INT64(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
timestamptz_send(PG_FUNCTION_ARGS)
{
	return send(fcinfo);
}

Datum
timestamp_send(PG_FUNCTION_ARGS)
{
	return send(fcinfo);
}

static Datum
precision_typmod(Datum list, const char *zone)
{
	int n;
	int32 *mods = get_typmods(list, &n);

	if (n != 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid type modifier")));
	if (mods[0] < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("TIMESTAMP(%d)%s precision must not be negative",
		                       mods[0], zone)));
	PG_RETURN_INT32(Min(mods[0], 6));
}

Datum
timestamptztypmodin(PG_FUNCTION_ARGS)
{
	return precision_typmod(PG_GETARG_DATUM(0), " WITH TIME ZONE");
}

Datum
timestamptypmodin(PG_FUNCTION_ARGS)
{
	return precision_typmod(PG_GETARG_DATUM(0), "");
}

Datum
timestamptztypmodout(PG_FUNCTION_ARGS)
{
	int32 typmod = PG_GETARG_INT32(0);

	PG_RETURN_CSTRING(typmod >= 0 ? psprintf("(%d) with time zone", typmod)
	                              : pstrdup(" with time zone"));
}

Datum
timestamptypmodout(PG_FUNCTION_ARGS)
{
	int32 typmod = PG_GETARG_INT32(0);

	PG_RETURN_CSTRING(typmod >= 0 ? psprintf("(%d) without time zone", typmod)
	                              : pstrdup(" without time zone"));
}

Datum
timestamptz_scale(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(round_to_typmod(PG_GETARG_INT64(0), PG_GETARG_INT32(1)));
}

Datum
timestamp_scale(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(round_to_typmod(PG_GETARG_INT64(0), PG_GETARG_INT32(1)));
}

/* ---- date ---- */

Datum
date_in(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);
	ParsedTime t;
	int64 days, usecs;

	parse_time(s, "date", &t);
	if (t.is_word)
	{
		if (!IS_FINITE(t.value))
			PG_RETURN_INT32(t.value == DT_NOEND ? DATE_NOEND : DATE_NOBEGIN);
		split_timestamp(t.value, &days, &usecs);
		PG_RETURN_INT32((int32) days);
	}
	days = days_from_civil(t.year, t.month, t.day);
	if (days < MIN_DAY || days >= END_DATE)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("date out of range: \"%s\"", s)));
	PG_RETURN_INT32((int32) days);
}

Datum
date_out(PG_FUNCTION_ARGS)
{
	StringInfoData s;

	initStringInfo(&s);
	append_date(&s, PG_GETARG_INT32(0));
	PG_RETURN_CSTRING(s.data);
}

Datum
date_recv(PG_FUNCTION_ARGS)
{
	int32 days = pq_getmsgint((StringInfo) PG_GETARG_POINTER(0), 4);

	if (days != DATE_NOBEGIN && days != DATE_NOEND &&
	    (days < MIN_DAY || days >= END_DATE))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("date out of range")));
	PG_RETURN_INT32(days);
}

Datum
date_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint32(&buf, PG_GETARG_INT32(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---- order ---- */

#define COMPARISONS(prefix, GET, RETURN)                        \
	Datum prefix##_eq(PG_FUNCTION_ARGS)                         \
	{                                                           \
		PG_RETURN_BOOL(GET(0) == GET(1));                       \
	}                                                           \
	Datum prefix##_ne(PG_FUNCTION_ARGS)                         \
	{                                                           \
		PG_RETURN_BOOL(GET(0) != GET(1));                       \
	}                                                           \
	Datum prefix##_lt(PG_FUNCTION_ARGS)                         \
	{                                                           \
		PG_RETURN_BOOL(GET(0) < GET(1));                        \
	}                                                           \
	Datum prefix##_le(PG_FUNCTION_ARGS)                         \
	{                                                           \
		PG_RETURN_BOOL(GET(0) <= GET(1));                       \
	}                                                           \
	Datum prefix##_gt(PG_FUNCTION_ARGS)                         \
	{                                                           \
		PG_RETURN_BOOL(GET(0) > GET(1));                        \
	}                                                           \
	Datum prefix##_ge(PG_FUNCTION_ARGS)                         \
	{                                                           \
		PG_RETURN_BOOL(GET(0) >= GET(1));                       \
	}                                                           \
	Datum prefix##_cmp(PG_FUNCTION_ARGS)                        \
	{                                                           \
		PG_RETURN_INT32((GET(0) > GET(1)) - (GET(0) < GET(1))); \
	}                                                           \
	Datum prefix##_larger(PG_FUNCTION_ARGS)                     \
	{                                                           \
		RETURN(Max(GET(0), GET(1)));                            \
	}                                                           \
	Datum prefix##_smaller(PG_FUNCTION_ARGS)                    \
	{                                                           \
		RETURN(Min(GET(0), GET(1)));                            \
	}

COMPARISONS(timestamp, PG_GETARG_INT64, PG_RETURN_INT64)
COMPARISONS(date, PG_GETARG_INT32, PG_RETURN_INT32)

/* ---- casts ---- */

Datum
timestamp_timestamptz(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_INT64(0));
}

Datum
timestamptz_timestamp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_INT64(0));
}

static Datum
to_date(int64 t)
{
	int64 days, usecs;

	if (!IS_FINITE(t))
		PG_RETURN_INT32(t == DT_NOEND ? DATE_NOEND : DATE_NOBEGIN);
	split_timestamp(t, &days, &usecs);
	PG_RETURN_INT32((int32) days);
}

Datum
timestamptz_date(PG_FUNCTION_ARGS)
{
	return to_date(PG_GETARG_INT64(0));
}

Datum
timestamp_date(PG_FUNCTION_ARGS)
{
	return to_date(PG_GETARG_INT64(0));
}

static Datum
from_date(int32 days)
{
	if (days == DATE_NOBEGIN || days == DATE_NOEND)
		PG_RETURN_INT64(days == DATE_NOEND ? DT_NOEND : DT_NOBEGIN);
	if (days >= END_DAY)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("date out of range for timestamp")));
	PG_RETURN_INT64(days * USECS_PER_DAY);
}

Datum
date_timestamptz(PG_FUNCTION_ARGS)
{
	return from_date(PG_GETARG_INT32(0));
}

Datum
date_timestamp(PG_FUNCTION_ARGS)
{
	return from_date(PG_GETARG_INT32(0));
}

/* ---- dates and numbers of days ---- */

static Datum
shift_date(int32 date, int64 days)
{
	int64 result = date + days;

	if (date == DATE_NOBEGIN || date == DATE_NOEND)
		PG_RETURN_INT32(date);
	if (result < MIN_DAY || result >= END_DATE)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("date out of range")));
	PG_RETURN_INT32((int32) result);
}

Datum
date_pli(PG_FUNCTION_ARGS)
{
	return shift_date(PG_GETARG_INT32(0), PG_GETARG_INT32(1));
}

Datum
date_mii(PG_FUNCTION_ARGS)
{
	return shift_date(PG_GETARG_INT32(0), -(int64) PG_GETARG_INT32(1));
}

Datum
date_mi(PG_FUNCTION_ARGS)
{
	int32 a = PG_GETARG_INT32(0);
	int32 b = PG_GETARG_INT32(1);

	if (a == DATE_NOBEGIN || a == DATE_NOEND || b == DATE_NOBEGIN ||
	    b == DATE_NOEND)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("cannot subtract infinite dates")));
	PG_RETURN_INT32(a - b);
}

/* ---- the clock ---- */

Datum
now(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(GetCurrentTransactionStartTimestamp());
}

Datum
statement_timestamp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(GetCurrentStatementStartTimestamp());
}

Datum
clock_timestamp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(GetCurrentTimestamp());
}

/* the seconds since 1970-01-01 */
Datum
float8_timestamptz(PG_FUNCTION_ARGS)
{
	float8 seconds = PG_GETARG_FLOAT8(0);
	float8 usecs;

	if (isnan(seconds))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("timestamp cannot be NaN")));
	if (isinf(seconds))
		PG_RETURN_INT64(seconds < 0 ? DT_NOBEGIN : DT_NOEND);
	usecs = (seconds - (float8) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) *
	                       SECS_PER_DAY) *
	        USECS_PER_SEC;
	if (!(usecs >= (float8) MIN_DAY * USECS_PER_DAY &&
	      usecs < (float8) END_DAY * USECS_PER_DAY))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("timestamp out of range: \"%g\"", seconds)));
	PG_RETURN_INT64(__builtin_llrint(usecs));
}
