/*
 * numeric.c
 *		The type numeric: its stored form, input and output, type modifiers,
 *		casts.
 *
 * The stored form is PostgreSQL's: a header of 16 bits if sign, dscale (up to
 * 63) and weight (-64 to 63) fit it, else one of 32, and the digits in base
 * 10000.
 *
 *		1 s dddddd wwwwwww	short: sign, dscale, weight in two's complement
 *		0 s dddddddddddddd	long: sign, dscale; 16 bits of weight follow
 *		11 kk ............	NaN, Infinity, -Infinity
 *
 * Corresponds to PostgreSQL's utils/adt/numeric.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <math.h>
#include <strings.h>

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/adt.h"
#include "utils/builtins.h"
#include "utils/numeric_var.h"

struct NumericData
{
	int32 vl_len_;
	uint16 header;
	int16 rest[FLEXIBLE_ARRAY_MEMBER]; /* of a long form, the weight first */
};

#define SHORT_FLAG 0x8000
#define SHORT_SIGN 0x2000
#define SHORT_DSCALE_SHIFT 7
#define SHORT_DSCALE_MAX 63
#define SHORT_WEIGHT_MASK 0x7F
#define SHORT_WEIGHT_SIGN 0x40
#define SHORT_WEIGHT_MAX 63
#define SHORT_WEIGHT_MIN (-64)
#define LONG_DSCALE_MASK 0x3FFF
#define WEIGHT_MAX PG_INT16_MAX
#define HEADER_SHORT (offsetof(struct NumericData, rest))
#define HEADER_LONG (HEADER_SHORT + sizeof(int16))

StaticAssertDecl(offsetof(struct NumericData, rest) == 6,
                 "the layout of numeric is on disk");

static void
overflow_error(void)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
	                errmsg("value overflows numeric format")));
}

static inline bool
is_special(Numeric num)
{
	return (num->header & NUMERIC_SPECIAL) == NUMERIC_SPECIAL;
}

bool
numeric_is_nan(Numeric num)
{
	return num->header == NUMERIC_NAN;
}

bool
numeric_is_inf(Numeric num)
{
	return is_special(num) && num->header != NUMERIC_NAN;
}

/* Its digits are those of num, which are not to be changed. */
void
view_var_of_num(Numeric num, NumericVar *var)
{
	int size = VARSIZE(num);

	if (is_special(num))
	{
		set_var_special(var, num->header);
		return;
	}
	if (num->header & SHORT_FLAG)
	{
		int weight = num->header & SHORT_WEIGHT_MASK;

		var->weight = weight & SHORT_WEIGHT_SIGN ? weight - 128 : weight;
		var->sign = num->header & SHORT_SIGN ? NUMERIC_NEG : NUMERIC_POS;
		var->dscale = num->header >> SHORT_DSCALE_SHIFT & SHORT_DSCALE_MAX;
		var->ndigits = (size - HEADER_SHORT) / sizeof(int16);
		var->digits = num->rest;
	}
	else
	{
		var->weight = num->rest[0];
		var->sign = num->header & NUMERIC_NEG;
		var->dscale = num->header & LONG_DSCALE_MASK;
		var->ndigits = (size - HEADER_LONG) / sizeof(int16);
		var->digits = num->rest + 1;
	}
}

void
set_var_from_num(Numeric num, NumericVar *var)
{
	NumericVar view;

	view_var_of_num(num, &view);
	*var = view;
	if (var_is_special(&view))
		return;
	alloc_var(var, view.ndigits);
	memcpy(var->digits, view.digits, sizeof(int16) * view.ndigits);
}

Numeric
numeric_make_result(const NumericVar *value)
{
	NumericVar var = *value;
	bool is_short;
	Size size;
	Numeric result;

	strip_var(&var);
	if (var_is_special(&var))
	{
		result = palloc0(HEADER_SHORT);
		SET_VARSIZE(result, HEADER_SHORT);
		result->header = (uint16) var.sign;
		return result;
	}
	if (var.weight > WEIGHT_MAX || var.weight < PG_INT16_MIN ||
	    var.dscale > LONG_DSCALE_MASK)
		overflow_error();
	is_short = var.dscale <= SHORT_DSCALE_MAX &&
	           var.weight <= SHORT_WEIGHT_MAX && var.weight >= SHORT_WEIGHT_MIN;
	size =
		(is_short ? HEADER_SHORT : HEADER_LONG) + sizeof(int16) * var.ndigits;
	result = palloc0(size);
	SET_VARSIZE(result, size);
	if (is_short)
	{
		result->header =
			(uint16) (SHORT_FLAG | (var.sign == NUMERIC_NEG ? SHORT_SIGN : 0) |
		              var.dscale << SHORT_DSCALE_SHIFT |
		              (var.weight & SHORT_WEIGHT_MASK));
		memcpy(result->rest, var.digits, sizeof(int16) * var.ndigits);
	}
	else
	{
		result->header = (uint16) (var.sign | var.dscale);
		result->rest[0] = (int16) var.weight;
		memcpy(result->rest + 1, var.digits, sizeof(int16) * var.ndigits);
	}
	return result;
}

/* ---- text ---- */

static void
bad_syntax(const char *string)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
	                errmsg("invalid input syntax for type %s: \"%s\"",
	                       "numeric", string)));
}

/* one of the words for a special value at *p, which is moved behind it */
static bool
parse_special(const char **p, NumericVar *var)
{
	static const struct
	{
		const char *word;
		int sign;
	} words[] = {
		{"NaN", NUMERIC_NAN},        {"Infinity", NUMERIC_PINF},
		{"+Infinity", NUMERIC_PINF}, {"-Infinity", NUMERIC_NINF},
		{"inf", NUMERIC_PINF},       {"+inf", NUMERIC_PINF},
		{"-inf", NUMERIC_NINF},
	};

	for (int i = 0; i < lengthof(words); i++)
	{
		if (strncasecmp(*p, words[i].word, strlen(words[i].word)) == 0)
		{
			*p += strlen(words[i].word);
			set_var_special(var, words[i].sign);
			return true;
		}
	}
	return false;
}

/*
 * Sign, digits with at most one point, exponent.  The decimal digits are
 * grouped from the point outwards.
 */
static const char *
parse_decimal(const char *string, const char *p, NumericVar *var)
{
	char *decimals = palloc(strlen(p) + 1);
	int n = 0;
	int before_point = 0;
	bool point = false;
	long exponent = 0;
	int padding;

	var->sign = *p == '-' ? NUMERIC_NEG : NUMERIC_POS;
	if (*p == '-' || *p == '+')
		p++;
	if (!isdigit((unsigned char) *p) &&
	    !(*p == '.' && isdigit((unsigned char) p[1])))
		bad_syntax(string);
	for (;; p++)
	{
		if (isdigit((unsigned char) *p))
		{
			decimals[n++] = *p - '0';
			before_point += !point;
		}
		else if (*p == '.' && !point)
			point = true;
		else
			break;
	}
	if (*p == 'e' || *p == 'E')
	{
		char *end;

		errno = 0;
		exponent = strtol(p + 1, &end, 10);
		if (end == p + 1 || isspace((unsigned char) p[1]))
			bad_syntax(string);
		if (errno != 0 || exponent > INT_MAX / 2 || exponent < -(INT_MAX / 2))
			overflow_error();
		p = end;
	}

	var->dscale = (int) Max((long) n - before_point - exponent, 0);
	before_point += (int) exponent;
	/* whole digits of ours before the point, rounded up, also below zero */
	var->weight =
		(before_point > 0 ? (before_point + DEC_DIGITS - 1) / DEC_DIGITS
	                      : -(-before_point / DEC_DIGITS)) -
		1;
	padding = (var->weight + 1) * DEC_DIGITS - before_point;
	Assert(padding >= 0 && padding < DEC_DIGITS);
	alloc_var(var, (n + padding + DEC_DIGITS - 1) / DEC_DIGITS);
	for (int i = 0; i < var->ndigits * DEC_DIGITS; i++)
	{
		int from = i - padding;

		var->digits[i / DEC_DIGITS] =
			var->digits[i / DEC_DIGITS] * 10 +
			(from >= 0 && from < n ? decimals[from] : 0);
	}
	pfree(decimals);
	strip_var(var);
	return p;
}

static void
set_var_from_str(const char *string, NumericVar *var)
{
	const char *p = string;

	while (isspace((unsigned char) *p))
		p++;
	if (!parse_special(&p, var))
		p = parse_decimal(string, p, var);
	while (isspace((unsigned char) *p))
		p++;
	if (*p != '\0')
		bad_syntax(string);
}

static char *
get_str_from_var(const NumericVar *value)
{
	NumericVar var = *value;
	StringInfoData s;
	int start;

	if (var.sign == NUMERIC_NAN)
		return pstrdup("NaN");
	if (var.sign == NUMERIC_PINF)
		return pstrdup("Infinity");
	if (var.sign == NUMERIC_NINF)
		return pstrdup("-Infinity");
	initStringInfo(&s);
	if (var.sign == NUMERIC_NEG)
		appendStringInfoChar(&s, '-');
	start = s.len;
	for (int w = var.weight; w >= 0; w--)
	{
		int i = var.weight - w;
		int digit = i < var.ndigits ? var.digits[i] : 0;

		appendStringInfo(&s, s.len == start ? "%d" : "%04d", digit);
	}
	if (s.len == start)
		appendStringInfoChar(&s, '0');
	if (var.dscale > 0)
	{
		int end;

		appendStringInfoChar(&s, '.');
		end = s.len + var.dscale;
		for (int w = -1; s.len < end; w--)
		{
			int i = var.weight - w;

			appendStringInfo(&s, "%04d",
			                 i >= 0 && i < var.ndigits ? var.digits[i] : 0);
		}
		s.len = end;
		s.data[end] = '\0';
	}
	return s.data;
}

/* ---- type modifiers: precision << 16 | scale, and VARHDRSZ ---- */

static inline int
typmod_precision(int32 typmod)
{
	return (typmod - VARHDRSZ) >> 16 & 0xFFFF;
}

/* 11 bits with a sign */
static inline int
typmod_scale(int32 typmod)
{
	return (((typmod - VARHDRSZ) & 0x7FF) ^ 1024) - 1024;
}

static void
field_overflow(int precision, int scale, const char *limit)
{
	ereport(ERROR,
	        (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
	         errmsg("numeric field overflow"),
	         limit ? errdetail("A field with precision %d, scale %d must "
	                           "round to an absolute value less than %s.",
	                           precision, scale, limit)
	               : errdetail("A field with precision %d, scale %d "
	                           "cannot hold an infinite value.",
	                           precision, scale)));
}

static void
apply_typmod(NumericVar *var, int32 typmod)
{
	int precision, scale, integer_digits;

	if (typmod < VARHDRSZ || var->sign == NUMERIC_NAN)
		return;
	precision = typmod_precision(typmod);
	scale = typmod_scale(typmod);
	if (var_is_special(var))
		field_overflow(precision, scale, NULL);
	round_var(var, scale);
	if (var->ndigits == 0)
		return;

	/* how many decimal digits stand before the point */
	integer_digits = (var->weight + 1) * DEC_DIGITS;
	for (int unit = 1000; unit > var->digits[0]; unit /= 10)
		integer_digits--;
	if (integer_digits > precision - scale)
		field_overflow(
			precision, scale,
			precision == scale ? "1" : psprintf("10^%d", precision - scale));
}

Datum
numerictypmodin(PG_FUNCTION_ARGS)
{
	int n;
	int32 *mods = get_typmods(PG_GETARG_DATUM(0), &n);

	if (n != 1 && n != 2)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid NUMERIC type modifier")));
	if (mods[0] < 1 || mods[0] > NUMERIC_MAX_PRECISION)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("NUMERIC precision %d must be between 1 and %d",
		                       mods[0], NUMERIC_MAX_PRECISION)));
	if (n == 2 && (mods[1] < -1000 || mods[1] > 1000))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("NUMERIC scale %d must be between %d and %d",
		                       mods[1], -1000, 1000)));
	PG_RETURN_INT32((mods[0] << 16 | ((n == 2 ? mods[1] : 0) & 0x7FF)) +
	                VARHDRSZ);
}

Datum
numerictypmodout(PG_FUNCTION_ARGS)
{
	int32 typmod = PG_GETARG_INT32(0);

	PG_RETURN_CSTRING(typmod >= VARHDRSZ
	                      ? psprintf("(%d,%d)", typmod_precision(typmod),
	                                 typmod_scale(typmod))
	                      : pstrdup(""));
}

/* the cast that a length asks for */
Datum
numeric(PG_FUNCTION_ARGS)
{
	NumericVar var;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	apply_typmod(&var, PG_GETARG_INT32(1));
	PG_RETURN_NUMERIC(numeric_make_result(&var));
}

/* ---- input and output ---- */

Datum
numeric_in(PG_FUNCTION_ARGS)
{
	NumericVar var;

	set_var_from_str(PG_GETARG_CSTRING(0), &var);
	apply_typmod(&var, PG_GETARG_INT32(2));
	PG_RETURN_NUMERIC(numeric_make_result(&var));
}

Datum
numeric_out(PG_FUNCTION_ARGS)
{
	NumericVar var;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	PG_RETURN_CSTRING(get_str_from_var(&var));
}

static void
bad_binary(const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
	                errmsg("invalid %s in external \"numeric\" value", what)));
}

Datum
numeric_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int ndigits = (uint16) pq_getmsgint(buf, sizeof(uint16));
	int weight = (int16) pq_getmsgint(buf, sizeof(int16));
	int sign = (uint16) pq_getmsgint(buf, sizeof(uint16));
	int dscale = (uint16) pq_getmsgint(buf, sizeof(uint16));
	NumericVar var;

	if (sign != NUMERIC_POS && sign != NUMERIC_NEG && sign != NUMERIC_NAN &&
	    sign != NUMERIC_PINF && sign != NUMERIC_NINF)
		bad_binary("sign");
	if (dscale > LONG_DSCALE_MASK)
		bad_binary("scale");
	alloc_var(&var, ndigits);
	var.weight = weight;
	var.sign = sign;
	var.dscale = dscale;
	for (int i = 0; i < ndigits; i++)
	{
		int digit = (int16) pq_getmsgint(buf, sizeof(int16));

		if (digit < 0 || digit >= NBASE)
			bad_binary("digit");
		var.digits[i] = (int16) digit;
	}
	if (var_is_special(&var))
		var.ndigits = 0;
	else
		/* digits behind the scale are cut off, not rounded */
		trunc_var(&var, dscale);
	apply_typmod(&var, PG_GETARG_INT32(2));
	PG_RETURN_NUMERIC(numeric_make_result(&var));
}

Datum
numeric_send(PG_FUNCTION_ARGS)
{
	NumericVar var;
	StringInfoData buf;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	pq_begintypsend(&buf);
	pq_sendint16(&buf, var.ndigits);
	pq_sendint16(&buf, var.weight);
	pq_sendint16(&buf, var.sign);
	pq_sendint16(&buf, var.dscale);
	for (int i = 0; i < var.ndigits; i++)
		pq_sendint16(&buf, var.digits[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---- casts ---- */

Numeric
int128_to_numeric(__int128 val)
{
	NumericVar var;

	set_var_from_int128(val, &var);
	return numeric_make_result(&var);
}

Numeric
int64_to_numeric(int64 val)
{
	return int128_to_numeric(val);
}

Datum
int2_numeric(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(int64_to_numeric(PG_GETARG_INT16(0)));
}

Datum
int4_numeric(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(int64_to_numeric(PG_GETARG_INT32(0)));
}

Datum
int8_numeric(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(int64_to_numeric(PG_GETARG_INT64(0)));
}

/* to the nearest integer, halves away from zero */
static int64
numeric_to_int(Numeric num, int64 min, int64 max, const char *type)
{
	NumericVar var;
	__int128 value = 0;

	set_var_from_num(num, &var);
	if (var_is_special(&var))
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("cannot convert %s to %s",
		                var.sign == NUMERIC_NAN ? "NaN" : "infinity", type)));
	round_var(&var, 0);
	if (var.ndigits > 0 && var.weight > 5)
		out_of_range(type);
	for (int w = var.weight; w >= 0 && var.ndigits > 0; w--)
	{
		int i = var.weight - w;

		value = value * NBASE + (i < var.ndigits ? var.digits[i] : 0);
	}
	if (var.sign == NUMERIC_NEG)
		value = -value;
	if (value < min || value > max)
		out_of_range(type);
	return (int64) value;
}

Datum
numeric_int2(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT16((int16) numeric_to_int(PG_GETARG_NUMERIC(0), PG_INT16_MIN,
	                                       PG_INT16_MAX, "smallint"));
}

Datum
numeric_int4(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) numeric_to_int(PG_GETARG_NUMERIC(0), PG_INT32_MIN,
	                                       PG_INT32_MAX, "integer"));
}

Datum
numeric_int8(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(numeric_to_int(PG_GETARG_NUMERIC(0), PG_INT64_MIN,
	                               PG_INT64_MAX, "bigint"));
}

/* digits: those of the float's decimal precision that are certain */
static Numeric
float_to_numeric(double value, int digits)
{
	NumericVar var;

	if (isnan(value))
		set_var_special(&var, NUMERIC_NAN);
	else if (isinf(value))
		set_var_special(&var, value > 0 ? NUMERIC_PINF : NUMERIC_NINF);
	else
	{
		char text[64];

		snprintf(text, sizeof(text), "%.*g", digits, value);
		set_var_from_str(text, &var);
	}
	return numeric_make_result(&var);
}

Datum
float8_numeric(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(float_to_numeric(PG_GETARG_FLOAT8(0), 15));
}

Datum
float4_numeric(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMERIC(float_to_numeric(PG_GETARG_FLOAT4(0), 6));
}

Datum
numeric_float8(PG_FUNCTION_ARGS)
{
	NumericVar var;
	char *text;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	text = get_str_from_var(&var);
	PG_RETURN_FLOAT8(float8in_internal(text, NULL, "double precision", text));
}

Datum
numeric_float4(PG_FUNCTION_ARGS)
{
	NumericVar var;
	char *text;

	set_var_from_num(PG_GETARG_NUMERIC(0), &var);
	text = get_str_from_var(&var);
	PG_RETURN_FLOAT4(float4in_internal(text, NULL, "real", text));
}
