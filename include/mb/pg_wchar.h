/*
 * mb/pg_wchar.h
 *		Text is UTF-8, on disk and on the wire: its verification and lengths.
 *
 * Corresponds to the part of PostgreSQL's mb/pg_wchar.h for one encoding.
 */
#ifndef PG_WCHAR_H
#define PG_WCHAR_H

#define PG_UTF8 6
#define PG_SQL_ASCII 0
/* bytes of the longest character */
#define MAX_MULTIBYTE_CHAR_LEN 4

/* PG_UTF8; -1: no such encoding; -2: one that there is no conversion for */
extern int pg_char_to_encoding(const char *name);
/* length that the first byte of a character announces: 1 to 4 */
extern int pg_utf_mblen(const unsigned char *s);
#define pg_mblen(s) pg_utf_mblen((const unsigned char *) (s))
/* bytes from the start that are whole, legal characters other than NUL */
extern int pg_utf8_verifystr(const unsigned char *s, int len);
/* ERROR 22021 unless all of it is; with noError false is returned instead */
extern bool pg_verifymbstr(const char *mbstr, int len, bool noError);
extern void
report_invalid_encoding(const char *mbstr, int len) pg_attribute_noreturn();
/* longest prefix of whole characters that has at most limit bytes */
extern int pg_mbcliplen(const char *mbstr, int len, int limit);
/* number of characters */
extern int pg_mbstrlen_with_len(const char *mbstr, int len);

#endif /* PG_WCHAR_H */
