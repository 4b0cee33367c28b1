/*
 * pg_collation_rows.c
 *		Compiled rows of pg_collation.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"

/* clang-format off */
const FormData_pg_collation pg_collation_rows[] = {
	{100, {"default"}, 11, 10, 'd', true, -1, NULL, NULL},
	{950, {"C"}, 11, 10, 'c', true, -1, "C", "C"},
	{951, {"POSIX"}, 11, 10, 'c', true, -1, "POSIX", "POSIX"},
};

const int pg_collation_nrows = lengthof(pg_collation_rows);
