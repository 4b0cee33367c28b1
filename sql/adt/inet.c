/*
 * inet.c
 *		The type inet: an address of a host, IPv4 or IPv6, and how many of its
 *		bits name the network.
 *
 * It is here for client_addr of pg_stat_activity; there are no operators.
 *
 * Corresponds to part of PostgreSQL's utils/adt/network.c.
 */
#include "postgres.h"

#include <arpa/inet.h>

#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

/* families as PostgreSQL stores and sends them */
#define PGSQL_AF_INET (AF_INET + 0)
#define PGSQL_AF_INET6 (AF_INET + 1)

typedef struct inet
{
	int32 vl_len_; /* varlena header */
	unsigned char family;
	unsigned char bits;
	unsigned char ipaddr[16]; /* 4 bytes of it for IPv4 */
} inet;

StaticAssertDecl(offsetof(inet, ipaddr) == 6, "PostgreSQL's layout");

#define PG_GETARG_INET_P(n) ((inet *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n)))
#define ADDRSIZE(family) ((family) == PGSQL_AF_INET ? 4 : 16)
#define MAXBITS(family) ((family) == PGSQL_AF_INET ? 32 : 128)

static inet *
make_inet(int family, int bits, const void *addr)
{
	Size size = offsetof(inet, ipaddr) + ADDRSIZE(family);
	inet *result = palloc0(sizeof(inet));

	SET_VARSIZE(result, size);
	result->family = family;
	result->bits = bits;
	memcpy(result->ipaddr, addr, ADDRSIZE(family));
	return result;
}

Datum
inet_in(PG_FUNCTION_ARGS)
{
	const char *src = PG_GETARG_CSTRING(0);
	char *host = pstrdup(src);
	char *slash = strchr(host, '/');
	int family = strchr(host, ':') ? PGSQL_AF_INET6 : PGSQL_AF_INET;
	int bits = MAXBITS(family);
	unsigned char addr[16];
	bool ok = true;

	if (slash != NULL)
	{
		char *end;

		*slash = '\0';
		bits = (int) strtol(slash + 1, &end, 10);
		ok = end != slash + 1 && *end == '\0' && slash[1] >= '0' &&
		     slash[1] <= '9' && bits >= 0 && bits <= MAXBITS(family);
	}
	if (!ok || inet_pton(family == PGSQL_AF_INET ? AF_INET : AF_INET6, host,
	                     addr) != 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		                errmsg("invalid input syntax for type %s: \"%s\"",
		                       "inet", src)));
	PG_RETURN_POINTER(make_inet(family, bits, addr));
}

Datum
inet_out(PG_FUNCTION_ARGS)
{
	inet *src = PG_GETARG_INET_P(0);
	char host[INET6_ADDRSTRLEN];

	if (inet_ntop(src->family == PGSQL_AF_INET ? AF_INET : AF_INET6,
	              src->ipaddr, host, sizeof(host)) == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		                errmsg("could not format inet value: %m")));
	if (src->bits == MAXBITS(src->family))
		PG_RETURN_CSTRING(pstrdup(host));
	PG_RETURN_CSTRING(psprintf("%s/%d", host, src->bits));
}

/* family, bits, is it a cidr, length of the address, address */
Datum
inet_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int family = pq_getmsgbyte(buf);
	int bits;
	int size;

	if (family != PGSQL_AF_INET && family != PGSQL_AF_INET6)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		         errmsg("invalid address family in external \"%s\" value",
		                "inet")));
	bits = pq_getmsgbyte(buf);
	if (bits > MAXBITS(family))
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		         errmsg("invalid bits in external \"%s\" value", "inet")));
	(void) pq_getmsgbyte(buf);
	size = pq_getmsgbyte(buf);
	if (size != ADDRSIZE(family))
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
		         errmsg("invalid length in external \"%s\" value", "inet")));
	PG_RETURN_POINTER(make_inet(family, bits, pq_getmsgbytes(buf, size)));
}

Datum
inet_send(PG_FUNCTION_ARGS)
{
	inet *src = PG_GETARG_INET_P(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, src->family);
	pq_sendbyte(&buf, src->bits);
	pq_sendbyte(&buf, 0);
	pq_sendbyte(&buf, ADDRSIZE(src->family));
	pq_sendbytes(&buf, (char *) src->ipaddr, ADDRSIZE(src->family));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}
