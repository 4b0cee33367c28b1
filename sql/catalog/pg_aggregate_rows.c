/*
 * pg_aggregate_rows.c
 *		Compiled rows of pg_aggregate.  Written by tools/catalog_rows.py.
 */
#include "postgres.h"

#include "catalog/pg_aggregate.h"

/* clang-format off */
const FormData_pg_aggregate pg_aggregate_rows[] = {
	{2104, 'n', 0, 208, 1830, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2105, 'n', 0, 222, 1830, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2110, 'n', 0, 204, 0, 204, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 700, 0, 0, 0, NULL, NULL, NULL},
	{2111, 'n', 0, 218, 0, 218, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 701, 0, 0, 0, NULL, NULL, NULL},
	{2115, 'n', 0, 1236, 0, 1236, 0, 0, 0, 0, 0, false, false, 'r', 'r', 413, 20, 0, 0, 0, NULL, NULL, NULL},
	{2116, 'n', 0, 768, 0, 768, 0, 0, 0, 0, 0, false, false, 'r', 'r', 521, 23, 0, 0, 0, NULL, NULL, NULL},
	{2117, 'n', 0, 770, 0, 770, 0, 0, 0, 0, 0, false, false, 'r', 'r', 520, 21, 0, 0, 0, NULL, NULL, NULL},
	{2118, 'n', 0, 1965, 0, 1965, 0, 0, 0, 0, 0, false, false, 'r', 'r', 610, 26, 0, 0, 0, NULL, NULL, NULL},
	{2119, 'n', 0, 209, 0, 209, 0, 0, 0, 0, 0, false, false, 'r', 'r', 623, 700, 0, 0, 0, NULL, NULL, NULL},
	{2120, 'n', 0, 223, 0, 223, 0, 0, 0, 0, 0, false, false, 'r', 'r', 674, 701, 0, 0, 0, NULL, NULL, NULL},
	{2129, 'n', 0, 458, 0, 458, 0, 0, 0, 0, 0, false, false, 'r', 'r', 666, 25, 0, 0, 0, NULL, NULL, NULL},
	{2131, 'n', 0, 1237, 0, 1237, 0, 0, 0, 0, 0, false, false, 'r', 'r', 412, 20, 0, 0, 0, NULL, NULL, NULL},
	{2132, 'n', 0, 769, 0, 769, 0, 0, 0, 0, 0, false, false, 'r', 'r', 97, 23, 0, 0, 0, NULL, NULL, NULL},
	{2133, 'n', 0, 771, 0, 771, 0, 0, 0, 0, 0, false, false, 'r', 'r', 95, 21, 0, 0, 0, NULL, NULL, NULL},
	{2134, 'n', 0, 1966, 0, 1966, 0, 0, 0, 0, 0, false, false, 'r', 'r', 609, 26, 0, 0, 0, NULL, NULL, NULL},
	{2135, 'n', 0, 211, 0, 211, 0, 0, 0, 0, 0, false, false, 'r', 'r', 622, 700, 0, 0, 0, NULL, NULL, NULL},
	{2136, 'n', 0, 224, 0, 224, 0, 0, 0, 0, 0, false, false, 'r', 'r', 672, 701, 0, 0, 0, NULL, NULL, NULL},
	{2145, 'n', 0, 459, 0, 459, 0, 0, 0, 0, 0, false, false, 'r', 'r', 664, 25, 0, 0, 0, NULL, NULL, NULL},
	{2147, 'n', 0, 2804, 0, 463, 0, 0, 2804, 3547, 0, false, false, 'r', 'r', 0, 20, 0, 20, 0, "0", "0", NULL},
	{2151, 'n', 0, 208, 1831, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2152, 'n', 0, 222, 1831, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2157, 'n', 0, 208, 1832, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2158, 'n', 0, 222, 1832, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2236, 'n', 0, 1892, 0, 1892, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 21, 0, 0, 0, NULL, NULL, NULL},
	{2237, 'n', 0, 1893, 0, 1893, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 21, 0, 0, 0, NULL, NULL, NULL},
	{2238, 'n', 0, 1898, 0, 1898, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 23, 0, 0, 0, NULL, NULL, NULL},
	{2239, 'n', 0, 1899, 0, 1899, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 23, 0, 0, 0, NULL, NULL, NULL},
	{2240, 'n', 0, 1904, 0, 1904, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 20, 0, 0, 0, NULL, NULL, NULL},
	{2241, 'n', 0, 1905, 0, 1905, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 20, 0, 0, 0, NULL, NULL, NULL},
	{2517, 'n', 0, 2515, 0, 2515, 0, 0, 3496, 3497, 3498, false, false, 'r', 'r', 58, 16, 0, 2281, 16, NULL, NULL, NULL},
	{2518, 'n', 0, 2516, 0, 2516, 0, 0, 3496, 3497, 3499, false, false, 'r', 'r', 59, 16, 0, 2281, 16, NULL, NULL, NULL},
	{2519, 'n', 0, 2515, 0, 2515, 0, 0, 3496, 3497, 3498, false, false, 'r', 'r', 58, 16, 0, 2281, 16, NULL, NULL, NULL},
	{2644, 'n', 0, 208, 1831, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2645, 'n', 0, 222, 1831, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2715, 'n', 0, 208, 1832, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2716, 'n', 0, 222, 1832, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2721, 'n', 0, 208, 2512, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2722, 'n', 0, 222, 2512, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2727, 'n', 0, 208, 2513, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2728, 'n', 0, 222, 2513, 276, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 1022, 0, 0, 0, "{0,0,0}", NULL, NULL},
	{2797, 'n', 0, 2795, 0, 2795, 0, 0, 0, 0, 0, false, false, 'r', 'r', 2800, 27, 0, 0, 0, NULL, NULL, NULL},
	{2798, 'n', 0, 2796, 0, 2796, 0, 0, 0, 0, 0, false, false, 'r', 'r', 2799, 27, 0, 0, 0, NULL, NULL, NULL},
	{2803, 'n', 0, 1219, 0, 463, 0, 0, 1219, 3546, 0, false, false, 'r', 'r', 0, 20, 0, 20, 0, "0", "0", NULL},
	{3538, 'n', 0, 3535, 3536, 0, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 2281, 0, 0, 0, NULL, NULL, NULL},
	{6164, 'n', 0, 1894, 0, 1894, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 21, 0, 0, 0, NULL, NULL, NULL},
	{6165, 'n', 0, 1900, 0, 1900, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 23, 0, 0, 0, NULL, NULL, NULL},
	{6166, 'n', 0, 1906, 0, 1906, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 20, 0, 0, 0, NULL, NULL, NULL},
	{9129, 'n', 0, 9113, 0, 9113, 0, 0, 0, 0, 0, false, false, 'r', 'r', 0, 9000, 0, 0, 0, NULL, NULL, "vector"},
};

const int pg_aggregate_nrows = lengthof(pg_aggregate_rows);
