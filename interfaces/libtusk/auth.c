/*
 * auth.c: the client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677): a password is
 * proved and not sent, and the server has to prove that it knows it too.
 *
 *		server	AuthenticationSASL "SCRAM-SHA-256"
 *		client	n,,n=,r=NONCE
 *		server	r=NONCE+ITS,s=SALT,i=ITERATIONS
 *		client	c=biws,r=NONCE+ITS,p=PROOF
 *		server	v=SIGNATURE, then AuthenticationOk
 *
 * There is no other way here: a server that asks for the password itself, or for
 * its MD5, is refused.  Nothing is encrypted, so there is no channel to bind to.
 * The password is taken as it is, without SASLprep.
 *
 * A1.	Once it was begun, nobody is let in before the signature was right.  A
 *		server may ask for no proof at all, as one that trusts us does, and then
 *		proves nothing either, unless require_auth says that it must.
 * A2.	Each of the server's messages comes once, in that order.
 * A3.	Who has proved nothing yet says how much is to be computed: not more than
 *		scram_max_iterations, of which the default is that of other clients of
 *		PostgreSQL's (pgjdbc, node-postgres, rust-postgres); libpq has no limit.
 */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "postgres.h"

#include "conninfo.h"
#include "libpq/scram_common.h"

enum
{
	AUTH_OK = 0,
	AUTH_CLEARTEXT = 3,
	AUTH_MD5 = 5,
	AUTH_GSS = 7,
	AUTH_SSPI = 9,
	AUTH_SASL = 10,
	AUTH_SASL_CONTINUE = 11,
	AUTH_SASL_FINAL = 12
};

/* A longer message is none of SCRAM's. */
#define MAX_SCRAM_MESSAGE 2000

/* n,, in base64: the channel is not bound */
#define GS2_HEADER "n,,"
#define CHANNEL_BINDING "c=biws"

/*
 * The methods of require_auth, by libpq's names, and what is said of a server
 * that asks for one that is not among those.
 */
static const struct
{
	const char *name;
	int32_t request;
	const char *asked;
} methods[] = {
	{"none", AUTH_OK, "server did not complete authentication"},
	{"password", AUTH_CLEARTEXT, "server requested a cleartext password"},
	{"md5", AUTH_MD5, "server requested a hashed password"},
	{"gss", AUTH_GSS, "server requested GSSAPI authentication"},
	{"sspi", AUTH_SSPI, "server requested SSPI authentication"},
	{"scram-sha-256", AUTH_SASL, "server requested SASL authentication"},
};

#define NMETHODS ((int) (sizeof(methods) / sizeof(methods[0])))
#define ALL_METHODS ((1U << NMETHODS) - 1)

typedef enum AuthState
{
	AWAIT_SERVER_FIRST,
	AWAIT_SERVER_FINAL,
	AUTH_PROVED
} AuthState;

struct tusk_auth
{
	AuthState state;
	char nonce[BASE64_LEN(SCRAM_RAW_NONCE_LEN) + 1];
	uint8 server_signature[SCRAM_KEY_LEN]; /* that it must have */
};

void
tusk_auth_free(tusk_auth *auth)
{
	free(auth);
}

static tusk_status
malformed(tusk_session *s, const char *what)
{
	return tusk_lose(s, "08P01", "malformed SCRAM message (%s)", what);
}

/* ---- require_auth ---- */

/* The name of one method, of that length; *methods_so_far gets its bit. */
static tusk_status
require_method(tusk_session *s, const char *name, size_t length,
               unsigned *methods_so_far, bool negative)
{
	int i = 0;

	while (i < NMETHODS && (strlen(methods[i].name) != length ||
	                        strncmp(methods[i].name, name, length) != 0))
		i++;
	if (i == NMETHODS)
	{
		(void) tusk_fail(s, TUSK_MISUSE, "08001",
		                 "invalid require_auth value: \"%s%.*s\"",
		                 negative ? "!" : "", (int) length, name);
		tusk_add_hint(s, "Methods are scram-sha-256 and none; those that only "
		                 "other clients know are password, md5, gss and sspi. "
		                 "With ! before each they are those that must not be.");
		return TUSK_MISUSE;
	}
	if (*methods_so_far & 1U << i)
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "require_auth method \"%s%s\" is specified more than "
		                 "once",
		                 negative ? "!" : "", methods[i].name);
	*methods_so_far |= 1U << i;
	return TUSK_OK;
}

/* A list of names, or of names that must not be, with ! before each. */
tusk_status
tusk_auth_require(tusk_session *s, tusk_conninfo *c)
{
	const char *p = c->values[OPT_REQUIRE_AUTH];
	bool negative = p != NULL && p[strspn(p, " ")] == '!';
	unsigned named = 0;
	tusk_status status = TUSK_OK;

	c->auth_methods = ALL_METHODS;
	if (p == NULL || *p == '\0')
		return TUSK_OK;
	for (const char *rest = p; rest != NULL && status == TUSK_OK;)
	{
		const char *name = rest + strspn(rest, " ");
		size_t length = strcspn(name, ",");

		rest = name[length] == ',' ? name + length + 1 : NULL;
		while (length > 0 && name[length - 1] == ' ')
			length--;
		if ((*name == '!') != negative)
			return tusk_fail(s, TUSK_MISUSE, "08001",
			                 negative ? "require_auth method \"%.*s\" cannot "
			                            "be mixed with negative methods"
			                          : "negative require_auth method \"%.*s\" "
			                            "cannot be mixed with non-negative "
			                            "methods",
			                 (int) length - !negative, name + !negative);
		status = require_method(s, name + negative, length - negative, &named,
		                        negative);
	}
	c->auth_methods = negative ? ALL_METHODS & ~named : named;
	return status;
}

/* May the server ask for that? */
static tusk_status
check_method(tusk_session *s, const tusk_conninfo *c, int32_t request)
{
	int i = 0;

	while (i < NMETHODS && methods[i].request != request)
		i++;
	if (i == NMETHODS || c->auth_methods & 1U << i)
		return TUSK_OK;
	(void) tusk_lose(s, "28000",
	                 "authentication method requirement \"%s\" failed: %s",
	                 c->values[OPT_REQUIRE_AUTH], methods[i].asked);
	if (request == AUTH_OK)
		tusk_add_hint(s, "It let us in without having proved anything. If it "
		                 "is the right server, its pg_hba.conf says trust or "
		                 "peer, or nothing, where it should say "
		                 "scram-sha-256.");
	return TUSK_CONNECTION_LOST;
}

/* ---- no SCRAM ---- */

static tusk_status
refuse_method(tusk_session *s, int32_t method)
{
	(void) tusk_lose(s, "08004", "authentication method %d not supported",
	                 method);
	if (method == AUTH_CLEARTEXT || method == AUTH_MD5)
		tusk_add_hint(s,
		              "The server asks for %s. This client proves a password "
		              "without sending it: the rule in the server's "
		              "pg_hba.conf must say scram-sha-256, and the password "
		              "must have been set with password_encryption = "
		              "scram-sha-256.",
		              method == AUTH_CLEARTEXT ? "the password itself"
		                                       : "an MD5 sum of the password");
	return TUSK_CONNECTION_LOST;
}

static tusk_status
no_password(tusk_session *s, const tusk_conninfo *c)
{
	(void) tusk_lose(s, "28P01", "fe_sendauth: no password supplied");
	if (c->passfile_refused != NULL)
		tusk_add_detail(s, "The password file \"%s\" was not used: %s.",
		                c->values[OPT_PASSFILE], c->passfile_refused);
	tusk_add_hint(s,
	              "Give it as \"password=...\", in PGPASSWORD, or in the "
	              "password file \"%s\".",
	              c->values[OPT_PASSFILE] != NULL ? c->values[OPT_PASSFILE]
	                                              : "~/.pgpass");
	return TUSK_CONNECTION_LOST;
}

/* ---- the exchange ---- */

/* Is it among those that the server offers? */
static bool
mechanism_is_offered(tusk_message *m)
{
	for (;;)
	{
		const char *name = tusk_get_string(m);

		if (m->bad || name[0] == '\0')
			return false;
		if (strcmp(name, SCRAM_SHA_256_NAME) == 0)
			return true;
	}
}

static tusk_status
begin_exchange(tusk_session *s, tusk_conninfo *c, tusk_auth **auth,
               tusk_message *m)
{
	uint8 raw[SCRAM_RAW_NONCE_LEN];
	char first[sizeof(GS2_HEADER "n=,r=") + sizeof((*auth)->nonce)];
	tusk_status status;

	if (*auth != NULL)
		return tusk_lose(s, "08P01", "duplicate SASL authentication request");
	if (!mechanism_is_offered(m))
		return tusk_lose(s, "08004",
		                 "none of the server's SASL authentication mechanisms "
		                 "are supported");
	if (!tusk_conninfo_look_up_password(c))
		return tusk_lose(s, "53200", "out of memory");
	if (c->values[OPT_PASSWORD] == NULL)
		return no_password(s, c);
	*auth = calloc(1, sizeof(**auth));
	if (*auth == NULL)
		return tusk_lose(s, "53200", "out of memory");
	if (getrandom(raw, sizeof(raw), 0) != (ssize_t) sizeof(raw))
		return tusk_lose(s, "XX000", "could not generate nonce: %m");
	pg_b64_encode(raw, sizeof(raw), (*auth)->nonce);
	snprintf(first, sizeof(first), GS2_HEADER "n=,r=%s", (*auth)->nonce);
	tusk_begin(s, 'p');
	tusk_put_string(s, SCRAM_SHA_256_NAME);
	tusk_put_int32(s, (int32_t) strlen(first));
	tusk_put(s, first, strlen(first));
	status = tusk_end(s);
	return status == TUSK_OK ? tusk_send(s) : status;
}

/* The rest of the message as a string, to be freed; NULL: the session is lost. */
static char *
scram_text(tusk_session *s, tusk_message *m)
{
	size_t length = m->length - m->at;
	const char *data = tusk_get_bytes(m, length);
	char *text;

	if (length == 0 || length > MAX_SCRAM_MESSAGE)
	{
		(void) malformed(s, length == 0 ? "empty message" : "length mismatch");
		return NULL;
	}
	if (memchr(data, '\0', length) != NULL)
	{
		(void) malformed(s, "length mismatch");
		return NULL;
	}
	text = strndup(data, length);
	if (text == NULL)
		(void) tusk_lose(s, "53200", "out of memory");
	return text;
}

/* The value of that attribute at *p, which is then behind it; NULL: another. */
static char *
read_attribute(char **p, char attribute)
{
	char *value = *p;
	char *end;

	if (value[0] != attribute || value[1] != '=')
		return NULL;
	value += 2;
	end = strchrnul(value, ',');
	*p = *end == ',' ? end + 1 : end;
	*end = '\0';
	return value;
}

/* What the server said first; text is cut up, and salt written into it. */
typedef struct ServerFirst
{
	const char *nonce; /* ours and its */
	uint8 *salt;
	int salt_len;
	int iterations;
} ServerFirst;

static const char no_memory[] = "out of memory";

/* NULL, or what is wrong with it. */
static const char *
read_server_first(const tusk_auth *auth, char *text, ServerFirst *first)
{
	char *p = text;
	char *salt, *iterations, *end;
	long n;

	first->nonce = read_attribute(&p, 'r');
	if (first->nonce == NULL)
		return "attribute \"r\" expected";
	/* ours, and something of its own */
	if (strncmp(first->nonce, auth->nonce, strlen(auth->nonce)) != 0 ||
	    first->nonce[strlen(auth->nonce)] == '\0')
		return "nonce mismatch";
	salt = read_attribute(&p, 's');
	if (salt == NULL)
		return "attribute \"s\" expected";
	first->salt = (uint8 *) malloc(strlen(salt) + 1);
	if (first->salt == NULL)
		return no_memory;
	first->salt_len = pg_b64_decode(salt, first->salt);
	if (first->salt_len < 0)
		return "invalid salt";
	iterations = read_attribute(&p, 'i');
	if (iterations == NULL)
		return "attribute \"i\" expected";
	n = strtol(iterations, &end, 10);
	if (*iterations < '0' || *iterations > '9' || *end != '\0' || n < 1 ||
	    n > INT_MAX)
		return "invalid iteration count";
	first->iterations = (int) n;
	return *p == '\0' ? NULL : "garbage at end of server-first-message";
}

/* A3 */
static tusk_status
too_many_iterations(tusk_session *s, int asked, int limit)
{
	(void) tusk_lose(s, "08004",
	                 "server asks for %d iterations of SCRAM-SHA-256, the "
	                 "limit is %d",
	                 asked, limit);
	tusk_add_detail(s, "It has not proved yet that it knows the password.");
	tusk_add_hint(
		s, "If it is the right server, raise \"scram_max_iterations\" in "
		   "the connection string, or set the password anew with fewer "
		   "iterations.");
	return TUSK_CONNECTION_LOST;
}

/* The proof, and the signature to expect; false: libcrypto failed. */
static bool
compute_proof(tusk_auth *auth, const char *password, const ServerFirst *first,
              const char *message, uint8 *proof)
{
	uint8 salted[SCRAM_KEY_LEN];
	uint8 client_key[SCRAM_KEY_LEN];
	uint8 key[SCRAM_KEY_LEN];
	bool done =
		scram_SaltedPassword(password, first->salt, first->salt_len,
	                         first->iterations, salted) &&
		scram_ServerKey(salted, key) &&
		scram_HMAC(key, message, strlen(message), auth->server_signature) &&
		scram_ClientKey(salted, client_key) &&
		scram_H(client_key, SCRAM_KEY_LEN, key) &&
		scram_HMAC(key, message, strlen(message), proof);

	if (done)
		for (int i = 0; i < SCRAM_KEY_LEN; i++)
			proof[i] ^= client_key[i];
	OPENSSL_cleanse(salted, sizeof(salted));
	OPENSSL_cleanse(client_key, sizeof(client_key));
	return done;
}

static tusk_status
send_proof(tusk_session *s, tusk_auth *auth, const char *password,
           const ServerFirst *first, const char *server_first)
{
	uint8 proof[SCRAM_KEY_LEN];
	char proof_text[BASE64_LEN(SCRAM_KEY_LEN) + 1];
	char *message = NULL;
	tusk_status status;

	if (asprintf(&message, "n=,r=%s,%s," CHANNEL_BINDING ",r=%s", auth->nonce,
	             server_first, first->nonce) < 0)
		return tusk_lose(s, "53200", "out of memory");
	if (!compute_proof(auth, password, first, message, proof))
		status = tusk_lose(s, "XX000",
		                   "could not calculate client proof: "
		                   "libcrypto failed");
	else
	{
		const char *final = strstr(message, "," CHANNEL_BINDING ",r=") + 1;

		pg_b64_encode(proof, SCRAM_KEY_LEN, proof_text);
		tusk_begin(s, 'p');
		tusk_put(s, final, strlen(final));
		tusk_put(s, ",p=", 3);
		tusk_put(s, proof_text, strlen(proof_text));
		status = tusk_end(s);
		if (status == TUSK_OK)
			status = tusk_send(s);
	}
	free(message);
	return status;
}

static tusk_status
answer_server_first(tusk_session *s, const tusk_conninfo *c, tusk_auth *auth,
                    tusk_message *m)
{
	char *server_first = scram_text(s, m);
	char *text;
	ServerFirst first = {0};
	const char *wrong;
	tusk_status status;

	if (server_first == NULL)
		return TUSK_CONNECTION_LOST;
	text = strdup(server_first);
	if (text == NULL)
		status = tusk_lose(s, "53200", "out of memory");
	else if ((wrong = read_server_first(auth, text, &first)) != NULL)
		status = wrong == no_memory ? tusk_lose(s, "53200", "%s", wrong)
		                            : malformed(s, wrong);
	else if (c->scram_max_iterations > 0 &&
	         first.iterations > c->scram_max_iterations)
		status =
			too_many_iterations(s, first.iterations, c->scram_max_iterations);
	else
	{
		auth->state = AWAIT_SERVER_FINAL;
		status =
			send_proof(s, auth, c->values[OPT_PASSWORD], &first, server_first);
	}
	free(first.salt);
	free(text);
	free(server_first);
	return status;
}

static tusk_status
check_server_final(tusk_session *s, tusk_auth *auth, tusk_message *m)
{
	char *text = scram_text(s, m);
	uint8 signature[MAX_SCRAM_MESSAGE];
	char *p = text;
	char *value;
	tusk_status status = TUSK_OK;

	if (text == NULL)
		return TUSK_CONNECTION_LOST;
	value = read_attribute(&p, 'e');
	if (value != NULL)
		status = tusk_lose(s, "28000",
		                   "error received from server in SCRAM exchange: %s",
		                   value);
	else if ((value = read_attribute(&p, 'v')) == NULL)
		status = malformed(s, "attribute \"v\" expected");
	else if (*p != '\0')
		status = malformed(s, "garbage at end of server-final-message");
	else if (pg_b64_decode(value, signature) != SCRAM_KEY_LEN)
		status = malformed(s, "invalid server signature");
	else if (CRYPTO_memcmp(signature, auth->server_signature, SCRAM_KEY_LEN) !=
	         0)
	{
		(void) tusk_lose(s, "28000", "incorrect server signature");
		tusk_add_detail(s, "Whatever answers there does not know the "
		                   "password's verifier.");
		status = TUSK_CONNECTION_LOST;
	}
	else
		auth->state = AUTH_PROVED;
	free(text);
	return status;
}

tusk_status
tusk_auth_step(tusk_session *s, tusk_conninfo *c, tusk_auth **auth,
               tusk_message *m)
{
	int32_t method = tusk_get_int32(m);

	if (m->bad)
		return tusk_lose(s, "08P01", "malformed authentication request");
	switch (method)
	{
		case AUTH_OK: /* A1 */
			if (*auth == NULL)
				return check_method(s, c, method);
			if ((*auth)->state != AUTH_PROVED)
				return tusk_lose(s, "28000",
				                 "server did not complete authentication");
			return TUSK_OK;
		case AUTH_SASL:
			if (check_method(s, c, method) != TUSK_OK)
				return TUSK_CONNECTION_LOST;
			return begin_exchange(s, c, auth, m);
		case AUTH_SASL_CONTINUE:
			if (*auth == NULL || (*auth)->state != AWAIT_SERVER_FIRST)
				break;
			return answer_server_first(s, c, *auth, m);
		case AUTH_SASL_FINAL:
			if (*auth == NULL || (*auth)->state != AWAIT_SERVER_FINAL)
				break;
			return check_server_final(s, *auth, m);
		default:
			if (check_method(s, c, method) != TUSK_OK)
				return TUSK_CONNECTION_LOST;
			return refuse_method(s, method);
	}
	return tusk_lose(s, "08P01", "unexpected authentication request of type %d",
	                 method);
}
