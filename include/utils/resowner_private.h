/*
 * utils/resowner_private.h
 *		PostgreSQL 15's calls for buffer pins, on the general ones.
 */
#ifndef RESOWNER_PRIVATE_H
#define RESOWNER_PRIVATE_H

#include "storage/buf.h"
#include "utils/resowner.h"

extern void ResourceOwnerEnlargeBuffers(ResourceOwner owner);
extern void ResourceOwnerRememberBuffer(ResourceOwner owner, Buffer buffer);
extern void ResourceOwnerForgetBuffer(ResourceOwner owner, Buffer buffer);

#endif /* RESOWNER_PRIVATE_H */
