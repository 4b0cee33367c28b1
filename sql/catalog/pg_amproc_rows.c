/*
 * pg_amproc_rows.c
 *		Compiled rows of pg_amproc.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_amproc.h"

/* clang-format off */
const FormData_pg_amproc pg_amproc_rows[] = {
	{9500, 9400, 9000, 9000, 1, 9123, "vector"},
	{9501, 9401, 9000, 9000, 1, 9124, "vector"},
	{9502, 9402, 9000, 9000, 1, 9125, "vector"},
	{9503, 9403, 9000, 9000, 1, 9125, "vector"},
	{9504, 9403, 9000, 9000, 2, 9110, "vector"},
	{9505, 9404, 9000, 9000, 1, 9108, "vector"},
};

const int pg_amproc_nrows = lengthof(pg_amproc_rows);
