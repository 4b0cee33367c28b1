/*
 * utils/numeric_var.h
 *		A numeric taken apart for computing, shared by the files of sql/adt that
 *		implement the type.
 *
 * The value is the sum of digits[i] * 10000^(weight - i), with its sign.
 * dscale is how many decimal places are shown.
 */
#ifndef NUMERIC_VAR_H
#define NUMERIC_VAR_H

#include "utils/numeric.h"

#define NBASE 10000
#define DEC_DIGITS 4 /* decimal digits of one of ours */

#define NUMERIC_POS 0x0000
#define NUMERIC_NEG 0x4000
#define NUMERIC_SPECIAL 0xC000
#define NUMERIC_NAN 0xC000
#define NUMERIC_PINF 0xD000
#define NUMERIC_NINF 0xF000

typedef struct NumericVar
{
	int ndigits;
	int weight;
	int sign; /* one of the above; a special value has no digits */
	int dscale;
	int16 *digits; /* palloc'd, with room for one more in front */
} NumericVar;

static inline bool
var_is_special(const NumericVar *var)
{
	return (var->sign & NUMERIC_SPECIAL) == NUMERIC_SPECIAL;
}

/* digits of ndigits zeros */
extern void alloc_var(NumericVar *var, int ndigits);
extern void set_var_from_num(Numeric num, NumericVar *var);
extern void view_var_of_num(Numeric num, NumericVar *var);
/* ERROR 22003 if it does not fit the stored form */
extern Numeric numeric_make_result(const NumericVar *var);
extern void set_var_from_int128(__int128 val, NumericVar *var);
extern void set_var_special(NumericVar *var, int sign);
extern void strip_var(NumericVar *var);

/* to rscale decimal places; halves away from zero */
extern void round_var(NumericVar *var, int rscale);
extern void trunc_var(NumericVar *var, int rscale);

extern int cmp_var(const NumericVar *a, const NumericVar *b);
extern void
add_var(const NumericVar *a, const NumericVar *b, NumericVar *result);
extern void
sub_var(const NumericVar *a, const NumericVar *b, NumericVar *result);
extern void
mul_var(const NumericVar *a, const NumericVar *b, NumericVar *result);
/* of finite values, b not zero; rounded or cut off at rscale */
extern void div_var(const NumericVar *a, const NumericVar *b,
                    NumericVar *result, int rscale, bool round);
extern int select_div_scale(const NumericVar *a, const NumericVar *b);

#endif /* NUMERIC_VAR_H */
