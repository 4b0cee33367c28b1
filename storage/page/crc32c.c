/*
 * crc32c.c: CRC-32C, reflected polynomial 0x82F63B78.
 *
 * With SSE 4.2 eight bytes per instruction; else a table, made on first use
 * (making it twice at once is harmless: both write the same values).
 */
#include "postgres.h"

#include "port/pg_crc32c.h"

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

#define CRC32C_POLYNOMIAL 0x82F63B78U

static uint32 crc_table[256];
static bool crc_table_made = false;

static void
make_crc_table(void)
{
	for (uint32 i = 0; i < 256; i++)
	{
		uint32 r = i;

		for (int bit = 0; bit < 8; bit++)
			r = (r & 1) ? (r >> 1) ^ CRC32C_POLYNOMIAL : r >> 1;
		crc_table[i] = r;
	}
	crc_table_made = true;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static pg_crc32c
comp_crc32c_sse42(pg_crc32c crc, const unsigned char *p, size_t len)
{
	uint64 wide = crc;

	for (; len >= sizeof(uint64); p += sizeof(uint64), len -= sizeof(uint64))
	{
		uint64 word;

		memcpy(&word, p, sizeof(word));
		wide = _mm_crc32_u64(wide, word);
	}
	crc = (pg_crc32c) wide;
	while (len-- > 0)
		crc = _mm_crc32_u8(crc, *p++);
	return crc;
}
#endif

pg_crc32c
pg_comp_crc32c(pg_crc32c crc, const void *data, size_t len)
{
	const unsigned char *p = data;

#if defined(__x86_64__)
	if (__builtin_cpu_supports("sse4.2"))
		return comp_crc32c_sse42(crc, p, len);
#endif
	if (!crc_table_made)
		make_crc_table();
	while (len-- > 0)
		crc = crc_table[(crc ^ *p++) & 0xFF] ^ (crc >> 8);
	return crc;
}
