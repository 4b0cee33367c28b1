/*
 * auth_scram.c
 *		SCRAM-SHA-256: the client proves that it knows a password of which the
 *		server has a verifier only, and the server that it has that.
 *
 *		server	AuthenticationSASL "SCRAM-SHA-256"
 *		client	n,,n=,r=NONCE
 *		server	r=NONCE+OURS,s=SALT,i=4096
 *		client	c=biws,r=NONCE+OURS,p=PROOF
 *		server	v=SIGNATURE, then AuthenticationOk
 *
 * The client's name is that of the start-up packet; n= is ignored.  There is no
 * encryption, and so no channel binding.
 *
 * A client whose role does not exist, or has no password, goes through the same
 * exchange with a salt that is made of the name and of a secret of the cluster,
 * so that it is the same each time; at the end it is refused as for a wrong
 * password.
 *
 * Every message is hostile: its length is bounded before it is read, it is
 * parsed within a copy that ends in a zero, and one of the wrong form ends the
 * session.  The comparison of proofs takes the same time whatever they are.
 *
 * What libtusk computes too is in scram_common.c.  Corresponds to PostgreSQL's
 * libpq/auth-scram.c and auth-sasl.c.
 */
#include "postgres.h"

#include <openssl/crypto.h>
#include <sys/random.h>

#include "access/xlog.h"
#include "catalog/pg_control.h"
#include "lib/stringinfo.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "libpq/scram.h"
#include "libpq/scram_common.h"
#include "utils/injection_point.h"

#define SCRAM_SALT_LEN 16
#define SCRAM_ITERATIONS 4096
/* Longest message of a client that is read. */
#define MAX_SASL_MESSAGE_LENGTH 1024

typedef struct ScramState
{
	/* of the verifier, or made up */
	uint8 *salt;
	int salt_len;
	int iterations;
	uint8 stored_key[SCRAM_KEY_LEN];
	uint8 server_key[SCRAM_KEY_LEN];
	bool doomed; /* made up: it fails at the end */

	char cbind_flag; /* 'n' or 'y' */
	char *client_first_bare;
	char *nonce; /* the client's and ours */
	char *server_first;
	char *client_final_without_proof;
	uint8 proof[SCRAM_KEY_LEN];
} ScramState;

/* ---- primitives ---- */

/* What libcrypto is asked for. */
static void
must(bool done)
{
	if (!done)
		ereport(ERROR,
		        (errcode(ERRCODE_INTERNAL_ERROR),
		         errmsg("could not compute SCRAM keys: libcrypto failed")));
}

static void
random_bytes(uint8 *buf, size_t length)
{
	if (getrandom(buf, length, 0) != (ssize_t) length)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
		                errmsg("could not generate random bytes")));
}

static char *
base64(const uint8 *data, int length)
{
	char *text = palloc(BASE64_LEN(length) + 1);

	pg_b64_encode(data, length, text);
	return text;
}

/* Its bytes and their number, or NULL if it is no base64 as we write it. */
static uint8 *
unbase64(const char *text, int *length)
{
	uint8 *data = palloc(strlen(text) + 1);

	*length = pg_b64_decode(text, data);
	return *length < 0 ? NULL : data;
}

/* ---- verifiers ---- */

char *
pg_be_scram_build_secret(const char *password)
{
	uint8 salt[SCRAM_SALT_LEN];
	uint8 salted[SCRAM_KEY_LEN];
	uint8 client_key[SCRAM_KEY_LEN];
	uint8 stored_key[SCRAM_KEY_LEN];
	uint8 server_key[SCRAM_KEY_LEN];

	random_bytes(salt, sizeof(salt));
	must(scram_SaltedPassword(password, salt, sizeof(salt), SCRAM_ITERATIONS,
	                          salted));
	must(scram_ClientKey(salted, client_key));
	must(scram_H(client_key, SCRAM_KEY_LEN, stored_key));
	must(scram_ServerKey(salted, server_key));
	OPENSSL_cleanse(salted, sizeof(salted));
	OPENSSL_cleanse(client_key, sizeof(client_key));
	return psprintf("%s$%d:%s$%s:%s", SCRAM_SHA_256_NAME, SCRAM_ITERATIONS,
	                base64(salt, sizeof(salt)),
	                base64(stored_key, SCRAM_KEY_LEN),
	                base64(server_key, SCRAM_KEY_LEN));
}

static bool
take_key(const char *text, uint8 *key)
{
	int length;
	uint8 *bytes = text ? unbase64(text, &length) : NULL;

	if (bytes == NULL || length != SCRAM_KEY_LEN)
		return false;
	memcpy(key, bytes, SCRAM_KEY_LEN);
	return true;
}

/* What a verifier says; false if it is none. */
static bool
parse_secret(const char *secret, ScramState *state)
{
	char *rest = pstrdup(secret);
	char *scheme = strsep(&rest, "$");
	char *iterations = strsep(&rest, ":");
	char *salt = strsep(&rest, "$");
	char *stored = strsep(&rest, ":");
	char *end;
	long n;

	if (rest == NULL || strcmp(scheme, SCRAM_SHA_256_NAME) != 0)
		return false;
	n = strtol(iterations, &end, 10);
	if (*iterations < '0' || *iterations > '9' || *end != '\0' || n < 1 ||
	    n > INT_MAX)
		return false;
	state->iterations = (int) n;
	state->salt = unbase64(salt, &state->salt_len);
	return state->salt != NULL && take_key(stored, state->stored_key) &&
	       take_key(rest, state->server_key);
}

bool
is_scram_secret(const char *secret)
{
	ScramState state;

	return parse_secret(secret, &state);
}

/* For who has no verifier: always the same for the same name. */
static void
mock_secret(const char *user_name, ScramState *state)
{
	StringInfoData seed;
	uint8 *digest = palloc(SCRAM_KEY_LEN);

	initStringInfo(&seed);
	appendStringInfoString(&seed, user_name);
	appendBinaryStringInfo(&seed, ControlFile->mock_authentication_nonce,
	                       MOCK_AUTH_NONCE_LEN);
	must(scram_H((const uint8 *) seed.data, seed.len, digest));
	state->salt = digest;
	state->salt_len = SCRAM_SALT_LEN;
	state->iterations = SCRAM_ITERATIONS;
	memset(state->stored_key, 0, SCRAM_KEY_LEN);
	memset(state->server_key, 0, SCRAM_KEY_LEN);
	state->doomed = true;
}

/* ---- the client's messages ---- */

static void malformed(const char *detail) pg_attribute_noreturn();

static void
malformed(const char *detail)
{
	ereport(FATAL,
	        (errcode(ERRCODE_PROTOCOL_VIOLATION),
	         errmsg("malformed SCRAM message"), errdetail("%s", detail)));
}

/* A character as a message may have it. */
static const char *
show_char(char c)
{
	return c >= 0x21 && c <= 0x7e
	           ? psprintf("%c", c)
	           : psprintf("0x%02x", (unsigned) (unsigned char) c);
}

/* The value of the attribute that comes next; *p is behind its comma. */
static char *
read_attr(char **p, char attribute)
{
	char *begin = *p;
	char *end;

	if (*begin != attribute)
		malformed(psprintf("Expected attribute \"%c\" but found \"%s\".",
		                   attribute, show_char(*begin)));
	begin++;
	if (*begin != '=')
		malformed(psprintf("Expected character \"=\" for attribute \"%c\".",
		                   attribute));
	begin++;
	end = strchr(begin, ',');
	if (end != NULL)
		*end++ = '\0';
	else
		end = begin + strlen(begin);
	*p = end;
	return begin;
}

static void
read_gs2_header(char **p, ScramState *state)
{
	state->cbind_flag = **p;
	if (**p == 'p')
		malformed("The client selected SCRAM-SHA-256 without channel binding, "
		          "but the SCRAM message includes channel binding data.");
	if (**p != 'n' && **p != 'y')
		malformed(psprintf("Unexpected channel-binding flag \"%s\".",
		                   show_char(**p)));
	(*p)++;
	if (**p != ',')
		malformed(psprintf("Comma expected, but found character \"%s\".",
		                   show_char(**p)));
	(*p)++;
	if (**p == 'a')
		ereport(FATAL, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("client uses authorization identity, but it is "
		                       "not supported")));
	if (**p != ',')
		malformed(psprintf("Unexpected attribute \"%s\" in "
		                   "client-first-message.",
		                   show_char(**p)));
	(*p)++;
}

static void
read_client_first(char *input, ScramState *state)
{
	char *p = input;
	char *nonce;
	uint8 raw[SCRAM_RAW_NONCE_LEN];

	read_gs2_header(&p, state);
	state->client_first_bare = pstrdup(p);
	if (*p == 'm')
		ereport(FATAL, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("client requires an unsupported SCRAM "
		                       "extension")));
	(void) read_attr(&p, 'n');
	nonce = read_attr(&p, 'r');
	for (const char *c = nonce; *c != '\0'; c++)
	{
		if (*c < 0x21 || *c > 0x7e)
			ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
			                errmsg("non-printable characters in SCRAM nonce")));
	}
	random_bytes(raw, sizeof(raw));
	state->nonce = psprintf("%s%s", nonce, base64(raw, sizeof(raw)));
	state->server_first =
		psprintf("r=%s,s=%s,i=%d", state->nonce,
	             base64(state->salt, state->salt_len), state->iterations);
}

/* The attribute that comes next, whatever it is. */
static char
read_any_attr(char **p, char **value)
{
	char attribute = **p;

	if (!((attribute >= 'A' && attribute <= 'Z') ||
	      (attribute >= 'a' && attribute <= 'z')))
		malformed(psprintf("Attribute expected, but found invalid character "
		                   "\"%s\".",
		                   show_char(attribute)));
	*value = read_attr(p, attribute);
	return attribute;
}

static void
read_client_final(char *input, ScramState *state)
{
	char *p = input;
	char *whole = pstrdup(input);
	char *binding = read_attr(&p, 'c');
	char *value;
	char *proof_at;

	/* base64 of the header that came first */
	if (strcmp(binding, state->cbind_flag == 'n' ? "biws" : "eSws") != 0)
		ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("unexpected SCRAM channel-binding attribute in "
		                       "client-final-message")));
	value = read_attr(&p, 'r');
	if (strlen(value) != strlen(state->nonce) ||
	    CRYPTO_memcmp(value, state->nonce, strlen(value)) != 0)
		ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("invalid SCRAM response"),
		                errdetail("Nonce does not match.")));
	do
		proof_at = p;
	while (read_any_attr(&p, &value) != 'p');
	if (!take_key(value, state->proof))
		malformed("Malformed proof in client-final-message.");
	if (*p != '\0')
		malformed("Garbage found at the end of client-final-message.");
	/* without the comma before p= */
	whole[proof_at - input - 1] = '\0';
	state->client_final_without_proof = whole;
}

/* ---- proofs ---- */

static char *
auth_message(const ScramState *state)
{
	return psprintf("%s,%s,%s", state->client_first_bare, state->server_first,
	                state->client_final_without_proof);
}

static bool
proof_is_right(const ScramState *state)
{
	const char *message = auth_message(state);
	uint8 key[SCRAM_KEY_LEN];
	uint8 digest[SCRAM_KEY_LEN];

	must(scram_HMAC(state->stored_key, message, strlen(message), key));
	for (int i = 0; i < SCRAM_KEY_LEN; i++)
		key[i] ^= state->proof[i];
	must(scram_H(key, SCRAM_KEY_LEN, digest));
	return CRYPTO_memcmp(digest, state->stored_key, SCRAM_KEY_LEN) == 0;
}

static char *
server_final(const ScramState *state)
{
	const char *message = auth_message(state);
	uint8 signature[SCRAM_KEY_LEN];

	must(scram_HMAC(state->server_key, message, strlen(message), signature));
	return psprintf("v=%s", base64(signature, SCRAM_KEY_LEN));
}

/* ---- the exchange ---- */

static void
send_sasl(int code, const char *data, int length)
{
	StringInfoData buf;

	pq_beginmessage(&buf, 'R');
	pq_sendint32(&buf, code);
	pq_sendbytes(&buf, data, length);
	pq_endmessage(&buf);
	pq_flush();
}

/* The next 'p' message; false: the client has gone. */
static bool
receive_sasl(StringInfo message)
{
	int type;

	INJECTION_POINT("auth-sasl-read");
	pq_startmsgread();
	type = pq_getbyte();
	if (type == EOF)
		return false;
	if (type != 'p')
		ereport(FATAL,
		        (errcode(ERRCODE_PROTOCOL_VIOLATION),
		         errmsg("expected SASL response, got message type %d", type)));
	initStringInfo(message);
	return pq_getmessage(message, MAX_SASL_MESSAGE_LENGTH) != EOF;
}

/* Its bytes as a string: SCRAM's messages have no zero in them. */
static char *
sasl_text(const char *data, int length)
{
	if (length <= 0)
		malformed("The message is empty.");
	if ((int) strnlen(data, (size_t) length) != length)
		malformed("Message length does not match input length.");
	return pnstrdup(data, (Size) length);
}

/* The client's first message; NULL: the client has gone. */
static char *
receive_first(void)
{
	StringInfoData message;
	int length;

	if (!receive_sasl(&message))
		return NULL;
	if (strcmp(pq_getmsgrawstring(&message), SCRAM_SHA_256_NAME) != 0)
		ereport(FATAL, (errcode(ERRCODE_PROTOCOL_VIOLATION),
		                errmsg("client selected an invalid SASL "
		                       "authentication mechanism")));
	length = (int) pq_getmsgint(&message, 4);
	if (length != -1)
	{
		const char *data = pq_getmsgbytes(&message, length);

		pq_getmsgend(&message);
		return sasl_text(data, length);
	}
	/* It speaks when it is asked to. */
	pq_getmsgend(&message);
	send_sasl(AUTH_REQ_SASL_CONT, "", 0);
	if (!receive_sasl(&message))
		return NULL;
	return sasl_text(message.data, message.len);
}

bool
CheckSCRAMAuth(const Port *port, const char *secret, bool *gone)
{
	ScramState state = {0};
	StringInfoData message;
	char *final;
	char *first;

	*gone = true;
	if (secret == NULL || !parse_secret(secret, &state))
		mock_secret(port->user_name, &state);
	send_sasl(AUTH_REQ_SASL, SCRAM_SHA_256_NAME "\0",
	          sizeof(SCRAM_SHA_256_NAME "\0"));
	first = receive_first();
	if (first == NULL)
		return false;
	read_client_first(first, &state);
	send_sasl(AUTH_REQ_SASL_CONT, state.server_first,
	          (int) strlen(state.server_first));
	if (!receive_sasl(&message))
		return false;
	*gone = false;
	read_client_final(sasl_text(message.data, message.len), &state);
	INJECTION_POINT("auth-sasl-proof");
	if (!proof_is_right(&state) || state.doomed)
		return false;
	final = server_final(&state);
	send_sasl(AUTH_REQ_SASL_FIN, final, (int) strlen(final));
	return true;
}
