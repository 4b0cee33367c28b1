/*
 * pg_aggregate_rows.c
 *		Compiled rows of pg_aggregate.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_aggregate.h"

/* clang-format off */
const FormData_pg_aggregate pg_aggregate_rows[] = {
	{9129, 'n', 0, 9113, 0, 9113, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 9000, 0, 0, 0, NULL, NULL, "vector"},
};

const int pg_aggregate_nrows = lengthof(pg_aggregate_rows);
