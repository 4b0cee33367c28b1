/*
 * lib/stringinfo.h
 *		Extensible strings in the current memory context.
 *
 * data is always null-terminated at data[len]; binary content is allowed.
 */
#ifndef STRINGINFO_H
#define STRINGINFO_H

typedef struct StringInfoData
{
	char *data;
	int len;
	int maxlen;
	int cursor; /* reading position of pq_getmsg* */
} StringInfoData;

typedef StringInfoData *StringInfo;

extern StringInfo makeStringInfo(void);
extern void initStringInfo(StringInfo str);
extern void resetStringInfo(StringInfo str);
extern void enlargeStringInfo(StringInfo str, int needed);
extern void appendStringInfo(StringInfo str, const char *fmt, ...)
	pg_attribute_printf(2, 3);
extern int appendStringInfoVA(StringInfo str, const char *fmt, va_list args)
	pg_attribute_printf(2, 0);
extern void appendStringInfoString(StringInfo str, const char *s);
extern void appendStringInfoChar(StringInfo str, char ch);
extern void appendStringInfoSpaces(StringInfo str, int count);
extern void
appendBinaryStringInfo(StringInfo str, const void *data, int datalen);
extern void
appendBinaryStringInfoNT(StringInfo str, const void *data, int datalen);
extern void destroyStringInfo(StringInfo str);

#define appendStringInfoCharMacro(str, ch)         \
	(((str)->len + 1 >= (str)->maxlen)             \
	     ? appendStringInfoChar(str, ch)           \
	     : (void) ((str)->data[(str)->len] = (ch), \
	               (str)->data[++(str)->len] = '\0'))

#endif /* STRINGINFO_H */
