/*
 * scram_common.c
 *		Keys and proofs of SCRAM-SHA-256, and the base64 that they travel in.
 *
 * The primitives (SHA-256, HMAC, PBKDF2, base64) are libcrypto's.
 */
#include "postgres.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "libpq/scram_common.h"

bool
scram_HMAC(const uint8 *key, const char *data, size_t length, uint8 *result)
{
	unsigned n = SCRAM_KEY_LEN;

	return HMAC(EVP_sha256(), key, SCRAM_KEY_LEN, (const unsigned char *) data,
	            length, result, &n) != NULL;
}

bool
scram_H(const uint8 *data, size_t length, uint8 *result)
{
	return EVP_Digest(data, length, result, NULL, EVP_sha256(), NULL) == 1;
}

bool
scram_SaltedPassword(const char *password, const uint8 *salt, int salt_len,
                     int iterations, uint8 *result)
{
	return PKCS5_PBKDF2_HMAC(password, (int) strlen(password), salt, salt_len,
	                         iterations, EVP_sha256(), SCRAM_KEY_LEN,
	                         result) == 1;
}

bool
scram_ClientKey(const uint8 *salted_password, uint8 *result)
{
	return scram_HMAC(salted_password, "Client Key", strlen("Client Key"),
	                  result);
}

bool
scram_ServerKey(const uint8 *salted_password, uint8 *result)
{
	return scram_HMAC(salted_password, "Server Key", strlen("Server Key"),
	                  result);
}

void
pg_b64_encode(const uint8 *data, int length, char *text)
{
	(void) EVP_EncodeBlock((unsigned char *) text, data, length);
}

/*
 * libcrypto lets pass what is not the same: blanks around it, bits that say
 * nothing.  So it is written again and compared, four characters at a time.
 */
int
pg_b64_decode(const char *text, uint8 *data)
{
	int n = (int) strlen(text);
	int length;

	if (n == 0 || n % 4 != 0 ||
	    EVP_DecodeBlock(data, (const unsigned char *) text, n) < 0)
		return -1;
	length = n / 4 * 3 - (text[n - 1] == '=') - (text[n - 2] == '=');
	for (int at = 0; at < length; at += 3)
	{
		char again[BASE64_LEN(3) + 1];

		pg_b64_encode(data + at, Min(length - at, 3), again);
		if (memcmp(again, text + at / 3 * 4, 4) != 0)
			return -1;
	}
	return length;
}
