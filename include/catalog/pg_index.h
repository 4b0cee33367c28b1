/*
 * catalog/pg_index.h
 *		Rows of pg_index: PostgreSQL 15's columns, order and OID; indkey is the
 *		last fixed one, indcollation, indclass, indoption, indexprs and indpred
 *		follow.
 */
#ifndef PG_INDEX_H
#define PG_INDEX_H

#define IndexRelationId 2610

typedef struct int2vector
{
	int32 vl_len_; /* varlena header */
	int ndim;      /* always 1 */
	int32 dataoffset;
	Oid elemtype;
	int dim1;
	int lbound1; /* 0 */
	int16 values[FLEXIBLE_ARRAY_MEMBER];
} int2vector;

typedef struct oidvector
{
	int32 vl_len_;
	int ndim;
	int32 dataoffset;
	Oid elemtype;
	int dim1;
	int lbound1;
	Oid values[FLEXIBLE_ARRAY_MEMBER];
} oidvector;

typedef struct FormData_pg_index
{
	Oid indexrelid;
	Oid indrelid;
	int16 indnatts;
	int16 indnkeyatts;
	bool indisunique;
	bool indnullsnotdistinct;
	bool indisprimary;
	bool indisexclusion;
	bool indimmediate;
	bool indisclustered;
	bool indisvalid;
	bool indcheckxmin;
	bool indisready;
	bool indislive;
	bool indisreplident;
	int2vector indkey; /* variable length */
} FormData_pg_index;

typedef FormData_pg_index *Form_pg_index;

#define Natts_pg_index 21
#define Anum_pg_index_indcollation 17
#define Anum_pg_index_indclass 18
#define Anum_pg_index_indoption 19
#define Anum_pg_index_indexprs 20
#define Anum_pg_index_indpred 21

#endif /* PG_INDEX_H */
