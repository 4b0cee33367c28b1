/*
 * libpq/pqformat.h
 *		Composing and taking apart protocol messages.
 *
 * The buffer's cursor holds the message type while a message is composed, and
 * the reading position while one is read.  Reading past the end is ERROR 08P01.
 */
#ifndef PQFORMAT_H
#define PQFORMAT_H

#include "lib/stringinfo.h"

extern void pq_beginmessage(StringInfo buf, char msgtype);
extern void pq_endmessage(StringInfo buf);
/* The same in a buffer that stays: initStringInfo it first. */
extern void pq_beginmessage_reuse(StringInfo buf, char msgtype);
extern void pq_endmessage_reuse(StringInfo buf);
extern void pq_sendbyte(StringInfo buf, uint8 byt);
extern void pq_sendint16(StringInfo buf, uint16 i);
extern void pq_sendint32(StringInfo buf, uint32 i);
extern void pq_sendint64(StringInfo buf, uint64 i);
extern void pq_sendfloat4(StringInfo buf, float4 f);
extern void pq_sendfloat8(StringInfo buf, float8 f);
extern void pq_sendbytes(StringInfo buf, const void *data, int datalen);
extern void pq_sendstring(StringInfo buf, const char *str);
extern void pq_sendcountedtext(StringInfo buf, const char *str, int slen,
                               bool countincludesself);
extern void pq_puttextmessage(char msgtype, const char *str);
extern void pq_putemptymessage(char msgtype);
extern void pq_begintypsend(StringInfo buf);
extern bytea *pq_endtypsend(StringInfo buf);
extern int pq_getmsgbyte(StringInfo msg);
/* b: bytes of the integer, 1, 2 or 4 */
extern unsigned int pq_getmsgint(StringInfo msg, int b);
extern int64 pq_getmsgint64(StringInfo msg);
extern float4 pq_getmsgfloat4(StringInfo msg);
extern float8 pq_getmsgfloat8(StringInfo msg);
extern const char *pq_getmsgbytes(StringInfo msg, int datalen);
extern void pq_copymsgbytes(StringInfo msg, void *buf, int datalen);
extern char *pq_getmsgtext(StringInfo msg, int rawbytes, int *nbytes);
extern const char *pq_getmsgstring(StringInfo msg);
extern const char *pq_getmsgrawstring(StringInfo msg);
extern void pq_getmsgend(StringInfo msg);

#endif /* PQFORMAT_H */
