/*
 * runtime.h
 *	  What stands in for the server under its own code in a client.
 *
 * See runtime.c.  Only files that are compiled with -DTUSK_CLIENT include this.
 */
#ifndef LIBTUSK_RUNTIME_H
#define LIBTUSK_RUNTIME_H

#include "access/clog_slots.h"
#include "access/relscan.h"
#include "reader.h"
#include "storage/buf_internals.h"
#include "storage/direct.h"
#include "utils/rel.h"

/* A segment that was checked, and where in it things are. */
struct tusk_mapping
{
	char *base;
	uint64 size;
	uint64 device; /* of the memfd: what makes it the same segment */
	uint64 inode;
	int references;     /* under the lock of mapping.c */
	unsigned int forks; /* of this process, when it was mapped */
	struct tusk_mapping *next;
	struct cds_lfht *shapes;
	long nshapes; /* atomic: entries of it */

	PublicShmemHeader *header;
	int nbuffers;
	BufferDescPadded *descriptors;
	char *blocks;
	void *buf_table;
	void *cache_entries; /* or NULL */
	void *cache_chunks;
	ClogShared *clog;
	DirectSlot *slots;
	int nslots;
	DirectVersions *versions;
	XactCompletions *completions;
};

/* What is known of an index and its table.  Constant once it is found. */
struct tusk_shape
{
	struct RelationData index;
	struct RelationData table;
	FormData_pg_class index_form;
	FormData_pg_class table_form;
	uint64 number;
	uint32 am;
	uint32 type;
	uint32 metric;
	int dimensions;
	int index_attnum;
	int noutputs;
	DirectOutput *outputs;
	bool *missing; /* by column: rows too short have a value of their own */
	long references;
};

/* What a thread's search stands on, while it is in here. */
typedef struct DirectReader
{
	const tusk_mapping *mapping;
	const tusk_shape *shape;
	const tusk_backend *backend;
	TransactionId own_xid;

	/* of the table's page that is read next: what of it is looked at */
	OffsetNumber wanted_item;

	/* only the backend can tell whether the row is visible */
	bool undecided;

	/* buffers about to be evicted that were read */
	uint32 touched[DIRECT_TOUCHED_MAX / 4];
	int ntouched;

	char reason[512]; /* why it was given up */
} DirectReader;

extern PG_PER_THREAD DirectReader *CurrentReader;

/* Once in a process. */
extern void RuntimeInit(void);

/*
 * Runs function(arg) with the reader as this thread's; false: something was
 * raised, which reader->reason tells.  Nothing of the reader's is left then in
 * the thread but memory of RuntimeContext's children.
 */
extern bool
RunWithReader(DirectReader *reader, void (*function)(void *), void *arg);

/* The search is to be done by the backend. */
extern void GiveUp(const char *format, ...) pg_attribute_printf(1, 2)
	pg_attribute_noreturn();

/* shape.c */
extern PGFunction ShapeDistanceFunction(const tusk_shape *shape);
extern bool ShapeIsPossible(const DirectBeginReply *reply);
extern void ShapesForget(tusk_mapping *mapping);

#endif /* LIBTUSK_RUNTIME_H */
