/*
 * utils/numeric.h
 *		The type numeric: PostgreSQL's stored form, base 10000.
 */
#ifndef NUMERIC_H
#define NUMERIC_H

#include "fmgr.h"

#define NUMERIC_MAX_PRECISION 1000
#define NUMERIC_MAX_DISPLAY_SCALE NUMERIC_MAX_PRECISION
#define NUMERIC_MIN_SIG_DIGITS 16

struct NumericData; /* private to numeric.c */
typedef struct NumericData *Numeric;

#define DatumGetNumeric(X) ((Numeric) PG_DETOAST_DATUM(X))
#define NumericGetDatum(X) PointerGetDatum(X)
#define PG_GETARG_NUMERIC(n) DatumGetNumeric(PG_GETARG_DATUM(n))
#define PG_RETURN_NUMERIC(x) return NumericGetDatum(x)

extern Numeric int64_to_numeric(int64 val);
extern bool numeric_is_nan(Numeric num);
extern bool numeric_is_inf(Numeric num);

/* SQL functions that other files call */
extern Datum numeric_in(PG_FUNCTION_ARGS);
extern Datum numeric_out(PG_FUNCTION_ARGS);
extern Datum numeric_add(PG_FUNCTION_ARGS);
extern Datum numeric_div(PG_FUNCTION_ARGS);
extern Datum numeric_float8(PG_FUNCTION_ARGS);
extern Datum numeric_float4(PG_FUNCTION_ARGS);
extern Datum numeric_int8(PG_FUNCTION_ARGS);
extern Datum numeric_trunc_whole(PG_FUNCTION_ARGS);

#endif /* NUMERIC_H */
