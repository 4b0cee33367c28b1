/*
 * pg_operator_rows.c
 *		Compiled rows of pg_operator.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_operator.h"

/* clang-format off */
const FormData_pg_operator pg_operator_rows[] = {
	{9300, {"<->"}, 2200, 10, 'b', false, false, 9000, 9000, 701, 9300, 0, 9105, 0, 0, "vector"},
	{9301, {"<#>"}, 2200, 10, 'b', false, false, 9000, 9000, 701, 9301, 0, 9125, 0, 0, "vector"},
	{9302, {"<=>"}, 2200, 10, 'b', false, false, 9000, 9000, 701, 9302, 0, 9107, 0, 0, "vector"},
	{9303, {"<+>"}, 2200, 10, 'b', false, false, 9000, 9000, 701, 9303, 0, 9108, 0, 0, "vector"},
	{9304, {"+"}, 2200, 10, 'b', false, false, 9000, 9000, 9000, 9304, 0, 9113, 0, 0, "vector"},
	{9305, {"-"}, 2200, 10, 'b', false, false, 9000, 9000, 9000, 0, 0, 9114, 0, 0, "vector"},
	{9306, {"*"}, 2200, 10, 'b', false, false, 9000, 9000, 9000, 9306, 0, 9115, 0, 0, "vector"},
	{9307, {"||"}, 2200, 10, 'b', false, false, 9000, 9000, 9000, 0, 0, 9116, 0, 0, "vector"},
	{9308, {"<"}, 2200, 10, 'b', false, false, 9000, 9000, 16, 9313, 9312, 9117, 103, 107, "vector"},
	{9309, {"<="}, 2200, 10, 'b', false, false, 9000, 9000, 16, 9312, 9313, 9118, 336, 386, "vector"},
	{9310, {"="}, 2200, 10, 'b', false, false, 9000, 9000, 16, 9310, 9311, 9119, 101, 105, "vector"},
	{9311, {"<>"}, 2200, 10, 'b', false, false, 9000, 9000, 16, 9311, 9310, 9120, 101, 105, "vector"},
	{9312, {">="}, 2200, 10, 'b', false, false, 9000, 9000, 16, 9309, 9308, 9121, 337, 398, "vector"},
	{9313, {">"}, 2200, 10, 'b', false, false, 9000, 9000, 16, 9308, 9309, 9122, 104, 108, "vector"},
};

const int pg_operator_nrows = lengthof(pg_operator_rows);
