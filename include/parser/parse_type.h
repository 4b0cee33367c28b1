/*
 * parser/parse_type.h
 *		From a type's name as written to its OID and modifier.
 *
 * pstate may be NULL; it only gives errors their position.
 */
#ifndef PARSE_TYPE_H
#define PARSE_TYPE_H

#include "catalog/pg_type.h"
#include "nodes/parsenodes.h"

struct ParseState;

typedef Form_pg_type Type; /* nothing to release */

/* NULL if there is no such type; typmod_p may be NULL */
extern Type LookupTypeName(struct ParseState *pstate, const TypeName *typeName,
                           int32 *typmod_p, bool missing_ok);
extern Oid LookupTypeNameOid(struct ParseState *pstate,
                             const TypeName *typeName, bool missing_ok);
/* ERROR 42704 if there is no such type, 0A000 if it cannot be used here */
extern Type typenameType(struct ParseState *pstate, const TypeName *typeName,
                         int32 *typmod_p);
extern Oid typenameTypeId(struct ParseState *pstate, const TypeName *typeName);
extern void
typenameTypeIdAndMod(struct ParseState *pstate, const TypeName *typeName,
                     Oid *typeid_p, int32 *typmod_p);
/* "pg_catalog.int4[]": for messages */
extern char *TypeNameToString(const TypeName *typeName);

extern Type typeidType(Oid id); /* ERROR XX000 if there is none */
extern Oid typeTypeId(Type tp);
extern int16 typeLen(Type t);
extern bool typeByVal(Type t);
extern char *typeTypeName(Type t);
extern Oid typeTypeRelid(Type typ);
extern Oid typeTypeCollation(Type typ);
extern Datum stringTypeDatum(Type tp, char *string, int32 atttypmod);

/* "numeric(10,2)", "text[]": by libpg_query */
extern void parseTypeString(const char *str, Oid *typeid_p, int32 *typmod_p,
                            bool missing_ok);

#endif /* PARSE_TYPE_H */
