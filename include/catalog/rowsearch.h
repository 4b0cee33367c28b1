/*
 * catalog/rowsearch.h
 *		Binary search in compiled rows that are in order of their first field,
 *		an Oid.
 */
#ifndef ROWSEARCH_H
#define ROWSEARCH_H

static inline const void *
FindRowByOid(const void *rows, int nrows, Size size, Oid oid)
{
	int low = 0;
	int high = nrows;

	while (low < high)
	{
		int middle = (low + high) / 2;
		const void *row = (const char *) rows + middle * size;
		Oid found = *(const Oid *) row;

		if (found == oid)
			return row;
		if (found < oid)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

#define FIND_ROW(name, oid) \
	FindRowByOid(name##_rows, name##_nrows, sizeof(name##_rows[0]), (oid))

#endif /* ROWSEARCH_H */
