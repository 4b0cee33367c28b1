/*
 * interval.c
 *		The type interval, its arithmetic with times, and the fields of times
 *		and intervals.
 *
 * Months, days and microseconds are kept apart.  For comparing, a month counts
 * 30 days and a day 24 hours.  Output is in PostgreSQL's own style:
 * "1 year 2 mons 3 days 04:05:06.7".
 *
 * Corresponds to parts of PostgreSQL's utils/adt/timestamp.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <math.h>
#include <strings.h>

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/adt.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#define USECS_PER_DAY INT64CONST(86400000000)
#define USECS_PER_HOUR INT64CONST(3600000000)
#define USECS_PER_MINUTE INT64CONST(60000000)
#define DAYS_PER_MONTH 30
#define MONTHS_PER_YEAR 12
#define IS_FINITE(t) ((t) != DT_NOBEGIN && (t) != DT_NOEND)
#define PG_GETARG_INTERVAL(n) ((Interval *) PG_GETARG_POINTER(n))

StaticAssertDecl(sizeof(Interval) == 16, "the layout of interval is on disk");

static void
interval_overflow(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
	                errmsg("interval out of range")));
}

static Interval *
make_interval_value(int64 month, int64 day, int64 time)
{
	Interval *result = palloc0(sizeof(Interval));

	if (month != (int32) month || day != (int32) day)
		interval_overflow();
	result->month = (int32) month;
	result->day = (int32) day;
	result->time = time;
	return result;
}

/* ---- input ---- */

/* a unit of so many months, days or microseconds */
typedef struct Unit
{
	const char *name;
	char part; /* m, d or u */
	int64 size;
} Unit;

static const Unit units[] = {
	{"microsecond", 'u', 1},
	{"us", 'u', 1},
	{"usec", 'u', 1},
	{"millisecond", 'u', 1000},
	{"ms", 'u', 1000},
	{"msec", 'u', 1000},
	{"second", 'u', 1000000},
	{"sec", 'u', 1000000},
	{"s", 'u', 1000000},
	{"minute", 'u', USECS_PER_MINUTE},
	{"min", 'u', USECS_PER_MINUTE},
	{"m", 'u', USECS_PER_MINUTE},
	{"hour", 'u', USECS_PER_HOUR},
	{"hr", 'u', USECS_PER_HOUR},
	{"h", 'u', USECS_PER_HOUR},
	{"day", 'd', 1},
	{"d", 'd', 1},
	{"week", 'd', 7},
	{"w", 'd', 7},
	{"month", 'm', 1},
	{"mon", 'm', 1},
	{"year", 'm', 12},
	{"yr", 'm', 12},
	{"y", 'm', 12},
	{"decade", 'm', 120},
	{"century", 'm', 1200},
	{"centurie", 'm', 1200},
	{"millennium", 'm', 12000},
};

/* also with an s behind it */
static const Unit *
find_unit(const char *name, size_t len)
{
	for (int i = 0; i < lengthof(units); i++)
	{
		size_t n = strlen(units[i].name);

		if (strncasecmp(name, units[i].name, n) == 0 &&
		    (len == n || (len == n + 1 && n > 1 &&
		                  tolower((unsigned char) name[n]) == 's')))
			return &units[i];
	}
	return NULL;
}

static void
bad_syntax(const char *s)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_DATETIME_FORMAT),
	                errmsg("invalid input syntax for type %s: \"%s\"",
	                       "interval", s)));
}

/* what is more than whole goes to the next smaller part */
static void
add_quantity(Interval *result, double value, const Unit *unit)
{
	double amount = value * (double) unit->size;

	if (unit->part == 'm')
	{
		double months = trunc(amount);
		double days = (amount - months) * DAYS_PER_MONTH;

		result->month += (int32) months;
		result->day += (int32) trunc(days);
		result->time += (int64) rint((days - trunc(days)) * USECS_PER_DAY);
	}
	else if (unit->part == 'd')
	{
		result->day += (int32) trunc(amount);
		result->time += (int64) rint((amount - trunc(amount)) * USECS_PER_DAY);
	}
	else
		result->time += (int64) rint(amount);
	if (fabs(amount) > (unit->part == 'u' ? 9e18 : 2e9))
		interval_overflow();
}

/* [-]HH:MM[:SS[.ffffff]] at *p */
static bool
parse_clock(const char **p, Interval *result)
{
	const char *s = *p;
	int sign = 1;
	char *end;
	double hours, minutes, seconds = 0;

	if (*s == '-' || *s == '+')
		sign = *s++ == '-' ? -1 : 1;
	if (!isdigit((unsigned char) *s))
		return false;
	hours = (double) strtoul(s, &end, 10);
	if (*end != ':' || !isdigit((unsigned char) end[1]))
		return false;
	minutes = (double) strtoul(end + 1, &end, 10);
	if (*end == ':')
		seconds = strtod(end + 1, &end);
	result->time += sign * ((int64) hours * USECS_PER_HOUR +
	                        (int64) minutes * USECS_PER_MINUTE +
	                        (int64) rint(seconds * USECS_PER_SEC));
	*p = end;
	return true;
}

Datum
interval_in(PG_FUNCTION_ARGS)
{
	char *string = PG_GETARG_CSTRING(0);
	const char *p = string;
	Interval *result = make_interval_value(0, 0, 0);
	bool any = false;

	for (;;)
	{
		char *end;
		double value;
		const char *word;
		const Unit *unit;

		while (isspace((unsigned char) *p))
			p++;
		if (*p == '@' && !any)
		{
			p++;
			continue;
		}
		if (*p == '\0')
			break;
		if (any && strcasecmp(p, "ago") == 0)
		{
			result->month = -result->month;
			result->day = -result->day;
			result->time = -result->time;
			break;
		}
		any = true;
		if (parse_clock(&p, result))
			continue;
		if (!isdigit((unsigned char) *p) && *p != '-' && *p != '+' && *p != '.')
			bad_syntax(string);
		value = strtod(p, &end);
		if (end == p)
			bad_syntax(string);
		p = end;
		while (isspace((unsigned char) *p))
			p++;
		word = p;
		while (isalpha((unsigned char) *p))
			p++;
		/* a number alone is seconds */
		unit = word == p && *p == '\0' ? find_unit("second", 6)
		                               : find_unit(word, p - word);
		if (unit == NULL)
			bad_syntax(string);
		add_quantity(result, value, unit);
	}
	if (!any)
		bad_syntax(string);
	PG_RETURN_POINTER(result);
}

/* ---- output ---- */

/* a positive part behind a negative one says so */
static void
append_part(StringInfo s, int64 value, const char *name, bool *is_zero,
            bool *was_negative)
{
	if (value == 0)
		return;
	appendStringInfo(s, "%s%s" INT64_FORMAT " %s%s", *is_zero ? "" : " ",
	                 *was_negative && value > 0 ? "+" : "", value, name,
	                 value != 1 ? "s" : "");
	*is_zero = false;
	*was_negative = value < 0;
}

Datum
interval_out(PG_FUNCTION_ARGS)
{
	Interval *value = PG_GETARG_INTERVAL(0);
	StringInfoData s;
	bool is_zero = true;
	bool was_negative = false;

	initStringInfo(&s);
	append_part(&s, value->month / MONTHS_PER_YEAR, "year", &is_zero,
	            &was_negative);
	append_part(&s, value->month % MONTHS_PER_YEAR, "mon", &is_zero,
	            &was_negative);
	append_part(&s, value->day, "day", &is_zero, &was_negative);
	if (value->time != 0 || is_zero)
	{
		if (!is_zero)
			appendStringInfoChar(&s, ' ');
		if (value->time < 0)
			appendStringInfoChar(&s, '-');
		else if (was_negative)
			appendStringInfoChar(&s, '+');
		/* the least of all has no opposite in int64 */
		append_time(&s, value->time < 0 ? -(uint64) value->time
		                                : (uint64) value->time);
	}
	PG_RETURN_CSTRING(s.data);
}

Datum
interval_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int64 time = pq_getmsgint64(buf);
	int32 day = (int32) pq_getmsgint(buf, 4);
	int32 month = (int32) pq_getmsgint(buf, 4);

	PG_RETURN_POINTER(make_interval_value(month, day, time));
}

Datum
interval_send(PG_FUNCTION_ARGS)
{
	Interval *value = PG_GETARG_INTERVAL(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, value->time);
	pq_sendint32(&buf, value->day);
	pq_sendint32(&buf, value->month);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---- order ---- */

static __int128
span(const Interval *value)
{
	return ((__int128) value->month * DAYS_PER_MONTH + value->day) *
	           USECS_PER_DAY +
	       value->time;
}

static int
compare(FunctionCallInfo fcinfo)
{
	__int128 a = span(PG_GETARG_INTERVAL(0));
	__int128 b = span(PG_GETARG_INTERVAL(1));

	return (a > b) - (a < b);
}

#define COMPARISON(name, op)                  \
	Datum name(PG_FUNCTION_ARGS)              \
	{                                         \
		PG_RETURN_BOOL(compare(fcinfo) op 0); \
	}

COMPARISON(interval_eq, ==)
COMPARISON(interval_ne, !=)
COMPARISON(interval_lt, <)
COMPARISON(interval_le, <=)
COMPARISON(interval_gt, >)
COMPARISON(interval_ge, >=)

Datum
interval_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

Datum
interval_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(compare(fcinfo) > 0 ? PG_GETARG_DATUM(0)
	                                    : PG_GETARG_DATUM(1));
}

Datum
interval_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(compare(fcinfo) < 0 ? PG_GETARG_DATUM(0)
	                                    : PG_GETARG_DATUM(1));
}

/* ---- arithmetic ---- */

static Interval *
add_intervals(const Interval *a, const Interval *b, int sign)
{
	int64 time;

	if (sign > 0 ? pg_add_s64_overflow(a->time, b->time, &time)
	             : pg_sub_s64_overflow(a->time, b->time, &time))
		interval_overflow();
	return make_interval_value(a->month + sign * (int64) b->month,
	                           a->day + sign * (int64) b->day, time);
}

Datum
interval_pl(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(
		add_intervals(PG_GETARG_INTERVAL(0), PG_GETARG_INTERVAL(1), 1));
}

Datum
interval_mi(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(
		add_intervals(PG_GETARG_INTERVAL(0), PG_GETARG_INTERVAL(1), -1));
}

Datum
interval_um(PG_FUNCTION_ARGS)
{
	Interval zero = {0, 0, 0};

	PG_RETURN_POINTER(add_intervals(&zero, PG_GETARG_INTERVAL(0), -1));
}

/* in days and less: no months, which have no certain length */
Datum
timestamp_mi(PG_FUNCTION_ARGS)
{
	int64 a = PG_GETARG_INT64(0);
	int64 b = PG_GETARG_INT64(1);
	int64 difference;

	if (!IS_FINITE(a) || !IS_FINITE(b))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("cannot subtract infinite timestamps")));
	if (pg_sub_s64_overflow(a, b, &difference))
		interval_overflow();
	PG_RETURN_POINTER(make_interval_value(0, difference / USECS_PER_DAY,
	                                      difference % USECS_PER_DAY));
}

/* first the months, whose end a day may not pass, then days, then the rest */
static int64
shift_timestamp(int64 t, const Interval *by, int sign)
{
	int64 days, usecs, year;
	int month, day;
	__int128 result;

	if (!IS_FINITE(t))
		return t;
	split_timestamp(t, &days, &usecs);
	if (by->month != 0)
	{
		int64 months;

		civil_from_days(days, &year, &month, &day);
		months = year * MONTHS_PER_YEAR + month - 1 + sign * (int64) by->month;
		year = months >= 0
		           ? months / MONTHS_PER_YEAR
		           : -((MONTHS_PER_YEAR - 1 - months) / MONTHS_PER_YEAR);
		month = (int) (months - year * MONTHS_PER_YEAR) + 1;
		days =
			days_from_civil(year, month, Min(day, days_in_month(year, month)));
	}
	result = ((__int128) days + sign * (int64) by->day) * USECS_PER_DAY +
	         usecs + (__int128) sign * by->time;
	if (result < (__int128) -POSTGRES_EPOCH_JDATE * USECS_PER_DAY ||
	    result >= (__int128) INT64CONST(9223371331200000000))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
		                errmsg("timestamp out of range")));
	return (int64) result;
}

#define SHIFT(name, sign)                                                      \
	Datum name(PG_FUNCTION_ARGS)                                               \
	{                                                                          \
		PG_RETURN_INT64(                                                       \
			shift_timestamp(PG_GETARG_INT64(0), PG_GETARG_INTERVAL(1), sign)); \
	}

SHIFT(timestamp_pl_interval, 1)
SHIFT(timestamp_mi_interval, -1)
SHIFT(timestamptz_pl_interval, 1)
SHIFT(timestamptz_mi_interval, -1)

/*
 * An interval of so many months, days and microseconds.  Parts of a month are
 * days, parts of a day are time.
 */
static Datum
from_parts(double months, double days, double usecs)
{
	double month_rest = (months - trunc(months)) * DAYS_PER_MONTH;
	double day_rest;
	double whole_days;
	double time;

	/* what is no more than the imprecision of the floats is whole */
	month_rest = rint(month_rest * USECS_PER_SEC) / USECS_PER_SEC;
	day_rest = days - trunc(days) + month_rest - trunc(month_rest);
	day_rest = rint(day_rest * USECS_PER_DAY) / USECS_PER_DAY;
	whole_days = trunc(days) + trunc(month_rest);
	if (fabs(day_rest) >= 1)
	{
		whole_days += trunc(day_rest);
		day_rest -= trunc(day_rest);
	}
	time = rint(usecs + day_rest * USECS_PER_DAY);
	if (!(fabs(months) <= PG_INT32_MAX && fabs(whole_days) <= PG_INT32_MAX &&
	      fabs(time) < 9.2e18))
		interval_overflow();
	PG_RETURN_POINTER(make_interval_value((int64) trunc(months),
	                                      (int64) whole_days, (int64) time));
}

Datum
interval_mul(PG_FUNCTION_ARGS)
{
	Interval *value = PG_GETARG_INTERVAL(0);
	float8 factor = PG_GETARG_FLOAT8(1);

	return from_parts(value->month * factor, value->day * factor,
	                  (double) value->time * factor);
}

Datum
interval_div(PG_FUNCTION_ARGS)
{
	Interval *value = PG_GETARG_INTERVAL(0);
	float8 divisor = PG_GETARG_FLOAT8(1);

	if (divisor == 0)
		division_by_zero();
	return from_parts(value->month / divisor, value->day / divisor,
	                  (double) value->time / divisor);
}

/* ---- fields ---- */

/* a word of date_part() and extract() in lower case, without a plural's s */
static char *
field_name(text *t)
{
	char *name = text_to_cstring(t);
	size_t len = strlen(name);

	for (char *p = name; *p; p++)
		*p = (char) tolower((unsigned char) *p);
	if (len > 2 && name[len - 1] == 's')
		name[len - 1] = '\0';
	return name;
}

/* value / 10^places; the places are shown */
typedef struct Field
{
	__int128 value;
	int places;
	bool known;
} Field;

static Field
clock_field(const char *name, int64 usecs)
{
	if (strcmp(name, "hour") == 0)
		return (Field){usecs / USECS_PER_HOUR, 0, true};
	if (strcmp(name, "minute") == 0)
		return (Field){usecs / USECS_PER_MINUTE % 60, 0, true};
	if (strcmp(name, "second") == 0)
		return (Field){usecs % USECS_PER_MINUTE, 6, true};
	if (strcmp(name, "millisecond") == 0)
		return (Field){usecs % USECS_PER_MINUTE, 3, true};
	if (strcmp(name, "microsecond") == 0)
		return (Field){usecs % USECS_PER_MINUTE, 0, true};
	return (Field){0, 0, false};
}

static Field
timestamp_field(const char *name, int64 t)
{
	int64 days, usecs, year;
	int month, day;
	Field field;

	split_timestamp(t, &days, &usecs);
	civil_from_days(days, &year, &month, &day);
	field = clock_field(name, usecs);
	if (field.known)
		return field;
	if (strcmp(name, "epoch") == 0)
		return (Field){(__int128) t + (__int128) (POSTGRES_EPOCH_JDATE -
		                                          UNIX_EPOCH_JDATE) *
		                                  USECS_PER_DAY,
		               6, true};
	if (strcmp(name, "year") == 0)
		return (Field){year > 0 ? year : year - 1, 0, true};
	if (strcmp(name, "month") == 0)
		return (Field){month, 0, true};
	if (strcmp(name, "day") == 0)
		return (Field){day, 0, true};
	if (strcmp(name, "quarter") == 0)
		return (Field){(month - 1) / 3 + 1, 0, true};
	/* 2000-01-01 was a Saturday */
	if (strcmp(name, "dow") == 0)
		return (Field){((days + 6) % 7 + 7) % 7, 0, true};
	if (strcmp(name, "isodow") == 0)
		return (Field){((days + 5) % 7 + 7) % 7 + 1, 0, true};
	if (strcmp(name, "doy") == 0)
		return (Field){days - days_from_civil(year, 1, 1) + 1, 0, true};
	return (Field){0, 0, false};
}

static Field
interval_field(const char *name, const Interval *value)
{
	Field field = clock_field(name, value->time);

	if (field.known)
		return field;
	/* a year counts 365.25 days here */
	if (strcmp(name, "epoch") == 0)
		return (Field){
			(__int128) (value->month / MONTHS_PER_YEAR) *
					(USECS_PER_DAY / 4 * 1461) +
				((__int128) (value->month % MONTHS_PER_YEAR) * DAYS_PER_MONTH +
		         value->day) *
					USECS_PER_DAY +
				value->time,
			6, true};
	if (strcmp(name, "year") == 0)
		return (Field){value->month / MONTHS_PER_YEAR, 0, true};
	if (strcmp(name, "month") == 0)
		return (Field){value->month % MONTHS_PER_YEAR, 0, true};
	if (strcmp(name, "day") == 0)
		return (Field){value->day, 0, true};
	return (Field){0, 0, false};
}

static Datum
return_field(FunctionCallInfo fcinfo, Field field, const char *type,
             bool as_numeric)
{
	static const int64 powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
	bool negative = field.value < 0;
	unsigned __int128 value = negative ? -field.value : field.value;
	char digits[64];

	if (!field.known)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("unit \"%s\" not recognized for type %s",
		                       field_name(PG_GETARG_TEXT_PP(0)), type)));
	if (!as_numeric)
		PG_RETURN_FLOAT8((double) field.value / (double) powers[field.places]);
	if (field.places == 0)
		PG_RETURN_NUMERIC(int128_to_numeric(field.value));
	snprintf(digits, sizeof(digits), "%s%lld.%0*lld", negative ? "-" : "",
	         (long long) (value / powers[field.places]), field.places,
	         (long long) (value % powers[field.places]));
	return DirectFunctionCall3(numeric_in, CStringGetDatum(digits),
	                           ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/* of an infinite time: the greatest number there is, or none */
static Datum
timestamp_field_of(FunctionCallInfo fcinfo, int64 t, const char *type,
                   bool as_numeric)
{
	char *name = field_name(PG_GETARG_TEXT_PP(0));
	Field field = timestamp_field(name, IS_FINITE(t) ? t : 0);

	if (IS_FINITE(t) || !field.known)
		return return_field(fcinfo, field, type, as_numeric);
	if (strcmp(name, "epoch") != 0 && strcmp(name, "year") != 0)
		PG_RETURN_NULL();
	if (as_numeric)
		return DirectFunctionCall3(
			numeric_in,
			CStringGetDatum(t == DT_NOEND ? "Infinity" : "-Infinity"),
			ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	PG_RETURN_FLOAT8(t == DT_NOEND ? INFINITY : -INFINITY);
}

#define TIMESTAMP_FIELD(name, type, as_numeric)                     \
	Datum name(PG_FUNCTION_ARGS)                                    \
	{                                                               \
		return timestamp_field_of(fcinfo, PG_GETARG_INT64(1), type, \
		                          as_numeric);                      \
	}

TIMESTAMP_FIELD(timestamptz_part, "timestamp with time zone", false)
TIMESTAMP_FIELD(extract_timestamptz, "timestamp with time zone", true)
TIMESTAMP_FIELD(timestamp_part, "timestamp without time zone", false)
TIMESTAMP_FIELD(extract_timestamp, "timestamp without time zone", true)

Datum
extract_date(PG_FUNCTION_ARGS)
{
	int64 days = PG_GETARG_INT32(1);
	Field field =
		timestamp_field(field_name(PG_GETARG_TEXT_PP(0)), days * USECS_PER_DAY);

	if (field.places == 6)
		field = (Field){field.value / USECS_PER_SEC, 0, field.known};
	return return_field(fcinfo, field, "date", true);
}

Datum
interval_part(PG_FUNCTION_ARGS)
{
	char *name = field_name(PG_GETARG_TEXT_PP(0));

	return return_field(fcinfo, interval_field(name, PG_GETARG_INTERVAL(1)),
	                    "interval", false);
}

Datum
extract_interval(PG_FUNCTION_ARGS)
{
	char *name = field_name(PG_GETARG_TEXT_PP(0));

	return return_field(fcinfo, interval_field(name, PG_GETARG_INTERVAL(1)),
	                    "interval", true);
}

/* down to the beginning of a unit */
static Datum
truncate_to_unit(FunctionCallInfo fcinfo, const char *type)
{
	char *name = field_name(PG_GETARG_TEXT_PP(0));
	int64 t = PG_GETARG_INT64(1);
	int64 days, usecs, year;
	int month, day;

	if (!IS_FINITE(t))
		PG_RETURN_INT64(t);
	split_timestamp(t, &days, &usecs);
	civil_from_days(days, &year, &month, &day);
	if (strcmp(name, "year") == 0)
		PG_RETURN_INT64(days_from_civil(year, 1, 1) * USECS_PER_DAY);
	if (strcmp(name, "quarter") == 0)
		PG_RETURN_INT64(days_from_civil(year, (month - 1) / 3 * 3 + 1, 1) *
		                USECS_PER_DAY);
	if (strcmp(name, "month") == 0)
		PG_RETURN_INT64(days_from_civil(year, month, 1) * USECS_PER_DAY);
	if (strcmp(name, "week") == 0)
		PG_RETURN_INT64((days - ((days + 5) % 7 + 7) % 7) * USECS_PER_DAY);
	if (strcmp(name, "day") == 0)
		PG_RETURN_INT64(days * USECS_PER_DAY);
	if (strcmp(name, "hour") == 0)
		PG_RETURN_INT64(t - usecs % USECS_PER_HOUR);
	if (strcmp(name, "minute") == 0)
		PG_RETURN_INT64(t - usecs % USECS_PER_MINUTE);
	if (strcmp(name, "second") == 0)
		PG_RETURN_INT64(t - usecs % USECS_PER_SEC);
	if (strcmp(name, "millisecond") == 0)
		PG_RETURN_INT64(t - usecs % 1000);
	if (strcmp(name, "microsecond") != 0)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("unit \"%s\" not recognized for type %s", name, type)));
	PG_RETURN_INT64(t);
}

Datum
timestamptz_trunc(PG_FUNCTION_ARGS)
{
	return truncate_to_unit(fcinfo, "timestamp with time zone");
}

Datum
timestamp_trunc(PG_FUNCTION_ARGS)
{
	return truncate_to_unit(fcinfo, "timestamp without time zone");
}
