/*
 * nodes/lockoptions.h
 *		How strongly a row is locked, and what to do if it cannot be at once.
 */
#ifndef LOCKOPTIONS_H
#define LOCKOPTIONS_H

/* FOR ...; the higher one counts where several are given */
typedef enum LockClauseStrength
{
	LCS_NONE,
	LCS_FORKEYSHARE,
	LCS_FORSHARE,
	LCS_FORNOKEYUPDATE,
	LCS_FORUPDATE
} LockClauseStrength;

typedef enum LockWaitPolicy
{
	LockWaitBlock, /* wait for the row */
	LockWaitSkip,  /* SKIP LOCKED */
	LockWaitError  /* NOWAIT */
} LockWaitPolicy;

/* Of a row.  Without multixacts no two transactions lock the same one. */
typedef enum LockTupleMode
{
	LockTupleKeyShare,
	LockTupleShare,
	LockTupleNoKeyExclusive, /* FOR NO KEY UPDATE, UPDATE */
	LockTupleExclusive       /* FOR UPDATE, DELETE */
} LockTupleMode;

#endif /* LOCKOPTIONS_H */
