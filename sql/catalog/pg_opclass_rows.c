/*
 * pg_opclass_rows.c
 *		Compiled rows of pg_opclass.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_opclass.h"

/* clang-format off */
const FormData_pg_opclass pg_opclass_rows[] = {
	{1978, 403, {"int4_ops"}, 11, 10, 1976, 23, true, 0, NULL},
	{1979, 403, {"int2_ops"}, 11, 10, 1976, 21, true, 0, NULL},
	{1981, 403, {"oid_ops"}, 11, 10, 1989, 26, true, 0, NULL},
	{3122, 403, {"date_ops"}, 11, 10, 434, 1082, true, 0, NULL},
	{3123, 403, {"float8_ops"}, 11, 10, 1970, 701, true, 0, NULL},
	{3124, 403, {"int8_ops"}, 11, 10, 1976, 20, true, 0, NULL},
	{3125, 403, {"numeric_ops"}, 11, 10, 1988, 1700, true, 0, NULL},
	{3126, 403, {"text_ops"}, 11, 10, 1994, 25, true, 0, NULL},
	{3127, 403, {"timestamptz_ops"}, 11, 10, 434, 1184, true, 0, NULL},
	{3128, 403, {"timestamp_ops"}, 11, 10, 434, 1114, true, 0, NULL},
	{4217, 403, {"text_pattern_ops"}, 11, 10, 2095, 25, false, 0, NULL},
	{4218, 403, {"varchar_pattern_ops"}, 11, 10, 2095, 25, false, 0, NULL},
	{9420, 403, {"vector_ops"}, 2200, 10, 9400, 9000, true, 0, "vector"},
	{9421, 9002, {"vector_l2_ops"}, 2200, 10, 9401, 9000, false, 0, "vector"},
	{9422, 9002, {"vector_ip_ops"}, 2200, 10, 9402, 9000, false, 0, "vector"},
	{9423, 9002, {"vector_cosine_ops"}, 2200, 10, 9403, 9000, false, 0, "vector"},
	{9424, 9002, {"vector_l1_ops"}, 2200, 10, 9404, 9000, false, 0, "vector"},
	{9425, 9003, {"vector_l2_ops"}, 2200, 10, 9405, 9000, true, 0, "vector"},
	{9426, 9003, {"vector_ip_ops"}, 2200, 10, 9406, 9000, false, 0, "vector"},
	{9427, 9003, {"vector_cosine_ops"}, 2200, 10, 9407, 9000, false, 0, "vector"},
	{9740, 403, {"halfvec_ops"}, 2200, 10, 9730, 9003, true, 0, "vector"},
	{9741, 9002, {"halfvec_l2_ops"}, 2200, 10, 9731, 9003, false, 0, "vector"},
	{9742, 9002, {"halfvec_ip_ops"}, 2200, 10, 9732, 9003, false, 0, "vector"},
	{9743, 9002, {"halfvec_cosine_ops"}, 2200, 10, 9733, 9003, false, 0, "vector"},
	{9744, 9002, {"halfvec_l1_ops"}, 2200, 10, 9734, 9003, false, 0, "vector"},
	{9745, 9003, {"halfvec_l2_ops"}, 2200, 10, 9735, 9003, false, 0, "vector"},
	{9746, 9003, {"halfvec_ip_ops"}, 2200, 10, 9736, 9003, false, 0, "vector"},
	{9747, 9003, {"halfvec_cosine_ops"}, 2200, 10, 9737, 9003, false, 0, "vector"},
	{9900, 403, {"sparsevec_ops"}, 2200, 10, 9890, 9005, true, 0, "vector"},
	{9901, 9002, {"sparsevec_l2_ops"}, 2200, 10, 9891, 9005, false, 0, "vector"},
	{9902, 9002, {"sparsevec_ip_ops"}, 2200, 10, 9892, 9005, false, 0, "vector"},
	{9903, 9002, {"sparsevec_cosine_ops"}, 2200, 10, 9893, 9005, false, 0, "vector"},
	{9904, 9002, {"sparsevec_l1_ops"}, 2200, 10, 9894, 9005, false, 0, "vector"},
	{9984, 9002, {"bit_hamming_ops"}, 2200, 10, 9980, 1560, false, 0, "vector"},
	{9985, 9002, {"bit_jaccard_ops"}, 2200, 10, 9981, 1560, false, 0, "vector"},
	{9986, 9003, {"bit_hamming_ops"}, 2200, 10, 9982, 1560, false, 0, "vector"},
	{10000, 403, {"array_ops"}, 11, 10, 397, 2277, true, 0, NULL},
	{10002, 403, {"bit_ops"}, 11, 10, 423, 1560, true, 0, NULL},
	{10003, 403, {"bool_ops"}, 11, 10, 424, 16, true, 0, NULL},
	{10004, 403, {"bpchar_ops"}, 11, 10, 426, 1042, true, 0, NULL},
	{10006, 403, {"bytea_ops"}, 11, 10, 428, 17, true, 0, NULL},
	{10007, 403, {"char_ops"}, 11, 10, 429, 18, true, 0, NULL},
	{10012, 403, {"float4_ops"}, 11, 10, 1970, 700, true, 0, NULL},
	{10022, 403, {"interval_ops"}, 11, 10, 1982, 1186, true, 0, NULL},
	{10028, 403, {"name_ops"}, 11, 10, 1994, 19, true, 2275, NULL},
	{10032, 403, {"oidvector_ops"}, 11, 10, 1991, 30, true, 0, NULL},
	{10043, 403, {"varbit_ops"}, 11, 10, 2002, 1562, true, 0, NULL},
	{10044, 403, {"varchar_ops"}, 11, 10, 1994, 25, false, 0, NULL},
	{10050, 403, {"tid_ops"}, 11, 10, 2789, 27, true, 0, NULL},
	{10053, 403, {"xid8_ops"}, 11, 10, 5067, 5069, true, 0, NULL},
	{10065, 403, {"uuid_ops"}, 11, 10, 2968, 2950, true, 0, NULL},
	{10067, 403, {"pg_lsn_ops"}, 11, 10, 3253, 3220, true, 0, NULL},
};

const int pg_opclass_nrows = lengthof(pg_opclass_rows);
