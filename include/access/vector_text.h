/*
 * access/vector_text.h
 *	  Elements of vectors as text, and the texts of dense vectors.
 */
#ifndef VECTOR_TEXT_H
#define VECTOR_TEXT_H

/* room for the text of one element and its separator */
#define VECTOR_ELEMENT_TEXT 32

/*
 * The float that strtof gives, at text; *end is behind it, or text if there is
 * no number.  Out of range: infinity with errno ERANGE, or zero.
 */
extern float VectorElementFromText(const char *text, char **end);

/* Behind the whitespace of C, whatever the locale says. */
static inline char *
VectorSkipSpace(char *p)
{
	while (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		p++;
	return p;
}

/* As many elements as lit may have, 16000 at most. */
extern int VectorTextCapacity(const char *lit);

/*
 * The elements of lit, "[1,2,3]", to x, which has room for its capacity.
 * Returns their number.  A finite one whose amount is overflow or more is out
 * of range for the type (infinity: float has the only limit).
 */
extern int VectorElementsFromText(const char *type, float overflow, char *lit,
                                  float *x, int capacity);

/* The text of dim elements, in the current context. */
extern char *VectorElementsToText(const float *x, int dim);

#endif /* VECTOR_TEXT_H */
