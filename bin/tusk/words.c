/*
 * words.c: vectors of words for the demo.
 *
 * A word is close to another if they share many short runs of letters.  Each
 * run of 2, 3 and 4 bytes of ^word$ is hashed to one of the 128 dimensions
 * with a sign; the sum is scaled to length 1.  doc/word-vectors.md has the
 * exact rule; it is fixed, so that measurements on it can be compared.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

#define FNV_OFFSET 0xCBF29CE484222325ULL
#define FNV_PRIME 0x100000001B3ULL
#define MISSPELL_SEED 0x7475736B31ULL
#define MISSPELL_MIN_LENGTH 6

/* the finaliser of splitmix64 */
static uint64_t
mix(uint64_t h)
{
	h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9ULL;
	h = (h ^ (h >> 27)) * 0x94D049BB133111EBULL;
	return h ^ (h >> 31);
}

void
word_vector(const char *word, float *values)
{
	char marked[WORD_MAX_LENGTH + 3];
	int length =
		snprintf(marked, sizeof(marked), "^%.*s$", WORD_MAX_LENGTH, word);
	double norm = 0;

	for (int i = 0; i < WORD_DIM; i++)
		values[i] = 0;
	for (int n = 2; n <= 4; n++)
		for (int start = 0; start + n <= length; start++)
		{
			uint64_t h = FNV_OFFSET;

			for (int i = 0; i < n; i++)
				h = (h ^ (unsigned char) marked[start + i]) * FNV_PRIME;
			h = mix(h);
			values[h & (WORD_DIM - 1)] += (h & WORD_DIM) ? 1.0F : -1.0F;
		}
	for (int i = 0; i < WORD_DIM; i++)
		norm += (double) values[i] * values[i];
	/* all of them cancelled out: any fixed direction will do */
	if (norm == 0)
	{
		values[0] = 1;
		return;
	}
	norm = 1 / sqrt(norm);
	for (int i = 0; i < WORD_DIM; i++)
		values[i] = (float) (values[i] * norm);
}

int
word_list_read(const char *path, word_list *list)
{
	FILE *f = fopen(path, "r");
	char line[256];
	size_t size = 0;
	size_t length;

	list->words = NULL;
	list->count = 0;
	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL)
	{
		line[strcspn(line, "\r\n")] = '\0';
		length = strlen(line);
		if (length == 0 || length > WORD_MAX_LENGTH ||
		    (length > 2 && strcmp(line + length - 2, "'s") == 0))
			continue;
		if (list->count == size)
		{
			char **words;

			size = size > 0 ? size * 2 : 1024;
			words = realloc(list->words, size * sizeof(char *));
			if (words == NULL)
				break;
			list->words = words;
		}
		list->words[list->count] = strdup(line);
		if (list->words[list->count] == NULL)
			break;
		list->count++;
	}
	fclose(f);
	return 0;
}

void
word_list_free(word_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->words[i]);
	free(list->words);
	list->words = NULL;
	list->count = 0;
}

/* splitmix64 */
static uint64_t
next_random(uint64_t *state)
{
	*state += 0x9E3779B97F4A7C15ULL;
	return mix(*state);
}

void
word_misspell(const word_list *list, size_t i, char *out)
{
	uint64_t state = MISSPELL_SEED + i * 0x632BE59BD9B4E019ULL;
	const char *word;
	size_t length;
	size_t at;

	do
	{
		word = list->words[next_random(&state) % list->count];
		length = strlen(word);
	} while (length < MISSPELL_MIN_LENGTH || length >= WORD_MAX_LENGTH);

	/* never the first letter: people get that one right */
	at = 1 + next_random(&state) % (length - 2);
	strcpy(out, word);
	switch (next_random(&state) % 4)
	{
		case 0: /* two letters change places */
			out[at] = word[at + 1];
			out[at + 1] = word[at];
			break;
		case 1: /* a letter is left out */
			memmove(out + at, out + at + 1, length - at);
			break;
		case 2: /* a letter is doubled */
			memmove(out + at + 1, out + at, length - at + 1);
			break;
		default: /* a wrong letter */
			out[at] = (char) ('a' + next_random(&state) % 26);
			break;
	}
}
