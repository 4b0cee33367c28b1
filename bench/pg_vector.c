/*
 * pg_vector.c
 *		The type vector for PostgreSQL 15, no more than what COPY needs: input,
 *		output, receive, send.
 *
 * Debian 12 has no pgvector, and vectors.py wants to compare like with like: a
 * value has the same bytes here as in Tusk, is checked as carefully (number of
 * dimensions, no NaN, no infinity), and is stored EXTERNAL.
 */
#include "postgres.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "fmgr.h"
#include "libpq/pqformat.h"

PG_MODULE_MAGIC;

#define MAX_DIM 16000

typedef struct
{
	int32 vl_len_;
	int16 dim;
	int16 unused;
	float x[FLEXIBLE_ARRAY_MEMBER];
} PeerVector;

static PeerVector *
make(int dim)
{
	Size size = offsetof(PeerVector, x) + sizeof(float) * dim;
	PeerVector *v;

	if (dim < 1 || dim > MAX_DIM)
		elog(ERROR, "vector cannot have %d dimensions", dim);
	v = palloc0(size);
	SET_VARSIZE(v, size);
	v->dim = dim;
	return v;
}

static float
checked(float f)
{
	if (isnan(f) || isinf(f))
		elog(ERROR, "NaN or infinity not allowed in vector");
	return f;
}

PG_FUNCTION_INFO_V1(peer_in);
Datum
peer_in(PG_FUNCTION_ARGS)
{
	char *s = PG_GETARG_CSTRING(0);
	float x[MAX_DIM];
	int dim = 0;
	PeerVector *v;

	if (*s++ != '[')
		elog(ERROR, "vector must start with \"[\"");
	for (;;)
	{
		char *end;

		if (dim == MAX_DIM)
			elog(ERROR, "too many dimensions");
		x[dim++] = checked(strtof(s, &end));
		if (end == s)
			elog(ERROR, "invalid number in vector");
		s = end;
		if (*s == ']')
			break;
		if (*s++ != ',')
			elog(ERROR, "\",\" expected in vector");
	}
	v = make(dim);
	memcpy(v->x, x, sizeof(float) * dim);
	PG_RETURN_POINTER(v);
}

PG_FUNCTION_INFO_V1(peer_out);
Datum
peer_out(PG_FUNCTION_ARGS)
{
	PeerVector *v = (PeerVector *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	char *text = palloc(FLOAT_SHORTEST_DECIMAL_LEN * v->dim + 2);
	char *p = text;

	for (int i = 0; i < v->dim; i++)
	{
		*p++ = i == 0 ? '[' : ',';
		p += float_to_shortest_decimal_bufn(v->x[i], p);
	}
	*p++ = ']';
	*p = '\0';
	PG_RETURN_CSTRING(text);
}

PG_FUNCTION_INFO_V1(peer_recv);
Datum
peer_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	PeerVector *v = make((int16) pq_getmsgint(buf, 2));

	v->unused = (int16) pq_getmsgint(buf, 2);
	for (int i = 0; i < v->dim; i++)
		v->x[i] = checked(pq_getmsgfloat4(buf));
	PG_RETURN_POINTER(v);
}

PG_FUNCTION_INFO_V1(peer_send);
Datum
peer_send(PG_FUNCTION_ARGS)
{
	PeerVector *v = (PeerVector *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint16(&buf, v->dim);
	pq_sendint16(&buf, v->unused);
	for (int i = 0; i < v->dim; i++)
		pq_sendfloat4(&buf, v->x[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}
