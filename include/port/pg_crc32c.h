/*
 * port/pg_crc32c.h: CRC-32C (Castagnoli), the checksum of the control file,
 * two-phase files and WAL records.
 *
 *	INIT_CRC32C(crc); COMP_CRC32C(crc, data, len); ...; FIN_CRC32C(crc);
 */
#ifndef PG_CRC32C_H
#define PG_CRC32C_H

typedef uint32 pg_crc32c;

#define INIT_CRC32C(crc) ((crc) = 0xFFFFFFFF)
#define COMP_CRC32C(crc, data, len) \
	((crc) = pg_comp_crc32c((crc), (data), (len)))
#define FIN_CRC32C(crc) ((crc) ^= 0xFFFFFFFF)
#define EQ_CRC32C(c1, c2) ((c1) == (c2))

/* adds len bytes; uses the SSE 4.2 instruction where the processor has it */
extern pg_crc32c pg_comp_crc32c(pg_crc32c crc, const void *data, size_t len);

#endif /* PG_CRC32C_H */
