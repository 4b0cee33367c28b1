/*
 * dsm.h
 *		Dynamic shared memory segments: made by any backend, mapped by those
 *		that are told the handle, at a different address in each; gone with the
 *		last that detaches.
 */
#ifndef DSM_H
#define DSM_H

#include "storage/dsm_impl.h"

typedef struct dsm_segment dsm_segment;

#define DSM_CREATE_NULL_IF_MAXSEGMENTS 0x0001

typedef void (*on_dsm_detach_callback)(dsm_segment *segment, Datum arg);

extern Size dsm_estimate_size(void);
extern void dsm_postmaster_startup(void);
extern void dsm_backend_shutdown(void);
extern void dsm_detach_all(void);
/* Checkpointer: segments that could not be removed when nobody had them. */
extern void dsm_remove_orphans(void);
/*
 * The next segment that exists, but for the control segment; *slot is 0 at
 * first.  *mapped: by how many processes; by none while it is being destroyed.
 */
extern bool dsm_next_segment(uint32 *slot, dsm_handle *handle, int *mapped);

extern dsm_segment *dsm_create(Size size, int flags);

/* NULL if the segment is gone. */
extern dsm_segment *dsm_attach(dsm_handle h);
extern void dsm_detach(dsm_segment *seg);

/* Keep the mapping until exit or detach, whatever resource owners do. */
extern void dsm_pin_mapping(dsm_segment *seg);
extern dsm_segment *dsm_find_mapping(dsm_handle h);
extern void *dsm_segment_address(dsm_segment *seg);
extern Size dsm_segment_map_length(dsm_segment *seg);
extern dsm_handle dsm_segment_handle(dsm_segment *seg);

/* Called before the segment is unmapped, last registered first. */
extern void
on_dsm_detach(dsm_segment *seg, on_dsm_detach_callback function, Datum arg);
extern void cancel_on_dsm_detach(dsm_segment *seg,
                                 on_dsm_detach_callback function, Datum arg);
extern void reset_on_dsm_detach(void);

#endif /* DSM_H */
