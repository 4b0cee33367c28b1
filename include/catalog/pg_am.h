/*
 * catalog/pg_am.h
 *		Access methods: PostgreSQL 15's columns of pg_am and the compiled rows.
 */
#ifndef PG_AM_H
#define PG_AM_H

#define AccessMethodRelationId 2601
#define Natts_pg_am 4

typedef struct FormData_pg_am
{
	Oid oid;
	NameData amname;
	regproc amhandler;
	char amtype;
	const char *extension;
} FormData_pg_am;

typedef const FormData_pg_am *Form_pg_am;

/* in order of OID */
extern const FormData_pg_am pg_am_rows[];
extern const int pg_am_nrows;

extern Form_pg_am GetAmForm(Oid amoid);

#define AMTYPE_INDEX 'i'
#define AMTYPE_TABLE 't'

#define HEAP_TABLE_AM_OID 2
#define BTREE_AM_OID 403
#define HASH_AM_OID 405
#define TOAST_INDEX_AM_OID 9600 /* of TOAST relations only */
/* extension vector */
#define HNSW_AM_OID 9002
#define IVFFLAT_AM_OID 9003

#endif /* PG_AM_H */
