/*
 * statement.c: running statements, and their results.
 *
 * A result is a list of rows, each one allocation: offsets, then the bytes of
 * its values, a '\0' after each.
 */
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
	unsigned life; /* of the session in which it was prepared */
	char *sql;
	int ntypes; /* as asked for; they follow */
	uint32_t *wanted;
	char name[32];
	int nparams;
	uint32_t *types;
	tusk_result *described; /* its columns, no rows; NULL: it returns none */
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

/* ---- results that are made here ---- */

/* With the columns of the statement, in binary; NULL: out of memory. */
tusk_result *
tusk_result_create(const tusk_statement *st)
{
	const tusk_result *from = st->described;
	tusk_result *r = calloc(1, sizeof(*r));

	if (r == NULL || from == NULL)
		return r;
	r->columns = calloc((size_t) from->ncolumns + 1, sizeof(tusk_column));
	if (r->columns == NULL)
	{
		free(r);
		return NULL;
	}
	r->ncolumns = from->ncolumns;
	for (int i = 0; i < r->ncolumns; i++)
	{
		r->columns[i] = from->columns[i];
		r->columns[i].format = TUSK_BINARY;
		r->columns[i].name = strdup(from->columns[i].name);
		if (r->columns[i].name == NULL)
		{
			tusk_result_free(r);
			return NULL;
		}
	}
	return r;
}

static bool
has_room(tusk_result *r)
{
	if (r->nrows == r->maxrows)
	{
		int maxrows = r->maxrows > 0 ? r->maxrows * 2 : 16;
		tusk_value **rows = realloc(r->rows, sizeof(*rows) * (size_t) maxrows);

		if (rows == NULL)
			return false;
		r->rows = rows;
		r->maxrows = maxrows;
	}
	return true;
}

/* A row with a value for each column; false: out of memory. */
bool
tusk_result_add(tusk_result *r, const char *const *data, const int *lengths)
{
	size_t size = sizeof(tusk_value) * (size_t) r->ncolumns;
	tusk_value *values;
	char *bytes;

	for (int i = 0; i < r->ncolumns; i++)
		size += lengths[i] < 0 ? 0 : (size_t) lengths[i] + 1;
	values = has_room(r) ? malloc(size + 1) : NULL;
	if (values == NULL)
		return false;
	bytes = (char *) (values + r->ncolumns);
	for (int i = 0; i < r->ncolumns; i++)
	{
		values[i].data = NULL;
		values[i].length = 0;
		if (lengths[i] < 0)
			continue;
		memcpy(bytes, data[i], (size_t) lengths[i]);
		bytes[lengths[i]] = '\0';
		values[i].data = bytes;
		values[i].length = lengths[i];
		bytes += lengths[i] + 1;
	}
	r->rows[r->nrows++] = values;
	return true;
}

void
tusk_result_set_tag(tusk_result *r)
{
	snprintf(r->tag, sizeof(r->tag), "SELECT %d", r->nrows);
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
	if (!has_room(r))
		return false;
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

/* What has come of the answer to a statement, or to several. */
typedef struct answer
{
	tusk_result *current; /* whose rows are coming */
	tusk_result *last;    /* the last that is complete */
	tusk_status outcome;
} answer;

static void
drop_answer(answer *a)
{
	tusk_result_free(a->current);
	tusk_result_free(a->last);
}

static bool
take_columns(answer *a, tusk_message *m, tusk_statement *describe)
{
	tusk_result *columns = read_columns(m);

	tusk_result_free(a->current);
	a->current = NULL;
	if (describe == NULL)
		a->current = columns;
	else
	{
		tusk_result_free(describe->described);
		describe->described = columns;
	}
	return columns != NULL;
}

static bool
take_completion(answer *a, tusk_message *m)
{
	tusk_result_free(a->last);
	a->last = a->current != NULL ? a->current : calloc(1, sizeof(*a->last));
	a->current = NULL;
	if (a->last != NULL && m->type == 'C')
		snprintf(a->last->tag, sizeof(a->last->tag), "%s", tusk_get_string(m));
	return a->last != NULL;
}

/* False: it makes no sense here, or there is no memory for it. */
static bool
take_message(tusk_session *s, answer *a, tusk_message *m,
             tusk_statement *describe)
{
	switch (m->type)
	{
		case 'T':
			return take_columns(a, m, describe);
		case 'D':
			return a->current != NULL && read_row(a->current, m);
		case 'C':
		case 'I':
			return take_completion(a, m);
		case 'E':
			a->outcome = tusk_take_error(s, m);
			return true;
		case 't':
			return describe == NULL || read_param_types(describe, m);
		case '1':
		case '2':
		case '3':
		case 'n':
		case 's':
		case 'H':
		case 'd':
		case 'c':
			return true;
		default:
			return tusk_async_message(s, m);
	}
}

/*
 * Reads up to ReadyForQuery.  *result: the last statement's.  A CopyInResponse
 * ends it early when copy_in is given, else the COPY is refused.
 */
tusk_status
tusk_collect(tusk_session *s, tusk_result **result, tusk_statement *describe,
             bool *copy_in)
{
	answer a = {.outcome = TUSK_OK};
	tusk_message m;
	tusk_status status;

	if (result != NULL)
		*result = NULL;
	while ((status = tusk_receive(s, &m, -1)) == TUSK_OK && m.type != 'Z')
	{
		if (m.type == 'G' && copy_in != NULL)
		{
			*copy_in = true;
			drop_answer(&a);
			return TUSK_OK;
		}
		if (m.type == 'G')
			status = tusk_refuse_copy_in(s);
		else if (!take_message(s, &a, &m, describe) || m.bad)
			status = tusk_lose(s, "08P01",
			                   "could not take in message of type \"%c\" and "
			                   "%zu bytes from the server",
			                   m.type, m.length);
		if (status != TUSK_OK)
			break;
	}
	if (status == TUSK_OK)
		s->transaction_state = (char) tusk_get_int8(&m);
	if (status == TUSK_OK && a.outcome == TUSK_OK && result != NULL)
	{
		*result = a.last;
		a.last = NULL;
	}
	drop_answer(&a);
	return status != TUSK_OK ? status : a.outcome;
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
	status = tusk_send_text(s, 'Q', sql);
	if (status == TUSK_OK)
		status = tusk_collect(s, result, NULL, NULL);
	return status;
}

static void
put_bind(tusk_session *s, const char *name, int nparams,
         const tusk_param *params, int result_format)
{
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
}

static tusk_status
put_bind_execute(tusk_session *s, const char *name, int nparams,
                 const tusk_param *params, int result_format, bool describe)
{
	tusk_status status;

	put_bind(s, name, nparams, params, result_format);
	status = tusk_end(s);
	if (status == TUSK_OK && describe)
	{
		tusk_begin(s, 'D');
		tusk_put(s, "P", 1);
		tusk_put_string(s, "");
		status = tusk_end(s);
	}
	if (status != TUSK_OK)
		return status;
	tusk_begin(s, 'E');
	tusk_put_string(s, "");
	tusk_put_int32(s, 0);
	return tusk_end(s);
}

tusk_status
tusk_statement_put(tusk_statement *st, int nparams, const tusk_param *params,
                   int result_format, bool describe)
{
	return put_bind_execute(st->session, st->name, nparams, params,
	                        result_format, describe);
}

/* Sync, and all that is in the buffer goes out. */
static tusk_status
sync_and_send(tusk_session *s)
{
	tusk_status status;

	tusk_begin(s, 'S');
	status = tusk_end(s);
	return status == TUSK_OK ? tusk_send(s) : status;
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
		status = put_bind_execute(s, "", nparams, params, result_format, true);
	if (status == TUSK_OK)
		status = sync_and_send(s);
	if (status == TUSK_OK)
		status = tusk_collect(s, result, NULL, NULL);
	return status;
}

/* The statement is made in the server, under a name of its own. */
static tusk_status
prepare(tusk_statement *st)
{
	tusk_session *s = st->session;
	tusk_status status;

	snprintf(st->name, sizeof(st->name), "tusk_%u", ++s->statement_counter);
	free(st->types);
	st->types = NULL;
	st->nparams = 0;
	put_parse(s, st->name, st->sql, st->ntypes);
	for (int i = 0; i < st->ntypes; i++)
		tusk_put_int32(s, (int32_t) st->wanted[i]);
	status = tusk_end(s);
	if (status == TUSK_OK)
	{
		tusk_begin(s, 'D');
		tusk_put(s, "S", 1);
		tusk_put_string(s, st->name);
		status = tusk_end(s);
	}
	if (status == TUSK_OK)
		status = sync_and_send(s);
	if (status == TUSK_OK)
		status = tusk_collect(s, NULL, st, NULL);
	if (status == TUSK_OK)
		st->life = s->life;
	return status;
}

tusk_status
tusk_statement_ready(tusk_statement *st)
{
	return st->life == st->session->life ? TUSK_OK : prepare(st);
}

static void
free_statement(tusk_statement *st)
{
	free(st->sql);
	free(st->wanted);
	free(st->types);
	tusk_result_free(st->described);
	free(st);
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
	st->session = s;
	st->sql = strdup(sql);
	st->wanted = calloc((size_t) ntypes + 1, sizeof(*types));
	if (st->sql == NULL || st->wanted == NULL)
		status = tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	else
	{
		if (ntypes > 0)
			memcpy(st->wanted, types, (size_t) ntypes * sizeof(*types));
		st->ntypes = ntypes;
		status = prepare(st);
	}
	if (status != TUSK_OK)
	{
		free_statement(st);
		return status;
	}
	s->references++;
	*statement = st;
	return TUSK_OK;
}

const char *
tusk_statement_name(const tusk_statement *st)
{
	return st->name;
}

const char *
tusk_statement_text(const tusk_statement *st)
{
	return st->sql;
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
		status = tusk_statement_ready(st);
	if (status == TUSK_OK)
		status = tusk_statement_put(st, nparams, params, result_format, true);
	if (status == TUSK_OK)
		status = sync_and_send(s);
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
	if (st->life == s->life && tusk_is_usable(s))
	{
		tusk_begin(s, 'C');
		tusk_put(s, "S", 1);
		tusk_put_string(s, st->name);
		if (tusk_end(s) == TUSK_OK && sync_and_send(s) == TUSK_OK)
			(void) tusk_collect(s, NULL, NULL, NULL);
	}
	tusk_unreference(s);
	free_statement(st);
}
