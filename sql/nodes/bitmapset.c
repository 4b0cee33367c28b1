/*
 * bitmapset.c
 *		Sets of small numbers from 0 on.
 *
 * Corresponds to PostgreSQL's nodes/bitmapset.c.
 */
#include "postgres.h"

#include "nodes/bitmapset.h"
#include "utils/palloc.h"

#define BITMAPSET_SIZE(nwords) \
	(offsetof(Bitmapset, words) + (nwords) * sizeof(bitmapword))

Bitmapset *
bms_copy(const Bitmapset *a)
{
	Bitmapset *result;

	if (a == NULL)
		return NULL;
	result = palloc(BITMAPSET_SIZE(a->nwords));
	memcpy(result, a, BITMAPSET_SIZE(a->nwords));
	return result;
}

void
bms_free(Bitmapset *a)
{
	if (a != NULL)
		pfree(a);
}

bool
bms_is_member(int x, const Bitmapset *a)
{
	int word = x / BITS_PER_BITMAPWORD;

	if (x < 0)
		elog(ERROR, "negative bitmapset member not allowed");
	return a != NULL && word < a->nwords &&
	       (a->words[word] >> (x % BITS_PER_BITMAPWORD) & 1) != 0;
}

bool
bms_is_empty(const Bitmapset *a)
{
	return bms_next_member(a, -1) < 0;
}

Bitmapset *
bms_add_member(Bitmapset *a, int x)
{
	int word = x / BITS_PER_BITMAPWORD;

	if (x < 0)
		elog(ERROR, "negative bitmapset member not allowed");
	if (a == NULL || word >= a->nwords)
	{
		Bitmapset *larger = palloc0(BITMAPSET_SIZE(word + 1));

		if (a != NULL)
		{
			memcpy(larger->words, a->words, a->nwords * sizeof(bitmapword));
			pfree(a);
		}
		larger->nwords = word + 1;
		a = larger;
	}
	a->words[word] |= (bitmapword) 1 << (x % BITS_PER_BITMAPWORD);
	return a;
}

int
bms_next_member(const Bitmapset *a, int prevbit)
{
	if (a == NULL)
		return -2;
	for (int x = prevbit + 1; x < a->nwords * BITS_PER_BITMAPWORD; x++)
		if (bms_is_member(x, a))
			return x;
	return -2;
}
