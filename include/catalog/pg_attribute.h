/*
 * catalog/pg_attribute.h
 *		Rows of pg_attribute: one per column.  PostgreSQL 15's columns, order
 *		and OID; attacl, attoptions, attfdwoptions and attmissingval follow the
 *		fixed part.
 */
#ifndef PG_ATTRIBUTE_H
#define PG_ATTRIBUTE_H

#define AttributeRelationId 1249

typedef struct FormData_pg_attribute
{
	Oid attrelid;
	NameData attname;
	Oid atttypid;
	int32 attstattarget;
	int16 attlen; /* -1: varlena, -2: C string */
	int16 attnum;
	int32 attndims;
	int32 attcacheoff; /* -1: not known; in tuple descriptors only */
	int32 atttypmod;
	bool attbyval;
	char attalign;
	char attstorage;
	char attcompression;
	bool attnotnull;
	bool atthasdef;
	bool atthasmissing;
	char attidentity;
	char attgenerated;
	bool attisdropped;
	bool attislocal;
	int32 attinhcount;
	Oid attcollation;
} FormData_pg_attribute;

typedef FormData_pg_attribute *Form_pg_attribute;

#define ATTRIBUTE_FIXED_PART_SIZE \
	(offsetof(FormData_pg_attribute, attcollation) + sizeof(Oid))
#define Natts_pg_attribute 26

#define TYPALIGN_CHAR 'c'
#define TYPALIGN_SHORT 's'
#define TYPALIGN_INT 'i'
#define TYPALIGN_DOUBLE 'd'
#define TYPSTORAGE_PLAIN 'p'
#define TYPSTORAGE_EXTERNAL 'e'
#define TYPSTORAGE_EXTENDED 'x'
#define TYPSTORAGE_MAIN 'm'

#endif /* PG_ATTRIBUTE_H */
