/*
 * pg_am_rows.c
 *		Compiled rows of pg_am.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_am.h"

/* clang-format off */
const FormData_pg_am pg_am_rows[] = {
	{2, {"heap"}, 3, 't', NULL},
	{403, {"btree"}, 330, 'i', NULL},
	{405, {"hash"}, 331, 'i', NULL},
	{783, {"gist"}, 332, 'i', NULL},
	{2742, {"gin"}, 333, 'i', NULL},
	{3580, {"brin"}, 335, 'i', NULL},
	{4000, {"spgist"}, 334, 'i', NULL},
	{9002, {"hnsw"}, 9128, 'i', "vector"},
	{9003, {"ivfflat"}, 9139, 'i', "vector"},
	{9600, {"toast_index"}, 9606, 'i', NULL},
};

const int pg_am_nrows = lengthof(pg_am_rows);
