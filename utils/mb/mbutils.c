/*
 * mbutils.c
 *		Verification and measuring of UTF-8.
 *
 * Legal are the shortest forms of U+0001 to U+10FFFF without the surrogates;
 * a NUL cannot be part of a text.  Most text is ASCII: sixteen bytes at a time
 * are looked at before the slow path.
 *
 * Corresponds to PostgreSQL's wchar.c and mbutils.c for the one encoding.
 */
#include "postgres.h"

#include <ctype.h>

#include "mb/pg_wchar.h"

/* Names of encodings, without what is not a letter or a digit. */
static const char *const other_encodings[] = {
	"abc",         "alt",          "big5",        "euccn",       "eucjis2004",
	"eucjp",       "euckr",        "euctw",       "gb18030",     "gbk",
	"iso88591",    "iso885910",    "iso885913",   "iso885914",   "iso885915",
	"iso885916",   "iso88592",     "iso88593",    "iso88594",    "iso88595",
	"iso88596",    "iso88597",     "iso88598",    "iso88599",    "johab",
	"koi8",        "koi8r",        "koi8u",       "latin1",      "latin10",
	"latin2",      "latin3",       "latin4",      "latin5",      "latin6",
	"latin7",      "latin8",       "latin9",      "mskanji",     "muleinternal",
	"shiftjis",    "shiftjis2004", "sjis",        "sqlascii",    "tcvn",
	"tcvn5712",    "uhc",          "vscii",       "win",         "win1250",
	"win1251",     "win1252",      "win1253",     "win1254",     "win1255",
	"win1256",     "win1257",      "win1258",     "win866",      "win874",
	"win932",      "win936",       "win949",      "win950",      "windows1250",
	"windows1251", "windows1252",  "windows1253", "windows1254", "windows1255",
	"windows1256", "windows1257",  "windows1258", "windows866",  "windows874",
	"windows932",  "windows936",   "windows949",  "windows950"};

int
pg_char_to_encoding(const char *name)
{
	char clean[NAMEDATALEN];
	int n = 0;

	for (; *name != '\0'; name++)
	{
		if (!isalnum((unsigned char) *name))
			continue;
		if (n == NAMEDATALEN - 1)
			return -1;
		clean[n++] = (char) tolower((unsigned char) *name);
	}
	clean[n] = '\0';
	if (strcmp(clean, "utf8") == 0 || strcmp(clean, "unicode") == 0)
		return PG_UTF8;
	for (n = 0; n < (int) lengthof(other_encodings); n++)
		if (strcmp(clean, other_encodings[n]) == 0)
			return -2;
	return -1;
}

int
pg_utf_mblen(const unsigned char *s)
{
	if ((*s & 0x80) == 0)
		return 1;
	if ((*s & 0xe0) == 0xc0)
		return 2;
	if ((*s & 0xf0) == 0xe0)
		return 3;
	if ((*s & 0xf8) == 0xf0)
		return 4;
	return 1;
}

/* Length of the legal character that s begins with, or 0. */
static int
legal_character(const unsigned char *s, int len)
{
	int l = pg_utf_mblen(s);
	unsigned char low = 0x80;
	unsigned char high = 0xbf;

	if (l > len || *s == '\0')
		return 0;
	if (l == 1)
		return *s < 0x80;
	switch (*s)
	{
		case 0xc0:
		case 0xc1:
			return 0; /* would be ASCII */
		case 0xe0:
			low = 0xa0;
			break;
		case 0xed:
			high = 0x9f; /* surrogates */
			break;
		case 0xf0:
			low = 0x90;
			break;
		case 0xf4:
			high = 0x8f; /* above U+10FFFF */
			break;
		default:
			if (*s > 0xf4)
				return 0;
	}
	if (s[1] < low || s[1] > high)
		return 0;
	for (int i = 2; i < l; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return l;
}

/* No byte of w has its high bit set or is zero. */
static inline bool
plain_ascii(uint64 w)
{
	const uint64 high = UINT64CONST(0x8080808080808080);
	const uint64 low = UINT64CONST(0x7f7f7f7f7f7f7f7f);

	/* below 0x80 adding 0x7f reaches the high bit unless the byte is 0 */
	return (w & high) == 0 && ((w + low) & high) == high;
}

int
pg_utf8_verifystr(const unsigned char *s, int len)
{
	int i = 0;

	while (i < len)
	{
		int l;

		while (len - i >= 16)
		{
			uint64 w[2];

			memcpy(w, s + i, sizeof(w));
			if (!plain_ascii(w[0]) || !plain_ascii(w[1]))
				break;
			i += 16;
		}
		if (i == len)
			break;
		l = legal_character(s + i, len - i);
		if (l == 0)
			break;
		i += l;
	}
	return i;
}

bool
pg_verifymbstr(const char *mbstr, int len, bool noError)
{
	int good = pg_utf8_verifystr((const unsigned char *) mbstr, len);

	if (good == len)
		return true;
	if (!noError)
		report_invalid_encoding(mbstr + good, len - good);
	return false;
}

void
report_invalid_encoding(const char *mbstr, int len)
{
	char bytes[MAX_MULTIBYTE_CHAR_LEN * 5 + 1];
	int n = Min(pg_mblen(mbstr), len);
	char *p = bytes;

	*p = '\0';
	for (int i = 0; i < n; i++)
		p +=
			sprintf(p, i == 0 ? "0x%02x" : " 0x%02x", (unsigned char) mbstr[i]);
	ereport(ERROR, (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
	                errmsg("invalid byte sequence for encoding \"%s\": %s",
	                       "UTF8", bytes)));
}

int
pg_mbcliplen(const char *mbstr, int len, int limit)
{
	int clipped = 0;

	while (clipped < len && mbstr[clipped] != '\0')
	{
		int l = pg_mblen(mbstr + clipped);

		if (clipped + l > limit || clipped + l > len)
			break;
		clipped += l;
	}
	return clipped;
}

int
pg_mbstrlen_with_len(const char *mbstr, int len)
{
	int n = 0;

	for (int i = 0; i < len && mbstr[i] != '\0'; i += pg_mblen(mbstr + i))
		n++;
	return n;
}
