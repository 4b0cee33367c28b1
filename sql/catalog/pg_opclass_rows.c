/*
 * pg_opclass_rows.c
 *		Compiled rows of pg_opclass.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_opclass.h"

/* clang-format off */
const FormData_pg_opclass pg_opclass_rows[] = {
	{9420, 403, {"vector_ops"}, 2200, 10, 9400, 9000, true, 0, "vector"},
	{9421, 9002, {"vector_l2_ops"}, 2200, 10, 9401, 9000, false, 0, "vector"},
	{9422, 9002, {"vector_ip_ops"}, 2200, 10, 9402, 9000, false, 0, "vector"},
	{9423, 9002, {"vector_cosine_ops"}, 2200, 10, 9403, 9000, false, 0, "vector"},
	{9424, 9002, {"vector_l1_ops"}, 2200, 10, 9404, 9000, false, 0, "vector"},
};

const int pg_opclass_nrows = lengthof(pg_opclass_rows);
