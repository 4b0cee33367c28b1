/*
 * words.h: vectors of words for the demo; doc/word-vectors.md describes them.
 */
#ifndef TUSK_WORDS_H
#define TUSK_WORDS_H

#include <stddef.h>

#define WORD_DIM 128
#define WORD_MAX_LENGTH 64

typedef struct word_list
{
	char **words;
	size_t count;
} word_list;

/* Unit vector of a word. */
extern void word_vector(const char *word, float *values);
/* Words of a file, one per line, possessives ('s) left out; -1: no file. */
extern int word_list_read(const char *path, word_list *list);
extern void word_list_free(word_list *list);
/* The i-th misspelling of words of the list: the same ones every time. */
extern void word_misspell(const word_list *list, size_t i, char *out);

#endif /* TUSK_WORDS_H */
