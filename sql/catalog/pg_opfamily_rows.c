/*
 * pg_opfamily_rows.c
 *		Compiled rows of pg_opfamily.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_opfamily.h"

/* clang-format off */
const FormData_pg_opfamily pg_opfamily_rows[] = {
	{397, 403, {"array_ops"}, 11, 10, NULL},
	{423, 403, {"bit_ops"}, 11, 10, NULL},
	{424, 403, {"bool_ops"}, 11, 10, NULL},
	{426, 403, {"bpchar_ops"}, 11, 10, NULL},
	{428, 403, {"bytea_ops"}, 11, 10, NULL},
	{429, 403, {"char_ops"}, 11, 10, NULL},
	{434, 403, {"datetime_ops"}, 11, 10, NULL},
	{1970, 403, {"float_ops"}, 11, 10, NULL},
	{1976, 403, {"integer_ops"}, 11, 10, NULL},
	{1982, 403, {"interval_ops"}, 11, 10, NULL},
	{1988, 403, {"numeric_ops"}, 11, 10, NULL},
	{1989, 403, {"oid_ops"}, 11, 10, NULL},
	{1991, 403, {"oidvector_ops"}, 11, 10, NULL},
	{1994, 403, {"text_ops"}, 11, 10, NULL},
	{2002, 403, {"varbit_ops"}, 11, 10, NULL},
	{2095, 403, {"text_pattern_ops"}, 11, 10, NULL},
	{2789, 403, {"tid_ops"}, 11, 10, NULL},
	{2968, 403, {"uuid_ops"}, 11, 10, NULL},
	{3253, 403, {"pg_lsn_ops"}, 11, 10, NULL},
	{5067, 403, {"xid8_ops"}, 11, 10, NULL},
	{9400, 403, {"vector_ops"}, 2200, 10, "vector"},
	{9401, 9002, {"vector_l2_ops"}, 2200, 10, "vector"},
	{9402, 9002, {"vector_ip_ops"}, 2200, 10, "vector"},
	{9403, 9002, {"vector_cosine_ops"}, 2200, 10, "vector"},
	{9404, 9002, {"vector_l1_ops"}, 2200, 10, "vector"},
	{9405, 9003, {"vector_l2_ops"}, 2200, 10, "vector"},
	{9406, 9003, {"vector_ip_ops"}, 2200, 10, "vector"},
	{9407, 9003, {"vector_cosine_ops"}, 2200, 10, "vector"},
	{9730, 403, {"halfvec_ops"}, 2200, 10, "vector"},
	{9731, 9002, {"halfvec_l2_ops"}, 2200, 10, "vector"},
	{9732, 9002, {"halfvec_ip_ops"}, 2200, 10, "vector"},
	{9733, 9002, {"halfvec_cosine_ops"}, 2200, 10, "vector"},
	{9734, 9002, {"halfvec_l1_ops"}, 2200, 10, "vector"},
	{9735, 9003, {"halfvec_l2_ops"}, 2200, 10, "vector"},
	{9736, 9003, {"halfvec_ip_ops"}, 2200, 10, "vector"},
	{9737, 9003, {"halfvec_cosine_ops"}, 2200, 10, "vector"},
	{9890, 403, {"sparsevec_ops"}, 2200, 10, "vector"},
	{9891, 9002, {"sparsevec_l2_ops"}, 2200, 10, "vector"},
	{9892, 9002, {"sparsevec_ip_ops"}, 2200, 10, "vector"},
	{9893, 9002, {"sparsevec_cosine_ops"}, 2200, 10, "vector"},
	{9894, 9002, {"sparsevec_l1_ops"}, 2200, 10, "vector"},
	{9980, 9002, {"bit_hamming_ops"}, 2200, 10, "vector"},
	{9981, 9002, {"bit_jaccard_ops"}, 2200, 10, "vector"},
	{9982, 9003, {"bit_hamming_ops"}, 2200, 10, "vector"},
};

const int pg_opfamily_nrows = lengthof(pg_opfamily_rows);
