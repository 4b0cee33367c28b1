/*
 * checksum.c: the checksum of a page.
 *
 * 32 lanes of an FNV-like hash run side by side over the page's words, so
 * that the compiler can use vector registers; the lanes are folded with XOR,
 * the block number is mixed in so that a page written to the wrong place is
 * noticed, and the result is brought to 1..65535: 0 never is a checksum.
 * PostgreSQL's format, see reference: page, 2.3.
 */
#include "postgres.h"

#include "storage/bufpage.h"
#include "storage/checksum.h"

#define LANES 32
#define ROWS (BLCKSZ / (sizeof(uint32) * LANES))
#define LANE_PRIME 16777619

/* where each lane starts; part of the format */
static const uint32 lane_start[LANES] = {
	0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3,
	0x217E7CD2, 0x83E13D2C, 0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA,
	0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB, 0xE58F764B, 0x187636BC,
	0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
	0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE,
	0xF2CA9FD3, 0x959BD756};

#define LANE_ROUND(lane, value)                        \
	do                                                 \
	{                                                  \
		uint32 mixed = (lane) ^ (value);               \
                                                       \
		(lane) = (mixed * LANE_PRIME) ^ (mixed >> 17); \
	} while (0)

uint16
pg_checksum_page(char *page, BlockNumber blkno)
{
	const uint32 *words = (const uint32 *) page;
	const uint16 checksum_offset = offsetof(PageHeaderData, pd_checksum);
	uint32 lanes[LANES];
	uint32 first[LANES];
	uint32 folded = 0;

	Assert(!PageIsNew((Page) page));

	/* the first row with the checksum's own bytes taken as zero */
	memcpy(first, page, sizeof(first));
	memset((char *) first + checksum_offset, 0, sizeof(uint16));

	memcpy(lanes, lane_start, sizeof(lanes));
	for (int j = 0; j < LANES; j++)
		LANE_ROUND(lanes[j], first[j]);
	for (size_t i = 1; i < ROWS; i++)
		for (int j = 0; j < LANES; j++)
			LANE_ROUND(lanes[j], words[i * LANES + j]);
	for (int i = 0; i < 2; i++)
		for (int j = 0; j < LANES; j++)
			LANE_ROUND(lanes[j], 0);

	for (int j = 0; j < LANES; j++)
		folded ^= lanes[j];
	return (uint16) ((folded ^ blkno) % 65535 + 1);
}
