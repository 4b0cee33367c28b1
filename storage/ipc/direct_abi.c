/*
 * direct_abi.c
 *		What server and attached client have to agree on.
 *
 * Compiled into both.  The server writes its numbers into the header of the
 * public segment, the client compares them with its own: a library of another
 * version finds out before it reads anything else.
 */
#include "postgres.h"

#include "access/clog_slots.h"
#include "access/hnsw_cache.h"
#include "access/ivfflat_codes.h"
#include "libpq/attach.h"
#include "storage/buf_internals.h"
#include "storage/direct.h"
#include "storage/indexcache.h"

void
PublicShmemFillAbi(PublicShmemAbi *abi)
{
	abi->version = ATTACH_VERSION;
	abi->blcksz = BLCKSZ;
	abi->blocks_align = BUFFER_BLOCKS_ALIGN;
	abi->buffer_desc_size = sizeof(BufferDescPadded);
	abi->clog_slot_size = sizeof(ClogSlot);
	abi->clog_slots = CLOG_NUM_SLOTS;
	abi->cache_entry_size = sizeof(IndexCacheEntry);
	abi->hnsw_cache_header_size = sizeof(HnswCacheHeader);
	abi->hnsw_cache_node_size = sizeof(HnswCacheNode);
	abi->ivfflat_codes_header_size = sizeof(IvfflatCodesHeader);
	abi->ivfflat_coded_page_size = sizeof(IvfflatCodedPage);
	abi->direct_slot_size = sizeof(DirectSlot);
	abi->direct_versions = DIRECT_VERSIONS;
	abi->header_size = sizeof(PublicShmemHeader);
}
