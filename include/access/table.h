/*
 * access/table.h
 *		Opening tables.  ERROR 42809 if it is not a table.
 */
#ifndef TABLE_H
#define TABLE_H

#include "storage/lockdefs.h"
#include "utils/relcache.h"

extern Relation table_open(Oid relationId, LOCKMODE lockmode);
extern Relation try_table_open(Oid relationId, LOCKMODE lockmode);
extern void table_close(Relation relation, LOCKMODE lockmode);

#endif /* TABLE_H */
