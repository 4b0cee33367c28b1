/*
 * catalog/opclasscmds.h
 *		Access methods and operator classes by name or by type.
 */
#ifndef OPCLASSCMDS_H
#define OPCLASSCMDS_H

#include "nodes/pg_list.h"

/* the default class of the type (or of a type it is binary-coercible to) */
extern Oid GetDefaultOpClass(Oid type_id, Oid am_id);
extern Oid get_opclass_oid(Oid amID, List *opclassname, bool missing_ok);
extern Oid get_am_oid(const char *amname, bool missing_ok);
extern Oid get_index_am_oid(const char *amname, bool missing_ok);
extern Oid get_table_am_oid(const char *amname, bool missing_ok);
extern char *get_am_name(Oid amOid); /* NULL if there is none */

#endif /* OPCLASSCMDS_H */
