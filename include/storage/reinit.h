/*
 * storage/reinit.h: unlogged relations become empty after a crash.
 */
#ifndef REINIT_H
#define REINIT_H

#include "common/relpath.h"

#define UNLOGGED_RELATION_CLEANUP 0x0001 /* before replay: remove their forks */
#define UNLOGGED_RELATION_INIT 0x0002    /* after it: copy the init forks */

/* The start-up process's; nobody else is there.  ERROR if a file cannot be
 * read, written or removed. */
extern void ResetUnloggedRelations(int op);
/*
 * Whether name is that of a file of a relation (not a temporary one); then the
 * number of digits that it begins with, and its fork.
 */
extern bool parse_filename_for_nontemp_relation(const char *name, int *oidchars,
                                                ForkNumber *fork);

#endif /* REINIT_H */
