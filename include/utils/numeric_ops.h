/*
 * utils/numeric_ops.h
 *		Functions on numerics taken apart that aggregates use too.
 */
#ifndef NUMERIC_OPS_H
#define NUMERIC_OPS_H

#include "utils/numeric_var.h"

/* of a finite value that is not negative */
extern void sqrt_var(const NumericVar *value, NumericVar *result, int rscale);

#endif /* NUMERIC_OPS_H */
