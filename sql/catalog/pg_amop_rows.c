/*
 * pg_amop_rows.c
 *		Compiled rows of pg_amop.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_amop.h"

/* clang-format off */
const FormData_pg_amop pg_amop_rows[] = {
	{9450, 9400, 9000, 9000, 1, 's', 9308, 403, 0, "vector"},
	{9451, 9400, 9000, 9000, 2, 's', 9309, 403, 0, "vector"},
	{9452, 9400, 9000, 9000, 3, 's', 9310, 403, 0, "vector"},
	{9453, 9400, 9000, 9000, 4, 's', 9312, 403, 0, "vector"},
	{9454, 9400, 9000, 9000, 5, 's', 9313, 403, 0, "vector"},
	{9455, 9401, 9000, 9000, 1, 'o', 9300, 9002, 1970, "vector"},
	{9456, 9402, 9000, 9000, 1, 'o', 9301, 9002, 1970, "vector"},
	{9457, 9403, 9000, 9000, 1, 'o', 9302, 9002, 1970, "vector"},
	{9458, 9404, 9000, 9000, 1, 'o', 9303, 9002, 1970, "vector"},
};

const int pg_amop_nrows = lengthof(pg_amop_rows);
