/*
 * access/detoast.h
 *		From stored forms of a value back to the value.
 *
 * A TOAST pointer stands for a value that is kept in the chunks of the table's
 * TOAST relation.  In the row it has no alignment: copy it out before use.
 */
#ifndef DETOAST_H
#define DETOAST_H

#include "access/toast_compression.h"

typedef struct varatt_external
{
	int32 va_rawsize;  /* the plain value's, its header included */
	uint32 va_extinfo; /* bytes in the chunks; method in the high 2 bits */
	Oid va_valueid;    /* chunk_id */
	Oid va_toastrelid;
} varatt_external;

StaticAssertDecl(sizeof(varatt_external) == 16, "format of PostgreSQL");

#define VARTAG_ONDISK 18
#define VARTAG_EXTERNAL(PTR) (((const uint8 *) (PTR))[1])
#define VARATT_IS_EXTERNAL_ONDISK(PTR) \
	(VARATT_IS_EXTERNAL(PTR) && VARTAG_EXTERNAL(PTR) == VARTAG_ONDISK)
#define TOAST_POINTER_SIZE (VARHDRSZ_EXTERNAL + sizeof(varatt_external))

#define VARATT_EXTERNAL_GET_EXTSIZE(toast_pointer) \
	((toast_pointer).va_extinfo & VARLENA_EXTSIZE_MASK)
#define VARATT_EXTERNAL_GET_COMPRESS_METHOD(toast_pointer) \
	((toast_pointer).va_extinfo >> VARLENA_EXTSIZE_BITS)
#define VARATT_EXTERNAL_IS_COMPRESSED(toast_pointer) \
	(VARATT_EXTERNAL_GET_EXTSIZE(toast_pointer) <    \
	 (uint32) (toast_pointer).va_rawsize - VARHDRSZ)
#define VARATT_EXTERNAL_GET_POINTER(toast_pointer, attr)                \
	memcpy(&(toast_pointer), (const char *) (attr) + VARHDRSZ_EXTERNAL, \
	       sizeof(toast_pointer))

/* Plain, with a 4-byte header; attr itself if it is that already. */
extern struct varlena *detoast_attr(struct varlena *attr);
/* No TOAST pointer any more, but possibly compressed or short. */
extern struct varlena *detoast_external_attr(struct varlena *attr);
/* slicelength < 0: to the end; a copy with a 4-byte header */
extern struct varlena *
detoast_attr_slice(struct varlena *attr, int32 sliceoffset, int32 slicelength);
/* Of the plain value, with a 4-byte header; reads nothing. */
extern Size toast_raw_datum_size(Datum value);
/* As it is stored now. */
extern Size toast_datum_size(Datum value);

#endif /* DETOAST_H */
