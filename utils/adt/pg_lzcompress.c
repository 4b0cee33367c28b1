/*
 * pg_lzcompress.c
 *		"pglz": Lempel-Ziv compression with back references of up to 273 bytes
 *		in a window of 4095.
 *
 * The format.  Items come in groups of eight, each group behind a control byte
 * whose bits, lowest first, say what the items are.  0: one byte, as it is.  1:
 * a copy of bytes that were decompressed before, in two or three bytes:
 *
 *		byte 0		offset bits 11..8 in the high half; length - 3 in the low
 *					half, or 15: see byte 2
 *		byte 1		offset bits 7..0; the offset counts backwards, from 1
 *		byte 2		only if the low half of byte 0 is 15: length - 18
 *
 * A copy may overlap what it makes: offset 1 repeats a byte.
 *
 * The compressor finds candidates through chains of positions with the same
 * hash of four bytes.  It takes the longest it sees, and is content with less
 * the longer it has looked (match_size_good, match_size_drop).  Which matches
 * it chooses is its own affair: any reader of the format reads the result.
 *
 * Corresponds to PostgreSQL's pg_lzcompress.c.
 */
#include "postgres.h"

#include <limits.h>

#include "common/pg_lzcompress.h"

#define MAX_OFFSET 0x0FFF
#define MIN_MATCH 3
#define MAX_MATCH 273
#define SHORT_MATCH_LIMIT 18 /* lengths from here on take a third byte */

#define HASH_BITS 13
#define HASH_SIZE (1 << HASH_BITS)
#define WINDOW 4096 /* a power of two above MAX_OFFSET */

static const PGLZ_Strategy strategy_default_data = {32,   INT_MAX, 25,
                                                    1024, 128,     10};
static const PGLZ_Strategy strategy_always_data = {0,       INT_MAX, 0,
                                                   INT_MAX, 128,     6};

const PGLZ_Strategy *const PGLZ_strategy_default = &strategy_default_data;
const PGLZ_Strategy *const PGLZ_strategy_always = &strategy_always_data;

/* Positions are stored plus one; 0 is none. */
static int32 hash_head[HASH_SIZE];
static int32 hash_prev[WINDOW];

typedef struct Output
{
	unsigned char *ptr;
	unsigned char *control; /* of the group being filled */
	int bit;                /* next bit of it; 8: a new one is due */
} Output;

static inline uint32
HashAt(const unsigned char *p)
{
	uint32 v;

	memcpy(&v, p, sizeof(v));
	return (v * 2654435761U) >> (32 - HASH_BITS);
}

static inline void
Remember(const unsigned char *input, int32 pos, int32 slen)
{
	uint32 h;

	if (slen - pos < 4)
		return;
	h = HashAt(input + pos);
	hash_prev[pos & (WINDOW - 1)] = hash_head[h];
	hash_head[h] = pos + 1;
}

/* Length of the best match for pos, 0 if there is none; *offset. */
static int32
FindMatch(const unsigned char *input, int32 pos, int32 slen, int32 good_match,
          int32 good_drop, int32 *offset)
{
	int32 best = 0;
	int32 limit = Min(slen - pos, MAX_MATCH);
	int32 candidate;

	if (slen - pos < 4)
		return 0;
	candidate = hash_head[HashAt(input + pos)];
	while (candidate != 0)
	{
		int32 there = candidate - 1;
		int32 next;
		int32 len = 0;

		if (pos - there > MAX_OFFSET)
			break;
		/* worth comparing only if it can be longer than what there is */
		if (best == 0 || input[there + best] == input[pos + best])
			while (len < limit && input[there + len] == input[pos + len])
				len++;
		if (len > best)
		{
			best = len;
			*offset = pos - there;
			if (best >= limit)
				break;
		}
		if (best >= good_match)
			break;
		if (best >= MIN_MATCH)
			good_match -= (good_match * good_drop) / 100;
		next = hash_prev[there & (WINDOW - 1)];
		/* the slot may have been taken by a later position */
		if (next >= candidate)
			break;
		candidate = next;
	}
	return best >= MIN_MATCH ? best : 0;
}

static inline void
NextItem(Output *out, bool is_match)
{
	if (out->bit == 8)
	{
		out->control = out->ptr++;
		*out->control = 0;
		out->bit = 0;
	}
	if (is_match)
		*out->control |= (unsigned char) (1 << out->bit);
	out->bit++;
}

static inline void
PutMatch(Output *out, int32 len, int32 offset)
{
	NextItem(out, true);
	if (len >= SHORT_MATCH_LIMIT)
	{
		*out->ptr++ = (unsigned char) (((offset & 0xF00) >> 4) | 0x0F);
		*out->ptr++ = (unsigned char) (offset & 0xFF);
		*out->ptr++ = (unsigned char) (len - SHORT_MATCH_LIMIT);
	}
	else
	{
		*out->ptr++ =
			(unsigned char) (((offset & 0xF00) >> 4) | (len - MIN_MATCH));
		*out->ptr++ = (unsigned char) (offset & 0xFF);
	}
}

/* What the result must stay below. */
static int32
ResultLimit(int32 slen, int32 min_comp_rate)
{
	if (min_comp_rate < 0)
		min_comp_rate = 0;
	if (min_comp_rate > 99)
		min_comp_rate = 99;
	return (int32) ((int64) slen * (100 - min_comp_rate) / 100);
}

int32
pglz_compress(const char *source, int32 slen, char *dest,
              const PGLZ_Strategy *strategy)
{
	const unsigned char *input = (const unsigned char *) source;
	unsigned char *start = (unsigned char *) dest;
	Output out = {.ptr = start, .control = NULL, .bit = 8};
	bool found_match = false;
	int32 good_match;
	int32 good_drop;
	int32 result_max;
	int32 pos = 0;

	if (strategy == NULL)
		strategy = PGLZ_strategy_default;
	if (strategy->match_size_good <= 0 || slen < strategy->min_input_size ||
	    slen > strategy->max_input_size)
		return -1;
	good_match = Min(Max(strategy->match_size_good, 17), MAX_MATCH);
	good_drop = Min(Max(strategy->match_size_drop, 0), 100);
	result_max = ResultLimit(slen, strategy->min_comp_rate);
	memset(hash_head, 0, sizeof(hash_head));

	while (pos < slen)
	{
		int32 offset = 0;
		int32 len;

		/* an item and its control byte take at most four: see PGLZ_MAX_OUTPUT */
		if (out.ptr - start >= result_max)
			return -1;
		if (!found_match && out.ptr - start >= strategy->first_success_by)
			return -1;

		len = FindMatch(input, pos, slen, good_match, good_drop, &offset);
		if (len > 0)
		{
			PutMatch(&out, len, offset);
			found_match = true;
			for (int32 i = 0; i < len; i++)
				Remember(input, pos + i, slen);
			pos += len;
		}
		else
		{
			NextItem(&out, false);
			*out.ptr++ = input[pos];
			Remember(input, pos, slen);
			pos++;
		}
	}
	if (out.ptr - start >= result_max)
		return -1;
	return (int32) (out.ptr - start);
}

int32
pglz_decompress(const char *source, int32 slen, char *dest, int32 rawsize,
                bool check_complete)
{
	const unsigned char *sp = (const unsigned char *) source;
	const unsigned char *srcend = sp + slen;
	unsigned char *dp = (unsigned char *) dest;
	unsigned char *destend = dp + rawsize;

	while (sp < srcend && dp < destend)
	{
		unsigned char control = *sp++;

		for (int bit = 0; bit < 8 && sp < srcend && dp < destend;
		     bit++, control >>= 1)
		{
			int32 len;
			int32 offset;

			if (!(control & 1))
			{
				*dp++ = *sp++;
				continue;
			}
			if (srcend - sp < 2)
				return -1;
			len = (sp[0] & 0x0F) + MIN_MATCH;
			offset = ((sp[0] & 0xF0) << 4) | sp[1];
			sp += 2;
			if (len == SHORT_MATCH_LIMIT)
			{
				if (sp >= srcend)
					return -1;
				len += *sp++;
			}
			if (offset == 0 || offset > dp - (unsigned char *) dest)
				return -1;
			len = Min(len, (int32) (destend - dp));

			/* Byte by byte where it overlaps itself. */
			if (offset >= len)
			{
				memcpy(dp, dp - offset, len);
				dp += len;
			}
			else
				for (; len > 0; len--, dp++)
					*dp = dp[-offset];
		}
	}
	if (check_complete && (dp != destend || sp != srcend))
		return -1;
	return (int32) ((char *) dp - dest);
}

int32
pglz_maximum_compressed_size(int32 rawsize, int32 total_compressed_size)
{
	/* nine bits for a byte, and a match may be cut in the middle */
	int64 compressed_size = ((int64) rawsize * 9 + 7) / 8 + 2;

	return (int32) Min(compressed_size, (int64) total_compressed_size);
}
