/*
 * stringinfo.c
 *		Extensible strings.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

StringInfo
makeStringInfo(void)
{
	StringInfo str = palloc(sizeof(StringInfoData));

	initStringInfo(str);
	return str;
}

void
initStringInfo(StringInfo str)
{
	str->maxlen = 1024;
	str->data = palloc(str->maxlen);
	resetStringInfo(str);
}

void
resetStringInfo(StringInfo str)
{
	str->data[0] = '\0';
	str->len = 0;
	str->cursor = 0;
}

void
destroyStringInfo(StringInfo str)
{
	pfree(str->data);
	pfree(str);
}

/* Room for needed more bytes and the terminator; ERROR 54000 past 1 GB. */
void
enlargeStringInfo(StringInfo str, int needed)
{
	Size newlen;

	if (needed < 0)
		elog(ERROR, "invalid string enlargement request size: %d", needed);
	if ((Size) needed >= MaxAllocSize - (Size) str->len)
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("out of memory"),
		         errdetail("Cannot enlarge string buffer containing %d bytes "
		                   "by %d more bytes.",
		                   str->len, needed)));
	newlen = (Size) str->len + (Size) needed + 1;
	if (newlen <= (Size) str->maxlen)
		return;
	newlen = Min(Max(newlen, (Size) str->maxlen * 2), MaxAllocSize);
	str->data = repalloc(str->data, newlen);
	str->maxlen = (int) newlen;
}

/* 0 if it fitted, else the room to make before trying again. */
int
appendStringInfoVA(StringInfo str, const char *fmt, va_list args)
{
	int avail = str->maxlen - str->len;
	int len = vsnprintf(str->data + str->len, (size_t) avail, fmt, args);

	if (len < 0)
		elog(ERROR, "invalid format string: %s", fmt);
	if (len < avail)
	{
		str->len += len;
		return 0;
	}
	str->data[str->len] = '\0';
	return len + 1;
}

void
appendStringInfo(StringInfo str, const char *fmt, ...)
{
	int save_errno = errno;

	for (;;)
	{
		va_list args;
		int needed;

		errno = save_errno;
		va_start(args, fmt);
		needed = appendStringInfoVA(str, fmt, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(str, needed);
	}
}

void
appendStringInfoString(StringInfo str, const char *s)
{
	appendBinaryStringInfo(str, s, (int) strlen(s));
}

void
appendStringInfoChar(StringInfo str, char ch)
{
	enlargeStringInfo(str, 1);
	str->data[str->len++] = ch;
	str->data[str->len] = '\0';
}

void
appendStringInfoSpaces(StringInfo str, int count)
{
	if (count <= 0)
		return;
	enlargeStringInfo(str, count);
	memset(str->data + str->len, ' ', (size_t) count);
	str->len += count;
	str->data[str->len] = '\0';
}

void
appendBinaryStringInfo(StringInfo str, const void *data, int datalen)
{
	enlargeStringInfo(str, datalen);
	memcpy(str->data + str->len, data, (size_t) datalen);
	str->len += datalen;
	str->data[str->len] = '\0';
}

/* Without the terminator: for pure binary content. */
void
appendBinaryStringInfoNT(StringInfo str, const void *data, int datalen)
{
	enlargeStringInfo(str, datalen);
	memcpy(str->data + str->len, data, (size_t) datalen);
	str->len += datalen;
}
