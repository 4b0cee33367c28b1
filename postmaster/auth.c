/*
 * auth.c
 *		Who may come in.
 */
#include "postgres.h"

#include "libpq/auth.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "postmaster/postmaster.h"

void
ClientAuthentication(Port *port)
{
	StringInfoData buf;

	pq_beginmessage(&buf, 'R');
	pq_sendint32(&buf, AUTH_REQ_OK);
	pq_endmessage(&buf);

	if (log_connections)
		ereport(LOG,
		        (errmsg("connection authorized: user=%s database=%s%s%s",
		                port->user_name, port->database_name,
		                port->application_name ? " application_name=" : "",
		                port->application_name ? port->application_name : "")));
	ClientAuthInProgress = false;
}
