/*
 * commands/copy_scan.h
 *		Looking for the few bytes that mean something in COPY's formats.
 *
 * Almost all of a line is data: it is passed over sixteen bytes at a time.
 */
#ifndef COPY_SCAN_H
#define COPY_SCAN_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The first of a, b, c, d in s up to end, or end.  They may repeat. */
static inline const char *
copy_find(const char *s, const char *end, char a, char b, char c, char d)
{
#ifdef __SSE2__
	const __m128i va = _mm_set1_epi8(a);
	const __m128i vb = _mm_set1_epi8(b);
	const __m128i vc = _mm_set1_epi8(c);
	const __m128i vd = _mm_set1_epi8(d);

	for (; end - s >= 16; s += 16)
	{
		__m128i v = _mm_loadu_si128((const __m128i *) s);
		__m128i hit = _mm_or_si128(
			_mm_or_si128(_mm_cmpeq_epi8(v, va), _mm_cmpeq_epi8(v, vb)),
			_mm_or_si128(_mm_cmpeq_epi8(v, vc), _mm_cmpeq_epi8(v, vd)));
		int mask = _mm_movemask_epi8(hit);

		if (mask != 0)
			return s + __builtin_ctz((unsigned int) mask);
	}
#endif
	for (; s < end; s++)
		if (*s == a || *s == b || *s == c || *s == d)
			break;
	return s;
}

/* The first control character, backslash or delimiter, or end. */
static inline const char *
copy_find_escapable(const char *s, const char *end, char delim)
{
#ifdef __SSE2__
	const __m128i control = _mm_set1_epi8(0x1f);
	const __m128i backslash = _mm_set1_epi8('\\');
	const __m128i vdelim = _mm_set1_epi8(delim);

	for (; end - s >= 16; s += 16)
	{
		__m128i v = _mm_loadu_si128((const __m128i *) s);
		__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(v, control), v),
		                           _mm_or_si128(_mm_cmpeq_epi8(v, backslash),
		                                        _mm_cmpeq_epi8(v, vdelim)));
		int mask = _mm_movemask_epi8(hit);

		if (mask != 0)
			return s + __builtin_ctz((unsigned int) mask);
	}
#endif
	for (; s < end; s++)
		if ((unsigned char) *s < 0x20 || *s == '\\' || *s == delim)
			break;
	return s;
}

#endif /* COPY_SCAN_H */
