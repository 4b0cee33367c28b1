/*
 * pg_opfamily_rows.c
 *		Compiled rows of pg_opfamily.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_opfamily.h"

/* clang-format off */
const FormData_pg_opfamily pg_opfamily_rows[] = {
	{9400, 403, {"vector_ops"}, 2200, 10, "vector"},
	{9401, 9002, {"vector_l2_ops"}, 2200, 10, "vector"},
	{9402, 9002, {"vector_ip_ops"}, 2200, 10, "vector"},
	{9403, 9002, {"vector_cosine_ops"}, 2200, 10, "vector"},
	{9404, 9002, {"vector_l1_ops"}, 2200, 10, "vector"},
};

const int pg_opfamily_nrows = lengthof(pg_opfamily_rows);
