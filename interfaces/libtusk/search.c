/*
 * search.c: prepared searches, one by one and many in one call.
 *
 * What direct search (direct.h) does not do is done by the backend.  Over the
 * backend a batch is sent as a pipeline: so many Bind and Execute, one Sync, and
 * only then are rows read (tusk_send reads what comes in meanwhile).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "direct.h"
#include "internal.h"

/* So many queries are on their way together. */
#define PIPELINE 64
/* So many are asked of the direct search at once. */
#define DIRECT_BATCH 256

/*
 * Where it has done nothing so many times in a row it is asked less often, at
 * last once in so many calls: a condition, say, is the backend's every time, and
 * to be told so costs as much as the statement.
 */
#define IN_VAIN 8
#define MAX_SKIP 64

#define OID_INT8 20
#define OID_INT2 21
#define OID_INT4 23
#define OID_FLOAT4 700
#define OID_FLOAT8 701

struct tusk_search
{
	tusk_session *session;
	tusk_statement *statement;
	int path;             /* TUSK_PATH_..., as asked for */
	int taken;            /* by the last search */
	tusk_float_type type; /* of $1 */
	char type_name[80];
	char *value; /* $1 in binary */
	size_t size; /* of it */

	tusk_direct_query *direct; /* NULL: not made yet */
	unsigned life;             /* of the session it was made in */
	int in_vain;               /* times in a row that it did nothing */
	int skip;                  /* calls to come that do not ask it */
};

/* Where the rows of a batch go. */
typedef struct batch
{
	size_t n;
	int64_t k;
	int64_t *ids;
	double *distances;
	int64_t *counts;
	size_t at;     /* the query whose rows come now */
	int64_t found; /* of its rows */
	uint32_t types[2];
} batch;

tusk_status
tusk_search_prepare(tusk_session *s, const char *sql,
                    const tusk_search_options *options, tusk_search **search)
{
	tusk_search_options o = {0};
	tusk_search *se;
	tusk_statement *st;
	tusk_status status = tusk_prepare(s, sql, 0, NULL, &st);
	int nparams;

	*search = NULL;
	if (status != TUSK_OK)
		return status;
	if (options != NULL)
		memcpy(&o, options,
		       options->size < sizeof(o) ? options->size : sizeof(o));
	nparams = tusk_statement_params(st);
	se = calloc(1, sizeof(*se));
	if (se == NULL)
		status = tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	else if (nparams < 1 || nparams > 2)
		status = tusk_fail(s, TUSK_MISUSE, "42P02",
		                   "a search has the parameter $1, and $2 for the "
		                   "number of rows; this has %d parameters",
		                   nparams);
	else if (nparams == 2 && tusk_statement_param_type(st, 1) != OID_INT8)
		status = tusk_fail(s, TUSK_MISUSE, "42804",
		                   "$2 of a search is the number of rows, of type "
		                   "bigint");
	else if (o.path < TUSK_PATH_BEST || o.path > TUSK_PATH_DIRECT)
		status =
			tusk_fail(s, TUSK_MISUSE, "22023", "there is no path %d", o.path);
	else
		status =
			tusk_float_type_of(s, tusk_statement_param_type(st, 0), &se->type,
		                       se->type_name, sizeof(se->type_name));
	if (status != TUSK_OK)
	{
		tusk_error_store kept = s->error;

		s->error.strings = NULL; /* it stays what the call has met */
		tusk_statement_free(st);
		free(s->error.strings);
		s->error = kept;
		free(se);
		return status;
	}
	se->session = s;
	se->statement = st;
	se->path = o.path;
	se->taken = TUSK_PATH_BACKEND;
	*search = se;
	return TUSK_OK;
}

void
tusk_search_free(tusk_search *se)
{
	if (se == NULL)
		return;
	tusk_direct_query_free(se->direct);
	tusk_statement_free(se->statement);
	free(se->value);
	free(se);
}

int
tusk_search_path(const tusk_search *se)
{
	return se->taken;
}

/* Room for $1 and what is known to be wrong with it; given: it is not NULL. */
static tusk_status
check_query(tusk_search *se, bool given, int dim)
{
	tusk_session *s = se->session;
	tusk_status status = tusk_check_usable(s);
	size_t size;

	if (status != TUSK_OK)
		return status;
	if (se->type == TUSK_TYPE_OTHER)
		return tusk_fail(s, TUSK_MISUSE, "42804",
		                 "$1 is of type %s, not vector or halfvec: use "
		                 "tusk_search_value",
		                 se->type_name);
	if (dim < 1 || dim > 16000)
		return tusk_fail(s, TUSK_MISUSE, "22023",
		                 "number of dimensions must be between 1 and 16000");
	if (!given)
		return tusk_fail(s, TUSK_MISUSE, "22004",
		                 "what is searched for must not be NULL");
	size = tusk_float_size(se->type, dim);
	if (size > se->size)
	{
		char *value = realloc(se->value, size);

		if (value == NULL)
			return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
		se->value = value;
		se->size = size;
	}
	return TUSK_OK;
}

static void
encode_rows(int64_t k, char *buf)
{
	for (int i = 7; i >= 0; i--, k = (int64_t) ((uint64_t) k >> 8))
		buf[i] = (char) k;
}

/* ---- directly ---- */

/* Of one that only direct search may do: why it was not done. */
static tusk_status
not_directly(tusk_session *s)
{
	return tusk_fail(s, TUSK_ERROR, "0A000",
	                 "the search cannot be done directly: %s",
	                 tusk_direct_reason(s));
}

/* Is direct search to be asked? */
static bool
is_worth_a_try(tusk_search *se)
{
	if (se->path == TUSK_PATH_BACKEND)
		return false;
	if (se->path == TUSK_PATH_DIRECT || se->life != se->session->life ||
	    se->skip == 0)
		return true;
	se->skip--;
	return false;
}

/* It was asked: what of the calls to come? */
static void
note_try(tusk_search *se, bool in_vain)
{
	if (!in_vain)
		se->in_vain = 0;
	else if (se->in_vain < IN_VAIN + MAX_SKIP)
		se->in_vain++;
	se->skip = se->in_vain > IN_VAIN ? se->in_vain - IN_VAIN : 0;
}

/*
 * Queries for direct search, the values of $1 in request; *result has those that
 * it did, NULL: it may not be asked.
 */
static tusk_status
try_directly(tusk_search *se, tusk_direct_request *request, int64_t k,
             tusk_direct_result **result)
{
	tusk_session *s = se->session;
	char rows[8];
	tusk_param params[2] = {{NULL, 0, TUSK_BINARY, 0},
	                        {rows, sizeof(rows), TUSK_BINARY, 0}};
	tusk_status status;

	*result = NULL;
	if (!is_worth_a_try(se))
		return TUSK_OK;
	status = tusk_statement_ready(se->statement);
	if (status == TUSK_OK && (se->direct == NULL || se->life != s->life))
	{
		tusk_direct_query_free(se->direct);
		se->direct = NULL;
		se->life = s->life;
		se->in_vain = 0;
		status = tusk_direct_query_create(
			s, 0, tusk_statement_name(se->statement),
			tusk_statement_text(se->statement), &se->direct);
	}
	if (status != TUSK_OK)
		return status;
	encode_rows(k, rows);
	request->nparams = tusk_statement_params(se->statement);
	request->params = params;
	request->limit = request->nparams > 1 ? k : 0;
	status = tusk_direct_search(se->direct, request, result);
	request->nparams = 0; /* they were ours */
	request->params = NULL;
	if (status == TUSK_OK)
		note_try(se, tusk_direct_result_done(*result) == 0);
	return status;
}

/* The rows of query 0 as the result of the statement. */
static tusk_status
form_result(tusk_search *se, const tusk_direct_result *from,
            tusk_result **result)
{
	tusk_result *r = tusk_result_create(se->statement);
	int ncolumns = tusk_direct_result_columns(from);
	int nrows = tusk_direct_result_rows(from, 0);
	const char **data = calloc((size_t) ncolumns + 1, sizeof(*data));
	int *lengths = calloc((size_t) ncolumns + 1, sizeof(*lengths));
	bool ok = r != NULL && data != NULL && lengths != NULL &&
	          tusk_result_columns(r) == ncolumns;

	for (int row = 0; row < nrows && ok; row++)
	{
		for (int i = 0; i < ncolumns; i++)
			data[i] = tusk_direct_result_value(from, 0, row, i, &lengths[i]);
		ok = tusk_result_add(r, data, lengths);
	}
	free(data);
	free(lengths);
	if (!ok)
	{
		tusk_result_free(r);
		return tusk_fail(se->session, TUSK_NO_MEMORY, "53200", "out of memory");
	}
	tusk_result_set_tag(r);
	*result = r;
	return TUSK_OK;
}

/* *done: true, *result is what was found. */
static tusk_status
search_directly(tusk_search *se, const tusk_param *query, int64_t k,
                tusk_result **result, bool *done)
{
	tusk_direct_request request = {.nqueries = 1, .values = query};
	tusk_direct_result *found;
	tusk_status status = try_directly(se, &request, k, &found);

	*done = found != NULL && tusk_direct_result_done(found) == 1;
	if (*done)
	{
		se->taken = TUSK_PATH_DIRECT;
		if (result != NULL)
			status = form_result(se, found, result);
	}
	else if (status == TUSK_OK && se->path == TUSK_PATH_DIRECT)
		status = not_directly(se->session);
	tusk_direct_result_free(found);
	return status;
}

tusk_status
tusk_search_value(tusk_search *se, const tusk_param *query, int64_t k,
                  int result_format, tusk_result **result)
{
	char rows[8];
	tusk_param params[2] = {{NULL, 0, TUSK_BINARY, 0},
	                        {rows, sizeof(rows), TUSK_BINARY, 0}};
	bool done = false;
	tusk_status status = tusk_check_usable(se->session);

	if (result != NULL)
		*result = NULL;
	if (status == TUSK_OK && query == NULL)
		status = tusk_fail(se->session, TUSK_MISUSE, "22004",
		                   "what is searched for must not be NULL");
	se->taken = TUSK_PATH_BACKEND;
	if (status == TUSK_OK && result_format == TUSK_BINARY)
		status = search_directly(se, query, k, result, &done);
	else if (status == TUSK_OK && se->path == TUSK_PATH_DIRECT)
		status = tusk_fail(se->session, TUSK_ERROR, "0A000",
		                   "the search cannot be done directly: its result is "
		                   "to be text");
	if (status != TUSK_OK || done)
		return status;
	params[0] = *query;
	encode_rows(k, rows);
	return tusk_statement_execute(se->statement,
	                              tusk_statement_params(se->statement), params,
	                              result_format, result);
}

tusk_status
tusk_search_run(tusk_search *se, const float *query, int dim, int64_t k,
                int result_format, tusk_result **result)
{
	tusk_status status = check_query(se, query != NULL, dim);
	tusk_param param = {NULL, 0, TUSK_BINARY, 0};

	if (result != NULL)
		*result = NULL;
	if (status != TUSK_OK)
		return status;
	tusk_float_encode(se->type, query, dim, se->value);
	param.value = se->value;
	param.length = (int) tusk_float_size(se->type, dim);
	return tusk_search_value(se, &param, k, result_format, result);
}

/* ---- batches ---- */

/* RowDescription: are the columns such as can be put into the arrays? */
static tusk_status
take_columns(tusk_session *s, tusk_message *m, batch *b)
{
	int n = tusk_get_int16(m);
	int wanted = b->distances != NULL ? 2 : 1;

	for (int i = 0; i < n && i < wanted; i++)
	{
		(void) tusk_get_string(m);
		(void) tusk_get_int32(m); /* table */
		(void) tusk_get_int16(m); /* attribute number */
		b->types[i] = (uint32_t) tusk_get_int32(m);
		(void) tusk_get_int16(m); /* length */
		(void) tusk_get_int32(m); /* modifier */
		(void) tusk_get_int16(m); /* format */
	}
	if (m->bad)
		return TUSK_OK; /* the caller looks */
	if (n < wanted ||
	    (b->types[0] != OID_INT2 && b->types[0] != OID_INT4 &&
	     b->types[0] != OID_INT8) ||
	    (wanted == 2 && b->types[1] != OID_FLOAT4 && b->types[1] != OID_FLOAT8))
		return tusk_fail(s, TUSK_MISUSE, "42804",
		                 "the rows of a batch of searches begin with an "
		                 "integer%s",
		                 wanted == 2 ? " and a double precision, the distance"
		                             : "");
	return TUSK_OK;
}

/* An integer of 2, 4 or 8 bytes. */
static int64_t
take_integer(tusk_message *m, int32_t length)
{
	const unsigned char *p =
		(const unsigned char *) tusk_get_bytes(m, (size_t) length);
	uint64_t n = 0;

	if (p == NULL)
		return 0;
	for (int i = 0; i < length; i++)
		n = n << 8 | p[i];
	return length == 2 ? (int16_t) n : length == 4 ? (int32_t) n : (int64_t) n;
}

static double
take_float(tusk_message *m, int32_t length)
{
	int64_t bits = take_integer(m, length);
	uint32_t bits4 = (uint32_t) bits;
	double d;
	float f;

	memcpy(&d, &bits, sizeof(d));
	memcpy(&f, &bits4, sizeof(f));
	return length == 4 ? (double) f : d;
}

static bool
length_is(int32_t length, uint32_t type)
{
	switch (type)
	{
		case OID_INT2:
			return length == 2;
		case OID_INT4:
		case OID_FLOAT4:
			return length == 4;
		case OID_INT8:
		case OID_FLOAT8:
			return length == 8;
		default:
			return false;
	}
}

/* DataRow.  False: malformed. */
static bool
take_row(tusk_message *m, batch *b)
{
	int n = tusk_get_int16(m);
	size_t at = b->at * (size_t) b->k + (size_t) b->found;
	int64_t id = -1;
	double distance = NAN;

	if (b->found >= b->k || b->at >= b->n)
		return true; /* the statement has a limit of its own */
	for (int i = 0; i < n && i < (b->distances != NULL ? 2 : 1); i++)
	{
		int32_t length = tusk_get_int32(m);

		if (length < 0)
			continue;
		if (!length_is(length, b->types[i]))
			return false;
		if (i == 0)
			id = take_integer(m, length);
		else
			distance = take_float(m, length);
	}
	b->ids[at] = id;
	if (b->distances != NULL)
		b->distances[at] = distance;
	b->found++;
	return true;
}

static void
end_query(batch *b)
{
	for (int64_t i = b->found; i < b->k && b->at < b->n; i++)
	{
		size_t at = b->at * (size_t) b->k + (size_t) i;

		b->ids[at] = -1;
		if (b->distances != NULL)
			b->distances[at] = NAN;
	}
	if (b->counts != NULL && b->at < b->n)
		b->counts[b->at] = b->found;
	b->found = 0;
	b->at++;
}

/* What the server answers to a pipeline, up to its ReadyForQuery. */
static tusk_status
collect_batch(tusk_session *s, batch *b)
{
	tusk_status outcome = TUSK_OK;
	tusk_message m;

	for (;;)
	{
		tusk_status status = tusk_receive(s, &m, -1);
		bool ok = true;

		if (status != TUSK_OK)
			return status;
		switch (m.type)
		{
			case 'T':
				if (outcome == TUSK_OK)
					outcome = take_columns(s, &m, b);
				break;
			case 'D':
				ok = outcome != TUSK_OK || take_row(&m, b);
				break;
			case 'C':
			case 'I':
				end_query(b);
				break;
			case 'E':
				outcome = tusk_take_error(s, &m);
				break;
			case '2':
			case 'n':
				break;
			case 'Z':
				s->transaction_state = (char) tusk_get_int8(&m);
				return outcome;
			default:
				ok = tusk_async_message(s, &m);
				break;
		}
		if (!ok || m.bad)
			return tusk_lose(s, "08P01",
			                 "could not take in message of type \"%c\" and "
			                 "%zu bytes from the server",
			                 m.type, m.length);
	}
}

static tusk_status
send_batch(tusk_search *se, const float *queries, size_t n, int dim, int64_t k)
{
	tusk_session *s = se->session;
	char rows[8];
	tusk_param params[2] = {
		{se->value, (int) tusk_float_size(se->type, dim), TUSK_BINARY, 0},
		{rows, sizeof(rows), TUSK_BINARY, 0}};
	tusk_status status = tusk_statement_ready(se->statement);

	encode_rows(k, rows);
	for (size_t i = 0; i < n && status == TUSK_OK; i++)
	{
		tusk_float_encode(se->type, queries + i * (size_t) dim, dim, se->value);
		status = tusk_statement_put(se->statement,
		                            tusk_statement_params(se->statement),
		                            params, TUSK_BINARY, i == 0);
	}
	if (status == TUSK_OK)
	{
		tusk_begin(s, 'S');
		status = tusk_end(s);
	}
	if (status == TUSK_OK)
		status = tusk_send(s);
	return status;
}

/* What direct search found for a query. */
static void
take_direct(const tusk_direct_result *found, int query, batch *b)
{
	int nrows = tusk_direct_result_rows(found, query);

	for (int row = 0; row < nrows && b->found < b->k; row++)
	{
		size_t at = b->at * (size_t) b->k + (size_t) b->found++;
		tusk_message m = {.body = NULL};
		int length;

		b->ids[at] = -1;
		m.body = tusk_direct_result_value(found, query, row, 0, &length);
		m.length = length < 0 ? 0 : (size_t) length;
		if (m.body != NULL)
			b->ids[at] = take_integer(&m, length);
		if (b->distances == NULL)
			continue;
		b->distances[at] = NAN;
		m.at = 0;
		m.body = tusk_direct_result_value(found, query, row, 1, &length);
		m.length = length < 0 ? 0 : (size_t) length;
		if (m.body != NULL)
			b->distances[at] = take_float(&m, length);
	}
	end_query(b);
}

/* Are the columns such as can be put into the arrays? */
static bool
are_for_arrays(const tusk_direct_result *found, const batch *b)
{
	uint32_t id = tusk_direct_result_columns(found) > 0
	                  ? tusk_direct_result_type(found, 0)
	                  : 0;
	uint32_t distance = tusk_direct_result_columns(found) > 1
	                        ? tusk_direct_result_type(found, 1)
	                        : 0;

	return (id == OID_INT2 || id == OID_INT4 || id == OID_INT8) &&
	       (b->distances == NULL || distance == OID_FLOAT4 ||
	        distance == OID_FLOAT8);
}

/* As many of the queries as direct search does, from the first on. */
static tusk_status
batch_directly(tusk_search *se, const float *queries, int dim, batch *b)
{
	tusk_status status = TUSK_OK;

	while (b->at < b->n && status == TUSK_OK)
	{
		size_t part = b->n - b->at < DIRECT_BATCH ? b->n - b->at : DIRECT_BATCH;
		tusk_direct_request request = {.nqueries = (int) part,
		                               .vectors =
		                                   queries + b->at * (size_t) dim,
		                               .dimensions = dim};
		tusk_direct_result *found;
		int done = 0;

		status = try_directly(se, &request, b->k, &found);
		if (found != NULL)
			done = tusk_direct_result_done(found);
		if (done > 0 && !are_for_arrays(found, b))
			done = 0; /* the backend tells what is wrong */
		for (int i = 0; i < done; i++)
			take_direct(found, i, b);
		tusk_direct_result_free(found);
		if (done < (int) part)
			break;
	}
	if (status == TUSK_OK && b->at == b->n)
		se->taken = TUSK_PATH_DIRECT;
	else if (status == TUSK_OK && se->path == TUSK_PATH_DIRECT)
		status = not_directly(se->session);
	return status;
}

tusk_status
tusk_search_batch(tusk_search *se, const float *queries, size_t n, int dim,
                  int64_t k, int64_t *ids, double *distances, int64_t *counts)
{
	tusk_session *s = se->session;
	tusk_status status = check_query(se, queries != NULL || n == 0, dim);
	batch b = {n, k, ids, distances, counts, 0, 0, {0, 0}};

	if (status == TUSK_OK && (k < 1 || (ids == NULL && n > 0)))
		status =
			tusk_fail(s, TUSK_MISUSE, "22023",
		              "a batch of searches needs room for at least one row "
		              "of each");
	if (status != TUSK_OK || n == 0)
		return status;
	se->taken = TUSK_PATH_BACKEND;
	status = batch_directly(se, queries, dim, &b);
	while (b.at < n && status == TUSK_OK)
	{
		size_t part = n - b.at < PIPELINE ? n - b.at : PIPELINE;

		status = send_batch(se, queries + b.at * (size_t) dim, part, dim, k);
		if (status == TUSK_OK)
			status = collect_batch(s, &b);
	}
	return status;
}
