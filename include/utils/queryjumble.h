/*
 * utils/queryjumble.h
 *		Identifiers of queries that are the same but for their constants.
 *
 * Corresponds to PostgreSQL 15's utils/queryjumble.h.
 */
#ifndef QUERYJUMBLE_H
#define QUERYJUMBLE_H

#include "nodes/parsenodes.h"

/* A constant in the text. */
typedef struct LocationLen
{
	int location; /* bytes from the start of the text */
	int length;   /* -1: unknown, or counted elsewhere in the list */
} LocationLen;

/* What was noticed on the way through a query. */
typedef struct JumbleState
{
	unsigned char *jumble; /* JUMBLE_SIZE bytes, only while it is computed */
	Size jumble_len;
	LocationLen *clocations; /* in the order met */
	int clocations_buf_size;
	int clocations_count;
	int highest_extern_param_id; /* of $n */
} JumbleState;

typedef enum ComputeQueryIdType
{
	COMPUTE_QUERY_ID_OFF,
	COMPUTE_QUERY_ID_ON,
	COMPUTE_QUERY_ID_AUTO,
	COMPUTE_QUERY_ID_REGRESS
} ComputeQueryIdType;

extern int compute_query_id;  /* setting */
extern bool query_id_enabled; /* somebody needs it */

/*
 * The statement at *location of the text, *len bytes (0: to its end), without
 * blanks around it; both are set to what is returned.
 */
extern const char *CleanQuerytext(const char *query, int *location, int *len);
/*
 * Sets query->queryId, never to 0.  The result, in CurrentMemoryContext, says
 * where constants are; NULL of a utility statement, whose identifier is of its
 * text.
 */
extern JumbleState *JumbleQuery(Query *query, const char *querytext);
/* For "auto": from now on in this process and its children. */
extern void EnableQueryId(void);

static inline bool
IsQueryIdEnabled(void)
{
	if (compute_query_id == COMPUTE_QUERY_ID_OFF)
		return false;
	return compute_query_id == COMPUTE_QUERY_ID_ON || query_id_enabled;
}

#endif /* QUERYJUMBLE_H */
