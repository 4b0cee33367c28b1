/*
 * tcop/cmdtag.h
 *		Command tags: what CommandComplete says a statement was.
 */
#ifndef CMDTAG_H
#define CMDTAG_H

/* room for the longest tag and its counts */
#define COMPLETION_TAG_BUFSIZE 64

#define PG_CMDTAG(tag, name, rowcnt) tag,
typedef enum CommandTag
{
#include "tcop/cmdtaglist.h"
	COMMAND_TAG_NEXTTAG
} CommandTag;
#undef PG_CMDTAG

typedef struct QueryCompletion
{
	CommandTag commandTag;
	uint64 nprocessed;
} QueryCompletion;

static inline void
SetQueryCompletion(QueryCompletion *qc, CommandTag commandTag,
                   uint64 nprocessed)
{
	qc->commandTag = commandTag;
	qc->nprocessed = nprocessed;
}

static inline void
CopyQueryCompletion(QueryCompletion *dst, const QueryCompletion *src)
{
	*dst = *src;
}

extern void InitializeQueryCompletion(QueryCompletion *qc);
extern const char *GetCommandTagName(CommandTag commandTag);
extern bool command_tag_display_rowcount(CommandTag commandTag);
/* the text of CommandComplete into buff; returns its length */
extern Size BuildQueryCompletionString(char *buff, const QueryCompletion *qc,
                                       bool nameonly);

#endif /* CMDTAG_H */
