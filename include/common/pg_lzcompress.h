/*
 * common/pg_lzcompress.h
 *		PostgreSQL's own compression, "pglz": fast to undo, in a format that its
 *		files hold.
 */
#ifndef PG_LZCOMPRESS_H
#define PG_LZCOMPRESS_H

/* How large a destination must be. */
#define PGLZ_MAX_OUTPUT(_dlen) ((_dlen) + 4)

/* When to try, and when to stop looking for a longer match. */
typedef struct PGLZ_Strategy
{
	int32 min_input_size;   /* shorter input is not compressed */
	int32 max_input_size;   /* nor is longer input */
	int32 min_comp_rate;    /* percent that must be saved, 0 to 99 */
	int32 first_success_by; /* give up if this many bytes hold no match */
	int32 match_size_good;  /* a match so long is good enough */
	int32 match_size_drop;  /* percent by which that falls per step */
} PGLZ_Strategy;

extern PGDLLIMPORT const PGLZ_Strategy *const PGLZ_strategy_default;
/* Whenever at least one byte is saved. */
extern PGDLLIMPORT const PGLZ_Strategy *const PGLZ_strategy_always;

/* Bytes at dest, or -1 if the strategy is not met; NULL: the default one. */
extern int32 pglz_compress(const char *source, int32 slen, char *dest,
                           const PGLZ_Strategy *strategy);
/*
 * Bytes at dest, at most rawsize, or -1 if source is damaged.  check_complete:
 * all of source must make exactly rawsize; else the first rawsize bytes do.
 */
extern int32 pglz_decompress(const char *source, int32 slen, char *dest,
                             int32 rawsize, bool check_complete);
/* Compressed bytes that are enough for the first rawsize raw ones. */
extern int32
pglz_maximum_compressed_size(int32 rawsize, int32 total_compressed_size);

#endif /* PG_LZCOMPRESS_H */
