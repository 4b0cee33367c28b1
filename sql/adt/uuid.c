/*
 * uuid.c
 *		The type uuid: 16 bytes, and random ones.
 *
 * Corresponds to PostgreSQL's utils/adt/uuid.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <sys/random.h>

#include "fmgr.h"
#include "libpq/pqformat.h"

#define UUID_LEN 16
#define PG_GETARG_UUID(n) ((uint8 *) PG_GETARG_POINTER(n))

static void
bad_syntax(const char *s)
{
	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
	         errmsg("invalid input syntax for type %s: \"%s\"", "uuid", s)));
}

/* 32 digits, a hyphen allowed after every four, all of it in braces or not */
Datum
uuid_in(PG_FUNCTION_ARGS)
{
	char *string = PG_GETARG_CSTRING(0);
	const char *p = string;
	uint8 *result = palloc0(UUID_LEN);
	bool braces = *p == '{';

	p += braces;
	for (int i = 0; i < UUID_LEN * 2; i++)
	{
		int c = tolower((unsigned char) *p);

		if (!isxdigit((unsigned char) *p))
			bad_syntax(string);
		p++;
		result[i / 2] =
			(uint8) (result[i / 2] << 4 | (c >= 'a' ? c - 'a' + 10 : c - '0'));
		if (*p == '-' && i % 4 == 3 && i < UUID_LEN * 2 - 1)
			p++;
	}
	if (braces && *p++ != '}')
		bad_syntax(string);
	if (*p != '\0')
		bad_syntax(string);
	PG_RETURN_POINTER(result);
}

Datum
uuid_out(PG_FUNCTION_ARGS)
{
	uint8 *uuid = PG_GETARG_UUID(0);
	char *result = palloc(UUID_LEN * 2 + 5);
	char *p = result;

	for (int i = 0; i < UUID_LEN; i++)
	{
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		p += sprintf(p, "%02x", uuid[i]);
	}
	PG_RETURN_CSTRING(result);
}

Datum
uuid_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	uint8 *result = palloc(UUID_LEN);

	memcpy(result, pq_getmsgbytes(buf, UUID_LEN), UUID_LEN);
	PG_RETURN_POINTER(result);
}

Datum
uuid_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbytes(&buf, PG_GETARG_UUID(0), UUID_LEN);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

static int
compare(FunctionCallInfo fcinfo)
{
	return memcmp(PG_GETARG_UUID(0), PG_GETARG_UUID(1), UUID_LEN);
}

#define COMPARISON(name, op)                  \
	Datum name(PG_FUNCTION_ARGS)              \
	{                                         \
		PG_RETURN_BOOL(compare(fcinfo) op 0); \
	}

COMPARISON(uuid_eq, ==)
COMPARISON(uuid_ne, !=)
COMPARISON(uuid_lt, <)
COMPARISON(uuid_le, <=)
COMPARISON(uuid_gt, >)
COMPARISON(uuid_ge, >=)

Datum
uuid_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

/* version 4: 122 random bits */
Datum
gen_random_uuid(PG_FUNCTION_ARGS)
{
	uint8 *result = palloc(UUID_LEN);

	if (getrandom(result, UUID_LEN, 0) != UUID_LEN)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
		                errmsg("could not generate random values")));
	result[6] = (result[6] & 0x0F) | 0x40;
	result[8] = (result[8] & 0x3F) | 0x80;
	PG_RETURN_POINTER(result);
}
