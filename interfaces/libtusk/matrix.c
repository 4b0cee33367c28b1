/*
 * matrix.c: many vectors by one binary COPY, and their binary forms.
 *
 * The widths of the columns are asked for first, as the binary format takes no
 * number of another width.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define OID_INT8 20
#define OID_INT2 21
#define OID_INT4 23

/* of the binary format: signature, flags, length of the header's extension */
static const char copy_header[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

/* ---- binary forms ---- */

static void
put_head(char *p, int dim)
{
	uint16_t n = htons((uint16_t) dim);

	memcpy(p, &n, 2);
	memset(p + 2, 0, 2);
}

void
tusk_vector_encode(const float *values, int dim, void *buf)
{
	char *p = buf;

	put_head(p, dim);
	p += 4;
	for (int i = 0; i < dim; i++, p += 4)
	{
		uint32_t bits;

		memcpy(&bits, &values[i], 4);
		bits = htonl(bits);
		memcpy(p, &bits, 4);
	}
}

/* To the nearest half, ties to even; what is too large becomes infinite. */
static uint16_t
half_of(float value)
{
	uint32_t bits;
	uint32_t sign;
	uint32_t rest;
	int shift;

	memcpy(&bits, &value, 4);
	sign = (bits >> 16) & 0x8000;
	bits &= 0x7fffffff;
	if (bits >= 0x7f800000) /* infinite, or not a number */
		return (uint16_t) (sign | 0x7c00 | (bits > 0x7f800000 ? 0x200 : 0));
	if (bits >= 0x477ff000) /* 65520, which rounds to infinity */
		return (uint16_t) (sign | 0x7c00);
	if (bits < 0x33000000) /* below half of the smallest one */
		return (uint16_t) sign;
	if (bits >= 0x38800000) /* normal */
	{
		rest = bits - 0x38000000;
		rest += 0xfff + ((rest >> 13) & 1);
		return (uint16_t) (sign | (rest >> 13));
	}
	shift = 126 - (int) (bits >> 23); /* 14 to 24 */
	rest = (bits & 0x7fffff) | 0x800000;
	rest += (1u << (shift - 1)) - 1 + ((rest >> shift) & 1);
	return (uint16_t) (sign | (rest >> shift));
}

void
tusk_halfvec_encode(const float *values, int dim, void *buf)
{
	char *p = buf;

	put_head(p, dim);
	p += 4;
	for (int i = 0; i < dim; i++, p += 2)
	{
		uint16_t bits = htons(half_of(values[i]));

		memcpy(p, &bits, 2);
	}
}

int
tusk_vector_decode(const void *data, int length, float *values, int max)
{
	const char *p = data;
	uint16_t n;
	int dim;

	if (data == NULL || length < 4)
		return -1;
	memcpy(&n, p, 2);
	dim = ntohs(n);
	if (dim > max || (size_t) length != TUSK_VECTOR_SIZE(dim))
		return -1;
	p += 4;
	for (int i = 0; i < dim; i++, p += 4)
	{
		uint32_t bits;

		memcpy(&bits, p, 4);
		bits = ntohl(bits);
		memcpy(&values[i], &bits, 4);
	}
	return dim;
}

size_t
tusk_float_size(tusk_float_type type, int dim)
{
	return type == TUSK_TYPE_HALFVEC ? TUSK_HALFVEC_SIZE(dim)
	                                 : TUSK_VECTOR_SIZE(dim);
}

void
tusk_float_encode(tusk_float_type type, const float *values, int dim, void *buf)
{
	if (type == TUSK_TYPE_HALFVEC)
		tusk_halfvec_encode(values, dim, buf);
	else
		tusk_vector_encode(values, dim, buf);
}

/* *type: TUSK_TYPE_OTHER if vectors of floats are none of it. */
tusk_status
tusk_float_type_of(tusk_session *s, uint32_t oid, tusk_float_type *type,
                   char *name, size_t size)
{
	char text[16];
	tusk_param param = {text, 0, TUSK_TEXT, 0};
	tusk_result *result;
	const char *found;
	tusk_status status;

	snprintf(text, sizeof(text), "%u", oid);
	status = tusk_exec_params(s,
	                          "SELECT typname FROM pg_catalog.pg_type "
	                          "WHERE oid = $1::pg_catalog.oid",
	                          1, &param, TUSK_TEXT, &result);
	if (status != TUSK_OK)
		return status;
	found = tusk_result_value(result, 0, 0);
	if (found == NULL)
		found = "unknown";
	snprintf(name, size, "%s", found);
	*type = strcmp(found, "vector") == 0    ? TUSK_TYPE_VECTOR
	        : strcmp(found, "halfvec") == 0 ? TUSK_TYPE_HALFVEC
	                                        : TUSK_TYPE_OTHER;
	tusk_result_free(result);
	return TUSK_OK;
}

/* ---- inserting ---- */

/* What the rows look like in the COPY. */
typedef struct matrix_format
{
	int id_width; /* 0: no such column */
	tusk_float_type type;
	int dim;
	size_t row_size;
} matrix_format;

/* "name" with its quotes, or NULL. */
static char *
quoted(const char *name)
{
	char *text = malloc(2 * strlen(name) + 3);
	char *p = text;

	if (text == NULL)
		return NULL;
	*p++ = '"';
	for (; *name != '\0'; name++)
	{
		if (*name == '"')
			*p++ = '"';
		*p++ = *name;
	}
	*p++ = '"';
	*p = '\0';
	return text;
}

static char *
columns_of(const tusk_insert_options *o, bool with_ids)
{
	char *id = quoted(o->id_column);
	char *vector = quoted(o->vector_column);
	char *text = NULL;

	if (id != NULL && vector != NULL &&
	    asprintf(&text, "%s%s%s", with_ids ? id : "", with_ids ? ", " : "",
	             vector) < 0)
		text = NULL;
	free(id);
	free(vector);
	return text;
}

/* Asks for the columns' types. */
static tusk_status
find_format(tusk_session *s, const char *table, const char *columns,
            bool with_ids, int dim, matrix_format *f)
{
	char *sql = NULL;
	char name[80];
	tusk_result *result = NULL;
	tusk_status status;
	uint32_t id_type;

	if (asprintf(&sql, "SELECT %s FROM %s LIMIT 0", columns, table) < 0)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	status = tusk_exec(s, sql, &result);
	free(sql);
	if (status != TUSK_OK)
		return status;
	id_type = tusk_result_column_type(result, 0);
	status =
		tusk_float_type_of(s, tusk_result_column_type(result, with_ids ? 1 : 0),
	                       &f->type, name, sizeof(name));
	tusk_result_free(result);
	if (status != TUSK_OK)
		return status;
	if (f->type == TUSK_TYPE_OTHER)
		return tusk_fail(s, TUSK_MISUSE, "42804",
		                 "the vectors' column is of type %s, not vector or "
		                 "halfvec",
		                 name);
	f->id_width = !with_ids             ? 0
	              : id_type == OID_INT8 ? 8
	              : id_type == OID_INT4 ? 4
	              : id_type == OID_INT2 ? 2
	                                    : -1;
	if (f->id_width < 0)
		return tusk_fail(s, TUSK_MISUSE, "42804",
		                 "the ids' column is not smallint, integer or bigint");
	f->dim = dim;
	f->row_size = 2 + (with_ids ? 4 + (size_t) f->id_width : 0) + 4 +
	              tusk_float_size(f->type, dim);
	return TUSK_OK;
}

static char *
put32(char *p, uint32_t n)
{
	n = htonl(n);
	memcpy(p, &n, 4);
	return p + 4;
}

static void
form_row(const matrix_format *f, int64_t id, const float *row, char *p)
{
	uint16_t columns = htons(f->id_width > 0 ? 2 : 1);

	memcpy(p, &columns, 2);
	p += 2;
	if (f->id_width > 0)
	{
		p = put32(p, (uint32_t) f->id_width);
		for (int shift = 8 * (f->id_width - 1); shift >= 0; shift -= 8)
			*p++ = (char) ((uint64_t) id >> shift);
	}
	p = put32(p, (uint32_t) tusk_float_size(f->type, f->dim));
	tusk_float_encode(f->type, row, f->dim, p);
}

static tusk_status
check_ids(tusk_session *s, const matrix_format *f, const int64_t *ids, size_t n)
{
	int64_t limit = f->id_width == 2 ? INT16_MAX : INT32_MAX;

	if (f->id_width == 0 || f->id_width == 8)
		return TUSK_OK;
	for (size_t i = 0; i < n; i++)
		if (ids[i] > limit || ids[i] < -limit - 1)
			return tusk_fail(s, TUSK_MISUSE, "22003", "%s out of range",
			                 f->id_width == 2 ? "smallint" : "integer");
	return TUSK_OK;
}

static tusk_status
copy_rows(tusk_session *s, const char *sql, const matrix_format *f,
          const int64_t *ids, const float *rows, size_t n, int64_t *inserted)
{
	static const char trailer[2] = {'\377', '\377'};
	tusk_copy *copy;
	char *row = malloc(f->row_size);
	tusk_status status;

	if (row == NULL)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	status = tusk_copy_begin(s, sql, &copy);
	if (status == TUSK_OK)
	{
		status = tusk_copy_write(copy, copy_header, sizeof(copy_header));
		for (size_t i = 0; i < n && status == TUSK_OK; i++)
		{
			form_row(f, ids != NULL ? ids[i] : 0, rows + i * (size_t) f->dim,
			         row);
			status = tusk_copy_write(copy, row, f->row_size);
		}
		if (status == TUSK_OK)
			(void) tusk_copy_write(copy, trailer, sizeof(trailer));
		/* it knows of a write that failed, and does not commit less */
		status = tusk_copy_finish(copy, inserted);
	}
	free(row);
	return status;
}

tusk_status
tusk_insert_matrix(tusk_session *s, const char *table,
                   const tusk_insert_options *options, const int64_t *ids,
                   const float *rows, size_t n, int dim, int64_t *inserted)
{
	tusk_insert_options o = {0};
	tusk_status status = tusk_check_statement(s, table);
	char *columns = NULL;
	char *sql = NULL;
	matrix_format format;

	if (inserted != NULL)
		*inserted = 0;
	if (options != NULL)
		memcpy(&o, options,
		       options->size < sizeof(o) ? options->size : sizeof(o));
	if (o.id_column == NULL)
		o.id_column = "id";
	if (o.vector_column == NULL)
		o.vector_column = "embedding";
	if (status == TUSK_OK && (dim < 1 || dim > 16000))
		status = tusk_fail(s, TUSK_MISUSE, "22023",
		                   "number of dimensions must be between 1 and 16000");
	if (status == TUSK_OK && rows == NULL && n > 0)
		status = tusk_fail(s, TUSK_MISUSE, "22004", "rows must not be NULL");
	if (status != TUSK_OK)
		return status;

	columns = columns_of(&o, ids != NULL);
	if (columns == NULL ||
	    asprintf(&sql, "COPY %s (%s) FROM STDIN WITH (FORMAT binary)", table,
	             columns) < 0)
		status = tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	if (status == TUSK_OK)
		status = find_format(s, table, columns, ids != NULL, dim, &format);
	if (status == TUSK_OK && ids != NULL)
		status = check_ids(s, &format, ids, n);
	if (status == TUSK_OK)
		status = copy_rows(s, sql, &format, ids, rows, n, inserted);
	free(columns);
	free(sql);
	return status;
}
