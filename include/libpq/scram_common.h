/*
 * libpq/scram_common.h
 *		What both sides of SCRAM-SHA-256 compute (RFC 5802, RFC 7677).
 *
 * Built into the server and into libtusk: of libcrypto, and of nothing else, no
 * memory and no errors; false: libcrypto failed.  Corresponds to PostgreSQL's
 * common/scram-common.c and common/base64.c.
 */
#ifndef SCRAM_COMMON_H
#define SCRAM_COMMON_H

#define SCRAM_SHA_256_NAME "SCRAM-SHA-256"
#define SCRAM_KEY_LEN 32
#define SCRAM_RAW_NONCE_LEN 18

/* Characters of base64, without a final 0. */
#define BASE64_LEN(n) (((n) + 2) / 3 * 4)

/* The results have SCRAM_KEY_LEN bytes, and so has key. */
extern bool
scram_HMAC(const uint8 *key, const char *data, size_t length, uint8 *result);
extern bool scram_H(const uint8 *data, size_t length, uint8 *result);
extern bool scram_SaltedPassword(const char *password, const uint8 *salt,
                                 int salt_len, int iterations, uint8 *result);
extern bool scram_ClientKey(const uint8 *salted_password, uint8 *result);
extern bool scram_ServerKey(const uint8 *salted_password, uint8 *result);

/* text: BASE64_LEN(length) + 1 bytes. */
extern void pg_b64_encode(const uint8 *data, int length, char *text);
/*
 * The bytes of text, written as pg_b64_encode does, and their number; -1 if it
 * is not.  data: as many bytes as text has characters.
 */
extern int pg_b64_decode(const char *text, uint8 *data);

#endif /* SCRAM_COMMON_H */
