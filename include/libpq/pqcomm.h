/*
 * libpq/pqcomm.h
 *		Numbers of the protocol's start-up phase.
 */
#ifndef PQCOMM_H
#define PQCOMM_H

typedef uint32 ProtocolVersion;

#define PG_PROTOCOL_MAJOR(v) ((v) >> 16)
#define PG_PROTOCOL_MINOR(v) ((v) &0x0000ffff)
#define PG_PROTOCOL(m, n) (((m) << 16) | (n))

#define PG_PROTOCOL_EARLIEST PG_PROTOCOL(3, 0)
#define PG_PROTOCOL_LATEST PG_PROTOCOL(3, 0)

#define CANCEL_REQUEST_CODE PG_PROTOCOL(1234, 5678)
#define NEGOTIATE_SSL_CODE PG_PROTOCOL(1234, 5679)
#define NEGOTIATE_GSS_CODE PG_PROTOCOL(1234, 5680)

#define MAX_STARTUP_PACKET_LENGTH 10000

#define AUTH_REQ_OK 0
#define AUTH_REQ_SASL 10
#define AUTH_REQ_SASL_CONT 11
#define AUTH_REQ_SASL_FIN 12

/* In network byte order, after the length word. */
typedef struct CancelRequestPacket
{
	uint32 cancelRequestCode;
	uint32 backendPID;
	uint32 cancelAuthCode;
} CancelRequestPacket;

#endif /* PQCOMM_H */
