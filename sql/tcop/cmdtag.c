/*
 * cmdtag.c
 *		Command tags as text.
 *
 * Corresponds to PostgreSQL's cmdtag.c.
 */
#include "postgres.h"

#include "tcop/cmdtag.h"

typedef struct CommandTagBehavior
{
	const char *name;
	bool display_rowcount;
} CommandTagBehavior;

#define PG_CMDTAG(tag, name, rowcnt) {name, rowcnt},
static const CommandTagBehavior tag_behavior[] = {
#include "tcop/cmdtaglist.h"
};
#undef PG_CMDTAG

StaticAssertDecl(lengthof(tag_behavior) == COMMAND_TAG_NEXTTAG,
                 "every tag has a text");

void
InitializeQueryCompletion(QueryCompletion *qc)
{
	qc->commandTag = CMDTAG_UNKNOWN;
	qc->nprocessed = 0;
}

const char *
GetCommandTagName(CommandTag commandTag)
{
	return tag_behavior[commandTag].name;
}

bool
command_tag_display_rowcount(CommandTag commandTag)
{
	return tag_behavior[commandTag].display_rowcount;
}

Size
BuildQueryCompletionString(char *buff, const QueryCompletion *qc, bool nameonly)
{
	const char *name = GetCommandTagName(qc->commandTag);
	int len;

	/* INSERT once had the new row's OID there. */
	if (!nameonly && command_tag_display_rowcount(qc->commandTag))
		len = snprintf(buff, COMPLETION_TAG_BUFSIZE,
		               qc->commandTag == CMDTAG_INSERT ? "%s 0 " UINT64_FORMAT
		                                               : "%s " UINT64_FORMAT,
		               name, qc->nprocessed);
	else
		len = snprintf(buff, COMPLETION_TAG_BUFSIZE, "%s", name);
	return (Size) len;
}
