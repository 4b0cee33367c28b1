/*
 * statement.c: running statements, and their results.
 *
 * A result is a list of rows, each one allocation: offsets, then the bytes of
 * its values, a '\0' after each.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

typedef struct tusk_column
{
	char *name;
	uint32_t type;
	int format;
} tusk_column;

typedef struct tusk_value
{
	const char *data; /* NULL: SQL's NULL */
	int length;
} tusk_value;

struct tusk_result
{
	int ncolumns;
	tusk_column *columns;
	int nrows;
	int maxrows;
	tusk_value **rows; /* ncolumns values each, then their bytes */
	char tag[64];
};

struct tusk_statement
{
	tusk_session *session;
	char name[32];
	int nparams;
	uint32_t *types;
};

/* ---- results ---- */

void
tusk_result_free(tusk_result *r)
{
	if (r == NULL)
		return;
	for (int i = 0; i < r->ncolumns && r->columns != NULL; i++)
		free(r->columns[i].name);
	for (int i = 0; i < r->nrows; i++)
		free(r->rows[i]);
	free(r->columns);
	free(r->rows);
	free(r);
}

int
tusk_result_rows(const tusk_result *r)
{
	return r == NULL ? 0 : r->nrows;
}

int
tusk_result_columns(const tusk_result *r)
{
	return r == NULL ? 0 : r->ncolumns;
}

const char *
tusk_result_tag(const tusk_result *r)
{
	return r == NULL ? "" : r->tag;
}

int64_t
tusk_tag_count(const char *tag)
{
	const char *last = strrchr(tag, ' ');

	return last == NULL ? 0 : strtoll(last + 1, NULL, 10);
}

int64_t
tusk_result_affected(const tusk_result *r)
{
	return r == NULL ? 0 : tusk_tag_count(r->tag);
}

static const tusk_column *
column_of(const tusk_result *r, int column)
{
	return r == NULL || column < 0 || column >= r->ncolumns
	           ? NULL
	           : &r->columns[column];
}

const char *
tusk_result_column_name(const tusk_result *r, int column)
{
	const tusk_column *c = column_of(r, column);

	return c == NULL ? NULL : c->name;
}

uint32_t
tusk_result_column_type(const tusk_result *r, int column)
{
	const tusk_column *c = column_of(r, column);

	return c == NULL ? 0 : c->type;
}

int
tusk_result_column_format(const tusk_result *r, int column)
{
	const tusk_column *c = column_of(r, column);

	return c == NULL ? TUSK_TEXT : c->format;
}

int
tusk_result_column_number(const tusk_result *r, const char *name)
{
	for (int i = 0; i < tusk_result_columns(r); i++)
		if (strcmp(r->columns[i].name, name) == 0)
			return i;
	return -1;
}

static const tusk_value *
value_of(const tusk_result *r, int row, int column)
{
	if (column_of(r, column) == NULL || row < 0 || row >= r->nrows)
		return NULL;
	return &r->rows[row][column];
}

const char *
tusk_result_value(const tusk_result *r, int row, int column)
{
	const tusk_value *v = value_of(r, row, column);

	return v == NULL ? NULL : v->data;
}

int
tusk_result_length(const tusk_result *r, int row, int column)
{
	const tusk_value *v = value_of(r, row, column);

	return v == NULL ? 0 : v->length;
}

static uint64_t
big_endian(const char *data, int length)
{
	uint64_t n = 0;

	for (int i = 0; i < length; i++)
		n = (n << 8) | (unsigned char) data[i];
	return n;
}

#define OID_FLOAT4 700
#define OID_FLOAT8 701

double
tusk_result_double(const tusk_result *r, int row, int column)
{
	const tusk_value *v = value_of(r, row, column);
	uint32_t type = tusk_result_column_type(r, column);

	if (v == NULL || v->data == NULL)
		return 0;
	if (r->columns[column].format == TUSK_TEXT)
		return strtod(v->data, NULL);
	if (type == OID_FLOAT4 && v->length == 4)
	{
		uint32_t bits = (uint32_t) big_endian(v->data, 4);
		float f;

		memcpy(&f, &bits, sizeof(f));
		return f;
	}
	if (type == OID_FLOAT8 && v->length == 8)
	{
		uint64_t bits = big_endian(v->data, 8);
		double d;

		memcpy(&d, &bits, sizeof(d));
		return d;
	}
	return (double) tusk_result_int64(r, row, column);
}

int64_t
tusk_result_int64(const tusk_result *r, int row, int column)
{
	const tusk_value *v = value_of(r, row, column);
	uint32_t type = tusk_result_column_type(r, column);

	if (v == NULL || v->data == NULL)
		return 0;
	if (r->columns[column].format == TUSK_TEXT)
		return strtoll(v->data, NULL, 10);
	if (type == OID_FLOAT4 || type == OID_FLOAT8)
		return (int64_t) tusk_result_double(r, row, column);
	switch (v->length)
	{
		case 1:
			return (int8_t) v->data[0];
		case 2:
			return (int16_t) big_endian(v->data, 2);
		case 4:
			return (int32_t) big_endian(v->data, 4);
		case 8:
			return (int64_t) big_endian(v->data, 8);
		default:
			return 0;
	}
}

/* RowDescription; NULL: out of memory or malformed. */
static tusk_result *
read_columns(tusk_message *m)
{
	tusk_result *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->ncolumns = tusk_get_int16(m);
	if (r->ncolumns < 0)
		r->ncolumns = 0;
	r->columns = calloc((size_t) r->ncolumns + 1, sizeof(tusk_column));
	for (int i = 0; r->columns != NULL && i < r->ncolumns; i++)
	{
		tusk_column *c = &r->columns[i];

		c->name = strdup(tusk_get_string(m));
		(void) tusk_get_int32(m); /* table */
		(void) tusk_get_int16(m); /* attribute number */
		c->type = (uint32_t) tusk_get_int32(m);
		(void) tusk_get_int16(m); /* length */
		(void) tusk_get_int32(m); /* modifier */
		c->format = tusk_get_int16(m);
		if (c->name == NULL)
			m->bad = true;
	}
	if (r->columns == NULL || m->bad)
	{
		tusk_result_free(r);
		return NULL;
	}
	return r;
}

/* DataRow; false: out of memory or malformed. */
static bool
read_row(tusk_result *r, tusk_message *m)
{
	tusk_value *values;
	char *bytes;

	if (tusk_get_int16(m) != r->ncolumns)
		return false;
	if (r->nrows == r->maxrows)
	{
		int maxrows = r->maxrows > 0 ? r->maxrows * 2 : 16;
		tusk_value **rows = realloc(r->rows, sizeof(*rows) * (size_t) maxrows);

		if (rows == NULL)
			return false;
		r->rows = rows;
		r->maxrows = maxrows;
	}
	values = malloc(sizeof(tusk_value) * (size_t) r->ncolumns + m->length +
	                (size_t) r->ncolumns + 1);
	if (values == NULL)
		return false;
	bytes = (char *) (values + r->ncolumns);
	for (int i = 0; i < r->ncolumns; i++)
	{
		int32_t length = tusk_get_int32(m);
		const char *data;

		values[i].data = NULL;
		values[i].length = 0;
		if (length < 0)
			continue;
		data = tusk_get_bytes(m, (size_t) length);
		if (data == NULL)
			break;
		memcpy(bytes, data, (size_t) length);
		bytes[length] = '\0';
		values[i].data = bytes;
		values[i].length = length;
		bytes += length + 1;
	}
	if (m->bad)
	{
		free(values);
		return false;
	}
	r->rows[r->nrows++] = values;
	return true;
}

static bool
read_param_types(tusk_statement *st, tusk_message *m)
{
	int n = tusk_get_int16(m);

	if (n < 0)
		return false;
	st->types = calloc((size_t) n + 1, sizeof(uint32_t));
	if (st->types == NULL)
		return false;
	for (int i = 0; i < n; i++)
		st->types[i] = (uint32_t) tusk_get_int32(m);
	st->nparams = n;
	return !m->bad;
}

/*
 * Reads up to ReadyForQuery.  *result: the last statement's.  A CopyInResponse
 * ends it early when copy_in is given, else the COPY is refused.
 */
tusk_status
tusk_collect(tusk_session *s, tusk_result **result, tusk_statement *describe,
             bool *copy_in)
{
	tusk_result *current = NULL;
	tusk_result *last = NULL;
	tusk_status outcome = TUSK_OK;
	tusk_message m;

	if (result != NULL)
		*result = NULL;
	for (;;)
	{
		tusk_status status = tusk_receive(s, &m, -1);
		bool ok = true;

		if (status != TUSK_OK)
		{
			tusk_result_free(current);
			tusk_result_free(last);
			return status;
		}
		switch (m.type)
		{
			case 'T':
				tusk_result_free(current);
				current = read_columns(&m);
				ok = current != NULL;
				break;
			case 'D':
				ok = current != NULL && read_row(current, &m);
				break;
			case 'C':
			case 'I':
				tusk_result_free(last);
				last = current != NULL ? current : calloc(1, sizeof(*last));
				current = NULL;
				ok = last != NULL;
				if (ok && m.type == 'C')
					snprintf(last->tag, sizeof(last->tag), "%s",
					         tusk_get_string(&m));
				break;
			case 'E':
				outcome = tusk_take_error(s, &m);
				break;
			case 't':
				ok = describe == NULL || read_param_types(describe, &m);
				break;
			case '1':
			case '2':
			case '3':
			case 'n':
			case 's':
			case 'H':
			case 'd':
			case 'c':
				break;
			case 'G':
				if (copy_in != NULL)
				{
					*copy_in = true;
					tusk_result_free(current);
					tusk_result_free(last);
					return TUSK_OK;
				}
				tusk_begin(s, 'f');
				tusk_put_string(s, "COPY FROM STDIN needs tusk_copy_begin");
				if (tusk_end(s) != TUSK_OK || tusk_send(s) != TUSK_OK)
					ok = false;
				break;
			case 'Z':
				s->transaction_state = (char) tusk_get_int8(&m);
				tusk_result_free(current);
				if (outcome == TUSK_OK && result != NULL)
					*result = last;
				else
					tusk_result_free(last);
				return outcome;
			default:
				ok = tusk_async_message(s, &m);
				break;
		}
		if (!ok || m.bad)
		{
			tusk_result_free(current);
			tusk_result_free(last);
			return tusk_lose(s, "08P01",
			                 "could not take in message of type \"%c\" and "
			                 "%zu bytes from the server",
			                 m.type, m.length);
		}
	}
}

/* ---- statements ---- */

tusk_status
tusk_exec(tusk_session *s, const char *sql, tusk_result **result)
{
	tusk_status status = tusk_check_statement(s, sql);

	if (result != NULL)
		*result = NULL;
	if (status != TUSK_OK)
		return status;
	tusk_begin(s, 'Q');
	tusk_put_string(s, sql);
	status = tusk_end(s);
	if (status == TUSK_OK)
		status = tusk_send(s);
	if (status == TUSK_OK)
		status = tusk_collect(s, result, NULL, NULL);
	return status;
}

static tusk_status
put_bind_execute_sync(tusk_session *s, const char *name, int nparams,
                      const tusk_param *params, int result_format)
{
	tusk_status status;

	tusk_begin(s, 'B');
	tusk_put_string(s, "");
	tusk_put_string(s, name);
	tusk_put_int16(s, nparams);
	for (int i = 0; i < nparams; i++)
		tusk_put_int16(s, params[i].format);
	tusk_put_int16(s, nparams);
	for (int i = 0; i < nparams; i++)
	{
		const tusk_param *p = &params[i];
		size_t length;

		if (p->value == NULL)
		{
			tusk_put_int32(s, -1);
			continue;
		}
		length = p->format == TUSK_TEXT ? strlen(p->value) : (size_t) p->length;
		tusk_put_int32(s, (int32_t) length);
		tusk_put(s, p->value, length);
	}
	tusk_put_int16(s, 1);
	tusk_put_int16(s, result_format);
	status = tusk_end(s);
	if (status != TUSK_OK)
		return status;

	tusk_begin(s, 'D');
	tusk_put(s, "P", 1);
	tusk_put_string(s, "");
	status = tusk_end(s);
	if (status != TUSK_OK)
		return status;
	tusk_begin(s, 'E');
	tusk_put_string(s, "");
	tusk_put_int32(s, 0);
	status = tusk_end(s);
	if (status != TUSK_OK)
		return status;
	tusk_begin(s, 'S');
	return tusk_end(s);
}

static void
put_parse(tusk_session *s, const char *name, const char *sql, int ntypes)
{
	tusk_begin(s, 'P');
	tusk_put_string(s, name);
	tusk_put_string(s, sql);
	tusk_put_int16(s, ntypes);
}

static tusk_status
check_params(tusk_session *s, int nparams, const tusk_param *params)
{
	if (nparams < 0 || nparams > 65535 || (nparams > 0 && params == NULL))
		return tusk_fail(s, TUSK_MISUSE, "08P01",
		                 "number of parameters must be between 0 and 65535");
	for (int i = 0; i < nparams; i++)
		if (params[i].value != NULL && params[i].format != TUSK_TEXT &&
		    params[i].length < 0)
			return tusk_fail(s, TUSK_MISUSE, "08P01",
			                 "length of parameter $%d is negative", i + 1);
	return TUSK_OK;
}

tusk_status
tusk_exec_params(tusk_session *s, const char *sql, int nparams,
                 const tusk_param *params, int result_format,
                 tusk_result **result)
{
	tusk_status status = tusk_check_statement(s, sql);

	if (result != NULL)
		*result = NULL;
	if (status == TUSK_OK)
		status = check_params(s, nparams, params);
	if (status != TUSK_OK)
		return status;
	put_parse(s, "", sql, nparams);
	for (int i = 0; i < nparams; i++)
		tusk_put_int32(s, (int32_t) params[i].type);
	status = tusk_end(s);
	if (status == TUSK_OK)
		status = put_bind_execute_sync(s, "", nparams, params, result_format);
	if (status == TUSK_OK)
		status = tusk_send(s);
	if (status == TUSK_OK)
		status = tusk_collect(s, result, NULL, NULL);
	return status;
}

tusk_status
tusk_prepare(tusk_session *s, const char *sql, int ntypes,
             const uint32_t *types, tusk_statement **statement)
{
	tusk_statement *st;
	tusk_status status = tusk_check_statement(s, sql);

	*statement = NULL;
	if (status == TUSK_OK &&
	    (ntypes < 0 || ntypes > 65535 || (ntypes > 0 && types == NULL)))
		status = tusk_fail(s, TUSK_MISUSE, "08P01",
		                   "number of types must be between 0 and 65535");
	if (status != TUSK_OK)
		return status;
	st = calloc(1, sizeof(*st));
	if (st == NULL)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	snprintf(st->name, sizeof(st->name), "tusk_%u", ++s->statement_counter);
	put_parse(s, st->name, sql, ntypes);
	for (int i = 0; i < ntypes; i++)
		tusk_put_int32(s, (int32_t) types[i]);
	status = tusk_end(s);
	if (status == TUSK_OK)
	{
		tusk_begin(s, 'D');
		tusk_put(s, "S", 1);
		tusk_put_string(s, st->name);
		status = tusk_end(s);
	}
	if (status == TUSK_OK)
	{
		tusk_begin(s, 'S');
		status = tusk_end(s);
	}
	if (status == TUSK_OK)
		status = tusk_send(s);
	if (status == TUSK_OK)
		status = tusk_collect(s, NULL, st, NULL);
	if (status != TUSK_OK)
	{
		free(st->types);
		free(st);
		return status;
	}
	st->session = s;
	s->references++;
	*statement = st;
	return TUSK_OK;
}

int
tusk_statement_params(const tusk_statement *st)
{
	return st->nparams;
}

uint32_t
tusk_statement_param_type(const tusk_statement *st, int param)
{
	return param < 0 || param >= st->nparams ? 0 : st->types[param];
}

tusk_status
tusk_statement_execute(tusk_statement *st, int nparams,
                       const tusk_param *params, int result_format,
                       tusk_result **result)
{
	tusk_session *s = st->session;
	tusk_status status = tusk_check_usable(s);

	if (result != NULL)
		*result = NULL;
	if (status == TUSK_OK)
		status = check_params(s, nparams, params);
	if (status == TUSK_OK)
		status =
			put_bind_execute_sync(s, st->name, nparams, params, result_format);
	if (status == TUSK_OK)
		status = tusk_send(s);
	if (status == TUSK_OK)
		status = tusk_collect(s, result, NULL, NULL);
	return status;
}

void
tusk_statement_free(tusk_statement *st)
{
	tusk_session *s;

	if (st == NULL)
		return;
	s = st->session;
	if (s->fd >= 0 && !s->copying)
	{
		tusk_begin(s, 'C');
		tusk_put(s, "S", 1);
		tusk_put_string(s, st->name);
		if (tusk_end(s) == TUSK_OK)
		{
			tusk_begin(s, 'S');
			if (tusk_end(s) == TUSK_OK && tusk_send(s) == TUSK_OK)
				(void) tusk_collect(s, NULL, NULL, NULL);
		}
	}
	tusk_unreference(s);
	free(st->types);
	free(st);
}

/* ---- vectors ---- */

void
tusk_vector_encode(const float *values, int dim, void *buf)
{
	char *p = buf;
	uint16_t n = htons((uint16_t) dim);

	memcpy(p, &n, 2);
	memset(p + 2, 0, 2);
	p += 4;
	for (int i = 0; i < dim; i++, p += 4)
	{
		uint32_t bits;

		memcpy(&bits, &values[i], 4);
		bits = htonl(bits);
		memcpy(p, &bits, 4);
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
