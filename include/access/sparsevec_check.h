/*
 * access/sparsevec_check.h
 *	  What sparse vectors must fulfil beside access/vector_check.h, and texts.
 *
 * Texts, codes and the order in which callers check are pgvector's.
 */
#ifndef ACCESS_SPARSEVEC_CHECK_H
#define ACCESS_SPARSEVEC_CHECK_H

#include "access/sparsevec.h"

/* 0 to 16000, and not more than there are dimensions */
extern void SparsevecCheckNnz(int32 nnz, int32 dim);

/* indices[i] is within the dimensions and above the one before it */
extern void SparsevecCheckIndex(const int32 *indices, int i, int32 dim);

/* The vector that lit spells; typmod -1 takes any number of dimensions. */
extern SparseVector *SparsevecFromText(char *lit, int32 typmod);

/* Its text, in the current context. */
extern char *SparsevecToText(const SparseVector *v);

#endif /* ACCESS_SPARSEVEC_CHECK_H */
