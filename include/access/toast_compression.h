/*
 * access/toast_compression.h
 *		Compressing single values: pglz and LZ4, in PostgreSQL's form.
 *
 * A compressed value has a 4-byte header and a word of its raw size (30 bits)
 * and the method (2 bits); what follows is the method's.
 */
#ifndef TOAST_COMPRESSION_H
#define TOAST_COMPRESSION_H

/* default_toast_compression, a ToastCompressionMethod character */
extern int default_toast_compression;

typedef enum ToastCompressionId
{
	TOAST_PGLZ_COMPRESSION_ID = 0,
	TOAST_LZ4_COMPRESSION_ID = 1,
	TOAST_INVALID_COMPRESSION_ID = 2
} ToastCompressionId;

/* pg_attribute.attcompression */
#define TOAST_PGLZ_COMPRESSION 'p'
#define TOAST_LZ4_COMPRESSION 'l'
#define InvalidCompressionMethod '\0'
#define CompressionMethodIsValid(cm) ((cm) != InvalidCompressionMethod)

#define VARLENA_EXTSIZE_BITS 30
#define VARLENA_EXTSIZE_MASK ((1U << VARLENA_EXTSIZE_BITS) - 1)
#define VARHDRSZ_COMPRESSED 8 /* header and word */

/* Size of the raw data without any header, and the method. */
#define VARDATA_COMPRESSED_GET_EXTSIZE(PTR) \
	(varlena_header((const char *) (PTR) + VARHDRSZ) & VARLENA_EXTSIZE_MASK)
#define VARDATA_COMPRESSED_GET_COMPRESS_METHOD(PTR) \
	(varlena_header((const char *) (PTR) + VARHDRSZ) >> VARLENA_EXTSIZE_BITS)
#define SET_VARSIZE_COMPRESSED(PTR, len) \
	varlena_set_header((PTR), (((uint32) (len)) << 2) | 0x02)

/* NULL: it would not become smaller.  value is plain or short. */
extern struct varlena *toast_compress(struct varlena *value, char cmethod);
/* With a 4-byte header; slicelength < 0: all of it. */
extern struct varlena *
toast_decompress_slice(const struct varlena *value, int32 slicelength);

#endif /* TOAST_COMPRESSION_H */
