/*
 * catalog/pg_type.h
 *		Types: PostgreSQL 15's columns of pg_type, its OIDs, and the compiled
 *		rows.
 *
 * A row never changes, so a Form_pg_type is a pointer into the program: nothing
 * to release, valid in every process.  typdefaultbin, typdefault and typacl are
 * always NULL and have no field.
 */
#ifndef PG_TYPE_H
#define PG_TYPE_H

#define TypeRelationId 1247
#define Natts_pg_type 32

typedef struct FormData_pg_type
{
	Oid oid;
	NameData typname;
	Oid typnamespace;
	Oid typowner;
	int16 typlen; /* -1: varlena, -2: C string */
	bool typbyval;
	char typtype;
	char typcategory;
	bool typispreferred;
	bool typisdefined;
	char typdelim;
	Oid typrelid;
	regproc typsubscript;
	Oid typelem;
	Oid typarray;
	regproc typinput;
	regproc typoutput;
	regproc typreceive;
	regproc typsend;
	regproc typmodin;
	regproc typmodout;
	regproc typanalyze;
	char typalign;
	char typstorage;
	bool typnotnull;
	Oid typbasetype;
	int32 typtypmod;
	int32 typndims;
	Oid typcollation;
	const char *extension; /* visible only with it; NULL: always */
} FormData_pg_type;

typedef const FormData_pg_type *Form_pg_type;

/* in order of OID */
extern const FormData_pg_type pg_type_rows[];
extern const int pg_type_nrows;

/* NULL if there is none; the extension need not be there */
extern Form_pg_type GetTypeForm(Oid typid);

#define TYPTYPE_BASE 'b'
#define TYPTYPE_COMPOSITE 'c'
#define TYPTYPE_DOMAIN 'd'
#define TYPTYPE_ENUM 'e'
#define TYPTYPE_MULTIRANGE 'm'
#define TYPTYPE_PSEUDO 'p'
#define TYPTYPE_RANGE 'r'

#define TYPCATEGORY_INVALID '\0'
#define TYPCATEGORY_ARRAY 'A'
#define TYPCATEGORY_BOOLEAN 'B'
#define TYPCATEGORY_COMPOSITE 'C'
#define TYPCATEGORY_DATETIME 'D'
#define TYPCATEGORY_ENUM 'E'
#define TYPCATEGORY_GEOMETRIC 'G'
#define TYPCATEGORY_NETWORK 'I'
#define TYPCATEGORY_NUMERIC 'N'
#define TYPCATEGORY_PSEUDOTYPE 'P'
#define TYPCATEGORY_RANGE 'R'
#define TYPCATEGORY_STRING 'S'
#define TYPCATEGORY_TIMESPAN 'T'
#define TYPCATEGORY_USER 'U'
#define TYPCATEGORY_BITSTRING 'V'
#define TYPCATEGORY_UNKNOWN 'X'
#define TYPCATEGORY_INTERNAL 'Z'

#define TYPALIGN_CHAR 'c'
#define TYPALIGN_SHORT 's'
#define TYPALIGN_INT 'i'
#define TYPALIGN_DOUBLE 'd'
#define TYPSTORAGE_PLAIN 'p'
#define TYPSTORAGE_EXTERNAL 'e'
#define TYPSTORAGE_EXTENDED 'x'
#define TYPSTORAGE_MAIN 'm'

#define BOOLOID 16
#define BYTEAOID 17
#define CHAROID 18
#define NAMEOID 19
#define INT8OID 20
#define INT2OID 21
#define INT2VECTOROID 22
#define INT4OID 23
#define REGPROCOID 24
#define TEXTOID 25
#define OIDOID 26
#define TIDOID 27
#define XIDOID 28
#define CIDOID 29
#define OIDVECTOROID 30
#define JSONOID 114
#define PG_NODE_TREEOID 194
#define TABLE_AM_HANDLEROID 269
#define INDEX_AM_HANDLEROID 325
#define FLOAT4OID 700
#define FLOAT8OID 701
#define UNKNOWNOID 705
#define INETOID 869
#define BOOLARRAYOID 1000
#define BYTEAARRAYOID 1001
#define CHARARRAYOID 1002
#define NAMEARRAYOID 1003
#define INT2ARRAYOID 1005
#define INT4ARRAYOID 1007
#define TEXTARRAYOID 1009
#define BPCHARARRAYOID 1014
#define VARCHARARRAYOID 1015
#define INT8ARRAYOID 1016
#define FLOAT4ARRAYOID 1021
#define FLOAT8ARRAYOID 1022
#define OIDARRAYOID 1028
#define ACLITEMOID 1033
#define ACLITEMARRAYOID 1034
#define BPCHAROID 1042
#define VARCHAROID 1043
#define DATEOID 1082
#define TIMEOID 1083
#define TIMESTAMPOID 1114
#define TIMESTAMPTZOID 1184
#define INTERVALOID 1186
#define NUMERICARRAYOID 1231
#define CSTRINGARRAYOID 1263
#define BITOID 1560
#define VARBITOID 1562
#define NUMERICOID 1700
#define REGPROCEDUREOID 2202
#define REGOPEROID 2203
#define REGOPERATOROID 2204
#define REGCLASSOID 2205
#define REGTYPEOID 2206
#define REGTYPEARRAYOID 2211
#define RECORDOID 2249
#define CSTRINGOID 2275
#define ANYOID 2276
#define ANYARRAYOID 2277
#define VOIDOID 2278
#define TRIGGEROID 2279
#define INTERNALOID 2281
#define ANYELEMENTOID 2283
#define RECORDARRAYOID 2287
#define ANYNONARRAYOID 2776
#define UUIDOID 2950
#define PG_LSNOID 3220
#define ANYENUMOID 3500
#define REGNAMESPACEOID 4089
#define REGROLEOID 4096
#define XID8OID 5069
#define ANYCOMPATIBLEOID 5077
#define ANYCOMPATIBLEARRAYOID 5078
#define ANYCOMPATIBLENONARRAYOID 5079

/* extension vector */
#define VECTOROID 9000
#define VECTORARRAYOID 9001
#define HALFVECOID 9003
#define HALFVECARRAYOID 9004
#define SPARSEVECOID 9005
#define SPARSEVECARRAYOID 9006

#define F_ARRAY_SUBSCRIPT_HANDLER 6179

/* an array type proper, as opposed to oidvector and the like */
#define IsTrueArrayType(typeForm)         \
	((typeForm)->typelem != InvalidOid && \
	 (typeForm)->typsubscript == F_ARRAY_SUBSCRIPT_HANDLER)

#define IsPolymorphicTypeFamily1(typid)                    \
	((typid) == ANYELEMENTOID || (typid) == ANYARRAYOID || \
	 (typid) == ANYNONARRAYOID || (typid) == ANYENUMOID)
#define IsPolymorphicTypeFamily2(typid)                                 \
	((typid) == ANYCOMPATIBLEOID || (typid) == ANYCOMPATIBLEARRAYOID || \
	 (typid) == ANYCOMPATIBLENONARRAYOID)
#define IsPolymorphicType(typid) \
	(IsPolymorphicTypeFamily1(typid) || IsPolymorphicTypeFamily2(typid))

#endif /* PG_TYPE_H */
