/*
 * pgss.h
 *		pg_stat_statements: what its files share.
 */
#ifndef PGSS_H
#define PGSS_H

#include "executor/instrument.h"
#include "pg_stat_statements.h"
#include "storage/lwlock.h"
#include "storage/spin.h"
#include "utils/hsearch.h"
#include "utils/queryjumble.h"
#include "utils/timestamp.h"

#define PGSS_MAGIC 0x50475353

#define PGSS_DUMP_FILE "pg_stat/pg_stat_statements.stat"
#define PGSS_DUMP_TMPFILE "pg_stat/pg_stat_statements.tmp"
#define PGSS_TEXT_FILE "pg_stat_tmp/pgss_query_texts.stat"

typedef enum pgssStoreKind
{
	PGSS_INVALID = -1, /* only make the entry */
	PGSS_PLAN,
	PGSS_EXEC,
	PGSS_NUMKIND
} pgssStoreKind;

/* Hashed and compared as bytes: made by pgss_make_key, without gaps unset. */
typedef struct pgssHashKey
{
	Oid userid;
	Oid dbid;
	uint64 queryid;
	bool toplevel; /* sent by a client, not run by a statement */
} pgssHashKey;

typedef struct Counters
{
	int64 calls[PGSS_NUMKIND];
	/* milliseconds */
	double total_time[PGSS_NUMKIND];
	double min_time[PGSS_NUMKIND];
	double max_time[PGSS_NUMKIND];
	double mean_time[PGSS_NUMKIND];
	double sum_var_time[PGSS_NUMKIND]; /* of squared differences to the mean */
	int64 rows;
	BufferUsage buffers;
	WalUsage wal;
	double usage; /* how worth keeping */
} Counters;

/*
 * An entry never moves.  It is made and removed under the exclusive lock, its
 * text's place changes under it too.
 */
typedef struct pgssEntry
{
	pgssHashKey key;   /* [C] */
	Counters counters; /* [L:mutex] */
	Size query_offset; /* [L:pgss->lock] of its text in the file */
	int query_len;     /* [L:pgss->lock] bytes; -1: the text is lost */
	slock_t mutex;
} pgssEntry;

/* not executed to its end yet: its text was worth keeping beforehand */
#define IS_STICKY(c) ((c).calls[PGSS_PLAN] + (c).calls[PGSS_EXEC] == 0)

typedef struct pgssSharedState
{
	uint32 magic;            /* [C] PGSS_MAGIC */
	LWLock lock;             /* entries, and who may rewrite the texts */
	double cur_median_usage; /* [L:lock] */
	Size mean_query_len;     /* [L:lock] */
	slock_t mutex;
	Size extent;             /* [L:mutex] bytes of the file that are taken */
	int gc_count;            /* [L:mutex] written also with lock exclusive:
	                          * times that the file was rewritten */
	int64 dealloc;           /* [L:mutex] times that entries were removed */
	TimestampTz stats_reset; /* [L:mutex] */
} pgssSharedState;

extern pgssSharedState *pgss; /* NULL: not loaded */
extern HTAB *pgss_hash;       /* [L:pgss->lock] of pgssEntry */

extern int pgss_max;
extern bool pgss_save;

/* OIDs of functions; tools/catalog_rows.py has the same */
#define F_PG_STAT_STATEMENTS 9608
#define F_PG_STAT_STATEMENTS_INFO 9609

/* pg_stat_statements.c */
extern void pgss_make_key(pgssHashKey *key, uint64 queryid, bool toplevel);
/* With the lock held exclusively. */
extern pgssEntry *pgss_entry_alloc(const pgssHashKey *key, Size query_offset,
                                   int query_len, bool sticky);

/* pgss_text.c */
/*
 * The statement's text with $n in place of its constants, palloc'd; query is
 * at query_loc of the text that jstate tells about, *query_len is adjusted.
 */
extern char *pgss_normalize(JumbleState *jstate, const char *query,
                            int query_loc, int *query_len);
/*
 * Appends a text to the file.  True: it is at *offset, if *gc_count is still
 * pgss->gc_count when the lock is held exclusively.
 */
extern bool
pgss_text_store(const char *query, int query_len, Size *offset, int *gc_count);
/* All texts, palloc'd; NULL and a line in the log if they cannot be read. */
extern char *pgss_text_load(Size *size);
/* One of them; NULL if it is not there whole. */
extern char *
pgss_text_fetch(Size offset, int len, char *buffer, Size buffer_size);
/* Is most of the file out of use?  Then, with the lock held exclusively: */
extern bool pgss_text_need_gc(void);
extern void pgss_text_gc(void);
/* Start with an empty file; no entry has a text any more. */
extern void pgss_text_forget(void);

#endif /* PGSS_H */
