/*
 * md5.c
 *		The function md5() of text and bytea (RFC 1321).
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"

/* Between two looks for a cancel. */
#define INTERRUPT_BYTES ((Size) 1 << 20)

static const uint8 rotations[4][4] = {
	{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static inline uint32
rotate_left(uint32 x, int n)
{
	return x << n | x >> (32 - n);
}

static void
hash_block(uint32 state[4], const uint8 *block)
{
	uint32 words[16];
	uint32 a = state[0], b = state[1], c = state[2], d = state[3];

	for (int i = 0; i < 16; i++)
		words[i] = (uint32) block[i * 4] | (uint32) block[i * 4 + 1] << 8 |
		           (uint32) block[i * 4 + 2] << 16 |
		           (uint32) block[i * 4 + 3] << 24;
	for (int i = 0; i < 64; i++)
	{
		uint32 f, next;
		int word;

		switch (i / 16)
		{
			case 0:
				f = (b & c) | (~b & d);
				word = i;
				break;
			case 1:
				f = (d & b) | (~d & c);
				word = (5 * i + 1) % 16;
				break;
			case 2:
				f = b ^ c ^ d;
				word = (3 * i + 5) % 16;
				break;
			default:
				f = c ^ (b | ~d);
				word = 7 * i % 16;
		}
		/* the constants are the sines of 1, 2, 3, ... */
		next = b + rotate_left(a + f + words[word] +
		                           (uint32) (fabs(sin(i + 1)) * 4294967296.0),
		                       rotations[i / 16][i % 4]);
		a = d;
		d = c;
		c = b;
		b = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

static text *
md5_hex(const uint8 *data, Size len)
{
	uint32 state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
	uint8 tail[128] = {0};
	Size whole = len / 64 * 64;
	Size rest = len - whole;
	Size tail_len = rest < 56 ? 64 : 128;
	char hex[33];

	for (Size i = 0; i < whole; i += 64)
	{
		if (i % INTERRUPT_BYTES == 0)
			CHECK_FOR_INTERRUPTS();
		hash_block(state, data + i);
	}
	memcpy(tail, data + whole, rest);
	tail[rest] = 0x80;
	for (int i = 0; i < 8; i++)
		tail[tail_len - 8 + i] = (uint8) ((uint64) len * 8 >> (8 * i));
	for (Size i = 0; i < tail_len; i += 64)
		hash_block(state, tail + i);
	for (int i = 0; i < 16; i++)
		sprintf(hex + i * 2, "%02x", state[i / 4] >> (8 * (i % 4)) & 0xFF);
	return cstring_to_text_with_len(hex, 32);
}

Datum
md5_text(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);

	PG_RETURN_TEXT_P(
		md5_hex((const uint8 *) VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)));
}

Datum
md5_bytea(PG_FUNCTION_ARGS)
{
	return md5_text(fcinfo);
}
