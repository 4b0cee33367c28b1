/*
 * numeric_sort.c
 *		Numerics in a sort: their comparison without memory, and numbers of 64
 *		bits in their order.
 *
 * The number of a finite value has, from the top: one bit for the sign, seven
 * for the weight of the first digit (base 10000) and 14 for each of the first
 * four digits; that of a negative value is turned over.  So at least 13 decimal
 * digits decide.  Weights beyond what seven bits hold have the least or the
 * greatest of all; where numbers are equal values are compared.
 *
 * Corresponds to the sort support of PostgreSQL's utils/adt/numeric.c, which
 * subtracts the weight and takes as many digits.
 */
#include "postgres.h"

#include "utils/numeric_sort.h"
#include "utils/numeric_var.h"

#define SIGN_BIT (UINT64CONST(1) << 63)
#define WEIGHT_BITS 7
#define MIN_WEIGHT (-(1 << (WEIGHT_BITS - 1)))
#define MAX_WEIGHT ((1 << (WEIGHT_BITS - 1)) - 1)
#define DIGIT_BITS 14
#define SORT_DIGITS 4

StaticAssertDecl(1 + WEIGHT_BITS + SORT_DIGITS * DIGIT_BITS == 64,
                 "the parts of a number do not fill it");
StaticAssertDecl(NBASE <= 1 << DIGIT_BITS, "a digit does not fit");

/* A value where it can be read, which may be its short form unpacked. */
typedef struct ReadableNumeric
{
	NumericVar var;
	Numeric detoasted; /* to be freed, or NULL */
	union
	{
		uint32 header;
		char bytes[VARATT_SHORT_MAX + VARHDRSZ];
	} unpacked;
} ReadableNumeric;

static void
read_numeric(Datum value, ReadableNumeric *out)
{
	struct varlena *stored = (struct varlena *) DatumGetPointer(value);

	out->detoasted = NULL;
	if (VARATT_IS_SHORT(stored))
	{
		Size len = VARSIZE_SHORT(stored) - VARHDRSZ_SHORT;

		SET_VARSIZE(out->unpacked.bytes, len + VARHDRSZ);
		memcpy(out->unpacked.bytes + VARHDRSZ, VARDATA_SHORT(stored), len);
		stored = (struct varlena *) out->unpacked.bytes;
	}
	else if (VARATT_IS_EXTENDED(stored))
	{
		out->detoasted = DatumGetNumeric(value);
		stored = (struct varlena *) out->detoasted;
	}
	view_var_of_num((Numeric) stored, &out->var);
}

static void
done_reading(ReadableNumeric *value)
{
	if (value->detoasted != NULL)
		pfree(value->detoasted);
}

int
numeric_sort_compare(Datum x, Datum y, SortSupport ssup)
{
	ReadableNumeric a;
	ReadableNumeric b;
	int result;

	read_numeric(x, &a);
	read_numeric(y, &b);
	result = cmp_var(&a.var, &b.var);
	done_reading(&a);
	done_reading(&b);
	return result;
}

/* Without the sign, which takes the highest bit. */
static uint64
magnitude(const NumericVar *var)
{
	uint64 result;
	int first = 0;
	int weight;

	while (first < var->ndigits && var->digits[first] == 0)
		first++;
	if (first == var->ndigits)
		return 0;
	weight = var->weight - first;
	if (weight < MIN_WEIGHT)
		return 0;
	if (weight > MAX_WEIGHT)
		return SIGN_BIT - 1;
	result = (uint64) (weight - MIN_WEIGHT);
	for (int i = first; i < first + SORT_DIGITS; i++)
		result = result << DIGIT_BITS |
		         (uint64) (i < var->ndigits ? var->digits[i] : 0);
	return result;
}

uint64
numeric_sort_abbreviate(Datum value, SortSupport ssup)
{
	ReadableNumeric in;
	uint64 result;

	read_numeric(value, &in);
	if (var_is_special(&in.var))
		result = in.var.sign == NUMERIC_NINF ? 0 : PG_UINT64_MAX;
	else if (in.var.sign == NUMERIC_NEG)
		result = SIGN_BIT - magnitude(&in.var);
	else
		result = SIGN_BIT + magnitude(&in.var);
	done_reading(&in);
	return result;
}
