/*
 * numutils.c
 *		Integers from text and to text.
 *
 * Corresponds to PostgreSQL's utils/adt/numutils.c.
 */
#include "postgres.h"

#include "utils/builtins.h"

static void
bad_syntax(const char *s, const char *type)
{
	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
	         errmsg("invalid input syntax for type %s: \"%s\"", type, s)));
}

static inline bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * White space, a sign, digits, white space; from min to max.  The number is
 * built up as a negative one, of which there is one more.
 */
static int64
strtoint(const char *s, int64 min, int64 max, const char *type)
{
	const char *p = s;
	bool negative = false;
	bool overflow = false;
	int64 value = 0;

	while (is_space(*p))
		p++;
	if (*p == '-' || *p == '+')
		negative = *p++ == '-';
	if (*p < '0' || *p > '9')
		bad_syntax(s, type);
	for (; *p >= '0' && *p <= '9'; p++)
		overflow = overflow || pg_mul_s64_overflow(value, 10, &value) ||
		           pg_sub_s64_overflow(value, *p - '0', &value);
	while (is_space(*p))
		p++;
	if (*p != '\0')
		bad_syntax(s, type);
	if (overflow || (negative ? value < min : value < -max))
		ereport(ERROR,
		        (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		         errmsg("value \"%s\" is out of range for type %s", s, type)));
	return negative ? value : -value;
}

int16
pg_strtoint16(const char *s)
{
	return (int16) strtoint(s, PG_INT16_MIN, PG_INT16_MAX, "smallint");
}

int32
pg_strtoint32(const char *s)
{
	return (int32) strtoint(s, PG_INT32_MIN, PG_INT32_MAX, "integer");
}

int64
pg_strtoint64(const char *s)
{
	return strtoint(s, PG_INT64_MIN, PG_INT64_MAX, "bigint");
}

/* the digits, without a terminator */
static int
write_digits(uint64 value, char *a)
{
	char digits[MAXINT8LEN];
	int n = 0;

	do
	{
		digits[n++] = '0' + value % 10;
		value /= 10;
	} while (value != 0);
	for (int i = 0; i < n; i++)
		a[i] = digits[n - 1 - i];
	return n;
}

int
pg_ultoa_n(uint32 value, char *a)
{
	return write_digits(value, a);
}

int
pg_lltoa(int64 value, char *a)
{
	int len = 0;

	if (value < 0)
		a[len++] = '-';
	len += write_digits(value < 0 ? -(uint64) value : (uint64) value, a + len);
	a[len] = '\0';
	return len;
}

int
pg_ltoa(int32 value, char *a)
{
	return pg_lltoa(value, a);
}
