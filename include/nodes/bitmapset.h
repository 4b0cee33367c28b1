/*
 * nodes/bitmapset.h
 *		Sets of small numbers from 0 on; NULL is the empty set.
 *
 * A function that changes a set takes the old one and returns the new one.
 */
#ifndef BITMAPSET_H
#define BITMAPSET_H

typedef uint64 bitmapword;

#define BITS_PER_BITMAPWORD 64

typedef struct Bitmapset
{
	int nwords;
	bitmapword words[FLEXIBLE_ARRAY_MEMBER];
} Bitmapset;

extern Bitmapset *bms_copy(const Bitmapset *a);
extern void bms_free(Bitmapset *a);
extern bool bms_is_member(int x, const Bitmapset *a);
extern bool bms_is_empty(const Bitmapset *a);
extern Bitmapset *bms_add_member(Bitmapset *a, int x);
/* The smallest member above prevbit (-1: of all), or -2. */
extern int bms_next_member(const Bitmapset *a, int prevbit);

#endif /* BITMAPSET_H */
