/*
 * storage/sinval.h
 *		Messages that tell other processes what their caches must forget.
 */
#ifndef SINVAL_H
#define SINVAL_H

#include <signal.h>

#include "storage/relfilenode.h"

#define SHAREDINVALCATALOG_ID (-1)
#define SHAREDINVALRELCACHE_ID (-2)
#define SHAREDINVALSMGR_ID (-3)
#define SHAREDINVALRELMAP_ID (-4)
#define SHAREDINVALSNAPSHOT_ID (-5)

/* 16 bytes; id says which. */
typedef union SharedInvalidationMessage
{
	int8 id;
	struct
	{
		int8 id;
		Oid dbId;
		Oid catId;
	} cat; /* forget all of a catalog's cached rows */
	struct
	{
		int8 id;
		Oid dbId;
		Oid relId; /* InvalidOid: all */
	} rc;
	struct
	{
		int8 id;
		int8 backend_hi;
		uint16 backend_lo;
		RelFileNode rnode;
	} sm;
} SharedInvalidationMessage;

extern volatile sig_atomic_t catchupInterruptPending;

extern void
SendSharedInvalidMessages(const SharedInvalidationMessage *msgs, int n);
/* Calls invalFunction for each message, resetFunction if some were lost. */
extern void ReceiveSharedInvalidMessages(
	void (*invalFunction)(SharedInvalidationMessage *msg),
	void (*resetFunction)(void));
extern void HandleCatchupInterrupt(void); /* in the signal handler */
extern void ProcessCatchupInterrupt(void);

#endif /* SINVAL_H */
