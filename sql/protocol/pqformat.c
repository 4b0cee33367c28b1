/*
 * pqformat.c
 *		Composing and taking apart protocol messages.  Integers are in network
 *		byte order; text is passed as it is (UTF-8 on both sides).
 */
#include "postgres.h"

#include <endian.h>

#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"

void
pq_beginmessage(StringInfo buf, char msgtype)
{
	initStringInfo(buf);
	/* where the type waits until pq_endmessage */
	buf->cursor = msgtype;
}

void
pq_endmessage(StringInfo buf)
{
	(void) pq_putmessage((char) buf->cursor, buf->data, (size_t) buf->len);
	pfree(buf->data);
	buf->data = NULL;
}

void
pq_beginmessage_reuse(StringInfo buf, char msgtype)
{
	resetStringInfo(buf);
	buf->cursor = msgtype;
}

void
pq_endmessage_reuse(StringInfo buf)
{
	(void) pq_putmessage((char) buf->cursor, buf->data, (size_t) buf->len);
}

void
pq_sendbyte(StringInfo buf, uint8 byt)
{
	appendStringInfoCharMacro(buf, (char) byt);
}

void
pq_sendint16(StringInfo buf, uint16 i)
{
	uint16 n = htobe16(i);

	appendBinaryStringInfo(buf, &n, sizeof(n));
}

void
pq_sendint32(StringInfo buf, uint32 i)
{
	uint32 n = htobe32(i);

	appendBinaryStringInfo(buf, &n, sizeof(n));
}

void
pq_sendint64(StringInfo buf, uint64 i)
{
	uint64 n = htobe64(i);

	appendBinaryStringInfo(buf, &n, sizeof(n));
}

void
pq_sendfloat4(StringInfo buf, float4 f)
{
	uint32 bits;

	memcpy(&bits, &f, sizeof(bits));
	pq_sendint32(buf, bits);
}

void
pq_sendfloat8(StringInfo buf, float8 f)
{
	uint64 bits;

	memcpy(&bits, &f, sizeof(bits));
	pq_sendint64(buf, bits);
}

void
pq_sendbytes(StringInfo buf, const void *data, int datalen)
{
	appendBinaryStringInfo(buf, data, datalen);
}

/* With its terminator. */
void
pq_sendstring(StringInfo buf, const char *str)
{
	appendBinaryStringInfo(buf, str, (int) strlen(str) + 1);
}

void
pq_sendcountedtext(StringInfo buf, const char *str, int slen,
                   bool countincludesself)
{
	pq_sendint32(buf, (uint32) (slen + (countincludesself ? 4 : 0)));
	appendBinaryStringInfo(buf, str, slen);
}

void
pq_puttextmessage(char msgtype, const char *str)
{
	(void) pq_putmessage(msgtype, str, strlen(str) + 1);
}

void
pq_putemptymessage(char msgtype)
{
	(void) pq_putmessage(msgtype, NULL, 0);
}

/* A value in binary form: composed behind room for the varlena header. */
void
pq_begintypsend(StringInfo buf)
{
	initStringInfo(buf);
	appendBinaryStringInfo(buf, "\0\0\0\0", VARHDRSZ);
}

bytea *
pq_endtypsend(StringInfo buf)
{
	bytea *result = (bytea *) buf->data;

	Assert(buf->len >= VARHDRSZ);
	SET_VARSIZE(result, buf->len);
	return result;
}

static void
check_left(StringInfo msg, int needed)
{
	if (needed < 0 || needed > msg->len - msg->cursor)
		ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("insufficient data left in message")));
}

int
pq_getmsgbyte(StringInfo msg)
{
	if (msg->cursor >= msg->len)
		ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("no data left in message")));
	return (unsigned char) msg->data[msg->cursor++];
}

void
pq_copymsgbytes(StringInfo msg, void *buf, int datalen)
{
	check_left(msg, datalen);
	memcpy(buf, &msg->data[msg->cursor], (size_t) datalen);
	msg->cursor += datalen;
}

unsigned int
pq_getmsgint(StringInfo msg, int b)
{
	uint16 n16;
	uint32 n32;

	switch (b)
	{
		case 1:
			return (unsigned int) pq_getmsgbyte(msg);
		case 2:
			pq_copymsgbytes(msg, &n16, 2);
			return be16toh(n16);
		case 4:
			pq_copymsgbytes(msg, &n32, 4);
			return be32toh(n32);
	}
	elog(ERROR, "unsupported integer size %d", b);
}

int64
pq_getmsgint64(StringInfo msg)
{
	uint64 n64;

	pq_copymsgbytes(msg, &n64, sizeof(n64));
	return (int64) be64toh(n64);
}

float4
pq_getmsgfloat4(StringInfo msg)
{
	uint32 bits = pq_getmsgint(msg, 4);
	float4 f;

	memcpy(&f, &bits, sizeof(f));
	return f;
}

float8
pq_getmsgfloat8(StringInfo msg)
{
	int64 bits = pq_getmsgint64(msg);
	float8 f;

	memcpy(&f, &bits, sizeof(f));
	return f;
}

/* Points into the message. */
const char *
pq_getmsgbytes(StringInfo msg, int datalen)
{
	const char *result;

	check_left(msg, datalen);
	result = &msg->data[msg->cursor];
	msg->cursor += datalen;
	return result;
}

/* A palloc'd copy with a terminator. */
char *
pq_getmsgtext(StringInfo msg, int rawbytes, int *nbytes)
{
	const char *bytes = pq_getmsgbytes(msg, rawbytes);
	char *str = palloc((Size) rawbytes + 1);

	memcpy(str, bytes, (size_t) rawbytes);
	str[rawbytes] = '\0';
	pg_verifymbstr(str, rawbytes, false);
	*nbytes = rawbytes;
	return str;
}

/* Up to the next zero byte; points into the message. */
const char *
pq_getmsgrawstring(StringInfo msg)
{
	const char *str = &msg->data[msg->cursor];
	size_t len = strnlen(str, (size_t) (msg->len - msg->cursor));

	if (msg->cursor + (int) len >= msg->len)
		ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("invalid string in message")));
	msg->cursor += (int) len + 1;
	return str;
}

const char *
pq_getmsgstring(StringInfo msg)
{
	const char *str = pq_getmsgrawstring(msg);

	pg_verifymbstr(str, (int) strlen(str), false);
	return str;
}

void
pq_getmsgend(StringInfo msg)
{
	if (msg->cursor != msg->len)
		ereport(ERROR, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("invalid message format")));
}
